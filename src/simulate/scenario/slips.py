"""What is wrong with a text that has no reading as a number, and what to write in its place: its own number, wherever it has one."""

import re

from simulate.locale import spoken, text
from simulate.scenario import numbers
from simulate.scenario.numbers import CURRENCY, MONTHS, SIGN, NumberProblem, Usage

_NUMBER = rf"{SIGN}?\s*[0-9](?:[0-9 .,]*[0-9])?"
_THOUSANDS = re.compile(
    rf"(?P<number>{_NUMBER}).*(?:\b1[. ]?000 ?(?:{CURRENCY})\)?|\((?:i |in )?(?:t\.? ?(?:{CURRENCY})|tusinde?r?|thousands?)\.?\))", re.I
)  # fmt: skip
_FRACTION = re.compile(r"(?P<part>[0-9]+)\s*(?:/|(?:ud )?af|(?:out )?of)\s*(?P<whole>[0-9]+)", re.I)
_BY_YEAR = re.compile(r".*[0-9].*\b(?:i|fra|in|from)\s+(?P<year>(?:19|20|21)[0-9]{2})\b.*", re.I)
_MONTH_OF_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}-(?P<number>0?[1-9]|1[0-2])(?:-[0-9]{1,2})?")
_DAY_OF_MONTH = re.compile(rf"[0-9]{{1,2}}\.? *(?P<name>{'|'.join(MONTHS)})[^\W\d_]*\.?(?: *[0-9]{{4}})?", re.I)
_OF_YEARS = re.compile(r"(?P<number>[0-9]{1,3}) *(?:års?|years?)", re.I)
_OF_TIME = re.compile(r".*\b(?:års?|uger?|dage?|døgn|kvartal(?:er)?|years?|weeks?|days?|quarters?)\b.*", re.I)
_COUNTED = re.compile(r"(?P<number>[0-9]+(?:,[0-9]{1,2})?) *[^\W\d_][^0-9]*", re.I)
_TIME = r"md|mdr|måned(?:en)?|år(?:et)?|uge(?:n)?|døgn(?:et)?|dag(?:en)?|time(?:n)?|kvartal(?:et)?|month|year|week|day|hour|quarter"
_FOR_A_TIME = re.compile(
    rf"(?P<number>{_NUMBER}(?: *(?:{CURRENCY}))?(?:,-)?).*?"
    rf"(?:(?:\b(?:pr\.?|per|om)|/) *(?:{_TIME})\b.*|\b(?:årligt?|månedligt?|ugentligt?|dagligt?|yearly|annually|monthly|weekly|daily)\b.*)", re.I
)  # fmt: skip
_FOREIGN = r"eur|euro|usd|sek|nok|gbp|€|\$|£"
_WITH_WORDS = re.compile(
    rf"(?P<number>{_NUMBER}[^()]*?)\s*(?:\((?!.*(?:{_FOREIGN}|000))[^()]*\)|\b(?:gange|times)|(?<=%)-?point)\.?", re.I
)
_PERCENT = r"%|pct\.?|procent|per ?cent"
_SHARE_WITH_WORDS = re.compile(
    rf"(?P<number>{_NUMBER}) *(?:{_PERCENT}) *(?:\b(?:pr\.?|per|om)|/) *(?:{_TIME})\b.*", re.I
)
_FEWER_OR_MORE = re.compile(
    rf"(?P<number>{_NUMBER}) *(?:{_PERCENT}) *(?:(?P<fewer>færre|mindre|lavere|kortere|fewer|less|lower|shorter)|flere|mere|højere|længere|more|higher|longer)\b.*", re.I
)  # fmt: skip
_EACH = re.compile(
    rf"(?P<number>{_NUMBER} *(?:{CURRENCY}|t\.? ?kr\.?)?(?:,-)?) *(?:\b(?:pr\.?|per)|/) *[^\W\d_]+\.?", re.I
)
_PIECES = re.compile(
    rf"(?P<n>[0-9]{{1,3}}) *(?:x|×|stk\.?|gange) *(?:a|à|á)? *(?P<each>{_NUMBER} *(?:{CURRENCY})?)", re.I
)
_LETTERS = {"o": "0", "O": "0", "l": "1", "I": "1"}
_AS_DIGITS = re.compile(rf"(?<=[0-9.,])[{''.join(_LETTERS)}](?=[0-9.,oOlI]|\s|$)")


def said(given: str, usage: Usage, has_words: bool) -> str:
    """The sentence. has_words: whether it is a number with words after it."""
    for one in (_in_thousands, _by_year, _date, _fraction, _letters, _fewer_or_more, _pieces, _with_words):
        found: str | None = one(given, usage)
        if found is not None:
            return found
    return _unit_of_a_count(given) if usage == "count" and has_words else _mistake(given)


def alone(given: str, number: str) -> str:
    """That words stand beside a number."""
    return text("“{given}” is no number alone; write it alone, like {number}, and put the words into a note", given=given, number=number)  # fmt: skip


def _value(given: str, usage: Usage = "money") -> float | None:
    """The number that it is by itself; None where it has no reading."""
    try:
        return numbers.parse(given, usage).value
    except NumberProblem:
        return None


def _in_thousands(given: str, usage: Usage) -> str | None:
    found = _THOUSANDS.fullmatch(given)
    value = None if found is None else _value(found["number"])
    if found is None or value is None:
        return None
    kroner = f"{round(1000 * value):,}".replace(",", ".")
    thousands = f"{value:.0f}" if value.is_integer() else found["number"]
    return text(
        "“{given}” says that it is in thousands; write {thousands} or {kroner}",
        given=given, thousands=f"{thousands} t.kr.", kroner=f"{kroner} kr.",
    )  # fmt: skip


def _by_year(given: str, usage: Usage) -> str | None:
    found = _BY_YEAR.fullmatch(given)
    if found is None or len(re.findall("[0-9]+", given)) < 3:
        return None
    return text("“{given}” is numbers of several years; write them as a list by year, the first one for the first year", given=given)  # fmt: skip


def _date(given: str, usage: Usage) -> str | None:
    """Of a count: mostly of months."""
    if usage != "count":
        return None
    numbered, named = _MONTH_OF_YEAR.fullmatch(given), _DAY_OF_MONTH.fullmatch(given)
    if numbered is None and named is None:
        return None
    month = int(numbered["number"]) if numbered else _month(named["name"])  # type: ignore[index]
    if month == 1:
        return text("“{given}” is a date, where a number is counted; write how many", given=given)
    return text("“{given}” is a date, where a number is counted; write how many, such as {n} for the months from 1 January until then", given=given, n=month - 1)  # fmt: skip


def _month(name: str) -> int:
    return next(i for i, one in enumerate(MONTHS, 1) if re.fullmatch(one, name, re.I))


def _fraction(given: str, usage: Usage) -> str | None:
    found = _FRACTION.fullmatch(given)
    if found is None or not int(found["whole"]) or max(len(found["part"]), len(found["whole"])) > 9:
        return None
    share = int(found["part"]) / int(found["whole"])
    percent, decimal = _decimals(100 * share, 2), _decimals(share, 4)
    if usage in ("count", "money") or not float(f"{100 * share:.2f}"):
        return text("“{given}” is a fraction; write {share}", given=given, share=decimal)
    return text("“{given}” is a fraction; write {percent} or {share}", given=given, percent=f"{percent} %", share=decimal)  # fmt: skip


def _decimals(value: float, most: int) -> str:
    """With so many decimals at most, and never three, which could be thousands."""
    plain = f"{value:.{most}f}".rstrip("0").rstrip(".")
    padded = plain + "0" * (len(plain.partition(".")[2]) == 3)
    return padded.replace(".", spoken(0.5)[1])


def _letters(given: str, usage: Usage) -> str | None:
    """A letter O among the digits."""
    letters = _AS_DIGITS.findall(given)
    right = _AS_DIGITS.sub(lambda one: _LETTERS[one[0]], given)
    if not letters or _value(right, usage) is None:
        return None
    return text("“{given}” has the letter {letter} among its digits; write {right}", given=given, letter=letters[0], right=right)  # fmt: skip


def _fewer_or_more(given: str, usage: Usage) -> str | None:
    """`60 % færre` of a factor: 40 %."""
    found = _FEWER_OR_MORE.fullmatch(given)
    value = None if found is None or usage == "money" else _value(found["number"], "number")
    if found is None or value is None or value < 0 or (found["fewer"] and value > 100):
        return None
    share = f"{_decimals(value, 2)} %"
    factor = f"{_decimals(100 - value if found['fewer'] else 100 + value, 2)} %"
    return (
        text("“{given}” is no number alone; write {factor} if it is multiplied by, and {share} if it is taken off", given=given, factor=factor, share=share)
        if found["fewer"]
        else text("“{given}” is no number alone; write {factor} if it is multiplied by, and {share} if it is added", given=given, factor=factor, share=share)
    )  # fmt: skip


def _pieces(given: str, usage: Usage) -> str | None:
    """`2 x 520.000`, an amount so many times."""
    found = _PIECES.fullmatch(given) if usage == "money" else None
    value = None if found is None else _value(found["each"])
    if found is None or value is None:
        return None
    total = f"{round(int(found['n']) * value):,}".replace(",", ".")
    return text(
        "“{given}” is so many times an amount; write {total}, or, of a line of the budget, {each} here and {n} under `number`",
        given=given, total=f"{total} kr.", each=found["each"].strip(), n=found["n"],
    )  # fmt: skip


def _with_words(given: str, usage: Usage) -> str | None:
    share = _SHARE_WITH_WORDS.fullmatch(given) if usage != "money" else None
    if share is not None and _value(share["number"], "number") is not None:
        return alone(given, f"{share['number']} %")
    each = _EACH.fullmatch(given) if usage == "money" and _FOR_A_TIME.fullmatch(given) is None else None
    if each is not None and _value(each["number"]) is not None:
        return alone(given, each["number"].strip())
    found = _WITH_WORDS.fullmatch(given)
    return None if found is None or _value(found["number"], usage) is None else alone(given, found["number"].strip())


def _unit_of_a_count(given: str) -> str:
    """A number of persons, posts or months that has its unit written beside it: one of time may be another number of months."""
    of_years = _OF_YEARS.fullmatch(given)
    if of_years:
        return text(
            "“{given}” has a unit, where the key itself says what is counted; write the number alone, {months} if months are counted and {years} if "
            "years are.",
            given=given, years=of_years["number"], months=12 * int(of_years["number"]),
        )  # fmt: skip
    found = None if _OF_TIME.fullmatch(given) else _COUNTED.fullmatch(given)
    if found is None:
        return text("“{given}” has a unit, where the key itself says what is counted; write the number alone, in what is counted here.", given=given)  # fmt: skip
    return text(
        "“{given}” has a unit, where the key itself says what is counted; write the number alone: {number}.",
        given=given, number=found["number"],
    )  # fmt: skip


def _for_a_time(given: str) -> str | None:
    found = _FOR_A_TIME.fullmatch(given)
    if found is None or _value(found["number"]) is None:
        return None
    return text(
        "“{given}” says for how long the amount is; write {number} alone if that is the time that is asked for here, and otherwise the amount for that time",
        given=given, number=found["number"].strip(),
    )  # fmt: skip


def _mistake(given: str) -> str:
    """What is wrong with a text that has no reading; the first pattern that fits says it."""
    for_a_time = _for_a_time(given)
    if for_a_time is not None:
        return for_a_time
    sentences = {
        "": text("There is no number here; write one, such as 0 or 465.000 kr."),
        "[-+]?(nan|inf|infinity|∞)": text("“{given}” is no finite number.", given=given),
        rf"({SIGN}|\s)+": text(
            "“{given}” is a sign without a number; write 0 where it is nothing, or digits after it.", given=given
        ),
        rf"{SIGN}\s*({CURRENCY})?\s*{SIGN}.*": text("“{given}” has two signs; write one minus.", given=given),
        rf".*[0-9].*\(?\b1[. ]?000 ?({CURRENCY})\)?": text(
            "“{given}” says that it is in thousands; write t.kr. after its number", given=given
        ),
        r"\(.*\).*": text("“{given}” has brackets; write a negative number like -500.", given=given),
        r"[^/]*[0-9]\s*/\s*[0-9].*": text("“{given}” is a fraction; write what it comes to", given=given),
        r".*[0-9].*?([-–—−±]|\.\.|\btil\b|\bto\b)\s*[0-9].*": text(
            "“{given}” is more than one number; an uncertain number is an assumption with an uncertainty, "
            "and its name stands here.",
            given=given,
        ),
        ".*,[-−–].*": text("“{given}” has ,- after something other than whole kroner.", given=given),
        ".*[0-9.,] *[-−–]": text("“{given}” ends in a minus; write it before the number.", given=given),
        rf"{SIGN}?\s*[.,][0-9].*": text("“{given}” lacks a 0 before the decimal mark.", given=given),
        r".*(?![0-9])\d.*": text("“{given}” has digits other than 0 to 9; write it with those.", given=given),
        r".*[0-9 ](billions?|billioner)\b.*": text(
            "“{given}” can be read two ways: a billion is 1,000 million in English and 1,000,000 million "
            "in Danish. Write mia. for 1,000 million.",
            given=given,
        ),
        rf"{SIGN}?[0-9][^+*×·⋅]*[*×·⋅+] *[0-9].*": text(
            "“{given}” is a calculation with numbers alone; write what it comes to, or make its numbers assumptions.",
            given=given,
        ),
        rf"{SIGN}? *({CURRENCY})? *{SIGN}? *[0-9][0-9 .,]*(%|[^\W\d_]).*": text(
            "“{given}” needs one known unit, such as kr., DKK, t.kr., mio. kr., mia. kr., million or %.",
            given=given,
        ),
        "[^‰]*[0-9][0-9.,]* *‰": text("“{given}” is per mille; write it in per cent", given=given),
        r"[-+]?[0-9]{1,3}(['’´][0-9]{3})+": text(
            "“{given}” has a mark that is none of a number; write {right}",
            given=given,
            right=re.sub("['’´]", ".", given),
        ),
        ".*": text("“{given}” is not a number; write it like 465.000 kr., 15 % or 0,15.", given=given),
    }
    return next(said for pattern, said in sentences.items() if re.fullmatch(pattern, given, re.I))
