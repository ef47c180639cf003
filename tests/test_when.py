"""Moves that hang on another member of the family: closed forms, what they must not change, and what is refused."""

import json
import math

import numpy as np
import pytest

from simulate import model
from simulate.errors import InputError
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.options import Options
from simulate.point import LIVED, compute
from simulate.sampling import Sampler
from simulate.scenario import Scenario

DRAWS = 20_000


def tree(adult: list, *, times: float = 0.25, years: int = 1, members: dict | None = None, state: str = "job") -> dict:
    """A family that is present: an adult in a job, a child at home whose placement hangs on that."""
    when = {"role": "adult", "state": state, "times": times}
    placed = {"from": "home", "to": "placed", "yearly": 0.4, "when": when}
    return {
        "format": 1,
        "title": "A parent and a child",
        "time": {"first_year": 2027, "years": years},
        "families": {"f": {"present": 1, "members": members or {"adult": 1, "child": 1}}},
        "roles": {
            "child": {"start": "home", "states": {"home": {}, "placed": {"monthly": 40_000}}, "moves": [placed]},
            "adult": {"start": "job", "states": {"job": {}, "benefit": {"monthly": 15_000}}, "moves": adult},
        },
    }


def lived(given: dict, draws: int = DRAWS) -> model.LivedDraws:
    one = Model(Scenario.model_validate(given, context={"assumptions": given.get("assumptions", {}).keys()}))
    parameters = model.parameters(one, Sampler(one.scenario).point())
    return model.lived(one, parameters, 7, 0, draws, 24, ("same-luck", "own-luck"))


def assert_share(placed: np.ndarray, chance: float) -> None:
    """Who is placed, of as many children as there are draws."""
    assert abs(placed.mean() - chance) <= 4.5 * math.sqrt(chance * (1 - chance) / len(placed))


@pytest.mark.parametrize(("times", "chance"), [(0.25, 1 - 0.6**0.25), (2, 1 - 0.6**2), (0, 0.0)])
def test_a_parent_who_stays_multiplies_the_hazard_all_along(times: float, chance: float) -> None:
    assert_share(lived(tree([], times=times)).programme.arrivals[:, 1, 0], chance)


def test_a_parent_who_leaves_does_so_until_then() -> None:
    """Six months in the job, six on benefit: the months' middles before the end of the sixth are with it, those after without."""
    given = tree([{"from": "job", "to": "benefit", "after_months": 6}])
    assert_share(lived(given).programme.arrivals[:, 1, 0], 1 - 0.6 ** (0.25 / 2 + 1 / 2))
    given = tree([{"from": "job", "to": "benefit", "after_months": 6}], state="benefit", times=3)
    assert_share(lived(given).programme.arrivals[:, 1, 0], 1 - 0.6 ** (1 / 2 + 3 / 2))


def test_a_parent_who_leaves_at_random() -> None:
    """The adult's hazard a month is a, the child's h or a quarter of it: the chance to be at home after a year, over the month in which the adult leaves."""
    given = tree([{"from": "job", "to": "benefit", "monthly": 0.2}])
    h = -math.log(0.6) / 12
    home = sum(0.8**m * 0.2 * math.exp(-h * (0.25 * m + 12 - m)) for m in range(12)) + 0.8**12 * math.exp(-3 * h)
    for arm in (found := lived(given)).programme, *found.baselines.values():
        assert_share(
            arm.arrivals[:, 1, 0], 1 - home
        )  # both leave in the middle of a month: from that moment on it is without


def test_without_the_parent_nothing_is_multiplied() -> None:
    assert_share(lived(tree([], members={"child": 1})).programme.arrivals[:, 1, 0], 0.4)
    half = lived(tree([], members={"adult": 0.5, "child": 1})).programme.arrivals[:, 1, 0]
    assert_share(half, 0.5 * 0.4 + 0.5 * (1 - 0.6**0.25))


def test_each_arm_has_its_own_parent() -> None:
    """A programme that keeps the adult in the job keeps the child at home, with the very same luck."""
    given = tree([{"from": "job", "to": "benefit", "monthly": {"baseline": 0.9, "programme": 0}}], times=0)
    found = lived(given, 2000)
    assert found.programme.arrivals[:, 1].sum() == 0
    assert found.baselines["same-luck"].arrivals[:, 1].sum() > 0


def test_a_factor_of_1_gives_the_same_lives() -> None:
    given = tree([{"from": "job", "to": "benefit", "monthly": 0.2}], times=1, years=3)
    free = json.loads(json.dumps(given))
    del free["roles"]["child"]["moves"][0]["when"]
    ours, theirs = lived(given, 500), lived(free, 500)
    for mine, other in zip(
        (ours.programme, *ours.baselines.values()), (theirs.programme, *theirs.baselines.values()), strict=True
    ):
        assert np.array_equal(mine.months, other.months)
        assert np.array_equal(mine.arrivals, other.arrivals)


def test_the_business_cases_number_is_the_mean_of_lives_with_its_error() -> None:
    """Where the tie changes nothing the expected life is known, and within the error of the lives."""
    tied = tree([{"from": "job", "to": "benefit", "monthly": {"baseline": 0.2, "plus": -0.1}}], times=1)
    free = json.loads(json.dumps(tied))
    del free["roles"]["child"]["moves"][0]["when"]
    ours, exact = (
        compute(Accounts(Model(scenario), 24), Sampler(scenario).point())
        for scenario in (Scenario.model_validate(one, context={"assumptions": ()}) for one in (tied, free))
    )
    assert exact.error == 0
    assert 0 < ours.error < 15_000 * 12 / math.sqrt(LIVED)
    assert abs(ours.provenu.sum() - exact.provenu.sum()) < 4.5 * ours.error


def test_options_of_a_tied_scenario() -> None:
    scenario = Scenario.model_validate(tree([]), context={"assumptions": ()})
    found = Options.of(scenario)
    assert (found.plain, found.counterfactual, found.counterfactuals) == (True, "same-luck", ("same-luck", "own-luck"))
    assert Options.of(scenario, counterfactual="own-luck").counterfactual == "own-luck"
    for given in ({"engine": "expected"}, {"counterfactual": "expected"}):
        with pytest.raises(InputError, match="not known where a move hangs"):
            Options.of(scenario, **given)


def test_lives_with_a_tie_are_not_taken_for_those_without() -> None:
    one = Model(Scenario.model_validate(tree([]), context={"assumptions": ()}))
    assert one.tied is not None
    free = json.loads(json.dumps(tree([])))
    del free["roles"]["child"]["moves"][0]["when"]
    assert Model(Scenario.model_validate(free, context={"assumptions": ()})).mark != one.mark
