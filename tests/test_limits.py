"""What a run takes, before it starts: memory decides how many threads there are, and what no machine could do is refused."""

from dataclasses import replace

import pytest
from trees import assert_identical, rich, run_tree, scenario_of, simple

from simulate import limits, machine, point
from simulate.engine import run
from simulate.errors import ResourceError
from simulate.ledger import Accounts
from simulate.limits import Chunks
from simulate.model import PERIODS, Model
from simulate.options import Options
from simulate.pace import Pace
from simulate.sampling import Sampler

MILLION = {"all": {"present": 10**6, "members": {"adult": 1}}}
CHUNK = Chunks(number=64, bytes=50_000_000)
GB = 10**9


def threads(
    free: float, asked: int | None, chunk: Chunks = CHUNK, draws: int = 1024, processors: int = 2
) -> tuple[int, list[str]]:
    scenario, heard = scenario_of(simple()), list[str]()
    accounts = Accounts(Model(scenario), PERIODS["year"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "memory", lambda: int(free))
        patch.setattr(machine, "resident", lambda: 10**12)  # all that is fixed is there
        patch.setattr(machine, "processors", lambda: processors)
        found = limits.check(Options(draws=draws, threads=asked), accounts, Sampler(scenario), 10, chunk, heard.append)
    return found, heard


def test_threads_are_the_machines_unless_asked_for() -> None:
    assert threads(20 * GB, None, processors=3) == (3, [])
    assert threads(20 * GB, 7, processors=3) == (7, [])


@pytest.mark.parametrize("asked", [8, 1000])
def test_too_many_threads_are_cut_to_what_memory_holds(asked: int) -> None:
    """Each a chunk of 50 MB and 10 of its own; two more chunks are done and wait."""
    found, heard = threads(0.5 * GB, asked)
    assert found == 6
    assert heard == [f"--threads {asked}: memory has room for no more than 6; running with 6"]
    assert threads(0.5 * GB, None, processors=asked) == (6, [])  # nobody asked


def test_no_more_threads_than_there_is_work_for() -> None:
    assert threads(20 * GB, 100, Chunks(16, 1000)) == (
        16,
        ["--threads 100: there is work for no more than 16; running with 16"],
    )


def test_too_little_for_one_thread_is_refused() -> None:
    assert threads(0.17 * GB, 1)[0] == 1
    with pytest.raises(ResourceError, match=r"0[.]2 GB of memory and 0[.]1 GB are free; take fewer --draws"):
        threads(0.1 * GB, 1000)
    with pytest.raises(ResourceError, match="memory"):
        threads(20 * GB, 1, draws=10**12)


def test_the_number_of_threads_changes_no_bit() -> None:
    one = run_tree(rich(), draws=256, threads=1)
    many = run(one.scenario, replace(one.options, threads=1000))
    assert_identical(one, many)


def test_a_run_says_that_it_has_fewer_threads() -> None:
    heard: list[str] = []
    run(scenario_of(simple()), Options(draws=4096, threads=1000), pace=Pace(heard.append))
    assert heard == ["--threads 1000: there is work for no more than 16; running with 16"]


@pytest.mark.parametrize("draws", [16, 1024])
def test_what_would_take_any_machine_hours_is_refused_before_it_starts(draws: int) -> None:
    family = {"all": {"present": 10**13 // draws, "members": {"adult": 1}}}
    with pytest.raises(ResourceError, match="hours"):
        run_tree(simple(families=family), draws=draws, threads=1)


def test_so_many_states_over_so_many_years_that_moments_cannot_be_numbered() -> None:
    """4,096 half-months of 2,100 states, in two arms, are more than 2^24."""
    states = {f"s{i}": {} for i in range(2100)}
    moves = [{"from": "s0", "to": "s1", "after_months": 7}]
    tree = simple(
        time={"first_year": 2020, "years": 100}, roles={"adult": {"start": "s0", "states": states, "moves": moves}}
    )
    scenario = scenario_of(tree)
    with pytest.raises(ResourceError, match="2100"):
        limits.check(Options(), Accounts(Model(scenario), 24), Sampler(scenario), 10, CHUNK, lambda words: None)


def test_many_families_are_told_of_the_other_engine() -> None:
    assert "--engine expected" in limits.hint(scenario_of(simple(families=MILLION)), "lives")
    assert limits.hint(scenario_of(simple(families=MILLION)), "expected") == ""
    assert limits.hint(scenario_of(simple()), "lives") == ""


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
