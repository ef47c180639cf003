"""From a file to a checked scenario, or to every problem that it has."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from simulate import locale
from simulate.errors import InputError, Problem, ScenarioError
from simulate.files import expanded, is_text, named, reason
from simulate.locale import text
from simulate.scenario import (
    overrides,
    paths,
    portfolio,
    queries,
    rules,
    texts,
    toml_errors,
    toml_writer,
    unit,
    validation,
)
from simulate.scenario.loaded import Loaded
from simulate.scenario.paths import Path
from simulate.scenario.schema import Assumption, Scenario
from simulate.scenario.values import Literal

MOST_BYTES = 2_000_000  # scenarios have some 10 kB
MOST_DOTS = 200  # in a line: tomllib's time grows with the square of a key's parts
MOST_DEPTH = 30


def load(
    file: str | FilePath,
    changes: Sequence[str] = (),
    simulation: dict[str, Any] | None = None,
    language: locale.Language | None = None,
) -> Loaded:
    """Read and check the file of a scenario or of a portfolio.

    changes: `PATH=VALUE` or `PATH*FACTOR`. simulation: what overrides the file's [simulation]. language: of problems and warnings, where
    it is not the scenario's own; what is said before and after is not touched. Raises ScenarioError with every problem of the file,
    InputError for a wrong change.
    """
    name, opened = named(file), expanded(str(file))
    original = _read(opened, name)
    tree = _parse(name, original)
    for change in changes:
        if not is_text(change):
            raise InputError(text("--set {change}: this is no UTF-8 text", change=named(change)))
    given = {key: value for key, value in (simulation or {}).items() if value is not None}
    with locale.speaking(language or ("en" if tree.get("language") == "en" else "da")):
        if portfolio.is_one(tree):
            return _portfolio(opened, original, tree, changes, given)
        return _scenario(name, opened, original, tree, changes, given)


def _scenario(
    name: str, opened: str, original: str, tree: dict[str, Any], changes: Sequence[str], given: dict[str, Any]
) -> Loaded:
    """The file of a scenario. name: as problems call it."""
    source, before = original, None
    if changes or given:
        before, wrong, _ = validation.check(tree)
        if wrong:  # a change needs a file of sound shape to stand in
            raise ScenarioError(name, placed(wrong, tree, original))
        source = _keeping_columns(before, overrides.apply(original, changes, given), name)
        tree = _parse(name, source)
    scenario, found = _checked(tree)
    if found:
        raise ScenarioError(name, placed(found, tree, source))
    return Loaded(
        scenario=scenario,
        file=name,
        source=source,
        sha256=hashlib.sha256(original.encode()).hexdigest(),
        changes=tuple(changes),
        warnings=tuple(placed(_warnings(scenario, before or scenario), tree, source)),
        files=(opened,),
    )


def document(file: str | FilePath) -> tuple[str, str, dict[str, Any]]:
    """Name, text and tree of any TOML file that people write. Raises ScenarioError where it cannot be read."""
    name = named(file)
    source = _read(expanded(str(file)), name)
    return name, source, _parse(name, source)


def tree_of(loaded: Loaded) -> dict[str, Any]:
    """The scenario's text as run, read."""
    return _parse(loaded.file, loaded.source)


def of_tree(loaded: Loaded, tree: dict[str, Any]) -> Loaded:
    """What a file of this tree would give. loaded: whose it is called. Raises ScenarioError."""
    source = toml_writer.dump(tree)
    again = _parse(loaded.file, source)
    scenario, found = _checked(again)
    if found:
        raise ScenarioError(loaded.file, placed(found, again, source))
    return replace(loaded, scenario=scenario, source=source, warnings=())


def made(name: str, source: str) -> Loaded:
    """What a file of this name and text, which the program makes, gives once it is there. Raises ScenarioError."""
    tree = _parse(name, source)
    scenario, found = _checked(tree)
    if found:
        raise ScenarioError(name, placed(found, tree, source))
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Loaded(scenario, name, source, digest, warnings=tuple(placed(_warnings(scenario, scenario), tree, source)))


def varied(
    loaded: Loaded, before: Scenario, tree: dict[str, Any], numbers: Mapping[str, Any]
) -> tuple[Scenario, dict[str, Any]]:
    """The scenario with other numbers, checked as the file would be with `--set` of each, and its tree; no text is read.

    before, tree: as loaded, or as it was varied. numbers: by the names of assumptions, and by paths. Raises ScenarioError and InputError as
    load().
    """
    new, changed = overrides.varied(tree, numbers)
    moved = _moved(before, new, changed)
    if moved is not None:
        return moved, new
    scenario, found = _checked(new, changed)
    if found:
        raise ScenarioError(loaded.file, placed(found, new, loaded.source))
    kept = queries.columns(loaded.scenario)
    return scenario if queries.columns(scenario) == kept else queries.with_columns(scenario, kept), new


def revised(loaded: Loaded, scenario: Scenario, tree: dict[str, Any]) -> Loaded:
    """What was loaded, of a scenario that was varied: its text, and what is to be warned of now; lines are those of the file."""
    source, found = toml_writer.dump(tree), _warnings(scenario, loaded.scenario)
    if not scenario.parts:
        return replace(loaded, scenario=scenario, source=source, warnings=tuple(placed(found, tree, loaded.source)))
    before = set(rules.warnings(loaded.scenario))  # of a portfolio some are told with the programmes' own files
    gone = {message for _, message in before} - {message for _, message in found}
    kept = [problem for problem in loaded.warnings if problem.file or problem.message not in gone]
    new = placed((one for one in found if one not in before), tree, loaded.source)
    return replace(loaded, scenario=scenario, source=source, warnings=(*kept, *new))


def _moved(before: Scenario, tree: dict[str, Any], changed: Sequence[Path]) -> Scenario | None:
    """The scenario with other numbers that uncertain assumptions are held at or scaled by; None where more has changed, or not all is right.

    Nothing else of it is read again, and the rules see it as it counts: as it stands nothing has changed that they look at.
    """
    if not all(path[:1] == ("assumptions",) and path[2:] in (("held",), ("scale",)) for path in changed):
        return None
    written = {name: one.written for name, one in before.assumptions.items()}
    context, of_money = validation.context(tree, written.keys()), unit.usages(before) if before.money.unit else {}
    try:
        for _, name, _ in changed:
            one = Assumption.model_validate(tree["assumptions"][name], context=context)
            is_money = of_money.get(str(name)) == {"money"}
            written[str(name)] = unit.assumption(one, before.money.in_kroner) if is_money else one
    except ValidationError:
        return None
    found = before.model_copy(update={"assumptions": written})
    found.read_off.update(before.read_off)  # where numbers are used, and which assumptions are uncertain
    found = queries.in_force(found)
    names = {str(name) for _, name, _ in changed}
    wrong = chain(texts.problems(tree, (path[:-1] for path in changed)), rules.problems_of(names, found))
    return found if next(wrong, None) is None else None


def _keeping_columns(before: Scenario, source: str, name: str) -> str:
    """The changed text, which says what columns of the cube the assumptions had before where it would give them others."""
    return _with_columns(source, queries.columns(before), name)


def _with_columns(source: str, kept: Mapping[str, int], name: str) -> str:
    if not kept or queries.columns(validation.check(_parse(name, source))[0]) == kept:
        return source
    return overrides.apply(source, [], {"columns": kept})


def _columns(merged: portfolio.Merged) -> Mapping[str, int]:
    """Of a portfolio before its list of programmes is changed; none where only the change makes it one."""
    if merged.problems or merged.problems_elsewhere:
        return {}
    return queries.columns(validation.check(merged.tree)[0])


def _checked(tree: dict[str, Any], changed: Iterable[Path] = ((),)) -> tuple[Scenario, validation.Found]:
    """The scenario as far as it is sound, and all that is wrong with it. changed: where, if the rest is known to be right."""
    scenario, shaped, sound = validation.check(tree)
    hidden = list(texts.problems(tree, (path[:-1] for path in changed)))
    found = hidden + _others(shaped, hidden)
    no_horizon = any(path[:1] == ("time",) for path in sound.dropped)
    counting = queries.in_force(scenario)
    for ruled, message in _ruled(scenario, counting):
        path = sound.original(ruled)
        about = path[:3] if path[0] == "assumptions" else path  # parameters are held against each other
        if path[0] == "assumptions" and path[2:] in (("held",), ("scale",)):  # and these against the uncertainty
            about = path[:2]
        if not sound.lost_within(about) and not (no_horizon and path[-1] in ("year", "month", "until")):
            found += _others([(path, message)], hidden)
    return counting, found


def _ruled(scenario: Scenario, counting: Scenario) -> validation.Found:
    """What is wrong with the file as it stands, and with it as it counts where assumptions are held or scaled."""
    found = list(rules.problems(scenario))
    if counting is scenario:
        return found
    for path, message in rules.problems(counting):
        about = scenario.assumptions.get(str(path[1])) if path[0] == "assumptions" and path[2:] == ("value",) else None
        place = (*path[:2], "held") if about is not None and about.held is not None else path
        if not {(path, message), (place, message)} & set(found):
            found.append((place, message))
    return found


def _warnings(scenario: Scenario, before: Scenario) -> validation.Found:
    """What to warn of, but not that an assumption is held where the command line asks for it. before: without what it changes."""
    asked = {
        ("assumptions", name, key)
        for name, one in before.assumptions.items()
        if one.held is None and scenario.assumptions[name].held is not None
        for key in ("held", *rules.LIMITS)
    }
    return [one for one in rules.warnings(scenario) if one[0] not in asked]


def _others(found: validation.Found, hidden: validation.Found) -> validation.Found:
    """What is said of other places: a text that is not what it seems gets no second message."""
    spoken = {path for path, _ in hidden}
    return [one for one in found if one[0] not in spoken]


def _portfolio(file: str, original: str, tree: dict[str, Any], changes: Sequence[str], given: dict[str, Any]) -> Loaded:
    """The portfolio as the one scenario that it stands for. Changes of its list of programmes are made before the others."""
    name = named(file)
    first = [change for change in changes if portfolio.belongs(change)]
    text_of, programme = original, cache(_programme)
    columns: Mapping[str, int] = {}
    if first:
        columns = _columns(portfolio.merge(tree, file, programme))
        text_of = overrides.apply(original, first, {})
        tree = _parse(name, text_of)
    merged = portfolio.merge(tree, file, programme)
    hidden = list(texts.problems(tree))
    if hidden or merged.problems or merged.problems_elsewhere:
        found = hidden + _others(merged.problems, hidden)
        raise ScenarioError(name, placed(found, tree, text_of, 0) + merged.problems_elsewhere)
    source = _with_columns(toml_writer.dump(merged.tree), columns, name)
    whole = tomllib.loads(source, parse_float=Literal)
    scenario, found = _checked(whole)
    if found:
        raise ScenarioError(name, placed(found, whole, text_of, 0))
    own = [one for one in rules.warnings(scenario) if _of_portfolio(one[0], tree)]
    warnings = [*placed([*merged.warnings, *own], tree, text_of, 0), *merged.warnings_elsewhere]
    others = [change for change in changes if change not in first]
    if others or given:
        known = set(rules.warnings(scenario))  # told with the programmes' own files
        source = _keeping_columns(scenario, overrides.apply(source, others, given), name)
        whole, before = _parse(name, source), scenario
        scenario, found = _checked(whole)
        if found:
            raise ScenarioError(name, placed(found, whole, text_of, 0))
        warnings += placed((one for one in _warnings(scenario, before) if one not in known), whole, text_of, 0)
    hashes = [hashlib.sha256(original.encode()).hexdigest(), *merged.sha256]
    return Loaded(
        scenario=scenario,
        file=name,
        source=source,
        sha256=hashlib.sha256("".join(hashes).encode()).hexdigest(),
        changes=tuple(changes),
        warnings=tuple(warnings),
        files=(file, *merged.files),
    )


def _of_portfolio(path: Path, tree: dict[str, Any]) -> bool:
    """Whether a place of the whole is one of the portfolio's own rows, which stand first."""
    return path[0] in (*queries.STATED, "targets") and len(path) > 1 and int(path[1]) < len(tree.get(path[0], []))


def _programme(file: str) -> tuple[Loaded, dict[str, Any]]:
    """A programme of a portfolio and its tree. Raises ScenarioError, also where it is a portfolio itself."""
    name = named(file)
    tree = _parse(name, _read(file, name))
    if portfolio.is_one(tree):
        raise _refuse(name, text("this is a portfolio itself; list its programmes here instead"))
    loaded = load(file, language=locale.language())
    return loaded, _parse(name, loaded.source)


def placed(found: Iterable[tuple[Path, str]], tree: dict[str, Any], source: str, elsewhere: int = 1) -> list[Problem]:
    """Problems with their lines: that of the nearest thing in the file; elsewhere: of what nothing in the file is near."""
    listed = list(found)
    if not listed:
        return []
    lines = paths.lines(source)
    placed = {}
    for path, message in listed:
        near = path
        while near and near not in lines:
            near = near[:-1]
        placed[paths.written(path, tree), message] = lines.get(near, elsewhere)
    return sorted(Problem(line, path, message) for (path, message), line in placed.items())


def _refuse(file: str, message: str, line: int = 0) -> ScenarioError:
    return ScenarioError(file, [Problem(line, "", message)])


def _read(path: str, file: str) -> str:
    try:
        with open(path, "rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _refuse(file, text("there is no such file")) from None
    except IsADirectoryError:
        raise _refuse(file, text("this is a folder; name the scenario file in it")) from None
    except PermissionError:
        raise _refuse(file, text("this account may not read it")) from None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise _refuse(file, text("the file cannot be read: {reason}", reason=why)) from None
    if len(data) > MOST_BYTES:
        raise _refuse(file, text("the file has more than {n} bytes; this is no scenario", n=MOST_BYTES))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refuse(file, text("this is no UTF-8 text; save the file with the encoding UTF-8"), line) from None


def _parse(file: str, source: str) -> dict[str, Any]:
    for number, line in enumerate(source.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            raise _refuse(file, text("there are more than {n} dots in this line", n=MOST_DOTS), number)
    try:
        tree = tomllib.loads(source, parse_float=Literal)
    except tomllib.TOMLDecodeError as error:
        raise _broken(file, source, str(error)) from None
    except RecursionError:
        raise _refuse(file, text("tables or lists stand too deep in each other")) from None
    except ValueError:  # a whole number of thousands of digits
        raise _refuse(file, text("a number this large cannot be meant; at most 10^15")) from None
    if _depth(tree) > MOST_DEPTH:
        raise _refuse(file, text("tables or lists stand too deep in each other"))
    return tree


def _depth(tree: dict[str, Any]) -> int:
    level: list[Any] = [tree]
    depth = 0
    while level and depth <= MOST_DEPTH:
        depth += 1
        nodes = [node.values() if isinstance(node, dict) else node for node in level]
        level = [item for node in nodes for item in node if isinstance(item, dict | list)]
    return depth


def _broken(file: str, source: str, message: str) -> ScenarioError:
    """The line, and what is likely wrong with it."""
    what, _, place = message.rpartition(" (at ")
    line = source.count("\n") + 1
    if place.startswith("line "):
        line = int(place.removeprefix("line ").partition(",")[0])
    lines = source.split("\n")
    said = toml_errors.words(what or message, lines[line - 1] if line <= len(lines) else "")
    return _refuse(file, text("the file cannot be read here: {what}", what=said), line)
