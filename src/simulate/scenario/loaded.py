"""What a file gives, once it is read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulate.errors import Problem
from simulate.scenario.paths import Path
from simulate.scenario.schema import Scenario
from simulate.scenario.whereabouts import Whereabouts, within


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario, its text as run (with what the command line changed), and what to warn of.

    Of a portfolio: the one scenario that it stands for.
    """

    scenario: Scenario
    file: str
    source: str
    sha256: str  # of the file as it is on disk; of a portfolio: of its own text and its programmes' sha256, one after the other
    changes: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = field(default=())
    files: tuple[str, ...] = ()  # that were read
    cells: Mapping[Path, str] | None = None  # of a workbook: where everything stands

    def within(self, source: str) -> Whereabouts:
        """Where things stand in the file, whose text has become this."""
        return within(source, self.cells)

    @property
    def remarks(self) -> list[Problem]:
        """Warnings of the file as a whole, which nothing in it brings about."""
        return [one for one in self.warnings if not (one.line or one.cell or one.path or one.file)]
