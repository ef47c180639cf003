"""What this machine can hold, asked before a run starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from simulate.analysis.draws import MOST_BYTES_A_DRAW
from simulate.errors import ResourceError
from simulate.locale import text

if TYPE_CHECKING:
    from simulate.ledger import Accounts
    from simulate.run import Options

CHUNK_BYTES = 16_000_000
FIXED_BYTES = 400_000_000  # the interpreter, its libraries and the compiler
LIVES_A_SECOND = 5e6  # a slow machine's, one thread; only the order of magnitude matters
LONGEST = 2 * 3600  # seconds


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


def check(options: Options, accounts: Accounts, columns: int, chunk_bytes: int) -> None:
    """Raises ResourceError for a run that would not fit into memory, or would take hours."""
    threads = options.threads or os.cpu_count() or 1
    in_memory = min(8 * columns, MOST_BYTES_A_DRAW) + 46  # and room to sort one column
    chunk = max(chunk_bytes, min(CHUNK_BYTES, chunk_bytes * options.draws)) * (threads + 2)
    needed, free = FIXED_BYTES + in_memory * options.draws + chunk, memory()
    if needed > free:
        raise ResourceError(
            text(
                "this run would need about {needed:.1f} GB of memory and {free:.1f} GB are free; take fewer --draws",
                needed=needed / 1e9, free=free / 1e9,
            )
        )  # fmt: skip
    if options.engine == "lives":
        seconds = options.draws * lives_a_draw(accounts) / LIVES_A_SECOND / threads
        if seconds > LONGEST:
            raise ResourceError(
                text(
                    "this run would live {lives:.1e} lives, about {hours:.0f} hours; take --engine expected or fewer --draws",
                    lives=options.draws * lives_a_draw(accounts), hours=seconds / 3600,
                )
            )  # fmt: skip


def lives_a_draw(accounts: Accounts) -> float:
    """Families at their point values, their members, in three arms."""
    from simulate.scenario import reading

    scenario = accounts.model.scenario
    found = 0.0
    for family in scenario.families.values():
        number = reading.at_year(family.present, 0, scenario)
        number += sum(reading.at_year(family.enter, year, scenario) for year in range(scenario.time.years))
        number += sum(reading.at_year(row.number, 0, scenario) for row in family.entering)
        members = sum(reading.at_year(each, 0, scenario) for each in family.members.values())
        found += number * (1 + 3 * members)
    return found
