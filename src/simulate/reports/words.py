"""Sentences that more than one form of a report uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulate.locale import text
from simulate.reports.figures import plain


def not_reproduced(row: Mapping[str, Any]) -> str:
    """row: a figure of the paper, as in the JSON."""
    return text(
        "the paper's {what} ({year}) is {value}, and we get {ours}",
        what=row["what"],
        year=row["year"] or text("total"),
        value=plain(row["value"]),
        ours=plain(row["ours"]),
    )
