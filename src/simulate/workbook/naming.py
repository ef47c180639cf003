"""What the keys of a case are called in its workbook: messages that name keys, between grave accents or in brackets, name headings and sheets here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulate import locale
from simulate.scenario.paths import Path
from simulate.workbook import layout
from simulate.workbook.layout import Column, Sheet

_KEY = re.compile(r"`(?P<key>[a-z_]+)(?: = (?P<value>[^`]+))?`")
_TABLE = re.compile(r"(?P<open>\[\[?)(?P<table>[a-z_]+)(?:\.[A-Za-z_.]+)?\]\]?")
_TRUTHS = {"true": layout.Words("ja", "yes"), "false": layout.Words("nej", "no")}
_OF_CASE = ("time", "money", "implementation", "simulation")  # tables that the first sheet has the keys of


def said(message: str, path: Path) -> str:
    """In the words of the workbook, and of the sheet that has what stands at this path."""
    sheets = list(_sheets(path))
    in_keys = _KEY.sub(lambda found: _named(found, sheets), message)
    return _TABLE.sub(_sheet_named, in_keys)


def title(path: Path) -> str:
    """The heading of what stands at this path; nothing where there is none."""
    keys = [step for step in path if isinstance(step, str)]
    own = next(_sheets(path))
    found = next((one for one in own.columns if list(one.key) in (keys, keys[-1:], keys[-2:])), None)
    return "" if found is None else found.title.said(locale.language())


def _sheets(path: Path) -> Iterator[Sheet]:
    """That which has it first, then the others where its message may point to."""
    first = str(path[0]) if path else ""
    own = next((one for one in layout.SHEETS if one.key == first), layout.CASE)
    if first == "roles" and "moves" in path:
        own = layout.MOVES
    if first == "families" and "entering" in path:
        own = layout.ENTRIES
    if path[:2] == ("money", "index"):
        own = layout.INDEX
    yield own
    yield from (one for one in (layout.CASE, layout.FAMILIES, layout.STATES, layout.COSTS) if one is not own)


def _named(found: re.Match[str], sheets: list[Sheet]) -> str:
    """The heading of a key, with the value that is to stand there; or one of the words to choose from."""
    key, value, language = found["key"], found["value"], locale.language()
    for sheet in sheets:
        for column in sheet.columns:
            if column.key[-1] == key or column.key[0] == key:
                heading = f"“{column.title.said(language)}”"
                return heading if value is None else f"{heading}: {_value(value, column)}"
            for choice in column.choices:
                if choice.value == key and value is None:
                    return f"“{choice.words.said(language)}”"
    return found[0]


def _value(given: str, column: Column) -> str:
    """As it is written in a cell."""
    language = locale.language()
    if given in _TRUTHS:
        return _TRUTHS[given].said(language)
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", given) and language == "da":
        return given.replace(".", ",")
    plain = given.strip('"')
    chosen = next((one.words.said(language) for one in column.choices if one.value == plain), plain)
    return chosen


def _sheet_named(found: re.Match[str]) -> str:
    """`[[costs]]` is the sheet of that key, `[money]` the first one."""
    table = "entering" if found[0].endswith(".entering]]") else found["table"]
    sheet = layout.CASE if table in _OF_CASE else next((one for one in layout.SHEETS if one.key == table), None)
    if sheet is None:
        return found[0]
    name = sheet.title.said(locale.language())
    return f"arket “{name}”" if locale.language() == "da" else f"the sheet “{name}”"
