"""A measured number, the bar it is held against, and the sections of the report that numbers stand in."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One row of a table."""

    what: str
    measured: float
    bar: float | None = None
    at_most: bool = False  # else at least
    unit: str = "×"
    note: str = ""

    @property
    def met(self) -> bool | None:
        if self.bar is None:
            return None
        return self.measured <= self.bar if self.at_most else self.measured >= self.bar

    def row(self) -> str:
        asked = (
            "—" if self.bar is None else f"{'at most' if self.at_most else 'at least'} {number(self.bar)}{self.unit}"
        )
        met = {None: "no bar", True: "met", False: "**not met**"}[self.met]
        return f"| {self.what} | {number(self.measured)}{self.unit} | {asked} | {met} | {self.note} |"


@dataclass
class Section:
    """A heading, prose, figures and further lines of Markdown."""

    title: str
    prose: str = ""
    figures: list[Figure] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        found = [f"## {self.title}", ""]
        if self.prose:
            found += [self.prose.strip(), ""]
        if self.figures:
            found += ["| figure | measured | asked | | note |", "| --- | --- | --- | --- | --- |"]
            found += [figure.row() for figure in self.figures] + [""]
        return "\n".join([*found, *self.lines]).rstrip() + "\n"


def number(value: float) -> str:
    """Three significant digits, thousands with commas."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:.1f}"
