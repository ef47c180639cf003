"""A checked scenario, made ready once, that can be run again with other numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from simulate.engine.result import Result
from simulate.engine.work import Work
from simulate.options import Options, Progress
from simulate.pace import Pace
from simulate.scenario import Loaded, Scenario, paths, queries, tree_of, varied


@dataclass(frozen=True)
class Case:
    """A scenario and what it was loaded from. numbers: what was varied since, by the names of assumptions and by paths."""

    loaded: Loaded
    scenario: Scenario
    numbers: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, loaded: Loaded) -> Case:
        """As it was loaded."""
        return cls(loaded, loaded.scenario)

    def with_(self, numbers: Mapping[str, Any]) -> Case:
        """The case with other numbers, by the names of assumptions and by paths; without reading text.

        The same as the file with `--set` of each, to the last bit: an uncertain assumption is held at its number, and the others keep their
        draws. Raises ScenarioError and InputError as load() does for a file.
        """
        scenario, tree = varied(self.loaded, self._tree, numbers)
        found = Case(self.loaded, scenario, {**self.numbers, **numbers})
        found.__dict__["_tree"] = tree  # known already
        return found

    def run(self, options: Options, progress: Progress | None = None, pace: Pace | None = None) -> Result:
        """As simulate.engine.run()."""
        return Work.of(self.scenario, options).run(progress, pace or Pace())

    def drives_lives(self, path: str) -> bool:
        """Whether lives hang on this number, an assumption by name or a number by path; else only money does.

        Raises InputError for a path that leads nowhere.
        """
        named = paths.resolved(path, self._tree)
        if len(named) == 1 or named[0] == "assumptions":
            return named[:2][-1] in queries.driving_lives(self.scenario)
        return queries.is_of_lives(named)

    @cached_property
    def _tree(self) -> dict[str, Any]:
        return tree_of(self.loaded)
