"""Every file of tests/broken has exactly the problems (or the warnings) that the comments at its top say.

`# expect: LINE PATH | WORDS` for a problem, `# warns: ...` for a warning: PATH is `-` where there is none, WORDS a part of the
message in English.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from simulate.errors import Problem, ScenarioError
from simulate.scenario import load

FOLDER = Path(__file__).parent.parent / "broken"
FILES = sorted(FOLDER.glob("*.toml"))
SAID = re.compile(r"# (?P<kind>expect|warns): (?P<line>\d+) (?P<path>.+?) \| (?P<words>.*)")


class Said(NamedTuple):
    line: int
    path: str
    words: str


def said(file: Path, kind: str) -> list[Said]:
    """What the comments at the top of a file promise."""
    found = []
    for row in file.read_text("utf-8").split("\n"):
        if not row.startswith("#"):
            break
        match = SAID.fullmatch(row.rstrip())
        assert match, f"{file.name}: {row}"
        if match["kind"] == kind:
            path = "" if match["path"] == "-" else match["path"]
            found.append(Said(int(match["line"]), path, match["words"]))
    return found


def found(file: Path) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """(problems, warnings) of a file."""
    try:
        return (), load(file, language="en").warnings
    except ScenarioError as error:
        return error.problems, ()


def assert_said(problems: tuple[Problem, ...], promised: list[Said]) -> None:
    places = sorted((problem.line, problem.path) for problem in problems)
    assert places == sorted((line, path) for line, path, _ in promised), problems
    for line, path, words in promised:
        messages = [problem.message for problem in problems if (problem.line, problem.path) == (line, path)]
        assert any(words in message for message in messages), (words, messages)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_file_gets_all_its_problems_and_no_other(file: Path) -> None:
    problems, warnings = found(file)
    expected, warned = said(file, "expect"), said(file, "warns")
    assert expected or warned
    assert_said(problems, expected)
    assert_said(warnings, warned)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_messages_are_words_for_people(file: Path) -> None:
    for problem in (*(found(file)[0]), *(found(file)[1])):
        shown = problem.at("f.toml")
        assert "\n" not in shown
        assert "{" not in re.sub(r"\{ (kind = .pert|weeks = \[4|share = .20|months = 6).*? \}", "", shown)
        assert not re.search(r"pydantic|Literal\(|<class|None|Traceback|\bdict\b|\bfloat\b|True|False", shown), shown
        assert len(shown) < 400


def test_the_folder_is_found() -> None:
    assert len(FILES) > 150


TYPED = re.compile(
    r"`[^`]*`|\"[^\"]*\"|\[[^]]*\]|(læses som|ellers) [\d.]+"
)  # what a file has, or may have: points in every language


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_numbers_in_danish_messages_have_a_decimal_comma(file: Path) -> None:
    try:
        problems = load(file, language="da").warnings
    except ScenarioError as error:
        problems = error.problems
    for one in problems:
        assert not re.search(r"\d\.\d(?!\d\d(\D|$))", TYPED.sub("", one.message)), one.message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("chance-above-1", "1,4 er ikke en sandsynlighed"),
        ("correlation-above-1", "1,2 er uden for det tilladte"),
        ("enter-negative", "-1 er negativ"),
    ],
)
def test_a_number_in_danish(name: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        load(FOLDER / f"{name}.toml", language="da")
