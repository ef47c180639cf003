"""The exact variance and third moment over luck: closed forms, enumeration, and those of many lives."""

import math
from dataclasses import replace
from functools import cache

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from strategies import scenarios
from trees import run_tree, scenario_of

from simulate import kernels, ledger, luck, measures, model
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.sampling import Sampler, Values

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


def of(given: dict, third: str | None = None) -> luck.Luck:
    accounts, values = built(given)
    return luck.compute(accounts, model.parameters(accounts.model, values), ledger.prices(accounts, values), third)


def third_of(given: dict, counterfactual: str = "expected") -> float:
    found = of(given, counterfactual).third
    assert found is not None
    return float(found[0])


def steps_of(given: dict) -> luck.Steps:
    accounts, values = built(given)
    return luck.steps(luck.parts(accounts, model.parameters(accounts.model, values), ledger.prices(accounts, values)))


def built(given: dict) -> tuple[Accounts, Values]:
    scenario = scenario_of(given)
    return Accounts(Model(scenario), 24), Sampler(scenario).point()


def everywhere(one: Model) -> np.ndarray:
    """(1, inner state) somebody starts in every state."""
    found = np.zeros((1, len(one.inner)))
    found[:, one.first_phase] = 1.0
    return found


def members(accounts: Accounts, values: Values, third: str = "own-luck") -> luck.Moments:
    """By the rows of the pairs, all of them: somebody starts in every state, and comes at every time."""
    given = model.parameters(accounts.model, values)
    given = replace(given, shares=everywhere(accounts.model), numbers=np.ones_like(given.numbers))
    return luck._members(accounts, given, ledger.prices(accounts, values), third)


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
        found = of(case, "expected")
        assert [values.tolist() for values in found] == [[0], [0], [0], [0]]
        assert steps_of(case) == (0, 0)


def error_of_third(off: np.ndarray) -> float:
    """Standard error of the third central moment (Kendall, Stuart, The Advanced Theory of Statistics, 10.7)."""
    two, three, four, six = ((off**power).mean() for power in (2, 3, 4, 6))
    return math.sqrt(max(six - three**2 - 6 * four * two + 9 * two**3, 0.0) / len(off))


def assert_variance(given: dict, draws: int) -> None:
    """Variance and third moment of lives are the exact ones, within 4.5 standard errors (from the fourth and sixth moment)."""
    exact = of(given)
    for counterfactual, variance in (("expected", exact.expected[0]), ("own-luck", exact.own_luck[0])):
        result = run_tree(given, draws=draws, counterfactual=counterfactual, design="random")
        assert result.draws is not None
        total = result.draws.columns[measures.TOTAL]
        off = total - total.mean()
        seen, error = off.var(), math.sqrt(max((off**4).mean() - off.var() ** 2, 0.0) / draws)
        assert abs(seen - variance) <= 4.5 * error + 1e-6 * variance + 1e-3
        third, error = (off**3).mean(), error_of_third(off)
        assert abs(third - third_of(given, counterfactual)) <= 4.5 * error + 1e-6 * variance**1.5 + 1e-3
        fixed = result.point.provenu.sum() - exact.mean[0]
        assert abs(total.mean() - fixed - exact.mean[0]) <= 4.5 * math.sqrt(variance / draws) + 1e-3


@settings(max_examples=25)
@given(tree=scenarios())
def test_lives_have_this_variance(tree: dict) -> None:
    assert_variance(tree, 2048)


@pytest.mark.slow
@settings(max_examples=10)
@given(tree=scenarios())
def test_a_million_lives_have_this_variance(tree: dict) -> None:
    assert_variance(tree, 1 << 20)


def cumulants(values: np.ndarray, chances: np.ndarray) -> tuple[float, float]:
    """Variance and third central moment."""
    off = values - chances @ values
    return float(chances @ off**2), float(chances @ off**3)


@pytest.mark.parametrize(("families", "chance"), [(10, 0.3), (3, 0.004), (40, 0.5), (7, 0.96)])
def test_third_moment_of_a_binomial_number(families: int, chance: float) -> None:
    """Of jobs, worth 12,000 kr.; the baseline's own luck takes its part off."""
    given = tree(present=families)
    given["roles"]["adult"]["moves"][0]["chance"]["programme"] = chance
    own = families * chance * (1 - chance) * (1 - 2 * chance) * 12000**3
    assert third_of(given) == pytest.approx(own, rel=1e-9, abs=1e-9 * 12000**3)
    assert third_of(given, "own-luck") == pytest.approx(own - families * 0.1 * 0.9 * 0.8 * 12000**3, rel=1e-9)
    step = 1 / math.sqrt(families * chance * (1 - chance))
    assert steps_of(given) == pytest.approx((step, step), rel=1e-6)


@pytest.mark.parametrize(("mean", "members"), [(2.4, 1), (0.3, 1), (2, 1.7), (3.6, 2.25)])
def test_third_moment_where_numbers_are_rounded(mean: float, members: float) -> None:
    """Every outcome enumerated: numbers of families, of members in each, of jobs."""
    given = tree(present=mean, members={"adult": members})

    def rounded(x: float) -> list[tuple[int, float]]:
        return [(int(x), 1 - x % 1), (int(x) + 1, x % 1)]

    outcomes = []
    for families, of_families in rounded(mean):
        counts = [(0, of_families)]
        for _ in range(families):
            counts = [(before + n, p * q) for before, p in counts for n, q in rounded(members)]
        for n, chance in counts:
            of_jobs = [math.comb(n, k) * 0.3**k * 0.7 ** (n - k) for k in range(n + 1)]
            # the baseline, expected, has a tenth of a job for each
            outcomes += [(12000 * (k - 0.1 * n), chance * of_jobs[k]) for k in range(n + 1)]
    variance, third = cumulants(*np.array(outcomes).T)
    assert of(given).expected[0] == pytest.approx(variance)
    assert third_of(given) == pytest.approx(third)


def test_third_moment_of_poisson_families() -> None:
    """A compound Poisson sum's third cumulant is lambda times the third moment of what one brings; types of family add theirs."""
    for mean in (0.2, 2.4, 35):
        given = tree(present=mean, arrivals="poisson", members={"adult": 1})
        each = 0.3 * (0.9 * 12000) ** 3 + 0.7 * (-0.1 * 12000) ** 3
        assert third_of(given) == pytest.approx(mean * each)
    both = tree(present=2, arrivals="poisson")
    both["families"]["g"] = {"present": 3, "members": {"adult": 1}}
    alone = third_of(tree(present=2, arrivals="poisson")) + third_of(tree(present=3))
    assert third_of(both) == pytest.approx(alone)


@pytest.mark.parametrize("per_family", [0, 700])
def test_third_moment_where_months_of_entry_are_drawn(per_family: int) -> None:
    """A family that enters in month m (from 0) is there for 11.5 - m months; 2.3 families, rounded: all outcomes of one, then of their sum."""
    given = tree(enter=2.3)
    if per_family:
        given["costs"] = [{"label": "kit", "yearly": per_family, "per_family": True}]
    months = 11.5 - np.arange(12)
    job, none = 0.9 * months * 1000, -0.1 * months * 1000
    values, chances = np.concatenate([job, none]) - per_family, np.repeat([0.3 / 12, 0.7 / 12], 12)
    mean = chances @ values
    variance, third = cumulants(values, chances)
    number = 0.3 * 0.7
    expected = 2.3 * third + 3 * number * mean * variance + number * (1 - 2 * 0.3) * mean**3
    assert of(given).expected[0] == pytest.approx(2.3 * variance + number * mean**2)
    assert third_of(given) == pytest.approx(expected)


def test_start_states_that_are_drawn_have_their_part_of_the_third_moment() -> None:
    """Seven of ten begin on benefit and may get a job: worth nothing to the others, under the baseline of their own start state."""
    given = tree(present=5)
    given["roles"]["adult"]["start"] = {"benefit": 0.7, "job": 0.3}
    variance, third = cumulants(12000 * np.array([0.9, -0.1, 0.0]), np.array([0.7 * 0.3, 0.7 * 0.7, 0.3]))
    assert of(given).expected[0] == pytest.approx(5 * variance)
    assert third_of(given) == pytest.approx(5 * third)


@settings(max_examples=30)
@given(tree=scenarios(years=2, drawn=False))
def test_third_moments_go_by_the_cube_of_prices(tree: dict) -> None:
    """Twice the prices: four times the variance, eight times the third moment, in the same steps of an sd."""
    accounts, values = built(tree)
    parameters, prices = model.parameters(accounts.model, values), ledger.prices(accounts, values)
    twice = {key: 2 * getattr(prices, key) for key in ("state", "per_family", "person_years")}
    doubled = replace(prices, **twice)
    for counterfactual in ("expected", "own-luck"):
        one, other = (luck.compute(accounts, parameters, each, counterfactual) for each in (prices, doubled))
        assert one.third is not None
        assert other.third is not None
        np.testing.assert_array_equal(other.expected, 4 * one.expected)
        np.testing.assert_array_equal(other.third, 8 * one.third)
    if luck.compute(accounts, parameters, prices).expected[0] > 1:
        ours, theirs = (luck.steps(luck.parts(accounts, parameters, one)) for one in (doubled, prices))
        assert ours == pytest.approx(theirs)


def test_where_there_is_no_luck_there_is_no_third_moment() -> None:
    """Moves that are certain, and prices that do not divide evenly."""
    given = tree(present=7)
    given["roles"]["adult"]["states"] = {"benefit": {"yearly": 123456.7}, "job": {"yearly": 1234.5}}
    given["roles"]["adult"]["moves"] = [{**JOB, "chance": {"baseline": 0, "programme": 1}}]
    assert third_of(given) == third_of(given, "own-luck") == 0
    assert steps_of(given) == (0, 0)


def test_the_first_two_moments_have_the_same_bits_with_a_third() -> None:
    given = tree(present=2.4, enter=3, members={"adult": 1.4}, effect_lasts_months=7)
    given["roles"]["adult"]["moves"].append({"from": "job", "to": "benefit", "yearly": {"baseline": 0.3, "times": 0.5}})
    alone = of(given)
    for third in ("expected", "own-luck"):
        assert [one.tobytes() for one in of(given, third)[:3]] == [one.tobytes() for one in alone[:3]]


def test_steps_mix_where_amounts_differ() -> None:
    """Families that enter over a year bring amounts of many sizes; those present one."""
    alike, mixed = steps_of(tree(present=60)), steps_of(tree(enter=60))
    assert alike.left == pytest.approx(alike.size)
    assert mixed.left < 0.1 * mixed.size
    together = tree(present=30)
    together["families"]["g"] = {"present": 30, "members": {"adult": 2}}
    assert steps_of(together) == pytest.approx((1 / math.sqrt(90 * 0.21),) * 2)  # members are independent


@pytest.mark.parametrize("compiled", [True, False])
def test_the_step_that_is_left_is_the_largest_of_all(compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every size worked out with every part."""
    kernel, rng = kernels.load("moments", compiled), np.random.default_rng(5)
    if not compiled:
        turns = np.linspace(-2, 9, 1001)
        np.testing.assert_allclose([kernel.off_whole(one) for one in turns], 1 - np.cos(2 * np.pi * turns), atol=2e-13)
    monkeypatch.setattr(kernels, "load", lambda file: kernel)
    amount = np.concatenate([np.full((6, 3), 7.0), rng.uniform(0.0, 9.0, (6, 40))], axis=1)
    events = rng.uniform(0.0, 1.0, (6, 43)) * np.array([1e-3, 0.02, 0.1, 0.3, 2.0, 1.0])[:, None]
    amount[5] = 7.0
    events[:, ::7] = amount[:, ::7] = 0.0
    step = np.array([4.0, 5.0, 6.0, 7.0, 8.0, 7.0])
    share = np.geomspace(1.0, luck.FINEST, luck.SIZES)[:, None, None]
    lost = (events * (1 - np.cos(2 * np.pi * amount / (share * step[:, None])))).sum(axis=-1)
    exact = (share[..., 0] * np.exp(-lost)).max(axis=0)
    assert exact[4] < luck.NOTHING < exact[3]
    assert exact[5] == 1.0
    exact[exact < luck.NOTHING] = 0.0
    np.testing.assert_allclose(luck._largest_gap(events, amount, step), exact, rtol=1e-12)
    assert luck._largest_gap(np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(1)).tolist() == [0.0]


def test_steps_of_numbers_of_families() -> None:
    """All get a job: only how many families come is luck, each of them a step."""
    given = tree(present=4.5, arrivals="poisson", members={"adult": 2})
    given["roles"]["adult"]["moves"][0]["chance"] = {"baseline": 0, "programme": 1}
    assert steps_of(given) == pytest.approx((1 / math.sqrt(4.5),) * 2)
    given["families"]["f"]["arrivals"] = "fixed"
    assert steps_of(given) == pytest.approx((1 / math.sqrt(0.25),) * 2)
    given["families"]["f"] |= {"present": 4, "members": {"adult": 1.5}}
    assert steps_of(given) == pytest.approx((1 / math.sqrt(4 * 0.25),) * 2)


def test_the_chance_with_luck_is_that_of_lives() -> None:
    """Two hundred families of a year, who come in any month: what is said of the chance holds what lives find."""
    given = tree(enter=200)
    given["costs"] = [{"label": "team", "yearly": 230_000}]
    lives = run_tree(given, draws=16384).draws
    result = run_tree(given, draws=16, engine="expected")
    assert lives is not None
    assert result.draws is not None
    chance = float((lives.columns[measures.TOTAL] >= 0).mean())
    assert 0.2 < chance < 0.8
    error = math.sqrt(chance * (1 - chance) / 16384)
    found = result.mixture.chance()
    assert abs(found.estimate.value - chance) < 4.5 * error
    assert found.approximation < 0.01


class Plain:
    """Moments of what a life costs, half-month by half-month, for an effect (end, entry): no shortcut, nothing shared. No clock of benefit is known here."""

    def __init__(self, case: naive.Case, price: np.ndarray) -> None:
        self.case, self.price = case, price  # (state, half)
        self.begins, self.arrives = cache(self.begins), cache(self.arrives)

    def mixed(self, parts: list) -> tuple[float, float, float]:
        """Of (chance, cost so far, moments of what lies ahead)."""
        mean = sum(p * (cost + first) for p, cost, (first, _, _) in parts)
        square = sum(p * (cost * cost + 2 * cost * first + second) for p, cost, (first, second, _) in parts)
        return mean, square, sum(p * self.cube(cost, *ahead) for p, cost, ahead in parts)

    def cube(self, cost: float, first: float, second: float, third: float) -> float:
        return cost**3 + 3 * cost**2 * first + 3 * cost * second + third

    def arm(self, t: int, effect: tuple[float, int]):
        return self.case.programme(t - effect[1]) if t < effect[0] else "baseline"

    def left(self, t: int, effect: tuple[float, int]) -> tuple[float, int]:
        """What of it lies ahead at t."""
        return effect if t < effect[0] else (0, 0)

    def moved(self, state: int, kind: str, t: int, effect: tuple[float, int], then) -> list:
        """Those whom one of some alternatives takes at t: (chance, next state's moments)."""
        found = self.case.alternatives(state, kind, self.arm(t, effect), t // 24)
        return [(p, then(to, t, self.left(t, effect))) for to, p in found]

    def arrives(self, state: int, t: int, effect: tuple[float, int]) -> tuple[float, float, float]:
        moved = self.moved(state, "january", t, effect, self.begins)
        stays = (1 - sum(p for p, _ in moved), self.begins(state, t, effect))
        return self.mixed([(p, 0.0, ahead) for p, ahead in (*moved, stays)])

    def enters(self, state: int, t: int, effect: tuple[float, int]) -> tuple[float, float, float]:
        moved = self.moved(state, "entry", t, effect, self.arrives)
        stays = (1 - sum(p for p, _ in moved), self.begins(state, t, effect))
        return self.mixed([(p, 0.0, ahead) for p, ahead in (*moved, stays)])

    def begins(self, state: int, arrival: int, effect: tuple[float, int]) -> tuple[float, float, float]:
        case, parts, chance, cost = self.case, [], 1.0, self.price[state, arrival]
        arm = self.arm(arrival, effect)
        lengths = [(move.to, case.at_most(move, arm, arrival // 24)) for move in case.out_of(state, "ending")]
        for t in range(arrival + 1, case.horizon):
            arm, left = self.arm(t, effect), self.left(t, effect)
            gone = []
            if (t - arrival) % 2 == 1:
                hazards = case.hazards(state, arm, t // 24, (t - arrival) // 2)
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
                gone = self.moved(state, "january", t, effect, self.begins)
                parts += [(chance * p, cost, ahead) for p, ahead in gone]
                chance *= max(0.0, 1 - sum(p for p, _ in gone))
            cost += self.price[state, t]
        return self.mixed([*parts, (chance, cost, (0.0, 0.0, 0.0))])


def assert_plain(given: dict) -> None:
    """Each member's mean, variance and third moment, for each type of family, start state and entry, are those of the plain recursion."""
    accounts, values = built(given)
    found, case = members(accounts, values), naive.Case(given)
    alone = members(accounts, values, "expected").third
    assert found.third is not None
    assert alone is not None
    price = np.repeat(ledger.prices(accounts, values).state[0, 0], 24, axis=1) / 2
    for row in given.get("person_years", []):  # what a year in the state brings so much later is known as it is spent
        state, lag = case.states.index((row["role"], row["state"])), row.get("lag_years", 0)
        for year in range(lag, case.years):
            index = (1 + case.number(given.get("money", {}).get("indexation", 0), 0)) ** year
            lived = slice(24 * (year - lag), 24 * (year - lag) + 24)
            price[state, lived] -= case.amount(row["yearly"], year) * index / 24
    plain, most = Plain(case, price), float(np.abs(price).max(axis=0).sum())  # that a life can cost
    pairs, names = accounts.model.pairs, list(case.families)
    kinds = np.repeat(pairs.kind, np.diff(pairs.row_first))
    begins = np.isin(pairs.row_state, accounts.model.first_phase)
    states = accounts.model.fold[pairs.row_state[begins]]
    for row, (kind, state) in enumerate(zip(kinds[begins].tolist(), states.tolist(), strict=True)):
        window = case.window(names[kind % len(names)], kind >= len(names))
        for entry in range(accounts.model.months + 1):
            t = max(0, 2 * entry - 1)
            effect = t + window, t if case.programme(1) else 0
            of_arm = [plain.enters(state, t, each) for each in (effect, (0, 0))]
            (mean, variance, third), (base, base_variance, base_third) = (central(*moments) for moments in of_arm)
            scale = max(abs(two) for _, two, _ in of_arm) + 1e-5 * most**2  # a chance is known to 1e-16 at best
            near = {"rel": 1e-9, "abs": 1e-8 * scale * most}  # where sds are below a ten-thousandth, none is told
            at = 0, row, entry
            assert found.mean[at] == pytest.approx(base - mean, rel=1e-10, abs=1e-10 * math.sqrt(scale))
            assert found.expected[at] == pytest.approx(variance, rel=1e-10, abs=1e-10 * scale)
            assert found.own_luck[at] == pytest.approx(variance + base_variance, rel=1e-10, abs=1e-10 * scale)
            assert alone[at] == pytest.approx(-third, **near)
            assert found.third[at] == pytest.approx(base_third - third, **near)


def central(one: float, two: float, three: float) -> tuple[float, float, float]:
    return one, two - one**2, three - 3 * one * two + 2 * one**3


@settings(max_examples=40)
@given(tree=scenarios(years=3, roles=1, states=3, rare=("", "drop_out")))
def test_moments_are_those_of_the_plain_recursion(tree: dict) -> None:
    assert_plain(tree)


@settings(max_examples=20)
@given(tree=scenarios(years=2, roles=3, states=2, rare=("", "drop_out")))
def test_moments_of_several_roles_are_those_of_the_plain_recursion(tree: dict) -> None:
    assert_plain(tree)


@settings(max_examples=8)
@given(tree=scenarios(years=1, roles=1, states=2, moves=3, types=1, rare=("over_time",)))
def test_moments_of_effects_that_change_are_those_of_the_plain_recursion(tree: dict) -> None:
    """Few and small: the plain recursion shares nothing between months of entry where the effect goes by the time since."""
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
    apart = [of(given | {"families": {name: one}})[:3] for name, one in given["families"].items()]
    whole = of(given)[:3]  # mean and variances
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
    assert found.third is not None
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


@settings(max_examples=30)
@given(tree=scenarios(years=3))
def test_moments_are_the_same_however_many_draws_go_side_by_side(tree: dict) -> None:
    """Five draws at once, by two with one left over, and one by one."""
    accounts, point = built(tree)
    values = different(point)
    together = bits(members(accounts, values))
    for at_a_time in (2, 1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(luck, "SIDE_BY_SIDE", at_a_time)
            assert bits(members(accounts, values)) == together


@pytest.mark.parametrize("start", [{"benefit": 1}, {"job": 1}, {"ill": 0.3, "job": 0.7}])
def test_states_that_nobody_starts_in_change_nothing(start: dict) -> None:
    """The same luck as where somebody might have started there, with no chance of it."""
    given = tree(present=2.4, enter=3, members={"adult": 1.4})
    given["roles"]["adult"]["states"]["ill"] = {"monthly": 2000}
    given["roles"]["adult"]["moves"].append({"from": "job", "to": "ill", "yearly": {"baseline": 0.3, "times": 0.5}})
    given["roles"]["adult"]["start"] = start
    accounts, values = built(given)
    parameters, prices = model.parameters(accounts.model, values), ledger.prices(accounts, values)
    with pytest.MonkeyPatch.context() as patch:
        few = luck.compute(accounts, parameters, prices, "own-luck")
        everywhere = replace(parameters, shares=np.ones_like(parameters.shares))
        starts = luck._starts(accounts.model, everywhere)
        assert len(starts.state) > len(start)
        patch.setattr(luck, "_starts", lambda *_: starts)
        all_of_them = luck.compute(accounts, parameters, prices, "own-luck")
    assert [one.tobytes() for one in few if one is not None] == [
        one.tobytes() for one in all_of_them if one is not None
    ]


@settings(max_examples=20)
@given(tree=scenarios(years=2, roles=1))
def test_moments_are_the_same_uncompiled(tree: dict) -> None:
    accounts, point = built(tree)
    values = different(point)
    compiled = members(accounts, values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUMBA_DISABLE_JIT", "1")
        assert bits(members(accounts, values)) == bits(compiled)
