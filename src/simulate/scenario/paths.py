"""Places in a scenario file: as tuples of keys and indices, as people write them, and the lines that they stand on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulate.errors import InputError
from simulate.locale import text
from simulate.locale.visible import escaped
from simulate.scenario.values import suggestion

Path = tuple[str | int, ...]

BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
TOKEN = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|\[(\d+)\]|([^."\[\]\s=*][^."\[\]]*))\s*(\.|(?=\[)|\Z)""")


def key(name: str) -> str:
    """A key as TOML wants it."""
    return name if BARE.match(name) else quoted(name)


def quoted(name: str) -> str:
    """A name in quotes, as TOML wants them."""
    return '"' + escaped(name.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def child(node: Any, step: str | int) -> Any:
    """What stands under a key or index; KeyError where nothing does."""
    if isinstance(node, Mapping) and step in node:
        return node[step]
    if isinstance(node, Sequence) and not isinstance(node, str) and isinstance(step, int) and step < len(node):
        return node[step]
    raise KeyError(step)


def existing(path: Path, tree: Any) -> Path:
    """The part of a path that is in the file."""
    node = tree
    for i, step in enumerate(path):
        try:
            node = child(node, step)
        except KeyError:
            return path[:i]
    return path


def written(path: Path, tree: Any) -> str:
    """A path for people: `costs."Licenser mv.".yearly`, `roles.adult.moves[1]`."""
    parts: list[str] = []
    node: Any = tree
    for step in path:
        try:
            node = child(node, step)
        except KeyError:
            node = None
        if isinstance(step, str):
            parts.append(("." if parts else "") + key(step))
            continue
        label = node.get("label") if isinstance(node, Mapping) else None
        parts.append("." + key(label) if isinstance(label, str) and label else f"[{step}]")
    return "".join(parts)


def parse(path: str, tree: Mapping[str, Any]) -> Path:
    """The path that a person wrote, against the file it speaks of. Raises InputError where it leads nowhere but for the last key.

    Names in quotes stand for themselves; without quotes a name with dots is found where the file has it.
    """
    try:
        return _split(path, tree)
    except InputError:
        found = list(dict.fromkeys(_by_names(path, tree)))
        if not found:
            raise
    if len(found) > 1:
        several = ", ".join(written(one, {}) for one in found)
        raise InputError(text("{path} can mean several places; write one of {several}", path=path, several=several))
    return found[0]


def resolved(name: str, tree: Mapping[str, Any]) -> Path:
    """The path of a number that people name; of an assumption its name alone. Raises InputError where there is none."""
    assumptions = tree.get("assumptions", {})
    path = (name,) if name in assumptions else parse(name, tree)
    if not path or (len(path) == 1 and path[0] not in assumptions):
        raise InputError(text("{path}: no assumption is called so", path=name) + suggestion(name, assumptions))
    return path


def may_be_added(path: Path) -> bool:
    """Whether a table that a file need not have is made where a number is put into it."""
    return path in _ADDED or (path[:1] == ("implementations",) and path[2:] in ((), ("drop_out",)))


_ADDED: tuple[Path, ...] = (("implementation",), ("implementation", "drop_out"))


def spellings(name: str) -> tuple[str, ...]:
    """How people may write a name: as it stands, or in quotes, of either kind, that need not be thought of within it."""
    return tuple(dict.fromkeys((name, quoted(name), f"'{name}'", f'"{name}"')))


def _by_names(rest: str, node: Any) -> Iterator[Path]:
    """Every path that the names of the file make of what a person wrote; the last key may be one that is not there yet."""
    children: list[tuple[str | int, str]] = []
    if isinstance(node, Mapping):
        children = [(name, form) for name in node for form in spellings(name)]
    elif isinstance(node, list):
        children = [(i, f"[{i}]") for i in range(len(node))]
        labels = [item.get("label") if isinstance(item, Mapping) else None for item in node]
        children += [(i, form) for i, label in enumerate(labels) if isinstance(label, str) for form in spellings(label)]
    if isinstance(node, Mapping) and rest not in node and BARE.match(rest):
        yield (rest,)
    for step, form in children:
        if rest == form:
            yield (step,)
        elif rest.startswith(form) and rest[len(form)] in ".[":
            for more in _by_names(rest[len(form) :].removeprefix("."), child(node, step)):
                yield (step, *more)


def _split(path: str, tree: Mapping[str, Any]) -> Path:
    """The path by its dots and quotes alone."""
    steps: list[str | int] = []
    node: Any = tree
    names = list(tokens(path))
    for i, step in enumerate(names):
        if isinstance(node, list) and isinstance(step, str):
            labels = [item.get("label") if isinstance(item, Mapping) else None for item in node]
            if step not in labels:
                said = text("{path}: no item with the label {label}", path=path, label=key(step))
                raise InputError(said + suggestion(step, [one for one in labels if isinstance(one, str)]))
            step = labels.index(step)
        steps.append(step)
        try:
            node = child(node, step)
        except KeyError:
            if may_be_added(tuple(steps)):
                node = {}
                continue
            if i < len(names) - 1 or isinstance(step, int):
                place = written(tuple(steps), tree)
                raise InputError(text("{path}: the file has no {place}", path=path, place=place)) from None
            node = None
    return tuple(steps)


def tokens(path: str) -> Iterator[str | int]:
    """The steps of a path as a person wrote it: names, and numbers in brackets. Raises InputError."""
    at = 0
    while at < len(path):
        match = TOKEN.match(path, at)
        if not match:
            raise InputError(text("{path} is no path; write it like assumptions.relapse.value", path=path))
        escaped, literal, index, bare, dot = match.groups()
        if index is not None:
            yield int(index)
        elif escaped is not None:
            yield re.sub(r"\\(.)", r"\1", escaped)
        else:
            yield literal if literal is not None else bare.strip()
        at = match.end()
        if dot == "." and at == len(path):
            raise InputError(text("{path} is no path; write it like assumptions.relapse.value", path=path))


def lines(source: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and item of a list in valid TOML."""
    import tree_sitter
    import tree_sitter_toml

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}  # items so far of each array of tables

    def keys(node: Any) -> list[str]:
        if node.type == "dotted_key":
            return [name for part in node.named_children for name in keys(part)]
        raw = node.text.decode()
        return [_unquoted(raw) if node.type == "quoted_key" else raw]

    def resolve(names: list[str]) -> Path:
        """Names of a header, with the index of the newest item of each array of tables on the way."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in counts:
                path = (*path, counts[path] - 1)
        return path

    def note(path: Path, node: Any) -> None:
        for n in range(1, len(path) + 1):
            found.setdefault(path[:n], node.start_point[0] + 1)

    def value(path: Path, node: Any) -> None:
        stack = [(path, node)]
        while stack:
            here, node = stack.pop()
            note(here, node)
            if node.type == "array":
                items = [item for item in node.named_children if item.type != "comment"]
                stack += [((*here, i), item) for i, item in enumerate(items)]
            elif node.type == "inline_table":
                stack += [pair(here, item) for item in node.named_children if item.type == "pair"]

    def pair(base: Path, node: Any) -> tuple[Path, Any]:
        name, content = (item for item in node.named_children if item.type != "comment")
        path = (*base, *keys(name))
        note(path, node)
        return path, content

    for top in parser.parse(source.encode()).root_node.named_children:
        base: Path = ()
        if top.type == "pair":
            value(*pair((), top))
            continue
        if top.type == "comment":
            continue
        names = keys(top.named_children[0])
        if top.type == "table_array_element":
            array = (*resolve(names[:-1]), names[-1])
            counts[array] = counts.get(array, 0) + 1
            base = (*array, counts[array] - 1)
        else:
            base = resolve(names)
        note(base, top)
        for item in top.named_children[1:]:
            if item.type == "pair":
                value(*pair(base, item))
    return found


def comments(source: str) -> int:
    """How many comments there are in valid TOML."""
    import tree_sitter
    import tree_sitter_toml

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
    nodes, found = [parser.parse(source.encode()).root_node], 0
    while nodes:
        node = nodes.pop()
        found += node.type == "comment"
        nodes += node.named_children
    return found


def _unquoted(raw: str) -> str:
    import tomllib

    return next(iter(tomllib.loads(f"{raw} = 0")))
