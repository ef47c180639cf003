"""The command `simulate`: a parser in front of plain functions."""

from simulate.cli.app import main

__all__ = ["main"]
