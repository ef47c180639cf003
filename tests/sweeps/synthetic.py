"""Cells that cost nothing: what they hold hangs on their number alone, and their form is that of real ones."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from simulate.engine import Case
from simulate.options import Options
from simulate.scenario import load
from simulate.sweeps.about import attributes
from simulate.sweeps.cells import Made, Sweep
from simulate.sweeps.grid import Axis, Grid
from simulate.sweeps.kept import Layout

ROOT = Path(__file__).parents[2]
REFUSED = 13  # every so manieth cell is


@cache
def silkeborg() -> Case:
    return Case.of(load(ROOT / "scenarios" / "silkeborg.toml", language="en"))


def sweep_of(*lengths: int, draws: int = 64, engine: str = "expected", kind: type[Sweep] = Sweep) -> Sweep:
    """A grid of so many values of job_baseline, relapse, benefit and finishing."""
    whole = (
        Axis("job_baseline", "job_baseline", "=", tuple(np.linspace(0.02, 0.2, 1000).tolist())),
        Axis("relapse", "relapse", "=", tuple(np.linspace(0.02, 0.3, 1000).tolist())),
        Axis("benefit", "benefit", "*", tuple(np.linspace(0.5, 1.5, 1000).tolist())),
    )
    axes = tuple(Axis(one.name, one.path, one.sign, one.values[:n]) for one, n in zip(whole, lengths, strict=False))
    case = silkeborg()
    return kind((case,), Grid(1, axes), (Options.of(case.scenario, engine=engine, draws=draws),))


@cache
def layout() -> Layout:
    (made,) = sweep_of(1).make([1])
    assert made.layout is not None
    return made.layout


def cell(number: int) -> Made:
    if number % REFUSED == REFUSED - 1:
        return Made(number, None, None, f"refused: {number} er for højt", 1e-4)
    return Made(number, layout(), np.random.default_rng(number).random(layout().size), "", 1e-4)


def about(sweep: Sweep) -> dict[str, str]:
    """What a table of it says of it."""
    return attributes(sweep, "", "en", "simulate sweep")


@dataclass(frozen=True)
class MadeUp(Sweep):
    """One whose own cells are these, too, as they are where a journal of them is gone on with."""

    def make(self, numbers: Sequence[int], *given: object, **more: object) -> Iterator[Made]:
        return map(cell, numbers)


class Synthetic:
    """An executor. seconds: that a batch takes. most: cells after which it stops with what is given."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.numbers: list[int] = []

    def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
        for batch in batches:
            self.numbers += batch
            time.sleep(self.seconds)
            yield [cell(number) for number in batch]


def same(one: Made, other: Made) -> bool:
    """To the last bit, but for the time that they took."""
    return bits(one) == bits(other)


def bits(one: Made) -> tuple[int, Layout | None, str, bytes]:
    return one.number, one.layout, one.reason, b"" if one.numbers is None else one.numbers.tobytes()


def first(cells: Iterator[Made], n: int) -> list[Made]:
    return list(islice(cells, n))
