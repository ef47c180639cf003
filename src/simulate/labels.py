"""What the label of a row says that it is, by the words of Danish and English budgets."""

from __future__ import annotations

import re

_SAVED = (
    r"bespar\w*|\bspar(et|ede|er)?\b|reduktion\w*|reducere\w*|mindre[ -]?udgift\w*|lavere \w*(udgift|omkostning|forbrug)\w*|mindre[ -]?forbrug|mindre[ -]?omkostning\w*|\bfærre\b"
    r"|undgåe\w*|saving\w*|\bavoided\b|\breduc\w+|\bfewer\b"
)
SAVED = re.compile(_SAVED, re.I)
"""Money that is not spent."""
SAVING = re.compile(rf"{_SAVED}|gevinst\w*|effektiviser\w*|mer[ -]?indtægt\w*|\bbenefits\b", re.I)
COST = re.compile(
    r"\w*udgift\w*|\w*omkostning\w*|investering\w*|\bcosts?\b|\bexpen\w+|\boutlays?\b|\bspending\b",
    re.I,
)
MORE_COST = re.compile(
    r"\b(mer|ekstra|øgede|højere)[ -]?(\w*udgift|\w*omkostning|forbrug)\w*(?!.*§)|\b(additional|extra|increased|higher) (\w+ )?(costs?|expen\w+|spending)\b",
    re.I,
)
"""Of a cost that comes on top. Where a paragraph of an act follows, it is the name of a benefit."""
FINANCING = re.compile(
    r"^[\W\d]*((ekstern\w* |statslig\w* |anden )?(finansiering(?!sbehov)|medfinansiering|((sats)?pulje|fonds?|stats?|projekt|eu-?|tilskuds|donations?|regions?|sponsor)-?finansiering\w*|finansieres|tilskud fra|statstilskud|puljetilskud|fonds?(tilskud|støtte|bevilling))"
    r"|eksternt? finansiere\w*|(ekstern\w* |statslig\w* )?((pulje|satspulje|fonds?|eu-?|stats?)midler|puljepenge)|(bidrag|støtte|bevilling(er)?|(?!hjælpe|læge|føde)\w*midler) fra|donation\w*"
    r"|financing|funding|funded by|(external )?grants?\b|donations?\b)",
    re.I,
)
OWN_FUNDS = re.compile(
    r"\b(kommunal |kommunens )?(egen|kasse)-? ?finansier\w*|\begne (midler|penge)\b|\beget (bidrag|budget)\b|\begen(ramme\w*| (ramme\w*|kasse|andel|medfinansiering|bevilling))\b"
    r"|\blåne?(finansier|optag)\w*|\bown (funds?|funding|financing|contribution|resources|share)\b|\bself-?(financ|fund)\w*",
    re.I,
)
OWN_PART = re.compile(
    rf"{OWN_FUNDS.pattern}|\b(egne|eget)\b|\begen (?!betaling)|\bintern\w* finansier|\bomprioriter\w*|\beksisterende (midler|budget\w*|bevilling\w*|ramme\w*)|\binden for (den |de |egen |egne |eksisterende |nuværende |kommunens )*\w*ramme\w*|\bkommun(al\w*|ens) (egen |egne |andel af )?(\w*finansiering|andel|bidrag|tilskud|midler|indskud|betaling|ramme)\b"
    r"|\b(\w*finansier\w*|bidrag|tilskud|midler|andel) (fra|af) (kommunen|kommunens|forvaltningen|kommunekassen|kassen)\b|\bmunicipal(ity's)? (own )?((co-?)?(funding|financing)|contribution|share|part)\b"
    r"|\b(contribution|funding|financing|funded|financed) (from|by) the municipality\b|\bwithin existing budgets?\b",
    re.I,
)
"""Among what others pay: the municipality's own."""
ONE_OFF = re.compile(r"\bengangs\w*|\bén ?gangs\w*|\béngangs\w*|\bone[ -]?(off|time)\b", re.I)

OF_WHICH = re.compile(r"^[\W\d]*(heraf|deraf|hvoraf|of which)\b", re.I)
TOTAL = re.compile(
    r"\bi ?alt\b|\btotal(er|t|en)?\b|\b(sub)?sum\b|\bsubtotal\b|\bdelsum\b|\bmellem(sum|total)\b|\bsammenlagt\b"
    r"|^\W*samle(t|de) (\w*udgift|\w*omkostning|\w*bespar|gevinst|finansiering|reduktion)",
    re.I,
)
DIFFERENCE = re.compile(
    rf"({COST.pattern}) \W*(minus|fratrukket|less|-|–|−)\W* ({SAVING.pattern})|({SAVING.pattern}) \W*(minus|fratrukket|less|-|–|−)\W* ({COST.pattern})",
    re.I,
)
NET = re.compile(
    r"(samle(t|de) )?(årlig\w* )?(netto|nettoudgift\w*|nettobespar\w*|nettogevinst\w*|nettoresultat\w*|nettovirkning\w*|nettoeffekt\w*|nettoprovenu"
    r"|nettobudget|nettoomkostning\w*|netto ?udgift\w*|provenu|resultat|balance|saldo|bundlinje|forskel|overskud|overskud ?/ ?underskud"
    r"|net|net (saving|savings|benefit|cost|costs|result|total)|balance|bottom line|result|surplus)"
    r"( i ?alt| total| pr\.? år| efter finansiering| before financing| after financing| før finansiering)*",
    re.I,
)
_IN_ALL = re.compile(r"\bsamlet\b|\bin all\b", re.I)


def plain(label: str) -> str:
    """A label without footnote marks, bullets and what stands in brackets at its end."""
    label = re.sub(r"^\s*[0-9]+([.][0-9]+)*[.)]? +", "", label)
    found = re.sub(r"\s*\([^)]*\)\s*[*:]*\s*$", "", label).strip(" \t*:.-–•=")
    return re.sub(r"[,;]? (i|in) (1\.?000 |mio\.? |t)?kr\.?$", "", found).strip(" ,:*")


def is_net(label: str) -> bool:
    said = plain(label)
    return NET.fullmatch(said) is not None or DIFFERENCE.fullmatch(said) is not None


def is_sum(label: str) -> bool:
    """Whether a row may be what others come to, and none of its own."""
    return is_net(label) or any(one.search(label) for one in (TOTAL, _IN_ALL))
