"""Many variants of cases at once: what is varied, what is kept of each cell, where finished cells are kept, and the table that they become."""
