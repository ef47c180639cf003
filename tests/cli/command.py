"""The command in this process or in one of its own, and a small scenario that uses everything."""

import contextlib
import contextvars
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from effort import HANG
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "scenarios" / "silkeborg-paper.toml"
DRAWS = 256

RICH = """
format = 1
title = "Alt på én gang"
municipality = "Prøveby"
language = "en"

[time]
first_year = 2020
years = 3

[money]
price_level = 2020
discount_rate = 0.03
indexation = 0.02

[assumptions.job]
value = 0.2
uncertainty = { kind = "pert", low = 0.1, mode = 0.2, high = 0.3 }
[assumptions."additional effect"]
value = 0.15
uncertainty = { kind = "normal", mean = 0.15, sd = 0.07 }
[assumptions.relapse]
value = [0.1, 0.2]
uncertainty = { kind = "lognormal", relative_sd = 0.2 }
[assumptions.economy]
value = 1
uncertainty = { kind = "gamma", mean = 1, sd = 0.1 }
each_year = true
persistence = 0.5
[assumptions.wage]
value = "465.000 kr."
uncertainty = { kind = "triangular", low = 400000, mode = 465000, high = 500000 }
[assumptions.placed]
value = 0.1
uncertainty = { kind = "beta", successes = 10, failures = 90 }
[assumptions.unused]
value = 3

[[correlations]]
between = ["job", "wage"]
rank = 0.5

[families.finishing]
enter = [10.5, 12]
present = 4
arrivals = "poisson"
members = { adult = 1.2, child = "1,5" }
effect_lasts_months = 18
[[families.finishing.entering]]
month = "2021-08"
number = 3

[roles.adult]
start = { "kontanthjælp" = 0.8, "sygedagpenge" = 0.2 }
line = "Forsørgelse"
area = "overførsler"
[roles.adult.states]
"kontanthjælp" = { monthly = 14575, refusion = 0.20 }
"sygedagpenge" = { yearly = "180.000 kr.", refusion = 0.30 }
"selvforsørgelse" = {}
[[roles.adult.moves]]
from = "kontanthjælp"
to = "selvforsørgelse"
at = "entry"
chance = { baseline = "job", plus = "additional effect" }
[[roles.adult.moves]]
from = "selvforsørgelse"
to = "kontanthjælp"
yearly = "relapse"
timing = "year-start"
[[roles.adult.moves]]
from = "sygedagpenge"
to = "kontanthjælp"
quarterly = { baseline = 0.2, hazard_ratio = 1.5 }
climate = "economy"

[roles.child]
start = "hjemme"
line = "Anbringelser"
area = "børn"
[roles.child.states]
hjemme = {}
anbragt = { monthly = 37500 }
[[roles.child.moves]]
from = "hjemme"
to = "anbragt"
yearly = { baseline = "placed", times = 0.7 }
[[roles.child.moves]]
from = "anbragt"
to = "hjemme"
after_months = { mean = 14, sd = 6, shape = "gamma" }

[[costs]]
label = "Casemanagers"
number = 2
yearly = "wage"
area = "service"
[[costs]]
label = "Licenser mv."
yearly = 3200
per_family = true
area = "service"
[[savings]]
label = "Sagsbehandling, Jobcenter"
number = 0.75
yearly = [450000, 460000, 460000]
cashable = false
area = "administration"

[[targets]]
label = "Sparekrav 2021"
year = 2021
amount = -500000
[[targets]]
label = "I alt"
of = "savings"
total = 1000000
[[targets]]
label = "Hvert år"
yearly = -2000000

[[reported]]
what = "line:Casemanagers"
year = 2020
value = 930000
source = "s. 4"
[[reported]]
what = "provenu"
value = 12345

[simulation]
draws = 256
seed = 7
"""
LINES = ["Forsørgelse", "Anbringelser", "Casemanagers", "Licenser mv.", "Sagsbehandling, Jobcenter"]
AREAS = {"overførsler", "børn", "service", "administration"}
STATES = {"adult": ["kontanthjælp", "sygedagpenge", "selvforsørgelse"], "child": ["hjemme", "anbragt"]}


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one document with nothing that JSON does not know, and valid under the schema of answers."""

        def refuse(constant: str) -> None:
            raise AssertionError(f"{constant} is no JSON")

        document = json.loads(self.out, parse_constant=refuse)
        if document.get("format") == 2:  # the scenario's own schema is a document, too
            validator().validate(document)
        return document

    @property
    def answer(self) -> Any:
        """The document as the types that it was made of."""
        return answered(self.json)


@cache
def validator() -> Draft202012Validator:
    from simulate.answers.schema import json_schema

    return Draft202012Validator(json_schema())


def answered(document: dict[str, Any]) -> Any:
    from simulate.answers.schema import adapter

    return adapter().validate_python(document)


def simulate(*arguments: str | Path) -> Done:
    """The console command in this process: its exit code and what it prints; leaves no language behind."""
    from simulate.cli import main

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before = sys.argv
    sys.argv = ["simulate", *map(str, arguments)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = contextvars.Context().run(_exit_code, main)  # with no language chosen yet
    finally:
        sys.argv = before
    return Done(code, _printed(out), _printed(err))


def _exit_code(main: Any) -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _printed(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8")


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), **more}


def command(*arguments: str | Path) -> Sequence[str]:
    return [sys.executable, "-m", "simulate", *map(str, arguments)]


def process(*arguments: str | Path, **options: Any) -> Done:
    """The console command in a process of its own."""
    given = {"env": environment(), "timeout": HANG, **options}
    done = subprocess.run(command(*arguments), capture_output=True, **given)
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def without_place(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what differs when the same scenario stands in another file, on other lines, or is not stored."""
    scenario = {key: item for key, item in document["scenario"].items() if key not in ("file", "sha256")}
    run = {key: item for key, item in document["run"].items() if key not in ("set", "id")}
    warnings = [re.sub(r"^.*?:\d+  ", "", warning) for warning in document["warnings"]]
    return {**document, "scenario": scenario, "run": run, "warnings": warnings}
