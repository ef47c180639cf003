"""A run that takes minutes says so before it starts; one that takes seconds says nothing."""

from pathlib import Path

import pytest
from trees import run_tree, scenario_of, simple

from simulate import limits, point, run
from simulate.errors import ResourceError
from simulate.ledger import Accounts
from simulate.model import PERIODS, Model
from simulate.run import Options
from simulate.sampling import Sampler
from simulate.scenario import load

MILLION = {"all": {"present": 10**6, "members": {"adult": 1}}}


class Started(Exception):
    """The work has begun."""


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """No run gets beyond its beginning."""

    def begin(self: run.Work) -> None:
        raise Started

    monkeypatch.setattr(run.Work, "prepare", begin)
    monkeypatch.setattr(limits, "memory", lambda: 10**12)


def said(tree: dict, **options: object) -> list[str]:
    heard: list[str] = []
    with pytest.raises(Started):
        run.run(scenario_of(tree), Options(**{"threads": 2, **options}), None, heard.append)
    return heard


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_short_runs_need_no_words(engine: str) -> None:
    assert limits.in_words(0.0, engine) == ""
    assert limits.in_words(limits.PATIENCE - 1e-6, engine) == ""
    assert limits.in_words(limits.PATIENCE, engine) != ""


@pytest.mark.parametrize(("seconds", "minutes"), [(120, "2 minutes"), (1600, "27 minutes"), (7200, "120 minutes")])
def test_long_runs_are_told_in_minutes(seconds: float, minutes: str) -> None:
    assert f"about {minutes}." in limits.in_words(seconds, "lives")
    assert "--engine expected" in limits.in_words(seconds, "lives")
    assert f"about {minutes}." in limits.in_words(seconds, "expected")
    assert "--engine" not in limits.in_words(seconds, "expected")  # it is that already


def test_a_million_families_say_minutes_before_they_start(stopped: None) -> None:
    (words,) = said(simple(families=MILLION))
    lives = 16384 * 10**6 * (1 + 3)  # families, and a member in three arms
    minutes = lives / limits.LIVES_A_SECOND / 2 / 60
    assert f"about {minutes:.0f} minutes" in words
    assert "--engine expected" in words


def test_twice_the_draws_take_twice_as_long() -> None:
    scenario = scenario_of(simple())
    accounts, sampler = Accounts(Model(scenario), PERIODS["year"]), Sampler(scenario)
    once, twice = (limits.check(Options(draws=draws, threads=1), accounts, sampler, 10, 1000) for draws in (4096, 8192))
    assert twice == pytest.approx(2 * once)
    assert limits.check(Options(draws=4096, threads=2), accounts, sampler, 10, 1000) == pytest.approx(once / 2)


def test_ordinary_runs_say_nothing(stopped: None) -> None:
    assert said(simple()) == []
    assert said(simple(), engine="expected") == []
    assert said(simple(families=MILLION), engine="expected") == []
    assert said(simple(families=MILLION), draws=16) == []


def steps(**changes: object) -> float:
    return point.steps(Model(scenario_of(simple(time={"first_year": 2020, "years": 5}, **changes))))


def test_an_effect_that_ends_costs_a_walk_for_each_entry_before_the_horizon() -> None:
    def family(**kinds: object) -> dict:
        return {"families": {"all": {"members": {"adult": 1}, **kinds}}}

    plain = steps(**family(enter=10))
    assert steps(**family(enter=10, effect_lasts_months=60)) == plain  # nobody's ends within the horizon
    once = plain / 60 / 2  # a month, one arm
    assert steps(**family(present=10, effect_lasts_months=36)) == pytest.approx(plain + 36 * once)
    assert steps(**family(enter=10, effect_lasts_months=36)) == pytest.approx(plain + 24 * 36 * once)
    entering = [{"month": "2020-03", "number": 1}, {"month": "2024-12", "number": 1}]
    assert steps(**family(entering=entering, effect_lasts_months=36)) == pytest.approx(plain + 36 * once)


def test_the_scenario_to_begin_from_takes_many_draws_without_a_word(stopped: None) -> None:
    """It has both an effect that ends and stays of a given length: 262,144 draws take half a minute."""
    file = Path(limits.__file__).parent / "scenario" / "template.da.toml"
    scenario = load(file).scenario
    assert scenario is not None
    heard: list[str] = []
    with pytest.raises(Started):
        run.run(scenario, Options(draws=2**18, threads=2), None, heard.append)
    assert heard == []


def test_what_would_take_a_slow_machine_hours_is_refused(stopped: None) -> None:
    """On one thread a million families are nearly an hour's work for a usual machine, and four for a slow one."""
    with pytest.raises(ResourceError, match="hours"):
        run_tree(simple(families=MILLION), threads=1)


def test_the_command_says_it_on_standard_error(
    stopped: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from simulate.cli import main

    file = tmp_path / "many.toml"
    file.write_text(
        """
format = 1
title = "Many"
time = { first_year = 2020, years = 1 }
families.all = { present = 1000000, members = { adult = 1 } }
[roles.adult]
start = "benefit"
states = { benefit = { monthly = 1000 }, job = {} }
moves = [{ from = "benefit", to = "job", at = "entry", chance = { baseline = 0.1, programme = 0.2 } }]
"""
    )
    monkeypatch.setattr("sys.argv", ["simulate", "run", str(file), "--threads", "2", "--lang", "en"])
    with pytest.raises((Started, SystemExit)):
        main()
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "minutes" in printed.err
    assert "--engine expected" in printed.err
