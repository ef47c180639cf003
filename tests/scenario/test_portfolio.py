"""A portfolio is one scenario made of several: nothing lost, nothing shared unsaid, and words for what cannot be."""

import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import scenarios
from trees import assert_identical, everything, rich, scenario_of, simple

from simulate import luck, measures, model
from simulate.answers.base import exact
from simulate.answers.programmes import of as answers_of
from simulate.engine import Case, Result, run
from simulate.errors import ScenarioError
from simulate.ledger import Accounts, prices
from simulate.model import Model
from simulate.options import Options
from simulate.point import Point, compute
from simulate.sampling import Chunk, Sampler
from simulate.scenario import Loaded, Scenario, load, queries
from simulate.scenario.portfolio import merge
from simulate.scenario.toml_writer import dump
from simulate.scenario.values import Literal
from simulate.studies.common import common

SCENARIOS = Path(__file__).parents[2] / "scenarios"
Z = 4.5
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes trees as files of one folder, and gives the path of the last one."""

    def written(**trees: dict) -> Path:
        for name, tree in trees.items():
            (tmp_path / f"{name}.toml").write_text(dump(tree), encoding="utf-8")
        return tmp_path / f"{list(trees)[-1]}.toml"

    return written


def portfolio(*programmes: str | dict, **more: object) -> dict:
    rows = [one if isinstance(one, dict) else {"file": f"{one}.toml"} for one in programmes]
    time = {"first_year": 2020, "years": 3}
    return {"format": 1, "title": "all", "language": "en", "time": time, "programmes": rows} | more


def sure(value: object, **parameters: object) -> dict:
    return {"value": value, "uncertainty": parameters} if parameters else {"value": value}


def uncertain(**changes: object) -> dict:
    """As simple(), with an uncertain relapse and effect."""
    tree = simple(**changes)
    tree["assumptions"] = {
        "relapse": sure(0.1, kind="pert", low=0, mode=0.1, high=0.6),
        "effect": sure(0.25, kind="normal", mean=0.25, sd=0.1),
    }
    moves = tree["roles"]["adult"]["moves"]
    moves[0]["chance"]["plus"] = "effect"
    moves[2]["yearly"] = "relapse"
    return tree


def loaded(file: Path, *changes: str) -> Loaded:
    return load(file, changes, language="en")


def ran(file: Path, **options: object) -> Result:
    return run(loaded(file).scenario, Options(**({"draws": 2048, "seed": 5, "threads": 2} | options)))


def problems(file: Path, *changes: str) -> list[str]:
    """What is said of a broken one, files without their folder."""
    with pytest.raises(ScenarioError) as caught:
        loaded(file, *changes)
    said = [one.at(str(file)) for one in caught.value.problems]
    return [one.replace(f"{file.parent}/", "").replace(str(file.parent), "FOLDER") for one in said]


# One programme -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_a_portfolio_of_one_is_that_programme_to_the_last_bit(write: Write, engine: str):
    time = {"first_year": 2020, "years": 4}
    file = write(a=rich(), p=portfolio("a", time=time, targets=rich()["targets"]))
    options = {"draws": 256, "engine": engine, "keep_expected": True}
    alone, as_one = ran(file.parent / "a.toml", **options), ran(file, **options)
    ours, theirs = everything(alone), everything(as_one)
    assert theirs.keys() - ours.keys() == {"column provenu_by_programme a"}
    for name in ours:
        assert ours[name].tobytes() == theirs[name].tobytes(), name
    np.testing.assert_allclose(
        theirs["column provenu_by_programme a"], ours["column provenu_total"], rtol=1e-12
    )  # summed in another order
    assert list(as_one.clipped.values()) == list(alone.clipped.values())


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.toml")), ids=lambda file: file.stem)
def test_every_shipped_scenario_is_the_same_in_a_portfolio_of_its_own(file: Path, tmp_path: Path):
    tree = tomllib.loads(file.read_text("utf-8"))
    if "programmes" in tree:
        return
    rest = {key: tree[key] for key in ("targets",) if key in tree}
    for target in rest.get("targets", ()):  # lines bear the name of their programme
        target["of"] = target.get("of", "provenu").replace("line:", "line:den ene: ")
    one = portfolio({"file": str(file), "name": "den ene"}, time=tree["time"], **rest)
    path = tmp_path / "p.toml"
    path.write_text(dump(one), encoding="utf-8")
    whole, alone = loaded(path), loaded(file)
    assert whole.scenario.simulation == alone.scenario.simulation
    assert [one.message for one in whole.warnings] == [one.message for one in alone.warnings]
    a, b = (run(one.scenario, Options.of(one.scenario, draws=32)) for one in (alone, whole))
    for name in (measures.TOTAL, measures.STATE, measures.CASHABLE):
        assert a.draws.columns[name].tobytes() == b.draws.columns[name].tobytes()
    assert a.point.kroner.tobytes() == b.point.kroner.tobytes()


# Several -------------------------------------------------------------------------------------------------------------


def test_financing_and_payers_of_programmes_are_those_of_the_whole(write: Write):
    """What is paid for a programme keeps its name; payment by results of one programme alone is left out, and told."""
    a, b = uncertain(payers=["region"]), uncertain(payers=["fund", "region"])
    a["roles"]["adult"]["states"]["benefit"]["shares"] = {"region": 0.1}
    a["financing"] = [
        {"label": "pool", "yearly": 70000, "per_family": True},
        {"label": "reward", "yearly": 10, "when_target": "own"},
    ]
    a["targets"] = [{"label": "own", "total": 1}]
    own = [{"label": "all", "yearly": [0, 0, 9], "when_target": "goal"}]
    file = write(
        a=a, b=b, p=portfolio("a", "b", financing=own, targets=[{"label": "goal", "of": "savings", "total": 5}])
    )
    found = loaded(file)
    assert found.scenario.payers == ["region", "fund"]
    rows = [(line.label, line.part, line.families) for line in found.scenario.financing]
    assert rows == [("all", None, None), ("a: pool", "a", ["a: all"])]
    [said] = [str(one) for one in found.warnings if "reward" in str(one)]
    assert "left out" in said
    result, alone = ran(file, draws=64), ran(file.parent / "a.toml", draws=64)
    assert result.point.financing[1] == pytest.approx(alone.point.financing[0])
    assert result.point.kroner[2].sum() == pytest.approx(alone.point.kroner[2].sum())
    programmes = answers_of(result)
    assert programmes is not None
    paid = programmes.each["a"].financing
    assert paid is not None
    assert paid.value == pytest.approx(alone.point.financing[0].sum())
    assert programmes.each["b"].financing == exact(0.0)
    assert programmes.financing_in_common is not None
    assert programmes.financing_in_common.value == pytest.approx(9 * result.target(0).value)


def test_a_programmes_line_of_financing_has_a_name_of_its_own(write: Write):
    a = uncertain(financing=[{"label": "pool", "yearly": 1}])
    own = [{"label": "a: pool", "yearly": 2}]
    assert 'two lines are called "a: pool"' in problems(write(a=a, p=portfolio("a", financing=own)))[0]


def test_means_of_lines_and_programmes_add_up_to_the_total(write: Write):
    file = write(
        a=uncertain(), b=uncertain(), p=portfolio("a", "b", costs=[{"label": "secretariat", "yearly": 100000}])
    )
    found = ran(file, draws=256)
    of_part = found.accounts.of_part
    assert list(of_part) == ["a", "b", ""]
    assert np.sum(list(of_part.values()), axis=0).tolist() == [1] * len(found.accounts.lines)
    means = [found.mean_of((measures.PROGRAMME, name), own.tolist()).value for name, own in of_part.items()]
    assert sum(means) == pytest.approx(found.mean().value, rel=1e-12)
    assert means[2] == -300000
    columns = found.draws.columns
    np.testing.assert_allclose(
        sum(columns[measures.PROGRAMME, name] for name in of_part), columns[measures.TOTAL], rtol=0, atol=1e-6
    )
    alone = ran(file.parent / "a.toml", draws=256)
    point = sum(found.point.kroner[0, own].sum() for own in list(of_part.values())[:2])
    assert point == pytest.approx(2 * alone.point.provenu.sum(), rel=1e-12)


def covariance(found: Result) -> tuple[float, float]:
    """Of the first two programmes, with its standard error: from blocks that were randomised independently."""
    a, b = (found.draws.columns[measures.PROGRAMME, name].reshape(16, -1) for name in list(found.accounts.of_part)[:2])
    each = ((a - a.mean()) * (b - b.mean())).mean(axis=1)
    return each.mean(), each.std(ddof=1) / 4


def test_what_is_not_shared_makes_variances_add_up(write: Write):
    value, error = covariance(ran(write(a=uncertain(), b=uncertain(), p=portfolio("a", "b"))))
    assert abs(value) < Z * error


def test_what_is_shared_makes_them_add_up_to_more(write: Write):
    file = write(a=uncertain(), b=uncertain(), p=portfolio("a", "b", shared=["relapse"]))
    found = ran(file)
    value, error = covariance(found)
    assert value > Z * error
    # the whole of it is relapse's: what both are expected to be, given relapse, and nothing of effect or luck
    given = ran(file, engine="expected")
    alone = loaded(file, "a: effect=0.25", "b: effect=0.25").scenario
    sure_effect = run(alone, Options(draws=2048, seed=5, engine="expected", threads=2))
    variance = sure_effect.draws.columns[measures.PROGRAMME, "a"].var()
    for one in (found, given):
        value, error = covariance(one)
        assert abs(value - variance) < Z * error + 0.02 * variance


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_amounts_for_each_family_are_for_the_programmes_own(write: Write, engine: str):
    """20 families a year in one, 7 in the other: 100 kr. for each of the first, 1,000 kr. for each of the second, 1 kr. for each of all."""

    def tree(families: float, yearly: float) -> dict:
        own = {"label": "start", "yearly": yearly, "per_family": True}
        return simple(families={"all": {"enter": families, "members": {}}}, costs=[own], savings=[])

    costs = [{"label": "each", "yearly": 1, "per_family": True}]
    file = write(a=tree(20, 100), b=tree(7, 1000), p=portfolio("a", "b", costs=costs))
    found = ran(file, draws=16, engine=engine)
    totals = [
        found.mean_of((measures.PROGRAMME, name), own.tolist()).value for name, own in found.accounts.of_part.items()
    ]
    assert totals == pytest.approx([-3 * 2000, -3 * 7000, -3 * 27])
    assert found.draws.columns[measures.TOTAL].tolist() == pytest.approx([-3 * 9027] * 16)


def test_luck_is_each_ones_own_even_where_all_numbers_are_known(write: Write):
    file = write(a=simple(), p=portfolio({"file": "a.toml", "number": 2}))
    found = ran(file)
    first, second = (found.draws.columns[measures.PROGRAMME, f"a {i}"] for i in (1, 2))
    assert (first != second).mean() > 0.9
    value, error = covariance(found)
    assert abs(value) < Z * error
    assert found.mean().value == pytest.approx(2 * ran(file.parent / "a.toml").point.provenu.sum())


def test_copies_have_assumptions_of_their_own_unless_shared(write: Write):
    file = write(a=uncertain(), p=portfolio({"file": "a.toml", "number": 3, "name": "Nord"}, shared=["effect"]))
    scenario = loaded(file).scenario
    assert list(scenario.assumptions) == ["Nord 1: relapse", "effect", "Nord 2: relapse", "Nord 3: relapse"]
    assert [part.name for part in scenario.parts] == ["Nord 1", "Nord 2", "Nord 3"]
    assert list(scenario.roles) == ["Nord 1: adult", "Nord 2: adult", "Nord 3: adult"]
    assert [line.label for line in scenario.costs] == ["Nord 1: staff", "Nord 2: staff", "Nord 3: staff"]
    assert scenario.roles["Nord 2: adult"].moves[0].chance.plus == "effect"
    assert scenario.roles["Nord 2: adult"].moves[2].yearly.both == "Nord 2: relapse"
    assert [line.part for line in queries.lines(scenario)] == [
        "Nord 1", "Nord 2", "Nord 3", "Nord 1", "Nord 2", "Nord 3", "Nord 1", "Nord 2", "Nord 3",
    ]  # fmt: skip


def test_every_place_of_a_name_is_found(write: Write):
    time = {"first_year": 2020, "years": 4}
    file = write(
        a=rich(), p=portfolio({"file": "a.toml", "number": 2}, time=time, shared=["climate", "price", "placed"])
    )
    one = loaded(file)
    assert {found.path for found in one.warnings} == {"savings.rent"}  # the only line in no area
    source = tomllib.loads(one.source)
    assert source["families"]["a 1: one"]["enter"] == "a 1: families"
    assert source["families"]["a 1: one"]["members"] == {"a 1: adult": 1.2, "a 1: child": "a 1: children"}
    moves = source["roles"]["a 2: adult"]["moves"]
    assert [move.get("climate") for move in moves] == [
        None,
        "a 2: recession",
        None,
        "climate",
        "climate",
        None,
        None,
        "climate",
    ]
    assert moves[6]["after_months"]["baseline"]["mean"] == "a 2: length"
    assert source["roles"]["a 2: child"]["states"]["care"]["line"] == "a 2: care"
    assert source["roles"]["a 1: adult"]["states"]["benefit"]["monthly"] == "price"
    assert [row["between"] for row in source["correlations"]] == [
        ["a 1: job", "a 1: effect"], ["a 1: effect", "a 1: ratio"], ["placed", "price"],
        ["a 2: job", "a 2: effect"], ["a 2: effect", "a 2: ratio"],
    ]  # fmt: skip
    assert_identical(*(run(loaded(path).scenario, Options(draws=32)) for path in (file, stored(one, file))))


def stored(one: Loaded, file: Path) -> Path:
    """The scenario as `--out` keeps it."""
    path = file.parent / "stored.toml"
    path.write_text(one.source, encoding="utf-8")
    return path


def test_programmes_tied_to_what_is_shared_are_tied_to_each_other(write: Write):
    """Two that have rank correlations of 0.9 and -0.8 with a third cannot be independent: they are so given the third."""
    a, b = uncertain(), uncertain()
    a["correlations"] = [{"between": ["relapse", "effect"], "rank": 0.9}]
    b["correlations"] = [{"between": ["effect", "relapse"], "rank": 0.9}]
    file = write(a=a, b=b, p=portfolio("a", "b", shared=["relapse"]))
    values = Sampler(loaded(file).scenario).draw("sobol", 1, Chunk(0, 1 << 14, 1 << 14))
    # partial correlation of the scores, the effects being normal
    from scipy.stats import norm, rankdata

    scores = [
        norm.ppf((rankdata(values[name][:, 0]) - 0.5) / (1 << 14)) for name in ("relapse", "a: effect", "b: effect")
    ]
    r = np.corrcoef(scores)
    of_rank = 2 * np.sin(np.pi * 0.9 / 6)
    assert r[0, 1] == pytest.approx(of_rank, abs=0.01)
    assert r[0, 2] == pytest.approx(of_rank, abs=0.01)
    assert r[1, 2] == pytest.approx(of_rank**2, abs=0.01)


def test_a_programme_that_is_added_changes_nothing_in_the_others(write: Write):
    """Which is why portfolios are compared on common draws only where what they have in common comes first."""
    time = {"first_year": 2020, "years": 4}
    b = uncertain(money=rich()["money"])
    file = write(a=rich(), b=b, more=portfolio("a", "b", time=time), p=portfolio("a", time=time))
    scenarios = [loaded(one).scenario for one in (file, file.parent / "more.toml")]
    samplers = common(scenarios).samplers
    alone, more = (
        replace(Case.of(one), sampler=sampler).result(Options(draws=256))
        for one, sampler in zip(scenarios, samplers, strict=True)
    )
    ours, theirs = (found.draws.columns[measures.PROGRAMME, "a"] for found in (alone, more))
    assert ours.tobytes() == theirs.tobytes()


@settings(max_examples=60)
@given(scenarios(years=2, least=2), scenarios(years=2, least=2))
def test_programmes_do_not_touch_each_other(a: dict, b: dict):
    """Of any two, kroner line by line are what each has alone, and luck's variance and third moment are the sums of theirs."""
    trees = {"a.toml": a, "b.toml": b}
    payers = list(dict.fromkeys(name for tree in trees.values() for name in tree.get("payers", [])))
    for tree in trees.values():
        for key in ("money", "targets", "reported"):
            tree.pop(key, None)
        tree["payers"] = payers  # in one order
        tree["financing"] = [
            row for row in tree.get("financing", []) if "when_target" not in row
        ]  # by targets of the whole
    merged = merge(
        portfolio("a", "b", time=a["time"]),
        "p.toml",
        lambda file: (Loaded(scenario_of(trees[file]), file, "", file), trees[file]),
    )
    assert (merged.problems, merged.warnings) == ([], [])
    alone, together = [computed(tree) for tree in (a, b)], computed(merged.tree)
    for (point, _), own in zip(alone, together[0].accounts.of_part.values(), strict=True):
        np.testing.assert_allclose(together[0].kroner[:, own], point.kroner, rtol=1e-9, atol=1e-6)
    for ours, *theirs in zip(together[1], *(known for _, known in alone), strict=True):
        assert ours == pytest.approx(sum(theirs), abs=1e-3 + 1e-7 * max(abs(one).max() for one in theirs))


def computed(tree: dict) -> tuple[Point, luck.Luck]:
    accounts = Accounts(Model(scenario_of(tree)), model.PERIODS["quarter"])
    values = Sampler(accounts.model.scenario).point()
    known = luck.compute(accounts, model.parameters(accounts.model, values), prices(accounts, values), "own-luck")
    return compute(accounts, values), known


def test_areas_are_the_budgets_own(write: Write):
    time = {"first_year": 2020, "years": 4}
    file = write(a=rich(), b=rich(), p=portfolio("a", "b", time=time))
    assert {line.area for line in queries.lines(loaded(file).scenario)} == {"transfers", "service", ""}


# Horizon -------------------------------------------------------------------------------------------------------------


def test_the_portfolios_horizon_replaces_each_ones(write: Write):
    short, long = {"first_year": 2020, "years": 2}, {"first_year": 2020, "years": 6}
    file = write(a=rich(), short=portfolio("a", time=short), long=portfolio("a", time=long))
    assert loaded(file).scenario.time.years == 6
    one = loaded(file.parent / "short.toml")
    assert {found.path for found in one.warnings} == {"savings.rent"}  # as above
    assert one.scenario.families["a: two"].entering[0].month == "2021-03"


def test_what_lies_beyond_it_is_left_out_and_told(write: Write):
    tree = simple()
    tree["families"]["all"]["entering"] = [{"month": "2020-03", "number": 2}, {"month": "2022-03", "number": 2}]
    tree["reported"] = [{"what": "provenu", "year": 2022, "value": 5}]
    file = write(a=tree, p=portfolio("a", time={"first_year": 2020, "years": 2}))
    one = loaded(file)
    assert [row.month for row in one.scenario.families["a: all"].entering] == ["2020-03"]
    assert one.scenario.reported == []
    (warning,) = one.warnings
    assert (warning.path, warning.line) == ("time.years", 7)
    assert warning.message == 'what lies beyond the portfolio\'s horizon is left out of "a": 2022-03'


def test_what_was_seen_is_seen_of_the_programmes_own_role(write: Write):
    seen = {"role": "adult", "what": "moved", "to": "job", "count": 3}
    tree = simple(observed=[seen | {"until": "2020-12"}, seen | {"until": "2022-06"}])
    one = loaded(write(a=tree, p=portfolio("a", time={"first_year": 2020, "years": 2})))
    assert [(row.role, row.until) for row in one.scenario.observed] == [("a: adult", "2020-12")]
    assert [warning.message for warning in one.warnings] == [
        'what lies beyond the portfolio\'s horizon is left out of "a": 2022-06'
    ]


# Changes -------------------------------------------------------------------------------------------------------------


def test_changes_reach_every_place(write: Write):
    file = write(a=uncertain(), b=uncertain(), p=portfolio("a", "b", shared=["relapse"]))
    changes = ["time.years=5", "programmes[1].number=2", "relapse=20 %", "b 2: effect=0.1", 'costs."a: staff".number=2']
    scenario = loaded(file, *changes).scenario
    assert scenario.time.years == 5
    assert [part.name for part in scenario.parts] == ["a", "b 1", "b 2"]
    assert scenario.assumptions["relapse"].value == 0.2
    assert scenario.assumptions["b 2: effect"].uncertainty is None
    assert scenario.assumptions["b 1: effect"].uncertainty is not None
    assert scenario.costs[0].number == 2


def test_simulation_is_the_portfolios_own_or_what_all_agree_on(write: Write):
    a = simple(simulation={"seed": 7, "draws": 512, "counterfactual": "own-luck"})
    b = simple(simulation={"seed": 7, "draws": 1024})
    file = write(a=a, b=b, p=portfolio("a", "b", simulation={"design": "lhs"}))
    one = loaded(file)
    chosen = one.scenario.simulation
    assert (chosen.seed, chosen.draws, chosen.design, chosen.counterfactual) == (7, 16384, "lhs", "expected")
    assert [warning.message for warning in one.warnings] == [
        "the programmes count life without them in different ways (expected, own-luck); "
        "here it is expected, unless [simulation] says otherwise"
    ]
    assert load(file, simulation={"seed": 3}, language="en").scenario.simulation.seed == 3


# Broken --------------------------------------------------------------------------------------------------------------


def money(**keys: object) -> dict:
    return simple(money=keys)


BROKEN: dict[str, tuple[dict, str]] = {
    "missing-file": (portfolio("a", "nowhere"), "p.toml:13  programmes[1].file: nowhere.toml: there is no such file"),
    "a-folder": (portfolio("a", {"file": "."}), "p.toml:13  programmes[1].file: FOLDER: this is a folder; name the scenario file in it"),
    "portfolio-in-it": (portfolio("a", "q"), "p.toml:13  programmes[1].file: q.toml: this is a portfolio itself; list its programmes here instead"),
    "itself": (portfolio("p"), "p.toml:10  programmes[0].file: p.toml: this is a portfolio itself; list its programmes here instead"),
    "twice": (portfolio("a", "a"), "p.toml:13  programmes[1].file: this file is in the list already; write `number = 2` there for two of them, or give each a `name`"),
    "twice-with-number": (
        portfolio({"file": "a.toml", "number": 2}, "a"),
        "p.toml:14  programmes[1].file: this file is in the list already; write `number = 2` there for two of them, or give each a `name`",
    ),
    "one-name": (
        portfolio("a", {"file": "b.toml", "name": "a"}),
        'p.toml:12  programmes[1]: two programmes are called "a"; give each a `name`',
    ),
    "shared-unknown": (
        portfolio("a", "b", shared=["relaps"]),
        'p.toml:4  shared[0]: no programme has an assumption called "relaps"; did you mean `relapse`?',
    ),
    "shared-by-one": (
        portfolio("a", "b", shared=["only_b"]),
        'p.toml:4  shared[0]: only "b" has this assumption; what is shared stands in two programmes or more',
    ),
    "shared-and-different": (
        portfolio("a", "b", shared=["effect"]),
        'p.toml:4  shared[0]: effect is not the same number in "a" and in "b": value 0.25 / 0.3, uncertainty normal mean 0.25 sd 0.1 / '
        "normal mean 0.3 sd 0.1; what is shared must be equal there",
    ),
    "number-0": (portfolio({"file": "a.toml", "number": 0}), "p.toml:11  programmes[0].number: 0 is out of range: it must be at least 1"),
    "number-1.5": (
        portfolio({"file": "a.toml", "number": Literal("1.5")}),
        "p.toml:11  programmes[0].number: a whole number is wanted here, not 1.5",
    ),
    "number-10000": (
        portfolio({"file": "a.toml", "number": 10000}),
        "p.toml:11  programmes[0].number: 10000 is out of range: it must be at most 50",
    ),
    "number-in-words": (
        portfolio({"file": "a.toml", "number": "two"}),
        'p.toml:11  programmes[0].number: a whole number is wanted here, not "two"',
    ),
    "too-many": (
        portfolio({"file": "a.toml", "number": 30}, {"file": "b.toml", "number": 30}),
        "p.toml:9  programmes: at most 50 programmes, copies counted",
    ),
    "first-year": (
        portfolio("a", "late"),
        "p.toml:13  programmes[1].file: late.toml begins in 2021 and the portfolio in 2020; they must begin in the same year",
    ),
    "currency": (
        portfolio("a", "crowns"),
        'p.toml:13  programmes[1].file: currency is "SEK" in crowns.toml and "DKK" in a.toml; it must be the same in all',
    ),
    "discount": (
        portfolio("a", money={"discount_rate": Literal("0.03")}),
        "p.toml:10  programmes[0].file: discount_rate is 0 in a.toml and 0.03 in [money]; it must be the same in all",
    ),
    "indexation-by-name": (
        portfolio("indexed", "a"),
        'p.toml:13  programmes[1].file: indexation is 0 in a.toml and "indexed: wages" in indexed.toml; it must be the same in all',
    ),
    "programmes-empty": (portfolio(), "p.toml:4  programmes: there must be at least 1 entry here"),
    "colon": (
        portfolio({"file": "a.toml", "name": "a: b"}),
        "p.toml:11  programmes[0].name: the name of a programme stands in front of others with a colon, and has none itself",
    ),
    "key-unknown": (portfolio({"file": "a.toml", "numbr": 2}), "p.toml:11  programmes[0].numbr: unknown key; did you mean `number`?"),
    "key-of-a-scenario": (
        portfolio("a", roles={}),
        "p.toml:4  roles: a portfolio has none of its own; it belongs into the files of its programmes",
    ),
    "target-outside": (
        portfolio("a", targets=[{"label": "t", "year": 2025, "amount": 5}]),
        "p.toml:14  targets.t.year: 2025 is outside the horizon, 2020-2022",
    ),
    "cost-named-as-a-programmes": (
        portfolio("a", costs=[{"label": "a: staff", "yearly": 5}]),
        'p.toml:13  costs."a: staff".label: two lines are called "a: staff"',
    ),
    "cost-by-what-is-not-shared": (
        portfolio("a", "b", shared=["relapse"], costs=[{"label": "more", "yearly": "effect"}]),
        'p.toml:18  costs.more.yearly: no assumption is called "effect"; a number belongs here, 0 where it is nothing, or the name of an assumption; there are: relapse',
    ),
}  # fmt: skip


def others() -> dict[str, dict]:
    b = uncertain()
    b["assumptions"]["effect"] = sure(0.3, kind="normal", mean=0.3, sd=0.1)
    b["assumptions"]["only_b"] = sure(3)
    b["costs"][0]["number"] = "only_b"
    indexed = uncertain(money={"indexation": "wages"})
    indexed["assumptions"]["wages"] = sure(0.02)
    late = simple()
    late["time"]["first_year"] = 2021
    return {
        "a": uncertain(),
        "b": b,
        "late": late,
        "crowns": money(currency="SEK"),
        "indexed": indexed,
        "q": portfolio("a"),
    }


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_gets_words(write: Write, name: str):
    tree, words = BROKEN[name]
    assert problems(write(**others(), p=tree)) == [words]


def test_a_programmes_own_problems_are_told_with_its_own_file(write: Write):
    a, b = simple(title=5), simple()
    b["roles"]["adult"]["moves"][2]["to"] = "benfit"
    file = write(a=a, b=b, p=portfolio("a", "b", {"file": "b.toml", "name": "c"}, "nowhere", titel="x"))
    found = problems(file)
    assert [one.partition("  ")[0] for one in found] == ["p.toml:4", "p.toml:21", "a.toml:2", "b.toml:33"]
    assert found[3].endswith('moves[2].to: no state is called "benfit"; did you mean `benefit`?')


def test_files_are_named_from_the_portfolios_folder(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = write(a=simple(), p=portfolio("a"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert loaded(file).scenario.parts[0].name == "a"
    assert load("../p.toml").scenario.parts[0].file == "../a.toml"


def test_correlations_of_what_is_shared_must_agree(write: Write):
    a, b = uncertain(), uncertain()
    a["correlations"] = [{"between": ["relapse", "effect"], "rank": 0.5}]
    file = write(a=a, b=b, p=portfolio("a", "b", shared=["relapse", "effect"]))
    assert problems(file) == [
        'p.toml:4  shared: the rank correlation of relapse and effect, both shared, is 0.5 in "a" and 0 in "b"'
    ]
    b["correlations"] = [{"between": ["effect", "relapse"], "rank": 0.5}]
    (row,) = loaded(write(b=b, p=portfolio("a", "b", shared=["relapse", "effect"]))).scenario.correlations
    assert (row.between, row.rank) == (["relapse", "effect"], 0.5)


def test_prices_of_different_years_are_warned_of(write: Write):
    file = write(a=money(price_level=2019), b=money(price_level=2020), p=portfolio("a", "b"))
    one = loaded(file)
    (warning,) = one.warnings
    words = warning.at("").replace(f"{file.parent}/", "")
    assert (
        words
        == ":9  programmes: the amounts are in prices of different years: a.toml 2019, b.toml 2020; they are added as they stand. With `price_level` and `index` under [money] here they would be moved"
    )
    assert one.scenario.money.price_level is None
    same = write(b=money(price_level=2019), p=portfolio("a", "b"))
    assert loaded(same).scenario.money.price_level == 2019


def test_a_shared_indexation_is_one(write: Write):
    indexed = uncertain(money={"indexation": "wages"})
    indexed["assumptions"]["wages"] = sure(0.02, kind="normal", mean=0.02, sd=0.005)
    file = write(a=indexed, p=portfolio({"file": "a.toml", "number": 2}, shared=["wages"]))
    assert loaded(file).scenario.money.indexation == "wages"
    (alone,) = problems(write(p=portfolio({"file": "a.toml", "number": 2})))
    assert alone.endswith("it must be the same in all; an assumption of all must be in `shared`")
    one = loaded(write(p=portfolio("a")))
    assert one.scenario.money.indexation == "a: wages"


def test_the_hash_is_of_all_that_was_read(write: Write):
    file = write(a=simple(), p=portfolio("a"))
    before = loaded(file)
    write(a=simple(title="another"))
    after = loaded(file)
    assert before.sha256 != after.sha256
    assert loaded(file).sha256 == after.sha256
    assert before.scenario.parts[0].sha256 != after.scenario.parts[0].sha256


# As text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.toml")), ids=lambda file: file.stem)
def test_a_tree_written_and_read_is_the_same_tree(file: Path):
    tree = tomllib.loads(file.read_text("utf-8"), parse_float=Literal)
    again = tomllib.loads(dump(tree), parse_float=Literal)
    assert again == tree
    assert raws(again) == raws(tree)


def raws(node: object) -> object:
    """The tree with its numbers as they are written."""
    if isinstance(node, dict):
        return {key: raws(item) for key, item in node.items()}
    return [raws(item) for item in node] if isinstance(node, list) else getattr(node, "raw", node)


def test_odd_texts_survive():
    odd = 'a "b" \\ c\n\t\x7f\u2028 æøå \x01'
    tree = {
        "title": odd,
        "assumptions": {odd: {"value": [1, 2] * 30, "label": ""}},
        "flag": True,
        "none": {},
        "empty": [],
    }
    assert tomllib.loads(dump(tree)) == tree


# Whose a thing is -----------------------------------------------------------------------------------------------------


def points(scenario: Scenario) -> dict[str, float]:
    found = compute(Accounts(Model(scenario), 24), Sampler(scenario).point())
    return {name: float(found.kroner[0, own].sum()) for name, own in found.accounts.of_part.items()}


def test_a_line_of_the_portfolio_that_is_called_like_a_programmes_is_its_own(tmp_path: Path):
    """odense.toml with a cost of 1,000,000 a year, in two years, of its own: KIK keeps what it has."""
    for file in SCENARIOS.glob("odense*.toml"):
        shutil.copy(file, tmp_path)
    file = tmp_path / "odense.toml"
    alone = points(loaded(file).scenario)
    own = '\n[[costs]]\nlabel = "KIK: joint office"\nyearly = 1000000\n'
    file.write_text(file.read_text("utf-8") + own, encoding="utf-8")
    found = points(loaded(file).scenario)
    assert found["KIK"] == pytest.approx(942678, abs=0.5)
    assert found == alone | {"": -2000000}


@pytest.mark.parametrize("label", ["a: desk", "a 1: desk", "a: ", "a", "b: desk"])
def test_whose_a_line_is_is_not_read_off_its_label(write: Write, label: str):
    costs = [{"label": label, "yearly": 1000}]
    without = points(loaded(write(a=uncertain(), b=simple(), p=portfolio("a", "b"))).scenario)
    assert points(loaded(write(p=portfolio("a", "b", costs=costs))).scenario) == without | {"": -3000}


def test_a_portfolio_that_was_stored_with_names_alone_is_read_as_it_was(write: Write):
    file = write(a=uncertain(), b=simple(), p=portfolio("a", "b", costs=[{"label": "desk", "yearly": 1000}]))
    new = loaded(file)
    tree = tomllib.loads(new.source, parse_float=Literal)
    for key in ("assumptions", "families", "roles"):
        for item in tree[key].values():
            assert item.pop("part") in ("a", "b")
    for row in tree["costs"] + tree["savings"]:
        row.pop("part", None)
    old = loaded(write(stored=tree)).scenario
    assert old == new.scenario
    assert points(old) == points(new.scenario)


def test_a_stored_portfolio_keeps_whose_a_line_is(write: Write, tmp_path: Path):
    file = write(a=uncertain(), b=simple(), p=portfolio("a", "b", costs=[{"label": "a: desk", "yearly": 1000}]))
    stored = tmp_path / "again.toml"
    stored.write_text(loaded(file).source, encoding="utf-8")
    assert points(load(stored, language="en").scenario) == points(loaded(file).scenario)


def test_a_shared_assumption_is_not_called_like_one_of_a_programme(write: Write):
    one, other = uncertain(), uncertain()
    for tree in (one, other):
        tree["assumptions"]["a: relapse"] = sure(0.2)
        tree["roles"]["adult"]["moves"][1]["yearly"]["baseline"] = "a: relapse"
    assert "is also what an assumption of one programme" in told(
        write(a=one, b=other, p=portfolio("a", "b", shared=["a: relapse"]))
    )


def test_a_portfolio_does_not_say_whose_its_lines_are(write: Write):
    costs = [{"label": "desk", "yearly": 1000, "part": "a"}]
    assert "the program writes this key" in told(write(a=uncertain(), b=simple(), p=portfolio("a", "b", costs=costs)))


def told(file: Path) -> str:
    with pytest.raises(ScenarioError) as refused:
        load(file, language="en")
    return "\n".join(map(str, refused.value.problems))
