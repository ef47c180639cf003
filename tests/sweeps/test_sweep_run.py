"""Sweeps that are run: stopped at any moment and gone on with, by any executor, in any order, they end with the same bits."""

import gc
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import synthetic
from effort import HANG

from simulate import locale
from simulate.answers import run as answers
from simulate.engine import Case, Result
from simulate.errors import InputError, SimulateError, StoreError
from simulate.measures import TOTAL
from simulate.options import Options
from simulate.scenario import load, queries
from simulate.sweeps import exports, journal, run, worker
from simulate.sweeps.cells import _KEPT, Made, Sweep, forget
from simulate.sweeps.estimate import estimate
from simulate.sweeps.grid import Axis, Grid
from simulate.sweeps.journal import JournalError
from simulate.sweeps.kept import BY_NAME, ERROR, record
from simulate.sweeps.local import Local

PROGRAM = Path(__file__).with_name("sweeping.py")
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PROGRAM.parent), *sys.path])}


def in_journal(out: Path) -> list[Made]:
    with journal.opened(journal.beside(out)) as found:
        return list(found.cells())


def assert_same(one: Sequence[Made], other: Sequence[Made]) -> None:
    assert list(map(synthetic.bits, one)) == list(map(synthetic.bits, other))


# Nothing lost ---------------------------------------------------------------------------------------------------------------


def killed(folder: Path, kills: int, seed: int) -> None:
    command = [sys.executable, PROGRAM, "killed", folder, str(kills), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="forks and signals of POSIX")
def test_killed_at_random_it_ends_with_the_bits_of_one_that_was_not(tmp_path: Path) -> None:
    killed(tmp_path, 3, 1)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks and signals of POSIX")
@pytest.mark.parametrize("seed", range(2, 5))
def test_killed_at_twenty_random_moments(seed: int, tmp_path: Path) -> None:
    killed(tmp_path, 20, seed)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 143)])
def test_interrupted_it_stops_at_once_and_says_how_to_go_on(number: int, code: int, tmp_path: Path) -> None:
    """Each cell would take hours."""
    out = tmp_path / "s.nc"
    command = [sys.executable, PROGRAM, "sweep", out, str(1 << 24), "lives"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(number)
    _, told = process.communicate(timeout=HANG)
    assert process.returncode == code
    assert f"Stopped. 0 of 5 cells are done and kept in {journal.beside(out)}; give the same command again" in told
    assert in_journal(out) == []


class Stopping(synthetic.Synthetic):
    """After so many cells, something happens."""

    def __init__(self, after: int, happens: BaseException) -> None:
        super().__init__()
        self.after, self.happens = after, happens

    def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
        for cells in super().made(sweep, batches):
            if len(self.numbers) > self.after:
                raise self.happens
            yield cells


def test_what_was_done_is_not_done_again(tmp_path: Path) -> None:
    out, one = tmp_path / "s.nc", synthetic.sweep_of(6, 7, kind=synthetic.MadeUp)
    said: list[str] = []
    first, second, third = Stopping(9, KeyboardInterrupt()), Stopping(24, SystemExit(143)), synthetic.Synthetic()
    for executor in (first, second):
        with pytest.raises(type(executor.happens)):
            run.sweep(one, out, {}, executor=executor, notify=said.append)
        assert not out.exists()
    run.sweep(one, out, {}, executor=third, notify=said.append)
    again = synthetic.Synthetic()
    run.sweep(one, out, {}, executor=again)
    assert again.numbers == []
    made = [cell.number for cell in in_journal(out)]
    assert made == list(range(43))
    assert len(first.numbers) + len(second.numbers) + len(third.numbers) < 43 + 2 * run.GROWTH**3
    assert "Stopped. " in said[0]
    assert said[1].endswith("going on with the others.")


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize("more", [0, 9_000, 60_000, 100_000])
def test_a_full_disk(more: int, tmp_path: Path) -> None:
    """The largest that a file may be stands for it: of the journal, of what SQLite writes beside it, or of the table."""
    out, one = tmp_path / "s.nc", synthetic.sweep_of(6, 7, kind=synthetic.MadeUp)
    synthetic.layout()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000 + more, before[1]))
    try:
        with pytest.raises((StoreError, InputError), match=r"no room left"):
            run.sweep(one, out, {}, executor=synthetic.Synthetic())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not out.exists()
    assert {file.name for file in tmp_path.iterdir()} <= {"s.journal", "s.journal-wal", "s.journal-shm"}
    kept = in_journal(out) if journal.beside(out).exists() else []
    executor = synthetic.Synthetic()
    run.sweep(one, out, {}, executor=executor)
    assert len(executor.numbers) == 43 - len(kept)
    assert_same(in_journal(out), list(map(synthetic.cell, range(43))))


def test_a_cell_that_cannot_be_made_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    class Failing(synthetic.Synthetic):
        def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
            for cells in super().made(sweep, batches):
                yield [
                    Made(one.number, None, None, failure="the lamp went out") if one.number == 8 else one
                    for one in cells
                ]

    out, one = tmp_path / "s.nc", synthetic.sweep_of(3, 4, kind=synthetic.MadeUp)
    with pytest.raises(
        SimulateError, match=r"(?s)^1 cell could not.*: job_baseline=0.0203\d*, relapse=0.02:.*the lamp"
    ) as error:
        run.sweep(one, out, {}, executor=Failing())
    assert not isinstance(error.value, InputError)
    assert len(in_journal(out)) == 12
    executor = synthetic.Synthetic()
    run.sweep(one, out, {}, executor=executor)
    assert executor.numbers == [8]


def test_a_defect_of_a_cell_has_its_place_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("simulate.sweeps.cells.record", broken)
    (made,) = synthetic.sweep_of(1).make([0])
    assert made.failure.endswith("ZeroDivisionError: by nothing\n")
    assert "in broken" in made.failure


def test_bad_places_are_told_before_any_work(tmp_path: Path) -> None:
    one, never = synthetic.sweep_of(2), Stopping(-1, AssertionError("work was done"))
    (tmp_path / "folder.nc").mkdir()
    (tmp_path / "mine.zarr").mkdir()
    (tmp_path / "mine.zarr" / "letter").write_text("mine")
    (tmp_path / "other.journal").write_text("mine")
    for name, words in {"s.docx": r"\.zarr, \.nc, \.csv, \.xlsx, \.parquet", ".nc": "must end in", "none/s.nc": "no such folder",
                        "folder.nc": "a folder in the place", "mine.zarr": "this sweep has not written", "other.nc": "no journal"}.items():  # fmt: skip
        with pytest.raises(InputError, match=words):
            run.sweep(one, tmp_path / name, {}, executor=never)
    cells = tmp_path / "cells.csv"
    cells.write_text("x")
    with pytest.raises(InputError, match="this sweep reads it"):
        run.sweep(one, cells, {}, executor=never, inputs=[str(cells)])


@pytest.mark.parametrize(("engine", "name"), [("lives", "provenu"), ("expected", "provenu_without_luck")])
def test_draws_are_kept_where_they_are_asked_for(engine: str, name: str, tmp_path: Path) -> None:
    one = synthetic.sweep_of(2, engine=engine)
    found = run.sweep(one, tmp_path / "s.nc", {}, keep=["draws"])
    result = one.case(one.grid.cell(1)).result(one.options[0])
    assert result.draws is not None
    assert found[name].dims == ("scenario", "job_baseline", "draw")
    assert found[name].values[0, 1].tobytes() == result.draws.columns[TOTAL].tobytes()
    assert exports.read(tmp_path / "s.nc").equals(found)
    with pytest.raises(InputError, match=r"only \.zarr, \.nc have room for the draws"):
        run.sweep(one, tmp_path / "s.csv", {}, keep=["draws"])
    many = synthetic.sweep_of(100, 100, 100, draws=1 << 20)
    with pytest.raises(InputError, match="GB of memory"):
        run.sweep(many, tmp_path / "t.nc", {}, keep=["draws"])
    assert not (tmp_path / "t.journal").exists()


def test_a_second_one_on_the_same_journal(tmp_path: Path) -> None:
    out, one = tmp_path / "s.nc", synthetic.sweep_of(3, 4)

    class Beside(synthetic.Synthetic):
        def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
            with pytest.raises(InputError, match="another sweep writes this journal now"):
                run.sweep(one, tmp_path / "s.csv", {}, executor=synthetic.Synthetic())
            yield from super().made(sweep, batches)

    run.sweep(one, out, {}, executor=Beside())
    assert len(in_journal(out)) == 13


class Here:
    """Makes cells in the thread that asks."""

    def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
        for batch in batches:
            yield list(sweep.make(batch))


@pytest.mark.parametrize("work", ["sweep", "estimate", "probe"])
def test_nothing_of_a_sweep_stays_in_memory(work: str, tmp_path: Path) -> None:
    def alone() -> weakref.ref[Sweep]:
        one = small()
        if work == "sweep":
            run.sweep(one, tmp_path / "s.nc", {}, executor=Here())
        elif work == "estimate":
            estimate(one)
        else:
            worker.probe(one, 1)
        assert not vars(_KEPT)
        return weakref.ref(one)

    found = alone()
    gc.collect()
    assert found() is None


# On another machine ---------------------------------------------------------------------------------------------------------


def begun(one: Sweep, out: Path, numbers: Sequence[int]) -> None:
    """A journal with these cells."""

    class Some:
        def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
            yield list(sweep.make(numbers))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.sweep(one, out, {}, executor=Some())


def alter(out: Path, number: int) -> None:
    """The last bit of each number of a cell, with a checksum that is right: as another processor might have made it."""
    with journal.opened(journal.beside(out)) as one:
        was = next(cell for cell in one.cells() if cell.number == number)
        header = one.header
    assert was.numbers is not None
    other = was._replace(numbers=(was.numbers.view(np.int64) ^ 1).view(np.float64))
    with journal.held(journal.beside(out), header) as held:
        held.write([other])


@pytest.mark.parametrize("engine", ["expected", "lives"])
def test_a_journal_of_a_machine_with_other_figures_is_refused_before_any_work(engine: str, tmp_path: Path) -> None:
    out, one = tmp_path / "s.nc", small(engine)
    begun(one, out, [0, 8, 16])
    alter(out, 16)  # the scenario as it stands
    before, never = in_journal(out), synthetic.Synthetic()
    with pytest.raises(JournalError, match=r"last digits \(the scenario as it stands\): .* another --out$"):
        run.sweep(one, out, {}, executor=never)
    assert never.numbers == []
    assert_same(in_journal(out), before)
    alter(out, 16)
    run.sweep(one, out, {}, executor=Here())
    assert len(in_journal(out)) == 17


def test_where_the_scenario_as_it_stands_is_not_done_another_cell_tells(tmp_path: Path) -> None:
    out, one = tmp_path / "s.nc", small()
    begun(one, out, [9, 3, 5])  # the rules refuse 9
    alter(out, 3)
    with pytest.raises(
        JournalError, match=r"last digits \(job_baseline=0\.05, benefit\*0\.9, relapse=0\.2, placement_price=60000\.0\)"
    ):
        run.sweep(one, out, {}, executor=synthetic.Synthetic())


def test_it_costs_one_cell_and_nothing_where_all_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, one, made = tmp_path / "s.nc", small(), list[int]()
    begun(one, out, [2, 10, 16])
    make = Sweep.make

    def counted(self: Sweep, numbers: Sequence[int], *given: Any, **more: Any) -> Iterator[Made]:
        made.extend(numbers)
        return make(self, numbers, *given, **more)

    monkeypatch.setattr(Sweep, "make", counted)
    run.sweep(one, out, {}, executor=Here())
    assert sorted(made) == sorted([16, *set(range(17)) - {2, 10, 16}])
    made.clear()
    run.sweep(one, out, {}, executor=Here())
    assert made == []


# The same bits --------------------------------------------------------------------------------------------------------------


def small(engine: str = "expected") -> Sweep:
    """Axes of lives and of money, one that only scales, and cells that are refused."""
    case = synthetic.silkeborg()
    axes = (
        Axis("job_baseline", "job_baseline", "=", (0.05, 1.2)),
        Axis("benefit", "benefit", "*", (0.9, 1.1)),
        Axis("relapse", "relapse", "=", (0.1, 0.2)),
        Axis("placement_price", "placement_price", "=", (50_000.0, 60_000.0)),
    )
    return Sweep((case,), Grid(1, axes), (Options.of(case.scenario, engine=engine, draws=32),))


@pytest.mark.parametrize("engine", ["expected", "lives"])
def test_order_company_and_workers_change_no_bit(engine: str) -> None:
    one = small(engine)
    numbers = list(range(len(one.grid)))
    alone = [next(one.make([number])) for number in numbers]
    assert sum(bool(cell.reason) for cell in alone) == 8
    mixed = numbers[:]
    random.Random(1).shuffle(mixed)
    batches = [mixed[:5], mixed[5:6], mixed[6:]]
    for found in (
        [cell for batch in batches for cell in one.make(batch)],
        [cell for cells in Local(1).made(one, iter([numbers])) for cell in cells],
        [cell for cells in Local(3).made(one, iter(batches)) for cell in cells],
    ):
        assert_same(sorted(found, key=lambda cell: cell.number), alone)


def test_workers_end_when_nobody_asks_any_more() -> None:
    before = set(threading.enumerate())
    work = Local(2).made(synthetic.sweep_of(50, 50), iter([[n] for n in range(2500)]))
    next(work)
    started = set(threading.enumerate()) - before
    work.close()
    for thread in started:
        thread.join(HANG)
    assert started
    assert not any(thread.is_alive() for thread in started)


def test_reasons_are_in_the_language_of_who_asks() -> None:
    for language, words in (("da", "ikke en sandsynlighed"), ("en", "is no chance")):
        locale.use(language)
        (found,) = [cell for cells in Local(1).made(small(), iter([[8]])) for cell in cells]
        assert words in found.reason, found.reason


def assert_as_run(cell: Made, document: dict) -> None:
    """What is kept is what the JSON of a run says, to the last bit."""
    assert cell.layout is not None
    assert cell.numbers is not None
    found = cell.layout.arrays(cell.numbers)
    provenu, even, risk = document["provenu"], document["break_even"], document["risk"]
    years = [
        arms[arm]
        for arm in ("programme", "baseline")
        for role in document["person_years"].values()
        for arms in role.values()
    ]
    told = {
        "probability": even["probability"],
        "probability_by_year": even["by_year"],
        "probability_by_year_without_luck": even["by_year_without_luck"],
        "provenu_mean": provenu["mean"],
        "provenu_sd": provenu["sd"],
        "provenu_percentile": provenu["percentiles"] and list(provenu["percentiles"].values()),
        "provenu_by_year_mean": provenu["by_year"]["mean"],
        "expected_shortfall": (risk["expected_shortfall"] or {}).get("mean"),
        "person_years": [year for state in years for year in state],
        "variance_share": [document["variance"]["shares"][part] for part in ("assumptions", "luck")],
    }  # fmt: skip
    if document["run"]["plain"] and document["run"]["engine"] == "expected":
        told |= {
            "probability_without_luck": even["probability_without_luck"],
            "provenu_sd_without_luck": provenu["sd_without_luck"],
            "provenu_percentile_without_luck": list(provenu["percentiles_without_luck"].values()),
            "expected_shortfall_without_luck": risk["expected_shortfall_without_luck"]["mean"],
        }
    for name, expected in told.items():
        if expected is None:
            assert name not in found or name == "probability_by_year"
            continue
        each = [
            one or {"value": np.nan, "error": None} for one in (expected if isinstance(expected, list) else [expected])
        ]
        assert found[name].ravel().tobytes() == np.array([one["value"] for one in each]).tobytes(), name
        errors = [np.nan if one["error"] is None else one["error"] for one in each]
        assert np.array_equal(found[name + ERROR].ravel(), errors, equal_nan=True), name
    assert set(found) <= {name for one in told for name in (one, one + ERROR)} | {
        "clipped_share",
        "clipped_share_worst",
    }
    if even["by_year"] is None and "probability" in found:  # of the whole horizon it is known
        assert np.isnan(found["probability_by_year"][:-1]).all()
        assert found["probability_by_year"][-1] == found["probability"]
    most = max(document["clipped"].values(), default=0) / document["run"]["draws"]
    assert found["clipped_share_worst"] == most
    assert most <= found["clipped_share"] <= sum(document["clipped"].values()) / document["run"]["draws"]


@pytest.mark.parametrize("how", [{"engine": "lives"}, {"engine": "expected"}, {"engine": "lives", "plain": True},
                                 {"engine": "expected", "plain": True}, {"engine": "lives", "counterfactual": "own-luck"}])  # fmt: skip
def test_a_cell_is_what_a_run_with_its_numbers_says(how: dict) -> None:
    one = small()
    axes = (one.grid.axes[0], Axis("relapse", "relapse", "*", (0.5, 1.1)))
    one = replace(one, grid=Grid(1, axes), options=(Options.of(one.cases[0].scenario, draws=64, **how),))
    for number in (1, len(one.grid) - 1):
        cell, values = next(one.make([number])), dict(one.grid.values(one.grid.cell(number)))
        changes = [f"{axis.path}{axis.sign}{value!r}" for axis, value in values.items()]
        loaded = load(ROOT / "scenarios" / "silkeborg.toml", changes)
        result = Case.of(loaded).result(one.options[0])
        assert_as_run(cell, answers.of(result, loaded).to_dict())


@pytest.mark.parametrize("sign", ["=", "*"])
@pytest.mark.parametrize("engine", ["expected", "lives"])
def test_cells_of_other_prices_are_runs_within_their_rounding(engine: str, sign: str) -> None:
    case = synthetic.silkeborg()
    values = np.linspace(9_000, 15_000, 7) if sign == "=" else np.linspace(0.5, 1.5, 7)
    axes = (Axis("benefit", "benefit", sign, tuple(values.tolist())),
            Axis("placement_price", "placement_price", "=", (40_000.0, 50_000.0, 60_000.0, 70_000.0)))  # fmt: skip
    one = Sweep((case,), Grid(1, axes), (Options.of(case.scenario, engine=engine, draws=64),))
    cells = list(one.make(range(len(one.grid))))
    for number in (0, 9, 17, len(one.grid) - 1):
        assert is_told(one, number) == (number < len(one.grid) - 1)
        assert_near_run(cells[number], one.case(one.grid.cell(number)).result(one.options[0]))


def is_told(one: Sweep, number: int) -> bool:
    """Whether a cell is of a family that is told; it may be one of the runs that tell."""
    cell = one.grid.cell(number)
    return bool(cell.at) and any(one.money) and one._family(cell, None) is not None


def assert_near_run(cell: Made, result: Result) -> None:
    """Within 1e-9 of the larger of the value and the sd, or of 1; how many draws are clipped is the same."""
    layout, expected = record(result)
    assert cell.layout == layout
    assert cell.numbers is not None
    found, size = layout.arrays(cell.numbers), max(abs(result.mean().value), result.sd().value)
    for name, own in layout.arrays(expected).items():
        if not name.endswith(ERROR):
            scale = size if BY_NAME[name].units == "currency" else 1.0
            np.testing.assert_allclose(found[name] / scale, own / scale, rtol=0, atol=1e-9, err_msg=name)
    assert found["clipped_share"] == layout.arrays(expected)["clipped_share"]


@pytest.mark.slow
def test_random_cells_of_all_scenarios_are_runs() -> None:
    """To the last bit where lives differ in all cells or the cells are few; else within what is told."""
    chance, files, told = random.Random(3), sorted((ROOT / "scenarios").glob("*.toml")), 0
    for i in range(100):
        file = files[i % len(files)]
        case = Case.of(load(file))
        names = chance.sample(sorted(case.scenario.assumptions), min(3, len(case.scenario.assumptions)))
        axes = tuple(Axis(name, name, "*", tuple(chance.uniform(0.8, 1.1) for _ in range(3))) for name in names)
        engine = chance.choice(["lives", "expected"])
        one = Sweep((case,), Grid(1, axes), (Options.of(case.scenario, draws=32, engine=engine),))
        number = chance.randrange(len(one.grid))
        cell, values = next(one.make([number])), dict(one.grid.values(one.grid.cell(number)))
        try:
            loaded = load(file, [f"{axis.path}*{value!r}" for axis, value in values.items()])
        except InputError:
            assert cell.reason
            continue
        result = Case.of(loaded).result(one.options[0])
        if is_told(one, number):
            told += 1
            assert_near_run(cell, result)
        else:
            assert_as_run(cell, answers.of(result, loaded).to_dict())
    assert 0 < told < 100


@pytest.mark.slow
def test_random_cells_of_prices_of_all_scenarios_are_runs() -> None:
    """Prices that are scaled, held, and lines of the budget, together."""
    chance, files, told = random.Random(4), sorted((ROOT / "scenarios").glob("*.toml")), 0
    for i in range(100):
        case = Case.of(load(files[i % len(files)]))
        money = [name for name in sorted(queries.used(case.scenario)) if not case.drives_lives(name)]
        is_line = i % 2 and case.scenario.costs and case.certain_number("costs[0].yearly") is not None
        axes = [Axis("cost", "costs[0].yearly", "*", (0.5, 1.0, 1.5, 2.0))] * bool(is_line)
        for name in chance.sample(money, min(len(money), 3 - len(axes))):
            value, factors = case.scenario.assumptions[name].value, np.linspace(0.4, 1.1, 5)
            is_held = chance.random() < 0.4 and isinstance(value, float)
            values = factors * value if is_held else factors
            axes.append(Axis(name, name, "=" if is_held else "*", tuple(values.tolist())))
        options = Options.of(case.scenario, draws=32, engine=chance.choice(["lives", "expected"]))
        one = Sweep((case,), Grid(1, tuple(axes)), (options,))
        number = chance.randrange(len(one.grid) - 1)
        try:
            result = one.case(one.grid.cell(number)).result(options)
        except InputError:
            assert next(one.make([number])).reason
            continue
        told += is_told(one, number)
        assert_near_run(next(one.make([number])), result)
    assert told > 50


def told_of(engine: str) -> Sweep:
    """Two scaled prices, one of them held in some cells as well as a line of the budget; and lives."""
    case = synthetic.silkeborg()
    axes = (
        Axis("relapse", "relapse", "=", (0.1, 0.2)),
        Axis("benefit", "benefit", "*", (0.0, 0.5, 0.8, 1.0, 1.1, 1.4)),
        Axis("placement_price", "placement_price", "*", (0.9, 1.0, 1.3, 1.4)),
    )
    return Sweep((case,), Grid(1, axes), (Options.of(case.scenario, engine=engine, draws=32),))


@pytest.mark.parametrize("engine", ["expected", "lives"])
def test_order_company_and_workers_change_no_bit_of_what_is_told(engine: str) -> None:
    """Nor which of the cells were made before and are not made again."""
    one = told_of(engine)
    numbers = list(range(len(one.grid)))
    assert all(is_told(one, number) for number in numbers[:-1])
    whole = list(one.make(numbers))
    assert sum(bool(cell.reason) for cell in whole) == 8  # nothing is scaled by 0
    chance = random.Random(2)
    for workers in (1, 2):
        mixed = chance.sample(numbers, len(numbers))
        batches = [mixed[:1], mixed[1:20], mixed[20:]]
        found = [cell for cells in Local(workers).made(one, iter(batches)) for cell in cells]
        assert_same(sorted(found, key=lambda cell: cell.number), whole)
    for number in chance.sample(numbers, 5):
        forget()
        assert_same(list(one.make([number])), [whole[number]])


def test_factors_beyond_all_measure_are_refused_or_right() -> None:
    case = synthetic.silkeborg()
    for values in ((-1e300, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 1e6), (1e-300, 1e-12, 1.0, 2.0, 3.0, 1e12, 1e308)):
        grid = Grid(1, (Axis("benefit", "benefit", "*", values),))
        one = Sweep((case,), grid, (Options.of(case.scenario, engine="lives", draws=32),))
        for cell, value in zip(one.make(range(len(values))), values, strict=True):
            assert not cell.failure
            assert bool(cell.reason) == (not 0 < value < 1e10)
            if not cell.reason:
                assert_near_run(cell, one.case(grid.cell(cell.number)).result(one.options[0]))


# Rows ----------------------------------------------------------------------------------------------------------------------


def of_rows(rows: Sequence[tuple[float, float, float]], engine: str = "lives") -> Sweep:
    """Of relapse, which lives hang on, a factor of the benefit, and a cost."""
    case = synthetic.silkeborg()
    named = (("relapse", "="), ("benefit", "*"), ("costs[0].yearly", "*"))
    axes = tuple(Axis(name, name, sign, tuple(dict.fromkeys(row[i] for row in rows))) for i, (name, sign) in enumerate(named))  # type: ignore[arg-type]  # fmt: skip
    places = tuple(tuple(axis.values.index(value) for axis, value in zip(axes, row, strict=True)) for row in rows)
    return Sweep((case,), Grid(1, axes, places), (Options.of(case.scenario, engine=engine, draws=32),))


ROWS = {
    "lives": [(0.01 * i, 1.0, 1.0) for i in range(1, 8)],
    "money": [(0.1, 0.5 + 0.1 * i, 1.0 + i % 3) for i in range(20)],
    "both": [(0.1 + 0.1 * (i % 2), 0.5 + 0.05 * i, 1.0 + i % 3) for i in range(40)],
    "twice": [(0.1 + 0.1 * (i % 2), 0.5 + 0.1 * (i % 12), 1.0) for i in range(40)],
    "a few": [(0.02 * (1 + i // 3), 0.5 + 0.05 * i, 1.0) for i in range(12)],
}


@pytest.mark.parametrize("engine", ["expected", "lives"])
@pytest.mark.parametrize(("name", "told"), [("lives", False), ("money", True), ("both", True), ("twice", True), ("a few", False)])  # fmt: skip
def test_rows_are_runs(name: str, told: bool, engine: str) -> None:
    one = of_rows(ROWS[name], engine)
    mixed = random.Random(5).sample(range(len(one.grid)), len(one.grid))
    whole = {cell.number: cell for cell in one.make(mixed)}
    for number in mixed[:6]:
        assert is_told(one, number) == (told and number < len(ROWS[name]))
        result = one.case(one.grid.cell(number)).result(one.options[0])
        assert_near_run(whole[number], result)
        if not told:
            assert whole[number].numbers.tobytes() == record(result)[1].tobytes()
        forget()
        assert_same(list(one.make([number])), [whole[number]])
    if name == "twice":
        assert whole[0].numbers.tobytes() == whole[12].numbers.tobytes()


def test_the_rows_of_the_same_lives_are_found_without_looking_at_all_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows, looked = [(round(0.001 * (i // 2 + 1), 3), 0.5 + 0.001 * i, 1.0) for i in range(400)], []
    lives = Sweep._lives
    monkeypatch.setattr(Sweep, "_lives", lambda one, cell: looked.append(1) or lives(one, cell))
    one = of_rows(rows)
    found = [list(one._like(one.grid.cell(i), one._lives(one.grid.cell(i)))) for i in range(len(rows))]
    assert {len(each) for each in found} == {2}
    assert len(looked) <= 2 * len(rows)


# Changed beforehand ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "axis"),
    [
        ("benefit*1.2", Axis("benefit", "benefit", "*", tuple(np.linspace(0.6, 1.4, 9).tolist()))),
        ("benefit=12000", Axis("benefit", "benefit", "*", tuple(np.linspace(0.6, 1.4, 9).tolist()))),
        ("placement_price*0.9", Axis("benefit", "benefit", "*", tuple(np.linspace(0.6, 1.4, 9).tolist()))),
        ("placement_price=40000", Axis("benefit", "benefit", "=", tuple(np.linspace(9e3, 15e3, 9).tolist()))),
        ("costs[0].yearly*2", Axis("cost", "costs[0].yearly", "*", tuple(np.linspace(0.6, 1.4, 9).tolist()))),
    ],
)
@pytest.mark.parametrize("engine", ["expected", "lives"])
def test_what_is_changed_beforehand_is_told_as_the_file_with_both(change: str, axis: Axis, engine: str) -> None:
    file = ROOT / "scenarios" / "silkeborg.toml"
    case = Case.of(load(file, [change]))
    one = Sweep((case,), Grid(1, (axis,)), (Options.of(case.scenario, engine=engine, draws=32),))
    for cell in list(one.make([1, 4, 7])):
        assert is_told(one, cell.number)
        value = axis.values[cell.number]
        both = Case.of(load(file, [change, f"{axis.path}{axis.sign}{value!r}"]))
        assert_near_run(cell, both.result(one.options[0]))


# How far it is --------------------------------------------------------------------------------------------------------------


def test_batches_hold_what_may_be_lost() -> None:
    one = synthetic.sweep_of(100, 1)
    batches = run.Batches(one, range(100))
    taken = iter(batches)
    assert next(taken) == [0]
    batches.took([Made(0, synthetic.layout(), None, seconds=0.5)])
    assert next(taken) == [1, 2, 3]  # in a second and a half
    batches.took([Made(1, synthetic.layout(), None, seconds=5.0)])
    assert next(taken) == [4]
    batches.took([Made(4, None, None, "refused", seconds=1e-6)])
    assert next(taken) == [5]
    for _ in range(20):
        batches.took([Made(5, synthetic.layout(), None, seconds=1e-3)])
    assert next(taken) == list(range(6, 100))


def test_cells_of_the_same_lives_are_in_one_batch() -> None:
    one = small()
    batches = run.Batches(one, range(len(one.grid)))
    batches.took([Made(0, synthetic.layout(), None, seconds=0.01)])
    assert next(iter(batches)) == [16, 0, 1, 4, 5, 2, 3, 6]


def test_it_tells_how_far_it_is_and_ends_with_what_is_refused(tmp_path: Path) -> None:
    said, shown, told, one = [], [], [], synthetic.sweep_of(6, 7)
    run.sweep(one, tmp_path / "s.nc", {}, executor=synthetic.Synthetic(), notify=said.append,
              progress=lambda *far: told.append(far), show=lambda state: shown.append(state.words()))  # fmt: skip
    assert told[-1] == (43, 43)
    assert shown[0].startswith("1 of 43 cells, ")
    assert "left, chance so far" in shown[0]
    assert shown[-1].startswith("43 of 43 cells, chance so far ")
    (end,) = said
    assert end.splitlines() == [
        "3 cells are empty, for the rules refuse their numbers:",
        *(
            f"  job_baseline={one.grid.axes[0].values[i]}, relapse={one.grid.axes[1].values[j]}: refused: {7 * i + j} er for højt"
            for i, j in ((1, 5), (3, 4), (5, 3))
        ),
    ]


def test_what_is_kept_is_named_once() -> None:
    assert (
        len(BY_NAME)
        == len({*BY_NAME})
        == sum(2 if name + ERROR in BY_NAME else 1 for name in BY_NAME if not name.endswith(ERROR))
    )


def test_damage_is_said_and_a_table_can_be_read_meanwhile(tmp_path: Path) -> None:
    out, one, said = tmp_path / "s.nc", synthetic.sweep_of(6, 7, kind=synthetic.MadeUp), []

    class Reading(synthetic.Synthetic):
        def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
            for cells in super().made(sweep, batches):
                yield cells
                found = exports.read(journal.beside(out))
                assert int(found.probability.notnull().sum()) == sum(
                    cell % 13 != 12 for cell in self.numbers if cell < 42
                )
                assert (found.reason == "not made yet").sum() == 42 - len([n for n in self.numbers if n < 42])

    run.sweep(one, out, {}, executor=Reading())
    place = journal.beside(out)
    value = synthetic.cell(20).numbers
    assert value is not None
    place.write_bytes(place.read_bytes().replace(value.tobytes()[:64], bytes(64)))
    executor = synthetic.Synthetic()
    run.sweep(one, out, {}, executor=executor, notify=said.append)
    assert executor.numbers == [20]
    assert said[0] == f"{place} was damaged: 42 cells in it are whole, and kept; what is missing is made again."
