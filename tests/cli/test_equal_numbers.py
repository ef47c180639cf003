"""An error that is printed holds what it says: equal numbers have equal errors, what is exact has none, and what these draws cannot tell has null."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import simulate

CASE = """
format = 1
title = "Case"
language = "en"
[time]
first_year = 2027
years = 3
[money]
discount_rate = 0.03
[assumptions.price]
value = 1000
{price}
[assumptions.families]
value = 10
{families}
[roles.adult]
start = "a"
line = "L"
area = "benefits"
[roles.adult.states]
a = {{ monthly = 1000, refusion = 0.2 }}
b = {{ monthly = 0 }}
[[roles.adult.moves]]
from = "a"
to = "b"
at = "entry"
chance = {{ baseline = 0, plus = {chance} }}
[families.f]
{who}
members = {{ adult = 1 }}
[[costs]]
label = "C"
yearly = "price"
[[targets]]
label = "T"
total = 0
"""
ENTER = 'enter = "families"'
ONCE = "present = 10"


def choices(low: float, high: float, chance: float) -> str:
    """A value that comes up seldom."""
    weights = f"weights = [{1 - chance}, {chance}]"
    return f'uncertainty = {{ kind = "choices", values = [{low}, {high}], {weights} }}'


NORMAL = 'uncertainty = { kind = "normal", mean = 1000, sd = 300 }'
CASES = {
    "rare price": {"price": choices(1000, 3_000_000, 0.01)},
    "rare families": {"families": choices(10, 3000, 0.01)},
    "normal": {"price": NORMAL, "chance": 0.5},
    "luck": {"chance": 0.5},
    "certain": {"who": ONCE},
    "nobody": {"who": "enter = 0"},
}
SPREADS = ("sd", "sd_without_luck")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("cases")

    def written(name: str) -> Path:
        found = folder / f"{name}.toml"
        given = {"price": "", "families": "", "chance": 1, "who": ENTER} | CASES[name]
        found.write_text(CASE.format(**given), "utf-8")
        return found

    return written


def answer(command: str, *files: Path, draws: int = 64) -> Any:
    done = simulate(*command.split(), *files, "--draws", draws, "--seed", 2, "--json")
    assert done.code == 0, done.err
    return done.json


def estimates(found: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(found, dict) and found.keys() == {"value", "error", "interval"}:
        yield path[1:], found
        return
    items = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, one in items:
        yield from estimates(one, f"{path}.{key}")


def told_alike(found: list[Any]) -> None:
    """All that are the same number have the same error and interval."""
    for one in found:
        for other in found:
            if math.isclose(one["value"], other["value"], rel_tol=1e-9, abs_tol=1e-9):
                ours, theirs = ([x["error"], *(x["interval"] or [None] * 2)] for x in (one, other))
                assert ours == theirs or ours == pytest.approx(theirs, rel=1e-6, abs=1e-6), (one, other)


def sets(run: Any) -> Iterator[list[str]]:
    """Paths of what may be one number."""
    last, lines, areas = len(run["scenario"]["periods"]) - 1, run["lines"], run["areas"]
    yield [
        *("provenu.mean", "payers.kommune.mean", "payers.kommune.expected", "bridge.expected", "budget.provenu.total"),
        *(f"cumulative.mean.{last}", f"budget.accumulated.{last}", "cashable.mean", "cashable.expected"),
    ]
    yield ["present_value.mean", "present_value.expected"]
    for i in range(last + 1):
        yield [f"provenu.by_year.mean.{i}", f"provenu.by_year.expected.{i}", f"budget.provenu.by_year.{i}"]
        yield [f"cumulative.mean.{i}", f"budget.accumulated.{i}"]
        yield from ([f"lines.{one}.by_year.{i}", f"budget.lines.{one}.by_year.{i}"] for one in lines)
    yield from ([f"lines.{one}.mean", f"budget.lines.{one}.total"] for one in lines)
    yield from ([f"areas.{one}.mean", f"budget.areas.{one}.total"] for one in areas)
    for luck in ("", "_without_luck"):
        yield [
            *(f"break_even.{one}" for one in (f"probability{luck}", f"by_year{luck}.{last}")),
            *(f"{one}.probability{luck}" for one in ("payers.kommune", "cashable", "targets.0", "with_luck")),
            *(f"break_even.counterfactuals.{one}" for one in ("expected", "same-luck", "own-luck") if not luck),
        ]
        for p in (1, 5, 50, 95, 99):
            yield [f"{one}.percentiles{luck}.{p}" for one in ("provenu", "cashable")] + [
                f"cumulative.percentiles{luck}.{p}.{last}"
            ]


@pytest.mark.parametrize("options", ["", "--engine expected", "--plain", "--engine expected --plain"])
@pytest.mark.parametrize("name", CASES)
def test_equal_numbers_of_a_run_have_equal_errors(file: Any, name: str, options: str) -> None:
    run = answer(f"run {options}", file(name))
    found = dict(estimates(run))
    for paths in sets(run):
        told_alike([found[path] for path in paths if path in found])
    means = [found[path] for path in ("provenu.mean", "payers.kommune.mean", "cumulative.mean.2")]
    assert means[0] == means[1]
    assert means[0]["value"] == pytest.approx(means[2]["value"], rel=1e-12, abs=1e-6)


@pytest.mark.parametrize("options", ["", "--engine expected", "--plain"])
@pytest.mark.parametrize("name", CASES)
def test_what_has_an_error_of_0_is_no_interval_and_what_has_none_has_none(file: Any, name: str, options: str) -> None:
    for path, one in estimates(answer(f"run {options}", file(name))):
        if one["error"] == 0:
            assert one["interval"] == [one["value"]] * 2, path
        elif one["error"] is None:
            assert one["interval"] is None, path
        else:
            assert one["interval"][0] <= one["value"] <= one["interval"][1], path


@pytest.mark.parametrize("name", CASES)
def test_equal_numbers_of_several_commands_have_equal_errors(file: Any, name: str) -> None:
    case = file(name)
    run, compare = answer("run", case), answer("compare", case, file("luck"))
    threshold, sensitivity = answer("threshold --assumption price", case), answer("sensitivity", case)
    ways = {one["name"]: one for one in answer("structure", case)["structure"]}
    stages = answer("stages --review 2027 --stop-if b<1", case)["without_rule"]
    first = compare["scenarios"][0]
    chances = [one["break_even"] for one in (run, first, sensitivity, stages)]
    chances += [threshold["as_it_is"], ways["base"]]
    assert {str(one["probability"]) for one in chances} == {str(run["break_even"]["probability"])}
    means = [first["provenu"]["mean"], sensitivity["provenu"]["mean"], ways["base"]["expected"]]
    assert [*means, stages["provenu"]["mean"]] == [run["provenu"]["mean"]] * 4
    assert first["provenu"] == {key: run["provenu"][key] for key in ("mean", "sd", "percentiles")}
    for p, one in stages["provenu"]["percentiles"].items():
        assert one == run["provenu"]["percentiles"][p]
    assert sensitivity["variance"] == run["variance"]
    others = {name: one for name, one in run["break_even"]["counterfactuals"].items() if name in ways}
    assert others
    assert others == {name: ways[name]["probability"] for name in others}
    assert ways["cashable"]["probability"] == run["cashable"]["probability"]
    assert ways["discounted"]["expected"] == run["present_value"]["mean"]


@pytest.mark.parametrize("name", ["luck", "normal", "rare price", "nobody"])
def test_a_target_is_as_it_is_what_a_run_says_of_it(file: Any, name: str) -> None:
    found = answer("threshold --assumption price --target T", file(name))["as_it_is"]["probability"]
    assert found == answer("run", file(name))["targets"][0]["probability"]


# By hand ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", ["", "--engine expected", "--plain"])
def test_a_mean_is_off_what_a_rare_price_would_change(file: Any, options: str) -> None:
    """None of 64 draws has the price of 3,000,000: drawn 1,000 a year, on average 30,990."""
    run, off = answer(f"run {options}", file("rare price")), 29_990
    assert run["lines"]["C"]["mean"]["value"] == -3000
    for one in (run["lines"]["C"]["mean"], run["cumulative"]["mean"][2], run["provenu"]["mean"]):
        assert one["error"] >= 3 * off * (1 - 1e-9)
        assert one["interval"][0] <= one["value"] - 2.13 * 3 * off
    assert run["lines"]["C"]["mean"]["error"] == pytest.approx(3 * off)
    for i in range(3):
        assert run["lines"]["C"]["by_year"][i]["error"] == pytest.approx(off)
        assert run["provenu"]["by_year"]["mean"][i]["error"] >= off * (1 - 1e-9)
        assert run["cumulative"]["mean"][i]["error"] >= (i + 1) * off * (1 - 1e-9)
    assert run["lines"]["L"]["mean"]["error"] < off


@pytest.mark.parametrize("options", ["", "--engine expected"])
def test_person_years_are_off_what_rare_families_would_change(file: Any, options: str) -> None:
    """10 families a year in all draws, on average 39.9; who has moved at once is in b."""
    run = answer(f"run {options}", file("rare families"))
    for one in run["person_years"]["adult"]["b"]["programme"]:
        assert one["error"] == pytest.approx(2.99 * one["value"])
    for one in run["person_years"]["adult"]["a"]["baseline"]:
        assert one["value"] - one["interval"][0] == pytest.approx(2.1314495 * 2.99 * one["value"], rel=1e-6)
    assert all(one["error"] == 0 for one in run["person_years"]["adult"]["b"]["baseline"])


@pytest.mark.parametrize("options", ["", "--engine expected", "--plain"])
@pytest.mark.parametrize("name", ["rare price", "rare families"])
def test_a_spread_is_not_known_where_rare_values_are_not_drawn(file: Any, name: str, options: str) -> None:
    run = answer(f"run {options}", file(name))
    assert run["undrawn"]["rare"]
    spreads = [one for path, one in estimates(run) if set(path.split(".")) & set(SPREADS)]
    assert len(spreads) >= 6
    shares = [one for one in run["variance"]["shares"].values() if one is not None]
    ends = [one for path, one in estimates(run) if path.startswith("provenu.percentiles") and path.endswith(".99")]
    assert ends
    for one in [*spreads, *shares, *ends]:
        assert one["error"] is one["interval"] is None
    within = [one for path, one in estimates(run) if path.startswith("provenu.percentiles") and path.endswith(".95")]
    assert all(one["error"] is not None for one in within)


@pytest.mark.parametrize("name", ["rare price", "rare families"])
def test_a_spread_is_known_where_rare_values_are_drawn_often_enough(file: Any, name: str) -> None:
    run = answer("run", file(name), draws=1024)
    assert not run["undrawn"]["rare"]
    assert all(one["error"] is not None for _, one in estimates(run))


@pytest.mark.parametrize("options", ["", " --engine expected"])
@pytest.mark.parametrize("name", ["rare price", "rare families"])
def test_what_rare_values_leave_open_between_scenarios(file: Any, name: str, options: str) -> None:
    found = answer("compare" + options, file(name), file("luck"))
    [difference] = found["differences"]
    spreads = [found["scenarios"][0]["provenu"]["sd"], difference["sd"] or difference["sd_without_luck"]]
    for one in spreads:
        assert one["error"] is one["interval"] is None
    assert found["scenarios"][1]["provenu"]["sd"]["error"] is not None
    off = (
        89_970 if name == "rare price" else 2.99 * 432_000
    )  # ten families a year who cost nothing any more, four fifths of it the municipality's
    assert difference["mean"]["error"] == pytest.approx(off, rel=0.01)
    for one in found["scenarios"]:
        assert one["expected_loss_without_luck"]["error"] == pytest.approx(off, rel=0.01)


@pytest.mark.parametrize("method", ["saltelli", "draws"])
@pytest.mark.parametrize("name", ["rare price", "rare families"])
def test_what_rare_values_leave_open_of_shares_and_of_a_rule(file: Any, name: str, method: str) -> None:
    found = answer(f"sensitivity --method {method}", file(name))
    shares = [found["variance"]["shares"]["assumptions"], *found["rank"].values()]
    for one in found["sobol"]:
        shares += [one["first"], one["first_from_draws"], *([one["total"]] if one["total"] else [])]
    for one in shares:
        assert one["error"] is one["interval"] is None
    stages = answer("stages --review 2027 --stop-if b<100", file(name))
    assert stages["stop"]["value"] == 1
    if name == "rare price":  # of two years but for three months' notice
        assert stages["worth"]["error"] == pytest.approx(1.75 * 29_990)
    assert stages["worth"]["error"] > 50_000
    assert stages["with_rule"]["provenu"]["mean"]["error"] >= stages["worth"]["error"]


def test_what_two_scenarios_both_miss_is_no_part_of_their_difference(file: Any, tmp_path: Path) -> None:
    """The same price in both, so that the means are off by the same."""
    one, other = file("rare price"), tmp_path / "other.toml"
    other.write_text(one.read_text("utf-8").replace("monthly = 1000", "monthly = 1100"), "utf-8")
    [difference] = answer("compare", one, other)["differences"]
    assert difference["mean"]["error"] < 1000


def test_programmes_of_a_portfolio_with_rare_values(file: Any, tmp_path: Path) -> None:
    rows = "".join(f'[[programmes]]\nname = "{name}"\nfile = "{file(name)}"\n' for name in ("rare price", "normal"))
    portfolio = tmp_path / "portfolio.toml"
    head = 'format = 1\ntitle = "P"\nlanguage = "en"\n[time]\nfirst_year = 2027\nyears = 3\n[money]\ndiscount_rate = 0.03\n'
    portfolio.write_text(head + rows, "utf-8")
    found = answer("run", portfolio)["programmes"]
    for name in ("rare price", "normal"):
        assert found["each"][name]["sd"]["error"] is None
        assert found["each"][name]["mean"]["error"] is not None
    assert found["together"]["share"]["error"] is None


@pytest.mark.parametrize("name", ["normal", "rare price"])
def test_the_interval_of_a_lines_sd_is_the_root_of_the_variances(file: Any, name: str) -> None:
    one = answer("run", file(name), draws=1024)["lines"]["C"]["sd"]
    low, high = one["interval"]
    assert 0 <= low < one["value"] < high
    assert one["error"] == pytest.approx((high - low) / 2 / 2.131449545559323)
    if low:
        assert (low**2 + high**2) / 2 == pytest.approx(one["value"] ** 2)


@pytest.mark.parametrize("options", ["", "--engine expected"])
@pytest.mark.parametrize("name", ["certain", "nobody"])
def test_what_is_certain_is_exact_wherever_it_stands(file: Any, name: str, options: str) -> None:
    for path, one in estimates(answer(f"run {options}", file(name))):
        assert (one["error"], one["interval"]) == (0, [one["value"]] * 2), path


def test_what_is_certain_is_exact_in_every_command(file: Any) -> None:
    for name in ("certain", "nobody"):
        case = file(name)
        commands = ["threshold --assumption price --probability 0.5", "structure", "stages --review 2027 --stop-if b<1"]
        for document in [answer(one, case) for one in [*commands, "sensitivity"]] + [answer("compare", case, case)]:
            for path, one in estimates(document):
                if "crossing" not in path:
                    assert one["interval"] == [one["value"]] * 2, (document["answer"], path)
    [first, second] = answer("compare", file("certain"), file("certain"))["scenarios"]
    assert first["probability_best"] == second["probability_best"] == {"value": 0.5, "error": 0, "interval": [0.5, 0.5]}


def test_what_has_no_luck_and_no_uncertain_assumption_is_exact(file: Any) -> None:
    """Luck alone, under expected lives: what it is not in is known."""
    for path, one in estimates(answer("run --engine expected", file("luck"))):
        if path.split(".")[0] in ("break_even", "targets", "risk") and "_without_luck" in path:
            assert one["interval"] == [one["value"]] * 2, path


@pytest.mark.parametrize("options", ["", "--engine expected", "--plain"])
def test_a_chance_that_is_not_exact_never_has_an_error_of_0(file: Any, options: str) -> None:
    chances = [
        (path, one)
        for path, one in estimates(answer(f"run {options}", file("normal")))
        if "probability" in path or path.startswith(("break_even", "targets", "risk.losses")) or "never" in path
    ]
    assert len(chances) > 12
    for path, one in chances:
        assert one["error"] > 0, path
        assert 0 <= one["interval"][0] < one["interval"][1] <= 1, path
    for one in answer("compare", file("normal"), file("luck"))["scenarios"]:
        assert one["probability_best"]["error"] > 0


@pytest.mark.parametrize("quarter", ["2027Q2", "2027Q3"])
def test_blocks_of_one_course_explain_nothing(file: Any, quarter: str) -> None:
    found = answer(f"annualise --quarter {quarter}", file("normal"), draws=16)["explained"]
    assert found["value"] > 0
    assert found["error"] is found["interval"] is None
    found = answer(f"annualise --quarter {quarter}", file("normal"), draws=64)["explained"]
    assert found["error"] > 0
    assert 0 <= found["interval"][0] <= found["value"] <= found["interval"][1] <= 1
