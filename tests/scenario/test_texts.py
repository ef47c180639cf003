"""Texts of users are data: what a terminal would obey, or nobody would see, is refused in every place and shown nowhere as it is."""

import sys
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from trees import rich

from simulate.errors import InputError, ScenarioError
from simulate.locale import text
from simulate.locale.visible import escaped, first_hidden, hidden
from simulate.scenario import danish, load
from simulate.scenario.schema import Arms, LengthOrMonths, Portfolio, Refusion, Scenario, StayArms
from simulate.scenario.toml_writer import dump
from simulate.sweeps.file import How, SweepFile

LETTERS = {
    "escape": "\x1b[2J",
    "carriage return": "\r",
    "nul": "\x00",
    "one-byte escape": "\x9b",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "no width": "\u200b",
    "tag": "\U000e0041",
}  # fmt: skip
Place = tuple[str | int, ...]


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and all that stand in it."""
    seen, left = set(), [model]
    while left:
        one = left.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            if one not in seen:
                seen.add(one)
                yield one
                left += [info.annotation for info in one.model_fields.values()]
        else:
            left += typing.get_args(one)


EVERY = {*models(Scenario), *models(Portfolio)}
FIELDS = [(model, info.alias or name, info) for model in EVERY for name, info in model.model_fields.items()]
NOT_IN_FILES = {
    (Arms, "both"),
    (StayArms, "both"),
    (Refusion, "both"),
    (LengthOrMonths, "months"),
    (LengthOrMonths, "drawn"),
}
KEYS = sorted({key for model, key, _ in FIELDS if (model, key) not in NOT_IN_FILES})


def texts(annotation: object) -> bool:
    return annotation is str or any(texts(part) for part in typing.get_args(annotation) if part is not annotation)


def everywhere() -> dict:
    """A scenario with a text in every place of the schema that takes one, and its moves, rows and names."""
    tree = rich()
    tree |= {"municipality": "By", "language": "da"}
    tree["money"]["currency"] = "DKK"
    tree["assumptions"]["job"] |= {"label": "Job", "unit": "andel"}
    tree["person_years"] = [{"label": "Skat", "role": "adult", "state": "job", "yearly": 1, "area": "skat"}]
    tree["costs"][1] |= {"families": ["one"], "part": "a"}
    tree["observed"] = [
        {"label": "Set", "role": "adult", "what": "moved", "from": "job", "to": "sick", "until": "2021-01", "count": 1}
    ]
    tree["observed"][0].pop("from")
    tree["reported"] = [{"what": "provenu", "value": 1}]
    tree["parts"] = [{"name": "a", "file": "a.toml", "title": "A", "sha256": "x"}]
    tree["payers"], tree["roles"]["adult"]["states"]["sick"]["shares"] = ["region"], {"region": "10 %"}
    tree["financing"] = [{"label": "Pulje", "yearly": 1, "when_target": tree["targets"][0]["label"]}]
    tree["implementations"] = {"a": {"reached": 0.5, "source": "bilag 2"}}
    for node in (
        tree,
        tree["time"],
        tree["money"],
        tree["roles"]["adult"],
        tree["roles"]["adult"]["moves"][0],
        tree["costs"][0],
    ):
        node |= {"source": "bilag 1", "note": "uden kilde"}
    return tree


def places(node: object, path: Place = ()) -> Iterator[Place]:
    if isinstance(node, dict | list):
        for key, item in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(item, (*path, key))
    elif isinstance(node, str):
        yield path


PLACES = list(places(everywhere()))


def problems(tree: dict, folder: Path) -> list:
    file = folder / "t.toml"
    file.write_text(dump(tree), "utf-8")
    with pytest.raises(ScenarioError) as raised:
        load(file, language="en")
    return list(raised.value.problems)


def test_every_text_of_the_schema_is_gone_through() -> None:
    named = {key for model, key, info in FIELDS if texts(info.annotation) and model not in models(Portfolio)}
    reached = {step for place in PLACES for step in place if isinstance(step, str)}
    assert (
        named
        - reached
        - {"from", "kind", "climate", "design", "counterfactual", "than", "at", "timing", "shape", "arm"}
        == set()
    )


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_a_hidden_letter_is_refused_in_every_text(place: Place, tmp_path: Path) -> None:
    tree = everywhere()
    node: typing.Any = tree
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = node[place[-1]] + "\x1b[2J"
    found = problems(tree, tmp_path)
    told = [problem for problem in found if "U+001B" in problem.message]
    assert len(told) == 1
    assert told[0].line > 0
    assert not any(hidden().search(problem.at("t.toml")) for problem in found)


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_every_hidden_letter_is_refused_in_names_and_labels(letter: str, tmp_path: Path) -> None:
    tree = rich() | {"title": f"x{letter}y"}
    tree["costs"][0]["label"] = f"{letter}y"
    tree["families"][f"f{letter}"] = {"enter": 1}
    found = problems(tree, tmp_path)
    code = f"U+{ord(letter[0]):04X}"
    assert sorted(problem.path.split(".")[0] for problem in found if code in problem.message) == [
        "costs",
        "families",
        "title",
    ]
    assert not any(hidden().search(problem.at("t.toml")) for problem in found)


def test_lines_and_tabs_may_stand_in_notes_and_sources_alone(tmp_path: Path) -> None:
    tree = rich() | {"note": "one\n\ttwo", "source": "a\nb"}
    (tmp_path / "good.toml").write_text(dump(tree), "utf-8")
    assert load(tmp_path / "good.toml", language="en").scenario.note == "one\n\ttwo"
    [found] = problems(rich() | {"title": "one\ntwo"}, tmp_path)
    assert (found.path, "U+000A" in found.message) == ("title", True)


def test_letters_of_any_language_may_stand_everywhere(tmp_path: Path) -> None:
    tree = rich() | {"title": "Ærø – «familier» 5\u00a0% ☂ 家"}
    (tmp_path / "good.toml").write_text(dump(tree), "utf-8")
    assert load(tmp_path / "good.toml", language="en").scenario.title == tree["title"]


@pytest.mark.parametrize("change", ["\x1b[2J=1", "\x1b]8;;x\x07*2", "title=\x1b[2J", "a\x1b.b=1", "job=\x1b"])
def test_a_change_of_the_command_line_is_quoted_without_its_hidden_letters(change: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(dump(rich()), "utf-8")
    with pytest.raises(InputError) as raised:
        load(tmp_path / "a.toml", [change], language="en")
    assert not hidden().search(str(raised.value))


def test_a_message_never_holds_a_hidden_letter_of_what_it_quotes() -> None:
    assert text("{file}: no problems", file="a\x1b[2J\u202e\nb") == "a\\u001b[2J\\u202e\\nb: no problems"
    assert text("{file}: no problems", file=Path("a\x9bb")) == "a\\u009bb: no problems"


def test_what_is_hidden_is_found_and_written_out() -> None:
    assert first_hidden("abc\u202ed") == (3, "U+202E")
    assert first_hidden("a\nb", "\n") is None
    assert escaped("æ\x00\n", "\n") == "æ\\u0000\n"


# Danish words --------------------------------------------------------------------------------------------------------


PARAMETERS = ("low", "mode", "high", "mean", "sd", "relative_sd", "successes", "failures", "values", "weights")


SWEEPS = (*SweepFile.model_fields, *How.model_fields)  # of a sweep's file


@pytest.mark.parametrize("key", sorted({*KEYS, *PARAMETERS, *SWEEPS}))
def test_every_key_of_the_schema_has_a_danish_word_that_leads_to_it(key: str) -> None:
    assert danish.KEYS[key]
    for word in danish.KEYS[key]:
        assert danish.meant(word.replace(" ", "_").upper(), danish.KEYS, [key]) == key
        assert danish.meant(word.replace("ø", "oe").replace("å", "aa").replace("æ", "ae"), danish.KEYS, [key]) == key


def test_no_danish_word_leads_to_a_key_that_is_none() -> None:
    assert danish.KEYS.keys() == {*KEYS, *PARAMETERS, *SWEEPS}


def test_every_word_that_stands_as_a_value_has_a_danish_one() -> None:
    listed = {value for _, _, info in FIELDS for value in _literals(info.annotation) if isinstance(value, str)}
    assert listed - danish.VALUES.keys() == set()


def _literals(annotation: object) -> Iterator[object]:
    if typing.get_origin(annotation) is typing.Literal:
        yield from typing.get_args(annotation)
    else:
        for part in typing.get_args(annotation):
            yield from _literals(part)


def test_no_letter_that_is_printable_is_hidden() -> None:
    """So that printable texts need not be searched."""
    assert not [
        letter for letter in map(chr, range(sys.maxunicode + 1)) if letter.isprintable() and hidden().match(letter)
    ]
