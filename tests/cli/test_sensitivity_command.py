"""`simulate sensitivity` from the command line: words in both languages, the document, and cases with little or nothing to say."""

import re
from pathlib import Path

import pytest
from command import PAPER, process, simulate

SMALL = ("--draws", "64", "--seed", "5")
CASE = """
format = 1
title = "Two"
language = "en"
[time]
first_year = 2030
years = 2
[assumptions.found]
value = 0.4
label = "Found a job within the first year, whatever the job market is like"
uncertainty = { kind = "uniform", low = 0.1, high = 0.6 }
[assumptions.wage]
value = [400000, 410000]
uncertainty = { kind = "triangular", low = 0.8, mode = 1, high = 1.4 }
[assumptions.market]
value = 1
each_year = true
uncertainty = { kind = "gamma", mean = 1, sd = 0.2 }
[[correlations]]
between = ["found", "wage"]
rank = 0.3
[families.all]
present = 12
members = { adult = 1 }
[roles.adult]
start = "benefit"
[roles.adult.states]
benefit = { monthly = 12000 }
job = {}
[[roles.adult.moves]]
from = "benefit"
to = "job"
at = "entry"
chance = { baseline = 0.1, programme = "found" }
climate = "market"
[[costs]]
label = "staff"
yearly = "wage"
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sensitivity") / "two.toml"
    file.write_text(CASE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def document(case: Path) -> dict:
    done = simulate("sensitivity", case, *SMALL, "--json", "--threads", "2")
    assert (done.code, done.err) == (0, "")
    return done.json


def flat(text: str) -> str:
    return " ".join(text.split())


def swing(bar):
    return bar["high"]["provenu"]["value"] - bar["low"]["provenu"]["value"]


def test_the_document(document):
    assert document["format"] == 2
    assert document["run"] | {"version": ""} == document["run"] | {
        "draws": 64,
        "seed": 5,
        "version": "",
        "engine": "lives",
    }
    assert document["draws"] == {"run": 64, "at_values": 64, "tornado": 64, "sobol": 64}
    names = {"found", "wage", "market"}
    assert {bar["assumption"] for bar in document["tornado"]} == names
    assert {bar["assumption"] for bar in document["tornado_at_values"]} == names
    assert document["rank"].keys() == names
    swings = [abs(swing(bar)) for bar in document["tornado"]]
    assert swings == sorted(swings, reverse=True)
    assert [bar["swing"]["value"] for bar in document["tornado"]] == pytest.approx(
        [swing(bar) for bar in document["tornado"]]
    )
    assert set(document["variance"]["shares"]) == {"assumptions", "luck"}


def test_the_values_of_the_ends(document):
    bars = {bar["assumption"]: bar for bar in document["tornado"]}
    assert (bars["found"]["low"]["value"], bars["found"]["high"]["value"]) == pytest.approx((0.125, 0.575))
    wage = bars["wage"]["low"]["value"]
    assert wage == pytest.approx([wage[0] / 400_000 * x for x in (400_000, 410_000)])
    assert bars["market"]["low"]["value"] < 1 < bars["market"]["high"]["value"]


def test_shares(document):
    assert {share["assumption"] for share in document["sobol"]} == {"found + wage", "market"}
    for share in document["sobol"]:
        for field in ("first", "total"):
            low, high = share[field]["interval"]
            assert low <= share[field]["value"] <= high
    totals = [share["total"]["value"] for share in document["sobol"]]
    assert totals == sorted(totals, reverse=True)


def test_the_document_says_what_run_says(case, document):
    run = simulate("run", case, *SMALL, "--json").json
    assert document["variance"] == run["variance"]
    assert document["clipped"] == run["clipped"]
    assert document["break_even"]["probability"] == run["break_even"]["probability"]
    assert document["provenu"]["mean"] == run["provenu"]["mean"]
    assert document["at_values"]["provenu"]["value"] == pytest.approx(run["point"]["provenu"]["total"])


def test_from_the_draws_alone(case, document):
    found = simulate("sensitivity", case, *SMALL, "--method", "draws", "--json").json
    assert found["method"] == "draws"
    assert found["draws"]["sobol"] == 0
    assert found["tornado"] == document["tornado"]
    for share in found["sobol"]:
        assert share["total"] is None
        assert share["first"] == share["first_from_draws"]
        low, high = share["first"]["interval"]
        assert low <= share["first"]["value"] <= high


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            [
                "What decides most is “Found a job within the first year, whatever the job market is like” (found): at 12.5% (P5)",
                "Of the uncertainty (variance),",
                "Each assumption at P5 and at P95, the others as uncertain as they are:",
                "the others at their values",
                "Correlated: “Found a job",
                "A value of its own in each year: market.",
                "By itself",
                "Error of the simulation itself (95 %)",
            ],
        ),
        (
            "da",
            [
                "Mest afgørende er ”Found a job",
                "Af usikkerheden (variansen)",
                "mens de øvrige er lige så usikre som ellers:",
                "Korrelerede: ”Found a job",
                "En værdi for hvert år: market.",
                "Alene",
                "Simuleringens egen usikkerhed (95 %)",
            ],
        ),
    ],
)
def test_words(case, lang, words):
    done = simulate("sensitivity", case, *SMALL, "--lang", lang)
    assert (done.code, done.err) == (0, "")
    for part in words:
        assert part in flat(done.out)
    assert max(len(line) for line in done.out.splitlines()) <= 100
    assert "{" not in done.out


def test_bars(case):
    """From the line that is the case as it is to each end, P5 and P95 in their own signs."""
    lines = simulate("sensitivity", case, *SMALL).out.splitlines()
    first = next(line for line in lines if line.startswith("Found a job within the first y"))
    assert re.search(r"░+│█+$", first)
    wage = next(line for line in lines if line.startswith("wage"))
    assert re.search(r"█+│░+$", wage.rstrip())  # dearer is worse


def test_without_uncertainty_there_is_nothing_to_vary():
    done = simulate("sensitivity", PAPER, *SMALL, "--lang", "en")
    assert done.code == 0
    assert "No assumption is uncertain: there is nothing to vary." in flat(done.out)
    assert "All of the uncertainty (variance) is due to luck" in flat(done.out)
    found = simulate("sensitivity", PAPER, *SMALL, "--json").json
    assert (found["tornado"], found["tornado_at_values"], found["sobol"]) == ([], [], [])
    assert found["rank"] == {}
    assert [found["variance"]["shares"][of]["value"] for of in ("assumptions", "luck")] == [0, 1]


def test_what_is_set_is_certain(case):
    """One assumption left: it has all of the variance. Two: none of them is the one that was set."""
    changes = ("--set", "found=0.4", "--set", "wage=400000")
    done = simulate("sensitivity", case, *SMALL, *changes, "--json")
    (bar,) = done.json["tornado"]
    assert bar["assumption"] == "market"
    (share,) = done.json["sobol"]
    assert (share["first"]["value"], share["total"]["value"]) == (1, 1)
    assert "Changed: found=0.4; wage=400000" in simulate("sensitivity", case, *SMALL, *changes).out


def test_no_effect_is_said(case):
    done = simulate("sensitivity", case, *SMALL, "--set", "families.all.present=0", "--set", "costs[0].number=0")
    assert done.code == 0
    assert "The provenu is the same at P5 and at P95 of each of the uncertain assumptions." in flat(done.out)
    assert "Nothing varies" in flat(done.out)


def test_too_much_clipping_is_said_first(case):
    done = simulate("sensitivity", case, *SMALL, "--set", "roles.adult.moves[0].chance.baseline=0.1", "--set", "market*1",
                    "--set", "assumptions.found.uncertainty.high=1.9")  # fmt: skip
    assert done.code == 0
    out = flat(done.out)
    assert out.index("That is too many to trust the answer below") < out.index("What decides most")


def test_an_end_that_clips_is_said(tmp_path):
    """A sum of two that seldom passes 1, but does so more often when one of them is at P95."""
    more = '[assumptions.more]\nvalue = 0.05\nuncertainty = { kind = "normal", mean = 0.05, sd = 0.05 }\n'
    changed = CASE.replace('{ kind = "uniform", low = 0.1, high = 0.6 }', '{ kind = "normal", mean = 0.6, sd = 0.18 }')
    changed = changed.replace('baseline = 0.1, programme = "found"', 'baseline = "found", plus = "more"')
    file = tmp_path / "clips.toml"
    file.write_text(changed.replace("[[correlations]]", more + "[[correlations]]"), encoding="utf-8")
    done = simulate("sensitivity", file, "--draws", "512", "--method", "draws")
    assert (done.code, done.err) == (0, "")
    assert re.search(r"\(found\) at P95: “.*” \(roles.adult.moves\[0\].chance\) had", flat(done.out))
    assert "(found) at P5: " not in flat(done.out)
    assert "too many to trust" not in done.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--draws", "0"), "--draws 0 is out of range"),
        (("--set", "fund=0.4"), "found"),
        (("--method", "morris"), "saltelli"),
        (("--seed", "-1"), "--seed -1 is out of range"),
    ],
)
def test_what_is_wrong_is_said(case, options, words):
    done = simulate("sensitivity", case, *options, "--lang", "en")
    assert done.code == 2
    assert words in flat(done.err)
    assert done.out == ""


def test_a_missing_file(tmp_path):
    done = simulate("sensitivity", tmp_path / "none.toml")
    assert done.code == 2
    assert "none.toml" in done.err


def test_threads_change_nothing(case, document):
    """Nor does a process of its own."""
    assert process("sensitivity", case, *SMALL, "--json", "--threads", "1").json == document


@pytest.mark.parametrize(
    ("values", "weights"),
    [("[0.1, 0.4, 0.6]", "[90, 8, 2]"), ("[0.2, 0.5]", "[99, 1]")],
)
@pytest.mark.parametrize(("language", "said"), [("en", "(not known)"), ("da", "(ikke kendt)")])
def test_shares_whose_intervals_rare_values_leave_unknown_are_told_without(
    values: str, weights: str, language: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "rare.toml"
    rare = f'{{ kind = "choices", values = {values}, weights = {weights} }}'
    file.write_text(CASE.replace('{ kind = "uniform", low = 0.1, high = 0.6 }', rare), "utf-8")
    done = simulate("sensitivity", file, *SMALL, "--lang", language)
    assert done.code == 0, done.err
    assert said in done.out
    told = simulate("sensitivity", file, *SMALL, "--json").json
    assert all(share["first"]["interval"] is None for share in told["sobol"])
