"""What a report is asked: the loss that can be borne."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
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
    from simulate.engine import Case, Result
    from simulate.options import Options, Progress
    from simulate.pace import Notify
    from simulate.scenario import Loaded, Scenario

LEVELS = (0.5, 0.8, 0.9)  # chances of which is told what it takes
MOVED = 3  # assumptions of which it is told
TOLERANCE = re.compile(r"\s*(?P<loss>.+?)\s+(?:in|i)\s+(?P<share>\S.*?)\s*")


def report(
    case: Case, options: Options, *, tolerated: Tolerated | None = None, earlier: Earlier | None = None
) -> Work[tuple[Result, Report]]:
    """A run, and what is asked beside it, all on the same draws."""

    def work(progress: Progress | None, notify: Notify) -> tuple[Result, Report]:
        from simulate.answers.run import Run
        from simulate.asking import run

        check_since(earlier, case.loaded)
        result, found = run.run(case, options)(progress, notify)
        assert isinstance(found, Run)
        return result, beside(case, result, found, tolerated=tolerated, earlier=earlier)(progress, notify)

    return work


def beside(
    case: Case, result: Result, run: Run, *, tolerated: Tolerated | None = None, earlier: Earlier | None = None
) -> Work[Report]:
    """What is asked beside a run that is done. result: that it was read from."""

    def work(progress: Progress | None, notify: Notify) -> Report:
        from simulate.answers import report as answers
        from simulate.asking import studies, threshold

        options = replace(result.options, engine="lives", plain=False)  # as these questions are asked by themselves
        uncertain = any(one.uncertainty is not None for one in case.scenario.assumptions.values())
        decisive = studies.sensitivity(case, options, method="draws")(progress, notify) if uncertain else None
        names = [bar.assumption for bar in decisive.tornado[:MOVED]] if decisive else []
        needed = [
            threshold.threshold(case, options, assumption=[name], probability=LEVELS)(progress, notify)
            for name in names
        ]
        ways = studies.structure(case, options)(progress, notify)
        changed = None if earlier is None else _since(earlier, case, result, run)(progress, notify)
        return answers.of(result, case.loaded, run, decisive, needed, ways, tolerated, changed)

    return work


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
        from simulate.studies import since as studies

        found = studies.since(earlier.loaded, case, result, progress, notify)
        now = answers.Standing(run.break_even.chance, run.bridge.expected)
        return answers.of(
            found, earlier.loaded, case.loaded, case.tree, now, run.run, earlier.reported, earlier.unreadable
        )

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
