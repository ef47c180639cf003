"""What an assumption, a number of the file and a paper's figure are called in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from simulate.locale import text
from simulate.scenario import Scenario, expressions, paths, queries
from simulate.scenario.expressions import ExpressionProblem, Known
from simulate.scenario.schema import LABELLED

BADLY = 0.05  # of the draws: so many clipped ones change the answer
MOST_LABELS = 3  # of the assumptions that one number is made of

_by_label: ContextVar[bool] = ContextVar("by_label", default=False)


@contextmanager
def by_label() -> Iterator[None]:
    """What is told meanwhile is read by people who do not have the file: names and paths of it are left out where there is a label."""
    before = _by_label.set(True)
    try:
        yield
    finally:
        _by_label.reset(before)


def named(name: str, scenario: Scenario) -> str:
    """An assumption by its label and its name in the file."""
    return labelled(scenario.assumptions[name].label, name)


def labelled(label: str | None, name: str) -> str:
    """`name` is where it stands in the file."""
    if not label:
        return name
    return text("“{name}”", name=label) if _by_label.get() else text("“{label}” ({name})", label=label, name=name)


def label_of(name: str, scenario: Scenario) -> str:
    """An assumption by its label alone; by its name where it has none, or another has the same, or the scenario does not know it."""
    labels = [one.label for one in scenario.assumptions.values()]
    label = scenario.assumptions[name].label if name in scenario.assumptions else None
    return label if label and labels.count(label) == 1 else name


def formula_of(formula: str, scenario: Scenario) -> str:
    """A calculation with the assumptions by their labels."""
    try:
        return expressions.renamed(formula, Known(scenario.assumptions), lambda name: label_of(name, scenario))
    except ExpressionProblem:  # a list by year of several
        return formula


def place(path: str, scenario: Scenario) -> str:
    """A number of the file by what it is: the labels of the assumptions that it is made of, or the move that it is of; and its path."""
    rows = {key: [{"label": row.label} for row in getattr(scenario, key)] for key in LABELLED}
    found: dict[str, None] = {}
    for use in queries.uses(scenario):
        if use.path[-1] != "climate" and _is_part(paths.written(use.path, rows), path):
            found |= dict.fromkeys(scenario.assumptions[name].label or "" for name in queries.names_in(use.value))
    labels = [label for label in found if label] or _labels(path, scenario)
    said = text(" and ").join(text("“{name}”", name=label) for label in labels[:MOST_LABELS])
    if not labels:
        return path
    return said if _by_label.get() else text("{labels} ({path})", labels=said, path=path)


def paper_figure(what: str, scenario: Scenario) -> str:
    """A figure that a paper has, `line:LABEL`, `person_years:ROLE.STATE`, ..., in words; a state without its role where none shares its name."""
    totals = {
        "provenu": text("Provenu"),
        "costs": text("Costs, total"),
        "savings": text("Savings, total"),
        "financing": text("Financing, total"),
    }
    kind, _, of = what.partition(":")
    if kind == "line":
        return of
    if kind not in queries.STATE_COUNTS:
        return totals.get(what, what)
    role, state = queries.states_called(of, scenario)[0]
    alike = [one for one in queries.states(scenario) if one[1] == state]
    called = state if len(alike) == 1 else f"{state} ({role})"
    if kind == "person_years":
        return text("Person-years, {state}: with the programme less without", state=called)
    return text("Arrivals, {state}: with the programme less without", state=called)


def _is_part(inner: str, outer: str) -> bool:
    return inner.startswith(outer) and inner[len(outer) :][:1] in ("", ".", "[")


def _labels(path: str, scenario: Scenario) -> list[str]:
    """Of what no assumption stands in: an assumption's own, a line by its label, or a move by its states."""
    for name, one in scenario.assumptions.items():
        if _is_part(path, paths.written(("assumptions", name), {})):
            return [one.label] if one.label else []
    for key in LABELLED:
        lines = getattr(scenario, key)
        for i, line in enumerate(lines):
            named = paths.written((key, i), {key: [{"label": one.label} for one in lines]})
            if _is_part(path, f"{key}[{i}]") or _is_part(path, named):
                return [line.label]
    for name, role in scenario.roles.items():
        for i, move in enumerate(role.moves):
            if _is_part(path, paths.written(("roles", name, "moves", i), {})):
                return [f"{move.origin} → {move.to}"]
    return []
