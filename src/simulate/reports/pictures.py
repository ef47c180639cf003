"""The pictures of answers: which numbers, which finding stands above them, and what is told to who does not see them.

A title says what is found, the line below it with which figure; both are sentences of the answer, and so are their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from simulate.answers.base import Estimate
from simulate.answers.report import Bin, RiskTolerance
from simulate.answers.risk import Loss
from simulate.answers.run import Run
from simulate.answers.sensitivity import Bar, Sensitivity
from simulate.answers.sweep import SweepShow
from simulate.content import NOTHING, Bars, Curve, Dots, Fan, Figure, HeatMap, Histogram, Sentence, joined
from simulate.figures import NOTHING as ALMOST_NONE
from simulate.figures import chance as shown
from simulate.figures import of_100, short
from simulate.locale import text
from simulate.reports import run as runs
from simulate.reports import sweep as sweeps
from simulate.reports.quantities import exact
from simulate.reports.sensitivity import Names, acts, ends_of
from simulate.reports.words import figure, is_of_paper, point_column
from simulate.scenario import Scenario

BANDS = (5, 25, 50, 75, 95)
MOST_BARS = 8
DOTS = 20


def fan(run: Run, scenario: Scenario) -> Fan:
    """The accumulated provenu through the periods. Where luck is known of the whole horizon alone, there are lines, and no bands."""
    found, currency = run.cumulative, scenario.money.currency
    point = [Figure(amount) for amount in accumulate(run.point.provenu.by_year)]
    expected = text("Accumulated provenu; expected at the end: {amount}.", amount=_short(found.mean[-1], currency))
    title, subtitle = _headline(_chance(run, scenario)), joined([expected, runs.band(run.provenu, currency)])
    return Fan(
        run.scenario.periods,
        {p: [figure(one) for one in found.bands[p]] for p in BANDS} if run.with_luck is None else {},
        {str(point_column(is_of_paper(run))): point, str(text("Expected")): [figure(one) for one in found.mean]},
        currency,
        text("Break-even"),
        title=title,
        subtitle=subtitle,
        alt=_alt(text("A fan: the accumulated provenu from {first} to {last}.", first=run.scenario.periods[0], last=run.scenario.periods[-1]), title, subtitle),
    )  # fmt: skip


def exceedance(losses: Sequence[Loss], tolerance: RiskTolerance | None, run: Run, scenario: Scenario) -> Curve:
    """The chance to lose more than each amount: from 0 on, where anything is ever lost."""
    currency = scenario.money.currency
    lost = [one for one in losses if one.loss >= 0]
    shown = lost if len(lost) > 2 else list(losses)
    title, subtitle = (
        _headline(_loses(run, currency)),
        text("The chance to lose more than each amount, over the whole horizon."),
    )
    marks = []
    if tolerance is not None:
        title, subtitle = _tolerated(tolerance, currency), joined([_loses(run, currency), subtitle])
        marks = [
            (Figure(tolerance.loss), figure(tolerance.probability, "share"), str(text("can be borne: {loss}", loss=short(tolerance.loss, currency)))),
            (Figure(tolerance.loss), Figure(tolerance.share, "share"), str(text("accepted: {share}", share=exact(tolerance.share, "share", currency)))),
        ]  # fmt: skip
    return Curve(
        [(Figure(one.loss), figure(one.probability, "share")) for one in shown],
        marks,
        currency,
        title=title,
        subtitle=subtitle,
        alt=_alt(text("A curve that falls: the larger the loss, the fewer the courses that lose more."), title, subtitle),
    )  # fmt: skip


def distribution(bins: Sequence[Bin], losses: Sequence[Loss], run: Run, scenario: Scenario) -> Histogram:
    """How the provenu is spread. losses: the chance to lose more than each amount, those of the bins among them."""
    currency, bridge = scenario.money.currency, run.bridge
    title = _headline(runs.band(run.provenu, currency))
    subtitle = joined([_chance(run, scenario), *_left_out(bins, losses)])
    lines = {str(point_column(is_of_paper(run))): Figure(bridge.point), str(text("Expected")): figure(bridge.expected)}
    return Histogram(
        [*(Figure(one.low) for one in bins), Figure(bins[-1].high)],
        [figure(one.share, "share") for one in bins],
        lines,
        currency,
        title=title,
        subtitle=subtitle,
        alt=_alt(text("Bars: how many of the courses have a provenu of about each amount."), title, subtitle),
    )


def _left_out(bins: Sequence[Bin], losses: Sequence[Loss]) -> Iterator[Sentence]:
    """What lies beyond the bins, which go to the percentiles that are shown."""
    chances = {one.loss: one.probability for one in losses}
    below, reached = chances[-bins[0].low], chances[-bins[-1].high]
    beyond = {"below": below.value, "above": 1.0 - reached.value}
    said = {"below": shown(below.value, below.error), "above": _rest(reached)}
    if all(share > ALMOST_NONE for share in beyond.values()):
        yield text("Beyond the picture lie {below} of the courses to the left, and {above} to the right.", **said)
    elif beyond["below"] > ALMOST_NONE:
        yield text("Beyond the picture lie {below} of the courses, to the left.", **said)
    elif beyond["above"] > ALMOST_NONE:
        yield text("Beyond the picture lie {above} of the courses, to the right.", **said)


def _rest(chance: Estimate) -> Sentence:
    """What is left of all courses."""
    return Sentence(str(shown(1.0 - chance.value, chance.error)), (chance.value,))


def tornado(answer: Sensitivity, scenario: Scenario) -> Bars:
    """The expected provenu with each assumption at P5 and at P95, the one that decides most above all."""
    called, currency = Names(scenario), scenario.money.currency
    bars = answer.tornado[:MOST_BARS]
    title, subtitle = _decides(answer, called)
    values = [called.values(bar) for bar in bars]
    return Bars(
        [text("at P5"), text("at P95")],
        [[figure(bar.low.provenu), figure(bar.high.provenu)] for bar in bars],
        figure(answer.provenu.mean),
        text("as the case stands"),
        [called.with_unit(bar.assumption) for bar in bars],
        [[low, high] for low, _, high in values],
        currency,
        title=title,
        subtitle=subtitle,
        alt=_alt(text("A bar for each assumption: the expected provenu with it at P5 and at P95."), title, subtitle),
    )


def dots(run: Run, scenario: Scenario) -> Dots:
    """The chance of break-even as so many of twenty."""
    chance = run.break_even.chance
    title, subtitle = _of_twenty(chance), _chance(run, scenario)
    return Dots(
        figure(chance, "share"),
        DOTS,
        text("Breaks even"),
        title=title,
        subtitle=subtitle,
        alt=_alt(text("{n} dots, of which some are filled.", n=DOTS), title, subtitle),
    )


def heatmap(answer: SweepShow) -> HeatMap:
    """The table of a sweep."""
    return sweeps.picture(answer)


# What is found ---------------------------------------------------------------------------------------------------------


def _chance(run: Run, scenario: Scenario) -> Sentence:
    return runs.break_even(run.break_even, run.run.draws, scenario.time.first_year + scenario.time.years - 1)


def _headline(said: Sentence) -> Sentence:
    """A sentence as a title, which ends without its full stop; an abbreviation keeps its own."""
    words = str(said)
    is_short = words.rsplit(" ", 1)[-1] in ("kr.", "mio.")
    return said if is_short or not words.endswith(".") else Sentence(words[:-1], said.figures)


def _alt(kind: Sentence, title: Sentence, subtitle: Sentence) -> Sentence:
    ended = title if title.endswith(".") else title + "."
    return joined([kind, *([ended] if title else []), *([subtitle] if subtitle else [])])


def _short(one: Estimate, currency: str) -> Sentence:
    return short(one.value, currency, one.error)


def _loses(run: Run, currency: str) -> Sentence:
    """How often anything is lost, and what is the most in all but 5 of 100 courses."""
    chance, bands = run.break_even.chance, run.provenu.bands
    low, around = bands[5], [_short(bands[p], currency) for p in (1, 5, 10)]
    loss = Sentence(str(of_100(1.0 - chance.value)), (chance.value,))
    if low.value >= 0 or len(set(around)) < len(around):  # many courses have the very same
        return text("Money is lost in {n} of 100 courses.", n=loss)
    amount = Sentence(str(short(-low.value, currency, low.error)), (low.value,))
    if 1.0 - chance.value <= 0.05:
        return text("In 5 of 100 courses more than {amount} is lost.", amount=amount)
    return text("Money is lost in {n} of 100 courses, and in 5 of 100 more than {amount}.", n=loss, amount=amount)


def _tolerated(one: RiskTolerance, currency: str) -> Sentence:
    said = {
        "loss": short(one.loss, currency),
        "chance": shown(one.probability.value, one.probability.error),
        "share": exact(one.share, "share", currency),
    }
    if one.kept is None:
        return text(
            "More than {loss} is lost in {chance} of the courses: they cannot tell whether that is within the {share} that can be borne",
            **said,
        )
    if one.kept:
        return text("More than {loss} is lost in {chance} of the courses: within the {share} that can be borne", **said)
    return text("More than {loss} is lost in {chance} of the courses: above the {share} that can be borne", **said)


def _of_twenty(chance: Estimate) -> Sentence:
    share, n = chance.value, round(DOTS * chance.value)
    said = {"n": Sentence(str(n), (share,)), "of": DOTS}
    if n == 0 and share > ALMOST_NONE:
        return text("Fewer than 1 of {of} simulated courses breaks even", of=Sentence(str(DOTS), (share,)))
    if n == DOTS and share < 1 - ALMOST_NONE:
        return text("More than {n} of {of} simulated courses break even", n=Sentence(str(DOTS - 1), (share,)), of=DOTS)
    return text("{n} of {of} simulated courses break even", **said)


def _decides(answer: Sensitivity, called: Names) -> tuple[Sentence, Sentence]:
    if not answer.tornado or not any(acts(bar) for bar in answer.tornado):
        return text("No uncertain assumption moves the expected provenu"), NOTHING
    first: Bar = answer.tornado[0]
    ends = ends_of(first, called)
    title = text("What decides most is {name}", name=called.short([first.assumption]))
    subtitle = text(
        "At {low} (P5) the expected provenu is {provenu_low}; at {high} (P95) it is {provenu_high}.",
        **{name: ends[name] for name in ("low", "high", "provenu_low", "provenu_high")},
    )
    if len(answer.tornado) > MOST_BARS:
        more = text("The {n} of {all} assumptions that decide most.", n=MOST_BARS, all=len(answer.tornado))
        subtitle = joined([subtitle, more])
    return title, subtitle
