"""A case that goes through a workbook is the same case, to the last bit."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import scenarios
from trees import rich
from workbooks import again, bits, checked, parsed

from simulate import grid
from simulate.scenario import portfolio, toml_writer, validation
from simulate.workbook import layout, output, reading, writing

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
TEMPLATES = sorted((ROOT / "src/simulate/scenario").glob("template.*.toml"))
SMALL = sorted((ROOT / "tests/cases").glob("*.toml"))


def same(tree, other):
    """Keys in any order, but those of assumptions, families, roles and states; numbers to the last bit."""
    if portfolio.is_one(tree):
        assert ordered(tree) == ordered(other)
    else:
        ours, theirs = checked(tree), checked(other)
        assert ours == theirs
        assert bits(ours) == bits(theirs)
    for key in ("assumptions", "families", "roles"):
        assert list(tree.get(key, {})) == list(other.get(key, {}))
    for role, one in tree.get("roles", {}).items():
        assert list(one["states"]) == list(other["roles"][role]["states"])


def ordered(node):
    if isinstance(node, dict):
        return {key: ordered(node[key]) for key in sorted(node)}
    return [ordered(item) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("file", [*SCENARIOS, *TEMPLATES], ids=lambda file: file.name)
def test_through_a_file(file, language, tmp_path):
    pytest.importorskip("xlsxwriter")
    tree = parsed(file.read_text(encoding="utf-8"))
    path = tmp_path / "case.xlsx"
    path.write_bytes(output.written(tree, language))
    found = reading.read(grid.read(str(path)))
    assert found.problems == []
    same(tree, parsed(toml_writer.dump(found.tree)))


@pytest.mark.parametrize("file", SMALL, ids=lambda file: file.name)
def test_small_cases(file):
    tree = parsed(file.read_text(encoding="utf-8"))
    same(tree, again(tree))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_all_that_a_template_explains(file):
    """With every line in force that is marked as rarely used; none of it needs more than the columns."""
    tree = parsed(re.sub(r"^#(?=[^ \n#])", "", file.read_text(encoding="utf-8"), flags=re.M)) | {"payers": ["region"]}
    for language in ("da", "en"):
        assert ordered(again(tree, language)) == ordered(tree)
        written = writing.sheets(tree, language)
        assert not any(one.sheet is layout.OTHER or layout.MORE in one.columns for one in written)


BLOCKS = [
    (file.name, block)
    for file in [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
    for block in re.findall(r"```toml\n(.*?)```", file.read_text(encoding="utf-8"), re.S)
]


def test_examples_of_the_documentation():
    for file, block in BLOCKS:
        tree = {"format": 1, "title": file} | parsed(block)
        assert ordered(again(tree)) == ordered(tree), block
    assert len(BLOCKS) > 5


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_kind_of_move_price_and_uncertainty(language):
    tree = rich()
    same(tree, again(tree, language))


@settings(max_examples=40)
@given(scenarios(rare=("weeks", "over_time", "drop_out", "all"), ties=True), st.sampled_from(["da", "en"]))
def test_any_scenario(tree, language):
    other = again(tree, language)
    ours, found, _ = validation.check(tree)
    theirs, wrong, _ = validation.check(other)
    assert [path for path, _ in wrong] == [path for path, _ in found]
    assert ours == theirs
    assert bits(ours) == bits(theirs)
    for key in ("assumptions", "families", "roles"):
        assert list(tree.get(key, {})) == list(other.get(key, {}))


FLOATS = st.one_of(st.floats(-1e15, 1e15), st.floats(0, 1), st.integers(-(10**15), 10**15))


@settings(max_examples=100)
@given(FLOATS, st.lists(FLOATS, min_size=1, max_size=5), st.sampled_from(["da", "en"]))
def test_numbers_are_exact(number, numbers, language):
    tree = {
        "format": 1, "title": "x", "language": language, "time": {"first_year": 2027, "years": 3},
        "assumptions": {"a": {"value": number, "held": numbers, "minimum": {"2028": numbers[0], "2030": number}}, "b": {"value": numbers}},
    }  # fmt: skip
    found = again(tree, language)["assumptions"]
    assert hexes(found["a"]["value"]) == hexes(number)
    assert hexes(found["a"]["held"]) == hexes(numbers)
    assert hexes(found["a"]["minimum"]) == hexes(tree["assumptions"]["a"]["minimum"])
    assert hexes(found["b"]["value"]) == hexes(numbers)


def hexes(node):
    if isinstance(node, dict):
        return {key: hexes(item) for key, item in node.items()}
    return [hexes(item) for item in node] if isinstance(node, list) else float(node).hex()


@pytest.mark.parametrize(
    "number", [33.333333333333336, 0.1 + 0.2, 1 / 3, 2 / 3, 1e-7, 123456789.12345679, 14.575, 1234.5, 1e15, -0.0]
)
def test_numbers_are_exact_in_a_file(number, tmp_path):
    pytest.importorskip("xlsxwriter")
    tree = {
        "format": 1,
        "title": "x",
        "time": {"first_year": 2027, "years": 1},
        "assumptions": {"a": {"value": number}},
    }
    path = tmp_path / "case.xlsx"
    path.write_bytes(output.written(tree, "da"))
    found = reading.read(grid.read(str(path)))
    assert float(found.tree["assumptions"]["a"]["value"]).hex() == number.hex()
    assert not re.fullmatch(r".*\.[0-9]{3}", toml_writer.value(found.tree["assumptions"]["a"]["value"]))


TEXTS = [
    "2024", "1,5", "ja", "TRUE", "2019-12-01", "01-02-2027", "=1+1", "=SUM(A1)", "'a", "+45", "-x", "@a", "_x000D_", "x" * 200, "a\nb", "a\n\nb", " a ",
    "a;b", "a: b", "[x]", "{x}", '"x"', "æøå", "1e5", "0,10", "#N/A", "http://a.dk", "x", "\t", "nan", "2027: 5", "a  b", "", "   ", "33.333333333333336",
]  # fmt: skip


@pytest.mark.parametrize("language", ["da", "en"])
def test_texts_are_the_same_in_a_file(language, tmp_path):
    """In every column of texts, as a name, in a list of names, and where there is no column."""
    pytest.importorskip("xlsxwriter")
    named = {
        text: {"value": i, "label": text, "unit": text, "source": text, "note": text}
        for i, text in enumerate(TEXTS)
        if text.isprintable()
    }
    tree = {
        "format": 1, "title": "=x", "source": "a\nb", "time": {"first_year": 2027, "years": 1, "note": "=1"}, "assumptions": named,
        "costs": [{"label": text, "yearly": "a", "families": [text, "b"], "area": text, "other": text, "further": {"a b": text}} for text in TEXTS],
        "implementations": {text: {"reached": 0.5} for text in TEXTS if text.isprintable()}, "payers": list(TEXTS),
    }  # fmt: skip
    path = tmp_path / "case.xlsx"
    path.write_bytes(output.written(tree, language))
    found = reading.read(grid.read(str(path)))
    assert found.problems == []
    assert ordered(found.tree) == ordered(tree)
    assert list(found.tree["assumptions"]) == list(named)


LEFT = {
    "simulation": {"columns": {"a": 2}, "seed": 9007199254740993, "source": "s"},
    "implementation": {},
    "families": {"x": {}, "y": {"members": {}, "entering": []}},
    "roles": {
        "r": {"start": {}, "states": {"s": {}, "t": {"shares": {}, "refusion": {"weeks": [4], "share": ["80 %", 0.2], "source": "s"}}}},
        "without states": {"start": "s", "states": {}},
    },
    "reported": [
        {"what": "provenu", "value": 5}, {"what": "provenu", "year": 2027, "value": 5}, {"what": "provenu", "year": 2027, "value": 6},
        {"what": "line:a", "year": 2040, "value": "1,5", "part": "x"}, {"what": "unheard of", "value": 1}, {"what": "costs"},
    ],
    "money": {"index": {"2024": 100, "PL": 3}, "indexation": [1, 2]},
    "costs": [{"label": "a", "yearly": {"2028": 1}}, {"label": "b", "yearly": {"2027": 1, "2028": 2}}, {"label": "c", "yearly": []}, 5],
    "anything": [{"a": [1, {"b": 2.5}]}, "text"],
    "correlations": [{"between": ["a"], "rank": 1}, {"between": ["a", 3]}],
    "shared": ["a;b"],
    "targets": {"a": 1},
    "person_years": [],
}  # fmt: skip


@pytest.mark.parametrize("key", LEFT)
def test_what_has_no_column_stays(key):
    tree = {"format": 1, "title": "x", "time": {"first_year": 2027, "years": 3}, key: LEFT[key]}
    assert ordered(again(tree)) == ordered(tree)


def test_all_that_has_no_column_stays():
    tree = {"format": 1, "title": "x", "time": {"first_year": 2027, "years": 3}, **LEFT}
    assert ordered(again(tree)) == ordered(tree)


MOVES = [
    {"from": "a", "to": "b", "at": "entry", "chance": {"baseline": "x", "plus": 0.1}},
    {"from": "a", "to": "b", "at": "entry", "yearly": 0.1},
    {"from": "a", "to": "b", "chance": 0.1},
    {"from": "a", "to": "b", "yearly": {"2027": 0.1, "2029": 0.2}, "climate": "k"},
    {"from": "a", "to": "b", "yearly": {"baseline": [0.1, "12 %"], "programme": 0.3}, "timing": "year-start"},
    {"from": "a", "to": "b", "monthly": {"baseline": 0.1, "minus": "x", "over_time": {"lock_in": {"months": 6, "weight": "-50 %"}}}},
    {"from": "a", "to": "b", "quarterly": {"baseline": 0.1, "over_time": {}}},
    {"from": "a", "to": "b", "after_months": {"mean": 24, "sd": 12, "shape": "gamma"}},
    {"from": "a", "to": "b", "after_months": {"baseline": {"mean": 24, "sd": 12, "shape": "gamma"}, "programme": {"mean": 1, "sd": 2}}},
    {"from": "a", "to": "b", "after_months": {"baseline": {"mean": 24, "sd": 12, "shape": "gamma"}, "times": 0.5, "source": "s"}},
    {"from": "a", "to": "b", "since_arrival": [{"months": 3, "yearly": 0.4}, {"months": 5, "monthly": {"baseline": 0.1, "times": 2}, "source": "s"}, {"yearly": 0}]},
    {"from": "a", "to": "b", "since_arrival": [{"yearly": 0.4}]},
    {"from": "a", "to": "b", "since_arrival": [{"months": 3, "yearly": 0.4}, {"months": 3, "yearly": 0.2}]},
    {"from": "a", "to": "b", "when": {"role": "r", "state": "a", "times": 0.7, "note": "n"}, "yearly": {"baseline": 1, "hazard_ratio": 2}},
    {"from": "a", "to": "b", "source": "s", "note": "n"},
]  # fmt: skip


@pytest.mark.parametrize("first", range(len(MOVES)))
def test_moves_in_any_company(first):
    moves = [MOVES[first], *MOVES[::-1], MOVES[first], MOVES[first]]
    tree = {"format": 1, "title": "x", "roles": {"r": {"start": "a", "states": {"a": {}, "b": {}}, "moves": moves}}}
    assert ordered(again(tree)) == ordered(tree)


def test_figures_tell_how_exact_they_are():
    """21.40 is told to half a hundredth, 21.4 to half a tenth, whatever a spreadsheet makes of it."""
    tree = parsed(
        'format = 1\ntitle = "x"\n[[reported]]\nwhat = "costs"\nyear = 2027\nvalue = 21.40\n[[reported]]\nwhat = "costs"\nvalue = 21.4'
    )
    for language in ("da", "en"):
        first, second = again(tree, language)["reported"]
        assert (str(first["value"]).replace(",", "."), second["value"]) == ("21.40", 21.4)


def test_a_portfolio_has_its_own_sheets():
    tree = parsed((ROOT / "scenarios/odense.toml").read_text(encoding="utf-8"))
    first, *others = writing.sheets(tree, "en")
    assert [one.name for one in others] == ["Programmes", "Costs", "Savings", "Financing", "Targets", "Price index"]
    assert ("Shared assumptions", "pension_price") in [row[:2] for row in first.rows]
    assert not any(one.key[0] == "implementation" for one in first.fields)
    assert [one.name for one in writing.sheets(rich(), "en")][:4] == ["Case", "Assumptions", "Families", "Entries"]
