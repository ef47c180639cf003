"""Percentiles of single lines of the budget: kept where they are asked for, and nothing else is changed by it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from trees import rich, run_tree

from simulate import measures
from simulate.answers import run as answers
from simulate.answers.run import PERCENTILES, Run
from simulate.engine import Result
from simulate.scenario import load

PAPER = Path(__file__).parents[1] / "scenarios" / "silkeborg-paper.toml"


def asked(engine: str, lines: bool, draws: int = 256) -> tuple[Result, Run]:
    result = run_tree(rich(), draws=draws, engine=engine, lines=lines)
    return result, answers.of_draws(result, load(PAPER))


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_nothing_else_of_the_answer_changes(engine: str) -> None:
    (_, found), (_, before) = (asked(engine, lines) for lines in (True, False))
    assert all(line.bands is None for line in before.lines.values())
    assert all(line.bands is not None for line in found.lines.values())
    bare = {name: replace(line, percentiles=None, percentiles_without_luck=None) for name, line in found.lines.items()}
    assert before.kinds is None
    assert replace(found, lines=bare, kinds=None).to_dict() == before.to_dict()


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_they_are_those_of_the_courses_with_their_errors(engine: str) -> None:
    result, found = asked(engine, lines=True)
    assert result.draws is not None
    kept = result.draws.columns.of_draws(measures.LINE)
    np.testing.assert_allclose(kept.sum(axis=1), result.draws.columns[measures.TOTAL], rtol=1e-12, atol=1e-6)
    for i, line in enumerate(found.lines.values()):
        assert line.bands is not None
        assert (line.percentiles is None) == (engine == "expected")
        for p in PERCENTILES:
            assert line.bands[p].value == pytest.approx(np.percentile(kept[:, i], p), rel=1e-12)
        low, high = line.bands[5].interval or (0.0, 0.0)
        assert low <= line.bands[5].value <= high


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_kinds_are_the_sums_of_their_lines_in_each_course(engine: str) -> None:
    result, found = asked(engine, lines=True)
    assert result.draws is not None
    assert found.kinds is not None
    kept, kinds = result.draws.columns.of_draws(measures.LINE), [line.kind for line in found.budget.lines.values()]
    assert set(found.kinds) == set(kinds)
    for kind, one in found.kinds.items():
        total = kept[:, [own == kind for own in kinds]].sum(axis=1)
        assert one.bands[95].value == pytest.approx(np.percentile(total, 95), rel=1e-12, abs=1e-6)
    sums = sum(one.mean.value for one in found.kinds.values() if one.mean is not None)
    assert sums == pytest.approx(found.provenu.mean.value, rel=1e-9)


def test_a_line_that_nothing_changes_has_one_value() -> None:
    """In one draw as in all others: its percentiles are its mean, without error."""
    _, found = asked("lives", lines=True)
    fixed = [line for line in found.lines.values() if line.sd is not None and line.sd.value == 0]
    assert fixed
    for line in fixed:
        assert line.bands is not None
        assert len({line.bands[p].value for p in PERCENTILES}) == 1
        assert line.bands[50].value == pytest.approx(line.mean.value, rel=1e-13)
        assert line.bands[50].error == 0
