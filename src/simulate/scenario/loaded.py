"""What a file gives, once it is read and checked."""

from dataclasses import dataclass, field

from simulate.errors import Problem
from simulate.scenario.schema import Scenario


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
