"""The pages and pictures in docs/reports say what the program says today.

    scripts/reports

makes them anew, after a change that means to change them.
"""

import contextlib
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulate import locale
from simulate.cli.app import app

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reports"
BLOCK = re.compile(r"```console\n(.*?)```", re.S)
OUT = re.compile(r"--out (\S+\.(?:html|svg))$")
MADE = "1795824000"  # 28 November 2026: the day that all of them bear
SKIPPED = ("style", "script")


def groups() -> list[list[str]]:
    """The commands of each block, of which later ones read what earlier ones wrote."""
    found = BLOCK.findall((FOLDER / "README.md").read_text("utf-8"))
    return [re.findall(r"^\$ scripts/simulate (.*)$", block, re.M) for block in found]


def written(commands: list[str]) -> list[str]:
    """The files among what they write that are kept."""
    return [found[1] for command in commands if (found := OUT.search(command))]


@contextlib.contextmanager
def made(commands: list[str]) -> Iterator[Path]:
    """A folder in which they were given, by somebody who has said no language, on that day."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), pytest.MonkeyPatch.context() as patch:
        os.symlink(ROOT / "scenarios", "scenarios")
        patch.setenv("SOURCE_DATE_EPOCH", MADE)
        for command in commands:
            given = shlex.split(command)
            patch.setattr(sys, "argv", ["simulate", *given])
            done = CliRunner().invoke(app, given)
            assert done.exit_code == 0, f"{command}: {done.output}"
        yield Path(folder)


class Words(HTMLParser):
    """All that is read of a page or a picture: texts, and what is said to those who do not see."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within = tag
        self.found += [value for name, value in attrs if name in ("alt", "aria-label") and value]

    def handle_endtag(self, tag: str) -> None:
        self.within = ""

    def handle_data(self, data: str) -> None:
        if data.strip() and self.within not in SKIPPED:
            self.found.append(" ".join(data.split(" ")).strip("\n"))


def words(file: Path) -> list[str]:
    reader = Words()
    reader.feed(file.read_text("utf-8"))
    reader.close()
    return reader.found


def of_minutes(commands: list[str]) -> bool:
    return any("--full" in one or one.startswith("sweep ") for one in commands)


@pytest.mark.parametrize(
    "commands",
    [
        pytest.param(one, id=written(one)[0], marks=[pytest.mark.slow] if of_minutes(one) else [])
        for one in groups()
    ],
)  # fmt: skip
def test_they_say_what_the_program_says(commands: list[str]) -> None:
    with made(commands) as folder:
        for name in written(commands):
            assert words(FOLDER / name) == words(folder / name), f"{name}: scripts/reports makes it anew"


def test_each_has_its_command() -> None:
    names = [name for commands in groups() for name in written(commands)]
    assert sorted([*names, "README.md"]) == sorted(one.name for one in FOLDER.iterdir())


def test_the_folder_is_small() -> None:
    assert sum(one.stat().st_size for one in FOLDER.iterdir()) < 2_000_000


def test_words_are_found() -> None:
    """Else the first test proved nothing."""
    said = " ".join(words(FOLDER / "silkeborg-da.html")).replace("\u00a0", " ")
    for part in ("23 af 100", "28. november 2026", "I alt", "Mereffekt"):
        assert part in said
    assert "{" not in said
    assert "Break-even" in words(FOLDER / "silkeborg-fan-en.svg")


def renew() -> None:
    locale.use("da")
    for old in FOLDER.glob("*.*"):
        if old.name != "README.md":
            old.unlink()
    for commands in groups():
        with made(commands) as folder:
            for name in written(commands):
                shutil.copy(folder / name, FOLDER / name)


if __name__ == "__main__":
    renew()
