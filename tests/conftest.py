"""What every test needs: English words, derandomised hypothesis, and slow proofs only when asked for."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from simulate import locale

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
