"""The special functions are scipy.special's own, without the import of the package."""

import subprocess
import sys

import pytest
from scipy import special as whole

from simulate import special

USED = [
    "betainc",
    "betaincinv",
    "expit",
    "gammainc",
    "gammaincc",
    "gammaincinv",
    "gammaln",
    "log_ndtr",
    "ndtr",
    "ndtri",
    "ndtri_exp",
    "pdtr",
    "pdtrik",
    "psi",
]


@pytest.mark.parametrize("name", USED)
def test_functions_are_those_of_scipy(name):
    assert getattr(special, name) is getattr(whole, name)


def test_what_is_not_compiled_comes_from_the_package():
    assert special.logsumexp is whole.logsumexp
    with pytest.raises(AttributeError):
        special.no_such_function  # noqa: B018


ALONE = """
import sys
from simulate.special import ndtri
assert "scipy.special" not in sys.modules
heavy = {"numpy.f2py", "unittest", "scipy.stats"} & set(sys.modules)
assert not heavy or "scipy.linalg" in sys.modules  # which the functions of scipy 1.18 need themselves
from scipy import special, stats
assert special.ndtri is ndtri and special._ufuncs.ndtri is ndtri
assert abs(stats.beta(2, 3).ppf(0.5) - 0.3857275681323895) < 1e-12
"""
ELSEWHERE = """
import sys
sys.modules["scipy.special._ufuncs"] = None  # as if there were no such module
from simulate import special
special.importlib.import_module = lambda name, real=special.importlib.import_module: (
    sys.modules.pop("scipy.special._ufuncs", None) if name == "scipy.special" else None, real(name))[1]
assert abs(special.ndtri(0.975) - 1.959963984540054) < 1e-12
assert "scipy.special" in sys.modules
"""
THREADS = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from simulate import special
together = Barrier(8)
def value(x):
    together.wait()
    return special.ndtr(x)
with ThreadPoolExecutor(8) as pool:
    assert list(pool.map(value, [0.0] * 8)) == [0.5] * 8
"""


@pytest.mark.parametrize("program", [ALONE, ELSEWHERE, THREADS], ids=["alone", "elsewhere", "threads"])
def test_in_a_process_of_its_own(program):
    subprocess.run([sys.executable, "-c", program], check=True)
