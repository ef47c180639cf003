"""What this machine can hold, asked before a run starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from simulate import model, point
from simulate.analysis.draws import MOST_BYTES_A_DRAW
from simulate.errors import ResourceError
from simulate.locale import text
from simulate.names import BLOCKS

if TYPE_CHECKING:
    from simulate.ledger import Accounts
    from simulate.run import Options
    from simulate.sampling import Sampler, Values

CHUNK_BYTES = 24_000_000
FIXED_BYTES = 400_000_000  # the interpreter, its libraries and the compiler
LIVES_A_SECOND = 2e7  # a usual machine's, one thread; only the order of magnitude matters
STEPS_A_SECOND = 2e8
CELLS_A_SECOND = 2e7  # of luck's variance: types of family × states × months of entry
SLOW = 4  # times slower: a slow machine
PATIENCE = 120  # seconds, after which a run says beforehand how long it takes
LIVES_A_CHUNK = 2e6  # half a second or so, after which a run can be stopped and its progress seen
MOST_SOBOL = 21201  # dimensions that direction numbers are known for (Joe, Kuo 2008)
LONGEST = 2  # hours
FAR = 0.999  # of every distribution: what is drawn may be far from the values


def memory() -> int:
    """Bytes that this process may hope for."""
    free = 4 << 30
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        with open("/proc/meminfo", encoding="ascii") as stream:
            available = [line.split()[1] for line in stream if line.startswith("MemAvailable:")]
        free = int(available[0]) * 1024 if available else free
    except (AttributeError, ValueError, OSError):
        pass  # not this kind of system: the guess stands
    try:
        import resource

        soft = resource.getrlimit(resource.RLIMIT_AS)[0]
        free = min(free, soft) if soft != resource.RLIM_INFINITY else free
    except ImportError:
        pass
    return free


def check(options: Options, accounts: Accounts, sampler: Sampler, columns: int, chunk_bytes: int) -> float:
    """About how many seconds a run takes. Raises ResourceError for one that would not fit into memory, or would take hours."""
    threads = options.threads or os.cpu_count() or 1
    in_memory = min(8 * columns, MOST_BYTES_A_DRAW) + 46  # and room to sort one column
    chunk = max(chunk_bytes, min(CHUNK_BYTES, chunk_bytes * options.draws)) * (threads + 2)
    cubes = 3 * 8 * (sampler.scores + sampler.further) * options.draws // BLOCKS
    needed, free = FIXED_BYTES + in_memory * options.draws + chunk + cubes, memory()
    if needed > free:
        raise ResourceError(
            text(
                "this run would need about {needed} GB of memory and {free} GB are free; take fewer --draws",
                needed=f"{needed / 1e9:.0f}",
                free=f"{free / 1e9:.0f}",
            )
        )
    if options.design == "sobol" and max(sampler.scores, sampler.further) > MOST_SOBOL:
        raise ResourceError(
            text(
                "{n} uncertain numbers are too many for Sobol's points; take --design lhs",
                n=sampler.scores + sampler.further,
            )
        )
    seconds = options.draws * seconds_a_draw(options, accounts, sampler) / threads
    hours = SLOW * seconds / 3600
    if hours > LONGEST:
        raise ResourceError(
            text(
                "this run would take about {hours} hours; take fewer --draws or --engine expected", hours=f"{hours:.0f}"
            )
        )
    return seconds


def in_words(seconds: float, engine: str) -> str:
    """What to say before a long run; nothing before a short one."""
    if seconds < PATIENCE:
        return ""
    said = text("This run will take about {minutes} minutes.", minutes=f"{seconds / 60:.0f}")
    if engine != "lives":
        return said
    return said + " " + text(
        "With so many to follow, --engine expected gives the mean, luck's variance and skewness and from them the chance in much less."
    )  # fmt: skip


def seconds_a_draw(options: Options, accounts: Accounts, sampler: Sampler) -> float:
    """About how long a draw takes on a usual machine, one thread."""
    one = accounts.model
    found = len(one.scenario.families) * len(one.states) * one.months / CELLS_A_SECOND
    if options.engine == "expected" or sampler.uncertain:
        found += 2 * point.steps(accounts.model) / STEPS_A_SECOND
    if options.engine == "lives":
        lives = max(lives_a_draw(accounts, values) for values in (sampler.point(), sampler.at(FAR)))
        found += lives / LIVES_A_SECOND
    return found


def lives_a_draw(accounts: Accounts, values: Values) -> float:
    """Families, and their members in three arms."""
    given = model.parameters(accounts.model, values)
    types = [kind for kind, _, _ in accounts.model.cohorts]
    members = given.members.sum(axis=2)[:, types]
    return float((given.numbers * (1 + 3 * members)).sum(axis=1).max())
