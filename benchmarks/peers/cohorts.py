"""NumPy, Silkeborg only: how many of each cohort move is binomial, so that no life is lived at all."""

from __future__ import annotations

import numpy as np

from benchmarks.cases import Case, Counted

BENEFIT, SUPPORT, HOME, PLACED = range(4)


class Cohorts:
    """Numbers of people by cohort, all draws at once. lives: those that the numbers stand for."""

    def __init__(self, case: Case, seed: int = 1) -> None:
        assert case.name == "silkeborg"
        self.case, self.counted, self.lives = case, Counted.room(case), 0
        self.rng = np.random.Generator(np.random.SFC64(seed))

    def clear(self) -> None:
        self.counted.clear()

    def live(self) -> None:
        families, self.lives = self.case.families, 4 * int(self.case.families.number.sum())
        for cohort, half in enumerate(families.cohort_half):
            number, months = families.number[:, cohort], families.cohort_months[cohort]
            if not number.any():
                continue
            by_month = self.rng.multinomial(number, np.full(months, 1 / months))
            entry = half + 2 * np.arange(months)
            if half > 0:
                self.counted.entered[:, half // 24] += number
            for arm in range(2):
                self._adults(by_month, entry, arm)
                self._children(by_month, entry, arm)

    def _adults(self, people: np.ndarray, entry: np.ndarray, arm: int) -> None:
        halves, moves, rates = self.counted.halves[:, arm], self.counted.arrivals[:, arm], self.case.rates
        first, back = entry[0] // 24, rates.january[0, 1 - arm, 0]
        found = self.rng.binomial(people, rates.entry[0, 1 - arm, 0, first])
        stay = self.rng.binomial(found, 1 - back[first])
        left = 24 * (first + 1) - entry
        moves[:, SUPPORT, first] += found.sum(axis=1)
        moves[:, BENEFIT, first] += (found - stay).sum(axis=1)
        halves[:, SUPPORT, first] += stay @ left
        halves[:, BENEFIT, first] += (people - stay) @ left
        everyone, now = people.sum(axis=1), stay.sum(axis=1)
        for year in range(first + 1, self.case.model.years):
            before, now = now, self.rng.binomial(now, 1 - back[year])
            moves[:, BENEFIT, year] += before - now
            halves[:, SUPPORT, year] += 24 * now
            halves[:, BENEFIT, year] += 24 * (everyone - now)

    def _children(self, people: np.ndarray, entry: np.ndarray, arm: int) -> None:
        halves, moves, rates = self.counted.halves[:, arm], self.counted.arrivals[:, arm], self.case.rates
        first, years = entry[0] // 24, np.arange(self.case.model.years)
        placed = self.rng.binomial(people, rates.entry[0, 1 - arm, 1, first])
        over = entry + 2 * rates.months[0, 1 - arm, 0, first]

        def within(begin: np.ndarray, end: np.ndarray) -> np.ndarray:
            """(month, year) half-months between two moments."""
            return np.clip(np.minimum(end[:, None], 24 * years + 24) - np.maximum(begin[:, None], 24 * years), 0, None)

        away = placed @ within(entry, over)
        halves[:, PLACED, :-1] += away
        halves[:, HOME, :-1] += people @ within(entry, np.full_like(entry, 24 * len(years))) - away
        moves[:, PLACED, first] += placed.sum(axis=1)
        for month in np.flatnonzero(over < 24 * len(years)):
            moves[:, HOME, over[month] // 24] += placed[:, month]
