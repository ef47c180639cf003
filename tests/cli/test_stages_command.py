"""`simulate stages` from the command line: words, JSON, and what can be wrong with a review and its rule."""

from pathlib import Path

import pytest
from command import simulate

from simulate.asking.stages import _rule
from tests.trees import scenario_of, simple

SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"
SMALL = ("--draws", "128", "--seed", "5")


def stages(*options: str):
    return simulate("stages", SILKEBORG, *SMALL, *options)


def test_the_document():
    done = stages("--review", "2018", "--stop-if", "moved selvforsørgelse <= 9", "--notice", "6", "--json")
    assert done.code == 0
    found = done.json
    assert found["format"] == 2
    assert found["run"]["seed"] == 5
    assert found["rule"] == {"what": "moved", "role": "adult", "state": "selvforsørgelse", "sign": "<=", "bound": 9}
    assert (found["review"], found["notice_months"]) == (2018, 6)
    own = next(one for one in found["bounds"] if one["bound"] == 9)
    assert own["stop"] == found["stop"]
    assert own["worth"]["value"] == pytest.approx(found["worth"]["value"])
    difference = found["with_rule"]["provenu"]["mean"]["value"] - found["without_rule"]["provenu"]["mean"]["value"]
    assert difference == pytest.approx(found["worth"]["value"])
    parts = found["stop"]["value"] - found["stopped_would_have_paid"]["value"] + found["kept_does_not_pay"]["value"]
    assert 0 <= parts <= 1  # does not pay: those stopped, and those that go on


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "fewer than 12 persons are in"), ("da", "færre end 12 personer er i")]
)
def test_the_words(lang, words):
    done = stages("--review", "2018", "--stop-if", "adult.selvforsørgelse < 12", "--lang", lang)
    assert done.code == 0
    assert words in " ".join(done.out.split())


def test_a_stop_that_changes_nothing_is_no_reason_to_go_on():
    """Families that are there from the first day, and no costs: nothing ends when the programme does."""
    kik = SILKEBORG.with_name("odense-kik.toml")
    done = simulate("stages", kik, *SMALL, "--review", "2019", "--stop-if", "selvforsørgelse < 12", "--lang", "en")
    said = " ".join(done.out.split())
    assert "To stop changes nothing here: nobody enters after the review, and nothing" in said
    assert "going on is better" not in said
    assert "stops a programme that would have broken even" not in said


@pytest.mark.parametrize(
    ("written", "what", "state"),
    [
        ("job 'fast' < 3", "in", "job 'fast'"),
        ("\"job 'fast'\" < 3", "in", "job 'fast'"),
        ("moved job 'fast' < 3", "moved", "job 'fast'"),
        ("in work < 3", "in", "in work"),
        ("in in work < 3", "in", "in work"),
        ("moved in work < 3", "moved", "in work"),
        ("in home < 3", "in", "home"),
    ],
)
def test_states_may_be_called_anything(written, what, state):
    tree = simple()
    tree["roles"]["adult"]["states"] |= {"job 'fast'": {}, "in work": {}, "home": {}}
    rule = _rule(written, scenario_of(tree))
    assert (rule.what, rule.state) == (what, state)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--review", "2021", "--stop-if", "selvforsørgelse < 3"), "2017 to 2020"),
        (("--review", "1999", "--stop-if", "selvforsørgelse < 3"), "2017 to 2020"),
        (("--review", "2018", "--stop-if", "selvforsøgelse < 3"), "did you mean `selvforsørgelse`"),
        (("--review", "2018", "--stop-if", "selvforsørgelse"), "self-support < 4"),
        (("--review", "2018", "--stop-if", "selvforsørgelse = 3"), "self-support < 4"),
        (("--review", "2018", "--stop-if", "selvforsørgelse < -3"), "self-support < 4"),
        (("--review", "2018", "--stop-if", "selvforsørgelse < 3", "--notice", "100"), "between 0 and 60"),
    ],
)
def test_what_is_wrong_is_said(options, words):
    done = stages(*options, "--lang", "en")
    assert done.code == 2
    assert words in " ".join(done.err.split())
    assert "Traceback" not in done.err
