"""What a sweep comes to: counted, and timed by a clock of the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulate.answers.sweep import Needs
from simulate.engine import Case
from simulate.options import Options
from simulate.scenario import load
from simulate.sweeps.cells import Made, Sweep
from simulate.sweeps.estimate import estimate
from simulate.sweeps.grid import Grid
from simulate.sweeps.vary import axes, written

SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"
ALONE, MORE = 8.0, 0.5  # seconds of the first cell of its lives, and of one more


@pytest.fixture(scope="module")
def case() -> Case:
    return Case.of(load(SILKEBORG, ["additional_effect=15%"]))


def sweep(case: Case, *given: str) -> Sweep:
    grid = Grid(1, axes([written(one, [case]) for one in given], [case]))
    return Sweep((case,), grid, (Options(draws=16),))


def timed(one: Sweep, workers: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Needs, list[int]]:
    """With cells that take what the test says."""
    now, seen = [0.0], []

    def make(self: Sweep, numbers: list[int]) -> Iterator[Made]:
        for i, number in enumerate(numbers):
            seen.append(number)
            now[0] += MORE if i else ALONE
            yield Made(number, None, None)

    monkeypatch.setattr(Sweep, "make", make)
    return estimate(one, workers, lambda: now[0]), seen[2:]


@pytest.mark.parametrize(
    ("given", "cells", "lives", "seconds"),
    [
        (["relapse=5%;10%;15%"], 4, 4, 4 * ALONE),
        (["placement_price=30000:70000:5"], 6, 2, 2 * ALONE + 4 * MORE),
        (["relapse=5%;10%", "placement_price=30000:70000:41"], 83, 3, 3 * ALONE + 80 * MORE),
        (["placement_price=30000;40000", "relapse=5%;10%", "benefit=12000;14000;15000"], 13, 3, 3 * ALONE + 10 * MORE),
    ],
)
def test_cells_of_the_same_lives_cost_little(
    case: Case, given: list[str], cells: int, lives: int, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = timed(sweep(case, *given), 1, monkeypatch)
    assert (found.cells, found.lives, found.cell_seconds) == (cells, lives, ALONE)
    assert found.seconds == pytest.approx(seconds)
    assert timed(sweep(case, *given), 4, monkeypatch)[0].seconds == pytest.approx(seconds / 4)


def test_what_is_timed_differs_in_money_alone(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    one = sweep(case, "placement_price=30000;40000", "relapse=5%;10%", "benefit=12000;14000;15000")
    _, seen = timed(one, 1, monkeypatch)
    assert len(set(seen)) == len(seen) == 6
    assert {one.grid.cell(number).at[1] for number in seen} == {0}


def test_a_cell_that_is_refused_is_not_timed(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    one = sweep(case, "job_baseline=95%;10%", "placement_price=30000;40000")  # 95 % and 15 points more are no chance
    _, seen = timed(one, 1, monkeypatch)
    assert {one.grid.cell(number).at[0] for number in seen} == {1}
