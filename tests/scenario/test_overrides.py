"""A change is written into the scenario's own text: wherever it is put, the text says what was asked, and nothing else is other."""

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulate.scenario import overrides

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
Way = tuple[str | int, ...]


def tables(node: Any, way: Way = ()) -> Iterator[Way]:
    """The way to each table of a document, and to the first and last of each list of them."""
    if isinstance(node, dict):
        yield way
        for key, value in node.items():
            yield from tables(value, (*way, key))
    elif isinstance(node, list):
        for i in sorted({0, len(node) - 1}) if node else ():
            yield from tables(node[i], (*way, i))


def written(way: Way) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f'."{step}"' for step in way).lstrip(".")


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_a_new_key_in_any_table(file: Path) -> None:
    source = file.read_text()
    tree = tomllib.loads(source)
    ways = [way for way in tables(tree) if way]
    assert ways
    for way in ways:
        wanted = copy.deepcopy(tree)
        node = wanted
        for step in way:
            node = node[step]  # type: ignore[index]
        node["unheard"] = 0.5
        assert tomllib.loads(overrides.apply(source, [f"{written(way)}.unheard=0.5"], {})) == wanted, way
