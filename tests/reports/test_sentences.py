"""Sentences of a run that say no more than these courses can tell."""

import pytest
from trees import rich, scenario_of

from simulate import locale
from simulate.analysis.precision import STUDENT
from simulate.reports import details, risk, run


def bridge(means: float, rest: float, half_width: float) -> str:
    locale.use("da")
    return " ".join(details._parts(means, rest, half_width / STUDENT, "DKK", from_paper=True))


def test_both_parts_of_the_bridge_beyond_their_error() -> None:
    said = bridge(-5_390_123, -70_456, 16_000)
    assert said == (
        "Fra businesscasens tal til det forventede: -5.390.000 kr., fordi forudsætningernes middelværdier afviger fra værdierne i oplægget, "
        "og -70.000 kr., fordi modellen ikke er lineær."
    )


@pytest.mark.parametrize("rest", [15_999, -15_999, 0.0])
def test_a_part_within_its_error_is_no_finding(rest: float) -> None:
    said = bridge(-5_390_123, rest, 16_000)
    assert "-5.390.123 kr., fordi forudsætningernes" in said
    assert "kan ikke skelnes fra 0 med disse forløb" in said
    assert "fordi modellen ikke er lineær" not in said


def test_no_part_of_the_means() -> None:
    assert (
        bridge(0.0, -70_456, 16_000)
        == "Fra businesscasens tal til det forventede: -70.000 kr., fordi modellen ikke er lineær."
    )
    assert bridge(0.0, 500.0, 16_000) == "Forskellen på de to kan ikke skelnes fra 0 med disse forløb."


def expected(point: float, expected: float, error: float, means: float) -> str:
    scenario = scenario_of(rich())
    bridge = {"point": point, "expected": expected, "error": error, "of_means": means}
    bridge["of_model"] = expected - point - means
    return run._expected({"bridge": bridge, "reported": [{}], "run": {"set": []}}, scenario)


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
    assert expected(1_000_000.0, -4_000_000.0, 10_000.0, -4_900_000.0).endswith(
        "less favourable than in the paper (-4.9 mio. kr.)."
    )
    assert expected(1_000_000.0, -4_000_000.0, 10_000.0, -4_000_000.0).endswith(
        "less favourable than in the paper (-4.0 mio. kr.), and the model is not linear (-1.0 mio. kr.)."
    )
    assert expected(1_000_000.0, 400_000.0, 10_000.0, 0.0).endswith("; the model is not linear (-600,000 kr.).")
    assert expected(1_000_000.0, 990_000.0, 10_000.0, 0.0).endswith(
        "The business case says 1,000,000 kr.; what is between them cannot be told from 0 with these courses."
    )
    assert (
        expected(1_000_000.0, 999_000.0, 10_000.0, 0.0)
        == "Expected provenu: 1,000,000 kr. The business case says the same."
    )


def payback(shares: list[float], median: int | None) -> str:
    years = [str(2020 + i) for i in range(len(shares))]
    by_year = dict(zip(years, shares, strict=True)) | {"never": 1 - sum(shares)}
    found = {"by_year": by_year, "by_year_errors": dict.fromkeys(by_year, 0.0), "percentiles": {"50": median}}
    return " ".join(risk._years(found))


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


def loss(loss: float, probability: float) -> dict:
    return {"loss": loss, "probability": probability, "error": 0.0}


def test_losses_that_never_come_are_one_sentence() -> None:
    assert risk._losses([loss(1e6, 0.0), loss(2e6, 0.0)], "DKK") == "In no course more than 1,000,000 kr. is lost."
    said = risk._losses([loss(1e6, 0.2), loss(2e6, 0.0004), loss(5e6, 0.0)], "DKK")
    assert said == (
        "The chance to lose more than 1,000,000 kr. is 20.0%, more than 2,000,000 kr. under 0.1%. "
        "In no course more than 5,000,000 kr. is lost."
    )
