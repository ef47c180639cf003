"""Where the sheet's totals do not add up and do with one other reading of its rows, that is offered with the --rows that does it."""

import re
from pathlib import Path

import pytest
from own_sheets import Cells, found

from simulate import locale
from simulate.asking.attach import asked

HEAD: Cells = [["1.000 kr.", 2027, 2028, 2029]]
PAY: Cells = [["Udgifter"], ["Løn", 500, 500, 500]]
SAVED: Cells = [["Besparelser"], ["Pladser", 300, 900, 1100]]
BEGIN = "the sheet's totals do not add up as its rows were read; all of them do "

OFFERED = {
    "a row that is no part of the case": ([*HEAD, *PAY, ["Gammel linje", 50, 50, 50], *SAVED, ["Netto", -200, 400, 600]], "4=skip", 800),
    "before and after": (
        [*HEAD, ["Nuværende udgift til anbringelser", 8000, 8000, 8000], ["Forventet udgift til anbringelser", 7700, 7200, 6800], ["Besparelse", 300, 800, 1200], ["Udgift til indsats", 700, 700, 500], ["Nettobesparelse", -400, 100, 700]],
        "2=skip,3=skip", 400,
    ),
    "new ones, and all until then": ([*HEAD, *PAY, ["Besparelser"], ["Pladser, nye i året", 300, 400, 0], ["Pladser, akkumuleret", 300, 700, 700], ["Netto", -200, 200, 200]], "5=skip,6=saving", 200),
    "running costs, in total": ([*HEAD, *PAY, ["Driftsudgifter, i alt", 50, 60, 70], *SAVED, ["Netto", -250, 340, 530]], "4=cost", 620),
    "running costs, and a total of all": ([*HEAD, *PAY, ["Driftsudgifter i alt", 50, 60, 70], ["Udgifter i alt", 550, 560, 570], *SAVED, ["Netto", -250, 340, 530]], "4=cost", 620),
    "running costs, and a difference": ([*HEAD, *PAY, ["Driftsudgifter, i alt", 50, 60, 70], *SAVED, ["Udgifter minus besparelser", 250, -340, -530]], "4=cost", 620),
    "a saving among the costs": ([*HEAD, *PAY, ["Salg af biler", 80, 90, 100], *SAVED, ["Netto", -120, 490, 700]], "4=saving", 1310 - 240),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.use("en")


def provenu(rows: Cells, path: Path, how: str | None = None) -> tuple[float, list[str], int]:
    """And what is warned of, and how many figures do not add up."""
    one = found(path, rows, asked(rows=how))
    total = sum((1 if line.kind == "saving" else -1) * sum(line.amounts) for line in one.lines if line.kind != "financing")  # fmt: skip
    return total, [str(warning.message) for warning in one.warnings], len(one.wrong)


@pytest.mark.parametrize("name", OFFERED)
def test_what_makes_all_totals_add_up_is_offered(name: str, tmp_path: Path) -> None:
    rows, how, right = OFFERED[name]
    _, told, wrong = provenu(rows, tmp_path)
    [offer] = [one for one in told if one.startswith(BEGIN)]
    assert wrong
    assert re.search(r"--rows (\S+)$", offer)[1] == how  # type: ignore[index]
    assert provenu(rows, tmp_path, how) == (right, [], 0)


NOT_OFFERED = {
    "a slip in one total": [*HEAD, *PAY, ["Drift", 100, 100, 100], ["I alt", 600, 600, 500], *SAVED, ["Netto", -300, 300, 500]],
    "a result that nothing explains": [*HEAD, *PAY, ["Drift", 100, 100, 100], *SAVED, ["Netto", -300, 300, 555]],
    "several totals, of which one is a slip besides": [*HEAD, *PAY, ["Gammel linje", 50, 50, 50], *SAVED, ["Besparelser i alt", 300, 900, 1000], ["Netto", -200, 400, 600]],
    "a loss read as a gain": [*HEAD, ["Investering"], ["Løn", 500, 500, 500], ["Udbytte"], ["Pladser", 200, 700, 900], ["Hjælpemidler", 100, 200, 200], ["Netto", -200, 400, 600]],
    "all adds up": [*HEAD, *PAY, *SAVED, ["Netto", -200, 400, 600]],
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_OFFERED)
def test_nothing_is_offered_where_no_one_change_does_it(name: str, tmp_path: Path) -> None:
    assert not [one for one in provenu(NOT_OFFERED[name], tmp_path)[1] if one.startswith(BEGIN)]


def test_two_rows_of_which_either_is_too_much_are_both_told(tmp_path: Path) -> None:
    rows = [*HEAD, *PAY, ["Løn, vikar", 500, 500, 500], *SAVED, ["Netto", -200, 400, 600]]
    [told] = provenu(rows, tmp_path)[1]
    assert "without “Løn” (if they belong to the case, the totals lack them): --rows 3=skip; or without “Løn, vikar”" in told  # fmt: skip


def test_what_was_decided_of_a_row_is_not_offered_otherwise(tmp_path: Path) -> None:
    rows = OFFERED["a row that is no part of the case"][0]
    assert provenu(rows, tmp_path, "4=cost")[1] == []
