"""What a picture shows, as data: the numbers that it was given, to the last bit, and axes that hold them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from examples import (
    ALL,
    BARS,
    CURVE,
    DOTS,
    FAN,
    HARMFUL,
    HEATMAP,
    HISTOGRAM,
    LINES_ONLY,
    MONEY_MAP,
    hostile,
    kroner,
    shares,
)

from simulate import locale
from simulate.charts.dots import filled_of
from simulate.charts.lettering import cut, width, wrapped
from simulate.charts.picture import LOOKS, Axis, apart, money
from simulate.charts.spec import spec
from simulate.content import Chart, Figure


def rows(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Of all data of a picture."""
    for layer in made.get("layer", ()):
        yield from layer.get("data", {}).get("values", ())
        yield from rows(layer)


def having(chart: Chart, *names: str, **how: Any) -> list[tuple[Any, ...]]:
    """What rows with these fields have there."""
    return [tuple(row[name] for name in names) for row in rows(spec(chart, **how)) if row.keys() >= {*names}]


def test_a_fan_begins_at_0_and_has_each_amount() -> None:
    lines = having(FAN, "period", "name", "amount")
    for name, amounts in [*FAN.lines.items(), ("Median (P50)", FAN.bands[50])]:
        assert [row[2] for row in lines if row[1] == name] == [0.0, *(one.value for one in amounts)]
    bands = having(FAN, "period", "low", "high")
    assert [row[1] for row in bands] == [0.0, *(o.value for o in FAN.bands[5]), 0.0, *(o.value for o in FAN.bands[25])]
    assert [row[2] for row in bands] == [0.0, *(o.value for o in FAN.bands[95]), 0.0, *(o.value for o in FAN.bands[75])]
    assert [row[0] for row in bands[:4]] == ["Start", "2020", "2021", "2022"]


def test_a_fan_without_bands_has_its_lines() -> None:
    assert having(LINES_ONLY, "low") == []
    assert len(having(LINES_ONLY, "amount")) == 2 * 4


def test_a_curve_has_each_point() -> None:
    assert having(CURVE, "loss", "chance")[:4] == [(a.value, b.value) for a, b in CURVE.points]


def test_loss_and_gain_are_apart_in_a_histogram() -> None:
    made = spec(HISTOGRAM)
    losses, gains = ([*rows({"layer": [layer]})] for layer in made["layer"] if layer["mark"]["type"] == "rect" and "x2" in layer["encoding"] and "field" in layer["encoding"]["x2"])  # fmt: skip
    edges = [one.value for one in HISTOGRAM.edges]
    assert [row["low"] for row in losses] == edges[:3]
    assert [row["low"] for row in gains] == edges[3:-1]
    assert [row["share"] for row in [*losses, *gains]] == [one.value for one in HISTOGRAM.shares]


def test_bars_go_from_the_base_to_each_end() -> None:
    found = having(BARS, "row", "base", "end", "at")
    assert {row[1] for row in found} == {BARS.base.value}
    expected = {
        (label, end.value, at)
        for label, row, said in zip(BARS.labels, BARS.rows, BARS.at, strict=True)
        for end, at in zip(row, said, strict=True)
    }
    assert {(label, end, at) for label, _, end, at in found} == expected


def test_of_two_bars_on_one_side_the_longer_one_stands_behind() -> None:
    order = [row[0] for row in having(BARS, "end", "row")]
    assert order.index(-5e6) < order.index(-4.6e6)  # both below the base
    assert order.index(-4.2e6) < order.index(-4.3e6)  # both above it
    one_side = replace(BARS, rows=[kroner(-4.3, -1.0)], labels=["x"], at=[["a", "b"]])
    assert [row[0] for row in having(one_side, "end")] == [-1e6, -4.3e6]


def test_every_cell_of_a_heat_map_has_its_number() -> None:
    found = having(HEATMAP, "row", "column", "value", "shown")
    assert [row[2] for row in found] == [0.12, 0.5, 0.3, 0.97, None, 0.8]
    assert [row[3] for row in found] == ["12.0", "50.0", "30.0", "97.0", "x", "80.0"]
    locale.use("da")
    assert [row[0] for row in having(MONEY_MAP, "shown")] == ["-4,4", "1,2", "0,5", "0,2", "x", "2,0"]


def test_a_number_is_read_on_the_colour_of_its_cell() -> None:
    many = replace(MONEY_MAP, cells=[kroner(*(i / 10 for i in range(-40, 60)))], rows=["x"], columns=[str(i) for i in range(100)])  # fmt: skip
    chances = replace(HEATMAP, cells=[shares(*(i / 100 for i in range(100)))], rows=["x"], columns=many.columns)
    for chart in (many, chances):
        for fill, ink in having(chart, "fill", "ink"):
            light, dark = sorted((luminance(fill), luminance(ink)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (fill, ink)


def luminance(color: str) -> float:
    """Relative, as WCAG 2 has it."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_decimals_go_before_numbers_do() -> None:
    """Of twenty columns."""
    row = shares(0.0, 0.002, 0.123, 0.999, 1.0, *(i / 20 for i in range(15)))
    wide = replace(HEATMAP, cells=[row], rows=["x"], columns=[str(i) for i in range(20)])
    assert [one[0] for one in having(wide, "shown")][:5] == ["0", "<1", "12", ">99", "100"]
    narrow = replace(wide, cells=[row * 4], columns=[str(i) for i in range(80)])
    texts = [layer for layer in spec(narrow)["layer"] for layer in layer.get("layer", ()) if layer["mark"]["type"] == "text"]  # fmt: skip
    assert texts == []


@pytest.mark.parametrize(
    ("share", "filled"),
    [(0.0, 0), (0.004, 0), (0.03, 1), (0.23, 5), (0.74, 15), (0.975, 19), (0.999, 19), (1.0, 20)],
)
def test_as_many_dots_are_filled_as_the_chance_is(share: float, filled: int) -> None:
    chart = replace(DOTS, share=Figure(share, "share"))
    assert filled_of(chart) == filled
    circles = [layer for layer in spec(chart)["layer"] if layer["mark"].get("shape") == "circle"]
    assert [len(layer["data"]["values"]) for layer in circles] == [filled, 20 - filled]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("shape", LOOKS)
def test_a_picture_is_as_wide_as_its_place_and_a_slide_as_high(name: str, shape: Any) -> None:
    made, look = spec(ALL[name], shape), LOOKS[shape]
    around = made["padding"]
    assert around["left"] + made["width"] + around["right"] == look.width
    if look.is_full:
        assert around["top"] + made["height"] + around["bottom"] == look.height


@pytest.mark.parametrize("name", ALL)
def test_what_can_be_pointed_at_tells_its_numbers_and_changes_none(name: str) -> None:
    plain, asked = spec(ALL[name]), spec(ALL[name], interactive=True)
    assert "tooltip" not in json.dumps(plain)
    assert '"tooltip"' in json.dumps(asked)
    assert asked["padding"] == plain["padding"]
    assert [*rows(plain)] == [row for row in rows(asked) if row in [*rows(plain)]][: len([*rows(plain)])]


def test_a_fan_that_can_be_asked_has_a_choice_of_years() -> None:
    made = spec(FAN, interactive=True)
    [choice] = made["params"]
    assert choice["bind"]["options"] == list(FAN.periods)
    assert "params" not in spec(FAN)


# Axes -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "ticks", "told"),
    [
        ([-14e6, 5.5e6], [-15e6, -10e6, -5e6, 0, 5e6, 10e6], ["-15", "-10", "-5", "0", "5", "10"]),
        ([-0.9e6, 1.7e6], [-1e6, -0.5e6, 0, 0.5e6, 1e6, 1.5e6, 2e6], ["-1,0", "-0,5", "0,0", "0,5", "1,0", "1,5", "2,0"]),
        ([0, 48_000], [0, 10e3, 20e3, 30e3, 40e3, 50e3], ["0", "10", "20", "30", "40", "50"]),
        ([-9_000, -1_000], [-10e3, -8e3, -6e3, -4e3, -2e3, 0], ["-10.000", "-8.000", "-6.000", "-4.000", "-2.000", "0"]),
    ],
)  # fmt: skip
def test_an_axis_of_amounts_has_round_steps_in_the_unit_that_is_told(
    values: list[float], ticks: list[float], told: list[str]
) -> None:
    locale.use("da")
    axis, unit = money(values, "DKK")
    assert axis.ticks == pytest.approx(ticks)
    assert axis.told == told
    assert unit == {1e6: "mio. kr.", 1e3: "1.000 kr.", 1: "kr."}[axis.scale]


@pytest.mark.parametrize(
    "values", [[0.0], [-3e6], [1.0, 1.0 + 1e-12], [-1_092_119.0, -1_092_117.0], [0.07], [1e13, -1e13]]
)
def test_an_axis_holds_what_hardly_differs(values: list[float]) -> None:
    axis = Axis.of(values)
    assert axis.ticks[0] <= min(values)
    assert axis.ticks[-1] >= max(values)
    assert 2 <= len(axis.ticks) < 20
    assert len(set(axis.told)) == len(axis.told)


@pytest.mark.parametrize("places", [[50.0, 50.0, 50.0, 52.0], [0.0, 1.0, 2.0], [99.0, 100.0, 98.0], [10.0, 80.0]])
def test_labels_keep_their_order_and_their_distance(places: list[float]) -> None:
    found = apart(places, 12.0, 0.0, 100.0)
    order = sorted(range(len(places)), key=places.__getitem__)
    sorted_places = [found[i] for i in order]
    assert all(b - a >= 12.0 - 1e-9 for a, b in pairwise(sorted_places))
    assert min(found) >= 0.0
    assert max(found) <= 100.0


def test_labels_that_are_apart_stay_where_they_are() -> None:
    assert apart([10.0, 80.0, 40.0], 12.0, 0.0, 100.0) == [10.0, 80.0, 40.0]


# Texts ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HARMFUL)
def test_a_text_of_a_user_stays_in_the_picture(words: str) -> None:
    for chart in hostile(words):
        for shape in LOOKS:
            check_inside(spec(chart, shape))


def check_inside(made: dict[str, Any]) -> None:
    """Each text at a place of its own lies within the picture."""
    around = made["padding"]
    for layer in made["layer"]:
        mark, encoding = layer.get("mark", {}), layer.get("encoding", {})
        if mark.get("type") != "text":
            continue
        x, wide = encoding["x"]["value"], width(mark["text"], mark["fontSize"], mark["fontWeight"] == "bold")
        left = x - wide * {"left": 0.0, "center": 0.5, "right": 1.0}[mark["align"]]
        assert left >= -around["left"] - 0.5, mark["text"]
        assert left + wide <= made["width"] + around["right"] + 0.5, mark["text"]


def test_words_are_broken_between_words_and_a_long_one_within() -> None:
    assert wrapped("en to tre fire", 10, width("en to tre", 10) + 0.1) == ["en to tre", "fire"]
    parts = wrapped("a" * 144, 10, 200, lines=9)
    assert "".join(parts) == "a" * 144
    assert all(width(part, 10) <= 200 for part in parts)


def test_what_has_no_room_ends_in_dots() -> None:
    assert cut("kort", 10, 100) == "kort"
    found = cut("en meget lang tekst, der ikke kan være der", 10, 100)
    assert found.endswith("…")
    assert width(found, 10) <= 100
    assert wrapped("ord " * 50, 10, 100, lines=2)[1].endswith("…")


def test_an_amount_stays_with_its_unit() -> None:
    said = wrapped("I 90 af 100 forløb ligger provenuet mellem -14,1 og 5,5 mio. kr.", 12, width("I 90 af 100 forløb ligger provenuet mellem -14,1 og 5,5 mio.", 12) + 1)  # fmt: skip
    assert said[-1].replace("\u00a0", " ") == "5,5 mio. kr."


def test_what_is_hidden_is_written_out() -> None:
    assert cut("a\u202eb", 10, 100) == "a\\u202eb"


def test_the_words_of_axes_are_of_the_language_in_force() -> None:
    locale.use("da")
    assert "Forventet provenu, mio. kr." in json.dumps(spec(BARS), ensure_ascii=False)
    locale.use("en")
    assert "Expected provenu, mio. kr." in json.dumps(spec(BARS), ensure_ascii=False)


def test_a_histogram_of_losses_alone_names_their_colour() -> None:
    lost = replace(HISTOGRAM, edges=kroner(-4, -3, -2), shares=shares(0.4, 0.6), lines={})
    texts = [layer["mark"]["text"] for layer in spec(lost)["layer"] if layer["mark"].get("type") == "text"]
    assert "Loss" in texts
    assert "Gain" not in texts
