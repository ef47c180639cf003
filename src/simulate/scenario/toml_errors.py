"""Why a file is no TOML, in words for whoever typed it: the parser's own are for programmers."""

import re

from simulate.locale import text
from simulate.scenario import values

MOST_SHOWN = 40  # letters of what stands in the file
MOST_READ = 400  # letters of a line before the place where the parser stopped, and after it

NUMBER = r"[-+−]?\d[\d.,]*"


def words(what: str, line: str, column: int = 1) -> str:
    """What is wrong in a line that the TOML parser stopped at. what: the parser's words; column: where it stopped, from 1."""
    key, _, value = line.partition("=")
    before, after = line[: column - 1][-MOST_READ:], line[column - 1 :][:MOST_READ]
    if any(ord(letter) > 127 for letter in key) and '"' not in key:
        return _unusual_key(key)
    if re.search(r"[“”„’‘]", line):
        return text('quotation marks must be straight, like "text"')
    is_open = what.startswith("Illegal character") and (line.count('"') % 2 or line.count("'") % 2)
    if is_open or what.startswith(("Expected \"'", "Unterminated string")):
        return text("a quotation mark is missing at the end")
    if what.startswith(("Unclosed inline table", "Unclosed array")):
        return _unclosed(before, after, "}" if "table" in what else "]")
    if what.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate")):
        return text("this stands twice; where there are several, each begins with double brackets, like [[costs]]")
    if what.startswith(("Expected ']", "Expected newline")) and line.lstrip().startswith("["):
        return _heading(line.strip())
    if what.startswith("Invalid initial character for a key part") and "{" in before:
        return _within_braces(after)
    if what.startswith("Expected '='"):
        return _no_equals_sign(before, after)
    if what.startswith("Unescaped"):
        return text(r"a text with \ stands in single quotes, like {example}", example=r"'C:\papers'")
    if what.startswith("Expected newline") and value.lstrip().startswith('"'):
        return text("a text ends at its second quotation mark; within it, quotation marks are single ones: '")
    return _of_value(value.strip())


def _unusual_key(given: str) -> str:
    """A key with letters that TOML has in quotes alone; what it is called here, where it is a Danish word for a key of the file."""
    from simulate.scenario import danish  # a long table, which a right file does not need

    found = re.search(r"[\w-]*[^\W\x00-\x7f][\w-]*", given[:MOST_READ])
    key = found[0][:MOST_SHOWN] if found else ""
    said = text("a key with letters outside a-z stands in quotes, like {key}", key=f'"{key or "kontanthjælp"}"')
    right = danish.meant(key, danish.KEYS, danish.KEYS)
    return said + (text("; if one of the file's own keys is meant, it is `{key}`", key=right) if right else "")


def _unclosed(before: str, after: str, closing: str) -> str:
    number = re.search(rf"(?<![\w\"'.,]){NUMBER}\s*$", before)
    if number and re.match(r"\s*(%|[^\W\d_]|[.,]\d)", after):
        return _number_in_quotes(number[0] + re.split(r"[,;}\]]", after, maxsplit=1)[0])
    return text("a comma or the closing {bracket} is missing", bracket=closing)


def _heading(line: str) -> str:
    name = line.strip("[]")
    if re.search(r"\w\s+\w", name) and '"' not in name:
        *others, last = name.split(".")
        quoted = ".".join([*others, f'"{last}"'])[:MOST_SHOWN]
        shown = f"[[{quoted}]]" if line.startswith("[[") else f"[{quoted}]"
        return text("a name with blanks stands in quotes, like {name}", name=shown)
    return text("a heading stands in one pair of brackets, like [time], or in two, like [[costs]]")


def _within_braces(after: str) -> str:
    if not after.partition("#")[0].strip():
        return text("a table in curly brackets stands in one line")
    if after.lstrip().startswith("}"):
        return text("no comma stands before the closing }}")
    return text("a key is followed by = and its value")


def _no_equals_sign(before: str, after: str) -> str:
    number = re.search(r"=\s*([-+−]?\d+,\d+)\s*$", before)
    if number:
        return _number_in_quotes(number[1])
    if after and ord(after[0]) > 127 and '"' not in (start := re.split("[{,]", before)[-1]):
        return _unusual_key(start + after.partition("=")[0])
    blank = re.search(r"([^\W\d]\w*)\s+$", before)
    rest = re.match(r"([^\W\d][\w -]*?)\s*=", after)
    if blank and rest:
        return text("a name with blanks stands in quotes, like {name}", name=f'"{blank[1]} {rest[1]}"'[:MOST_SHOWN])
    return text("a key is followed by = and its value")


def _of_value(value: str) -> str:
    bare = value.partition("#")[0].strip()
    if not bare:
        return text("the value is missing")
    if re.match(r"(true|false|sand|falsk|ja|nej|yes|no)\b", bare, re.I):
        return text("write true or false, in small letters")
    if re.match(r"\d{4}-\d{2}\b", bare):
        return text('a month stands in quotes, like "{month}"', month=bare[:7])
    if re.fullmatch(rf"{NUMBER}(\s+{NUMBER})+", bare[:MOST_READ]) and (said := values.row(bare[:MOST_READ], "number")):
        return said
    if re.match(r"[-+−]?[\d.,]+", bare):
        return _number_in_quotes(bare)
    return text("text stands in quotes, like {example}", example='"kontanthjælp"')


def _number_in_quotes(given: str) -> str:
    shown = given.strip()[:MOST_SHOWN]
    return text('a number with a comma, several dots or a unit stands in quotes, like "{number}"', number=shown)
