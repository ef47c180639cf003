"""What a row is, by its name and its place: money of others and of the municipality, estimates of the same, results of a part, discounted figures, products."""

from pathlib import Path

import pytest
from own_sheets import Cells, amounts, cell, found

from simulate import locale
from simulate.asking.attach import asked
from simulate.attach import Asked, Found
from simulate.attach.tables import Unclear

HEAD: Cells = [["1.000 kr.", 2027, 2028]]
CASE: Cells = [*HEAD, ["Udgifter"], ["Løn", 700, 800], ["Besparelser"], ["Pladser", 400, 900]]
COSTS, SAVINGS = {"Løn": (700, 800)}, {"Pladser": (400, 900)}


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.use("en")


def totals(one: Found) -> list[tuple[str, str, int]]:
    return [(total.label, total.what, len(total.wrong)) for total in one.totals]


# Own money ------------------------------------------------------------------------------------------------------------

OWN = [
    "Egenfinansiering", "Kommunal medfinansiering", "Kommunens egenfinansiering", "Medfinansiering fra kommunen", "Finansieres inden for egen ramme",
    "Egne midler", "Kassefinansiering", "Kommunalt bidrag", "Finansieret af kommunen", "Låneoptag", "Inden for den eksisterende budgetramme",
    "Omprioritering af eksisterende midler", "Egne lønkroner", "Intern finansiering", "Own contribution", "Municipal co-funding", "Funded by the municipality",
]  # fmt: skip
OTHERS = ["Medfinansiering fra andre kommuner", "Statslige puljemidler", "Medfinansiering", "Tilskud fra regionen", "Borgernes egenbetaling", "Borgernes egen betaling", "Fonden", "Puljepenge"]  # fmt: skip


@pytest.mark.parametrize("name", OWN)
def test_own_money_among_what_others_pay_is_not_theirs(name: str, tmp_path: Path) -> None:
    rows = [*CASE, ["Finansiering"], ["Tilskud fra Velliv Foreningen", 300, 200], [name, 100, 300], ["Finansiering i alt", 400, 500]]  # fmt: skip
    one = found(tmp_path, rows)
    assert amounts(one)["financing"] == {"Tilskud fra Velliv Foreningen": (300, 200)}
    assert totals(one) == [("Finansiering i alt", "part", 0)]
    [told] = [guess for guess in one.guesses if cell(guess.place) == "A8"]
    assert "is the municipality's own money and nobody else's, and was not counted; where others pay it, write --rows 8=financing" in told.message  # fmt: skip
    given = found(tmp_path, rows, asked(rows="8=finansiering"))
    assert sum(map(len, amounts(given).values())) == 4
    assert totals(given) == [("Finansiering i alt", "financing", 0)]


@pytest.mark.parametrize("name", OTHERS)
def test_what_others_pay_stays_theirs(name: str, tmp_path: Path) -> None:
    one = found(tmp_path, [*CASE, ["Finansiering"], [name, 100, 300]])
    assert amounts(one)["financing"] == {name: (100, 300)}


def test_a_municipality_among_what_others_pay_is_told(tmp_path: Path) -> None:
    one = found(tmp_path, [*CASE, ["Finansiering"], ["Aarhus Kommune", 100, 300], ["Andre kommuner", 10, 10]])
    assert amounts(one)["financing"] == {"Aarhus Kommune": (100, 300), "Andre kommuner": (10, 10)}
    assert [cell(guess.place) for guess in one.guesses if "where that is your own municipality, write --rows 7=skip" in guess.message] == ["A7"]  # fmt: skip


def test_a_heading_of_own_money_holds_for_the_rows_below_it(tmp_path: Path) -> None:
    rows = [*CASE, ["Finansiering"], ["Puljemidler", 300, 200], ["Egenfinansiering:"], ["Løn fra driften", 50, 50], ["Lokaler", 20, 20], ["Ekstern finansiering:"], ["Fonden", 9, 9]]  # fmt: skip
    assert amounts(found(tmp_path, rows))["financing"] == {"Puljemidler": (300, 200), "Fonden": (9, 9)}


def test_a_result_may_have_own_money_in_it(tmp_path: Path) -> None:
    rows = [*CASE, ["Finansiering"], ["Puljemidler", 300, 200], ["Egenfinansiering", 100, 100], ["Resultat efter finansiering", 100, 400]]  # fmt: skip
    assert totals(found(tmp_path, rows)) == [("Resultat efter finansiering", "part_financed", 0)]


@pytest.mark.parametrize("rows", [[*CASE, ["Egenfinansiering", 90, 90]], [*CASE[:3], ["Egenfinansiering", 90, 90], *CASE[3:]]])  # fmt: skip
def test_own_money_among_savings_or_costs_is_asked_about(rows: Cells, tmp_path: Path) -> None:
    with pytest.raises(Unclear, match=r"“Egenfinansiering” stands among the (savings|costs) and is the municipality's own money by its name; --rows \d=skip leaves it out"):  # fmt: skip
        found(tmp_path, rows)


def test_a_total_of_the_financing_that_is_all_costs_is_one_of_the_financing(tmp_path: Path) -> None:
    """As the financing mostly is: with own money in it, and no word of the total that says which."""
    rows = [*HEAD, ["Udgifter"], ["Løn", 400, 500], ["Finansiering"], ["Egne midler", 100, 100], ["Puljemidler", 300, 400], ["I alt", 400, 500]]  # fmt: skip
    assert totals(found(tmp_path, rows)) == [("I alt", "part", 0)]


@pytest.mark.parametrize("name", ["Kommunal medfinansiering", "Finansieret af fonden", "A.P. Møller Fonden"])
def test_the_sign_alone_makes_no_saving_of_financing(name: str, tmp_path: Path) -> None:
    rows = [*HEAD, ["Løn", -500, -500], [name, 100, 100], ["Færre anbringelser", 300, 600]]
    with pytest.raises(Unclear, match=rf"nothing says what these rows are: .{name}.; --rows 3=cost, saving or financing"):  # fmt: skip
        found(tmp_path, rows)
    assert len(found(tmp_path, rows, Asked(rows={3: "financing"})).lines) == 3


@pytest.mark.parametrize("name", ["Kommunal medfinansiering af sundhedsvæsenet", "Løn, egenfinansieret"])
def test_a_cost_that_speaks_of_financing_is_a_cost(name: str, tmp_path: Path) -> None:
    rows = [*CASE[:3], [name, 90, 90], *CASE[3:]]
    assert amounts(found(tmp_path, rows))["cost"] == COSTS | {name: (90, 90)}


# Money of others ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["Eksternt finansieret (fonde)", "Projektmidler fra Socialstyrelsen", "Statstilskud", "Velliv Foreningen, donation", "A.P. Møller Fonden", "Midler fra satspuljen",
     "Løn finansieret af regionen", "Bidrag fra regionen", "EU-midler", "Grant from the ministry"],
)  # fmt: skip
def test_money_of_others_among_the_savings_is_asked_about(name: str, tmp_path: Path) -> None:
    with pytest.raises(Unclear, match="--rows 6=saving or --rows 6=financing decides"):
        found(tmp_path, [*CASE, [name, 200, 100]])
    one = found(tmp_path, [*CASE, [name, 200, 100]], Asked(rows={6: "financing"}))
    assert amounts(one) == {"cost": COSTS, "saving": SAVINGS, "financing": {name: (200, 100)}}


@pytest.mark.parametrize(
    "name", ["Hjælpemidler fra depotet", "Færre tilskud fra kommunens fond", "Lægemidler", "Fondant og kager"]
)
def test_a_saving_that_sounds_like_it_is_a_saving(name: str, tmp_path: Path) -> None:
    assert amounts(found(tmp_path, [*CASE, [name, 200, 100]]))["saving"] == SAVINGS | {name: (200, 100)}


# Estimates of the same ------------------------------------------------------------------------------------------------

ESTIMATES = [
    ("Hjemmepleje – lavt skøn", "Hjemmepleje – middel skøn", "Hjemmepleje – højt skøn"),
    ("Pladser, minimum", "Pladser, forventet", "Pladser, maksimum"),
    ("Pladser (lav)", "Pladser (middel)", "Pladser (høj)"),
    ("Pladser, pessimistisk", "Pladser", "Pladser, optimistisk"),
    ("Lavt skøn: pladser", "Forventet: pladser", "Højt skøn: pladser"),
    ("Lavt skøn", "Middel skøn", "Højt skøn"),
    ("Places, low estimate", "Places, most likely", "Places, high estimate"),
]


@pytest.mark.parametrize("names", ESTIMATES)
def test_estimates_of_the_same_are_not_added_up(names: tuple[str, str, str], tmp_path: Path) -> None:
    rows = [*CASE[:4], [names[0], 200, 500], [names[1], 400, 900], [names[2], 500, 1100]]
    with pytest.raises(Unclear, match=r"look like low, likely and high estimates of the same, which are not to be added up: --rows 5=skip,7=skip keeps the likely one.*an amount of its own: --rows 5=saving,6=saving,7=saving"):  # fmt: skip
        found(tmp_path, rows)
    assert amounts(found(tmp_path, rows, asked(rows="5=skip,7=skip")))["saving"] == {names[1]: (400, 900)}
    assert len(found(tmp_path, rows, asked(rows="5-7=saving")).lines) == 4
    with pytest.raises(Unclear, match="estimate"):  # two are left
        found(tmp_path, [*rows[:5], rows[6]] if names[1] == "Pladser" else [*rows[:4], *rows[5:]])


def test_rows_that_a_total_adds_up_are_no_estimates(tmp_path: Path) -> None:
    rows = [*CASE[:4], ["Støtte, lav", 100, 100], ["Støtte, middel", 200, 200], ["Støtte, høj", 300, 300], ["Besparelser i alt", 600, 600]]  # fmt: skip
    assert len(amounts(found(tmp_path, rows))["saving"]) == 3


def test_estimates_of_different_things_are_no_estimates_of_the_same(tmp_path: Path) -> None:
    rows = [*CASE[:4], ["Pladser, lavt skøn", 100, 100], ["Ydelser, højt skøn", 200, 200]]
    assert len(amounts(found(tmp_path, rows))["saving"]) == 2


# Results --------------------------------------------------------------------------------------------------------------


def test_results_of_each_area_are_results(tmp_path: Path) -> None:
    rows = [*HEAD, ["Børn"], ["Udgift: konsulent", 500, 500], ["Besparelse: anbringelser", 300, 700], ["Netto børn", -200, 200], ["Job"], ["Udgift: mentor", 300, 300],
            ["Besparelse: forsørgelse", 100, 500], ["Netto job", -200, 200], ["Netto i alt", -400, 400]]  # fmt: skip
    one = found(tmp_path, rows)
    assert amounts(one) == {"cost": {"Udgift: konsulent": (500, 500), "Udgift: mentor": (300, 300)}, "saving": {"Besparelse: anbringelser": (300, 700), "Besparelse: forsørgelse": (100, 500)}}  # fmt: skip
    assert totals(one) == [("Netto børn", "part_net", 0), ("Netto job", "part_net", 0), ("Netto i alt", "provenu", 0)]


@pytest.mark.parametrize(("name", "sign"), [("Udgifter minus besparelser", 1), ("Besparelser fratrukket udgifter", -1), ("Costs less savings", 1)])  # fmt: skip
def test_a_difference_of_kinds_is_a_result(name: str, sign: int, tmp_path: Path) -> None:
    one = found(tmp_path, [*CASE, [name, sign * 300, sign * -100]])
    assert amounts(one) == {"cost": COSTS, "saving": SAVINGS}
    assert [(total.what, total.values, total.wrong) for total in one.totals] == [("provenu", (-300, 100), ())]


def test_a_gain_that_is_what_all_rows_come_to_with_their_signs_is_a_result(tmp_path: Path) -> None:
    rows = [*HEAD, ["Drift"], ["Leasing", -300, -300], ["Færre timer", 0, 700], ["Samlet gevinst", -300, 400]]
    for how in (Asked(), Asked(rows={3: "cost"}), Asked(signs="result")):
        one = found(tmp_path, rows, how)
        assert amounts(one) == {"cost": {"Leasing": (300, 300)}, "saving": {"Færre timer": (0, 700)}}
        assert totals(one) == [("Samlet gevinst", "provenu", 0)]


def test_a_total_of_costs_with_a_credit_among_them_is_no_result(tmp_path: Path) -> None:
    rows = [
        *HEAD,
        ["Serviceudgifter"],
        ["Løn", 500, 500],
        ["Overførsel", -200, -200],
        ["Serviceudgifter i alt", 300, 300],
    ]
    assert amounts(found(tmp_path, rows)) == {"cost": {"Løn": (500, 500), "Overførsel": (-200, -200)}}


# Others ---------------------------------------------------------------------------------------------------------------


def test_a_caption_that_says_the_signs_is_no_heading_of_a_kind(tmp_path: Path) -> None:
    rows = [["Beløb i 1.000 kr. (minus = udgift)", 2027, 2028], ["Løn", -600, -600], ["Refusion", 300, 300], ["Mindre kontanthjælp", 100, 300], ["Resultat", -200, 0]]  # fmt: skip
    one = found(tmp_path, rows)
    assert amounts(one) == {"cost": {"Løn": (600, 600)}, "saving": {"Refusion": (300, 300), "Mindre kontanthjælp": (100, 300)}}  # fmt: skip
    assert not one.warnings


@pytest.mark.parametrize("name", ["Nutidsværdi", "Nettonutidsværdi, akkumuleret", "Netto, diskonteret", "Diskonteringsfaktor (3,5 %)", "NPV", "Present value"])  # fmt: skip
def test_discounted_figures_are_left_out_and_told(name: str, tmp_path: Path) -> None:
    one = found(tmp_path, [*CASE, ["Netto", -300, 100], [name, -300, 97]])
    assert amounts(one) == {"cost": COSTS, "saving": SAVINGS}
    assert totals(one) == [("Netto", "provenu", 0)]
    assert [cell(remark.place) for remark in one.left_out] == ["A7"]
    assert "discounted, and the totals are held against amounts that are not" in one.left_out[0].message


def test_a_heading_of_discounted_figures_holds_for_the_rows_below_it(tmp_path: Path) -> None:
    one = found(tmp_path, [*CASE, ["Netto", -300, 100], ["Nutidsværdi"], ["Netto (4 %)", -300, 96]])
    assert totals(one) == [("Netto", "provenu", 0)]
    assert [cell(remark.place) for remark in one.left_out] == ["A8"]


def test_savings_that_stand_there_discounted_alone_are_asked_about(tmp_path: Path) -> None:
    rows = [*CASE[:3], ["Besparelser, diskonteret", 400, 870]]
    with pytest.raises(Unclear, match="is discounted, and the sheet has no other savings: write the amounts of the years; --rows 4=saving counts it as it stands, --rows 4=skip leaves it out"):  # fmt: skip
        found(tmp_path, rows)
    assert amounts(found(tmp_path, rows, Asked(rows={4: "saving"})))["saving"] == {"Besparelser, diskonteret": (400, 870)}  # fmt: skip
    with pytest.raises(Unclear, match="is discounted, and the sheet has no other savings"):
        found(tmp_path, [*CASE[:4], ["Pladser, nutidsværdi", 400, 870]])
    assert len(found(tmp_path, [*CASE[:4], ["Discount on goods", 400, 900]]).lines) == 2


def test_an_undiscounted_result_is_not_left_out(tmp_path: Path) -> None:
    with pytest.raises(Unclear, match="Provenu, udiskonteret"):
        found(tmp_path, [*CASE, ["Provenu, udiskonteret", -300, 100]])


@pytest.mark.parametrize("name", ["Øvrige udgifter, i alt", "Andre omkostninger i alt", "Other costs, total"])
def test_a_total_of_the_rest_that_no_rows_come_to_is_asked_about(name: str, tmp_path: Path) -> None:
    rows = [*CASE[:3], [name, 50, 60], *CASE[3:], ["Netto", -350, 40]]
    with pytest.raises(Unclear, match=f"“{name}” is called a total, and no rows come to it: --rows 4=cost counts it, --rows 4=total does not"):  # fmt: skip
        found(tmp_path, rows)
    assert amounts(found(tmp_path, rows, Asked(rows={4: "cost"})))["cost"] == COSTS | {name: (50, 60)}
    assert amounts(found(tmp_path, rows, Asked(rows={4: "total"})))["cost"] == COSTS
    summed = [*HEAD, ["Udgifter"], ["Løn", 700, 800], ["Øvrige udgifter"], ["Leje", 30, 30], ["It", 20, 30], [name, 50, 60], *CASE[3:]]  # fmt: skip
    assert [total.wrong for total in found(tmp_path, summed).totals] == [()]


def test_a_number_times_a_price_that_calls_itself_a_total_is_the_amount(tmp_path: Path) -> None:
    rows = [*HEAD, ["Udgifter"], ["Antal forløb", 20, 30], ["Pris pr. forløb", 12, 12], ["Forløb i alt", 240, 360], ["Besparelser"], ["Pladser", 400, 900], ["Netto", 160, 540]]  # fmt: skip
    one = found(tmp_path, rows)
    assert amounts(one) == {"cost": {"Forløb i alt": (240, 360)}, "saving": SAVINGS}
    assert one.lines[0].product is not None
    assert totals(one) == [("Netto", "provenu", 0)]


# What is left for the municipality --------------------------------------------------------------------------------------

FINANCED: Cells = [*HEAD, ["Udgifter"], ["Løn", 700, 800], ["Udgifter i alt", 700, 800], ["Finansiering"], ["Fondsmidler", 300, 100]]  # fmt: skip
FUNDED: Cells = [*FINANCED, ["Finansiering i alt", 300, 100]]


@pytest.mark.parametrize("name", ["Kommunal nettoudgift", "Kommunens nettoudgift", "Kommunens merudgift", "Rest til kommunen", "Netto for kommunen", "Til budgettet"])  # fmt: skip
@pytest.mark.parametrize("sign", [1, -1])
def test_costs_less_financing_are_no_cost_of_their_own(name: str, sign: int, tmp_path: Path) -> None:
    one = found(tmp_path, [*FUNDED, [name, sign * 400, sign * 700]])
    assert amounts(one) == {"cost": COSTS, "financing": {"Fondsmidler": (300, 100)}}
    assert totals(one)[-1] == (name, "with_financing", 0)
    assert "is costs less financing in every year: it is a total" in one.guesses[-1].message


@pytest.mark.parametrize("name", ["Kommunens nettoudgift", "Kommunens merudgift", "Netto for kommunen"])
def test_costs_less_financing_right_below_the_financing_are_none_of_it(name: str, tmp_path: Path) -> None:
    one = found(tmp_path, [*FINANCED, [name, 400, 700]])
    assert amounts(one) == {"cost": COSTS, "financing": {"Fondsmidler": (300, 100)}}


def test_what_is_left_by_its_numbers_alone_is_asked_about(tmp_path: Path) -> None:
    rows = [*FUNDED, ["Merudgift", 400, 700]]
    with pytest.raises(Unclear, match=r"“Merudgift” is costs less financing in every year: --rows 8=total"):
        found(tmp_path, rows)
    assert amounts(found(tmp_path, rows, asked(rows="8=udgift")))["cost"] == COSTS | {"Merudgift": (400, 700)}


@pytest.mark.parametrize("first", [True, False])
def test_a_municipal_post_that_happens_to_be_what_is_left_is_asked_about(first: bool, tmp_path: Path) -> None:
    costs, paid = [["Udgifter"], ["Løn", 900, 900], ["Kommunal leder", 400, 400]], [["Finansiering"], ["Fonden", 500, 500]]  # fmt: skip
    with pytest.raises(Unclear, match="“Kommunal leder” is costs less financing in every year"):
        found(tmp_path, [*HEAD, *(costs + paid if first else paid + costs)])


def test_grants_and_costs_of_a_project_that_others_pay_in_full_are_no_rest(tmp_path: Path) -> None:
    rows = [*HEAD, ["Udgifter"], ["Løn", 700, 800], ["Lokaler", 100, 100], ["Finansiering"], ["Velliv Foreningen", 500, 700], ["Region Midt", 300, 200]]  # fmt: skip
    one = found(tmp_path, rows)
    assert amounts(one)["cost"] == COSTS | {"Lokaler": (100, 100)}
    assert amounts(one)["financing"] == {"Velliv Foreningen": (500, 700), "Region Midt": (300, 200)}


@pytest.mark.parametrize("name", ["Kommunens nettoudgift", "Kommunens merudgift"])
def test_costs_less_savings_less_financing_are_the_net(name: str, tmp_path: Path) -> None:
    rows = [*CASE, ["Besparelser i alt", 400, 900], ["Finansiering"], ["Fondsmidler", 100, 50], ["Finansiering i alt", 100, 50], [name, 200, -150]]  # fmt: skip
    one = found(tmp_path, rows)
    assert amounts(one) == {"cost": COSTS, "saving": SAVINGS, "financing": {"Fondsmidler": (100, 50)}}
    assert totals(one)[-1] == (name, "with_financing", 0)


# Words and signs ------------------------------------------------------------------------------------------------------

BUDGET: Cells = [*HEAD, ["Løn", 700, 800], ["Pladser", -400, -900]]


@pytest.mark.parametrize("name", ["Statslig puljefinansiering", "Fondsfinansiering", "Statsfinansiering", "Ekstern projektfinansiering", "EU-finansiering"])  # fmt: skip
def test_what_a_fund_finances_is_no_saving(name: str, tmp_path: Path) -> None:
    one = found(tmp_path, [*BUDGET, [name, -300, -100], ["I alt", 0, -200]])
    assert amounts(one) == {"cost": COSTS, "saving": SAVINGS, "financing": {name: (300, 100)}}
    assert totals(one) == [("I alt", "with_financing", 0)]


def test_other_financing_that_its_sign_would_make_a_saving_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(Unclear, match="nothing says what these rows are: “Aktivitetsfinansiering”; --rows 4=cost, saving or financing"):  # fmt: skip
        found(tmp_path, [*BUDGET, ["Aktivitetsfinansiering", -300, -100]], asked(signs="budget"))


@pytest.mark.parametrize("name", ["Netto", "Nettovirkning", "Nettoeffekt", "Nettoresultat"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_net_that_may_be_of_either_sign_tells_none(name: str, sign: int, tmp_path: Path) -> None:
    with pytest.raises(Unclear, match="nothing says which rows are costs and which savings"):
        found(tmp_path, [*BUDGET, [name, sign * 300, sign * -100]])


@pytest.mark.parametrize("name", ["Afkast", "Virkning", "Effekt:", "Gevinst", "Provenu", "Nettogevinst", "Forventet effekt (1.000 kr.)"])  # fmt: skip
@pytest.mark.parametrize("costs", ["Udgifter", "Investering"])
def test_what_a_heading_behind_costs_calls_their_effect_are_savings(name: str, costs: str, tmp_path: Path) -> None:
    rows = [*HEAD, [costs], ["Løn", 700, 800], [name], ["Pladser", 400, 900], ["Netto", -300, 100]]
    one = found(tmp_path, rows)
    assert amounts(one) == {"cost": COSTS, "saving": SAVINGS}
    assert totals(one) == [("Netto", "provenu", 0)]
    assert not one.guesses


def test_such_a_heading_tells_the_signs_of_the_rows_above_it(tmp_path: Path) -> None:
    rows = [*HEAD, ["Etablering og drift"], ["Løn", -700, -800], ["Effekt"], ["Pladser", 400, 900], ["Nettoresultat", -300, 100]]  # fmt: skip
    one = found(tmp_path, rows)
    assert amounts(one) == {"cost": COSTS, "saving": SAVINGS}
    assert totals(one) == [("Nettoresultat", "provenu", 0)]


def test_such_a_heading_before_all_rows_says_no_kind(tmp_path: Path) -> None:
    with pytest.raises(Unclear, match="nothing says what these rows are"):
        found(tmp_path, [*HEAD, ["Virkning"], ["Løn", 700, 800], ["Pladser", 400, 900]])


def test_what_is_taken_off_the_savings_is_right_where_they_become_smaller(tmp_path: Path) -> None:
    one = found(tmp_path, [*CASE, ["Mistet statsrefusion", -40, -90]])
    [warned] = one.warnings
    assert "right where the savings become so much smaller, as by a refund that is lost" in warned.message
    [warned] = found(tmp_path, [*CASE[:3], ["Refusion", -40, -90], *CASE[3:]]).warnings
    assert "right where money comes back" in warned.message


# Before and after -----------------------------------------------------------------------------------------------------

STATES = [("Udgift i dag", "Udgift efter omlægning"), ("Nuværende udgift", "Fremtidig udgift"), ("Udgift før", "Udgift efter")]  # fmt: skip


@pytest.mark.parametrize("names", STATES)
@pytest.mark.parametrize("more", [[], [["Udgift til indsats", 70, 50]]])
@pytest.mark.parametrize("turned", [False, True])
def test_the_same_cost_before_and_after_is_asked_about(names: tuple[str, str], more: Cells, turned: bool, tmp_path: Path) -> None:  # fmt: skip
    states = [[names[0], 800, 800], [names[1], 850, 600]]
    rows = [*HEAD, *(states[::-1] if turned else states), ["Besparelse", -50, 200], *more]
    how = "2=cost,3=saving,4=total" if turned else "2=saving,3=cost,4=total"
    with pytest.raises(Unclear, match=f"are the same cost before and after.* --rows {how} takes") as told:
        found(tmp_path, rows)
    assert len(told.value.problems) == 1
    one = found(tmp_path, rows, asked(rows=how))
    assert amounts(one)["saving"] == {names[0]: (800, 800)}
    assert sum(map(len, amounts(one).values())) == 2 + len(more)
    assert not one.wrong


def test_before_and_after_with_their_difference_as_the_result_need_one_row(tmp_path: Path) -> None:
    rows = [*HEAD, ["Nuværende udgift", 800, 800], ["Fremtidig udgift", 850, 600], ["Forskel", -50, 200]]
    assert any(one.message.endswith("--rows 2=saving") for one in found(tmp_path, rows).warnings)
    assert totals(found(tmp_path, rows, asked(rows="2=saving"))) == [("Forskel", "provenu", 0)]
