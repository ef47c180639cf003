"""A distribution, what may be wrong with one, and the checks that several kinds share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from simulate.locale import text

Array = NDArray[np.float64]


Function = Callable[[Array], Array]


Parameters = Mapping[str, Any]


class DistributionProblem(ValueError):
    """A distribution that cannot be: words for its author, and the parameter at fault ("" for none)."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.message, self.key = message, key


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """What is believed about one number: ppf takes probabilities in (0, 1), cdf undoes it.

    values: all that it can be, rising, where each has a probability of its own. factor, of: as times() has made it, the factor and what was multiplied.
    """

    kind: str
    ppf: Function
    cdf: Function
    mean: float
    sd: float
    values: Array | None = None
    factor: float = 1.0
    of: "Distribution | None" = None

    @property
    def unit(self) -> "Distribution":
        """What it is a multiple of: `factor` times any quantile of that is its own, to the last bit where it was multiplied once."""
        return self.of or self

    def times(self, factor: float) -> "Distribution":
        """Of so many times the number. factor: above 0."""
        values, cdf = self.values, self.cdf

        def scaled_cdf(x: Array) -> Array:
            if values is None:
                return cdf(x / factor)
            place = np.searchsorted(values * factor, x, side="right")  # a quotient may fall just short of its step
            return np.where(place > 0, cdf(values[np.maximum(place, 1) - 1]), 0.0)

        return replace(
            self,
            ppf=lambda u: self.ppf(u) * factor,
            cdf=scaled_cdf,
            mean=self.mean * factor,
            sd=self.sd * factor,
            values=None if values is None else values * factor,
            factor=self.factor * factor,
            of=self.unit,
        )


def must(holds: bool, key: str, message: str) -> None:
    if not holds:
        raise DistributionProblem(message, key)


def check_rising(p: Parameters, *keys: str) -> None:
    """Only `mode` may be equal to its neighbour."""
    if {"low", "mode", "high"} <= p.keys() & set(keys) and p["low"] < p["high"]:
        between = {"mode": p["mode"], "low": p["low"], "high": p["high"]}
        must(p["low"] <= p["mode"] <= p["high"], "mode", text("`mode` ({mode:.10g}) must lie between `low` ({low:.10g}) and `high` ({high:.10g})", **between))  # fmt: skip
    for lower, upper in pairwise(key for key in keys if key in p):
        below, above = p[lower], p[upper]
        rising = below < above or (below == above and "mode" in (lower, upper))
        names = {"upper": upper, "above": above, "lower": lower, "below": below}
        must(rising, upper, text("`{upper}` ({above:.10g}) must be above `{lower}` ({below:.10g})", **names))


def mean_sd(p: Parameters, value: float) -> tuple[float, float]:
    """As stated, or relative_sd about the value."""
    key = "sd" if "sd" in p else "relative_sd"
    certain = text("0 is no uncertainty: leave `uncertainty` out of a number known for certain")
    must(p[key] != 0, key, certain)
    must(p[key] > 0, key, text("this must be above 0, and is {sd:.10g}", sd=p[key]))
    if key == "sd":
        return p["mean"], p["sd"]
    must(value != 0, key, text("the value is 0, and no share of it is an uncertainty: give `mean` and `sd`"))
    return value, p["relative_sd"] * abs(value)


def mean_sd_above_zero(p: Parameters, value: float) -> tuple[float, float]:
    mean, sd = mean_sd(p, value)
    key = "mean" if "mean" in p else "relative_sd"
    wrong = text("such a number lies above 0, and so must its mean; it is {mean:.10g}", mean=mean)
    must(mean > 0, key, wrong)
    return mean, sd


def check_sd(kind: str, mean: float, sd: float, limit: float) -> None:
    wrong = text(
        "no `{kind}` with mean {mean:.10g} and these bounds has sd {sd:.10g}: it is below {limit:.10g}",
        kind=kind, mean=mean, sd=sd, limit=float(f"{limit:.4g}"),
    )  # fmt: skip
    must(sd < limit * (1 - 1e-4), "sd", wrong)


legendre = cache(leggauss)
