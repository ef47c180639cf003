"""Time and memory as a scenario grows: one axis at a time, a process for each point, a table and a picture."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.figures import Section, number

ROOT = Path(__file__).parent.parent
PICTURE = Path(__file__).parent / "growth.svg"
MANY = 10_000  # families that are not lived only to warm up
ENGINES = {"lives": "#1f6f8b", "expected": "#d1603d"}


@dataclass(frozen=True)
class Size:
    """A ring of states; families of one person, as many a year over all years."""

    families: int = 100
    draws: int = 2048
    years: int = 5
    states: int = 4
    programmes: int = 1  # of a portfolio, all of this size


BASE = Size()
AXES: dict[str, tuple[Size, list[int]]] = {
    "families": (replace(BASE, draws=16), [10, 100, 1_000, 10_000, 100_000, 1_000_000]),
    "draws": (replace(BASE, families=10), [1_000, 10_000, 100_000, 1_000_000]),
    "years": (BASE, [1, 2, 5, 10, 20, 40]),
    "states": (BASE, [2, 4, 6, 8, 10, 12]),
    "programmes": (replace(BASE, draws=1024), [1, 10, 20, 40]),
}


@dataclass(frozen=True)
class Point:
    axis: str
    engine: str
    value: int
    seconds: float
    megabytes: float


def scenario_text(size: Size) -> str:
    """Any-month moves to both neighbours in the ring, year-start moves out of every other state."""
    lines = [
        "format = 1",
        'title = "Growth"',
        'municipality = "Benchmark"',
        f"[time]\nfirst_year = 2026\nyears = {size.years}",
    ]
    lines += [f"[families.family]\nenter = {size.families / size.years}\nmembers = {{ adult = 1 }}"]
    lines += ['[roles.adult]\nstart = "s0"\n[roles.adult.states]']
    lines += [f"s{i} = {{ monthly = {1000 * i} }}" for i in range(size.states)]
    for i in range(size.states):
        for step, chance in ((1, "{ baseline = 0.3, hazard_ratio = 1.2 }"), (size.states - 1, "0.1")):
            to = (i + step) % size.states
            lines += [f'[[roles.adult.moves]]\nfrom = "s{i}"\nto = "s{to}"\nyearly = {chance}']
    return "\n".join(lines) + "\n"


def portfolio_text(size: Size) -> str:
    """So many copies of the programme in `growth.toml`."""
    lines = ["format = 1", 'title = "Portfolio"', f"time = {{ first_year = 2026, years = {size.years} }}"]
    lines += ["[[programmes]]", 'name = "P"', 'file = "growth.toml"', f"number = {size.programmes}"]
    return "\n".join(lines) + "\n"


def measure(size: Size, engine: str) -> dict[str, float]:
    """Seconds of one run in this process, after a first small one, and the most memory that the process ever had."""
    from simulate import scenario
    from simulate.engine import run
    from simulate.options import Options

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "growth.toml"
        file.write_text(scenario_text(size), encoding="utf-8")
        if size.programmes > 1:
            (Path(folder) / "portfolio.toml").write_text(portfolio_text(size), encoding="utf-8")
            file = Path(folder) / "portfolio.toml"
        one = scenario.load(file).scenario
    warm = Options(draws=16, engine=engine if size.families < MANY else "expected")
    run(one, warm)
    begin = time.perf_counter()
    run(one, Options(draws=size.draws, engine=engine, design="random"))
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "megabytes": most_memory() / 1024}


def most_memory() -> int:
    """Kilobytes that this process had at most. Linux counts into `ru_maxrss` what the parent had before this program began."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def section(quick: bool = False) -> Section:
    points = [
        Point(axis, engine, value, **_apart(replace(base, **{axis: value}), engine))
        for axis, (base, values) in AXES.items()
        for value in (values[:3] if quick else values)
        for engine in ENGINES
    ]
    if not quick:
        PICTURE.write_text(picture(points), encoding="utf-8")
    return Section("Growth", PROSE, lines=[*table(points), "", "![Time and memory as a scenario grows](growth.svg)"])


def _apart(size: Size, engine: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.growth", engine, json.dumps(asdict(size))]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def table(points: list[Point]) -> list[str]:
    lines = ["| axis | value | *lives*, s | MB | *expected*, s | MB |", "| --- | --- | --- | --- | --- | --- |"]
    for axis, value in dict.fromkeys((point.axis, point.value) for point in points):
        cells = [axis, f"{value:,}"]
        for engine in ENGINES:
            (one,) = (p for p in points if (p.axis, p.value, p.engine) == (axis, value, engine))
            cells += [number(one.seconds), f"{one.megabytes:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


# The picture: a panel for each axis and measure, both scales logarithmic -----------------------------------------------

WIDE, HIGH, LEFT, TOP = 230, 170, 60, 40


def picture(points: list[Point]) -> str:
    size = f'width="{len(AXES) * WIDE + LEFT}" height="{2 * HIGH + 2 * TOP}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">']
    parts.append(f'<rect {size} fill="white"/>')
    for i, (engine, colour) in enumerate(ENGINES.items()):
        parts.append(f'<text x="{LEFT + 90 * i}" y="18" fill="{colour}" font-size="13">{engine}</text>')
    for row, measure_name in enumerate(("seconds", "megabytes")):
        for column, axis in enumerate(AXES):
            own = [point for point in points if point.axis == axis]
            parts += _panel(own, axis, measure_name, LEFT + column * WIDE, TOP + row * HIGH)
    return "\n".join([*parts, "</svg>", ""])


def _panel(points: list[Point], axis: str, measure_name: str, x0: int, y0: int) -> list[str]:
    from math import log10

    wide, high = WIDE - 65, HIGH - 45
    across = [log10(point.value) for point in points]
    up = [log10(getattr(point, measure_name)) for point in points]
    low, top = min(up) - 0.1, max(up) + 0.1
    first, span = min(across), max(across) - min(across)

    def at(point: Point) -> tuple[float, float]:
        share = (log10(point.value) - first) / span
        return x0 + share * wide, y0 + high * (top - log10(getattr(point, measure_name))) / (top - low)

    parts = [f'<rect x="{x0}" y="{y0}" width="{wide}" height="{high}" fill="none" stroke="#bbb"/>']
    for engine, colour in ENGINES.items():
        line = [at(point) for point in points if point.engine == engine]
        parts.append(
            f'<polyline fill="none" stroke="{colour}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in line)}"/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in line]
    ends = ((f"{10**first:,.0f}", x0, "start"), (f"{10 ** (first + span):,.0f}", x0 + wide, "end"))
    parts += [f'<text x="{x}" y="{y0 + high + 14}" text-anchor="{anchor}">{label}</text>' for label, x, anchor in ends]
    middle = f'x="{x0 + wide / 2}" y="{y0 + high + 14}" text-anchor="middle"'
    parts.append(f'<text {middle} font-weight="bold">{axis}</text>')
    parts.append(f'<text x="{x0 - 4}" y="{y0 + 9}" text-anchor="end">{number(10**top)}</text>')
    parts.append(f'<text x="{x0 - 4}" y="{y0 + high}" text-anchor="end">{number(10**low)}</text>')
    parts.append(f'<text x="{x0 + 4}" y="{y0 + 12}" fill="#777">{measure_name}</text>')
    return parts


PROSE = f"""
A made-up ring of states with any-month moves to both neighbours, families of one person. One axis grows, the others stay at
{BASE.families} families, {BASE.draws:,} draws, {BASE.years} years and {BASE.states} states (families: at 16 draws; draws: at 10 families).
Wall clock of `run` on all cores, kernels warm; memory is the most that the whole process had, of which nearly all in the smallest
rows are the interpreter, its libraries and the compiler. `lives` lives three arms and computes the expected baseline of each draw's families beside them.
"""

if __name__ == "__main__":
    print(json.dumps(measure(Size(**json.loads(sys.argv[2])), sys.argv[1])))
