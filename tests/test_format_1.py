"""Format 2 holds the numbers of format 1, whose documents (--draws 64) were recorded before it was left.

To be deleted with tests/data/format_1 once every command has moved.
"""

import json
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent / "cli"))
from command import RICH, ROOT, simulate

RECORDED = Path(__file__).parent / "data" / "format_1"
SCENARIOS = ROOT / "scenarios"
ODENSE, SILKEBORG, CERTAIN = (SCENARIOS / f"{name}.toml" for name in ("odense", "silkeborg", "silkeborg-paper"))
COMMANDS: dict[str, tuple[str | Path, ...]] = {
    "run": ("run", "RICH"),
    "run-luck-added": ("run", "RICH", "--engine", "expected"),
    "run-without-luck": ("run", "RICH", "--engine", "expected", "--plain"),
    "run-point": ("run", "RICH", "--engine", "point"),
    "run-plain": ("run", "RICH", "--plain"),
    "run-quarters": ("run", "RICH", "--period", "quarter"),
    "run-precise": ("run", "RICH", "--precision", "8"),
    "run-portfolio": ("run", ODENSE),
    "run-portfolio-without-luck": ("run", ODENSE, "--engine", "expected"),
    "run-portfolio-point": ("run", ODENSE, "--engine", "point"),
    "run-certain": ("run", CERTAIN),
    "stages": ("stages", SILKEBORG, "--review", "2018", "--stop-if", "selvforsørgelse < 12"),
    "structure": ("structure", "RICH"),
    "threshold": ("threshold", "RICH", "--assumption", "wage,job"),
    "update": ("update", SCENARIOS / "job-og-familie.toml", "--keep", "32", "--max-draws", "1024"),
    "update-none": ("update", SILKEBORG),
    "check": ("check", "RICH", "--show"),
    "annualise": ("annualise", SILKEBORG, "--quarter", "2018Q1", "--groups", "19"),
    "sensitivity": ("sensitivity", "RICH", "--method", "draws"),
    "sensitivity-saltelli": ("sensitivity", "RICH"),
    "compare-3": ("compare", SILKEBORG, SCENARIOS / "silkeborg-sceptical.toml", CERTAIN),
    "compare-without-luck": (
        "compare",
        SILKEBORG,
        SCENARIOS / "silkeborg-sceptical.toml",
        "--engine",
        "expected",
    ),
}
LEFT_OUT = r"format|scenario/(file|sha256)|scenarios/\d+/file|differences/\d+/[ab]|differing/\d+/groups/.*|warnings/.*|files/\d+/file"
P, LUCK = r"(\d+)", r"(|_without_luck)"
RUN = [  # old name → new name, the first that fits; of numbers, `/value` where it is an estimate
    (r"point/.*|scenario/.*|run/.*|reported/.*|clipped/.*|undrawn/.*|convergence/.*", r"\g<0>"),
    (r"programmes/(shared|alike)/.*", r"\g<0>"),
    (r"bridge/(point|at_means|of_means)", r"\g<0>"),
    (r"bridge/(expected|of_model)", r"\g<0>/value"),
    (r"bridge/error", r"bridge/expected/error"),
    (r"budget/accumulated/by_year/(\d+)", r"budget/accumulated/\1/value"),
    (r"budget/accumulated/by_year_errors/(\d+)", r"budget/accumulated/\1/error"),
    (r"(budget/.*)/total", r"\1/total/value"),
    (r"(budget/.*)/total_error", r"\1/total/error"),
    (r"budget/lines/.*/(kind|area)", r"\g<0>"),
    (r"provenu/without_luck/(sd|percentiles|percentile_errors|percentile_intervals|sd_error)(.*)", None),
    (r"lines/(.*)/by_year/mean/(\d+)", r"lines/\1/by_year/\2/value"),
    (r"lines/.*/(area|cashable)", r"\g<0>"),
    (r"person_years/.*", r"\g<0>/value"),
    (rf"break_even/first_year{LUCK}/(.*)", r"break_even/first_year\1/\2/value"),
    (r"break_even/counterfactuals/(.*)", r"\g<0>/value"),
    (r"break_even/counterfactual_errors/(.*)", r"break_even/counterfactuals/\1/error"),
    (r"break_even/counterfactuals_differ", r"\g<0>"),
    (rf"risk/expected_shortfall{LUCK}/share", r"\g<0>"),
    (rf"risk/expected_shortfall{LUCK}/(value|error|interval.*)", r"risk/expected_shortfall\1/mean/\2"),
    (rf"risk/losses{LUCK}/(\d+)/loss", r"\g<0>"),
    (rf"risk/losses{LUCK}/(\d+)/(error|interval.*)", r"risk/losses\1/\2/probability/\3"),
    (rf"risk/lowest_point{LUCK}/expected/period", r"risk/expected_lowest/period"),
    (rf"risk/lowest_point{LUCK}/expected/(value|error)", r"risk/expected_lowest/amount/\2"),
    (rf"(risk/lowest_point{LUCK})/(never)_error", r"\1/\3/error"),
    (rf"(risk/lowest_point{LUCK})/never", r"\1/never/value"),
    (rf"risk/payback{LUCK}/by_year/(.*)", r"break_even/first_year\1/\2/value"),
    (rf"risk/payback{LUCK}/by_year_errors/(.*)", r"break_even/first_year\1/\2/error"),
    (rf"risk/payback{LUCK}/percentiles/.*", r"\g<0>"),
    (r"variance/(assumptions|luck)", r"\g<0>"),
    (r"variance/shares/(.*)", r"\g<0>/value"),
    (r"variance/share_error", r"variance/shares/luck/error"),
    (r"with_luck/(variance|skewness|step|approximation_error|normal_probability|few_events)", r"\g<0>"),
    (r"present_value/rate", r"\g<0>"),
    (r"programmes/each/(.*)/point", r"\g<0>"),
    (r"programmes/together/error", r"programmes/together/share/error"),
    (rf"programmes/together/share{LUCK}(_error)", r"programmes/together/share\1/error"),
    (r"targets/(\d+)/label", r"\g<0>"),
]
GENERAL = [
    (rf"(.*)percentiles{LUCK}/{P}/(\d+)", r"\1percentiles\2/\3/\4/value"),
    (rf"(.*)percentile_errors{LUCK}/{P}/(\d+)", r"\1percentiles\2/\3/\4/error"),
    (rf"(.*)percentiles{LUCK}/{P}", r"\g<0>/value"),
    (rf"(.*)percentile_errors{LUCK}/{P}", r"\1percentiles\2/\3/error"),
    (rf"(.*)percentile_intervals{LUCK}/{P}/(\d)", r"\1percentiles\2/\3/interval/\4"),
    (rf"(.*/)by_year_errors{LUCK}/(\d+)", r"\1by_year\2/\3/error"),
    (rf"(.*/)by_year{LUCK}/(\d+)", r"\g<0>/value"),
    (rf"(.*by_year{LUCK}/)(mean|expected|sd)(_without_luck|)_error/(\d+)", r"\1\3\4/\5/error"),
    (rf"(.*by_year{LUCK}/)(mean|expected|sd)(_without_luck|)/(\d+)", r"\g<0>/value"),
    (r"(.*/)mean/(\d+)", r"\g<0>/value"),
    (rf"(.*/)probability{LUCK}", r"\g<0>/value"),
    (r"(.*/)error", r"\1probability/error"),
    (r"(.*/)interval/(\d)", r"\1probability/interval/\2"),
    (r"(.*/)probability_without_luck_error", r"\1probability_without_luck/error"),
    (r"(.*/)probability_without_luck_interval/(\d)", r"\1probability_without_luck/interval/\2"),
    (rf"(.*/)(mean|sd|expected|share){LUCK}_error", r"\1\2\3/error"),
    (rf"(.*/)(mean|sd|expected|share){LUCK}", r"\g<0>/value"),
]
HEAD = [(r"(scenario|run)/.*", r"\g<0>")]
STAGES = [
    *HEAD,
    (r"review|notice_months|rule/.*|.*/bound", r"\g<0>"),
    (r"(.*)worth/(value|error)", r"\g<0>"),
    (r"(.*)(stop|stopped_would_have_paid|kept_does_not_pay)/probability", r"\1\2/value"),
    (r"(.*)(stop|stopped_would_have_paid|kept_does_not_pay)/error", r"\g<0>"),
]
STRUCTURE = [*HEAD, (r"structure/\d+/(name|label|note)|known_rates/(at|families.*|uncertain)", r"\g<0>")]
ANNUALISE = [
    *HEAD,
    (r"quarter|measure|tolerance/.*|clipped/.*|(groups/\d+/)?(persons|draws)", r"\g<0>"),
    (r"bias", r"bias/mean/value"),
    (r"bias_error", r"bias/mean/error"),
    (r"bias_share", r"bias/share"),
    (r"bias_percentiles/(\d+)", r"bias/percentiles/\1/value"),
    (r"bias_percentile_errors/(\d+)", r"bias/percentiles/\1/error"),
    (r"smallest_group", r"smallest_group/persons"),
    (r"smallest_group_draws", r"smallest_group/draws"),
    (r"smallest_group_near", r"smallest_group/near/value"),
    (r"smallest_group_near_error", r"smallest_group/near"),
    (r"(.*/(?:mean|sd))_error", r"\1/error"),
    (r".*/(mean|sd)", r"\g<0>/value"),
    (
        r"([^%]*(?:wrong_sign|no_change|near|explained|luck_sd|ordinary|within_quarter|near_without_luck))_error",
        r"\1/error",
    ),
    (r".*(wrong_sign|no_change|near|explained|luck_sd|ordinary|within_quarter|near_without_luck)", r"\g<0>/value"),
]
OF_IT = "kind|factor|each_year|mean|sd|percentiles/.*|histogram/.*|mean_differs"
CHECK = [
    (rf"(files/\d+/assumptions/\d+)/({OF_IT})", r"\1/distribution/\2"),
    (r"files/\d+/.*", r"\g<0>"),
]
UPDATE = [
    *HEAD,
    (r"draws|kept|keep|exact/courses|tolerance|verdict|moved/.*|(before|after|uncorrected)/courses", r"\g<0>"),
    (r"observed/\d+/(what|role|arm|counted|to|until|than|seen|at_least|allowed)|.*/label", r"\g<0>"),
    (r"(observed/\d+)/expected", r"\1/expected/mean/value"),
    (r"(observed/\d+)/expected_error", r"\1/expected/mean/error"),
    (r"(observed/\d+)/sd", r"\1/expected/sd/value"),
    (r"(observed/\d+)/percentiles/(\d+)", r"\1/expected/percentiles/\2/value"),
    (r"(observed/\d+/(?:or_more|or_fewer|tail)|unusual)/probability", r"\1/value"),
    (r"(observed/\d+/(?:or_more|or_fewer|tail)|unusual)/(error|interval/\d)", r"\1/\2"),
    (r"unusual", r"unusual"),
]
THRESHOLD = [
    *HEAD,
    (r"assumption|path|stands_there|label|unit|usage|factor|each_year|assumed.*|target|searched/.*", r"\g<0>"),
    (r"switching.*|correlated/.*|frontier/(?!rows).*|frontier/rows/\d+/(percentile|value)|percentiles.*", r"\g<0>"),
    (r"as_it_is/probability", r"as_it_is/probability/value"),
    (r"as_it_is/(error|interval.*)", r"as_it_is/probability/\1"),
    (r"(.*thresholds/\d+)/(value|error|interval.*)", r"\1/value/\2"),
    (r"(.*thresholds/\d+)/best_probability", r"\1/best/probability/value"),
    (r"(.*thresholds/\d+)/best_error", r"\1/best/probability/error"),
    (r"(.*thresholds/\d+)/best_value", r"\1/best/value"),
    (r".*thresholds/\d+/(probability|reached|stretches.*|assumed_probability|set|clipped/.*)", r"\g<0>"),
]
SENSITIVITY = [
    *HEAD,
    (r"method|draws/.*|clipped/.*|undrawn/.*|variance/(?:assumptions|luck)", r"\g<0>"),
    (r"variance/shares/(.*)", r"\g<0>/value"),
    (r"variance/share_error", r"variance/shares/luck/error"),
    (r"at_values/(provenu|probability)", r"\g<0>/value"),
    (r"at_values/(provenu|probability)_(error|interval.*)", r"at_values/\1/\2"),
    (r"(tornado.*/\d+)/(assumption|value.*)", r"\g<0>"),
    (r"(tornado.*/\d+)/(low|high)(/\d)?", r"\1/\2/value\3"),
    (r"(tornado.*/\d+)/(provenu|probability)_(low|high)", r"\1/\3/\2/value"),
    (r"(tornado.*/\d+)/(provenu|probability)_(low|high)_(error|interval.*)", r"\1/\3/\2/\4"),
    (r"(tornado.*/\d+)/clipped_(low|high)/(.*)", r"\1/\2/clipped/\3"),
    (r"(tornado.*/\d+)/swing(_error)?", lambda found: f"{found[1]}/swing/{'error' if found[2] else 'value'}"),
    (r"sobol/\d+/assumption.*", r"\g<0>"),
    (r"(sobol/\d+/(?:first|total))_interval(/\d)?", r"\1/interval\2"),
    (r"(sobol/\d+/first_from_draws)_error", r"\1/error"),
    (r"sobol/\d+/(first|total|first_from_draws)", r"\g<0>/value"),
    (r"rank/(.*)", r"\g<0>/value"),
    (r"rank_errors/(.*)", r"rank/\1/error"),
]
COMPARE = [
    *HEAD,
    (r"scenarios/\d+/(file|title|name|sha256|point|clipped/.*)", r"\g<0>"),
    (r"differences/\d+/(a|b)|best/.*|shared/.*|differing/.*|caveats/.*", r"\g<0>"),
    (r"(.*(?:probability_best|expected_loss|_positive|_negative)(?:_without_luck)?)_error", r"\1/error"),
    (r".*(probability_best|expected_loss|_positive|_negative)(_without_luck)?", r"\g<0>/value"),
]
TABLES = {
    "run": RUN,
    "stages": STAGES,
    "structure": STRUCTURE,
    "compare": COMPARE,
    "sensitivity": SENSITIVITY,
    "annualise": ANNUALISE,
    "threshold": THRESHOLD,
    "update": UPDATE,
    "check": CHECK,
}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path, value
        return
    for key, item in items:
        yield from leaves(item, f"{path}/{key}" if path else str(key))


def renamed(path: str, command: str) -> str:
    path = re.sub(r"^risk/lowest_point(|_without_luck)/by_period(_errors|)/", r"risk/lowest_point\1/by_year\2/", path)
    path = re.sub(
        r"^provenu/without_luck/(sd|percentiles|percentile_errors|percentile_intervals)",
        r"provenu/\1_without_luck",
        path,
    )
    for old, new in [*TABLES[command], *GENERAL]:
        found = re.fullmatch(old, path)
        if found and new is not None:
            return new(found) if callable(new) else found.expand(new)
    raise AssertionError(f"{path} has no new name")


@pytest.mark.parametrize("name", COMMANDS)
def test_format_2_holds_the_numbers_of_format_1(name: str, tmp_path: Path) -> None:
    rich = tmp_path / "rich.toml"
    rich.write_text(RICH, encoding="utf-8")
    arguments = [rich if one == "RICH" else one for one in COMMANDS[name]]
    done = simulate(*map(str, arguments), *(() if name == "check" else ("--draws", "64")), "--json")
    assert done.code == 0, done.err
    before = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    periods = {period: i for i, period in enumerate(before.get("scenario", {"periods": []})["periods"])}
    now, lost = dict(leaves(done.json)), []
    for path, value in leaves(before):
        if re.fullmatch(LEFT_OUT, path):
            continue
        *start, last = path.split("/")
        if start and start[-1].startswith("by_period"):
            path = "/".join([*start, str(periods[last])])
        new = renamed(path, str(arguments[0]))
        if value is None and new not in now:  # an estimate that is not there
            new = new.rpartition("/")[0]
        same = new in now and (
            math.isclose(value, now[new], rel_tol=1e-12)
            if isinstance(value, float) and now[new] is not None
            else value == now[new]
        )
        if not same:
            lost.append((path, value, new, now.get(new, "missing")))
    assert lost == []
