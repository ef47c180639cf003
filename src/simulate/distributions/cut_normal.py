"""The normal that is cut off and has the mean and sd stated after the cut."""

import math

import numpy as np

from simulate.distributions.base import Array, Distribution, check_sd, legendre


def cut_normal(mean: float, sd: float, low: float, high: float) -> Distribution:
    """The normal cut off at low and high that has this mean and sd after the cut."""
    from simulate.special import log_ndtr, ndtri_exp

    check_sd("normal", mean, sd, _cut_sd_limit(low - mean, high - mean))
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
    nodes, weights = legendre(160)
    peak = min(max(-tilt / (2 * bend) if bend else math.copysign(math.inf, tilt), low), high)
    slope = abs(tilt + 2 * bend * peak)
    reach = 160 / (slope + math.sqrt(slope**2 - 320 * bend) + 1e-300)  # there it is exp(-80) of its peak
    left, right = max(low, peak - reach), min(high, peak + reach)
    at = (left + right) / 2 + (right - left) / 2 * nodes
    density = weights * np.exp((at - peak) * (tilt + bend * (at + peak)))
    return at, density / density.sum()
