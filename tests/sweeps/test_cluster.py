"""A sweep on a cluster: the same bits as here, whoever makes them and whatever happens to them; what cannot be used is refused in words.

Servers listen on 127.0.0.1 alone, and end with the test.
"""

import asyncio
import contextlib
import http.server
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from dangerous import OTHERWISE, Dangerous, Otherwise
from distributed.comm.core import CommClosedError
from distributed.core import rpc
from distributed.security import Security
from effort import HANG

from simulate import locale
from simulate.engine import Case
from simulate.errors import ClusterError, InputError
from simulate.options import Options
from simulate.scenario import load
from simulate.sweeps import cluster, crew, run, schedulers, worker
from simulate.sweeps.cells import Made, Sweep
from simulate.sweeps.cluster import Cluster
from simulate.sweeps.grid import Axis, Grid
from simulate.sweeps.local import Local

ROOT = Path(__file__).parents[2]
AXES = (
    Axis("relapse", "relapse", "=", (0.05, 0.1, 1.5)),  # the rules refuse the last
    Axis("benefit", "benefit", "*", (0.5, 1.0)),
    Axis("finishing", "finishing", "*", (0.8, 1.1)),
)


@cache
def case(name: str) -> Case:
    language = locale.language()
    loaded = load(ROOT / "scenarios" / f"{name}.toml")
    locale.use(language)  # loading takes the file's own
    return Case.of(loaded)


def sweep(kind: type[Sweep] = Sweep, names: Sequence[str] = ("silkeborg",), **given: Any) -> Sweep:
    """13 cells of each scenario, the last of them as it stands."""
    cases = tuple(map(case, names))
    options = tuple(Options.of(one.scenario, draws=16, engine="expected") for one in cases)
    return kind(cases, Grid(len(cases), AXES), options, **given)


def batches(one: Sweep, size: int) -> Iterator[list[int]]:
    numbers = range(len(one.grid))
    return (list(numbers[i : i + size]) for i in numbers[::size])


def bits(cells: Iterator[Made]) -> dict[int, Any]:
    found = {}
    for cell in cells:
        assert cell.number not in found, "a cell comes once"
        numbers = cell.numbers if cell.numbers is None else cell.numbers.tobytes()
        found[cell.number] = (cell.failure, cell.reason, cell.layout, numbers)
    return found


def on(executor: Any, one: Sweep, size: int = 3) -> dict[int, Any]:
    return bits(cell for cells in executor.made(one, batches(one, size)) for cell in cells)


@cache
def here() -> dict[int, Any]:
    found = bits(sweep().make(range(13)))
    assert {number for number, (_, reason, *_) in found.items() if reason} == {8, 9, 10, 11}
    return found


class Hired:
    """Workers on this machine. said: what was said of them."""

    def __init__(self, executor: Cluster, said: list[str]) -> None:
        self.executor, self.said = executor, said

    @property
    def address(self) -> str:
        return str(self.executor.client.scheduler.address)

    def environment(self, folder: Path) -> dict[str, str]:
        """Variables with which Dask finds the certificate of this crew, as it finds one's own."""
        return certified(self.executor.client.security, folder)

    def pids(self) -> list[int]:
        return list(self.executor.client.run(os.getpid).values())


def certified(security: Any, folder: Path) -> dict[str, str]:
    """A certificate and its key as files, and how Dask's configuration names them."""
    for name, content in (("ca.pem", security.tls_ca_file), ("key.pem", security.tls_client_key)):
        (folder / name).write_text(content)
    found = {"CA_FILE": "ca.pem"}
    for part in ("CLIENT", "SCHEDULER", "WORKER"):
        found |= {f"{part}__CERT": "ca.pem", f"{part}__KEY": "key.pem"}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(folder / file) for name, file in found.items()}


@contextlib.contextmanager
def hiring(workers: int) -> Iterator[Hired]:
    said: list[str] = []
    with schedulers.connected(workers=workers, notify=said.append) as executor:
        yield Hired(executor, said)


@pytest.fixture(scope="module")
def hired() -> Iterator[Hired]:
    with hiring(2) as found:
        yield found


@pytest.fixture(autouse=True)
def silence(request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing of Dask's own comes out, whatever happens."""
    yield
    found = capfd.readouterr()
    assert (found.out, found.err) == ("", "")


# The same bits --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 5, 13])
def test_cells_are_the_same_to_the_last_bit(hired: Hired, size: int) -> None:
    assert on(hired.executor, sweep(), size) == here()
    assert on(Local(2), sweep(), size) == here()


def test_several_scenarios_and_cases_that_were_changed(hired: Hired) -> None:
    changed = case("silkeborg").with_({"job_baseline": 0.07}), case("silkeborg").held({"relapse": np.array([[0.1]])})
    one = Sweep(changed, Grid(2, AXES), (Options(draws=16, engine="expected"), Options(draws=16)))
    assert on(hired.executor, one, 4) == bits(one.make(range(26)))


def test_words_of_a_cell_are_in_the_users_language(hired: Hired) -> None:
    locale.use("da")
    expected = bits(sweep().make([8]))
    assert expected != {8: here()[8]}
    assert {8: on(hired.executor, sweep())[8]} == expected


def test_a_sweep_on_a_cluster_has_the_table_of_one_without(hired: Hired, tmp_path: Path) -> None:
    tables = [
        run.sweep(sweep(), tmp_path / f"{name}.csv", {}, executor=executor)
        for name, executor in (("cluster", hired.executor), ("here", Local(1)))
    ]
    assert tables[0].identical(tables[1])
    assert (tmp_path / "cluster.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_proof_for_many_draws(engine: str) -> None:
    """Scenarios with every kind of uncertainty, one worker and three, batches of any size."""
    cases = tuple(map(case, ("silkeborg", "silkeborg-paper", "odense-kik", "familien-paa-vej")))
    with hiring(1) as single, hiring(3) as several:
        for one in cases:
            names = [name for name, each in one.scenario.assumptions.items() if each.uncertainty][:2]
            axes = tuple(Axis(name, name, "*", (0.9, 1.0, 1.05)) for name in names)
            options: Any = Options(draws=1024, engine=engine)  # type: ignore[arg-type]
            whole = Sweep((one,), Grid(1, axes), (options,))
            expected = bits(whole.make(range(len(whole.grid))))
            assert len(expected) > 1
            assert on(single.executor, whole, 4) == expected
            assert on(several.executor, whole, 1) == expected


# What is lost ---------------------------------------------------------------------------------------------------------------


def test_a_worker_that_is_killed_loses_nothing(hired: Hired) -> None:
    one, found, killed = sweep(Dangerous, slow=0.1), [], False
    for cells in hired.executor.made(one, batches(one, 2)):
        found += cells
        if not killed:
            os.kill(hired.pids()[0], signal.SIGKILL)
            killed = True
    assert bits(iter(found)) == here()


def test_a_cell_that_kills_its_worker_is_found_and_the_others_are_kept(hired: Hired) -> None:
    found = on(hired.executor, sweep(Dangerous, deadly=(4,)), 5)
    assert found == here() | {4: ("its worker was lost, each time that it was tried", "", None, None)}
    assert [*found][-1] == 4


@pytest.mark.slow
def test_several_such_cells(hired: Hired) -> None:
    found = on(hired.executor, sweep(Dangerous, deadly=(0, 7)), 13)
    assert {number for number, (failure, *_) in found.items() if failure} == {0, 7}
    assert all(found[number] == here()[number] for number in found.keys() - {0, 7})


@pytest.mark.slow
def test_where_every_worker_ends_it_ends(hired: Hired) -> None:
    """As the probe kills it."""
    with pytest.raises(ClusterError, match="every worker ends before it has made a cell"):
        on(hired.executor, sweep(Dangerous, deadly=(12,)))


def test_a_cell_with_a_defect_is_named_and_the_others_are_kept(hired: Hired) -> None:
    found = on(hired.executor, sweep(Dangerous, broken=(3, 5)), 6)
    told = {number: failure for number, (failure, *_) in found.items() if failure}
    assert told.keys() == {3, 5}
    assert all(f"the defect of cell {number}" in failure for number, failure in told.items())
    assert all(found[number] == here()[number] for number in found.keys() - told.keys())


def test_cells_under_way_are_called_back(hired: Hired) -> None:
    """Whoever stops asking stops the work."""
    one = sweep(Dangerous, slow=0.05)
    work = hired.executor.made(one, batches(one, 1))
    next(work)
    work.close()
    assert _soon(lambda: not any(hired.executor.client.processing().values()))


def test_workers_end_with_their_scheduler() -> None:
    with hiring(2) as own:
        on(own.executor, sweep())
        pids = own.pids()
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_workers_end_with_a_program_that_is_killed() -> None:
    program = (
        "import os, time\n"
        "from simulate.sweeps import schedulers\n"
        "with schedulers.connected(workers=1) as executor:\n"
        "    executor.client.wait_for_workers(1)\n"
        "    print(*executor.client.run(os.getpid).values(), flush=True)\n"
        "    time.sleep(3600)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    own = psutil.Process(int(process.stdout.readline()))
    process.kill()
    process.communicate()
    assert _soon(lambda: not own.is_running() or own.status() == psutil.STATUS_ZOMBIE)


def test_a_scheduler_that_is_lost_ends_the_sweep_in_words() -> None:
    one, found = sweep(Dangerous, slow=0.2), []
    with server("scheduler") as (address, scheduler), server("worker", address):
        with schedulers.connected(address) as executor:
            work = executor.made(one, batches(one, 1))
            found += next(work)
            scheduler.kill()
            with pytest.raises(ClusterError, match="answers no more") as error:
                found += [cell for cells in work for cell in cells]
        assert address in str(error.value)
        assert "the same command goes on" in str(error.value)
    assert 0 < len(found) < 13
    assert all(here()[number] == cell for number, cell in bits(iter(found)).items())


# What is late ---------------------------------------------------------------------------------------------------------------


def test_what_a_worker_has_that_stands_still_is_made_by_others(tmp_path: Path) -> None:
    """It is one that makes cells: another may have proved itself only when all is done, and is not waited for."""
    makers = tmp_path / "makers"
    one, found, stopped = sweep(Dangerous, slow=0.05, makers=str(makers)), [], 0
    with hiring(2) as own:
        own.executor.late = 1.0
        for cells in own.executor.made(one, batches(one, 1)):
            found += cells
            if not stopped:
                ((pid, _),) = Counter(makers.read_text(encoding="ascii").split()).most_common(1)  # each makes its probe
                stopped = int(pid)
                addresses = {pid: address for address, pid in own.executor.client.run(os.getpid).items()}
                os.kill(stopped, signal.SIGSTOP)
        address = addresses[stopped]
        assert psutil.Process(stopped).status() == psutil.STATUS_STOPPED
        assert any(
            said.startswith(f"The worker at {address} is late: nothing has come from it for") for said in own.said
        )
    assert bits(iter(found)) == here()
    assert not psutil.pid_exists(stopped)


def test_one_that_goes_on_is_told_and_makes_cells_again() -> None:
    one, found, stopped = sweep(Dangerous, slow=0.2), [], 0
    with hiring(1) as own:
        own.executor.late = 1.0
        say = own.executor.notify

        def wake(words: str) -> None:
            say(words)
            if "is late" in words:
                os.kill(stopped, signal.SIGCONT)

        own.executor.notify = wake
        for cells in own.executor.made(one, batches(one, 1)):
            found += cells
            if not stopped:
                (stopped,) = own.pids()
                os.kill(stopped, signal.SIGSTOP)
        assert [said.partition(" tls://")[0] for said in own.said[:2]] == ["The worker at"] * 2
        assert own.said[1].endswith("answers again.")
    assert bits(iter(found)) == here()


def test_a_cell_that_does_not_end_on_one_worker_is_made_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is heard of, so that it is its time that tells."""
    monkeypatch.setattr(cluster, "TIMES", 0.5)
    one = sweep(Dangerous, stuck=(3, str(tmp_path / "begun")))
    with hiring(2) as own:
        own.executor.late = 1.0
        assert on(own.executor, one, 1) == here()
        assert (tmp_path / "begun").exists()
        assert any("is late" in said for said in own.said)


def test_a_worker_that_has_much_to_do_is_not_late() -> None:
    """By what cells took so far, the slowest of them, or the one that was made here."""
    work = cluster._Work(Cluster(None, late=1.0), sweep(), iter(()), seconds=2.0, slowest=3.0)  # type: ignore[arg-type]
    one = cluster._Worker("id", cluster.Present("tls://host:1", 1, True, 0.5), "able")
    several, single = cluster._Batch([0, 1, 2]), cluster._Batch([3])
    for name, batch in (("a", several), ("b", single)):
        work.tasks[name] = cluster._Task(None, one, batch, time.monotonic() - 85)  # type: ignore[arg-type]
        one.tasks.add(name)
    assert work._expected(one) == 3 * 2.0 + 3.0
    work._time_out(one)
    assert not one.is_late
    work.tasks["a"] = work.tasks["a"]._replace(since=time.monotonic() - 95)
    work._time_out(one)
    assert one.is_late
    assert {*work.again} == {several, single}
    assert one.room == 0


# Who may make cells ---------------------------------------------------------------------------------------------------------


def test_a_worker_with_other_bits_is_refused_also_when_it_joins_late(hired: Hired, tmp_path: Path) -> None:
    """By its probe, before it makes a cell."""
    own = hired.environment(tmp_path) | {OTHERWISE: "1"}
    said, until = list[str](), tmp_path / "said"

    def tell(words: str) -> None:
        said.append(words)
        until.touch()

    one, found, late = sweep(Otherwise, until=str(until)), [], None
    executor = Cluster(hired.executor.client, notify=tell)
    with contextlib.ExitStack() as ends:
        for cells in executor.made(one, batches(one, 1)):
            found += cells
            if late is None:
                late = ends.enter_context(server("worker", hired.address, **own))[0]
    assert bits(iter(found)) == here()
    (words,) = said
    assert words.startswith("The worker at tls://127.0.0.1:")
    assert words.endswith("makes no cells: its figures differ from those of this machine in their last digits")


def test_where_every_worker_is_refused_it_ends_and_says_why(hired: Hired, monkeypatch: pytest.MonkeyPatch) -> None:
    own = worker.versions() | {"numpy": "1.0"}
    monkeypatch.setattr(worker, "versions", lambda: own)
    executor = Cluster(hired.executor.client, silence=0.2)
    with pytest.raises(ClusterError, match=r"no worker may make cells: tls://127\.0\.0\.1:.* numpy .* \(1\.0\)"):
        on(executor, sweep())


def test_versions_are_held_against_the_workers_own() -> None:
    order = worker.order("id", sweep(), worker.probe(sweep(), 12))
    assert worker.prepare(order, 1) is None
    other = order._replace(versions=order.versions | {"python": "2.7", "source": "0123"}, sweep=b"never opened")
    refused = worker.prepare(other, 1)
    assert refused is not None
    assert "python 3." in refused.why
    assert "(2.7)" in refused.why
    assert "own code" in refused.why


def test_only_what_is_the_same_to_the_last_bit_is_a_probes_answer() -> None:
    one = sweep()
    probe = worker.probe(one, 12)
    assert worker.prepare(worker.order("id", one, probe), 1) is None
    (made,) = one.make([12])
    assert made.numbers is not None
    numbers = made.numbers.copy()
    numbers[0] *= 1 + 2**-52
    assert worker.digest(made) == probe.digest != worker.digest(made._replace(numbers=numbers))
    assert worker.digest(made._replace(seconds=9.0)) == probe.digest


def test_a_worker_knows_a_few_sweeps() -> None:
    one, probe = sweep(), worker.probe(sweep(), 12)
    for id_ in "abcdef":
        worker.prepare(worker.order(id_, one, probe), 1)
    assert worker.make("a", [0], [probe]) is None
    made = worker.make("f", [0], [probe])
    assert isinstance(made, list)
    assert bits(iter(made)) == {0: here()[0]}


def test_no_worker_is_waited_for_and_said_and_then_it_ends() -> None:
    said: list[str] = []
    with server("scheduler") as (address, _), schedulers.connected(address, notify=said.append) as executor:
        executor.silence, executor.longest = 0.1, 1.0
        with pytest.raises(ClusterError, match="there has been no worker for 1 seconds"):
            on(executor, sweep())
    assert said == ["The scheduler has no worker; waiting for one, 0 minutes at most."]


# Batches --------------------------------------------------------------------------------------------------------------------


def test_small_batches_are_sent_together() -> None:
    """As many as a worker has a second's work with, by what the cells so far took."""
    one = sweep()
    work = cluster._Work(Cluster(None), one, iter([[i] for i in range(100)]))  # type: ignore[arg-type]
    work._take()
    work._time([Made(0, here()[12][2], None, seconds=0.1)])
    work._take()
    work._time([Made(0, here()[12][2], None, seconds=5.0)])
    work._take()
    assert [len(batch.numbers) for batch in work.again] == [1, 10, 1]


def test_a_batch_that_is_large_stays_alone() -> None:
    work = cluster._Work(Cluster(None), sweep(), iter([[0], [1] * 19, [2] * 5, [3] * 5]), seconds=0.1)  # type: ignore[arg-type]
    while not work.is_out:
        work._take()
    assert [len(batch.numbers) for batch in work.again] == [20, 10]


# Addresses ------------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def server(kind: str, *given: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`dask scheduler` or `dask worker`, and the address that it listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    options = ["--host", "127.0.0.1", "--no-dashboard"]
    options += ["--port", port] if kind == "scheduler" else ["--worker-port", port, "--no-nanny", "--nthreads", "1"]
    path = os.pathsep.join([*filter(None, [environment.pop("PYTHONPATH", "")]), *sys.path])
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{kind}", *given, *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path, **environment},
    )
    try:
        assert _soon(lambda: _listens(int(port)) or process.poll() is not None)
        yield f"tcp://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + HANG
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def refused(address: str | None, workers: int | None = None) -> str:
    with pytest.raises(InputError) as error, schedulers.connected(address, workers):
        pass
    return str(error.value)


@pytest.mark.parametrize(
    "address", ["host", "tcp://host", "8786", "", "http://host:8786", "tcp://:8786", "tcp://h:99999", "a b:1", "h:1/x"]
)
def test_what_is_no_address(address: str) -> None:
    assert refused(address) == f"--scheduler {address}: write its address like tcp://host:8786"


def test_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    assert refused(address).startswith(f"--scheduler {address}: nothing listens there; is `dask scheduler` running")


def test_a_machine_that_there_is_not() -> None:
    assert refused("tcp://no-such-machine.invalid:8786").endswith(": there is no machine of this name")


def test_a_machine_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*given: object, **how: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", silent)
    assert "that machine cannot be reached (timed out); is a firewall between?" in refused("tcp://host:8786")


def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedulers, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "what listens there is no Dask scheduler" in refused(f"tcp://127.0.0.1:{silent.getsockname()[1]}")


def test_a_server_of_another_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedulers, "PATIENCE", 2)

    class Quiet(http.server.BaseHTTPRequestHandler):
        def log_message(self, *given: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        assert "what listens there is no Dask scheduler" in refused(f"tcp://127.0.0.1:{pages.server_address[1]}")
        pages.shutdown()


def test_a_workers_address() -> None:
    with server("scheduler") as (scheduler, _), server("worker", scheduler) as (address, _):
        assert refused(address) == f"--scheduler {address}: that is a worker's address; give the scheduler's"


def test_a_scheduler_with_another_version_of_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    found = worker.dask_version()
    monkeypatch.setattr(worker, "dask_version", lambda: "1.2")
    expected = f"it has version {found} of the library distributed, and here is 1.2; install the same"
    with server("scheduler") as (address, _):
        assert refused(address) == f"--scheduler {address}: {expected}"


# Who may speak to them ------------------------------------------------------------------------------------------------------


def test_a_scheduler_that_wants_tls(hired: Hired) -> None:
    assert "TLS needs certificates; Dask's own configuration says where" in refused(hired.address)


@pytest.mark.parametrize("security", [None, Security.temporary()], ids=["none", "another"])
def test_whoever_has_not_the_certificate_is_refused(hired: Hired, security: Any) -> None:
    """By the scheduler and by each worker, before anything that was sent is opened."""
    given = (security or Security()).get_connection_args("client")

    async def ask(address: str) -> None:
        async with rpc(address, connection_args=given) as server:
            await asyncio.wait_for(server.identity(), HANG)

    for address in (hired.address, *hired.executor.client.nthreads()):
        place = address if security else address.replace("tls", "tcp")
        with pytest.raises((OSError, CommClosedError)):
            asyncio.run(asyncio.wait_for(ask(place), 2))  # it tries again for long
    assert on(hired.executor, sweep()) == here()


def test_nothing_listens_but_one_port_each_and_no_other_machine_reaches_it(hired: Hired) -> None:
    processes = {os.getpid(), *hired.pids()}
    listening = [
        one for one in psutil.net_connections("inet") if one.pid in processes and one.status == psutil.CONN_LISTEN
    ]
    expected = {hired.address, *hired.executor.client.nthreads()}
    assert {f"tls://{one.laddr.ip}:{one.laddr.port}" for one in listening} == expected
    assert len(listening) == len(expected) == 3
    assert all(one.laddr.ip == "127.0.0.1" for one in listening)


def test_the_key_is_nowhere_that_others_can_read(hired: Hired) -> None:
    key = hired.executor.client.security.tls_client_key.splitlines()[1]
    for pid in hired.pids():
        one = psutil.Process(pid)
        assert key not in " ".join(one.cmdline()) + " ".join(one.environ().values())


def test_certificates_of_our_own(tmp_path: Path) -> None:
    """A scheduler and a worker that are started by hand, which Dask's configuration gives them, as it does to this program."""
    import dask

    own = certified(Security.temporary(), tmp_path)
    with server("scheduler", "--protocol", "tls", **own) as (scheduler, _):
        address = scheduler.replace("tcp", "tls")
        with server("worker", address, **own):
            assert "or wants other certificates" in refused(scheduler)
            assert "TLS needs certificates" in refused(address)
            names = {name.removeprefix("DASK_").lower().replace("__", ".").replace("_", "-"): name for name in own}
            configured = {name: own[variable] for name, variable in names.items()}
            with dask.config.set(configured), schedulers.connected(address) as executor:
                assert on(executor, sweep()) == here()


@pytest.mark.slow
def test_schedulers_and_workers_without_provenu(tmp_path: Path) -> None:
    """As where only Dask is installed."""
    (tmp_path / "simulate.py").write_text("raise ModuleNotFoundError('none here', name='simulate')")
    without = {"PYTHONPATH": str(tmp_path)}
    with server("scheduler", **without) as (address, _):
        assert refused(address).endswith(
            'provenu is not installed there, or another version: pip install "provenu[cluster]"'
        )
    with (
        server("scheduler") as (address, _),
        server("worker", address, **without),
        schedulers.connected(address) as executor,
    ):
        executor.silence = 0.2
        with pytest.raises(ClusterError, match="provenu is not installed there, or another version"):
            on(executor, sweep())


def test_without_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    expected = 'several machines need libraries that are not installed: pip install "provenu[cluster]"'
    assert refused("tcp://127.0.0.1:8786") == expected
    assert refused(None, 2) == expected


def test_a_scheduler_or_workers() -> None:
    assert refused("tcp://127.0.0.1:8786", 2).startswith("--scheduler has workers of its own")
    assert refused(None, 0) == "--workers 0: at least 1 is needed"


# Beside it ------------------------------------------------------------------------------------------------------------------


def test_workers_that_cannot_start_end_it_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(crew, "WORKER", "no.such.module")
    with (
        schedulers.connected(workers=1) as executor,
        pytest.raises(ClusterError, match=r"as soon as they begin: .*no\.such"),
    ):
        on(executor, sweep())


def test_logs_are_as_they_were() -> None:
    import distributed

    one = logging.getLogger(distributed.__name__ + ".client")
    before = one.level
    with schedulers.connected(workers=1):
        assert one.level > logging.CRITICAL
    assert one.level == before


def test_dask_is_imported_only_where_a_cluster_is_asked_for() -> None:
    program = (
        "import sys\n"
        "from simulate.sweeps import cluster, crew, run, schedulers, worker\n"
        "print([name for name in ('distributed', 'dask', 'tornado') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=HANG
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
