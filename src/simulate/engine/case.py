"""A checked scenario, made ready once, that can be run again with other numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulate.engine.result import Result
from simulate.engine.work import run
from simulate.options import Options, Progress
from simulate.pace import Pace
from simulate.scenario import Loaded, Scenario, paths, queries, tree_of, varied


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario, the tree of its file, and what both were loaded from."""

    loaded: Loaded
    scenario: Scenario
    tree: dict[str, Any]

    @classmethod
    def of(cls, loaded: Loaded) -> Case:
        """As it was loaded; its text is read once."""
        return cls(loaded, loaded.scenario, tree_of(loaded))

    def with_(self, numbers: Mapping[str, Any]) -> Case:
        """The case with other numbers, by the names of assumptions and by paths; without reading text.

        The same as the file with `--set` of each, to the last bit: an uncertain assumption is held at its number, and the others keep their
        draws. Raises ScenarioError and InputError as load() does for a file.
        """
        return Case(self.loaded, *varied(self.loaded, self.scenario, self.tree, numbers))

    def run(self, options: Options, progress: Progress | None = None, pace: Pace | None = None) -> Result:
        """As simulate.engine.run()."""
        return run(self.scenario, options, progress, pace)

    def drives_lives(self, path: str) -> bool:
        """Whether lives hang on this number, an assumption by name or a number by path; else only money does.

        Raises InputError for a path that leads nowhere.
        """
        named = paths.resolved(path, self.tree)
        if len(named) == 1 or named[0] == "assumptions":
            return named[:2][-1] in queries.driving_lives(self.scenario)
        return queries.is_of_lives(named)
