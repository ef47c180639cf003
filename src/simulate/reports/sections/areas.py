"""Service and transfers apart: only service counts under the ceiling."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.answers.run import Area
from simulate.content import BREAK, Part, Row, Sentence, Table, joined
from simulate.figures import in_courses, short
from simulate.locale import plural, text
from simulate.reports import paper
from simulate.reports import run as runs
from simulate.reports.report import heading
from simulate.reports.words import ALMOST
from simulate.scenario import Scenario

SERVICE, TRANSFERS = ("service",), ("overførs", "transfer")  # how areas of these kinds begin, in any letters


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    case, currency = report.case, scenario.money.currency
    service, transfers = (_called(case.areas, beginnings) for beginnings in (SERVICE, TRANSFERS))
    yield heading(text("Service and transfers") if service and transfers else text("Area by area"))
    if len(case.areas) < 2:
        return
    for name, area in case.areas.items():
        yield _told(name, area, currency)
    if service:
        yield BREAK
        yield from _ceiling(report, service, transfers, scenario)
    yield BREAK
    rows: list[Row] = list(paper.areas(case))
    yield Table(["", *case.scenario.periods, text("Total")], rows, paper.scale_of(rows), currency)


def _called(areas: dict[str, Area], beginnings: tuple[str, ...]) -> str | None:
    return next((name for name in areas if name.casefold().startswith(beginnings)), None)


def _told(name: str, area: Area, currency: str) -> Sentence:
    """What it is expected to bring, and between which amounts."""
    called = name[:1].upper() + name[1:] if name else text("Without an area")
    said = {
        "area": called,
        "expected": short(area.mean.value, currency, area.mean.error),
        **runs.ends(area.bands, currency),
    }
    if said["low"] == said["high"]:
        return text("{area}: expected {expected}.", **said)
    if area.percentiles is None:
        return text("{area}: expected {expected}; without luck, between {low} and {high} in 90 of 100 courses.", **said)
    return text("{area}: expected {expected}; in 90 of 100 courses between {low} and {high}.", **said)


def _ceiling(report: Report, service: str, transfers: str | None, scenario: Scenario) -> Iterator[Sentence]:
    """What a council may spend on service is limited, what it pays in transfers is not."""
    case, currency, years = report.case, scenario.money.currency, scenario.time.years
    mean = case.areas[service].mean
    amount = short(abs(mean.value), currency, mean.error)
    yield text("Only service counts under the ceiling on what municipalities may spend on service; transfers do not.")
    if mean.value <= -ALMOST:
        said = plural(
            "Under the ceiling the programme is expected to take up {amount} more than it frees in {n} year.",
            "Under the ceiling the programme is expected to take up {amount} more than it frees in {n} years.",
            years, amount=amount,
        )  # fmt: skip
        saved = case.areas[transfers].mean if transfers else None
        yield said if saved is None or saved.value < ALMOST else joined([said, text(
            "The {saved} that it is expected to save on transfers make no room there.", saved=short(saved.value, currency, saved.error)
        )])  # fmt: skip
    else:
        yield plural(
            "Under the ceiling the programme is expected to free {amount} more than it takes up in {n} year.",
            "Under the ceiling the programme is expected to free {amount} more than it takes up in {n} years.",
            years, amount=amount,
        )  # fmt: skip
    if any(line.area == service and not line.cashable for line in case.lines.values()):
        yield text("Savings that somebody must decide to take out of the budget are counted in it.")
    chance = report.areas[service]
    in_them = in_courses(chance.chance.value)
    yield (
        text("By the assumptions alone, without luck, service by itself saves at least what it costs {in_courses}.", in_courses=in_them)
        if chance.probability is None
        else text("Service by itself saves at least what it costs {in_courses}.", in_courses=in_them)
    )  # fmt: skip
