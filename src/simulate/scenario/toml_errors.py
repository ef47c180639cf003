"""Why a file is no TOML, in words for whoever typed it: the parser's own are for programmers."""

import re

from simulate.locale import text


def words(what: str, line: str) -> str:
    """What is wrong in a line that the TOML parser stopped at. what: the parser's words."""
    key, _, value = line.partition("=")
    if any(ord(letter) > 127 for letter in key) and '"' not in key:
        return text("a key with letters outside a-z stands in quotes, like {key}", key='"kontanthjælp"')
    if re.search(r"[“”„’‘]", line):
        return text('quotation marks must be straight, like "text"')
    if what.startswith("Illegal character") and line.count('"') % 2:
        return text("a quotation mark is missing at the end")
    if what.startswith("Unclosed inline table"):
        return text("a comma or the closing }} is missing")
    if what.startswith("Unclosed array"):
        return text("a comma or the closing ] is missing")
    if what.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate")):
        return text("this stands twice; where there are several, each begins with double brackets, like [[costs]]")
    if what.startswith("Expected '='"):
        return text("a key is followed by = and its value")
    return _of_value(value.strip())


def _of_value(value: str) -> str:
    bare = value.partition("#")[0].strip()
    if not bare:
        return text("the value is missing")
    if re.match(r"(true|false|sand|falsk|ja|nej|yes|no)\b", bare, re.I):
        return text("write true or false, in small letters")
    if re.match(r"\d{4}-\d{2}\b", bare):
        return text('a month stands in quotes, like "{month}"', month=bare[:7])
    if re.match(r"[-+−]?[\d.,]+", bare):
        return text('a number with a comma, several dots or a unit stands in quotes, like "{number}"', number=bare[:40])
    return text("text stands in quotes, like {example}", example='"kontanthjælp"')
