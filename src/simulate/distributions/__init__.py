"""Kinds of uncertainty, as inverse distribution functions."""

from simulate.distributions.base import Distribution, DistributionProblem
from simulate.distributions.kinds import KINDS, Kind, ParameterSet, distribution
from simulate.distributions.lengths import LENGTHS, drawn_length_cdf, weibull_shape
from simulate.distributions.metalog import PERCENTILE

__all__ = [
    "KINDS",
    "LENGTHS",
    "PERCENTILE",
    "Distribution",
    "DistributionProblem",
    "Kind",
    "ParameterSet",
    "distribution",
    "drawn_length_cdf",
    "weibull_shape",
]
