"""One scenario file for the tests of the command."""

from pathlib import Path

import pytest
from command import RICH


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rich") / "rich æøå.toml"
    file.write_text(RICH, encoding="utf-8")
    return file
