"""Runs of cases one after the other, as one piece of work: one progress, one pace, and what two of them have in common is done once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from simulate.engine import Case, Result, Samples
from simulate.options import Options, Progress
from simulate.pace import Notify, Pace


@dataclass
class Runs:
    """options: of all of them, where one is not asked for otherwise. total: of the work, in draws or what else the runs are weighed by."""

    options: Options
    total: float
    progress: Progress | None = None
    notify: Notify = lambda words: None
    done: float = 0.0
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

        return case.run(options, shown, self.pace, self.samples if keep else None)

    def foresee(self, times: float, case: Case, **how: Any) -> None:
        """So many runs that follow the first one."""
        options = replace(self.options, **how)
        self.pace.further(times, lambda: case.work(options).sound())
