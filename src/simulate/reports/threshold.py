"""How far a number must move, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from simulate.analysis.precision import STUDENT
from simulate.answers.base import Estimate
from simulate.answers.threshold import Described, Frontier, Level, Threshold
from simulate.content import BREAK, Figure, Part, Row, Sentence, Several, Table, joined, note, row
from simulate.figures import chance as chance_shown
from simulate.figures import in_courses, kroner, number, per_cent_sign, percent, plain, unit
from simulate.locale import text
from simulate.places import BADLY, formula_of, labelled, place
from simulate.reports.quantities import UNITS, typed
from simulate.reports.words import changes, heading_without_financing, name_of
from simulate.scenario import Scenario

DECIMALS = 4


def lines(answer: Threshold, scenario: Scenario) -> Iterator[Part]:
    """The answer in words, and a table along a second number."""
    words = Words(answer, scenario)
    yield from heading_without_financing(scenario)
    yield from changes(answer.run.set)
    yield from words.thresholds()
    yield BREAK
    yield words.assumed()
    yield from words.plausible()
    yield words.as_it_is()
    yield words.switching()
    if answer.frontier is not None:
        yield BREAK
        yield words.frontier(answer.frontier)
    yield BREAK
    yield from words.clipped()
    yield from words.correlated()
    yield text("Life without the programme is counted {how}.", how=name_of(answer.run.counterfactual))
    yield words.searched()
    yield text(
        "In brackets: what the error of the simulation itself leaves (95 %); {draws} courses, seed {seed}.",
        draws=number(answer.run.draws), seed=answer.run.seed,
    )  # fmt: skip


class Words:
    """What the answer says, a sentence each."""

    def __init__(self, answer: Threshold, scenario: Scenario) -> None:
        self.answer, self.scenario = answer, scenario
        named = _named(answer, answer.path or answer.assumption or "")
        placed = place(answer.path, scenario) if answer.path and not answer.label else ""
        self.name = named if placed in ("", answer.path) else Sentence(placed)

    def value(self, value: float, error: float | None = None) -> Sentence:
        return written(value, error, self.answer, self.scenario)

    def estimate(self, one: Estimate | None) -> Sentence:
        assert one is not None
        return self.value(one.value, one.error)

    def ends(self, one: Estimate | None) -> dict[str, Sentence]:
        assert one is not None
        assert one.interval is not None
        return {key: self.value(end, one.error) for key, end in zip(("low", "high"), one.interval, strict=True)}

    def goal(self, one: Level) -> Sentence:
        n = per_hundred(one.probability)
        if self.answer.target is not None:
            return text("For the target “{label}” to be reached in {n} of 100 courses", label=self.answer.target, n=n)
        return text("For the programme to break even in {n} of 100 courses", n=n)

    def thresholds(self) -> Iterator[Sentence]:
        never = False
        for one in self.answer.thresholds:
            if never and one.reached == "never":
                yield text("{goal}, no value of it is enough either.", goal=self.goal(one))
            else:
                yield self.threshold(one)
            never = never or one.reached == "never"

    def threshold(self, one: Level) -> Sentence:
        said = {"goal": self.goal(one), "name": self.name}
        low, high = self.answer.searched.low, self.answer.searched.high
        searched = {"low": self.value(low), "high": self.value(high)}
        if one.reached == "always":
            return text("{goal}, any value of {name} between {low} and {high} will do.", **said, **searched)
        if one.reached == "never":
            return text(
                "{goal}, no value of {name} between {low} and {high} is enough: the most is {chance} of the courses, at {value}.",
                **said, **searched,
                chance=chance_shown(one.best.probability.value, one.best.probability.error), value=self.value(one.best.value),
            )  # fmt: skip
        value = self.estimate(one.crossing)
        if one.reached == "at-least":
            return text(
                "{goal}, {name} must be at least {value} ({low} to {high}).",
                **said,
                value=value,
                **self.ends(one.crossing),
            )
        if one.reached == "at-most":
            return text(
                "{goal}, {name} must be at most {value} ({low} to {high}).",
                **said,
                value=value,
                **self.ends(one.crossing),
            )
        stretches = (text("between {low} and {high}", low=low, high=high) for low, high in self.stretches(one))
        return text(
            "{goal}, {name} must lie {stretches}; nearest to what is assumed is {value} ({low} to {high}).", **said,
            stretches=text(", or ").join(stretches), value=value, **self.ends(one.crossing),
        )  # fmt: skip

    def stretches(self, one: Level) -> list[list[Sentence]]:
        error = None if one.crossing is None else one.crossing.error
        return [[self.value(end, error) for end in stretch] for stretch in one.stretches]

    def assumed(self) -> Sentence:
        assumed, bands, stands = self.answer.assumed, self.answer.percentiles, self.answer.stands_there
        if isinstance(assumed, list):
            listed = joined(map(plain, assumed), ", ")
            said = text(
                "In the file it is a list by year: {listed}. The values here are factors on all of it.", listed=listed
            )
        elif stands:
            known = self.scenario.assumptions
            other = _labelled(known[stands].label, stands) if stands in known else formula_of(stands, self.scenario)
            said = text("In the file {other} stands there, whose value is {value}; here it is one certain number.",
                        other=other, value=self.value(assumed))  # fmt: skip
        elif bands is None:
            return text("It is taken as known: {value}.", value=self.value(assumed))
        else:
            said = text("It is assumed to be {value}.", value=self.value(assumed))
        if bands is None:
            return said
        low, high = (self.value(bands[p], _about(bands)) for p in (5, 95))
        among = (
            text("Each year has its own, in 90 of 100 courses between {low} and {high}; here it is the same in all.", low=low, high=high)
            if self.answer.each_year
            else text("In 90 of 100 courses it lies between {low} and {high}.", low=low, high=high)
        )  # fmt: skip
        return joined([said, among])

    def plausible(self) -> Iterator[Sentence]:
        """How likely it is, by its own distribution, to be as wanted."""
        known = [one.assumed_probability for one in self.answer.thresholds if one.crossing is not None]
        chances = [_small(chance) for chance in known if chance is not None]
        if chances:
            said = text(
                "By its own distribution, the chance that it is as needed: {chances}", chances=joined(chances, ", ")
            )
            yield said + (text(" (in the order above).") if len(chances) > 1 else ".")

    def as_it_is(self) -> Sentence:
        now = self.answer.as_it_is.probability
        said = {"in_courses": in_courses(now.value), "chance": chance_shown(now.value, now.error)}
        if self.answer.target is not None:
            return text("As it is, the target is reached {in_courses} ({chance}).", **said)
        return text("As it is, the programme breaks even {in_courses} ({chance}).", **said)

    def switching(self) -> Sentence:
        value, jump = self.answer.switching_value, self.answer.switching_jump
        if not self.answer.switching_known:
            return text(
                "For which value of it the provenu is 0, with every other number at its value, is not told: some moves hang on another member of the "
                "family (`when`), and that provenu is the mean of lives, with an error."
            )  # fmt: skip
        if value is not None:
            return text(
                "With every other number at its value and no luck, the provenu is 0 when it is {value}.",
                value=self.value(value),
            )
        if jump is not None:
            return text(
                "With every other number at its value and no luck, the provenu changes its sign at {value}, "
                "without being 0 there.",
                value=self.value(jump),
            )  # fmt: skip
        return text("With every other number at its value and no luck, no value of it makes the provenu 0.")

    def clipped(self) -> Iterator[Sentence]:
        for one in self.answer.thresholds:
            for path, share in one.clipped.items():
                if share >= BADLY:
                    yield note(text(
                        "At {value}, {path} had to be clipped to what is possible in {share} of the courses: too many to trust that answer.",
                        value=self.estimate(one.crossing), path=place(path, self.scenario), share=percent(share),
                    ))  # fmt: skip

    def correlated(self) -> Iterator[Sentence]:
        others = self.answer.correlated
        if others:
            names = ", ".join(_labelled(self.scenario.assumptions[name].label, name) for name in others)
            yield text(
                "It is set here, not observed; what is correlated with it keeps its own distribution: {names}.",
                names=names,
            )

    def searched(self) -> Sentence:
        searched = self.answer.searched
        low, high = self.value(searched.low), self.value(searched.high)
        if searched.low_is_limit and searched.high_is_limit:
            return text("Searched from {low} to {high}; no other value is possible.", low=low, high=high)
        return text("Searched from {low} to {high}; values beyond that were not looked at.", low=low, high=high)

    def frontier_heading(self, other: Frontier) -> Sentence:
        return text(
            "What {name} must be, where {other} is held at a point of its distribution:",
            name=self.name, other=_named(other, other.assumption),
        )  # fmt: skip

    def frontier(self, other: Frontier) -> Table:
        heads = [text("{n} of 100", n=per_hundred(one.probability)) for one in self.answer.thresholds]
        rows: list[Row] = []
        for held in other.rows:
            assert other.percentiles is not None
            value = written(held.value, _about(other.percentiles), other, self.scenario)
            point = "P" + plain(held.percentile) + ": "
            usage = "number" if other.factor else other.usage
            first = typed(point + value, held.value, usage, other.assumption)
            cells = (self.cell(one, title) for one, title in zip(held.thresholds, heads, strict=True))
            rows.append(row(first, *cells))
        return Table(
            [other.assumption, *heads], rows, currency=self.scenario.money.currency, title=self.frontier_heading(other)
        )

    def cell(self, one: Level, title: Sentence) -> Several | Sentence:
        """From which value to which; a spreadsheet has both ends, and nothing where there is no such end."""
        if one.reached in ("always", "never"):
            return text("any") if one.reached == "always" else text("none")
        value = self.estimate(one.crossing)
        if one.reached == "at-least":
            return self.between(">= " + value, [(one.crossing, None)], title)
        if one.reached == "at-most":
            return self.between("<= " + value, [(None, one.crossing)], title)
        said = joined((joined(each, " - ") for each in self.stretches(one)), ", ")
        return self.between(said, [(low, high) for low, high in one.stretches], title)

    def between(
        self, said: Sentence, stretches: Sequence[tuple[Estimate | float | None, Estimate | float | None]], title: str
    ) -> Several:
        usage = UNITS["number" if self.answer.factor else self.answer.usage]
        ends = (end.value if isinstance(end, Estimate) else end for both in stretches for end in both)
        figures = tuple(None if end is None else Figure(end, usage) for end in ends)
        names = text("{title}: from", title=title), text("{title}: to", title=title)
        return Several(said, figures, names * len(stretches))


def _named(described: Described, name: str) -> Sentence:
    return _labelled(described.label, name)


def _labelled(label: str | None, name: str) -> Sentence:
    return Sentence(labelled(label, name)) if label else text("“{name}”", name=name)


def _about(percentiles: Mapping[int, float]) -> float:
    """As if a hundredth of a distribution's width were an error: its percentiles are judged, and deserve no more digits."""
    return abs(percentiles[95] - percentiles[5]) / 100 / STUDENT


def per_hundred(share: float) -> Sentence:
    """What was asked for, as it was asked."""
    return Sentence(plain(100 * share), (share,))


def _small(chance: float) -> Sentence:
    return percent(chance) if chance == 0 or chance >= 0.0005 else text("under {share}", share=percent(0.001))


def written(value: float, error: float | None, described: Described, scenario: Scenario) -> Sentence:
    """A value of the number in its own unit, with no more digits than its standard error leaves it; two more than whole where it is exact."""
    usage = described.usage
    if usage == "money":
        return kroner(value, scenario.money.currency, error if error is not None else 0.0)
    scale = 100 if usage == "share" else 1
    step = unit(error) * scale if error else _step(value * scale)
    decimals = min(max(-math.floor(math.log10(step) + 1e-9), 0), DECIMALS)
    shown = round(value * scale / step) * step if step > 1 else value * scale
    figure: str = number(shown, decimals)
    if not error and decimals:
        figure = figure.rstrip("0").rstrip(",.")
    if described.factor:
        figure = f"×{figure}"
    elif usage == "share":
        figure += per_cent_sign()
    return Sentence(figure, (value,))


def _step(value: float) -> float:
    """Four digits of an exact figure."""
    return 10.0 ** min(math.floor(math.log10(abs(value))) - 3, 0) if value else 1.0
