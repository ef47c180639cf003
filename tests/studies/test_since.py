"""What changed since a case was reported: every number that differs, and what each does, after those before it."""

from pathlib import Path

import pytest

from simulate.answers import since as answers
from simulate.engine import Case
from simulate.options import Options
from simulate.scenario import Loaded, load, tree_of
from simulate.scenario.differences import between, differences
from simulate.studies.since import Since, since

SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"
DRAWS = 256


def changed(folder: Path, *pairs: tuple[str, str]) -> Loaded:
    """Silkeborg with other text."""
    text, _, _ = SILKEBORG.read_text("utf-8").partition("[[reported]]")  # which names lines
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "new.toml").write_text(text, "utf-8")
    return load(folder / "new.toml")


def told(new: Loaded, **options: object) -> tuple[Since, answers.Since]:
    old = load(SILKEBORG)
    found = since(old, Case.of(new), Options.of(new.scenario, draws=DRAWS, **options))
    return found, answers.of(found, old, new, None)


def test_words_alone_make_no_difference(tmp_path: Path) -> None:
    new = changed(
        tmp_path, ('title = "Vi Vil Mere"', 'title = "Andet"'), ("yearly = 580000", 'yearly = 580000\nsource = "s. 1"')
    )
    found, _ = told(new)
    assert found.steps == []


def test_a_cost_less_is_told_to_the_krone(tmp_path: Path) -> None:
    """One case manager of 465,000 kr. less in each of five years."""
    found, answer = told(changed(tmp_path, ("number = 5\n", "number = 4\n")))
    [change] = answer.changes
    [number] = change.numbers
    assert (number.path, number.before, number.after) == ("costs.Casemanagers.number", 5.0, 4.0)
    assert change.difference.value == pytest.approx(5 * 465_000, rel=1e-12)
    assert change.after.provenu.value - answer.before.provenu.value == pytest.approx(5 * 465_000, abs=1e-3)
    assert change.after.probability.value > answer.before.probability.value
    assert found.before.mean.value == pytest.approx(
        Case.of(load(SILKEBORG)).result(Options.of(load(SILKEBORG).scenario, draws=DRAWS)).mean().value, rel=1e-9
    )


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_changes_add_up_from_the_old_case_to_the_new_one(engine: str, tmp_path: Path) -> None:
    new = changed(
        tmp_path,
        ("p50 = 0.09", "p50 = 0.12"),
        ("rank = -0.4", "rank = -0.2"),
        ('refusion = 0.20', 'refusion = 0.30'),
        ('[[costs]]\nlabel = "Licenser mv."\nyearly = 32000\narea = "service"\n', ""),
    )  # fmt: skip
    _, answer = told(new, engine=engine)
    paths = [one.path for change in answer.changes for one in change.numbers]
    assert paths == [
        "assumptions.additional_effect.uncertainty.p50",
        "correlations[0].rank",
        'roles.adult.states."kontanthjælp".refusion',
        'costs."Licenser mv.".yearly',
        'costs."Licenser mv.".area',
    ]
    total = sum(change.difference.value for change in answer.changes)
    assert total == pytest.approx(answer.changes[-1].after.provenu.value - answer.before.provenu.value, abs=1.0)
    assert answer.changes[-1].difference.value == pytest.approx(5 * 32_000, rel=1e-9)
    assert answer.changes[-1].numbers[0].after is None


def test_the_last_step_is_the_case_itself(tmp_path: Path) -> None:
    new = changed(tmp_path, ("number = 5\n", "number = 4\n"), ("yearly = 32000", "yearly = 52000"))
    found, _ = told(new)
    result = Case.of(new).result(Options.of(new.scenario, draws=DRAWS))
    assert found.steps[-1].after.mean.value == pytest.approx(result.mean().value, rel=1e-9)
    assert found.steps[-1].after.chance.value == pytest.approx(result.chance().value, abs=1e-9)


def test_what_makes_a_case_only_together_is_one_step(tmp_path: Path) -> None:
    """A price by the name of an assumption that is new."""
    new = changed(
        tmp_path,
        ("monthly = \"placement_price\"", "monthly = \"ny_pris\""),
        ("[assumptions.placement_price]", "[assumptions.ny_pris]\nvalue = 40000\n\n[assumptions.placement_price]"),
    )  # fmt: skip
    found, _ = told(new)
    places = [[part.place for part in step.parts] for step in found.steps]
    assert [("assumptions", "ny_pris")] in places or [
        ("assumptions", "ny_pris"),
        ("roles", "child", "states", "anbragt"),
    ] in places
    assert found.steps[-1].parts[-1].place == ("roles", "child", "states", "anbragt")


def test_another_horizon_is_told_with_both_errors(tmp_path: Path) -> None:
    """Different years have no draws in common; the change's error is that of both."""
    found, _ = told(changed(tmp_path, ("years = 5", "years = 6"), ("number = 5\n", "number = 4\n")))
    longer, fewer = found.steps
    assert longer.parts[0].place == ("time", "years")
    expected = (found.before.mean.error**2 + longer.after.mean.error**2) ** 0.5
    assert longer.difference.error == pytest.approx(expected)
    assert fewer.difference.value == pytest.approx(6 * 465_000, rel=1e-9)


def test_all_parts_put_into_the_old_tree_make_the_new_one(tmp_path: Path) -> None:
    new = changed(
        tmp_path, ("number = 5\n", "number = 4\n"), ("years = 5", "years = 7"), ("low = 12, mode = 24", "low = 12, mode = 30")
    )  # fmt: skip
    before, after = tree_of(load(SILKEBORG)), tree_of(new)
    made = between(before, after, differences(before, after))
    assert differences(made, after) == []
    assert len(differences(before, made)) == 3
