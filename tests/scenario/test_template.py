"""The case that `simulate new` writes, over the years that are asked for: it is one that nothing is wrong with."""

import pytest

from simulate import grid
from simulate.cli import checks
from simulate.errors import InputError
from simulate.locale import LANGUAGES
from simulate.scenario import load, template


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("first", "years"), [(2026, 4), (2027, 1), (2031, 5), (1990, 12), (2027, 3)])
def test_nothing_is_wrong_with_it(language, first, years, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(template.written(language, first, years), "utf-8")
    loaded = load(file)
    assert loaded.warnings == ()
    time = loaded.scenario.time
    assert (time.first_year, time.years) == (first, years)
    assert bool(loaded.scenario.reported) == (years == 5)
    assert loaded.scenario.money.price_level == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_seed_is_no_year_and_older_prices_stay_older(language):
    moved = template.written(language, 2031)
    assert template.written(language, 2027, 5) == template.written(language)
    assert moved.count("seed = 2027") == 1
    assert "index = { 2028 = 100, 2031 = 108.30 }" in moved


def test_the_columns_of_a_workbook_are_headed_with_them(tmp_path):
    file = tmp_path / "mine.xlsx"
    checks.new(file, "da", 2026, 4)
    for sheet in grid.read(str(file)).sheets:
        years = [cell for cell in (sheet.rows[0] if sheet.rows else ()) if str(cell)[:2] == "20"]
        assert years in ([], ["2026", "2027", "2028", "2029"])


@pytest.mark.parametrize(("first", "years", "words"), [(26, None, "--first-year 26"), (None, 0, "--years 0"), (None, 101, "--years 101"), (2201, 5, "from 1900 to 2200")])  # fmt: skip
def test_years_that_no_case_has_are_refused(first, years, words):
    with pytest.raises(InputError, match=words):
        template.written("en", first, years)
