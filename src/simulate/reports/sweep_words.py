"""How a sweep's table is said: its variables, what is varied and its values, and what the cells have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simulate.answers.sweep import Dimension, Grid, Head, Value
from simulate.content import Sentence, Unit, joined
from simulate.figures import currency_sign, kroner, number, per_cent_sign
from simulate.locale import later, text

UNITS: dict[str, Unit] = {"1": "share", "person-years": "count"}
CENTS = 2  # decimals that an amount has
MOST_DECIMALS = 6
WITHOUT_LUCK, ERROR = "_without_luck", "_error"  # behind the name of a variable
PARTS = {
    "programme": lambda: text("with the programme"),
    "baseline": lambda: text("without the programme"),
    "assumptions": lambda: text("the assumptions"),
    "luck": lambda: text("luck"),
}


def what(one: Grid, answer: Head) -> Sentence:
    of = variable(one.of)
    if one.columns is None:
        return text("{what} by {rows}.", what=of, rows=side_of(one.rows, answer))
    return text("{what} by {rows} (down) and {columns} (across).", what=of, rows=side_of(one.rows, answer), columns=side_of(one.columns, answer))  # fmt: skip


def variable(name: str) -> Sentence:
    """In words, as the subject of a sentence."""
    plain_name = name.removesuffix(WITHOUT_LUCK)
    known = {
        "probability": text("The chance of break-even"),
        "probability_by_year": text("The chance of having broken even by the end of the year"),
        "provenu_mean": text("The expected provenu"),
        "provenu_sd": text("The standard deviation of the provenu"),
        "provenu_percentile": text("The percentile of the provenu"),
        "provenu_by_year_mean": text("The expected provenu of the year"),
        "expected_shortfall": text("The mean of the worst twentieth of the courses"),
        "person_years": text("Expected person-years"),
        "variance_share": text("The share of the uncertainty (variance)"),
        "clipped_share": text("The share of the courses with a number that had to be clipped"),
        "clipped_share_worst": text(
            "The share of the courses in which the number that was clipped most often had to be clipped"
        ),
        "provenu": text("The provenu of each course"),
    }
    if plain_name not in known:
        return Sentence(name)
    if name == plain_name:
        return known[name]
    return text("{what}, luck left out", what=known[plain_name])


HEADS = {
    "probability": later("Chance of break-even"),
    "probability_by_year": later("Chance of having broken even by the end of {year}"),
    "provenu_mean": later("Expected provenu"),
    "provenu_sd": later("Standard deviation of the provenu"),
    "provenu_percentile": later("Provenu, percentile {percentile}"),
    "provenu_by_year_mean": later("Expected provenu in {year}"),
    "expected_shortfall": later("Mean of the worst twentieth of the courses"),
    "person_years": later("Person-years {arm}, {state}, {year}"),
    "variance_share": later("Share of the uncertainty (variance) from {part}"),
    "clipped_share": later("Share of courses with a clipped number"),
    "clipped_share_worst": later("Share of courses in which the number clipped most often was"),
    "provenu": later("Provenu of course {draw}"),
}
"""Of columns: a message for each variable, with the labels of its dimensions."""

NO_UNIT = ("person_years",)  # what is counted is said


def head(name: str, labels: Mapping[str, object]) -> str:
    """What stands above a column of a variable, or of its standard error. labels: of its dimensions."""
    variable_name = name.removesuffix(ERROR)
    said = {each: _label(each, label) for each, label in labels.items()}
    found = text(HEADS[variable_name.removesuffix(WITHOUT_LUCK)], **said)
    if variable_name.endswith(WITHOUT_LUCK):
        found = text("{what}, luck left out", what=found)
    return found if variable_name == name else text("{what}, standard error", what=found)


def _label(name: str, label: object) -> str:
    return PARTS[str(label)]() if name in ("arm", "part") else str(label)


def held_at(one: Grid, answer: Head) -> Iterator[Sentence]:
    for name, each in one.at.items():
        if name == "scenario" and len(answer.scenarios) == 1:
            continue
        told = {"name": side_of(name, answer), "value": value_of(answer, name, each)}
        dimension = dimension_of(answer, name)
        if name not in one.chosen:
            yield text("{name} is {value}.", **told)
        elif name in ("year", "percentile"):
            yield text("{name} is {value}; another with --at {short}=...", **told, short=name)
        elif dimension is not None and dimension.now == each:
            yield text(
                "{name} is {value}, its value in the scenario; another with --at {short}=...", **told, short=name
            )
        else:
            yield text("{name} is {value}, the first of its values; another with --at {short}=...", **told, short=name)


def labels_of(answer: Head, one: Grid, name: str) -> list[Sentence]:
    count = len(one.values) if name == one.rows else len(one.values[0])
    return [value_of(answer, name, each) for each in one.sides[name]][:count]


def is_chance(one: Grid) -> bool:
    return one.of.startswith("probability")


def unit_of(one: Grid) -> Unit:
    return UNITS.get(one.units, "kr")


# What is varied ------------------------------------------------------------------------------------------------------


def dimension_of(answer: Head, name: str) -> Dimension | None:
    return next((one for one in answer.varied if one.name == name), None)


def named(one: Dimension) -> Sentence:
    """By its label and its path."""
    return text("“{label}” ({name})", label=one.label, name=one.path) if one.label not in ("", one.path) else Sentence(one.path)  # fmt: skip


def side_of(name: str, answer: Head) -> Sentence:
    one = dimension_of(answer, name)
    return named(one) if one else short_name(name, answer)


def short_name(name: str | None, answer: Head) -> Sentence:
    one = dimension_of(answer, name or "")
    words: Mapping[str, str] = {
        "scenario": text("Scenario"),
        "row": text("Row"),
        "year": text("Year"),
        "percentile": text("Percentile"),
        "state": text("State"),
        "arm": text("Life"),
        "part": text("Part"),
        "draw": text("Course"),
    }
    return Sentence(one.path if one else words.get(name or "", name or ""))


def value_of(answer: Head, name: str, each: Value, exact: float | None = None) -> Sentence:
    """exact: what it is before it was rounded."""
    dimension = dimension_of(answer, name)
    if dimension is not None:
        found = value(dimension, each)
        return found if exact is None else Sentence(str(found), (exact,))
    if name in ("arm", "part"):
        return Sentence(_label(name, each))
    if name == "row" and answer.varied:
        place = int(each) - 1
        told = joined((value(one, one.values[place]) for one in answer.varied), "; ")
        return Sentence(f"{each}: ") + told
    return Sentence(str(each), () if isinstance(each, str) else (each,))


def value(one: Dimension, each: Value) -> Sentence:
    """As people write it, in the unit of what is varied."""
    if isinstance(each, str) or one.path == "time.first_year":
        return Sentence(str(each), () if isinstance(each, str) else (each,))
    if one.usage == "share":
        return Sentence(_digits(100 * each) + per_cent_sign(), (each,))
    if one.usage == "money":
        currency = currency_of(one)
        if each == round(each):
            return kroner(each, currency)
        most = next((n for n in range(CENTS, MOST_DECIMALS) if _tells_apart(one.values, n)), MOST_DECIMALS)
        return Sentence(f"{_digits(each, most)} {currency_sign(currency)}", (each,))
    if one.path.endswith("*"):
        return Sentence("×" + _digits(each), (each,))
    return Sentence(_digits(each), (each,))


def currency_of(one: Dimension) -> str:
    """Of an amount that is varied."""
    return "DKK" if one.units.lower().startswith(("kr", "dkk")) or not one.units else one.units


def _tells_apart(values: Sequence[Value], decimals: int) -> bool:
    rounded = [round(float(each), decimals) for each in values]
    return len(set(rounded)) == len(set(values))


def _digits(each: float, most: int = MOST_DECIMALS) -> str:
    """As many decimals as there are, up to so many."""
    rounded = round(each, most)
    decimals = len(f"{rounded:.6f}".rstrip("0").partition(".")[2])
    return str(number(rounded, decimals))
