"""A portfolio: the scenarios of several programmes made into one, so that all that reads a scenario reads it.

Each programme is checked by itself first. Then what is its own gets its name in front ("KIK: relapse"), and what the portfolio shares is
one number for all. Luck is addressed by families and states, of which each programme has its own.
"""

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from simulate.errors import Problem, ScenarioError
from simulate.files import named
from simulate.locale import spoken, text
from simulate.scenario import expressions, implied_correlations, overrides, queries, unit, validation
from simulate.scenario.expressions import Expression, Known, Name
from simulate.scenario.loaded import Loaded
from simulate.scenario.paths import Path
from simulate.scenario.schema import MOST_PROGRAMMES, Assumption, Portfolio, Programme, Scenario, Simulation
from simulate.scenario.values import NOBODY, Kroner, is_by_year, read, shown, suggestion

Found = list[tuple[Path, str]]
Tree = dict[str, Any]
COMMON = ("currency", "discount_rate", "indexation")  # of [money], which must be one for all


@dataclass(frozen=True, slots=True)
class One:
    """A programme of the portfolio, or one of its copies."""

    name: str
    row: int  # of [[programmes]]
    loaded: "Loaded"
    tree: Tree  # its file as it is written

    @property
    def scenario(self) -> Scenario:
        return self.loaded.scenario

    @property
    def place(self) -> Path:
        return ("programmes", self.row, "file")

    def own(self, name: str) -> str:
        return f"{self.name}: {name}"


@dataclass(slots=True)
class Merged:
    """What a portfolio comes to. problems and warnings: of its own file; elsewhere: of the programmes'."""

    tree: Tree = field(default_factory=dict)
    problems: Found = field(default_factory=list)
    problems_elsewhere: list[Problem] = field(default_factory=list)
    warnings: Found = field(default_factory=list)
    warnings_elsewhere: list[Problem] = field(default_factory=list)
    sha256: list[str] = field(default_factory=list)  # of the programmes' files
    files: list[str] = field(default_factory=list)  # where they are


def is_one(tree: Tree) -> bool:
    """Whether a file is a portfolio."""
    return "programmes" in tree


def belongs(change: str) -> bool:
    """Whether a change of the command line is of the list itself, and must be made before it is gone through."""
    return change.lstrip().startswith(("time.", "programmes["))


def merge(tree: Tree, file: str, load: Callable[[str], tuple["Loaded", Tree]]) -> Merged:
    """The one scenario that a portfolio stands for, or what is wrong.

    file: of the portfolio, from whose folder the programmes' files are named. load: a programme's scenario and its tree; raises ScenarioError.
    """
    merged = Merged()
    names = tree.get("shared")
    strings = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    portfolio, found, sound = validation.checked(tree, Portfolio, strings)
    merged.problems += found
    if ("programmes",) in sound.dropped:
        return merged
    rows = [int(sound.original(("programmes", i))[1]) for i in range(len(portfolio.programmes))]
    ones = _loaded(portfolio, rows, FilePath(file).parent, load, merged)
    _check_names(portfolio, rows, ones, merged)
    if merged.problems or merged.problems_elsewhere:
        return merged
    shared = _shared(portfolio, ones, merged)
    _check_time(portfolio, ones, merged)
    money = _money(tree, portfolio, ones, set(shared), merged)
    own_labels = [(key, i, line.label) for key in queries.STATED for i, line in enumerate(getattr(portfolio, key))]
    labels = {
        one.own(line.label) for one in ones for line in [*queries.lines(one.scenario), *queries.financing(one.scenario)]
    }
    merged.problems += [
        ((key, i, "label"), text("two lines are called {label}", label=f'"{label}"'))
        for key, i, label in own_labels
        if label in labels
    ]
    _check_own_names(portfolio, ones, shared, merged)
    merged.tree = _assembled(tree, portfolio, ones, shared, money, merged)
    return merged


# The programmes ------------------------------------------------------------------------------------------------------


def _loaded(
    portfolio: Portfolio,
    rows: Sequence[int],
    folder: FilePath,
    load: Callable[[str], tuple["Loaded", Tree]],
    merged: Merged,
) -> list[One]:
    """Every programme, copies one by one; problems of their files are told once."""
    found: list[One] = []
    known: dict[str, tuple[Loaded, Tree] | None] = {}
    if sum(row.number for row in portfolio.programmes) > MOST_PROGRAMMES:
        message = text("at most {n} programmes, copies counted", n=MOST_PROGRAMMES)
        merged.problems.append((("programmes",), message))
        return []
    for row, programme in zip(rows, portfolio.programmes, strict=True):
        file = os.path.normpath(folder / os.path.expanduser(programme.file))
        if file not in known:
            known[file] = _programme(file, row, load, merged)
        here = known[file]
        if here is None:
            continue
        found += [One(name, row, *here) for name in _names(programme)]
    return found


def _programme(
    file: str, row: int, load: Callable[[str], tuple["Loaded", Tree]], merged: Merged
) -> tuple["Loaded", Tree] | None:
    try:
        loaded, tree = load(file)
    except ScenarioError as error:
        for problem in error.problems:
            if problem.line or problem.path:
                merged.problems_elsewhere.append(replace(problem, file=named(file)))
            else:  # of the file as a whole: what is wrong is its being named
                merged.problems.append((("programmes", row, "file"), f"{named(file)}: {problem.message}"))
        return None
    merged.warnings_elsewhere += [replace(problem, file=named(file)) for problem in loaded.warnings]
    merged.sha256.append(loaded.sha256)
    merged.files.append(file)
    return loaded, tree


def _names(programme: Programme) -> list[str]:
    name = programme.name or FilePath(programme.file).stem.replace(":", " ")
    return [name] if programme.number == 1 else [f"{name} {i + 1}" for i in range(programme.number)]


def _check_names(portfolio: Portfolio, rows: Sequence[int], ones: Sequence[One], merged: Merged) -> None:
    """Names are different, and no file stands twice by mistake."""
    given = dict(zip(rows, (programme.name for programme in portfolio.programmes), strict=True))
    of_file: dict[str, int] = {}
    of_name: dict[str, int] = {}
    for one in ones:
        first = of_file.setdefault(one.loaded.file, one.row)
        before = of_name.setdefault(one.name, one.row)
        found: tuple[Path, str] | None = None
        if first != one.row and not (given[first] and given[one.row]):
            words = text(
                "this file is in the list already; write `number = 2` there for two of them, or give each a `name`"
            )
            found = (one.place, words)
        elif before != one.row:
            words = text("two programmes are called {name}; give each a `name`", name=shown(one.name))
            found = (("programmes", one.row), words)
        if found and found not in merged.problems:
            merged.problems.append(found)


# What they have in common --------------------------------------------------------------------------------------------


def _check_time(portfolio: Portfolio, ones: Iterable[One], merged: Merged) -> None:
    for one in _each_file(ones):
        theirs, ours = one.scenario.time.first_year, portfolio.time.first_year
        if theirs != ours:
            message = text(
                "{file} begins in {theirs} and the portfolio in {ours}; they must begin in the same year",
                file=one.loaded.file, theirs=theirs, ours=ours,
            )  # fmt: skip
            merged.problems.append((one.place, message))


def _each_file(ones: Iterable[One]) -> list[One]:
    """The first of the programmes of each file."""
    return list({one.loaded.file: one for one in reversed(list(ones))}.values())[::-1]


def _money(tree: Tree, portfolio: Portfolio, ones: Sequence[One], shared: set[str], merged: Merged) -> Tree:
    """The portfolio's [money], which is that of every programme."""
    given = dict(tree.get("money", {}))
    for key in COMMON:
        ours, where = getattr(portfolio.money, key), "[money]"
        if key not in given:
            ours, where = _common(ones[0], key, shared), ones[0].loaded.file
        for one in ones:
            theirs = _common(one, key, shared)
            if theirs == ours:
                continue
            message = text(
                "{key} is {theirs} in {file} and {ours} in {where}; it must be the same in all",
                key=key, theirs=_short(theirs), file=one.loaded.file, ours=_short(ours), where=where,
            )  # fmt: skip
            if isinstance(theirs, Name | Expression):
                message += text("; an assumption of all must be in `shared`")
            if (one.place, message) not in merged.problems:
                merged.problems.append((one.place, message))
        written = ones[0].tree.get("money", {})
        if key not in given and key in written:
            given[key] = str(ours) if isinstance(ours, Name | Expression) else written[key]
    _unit(given, portfolio, ones, merged)
    _index(given, portfolio, ones, merged)
    _price_level(given, ones, merged)
    return given


def _unit(given: Tree, portfolio: Portfolio, ones: Sequence[One], merged: Merged) -> None:
    """The portfolio's own, or that of all programmes; their amounts are written out in kroner."""
    theirs = {one.scenario.money.unit for one in ones}
    if "unit" in given or len(theirs) > 1 or None in theirs:
        return
    given["unit"] = next(iter(theirs))
    if portfolio.costs or portfolio.savings or portfolio.financing or portfolio.targets:
        message = text(
            "the programmes count their amounts in {unit}; write `unit` here as well, for what the portfolio's own are in",
            unit=given["unit"],
        )
        merged.problems.append((("money",), message))


def _index(given: Tree, portfolio: Portfolio, ones: Sequence[One], merged: Merged) -> None:
    """The index numbers of all, which are the same where they are of the same year."""
    found, known = dict(given.get("index", {})), dict(portfolio.money.index)
    where = dict.fromkeys(known, "[money]")
    for one in _each_file(ones):
        for year, number in one.scenario.money.index.items():
            if known.setdefault(year, number) != number:
                message = text(
                    "the index number of {year} is {theirs} in {file} and {ours} in {where}; it must be the same in all",
                    year=year, theirs=_short(number), file=one.loaded.file, ours=_short(known[year]), where=where[year],
                )  # fmt: skip
                merged.problems.append((one.place, message))
            where.setdefault(year, one.loaded.file)
            found.setdefault(year, one.tree["money"]["index"][year])
    if found:
        given["index"] = found


def _common(one: One, key: str, shared: set[str]) -> Any:
    value = getattr(one.scenario.money, key)
    if isinstance(value, Expression):
        return Expression(_numbered(one, shared, str(value)), value.program)
    return Name(one.own(value)) if isinstance(value, Name) and value not in shared else value


def _numbered(one: One, shared: Collection[str], given: Any) -> Any:
    """A number of a programme's file as the whole has it: its own assumptions have its name in front, in calculations, too."""
    known = one.scenario.assumptions

    def called(name: str) -> str:
        return name if name in shared else one.own(name)

    if isinstance(given, list):
        return [_numbered(one, shared, item) for item in given]
    if not isinstance(given, str):
        return given
    if given in known:
        return called(given)
    names = Known(known)
    return expressions.renamed(given, names, called) if expressions.is_meant(given, names) else given


def _price_level(given: Tree, ones: Sequence[One], merged: Merged) -> None:
    levels = {one.loaded.file: one.scenario.money.price_level for one in ones}
    own = {level for level in levels.values() if level is not None} | {
        given[key] for key in ["price_level"] if key in given
    }
    if len(own) == 1:
        given.setdefault("price_level", own.pop())
    elif own and not all(_can_move(level, given) for level in own):
        said = ", ".join(f"{file} {level}" for file, level in levels.items() if level is not None)
        merged.warnings.append(
            (("programmes",), text("the amounts are in prices of different years: {levels}; they are added as they stand. With "
                                   "`price_level` and `index` under [money] here they would be moved",
                                   levels=said))
        )  # fmt: skip


def _can_move(level: int, money: Tree) -> bool:
    """Whether prices of a year can be moved to those of the portfolio."""
    wanted, index = money.get("price_level"), money.get("index", {})
    return level == wanted or (str(level) in index and str(wanted) in index)


def _move(tree: Tree, scenario: Scenario, money: Tree) -> None:
    """Say of each price and amount of a programme in which year's prices it is, where that is to be moved to the portfolio's. What a person-year brings
    cannot say it, and is moved where it stands. scenario: what the tree is read as."""
    level, wanted = scenario.money.price_level, money.get("price_level")
    if level is None or level == wanted or not _can_move(level, money):
        return
    states = [state for role in tree.get("roles", {}).values() for state in role["states"].values()]
    for item in (*states, *(line for key in queries.STATED for line in tree.get(key, []))):
        if "yearly" in item or "monthly" in item:
            item.setdefault("price_level", level)
    to, of = (float(read(money["index"][str(year)], "number", NOBODY)) for year in (wanted, level))
    for row, one in zip(tree.get("person_years", []), scenario.person_years, strict=True):
        row["yearly"] = _times(row["yearly"], one.yearly, to / of)


def _times(given: Any, value: Any, by: float) -> Any:
    """The product as a file has it. value: what is read there, kroner."""
    if isinstance(given, list):
        return [_times(*one, by) for one in zip(given, value, strict=True)]
    if is_by_year(given):
        return {year: _times(one, value.table[int(year)], by) for year, one in given.items()}
    if isinstance(value, Name):
        value = expressions.quoted(value)
    return overrides.calculated(value, by) if isinstance(value, str) else Kroner(value * by)


# Shared assumptions --------------------------------------------------------------------------------------------------


def _shared(portfolio: Portfolio, ones: Sequence[One], merged: Merged) -> list[str]:
    """The names that are one number for all who have them."""
    everything = list(dict.fromkeys(name for one in ones for name in one.scenario.assumptions))
    found = []
    for i, name in enumerate(portfolio.shared):
        having = [one for one in ones if name in one.scenario.assumptions]
        message: str
        if not having:
            message = text("no programme has an assumption called {name}", name=shown(name)) + suggestion(
                name, everything
            )
        elif len(having) == 1:
            message = text(
                "only {programme} has this assumption; what is shared stands in two programmes or more",
                programme=shown(having[0].name),
            )
        else:
            found.append(name)
            message = _differing(name, having) or _not_shared(name, having, portfolio.shared)
        if message:
            merged.problems.append((("shared", i), message))
    return list(dict.fromkeys(found))


def _check_own_names(portfolio: Portfolio, ones: Sequence[One], shared: Sequence[str], merged: Merged) -> None:
    """What the portfolio calls its own is not what something of a programme is called; nor does it say whose it is."""
    theirs = {one.own(name) for one in ones for name in one.scenario.assumptions if name not in shared}
    for name in theirs & set(shared):
        message = text(
            "{name} is also what an assumption of one programme alone is called here; rename one", name=shown(name)
        )
        merged.problems.append((("shared", portfolio.shared.index(name)), message))
    for key in queries.STATED:
        for i, line in enumerate(getattr(portfolio, key)):
            if line.part is not None:
                message = text("the program writes this key, of what a portfolio is made of; leave it out")
                merged.problems.append(((key, i, "part"), message))


def _differing(name: str, having: Sequence[One]) -> str:
    """Which programmes do not mean the same number; nothing where all do."""
    first = having[0]
    ours = _meant(first.scenario.assumptions[name])
    for one in having[1:]:
        theirs = _meant(one.scenario.assumptions[name])
        wrong = [key for key in ours if ours[key] != theirs[key]]
        if wrong:
            return text(
                "{name} is not the same number in {a} and in {b}: {keys}; what is shared must be equal there",
                name=name, a=shown(first.name), b=shown(one.name),
                keys=", ".join(f"{key} {_short(ours[key])} / {_short(theirs[key])}" for key in wrong),
            )  # fmt: skip
    return ""


def _not_shared(name: str, having: Sequence[One], shared: Collection[str]) -> str:
    """What a shared assumption is made of is shared as well."""
    own = sorted(set(queries.parts(having[0].scenario).get(name, ())) - set(shared))
    return text("{name} is made of {parts}; what a shared assumption is made of must be in `shared`, too", name=shown(name), parts=", ".join(map(shown, own))) if own else ""  # fmt: skip


def _meant(one: Assumption) -> dict[str, Any]:
    """What makes an assumption the number that it is."""
    kind = None if one.uncertainty is None else (one.uncertainty.kind, one.uncertainty.parameters)
    value = one.value if one.formula is None else one.formula
    found = {"value": value, "uncertainty": kind, "each_year": one.each_year, "persistence": one.persistence}
    return found | {"scale": one.scale, "held": one.held, "minimum": one.minimum, "maximum": one.maximum}


def _short(value: Any) -> str:
    if isinstance(value, tuple) and value and isinstance(value[-1], dict):
        return " ".join([value[0], *(f"{key} {_short(number)}" for key, number in value[1].items())])
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_short, value)) + "]"
    return text("none") if value is None else spoken(value, ".10g") if isinstance(value, float) else shown(value)


# The one scenario ----------------------------------------------------------------------------------------------------


def _assembled(
    tree: Tree, portfolio: Portfolio, ones: Sequence[One], shared: Sequence[str], money: Tree, merged: Merged
) -> Tree:
    head = ("format", "title", "municipality", "language", "source", "note", "time")
    found: Tree = {key: tree[key] for key in head if key in tree}
    found |= {"money": money, "assumptions": {}, "correlations": [], "families": {}, "roles": {}}
    found |= {key: list(tree.get(key, [])) for key in (*queries.STATED, "targets")}  # targets are of the whole
    found["payers"] = list(dict.fromkeys(payer for one in ones for payer in one.scenario.payers))
    found |= {"implementations": {}, "person_years": [], "observed": []}
    years = range(portfolio.time.first_year, portfolio.time.first_year + portfolio.time.years)
    for one in ones:
        renamed = _renamed(one, set(shared), money)
        _without_results(renamed, one, merged)
        _cut(renamed, years, one, merged)
        for name, assumption in renamed["assumptions"].items():
            found["assumptions"].setdefault(name, assumption)
        for key in ("families", "roles"):
            found[key] |= renamed.get(key, {})
        if "implementation" in renamed:
            found["implementations"][one.name] = renamed["implementation"]
        for key in ("person_years", *queries.STATED, "observed"):
            found[key] += renamed[key]
    found["correlations"], unequal = implied_correlations.correlations(
        [(one.name, one.scenario, one.own) for one in ones], shared
    )
    merged.problems += [(("shared",), message) for message in unequal]
    found["simulation"] = _simulation(tree, ones, merged)
    found["parts"] = [
        {"name": one.name, "file": one.loaded.file, "title": one.scenario.title, "sha256": one.loaded.sha256}
        for one in ones
    ]
    return {key: item for key, item in found.items() if item not in ([], {})}


def _renamed(one: One, shared: set[str], money: Tree) -> Tree:
    """A programme's tree with its name in front of all that is its own. money: of the portfolio, in whose unit no amount of it is."""
    tree: Tree = validation.copied(one.tree)
    if one.scenario.money.unit or "unit" in money:
        unit.written_out(tree, one.scenario)
    _move(tree, one.scenario, money)

    def number(given: Any) -> Any:
        if isinstance(given, dict):
            return {year: number(item) for year, item in given.items()}
        return _numbered(one, shared, given)

    for name in queries.formulas(one.scenario):
        tree["assumptions"][name]["value"] = number(tree["assumptions"][name]["value"])
    for use in queries.uses(one.scenario):
        if any(queries.names_in(use.value)):
            node = tree
            for step in use.path[:-1]:
                node = node[step]  # type: ignore[index]
            node[use.path[-1]] = number(node[use.path[-1]])  # type: ignore[index]
    tree["assumptions"] = {
        number(name): _own(item, None) if name in shared else _own(_labelled(item, one), one)
        for name, item in tree.get("assumptions", {}).items()
    }
    tree["families"] = {one.own(name): _own(_family(item, one), one) for name, item in tree.get("families", {}).items()}
    tree["roles"] = {one.own(name): _own(_role(item, one), one) for name, item in tree.get("roles", {}).items()}
    for key in queries.STATED:
        tree[key] = [_own(_labelled(_of_families(row, one), one), one) for row in tree.get(key, [])]
    tree["person_years"] = [
        _own(_labelled(row, one), one) | {"role": one.own(row["role"])} for row in tree.get("person_years", [])
    ]
    tree["observed"] = [row | {"role": one.own(row["role"])} for row in tree.get("observed", [])]
    return tree


def _without_results(tree: Tree, one: One, merged: Merged) -> None:
    """Leave out payment by results: it hangs on a target of the programme's own, and targets here are of the whole."""
    rows = tree["financing"]
    tree["financing"] = [row for row in rows if "when_target" not in row]
    for row in rows:
        if "when_target" in row:
            message = text(
                "{label} is paid by results of {programme} alone, and targets here are of the whole: it is left out. Write such a line, and its target, "
                "in the portfolio itself",
                label=shown(row["label"]), programme=shown(one.name),
            )  # fmt: skip
            merged.warnings.append((one.place, message))


def _own(item: Tree, one: One | None) -> Tree:
    """Whose it is, said beside its name."""
    rest = {key: value for key, value in item.items() if key != "part"}
    return rest if one is None else rest | {"part": one.name}


def _labelled(item: Tree, one: One) -> Tree:
    return item | {"label": one.own(item["label"])} if "label" in item else item


def _of_families(row: Tree, one: One) -> Tree:
    """An amount for each family is for each of the programme's own."""
    if not row.get("per_family"):
        return row
    return row | {"families": [one.own(name) for name in row.get("families", one.scenario.families)]}


def _family(item: Tree, one: One) -> Tree:
    members = {one.own(role): number for role, number in item.get("members", {}).items()}
    return item | {"members": members} if members else item


def _role(item: Tree, one: One) -> Tree:
    def lined(node: Tree) -> Tree:
        return node | {"line": one.own(node["line"])} if "line" in node else node

    def tied(move: Tree) -> Tree:
        return move | {"when": move["when"] | {"role": one.own(move["when"]["role"])}} if "when" in move else move

    found = lined(item) | {"states": {state: lined(node) for state, node in item["states"].items()}}
    return found | ({"moves": [tied(move) for move in item["moves"]]} if "moves" in item else {})


def _cut(tree: Tree, years: range, one: One, merged: Merged) -> None:
    """Leave out what lies beyond the portfolio's horizon."""
    lost: list[str] = []

    def kept(rows: list[Tree], month: str) -> list[Tree]:
        within = [row for row in rows if int(row[month][:4]) in years]
        lost.extend(row[month] for row in rows if row not in within)
        return within

    for name, family in tree["families"].items():
        if "entering" in family:
            tree["families"][name] = family | {"entering": kept(family["entering"], "month")}
    tree["observed"] = kept(tree["observed"], "until")
    for key in queries.STATED:
        beyond = [row for row in tree[key] if _begins(row) > years[-1]]
        lost.extend(row["label"] for row in beyond)
        tree[key] = [row for row in tree[key] if row not in beyond]
    if lost:
        message = text(
            "what lies beyond the portfolio's horizon is left out of {programme}: {what}",
            programme=shown(one.name), what=", ".join(dict.fromkeys(lost)),
        )  # fmt: skip
        merged.warnings.append((("time", "years"), message))


def _begins(row: Tree) -> int:
    """The first year in which a line can be paid."""
    return int(str(row.get("once", row.get("from", 0)))[:4])


def _simulation(tree: Tree, ones: Sequence[One], merged: Merged) -> Tree:
    """The portfolio's own, and what all programmes agree on."""
    given = dict(tree.get("simulation", {}))
    for key in ("draws", "seed", "design", "counterfactual"):
        said = {getattr(one.scenario.simulation, key) for one in ones}
        if key in given:
            continue
        if said == {"expected"} and any(queries.is_tied(one.scenario) for one in ones):
            continue  # nobody has asked for what there cannot be
        if len(said) == 1:
            given[key] = said.pop()
        elif key == "counterfactual":
            message = text(
                "the programmes count life without them in different ways ({ways}); here it is {chosen}, unless [simulation] says otherwise",
                ways=", ".join(sorted(said)), chosen=Simulation().counterfactual,
            )  # fmt: skip
            merged.warnings.append((("programmes",), message))
    return given
