"""`simulate update` from the command line: words, JSON, and what it says where nothing or too much was seen."""

from pathlib import Path

import pytest
from command import simulate

ROOT = Path(__file__).parents[2]
SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"
SMALL = ("--draws", "256", "--seed", "5")
TEN_OF_57 = """
[[observed]]
label = "Job or education"
role = "adult"
what = "in"
to = "selvforsørgelse"
until = "{until}"
count = {count}
"""


def seen(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "seen.toml"
    file.write_text(SILKEBORG.read_text("utf-8") + "".join(rows), "utf-8")
    return file


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_document(tmp_path):
    file = seen(tmp_path, TEN_OF_57.format(until="2018-03", count=6))
    done = simulate("update", file, *SMALL, "--keep", "100", "--max-draws", "8192", "--json")
    assert done.code == 0, done.err
    found = done.json
    assert found["format"] == 2
    assert found["run"]["draws"] == 256
    assert found["draws"] <= 8192
    assert found["kept"] >= 100
    assert found["exact"]["courses"] == found["kept"]
    assert (found["tolerance"], found["verdict"]) == (0, "possible")
    (one,) = found["observed"]
    assert (one["what"], one["seen"], one["until"]) == ("Job or education", 6, "2018-03")
    assert one["probability"] == found["exact"]["probability"]
    assert one["or_more"]["value"] + one["or_fewer"]["value"] == pytest.approx(1 + one["probability"]["value"])
    assert one["kept"]["sd"]["value"] == 0
    for key, courses in (("before", 256), ("after", found["kept"])):
        view = found[key]
        assert view["courses"] == courses
        bands, mean = view["provenu"]["percentiles"], view["provenu"]["mean"]["value"]
        assert bands["5"]["value"] < mean < bands["95"]["value"]
        low, high = view["break_even"]["probability"]["interval"]
        assert 0 <= low <= view["break_even"]["probability"]["value"] <= high <= 1
        assert "relapse" in view["assumptions"]
    assert found["moved"].keys() == found["after"]["assumptions"].keys()
    assert found["uncorrected"] == found["after"]


def test_nothing_seen_changes_nothing():
    done = simulate("update", SILKEBORG, *SMALL, "--json")
    assert done.code == 0
    found = done.json
    assert found["before"] == found["after"]
    assert (found["observed"], found["draws"], found["kept"]) == ([], 256, 256)
    plain = simulate("run", SILKEBORG, *SMALL, "--plain", "--json").json
    assert found["before"]["break_even"]["probability"]["value"] == plain["break_even"]["probability"]["value"]
    assert found["before"]["provenu"]["percentiles"]["5"]["value"] == plain["provenu"]["percentiles"]["5"]["value"]
    assert found["before"]["provenu"]["mean"]["value"] == pytest.approx(plain["provenu"]["mean"]["value"], rel=1e-12)
    assert "nothing changes" in words(simulate("update", SILKEBORG, *SMALL, "--lang", "en").out)


def test_other_commands_do_not_mind(tmp_path):
    file = seen(tmp_path, TEN_OF_57.format(until="2018-03", count=6))
    ours, theirs = (simulate("run", one, *SMALL, "--json").json for one in (file, SILKEBORG))
    assert ours["provenu"] == theirs["provenu"]
    assert simulate("check", file).code == 0


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "in which all of it is just as seen"), ("da", "hvor det hele er præcis, som det er set")],
)
def test_the_words(tmp_path, lang, said):
    file = seen(tmp_path, TEN_OF_57.format(until="2018-03", count=6))
    done = simulate("update", file, *SMALL, "--keep", "50", "--max-draws", "4096", "--lang", lang)
    assert done.code == 0
    assert said in words(done.out)
    assert "Job or education" in done.out


def test_too_few_exact_courses_are_said_to_be_an_approximation(tmp_path):
    rows = [
        TEN_OF_57.format(until=f"{year}-06", count=count)
        for year, count in ((2017, 2), (2018, 7), (2019, 14), (2020, 20))
    ]
    file = seen(tmp_path, *rows)
    done = simulate("update", file, *SMALL, "--keep", "100", "--max-draws", "1024", "--lang", "en")
    assert done.code == 0
    assert "an approximation: the 1" in words(done.out)
    assert "As the kept are" in done.out
    assert done.out.split("\n")[2].startswith("Seen from the start, the chance of break-even is ")
    found = simulate("update", file, *SMALL, "--keep", "100", "--max-draws", "1024", "--json").json
    assert found["tolerance"] > 0
    assert all(one["allowed"] >= 0 for one in found["observed"])
    assert found["uncorrected"] != found["after"]


def test_what_cannot_be_is_said_and_nothing_follows_from_it(tmp_path):
    file = seen(tmp_path, TEN_OF_57.format(until="2017-06", count=400))
    done = simulate("update", file, *SMALL, "--max-draws", "4096", "--lang", "en")
    assert done.code == 0
    assert "practically impossible: no course comes near it" in words(done.out)
    assert "Outside all courses: Job or education" in words(done.out)
    found = simulate("update", file, *SMALL, "--max-draws", "4096", "--json").json
    assert (found["verdict"], found["kept"], found["after"], found["tolerance"]) == ("impossible", 0, None, None)


def test_what_none_of_a_few_courses_shows_is_not_called_impossible(tmp_path):
    file = seen(tmp_path, TEN_OF_57.format(until="2017-06", count=400))
    done = simulate("update", file, *SMALL, "--max-draws", "256", "--lang", "en")
    assert done.code == 0
    assert "Too few courses were drawn to tell anything from" in words(done.out)
    assert "impossible" not in done.out
    assert "below 1.5%" in done.out  # none of 256, 95 %
    found = simulate("update", file, *SMALL, "--max-draws", "256", "--json").json
    assert found["verdict"] == "too few"
    assert found["unusual"]["interval"][1] == found["observed"][0]["tail"]["interval"][1] > 0.014


@pytest.mark.parametrize("options", [("--keep", "5"), ("--max-draws", "1"), ("--keep", "1.000")])
def test_what_is_wrong_is_said(options):
    done = simulate("update", SILKEBORG, *options, "--lang", "en")
    assert done.code == 2
    assert "Traceback" not in done.err


def test_rows_without_a_label_are_told_in_words(tmp_path):
    row = TEN_OF_57.replace('label = "Job or education"\n', "").format(until="2018-03", count=6)
    control = row.replace("count = 6", 'arm = "baseline"\nthan = "programme"\nat_least = 0')
    command = ("update", seen(tmp_path, row, control), *SMALL, "--keep", "16", "--max-draws", "1024", "--lang", "en")
    assert [one["what"] for one in simulate(*command, "--json").json["observed"]] == [
        "adult in selvforsørgelse in 2018-03",
        "adult in selvforsørgelse in 2018-03, more in the control group",
    ]
    assert "at least 0" in simulate(*command).out


def test_more_than_the_machine_can_do_is_refused_before_it_starts():
    done = simulate("update", ROOT / "scenarios" / "job-og-familie.toml", "--max-draws", "100000000000", "--lang", "en")
    assert done.code == 2
    assert "take fewer --max-draws" in done.err
