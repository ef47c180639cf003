"""Names, headings and fields that are misspelt, padded or gone: the same case, or one sentence for each cause, with the cell to mend."""

import unicodedata
from dataclasses import replace

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
    found = template.said(template.put("Familier!L2", 0), monkeypatch).warnings
    assert ("Forudsætninger!B3", "den ændrer ikke noget, hvor den bruges: Overgange!G2") in found
    assert not any("roles" in said or "costs" in said for _, said in found)


def test_what_is_missing_of_a_table_is_told_where_it_is_to_be_written(template, monkeypatch):
    found = template.said(template.put("Overgange!R2", "barn"), monkeypatch).problems
    assert [(cell, said.partition(":")[0]) for cell, said in found if "her står ikke noget" in said] == [
        ("Overgange!S2", "Mens tilstand"), ("Overgange!T2", "Mens"),
    ]  # fmt: skip


SAID = {
    "an antal of a role": ("Familier!J1", "Antal voksne", "Familier!J1", 'hvor mange der er af en rolle i en familie, står under "Medlemmer:" efterfulgt af rollens navn'),
    "a year with a letter": ("Udgifter!D1", "B2027", "Udgifter!D1", "er det årstallet, så skriv 2027 alene"),
    "a year as a date": ("Udgifter!D1", "2027-01-01", "Udgifter!D1", "er det årstallet, så skriv 2027 alene"),
    "a year's number": ("Udgifter!D1", "År 1", "Udgifter!D1", "er det årstallet, så skriv 2027 alene"),
    "a percentile": ("Forudsætninger!U1", "5 %", "Forudsætninger!U1", "er det fraktilen, så skriv p5"),
    "a label where a number belongs": (f"{MOVES}!E3", "Pris for en anbringelse", f"{MOVES}!E3", "dens navn er anbringelsespris"),
    "a word where a number belongs": ("Udgifter!C2", "afklares", "Udgifter!C2", 'ingen forudsætning hedder "afklares"; her skal stå et tal (0, hvis det ikke er noget) eller navnet på en forudsætning; der er:'),
    "a word for nothing": ("Udgifter!C2", "gratis", "Udgifter!C2", '"gratis" er ikke et tal; skriv 0'),
    "a half": ("Udgifter!B2", "½", "Udgifter!B2", '"½" er ikke et tal; skriv 0,5'),
    "an error as text": ("Udgifter!C2", "#REFERENCE!", "Udgifter!C2", "er en fejl fra regnearket og ikke et tal"),
    "a cell as text": (f"{MOVES}!E3", "Forudsætninger!E4", f"{MOVES}!E3", "er en celle; skriv navnet på forudsætningen i den række"),
    "two states in a row": (f"{MOVES}!C2", "selvforsørgelse; kontanthjælp", f"{MOVES}!C2", "er flere tilstande, og en række gælder én"),
    "the lowest in per cent": ("Forudsætninger!L4", 6, "Forudsætninger!L4", '”Lavest” (6) er over ”Højest” (0,25); er det i procent, skrives det "6 %" eller 0,06'),
    "a price of the role": ("'Roller og tilstande'!D2", 100, "'Roller og tilstande'!D2", "det kan ikke stå her; skriv det i tilstandens egen række: denne gælder rollen"),
    "weeks with commas": ("'Roller og tilstande'!G4", "4, 22, 26", "'Roller og tilstande'!G4", "skriv ; imellem: 4; 22; 26"),
    "words beside a year": ("Sagen!B8", "2027 (budgetår)", "Sagen!B8", '"2027 (budgetår)" er ikke et helt tal; skriv 2027'),
    "a first year of two digits": ("Sagen!B8", 27, "Sagen!B8", "tallet skal være mindst 1900"),
    "numbers of several years": ("Familier!B2", "14 i 2027 og 18 derefter", "Familier!B2", "er tal for flere år; skriv hvert tal i kolonnen med dets årstal"),
    "a first year before the columns": ("Sagen!B8", 2026, "Sagen!B8", "kolonnerne med år begynder med 2027, og her står 2026; skriv 2027 her"),
    "a heading in other words": ("Udgifter!C1", "Årligt beløb", "Udgifter!C1", 'kolonnen "Beløb pr. år" mangler; er det denne, så kald den det'),
    "a chance far above 1 beside a factor": (f"{MOVES}!E4", 30, f"{MOVES}!E4", 'og 1; er det i procent, skrives det "30 %" eller 0,3'),
    "a likely one out of order": ("Forudsætninger!M4", 8, "Forudsætninger!M4", "”Mest sandsynlig” (8) skal ligge mellem ”Lavest” (0,08) og ”Højest” (0,25)"),
    "both ends in one": ("Forudsætninger!L4", "15-40 %", "Forudsætninger!L4", 'skriv 15 % under "Lavest" og 40 % under "Højest"'),
    "nobody at the start": ("'Roller og tilstande'!C3", None, "'Roller og tilstande'!C3", "her står ikke noget, og cellen skal udfyldes"),
    "years where one belongs": ("Udgifter!J3", "2027-2028", "Udgifter!J3", 'skriv 2027 under "Fra år" og 2028 under "Til år"'),
    "half a year": ("Udgifter!K2", "2. halvår 2027", "Udgifter!K2", "skriv årstallet alene, 2027"),
    "two years": ("Mål!C2", "2029-2030", "Mål!C2", "skriv ét årstal"),
    "a line twice": ("Besparelser!A2", "Projektleder", "Besparelser!A2", "den anden er Udgifter!A2"),
    "a line of a role": ("Besparelser!A2", "Reduktion i udgifter til anbringelser", "Besparelser!A2", "den anden er 'Roller og tilstande'!J5"),
    "a range": ("Udgifter!C2", "650.000-700.000", "Udgifter!C2", "skrives som en forudsætning med ”Usikkerhed”"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_has_the_cell_and_what_to_write(name, template, monkeypatch):
    where, content, cell, words = SAID[name]
    found = template.said(template.put(where, content), monkeypatch).problems
    assert any(one == cell and words in said for one, said in found), found


@pytest.mark.parametrize(
    ("second", "words"),
    [("Pris for en anbringelse", "er betegnelsen på en forudsætning, og dens navn er anbringelsespris; skriv navnet"), ("tilbagefall", "mente du ”tilbagefald”?"),
     ("antal", "ingen forudsætning hedder"), ("antal_uden", "ingen forudsætning hedder")],
)  # fmt: skip
def test_the_second_of_two_that_go_together_is_told_at_its_own_cell(second, words, template, monkeypatch):
    sheet = "Sammenhænge"
    rows = [template.rows(sheet)[0], ["mereffekt", second, 0.3]]
    [(cell, said)] = template.said(template.with_rows(sheet, rows), monkeypatch).problems
    assert cell == f"{sheet}!B2"
    assert words in said


FACTORS = {
    "added": ("lægges til", 2.2, "det er 0,08 plus 2,2; er 2,2 en faktor, så skriv ”ganges med”"),
    "taken off": ("trækkes fra", 2.2, "det er 0,08 minus 2,2; er 2,2 en faktor, så skriv ”ganges med”"),
    "in its place": ("er med indsatsen", 2.2, "er 2,2 en faktor på 0,08, så skriv ”ganges med”"),
    "in per cent": ("lægges til", "120 %", "det er 0,08 plus 1,2; er 1,2 en faktor, så skriv ”ganges med”"),
    "a share taken off": ("trækkes fra", "20 %", "det er 0,08 minus 0,2; er 0,2 en andel af 0,08, så skriv ”ganges med” og 0,8"),
    "less as a factor": ("ganges med", "-30 %", "30 % færre skrives 70 %"),
    "less as a factor of the risk": ("risikoen ganges med", "-30 %", "er mindst 0; 30 % færre skrives 70 %"),
}  # fmt: skip


@pytest.mark.parametrize("name", FACTORS)
def test_an_effect_of_another_kind_is_told_at_the_effect(name, template, monkeypatch):
    how, number, words = FACTORS[name]
    changed = template.on(template.put(f"{MOVES}!F4", how))
    [(cell, said)] = changed.said(changed.put(f"{MOVES}!G4", number), monkeypatch).problems
    assert cell == f"{MOVES}!G4"
    assert words in said


def test_a_sheet_of_another_name_is_known_by_its_headings(template, monkeypatch):
    book = template.with_rows(COSTS, template.rows(COSTS), name="Omkostninger")
    [(cell, said)] = template.said(book, monkeypatch).problems
    assert cell == "Omkostninger!A1"
    assert said.endswith(
        'arket "Udgifter", der har disse overskrifter, mangler; er det dette ark, så kald det "Udgifter"'
    )


def test_a_deleted_sheet_is_missing_and_not_empty(template, monkeypatch):
    book = replace(template.book, sheets=tuple(one for one in template.book.sheets if one.name != ROLES))
    found = template.said(book, monkeypatch).problems
    assert any(said.endswith('arket "Roller og tilstande" mangler') for _, said in found)


def test_a_role_in_other_letters_is_that_role(template, monkeypatch):
    rows = [*template.rows(ROLES), ["Voksen", "job", None, 0]]
    [(cell, said)] = template.said(template.with_rows(ROLES, rows), monkeypatch).problems
    assert cell == f"'{ROLES}'!A{len(rows)}"
    assert said == 'ingen begynder i nogen tilstand for rollen "Voksen"; mente du ”voksen”?'


def test_repeated_headings_are_one_problem(template, monkeypatch):
    rows = template.rows(COSTS)
    [(cell, said)] = template.said(template.with_rows(COSTS, [*rows, rows[0]]), monkeypatch).problems
    assert (cell, said) == (f"{COSTS}!A{len(rows) + 1}", f"række {len(rows) + 1} gentager overskrifterne; slet den")


def test_a_line_that_is_0_is_told_at_the_0(template, monkeypatch):
    found = template.said(template.put(f"{COSTS}!B3", 0), monkeypatch).warnings
    assert (f"{COSTS}!B3", "”Antal” er 0 i alle år, så linjen er 0") in found


def test_nobody_anywhere_is_one_cause(template, monkeypatch):
    rows = [row for i, row in enumerate(template.rows(FAMILIES)) if i == 0]
    found = template.said(template.with_rows(FAMILIES, rows), monkeypatch).warnings
    assert found[0][0] == f"{FAMILIES}!A1"
    assert found[0][1].startswith("ingen begynder: der er ingen type familie")
    assert not any(cell.startswith(("Forudsætninger", "'Roller", MOVES)) for cell, _ in found)


def test_a_duplicate_name_is_not_missing_elsewhere(template, monkeypatch):
    [(cell, said)] = template.said(template.put("Forudsætninger!B5", "tilbagefald"), monkeypatch).problems
    assert (cell, said) == ("Forudsætninger!B5", '"tilbagefald" står to gange, her og i Forudsætninger!B4')


def test_letters_in_two_pieces_are_those_in_one(template, monkeypatch):
    state = "i forløb på ny"
    first = template.on(template.changed(ROLES, "selvforsørgelse", state))
    whole = first.on(first.changed(MOVES, "selvforsørgelse", state))
    apart = first.on(first.changed(MOVES, "selvforsørgelse", unicodedata.normalize("NFD", state)))
    assert whole.said(whole.book, monkeypatch) == apart.said(apart.book, monkeypatch)
    assert apart.book != whole.book


def test_a_row_of_formulas_that_point_to_nothing_is_told(template, monkeypatch):
    rows = [*template.rows(COSTS), [0.0, 0.0, 0.0], [0.0, None, 0.0]]
    found = template.said(template.with_rows(COSTS, rows), monkeypatch).problems
    assert [cell for cell, _ in found] == [f"{COSTS}!A{len(rows) - 1}", f"{COSTS}!A{len(rows)}"]
    assert all(
        "har ikke andet end 0, som formler giver, der peger på tomme celler; slet den" in said for _, said in found
    )
