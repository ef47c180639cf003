"""What is said of a workbook: other words for messages that tell how a text file is written, and headings for the keys that messages name."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from simulate import locale
from simulate.locale import Language
from simulate.scenario.whereabouts import Cells
from simulate.workbook import naming

FOLDER = Path(locale.__file__).parent
OF_TEXTS = re.compile(r"quotes|anførselstegn|\btable\b|tabel|\blist\b|\bliste\b|\bkey\b|nøgle|payers = ")


def catalogue(language: str, name: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / f"{name}.po").open("rb") as stream:
        return read_po(stream)


@pytest.mark.parametrize("language", ["da", "en"])
def test_each_of_its_messages_is_one_of_the_program(language: str) -> None:
    known, special = catalogue("da", "simulate"), catalogue(language, "workbook")
    messages = {one.id: one.string for one in special if one.id}
    assert len(messages) > 20
    for message, said in messages.items():
        assert message in known, message
        assert said
        assert not OF_TEXTS.search(re.sub(r"{\w+}", "", said)), said
        assert set(re.findall(r"{[^}]+}", said)) <= set(re.findall(r"{[^}]+}", message)), message
    with (FOLDER / language / "LC_MESSAGES" / "workbook.mo").open("rb") as stream:
        assert {one.id: one.string for one in read_mo(stream) if one.id} == messages


def test_both_languages_have_other_words_for_the_same() -> None:
    da, en = ({one.id for one in catalogue(language, "workbook")} for language in ("da", "en"))
    assert da == en


MOVE = ("roles", "adult", "moves", 0)
NAMED: dict[str, tuple[str, tuple[str | int, ...], str, str]] = {
    "a key": ("write `once`", ("costs", 1), "write “Only in”", "write ”Kun i”"),
    "a key with a value": ("`last_holds = true`", ("costs", 1), "“Last holds on”: yes", "”Sidste gælder videre”: ja"),
    "a number with decimals": ("`held = 0.5`", ("assumptions", "a", "scale"), "“Held at”: 0.5", "”Holdt fast på”: 0,5"),
    "a choice": ("`counts = \"all\"`", ("costs", 1), "“Who is counted”: all", "”Hvem tælles med”: alle"),
    "several keys": ("`low, mode, high`", ("assumptions", "a"), "“Lowest”, “Most likely”, “Highest”", "”Lavest”, ”Mest sandsynlig”, ”Højest”"),
    "a key of a move": ("`baseline` and `times`", MOVE, "“Number without the programme” and “times”", "”Tal uden indsatsen” and ”ganges med”"),
    "a key of another sheet": ("`places` in [implementation]", ("costs", 1), "“Places” in the sheet “Case”", "”Pladser” in arket ”Sagen”"),
    "a list of tables": ("see [[savings]]", ("targets", 0), "see the sheet “Savings”", "see arket ”Besparelser”"),
    "tables within others": ("[[families.TYPE.entering]]", ("costs", 0), "the sheet “Entries”", "arket ”Indskrivning”"),
    "the index": ("[money.index]", ("costs", 0), "the sheet “Price index”", "arket ”Prisindeks”"),
    "limits are no table": ("in [0, 1]", ("costs", 0), "in [0, 1]", "in [0, 1]"),
    "what nothing is called": ("`nothing`", ("costs", 0), "`nothing`", "`nothing`"),
    "a name of somebody's own": ("“once”", ("costs", 0), "“once”", "“once”"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_keys_are_called_by_their_headings(name: str) -> None:
    message, path, en, da = NAMED[name]
    languages: tuple[Language, Language] = ("en", "da")
    for language, words in zip(languages, (en, da), strict=True):
        with locale.speaking(language):
            assert naming.said(message, path) == words


CELLS = {
    (): "Case!A1",
    ("costs",): "Costs!A1",
    ("costs", 0): "Costs!A2",
    ("costs", 0, "label"): "Costs!A2",
    ("costs", 0, "yearly"): "Costs!C2",
    ("costs", 9): "Costs!A11",
    ("costs", 9, "yearly"): "Costs!AA11",
    ("costs", 9, "note"): "Costs!Z11",
    ("targets",): "Targets!A1",
    ("targets", 0): "Targets!A2",
}


def test_problems_stand_in_the_order_of_sheets_rows_and_columns() -> None:
    tree = {"costs": [{"label": "a"}] * 10, "targets": [{}]}
    found = [
        (("targets", 0), "t"), (("costs", 9, "yearly"), "aa"), (("costs", 9, "note"), "z"), (("costs", 0, "yearly", 2), "c"), (("time",), "first"),
    ]  # fmt: skip
    with locale.speaking("en"):
        told = Cells(CELLS).problems(found, tree)
    assert [one.cell for one in told] == ["Case!A1", "Costs!C2", "Costs!Z11", "Costs!AA11", "Targets!A2"]
    assert [one.message for one in told] == ["time: first", "c", "z", "aa", "t"]


def test_what_has_no_cell_of_its_own_is_named() -> None:
    tree = {"costs": [{"label": "a"}]}
    with locale.speaking("da"):
        [told, other] = Cells(CELLS).problems(
            [(("costs", 0, "number"), "mangler"), (("costs", 0, "strange"), "ukendt")], tree
        )
    assert (told.cell, told.message, told.path) == ("Costs!A2", "Antal: mangler", "costs.a.number")
    assert other.message == "costs.a.strange: ukendt"
    assert told.at("sag.xlsx") == "sag.xlsx Costs!A2  Antal: mangler"
