"""When the accumulated provenu is at least 0, on data made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulate import measures
from simulate.analysis import breakeven
from simulate.analysis.draws import Columns


@pytest.mark.parametrize(
    ("amount", "target", "hit"),
    [
        (0.0, 0.0, True),
        (-0.005, 0.0, True),
        (-0.0051, 0.0, False),
        (1.0, 0.0, True),
        (99.995, 100.0, True),
        (99.99, 100.0, False),
        (-100.0, -100.0, True),
    ],
)
def test_reached(amount, target, hit):
    assert breakeven.reached(np.array([amount]), target).tolist() == [hit]


def test_accumulated():
    columns = Columns({measures.PROVENU: ["2020", "2021"], measures.TOTAL: None}, 2)
    columns.write(0, {measures.PROVENU: np.array([[-5.0, 7.0], [1.0, -3.0]]), measures.TOTAL: np.zeros(2)})
    found = breakeven.accumulated(columns, ["2020", "2021"])
    assert [amounts.tolist() for amounts in found] == [[-5, 1], [2, -2]]


def shares_of(at_year_ends):
    return breakeven.first_year_shares(breakeven.reached(np.asarray(at_year_ends, float)))


def test_first_year_shares():
    """Five courses: at once; in the second year; there and back; never; there, back and there again."""
    at_year_ends = np.array(
        [
            [1, -1, 1, -1, 1],
            [1, 0, 1, -1, -1],
            [1, 3, -1, -1, 1],
        ],
        float,
    )
    shares, never = shares_of(at_year_ends)
    assert shares == pytest.approx([0.2, 0.2, 0.2])
    assert never == pytest.approx(0.4)


def test_first_year_shares_of_one_year():
    shares, never = shares_of(np.array([[1.0, -1, -1, -1]]))
    assert (shares, never) == ([0.25], 0.75)


@pytest.mark.parametrize(("amount", "shares", "never"), [(1.0, [1, 0, 0], 0), (-1.0, [0, 0, 0], 1)])
def test_first_year_shares_where_all_are_alike(amount, shares, never):
    assert shares_of(np.full((3, 16), amount)) == (shares, never)


def test_a_hair_below_0_is_break_even():
    assert shares_of(np.full((2, 4), -0.004)) == ([1, 0], 0)


@given(arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 40)), elements=st.floats(-1e9, 1e9)))
def test_shares_and_never_are_all(at_year_ends):
    shares, never = shares_of(at_year_ends)
    assert len(shares) == len(at_year_ends)
    assert sum(shares) + never == pytest.approx(1, abs=1e-12)
    assert min([*shares, never]) >= 0
    stays = at_year_ends >= -0.005
    for year, share in enumerate(shares):
        one_by_one = [draw[year:].all() and (year == 0 or not draw[year - 1]) for draw in stays.T]
        assert share == pytest.approx(np.mean(one_by_one), abs=1e-12)
