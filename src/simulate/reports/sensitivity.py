"""Which assumptions decide, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from simulate.analysis.precision import STUDENT
from simulate.answers.base import Estimate
from simulate.answers.sensitivity import NORMAL, Bar, End, Sensitivity
from simulate.content import BREAK, Bars, Figure, Part, Row, Sentence, Several, Table, joined, row
from simulate.figures import chance as shown
from simulate.figures import half_width, in_courses, kroner, margin, margin_points, number, of_100, percent, unit
from simulate.locale import text
from simulate.places import BADLY, label_of, named, place
from simulate.reports.quantities import around, typed
from simulate.reports.words import ALMOST, changes, clipped, figure, heading_without_financing, rare, split
from simulate.scenario import Scenario
from simulate.scenario.kinds import usages


def lines(answer: Sensitivity, scenario: Scenario) -> Iterator[Part]:
    """Which assumption decides, in kroner and in chance; two tornados; what shares in the variance."""
    yield from heading_without_financing(scenario)
    yield from changes(answer.run.set)
    yield from clipped(answer.clipped, answer.run.draws, scenario, BADLY)
    yield from rare(answer.undrawn.rare, answer.run.draws, scenario)
    if not answer.tornado:
        yield from _nothing_to_vary(answer, scenario)
        return
    called = Names(scenario)
    yield from decisive(answer, called)
    yield text(
        "For comparison: with all assumptions as uncertain as they are, the expected provenu is {provenu}, and the programme breaks even {in_courses}.",
        provenu=_provenu(answer.provenu.mean, scenario),
        in_courses=in_courses(answer.break_even.probability.value),
    )
    yield split(answer.variance, answer.undrawn)
    yield BREAK
    title = text("Each assumption at P5 and at P95, the others as uncertain as they are:")
    yield bars(title, answer.tornado, answer.provenu.mean, text("as the case stands"), called)
    yield text("P5 and P95: in 5 and in 95 of 100 courses the assumption is lower.")
    yield from remarks(answer, scenario, called)
    yield BREAK
    at_values = answer.at_values
    title = text(
        "Each assumption at P5 and at P95, the others at their values ({provenu}; with luck alone the programme breaks even {in_courses}):",
        provenu=kroner(at_values.provenu.value, scenario.money.currency), in_courses=in_courses(at_values.probability.value),
    )  # fmt: skip
    yield bars(title, answer.tornado_at_values, at_values.provenu, text("all at their value"), called)
    yield BREAK
    yield _values(answer, called)
    yield BREAK
    yield from indices(answer, called)
    yield _own_error(answer, scenario)


def _nothing_to_vary(answer: Sensitivity, scenario: Scenario) -> Iterator[Sentence]:
    yield text("No assumption is uncertain: there is nothing to vary.")
    yield text(
        "The expected provenu is {provenu}, and the programme breaks even {in_courses}.",
        provenu=_provenu(answer.provenu.mean, scenario),
        in_courses=in_courses(answer.break_even.probability.value),
    )
    yield split(answer.variance, answer.undrawn)
    yield text(
        "Give an assumption an `uncertainty` in the file to see what hangs on it; `simulate new` writes a file with examples."
    )


class Names:
    """What the assumptions are called."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.usages = usages(scenario)

    def full(self, name: str) -> str:
        return named(name, self.scenario)

    def short(self, names: Sequence[str]) -> str:
        return " + ".join(label_of(name, self.scenario) for name in names)

    def values(self, bar: Bar) -> list[Sentence]:
        """An assumption at P5, its value, and at P95."""
        usage, currency = self.usages[bar.assumption], self.scenario.money.currency
        return around(bar.low.value, bar.value, bar.high.value, usage, currency)

    def with_unit(self, name: str) -> str:
        """Its label, and what a count is of, where its figures stand alone."""
        unit = self.unit(name)
        return f"{self.short([name])} ({unit})" if unit else self.short([name])

    def unit(self, name: str) -> str:
        """What a count is of, in the file's own words; nothing where the figures say it themselves."""
        return self.scenario.assumptions[name].unit or "" if self.usages[name] == "count" else ""


def decisive(answer: Sensitivity, called: Names) -> Iterator[Sentence]:
    """What decides most, and next."""
    found = answer.tornado
    if not any(acts(bar) for bar in found):
        yield text("The provenu is the same at P5 and at P95 of each of the uncertain assumptions.")
        return
    widest = found[0]
    yield text(
        "What decides most is {name}: at {low} (P5) the expected provenu is {provenu_low}, and the programme breaks even {in_low}; "
        "at {high} (P95) it is {provenu_high}, and it breaks even {in_high}.",
        name=called.full(widest.assumption), **ends_of(widest, called),
    )  # fmt: skip
    if len(found) > 1 and acts(found[1]):
        yield text(
            "Next is {name}: {provenu_low} and {n_low} of 100 at {low}, {provenu_high} and {n_high} of 100 at {high}.",
            name=called.full(found[1].assumption), **ends_of(found[1], called),
        )  # fmt: skip
        if abs(widest.swing.value) - abs(found[1].swing.value) <= STUDENT * math.hypot(
            *(one.swing.sure_error for one in found[:2])
        ):
            yield text("Which of the two decides more cannot be told with these courses.")
    first = max(found, key=_of_chance)
    if _of_chance(first) - _of_chance(widest) > STUDENT * math.hypot(
        *(_error_of_chance(one) for one in (first, widest))
    ):
        yield text(
            "The chance of break-even depends most on {name}: {n_low} of 100 courses at {low}, {n_high} at {high}.",
            name=called.full(first.assumption), **ends_of(first, called),
        )  # fmt: skip


def acts(bar: Bar) -> bool:
    return abs(bar.swing.value) >= ALMOST or _of_chance(bar) > STUDENT * _error_of_chance(bar)


def _of_chance(bar: Bar) -> float:
    return abs(bar.high.probability.value - bar.low.probability.value)


def _error_of_chance(bar: Bar) -> float:
    return math.hypot(bar.low.probability.sure_error, bar.high.probability.sure_error)


def ends_of(bar: Bar, called: Names) -> dict[str, Sentence]:
    found = dict(zip(("low", "value", "high"), called.values(bar), strict=True))
    for end, one in (("low", bar.low), ("high", bar.high)):
        found[f"provenu_{end}"] = _provenu(one.provenu, called.scenario)
        found[f"n_{end}"] = of_100(one.probability.value)
        found[f"in_{end}"] = in_courses(one.probability.value)
    return found


def _provenu(one: Estimate, scenario: Scenario) -> Sentence:
    return kroner(one.value, scenario.money.currency, one.error)


def _both(bars: list[Bar]) -> list[End]:
    return [end for bar in bars for end in (bar.low, bar.high)]


def bars(title: str, found: list[Bar], base: Estimate, base_name: str, called: Names) -> Table:
    """The provenu and the chance at both ends of each assumption, and a picture of the provenus."""
    rows = [_row_of(bar, called) for bar in found]
    heads = [text("Provenu, P5"), text("Provenu, P95"), text("Chance, P5 - P95")]
    ends = [[figure(end.provenu) for end in _both([bar])] for bar in found]
    chart = Bars([text("provenu at P5"), text("at P95")], ends, figure(base), base_name)
    return Table([text("Assumption"), *heads], rows, currency=called.scenario.money.currency, title=title, chart=chart)


def _row_of(bar: Bar, called: Names) -> Row:
    ends = _both([bar])
    error = max(end.probability.sure_error for end in ends)
    chances = joined((shown(end.probability.value, error) for end in ends), " - ")
    names = text("Chance, P5"), text("Chance, P95")
    both = Several(chances, tuple(figure(end.probability, "share") for end in ends), names)
    return row(called.short([bar.assumption]), *(figure(end.provenu) for end in ends), both)


def _values(answer: Sensitivity, called: Names) -> Table:
    """The assumptions in the order of the tornado: their names in the file, and their values."""
    rows: list[Row] = []
    for bar in answer.tornado:
        name = bar.assumption
        low, value, high = called.values(bar)
        unit, usage = called.unit(name), called.usages[name]
        said = (
            (low, bar.low.value, "P5"),
            (value + f" {unit}" if unit else value, bar.value, text("Value")),
            (high, bar.high.value, "P95"),
        )
        cells = (typed(words, given, usage, title, unit) for words, given, title in said)
        rows.append(row(called.short([name]), name, *cells))
    heads = [text("Assumption"), text("In the file"), "P5", text("Value"), "P95"]
    return Table(heads, rows, currency=called.scenario.money.currency, title=text("What P5 and P95 are:"))


def remarks(answer: Sensitivity, scenario: Scenario, called: Names) -> Iterator[Sentence]:
    """What a bar does not show."""
    for share in answer.sobol:
        if len(share.assumptions) > 1:
            yield text(
                "Correlated: {names}. When one is moved, the others of them do not follow: they stay as uncertain as they are.",
                names=", ".join(called.full(name) for name in share.assumptions),
            )
    yearly = [bar.assumption for bar in answer.tornado if scenario.assumptions[bar.assumption].each_year]
    if yearly:
        yield text(
            "A value of its own in each year: {names}. All years at P5 or P95 at once are rarer than 5 of 100 courses, so the bar is too long.",
            names=", ".join(called.full(name) for name in yearly),
        )
    for bar in answer.tornado:
        for end, point in ((bar.low, "P5"), (bar.high, "P95")):
            for path, part in end.clipped.items():
                if part >= BADLY > answer.clipped.get(path, 0) / answer.run.draws:
                    yield text(
                        "{name} at {point}: {path} had to be clipped to what is possible in {share} of the courses, so the bar is not all of it.",
                        name=called.full(bar.assumption), point=point, path=place(path, scenario), share=percent(part),
                    )  # fmt: skip


def indices(answer: Sensitivity, called: Names) -> Iterator[Part]:
    if answer.variance.assumptions == 0:
        return
    totals = answer.method == "saltelli"
    heads = [
        text("Assumption"),
        text("By itself"),
        *([text("With interplay")] if totals else []),
        text("Rank correlation"),
    ]
    rows: list[Row] = []
    for share in answer.sobol:
        cells = [_part(share.first, heads[1])]
        if totals and share.total is not None:
            cells.append(_part(share.total, heads[2]))
        ranks = _ranks([answer.rank[name] for name in share.assumptions])
        rows.append(row(called.short(share.assumptions), *cells, ranks))
    yield Table(heads, rows, title=text("What the variance of the expected provenu (without luck) is due to:"))
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


def _part(share: Estimate, title: str) -> Several:
    """A share and its interval. Estimates scatter around what they estimate, also beyond what a share can be."""
    most_likely = min(max(share.value, 0.0), 1.0)
    if share.interval is None:  # of no share, then: values that are rare are hardly among the draws
        unknown = text("not known")  # outside of the braces, where newer Pythons find it
        said = f"{percent(most_likely)} ({unknown})"
        return Several(Sentence(said, (share.value,)), (Figure(share.value, "share"),), (title,))
    low, high = (min(max(value, 0.0), 1.0) for value in share.interval)
    decimals = 0 if unit((share.interval[1] - share.interval[0]) / 2 / NORMAL) >= 0.01 else 1
    ends = (number(100 * end, decimals) for end in (low, high))
    said, values = f"{percent(most_likely, decimals)} ({'-'.join(ends)})", (share.value, *share.interval)
    names = title, text("{title}, 95 % interval from", title=title), text("{title}, 95 % interval to", title=title)
    return Several(Sentence(said, values), tuple(Figure(value, "share") for value in values), names)


def _ranks(each: list[Estimate]) -> Several:
    """Of each assumption of a group."""
    title = text("Rank correlation")
    names = [title, *(text("{title}, no. {n}", title=title, n=n) for n in range(2, len(each) + 1))]
    said = joined((number(one.value, 1 if unit(one.error) >= 0.1 else 2) for one in each), " / ")
    return Several(said, tuple(Figure(one.value, "number") for one in each), tuple(names))


def _own_error(answer: Sensitivity, scenario: Scenario) -> Sentence:
    chances = [end.probability.sure_error for end in _both(answer.tornado + answer.tornado_at_values)]
    mean = max(end.provenu.sure_error for end in _both(answer.tornado))
    said = {
        "points": margin_points(max(chances)),
        "draws": number(answer.draws.run),
        "tornado": number(answer.draws.tornado),
        "seed": answer.run.seed,
    }
    if half_width(mean) < ALMOST:
        return text(
            "Error of the simulation itself (95 %): in the bars at most ± {points} percentage points, and none of the provenu; {draws} courses "
            "of the case as it is, {tornado} for each end of a bar, seed {seed}.",
            **said,
        )
    return text(
        "Error of the simulation itself (95 %): in the bars at most ± {provenu} and ± {points} percentage points; {draws} courses of the case as it is, "
        "{tornado} for each end of a bar, seed {seed}.",
        provenu=margin(mean, scenario.money.currency), **said,
    )  # fmt: skip
