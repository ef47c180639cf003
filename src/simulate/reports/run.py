"""A run in words and tables, of its answer alone: so these and the JSON cannot differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulate.analysis.precision import STUDENT
from simulate.answers.base import Estimate, Percentiles
from simulate.answers.run import BreakEven, Bridge, BusinessCase, Provenu, Run
from simulate.content import BREAK, Heading, Part, Sentence, joined, note
from simulate.figures import (
    MILLION,
    currency_sign,
    half_width,
    kroner,
    kroner_step,
    margin,
    millions,
    number,
    of_100,
    percent,
    plain,
    short,
    short_step,
    two_digits,
)
from simulate.locale import text
from simulate.places import BADLY
from simulate.reports import details, paper, programmes, together
from simulate.reports.words import (
    ALMOST,
    as_carried_out,
    changes,
    clipped,
    heading,
    however_counted,
    is_certain,
    is_of_paper,
    paper_says_otherwise,
    rare,
)
from simulate.scenario import Scenario

LITTLE = 0.1  # of what is between two numbers: not worth a word on the first screen
FEWEST = 1024  # courses from which on the errors of percentiles, sd and the worst of them hold what they say


def lines(answer: Run | BusinessCase, scenario: Scenario, with_details: bool = False) -> Iterator[Part]:
    """The answer, its tables, and how sure it is; with_details: and all that is told beside it."""
    yield from heading(scenario)
    yield from changes(answer.run.set)
    yield from answer_of(answer, scenario) if isinstance(answer, Run) else _point(answer, scenario)
    yield from as_carried_out(answer, scenario.money.currency)
    yield BREAK
    yield from paper.lines(answer, scenario.money.currency)
    yield BREAK
    yield from programmes.lines(answer, scenario)
    if with_details:
        yield Heading(text("In detail"), 2)
        yield BREAK
        yield from details.lines(answer, scenario)
        yield BREAK
    elif isinstance(answer, Run):
        if answer.break_even.counterfactuals is not None and scenario.families:  # of budget lines alone nobody lives
            yield _counterfactuals(answer.break_even, answer.break_even.counterfactuals, answer.run.counterfactual)
        yield text("What can go wrong, targets, and amounts in kroner: --details.")
    else:
        yield text("The years in kroner: --details.")
    yield from of_paper(answer)
    if isinstance(answer, Run):
        yield from sureness(answer, scenario)


def sureness(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    """The answer's own error, and how the number of courses was found."""
    yield _own_error(answer, scenario)
    yield from _convergence(answer, scenario)


def _point(answer: BusinessCase, scenario: Scenario) -> Iterator[Sentence]:
    lived = answer.point.lived
    total = kroner(answer.point.provenu.total, scenario.money.currency, lived.error if lived else 0.0)
    if lived is not None:
        error = margin(lived.sure_error, scenario.money.currency)
        yield text(
            "Every assumption at its value, on average over lives: {total} (± {error}).", total=total, error=error
        )
        yield hangs_together()
    elif is_of_paper(answer):
        yield text("The business case's own number, every assumption at its value, no luck: {total}.", total=total)
    else:
        yield text("Every assumption at its value, no luck: {total}.", total=total)
    yield from paper_says_otherwise(answer, scenario.money.currency)


def answer_of(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    """The answer, and before it what must be known to rely on it."""
    yield from clipped(answer.clipped, answer.run.draws, scenario, BADLY)
    yield from rare(answer.undrawn.rare, answer.run.draws, scenario)
    yield from told(answer, scenario)
    yield from together.sentences(answer.together, scenario.money.currency)
    if answer.bridge.of_means is None:
        yield note(hangs_together())
    if has_few_events(answer):
        yield note(joined([few_events(), text("Use --engine lives.")]))


def told(answer: Run, scenario: Scenario) -> tuple[Sentence, Sentence, Sentence]:
    """How likely break-even is, what is expected and why it is not the business case's number, and between which amounts."""
    last = scenario.time.first_year + scenario.time.years - 1
    otherwise = paper_says_otherwise(answer, scenario.money.currency)
    return (
        break_even(answer.break_even, answer.run.draws, last),
        joined([_expected(answer.bridge, scenario, is_of_paper(answer), answer.point.lived), *otherwise]),
        band(answer.provenu, scenario.money.currency),
    )


def hangs_together() -> Sentence:
    """Why something is not told."""
    return text(
        "Some moves hang on another member of the family (`when`): families are lived one by one, and nothing is exact. How the spread divides into "
        "assumptions and luck, and what leads from the one number to the other, is not known."
    )


def has_few_events(answer: Run) -> bool:
    return answer.with_luck is not None and answer.with_luck.few_events


def few_events() -> Sentence:
    return text(
        "So few effects are expected that luck is far from a normal distribution, and chances and bands are rough."
    )


def break_even(found: BreakEven, draws: int, last: int) -> Sentence:
    """The chance in words."""
    luckless, chance = found.probability is None, found.chance.value
    said = {"year": last, "draws": number(draws)}
    if chance in (0.0, 1.0):
        told = {
            (0.0, False): text(
                "In none of the {draws} courses has the programme broken even at the end of {year}.", **said
            ),
            (0.0, True): text(
                "Without luck, none of the {draws} courses has broken even at the end of {year}.", **said
            ),
            (1.0, False): text("In all {draws} courses the programme has broken even at the end of {year}.", **said),
            (1.0, True): text("Without luck, all {draws} courses have broken even at the end of {year}.", **said),
        }
        return told[chance, luckless]
    said["n"] = of_100(chance)
    if luckless:
        return text(
            "Without luck, the programme has broken even at the end of {year} in {n} of 100 simulated courses.", **said
        )
    return text("The programme has broken even at the end of {year} in {n} of 100 simulated courses.", **said)


def _expected(bridge: Bridge, scenario: Scenario, from_paper: bool, lived: Estimate | None = None) -> Sentence:
    """The expected provenu beside the point estimate, which is the business case's own number where the paper has figures. lived: that, by lives alone."""
    currency, found = scenario.money.currency, bridge.expected
    alike = short(found.value, currency, found.error) == short(bridge.point, currency)
    is_near = alike or abs(found.value - bridge.point) < MILLION / 10
    told = _Bridge.of(bridge, currency, is_near)
    said = text("Expected provenu: {expected}.", expected=told.expected)
    if bridge.of_means is None:
        point = told.point if lived is None else kroner(lived.value, currency, lived.error)
        return joined([said, text("With every assumption at its value it is {point}, on average over lives.", point=point)])  # fmt: skip
    if told.expected == told.point:
        return joined([said, _the_same(scenario, from_paper)])
    reason = _reason(told, bridge.of_means, from_paper)
    if from_paper:
        return joined([said, text("The business case says {point}; {reason}.", point=told.point, reason=reason)])
    return joined([said, text("With every assumption at its value and no luck it is {point}; {reason}.", point=told.point, reason=reason)])  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Bridge:
    """From the point estimate to the expected provenu, as it is printed. means, rest: None where they are not told; bent: the rest is
    beyond its error; is_lower: it is below 0."""

    expected: Sentence
    point: Sentence
    means: Sentence | None
    rest: Sentence | None
    bent: bool
    is_lower: bool

    @classmethod
    def of(cls, bridge: Bridge, currency: str, is_near: bool) -> _Bridge:
        """The shortest way to print it that adds up to its coarsest digit: in millions before kroner, without the rest where it is little."""
        point, means = bridge.point, bridge.of_means or 0.0
        rest = 0.0 if bridge.of_model is None else bridge.of_model.value
        expected, error = bridge.expected.value, bridge.expected.sure_error
        bent = abs(rest) > max(STUDENT * error, ALMOST)
        is_much = bent and abs(rest) > LITTLE * abs(means + rest)
        first = means if abs(means) >= ALMOST else 0.0
        for written, step_of in _FORMS[is_near:]:
            steps = [step_of(value, err) for value, err in ((point, 0.0), (first, 0.0), (expected, error))]
            coarsest = max(steps)
            ends = [_rounded(value, step) for value, step in zip((point, first, expected), steps, strict=True)]
            left = ends[2] - ends[0] - ends[1]  # to the rest, as far as what is printed tells
            shown = _rounded(left, coarsest) if written is kroner else _rounded(rest, step_of(rest, error))
            told = shown if is_much or _rounded(left, coarsest) else 0.0
            if abs(_rounded(left - told, coarsest)) < ALMOST:
                break
        return cls(
            written(expected, currency, error), written(point, currency),
            Sentence(written(first, currency), (means,)) if first else None,
            Sentence(written(told, currency), (rest,)) if told else None, bent, (told or rest) < 0,
        )  # fmt: skip


_FORMS = (short, short_step), (kroner, kroner_step)


def _rounded(value: float, step: float) -> float:
    return round(value / step) * step


def _the_same(scenario: Scenario, from_paper: bool) -> Sentence:
    """Where the two print alike."""
    if from_paper:
        said = text("The business case says the same.")
    else:
        said = text("With every assumption at its value and no luck it is the same.")
    if not is_certain(scenario):
        return said
    if not scenario.families:  # nobody lives, so no luck either
        return joined([said, text("Nothing in the case is uncertain, so all courses are the same: there is no chance to tell, but one number.")])  # fmt: skip
    return joined([said, text("No uncertain assumption acts on it.")])


def _turns(told: _Bridge) -> Sentence:
    """What of the rest can be told from 0: that the same distance up and down is not worth the same."""
    if told.is_lower:
        return text("bad turns cost more than equally good ones bring ({rest})", rest=told.rest)
    return text("good turns bring more than equally bad ones cost ({rest})", rest=told.rest)


def _reason(told: _Bridge, means: float, from_paper: bool) -> Sentence:
    """Why they differ: the assumptions' means, which are known exactly, and what the model makes of it, which has the error."""
    nothing = text("what is between them cannot be told from 0 with these courses")
    model = _turns(told) if told.bent else nothing
    if told.means is None:
        return model if told.rest is not None else nothing
    said = {"means": told.means}
    if from_paper:
        favour = (
            text("the assumptions are on average less favourable than in the paper ({means})", **said)
            if means < 0
            else text("the assumptions are on average more favourable than in the paper ({means})", **said)
        )
    else:
        favour = (
            text("the assumptions are on average less favourable than their values ({means})", **said)
            if means < 0
            else text("the assumptions are on average more favourable than their values ({means})", **said)
        )
    if told.rest is None:
        return favour
    if told.bent:
        return text("{favour}, and {model}", favour=favour, model=model)
    return text("{favour}; the rest ({rest}) cannot be told from 0 with these courses", favour=favour, rest=told.rest)


def band(provenu: Provenu, currency: str) -> Sentence:
    has_luck, said = provenu.percentiles is not None, ends(provenu.bands, currency)
    if said["low"] == said["high"]:
        return (
            text("In at least 90 of 100 courses the provenu is {low}.", low=said["low"])
            if has_luck
            else text("Without luck, the provenu is {low} in at least 90 of 100 courses.", low=said["low"])
        )
    if has_luck:
        return text("In 90 of 100 courses the provenu lies between {low} and {high}.", **said)
    return text("Without luck, the provenu lies between {low} and {high} in 90 of 100 courses.", **said)


def ends(bands: Percentiles, currency: str) -> dict[str, Sentence]:
    """Between which amounts 90 of 100 courses lie; one unit, which stands once, where both have a figure in it."""
    low, high = (bands[p] for p in (5, 95))
    said = {"low": short(low.value, currency, low.error), "high": short(high.value, currency, high.error)}
    sizes = [abs(one.value) for one in (low, high)]
    if said["low"] != said["high"] and max(sizes) >= MILLION and min(sizes) >= MILLION / 10:
        sign = currency_sign(currency)
        high_said = text("{amount} mio. {currency}", amount=millions(high.value, high.error), currency=sign)
        said = {"low": millions(low.value, low.error), "high": high_said}
    return said


def _counterfactuals(found: BreakEven, chances: dict[str, Estimate], chosen: str) -> Sentence:
    """What hangs on how life without the programme is counted; the chosen way first."""
    if {one.value for one in chances.values()} in ({0.0}, {1.0}):
        return however_counted(chances[chosen].value)
    names = [chosen, *(name for name in chances if name != chosen)]
    ways = {
        "expected": text("with the average course without it, as in a budget"),
        "same-luck": text("with the same people without it"),
        "own-luck": text("with other, similar people without it"),
    }
    each = [text("{n} {way}", n=of_100(chances[name].value), way=ways[name]) for name in names]
    if len(each) == 2:
        said = text(
            "In how many of 100 courses the programme breaks even depends on what it is compared with: {chosen} (used here), {second}.",
            chosen=each[0], second=each[1],
        )  # fmt: skip
    else:
        said = text(
            "In how many of 100 courses the programme breaks even depends on what it is compared with: {chosen} (used here), {second}, {third}.",
            chosen=each[0], second=each[1], third=each[2],
        )  # fmt: skip
    if found.counterfactuals_differ:
        return said
    return joined([said, text("These courses cannot tell them apart.")])


def of_paper(answer: Run | BusinessCase) -> Iterator[Sentence]:
    rows = answer.reported
    if not rows or answer.run.set:
        return
    yield text(
        "The paper's own figures: {right} of {all} are reproduced by the business case's arithmetic.",
        right=sum(row.reproduced for row in rows), all=len(rows),
    )  # fmt: skip


def _own_error(answer: Run, scenario: Scenario) -> Sentence:
    said = {"error": own_error(answer, scenario), "draws": number(answer.run.draws), "seed": answer.run.seed}
    if not differs(answer):
        return text("{error}; {draws} courses, seed {seed}.", **said)
    found = text(
        "{error}; {draws} courses, seed {seed} (which begins the random numbers: the same one gives the same figures).",
        **said,
    )
    return joined([found, *rough(answer)])


def rough(answer: Run) -> Iterator[Sentence]:
    """That errors of few courses hold less than they say."""
    if answer.run.draws < FEWEST and differs(answer):
        yield text(
            "With fewer than {n} courses, bands and the worst courses are rougher than they look.",
            n=str(number(FEWEST)),
        )


def differs(answer: Run) -> bool:
    """Whether any course gives something else than another."""
    parts = answer.variance
    varies = parts is not None and parts.assumptions + (parts.luck or 0.0) != 0
    return varies or answer.provenu.deviation.value != 0


def own_error(answer: Run, scenario: Scenario) -> Sentence:
    """What is known of the answer's own error; without the dot that ends the sentence."""
    if not differs(answer):
        return text("Every course gives the same")
    assert answer.break_even.chance.interval is not None
    low, high = answer.break_even.chance.interval
    said = {"low": percent(low), "high": percent(high)}
    error = answer.bridge.expected.sure_error
    if half_width(error) < ALMOST:
        return text(
            "Error of the simulation itself (95 %): chance of break-even {low} to {high}, the expected provenu has none",
            **said,
        )
    return text(
        "Error of the simulation itself (95 %): chance of break-even {low} to {high}, expected provenu ± {error}",
        error=margin(error, scenario.money.currency), **said,
    )  # fmt: skip


def _convergence(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    """How the number of courses was found, where a precision was asked for."""
    found = answer.convergence
    if found is None:
        return
    of_chance = found.of != "mean"

    def written(half_width: float) -> Sentence:
        short = two_digits(half_width)
        said = (
            text("{points} points", points=plain(100 * short)) if of_chance else kroner(short, scenario.money.currency)
        )
        return Sentence(said, (half_width,))

    steps = [
        text("{draws} courses ± {error}", draws=number(step.draws), error=written(step.half_width))
        for step in found.steps
    ]
    yield text("Precision: {steps}.", steps=joined(steps, ", "))
    if not found.reached:
        reason = {
            "max-draws": text("no more courses were allowed (--max-draws)"),
            "approximation": text(
                "luck is not drawn, and what its distribution may be off is more than that: use --engine lives"
            ),
            "machine": text("this machine cannot hold or finish more of them"),
        }[found.stopped_by]
        if found.needed != 0:
            reason += "; " + text("too few courses have a rare value of an assumption")
        yield note(text(
            "The precision asked for, ± {asked}, is not reached: {reason}.",
            asked=written(found.asked), reason=reason,
        ))  # fmt: skip
