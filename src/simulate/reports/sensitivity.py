"""Which assumptions decide: the JSON document, and what it says in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from simulate.analysis import precision
from simulate.analysis.precision import STUDENT
from simulate.content import BREAK, Cell, Figure, Part, Row, Sentence, Table, joined, row
from simulate.locale import text
from simulate.reports.estimates import known
from simulate.reports.figures import chance as shown
from simulate.reports.figures import (
    half_width,
    in_courses,
    kroner,
    margin,
    margin_points,
    number,
    of_100,
    percent,
    unit,
)
from simulate.reports.quantities import exact, together
from simulate.reports.summary import head, undrawn, variance, warnings
from simulate.reports.words import ALMOST, BADLY, changes, clipped, heading, named, place, rare, split
from simulate.scenario import Loaded, Scenario
from simulate.scenario.adjustable import usages
from simulate.studies.sensitivity import Bar, Estimates, Sensitivity, Share, Tornado

NORMAL = 1.96  # half of a bootstrapped 95 % interval, in standard errors

# Letters of a cell, so that a table fits a page
BAR = 14
LOW, HIGH, BETWEEN = "░", "█", "│"

# The document ---------------------------------------------------------------------------------------------------------


def document(found: Sensitivity, loaded: Loaded) -> dict[str, Any]:
    """What `simulate sensitivity --json` prints. Amounts in kroner, chances and shares as such, nothing rounded."""
    result = found.result
    assert result.draws is not None
    chance = found.tornado.base.chance
    return head(result, loaded) | {
        "method": found.method,
        "draws": {
            "run": result.options.draws,
            "at_values": found.at_values.base_draws,
            "tornado": found.tornado.draws,
            "sobol": found.sobol_draws,
        },
        "provenu": {"mean": found.tornado.base.provenu.value, "mean_error": found.tornado.base.provenu.error},
        "break_even": {
            "probability": chance.value,
            "error": chance.error,
            "interval": list(precision.chance_interval(chance, result.options.draws)),
        },
        "at_values": _outcome(found.at_values.base, found.at_values.base_draws),
        "tornado": _tornado(found.tornado, loaded.scenario),
        "tornado_at_values": _tornado(found.at_values, loaded.scenario),
        "sobol": [_share(share) for share in found.shares],
        "rank": {name: one.value for name, one in found.rank.items()},
        "rank_errors": {name: one.error for name, one in found.rank.items()},
        "undrawn": undrawn(result.undrawn),
        "variance": variance(result),
        "clipped": dict(sorted(result.clipped.items())),
        "warnings": warnings([], loaded),
    }


def _outcome(case: Estimates, draws: int, end: str = "") -> dict[str, Any]:
    return {
        f"provenu{end}": case.provenu.value,
        f"provenu{end}_error": case.provenu.error,
        f"probability{end}": case.chance.value,
        f"probability{end}_error": case.chance.error,
        f"probability{end}_interval": list(precision.chance_interval(case.chance, draws)),
    }


def _tornado(tornado: Tornado, scenario: Scenario) -> list[dict[str, Any]]:
    return [_bar(bar, tornado.draws, scenario) for bar in tornado.bars]


def _bar(bar: Bar, draws: int, scenario: Scenario) -> dict[str, Any]:
    value = scenario.assumptions[bar.assumption].value
    return {
        "assumption": bar.assumption,
        "value": [float(item) for item in value] if isinstance(value, tuple) else float(value),
        "low": _by_year(bar.low),
        "high": _by_year(bar.high),
        **_outcome(bar.at_low, draws, "_low"),
        **_outcome(bar.at_high, draws, "_high"),
        "swing": bar.swing.value,
        "swing_error": bar.swing.error,
        "clipped_low": dict(sorted(bar.at_low.clipped.items())),
        "clipped_high": dict(sorted(bar.at_high.clipped.items())),
    }


def _by_year(values: Any) -> float | list[float]:
    """A number, or a list where the years differ."""
    return float(values[0]) if len(values) == 1 else [float(value) for value in values]


def _share(share: Share) -> dict[str, Any]:
    """Where there is no design of its own, the index and its interval are those from the draws, and the total is not known."""
    first, total = share.from_draws.value, None
    first_interval: Sequence[float] = share.from_draws.interval
    total_interval = None
    if share.sobol is not None:
        first, first_interval, total, total_interval = share.sobol
    return {
        "assumption": " + ".join(share.assumptions),
        "assumptions": list(share.assumptions),
        "first": first,
        "first_interval": list(first_interval),
        "total": total,
        "total_interval": None if total_interval is None else list(total_interval),
        "first_from_draws": share.from_draws.value,
        "first_from_draws_error": known(share.from_draws.error),
    }


# In words -------------------------------------------------------------------------------------------------------------


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """Which assumption decides, in kroner and in chance; two tornados; what shares in the variance."""
    yield from heading(scenario)
    yield from changes(document)
    yield from clipped(document, scenario, BADLY)
    yield from rare(document, scenario)
    if not document["tornado"]:
        yield from _nothing_to_vary(document, scenario)
        return
    called = _Names(scenario)
    yield from _decisive(document, called)
    yield text(
        "For comparison: with all assumptions as uncertain as they are, the expected provenu is {provenu}, and the programme breaks even {in_courses}.",
        provenu=_provenu(document["provenu"]["mean"], document["provenu"]["mean_error"], scenario),
        in_courses=in_courses(document["break_even"]["probability"]),
    )
    yield split(document)
    yield BREAK
    yield text("Each assumption at P5 and at P95, the others as uncertain as they are:")
    yield _bars(document["tornado"], document["provenu"]["mean"], called, scenario.money.currency)
    yield text(
        "P5 and P95: in 5 and in 95 of 100 courses the assumption is lower. Bars: {low} provenu at P5, {high} at P95, {between} as it is.",
        low=LOW, high=HIGH, between=BETWEEN,
    )  # fmt: skip
    yield from _remarks(document, scenario, called)
    yield BREAK
    at_values = document["at_values"]
    yield text(
        "Each assumption at P5 and at P95, the others at their values ({provenu}; with luck alone the programme breaks even {in_courses}):",
        provenu=kroner(at_values["provenu"], scenario.money.currency), in_courses=in_courses(at_values["probability"]),
    )  # fmt: skip
    yield _bars(document["tornado_at_values"], at_values["provenu"], called, scenario.money.currency)
    yield BREAK
    yield text("What P5 and P95 are:")
    yield _values(document, called)
    yield BREAK
    yield from _sobol(document, called)
    yield _own_error(document, scenario)


def _nothing_to_vary(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    yield text("No assumption is uncertain: there is nothing to vary.")
    yield text(
        "The expected provenu is {provenu}, and the programme breaks even {in_courses}.",
        provenu=_provenu(document["provenu"]["mean"], document["provenu"]["mean_error"], scenario),
        in_courses=in_courses(document["break_even"]["probability"]),
    )
    yield split(document)
    yield text(
        "Give an assumption an `uncertainty` in the file to see what hangs on it; `simulate new` writes a file with examples."
    )


class _Names:
    """What the assumptions are called."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.usages = usages(scenario)

    def full(self, name: str) -> str:
        return named(name, self.scenario)

    def short(self, names: Sequence[str]) -> str:
        """Their labels alone; the name where a label is another's, too."""
        labels = [one.label for one in self.scenario.assumptions.values()]
        own = (self.scenario.assumptions[name].label for name in names)
        return " + ".join(
            label if label and labels.count(label) == 1 else name for label, name in zip(own, names, strict=True)
        )

    def values(self, bar: dict[str, Any]) -> list[Sentence]:
        """An assumption at P5, its value, and at P95."""
        usage, currency = self.usages[bar["assumption"]], self.scenario.money.currency
        low, high = together([bar["low"], bar["high"]], usage, currency)
        return [low, exact(bar["value"], usage, currency), high]

    def unit(self, name: str) -> str:
        """What a count is of, in the file's own words; nothing where the figures say it themselves."""
        return self.scenario.assumptions[name].unit or "" if self.usages[name] == "count" else ""


def _decisive(document: dict[str, Any], called: _Names) -> Iterator[Sentence]:
    bars = document["tornado"]
    if not any(_acts(bar) for bar in bars):
        yield text("The provenu is the same at P5 and at P95 of each of the uncertain assumptions.")
        return
    widest = bars[0]
    yield text(
        "What decides most is {name}: at {low} (P5) the expected provenu is {provenu_low}, and the programme breaks even {in_low}; "
        "at {high} (P95) it is {provenu_high}, and it breaks even {in_high}.",
        name=called.full(widest["assumption"]), **_ends(widest, called),
    )  # fmt: skip
    if len(bars) > 1 and _acts(bars[1]):
        yield text(
            "Next is {name}: {provenu_low} and {n_low} of 100 at {low}, {provenu_high} and {n_high} of 100 at {high}.",
            name=called.full(bars[1]["assumption"]), **_ends(bars[1], called),
        )  # fmt: skip
        if abs(widest["swing"]) - abs(bars[1]["swing"]) <= STUDENT * math.hypot(
            *(one["swing_error"] for one in bars[:2])
        ):
            yield text("Which of the two decides more cannot be told with these courses.")
    first = max(bars, key=_of_chance)
    if _of_chance(first) - _of_chance(widest) > STUDENT * math.hypot(
        *(_error_of_chance(one) for one in (first, widest))
    ):
        yield text(
            "The chance of break-even depends most on {name}: {n_low} of 100 courses at {low}, {n_high} at {high}.",
            name=called.full(first["assumption"]), **_ends(first, called),
        )  # fmt: skip


def _acts(bar: dict[str, Any]) -> bool:
    return abs(bar["swing"]) >= ALMOST or _of_chance(bar) > STUDENT * _error_of_chance(bar)


def _of_chance(bar: dict[str, Any]) -> float:
    return float(abs(bar["probability_high"] - bar["probability_low"]))


def _error_of_chance(bar: dict[str, Any]) -> float:
    return math.hypot(bar["probability_low_error"], bar["probability_high_error"])


def _ends(bar: dict[str, Any], called: _Names) -> dict[str, Sentence]:
    found = dict(zip(("low", "value", "high"), called.values(bar), strict=True))
    for end in ("low", "high"):
        found[f"provenu_{end}"] = _provenu(bar[f"provenu_{end}"], bar[f"provenu_{end}_error"], called.scenario)
        found[f"n_{end}"] = of_100(bar[f"probability_{end}"])
        found[f"in_{end}"] = in_courses(bar[f"probability_{end}"])
    return found


def _provenu(value: float, error: float, scenario: Scenario) -> Sentence:
    return kroner(value, scenario.money.currency, error)


def _bars(bars: list[dict[str, Any]], base: float, called: _Names, currency: str) -> Table:
    amounts = [bar[end] for bar in bars for end in ("provenu_low", "provenu_high")]
    scale = min(*amounts, base), max(*amounts, base)
    rows: list[Row] = []
    for bar in bars:
        error = max(bar["probability_low_error"], bar["probability_high_error"])
        chances = (shown(bar[f"probability_{end}"], error) for end in ("low", "high"))
        provenus = (Figure(bar[f"provenu_{end}"], error=bar[f"provenu_{end}_error"]) for end in ("low", "high"))
        picture = _picture(bar["provenu_low"], bar["provenu_high"], base, *scale)
        rows.append(row(called.short([bar["assumption"]]), *provenus, joined(chances, " - "), picture))
    heads = [text("Provenu, P5"), text("Provenu, P95"), text("Chance, P5 - P95"), ""]
    return Table([text("Assumption"), *heads], rows, currency=currency)


def _picture(at_low: float, at_high: float, base: float, least: float, most: float) -> str:
    """A bar from the base to each end; where both lie on one side, the shorter one in front."""
    if most - least < ALMOST:
        return BETWEEN.center(BAR)

    def place(value: float) -> int:
        return round((value - least) / (most - least) * (BAR - 1))

    cells, middle = [" "] * BAR, place(base)
    ends = sorted(((at_low, LOW), (at_high, HIGH)), key=lambda end: -abs(end[0] - base))
    for value, mark in ends:
        first, last = sorted((middle, place(value)))
        cells[first : last + 1] = mark * (last - first + 1)
    cells[middle] = BETWEEN
    return "".join(cells)


def _values(document: dict[str, Any], called: _Names) -> Table:
    """The assumptions in the order of the tornado: their names in the file, and their values."""
    rows: list[Row] = []
    for bar in document["tornado"]:
        name = bar["assumption"]
        low, value, high = called.values(bar)
        unit = called.unit(name)
        rows.append(row(called.short([name]), name, low, value + f" {unit}" if unit else value, high))
    return Table([text("Assumption"), text("In the file"), "P5", text("Value"), "P95"], rows)


def _remarks(document: dict[str, Any], scenario: Scenario, called: _Names) -> Iterator[Sentence]:
    """What a bar does not show."""
    for share in document["sobol"]:
        if len(share["assumptions"]) > 1:
            yield text(
                "Correlated: {names}. When one is moved, the others of them do not follow: they stay as uncertain as they are.",
                names=", ".join(called.full(name) for name in share["assumptions"]),
            )
    yearly = [bar["assumption"] for bar in document["tornado"] if scenario.assumptions[bar["assumption"]].each_year]
    if yearly:
        yield text(
            "A value of its own in each year: {names}. All years at P5 or P95 at once are rarer than 5 of 100 courses, so the bar is too long.",
            names=", ".join(called.full(name) for name in yearly),
        )
    for bar in document["tornado"]:
        for end, point in (("low", "P5"), ("high", "P95")):
            for path, part in bar[f"clipped_{end}"].items():
                if part >= BADLY > document["clipped"].get(path, 0) / document["run"]["draws"]:
                    yield text(
                        "{name} at {point}: {path} had to be clipped to what is possible in {share} of the courses, so the bar is not all of it.",
                        name=called.full(bar["assumption"]), point=point, path=place(path, scenario), share=percent(part),
                    )  # fmt: skip


def _sobol(document: dict[str, Any], called: _Names) -> Iterator[Part]:
    if document["variance"]["assumptions"] == 0:
        return
    totals = document["method"] == "saltelli"
    yield text("What the variance of the expected provenu (without luck) is due to:")
    heads = [
        text("Assumption"),
        text("By itself"),
        *([text("With interplay")] if totals else []),
        text("Rank correlation"),
    ]
    rows: list[Row] = []
    for share in document["sobol"]:
        cells: list[Cell] = [_part(share["first"], share["first_interval"])]
        if totals:
            cells.append(_part(share["total"], share["total_interval"]))
        ranks = (_rank(document["rank"][name], document["rank_errors"][name]) for name in share["assumptions"])
        rows.append(row(called.short(share["assumptions"]), *cells, joined(ranks, " / ")))
    yield Table(heads, rows)
    if totals:
        yield text(
            "By itself: what the variance would fall by, on average, if the assumption were known (Sobol' index of first order). With interplay: what "
            "would be left of it if all the others were known (total index). In brackets: the interval (95 %)."
        )  # fmt: skip
    else:
        yield text(
            "By itself: what the variance would fall by, on average, if the assumption were known (Sobol' index of first order). In brackets: the interval (95 %)."
        )
    yield BREAK


def _part(share: float, interval: Sequence[float]) -> Sentence:
    """A share and its interval. Estimates scatter around what they estimate, also beyond what a share can be."""
    low, high = (min(max(value, 0.0), 1.0) for value in interval)
    decimals = 0 if unit((interval[1] - interval[0]) / 2 / NORMAL) >= 0.01 else 1
    most_likely, ends = min(max(share, 0.0), 1.0), (number(100 * end, decimals) for end in (low, high))
    return Sentence(f"{percent(most_likely, decimals)} ({'-'.join(ends)})", (share, *interval))


def _rank(value: float, error: float) -> Sentence:
    return number(value, 1 if unit(error) >= 0.1 else 2)


def _own_error(document: dict[str, Any], scenario: Scenario) -> Sentence:
    bars = document["tornado"]
    chances = [
        bar[f"probability_{end}_error"] for bar in bars + document["tornado_at_values"] for end in ("low", "high")
    ]
    mean = max(bar[f"provenu_{end}_error"] for bar in bars for end in ("low", "high"))
    said = {
        "points": margin_points(max(chances)),
        "draws": number(document["draws"]["run"]),
        "tornado": number(document["draws"]["tornado"]),
        "seed": document["run"]["seed"],
    }
    if half_width(mean) < ALMOST:
        return text(
            "Error of the simulation itself (95 %): in the tornados at most ± {points} percentage points, and none of the provenu; {draws} courses "
            "of the case as it is, {tornado} for each end of a bar, seed {seed}.",
            **said,
        )
    return text(
        "Error of the simulation itself (95 %): in the tornados at most ± {provenu} and ± {points} percentage points; {draws} courses of the case as it is, "
        "{tornado} for each end of a bar, seed {seed}.",
        provenu=margin(mean, scenario.money.currency), **said,
    )  # fmt: skip
