"""Documents for tests of what is printed, mailed and pasted: everything that content has, and words that are meant to do harm."""

from simulate.content import (
    BREAK,
    Document,
    Fan,
    Figure,
    Heading,
    Part,
    Sentence,
    Several,
    Sketch,
    Table,
    note,
    row,
    total,
)  # fmt: skip

YEARS = ["2017", "2018", "2019", "2020", "2021"]
LONG = "sagsbehandlingstidsforkortelse" * 4 + "sagsbehandlingstidsforke"  # 144 letters
HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% raw %}",
    "=cmd()",
    "#let x = 1",
    LONG,
    "שלום עולם עברית",
    "👩‍👧‍👦 æøå €",
    "</script><script>alert(2)</script>",
    "</style><img src=x onerror=alert(3)>",
    "javascript:alert(4)",
    '" onmouseover="alert(5)',
    "<!-- --> ]]> \\",
]


def fan(name: str = "Expected", alt: str = "The accumulated provenu by year.", title: str = "It pays from 2020") -> Fan:
    """title: over the picture."""
    at = [-2e6, -2.5e6, -1e6, 0.5e6, 1.09e6]
    return Fan(
        YEARS,
        {p: [Figure(v + (p - 50) * 4e4, error=2e4) for v in at] for p in (5, 25, 50, 75, 95)},
        {"The paper's": [Figure(v + 3e5) for v in at], name: [Figure(v) for v in at]},
        "DKK",
        title=Sentence(title),
        subtitle=Sentence("mio. kr."),
        alt=Sentence(alt),
    )


def by_year(years: list[str], *, label: str = "Staff", scale: int = 1000, rows: int = 3, title: str = "") -> Table:
    return Table(
        ["", *years, "Total"],
        [
            *(row(f"{label} {n}", *(Figure(-1_234_567.0 * n - i) for i in range(len(years) + 1))) for n in range(1, rows + 1)),
            row("Ahead", *(Several(Sentence("76% (74-77)", (0.76, 0.74, 0.77)), (Figure(0.76, "share"),), ("Chance",)) for _ in years), None),
            total("In all", *(Figure(98_765_432.0) for _ in range(len(years) + 1))),
        ],
        scale=scale,
        currency="DKK",
        title=title,
    )  # fmt: skip


def assumptions(name: str, source: str) -> Table:
    sketch = Sketch((0.05, 0.2, 0.4, 0.25, 0.1), Sentence("from 0.1 to 0.4"))
    rows = [row(name, Figure(0.25, "share"), sketch, source, "In force since 2017; see the municipality's own count.")]
    return Table(["Assumption", "Value", "", "Source", "Note"], rows, title="Assumptions")


def whole(words: str = "Staff", title: str = "A programme", alt: str = "By year.") -> Document:
    """words: where a user's own words may stand."""
    parts: list[Part] = [
        Heading("The answer", 2),
        Sentence("It has paid by 2021 in 22 of 100 courses.", (0.22,)),
        Sentence(f"The paper says 1,092,118 kr. for {words}.", (1_092_118.0,)),
        note(Sentence(f"One number is missing: {words}.")),
        Heading("Year by year", 2),
        by_year(YEARS, label=words, title="By year"),
        BREAK,
        Sentence("Ways of counting:"),
        Sentence(f"  20%  {words}"),
        Sentence("  15%  as luck has it"),
        fan(words, alt, words if words != "Staff" else "It pays from 2020"),
        fan(),
        Heading("Assumptions", 2),
        Heading(words, 4),  # too deep, where nothing is between
        assumptions(words, words),
        Heading("Method", 2),
        Table((), [row("Draws", Figure(2048.0, "count")), row(words, words)]),
        by_year([str(year) for year in range(2017, 2027)], scale=1, label=words),
        Heading("What these figures do not say", 2),
        Sentence(f"Nothing of {words}."),
    ]
    return Document(
        title, "en", parts, [Sentence("2,048 courses, seed 1, provenu 0.1.0."), Sentence(f"Made again by: {words}")]
    )
