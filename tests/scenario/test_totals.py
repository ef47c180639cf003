"""A line that is the sum of others is no line of the budget, however the others are written."""

import pytest

from simulate.errors import ScenarioError
from simulate.scenario import load

HEAD = 'format = 1\ntitle = "t"\n[time]\nfirst_year = 2020\nyears = 3\n[assumptions.x]\nvalue = 5\n'


def said(tmp_path, rows):
    """(lines that are refused, lines that are asked about), by table and place."""
    file = tmp_path / "totals.toml"
    tables = "".join(f'[[{key}]]\nlabel = "{label}"\n{rest}\n' for key, label, rest in rows)
    file.write_text(HEAD + tables, encoding="utf-8")
    try:
        warned = [one.path for one in load(file, language="en").warnings if "if it is their total" in one.message]
        return [], warned
    except ScenarioError as error:
        return [one.path for one in error.problems if "a total is no line" in one.message], []


COST = "costs"
A, B = (COST, "a", "yearly = 5"), (COST, "b", "yearly = 7.5")


@pytest.mark.parametrize(
    "rows",
    [
        [A, B, (COST, "Udgifter i alt", "yearly = 12.5")],
        [(COST, "a", "number = 2\nyearly = 5"), B, (COST, "Total", "yearly = 17.5")],
        [(COST, "a", "number = 2\nyearly = 5"), B, (COST, "Sum", "yearly = 12.5")],
        [(COST, "a", "yearly = [1, 2, 3]"), (COST, "b", "yearly = [4, 5, 0]"), (COST, "I alt", "yearly = [5, 7, 3]")],
        [(COST, "a", "yearly = 5\nonce = 2021"), B, (COST, "I alt", "yearly = [7.5, 12.5, 7.5]")],
        [(COST, "a", 'yearly = "x"'), B, (COST, "Netto", "yearly = 12.5")],
        [(COST, "z", "yearly = 90"), A, B, (COST, "Delsum", "yearly = 12.5")],
        [A, B, ("savings", "c", "yearly = 30"), ("savings", "Nettobesparelse", "yearly = 17.5")],
        [(COST, "a", "yearly = 5"), (COST, "Total", "yearly = 5")],
    ],
)
def test_a_total_is_refused(rows, tmp_path):
    assert said(tmp_path, rows) == ([f'{rows[-1][0]}.{rows[-1][1] if rows[-1][1].isalpha() else chr(34) + rows[-1][1] + chr(34)}'], [])  # fmt: skip


def test_a_total_of_subtotals_is_refused(tmp_path):
    subtotals = [A, B, (COST, "Sum", "yearly = 12.5"), (COST, "c", "yearly = 1"), (COST, "d", "yearly = 2")]
    rows = [*subtotals, (COST, "Subtotal", "yearly = 3"), (COST, "Total", "yearly = 15.5")]
    assert said(tmp_path, rows) == (["costs.Sum", "costs.Subtotal", "costs.Total"], [])


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        ([A, B, (COST, "Total", "yearly = 13")], ["costs.Total"]),
        ([A, B, (COST, "c", "yearly = 12.5")], []),
        ([(COST, "Total", "yearly = 7"), B], []),
        ([A, B, ("savings", "Total", "yearly = 7")], []),
        ([A, B, (COST, "Total", "yearly = 0")], ["costs.Total"]),
    ],
)
def test_what_is_no_total_is_counted(rows, asked, tmp_path):
    assert said(tmp_path, rows) == ([], asked)
