"""What something costs, held against something measured beside it: growth with size, a yardstick, memory; never seconds.

A clock's seconds are one machine's. What is true of every machine is that four times the input costs four times as much, and not
sixteen; that a thing costs at most so many times another; that nothing was drawn, or that so many bytes were asked for. Processor
time of this process is measured, not the wall's, and the least of several tries counts: whatever else the machine does makes a
try dearer, never cheaper.
"""

import time
import tracemalloc
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

HANG = 900  # seconds after which a process of its own is taken to hang on any machine; it measures nothing
BY = 4
LINEAR = 8.0  # between 4, what four times the size costs where the cost is in proportion, and 16, where it is quadratic
FEWEST, MOST = 3, 12  # rounds


def processor(work: Callable[[], object]) -> float:
    """Seconds of the processor that this process takes for the work, its threads included."""
    began = time.process_time()
    work()
    return time.process_time() - began


def ratio(work: Callable[[], object], yardstick: Callable[[], object], enough: float = 0.0) -> float:
    """How many times as much the work costs as the yardstick. They take turns; the least of each counts.

    Ends after a few rounds, and only after many where it is not yet `enough`: a small number is no accident of the machine.
    """
    ours, theirs = [], []
    while len(ours) < FEWEST or (len(ours) < MOST and min(ours) > enough * min(theirs)):
        theirs.append(processor(yardstick))
        ours.append(processor(work))
    return min(ours) / max(min(theirs), time.get_clock_info("process_time").resolution)


def growth(work: Callable[[T], object], made: Callable[[int], T], size: int, enough: float = LINEAR) -> float:
    """How many times as much the work costs on what is made at four times the size; making it does not count."""
    large, small = made(BY * size), made(size)
    return ratio(lambda: work(large), lambda: work(small), enough)


def assert_in_proportion(work: Callable[[T], object], made: Callable[[int], T], size: int) -> None:
    """Four times the size costs about four times as much, or less; what grows with the square of the size fails."""
    found = growth(work, made, size)
    assert found < LINEAR, f"{BY} times the size costs {found:.1f} times as much"


def most_bytes(work: Callable[[], object]) -> int:
    """The most memory that Python and numpy held at once for the work, beyond what there was before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
