"""What people type into the cells of a case, and what is said of cells that are wrong: each with its cell, all at once."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import scenarios
from workbooks import CASE, STATES, bits, book, case, checked, problems, read, tree_of

from simulate import locale
from simulate.grid import Flaw
from simulate.scenario.values import Literal
from simulate.workbook import layout, reading, writing

COSTS = ["Line", "Number", "Amount a year", 2027, 2028, 2029, "Cashable"]


def costs(*rows, head=COSTS, **more):
    return tree_of(case(Costs=[head, *rows]), **more)["costs"]


# Numbers -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (580000.0, 580000), (0.15, 0.15), ("465.000 kr.", "465.000 kr."), ("15 %", "15 %"), ("0,15", "0,15"), ("a * 1,02", "a * 1,02"), ("name", "name"),
        ("0,09; 0,075", [0.09, "0,075"]), ("0.09;0.0750", [0.09, 0.075]), ("1 mio. kr.; 2", ["1 mio. kr.", 2]), ("min(a; b)", "min(a; b)"), ("5;", [5]),
        ("min('a;b'; 2); 3", ["min('a;b'; 2)", 3]), ("'a;b' * 2", "'a;b' * 2"), ("2027: 100; 2029: 50,5", {"2027": 100, "2029": 50.5}), ("2028 = a", {"2028": "a"}),
        ("1.234; 5", ["1.234", 5]), ("33.333333333333336", 33.333333333333336), ("-0.0", -0.0), ("12", "12"), ("1e-7; 2", [1e-7, 2]),
    ],
)  # fmt: skip
def test_numbers(cell, value):
    (one,) = costs(["a", None, cell])
    assert one["yearly"] == value
    assert type(one["yearly"]) in (type(value), *([Literal] if isinstance(value, float) else []))


def test_a_number_of_three_decimals_is_no_thousand():
    """14.575 in a cell is exactly that; a text file would refuse it."""
    (one,) = costs(["a", None, 14.575])
    assert one["yearly"].raw == "14.5750"
    (one,) = costs(["a", None, 465.25])
    assert one["yearly"].raw == "465.25"


def test_years():
    first, second, third, fourth = costs(
        ["a", 2, None, 10, 20], ["b", None, None, 10, None, 30], ["c", None, None, None, "5 kr."], ["d", None, 7]
    )
    assert first == {"label": "a", "number": 2, "yearly": [10, 20]}
    assert second == {"label": "b", "yearly": {"2027": 10, "2029": 30}}
    assert third == {"label": "c", "yearly": {"2028": "5 kr."}}
    assert fourth == {"label": "d", "yearly": 7}


def test_years_as_text_and_in_any_order():
    assert costs(["a", 20, 10], head=["Line", "2028", 2027]) == [{"label": "a", "yearly": [10, 20]}]


@pytest.mark.parametrize(("cell", "value"), [("ja", True), ("Nej", False), ("x", True), (True, True), (False, False), ("TRUE", True), ("no", False), (1.0, True), (0.0, False), ("sand", True)])  # fmt: skip
def test_truths(cell, value):
    assert costs(["a", None, 1, None, None, None, cell])[0]["cashable"] is value


@pytest.mark.parametrize("cell", ["2027-08", date(2027, 8, 1), datetime(2027, 8, 1), "08-2027", "8/2027", "2027-08-01"])
def test_months(cell):
    sheets = case(Families=[["Name"], ["f"]], Entries=[["Family", "Month", "Number"], ["f", cell, 4]])
    assert tree_of(sheets)["families"]["f"]["entering"] == [{"month": "2027-08", "number": 4}]


def test_a_year_or_a_month():
    head = ["Line", "Amount a year", "Only in"]
    found = costs(["a", 1, 2027], ["b", 1, "2027"], ["c", 1, "2027-03"], ["d", 1, date(2028, 4, 1)], head=head)
    assert [one["once"] for one in found] == [2027, 2027, "2027-03", "2028-04"]


def test_a_number_where_a_text_belongs_is_that_text():
    head = ["Line", "Amount a year", "Source"]
    first, second = costs([2024, 1, 5], ["b", 1, date(2026, 5, 4)], head=head)
    assert (first["label"], first["source"], second["source"]) == ("2024", "5", "2026-05-04")


def test_choices_in_either_language():
    head = ["Name", "Value", "Uncertainty", "Lavest", "Most likely", "Højest"]
    found = tree_of(
        case(
            Assumptions=[head, ["a", 1, "trekant", 0, 1, 2], ["b", 1, "Triangular", 0, 1, 2], ["c", 1, "pert", 0, 1, 2]]
        )
    )["assumptions"]
    assert [one["uncertainty"]["kind"] for one in found.values()] == ["triangular", "triangular", "pert"]
    assert found["a"]["uncertainty"] == {"kind": "triangular", "low": 0, "mode": 1, "high": 2}


def test_names_headings_and_sheets_in_danish():
    sheets = {
        "Sagen": [["Oplysning", "Værdi"], ["Format", 1], ["Titel", "x"], ["Første år", 2027], ["Antal år", 2], ["andre betalere", "region; a-kasse"]],
        "Roller og tilstande": [["Rolle", "Tilstand", "Andel fra start", "Pris pr. måned", "Andre betaleres andel", "Område"], ["v", None, None, None, None, "o"],
                                ["v", "syg", "x", 100, "region: 10 %; a-kasse: 0,2"], ["v", "rask"]],
        "Overgange": [["Rolle", "Fra", "Til", "Hvordan", "Tal uden indsatsen", "Med indsatsen", "Virkning"],
                      ["v", "syg", "rask", "pr. år", "20 %", "ganges med", 1.5], ["v", "rask", "syg", "efter måneder", 12]],
    }  # fmt: skip
    found = read(sheets)
    assert (found.problems, found.language) == ([], "da")
    assert found.tree["payers"] == ["region", "a-kasse"]
    assert found.tree["roles"]["v"] == {
        "start": "syg", "area": "o", "states": {"syg": {"monthly": 100, "shares": {"region": "10 %", "a-kasse": 0.2}}, "rask": {}},
        "moves": [{"from": "syg", "to": "rask", "yearly": {"baseline": "20 %", "times": 1.5}}, {"from": "rask", "to": "syg", "after_months": 12}],
    }  # fmt: skip


# Rows ----------------------------------------------------------------------------------------------------------------------


def test_numbers_decide_the_order_of_assumptions():
    head = ["No.", "Name", "Value"]
    found = tree_of(case(Assumptions=[head, [3, "c", 1], [None, "d", 1], [1, "a", 1], [2, "b", 1], [None, "e", 1]]))
    assert list(found["assumptions"]) == ["a", "b", "c", "d", "e"]


def test_since_arrival_is_rows_that_follow_each_other():
    head = ["Role", "From", "To", "How", "Number without the programme", "Holds for months", "Source"]
    rows = [
        ["r", "a", "b", "a year", 0.4, 3, "s"],
        ["r", "a", "b", "a month", 0.2, 6, "t"],
        [None, None, None, "a year", 0.1],
        ["r", "a", "b", "a year", 0.5],
    ]
    first, second = tree_of(case(Roles_and_states=STATES, Moves=[head, *rows]))["roles"]["r"]["moves"]
    steps = [{"yearly": 0.4, "months": 3}, {"monthly": 0.2, "months": 6, "source": "t"}, {"yearly": 0.1}]
    assert first == {"from": "a", "to": "b", "source": "s", "since_arrival": steps}
    assert second == {"from": "a", "to": "b", "yearly": 0.5}


def test_figures_of_a_row():
    head = ["What", 2027, 2028, "Total", "Source"]
    found = tree_of(case(**{"The paper's figures": [head, ["costs", 1, 2, 3, "s"], ["line: Rent", None, 5]]}))[
        "reported"
    ]
    assert [(one["what"], one.get("year"), one["value"]) for one in found] == [
        ("costs", 2027, 1),
        ("costs", 2028, 2),
        ("costs", None, 3),
        ("line:Rent", 2028, 5),
    ]
    assert [one.get("source") for one in found] == ["s", "s", "s", None]


@settings(max_examples=20)
@given(scenarios(), st.randoms(use_true_random=False), st.sampled_from(["da", "en"]))
def test_rows_may_be_sorted_and_blank_rows_put_between(tree, random, language):
    """Of assumptions, whose numbers say their order, and of budget lines: the same scenario but for the order of lines. Blank rows do nothing."""
    written = writing.book(writing.sheets(tree, language))
    names = {sheet.title.said(language) for sheet in (layout.ASSUMPTIONS, layout.COSTS, layout.SAVINGS)}

    def mixed(sheet):
        head, *rows = sheet.rows
        if sheet.name in names:
            random.shuffle(rows)
        for _ in range(2):
            rows.insert(random.randint(0, len(rows)), [None, "  ", None])
        return replace(sheet, rows=[[], head, *rows])

    found = reading.read(replace(written, sheets=tuple(map(mixed, written.sheets))))
    assert found.problems == []
    sort = {
        key: sorted(found.tree[key], key=lambda one: one["label"]) for key in ("costs", "savings") if key in found.tree
    }
    was = {key: sorted(tree[key], key=lambda one: one["label"]) for key in ("costs", "savings") if tree.get(key)}
    assert bits(checked(found.tree | sort)) == bits(checked(tree | was))
    assert list(found.tree.get("assumptions", {})) == list(tree.get("assumptions", {}))


def test_cells_are_named_by_place():
    sheets = case(
        Costs=[COSTS, ["a", None, 5], [], ["b", None, None, 1, 2]],
        Assumptions=[["Name", "Value", "Uncertainty", "Lowest"], ["x", 1, "pert", 0]],
    )
    cells = read(sheets).cells
    assert cells["costs", 0] == "Costs!A2"
    assert cells["costs", 0, "yearly"] == "Costs!C2"
    assert cells["costs", 0, "number"] == "Costs!B2"  # empty: where it would stand
    assert (cells["costs", 1, "yearly"], cells["costs", 1, "yearly", 1]) == ("Costs!D4", "Costs!E4")
    assert cells["assumptions", "x", "uncertainty"] == "Assumptions!C2"
    assert cells["assumptions", "x", "uncertainty", "low"] == "Assumptions!D2"
    assert (cells["title",], cells["format",], cells["language",], cells["money", "unit"]) == (
        "Case!B3",
        "Case!B2",
        "Case!B6",
        "Case!A1",
    )
    assert (cells["time", "first_year"], cells["costs",], cells[()]) == ("Case!B4", "Costs!A1", "")


@settings(max_examples=15)
@given(scenarios())
def test_every_leaf_has_its_cell(tree):
    found = reading.read(writing.book(writing.sheets(tree, "en")))

    def leaves(node, path):
        yield path
        for step, item in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
            yield from leaves(item, (*path, step))

    for path in leaves(found.tree, ()):
        near = path if path in found.cells else path[:-1]
        assert near in found.cells, path
        assert not path or found.cells[near], path


# What is wrong -------------------------------------------------------------------------------------------------------------


def wrong(*rows, head=COSTS, **more):
    return problems(case(Costs=[head, *rows]), **more)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (date(2027, 2, 1), "has made a date of this, 2027-02-01, where a number belongs"),
        (datetime(2027, 2, 1, 12, 30), "has made a date of this, 2027-02-01"),
        (True, "TRUE or FALSE stands where a number belongs"),
        ("2027: 1; 2027: 2", "a year stands twice"),
    ],
)
def test_no_number(cell, said):
    ((place, message),) = wrong(["a", None, cell])
    assert place == "Costs!C2"
    assert said in message


def test_a_date_is_said_in_danish():
    sheets = {
        "Sagen": [["Oplysning", "Værdi"], ["Format", 1], ["Titel", "x"], ["Første år", 2027], ["Antal år", 3]],
        "Udgifter": [["Post", "Antal"], ["a", date(2027, 2, 1)]],
    }
    ((place, message),) = problems(sheets)
    assert place == "Udgifter!B2"
    assert "01.02.2027" in message
    assert message.startswith("regnearket har gjort")


@pytest.mark.parametrize("kind", ["error", "uncalculated", "time"])
def test_cells_without_a_value(kind):
    flaw = Flaw(kind, "#DIV/0!")
    assert wrong(["a", None, None], Costs={"faults": {(1, 2): flaw}}) == [("Costs!C2", flaw.words())]
    assert wrong(["a", None, 1], Costs={"faults": {(1, 9): flaw}})[0][0] == "Costs!J2"


def test_headings():
    assert wrong(["a", 1, 2], head=["Line", "Numbr", "Amount a year"]) == [
        ("Costs!B1", 'no column of the sheet Costs is called "Numbr"; did you mean `Number`?')
    ]
    assert wrong(["a", 1, 2], head=["Line", "Amount a year", "Beløb pr. år"])[0][0] == "Costs!C1"
    assert (
        "stands twice, here and in Costs!B1" in wrong(["a", 1, 2], head=["Line", "Amount a year", "Beløb pr. år"])[0][1]
    )
    assert wrong(["a", 1, 2], head=["Line", "Amount a year", None])[0][0] == "Costs!C2"
    assert ("Costs!A1", 'the column "Line" is missing') in wrong([1], head=["Amount a year"])
    assert wrong(["a", 1, None], head=["Line", "Amount a year", "Mine"]) == []
    assert wrong(["a", 5], head=["x", "y"])[0] == (
        "Costs!A1",
        "no row of this sheet has its headings; they begin with Line, Number, Amount a year, Last holds on",
    )


def test_above_the_headings():
    about = layout.COSTS.about.en
    assert tree_of(case(Costs=[["Costs"], [about], [], COSTS, ["a", None, 1]]))["costs"] == [
        {"label": "a", "yearly": 1}
    ]
    ((place, message),) = problems(case(Costs=[["in 1,000 kr."], COSTS, ["a", None, 1]]))
    assert place == "Costs!A1"
    assert "stands above the headings" in message


def test_sheets():
    assert problems(case(Cost=[["a"]]))[0] == (
        "Cost!A1",
        'no sheet of a case is called "Cost"; what is not to be read may stand in a sheet named Notes; did you mean `Costs`?',
    )
    assert problems(case(Sheet2=[[], [None]])) == []
    assert problems(case(Notes=[["anything", 5]])) == []
    assert "are the same one" in problems(case(Costs=[COSTS], Udgifter=[COSTS]))[0][1]
    assert problems({"Costs": [COSTS, ["a", None, 1]]})[0][0] == ""


def test_merged_cells():
    assert wrong(["a", None, 1], ["b", None, 2], Costs={"merged": [(1, 2, 2, 2)]})[0][0] == "Costs!C2"
    assert wrong(["a", None, 1], Costs={"merged": [(7, 0, 8, 3)]}) == []


def test_hidden_rows_and_columns_are_read_and_told():
    found = read(
        case(Costs=[COSTS, ["a", 3, 1], ["b", None, 2]]),
        Costs={"hidden_rows": frozenset({2, 9}), "hidden_columns": frozenset({1, 8}), "hidden": True},
    )
    assert [one["label"] for one in found.tree["costs"]] == ["a", "b"]
    assert found.problems == []
    assert [one.cell for one in found.remarks] == ["Costs", "Costs!A3", "Costs!B1"]


def test_names_that_stand_twice():
    head = ["No.", "Name", "Value"]
    assert problems(case(Assumptions=[head, [1, "a", 1], [2, "a", 2]])) == [
        ("Assumptions!B3", '"a" stands twice, here and in Assumptions!B2')
    ]
    assert problems(case(Assumptions=[head, [1, "a", 1], [1, "b", 2]])) == [
        ("Assumptions!A3", "the number 1 stands twice, here and in Assumptions!A2")
    ]
    states = [["Role", "State", "Share at the start"], ["r", "a", "x"], ["r", "a", None], ["r", "b", 0.5]]
    found = problems(case(Roles_and_states=states))
    assert [place for place, _ in found] == ["'Roles and states'!B3", "'Roles and states'!C2"]


def test_rows_that_are_half_filled():
    assert problems(case(Assumptions=[["Name", "Value"], [None, 5]])) == [("Assumptions!A2", 'this row has no "Name"')]
    head = ["Role", "From", "To", "How", "Number without the programme", "With the programme", "Effect"]
    rows = [
        ["r", "a", "b", None, 0.1],
        ["r", "a", "b", "a year"],
        ["r", "a", "b", "a year", 0.1, "plus"],
        ["r", "a", "b", "a year", 0.1, None, 0.2],
        [None, "a", "b", "a year", 0.1],
    ]
    assert [place for place, _ in problems(case(Roles_and_states=STATES, Moves=[head, *rows]))] == [
        "Moves!D2",
        "Moves!E3",
        "Moves!G4",
        "Moves!F5",
        "Moves!A6",
    ]
    figures = [["What", 2027, "Total"], ["costs", None, None], [None, 5]]
    assert [place for place, _ in problems(case(**{"The paper's figures": figures}))] == [
        "'The paper''s figures'!A2",
        "'The paper''s figures'!A3",
    ]
    assert problems(case(Entries=[["Family", "Month", "Number"], ["f", "2027-01", 1]]))[0][0] == "Entries!A2"


def test_one_number_and_numbers_by_year():
    ((place, message),) = wrong(["a", None, 5, 1, 2])
    assert place == "Costs!C2"
    assert "cannot both stand here" in message


def test_the_first_sheet():
    sheets = {"Case": [*CASE, ["Titel", "y"], ["Tittle", "z"], [None, 5], ["Draws", "many"], ["Money"], ["Seed", 1.5]]}
    assert [place for place, _ in problems(sheets)] == ["Case!A7", "Case!A8", "Case!B9", "Case!B10", "Case!B12"]


def test_other_places():
    other = [
        ["Place", "Value"],
        ["implementations.KIK.reached", 0.5],
        ['costs."a".note', "n"],
        ["costs[0].more.deep", "[1, 2.5]"],
        ["simulation.columns", "{ x = 2 }"],
    ]
    found = tree_of(case(Costs=[COSTS, ["a", None, 1]], Other=other))
    assert found["implementations"] == {"KIK": {"reached": 0.5}}
    assert found["costs"] == [{"label": "a", "yearly": 1, "note": "n", "more": {"deep": [1, 2.5]}}]
    assert found["simulation"] == {"columns": {"x": 2}}
    bad = [
        ["Place", "Value"],
        ["title", "again"],
        ["costs.b.note", 1],
        ["a..b", 1],
        ["x", "{ a"],
        ["y", None],
        [None, 1],
    ]
    places = [place for place, _ in problems(case(Costs=[COSTS, ["a", None, 1]], Other=bad))]
    assert sorted(places) == ["Other!A2", "Other!A3", "Other!A4", "Other!A7", "Other!B5", "Other!B6"]


def test_what_a_row_says_twice():
    head = ["Line", "Amount a year", "Note", "More"]
    assert costs(["a", 1, None, '{ part = "x" }'], head=head)[0]["part"] == "x"
    assert wrong(["a", 1, "n", '{ note = "m" }'], head=head) == [
        ("Costs!D2", "`note` is said twice, here and in a column of its own")
    ]
    assert wrong(["a", 1, "n", "note = 1"], head=head)[0][0] == "Costs!D2"
    states = [["Role", "State", "State refund", "Refund: weeks of the steps"], ["r", "a", 0.2, "4; 22"]]
    assert problems(case(Roles_and_states=states))[0][0] == "'Roles and states'!D2"


def test_all_problems_at_once_in_the_language_of_the_case():
    sheets = case(Costs=[COSTS, ["a", None, date(2027, 1, 1)]], Assumptions=[["Name", "Vaule"], ["x", 1]], Foo=[["x"]])
    assert {place for place, _ in problems(sheets)} == {"Costs!C2", "Assumptions!B1", "Foo!A1"}
    with locale.speaking("en"):
        found = reading.read(book({**sheets, "Case": [*CASE[:-1], ["Sprog", "dansk"]]}))
    assert found.language == "da"
    assert all("ark" in one.message for one in found.problems)


def test_a_cell_that_cannot_be_read_is_told_once():
    figures = [["What", 2027], ["costs", date(2027, 1, 1)]]
    moves = [
        ["Role", "From", "To", "How", "Number without the programme"],
        ["r", "a", "b", "a week", 0.1],
        ["r", "a", "b", "a year", True],
    ]
    found = problems(
        case(
            Roles_and_states=STATES,
            Moves=moves,
            Reported=[],
            **{"The paper's figures": figures},
            Other=[["Place", "Value"], ["x", "[1"]],
        )
    )
    assert sorted(place for place, _ in found) == ["'The paper''s figures'!B2", "Moves!D2", "Moves!E3", "Other!B2"]


def test_a_choice_that_is_none():
    head = ["Name", "Value", "Uncertainty"]
    ((place, message),) = problems(case(Assumptions=[head, ["a", 1, "prt"]]))
    assert place == "Assumptions!C2"
    assert message.startswith('"prt" cannot be chosen here; write one of beta, pert, triangular, uniform')
    assert message.endswith("; did you mean `pert`?")


def test_far_cells_cost_nothing():
    """A cell at the end of the sheet's columns, and thousands of rows, are looked at as what they are: few cells."""
    rows = [COSTS, *([f"line {i}", None, i] for i in range(1, 4000)), [None] * 16_000 + [5.0]]
    found = read(case(Costs=rows), Costs={"merged": [(0, 20, 1_000_000, 15_999)]})
    assert len(found.tree["costs"]) == 3999
    assert [one.cell for one in found.problems] == ["Costs!WQK4001"]
