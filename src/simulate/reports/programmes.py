"""A portfolio's programmes one by one, in words."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.base import either
from simulate.answers.programmes import Programmes
from simulate.answers.run import BusinessCase, Run
from simulate.content import BREAK, Cell, Figure, Part, Row, Sentence, Table, row, total
from simulate.figures import chance as shown
from simulate.locale import text
from simulate.places import named
from simulate.reports.words import BANDS, bands, figure, is_of_paper, point_column
from simulate.scenario import Scenario

SURE = 3  # standard errors
LITTLE = 0.005  # of the variance
MOST_NAMED = 8


def lines(answer: Run | BusinessCase, scenario: Scenario) -> Iterator[Part]:
    """The programmes one by one, and what they have in common; nothing where there are not two."""
    found = answer.programmes
    if found is None or len(found.each) < 2:
        return
    if isinstance(answer, Run):
        yield from _with_courses(answer, found, scenario)
    else:
        rows = [row(name or text("In common"), Figure(one.point)) for name, one in found.each.items()]
        rows.append(total(text("Total"), Figure(answer.point.provenu.total)))
        yield Table([text("Programme"), point_column(is_of_paper(answer))], rows, currency=scenario.money.currency)
    yield from _financing(answer, found, scenario)
    yield BREAK


def _financing(answer: Run | BusinessCase, found: Programmes, scenario: Scenario) -> Iterator[Table]:
    """What others pay for each: a table of its own, for it is in no provenu."""
    whole = answer.budget.financing
    if whole is None:
        return
    rows = [row(name, figure(one.financing)) for name, one in found.each.items() if name and one.financing is not None]
    if found.financing_in_common is not None and found.financing_in_common.value:
        rows.append(row(text("In common"), figure(found.financing_in_common)))
    rows.append(total(text("Total"), figure(whole.total.total)))
    heads = [text("Programme"), text("Financing, expected") if isinstance(answer, Run) else text("Financing")]
    yield Table(
        heads,
        rows,
        currency=scenario.money.currency,
        title=text("External financing: no saving, and in none of the amounts above"),
    )


def _with_courses(answer: Run, found: Programmes, scenario: Scenario) -> Iterator[Part]:
    if answer.provenu.sd_without_luck is not None:
        yield text("By the assumptions alone, without luck:")
    heads = [point_column(is_of_paper(answer)), text("Expected"), *(f"P{p}" for p in BANDS), text("Breaks even")]
    rows = [*_rows(found), _total(answer)]
    title = text("Programme by programme, over all years:")
    yield Table([text("Programme"), *heads], rows, currency=scenario.money.currency, title=title)
    yield text(
        "The expected provenu of the programmes adds up to the total; their bands do not: what goes badly in one need not in the others."
    )
    yield _shared(found, scenario)
    if found.alike:
        names = ", ".join(found.alike[:MOST_NAMED]) + (" ..." if len(found.alike) > MOST_NAMED else "")
        yield text("Equal in more than one, yet drawn for each, as they are not in `shared`: {names}.", names=names)
    assert found.together is not None
    share = found.together.common
    if found.shared and share.error is not None and share.value > max(SURE * share.error, LITTLE):
        yield text(
            "Of the total's uncertainty (variance), {share} is there only because the programmes go well or badly together.",
            share=shown(share.value, share.error),
        )


def _rows(found: Programmes) -> Iterator[Row]:
    for name, one in found.each.items():
        assert one.mean is not None
        cells: list[Cell] = [Figure(one.point), figure(one.mean), *bands(one.bands), figure(one.chance, "share")]
        yield row(name or text("In common"), *cells)


def _total(answer: Run) -> Row:
    """With luck or without, as the programmes' own."""
    found, chance = answer.provenu, answer.break_even
    return total(
        text("Total"),
        Figure(answer.point.provenu.total),
        figure(found.mean),
        *bands(either(found.percentiles_without_luck, found.percentiles)),
        figure(either(chance.probability_without_luck, chance.probability), "share"),
    )


def _shared(found: Programmes, scenario: Scenario) -> Sentence:
    names = [named(name, scenario) for name in found.shared]
    if not names:
        return text("They share no assumption: each has numbers and luck of its own.")
    return text(
        "One number for all: {names}. All other assumptions, and luck, are each programme's own.",
        names=", ".join(names),
    )
