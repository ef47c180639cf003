"""Limits of memory and of processors, read from trees of files as Linux has them."""

import os
import resource
from pathlib import Path

import pytest

from simulate import machine

GB = 10**9
FREE = 64 * 10**6  # kB
NO_LIMIT_V1 = str(9223372036854771712)


@pytest.fixture
def tree(tmp_path: Path):
    """A function that writes files (path → text) below a root that it returns."""

    def make(files: dict[str, str]) -> Path:
        for name, text in {"proc/meminfo": f"MemTotal: 9 kB\nMemAvailable:   {FREE} kB\n", **files}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path

    return make


def v2(path: str = "/", mounted: str = "/", place: str = "/sys/fs/cgroup") -> dict[str, str]:
    return {
        "proc/self/cgroup": f"0::{path}\n",
        "proc/self/mountinfo": f"22 1 0:5 / /proc rw - proc proc rw\n35 24 0:30 {mounted} {place} rw,nosuid shared:9 - cgroup2 cgroup2 rw\n",
    }


def v1(path: str, mounted: str = "/") -> dict[str, str]:
    return {
        "proc/self/cgroup": f"9:cpuset:/\n4:memory:{path}\n2:cpu,cpuacct:{path}\n1:name=systemd:/\n0::/\n",
        "proc/self/mountinfo": f"35 24 0:30 {mounted} /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
        f"36 24 0:31 {mounted} /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n",
    }


def test_without_groups_it_is_what_the_system_has(tree) -> None:
    assert machine.memory(tree({})) == FREE * 1024
    assert machine.memory(tree(v2())) == FREE * 1024


def test_version_2(tree) -> None:
    """What can be given back is not in use."""
    root = tree(
        v2()
        | {
            "sys/fs/cgroup/memory.max": f"{2 * GB}\n",
            "sys/fs/cgroup/memory.current": f"{GB}\n",
            "sys/fs/cgroup/memory.stat": f"anon 5\ninactive_file {GB // 4}\nactive_file 7\n",
        }
    )
    assert machine.memory(root) == 2 * GB - GB + GB // 4


def test_memory_high_counts_too(tree) -> None:
    """Beyond it a group is slowed down to a standstill."""
    group = {"sys/fs/cgroup/memory.max": "max\n", "sys/fs/cgroup/memory.high": f"{3 * GB}\n"}
    assert machine.memory(tree(v2() | group)) == 3 * GB


def test_version_1(tree) -> None:
    root = tree(
        v1("/docker/abc")
        | {
            "sys/fs/cgroup/memory/memory.limit_in_bytes": NO_LIMIT_V1,
            "sys/fs/cgroup/memory/docker/memory.limit_in_bytes": NO_LIMIT_V1,
            "sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes": f"{GB}\n",
            "sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes": f"{GB // 2}\n",
            "sys/fs/cgroup/memory/docker/abc/memory.stat": f"inactive_file 3\ntotal_inactive_file {GB // 10}\n",
        }
    )
    assert machine.memory(root) == GB // 2 + GB // 10


@pytest.mark.parametrize("limited", ["a", "a/b", "a/b/c", ""])
def test_a_group_above_limits_all_below(tree, limited: str) -> None:
    files = {f"sys/fs/cgroup/{group}/memory.max": "max" for group in ("a", "a/b", "a/b/c")}
    files |= {f"sys/fs/cgroup/{limited}/memory.max": str(GB), f"sys/fs/cgroup/{limited}/memory.current": str(GB // 5)}
    assert machine.memory(tree(v2("/a/b/c") | files)) == GB - GB // 5


def test_the_least_of_nested_limits(tree) -> None:
    files = {
        "sys/fs/cgroup/a/memory.max": str(3 * GB),
        "sys/fs/cgroup/a/memory.current": str(2 * GB),  # others' too
        "sys/fs/cgroup/a/b/memory.max": str(2 * GB),
        "sys/fs/cgroup/a/b/memory.current": str(GB // 2),
    }
    assert machine.memory(tree(v2("/a/b") | files)) == GB


@pytest.mark.parametrize(
    ("path", "mounted"),
    [("/docker/abc", "/docker/abc"), ("/../../other", "/"), ("/kubepods/pod1/x", "/docker/abc"), ("/", "/..")],
)
def test_as_seen_from_inside_a_container(tree, path: str, mounted: str) -> None:
    """The mount shows the container's own group, whatever the path of the process says."""
    assert machine.memory(tree(v2(path, mounted) | {"sys/fs/cgroup/memory.max": str(GB)})) == GB
    own = {"sys/fs/cgroup/memory/memory.limit_in_bytes": str(GB // 2)}
    assert machine.memory(tree(v1(path, mounted) | own)) == GB // 2


def test_hybrid(tree) -> None:
    """Memory in version 1, beside a version 2 without controllers."""
    both = v1("/x")
    both["proc/self/mountinfo"] += "38 31 0:37 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
    both |= {"sys/fs/cgroup/memory/x/memory.limit_in_bytes": str(GB), "sys/fs/cgroup/unified/cgroup.procs": "1\n"}
    assert machine.memory(tree(both)) == GB


def test_a_mount_with_a_blank_in_its_name(tree) -> None:
    assert machine.memory(tree(v2(place="/my\\040groups") | {"my groups/memory.max": str(GB)})) == GB


@pytest.mark.parametrize("text", ["max", "-1", "", "much", "12 GB", "\x00"])
def test_what_is_no_number_limits_nothing(tree, text: str) -> None:
    assert machine.memory(tree(v2() | {"sys/fs/cgroup/memory.max": text})) == FREE * 1024
    garbled = {"proc/self/cgroup": text, "proc/self/mountinfo": text, "proc/self/statm": text}
    assert machine.memory(tree(garbled)) == FREE * 1024
    assert machine.processors(tree(v2() | {"sys/fs/cgroup/cpu.max": text})) >= 1


def test_unreadable_files_limit_nothing(tree) -> None:
    root = tree(v2("/a"))
    for name in ("memory.max", "a", "cpu.max"):
        (root / "sys/fs/cgroup" / name).mkdir(parents=True)
    assert machine.memory(root) == FREE * 1024
    assert machine.processors(root) == machine.processors(tree({}))


def test_more_in_use_than_allowed_leaves_nothing(tree) -> None:
    files = {"sys/fs/cgroup/memory.max": str(GB), "sys/fs/cgroup/memory.current": str(2 * GB)}
    assert machine.memory(tree(v2() | files)) == 0


def test_the_address_space_less_what_is_mapped(tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        resource, "getrlimit", lambda which: (2 * GB, 2 * GB) if which == resource.RLIMIT_AS else (0, 0)
    )
    page = os.sysconf("SC_PAGE_SIZE")
    root = tree({"proc/self/statm": "1000 400 100 1 0 300 0\n"})
    assert machine.memory(root) == 2 * GB - 1000 * page
    assert machine.resident(root) == 400 * page


@pytest.mark.parametrize(("quota", "processors"), [("100000 100000", 1), ("50000 100000", 1), ("150000 100000", 2)])
def test_a_quota_of_processors(tree, monkeypatch: pytest.MonkeyPatch, quota: str, processors: int) -> None:
    monkeypatch.setattr(machine, "_allowed", lambda: 8)
    assert machine.processors(tree(v2("/a") | {"sys/fs/cgroup/a/cpu.max": "max 100000\n"})) == 8
    assert machine.processors(tree(v2("/a") | {"sys/fs/cgroup/cpu.max": quota})) == processors


def test_a_quota_of_processors_in_version_1(tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_allowed", lambda: 8)
    at = "sys/fs/cgroup/cpu,cpuacct"
    files = {f"{at}/cpu.cfs_quota_us": "-1", f"{at}/cpu.cfs_period_us": "100000"}
    assert machine.processors(tree(v1("/x") | files)) == 8
    files |= {f"{at}/x/cpu.cfs_quota_us": "300000", f"{at}/x/cpu.cfs_period_us": "100000"}
    assert machine.processors(tree(v1("/x") | files)) == 3


def test_processors_that_the_process_may_not_use_do_not_count() -> None:
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system has no affinity")
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert machine.processors() == 1
    finally:
        os.sched_setaffinity(0, before)
