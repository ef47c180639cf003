"""Kinds of uncertainty → inverse distribution functions (ppf), with the words for those that cannot be.

KINDS, at the end, is the one table of kinds and their parameters. The special functions are imported where they are used: a
scenario without uncertainty needs none of them.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from numbers import Real
from typing import Any

import numpy as np

from simulate.distributions.base import (
    Array,
    Distribution,
    DistributionProblem,
    Parameters,
    check_rising,
    check_sd,
    mean_sd,
    mean_sd_above_zero,
    must,
)
from simulate.distributions.cut_normal import cut_normal
from simulate.distributions.lengths import drawn_length_cdf
from simulate.distributions.metalog import PERCENTILE, quantiles
from simulate.locale import text


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """One way to state a kind: everything that is required, anything that is optional."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of uncertainty: what makes it, and the ways to state it, of which exactly one is used."""

    make: Callable[[Parameters, float], Distribution]
    ways: tuple[ParameterSet, ...]
    percentiles: bool = False  # keys that PERCENTILE matches come on top


def distribution(kind: str, parameters: Mapping[str, float | Sequence[float]], value: float) -> Distribution:
    """Make the distribution of a kind; value is the point estimate, which relative_sd is about.

    Raises DistributionProblem for parameters missing, surplus or contradictory, or that no distribution has.
    """
    if kind not in KINDS:
        wrong = text("no kind is called `{kind}`; it is one of {known}", kind=kind, known=", ".join(KINDS))
        raise DistributionProblem(wrong, "kind")
    _check_names(kind, frozenset(parameters))
    try:
        with np.errstate(all="ignore"):
            made = _made(kind, tuple((key, _checked(key, given)) for key, given in parameters.items()), value)
    except (ArithmeticError, np.linalg.LinAlgError):
        made = None
    if made is None:
        raise DistributionProblem(text("these numbers are too far apart, or too close together, to count with"))
    return made


@lru_cache(maxsize=1024)  # the rules, the warnings and the sampler ask for the same ones
def _made(kind: str, checked: tuple[tuple[str, Any], ...], value: float) -> Distribution | None:
    """None where floating point cannot hold it. checked: floats, and lists as tuples of them."""
    found = KINDS[kind].make({key: np.array(one) if isinstance(one, tuple) else one for key, one in checked}, value)
    return found if _is_sound(found) else None


def _is_sound(made: Distribution) -> bool:
    """Whether floating point can hold it: there and back, the probability or the number is the same."""
    u = np.array([0.05, 0.5, 0.95])
    x = made.ppf(u)
    again = made.cdf(x)
    lost = np.minimum(np.abs(again - u), np.abs(made.ppf(again) - x) / made.sd).max()
    return bool(lost < 1e-6 and 1e-12 * abs(made.mean) < made.sd < math.inf)


@lru_cache(maxsize=1024)
def _check_names(kind: str, given: frozenset[str]) -> None:
    """Hold the names against the way that is nearest to them."""
    rule = KINDS[kind]
    named = {key for key in given if not (rule.percentiles and PERCENTILE.fullmatch(key))}
    way = min(rule.ways, key=lambda way: (len(set(way.required) - named), -len(way.required)))
    listed = [_listed(way) for way in rule.ways]
    takes = reduce(lambda one, other: text("{one}; or {other}", one=one, other=other), listed)
    for key in sorted(named):
        wrong = text("`{key}` has no place here: `{kind}` takes {takes}", key=key, kind=kind, takes=takes)
        must(key in way.required + way.optional, key, wrong)
    for key in way.required:
        wrong = text("`{key}` is missing: `{kind}` takes {takes}", key=key, kind=kind, takes=takes)
        must(key in named, "", wrong)


def _listed(way: ParameterSet) -> str:
    return ", ".join([*(way.required or ("p5", "p50", "p95, ...")), *(f"({key})" for key in way.optional)])


def _checked(key: str, given: Any) -> Any:
    if key in ("values", "weights") and isinstance(given, Iterable):
        return tuple(_number(key, item) for item in given)
    return _number(key, given)


def _number(key: str, given: Any) -> float:
    if not isinstance(given, Real) or isinstance(given, bool) or not math.isfinite(given):
        raise DistributionProblem(text("this must be a finite number, and is {given}", given=given), key)
    return float(given)


def _scaled_beta(kind: str, a: float, b: float, low: float = 0.0, high: float = 1.0) -> Distribution:
    from simulate.special import betainc, betaincinv

    width = high - low

    def ppf(u: Array) -> Array:
        share: Array = betaincinv(a, b, u)
        return low + width * share

    def cdf(x: Array) -> Array:
        return np.asarray(betainc(a, b, np.clip((x - low) / width, 0, 1)))

    sd = width * math.sqrt(a * b / (a + b + 1)) / (a + b)
    return Distribution(kind, ppf, cdf, low + width * a / (a + b), sd)


def _beta(p: Parameters, value: float) -> Distribution:
    """A count with Jeffreys prior (Brown, Cai, DasGupta 2001), or the method of moments."""
    if "successes" in p:
        for key in ("successes", "failures"):
            must(p[key] >= 0, key, text("a count is at least 0; this is {count:.10g}", count=p[key]))
        return _scaled_beta("beta", p["successes"] + 0.5, p["failures"] + 0.5)
    mean, sd = mean_sd(p, value)
    must(0 < mean < 1, "mean", text("a `beta` has its mean between 0 and 1; this is {mean:.10g}", mean=mean))
    check_sd("beta", mean, sd, math.sqrt(mean * (1 - mean)))
    count = mean * (1 - mean) / sd**2 - 1
    return _scaled_beta("beta", mean * count, (1 - mean) * count)


def _pert(p: Parameters, value: float) -> Distribution:
    """A beta over the range, whose mean gives the mode the weight 4 (Malcolm et al. 1959; Vose 2008)."""
    check_rising(p, "low", "mode", "high")
    check_rising(p, "low", "high")
    rise = 4 * (p["mode"] - p["low"]) / (p["high"] - p["low"])
    return _scaled_beta("pert", 1 + rise, 5 - rise, p["low"], p["high"])


def _uniform(p: Parameters, value: float) -> Distribution:
    check_rising(p, "low", "high")
    return _scaled_beta("uniform", 1, 1, p["low"], p["high"])


def _triangular(p: Parameters, value: float) -> Distribution:
    check_rising(p, "low", "mode", "high")
    check_rising(p, "low", "high")
    low, mode, high = map(float, (p["low"], p["mode"], p["high"]))
    width, left, right = high - low, mode - low, high - mode

    def ppf(u: Array) -> Array:
        falling = high - np.sqrt((1 - u) * width * right)
        return np.where(u * width < left, low + np.sqrt(u * width * left), falling)

    def cdf(x: Array) -> Array:
        x = np.clip(x, low, high)
        falling = 1 - (high - x) ** 2 / (width * (right or 1.0))
        return np.where(x < mode, (x - low) ** 2 / (width * (left or 1.0)), falling)

    sd = math.sqrt((left**2 + left * right + right**2) / 18)
    return Distribution("triangular", ppf, cdf, (low + mode + high) / 3, sd)


def _normal(p: Parameters, value: float) -> Distribution:
    from simulate.special import ndtr, ndtri

    mean, sd = mean_sd(p, value)
    if "low" in p or "high" in p:
        check_rising({**p, "mean": mean}, "low", "mean", "high")
        return cut_normal(mean, sd, p.get("low", -math.inf), p.get("high", math.inf))
    return Distribution("normal", lambda u: mean + sd * ndtri(u), lambda x: ndtr((x - mean) / sd), mean, sd)


def _lognormal(p: Parameters, value: float) -> Distribution:
    from simulate.special import ndtri

    mean, sd = mean_sd_above_zero(p, value)
    spread = math.sqrt(math.log1p((sd / mean) ** 2))
    middle = math.log(mean) - spread**2 / 2
    cdf = partial(drawn_length_cdf, "lognormal", mean, sd)
    return Distribution("lognormal", lambda u: np.exp(middle + spread * ndtri(u)), cdf, mean, sd)


def _gamma(p: Parameters, value: float) -> Distribution:
    from simulate.special import gammaincinv

    mean, sd = mean_sd_above_zero(p, value)
    shape, scale = (mean / sd) ** 2, sd * (sd / mean)
    cdf = partial(drawn_length_cdf, "gamma", mean, sd)
    return Distribution("gamma", lambda u: scale * gammaincinv(shape, u), cdf, mean, sd)


def _choices(p: Parameters, value: float) -> Distribution:
    """Either-or: a step function over the values in rising order, so that rank correlation has a meaning."""
    values, weights = np.atleast_1d(p["values"]), np.atleast_1d(p["weights"])
    total = float(weights.sum())
    odds = abs(total - 1) <= 1e-6 or bool((weights == np.round(weights)).all())
    must(len(values) == len(weights), "weights", text("there must be one weight for each of the values"))
    must(bool((weights >= 0).all()), "weights", text("a weight is at least 0"))
    wrong = text("weights sum to 1, or are whole numbers such as 1 and 3; these sum to {total:.10g}", total=total)
    must(odds, "weights", wrong)
    order = np.argsort(values)
    order = order[weights[order] > 0]
    values, chance = values[order], weights[order] / total
    several = len(values) > 1 and bool((np.diff(values) > 0).all())
    must(several, "values", text("give at least two values with a weight above 0, each of them once"))
    upto = np.cumsum(chance)
    upto[-1] = 1
    mean = float(chance @ values)

    def ppf(u: Array) -> Array:
        return values[np.searchsorted(upto[:-1], u)]

    def cdf(x: Array) -> Array:
        return np.append(0, upto)[np.searchsorted(values, x, side="right")]

    return Distribution("choices", ppf, cdf, mean, math.sqrt(chance @ (values - mean) ** 2), values)


_RANGE = ParameterSet(("low", "mode", "high"))


_SPREAD = ParameterSet(("mean", "sd")), ParameterSet(("relative_sd",))


_BOUNDS = ("low", "high")


KINDS: dict[str, Kind] = {
    "beta": Kind(_beta, (ParameterSet(("successes", "failures")), ParameterSet(("mean", "sd")))),
    "pert": Kind(_pert, (_RANGE,)),
    "triangular": Kind(_triangular, (_RANGE,)),
    "uniform": Kind(_uniform, (ParameterSet(_BOUNDS),)),
    "normal": Kind(_normal, tuple(ParameterSet(way.required, _BOUNDS) for way in _SPREAD)),
    "lognormal": Kind(_lognormal, _SPREAD),
    "gamma": Kind(_gamma, _SPREAD),
    "quantiles": Kind(quantiles, (ParameterSet((), _BOUNDS),), percentiles=True),
    "choices": Kind(_choices, (ParameterSet(("values", "weights")),)),
}
