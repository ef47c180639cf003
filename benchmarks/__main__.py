"""`python -m benchmarks`: measure everything and write README.md beside this file."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks import again, cell, commands, growth, machine, report, speed, sweep, variance
from benchmarks.figures import Section
from benchmarks.timing import LEAST_ROUNDS

README = Path(__file__).parent / "README.md"
PARTS = ("kernels", "commands", "again", "cell", "sweep", "report", "variance", "growth")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds and small sizes; prints, writes nothing")
    parser.add_argument("--only", choices=PARTS, help="one part; prints, writes nothing")
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS, help=f"of the whole run at least {LEAST_ROUNDS}")
    parser.add_argument("--before", type=Path, help="the source folder of older code, to hold `again` against")
    given = parser.parse_args()
    begin = time.perf_counter()
    found = measure(given.only, 3 if given.quick else given.rounds, given.quick, given.before)
    text = machine.heading(time.perf_counter() - begin, given.rounds) + "\n".join(one.markdown() for one in found)
    print(text)
    if not (given.quick or given.only) and given.rounds >= LEAST_ROUNDS:
        README.write_text(text, encoding="utf-8")


def measure(only: str | None, rounds: int, quick: bool, before: Path | None = None) -> list[Section]:
    found: list[Section] = []
    if only in (None, "kernels"):
        found += speed.sections(rounds, quick)
    if only in (None, "commands"):
        found.append(commands.section(rounds))
    if only in (None, "again"):
        found.append(again.section(before, quick))
    if only in (None, "cell"):
        found.append(cell.section(quick))
    if only in (None, "sweep"):
        found.append(sweep.section(quick))
    if only in (None, "report"):
        found.append(report.section(rounds, quick))
    if only in (None, "variance"):
        found.append(variance.section(2 if quick else 4, quick))
    if only in (None, "growth"):
        found.append(growth.section(quick))
    return found


if __name__ == "__main__":
    main()
