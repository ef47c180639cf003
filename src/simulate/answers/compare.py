"""Scenarios compared: which is best, how surely, and what each choice costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal

from simulate.analysis import precision
from simulate.answers.base import (
    Amount,
    Estimate,
    Head,
    Probability,
    Section,
    Spread,
    either,
    estimate,
    head,
    percentiles,
    spread,
    twin,
)
from simulate.answers.run import PERCENTILES, lived
from simulate.content import Sentence
from simulate.figures import percent
from simulate.locale import text
from simulate.places import BADLY, place
from simulate.scenario import Loaded, queries
from simulate.studies import compare as study
from simulate.studies.common import Reason

WIDEST = 30  # letters of a name in a table


@dataclass(frozen=True, repr=False)
class Alternative(Section):
    """A scenario. name: what tables call it; set: what was changed of it; point: the business case's own number; probability_best: chance that it gives the most, of n that give the same each counts 1/n.

    lived: that number, where it is the mean of lives, with its error; else null. expected_loss: what it gives less than the best one of each course, on
    average; expected_loss_without_luck: the same, where every draw counts with what it brings on average over luck; null where that is not known.
    """

    file: str
    title: str
    name: str
    set: list[str]
    sha256: str
    point: float
    lived: Estimate | None
    provenu: Amount
    break_even: Probability
    probability_best: Estimate | None
    probability_best_without_luck: Estimate | None
    expected_loss: Estimate | None
    expected_loss_without_luck: Estimate | None
    clipped: dict[str, int]

    @property
    def best(self) -> Estimate:
        return either(self.probability_best, self.probability_best_without_luck)

    @property
    def loss(self) -> Estimate:
        return either(self.expected_loss, self.expected_loss_without_luck)


@dataclass(frozen=True, repr=False)
class Best(Section):
    """Places in `scenarios`, from 0. by_mean: of the highest expected provenu; by_probability: of the one that is best most often."""

    by_mean: int
    by_probability: int


@dataclass(frozen=True, repr=False)
class Pair(Section):
    """a: the file of the earlier one, or its name where several are of one file; b: that of the later one."""

    a: str
    b: str


@dataclass(frozen=True, repr=False)
class Difference(Spread, Pair):
    """Of the provenus a - b; what the two chances leave to 1 is no difference at all. probability_positive: chance of more than nothing;
    probability_negative: chance of less."""

    mean: Estimate
    probability_positive: Estimate | None
    probability_positive_without_luck: Estimate | None
    probability_negative: Estimate | None
    probability_negative_without_luck: Estimate | None

    @property
    def positive(self) -> Estimate:
        return either(self.probability_positive, self.probability_positive_without_luck)

    @property
    def negative(self) -> Estimate:
        return either(self.probability_negative, self.probability_negative_without_luck)


@dataclass(frozen=True, repr=False)
class Differing(Section):
    """An assumption that is not the same number. name: its name everywhere; groups: files in which it is the same; reasons: what differs."""

    name: str
    groups: list[list[str]]
    reasons: list[Reason]


@dataclass(frozen=True, repr=False)
class Compare(Head):
    """scenarios: in the order of the files; differences: of all pairs; shared: uncertain assumptions that are one and the same number in every scenario that
    uses them; caveats: sentences on what makes the figures less comparable than they look."""

    answer: Literal["compare"] = field(default="compare", kw_only=True)
    scenarios: list[Alternative]
    best: Best
    differences: list[Difference]
    shared: list[str]
    differing: list[Differing]
    caveats: list[str]
    warnings: list[str]


def of(found: study.Comparison, loaded: Sequence[Loaded]) -> Compare:
    labels = names(loaded)
    files = labels if len({one.file for one in loaded}) < len(loaded) else [one.file for one in loaded]
    return Compare(
        *head(found.first, loaded[0]),
        scenarios=[
            _alternative(found, i, one, label) for i, (one, label) in enumerate(zip(loaded, labels, strict=True))
        ],
        best=Best(found.by_mean, found.by_chance),
        differences=[_difference(found, a, b, files) for a, b in found.pairs],
        shared=list(found.common.shared),
        differing=[
            Differing(one.name, [[files[i] for i in group] for group in one.groups], list(one.reasons))
            for one in found.common.differing
        ],
        caveats=caveats(found, loaded, labels),
        warnings=warnings(loaded),
    )


def names(loaded: Sequence[Loaded]) -> list[str]:
    """The shortest that tell the scenarios apart: titles, names of the files, their paths, what was changed of one, or a number."""
    everywhere = set.intersection(*(set(one.changes) for one in loaded))
    changed = [", ".join(change for change in one.changes if change not in everywhere) for one in loaded]
    for candidates in (
        [one.scenario.title for one in loaded],
        [PurePath(one.file).stem for one in loaded],
        [one.file for one in loaded],
        [own or PurePath(one.file).stem for own, one in zip(changed, loaded, strict=True)],
    ):
        if len(set(candidates)) == len(loaded) and max(map(len, candidates)) <= WIDEST:
            return candidates
    return [f"{PurePath(one.file).stem} ({i})" for i, one in enumerate(loaded, 1)]


def _alternative(found: study.Comparison, i: int, one: Loaded, name: str) -> Alternative:
    own, luckless = found.alternatives[i], found.alternatives[i].with_luck is not None
    return Alternative(
        file=one.file,
        title=one.scenario.title,
        name=name,
        set=list(one.changes),
        sha256=one.sha256,
        point=own.point,
        lived=lived(own.result.point),
        provenu=_provenu(own),
        break_even=Probability(estimate(own.chance)),
        **twin("probability_best", estimate(found.chances[i]), luckless),
        expected_loss=None if luckless else estimate(found.losses[i]),
        expected_loss_without_luck=estimate(found.losses_without_luck[i]) if found.losses_without_luck else None,
        clipped=dict(sorted(own.clipped.items())),
    )


def _provenu(own: study.Alternative) -> Amount:
    """Luck and all where that is known."""
    if own.with_luck is not None:
        bands = own.result.undrawn.told(own.with_luck.percentiles(PERCENTILES))
    else:
        bands = own.result.percentiles(own.provenu, PERCENTILES)
    return Amount(estimate(own.mean), estimate(own.sd), percentiles(bands))


def _difference(found: study.Comparison, a: int, b: int, files: Sequence[str]) -> Difference:
    difference, luckless = found.difference(a, b), found.alternatives[a].with_luck is not None
    left_out = study.undrawn([found.alternatives[a], found.alternatives[b]])
    of = precision.spread(difference.mean, difference.values, PERCENTILES, left_out.mass)
    of = of._replace(sd=of.sd.unless(bool(left_out.rare)), percentiles=left_out.told(of.percentiles))
    return Difference(
        a=files[a],
        b=files[b],
        **spread(of, luckless),
        **twin("probability_positive", estimate(difference.positive), luckless),
        **twin("probability_negative", estimate(difference.negative), luckless),
    )


# What to warn of ------------------------------------------------------------------------------------------------------


def caveats(found: study.Comparison, loaded: Sequence[Loaded], labels: Sequence[str]) -> list[str]:
    """What makes the figures less comparable than they look: part of the answer."""
    said: list[str] = [
        *_lived(loaded, labels, found.first.options.counterfactual),
        *_prices(loaded),
        *_certain(found, labels),
    ]
    if any(one.scenario.financing for one in loaded):
        said.append(text("What others pay is in no figure here: the scenarios are compared without it."))
    for one, name, each in zip(loaded, labels, found.alternatives, strict=True):
        for path, n in sorted(each.clipped.items()):
            if n / len(each.provenu) >= BADLY:
                said.append(
                    text(
                        "“{name}”: {path} had to be clipped to what is possible in {share} of the courses. That is too many to trust its figures: "
                        "mend the uncertainty first.",
                        name=name, path=place(path, one.scenario), share=percent(n / len(each.provenu)),
                    )
                )  # fmt: skip
    return said


def warnings(loaded: Sequence[Loaded]) -> list[str]:
    """The files' own, and what of them is not used."""
    said = [problem.at(one.file) for one in loaded for problem in one.warnings]
    return list(dict.fromkeys([*said, *_simulation(loaded)]))


def _lived(loaded: Sequence[Loaded], labels: Sequence[str], counterfactual: str) -> Iterator[Sentence]:
    """Where some must be lived, and the others are lived beside them."""
    tied = [name for one, name in zip(loaded, labels, strict=True) if queries.is_tied(one.scenario)]
    if tied:
        yield text(
            "Some moves hang on another member of the family (`when`) in {names}: families are lived one by one in every scenario here, life without "
            "the programme is counted with {way}, and nothing is exact. What it is worth to know the assumptions better is not known.",
            names=", ".join(text("“{name}”", name=name) for name in tied),
            way=text("the same luck") if counterfactual == "same-luck" else text("luck of its own"),
        )  # fmt: skip


def _prices(loaded: Sequence[Loaded]) -> Iterator[Sentence]:
    first = loaded[0]
    for one in loaded[1:]:
        ours, theirs = one.scenario.money, first.scenario.money
        if ours.price_level != theirs.price_level:
            yield text(
                "{file} is in prices of {level} and {first} in prices of {first_level}: part of every difference below is the price level. "
                "Bring the prices of one to the level of the other before you decide.",
                file=one.file, level=ours.price_level or text("an unknown year"),
                first=first.file, first_level=theirs.price_level or text("an unknown year"),
            )  # fmt: skip
        if ours.indexation != theirs.indexation:
            yield text(
                "{file} and {first} index prices differently (`money.indexation`): part of every difference below is that. "
                "Give both the same, for example with --set money.indexation=0",
                file=one.file, first=first.file,
            )  # fmt: skip


def _certain(found: study.Comparison, labels: Sequence[str]) -> Iterator[Sentence]:
    uncertain = [bool(sampler.uncertain) for sampler in found.common.samplers]
    for name, has in zip(labels, uncertain, strict=True):
        if any(uncertain) and not has:
            yield text(
                "“{name}” has no uncertain assumptions: it looks surer than the others only because nobody has said how unsure its numbers are.",
                name=name,
            )


def _simulation(loaded: Sequence[Loaded]) -> Iterator[Sentence]:
    """Where a file asks for other draws than the first one's, which hold for all."""
    first = loaded[0]
    for one in loaded[1:]:
        for key in ("draws", "seed", "design", "counterfactual"):
            own, used = (getattr(each.scenario.simulation, key) for each in (one, first))
            if own != used:
                yield text(
                    "{file} has {key} = {own} under [simulation]; that of the first file, {used}, is used for all.",
                    file=one.file, key=key, own=own, used=used,
                )  # fmt: skip
