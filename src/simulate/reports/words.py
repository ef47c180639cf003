"""Sentences and limits that more than one report uses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from simulate.content import BREAK, Figure, Heading, Part, Sentence, Unit, joined, note
from simulate.figures import chance as shown
from simulate.figures import in_courses, kroner, number, percent, plain, plain_percent, short, two_digits
from simulate.locale import text
from simulate.places import BADLY, named, place
from simulate.scenario import Loaded, Scenario, queries

if TYPE_CHECKING:
    from simulate.answers.base import Estimate, Percentiles
    from simulate.answers.run import BusinessCase, Rare, Run, Undrawn, Variance

BANDS = (5, 50, 95)
MOST_SAID = 5  # figures of the paper that are not reproduced
ALMOST = 0.5  # kr.: amounts that print as the same


def worth_saying(warnings: list[str], loaded: Loaded) -> list[str]:
    """The warnings for the screen: a changed case is not the paper's, and a long list helps nobody."""
    own = len(loaded.warnings)
    rest = [] if loaded.changes else warnings[own:]
    more = (
        [text("... and {n} more; `simulate check` shows all.", n=len(rest) - MOST_SAID)]
        if len(rest) > MOST_SAID
        else []
    )
    return [*warnings[:own], *rest[:MOST_SAID], *more]


def heading(scenario: Scenario) -> Iterator[Part]:
    """Which case this is."""
    place = f", {scenario.municipality}" if scenario.municipality else ""
    yield Heading(f"{scenario.title}{place} · {years_and_prices(scenario)}")
    yield BREAK


def heading_without_financing(scenario: Scenario) -> Iterator[Part]:
    """The same of what is told without what others pay: that it is."""
    yield from heading(scenario)
    if scenario.financing:
        yield without_financing()
        yield BREAK


def without_financing() -> Sentence:
    return text(
        "What others pay is in no figure here; `simulate run` and `simulate report` tell what the case is with it."
    )


def years_and_prices(scenario: Scenario) -> str:
    """`2017-2021 · prices of 2016`"""
    last, level = scenario.time.first_year + scenario.time.years - 1, scenario.money.price_level
    prices = text(" · prices of {year}", year=level) if level else ""
    years = f"{scenario.time.first_year}-{last}" if scenario.time.years > 1 else str(last)
    return f"{years}{prices}"


def changes(changed: Sequence[str]) -> Iterator[Sentence]:
    """What `--set` made different."""
    if changed:
        yield text("Changed: {changes}", changes="; ".join(changed))
        yield BREAK


def is_of_paper(answer: Run | BusinessCase) -> bool:
    """Whether the values are those of a paper with figures; a changed case is not the paper's, nor one that is carried out otherwise than planned, nor one
    that comes to another provenu than the paper (to any other figure, where it has none)."""
    rows = [row for row in answer.reported if row.what == "provenu"] or answer.reported
    reproduced = bool(rows) and all(row.reproduced for row in rows)
    return reproduced and not answer.run.set and answer.point.as_planned is None


def paper_says_otherwise(answer: Run | BusinessCase, currency: str) -> Iterator[Sentence]:
    """The paper's own provenu, where the case does not come to it."""
    for row in answer.reported:
        if row.what == "provenu" and row.year is None and not row.reproduced and not answer.run.set:
            yield text("The business case itself says {paper}, which its numbers do not come to as they stand here; `simulate check` shows both.", paper=short(row.value, currency))  # fmt: skip


def as_carried_out(answer: Run | BusinessCase, currency: str) -> Iterator[Sentence]:
    """What it does to the business case that the programme is not carried out as planned."""
    if answer.point.as_planned is not None:
        yield carried_out(answer.point.as_planned.total, answer.point.provenu.total, currency)


def carried_out(planned: float, carried: float, currency: str) -> Sentence:
    """Of the provenu over the horizon."""
    if abs(planned - carried) < ALMOST:
        return text(
            "With every assumption at its value the programme is carried out as planned; how it may go otherwise is in the simulated courses."
        )
    return text(
        "As planned, with every assumption at its value and no luck, it comes to {planned}; as it is to be carried out, to {carried}. "
        "All that is told here is of the latter.",
        planned=kroner(planned, currency), carried=kroner(carried, currency),
    )  # fmt: skip


def point_row(answer: Run | BusinessCase) -> Sentence:
    """What a row of the point estimate is called: the business case's only where it is."""
    return text("The business case") if is_of_paper(answer) else text("Every assumption at its value")


def point_column(from_paper: bool) -> Sentence:
    """The same above a column, which is narrow."""
    return text("Business case") if from_paper else text("At the values")


def is_certain(scenario: Scenario) -> bool:
    """Whether nothing uncertain is used."""
    return all(scenario.assumptions[name].uncertainty is None for name in queries.used(scenario))


def clipped(
    counts: Mapping[str, int], draws: int, scenario: Scenario, low: float, high: float = math.inf
) -> Iterator[Sentence]:
    """Of what had to be clipped (path → in how many draws), that in a share of them from `low` to below `high`."""
    shares = {path: n / draws for path, n in counts.items()}
    for path, share in shares.items():
        if low <= share < high:
            told: str = percent(share) if share >= 0.0005 else text("under {share}", share=percent(0.001))
            said = text(
                "{path} had to be clipped to what is possible in {share} of the courses.",
                path=place(path, scenario), share=Sentence(told, (counts[path],)),
            )  # fmt: skip
            yield said if share < BADLY else note(said)
    if low == BADLY and any(share >= BADLY for share in shares.values()):
        yield note(text("That is too many to trust the answer below: mend the uncertainty first."))
        yield BREAK


def figure(one: Estimate, unit: Unit = "kr") -> Figure:
    """A cell of an estimate."""
    return Figure(one.value, unit, one.error)


def bands(found: Percentiles) -> list[Figure]:
    """Cells of the percentiles of an amount."""
    return [figure(found[p]) for p in BANDS]


def rare(rows: Sequence[Rare], draws: int, scenario: Scenario, hints: bool = True) -> Iterator[Sentence]:
    """Values and tails of the assumptions that too few courses have. hints: what to ask for instead."""
    for row in rows:
        said = {"name": named(row.assumption, scenario), "draws": number(draws)}
        if row.value is None:
            yield note(text("{name}: what is far out in its distribution weighs much, and {draws} courses hold too little of it.", **said))  # fmt: skip
            continue
        yield note(text(
            "{name}: the value {value} has a probability of {chance}; {n} of {draws} courses are expected to have it.",
            value=plain(row.value), chance=plain_percent(row.probability), n=plain(two_digits(row.expected)), **said,
        ))  # fmt: skip
    if rows:
        enough = [_enough([row.needed for row in rows])] if hints else []
        yield note(joined([text("What hangs on that is not known from these courses."), *enough]))
        yield BREAK


def _enough(needed: list[float | None]) -> Sentence:
    if None in needed:
        return text("No number of courses will do: state the uncertainty in another way.")
    return text("Take at least --draws {n}.", n=math.ceil(max(draws for draws in needed if draws is not None)))


def split(variance: Variance, undrawn: Undrawn) -> Sentence:
    """What is due to the assumptions and what to luck, of a run that has luck."""
    assumptions, luck = variance.shares.assumptions, variance.shares.luck
    assert luck is not None
    if undrawn.rare:
        return text(
            "How much of the uncertainty is due to the assumptions and how much to luck is not known from these courses."
        )
    if assumptions.value + luck.value == 0:
        return text("Nothing varies: neither assumptions nor luck play a part.")
    if assumptions.value == 0:
        return text("All of the uncertainty (variance) is due to luck: whom it goes well for.")
    if luck.value == 0:
        return text("All of the uncertainty (variance) is due to the assumptions, and none of it to luck.")
    return text(
        "Of the uncertainty (variance), {assumptions} is due to the assumptions and {luck} to luck: whom it goes well for.",
        assumptions=shown(assumptions.value, assumptions.error),
        luck=shown(luck.value, luck.error),
    )


def name_of(counterfactual: str) -> Sentence:
    """How the life without the programme is counted, in words."""
    return {
        "expected": text("as its expectation (a budget without the programme)"),
        "same-luck": text("with the same luck (only what the programme changes differs)"),
        "own-luck": text("with luck of its own (another, similar group)"),
    }[counterfactual]


def however_counted(chance: float) -> Sentence:
    """Where it is 0 or 1 under every counterfactual."""
    return text(
        "However life without the programme is counted, the programme breaks even {in_courses}.",
        in_courses=in_courses(chance),
    )
