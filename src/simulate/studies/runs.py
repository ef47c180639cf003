"""Runs of cases one after the other, as one piece of work: one progress, one pace, and what two of them have in common is done once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from simulate.engine import Case, Result, Samples
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
        before, options = self.done, replace(self.options, **how)

        def shown(done: int, of: int) -> None:
            self.done = before + weight * done
            if self.progress:
                self.progress(int(min(self.done, self.total)), int(self.total))

        work = case.work(options, self.samples if keep else None)
        self.chunk = min(self.chunk, work.chunk_draws)
        return replace(work, options=replace(work.options, chunk=self.chunk)).run(shown, self.pace)

    def foresee(self, times: float, case: Case, **how: Any) -> None:
        """So many runs that follow the first one."""
        options = replace(self.options, **how)
        self.pace.further(times, lambda: case.work(options).sound())
