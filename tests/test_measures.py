"""What is kept of a run: the table that says it, and what is found under its names."""

from pathlib import Path

import numpy as np
import pytest
from trees import rich, run_tree, scenario_of

from simulate import measures, store
from simulate.answers.run import of
from simulate.engine import Case, Samples
from simulate.measures import COLUMNS, Measure
from simulate.options import Options
from simulate.pace import Pace
from simulate.scenario import load

PAPER = Path(__file__).parents[1] / "scenarios" / "silkeborg-paper.toml"
DOCS = Path(__file__).parents[1] / "docs" / "answers.md"
NAMED = [one for one in vars(measures).values() if isinstance(one, Measure)]
AGAIN = (measures.TARGETED, measures.OWN_LUCK_VARIANCE)  # only where the same lives are valued again


def test_the_documents_have_a_row_for_each_column() -> None:
    rows = [one.row for one in COLUMNS if one not in AGAIN]
    assert "\n".join(rows) in DOCS.read_text("utf-8")


def test_every_measure_has_a_row_of_its_own() -> None:
    assert len({one.name for one in NAMED}) == len(NAMED)
    assert tuple(NAMED[: len(COLUMNS)]) == COLUMNS


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize("again", [False, True])
def test_what_is_kept_has_the_shape_that_its_row_says(engine: str, again: bool) -> None:
    case = Case.of(scenario_of(rich()))
    options = Options(draws=32, engine=engine)  # type: ignore[arg-type]
    result = case.work(options, Samples(), again).run(None, Pace())
    assert result.draws is not None
    columns, sums = result.draws.columns, result.draws.sums.blocks
    assert again == (measures.EXPECTED in columns)
    assert columns.layout.keys() <= set(COLUMNS)
    assert sums.keys() <= set(NAMED[len(COLUMNS) :])
    for measure, labels in columns.layout.items():
        assert (labels is not None) == bool(measure.dimensions), measure
        assert columns.of_draws(measure).ndim == 1 + len(measure.dimensions), measure
    for measure, blocks in sums.items():
        assert blocks.ndim == 1 + len(measure.dimensions), measure


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_the_labelled_arrays_are_the_columns(engine: str) -> None:
    result = run_tree(rich(), draws=32, engine=engine)
    assert result.draws is not None
    document = of(result, load(PAPER)).to_dict()
    data = store.dataset(result, "title = 'x'", document)
    for measure, labels in result.draws.columns.layout.items():
        assert data[measure.name].dims == ("draw", *measure.dimensions)
        assert data[measure.name].attrs["units"] == measure.units.replace("currency", "DKK")
        np.testing.assert_array_equal(data[measure.name].values, result.draws.columns.of_draws(measure))
        for dimension in measure.dimensions:
            assert [str(one) for one in data[dimension].values.tolist()] == labels
    total = data["provenu"].sum("period")
    np.testing.assert_allclose(data["provenu_by_area"].sum("area"), total, rtol=1e-9, atol=1e-4)
