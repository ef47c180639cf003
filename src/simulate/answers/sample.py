"""Some of a run's draws, to look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.answers.base import Section
from simulate.engine import Result
from simulate.names import BLOCKS
from simulate.sampling import Chunk

EACH = 13  # of every block: some 200

Value = float | list[float]
"""A number, or one for each year."""


@dataclass(frozen=True, repr=False)
class Sampled(Section):
    """The first draws of every block. luck: whether their kroner have it; draws: their numbers, from 0; provenu: of each over the horizon; by_year: the same by
    period, then by draw; assumptions: what was drawn of each uncertain one."""

    luck: bool
    draws: list[int]
    provenu: list[float]
    by_year: list[list[float]]
    assumptions: dict[str, list[Value]]


def of(result: Result) -> Sampled:
    """Of a run with draws."""
    assert result.draws is not None
    columns, each = result.draws.columns, result.draws.number // BLOCKS
    own = min(EACH, each)
    which = np.concatenate([block * each + np.arange(own) for block in range(BLOCKS)])
    return Sampled(
        luck=not result.leaves_out_luck,
        draws=which.tolist(),
        provenu=columns[measures.TOTAL][which].tolist(),
        by_year=[columns[measures.PROVENU, period][which].tolist() for period in result.periods],
        assumptions=_drawn(result, each, own),
    )


def _drawn(result: Result, each: int, own: int) -> dict[str, list[Value]]:
    """Drawn again, to the last bit: of each block only what is asked for."""
    sampler, options = result.sampler, result.options
    if sampler is None or not sampler.free:
        return {}
    chunks = (Chunk(block * each, block * each + own, each) for block in range(BLOCKS))
    blocks = [sampler.draw(options.design, options.seed, chunk) for chunk in chunks]
    return {one.name: _listed(np.concatenate([found[one.name] for found in blocks])) for one in sampler.free}


def _listed(values: NDArray[np.float64]) -> list[Value]:
    """Of (draw, year or 1)."""
    found: list[Value] = (values[:, 0] if values.shape[1] == 1 else values).tolist()
    return found
