"""Compiled kernels on disk: whatever is there in place of one, the answer is right and the disk is mended."""

import errno
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from simulate import kernels
from simulate.cli import progress
from simulate.kernels import kept

TINY = """
from simulate.kernels.jit import kernel

@kernel
def total(values):
    found = 0.0
    for i in range(len(values)):
        found += 2.0 * values[i]
    return found
"""


class Disk:
    """A place for the tiny kernel, and what was told while it was used."""

    def __init__(self, place: Path) -> None:
        self.source = place / "tiny.py"
        self.source.write_text(TINY)
        self.folders = [place / "first" / "provenu-tiny-1", place / "second" / "provenu-tiny-1"]
        self.compiled = 0
        self.lost: list[OSError] = []
        kernels.tell(self._compiling, self.lost.append)

    def _compiling(self) -> None:
        self.compiled += 1

    def compiles(self) -> bool:
        """Use the kernel as a new process would; whether it was compiled for that."""
        self.compiled = 0
        self.use()
        assert self.compiled <= 1
        return self.compiled == 1

    def use(self) -> None:
        module = kernels.compiled(self.source, "tiny_for_tests", self.folders)
        assert module.total(np.array([1.0, 2.5])) == 7.0
        assert module.total(np.array([1.0])) == 2.0

    @property
    def file(self) -> Path:
        (found,) = self.folders[0].iterdir()
        return found


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "_told", [])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    before = kernels._told[:]
    place = tmp_path_factory.mktemp("made")
    assert Disk(place).compiles()
    yield place
    kernels._told[:] = before


@pytest.fixture
def disk(told: None, made: Path, tmp_path: Path) -> Disk:
    """A disk with the compiled kernel on it."""
    shutil.copytree(made / "first", tmp_path / "first")
    return Disk(tmp_path)


def flip(place: float) -> Callable[[Path], None]:
    def flipped(file: Path) -> None:
        data = bytearray(file.read_bytes())
        data[int(place * (len(data) - 1))] ^= 4
        file.write_bytes(data)

    return flipped


def sealed(content: bytes) -> Callable[[Path], None]:
    """A file that is whole, with this in it."""
    return lambda file: kept.write(file, content) or None


def into_a_folder(file: Path) -> None:
    file.unlink()
    (file / "below").mkdir(parents=True)


def link_to_nothing(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.parent / "nothing")


def file_for_folder(file: Path) -> None:
    shutil.rmtree(file.parent)
    file.parent.write_text("foreign")


def half_written(file: Path) -> None:
    file.rename(file.with_name(file.name + ".99999" + kept.PASSING))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: os.truncate(file, file.stat().st_size // 2),
    "a byte short": lambda file: os.truncate(file, file.stat().st_size - 1),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"x"),
    "garbage": lambda file: file.write_bytes(bytes(range(256)) * 100),
    "first byte": flip(0),
    "machine code": flip(0.6),
    "last byte": flip(1),
    "another format": lambda file: file.write_bytes(file.read_bytes().replace(b"kernel 1", b"kernel 0", 1)),
    "whole, no pickle": sealed(b"not a pickle"),
    "whole, empty": sealed(b""),
    "whole, another thing": sealed(pickle.dumps(("a", 1))),
    "whole, of a class that is gone": sealed(b"csimulate.kernels.arrays\nNoLonger\n."),
    "a folder in its place": into_a_folder,
    "a link to nothing": link_to_nothing,
    "a file in the folder's place": file_for_folder,
    "half written": half_written,
}


def test_what_is_whole_is_not_compiled_again(disk: Disk) -> None:
    assert kept.any_whole(disk.folders)
    assert not disk.compiles()


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_compiled_again_once(damage: str, disk: Disk) -> None:
    DAMAGES[damage](disk.file)
    assert kept.any_whole(disk.folders) == damage.startswith("whole")
    assert disk.compiles()
    assert not disk.compiles()
    assert kept.any_whole(disk.folders)
    assert disk.lost == []


def test_a_second_place_where_the_first_cannot_be_written_to(told: None, tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    (tmp_path / "first").write_text("no folder")
    assert disk.compiles()
    assert not disk.compiles()
    assert [file.suffix for file in disk.folders[1].iterdir()] == [kept.ENDING]
    assert disk.lost == []


def test_a_place_that_can_only_be_read_serves(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(file: Path, content: bytes) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(file))

    monkeypatch.setattr(kept, "write", refuse)
    assert not disk.compiles()
    disk.file.unlink()
    assert disk.compiles()
    assert [error.errno for error in disk.lost] == [errno.EROFS]


def test_nowhere_to_keep_it(told: None, tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.folders = []
    assert disk.compiles()
    assert disk.compiles()


IN_A_PROCESS = """
import os, resource, signal, sys
from pathlib import Path
import numpy as np
from simulate import kernels

lost = []
kernels.tell(lambda: None, lost.append)
if sys.argv[3] == "killed":
    os.replace = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "full":
    import numba
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
module = kernels.compiled(Path(sys.argv[1]), "tiny_for_tests", [Path(sys.argv[2])])
assert module.total(np.array([1.0, 2.5])) == 7.0
os.write(1, f"right, lost {len(lost)}".encode())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")
def test_four_processes_at_once_of_which_one_is_killed_and_one_has_no_room(told: None, tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = [
        subprocess.Popen([sys.executable, "-c", IN_A_PROCESS, disk.source, disk.folders[0], how], env=environment, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for how in ("killed", "", "full", "")
    ]  # fmt: skip
    ended = [(*one.communicate(), one.returncode) for one in started]
    assert ended[1] == ended[3] == ("right, lost 0", "", 0)
    assert ended[0] in (("", "", -9), ("right, lost 0", "", 0))  # the others may have been sooner
    assert ended[2] in (("right, lost 1", "", 0), ("right, lost 0", "", 0))
    assert not disk.compiles()
    left = [file for file in disk.folders[0].iterdir() if file.suffix != kept.ENDING]
    assert len(left) <= 1  # of the killed one


def test_what_the_killed_leave_goes_in_time(disk: Disk) -> None:
    old, new = (disk.folders[0] / f"a.{i}{kept.PASSING}" for i in range(2))
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (0, 0))
    kept.write(disk.folders[0] / f"b{kept.ENDING}", b"")
    assert (old.exists(), new.exists()) == (False, True)


def test_versions_that_share_a_place_leave_each_other_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.metadata

    sources = [b"a", b"b"]
    found = {kernels.digest(sources), kernels.digest([b"ab", b""]), kernels.digest([b"a", b"c"])}
    monkeypatch.setenv("NUMBA_CACHE_DIR", "elsewhere")
    assert kernels.digest(sources) in found
    monkeypatch.setenv("NUMBA_OPT", "1")
    found.add(kernels.digest(sources))
    version = importlib.metadata.version
    for library in ("numba", "llvmlite"):
        with monkeypatch.context() as patched:
            patched.setattr(
                importlib.metadata, "version", lambda name, other=library: "9" if name == other else version(name)
            )
            found.add(kernels.digest(sources))
    with monkeypatch.context() as patched:
        patched.setattr(sys, "version", "4.0")
        found.add(kernels.digest(sources))
    assert len(found) == 7


def test_every_kernel_has_a_folder_of_its_own() -> None:
    names = [folder.name for file in ("lives", "expected", "moments", "steps") for folder in kernels._folders(file)]
    assert len(set(names)) == 4
    assert all(name.startswith("provenu-") for name in names)


@pytest.mark.skipif(sys.platform == "win32", reason="accounts of POSIX")
def test_an_account_without_a_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import pwd

    def nobody(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "NUMBA_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert kernels.places() == [Path(kernels.__file__).with_name("__pycache__")]
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert kernels.places() == [tmp_path]
    monkeypatch.setenv("NUMBA_CACHE_DIR", "~/kernels")
    assert kernels.places() == [Path("~/kernels")]
    monkeypatch.setenv("HOME", str(tmp_path))
    assert kernels.places() == [tmp_path / "kernels"]


def test_that_it_compiles_is_said_once(
    told: None, disk: Disk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kernels, "_folders", lambda file: disk.folders)
    progress.announce_compiling("expected")
    assert capsys.readouterr().err == ""
    DAMAGES["machine code"](disk.file)
    progress.announce_compiling("expected")
    assert capsys.readouterr().err == "Compiling the engine (about 10 seconds, once) ...\n"
    DAMAGES["whole, no pickle"](disk.file)  # which only the compiler finds out
    progress.announce_compiling("expected")
    assert capsys.readouterr().err == ""
    disk.use()
    assert capsys.readouterr().err == "Compiling the engine (about 10 seconds, once) ...\n"


def test_that_it_cannot_be_kept_is_said(told: None, capsys: pytest.CaptureFixture[str], disk: Disk) -> None:
    progress.announce_compiling("expected")
    capsys.readouterr()
    kernels._lost(OSError(errno.ENOSPC, "", "/full/a"))
    said = "What was compiled could not be kept for the next run, which will compile again: /full/a: there is no room left\n"
    assert capsys.readouterr().err == said


@pytest.mark.slow
def test_a_damaged_engine_gives_the_same_answer_and_says_that_it_compiles(tmp_path: Path) -> None:
    template = Path(kernels.__file__).parents[1] / "scenario" / "template.en.toml"
    given = [sys.executable, "-m", "simulate", "run", str(template), "--engine", "expected", "--draws", "16", "--json"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NUMBA_CACHE_DIR": str(tmp_path)}

    def answer() -> tuple[str, str]:
        done = subprocess.run(given, env=environment, capture_output=True, encoding="utf-8", check=True)
        return done.stdout, done.stderr

    first, said = answer()
    assert said.count("Compiling the engine") == 1
    assert answer() == (first, "")
    for file in tmp_path.glob("provenu-expected-*/*"):
        flip(0.5)(file)
    again, said = answer()
    assert (again, said.count("Compiling the engine")) == (first, 1)
    assert answer() == (first, "")
