"""What the captions and headings of a sheet say, in the words that officers use: units, years, kinds of tables, ranges; and what is told where they say it otherwise."""

from pathlib import Path

import pytest
from own_sheets import Cells, found

from simulate import locale
from simulate.attach import Asked
from simulate.attach.tables import Unclear


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.use("en")


def case(caption: str, head: Cells = ((None, 2027, 2028),), scale: float = 1.0) -> Cells:
    return [[caption], *head, ["Udgifter"], ["Løn", 700 * scale, 700 * scale], ["Besparelser"], ["Ydelser", 600 * scale, 1100 * scale]]  # fmt: skip


@pytest.mark.parametrize(
    ("caption", "unit", "scale"),
    [
        ("Alle beløb i kr., afrundet til nærmeste 1.000 kr.", "kr.", 1000),
        ("Budget (kr.), afrundet til hele 1.000 kr.", "kr.", 1000),
        ("Amounts in DKK, rounded to the nearest DKK 1,000", "kr.", 1000),
        ("Beløb i 1.000 kr., afrundet til hele kr.", "1.000 kr.", 1),
        ("Budget 1.000 kr.", "1.000 kr.", 1),
        ("Budget 2027 1.000 kr.", "1.000 kr.", 1),
        ("Økonomi 1000 kr.", "1.000 kr.", 1),
        ("Budget - tusinde kr.", "1.000 kr.", 1),
        ("Økonomi t.kr.", "1.000 kr.", 1),
        ("Budget 2027-2030 mio. kr.", "mio. kr.", 0.001),
        ("Budget mio. kr. 2027", "mio. kr.", 0.001),
    ],
)
def test_a_caption_says_the_unit(caption: str, unit: str, scale: float, tmp_path: Path) -> None:
    one = found(tmp_path, case(caption, scale=scale))
    assert one.unit == unit
    assert [line.amounts for line in one.lines] == [(700 * scale, 700 * scale), (600 * scale, 1100 * scale)]


@pytest.mark.parametrize(
    ("caption", "told"),
    [
        ("Beløb i kr. (1.000 kr. i 2029)", "several units ('Business case'!A1: 1.000 kr.; 'Business case'!A1: kr.)"),
        ("Afrundet til hele 1.000 kr.", "does not say what its amounts are in"),
        ("Tilskud 1.000 kr.", "does not say what its amounts are in"),
        ("Et budget på 2 mio. kr.", "does not say what its amounts are in"),
    ],
)
def test_a_caption_with_two_units_or_an_amount_says_none(caption: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Unclear) as problem:
        found(tmp_path, case(caption))
    assert told in str(problem.value)
    assert found(tmp_path, case(caption), Asked(unit="1.000 kr.")).unit == "1.000 kr."
