"""Random tables, written in the ways of papers, are understood to the figures that they were made of."""

from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from own_sheets import amounts

from simulate.attach import Asked, recognised, tree_of, written
from simulate.grid import Book, Sheet
from simulate.scenario import made

COSTS = ("Løn", "Kørsel", "Kurser", "Husleje, ny afdeling", "It og licenser", "Projektleder", "Udgift til evaluering")
SAVINGS = (
    "Anbringelser",
    "Forsørgelse",
    "Sagsbehandling",
    "Reduktion i foranstaltninger",
    "Færre botilbud",
    "Aflastning",
)
UNITS = {"kr.": "Beløb i kr.", "1.000 kr.": "Alle tal i 1.000 kr.", "mio. kr.": "(mio. kr.)"}
HEADS = ("{}", "B{}", "Budget {}", "BF {}")


@dataclass(frozen=True)
class Table:
    """costs, savings: label → by year. signs: of costs and of savings as they are written."""

    costs: dict[str, tuple[int, ...]]
    savings: dict[str, tuple[int, ...]]
    first_year: int
    signs: tuple[int, int]
    unit: str
    head: str
    on_top: bool
    total_column: bool
    as_text: str  # "", "plain", "brackets", "behind"
    blank: bool


@st.composite
def tables(draw: st.DrawFn) -> Table:
    years = draw(st.integers(2, 6))

    # in steps that keep a row from being the sum of others by chance, with a part of its own
    def rows(names: tuple[str, ...], base: int) -> dict[str, tuple[int, ...]]:
        chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=5, unique=True))
        return {
            name: tuple(
                10 * draw(st.integers(1, 99_999)) * 64 + base * 2**i if draw(st.integers(0, 5)) else 0
                for _ in range(years)
            )
            for i, name in enumerate(chosen)
        }

    return Table(
        rows(COSTS, 10),
        rows(SAVINGS, 10),
        draw(st.integers(2000, 2090)),
        draw(st.sampled_from([(1, 1), (1, -1), (-1, 1), (-1, -1)])),
        draw(st.sampled_from(sorted(UNITS))),
        draw(st.sampled_from(HEADS)),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.sampled_from(["", "plain", "brackets", "behind"])),
        draw(st.booleans()),
    )


def shown(value: int, how: str, unit: str) -> Any:
    """A number as a cell of the sheet has it; in millions with decimals that have one reading."""
    if not how:
        return float(value)
    said = f"{abs(value):,}".replace(",", ".") if unit == "kr." else str(abs(value))
    if value >= 0:
        return said
    return {"plain": f"-{said}", "brackets": f"({said})", "behind": f"{said}-"}[how]


def sheet(one: Table) -> Sheet:
    years = len(next(iter(one.costs.values())))
    heads: list[Any] = [
        one.head.format(one.first_year + i) if one.head != "{}" else float(one.first_year + i) for i in range(years)
    ]
    rows: list[list[Any]] = [
        ["Forslag om en ny indsats", None],
        [UNITS[one.unit]],
        [None],
        ["Post", *heads, *(["I alt"] if one.total_column else [])],
    ]

    def line(label: str, values: tuple[int, ...]) -> list[Any]:
        each = [shown(value, one.as_text, one.unit) for value in values]
        return [label, *each, *([shown(sum(values), one.as_text, one.unit)] if one.total_column else [])]

    net = [0] * years
    for heading, found, sign, gain in (
        ("Udgifter", one.costs, one.signs[0], -1),
        ("Besparelser", one.savings, one.signs[1], 1),
    ):
        sums = tuple(sum(sign * values[i] for values in found.values()) for i in range(years))
        net = [a + gain * sign * b for a, b in zip(net, sums, strict=True)]
        total = line(f"{heading} i alt", sums)
        body = [line(label, tuple(sign * value for value in values)) for label, values in found.items()]
        rows += [total, *body] if one.on_top else [[heading], *body, total]
        rows += [[None]] if one.blank else []
    return Sheet("Ark1", [*rows, line("Provenu", tuple(net))])


@settings(max_examples=120, deadline=None)
@given(tables())
def test_a_random_table_is_understood_to_its_figures(one: Table) -> None:
    found = recognised(Book("b.xlsx", (sheet(one),)), Asked())
    kept = {
        "cost": {label: values for label, values in one.costs.items() if any(values)},
        "saving": {label: values for label, values in one.savings.items() if any(values)},
    }
    assert amounts(found) == {kind: rows for kind, rows in kept.items() if rows}
    assert (found.first_year, found.unit) == (one.first_year, one.unit)
    assert found.wrong == []
    assert [total.what for total in found.totals if any(total.values)][-1:] in (["provenu"], ["costs"], ["savings"], [])
    scenario = made("case.toml", written(found)).scenario
    assert [row.label for row in scenario.costs] == list(kept["cost"])
    assert scenario.time.years == found.years
    assert tree_of(found)["money"]["unit"] == one.unit
