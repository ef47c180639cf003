"""The exact variance over luck: closed forms, and the variance of many lives."""

import math
from functools import cache

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from strategies import scenarios
from trees import run_tree

from simulate import ledger, luck, model
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.sampling import Sampler, Values
from simulate.scenario import Scenario

JOB = {"from": "benefit", "to": "job", "at": "entry"}


def tree(**family: object) -> dict:
    """One binary state for a year: benefit, at 1,000 kr. a month, or a job."""
    return {
        "format": 1,
        "title": "luck",
        "time": {"first_year": 2020, "years": 1},
        "families": {"f": {"members": {"adult": 1}, **family}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 1000}, "job": {}},
                "moves": [{**JOB, "chance": {"baseline": 0.1, "programme": 0.3}}],
            }
        },
    }


def of(given: dict) -> luck.Luck:
    accounts, values = built(given)
    return luck.compute(accounts, model.parameters(accounts.model, values), ledger.prices(accounts, values))


def built(given: dict) -> tuple[Accounts, Values]:
    scenario = Scenario.model_validate(given, context={"assumptions": given.get("assumptions", {}).keys()})
    return Accounts(Model(scenario), 24), Sampler(scenario).point()


def members(accounts: Accounts, values: Values) -> luck.Moments:
    return luck._members(accounts, model.parameters(accounts.model, values), ledger.prices(accounts, values))


def test_binomial() -> None:
    """Ten families present all year: jobs are binomial, a job is worth 12,000 kr."""
    found = of(tree(present=10))
    assert found.mean[0] == pytest.approx(10 * 0.2 * 12000)
    assert found.expected[0] == pytest.approx(10 * 0.3 * 0.7 * 12000**2)
    assert found.own_luck[0] == pytest.approx(10 * (0.3 * 0.7 + 0.1 * 0.9) * 12000**2)


def test_numbers_rounded_at_random_and_poisson() -> None:
    """2.4 families, each worth 2,400 kr. on average: rounding has the variance 0.24, Poisson 2.4 = lambda."""
    each = 0.3 * 0.7 * 12000**2
    assert of(tree(present=2.4)).expected[0] == pytest.approx(2.4 * each + 0.24 * 2400**2)
    assert of(tree(present=2.4, arrivals="poisson")).expected[0] == pytest.approx(2.4 * each + 2.4 * 2400**2)
    rounded = of(tree(present=10, members={"adult": 1.4})).expected[0]
    assert rounded == pytest.approx(10 * (1.4 * each + 0.24 * 2400**2))


def test_entry_months() -> None:
    """A family that enters in month m (from 0) is there for 11.5 - m months."""
    months = 11.5 - np.arange(12)
    of_lives = 0.3 * 0.7 * (months * 1000) ** 2
    of_month = np.var(0.2 * months * 1000)
    assert of(tree(enter=5)).expected[0] == pytest.approx(5 * (of_lives.mean() + of_month))


def test_roles_or_families_may_be_absent() -> None:
    """A case of costs and savings alone is under no luck, nor are states that nobody is ever in, nor families without members' roles."""
    bare = {key: value for key, value in tree().items() if key not in {"roles", "families"}}
    for case in (bare, {**bare, "roles": tree()["roles"]}, {**bare, "families": {"f": {"present": 3, "members": {}}}}):
        found = of(case)
        assert [values.tolist() for values in found] == [[0], [0], [0]]


def assert_variance(given: dict, draws: int) -> None:
    """The variance of lives is the exact one, within 4.5 standard errors (from the fourth moment)."""
    exact = of(given)
    for counterfactual, variance in (("expected", exact.expected[0]), ("own-luck", exact.own_luck[0])):
        result = run_tree(given, draws=draws, counterfactual=counterfactual, design="random")
        assert result.draws is not None
        total = result.draws.columns["total"]
        off = total - total.mean()
        seen, error = off.var(), math.sqrt(max((off**4).mean() - off.var() ** 2, 0.0) / draws)
        assert abs(seen - variance) <= 4.5 * error + 1e-6 * variance + 1e-3
        fixed = result.point.provenu.sum() - exact.mean[0]
        assert abs(total.mean() - fixed - exact.mean[0]) <= 4.5 * math.sqrt(variance / draws) + 1e-3


@settings(max_examples=25)
@given(tree=scenarios())
def test_lives_have_this_variance(tree: dict) -> None:
    assert_variance(tree, 4096)


@pytest.mark.slow
@settings(max_examples=10)
@given(tree=scenarios())
def test_a_million_lives_have_this_variance(tree: dict) -> None:
    assert_variance(tree, 1 << 20)


def test_the_chance_with_luck_is_that_of_lives() -> None:
    """Two hundred families of a year: the normal distribution is off by a few thousandths."""
    given = tree(enter=200)
    given["costs"] = [{"label": "team", "yearly": 230_000}]
    lives = run_tree(given, draws=16384).draws
    expected = run_tree(given, draws=16, engine="expected").draws
    assert lives is not None
    assert expected is not None
    chance = float((lives.columns["total"] >= 0).mean())
    assert 0.2 < chance < 0.8
    error = math.sqrt(chance * (1 - chance) / 16384)
    assert abs(float(expected.sums.mean("chance with luck")) - chance) < 4.5 * error + 0.003


class Plain:
    """Moments of what a life costs, half-month by half-month, for an effect that ends at `until`: no shortcut, nothing shared."""

    def __init__(self, case: naive.Case, price: np.ndarray) -> None:
        self.case, self.price = case, price  # (state, half)
        self.begins, self.arrives = cache(self.begins), cache(self.arrives)

    def mixed(self, parts: list) -> tuple[float, float]:
        """Of (chance, cost so far, moments of what lies ahead)."""
        mean = sum(p * (cost + first) for p, cost, (first, _) in parts)
        return mean, sum(p * (cost * cost + 2 * cost * first + second) for p, cost, (first, second) in parts)

    def moved(self, state: int, kind: str, t: int, until: float, then) -> list:
        """Those whom one of some alternatives takes at t: (chance, next state's moments)."""
        arm = "programme" if t < until else "baseline"
        found = self.case.alternatives(state, kind, arm, t // 24)
        return [(p, then(to, t, until if t < until else 0)) for to, p in found]

    def arrives(self, state: int, t: int, until: float) -> tuple[float, float]:
        moved = self.moved(state, "january", t, until, self.begins)
        stays = (1 - sum(p for p, _ in moved), self.begins(state, t, until))
        return self.mixed([(p, 0.0, ahead) for p, ahead in (*moved, stays)])

    def enters(self, state: int, t: int, until: float) -> tuple[float, float]:
        moved = self.moved(state, "entry", t, until, self.arrives)
        stays = (1 - sum(p for p, _ in moved), self.begins(state, t, until))
        return self.mixed([(p, 0.0, ahead) for p, ahead in (*moved, stays)])

    def begins(self, state: int, arrival: int, until: float) -> tuple[float, float]:
        case, parts, chance, cost = self.case, [], 1.0, self.price[state, arrival]
        arm = "programme" if arrival < until else "baseline"
        lengths = [(move.to, case.at_most(move, arm, arrival // 24)) for move in case.out_of(state, "ending")]
        for t in range(arrival + 1, case.horizon):
            arm, left = "programme" if t < until else "baseline", until if t < until else 0
            gone = []
            if (t - arrival) % 2 == 1:
                hazards = case.hazards(state, arm, t // 24)
                total = sum(hazard for _, hazard in hazards)
                share = -math.expm1(-total) / total if total else 0.0
                gone = [(hazard * share, self.arrives(move.to, t, left)) for move, hazard in hazards if hazard]
            else:
                n = (t - arrival) // 2
                for to, chances in lengths:
                    over = (chances[n] - chances[n - 1]) / (1 - chances[n - 1]) if chances[n - 1] < 1 else 1.0
                    gone = [(over, self.arrives(to, t, left))]
            parts += [(chance * p, cost, ahead) for p, ahead in gone]
            chance *= max(0.0, 1 - sum(p for p, _ in gone))
            if t % 24 == 0:
                gone = self.moved(state, "january", t, until, self.begins)
                parts += [(chance * p, cost, ahead) for p, ahead in gone]
                chance *= max(0.0, 1 - sum(p for p, _ in gone))
            cost += self.price[state, t]
        return self.mixed([*parts, (chance, cost, (0.0, 0.0))])


def assert_plain(given: dict) -> None:
    """Each member's mean and variance, for each type of family, start state and entry, are those of the plain recursion."""
    accounts, values = built(given)
    found, case = members(accounts, values), naive.Case(given)
    price = np.repeat(ledger.prices(accounts, values).state[0, 0], 24, axis=1) / 2
    plain = Plain(case, price)
    pairs, names = accounts.model.pairs, list(case.families)
    kinds = np.repeat(pairs.kind, np.diff(pairs.row_first))
    for row, (kind, state) in enumerate(zip(kinds.tolist(), pairs.row_state.tolist(), strict=True)):
        for entry in range(accounts.model.months + 1):
            t = max(0, 2 * entry - 1)
            of_arm = [plain.enters(state, t, until) for until in (t + case.window(names[kind]), 0)]
            (mean, variance), (base, base_variance) = ((one, two - one * one) for one, two in of_arm)
            scale = max(abs(two) for _, two in of_arm)
            at = 0, row, entry
            assert found.mean[at] == pytest.approx(base - mean, rel=1e-10, abs=1e-10 * math.sqrt(scale))
            assert found.expected[at] == pytest.approx(variance, rel=1e-10, abs=1e-10 * scale)
            assert found.own_luck[at] == pytest.approx(variance + base_variance, rel=1e-10, abs=1e-10 * scale)


@settings(max_examples=40)
@given(tree=scenarios(years=3, roles=1, states=3))
def test_moments_are_those_of_the_plain_recursion(tree: dict) -> None:
    assert_plain(tree)


@settings(max_examples=20)
@given(tree=scenarios(years=2, roles=3, states=2))
def test_moments_of_several_roles_are_those_of_the_plain_recursion(tree: dict) -> None:
    assert_plain(tree)


def test_families_of_different_windows_and_roles_keep_out_of_each_other() -> None:
    """Windows that end and that do not, in roles that types share and that they do not; one role is nobody's."""
    given = tree(present=1, effect_lasts_months=5)
    role = given["roles"]["adult"]
    role["moves"].append({"from": "job", "to": "benefit", "monthly": {"baseline": 0.1, "programme": 0.02}})
    given["time"]["years"] = 2
    given["roles"] |= {"child": role, "ghost": role}
    given["families"]["g"] = {"members": {"child": 2}, "enter": 1, "effect_lasts_months": 9}
    given["families"]["h"] = {"members": {"child": 1, "adult": 0.5}, "enter": 1}
    given["families"]["i"] = {"members": {}, "enter": 1}
    assert_plain(given)
    apart = [of(given | {"families": {name: one}}) for name, one in given["families"].items()]
    whole = of(given)
    for one, parts in zip(whole, zip(*apart, strict=True), strict=True):
        assert one[0] == pytest.approx(sum(part[0] for part in parts), rel=1e-12)


KINDS_OF_STAY = {
    "given months and Januaries": (
        {"after_months": {"baseline": 7, "programme": 16}},
        {"yearly": 0.3, "timing": "year-start"},
    ),
    "given months and clocks": ({"after_months": [9, 3]}, {"monthly": {"baseline": 0.1, "programme": 0.05}}),
    "given months alone": ({"after_months": 14}, {"at": "entry", "chance": 0.2}),
    "drawn months and clocks": ({"after_months": {"mean": 8, "sd": 5, "shape": "gamma"}}, {"yearly": [0.2, 0.6]}),
    "drawn months and Januaries": (
        {"after_months": {"baseline": {"mean": 8, "sd": 5, "shape": "weibull"}, "times": 0.5}},
        {"yearly": {"baseline": 0.4, "programme": 0.2}, "timing": "year-start"},
    ),
}


@pytest.mark.parametrize("kinds", KINDS_OF_STAY.values(), ids=KINDS_OF_STAY)
@pytest.mark.parametrize("window", [1, 6.5, 11, 13, 35.5])
def test_an_effect_that_ends_within_a_stay(kinds: tuple, window: float) -> None:
    """Two windows at once, so that columns stand side by side; the state comes back, so that columns serve again."""
    given = tree(present=1, effect_lasts_months=window)
    given["time"]["years"] = 3
    given["families"]["g"] = {"members": {"adult": 1}, "enter": 1, "effect_lasts_months": 9}
    given["families"]["h"] = {"members": {"adult": 1}, "enter": 1}
    given["roles"]["adult"] = {
        "start": "benefit",
        "states": {"benefit": {"monthly": [900, 1000]}, "job": {"monthly": 100}, "ill": {"monthly": 2000}},
        "moves": [
            *({"from": "benefit", "to": to} | kind for to, kind in zip(("job", "ill"), kinds, strict=True)),
            {"from": "job", "to": "benefit", "quarterly": {"baseline": [0.2, 0.1, 0.3], "programme": 0.1}},
            {"from": "ill", "to": "benefit", "yearly": 0.5, "timing": "year-start"},
            {"from": "ill", "to": "job", "yearly": {"baseline": 0.2, "hazard_ratio": 2}},
        ],
    }
    assert_plain(given)


def different(values: Values) -> Values:
    """Five draws, each with other values."""
    return {name: np.concatenate([value * by for by in (1, 0.5, 2, 0, 1.3)]) for name, value in values.items()}


def bits(found: luck.Moments) -> list[bytes]:
    return [np.ascontiguousarray(one).tobytes() for one in found]


@settings(max_examples=60)
@given(tree=scenarios(years=3))
def test_a_draw_has_the_same_moments_in_any_company(tree: dict) -> None:
    """To the last bit: windows, lengths and chances of the others leave nothing behind."""
    accounts, point = built(tree)
    values = different(point)
    together = members(accounts, values)
    for draw in range(5 if values else 0):
        alone = members(accounts, {name: value[draw : draw + 1] for name, value in values.items()})
        some = slice(draw, draw + 1) if len(together.mean) > 1 else slice(None)
        assert bits(alone) == bits(luck.Moments(*(one[some] for one in together)))


@settings(max_examples=20)
@given(tree=scenarios(years=2, roles=1))
def test_moments_are_the_same_uncompiled(tree: dict) -> None:
    accounts, point = built(tree)
    values = different(point)
    compiled = members(accounts, values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUMBA_DISABLE_JIT", "1")
        assert bits(members(accounts, values)) == bits(compiled)
