"""The tables of an answer as labelled arrays: a dimension for what a table goes along, a variable for each of its columns.

An answer of runs that are made of many draws has its draws instead (`store.dataset`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulate.answers.annualise import Annualise, Group
from simulate.answers.base import Estimate, Head
from simulate.answers.compare import Alternative, Compare
from simulate.answers.ranges import Range
from simulate.answers.run import BusinessCase
from simulate.answers.sensitivity import Bar, Sensitivity, Share
from simulate.answers.stages import Bound, Stages
from simulate.answers.structure import Structure, Way
from simulate.answers.threshold import Level, Threshold
from simulate.answers.update import Seen, Update, View
from simulate.store import periods

if TYPE_CHECKING:
    import xarray as xr

KR, SHARE, PERSONS, OWN = "currency", "1", "persons", ""


class Column(NamedTuple):
    """What stands in it, of a row: an estimate, a number, words, or nothing. units: KR stands for the scenario's currency."""

    name: str
    units: str
    says: str
    of: Callable[[Any], Estimate | float | str | None]


def dataset(answer: Head, currency: str) -> xr.Dataset:
    """The tables of an answer. Raises KeyError for one that has none."""
    import xarray as xr

    found = xr.Dataset(attrs={"title": answer.scenario.title, "answer": answer.answer})
    return TABLES[answer.answer](_Labelling(found, currency), answer).data


class _Labelling:
    def __init__(self, data: xr.Dataset, currency: str) -> None:
        self.data, self.currency = data, currency

    def along(
        self, dimension: str, labels: Sequence[Any], rows: Sequence[Any], columns: Sequence[Column]
    ) -> _Labelling:
        """With a table: a place along the dimension for each of its rows."""
        self.data = self.data.assign_coords({dimension: np.array(labels)})
        for column in columns:
            self._put(column, (dimension,), [column.of(row) for row in rows], lambda values: np.array(values))
        return self

    def beside(self, row: Any, columns: Sequence[Column]) -> _Labelling:
        """With what has no dimension."""
        for column in columns:
            self._put(column, (), [column.of(row)], lambda values: np.array(values[0]))
        return self

    def _put(
        self, column: Column, dimensions: tuple[str, ...], found: list[Any], shaped: Callable[[list[Any]], Any]
    ) -> None:
        about = {"units": self.currency if column.units == KR else column.units, "long_name": column.says}
        if any(isinstance(one, str) for one in found):
            self.data[column.name] = (dimensions, shaped([one or "" for one in found]), about)
            return
        values = [one.value if isinstance(one, Estimate) else _number(one) for one in found]
        self.data[column.name] = (dimensions, shaped(values), about)
        if any(isinstance(one, Estimate) for one in found):
            for end, says, of in ENDS:
                ends = [of(one) if isinstance(one, Estimate) else math.nan for one in found]
                beside = about | {"long_name": f"{column.says}: {says}"}
                self.data[f"{column.name}_{end}"] = (dimensions, shaped(ends), beside)


ENDS: Sequence[tuple[str, str, Callable[[Estimate], float]]] = (
    ("error", "standard error of the simulation", lambda one: _number(one.error)),
    ("low", "lower end of its 95 % interval", lambda one: one.interval[0] if one.interval else math.nan),
    ("high", "upper end of its 95 % interval", lambda one: one.interval[1] if one.interval else math.nan),
)


def _number(one: float | None) -> float:
    return math.nan if one is None else float(one)


def _point(data: _Labelling, answer: BusinessCase) -> _Labelling:
    years = periods(answer.scenario.periods)
    exact = answer.point
    data.along("period", years, exact.provenu.by_year, [Column("provenu", KR, "savings less costs", float)])
    data.beside(
        exact, [Column("provenu_total", KR, "savings less costs over the horizon", lambda one: one.provenu.total)]
    )
    lines = np.array([line.by_year for line in exact.lines.values()])
    data.data = data.data.assign_coords(line=list(exact.lines))
    data.data["lines"] = (("line", "period"), lines, {"units": data.currency, "long_name": "kroner of each line"})
    return data


def _threshold(data: _Labelling, answer: Threshold) -> _Labelling:
    what, unit = answer.label or answer.assumption or answer.path or "", answer.unit
    columns = [
        Column("value", unit, f"{what}: where the chance is that high", lambda one: one.crossing),
        Column("reached", OWN, "at which values it is", lambda one: one.reached),
        Column("assumed_probability", SHARE, "chance of those values by its own distribution", lambda one: one.assumed_probability),
        Column("best_probability", SHARE, "the highest chance that was met", lambda one: one.best.probability),
        Column("best_value", unit, "where the highest chance was met", lambda one: one.best.value),
    ]  # fmt: skip
    data.along("probability", [one.probability for one in answer.thresholds], answer.thresholds, columns)
    data.beside(answer, [Column("as_it_is", SHARE, "chance with nothing moved", lambda one: one.as_it_is.probability)])
    if answer.frontier is not None:
        rows, other = answer.frontier.rows, answer.frontier.label or answer.frontier.assumption
        second = [Column("second_value", answer.frontier.unit, other, lambda one: one.value)]
        data.along("percentile", [row.percentile for row in rows], rows, second)
        along = [[_value(level) for level in row.thresholds] for row in rows]
        about = {"units": unit, "long_name": f"{what}: with {other} held at that percentile"}
        data.data["frontier"] = (("percentile", "probability"), np.array(along), about)
    return data


def _value(level: Level) -> float:
    return math.nan if level.crossing is None else level.crossing.value


def _sensitivity(data: _Labelling, answer: Sensitivity) -> _Labelling:
    def bars(found: Sequence[Bar], dimension: str, more: str) -> None:
        columns = [
            Column(f"low{more}", KR, "expected provenu with it at its P5", lambda one: one.low.provenu),
            Column(f"high{more}", KR, "expected provenu with it at its P95", lambda one: one.high.provenu),
            Column(f"swing{more}", KR, "expected provenu, from P5 to P95", lambda one: one.swing),
            Column(f"low_probability{more}", SHARE, "chance of break-even with it at its P5", lambda one: one.low.probability),
            Column(f"high_probability{more}", SHARE, "chance of break-even with it at its P95", lambda one: one.high.probability),
        ]  # fmt: skip
        data.along(dimension, [one.assumption for one in found], found, columns)

    bars(answer.tornado, "assumption", "")
    bars(answer.tornado_at_values, "assumption_at_values", "_at_values")
    shares: Sequence[Share] = answer.sobol
    columns = [
        Column("first", SHARE, "share of the variance, by it alone", lambda one: one.first),
        Column("total", SHARE, "share of the variance, with all it takes part in", lambda one: one.total),
    ]
    data.along("group", [one.assumption for one in shares], shares, columns)
    rank = list(answer.rank.items())
    ranks = [Column("rank", SHARE, "rank correlation with the expected provenu", lambda one: one[1])]
    return data.along("ranked", [name for name, _ in rank], rank, ranks)


def _structure(data: _Labelling, answer: Structure) -> _Labelling:
    ways: Sequence[Way] = answer.structure
    columns = [
        Column("probability", SHARE, "chance of break-even", lambda one: one.probability),
        Column("expected", KR, "expected provenu", lambda one: one.expected),
        Column("label", OWN, "what is counted otherwise", lambda one: one.label),
    ]
    data.along("way", [one.name for one in ways], ways, columns)
    rows: Sequence[Range] = answer.ranges.rows
    columns = [
        Column("provenu_at_low", KR, "at the low end, all others at their values, without luck", lambda one: one.low.provenu),
        Column("provenu_at_high", KR, "the same at the high end", lambda one: one.high.provenu),
        Column("expected_at_low", KR, "expected provenu at the low end", lambda one: one.low.expected),
        Column("expected_at_high", KR, "the same at the high end", lambda one: one.high.expected),
        Column("limits", OWN, "what the ends are: percentiles, or named by the file", lambda one: one.limits),
    ]  # fmt: skip
    return data.along("range", [one.assumption for one in rows], rows, columns) if rows else data


def _compare(data: _Labelling, answer: Compare) -> _Labelling:
    each: Sequence[Alternative] = answer.scenarios
    columns = [
        Column("point", KR, "the business case's own number", lambda one: one.point),
        Column("mean", KR, "expected provenu", lambda one: one.provenu.mean),
        Column("sd", KR, "standard deviation of the provenu", lambda one: one.provenu.sd),
        Column("probability", SHARE, "chance of break-even", lambda one: one.break_even.probability),
        Column("probability_best", SHARE, "chance that it gives the most", lambda one: one.best),
        Column("expected_loss", KR, "what it gives less than the best one, on average", lambda one: one.loss),
    ]
    data.along("scenario", [one.name for one in each], each, columns)
    return _percentiles(data, "scenario", [one.provenu.percentiles for one in each])


def _percentiles(data: _Labelling, dimension: str, found: Sequence[dict[int, Estimate]]) -> _Labelling:
    at = list(found[0])
    values = np.array([[one[p].value for p in at] for one in found])
    about = {"units": data.currency, "long_name": "percentiles of the provenu"}
    data.data = data.data.assign_coords(percentile=at)
    data.data["percentiles"] = ((dimension, "percentile"), values, about)
    return data


def _stages(data: _Labelling, answer: Stages) -> _Labelling:
    bounds: Sequence[Bound] = answer.bounds
    columns = [
        Column("stop", SHARE, "chance that this bound stops the programme", lambda one: one.stop),
        Column("worth", KR, "mean provenu with the rule less without", lambda one: one.worth),
    ]
    data.along("bound", [one.bound for one in bounds], bounds, columns)
    choices = [answer.without_rule, answer.with_rule]
    outcomes = [
        Column("mean", KR, "expected provenu", lambda one: one.provenu.mean),
        Column("probability", SHARE, "chance of break-even", lambda one: one.break_even.probability),
    ]
    data.along("choice", ["without_rule", "with_rule"], choices, outcomes)
    return _percentiles(data, "choice", [one.provenu.percentiles for one in choices])


def _annualise(data: _Labelling, answer: Annualise) -> _Labelling:
    groups: Sequence[Group] = [answer, *answer.groups]
    columns = [
        Column("annualised", KR, "the quarter times four, mean", lambda one: one.annualised.mean),
        Column("annualised_sd", KR, "the quarter times four, standard deviation", lambda one: one.annualised.sd),
        Column("following_year", KR, "what the four quarters after it save, mean", lambda one: one.following_year.mean),
        Column("deviation", KR, "the first less the second, mean", lambda one: one.deviation.mean),
        Column("wrong_sign", SHARE, "chance that one is a saving and the other a loss", lambda one: one.wrong_sign),
        Column("near", SHARE, "chance that the quarter lies near the expected year", lambda one: one.near),
        Column("explained", SHARE, "share of the year's variance that goes with the quarter", lambda one: one.explained),
        Column("luck_sd", KR, "standard deviation that luck alone gives the quarter times four", lambda one: one.luck_sd),
    ]  # fmt: skip
    return data.along("persons", [one.persons for one in groups], groups, columns)


def _update(data: _Labelling, answer: Update) -> _Labelling:
    rows: Sequence[Seen] = answer.observed
    columns = [
        Column("seen", PERSONS, "what was seen", lambda one: one.seen),
        Column("expected", PERSONS, "what was to be expected, mean", lambda one: one.expected.mean),
        Column("tail", SHARE, "chance of as much or more, or of as little or less", lambda one: one.tail),
    ]
    data.along("observed", [one.what for one in rows], rows, columns)
    views: dict[str, View] = {"before": answer.before} | ({"after": answer.after} if answer.after else {})
    outcomes = [
        Column("mean", KR, "expected provenu", lambda one: one.provenu.mean),
        Column("probability", SHARE, "chance of break-even", lambda one: one.break_even.probability),
    ]
    data.along("view", list(views), list(views.values()), outcomes)
    _percentiles(data, "view", [one.provenu.percentiles for one in views.values()])
    names = list(answer.before.assumptions)
    means = np.array([[view.assumptions[name].mean.value for name in names] for view in views.values()])
    about = {"units": "mixed", "long_name": "mean of each assumption"}
    data.data = data.data.assign_coords(assumption=names)
    data.data["assumptions"] = (("view", "assumption"), means.reshape(len(views), len(names)), about)
    return data


TABLES: dict[str, Callable[[_Labelling, Any], _Labelling]] = {
    "point": _point,
    "threshold": _threshold,
    "sensitivity": _sensitivity,
    "structure": _structure,
    "compare": _compare,
    "stages": _stages,
    "annualise": _annualise,
    "update": _update,
}
