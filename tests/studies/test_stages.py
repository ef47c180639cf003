"""A programme that may end at a review: the rule against runs that know nothing of it, and against cases done by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulate import measures, model
from simulate.engine import Case, run
from simulate.model import Ending, Model
from simulate.options import Options
from simulate.pace import Pace
from simulate.scenario import load
from simulate.studies.stages import Rule, _best, _bounds, ended, observed, stages
from tests.trees import scenario_of

SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"
OPTIONS = Options(draws=1024, seed=7, threads=2)
NEVER = Rule("in", "adult", "selvforsørgelse", "<", 0)
ALWAYS = Rule("in", "adult", "selvforsørgelse", ">=", 0)


@pytest.fixture(scope="module")
def silkeborg():
    return load(SILKEBORG, language="en").scenario


def case(**more: Any) -> dict[str, Any]:
    """Four families a year over four years, of one adult each; a job is found at entry or not, and lasts."""
    return {
        "format": 1,
        "title": "Review",
        "language": "en",
        "time": {"first_year": 2030, "years": 4},
        "families": {"family": {"enter": [4, 4, 4, 4], "members": {"adult": 1}}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 10_000}, "work": {"monthly": 0}},
                "moves": [
                    {"from": "benefit", "to": "work", "at": "entry", "chance": {"baseline": 0.1, "programme": "found"}}
                ],
            }
        },
        "costs": [{"label": "team", "yearly": 600_000}],
        "assumptions": {
            "found": {
                "value": 0.5,
                "source": "made up",
                "uncertainty": {"kind": "uniform", "low": 0.1, "high": 0.9},
            }
        },
    } | more


def test_a_bound_that_is_never_met_changes_nothing(silkeborg):
    found = stages(Case.of(silkeborg), OPTIONS, NEVER, 2018, 3)
    plain = run(silkeborg, OPTIONS)
    assert found.chosen.stop.value == 0
    assert found.chosen.worth == (0, 0)
    assert found.with_rule == found.without
    assert (found.without.mean, found.without.chance) == (plain.mean(), plain.chance())
    np.testing.assert_array_equal(found.result.draws.columns[measures.TOTAL], plain.draws.columns[measures.TOTAL])


@pytest.mark.parametrize("counterfactual", ["expected", "same-luck", "own-luck"])
def test_a_bound_that_is_always_met_cuts_the_programme_off(counterfactual):
    """As a file in which nobody enters and nothing is paid from the third year on."""
    options = Options(draws=512, seed=3, counterfactual=counterfactual, plain=True)
    found = stages(Case.of(scenario_of(case())), options, Rule("in", "adult", "work", ">=", 0), 2031, 0)
    cut = case(
        families={"family": {"enter": [4, 4, 0, 0], "members": {"adult": 1}}},
        costs=[{"label": "team", "yearly": [600_000, 600_000, 0, 0]}],
    )
    off = run(scenario_of(cut), options)
    total = run(scenario_of(case()), options).draws.columns[measures.TOTAL]
    assert found.chosen.stop.value == 1
    assert found.with_rule.percentiles[50].value == np.percentile(off.draws.columns[measures.TOTAL], 50)
    assert found.with_rule.percentiles[5].value == np.percentile(off.draws.columns[measures.TOTAL], 5)
    assert found.chosen.worth.value == np.mean(off.draws.columns[measures.TOTAL] - total)


def test_the_end_in_half_months():
    """Notice is paid in full; who enters in the month after the review is not helped."""
    families = {
        "family": {"entering": [{"month": f"2031-{m:02}", "number": 1} for m in (11, 12)], "members": {"adult": 1}}
    }
    families["family"]["entering"].append({"month": "2032-01", "number": 1})
    one = scenario_of(case(families=families))
    options = Options(draws=64, period="month", engine="expected")
    result = ended(Case.of(one), Ending(48, 48 + 2 * 5)).result(options)
    team = result.draws.sums.mean(measures.LINES)[[line.label for line in result.accounts.lines].index("team")]
    np.testing.assert_allclose(team, [-50_000] * 29 + [0] * 19)
    given = model.parameters(Model(one, Ending(48, 58)), {"found": np.array([[0.5]])})
    entered = model.entered_families(Model(one, Ending(48, 58)), given, 2)[0, 0]
    assert entered[[22, 23, 24]].tolist() == [1, 1, 0]


def test_what_is_seen_is_known_at_the_review(silkeborg):
    """Whatever is changed after it, the counts are the same."""
    rule = Rule("in", "adult", "selvforsørgelse", "<", 5)
    ending = Ending(48, 48)
    seen = observed(ended(Case.of(silkeborg), ending), OPTIONS, rule, Pace())
    moved = observed(
        ended(Case.of(silkeborg), ending), OPTIONS, Rule("moved", "adult", "selvforsørgelse", "<", 5), Pace()
    )
    tree = load(SILKEBORG, ["families.finishing.enter=[25, 25, 90, 0, 7]"], language="en").scenario
    before = load(SILKEBORG, ["families.finishing.enter=[25, 25, 50, 50, 50]"], language="en").scenario
    np.testing.assert_array_equal(
        observed(ended(Case.of(tree), ending), OPTIONS, rule, Pace()),
        observed(ended(Case.of(before), ending), OPTIONS, rule, Pace()),
    )
    assert np.all(seen == np.round(seen))
    assert np.all(moved >= seen)  # who has moved back is in it no more
    assert np.mean(moved > seen) > 0


def test_counts_by_hand():
    """Everybody finds work at entry: by the end of the second year, all who entered."""
    certain = case()
    certain["assumptions"]["found"] = {"value": 1.0, "source": "made up"}
    one = scenario_of(certain)
    for what in ("in", "moved"):
        rule = Rule(what, "adult", "work", "<", 9)
        assert np.all(observed(ended(Case.of(one), Ending(48, 48)), Options(draws=64), rule, Pace()) == 8)
        found = stages(Case.of(one), Options(draws=64), rule, 2031, 12)
        assert found.chosen.stop.value == 1
    # stopped, it saves the team's fourth year (the third is notice) and loses what the families of the third and the fourth would have saved
    months = 4 * (18 + 6)  # of a year's families each is there for half of it, on average
    expected = 600_000 - 0.9 * 10_000 * months
    assert abs(found.chosen.worth.value - expected) < 4.5 * found.chosen.worth.error


def test_the_best_bound_is_the_best_by_trying_all(silkeborg):
    found = stages(Case.of(silkeborg), OPTIONS, Rule("in", "adult", "selvforsørgelse", "<", 12), 2018, 3)
    by_bound = {one.bound: one for one in found.bounds}
    assert by_bound[found.best.bound].worth.value == max(one.worth.value for one in found.bounds)
    for bound in (8, 12, 20):
        alone = stages(Case.of(silkeborg), OPTIONS, Rule("in", "adult", "selvforsørgelse", "<", bound), 2018, 3)
        assert alone.chosen.worth.value == pytest.approx(by_bound[bound].worth.value, rel=1e-12)
        assert alone.chosen.stop == by_bound[bound].stop
    assert by_bound[min(by_bound)].stop.value == 0
    assert by_bound[max(by_bound)].stop.value == 1


def test_the_best_bounds_worth_is_not_flattered():
    """Of bounds that are worth nothing, the best is worth nothing on average."""
    rng = np.random.default_rng(5)
    found, flattered = [], []
    for _ in range(400):
        counts, gained = rng.integers(0, 20, 512).astype(float), rng.normal(size=512)
        bounds = _bounds(counts, gained, "<")
        found.append(_best(bounds, counts, gained, "<").worth.value)
        flattered.append(max(one.worth.value for one in bounds))
    assert abs(np.mean(found)) < 4.5 * np.std(found) / 20
    assert np.mean(flattered) > 10 * np.std(flattered) / 20


def test_the_rule_sorts_good_courses_from_bad():
    """Where few who find work by then mean a poor programme, a rule is worth more than none and than always stopping."""
    cheap = case(costs=[{"label": "team", "yearly": 200_000}])
    found = stages(Case.of(scenario_of(cheap)), Options(draws=4096), Rule("in", "adult", "work", "<", 4), 2031, 0)
    always = max(found.bounds, key=lambda one: one.bound)
    assert always.stop.value == 1
    assert found.best.worth.value > max(0, always.worth.value) + 4.5 * found.best.worth.error
    wrongly = found.would_have_paid.value / found.chosen.stop.value
    assert wrongly < found.without.chance.value  # it stops the worse ones


def test_same_whatever_the_threads(silkeborg):
    rule = Rule("moved", "adult", "selvforsørgelse", "<", 9)
    one, two = (stages(Case.of(silkeborg), Options(draws=512, threads=n), rule, 2019, 6) for n in (1, 2))
    assert (one.chosen, one.with_rule, one.bounds) == (two.chosen, two.with_rule, two.bounds)
