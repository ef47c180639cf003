"""The words by which Danish and English budgets say what a row, a column or a heading is."""

from __future__ import annotations

import re

from simulate.attach.tables import Kind, Signs
from simulate.labels import COST as COST
from simulate.labels import FINANCING as FINANCING
from simulate.labels import NET as NET
from simulate.labels import OF_WHICH as OF_WHICH
from simulate.labels import SAVING as SAVING
from simulate.labels import TOTAL as TOTAL
from simulate.labels import is_net as is_net
from simulate.labels import plain as plain

FINANCING_HEADING = re.compile(r"^[\W\d]*(ekstern\w* |statslig\w* )?tilskud\W*$", re.I)
LESS_COST = re.compile(rf"({SAVING.pattern})\W+(i|på|af|for|in|of|on)\b", re.I)
PLUS_COST = re.compile(
    r"(\+|\bplus)[\W_]*(=|er|:|betyder|is|means)?[\W_]*(en |et |a )?(mer)?(udgift|omkostning|cost|expen)"
    r"|(-|−|–|\bminus)[\W_]*(=|er|:|betyder|is|means)[\W_]*(en |et |a )?(bespar|mindreudgift|gevinst|saving)"
    r"|(bespar|mindreudgift|saving)\w* (er )?(angivet |vist |anført |opgjort |shown )?(med|with|as) (minus|negativ)",
    re.I,
)
PLUS_GAIN = re.compile(
    r"(\+|\bplus)[\W_]*(=|er|:|betyder|is|means)?[\W_]*(en |et |a )?(bespar|mindreudgift|gevinst|overskud|saving|gain)"
    r"|(-|−|–|\bminus)[\W_]*(=|er|:|betyder|is|means)[\W_]*(en |et |a )?(mer)?(udgift|omkostning|cost|expen)"
    r"|(udgift|omkostning|cost)\w* (er )?(angivet |vist |anført |opgjort |shown )?(med|with|as) (minus|negativ)",
    re.I,
)
OTHER = re.compile(r"\bindtægt\w*|\bincome\b|\brevenues?\b|\b(drift|anlæg)\b", re.I)
BETWEEN = re.compile(r" og | and |/|&| samt ", re.I)

NETTED = re.compile(
    r"\bnet(to)?|net(to)?\b|kommunens (samlede )?andel", re.I
)  # within a name, where the numbers say it as well
ACCUMULATED = re.compile(r"\bakk\b|\bkum\b|akkumuler|kumuler|cumulat|accumulat|running total", re.I)
GAIN = re.compile(r"provenu|overskud|gevinst|bespar|saving|benefit|surplus", re.I)
NET_COST = re.compile(r"udgift|omkostning|cost|budget", re.I)
COUNT = re.compile(
    r"^[\W\d]*(antal|number of)\b|^\W*(hel)?års(personer|værk)\b|^\W*personer\b|\((antal|personer|årsværk|årspersoner|stk|åp|åe)\.?\)\W*$"
    r"|^\W*(personer|familier|børn|borgere|stillinger|persons|families|children|posts)\W*$",
    re.I,
)
PERCENT = re.compile(r"(^|\b(i|in) |[(,] ?)(%|pct\.?|procent|percent|per cent)\)?\W*$", re.I)

SHARE = re.compile(r"^\W*(andel|share|procent)", re.I)

COLUMNS = {
    "total": r"(sum|i ?alt|total(t)?|hele perioden|samlet|\d{4} ?[-–/] ?\d{2,4}( i ?alt| total)?|i ?alt \d{4} ?[-–/] ?\d{2,4}|over the period)",
    "low": r"(lav|lavt|laveste|lavest|minimum|min\.?|low|lowest|nedre)",
    "mode": r"(sandsynlig\w*|mest sandsynlig\w*|forventet|forventede|mid|middel|likely|most likely|mode|bedste bud)",
    "high": r"(høj|højt|højeste|højest|maksimum|maks\.?|max\.?|maximum|high|highest|øvre)",
    "bad": r"(pessimistisk\w*|værst(e)?|værste (fald|tilfælde)|worst|worst case|pessimistic)",
    "good": r"(optimistisk\w*|bedste (fald|tilfælde)|best case|optimistic)",
    "name": r"(forudsætning|assumption|usikkerhed|uncertainty|fælles usikkerhed)",
    "unit": r"(enhed|unit|måleenhed)",
    "number": r"(antal|stk\.?|number|count|quantity|stillinger|årsværk|mængde)",
    "price": r"(pris|stk\.? ?pris|enhedspris|stykpris|sats|takst|price|unit price|rate|(pris|beløb|udgift|omkostning|løn|sats|takst|kr\.?) pr\.? (stk|stykke|person|stilling|årsværk|enhed|barn|familie|borger|plads|år)\.?|løn|(cost|amount|price) (per|each) \w+)",
    "note": r"(note|noter|bemærkning(er)?|kommentar(er)?|kilde|kilder|forklaring|konto|kontonr\.?|nr\.?|psp|art|id|ansvarlig|comment|comments|notes|source|account|no\.?|remarks?)",
}
RANGES = ("low", "mode", "high", "bad", "good")
_IN_PERCENT = re.compile(r"[ ,]*\(?\b(?:i |in )?(?:%|pct\.?|procent|percent)\)?$|[ ,]*\(?(?:i |in )?%\)?$", re.I)
_COLUMNS = {key: re.compile(one, re.I) for key, one in COLUMNS.items()}
PRICE_ROW = re.compile(r"pris|takst|sats|\bpr\.? |\bper\b|price|\brate\b", re.I)


def column(head: str) -> str | None:
    """What a column is, of its heading; None for none that is known."""
    said = " ".join(head.split()).strip(" *:.")
    without_unit = re.sub(r"[ ,(]*(i )?(1\.?000 |mio\.? ?|t\.?)?kr\.?\)?$", "", said).strip()
    for key, pattern in _COLUMNS.items():
        ways = (said, without_unit, f"{said}.", *([_IN_PERCENT.sub("", said)] if key in RANGES else []))
        if any(one and pattern.fullmatch(one) for one in ways):
            return key
    return None


def is_in_percent(head: str) -> bool:
    """Whether a heading says percent: `Lav (%)`."""
    return _IN_PERCENT.search(" ".join(head.split()).strip(" *:.")) is not None


def kind(label: str, heading: bool = False) -> Kind | None:
    """Of which kind a heading or a row says that it is; None where it says none, or several."""
    if FINANCING.search(label) or (heading and FINANCING_HEADING.search(label)):
        return "financing"
    saves, costs = SAVING.search(label), COST.search(SAVING.sub(" ", label))
    if saves and costs and (BETWEEN.search(label) or (heading and not LESS_COST.search(label))):
        return None
    return "saving" if saves else "cost" if costs else None


def signs(said: str) -> Signs | None:
    """What a caption says of signs: `+ = udgift`, `besparelser er angivet med minus`."""
    if PLUS_COST.search(said):
        return "budget"
    return "result" if PLUS_GAIN.search(said) else None


_PRICES = r"(?:priser|prisniveau|pris-? og lønniveau|p ?/ ?l(?:-niveau)?|pl(?:-niveau)?|prices|price level)"
_LEVEL = re.compile(
    rf"\b(?P<a>(?:19|20|21)[0-9]{{2}})[- –]?{_PRICES}(?!\w)|\b{_PRICES}[ :]*(?:\(?(?:of|i|for|fra) )?(?P<b>(?:19|20|21)[0-9]{{2}})\b",
    re.I,
)


def price_levels(said: str) -> list[int]:
    """The years whose prices a caption says that amounts are in: `2028-priser`, `PL 2028`, `2028 p/l`."""
    return [int(found["a"] or found["b"]) for found in _LEVEL.finditer(said)]


_ALONE = re.compile(
    r"(samlede? |drifts?|nye |mer|service)?(udgifter?|omkostninger|besparelser?|gevinster?|investeringer|investering|costs?|savings?|expenses|spending|benefits"
    r"|finansiering|financing)( brutto)?",
    re.I,
)


def is_kind_alone(label: str) -> bool:
    """Whether a row is called by its kind and by nothing else, as totals are."""
    return _ALONE.fullmatch(plain(label)) is not None


_NUMBERED = re.compile(r"\W*(?:(?:tabel|table|skema|oversigt|del) *[0-9]*[a-z]?\b|[0-9]+(?=[.):]))[ .:)–-]*", re.I)
_UNIT_BEHIND = re.compile(
    r"[ ,;:(–-]*\b(?:(?:i|in|hele) )*(?:1[.]?000 ?(?:kr|dkk)|t\.? ?kr|tkr|(?:mio|mill)\.? ?kr|kr|dkk)\b\W*$", re.I
)
_PROPOSAL = re.compile(r"forslag|proposal", re.I)


def caption(said: str, several: bool) -> str | None:
    """Of a caption above a row of years what it calls the table, where that is a kind or the net: `Tabel 2: Besparelser (1.000 kr.)`. several: of several tables it
    may go on, as in `Udgifter til mentorer`; above the only one that would as well be a title."""
    rest = plain(_UNIT_BEHIND.sub("", _NUMBERED.sub("", said, count=1)))
    if is_kind_alone(rest) or is_net(rest):
        return rest
    if several and re.match(r"netto|net\b", rest, re.I):
        return "netto"
    begins = SAVING.match(rest) or COST.match(rest) or FINANCING.match(rest)
    return rest if several and begins and kind(rest, heading=True) and not _PROPOSAL.search(rest) else None
