"""Charts drawn by vl-convert, which needs neither a browser nor a network: each once, for all formats."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from functools import cache, lru_cache
from types import ModuleType

from simulate.charts import sketch as small
from simulate.charts.lettering import FAMILY, FOLDER
from simulate.charts.spec import Shape, spec
from simulate.content import Chart, Sketch
from simulate.errors import InputError
from simulate.locale import text

EXTRA = 'pip install "provenu[report]"'
KEPT = 64  # pictures
PPI = 220  # of pictures in pixels: of a print
POINTS = 72 / 96  # in a pixel of the specification


def svg(chart: Chart, shape: Shape = "column") -> str:
    """A picture that stands in a page: what is in it is called by names that no other picture has."""
    return _svg(_key(chart, shape))


def png(chart: Chart, shape: Shape = "column", ppi: int = PPI) -> bytes:
    """ppi: pixels an inch."""
    return _png(_key(chart, shape), ppi)


def pdf(chart: Chart, shape: Shape = "column") -> bytes:
    return _pdf(_key(chart, shape))


def alone(chart: Chart, shape: Shape = "column") -> str:
    """A picture that is a file: it has its font and says what it shows."""
    from html import escape

    head, rest = svg(chart, shape).split(">", 1)
    told = escape(chart.alt or chart.title)
    return f'{head} role="img" aria-label="{told}"><title>{told}</title><style>{font_faces()}</style>{rest}\n'


def sketch(one: Sketch) -> str:
    """What stands in a cell of a table, as SVG."""
    return small.svg(one)


def sketch_png(one: Sketch, ppi: int = PPI) -> bytes:
    return _small_png(small.svg(one), ppi)


@cache
def font_faces() -> str:
    """The fonts as they stand in a style sheet, so that a browser has them, too."""
    return "".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};"
        f"src:url(data:font/woff;base64,{b64encode((FOLDER / f'ProvenuSans-{name}.woff').read_bytes()).decode()})}}"
        for name, weight in (("Regular", "normal"), ("Bold", "bold"))
    )


def bundle(snippet: str | None = None) -> str:
    """The library that shows interactive specifications in a browser, as one script. snippet: what it does; None: `vegaEmbed` is there for other scripts."""
    found: str = _library().javascript_bundle(snippet)
    return found


def _key(chart: Chart, shape: Shape) -> str:
    """The specification as text: it has all that a picture depends on, its language too."""
    return json.dumps(spec(chart, shape), ensure_ascii=False, allow_nan=False)


@lru_cache(KEPT)
def _svg(made: str) -> str:
    found: str = _library().vegalite_to_svg(made)
    return _own_names(_TAG.sub(lambda tag: _SPOKEN.sub("", tag[0]), found), made)


@lru_cache(KEPT)
def _png(made: str, ppi: int) -> bytes:
    found: bytes = _library().svg_to_png(_svg(made), scale=POINTS, ppi=ppi)
    return found


@lru_cache(KEPT)
def _small_png(made: str, ppi: int) -> bytes:
    found: bytes = _library().svg_to_png(made, scale=POINTS, ppi=ppi)
    return found


@lru_cache(KEPT)
def _pdf(made: str) -> bytes:
    found: bytes = _library().svg_to_pdf(_SIZE.sub(_in_points, _svg(made), count=1))
    return found


def _in_points(size: re.Match[str]) -> str:
    """A unit of a picture is a point of a page."""
    return " ".join(f'{name}="{POINTS * float(size[name]):g}"' for name in ("width", "height"))


_SIZE = re.compile(r'width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"')
_TAG = re.compile(r"<[^>]*>")
_SPOKEN = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')  # what the library says of its parts is English
_NAME = re.compile(r'(\bid="|url\(#|href="#)')


def _own_names(picture: str, made: str) -> str:
    """Names within a picture, of clips and shades, that no other one in the same page has."""
    own = hashlib.sha256(made.encode()).hexdigest()[:8]
    return _TAG.sub(lambda tag: _NAME.sub(rf"\g<1>p{own}-", tag[0]), picture)


@cache
def _library() -> ModuleType:
    """With the fonts of the package. Raises InputError where it is not installed."""
    try:
        import vl_convert
    except ImportError:
        raise InputError(text("this needs libraries that are not installed: {install}", install=EXTRA)) from None
    vl_convert.register_font_directory(str(FOLDER))
    return vl_convert
