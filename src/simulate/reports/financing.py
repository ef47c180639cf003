"""What others pay, apart from the provenu: its lines by year, and how the case stands without it and with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulate.answers.base import Estimate
from simulate.answers.budget import Financing, Grant
from simulate.answers.run import BusinessCase, Run, WithFinancing
from simulate.content import BREAK, Cell, Part, Row, Sentence, Table, row
from simulate.locale import text
from simulate.reports.words import figure

BAND = (5, 95)  # between them lie 90 of 100 courses


def rows(found: Financing, provenu: Row) -> Iterator[Row]:
    """Each line, their sum, and the provenu without it and with it."""
    for name, one in found.lines.items():
        yield _line(name, one)
    yield row(text("Financing, total"), *map(figure, found.total.by_year), figure(found.total.total), mark="total")
    yield Row([text("Provenu without external financing"), *provenu.cells[1:]])
    yield row(text("Provenu with external financing"), *map(figure, found.provenu.by_year), figure(found.provenu.total))
    yield row(text("Accumulated with external financing"), *map(figure, found.accumulated), None)


def named(name: str, one: Grant) -> Sentence:
    """A line, and what it hangs on."""
    if one.when_target is None:
        return Sentence(name)
    return text("{line} (if “{target}” is reached)", line=name, target=one.when_target)


def _line(name: str, one: Grant) -> Row:
    called = named(name, one)
    if one.by_year is None or one.total is None:
        return row(called)
    return row(called, *map(figure, one.by_year), figure(one.total))


def lines(answer: Run | BusinessCase, provenu: Row, scale: int, currency: str) -> Iterator[Part]:
    """Below the lines of the budget; nothing of a case without financing. provenu: its row by year, without it."""
    found = answer.budget.financing
    if found is None:
        return
    heads = ["", *answer.scenario.periods, text("Total")]
    wide = [Row([*one.cells, *[None] * (len(heads) - len(one.cells))], one.mark) for one in rows(found, provenu)]
    yield BREAK
    yield Table(heads, wide, scale, currency, text("External financing: no saving, and in none of the amounts above"))
    yield from not_counted(found)
    if isinstance(answer, Run) and answer.with_financing is not None:
        yield BREAK
        yield beside(answer, answer.with_financing, scale, currency)


def not_counted(found: Financing) -> Iterator[Sentence]:
    """Of payment by results, where there are no courses in which a target could be reached."""
    for name, one in found.lines.items():
        if one.total is None:
            yield text(
                "“{line}” is not counted: it is paid in the courses in which “{target}” is reached, and here are none; without --engine point it is counted.",
                line=name, target=one.when_target,
            )  # fmt: skip


def beside(answer: Run, financed: WithFinancing, scale: int, currency: str) -> Table:
    """Expected, between which amounts, and how often broken even: without and with."""
    luckless = answer.provenu.percentiles is None
    names = (
        (text("Without luck, in 90 of 100 courses from"), text("Without luck, in 90 of 100 courses to"))
        if luckless
        else (text("In 90 of 100 courses from"), text("In 90 of 100 courses to"))
    )
    without, with_it = answer.provenu.bands, financed.percentiles_without_luck if luckless else financed.percentiles
    found = [row(text("Expected"), figure(answer.bridge.expected), figure(financed.mean or answer.bridge.expected))]
    for name, p in zip(names, BAND, strict=True):
        found.append(row(name, figure(without[p]), None if with_it is None else figure(with_it[p])))
    chance = financed.probability_without_luck if answer.break_even.probability is None else financed.probability
    reached = [figure(answer.break_even.chance, "share"), None if chance is None else figure(chance, "share")]
    found.append(row(text("Broken even at the end of {year}", year=answer.scenario.periods[-1]), *reached))
    assert answer.budget.financing is not None
    years: list[Cell] = [
        _since(answer, each) for each in (answer.budget.accumulated, answer.budget.financing.accumulated)
    ]
    found.append(row(text("Expected to have broken even from"), *years))
    heads = ["", text("Without external financing"), text("With external financing")]
    return Table(heads, found, scale, currency, text("Without and with external financing"))


def _since(answer: Run, accumulated: Sequence[Estimate]) -> str:
    """The period from which on what is accumulated stays at least 0 on average."""
    below = [i for i, one in enumerate(accumulated) if one.value < -0.005]
    first = below[-1] + 1 if below else 0
    return text("not within the horizon") if first == len(accumulated) else answer.scenario.periods[first]


def by_year(answer: Run, financed: WithFinancing) -> Iterator[Part]:
    """How often broken even at the end of each period, without and with."""
    without = answer.break_even.by_year_without_luck or answer.break_even.by_year
    with_it = financed.by_year_without_luck or financed.by_year
    assert without is not None
    assert with_it is not None
    said = (
        text("Broken even at the end of the year")
        if answer.run.period == "year"
        else text("Broken even at the end of the period")
    )
    table = [
        row(text("Without external financing"), *(figure(one, "share") for one in without)),
        row(text("With external financing"), *(figure(one, "share") for one in with_it)),
    ]
    yield Table(["", *answer.scenario.periods], table, title=said)
