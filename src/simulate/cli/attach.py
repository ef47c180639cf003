"""`simulate attach`, as a plain function: a sheet of the officer's own becomes a scenario, and runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.cli import write_back as back
from simulate.cli.common import CommonOptions, aside, is_there, working
from simulate.errors import InputError
from simulate.files import expanded, named, reason, replace
from simulate.locale import text

if TYPE_CHECKING:
    from simulate.answers.run import BusinessCase, Run
    from simulate.engine import Result
    from simulate.scenario import Loaded


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked beside how the sheet is to be read."""

    out: str | None = None
    force: bool = False
    write_back: str | None = None


def attach(file: str, common: CommonOptions, request: Request, **how: Any) -> None:
    """`simulate attach`. The sheet itself is only read."""
    common.check()
    if request.write_back is not None:
        back.check(request.write_back, request.force, "lives")
        if Path(file).suffix.lower() not in back.WORKBOOKS:
            raise InputError(text("--write-back: {file} is no workbook that an answer can be written into; open it in Excel, save it as .xlsx, and attach that", file=named(file)))  # fmt: skip
    from simulate.asking import attach as asking

    place = None if request.out is None else _free(request.out, file, request.force)
    found = asking.read(file, asking.asked(**how))
    loaded = asking.attached(found, named(file if request.out is None else request.out))
    plan = None
    if request.write_back is not None:
        plan = back.planned(loaded, request.write_back, request.force, workbook=file)
    out = None if request.out is None else named(request.out)
    work = asking.attach(found, loaded, common.options(loaded, **common.given, lines=plan is not None), out)
    with working("lives" if loaded.scenario.assumptions else "point") as shown:
        answer, result = work(shown, aside)
    if place is not None:
        _write(place, loaded, request.force)
    from simulate.reports import attach as report
    from simulate.reports import paper

    parts = paper.in_unit(report.lines(answer, loaded.scenario), loaded.scenario)
    common.answer(answer, parts, answer.warnings, True)
    if plan is not None:
        back.write(plan, _run(loaded, common, result), loaded)


def _run(loaded: Loaded, common: CommonOptions, result: Result | None) -> Run | BusinessCase:
    """The case, with what is told of each of its rows; result: of its run, where there was one."""
    from simulate.answers import risk
    from simulate.answers import run as answers
    from simulate.asking import run
    from simulate.engine import Case

    if result is not None:
        return answers.of(result, loaded, None, risk.LOSSES)
    with working("lives") as shown:
        return run.run(Case.of(loaded), common.options(loaded, **common.given, lines=True))(shown, aside)[1]


def _free(out: str, file: str, force: bool) -> Path:
    """Where the scenario goes. Raises InputError where something is there that may not be replaced."""
    place = Path(expanded(out))
    if place.suffix.lower() != ".toml":
        raise InputError(text("--out {file}: a scenario is written as .toml", file=named(out)))
    if place.exists() and place.samefile(expanded(file)):
        raise InputError(text("--out {file}: this is the sheet itself", file=named(out)))
    if place.exists() and not force:
        raise is_there(out)
    return place


def _write(place: Path, loaded: Loaded, force: bool) -> None:
    data = loaded.source.encode()
    try:
        if force:
            replace(place, data)
        else:
            with open(place, "xb") as stream:
                stream.write(data)
    except FileExistsError:
        raise is_there(place) from None
    except (OSError, ValueError) as error:
        raise InputError(text("{file}: {reason}", file=named(str(place)), reason=reason(error))) from None
