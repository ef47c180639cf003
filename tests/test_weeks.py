"""Refunds by the weeks on benefit, by hand: kroner by month for both payers, and what restarts the clock."""

import tomllib
from pathlib import Path

import naive
import numpy as np
import pytest
from trees import line, point_of, run_tree, scenario_of

from simulate import model
from simulate.measures import TOTAL
from simulate.model import Model
from simulate.sampling import Sampler

STEPS = {"weeks": [4, 22, 26], "share": [0.8, 0.4, 0.3, 0.2]}
PRICE = 14575.0
MONTH = 365.25 / 7 / 12  # weeks
# Mean shares of the twelve months of a first year on benefit, by the weeks of each on either side of 4, 26 and 52
FIRST = (4 * 0.8 + (MONTH - 4) * 0.4) / MONTH
SIXTH = ((26 - 5 * MONTH) * 0.4 + (6 * MONTH - 26) * 0.3) / MONTH
TWELFTH = ((52 - 11 * MONTH) * 0.3 + (12 * MONTH - 52) * 0.2) / MONTH
YEAR = [FIRST, *[0.4] * 4, SIXTH, *[0.3] * 5, TWELFTH]


def one_adult(*moves: tuple[str, str, int], weeks: float = 0.0, years: int = 4, **states: dict) -> dict:
    """An adult on benefit who without the programme moves as is said, (from, to, after months), and costs nothing with it."""
    every = {
        "benefit": {"monthly": PRICE, "refusion": dict(STEPS)},
        "work": {"monthly": 0, "self_support": True},
        "gone": {"monthly": 0},
    }
    rows = [{"from": "benefit", "to": "gone", "at": "entry", "chance": {"baseline": 0, "programme": 1}}]
    rows += [{"from": origin, "to": to, "after_months": months} for origin, to, months in moves]
    return {
        "format": 1,
        "title": "One adult",
        "time": {"first_year": 2021, "years": years},
        "families": {"f": {"present": 1, "members": {"p": 1}}},
        "roles": {
            "p": {"start": "benefit", "weeks_on_benefit": weeks, "states": every | states, "line": "l", "moves": rows}
        },
        "simulation": {"draws": 64, "seed": 1},
    }


def shares(tree: dict) -> tuple[list[float], list[float]]:
    """Of the gross benefit of a month, what each payer bears, month by month."""
    found = point_of(tree, "month")
    return [one / PRICE for one in line(found, "l", 0)], [one / PRICE for one in line(found, "l", 1)]


def assert_paid(tree: dict, refunded: list[float | None]) -> None:
    """refunded: the state's share by month, None where nobody is on benefit; both payers add up to the gross benefit."""
    kommune, stat = shares(tree)
    assert stat == pytest.approx([share or 0.0 for share in refunded], abs=1e-12)
    assert kommune == pytest.approx([0.0 if share is None else 1 - share for share in refunded], abs=1e-12)
    case = naive.Case(tree)
    months, _ = naive.expected(case, period=2)
    steps = naive.expected_steps(case, period=2)
    for payer, ours in (("kommune", kommune), ("stat", stat)):
        twin = [0.0] * len(ours)
        for step, share in enumerate(STEPS["share"]):
            part = share if payer == "stat" else 1 - share
            for t in range(len(ours)):
                twin[t] += part * (
                    steps["baseline", "p", "benefit", step, t] - steps["programme", "p", "benefit", step, t]
                )
        assert ours == pytest.approx(twin, abs=1e-12)
    assert sum(months.values()) > 0


def test_a_first_year_on_benefit() -> None:
    assert_paid(one_adult(years=2), [*YEAR, *[0.2] * 12])
    assert pytest.approx([0.767967, 0.397947, 0.295893], abs=1e-6) == [FIRST, SIXTH, TWELFTH]


def test_a_relapse_after_60_weeks_of_work_begins_anew() -> None:
    """Long on benefit, 6 months more, 14 months (61 weeks) in work, and then benefit as on the first day."""
    tree = one_adult(("benefit", "work", 6), ("work", "benefit", 14), weeks=60, years=3)
    assert_paid(tree, [*[0.2] * 6, *[None] * 14, *YEAR[:6], *[None] * 10])


def test_a_relapse_after_20_weeks_goes_on_where_the_clock_stood() -> None:
    """3 months on benefit, 5 months (22 weeks) in work, then the fourth month on benefit."""
    tree = one_adult(("benefit", "work", 3), ("work", "benefit", 5), years=2)
    assert_paid(tree, [*YEAR[:3], *[None] * 5, *YEAR[3:6], *[None] * 5, *YEAR[6:9], *[None] * 5])


@pytest.mark.parametrize(("months", "restarts"), [(11, False), (12, True), (13, True)])
def test_a_year_of_work_restarts_the_clock(months: int, restarts: bool) -> None:
    tree = one_adult(("benefit", "work", 2), ("work", "benefit", months), years=2)
    again = YEAR[:2] if restarts else YEAR[2:4]
    after = [None] * (24 - 2 - months - 2)
    assert_paid(tree, [*YEAR[:2], *[None] * months, *again, *after])


def test_work_goes_on_over_two_states_of_self_support() -> None:
    job = {"monthly": 0, "self_support": True}
    tree = one_adult(("benefit", "work", 2), ("work", "job", 5), ("job", "benefit", 7), years=2, job=job)
    assert_paid(tree, [*YEAR[:2], *[None] * 12, *YEAR[:2], *[None] * 8])


def test_illness_in_between_breaks_it_and_the_clock_stands_still() -> None:
    ill = {"monthly": 0}
    tree = one_adult(
        ("benefit", "work", 2), ("work", "ill", 11), ("ill", "job", 1), ("job", "benefit", 8), years=2, ill=ill,
        job={"monthly": 0, "self_support": True},
    )  # fmt: skip
    assert_paid(tree, [*YEAR[:2], *[None] * 20, *YEAR[2:4]])


def test_two_benefits_have_one_clock_and_shares_of_their_own() -> None:
    sick = {"monthly": PRICE, "refusion": {"weeks": [4, 22, 26], "share": [1.0, 0.9, 0.8, 0.7]}}
    tree = one_adult(("benefit", "sick", 8), years=1, sick=sick)
    twelfth = ((52 - 11 * MONTH) * 0.8 + (12 * MONTH - 52) * 0.7) / MONTH
    stat = shares(tree)[1]
    assert stat == pytest.approx([*YEAR[:8], *[0.8] * 3, twelfth], abs=1e-12)


def test_weeks_before_the_start_are_pro_rata() -> None:
    tree = one_adult(years=1, weeks=50)
    assert shares(tree)[1][:2] == pytest.approx([(2 * 0.3 + (MONTH - 2) * 0.2) / MONTH, 0.2], abs=1e-12)


def test_lives_cost_what_is_expected_where_nothing_is_drawn() -> None:
    tree = one_adult(("benefit", "work", 6), ("work", "benefit", 14), weeks=60)
    found = run_tree(tree, draws=64)
    assert found.draws.columns[TOTAL] == pytest.approx(np.full(64, point_of(tree).provenu.sum()), rel=1e-12)


def silkeborg(steps: bool) -> dict:
    tree = tomllib.loads(Path("scenarios/silkeborg-paper.toml").read_text("utf-8"))
    if steps:
        adult = tree["roles"]["adult"]
        adult["weeks_on_benefit"] = 60
        adult["states"]["kontanthjælp"]["refusion"] = dict(STEPS)
        adult["states"]["selvforsørgelse"]["self_support"] = True
    return tree


def test_silkeborg_with_steps() -> None:
    """The paper's 1,092,118 and 78,989: relapses after a year, each of whose first years on benefit costs 61.99 % in place of 80 %."""
    without, with_steps = (point_of(silkeborg(steps)).provenu.sum() for steps in (False, True))
    assert without == pytest.approx(1_092_117.6, abs=0.1)
    year = np.mean([1 - share for share in YEAR])
    more = 12 * PRICE * (0.8 - year)  # of each such year
    assert (with_steps - without) / more == pytest.approx(
        2.507, abs=0.0005
    )  # the paper's 79,261, of years of 52 weeks, is as many
    assert with_steps - without == pytest.approx(78_989, abs=1)
    assert year == pytest.approx(0.61985, abs=1e-5)


def test_case_of_people_inside_their_first_year() -> None:
    """Nobody has had a week: the first twelve months are dearer to the state, and cheaper to the municipality."""
    scenario = scenario_of(one_adult(years=1))
    one = Model(scenario)
    lived = model.lived(one, model.parameters(one, Sampler(scenario).point()), 1, 0, 4, 24)
    rows = lived.baselines["own-luck"].rows[0, :4, 0]
    assert rows * MONTH == pytest.approx([4, 22, 26, 12 * MONTH - 52], abs=1e-9)


def in_and_out(out: str, back: str) -> dict:
    """300 long on benefit, over five years, who leave it and come back with these chances a year."""
    tree = one_adult(weeks=60, years=5)
    tree["families"]["f"]["present"] = 300
    tree["roles"]["p"]["moves"] = [
        {"from": "benefit", "to": "work", "yearly": float(out)},
        {"from": "work", "to": "benefit", "yearly": float(back)},
    ]
    return tree


def kommune(tree: dict, clock: type) -> float:
    """Gross benefit in the municipality's purse, DKK a person."""
    lived = naive.live(naive.Case(tree), 1, 0, clock=clock)
    steps = dict.fromkeys(range(4), 0.0)
    for (arm, *_, step, _), halves in lived.steps.items():
        steps[step] += halves if arm == "own-luck" else 0.0
    return (
        sum(halves / 2 * PRICE * (1 - share) for halves, share in zip(steps.values(), STEPS["share"], strict=True))
        / 300
    )


@pytest.mark.parametrize(("out", "back", "less"), [("0.3", "0.1", 0.0), ("0.6", "0.5", 0.0148), ("0.9", "0.9", 0.0673)])
def test_what_the_laws_window_of_three_years_would_change(out: str, back: str, less: float) -> None:
    """docs/model.md has these: the share of the municipality's net benefit that a clock restarted by a year in three would take off."""
    tree = in_and_out(out, back)
    unbroken, law = (kommune(tree, clock) for clock in (naive.Clock, naive.ClockOfTheLaw))
    assert 1 - law / unbroken == pytest.approx(less, abs=0.0005)


@pytest.mark.parametrize(
    ("own", "moved"),
    [
        ({"price_level": 2019}, [1.1] * 24),
        ({"indexation": 0.02}, [1.0] * 12 + [1.02] * 12),
        ({"price_level": 2019, "indexation": -0.03}, [1.1] * 12 + [1.1 * 0.97] * 12),
    ],
    ids=["of another year", "with an indexation of its own", "both"],
)
def test_prices_of_all_steps_are_moved_as_their_state_says(own: dict, moved: list[float]) -> None:
    """One state has steps and others have none: each row of the ledger has the index of its state, and that of no other."""
    tree = one_adult(years=2)
    tree["money"] = {"price_level": 2021, "index": {"2019": 100.0, "2021": 110.0}}
    plain = shares(tree)
    tree["roles"]["p"]["states"]["benefit"] |= own
    tree["roles"]["p"]["states"]["gone"] = {"monthly": 0, "indexation": 0.5}
    for ours, one in zip(shares(tree), plain, strict=True):
        assert ours == pytest.approx([x * by for x, by in zip(one, moved, strict=True)], rel=1e-12)
