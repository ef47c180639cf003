"""The journal: what is in it is done, damage is seen and made good, and nobody takes it for another sweep's."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import synthetic

from simulate import locks
from simulate.errors import InputError, StoreError
from simulate.sweeps import about, journal, journal_content
from simulate.sweeps.cells import Made, Sweep
from simulate.sweeps.journal import Header, Journal, JournalError

SWEEP = synthetic.sweep_of(10, 6)
PAGE = journal.PAGE


def header(sweep: Sweep = SWEEP, **others: Any) -> Header:
    return Header({**about.made_of(sweep), **others}, {**about.of_table(sweep), "attributes": {}})


def fill(place: Path, numbers: Sequence[int] = range(len(SWEEP.grid)), at_once: int = 7) -> None:
    with journal.held(place, header()) as one:
        for i in range(0, len(numbers), at_once):
            one.write(synthetic.cell(number) for number in numbers[i : i + at_once])


@pytest.fixture
def full(tmp_path: Path) -> Path:
    place = tmp_path / "s.journal"
    fill(place)
    return place


def assert_gone_on_with(place: Path) -> Journal:
    """What is missing is made, and then all of it is as it was written."""
    with journal.held(place, header()) as one:
        assert all(synthetic.same(cell, synthetic.cell(cell.number)) for cell in one.cells())
        one.write(synthetic.cell(number) for number in range(one.most) if number not in one.done)
    with journal.held(place, header()) as after:
        assert not after.was_damaged
        assert [cell.number for cell in after.cells()] == list(range(len(SWEEP.grid)))
        assert all(synthetic.same(cell, synthetic.cell(cell.number)) for cell in after.cells())
    return one


def test_what_is_written_is_there_to_the_last_bit_and_nothing_is_left_beside_it(full: Path) -> None:
    with journal.opened(full) as one:
        found = list(one.cells())
    assert all(map(synthetic.same, found, map(synthetic.cell, range(len(SWEEP.grid)))))
    assert [file.name for file in full.parent.iterdir()] == [full.name]


def test_the_disk_has_it_before_it_counts(full: Path) -> None:
    with journal.held(full, header()) as one:
        assert one.file.execute("pragma journal_mode").fetchone() == (b"wal",)
        assert one.file.execute("pragma synchronous").fetchone() == (2,)


@pytest.mark.parametrize("seed", range(8))
def test_a_byte_that_is_flipped_anywhere_is_seen_and_the_cell_made_again(seed: int, full: Path) -> None:
    whole, chance = full.read_bytes(), random.Random(seed)
    data = bytearray(whole)
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    full.write_bytes(data)
    assert_gone_on_with(full)


@pytest.mark.parametrize("at", [0, 18, 28, 41, 60, 100, 105, 3900, PAGE - 40])
def test_the_first_page_may_be_damaged(at: int, full: Path) -> None:
    data = bytearray(full.read_bytes())
    data[at] ^= 0x55
    full.write_bytes(data)
    assert_gone_on_with(full)


def test_a_page_that_cannot_be_read_takes_its_cells_with_it_and_no_others(full: Path) -> None:
    data = bytearray(full.read_bytes())
    page = data.index(synthetic.cell(20).numbers.tobytes()) // PAGE  # type: ignore[union-attr]
    data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
    full.write_bytes(data)
    with journal.held(full, header()) as one:
        assert one.was_damaged
        assert 20 not in one.done
        assert len(SWEEP.grid) - 10 < len(one.done) < len(SWEEP.grid)
    assert not assert_gone_on_with(full).was_damaged


def test_what_says_whose_it_is_may_be_damaged_where_the_cells_are_this_sweeps(full: Path) -> None:
    whole = full.read_bytes()
    full.write_bytes(whole.replace(b'"program": "provenu sweep"', b'"program": "provenu sweeq"'))
    with pytest.raises(JournalError, match="the sweep's command again"), journal.opened(full):
        pass
    other = header(synthetic.sweep_of(10, 6, draws=128))
    with pytest.raises(JournalError, match="nothing of this sweep can be read"), journal.held(full, other):
        pass
    assert assert_gone_on_with(full).was_damaged


def test_all_of_it_damaged_is_said(full: Path) -> None:
    full.write_bytes(full.read_bytes()[:PAGE] + bytes(10 * PAGE))
    with pytest.raises(JournalError, match="nothing of this sweep can be read"), journal.held(full, header()):
        pass


@pytest.mark.parametrize("content", [b"", b"a letter", b"SQLite format 3\0" + bytes(5000)])
def test_a_file_of_another_kind_is_refused_and_stays(content: bytes, tmp_path: Path) -> None:
    place = tmp_path / "s.journal"
    place.write_bytes(content)
    for opened in (journal.held(place, header()), journal.opened(place)):
        with pytest.raises(JournalError, match="no journal of a sweep"), opened:
            pass
    assert place.read_bytes() == content


def test_none_is_there(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no such journal"), journal.opened(tmp_path / "s.journal"):
        pass


def test_one_of_another_format_is_refused(full: Path) -> None:
    with sqlite3.connect(full) as file:
        (value,) = file.execute("select value from provenu_sweep").fetchone()
        value = value.replace(b'"format": 1', b'"format": 7')
        file.execute("update provenu_sweep set value = ?, checksum = ?", (value, journal_content.checksum_of(1, value)))
    file.close()
    for opened in (journal.held(full, header()), journal.opened(full)):
        with pytest.raises(JournalError, match=r"format 7; this version of the program reads 1"), opened:
            pass


def test_two_at_once(full: Path) -> None:
    with journal.held(full, header()), pytest.raises(JournalError, match="another sweep writes this journal now"), \
            journal.held(full, header()):  # fmt: skip
        pass
    with journal.held(full, header()) as writer, journal.opened(full) as reader:  # but it may be read
        writer.write([])
        assert len(list(reader.cells())) == len(SWEEP.grid)


def test_a_lock_of_the_dead_is_none(full: Path) -> None:
    (full.parent / (full.name + journal.LOCK)).write_bytes(b"")
    assert len(assert_gone_on_with(full).done) == len(SWEEP.grid)


def others() -> Iterator[tuple[str, Header]]:
    versions = about.made_of(SWEEP)["versions"]
    yield r"numba: it was .*, and is 0\.1", header(versions={**versions, "numba": "0.1"})
    yield "draws: it was 64, and is 128", header(synthetic.sweep_of(10, 6, draws=128))
    yield r"relapse: it was = 0\.02; .*; 0\.0214\d*, and is = 0\.02; ", header(synthetic.sweep_of(10, 5))
    yield r"benefit: it was nothing, and is \* 0\.5; ", header(synthetic.sweep_of(10, 6, 2))
    yield "--keep: it was , and is draws", header(replace(SWEEP, keep=("draws",)))
    case = SWEEP.cases[0]
    text = case.loaded.source.replace(case.scenario.title, "another", 1)
    case = replace(case, loaded=replace(case.loaded, source=text), tree={**case.tree, "title": "another"})
    yield r"(?s)other lines:\n.*another", header(replace(SWEEP, cases=(case,)))
    yield "numbers of the scenario", header(replace(SWEEP, cases=(SWEEP.cases[0].with_({"relapse": 0.1}),)))


@pytest.mark.parametrize("which", range(7))
def test_another_sweep_is_refused_with_what_differs(which: int, full: Path) -> None:
    before, (words, given) = full.read_bytes(), list(others())[which]
    with pytest.raises(JournalError, match=words) as found, journal.held(full, given):
        pass
    assert "name another --out, or delete the journal" in str(found.value)
    assert full.read_bytes() == before


def test_what_changes_no_bit_is_the_same_sweep(full: Path) -> None:
    (options,) = SWEEP.options
    same = replace(SWEEP, options=(replace(options, threads=2, chunk=64),))
    with journal.held(full, header(same)) as one:
        assert len(one.done) == len(SWEEP.grid)


def test_a_cell_of_another_sweep_is_none_of_this_one(full: Path, tmp_path: Path) -> None:
    other, given = tmp_path / "o.journal", header(synthetic.sweep_of(10, 6, draws=128))
    with journal.held(other, given) as one:
        one.write([synthetic.cell(3)])
    with sqlite3.connect(full) as file:
        file.execute("attach ? as other", (str(other),))
        file.execute("insert or replace into cells select * from other.cells")
    file.close()
    with journal.held(full, header()) as one:
        assert one.done == set(range(len(SWEEP.grid))) - {3}


def test_a_place_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no such folder"), journal.held(tmp_path / "none" / "s.journal", header()):
        pass

    def refuse(file: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(locks, "hold", refuse)
    with (
        pytest.raises(InputError, match="this account may not write there"),
        journal.held(tmp_path / "s.journal", header()),
    ):
        pass


def test_a_disk_that_takes_no_more_loses_nothing(tmp_path: Path) -> None:
    """SQLite's own limit of pages stands for the disk's."""
    place = tmp_path / "s.journal"
    with journal.held(place, header()) as one:
        one.file.execute("pragma max_page_count=12")
        kept: list[int] = []
        written = (number for number in range(60) if one.write([synthetic.cell(number)]) is None)
        with pytest.raises(StoreError, match="give the same command again"):
            kept.extend(written)
        assert 0 < len(kept) < 60
    with journal.held(place, header()) as one:
        assert one.done == set(kept)
        assert not one.was_damaged
    assert_gone_on_with(place)


def test_refused_cells_and_layouts_come_in_the_order_of_numbers(tmp_path: Path) -> None:
    place, one = tmp_path / "s.journal", synthetic.cell(1)
    assert one.layout is not None
    other = replace(one.layout, labels={**one.layout.labels, "percentile": tuple(range(9))})
    with journal.held(place, header()) as found:
        found.write([one, Made(5, None, None, "not 5")])
        found.write([Made(4, None, None, "nor 4"), Made(0, other, one.numbers)])
        assert found.refused() == [(4, "nor 4"), (5, "not 5")]
        assert found.ordered_layouts() == [other, one.layout]
