"""A document as one page of HTML: nothing in it is fetched from outside."""

from __future__ import annotations

from html import escape

from simulate.charts import drawn
from simulate.content import Chart, Document, Part
from simulate.writers import html


def written(document: Document) -> str:
    """The whole page."""
    body: list[str] = []
    told: list[Part] = []
    for part in document.parts:
        if isinstance(part, Chart):
            body += [html.written(told), f"<figure>{drawn.svg(part)}</figure>"]
            told = []
        else:
            told.append(part)
    body.append(html.written(told))
    footer = html.written(list[Part](document.footer))
    return (
        f'<!doctype html><html lang="{document.language}"><head><meta charset="utf-8"><title>{escape(document.title)}</title></head>'
        f"<body><main><h1>{escape(document.title)}</h1>{''.join(body)}</main><footer>{footer}</footer></body></html>\n"
    )
