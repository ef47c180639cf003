"""The sheets of a case: their columns, headings in both languages, which key of the case each is, and what its cells hold.

This is the one place that says so; reading and writing go by it. What a row has and no column says stands in its column *More*, what no sheet
has in the sheet *Other*, both as a case's text file has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache

from simulate import locale
from simulate.distributions import KINDS, LENGTHS
from simulate.locale import Language
from simulate.scenario.danish import folded

Key = tuple[str | int, ...]


class Kind(Enum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"  # as typed, an assumption's name, a calculation; several with ; between them, or as `2027: 100; 2029: 50`
    WHOLE = "whole number"
    TRUTH = "yes or no"
    CHOICE = "choice"
    MONTH = "month"
    ONCE = "year or month"
    NAMES = "names"  # with ; between them
    BY_NAME = "numbers by name"  # `region: 10 %; stat: 20 %`
    TOML = "table"  # as a case's text file has it
    UNREAD = "explanation"


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    da: str
    en: str

    def said(self, language: Language) -> str:
        return self.da if language == "da" else self.en

    @property
    def spoken(self) -> str:
        """In the language in force."""
        return self.said(locale.language())


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chooses, and what the case has for it. A value that ends in a colon is the beginning of a text."""

    value: str
    words: Words


@dataclass(frozen=True, slots=True)
class Column:
    """key: of the row's table. also: other headings that mean it. as_written: the number of its decimals tells how exact it is."""

    key: Key
    title: Words
    kind: Kind
    note: Words
    choices: tuple[Choice, ...] = ()
    also: tuple[str, ...] = ()
    needed: bool = False
    as_written: bool = False

    def is_called(self, heading: str) -> bool:
        return folded(heading) in {folded(one) for one in (self.title.da, self.title.en, *self.also)}

    @property
    def is_name(self) -> bool:
        """Whether what stands in it is known by it elsewhere."""
        return self.kind is Kind.TEXT and (self.key[-1] in NAMES or self.key[0] == "between")


NAMES = ("name", "family", "role", "state", "from", "to", "label", "line", "area", "when_target")
"""Keys of what others may speak of, or that speak of others: blanks around it, which nobody sees, do not count."""


class Shape(Enum):
    """How the rows of a sheet stand in the case."""

    FIELDS = "a row for each key"
    NAMED = "a row for each named table"
    LISTED = "a row for each table of a list"
    STATES = "a row for each state, and one for a role's own"
    MOVES = "a row for each move, or for each chance since arrival"
    ENTRIES = "a row for each month in which families enter"
    REPORTED = "a row for each series of figures"
    INDEX = "a row for each year"
    OTHER = "a row for each place"


@dataclass(frozen=True, slots=True)
class Family:
    """Columns of which there may be any number. first: what their headings begin with, where they do not say it all."""

    key: Key
    first: Words
    note: Words


@dataclass(frozen=True, slots=True)
class Sheet:
    """key: of the case. years: the key whose list by year stands in columns of years; members: such columns with a name in their heading."""

    key: str
    shape: Shape
    title: Words
    about: Words
    columns: tuple[Column, ...]
    years: str = ""
    members: Family | None = None
    percentiles: bool = False
    more: bool = True
    also: tuple[str, ...] = field(default=())

    def is_called(self, name: str) -> bool:
        return folded(name) in {folded(one) for one in (self.title.da, self.title.en, *self.also)}

    def column(self, *key: str | int) -> Column:
        return next(one for one in self.columns if one.key == key)


def _column(
    key: str | Key, da: str, en: str, kind: Kind = Kind.NUMBER, note: tuple[str, str] = ("", ""), **more: object
) -> Column:
    return Column(key if isinstance(key, tuple) else (key,), Words(da, en), kind, Words(*note), **more)  # type: ignore[arg-type]


def _choices(**said: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value.replace("_", "-"), Words(*words)) for value, words in said.items())


SOURCE = _column("source", "Kilde", "Source", Kind.TEXT, ("Hvor tallet kommer fra: dokument og side.", "Where the number comes from: a document and page."))  # fmt: skip
NOTE = _column("note", "Bemærkning", "Note", Kind.TEXT, ("Hvad en læser bør vide.", "What a reader should know."))
MORE = _column("more", "Mere", "More", Kind.TOML, (
    "Hvad rækken ellers har, og ingen kolonne er til, skrevet som i en tekstfil: { nøgle = tal }.",
    "What else the row has, and no column is for, written as in a text file: { key = number }."))  # fmt: skip
ORDER = _column("no", "Nr.", "No.", Kind.WHOLE, (
    "Rækkefølgen. Den afgør, hvilke tilfældige tal hver forudsætning får: lad numrene stå, når rækkerne sorteres.",
    "The order. It decides which random numbers each assumption gets: leave the numbers as they are when rows are sorted."),
    also=("nr", "nummer", "no", "number"))  # fmt: skip
AREA = _column("area", "Område", "Area", Kind.TEXT, ("Området i budgettet. Tom: intet område.", "The area of the budget. Empty: none."), also=("budgetområde",))  # fmt: skip
PRICE_LEVEL = _column("price_level", "Prisniveau", "Price level", Kind.WHOLE, (
    "Året, hvis priser beløbet er i, hvis det ikke er sagens.", "The year whose prices the amount is in, if not the case's."))  # fmt: skip
INDEXATION = _column("indexation", "Fremskrivning", "Indexation", Kind.NUMBER, (
    "Pr. år, i stedet for sagens.", "A year, in place of the case's."))  # fmt: skip
CASHABLE = _column("cashable", "Realiserbar", "Cashable", Kind.TRUTH, (
    "nej: nogen skal beslutte at tage pengene ud af budgettet. Tom: ja.",
    "no: someone must decide to take the money out of the budget. Empty: yes."))  # fmt: skip
ROLE = _column("role", "Rolle", "Role", Kind.TEXT, ("Som i arket Roller og tilstande.", "As in the sheet Roles and states."), needed=True)  # fmt: skip
STATE = _column("state", "Tilstand", "State", Kind.TEXT, ("Som i arket Roller og tilstande.", "As in the sheet Roles and states."), needed=True)  # fmt: skip

DISTRIBUTIONS = _choices(
    beta=("beta", "beta"), pert=("pert", "pert"), triangular=("trekant", "triangular"), uniform=("jævn", "uniform"),
    normal=("normal", "normal"), lognormal=("lognormal", "lognormal"), gamma=("gamma", "gamma"),
    quantiles=("fraktiler", "quantiles"), choices=("enten-eller", "choices"),
)  # fmt: skip
LENGTH_SHAPES = _choices(gamma=("gamma", "gamma"), weibull=("weibull", "weibull"), lognormal=("lognormal", "lognormal"))
ARMS = _choices(programme=("med indsatsen", "programme"), baseline=("uden indsatsen", "baseline"))
OF_TARGET = (
    Choice("provenu", Words("provenu", "provenu")), Choice("savings", Words("besparelser", "savings")),
    Choice("cashable", Words("realiserbare besparelser", "cashable")), Choice("line:", Words("post:", "line:")),
    Choice("area:", Words("område:", "area:")), Choice("payer:", Words("betaler:", "payer:")),
)  # fmt: skip
OF_FIGURES = (
    Choice("provenu", Words("provenu", "provenu")), Choice("costs", Words("udgifter", "costs")),
    Choice("savings", Words("besparelser", "savings")), Choice("line:", Words("post:", "line:")),
    Choice("person_years:", Words("årspersoner:", "person-years:")), Choice("arrivals:", Words("ankomster:", "arrivals:")),
)  # fmt: skip
HOW = _choices(
    entry=("ved start", "at entry"), yearly=("pr. år", "a year"), quarterly=("pr. kvartal", "a quarter"),
    monthly=("pr. måned", "a month"), after=("efter måneder", "after months"),
)  # fmt: skip
EFFECTS = (
    Choice("plus", Words("lægges til", "plus")), Choice("minus", Words("trækkes fra", "minus")),
    Choice("times", Words("ganges med", "times")), Choice("hazard_ratio", Words("risikoen ganges med", "hazard ratio")),
    Choice("programme", Words("er med indsatsen", "is with the programme")),
)  # fmt: skip

CASE = Sheet(
    "", Shape.FIELDS, Words("Sagen", "Case"),
    Words("Hvad sagen hedder, hvilke år den gælder, og hvordan der regnes.", "What the case is called, which years it covers, and how it is counted."),
    (
        _column("format", "Format", "Format", Kind.WHOLE, ("Altid 1.", "Always 1.")),
        _column("title", "Titel", "Title", Kind.TEXT, ("Hvad indsatsen hedder.", "What the programme is called.")),
        _column("municipality", "Kommune", "Municipality", Kind.TEXT, ("Som den skal stå i det, der udskrives.", "As it is to stand in what is printed.")),
        _column("language", "Sprog", "Language", Kind.CHOICE, ("Sproget i det, der udskrives. Tom: dansk.", "The language of what is printed. Empty: Danish."),
                choices=_choices(da=("dansk", "Danish"), en=("engelsk", "English"))),
        _column("source", "Kilde", "Source", Kind.TEXT, ("Det dokument, sagen er bygget på.", "The document that the case is built on.")),
        _column("note", "Bemærkning", "Note", Kind.TEXT, ("Hvad en læser bør vide om sagen.", "What a reader should know of the case.")),
        _column(("time", "first_year"), "Første år", "First year", Kind.WHOLE, ("Beregningen begynder 1. januar i dette år.", "The horizon begins on 1 January of this year.")),
        _column(("time", "years"), "Antal år", "Number of years", Kind.WHOLE, ("Hele kalenderår.", "Whole calendar years.")),
        _column(("money", "currency"), "Valuta", "Currency", Kind.TEXT, ("Tom: DKK.", "Empty: DKK.")),
        _column(("money", "unit"), "Beløb er i", "Amounts are in", Kind.TEXT, (
            "Hvad beløb uden egen enhed er i: kr., 1.000 kr. eller mio. kr. Tom: kr.", "What amounts without a unit of their own are in: kr., 1.000 kr. or mio. kr. Empty: kr.")),
        _column(("money", "price_level"), "Prisniveau", "Price level", Kind.WHOLE, ("Året, hvis priser beløbene er i. Tom: det siges ikke.", "The year whose prices the amounts are in. Empty: it is not said.")),
        _column(("money", "discount_rate"), "Diskonteringsrente", "Discount rate", Kind.NUMBER, (
            "Pr. år; giver nutidsværdier ved siden af. Tom: 0.", "A year; gives present values beside. Empty: 0.")),
        _column(("money", "indexation"), "Fremskrivning", "Indexation", Kind.NUMBER, (
            "Pr. år, af alle priser og poster. Tom: 0.", "A year, on every price and budget line. Empty: 0.")),
        _column("payers", "Andre betalere", "Other payers", Kind.NAMES, (
            "Hvem der betaler ud over kommunen og staten, med ; imellem.", "Who pays beside the municipality and the state, with ; between them.")),
        _column("shared", "Fælles forudsætninger", "Shared assumptions", Kind.NAMES, (
            "Af en portefølje: forudsætninger, der er ét tal for alle projekter, med ; imellem.", "Of a portfolio: assumptions that are one number for all, with ; between them.")),
        _column(("implementation", "start_months_later"), "Begynder måneder senere", "Starts months later", Kind.NUMBER, (
            "Så mange måneder senere end planlagt.", "So many months later than planned.")),
        _column(("implementation", "costs_wait"), "Udgifterne venter", "Costs wait", Kind.TRUTH, (
            "ja: budgettets poster begynder lige så meget senere. Tom: nej.", "yes: budget lines begin as much later. Empty: no.")),
        _column(("implementation", "reached"), "Nåede familier", "Families reached", Kind.NUMBER, (
            "Andel af de planlagte familier.", "Share of the planned families.")),
        _column(("implementation", "drop_out", "share"), "Frafald", "Drop-out", Kind.NUMBER, (
            "Andel af dem, der kommer.", "Share of those who come.")),
        _column(("implementation", "drop_out", "after_months"), "Frafald efter måneder", "Drop-out after months", Kind.NUMBER, (
            "Regnet fra familiens begyndelse.", "Counted from the family's entry.")),
        _column(("implementation", "places"), "Pladser", "Places", Kind.NUMBER, (
            "Hvad poster pr. plads betales for.", "What budget lines per place are paid for.")),
        _column(("implementation", "filled"), "Belægning", "Places filled", Kind.NUMBER, (
            "Andel af de planlagte familier, der kommer.", "The share of the planned families who come.")),
        _column(("implementation", "programme_years"), "Projektet varer år", "Programme lasts years", Kind.NUMBER, (
            "Derefter begynder ingen familier; de hjulpne følges til sidste år.", "No family begins after that; those helped are followed to the last year.")),
        _column(("implementation", "source"), "Gennemførelse: kilde", "Implementation: source", Kind.TEXT),
        _column(("implementation", "note"), "Gennemførelse: bemærkning", "Implementation: note", Kind.TEXT),
        _column(("simulation", "draws"), "Antal forløb", "Draws", Kind.WHOLE, ("Tom: 16384.", "Empty: 16384.")),
        _column(("simulation", "seed"), "Seed", "Seed", Kind.WHOLE, (
            "Det samme seed giver de samme tilfældige tal. Tom: 1.", "The same seed gives the same random numbers. Empty: 1.")),
        _column(("simulation", "design"), "Fordeling af forløb", "Design", Kind.CHOICE, ("Tom: sobol.", "Empty: sobol."),
                choices=_choices(sobol=("sobol", "sobol"), lhs=("lhs", "lhs"), random=("tilfældig", "random"))),
        _column(("simulation", "counterfactual"), "Livet uden indsatsen", "Life without the programme", Kind.CHOICE, (
            "Hvordan det opgøres. Tom: forventet.", "How it is counted. Empty: expected."),
                choices=_choices(expected=("forventet", "expected"), same_luck=("samme tilfældigheder", "same luck"), own_luck=("egne tilfældigheder", "own luck"))),
    ), more=False,
)  # fmt: skip

ASSUMPTIONS = Sheet(
    "assumptions", Shape.NAMED, Words("Forudsætninger", "Assumptions"),
    Words("Tal med et navn, hvor usikre de er, og hvor de kommer fra.", "Numbers with a name, how uncertain they are, and where they come from."),
    (
        ORDER,
        _column("name", "Navn", "Name", Kind.TEXT, ("Det, der skrives i stedet for tallet i de andre ark.", "What is written in place of the number in the other sheets."), needed=True),
        _column("label", "Betegnelse", "Label", Kind.TEXT, ("Hvad den hedder i det, der udskrives.", "What it is called in what is printed.")),
        _column("unit", "Enhed", "Unit", Kind.TEXT, ("Fx andel af de voksne.", "Such as share of the adults.")),
        _column("value", "Værdi", "Value", Kind.NUMBER, (
            "Et tal, en beregning med andre navne, eller et tal for hvert år i kolonnerne med årstal.", "A number, a calculation with other names, or a number for each year in the columns of years.")),
        _column(("uncertainty", "kind"), "Usikkerhed", "Uncertainty", Kind.CHOICE, (
            "Slagsen; den afgør, hvilke af de næste kolonner der udfyldes. Tom: sikker.", "The kind; it decides which of the next columns are filled in. Empty: certain."), choices=DISTRIBUTIONS),
        _column(("uncertainty", "low"), "Lavest", "Lowest", Kind.NUMBER, ("Det laveste, der er tænkeligt. Tom ved normal og fraktiler: ingen grænse.", "The lowest that can be thought of. Empty with normal and quantiles: no limit.")),
        _column(("uncertainty", "mode"), "Mest sandsynlig", "Most likely", Kind.NUMBER, ("Ved pert og trekant.", "With pert and triangular.")),
        _column(("uncertainty", "high"), "Højest", "Highest", Kind.NUMBER, ("Det højeste, der er tænkeligt. Tom ved normal og fraktiler: ingen grænse.", "The highest that can be thought of. Empty with normal and quantiles: no limit.")),
        _column(("uncertainty", "mean"), "Middelværdi", "Mean", Kind.NUMBER, ("Ved normal, lognormal, gamma og beta.", "With normal, lognormal, gamma and beta.")),
        _column(("uncertainty", "sd"), "Spredning", "Standard deviation", Kind.NUMBER, ("Ved normal, lognormal, gamma og beta.", "With normal, lognormal, gamma and beta.")),
        _column(("uncertainty", "relative_sd"), "Relativ spredning", "Relative standard deviation", Kind.NUMBER, (
            "Som andel af værdien, i stedet for middelværdi og spredning.", "As a share of the value, in place of mean and standard deviation.")),
        _column(("uncertainty", "successes"), "Lykkedes", "Successes", Kind.NUMBER, ("Ved beta: så mange af dem, der er talt.", "With beta: so many of those counted.")),
        _column(("uncertainty", "failures"), "Lykkedes ikke", "Failures", Kind.NUMBER, ("Ved beta: resten af dem, der er talt.", "With beta: the rest of those counted.")),
        _column(("uncertainty", "values"), "Udfald", "Outcomes", Kind.NUMBER, ("Ved enten-eller: tallene, med ; imellem.", "With choices: the numbers, with ; between them.")),
        _column(("uncertainty", "weights"), "Vægte", "Weights", Kind.NUMBER, ("Ved enten-eller: sandsynligheden for hvert udfald, med ; imellem.", "With choices: the chance of each outcome, with ; between them.")),
        _column("each_year", "Hvert år sit tal", "A number each year", Kind.TRUTH, ("ja: hvert år har sin egen værdi. Tom: nej.", "yes: every year has a value of its own. Empty: no.")),
        _column("persistence", "Hvor tæt år følges ad", "Persistence", Kind.NUMBER, ("Fra 0 til under 1, hvor hvert år har sit tal.", "From 0 to below 1, where each year has a number.")),
        _column("held", "Holdt fast på", "Held at", Kind.NUMBER, ("I stedet for alt dette: sikker med denne værdi.", "In place of all this: certain at this value.")),
        _column("scale", "Skaleret med", "Scaled by", Kind.NUMBER, ("Værdien og det, der trækkes, ganges med dette.", "Multiplies the value and whatever is drawn.")),
        _column("minimum", "Minimum", "Minimum", Kind.NUMBER, ("Det laveste, oplægget selv regner på; trækningerne kender det ikke.", "The lowest that the paper itself reckons with; draws do not know it.")),
        _column("maximum", "Maksimum", "Maximum", Kind.NUMBER, ("Det højeste, oplægget selv regner på.", "The highest that the paper itself reckons with.")),
        SOURCE, NOTE,
    ), years="value", percentiles=True,
)  # fmt: skip

FAMILIES = Sheet(
    "families", Shape.NAMED, Words("Familier", "Families"),
    Words("Hver type familie: hvor mange der begynder, og hvem der er i den.", "Each type of family: how many begin, and who is in it."),
    (
        _column("name", "Navn", "Name", Kind.TEXT, ("Typen af familie.", "The type of family."), needed=True),
        _column("enter", "Begynder pr. år", "Begin a year", Kind.NUMBER, (
            "Et tal, navnet på en forudsætning, eller et tal for hvert år i kolonnerne med årstal.", "A number, the name of an assumption, or a number for each year in the columns of years.")),
        _column("present", "Med fra starten", "There from the start", Kind.NUMBER, ("Familier, der er med fra den første dag.", "Families there from the first day.")),
        _column("arrivals", "Antallet", "The number is", Kind.CHOICE, ("fast: det angivne; tilfældigt: svinger omkring det. Tom: fast.", "fixed: as given; random: varies around it. Empty: fixed."),
                choices=_choices(fixed=("fast", "fixed"), poisson=("tilfældigt", "random"))),
        _column("effect_lasts_months", "Virkningen varer måneder", "Effect lasts months", Kind.NUMBER, ("Fra familien begynder. Tom: hele vejen.", "From the family's entry on. Empty: all the way.")),
        SOURCE, NOTE,
    ), years="enter",
    members=Family(("members",), Words("Medlemmer:", "Members:"), Words("Hvor mange af denne rolle der i gennemsnit er i en familie. Tom: ingen.", "How many of this role there are in a family, on average. Empty: none.")),
)  # fmt: skip

ENTRIES = Sheet(
    "entering", Shape.ENTRIES, Words("Indskrivning", "Entries"),
    Words("Familier, der begynder i en bestemt måned, ud over dem i arket Familier.", "Families that begin in a certain month, beside those of the sheet Families."),
    (
        _column("family", "Familie", "Family", Kind.TEXT, ("Som i arket Familier.", "As in the sheet Families."), needed=True),
        _column("month", "Måned", "Month", Kind.MONTH, ("Som 2027-08.", "Like 2027-08.")),
        _column("number", "Antal", "Number", Kind.NUMBER, ("Familier.", "Families.")),
        SOURCE, NOTE,
    ),
)  # fmt: skip

STATES = Sheet(
    "roles", Shape.STATES, Words("Roller og tilstande", "Roles and states"),
    Words("Hver tilstand, en person kan være i, og hvad den koster. En række uden tilstand er rollens egen.", "Each state that a person can be in, and what it costs. A row without a state is the role's own."),
    (
        replace(ROLE, note=Words("Hvem det er, fx voksen eller barn.", "Who it is, such as adult or child.")),
        replace(STATE, note=Words("Tom: rækken gælder rollen selv.", "Empty: the row is of the role itself."), needed=False),
        _column("start", "Andel fra start", "Share at the start", Kind.NUMBER, ("x: alle begynder her; eller andelen, der gør.", "x: all begin here; or the share who do.")),
        _column("monthly", "Pris pr. måned", "Price a month", Kind.NUMBER, ("For én person.", "For one person.")),
        _column("yearly", "Pris pr. år", "Price a year", Kind.NUMBER, ("For én person, i stedet for prisen pr. måned.", "For one person, in place of the price a month.")),
        _column("refusion", "Statsrefusion", "State refund", Kind.NUMBER, ("Den andel, staten giver tilbage. Tom: 0.", "The share that the state refunds. Empty: 0.")),
        _column(("refusion", "weeks"), "Refusion: trinnenes uger", "Refund: weeks of the steps", Kind.NUMBER, ("Falder refusionen med ugerne på ydelse: 4; 22; 26.", "Where the refund falls with the weeks on benefit: 4; 22; 26.")),
        _column(("refusion", "share"), "Refusion: trinnenes andele", "Refund: shares of the steps", Kind.NUMBER, ("En mere, end der er uger: 80 %; 40 %; 30 %; 20 %.", "One more than there are weeks: 80 %; 40 %; 30 %; 20 %.")),
        _column("shares", "Andre betaleres andel", "Other payers' share", Kind.BY_NAME, ("Som region: 10 %.", "Like region: 10 %.")),
        _column("line", "Post", "Line", Kind.TEXT, ("Den post, besparelsen føres på. Tom: rollens; i rollens egen række dens navn.", "The ledger line that its savings go to. Empty: the role's; in the role's own row its name.")),
        AREA,
        CASHABLE,
        _column("self_support", "Selvforsørgelse", "Self-support", Kind.TRUTH, ("ja: et år her nulstiller ugerne på ydelse. Tom: nej.", "yes: a year here restarts the weeks on benefit. Empty: no.")),
        _column("weeks_on_benefit", "Uger på ydelse fra start", "Weeks on benefit at the start", Kind.NUMBER, ("I rollens egen række.", "In the role's own row.")),
        PRICE_LEVEL, INDEXATION, SOURCE, NOTE,
    ),
)  # fmt: skip

MOVES = Sheet(
    "moves", Shape.MOVES, Words("Overgange", "Moves"),
    Words("Hvordan personer kommer fra én tilstand til en anden, uden og med indsatsen.", "How persons come from one state to another, without and with the programme."),
    (
        ROLE,
        _column("from", "Fra", "From", Kind.TEXT, ("Tilstanden, de kommer fra.", "The state that they leave."), needed=True),
        _column("to", "Til", "To", Kind.TEXT, ("Tilstanden, de kommer til.", "The state that they come to."), needed=True),
        _column("how", "Hvordan", "How", Kind.CHOICE, ("Sandsynlighed ved start, pr. år, kvartal eller måned; eller opholdet slutter efter måneder.", "A chance at entry, a year, quarter or month; or the stay ends after months."), choices=HOW),
        _column("number", "Tal uden indsatsen", "Number without the programme", Kind.NUMBER, ("Uden en virkning gælder det også med indsatsen.", "Without an effect it holds with the programme, too.")),
        _column("effect", "Med indsatsen", "With the programme", Kind.CHOICE, ("Hvad der gøres ved tallet.", "What is done to the number."), choices=EFFECTS),
        _column("effect_number", "Virkning", "Effect", Kind.NUMBER, ("Det, der lægges til, trækkes fra eller ganges med.", "What is added, taken off or multiplied by.")),
        _column("sd", "Opholdets spredning", "Spread of the stay", Kind.NUMBER, ("Ved efter måneder, hvor opholdet varierer: tallet er da dets middelværdi.", "With after months, where the stay varies: the number is its mean then.")),
        _column("shape", "Opholdets fordeling", "Distribution of the stay", Kind.CHOICE, ("Ved efter måneder, hvor opholdet varierer.", "With after months, where the stay varies."), choices=LENGTH_SHAPES),
        _column("months", "Gælder måneder", "Holds for months", Kind.WHOLE, (
            "Efter ankomsten i tilstanden; rækken lige under, med samme rolle, fra og til, gælder derefter.", "After arrival in the state; the row below, with the same role, from and to, holds after that.")),
        _column("timing", "Hvornår", "When in the year", Kind.CHOICE, ("Tom: hele året.", "Empty: all year."),
                choices=_choices(any_month=("hele året", "any month"), year_start=("1. januar", "1 January"))),
        _column("climate", "Konjunktur", "Climate", Kind.NUMBER, ("En forudsætning, som risikoen ganges med.", "An assumption that multiplies the hazard.")),
        _column(("over_time", "lock_in", "months"), "Fastholdelse: måneder", "Lock-in: months", Kind.NUMBER, ("De første måneder, hvor virkningen har en anden vægt.", "The first months, in which the effect has another weight.")),
        _column(("over_time", "lock_in", "weight"), "Fastholdelse: vægt", "Lock-in: weight", Kind.NUMBER, ("Fx -50 %: halvdelen, den anden vej.", "Such as -50 %: half of it, the other way round.")),
        _column(("over_time", "begins_after_months"), "Virker efter måneder", "Effect begins after months", Kind.NUMBER, ("Ingen virkning før.", "No effect before.")),
        _column(("over_time", "half_life_months"), "Halveres på måneder", "Effect halves in months", Kind.NUMBER, ("Virkningen aftager fra da af.", "The effect fades from then on.")),
        _column(("over_time", "ends_after_months"), "Slutter efter måneder", "Effect ends after months", Kind.NUMBER, ("Ingen virkning derefter.", "No effect after that.")),
        _column(("when", "role"), "Mens rolle", "While role", Kind.TEXT, ("Et andet medlem af familien.", "Another member of the family.")),
        _column(("when", "state"), "Mens tilstand", "While state", Kind.TEXT, ("Tilstanden, det medlem er i imens.", "The state that this member is in meanwhile.")),
        _column(("when", "times"), "Mens: risikoen ganges med", "While: hazard times", Kind.NUMBER, ("Imens.", "Meanwhile.")),
        SOURCE, NOTE,
    ),
)  # fmt: skip

NUMBER = _column(
    "number",
    "Antal",
    "Number",
    Kind.NUMBER,
    ("Fx stillinger; ganges med beløbet. Tom: 1.", "Such as posts; multiplies the amount. Empty: 1."),
)
FIRST = (
    _column("label", "Post", "Line", Kind.TEXT, ("Hvad posten hedder i budgettet.", "What the line is called in the budget."), needed=True),
    NUMBER,
    _column("yearly", "Beløb pr. år", "Amount a year", Kind.NUMBER, (
        "Et beløb, navnet på en forudsætning, eller et beløb for hvert år i kolonnerne med årstal.", "An amount, the name of an assumption, or an amount for each year in the columns of years.")),
    _column("last_holds", "Sidste gælder videre", "Last holds on", Kind.TRUTH, (
        "ja: det er meningen, at det sidste års beløb gælder videre i de år, der er tilbage. Tom: det gør det også, men der advares om det.",
        "yes: it is meant that the last year's amount holds for the years that are left. Empty: it does so too, with a warning.")),
    _column("once", "Kun i", "Only in", Kind.ONCE, ("Betales kun i dette år eller denne måned: 2027 eller 2027-03.", "Paid in this year or month alone: 2027 or 2027-03.")),
    _column("from", "Fra år", "From year", Kind.WHOLE, ("Det første år, den betales.", "The first year in which it is paid.")),
    _column("to", "Til år", "To year", Kind.WHOLE, ("Det sidste år, den betales.", "The last year in which it is paid.")),
    AREA,
    _column("per_family", "Pr. familie", "Per family", Kind.TRUTH, ("ja: for hver familie, der begynder i løbet af året. Tom: nej.", "yes: for each family that enters during the year. Empty: no.")),
    _column("counts", "Hvem tælles med", "Who is counted", Kind.CHOICE, ("Af poster pr. familie. Tom: de nye.", "Of lines per family. Empty: the new ones."),
            choices=_choices(entering=("de nye", "the new ones"), all=("alle", "all"))),
    _column("families", "For familierne", "For the families", Kind.NAMES, ("Af poster pr. familie: typerne, med ; imellem. Tom: alle.", "Of lines per family: the types, with ; between them. Empty: all.")),
    _column("per_place", "Pr. plads", "Per place", Kind.TRUTH, ("ja: for hver plads, fyldt eller ej. Tom: nej.", "yes: for each place, full or not. Empty: no.")),
)  # fmt: skip
PRICES = (PRICE_LEVEL, INDEXATION, SOURCE, NOTE)

COSTS = Sheet(
    "costs", Shape.LISTED, Words("Udgifter", "Costs"),
    Words("Hvad indsatsen koster, en række for hver post i budgettet.", "What the programme costs, a row for each budget line."),
    (*FIRST, CASHABLE, *PRICES), years="yearly",
)  # fmt: skip
SAVINGS = Sheet(
    "savings", Shape.LISTED, Words("Besparelser", "Savings"),
    Words("Besparelser, der angives direkte, en række for hver post i budgettet.", "Savings that are stated outright, a row for each budget line."),
    (*FIRST, CASHABLE, *PRICES), years="yearly",
)  # fmt: skip
FINANCING = Sheet(
    "financing", Shape.LISTED, Words("Finansiering", "Financing"),
    Words("Hvad andre betaler, fx en pulje; det indgår i ingen besparelse.", "What others pay, such as a grant; it is in no saving."),
    (*FIRST, CASHABLE, _column("when_target", "Når målet nås", "When the target is reached", Kind.TEXT, (
        "Resultatbetaling: kun hvor målet med dette navn nås.", "Payment by results: only where the target of this label is reached.")), *PRICES), years="yearly",
)  # fmt: skip
PERSON_YEARS = Sheet(
    "person_years", Shape.LISTED, Words("Personår", "Person-years"),
    Words("Beløb for hvert personår mere i en tilstand, fx skat og udligning.", "Amounts for each person-year more in a state, such as tax and equalisation."),
    (
        _column("label", "Post", "Line", Kind.TEXT, ("Hvad posten hedder.", "What the line is called."), needed=True),
        ROLE, STATE,
        _column("yearly", "Beløb pr. personår", "Amount a person-year", Kind.NUMBER, ("Positivt, hvor det giver penge; negativt, hvor det koster.", "Positive where it brings money, negative where it costs.")),
        _column("lag_years", "Kommer år senere", "Comes years later", Kind.WHOLE, ("Hele år. Tom: 0.", "Whole years. Empty: 0.")),
        AREA, CASHABLE, SOURCE, NOTE,
    ), years="yearly",
)  # fmt: skip
CORRELATIONS = Sheet(
    "correlations", Shape.LISTED, Words("Sammenhænge", "Correlations"),
    Words("To forudsætninger, der følges ad.", "Two assumptions that go together."),
    (
        _column(("between", 0), "Forudsætning 1", "Assumption 1", Kind.TEXT, ("Navnet.", "Its name."), needed=True),
        _column(("between", 1), "Forudsætning 2", "Assumption 2", Kind.TEXT, ("Navnet.", "Its name."), needed=True),
        _column("rank", "Rangkorrelation", "Rank correlation", Kind.NUMBER, ("Fra -1 til 1.", "From -1 to 1.")),
        SOURCE, NOTE,
    ),
)  # fmt: skip
TARGETS = Sheet(
    "targets", Shape.LISTED, Words("Mål", "Targets"),
    Words("Hvad indsatsen skal nå, ud over at tjene sig hjem.", "What the programme is to reach, beside breaking even."),
    (
        _column("label", "Navn", "Label", Kind.TEXT, ("Hvad målet hedder.", "What the target is called."), needed=True),
        _column("of", "Af", "Of", Kind.CHOICE, ("provenu, besparelser, post:NAVN, område:NAVN eller betaler:NAVN. Tom: provenu.", "provenu, savings, line:LABEL, area:AREA or payer:NAME. Empty: provenu."), choices=OF_TARGET),
        _column("year", "År", "Year", Kind.WHOLE, ("Til Beløb i året.", "For Amount in the year.")),
        _column("amount", "Beløb i året", "Amount in the year", Kind.NUMBER, ("Mindst så meget i det år.", "At least so much in that year.")),
        _column("total", "I alt", "In total", Kind.NUMBER, ("Mindst så meget over alle år.", "At least so much over all years.")),
        _column("yearly", "Hvert år", "Each year", Kind.NUMBER, ("Mindst så meget i hvert år.", "At least so much in each year.")),
        SOURCE, NOTE,
    ),
)  # fmt: skip
REPORTED = Sheet(
    "reported", Shape.REPORTED, Words("Oplæggets tal", "The paper's figures"),
    Words("Businesscasens egne tal, så det kan ses, om der regnes som i den.", "The business case's own figures, so that one can see whether it is counted as there."),
    (
        _column("what", "Hvad", "What", Kind.CHOICE, ("provenu, udgifter, besparelser, post:NAVN, årspersoner:ROLLE.TILSTAND eller ankomster:ROLLE.TILSTAND.", "provenu, costs, savings, line:LABEL, person-years:ROLE.STATE or arrivals:ROLE.STATE."), choices=OF_FIGURES, needed=True),
        _column("value", "I alt", "Total", Kind.NUMBER, ("Over alle år. Tom: holdes ikke op imod det beregnede.", "Over all years. Empty: not held against what is computed."), as_written=True),
        SOURCE, NOTE,
    ), years="years",
)  # fmt: skip
OBSERVED = Sheet(
    "observed", Shape.LISTED, Words("Set indtil nu", "Seen so far"),
    Words("Hvad der er talt undervejs; kun simulate update bruger det.", "What has been counted on the way; simulate update alone uses it."),
    (
        _column("label", "Betegnelse", "Label", Kind.TEXT, ("Hvad det hedder i det, der udskrives.", "What it is called in what is printed.")),
        ROLE,
        _column("arm", "Gruppe", "Group", Kind.CHOICE, ("Tom: med indsatsen.", "Empty: programme."), choices=ARMS),
        _column("what", "Hvad", "What", Kind.CHOICE, ("kommet til tilstanden indtil da, eller i den ved månedens udgang.", "come to the state until then, or in it at the end of the month."),
                choices=(Choice("moved", Words("kommet til", "moved to")), Choice("in", Words("er i", "in")))),
        _column("from", "Fra", "From", Kind.TEXT, ("Tom: hvor fra som helst.", "Empty: from anywhere.")),
        _column("to", "Tilstand", "State", Kind.TEXT, ("Som i arket Roller og tilstande.", "As in the sheet Roles and states."), needed=True),
        _column("until", "Til og med måned", "Until month", Kind.MONTH, ("Som 2028-06.", "Like 2028-06.")),
        _column("count", "Antal", "Count", Kind.WHOLE, ("Personer eller overgange.", "Persons or moves.")),
        _column("than", "Mere end gruppen", "More than group", Kind.CHOICE, ("Gruppen, hvis antal trækkes fra.", "The group whose count is taken off."), choices=ARMS),
        _column("at_least", "Mindst", "At least", Kind.WHOLE, ("I stedet for Antal: mindst så mange flere.", "In place of Count: so many more at least.")),
        SOURCE, NOTE,
    ),
)  # fmt: skip
INDEX = Sheet(
    "index", Shape.INDEX, Words("Prisindeks", "Price index"),
    Words("Pristal, som beløb i et andet prisniveau føres frem med.", "Index numbers by which amounts at another price level are brought forward."),
    (
        _column("year", "År", "Year", Kind.WHOLE, ("Årstal.", "The year."), needed=True),
        _column("value", "Indeks", "Index", Kind.NUMBER, ("Fx 108,3.", "Such as 108.3.")),
    ), more=False,
)  # fmt: skip
PROGRAMMES = Sheet(
    "programmes", Shape.LISTED, Words("Projekter", "Programmes"),
    Words("Af en portefølje: de sager, den er samlet af.", "Of a portfolio: the cases that it is made of."),
    (
        _column("file", "Fil", "File", Kind.TEXT, ("Sagens fil, set fra denne fils mappe.", "The case's file, from this file's folder."), needed=True),
        _column("name", "Navn", "Name", Kind.TEXT, ("Tom: filens navn.", "Empty: the file's name.")),
        _column("number", "Antal", "Number", Kind.WHOLE, ("Så mange af dem. Tom: 1.", "So many of them. Empty: 1.")),
        SOURCE, NOTE,
    ),
)  # fmt: skip
OTHER = Sheet(
    "other", Shape.OTHER, Words("Andet", "Other"),
    Words("Hvad intet ark har plads til: et sted i sagen, skrevet som i en tekstfil, og hvad der står der.", "What no sheet has room for: a place in the case, written as in a text file, and what stands there."),
    (
        _column("place", "Sted", "Place", Kind.TEXT, ("Fx implementations.KIK.reached.", "Such as implementations.KIK.reached."), needed=True),
        _column("value", "Værdi", "Value", Kind.TOML, ("Et tal eller en tekst; i { } eller [ ] som i en tekstfil.", "A number or a text; in { } or [ ] as in a text file."), needed=True),
    ), more=False,
)  # fmt: skip

SHEETS = (CASE, PROGRAMMES, ASSUMPTIONS, FAMILIES, ENTRIES, STATES, MOVES, COSTS, SAVINGS, FINANCING, PERSON_YEARS, CORRELATIONS, TARGETS, REPORTED, OBSERVED, INDEX, OTHER)  # fmt: skip
OF_PORTFOLIOS = (CASE, PROGRAMMES, COSTS, SAVINGS, FINANCING, TARGETS, INDEX)
"""What a portfolio's workbook begins with. PROGRAMMES is in no other; the rest is in either where it has anything."""
NO_FIELDS_OF_PORTFOLIOS = ("payers", "implementation")
NEVER_READ = (Words("Noter", "Notes"), Words("Vejledning", "Guide"), Words("Lister", "Lists"))
"""Sheets where anything may stand: a person's own reckoning, what the program explains, what drop-down lists are made of."""

FIELD = _column("field", "Oplysning", "Field", Kind.TEXT, ("Hvad det er.", "What it is."), needed=True)
VALUE = _column(
    "value", "Værdi", "Value", Kind.TEXT, ("Det, I selv skriver.", "What you write yourselves."), needed=True
)
EXPLANATION = _column("explanation", "Forklaring", "Explanation", Kind.UNREAD, ("Læses ikke.", "It is not read."))
FIELDS = (FIELD, VALUE, EXPLANATION)
"""Of a sheet with a row for each key, these are the columns."""

LEFT_TO_OTHER: Mapping[str, tuple[str, ...]] = {
    "Time": ("source", "note"), "MoneyRules": ("source", "note"), "Simulation": ("source", "note", "columns"), "DropOut": ("source", "note"),
    "Refusion": ("source", "note"), "Length": ("source", "note"), "LengthOrMonths": ("source", "note"), "LockIn": ("source", "note"), "OverTime": ("source", "note"),
    "Arms": ("source", "note"), "StayArms": ("source", "note"), "SinceArrival": ("source", "note"), "When": ("source", "note"),
    "Scenario": ("implementations", "parts"), "Owned": ("part",), "Part": ("name", "file", "title", "sha256", "source", "note"),
}  # fmt: skip
"""What has deliberately no column: what the program itself writes, and sources of tables within a row, which has its own."""


def year_column(sheet: Sheet, year: int) -> Column:
    """The amounts of a year are of the key that has lists by year."""
    note = Words(
        "Tallet i dette år, i stedet for ét tal for alle. Tom efter det sidste tal: det gælder videre.",
        "The number of this year, in place of one for all. Empty after the last number: that one holds on.",
    )
    if any(one.key == ("last_holds",) for one in sheet.columns):
        note = Words(
            "Tallet i dette år, i stedet for ét tal for alle. Tom efter det sidste tal: det gælder videre; skriv 0, hvis det stopper, og ja i Sidste gælder videre, hvis det er meningen.",
            "The number of this year, in place of one for all. Empty after the last number: that one holds on; write 0 where it stops, and yes in Last holds on where that is meant.",
        )
    if sheet is REPORTED:
        note = Words(
            "Tallet i dette år. Tom: holdes ikke op imod det beregnede.",
            "The number of this year. Empty: not held against what is computed.",
        )
    return Column((sheet.years, year), Words(str(year), str(year)), Kind.NUMBER, note, as_written=sheet is REPORTED)


def member_column(sheet: Sheet, name: str) -> Column:
    family = sheet.members
    assert family is not None
    title = Words(f"{family.first.da} {name}", f"{family.first.en} {name}")
    return Column((*family.key, name), title, Kind.NUMBER, family.note)


def percentile_column(name: str) -> Column:
    note = Words(
        "Ved fraktiler: så mange procent af mulighederne er lavere. Tom: den er ikke angivet.",
        "With quantiles: so many per cent of what is possible is lower. Empty: it is not given.",
    )
    return Column(("uncertainty", name), Words(name, name), Kind.NUMBER, note)


@cache
def sheet_called(name: str) -> Sheet | None:
    return next((sheet for sheet in SHEETS if sheet.is_called(name)), None)


def is_never_read(name: str) -> bool:
    return any(folded(name) in (folded(one.da), folded(one.en)) for one in NEVER_READ)


def language_of(names: Iterator[str]) -> Language | None:
    """The language that the names of sheets are in; None where they tell nothing."""
    found = [
        ("da" if folded(name) == folded(sheet.title.da) else "en") for name in names if (sheet := sheet_called(name))
    ]
    return None if not found else ("da" if found.count("da") * 2 >= len(found) else "en")


assert {one.value for one in DISTRIBUTIONS} == set(KINDS)
assert {one.value for one in LENGTH_SHAPES} == set(LENGTHS)
