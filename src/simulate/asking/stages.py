"""When a programme is reviewed, and by which rule it stops."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simulate.asking.common import Work
from simulate.errors import InputError
from simulate.locale import text
from simulate.scenario import Scenario, queries
from simulate.scenario.paths import quoted
from simulate.scenario.values import suggestion

if TYPE_CHECKING:
    from simulate.answers.stages import Stages
    from simulate.engine import Case
    from simulate.options import Options, Progress
    from simulate.pace import Notify
    from simulate.studies.stages import Rule

RULE = re.compile(r"\s*(?:(?P<what>in|moved)\s+)?(?P<state>.+?)\s*(?P<sign><=|>=|<|>)\s*(?P<bound>\d+)\s*")
NOTICE, LONGEST_NOTICE = 3, 60  # months


def stages(case: Case, options: Options, *, review: int, stop_if: str, notice: int | None = None) -> Work[Stages]:
    """review: the year at whose end is decided. stop_if: the rule, as `self-support < 4`. notice: months that costs go on after it."""
    months = NOTICE if notice is None else notice
    _check_review(case.scenario, review, months)
    rule = _rule(stop_if, case.scenario)

    def work(progress: Progress | None, notify: Notify) -> Stages:
        from simulate.answers import stages as answers
        from simulate.studies import stages as studies

        return answers.of(studies.stages(case, options, rule, review, months, progress, notify), case.loaded)

    return work


def _check_review(scenario: Scenario, review: int, notice: int) -> None:
    first, years = scenario.time.first_year, scenario.time.years
    if years < 2:
        raise InputError(
            text("a horizon of one year leaves nothing to decide at a review; time.years must be at least 2")
        )
    if not first <= review <= first + years - 2:
        message = text("--review {year}: the review is at the end of a year before the last one, {first} to {last}",
                       year=review, first=first, last=first + years - 2)  # fmt: skip
        raise InputError(message)
    if not 0 <= notice <= LONGEST_NOTICE:
        raise InputError(
            text(
                "--notice {months} is out of range: it must lie between 0 and {most}",
                months=notice,
                most=LONGEST_NOTICE,
            )
        )


def _rule(written: str, scenario: Scenario) -> Rule:
    """`self-support < 4`, `in adult.self-support < 4`, `moved self-support >= 3`: which persons are counted, and when it stops."""
    from simulate.studies.stages import Rule

    match = RULE.fullmatch(written)
    if match is None:
        message = text(
            "--stop-if {rule}: write a state, <, <=, > or >=, and a whole number, like 'self-support < 4'",
            rule=repr(written),
        )
        raise InputError(message)
    given: dict[str, Any] = match.groupdict()
    name = given["state"]
    whole = f"{given['what']} {name}"
    if given["what"] and _named(whole, scenario):  # a state may itself be called `in work`
        given["what"], name = None, whole
    if not _named(name, scenario) and name[0] == name[-1] in ("'", '"'):
        name = name[1:-1]
    role, state = _state(name, scenario)
    return Rule(given["what"] or "in", role, state, given["sign"], float(given["bound"][:15]))


def _named(name: str, scenario: Scenario) -> list[tuple[str, str]]:
    """The states that a name may mean, whatever dots and quotes it holds: of any role, or `ROLE.STATE`."""
    of_any = [one for one in queries.states(scenario) if name == one[1]]
    return list(dict.fromkeys([*of_any, *queries.states_called(name, scenario)]))


def _unmistakable(one: tuple[str, str], scenario: Scenario) -> str:
    plain = ".".join(one)
    return f'"{plain}"' if _named(plain, scenario) == [one] else ".".join(map(quoted, one))


def _state(name: str, scenario: Scenario) -> tuple[str, str]:
    found = _named(name, scenario)
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(_unmistakable(one, scenario) for one in found)
        raise InputError(
            text(
                "--stop-if: more than one role has the state {state}; write one of {several}",
                state=name,
                several=several,
            )
        )
    states = [state for one in scenario.roles.values() for state in one.states]
    raise InputError(text("--stop-if: there is no state {state}", state=name) + suggestion(name, states))
