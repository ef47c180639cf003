"""Python's interface: what `import simulate` gives, and that it is the command's answer."""

import doctest
import inspect
import json
import pickle
import subprocess
import sys
import typing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulate
from simulate import engine, interface, kernels, keywords, locale, store
from simulate.errors import InputError, ScenarioError

sys.path.insert(0, str(Path(__file__).parent / "cli"))
from command import DRAWS, RICH, environment, validator, without_place
from command import simulate as command

ROOT = Path(__file__).parents[1]
SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"
QUESTIONS = ["annualise", "compare", "report", "run", "sensitivity", "stages", "structure", "threshold", "update"]
NAMES = sorted([*QUESTIONS, "Case", "errors", "load", "sweep", "write"])
STAGES = {"review": 2020, "stop_if": "moved selvforsørgelse < 2"}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("python") / "rich.toml"
    found.write_text(RICH, "utf-8")
    return found


@pytest.fixture(scope="module")
def case(file: Path) -> simulate.Case:
    return simulate.load(file)


def in_new_process(program: str) -> Any:
    done = subprocess.run([sys.executable, "-c", program], env=environment(), capture_output=True, check=True)
    return json.loads(done.stdout)


# What there is ----------------------------------------------------------------------------------------------------------


def test_the_names_are_there() -> None:
    assert sorted(simulate.__all__) == NAMES
    assert set(NAMES) <= set(dir(simulate))
    for name in NAMES:
        assert getattr(simulate, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        simulate.nothing  # noqa: B018


def test_importing_it_imports_nothing_else() -> None:
    program = (
        "import sys, json; before = set(sys.modules); import {}; print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    assert in_new_process(program.format("simulate")) == ["simulate"]
    assert len(in_new_process(program.format("dataclasses"))) > 1


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    """Arrays with labels for `dataset` alone, and for a page no more than what writes the numbers."""
    program = f"""
import sys, json, simulate
found = []
def new(): found.append(sorted({{name.partition('.')[0] for name in sys.modules}})); return found
answer = simulate.run(simulate.load({str(SILKEBORG)!r}), engine="point")
repr(answer), new(), answer._repr_html_(), new(), answer.dataset(), new()
print(json.dumps(found))
"""
    told, shown, labelled = map(set, in_new_process(program))
    heavy = {"xarray", "pandas", "numba", "netCDF4", "matplotlib", "IPython", "typer", "rich"}
    assert not heavy & shown
    assert shown - told <= {"babel", "html", "plistlib", *sys.stdlib_module_names}
    assert "xarray" in labelled


@pytest.mark.slow
def test_a_type_checker_sees_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text(
        "import simulate\n"
        'case = simulate.load("x.toml")\n'
        "reveal_type(simulate.run(case, draws=16))\n"
        'reveal_type(case.with_({"job": 0.1}).run(engine="point"))\n'
        "simulate.run(case, drwas=3)\n"
        'simulate.threshold(case, "job", method="x")\n'
        "reveal_type(simulate.errors.InputError())\n"
    )
    checked = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "page.py"]
    done = subprocess.run(checked, cwd=tmp_path, env=environment(MYPYPATH=str(ROOT / "src")), capture_output=True)
    said = [
        line for line in done.stdout.decode().split("\n") if line.startswith("page.py") and ": note: def" not in line
    ]
    for line, words in ((3, '"simulate.answers.run.Run"'), (4, '"simulate.answers.run.BusinessCase"'), (5, "drwas"), (6, "method"), (7, '"simulate.errors.InputError"')):  # fmt: skip
        assert any(one.startswith(f"page.py:{line}: ") and words in one for one in said), (line, said)


def test_it_is_typed() -> None:
    """Every keyword has a type, and nothing gives just anything."""
    for name in QUESTIONS:
        types = typing.get_type_hints(getattr(simulate, name))
        assert types["return"] is not Any
        assert {"draws", "seed", "threads", "design", "counterfactual", "progress"} <= types.keys(), name


def test_the_examples_of_the_docstrings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.testmod(interface)
    assert found.failed == 0
    assert found.attempted >= 2 * len(QUESTIONS)
    shown = {test.name.rpartition(".")[2] for test in doctest.DocTestFinder().find(interface) if test.examples}
    assert shown >= {*QUESTIONS, "Case", "load"}


def test_a_report_is_written(case: simulate.Case, file: Path, tmp_path: Path) -> None:
    """The bytes that the command writes; in another language, and shorter, as asked."""
    changed = case.with_({"job": 0.25})
    answer = simulate.report(changed, draws=32, engine="expected")
    for name in ("report.md", "report.docx", "report.html"):
        assert simulate.write(answer, tmp_path / name, language="da", title="Min sag", unit="mio") == [tmp_path / name]
        how = ["--set", "job=0.25", "--engine", "expected", "--draws", "32", "--title", "Min sag", "--unit", "mio"]
        assert command("report", file, *how, "--out", tmp_path / f"of-{name}").code == 0
        if name != "report.docx":  # which is packed
            written, wanted = ((tmp_path / one).read_text("utf-8").splitlines() for one in (name, f"of-{name}"))
            assert [one for one in written if "simulate report" not in one] == [
                one for one in wanted if "simulate report" not in one
            ]
    simulate.write(answer, tmp_path / "short.md", sections=["answer"])
    short = (tmp_path / "short.md").read_text("utf-8")
    assert "## The answer" in short
    assert "## Year by year" not in short
    assert f"simulate report {file} --set job=0.25 --engine expected --draws 32" in short.replace("\\_", "_")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"out": "report.doc"}, "^out report.doc: the name must end in one of"),
        ({"unit": "øre"}, "^unit 'øre': write one of kr, tkr, mio$"),
        ({"sections": ["yaers"]}, "^sections: there is no section “yaers”; did you mean `years`"),
        ({"sections": [3]}, "^sections 3: write a text$"),
        ({"template": "missing.docx"}, "^template missing.docx: there is no Word document of that name$"),
        ({"language": "sv"}, "^language 'sv': write one of da, en$"),
        ({"interactive": 1}, "^interactive 1: write True or False$"),
        ({"titel": "x"}, "^there is no option titel; did you mean `title`?"),
    ],
)
def test_a_report_that_cannot_be_written_so(
    how: dict[str, Any], words: str, case: simulate.Case, tmp_path: Path
) -> None:
    answer = simulate.report(case, draws=16, engine="expected")
    with pytest.raises(InputError, match=words):
        simulate.write(answer, **{"out": tmp_path / "x.md", **how})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", [None, "report.md", 3])
def test_no_report_is_refused(given: Any, case: simulate.Case, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no report that was asked here"):
        simulate.write(given, tmp_path / "x.md")
    with pytest.raises(InputError, match=r"^Run is no report"):
        simulate.write(simulate.run(case, draws=16), tmp_path / "x.md")  # type: ignore[arg-type]


# The same answer as the command's -----------------------------------------------------------------------------------------


ASKED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("run", {}, []),
    ("run", {"engine": "expected", "draws": 64, "seed": 3}, ["--engine", "expected", "--draws", "64", "--seed", "3"]),
    ("run", {"engine": "point"}, ["--engine", "point"]),
    ("run", {"period": "quarter", "plain": True, "draws": 32}, ["--period", "quarter", "--plain", "--draws", "32"]),
    ("run", {"precision": "50000kr", "max_draws": 2048}, ["--precision", "50000kr", "--max-draws", "2048"]),
    ("run", {"precision": 4.125, "max_draws": 2048}, ["--precision", "4.1250", "--max-draws", "2048"]),
    ("run", {"loss": [500_000, 1.5e6], "draws": 32}, ["--loss", "500000; 1,5 mio.", "--draws", "32"]),
    ("run", {"design": "lhs", "counterfactual": "own-luck"}, ["--design", "lhs", "--counterfactual", "own-luck"]),
    ("threshold", {"assumption": "job", "probability": [0.4]}, ["--assumption", "job", "--probability", "0,4"]),
    ("threshold", {"assumption": ("job", "wage"), "probability": 0.5, "draws": 32}, ["--assumption", "job,wage", "--probability", "0.5", "--draws", "32"]),
    ("threshold", {"path": "costs[0].number", "target": "I alt"}, ["--path", "costs[0].number", "--target", "I alt"]),
    ("sensitivity", {"method": "draws", "draws": 32}, ["--method", "draws", "--draws", "32"]),
    ("structure", {"draws": 32}, ["--draws", "32"]),
    ("report", {"draws": 32, "tolerance": "1 mio. kr. i 10 %"}, ["--draws", "32", "--tolerance", "1 mio. kr. in 10 %", "--lang", "en"]),
    ("report", {"draws": 32, "engine": "expected"}, ["--draws", "32", "--engine", "expected", "--lang", "en"]),
    ("stages", STAGES, ["--review", "2020", "--stop-if", "moved selvforsørgelse < 2"]),
    ("annualise", {"quarter": "2020Q2", "groups": [19, 55]}, ["--quarter", "2020Q2", "--groups", "19; 55"]),
    ("update", {"keep": 32, "draws": 64}, ["--keep", "32", "--draws", "64"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "asked", "options"), ASKED)
def test_it_is_the_commands_answer(question: str, asked: dict[str, Any], options: list[str], case: simulate.Case, file: Path) -> None:  # fmt: skip
    answer = getattr(simulate, question)(case, **asked)
    assert answer.to_dict() == answer.to_dict()
    document = json.loads(json.dumps(answer.to_dict()))
    validator().validate(document)
    assert document == command(question, file, *options, "--json").json


@pytest.mark.parametrize(("question", "asked", "options"), ASKED)
def test_it_has_its_forms(question: str, asked: dict[str, Any], options: list[str], case: simulate.Case) -> None:
    """A short repr, a page that shows what the command prints, and labelled arrays that can be stored."""
    answer = getattr(simulate, question)(case, **asked)
    assert len(repr(answer)) < 600
    shown = words_of(answer._repr_html_())
    assert case.scenario.title in shown
    data = answer.dataset()
    assert data.sizes
    for name, one in data.data_vars.items():
        assert one.attrs["long_name"], name
        assert "units" in one.attrs, name
        assert "currency" not in one.attrs["units"], name


class Words(HTMLParser):
    """All that is read of a page, and what stands open."""

    def __init__(self) -> None:
        super().__init__()
        self.read, self.open = list[str](), list[str]()

    def handle_data(self, data: str) -> None:
        self.read.append(data)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert tag not in {"script", "img", "link", "iframe", "style"}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def words_of(page: str) -> str:
    reader = Words()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return " ".join(" ".join(reader.read).split())


def test_a_notebook_shows_what_the_command_prints(case: simulate.Case, file: Path) -> None:
    shown = words_of(simulate.run(case, draws=64)._repr_html_())
    printed = command("run", file, "--draws", "64", "--markdown").out
    for cell in {cell.strip(" *") for line in printed.split("\n") if line.startswith("| ") for cell in line.split("|")}:
        if cell and not set(cell) <= set(":-"):
            assert cell.replace("\\", "") in shown, cell


def test_a_notebook_shows_details_where_they_are_asked_for(case: simulate.Case) -> None:
    short, long, of_losses = [
        words_of(simulate.run(case, draws=64, **how)._repr_html_())
        for how in ({}, {"details": True}, {"loss": [500_000]})
    ]
    assert "amounts in kroner: details=True." in short
    assert "In detail" not in short
    assert "In detail" in long
    assert "In detail" in of_losses
    assert "--" not in short + long + of_losses


def test_two_cases_are_compared_as_two_files(case: simulate.Case, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(RICH.replace("value = 0.15\n", "value = 0.15\nheld = 0.25\n", 1), "utf-8")
    answer = simulate.compare([case, simulate.load(other)], draws=64)
    assert answer.to_dict() == command("compare", file, other, "--draws", "64", "--json").json
    varied = simulate.compare([case, case.with_({"additional effect": 0.25})], draws=64)
    assert [one.name for one in varied.scenarios] == ["rich", "additional effect=0.25"]
    assert [one.set for one in varied.scenarios] == [[], ["additional effect=0.25"]]
    assert (varied.differences[0].a, varied.differences[0].b) == ("rich", "additional effect=0.25")
    assert [one.provenu for one in varied.scenarios] == [one.provenu for one in answer.scenarios]
    assert varied._repr_html_() is not None
    with pytest.raises(InputError, match="one scenario alone"):
        simulate.compare(case)  # type: ignore[arg-type]


def test_other_horizons_are_not_compared(case: simulate.Case) -> None:
    with pytest.raises(InputError, match="different horizons"):
        simulate.compare([case, case.with_({"time.years": 2})], draws=16)


# A case with other numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "numbers",
    [
        {"job": 0.25},
        {"additional effect": 0.1, "costs[0].number": 3},
        {"relapse": [0.2, 0.3]},
        {"costs[0].number": 1.125},
        {"wage": "400.000 kr."},
    ],
    ids=str,
)
def test_other_numbers_are_told(numbers: dict[str, Any], case: simulate.Case, file: Path) -> None:
    """What an answer says was changed makes the same answer from the file, whatever has been read off the case before."""
    case.run(draws=16)
    answer = case.with_(numbers).run(draws=32)
    assert len(answer.run.set) == len(numbers)
    given = [part for change in answer.run.set for part in ("--set", change)]
    assert without_place(answer.to_dict()) == without_place(
        command("run", file, "--draws", "32", *given, "--json").json
    )
    assert not any("2020" in warning for warning in case.warnings)


def test_numbers_of_libraries_are_numbers(case: simulate.Case) -> None:
    ours = case.with_({"costs[0].number": np.int64(3), "job": np.float32(0.25), "relapse": np.array([0.25, 0.5])})
    assert ours.loaded.changes == ("costs[0].number=3", "job=0.25", "relapse=[0.25, 0.5]")
    value = simulate.run(case, draws=16).dataset().assumptions.sel(assumption="job")[0]
    assert case.with_({"job": value}).scenario == case.with_({"job": float(value)}).scenario


def test_what_is_held_is_told_and_counts_wherever_the_case_is_asked(case: simulate.Case) -> None:
    held, written = case.held({"job": 0.25}), case.with_({"job": 0.25})
    assert held.run(draws=32) == written.run(draws=32)
    assert held.run(draws=32).run.set == ["job=0.25"]
    for question, asked in (("structure", {}), ("stages", STAGES), ("sensitivity", {"method": "draws"})):
        one, other = (getattr(simulate, question)(given, draws=32, **asked) for given in (held, written))
        assert one == other, question
    both = held.with_({"wage": 450_000})
    assert both.run(draws=32) == case.with_({"job": 0.25, "wage": 450_000}).run(draws=32)
    assert held.with_({"job": 0.2}).run(draws=32).provenu == case.with_({"job": 0.2}).run(draws=32).provenu


def test_a_certain_case_is_told(case: simulate.Case) -> None:
    answer = case.held({"job": 0.25}).certain().run(draws=32)
    assert "job=0.25" in answer.run.set
    assert {change.partition("=")[0] for change in answer.run.set} >= {"job", "additional effect", "economy", "wage"}
    assert answer.variance.assumptions == pytest.approx(0, abs=1e-3)
    assert list(case.run(draws=32).run.set) == []


def test_changes_of_the_file_and_of_the_case(file: Path) -> None:
    answer = simulate.load(file, ["job*0.8"]).with_({"costs[0].number": 3}).run(draws=32)
    assert answer.run.set == ["job*0.8", "costs[0].number=3"]
    assert simulate.load(file, "job*0.8").run(draws=32).run.set == ["job*0.8"]  # type: ignore[arg-type]


def test_a_number_by_its_path_in_a_changed_case(case: simulate.Case, file: Path) -> None:
    """The text of the file is not the case's any more."""
    asked = {"path": "costs[0].number", "probability": 0.5, "draws": 64}
    ours = simulate.threshold(case.with_({"savings[0].number": 2}), **asked)  # type: ignore[arg-type]
    theirs = simulate.threshold(simulate.load(file, ["savings[0].number=2"]), **asked)  # type: ignore[arg-type]
    assert ours.thresholds == theirs.thresholds
    assert ours.as_it_is == theirs.as_it_is


@pytest.mark.parametrize("change", ["savings[0].number=0", "wage=400000", "roles.adult.moves[1].yearly=0"])
def test_a_changed_case_is_warned_of(change: str, case: simulate.Case, file: Path) -> None:
    """As the file changed so would be."""
    name, _, number = change.partition("=")
    changed, other = case.with_({name: int(number)}), simulate.load(file, [change])
    assert [one.partition("  ")[2] for one in changed.warnings] == [one.partition("  ")[2] for one in other.warnings]
    assert changed.run(draws=16).warnings[: len(changed.warnings)] == changed.warnings


# The draws ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [{}, {"engine": "expected"}, {"period": "month", "draws": 32}])
def test_the_dataset_is_what_is_stored(how: dict[str, Any], case: simulate.Case, file: Path, tmp_path: Path) -> None:
    options = [part for name, value in how.items() for part in (f"--{name}", str(value))]
    assert command("run", file, *options, "--out", tmp_path / "o").code == 0
    stored, ours = store.opened(tmp_path / "o").dataset(), simulate.run(case, **how).dataset()
    assert stored is not None
    assert stored.attrs.pop("id")
    for data in (stored, ours):
        options_as_run = json.loads(data.attrs.pop("options"))
        assert options_as_run["draws"] == how.get("draws", DRAWS)
    assert stored.attrs.pop("scenario").startswith(ours.attrs.pop("scenario")[:200])
    assert stored.attrs == ours.attrs
    assert stored.equals(ours)


def test_the_dataset_has_the_draws(case: simulate.Case) -> None:
    answer = simulate.run(case, draws=64, counterfactual="own-luck")
    data = answer.dataset()
    assert data.sizes["draw"] == 64
    assert data.period.values.tolist() == [2020, 2021, 2022]
    assert data.provenu.sum("period").values == pytest.approx(data.provenu_total.values)
    assert data.counterfactual.values.tolist() == ["expected", "same-luck"]
    assert data.provenu.attrs == {"units": "DKK", "long_name": "savings less costs"}
    assert float(data.break_even) == answer.break_even.chance.value
    assert data.break_even.attrs["error"] == answer.break_even.chance.error
    assert float(data.provenu_mean) == answer.provenu.mean.value
    assert float(data.provenu_point) == answer.point.provenu.total
    assert np.median(data.provenu_total) == pytest.approx(answer.provenu.bands[50].value, rel=1e-9)


def test_the_assumptions_are_those_of_the_draws(case: simulate.Case) -> None:
    """The same numbers that the run summed, each beside the provenu that it brought about."""
    result = engine.Case.of(case.loaded).result(interface.Options.of(case.scenario, draws=64))
    data = simulate.run(case, draws=64).dataset()
    assert data.assumption.values.tolist() == ["job", "additional effect", "wage", "placed"]
    assert data.assumption_by_year.values.tolist() == ["relapse", "economy"]
    assert data.assumptions_by_year.dims == ("draw", "assumption_by_year", "year")
    from simulate import measures

    assert result.draws is not None
    drawn = result.draws.sums.mean(measures.DRAWN)  # a column of each, or of each year where it has its own
    means = data.assumptions.mean("draw")
    assert means.sel(assumption="job") == pytest.approx(drawn[0])
    assert means.sel(assumption="placed") == pytest.approx(drawn[-1])
    relapse = data.assumptions_by_year.sel(assumption_by_year="relapse")
    assert relapse.sel(year=2021).values == pytest.approx(2 * relapse.sel(year=2020).values)
    assert (relapse.sel(year=2022) == relapse.sel(year=2021)).all()


def test_months_and_quarters_are_days(case: simulate.Case) -> None:
    months = simulate.run(case, draws=16, period="month").dataset().period.values
    assert months[[0, 1, 12]].astype("datetime64[D]").astype(str).tolist() == ["2020-01-01", "2020-02-01", "2021-01-01"]
    quarters = simulate.run(case, draws=16, period="quarter").dataset().period.values
    assert quarters[:3].astype("datetime64[D]").astype(str).tolist() == ["2020-01-01", "2020-04-01", "2020-07-01"]


def test_the_draws_are_no_part_of_what_an_answer_says(case: simulate.Case) -> None:
    answer, other = simulate.run(case, draws=16), simulate.run(case, draws=16)
    assert answer == other
    copied = pickle.loads(pickle.dumps(answer))
    assert copied == answer
    assert copied._repr_html_() is None
    with pytest.raises(InputError, match="Run the case again"):
        copied.dataset()
    assert "_result" not in json.dumps(answer.to_dict())


def test_a_table_of_thresholds(case: simulate.Case) -> None:
    answer = simulate.threshold(case, "job,wage", probability=[0.2, 0.4], draws=64)
    data = answer.dataset()
    assert data.probability.values.tolist() == [0.2, 0.4]
    assert data.reached.values.tolist() == [one.reached for one in answer.thresholds]
    assert data.frontier.dims == ("percentile", "probability")
    assert answer.frontier is not None
    assert data.second_value.values.tolist() == [row.value for row in answer.frontier.rows]


def test_a_table_of_bars(case: simulate.Case) -> None:
    answer = simulate.sensitivity(case, method="draws", draws=32)
    data = answer.dataset()
    swing = data.swing.sel(assumption=answer.tornado[0].assumption)
    assert float(swing) == answer.tornado[0].swing.value
    assert data.swing.attrs["units"] == "DKK"
    assert np.isnan(data.total.values).all()


# What can be wrong -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "asked", "said"),
    [
        ("run", {"draws": 0}, "draws 0 is out of range: it must lie between 1 and"),
        ("run", {"draws": "many"}, "draws 'many': write a whole number"),
        ("run", {"draws": 1.5}, "draws 1.5: write a whole number"),
        ("run", {"threads": True}, "threads True: write a whole number"),
        ("run", {"seed": -1}, "seed -1 is out of range"),
        ("run", {"drwas": 16}, "there is no option drwas; did you mean `draws`?"),
        ("run", {"engine": "lifes"}, "engine 'lifes': write one of lives, expected, point"),
        ("run", {"period": "week"}, "period 'week': write one of year, quarter, month"),
        ("run", {"design": "dice"}, "design 'dice': write one of"),
        ("run", {"counterfactual": "none"}, "counterfactual 'none': write one of"),
        ("run", {"max_draws": 64}, "max_draws is the limit of precision, which is missing; draws sets the number"),
        ("run", {"precision": "half"}, "precision half: "),
        ("run", {"precision": -1}, "precision -1.0: write percentage points"),
        ("run", {"loss": [3.0]}, "loss 3: write amounts of at least 1000 kr."),
        ("run", {"loss": [5e5], "engine": "point"}, "engine point has no courses, and so no loss"),
        ("run", {"loss": 3.0}, "loss 3: write amounts of at least 1000 kr."),
        ("run", {"loss": ["many"]}, "loss ['many']: write numbers"),
        ("run", {"loss": {}}, "loss : write amounts"),
        ("run", {"precision": [1]}, "precision [1]: write a text"),
        ("run", {"draws": [16]}, "draws [16]: write a whole number"),
        ("threshold", {"assumption": 3}, "assumption 3: write a text"),
        ("threshold", {"assumption": []}, 'assumption: no assumption is called "";'),
        ("threshold", {"assumption": "job", "probability": None}, "probability : each must lie between 0 and 1"),
        ("threshold", {"path": 3}, "path 3: write a text"),
        ("stages", {**STAGES, "review": "2020"}, "review '2020': write a whole number"),
        ("stages", {**STAGES, "stop_if": 3}, "stop_if 3: write a text"),
        ("annualise", {"quarter": 2020}, "quarter 2020: write a text"),
        ("annualise", {"quarter": "2020Q1", "groups": 10**6}, "groups 1e+06: write whole numbers of persons"),
        ("threshold", {}, "give either assumption NAME (or two: NAME,OTHER) or path PATH"),
        ("threshold", {"assumption": "jobb"}, 'assumption: no assumption is called "jobb"; did you mean `job`?'),
        ("threshold", {"assumption": "job", "probability": 1.2}, "probability 1.2: each must lie between 0 and 1"),
        ("threshold", {"assumption": "job", "target": "x"}, 'target: no target is called "x"'),
        ("threshold", {"assumption": ["job", "job"]}, "assumption job,job: one assumption, or two different ones"),
        ("sensitivity", {"method": "guess"}, "method 'guess': write one of saltelli, draws"),
        ("stages", {**STAGES, "review": 2022}, "review 2022: the review is at the end of a year before the last one"),
        ("stages", {**STAGES, "stop_if": "few"}, "stop_if 'few': write a state"),
        ("stages", {**STAGES, "notice": 99}, "notice 99 is out of range"),
        ("annualise", {"quarter": "spring"}, "quarter spring: write the year, Q"),
        ("annualise", {"quarter": "2020Q1", "groups": [0.5]}, "groups 0.5: write whole numbers of persons"),
        ("update", {"keep": 3}, "keep 3 is out of range: it must lie between 16 and"),
        ("compare", {"engine": "point"}, "engine point has no courses, and so nothing to compare"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words(question: str, asked: dict[str, Any], said: str, case: simulate.Case) -> None:
    with pytest.raises(InputError) as told:
        getattr(simulate, question)([case, case] if question == "compare" else case, **asked)
    assert str(told.value).startswith(said)


@pytest.mark.parametrize("given", ["scenarios/silkeborg.toml", None, 3])
def test_a_file_is_no_case(given: object) -> None:
    with pytest.raises(InputError, match=r"is no case; write simulate\.load\(FILE\)"):
        simulate.run(given)  # type: ignore[call-overload]


def test_what_is_wrong_with_a_file_or_a_number(case: simulate.Case, file: Path, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="nothing"):
        simulate.load(tmp_path / "nothing.toml")
    with pytest.raises(InputError, match="language 'sv': write one of da, en"):
        simulate.load(tmp_path / "nothing.toml", language="sv")  # type: ignore[arg-type]
    for wrong, said in (
        ({"file": 3}, "file 3: write a text"),
        ({"file": file, "changes": [3]}, "changes 3: write a text"),
    ):
        with pytest.raises(InputError, match=said):
            simulate.load(**wrong)  # type: ignore[arg-type]
    with pytest.raises(ScenarioError, match="it must lie in"):
        case.with_({"job": 1.5})
    for change in (case.with_, case.held):
        with pytest.raises(InputError, match="job"):
            change({"jobb": 0.5})
    with pytest.raises(ScenarioError):
        case.held({"job": 1.5}).run(draws=16)


def test_progress_is_told(case: simulate.Case) -> None:
    seen: list[tuple[int, int]] = []
    simulate.run(case, draws=64, progress=lambda done, of: seen.append((done, of)))
    assert seen[-1] == (64, 64)


def test_the_work_says_why_it_takes_long(case: simulate.Case, caplog: pytest.LogCaptureFixture) -> None:
    """In the log, once."""
    interface._tell_of_compiling.cache_clear()
    simulate.run(case, draws=16)
    for compiling, lost in kernels._told * 2:
        compiling()
        lost(OSError(28, "no room", "kernel.bin"))
    told = [(one.name, one.getMessage().partition(":")[0].partition(" (")[0]) for one in caplog.records]
    words = ["Compiling the engine", "What was compiled could not be kept for the next run, which will compile again"]
    assert told == [("simulate", one) for one in words]


def test_threads_may_ask_at_once(case: simulate.Case, file: Path) -> None:
    def ask(i: int) -> Any:
        return simulate.run(case if i % 2 else simulate.load(file), draws=64, engine="lives" if i < 3 else "expected")

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(ask, range(6)))
    assert found[0] == found[1] == found[2] == ask(0)
    assert found[3] == found[4] == found[5] == ask(3)


# Languages -----------------------------------------------------------------------------------------------------------------


def test_reading_files_changes_nothing(file: Path) -> None:
    for language in locale.LANGUAGES:
        locale.use(language)
        simulate.load(SILKEBORG)
        simulate.load(file)
        with pytest.raises(ScenarioError):
            simulate.load(file, ["job=2"])
        assert locale.language() == language


def test_answers_speak_the_language_in_force_in_threads_too(file: Path) -> None:
    def told(of: Path) -> str:
        return simulate.run(simulate.load(of), engine="point")._repr_html_() or ""

    expected = {}
    for language, word in (("da", "Businesscasen"), ("en", "The business case")):
        locale.use(language)  # type: ignore[arg-type]
        both = [told(file), told(SILKEBORG)]
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(told, [file, SILKEBORG] * 3)) == both * 3
        assert all(word in page for page in both)
        expected[language] = both
    assert expected["da"] != expected["en"]


# A sweep ----------------------------------------------------------------------------------------------------------------


def test_a_case_is_swept(case: simulate.Case, tmp_path: Path) -> None:
    """Each cell as the case with its numbers; kept where a place is named, and gone on with there."""
    found = case.sweep({"job": [0.2, 0.25], "wage*": "0.9:1.1:2"}, draws=32, engine="expected")
    assert dict(found.probability.sizes) == {"scenario": 1, "job": 2, "wage_factor": 2}
    one = case.with_({"job": 0.25}).run(draws=32, engine="expected")
    again = simulate.sweep([case], {"job": [0.25]}, draws=32, engine="expected", out=tmp_path / "s.nc")
    assert float(again.probability.squeeze()) == one.break_even.probability.value
    assert float(again.base_provenu_mean.squeeze()) == case.run(draws=32, engine="expected").provenu.mean.value
    assert (tmp_path / "s.journal").exists()
    assert simulate.sweep(case, {"job": [0.25]}, draws=32, engine="expected", out=tmp_path / "s.nc").identical(again)


@pytest.mark.parametrize(
    ("vary", "options", "words"),
    [
        ({"jop": [0.2]}, {}, "did you mean `job`"),
        ({"job": []}, {}, "job"),
        ({"job": [0.2]}, {"draw": 3}, "there is no option draw"),
        ({"job": [0.2]}, {"engine": "point"}, "engine"),
        ([("job", 0.2)], {}, 'in a dict like {"relapse": \\[0.05, 0.1\\]}'),
        ("job=20%", {}, "in a dict like"),
        ({1: [0.2]}, {}, "in a dict like"),
        ({"job": None}, {}, "^job: None is no number$"),
        ({"job": {"a": 1}}, {}, "is no number"),
        ({"job": np.array([])}, {}, "there are no values"),
        ({"job": np.array([[0.1, 0.2]])}, {}, "is no number"),
        ({"job": [0.2]}, {"keep": ["lives"]}, "^keep 'lives': write one of draws$"),
        ({"job": [0.2]}, {"keep": "draw"}, "^keep 'draw': write one of draws$"),
        ({"job": [0.2]}, {"out": 5}, "^out 5: write a text$"),
        ({"job": [0.2]}, {"threads": "all"}, "^threads 'all': write a whole number$"),
        ({"jop": [0.2]}, {}, "^jop: no assumption is called so; did you mean `job`\\?$"),
        ({"wags*": [0.2]}, {}, "^wags\\*: no assumption is called so"),
    ],
)
def test_a_sweep_that_cannot_be_meant(case: simulate.Case, vary: Any, options: Any, words: str) -> None:
    with pytest.raises(simulate.errors.InputError, match=words):
        case.sweep(vary, **options)


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        (np.linspace(0.1, 0.3, 3), [0.1, 0.2, 0.3]),
        (np.float64(0.25), [0.25]),
        (0.25, [0.25]),
        ((one / 4 for one in range(1, 3)), [0.25, 0.5]),
        (["25%", np.float64(0.5)], [0.25, 0.5]),
    ],
)
def test_values_come_as_python_has_them(case: simulate.Case, given: Any, listed: list[float]) -> None:
    found = case.sweep({"job": given}, draws=16, engine="expected")
    assert found.job.values.tolist() == listed
    assert found.identical(case.sweep({"job": listed}, draws=16, engine="expected"))


@pytest.mark.parametrize("keep", ["draws", ["draws"]])
def test_draws_of_a_sweep_are_kept(case: simulate.Case, keep: Any) -> None:
    assert case.sweep({"job": [0.2]}, draws=16, keep=keep).sizes["draw"] == 16


def test_another_sweep_in_the_same_place_is_refused_in_words(case: simulate.Case, tmp_path: Path) -> None:
    case.sweep({"job": [0.2]}, draws=16, engine="expected", out=tmp_path / "s.nc")
    with pytest.raises(simulate.errors.InputError) as error:
        case.sweep({"job": [0.25]}, draws=16, engine="expected", out=tmp_path / "s.nc")
    assert "name another out, or delete the journal" in str(error.value)
    assert "job: it was = 0.2, and is = 0.25" in str(error.value)
    copied = pickle.loads(pickle.dumps(error.value))
    assert (type(copied), str(copied)) == (type(error.value), str(error.value))


def test_every_error_can_be_said_in_other_words_and_sent() -> None:
    problem = simulate.errors.Problem(3, "a", "is wrong")
    for one in (simulate.errors.ScenarioError("f.toml", [problem]), simulate.errors.StoreError("full")):
        other = pickle.loads(pickle.dumps(one)).in_words("otherwise")
        assert (type(other), str(other), vars(other)) == (type(one), "otherwise", vars(one))


@pytest.mark.parametrize("numbers", [[("job", 0.2)], "job=0.2", None, {3: 0.2}])
def test_numbers_without_names_are_refused_in_words(case: simulate.Case, numbers: Any) -> None:
    with pytest.raises(simulate.errors.InputError, match="in a dict like"):
        case.with_(numbers)


@pytest.mark.parametrize("cases", [5, None, "a.toml", [5]])
def test_what_is_no_case_is_refused_in_words(cases: Any) -> None:
    for ask in (simulate.compare, lambda each: simulate.sweep(each, {"job": [0.2]})):
        with pytest.raises(simulate.errors.InputError, match="is no case"):
            ask(cases)


@pytest.mark.parametrize(
    ("ask", "options", "words"),
    [
        ("run", {"progress": 3}, "^progress 3: give a function of two numbers, like lambda done, of: "),
        ("run", {"progress": True}, "^progress True: give a function"),
        ("sensitivity", {"progress": "yes"}, "^progress 'yes': give a function"),
        ("run", {"plain": "no"}, "^plain 'no': write True or False$"),
        ("run", {"details": 2}, "^details 2: write True or False$"),
        ("run", {"engine": None}, "^engine None: write one of lives, expected, point$"),
        ("run", {"period": None}, "^period None: write one of year, quarter, month$"),
        ("run", {"precision": True}, "^precision True: write a text$"),
        ("run", {"max_draws": "many"}, "^max_draws 'many': write a whole number$"),
        ("run", {"seed": -1}, "^seed -1 is out of range"),
        ("structure", {"draws": 1.5}, r"^draws 1\.5: write a whole number$"),
        ("structure", {"threads": "two"}, "^threads 'two': write a whole number$"),
        ("sensitivity", {"method": None}, "^method None: write one of saltelli, draws$"),
        ("threshold", {"assumption": [3]}, "^assumption 3: write a text$"),
        ("threshold", {"assumption": {"job"}}, "^assumption {'job'}: write a text$"),
        ("stages", {"review": 2018, "stop_if": None}, "^stop_if None: write a text$"),
        ("stages", {"review": None, "stop_if": "a < 1"}, "^review None: write a whole number$"),
        ("stages", {"review": 2018}, r"^stages\(\): stop_if is missing$"),
        ("annualise", {"quarter": None}, "^quarter None: write a text$"),
        ("annualise", {}, r"^annualise\(\): quarter is missing$"),
        ("update", {"keep": "all"}, "^keep 'all': write a whole number$"),
        ("sweep", {"vary": {}}, "^there is nothing to vary; write it like"),
        ("sweep", {"vary": {"job": [0.2]}, "progress": 3}, "^progress 3: give a function"),
        ("sweep", {}, r"^sweep\(\): vary is missing$"),
    ],
)
def test_whatever_cannot_be_meant_is_refused_in_words_before_any_work(
    case: simulate.Case, ask: str, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(simulate.errors.InputError, match=words):
        getattr(simulate, ask)(case, **options)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: simulate.run(), r"^run\(\): case is missing$"),  # type: ignore[call-overload]
        (lambda: simulate.load(None), "^file None: write a text$"),  # type: ignore[arg-type]
        (lambda: simulate.load("a.toml", 3), "^changes 3: write a text$"),  # type: ignore[arg-type]
        (lambda: simulate.load("a.toml", {"relapse": 0.1}), "^changes {'relapse': 0.1}: write a text$"),  # type: ignore[arg-type]
        (lambda: simulate.compare([], 64), r"^compare\(\): only cases may stand without a name; write the others like draws=1024$"),  # type: ignore[misc]
    ],
)  # fmt: skip
def test_so_is_what_stands_without_a_name(ask: Callable[[], object], words: str) -> None:
    with pytest.raises(simulate.errors.InputError, match=words):
        ask()


def test_every_keyword_is_checked_or_by_what_reads_it() -> None:
    """A new one is thought of."""
    by_themselves = {"case", "cases", "vary", "loss", "probability", "groups", "keep", "answer", "unit"}
    for name in (*simulate.__all__,):
        function = getattr(simulate, name)
        if callable(function) and not isinstance(function, type):
            assert set(inspect.signature(function).parameters) <= keywords.CHECKS.keys() | by_themselves, name
