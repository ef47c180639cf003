"""Words that reports share: of what is clipped, of what varies, and of a case that has no costs."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from trees import scenario_of, simple

from simulate import locale
from simulate.answers.base import Estimate, exact
from simulate.answers.risk import LowestPoint
from simulate.answers.run import BreakEven, Bridge, Rare, Shares, Undrawn, Variance
from simulate.names import COUNTERFACTUALS
from simulate.reports import details, risk, words

LOCALE = Path(locale.__file__).parent


# What is clipped -----------------------------------------------------------------------------------------------------


def labelled(chance: Any) -> Any:
    tree = simple()
    tree["assumptions"] = {
        "job": {"value": 0.2, "label": "In a job"},
        "effect": {"value": 0.1, "label": "More in a job"},
        "bare": {"value": 0.3},
    }
    (role,) = tree["roles"]
    tree["roles"][role]["moves"][0]["chance"] = chance
    return role, scenario_of(tree)


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        ("job", "“In a job” ({path})"),
        ({"baseline": "job", "plus": "effect"}, "“In a job” and “More in a job” ({path})"),
        ({"baseline": "bare", "plus": "effect"}, "“More in a job” ({path})"),
    ],
)
def test_a_clipped_number_is_called_by_its_labels(chance: Any, said: str) -> None:
    role, scenario = labelled(chance)
    path = f"roles.{role}.moves[0].chance"
    assert words.place(path, scenario) == said.format(path=path)


def test_a_clipped_number_without_a_label_is_called_by_its_move() -> None:
    role, scenario = labelled("bare")
    move = scenario.roles[role].moves[0]
    path = f"roles.{role}.moves[0].chance"
    assert words.place(path, scenario) == f"“{move.origin} → {move.to}” ({path})"


def test_a_clipped_assumption_has_its_own_label_and_what_has_none_its_path() -> None:
    _, scenario = labelled("bare")
    assert words.place("assumptions.job", scenario) == "“In a job” (assumptions.job)"
    assert words.place("assumptions.bare", scenario) == "assumptions.bare"
    assert words.place("money.discount_rate", scenario) == "money.discount_rate"


# What varies ---------------------------------------------------------------------------------------------------------


def split(assumptions: float, luck: float, *rare: Rare) -> str:
    shares = Shares(*(Estimate(share, 0.001, None) for share in (assumptions, luck)))
    return words.split(Variance(assumptions, luck, shares), Undrawn(0.0, [*rare]))


def test_all_of_the_uncertainty_is_told_without_a_0() -> None:
    assert split(0.0, 1.0) == ("All of the uncertainty (variance) is due to luck: whom it goes well for.")
    assert "due to the assumptions, and none of it to luck" in split(1.0, 0.0)
    assert "45.0% is due to the assumptions and 55.0% to luck" in split(0.45, 0.55)


def test_shares_that_rare_values_leave_unknown_are_not_told() -> None:
    assert split(0.0, 1.0, Rare("job", 1.0, 0.001, 0.1, None)).endswith("is not known from these courses.")


# Figures that are one -------------------------------------------------------------------------------------------------


def counted(*chances: float) -> list[str]:
    """By the counterfactuals, of which `expected` is used."""
    each = {name: Estimate(one, 0.02, None) for name, one in zip(COUNTERFACTUALS, chances, strict=True)}
    rest = dict.fromkeys(("by_year", "by_year_without_luck", "first_year", "first_year_without_luck"))
    found = BreakEven(each["expected"], None, **rest, counterfactuals=each, counterfactuals_differ=False)
    return list(details._counterfactuals(found, "expected"))


def test_a_chance_that_is_0_under_every_counterfactual_is_one_sentence() -> None:
    assert counted(0.0, 0.0, 0.0) == [
        "However life without the programme is counted, the programme breaks even in none of the courses."
    ]
    first, *rows = counted(0.25, 0.25, 0.25)
    assert first == "However life without the programme is counted, 25 of 100 courses break even (* is used here):"
    assert len(rows) == 3


def test_chances_that_cannot_be_told_apart_are_about_the_same() -> None:
    """Beside rows that say 66, 68, 68 %, no sentence says that it is 66 in all."""
    assert "about 66 of 100 courses break even, as near as these can tell" in counted(0.66, 0.68, 0.68)[0]


def test_amounts_that_print_alike_are_the_same() -> None:
    expected, rest = (Estimate(value, 1.0, None) for value in (-1_999_774.9, -0.3))
    bridge = Bridge(-1_999_774.6, -1_999_774.6, expected, 0.0, rest)
    assert list(details._bridge(bridge, "DKK", from_paper=False, is_certain=False))[1] == (
        "As far as these courses can tell, they are the same."
    )


def low(p5: float, p25: float, last: float, error: float = 0.0) -> list[str]:
    percentiles = {p: Estimate(value, error, None) for p, value in ((5, p5), (25, p25))}
    found = LowestPoint(exact(p5), percentiles, [Estimate(last, 0.01, None)], exact(0.0))
    return list(risk._low(found, True, "DKK"))


def test_how_low_it_comes() -> None:
    assert low(-6000.0, -5000.0, 0.4) == [
        "In 40% of the courses it has not turned by then.",
        "In 5 of 100 courses it falls below -6,000 kr.; 6,000 kr. must be financed to have enough in the other 95.",
    ]
    assert low(-6000.0, -6000.0, 1.0) == [
        "It has not turned by then in any course.",
        "To have enough in 95 of 100 courses, 6,000 kr. must be financed.",
    ]
    assert low(-300.0, 0.0, 0.0, error=40_000.0) == []  # 0 as it prints


def test_all_courses_have_paid_back() -> None:
    def years(*shares: float) -> str:
        return next(risk._years(dict(zip(("2020", "2021", "never"), map(exact, shares), strict=True)), 2020))

    assert years(1.0, 0.0, 0.0) == "In all courses the costs have come back for good by the end of 2020."
    assert years(0.4, 0.6, 0.0) == ("The year by which the costs have come back for good: 40.0% (2020), 60.0% (2021).")


# A case without costs -------------------------------------------------------------------------------------------------

SPEAKS_OF_COSTS = {
    "da": r"tjen\w* (\w+ )*hjem|tilbagebetal",
    "en": r"costs have|Payback|pay back|break.even|breaks even|broken even",
}
HELP = ("Hvor sandsynligt", "Betegnelsen", "How likely", "Label of a target")  # said before any case is known


def catalogue(language: str, name: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / f"{name}.po").open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def forms(message: Any) -> tuple[str, ...]:
    return tuple(message) if isinstance(message, list | tuple) else (message,)


def speaking(language: str, found: Catalog) -> set[tuple[str, ...]]:
    """Messages whose words in the language speak of costs that come back."""
    said = {forms(one.id): forms(one.id if language == "en" else one.string) for one in found if one.id}
    pattern = re.compile(SPEAKS_OF_COSTS[language], re.I)
    return {id for id, each in said.items() if any(map(pattern.search, each)) and not each[0].startswith(HELP)}


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_sentence_on_costs_has_other_words_where_there_are_none(language: str) -> None:
    special = catalogue(language, "costless")
    assert speaking(language, catalogue("da", "simulate")) == {forms(one.id) for one in special if one.id}
    for one in special:
        if one.id:
            assert not any(re.search(SPEAKS_OF_COSTS[language], form, re.I) for form in forms(one.string)), one.id
            fields = [set(re.findall(r"{\w+}", form)) for form in (forms(one.id)[-1], forms(one.string)[-1])]
            assert fields[0] == fields[1], one.id
    with (LOCALE / language / "LC_MESSAGES" / "costless.mo").open("rb") as stream:
        compiled = {forms(one.id): forms(one.string) for one in read_mo(stream) if one.id}
    assert compiled == {forms(one.id): forms(one.string) for one in special if one.id}


def test_a_wording_ends_with_its_block() -> None:
    message = "The year by which the costs have come back for good: {years}."
    with locale.worded("costless"):
        assert (
            locale.text(message, years="2020")
            == "The year from which on the accumulated provenu stays at least 0: 2020."
        )
        assert locale.text("{file}: no problems", file="a.toml") == "a.toml: no problems"
    assert locale.text(message, years="2020") == "The year by which the costs have come back for good: 2020."
