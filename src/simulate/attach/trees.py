"""What was found in a sheet as a scenario: its tree, and its text with what may be taken into use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from simulate import locale
from simulate.attach.tables import Found, Line, Spread
from simulate.grid.addresses import quoted
from simulate.locale import text
from simulate.scenario import toml_writer
from simulate.scenario.numbers import looks_like_number
from simulate.scenario.paths import Path as Place
from simulate.scenario.values import Literal

TABLES = {"cost": "costs", "saving": "savings", "financing": "financing"}
REPORTED = ("costs", "savings", "financing", "provenu")
DIGITS = 12  # that are told of a total, or of the quotient of two numbers of the sheet: what is beyond is rounding

Tree = dict[str, Any]


def tree_of(found: Found) -> Tree:
    """The scenario, in which each uncertain line varies for itself."""
    called = names(found.lines)
    tree: Tree = {
        "format": 1,
        "title": found.title,
        "language": locale.language(),
        "source": sheet_of(found),
        "time": {"first_year": found.first_year, "years": found.years},
        "money": {"unit": found.unit} | ({} if found.price_level is None else {"price_level": found.price_level}),
    }
    assumptions = {called[one.row]: _assumption(one, found) for one in found.lines if one.spread}
    if assumptions:
        tree["assumptions"] = assumptions
    for kind, table in TABLES.items():
        lines = [_line(one, called, found) for one in found.lines if one.kind == kind]
        if lines:
            tree[table] = lines
    if reported := list(_reported(found)):
        tree["reported"] = reported
    return tree


def sheet_of(found: Found) -> str:
    """The file and its sheet; a text file has none."""
    return f"{found.file}, {found.sheet}" if found.sheet else found.file


def cells(found: Found) -> dict[Place, str]:
    """Place of the scenario → the cells that it is from; of the whole the sheet's name."""
    begin = f"{found.file}, "
    told: dict[Place, str] = {(): quoted(found.sheet) if found.sheet else ""}
    for table, within in tree_of(found).items():
        each = within.items() if isinstance(within, dict) else enumerate(within) if isinstance(within, list) else ()
        for key, one in each:
            if isinstance(one, dict) and str(one.get("source", "")).startswith(begin):
                told[table, key] = one["source"].removeprefix(begin).partition("; ")[0]
    return told


def correlations(found: Found) -> list[Tree]:
    """That what is good for the provenu is so in all uncertain lines together: a rank of 1, or of -1 between a cost and a saving."""
    better = _better(found.lines)
    return [{"between": [a, b], "rank": better[a] * better[b]} for a, b in combinations(better, 2)]


def _better(lines: Sequence[Line]) -> dict[str, int]:
    """Assumption → 1 where more of it is better, -1 where it is worse; without those that no provenu hangs on."""
    called = names(lines)
    gains: dict[str, float] = {}
    for one in lines:
        if one.spread and one.kind != "financing":
            gain = 1.0 if one.kind == "saving" else -1.0
            gains[called[one.row]] = gains.get(called[one.row], 0.0) + gain * (
                1.0 if _in_amounts(one) else sum(one.amounts)
            )
    return {name: 1 if gain >= 0 else -1 for name, gain in gains.items()}


def written(found: Found) -> str:
    """The text of the file: the tree, and what may be taken into use by taking away a sign."""
    body = toml_writer.dump(tree_of(found))
    head, mark, rest = body.partition("\n\n[")
    return "\n".join([*_explained(found), head, *_together(found)]) + mark + rest + "\n" + _families()


def _explained(found: Found) -> Iterator[str]:
    yield "# " + text("Made from {sheet}, which is as it was.", sheet=sheet_of(found))
    yield "# " + text("Every line names the cells that it is from. Then: simulate run FILE")


def _together(found: Found) -> Iterator[str]:
    """The correlations, to be taken into use."""
    each = correlations(found) if any(one.spread for one in found.lines) else []
    if not each:
        return
    yield ""
    yield "# " + text("Each uncertain row varies for itself here. Where they go well together and ill together, take away # in front of these lines:")  # fmt: skip
    yield "#correlations = ["
    for one in each:
        a, b = (toml_writer.dump({"x": name}).strip().removeprefix("x = ") for name in one["between"])
        yield f"#{{ between = [{a}, {b}], rank = {one['rank']} }},"
    yield "#]"


def _families() -> str:
    """An example of families whose lives drive a line, commented out."""
    return Path(__file__).with_name(f"families.{locale.language()}.toml").read_text("utf-8")


# Lines ----------------------------------------------------------------------------------------------------------------


def names(lines: Sequence[Line]) -> dict[int, str]:
    """Row → the assumption that the line's range becomes: that which the sheet names, else the line's own label."""
    shared = {one.spread.name for one in lines if one.spread and one.spread.name}
    found = {}
    for one in lines:
        if one.spread is None:
            continue
        name = one.spread.name or one.label
        if looks_like_number(name) or (not one.spread.name and name in shared):
            name = str(text("row {row}: {label}", row=one.row + 1, label=name))
        found[one.row] = name
    return found


def _in_amounts(one: Line) -> bool:
    """Whether its assumption is an amount, and no factor on a list by year or on several lines."""
    assert one.spread is not None
    return not one.spread.name and len(set(_base(one))) == 1


def _base(one: Line) -> tuple[float, ...]:
    """What the range is a share of, by year: the price where there is one."""
    return one.product.price if one.product else one.amounts


def _assumption(one: Line, found: Found) -> Tree:
    spread = one.spread
    assert spread is not None
    source = f"{found.file}, {spread.place}"
    if spread.name:
        return {"value": 1, "label": spread.name, "source": source, "uncertainty": _pert(spread, 1.0)}
    base = _base(one)
    if _in_amounts(one):
        return {"value": number(base[0]), "label": one.label, "source": source, "uncertainty": _pert(spread, base[0])}
    return {
        "value": [number(value) for value in base],
        "label": one.label,
        "source": source,
        "uncertainty": _pert(spread, 1.0),
    }


def _pert(spread: Spread, amount: float) -> Tree:
    low, mode, high = (spread.low * amount, spread.mode * amount, spread.high * amount)
    ends = (low, mode, high) if amount > 0 else (high, mode, low)
    return {
        "kind": "pert",
        **{name: number(digits(value)) for name, value in zip(("low", "mode", "high"), ends, strict=True)},
    }


def _line(one: Line, called: Mapping[int, str], found: Found) -> Tree:
    source = f"{found.file}, {one.place}"
    made: Tree = {"label": one.label}
    if one.product:
        source += f"; {one.product.place}" if one.product.place else ""
        made["number"] = _listed(one.product.number)
    if one.spread is None:
        made["yearly"] = _listed(_base(one))
    elif not one.spread.name:
        made["yearly"] = called[one.row]
    else:
        factor = called[one.row]
        quoted = "'" + factor.replace("'", "''") + "'"
        counts = one.product.number if one.product else ()
        each = [f"{_plain(count)} * {quoted}" if count != 1 else factor for count in counts]
        made["number"] = (each[0] if len(set(each)) == 1 else each) if counts else factor
        made["yearly"] = _listed(_base(one))
    return made | {"source": source}


def _listed(values: Sequence[float]) -> Any:
    """One number where all years have the same, else the list of all years."""
    each = [number(value) for value in values]
    return each[0] if len(set(values)) == 1 else each


def number(value: float) -> int | float:
    """As TOML: whole numbers as such, and no three decimals, which could be thousands."""
    if value.is_integer():
        return int(value)
    raw = repr(value)
    return Literal(f"{raw}0") if re.search(r"[.][0-9]{3}$", raw) else value


def digits(value: float) -> float:
    """Without what is rounding alone."""
    return float(f"{value:.{DIGITS}g}")


def _plain(value: float) -> str:
    raw = f"{value:.15g}"
    return f"{raw}0" if re.search(r"[.][0-9]{3}$", raw) else raw


# The sheet's own totals -----------------------------------------------------------------------------------------------


def _reported(found: Found) -> Iterator[Tree]:
    seen = set()
    for one in found.totals:
        if one.what not in REPORTED:
            continue
        figures: list[tuple[int | None, float, str]] = [
            (found.first_year + i, value, one.places[i]) for i, value in enumerate(one.values)
        ]
        if one.stated is not None:
            figures.append((None, one.stated, one.stated_place))
        for year, value, place in figures:
            if (key := (one.what, year, digits(value))) not in seen:
                seen.add(key)
                yield _figure(one.what, year, value, f"{found.file}, {place}")
    for line in found.lines:
        if line.stated is not None:
            yield _figure(f"line:{line.label}", None, line.stated, f"{found.file}, {line.stated_place}")


def _figure(what: str, year: int | None, value: float, source: str) -> Tree:
    said = {} if year is None else {"year": year}
    return {"what": what, **said, "value": number(digits(value)), "source": source}
