"""Stand-in."""
from pathlib import Path


def read(path: str):
    import xarray as xr

    return xr.load_dataset(path)
