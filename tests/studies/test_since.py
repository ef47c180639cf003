"""What changed since a case was reported: every number that differs, and what each does, after those before it."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from simulate import store
from simulate.answers import run as runs
from simulate.answers import since as answers
from simulate.answers.base import Options as Told
from simulate.asking.report import Earlier, earlier, report
from simulate.content import Table
from simulate.engine import Case
from simulate.errors import InputError
from simulate.locale import speaking
from simulate.options import Options
from simulate.reports.sections import since as section
from simulate.scenario import Loaded, load, tree_of
from simulate.scenario.differences import between, differences, renamed
from simulate.studies.since import Since, check, since

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


def told(new: Loaded, old: Loaded | None = None, **options: object) -> tuple[Since, answers.Since]:
    old = old or load(SILKEBORG)
    case = Case.of(new)
    result = case.result(Options.of(new.scenario, draws=DRAWS, **options))
    run = runs.of_draws(result, new)
    found = since(old, case, result)
    now = answers.Standing(run.break_even.chance, run.bridge.expected)
    return found, answers.of(found, old, new, case.tree, now, run.run, None)


def numbers(answer: answers.Since) -> list[tuple[str, str, object, object]]:
    return [(one.name, one.key, one.before, one.after) for change in answer.changes for one in change.numbers]


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


@pytest.mark.parametrize(
    ("engine", "counterfactual"), [("lives", "expected"), ("expected", "expected"), ("lives", "same-luck")]
)
def test_the_last_step_is_the_reports_own_answer_to_the_bit(engine: str, counterfactual: str, tmp_path: Path) -> None:
    """Also where what is uncertain was changed, and an assumption came in front of the others."""
    new = changed(
        tmp_path,
        ("low = 0.05, mode = 0.10, high = 0.25", "low = 0.02, mode = 0.10, high = 0.30"),
        ("low = 0.7, mode = 1, high = 1.15", "low = 0.6, mode = 1, high = 1.2"),
        ("number = 5\n", 'number = "aaa"\n'),
        ("[assumptions.job_baseline]", '[assumptions.aaa]\nvalue = 5\nuncertainty = { kind = "uniform", low = 4, high = 6 }\n\n[assumptions.job_baseline]'),
    )  # fmt: skip
    _, answer = told(new, engine=engine, counterfactual=counterfactual)
    last = answer.changes[-1].after
    assert last.probability == answer.now.probability
    assert last.provenu == answer.now.provenu


def test_what_did_not_change_is_drawn_alike(tmp_path: Path) -> None:
    """A mean that moves by less than it is known to: the change has no error of its own, as all else has the same draws."""
    found, _ = told(changed(tmp_path, ("yearly = 32000", "yearly = 52000")))
    [step] = found.steps
    assert step.difference.value == pytest.approx(-5 * 20_000, rel=1e-9)
    assert step.difference.error == pytest.approx(0, abs=1e-6)
    assert found.before.mean.error > 1000
    old = Case.of(load(SILKEBORG)).result(Options.of(load(SILKEBORG).scenario, draws=DRAWS))
    assert found.before.mean.value == pytest.approx(old.mean().value, rel=1e-12)


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


# Numbers that are the same, and what is called otherwise --------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value = 0.10", 'value = "10 %"'),
        ("yearly = 580000", 'yearly = "580.000 kr."'),
        ("yearly = 580000", 'yearly = "0,58 mio. kr."'),
        ("yearly = 32000", "yearly = [32000]"),
        ("years = 5", "years = 5 # as before"),
    ],
)
def test_a_number_written_otherwise_is_no_change(old: str, new: str, tmp_path: Path) -> None:
    tree = tree_of(changed(tmp_path, (old, new)))
    assert differences(tree_of(load(SILKEBORG)), tree) == []


def test_nothing_is_not_zero_and_one_is_not_true() -> None:
    old, new = {"money": {"a": 1, "c": "1.000"}}, {"money": {"a": True, "b": 0, "c": "1.000 kr."}}
    [one, other] = differences(old, new)
    assert (one.place, other.place) == (("money", "a"), ("money", "b"))
    assert other.numbers[0].before is None


def test_a_list_of_one_is_a_factor_where_the_number_is_uncertain() -> None:
    old = {"assumptions": {"a": {"value": 2.0, "uncertainty": {"kind": "pert", "low": 1, "mode": 2, "high": 3}}}}
    new = {"assumptions": {"a": old["assumptions"]["a"] | {"value": [2.0]}}}
    assert len(differences(old, new)) == 1


@pytest.mark.parametrize("label", ["Casemanagers", "Licenser mv."])
def test_a_renamed_line_is_no_change(label: str, tmp_path: Path) -> None:
    found, answer = told(changed(tmp_path, (f'label = "{label}"', 'label = "Kaldt noget andet"')))
    assert found.steps == []
    assert (answer.before.probability, answer.before.provenu) == (answer.now.probability, answer.now.provenu)


def renaming(name: str, other: str, text: str) -> str:
    return text.replace(f"[assumptions.{name}]", f"[assumptions.{other}]").replace(f'"{name}"', f'"{other}"')


@pytest.mark.parametrize("name", ["relapse", "placement_factor"])
def test_a_renamed_assumption_is_no_change(name: str, tmp_path: Path) -> None:
    """placement_factor is correlated with another."""
    text, _, _ = SILKEBORG.read_text("utf-8").partition("[[reported]]")
    (tmp_path / "new.toml").write_text(renaming(name, "kaldt_andet", text), "utf-8")
    assert told(load(tmp_path / "new.toml"))[0].steps == []


def test_an_assumption_that_is_renamed_and_moved_is_told_by_what_moved(tmp_path: Path) -> None:
    text, _, _ = SILKEBORG.read_text("utf-8").partition("[[reported]]")
    text = renaming("relapse", "tilbagefald", text).replace("mode = 0.10, high = 0.25", "mode = 0.08, high = 0.25")
    (tmp_path / "new.toml").write_text(text, "utf-8")
    _, answer = told(load(tmp_path / "new.toml"))
    assert numbers(answer) == [("Tilbagefald til kontanthjælp", "mode", 0.10, 0.08)]


def test_what_replaces_a_line_stands_beside_it(tmp_path: Path) -> None:
    new = changed(
        tmp_path,
        ('[[costs]]\nlabel = "Licenser mv."\nyearly = 32000', '[[costs]]\nlabel = "Programmer"\nyearly = 40000'),
        ("years = 5", "years = 6"),
    )
    found, _ = told(new)
    places = [part.place for step in found.steps for part in step.parts]
    assert places == [("time", "years"), ("costs", "Licenser mv."), ("costs", "Programmer")]
    assert [step.difference.value for step in found.steps[1:]] == pytest.approx([6 * 32_000, -6 * 40_000])


def test_a_type_of_family_keeps_its_name_where_an_assumption_of_that_name_is_renamed() -> None:
    def tree(name: str) -> dict[str, object]:
        line = {"label": "x", "yearly": name, "per_family": True, "families": ["a"]}
        return {"assumptions": {name: {"value": 3}}, "families": {"a": {"enter": name}}, "costs": [line]}

    assert renamed(tree("a"), tree("b")) == tree("b")
    assert differences(renamed(tree("a"), tree("b")), tree("b")) == []


@pytest.mark.parametrize("pairs", [[("a", "b"), ("c", "d")], [("d", "c"), ("b", "a")], [("c", "d"), ("b", "a")]])
def test_the_order_of_correlations_is_no_change(pairs: list[tuple[str, str]]) -> None:
    ranks = {frozenset("ab"): -0.4, frozenset("cd"): 0.5}
    old = {
        "correlations": [{"between": list(pair), "rank": ranks[frozenset(pair)]} for pair in (("a", "b"), ("c", "d"))]
    }
    new = {"correlations": [{"between": list(pair), "rank": ranks[frozenset(pair)]} for pair in pairs]}
    assert differences(old, new) == []
    more = {"correlations": [{"between": ["e", "f"], "rank": 0.1}, *new["correlations"]]}
    [one] = differences(old, more)
    assert (one.place, one.numbers[0].before, one.numbers[0].after) == (("correlations", "e / f"), None, 0.1)
    assert differences(between(old, more, [one]), more) == []


# How it is told -------------------------------------------------------------------------------------------------------


def test_a_row_says_which_number_of_what_in_its_unit(tmp_path: Path) -> None:
    new = changed(
        tmp_path,
        ("low = 0.05, mode = 0.10, high = 0.25", "low = 0.02, mode = 0.08, high = 0.3"),
        ("p95 = 0.19", "p95 = 0.2"),
        ("value = 14575", "value = 14000"),
        ("value = [33.333333333333336, 40]", "value = [33.333333333333336, 36]"),
        ("first_year = 2017", "first_year = 2019"),
        ("yearly = 32000", "yearly = 52000"),
    )
    _, answer = told(new)
    with speaking("en"):
        each = [one for change in answer.changes for one in change.numbers]
        rows = [
            (one.name, section.key(one.key), *(section.value(at, one, "DKK") for at in (one.before, one.after)))
            for one in each
        ]
    assert rows == [
        ("", "the first year", "2017", "2019"),
        ("Mereffekt: flere i selvforsørgelse med indsatsen", "P95", "19.0%", "20.0%"),
        ("Tilbagefald til kontanthjælp", "the lowest", "5.0%", "2.0%"),
        ("Tilbagefald til kontanthjælp", "the most likely", "10.0%", "8.0%"),
        ("Tilbagefald til kontanthjælp", "the highest", "25.0%", "30.0%"),
        ("Familier, der afslutter forløbet", "the value", "33.3333; 40", "33.3333; 36"),
        ("Kontanthjælp pr. måned", "the value", "14,575 kr.", "14,000 kr."),
        ("Licenser mv.", "a year", "32,000 kr.", "52,000 kr."),
    ]  # fmt: skip


def test_what_is_held_is_said_to_be() -> None:
    """`--set relapse=0.2`."""
    _, answer = told(load(SILKEBORG, changes=["relapse=0.2"]))
    assert numbers(answer) == [("Tilbagefald til kontanthjælp", "held", None, 0.2)]
    assert answer.changes[0].numbers[0].usage == "share"


def test_a_run_counted_otherwise_is_told() -> None:
    now = Told("lives", 1024, 1, "expected", "sobol", "year", False, [], "2")
    then = Told("lives", 512, 1, "same-luck", "sobol", "year", False, [], "1")
    found = answers.counting(then, now)
    assert [(one.what, one.before, one.after) for one in found] == [
        ("counterfactual", "same-luck", "expected"),
        ("draws", 512, 1024),
    ]
    assert answers.counting(now, now) == []


# What cannot be compared ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["odense-kik", "odense", "odense-udsatte-familier"])
def test_another_case_is_refused(other: str) -> None:
    """Also where both have an assumption that is called relapse."""
    with pytest.raises(InputError, match="no assumption and no line in common"), speaking("en"):
        check(load(SILKEBORG.with_name(f"{other}.toml")), load(SILKEBORG))


@pytest.mark.parametrize("other", ["silkeborg-paper", "silkeborg-sceptical"])
def test_a_version_of_the_case_is_not_refused(other: str) -> None:
    check(load(SILKEBORG.with_name(f"{other}.toml")), load(SILKEBORG))
    check(load(SILKEBORG), load(SILKEBORG.with_name(f"{other}.toml")))


def test_another_currency_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="in EUR"), speaking("en"):
        check(load(SILKEBORG), changed(tmp_path, ('currency = "DKK"', 'currency = "EUR"')))


def test_a_list_without_labels_is_taken_as_a_whole() -> None:
    old, new = {"things": [{"yearly": 1}]}, {"things": [{"label": "a", "yearly": 2}, {"label": "b", "yearly": 1}]}
    for before, after in ((old, new), (new, old)):
        assert differences(between(before, after, differences(before, after)), after) == []


def test_what_another_version_told_is_not_shown(tmp_path: Path) -> None:
    new = load(SILKEBORG)
    result = Case.of(new).result(Options.of(new.scenario, draws=DRAWS))
    document = runs.of_draws(result, new).to_dict()
    document["run"]["id"] = "0123456789abcdef"
    for lost in ("risk", "bridge"):
        del document[lost]
        (tmp_path / lost).mkdir()
        store.write(tmp_path / lost, result, new.source, document)
        found = earlier(str(tmp_path / lost))
        assert found.unreadable == (lost == "bridge")
        assert (found.reported is None) == found.unreadable


def test_another_case_is_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: object, **how: object) -> None:
        raise AssertionError

    monkeypatch.setattr("simulate.asking.run.run", never)
    new = load(SILKEBORG)
    work = report(Case.of(new), Options.of(new.scenario), earlier=Earlier(load(SILKEBORG.with_name("odense.toml"))))
    with pytest.raises(InputError):
        work(None, print)


def said(found: answers.Since) -> str:
    with speaking("en"):
        parts = list(section.lines(SimpleNamespace(since=found), load(SILKEBORG).scenario))  # type: ignore[arg-type]
    rows = [str(line.cells[0]) for part in parts if isinstance(part, Table) for line in part.rows]
    return "\n".join([*(str(part) for part in parts if isinstance(part, str)), *rows])


def test_what_was_reported_is_shown_also_where_no_number_has_changed() -> None:
    _, found = told(load(SILKEBORG))
    then = replace(found.now, provenu=replace(found.now.provenu, value=-9.9e6))
    counting = [answers.Counting("counterfactual", "same-luck", "expected"), answers.Counting("draws", 4096, 256)]
    words = said(replace(found, reported=then, counting=counting))
    assert "No number has changed" in words
    assert "from -9.9 mio. kr. to -4." in words
    assert "with the same luck" in words
    assert "with 4,096 courses, and here with 256" in words
    assert words.endswith("As it was reported\nNow")
    assert "cannot be read by this version" in said(replace(found, unreadable=True))
    assert "As it was reported" not in said(found)


def test_the_old_case_is_counted_as_in_this_report(tmp_path: Path) -> None:
    _, found = told(changed(tmp_path, ("yearly = 32000", "yearly = 52000")))
    words = said(replace(found, reported=found.before))
    assert words.endswith("As it was reported\nThe same, counted as in this report\nLicenser mv.: a year\nNow")
