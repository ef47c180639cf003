"""What this machine grants the process: memory and processors, as the system, a container and the user's own limits leave them.

Container limits are control groups' (cgroup(7)): the process's own group and every one above it counts, in version 1 and in version 2.
Files are read below `root`; what cannot be read or understood limits nothing.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

GUESS = 4 << 30  # bytes, on a system that does not tell
ROOT = Path("/")
MEMORY_FILES = {  # version → limits, what is in use, and the part of it in memory.stat that is given back when needed
    1: (("memory.limit_in_bytes",), "memory.usage_in_bytes", "total_inactive_file"),
    2: (("memory.max", "memory.high"), "memory.current", "inactive_file"),
}


def memory(root: Path = ROOT) -> int:
    """Bytes that this process may still hope for."""
    found = [_free(root), *_groups_leave(root), *_address_space_leaves(root)]
    return max(0, min(found))


def resident(root: Path = ROOT) -> int:
    """Bytes of memory that the process has already."""
    return _pages(root, 1)


def processors(root: Path = ROOT) -> int:
    """How many threads can work at once: those that the process may run on, and no more than its groups' quota keeps busy."""
    return max(1, min([_allowed(), *(math.ceil(quota) for quota in _quotas(root))]))


def _free(root: Path) -> int:
    for line in _text(root / "proc/meminfo").splitlines():
        if re.fullmatch(r"MemAvailable:\s*\d+ kB", line):
            return int(line.split()[1]) * 1024
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return GUESS


def _address_space_leaves(root: Path) -> Iterator[int]:
    try:
        import resource
    except ImportError:  # not this kind of system
        return
    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    if soft != resource.RLIM_INFINITY:
        yield soft - _pages(root, 0)


def _pages(root: Path, column: int) -> int:
    """Bytes of a column of /proc/self/statm: 0 is mapped, 1 resident."""
    columns = _text(root / "proc/self/statm").split()
    if len(columns) <= column or not columns[column].isdigit():
        return 0
    return int(columns[column]) * os.sysconf("SC_PAGE_SIZE")


def _groups_leave(root: Path) -> Iterator[int]:
    """Bytes that each control group with a limit leaves."""
    for version, folder in _groups(root, "memory"):
        limits, current, reclaimed = MEMORY_FILES[version]
        given = [number for name in limits if (number := _number(folder / name)) is not None]
        if given:
            used = _number(folder / current) or 0
            yield min(given) - max(0, used - _statistic(folder / "memory.stat", reclaimed))


def _quotas(root: Path) -> Iterator[float]:
    """Processors that each control group with a quota may keep busy."""
    for version, folder in _groups(root, "cpu"):
        if version == 2:
            quota, _, period = _text(folder / "cpu.max").strip().partition(" ")
        else:
            quota, period = (_text(folder / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period"))
        if quota.isdigit() and period.isdigit() and int(period) > 0:
            yield int(quota) / int(period)


def _allowed() -> int:
    count = getattr(os, "process_cpu_count", None)
    if count is not None:
        return int(count() or 1)
    try:
        return len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        return os.cpu_count() or 1


def _groups(root: Path, controller: str) -> Iterator[tuple[int, Path]]:
    """(version, folder) of the process's control group and those above it, where the controller may have its files."""
    own = dict(_memberships(root))
    for version, controllers, inside, mount in _mounts(root):
        name = "" if version == 2 else controller
        if name not in own or (version == 1 and controller not in controllers):
            continue
        folder = _below(root, mount) / _within(own[name], inside)
        yield version, folder
        while folder != _below(root, mount):
            folder = folder.parent
            yield version, folder


def _memberships(root: Path) -> Iterator[tuple[str, str]]:
    """Controller → path of the process's group; version 2's has no controller's name."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        for controller in controllers.split(",") if number != "0" else [""]:
            yield controller, path


def _mounts(root: Path) -> Iterator[tuple[int, list[str], str, str]]:
    """(version, controllers, group that is mounted, where) of each mounted hierarchy."""
    for line in _text(root / "proc/self/mountinfo").splitlines():
        before, _, after = line.partition(" - ")
        places, kind = before.split(" "), after.split(" ")
        if len(places) >= 5 and len(kind) >= 3 and kind[0] in ("cgroup", "cgroup2"):
            yield 2 if kind[0] == "cgroup2" else 1, kind[2].split(","), _unescaped(places[3]), _unescaped(places[4])


def _unescaped(path: str) -> str:
    """mountinfo writes blanks and the like in octal."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


def _within(group: str, mounted: str) -> PurePosixPath:
    """A group's place below the mounted one; the mounted one itself where the group lies outside, as seen from inside a container."""
    path, base = PurePosixPath(group), PurePosixPath(mounted)
    if ".." in path.parts or not path.is_relative_to(base):
        return PurePosixPath()
    return path.relative_to(base)


def _below(root: Path, path: str) -> Path:
    return root / path.lstrip("/")


def _number(file: Path) -> int | None:
    """None for `max`, -1, and what cannot be read."""
    found = _text(file).strip()
    return int(found) if found.isdigit() else None


def _statistic(file: Path, name: str) -> int:
    for line in _text(file).splitlines():
        key, _, value = line.partition(" ")
        if key == name and value.strip().isdigit():
            return int(value)
    return 0


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return ""
