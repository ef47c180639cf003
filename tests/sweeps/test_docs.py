"""docs/sweeps.md says what is so."""

import re
from pathlib import Path

from simulate import locale
from simulate.reports.sweep_words import head
from simulate.sweeps import file as files
from simulate.sweeps.kept import VARIABLES

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "sweeps.md").read_text("utf-8")


LABELS = {"year": 2027, "percentile": 5, "arm": "programme", "state": "child.anbragt", "part": "luck"}


def test_it_has_a_row_for_each_variable() -> None:
    locale.use("da")
    heads = [
        head(one.name, {each: LABELS[each] for each in one.dimensions}) if not one.only else "–" for one in VARIABLES
    ]
    rows = [
        f"| `{one.name}` | {', '.join(one.dimensions) or '–'} | {one.units} | {'yes' if one.has_error else '–'} | {one.says} | {said} |"
        for one, said in zip(VARIABLES, heads, strict=True)
    ]
    assert "\n".join(rows) in DOCS


def test_it_has_every_key_of_a_sweeps_file() -> None:
    for key in (*files.SweepFile.model_fields, *files.How.model_fields):
        assert f"`{key}`" in DOCS or f"{key} =" in DOCS, key


def test_its_file_can_be_read(tmp_path: Path) -> None:
    (source,) = re.findall("```toml\n(.*?)```", DOCS, re.S)
    file = tmp_path / "sweep.toml"
    file.write_text(source, "utf-8")
    varied = files.read(str(file)).varied(())
    assert [one.name + one.sign for one in varied] == [
        "additional_effect=",
        "relapse=",
        "finishing*",
        "costs.Casemanagers.number=",
    ]
