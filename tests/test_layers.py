"""A module imports from lower layers only; modules of one layer do not know each other, inside one package they may."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src" / "simulate"
LAYERS = [
    ["content"],
    ["__init__", "errors", "names", "labels", "measures", "locale", "kernels", "designs", "special", "machine"],
    ["distributions", "files + grid", "locks"],
    ["scenario + workbook", "analysis", "folder"],
    ["sampling", "figures"],
    ["model", "places", "attach"],
    ["ledger"],
    ["point", "luck"],
    ["options", "pace"],
    ["limits", "plan"],
    ["engine"],
    ["store"],
    ["studies"],
    ["answers"],
    ["asking"],
    ["reports", "charts", "keywords"],
    ["writers"],
    ["sweeps"],
    ["interface"],
    ["cli"],
    ["__main__"],
]
LAYER = {part: level for level, layer in enumerate(LAYERS) for group in layer for part in group.split(" + ")}
GROUP = {part: group for layer in LAYERS for group in layer for part in group.split(" + ")}
FILES = sorted(
    file for file in ROOT.rglob("*.py") if file != ROOT / "__init__.py"
)  # which imports nothing until it is asked


def part_of(module: str) -> str:
    """The part of the package that simulate.a.b belongs to."""
    names = module.split(".")
    there = len(names) > 1 and ((ROOT / names[1]).is_dir() or (ROOT / f"{names[1]}.py").exists())
    return names[1] if there else "__init__"


def imports(file: Path) -> set[str]:
    """The parts that a file imports, also inside functions and for types only."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {part_of(name.name) for name in node.names if name.name.split(".")[0] == "simulate"}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "written out in full, so that this test can read it"
            if node.module == "simulate":
                found |= {part_of(f"simulate.{name.name}") for name in node.names}
            elif node.module and node.module.startswith("simulate."):
                found.add(part_of(node.module))
    return found


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(ROOT)) for file in FILES])
def test_imports_lead_down(file):
    own = part_of("simulate." + file.relative_to(ROOT).with_suffix("").parts[0])
    assert own in LAYER, f"{own} has no layer yet"
    upward = {other for other in imports(file) if GROUP[other] != GROUP[own] and LAYER[other] >= LAYER[own]}
    assert upward == set(), f"layer {LAYER[own]} ({own}) imports {sorted(upward)}"


def test_every_part_has_a_layer():
    parts = {file.relative_to(ROOT).with_suffix("").parts[0] for file in FILES}
    assert parts <= LAYER.keys()


@pytest.mark.parametrize("file", sorted((ROOT / "kernels").glob("*.py")), ids=lambda file: file.name)
def test_kernels_know_numpy_and_numba_only(file):
    """A kernel and its random numbers share a file: numba's cache looks at the kernel's own file only."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.split(".")[0])
    standard = {
        "__future__",
        "collections",
        "contextlib",
        "contextvars",
        "functools",
        "dataclasses",
        "hashlib",
        "importlib",
        "pickle",
        "shutil",
        "tempfile",
        "time",
    }
    assert found - standard - {"math", "os", "pathlib", "sys", "types", "typing"} <= {"numba", "numpy", "simulate"}
    assert imports(file) <= {"kernels"}
