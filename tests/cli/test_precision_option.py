"""`simulate run --precision`: what is understood, what is refused, and what is told of it."""

from pathlib import Path

import pytest
from command import simulate


@pytest.mark.parametrize(
    ("written", "of", "asked"),
    [
        ("5", "probability", 0.05),
        ("2.5", "probability", 0.025),
        ("2,5", "probability", 0.025),
        ("2,5 %", "probability", 0.025),
        ("100", "probability", 1.0),
        ("900000kr", "mean", 900_000),
        ("900.000 kr.", "mean", 900_000),
        ("0,9 mio. kr.", "mean", 900_000),
    ],
)
def test_precisions_as_people_write_them(written: str, of: str, asked: float, rich: Path) -> None:
    done = simulate("run", rich, "--precision", written, "--draws", "64", "--max-draws", "4096", "--json")
    assert done.code == 0, done.err
    convergence = done.json["convergence"]
    assert convergence["of"] == of
    assert convergence["asked"] == pytest.approx(asked)
    assert convergence["steps"][-1]["draws"] == done.json["run"]["draws"]
    assert convergence["steps"][0]["draws"] == 64
    assert convergence["reached"] == (convergence["stopped_by"] == "precision")
    assert convergence["reached"] == (convergence["steps"][-1]["half_width"] <= asked)
    value = done.json["break_even"]["probability"] if of == "probability" else done.json["provenu"]["mean"]
    assert convergence["steps"][-1]["value"] == value["value"]


@pytest.mark.parametrize("written", ["0.5", "0,5", "50000kr", "50.000 kr."])
def test_examples_of_the_manual_are_understood(written: str, rich: Path) -> None:
    done = simulate("run", rich, "--precision", written, "--draws", "16", "--max-draws", "16", "--json")
    assert done.code == 0, done.err
    asked = 0.005 if written.startswith("0") else 50000
    assert done.json["convergence"]["asked"] == pytest.approx(asked)


def test_the_json_of_a_precision_is_that_of_its_draws(rich: Path) -> None:
    document = simulate("run", rich, "--precision", "4", "--draws", "64", "--json").json
    assert document["convergence"]["reached"]
    assert len(document["convergence"]["steps"]) > 1
    draws = str(document["run"]["draws"])
    assert simulate("run", rich, "--draws", draws, "--json").json == document | {"convergence": None}


def test_without_draws_the_first_step_is_of_1024(rich: Path) -> None:
    """Whatever the file says, which is 256."""
    document = simulate("run", rich, "--precision", "50", "--json").json
    assert [step["draws"] for step in document["convergence"]["steps"]] == [1024]


def test_what_is_printed(rich: Path) -> None:
    reached = simulate("run", rich, "--precision", "20", "--draws", "64", "--lang", "en")
    assert "Precision: " in reached.out
    assert "not reached" not in reached.out
    missed = simulate("run", rich, "--precision", "0.5", "--draws", "64", "--max-draws", "128", "--lang", "en")
    assert missed.code == 0
    together = " ".join(missed.out.split())
    assert "The precision asked for, ± 0.5 points, is not reached" in together
    assert "--max-draws" in together
    assert "64 courses" in together
    assert "128 courses" in together


@pytest.mark.parametrize(
    "written", ["abc", "", "0", "-1", "200", "101 %", "1.000", "1.000 m", "nan", "inf", "0kr", "-50000kr", "5 kr. %"]
)
def test_nonsense_is_refused(written: str, rich: Path) -> None:
    done = simulate("run", rich, "--lang", "en", f"--precision={written}")
    assert (done.code, done.out) == (2, "")
    assert "--precision" in done.err
    assert len(done.err.strip()) > len("--precision") + len(written) + 10
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--max-draws", "1024"], "--max-draws"),
        (["--precision", "0.5", "--max-draws", "15"], "--max-draws"),
        (["--precision", "0.5", "--max-draws", "0"], "--max-draws"),
        (["--precision", "0.5", "--max-draws", "9" * 40], "--max-draws"),
        (["--precision", "0.5", "--engine", "point"], "--engine point"),
    ],
)
def test_options_that_do_not_go_together(options: list[str], words: str, rich: Path) -> None:
    done = simulate("run", rich, "--lang", "en", *options)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert "Traceback" not in done.err
