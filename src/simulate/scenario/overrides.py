"""What the command line changes, written into the scenario's own text: what is run is what is stored."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, get_args

from simulate.errors import InputError
from simulate.locale import text
from simulate.scenario import expressions, numbers, paths, unit
from simulate.scenario.expressions import Known
from simulate.scenario.numbers import NumberProblem, Usage
from simulate.scenario.values import Kroner, is_by_year, shown


def apply(source: str, changes: Sequence[str], given: dict[str, Any]) -> str:
    """The text with `PATH=VALUE` and `PATH*FACTOR` carried out in their order, and [simulation] completed.

    given: keys of [simulation]. Comments and layout stay. Raises InputError for a change that cannot be read or leads nowhere.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document: Any = tomlkit.parse(source)
        for change in changes:
            _change(document, change)
        if given:
            table = document.setdefault("simulation", tomlkit.table())
            for key, value in given.items():
                table[key] = _inline(value) if isinstance(value, dict) else value
    except TOMLKitError as error:
        raise InputError(text("the change does not fit the file: {reason}", reason=error)) from None
    return tomlkit.dumps(document)


def varied(tree: dict[str, Any], numbers: Mapping[str, Any]) -> tuple[dict[str, Any], list[paths.Path]]:
    """The scenario's tree with these numbers, by the names of assumptions and by paths: as `PATH=VALUE` of each would have it; and where they
    are written. The tree given stays as it is, and is shared where nothing changes.

    Raises InputError for a path that leads nowhere.
    """
    found, changed = tree, []
    for name, value in numbers.items():
        path = written_to(paths.resolved(name, found), found, "=")
        found = _copied_along(found, path[:-1])
        _put(found, found, name, path, value)
        changed.append(path)
    return found, changed


def multiplied(tree: dict[str, Any], name: str, factor: float) -> tuple[str, Any]:
    """Where `NAME*FACTOR` writes, as people write it, and the number or the list by year that it writes there.

    Raises InputError for a path that leads nowhere, and for what cannot be multiplied.
    """
    path = written_to(paths.resolved(name, tree), tree, "*")
    old = _now(tree, path, name)
    if _is_made(old, path, tree):
        return paths.written(path, tree), calculated(old, factor)
    return paths.written(path, tree), _each(old, lambda item: _times(name, item, factor, unit.of_tree(tree)))


def _each(old: Any, change: Callable[[Any], Any]) -> Any:
    """Of a number, or of each in a list or in a table by year."""
    if is_by_year(old):
        return {year: change(item) for year, item in old.items()}
    return [change(item) for item in old] if isinstance(old, list) else change(old)


def _times(name: str, given: Any, factor: float, counted_in: int) -> float:
    """The product; what has a unit of its own in a file that counts in another one is in kroner."""
    product = _number(name, given) * factor
    has_own = isinstance(given, Kroner) or (isinstance(given, str) and numbers.has_unit(given))
    return Kroner(product) if has_own and counted_in != 1 else product


def _copied_along(node: Any, path: paths.Path, before: paths.Path = ()) -> Any:
    """With tables and lists of its own on the way to a place; the others are those of the tree given."""
    if not isinstance(node, dict | list):
        return node
    node = node.copy()
    if path:
        if isinstance(node, dict) and path[0] not in node and paths.may_be_added((*before, path[0])):
            node[path[0]] = {}
        node[path[0]] = _copied_along(node[path[0]], path[1:], (*before, path[0]))
    return node


def split(change: str, assumptions: Collection[str]) -> tuple[str, str, str] | None:
    """Name, sign and what comes after it, of `PATH=VALUE` or `PATH*FACTOR`; None of what is no change. A name may hold a sign itself."""
    signs = [i for i, letter in enumerate(_unquoted(change)) if letter in "=*"]
    if not signs:
        return None
    at = next((i for i in signs if change[:i].strip() in assumptions), signs[0])
    name = change[:at].strip()
    return (name, change[at], change[at + 1 :].strip()) if name else None


def _change(document: Any, change: str) -> None:
    tree = document.unwrap()
    parts = split(change, tree.get("assumptions", {}))
    if parts is None:
        raise InputError(text("{change} is no change; write PATH=VALUE or PATH*FACTOR", change=change))
    name, sign, given = parts
    path = written_to(paths.resolved(name, tree), tree, sign)
    new = _value(given) if sign == "=" else _product(tree, name, path, given)
    if sign == "*" and path[0] == "assumptions" and path[2:] == ("scale",) and not _number(name, new) > 0:
        raise InputError(
            text(
                "{path} is uncertain and is multiplied by a number above 0; to hold it at a value, write {path}=VALUE",
                path=name,
            )
        )
    _put(document, tree, name, path, new)


def written_to(path: paths.Path, tree: dict[str, Any], sign: str) -> paths.Path:
    """Where in the file a number is written: of an assumption under the key that counts."""
    return path if len(path) > 1 else ("assumptions", path[0], _key(tree["assumptions"][path[0]], sign))


def _put(document: Any, tree: dict[str, Any], name: str, path: paths.Path, new: Any) -> None:
    """Write the number into the document, whose plain tree is given."""
    node: Any = document
    for i, step in enumerate(path[:-1]):
        if isinstance(node, dict) and step not in node and paths.may_be_added(path[: i + 1]):
            node[step] = _new_table(i)
        node = node[step]
    holds = isinstance(node, dict) or (isinstance(node, list) and isinstance(path[-1], int))
    if not holds:
        raise InputError(text("{path}: the file has no {place}", path=name, place=name))
    if isinstance(old(tree, path), dict) and not (is_by_year(old(tree, path)) and is_by_year(new)):
        raise InputError(text("{path} is a table; name a number in it", path=name))
    node[path[-1]] = new
    if path[0] == "assumptions" and path[2:] == ("held",):
        node.pop("scale", None)  # a value takes the place of whatever was there


def _new_table(depth: int) -> Any:
    """With a head of its own at the top, and in braces further in."""
    import tomlkit

    return tomlkit.inline_table() if depth else tomlkit.table()


def _inline(entries: dict[str, Any]) -> Any:
    import tomlkit

    table = tomlkit.inline_table()
    table.update(entries)
    return table


def _key(assumption: Any, sign: str) -> str:
    """Where a number for the bare name of an assumption is written: an uncertain one is held, or scaled, and its uncertainty stays."""
    if not isinstance(assumption, dict) or "uncertainty" not in assumption:
        return "value"
    return "held" if sign == "=" or "held" in assumption else "scale"


def _now(tree: Any, path: paths.Path, name: str) -> Any:
    """The number that is multiplied: what is not scaled yet has a scale of 1."""
    unscaled = path[0] == "assumptions" and path[2:] == ("scale",) and old(tree, path) is None
    return 1 if unscaled else _get(tree, path, name)


def _unquoted(change: str) -> str:
    """The text with what stands in quotes blanked out, so that signs in labels are not taken for ours."""
    inside, shown = False, []
    for letter in change:
        inside = not inside if letter == '"' else inside
        shown.append("_" if inside else letter)
    return "".join(shown)


def old(tree: dict[str, Any], path: paths.Path) -> Any:
    """What stands there now, or None."""
    return None if paths.existing(path, tree) != path else _get(tree, path, "")


def _get(tree: dict[str, Any], path: paths.Path, name: str) -> Any:
    node: Any = tree
    try:
        for step in path:
            node = paths.child(node, step)
    except KeyError:
        raise InputError(text("{path}: there is nothing to multiply", path=name)) from None
    return node


def _value(given: str) -> Any:
    """As TOML reads it, keeping how it was written; else as text, which a number as people write it is."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    _check_commas(given)
    try:
        tomllib.loads(f"value = {given}")
        return tomlkit.parse(f"value = {given}\n")["value"]  # with the end of its line, which the next one needs
    except (tomllib.TOMLDecodeError, TOMLKitError, ValueError):
        several = [part.strip() for part in given.split(";")]
        return several if len(several) > 1 and all(map(numbers.looks_like_number, several)) else given
    except RecursionError:
        raise InputError(text("tables or lists stand too deep in each other")) from None


def _check_commas(given: str) -> None:
    """Refuse [0,5, 0,8], which is a list of four to TOML and of two to a Dane: commas with and without a space, or after a 0."""
    inside = given.strip().removeprefix("[").removesuffix("]")
    tight = re.search(r"(?<![0-9.])[-+]?[0-9]+,[0-9]+(?![0-9.])", inside)
    if (
        given.strip() == inside
        or tight is None
        or not (re.search(r",\s", inside) or re.search(r"(?<![0-9.])0,[0-9]", inside))
    ):
        return
    marked = re.sub(r"(?<![0-9.,])([-+]?[0-9]+),([0-9]+)(?![0-9.])", r"\1.\2", inside)
    one, other = (f"[{', '.join(re.split(', *', text_of))}]" for text_of in (inside, marked))
    raise InputError(
        text("“{given}” can be read two ways: as {one} or as {other}. Write the one that is meant.",
             given=given, one=one, other=other)
    )  # fmt: skip


def _product(tree: dict[str, Any], name: str, path: paths.Path, factor: str) -> Any:
    old = _now(tree, path, name)
    if _is_made(old, path, tree):
        return calculated(old, _number(name, _value(factor)))
    return _multiplied(name, old, factor, unit.of_tree(tree))


def _is_made(old: Any, path: paths.Path, tree: dict[str, Any]) -> bool:
    """Whether it is an assumption that is made of others."""
    names = Known(tree.get("assumptions", {}))
    own = isinstance(old, str) and path[0] == "assumptions" and path[2:] == ("value",)
    return own and (old in names or expressions.is_meant(old, names))


def calculated(old: str, factor: float) -> str:
    """The calculation times a number: exactly three decimals would be taken for thousands."""
    raw = repr(float(factor))
    return f"({old}) * {raw}{'0' if re.search(r'[.][0-9]{3}$', raw) else ''}"


def _multiplied(name: str, old: Any, factor: str, counted_in: int) -> Any:
    by = _number(name, _value(factor))
    new = _each(old, lambda item: _plain(_times(name, item, by, counted_in)))
    return _inline(new) if isinstance(new, dict) else new


def _plain(product: float) -> Any:
    """A computed number as TOML text: exactly three decimals would be taken for thousands."""
    import tomlkit

    if isinstance(product, Kroner):
        return product.text
    raw = repr(product)
    return tomlkit.value(raw + "0" if re.search(r"\.\d{3}$", raw) else raw)


def _number(name: str, given: Any) -> float:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return given
    if isinstance(given, str) and numbers.looks_like_number(given):
        return _only_reading(name, given)
    raise InputError(text("{path}: {what} is no number and cannot be multiplied", path=name, what=shown(given)))


def _only_reading(name: str, given: str) -> float:
    """What a text means, whatever it is used as: where two uses read it differently, it must be written out first."""
    readings, problems = set(), []
    for usage in get_args(Usage):
        try:
            readings.add(numbers.parse(given, usage).value)
        except NumberProblem as problem:
            problems.append(problem.message)
    if len(readings) != 1:
        raise InputError(f"{name}: {problems[0]}" if problems else name)
    return readings.pop()
