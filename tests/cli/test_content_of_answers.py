"""Every number that an answer shows stands in its JSON, in both languages, and every word of it on the screen, however narrow."""

import bisect
import html
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from command import RICH, ROOT, answered, simulate

from simulate import locale
from simulate.analysis.precision import STUDENT
from simulate.content import Part, Sentence, Several, Table, figures
from simulate.figures import cell
from simulate.reports import content
from simulate.scenario import Scenario, load
from simulate.writers import csv, letters, terminal

SCENARIOS = ROOT / "scenarios"
DRAWS = ("--draws", "128")
SILKEBORG, ODENSE = SCENARIOS / "silkeborg.toml", SCENARIOS / "odense.toml"
COMMANDS: dict[str, tuple[str | Path, ...]] = {
    "run": ("run", "RICH"),
    "run, luck added": ("run", "RICH", "--engine", "expected"),
    "run, without luck": ("run", "RICH", "--engine", "expected", "--plain"),
    "run, point": ("run", "RICH", "--engine", "point"),
    "run, plain": ("run", "RICH", "--plain"),
    "run, quarters": ("run", "RICH", "--period", "quarter"),
    "run, precise": ("run", "RICH", "--precision", "8"),
    "run, changed": ("run", SILKEBORG, "--set", "relapse*2"),
    "run, portfolio": ("run", ODENSE),
    "run, portfolio without luck": ("run", ODENSE, "--engine", "expected"),
    "run, no savings": ("run", SCENARIOS / "koebenhavn-faellesborgere.toml"),
    "run, 12 years": ("run", SILKEBORG, "--set", "time.years=12"),
    "run, certain": ("run", SCENARIOS / "silkeborg-paper.toml"),
    "stages": ("stages", SILKEBORG, "--review", "2018", "--stop-if", "selvforsørgelse < 12"),
    "annualise": ("annualise", SILKEBORG, "--quarter", "2018Q1", "--groups", "19"),
    "sensitivity": ("sensitivity", "RICH", "--method", "draws"),
    "threshold": ("threshold", "RICH", "--assumption", "wage,job"),
    "structure": ("structure", "RICH"),
    "compare": ("compare", SILKEBORG, SCENARIOS / "silkeborg-sceptical.toml"),
    "compare, without luck": (
        "compare",
        SILKEBORG,
        SCENARIOS / "silkeborg-sceptical.toml",
        "--engine",
        "expected",
    ),
    "update": ("update", SCENARIOS / "job-og-familie.toml", "--keep", "32", "--max-draws", "1024"),
}

Answer = tuple[str, dict[str, Any], Path, list[str]]


@pytest.fixture(scope="module", params=COMMANDS)
def answer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Answer:
    rich = tmp_path_factory.mktemp("rich") / "rich.toml"
    rich.write_text(RICH, encoding="utf-8")
    name, *arguments = (rich if one == "RICH" else one for one in COMMANDS[request.param])
    done = simulate(str(name), *arguments, *DRAWS, "--json")
    assert done.code == 0, done.err
    changes = [str(after) for before, after in pairwise(arguments) if before == "--set"]
    return str(name), done.json, Path(arguments[0]), changes


def parts(answer: Answer, language: locale.Language) -> list[Part]:
    name, document, file, changes = answer
    locale.use(language)
    scenario: Scenario = load(file, changes, language=language).scenario
    how = {"with_details": True} if name == "run" else {}
    return content(answered(document), scenario, **how)


def numbers(value: Any) -> Iterator[float]:
    """All of a document; the names of percentiles and years are numbers, too."""
    if isinstance(value, dict):
        yield from (float(key) for key in value if key.isdecimal())
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_figure_of_a_sentence_and_of_a_cell_is_in_the_json(answer: Answer, language: locale.Language) -> None:
    known = {abs(value) for value in numbers(answer[1])}
    shown = [(value, part) for part in parts(answer, language) for value in figures(part)]
    assert len(shown) > 8
    lost = [
        (value, part)
        for value, part in shown
        if abs(value) not in known and not any(math.isclose(abs(value), one, rel_tol=1e-12) for one in known)
    ]
    assert lost == []


def texts(value: Any) -> Iterator[str]:
    """All of a document, the names of its tables among them."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def labels(file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8").splitlines():
        if line.startswith(("label", "[assumptions")):
            yield line


def counts(document: dict[str, Any]) -> Iterator[float]:
    """How many there are of something: figures of the paper, the worst courses, assumptions that have moved less."""
    reported = document.get("reported", [])
    yield from (len(reported), sum(row["reproduced"] for row in reported))
    yield round(0.05 * document["run"]["draws"])
    yield from range(len(document.get("moved", [])))


SAID = {
    5,
    50,
    90,
    95,
    100,
    1024,
}  # numbers of the sentences' own: `in 90 of 100 courses`, `P5`, `(95 %)`, the fewest courses
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def test_every_number_in_a_sentence_is_one_of_its_figures_or_of_the_document(answer: Answer) -> None:
    """Each rounded at the last digit that is printed, as an amount, in millions, per cent, or as half of a 95 % interval."""
    _, document, file, _ = answer
    plain = {value for value in numbers(document) if value == round(value)} | SAID | set(counts(document))
    named = set(NUMBER.findall(" ".join([*texts(document), *labels(file)])))
    for sentence in parts(answer, "en"):
        if not isinstance(sentence, Sentence):
            continue
        for written in NUMBER.findall(sentence):
            value = float(written.replace(",", "").rstrip("."))
            digits = len(written.partition(".")[2]) or -(len(written) - len(written.rstrip("0,").replace(",", "")))
            step = 10.0**-digits
            shown = any(
                abs(abs(figure) * scale - value) <= 0.5001 * step or math.isclose(abs(figure) * scale, value)
                for figure in sentence.figures
                for scale in (1, 100, 1e-6, STUDENT, 100 * STUDENT)
            )
            assert shown or value in plain or written in named, (written, sentence)


@pytest.mark.parametrize("width", [60, 100, 200])
@pytest.mark.parametrize("language", ["da", "en"])
def test_nothing_is_cut_and_nothing_is_wider_than_the_terminal(
    answer: Answer, language: locale.Language, width: int
) -> None:
    for part in parts(answer, language):
        lines = terminal.lines(part, width)
        assert max(map(len, lines)) <= width
        if isinstance(part, Table):
            words = " ".join(lines).split()
            for row in part.rows:
                for item in row.cells:
                    assert set(cell(item, part.scale).split()) <= set(words), row


def of_the_docs() -> Any:
    """The writer in architecture.md."""
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    source = re.search(r"### A writer of your own\n.*?```python\n(.*?)```", page, re.S)
    assert source is not None
    found: dict[str, Any] = {}
    exec(source[1], found)
    return found["written"]


def test_the_writer_of_the_docs_shows_all_of_every_answer(answer: Answer) -> None:
    """Each sentence and cell, in their order, from the content alone."""
    every = parts(answer, "da")
    page = html.unescape(of_the_docs()(every))
    at = 0
    for part in every:
        cells = [cell(item, part.scale) for one in part.rows for item in one.cells] if isinstance(part, Table) else []
        for words in cells or ([part] if isinstance(part, str) else []):
            at = page.index(words, at) + len(words)


def test_the_docs_make_content_of_a_document(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    writer, reader = re.findall(r"```python\n(.*?)```", page.partition("### A writer of your own")[2], re.S)[:2]
    (tmp_path / "a.toml").write_bytes(SILKEBORG.read_bytes())
    done = simulate("structure", SILKEBORG, *DRAWS, "--json")
    (tmp_path / "answer.json").write_text(done.out, "utf-8")
    monkeypatch.chdir(tmp_path)
    exec(writer + reader, {})
    assert "<h1>Vi Vil Mere, Silkeborg · 2017-2021" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["da", "en"])
def test_columns_do_not_touch(answer: Answer, language: locale.Language) -> None:
    """Between any two columns of numbers stand two blanks in every line."""
    for part in parts(answer, language):
        if isinstance(part, Table):
            lines = terminal.lines(letters.drawn(part), 200)
            rule = next(line for line in lines if set(line) <= {"-", " "} and line)
            gaps = [i for i in range(1, len(rule)) if rule[i - 1 : i + 1] == "  "]
            body = lines[lines.index(rule) + 1 :]
            assert all(
                line[i - 1 : i + 1].strip() == "" for line in [lines[lines.index(rule) - 1], *body] for i in gaps
            )


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_spreadsheet_gets_every_figure_of_a_table_as_a_number(answer: Answer, language: locale.Language) -> None:
    """Each with a unit, or a factor; only bounds are words (`below 0.3%`, `at least 3`), so that nobody takes them for what was found."""
    known = sorted({abs(value) for value in numbers(answer[1])})
    for part in parts(answer, language):
        if not isinstance(part, Table):
            continue
        for item in (item for one in part.rows for item in one.cells):
            bound = re.match("under|below|mindst|at least", item) if isinstance(item, Sentence) else None
            assert isinstance(item, Several) or not (isinstance(item, Sentence) and item.figures) or bound, item
        written = csv.written([part]).decode("utf-8-sig").splitlines()
        found = [one.strip('"') for line in written for one in re.split(r"[;,]" if language == "en" else ";", line)]
        plain = [one.replace(",", ".") for one in found if re.fullmatch(r"-?\d+([.,]\d+)?", one)]
        for value in (abs(float(one)) for one in plain if not re.fullmatch(r"20\d\d", one)):
            near = known[max(bisect.bisect_left(known, value) - 1, 0) :][:2]
            assert any(math.isclose(value, one, rel_tol=1e-13, abs_tol=1e-6) for one in near), value
