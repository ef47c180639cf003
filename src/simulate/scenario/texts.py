"""Texts of a file: nothing hidden in them, none endless, and names that look alike are alike."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import reduce
from typing import Any

from simulate.locale import text
from simulate.locale.visible import BREAKS, first_hidden
from simulate.scenario import expressions, numbers, paths, unit
from simulate.scenario.numbers import NumberProblem
from simulate.scenario.paths import Path
from simulate.scenario.queries import line_of
from simulate.scenario.schema import LABELLED, Scenario
from simulate.scenario.values import shown

Found = Iterator[tuple[Path, str]]

LONGEST = 200  # letters of a name, a label and every other text that is printed in a table or a sentence
OF_LINES = ("source", "note")  # texts that may have several lines
LONGER = {
    "source": 10_000,
    "note": 10_000,
    "file": 1_000,
    "what": 3 * LONGEST,
}  # a line's or a state's name stands in `what`
RECKONED = {
    "value", "baseline", "programme", "plus", "minus", "times", "hazard_ratio", "chance", "yearly", "quarterly", "monthly", "after_months", "mean", "sd",
    "climate", "refusion", "enter", "present", "number", "effect_lasts_months", "discount_rate", "indexation",
}  # keys of numbers, where a calculation may stand  # fmt: skip
TABLES_OF_NUMBERS = ("members", "start")
SMALL = 100_000  # kroner: an amount of a budget beside others in thousands is hardly less
NEAR = 0.9  # of an area to another, that it may be that one misspelt
LONG = 6  # letters of an area that is looked at so
BEGUN = 4  # letters of an area that may be the beginning of another
SEVERAL = 3  # lines with an area, for one without to be forgotten
SEEN = 20  # letters before a hidden one that a message shows


def problems(tree: dict[str, Any], changed: Iterable[Path] = ((),)) -> Found:
    """Texts of a file as it is written, keys included, that a reader would not see as they are, or that no reader would read.

    changed: tables and lists in which something is new, where the rest of the file is known to be right.
    """
    prefixed, is_counted = _longest_prefix(tree), unit.of_tree(tree) > 1
    stack: list[tuple[Path, Any]] = [(path, reduce(paths.child, path, tree)) for path in changed]
    while stack:
        path, node = stack.pop()
        if isinstance(node, dict):
            for key, item in node.items():
                here = (*path, key)
                yield from _of_text(key, here, "", LONGEST + prefixed)
                stack.append((here, item))
        elif isinstance(node, list):
            yield from () if is_counted else _mixed_units(node, path)
            stack += [((*path, i), item) for i, item in enumerate(node)]
        elif isinstance(node, str):
            key = next((step for step in reversed(path) if isinstance(step, str)), "")
            longest = LONGER.get(key, LONGEST) + prefixed
            is_reckoned = key in RECKONED or (len(path) > 1 and path[-2] in TABLES_OF_NUMBERS)
            yield from _of_text(node, path, key, expressions.LONGEST if is_reckoned else longest, is_reckoned)


def _mixed_units(items: list[Any], path: Path) -> Found:
    """Small amounts without a unit in a list of which others are in thousands: hardly kroner."""
    said = next((item for item in items if isinstance(item, str) and numbers.in_thousands(item)), None)
    if said is None:
        return
    for i, item in enumerate(items):
        number = _bare(item)
        if 0 < abs(number) < SMALL:
            yield (
                (*path, i),
                text(
                    "{given} has no unit, and {other} beside it is in thousands; write {kroner} or {thousands}",
                    given=shown(item), other=shown(said), kroner=f'"{number:.10g} kr."', thousands=f'"{number:.10g} t.kr."',
                ),
            )  # fmt: skip


def _bare(item: Any) -> float:
    """An amount that is written without a unit; 0 where it is none."""
    if isinstance(item, str):
        try:
            return numbers.parse(item, "money").value if numbers.is_bare(item) else 0.0
        except NumberProblem:
            return 0.0
    return float(item) if isinstance(item, int | float) and not isinstance(item, bool) else 0.0


def _longest_prefix(tree: dict[str, Any]) -> int:
    """What a portfolio has put in front of names, in the file that it was written out as."""
    parts = tree.get("parts")
    names = [part.get("name") for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return 2 * max((len(name) + 2 for name in names if isinstance(name, str)), default=0)


def _of_text(given: str, path: Path, key: str, longest: int, is_reckoned: bool = False) -> Found:
    row = key and numbers.looks_like_number(given)  # pasted from a spreadsheet: its own message says what to write
    allowed = BREAKS if key in OF_LINES or row else ""
    hidden = first_hidden(given, allowed)
    if hidden is not None:
        place, name = hidden
        before = given[max(place - SEEN, 0) : place]
        yield (
            path,
            text("a hidden character, {name}, stands after “{before}”; delete it", name=name, before=before)
            if before
            else text("a hidden character, {name}, stands at the beginning of this text; delete it", name=name),
        )
    own = expressions.length(given) if is_reckoned else len(given)
    if own > longest:
        yield (
            path,
            text("this text has {n} characters; at most {most} can stand here", n=own, most=longest),
        )


def warnings(scenario: Scenario) -> Found:
    """Names and labels that differ only in what nobody sees: they count as different."""
    for kind in ("assumptions", "families", "roles", "implementations"):
        yield from _alike(((kind, name), name) for name in getattr(scenario, kind))
    for role, one in scenario.roles.items():
        yield from _alike((("roles", role, "states", state), state) for state in one.states)
    yield from _alike(_lines(scenario))
    yield from _alike(_areas(scenario))
    yield from _nearly_alike(list(_areas(scenario)))
    yield from _without_area(scenario)
    for kind in ("targets", "observed"):
        rows = enumerate(getattr(scenario, kind))
        yield from _alike(((kind, i, "label"), row.label) for i, row in rows if row.label)


def _lines(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Every place where a line of the ledger gets its name."""
    for role, one in scenario.roles.items():
        if one.line or any(state.line is None for state in one.states.values()):
            yield ("roles", role, *(["line"] if one.line else [])), one.line or role
        for name, state in one.states.items():
            if state.line:
                yield ("roles", role, "states", name, "line"), state.line
    for kind in LABELLED:
        for i, line in enumerate(getattr(scenario, kind)):
            yield (kind, i, "label"), line.label


def _areas(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    for role, one in scenario.roles.items():
        if one.area:
            yield ("roles", role, "area"), one.area
        for name, state in one.states.items():
            if state.area:
                yield ("roles", role, "states", name, "area"), state.area
    for kind in LABELLED:
        for i, line in enumerate(getattr(scenario, kind)):
            if line.area:
                yield (kind, i, "area"), line.area


def _alike(named: Iterable[tuple[Path, str]]) -> Found:
    first: dict[str, str] = {}
    for path, name in named:
        before = first.setdefault(_folded(name), name)
        if before != name:
            yield (
                path,
                text(
                    "this looks like “{name}” and counts as another: they differ only in blanks, capital letters or how letters are stored; "
                    "write both in one way",
                    name=before,
                ),
            )


def _nearly_alike(named: Sequence[tuple[Path, str]]) -> Found:
    """Areas in one place alone, a letter or two from another: what belongs to that one is missing in its sum."""
    counts = Counter(name for _, name in named)
    told: set[str] = set()
    for path, name in reversed(named):
        others = [
            one for one in counts
            if one not in told and _letters(one) != _letters(name) and counts[one] >= counts[name]
        ]  # fmt: skip
        near = []
        if counts[name] == 1 and len(name) >= LONG:
            near = get_close_matches(name, others, n=1, cutoff=NEAR)
        if counts[name] == 1 and not near:
            near = [one for one in others if counts[one] > 1 and _begins(one, name)][:1]
        if near:
            told.add(name)
            yield path, text("the area {name} stands in this place alone; did you mean `{key}`?", name=shown(name), key=near[0])  # fmt: skip


def _begins(one: str, other: str) -> bool:
    """Whether either of two names is the beginning of the other: `Service`, `serviceudgifter`."""
    short, long = sorted((_folded(one), _folded(other)), key=len)
    return len(short) >= BEGUN and long.startswith(short)


def _without_area(scenario: Scenario) -> Found:
    """The one line without an area where all others have one: what it comes to is missing in its area's sum. Programmes of a portfolio are asked for
    themselves, and its own lines are none of theirs."""
    if any(line.part for kind in LABELLED for line in getattr(scenario, kind)):
        return
    rows: list[tuple[Path, str, str | None]] = [
        (("roles", role, "states", name), line_of(role, one, name), state.area or one.area)
        for role, one in scenario.roles.items()
        for name, state in one.states.items()
        if state.monthly is not None or state.yearly is not None
    ]
    for kind in LABELLED:
        if kind != "financing":  # which is in no total
            rows += [((kind, i), line.label, line.area) for i, line in enumerate(getattr(scenario, kind))]
    within = {label for _, label, area in rows if area}
    without = {label: path for path, label, area in reversed(rows) if label not in within}
    if len(without) == 1 and len(within) >= SEVERAL:
        label, path = next(iter(without.items()))
        yield path, text("{label} is in no area, and all other lines are in one; the sum of its area is without it", label=shown(label))  # fmt: skip


def _letters(name: str) -> str:
    """Without its digits, which tell areas apart on purpose, and without what nobody sees."""
    return re.sub("[0-9]", "", _folded(name))


def _folded(name: str) -> str:
    """What two names share that look the same."""
    if name.isascii():
        return " ".join(name.lower().split())
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
