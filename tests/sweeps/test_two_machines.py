"""A sweep over a network: two namespaces of this machine, each with an address of its own, and a cable between them that can be cut.

Nothing of it can be reached from outside, and all of it is taken away again.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from effort import HANG
from test_cluster import batches, sweep

from simulate.sweeps import schedulers
from simulate.sweeps.worker import digest

HERE = Path(__file__)
FIRST, SECOND = "10.213.77.1", "10.213.77.2"
PORT = 8786
AT_ONCE = 2  # cells in a batch

pytestmark = pytest.mark.slow


@dataclass
class Machines:
    """Two, by the names of their namespaces."""

    first: str
    second: str
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, machine: str, *program: str) -> subprocess.Popen[str]:
        path = os.pathsep.join(sys.path)
        self.running.append(
            subprocess.Popen(
                ["ip", "netns", "exec", machine, sys.executable, *program],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE if str(HERE) in program else subprocess.DEVNULL,
                text=True,
                env={**os.environ, "PYTHONPATH": path},
            )
        )
        return self.running[-1]

    def scheduler(self, machine: str, address: str) -> str:
        self.start(
            machine, "-m", "distributed.cli.dask_scheduler", "--host", address, "--port", f"{PORT}", "--no-dashboard"
        )
        return f"tcp://{address}:{PORT}"

    def worker(self, machine: str, address: str, scheduler: str) -> None:
        self.start(
            machine,
            "-m",
            "distributed.cli.dask_worker",
            scheduler,
            "--host",
            address,
            "--nthreads",
            "1",
            "--no-dashboard",
        )

    def cut(self) -> None:
        _ip("netns", "exec", self.second, "ip", "link", "set", "cable-b", "down")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@pytest.fixture
def machines() -> Iterator[Machines]:
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces are made by root alone, with iproute2")
    both = Machines(f"provenu-a-{os.getpid()}", f"provenu-b-{os.getpid()}")
    try:
        try:
            for one in (both.first, both.second):
                _ip("netns", "add", one)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"this machine makes no network namespaces: {error.stderr.decode().strip()}")
        _ip("-n", both.first, "link", "add", "cable-a", "type", "veth", "peer", "name", "cable-b", "netns", both.second)
        for one, cable, address in ((both.first, "cable-a", FIRST), (both.second, "cable-b", SECOND)):
            _ip("-n", one, "address", "add", f"{address}/24", "dev", cable)
            _ip("-n", one, "link", "set", cable, "up")
            _ip("-n", one, "link", "set", "lo", "up")
        yield both
    finally:
        for process in both.running:
            process.kill()
            process.communicate()
        for one in (both.first, both.second):
            subprocess.run(["ip", "netns", "delete", one], capture_output=True)


def client(address: str) -> None:
    """What the program does that asks for the sweep: tells each cell and its digest as it comes, and what is said."""
    from dangerous import Dangerous

    with schedulers.connected(address, notify=lambda words: print(json.dumps({"said": words}), flush=True)) as executor:
        one = sweep(Dangerous, slow=0.3)
        for cells in executor.made(one, batches(one, AT_ONCE)):
            print(json.dumps({f"{cell.number}": digest(cell).hex() for cell in cells}), flush=True)


def expected() -> dict[str, str]:
    return {f"{cell.number}": digest(cell).hex() for cell in sweep().make(range(13))}


def told(process: subprocess.Popen[str], lines: int | None = None) -> dict[str, str]:
    """So many lines, or all that there are."""
    found: dict[str, str] = {}
    assert process.stdout is not None
    for line in process.stdout:
        found |= json.loads(line)
        lines = None if lines is None else lines - 1
        if lines == 0:
            break
    return found


def test_a_scheduler_here_and_a_worker_there(machines: Machines) -> None:
    scheduler = machines.scheduler(machines.first, FIRST)
    machines.worker(machines.second, SECOND, scheduler)
    _wait(machines, scheduler)
    program = machines.start(machines.first, str(HERE), scheduler)
    assert told(program) == expected()
    assert program.communicate(timeout=HANG)[1] == ""


def test_a_machine_that_goes_without_a_word(machines: Machines) -> None:
    """Its cells are made on the one that is left."""
    scheduler = machines.scheduler(machines.first, FIRST)
    machines.worker(machines.second, SECOND, scheduler)
    machines.worker(machines.first, FIRST, scheduler)
    _wait(machines, scheduler)
    program = machines.start(machines.first, str(HERE), scheduler)
    found = told(program, 2)
    machines.cut()
    began = time.monotonic()
    found |= told(program)
    print(f"cut; whole after {time.monotonic() - began:.0f} s")
    assert found == expected()
    assert program.communicate(timeout=HANG)[1] == ""


def test_a_scheduler_that_goes_without_a_word(machines: Machines) -> None:
    """What is done is there, and it ends in words."""
    scheduler = machines.scheduler(machines.second, SECOND)
    machines.worker(machines.second, SECOND, scheduler)
    _wait(machines, scheduler)
    program = machines.start(machines.first, str(HERE), scheduler)
    found = told(program, 2)
    machines.cut()
    began = time.monotonic()
    found |= told(program)
    _, said = program.communicate(timeout=HANG)
    print(f"cut; ended after {time.monotonic() - began:.0f} s")
    assert (
        said.strip()
        == f"the scheduler at {scheduler} answers no more. The cells that are done are kept; the same command goes on with the others."
    )
    assert found.items() < expected().items()


def _wait(machines: Machines, scheduler: str) -> None:
    """Until the scheduler listens."""
    host = scheduler.removeprefix("tcp://").partition(":")[0]
    ask = f"import socket; socket.create_connection(({host!r}, {PORT})).close()"
    until = time.monotonic() + HANG
    while subprocess.run(
        ["ip", "netns", "exec", machines.first, sys.executable, "-c", ask], capture_output=True
    ).returncode:
        assert time.monotonic() < until
        time.sleep(0.2)


if __name__ == "__main__":
    from simulate import locale
    from simulate.cli.exits import tidy

    locale.use("en")
    with tidy():
        client(sys.argv[1])
