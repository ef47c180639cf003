"""`run --engine expected`: what is said of the luck that is not drawn, where the exact chance is known in closed form."""

import math
from pathlib import Path

import pytest
from command import simulate
from scipy import stats

from simulate.answers.run import WithLuck

FEW = "So few effects are expected"


def case(folder: Path, *, needed: float, family: str, chance: str = "{ value = 0.02 }", language: str = "en") -> Path:
    """Everybody who gets a job in January saves 12,000 kr. in the year; break-even takes `needed` of them."""
    file = folder / "case.toml"
    file.write_text(
        f"""format = 1
title = "Few"
language = "{language}"
[time]
first_year = 2027
years = 1
[assumptions]
chance = {chance}
[families.f]
members = {{ adult = 1 }}
{family}
[roles.adult]
start = "benefit"
[roles.adult.states]
benefit = {{ monthly = 1000 }}
job = {{ monthly = 0 }}
[[roles.adult.moves]]
from = "benefit"
to = "job"
at = "entry"
chance = {{ baseline = 0.0, programme = "chance" }}
[[costs]]
label = "Team"
yearly = {12000 * needed}
""",
        encoding="utf-8",
    )
    return file


def with_luck(file: Path, draws: int = 1024) -> WithLuck:
    done = simulate("run", file, "--engine", "expected", "--draws", str(draws), "--json")
    assert done.code == 0, done.err
    return done.answer.with_luck


def words(file: Path, *options: str) -> str:
    """What is printed, as one line."""
    return " ".join(simulate("run", file, "--engine", "expected", "--draws", "64", *options).out.split())


BETA = '{ value = 0.1, uncertainty = { kind = "beta", mean = 0.1, sd = 0.04 } }'
COUNT = 0.1 * 0.9 / 0.04**2 - 1
CASES = {
    "three families, a chance of 0.4 per cent": (0.5, "present = 3", "{ value = 0.004 }", 1 - 0.996**3),
    "five families, a chance of 0.3 per cent": (0.4, "present = 5", "{ value = 0.003 }", 1 - 0.997**5),
    "eight families, one effect is enough": (0.5, "present = 8", "{ value = 0.02 }", 1 - 0.98**8),
    "twelve families, two are needed": (1.5, "present = 12", "{ value = 0.03 }", stats.binom.sf(1, 12, 0.03)),
    "just as many as a step": (1.99, "present = 12", "{ value = 0.03 }", stats.binom.sf(1, 12, 0.03)),
    "a failure is rare": (5.5, "present = 6", "{ value = 0.985 }", 0.985**6),
    "Poisson families": (0.7, 'present = 6\narrivals = "poisson"', "{ value = 0.1 }", stats.poisson.sf(0, 0.6)),
    "four and a half families": (0.5, "present = 4.5", "{ value = 0.05 }", 1 - (0.95**4 + 0.95**5) / 2),
    "an uncertain chance": (3.5, "present = 20", BETA, stats.betabinom.sf(3, 20, 0.1 * COUNT, 0.9 * COUNT)),
}


@pytest.mark.parametrize(("needed", "family", "chance", "exact"), CASES.values(), ids=CASES)
def test_the_interval_holds_the_exact_chance(
    needed: float, family: str, chance: str, exact: float, tmp_path: Path
) -> None:
    """All of these are told to be of few effects; in the middle of a step the chance is near, where the normal distribution's is out by 0.05."""
    found = with_luck(case(tmp_path, needed=needed, family=family, chance=chance))
    low, high = found.probability.interval
    assert low <= exact <= high
    assert found.few_events
    assert (
        found.probability.error >= found.approximation_error >= abs(found.probability.value - found.normal_probability)
    )
    if needed % 1 == 0.5:  # in the middle of a step
        assert abs(found.probability.value - exact) < 0.006


@pytest.mark.parametrize(("number", "chance", "needed"), [(400, 0.3, 123.5), (3000, 0.02, 62.5), (200, 0.5, 98.5)])
def test_many_effects_are_no_cause_for_a_warning(number: int, chance: float, needed: float, tmp_path: Path) -> None:
    file = case(tmp_path, needed=needed, family=f"present = {number}", chance=f"{{ value = {chance} }}")
    found = with_luck(file)
    exact = stats.binom.sf(math.floor(needed), number, chance)
    assert abs(found.probability.value - exact) < 0.001
    assert found.probability.interval[0] <= exact <= found.probability.interval[1]
    assert found.skewness == pytest.approx((1 - 2 * chance) / math.sqrt(number * chance * (1 - chance)), abs=1e-9)
    assert found.step == pytest.approx(1 / math.sqrt(number * chance * (1 - chance)))
    assert not found.few_events
    assert FEW not in words(file)


def test_it_is_said_in_words(tmp_path: Path) -> None:
    file = case(tmp_path, needed=0.5, family="present = 8")
    said = words(file, "--details")
    assert "has broken even at the end of 2027 in 15 of 100 simulated courses." in said
    assert "a gamma distribution with these stands for it" in said
    assert (
        f"{FEW} that luck is far from a normal distribution, and chances and bands are rough. Use --engine lives."
        in said
    )
    danish = words(file, "--lang", "da")  # on the first screen
    assert "Der ventes så få virkninger, at tilfældighederne er langt fra en normalfordeling" in danish


def test_where_nothing_is_left_to_luck_nothing_is_said_of_few_effects(tmp_path: Path) -> None:
    """All get a job: the chance is certain, and so is what is said of it."""
    found = with_luck(case(tmp_path, needed=6.5, family="present = 6", chance="{ value = 1 }"))
    assert found.variance == pytest.approx(0, abs=1e-6)
    for name in ("skewness", "step", "normal_probability", "approximation_error"):
        assert getattr(found, name) == 0
    assert (found.probability.value, found.probability.error) == (0, 0)
    assert not found.few_events


def test_lives_bear_it_out(tmp_path: Path) -> None:
    """The rough chance of expected lives and the counted one, of one case with an uncertain chance."""
    file = case(tmp_path, needed=2.5, family="present = 15", chance=BETA)
    lived = simulate("run", file, "--draws", "16384", "--json").answer.break_even.probability
    found = with_luck(file)
    assert abs(found.probability.value - lived.value) < 0.01 + 4.5 * lived.error
    assert found.probability.interval[0] <= lived.value <= found.probability.interval[1]
