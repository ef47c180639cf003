"""`simulate check`, `schema`, `new`, `--help` and `--version`."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from command import PAPER, RICH, ROOT, environment, process, simulate
from effort import HANG

from simulate.scenario.schema import Portfolio, Scenario

BROKEN = ROOT / "tests" / "broken"
HEAVY = ("scipy.special", "scipy.stats", "xarray", "pandas", "numba", "rich", "distributed")


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "bad.toml"
    file.write_text(
        RICH.replace("yearly = 3200", "yealry = 3200").replace("enter = [10.5, 12]", "enter = -1"), encoding="utf-8"
    )
    return file


def assert_checked(document: Any, files: list[Path]) -> None:
    """The contract of answers.md."""
    assert [one["file"] for one in document["files"]] == [str(file) for file in files]
    for one in document["files"]:
        assert {"file", "problems", "warnings", "reported"} <= one.keys()
        assert isinstance(one["warnings"], list)
        assert isinstance(one["reported"], list)
        for problem in one["problems"]:
            assert {"line", "path", "message"} <= problem.keys()
            assert (type(problem["line"]), type(problem["path"]), type(problem["message"])) == (int, str, str)
        for row in one["reported"]:
            assert {"what", "year", "value", "ours", "source"} <= row.keys()


# What is right ------------------------------------------------------------------------------------------------------------


# What a project that begins later means for the families who come last, and for savings that do not wait, is to be told.
WARNED = {
    "silkeborg-exits": [
        "implementation.start_months_later",
        'savings."Sagsbehandling, Jobcenter"',
        'savings."Sagsbehandling, Familiesektion"',
    ]
}


@pytest.mark.parametrize("file", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda file: file.stem)
def test_the_projects_own_scenarios_have_no_problems(file: Path) -> None:
    done = simulate("check", file, "--json")
    assert done.code == 0
    assert_checked(done.json, [file])
    assert done.json["files"][0]["problems"] == []
    assert [one["path"] for one in done.json["files"][0]["warnings"]] == WARNED.get(file.stem, [])


def test_the_papers_figures_are_told_in_words(tmp_path: Path) -> None:
    """Not as the file names them; a state without its role, where none shares its name."""
    file = tmp_path / "words.toml"
    figures = {
        "costs": ("Udgifter i alt", "Costs, total"),
        "savings": ("Besparelser i alt", "Savings, total"),
        "line:Casemanagers": ("Casemanagers", "Casemanagers"),
        "person_years:child.anbragt": (
            "Personår, anbragt: med indsatsen minus uden",
            "Person-years, anbragt: with the programme less without",
        ),
        "arrivals:adult.sygedagpenge": (
            "Tilgang, sygedagpenge: med indsatsen minus uden",
            "Arrivals, sygedagpenge: with the programme less without",
        ),
    }
    rows = "".join(f'\n[[reported]]\nwhat = "{what}"\nvalue = 1\n' for what in figures)
    file.write_text(RICH.partition("[[reported]]")[0] + rows, encoding="utf-8")
    for i, language in enumerate(("da", "en")):
        (found,) = simulate("check", file, "--lang", language, "--json").json["files"]
        assert [(one["what"], one["label"]) for one in found["reported"]] == [(what, said[i]) for what, said in figures.items()]  # fmt: skip
        told = simulate("check", file, "--lang", language)
        assert all(f"\n{said[i]}  " in told.out for said in figures.values())
        assert all(said[i] in told.err for said in figures.values())  # none of them is reproduced


def test_the_papers_figures_beside_ours(rich: Path) -> None:
    done = simulate("check", rich, "--json")
    assert done.code == 0
    assert_checked(done.json, [rich])
    (one,) = done.json["files"]
    first, second = one["reported"]
    assert (first["what"], first["year"], first["value"], first["source"]) == (
        "line:Casemanagers",
        2020,
        930_000,
        "s. 4",
    )
    assert first["ours"] == pytest.approx(930_000)
    run = simulate("run", rich, "--engine", "point", "--json").json
    assert [(row["what"], row["ours"]) for row in run["reported"]] == [
        (row["what"], row["ours"]) for row in one["reported"]
    ]
    assert second["ours"] == pytest.approx(run["point"]["provenu"]["total"])


def test_warnings_are_no_problems(rich: Path) -> None:
    done = simulate("check", rich, "--json", "--lang", "en")
    (one,) = done.json["files"]
    assert done.code == 0
    assert one["problems"] == []
    said = json.dumps(one["warnings"], ensure_ascii=False)
    assert "nothing uses this assumption" in said
    assert "12,345" in said
    assert "reach this target by themselves" in said
    assert len(one["warnings"]) == 3


def test_warnings_name_their_line(rich: Path) -> None:
    (one,) = simulate("check", rich, "--json", "--lang", "en").json["files"]
    rows = RICH.split("\n")
    lines = [rows.index("[assumptions.unused]") + 1, rows.index('label = "I alt"'), rows.index('what = "provenu"')]
    assert [warning["line"] for warning in one["warnings"]] == lines


def test_states_that_nobody_leaves_are_told(tmp_path: Path) -> None:
    """A way out that was deleted by mistake is seen by it; where nothing is paid, nobody has to leave."""
    file = tmp_path / "r.toml"
    start = RICH.index('[[roles.child.moves]]\nfrom = "anbragt"')
    without = RICH[:start] + RICH[RICH.index("\n\n", start) :]
    for source, states in ((RICH, []), (without, ["anbragt"])):
        file.write_text(source, encoding="utf-8")
        done = simulate("check", file, "--json", "--lang", "en")
        assert [one["state"] for one in done.json["files"][0]["never_left"]] == states
    assert "No move leads out of" in simulate("check", file, "--lang", "en").out


def test_words(rich: Path) -> None:
    done = simulate("check", rich, "--lang", "en")
    assert done.code == 0
    assert "930,000" in done.out
    assert "12,345" in done.out
    assert "nothing uses this assumption" in done.err
    assert "nothing uses this assumption" not in done.out


@pytest.mark.parametrize(("language", "number"), [("da", "1.092.118"), ("en", "1,092,118")])
def test_numbers_of_the_language(language: str, number: str) -> None:
    assert number in simulate("check", PAPER, "--lang", language).out


def test_show(rich: Path) -> None:
    done = simulate("check", rich, "--show", "--lang", "en")
    assert done.code == 0, done.err
    assert "additional effect" in done.out
    document = simulate("check", rich, "--show", "--json", "--lang", "en")
    assert_checked(document.json, [rich])


# What is wrong ------------------------------------------------------------------------------------------------------------


def test_problems_of_a_bad_file(bad: Path) -> None:
    done = simulate("check", bad, "--json", "--lang", "en")
    assert done.code == 2
    assert_checked(done.json, [bad])
    (one,) = done.json["files"]
    rows = bad.read_text("utf-8").split("\n")
    found = [(problem["line"], problem["path"]) for problem in one["problems"]]
    assert found == [
        (rows.index("enter = -1") + 1, "families.finishing.enter"),
        (rows.index('label = "Licenser mv."'), 'costs."Licenser mv.".yearly'),
        (rows.index("yealry = 3200") + 1, 'costs."Licenser mv.".yealry'),
    ]
    assert one["problems"][2]["message"] == "unknown key; did you mean `yearly`?"


def test_problems_in_words_stand_as_file_line_and_path(bad: Path) -> None:
    done = simulate("check", bad, "--lang", "en")
    assert done.code == 2
    shown = (done.out + done.err).strip().splitlines()
    assert len(shown) == 3
    assert all(re.match(rf"{re.escape(str(bad))}:\d+  \S", row) for row in shown)


def test_several_files_keep_their_order(rich: Path, bad: Path, tmp_path: Path) -> None:
    files = [bad, PAPER, tmp_path / "none.toml", rich, tmp_path]
    done = simulate("check", *files, "--json", "--lang", "en")
    assert done.code == 2
    assert_checked(done.json, files)
    assert [bool(one["problems"]) for one in done.json["files"]] == [True, False, True, False, True]
    words = simulate("check", *files, "--lang", "en")
    assert words.code == 2
    assert "930,000" in words.out


def test_several_right_files(rich: Path) -> None:
    done = simulate("check", PAPER, rich, PAPER, "--json")
    assert done.code == 0
    assert_checked(done.json, [PAPER, rich, PAPER])


def test_every_broken_file_at_once() -> None:
    files = sorted(BROKEN.glob("*.toml"))
    done = simulate("check", *files, "--json", "--lang", "en")
    assert done.code == 2
    assert_checked(done.json, files)
    for one in done.json["files"]:
        assert bool(one["problems"]) != Path(one["file"]).stem.startswith("warns-"), one


def test_a_files_language_does_not_reach_the_next(rich: Path, tmp_path: Path) -> None:
    """rich is English by its own word; a file that says nothing is Danish."""
    other = tmp_path / "other.toml"
    other.write_text('format = 1\ntitle = "x"\n[time]\nfirst_year = 2020\nyears = 0\n', encoding="utf-8")
    alone = simulate("check", other, "--json").json["files"][0]["problems"]
    after = simulate("check", rich, other, "--json").json["files"][1]["problems"]
    assert after == alone


def test_nothing_is_written(rich: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    simulate("check", rich)
    simulate("check", BROKEN / "many-at-once.toml")
    assert list(tmp_path.iterdir()) == []


def test_streams_and_exit_codes_of_a_process(bad: Path) -> None:
    done = process("check", bad, PAPER, "--json", "--lang", "en")
    assert done.code == 2
    assert_checked(done.json, [bad, PAPER])
    assert "Traceback" not in done.err
    done = process("check", PAPER)
    assert done.code == 0
    assert done.err == ""


def test_no_file() -> None:
    assert simulate("check").code == 2


def test_a_name_that_is_no_text_of_a_console() -> None:
    done = process("check", b"\xff.toml".decode("utf-8", "surrogateescape"), "--json")
    assert done.code == 2
    assert "Traceback" not in done.err
    assert len(done.json["files"]) == 1


# The schema ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schema() -> Any:
    done = simulate("schema")
    assert done.code == 0
    assert done.err == ""
    return done.json


def test_the_schema_names_every_key_of_the_file(schema: Any) -> None:
    assert schema["$schema"].startswith("https://json-schema.org/draft/2020-12/")
    required = {"Scenario": {"format", "title", "time"}, "Portfolio": {"format", "title", "time", "programmes"}}
    for model in (Scenario, Portfolio):
        found = schema["$defs"][model.__name__]
        assert set(found["properties"]) == {info.alias or name for name, info in model.model_fields.items()}
        assert set(found["required"]) == required[model.__name__]
        assert found["additionalProperties"] is False
    text = json.dumps(schema)
    for key in ("first_year", "discount_rate", "uncertainty", "each_year", "persistence", "between", "rank", "enter", "present",
                "arrivals", "members", "effect_lasts_months", "entering", "month", "refusion", "from", "to", "hazard_ratio",
                "after_months", "timing", "climate", "per_family", "cashable", "counterfactual", "weibull", "year-start"):  # fmt: skip
        assert f'"{key}"' in text, key


def test_the_schema_has_no_words_of_the_inside(schema: Any) -> None:
    text = json.dumps(schema)
    for key in ("both", "drawn", "origin"):
        assert f'"{key}":' not in text, key


def test_references_of_the_schema_lead_somewhere(schema: Any) -> None:
    for name in re.findall(r'"\$ref": "#/\$defs/([^"]+)"', json.dumps(schema)):
        assert name in schema["$defs"]


def valid(value: Any, rule: Any, root: Any) -> bool:
    """The keywords of JSON Schema that the scenario's own uses."""
    if rule is True or rule == {}:
        return True
    if "$ref" in rule and not valid(value, root["$defs"][rule["$ref"].rpartition("/")[2]], root):
        return False
    if "anyOf" in rule and not any(valid(value, one, root) for one in rule["anyOf"]):
        return False
    if "const" in rule and value != rule["const"]:
        return False
    if "enum" in rule and value not in rule["enum"]:
        return False
    kinds = rule.get("type", [])
    if kinds and not any(is_of(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return False
    if isinstance(value, dict):
        known, more = rule.get("properties", {}), rule.get("additionalProperties", True)
        alike = rule.get("patternProperties", {}).items()
        others = {key: next((one for like, one in alike if re.search(like, key)), more) for key in value}
        items = [(item, known.get(key, others[key])) for key, item in value.items()]
        if not all(one is not False and valid(item, one, root) for item, one in items):
            return False
        return set(rule.get("required", [])) <= value.keys() and len(value) >= rule.get("minProperties", 0)
    if isinstance(value, list):
        fits = rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value))
        return fits and all(valid(item, rule.get("items", True), root) for item in value)
    if isinstance(value, str):
        return re.search(rule.get("pattern", ""), value) is not None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return rule.get("minimum", value) <= value <= rule.get("maximum", value)
    return True


def is_of(value: Any, kind: str) -> bool:
    if kind in ("number", "integer"):
        numbers = (int, float) if kind == "number" else (int,)
        return isinstance(value, numbers) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None)}[kind])


RIGHT = {"rich": RICH} | {file.stem: file.read_text("utf-8") for file in (ROOT / "scenarios").glob("*.toml")}


@pytest.mark.parametrize("name", RIGHT)
def test_the_schema_accepts_what_is_right(name: str, schema: Any) -> None:
    tree = tomllib.loads(RIGHT[name])
    assert valid(tree, schema, schema)
    try:
        import jsonschema
    except ImportError:
        return
    jsonschema.Draft202012Validator(schema).validate(tree)


SHAPELESS = [
    "title-missing", "title-is-a-number", "format-unknown", "time-missing", "key-unknown-at-the-top", "years-as-text", "years-zero",
    "table-instead-of-list", "list-instead-of-table", "value-missing", "value-true", "label-is-a-number", "each-year-as-text",
    "correlation-of-one", "arrivals-unknown", "entering-month-13", "entering-number-missing", "entering-number-list", "start-missing",
    "states-missing", "states-empty", "refusion-misspelt", "cashable-as-text", "move-to-missing", "move-key-unknown", "timing-unknown",
    "arms-key-unknown", "length-shape-unknown", "length-sd-missing", "cost-label-missing", "cost-yearly-misspelt", "target-of-something-else",
    "reported-what-missing", "design-unknown", "draws-zero", "seed-negative", "present-list", "members-list", "discount-rate-list",
    "programme-alone", "uncertainty-kind-misspelt", "uncertainty-without-kind", "value-empty-list",
]  # fmt: skip


@pytest.mark.parametrize("name", SHAPELESS)
def test_the_schema_refuses_what_has_no_shape(name: str, schema: Any) -> None:
    tree = tomllib.loads((BROKEN / f"{name}.toml").read_text("utf-8"))
    assert not valid(tree, schema, schema)


# A new file ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_new_scenario_is_right_and_runs(language: str, tmp_path: Path) -> None:
    file = tmp_path / "ny sag.toml"
    done = simulate("new", file, "--lang", language)
    assert done.code == 0, done.err
    assert str(file) in done.out
    source = file.read_text("utf-8")
    assert source.count("#") > 10
    assert tomllib.loads(source).get("language", "da") == language
    checked = simulate("check", file, "--json").json["files"][0]
    assert (checked["problems"], checked["warnings"]) == ([], [])
    assert simulate("run", file, "--draws", "64", "--json").json["break_even"]["probability"]["value"] >= 0


def test_a_new_scenario_is_danish_by_default(tmp_path: Path) -> None:
    for name, options in (("a", []), ("b", ["--lang", "da"])):
        assert simulate("new", tmp_path / name, *options).code == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_new_never_overwrites(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("my work")
    done = simulate("new", file, "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert "exists already" in done.err
    assert file.read_text() == "my work"
    link = tmp_path / "link.toml"
    link.symlink_to(tmp_path / "nowhere.toml")
    assert simulate("new", link).code == 2
    assert not (tmp_path / "nowhere.toml").exists()


@pytest.mark.parametrize("name", ["missing/folder/a.toml", ".", "a\0b", "x" * 5000])
def test_new_where_nothing_can_be_written(name: str, tmp_path: Path) -> None:
    done = simulate("new", tmp_path / name, "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert done.err.strip()


# Help and start -----------------------------------------------------------------------------------------------------------


def test_help_names_every_command_and_option() -> None:
    shown = simulate("--help")
    assert shown.code == 0
    for name in ("run", "check", "schema", "new"):
        assert name in shown.out
    shown = simulate("run", "--help")
    assert shown.code == 0
    for name in ("--draws", "--seed", "--engine", "--counterfactual", "--design", "--period", "--set", "--threads", "--lang",
                 "--out", "--json", "same-luck", "own-luck", "sobol", "lhs", "quarter"):  # fmt: skip
        assert name in shown.out, name


def test_no_arguments_show_the_help() -> None:
    done = simulate()
    assert "check" in done.out + done.err
    assert done.code in (0, 2)


def test_the_version() -> None:
    done = simulate("--version")
    assert done.code == 0
    assert re.fullmatch(r"(\S+ )?\d+\.\d+\S*\n", done.out)


def test_an_unknown_command() -> None:
    done = simulate("simulera")
    assert done.code == 2
    assert done.out == ""
    assert done.err.strip()


LIGHT = {
    "help": ["--help"],
    "help of run": ["run", "--help"],
    "check": ["check", str(PAPER)],
    "check of uncertainty": ["check", str(ROOT / "scenarios" / "silkeborg.toml"), "--json"],
    "check of a broken file": ["check", str(BROKEN / "many-at-once.toml")],
    "schema": ["schema"],
}


@pytest.mark.parametrize("name", LIGHT)
def test_nothing_heavy_is_imported(name: str) -> None:
    assert imported(HEAVY, LIGHT[name]) == []


def test_help_waits_for_neither_numpy_nor_pydantic() -> None:
    """`--help` answers at once: it needs no arrays and no scenario."""
    assert imported(("numpy", "pydantic"), ["--help"]) == []


@pytest.mark.parametrize("engine", ["lives", "expected", "point"])
def test_a_run_imports_what_it_needs(engine: str) -> None:
    arguments = ["run", str(ROOT / "scenarios" / "silkeborg.toml"), "--draws", "16", "--engine", engine]
    assert imported(("scipy.special", "scipy.stats", "netCDF4"), arguments) == []


def imported(modules: Sequence[str], arguments: list[str]) -> list[str]:
    """Which of the modules a command imports."""
    program = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('IMPORTED', *(m for m in {modules!r} if m in sys.modules), file=sys.stderr))\n"
        "from simulate.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environment(), capture_output=True, text=True, timeout=HANG
    )
    said = done.stderr.splitlines()[-1].split()
    assert said[0] == "IMPORTED", done.stderr
    return said[1:]
