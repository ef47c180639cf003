"""Which files a document becomes: what writes each, what it needs, and whether a file may take the place of what is there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from simulate.answers.report import Report
from simulate.content import BREAK, Chart, Document, Heading, Part
from simulate.errors import InputError
from simulate.figures import held_together
from simulate.files import expanded, named
from simulate.folder import RECORD
from simulate.locale import text
from simulate.scenario import Scenario
from simulate.writers import seal

EXTRA = 'pip install "provenu[report]"'
NAME = "report"
"""Of the files in a folder."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """What is written. report, scenario: of a case, whose workbook follows the sums; None of anything else. interactive: of the page; template: a Word
    document whose look is taken."""

    document: Document
    report: Report | None = None
    scenario: Scenario | None = None
    interactive: bool = False
    template: Path | None = None


def whole(document: Document) -> list[Part]:
    """For forms that have no place of their own for its title and for how it was made."""
    return [Heading(document.title), BREAK, *document.parts, *document.footer]


def _page(one: Rendering) -> bytes:
    from simulate.writers import page

    return page.written(one.document, one.interactive).encode()


def _word(one: Rendering) -> bytes:
    from simulate.writers import word

    return seal.sealed(word.written(one.document, one.template))


def _pdf(one: Rendering) -> bytes:
    from simulate.writers import pdf

    return pdf.written(one.document)


def _workbook(one: Rendering) -> bytes:
    from simulate.writers import workbook

    return seal.sealed(workbook.written(one.document, one.report, one.scenario))


def _markdown(one: Rendering) -> bytes:
    from simulate.writers import markdown

    return markdown.written(whole(one.document)).encode()


def _csv(one: Rendering) -> bytes:
    from simulate.writers import csv

    return csv.written(whole(one.document))


@dataclass(frozen=True, slots=True)
class Form:
    """A form of documents. needs: libraries that are not installed with the program alone."""

    written: Callable[[Rendering], bytes]
    needs: Sequence[str] = ()


FORMS = {
    ".html": Form(_page, ("jinja2", "vl_convert")),
    ".docx": Form(_word, ("docx", "vl_convert")),
    ".pdf": Form(_pdf, ("typst", "vl_convert")),
    ".xlsx": Form(_workbook, ("xlsxwriter",)),
    ".md": Form(_markdown),
    ".csv": Form(_csv),
}
"""By the ending of the file's name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document goes: a file, or a folder for all forms and the pictures."""

    path: Path
    is_folder: bool

    def files(self) -> Iterator[tuple[Path, Form]]:
        """What is written there, beside the pictures."""
        if not self.is_folder:
            yield self.path, FORMS[self.path.suffix.lower()]
            return
        for ending, form in FORMS.items():
            yield self.path / f"{NAME}{ending}", form


def place(name: str, inputs: Sequence[str] = ()) -> Place:
    """Where --out says. inputs: files that are read. Raises InputError, before any work, for what cannot be written."""
    path = Path(os.path.realpath(expanded(name)))
    found = Place(path, path.is_dir() or not path.suffix)
    if why := _why_not(name, found) or _missing(found) or _is_kept(found, inputs):
        raise InputError(f"--out {named(name)}: {why}")
    return found


def template(name: str | os.PathLike[str] | None) -> Path | None:
    """A Word document whose look is taken. Raises InputError where there is none of that name."""
    if name is None:
        return None
    path = Path(expanded(os.fspath(name)))
    if path.suffix.lower() not in (".docx", ".dotx") or not path.is_file():
        raise InputError(text("--template {file}: there is no Word document of that name", file=named(os.fspath(name))))
    return path


def _why_not(name: str, found: Place) -> str:
    path = found.path
    if not name.strip():
        return text("the name is empty")
    if not found.is_folder and (path.suffix.lower() not in FORMS or not path.stem):
        return text("the name must end in one of {endings}, or be that of a folder", endings=", ".join(FORMS))
    if found.is_folder and path.exists() and not path.is_dir():
        return text("there is a file in the place of the folder")
    if any((folder / RECORD).exists() for folder in (path, path.parent)):
        return text("the folder of a stored run holds its own files alone; name another place")
    above = path if path.is_dir() else path.parent
    if not above.is_dir():
        return text("there is no such folder")
    if not os.access(above, os.W_OK):
        return text("this account may not write there")
    return ""


def _missing(found: Place) -> str:
    missing = [name for _, form in found.files() for name in form.needs if find_spec(name) is None]
    return text("this needs libraries that are not installed: {install}", install=EXTRA) if missing else ""


def _is_kept(found: Place, inputs: Sequence[str]) -> str:
    """Why what is there may not be replaced."""
    return next(filter(None, (_stays(file, inputs) for file, _ in found.files())), "")


def _stays(file: Path, inputs: Sequence[str]) -> str:
    if not file.exists():
        return ""
    if not file.is_file():
        return text("there is a folder in the place of the file")
    if any(os.path.exists(one) and os.path.samefile(file, one) for one in inputs):
        return text("this run reads it")
    if file.suffix.lower() in (".docx", ".xlsx") and not seal.is_unchanged(file):
        return text(
            "{file} is there and was not written by this program, or has been changed since; name another file, or move it",
            file=file.name,
        )
    return ""


def charts(document: Document) -> dict[str, Chart]:
    """The pictures of a document, by the name of the file of each."""
    found: dict[str, Chart] = {}
    for part in document.parts:
        if isinstance(part, Chart):
            kind = type(part).__name__.lower()
            found[f"{kind}-{len(found) + 1}"] = part
    return found


def write(where: Place, one: Rendering) -> Iterator[Path]:
    """All files, each whole or not at all; gives what was written. Raises OSError."""
    from simulate.files import replace

    if where.is_folder:
        where.path.mkdir(exist_ok=True)
    for file, form in where.files():
        with held_together():
            written = form.written(one)
        replace(file, written)
        yield file
    if where.is_folder:
        from simulate.charts import drawn

        for name, chart in charts(one.document).items():
            for ending, picture in ((".svg", drawn.alone(chart).encode()), (".png", drawn.png(chart))):
                replace(where.path / f"{name}{ending}", picture)
                yield where.path / f"{name}{ending}"
