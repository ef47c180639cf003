"""Runs of cases one after the other, as one piece of work: one progress, one pace, and what two of them have in common is done once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from simulate.engine import Case, Priced, Result, Samples, Work
from simulate.engine.prices import Numbers
from simulate.options import Options, Progress
from simulate.pace import Notify, Pace
from simulate.scenario.schema import MOST_DRAWS


@dataclass
class Runs:
    """options: of all of them, where one is not asked for otherwise. total: of the work, in draws or what else the runs are weighed by."""

    options: Options
    total: float
    progress: Progress | None = None
    notify: Notify = lambda words: None
    done: float = 0.0
    chunk: int = MOST_DRAWS  # the smallest so far: only chunks of the same draws have anything in common
    samples: Samples = field(default_factory=Samples)

    def __post_init__(self) -> None:
        self.pace = Pace(self.notify)

    def run(self, case: Case, weight: float = 1, keep: bool = True, **how: Any) -> Result:
        """weight: of a draw in the progress. keep: whether other runs may have anything in common with it. how: of Options, where it differs."""
        work = case.work(replace(self.options, **how), self.samples if keep else None)
        return replace(work, options=self.chunked(work)).run(self.shown(weight), self.pace)

    def family(self, case: Case, cells: Sequence[Numbers], vary: Callable[[Numbers], Case], **how: Any) -> Priced:
        """Variants of a case that differ in money alone, of the same lives as the runs."""
        options = self.chunked(case.work(replace(self.options, **how)))
        return Priced.of(case, cells, options, self.samples, vary)

    def priced(self, family: Priced, cell: Numbers) -> Result:
        """One of a family."""
        return family.run(cell, self.shown(), self.pace)

    def chunked(self, work: Work) -> Options:
        """A work's options, with chunks that all works have."""
        self.chunk = min(self.chunk, work.chunk_draws)
        return replace(work.options, chunk=self.chunk)

    def shown(self, weight: float = 1) -> Progress:
        """The progress of what comes next."""
        before = self.done

        def shown(done: int, of: int) -> None:
            self.done = before + weight * done
            if self.progress:
                self.progress(int(min(self.done, self.total)), int(self.total))

        return shown

    def foresee(self, times: float, case: Case, **how: Any) -> None:
        """So many runs that follow the first one."""
        options = replace(self.options, **how)
        self.pace.further(times, lambda: case.work(options).sound())
