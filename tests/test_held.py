"""An assumption that is held at a value keeps its columns of the cube, so that the others' draws stay what they are."""

from pathlib import Path

import numpy as np
import pytest

from simulate.run import Options, Result, run
from simulate.sampling import Sampler, Values
from simulate.scenario.load import load

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))
SILKEBORG = Path(__file__).parents[1] / "scenarios" / "silkeborg.toml"

OTHERS = """format = 1
title = "Held"
[time]
first_year = 2027
years = 3
[assumptions.first]
value = 0.2
uncertainty = { kind = "pert", low = 0.1, mode = 0.2, high = 0.5 }
[assumptions.yearly]
value = [1.0, 2.0]
uncertainty = { relative_sd = 0.1, kind = "lognormal" }
each_year = true
persistence = 0.5
[assumptions.second]
value = 5.0
uncertainty = { kind = "normal", mean = 5.0, sd = 1.0 }
[assumptions.third]
value = 7.0
uncertainty = { kind = "normal", mean = 7.0, sd = 1.0 }
[[correlations]]
between = ["first", "second"]
rank = 0.6
[[correlations]]
between = ["second", "third"]
rank = -0.4
[[costs]]
label = "a"
yearly = "first"
[[costs]]
label = "b"
yearly = "yearly"
[[costs]]
label = "c"
yearly = "second"
[[costs]]
label = "d"
yearly = "third"
"""


def drawn(file: Path, *changes: str) -> Values:
    return Sampler(load(file, changes).scenario).draw("sobol", 1, 3, 0, 64, 64)


def others_alike(one: Values, other: Values, but: str) -> bool:
    return all(np.array_equal(one[name], other[name]) for name in one if name != but)


@pytest.fixture
def others(tmp_path: Path) -> Path:
    file = tmp_path / "others.toml"
    file.write_text(OTHERS, encoding="utf-8")
    return file


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_the_others_draws_stay_what_they_are(file: Path) -> None:
    scenario, before = load(file).scenario, drawn(file)
    for one in Sampler(scenario).uncertain:
        after = drawn(file, f"{one.name}*1")  # at its value, whatever that is
        assert others_alike(before, after, one.name), one.name
        assert np.array_equal(after[one.name], np.atleast_2d(scenario.assumptions[one.name].value))


@pytest.mark.parametrize("change", ["first=0.25", "second=4", "third=8", "yearly=[3, 1]", "yearly=2", "first*2"])
def test_correlated_ones_and_those_of_each_year(others: Path, change: str) -> None:
    """Nothing is conditioned on what is held."""
    name = change.replace("*", "=").partition("=")[0]
    before, after = drawn(others), drawn(others, change)
    assert others_alike(before, after, name)
    assert len(after[name]) == 1


def result(file: Path, *changes: str, sampler: Sampler | None = None) -> Result:
    scenario = load(file, changes).scenario
    return run(scenario, Options(draws=1024, seed=2017, engine="expected"), sampler=sampler)


def test_set_and_fixed_are_the_same_to_the_last_bit() -> None:
    fixed = Sampler(load(SILKEBORG).scenario, fixed={"relapse": np.array([[0.1]])})
    one, other = result(SILKEBORG, "relapse=0.1"), result(SILKEBORG, sampler=fixed)
    assert one.mean() == other.mean()
    assert one.chance() == other.chance()


def test_a_value_that_nothing_uses_any_more_leaves_its_columns(others: Path) -> None:
    before = drawn(others)
    after = drawn(others, "costs.b.yearly=3")
    assert others_alike(before, after, "yearly")
    assert np.array_equal(after["yearly"], [[1.0, 2.0]])


def test_further_years_take_further_columns(others: Path) -> None:
    before, after = drawn(others), drawn(others, "time.years=5")
    assert all(np.array_equal(before[name], after[name]) for name in ("first", "second", "third"))
    assert after["yearly"].shape == (64, 5)
    assert np.array_equal(after["yearly"][:, :3], before["yearly"])


def test_what_becomes_uncertain_takes_further_columns(others: Path) -> None:
    others.write_text(OTHERS.replace('yearly = "yearly"', "yearly = 7"), encoding="utf-8")
    before, after = drawn(others), drawn(others, "costs.b.yearly=yearly")
    assert others_alike(before, after, "yearly")
    assert len(np.unique(after["yearly"])) == 3 * 64


@pytest.mark.parametrize(
    "changes", [["first=0.25"], ["time.years=5"], ["costs.b.yearly=3"], ["second=4", "time.years=2"]]
)
def test_what_is_stored_draws_the_same(others: Path, tmp_path: Path, changes: list[str]) -> None:
    stored = tmp_path / "stored.toml"
    stored.write_text(load(others, changes).source, encoding="utf-8")
    assert others_alike(drawn(others, *changes), drawn(stored), "")


def test_a_change_of_the_value_alone_leaves_it_uncertain(others: Path) -> None:
    assert np.array_equal(drawn(others, "assumptions.first.value=0.3")["first"], drawn(others)["first"])


def test_the_point_and_the_means_use_what_is_held(others: Path) -> None:
    sampler = Sampler(load(others, ["first=0.4"]).scenario)
    assert sampler.point()["first"] == sampler.means()["first"] == sampler.at(0.9)["first"] == 0.4
