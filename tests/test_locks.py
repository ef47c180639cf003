"""What is installed: the locks agree with each other."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?(==[^\\]+?) *\\?$", re.M)


def pinned(lock: str) -> set[tuple[str, str]]:
    """Names, and versions with where they hold."""
    return {(name.lower(), version) for name, version in PINNED.findall((ROOT / lock).read_text("utf-8"))}


def test_the_lock_of_reports_is_between_the_others() -> None:
    assert pinned("requirements.lock") < pinned("requirements-report.lock") < pinned("requirements-dev.lock")


def test_it_has_all_that_the_extra_names() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    names = {re.split(r"[^\w-]", one)[0].lower() for one in extras["report"]}
    assert names == {name for name, _ in pinned("requirements-report.lock")} & names
    assert names
