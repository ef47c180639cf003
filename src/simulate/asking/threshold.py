"""Which number is moved, and how high the chance must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulate.asking.common import Work, as_written, listed
from simulate.errors import InputError
from simulate.locale import text
from simulate.scenario import Scenario
from simulate.scenario.values import suggestion

if TYPE_CHECKING:
    from simulate.answers.threshold import Threshold
    from simulate.engine import Case
    from simulate.options import Options, Progress
    from simulate.pace import Notify

PROBABILITIES = "0.5; 0.8; 0.9"
MOST_NAMED = 40  # assumptions
MOST = 20  # probabilities: each takes runs


def threshold(
    case: Case,
    options: Options,
    *,
    assumption: str | Sequence[str] | None = None,
    path: str | None = None,
    probability: str | Sequence[float] = PROBABILITIES,
    target: str | None = None,
) -> Work[Threshold]:
    """assumption: the name of one, or of two: `NAME,OTHER`."""
    if (assumption is None) == (path is None):
        raise InputError(_which(case.scenario))
    probabilities, loaded = _probabilities(probability), case.loaded
    _check_target(target, case.scenario)
    from simulate.scenario.adjustable import movable, named

    examined, stands = case, None
    if path is not None:
        scenario, name, stands = named(loaded, path)
        examined, names = type(case).of(scenario), [name]
    else:
        names = _names(assumption or "", case.scenario)
    moved, *others = (movable(examined.scenario, name) for name in names)
    for other in others:
        if other.distribution is None:
            message = text(
                "--assumption {names}: {other} has no uncertainty, and the frontier goes along that of the second; write an uncertain one there",
                names=",".join(names), other=other.name,
            )  # fmt: skip
            raise InputError(message)

    def work(progress: Progress | None, notify: Notify) -> Threshold:
        from simulate.answers import threshold as answers
        from simulate.studies import threshold as studies

        found = studies.threshold(
            examined, moved, probabilities, options, target=target, against=others[0] if others else None, as_it_is=case,
            progress=progress, notify=notify,
        )  # fmt: skip
        return answers.of(found, loaded, target, path, stands)

    return work


def _which(scenario: Scenario) -> str:
    """What may be asked of, where nothing is, or two things are."""
    from simulate.scenario.adjustable import in_use

    said = text("give either --assumption NAME (or two: NAME,OTHER) or --path PATH, a number of the scenario")
    names = in_use(scenario)
    more = ", ..." if len(names) > MOST_NAMED else ""
    return said + (text("; the assumptions are: {names}", names=", ".join(names[:MOST_NAMED]) + more) if names else "")


def _probabilities(given: str | Sequence[float]) -> list[float]:
    found = listed("probability", given, "share", lambda share: 0 < share < 1)
    if not found:
        message = text(
            "--probability {given}: each must lie between 0 and 1; write 0.8 for 80 of 100 courses, with semicolons between several: {example}",
            given=as_written(given), example=PROBABILITIES,
        )  # fmt: skip
        raise InputError(message)
    if len(set(found)) > MOST:
        raise InputError(text("--probability: {n} are too many; at most {most}", n=len(set(found)), most=MOST))
    return list(dict.fromkeys(found))


def _names(given: str | Sequence[str], scenario: Scenario) -> list[str]:
    """One name, or two with a comma between them; a name may hold one itself."""
    known = scenario.assumptions
    if isinstance(given, str):
        if given in known:
            return [given]
        for at, letter in enumerate(given):
            pair = [given[:at].strip(), given[at + 1 :].strip()]
            if letter == "," and len(set(pair) & known.keys()) == 2:
                return pair
        names = [name.strip() for name in given.split(",")]
    else:
        names = list(given)
    if not 1 <= len(names) <= 2 or len(set(names)) < len(names):
        shown = given if isinstance(given, str) else ",".join(names)
        raise InputError(
            text("--assumption {given}: one assumption, or two different ones with a comma between them", given=shown)
        )
    return names


def _check_target(target: str | None, scenario: Scenario) -> None:
    labels = [one.label for one in scenario.targets]
    if target is None or target in labels:
        return
    if not labels:
        raise InputError(text("--target {target}: the scenario has no [[targets]]", target=f'"{target}"'))
    raise InputError(text("--target: no target is called {target}", target=f'"{target}"') + suggestion(target, labels))
