"""The JSON Schema of all answers, made of their types and of what these say of their fields.

A field is described once, in the docstring of its class or of one of the bases: `name: what it is`, or `name, other: what they are`. What is
called the same everywhere is described here; what has a section of its own is described by that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

from pydantic import Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from simulate.answers.annualise import Annualise
from simulate.answers.attach import Attach
from simulate.answers.base import Estimate, Section
from simulate.answers.check import Check
from simulate.answers.compare import Compare
from simulate.answers.report import Report
from simulate.answers.run import BusinessCase, Run
from simulate.answers.sensitivity import Sensitivity
from simulate.answers.stages import Stages
from simulate.answers.structure import Structure
from simulate.answers.sweep import Sweep, SweepPlan, SweepShow
from simulate.answers.threshold import Threshold
from simulate.answers.update import Update

ANSWERS = (
    Run,
    BusinessCase,
    Stages,
    Structure,
    Compare,
    Sensitivity,
    Annualise,
    Threshold,
    Update,
    Report,
    Check,
    Sweep,
    SweepPlan,
    SweepShow,
    Attach,
)


EVERYWHERE = {
    "format": "Of the JSON.",
    "answer": "Which answer this is.",
    "mean": "The mean.",
    "sd": "The standard deviation.",
    "percentiles": "Percentile → what so many of 100 stay below.",
    "probability": "The chance: that the provenu is at least 0, unless the section says otherwise.",
    "by_year": "By period, in the order of `scenario.periods`.",
    "total": "Over the horizon.",
    "label": "As the file has it.",
    "file": "As given.",
    "title": "The scenario's.",
    "sha256": "Of the scenario's file as it is on disk.",
    "path": "Where in the file.",
    "assumption": "Its name in the file.",
    "unit": "As the file has it.",
    "usage": "What kind of number it is.",
    "area": "As the file has it; empty where it has none.",
    "draws": "How many.",
    "courses": "How many.",
    "clipped": "Path → in how many draws a drawn number, or a sum of alternatives, had to be cut back to what is possible.",
    "warnings": "Sentences.",
}
WITHOUT_LUCK = "_without_luck"
PERCENTILE = "^[1-9][0-9]?$"


class Described(GenerateJsonSchema):
    """What every field is, and which keys percentiles have."""

    def dataclass_schema(self, schema: Any) -> dict[str, Any]:
        found = super().dataclass_schema(schema)
        properties = found["properties"]
        found["properties"] = {
            name: one | {"description": description(schema["cls"], name)} for name, one in properties.items()
        }
        return found

    def dict_schema(self, schema: Any) -> dict[str, Any]:
        """Keys that are numbers are percentiles."""
        found = super().dict_schema(schema)
        if schema["keys_schema"]["type"] != "int":
            return found
        values = found.pop("additionalProperties")
        return found | {"patternProperties": {PERCENTILE: values}, "additionalProperties": False}


A = TypeVar("A", bound=Section)


def description(of: type, name: str) -> str:
    """What a field of a section is."""
    for one in of.__mro__:
        if name in _told(one):
            return _told(one)[name]
    if name.endswith(WITHOUT_LUCK):
        own = name.removesuffix(WITHOUT_LUCK)
        return f"{description(of, own).removesuffix('.')}; without luck."
    if name in EVERYWHERE:
        return EVERYWHERE[name]
    section = next(_sections(get_type_hints(of, include_extras=True)[name]), None)
    assert section is not None, f"nothing says what {of.__name__}.{name} is"
    return _says(section)


@cache
def _told(of: type) -> dict[str, str]:
    """Field → what the docstring says of it."""
    if not issubclass(of, Section):
        return {}
    said, names = _doc(of), "|".join(one.name for one in fields(of))
    parts = re.split(rf"(?:^|(?<=[.;:,]) )((?:{names})(?:, (?:{names}))*): ", said)
    found: dict[str, str] = {}
    for named, text in zip(parts[1::2], parts[2::2], strict=True):
        found |= dict.fromkeys(named.split(", "), f"{text[:1].upper()}{text[1:].rstrip(' .;,')}.")
    return found


def _says(of: type) -> str:
    """The first sentence of what a section is."""
    return _doc(of).split(". ")[0].rstrip(".") + "."


def _doc(of: type) -> str:
    own = of.__dict__.get("__doc__") or ""
    return "" if own.startswith(f"{of.__name__}(") else " ".join(own.split())  # the decorator writes the signature


def _sections(hint: Any) -> Iterator[type]:
    """Those that a type is made of, but for estimates."""
    if isinstance(hint, type) and issubclass(hint, Section) and hint is not Estimate:
        yield hint
    for one in get_args(hint):
        yield from _sections(one)


def adapter() -> Any:
    """Of a document: which answer it is, its field `answer` tells."""
    from functools import reduce
    from operator import or_

    return TypeAdapter(Annotated[reduce(or_, ANSWERS), Field(discriminator="answer")])  # type: ignore[arg-type]


def read(document: bytes, of: type[A]) -> A:
    """A document of this program as its answer. Raises ValueError for what is none."""
    return TypeAdapter(of).validate_json(document)


def json_schema() -> dict[str, Any]:
    """Draft 2020-12."""
    found: dict[str, Any] = adapter().json_schema(mode="serialization", schema_generator=Described)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Answers of simulate", **found}
