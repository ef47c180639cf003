"""Sweeps for the tests of clusters, with cells that end their worker, or raise what nobody expects; workers find them here by name."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from effort import HANG

from simulate.sweeps.cells import Made, Sweep

OTHERWISE = "PROVENU_TEST_OTHERWISE"


@dataclass(frozen=True)
class Dangerous(Sweep):
    """deadly: cells that end their process, in every process but this one. broken: cells that raise what nobody expects, which takes their batch along. slow: seconds that each cell takes more. stuck: a cell that does not end in the first process that makes it, beside this one, and the file that tells that one has begun. makers: the file in which each process that has made a cell, beside this one, puts its number."""

    deadly: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()
    slow: float = 0.0
    stuck: tuple[int, str] | None = None
    makers: str = ""
    home: int = field(default_factory=os.getpid)

    def make(self, numbers: Sequence[int], **more: Any) -> Iterator[Made]:
        for number in numbers:
            time.sleep(self.slow)
            if number in self.deadly and os.getpid() != self.home:
                os.kill(os.getpid(), signal.SIGKILL)
            if self.makers and os.getpid() != self.home:
                with open(self.makers, "a", encoding="ascii") as file:
                    file.write(f"{os.getpid()}\n")
            if self.stuck is not None and number == self.stuck[0] and os.getpid() != self.home:
                with contextlib.suppress(FileExistsError), open(self.stuck[1], "x"):
                    time.sleep(HANG)
            if number in self.broken:
                raise ZeroDivisionError(f"the defect of cell {number}")
            yield from super().make([number], **more)


@dataclass(frozen=True)
class Otherwise(Sweep):
    """In a process with this variable, figures differ in their last digits. Elsewhere cells but the first and the last wait until there is this file."""

    until: str | None = None

    def make(self, numbers: Sequence[int], **more: Any) -> Iterator[Made]:
        differs = OTHERWISE in os.environ
        for made in super().make(numbers, **more):
            while (
                self.until and not differs and 0 < made.number < len(self.grid) - 1 and not os.path.exists(self.until)
            ):
                time.sleep(0.05)
            other = differs and made.numbers is not None
            yield made._replace(numbers=made.numbers * (1 + 1e-15)) if other else made
