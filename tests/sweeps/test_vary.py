"""What is varied, as people write it."""

import re
from pathlib import Path

import pytest

from simulate import locale
from simulate.engine import Case
from simulate.errors import InputError
from simulate.options import Options
from simulate.scenario import load
from simulate.sweeps.cells import Sweep
from simulate.sweeps.check import check
from simulate.sweeps.grid import Axis, Grid
from simulate.sweeps.vary import MOST, axes, check_size, of, written

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def case(name="silkeborg.toml", *changes):
    return Case.of(load(SCENARIOS / name, changes, language="en"))


@pytest.fixture(scope="module")
def silkeborg():
    return case()


@pytest.fixture(scope="module")
def odense():
    return case("odense.toml")


def read(cases, *given):
    return axes([written(one, cases) for one in given], cases)


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ("relapse=5%,10%,15%", (0.05, 0.1, 0.15)),
        ("relapse=5%;10%;15 %", (0.05, 0.1, 0.15)),
        ("relapse=0.05,0.1,0.15", (0.05, 0.1, 0.15)),
        ("relapse=0,05;0,1;0,15", (0.05, 0.1, 0.15)),
        ("relapse=0,05,0,10,0,15", (0.05, 0.1, 0.15)),  # a chance is at most 1
        ("relapse=0.125", (0.125,)),
        ("relapse=5 pct.", (0.05,)),
        ("job_baseline=0,10:0,20:11", (0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18, 0.19, 0.2)),
        ("job_baseline=0.10:0.20:11", (0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18, 0.19, 0.2)),
        ("job_baseline=10%:20%:3", (0.1, 0.15, 0.2)),
        ("job_baseline=10:20 %:3", (0.1, 0.15, 0.2)),  # a unit at the end is that of both
        ("job_baseline=20%:10%:3", (0.2, 0.15, 0.1)),
        ("additional_effect=-10%:10%:5", (-0.1, -0.05, 0, 0.05, 0.1)),
        ("benefit=14.575,16.000", (14575, 16000)),
        ("benefit=14.000:16.000:5", (14000, 14500, 15000, 15500, 16000)),
        ("benefit=10 t.kr.;0,02 mio. kr.", (10000, 20000)),
        ("finishing*0.5:2:7", (0.5, 0.75, 1, 1.25, 1.5, 1.75, 2)),
        ("finishing*0,5:2:7", (0.5, 0.75, 1, 1.25, 1.5, 1.75, 2)),
        ("finishing*0,9;1;1,1", (0.9, 1, 1.1)),
        ("costs.Casemanagers.number=3,4,5,6", (3, 4, 5, 6)),
        ("costs.Casemanagers.number=3,4,5", (3, 4, 5)),
        ("costs.Casemanagers.number=10,20,30,40", (10, 20, 30, 40)),
        ("costs.Casemanagers.number=3,5; 4", (3.5, 4)),
        ('costs."Licenser mv.".yearly=30.000;40.000', (30000, 40000)),
        ("costs[0].yearly=0,5 mio.;1 mio.", (500000, 1000000)),
        ("costs.Projektleder.yearly*0.9,1,1.1", (0.9, 1, 1.1)),
        ("time.years=3:10:8", (3, 4, 5, 6, 7, 8, 9, 10)),
        ("time.years=3,5,10", (3, 5, 10)),  # no decimals are possible
        ("time.first_year=2017,2020", (2017, 2020)),
        ("money.discount_rate=0:4 %:5", (0, 0.01, 0.02, 0.03, 0.04)),
        ("roles.adult.moves[1].yearly=10%", (0.1,)),
        ("assumptions.relapse.uncertainty.high=0.2,0.3", (0.2, 0.3)),
        ("correlations[0].rank=-0,4:0,4:3", (-0.4, 0, 0.4)),
    ],
)
def test_values(silkeborg, given, values):
    (axis,) = read([silkeborg], given)
    assert axis.values == values
    assert [type(value) for value in axis.values] == [int if all(v == int(v) for v in values) else float] * len(values)


@pytest.mark.parametrize(
    ("low", "high", "count"), [("0.1", "0.2", 101), ("0", "1", 1001), ("0.003", "0.7", 698), ("0", "0.3", 31)]
)
def test_a_range_has_the_numbers_that_a_person_would_write(silkeborg, low, high, count):
    """To the last bit: 0.1 + 0.01 × i is another number for some i."""
    (axis,) = read([silkeborg], f"job_baseline={low}:{high}:{count}")
    digits = 3
    assert axis.values == tuple(
        float(f"{float(low) + i * (float(high) - float(low)) / (count - 1):.{digits}f}") for i in range(count)
    )


@pytest.mark.parametrize(
    ("given", "language", "words"),
    [
        ("relaps=3%", "en", "did you mean `relapse`?"),
        ("relaps=3%", "da", "mente du `relapse`?"),
        ("costs.Nobody.yearly=3", "en", "no item with the label Nobody"),
        ("relapse", "en", "write what is varied like relapse=5%,10%,15%"),
        ("=5%", "en", "write what is varied like"),
        ("relapse=", "en", "there are no values"),
        ("relapse=a,b", "en", "“a” is not a number"),
        ("relapse=nan", "en", "is no finite number"),
        ("relapse=1/3", "en", "is a fraction"),
        ("relapse=5%,5%", "en", "the value 5% stands there twice"),
        ("relapse=0.05;5%", "da", "værdien 5 % står der to gange"),
        ("relapse=5,10,15", "en", "a share between 0% and 100%; write it like 15 % or 0.15"),
        ("relapse=150%", "da", "en andel mellem 0 % og 100 %"),
        ("relapse=-5%", "en", "a share between 0% and 100%"),
        ("relapse=5 kr.", "en", "is no share"),
        ("finishing=30,40", "en", "can be read two ways: as 30; 40 or as 30.40"),
        ("finishing=30,40", "da", "kan læses på to måder: som 30; 40 eller som 30.40"),
        ("costs.Casemanagers.number=3,5", "en", "can be read two ways: as 3; 5 or as 3.5"),
        ("costs.Casemanagers.number=10,20,30", "en", "can be read two ways"),
        ("assumptions.job_market.persistence=1.125", "en", "can be read two ways"),
        ("finishing=[30, 40]", "en", "a list by year cannot be varied"),
        ("relapse=0.1:0.2", "en", "a range is written from:to:count"),
        ("relapse=0.1::3", "en", "a range is written from:to:count"),
        ("relapse=0.1:0.2:3:4", "en", "a range is written from:to:count"),
        ("relapse=0.1:0.2:0", "en", "0 is no number of values"),
        ("relapse=0.1:0.2:2.5", "en", "2.5 is no number of values"),
        ("relapse=0.1:0.2:-3", "en", "-3 is no number of values"),
        ("relapse=0.1:0.1:3", "en", "two ends that differ"),
        ("relapse=0.1:0.2:1", "en", "two values or more"),
        ("relapse=0.1:1.2:3", "en", "a share between 0% and 100%"),
        ("relapse=0:1:1000000000", "en", "1,000,000,000 values are too many; at most 1,000,000"),
        ("relapse=0:1:1000000000", "da", "1.000.000.000 værdier er for mange"),
        ("time.years=3:4:3", "en", "this has to be whole"),
        ("time.years=3.5", "en", "only whole numbers can stand here"),
        ("finishing*0;1", "en", "above 0"),
        ("title=3", "en", "no number stands there"),
        ("time=3", "en", "time is a table; name a number in it"),
        ("costs[0]=3", "en", "costs.Projektleder is a table"),
        ("roles.adult.start=1", "en", "no number stands there"),
        ("assumptions.job_market.each_year=1,2", "en", "no number stands there"),
        ("families.finishing.enter*2", "en", "cannot be multiplied"),
        ("simulation.seed=1,2", "en", "give --seed"),
        ("simulation.draws=64", "da", "giv --draws"),
        ("money.price_level=2016,2017", "en", "nothing that a sweep tells hangs on it"),
        ("format=1", "en", "no number stands there"),
        ("assumptions.relapse.value=5%,10%", "en", "to hold it at values, write relapse=..."),
    ],
)
def test_what_is_wrong(silkeborg, given, language, words):
    locale.use(language)
    with pytest.raises(InputError) as error:
        read([silkeborg], given)
    assert f"--vary {given}: " in str(error.value)
    assert words in str(error.value)


def test_all_problems_at_once(silkeborg):
    locale.use("en")
    with pytest.raises(InputError) as error:
        read([silkeborg], "relaps=5%", "finishing=30,40", "job_baseline=10%", "time=2")
    assert [line.partition(":")[0] for line in str(error.value).splitlines()] == [
        "--vary relaps=5%",
        "--vary finishing=30,40",
        "--vary time=2",
    ]


@pytest.mark.parametrize(
    "given",
    [
        ("relapse=5%", "relapse=10%"),
        ("relapse=5%", "relapse*2"),
        ("relapse=5%", "assumptions.relapse.uncertainty.high=0.3"),
        ("relapse=5%", "roles.adult.moves[1].yearly=10%"),
        ("costs[1].number=3;4", "costs.Casemanagers.number=5"),
        ("assumptions.finishing.uncertainty.low=0.5", "finishing=30"),
    ],
)
def test_nothing_is_varied_twice(silkeborg, given):
    locale.use("en")
    with pytest.raises(InputError, match="this is varied already"):
        read([silkeborg], *given)


def test_two_numbers_of_one_table_are_two(silkeborg):
    found = read([silkeborg], "costs.Casemanagers.number=3;4", "costs.Casemanagers.yearly=450.000;480.000")
    assert [axis.name for axis in found] == ["costs.Casemanagers.number", "costs.Casemanagers.yearly"]
    read(
        [silkeborg],
        "assumptions.relapse.uncertainty.low=0.01",
        "assumptions.relapse.uncertainty.high=0.3",
        "job_baseline*1.1",
    )


def test_what_people_read(silkeborg, odense):
    assert read([silkeborg], "relapse=5%")[0] == Axis(
        "relapse", "relapse", "=", (0.05,), "Tilbagefald til kontanthjælp", "andel om året", "share", 0.1
    )
    factor = read([silkeborg], "finishing*0.5;1.5")[0]
    assert (factor.name, factor.written, factor.usage, factor.now) == ("finishing_factor", "finishing*", "number", 1.0)
    assert read([silkeborg], "costs[1].number=3")[0].name == "costs.Casemanagers.number"
    named = read([odense], "KIK: additional_effect=0:10%:3", "Udsatte Familier: effect=0,5:1,5:3")
    assert [axis.name for axis in named] == ["KIK_additional_effect", "Udsatte_Familier_effect"]  # good for files, too
    assert named[0].attributes()["path"] == "KIK: additional_effect"


def test_an_assumption_may_be_called_what_a_table_calls_its_own(tmp_path):
    source = (SCENARIOS / "silkeborg.toml").read_text("utf-8").replace("relapse", "year")
    file = tmp_path / "year.toml"
    file.write_text(source, "utf-8")
    assert read([Case.of(load(file))], "year=5%")[0].name == "year_"


def test_an_unused_assumption_is_refused(tmp_path):
    locale.use("en")
    file = tmp_path / "unused.toml"
    file.write_text((SCENARIOS / "silkeborg.toml").read_text("utf-8") + "\n[assumptions.idle]\nvalue = 3\n", "utf-8")
    with pytest.raises(InputError, match="nothing in the scenario uses this assumption"):
        read([Case.of(load(file, language="en"))], "idle=1;2")


def test_what_one_scenario_lacks_is_told_with_its_name(silkeborg, odense):
    locale.use("en")
    with pytest.raises(InputError, match=r"odense\.toml  no assumption is called so"):
        read([silkeborg, odense], "finishing*0.5;1.5")


def test_from_python(silkeborg):
    found = of({"relapse": [0.05, "10 %"], "finishing*": "0.5:2:7", "costs.Casemanagers.number": [3, 4]}, [silkeborg])
    assert found == read([silkeborg], "relapse=5%;10%", "finishing*0.5:2:7", "costs.Casemanagers.number=3;4")
    locale.use("en")
    with pytest.raises(InputError, match=r"^relaps: no assumption is called so"):
        of({"relaps": [0.05]}, [silkeborg])


def sweep(cases, *given):
    return Sweep(tuple(cases), Grid(len(cases), read(cases, *given)), tuple(Options() for _ in cases))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["job_baseline=50%;95%"], "job_baseline: the value 95% is refused in every cell"),
        (["job_baseline=50%;95%", "relapse=5%;10%"], "job_baseline: the value 95% is refused in every cell"),
        (["assumptions.relapse.uncertainty.high=0.2;0.01"], "the value 0.01 is refused in every cell"),
    ],
)
def test_a_value_that_no_cell_can_have_is_refused(silkeborg, given, words):
    locale.use("en")
    held = silkeborg.with_({"additional_effect": 0.15})
    with pytest.raises(InputError) as error:
        check(sweep([held], *given))
    assert words in str(error.value)
    assert "50%" not in str(error.value).partition("refused")[0]


def test_a_value_that_some_cells_can_have_leaves_the_others_empty(silkeborg):
    held = silkeborg.with_({"additional_effect": 0.15})
    found = sweep([held], "job_baseline=50%;95%", "additional_effect=1%;15%")
    check(found)
    refused = [_is_refused(found, i) for i in range(4)]
    assert refused == [False, False, False, True]


def _is_refused(found, number):
    try:
        found.case(found.grid.cell(number))
    except InputError:
        return True
    return False


def test_too_many_cells(silkeborg):
    locale.use("en")
    found = sweep([silkeborg], "relapse=0:50%:1000", "job_baseline=0:50%:1000", "benefit=10.000:15.000:1000").grid
    with pytest.raises(InputError) as error:
        check_size(found)
    assert "1,000 × 1,000 × 1,000 values make 1,000,000,000 cells; a sweep makes 1,000,000 at most." in str(error.value)
    assert "With 1 values of relapse it would be 1,000,000." in str(error.value)
    most = sweep([silkeborg], "relapse=0:50%:1000", "job_baseline=0:50%:1000").grid
    assert len(most) - 1 == MOST
    check_size(most)


def test_order_of_cells(silkeborg):
    grid = Grid(2, read([silkeborg], "relapse=5%;10%", "time.years=3;4;5"))
    assert [(one.scenario, *one.at) for one in map(grid.cell, range(len(grid)))][:7] == [
        (0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 1, 0), (0, 1, 1), (0, 1, 2), (1, 0, 0)]  # fmt: skip
    assert [grid.cell(12), grid.cell(13)] == [(12, 0, ()), (13, 1, ())]


@pytest.mark.parametrize(
    ("file", "given", "number", "changes"),
    [
        ("silkeborg.toml", ["relapse=5%,10%,15%"], 1, ["relapse=10%"]),
        ("silkeborg.toml", ["job_baseline=0,10:0,20:11"], 1, ["job_baseline=0.11"]),
        ("silkeborg.toml", ["finishing*0.5:2:7"], 1, ["finishing*0.75"]),
        ("silkeborg.toml", ["finishing*0.7:1.4:8", "relapse=5%;15%"], 3, ["finishing*0,8", "relapse=0,15"]),
        ("silkeborg.toml", ["finishing=30;40"], 1, ["finishing=40"]),
        ("silkeborg.toml", ["costs.Casemanagers.number=3,4,5,6", "time.years=6:8:3"], 4, ["costs.Casemanagers.number=4", "time.years=7"]),
        ("silkeborg.toml", ["costs.Projektleder.yearly*0.9,1.1"], 1, ["costs.Projektleder.yearly*1.1"]),
        ("silkeborg.toml", ["assumptions.relapse.uncertainty.high=20%;30%"], 1, ["assumptions.relapse.uncertainty.high=30%"]),
        ("silkeborg.toml", ["roles.adult.moves[1].yearly=5%;10%"], 1, ["roles.adult.moves[1].yearly=10%"]),
        ("silkeborg.toml", ["money.discount_rate=0:4%:5"], 3, ["money.discount_rate=3%"]),
        ("silkeborg-paper.toml", ["costs.Casemanagers.yearly*0.8:1.2:5"], 1, ["costs.Casemanagers.yearly*0.9"]),
        ("odense.toml", ["KIK: additional_effect=0:10%:11", "pension_price=16.000;18.000"], 14, ["KIK: additional_effect=7%", "pension_price=16000"]),
    ],
)  # fmt: skip
def test_a_cells_scenario_is_the_file_with_set(file, given, number, changes):
    """To the last bit: the same numbers, and the same columns of random ones."""
    one = sweep([case(file)], *given)
    mine, wanted = one.case(one.grid.cell(number)), case(file, *changes)
    assert mine.scenario == wanted.scenario
    assert mine.sampler.marks == wanted.sampler.marks


@pytest.mark.parametrize(
    ("files", "name", "words"),
    [
        (
            ("job-og-familie.toml", "familien-paa-vej.toml"),
            "job_effect",
            ["familien-paa-vej.toml", "(a number, faktor; 1 er ingen virkning, multiplies)", "(a share, andel af forældrene på ydelse, om året, is added)"],
        ),
    ],
)  # fmt: skip
def test_one_name_for_two_kinds_of_number_is_refused(files, name, words):
    """0.5 would be a factor in one, and 50 points more in the other."""
    cases = [case(file) for file in files]
    for values in ([0.5, 1], "0,5:1:2"):
        with pytest.raises(InputError) as error:
            of({name: values}, cases)
        for one in words:
            assert one in str(error.value)


def changed(tmp_path, name, *pairs):
    source = (SCENARIOS / "silkeborg.toml").read_text("utf-8")
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    file = tmp_path / f"{name}.toml"
    file.write_text(source, "utf-8")
    return Case.of(load(file, language="en"))


def test_another_label_or_unit_is_told(tmp_path, silkeborg):
    unit = changed(tmp_path, "unit", ('unit = "andel af de voksne"', 'unit = "andel om måneden"'))
    (axis,) = of({"additional_effect": [0.1]}, [silkeborg, unit])
    name = "Mereffekt: flere i selvforsørgelse med indsatsen"
    assert axis.label == f"{name} (andel af de voksne) / {name} (andel om måneden)"
    label = changed(tmp_path, "label", ('label = "Tilbagefald til kontanthjælp"', 'label = "Tilbage i ydelse"'))
    (axis,) = of({"relapse": [0.1, 0.2]}, [silkeborg, label])
    assert axis.label == "Tilbagefald til kontanthjælp / Tilbage i ydelse"


@pytest.mark.parametrize("now", ["0.1", "0.05"])
def test_a_value_is_the_scenarios_only_where_it_is_that_of_each(now):
    both = [case(), case("silkeborg.toml", f"relapse={now}")]
    (axis,) = of({"relapse": [0.1, 0.2]}, both)
    assert axis.now == (0.1 if now == "0.1" else None)


@pytest.mark.parametrize(
    ("given", "readings"),
    [
        ("relapse=0,1", [(0, 1), (0.1,)]),
        ("relapse=5,10%", [(0.051,), (0.05, 0.1)]),
        ("finishing*24,30", [(24, 30), (24.3,)]),
        ("costs.Casemanagers.number=3,5", [(3, 5), (3.5,)]),
        ("relapse=0,05:20%:4", [(0.05, 0.1, 0.15, 0.2), (0.0005, 0.067, 0.1335, 0.2)]),
        ("placement_price=37.500:75:4", [(37500, 25025, 12550, 75), (37500, 50000, 62500, 75000)]),
        ("placement_price=33;75 t.kr.", [(33, 75000), (33000, 75000)]),
        ("placement_price=33:75 t.kr.:2", [(33, 75000), (33000, 75000)]),
        ("benefit=14:16.000:2", [(14, 16000), (14000, 16000)]),
    ],
)
@pytest.mark.parametrize("language", locale.LANGUAGES)
def test_the_forms_that_a_refusal_offers_go_through(silkeborg, given, readings, language):
    """Each is read as one of the two that could be meant."""
    locale.use(language)
    with pytest.raises(InputError) as error:
        read([silkeborg], given)
    said = str(error.value)
    told = re.search(
        "(?:as|som) (.+?) (?:or as|eller som) (.+?[^ .k](?:kr[.])?)[.] (?:Write|Skriv)",
        said.partition("two ways: " if language == "en" else "to måder: ")[2],
    )
    assert told, said
    name = re.split("[=*]", given)[0]
    sign = given[len(name)]
    offered = [read([silkeborg], f"{name}{sign}{form}")[0].values for form in told.groups()]
    assert sorted(offered) == sorted(map(pytest.approx, readings), key=lambda one: one.expected)


@pytest.mark.parametrize(
    "given", ["placement_price=33.000:75.000:3", "placement_price=500 kr.:75.000 kr.:3", "placement_price=0;75.000"]
)
def test_amounts_that_are_in_no_doubt(silkeborg, given):
    assert read([silkeborg], given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("tilbagefald=5%", "relapse (Tilbagefald til kontanthjælp)"),
        ("TILBAGEFALD TIL KONTANTHJÆLP=5%", "relapse (Tilbagefald til kontanthjælp)"),
        ("casemanagers=3", "costs.Casemanagers (Casemanagers)"),
        ("relaps=5%", "did you mean `relapse`?"),
        ("xyz=5%", "silkeborg.toml --show` lists the names"),
    ],
)
def test_a_name_that_is_none_is_looked_for_among_the_labels(silkeborg, given, words):
    locale.use("en")
    with pytest.raises(InputError) as error:
        read([silkeborg], given)
    assert words in str(error.value)
