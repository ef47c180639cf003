"""Kinds of uncertainty → inverse distribution functions (ppf), with the words for those that cannot be.

KINDS, at the end, is the one table of kinds and their parameters. scipy.special is imported where it is used:
it takes longer than numpy itself, and a scenario without uncertainty needs none of it.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial, reduce
from itertools import pairwise
from numbers import Real
from typing import Any

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.polynomial.polynomial import polyder, polyval
from numpy.typing import ArrayLike, NDArray

from simulate.locale import text

Array = NDArray[np.float64]
Function = Callable[[Array], Array]
Parameters = Mapping[str, Any]

PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?)")  # p5, p50, p97.5


class DistributionProblem(ValueError):
    """A distribution that cannot be: words for its author, and the parameter at fault ("" for none)."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.message, self.key = message, key


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is believed about one number: ppf takes probabilities in (0, 1), cdf undoes it."""

    kind: str
    ppf: Function
    cdf: Function
    mean: float
    sd: float


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
    known = ", ".join(KINDS)
    wrong = text("no kind is called `{kind}`; it is one of {known}", kind=kind, known=known)
    _must(kind in KINDS, "kind", wrong)
    _check_names(kind, set(parameters))
    try:
        with np.errstate(all="ignore"):
            checked = {key: _checked(key, given) for key, given in parameters.items()}
            made = KINDS[kind].make(checked, value)
            sound = _is_sound(made)
    except (ArithmeticError, np.linalg.LinAlgError):
        sound = False
    _must(sound, "", text("these numbers are too far apart, or too close together, to count with"))
    return made


def _is_sound(made: Distribution) -> bool:
    """Whether floating point can hold it: there and back, the probability or the number is the same."""
    u = np.array([0.05, 0.5, 0.95])
    x = made.ppf(u)
    again = made.cdf(x)
    lost = np.minimum(np.abs(again - u), np.abs(made.ppf(again) - x) / made.sd).max()
    return bool(lost < 1e-6 and 1e-12 * abs(made.mean) < made.sd < math.inf)


def _must(holds: bool, key: str, message: str) -> None:
    if not holds:
        raise DistributionProblem(message, key)


def _check_names(kind: str, given: set[str]) -> None:
    """Hold the names against the way that is nearest to them."""
    rule = KINDS[kind]
    named = {key for key in given if not (rule.percentiles and PERCENTILE.fullmatch(key))}
    way = min(rule.ways, key=lambda way: (len(set(way.required) - named), -len(way.required)))
    listed = [_listed(way) for way in rule.ways]
    takes = reduce(lambda one, other: text("{one}; or {other}", one=one, other=other), listed)
    for key in sorted(named):
        wrong = text("`{key}` has no place here: `{kind}` takes {takes}", key=key, kind=kind, takes=takes)
        _must(key in way.required + way.optional, key, wrong)
    for key in way.required:
        wrong = text("`{key}` is missing: `{kind}` takes {takes}", key=key, kind=kind, takes=takes)
        _must(key in named, "", wrong)


def _listed(way: ParameterSet) -> str:
    return ", ".join([*(way.required or ("p5", "p50", "p95, ...")), *(f"({key})" for key in way.optional)])


def _checked(key: str, given: Any) -> Any:
    if key in ("values", "weights") and isinstance(given, Iterable):
        return np.array([_number(key, item) for item in given])
    return _number(key, given)


def _number(key: str, given: Any) -> float:
    number = isinstance(given, Real) and not isinstance(given, bool) and math.isfinite(given)
    _must(number, key, text("this must be a finite number, and is {given}", given=given))
    return float(given)


def _check_rising(p: Parameters, *keys: str) -> None:
    """Only `mode` may be equal to its neighbour."""
    for lower, upper in pairwise(key for key in keys if key in p):
        below, above = p[lower], p[upper]
        rising = below < above or (below == above and "mode" in (lower, upper))
        names = {"upper": upper, "above": above, "lower": lower, "below": below}
        _must(rising, upper, text("`{upper}` ({above:.10g}) must be above `{lower}` ({below:.10g})", **names))


def _mean_sd(p: Parameters, value: float) -> tuple[float, float]:
    """As stated, or relative_sd about the value."""
    key = "sd" if "sd" in p else "relative_sd"
    certain = text("0 is no uncertainty: leave `uncertainty` out of a number known for certain")
    _must(p[key] != 0, key, certain)
    _must(p[key] > 0, key, text("this must be above 0, and is {sd:.10g}", sd=p[key]))
    if key == "sd":
        return p["mean"], p["sd"]
    _must(value != 0, key, text("the value is 0, and no share of it is an uncertainty: give `mean` and `sd`"))
    return value, p["relative_sd"] * abs(value)


def _mean_sd_above_zero(p: Parameters, value: float) -> tuple[float, float]:
    mean, sd = _mean_sd(p, value)
    key = "mean" if "mean" in p else "relative_sd"
    wrong = text("such a number lies above 0, and so must its mean; it is {mean:.10g}", mean=mean)
    _must(mean > 0, key, wrong)
    return mean, sd


def _check_sd(kind: str, mean: float, sd: float, limit: float) -> None:
    wrong = text(
        "no `{kind}` with mean {mean:.10g} and these bounds has sd {sd:.10g}: it is below {limit:.10g}",
        kind=kind, mean=mean, sd=sd, limit=float(f"{limit:.4g}"),
    )  # fmt: skip
    _must(sd < limit * (1 - 1e-4), "sd", wrong)


def _scaled_beta(kind: str, a: float, b: float, low: float = 0.0, high: float = 1.0) -> Distribution:
    from scipy.special import betainc, betaincinv

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
            _must(p[key] >= 0, key, text("a count is at least 0; this is {count:.10g}", count=p[key]))
        return _scaled_beta("beta", p["successes"] + 0.5, p["failures"] + 0.5)
    mean, sd = _mean_sd(p, value)
    _must(0 < mean < 1, "mean", text("a `beta` has its mean between 0 and 1; this is {mean:.10g}", mean=mean))
    _check_sd("beta", mean, sd, math.sqrt(mean * (1 - mean)))
    count = mean * (1 - mean) / sd**2 - 1
    return _scaled_beta("beta", mean * count, (1 - mean) * count)


def _pert(p: Parameters, value: float) -> Distribution:
    """A beta over the range, whose mean gives the mode the weight 4 (Malcolm et al. 1959; Vose 2008)."""
    _check_rising(p, "low", "mode", "high")
    _check_rising(p, "low", "high")
    rise = 4 * (p["mode"] - p["low"]) / (p["high"] - p["low"])
    return _scaled_beta("pert", 1 + rise, 5 - rise, p["low"], p["high"])


def _uniform(p: Parameters, value: float) -> Distribution:
    _check_rising(p, "low", "high")
    return _scaled_beta("uniform", 1, 1, p["low"], p["high"])


def _triangular(p: Parameters, value: float) -> Distribution:
    _check_rising(p, "low", "mode", "high")
    _check_rising(p, "low", "high")
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
    from scipy.special import ndtr, ndtri

    mean, sd = _mean_sd(p, value)
    if "low" in p or "high" in p:
        _check_rising({**p, "mean": mean}, "low", "mean", "high")
        return _cut_normal(mean, sd, p.get("low", -math.inf), p.get("high", math.inf))
    return Distribution("normal", lambda u: mean + sd * ndtri(u), lambda x: ndtr((x - mean) / sd), mean, sd)


def _cut_normal(mean: float, sd: float, low: float, high: float) -> Distribution:
    """The normal cut off at low and high that has this mean and sd after the cut."""
    from scipy.special import log_ndtr, ndtri_exp

    _check_sd("normal", mean, sd, _cut_sd_limit(low - mean, high - mean))
    tilt, bend = _tilt_and_bend((low - mean) / sd, (high - mean) / sd)
    scale = sd / math.sqrt(-2 * bend)
    centre = mean - sd * tilt / (2 * bend)
    start, end = (low - centre) / scale, (high - centre) / scale
    side = -1 if start > 0 else 1  # cdf counts from the side where the mass lies
    top = max(log_ndtr(side * start), log_ndtr(side * end))

    def ppf(u: Array) -> Array:
        # Φ(z) = (1-u) Φ(start) + u Φ(end), likewise 1 - Φ: the smaller of them loses nothing as a logarithm.
        with np.errstate(divide="ignore"):
            log_u, log_rest = np.log(u), np.log1p(-u)
        below = np.logaddexp(log_rest + log_ndtr(start), log_u + log_ndtr(end))
        above = np.logaddexp(log_rest + log_ndtr(-start), log_u + log_ndtr(-end))
        z: Array = np.where(below < above, ndtri_exp(below), -ndtri_exp(above))
        return np.asarray(np.clip(centre + scale * z, low, high))

    def cdf(x: Array) -> Array:
        z = (np.clip(x, low, high) - centre) / scale
        at, first, last = (np.exp(log_ndtr(side * score) - top) for score in (z, start, end))
        return np.asarray((at - first) / (last - first))

    return Distribution("normal", ppf, cdf, mean, sd)


def _cut_sd_limit(low: float, high: float) -> float:
    """The sd of an exponential cut off at low < 0 < high with mean 0, which that of a normal stays below."""
    nearest = min(-low, high)
    if math.isinf(high - low):
        return nearest
    left, right = -1 / nearest, 1 / nearest
    for _ in range(60):
        tilt = (left + right) / 2
        at, chance = _cut_density(tilt, 0.0, low, high)
        left, right = (tilt, right) if chance @ at < 0 else (left, tilt)
    return math.sqrt(chance @ at**2)


def _tilt_and_bend(low: float, high: float) -> Array:
    """Find the density exp(tilt x + bend x²) on [low, high] with mean 0 and sd 1, by Newton's method.

    It is an exponential family: there is one solution at most (Wainwright, Jordan 2008, section 3).
    """
    theta = np.array([0.0, -0.5])
    for _ in range(200):
        at, chance = _cut_density(theta[0], theta[1], low, high)
        features = np.array([at, at**2])
        found = features @ chance
        if np.abs(found - [0, 1]).max() < 1e-13:
            break
        centred = features - found[:, None]
        step = np.linalg.solve((centred * chance) @ centred.T, [0, 1] - found)
        theta = theta + step * min(1.0, -0.5 * theta[1] / max(step[1], 1e-300))  # bend stays below 0
    return theta


def _cut_density(tilt: float, bend: float, low: float, high: float) -> tuple[Array, Array]:
    """Points and their probabilities under the density exp(tilt x + bend x²) on [low, high]; bend <= 0."""
    nodes, weights = _legendre(160)
    peak = min(max(-tilt / (2 * bend) if bend else math.copysign(math.inf, tilt), low), high)
    slope = abs(tilt + 2 * bend * peak)
    reach = 160 / (slope + math.sqrt(slope**2 - 320 * bend) + 1e-300)  # there it is exp(-80) of its peak
    left, right = max(low, peak - reach), min(high, peak + reach)
    at = (left + right) / 2 + (right - left) / 2 * nodes
    density = weights * np.exp((at - peak) * (tilt + bend * (at + peak)))
    return at, density / density.sum()


_legendre = cache(leggauss)


def _lognormal(p: Parameters, value: float) -> Distribution:
    from scipy.special import ndtri

    mean, sd = _mean_sd_above_zero(p, value)
    spread = math.sqrt(math.log1p((sd / mean) ** 2))
    middle = math.log(mean) - spread**2 / 2
    cdf = partial(drawn_length_cdf, "lognormal", mean, sd)
    return Distribution("lognormal", lambda u: np.exp(middle + spread * ndtri(u)), cdf, mean, sd)


def _gamma(p: Parameters, value: float) -> Distribution:
    from scipy.special import gammaincinv

    mean, sd = _mean_sd_above_zero(p, value)
    shape, scale = (mean / sd) ** 2, sd * (sd / mean)
    cdf = partial(drawn_length_cdf, "gamma", mean, sd)
    return Distribution("gamma", lambda u: scale * gammaincinv(shape, u), cdf, mean, sd)


def _choices(p: Parameters, value: float) -> Distribution:
    """Either-or: a step function over the values in rising order, so that rank correlation has a meaning."""
    values, weights = np.atleast_1d(p["values"]), np.atleast_1d(p["weights"])
    total = float(weights.sum())
    odds = abs(total - 1) <= 1e-6 or bool((weights == np.round(weights)).all())
    _must(len(values) == len(weights), "weights", text("there must be one weight for each of the values"))
    _must(bool((weights >= 0).all()), "weights", text("a weight is at least 0"))
    wrong = text("weights sum to 1, or are whole numbers such as 1 and 3; these sum to {total:.10g}", total=total)
    _must(odds, "weights", wrong)
    order = np.argsort(values)
    order = order[weights[order] > 0]
    values, chance = values[order], weights[order] / total
    several = len(values) > 1 and bool((np.diff(values) > 0).all())
    _must(several, "values", text("give at least two values with a weight above 0, each of them once"))
    upto = np.cumsum(chance)
    upto[-1] = 1
    mean = float(chance @ values)

    def ppf(u: Array) -> Array:
        return values[np.searchsorted(upto[:-1], u)]

    def cdf(x: Array) -> Array:
        return np.append(0, upto)[np.searchsorted(values, x, side="right")]

    return Distribution("choices", ppf, cdf, mean, math.sqrt(chance @ (values - mean) ** 2))


def _quantiles(p: Parameters, value: float) -> Distribution:
    """A metalog with as many terms as points, so that it goes through them exactly (Keelin 2016)."""
    from scipy.special import expit

    shares = {key: float(found[1]) / 100 for key in p if (found := PERCENTILE.fullmatch(key))}
    keys = sorted(shares, key=lambda key: shares[key])
    _must(len(keys) > 1, "", text("give at least two points, such as `p5` and `p95`"))
    _must(shares[keys[0]] > 0, keys[0], text("this would be the lowest number of all: call it `low`"))
    _check_rising(p, "low", *keys, "high")
    for lower, upper in pairwise(keys):
        _must(shares[lower] < shares[upper], upper, text("this is the same percentile as `{key}`", key=lower))
    low, high = p.get("low", -math.inf), p.get("high", math.inf)
    into, back = _unbounded(low, high)
    at = np.array([(shares[key], p[key]) for key in keys]).T
    curve = _metalog(_score(at[0]), into(at[1]))
    mean, sd = curve.mean_sd(back, low, high)

    def cdf(x: Array) -> Array:
        with np.errstate(divide="ignore"):
            wanted = into(np.clip(x, low, high))
        left, right = np.full(wanted.shape, -745.0), np.full(wanted.shape, 745.0)
        for _ in range(64):
            middle = (left + right) / 2
            under = curve.at(middle) < wanted
            left, right = np.where(under, middle, left), np.where(under, right, middle)
        return np.asarray(expit(left))

    return Distribution("quantiles", lambda u: back(curve.at(_score(u))), cdf, mean, sd)


def _score(u: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(u) - np.log1p(-u)


def _unbounded(low: float, high: float) -> tuple[Function, Function]:
    """From a number with these bounds to one without, and back."""
    from scipy.special import expit

    if math.isinf(low) and math.isinf(high):
        return (lambda x: x), (lambda z: z)
    if math.isinf(high):
        return (lambda x: np.log(x - low)), (lambda z: low + np.exp(z))
    if math.isinf(low):
        return (lambda x: -np.log(high - x)), (lambda z: high - np.exp(-z))
    return (lambda x: np.log((x - low) / (high - x))), (lambda z: low + (high - low) * expit(z))


def _metalog(scores: Array, values: Array) -> "_Metalog":
    """Raises DistributionProblem where the curve through the points falls anywhere."""
    order = [(0, 0), (0, 1), (1, 1), (1, 0), *((n // 2, n % 2) for n in range(4, len(scores)))][: len(scores)]
    terms = np.tanh(scores / 2) / 2, scores
    matrix = np.array([terms[0] ** power * scores**factor for power, factor in order]).T
    sides = np.zeros((2, len(scores)))
    for (power, factor), found in zip(order, np.linalg.solve(matrix, values - values[0]), strict=True):
        sides[factor, power] = found
    sides[0, 0] += values[0]
    curve = _Metalog(*sides)
    slope = curve.slope(_GRID)
    wrong = text(
        "a smooth distribution through these points would run backwards near the percentile {worst:.3g}: "
        "give `low` and `high`, or others; leave a point out; or use another kind",
        worst=100 / (1 + math.exp(-_GRID[slope.argmin()])),
    )
    _must(slope.min() > 1e-5 * slope.max(), "", wrong)
    return curve


_GRID = np.linspace(-40, 40, 4001)  # scores; a metalog's slope is smooth, and constant beyond to the last bit


@dataclass(frozen=True, slots=True)
class _Metalog:
    """level(t) + spread(t) score: polynomials in t = u - 1/2; score = log(u / (1-u)) for a probability u."""

    level: Array
    spread: Array

    def at(self, score: Array) -> Array:
        t = np.tanh(score / 2) / 2
        return polyval(t, self.level) + polyval(t, self.spread) * score

    def slope(self, score: Array) -> Array:
        t, density = np.tanh(score / 2) / 2, np.cosh(score / 2) ** -2 / 4
        rise = polyval(t, polyder(self.level)) + polyval(t, polyder(self.spread)) * score
        return polyval(t, self.spread) + density * rise

    def mean_sd(self, back: Function, low: float, high: float) -> tuple[float, float]:
        """Integrate over the score, whose density is logistic, by Gauss-Legendre pieces."""
        nodes, weights = _legendre(20)
        steep = 0 if math.isinf(low) and math.isinf(high) else min(int(self.slope(_GRID).max()), 50)
        pieces = 640 * (1 + steep)
        half = 80 / pieces
        score = (np.linspace(-80 + half, 80 - half, pieces)[:, None] + half * nodes).ravel()
        chance = np.tile(half * weights, pieces) * np.cosh(score / 2) ** -2 / 4
        x = back(self.at(score))
        mean = float(x @ chance)
        return mean, math.sqrt((x - mean) ** 2 @ chance + self.tail(low, high))

    def tail(self, low: float, high: float) -> float:
        """The variance beyond a score of 80 on the one open side, exp(2 growth score) under exp(-score)."""
        if math.isinf(low) == math.isinf(high):
            return 0.0
        side, key = (1, "high") if math.isinf(high) else (-1, "low")
        level, growth = side * float(polyval(side / 2, self.level)), float(polyval(side / 2, self.spread))
        endless = text("these points are so far apart that the sd is infinite: give `{key}` too", key=key)
        _must(growth < 0.499, "", endless)
        return math.exp(2 * level + (2 * growth - 1) * 80) / (1 - 2 * growth)


def drawn_length_cdf(shape: str, mean: ArrayLike, sd: ArrayLike, at: ArrayLike) -> Array:
    """The chance that a stay of drawn length is over; shape is gamma, weibull or lognormal.

    mean, sd and at broadcast, in months. A length with sd 0 is certain; one with a mean of 0 or less is 0.
    """
    mean, sd, at = np.asarray(mean, np.float64), np.asarray(sd, np.float64), np.asarray(at, np.float64)
    drawn = (mean > 0) & (sd > 0)
    unit = np.where(drawn, mean, 1.0)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        cv = np.clip(np.where(drawn, sd, 1.0) / unit, 1e-10, 1e100)
        over = LENGTHS[shape](cv, np.maximum(at, 0) / unit)
    return np.where(at > 0, np.where(drawn, over, at >= mean), 0.0)


def _gamma_over(cv: Array, at: Array) -> Any:
    from scipy.special import gammainc

    return gammainc(cv**-2, at * cv**-2)


def _lognormal_over(cv: Array, at: Array) -> Any:
    from scipy.special import ndtr

    spread = np.sqrt(np.log1p(cv**2))
    return ndtr(np.log(at) / spread + spread / 2)


def _weibull_over(cv: Array, at: Array) -> Any:
    from scipy.special import gammaln

    shape = weibull_shape(cv)
    return -np.expm1(-np.exp(shape * (np.log(at) + gammaln(1 + 1 / shape))))


def weibull_shape(cv: Array) -> Array:
    """Shape of a Weibull distribution with the ratio cv of sd to mean; cv is at least 1e-4.

    log Γ(1+2x) - 2 log Γ(1+x) = log(1+cv²) for x = 1/shape. In logarithms the left side is rising and
    concave, so that Newton's method gets there from anywhere.
    """
    from scipy.special import digamma, gammaln

    wanted = np.log1p(np.maximum(cv, 1e-4) ** 2)
    x = np.sqrt(wanted)
    for _ in range(12):
        found = gammaln(1 + 2 * x) - 2 * gammaln(1 + x)
        x = x * np.exp(np.log(wanted / found) * found / (2 * x * (digamma(1 + 2 * x) - digamma(1 + x))))
    return np.asarray(1 / x)


LENGTHS: dict[str, Callable[[Array, Array], Any]] = {
    "gamma": _gamma_over,
    "lognormal": _lognormal_over,
    "weibull": _weibull_over,
}

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
    "quantiles": Kind(_quantiles, (ParameterSet((), _BOUNDS),), percentiles=True),
    "choices": Kind(_choices, (ParameterSet(("values", "weights")),)),
}
