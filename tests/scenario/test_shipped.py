"""The scenarios that ship: sound, sourced, and with their papers' figures as the business case's arithmetic gives them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from simulate import model, point
from simulate.answers import paper
from simulate.engine import run
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.options import Options
from simulate.sampling import Chunk, Sampler
from simulate.scenario import load
from simulate.scenario.loaded import Loaded

FOLDER = Path(__file__).parents[2] / "scenarios"
FILES = [file for file in sorted(FOLDER.glob("*.toml")) if "programmes" not in tomllib.loads(file.read_text("utf-8"))]

PAPER = FOLDER / "silkeborg-paper.toml"  # the paper's own case, as certain and as bare as the paper has it


def loaded(name: str, *changes: str) -> Loaded:
    return load(FOLDER / f"{name}.toml", changes, language="en")


def point_of(one: Loaded, period: str = "year") -> point.Point:
    accounts = Accounts(Model(one.scenario), model.PERIODS[period])
    return point.compute(accounts, Sampler(one.scenario).point())


def drawn(one: Loaded) -> Mapping[str, np.ndarray]:
    return Sampler(one.scenario).draw("sobol", 1, Chunk(0, 256, 256))


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def shipped(request: pytest.FixtureRequest) -> Loaded:
    return load(request.param, language="en")


LATE = [  # what a project that begins later means at the end of the horizon, and for savings that nobody waits with
    "implementation.start_months_later",
    'savings."Sagsbehandling, Jobcenter"',
    'savings."Sagsbehandling, Familiesektion"',
]


def test_there_is_nothing_to_warn_of_but_what_a_delay_means(shipped: Loaded):
    meant = LATE if Path(shipped.file).stem == "silkeborg-exits" else []
    assert [one.path for one in shipped.warnings] == meant, shipped.warnings


def test_the_papers_figures_are_ours_or_it_is_explained_why_not(shipped: Loaded):
    rows = paper.reported(point_of(shipped))
    for row, given in zip(rows, shipped.scenario.reported, strict=True):
        assert given.source, (row.what, row.year)
        assert row.reproduced or given.note, (row.what, row.year, row.value, row.ours)


def test_every_assumption_says_what_it_is_and_where_it_comes_from(shipped: Loaded):
    if shipped.file == str(PAPER):
        return
    for name, one in shipped.scenario.assumptions.items():
        assert None not in (one.label, one.source), name


def test_what_is_assumed_is_uncertain(shipped: Loaded):
    if shipped.file == str(PAPER):
        return
    for name, one in shipped.scenario.assumptions.items():
        if (one.source or "").startswith("antaget"):
            assert one.uncertainty is not None, name


def test_few_draws_have_to_be_cut_back(shipped: Loaded):
    """What is clipped in more than a few courses is a distribution that does not fit its number."""
    found = run(shipped.scenario, Options(draws=512, engine="expected", threads=2))
    assert np.isfinite(found.mean()).all()
    for path, count in found.clipped.items():
        assert count <= 0.02 * found.options.draws, path


# ---------------------------------------------------------------------------------------------------------------------
# Odense's KIK


def test_kik_has_its_full_year_persons_from_the_model():
    """99 citizens, a quarter of them in the control group, 5 %: nobody typed the product in."""
    one = loaded("odense-kik")
    [row] = paper.reported(point_of(one))
    assert row.ours == pytest.approx(99 * 0.75 * 0.05, rel=1e-12)
    [half] = paper.reported(point_of(loaded("odense-kik", "assumptions.citizens.value=49.5")))
    assert half.ours == pytest.approx(99 * 0.75 * 0.05 / 2, rel=1e-12)


def test_kik_has_everybody_on_the_high_or_the_low_rate():
    values = drawn(loaded("odense-kik"))
    np.testing.assert_allclose(values["share_high"] + values["share_low"], 1.0, rtol=0, atol=1e-9)


# ---------------------------------------------------------------------------------------------------------------------
# Odense's vulnerable families


@pytest.mark.parametrize(
    ("role", "state", "before", "after"),
    [
        ("not_ready", "kontanthjælp, aktivitetsparat", 115, 106),
        ("education", "uddannelseshjælp, aktivitetsparat", 15, 12),
        ("ready", "kontanthjælp, jobparat", 25, 20),
        ("insured", "dagpenge", 8, 4),
    ],
)
def test_udsatte_familier_lose_in_a_quarter_whom_the_paper_counted(role, state, before, after):
    """The exits are inputs, two or three for each group: together they must be what was counted."""
    one = loaded("odense-udsatte-familier", "relapse=0")
    states, arrivals = Model(one.scenario).states, point_of(one, "quarter").programme.arrivals[0]
    left = sum(arrivals[i, 0] for i, found in enumerate(states) if found[0] == role and found[1] != state)
    assert left == pytest.approx(before - after, abs=0.02)


def test_udsatte_familier_save_nothing_at_the_point():
    """Without a control group the business case is that what was counted would have come anyway."""
    assert np.abs(point_of(loaded("odense-udsatte-familier")).kroner).max() < 1e-6


# ---------------------------------------------------------------------------------------------------------------------
# Odense's two as a portfolio


def test_odense_is_its_two_sub_projects_added_up():
    whole = loaded("odense")
    assert [str(one) for one in whole.warnings] == []
    parts = {"KIK": "odense-kik", "Udsatte Familier": "odense-udsatte-familier"}
    assert [part.name for part in whole.scenario.parts] == list(parts)
    together = point_of(whole)
    for name, own in together.accounts.of_part.items():
        np.testing.assert_array_equal(together.kroner[:, own], point_of(loaded(parts[name])).kroner)


def test_odense_shares_what_both_have_alike():
    """Every uncertain number that the two files have under one name, value and uncertainty; nothing is left out by mistake."""
    kik, families = (loaded(name).scenario.assumptions for name in ("odense-kik", "odense-udsatte-familier"))
    alike = {
        name
        for name in kik.keys() & families.keys()
        if (kik[name].value, kik[name].uncertainty) == (families[name].value, families[name].uncertainty)
    }
    assert alike == {"pension_price"} == set(loaded("odense").scenario.assumptions) & alike


# ---------------------------------------------------------------------------------------------------------------------
# Job og Familie


def test_job_og_familie_has_fifty_families_in_every_draw():
    values = drawn(loaded("job-og-familie"))
    np.testing.assert_allclose(values["families_2018"] + values["families_2019"], 50.0, rtol=0, atol=1e-6)


def test_job_og_familie_has_all_the_papers_targets():
    found = [(one.year, one.amount, one.of) for one in loaded("job-og-familie").scenario.targets]
    for year, amount in ((2018, 5e6), (2019, 7.5e6), (2020, 10e6), (2019, 5e5), (2020, 5e5)):
        assert (year, amount, "savings") in found


# ---------------------------------------------------------------------------------------------------------------------
# Silkeborg seen from outside


def test_silkeborg_from_outside_differs_in_two_distributions_only():
    inside, outside = (loaded(name).scenario for name in ("silkeborg", "silkeborg-sceptical"))
    differing = {
        name for name, one in inside.assumptions.items() if one.uncertainty != outside.assumptions[name].uncertainty
    }
    assert differing == {"additional_effect", "placement_factor"}
    np.testing.assert_array_equal(point_of(loaded("silkeborg")).kroner, point_of(loaded("silkeborg-sceptical")).kroner)


def test_silkeborg_from_outside_thinks_harm_and_help_possible():
    effect = drawn(loaded("silkeborg-sceptical"))["additional_effect"]
    assert 0.35 < (effect < 0).mean() < 0.5
    assert (effect > 0.15).mean() < 0.05  # what the paper itself assumes is not ruled out


# ---------------------------------------------------------------------------------------------------------------------
# Næstved


def test_familien_paa_vej_books_the_grant_once_and_no_effect_at_the_point():
    one = loaded("familien-paa-vej")
    assert [cost.label for cost in one.scenario.costs] == ["Projektet"]
    assert point_of(one).provenu == pytest.approx([-2e6] * 5)


def test_familien_paa_vej_never_takes_in_more_families_than_there_are():
    entering = sum(row.number for row in loaded("familien-paa-vej").scenario.families["families"].entering)
    assert entering == 30
    later = drawn(loaded("familien-paa-vej"))["later_families"].sum(axis=1)
    assert (entering + later).max() <= 107 + 1e-9


# ---------------------------------------------------------------------------------------------------------------------
# Copenhagen


def test_copenhagen_saves_for_each_who_leaves_what_is_worked_out_by_hand():
    """Out in the middle of July 2013, 29.5 months before the end, 10 % a year falling back in the middle of a month; 70 % of 10,500 kr."""
    stay = sum(0.9 ** (n / 12) for n in range(29)) + 0.5 * 0.9 ** (29 / 12)  # whole months begun, and the half one left
    falls = sum(0.9 ** (n / 12) - 0.9 ** ((n + 1) / 12) for n in range(29))  # each in the middle of its month
    months = stay - 0.5 * falls
    kroner = 130 * 0.05 * months * 0.7 * 10500
    provenu = point_of(loaded("koebenhavn-faellesborgere", "assumptions.additional_effect.value=0.05")).provenu.sum()
    assert provenu == pytest.approx(kroner - 2.2e6, rel=2e-4)


def test_copenhagen_pays_more_benefit_with_fewer_sanctions():
    fewer = point_of(loaded("koebenhavn-faellesborgere", "assumptions.fewer_sanctions.value=200")).provenu
    none = point_of(loaded("koebenhavn-faellesborgere")).provenu
    assert fewer - none == pytest.approx([-13000, -26000, -26000, -26000])
