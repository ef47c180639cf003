"""Answers as types: their schema, what every one of them has, and how they show themselves."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from trees import rich, run_tree

sys.path.insert(0, str(Path(__file__).parent / "cli"))
from command import PAPER, simulate

from simulate.analysis import precision
from simulate.answers import base, schema
from simulate.answers.run import of
from simulate.scenario import load

DOCS = (Path(__file__).parents[1] / "docs" / "answers.md").read_text("utf-8")


@pytest.fixture(scope="module")
def printed() -> Any:
    return json.loads(simulate("schema", "--output").out)


def test_the_schema_is_one_and_is_printed(printed: Any) -> None:
    assert printed == schema.json_schema()
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(printed)
    assert simulate("schema").out != simulate("schema", "--output").out


def test_every_answer_has_its_name(printed: Any) -> None:
    names = {one.__dataclass_fields__["answer"].default for one in schema.ANSWERS}
    assert len(names) == len(schema.ANSWERS) == len(printed["oneOf"])
    commands = set(re.findall(r"^\| `simulate ([\w-]+)", DOCS, re.MULTILINE)) - {
        "schema",
        "new",
        "convert",
        "sweep-export",
        "--version",
    }
    assert names == commands | {"point", "sweep-plan"}


def test_a_section_is_closed_and_its_fields_are_always_there(printed: Any) -> None:
    for name, one in printed["$defs"].items():
        assert "__" not in name
        assert one["additionalProperties"] is False
        assert set(one["required"]) == set(one["properties"])


def test_every_field_says_what_it_is(printed: Any) -> None:
    for name, one in printed["$defs"].items():
        assert one["description"], name
        for field, found in one["properties"].items():
            assert re.fullmatch(r"\S.*[.]", found["description"]), (name, field)
    of = printed["$defs"]["LowestPoint"]["properties"]
    assert of["never"]["description"] == "That it is never below 0."  # from the docstring
    assert of["percentiles"]["description"] == schema.EVERYWHERE["percentiles"]
    assert printed["$defs"]["Target"]["properties"]["probability_without_luck"]["description"].endswith(
        "; without luck."
    )
    assert printed["$defs"]["Run"]["properties"]["risk"]["description"] == "What can go wrong."  # of its section


def test_what_the_docs_list_the_schema_lists(printed: Any) -> None:
    for section, field in (
        *(("Options", one) for one in ("engine", "counterfactual", "design", "period")),
        *(("Convergence", "of"), ("Convergence", "stopped_by"), ("Rule", "sign"), ("Seen", "arm"), ("Seen", "counted")),
    ):
        for one in printed["$defs"][section]["properties"][field]["enum"]:
            assert one in DOCS, (field, one)
    assert "correlation" in printed["$defs"]["Differing"]["properties"]["reasons"]["items"]["enum"]


def test_keys_of_percentiles_are_percentiles(printed: Any) -> None:
    document = simulate("run", PAPER, "--draws", "16", "--json").json
    for key in ("0", "100", "P5", "5.0"):
        spoilt = document["provenu"]["percentiles"] | {key: document["provenu"]["mean"]}
        with pytest.raises(ValidationError):
            Draft202012Validator(printed).validate(
                document | {"provenu": document["provenu"] | {"percentiles": spoilt}}
            )


def test_what_a_section_is_called_by_comes_first_and_means_before_percentiles(printed: Any) -> None:
    sections = {name: list(one["properties"]) for name, one in printed["$defs"].items()}
    for name, found in sections.items():
        for first, then in (("label", "probability"), ("mean", "sd"), ("mean", "percentiles"), ("sd", "percentiles")):
            if first in found and then in found and name not in ("Group", "Annualise"):
                assert found.index(first) < found.index(then), name
        for field in found:
            if field != "near_without_luck" and field.removesuffix("_without_luck") in set(found) - {field}:
                assert found.index(field) == found.index(field.removesuffix("_without_luck")) + 1
    beginning = {"Difference": "a", "Programme": "point", "End": "value", "Judged": "label", "Frontier": "assumption"}
    assert {name: sections[name][0] for name in beginning} == beginning
    assert sections["Threshold"].index("path") < sections["Threshold"].index("label")
    assert sections["Annualise"].index("quarter") < sections["Annualise"].index("persons")


def test_the_docs_name_every_field(printed: Any) -> None:
    text = re.sub(r"```.*?```", "", DOCS, flags=re.DOTALL)
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`\n]+`", text))))
    fields = {field for one in printed["$defs"].values() for field in one["properties"]}
    assert {field for field in fields if field.removesuffix("_without_luck") not in named} == set()


def test_an_estimate_has_one_shape(printed: Any) -> None:
    """Whatever has an error has a value and an interval as well."""
    for name, one in printed["$defs"].items():
        if {"error", "interval"} & one["properties"].keys():
            assert name == "Estimate"
            assert list(one["properties"]) == ["value", "error", "interval"]


@pytest.mark.parametrize("spoil", [lambda one: one.pop("provenu"), lambda one: one.update(more=1)])
def test_what_is_missing_or_too_much_is_refused(printed: Any, spoil: Any) -> None:
    document = simulate("run", PAPER, "--draws", "16", "--json").json
    Draft202012Validator(printed).validate(document)
    spoil(document)
    with pytest.raises(ValidationError):
        Draft202012Validator(printed).validate(document)


def test_an_error_that_is_not_known_leaves_no_interval() -> None:
    assert base.estimate(precision.Estimate(3.0, float("nan"))) == base.Estimate(3.0, None, None)
    assert base.known(precision.Estimate(float("nan"), float("nan"))) is None
    low, high = base.estimate(precision.Estimate(3.0, 1.0)).interval or (0.0, 0.0)
    assert (low, high) == pytest.approx((3 - precision.STUDENT, 3 + precision.STUDENT))


def test_a_chance_keeps_to_0_and_1() -> None:
    for value, error in ((0.0, 0.0), (0.01, 0.02), (0.99, 0.02), (1.0, 0.0)):
        found = precision.chance_of(value, error, 64), precision.Estimate(value, error).within(0.0, 1.0)
        for made in map(base.estimate, found):
            assert made.interval is not None
            assert 0 <= made.interval[0] <= value <= made.interval[1] <= 1
    least = base.estimate(precision.chance_of(0.0, 0.0, 64))
    assert least.interval == pytest.approx((0.0, 1 - 0.025 ** (1 / 64)))
    assert least.sure_error == pytest.approx((1 - 0.025 ** (1 / 64)) / precision.STUDENT)
    unknown = precision.Estimate(0.5, float("nan"))
    assert (
        base.estimate(unknown.within(0.0, 1.0))
        == base.estimate(precision.chance_of(*unknown, 64))
        == base.Estimate(0.5, None, None)
    )


def test_what_has_no_luck_is_named_so() -> None:
    assert base.twin("sd", 1, luckless=False) == {"sd": 1, "sd_without_luck": None}
    assert base.twin("sd", 1, luckless=True) == {"sd": None, "sd_without_luck": 1}
    assert base.either(1, None) == base.either(None, 1) == 1


def test_an_answer_shows_what_there_is_to_ask_for() -> None:
    answer = of(run_tree(rich(), draws=16), load(PAPER, language="en"))
    assert repr(answer).startswith("<Run: format, answer, scenario, run, point, provenu, ")
    assert len(repr(answer)) < 400
    assert repr(base.Estimate(0.5, 0.1, (0.25, 0.75))) == "<0.5 (0.25 to 0.75)>"
    assert repr(base.Estimate(0.5, None, None)) == "<0.5 (? to ?)>"
    for one in _sections(base.Section):
        assert one.__repr__ in (base.Section.__repr__, base.Estimate.__repr__), one  # not the decorator's
    assert answer.to_dict()["provenu"]["mean"] == answer.provenu.mean.to_dict()


def _sections(of: type) -> Iterator[type]:
    for one in of.__subclasses__():
        yield one
        yield from _sections(one)
