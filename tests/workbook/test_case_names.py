"""Names, headings and fields that are misspelt, padded or gone: the same case, or one sentence for each cause, with the cell to mend."""

import pytest
from edited import Template

ROLES, MOVES, FAMILIES, COSTS = "Roller og tilstande", "Overgange", "Familier", "Udgifter"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return Template(tmp_path_factory.mktemp("template"), "da")


PADDED = {
    "a role": (ROLES, "voksen", "voksen "), "a role of moves": (MOVES, "voksen", "\u00a0voksen"), "a state": (MOVES, "kontanthjælp", "kontanthjælp\u00a0"),
    "an assumption where it stands": ("Forudsætninger", "tilbagefald", " tilbagefald"), "where it is used": (MOVES, "tilbagefald", "tilbagefald\u00a0"),
    "a line": (ROLES, "Reduktion i udgifter til anbringelser", "Reduktion i udgifter\u00a0til anbringelser "), "an area": (COSTS, "Serviceudgifter", "Serviceudgifter "),
    "a figure's line": ("Oplæggets tal", "post: Reduktion i udgifter til anbringelser", "post: Reduktion i udgifter til anbringelser\u00a0"),
}  # fmt: skip


@pytest.mark.parametrize("name", PADDED)
def test_blanks_around_a_name_do_not_count(name, template, monkeypatch):
    sheet, was, becomes = PADDED[name]
    whole = template.said(template.book, monkeypatch)
    found = template.said(template.changed(sheet, was, becomes, most=1), monkeypatch)
    assert found == whole


@pytest.mark.parametrize("heading", ["Medlemmer: voksen ", "Medlemmer:voksen", "medlemmer : voksen", "Members: voksen\u00a0"])  # fmt: skip
def test_members_may_be_headed_in_many_ways(heading, template, monkeypatch):
    rows = template.rows(FAMILIES)
    rows[0] = [heading if one == "Medlemmer: voksen" else one for one in rows[0]]
    assert template.said(template.with_rows(FAMILIES, rows), monkeypatch) == template.said(template.book, monkeypatch)


MISSPELT = {
    "a role of one of its rows": (ROLES, "voksen", "Voksen", 1, ["'Roller og tilstande'!A2"], 'ingen række med rollen "Voksen" har en tilstand; mente du ”voksen”?'),
    "a role of two moves": (MOVES, "voksen", "Voksen", 2, ["Overgange!A2"], 'ingen rolle hedder "Voksen" (her og i A3); mente du ”voksen”?'),
    "a state": (MOVES, "kontanthjælp", "KONTANTHJÆLP", 1, ["Overgange!B2"], 'ingen tilstand hedder "KONTANTHJÆLP"; mente du ”kontanthjælp”?'),
    "an assumption": (MOVES, "tilbagefald", "Tilbagefald", 1, ["Overgange!E3"], 'ingen forudsætning hedder "Tilbagefald"; mente du ”tilbagefald”?'),
    "a role in its own sheet": (ROLES, "barn", "børn", None, ["Familier!K2", "Overgange!A4"], "ingen rolle hedder"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISSPELT)
def test_one_sentence_for_one_cause(name, template, monkeypatch):
    sheet, was, becomes, most, cells, words = MISSPELT[name]
    found = template.said(template.changed(sheet, was, becomes, most), monkeypatch).problems
    assert [cell for cell, _ in found] == cells
    assert all(words in message for _, message in found)


def test_deleted_rows_of_a_role(template, monkeypatch):
    rows = [row for row in template.rows(ROLES) if not row or row[0] != "voksen"]
    found = template.said(template.with_rows(ROLES, rows), monkeypatch).problems
    assert [cell for cell, _ in found] == ["Familier!J2", "Overgange!A2", "'Oplæggets tal'!A5"]
    assert found[1][1] == 'ingen rolle hedder "voksen" (her og i A3); der er: barn'


def test_a_short_name_in_other_capitals_is_suggested(template, monkeypatch):
    rows = [[("a" if cell == "tilbagefald" else cell) for cell in row] for row in template.rows("Forudsætninger")]
    book = template.with_rows("Forudsætninger", rows)
    [(_, said)] = template.said(template.on(book).changed(MOVES, "tilbagefald", "A"), monkeypatch).problems
    assert said == 'ingen forudsætning hedder "A"; mente du ”a”?'


def test_a_field_whose_row_is_gone_is_told_where_to_write_it(template, monkeypatch):
    rows = [row for row in template.rows("Sagen") if row[:1] != ["Titel"]]
    last = len(rows)
    [(cell, said)] = template.said(template.with_rows("Sagen", rows), monkeypatch).problems
    assert cell == f"Sagen!B{last + 1}"
    assert said.startswith(f'rækken "Titel" mangler; skriv "Titel" i Sagen!A{last + 1} og i cellen ved siden af')


def test_a_misspelt_field_is_not_missing_as_well(template, monkeypatch):
    [(cell, said)] = template.said(template.changed("Sagen", "Titel", "Titell"), monkeypatch).problems
    assert cell == "Sagen!A3"
    assert said.endswith("mente du ”Titel”?")


def test_what_is_beside_a_missing_field_is_told_too(template, monkeypatch):
    rows = [row for row in template.rows("Sagen") if row[:1] != ["Titel"]]
    book = template.with_rows("Sagen", rows)
    other = [list(row) for row in next(one for one in book.sheets if one.name == COSTS).rows]
    other[1][2] = "mange"
    found = template.said(template.on(book).with_rows(COSTS, other), monkeypatch).problems
    assert [cell for cell, _ in found] == [f"Sagen!B{len(rows) + 1}", "Udgifter!C2"]


PER_CENT = {
    "a chance a year": ("Forudsætninger!E4", 15.0, '15 er ikke en sandsynlighed'),
    "a chance without the programme": ("Forudsætninger!E2", 12.0, "er ikke en sandsynlighed"),
    "what an effect adds": ("Forudsætninger!E3", 12.0, "er ikke en sandsynlighed"),
}  # fmt: skip


@pytest.mark.parametrize("name", PER_CENT)
def test_a_number_of_per_cent_is_told_at_its_own_cell(name, template, monkeypatch):
    cell, number, words = PER_CENT[name]
    found = [
        one for one in template.said(template.put(cell, number), monkeypatch).problems if "sandsynlighed" in one[1]
    ]
    assert [place for place, _ in found] == [cell]
    assert words in found[0][1]
    assert f'er det i procent, skrives det "{number:.0f} %" eller {number / 100:g}'.replace("0.", "0,") in found[0][1]


HEADINGS = {
    "Forudsætning": 'ingen kolonne i arket Udgifter hedder "Forudsætning"; skriv det i kolonnen "Bemærkning" eller "Kilde", eller flyt kolonnen til et ark, der hedder Noter',
    "Bemærkninger": 'ingen kolonne i arket Udgifter hedder "Bemærkninger"; mente du ”Bemærkning”?',
}  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_column_of_ones_own_is_told_what_to_do_with(heading, template, monkeypatch):
    rows = [[*row, *[None] * (30 - len(row)), "mit eget"] for row in template.rows(COSTS)]
    rows[0][-1] = heading
    [(cell, said)] = template.said(template.with_rows(COSTS, rows), monkeypatch).problems
    assert (cell, said) == ("Udgifter!AE1", HEADINGS[heading])


def test_a_role_as_heading_is_told_how_it_is_headed(template, monkeypatch):
    rows = template.rows(FAMILIES)
    rows[0] = ["Voksne" if one == "Medlemmer: voksen" else one for one in rows[0]]
    [(cell, said)] = template.said(template.with_rows(FAMILIES, rows), monkeypatch).problems
    assert cell == "Familier!J1"
    assert said.endswith('hvor mange der er af en rolle i en familie, står under "Medlemmer: Voksne"')


def test_a_warning_points_to_cells(template, monkeypatch):
    found = template.said(template.put("Familier!B2", None), monkeypatch).warnings
    assert ("Forudsætninger!B2", "den bruges kun, hvor den intet ændrer: Overgange!E2") in found
    assert not any("roles" in said or "costs" in said for _, said in found)


def test_what_is_missing_of_a_table_is_told_where_it_is_to_be_written(template, monkeypatch):
    found = template.said(template.put("Overgange!R2", "barn"), monkeypatch).problems
    assert [(cell, said.partition(":")[0]) for cell, said in found if "her står ikke noget" in said] == [
        ("Overgange!S2", "Mens tilstand"), ("Overgange!T2", "Mens"),
    ]  # fmt: skip
