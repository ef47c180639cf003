"""What a process of our own leaves out when it starts."""

import subprocess
import sys

ALONE = """
import sys
from simulate import kernels
kernels.alone()
kernels.load("expected")
assert "numba.np.arraymath" in sys.modules
assert "scipy.linalg" not in sys.modules
import scipy.linalg
assert scipy.linalg.det([[2.0, 0.0], [0.0, 3.0]]) == 6.0
"""
IN_COMPANY = """
import sys
import numba, numpy
from simulate import kernels
kernels.load("expected")
multiply = numba.njit(lambda a, b: numpy.dot(a, b))
assert multiply(numpy.eye(2), numpy.eye(2)).trace() == 2.0
"""


def test_linear_algebra_is_left_out_where_the_process_is_ours_and_is_there_for_others() -> None:
    for program in (ALONE, IN_COMPANY):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
