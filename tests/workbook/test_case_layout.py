"""The layout says every key of a case once, and no heading twice."""

import re
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

import pytest
from pydantic import BaseModel
from workbooks import parsed

from simulate.distributions import KINDS, PERCENTILE
from simulate.scenario import schema
from simulate.scenario.danish import folded
from simulate.workbook import layout, moves, writing
from simulate.workbook.layout import SHEETS, Kind, Shape

SAID_OTHERWISE = {
    "Scenario": {"assumptions", "correlations", "families", "roles", "person_years", "costs", "savings", "financing", "targets", "reported", "observed"},
    "Family": {"members", "entering"},  # columns headed so, and a sheet
    "Role": {"states", "moves"},
    "MoneyRules": {"index"},
}  # what is a sheet, or rows or columns of one  # fmt: skip


def models(kind, found=None):
    """Every table that a case may have, by its name."""
    found = {} if found is None else found
    if kind.__name__ not in found:
        found[kind.__name__] = kind
        for field in kind.model_fields.values():
            for one in parts(field.annotation):
                models(one, found)
    return found


def parts(annotation):
    """The models in a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Annotated, Union, UnionType, list, dict):
        for one in get_args(annotation):
            yield from parts(one)


ALL = models(schema.Scenario) | models(schema.Portfolio)


def keys(sheet, *before):
    """What the columns of a sheet have of a table that stands so deep in its rows."""
    return {
        str(one.key[len(before)])
        for one in sheet.columns
        if one.key[: len(before)] == before and len(one.key) > len(before)
    }


def columns_of(model):
    """Keys of a table that have a column."""
    case = {"Time": "time", "MoneyRules": "money", "Simulation": "simulation", "Implementation": "implementation"}
    rows = {
        "Assumption": layout.ASSUMPTIONS, "Family": layout.FAMILIES, "Entering": layout.ENTRIES, "State": layout.STATES, "Role": layout.STATES,
        "PersonYearLine": layout.PERSON_YEARS, "FinancingLine": layout.FINANCING, "Correlation": layout.CORRELATIONS, "Target": layout.TARGETS,
        "Observed": layout.OBSERVED, "Programme": layout.PROGRAMMES, "Move": layout.MOVES,
    }  # fmt: skip
    if model in case:
        return keys(layout.CASE, case[model])
    if model in rows:
        found = keys(rows[model])
        return found | ({*moves.WAYS.values(), "at", "since_arrival"} if model == "Move" else set())
    within = {
        "Uncertainty": (layout.ASSUMPTIONS, "uncertainty"), "Refusion": (layout.STATES, "refusion"), "OverTime": (layout.MOVES, "over_time"),
        "LockIn": (layout.MOVES, "over_time", "lock_in"), "When": (layout.MOVES, "when"), "DropOut": (layout.CASE, "implementation", "drop_out"),
    }  # fmt: skip
    if model in within:
        sheet, *before = within[model]
        return keys(sheet, *before)
    arms = {"baseline", *moves.EFFECT_KEYS, "over_time"}
    by_hand = {
        "Scenario": keys(layout.CASE), "Portfolio": keys(layout.CASE) | {"programmes", "costs", "savings", "financing", "targets"},
        "BudgetLine": keys(layout.COSTS) & keys(layout.SAVINGS), "Reported": keys(layout.REPORTED) | {"year"}, "Arms": arms,
        "StayArms": arms - {"hazard_ratio"}, "Length": {"mean", "sd", "shape"}, "LengthOrMonths": {"months", "drawn"}, "SinceArrival": {"months", *moves.OF_SINCE},
    }  # fmt: skip
    return by_hand.get(model, set())


@pytest.mark.parametrize("model", sorted(ALL))
def test_every_key_has_a_column_or_is_deliberately_left(model):
    fields = {field.alias or name for name, field in ALL[model].model_fields.items()} - {"both"}
    left = {
        key
        for kind in (model, *(base.__name__ for base in ALL[model].__mro__))
        for key in layout.LEFT_TO_OTHER.get(kind, ())
    }
    said = columns_of(model) | SAID_OTHERWISE.get(model, set())
    assert fields - left - said == set(), "give it a column in workbook/layout.py, or name it in LEFT_TO_OTHER"
    assert left & columns_of(model) == set()


def test_parameters_of_uncertainties_have_columns():
    known = {key for kind in KINDS.values() for way in kind.ways for key in (*way.required, *way.optional)}
    assert {key for key in known if not PERCENTILE.fullmatch(key)} <= keys(layout.ASSUMPTIONS, "uncertainty")


def test_left_keys_are_keys():
    for model, names in layout.LEFT_TO_OTHER.items():
        kind = getattr(schema, model)
        assert set(names) <= {field.alias or name for name, field in kind.model_fields.items()}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.title.en)
def test_headings_mean_one_thing(sheet):
    """In either language, whichever the others are in; no field of the first sheet is called as another."""
    headings = [
        (word, one.key)
        for one in sheet.columns
        for word in {folded(one.title.da), folded(one.title.en), *map(folded, one.also)}
    ]
    assert len({word for word, _ in headings}) == len(headings)
    assert not any(re.fullmatch("[12][0-9]{3}", word) or PERCENTILE.fullmatch(word) for word, _ in headings)
    if sheet.members:
        assert not any(
            word.startswith(folded(first))
            for word, _ in headings
            for first in (sheet.members.first.da, sheet.members.first.en)
        )


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.title.en)
def test_choices_mean_one_thing(sheet):
    for column in sheet.columns:
        assert (column.kind is Kind.CHOICE) == bool(column.choices)
        for language in ("da", "en"):
            words = [folded(one.words.said(language)) for one in column.choices]
            assert len(set(words)) == len(words)
        meant = {}
        for one in column.choices:
            for word in (one.words.da, one.words.en, one.value):
                assert meant.setdefault(folded(word), one.value) == one.value


def test_sheets_are_told_apart():
    names = [(folded(word), sheet.key) for sheet in SHEETS for word in {sheet.title.da, sheet.title.en}]
    assert len({name for name, _ in names}) == len(names)
    assert all(
        len(word) <= 31 and not set(word) & set("[]:*?/\\")
        for sheet in SHEETS
        for word in (sheet.title.da, sheet.title.en)
    )
    assert not any(layout.is_never_read(name) for name, _ in names)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.title.en)
def test_everything_is_said_in_both_languages(sheet):
    for words in (
        sheet.title,
        sheet.about,
        *(one.title for one in sheet.columns),
        *(one.note for one in sheet.columns),
    ):
        assert bool(words.da) == bool(words.en)
    assert sheet.about.da.endswith(".")
    assert sheet.about.en.endswith(".")


def test_values_of_choices_are_those_of_the_schema():
    found = parsed('format = 1\ntitle = "x"')
    written = writing.sheets(found, "da")
    assert next(one.sheet for one in written) is layout.CASE
    assert {one.sheet.shape for one in written} == set(Shape) - {Shape.OTHER}
