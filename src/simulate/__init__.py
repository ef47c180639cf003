"""How likely is it that a social programme breaks even? Lives of families, with and without it, and the kroner that follow."""

__version__ = "0.1.0"
