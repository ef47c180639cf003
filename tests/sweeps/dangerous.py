"""Sweeps for the tests of clusters, with cells that end their worker, or raise what nobody expects; workers find them here by name."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulate.sweeps.cells import Made, Sweep

OTHERWISE = "PROVENU_TEST_OTHERWISE"


@dataclass(frozen=True)
class Dangerous(Sweep):
    """deadly: cells that end their process, in every process but this one. broken: cells that raise what nobody expects, which takes their batch along. slow: seconds that each cell takes more."""

    deadly: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()
    slow: float = 0.0
    home: int = field(default_factory=os.getpid)

    def make(self, numbers: Sequence[int], **more: Any) -> Iterator[Made]:
        for number in numbers:
            time.sleep(self.slow)
            if number in self.deadly and os.getpid() != self.home:
                os.kill(os.getpid(), signal.SIGKILL)
            if number in self.broken:
                raise ZeroDivisionError(f"the defect of cell {number}")
            yield from super().make([number], **more)


@dataclass(frozen=True)
class Otherwise(Sweep):
    """In a process with this variable, figures differ in their last digits."""

    slow: float = 0.0

    def make(self, numbers: Sequence[int], **more: Any) -> Iterator[Made]:
        time.sleep(self.slow)
        for made in super().make(numbers, **more):
            differs = OTHERWISE in os.environ and made.numbers is not None
            yield made._replace(numbers=made.numbers * (1 + 1e-15)) if differs else made
