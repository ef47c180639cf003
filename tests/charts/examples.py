"""A chart of each kind, with amounts of millions and with losses; texts that do harm where they are no mere texts."""

from dataclasses import replace
from typing import Any

from simulate.content import Bars, Chart, Curve, Dots, Fan, Figure, HeatMap, Histogram, Sentence

LONG = "speciallægepraksisplanlægningsstabiliseringsperiode" * 3
HARMFUL = ["<script>alert(1)</script>", LONG[:144], "😀😀 glade børn", "שלום עולם", "&amp; \"quoted\" 'datum.x'", "{{ x }} =cmd() #let", "a\u202eb\x1b[31m"]  # fmt: skip


def kroner(*millions: float) -> list[Figure]:
    return [Figure(1e6 * one, error=2e4) for one in millions]


def shares(*each: float) -> list[Figure]:
    return [Figure(one, "share", 0.004) for one in each]


TITLE: dict[str, Any] = {
    "title": Sentence("Indsatsen har tjent sig hjem i 23 af 100 forløb", (0.23,)),
    "subtitle": Sentence("Forventet: -4,4 mio. kr.", (-4.4e6,)),
    "alt": Sentence("Hvad der ses."),
}
FAN = Fan(
    ["2020", "2021", "2022"],
    {5: kroner(-3, -5.25, -14), 25: kroner(-2.5, -4, -8), 50: kroner(-2, -3.5, -4.5), 75: kroner(-1.9, -3, -0.5), 95: kroner(-1, 0.5, 5.5)},
    {"Business case": kroner(-1.5, -0.2, 1.1), "Forventet": kroner(-2, -3.4, -4.4)}, "DKK", "Tjener sig hjem", **TITLE,
)  # fmt: skip
LINES_ONLY = replace(FAN, bands={})
CURVE = Curve(
    list(zip(kroner(0, 2.5, 5, 10), shares(0.77, 0.6, 0.44, 0.1), strict=True)),
    [(Figure(2e6), Figure(0.64, "share", 0.004), "kan bæres"), (Figure(2e6), Figure(0.1, "share"), "accepteret")], "DKK", **TITLE,
)  # fmt: skip
HISTOGRAM = Histogram(
    kroner(-7.5, -5, -2.5, 0, 2.5, 5), shares(0.1, 0.3, 0.35, 0.2, 0.05), {"Business case": kroner(1.1)[0], "Forventet": kroner(-4.4)[0]}, "DKK",
    **TITLE,
)  # fmt: skip
BARS = Bars(
    ["ved P5", "ved P95"], [kroner(-8.5, 0.1), kroner(-8.6, -0.6), kroner(-5, -4.6), kroner(-4.2, -4.3)], kroner(-4.4)[0], "som sagen står",
    ["Jobchance", "Anbringelser", "Pris", "Tilbagefald"], [["0 %", "19 %"], ["1,05", "0,44"], ["34.335 kr.", "56.019 kr."], ["a", "b"]], "DKK", **TITLE,
)  # fmt: skip
DOTS = Dots(Figure(0.23, "share", 0.004), 20, "tjener sig hjem", **TITLE)
HEATMAP = HeatMap(
    "relapse", "job", ["5 %", "10 %", "15 %"], ["0 %", "20 %"], [shares(0.12, 0.5), shares(0.3, 0.97), [None, shares(0.8)[0]]],
    "Chancen for at tjene sig hjem", **TITLE,
)  # fmt: skip
MONEY_MAP = replace(
    HEATMAP, cells=[kroner(-4.4, 1.2), kroner(0.5, 0.25), [None, kroner(2)[0]]], of="Forventet", currency="DKK"
)

ALL: dict[str, Chart] = {
    "fan": FAN, "lines": LINES_ONLY, "curve": CURVE, "histogram": HISTOGRAM, "bars": BARS, "dots": DOTS, "heatmap": HEATMAP, "money map": MONEY_MAP,
}  # fmt: skip


def hostile(words: str) -> list[Chart]:
    """Every kind with this text wherever one of a user may stand."""
    head: dict[str, Any] = {"title": Sentence(words), "subtitle": Sentence(words), "alt": Sentence(words)}
    return [
        replace(FAN, lines={words: FAN.lines["Forventet"]}, zero=words, **head),
        replace(CURVE, marks=[(a, b, words) for a, b, _ in CURVE.marks], **head),
        replace(HISTOGRAM, lines={words: HISTOGRAM.lines["Forventet"]}, **head),
        replace(BARS, labels=[words] * 4, at=[[words, words]] * 4, names=[words, words], base_name=words, **head),
        replace(DOTS, filled=words, **head),
        replace(HEATMAP, row_name=words, column_name=words, rows=[words] * 3, columns=[words] * 2, of=words, **head),
    ]
