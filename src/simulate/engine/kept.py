"""What is kept of all draws of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.analysis.draws import Columns, Sums


class KeptRun(NamedTuple):
    """Of all draws of a run."""

    columns: Columns
    sums: Sums
    clipped: Mapping[str, int]  # path → in how many draws
    with_clipped: int  # draws with any of them
    seen: Mapping[str, NDArray[np.float64]]  # of the assumptions, as DrawnSoFar has it
    same_luck: tuple[float, float]  # as measuring.same_luck() has them; 0 where nothing is corrected
