"""What a budget comes to where its rows do not vary each for itself: the other end, and which of the two to believe."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.together import AllTogether
from simulate.content import Sentence
from simulate.figures import chance, of_100, short
from simulate.locale import text
from simulate.reports.words import BANDS


def sentences(found: AllTogether | None, currency: str) -> Iterator[Sentence]:
    """Nothing where it is not known."""
    if found is None:
        return
    low, _, high = (short(found.percentiles[p], currency) for p in BANDS)
    yield text(
        "Each uncertain number varies for itself here. Where they all go well together and ill together, the programme breaks even in {of} of 100 courses ({chance}), and "
        "in 90 of 100 the provenu lies between {low} and {high}.",
        of=of_100(found.probability), chance=chance(found.probability), low=low, high=high,
    )  # fmt: skip
    yield text("What makes one row dearer often does so with others: rows that vary each for itself even each other out, and their band is too narrow. The truth mostly lies between the two.")  # fmt: skip
