"""A result that was stored in one language, reported in the other: it is what the case itself says there, to the last word."""

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cli.command import RICH

from simulate import locale
from simulate.answers.report import Report
from simulate.answers.schema import adapter
from simulate.asking import report as asking
from simulate.content import Document, Sentence
from simulate.engine import Case
from simulate.locale import text
from simulate.options import Options
from simulate.reports import report as reports
from simulate.reports import structure
from simulate.scenario import Scenario, load
from simulate.writers.files import FORMS, Rendering

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(file.stem for file in SCENARIOS.glob("*.toml"))
MADE = date(2026, 11, 28)
OTHER: dict[locale.Language, locale.Language] = {"da": "en", "en": "da"}


OFTEN = ("silkeborg", "odense", "silkeborg-exits", "sygemeldte-samlet-indsats")
EVERY = [pytest.param(name, marks=[] if name in OFTEN else [pytest.mark.slow]) for name in NAMES]


@pytest.fixture(scope="module", params=[*EVERY, "rich", "hard"])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """hard: with numbers that are clipped, and a chance that cannot be counted by the month."""
    if request.param in NAMES:
        return SCENARIOS / f"{request.param}.toml"
    file = tmp_path_factory.mktemp("case") / f"{request.param}.toml"
    hard = RICH.replace("sd = 0.07", "sd = 0.4").replace('yearly = "relapse"', "yearly = 1")
    file.write_text(hard if request.param == "hard" else RICH, "utf-8")
    return file


@pytest.fixture(scope="module")
def told(case: Path) -> dict[str, tuple[Report, Scenario]]:
    """By language: computed in it, written as JSON and read back, and the case as it is read there."""
    found = {}
    engine: Any = "expected" if len(case.stem) % 2 else "lives"  # half of them each
    for language in locale.LANGUAGES:
        with locale.speaking(language):
            loaded = load(case, language=language)
            tolerated = asking.tolerated("2 mio. kr. in 10 %")
            options = Options(draws=32, engine=engine)
            _, answer = asking.report(Case.of(loaded), options, tolerated=tolerated)(None, lambda said: None)
            found[language] = (adapter().validate_python(json.loads(json.dumps(answer.to_dict()))), loaded.scenario)
    return found


def document(report: Report, scenario: Scenario) -> Document:
    return reports.document(report, scenario, "simulate report case.toml", made=MADE)


@pytest.mark.parametrize("language", locale.LANGUAGES)
def test_it_says_what_the_case_says_in_that_language(
    told: dict[str, tuple[Report, Scenario]], language: locale.Language
) -> None:
    """The scenario is read from the stored file, whatever language that asks for."""
    locale.use(language)
    (own, scenario), (stored, kept) = told[language], told[OTHER[language]]
    assert document(stored, kept) == document(own, scenario)
    assert [*structure.lines(stored.structure, kept)] == [*structure.lines(own.structure, scenario)]
    assert told_by_sheets(stored, kept) == told_by_sheets(own, scenario)


def test_the_hard_case_is_hard(case: Path, told: dict[str, tuple[Report, Scenario]]) -> None:
    if case.stem == "hard":
        ways = {one.name: one for one in told["en"][0].structure.structure}
        assert ways["any-month"].probability is None
        assert max(ways["base"].clipped.values()) > 0.1
        assert str(ways["base"].note).startswith("not to be trusted")


def told_by_sheets(report: Report, scenario: Scenario) -> list[Any]:
    import python_calamine

    written = FORMS[".xlsx"].written(Rendering(document(report, scenario), report, scenario))
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(written))
    return [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]


def test_what_was_too_large_is_told_in_either_language(told: dict[str, tuple[Report, Scenario]]) -> None:
    """What stopped it is known in the language in which it was counted alone."""
    report, scenario = told["da"]
    locale.use("da")
    note = text("cannot be counted so: {reason}", reason="12 GB er for meget")
    base, *others = report.structure.structure
    ways = [
        replace(one, probability=None, expected=None, alike=False, note=str(note))
        for one in others
        if one.name.startswith("years")
    ]
    stored = replace(report.structure, structure=[base, *ways])
    for language, said in (("da", "12 GB er for meget"), ("en", "it takes more memory or time than there was")):
        locale.use(language)
        found = " ".join(part for part in structure.lines(stored, scenario) if isinstance(part, Sentence))
        assert said in found
        assert ("12 GB" in found) == (language == "da")
