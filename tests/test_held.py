"""An assumption that is held at a value, or scaled, keeps its columns of the cube, so that the others' draws stay what they are."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from simulate import locale
from simulate.answers import check
from simulate.engine import Case, Result
from simulate.errors import InputError
from simulate.options import Options
from simulate.reports import assumptions
from simulate.sampling import Chunk, Layout, Sampler, Values
from simulate.scenario.adjustable import movable
from simulate.scenario.load import load
from simulate.studies.common import common

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))
SILKEBORG = Path(__file__).parents[1] / "scenarios" / "silkeborg.toml"

OTHERS = """format = 1
title = "Held"
language = "en"
[time]
first_year = 2027
years = 3
[assumptions.first]
value = 0.2
uncertainty = { kind = "pert", low = 0.1, mode = 0.2, high = 0.5 }
[assumptions.yearly]
value = [1.0, 2.0, 4.0]
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
    return Sampler(load(file, changes).scenario).draw("sobol", 1, Chunk(3 * 64, (3 + 1) * 64, 64))


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
        value = np.array(scenario.assumptions[one.name].value).tolist()
        after = drawn(file, f"{one.name}={value}")
        assert others_alike(before, after, one.name), one.name
        assert np.array_equal(after[one.name], np.atleast_2d(scenario.assumptions[one.name].value))


@pytest.mark.parametrize("change", ["first=0.25", "second=4", "third=8", "yearly=[3, 1]", "yearly=2"])
def test_correlated_ones_and_those_of_each_year(others: Path, change: str) -> None:
    """Nothing is conditioned on what is held."""
    name = change.partition("=")[0]
    before, after = drawn(others), drawn(others, change)
    assert others_alike(before, after, name)
    assert len(after[name]) == 1


def result(file: Path, *changes: str, **held: float) -> Result:
    case = Case.of(load(file, changes)).held({name: np.array([[value]]) for name, value in held.items()})
    return case.result(Options(draws=1024, seed=2017, engine="expected"))


def test_set_and_fixed_are_the_same_to_the_last_bit() -> None:
    one, other = result(SILKEBORG, "relapse=0.1"), result(SILKEBORG, relapse=0.1)
    assert one.mean() == other.mean()
    assert one.chance() == other.chance()


def test_a_value_that_nothing_uses_any_more_leaves_its_columns(others: Path) -> None:
    before = drawn(others)
    after = drawn(others, "costs.b.yearly=3")
    assert others_alike(before, after, "yearly")
    assert np.array_equal(after["yearly"], [[1.0, 2.0, 4.0]])


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


# Scaled -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
@pytest.mark.parametrize("factor", [0.5, 1.3])
def test_every_draw_is_scaled(file: Path, factor: float) -> None:
    scenario, before = load(file).scenario, drawn(file)
    for one in Sampler(scenario).uncertain[:4]:
        sampler = Sampler(load(file, [f"{one.name}*{factor}0"]).scenario)
        after = sampler.draw("sobol", 1, Chunk(3 * 64, (3 + 1) * 64, 64))
        assert others_alike(before, after, one.name), one.name
        for was, now in zip(
            (before, Sampler(scenario).point(), Sampler(scenario).means(), Sampler(scenario).at(0.9)),
            (after, sampler.point(), sampler.means(), sampler.at(0.9)),
            strict=True,
        ):
            np.testing.assert_allclose(now[one.name], was[one.name] * factor, rtol=1e-15)


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        (["first*0.5"], "scale = 0.5"),
        (["first*50 %", "first*0.5"], "scale = 0.25"),
        (["first=0.3", "first*2"], "held = 0.6"),
        (["first*2", "first=0.3"], "held = 0.3"),
        (["yearly*2"], "scale = 2"),
    ],
)
def test_what_is_written(others: Path, changes: list[str], written: str) -> None:
    source = load(others, changes).source
    assert written in source
    assert ("held" in source) + ("scale" in source) == 1
    assert source.count("uncertainty") == OTHERS.count("uncertainty")
    assert source.count("[[correlations]]") == 2


@pytest.mark.parametrize("factor", ["0", "-1", "-0,5"])
def test_an_uncertain_number_is_not_turned_round(others: Path, factor: str) -> None:
    locale.use("en")
    with pytest.raises(InputError, match=r"first is uncertain and is multiplied by a number above 0.*first=VALUE"):
        load(others, [f"first*{factor}"])


def test_a_scaled_distribution_is_that_of_the_product(tmp_path: Path) -> None:
    """Of values with a probability each, too, whose steps a division could miss."""
    file = tmp_path / "choices.toml"
    file.write_text(
        OTHERS.replace('{ kind = "pert", low = 0.1, mode = 0.2, high = 0.5 }',
                       '{ kind = "choices", values = [0.1, 0.3, 0.7], weights = [1, 2, 5] }'), encoding="utf-8",
    )  # fmt: skip
    first, _, second, *_ = (
        one.distribution for one in Sampler(load(file, ["first*1.1", "second*3"]).scenario).uncertain
    )
    assert first.values is not None
    np.testing.assert_allclose(first.cdf(first.values), [1 / 8, 3 / 8, 1], rtol=1e-12)
    np.testing.assert_allclose(first.cdf(first.values - 1e-9), [0, 1 / 8, 3 / 8], atol=1e-12)
    assert (second.mean, second.sd) == (15.0, 3.0)
    u = np.array([0.01, 0.3, 0.9])
    np.testing.assert_allclose(second.cdf(second.ppf(u)), u, rtol=1e-12)


# What is asked beside a run -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value"), [("first", 0.3), ("yearly", 1.25), ("second", 4.0)])
def test_what_threshold_prints_draws_what_it_drew(others: Path, name: str, value: float) -> None:
    """A list by year, too, whose factor alone would leave it uncertain."""
    scenario = load(others).scenario
    moved = movable(scenario, name)
    fixed = Sampler(scenario, fixed={name: moved.at(value)}).draw("sobol", 1, Chunk(3 * 64, (3 + 1) * 64, 64))
    assert others_alike(fixed, drawn(others, moved.change(value)), "")


@pytest.mark.parametrize(
    "changes", [["first=0.25"], ["second*2"], ["costs.b.yearly=3"], ["yearly=2", "third=1"], ["third=1", "first*3"]]
)
@pytest.mark.parametrize("changed_first", [False, True])
def test_scenarios_that_are_compared_draw_what_they_draw_alone(
    others: Path, tmp_path: Path, changes: list[str], changed_first: bool
) -> None:
    stored = tmp_path / "stored.toml"
    stored.write_text(load(others, changes).source, encoding="utf-8")
    files = [stored, others] if changed_first else [others, stored]
    for file, sampler in zip(files, common([load(file).scenario for file in files]).samplers, strict=True):
        assert others_alike(drawn(file), sampler.draw("sobol", 1, Chunk(3 * 64, (3 + 1) * 64, 64)), "")


def test_what_is_held_or_scaled_in_one_is_told(others: Path) -> None:
    found = common([load(others, changes).scenario for changes in ([], ["first=0.25", "second*2"])])
    assert found.shared == ["yearly", "third"]
    assert [(one.name, one.reasons) for one in found.differing] == [("first", ("held",)), ("second", ("scale",))]


def test_two_samples_have_no_column_in_common(others: Path) -> None:
    own = Layout.of(load(others, ["time.years=5"]).scenario)
    assert own.more == 2
    columns: list[int] = []
    for half in (own.doubled(second=False), own.doubled(second=True)):
        assert (half.scores, half.more) == (2 * own.scores, 2 * own.more)
        for one in Sampler(load(others, ["time.years=5"]).scenario, half).uncertain:
            columns += range(half.scores + half.more)[one.columns]
            columns += range(half.scores + half.more)[one.further or slice(0)]
    assert sorted(columns) == list(range(2 * (own.scores + own.more)))


# What does nothing is told ------------------------------------------------------------------------------------------------


def told(file: Path, *changes: str) -> list[tuple[str, str]]:
    return [(one.path, one.message) for one in load(file, changes).warnings]


def test_a_file_that_holds_is_told_what_does_nothing(others: Path) -> None:
    others.write_text(load(others, ["first=0.25", "third*1"]).source, encoding="utf-8")
    assert told(others) == [
        ("assumptions.first.held", "it is held at this value: `value` and `uncertainty` change nothing until `held` is taken out"),
        ("assumptions.third.scale", "1 times the number changes nothing"),
        ("correlations[0]", "first is held, and second does not follow it, but is as uncertain as it was"),
    ]  # fmt: skip


def test_what_the_command_line_holds_is_not_news(others: Path) -> None:
    """That nothing follows it is."""
    assert [path for path, _ in told(others, "second=4", "third=8")] == ["correlations[0]", "correlations[1]"]
    assert told(others, "yearly=[2, 3, 5]") == []


# A portfolio --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def portfolio(others: Path) -> Path:
    file = others.with_name("portfolio.toml")
    file.write_text(
        'format = 1\ntitle = "P"\n[time]\nfirst_year = 2027\nyears = 3\n[[programmes]]\nfile = "others.toml"\nname = "A"\n'
        'number = 2\n[[programmes]]\nfile = "others.toml"\nname = "B"\n', encoding="utf-8",
    )  # fmt: skip
    return file


@pytest.mark.parametrize("changes", [["A 2: first=0.3"], ["time.years=5"], ["programmes[0].number=4"]])
def test_a_portfolio_keeps_its_columns(portfolio: Path, changes: list[str]) -> None:
    before, after = drawn(portfolio), drawn(portfolio, *changes)
    for name in before:
        if name != "A 2: first":  # more that is correlated makes a larger matrix, whose root is rounded otherwise
            np.testing.assert_allclose(after[name][:, : before[name].shape[1]], before[name], rtol=1e-13, err_msg=name)
    stored = portfolio.with_name("stored.toml")
    stored.write_text(load(portfolio, changes).source, encoding="utf-8")
    assert others_alike(after, drawn(stored), "")


def test_what_a_programme_holds_is_held_in_the_whole(portfolio: Path, others: Path) -> None:
    before = drawn(portfolio)
    others.write_text(load(others, ["first=0.25"]).source, encoding="utf-8")
    after = drawn(portfolio)
    assert all(np.array_equal(before[name], after[name]) for name in before if not name.endswith(": first"))
    assert after["B: first"] == after["A 1: first"] == 0.25


# What check --show says -----------------------------------------------------------------------------------------------


def test_show_says_what_is_held_and_scaled(others: Path) -> None:
    locale.use("en")
    loaded = load(others, ["first=30 %", "second*2", "yearly=[2, 3, 5]"])
    described = {one.name: one for one in check.assumptions(loaded.scenario)}
    first, second, yearly = (described[name] for name in ("first", "second", "yearly"))
    assert (first.value, first.held, first.distribution.kind) == (0.2, 0.3, "pert")
    assert first.distribution.percentiles[5] < 0.2
    assert (second.value, second.scale, second.distribution.mean, second.distribution.sd) == (10.0, 2.0, 10.0, 2.0)
    assert (yearly.value, yearly.held, yearly.distribution.factor) == ([1.0, 2.0, 4.0], [2.0, 3.0, 5.0], True)
    assert (described["third"].held, described["third"].scale) == (None, None)
    read = check.numbers(loaded.scenario, tomllib.loads(loaded.source))
    rows = {row.path: (row.written, row.read) for row in read}
    assert rows["assumptions.first.held"] == ('"30 %"', "0.3")
    assert rows["assumptions.second.scale"] == ("2", "2")
    assert rows["assumptions.second.value"] == ("5.0", "5")
    file = check.File("a.toml", [], [], [], currency="DKK", assumptions=list(described.values()), numbers=read)
    lines = [one for one in assumptions.lines(file) if isinstance(one, str)]
    assert sum("held at" in line for line in lines) == 2
    assert any("times 2" in line for line in lines)
