"""What is answered of a scenario in which a move hangs on another member of the family, and what is refused in words."""

import json
from pathlib import Path

import pytest
from command import simulate

TIED = """
format = 1
title = "A parent and a child"
language = "en"
[time]
first_year = 2027
years = 2
[families.f]
enter = 10
members = { adult = 1, child = 1.5 }
[roles.adult]
start = "job"
[roles.adult.states]
job = {}
benefit = { monthly = 15000 }
[[roles.adult.moves]]
from = "job"
to = "benefit"
yearly = { baseline = 0.4, plus = -0.1 }
[roles.child]
start = "home"
[roles.child.states]
home = {}
placed = { monthly = 40000 }
[[roles.child.moves]]
from = "home"
to = "placed"
yearly = 0.1
when = { role = "adult", state = "job", times = 0.5 }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "tied.toml"
    place.write_text(TIED, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    "command",
    [
        ("sensitivity",),
        ("structure",),
        ("update",),
        ("report",),
        ("threshold", "--path", "roles.child.moves[0].yearly"),
        ("stages", "--review", "2027", "--stop-if", "adult.job<3"),
        ("annualise", "--quarter", "2027Q2"),
        ("compare", "FILE", "--engine", "expected"),
        ("sweep", "--vary", "roles.child.moves[0].yearly=0.1;0.2", "--out", "OUT", "--engine", "expected"),
        ("chart", "--kind", "distribution", "--out", "PICTURE"),
        ("run", "--full", "--out", "OUT"),
        ("run", "--engine", "expected"),
        ("run", "--counterfactual", "expected"),
    ],
    ids=" ".join,
)
def test_what_reckons_with_expected_lives_is_refused_in_words(command: tuple, file: Path, tmp_path: Path) -> None:
    paths = {"FILE": str(file), "OUT": str(tmp_path / "s.nc"), "PICTURE": str(tmp_path / "picture.svg")}
    name, *rest = (paths.get(one, one) for one in command)
    done = simulate(name, file, *rest, "--draws", "64", "--lang", "en")
    assert done.code == 2
    assert "hangs on another member of the family (`when`)" in done.err


@pytest.mark.parametrize("counterfactual", ["same-luck", "own-luck"])
def test_a_run_leaves_out_what_is_not_known(counterfactual: str, file: Path) -> None:
    given = ("--draws", "256", "--counterfactual", counterfactual, "--lang", "en")
    found = json.loads(simulate("run", file, *given, "--json").out)
    assert found["variance"] is None
    assert {key for key, value in found["bridge"].items() if value is None} == {"at_means", "of_means", "of_model"}
    assert found["break_even"]["counterfactuals"].keys() == {"same-luck", "own-luck"}
    assert found["point"]["lived"]["error"] > 0
    mean, expected = found["provenu"]["mean"], found["bridge"]["expected"]
    assert mean["value"] == pytest.approx(expected["value"], abs=1e-6)
    said = " ".join(simulate("run", file, *given, "--details").out.split())
    assert "is not known" in said
    assert "no luck" not in said
    assert " ± " in simulate("run", file, "--engine", "point", "--lang", "en").out.replace("(±", " ± ")


def test_a_portfolio_ties_the_members_of_each_programme(file: Path, tmp_path: Path) -> None:
    place = tmp_path / "both.toml"
    head = 'format = 1\ntitle = "Both"\nlanguage = "en"\n[time]\nfirst_year = 2027\nyears = 2\n'
    place.write_text(head + f'[[programmes]]\nfile = "{file.name}"\nnumber = 2\n', encoding="utf-8")
    assert simulate("check", place, "--lang", "en").code == 0
    found = json.loads(simulate("run", place, "--draws", "256", "--json").out)
    assert found["variance"] is None
    assert len(found["programmes"]["each"]) == 2


def test_a_tie_can_be_set(file: Path) -> None:
    given = ("--draws", "1024", "--json")
    strong = json.loads(simulate("run", file, *given, "--set", "roles.child.moves[0].when.times=0").out)
    weak = json.loads(simulate("run", file, *given, "--set", "roles.child.moves[0].when.times=1").out)
    assert strong["provenu"]["mean"]["value"] > weak["provenu"]["mean"]["value"]


def test_a_tie_stands_beside_a_refund_by_weeks_and_amounts_for_those_present(file: Path) -> None:
    """Who begins beyond the last step is refunded as its share says: the same as that share all along, but for those who come back."""
    weeks = "benefit = { monthly = 15000, refusion = { weeks = [4, 22, 26], share = [0.2, 0.2, 0.2, 0.2] } }"
    written = file.read_text("utf-8").replace("benefit = { monthly = 15000 }", weeks)
    written = written.replace("job = {}", "job = { self_support = true }")
    written = written.replace("enter = 10", "enter = 10\npresent = 5")
    written += '[[costs]]\nlabel = "start"\nyearly = 1000\nper_family = true\ncounts = "all"\n'
    found = {}
    for name, text in (
        ("weeks", written),
        ("one", written.replace(weeks, "benefit = { monthly = 15000, refusion = 0.2 }")),
    ):
        file.write_text(text, encoding="utf-8")
        found[name] = json.loads(simulate("run", file, "--draws", "256", "--json").out)
    point, other = (one["point"] for one in found.values())
    assert point["provenu"]["total"] == pytest.approx(other["provenu"]["total"], abs=1e-3)
    assert point["lines"]["start"]["total"] == pytest.approx(-1000 * (2 * 10 + 5))
    assert found["weeks"]["lines"]["start"]["mean"]["value"] == pytest.approx(-1000 * (2 * 10 + 5))


# Answered from lives ---------------------------------------------------------------------------------------------------


def test_a_comparison_says_what_it_leaves_out(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "free.toml"
    other.write_text(TIED.replace("when =", "#").replace("A parent", "Only a parent"), encoding="utf-8")
    for files in ((file, other), (other, file)):
        found = simulate("compare", *files, "--draws", "256", "--lang", "en", "--json").json
        assert found["run"]["counterfactual"] == "same-luck"
        assert [one["expected_loss_without_luck"] for one in found["scenarios"]] == [None, None]
        lived = {one["title"]: one["lived"] for one in found["scenarios"]}
        assert lived["Only a parent and a child"] is None
        assert lived["A parent and a child"]["error"] > 0
        assert any("in “A parent and a child”: families are lived one by one" in one for one in found["caveats"])
    said = " ".join(simulate("compare", file, other, "--draws", "256", "--lang", "en").out.split())
    assert "what it is worth to know" in said.lower()
    assert "worth at most" not in said


def test_a_sweep_of_a_tie(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "s.nc"
    vary = ("--vary", "roles.child.moves[0].when.times=0;1", "--vary", "roles.child.states.placed.monthly=20000;40000")
    done = simulate("sweep", file, *vary, "--out", out, "--draws", "256", "--lang", "en")
    assert done.code == 0, done.err
    found = simulate("sweep-show", out, "--of", "provenu_mean", "--json").json
    assert found["scenarios"][0]["counterfactual"] == "same-luck"
    for strong, weak in zip(*found["grid"]["values"], strict=True):
        assert strong["value"] > weak["value"]
    refused = simulate("sweep-show", out, "--of", "variance_share", "--lang", "en")
    assert refused.code == 2
    assert "keeps no variable of that name" in refused.err
