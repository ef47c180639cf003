"""Sentences of a run that say no more than these courses can tell."""

import random
import re
from dataclasses import replace

import pytest
from trees import rich, scenario_of

from simulate import engine, figures, locale
from simulate.analysis.precision import STUDENT
from simulate.answers.base import Estimate, exact
from simulate.answers.risk import Loss
from simulate.answers.run import Bridge, Provenu, ProvenuByYear, of_draws
from simulate.options import Options
from simulate.reports import details, risk, run
from simulate.scenario import Loaded


def bridge(means: float, rest: float, half_width: float) -> str:
    locale.use("da")
    return " ".join(details._parts(means, rest, half_width / STUDENT, "DKK", from_paper=True))


def test_both_parts_of_the_bridge_beyond_their_error() -> None:
    said = bridge(-5_390_123, -70_456, 16_000)
    assert said == (
        "Fra businesscasens tal til det forventede: -5.390.000 kr., fordi forudsætningernes middelværdier afviger fra værdierne i oplægget, "
        "og -70.000 kr., fordi uheldige og lige så heldige udsving ikke vejer lige meget."
    )


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-14.5e6, -0.5e6, "between -14.5 and -0.5 mio. kr."),
        (-0.8e6, 1.7e6, "between -0.8 and 1.7 mio. kr."),
        (-2e6, 3e6, "between -2.0 and 3.0 mio. kr."),
        (-20_000.0, 1.7e6, "between -20,000 kr. and 1.7 mio. kr."),
        (-900_000.0, 800_000.0, "between -900,000 kr. and 800,000 kr."),
    ],
)
def test_a_band_has_one_unit_where_both_ends_have_a_figure_in_it(low: float, high: float, said: str) -> None:
    by_year = ProvenuByYear(
        mean=[], expected=[], sd=[], sd_without_luck=None, percentiles={}, percentiles_without_luck=None
    )
    provenu = Provenu(percentiles={5: exact(low), 95: exact(high)}, percentiles_without_luck=None, sd=exact(1.0), sd_without_luck=None,
                      mean=exact(0.0), by_year=by_year)  # fmt: skip
    assert run.band(provenu, "DKK") == f"In 90 of 100 courses the provenu lies {said}"


@pytest.mark.parametrize("rest", [15_999, -15_999, 0.0])
def test_a_part_within_its_error_is_no_finding(rest: float) -> None:
    said = bridge(-5_390_123, rest, 16_000)
    assert "-5.390.123 kr., fordi forudsætningernes" in said
    assert "kan ikke skelnes fra 0 med disse forløb" in said
    assert "fordi uheldige og lige så heldige udsving ikke vejer lige meget" not in said


def test_no_part_of_the_means() -> None:
    assert (
        bridge(0.0, -70_456, 16_000)
        == "Fra businesscasens tal til det forventede: -70.000 kr., fordi uheldige og lige så heldige udsving ikke vejer lige meget."
    )
    assert bridge(0.0, 500.0, 16_000) == "Forskellen på de to kan ikke skelnes fra 0 med disse forløb."


def expected(point: float, expected: float, error: float, means: float) -> str:
    scenario = scenario_of(rich())
    rest = expected - point - means
    of_model, found = (Estimate(one, error, (one - 2 * error, one + 2 * error)) for one in (rest, expected))
    return run._expected(Bridge(point, point + means, found, means, of_model), scenario, from_paper=True)


def test_numbers_that_print_alike_in_millions_are_told_to_the_krone_where_they_differ() -> None:
    """1,092,118 and 1,130,000 are not the same, though both are 1.1 mio. kr."""
    assert expected(1_092_118.0, 1_130_000.0, 100.0, 37_882.0) == (
        "Expected provenu: 1,130,000 kr. The business case says 1,092,118 kr.; "
        "the assumptions are on average more favourable than in the paper (37,882 kr.)."
    )
    assert expected(-2_040_000.0, -1_960_000.0, 2_000.0, 80_000.0).startswith(
        "Expected provenu: -1,960,000 kr. The business case says -2,040,000 kr.; "
    )
    assert expected(1_092_118.0, 1_092_118.0, 0.0, 0.0) == (
        "Expected provenu: 1,092,118 kr. The business case says the same."
    )


def test_the_model_has_a_part_where_it_is_more_than_little() -> None:
    assert expected(1_000_000.0, -4_000_000.0, 10_000.0, -4_000_000.0).endswith(
        "less favourable than in the paper (-4.0 mio. kr.), and bad turns cost more than equally good ones bring (-1.0 mio. kr.)."
    )
    assert expected(1_000_000.0, 400_000.0, 10_000.0, 0.0).endswith(
        "; bad turns cost more than equally good ones bring (-600,000 kr.)."
    )
    assert expected(1_000_000.0, 990_000.0, 10_000.0, 0.0).endswith(
        "The business case says 1,000,000 kr.; what is between them cannot be told from 0 with these courses."
    )
    assert (
        expected(1_000_000.0, 999_000.0, 10_000.0, 0.0)
        == "Expected provenu: 1,000,000 kr. The business case says the same."
    )


def printed(said: str) -> list[tuple[float, float]]:
    """The amounts of a sentence in English, and the last digit of each, in kroner."""
    found = re.findall(r"(-?[0-9][0-9,.]*[0-9]|-?[0-9]) (mio\. )?kr", said)
    amounts = [(float(digits.replace(",", "")), 1e6 if millions else 1.0) for digits, millions in found]
    return [(amount * scale, 1e5 if scale > 1 else 1.0) for amount, scale in amounts]


def test_the_bridge_adds_up_as_it_is_printed() -> None:
    """Whatever the amounts: the point estimate and what is named lead to the expected provenu, to the coarsest digit shown."""
    choose, names = random.Random(7), 0
    for _ in range(2000):
        point, means, rest = (choose.choice((-1, 1)) * 10 ** choose.uniform(3, 7.5) for _ in range(3))
        means, rest = means * choose.choice((0, 1, 1)), rest * choose.choice((0, 0.01, 0.1, 1))
        error = 10 ** choose.uniform(0, 5)
        said = expected(point, point + means + rest, error, means)
        if "says the same" in said or said.endswith("; what is between them cannot be told from 0 with these courses."):
            continue
        (shown, digit), *parts = printed(said)
        coarsest = max(figures.unit(error), digit, *(last for _, last in parts))
        left = shown - sum(amount for amount, _ in parts)
        assert abs(round(left / coarsest)) == 0 or abs(left) <= coarsest / 2 * (1 + 1e-9), said
        for turns, sign in (("bad turns cost more", -1), ("good turns bring more", 1)):
            if turns in said:
                names += 1
                assert sign * parts[-1][0] > 0, said
    assert names > 100


def test_a_rest_that_is_missed_is_named() -> None:
    """1.1 - 5.4 is not -4.4, and 5.7 - 5.5 is not 0.586."""
    assert expected(1_092_118.0, -4_366_000.0, 1_700.0, -5_390_123.0).endswith(
        "(-5.4 mio. kr.), and bad turns cost more than equally good ones bring (-68,000 kr.)."
    )
    assert expected(5_656_068.0, 586_000.0, 3_000.0, -5_517_000.0).endswith(
        "says 5,656,068 kr.; the assumptions are on average less favourable than in the paper (-5,517,000 kr.), and good turns "
        "bring more than equally bad ones cost (447,000 kr.)."
    )
    assert expected(-2_200_000.0, -2_276_700.0, 4_600.0, -73_880.0).endswith(
        "(-73,880 kr.); the rest (-3,000 kr.) cannot be told from 0 with these courses."
    )


@pytest.mark.parametrize(("amount", "said"), [(-22_000.0, "Derudover betaler staten mere i refusion: forventet 22.000 kr."),
                                              (89_000.0, "Derudover sparer staten refusion: forventet 89.000 kr.")])  # fmt: skip
def test_the_state_pays_or_saves(amount: float, said: str) -> None:
    locale.use("da")
    scenario = scenario_of(rich())
    answer = of_draws(engine.run(scenario, Options(draws=64)), Loaded(scenario, "a.toml", "", ""))
    mean = Estimate(amount, 470.0, None)
    stat = replace(answer.payers.stat, mean=mean, expected=mean)
    told = replace(answer, payers=replace(answer.payers, stat=stat))
    assert list(details.state(told, scenario)) == [said]


def payback(shares: list[float], median: int | None) -> str:
    years = [str(2020 + i) for i in range(len(shares))]
    by_year = dict(zip(years, shares, strict=True)) | {"never": 1 - sum(shares)}
    return " ".join(risk._years({year: exact(share) for year, share in by_year.items()}, median))


def test_payback_in_years() -> None:
    assert payback([0.1, 0.2, 0.3], 2022).endswith("Payback time: median 3 years.")
    assert payback([0.9, 0.0, 0.0], 2020).endswith("Payback time: median 1 year.")
    assert "median more than 3 years, since fewer than half" in payback([0.1, 0.1, 0.1], None)
    locale.use("da")
    assert payback([0.9, 0.0], 2020).endswith("Tilbagebetalingstid: median 1 år.")


def test_years_that_print_as_0_are_left_out() -> None:
    assert "20.0% (2020), 30.0% (2022); in" in payback([0.2, 0.0001, 0.3], None)
    assert "(20" not in payback([0.0, 0.0, 0.0], None)
    assert payback([0.0001, 0.0, 0.0002], None).startswith(
        "In over 99.9% of the courses the costs have not come back by"
    )


def loss(loss: float, probability: float) -> Loss:
    return Loss(loss, exact(probability))


def test_losses_that_never_come_are_one_sentence() -> None:
    assert risk.losses([loss(1e6, 0.0), loss(2e6, 0.0)], "DKK") == "In no course more than 1,000,000 kr. is lost."
    said = risk.losses([loss(1e6, 0.2), loss(2e6, 0.0004), loss(5e6, 0.0)], "DKK")
    assert said == (
        "The chance to lose more than 1,000,000 kr. is 20.0%, more than 2,000,000 kr. under 0.1%. "
        "In no course more than 5,000,000 kr. is lost."
    )
