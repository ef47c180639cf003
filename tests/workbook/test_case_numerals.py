"""The template's numbers are cells of numbers, which look as the example has them, and it is the same case."""

import openpyxl
import pytest
from edited import Template

from simulate.cli import checks
from simulate.scenario import load
from simulate.workbook import layout
from simulate.workbook.contents import is_empty

SHOWN = {
    "da": {"Udgifter": ("C2", 620000, '#,##0 "kr."'), "Forudsætninger": ("E2", 0.12, "0 %"), "Familier": ("J2", 1.2, "General"), "Oplæggets tal": ("B2", -1438617, '#,##0 "kr."')},
    "en": {"Costs": ("C2", 620000, '#,##0 "kr."')},
}  # fmt: skip


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_templates_numbers_are_numbers(language, tmp_path):
    template = Template(tmp_path, language)
    book = openpyxl.load_workbook(template.path)
    for sheet, (cell, number, shown) in SHOWN[language].items():
        assert (book[sheet][cell].value, book[sheet][cell].number_format) == (number, shown)
    for sheet in (layout.COSTS, layout.SAVINGS, layout.REPORTED, layout.FAMILIES):
        name = sheet.title.said(language)
        heads = [one.value for one in book[name][1]]
        amounts = [j for j, head in enumerate(heads) if head in (layout.COSTS.column("yearly").title.said(language), layout.NUMBER.title.said(language)) or str(head).isdigit()]  # fmt: skip
        for row in template.rows(name)[1:] if sheet is not layout.FAMILIES else ():
            assert all(is_empty(row[j]) or isinstance(row[j], float) for j in amounts if j < len(row))


@pytest.mark.parametrize("language", ["da", "en"])
def test_it_is_the_same_case_as_the_text(language, tmp_path):
    template = Template(tmp_path, language)
    text = tmp_path / "case.toml"
    checks.new(text, language)
    assert load(str(template.path)).scenario == load(str(text)).scenario
