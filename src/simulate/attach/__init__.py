"""The officer's own sheet: labels down and years across, as a scenario of budget lines."""

from simulate.attach.recognise import recognised
from simulate.attach.tables import Asked, Found, Kind, Line, Remark, Total
from simulate.attach.trees import cells, tree_of, written

__all__ = ["Asked", "Found", "Kind", "Line", "Remark", "Total", "cells", "recognised", "tree_of", "written"]
