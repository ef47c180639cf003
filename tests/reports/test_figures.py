"""Figures with no more digits than their errors leave them, in both languages."""

import datetime
import decimal
import math
import random
from typing import Any

import pytest
from babel import numbers

from simulate import figures, locale
from simulate.analysis.precision import STUDENT
from simulate.content import Figure, Table, row

VALUE = 1_092_117.596
NOT_KNOWN = [0.0, None, math.nan]


def error(half_width: float) -> float:
    """The standard error of a 95 % interval."""
    return half_width / STUDENT


@pytest.mark.parametrize(
    ("half_width", "unit"),
    [
        (52_000, 10_000),
        (99_999, 10_000),
        (100_001, 100_000),
        (10_001, 10_000),
        (9_999, 1_000),
        (1.5, 1),
        (0.9, 0.1),
        (0.013, 0.01),
        (0.0099, 0.001),
        (3e-9, 1e-9),
    ],
)
def test_the_unit_is_the_power_of_ten_within_the_error(half_width: float, unit: float) -> None:
    assert figures.unit(error(half_width)) == pytest.approx(unit, rel=1e-12)
    assert unit <= half_width < 10 * unit


@pytest.mark.parametrize("none", NOT_KNOWN)
def test_a_figure_without_an_error_keeps_its_digits(none: float | None) -> None:
    assert figures.unit(none) == 0
    assert figures.amount(VALUE, none) == figures.amount(VALUE) == "1,092,118"
    assert figures.kroner(VALUE, error=none) == "1,092,118 kr."
    assert figures.chance(0.6372, none) == figures.chance(0.6372) == "63.7%"


@pytest.mark.parametrize(
    ("half_width", "printed"),
    [
        (52_000, "1,090,000"),
        (520_000, "1,100,000"),
        (4_000_000, "1,000,000"),
        (40_000_000, "0"),
        (5_200, "1,092,000"),
        (52, "1,092,120"),
        (5, "1,092,118"),
        (0.5, "1,092,118"),
        (1e-6, "1,092,118"),
    ],
)
def test_amounts(half_width: float, printed: str) -> None:
    assert figures.amount(VALUE, error(half_width)) == printed
    assert figures.amount(-VALUE, error(half_width)) == ("0" if printed == "0" else f"-{printed}")  # never -0
    assert figures.kroner(VALUE, error=error(half_width)) == f"{printed} kr."


def test_a_rounded_amount_is_within_half_its_unit() -> None:
    """And so within its error, whatever the amount."""
    for half_width in (3.0, 77.0, 520.0, 99_000.0, 1_000_001.0):
        for amount in (0.0, 0.4, 49.5, 12_345.678, -987_654.321, 5e9):
            printed = float(figures.amount(amount, error(half_width)).replace(",", ""))
            assert abs(printed - amount) <= max(figures.unit(error(half_width)), 1) / 2 + 1e-6
            assert printed % max(figures.unit(error(half_width)), 1) == 0


@pytest.mark.parametrize(
    ("half_width", "printed"),
    [(0.2, "64%"), (0.02, "64%"), (0.0101, "64%"), (0.0099, "63.7%"), (0.0001, "63.7%"), (1e-9, "63.7%")],
)
def test_chances(half_width: float, printed: str) -> None:
    """A decimal where the error is less than a point; never two, since nobody reads them."""
    assert figures.chance(0.6372, error(half_width)) == printed


def test_certain_chances() -> None:
    assert figures.chance(1.0, 0.0) == "100.0%"
    assert figures.chance(0.0, 0.0) == "0.0%"
    assert figures.chance(0.0004, error(0.02)) == "under 1%"


@pytest.mark.parametrize(
    ("standard_error", "printed"),
    [(0.0, 0.0), (52_340 / STUDENT, 52_000.0), (98_999 / STUDENT, 99_000.0), (99_600 / STUDENT, 100_000.0),
     (0.00347 / STUDENT, 0.0035), (1 / STUDENT, 1.0)],
)  # fmt: skip
def test_half_widths_have_two_digits(standard_error: float, printed: float) -> None:
    assert figures.half_width(standard_error) == printed


def test_a_half_width_that_is_not_known() -> None:
    assert math.isnan(figures.half_width(math.nan))


def test_in_danish() -> None:
    locale.use("da")
    assert figures.amount(VALUE, error(52_000)) == "1.090.000"
    assert figures.kroner(-VALUE, error=error(52_000)) == "-1.090.000 kr."
    assert figures.chance(0.6372, error(0.005)) == "63,7 %"
    assert figures.chance(0.6372, error(0.02)) == "64 %"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0, "0"),
        (1 / 16384, "færre end 1"),
        (0.0049, "færre end 1"),
        (0.005, "færre end 1"),
        (0.0051, "1"),
        (0.227, "23"),
        (0.9949, "99"),
        (0.995, "flere end 99"),
        (0.996, "flere end 99"),
        (1, "100"),
    ],
)
def test_of_a_hundred_courses_none_and_all_are_said_only_of_none_and_all(share: float, shown: str) -> None:
    locale.use("da")
    assert figures.of_100(share) == shown


@pytest.mark.parametrize(
    ("low", "high", "danish", "in_english"),
    [
        (0.051, 0.123, "mellem 5 og 12", "between 5 and 12"),
        (0.051, 0.052, "5", "5"),
        (0, 0, "0", "0"),
        (1, 1, "100", "100"),
        (0, 0.12, "mellem 0 og 12", "between 0 and 12"),
        (0, 0.001, "færre end 1", "fewer than 1"),
        (0.001, 0.003, "færre end 1", "fewer than 1"),
        (0.001, 0.007, "højst 1", "at most 1"),
        (0.001, 0.12, "højst 12", "at most 12"),
        (0.9, 0.999, "mindst 90", "at least 90"),
        (0.991, 0.999, "mindst 99", "at least 99"),
        (0.996, 0.999, "flere end 99", "more than 99"),
        (0.999, 1, "flere end 99", "more than 99"),
        (0.9, 1, "mellem 90 og 100", "between 90 and 100"),
        (0.001, 0.999, "alt fra færre end 1 til flere end 99", "anything from fewer than 1 to more than 99"),
        (0.001, 1, "alt fra færre end 1 til 100", "anything from fewer than 1 to 100"),
        (0, 0.999, "alt fra 0 til flere end 99", "anything from 0 to more than 99"),
        (0, 1, "mellem 0 og 100", "between 0 and 100"),
    ],
)
def test_ranges_of_a_hundred_courses(low: float, high: float, danish: str, in_english: str) -> None:
    assert figures.range_of_100(low, high) == in_english
    locale.use("da")
    assert figures.range_of_100(low, high) == danish


@pytest.mark.parametrize(
    ("share", "standard_error", "shown"),
    [
        (0.0002, 0.0, "under 0,1 %"),
        (0.9998, 0.0, "over 99,9 %"),
        (0.9996, error(0.02), "over 99 %"),
        (0.003, error(0.02), "under 1 %"),
        (0.0006, 0.0, "0,1 %"),
        (1e-12, 0.0, "0,0 %"),  # sums are off by as much
        (1 - 1e-12, 0.0, "100,0 %"),
        (0.0, error(0.02), "under 1 %"),  # no draw has it, which does not make it impossible
        (0.0, error(0.0004), "under 0,1 %"),
        (1.0, error(0.0004), "over 99,9 %"),
        (1.0, error(0.02), "over 99 %"),
        (0.0, 0.0, "0,0 %"),
    ],
)
def test_a_chance_is_never_none_or_all_where_it_is_some(share: float, standard_error: float, shown: str) -> None:
    locale.use("da")
    assert figures.chance(share, standard_error) == shown
    assert figures.shows_nothing(share, standard_error) is shown.startswith(("under", "0,0", "0 "))


def test_in_courses() -> None:
    locale.use("da")
    said = [figures.in_courses(share) for share in (0.0, 0.001, 0.42, 1.0)]
    assert said == ["i ingen af forløbene", "i færre end 1 af 100 forløb", "i 42 af 100 forløb", "i alle forløb"]


@pytest.mark.parametrize(("language", "place"), [("da", "da_DK"), ("en", "en_GB")])
def test_numbers_are_written_as_babel_writes_them(language: Any, place: str) -> None:
    """Of all sizes and signs, halves among them."""
    locale.use(language)
    choose = random.Random(3)
    values = [choose.choice((-1, 1)) * choose.random() * 10 ** choose.uniform(-9, 25) for _ in range(500)]
    values += [choose.randrange(-(10**6), 10**6) / choose.choice((1, 2, 4, 8)) for _ in range(500)] + [1e300, math.inf]
    for value in values:
        for decimals in (0, 1, 4):
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            with decimal.localcontext(prec=350):
                whole = numbers.format_decimal(round(value, decimals) + 0.0, format=pattern, locale=place)
            assert figures.number(value, decimals) == whole.replace("\u2212", "-")


@pytest.mark.parametrize(
    ("title", "scale", "currency", "corner"),
    [("Valg", 1, "DKK", "Valg, kr."), ("", 1, "DKK", "kr."), ("Valg", 1000, "DKK", "Valg, 1.000 kr."), ("Valg", 1, "", "Valg"),
     ("", 1_000_000, "EUR", "mio. EUR")],
)  # fmt: skip
def test_a_table_of_amounts_tells_what_they_are_in(title: str, scale: int, currency: str, corner: str) -> None:
    locale.use("da")
    assert figures.corner(Table([title, "2020"], [row("a", Figure(1.0))], scale, currency)) == corner


@pytest.mark.parametrize("cells", [(Figure(19.0, "count"), Figure(1.0)), ("a", Figure(0.5, "share")), ("a", "1 kr.")])
def test_a_table_without_amounts_or_with_numbers_for_names_does_not(cells: tuple[Figure | str, ...]) -> None:
    assert figures.corner(Table(["Size", "2020"], [row(*cells)], currency="DKK")) == "Size"


# In documents ----------------------------------------------------------------------------------------------------------

HELD = "\u00a0"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (lambda: figures.kroner(1_092_118), "1.092.118\u00a0kr."),
        (lambda: figures.kroner(-1_479_680), "-1.479.680\u00a0kr."),
        (lambda: figures.kroner(-0.4), "0\u00a0kr."),
        (lambda: figures.kroner(-0.0), "0\u00a0kr."),
        (lambda: figures.kroner(1_092_118, error=error(52_000)), "1.090.000\u00a0kr."),
        (lambda: figures.short(1_092_118), "1,1\u00a0mio.\u00a0kr."),
        (lambda: figures.short(-14_149_000), "-14,1\u00a0mio.\u00a0kr."),
        (lambda: figures.short(-14_149_000, error=error(1_500_000)), "-14\u00a0mio.\u00a0kr."),
        (lambda: figures.short(999_999), "999.999\u00a0kr."),
        (lambda: figures.chance(0.5834), "58,3\u00a0%"),
        (lambda: figures.chance(0.5834, error(0.02)), "58\u00a0%"),
        (lambda: figures.chance(0.0), "0,0\u00a0%"),
        (lambda: figures.chance(0.0, error(0.001)), "under 0,1\u00a0%"),
        (lambda: figures.chance(0.0004), "under 0,1\u00a0%"),
        (lambda: figures.chance(1.0), "100,0\u00a0%"),
        (lambda: figures.chance(1.0, error(0.02)), "over 99\u00a0%"),
        (lambda: figures.percent(0.0), "0,0\u00a0%"),
        (lambda: figures.percent(0.0004), "0,04\u00a0%"),
        (lambda: figures.percent(-0.0004), "-0,04\u00a0%"),
        (lambda: figures.percent(0.003, 0), "0,3\u00a0%"),
        (lambda: figures.percent(1e-12), "0,0\u00a0%"),
        (lambda: locale.text("in {n} of 100 courses", n=figures.of_100(0.23)), "i 23 af 100 forløb"),
        (lambda: locale.plural("Payback time: median {n} year.", "Payback time: median {n} years.", 5), "Tilbagebetalingstid: median 5\u00a0år."),
    ],
)  # fmt: skip
def test_a_number_in_a_danish_document(said: Any, shown: str) -> None:
    locale.use("da")
    assert figures.unbroken(said()) == shown


@pytest.mark.parametrize(
    ("one", "scale", "shown"),
    [
        (Figure(1_092_118.0), 1, "1.092.118"),
        (Figure(1_092_118.0), 1000, "1.092"),
        (Figure(1_092_118.0), 1_000_000, "1,1"),
        (Figure(-1_234_567_890.0), 1_000_000, "-1.234,6"),
        (Figure(-0.3), 1, "0"),
        (Figure(-499.0), 1000, "0"),
        (Figure(-49_999.0), 1_000_000, "-0,05"),
        (Figure(-32_000.0), 1_000_000, "-0,03"),
        (Figure(0.0), 1_000_000, "0,0"),
        (Figure(0.583, "share"), 1, "58,3\u00a0%"),
        (Figure(0.0002, "share", 0.0001), 1, "under 0,1\u00a0%"),
        (Figure(0.0, "share"), 1, "0,0\u00a0%"),
        (Figure(11.21, "number"), 1, "11,21"),
        (Figure(-0.5, "number"), 1, "-0,5"),
    ],
)
def test_a_cell_of_a_danish_document(one: Figure, scale: int, shown: str) -> None:
    locale.use("da")
    with figures.held_together():
        assert figures.cell(one, scale) == shown
    assert figures.cell(one, scale) == shown.replace(HELD, " ")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("5 mio. kr. or 3 %", "5\u00a0mio.\u00a0kr. or 3\u00a0%"),
        ("± 3.600 kr.; 64 courses", "±\u00a03.600\u00a0kr.; 64 courses"),
        ("in 90 of 100 courses, 2 years", "in 90 of 100 courses, 2\u00a0years"),
        ("28. november 2026", "28. november 2026"),
        ("No number, kr.", "No number, kr."),
    ],
)
def test_only_a_number_holds_what_follows(said: str, shown: str) -> None:
    assert figures.unbroken(said) == shown


@pytest.mark.parametrize(("language", "said"), [("da", "3. februar 2027"), ("en", "3 February 2027")])
def test_a_day_is_written_as_people_do(language: locale.Language, said: str) -> None:
    locale.use(language)
    assert figures.day(datetime.date(2027, 2, 3)) == said
