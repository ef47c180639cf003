"""The JSON Schema of all answers, made of their types."""

from __future__ import annotations

from typing import Annotated, Any

from simulate.answers.annualise import Annualise
from simulate.answers.check import Check
from simulate.answers.compare import Compare
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
    Check,
    Sweep,
    SweepPlan,
    SweepShow,
)


def adapter() -> Any:
    """Of a document: which answer it is, its field `answer` tells."""
    from functools import reduce
    from operator import or_

    from pydantic import Field, TypeAdapter

    return TypeAdapter(Annotated[reduce(or_, ANSWERS), Field(discriminator="answer")])  # type: ignore[arg-type]


def json_schema() -> dict[str, Any]:
    """Draft 2020-12."""
    found: dict[str, Any] = adapter().json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Answers of simulate", **found}
