"""What every test needs: English words, derandomised hypothesis, and slow proofs only when asked for."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from simulate import kernels, locale

ROOT = Path(__file__).parent.parent

for name in (
    "COLUMNS",
    "LINES",
):  # of the developer's window, or of none: libraries set them too. What is printed is as for a file
    os.environ.pop(name, None)

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("repeatable")

for variable in locale.VARIABLES:  # the language of whoever runs the tests
    os.environ.pop(variable, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also the proofs that take minutes")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Have the kernels compiled once, before several workers would each do so, and commands would say that they do."""
    if hasattr(session.config, "workerinput") or all(
        map(kernels.is_compiled, ("lives", "expected", "moments", "steps"))
    ):
        return
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    for name in ("silkeborg", "sygemeldte-samlet-indsats"):  # the other one with refunds by weeks
        run = [sys.executable, "-m", "simulate", "run", f"scenarios/{name}.toml", "--draws", "16", "--json"]
        subprocess.run(run, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--slow"):
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="slow; run with --slow"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = locale.language()
    locale.use("en")
    yield
    locale.use(before)
