"""What is said beforehand of how long a report takes: of the runs that are made, in the time that this one's draws took."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from simulate.asking import report as asking
from simulate.asking import run as runs
from simulate.engine import Case
from simulate.options import Options
from simulate.scenario import load

SILKEBORG = Path(__file__).parents[1] / "scenarios" / "silkeborg.toml"


def ticking(seconds: float) -> Callable[[], float]:
    """A clock that goes on by so much whenever it is looked at."""
    ticks: Iterator[float] = count(0.0, seconds)
    return lambda: next(ticks)


def test_a_draw_takes_what_it_took_after_the_first_chunk() -> None:
    """What comes before it is no draw's."""
    times = iter([100.0, 101.0, 104.0])
    watch = asking.Watch(clock=lambda: next(times))
    shown: list[tuple[int, int]] = []
    progress = watch.over(lambda done, of: shown.append((done, of)))
    assert watch.draw == 0
    for done in (10, 20, 50):
        progress(done, 50)
    assert watch.draw == 4.0 / 40
    assert shown == [(10, 50), (20, 50), (50, 50)]


def test_of_several_runs_the_last_one_counts() -> None:
    times = iter([0.0, 8.0, 100.0, 101.0])
    watch = asking.Watch(clock=lambda: next(times))
    progress = watch.over(None)
    for done in (10, 20, 10, 20):
        progress(done, 20)
    assert watch.draw == 0.1


def test_more_is_assumed_to_be_made_of_more() -> None:
    assert asking.further(16384, 0) == asking.WAYS * 16384
    assert asking.further(16384, 1) < asking.further(16384, 2) < asking.further(16384, 20)
    assert asking.further(4096, 11) < asking.further(16384, 11)
    assert 10 < asking.further(16384, 11) / 16384 < 20


@pytest.mark.parametrize(
    ("draws", "tick", "says"), [(2048, 0.0, ""), (2048, 0.1, "seconds more"), (2048, 30.0, "minutes more")]
)
def test_it_is_said_before_the_work_where_it_is_long(draws: int, tick: float, says: str) -> None:
    case = Case.of(load(SILKEBORG))
    watch, said = asking.Watch(clock=ticking(tick)), list[str]()
    result, found = runs.run(case, Options(draws=draws))(watch.over(None), lambda words: None)

    class BeforeTheWorkError(Exception):
        pass

    def stop(done: int, of: int) -> None:
        raise BeforeTheWorkError

    with pytest.raises(BeforeTheWorkError):
        asking.beside(case, result, found, watch)(stop, said.append)  # type: ignore[arg-type]
    assert [one for one in said if "beside the run" in one] == ([said[0]] if says else [])
    assert says in " ".join(said)
