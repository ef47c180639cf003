"""The points of a design are scipy's, bit for bit, without its import."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import qmc

from simulate import designs


@pytest.mark.parametrize("scores", [1, 2, 3, 15, 40, 1111])
@pytest.mark.parametrize("draws", [1, 2, 16, 1024])
@pytest.mark.parametrize("seed", [1, 2])
def test_points_are_those_of_scipy(scores, draws, seed):
    def rng():
        return np.random.default_rng([seed, 3])

    theirs = qmc.Sobol(scores, rng=rng()).random(draws) + 2.0**-31
    assert designs.sobol(rng(), draws, scores).tobytes() == theirs.tobytes()
    theirs = qmc.LatinHypercube(scores, rng=rng()).random(draws)
    assert designs.lhs(rng(), draws, scores).tobytes() == theirs.tobytes()


def test_as_many_dimensions_as_there_are_direction_numbers():
    most = qmc.Sobol.MAXDIM
    ours = designs.sobol(np.random.default_rng(4), 4, most)
    theirs = qmc.Sobol(most, rng=np.random.default_rng(4)).random(4) + 2.0**-31
    assert ours.tobytes() == theirs.tobytes()
    with pytest.raises(ValueError, match="21201"):
        designs.sobol(np.random.default_rng(4), 4, most + 1)


def test_without_the_table_scipy_makes_the_points(monkeypatch, tmp_path):
    expected = designs.sobol(np.random.default_rng(5), 64, 7)
    designs._directions.cache_clear()
    monkeypatch.setattr(designs, "find_spec", lambda name: None)
    with monkeypatch.context() as elsewhere:
        elsewhere.chdir(tmp_path)
        assert designs.sobol(np.random.default_rng(5), 64, 7).tobytes() == expected.tobytes()


def test_scipy_is_not_imported():
    program = """
import sys
import numpy as np
from simulate.designs import DESIGNS
for make in DESIGNS.values():
    make(np.random.default_rng(1), 16, 3)
assert not any(name.startswith("scipy") for name in sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_cubes_beside_each_other_have_their_direction_numbers_read_once():
    """A case's own columns and those of the years beyond them, block for block."""
    designs._directions.cache_clear()
    for block in range(16):
        for scores in (15, 2):
            designs.sobol(np.random.default_rng([1, block]), 4, scores)
    assert designs._directions.cache_info().misses == 2
