"""How a scenario is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from simulate.names import COUNTERFACTUALS, Counterfactual
from simulate.scenario import Scenario
from simulate.scenario.schema import Design

Engine = Literal["lives", "expected", "point"]
Period = Literal["year", "quarter", "month"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How a scenario is run. draws is rounded up to what the design has room for."""

    draws: int = 16384
    seed: int = 1
    engine: Engine = "lives"
    counterfactual: Counterfactual = "expected"
    design: Design = "sobol"
    period: Period = "year"
    plain: bool = False  # means and chances of the lives alone
    keep_expected: bool = False  # the expected provenu of each draw, beside what its lives bring
    alone: bool = False  # no counterfactual is counted but the chosen one
    brief: bool = (
        False  # what tables are made of is not kept: lines, areas, payers, moves; what is told of the provenu is
    )
    threads: int | None = None
    chunk: int | None = None  # draws; None: as many as keep a chunk small

    @classmethod
    def of(cls, scenario: Scenario, **given: object) -> Options:
        """The scenario's own [simulation], and what is given (None: not given)."""
        own = scenario.simulation
        base = {
            "draws": own.draws,
            "seed": own.seed,
            "design": own.design,
            "counterfactual": own.counterfactual,
        }
        return cls(**{**base, **{key: value for key, value in given.items() if value is not None}})  # type: ignore[arg-type]

    @property
    def is_corrected(self) -> bool:
        """Whether lives correct what is known exactly, and do not stand alone."""
        return self.engine == "lives" and not self.plain

    @property
    def counterfactuals(self) -> tuple[Counterfactual, ...]:
        """Those that are counted; by those before the chosen one it is seen whether its courses are theirs."""
        if self.engine != "lives":
            return ("expected",)
        return COUNTERFACTUALS[: COUNTERFACTUALS.index(self.counterfactual) + 1] if self.alone else COUNTERFACTUALS

    @property
    def adds_luck(self) -> bool:
        """Whether luck is not drawn, but its moments are told."""
        return self.engine == "expected" and not self.plain
