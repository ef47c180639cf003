"""A tree of tables as TOML text, numbers written as they were."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from simulate.scenario.paths import BARE
from simulate.scenario.values import Kroner, Literal

A_LINE = 12  # entries of a list; a longer one gets a line for each, since a line may not be endless
OF_NAMES = ("assumptions", "families", "roles")  # tables whose keys are names of tables

Steps = tuple[str, ...]


def dump(tree: Mapping[str, Any]) -> str:
    """The text of a scenario's tree: text, numbers, true and false, lists, tables."""
    return "\n".join(_table(tree, ())) + "\n"


def value(item: Any) -> str:
    """As it stands after the = of its key, in one line but for long lists."""
    return _value(item)


def _table(node: Mapping[str, Any], path: Steps) -> Iterator[str]:
    for key, item in node.items():
        if not _has_header(item, (*path, key)):
            yield f"{_key(key)} = {_value(item)}"
    for key, item in node.items():
        here = (*path, key)
        if _has_header(item, here):
            yield from _headed(item, here)


def _headed(item: Any, path: Steps) -> Iterator[str]:
    name = ".".join(_key(step) for step in path)
    if isinstance(item, list):
        for row in item:
            yield from ("", f"[[{name}]]")
            yield from _table(row, path)
        return
    if path not in [(table,) for table in OF_NAMES]:
        yield from ("", f"[{name}]")
    yield from _table(item, path)


def _has_header(item: Any, path: Steps) -> bool:
    """Whether it stands under a header of its own; else it stands in its line."""
    if isinstance(item, list):
        rows = bool(item) and all(isinstance(row, Mapping) for row in item)
        return rows and (len(path) == 1 or path[2:] in [("moves",), ("entering",)])
    named = path[0] in OF_NAMES and (len(path) == 2 or path[2:] == ("states",))
    return isinstance(item, Mapping) and (named or (len(path) == 1 and bool(item)))


def _key(name: str) -> str:
    return name if BARE.match(name) else _text(name)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(item: Any) -> str:
    if isinstance(item, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in item.items()) + " }" if item else "{}"
    if isinstance(item, list):
        long = len(item) > A_LINE
        return "[" + (",\n  " if long else ", ").join(map(_value, item)) + "]"
    if isinstance(item, Literal):
        return item.raw
    if isinstance(item, Kroner):
        return _text(item.text)
    if isinstance(item, bool):
        return "true" if item else "false"
    return _text(item) if isinstance(item, str) else repr(item)
