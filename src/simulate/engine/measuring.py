"""What is kept of each draw, and what is summed over the draws of each block: the rows of `simulate.measures`, of a sample that was valued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulate import ledger, model
from simulate import measures as m
from simulate.analysis import corrected
from simulate.analysis.breakeven import reached
from simulate.analysis.draws import Layout
from simulate.engine.sample import Sample
from simulate.engine.valuation import Valuation
from simulate.ledger import Accounts
from simulate.measures import Measure
from simulate.model import Quantities
from simulate.names import Counterfactual
from simulate.options import Options
from simulate.point import Point
from simulate.scenario import queries
from simulate.scenario.schema import Target

Array = NDArray[np.float64]
Values = dict[Measure, Array]
"""(draw, ...) of each measure."""


@dataclass(frozen=True)
class Measuring:
    """Of a scenario that is run so. again: whether the same lives are valued at other prices, too."""

    options: Options
    accounts: Accounts
    at_point: Point
    again: bool = False

    @cached_property
    def periods(self) -> list[str]:
        return model.period_labels(self.accounts.model, self.accounts.period)

    @cached_property
    def areas(self) -> list[str]:
        return sorted({line.area for line in self.accounts.lines})

    @property
    def baseline(self) -> Counterfactual:
        return self.options.counterfactual if self.options.engine == "lives" else "expected"

    @property
    def others(self) -> list[Counterfactual]:
        """The counterfactuals that the lives are counted under beside it."""
        return [name for name in self.options.counterfactuals if name != self.baseline]

    @cached_property
    def layout(self) -> Layout:
        """What is kept of each draw."""
        options, again = self.options, self.again
        luck = options.adds_luck or (again and options.is_corrected)
        scenario = self.accounts.model.scenario
        found: dict[Measure, list[str] | None] = {m.PROVENU: self.periods}
        found |= {} if options.brief else {m.AREA: self.areas}
        found |= {m.LINE: [line.label for line in self.accounts.lines]} if options.lines else {}
        found |= {m.TOTAL: None}
        if not options.brief:
            found |= {m.CASHABLE: None, m.STATE: None}
            found |= {m.PAYER: list(scenario.payers)} if scenario.payers else {}
            found |= {m.FINANCING: self.periods} if self.is_financed else {}
            found |= {m.PROGRAMME: list(self.accounts.of_part)} if self.accounts.of_part else {}
            found |= {m.PRESENT_VALUE: None} if scenario.money.discount_rate else {}
        found |= {m.UNDER: list(self.others)} if self.others else {}
        found |= {m.LUCK_VARIANCE: None} if luck else {}
        found |= {m.LUCK_THIRD: None} if options.adds_luck else {}
        found |= {m.OWN_LUCK_VARIANCE: None} if luck and options.counterfactuals != ("expected",) else {}
        found |= {m.EXPECTED: None} if options.keep_expected or again else {}
        series = [f"{of} {period}" for of in self.targeted for period in self.periods]
        return found | ({m.TARGETED: series} if again and series else {})

    @property
    def is_financed(self) -> bool:
        """Whether what others pay is kept: not where other prices are told, which are asked for what the programme itself brings."""
        return bool(self.accounts.financing) and not self.again and not self.options.brief

    @cached_property
    def targeted(self) -> dict[str, Target]:
        """What targets are of, beside the provenu itself, each once."""
        return {one.of: one for one in self.accounts.model.scenario.targets if one.of != "provenu"}

    @property
    def of_payers(self) -> bool:
        """Whether the kroner of other payers than the municipality are asked for."""
        return not self.options.brief or any(queries.counted_of(one)[0] == "payer" for one in self.targeted.values())

    def of(self, sample: Sample, valued: Valuation, same_luck: float) -> tuple[Values, Values]:
        """What is kept, and what is summed. same_luck: share of the variance with luck of its own that the same luck leaves."""
        columns, sums = self.kept(sample, valued), self.summed(sample, valued)
        sums |= self.spread(columns, sums, same_luck)
        sums |= self.by_hits(columns, same_luck)
        if self.is_financed:
            columns[m.FINANCING], own = self.financed(valued, columns, sums[m.TARGETS], same_luck)
            sums |= own
        return columns, sums

    def financed(self, valued: Valuation, columns: Values, hits: Array, same_luck: float) -> tuple[Array, Values]:
        """(draw, period) what others pay in all, and by line, to be summed. hits: (draw, target)."""
        labels = [one.label for one in self.accounts.model.scenario.targets]
        earned = np.ones((len(hits), len(self.accounts.financing), 1))
        for i, line in enumerate(self.accounts.model.scenario.financing):
            if line.when_target is not None:
                earned[:, i, 0] = hits[:, labels.index(line.when_target)]
        lines, expected = valued.financing * earned, valued.expected_financing * earned
        found = {m.FINANCED: lines, m.EXPECTED_FINANCED: expected}
        if self.options.is_corrected and not self.accounts.of_results.any():
            found[m.BREAK_EVEN_FINANCED] = self._financed_terms(columns, lines, expected, same_luck)
        return lines.sum(axis=1), found

    def _financed_terms(self, columns: Values, lines: Array, expected: Array, same_luck: float) -> Array:
        """(draw, term) of the chance with what others pay; with an amount for each family it has luck that is not in the variance."""
        scenario, name = self.accounts.model.scenario, self.baseline
        exact = name != "same-luck" and not any(line.per_family for line in scenario.financing)
        total, mean = columns[m.TOTAL] + lines.sum(axis=(1, 2)), columns[m.EXPECTED] + expected.sum(axis=(1, 2))
        return corrected.terms(total, mean, self._variance(columns, name, same_luck), exact=exact)

    def kept(self, sample: Sample, valued: Valuation) -> Values:
        """Of each draw."""
        chosen = valued.kroner[self.baseline][:, 0]
        provenu = chosen.sum(axis=1)
        found = {
            m.PROVENU: provenu,
            m.TOTAL: provenu.sum(axis=1),
            m.EXPECTED: self._expected_off(valued).sum(axis=1) + self.at_point.provenu.sum(),
        }
        if self.targeted:
            whole = valued.kroner[self.baseline]
            found[m.TARGETED] = np.concatenate(
                [series_of(self.accounts, one, whole) for one in self.targeted.values()], 1
            )
        if not self.options.brief:
            found |= self._kept_of_tables(valued, provenu)
        if self.others:
            found[m.UNDER] = np.stack([valued.total(name) for name in self.others], axis=1)
        if not self.options.plain:
            found |= self._luck(sample, valued)
        return {measure: _for_each(one, sample.draws) for measure, one in found.items()}

    def _kept_of_tables(self, valued: Valuation, provenu: Array) -> Values:
        chosen, accounts = valued.kroner[self.baseline], self.accounts
        lines = chosen[:, 0].sum(axis=2)
        return {
            m.LINE: lines,
            m.AREA: _of_lines(lines, [[line.area == area for line in accounts.lines] for area in self.areas]),
            m.PROGRAMME: _of_lines(lines, [own.tolist() for own in accounts.of_part.values()]),
            m.CASHABLE: lines[:, accounts.cashable].sum(axis=1),
            m.STATE: chosen[:, 1].sum(axis=(1, 2)),
            m.PAYER: chosen[:, 2:].sum(axis=(2, 3)),
            m.PRESENT_VALUE: (provenu * valued.prices.discount).sum(axis=1),
        }

    def _luck(self, sample: Sample, valued: Valuation) -> Values:
        known = sample.luck(self.accounts, valued.prices, "expected" if self.options.adds_luck else None)
        found = {m.LUCK_VARIANCE: known.expected, m.OWN_LUCK_VARIANCE: known.own_luck}
        return found if known.third is None else found | {m.LUCK_THIRD: known.third}

    def _expected_off(self, valued: Valuation) -> Array:
        """(draw, period)."""
        return np.asarray(valued.expected[:, 0].sum(axis=1) - self.at_point.provenu)

    def summed(self, sample: Sample, valued: Valuation) -> Values:
        """Of each draw, to be summed: what hangs on no estimate."""
        point, expected_off = self.at_point, self._expected_off(valued)
        expected = sample.expected[:2] if sample.expected else (point.programme, point.baseline)
        total = expected_off.sum(axis=1)
        found = {
            m.EXPECTED_OFF_BY_PERIOD: expected_off,
            m.EXPECTED_OFF: total,
            m.EXPECTED_SQUARE: total**2,
            m.MONTHS: sample.programme.months,
            m.BASELINE_MONTHS: sample.baselines[self.baseline].months,
            m.EXPECTED_MONTHS: expected[0].months,
            m.EXPECTED_BASELINE_MONTHS: expected[1].months,
        }
        if not self.options.brief:
            found |= self._summed_of_tables(sample, valued, *expected)
        if sample.numbers:
            drawn = np.concatenate(list(sample.numbers.values()), axis=1)
            found |= {m.DRAWN: drawn, m.DRAWN_SQUARE: drawn**2, m.DRAWN_BY_EXPECTED: drawn * total[:, None]}
        return {measure: _for_each(one, sample.draws) for measure, one in found.items()}

    def _summed_of_tables(
        self, sample: Sample, valued: Valuation, programme: Quantities, baseline: Quantities
    ) -> Values:
        """programme, baseline: expected lives."""
        chosen = valued.kroner[self.baseline][:, 0]
        off = chosen.sum(axis=2) - self.at_point.kroner[0].sum(axis=1)
        return self._after_horizon(valued, programme, baseline) | {
            m.LINES: chosen,
            m.LINE_OFF: off,
            m.LINE_SQUARE: off**2,
            m.ARRIVALS: sample.programme.arrivals,
            m.BASELINE_ARRIVALS: sample.baselines[self.baseline].arrivals,
            m.EXPECTED_PAYERS: valued.expected.sum(axis=3),
            m.EXPECTED_LINES: valued.expected[:, 0],
            m.EXPECTED_STATE: valued.expected[:, 1].sum(axis=1),
            m.EXPECTED_OTHERS: valued.expected[:, 2:].sum(axis=2),
            m.EXPECTED_PRESENT_VALUE: (valued.expected[:, 0].sum(axis=1) * valued.prices.discount).sum(axis=1),
            m.EXPECTED_ARRIVALS: programme.arrivals,
            m.EXPECTED_BASELINE_ARRIVALS: baseline.arrivals,
        }

    def _after_horizon(self, valued: Valuation, programme: Quantities, baseline: Quantities) -> Values:
        """Where lines can lose anything."""
        if not any(one.lag for one in self.accounts.of_person_years):
            return {}
        less = baseline.rows - programme.rows
        return {m.EXPECTED_AFTER: ledger.after_horizon(self.accounts, valued.prices, less)}

    def spread(self, columns: Values, sums: Values, same_luck: float) -> Values:
        """What luck does to the provenu, to be summed."""
        # 0 to the last bit where nothing varies
        beyond = (columns[m.PROVENU] - self.at_point.provenu - sums[m.EXPECTED_OFF_BY_PERIOD]).sum(axis=1)
        found = {m.LUCK_SQUARE: beyond**2}
        if self.options.adds_luck or (self.options.is_corrected and self.baseline != "same-luck"):
            found[m.LUCK_SUM] = self._variance(columns, self.baseline, same_luck)
        return found

    @property
    def for_hits(self) -> list[Measure]:
        """The columns that by_hits() reads."""
        found = [m.TOTAL, *([m.PROVENU] if self.accounts.model.scenario.targets else [])]
        if self.options.is_corrected:
            found += [m.EXPECTED, m.LUCK_VARIANCE, m.OWN_LUCK_VARIANCE, m.UNDER]
        return [one for one in self.layout if one in found or one is m.TARGETED]

    def by_hits(self, columns: Mapping[Measure, Array], same_luck: float) -> Values:
        """What is no polynomial in a price, of the columns that are: to be summed."""
        targets = self.accounts.model.scenario.targets
        series = {"provenu": columns[m.PROVENU]} if targets else {}
        if self.targeted:
            parts = np.split(columns[m.TARGETED], len(self.targeted), axis=1)
            series |= dict(zip(self.targeted, parts, strict=True))
        hits = [hit(self.accounts, target, series[target.of]) for target in targets]
        found = {m.TARGETS: np.stack(hits, axis=1) if hits else np.zeros((len(columns[m.TOTAL]), 0))}
        if self.options.is_corrected:
            terms = [self._terms(columns, name, same_luck) for name in self.options.counterfactuals]
            found[m.BREAK_EVEN] = np.moveaxis(np.stack([one.T for one in terms]), -1, 0)
        return found

    def _terms(self, columns: Mapping[Measure, Array], name: Counterfactual, same_luck: float) -> Array:
        total = columns[m.TOTAL] if name == self.baseline else columns[m.UNDER][:, self.others.index(name)]
        variance = self._variance(columns, name, same_luck)
        return corrected.terms(total, columns[m.EXPECTED], variance, exact=name != "same-luck")

    def _variance(self, columns: Mapping[Measure, Array], name: Counterfactual, same_luck: float) -> Array:
        """(draw,) by luck, DKK²."""
        if name == "expected":
            return columns[m.LUCK_VARIANCE]
        own = columns[m.OWN_LUCK_VARIANCE]
        return own if name == "own-luck" else own * same_luck


def _of_lines(lines: Array, each: list[list[bool]]) -> Array:
    """(draw, group) sums of some of the lines, which are (draw, line)."""
    return np.stack([lines[:, own].sum(axis=1) for own in each], axis=1) if each else np.zeros((len(lines), 0))


def _for_each(one: Array, draws: int) -> Array:
    """One row for all draws, where nothing is uncertain, is that of each."""
    return one if len(one) == draws else np.broadcast_to(one, (draws, *one.shape[1:]))


def same_luck(accounts: Accounts, at_point: Point, sample: Sample, valued: Valuation) -> tuple[float, float]:
    """What the same luck leaves of the provenu's variance, and luck of its own: kr² of these draws together."""
    own = sample.luck(accounts, valued.prices).own_luck
    off = (valued.expected[:, 0].sum(axis=1) - at_point.provenu).sum(axis=1)
    found = ((valued.total("same-luck") - (off + at_point.provenu.sum())) ** 2).sum()
    return float(found), float(np.broadcast_to(own, sample.draws).sum())


def series_of(accounts: Accounts, target: Target, kroner: Array) -> Array:
    """(draw, period) DKK, what a target is of. kroner: (draw, payer, line, period); payers after the one that is counted may be missing."""
    payer, own = accounts.of_target(target)
    return np.asarray(kroner[:, payer, own].sum(axis=1))


def hit(accounts: Accounts, target: Target, of: Array) -> Array:
    """(draw,) 1.0 where a target is reached. of: (draw, period) DKK, what is to reach it."""
    years = accounts.year_of_period
    by_year = np.stack([of[:, years == year].sum(axis=1) for year in range(years[-1] + 1)], axis=1)
    if target.total is not None:
        hit = reached(by_year.sum(axis=1), target.total)
    elif target.yearly is not None:
        hit = np.asarray(reached(by_year, target.yearly).all(axis=1))
    else:
        assert target.year is not None
        year = target.year - accounts.model.scenario.time.first_year
        hit = reached(by_year[:, year], target.amount)
    return np.asarray(hit, dtype=np.float64)
