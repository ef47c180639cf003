"""What documents of format 1 begin with."""

from __future__ import annotations

from typing import Any

from simulate.answers import base, paper
from simulate.answers.run import PERCENTILES
from simulate.engine import Result
from simulate.scenario import Loaded

__all__ = ["PERCENTILES", "head", "warnings"]


def head(result: Result, loaded: Loaded) -> dict[str, Any]:
    case, options = (base.plain(one) for one in base.head(result, loaded))
    return {"format": 1, "scenario": case, "run": options}


def warnings(rows: list[Any], loaded: Loaded) -> list[str]:
    return paper.warnings(loaded)
