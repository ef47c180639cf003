"""Questions that take several runs, a file each: they ask `run` for what they need and hand the data to `analysis`."""
