"""`simulate check --show`: what each assumption says of itself, and how each number of the file was read."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from strategies import to_toml
from typer.testing import CliRunner

from simulate.answers.check import BINS
from simulate.cli.app import app
from simulate.figures import BARS

RUNNER = CliRunner()
SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"
NOTE = "the mean differs from the value by more than a tenth of the sd"


def sure(value: object, kind: str, **parameters: object) -> dict:
    return {"value": value, "uncertainty": {"kind": kind, **parameters}}


def write(folder: Path, assumptions: dict, **changes: object) -> str:
    tree = {
        "format": 1,
        "title": "show",
        "time": {"first_year": 2020, "years": 3},
        "assumptions": assumptions,
        "roles": {"adult": {"start": "here", "states": {"here": {}}}},
    }
    file = folder / "scenario.toml"
    file.write_text(to_toml(tree | changes), encoding="utf-8")
    return str(file)


def show(*arguments: str) -> str:
    done = RUNNER.invoke(app, ["check", "--show", "--lang", "en", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def document(*arguments: str) -> dict:
    found = json.loads(show(*arguments, "--json"))
    assert found["format"] == 2
    assert len(found["files"]) == 1
    return found["files"][0]


def blocks(output: str) -> dict[str, list[str]]:
    """The lines of each assumption by its name."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in output.partition("How each number was read")[0].splitlines()[2:]:
        if line.startswith("   "):
            found[name].append(line.strip())
        else:
            name = line.split()[0]
            found[name] = []
    return found


def readings(output: str) -> dict[str, str]:
    """What stands beside each path."""
    rows = output.partition("How each number was read:\n")[2].splitlines()
    return {row.split()[0]: " ".join(row.split()[1:]) for row in rows if row.startswith("  ")}


SHOWN = {
    "chance": (sure(0.3, "beta", mean=0.3, sd=0.1), stats.beta(6, 14), False),
    "rise": (sure(0.1, "beta", successes=30, failures=10), stats.beta(30.5, 10.5), True),
    "factor": (sure([3, 4], "normal", relative_sd=0.1), stats.norm(1, 0.1), False),
    "moved": (sure([3, 4], "pert", low=0.8, mode=1, high=2), stats.beta(1 + 2 / 3, 5 - 2 / 3, 0.8, 1.2), True),
    "price": (sure(14575, "pert", low=10968, mode=14575, high=14575), stats.beta(5, 1, 10968, 3607), True),
    "months": (sure(24, "gamma", mean=24, sd=12), stats.gamma(4, scale=6), False),
    "negative": (sure(-5, "normal", mean=-5, sd=2), stats.norm(-5, 2), False),
    "yearly": (
        sure(1, "uniform", low=0.5, high=1.5) | {"each_year": True, "persistence": 0.5},
        stats.uniform(0.5, 1),
        False,
    ),
}


@pytest.fixture
def shown(tmp_path: Path) -> str:
    return write(
        tmp_path, {name: one for name, (one, _, _) in SHOWN.items()} | {"known": {"value": 7, "label": "As is"}}
    )


def test_json_says_value_mean_percentiles_and_histogram_of_each(shown):
    found = {one["name"]: one for one in document(shown)["assumptions"]}
    assert list(found) == [*SHOWN, "known"]
    for name, (given, peer, differs) in SHOWN.items():
        one = found[name]
        assert one["value"] == given["value"]
        own = one["distribution"]
        assert own["kind"] == given["uncertainty"]["kind"]
        assert own["mean"] == pytest.approx(peer.mean())
        assert own["sd"] == pytest.approx(peer.std())
        assert own["percentiles"] == pytest.approx({str(p): peer.ppf(p / 100) for p in (5, 50, 95)})
        histogram = own["histogram"]
        assert (histogram["low"], histogram["high"]) == pytest.approx(tuple(peer.ppf([0.005, 0.995])))
        edges = np.linspace(histogram["low"], histogram["high"], BINS + 1)
        np.testing.assert_allclose(histogram["shares"], np.diff(peer.cdf(edges)), atol=1e-9)
        assert own["mean_differs"] is differs
        assert own["factor"] is isinstance(given["value"], list)
        assert own["each_year"] is (name == "yearly")
    assert found["known"] == {
        "name": "known",
        "label": "As is",
        "unit": "",
        "usage": "number",
        "value": 7,
        "held": None,
        "scale": None,
        "distribution": None,
        "formula": None,
    }


def test_the_terminal_says_the_same(shown):
    found = blocks(show(shown))
    assert list(found) == [*SHOWN, "known"]
    assert found["chance"][0] == "0.3; 0.300; 0.147, 0.293, 0.476   (beta distribution)"
    assert found["price"][0].startswith("14,575; 13,974; 12,949, 14,108, 14,538")
    assert found["factor"][0] == "3 / 4; ×1.00; ×0.84, ×1.00, ×1.16   (normal distribution, a factor on all years)"
    assert found["yearly"][0] == "1; 1.00; 0.55, 1.00, 1.45   (uniform distribution, each year its own)"
    assert found["negative"][0] == "-5; -5.0; -8.3, -5.0, -1.7   (normal distribution)"
    assert found["known"] == ["7, taken as known"]
    for name, (_, peer, differs) in SHOWN.items():
        bars = found[name][1].split(" ")
        assert len("".join(bars[1:-1])) in range(1, BINS + 1)
        assert set("".join(bars[1:-1])) <= set(BARS)
        assert BARS[-1] in found[name][1]
        written = bars[0].removeprefix("×").replace(",", "")
        last_place = 10.0 ** -len(written.partition(".")[2])
        assert float(written) == pytest.approx(peer.ppf(0.005), abs=0.51 * last_place)
        assert (found[name][-1] == f"note: {NOTE}") is differs


@pytest.mark.parametrize(
    ("off", "said"), [(0, False), (0.099, False), (-0.099, False), (0.101, True), (-0.101, True), (3, True)]
)
def test_a_note_where_the_mean_differs_by_more_than_a_tenth_of_the_sd(tmp_path, off, said):
    one = {"x": sure(50 + 4 * off, "normal", mean=50, sd=4)}
    file = write(tmp_path, one)
    assert document(file)["assumptions"][0]["distribution"]["mean_differs"] is said
    assert (NOTE in show(file)) is said


@pytest.mark.parametrize(("mean", "said"), [(1, False), (1.0099, False), (1.011, True), (0.989, True)])
def test_of_a_list_the_note_is_of_the_factor(tmp_path, mean, said):
    file = write(tmp_path, {"x": sure([50, 70], "normal", mean=mean, sd=0.1)})
    assert (NOTE in show(file)) is said


@pytest.mark.parametrize("weights", [[1, 3], [0.5, 0.5], [1, 999], [999, 1], [1, 0]])
def test_choices_have_a_histogram_too(tmp_path, weights):
    values = [10, 30, 50]
    chances = [*(w / sum(weights) * 0.9 for w in weights), 0.1] if 0 not in weights else [0.9, 0.1]
    one = sure(10, "choices", values=values[: len(chances)], weights=chances)
    found = document(write(tmp_path, {"x": one}))["assumptions"][0]["distribution"]
    assert sum(found["histogram"]["shares"]) >= 0.985
    assert max(found["histogram"]["shares"]) == pytest.approx(max(chances))


def test_a_choice_that_is_almost_certain_has_a_histogram_too(tmp_path):
    file = write(tmp_path, {"x": sure(10, "choices", values=[10, 30], weights=[0.998, 0.002])})
    assert sum(document(file)["assumptions"][0]["distribution"]["histogram"]["shares"]) >= 0.985
    assert BARS[-1] in blocks(show(file))["x"][1]


def test_choices_have_their_percentiles(tmp_path):
    found = document(write(tmp_path, {"x": sure(2, "choices", values=[7, 2], weights=[0.25, 0.75])}))["assumptions"][0][
        "distribution"
    ]
    assert found["percentiles"] == {"5": 2, "50": 2, "95": 7}
    assert found["mean"] == pytest.approx(3.25)
    assert found["sd"] == pytest.approx(5 * math.sqrt(0.25 * 0.75))
    assert sum(found["histogram"]["shares"]) == pytest.approx(1)
    shares = [share for share in found["histogram"]["shares"] if share > 0]
    assert shares == pytest.approx([0.75, 0.25])


# How each number was read ---------------------------------------------------------------------------------------------

WRITTEN = {  # as in the file → as read
    "465.000 kr.": "465000",
    "465.000,50 kr.": "465000.5",
    "3,257 mio. kr.": "3257000",
    "12": "12",
    "-5.000 kr.": "-5000",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_how_an_amount_was_read(tmp_path, written):
    file = write(tmp_path, {}, costs=[{"label": "Licenser mv.", "yearly": written}])
    row = {"path": 'costs."Licenser mv.".yearly', "written": f'"{written}"', "read": WRITTEN[written]}
    assert row in document(file)["numbers"]
    assert f'costs."Licenser mv.".yearly  "{written}"  ->  {WRITTEN[written]}' in show(file)


@pytest.mark.parametrize(
    ("written", "read"), [("15 %", "0.15"), ("15%", "0.15"), ("0,15", "0.15"), ("2,5 pct.", "0.025")]
)
def test_how_a_share_was_read(tmp_path, written, read):
    role = {"start": "here", "states": {"here": {"monthly": 1, "refusion": written}}}
    file = write(tmp_path, {}, roles={"adult": role})
    assert readings(show(file))["roles.adult.states.here.refusion"] == f'"{written}" -> {read}'


def test_how_an_assumption_was_read(tmp_path):
    price = {"value": "465.000 kr.", "uncertainty": {"kind": "normal", "mean": "465.000 kr.", "sd": "10 tkr."}}
    job = {"value": ["15 %", 0.2], "uncertainty": {"kind": "pert", "low": "80 %", "mode": 1, "high": 1.5}}
    either = {"value": 1, "uncertainty": {"kind": "choices", "values": ["15 %", 2], "weights": ["25 %", "75 %"]}}
    file = write(tmp_path, {"price": price, "job": job, "either": either})
    found = readings(show(file))
    assert found["assumptions.price.value"] == '"465.000 kr." -> 465000'
    assert found["assumptions.price.uncertainty.mean"] == '"465.000 kr." -> 465000'
    assert found["assumptions.price.uncertainty.sd"] == '"10 tkr." -> 10000'
    assert found["assumptions.job.value"] == '"15 %", 0.2 -> 0.15, 0.2'
    assert found["assumptions.job.uncertainty.low"] == '"80 %" -> 0.8'
    assert found["assumptions.job.uncertainty.mode"] == "1"
    assert found["assumptions.either.uncertainty.values"] == '"15 %", 2 -> 0.15, 2'
    assert found["assumptions.either.uncertainty.weights"] == '"25 %", "75 %" -> 0.25, 0.75'


def test_every_number_of_a_file_is_there_and_no_default(tmp_path):
    role = {
        "start": {"here": 0.5, "there": "50 %"},
        "states": {"here": {"monthly": "price", "refusion": "20 %"}, "there": {}},
        "moves": [
            {"from": "here", "to": "there", "yearly": {"baseline": "15 %", "plus": [0.1, "5 %"]}},
            {
                "from": "there",
                "to": "here",
                "after_months": {"baseline": {"mean": 12, "sd": "6", "shape": "gamma"}, "times": 2},
            },
        ],
    }
    families = {
        "all": {"enter": [10, "12"], "members": {"adult": "1,5"}, "entering": [{"month": "2020-03", "number": 4}]}
    }
    file = write(
        tmp_path, {"price": {"value": 9}}, roles={"adult": role}, families=families, money={"discount_rate": "3,5 %"}
    )
    assert readings(show(file)) == {
        "assumptions.price.value": "9",
        "money.discount_rate": '"3,5 %" -> 0.035',
        "families.all.enter": '10, "12" -> 10, 12',
        "families.all.members.adult": '"1,5" -> 1.5',
        "families.all.entering[0].number": "4",
        "roles.adult.start.here": "0.5",
        "roles.adult.start.there": '"50 %" -> 0.5',
        "roles.adult.states.here.monthly": "price",
        "roles.adult.states.here.refusion": '"20 %" -> 0.2',
        "roles.adult.moves[0].yearly.baseline": '"15 %" -> 0.15',
        "roles.adult.moves[0].yearly.plus": '0.1, "5 %" -> 0.1, 0.05',
        "roles.adult.moves[1].after_months.baseline.mean": "12",
        "roles.adult.moves[1].after_months.baseline.sd": '"6" -> 6',
        "roles.adult.moves[1].after_months.times": "2",
    }


def test_a_number_is_shown_as_written_and_read_as_that(tmp_path):
    file = tmp_path / "scenario.toml"
    text = Path(write(tmp_path, {"a": {"value": 0.1}})).read_text("utf-8")
    for written in ("0.10", "33.333333333333336", "1e-3", "1_000"):
        file.write_text(text.replace('"value" = 0.1', f'"value" = {written}'), encoding="utf-8")
        assert written in file.read_text("utf-8")
        read = readings(show(str(file)))["assumptions.a.value"]
        assert read == written or float(read.rpartition("-> ")[2]) == pytest.approx(float(written), rel=1e-11)


# The files of the repository, and what is not shown -------------------------------------------------------------------


def test_silkeborg():
    output = show(str(SILKEBORG))
    found = blocks(output)
    assert found["additional_effect"][0] == "15.0%; 9.2%; 0.0%, 9.0%, 19.0%   (distribution by its quantiles)"
    assert found["additional_effect"][-1] == f"note: {NOTE}"
    assert found["job_baseline"][0].startswith("15.0%; 15.0%; 8.8%,")
    assert len(found["job_baseline"]) == 2
    distributions = (one["distribution"] for one in document(str(SILKEBORG))["assumptions"])
    assert output.count(NOTE) == sum(one["mean_differs"] for one in distributions if one is not None) > 0
    assert readings(output)["costs.Casemanagers.yearly"] == "465000"


def test_without_show_nothing_of_it_is_said(shown):
    done = RUNNER.invoke(app, ["check", "--lang", "en", shown])
    assert done.exit_code == 0
    assert "How each number was read" not in done.stdout
    done = RUNNER.invoke(app, ["check", "--lang", "en", "--json", shown])
    (found,) = json.loads(done.stdout)["files"]
    assert found["assumptions"] is found["numbers"] is None


def test_a_broken_file_shows_its_problems_and_the_others_themselves(tmp_path, shown):
    broken = tmp_path / "broken.toml"
    broken.write_text("format = 1\ntitle = 3\n", encoding="utf-8")
    done = RUNNER.invoke(app, ["check", "--show", "--lang", "en", "--json", str(broken), shown])
    assert done.exit_code == 2
    first, second = json.loads(done.stdout)["files"]
    assert first["problems"]
    assert first["assumptions"] is None
    assert len(second["assumptions"]) == len(SHOWN) + 1


def test_danish_figures(shown):
    done = RUNNER.invoke(app, ["check", "--show", "--lang", "da", shown])
    assert done.exit_code == 0
    assert "14.575; 13.974; 12.949, 14.108, 14.538" in done.stdout
    assert NOTE not in done.stdout


def test_a_scenario_without_assumptions(tmp_path):
    output = show(write(tmp_path, {}))
    assert "Assumptions (" not in output
    assert "How each number was read:" in output
