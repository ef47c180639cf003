"""What the keys of a case are called in its workbook: messages that name keys, between grave accents or in brackets, name headings and sheets here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from simulate import locale
from simulate.distributions import PERCENTILE
from simulate.locale import text
from simulate.scenario.paths import Path
from simulate.workbook import layout
from simulate.workbook.layout import Column, Sheet

_KEYS = re.compile(r"`(?P<key>[a-z_]+) = (?P<value>[^`]+)`|`(?P<keys>[^`=]+)`")
_WORD = re.compile(r"[a-z_]+(?:[0-9]+(?:\.[0-9]+)?)?")
_TABLE = re.compile(r"\[\[?(?P<table>[a-z_]+)(?:\.[A-Za-z_.]+)?\]\]?")
_ASSUMPTION = re.compile(r"(?<![\w.])assumptions\.(?=\w)")
_TRUTHS = {"true": layout.Words("ja", "yes"), "false": layout.Words("nej", "no")}
_OF_CASE = ("time", "money", "implementation", "simulation")  # tables that the first sheet has the keys of
_OF_MOVES: Mapping[str, str] = {
    "baseline": "number", "mean": "number", "at": "how", "chance": "number", "since_arrival": "months", "after_months": "after",
}  # fmt: skip
"""A move's keys that its sheet has under other names."""


def said(message: str, path: Path) -> str:
    """In the words of the workbook, and of the sheet that has what stands at this path."""
    sheets = list(_sheets(path))
    in_keys = _KEYS.sub(lambda found: _named(found, sheets), message)
    return _ASSUMPTION.sub("", _TABLE.sub(_sheet_named, in_keys))


def title(path: Path) -> str:
    """The heading of what stands at this path; nothing where there is none."""
    keys = tuple(step for step in path if isinstance(step, str))
    columns = next(_sheets(path)).columns
    found = next((one for one in columns if one.key in (keys, keys[-1:], keys[-2:])), None)
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
    others = (layout.CASE, layout.FAMILIES, layout.STATES, layout.COSTS, layout.ASSUMPTIONS)
    yield from (one for one in others if one is not own)


def _named(found: re.Match[str], sheets: list[Sheet]) -> str:
    """The heading of a key, with the value that is to stand there; or the headings of several."""
    if found["key"] is None:
        named = _WORD.sub(lambda word: _heading(word[0], sheets) or word[0], found["keys"])
        return found[0] if named == found["keys"] else named
    column = _column(found["key"], sheets)
    return found[0] if column is None else f"{_quoted(column.title)}: {_value(found['value'], column)}"


def _heading(key: str, sheets: list[Sheet]) -> str:
    """Of its column, or the word that is chosen for it; nothing where there is neither."""
    if PERCENTILE.fullmatch(key):
        return _quoted(layout.Words(key, key))
    own = sheets[0]
    wanted = _OF_MOVES.get(key, key) if own is layout.MOVES else key
    exact = next((one.title for one in own.columns if one.key == (wanted,)), None)
    chosen = next((one.words for each in own.columns for one in each.choices if one.value == wanted), None)
    column = None if exact or chosen else _column(key, sheets)
    words = exact or chosen or (column and column.title)
    return _quoted(words) if words else ""


def _column(key: str, sheets: list[Sheet]) -> Column | None:
    """Of that key, or else of what is within it, in the first sheet that has one."""
    for sheet in sheets:
        wanted = _OF_MOVES.get(key, key) if sheet is layout.MOVES else key
        ranks = {one: (one.key != (wanted,), one.key[-1] != wanted) for one in sheet.columns if wanted in one.key}
        if ranks:
            return min(ranks, key=lambda one: ranks[one])
    return None


def _value(given: str, column: Column) -> str:
    """As it is written in a cell."""
    language = locale.language()
    if given in _TRUTHS:
        return _TRUTHS[given].said(language)
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", given) and language == "da":
        return given.replace(".", ",")
    plain = given.strip('"')
    return next((one.words.said(language) for one in column.choices if one.value == plain), plain)


def _sheet_named(found: re.Match[str]) -> str:
    """`[[costs]]` is the sheet of that key, `[money]` the first one."""
    inner = found[0].strip("[]").split(".")
    table = inner[-1] if inner[-1] in ("entering", "index") else found["table"]
    sheet = layout.CASE if table in _OF_CASE else next((one for one in layout.SHEETS if one.key == table), None)
    return found[0] if sheet is None else text("the sheet {name}", name=_quoted(sheet.title))


def _quoted(words: layout.Words) -> str:
    return f"”{words.da}”" if locale.language() == "da" else f"“{words.en}”"
