"""What this machine can hold, asked before a run starts."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from simulate import luck, machine, model, pace
from simulate.analysis.draws import MOST_BYTES_A_DRAW
from simulate.errors import ResourceError
from simulate.locale import spoken, text
from simulate.model import Model
from simulate.names import BLOCKS
from simulate.sampling import Sampler, Values

if TYPE_CHECKING:
    from simulate.ledger import Accounts
    from simulate.options import Options
    from simulate.pace import Notify
    from simulate.scenario import Scenario

CHUNK_BYTES = 24_000_000
ENOUGH_DRAWS = 256  # of a chunk: what is done once for each chunk takes as long for fewer
TIMES = 16  # the memory, at most, that a chunk may have for them
FIXED_BYTES = 400_000_000  # the interpreter, its libraries and the compiler
THREAD_BYTES = 10_000_000  # a thread's own, beside its chunk
FASTEST = 2e8  # lives a second of one thread, which no machine reaches
USUAL = 2e7  # which most do
MOST_LIVES = 4e9  # of one draw, which cannot be stopped or timed before it ends: minutes
MOST_PLACES = 1 << 24  # that the kernel of moments can number
MANY = 1e5  # lives a draw, of which even the fastest machine has only some hundreds of draws a second
LIVES_A_CHUNK = 2e6  # half a second or so, after which a run can be stopped and its progress seen
MOST_SOBOL = 21201  # dimensions that direction numbers are known for (Joe, Kuo 2008)
FAR = 0.999  # of every distribution: what is drawn may be far from the values


def check(options: Options, accounts: Accounts, sampler: Sampler, columns: int, chunk: Chunks, notify: Notify) -> int:
    """How many threads the run may have: those asked for, but for what memory holds and what there is to do, which is told.

    columns: that are kept of each draw. Raises ResourceError for a run that would not fit into memory, or would take hours on any machine.
    """
    threads = options.threads or machine.processors()
    _check_points(options, sampler)
    if luck.places(accounts.model) > MOST_PLACES:
        message = text("so many states ({states}) over so many years ({years}) are too many; take fewer of either",
                       states=len(accounts.model.states), years=accounts.model.years)  # fmt: skip
        raise ResourceError(message)
    free, held = _lately(machine.memory, int(time.monotonic())), _held(options, sampler, columns)
    room = int((free - held - 2 * chunk.bytes) // (chunk.bytes + THREAD_BYTES))
    if room < 1:
        needed = held + 3 * chunk.bytes + THREAD_BYTES
        message = text(
            "this run would need about {needed} GB of memory and {free} GB are free; take fewer --draws",
            needed=_gigabytes(needed), free=_gigabytes(free),
        )  # fmt: skip
        raise ResourceError(message)
    _check_lives(options, accounts, sampler, threads)
    found = min(threads, room, chunk.number)
    by_memory = room <= chunk.number
    if options.threads and found < options.threads and (by_memory or options.threads > BLOCKS):
        notify(_fewer(found, options.threads, by_memory))  # a few for a run that is over at once are no news
    return found


def at_once(options: Options, sampler: Sampler, columns: int, chunk: Chunks) -> int:
    """How many runs like this one, of one thread each, there is memory for."""
    fixed = max(0, FIXED_BYTES - machine.resident())
    each = _held(options, sampler, columns, 0) + 3 * chunk.bytes + THREAD_BYTES
    return int((machine.memory() - fixed) // each)


def _held(options: Options, sampler: Sampler, columns: int, fixed: int = FIXED_BYTES) -> int:
    """Bytes that a run takes beside its chunks."""
    in_memory = min(8 * columns, MOST_BYTES_A_DRAW) + 46  # and room to sort one column
    cubes = 3 * 8 * (sampler.scores + sampler.further) * options.draws // BLOCKS
    return max(0, fixed - _lately(machine.resident, int(time.monotonic()))) + in_memory * options.draws + cubes


@lru_cache(maxsize=2)
def _lately(asked: Callable[[], int], second: int) -> int:
    """Bytes, asked for once a second: what runs that are over within that have taken is little."""
    return asked()


class Chunks(NamedTuple):
    """The parts that a run is done in."""

    number: int
    bytes: int  # of one, while it is worked on


def _gigabytes(amount: int) -> str:
    return spoken(amount / 1e9, ".0f" if amount >= 10e9 else ".1f")


def _fewer(found: int, asked: int, by_memory: bool) -> str:
    if by_memory:
        return text("--threads {asked}: memory has room for no more than {n}; running with {n}", asked=asked, n=found)
    return text("--threads {asked}: there is work for no more than {n}; running with {n}", asked=asked, n=found)


def _check_points(options: Options, sampler: Sampler) -> None:
    if options.design == "sobol" and max(sampler.scores, sampler.further) > MOST_SOBOL:
        raise ResourceError(
            text(
                "{n} uncertain numbers are too many for Sobol's points; take --design lhs",
                n=sampler.scores + sampler.further,
            )
        )


def _check_lives(options: Options, accounts: Accounts, sampler: Sampler, threads: int) -> None:
    """Before anything is timed: what no machine could do."""
    if options.engine != "lives":
        return
    lives = max(lives_a_draw(accounts.model, values) for values in (sampler.point(), sampler.at(FAR)))
    shortest = options.draws * lives / FASTEST / threads
    if not (shortest <= 3600 * pace.LONGEST and lives <= MOST_LIVES):
        raise ResourceError(pace.refusal(options.draws * lives / USUAL / threads))


def hint(scenario: Scenario, engine: str) -> str:
    """What to say to whoever runs so many families that their lives are what takes time."""
    if engine != "lives" or lives_a_draw(Model(scenario), Sampler(scenario).point()) < MANY:
        return ""
    return text(
        "With so many to follow, --engine expected gives the mean, luck's variance and skewness and from them the chance in much less."
    )  # fmt: skip


def lives_a_draw(one: Model, values: Values) -> float:
    """Families, and their members in three arms."""
    numbers, members = model.families(one, values)
    types = [kind for kind, _, _ in one.cohorts]
    return float((numbers * (1 + 3 * members.sum(axis=2)[:, types])).sum(axis=1).max())
