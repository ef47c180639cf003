"""What was understood of a sheet, and what its own numbers tell, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulate.answers.attach import BANDS, Attach, SheetLine, SheetMismatch, SheetOutcome, SheetRemark, SheetTotal
from simulate.content import BREAK, Cell, Figure, Heading, Part, Row, Sentence, Several, Table, note, row
from simulate.figures import chance, kroner, of_100, percent
from simulate.locale import plural, text
from simulate.reports import together
from simulate.scenario import Scenario

KINDS = ("cost", "saving", "financing")


def lines(answer: Attach, scenario: Scenario) -> Iterator[Part]:
    """The number or the chance first; then what was understood, for the officer to hold against the sheet."""
    currency = scenario.money.currency
    last = answer.first_year + answer.years - 1
    yield Heading(f"{answer.title} · {answer.first_year}-{last}" if answer.years > 1 else f"{answer.title} · {last}")
    yield BREAK
    if answer.differences:
        yield note(plural("{n} figure of the sheet is not what its rows make; see below.", "{n} figures of the sheet are not what its rows make; see below.", len(answer.differences)))  # fmt: skip
    yield from _answer(answer, currency)
    yield BREAK
    if answer.sheet:
        yield text("Read from {file}, sheet {sheet}; the amounts of the sheet are in {unit}.", file=answer.file, sheet=answer.sheet, unit=answer.unit)  # fmt: skip
    else:
        yield text("Read from {file}; its amounts are in {unit}.", file=answer.file, unit=answer.unit)
    yield Table(
        [text("Row"), *_years(answer), text("Total"), text("In the sheet")],
        list(_rows(answer.lines)),
        currency=currency,
    )
    if any(one.range for one in answer.lines):
        yield BREAK
        heads = [
            text("Uncertain row"),
            text("Lowest"),
            text("Most likely"),
            text("Highest"),
            text("Assumption"),
            text("In the sheet"),
        ]
        yield Table(heads, [_range(one) for one in answer.lines if one.range])
        yield text(
            "Lowest and highest are the ends of a PERT distribution, as a share of the row's amounts in all years."
        )
    if any(one.number for one in answer.lines):
        yield text("Rows that are a number times a price stand so in the scenario: {rows}.", rows=", ".join(one.label for one in answer.lines if one.number))  # fmt: skip
    yield from _totals(answer.totals, currency)
    yield from _differences(answer.differences, currency)
    yield from _told(text("Not said by the sheet, and taken so:"), answer.guesses)
    yield from _told(text("Not counted:"), answer.left_out)
    if answer.out is not None:
        yield BREAK
        yield text("{file} is written, with the cell of every number. Then: simulate run {file}", file=answer.out)


def _years(answer: Attach) -> list[str]:
    return [str(answer.first_year + i) for i in range(answer.years)]


def _answer(answer: Attach, currency: str) -> Iterator[Sentence]:
    """The sheet's own number; and the chance, where something is uncertain."""
    yield text("The sheet's own numbers make a provenu of {total}.", total=kroner(answer.provenu, currency))
    if paid := sum(one.total for one in answer.lines if one.kind == "financing"):
        yield text("What others pay, {paid}, is no saving and not in it; with it, it is {total}.", paid=kroner(paid, currency), total=kroner(answer.provenu + paid, currency))  # fmt: skip
    if answer.independent is None:
        yield text("No row has a lowest and a highest, so there is no chance to tell: fill in columns “low”, “likely” and “high” beside the rows that may turn out otherwise.")  # fmt: skip
        return
    if answer.uncertain == 1:
        yield text("One row is uncertain: the programme breaks even in {n} of 100 courses ({chance}).", n=of_100(answer.independent.probability.value), chance=_chance(answer.independent))  # fmt: skip
        yield from _band(answer.independent, currency)
        return
    yield text("Where each of the {n} uncertain rows varies for itself, the programme breaks even in {of} of 100 courses ({chance}).",
               n=Sentence(str(answer.uncertain), (answer.uncertain,)), of=of_100(answer.independent.probability.value), chance=_chance(answer.independent))  # fmt: skip
    yield from _band(answer.independent, currency)
    yield from together.sentences(answer.together, currency)


def _chance(one: SheetOutcome) -> Sentence:
    return chance(one.probability.value, one.probability.error)


def _band(one: SheetOutcome, currency: str) -> Iterator[Sentence]:
    low, _, high = (one.percentiles[p] for p in BANDS)
    yield text("Expected is {mean}; in 90 of 100 courses it lies between {low} and {high}.",
               mean=kroner(one.mean.value, currency, one.mean.error), low=kroner(low.value, currency, low.error), high=kroner(high.value, currency, high.error))  # fmt: skip


def _rows(found: Sequence[SheetLine]) -> Iterator[Row]:
    for kind in KINDS:
        of = [one for one in found if one.kind == kind]
        if not of:
            continue
        yield Row([heading(kind), *[None] * (len(of[0].by_year) + 2)], "group")
        for one in of:
            yield row(one.label, *(Figure(value) for value in one.by_year), Figure(one.total), _cells(one.place))


def heading(kind: str) -> Sentence:
    return {"cost": text("Costs"), "saving": text("Savings"), "financing": text("Financing")}[kind]


def _cells(place: str) -> str:
    """Without the sheet, which is said once."""
    return place.rpartition("!")[2]


def _range(one: SheetLine) -> Row:
    assert one.range is not None
    said = one.range
    each: list[Cell] = [
        Several(percent(value), (Figure(value, "share"),), ("",)) for value in (said.low, said.mode, said.high)
    ]
    heads = (text("Lowest"), text("Most likely"), text("Highest"))
    cells = [
        Several(each_.words, each_.figures, (name,))
        for each_, name in zip(each, heads, strict=True)
        if isinstance(each_, Several)
    ]
    return row(one.label, *cells, said.assumption, _cells(said.place))


def _totals(found: Sequence[SheetTotal], currency: str) -> Iterator[Part]:
    if not found:
        return
    yield BREAK
    heads = [text("Total of the sheet"), text("Is of"), text("Sheet"), text("Computed"), "", text("Cell")]
    yield Table(heads, [_total(one) for one in found], currency=currency)


def _total(one: SheetTotal) -> Row:
    mark = "=" if one.adds_up else text("but for rounding") if one.rounded else text("differs")
    stated, computed = (each[-1] if one.what == "accumulated" else sum(each) for each in (one.stated, one.computed))
    return row(one.label, _what(one.what, one.rows), Figure(stated), Figure(computed), mark, _cells(one.place))


def _what(what: str, rows: Sequence[int]) -> Sentence:
    return {
        "costs": text("all costs"),
        "savings": text("all savings"),
        "financing": text("all financing"),
        "provenu": text("savings less costs"),
        "with_financing": text("savings and financing less costs"),
        "part": plural("row {rows}", "rows {rows}", len(rows), rows=_listed(rows)),
        "part_net": text("rows {rows}, net", rows=_listed(rows)),
        "part_financed": text("rows {rows}, net with financing", rows=_listed(rows)),
        "totals": text("the totals in rows {rows}", rows=_listed(rows)),
        "accumulated": text("accumulated, last year"),
        "years": text("the years of its row"),
        "product": text("number times price"),
    }[what]


def _listed(rows: Sequence[int]) -> str:
    """Rows as `4-6, 8`."""
    runs: list[list[int]] = []
    for one in rows:
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return ", ".join(str(one[0]) if len(one) == 1 else f"{one[0]}-{one[-1]}" for one in runs)


def _differences(found: Sequence[SheetMismatch], currency: str) -> Iterator[Part]:
    """With the reading that is nearest, where none adds up."""
    if not found:
        return
    yield BREAK
    heads = [text("Cell"), text("Row"), text("Held against"), text("The sheet says"), text("That makes"), text("Difference")]  # fmt: skip
    rows = [
        row(_cells(one.place), one.label, _what(one.of, one.rows), Figure(one.stated), Figure(one.computed), Figure(one.difference))
        for one in found
    ]  # fmt: skip
    yield Table(heads, rows, currency=currency, title=text("What does not add up:"))


def _told(title: Sentence, found: Sequence[SheetRemark]) -> Iterator[Part]:
    if not found:
        return
    yield BREAK
    yield title
    for one in found:
        yield Sentence(f"{_cells(one.place)}  {one.message}".strip())
