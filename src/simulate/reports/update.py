"""`simulate update`: the answer as a document and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from simulate.analysis.precision import Estimate, chance_interval
from simulate.content import BREAK, Cell, Figure, Part, Row, Sentence, Table, joined, row
from simulate.locale import plural, text
from simulate.reports import estimates, summary
from simulate.reports.figures import chance, kroner, margin, number, percent
from simulate.reports.quantities import together
from simulate.reports.words import BANDS, bands, changes, heading
from simulate.scenario import Loaded, Scenario
from simulate.scenario.adjustable import usages
from simulate.scenario.numbers import Usage
from simulate.scenario.schema import Observed
from simulate.studies.update import Seen, Update, View, moved

TELLING = 0.1  # of the sd: an assumption that has moved less has hardly moved
SURE = 2  # standard errors
RARE = 0.001  # what comes less often is practically impossible
FAR = 0.5  # standard deviations: nearer than this, a course is much like what was seen
SHOWN = 12  # assumptions


def document(found: Update, loaded: Loaded) -> dict[str, Any]:
    labels = {name: one.label or name for name, one in loaded.scenario.assumptions.items()}
    targets = [target.label for target in loaded.scenario.targets]
    return summary.head(found.result, loaded) | {
        "draws": found.draws,
        "kept": found.kept,
        "keep": found.keep,
        "exact": _estimate(found.exact) | {"courses": round(found.exact.value * found.draws)},
        "tolerance": found.tolerance if math.isfinite(found.tolerance) else None,
        "unusual": None if found.unusual is None else _chance(found.unusual, found.draws),
        "verdict": _verdict(found),
        "observed": [_seen(one, found.draws) for one in found.seen],
        "before": _view(found.before, labels, targets),
        "after": None if found.after is None else _view(found.after, labels, targets),
        "uncorrected": None if found.uncorrected is None else _view(found.uncorrected, labels, targets),
        "moved": {} if found.after is None else dict(moved(found.before, found.after)),
        "warnings": summary.warnings([], loaded),
    }


def _verdict(found: Update) -> str:
    """`impossible`: no course is like it; `hardly possible`: fewer than one in a thousand are as far out; `possible`.

    `too few`: courses, to tell that or anything else.
    """
    if found.seen and found.after is None:
        return "too few" if found.too_few else "impossible"
    tails = [one.tail.value for one in found.seen] + ([found.unusual.value] if found.unusual else [])
    return "hardly possible" if min(tails, default=1.0) < RARE else "possible"


def _estimate(one: Estimate, name: str = "probability") -> dict[str, Any]:
    return {name: one.value, "error": estimates.known(one.error)}


def _chance(one: Estimate, courses: int) -> dict[str, Any]:
    return _estimate(one) | {"interval": list(chance_interval(one, courses)) if not math.isnan(one.error) else None}


def _seen(one: Seen, draws: int) -> dict[str, Any]:
    row = one.row
    found = {
        "what": row.label or words(row),
        "role": row.role,
        "arm": row.arm,
        "counted": row.what,
        "to": row.to,
        "until": row.until,
        "than": row.than,
        "seen": one.value,
        "at_least": row.at_least is not None,
        "expected": one.expected.mean.value,
        "expected_error": estimates.known(one.expected.mean.error),
        "sd": one.expected.sd.value,
        "percentiles": estimates.by_percentile(one.expected.percentiles),
        "allowed": one.allowed,
    }
    found |= _estimate(one.probability)
    found |= {"or_more": _estimate(one.or_more), "or_fewer": _estimate(one.or_fewer), "tail": _chance(one.tail, draws)}
    found["kept"] = None if one.kept is None else estimates.spread(one.kept)
    return found


def _view(one: View, labels: dict[str, str], targets: list[str]) -> dict[str, Any]:
    return {
        "courses": one.courses,
        "assumptions": {
            name: {"label": labels[name]} | estimates.spread(found) for name, found in one.assumptions.items()
        },
        "provenu": estimates.spread(one.provenu),
        "break_even": _chance(one.break_even, one.worth),
        "targets": [
            {"label": label} | _chance(found, one.worth) for label, found in zip(targets, one.targets, strict=True)
        ],
    }


def words(row: Observed) -> str:
    """What is counted, where the row has no label."""
    said = {"role": row.role, "state": row.to, "month": row.until}
    if row.what == "moved":
        what = text("{role} moved to {state} by {month}", **said)
    else:
        what = text("{role} in {state} in {month}", **said)
    if row.than is not None:
        more = text("more with the programme") if row.arm == "programme" else text("more in the control group")
        return f"{what}, {more}"
    return text("{what}, control group", what=what) if row.arm == "baseline" else what


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """In words: how rare it was, which courses are kept, and what they say of the years, the targets and the assumptions."""
    yield from heading(scenario)
    yield from changes(document)
    if not document["observed"]:
        yield text("The scenario has no [[observed]]: nothing was seen, so nothing changes.")
    else:
        yield from _answer(document, scenario.money.currency)
        yield _observed(document)
        yield BREAK
        yield from _how_rare(document)
        yield from _which_are_kept(document)
    yield BREAK
    currency = scenario.money.currency
    both = views = [(text("Seen from the start"), document["before"])]
    if document["after"] is not None and document["observed"]:
        views.append((text("After what was seen"), document["after"]))
    both = [*views, (text("As the kept are"), document["uncorrected"])] if document["tolerance"] else views
    heads = [text("Expected"), *(f"P{p}" for p in BANDS), text("Breaks even")]
    yield Table(["", *heads], list(_provenu(both)), currency=scenario.money.currency)
    yield BREAK
    if document["before"]["targets"]:
        yield _targets(both)
        if document["after"] is not None and _has_passed(document, scenario):
            yield text("Of a year that is over, it is how likely its target was met, given what was seen.")
        yield BREAK
    if document["after"] is not None and document["observed"]:
        yield from _assumptions(document, scenario)
        yield BREAK
    yield from _errors(views, document, currency)


def _answer(document: dict[str, Any], currency: str) -> Iterator[Sentence]:
    before, after = document["before"], document["after"]
    if after is None:
        return
    expected = (kroner(view["provenu"]["mean"], currency, view["provenu"]["mean_error"]) for view in (before, after))
    yield text(
        "Seen from the start, the chance of break-even is {before}; after what was seen it is {after}. The expected provenu goes from {first} to {then}.",
        before=_share(before["break_even"]), after=_share(after["break_even"]), first=next(expected), then=next(expected),
    )  # fmt: skip
    yield BREAK


def _observed(document: dict[str, Any]) -> Table:
    near = bool(document["tolerance"])
    head = [
        text("What was seen by then"),
        text("Seen"),
        text("Expected"),
        text("90 of 100"),
        text("As far out"),
    ]
    rows: list[Row] = []
    for one in document["observed"]:
        seen = text("at least {n}", n=number(one["seen"])) if one["at_least"] else Figure(one["seen"], "count")
        band = joined((number(one["percentiles"][p]) for p in ("5", "95")), " … ")
        expected = Figure(one["expected"], "count", decimals=1)
        cells: list[Cell] = [one["what"], seen, expected, band, _share(one["tail"])]
        rows.append(row(*cells, *([_kept(one)] if near else [])))
    return Table([*head, text("Kept")] if near else head, rows)


def _kept(one: dict[str, Any]) -> Sentence:
    return text("all") if one["at_least"] else number(one["kept"]["mean"], 1) + f" (± {one['allowed']})"


def _share(one: dict[str, Any]) -> Sentence:
    """A chance with the digits it deserves; none of the courses is no proof of never."""
    value, bound = one["probability"], one.get("interval")
    if bound and value <= (one["error"] or 0.0):
        return Sentence(text("below {share}", share=percent(_up(bound[1]), 1)), (value, bound[1]))
    if 0 <= value < 0.0005:
        return Sentence(text("below {share}", share=percent(0.001, 1)), (value,))
    return chance(value, one["error"])


def _up(share: float) -> float:
    """To the next tenth of a per cent."""
    return math.ceil(1000 * share) / 1000


def _how_rare(document: dict[str, Any]) -> Iterator[Sentence]:
    several = sum(not one["at_least"] for one in document["observed"]) > 1
    if several and document["after"] is not None:
        unusual = document["unusual"]
        yield text(
            "Each single outcome is rare where many are counted. Held together, {share} of the courses are at least as unusual as what was seen.",
            share=_share(unusual),
        )
    if document["verdict"] == "too few":
        yield text("Too few courses were drawn to tell anything from; --max-draws gives more.")
    elif document["verdict"] == "impossible":
        yield text(
            "Under this scenario it is practically impossible: no course comes near it. The scenario cannot be brought in line by what was seen; "
            "its assumptions, or the way it was counted, must be looked at first."
        )  # fmt: skip
        out = [one["what"] for one in document["observed"] if one["tail"]["probability"] == 0]
        if out:
            yield text("Outside all courses: {what}.", what="; ".join(out))
    elif document["verdict"] == "hardly possible":
        yield text(
            "Under this scenario that is practically impossible: fewer than 1 in 1,000 courses are as far out. What follows leans on the scenario's "
            "outermost courses; its assumptions should be looked at before it is used."
        )  # fmt: skip


def _which_are_kept(document: dict[str, Any]) -> Iterator[Sentence]:
    kept, tolerance = document["kept"], document["tolerance"]
    exact, draws = document["exact"]["courses"], number(document["draws"])
    if exact:
        yield text("In {exact} of {draws} courses all of it came just as seen.", exact=number(exact), draws=draws)
    else:
        yield text("In none of {draws} courses all of it came just as seen.", draws=draws)
    if not kept:
        return
    if tolerance == 0:
        yield text("What follows is from the {kept} courses in which all of it is just as seen.", kept=number(kept))
        if kept < document["keep"]:
            yield text("That is fewer than the {keep} wanted; --max-draws gives more.", keep=number(document["keep"]))
        return
    yield text(
        "So few tell nothing, and what follows is an approximation: the {kept} nearest courses are kept, held most strictly to the counts that mean most "
        "for the provenu (in the last column their mean, and by how much one may be off). What they say is read off at what was seen, by linear regression.",
        kept=number(kept),
    )  # fmt: skip
    yield text(
        "Beside it stands what the kept courses say as they are: what is between the two shows how far to trust the approximation."
    )
    if tolerance > FAR:
        yield text("They are far off: read what follows as a direction and a rough size.")


def _provenu(views: Sequence[tuple[str, dict[str, Any]]]) -> Iterator[Row]:
    for name, view in views:
        one = view["provenu"]
        yield row(name, Figure(one["mean"], error=one["mean_error"]), *bands(one), _share(view["break_even"]))


def _targets(views: Sequence[tuple[str, dict[str, Any]]]) -> Table:
    by_target = zip(*(view["targets"] for _, view in views), strict=True)
    rows = [row(each[0]["label"], *map(_share, each)) for each in by_target]
    return Table([text("Chance of the target"), *(name for name, _ in views)], rows)


def _has_passed(document: dict[str, Any], scenario: Scenario) -> bool:
    last = max(int(one["until"][:4]) for one in document["observed"]) if document["observed"] else 0
    return any(target.year is not None and target.year <= last for target in scenario.targets)


def _assumptions(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    before, after = (document[key]["assumptions"] for key in ("before", "after"))
    telling = [name for name, by in document["moved"].items() if abs(by) > TELLING and _is_sure(before, after, name)]
    if not telling:
        if before:
            yield text("No assumption has moved by as much as a tenth of its standard deviation.")
        return
    rows: list[Row] = []
    used_as = usages(scenario)
    for name in telling[:SHOWN]:
        both = (_band(one[name], used_as[name], scenario.money.currency) for one in (before, after))
        rows.append(row(before[name]["label"], *both))
    yield Table([text("Assumption: mean (P5-P95)"), text("Seen from the start"), text("After what was seen")], rows)
    rest = len(before) - min(len(telling), SHOWN)
    if rest:
        yield plural(
            "The other one has moved less, or hardly at all.", "The other {n} have moved less, or hardly at all.", rest
        )


def _is_sure(before: dict[str, Any], after: dict[str, Any], name: str) -> bool:
    error = math.hypot(*(one[name]["mean_error"] or 0.0 for one in (before, after)))
    return bool(abs(after[name]["mean"] - before[name]["mean"]) > SURE * error)


def _band(one: dict[str, Any], usage: Usage, currency: str) -> Sentence:
    """Three figures with the digits that their spread lets one see."""
    sd = (one["sd"] or 0.0) * (100 if usage == "share" else 1)
    decimals = max(0, min(4, 1 - math.floor(math.log10(sd)))) if sd else 4
    bounds = (one["percentiles"]["5"], one["percentiles"]["95"])
    mean, low, high = together([one["mean"], *bounds], usage, currency, 0 if usage == "money" else decimals)
    return mean + " (" + low + " … " + high + ")"


def _errors(views: Sequence[tuple[str, dict[str, Any]]], document: dict[str, Any], currency: str) -> Iterator[Sentence]:
    errors = [view["provenu"]["mean_error"] for _, view in views]
    intervals = [view["break_even"]["interval"] for _, view in views]
    said = [margin(error, currency) if error else text("not known") for error in errors]
    within = [
        text("{low} to {high}", low=percent(low), high=percent(high)) if interval else text("not known")
        for interval in intervals
        for low, high in [interval or (0.0, 0.0)]
    ]
    drawn = {"draws": number(document["draws"]), "seed": document["run"]["seed"]}
    if len(views) == 1:
        yield text(
            "Error of the simulation itself (95 %): expected provenu ± {errors}; chance of break-even {within}; {draws} courses, seed {seed}.",
            errors=said[0], within=within[0], **drawn,
        )  # fmt: skip
        return
    yield text(
        "Error of the simulation itself (95 %), from the start and after: expected provenu ± {errors}; chance of break-even {within}; {draws} courses, "
        "{kept} of them kept, seed {seed}.",
        errors=text(" and ± ").join(said), within=text(" and ").join(within),
        kept=number(document["kept"]), **drawn,
    )  # fmt: skip
