"""A sweep as a file."""

from pathlib import Path

import pytest

from simulate import locale
from simulate.engine import Case
from simulate.errors import InputError, ScenarioError
from simulate.options import Options
from simulate.scenario import load
from simulate.sweeps import file as files
from simulate.sweeps.cells import Sweep
from simulate.sweeps.check import check
from simulate.sweeps.grid import Grid
from simulate.sweeps.vary import axes

ROOT = Path(__file__).parents[2]
WHOLE = """format = 1
title = "Et forsøg"
scenarios = ["{scenario}"]
set = ["benefit=14.000"]
keep = ["draws"]

[vary]
relapse = "5 %; 10 %"
"finishing*" = "0,5:1,5:3"
costs.Casemanagers.number = [3, 4, "4,5"]
'costs."Licenser mv.".yearly' = 30_000
time.years = [3, 5]

[simulation]
engine = "expected"
draws = 64
seed = 3
"""


def text(**more):
    return WHOLE.format(scenario=ROOT / "scenarios" / "silkeborg.toml", **more)


def read(tmp_path, source, language="en"):
    file = tmp_path / "sweep.toml"
    file.write_text(source, "utf-8")
    return files.read(str(file), language)


def test_a_whole_file(tmp_path):
    found = read(tmp_path, text())
    case = Case.of(load(found.scenarios[0]))
    given = axes(found.varied(case.scenario.assumptions), [case])
    assert [(one.written, one.values) for one in given] == [
        ("relapse", (0.05, 0.1)),
        ("finishing*", (0.5, 1.0, 1.5)),
        ("costs.Casemanagers.number", (3.0, 4.0, 4.5)),
        ('costs."Licenser mv.".yearly', (30000,)),
        ("time.years", (3, 5)),
    ]
    assert (found.file.simulation.engine, found.file.simulation.draws, found.file.set, found.file.keep) == ("expected", 64, ["benefit=14.000"], ["draws"])  # fmt: skip


@pytest.mark.parametrize(
    ("written", "values"), [("0", (0,)), ("0.0", (0,)), ("0.1", (0.1,)), ('"10 %"', (0.1,)), ("[0, 0.1]", (0.0, 0.1))]
)
def test_a_single_value(tmp_path, written, values):
    found = read(tmp_path, text().replace('"5 %; 10 %"', written))
    case = Case.of(load(found.scenarios[0]))
    assert axes(found.varied(case.scenario.assumptions), [case])[0].values == values


def test_scenarios_are_found_from_its_folder(tmp_path):
    folder = tmp_path / "below"
    folder.mkdir()
    found = read(folder, 'format = 1\nscenarios = ["../one.toml"]\n[vary]\nrelapse = 0.1\n')
    assert found.scenarios == [str(tmp_path / "one.toml")]


def test_a_files_kind_is_told_by_what_it_holds(tmp_path):
    sweep = tmp_path / "sweep.toml"
    sweep.write_text(text(), "utf-8")
    assert files.is_one(str(sweep))
    assert not files.is_one(str(ROOT / "scenarios" / "silkeborg.toml"))
    assert not files.is_one(str(ROOT / "scenarios" / "odense.toml"))


@pytest.mark.parametrize(
    ("wrong", "right", "line", "words"),
    [
        ("format = 1", "", 1, "format: this key is missing"),
        ("[vary]", "[varieres]", 7, "varieres: unknown key; did you mean `vary`?"),
        ("[vary]", "[vari]", 7, "vari: unknown key; did you mean `vary`?"),
        ('title = "Et forsøg"', 'titel = "Et forsøg"', 2, "titel: unknown key; did you mean `title`?"),
        ("draws = 64", "udfald = 64", 16, "simulation.udfald: unknown key; did you mean `draws`?"),
        ("draws = 64", "draws = 0", 16, "simulation.draws: 0 is out of range"),
        ('engine = "expected"', 'engine = "quick"', 15, 'simulation.engine: "quick" is none of'),
        ('keep = ["draws"]', 'keep = ["all"]', 5, 'keep[0]: "all" is none of'),
        ("scenarios = [", "scenarier = [", 3, "scenarier: unknown key; did you mean `scenarios`?"),
    ],
)
def test_problems_of_shape(tmp_path, wrong, right, line, words):
    locale.use("en")
    with pytest.raises(ScenarioError) as error:
        read(tmp_path, text().replace(wrong, right))
    assert f"sweep.toml:{line}  {words}" in str(error.value)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('format = 1\n[vary]\nrelapse = 0.1\n', "no scenario is named"),
        ('format = 1\nscenarios = ["a.toml"]\n', "nothing is varied; write a table [vary]"),
        ('format = 1\nscenarios = ["a.toml"]\ncases = "b.csv"\n[vary]\nrelapse = 0.1\n', "[vary] and cases: a sweep is a grid or has rows"),
    ],
)  # fmt: skip
def test_what_is_missing(tmp_path, source, words):
    locale.use("en")
    with pytest.raises(ScenarioError) as error:
        read(tmp_path, source)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ('relapse = "5 %; 10 %"', 'relaps = "5 %"', "sweep.toml:8  vary.relaps: no assumption is called so"),
        ('relapse = "5 %; 10 %"', "relapse = [0.1, 5]", "sweep.toml:8  vary.relapse: no reading of this fits"),
        ('relapse = "5 %; 10 %"', "relapse = [0.1, true]", "vary.relapse: true is no number"),
        ('relapse = "5 %; 10 %"', "relapse = []", "vary.relapse: there are no values"),
        ('relapse = "5 %; 10 %"', "relapse = {}", "vary.relapse: there are no values"),
        ('relapse = "5 %; 10 %"', 'relapse = ""', "vary.relapse: there are no values"),
        ('relapse = "5 %; 10 %"', "relapse = 2024-01-01", "vary.relapse: 2024-01-01 is no number"),
        ("= 30_000", '= [465.000]', 'sweep.toml:11  vary."costs.\\"Licenser mv.\\".yearly": 465.000 without quotes is read as 465'),
        ("Casemanagers", "Case", "sweep.toml:10  vary.costs.Case.number: no item with the label Case; there are: Projektleder, Casemanagers"),
        ('"finishing*" = "0,5:1,5:3"', '"finishing*" = [30, "x"]', "sweep.toml:9  vary.finishing*: “x” is not a number"),
    ],
)  # fmt: skip
def test_problems_of_what_is_varied(tmp_path, wrong, right, words):
    locale.use("en")
    found = read(tmp_path, text().replace(wrong, right))
    case = Case.of(load(found.scenarios[0], language="en"))
    with pytest.raises(InputError) as error:
        axes(found.varied(case.scenario.assumptions), [case])
    assert words.replace("vary.finishing*", 'vary."finishing*"') in str(error.value)


SHIPPED = sorted((ROOT / "scenarios" / "sweeps").glob("*.toml"))


def test_there_is_one_for_each_paper():
    assert [file.stem for file in SHIPPED] == ["job-og-familie", "koebenhavn", "naestved", "odense", "silkeborg"]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_shipped(file):
    """Each says what it is for, stands on a scenario that is there, and has no value that is refused; some axis shares lives."""
    found = files.read(str(file))
    cases = tuple(Case.of(load(one)) for one in found.scenarios)
    names = {name for case in cases for name in case.scenario.assumptions}
    sweep = Sweep(cases, Grid(len(cases), axes(found.varied(names), cases)), tuple(Options() for _ in cases))
    check(sweep)
    assert found.file.title
    assert 100 < len(sweep.grid) < 1000
    assert any(sweep.money)
