"""What every command that runs scenarios is asked, checked before any work, and how its answer is given."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import locale
from simulate.asking.common import in_range
from simulate.cli import tables
from simulate.errors import InputError, ScenarioError
from simulate.files import as_json, check_finite, expanded, named, replace
from simulate.folder import NAMES, RECORD
from simulate.locale import Language, text
from simulate.locale.visible import BREAKS, escaped
from simulate.scenario import Loaded, load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulate.answers.base import Section
    from simulate.content import Part
    from simulate.options import Options, Progress

OF_SWEEPS = (".nc", ".zarr", ".journal")
"""Endings of what a sweep has written and can be read again."""


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """The options that commands have in common. simulation: draws, seed, counterfactual, design; None where not given."""

    simulation: dict[str, Any]
    changes: list[str]
    threads: int | None
    lang: Language | None
    as_json: bool
    as_markdown: bool = False
    csv: str | None = None  # a file for the tables

    @property
    def given(self) -> dict[str, Any]:
        """Of the simulation, what was."""
        return {name: value for name, value in self.simulation.items() if value is not None}

    def check(self, *, out: str | None = None, **more: int | None) -> None:
        """Speak the language asked for. out: a folder of results. Raises InputError for numbers that are out of range, and files that cannot be."""
        if self.lang is not None:
            locale.use(self.lang)
        if self.as_json and self.as_markdown:
            raise InputError(text("--json and --markdown: standard output takes one of them"))
        tables.check(self.csv, out)
        in_range(draws=self.simulation.get("draws"), seed=self.simulation.get("seed"), threads=self.threads, **more)

    def load(self, file: str, changes: Sequence[str] = ()) -> Loaded:
        """The scenario, with what the command line changes and then `changes`; what follows is said in its language, where none was asked for.

        Raises InputError where --csv would replace what is read.
        """
        loaded = load(file, [*self.changes, *changes], self.simulation, self.lang)
        tables.check_inputs(self.csv, loaded.files)
        if self.lang is None:
            locale.use(loaded.scenario.language)
        return loaded

    def load_beside_others(self, file: str) -> Loaded:
        """As load(), of one of several: whatever is wrong names its file."""
        try:
            return self.load(file)
        except ScenarioError:
            raise  # names its file
        except InputError as error:
            raise InputError(f"{named(file)}  {error}") from None

    def options(self, loaded: Loaded, *beside: Loaded, **how: Any) -> Options:
        """How it is run; beside: others that are run in the same way; how: what of Options the command decides."""
        from simulate.options import Options

        return Options.of(loaded.scenario, [one.scenario for one in beside], threads=self.threads, **how)

    def answer(
        self,
        found: Section,
        parts: Iterable[Part],
        warnings: Iterable[str],
        costs: bool,
    ) -> None:
        """Print the answer as JSON, or what it says in words, and write its tables where --csv says. costs: whether any scenario
        has some; else none are spoken of."""
        from simulate.writers import csv, markdown, terminal

        for warning in warnings:
            aside(warning)
        document = found.to_dict()
        check_finite(document)
        with locale.worded("" if costs else "costless"):
            told = [] if self.as_json and self.csv is None else list(parts)
        try:
            if self.as_json:
                print(as_json(document))
            else:
                (markdown if self.as_markdown else terminal).show(told)
            sys.stdout.flush()  # whatever comes after it, the answer is out
        finally:  # whoever reads the answer may go away before its end
            if self.csv is not None:
                replace(tables.file(self.csv), csv.written(told))


def is_there(file: str | Path) -> InputError:
    """That a file would be replaced, for whoever raises it."""
    return InputError(text("{file} exists already; name another file, or replace it with --force", file=named(file)))


def check_is_whole(name: str) -> None:
    """Raises InputError for one file of a stored result, where its folder is meant, and for a sweep's file, where its table is; ScenarioError
    where it cannot be read."""
    path = Path(expanded(name))
    if path.name in {*NAMES, RECORD} - {"scenario.toml"} and (path.parent / RECORD).is_file():
        message = text(
            "{file}: this is one file of a stored result; name its folder: {folder}",
            file=named(name), folder=named(path.parent),
        )  # fmt: skip
        raise InputError(message)
    if path.suffix.lower() != ".toml" or not path.is_file():
        return
    from simulate.sweeps import file

    if file.is_one(name):
        message = text(
            "{file}: this is a sweep's file; make its table, and name that: simulate sweep {file} --out {table}",
            file=named(name), table=f"{named(path.stem)}.nc",
        )  # fmt: skip
        raise InputError(message)


@contextmanager
def working(engine: str) -> Iterator[Progress | None]:
    """Around the work: says that the first run compiles, and gives a function that shows the progress."""
    from simulate.cli.progress import announce_compiling, progress

    if engine != "point":
        announce_compiling(engine)
    with progress() as shown:
        yield shown


def aside(words: str) -> None:
    """Say something beside the answer."""
    print(escaped(words, BREAKS), file=sys.stderr, flush=True)


def only_shown(common: CommonOptions, why: str, **more: object) -> None:
    """Of what is not computed anew: raises InputError for an option that would change figures. why: in words; more: options of the command's own."""
    given = {**common.simulation, "set": common.changes or None, "threads": common.threads, **more}
    for name, value in given.items():
        if value is not None:
            raise InputError(text("--{name} does nothing here: {why}", name=name, why=why))


def danish_by_default(common: CommonOptions) -> None:
    """What is printed and pasted is Danish, where no language was asked for."""
    if common.lang is None:
        locale.use("da")
