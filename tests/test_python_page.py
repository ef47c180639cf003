"""docs/python.md runs as it stands, from its first line to its last, also as a notebook.

    python tests/test_python_page.py

writes what its examples print anew, after a change that means to change it.
"""

import contextlib
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "python.md"
BLOCK = re.compile(r"```python\n(.*?)```\n(?:```text\n(.*?)```\n)?", re.S)


class Example(NamedTuple):
    """What it prints: None where nothing is shown of it."""

    code: str
    shown: str | None


def examples() -> list[Example]:
    return [Example(*found) for found in BLOCK.findall(PAGE.read_text("utf-8"))]


def texts() -> list[str]:
    """What stands between them."""
    return BLOCK.sub("\0", PAGE.read_text("utf-8")).split("\0")


def printed(found: list[Example]) -> Iterator[str]:
    """What each prints, one after the other in the same session."""
    known: dict[str, Any] = {}
    for one in found:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(one.code, str(PAGE), "exec"), known)
        yield out.getvalue()


@contextlib.contextmanager
def elsewhere(folder: Path) -> Iterator[None]:
    """In a folder that has the scenarios, and into which pictures may be written; in the language that a process begins with."""
    from simulate import locale

    before = os.getcwd(), locale.language()
    (folder / "scenarios").symlink_to(ROOT / "scenarios", target_is_directory=True)
    os.chdir(folder)
    locale.use("da")
    try:
        yield
    finally:
        os.chdir(before[0])
        locale.use(before[1])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    with elsewhere(tmp_path):
        yield tmp_path


def test_the_page_has_its_examples() -> None:
    code = "".join(one.code for one in examples())
    for part in (
        "simulate.load",
        ".dataset()",
        "fill_between",
        "scatter",
        "with_",
        "InputError",
        "compare",
        "threshold",
    ):
        assert part in code
    assert sum(bool(one.shown) for one in examples()) >= 7


def test_every_example_prints_what_is_shown(folder: Path) -> None:
    found = examples()
    for one, said in zip(found, printed(found), strict=True):
        assert said == (one.shown or ""), one.code
    for picture in ("fan.png", "scatter.png"):
        assert (folder / picture).read_bytes().startswith(b"\x89PNG")


def test_every_answer_of_the_page_is_named_in_its_table() -> None:
    import simulate
    from simulate.answers.labelled import TABLES

    rows = re.findall(r"^\| `(\w+)", PAGE.read_text("utf-8"), re.M)
    assert set(rows) == (set(TABLES) - {"point"}) | {"run"}
    assert set(rows) <= set(simulate.__all__)


def test_the_page_runs_as_a_notebook(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same session in Jupyter's own process: it prints the same, and the answer shows itself as a page."""
    import nbformat
    from nbclient import NotebookClient

    for variable in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(variable, str(folder / variable))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    book, found = nbformat.v4.new_notebook(), examples()
    for before, one in zip(texts(), found, strict=False):
        book.cells += [nbformat.v4.new_markdown_cell(before), nbformat.v4.new_code_cell(one.code)]
    client = NotebookClient(book, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute()  # which ends the process at the end
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    for cell, one in zip(cells, found, strict=True):
        said = "".join(out.text for out in cell.outputs if out.output_type == "stream" and out.name == "stdout")
        assert said == (one.shown or ""), one.code
    pages = [out.data["text/html"] for cell in cells for out in cell.outputs if out.output_type == "execute_result"]
    assert len(pages) == 1
    assert "<h3>Vi Vil Mere, Silkeborg" in pages[0]
    assert "The business case" in pages[0]


def renew() -> None:
    os.environ["MPLBACKEND"] = "agg"
    text, found = PAGE.read_text("utf-8"), examples()
    with tempfile.TemporaryDirectory() as name, elsewhere(Path(name)):
        said = list(printed(found))
    for one, now in zip(found, said, strict=True):
        shown = f"```text\n{now}```\n" if now else ""
        before = f"```python\n{one.code}```\n" + ("" if one.shown is None else f"```text\n{one.shown}```\n")
        text = text.replace(before, f"```python\n{one.code}```\n{shown}")
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "src"))
    renew()
