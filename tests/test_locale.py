"""Every message has its Danish words, and the scenario to begin from is right and alike in both languages."""

import gettext
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from typer.testing import CliRunner

import simulate
from simulate import locale
from simulate.cli.app import app
from simulate.locale.catalogue import Catalogue
from simulate.scenario import Scenario, load

SOURCE = Path(simulate.__file__).parent
CATALOGUE = SOURCE / "locale" / "da" / "LC_MESSAGES" / "simulate.po"
FORMATS = {"text": None, "later": None, "plural": (1, 2)}  # as in scripts/locale
NAMED = ("assumptions", "families", "members", "roles", "states")  # whose keys are the author's own names
LANGUAGES = ("da", "en")

Id = str | tuple[str, ...]


@cache
def in_code() -> frozenset[Id]:
    found = extract_from_dir(SOURCE, keywords=FORMATS)
    return frozenset(message if isinstance(message, str) else tuple(message) for _, _, message, _, _ in found)


@cache
def danish() -> Catalog:
    with CATALOGUE.open("rb") as stream:
        return read_po(stream, locale="da", abort_invalid=True)


def words(catalogue: Catalog) -> dict[Id, Any]:
    # a compiled catalogue gives the forms of a plural as lists
    return {_fixed(message.id): _fixed(message.string) for message in catalogue if message.id}


def _fixed(entry: Any) -> Any:
    return tuple(entry) if isinstance(entry, list) else entry


def translated() -> dict[Id, Any]:
    return {id: string for id, string in words(danish()).items() if all(forms(string))}


def fields(message: str) -> set[tuple[str, str | None, str | None]]:
    """Placeholders with the way they are written out."""
    return {(name, spec, how) for _, name, spec, how in Formatter().parse(message) if name is not None}


def forms(message: Id) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else message


# The catalogue -------------------------------------------------------------------------------------------------------


def test_the_catalogue_holds_the_messages_of_the_code_and_no_others():
    listed = {tuple(m) if isinstance(m, list | tuple) else m for m in words(danish())}
    assert in_code() - listed == set(), "run scripts/locale and translate"
    assert listed - in_code() == set(), "run scripts/locale"


def test_every_message_is_translated():
    assert words(danish()).keys() - translated().keys() == set()


def test_no_translation_is_fuzzy():
    assert not danish().fuzzy
    assert [message.id for message in danish() if message.fuzzy] == []


def test_translations_have_the_placeholders_of_their_messages():
    for id, string in translated().items():
        one, many = fields(forms(id)[0]), fields(forms(id)[-1])
        assert fields(forms(string)[-1]) == many, id
        assert fields(forms(string)[0]) in ([many] if one == many else [one, many]), id


def joints(message: str) -> list[str]:
    return re.findall(r"\A[;,]?\s*|[:.]?\s*\Z", message)


def test_translations_keep_what_begins_and_ends_a_message():
    """Spaces, and marks that join a message to what stands before or after it."""
    for id, string in translated().items():
        for message, danish_one in zip(forms(id), forms(string), strict=True):
            assert joints(danish_one) == joints(message), message


def test_babel_finds_nothing_wrong():
    assert [(message.id, errors) for message, errors in danish().check()] == []


def test_what_is_compiled_is_what_is_written():
    with CATALOGUE.with_suffix(".mo").open("rb") as stream:
        assert words(read_mo(stream)) == translated()


def test_danish_is_spoken():
    locale.use("da")
    assert locale.text("{file}: no problems", file="a.toml") == "a.toml: ingen fejl"


@pytest.mark.parametrize(
    ("message", "value", "said"),
    [
        ("It costs {x}.", "2.7 t.kr.", "It costs 2.7 t.kr."),
        ("As {x}. Write it.", "5 mia.", "As 5 mia. Write it."),
        ("It costs {x}", "5 kr.", "It costs 5 kr."),
        ("{x}, ... and more.", "5 kr.", "5 kr., ... and more."),
        ("{x}...", "5 kr.", "5 kr...."),
        ("It ends in {x}.", "more ...", "It ends in more ...."),
        ("See {x}.", "../a..b", "See ../a..b."),
        ("{x:.2f}. {x}. {{y}}..", 1.5, "1.50. 1.5. {y}.."),
    ],
)
def test_the_dot_of_an_abbreviation_ends_the_sentence(message: str, value: object, said: str):
    assert locale.text(message, x=value) == said


@pytest.mark.parametrize(
    ("message", "value", "english", "danish"),
    [
        ("{x} is no chance", 1.05, "1.05 is no chance", "1,05 is no chance"),
        ("at most {x:g}", 0.25, "at most 0.25", "at most 0,25"),
        ("{x:,.1f} GB", 1234.56, "1,234.6 GB", "1.234,6 GB"),
        (
            "{x}, or `held = {x}`, {x}.",
            2.5,
            "2.5, or `held = 2.5`, 2.5.",
            "2,5, or `held = 2.5`, 2,5.",
        ),  # as a file has it
        ("in {x}", 2027, "in 2027", "in 2027"),
        ("not {x}", [0.1, 2], "not [0.1, 2]", "not [0,1; 2]"),
        ("{x}", "3.6 t.kr.", "3.6 t.kr.", "3.6 t.kr."),
    ],
)
def test_a_number_in_a_message_has_the_decimal_mark_of_the_language(message, value, english, danish):
    for language, said in (("en", english), ("da", danish)):
        with locale.speaking(language):
            assert locale.text(message, x=value) == said


def test_the_dot_of_an_abbreviation_ends_a_sentence_of_a_number_too():
    assert locale.plural("{n} costs {x}.", "{n} cost {x}.", 2, x="5 t.kr.") == "2 cost 5 t.kr."


# The scenario to begin from ------------------------------------------------------------------------------------------


def template(language: str) -> Path:
    return SOURCE / "scenario" / f"template.{language}.toml"


def full(language: str) -> str:
    """With what is commented out in use: # without a space."""
    return re.sub(r"^#(?=[^ \n])", "", template(language).read_text("utf-8"), flags=re.M)


def said(*arguments: object) -> str:
    """What the command prints."""
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def checked(file: Path) -> dict[str, Any]:
    return json.loads(said("check", file, "--json"))["files"][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_passes_check(language: str):
    found = checked(template(language))
    assert (found["problems"], found["warnings"]) == ([], [])
    assert len(found["reported"]) > 2
    assert all(row["reproduced"] for row in found["reported"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_template_comments_out_is_right_too(language: str, tmp_path: Path):
    file = tmp_path / "full.toml"
    file.write_text(full(language), encoding="utf-8")
    loaded = load(file)
    assert loaded.warnings == ()
    assert loaded.scenario.language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_appears_in_the_template(language: str):
    written = {"parts", "implementations"}  # by the program, not by people
    assert set(tomllib.loads(full(language))) == set(Scenario.model_fields) - written


@pytest.mark.parametrize("text", [lambda language: template(language).read_text("utf-8"), full], ids=["in use", "full"])
def test_the_templates_are_alike(text: Any):
    alike(*(tomllib.loads(text(language)) for language in LANGUAGES), ())


def alike(one: Any, other: Any, path: tuple[str | int, ...]) -> None:
    """The same keys in the same order; names, and text, are each language's own."""
    assert type(one) is type(other), path
    if isinstance(one, dict):
        if path and path[-1] in NAMED:
            assert len(one) == len(other), path
        else:
            assert list(one) == list(other), path
        for key, items in zip(one, zip(one.values(), other.values(), strict=True), strict=True):
            alike(*items, (*path, key))
    elif isinstance(one, list):
        assert len(one) == len(other), path
        for i, items in enumerate(zip(one, other, strict=True)):
            alike(*items, (*path, i))
    elif not isinstance(one, str):
        assert one == other, path


def test_the_templates_say_the_same():
    da, en = (checked(template(language))["reported"] for language in LANGUAGES)
    for one, other in zip(da, en, strict=True):
        assert (one["year"], one["value"]) == (other["year"], other["value"])
        assert one["ours"] == pytest.approx(other["ours"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_file_is_the_template_of_its_language(language: str, tmp_path: Path):
    file = tmp_path / "mine.toml"
    assert str(file) in said("new", file, "--lang", language)
    assert file.read_text("utf-8") == template(language).read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_runs(language: str):
    document = json.loads(said("run", template(language), "--json", "--draws", 256, "--threads", 1))
    assert (document["warnings"], document["clipped"]) == ([], {})
    assert 0.1 < document["break_even"]["probability"]["value"] < 0.9


def test_messages_are_found_as_the_standard_library_finds_them() -> None:
    library = gettext.translation(locale.DOMAIN, SOURCE / "locale", languages=["da"])
    ours = locale._catalogue("da", "")
    for id in in_code():
        if isinstance(id, str):
            assert ours.gettext(id) == library.gettext(id)
        else:
            assert [ours.ngettext(*id, n) for n in range(4)] == [library.ngettext(*id, n) for n in range(4)]
    assert ours.gettext("no message") == "no message"
    assert [locale._catalogue("en", "").ngettext("one", "many", n) for n in range(3)] == ["many", "one", "many"]


def test_what_is_no_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="no compiled catalogue"):
        Catalogue(b"msgid" * 9)
