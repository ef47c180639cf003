"""What every command that runs scenarios is asked, checked before any work, and how its answer is given."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import locale
from simulate.errors import InputError
from simulate.files import as_json, check_finite, replace
from simulate.locale import Language, text
from simulate.locale.visible import BREAKS, escaped
from simulate.scenario import Loaded, Scenario, load
from simulate.scenario.numbers import NumberProblem, Usage
from simulate.scenario.schema import MOST_DRAWS, MOST_SEED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulate.answers.base import Section
    from simulate.content import Part
    from simulate.options import Options, Progress


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """The options that commands have in common. simulation: draws, seed, counterfactual, design; None where not given."""

    simulation: dict[str, Any]
    changes: list[str]
    threads: int | None
    lang: Language | None
    as_json: bool
    as_markdown: bool = False

    def check(self, **more: int | None) -> None:
        """Speak the language asked for. Raises InputError for numbers that are out of range."""
        if self.lang is not None:
            locale.use(self.lang)
        if self.as_json and self.as_markdown:
            raise InputError(text("--json and --markdown: standard output takes one of them"))
        limits = {"draws": (1, MOST_DRAWS), "seed": (0, MOST_SEED), "threads": (1, 1024), "max-draws": (16, MOST_DRAWS)}
        limits["keep"] = (16, MOST_DRAWS)
        given = {name: self.simulation.get(name) for name in ("draws", "seed")} | {"threads": self.threads} | more
        for name, value in given.items():
            low, high = limits[name.replace("_", "-")]
            if value is not None and not low <= value <= high:
                message = text("--{name} {value} is out of range: it must lie between {low} and {high}",
                               name=name.replace("_", "-"), value=value, low=low, high=high)  # fmt: skip
                raise InputError(message)

    def load(self, file: str, changes: Sequence[str] = ()) -> Loaded:
        """The scenario, with what the command line changes and then `changes`."""
        return load(file, [*self.changes, *changes], self.simulation, self.lang)

    def options(self, loaded: Loaded, **how: Any) -> Options:
        """How it is run; how: what of Options the command decides."""
        from simulate.options import Options

        return Options.of(loaded.scenario, threads=self.threads, **how)

    def answer(
        self,
        found: Section,
        parts: Iterable[Part],
        warnings: Iterable[str],
        of: Sequence[Scenario],
        *,
        table_file: Path | None = None,
    ) -> None:
        """Print the answer as JSON, or what it says in words. of: the scenarios; where none has costs, none are spoken of.

        table_file: where its tables are written as well.
        """
        from simulate.writers import csv, markdown, terminal

        for warning in warnings:
            aside(warning)
        document = found.to_dict()
        check_finite(document)
        with locale.worded("" if any(scenario.costs for scenario in of) else "costless"):
            told = [] if self.as_json and table_file is None else list(parts)
        try:
            if self.as_json:
                print(as_json(document))
            else:
                (markdown if self.as_markdown else terminal).show(told)
            sys.stdout.flush()  # whatever comes after it, the answer is out
        finally:  # whoever reads the answer may go away before its end
            if table_file is not None:
                replace(table_file, csv.written(told))


def listed(option: str, given: str, usage: Usage, fits: Callable[[float], bool]) -> list[float]:
    """The numbers of an option; none where they do not fit. Raises InputError for what cannot be read, or can be read two ways."""
    from simulate.scenario import lists

    try:
        return lists.several(given, usage, fits)
    except NumberProblem as problem:
        raise InputError(f"--{option} {given}: {problem.message}") from None


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
