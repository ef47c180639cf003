"""A run's tables: one unit for all amounts, no more digits than the error leaves, right after rounding."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from trees import rich, scenario_of, simple

from simulate import figures, locale
from simulate.analysis.precision import STUDENT
from simulate.answers.base import Estimate
from simulate.answers.budget import Amounts, Budget, Kind, Post
from simulate.answers.paper import Reported
from simulate.answers.run import Run, of
from simulate.content import Figure, Row, Table, row
from simulate.engine import run
from simulate.options import Options
from simulate.reports import details, paper
from simulate.reports import run as reports_run
from simulate.scenario import Loaded


def tables(tree: dict[str, Any], **options: Any) -> tuple[Run, list[Table]]:
    scenario = scenario_of(tree)
    answer = of(run(scenario, Options(draws=256, **options)), Loaded(scenario, "a.toml", "", ""))
    return answer, [part for part in paper.lines(answer, "DKK") if isinstance(part, Table)]


@pytest.mark.parametrize(
    ("largest", "scale", "corner", "said"),
    [
        (999_999.4, 1, "kr.", "-999.999"),
        (1_000_000.0, 1000, "1.000 kr.", "-1.000"),
        (14_149_000.0, 1000, "1.000 kr.", "-14.149"),
        (999_999_000.0, 1000, "1.000 kr.", "-999.999"),
        (1_234_567_890.0, 1_000_000, "mio. kr.", "-1.234,6"),
    ],
)
def test_the_largest_amount_decides_the_unit(largest: float, scale: int, corner: str, said: str) -> None:
    locale.use("da")
    assert paper.scale_of([row("a", Figure(1.0), Figure(-largest)), row("b", Figure(1e12, "share"))]) == scale
    assert figures.corner(Table(["", "2020"], [row("a", Figure(1.0))], scale, "DKK")) == corner
    assert figures.cell(Figure(-largest), scale) == said


@pytest.mark.parametrize("scale", [1, 1000, 1_000_000])
def test_a_printed_amount_is_right_after_rounding_and_no_finer_than_its_error(scale: int) -> None:
    rng = np.random.default_rng(5)
    for value, error in zip(rng.normal(0, 10 ** rng.uniform(2, 9, 500)), 10 ** rng.uniform(0, 8, 500), strict=True):
        for err in (0.0, error):
            printed = float(figures.amount(value, err, scale).replace(",", "")) * scale
            finest = scale / 10 if scale == 1_000_000 and figures.unit(err) < scale else scale
            if finest < scale and figures.unit(err) < abs(value) < scale / 20:  # else it would read as nothing
                finest = 10 ** math.floor(math.log10(abs(value)))
            step = max(figures.unit(err), finest)
            assert abs(printed - value) <= step / 2 * (1 + 1e-9)
            assert math.isclose(printed / step, round(printed / step), abs_tol=1e-6)


def test_rows_of_a_run_with_luck() -> None:
    answer, (provenu, posts) = tables(rich())
    names = [str(one.cells[0]) for one in provenu.rows]
    assert names == [
        "Every assumption at its value",
        "Expected",
        "In 90 of 100 courses from",
        "In 90 of 100 courses to",
        "Broken even at the end of the year",
    ]
    assert list(provenu.columns[1:]) == [*answer.scenario.periods, "Total"]
    assert provenu.rows[-1].cells[-1] is None  # the last year's is that of the horizon
    assert posts.scale == provenu.scale
    assert [one.mark for one in posts.rows if str(one.cells[0]) in ("Costs, total", "Savings, total")] == ["total"] * 2


def test_only_the_papers_own_case_is_called_the_business_case() -> None:
    figure, scenario = Reported("provenu", "Provenu", None, 1.0, 1.0, "", True), scenario_of(rich())
    answer, _ = tables(rich())
    at_point, _ = tables(rich(), engine="point")
    for reported, changed, row_name, column in (
        ([figure], [], "The business case", "Business case"),
        ([figure], ["time.years=12"], "Every assumption at its value", "At the values"),
        ([], [], "Every assumption at its value", "At the values"),
    ):
        one, point = (
            replace(each, reported=reported, run=replace(each.run, set=changed)) for each in (answer, at_point)
        )
        assert next(paper._provenu(one)).cells[0] == row_name
        assert next(paper._at_point(point)).cells[0] == row_name
        assert details._heads(one)[1] == column
        words = " ".join(reports_run._point(point, scenario))
        assert ("business case" in words) is (row_name == "The business case")


def budget(lines: dict[str, tuple[Kind, list[float]]], error: float = 0.0) -> Budget:
    """By label: costs or savings, and kroner by year."""

    def by_year(values: Any, error: float = error) -> list[Estimate]:
        return [Estimate(float(value), error, None) for value in values]

    def amounts(values: Any, error: float = error) -> Amounts:
        return Amounts(by_year(values, error), Estimate(float(sum(values)), error, None))

    years = len(next(iter(lines.values()))[1])
    costs, savings = (
        np.sum([values for own, values in lines.values() if own == kind] or [[0.0] * years], axis=0)
        for kind in ("costs", "savings")
    )
    provenu = costs + savings
    return Budget(
        lines={
            name: Post(by_year(values), amounts(values).total, kind, "", None) for name, (kind, values) in lines.items()
        },
        costs=amounts(costs),
        savings=amounts(savings),
        person_years=amounts(0 * provenu, 0.0),
        provenu=amounts(provenu),
        accumulated=by_year(np.cumsum(provenu)),
        areas={},
        gross=amounts(provenu),
        stat=amounts(0 * provenu, 0.0),
        others={},
        financing=None,
    )


@pytest.mark.parametrize(
    ("lines", "error", "right"),
    [
        ({"staff": ("costs", [-2000.0, -3000.0]), "rent": ("savings", [1000.0, 5000.0])}, 0.0, True),
        ({"staff": ("costs", [-2400.0, -3400.0]), "rent": ("savings", [1000.0, 5000.0])}, 0.0, False),  # -2 - 3 is not -6
        ({"staff": ("costs", [-2400.0, -2400.0]), "van": ("costs", [-2400.0, -2400.0])}, 0.0, False),  # downwards, too
        ({"staff": ("costs", [-20_000.0, -30_000.0])}, 10_000 / STUDENT * 1.1, True),
        ({"staff": ("costs", [-24_000.0, -34_000.0])}, 10_000 / STUDENT * 1.1, False),
    ],
)  # fmt: skip
def test_that_sums_are_off_is_said_where_they_are(
    lines: dict[str, tuple[Kind, list[float]]], error: float, right: bool
) -> None:
    assert paper._adds_up(budget(lines, error), 1000) is right


def test_where_only_the_total_has_luck_no_year_has_a_band() -> None:
    answer, (provenu, posts) = tables(rich(), engine="expected")
    low, high, chance = provenu.rows[2:]
    for one, p in ((low, 5), (high, 95)):
        assert list(one.cells[1:-1]) == [None] * len(answer.scenario.periods)
        found = answer.provenu.percentiles[p]
        assert one.cells[-1] == Figure(found.value, error=found.error)
    assert [cell is None for cell in chance.cells[1:]] == [True] * (len(chance.cells) - 3) + [False, True]
    assert all("without luck" in str(one.cells[0]) for one in posts.rows if "90 of 100" in str(one.cells[0]))


def test_without_luck_the_band_says_so() -> None:
    _, (provenu, _) = tables(rich(), engine="expected", plain=True)
    assert [str(one.cells[0]) for one in provenu.rows[2:4]] == [
        "Without luck, in 90 of 100 courses from",
        "Without luck, in 90 of 100 courses to",
    ]


def named(table: Table) -> dict[str, Row]:
    return {str(one.cells[0]): one for one in table.rows}


def test_what_a_case_does_not_have_is_no_row() -> None:
    _, (_, posts) = tables(simple(costs=[], savings=[{"label": "rent", "yearly": 8e6}]))
    assert "Costs, total" not in named(posts)
    assert "Savings, total" in named(posts)
    _, (_, posts) = tables(simple(costs=[{"label": "staff", "yearly": 9e6}], savings=[]))
    assert named(posts)["staff"].cells[-1] == Figure(-27e6)


def test_one_year_and_quarters() -> None:
    tree = simple()
    tree["time"]["years"] = 1
    _, (provenu, _) = tables(tree)
    assert list(provenu.columns) == ["", "2020", "Total"]
    _, (provenu, _) = tables(simple(), period="quarter")
    assert "Broken even at the end of the period" in named(provenu)
    assert len(provenu.columns) == 14


@pytest.mark.parametrize(
    ("period", "said"), [("year", "the years do not add up"), ("quarter", "the periods do not add up")]
)
def test_what_does_not_add_up_is_called_what_it_is(period: str, said: str) -> None:
    scenario = scenario_of(rich())
    answer = of(run(scenario, Options(draws=256, period=period)), Loaded(scenario, "a.toml", "", ""))  # type: ignore[arg-type]
    assert any(said in part for part in paper.lines(answer, "DKK") if isinstance(part, str))


def test_a_budget_without_errors_is_not_said_to_be_rounded_for_them() -> None:
    """At one set of values nothing has an error."""
    answer = of(run(scenario_of(rich()), Options(engine="point")), Loaded(scenario_of(rich()), "a.toml", "", ""))
    assert paper._is_exact(answer.budget)
    assert not paper._is_exact(tables(rich())[0].budget)


def test_an_area_in_which_nothing_varies_has_no_band() -> None:
    tree = rich()
    answer, (_, posts) = tables(tree)
    certain = [name for name, one in answer.areas.items() if one.bands[5] == one.bands[95]]
    banded = {str(one.cells[0]).split(", in 90")[0].lower() for one in posts.rows if "90 of 100" in str(one.cells[0])}
    assert certain == [""]
    assert banded == {name for name in answer.areas if name not in certain}
