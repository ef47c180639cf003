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


@pytest.fixture(autouse=True)
def _few_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said here does not hang on how well the business case's own number is known."""
    monkeypatch.setattr("simulate.point.LIVED", 1024)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "tied.toml"
    place.write_text(TIED, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    "command",
    [
        ("sensitivity",),
        ("annualise", "--quarter", "2027Q2"),
        ("compare", "FILE", "--engine", "expected"),
        ("sweep", "--vary", "roles.child.moves[0].yearly=0.1;0.2", "--out", "OUT", "--engine", "expected"),
        ("chart", "--kind", "tornado", "--out", "PICTURE"),
        ("report", "--engine", "expected"),
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
    assert "000 kr., on average over lives." in said  # no digits beyond its error
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


@pytest.mark.parametrize(
    "command",
    [
        ("structure",),
        ("update",),
        ("threshold", "--path", "roles.child.moves[0].yearly", "--probability", "0.5"),
        ("stages", "--review", "2027", "--stop-if", "job<3"),
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_what_lives_tell_is_answered(command: tuple, lang: str, file: Path) -> None:
    name, *rest = command
    how = (*rest, "--draws", "128", "--lang", lang)
    done = simulate(name, file, *how, "--json")
    assert done.code == 0, done.err
    assert done.json["run"]["counterfactual"] == "same-luck"
    said = simulate(name, file, *how)
    assert said.code == 0, said.err
    if name in ("structure", "threshold"):
        assert "when`" in said.out


def test_an_end_of_a_range_is_told_with_its_error(file: Path) -> None:
    risk = '[assumptions.risk]\nvalue = 0.1\nuncertainty = { kind = "uniform", low = 0.05, high = 0.2 }\n'
    file.write_text(
        TIED.replace("[families.f]", risk + "[families.f]").replace("yearly = 0.1", 'yearly = "risk"'), "utf-8"
    )
    found = simulate("structure", file, "--draws", "128", "--json").json
    (row,) = found["ranges"]["rows"]
    for one in (row["low"], row["high"]):
        assert one["lived"]["value"] == one["provenu"]
        assert one["lived"]["error"] > 0
    (expected,) = (way for way in found["structure"] if way["name"] == "expected")
    assert (expected["probability"], expected["expected"]) == (None, None)
    assert "when" in expected["note"]


def test_a_report_says_what_it_leaves_out(file: Path, tmp_path: Path) -> None:
    risk = '[assumptions.risk]\nvalue = 0.1\nuncertainty = { kind = "uniform", low = 0.05, high = 0.2 }\n'
    file.write_text(
        TIED.replace("[families.f]", risk + "[families.f]").replace("yearly = 0.1", 'yearly = "risk"'), "utf-8"
    )
    out = tmp_path / "full"
    assert simulate("run", file, "--draws", "128", "--full", "--out", out).code == 0
    found = simulate("report", out, "--json").json
    assert found["sensitivity"] is None
    assert [one["assumption"] for one in found["thresholds"]] == ["risk"]
    assert not found["thresholds"][0]["switching_known"]
    page = tmp_path / "report.md"
    assert simulate("report", out, "--out", page, "--lang", "en").code == 0
    said = " ".join(page.read_text("utf-8").split())
    assert "which assumption decides most of it, is not told" in said
    assert "all amounts are means of lives" in said
    assert "no luck" not in said
    for kind in ("fan", "dots", "distribution", "exceedance"):
        picture = tmp_path / f"{kind}.svg"
        assert simulate("chart", out, "--kind", kind, "--out", picture).code == 0
    refused = simulate("chart", out, "--kind", "tornado", "--out", tmp_path / "tornado.svg", "--lang", "en")
    assert refused.code == 2
    assert "hangs on another member of the family (`when`)" in refused.err


def test_a_report_of_what_has_changed(file: Path, tmp_path: Path) -> None:
    """From a case without a tie to one with it, both are lived; the other way round they are told in different ways, which is said."""
    cost = '[[costs]]\nlabel = "team"\nyearly = 100000\n'
    free, tied = tmp_path / "free.toml", tmp_path / "now.toml"
    free.write_text(TIED.replace("when =", "#") + cost, encoding="utf-8")
    tied.write_text(TIED + cost, encoding="utf-8")
    done = simulate("report", tied, "--since", free, "--draws", "64", "--json")
    assert done.code == 0, done.err
    assert len(done.json["since"]["changes"]) == 1
    refused = simulate("report", free, "--since", tied, "--draws", "64", "--lang", "en")
    assert refused.code == 2
    assert "Keep `when` here with `times = 1`" in refused.err
