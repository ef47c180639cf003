"""What can go wrong: the worst draws, losses, and what must be financed before the money comes back.

Arrays are (draw,) in the run's order, which is that of the 16 blocks; all errors come from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.analysis import precision
from simulate.analysis.breakeven import reached
from simulate.analysis.precision import Estimate

Array = NDArray[np.float64]

ROUNDING = 1e-9  # of sums of shares; a share of one draw is larger


def expected_shortfall(total: Array, share: float = 0.05, undrawn: float = 0.0) -> Estimate:
    """Mean of the worst `share` of the draws, DKK.

    total: (draw,), DKK; 0 < share <= 1.  The draw on the boundary counts with the fraction of it that belongs to the worst, so that
    the value is exact for the draws as they stand.  It is the mean over all draws of q + min(total - q, 0) / share, q the
    boundary (Rockafellar, Uryasev 2000, theorem 1), and to first order q's own error does not matter: so the blocks' means
    of that give the standard error.  Blocks' own worst draws would each be too few, and too mild.

    The interval leans the way of the few worst (precision.skewed_mean), and covers what the boundary may be within its own: where many draws
    are alike, the boundary's place decides. It is half of its width that the error tells. undrawn: probability that no draw stands for.

    Not to be trusted with fewer than 50 draws among the worst: with 51 of them 95 % intervals hold the truth in some 95 of 100 runs of a
    normal and of Student's t with 4 degrees of freedom, for which they are half as wide again as they need be.
    """
    rising = np.sort(total)
    boundary = rising[min(int(share * len(total)), len(total) - 1)]
    [ends] = precision.share_bounds(total, [boundary], [share], undrawn)
    found = [
        precision.skewed_mean(at + np.minimum(total - at, 0.0) / share)
        for at in (boundary, *(rising[min(max(int(end * len(total)), 0), len(total) - 1)] for end in ends))
    ]
    low, high = min(one.interval[0] for one in found), max(one.interval[1] for one in found)
    estimate = precision.bounded(found[0].value, min(low, found[0].value), max(high, found[0].value))
    return estimate.at_least(undrawn / share * float(boundary - rising[0]))


class Loss(NamedTuple):
    """The chance that more than `loss`, DKK, is lost."""

    loss: float
    chance: Estimate


def chance_of_loss(total: Array, losses: Sequence[float], undrawn: float = 0.0) -> list[Loss]:
    """Chances that the provenu is below -loss, for each loss.

    total: (draw,), DKK; losses: DKK, positive.  Rounded as break-even is, so that more than 0 is lost where that is not reached.
    """
    return [Loss(float(loss), precision.chance(~reached(total, -loss), undrawn)) for loss in losses]


def scaled_chance_of_loss(
    total: Array, losses: Sequence[float], reaches: Estimate, blocks: Array, undrawn: float = 0.0
) -> list[Loss]:
    """As chance_of_loss(), where the chance of break-even is known better than from the draws counted: a ratio estimate (Cochran 1977, chapter 6).

    Draws on either side of break-even count with the weight that makes their side's share its known chance, so that the curve goes through it.
    reaches: that chance; blocks: (block,) what each block says of it. The error is that of the ratio, to first order. As they are counted where one
    side has no draws.
    """
    hits = precision.in_blocks(reached(total).astype(np.float64)).mean(axis=1)
    share = float(hits.mean())
    if share in (0.0, 1.0) or reaches.value in (0.0, 1.0):
        return chance_of_loss(total, losses, undrawn)

    def chance(loss: float) -> Estimate:
        """Of losing more, or, for a gain, the rest of the chance to gain as much."""
        is_gain = loss < 0
        within = reached(total, -loss) if is_gain else ~reached(total, -loss)
        side, known, own = (hits, reaches.value, blocks) if is_gain else (1 - hits, 1 - reaches.value, 1 - blocks)
        part = precision.in_blocks(within.astype(np.float64)).mean(axis=1)
        weight, of_side = known / side.mean(), part.mean() / side.mean()
        error = precision.error_of(weight * (part - of_side * side) + of_side * own)
        value = float(known * of_side)
        return precision.chance_of(1 - value if is_gain else value, error, len(total), undrawn)

    return [Loss(float(loss), chance(loss)) for loss in losses]


class LowestPoint(NamedTuple):
    """The lowest that the accumulated provenu has been at the end of a period, DKK: what must be financed, with a minus.

    It is 0 in draws that are never below 0: everything begins there.
    """

    mean: Estimate
    percentiles: dict[int, Estimate]  # 5: financing that is enough in 95 of 100 draws
    chances: list[Estimate]  # by period: that the lowest point is there; the first, where it is as low again
    never: Estimate  # that there is none: never below 0


def lowest_point(accumulated: Iterable[Array], at: tuple[int, ...] = (5, 50, 95), undrawn: float = 0.0) -> LowestPoint:
    """How low the accumulated provenu goes before it turns, and when.

    accumulated: (draw,) provenu from the beginning through each period, DKK, one period after the other and at least one, as
    breakeven.accumulated() has them; no more than one is held.  Lower by no more than break-even's rounding is not lower.
    Within a period it may have been lower still: with years for periods, costs in January and savings in December do not show.
    """
    lowest = period = np.zeros(0)
    periods = 0
    for amounts in accumulated:
        if not periods:
            lowest, period = np.zeros(len(amounts)), np.full(len(amounts), -1, dtype=np.int16)
        lower = ~reached(amounts - lowest)
        lowest[lower] = amounts[lower]
        period[lower] = periods
        periods += 1
    chances = [precision.chance(period == one, undrawn) for one in range(periods)]
    never = precision.chance(period == -1, undrawn)
    return LowestPoint(precision.skewed_mean(lowest), precision.percentiles(lowest, at, undrawn), chances, never)


def payback(shares: Sequence[float], at: tuple[int, ...] = (5, 50, 95)) -> dict[int, int | None]:
    """The year, counted from 0, by which so many of 100 draws have paid back for good; None where the horizon is too short.

    shares: of draws that stay at break-even from each year on, as breakeven.first_year_shares() has them.  Those that never do are
    the longest of all: the median is None where fewer than half pay back.  A year is a coarse number, so it has no
    standard error; where the shares added up lie within the error of their sum from a percentile, the next year is as likely.
    """
    so_far = np.cumsum(shares)
    found: dict[int, int | None] = {}
    for p in at:
        enough = so_far >= p / 100 - ROUNDING
        found[p] = int(enough.argmax()) if enough.any() else None
    return found
