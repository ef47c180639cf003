"""Courses that look like what was seen: against closed forms, a case enumerated by hand, and what must never change."""

import math
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulate import measures
from simulate.analysis import precision
from simulate.analysis.precision import error_of
from simulate.analysis.subset import Subset
from simulate.engine import Case, run
from simulate.names import BLOCKS
from simulate.options import Options
from simulate.studies import update as study
from simulate.studies.update import Regression, moved, update
from tests.trees import scenario_of

OPTIONS = Options(draws=4096, seed=11, threads=2)


def row(to: str, count: int | None = None, **more: Any) -> dict[str, Any]:
    found = {"role": "adult", "what": "moved", "to": to, "until": "2030-12"} | more
    return found if count is None else found | {"count": count}


def case(observed: list[dict[str, Any]], found: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Twenty present adults, some of whom find work on the first day, at a chance of which a little is known."""
    return {
        "format": 1,
        "title": "Seen",
        "language": "en",
        "time": {"first_year": 2030, "years": 3},
        "families": {"family": {"present": 20, "members": {"adult": 1}}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 10_000}, "work": {}},
                "moves": [
                    {"from": "benefit", "to": "work", "at": "entry", "chance": {"baseline": 0.1, "programme": "found"}}
                ],
            }
        },
        "costs": [{"label": "team", "yearly": 400_000}],
        "targets": [{"label": "second", "year": 2031, "amount": 100_000}],
        "assumptions": {
            "found": {
                "value": 0.3,
                "source": "made up",
                "uncertainty": found or {"kind": "beta", "successes": 5.5, "failures": 13.5},  # and Jeffreys' half each
            }
        },
        "observed": observed,
    } | more


def test_a_beta_and_a_binomial_count_give_the_beta_of_both():
    """6 and 14 before; 9 of 20 seen: 15 and 25 after (Bayes 1763)."""
    found = update(Case.of(scenario_of(case([row("work", 9)]))), OPTIONS, 4000, 1 << 17)
    assert found.tolerance == 0
    after, truth = found.after.assumptions["found"], stats.beta(15, 25)
    assert abs(after.mean.value - truth.mean()) < 4.5 * after.mean.error
    assert abs(after.sd.value - truth.std()) < 4.5 * after.sd.error
    for p, one in after.percentiles.items():
        assert abs(one.value - truth.ppf(p / 100)) < 4.5 * one.error, p
    exactly = stats.betabinom(20, 6, 14).pmf(9)
    seen = found.seen[0]
    assert abs(seen.probability.value - exactly) < 4.5 * seen.probability.error
    assert seen.probability == found.exact
    assert abs(seen.or_more.value - stats.betabinom(20, 6, 14).sf(8)) < 4.5 * seen.or_more.error
    assert seen.kept.mean.value == 9


def test_the_luck_so_far_is_what_was_seen():
    """Work lasts: whoever has found it saves every month, so the provenu of the kept courses is certain but for the baseline's mean."""
    found = update(Case.of(scenario_of(case([row("work", 9)]))), OPTIONS, 400, 1 << 17)
    certain = 36 * 10_000 * (9 - 20 * 0.1) - 1_200_000
    assert found.after.provenu.mean.value == pytest.approx(certain)
    assert found.after.provenu.sd.value == pytest.approx(0, abs=1e-6)
    assert found.after.targets[0].value == 1
    assert 0 < found.before.targets[0].value < 1


def test_relapses_and_entries_together_as_enumerated():
    """Three adults: found at entry with p, lost again each January with r; each is one of two values, so all can be written down."""
    tree = case([row("work", 2), row("again", 1, until="2031-12")])
    tree["families"]["family"]["present"] = 3
    tree["roles"]["adult"]["states"]["again"] = {"monthly": 10_000}
    tree["roles"]["adult"]["moves"].append({"from": "work", "to": "again", "yearly": "lost", "timing": "year-start"})
    either = {"kind": "choices", "values": [0.2, 0.6], "weights": [0.5, 0.5]}
    for name in ("found", "lost"):
        tree["assumptions"][name] = {"value": 0.2, "source": "made up", "uncertainty": either}
    weights = {}
    for p, r in product((0.2, 0.6), repeat=2):
        # who is lost on arrival was found all the same; by the end of the second year there were two occasions
        twice = 1 - (1 - r) ** 2
        weights[p, r] = 3 * p**2 * (1 - p) * 2 * twice * (1 - twice)
    total = sum(weights.values())
    found = update(Case.of(scenario_of(tree)), OPTIONS, 3000, 1 << 17)
    assert found.tolerance == 0
    assert abs(found.exact.value - total / 4) < 4.5 * found.exact.error
    for place, name in enumerate(("found", "lost")):
        mean = sum(pair[place] * weight for pair, weight in weights.items()) / total
        one = found.after.assumptions[name].mean
        assert abs(one.value - mean) < 4.5 * one.error, name


def test_nothing_seen_changes_nothing():
    found = update(Case.of(scenario_of(case([]))), OPTIONS, 100, 1 << 17)
    assert found.after is found.before
    assert found.draws == found.kept == OPTIONS.draws
    plain = run(scenario_of(case([])), Options(draws=4096, seed=11, plain=True))
    assert found.before.provenu.mean.value == pytest.approx(plain.mean().value, rel=1e-12)
    assert found.before.provenu.mean.error == pytest.approx(plain.mean().error, rel=1e-9)
    assert found.before.break_even.value == plain.chance().value
    assert found.before.provenu.percentiles[5].value == np.percentile(plain.draws.columns[measures.TOTAL], 5)
    assert found.before.targets[0].value == plain.draws.sums.mean(measures.TARGETS)[0]


def test_what_always_happens_changes_nothing():
    found = update(Case.of(scenario_of(case([row("work", than="baseline", at_least=-20)]))), OPTIONS, 100, 1 << 17)
    assert found.after is found.before
    assert found.seen[0].probability.value == 1


def test_same_whatever_the_threads():
    scenario = scenario_of(case([row("work", 12)]))
    one, two = (update(Case.of(scenario), Options(draws=1024, seed=3, threads=n), 300, 1 << 15) for n in (1, 2))
    assert (one.draws, one.kept, one.seen) == (two.draws, two.kept, two.seen)
    assert (one.before, one.after) == (two.before, two.after)
    assert one.draws > 1024  # several rounds


def test_further_rounds_are_other_courses():
    """The closed form again, from rounds of few draws each: were they the same courses, the error would be far too small."""
    found = update(Case.of(scenario_of(case([row("work", 9)]))), Options(draws=256, seed=5), 2000, 1 << 16)
    assert found.draws > 16 * 256
    after, truth = found.after.assumptions["found"], stats.beta(15, 25)
    assert abs(after.mean.value - truth.mean()) < 4.5 * after.mean.error
    assert 0.6 < after.mean.error / (truth.std() / math.sqrt(found.kept)) < 1.7


def test_a_control_group_that_does_better_tells_that_the_programme_is_worse():
    better = row("work", arm="baseline", than="programme", at_least=1)
    found = update(Case.of(scenario_of(case([better]))), OPTIONS, 200, 1 << 15)
    # the programme's own count is binomial given its chance, the control group's at 0.1 whatever that is
    p = stats.beta(6, 14).ppf((np.arange(2000) + 0.5) / 2000)
    own, other = (stats.binom(20, chance[:, None]).pmf(np.arange(21)) for chance in (p, np.array([0.1])))
    more = (own[:, :, None] * other[0][None, None, :])[:, np.triu(np.ones((21, 21), bool), 1)].sum(axis=1)
    seen, after = found.seen[0], found.after.assumptions["found"].mean
    assert abs(seen.probability.value - more.mean()) < 4.5 * seen.probability.error
    assert abs(after.value - (p * more).mean() / more.mean()) < 4.5 * after.error
    assert found.unusual is None


def test_who_is_in_a_state_is_counted_at_the_end_of_the_month():
    """Everybody comes in March and leaves after two months: in the state at the end of March and April, and no longer in May."""
    tree = case([])
    tree["families"] = {"family": {"entering": [{"month": "2030-03", "number": 4}], "members": {"adult": 1}}}
    tree["roles"]["adult"]["moves"] = [{"from": "benefit", "to": "work", "after_months": 2}]
    del tree["assumptions"]
    for month, there in (("2030-02", 0), ("2030-03", 4), ("2030-04", 4), ("2030-05", 0)):
        tree["observed"] = [row("benefit", there, what="in", until=month)]
        assert update(Case.of(scenario_of(tree)), Options(draws=16), 16, 16).exact.value == 1, month


def test_rows_that_hang_together_and_were_not_seen_together_are_impossible():
    found = update(Case.of(scenario_of(case([row("work", 9), row("work", 5, until="2031-12")]))), OPTIONS, 200, 1 << 14)
    assert found.unusual.value == 0
    assert found.after is None
    assert found.kept == 0


@pytest.mark.parametrize("seen", [row("work", 21), row("work", than="baseline", at_least=21)])
def test_what_no_course_reaches_is_impossible(seen):
    found = update(Case.of(scenario_of(case([seen]))), OPTIONS, 200, 1 << 14)
    assert found.after is None
    assert (found.kept, found.seen[0].tail.value, found.seen[0].kept) == (0, 0, None)
    assert math.isinf(found.tolerance)
    assert not found.too_few


def test_a_few_courses_that_are_just_as_seen_are_too_few_and_no_proof_that_it_cannot_be():
    """The control group did so much better in some courses of 4,096, and fewer than anything can be told from."""
    found = update(
        Case.of(scenario_of(case([row("work", arm="baseline", than="programme", at_least=4)]))), OPTIONS, 200, 4096
    )
    assert 0 < found.exact.value * found.draws == found.possible < study.FEWEST
    assert found.after is None
    assert found.too_few


@pytest.mark.parametrize(("draws", "too_few"), [(256, True), (4096, False)])
def test_none_of_a_few_hundred_courses_proves_nothing(draws, too_few):
    found = update(Case.of(scenario_of(case([row("work", 20)]))), Options(draws=draws, threads=2), 200, draws)
    assert (found.kept, found.seen[0].tail.value) == (0, 0)
    assert found.too_few == too_few


def test_the_nearest_courses_read_off_at_what_was_seen_agree_with_the_exact_ones(monkeypatch):
    """The closed form from courses up to some persons off, as where exact ones are too few."""
    monkeypatch.setattr(study, "ENOUGH", 10**9)
    found = update(Case.of(scenario_of(case([row("work", 9)]))), OPTIONS, 20_000, 1 << 16)
    assert 0 < found.tolerance < 2
    assert found.seen[0].allowed == math.floor(found.tolerance * found.seen[0].expected.sd.value + 1e-9) > 0
    after, truth = found.after.assumptions["found"], stats.beta(15, 25)
    assert abs(after.mean.value - truth.mean()) < 0.05 * truth.std() + 4.5 * after.mean.error
    assert abs(after.sd.value - truth.std()) < 0.05 * truth.std() + 4.5 * after.sd.error
    # to the last krone: the provenu is linear in who found work
    assert found.after.provenu.mean.value == pytest.approx(36 * 10_000 * 7 - 1_200_000)


def test_a_control_group_is_held_against_what_was_seen_of_the_programme(monkeypatch):
    """Given the programme's own count, what a control group of known chance does tells nothing of the programme; nor does it in near courses."""
    monkeypatch.setattr(study, "ENOUGH", 10**9)
    tree = case([row("work", 9), row("work", arm="baseline", than="programme", at_least=1)])
    tree["roles"]["adult"]["moves"][0]["chance"]["baseline"] = 0.4
    found = update(Case.of(scenario_of(tree)), OPTIONS, 4000, 1 << 16)
    assert found.tolerance > 0
    after, truth = found.after.assumptions["found"].mean, stats.beta(15, 25)
    assert abs(after.value - truth.mean()) < 0.05 * truth.std() + 4.5 * after.error


def test_a_regression_is_read_off_where_nothing_is_off():
    rng = np.random.default_rng(4)
    off = rng.integers(-3, 6, (500, 2)).astype(float)
    values = 7 + off @ np.array([2.0, -1.0])
    line = Regression(off)
    np.testing.assert_allclose(line.corrected(values), 7)
    # the factor is that of the intercept's standard error over a mean's, by the textbook
    x = np.column_stack([np.ones(500), off])
    assert line.factor == pytest.approx(math.sqrt(500 * np.linalg.inv(x.T @ x)[0, 0]))
    assert Regression(off - off.mean(axis=0)).factor == pytest.approx(1)


def test_errors_of_a_part_are_those_of_blocks_where_it_is_everything():
    values = np.random.default_rng(9).normal(size=16 * 40)
    part = Subset(np.repeat(np.arange(BLOCKS), 40))
    assert part.mean(values).error == pytest.approx(error_of(values.reshape(BLOCKS, -1).mean(axis=1)))


def test_errors_of_a_part_are_what_they_say():
    """Of ratios, from many parts of random size."""
    rng = np.random.default_rng(2)
    means, errors = [], []
    for _ in range(400):
        blocks = np.sort(rng.integers(0, BLOCKS, rng.integers(150, 250)))
        one = Subset(blocks).mean(rng.normal(size=len(blocks)) + 1)
        means.append((one.value - 1) / one.error)
        errors.append(one.error)
    assert 0.85 < np.std(means) < 1.2  # Student's t with 15 degrees of freedom: 1.07


def test_what_has_moved_is_told_furthest_first():
    found = update(Case.of(scenario_of(case([row("work", 14)]))), OPTIONS, 200, 1 << 15)
    ((name, by),) = moved(found.before, found.after)
    assert name == "found"
    assert by == pytest.approx((20 / 40 - 0.3) / stats.beta(6, 14).std(), abs=0.1)


@pytest.mark.parametrize(("hits", "draws"), [(0, 640), (64, 64), (0, 16)])
def test_a_chance_of_none_or_all_is_not_exact(hits, draws):
    """None of so many leaves a chance of 1 - 0.025^(1/n); with errors twice as large, as a quarter of them."""
    part = Subset(np.repeat(np.arange(BLOCKS), draws // BLOCKS))
    found = part.chance(np.arange(draws) < hits)
    assert found.error == precision.unseen(draws)
    assert found.interval[1] - found.interval[0] == pytest.approx(1 - 0.025 ** (1 / draws))
    assert replace(part, factor=2.0).chance(np.arange(draws) < hits).error == precision.unseen(draws // 4)
