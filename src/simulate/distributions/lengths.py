"""Lengths of stays that are drawn: their distribution functions, for whole arrays of means and sds."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from simulate.distributions.base import Array


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
    from simulate.special import gammainc

    return gammainc(cv**-2, at * cv**-2)


def _lognormal_over(cv: Array, at: Array) -> Any:
    from simulate.special import ndtr

    spread = np.sqrt(np.log1p(cv**2))
    return ndtr(np.log(at) / spread + spread / 2)


def _weibull_over(cv: Array, at: Array) -> Any:
    from simulate.special import gammaln

    shape = weibull_shape(cv)
    return -np.expm1(-np.exp(shape * (np.log(at) + gammaln(1 + 1 / shape))))


def weibull_shape(cv: Array) -> Array:
    """Shape of a Weibull distribution with the ratio cv of sd to mean; cv is at least 1e-4.

    log Γ(1+2x) - 2 log Γ(1+x) = log(1+cv²) for x = 1/shape. In logarithms the left side is rising and
    concave, so that Newton's method gets there from anywhere.
    """
    from simulate.special import gammaln, psi

    wanted = np.log1p(np.maximum(cv, 1e-4) ** 2)
    x = np.sqrt(wanted)
    for _ in range(12):
        found = gammaln(1 + 2 * x) - 2 * gammaln(1 + x)
        x = x * np.exp(np.log(wanted / found) * found / (2 * x * (psi(1 + 2 * x) - psi(1 + x))))
    return np.asarray(1 / x)


LENGTHS: dict[str, Callable[[Array, Array], Any]] = {
    "gamma": _gamma_over,
    "lognormal": _lognormal_over,
    "weibull": _weibull_over,
}
