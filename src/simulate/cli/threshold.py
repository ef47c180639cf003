"""`simulate threshold`, as a plain function."""

from __future__ import annotations

from simulate.cli.common import CommonOptions, listed
from simulate.cli.studies import ask
from simulate.errors import InputError
from simulate.locale import text
from simulate.scenario import Loaded, Scenario
from simulate.scenario.values import suggestion

PROBABILITIES = "0.5; 0.8; 0.9"
MOST = 20  # probabilities: each takes runs


def threshold(
    scenario: str,
    common: CommonOptions,
    *,
    assumption: str | None,
    path: str | None,
    probability: str | None,
    target: str | None,
) -> None:
    """How far one number must move for the chance to be as high as asked."""
    common.check()
    if (assumption is None) == (path is None):
        raise InputError(
            text("give either --assumption NAME (or two: NAME,OTHER) or --path PATH, a number of the scenario")
        )
    probabilities = _probabilities(probability or PROBABILITIES)
    loaded = common.load(scenario)
    _check_target(target, loaded.scenario)
    from simulate.scenario.adjustable import movable, named

    examined, stands = loaded.scenario, None
    if path is not None:
        examined, name, stands = named(loaded, path)
        names = [name]
    else:
        names = _names(assumption or "", loaded)
    moved, *others = (movable(examined, name) for name in names)
    for other in others:
        if other.distribution is None:
            message = text(
                "--assumption {names}: {other} has no uncertainty, and the frontier goes along that of the second; write an uncertain one there",
                names=assumption, other=other.name,
            )  # fmt: skip
            raise InputError(message)
    from simulate.engine import Case

    ask(
        "threshold", common, loaded, moved, probabilities, common.options(loaded), scenario=examined, told=(target, path, stands),
        target=target, against=others[0] if others else None, as_it_is=Case.of(loaded.scenario),
    )  # fmt: skip


def _probabilities(given: str) -> list[float]:
    found = listed("probability", given, "share", lambda share: 0 < share < 1)
    if not found:
        message = text(
            "--probability {given}: each must lie between 0 and 1; write 0.8 for 80 of 100 courses, with semicolons between several: {example}",
            given=given, example=PROBABILITIES,
        )  # fmt: skip
        raise InputError(message)
    if len(set(found)) > MOST:
        raise InputError(text("--probability: {n} are too many; at most {most}", n=len(set(found)), most=MOST))
    return list(dict.fromkeys(found))


def _names(given: str, loaded: Loaded) -> list[str]:
    """One name, or two with a comma between them; a name may hold one itself."""
    if given in loaded.scenario.assumptions:
        return [given]
    for at, letter in enumerate(given):
        pair = [given[:at].strip(), given[at + 1 :].strip()]
        if letter == "," and len(set(pair) & loaded.scenario.assumptions.keys()) == 2:
            return pair
    names = [name.strip() for name in given.split(",")]
    if len(names) > 2 or len(set(names)) < len(names):
        raise InputError(
            text("--assumption {given}: one assumption, or two different ones with a comma between them", given=given)
        )
    return names


def _check_target(target: str | None, scenario: Scenario) -> None:
    labels = [one.label for one in scenario.targets]
    if target is None or target in labels:
        return
    if not labels:
        raise InputError(text("--target {target}: the scenario has no [[targets]]", target=f'"{target}"'))
    raise InputError(text("--target: no target is called {target}", target=f'"{target}"') + suggestion(target, labels))
