"""How likely is it that a social programme breaks even? Lives of families, with and without it, and the kroner that follow.

    case = simulate.load("scenarios/silkeborg.toml")
    answer = simulate.run(case, draws=2048)

docs/python.md is a tour. Nothing is imported until it is used.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # as typing has it, which would take as long to import as all the rest
if TYPE_CHECKING:
    from simulate import errors
    from simulate.interface import (
        Case,
        annualise,
        compare,
        load,
        report,
        run,
        sensitivity,
        stages,
        structure,
        sweep,
        threshold,
        update,
        write,
    )  # fmt: skip

__all__ = [
    "Case", "annualise", "compare", "errors", "load", "report", "run", "sensitivity", "stages", "structure", "sweep", "threshold", "update", "write",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name == "errors":
        return import_module("simulate.errors")
    found: object = getattr(import_module("simulate.interface"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
