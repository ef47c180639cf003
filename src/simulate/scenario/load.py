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
from simulate.errors import InputError, ScenarioError
from simulate.files import is_text, named
from simulate.locale import text
from simulate.scenario import documents, overrides, portfolio, queries, rules, texts, toml_writer, unit, validation
from simulate.scenario.documents import Document
from simulate.scenario.loaded import Loaded
from simulate.scenario.paths import Path
from simulate.scenario.schema import Assumption, Scenario
from simulate.scenario.values import Literal, Unnamed
from simulate.scenario.whereabouts import Sources, within


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
    document = documents.read(file, language)
    for change in changes:
        if not is_text(change):
            raise InputError(text("--set {change}: this is no UTF-8 text", change=named(change)))
    given = {key: value for key, value in (simulation or {}).items() if value is not None}
    with locale.speaking(language or document.language), documents.worded(document.cells):
        if portfolio.is_one(document.tree):
            return _portfolio(document, changes, given)
        return _scenario(document, changes, given)


def _scenario(document: Document, changes: Sequence[str], given: dict[str, Any]) -> Loaded:
    """The file of a scenario."""
    name, tree, source, before = document.name, document.tree, document.source, None
    if changes or given:
        before, wrong, _ = validation.check(tree)
        if wrong or document.problems:  # a change needs a file of sound shape to stand in
            raise ScenarioError(name, document.wrong(wrong, tree, source))
        source = _keeping_columns(before, overrides.apply(source, changes, given), name)
        tree = documents.parse(name, source)
    scenario, found = _checked(tree)
    if found or document.problems:
        raise ScenarioError(name, document.wrong(found, tree, source))
    return Loaded(
        scenario=scenario,
        file=name,
        source=source,
        sha256=document.sha256,
        changes=tuple(changes),
        warnings=(*document.remarks, *document.within(source).problems(_warnings(scenario, before or scenario), tree)),
        files=(document.opened,),
        cells=document.cells,
    )


def tree_of(loaded: Loaded) -> dict[str, Any]:
    """The scenario's text as run, read."""
    return documents.parse(loaded.file, loaded.source)


def of_tree(loaded: Loaded, tree: dict[str, Any]) -> Loaded:
    """What a file of this tree would give. loaded: whose it is called. Raises ScenarioError."""
    source = toml_writer.dump(tree)
    again = documents.parse(loaded.file, source)
    scenario, found = _checked(again)
    if found:
        raise ScenarioError(loaded.file, loaded.within(source).problems(found, again))
    return replace(loaded, scenario=scenario, source=source, warnings=())


def made(name: str, source: str, sources: Mapping[Path, str] | None = None) -> Loaded:
    """What a file of this name and text, which the program makes, gives once it is there. sources: cells of a sheet that places of it are from, which are told in
    place of lines. Raises ScenarioError."""
    tree, where = documents.parse(name, source), within(source, None) if sources is None else Sources(sources)
    scenario, found = _checked(tree)
    if found:
        raise ScenarioError(name, where.problems(found, tree))
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Loaded(scenario, name, source, digest, warnings=tuple(where.problems(_warnings(scenario, scenario), tree)))


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
        raise ScenarioError(loaded.file, loaded.within(loaded.source).problems(found, new))
    kept = queries.columns(loaded.scenario)
    return scenario if queries.columns(scenario) == kept else queries.with_columns(scenario, kept), new


def revised(loaded: Loaded, scenario: Scenario, tree: dict[str, Any]) -> Loaded:
    """What was loaded, of a scenario that was varied: its text, and what is to be warned of now; lines are those of the file."""
    source, where = toml_writer.dump(tree), loaded.within(loaded.source)
    with documents.worded(loaded.cells):
        found, before = _warnings(scenario, loaded.scenario), rules.warnings(loaded.scenario) if scenario.parts else ()
    if not scenario.parts:
        warnings = (*loaded.remarks, *where.problems(found, tree))
        return replace(loaded, scenario=scenario, source=source, warnings=warnings)
    known, still = (
        set(before),
        {message for _, message in found},
    )  # of a portfolio some are told with the programmes' own files
    gone = {one.message for one in where.problems((each for each in known if each[1] not in still), tree)}
    kept = [problem for problem in loaded.warnings if problem.file or problem.message not in gone]
    new = where.problems((one for one in found if one not in known), tree)
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
    if not kept or queries.columns(validation.check(documents.parse(name, source))[0]) == kept:
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
    there = sound.names(tree)
    labels = validation.labels_of(tree)
    for ruled, said in _ruled(scenario, counting):
        path, message = sound.original(ruled), validation.by_label(said, labels)
        if isinstance(message, Unnamed) and (message.name in there or message.name.partition(".")[0] in there):
            continue  # it is there, and what is wrong with it is told
        about = path[:3] if path[0] == "assumptions" else path  # parameters are held against each other
        if path[0] == "assumptions" and path[2:] in (("held",), ("scale",)):  # and these against the uncertainty
            about = path[:2]
        if not sound.lost_within(about) and not (no_horizon and _hangs_on_horizon(path)):
            found += _others([(path, message)], hidden)
    return counting, found


def _hangs_on_horizon(path: Path) -> bool:
    """Whether a year or month stands there that is held against the horizon."""
    return path[-1] in ("year", "month", "until", *(("once", "from", "to") if path[0] in queries.STATED else ()))


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


def _portfolio(document: Document, changes: Sequence[str], given: dict[str, Any]) -> Loaded:
    """The portfolio as the one scenario that it stands for. Changes of its list of programmes are made before the others."""
    name, file, tree, text_of, programme = named(document.opened), document.opened, document.tree, document.source, cache(_programme)  # fmt: skip
    first = [change for change in changes if portfolio.belongs(change)]
    columns: Mapping[str, int] = {}
    if first:
        columns = _columns(portfolio.merge(tree, file, programme))
        text_of = overrides.apply(text_of, first, {})
        tree = documents.parse(name, text_of)
    merged = portfolio.merge(tree, file, programme)
    where = document.within(text_of)
    hidden = list(texts.problems(tree))
    if hidden or merged.problems or merged.problems_elsewhere or document.problems:
        own = document.wrong(hidden + _others(merged.problems, hidden), tree, text_of, 0)
        raise ScenarioError(name, own + merged.problems_elsewhere)
    source = _with_columns(toml_writer.dump(merged.tree), columns, name)
    whole = tomllib.loads(source, parse_float=Literal)
    scenario, found = _checked(whole)
    if found:
        raise ScenarioError(name, where.problems(found, whole, 0))
    told = [*merged.warnings, *(one for one in rules.warnings(scenario) if _of_portfolio(one[0], tree))]
    warnings = [*document.remarks, *where.problems(told, tree, 0), *merged.warnings_elsewhere]
    others = [change for change in changes if change not in first]
    if others or given:
        known = set(rules.warnings(scenario))  # told with the programmes' own files
        source = _keeping_columns(scenario, overrides.apply(source, others, given), name)
        whole, before = documents.parse(name, source), scenario
        scenario, found = _checked(whole)
        if found:
            raise ScenarioError(name, where.problems(found, whole, 0))
        warnings += where.problems((one for one in _warnings(scenario, before) if one not in known), whole, 0)
    hashes = [document.sha256, *merged.sha256]
    return Loaded(
        scenario=scenario,
        file=name,
        source=source,
        sha256=hashlib.sha256("".join(hashes).encode()).hexdigest(),
        changes=tuple(changes),
        warnings=tuple(warnings),
        files=(file, *merged.files),
        cells=document.cells,
    )


def _of_portfolio(path: Path, tree: dict[str, Any]) -> bool:
    """Whether a place of the whole is one of the portfolio's own rows, which stand first."""
    return path[0] in (*queries.STATED, "targets") and len(path) > 1 and int(path[1]) < len(tree.get(path[0], []))


def _programme(file: str) -> tuple[Loaded, dict[str, Any]]:
    """A programme of a portfolio and its tree. Raises ScenarioError, also where it is a portfolio itself."""
    document = documents.read(file, locale.language())
    if portfolio.is_one(document.tree):
        raise documents.refuse(document.name, text("this is a portfolio itself; list its programmes here instead"))
    with documents.worded(document.cells):
        return _scenario(document, (), {}), document.tree
