"""A sweep as a file: which scenarios, what is varied, and how they are run."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from simulate import locale
from simulate.errors import InputError, Problem, ScenarioError
from simulate.locale import text
from simulate.names import Counterfactual
from simulate.scenario import documents, paths, validation
from simulate.scenario.schema import MOST_DRAWS, MOST_SEED, Design, Named, Table
from simulate.sweeps.vary import Varied, signed

OWN = ("vary", "cases", "scenarios")  # of which a scenario's file has none


class How(Table):
    """How every cell is run; what is not said is as the scenarios say it."""

    engine: Literal["lives", "expected"] | None = None
    draws: int | None = Field(None, ge=1, le=MOST_DRAWS)
    seed: int | None = Field(None, ge=0, le=MOST_SEED)
    design: Design | None = None
    counterfactual: Counterfactual | None = None


class SweepFile(Table):
    """A sweep."""

    format: Literal[1]
    title: str = Field("", description="What the sweep is for.")
    language: Literal["da", "en"] | None = Field(None, description="Of the answer; else the first scenario's.")
    scenarios: list[Named] = Field(default_factory=list, description="Scenario files, from this file's folder.")
    vary: dict[str, Any] = Field(
        default_factory=dict, description="What is varied, in this order, and its values: as with --vary, or as a list."
    )
    cases: Named | None = Field(None, description="In place of it: a CSV file, a row for each cell.")
    set: list[str] = Field(default_factory=list, description="Changes of the scenarios before, as with --set.")
    simulation: How = How()
    keep: list[Literal["draws"]] = Field(default_factory=list, description="What is kept beside the usual.")
    out: Named | None = Field(None, description="Where the table goes, from the folder where one stands.")


@dataclass(frozen=True, slots=True)
class Described:
    """A sweep's file as read. path: as given. folder: where it stands. lines: of what it holds."""

    path: str
    name: str
    folder: Path
    file: SweepFile
    tree: dict[str, Any]
    lines: dict[paths.Path, int]

    @property
    def scenarios(self) -> list[str]:
        return [self.beside(one) for one in self.file.scenarios]

    def beside(self, file: str) -> str:
        """From this file's folder."""
        return os.path.normpath(self.folder / os.path.expanduser(file))

    def varied(self, assumptions: Iterable[str]) -> list[Varied]:
        """In the file's order."""
        return [self._varied(path, values, set(assumptions)) for path, values in _flat(("vary",), self.tree.get("vary", {}))]  # fmt: skip

    def _varied(self, path: paths.Path, values: Any, assumptions: set[str]) -> Varied:
        *before, last = (str(step) for step in path[1:])
        last, sign = signed(last, assumptions)
        name = ".".join([*map(paths.key, before), paths.key(last)]) if before else last
        line = self.lines.get(path, self.lines.get(("vary",), 1))
        listed = values if isinstance(values, str | list) else [values]
        return Varied(name, sign, listed, f"{self.name}:{line}  {paths.written(path, self.tree)}")


def _flat(path: paths.Path, node: Any) -> Iterable[tuple[paths.Path, Any]]:
    """A key with dots is one in tables to TOML."""
    if not isinstance(node, dict) or not node:
        yield path, [] if node == {} else node
        return
    for key, item in node.items():
        yield from _flat((*path, key), item)


def is_one(file: str) -> bool:
    """Whether a file is a sweep's, and no scenario. Raises ScenarioError where it cannot be read."""
    if documents.is_workbook(file):
        return False
    tree = documents.read(file).tree
    return any(key in tree for key in OWN) and not any(key in tree for key in ("time", "roles", "programmes"))


def read(file: str, language: locale.Language | None = None) -> Described:
    """Raises ScenarioError with every problem of the file."""
    document = documents.read(file)
    name, source, tree = document.name, document.source, document.tree
    if language is None and tree.get("language") in locale.LANGUAGES:
        locale.use(tree["language"])
    found, problems, _ = validation.checked(tree, SweepFile, ())
    listed = document.within(source).problems(problems, tree)
    if not problems:
        listed = [Problem(0, "", message) for message in _missing(found)]
    if listed:
        raise ScenarioError(name, listed)
    return Described(file, name, Path(file).expanduser().parent, found, tree, paths.lines(source))


def _missing(found: SweepFile) -> Iterable[str]:
    if not found.scenarios:
        yield text("no scenario is named; write {example}", example='scenarios = ["../silkeborg.toml"]')
    if not found.vary and found.cases is None:
        yield text("nothing is varied; write a table [vary], with lines like {example}", example='relapse = "5 %; 10 %; 15 %"')  # fmt: skip
    if found.vary and found.cases is not None:
        yield text("[vary] and cases: a sweep is a grid or has rows, and not both")


def check_changes(changes: Iterable[str], described: Described) -> None:
    """Raises InputError for a change that is none, with its place in the file."""
    for i, change in enumerate(changes):
        if "=" not in change and "*" not in change:
            line = described.lines.get(("set", i), 1)
            raise InputError(f"{described.name}:{line}  set[{i}]: " + text("{change} is no change; write PATH=VALUE or PATH*FACTOR", change=change))  # fmt: skip
