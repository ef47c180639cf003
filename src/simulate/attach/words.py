"""The words by which Danish and English budgets say what a row, a column or a heading is."""

from __future__ import annotations

import re
from typing import Literal

from simulate.attach.tables import Kind, Signs
from simulate.labels import COST as COST
from simulate.labels import DIFFERENCE as DIFFERENCE
from simulate.labels import FINANCING as FINANCING
from simulate.labels import NET as NET
from simulate.labels import OF_WHICH as OF_WHICH
from simulate.labels import OWN_FUNDS as OWN_FUNDS
from simulate.labels import OWN_PART as OWN_PART
from simulate.labels import SAVING as SAVING
from simulate.labels import TOTAL as TOTAL
from simulate.labels import is_net as is_net
from simulate.labels import plain as plain

OTHERS_MONEY = re.compile(
    r"\bfond(en|ene|e|s)?\b|\w{3,}fond(en|e)?\b|\beksternt? finansier|finansieret (af|fra)\b|styrelsen\b|ministeriet\b|\bpuljen?\b|\bdonation|(pulje|fonds|projekt|eu-|stats)midler|\bpulje(penge|bevilling)|\b(stats)?tilskud fra|\bstatstilskud"
    r"|\b(?!med|netto|rest)\w{2,}finansiering"
    r"|\bfoundation\b|\bfunded by\b|\bgrants? from\b|\bministry\b",
    re.I,
)  # anywhere in a name: what others may well pay
A_MUNICIPALITY = re.compile(r"\bkommunen?s?\b|\bmunicipality\b", re.I)
THE_REST = re.compile(r"^[\W\d]*(øvrige?|andre|anden|andet|diverse|other|miscellaneous|sundry)\b", re.I)
FINANCING_HEADING = re.compile(r"^[\W\d]*(ekstern\w* |statslig\w* )?tilskud\W*$", re.I)
GAINS_HEADING = re.compile(
    r"\W*(forvente\w+ )?(afkast|virkning(er)?|effekt(er)?|(netto)?gevinst(er)?|provenu|return)( \((i )?(1\.?000|t\.?|mio\.?|hele)? ?kr\.?\))?\W*",
    re.I,
)  # as a heading behind costs: what these bring; as the name of a row such a word may be the result
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
MUNICIPAL = re.compile(
    r"\bkommun(ens|alt?|ale)\b|\brest(en|beløb\w*|udgift\w*|finansiering\w*)?\b|\bmunicipal(ity's)?\b|\bremainder\b",
    re.I,
)  # of a row that is costs less financing: what the municipality is left with
ACCUMULATED = re.compile(r"\bakk\b|\bkum\b|akkumuler|kumuler|cumulat|accumulat|running total", re.I)
DISCOUNTED = re.compile(
    r"nutidsværdi\w*|\bnuværdi\w*|\b(tilbage)?diskonter\w*|\bpresent value|\bnpv\b|\bdiscount(ed|ing)\b|\bdiscount (factor|rate)",
    re.I,
)
GAIN = re.compile(r"provenu|overskud|gevinst|bespar|saving|benefit|surplus", re.I)
NET_COST = re.compile(r"udgift|omkostning|cost|budget", re.I)
COUNT = re.compile(
    r"^[\W\d]*(antal|number of)\b|^\W*(hel)?års(personer|værk)\b|^\W*personer\b|\((antal|personer|årsværk|årspersoner|stk|åp|åe)\.?\)\W*$"
    r"|^\W*(personer|familier|børn|borgere|stillinger|persons|families|children|posts)\W*$",
    re.I,
)
PERCENT = re.compile(r"(^|\b(i|in) |[(,] ?)(%|pct\.?|procent|percent|per cent)\)?\W*$", re.I)

SHARE = re.compile(r"^\W*(andel|share|procent)", re.I)

_PERCENT = r"(?:%|pct\.?|procent|percent)"
_MONEY = r"(?:hele )?(?:1\.?000 ?|mio\.? ?|t\.? ?)?kr\.?"
_GUESS = r"(?: ?(?:skøn|estimat|bud|værdi|estimate|guess|value))"
_NOUN = r"(?: ?(?:skøn|estimat|bud|værdi|grænse|scenari\w*|niveau|beløb|tal|udfald|case|ende|estimate|guess|bound|limit|value))"
COLUMNS = {
    "total": r"(sum|i ?alt|total(t)?|hele perioden|samlet|\d{4} ?[-–/] ?\d{2,4}( i ?alt| total)?|i ?alt \d{4} ?[-–/] ?\d{2,4}|over the period)",
    "low": rf"((lav|lavt|laveste|lavest|minimums?|min\.?|mindste?|nedre|low|lowest|lower){_NOUN}?|undergrænse)",
    "mode": rf"((sandsynlig\w*|mest sandsynlig\w*|forventet|forventede|mid|middel|likely|most likely|mode){_GUESS}?|(bedste|mellem|centralt?|hoved|best){_GUESS}|(middel|mellem)grænse)",
    "high": rf"((høj|højt|højeste|højest|højst|maksimums?|maks\.?|max\.?|maximum|største|øvre|high|highest|upper){_NOUN}?|overgrænse)",
    "bad": rf"((pessimistisk\w*|værste?|værste (fald|tilfælde)|worst|pessimistic){_NOUN}?)",
    "good": rf"((optimistisk\w*|bedste?|bedste (fald|tilfælde)|best|optimistic){_NOUN}?)",
    "from": r"(fra|from)",
    "to": r"(til|to)",
    "half": rf"((usikkerhed|uncertainty|spænd)[ ,(]*)?(±|\+ ?/ ?[-−–]|\+[-−–]|plus/minus)[ ,(]*((i )?({_PERCENT}|{_MONEY}))?\)?|(usikkerhed|uncertainty)[ ,(]+(i |in )?({_PERCENT}|{_MONEY})\)?",
    "name": r"(forudsætning|assumption|usikkerhed|uncertainty|fælles usikkerhed)",
    "unit": r"(enhed|unit|måleenhed)",
    "number": r"(antal|stk\.?|number|count|quantity|stillinger|årsværk|mængde)",
    "price": r"(pris|stk\.? ?pris|enhedspris|stykpris|sats|takst|price|unit price|rate|(pris|beløb|udgift|omkostning|løn|sats|takst|kr\.?) pr\.? (stk|stykke|person|stilling|årsværk|enhed|barn|familie|borger|plads|år)\.?|løn|(cost|amount|price) (per|each) \w+)",
    "note": r"(note|noter|bemærkning(er)?|kommentar(er)?|kilde|kilder|forklaring|konto|kontonr\.?|nr\.?|psp|art|id|ansvarlig|comment|comments|notes|source|account|no\.?|remarks?)",
}
RANGES = ("low", "mode", "high", "bad", "good")

_IN_PERCENT = re.compile(r"[ ,]*\(?\b(?:i |in )?(?:%|pct\.?|procent|percent)\)?$|[ ,]*\(?(?:i |in )?%\)?$", re.I)
_OF_TOTAL = (
    r"(?:[0-9]{4} ?[-–/] ?[0-9]{2,4}|i ?alt|totalt?|samlet|(?:i |over )?hele perioden|alle år|in total|all years)"
)
_OF_YEAR = r"(?:pr\.? ?år|årligt?|om året|per år|a year|per year|yearly)"
_OF = re.compile(rf"[ ,(]+(?:{_OF_TOTAL}|{_OF_YEAR})\)?$|^{_OF_TOTAL}[ ,:(–-]+(?=\w)", re.I)
_OF_UNIT = re.compile(rf"[ ,(]+(?:i )?{_MONEY}\)?$", re.I)
_DEVIATES = re.compile(rf"(?: |\()(?P<sign>[-−–+]) ?{_PERCENT}?\)?$|^(?P<alone>[-−–+]) ?{_PERCENT}$", re.I)
_LIKE_A_RANGE = re.compile(
    r"\bp ?[0-9]{1,2}\b|interval|spænd|usikker|uncertain|fraktil|percentil|konfidens|±|\+ ?/ ?-|\b(lav|lave|laveste|lavest|lavt|høj|højt|højeste|højest|min|maks|max|minimum|maksimum|nedre|øvre)\b|^\W*(fra|til)\W*$"
    r"|skøn\b|estimat|worst|\bbest|pessimis|optimis|\brange\b|\b(low|high)",
    re.I,
)
_OF_COURSES = re.compile(r"\bp ?[0-9]{1,2}\b|fraktil|percentil|\(? ?[0-9]{1,2} ?(%|pct)", re.I)
_COLUMNS = {key: re.compile(one, re.I) for key, one in COLUMNS.items()}
PRICE_ROW = re.compile(r"pris|takst|sats|\bpr\.? |\bper\b|price|\brate\b", re.I)


def column(head: str) -> str | None:
    """What a column is, of its heading; None for none that is known."""
    said = " ".join(head.split()).strip(" *:.")
    without_unit = re.sub(r"[ ,(]*(i )?(1\.?000 |mio\.? ?|t\.?)?kr\.?\)?$", "", said).strip()
    if found := _DEVIATES.search(said):
        alone = found["alone"]
        if alone is not None:
            return "high" if alone == "+" else "low"
    for key, pattern in _COLUMNS.items():
        ways = (
            said,
            without_unit,
            f"{said}.",
            *([_bare(said)] if key in (*RANGES, "from", "to") else []),
            *([_OF.sub("", said)] if key == "half" else []),
        )
        if any(one and pattern.fullmatch(one) for one in ways):
            return key
    return None


def _bare(said: str) -> str:
    """A heading of a range without what its numbers are in, and of: `Lav (i alt)`, `Maks. (+), %`."""
    while True:
        shorter = said
        for pattern in (_DEVIATES, _IN_PERCENT, _OF, _OF_UNIT):
            shorter = pattern.sub("", shorter).strip(" ,:")
        if shorter == said:
            return said
        said = shorter


def range_of(head: str) -> Literal["year", "total"] | None:
    """What the heading of a range says that it is of."""
    said = " ".join(head.split()).strip(" *:.")
    if re.search(rf"\b{_OF_TOTAL}\b", said, re.I):
        return "total"
    return "year" if re.search(rf"\b{_OF_YEAR}(?!\w)", said, re.I) else None


def deviates(head: str) -> bool:
    """Whether the heading of a range says that it is so much less, or more: `Min (-)`, `Maks (+)`."""
    return _DEVIATES.search(" ".join(head.split()).strip(" *:.")) is not None


def is_like_a_range(head: str) -> bool:
    """Whether a heading may well be of a range, in words that are none of those that are read."""
    return _LIKE_A_RANGE.search(head) is not None


def is_of_courses(head: str) -> bool:
    """Whether a heading says a percentile: `P10`, `Lav (10 %)`."""
    return _OF_COURSES.search(head) is not None


def is_in_percent(head: str) -> bool:
    """Whether a heading says percent: `Lav (%)`."""
    return _IN_PERCENT.search(" ".join(head.split()).strip(" *:.")) is not None


def kind(label: str, heading: bool = False) -> Kind | None:
    """Of which kind a heading or a row says that it is; None where it says none, or several."""
    if heading:  # what a caption says of signs is no heading of these
        label = PLUS_GAIN.sub(" ", PLUS_COST.sub(" ", label))
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


def without_price_level(said: str) -> str:
    return _LEVEL.sub(" ", said)


def is_net_cost(label: str) -> bool:
    """Whether a result calls itself what is paid, and not what is gained: `nettoudgift`, `udgifter minus besparelser`."""
    first = DIFFERENCE.search(label)
    if first:
        return COST.match(first[0]) is not None and SAVING.match(first[0]) is None
    return NET_COST.search(label) is not None


def is_own(label: str, of_financing: bool) -> bool:
    """Whether a row is the municipality's own money. of_financing: it stands among what others pay, where less says so."""
    return (OWN_PART if of_financing else OWN_FUNDS).search(label) is not None


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
