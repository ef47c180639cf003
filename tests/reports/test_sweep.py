"""A table of a sweep: which cells it shows, where the chance crosses its levels, and what the words say."""

import json
from collections.abc import Iterator
from csv import reader
from typing import Any

import numpy as np
import pytest
import xarray as xr

from simulate import locale
from simulate.answers import sweep_table as answers
from simulate.answers.sweep import Clipped, SweepShow
from simulate.answers.sweep_table import Asked
from simulate.content import Part, Table, figures
from simulate.errors import InputError
from simulate.figures import cell
from simulate.reports import sweep as report
from simulate.writers import csv, terminal

RELAPSE, PRICE, FACTOR = [0.05, 0.1, 0.15, 0.2], [30000, 40000, 50000], [0.5, 1.0]


def data() -> xr.Dataset:
    """The chance is linear in what is varied, the expected provenu in relapse; one cell is refused."""
    relapse, price, factor = np.ix_(RELAPSE, PRICE, FACTOR)
    chance = (0.96 - 4 * relapse + (price - 30000) / 100000 * factor)[None]
    mean = (1e6 - 8e6 * relapse + 0 * price + 0 * factor)[None]
    reasons = np.full(chance.shape, "", object)
    reasons[0, 3, 2, 1] = "chance: 1.2 is no chance"
    dims = ("scenario", "relapse", "price", "finishing_factor")
    empty = np.where(reasons == "", chance, np.nan)
    scenario = {"name": "silkeborg", "title": "Vi Vil Mere", "municipality": "Silkeborg", "file": "silkeborg.toml", "sha256": "0", "set": [],
                "draws": 64, "seed": 7, "design": "sobol", "counterfactual": "expected"}  # fmt: skip
    about = {
        "title": "",
        "language": "en",
        "currency": "DKK",
        "engine": "lives",
        "costs": True,
        "scenarios": [scenario],
        "order": list(dims[1:]),
    }
    return xr.Dataset(
        {
            "probability": (dims, empty, {"units": "1"}),
            "probability_error": (dims, 0.001 + 0 * empty),
            "provenu_mean": (dims, np.where(reasons == "", mean, np.nan), {"units": "DKK"}),
            "provenu_mean_error": (dims, 1000 + 0 * empty),
            "probability_by_year": ((*dims, "year"), empty[..., None] * [0.5, 1.0], {"units": "1"}),
            "base_probability": ("scenario", [0.62]),
            "base_probability_error": ("scenario", [0.001]),
            "reason": (dims, reasons),
        },
        coords={
            "scenario": ["silkeborg"],
            "relapse": ("relapse", RELAPSE, {"path": "relapse", "long_name": "Tilbagefald", "units": "a year", "usage": "share", "now": 0.1}),
            "price": ("price", PRICE, {"path": "costs.Team.yearly", "long_name": "costs.Team.yearly", "units": "DKK", "usage": "money", "now": 35000.0}),
            "finishing_factor": ("finishing_factor", FACTOR, {"path": "finishing*", "long_name": "Familier", "units": "factor", "usage": "number", "now": 1.0}),
            "year": [2020, 2021],
        },
        attrs={"sweep": json.dumps(about)},
    )  # fmt: skip


def shown(**asked: Any) -> SweepShow:
    return answers.show(data(), "x.nc", Asked(**asked))


def printed(answer: SweepShow, language: locale.Language) -> list[str]:
    locale.use(language)
    return [line for part in report.show(answer) for line in terminal.lines(part)]


def test_the_two_longest_are_the_sides_and_the_others_stand_where_the_scenario_has_them() -> None:
    grid = shown().grid
    assert (grid.rows, grid.columns) == ("relapse", "price")
    assert (grid.at, grid.chosen) == ({"scenario": "silkeborg", "finishing_factor": 1.0}, ["finishing_factor"])
    values = [[None if one is None else one.value for one in line] for line in grid.values]
    assert values[3][2] is None
    assert values[0] == pytest.approx([0.76, 0.86, 0.96])
    estimate = grid.values[0][0]
    assert estimate is not None
    assert (estimate.error, estimate.interval) == (0.001, pytest.approx((0.76 - 0.00213, 0.76 + 0.00213), abs=1e-5))


@pytest.mark.parametrize(
    ("asked", "at"),
    [
        ({"at": {"finishing_factor": "0,5"}}, {"scenario": "silkeborg", "finishing_factor": 0.5}),
        ({"at": {"finishing*": "50 %"}}, {"scenario": "silkeborg", "finishing_factor": 0.5}),
        ({"rows": "finishing*", "columns": "relapse"}, {"scenario": "silkeborg", "price": 30000}),
        ({"rows": "finishing*", "columns": "relapse", "at": {"costs.Team.yearly": "50.000 kr."}}, {"scenario": "silkeborg", "price": 50000}),
        ({"rows": "finishing*", "at": {"relapse": "15%", "price": "40000"}}, {"scenario": "silkeborg", "relapse": 0.15, "price": 40000}),
        ({"of": "probability_by_year", "at": {"year": "2021"}}, {"scenario": "silkeborg", "finishing_factor": 1.0, "year": 2021}),
    ],
)  # fmt: skip
def test_what_is_asked_for(asked: dict[str, Any], at: dict[str, Any]) -> None:
    grid = shown(**asked).grid
    assert grid.at == at
    whole = data()[grid.of].sel(at)
    wanted = whole.transpose(*[one for one in (grid.rows, grid.columns) if one]).values
    found = np.array([[np.nan if one is None else one.value for one in line] for line in grid.values])
    np.testing.assert_array_equal(found, wanted if grid.columns else wanted[:, None])


def test_a_single_column() -> None:
    grid = shown(rows="relapse", at={"price": "30000", "finishing*": "1"}).grid
    assert grid.columns is None
    assert [(one.level, one.column, round(one.at, 12), one.rises) for one in grid.frontier] == [
        (0.5, None, 0.115, False)
    ]


def test_the_frontier_of_what_is_linear_is_exact() -> None:
    """0.96 - 4 x + price / 10^5 - 0.3 = level; the empty cell hides what lies beyond 15 %."""
    found = {(one.level, one.column): one.at for one in shown().grid.frontier}
    assert found == pytest.approx({
        (0.5, 30000): 0.115, (0.5, 40000): 0.14,
        (0.8, 40000): 0.065, (0.8, 50000): 0.09, (0.9, 50000): 0.065,
    })  # fmt: skip


def test_the_sign_of_the_expected_provenu() -> None:
    assert {(one.column, one.rises): one.at for one in shown().grid.signs} == pytest.approx(
        {(price, False): 0.125 for price in PRICE}
    )


def test_several_crossings_are_all_told() -> None:
    found = data()
    found["probability"].values[0, :, 0, 1] = [0.4, 0.6, 0.4, 0.6]
    crossings = [one for one in answers.show(found, "x", Asked()).grid.frontier if one.column == 30000]
    assert [(round(one.at, 12), one.rises) for one in crossings] == [(0.075, True), (0.125, False), (0.175, True)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"at": {"price": "45000"}}, "no such value; it has 30,000; 40,000; 50,000"),
        ({"at": {"prize": "45000"}}, "nothing is varied by that name; did you mean `price`?"),
        ({"of": "probabilty"}, "it has probability, provenu_mean, probability_by_year"),
        ({"at": {"relapse": "7 %"}}, "it has 5%; 10%; 15%; 20%"),
        ({"rows": "price", "columns": "costs.Team.yearly"}, "name the same"),
        ({"rows": "price", "at": {"price": "40000"}}, "is a side of the table"),
    ],
)
def test_what_cannot_be_shown(asked: dict[str, Any], words: str) -> None:
    locale.use("en")
    with pytest.raises(InputError) as error:
        shown(**asked)
    assert words in str(error.value)


def test_words() -> None:
    lines = printed(shown(), "en")
    assert "1 cell is empty: chance: 1.2 is no chance (relapse 20%, price 50,000 kr., finishing_factor ×1)." in lines
    assert (
        "“Familier” (finishing*) is ×1, its value in the scenario; another with --at finishing_factor=..."
        in " ".join(lines)
    )
    assert "The scenario as it stands: 62.0%." in lines
    assert any(line.split() == ["40,000", "kr.", "14%", "6.5%", "always", "under", "12.5%"] for line in lines), lines
    danish = printed(shown(), "da")
    assert "Scenariet, som det står: 62,0 %." in danish
    assert any(
        line.split() == ["40.000", "kr.", "14", "%", "6,5", "%", "altid", "under", "12,5", "%"] for line in danish
    ), danish


def test_the_map_has_a_shade_for_each_cell() -> None:
    lines = printed(shown(), "en")
    maps = [line.split() for line in lines if line and set(line.split()[-1]) <= set("·░▒▓█x")]
    assert maps == [["5%", "▒▒▓▓██"], ["10%", "▒▒▒▒▒▒"], ["15%", "░░░░▒▒"], ["20%", "··░░xx"]]


def test_of_another_variable() -> None:
    answer = shown(of="provenu_mean", at={"finishing*": "1"})
    assert answer.grid.frontier == []
    assert answer.grid.shades == pytest.approx([-600000 + 1200000 * i / 5 for i in range(1, 5)])
    lines = printed(answer, "en")
    assert any(line.split()[:2] == ["5%", "600"] for line in lines)
    assert "must be for the expected provenu to be 0" in " ".join(lines)


@pytest.mark.parametrize(
    ("at", "rows"),
    [
        ({"price": "40000", "finishing*": "1", "relapse": "5%"}, "scenario"),
        ({"scenario": "silkeborg", "price": "40000", "finishing*": "1"}, "relapse"),
        ({"scenario": "silkeborg", "price": "40000", "finishing*": "1", "relapse": "5%"}, "scenario"),
    ],
)
def test_one_side_is_always_there(at: dict[str, str], rows: str) -> None:
    grid = shown(at=at).grid
    assert (grid.rows, grid.columns) == (rows, None)


def test_a_single_thing_with_a_single_value() -> None:
    one = data().isel(relapse=[1], price=[0], finishing_factor=[0])
    assert answers.show(one, "x.nc", Asked()).grid.rows == "relapse"


@pytest.mark.parametrize("language", locale.LANGUAGES)
@pytest.mark.parametrize(
    "asked", [{}, {"of": "provenu_mean"}, {"rows": "relapse", "at": {"price": "30000"}}, {"of": "probability_by_year"}]
)
def test_every_number_that_is_shown_is_in_the_document(asked: dict[str, Any], language: locale.Language) -> None:
    answer = shown(**asked)
    locale.use(language)
    there = {round(one, 9) for one in _numbers(answer.to_dict())}
    parts: list[Part] = list(report.show(answer))
    assert {round(one, 9) for part in parts for one in figures(part)} - there == set()
    assert all(
        cell(one, part.scale) is not None
        for part in parts
        if isinstance(part, Table)
        for row in part.rows
        for one in row.cells
    )


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def test_a_crossing_has_no_more_digits_than_its_error_leaves() -> None:
    """Its error is the chance's over the slope, 4 for 1 of relapse: 0.001 / 4 and 0.02 / 4; and of the mean's 1000 / 8e6."""
    found = data().isel(finishing_factor=[0])
    one = answers.show(found, "x", Asked()).grid.frontier[0]
    assert one.at_error == pytest.approx(0.001 / 4)
    lines = printed(answers.show(found, "x", Asked()), "en")
    assert any(line.split()[:3] == ["30,000", "kr.", "11.5%"] for line in lines), lines
    found["probability_error"] = found["probability_error"] * 0 + 0.02
    rough = answers.show(found, "x", Asked())
    assert rough.grid.frontier[0].at_error == pytest.approx(0.02 / 4)
    lines = printed(rough, "en")
    assert any(line.split()[:3] == ["40,000", "kr.", "13%"] for line in lines), lines
    assert "Error of the simulation itself (95 %): at most ± 4.3 points in the table; 64 courses, seed 7." in lines
    assert rough.grid.signs[0].at_error == pytest.approx(1000 / 8e6)


def test_the_error_of_amounts_is_told_and_few_courses_are_warned_of() -> None:
    lines = printed(shown(of="provenu_mean"), "en")
    assert "Error of the simulation itself (95 %): at most ± 2,100 kr. in the table; 64 courses, seed 7." in lines
    assert "With fewer than 1,024 courses, bands and the worst courses are rougher than they look." in lines
    many = data()
    about = json.loads(many.attrs["sweep"])
    about["scenarios"][0]["draws"] = 1024
    many.attrs["sweep"] = json.dumps(about)
    assert "With fewer" not in "\n".join(printed(answers.show(many, "x", Asked()), "en"))


@pytest.mark.parametrize(("worst", "cells"), [(0.049, 0), (0.05, 1), (0.117, 1)])
def test_too_much_clipping_is_warned_of_above_the_table(worst: float, cells: int) -> None:
    found = data()
    clipped = np.zeros(found["probability"].shape)
    clipped[0, 2, 1, 1], clipped[0, 2, 1, 0] = worst, 0.9  # the second is in no cell of the table
    found["clipped_share_worst"] = (found["probability"].dims, clipped)
    answer = answers.show(found, "x", Asked(at={"finishing*": "1"}))
    lines = " ".join(printed(answer, "en"))
    if not cells:
        assert answer.grid.clipped is None
        assert "clipped" not in lines
        return
    assert answer.grid.clipped == Clipped(1, worst, {"relapse": 0.15, "price": 40000})
    warning = f"in many of the courses: {100 * worst:.1f}% (relapse 15%, price 40,000 kr.)."
    assert warning in lines
    assert lines.index("That is too many to trust the answer below") < lines.index("The chance of break-even by")


@pytest.mark.parametrize("language", locale.LANGUAGES)
def test_a_table_with_a_single_column_is_printed(language: locale.Language) -> None:
    lines = printed(shown(rows="relapse", at={"price": "30000", "finishing*": "1"}), language)
    assert any(line.split()[0] == "relapse" and "12" in line for line in lines if line), lines


@pytest.mark.parametrize(
    ("a", "b", "told"), [(37.5, 75.0, "37,5 kr."), (37500.2, 37500.4, "37.500,2 kr."), (37500.0, 75000.0, "37.500 kr.")]
)
def test_labels_have_the_digits_that_tell_values_apart(a: float, b: float, told: str) -> None:
    found = data().isel(price=[0, 1])
    attributes = found["price"].attrs
    found = found.assign_coords(price=[a, b])
    found["price"].attrs.update(attributes)
    assert any(told in line for line in printed(answers.show(found, "x", Asked()), "da"))


def inner(name: str, dimension: str, values: list[Any], units: str = "1") -> xr.Dataset:
    """With a variable that has a dimension of its own."""
    found = data()
    numbers = found["probability"].values[..., None] * np.linspace(0.5, 1, len(values))
    found[name] = ((*found["probability"].dims, dimension), numbers, {"units": units, "long_name": "in English"})
    return found.assign_coords({dimension: np.array(values, object if isinstance(values[0], str) else None)})


@pytest.mark.parametrize(
    ("name", "dimension", "values", "at", "words"),
    [
        ("probability_by_year", "year", [2020, 2021], 2021, "Chancen for at have tjent sig hjem ved årets udgang efter"),
        ("provenu_percentile", "percentile", [1, 5, 50, 95], 50, "Provenuets percentil efter"),
        ("provenu_percentile_without_luck", "percentile", [5, 50], 50, "Provenuets percentil, uden tilfældigheder efter"),
        ("variance_share", "part", ["assumptions", "luck"], "assumptions", "Part er forudsætningerne"),
        ("variance_share", "part", ["luck", "assumptions"], "luck", "er tilfældigheder"),
        ("person_years", "arm", ["baseline", "programme"], "baseline", "er uden indsatsen"),
    ],
)  # fmt: skip
def test_variables_and_their_dimensions_are_in_words(
    name: str, dimension: str, values: list[Any], at: Any, words: str
) -> None:
    answer = answers.show(inner(name, dimension, values), "x", Asked(of=name))
    assert answer.grid.at[dimension] == at
    told = " ".join(printed(answer, "da"))
    assert words.replace("Part er", "er") in told
    for english in (name, "programme", "baseline", "assumptions", " luck"):
        assert english not in told.replace(f"--at {dimension}=", "")
    assert name not in " ".join(
        printed(answers.show(inner(name, dimension, values), "x", Asked(of=name, columns=dimension)), "da")
    )


def test_values_that_there_are_have_the_languages_marks() -> None:
    locale.use("da")
    with pytest.raises(InputError, match="5 %; 10 %; 15 %; 20 %"):
        shown(at={"relapse": "0,07"})
    with pytest.raises(InputError, match="0,5; 1"):
        shown(at={"finishing*": "0,7"})


def test_an_empty_table_says_why_and_nothing_of_crossings() -> None:
    found = data()
    about = json.loads(found.attrs["sweep"])
    about["engine"] = "expected"
    found.attrs["sweep"] = json.dumps(about)
    found["probability_by_year"].values[..., 0] = np.nan
    told = " ".join(printed(answers.show(found, "x", Asked(of="probability_by_year", at={"year": "2020"})), "en"))
    assert "luck is known of the whole horizon alone" in told
    assert "Nowhere in the table" not in told
    lives = " ".join(printed(shown(of="probability_by_year"), "en"))
    assert "whole horizon alone" not in lives


@pytest.mark.parametrize("missing", ["costs", "untied", "now"])
def test_a_table_that_was_written_before_something_was_told_can_be_read(missing: str) -> None:
    found = data()
    about = json.loads(found.attrs["sweep"])
    for place in (about, about["scenarios"][0]):
        place.pop(missing, None)
    found.attrs["sweep"] = json.dumps(about)
    assert printed(answers.show(found, "x", Asked()), "en")


def test_the_last_year_is_that_of_the_cells_that_are_shown() -> None:
    """Cells with a shorter horizon have none of the years after it."""
    years = [2020, 2021, 2022]
    short = data().drop_vars(["probability_by_year", "year"])
    numbers = short["probability"].values[..., None] * np.linspace(0.5, 1, 3)
    numbers[:, :, :, 0, 2] = np.nan
    short["probability_by_year"] = ((*short["probability"].dims, "year"), numbers, {"units": "1"})
    short = short.assign_coords(year=years)
    for factor, year in (("0.5", 2021), ("1", 2022)):
        grid = answers.show(short, "x", Asked(of="probability_by_year", at={"finishing*": factor})).grid
        assert grid.at["year"] == year
        assert grid.values[0][0] is not None


# As a spreadsheet reads it --------------------------------------------------------------------------------------------


def rows_of(found: xr.Dataset, language: locale.Language, **asked: Any) -> list[list[str]]:
    locale.use(language)
    written = csv.written(report.show(answers.show(found, "x.nc", Asked(**asked)))).decode("utf-8-sig")
    return list(reader(written.splitlines(), delimiter=";" if language == "da" else ","))


@pytest.mark.parametrize(("language", "mark"), [("en", "."), ("da", ",")])
def test_crossings_are_numbers_with_the_unit_of_what_is_varied(language: locale.Language, mark: str) -> None:
    """Of 0.96 - 4 x + price / 10^5 - 0.3, as above."""
    rows = rows_of(data(), language)
    assert ["30.000 kr." if language == "da" else "30,000 kr.", "a year"] in [row[:2] for row in rows]
    crossed = {row[0][:2]: row[2:] for row in rows if row[1:2] == ["a year"]}
    assert crossed["30"][0] == f"0{mark}115"
    assert crossed["40"][:2] == [f"0{mark}14", f"0{mark}065"]
    assert [row[-1] for row in crossed.values()] == [f"0{mark}125"] * 3  # where the expected provenu is 0


def test_several_crossings_have_a_column_each() -> None:
    found = data()
    found["probability"].values[0, :, 0, 1] = [0.4, 0.6, 0.4, 0.6]
    rows = rows_of(found, "en")
    heads = next(row for row in rows if "50% (1)" in row)
    line = next(row for row in rows if row[:2] == ["30,000 kr.", "a year"])
    at = heads.index("50% (1)")
    assert heads[at : at + 3] == ["50% (1)", "50% (2)", "50% (3)"]
    assert line[at : at + 3] == ["0.075", "0.125", "0.175"]


def test_what_sentences_say_is_there_as_figures_and_pictures_are_not() -> None:
    rows = rows_of(data(), "en", at={"price": "40000"})
    assert ["costs.Team.yearly", "DKK", "40000"] in rows
    assert ["The scenario as it stands", "share", "0.62"] in rows
    assert ["Courses", "number", "64"] in rows
    assert ["Seed", "", "7"] in rows
    assert not any("█" in cell or "░" in cell for row in rows for cell in row)
    assert any("█" in line or "▒" in line for line in printed(shown(), "en"))
    assert not any(line.startswith("Seed") for line in printed(shown(), "en"))
