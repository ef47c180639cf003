"""How much less the estimates vary than those of plain simulation, at equal numbers of draws."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.cases import HERE
from benchmarks.figures import Figure, Section, number
from simulate import scenario
from simulate.engine import Result, run
from simulate.options import Options

FILES = {
    "silkeborg": HERE.parent / "scenarios" / "silkeborg.toml",
    "six-states": HERE / "scenarios" / "six-states.toml",
}
PLAIN = "plain: random draws, lives counted"
METHODS = {
    PLAIN: Options(design="random", plain=True),
    "Sobol, lives counted (`--plain`)": Options(plain=True),
    "Latin hypercube, corrected": Options(design="lhs"),
    "Sobol, corrected (what `run` does)": Options(),
    "*expected*, Sobol, luck by a gamma distribution": Options(engine="expected"),
}
CORRECTED, EXPECTED = list(METHODS)[3:]


@dataclass
class Errors:
    """Standard errors of many runs that differ in their seed only, from the 16 independent blocks of each."""

    mean: list[float] = field(default_factory=list)
    chance: list[float] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)  # the estimates themselves
    seconds: list[float] = field(default_factory=list)

    def add(self, result: Result, seconds: float) -> None:
        self.seconds.append(seconds)
        self.mean.append(result.mean().error)
        if result.options.engine == "lives":
            chance, error = result.chance()
        else:
            known = result.mixture.chance()
            chance, error = known.estimate.value, math.sqrt(max(known.estimate.error**2 - known.approximation**2, 0.0))
        self.chance.append(error)
        self.chances.append(chance)

    def variances(self) -> tuple[float, float]:
        """Of the mean and of the chance."""
        return float(np.mean(np.square(self.mean))), float(np.mean(np.square(self.chance)))


def section(runs: int, quick: bool) -> Section:
    draws = 1024 if quick else 16384
    found = Section("Variance saved", PROSE.format(draws=f"{draws:,}", runs=runs))
    for name, file in FILES.items():
        one = scenario.load(file).scenario
        errors = {method: Errors() for method in METHODS}
        for seed in range(runs):
            for method, options in METHODS.items():
                began = time.perf_counter()
                result = run(one, replace(options, draws=draws, seed=seed))
                errors[method].add(result, time.perf_counter() - began)
        saved = {
            method: [of / to for of, to in zip(errors[PLAIN].variances(), own.variances(), strict=True)]
            for method, own in errors.items()
        }
        found.figures += [
            Figure(f"{name}: mean, *expected* and Sobol", saved[EXPECTED][0], 1000.0),
            Figure(f"{name}: chance, *expected* and Sobol", saved[EXPECTED][1], 1000.0),
            Figure(f"{name}: mean, lives", saved[CORRECTED][0], 20.0),
            Figure(f"{name}: chance, lives", saved[CORRECTED][1], 20.0),
        ]
        found.lines += [
            f"### {name}",
            "",
            "| method | variance saved, mean | chance | standard error of the chance | chance, mean of the runs | seconds a run |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for method, own in errors.items():
            ratios = " | ".join(f"{number(ratio)}×" for ratio in saved[method])
            error = f"{own.variances()[1] ** 0.5:.5f}"
            found.lines.append(
                f"| {method} | {ratios} | {error} | {np.mean(own.chances):.4f} | {np.median(own.seconds):.2f} |"
            )
        found.lines.append("")
    return found


PROSE = """
The variance of plain simulation (random draws of the assumptions, lives counted) divided by that of each method, {draws} draws each, by the errors
that the 16 independent blocks of a run give, over {runs} runs of different seeds. The chance of *expected* rests on a gamma distribution of luck and
has its bias (left out of its error here), which the means of the chances show; the corrected chance has none. What is left of its error is luck's own: a course breaks even or
does not, and of that only what goes with its deviation and the square of it is taken out, which can be done without a bias.
"""
