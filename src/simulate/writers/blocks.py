"""Parts of a document as blocks, for forms that have paragraphs: sentences that stand together are one, and what is indented is a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simulate.content import BREAK, Chart, Heading, Note, Part, Sentence, Table


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line for each sentence."""

    lines: list[Sentence]


@dataclass(frozen=True, slots=True)
class Listed:
    """The items of a list."""

    items: list[str]


Block = Paragraph | Listed | Note | Heading | Table | Chart


def blocks(parts: Iterable[Part]) -> Iterator[Block]:
    """In their order."""
    sentences: list[Sentence] = []
    for part in parts:
        if isinstance(part, Sentence) and part != BREAK and not isinstance(part, Note):
            if sentences and sentences[-1].startswith(" ") != part.startswith(" "):
                yield from _together(sentences)
            sentences.append(part)
            continue
        yield from _together(sentences)
        if part != BREAK:
            assert isinstance(part, Note | Heading | Table | Chart)
            yield part
    yield from _together(sentences)


def _together(sentences: list[Sentence]) -> Iterator[Block]:
    """What has been gathered, which begins anew."""
    if sentences:
        is_list = sentences[0].startswith(" ")
        yield Listed([one.strip(" ") for one in sentences]) if is_list else Paragraph(list(sentences))
    sentences.clear()
