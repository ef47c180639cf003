"""The outputs in README and docs are what the commands print today.

    python tests/test_readme.py

writes them anew, after a change that means to change them.
"""

import contextlib
import os
import re
import shlex
import sys
import tempfile
from pathlib import Path

import pytest
from test_finished_reports import MADE
from typer.testing import CliRunner

from simulate.cli.app import app

ROOT = Path(__file__).parent.parent
LONG = ("annualise", "report", "sensitivity", "structure", "threshold", "update")  # many runs each
BLOCK = re.compile(r"```console\n(.*?)```", re.S)
TIME = re.compile(r"What a report shows beside the run takes about \d+ (seconds|minutes) more\.")  # as the machine is
LINK = re.compile(r"\]\(([^)\s]+)\)")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))


def blocks() -> list[tuple[str, str, str]]:
    """(file, command, output) of every console block that shows one command and what it prints."""
    found = []
    for file in PAGES:
        for block in BLOCK.findall(file.read_text("utf-8")):
            first, _, rest = block.partition("\n")
            if first.startswith("$ scripts/simulate ") and rest and "\n$ " not in block:
                found.append((file.name, first.removeprefix("$ scripts/simulate "), rest))
    return found


def test_there_are_examples() -> None:
    assert {file for file, _, _ in blocks()} >= {"README.md", "tour.md", "silkeborg.md"}


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 200


def anchors(file: Path) -> set[str]:
    """Of its headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", file.read_text("utf-8"), flags=re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize(
    "page", [*PAGES, *(ROOT / "docs" / "reports").glob("*.md")], ids=lambda page: str(page.relative_to(ROOT))
)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)):
        if not link.startswith(("http:", "https:")):
            name, _, anchor = link.partition("#")
            file = page.parent / name if name else page
            assert file.exists(), link
            assert not anchor or anchor in anchors(file), link


def test_from_nothing_to_a_word_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """README's commands, but for the first, which installs."""
    [block] = [one for one in BLOCK.findall((ROOT / "README.md").read_text("utf-8")) if "pipx install" in one]
    first, *commands = block.strip().split("\n")
    assert first == '$ pipx install ".[report]"'
    assert len(commands) == 3
    monkeypatch.chdir(tmp_path)
    for command in commands:
        done = CliRunner().invoke(app, shlex.split(command.removeprefix("$ simulate ")))
        assert done.exit_code == 0, f"{command}: {done.output}"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["my-case.docx", "my-case.xlsx"]


@pytest.mark.parametrize(
    ("file", "command", "shown"),
    [pytest.param(*block, marks=pytest.mark.slow) if block[1].startswith(LONG) else block for block in blocks()],
)
def test_output_is_as_shown(file: str, command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    expected = [line.rstrip() for line in shown.strip().split("\n")]
    assert printed(command, expected) == expected


def printed(command: str, shown: list[str]) -> list[str]:
    """What a command prints now; only as much as is shown, where that ends with `...`. What a sweep writes goes into a folder of its own."""
    if command.startswith("sweep"):
        with tempfile.TemporaryDirectory() as folder:
            os.symlink(ROOT / "scenarios", Path(folder) / "scenarios")
            with contextlib.chdir(folder):
                for _, before, _ in blocks():  # whose table a later one reads
                    if before.startswith("sweep ") and not command.startswith("sweep "):
                        assert CliRunner().invoke(app, shlex.split(before)).exit_code == 0, before
                return _lines(command, shown)
    return _lines(command, shown)


def _lines(command: str, shown: list[str]) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:  # what a report bears: its day, and the command that makes it again
        patch.setenv("SOURCE_DATE_EPOCH", MADE)
        patch.setattr(sys, "argv", ["simulate", *shlex.split(command)])
        result = CliRunner().invoke(app, shlex.split(command))
    assert result.exit_code == 0, f"{command}: {result.output}"
    told = [line for line in result.output.strip().split("\n") if not TIME.fullmatch(line)]
    lines = [line.rstrip() for line in told]
    return [*lines[: len(shown) - 1], "..."] if shown[-1] == "..." else lines


def renew() -> None:
    os.chdir(ROOT)
    for name, command, shown in blocks():
        file = ROOT / name if name == "README.md" else ROOT / "docs" / name
        before = f"$ scripts/simulate {command}\n{shown}"
        after = f"$ scripts/simulate {command}\n" + "\n".join(printed(command, shown.strip().split("\n"))) + "\n"
        file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")


if __name__ == "__main__":
    renew()
