"""What is kept of a run: some numbers of each draw, and sums of the rest over the draws of each block.

A row for each, and nothing else names them: what is kept, the labelled arrays of a result and the table in docs/answers.md are made of these.
Amounts are in the scenario's currency, savings positive, and the municipality's unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Dimension = Literal[
    "period",
    "area",
    "programme",
    "counterfactual",
    "payer",
    "line",
    "financing_line",
    "state",
    "target",
    "targeted",
    "column",
    "term",
]
Units = Literal["currency", "currency²", "currency³", "person-months", "persons", "1", "mixed"]


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """name, dimensions (beside the draw's), units, and what it is.

    degree: of the polynomial that it is in a price, all else the same; None where it is none, and is made from others that are.
    """

    name: str
    dimensions: tuple[Dimension, ...]
    units: Units
    says: str
    degree: int | None = 1

    def __repr__(self) -> str:
        return self.name

    @property
    def row(self) -> str:
        """Of the table in docs/answers.md."""
        dimensions = ", ".join(("draw", *self.dimensions))
        return f"| `{self.name}` | {dimensions} | {self.units} | {self.says} |"


# Kept of each draw ----------------------------------------------------------------------------------------------------

PROVENU = Measure("provenu", ("period",), "currency", "savings less costs")
AREA = Measure("provenu_by_area", ("area",), "currency", "savings less costs of an area, over the horizon")
LINE = Measure(
    "provenu_by_line", ("line",), "currency", "savings less costs of a line, over the horizon; where asked for"
)
PROGRAMME = Measure(
    "provenu_by_programme",
    ("programme",),
    "currency",
    "savings less costs of a portfolio's programme, over the horizon",
)
TOTAL = Measure("provenu_total", (), "currency", "savings less costs over the horizon")
CASHABLE = Measure("provenu_cashable", (), "currency", "the same without savings that are not cashable")
STATE = Measure("provenu_of_state", (), "currency", "what the state saves over the horizon, its refusion")
PAYER = Measure(
    "provenu_of_payer", ("payer",), "currency", "what a payer beside municipality and state saves over the horizon"
)
FINANCING = Measure(
    "financing", ("period",), "currency", "what others pay, payment by results as it is earned; in no provenu", None
)
PRESENT_VALUE = Measure("present_value", (), "currency", "provenu over the horizon, discounted", 2)
UNDER = Measure(
    "provenu_by_counterfactual",
    ("counterfactual",),
    "currency",
    "provenu over the horizon, the life without the programme counted in another way",
)
LUCK_VARIANCE = Measure(
    "luck_variance", (), "currency²", "variance that luck adds to the total, exactly, where it is not drawn", 2
)
LUCK_THIRD = Measure(
    "luck_third_moment",
    (),
    "currency³",
    "third central moment that luck adds to the total, exactly, where it is not drawn",
    3,
)
EXPECTED = Measure("provenu_expected", (), "currency", "what the draw brings over the horizon on average over luck")
# kept where the same lives are valued again
TARGETED = Measure("targeted", ("targeted",), "currency", "what targets are of beside the provenu, period by period")
OWN_LUCK_VARIANCE = Measure(
    "own_luck_variance",
    (),
    "currency²",
    "variance that luck adds where the life without the programme has luck of its own",
    2,
)

COLUMNS = (  # in the order of the table in docs/answers.md
    PROVENU, AREA, LINE, PROGRAMME, TOTAL, CASHABLE, STATE, PAYER, FINANCING, PRESENT_VALUE, UNDER, LUCK_VARIANCE, LUCK_THIRD, EXPECTED, TARGETED,
    OWN_LUCK_VARIANCE,
)  # fmt: skip

# Summed over the draws of each block ----------------------------------------------------------------------------------

LINES = Measure("lines", ("line", "period"), "currency", "kroner of each line")
LINE_OFF = Measure("line_deviation", ("line",), "currency", "what a line is off the business case's own number")
LINE_SQUARE = Measure("line_deviation_square", ("line",), "currency²", "its square", 2)
MONTHS = Measure("person_months", ("state", "period"), "person-months", "in each state with the programme", 0)
ARRIVALS = Measure("arrivals", ("state", "period"), "persons", "who come into each state with the programme", 0)
BASELINE_MONTHS = Measure("baseline_person_months", ("state", "period"), "person-months", "the same without it", 0)
BASELINE_ARRIVALS = Measure("baseline_arrivals", ("state", "period"), "persons", "the same without it", 0)
TARGETS = Measure("targets", ("target",), "1", "1 where a target is reached", None)
EXPECTED_OFF = Measure(
    "expected_deviation", (), "currency", "what the expected provenu is off the business case's own number"
)
EXPECTED_OFF_BY_PERIOD = Measure("expected_deviation_by_period", ("period",), "currency", "the same by period")
EXPECTED_SQUARE = Measure("expected_deviation_square", (), "currency²", "its square over the horizon", 2)
EXPECTED_PAYERS = Measure(
    "expected_lines_of_payers", ("payer", "line"), "currency", "expected kroner of each line, by payer"
)
EXPECTED_LINES = Measure("expected_lines", ("line", "period"), "currency", "expected kroner of each line")
FINANCED = Measure(
    "financing_lines",
    ("financing_line", "period"),
    "currency",
    "kroner that others pay, payment by results as it is earned",
    None,
)
EXPECTED_FINANCED = Measure(
    "expected_financing_lines", ("financing_line", "period"), "currency",
    "the same with the expected families; payment by results as it is earned", None,
)  # fmt: skip
EXPECTED_OTHERS = Measure(
    "expected_of_others",
    ("payer", "period"),
    "currency",
    "expected provenu of each payer beside municipality and state",
)
EXPECTED_AFTER = Measure(
    "expected_after_horizon",
    ("line",),
    "currency",
    "expected kroner of each line of person-years that come after the horizon, and are not in it",
)
EXPECTED_STATE = Measure("expected_of_state", ("period",), "currency", "expected provenu of the state, its refusion")
EXPECTED_PRESENT_VALUE = Measure("expected_present_value", (), "currency", "expected provenu, discounted", 2)
EXPECTED_MONTHS = Measure(
    "expected_person_months", ("state", "period"), "person-months", "expected with the programme", 0
)
EXPECTED_ARRIVALS = Measure("expected_arrivals", ("state", "period"), "persons", "expected with the programme", 0)
EXPECTED_BASELINE_MONTHS = Measure(
    "expected_baseline_person_months", ("state", "period"), "person-months", "expected without it", 0
)
EXPECTED_BASELINE_ARRIVALS = Measure(
    "expected_baseline_arrivals", ("state", "period"), "persons", "expected without it", 0
)
DRAWN = Measure("drawn", ("column",), "mixed", "numbers drawn of the assumptions", 0)
DRAWN_SQUARE = Measure("drawn_square", ("column",), "mixed", "their squares", 0)
DRAWN_BY_EXPECTED = Measure("drawn_by_expected", ("column",), "mixed", "their products with `expected_deviation`")
LUCK_SQUARE = Measure("luck_square", (), "currency²", "square of what the provenu is off the expected one", 2)
LUCK_SUM = Measure("luck_variance_of_provenu", (), "currency²", "exact variance of the provenu by luck", 2)
BREAK_EVEN = Measure("break_even", ("counterfactual", "term"), "1", "terms of the chance of break-even", None)
BREAK_EVEN_FINANCED = Measure(
    "break_even_with_financing",
    ("term",),
    "1",
    "the same with what others pay, where none of it is payment by results",
    None,
)
