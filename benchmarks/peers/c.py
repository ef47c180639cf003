"""The C peers: compiled on the spot, called with the kernels' own arrays."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.cases import PERIOD, Case, Counted

FLAGS = ("-O3", "-march=native", "-std=gnu11", "-shared", "-fPIC")
HERE = Path(__file__).parent


class Sizes(NamedTuple):
    """As in lives.c, in its order."""

    draws: int
    rows: int
    cohorts: int
    types: int
    roles: int
    states: int
    entries: int
    clocks: int
    januaries: int
    endings: int
    years: int
    period: int
    lengths: int


def compiler() -> str | None:
    return shutil.which("gcc")


@cache
def compiled(source: str, *defined: str) -> ctypes.CDLL:
    """A source file of this folder as a library; its folder is gone when this returns."""
    program = compiler()
    assert program is not None
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "peer.so"
        macros = [f"-D{name}" for name in defined]
        subprocess.run([program, *FLAGS, *macros, str(HERE / source), "-o", str(library), "-lm"], check=True)
        return ctypes.CDLL(str(library))


def pointers(*arrays: np.ndarray) -> ctypes.Array:
    """A C structure of pointers to arrays, which must outlive it."""
    assert all(array.flags.c_contiguous and array.dtype.itemsize == 8 for array in arrays)
    return (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))


def sizes(case: Case) -> Sizes:
    structure, given = case.structure, case.given
    return Sizes(
        draws=case.draws,
        rows=int(given.rows > 1),
        cohorts=len(case.families.cohort_type),
        types=given.members.shape[1],
        roles=len(structure.role_first) - 1,
        states=case.states,
        entries=len(structure.entry_to),
        clocks=len(structure.clock_to),
        januaries=len(structure.january_to),
        endings=len(structure.ending_to),
        years=case.model.years,
        period=PERIOD,
        lengths=given.rates.length.shape[-1],
    )


class Lives:
    """lives.c on a case. each_clock: with one exponential for each any-month move, as the model's definition has it."""

    def __init__(self, case: Case, each_clock: bool = False, source: str = "lives.c") -> None:
        self.case = case
        self.counted = Counted.room(case)
        self.function = compiled(source, *(["EACH_CLOCK"] if each_clock else [])).live_draws
        self.function.restype = ctypes.c_int64
        self.structure = pointers(*case.structure)
        self.rates = pointers(*case.rates)
        self.families = pointers(
            *(array for array in case.families if isinstance(array, np.ndarray))
        )  # it goes through all roles
        self.out = pointers(self.counted.halves, self.counted.arrivals, self.counted.entered)
        self.sizes = (ctypes.c_int64 * len(Sizes._fields))(*sizes(case))
        self.lives = 0

    def clear(self) -> None:
        self.counted.clear()

    def live(self, seed: int = 1) -> None:
        self.lives = self.function(
            ctypes.c_uint64(seed), self.structure, self.rates, self.families, self.out, self.sizes
        )
