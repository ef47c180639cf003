"""What a report says of every shipped scenario: each number is in its JSON, each word in its language, and nothing of it is empty."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from babel.messages.pofile import read_po

from simulate import locale, measures
from simulate.analysis.risk import chance_of_loss
from simulate.answers import report as answers
from simulate.answers.base import Estimate, exact
from simulate.answers.report import Report
from simulate.answers.schema import adapter
from simulate.asking import report as asking
from simulate.content import BREAK, Chart, Document, Heading, Part, Sentence, Several, Sketch, Table, figures
from simulate.distributions.kinds import KINDS
from simulate.engine import Case, Result
from simulate.errors import InputError
from simulate.figures import cell
from simulate.options import Options
from simulate.reports import assumptions, pictures
from simulate.reports import report as reports
from simulate.reports.sections import spread as sections_spread
from simulate.scenario import Loaded, Scenario, load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CASES = Path(__file__).parents[1] / "cases"
NAMES = sorted(file.stem for file in SCENARIOS.glob("*.toml"))
ENGINES = ("lives", "expected")
OTHERS: dict[str, tuple[Path, list[str], dict[str, Any]]] = {
    "without luck": (SCENARIOS / "silkeborg.toml", [], {"engine": "expected", "plain": True}),
    "quarters": (SCENARIOS / "odense-kik.toml", [], {"period": "quarter"}),
    "plain": (SCENARIOS / "koebenhavn-faellesborgere.toml", [], {"plain": True}),
    "one year": (SCENARIOS / "silkeborg.toml", ["time.years=1"], {}),
    "twelve years": (SCENARIOS / "silkeborg.toml", ["time.years=12"], {"counterfactual": "own-luck"}),
    "held": (SCENARIOS / "silkeborg.toml", ["assumptions.relapse.held=0.2", "assumptions.benefit.scale=1.1"], {}),
    "no families": (SCENARIOS / "silkeborg-paper.toml", ["families.finishing.enter=0"], {}),
    "targets": (CASES / "targets.toml", [], {}),
    "whose money": (CASES / "whose-money.toml", [], {}),
    "no way to spread": (CASES / "effect-window-to-the-day.toml", [], {}),
}
OFTEN = ("silkeborg", "odense", "sygemeldte-samlet-indsats")  # under both engines without --slow
SHIPPED = [
    pytest.param(name, engine, marks=[] if engine == "lives" or name in OFTEN else [pytest.mark.slow])
    for name in NAMES
    for engine in ENGINES
]
EVERY = [*SHIPPED, *((name, "") for name in OTHERS)]
DRAWS = 64
COMMAND = "simulate report case.toml"
MADE = date(2026, 11, 28)
REMARK = ("Remark on the case:", "Bemærkning til sagen:")
CATALOGUE = Path(locale.__file__).parent / "da" / "LC_MESSAGES" / "simulate.po"


@cache
def asked(name: str, engine: Any) -> tuple[Result, Report]:
    """The answer, in Danish, and what it was made of."""
    locale.use("da")
    file, changes, options = OTHERS.get(name, (SCENARIOS / f"{name}.toml", [], {"engine": engine}))
    case = Case.of(load(file, changes))
    tolerated = asking.tolerated("2 mio. kr. i 10 %")
    result, found = asking.report(case, Options(draws=DRAWS, **options), tolerated=tolerated)(None, lambda said: None)
    return result, found


def loaded(name: str) -> Loaded:
    file, changes, _ = OTHERS.get(name, (SCENARIOS / f"{name}.toml", [], {}))
    return load(file, changes)


def scenario_of(name: str) -> Scenario:
    return loaded(name).scenario


def document(name: str, engine: str, language: locale.Language, **how: Any) -> Document:
    found = asked(name, engine)[1]
    locale.use(language)
    return reports.document(found, scenario_of(name), COMMAND, made=MADE, **how)


def told(part: Part) -> Iterator[str]:
    """Every word of it, cell by cell."""
    if isinstance(part, Heading):
        yield part.words
    elif isinstance(part, Table):
        yield from (part.title, *part.columns)
        yield from (cell(item, part.scale) for one in part.rows for item in one.cells)
    elif isinstance(part, Chart):
        yield from texts([getattr(part, key) for key in part.__dataclass_fields__])
    else:
        yield part


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (*texts(key), *texts(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def numbers(value: Any) -> Iterator[float]:
    """All of a JSON document; the names of percentiles and years are numbers, too."""
    if isinstance(value, dict):
        yield from (float(key) for key in value if str(key).isdecimal())
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


@cache
def known(name: str, engine: str) -> np.ndarray:
    """The absolute values of all numbers of the JSON, rising."""
    found = json.loads(json.dumps(asked(name, engine)[1].to_dict()))
    return np.unique(np.abs([*numbers(found)]))


def is_known(value: float, among: np.ndarray) -> bool:
    at = np.searchsorted(among, abs(value))
    return any(math.isclose(abs(value), one, rel_tol=1e-12, abs_tol=1e-9) for one in among[max(at - 1, 0) : at + 1])


# Numbers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", locale.LANGUAGES)
@pytest.mark.parametrize(("name", "engine"), EVERY)
def test_every_figure_is_in_the_json(name: str, engine: str, language: locale.Language) -> None:
    parts = document(name, engine, language).parts
    shown = [(value, part) for part in parts for value in figures(part)]
    assert len(shown) > 50
    assert [pair for pair in shown if not is_known(pair[0], known(name, engine))] == []


@pytest.mark.parametrize(("name", "engine"), EVERY)
def test_the_json_is_read_back_and_says_the_same(name: str, engine: str) -> None:
    found = asked(name, engine)[1]
    again = adapter().validate_python(json.loads(json.dumps(found.to_dict())))
    assert again == found
    locale.use("da")
    assert reports.document(again, scenario_of(name), COMMAND, made=MADE) == document(name, engine, "da")


NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
SAID = {0, 1, 5, 20, 50, 80, 85, 90, 95, 100, 1024}  # of the sentences' own: `in 90 of 100 courses`, `P5`, `(95 %)`


@pytest.mark.parametrize("name", ["silkeborg", "odense"])
def test_every_number_in_a_sentence_is_a_figure_or_of_the_case(name: str) -> None:
    """Each is the rounded value of something in the JSON, or a number that the sentence or the file has itself."""
    found = asked(name, "lives")[1]
    scenario = scenario_of(name)
    named = set(NUMBER.findall(" ".join(own_words(name))))
    counts = {scenario.time.years, scenario.time.first_year, 12} | SAID
    for part in document(name, "lives", "en").parts:
        if not isinstance(part, Sentence):
            continue
        for written in NUMBER.findall(part):
            value = float(written.replace(",", "").rstrip("."))
            digits = len(written.partition(".")[2]) or -(len(written) - len(written.rstrip("0,").replace(",", "")))
            shown = any(
                abs(abs(figure) * scale - value) <= 0.5001 * 10.0**-digits
                for figure in part.figures
                for scale in (1, 100, 1e-6, 2.1315, 213.15)
            )
            assert shown or value in counts or written in named or is_known(value, known(name, "lives")), (
                written,
                part,
            )
    assert found.agreement is None or found.agreement.of == len(found.case.reported)


# Words ---------------------------------------------------------------------------------------------------------------

WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")


def words(said: str) -> set[str]:
    return {word.lower() for word in WORD.findall(re.sub(r"{\w*}|“[^”]*”|`[^`]*`|--[\w-]+|[0-9a-f]{64}", " ", said))}


def spoken(catalogue_file: Path) -> tuple[set[str], set[str]]:
    """The words that only English messages have, and those that only their Danish has."""
    with catalogue_file.open("rb") as stream:
        messages = [one for one in read_po(stream, locale="da") if one.id]
    english = {
        word
        for one in messages
        for said in texts(list(one.id) if isinstance(one.id, tuple) else one.id)
        for word in words(said)
    }
    danish = {word for one in messages for said in texts(one.string) for word in words(said)}
    return english - danish, danish - english


ENGLISH, DANISH = spoken(CATALOGUE)


def own_words(name: str) -> Iterator[str]:
    """All that the scenario says in its own words."""
    found = loaded(name)
    yield from (found.scenario.title, found.file, COMMAND, "provenu", found.source, *found.changes)
    for file in SCENARIOS.glob("*.toml"):  # of a portfolio's programmes
        if not found.scenario.parts:
            break
        yield file.read_text("utf-8")


@pytest.mark.parametrize("language", locale.LANGUAGES)
@pytest.mark.parametrize(("name", "engine"), EVERY)
def test_a_report_has_one_language(name: str, engine: str, language: locale.Language) -> None:
    """Danish computed, and read in either: no word of the other but the scenario's own."""
    found = document(name, engine, language)
    own = {word.lower() for said in own_words(name) for word in WORD.findall(said)}
    foreign = (ENGLISH if language == "da" else DANISH) - own
    for part in [*found.parts, *found.footer]:
        for said in told(part):
            assert not words(said) & foreign, said


def test_the_words_of_a_language_are_told_apart() -> None:
    """Else the test above proves nothing."""
    assert {"the", "courses", "programme", "assumption", "which", "and"} <= ENGLISH
    assert {"forløb", "indsatsen", "sandsynligheden", "forudsætning", "og", "ikke"} <= DANISH
    assert len(ENGLISH) > 500
    assert len(DANISH) > 500


@pytest.mark.parametrize("language", locale.LANGUAGES)
@pytest.mark.parametrize(("name", "engine"), EVERY)
def test_it_names_no_option_and_no_place_in_the_file(name: str, engine: str, language: locale.Language) -> None:
    found = document(name, engine, language)
    changes = asked(name, engine)[1].run.set
    for part in found.parts:
        for said in told(part):
            if any(change in said for change in changes):  # whoever changed the case knows where
                continue
            if said.startswith(REMARK):  # the file's own words
                continue
            assert "--" not in said, said
            assert not re.search(r"\b(assumptions|roles|costs|families)[.\[]", said), said
            assert not re.search(r"\{\w*\}|None|\bnan\b|(?<![\d,.])-0(?:[.,]0+)?(?![\d,.])", said), said


def test_a_case_without_costs_has_none_to_come_back() -> None:
    pattern = {"da": r"tjen\w* (\w+ )*hjem|tilbagebetal", "en": r"costs have|payback|pay back|break.even|breaks even"}
    for language in locale.LANGUAGES:
        found = document("odense", "lives", language)
        for part in found.parts:
            for said in told(part):
                assert said.startswith(REMARK) or not re.search(pattern[language], said, re.I), said


# Form ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", locale.LANGUAGES)
@pytest.mark.parametrize(("name", "engine"), EVERY)
def test_sections_have_something_to_tell_and_charts_say_what_they_show(
    name: str, engine: str, language: locale.Language
) -> None:
    parts = [part for part in document(name, engine, language).parts if part != BREAK]
    for first, second in zip(parts, [*parts[1:], Heading("")], strict=True):
        assert not (isinstance(first, Heading) and isinstance(second, Heading)), first
    assert isinstance(parts[1], Heading)
    assert len({part.words for part in parts if isinstance(part, Heading)}) == sum(
        isinstance(one, Heading) for one in parts
    )
    for part in parts:
        if isinstance(part, Chart):
            assert part.title
            assert part.alt
            assert part.subtitle
            assert part.subtitle.figures or part.title.figures
        if isinstance(part, Table):
            assert part.rows
            assert all(len(one.cells) == len(part.columns) for one in part.rows)


def sections(name: str, engine: str = "lives") -> list[str]:
    """Of those that a report has, the names."""
    found = asked(name, engine)[1]
    locale.use("en")
    return [one for one in reports.SECTIONS if [*reports.lines(found, scenario_of(name), [one])]]


def test_what_a_case_does_not_have_is_left_out() -> None:
    assert sections("silkeborg") == [
        "answer", "years", "payback", "areas", "cashable", "payers", "ranges", "uncertainty", "thresholds", "risk", "spread",
        "assumptions", "paper", "counting", "method", "limits",
    ]  # fmt: skip
    certain = sections("silkeborg-paper")
    assert not {"ranges", "thresholds", "areas", "cashable", "programmes", "targets", "since"} & set(certain)
    assert {"uncertainty", "paper", "risk", "spread"} <= set(certain)
    assert "programmes" in sections("odense")
    assert "paper" not in sections("odense")


def test_sections_are_chosen_by_their_names() -> None:
    assert reports.chosen(None) == reports.SECTIONS
    assert reports.chosen("risk, answer") == ("risk", "answer")
    assert reports.chosen("ANSWER") == ("answer",)
    for given in ("answer,yaers", "", "answer;years"):
        with pytest.raises(InputError, match=re.escape(", ".join(reports.SECTIONS))):
            reports.chosen(given)
    heads = [
        part.words
        for part in document("silkeborg", "lives", "da", sections=["risk", "answer"]).parts
        if isinstance(part, Heading)
    ]
    assert heads == ["Svaret", "Hvad der kan gå galt"]


def test_every_section_is_in_the_docs() -> None:
    page = (SCENARIOS.parent / "docs" / "reports.md").read_text("utf-8")
    named = re.findall(r"^\| `(\w+)` \|", page, re.M)
    assert named == list(reports.SECTIONS)


def test_the_footer_says_how_it_was_made() -> None:
    found = [said.replace("\u00a0", " ") for said in document("silkeborg", "lives", "da").footer]
    run = asked("silkeborg", "lives")[1]
    assert found[0].startswith("64 beregnede forløb, starttal (seed) 1; regnet med provenu ")
    assert found[0].endswith(" den 28. november 2026.")
    assert run.scenario.sha256 in found[1]
    assert found[2].endswith(COMMAND)
    english = document("silkeborg", "lives", "en").footer
    assert "28 November 2026" in english[0]


def test_amounts_are_counted_in_what_was_asked_for() -> None:
    for unit, scale in reports.SCALES.items():
        tables = [
            one
            for one in document("silkeborg", "lives", "da", unit=unit).parts
            if isinstance(one, Table) and one.currency
        ]
        assert {one.scale for one in tables} == {scale}


def test_sums_are_spoken_of_as_they_are_printed() -> None:
    """To the krone costs and positions add up; in thousands and in millions they do not."""
    rounded = "Every number is rounded by itself: sums may differ a little from the numbers printed."
    for unit, said in (("kr", 0), ("tkr", 2), ("mio", 2), (None, 2)):
        parts = document("no families", "", "en", sections=["years"], unit=unit).parts
        assert sum(part == rounded for part in parts) == said, unit


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    broken = re.compile(r"\d (kr\.|mio\.|%)|mio\. kr")
    for language in locale.LANGUAGES:
        found = document("silkeborg", "lives", language)
        for part in [*found.parts, *found.footer]:
            for said in (
                [part]
                if isinstance(part, str)
                else [
                    item.words
                    for one in getattr(part, "rows", [])
                    for item in getattr(one, "cells", [])
                    if isinstance(item, Several | Sketch)
                ]
            ):
                assert not broken.search(said), said
        assert any("\u00a0" in part for part in found.parts if isinstance(part, str))


# What is told ----------------------------------------------------------------------------------------------------------


def said_in(name: str, section: str, language: locale.Language = "da", engine: str = "lives") -> str:
    found = document(name, engine, language, sections=[section]).parts
    return " ".join(part for part in found if isinstance(part, str)).replace("\u00a0", " ")


def test_the_answer_is_three_sentences() -> None:
    found = document("silkeborg", "lives", "da", sections=["answer"]).parts
    paragraphs = [part for part in found if isinstance(part, str) and part != BREAK]
    assert paragraphs[0] == "Silkeborg · 2017-2021 · 2016-p/l"
    first, second, third = paragraphs[1:]
    assert re.search(
        r"i \d+ af 100 beregnede forløb\. Gjort op på andre måder .* mellem \d+ og \d+ af 100\.",
        first.replace("\u00a0", " "),
    )
    assert second.startswith("Forventet provenu: ")
    assert "Businesscasen siger" in second
    assert third.startswith("I 90 af 100 forløb ligger provenuet mellem")


def test_only_service_counts_under_the_ceiling() -> None:
    found = said_in("silkeborg", "areas")
    assert "Kun service tæller med under servicerammen" in found
    assert "Under rammen ventes indsatsen at lægge beslag på" in found
    assert "giver ingen plads dér" in found
    case = asked("silkeborg", "lives")[1].case
    assert case.areas["service"].mean.value < 0 < case.areas["overførsler"].mean.value


def test_an_area_pays_for_itself_as_often_as_its_courses_do() -> None:
    for engine in ENGINES:
        result, found = asked("silkeborg", engine)
        assert result.draws is not None
        for name, one in found.areas.items():
            share = float(np.mean(result.draws.columns[measures.AREA, name] > -0.5))
            assert one.chance.value == pytest.approx(share)
            assert (one.probability is None) == (engine == "expected")


def test_the_business_case_is_a_budget_that_adds_up_to_its_own_number() -> None:
    for name in NAMES:
        found = asked(name, "lives")[1]
        own = found.business_case
        assert own.provenu.total.value == pytest.approx(found.case.point.provenu.total, abs=1e-3)
        assert own.accumulated[-1].value == pytest.approx(own.provenu.total.value, abs=1e-3)
        assert {label: one.total.value for label, one in own.lines.items()} == pytest.approx(
            {label: one.total for label, one in found.case.point.lines.items()}, abs=1e-3
        )
        assert all(one.error == 0 for one in own.accumulated)


def test_payback_is_counted_from_the_beginning() -> None:
    for name in NAMES:
        found = asked(name, "lives")[1]
        years = found.case.risk.years.percentiles
        assert found.payback_time == {
            p: None if year is None else year - found.scenario.first_year + 1 for p, year in years.items()
        }


def test_what_must_be_financed_is_enough_in_so_many_courses() -> None:
    result, found = asked("silkeborg", "lives")
    assert result.draws is not None
    through = np.cumsum([result.draws.columns[measures.PROVENU, period] for period in result.periods], axis=0)
    lowest = np.minimum(through.min(axis=0), 0.0)
    for p in (5, 15, 50):
        assert found.case.risk.lowest.percentiles[p].value == pytest.approx(np.percentile(lowest, p), rel=1e-9)
    parts = document("silkeborg", "lives", "da", sections=["risk"]).parts
    table = next(part for part in parts if isinstance(part, Table))
    shown = [figures(one)[-1] for one in table.rows]
    assert shown == [-found.case.risk.lowest.percentiles[p].value for p in (50, 15, 5)]


def test_a_limit_is_kept_or_not() -> None:
    found = asked("silkeborg", "lives")[1].tolerance
    assert found is not None
    said = said_in("silkeborg", "spread")
    assert found.probability.interval is not None
    assert found.probability.interval[0] > 0.1
    assert found.kept is False
    assert "2.000.000 kr. i højst 10,0 % af forløbene" in said
    assert "grænsen er ikke overholdt" in said


@pytest.mark.parametrize(
    ("lost", "draws", "share", "kept"),
    [
        (1638, 16384, 0.1, None),  # 9.998 %
        (1638, 16384, 0.11, True),
        (1638, 16384, 0.09, False),
        (51, 1024, 0.05, None),
        (0, 1024, 0.005, True),
        (0, 1024, 0.003, None),  # none of so few does not make it so rare
    ],
)
def test_a_limit_within_the_error_of_the_chance_is_neither_kept_nor_broken(
    lost: int, draws: int, share: float, kept: bool | None
) -> None:
    total = spread_out(lost, draws, -3e6, 1e6)
    found = answers.tolerance(Drawn(total), answers.Tolerated(2e6, share))  # type: ignore[arg-type]
    assert found is not None
    assert found.probability.value == lost / draws
    assert found.kept is kept


@pytest.mark.parametrize(
    ("kept", "section", "title"),
    [
        (
            None,
            "these courses cannot tell whether the limit is kept",
            "they cannot tell whether that is within the 0.5%",
        ),
        (True, "the limit is kept", "within the 0.5% that can be borne"),
        (False, "the limit is not kept", "above the 0.5% that can be borne"),
    ],
)
def test_what_is_found_of_a_limit_is_said_with_its_shares(kept: bool | None, section: str, title: str) -> None:
    """A share that was given is told as it was: half of one of a hundred is neither none nor one."""
    found, scenario = asked("silkeborg", "lives")[1], scenario_of("silkeborg")
    limit = answers.RiskTolerance(2e6, 0.005, Estimate(0.0049, 0.0002, (0.0045, 0.0053)), kept)
    locale.use("en")
    said = sections_spread.tolerated(limit, "DKK")
    assert "in at most 0.5% of the courses" in said
    assert said.endswith(f"The chance of such a loss is 0.5%: {section}.")
    curve = pictures.exceedance(found.exceedance, limit, found.case, scenario)
    assert curve.title.startswith("More than 2.0 mio. kr. is lost in 0.5% of the courses: ")
    assert title in curve.title
    assert [words for *_, words in curve.marks] == ["can be borne: 2.0 mio. kr.", "accepted: 0.5%"]


def spread_out(few: int, draws: int, one: float, other: float) -> np.ndarray:
    """So many of the draws have one amount, the rest the other: evenly, through all blocks."""
    place = np.arange(draws)
    return np.where((place + 1) * few // draws > place * few // draws, one, other)


class Drawn:
    """As much of a result as the spread of its provenu is made of."""

    def __init__(self, total: np.ndarray) -> None:
        self.total = total

    def losses(self, losses: list[float]) -> list[Any]:
        return chance_of_loss(self.total, losses)


@pytest.mark.parametrize(("low", "high"), [(-1e6, 1e6), (-1e6, 3e6), (-1.1e6, 1.3e6), (-0.3e6, 0.7e6), (1.0, 2.0)])
def test_every_course_is_in_a_bar(low: float, high: float) -> None:
    """Also those at the ends, where these are round amounts themselves."""
    total = spread_out(8192, 16384, low, high)
    run = SimpleNamespace(provenu=SimpleNamespace(bands={1: exact(low), 99: exact(high)}))
    losses, bins = answers.spread(Drawn(total), run)  # type: ignore[arg-type]
    assert sum(one.share.value for one in bins) == pytest.approx(1.0)
    filled = [one for one in bins if one.share.value > 0]
    assert [one.share.value for one in filled] == pytest.approx([0.5, 0.5])
    for one, amount in zip(filled, (low, high), strict=True):
        assert one.low <= amount + 0.5 < one.high + 0.5
    assert [*pictures._left_out(bins, losses)] == []


@pytest.mark.parametrize(("name", "engine"), [("silkeborg", "lives"), ("quarters", ""), ("no families", "")])
def test_what_lies_beyond_the_bars_is_told_of_each_end(name: str, engine: str) -> None:
    found = asked(name, engine)[1]
    chances = {one.loss: one.probability.value for one in found.exceedance}
    below, above = chances[-found.histogram[0].low], 1 - chances[-found.histogram[-1].high]
    assert sum(one.share.value for one in found.histogram) + below + above == pytest.approx(1.0)


def test_a_run_by_quarter_has_the_papers_figures_by_year() -> None:
    """As a run by year has them; what is accumulated is told by period."""
    case = Case.of(load(SCENARIOS / "silkeborg-paper.toml"))
    shown = {}
    for period in ("year", "quarter", "month"):
        _, found = asking.report(case, Options(draws=16, period=period))(None, lambda said: None)  # type: ignore[arg-type]
        locale.use("en")
        parts = [*reports.lines(found, case.scenario, ["paper"])]
        shown[period] = [part for part in parts if isinstance(part, Table)]
        titles = [part.title for part in reports.lines(found, case.scenario, ["years"]) if isinstance(part, Table)]
        through = "year" if period == "year" else "period"
        assert f"The provenu accumulated through each {through}" in titles
    assert shown["quarter"] == shown["year"]
    assert shown["month"] == shown["year"]
    amounts, persons = shown["year"]
    assert [*amounts.columns] == ["", "2017", "2018", "2019", "2020", "2021", "Total"]
    for one in (*amounts.rows, *persons.rows):
        assert any(item not in (None, "") for item in one.cells[1:])


@pytest.mark.parametrize("section", ["uncertainty", "thresholds", "counting"])
def test_what_is_told_by_drawn_lives_beside_an_expectation_says_so(section: str) -> None:
    said = "trukket for hver familie; tallene kan afvige lidt fra svarets."
    assert said in said_in("silkeborg", section, engine="expected")
    assert said not in said_in("silkeborg", section, engine="lives")


def test_kinds_of_distributions_have_words_in_both_languages() -> None:
    assert {*assumptions.KINDS} == {*KINDS, "calculated"}
    found = asked("silkeborg", "lives")[1].assumptions
    [benefit] = [one.distribution for one in found if one.name == "benefit"]
    assert benefit is not None
    for language, words in (("da", "PERT-fordeling"), ("en", "PERT distribution")):
        locale.use(language)
        assert assumptions.kind_of(benefit) == words
        assert assumptions.kind_of(replace(benefit, kind="quantiles", factor=True)).startswith(
            {"da": "fordeling efter fraktiler, ", "en": "distribution by its quantiles, "}[language]
        )


def test_minimum_and_maximum_stand_beside_the_result_the_widest_first() -> None:
    """The same tables as `structure` has: the result is the business case's own number in each row, and what is expected is that of the run."""
    _, report = asked("silkeborg", "lives")
    found = document("silkeborg", "lives", "da", sections=["ranges"]).parts
    at_values, expected = (part for part in found if isinstance(part, Table))
    assert len(at_values.rows) == len(expected.rows) > 8
    rows = [[one.cells[i].value for i in (4, 5, 6)] for one in at_values.rows]
    assert {result for _, result, _ in rows} == {report.case.point.provenu.total}
    widths = [max(row) - min(row) for row in rows]
    assert widths == sorted(widths, reverse=True)
    [middle] = {one.cells[2].value for one in expected.rows}
    assert middle == pytest.approx(report.case.bridge.expected.value, rel=1e-12)


def test_figures_of_the_paper_that_are_missed_stand_above_ours() -> None:
    _, found = asked("silkeborg-paper", "lives")
    assert found.agreement is not None
    assert found.agreement.reproduced == found.agreement.of == len(found.case.reported)


def test_a_figure_of_the_paper_that_is_missed_has_ours_below_it() -> None:
    """The year that is missed alone; a kind of figure without totals has no column for them."""
    _, found = asked("silkeborg-paper", "lives")
    rows = [
        replace(one, value=1234.0, reproduced=False) if one.what == "costs" and one.year == 2018 else one
        for one in found.case.reported
    ]
    changed = replace(found, case=replace(found.case, reported=rows))
    locale.use("en")
    parts = reports.document(changed, scenario_of("silkeborg-paper"), COMMAND, made=MADE, sections=["paper"]).parts
    amounts, persons = (part for part in parts if isinstance(part, Table))
    at = next(i for i, one in enumerate(amounts.rows) if one.cells[0] == "Costs, total")
    assert [cell(one) for one in amounts.rows[at].cells[1:4]] == ["3,257,000", "1,234", "3,257,000"]
    assert [cell(one) for one in amounts.rows[at + 1].cells] == ["what we get", "", "3,257,000", "", "", "", ""]
    assert amounts.columns[-1] == "Total"
    assert persons.columns[-1] == "2021"
