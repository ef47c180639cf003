"""A folder of results: never a mixture of two runs, never the earlier results lost, never anybody else's file replaced."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from simulate import folder
from simulate.errors import DefectError
from simulate.files import as_json, check_finite, expanded, named

FIRST = {"results.nc": b"draws of the first", "summary.json": b'{"first": 1}', "scenario.toml": b"a = 1"}
SECOND = {"summary.json": b'{"second": 1}', "scenario.toml": b"a = 2"}


def put(place: Path, files: dict[str, bytes], run: str) -> None:
    with folder.claimed(str(place)) as claimed:
        folder.replace(claimed, files, run, {"provenu": "1"})


def held(place: Path) -> dict[str, bytes]:
    """What is there beside the record."""
    return {file.name: file.read_bytes() for file in place.iterdir() if file.name != folder.RECORD}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    put(tmp_path / "out", FIRST, "first")
    return tmp_path / "out"


@pytest.mark.skipif(sys.platform == "win32", reason="forks and signals of POSIX")
def test_killed_at_every_step_and_at_random_with_a_full_disk_and_beside_others(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, Path(__file__).with_name("killing.py"), tmp_path / "out"], capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_new_folder_an_empty_one_and_one_of_an_earlier_run(tmp_path: Path) -> None:
    for place in (tmp_path / "new" / "below", tmp_path / "æblegrød"):
        put(place, FIRST, "first")
        assert held(place) == FIRST
        put(place, SECOND, "second")
        assert held(place) == SECOND
        assert folder.opened(place)[1].id == "second"


@pytest.mark.parametrize("name", ["scenario.toml", "brev.docx", ".skjult", "summary.json.provenu", "record.json.txt"])
def test_a_folder_with_anything_else_is_refused_and_stays_as_it_is(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(folder.FolderError, match="no results of this program"):
        put(tmp_path, FIRST, "first")
    assert held(tmp_path) == {name: b"mine"}


def test_what_others_put_beside_the_results_stays(place: Path) -> None:
    (place / "brev.docx").write_text("mine")
    put(place, SECOND, "second")
    assert held(place) == {**SECOND, "brev.docx": b"mine"}


def test_a_file_of_others_that_has_the_name_of_a_result_is_not_replaced(tmp_path: Path) -> None:
    put(tmp_path, SECOND, "second")
    (tmp_path / "results.nc").write_text("mine")
    with pytest.raises(folder.FolderError, match=r"results\.nc is no result of this program"):
        put(tmp_path, FIRST, "first")
    assert held(tmp_path) == {**SECOND, "results.nc": b"mine"}


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def change(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:2] + bytes([data[2] ^ 1]) + data[3:])


def swap(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("damage", [cut, change, swap, Path.unlink], ids=["cut", "changed", "a folder", "gone"])
@pytest.mark.parametrize("name", [*FIRST, folder.RECORD])
def test_a_file_that_is_not_as_the_run_left_it(name: str, damage: Callable[[Path], object], place: Path) -> None:
    damage(place / name)
    before = sorted(place.iterdir())
    words = "no results of this program" if damage is Path.unlink and name == folder.RECORD else name
    with pytest.raises(folder.FolderError, match=words):
        folder.opened(place)
    with pytest.raises(folder.FolderError, match=words):
        put(place, SECOND, "second")
    assert sorted(place.iterdir()) == before


@pytest.mark.parametrize("record", ["", "{}", "[]", "null", '{"program": "provenu", "format": 2, "id": "a", "files": {}, "versions": {}}',
                                    '{"program": "provenu", "format": 1, "id": "a", "files": {"../a": {"bytes": 1, "sha256": ""}}, '
                                    '"versions": {}}', "[" * 100_000])  # fmt: skip
def test_a_record_that_is_none_of_ours(record: str, tmp_path: Path) -> None:
    for name in (folder.RECORD, folder.NEXT):
        (tmp_path / name).write_text(record)
        with pytest.raises(folder.FolderError, match="is no record that this version"):
            put(tmp_path, FIRST, "first")
        assert (tmp_path / name).read_text() == record
        (tmp_path / name).unlink()


def test_a_file_that_was_committed_and_is_damaged_before_it_has_its_name(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(folder: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(folder, "_finish", stop)
        with pytest.raises(KeyboardInterrupt):
            put(place, SECOND, "second")
    assert held(place).items() >= FIRST.items()
    cut(place / ("summary.json" + folder.NEW))
    for _ in range(2):
        with pytest.raises(folder.FolderError, match=r"summary\.json is not as the run left it"):
            folder.opened(place)
    assert held(place).items() >= FIRST.items()


def test_one_run_at_a_time(place: Path) -> None:
    with folder.claimed(str(place)):
        for again in (lambda: put(place, SECOND, "second"), lambda: folder.opened(place)):
            with pytest.raises(folder.FolderError, match="another run writes its results into this folder"):
                again()
    put(place, SECOND, "second")
    assert held(place) == SECOND


def test_what_is_full_leaves_the_earlier_results(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every wait for the disk."""
    wait, calls = os.fsync, [0]
    for step in range(1, 100):
        calls[0] = 0

        def full(descriptor: int, step: int = step) -> None:
            calls[0] += 1
            if calls[0] == step:
                raise OSError(errno.ENOSPC, "No space left on device")
            wait(descriptor)

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            try:
                put(place, SECOND, "second")
            except OSError:
                whole = any(held(place).items() >= files.items() for files in (FIRST, SECOND))
                assert whole or (place / folder.NEXT).exists()  # to be finished
        if calls[0] < step:
            break
        run = folder.opened(place)[1].id
        assert held(place) == {"first": FIRST, "second": SECOND}[run]
        if run == "second":
            put(place, FIRST, "first")
    assert step > 6


def test_the_inputs_of_a_run_are_not_replaced_by_whatever_name(place: Path, tmp_path: Path) -> None:
    (tmp_path / "link.toml").symlink_to(place / "scenario.toml")
    (tmp_path / "folder").symlink_to(place)
    other = tmp_path / "other.toml"
    other.write_text("x")
    for name in (place / "scenario.toml", tmp_path / "link.toml", tmp_path / "folder" / ".." / "out" / "scenario.toml"):
        for spelled in (place, tmp_path / "folder"):
            with pytest.raises(folder.FolderError, match="which its results would replace"), \
                    folder.claimed(str(spelled), [str(other), str(name)]):  # fmt: skip
                raise AssertionError("not claimed")
    with folder.claimed(str(place), [str(other)]):
        pass
    assert held(place) == FIRST


def test_a_folder_that_can_only_be_read_is_opened(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(place: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(folder, "_hold", refuse)
    assert folder.opened(place)[1].id == "first"
    with pytest.raises(folder.FolderError, match="nothing can be written to this disk"):
        put(place, SECOND, "second")
    (place / folder.NEXT).write_bytes((place / folder.RECORD).read_bytes())
    with pytest.raises(folder.FolderError, match="could not be put in their places"):
        folder.opened(place)


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
def test_a_disk_without_locks(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def refuse(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    put(place, SECOND, "second")
    assert held(place) == SECOND


@pytest.mark.parametrize("name", ["", " ", "~nobody-has-this-name/x"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(folder.FolderError), folder.claimed(name):
        raise AssertionError("not claimed")


def test_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert expanded("~/a") == str(tmp_path) + "/a"
    put(Path("~/a"), FIRST, "first")
    assert held(tmp_path / "a") == FIRST
    monkeypatch.chdir(tmp_path)
    (tmp_path / "~").mkdir()
    assert expanded("~") == "~"  # what is there by this name is meant


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    place = tmp_path / os.fsdecode(b"k\xf8b")
    put(place, FIRST, "first")
    cut(place / "summary.json")
    with pytest.raises(folder.FolderError) as caught:
        folder.opened(place)
    assert str(caught.value).startswith(f"{tmp_path}/k\ufffdb: summary.json")
    assert named(place) == f"{tmp_path}/k\ufffdb"


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_none_is_named(wrong: float) -> None:
    document = {"risk": {"payback": [1.0, {"2027": wrong}]}, "a": 1, "b": None, "c": "nan", "d": 1e308}
    with pytest.raises(DefectError, match=r"risk\.payback\[1\]\.2027 \(-?(nan|inf)\)"):
        as_json(document)
    document["risk"] = 0.5
    check_finite(document)
    assert '"d": 1e+308' in as_json(document)
