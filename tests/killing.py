"""A program for the tests of `folder`: processes that write results and are killed, at every step and at moments drawn at random.

`python killing.py FOLDER` prints nothing and ends with 0 where never a mixture was left and never the earlier results were lost.
Processes are forked off this one, which has no threads, so that a hundred of them cost no more than one.
"""

import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from simulate import folder, locale
from simulate.files import reason

SIZE = 100_000
STEPS = {"open", "os.rename", "os.remove", "os.listdir", "os.mkdir"}


def files_of(run: int) -> dict[str, bytes]:
    """What a run writes; every second one has no courses, and so no results.nc."""
    every = {name: f"{name} of {run} ".encode() * (SIZE // 20) for name in folder.NAMES}
    return every if run % 2 else {name: data for name, data in every.items() if name != "results.nc"}


def write(place: Path, run: int) -> None:
    with folder.claimed(str(place)) as claimed:
        folder.replace(claimed, files_of(run), str(run), {})


def found(place: Path) -> int | None:
    """The run whose files are there, all of them and nothing else; None where the folder is empty."""
    try:
        _, record = folder.opened(place)
    except folder.FolderError as error:
        if "no results" not in str(error) or os.listdir(place):
            raise
        return None
    expected = files_of(int(record.id))
    assert sorted(os.listdir(place)) == sorted([*expected, folder.RECORD]), os.listdir(place)
    for name, data in expected.items():
        assert (place / name).read_bytes() == data, name
    return int(record.id)


def forked(work: Callable[[], object]) -> int:
    """Start a process that does this."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except folder.FolderError as error:
        os._exit(7 if "another run" in str(error) else 8)
    except OSError as error:
        os._exit(9 if reason(error) == "there is no room left" else 10)
    finally:
        os._exit(11)


def ended(child: int) -> int:
    """Its exit code, or less than 0: the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(step: int) -> None:
    """From now on, this process ends at so manieth a step: an event that Python tells of, or a wait for the disk."""
    left = [step]

    def count(event: str = "wait", *given: object) -> None:
        if event in STEPS or event == "wait":
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    wait = os.fsync

    def counted(descriptor: int) -> None:
        count()
        wait(descriptor)

    os.fsync = counted
    sys.addaudithook(count)


def at_every_step(place: Path) -> None:
    for run in (1, 2, 3):  # into an empty folder, over courses, over a point
        before = found(place)
        for step in range(1, 1000):

            def work(run: int = run, step: int = step) -> None:
                killed_at(step)
                write(place, run)

            code = ended(forked(work))
            assert code in (0, -signal.SIGKILL), code
            now = found(place)
            assert now in (before, run), (now, before, run, step)
            if code == 0:
                assert now == run
                assert step > 30
                break
            if now == run:  # begin again, or there would be nothing to replace
                for file in place.iterdir():
                    file.unlink()
                if before is not None:
                    write(place, before)
        else:
            raise AssertionError("it never came to an end")


def at_every_size(place: Path) -> None:
    """The disk is full, or the process is killed, in the middle of a file."""
    write(place, 3)
    for most in range(0, SIZE * 4 // 5, SIZE // 11):
        for handler, expected in ((signal.SIG_IGN, 9), (signal.SIG_DFL, -signal.SIGXFSZ)):

            def work(most: int = most, handler: signal.Handlers = handler) -> None:
                signal.signal(signal.SIGXFSZ, handler)
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
                write(place, 4)

            assert (code := ended(forked(work))) == expected, (code, most)
            assert found(place) == 3


def at_random(place: Path) -> None:
    chance = random.Random(1)

    def work(first: int) -> None:
        for run in range(first, first + 10_000):
            write_unless_held(place, run)

    for i in range(30):
        first = 10_000 * (i + 1)
        child = forked(lambda first=first: work(first))
        before = found_while_writing(place)
        time.sleep(chance.random() * 0.01)
        os.kill(child, signal.SIGKILL)
        assert ended(child) == -signal.SIGKILL
        now = found(place)
        assert now is not None
        assert now >= first or now == before


def found_while_writing(place: Path) -> int:
    while True:
        try:
            return int(folder.opened(place)[1].id)
        except folder.FolderError as error:
            if "another run" not in str(error):
                raise


def write_unless_held(place: Path, run: int) -> None:
    try:
        write(place, run)
    except folder.FolderError as error:
        if "another run" not in str(error):
            raise


def several_at_once(place: Path) -> None:
    def work(writer: int) -> None:
        for i in range(20):
            write_unless_held(place, 1_000_000 * writer + i)

    writers = [forked(lambda writer=writer: work(writer)) for writer in (1, 2, 3, 4)]
    assert [ended(one) for one in writers] == [0, 0, 0, 0]
    assert found(place) is not None
    with folder.claimed(str(place)):
        assert ended(forked(lambda: write(place, 5))) == 7


def held_by_the_dead(place: Path) -> None:
    """The lock of a process that was killed is none."""

    def work() -> None:
        with folder.claimed(str(place)):
            os.kill(os.getpid(), signal.SIGKILL)

    assert ended(forked(work)) == -signal.SIGKILL
    assert (place / folder.LOCK).exists()
    write(place, 6)
    assert found(place) == 6


if __name__ == "__main__":
    locale.use("en")
    here = Path(sys.argv[1])
    here.mkdir(exist_ok=True)
    for part in (at_every_step, at_every_size, at_random, several_at_once, held_by_the_dead):
        part(here)
