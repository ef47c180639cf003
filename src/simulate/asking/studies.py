"""Questions that are asked with no more than how many draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulate.asking.common import Work, in_range
from simulate.options import check_is_known

if TYPE_CHECKING:
    from simulate.answers.compare import Compare
    from simulate.answers.sensitivity import Sensitivity
    from simulate.answers.structure import Structure
    from simulate.answers.update import Update
    from simulate.engine import Case
    from simulate.options import Options, Progress
    from simulate.pace import Notify
    from simulate.studies.sensitivity import Method

KEEP = 1000  # courses: a chance of one half is then known within some 3 points
MOST = 1 << 18


def structure(case: Case, options: Options) -> Work[Structure]:
    def work(progress: Progress | None, notify: Notify) -> Structure:
        from simulate.answers import structure as answers
        from simulate.studies import structure as studies

        return answers.of(studies.structure(case, options, progress, notify), case.loaded)

    return work


def sensitivity(case: Case, options: Options, *, method: Method = "saltelli") -> Work[Sensitivity]:
    check_is_known([case.scenario], "sensitivity")

    def work(progress: Progress | None, notify: Notify) -> Sensitivity:
        from simulate.answers import sensitivity as answers
        from simulate.studies import sensitivity as studies

        return answers.of(studies.study(case, options, method, progress, notify), case.loaded)

    return work


def update(case: Case, options: Options, *, keep: int | None = None, max_draws: int | None = None) -> Work[Update]:
    in_range(keep=keep, max_draws=max_draws)

    def work(progress: Progress | None, notify: Notify) -> Update:
        from simulate.answers import update as answers
        from simulate.studies import update as studies

        found = studies.update(case, options, keep or KEEP, max_draws or MOST, progress, notify)
        return answers.of(found, case.loaded)

    return work


def compare(cases: Sequence[Case], options: Options) -> Work[Compare]:
    """options: of all of them."""

    def work(progress: Progress | None, notify: Notify) -> Compare:
        from simulate.answers import compare as answers
        from simulate.studies import compare as studies

        return answers.of(studies.compare(cases, options, progress, notify), [case.loaded for case in cases])

    return work
