"""Words that all stages share: counterfactuals, payers; and the number of blocks."""

from typing import Literal, get_args

Counterfactual = Literal["expected", "same-luck", "own-luck"]
COUNTERFACTUALS: tuple[Counterfactual, ...] = get_args(Counterfactual)
PAYERS = ("kommune", "stat")  # of every scenario; it may have more (queries.payers)
BLOCKS = 16
