"""A document with some of everything, and words that other programs take for commands."""

from simulate.content import BREAK, Document, Fan, Figure, Heading, Note, Part, Row, Sentence, Sketch, Table, row, total

HOSTILE = [
    "<script>alert(1)</script>", "{{ 7*7 }}", "=cmd()", "#let x = 1", "x" * 144, "\\u{41} $a$ *b* _c_ `d` [e] @f <g>", "a & b",
]  # fmt: skip
STRANGE = ["שלום", "🙂", "日本語", "a\x0bc"]
YEARS = ["2027", "2028", "2029"]


def amounts(*values: float) -> list[Figure]:
    return [Figure(value) for value in values]


def table(title: str = "Poster") -> Table:
    rows = [
        row("Casemanagers", *amounts(-2_325_000, -2_325_000, -2_325_000)),
        total("I alt", *amounts(-2_325_000, -2_325_000, -2_325_000)),
        Row(["Service", *amounts(1, 2, 3)], "group"),
    ]
    return Table(["", *YEARS], rows, 1000, "DKK", title)


def fan() -> Fan:
    bands = {5: amounts(-3e6, -4e6, -5e6), 50: amounts(-1e6, -1e6, -1e6), 95: amounts(1e6, 2e6, 3e6)}
    lines = {"Forventet": amounts(-1e6, -1.1e6, -1.2e6)}
    return Fan(YEARS, bands, lines, "DKK", title=Sentence("Akkumuleret"), subtitle=Sentence("mio. kr."), alt=Sentence("Falder fra 0 til -1,2 mio. kr."))  # fmt: skip


def sketched() -> Table:
    shares = Sketch((0.1, 0.4, 0.3, 0.2), Sentence("mellem 5 % og 20 %"))
    return Table(["Forudsætning", "Fordeling"], [row("Tilbagefald", shares)], title="Forudsætninger")


def document(*parts: Part, title: str = "Vi Vil Mere") -> Document:
    return Document(title, "da", parts, [Sentence("16.384 beregnede forløb.")])


def ordinary() -> Document:
    return document(
        Heading("Svaret", 2), Sentence("I 23 af 100 forløb."), Sentence("Forventet: -4,4 mio. kr."), BREAK,
        Sentence("  første"), Sentence("  anden"), Note("Ikke til at stole på."), table(), fan(), sketched(),
    )  # fmt: skip


def hostile() -> Document:
    parts: list[Part] = [Heading(words, 2) for words in HOSTILE]
    parts += [Sentence(words) for words in HOSTILE]
    parts.append(Table(["", "Kilde"], [row(words, words) for words in HOSTILE], title=HOSTILE[0]))
    return document(*parts, title=HOSTILE[0])


def wide() -> Document:
    """Twenty years: more columns than a page has room for."""
    years = [str(year) for year in range(2027, 2047)]
    rows = [row(f"En post med et langt navn {i}", *amounts(*[-12_345_678.0] * 20)) for i in range(60)]
    return document(Heading("Poster", 2), Table(["", *years], rows, 1, "DKK", "Poster"))
