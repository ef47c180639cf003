"""Every accepted form with its exact value and resolution, every refusal with its words."""

import math
import re
import tomllib
from collections.abc import Iterator

import effort
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulate import locale
from simulate.scenario.numbers import (
    NumberProblem,
    Usage,
    Written,
    check_literal,
    looks_like_number,
    parse,
    resolution,
)

USAGES: tuple[Usage, ...] = ("money", "share", "count", "number")


@pytest.fixture(scope="module", autouse=True)
def _in_english() -> Iterator[None]:
    before = locale.language()
    locale.use("en")
    yield
    locale.use(before)


def reading(written: str, usage: Usage = "number") -> Written | str:
    """What parse makes of a text: a number, or the words of its refusal."""
    try:
        return parse(written, usage)
    except NumberProblem as problem:
        return problem.message


ACCEPTED: list[tuple[str, Usage, float, float]] = [
    # whole numbers
    ("0", "number", 0.0, 0.5),
    ("465000", "number", 465_000.0, 0.5),
    ("1 092 118", "number", 1_092_118.0, 0.5),
    ("1\u00a0092\u00a0118", "money", 1_092_118.0, 0.5),
    ("1\u202f092\u2009118", "count", 1_092_118.0, 0.5),
    ("1.092.118", "count", 1_092_118.0, 0.5),
    ("1,092,118", "number", 1_092_118.0, 0.5),
    ("465 000", "number", 465_000.0, 0.5),
    ("  12\n", "count", 12.0, 0.5),
    # signs
    ("-1.479.680", "money", -1_479_680.0, 0.5),
    ("−1.479.680", "number", -1_479_680.0, 0.5),
    ("–5", "number", -5.0, 0.5),
    ("- 5", "number", -5.0, 0.5),
    ("+5", "number", 5.0, 0.5),
    ("-kr. 5", "money", -5.0, 0.5),
    ("DKK -5", "money", -5.0, 0.5),
    # decimals
    ("0,15", "share", 0.15, 0.005),
    ("0.15", "share", 0.15, 0.005),
    ("11.21", "number", 11.21, 0.005),
    ("33,3333", "count", 33.3333, 0.00005),
    ("33.333333333333336", "count", 33.333333333333336, 5e-16),
    ("1.092.118,50", "money", 1_092_118.5, 0.005),
    ("1,092,118.50", "money", 1_092_118.5, 0.005),
    ("1 092 118,5", "money", 1_092_118.5, 0.05),
    ("1.092,118", "count", 1_092.118, 0.0005),
    ("1234,567", "count", 1_234.567, 0.0005),
    ("0,150", "share", 0.15, 0.0005),
    ("0,075", "number", 0.075, 0.0005),
    ("0.000", "share", 0.0, 0.0005),
    ("1.5e6", "money", 1_500_000.0, 0.5),
    ("1E-07", "share", 1e-7, 5e-8),
    # kroner
    ("465.000", "money", 465_000.0, 0.5),
    ("465.000 kr.", "number", 465_000.0, 0.5),
    ("465.000 kr", "money", 465_000.0, 0.5),
    ("465.000kr.", "money", 465_000.0, 0.5),
    ("465.000\u00a0kr.", "money", 465_000.0, 0.5),
    ("465.000 kroner", "money", 465_000.0, 0.5),
    ("kr. 465.000", "number", 465_000.0, 0.5),
    ("Kr.465.000", "number", 465_000.0, 0.5),
    ("465.000 DKK", "number", 465_000.0, 0.5),
    ("DKK 465.000", "number", 465_000.0, 0.5),
    ("DKK 465,000", "number", 465_000.0, 0.5),
    ("465.000,-", "number", 465_000.0, 0.5),
    ("kr. 465.000,-", "money", 465_000.0, 0.5),
    ("465,- kr.", "money", 465.0, 0.5),
    ("14575,50 kr.", "money", 14_575.5, 0.005),
    # thousands, millions, thousand millions
    ("465 t.kr.", "number", 465_000.0, 500.0),
    ("465 tkr.", "money", 465_000.0, 500.0),
    ("465 TDKK", "money", 465_000.0, 500.0),
    ("1.479,7 t.kr.", "money", 1_479_700.0, 50.0),
    ("465 tusind kr.", "money", 465_000.0, 500.0),
    ("1,1 mio. kr.", "money", 1_100_000.0, 50_000.0),
    ("3,257 mio. kr.", "number", 3_257_000.0, 500.0),
    ("3,257 mio.kr.", "money", 3_257_000.0, 500.0),
    ("3,257 mio.", "money", 3_257_000.0, 500.0),
    ("kr. 3,257 mio.", "number", 3_257_000.0, 500.0),
    ("0,150 mio. kr.", "money", 150_000.0, 500.0),
    ("-1.092,118 mio. kr.", "money", -1_092_118_000.0, 500.0),
    ("2 mia. kr.", "money", 2e9, 5e8),
    ("2,1 mia", "number", 2.1e9, 5e7),
    ("1.1 million", "number", 1_100_000.0, 50_000.0),
    ("DKK 1.1 million", "money", 1_100_000.0, 50_000.0),
    ("1,1 millioner kroner", "money", 1_100_000.0, 50_000.0),
    # shares
    ("15 %", "share", 0.15, 0.005),
    ("15%", "number", 0.15, 0.005),
    ("58,3 %", "share", 0.583, 0.0005),
    ("58.3 %", "share", 0.583, 0.0005),
    ("-2,5 pct.", "share", -0.025, 0.0005),
    ("15 procent", "share", 0.15, 0.005),
    ("15 percent", "share", 0.15, 0.005),
    ("15 per cent", "share", 0.15, 0.005),
    ("0,125 %", "share", 0.00125, 0.000005),
    ("1.234,5 %", "number", 12.345, 0.0005),
]


@pytest.mark.parametrize(("written", "usage", "value", "half"), ACCEPTED)
def test_accepted(written: str, usage: Usage, value: float, half: float) -> None:
    number = parse(written, usage)
    assert (number.value, number.resolution) == (value, half)
    assert looks_like_number(written)


@pytest.mark.parametrize(
    ("written", "money", "share"),
    [
        ("5", False, False),
        ("5 mio.", False, False),
        ("5 mio. kr.", True, False),
        ("5 t.kr.", True, False),
        ("DKK 5", True, False),
        ("5,-", True, False),
        ("5 %", False, True),
    ],
)
def test_unit_tells_what_it_is(written: str, money: bool, share: bool) -> None:
    number = parse(written)
    assert (number.money, number.share) == (money, share)


def test_no_negative_zero() -> None:
    assert math.copysign(1, parse("-0").value) == 1
    assert math.copysign(1, parse("-0,00 kr.").value) == 1
    assert math.copysign(1, parse("-0e5").value) == 1


TWO_WAYS: list[tuple[str, Usage, str, str]] = [
    ("0.150", "share", "150", "0.15"),
    ("0.150", "number", "150", "0.15"),
    ("1.500", "share", "1500", "1.5"),
    ("1,500", "share", "1500", "1.5"),
    ("1.000", "share", "1000", "1"),
    ("465.000", "number", "465000", "465"),
    ("465,000", "number", "465000", "465"),
    ("465.000", "count", "465000", "465"),
    ("1.500 %", "share", "1500 %", "1.5 %"),
    # kroner: a comma and three digits are English thousands or Danish decimals
    ("465,000", "money", "465000", "465"),
    ("465,000 kr.", "number", "465000 kr.", "465 kr."),
    ("465,000 DKK", "money", "465000 DKK", "465 DKK"),
    ("0,150 kr.", "money", "150 kr.", "0.15 kr."),
    ("0.150", "money", "150", "0.15"),
    ("DKK 0,150", "money", "DKK 150", "DKK 0.15"),
    # millions and thousands
    ("3.257 mio. kr.", "money", "3257 mio. kr.", "3,257 mio. kr."),
    ("3.257 mia.", "number", "3257 mia.", "3,257 mia."),
    ("3,257 million", "money", "3257 million", "3257000"),
    ("3.257 million", "money", "3257 million", "3257000"),
    ("DKK 3,257 mio.", "money", "DKK 3257 mio.", "DKK 3257000"),
    ("1.479 t.kr.", "money", "1479 t.kr.", "1479 kr."),
    ("5.592 tusind", "count", "5592 tusind", "5592"),
    ("-5.592 tkr", "money", "-5592 tkr", "-5592 kr."),
    ("465,123 t.kr.", "money", "465123 t.kr.", "465123 kr."),
]


@pytest.mark.parametrize(("written", "usage", "one", "other"), TWO_WAYS)
def test_two_readings_are_shown_and_both_can_be_written(written: str, usage: Usage, one: str, other: str) -> None:
    with pytest.raises(NumberProblem) as refusal:
        parse(written, usage)
    end = "" if other.endswith(".") else "."
    assert refusal.value.message == (
        f"“{written}” can be read two ways: as {one} or as {other}{end} Write the one that is meant."
    )
    assert parse(one, usage).value == pytest.approx(parse(other, usage).value * 1000, rel=1e-12)


THREE_DECIMALS: list[tuple[str, Usage, str, str, str]] = [
    ("33,333", "count", "33333", "33.333", "33.3330"),
    ("-1.479", "number", "-1479", "-1.479", "-1.4790"),
    ("0.125 %", "share", "125 %", "0.125 %", "0.1250 %"),
    ("1 092.118", "count", "1092118", "1092.118", "1092.1180"),
    ("1234.567", "money", "1234567", "1234.567", "1234.5670"),
    ("1.092,118 kr.", "money", "1092118 kr.", "1092.118 kr.", "1092.1180 kr."),
    ("DKK 1,092.118", "money", "DKK 1092118", "DKK 1092.118", "DKK 1092.1180"),
]


@pytest.mark.parametrize(("written", "usage", "one", "other", "zero"), THREE_DECIMALS)
def test_three_decimals_are_shown_as_people_write_them(
    written: str, usage: Usage, one: str, other: str, zero: str
) -> None:
    with pytest.raises(NumberProblem) as refusal:
        parse(written, usage)
    end = "" if other.endswith(".") else "."
    assert refusal.value.message == (
        f"“{written}” can be read two ways: as {one} or as {other}{end} Write {one}, or {zero} with a 0 at its end."
    )
    assert parse(one, usage).value == pytest.approx(parse(zero, usage).value * 1000, rel=1e-12)


@pytest.mark.parametrize(
    ("written", "usage", "readings"),
    [
        ("5.592 t.kr.", "money", "som 5592 t.kr. eller som 5592 kr. Skriv"),
        ("12.345 %", "share", "som 12345 % eller som 12,345 %. Skriv 12345 % eller 12,3450 %"),
        ("1.500", "share", "som 1500 eller som 1,5. Skriv"),
    ],
)
def test_two_readings_are_shown_with_the_mark_of_the_language(written: str, usage: Usage, readings: str) -> None:
    locale.use("da")
    with pytest.raises(NumberProblem) as refusal:
        parse(written, usage)
    assert readings in refusal.value.message


REFUSED: list[tuple[str, Usage, str]] = [
    # the wrong kind of number
    ("15 %", "money", "is a share, where an amount in kroner belongs"),
    ("15 %", "count", "is no count"),
    ("5 kr.", "count", "is no count"),
    ("5 kr.", "share", "is no share"),
    ("465.000,-", "share", "is no share"),
    ("5 mio.", "share", "is no share"),
    # marks in the wrong place
    ("1.09.118", "money", "marks"),
    ("12,34,5", "money", "marks"),
    ("1,5,3", "number", "marks"),
    ("1.092.118.50", "number", "marks"),
    ("1,092,118,50", "number", "marks"),
    ("1.092,118.50", "number", "marks"),
    ("1234.567,89", "number", "marks"),
    ("1  092", "number", "marks"),
    ("10 92", "number", "marks"),
    ("465 1.000 kr.", "money", "marks"),
    ("0.150.000", "money", "marks"),
    ("007", "count", "marks"),
    ("01.09.2018", "number", "marks"),
    (",5", "share", "lacks a 0"),
    ("-.5", "share", "lacks a 0"),
    ("465.", "money", "is not a number"),
    ("1'092'118", "number", "write 1.092.118"),
    ("68O.000", "money", "has the letter O among its digits; write 680.000"),
    ("l2", "count", "is not a number"),
    ("1\n000", "number", "is not a number"),
    # signs and brackets
    ("", "number", "no number here"),
    (" \u00a0\t", "number", "no number here"),
    ("-", "number", "sign without a number; write 0 where it is nothing"),
    ("--", "number", "sign without a number"),
    ("--5", "number", "two signs"),
    ("+-5", "number", "two signs"),
    ("-kr. -5", "money", "two signs"),
    ("5-", "number", "ends in a minus"),
    ("465.000 −", "money", "ends in a minus"),
    ("465,50,-", "money", "other than whole kroner"),
    ("465.50,-", "money", "other than whole kroner"),
    ("5,- mio.", "money", "other than whole kroner"),
    ("(500)", "money", "-500"),
    ("(1.479.680 kr.)", "money", "-500"),
    # more or less than a number
    ("5-10", "number", "assumption with an uncertainty"),
    ("5 – 10 %", "share", "assumption with an uncertainty"),
    ("5 til 10", "number", "assumption with an uncertainty"),
    ("1 mio. to 2 mio.", "money", "assumption with an uncertainty"),
    ("5 ± 2", "number", "assumption with an uncertainty"),
    ("1/3", "share", "is a fraction; write 33.33 % or 0.3333"),
    ("14/78", "share", "write 17.95 % or 0.1795"),
    ("14 af 78", "number", "write 17.95 % or 0.1795"),
    ("1/8", "share", "write 12.5 % or 0.1250"),  # 0.125 could be thousands
    ("1/2", "count", "is a fraction; write 0.5"),
    ("1/0", "share", "is a fraction; write what it comes to"),
    ("120 ‰", "share", "per mille"),
    # thousands that are said beside the number
    ("680 (1.000 kr.)", "money", "in thousands; write 680 t.kr. or 680.000 kr."),
    ("495 i 1.000 kr.", "money", "write 495 t.kr. or 495.000 kr."),
    ("495 (t.kr.)", "money", "write 495 t.kr. or 495.000 kr."),
    ("7.428 (1.000 kr.)", "money", "write 7428 t.kr. or 7.428.000 kr."),
    ("-12,5 (t.kr.)", "money", "write -12,5 t.kr. or -12.500 kr."),
    # words beside a number
    ("20 (skøn)", "number", "write it alone, like 20, and put the words into a note"),
    ("90 % (skøn)", "share", "write it alone, like 90 %,"),
    ("1,8 gange", "number", "write it alone, like 1,8,"),
    ("25 % pr. år", "number", "write it alone, like 25 %,"),
    ("60% færre", "number", "write 40 % if it is multiplied by, and 60 % if it is taken off"),
    ("50 % flere", "share", "write 150 % if it is multiplied by, and 50 % if it is added"),
    ("2 x 520.000", "money", "write 1.040.000 kr., or, of a line of the budget, 520.000 here and 2 under"),
    ("520.000 kr. pr. stilling", "money", "write it alone, like 520.000 kr.,"),
    ("12 %-point", "share", "write it alone, like 12 %,"),
    ("500 (EUR)", "money", "is not a number"),
    # of other times and of several years
    ("350 kr. pr. time", "money", "write 350 kr. alone if that is the time"),
    ("56.667 kr./md.", "money", "write 56.667 kr. alone"),
    ("624.000 kr. årligt", "money", "write 624.000 kr. alone"),
    ("1.733 kr. pr. døgn", "money", "write 1.733 kr. alone"),
    ("24 i 2026 og 40 derefter", "count", "numbers of several years"),
    # counts
    ("30 mdr.", "count", "write the number alone: 30."),
    ("3 årsværk", "count", "write the number alone: 3."),
    ("0,5 stilling", "count", "write the number alone: 0,5."),
    ("26 uger", "count", "write the number alone, in what is counted here."),
    ("3 x 37 timer", "count", "write the number alone, in what is counted here."),
    ("2 år", "count", "24 if months are counted and 2 if years are"),
    ("50 %", "count", "is no count; write 0.5."),
    ("500 kr.", "count", "is no count; write the number alone, without a unit."),
    (
        "2026-06",
        "count",
        "is a date, where a number is counted; write how many, such as 5 for the months from 1 January until then",
    ),
    ("1. april", "count", "such as 3 for the months"),
    ("1. januar 2027", "count", "is a date, where a number is counted; write how many"),
    ("nan", "number", "finite"),
    ("-inf", "number", "finite"),
    ("∞", "number", "finite"),
    ("1e400", "number", "too large or too small"),
    ("-1e999999999999", "number", "too large or too small"),
    ("1e-400", "number", "too large or too small"),
    ("five", "number", "is not a number"),
    ("kr.", "money", "is not a number"),
    ("€ 500", "money", "is not a number"),
    ("ca. 500", "money", "is not a number"),
    ("0x1F", "number", "needs one known unit"),
    ("1_000", "number", "is not a number"),
    ("1.500 mio.\tkr.", "money", "needs one known unit"),
    # units
    ("500 EUR", "money", "needs one known unit"),
    ("1.1m", "money", "needs one known unit"),
    ("465k", "money", "needs one known unit"),
    ("5 t.", "number", "needs one known unit"),
    ("kr. 5 t.", "number", "needs one known unit"),
    ("kr. 5 kr.", "money", "needs one known unit"),
    ("DKK 15 %", "share", "needs one known unit"),
    ("15 procentpoint", "share", "needs one known unit"),
    ("5 kr. pr. måned", "money", "says for how long the amount is"),
    ("1½", "number", "needs one known unit"),
    ("2 billion", "money", "can be read two ways"),
    ("2 billioner kr.", "money", "can be read two ways"),
    # other scripts
    ("٤٦٥", "number", "digits other than 0 to 9"),
    ("４６５", "number", "digits other than 0 to 9"),
    ("4６5", "number", "digits other than 0 to 9"),
    ("15％", "share", "is not a number"),
    ("1" * 61, "number", "too long"),
]


@pytest.mark.parametrize(("written", "usage", "words"), REFUSED)
def test_refused_in_words(written: str, usage: Usage, words: str) -> None:
    with pytest.raises(NumberProblem, match=re.escape(words)) as refusal:
        parse(written, usage)
    assert refusal.value.message == str(refusal.value)


@pytest.mark.parametrize("written", ["5", "-x", "−5", "+5", "kr. 5", "DKK 5", "€5", ".5", "(5)", "  5", "４"])
def test_looks_like_a_number(written: str) -> None:
    assert looks_like_number(written)


@pytest.mark.parametrize("name", ["", " ", "job_baseline", "kr", "kroner", "dkk_price", "e5", "x5", "nan"])
def test_looks_like_a_name(name: str) -> None:
    assert not looks_like_number(name)


@pytest.mark.parametrize(
    ("raw", "large", "quoted", "small"),
    [
        ("465.000", "465000", "465.000 kr.", "465"),
        ("-1479.680", "-1479680", "-1.479.680 kr.", "-1479.68"),
        ("1_479.125", "1479125", "1.479.125 kr.", "1479.1250"),
        ("0.075", "75", "75 kr.", "0.0750"),
    ],
)
def test_unquoted_kroner_with_three_decimals(raw: str, large: str, quoted: str, small: str) -> None:
    with pytest.raises(NumberProblem) as refusal:
        check_literal(raw, "money")
    assert refusal.value.message == (
        f"{raw} without quotes is read as {small}, where {large} may be meant; "
        f'write {large} or "{quoted}" for that, and {small} if not.'
    )
    assert parse(quoted, "money").value == tomllib.loads(f"x = {large}")["x"]
    check_literal(large, "money")
    check_literal(small, "money")


@pytest.mark.parametrize("usage", ["share", "count", "number"])
def test_three_decimals_are_only_refused_in_kroner(usage: Usage) -> None:
    check_literal("465.000", usage)
    check_literal("0.075", usage)


@pytest.mark.parametrize(
    "raw",
    [
        "465000",
        "465_000",
        "465.0",
        "0.000",
        "465.00",
        "4.650e5",
        "465.000e0",
        "0x1F",
        "inf",
        "-nan",
        "9" * 5000,
        "1" * 1_000_000 + ".000",
    ],
)
def test_unquoted_kroner_that_stand(raw: str) -> None:
    check_literal(raw, "money")


@pytest.mark.parametrize(
    ("raw", "half"),
    [
        ("11.21", 0.005),
        ("1567804", 0.5),
        ("1_567_804", 0.5),
        ("-0.150", 0.0005),
        ("1e6", 0.5),
        ("1.1e6", 0.5),
        ("1.25E+1", 0.05),
        ("5e-3", 0.0005),
        ("1e-999999999999", 0.0),
        ("1e" + "9" * 5000, 0.5),
        ("0x1F", 0.5),
        ("0b11", 0.5),
        ("inf", 0.5),
    ],
)
def test_resolution_of_a_literal(raw: str, half: float) -> None:
    assert resolution(raw) == half


whole_numbers = st.integers(-(10**12), 10**12)


@given(whole_numbers, st.sampled_from([".", ",", " ", "\u00a0", "\u202f"]), st.sampled_from("-−"))
def test_round_trip_of_grouped_kroner(number: int, mark: str, minus: str) -> None:
    written = f"{number:,}".replace(",", mark).replace("-", minus)
    if mark == ",":
        written = f"DKK {written}"
    assert parse(written, "money") == Written(float(number), 0.5, money=mark == ",")


@given(whole_numbers, st.integers(0, 99), st.booleans())
def test_round_trip_of_kroner_and_oere(number: int, oere: int, danish: bool) -> None:
    written = f"{number:,}.{oere:02}"
    if danish:
        written = written.translate(str.maketrans(",.", ".,")) + " kr."
    expected = float(f"{number}.{oere:02}")
    assert parse(written) == Written(expected, 0.005, money=danish)


@given(st.integers(0, 10**6), st.integers(1, 6), st.sampled_from(".,"))
def test_round_trip_of_decimals_or_two_readings(digits: int, places: int, mark: str) -> None:
    whole, decimals = divmod(digits, 10**places)
    written = f"{whole}{mark}{decimals:0{places}}"
    number = reading(written)
    if isinstance(number, Written):
        assert number.value == float(f"{whole}.{decimals:0{places}}")
        assert number.resolution == pytest.approx(0.5 / 10**places)
    else:
        assert places == 3
        assert "two ways" in number


pieces = st.lists(
    st.sampled_from(["1", "465", "000", "0", ".", ",", " ", "-", "−", "kr.", "DKK", "%", "mio.", "t.", "e", "/"])
)


@given(st.text() | pieces.map("".join) | st.text("0123456789.,- −+eE%krmio\u00a0٤"), st.sampled_from(USAGES))
def test_nothing_but_a_number_or_a_problem(written: str, usage: Usage) -> None:
    looks_like_number(written)
    number = reading(written, usage)
    if isinstance(number, Written):
        assert math.isfinite(number.value)
        assert 0 < number.resolution < math.inf
    else:
        assert number.isprintable()


@given(pieces.map("".join))
def test_a_usage_refuses_but_never_changes_the_reading_of_a_unit(written: str) -> None:
    readings = [number for usage in USAGES if isinstance(number := reading(written, usage), Written)]
    assert len(set(readings)) <= 1


@pytest.mark.parametrize("piece", ["1", "1.", " ", "(", "-", ".000", "1 ", "kr", "5-", "%", "\u00a0x"])
def test_a_million_letters_are_refused_at_a_cost_in_proportion(piece: str) -> None:
    def refused(huge: str) -> None:
        for written in (huge, f"{huge}x", f"1{huge}"):
            looks_like_number(written)
            resolution(written)
            check_literal(written, "share")
            if written.strip() not in ("1", "x"):
                with pytest.raises(NumberProblem):
                    parse(written)

    refused(piece * (1_000_000 // len(piece)))
    effort.assert_in_proportion(refused, lambda letters: piece * (letters // len(piece)), 25_000)


@pytest.mark.parametrize("piece", ["1", "1 ", "1.000", "5-", "1/", " ", ".", "kr", "-", "1%", "(", "٤"])
def test_the_longest_text_that_is_read_is_refused_at_a_cost_in_proportion(piece: str) -> None:
    def refused(written: str) -> None:
        for _ in range(20):
            with pytest.raises(NumberProblem):
                parse(written)

    effort.assert_in_proportion(refused, lambda letters: (piece * letters)[: letters - 2] + "/x", 15)
