"""`simulate run`: every option, what it prints, and the contract of its JSON."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from command import (
    AREAS,
    DRAWS,
    LINES,
    PAPER,
    RICH,
    STATES,
    Done,
    answered,
    command,
    environment,
    process,
    simulate,
    validator,
    without_place,
)
from effort import HANG

from simulate.answers.base import Estimate

# The contract -----------------------------------------------------------------------------------------------------------


ENGINES = ("point", "expected", "lives")


@cache
def ran(*arguments: str | Path) -> dict[str, Any]:
    """The document of a run; each is made once."""
    done = simulate("run", *arguments, "--json")
    assert done.code == 0, done.err
    return done.json


def answer(*arguments: str | Path) -> Any:
    return answered(ran(*arguments))


def values(by_period: list[Estimate]) -> list[float]:
    return [one.value for one in by_period]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_json_holds_what_is_promised(engine: str, rich: Path) -> None:
    document = ran(rich, "--engine", engine)
    assert document["format"] == 2
    assert document["answer"] == ("point" if engine == "point" else "run")
    assert document["run"]["engine"] == engine
    assert answered(document).to_dict() == document


@pytest.mark.parametrize("engine", ENGINES)
def test_the_json_of_the_paper(engine: str) -> None:
    """A file with neither uncertainty, targets nor areas has the same keys."""
    document = ran(PAPER, "--engine", engine, "--draws", str(DRAWS))
    assert document["point"]["provenu"]["total"] == pytest.approx(1_092_117.596, abs=0.005)
    assert [row for row in document["reported"] if abs(row["ours"] - row["value"]) > 0.5] == []
    assert document["warnings"] == []


def names(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a document, with its value."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield f"{path}.{key}", item
        yield from names(item, f"{path}.{key}")


def test_a_field_is_there_whatever_the_engine(rich: Path) -> None:
    lives, expected, plain = (
        set(ran(rich, *options)) for options in ((), ("--engine", "expected"), ("--engine", "expected", "--plain"))
    )
    assert lives == expected == plain
    assert set(ran(rich, "--engine", "point")) < lives


def test_no_figure_of_the_engine_expected_is_taken_for_one_with_luck(rich: Path) -> None:
    """What luck is not in says so by its name; with --plain that is all there is, in words as well."""
    lives, expected, plain = (
        dict(names(ran(rich, *options)))
        for options in ((), ("--engine", "expected"), ("--engine", "expected", "--plain"))
    )
    of_total = {".provenu.sd", ".provenu.percentiles", ".break_even.probability", ".payers.kommune.probability",
                ".risk.expected_shortfall", ".risk.losses"}  # fmt: skip
    twins = {name.removesuffix("_without_luck") for name in lives if name.endswith("_without_luck")}
    assert of_total < twins
    assert len(twins) > 20
    of_lines = {name for name in twins if re.fullmatch(r"\.lines\..*\.percentiles", name)}  # with --write-back alone
    assert of_lines
    assert {lives[name] for name in of_lines} == {None}
    for name in twins - of_lines:
        assert lives[name] is not None
        assert lives[f"{name}_without_luck"] is plain[name] is None
        assert (expected[name] is not None) == (name in of_total)
        luckless = expected[f"{name}_without_luck"]
        assert luckless is None or luckless == plain[f"{name}_without_luck"]
    assert plain[".variance.luck"] is plain[".with_luck"] is None
    said = simulate("run", rich, "--engine", "expected", "--plain", "--lang", "en").out
    assert "Without luck, " in said
    assert "Of 100 courses, " not in said
    assert "Without luck, the provenu lies between" in said


@pytest.mark.parametrize("engine", ["expected", "lives"])
def test_the_numbers_of_a_document_agree(engine: str, rich: Path) -> None:
    found = answer(rich, "--engine", engine)
    years, by_year = found.scenario.years, found.provenu.by_year
    assert found.scenario.periods == ["2020", "2021", "2022"]
    for listed in (by_year.mean, by_year.sd or by_year.sd_without_luck, *by_year.bands.values(), found.cumulative.mean,
                   found.break_even.chances, found.point.provenu.by_year):  # fmt: skip
        assert len(listed) == years
    mean = found.provenu.mean.value
    assert sum(values(by_year.mean)) == pytest.approx(mean)
    assert found.cumulative.mean[-1].value == pytest.approx(mean)
    assert found.cumulative.mean[-1].error == pytest.approx(found.provenu.mean.error)
    assert sum(line.mean.value for line in found.lines.values()) == pytest.approx(mean)
    assert sum(area.mean.value for area in found.areas.values()) == pytest.approx(mean)
    assert found.payers.kommune.mean.value == pytest.approx(mean)
    assert found.point.provenu.total == pytest.approx(found.bridge.point)
    assert sum(line.total for line in found.point.lines.values()) == pytest.approx(found.bridge.point)
    assert list(found.lines) == list(found.point.lines) == LINES
    assert set(found.areas) == AREAS
    assert {role: list(states) for role, states in found.person_years.items()} == STATES
    saving = found.lines["Sagsbehandling, Jobcenter"].mean.value
    assert found.cashable.mean.value == pytest.approx(mean - saving)
    assert found.lines["Casemanagers"].mean.value < 0 < saving
    assert found.variance.shares.assumptions.value + found.variance.shares.luck.value == pytest.approx(1)
    percentiles = values(found.provenu.percentiles.values())
    assert list(found.provenu.percentiles) == [1, 5, 10, 25, 50, 75, 90, 95, 99]
    assert percentiles == sorted(percentiles)


@pytest.mark.parametrize("options", [(), ("--engine", "expected"), ("--plain",), ("--draws", "16")], ids=str)
def test_an_estimate_lies_within_its_interval_and_has_its_error_or_neither_is_known(
    options: tuple[str, ...], rich: Path
) -> None:
    estimates = [one for _, one in names(ran(rich, *options)) if isinstance(one, dict) and "interval" in one]
    assert len(estimates) > 100
    for one in estimates:
        assert one.keys() == {"value", "error", "interval"}
        assert (one["error"] is None) == (one["interval"] is None)
        if one["interval"] is not None:
            low, high = one["interval"]
            assert low <= one["value"] <= high
            assert one["error"] >= 0


@pytest.mark.parametrize("engine", ["expected", "lives"])
def test_break_even_in_the_document(engine: str, rich: Path) -> None:
    found = answer(rich, "--engine", engine).break_even
    low, high = found.probability.interval
    assert 0 <= low <= found.probability.value <= high <= 1
    chance = found.probability if engine == "lives" else found.probability_without_luck
    assert set(found.first_years) == {"2020", "2021", "2022", "never"}
    assert sum(values(found.first_years.values())) == pytest.approx(1)
    assert 1 - found.first_years["never"].value == pytest.approx(chance.value)
    assert found.chances[-1] == chance
    if engine == "lives":
        assert found.counterfactuals["expected"] == found.probability


def test_what_identifies_a_run(rich: Path) -> None:
    document = ran(rich)
    assert document["scenario"]["file"] == str(rich)
    assert document["scenario"]["title"] == "Alt på én gang"
    assert document["scenario"]["sha256"] == hashlib.sha256(rich.read_bytes()).hexdigest()
    assert document["scenario"]["first_year"] == 2020
    run = document["run"]
    assert (run["engine"], run["draws"], run["seed"]) == ("lives", DRAWS, 7)
    assert (run["counterfactual"], run["design"]) == ("expected", "sobol")
    assert re.fullmatch(r"\d+\.\d+.*", run["version"])


def test_targets_and_figures_stand_in_the_files_order(rich: Path) -> None:
    document = ran(rich)
    assert [target["label"] for target in document["targets"]] == ["Sparekrav 2021", "I alt", "Hvert år"]
    assert all(0 <= target["probability"]["value"] <= 1 for target in document["targets"])
    first, second = document["reported"]
    assert (first["what"], first["year"], first["value"], first["source"]) == (
        "line:Casemanagers",
        2020,
        930_000,
        "s. 4",
    )
    assert first["ours"] == pytest.approx(930_000)
    assert (second["year"], second["value"]) == (None, 12345)
    assert second["ours"] == pytest.approx(document["point"]["provenu"]["total"])


def test_warnings_in_the_document_and_on_standard_error(rich: Path) -> None:
    done = simulate("run", rich, "--engine", "point", "--json")
    for warnings in ("\n".join(done.json["warnings"]), done.err):
        assert "nothing uses this assumption" in warnings
        assert "12,345" in warnings


# What is printed --------------------------------------------------------------------------------------------------------


def test_standard_output_is_one_document(rich: Path) -> None:
    done = process("run", rich, "--draws", "64", "--json")
    assert done.code == 0
    assert done.json["run"]["draws"] == 256 // 4
    assert done.out.startswith("{")
    assert "\x1b" not in done.out + done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("period", ["year", "quarter", "month"])
def test_words_and_a_table(engine: str, period: str, rich: Path) -> None:
    done = simulate("run", rich, "--engine", engine, "--period", period, "--lang", "en")
    assert done.code == 0
    assert "Alt på én gang" in done.out
    assert not re.search(r"\bnan\b|\binf\b|None|-0\b(?!\.)", done.out)
    assert max(map(len, done.out.splitlines())) <= 120


def test_the_first_lines_answer_in_english() -> None:
    done = simulate("run", PAPER, "--draws", "256", "--lang", "en", "--details")
    start = "\n".join(done.out.splitlines()[:8])
    assert re.search(r"The programme has broken even at the end of 2021 in \d+ of 100 simulated courses\.", start)
    assert "Expected provenu: 1,092,118 kr. The business case says the same." in start
    assert "1,092,118 kr." in done.out
    last = " ".join(done.out.rstrip().splitlines()[-3:])
    assert "Error of the simulation itself" in last
    assert last.endswith("With fewer than 1,024 courses, bands and the worst courses are rougher than they look.")


def test_a_paper_that_its_numbers_do_not_come_to_is_no_number_of_the_case(tmp_path: Path) -> None:
    """What the paper says stands beside it, and what the case comes to is not called the business case's."""
    source = PAPER.read_text("utf-8")
    assert "value = 1092118" in source
    (tmp_path / "paper.toml").write_text(source.replace("value = 1092118", "value = 2092118"), "utf-8")
    said = " ".join(simulate("run", tmp_path / "paper.toml", "--draws", "64", "--lang", "en").out.split())
    assert "With every assumption at its value and no luck it is the same." in said
    assert "The business case itself says 2.1 mio. kr., which its numbers do not come to as they stand here" in said
    assert "The business case says" not in said


def test_danish_numbers() -> None:
    done = simulate("run", PAPER, "--draws", "256", "--lang", "da", "--details")
    assert "1.092.118 kr." in done.out
    assert re.search(r"\d,\d %", done.out)
    assert "1,092,118" not in done.out


def test_danish_is_the_files_own_language() -> None:
    assert (
        "Forventet provenu: 1.092.118 kr. Businesscasen siger det samme."
        in simulate("run", PAPER, "--draws", "256").out
    )


@pytest.mark.parametrize(("language", "number"), [("da", "1.092.118"), ("en", "1,092,118")])
def test_the_language_of_a_point(language: str, number: str) -> None:
    assert number in simulate("run", PAPER, "--engine", "point", "--lang", language).out


def test_the_language_changes_no_number(rich: Path) -> None:
    danish, english = (ran(rich, "--engine", "expected", "--lang", language) for language in ("da", "en"))
    assert {**danish, "warnings": 0} == {**english, "warnings": 0}
    assert danish["warnings"] != english["warnings"]


# Options ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "number", "first", "last"),
    [("year", 3, "2020", "2022"), ("quarter", 12, "2020Q1", "2022Q4"), ("month", 36, "2020-01", "2022-12")],
)
def test_periods(period: str, number: int, first: str, last: str, rich: Path) -> None:
    found, by_year = answer(rich, "--engine", "expected", "--period", period), answer(rich, "--engine", "expected")
    assert found.break_even.probability.value == pytest.approx(by_year.break_even.probability.value)
    periods = found.scenario.periods
    assert (len(periods), periods[0], periods[-1]) == (number, first, last)
    assert len(set(periods)) == number
    lists = [found.provenu.by_year.mean, found.cumulative.mean, found.break_even.chances, found.budget.accumulated]
    lists += [line.by_year for line in found.lines.values()]
    lists += [found.point.provenu.by_year, *found.provenu.by_year.bands.values(), found.risk.lowest.by_year]
    lists += [found.person_years["adult"]["kontanthjælp"].baseline]
    assert {len(listed) for listed in lists} == {number}
    assert set(found.break_even.first_years) == {"2020", "2021", "2022", "never"}
    assert found.provenu.mean.value == pytest.approx(by_year.provenu.mean.value)
    shares, same = (values(one.break_even.first_years.values()) for one in (found, by_year))
    assert shares == pytest.approx(same)
    assert found.break_even.probability_without_luck == by_year.break_even.probability_without_luck
    assert found.targets == by_year.targets


def test_periods_of_lives(rich: Path) -> None:
    found, by_year = answer(rich, "--period", "month"), answer(rich)
    assert len(found.break_even.by_year) == 36
    assert found.provenu.mean.value == pytest.approx(by_year.provenu.mean.value)
    assert values(found.break_even.by_year[11::12]) == pytest.approx(values(by_year.break_even.by_year))


@pytest.mark.parametrize(
    ("design", "draws", "used"), [("sobol", 300, 512), ("lhs", 300, 304), ("random", 1, 16), ("sobol", 1, 16)]
)
def test_designs_and_the_rounding_of_draws(design: str, draws: int, used: int, rich: Path) -> None:
    document = ran(rich, "--engine", "expected", "--design", design, "--draws", str(draws))
    assert (document["run"]["design"], document["run"]["draws"]) == (design, used)


def test_designs_differ(rich: Path) -> None:
    means = {
        ran(rich, "--engine", "expected", "--design", design)["provenu"]["mean"]["value"]
        for design in ("sobol", "lhs", "random")
    }
    assert len(means) == 3


@pytest.mark.parametrize("counterfactual", ["expected", "same-luck", "own-luck"])
def test_counterfactuals(counterfactual: str, rich: Path) -> None:
    document = ran(rich, "--counterfactual", counterfactual)
    assert document["run"]["counterfactual"] == counterfactual
    chances = document["break_even"]["counterfactuals"]
    assert chances == ran(rich)["break_even"]["counterfactuals"]
    assert document["break_even"]["probability"] == chances[counterfactual]


def test_seeds(rich: Path) -> None:
    first, again, other = (ran(rich, "--seed", seed) for seed in ("0", "0", "1"))
    assert first["run"]["seed"] == 0
    assert first == again
    assert first["provenu"]["mean"] != other["provenu"]["mean"]
    assert simulate("run", rich, "--seed", "0", "--json").json == first


def test_threads_change_nothing(rich: Path) -> None:
    assert ran(rich, "--threads", "1") == ran(rich, "--threads", "3") == ran(rich)


def test_options_stand_above_the_files_own(rich: Path) -> None:
    assert ran(rich, "--draws", "16")["run"]["draws"] == 16


# Changes ------------------------------------------------------------------------------------------------------------------


def point_of(file: Path, *changes: str) -> dict[str, Any]:
    return ran(file, "--engine", "point", *(part for change in changes for part in ("--set", change)))["point"]


def total(file: Path, *changes: str) -> float:
    return float(point_of(file, *changes)["provenu"]["total"])


SAME_CHANGES = {
    "a bare name": ("job=0.3", "assumptions.job.value=0.3"),
    "a bare name in quotes": ('"additional effect"=0.3', 'assumptions."additional effect".value=0.3'),
    "a name with a space": ("additional effect=0.3", 'assumptions."additional effect".value=0.3'),
    "a factor": ("assumptions.job.value*2", "job=0.4"),
    "a factor on a bare name": ("job*2", "job=0.4"),
    "a factor on a list": ("assumptions.relapse.value*2", "relapse=[0.2, 0.4]"),
    "a factor on a plain list": ("families.finishing.enter*2", "families.finishing.enter=[21, 24]"),
    "a factor on a number as text": ("wage*0.5", "wage=232500"),
    "a label in quotes": ('costs."Licenser mv.".yearly=0', "costs[1].yearly=0"),
    "a label": ("costs.Casemanagers.yearly=1000", "costs[0].yearly=1000"),
    "a label with a comma": ('savings."Sagsbehandling, Jobcenter".number=2', "savings[0].number=2"),
    "a state": ('roles.adult.states."kontanthjælp".monthly=20000', "roles.adult.states.kontanthjælp.monthly=20000"),
    "kroner as text": ("wage=500.000 kr.", "wage=500000"),
    "kroner as quoted text": ('wage="500.000 kr."', "wage=500000"),
    "percent as text": ("job=25 %", "job=0.25"),
    "a decimal comma": ("job=0,25", "job=0.25"),
    "spaces": ("job = 0.25", "job=0.25"),
    "a list": ("families.finishing.enter=[5, 6, 7]", "families.finishing.enter=[5,6,7]"),
    "a key that is not there yet": ("costs.Casemanagers.per_family=false", "costs[0].number=2"),
    "the name of an assumption": ('costs."Licenser mv.".yearly=job', 'costs."Licenser mv.".yearly=0.2'),
}


@pytest.mark.parametrize("name", SAME_CHANGES)
def test_changes_that_mean_the_same(name: str, rich: Path) -> None:
    one, other = SAME_CHANGES[name]
    assert point_of(rich, one) == point_of(rich, other)


def test_changes_change_something(rich: Path) -> None:
    before = total(rich)
    for change in (
        "relapse=0",
        "job*2",
        "families.finishing.enter*2",
        "wage*0.5",
        "costs[1].yearly=0",
        "roles.child.moves[0].yearly.times=1",
    ):
        assert total(rich, change) != before
    assert total(rich, "costs.Casemanagers.number*2") == pytest.approx(before - 2 * 465_000 * (1 + 1.02 + 1.02**2))


def test_a_factor_reads_kroner_as_the_file_does(tmp_path: Path) -> None:
    """ "1.500" is 1500 where an amount belongs, and has two readings where nothing is known of it."""
    file = tmp_path / "kroner.toml"
    cost = 'format = 1\ntitle = "x"\n[time]\nfirst_year = 2020\nyears = 1\n[[costs]]\nlabel = "a"\nyearly = "1.500"\n'
    file.write_text(cost, encoding="utf-8")
    assert total(file) == -1500
    assert total(file, "costs.a.yearly*2") == -3000


def test_changes_are_made_in_their_order(rich: Path) -> None:
    assert total(rich, "job=0.1", "job*2") == total(rich, "job=0.2")
    assert total(rich, "job*2", "job=0.1") == total(rich, "job=0.1")


def test_a_bare_name_makes_the_number_certain(rich: Path) -> None:
    certain = ["--set", "job=0.2", "--set", "additional effect=0.15", "--set", "relapse=0.1", "--set", "economy=1"]
    certain += ["--set", "wage=465000", "--set", "placed=0.1"]
    document = ran(rich, "--engine", "expected", *certain)
    assert document["provenu"]["sd_without_luck"]["value"] == pytest.approx(0, abs=1e-6)
    assert document["provenu"]["sd"]["value"] > 0
    assert document["variance"]["assumptions"] == pytest.approx(0, abs=1e-6)
    left = ran(rich, "--engine", "expected", "--set", "assumptions.job.value=0.3")
    assert left["provenu"]["sd_without_luck"]["value"] > 0


def test_what_was_changed_is_recorded(rich: Path) -> None:
    document = ran(rich, "--engine", "point", "--set", "job=0.25", "--set", "relapse*2")
    assert document["run"]["set"] == ["job=0.25", "relapse*2"]
    assert document["scenario"]["sha256"] == ran(rich, "--engine", "point")["scenario"]["sha256"]


def test_nothing_follows_what_is_held(rich: Path) -> None:
    """Where nothing costs a wage, it is all the same what it is held at."""
    free = [
        "--engine",
        "expected",
        *(f"--set=costs[{i}].yearly=1000" for i in range(len(tomllib.loads(RICH)["costs"]))),
    ]
    one, *others = (ran(rich, *free, *held) for held in ((), ("--set", "wage=400000"), ("--set", "wage=500000")))
    for other in others:
        assert (other["provenu"], other["variance"]) == (one["provenu"], one["variance"])
        assert any("wage is held, and job does not follow it" in line for line in other["warnings"])


WRONG_CHANGES = {
    "no sign": ("job", "write PATH=VALUE"),
    "nothing": ("", "write PATH=VALUE"),
    "only a sign": ("=", ""),
    "no path": ("=5", ""),
    "no value": ("job=", ""),
    "no factor": ("job*", ""),
    "a name misspelt": ("jbo=0.2", "did you mean `job`?"),
    "a table": ("roles=5", "roles"),
    "a path that leads nowhere": ("assumptions.nobody.value=1", "assumptions.nobody"),
    "a key misspelt": ("assumptions.job.valeu=1", "did you mean `value`?"),
    "a label misspelt": ("costs.Licenser.yearly=1", "no item with the label"),
    "an index too large": ("costs[9].yearly=1", "costs[9]"),
    "a value that is no number": ("job=often", "job"),
    "a chance above 1": ("job=1.5", "is no chance"),
    "a number read two ways": ('job="0.150"', "two ways"),
    "NaN": ("job=nan", "NaN is no number"),
    "infinity": ("wage=inf", "cannot be meant"),
    "a negative number": ("families.finishing.enter*-1", "is negative"),
    "a factor that is no number": ("job*much", "is no number"),
    "a factor on text": ("title*2", ""),
    "a factor on a table": ("roles.adult*2", "cannot be multiplied"),
    "a factor on what is not there": ("roles.adult.nothing*2", "nothing to multiply"),
    "a factor of true": ("costs.Casemanagers.per_family*2", ""),
    "below a number": ("assumptions.job.value.x=1", ""),
    "below a text": ("title.x=1", ""),
    "an open quote": ('costs."Licenser.yearly=1', ""),
    "a dot at the end": ("assumptions.job.=1", ""),
    "two dots": ("assumptions..job=1", ""),
    "a negative index": ("costs[-1].yearly=1", ""),
    "a huge index": (f"costs[{10**30}].yearly=1", ""),
    "a huge number": ("wage=" + "9" * 5000, ""),
    "a huge factor": ("wage*1e300", "cannot be meant"),
    "deep lists": ("wage=" + "[" * 5000 + "]" * 5000, ""),
    "a line break": ("job=1\ntitle = 'x'", ""),
    "NUL": ("job=\0", ""),
    "money with three decimals": ("wage=465.000", "465"),
}


@pytest.mark.parametrize("name", WRONG_CHANGES)
def test_wrong_changes_are_refused_in_words(name: str, rich: Path) -> None:
    change, words = WRONG_CHANGES[name]
    done = simulate("run", rich, "--engine", "point", "--lang", "en", "--set", change)
    assert done.code == 2
    assert done.out == ""
    assert words in done.err
    assert done.err.strip()
    assert len(done.err) < 2000


# --out --------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stored(rich: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    folder = tmp_path_factory.mktemp("out") / "below" / "results"
    changed = ["--set", "wage=500.000 kr.", "--set", 'costs."Licenser mv.".yearly*2', "--seed", "11", "--draws", "128"]
    changed += ["--counterfactual", "same-luck", "--design", "lhs", "--period", "quarter"]
    done = simulate("run", rich, *changed, "--out", folder, "--json")
    assert done.code == 0, done.err
    return folder, done


def test_three_files_are_written_and_their_record(stored: tuple[Path, Done]) -> None:
    folder, done = stored
    names = ["record.json", "results.nc", "scenario.toml", "summary.json"]
    assert sorted(file.name for file in folder.iterdir()) == names
    assert json.loads((folder / "summary.json").read_text("utf-8")) == done.json


def test_the_scenario_as_run_gives_the_same_bits(stored: tuple[Path, Done]) -> None:
    folder, done = stored
    again = simulate("run", folder / "scenario.toml", "--period", "quarter", "--json")
    assert again.code == 0, again.err
    now, before = without_place(again.json), without_place(done.json)
    said = {line for line in now["warnings"] if line not in before["warnings"]}
    assert [line.partition(": ")[0] for line in said] == ["assumptions.wage.held"]  # which the command line did itself
    assert now | {"warnings": before["warnings"]} == before


def test_the_scenario_as_run_keeps_what_people_wrote(stored: tuple[Path, Done]) -> None:
    source = (stored[0] / "scenario.toml").read_text("utf-8")
    tree, before = tomllib.loads(source), tomllib.loads(RICH)
    assert tree["simulation"] == {"draws": 128, "seed": 11, "counterfactual": "same-luck", "design": "lhs"}
    assert tree["assumptions"]["wage"] == before["assumptions"]["wage"] | {"held": "500.000 kr."}
    for key in ("correlations", "roles", "families", "savings", "targets", "reported"):
        assert tree[key] == before[key]


def test_an_unchanged_scenario_is_stored_byte_for_byte(tmp_path: Path) -> None:
    assert simulate("run", PAPER, "--engine", "point", "--out", tmp_path / "o").code == 0
    assert (tmp_path / "o" / "scenario.toml").read_bytes() == PAPER.read_bytes()
    validator().validate(json.loads((tmp_path / "o" / "summary.json").read_text("utf-8")))


def test_the_results_explain_themselves(stored: tuple[Path, Done]) -> None:
    import numpy as np
    import xarray as xr

    folder, done = stored
    with xr.open_dataset(folder / "results.nc") as data:
        assert data.sizes["draw"] == 128
        quarters = [
            f"{str(day)[:4]}Q{1 + int(str(day)[5:7]) // 3}" for day in data["period"].values
        ]  # their first days
        assert quarters == done.json["scenario"]["periods"]
        assert data.attrs["scenario"] == (folder / "scenario.toml").read_text("utf-8")
        options = json.loads(data.attrs["options"])
        assert options.items() >= {"seed": 11, "draws": 128, "counterfactual": "same-luck", "design": "lhs"}.items()
        versions = json.loads(data.attrs["versions"])
        assert {"provenu", "python", "numpy", "numba"} <= versions.keys()
        assert all(data[name].attrs.get("units") for name in data.data_vars)
        assert data["provenu"].attrs["units"] == "DKK"
        total = data["provenu"].sum("period").values
        assert total.std(ddof=1) == pytest.approx(done.json["provenu"]["sd"]["value"])
        assert np.percentile(total, 50) == pytest.approx(done.json["provenu"]["percentiles"]["50"]["value"])
        error = total.reshape(16, -1).mean(axis=1).std(ddof=1) / 4  # of the courses' mean; the mean told is better
        assert abs(total.mean() - done.json["provenu"]["mean"]["value"]) < 4.5 * error
        means = data["line_mean"].sum("period").to_series()
        assert means.to_dict() == pytest.approx(
            {label: line["mean"]["value"] for label, line in done.json["lines"].items()}
        )
        assert np.isfinite(data["person_months_mean"].values).all()


def test_plain_results_are_those_of_the_lives(rich: Path, tmp_path: Path) -> None:
    import xarray as xr

    done = simulate("run", rich, "--draws", "64", "--plain", "--out", tmp_path, "--json")
    assert done.json["run"]["plain"] is True
    with xr.open_dataset(tmp_path / "results.nc") as data:
        assert float(data["provenu"].sum("period").mean()) == pytest.approx(done.json["provenu"]["mean"]["value"])
        means = data["line_mean"].sum("period").to_series()
        assert means.to_dict() == pytest.approx(
            {label: line["mean"]["value"] for label, line in done.json["lines"].items()}
        )
        hits = data["provenu"].sum("period").values >= -0.005
        assert done.json["break_even"]["probability"]["value"] == hits.mean()


def test_a_second_run_replaces_the_first(rich: Path, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        assert simulate("run", rich, "--draws", "16", "--seed", seed, "--out", tmp_path / "o").code == 0
    assert json.loads((tmp_path / "o" / "summary.json").read_text("utf-8"))["run"]["seed"] == 2
    assert len(list((tmp_path / "o").iterdir())) == 4


def test_a_point_leaves_no_results_of_an_earlier_run(rich: Path, tmp_path: Path) -> None:
    """Three files that belong together, or fewer."""
    assert simulate("run", rich, "--draws", "16", "--out", tmp_path).code == 0
    assert simulate("run", rich, "--engine", "point", "--out", tmp_path).code == 0
    assert not (tmp_path / "results.nc").exists()


@pytest.mark.parametrize(
    "make", [lambda file: file.write_text("x"), lambda file: file.symlink_to("/nowhere/at/all")], ids=["file", "link"]
)
def test_a_folder_that_is_no_folder(make: Callable[[Path], object], rich: Path, tmp_path: Path) -> None:
    file = tmp_path / "out"
    make(file)
    done = simulate("run", rich, "--draws", "16", "--lang", "en", "--out", file)
    assert done.code == 2
    assert "out" in done.err
    assert done.out == ""


def test_a_folder_below_a_file(rich: Path) -> None:
    done = simulate("run", rich, "--lang", "en", "--out", rich / "o")
    assert done.code == 2
    assert done.err == f"--out {rich / 'o'}: there is a file in the place of the folder\n"
    assert done.out == ""


def test_where_there_is_no_room_it_says_so_in_the_users_language(rich: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    command = [sys.executable, "-m", "simulate", "run", str(rich), "--draws", "16", "--lang", "da"]
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "der er ikke plads til mere")


@pytest.mark.parametrize("folder", ["missing", "æ/ø"])
def test_new_in_a_folder_that_is_not_there(folder: str, tmp_path: Path) -> None:
    done = simulate("new", tmp_path / folder / "a.toml", "--lang", "da")
    assert done.code == 2
    assert done.err.endswith("a.toml: mappen findes ikke\n")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(rich: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = simulate("run", rich, "--lang", "en", "--out", tmp_path / "o")
    assert done.code == 2
    assert str(tmp_path) in done.err


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here that even root cannot write to")
def test_a_folder_that_nobody_can_write_to(rich: Path) -> None:
    done = process("run", rich, "--engine", "point", "--lang", "en", "--out", "/proc/self/o")
    assert done.code in (1, 2)
    assert "Traceback" not in done.err
    assert "/proc/self" in done.err


def test_a_wrong_scenario_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text("format = 2")
    assert simulate("run", file, "--out", tmp_path / "o").code == 2
    assert not (tmp_path / "o").exists()


# Refusals -----------------------------------------------------------------------------------------------------------------

WRONG_OPTIONS = {
    "draws zero": ["--draws", "0"],
    "draws negative": ["--draws", "-5"],
    "draws in words": ["--draws", "many"],
    "draws not whole": ["--draws", "1.5"],
    "draws beyond reason": ["--draws", "9" * 40],
    "seed negative": ["--seed", "-1"],
    "seed too large": ["--seed", str(2**63)],
    "threads zero": ["--threads", "0"],
    "threads beyond reason": ["--threads", "1000000"],
    "engine": ["--engine", "dice"],
    "counterfactual": ["--counterfactual", "luck"],
    "design": ["--design", "sobel"],
    "period": ["--period", "week"],
    "language": ["--lang", "sv"],
    "unknown option": ["--drawz", "5"],
    "surplus argument": ["another.toml"],
}


@pytest.mark.parametrize("name", WRONG_OPTIONS)
def test_wrong_options(name: str, rich: Path) -> None:
    done = simulate("run", rich, *WRONG_OPTIONS[name], "--json")
    assert done.code == 2
    assert done.out == ""
    assert done.err.strip()
    assert "Traceback" not in done.err


def test_no_scenario() -> None:
    assert simulate("run").code == 2


def test_a_missing_scenario() -> None:
    done = simulate("run", "nothing.toml", "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert "nothing.toml" in done.err
    assert "there is no such file" in done.err


def test_every_problem_of_a_bad_scenario(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(RICH.replace("relapse]", "relaps]").replace("yearly = 3200", "yealry = 3200"), encoding="utf-8")
    done = process("run", file, "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert "did you mean `yearly`?" in done.err
    assert "did you mean `relaps`?" in done.err
    assert all(row.startswith(str(file)) for row in done.err.strip().splitlines())
    assert "Traceback" not in done.err


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_a_run_beyond_memory_is_refused_before_it_starts(engine: str, rich: Path) -> None:
    done = process("run", rich, "--draws", "1000000000000", "--engine", engine, "--lang", "en", timeout=HANG)
    assert done.code == 2
    assert done.out == ""
    assert "memory" in done.err
    assert "--draws" in done.err


def test_a_run_beyond_any_time_is_refused_before_it_starts(rich: Path) -> None:
    done = simulate("run", rich, "--set", "families.finishing.enter=9000000000", "--draws", "16", "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert "hours" in done.err or "memory" in done.err


# A process of its own -----------------------------------------------------------------------------------------------------


INTERRUPTIBLE = (
    "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"  # whatever started the tests
)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_an_interrupt_ends_tidily(engine: str, rich: Path, tmp_path: Path) -> None:
    program = (  # says when the work has begun, and lets it last
        f"{INTERRUPTIBLE}import os, simulate.engine as runs\n"
        "before = runs.Work.chunk_done\n"
        "def one(self, *place):\n"
        "    os.write(1, b'begun\\n')\n"
        "    return before(self, *place)\n"
        "runs.Work.chunk_done = one\n"
        "from simulate.cli import main\n"
        "main()\n"
    )
    arguments = [
        "run",
        str(rich),
        "--engine",
        engine,
        "--draws",
        "2000000",
        "--lang",
        "en",
        "--out",
        str(tmp_path / "o"),
    ]
    started = subprocess.Popen([sys.executable, "-c", program, *arguments], env=environment(), text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert started.stdout is not None
    assert started.stdout.readline() == "begun\n"
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=HANG)
    assert started.returncode == 130, err
    assert "Traceback" not in err
    assert not (tmp_path / "o" / "summary.json").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interrupt_at_the_very_start_ends_tidily() -> None:
    program = (
        f"{INTERRUPTIBLE}import os, signal, sys, simulate.scenario\n"
        "def parse(*given):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    return {}\n"
        "sys.modules['simulate.scenario.documents'].parse = parse\n"
        "from simulate.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program, "run", str(PAPER), "--lang", "en"], env=environment(), text=True,
                          capture_output=True, timeout=HANG)  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(command("run", PAPER, "--engine", "point", "--json"), env=environment(), stdout=writing,
                              stderr=subprocess.PIPE, text=True, timeout=HANG)  # fmt: skip
    finally:
        os.close(writing)
    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_a_console_that_knows_no_danish_letters(rich: Path) -> None:
    done = process("run", rich, "--engine", "point", env=environment(PYTHONIOENCODING="ascii", LC_ALL="C"))
    assert done.code == 0
    assert "Alt på én gang" in done.out


def test_another_folder_and_a_relative_name(rich: Path) -> None:
    done = process("run", rich.name, "--engine", "point", "--json", cwd=rich.parent)
    assert done.code == 0
    assert done.json["scenario"]["file"] == rich.name


def test_a_full_disk_is_told_in_words(rich: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no such device")
    with open("/dev/full", "w") as full:
        done = subprocess.run(command("run", rich, "--engine", "point", "--json", "--lang", "en"), env=environment(),
                              stdout=full, stderr=subprocess.PIPE, text=True, timeout=HANG)  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


TINY = """format = 1
title = "Tiny"
language = "en"
[time]
first_year = 2027
years = 5
[assumptions.x]
value = 0.15
{uncertainty}
[families.f]
enter = 0.0001
members = {{ adult = 1 }}
[roles.adult]
start = "benefit"
states = {{ benefit = {{ monthly = 1000 }}, job = {{}} }}
moves = [{{ from = "benefit", to = "job", at = "entry", chance = {{ baseline = 0.15, plus = "x" }} }}]
[[costs]]
label = "C"
yearly = 400000
"""


@pytest.mark.parametrize(
    ("uncertainty", "said"),
    [("", True), ('uncertainty = { kind = "pert", low = 0, mode = 0.15, high = 0.4 }', False)],
)
def test_that_nothing_uncertain_acts_is_said_only_where_nothing_uncertain_is_used(
    uncertainty: str, said: bool, tmp_path: Path
) -> None:
    file = tmp_path / "tiny.toml"
    file.write_text(TINY.format(uncertainty=uncertainty), encoding="utf-8")
    done = simulate("run", file, "--engine", "expected", "--draws", "64")
    assert ("No uncertain assumption acts on it." in " ".join(done.out.split())) is said


def test_where_nothing_is_uncertain_the_courses_tell_no_chance(tmp_path: Path) -> None:
    case = 'format = 1\ntitle = "x"\n[time]\nfirst_year = 2027\nyears = 2\n[[savings]]\nlabel = "a"\nyearly = 5000\n'
    (tmp_path / "x.toml").write_text(case, "utf-8")
    done = simulate("run", tmp_path / "x.toml", "--draws", "64", "--lang", "en")
    assert "all courses are the same: there is no chance to tell, but one number" in " ".join(done.out.split())


@pytest.mark.parametrize("more", [(), ("--details",)])
def test_where_nobody_lives_nothing_is_said_of_life_without_the_programme(more: tuple[str, ...], tmp_path: Path) -> None:  # fmt: skip
    case = 'format = 1\ntitle = "x"\n[time]\nfirst_year = 2027\nyears = 2\n[[costs]]\nlabel = "a"\nyearly = 5000\n'
    (tmp_path / "lines.toml").write_text(case, "utf-8")
    said = simulate("run", tmp_path / "lines.toml", "--draws", "512", "--lang", "en", *more)
    assert said.code == 0
    assert "life without the programme" not in said.out
