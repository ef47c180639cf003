"""The outputs in README and docs are what the commands print today."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulate.cli.app import app

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"```console\n(.*?)```", re.S)


def blocks() -> list[tuple[str, str, str]]:
    """(file, command, output) of every console block that shows one command and what it prints."""
    found = []
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for block in BLOCK.findall(file.read_text("utf-8")):
            first, _, rest = block.partition("\n")
            if first.startswith("$ scripts/simulate ") and rest.strip() and "\n$ " not in block:
                found.append((file.name, first.removeprefix("$ scripts/simulate "), rest))
    return found


def test_there_are_examples() -> None:
    assert {file for file, _, _ in blocks()} >= {"README.md", "silkeborg.md"}


@pytest.mark.parametrize(("file", "command", "shown"), blocks())
def test_output_is_as_shown(file: str, command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, shlex.split(command))
    printed = [line.rstrip() for line in result.output.strip().split("\n")]
    expected = [line.rstrip() for line in shown.strip().split("\n")]
    if expected[-1] == "...":  # the beginning is enough
        expected = expected[:-1]
        printed = printed[: len(expected)]
    assert printed == expected
