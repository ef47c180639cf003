"""About twenty numbers of a run, kept in golden/silkeborg-paper.json: what they mean is proved elsewhere, here that none moved.

    python tests/test_golden.py

renews the file, after a change that means to change numbers; the difference then belongs into the commit, with its reason.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulate import measures
from simulate.analysis.breakeven import reached
from simulate.answers.run import of_draws
from simulate.engine import run
from simulate.names import COUNTERFACTUALS
from simulate.options import Options
from simulate.scenario import load

HERE = Path(__file__).parent
SCENARIO = HERE.parent / "scenarios" / "silkeborg-paper.toml"
GOLDEN = HERE / "golden" / "silkeborg-paper.json"
OPTIONS = Options(draws=4096, seed=1, engine="lives", counterfactual="expected", design="sobol", plain=True)


def numbers() -> dict[str, dict[str, Any]]:
    """Counts, which are equal everywhere, and money, within 1e-9."""
    loaded = load(SCENARIO, language="en")
    result = run(loaded.scenario, OPTIONS)
    corrected = run(loaded.scenario, replace(OPTIONS, plain=False))
    answer = of_draws(result, loaded)
    totals, sums = result.draws.columns, result.draws.sums.blocks
    provenu, by_year = answer.provenu, answer.provenu.by_year.mean

    def under(name: str) -> Any:
        return totals[measures.TOTAL if name == OPTIONS.counterfactual else (measures.UNDER, name)]

    return {
        "counts": {
            "draws": result.options.draws,
            **{f"break even, {name}": int(reached(under(name)).sum()) for name in COUNTERFACTUALS},
            "break even by year": [round(one.value * 4096) for one in answer.break_even.by_year],
            "half-months at work, programme": int(2 * sums[measures.MONTHS][:, 1].sum()),
            "half-months placed, programme": int(2 * sums[measures.MONTHS][:, 3].sum()),
            "found work, programme": int(sums[measures.ARRIVALS][:, 1].sum()),
            "placed, programme": int(sums[measures.ARRIVALS][:, 3].sum()),
        },
        "money": {
            "point": answer.point.provenu.total,
            "mean": provenu.mean.value,
            "sd": provenu.sd.value,
            "mean error": provenu.mean.error,
            "P5": provenu.percentiles[5].value,
            "P50": provenu.percentiles[50].value,
            "P95": provenu.percentiles[95].value,
            "by year": [one.value for one in by_year],
            "first draw": float(totals[measures.TOTAL][0]),
            "last draw": float(totals[measures.TOTAL][-1]),
            "sd, same-luck": float(under("same-luck").std(ddof=1)),
            "sd, own-luck": float(under("own-luck").std(ddof=1)),
            "the state's": answer.payers.stat.mean.value,
            "luck": answer.variance.luck,
            **{f"corrected chance and its error, {name}": list(corrected.chance(name)) for name in COUNTERFACTUALS},
            "exact mean": corrected.mean().value,
            "exact luck": of_draws(corrected, loaded).variance.luck,
        },
    }


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    return numbers()


KEPT: dict[str, dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.exists() else {}


@pytest.mark.parametrize("name", KEPT.get("counts", {}))
def test_count(found: dict[str, dict[str, Any]], name: str) -> None:
    assert found["counts"][name] == KEPT["counts"][name]


@pytest.mark.parametrize("name", KEPT.get("money", {}))
def test_money(found: dict[str, dict[str, Any]], name: str) -> None:
    assert found["money"][name] == pytest.approx(KEPT["money"][name], rel=1e-9)


def test_all_are_kept(found: dict[str, dict[str, Any]]) -> None:
    assert {kind: list(found[kind]) for kind in found} == {kind: list(KEPT[kind]) for kind in KEPT}


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps(numbers(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{GOLDEN} is renewed\n")
