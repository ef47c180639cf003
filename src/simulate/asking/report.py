"""What a report is asked: the loss that can be borne."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.asking.common import Work, listed
from simulate.asking.losses import LEAST, MOST
from simulate.errors import InputError
from simulate.files import expanded, named
from simulate.locale import text

if TYPE_CHECKING:
    from simulate.answers.base import Options as Told
    from simulate.answers.report import Report, Tolerated
    from simulate.answers.run import Run
    from simulate.answers.since import Since, Standing
    from simulate.answers.structure import Structure
    from simulate.engine import Case, Result
    from simulate.options import Options, Progress
    from simulate.pace import Clock, Notify
    from simulate.scenario import Loaded, Scenario

LEVELS = (0.5, 0.8, 0.9)  # chances of which is told what it takes
MOVED = 3  # assumptions of which it is told
WAYS = 6  # runs that the ways of counting take, as measured: other horizons among them, which share their lives
WORTH_SAYING = 10.0  # seconds
TOLERANCE = re.compile(r"\s*(?P<loss>.+?)\s+(?:in|i)\s+(?P<share>\S.*?)\s*")


def report(
    case: Case, options: Options, *, tolerated: Tolerated | None = None, earlier: Earlier | None = None
) -> Work[tuple[Result, Report]]:
    """A run, and what is asked beside it, all on the same draws."""

    def work(progress: Progress | None, notify: Notify) -> tuple[Result, Report]:
        from simulate.answers.run import Run
        from simulate.asking import run

        check_since(earlier, case.loaded)
        watch = Watch()
        result, found = run.run(case, options)(watch.over(progress), notify)
        assert isinstance(found, Run)
        more = beside(case, result, found, watch, tolerated=tolerated, earlier=earlier)
        return result, more(progress, notify)

    return work


def beside(
    case: Case,
    result: Result,
    run: Run,
    watch: Watch,
    *,
    tolerated: Tolerated | None = None,
    earlier: Earlier | None = None,
) -> Work[Report]:
    """What is asked beside a run that is done. result: that it was read from; watch: that was over it."""

    def work(progress: Progress | None, notify: Notify) -> Report:
        from simulate.answers import report as answers
        from simulate.asking import studies, threshold

        tied = result.options.tied
        options = replace(result.options, engine="lives", plain=tied)  # as these questions are asked by themselves
        uncertain = sum(one.uncertainty is not None for one in case.scenario.assumptions.values())
        _foretell(watch.draw * further(options.draws, uncertain), notify)
        decisive = (
            studies.sensitivity(case, options, method="draws")(progress, notify) if uncertain and not tied else None
        )
        ways = studies.structure(case, options)(progress, notify)
        names = _widest(ways) if tied else [bar.assumption for bar in decisive.tornado[:MOVED]] if decisive else []
        needed = [
            threshold.threshold(case, options, assumption=[name], probability=LEVELS)(progress, notify)
            for name in names
        ]
        changed = None if earlier is None else _since(earlier, case, result, run)(progress, notify)
        return answers.of(result, case.loaded, run, decisive, needed, ways, tolerated, changed)

    return work


def _widest(ways: Structure) -> list[str]:
    """The assumptions that move most between their P5 and their P95."""
    return [row.assumption for row in ways.ranges.rows if row.limits == "percentiles"][:MOVED]


# How long it takes ----------------------------------------------------------------------------------------------------


@dataclass
class Watch:
    """How long a draw takes, as the progress of a run shows it: from its first chunk on, since libraries and the compiler come before."""

    clock: Clock = time.perf_counter
    seen: list[tuple[int, float]] = field(default_factory=list)  # draws that are done, and when: the first and the last

    def over(self, progress: Progress | None) -> Progress:
        def watched(done: int, of: int) -> None:
            if self.seen and done <= self.seen[-1][0]:
                self.seen.clear()  # another run
            self.seen[1:] = [(done, self.clock())]
            if progress is not None:
                progress(done, of)

        return watched

    @property
    def draw(self) -> float:
        """Seconds; 0 while nobody knows."""
        if len(self.seen) < 2:
            return 0.0
        (before, began), (after, ended) = self.seen
        return (ended - began) / (after - before)


def further(draws: int, uncertain: int) -> int:
    """Draws of all runs that are made beside one of so many, about as each study takes them.

    With this many uncertain assumptions: one run and two ends of each, of a share of the draws; of the assumptions that decide most two runs and
    the looks of a scan; the ways of counting.
    """
    from simulate.studies import sensitivity, threshold

    few = max(sensitivity.LEAST, draws // sensitivity.TORNADO_SHARE)
    looks = threshold.LOOKS + threshold.FEW_LOOKS * len(LEVELS)
    decisive = 2 * draws + 2 * uncertain * few if uncertain else 0
    needed = min(MOVED, uncertain) * (2 * draws + looks * min(draws, sensitivity.LEAST))
    return decisive + needed + WAYS * draws


def _foretell(seconds: float, notify: Notify) -> None:
    """Told where somebody would wonder; what is longer than a study's patience it tells itself, too."""
    if seconds < WORTH_SAYING:
        return
    if seconds < 2 * 60:
        notify(text("What a report shows beside the run takes about {n} seconds more.", n=10 * round(seconds / 10)))
    else:
        notify(text("What a report shows beside the run takes about {n} minutes more.", n=round(seconds / 60)))


@dataclass(frozen=True, slots=True)
class Earlier:
    """The case as it was reported before. reported: what was told of it then, and how it was run; None: only its file is known, or it is unreadable for
    this version of the program."""

    loaded: Loaded
    reported: tuple[Standing, Told] | None = None
    unreadable: bool = False


def check_since(earlier: Earlier | None, loaded: Loaded) -> None:
    """Before any work. Raises InputError where the earlier report is of another case."""
    if earlier is not None:
        from simulate.studies import since

        since.check(earlier.loaded, loaded)


def stored(name: str) -> tuple[Report, Scenario]:
    """What a report shows of a run that was stored in full. Raises InputError where there is none of this version."""
    from simulate import store
    from simulate.answers.report import Report
    from simulate.answers.schema import read
    from simulate.scenario import load

    found = store.opened(name)
    document = found.report()
    if document is None:
        message = text(
            "{folder} has a run, but not what a report shows beside it; store it with: simulate run SCENARIO --out {folder} --full",
            folder=named(name),
        )
        raise InputError(message)
    try:
        return read(document, Report), load(found.folder / "scenario.toml").scenario
    except ValueError:
        message = text(
            "{folder} was stored by another version of this program; run it again with --full", folder=named(name)
        )
        raise InputError(message) from None


def earlier(name: str) -> Earlier:
    """Of a stored result, or of a file. Raises InputError, ScenarioError."""
    from simulate.scenario import load

    if not Path(expanded(name)).is_dir():
        return Earlier(load(name))
    from simulate import store

    stored = store.opened(name)
    loaded = replace(load(stored.folder / "scenario.toml"), file=name)
    try:
        told = stored.document()
        if told["answer"] != "run":
            return Earlier(loaded)
        return Earlier(loaded, _told(told))
    except (ValueError, KeyError, TypeError):  # of another version of this program
        return Earlier(loaded, unreadable=True)


def _told(document: dict[str, Any]) -> tuple[Standing, Told]:
    """Of the JSON of a run what it is compared by. Raises ValueError, KeyError, TypeError where that is not in it."""
    from simulate.answers import base, run, since
    from simulate.answers.schema import read

    chance, expected, options = (
        json.dumps(one).encode() for one in (document["break_even"], document["bridge"]["expected"], document["run"])
    )
    standing = since.Standing(read(chance, run.BreakEven).chance, read(expected, base.Estimate))
    return standing, read(options, base.Options)


def _since(earlier: Earlier, case: Case, result: Result, run: Run) -> Work[Since]:
    """result: that the run was read from."""

    def work(progress: Progress | None, notify: Notify) -> Since:
        from simulate.answers import since as answers
        from simulate.scenario import unit
        from simulate.studies import since as studies

        found = studies.since(earlier.loaded, case, result, progress, notify)
        now = answers.Standing(run.break_even.chance, run.bridge.expected)
        tree = unit.plain(case.tree, case.scenario)
        return answers.of(found, earlier.loaded, case.loaded, tree, now, run.run, earlier.reported, earlier.unreadable)

    return work


def tolerated(given: str | None) -> Tolerated | None:
    """`2 mio. kr. in 10 %`. Raises InputError for what is no loss and share, and for what can be read two ways."""
    if given is None:
        return None
    from simulate.answers.report import Tolerated

    match = TOLERANCE.fullmatch(given)
    if match is not None:
        loss = listed("tolerance", match["loss"], "money", lambda loss: LEAST <= loss <= MOST)
        share = listed("tolerance", match["share"], "share", lambda share: 0 < share < 1)
        if len(loss) == len(share) == 1:
            return Tolerated(loss[0], share[0])
    raise InputError(
        text(
            "--tolerance {given}: write a loss and in how many of the courses more may be lost: '2 mio. kr. in 10 %'",
            given=given,
        )
    )
