"""Which files a document becomes: what writes each, what it needs, and whether a file may take the place of what is there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from simulate.answers.report import Report
from simulate.charts.drawn import EXTRA
from simulate.content import BREAK, Bars, Chart, Curve, Document, Dots, Fan, Heading, HeatMap, Histogram, Part
from simulate.errors import InputError
from simulate.figures import held_together
from simulate.files import expanded, named
from simulate.folder import RECORD
from simulate.locale import text
from simulate.scenario import Scenario
from simulate.writers import seal

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

    made = [Heading(line) for line in one.document.footer[-1:]]  # a line of its own, tables or not
    return csv.written([*whole(one.document), *made])


@dataclass(frozen=True, slots=True)
class Form:
    """A form of documents. needs: libraries that are not installed with the program alone."""

    written: Callable[[Rendering], bytes]
    needs: Sequence[str] = ()
    is_ours: Callable[[Path], bool] = seal.is_unchanged


def _has(mark: bytes) -> Callable[[Path], bool]:
    """Whether there is in a file what this program puts into each of its kind; an empty one is nobody's."""
    return lambda file: not file.stat().st_size or mark in file.read_bytes()


FORMS = {
    ".html": Form(_page, ("jinja2", "vl_convert"), _has(b'name="generator" content="provenu')),
    ".docx": Form(_word, ("docx", "vl_convert")),
    ".pdf": Form(_pdf, ("typst", "vl_convert"), _has(b"provenu")),
    ".xlsx": Form(_workbook, ("xlsxwriter",)),
    ".md": Form(_markdown, (), _has(b"simulate report")),
    ".csv": Form(_csv, (), _has(b"simulate report")),
}
"""By the ending of the file's name. What is there already is replaced where it is ours."""
PICTURES = {
    Fan: "fan",
    Curve: "exceedance",
    Histogram: "distribution",
    Bars: "tornado",
    Dots: "dots",
    HeatMap: "heatmap",
}
"""What the picture of each chart is called in a folder."""
DRAWN = _has(b"Provenu Sans")
"""Of an SVG; a PNG is its brother's."""


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

    def pictures(self) -> Iterator[Path]:
        """What is in the folder under the names of pictures."""
        for name in PICTURES.values() if self.is_folder and self.path.is_dir() else ():
            for ending in (".svg", ".png"):
                yield from self.path.glob(f"{name}{ending}")
                yield from self.path.glob(f"{name}-[0-9]*{ending}")


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
    from simulate.writers import word

    word.opened(path)  # what is wrong with it is told before the work
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
    files = [(file, form.is_ours) for file, form in found.files()]
    files += [(file, _is_drawn) for file in found.pictures()]
    return next(filter(None, (_stays(file, is_ours, inputs) for file, is_ours in files)), "")


def _stays(file: Path, is_ours: Callable[[Path], bool], inputs: Sequence[str]) -> str:
    if not file.exists():
        return ""
    if not file.is_file():
        return text("there is a folder in the place of the file")
    if any(os.path.exists(one) and os.path.samefile(file, one) for one in inputs):
        return text("this run reads it")
    if not is_ours(file):
        return text(
            "{file} is there and was not written by this program, or has been changed since; name another file, or move it",
            file=file.name,
        )
    return ""


def _is_drawn(file: Path) -> bool:
    picture = file.with_suffix(".svg")
    return picture.is_file() and DRAWN(picture)


def charts(document: Document) -> dict[str, Chart]:
    """The pictures of a document, by the name of the file of each."""
    found: dict[str, Chart] = {}
    for part in document.parts:
        if isinstance(part, Chart):
            own = PICTURES[type(part)]
            same = sum(name.rstrip("-0123456789") == own for name in found)
            found[f"{own}-{same + 1}" if same else own] = part
    return found


def write(where: Place, one: Rendering) -> Iterator[Path]:
    """All files, made before any is replaced; gives what was written. Pictures that an earlier report had, and this one has not, go. Raises OSError."""
    from simulate.files import replace

    with held_together():
        made = {file: form.written(one) for file, form in where.files()}
    earlier = list(where.pictures())
    if where.is_folder:
        from simulate.charts import drawn

        where.path.mkdir(exist_ok=True)
        for name, chart in charts(one.document).items():
            made[where.path / f"{name}.svg"] = drawn.alone(chart).encode()
            made[where.path / f"{name}.png"] = drawn.png(chart)
    for file, data in made.items():
        replace(file, data)
        yield file
    for file in earlier:
        if file not in made:
            file.unlink(missing_ok=True)
