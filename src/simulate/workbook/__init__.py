"""A case as the sheets of a workbook: the layout, said once (`layout`), read (`reading`) and written (`writing`, `output`) by it."""
