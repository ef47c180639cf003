"""Whatever stands in a file, loading it gives a scenario or words, soon and without eating memory; never anything else."""

import datetime
import json
import math
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import effort
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulate import point
from simulate.answers import paper as figures
from simulate.errors import InputError, ScenarioError
from simulate.ledger import Accounts
from simulate.model import PERIODS, Model
from simulate.sampling import Chunk, Sampler
from simulate.scenario import Loaded, load

TIMES = 100  # what a file of the paper's size, at the worst, may cost of what the paper's own costs
PAPER = Path(__file__).parents[2] / "scenarios" / "silkeborg-paper.toml"
MINIMAL = 'format = 1\ntitle = "x"\n[time]\nfirst_year = 2020\nyears = 2\n'

Path_ = tuple[str | int, ...]


def survived(file: Path, changes: tuple[str, ...] = ()) -> Loaded | InputError:
    """A scenario, or an error whose words can be printed. Computes the point of what loads."""
    result = attempt(file, changes)
    if isinstance(result, Loaded):
        assert_computes(result)
        return result
    words = str(result)
    assert words.strip()
    words.encode("utf-8")
    if isinstance(result, ScenarioError):
        assert result.problems
        assert all(problem.line >= 0 and problem.message for problem in result.problems)
    return result


def survived_soon(file: Path) -> Loaded | InputError:
    """The same of a file of the paper's size, which is to cost no more than some times what the paper costs."""
    cost = effort.processor(lambda: attempt(file))
    if cost > TIMES * _paper_costs():  # or else the machine did something else meanwhile
        assert effort.ratio(lambda: attempt(file), lambda: attempt(PAPER), TIMES) < TIMES
    return survived(file)


@cache
def _paper_costs() -> float:
    return min(effort.processor(lambda: attempt(PAPER)) for _ in range(5))


def attempt(file: Path, changes: tuple[str, ...] = ()) -> Loaded | InputError:
    try:
        return load(file, changes, language="en")
    except InputError as error:
        return error.with_traceback(None)


def assert_computes(loaded: Loaded) -> None:
    sampler = Sampler(loaded.scenario)
    accounts = Accounts(Model(loaded.scenario), PERIODS["year"])
    for values in (sampler.point(), *([sampler.means()] if sampler.uncertain else [])):
        found = point.compute(accounts, values)
        assert all(math.isfinite(amount) for amount in found.provenu)
    json.dumps([row.to_dict() for row in figures.reported(found)], allow_nan=False)


def refused(file: Path) -> ScenarioError:
    error = survived(file)
    assert isinstance(error, ScenarioError)
    return error


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        file = tmp_path / "scenario.toml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return file

    return write


# Files ---------------------------------------------------------------------------------------------------------------


def test_a_missing_file(tmp_path: Path) -> None:
    assert "there is no such file" in str(refused(tmp_path / "nothing.toml"))


def test_a_folder(tmp_path: Path) -> None:
    assert "folder" in str(refused(tmp_path))


def test_a_name_with_nul() -> None:
    assert isinstance(survived(Path("a\0b.toml")), ScenarioError)


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    refused(tmp_path / ("x" * 5000))


def test_a_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    refused(tmp_path / "a" / "b.toml")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(written: Callable[[str | bytes], Path]) -> None:
    file = written(MINIMAL)
    file.chmod(0)
    assert "cannot be read" in str(refused(file))


def test_a_link_to_itself(tmp_path: Path) -> None:
    loop = tmp_path / "loop.toml"
    try:
        loop.symlink_to(loop)
    except OSError:
        pytest.skip("no links here")
    refused(loop)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device")
def test_an_endless_file() -> None:
    refused(Path("/dev/zero"))


def test_fifty_megabytes_are_refused_without_being_read(tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    row = b'"a" = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"\n'
    with file.open("wb") as stream:
        for _ in range(50):
            stream.write(row * (1_000_000 // len(row) + 1))
    assert file.stat().st_size > 50_000_000
    refused(PAPER.with_name("none.toml"))  # imports are done
    assert "this is no scenario" in str(refused(file))
    assert effort.most_bytes(lambda: refused(file)) < 20_000_000


# Text ----------------------------------------------------------------------------------------------------------------

BROKEN = {
    "nothing": "",
    "newlines": "\n\r\n\n",
    "a lone BOM": b"\xef\xbb\xbf",
    "a UTF-16 file": (MINIMAL * 2).encode("utf-16"),
    "a UTF-16 file without BOM": MINIMAL.encode("utf-16-le"),
    "a Latin-1 file": MINIMAL.replace("x", "æ").encode("latin-1"),
    "half a letter": MINIMAL.replace("x", "æ").encode()[:-1] + b"\xc3",
    "surrogates": b'format = 1\ntitle = "\xed\xa0\x80"',
    "an escaped surrogate": 'format = 1\ntitle = "\\ud800"',
    "an escape beyond Unicode": 'format = 1\ntitle = "\\UFFFFFFFF"',
    "NUL": MINIMAL.replace("x", "\0"),
    "NUL between": b"\0" * 1000,
    "a lone CR": "format = 1\rtitle = 2",
    "random bytes": bytes(range(256)) * 100,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10,
    "an Excel workbook": b"PK\x03\x04" + bytes(5000),
    "JSON": json.dumps({"format": 1, "title": "x"}, indent=1),
    "YAML": "format: 1\ntitle: x\ntime:\n  first_year: 2020\n",
    "Python": "import os\nos.system('true')\n",
    "only a comment": "# format = 1",
    "an open string": 'title = "abc',
    "an open long string": 'title = """abc\n\n\n',
    "an open literal": "title = 'abc",
    "an open list": "a = [1, 2,",
    "an open table": "[a",
    "an open array of tables": "[[a]",
    "an open inline table": "a = { b = 1",
    "a key without a value": "a",
    "an equals sign alone": "=",
    "two equals signs": "a == 1",
    "a key of dots": "... = 1",
    "an empty key": '"" = 1',
    "an inline table over lines": "a = {\n b = 1\n}",
    "a comma at the end of an inline table": "a = { b = 1, }",
    "a table and a value": "a = 1\n[a]\nb = 1",
    "a dotted key into a value": "a = 1\na.b = 2",
    "an array of tables after a list": "a = []\n[[a]]\nb = 1",
    "a table after an array of tables": "[[a]]\n[a]",
    "numbers with zeros before": "a = 007",
    "a number with two points": "a = 1.2.3",
    "a number with underscores": "a = 1__0",
    "a hexadecimal float": "a = 0x1.8p3",
    "an impossible date": "a = 2020-02-30",
    "an impossible time": "a = 25:61:00",
    "a large exponent": MINIMAL + "[money]\ndiscount_rate = 1e999999999",
    "a small exponent": MINIMAL + "[assumptions.a]\nvalue = 1e-999999999\n[families.f]\nenter = 'a'",
    "deep closed lists": "a = " + "[" * 5_000 + "]" * 5_000,
    "lists somewhat deep": MINIMAL + "[families.a]\nenter = " + "[" * 25 + "]" * 25,
    "deep tables": "[" + ".".join("a" * 400) + "]",
    "a title of emoji": MINIMAL.replace("x", "👩‍👩‍👧‍👦" * 1000),
}


LONG: dict[str, tuple[int, Callable[[int], str]]] = {  # the largest size, and the text of a size
    "a whole number of many digits": (10_000, lambda n: "a = " + "9" * n),
    "a float of many digits": (10_000, lambda n: MINIMAL + "[money]\ndiscount_rate = 0." + "9" * n),
    "a text of many digits": (500_000, lambda n: MINIMAL + "[families.a]\nenter = '" + "9" * n + "'"),
    "deep lists": (100_000, lambda n: "a = " + "[" * n),
    "deep inline tables": (20_000, lambda n: "a = " + "{ a = " * n),
    "a long dotted key": (500_000, lambda n: "a" + ".a" * n + " = 1"),
    "many dotted keys": (20_000, lambda n: "".join(f"a{i}.b.c.d.e = 1\n" for i in range(n))),
    "a long key": (1_900_000, lambda n: "a" * n + " = 1"),
    "a long line of text": (1_900_000, lambda n: 'title = "' + "x" * n + '"'),
    "a long comment": (1_900_000, lambda n: "#" * n),
    "many quotes": (1_900_000, lambda n: '"' * n),
    "many backslashes": (1_900_000, lambda n: 'a = "' + "\\" * n),
    "many equals signs": (1_900_000, lambda n: "=" * n),
    "many blank lines": (1_900_000, lambda n: "\n" * n),
    "many opening tables": (900_000, lambda n: "[\n" * n),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_text(name: str, written: Callable[[str | bytes], Path]) -> None:
    survived(written(BROKEN[name]))


@pytest.mark.parametrize("name", LONG)
def test_long_text(name: str, written: Callable[[str | bytes], Path]) -> None:
    size, made = LONG[name]
    survived(written(made(size)))


@pytest.mark.parametrize("name", LONG)
def test_long_text_costs_in_proportion_to_its_length(name: str, tmp_path: Path) -> None:
    size, made = LONG[name]
    effort.assert_in_proportion(attempt, sized(tmp_path, made), size // 16)


def sized(folder: Path, made: Callable[[int], str]) -> Callable[[int], Path]:
    """A file of any size."""

    def write(size: int) -> Path:
        file = folder / f"{size}.toml"
        file.write_text(made(size), encoding="utf-8")
        return file

    return write


def rows(many: int, row: str) -> str:
    return MINIMAL + "".join(row.format(i=i) for i in range(many))


def of_nobody(assumptions: int, costs: int) -> str:
    names = "".join(f"[assumptions.name_{i}]\nvalue = 1\n" for i in range(assumptions))
    return names + "".join(f'[[costs]]\nlabel = "{i}"\nyearly = "nam_{i}"\n' for i in range(costs))


def of_no_line(lines: int, figures: int) -> str:
    costs = "".join(f'[[costs]]\nlabel = "line {i}"\nyearly = 1\n' for i in range(lines))
    return costs + "".join(f'[[reported]]\nwhat = "line:lin {i}"\nvalue = 1\n' for i in range(figures))


UNCERTAIN = '[assumptions.a{i}]\nvalue = 1\nuncertainty = {{ kind = "uniform", low = 0, high = 2 }}\n'
CORRELATED = '[[correlations]]\nbetween = ["a{i}", "a{next}"]\nrank = 0.1\n'

MANY: dict[str, tuple[int, Callable[[int], str]]] = {  # a size, and the text of a size
    "unknown tables": (1_250, lambda n: rows(n, "[a{i}]\nb = 1\n")),
    "unknown keys near a right one": (1_250, lambda n: "".join(f"titl{i} = 1\n" for i in range(n))),
    "unknown lists of tables": (2_500, lambda n: rows(n, "[[aaa]]\nb = {i}\n")),
    "costs with an unknown key": (600, lambda n: rows(n, '[[costs]]\nlabel = "{i}"\nyearly = 1\nyealry = 1\n')),
    "costs of one label": (1_250, lambda n: rows(n, '[[costs]]\nlabel = "a"\nyearly = 1\n')),
    "costs without a label": (1_250, lambda n: rows(n, "[[costs]]\nyearly = 1\n")),
    "costs of nobody": (50, lambda n: MINIMAL + of_nobody(50, n)),  # each wrong name is held against all the right ones
    "assumptions beside costs of nobody": (50, lambda n: MINIMAL + of_nobody(n, 50)),
    "assumptions": (1_250, lambda n: rows(n, "[assumptions.a{i}]\nvalue = 1\n")),
    "correlations": (  # so few that their matrix costs nothing beside them
        25,
        lambda n: rows(n, UNCERTAIN) + "".join(CORRELATED.format(i=i, next=i + 1) for i in range(n - 1)),
    ),
    "figures of no line": (50, lambda n: MINIMAL + of_no_line(50, n)),
    "lines beside figures of none": (50, lambda n: MINIMAL + of_no_line(n, 50)),
    "years in a list": (20_000, lambda n: MINIMAL + "[families.a]\nenter = [" + "1, " * n + "]"),
    "families": (600, lambda n: rows(n, "[families.a{i}]\nenter = 1\n")),
}


@pytest.mark.parametrize("name", MANY)
def test_many_cost_in_proportion_to_their_number(name: str, tmp_path: Path) -> None:
    """Only the loading: what a model of thousands of parts costs is another question."""
    size, made = MANY[name]
    effort.assert_in_proportion(attempt, sized(tmp_path, made), size)


def test_a_byte_order_mark_is_no_problem(written: Callable[[str | bytes], Path]) -> None:
    assert isinstance(survived(written(b"\xef\xbb\xbf" + MINIMAL.encode())), Loaded)


def test_windows_lines_are_no_problem(written: Callable[[str | bytes], Path]) -> None:
    loaded = survived(written(PAPER.read_bytes().replace(b"\n", b"\r\n")))
    assert isinstance(loaded, Loaded)


NAMES = {
    "combining": "kontanthja\u0308lp",
    "right to left": "\u202eעברית العربية",
    "emoji": "👩‍👧",
    "a zero-width space": "a\u200bb",
    "quotes": 'a "b" c',
    "a backslash": "a\\b",
    "dots": "a.b.c",
    "brackets": "a[0]",
    "spaces": "  a  ",
    "a newline": "a\nb",
    "NUL": "a\0b",
    "an escape": "\x1b[31mred",
    "braces": "{given} {0} {}",
    "percent": "%s %d %",
    "a colon": "person_years:adult.home",
    "long": "x" * 10_000,
    "the last letter": "\U0010ffff",
}


def named(name: str) -> str:
    """A scenario whose every name is this."""
    n = quoted(name)
    return f"""{MINIMAL}
[assumptions.{n}]
value = 0.1
label = {n}
[families.{n}]
enter = {n}
members = {{ {n} = 1 }}
[roles.{n}]
start = {n}
line = {n}
area = {n}
[roles.{n}.states]
{n} = {{ monthly = {n} }}
other = {{}}
[[roles.{n}.moves]]
from = {n}
to = "other"
yearly = {n}
climate = {n}
[[costs]]
label = {quoted(name + " cost")}
yearly = {n}
[[reported]]
what = {quoted("line:" + name)}
value = 1
"""


UNSEEN = ("right to left", "a zero-width space", "a newline", "NUL", "an escape")  # what no reader would see as it is


@pytest.mark.parametrize("name", [*UNSEEN, "long"])
def test_a_name_that_is_not_seen_as_it_is_is_refused(name: str, written: Callable[[str | bytes], Path]) -> None:
    found = survived(written(named(NAMES[name])))
    assert isinstance(found, ScenarioError)
    words = "characters; at most" if name == "long" else "a hidden character, U+"
    assert all(words in problem.message for problem in found.problems), [one.message for one in found.problems]
    assert name == "long" or NAMES[name] not in str(found)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in (*UNSEEN, "long")])
def test_a_name_may_be_any_text(name: str, written: Callable[[str | bytes], Path]) -> None:
    loaded = survived(written(named(NAMES[name])))
    assert isinstance(loaded, Loaded), loaded
    changed = survived(written(named(NAMES[name]).replace('to = "other"', 'to = "otter"')))
    assert isinstance(changed, ScenarioError)
    assert [problem.path.endswith("moves[0].to") for problem in changed.problems] == [True]
    assert changed.problems[0].line == named(NAMES[name]).split('to = "other"')[0].count("\n") + 1


@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    survived_soon(temporary(data))


@given(st.text(max_size=300))
def test_random_text(data: str) -> None:
    survived_soon(temporary(data.encode("utf-8")))


PIECES = st.sampled_from([
    "format", "title", "time", "first_year", "years", "roles", "costs", "label", "yearly", "assumptions", "value", "=", "=", ".",
    "[", "]", "[[", "]]", "{", "}", ",", '"', "'", '"""', "\n", "\n", " ", "1", "0.5", "2020", "true", "nan", "1e5", "-", "#",
    "æ", "\t", "\\", "2020-01-01", '"x"',
])  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join), st.booleans())
def test_random_toml(data: str, headed: bool) -> None:
    survived_soon(temporary((MINIMAL * headed + data).encode("utf-8")))


@given(st.integers(0, 3000), st.integers(0, 200), st.text(max_size=5))
@settings(max_examples=150)
def test_the_paper_with_a_piece_cut_out(at: int, length: int, instead: str) -> None:
    source = PAPER.read_text("utf-8").partition("\n[[reported]]")[0]
    at %= len(source)
    survived_soon(temporary((source[:at] + instead + source[at + length :]).encode("utf-8")))


# Trees ---------------------------------------------------------------------------------------------------------------

HARD_NUMBERS = [0, -1, 1, 2, 2**31, 2**63, 2**63 - 1, -(2**63), 10**15, 10**16, 10**400, 0.5, 1.5, -0.0, 1e-320, 5e-324, 1e15,
                1e308, -1e308, math.nan, math.inf, -math.inf, 0.1 + 0.2, 99.999999999]  # fmt: skip
SCALARS = st.one_of(
    st.sampled_from(HARD_NUMBERS),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=20),
    st.sampled_from(
        ["", "15 %", "465.000 kr.", "0.150", "relapse", "job_baseline", "hjemme", "2018-08", "fixed", "nan", "-5"]
    ),
    st.dates(),
    st.datetimes(),
    st.times(),
)
KEYS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["value", "kind", "low", "mode", "high", "mean", "sd", "shape", "baseline", "plus", "times", "both", "months",
                     "drawn", "hazard_ratio", "label", "yearly", "monthly", "uncertainty", "each_year", "from", "to", "p5", "p50"]),
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS, lambda some: st.one_of(st.lists(some, max_size=4), st.dictionaries(KEYS, some, max_size=4)), max_leaves=6
)
UNCERTAINTIES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            ["beta", "pert", "triangular", "uniform", "normal", "lognormal", "gamma", "quantiles", "choices"]
        )
    },
    optional={
        key: st.one_of(st.floats(-2, 2), st.sampled_from(HARD_NUMBERS), st.floats(allow_nan=False))
        for key in (
            "low",
            "mode",
            "high",
            "mean",
            "sd",
            "relative_sd",
            "successes",
            "failures",
            "p5",
            "p50",
            "p95",
            "p99.9",
        )
    }
    | {key: st.lists(st.one_of(st.floats(0, 1), SCALARS), max_size=4) for key in ("values", "weights")},
)


def nodes(node: Any, path: Path_ = ()) -> list[Path_]:
    """The path of everything in a tree."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for key, item in children for found in nodes(item, (*path, key)))]


def paper() -> dict[str, Any]:
    """The paper's scenario, with a few of the paper's figures."""
    tree = tomllib.loads(PAPER.read_text("utf-8"))
    tree["reported"] = tree.get("reported", [])[:2]
    return tree


PLACES = [path for path in nodes(paper()) if path]
KEY_PLACES = [
    *(("assumptions", "relapse", key) for key in ("uncertainty", "each_year", "persistence", "label", "unit", "source")),
    *(("assumptions", "placement_baseline", key) for key in ("uncertainty", "each_year")),
    *(("families", "finishing", key) for key in ("present", "arrivals", "effect_lasts_months", "entering")),
    *(("roles", "child", "moves", 0, key) for key in ("timing", "climate", "yearly", "quarterly", "monthly", "after_months")),
    *(("roles", "adult", "states", "kontanthjælp", key) for key in ("yearly", "line", "area", "cashable")),
    *(("savings", 0, key) for key in ("cashable", "per_family", "area", "number")),
    *((key,) for key in ("money", "correlations", "targets", "reported", "simulation", "municipality", "language")),
    *(("money", key) for key in ("currency", "price_level", "discount_rate", "indexation")),
    *(("simulation", key) for key in ("draws", "seed", "design", "counterfactual")),
]  # fmt: skip


def put(tree: dict[str, Any], path: Path_, value: Any) -> None:
    node: Any = tree
    for i, step in enumerate(path[:-1]):
        if isinstance(node, dict) and step not in node:
            node[step] = [] if isinstance(path[i + 1], int) else {}
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return
    if (isinstance(node, dict) and isinstance(path[-1], str)) or (
        isinstance(node, list) and isinstance(path[-1], int) and path[-1] < len(node)
    ):
        node[path[-1]] = value


def quoted(text: str) -> str:
    """A TOML string."""
    plain = json.dumps(text, ensure_ascii=False)
    return "".join(f"\\u{ord(c):04x}" if ord(c) == 127 else c for c in plain)


def inline(node: Any) -> str:
    if isinstance(node, dict):
        return "{ " + ", ".join(f"{quoted(key)} = {inline(item)}" for key, item in node.items()) + " }"
    if isinstance(node, list):
        return "[" + ", ".join(map(inline, node)) + "]"
    if isinstance(node, bool):
        return str(node).lower()
    if isinstance(node, str):
        return quoted(node)
    if isinstance(node, datetime.date | datetime.time):
        return node.isoformat()
    return repr(node)


def toml(tree: dict[str, Any]) -> str:
    return "".join(f"{quoted(key)} = {inline(item)}\n" for key, item in tree.items())


@pytest.fixture(scope="module", autouse=True)
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    temporary.folder = tmp_path_factory.mktemp("garbage")  # type: ignore[attr-defined]


def temporary(data: bytes) -> Path:
    file: Path = temporary.folder / "scenario.toml"  # type: ignore[attr-defined]
    file.write_bytes(data)
    return file


def test_the_writer_of_trees_is_right() -> None:
    assert tomllib.loads(toml(paper())) == paper()


@given(st.sampled_from(PLACES + KEY_PLACES), ANYTHING)
@settings(max_examples=400)
@example(("time", "years"), 100)
@example(("time", "first_year"), 2200)
@example(("families", "finishing", "enter"), 1e15)
@example(("families", "finishing", "enter"), 5e-324)
@example(("families", "finishing", "effect_lasts_months"), 1e15)
@example(("families", "finishing", "effect_lasts_months"), 0.1)
@example(("roles", "child", "moves", 1, "after_months"), 1e15)
@example(("roles", "child", "moves", 1, "after_months"), 5e-324)
@example(("roles", "child", "moves", 1, "after_months"), {"mean": 1e15, "sd": 1e-300, "shape": "weibull"})
@example(("roles", "child", "moves", 1, "after_months"), {"mean": 1e-300, "sd": 1e15, "shape": "weibull"})
@example(("roles", "child", "moves", 1, "after_months"), {"mean": 1e-300, "sd": 1e15, "shape": "gamma"})
@example(("roles", "child", "moves", 1, "after_months"), {"mean": 1e-300, "sd": 1e15, "shape": "lognormal"})
@example(("roles", "child", "moves", 1, "after_months"), {"baseline": 24, "times": 1e15})
@example(
    ("roles", "adult", "moves", 1), {"from": "kontanthjælp", "to": "selvforsørgelse", "yearly": 0.9999999999999999}
)
@example(("roles", "adult", "moves", 1, "yearly"), {"baseline": 1e-320, "times": 1e15})
@example(
    ("roles", "adult", "moves", 1),
    {"from": "kontanthjælp", "to": "selvforsørgelse", "yearly": {"baseline": 0.5, "hazard_ratio": 1e15}},
)
@example(("roles", "adult", "states", "kontanthjælp", "monthly"), 1e15)
@example(
    ("assumptions", "relapse"),
    {"value": 0.1, "uncertainty": {"kind": "uniform", "low": 0, "high": 1}, "each_year": True},
)
@example(("money",), {"indexation": 0.9999, "discount_rate": -0.4999})
@example(("reported",), [{"what": "person_years:child.anbragt", "value": 1e15}, {"what": "arrivals:.", "value": 0}])
@example(("simulation",), {"draws": 10**12, "seed": 2**63 - 1})
@example(("roles", "adult", "line"), {})
@example(("assumptions", "relapse", "uncertainty"), {"kind": ["normal"]})
@example(("assumptions", "relapse", "uncertainty"), {"kind": {}})
@example(("assumptions", "relapse", "uncertainty"), {"kind": "quantiles", "p5": [1], "p95": {"a": 1}})
@example(("assumptions", "relapse", "uncertainty"), {"kind": "choices", "values": [[1]], "weights": [True]})
@example(("roles", "child", "moves", 1, "after_months"), {"both": {"months": 1}})
@example(("roles", "child", "moves", 1, "after_months"), {"mean": [], "sd": {}, "shape": []})
@example(("roles", "child", "moves", 0, "chance"), {"both": 0.1})
@example(("roles", "child", "start"), {"hjemme": {}})
@example(("costs",), [])
@example(("roles",), {})
@example(("families",), {})
def test_anything_anywhere(place: Path_, value: Any) -> None:
    tree = paper()
    put(tree, place, value)
    survived_soon(temporary(toml(tree).encode("utf-8")))


@given(st.lists(st.tuples(st.sampled_from(PLACES + KEY_PLACES), ANYTHING), min_size=2, max_size=6))
@settings(max_examples=150)
def test_many_things_anywhere(changes: list[tuple[Path_, Any]]) -> None:
    tree = paper()
    for place, value in changes:
        put(tree, place, value)
    survived_soon(temporary(toml(tree).encode("utf-8")))


@given(st.sampled_from(PLACES))
@settings(max_examples=100)
def test_anything_missing(place: Path_) -> None:
    tree = paper()
    node: Any = tree
    for step in place[:-1]:
        node = node[step]
    del node[place[-1]]
    survived_soon(temporary(toml(tree).encode("utf-8")))


@given(st.sampled_from(PLACES), KEYS, ANYTHING)
def test_a_surplus_key_anywhere(place: Path_, key: str, value: Any) -> None:
    tree = paper()
    put(tree, (*place, key), value)
    survived_soon(temporary(toml(tree).encode("utf-8")))


@given(UNCERTAINTIES, st.one_of(st.floats(0, 1), st.lists(st.floats(0, 1), min_size=1, max_size=6)), st.booleans())
@settings(max_examples=250)
@example({"kind": "quantiles", "p5": 0.1, "p50": 0.1000001, "p95": 0.2}, 0.1, False)
@example({"kind": "normal", "mean": 0.5, "sd": 1e-12, "low": 0.0, "high": 1.0}, 0.5, True)
@example({"kind": "lognormal", "mean": 1e-300, "sd": 1e15}, 0.5, False)
@example({"kind": "gamma", "mean": 1e-300, "sd": 1e15}, 0.5, False)
@example({"kind": "beta", "mean": 0.5, "sd": 0.4999}, 0.5, False)
@example({"kind": "beta", "successes": 1e15, "failures": 0}, 0.5, False)
@example({"kind": "pert", "low": -1e15, "mode": 0.0, "high": 1e15}, 0.5, False)
@example({"kind": "choices", "values": [0, 1], "weights": [1e-300, 1]}, 0.5, False)
def test_any_uncertainty(uncertainty: dict[str, Any], value: Any, each_year: bool) -> None:
    """What loads can be computed at its means and drawn from."""
    tree = paper()
    tree["assumptions"]["relapse"] = {"value": value, "uncertainty": uncertainty, "each_year": each_year}
    loaded = survived_soon(temporary(toml(tree).encode("utf-8")))
    if isinstance(loaded, Loaded):
        drawn = Sampler(loaded.scenario).draw("random", 1, Chunk(0, 50, 50))["relapse"]
        assert drawn.shape[0] == 50
        assert all(math.isfinite(x) for x in drawn.ravel())


def test_little_memory_is_enough_for_the_hardest_text(tmp_path: Path) -> None:
    """The dearest files of this page under a limit of the address space."""
    if sys.platform != "linux":
        pytest.skip("no such limit here")
    hard = (
        "deep lists",
        "a long dotted key",
        "many backslashes",
        "many opening tables",
        "a whole number of many digits",
    )
    files = [tmp_path / f"{i}.toml" for i in range(len(hard))]
    for file, name in zip(files, hard, strict=True):
        size, made = LONG[name]
        file.write_text(made(size), encoding="utf-8")
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
        "from simulate.errors import ScenarioError\n"
        "from simulate.scenario import load\n"
        "for file in sys.argv[1:]:\n"
        "    try:\n"
        "        load(file)\n"
        "    except ScenarioError:\n"
        "        pass\n"
        "print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0])\n"
    )
    given = [sys.executable, "-c", program, *map(str, files)]
    done = subprocess.run(given, capture_output=True, text=True, timeout=effort.HANG)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 600_000  # kB
