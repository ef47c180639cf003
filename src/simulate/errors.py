"""What can go wrong by a user's doing. Anything else is a defect and keeps its traceback.

SimulateError
├── InputError          the file or an option is wrong (exit code 2)
│   ├── ScenarioError   problems of a scenario file, all of them
│   └── ResourceError   the run would not fit into memory or time
├── StoreError          an answer that could not be put on the disk
├── ClusterError        the machines that worked on it are lost; what they had done is kept
└── DefectError         a number that is none: this program's own fault
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar

Error = TypeVar("Error", bound=BaseException)
MOST_SHOWN = 200  # problems of a file; `simulate check --json` has all


class SimulateError(Exception):
    """The root: its text is for the person who can mend it."""

    def in_words(self, said: str) -> Self:
        """The same with another text, whatever it is made of."""
        return _restored(type(self), (said,), vars(self))

    def __reduce__(self) -> tuple[Any, ...]:
        """To other processes, too."""
        return _restored, (type(self), self.args, vars(self))


def _restored(kind: type[Error], args: tuple[Any, ...], known: dict[str, Any]) -> Error:
    """As it was, without what made it: that may take other things than a text."""
    found = kind.__new__(kind)
    found.args = args
    vars(found).update(known)
    return found


class InputError(SimulateError):
    """A wrong file or option."""


class ResourceError(InputError):
    """A run that this machine cannot hold, told before it starts."""


class StoreError(SimulateError):
    """Results that the disk did not take; the answer itself has been printed."""


class ClusterError(SimulateError):
    """Nobody is left to go on with the work."""


class DefectError(SimulateError):
    """An answer with a number in it that is none."""


@contextmanager
def interrupts() -> Iterator[None]:
    """Around the start of a thread: an interrupt that comes there is one, whatever it has become.

    To start a thread waits for an event, whose lock an interrupt at the wrong moment leaves unheld: letting it go is a RuntimeError, with the
    interrupt (or the exit that a signal asked for) behind it.
    """
    try:
        yield
    except RuntimeError as error:
        if isinstance(error.__context__, KeyboardInterrupt | SystemExit):
            raise error.__context__ from None
        raise


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a scenario file; line is 0 where there is none (an unreadable file).

    file: where it is another one than was asked for, a programme of a portfolio. cell: in place of a line in a workbook, `Costs!C3`,
    and of the path for people.
    """

    line: int
    path: str
    message: str
    file: str = ""
    cell: str = ""

    def at(self, file: str) -> str:
        file = self.file or file
        place = f"{file} {self.cell}" if self.cell else f"{file}:{self.line}" if self.line else file
        return f"{place}  {self.path}: {self.message}" if self.path and not self.cell else f"{place}  {self.message}"


def _place(problem: Problem) -> tuple[str, int, str, str]:
    """By lines; cells stay in the order that they are told in."""
    path, message = ("", "") if problem.cell else (problem.path, problem.message)
    return problem.file, problem.line, path, message


class ScenarioError(InputError):
    """Every problem of one scenario file."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(problems, key=_place))
        shown = [problem.at(file) for problem in self.problems[:MOST_SHOWN]]
        shown += [f"... +{len(self.problems) - MOST_SHOWN}"] if len(self.problems) > MOST_SHOWN else []
        super().__init__("\n".join(shown))
