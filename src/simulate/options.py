"""How a scenario is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from simulate.errors import InputError
from simulate.locale import text
from simulate.names import COUNTERFACTUALS, Counterfactual
from simulate.scenario import Scenario, queries
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
    lines: bool = False  # the provenu of each line is kept of each draw
    tied: bool = False  # some move hangs on another member of the family: lives are all that there is, and no counterfactual is expected
    threads: int | None = None
    chunk: int | None = None  # draws; None: as many as keep a chunk small

    @classmethod
    def of(cls, scenario: Scenario, beside: Iterable[Scenario] = (), **given: object) -> Options:
        """The scenario's own [simulation], and what is given (None: not given). beside: others that are run in the same way: where one of them must
        be lived, all are."""
        own = scenario.simulation
        base = {
            "draws": own.draws,
            "seed": own.seed,
            "design": own.design,
            "counterfactual": own.counterfactual,
        }
        found = cls(**{**base, **{key: value for key, value in given.items() if value is not None}})  # type: ignore[arg-type]
        return found._of_tied(given.get("counterfactual")) if any(map(queries.is_tied, (scenario, *beside))) else found

    def _of_tied(self, asked: object) -> Options:
        """Of a scenario some of whose moves hang on another member of the family. Raises InputError for what asks for expected lives."""
        if self.engine == "expected" or asked == "expected":
            option = "--engine expected" if self.engine == "expected" else "--counterfactual expected"
            raise InputError(
                text(
                    "{option}: what is expected of a life is not known where a move hangs on another member of the family (`when`); families are "
                    "lived one by one there, against the same people without the programme (same-luck) or others (own-luck)",
                    option=option,
                )
            )
        chosen = "same-luck" if self.counterfactual == "expected" else self.counterfactual
        return replace(self, tied=True, plain=True, counterfactual=chosen)

    @property
    def is_corrected(self) -> bool:
        """Whether lives correct what is known exactly, and do not stand alone."""
        return self.engine == "lives" and not self.plain

    @property
    def counterfactuals(self) -> tuple[Counterfactual, ...]:
        """Those that are counted; by those before the chosen one it is seen whether its courses are theirs."""
        if self.engine != "lives":
            return ("expected",)
        asked = COUNTERFACTUALS[: COUNTERFACTUALS.index(self.counterfactual) + 1] if self.alone else COUNTERFACTUALS
        return asked[1:] if self.tied else asked  # none of whom is expected

    @property
    def adds_luck(self) -> bool:
        """Whether luck is not drawn, but its moments are told."""
        return self.engine == "expected" and not self.plain


def check_is_known(scenarios: Iterable[Scenario], command: str) -> None:
    """Whether a life's expectation is known, with which the command reckons. Raises InputError."""
    if any(map(queries.is_tied, scenarios)):
        raise InputError(
            text(
                "{command} reckons with what is expected of lives, which is not known where a move hangs on another member of the family (`when`). "
                "There is without it: simulate run, report, compare, sweep, threshold, structure, stages, update",
                command=command,
            )
        )
