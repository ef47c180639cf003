"""What a scenario file may hold. pydantic checks the shape; rules.py checks what the parts say of each other."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)
from pydantic_core import core_schema

from simulate.distributions import KINDS
from simulate.locale import text
from simulate.names import Counterfactual
from simulate.scenario import numbers
from simulate.scenario.expressions import Expression
from simulate.scenario.numbers import NumberProblem
from simulate.scenario.values import LARGEST, YEAR, Assumed, Limits, Numeric, is_by_year, refuse, shown, suggestion

Design = Literal["sobol", "lhs", "random"]
Arm = Literal["programme", "baseline"]

# what numbers can be: the rules of the file, the clipping of draws, and docs/scenario.md say the same
LONGEST_STAY = 1e6  # months
RATE = Limits(-0.5, 1.0)  # a year: a discount factor stays finite, and a price keeps its sign
SHARE = Limits(0.0, 1.0)
AT_LEAST_0 = Limits(0.0, LARGEST)
PERSONS = Limits(0.0, 1e10)  # or families: more than there are people
MONTHS = Limits(0.0, LONGEST_STAY)
STAY = Limits(0.0, LONGEST_STAY, open_low=True)
FACTOR_ON_STAY = Limits(0.0, LARGEST, open_low=True)
INDEX = Limits(0.0, LARGEST, open_low=True)
WEEKS = Limits(0.0, LONGEST_STAY)
PERSISTENCE = Limits(0.0, 1.0, open_high=True)
RANK = Limits(-1.0, 1.0)
OF_PLANNED = Limits(0.0, 10.0)  # a share that may be above 1
PROGRAMME_YEARS = Limits(0.0, 1000.0, open_low=True)
WEIGHT = Limits(-10.0, 10.0)  # of an effect: a percentage that was written as a number is beyond

Money = Annotated[Any, Numeric("money")]
Amounts = Annotated[Any, Numeric("money", gaps=True)]
Rate = Annotated[Any, Numeric("share", series=False, limits=RATE)]
Share = Annotated[Any, Numeric("share", limits=SHARE)]
OneShare = Annotated[Any, Numeric("share", series=False, limits=SHARE)]
Chances = Annotated[Any, Numeric("share", limits=SHARE, term=True)]
Persons = Annotated[Any, Numeric("count", limits=PERSONS)]
OnePersons = Annotated[Any, Numeric("count", series=False, limits=PERSONS)]
OneMonths = Annotated[Any, Numeric("count", series=False, limits=MONTHS)]
Months = Annotated[Any, Numeric("count", limits=STAY, term=True)]
Drawn = Annotated[Any, Numeric("count", limits=STAY)]
Counts = Annotated[Any, Numeric("count", limits=AT_LEAST_0, gaps=True)]
OfPlanned = Annotated[Any, Numeric("share", limits=OF_PLANNED)]
OneProgrammeYears = Annotated[Any, Numeric("count", series=False, named=False, limits=PROGRAMME_YEARS)]
OneIndex = Annotated[Any, Numeric("number", series=False, named=False, limits=INDEX)]
Given = Annotated[Any, Numeric("number", named=False)]
Reckoned = Annotated[Any, Numeric("number", named=False, own=True)]
OneGiven = Annotated[Any, Numeric("number", series=False, named=False)]
OneWeeks = Annotated[Any, Numeric("count", series=False, named=False, limits=WEEKS)]
OneWeight = Annotated[Any, Numeric("share", series=False, limits=WEIGHT)]
HalfLife = Annotated[Any, Numeric("count", series=False, limits=STAY)]
OneGivenMoney = Annotated[Any, Numeric("money", series=False, named=False)]
OnePersistence = Annotated[Any, Numeric("number", series=False, named=False, limits=PERSISTENCE)]
OneRank = Annotated[Any, Numeric("number", series=False, named=False, limits=RANK)]

MOST_YEARS = 100
FIRST_YEAR, LAST_FIRST_YEAR = 1900, 2200  # any other is a slip
MOST_MONTHS = 12 * MOST_YEARS
MOST_ROWS = 24  # of chances by the time since arrival: each makes the state's people a group of their own
MOST_DRAWS = 10**12  # beyond what any memory holds, so that the refusal speaks of memory
MOST_SEED = 2**63 - 1
MOST_PROGRAMMES = 50  # of a portfolio, copies counted
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
UNITS = (1, 1000, 1_000_000)  # kroner, that the amounts of a file may be counted in


def _not_empty(name: Any) -> Any:
    if isinstance(name, str) and not name.strip():
        raise refuse(text("a name must not be empty"))
    return name


Named = Annotated[str, BeforeValidator(_not_empty)]


class Table(BaseModel):
    """A table of the file: unknown keys are errors; every table may say where it comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    source: str | None = Field(None, description="Where the numbers come from: a document and page.")
    note: str | None = Field(None, description="Anything that a reader should know.")


class Time(Table):
    first_year: int = Field(
        ge=FIRST_YEAR, le=LAST_FIRST_YEAR, description="The horizon begins on 1 January of this year."
    )
    years: int = Field(ge=1, le=MOST_YEARS, description="Calendar years of the horizon.")


def unit_of(given: Any) -> int:
    """How many kroner `1.000 kr.` or `mio. kr.` are; 0 of what is no unit that a file may be counted in."""
    words = given.strip() if isinstance(given, str) else ""
    for spelling in (words, f"1 {words}"):
        try:
            found = numbers.parse(spelling, "money").value
        except NumberProblem:
            continue
        return int(found) if found in UNITS and re.search("[^0-9., ]", words) else 0
    return 0


def _unit(given: Any) -> Any:
    if not unit_of(given):
        raise refuse(
            text("{given} is no unit that a file can be counted in; write one of {units}", given=shown(given),
                 units='"kr.", "1.000 kr.", "mio. kr."')
        )  # fmt: skip
    return given


def _index(given: Any) -> Any:
    wrong = next((key for key in given if not re.match(YEAR, str(key))), None) if isinstance(given, dict) else None
    if wrong is not None:
        raise refuse(text("{given} is no year; an index has a number for each year, like {example}", given=shown(wrong),
                          example="`index.2024 = 100`"))  # fmt: skip
    return given


class MoneyRules(Table):
    currency: str = "DKK"
    unit: Annotated[str | None, BeforeValidator(_unit)] = Field(
        None, description='What amounts without a unit of their own are in: "kr.", "1.000 kr." or "mio. kr.".'
    )
    price_level: int | None = Field(None, description="The year whose prices the kroner are.")
    index: Annotated[dict[str, OneIndex], BeforeValidator(_index)] = Field(
        default_factory=dict, description="Year → index number of prices, for amounts with a price_level of their own."
    )
    discount_rate: Rate = Field(0.0, description="A year, for present values beside the undiscounted ones.")
    indexation: Rate = Field(0.0, description="A year, on every price and budget line.")

    @property
    def in_kroner(self) -> int:
        """How many kroner an amount without a unit is counted in."""
        return 1 if self.unit is None else unit_of(self.unit)


class Moved(Table):
    """What has an amount of its own in prices of its own."""

    price_level: int | None = Field(None, description="The year whose prices its amount is in, if not the file's.")
    indexation: Rate = Field(None, description="A year, in place of the file's.")


def _kind(given: Any) -> str:
    if not isinstance(given, str) or given not in KINDS:
        from simulate.scenario import danish  # a long table, which a right file does not need

        wrong = text(
            "no kind is called `{kind}`; it is one of {known}",
            kind=given if isinstance(given, str) else shown(given),
            known=", ".join(KINDS),
        )
        near = danish.meant(given, danish.VALUES, KINDS) or given if isinstance(given, str) else ""
        raise refuse(wrong + (suggestion(near, KINDS) if near else ""))
    return given


class Uncertainty(BaseModel):
    """A kind of uncertainty and its parameters; which parameters go together is the distributions' own matter."""

    model_config = ConfigDict(extra="allow", frozen=True)

    __pydantic_extra__: dict[str, Given]

    kind: Annotated[str, BeforeValidator(_kind), Field(json_schema_extra={"enum": list(KINDS)})]

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


def _lift_years(given: Any) -> Any:
    """each_year and persistence may stand in the uncertainty or beside it."""
    if not isinstance(given, dict) or not isinstance(given.get("uncertainty"), dict):
        return given
    lifted = {key: given["uncertainty"][key] for key in ("each_year", "persistence") if key in given["uncertainty"]}
    rest = {key: item for key, item in given["uncertainty"].items() if key not in lifted}
    return {**lifted, **given, "uncertainty": rest} if lifted else given


LABELLED = ("person_years", "costs", "savings", "financing")  # lists of lines that have a label
OWNED = ("assumptions", "families", "roles", *LABELLED)


class Owned(Table):
    """What a programme of a portfolio may have: whose it is stands here, and is read off no name."""

    part: str | None = Field(None, description="Written by the program: the programme of a portfolio that has it.")


class Assumption(Owned):
    """A number with a name."""

    value: Reckoned = Field(
        description="The point estimate: a number, or a list by year whose last one holds on; or a calculation with others."
    )
    label: str | None = None
    unit: str | None = None
    uncertainty: Uncertainty | None = Field(None, description="How unsure one is: a kind and its parameters.")
    each_year: bool = Field(False, description="Every year has a value of its own.")
    persistence: OnePersistence = Field(0.0, description="In [0, 1): how a year's value is tied to the year before.")
    held: Given = Field(
        None, description="In place of all this: certain at this value, while the others keep their draws."
    )
    scale: OneGiven = Field(None, description="Above 0: multiplies the value and whatever is drawn.")
    minimum: Given = Field(
        None, description="The lowest that the paper has it at, where one number at a time is moved."
    )
    maximum: Given = Field(None, description="The highest.")

    _written: "Assumption | None" = PrivateAttr(None)

    @property
    def written(self) -> "Assumption":
        """As it stands in the file beside `held` or `scale`: what says which columns of the cube are its own."""
        return self._written or self

    @property
    def formula(self) -> Any:
        """The calculation, or the list by year with calculations, that it is made of; None where it is a number of its own."""
        value = self.written.value
        calculated = any(isinstance(item, Expression) for item in (value if isinstance(value, tuple) else (value,)))
        return value if calculated else None

    @property
    def is_worth_something(self) -> bool:
        """Whether what it is made of has been reckoned."""
        return self._written is not None

    def worth(self, value: Any) -> "Assumption":
        """What is made of others, with what it comes to."""
        copy = self.model_copy(update={"value": value})
        copy._written = self.written
        return copy

    def certain_at(self, value: Any) -> "Assumption":
        """With a number of its own that is known."""
        certain = {"value": value, "uncertainty": None, "each_year": False, "persistence": 0.0}
        copy = self.model_copy(update=certain)
        if self.formula is not None:
            copy._written = None
        return copy

    def in_force(self) -> "Assumption":
        """As it counts: certain where it is held, its value multiplied where it is scaled."""
        if self._written is not None or (self.held is None and self.scale is None):
            return self
        certain = {"value": self.held, "uncertainty": None, "each_year": False, "persistence": 0.0}
        copy = self.model_copy(update=self._scaled() if self.held is None else certain)
        copy._written = self
        return copy

    def _scaled(self) -> dict[str, float | tuple[float, ...]]:
        def scaled(value: Any) -> float | tuple[float, ...]:
            return tuple(item * self.scale for item in value) if isinstance(value, tuple) else float(value * self.scale)

        own = {"value": self.value, "minimum": self.minimum, "maximum": self.maximum}
        return {key: scaled(value) for key, value in own.items() if value is not None}

    _lift = model_validator(mode="before")(_lift_years)


class Correlation(Table):
    between: list[str] = Field(min_length=2, max_length=2)
    rank: OneRank


class Entering(Table):
    month: str = Field(pattern=MONTH, description="YYYY-MM")
    number: OnePersons


class Family(Owned):
    """A type of family."""

    enter: Persons = Field(0.0, description="Families a year, by year; the last one holds on.")
    present: OnePersons = Field(0.0, description="Families there from the start.")
    arrivals: Literal["fixed", "poisson"] = "fixed"
    members: dict[str, OnePersons] = Field(default_factory=dict, description="How many of each role, on average.")
    effect_lasts_months: OneMonths = Field(None, description="From so many months after entry on, as without.")
    entering: list[Entering] = Field(default_factory=list)


class Refusion(Table):
    """The share that the state refunds: one, or one for each step of the weeks that a person has been on benefit."""

    both: Share = Field(None, exclude=True)
    weeks: list[OneWeeks] | None = Field(
        None, description="How many weeks each step lasts; what comes after them is the last."
    )
    share: list[Share] | None = Field(None, description="Of each step, one more than there are weeks.")

    @property
    def by_steps(self) -> list[Any]:
        """The shares, of each step."""
        return [self.both] if self.share is None else self.share

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return _arms_schema(handler.resolve_ref_schema(handler(schema)), ["weeks", "share"])


def _refusion(given: Any) -> Any:
    return given if isinstance(given, dict) and not is_by_year(given) else {"both": given}


class State(Moved):
    monthly: Money = Field(None, description="Price a month for one person.")
    yearly: Money = Field(None, description="Price a year for one person.")
    refusion: Annotated[Refusion, BeforeValidator(_refusion)] = Field(
        Refusion(both=0.0), description="The share that the state refunds; by the weeks on it, where it is a benefit."
    )
    self_support: bool = Field(
        False, description="An unbroken stay of a year in such states restarts the clock of the weeks on benefit."
    )
    shares: dict[Named, Share] = Field(default_factory=dict, description="What other payers bear of the price.")
    line: Named | None = Field(None, description="The ledger line its savings go to.")
    area: str | None = None
    cashable: bool = True


class Length(Table):
    """The length of a stay as a distribution."""

    mean: Drawn
    sd: Drawn
    shape: Literal["gamma", "weibull", "lognormal"]


def _whole(given: Any) -> Any:
    return given if isinstance(given, dict) and not is_by_year(given) else {"both": given}


def _certain(given: Any, info: ValidationInfo) -> Any:
    if isinstance(given, str) and info.context and given in info.context["assumptions"]:
        raise refuse(text("{name} is an assumption, and these months are the same in every course; write the number itself", name=given))  # fmt: skip
    return given


CertainMonths = Annotated[Any, Numeric("count", series=False, named=False, limits=MONTHS), BeforeValidator(_certain)]


class LockIn(Table):
    """The first months, in which an effect has another weight, mostly a harmful one."""

    months: CertainMonths = Field(description="From the family's entry on.")
    weight: OneWeight = Field(description='Of the effect in these months; "-50 %": half of it, the other way round.')


class OverTime(Table):
    """How much of an effect there is, by the time since the family's entry. Months are counted from that."""

    lock_in: LockIn | None = Field(None, description="Another weight in the first months.")
    begins_after_months: CertainMonths = Field(None, description="No effect before (but for `lock_in`).")
    half_life_months: HalfLife = Field(
        None, description="From where it begins on, the effect halves in so many months, in steps of a year."
    )
    ends_after_months: CertainMonths = Field(None, description="No effect from so many months after entry on.")


class Arms(Table):
    """A number of a move: one for both arms, or one for each, or the baseline's and an effect."""

    both: Chances = Field(None, exclude=True)
    baseline: Chances = None
    programme: Chances = None
    plus: Annotated[Any, Numeric("share")] = None
    minus: Annotated[Any, Numeric("share")] = None
    times: Annotated[Any, Numeric("number")] = None
    hazard_ratio: Annotated[Any, Numeric("number", limits=AT_LEAST_0)] = None
    over_time: OverTime | None = None

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return _arms_schema(handler.resolve_ref_schema(handler(schema)))


def _length(given: Any) -> Any:
    """A number of months, or a distribution, told apart by their form."""
    return {"months": given} if not isinstance(given, dict) or is_by_year(given) else {"drawn": given}


class LengthOrMonths(Table):
    months: Months = None
    drawn: Length | None = None

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        properties = handler.resolve_ref_schema(handler(schema))["properties"]
        return {"anyOf": [properties["months"], *properties["drawn"]["anyOf"][:1]]}


Stay = Annotated[LengthOrMonths, BeforeValidator(_length)]


def _stay(given: Any) -> Any:
    arms = isinstance(given, dict) and not is_by_year(given) and not {"mean", "sd", "shape"} & given.keys()
    return given if arms else {"both": given}


class StayArms(Table):
    """The length of a stay: for both arms, or for each, or the baseline's and an effect."""

    both: Stay | None = Field(None, exclude=True)
    baseline: Stay | None = None
    programme: Stay | None = None
    plus: Annotated[Any, Numeric("count")] = None
    minus: Annotated[Any, Numeric("count")] = None
    times: Annotated[Any, Numeric("number", limits=FACTOR_ON_STAY)] = None
    over_time: OverTime | None = None

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return _arms_schema(handler.resolve_ref_schema(handler(schema)))


def _arms_schema(table: dict[str, Any], required: Sequence[str] = ("baseline",)) -> dict[str, Any]:
    """One number, or the table of arms: the way people write it."""
    properties = dict(table["properties"])
    one = properties.pop("both")
    return {"anyOf": [one, {**table, "properties": properties, "required": list(required)}]}


Chance = Annotated[Arms, BeforeValidator(_whole)]


class SinceArrival(Table):
    """A chance that holds for a part of each stay."""

    months: int | None = Field(
        None, ge=1, le=MOST_MONTHS, description="How long it holds; the last row has none and holds on."
    )
    yearly: Chance | None = None
    quarterly: Chance | None = None
    monthly: Chance | None = None


class When(Table):
    """What a move hangs on: another member of the family, while it is in a state."""

    role: str = Field(description="Of the other member; a family has one at most.")
    state: str = Field(description="The state of that role.")
    times: Annotated[Any, Numeric("number", limits=AT_LEAST_0)] = Field(description="Multiplies the hazard meanwhile.")


class Move(Table):
    origin: str = Field(alias="from")
    to: str
    at: Literal["entry"] | None = None
    chance: Chance | None = None
    yearly: Chance | None = None
    quarterly: Chance | None = None
    monthly: Chance | None = None
    since_arrival: Annotated[list[SinceArrival], Field(min_length=1, max_length=MOST_ROWS)] | None = Field(
        None, description="In place of these: chances by the time since arrival, one after the other."
    )
    after_months: Annotated[StayArms, BeforeValidator(_stay)] | None = None
    timing: Literal["any-month", "year-start"] | None = None
    climate: Annotated[Any, Assumed(Numeric("number", limits=AT_LEAST_0))] = Field(
        None, description="An assumption that multiplies the hazard."
    )
    when: When | None = Field(None, description="The hazard is another while a member of the family is in a state.")


def _shares(given: Any) -> Any:
    return {given: 1.0} if isinstance(given, str) else given


class Role(Owned):
    start: Annotated[dict[str, OneShare], BeforeValidator(_shares, json_schema_input_type=str | dict[str, float | str])]
    line: Named | None = None
    area: str | None = None
    weeks_on_benefit: OneWeeks = Field(None, description="Weeks on benefit before the start: where the clock stands.")
    states: dict[Named, State] = Field(min_length=1)
    moves: list[Move] = Field(default_factory=list)


def _once(given: Any) -> Any:
    """A year as a number, a month as text."""
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str) and re.match(YEAR, given.strip()):
        return int(given)
    if isinstance(given, str) and re.match(MONTH, given):
        return given
    raise refuse(text('{given} is neither a year nor a month; write it like 2027 or "2027-03"', given=shown(given)))


class BudgetLine(Owned, Moved):
    """A cost or a saving stated outright: a yearly amount times a number."""

    label: Named
    number: Counts = 1.0
    yearly: Amounts
    once: Annotated[int | str | None, BeforeValidator(_once)] = Field(
        None, description='The amount is paid in this year alone, or in a month of it: 2027 or "2027-03".'
    )
    first: int | None = Field(None, alias="from", description="The first year in which it is paid.")
    last: int | None = Field(None, alias="to", description="The last year in which it is paid.")
    last_holds: bool | None = Field(None, description="A list's last number holds for the years that are left.")
    area: str | None = None
    per_family: bool = Field(False, description="The amount is for each family that enters during the year.")
    counts: Literal["entering", "all"] = Field(
        "entering", description="With per_family: who is counted; all: those present at the start as well."
    )
    families: list[str] | None = Field(None, description="With per_family: of these types; where not said, of all.")
    per_place: bool = Field(False, description="The amount is for each of the programme's places, full or not.")
    cashable: bool = Field(True, description="Of a saving: money that leaves the budget by itself.")


class FinancingLine(BudgetLine):
    """Money that others give: never a saving of the programme."""

    when_target: str | None = Field(
        None, description="Payment by results: paid in the courses in which the target of this label is reached."
    )


class DropOut(Table):
    """Families that leave the programme on the way; from then on they have the baseline's chances."""

    share: OneShare = Field(description="Of those who come.")
    after_months: OneMonths = Field(description="So many months after they entered.")


class Implementation(Table):
    """How the programme is carried out, where that is not as planned."""

    start_months_later: OneMonths = Field(None, description="It begins so many months later than planned.")
    reached: OfPlanned = Field(None, description="The share of the planned families who are reached; may exceed 1.")
    drop_out: DropOut | None = None
    places: Persons = Field(None, description="Places, which budget lines with per_place are paid for.")
    filled: OfPlanned = Field(None, description="How full they are: the share of the planned families who come.")
    costs_wait: bool = Field(False, description="Budget lines begin as much later as the programme does.")
    programme_years: OneProgrammeYears = Field(
        None, description="The project ends after so many years; those helped are followed to the horizon."
    )


class PersonYearLine(Owned):
    """A line that has an amount for every person-year in a state, of the programme's less those without it."""

    label: Named
    role: str
    state: str
    yearly: Money = Field(description="For each person-year more; a saving is positive, a cost negative.")
    lag_years: int = Field(0, ge=0, le=MOST_YEARS, description="It comes so many whole years later.")
    area: str | None = None
    cashable: bool = Field(True, description="Money that comes or goes by itself.")


# For editors alone: what is refused otherwise says more than that it does not match.
OF_TARGET = r"^(provenu|savings|cashable|(line|area|payer):.+)$"


class Target(Table):
    label: str
    of: Named = Field(
        "provenu",
        description="provenu, savings, cashable, line:LABEL, area:AREA or payer:NAME: what is to reach it.",
        json_schema_extra={"pattern": OF_TARGET},
    )
    year: int | None = None
    amount: OneGivenMoney = None
    total: OneGivenMoney = None
    yearly: OneGivenMoney = None


class Part(Table):
    """A programme of a portfolio; its name stands in front of all that is its own."""

    name: Named
    file: str
    title: str = ""
    sha256: str = ""


MONEY_REPORTED = ("provenu", "costs", "savings", "financing", "line")  # what a figure of the paper in kroner is of


class Reported(Table):
    what: str
    year: int | None = None
    value: OneGiven


class Observed(Table):
    """What has been seen on the way: persons in a state, or moves into it."""

    label: Named | None = None
    role: str
    arm: Arm = Field("programme", description="baseline: a control group of as many families.")
    what: Literal["moved", "in"]
    origin: str | None = Field(None, alias="from")
    to: str
    until: str = Field(pattern=MONTH, description="YYYY-MM; what is seen at the end of this month.")
    count: int | None = Field(None, description="Persons, or moves; with `than`: how many more.")
    than: Arm | None = Field(None, description="The arm whose count is taken off.")
    at_least: int | None = Field(None, description="With `than`: how many more at least.")


class Simulation(Table):
    draws: int = Field(16384, ge=1, le=MOST_DRAWS)
    seed: int = Field(1, ge=0, le=MOST_SEED)
    design: Design = "sobol"
    counterfactual: Counterfactual = "expected"
    columns: dict[str, Annotated[int, Field(ge=1, le=MOST_YEARS)]] | None = Field(
        None,
        description="Written by the program: how many random numbers each assumption had before the file was changed.",
    )


def _named_apart(name: Any) -> Any:
    if isinstance(name, str) and (":" in name or not name.isprintable()):
        raise refuse(text("the name of a programme stands in front of others with a colon, and has none itself"))
    return _not_empty(name)


class Programme(Table):
    """A scenario of a portfolio."""

    file: Named = Field(description="Its scenario file, from the portfolio's folder.")
    name: Annotated[str, BeforeValidator(_named_apart)] | None = Field(None, description="Else the file's name.")
    number: int = Field(
        1, ge=1, le=MOST_PROGRAMMES, description="So many of them, each with numbers and luck of its own."
    )


class Portfolio(Table):
    """Several programmes as one: their scenarios, and what they have in common."""

    format: Literal[1]
    title: str
    municipality: str | None = None
    language: Literal["da", "en"] = "da"
    time: Time = Field(description="The horizon of all.")
    money: MoneyRules = Field(MoneyRules(), description="As in the programmes, where it is said.")
    programmes: list[Programme] = Field(min_length=1)
    shared: list[str] = Field(default_factory=list, description="Assumptions that are one number for all.")
    costs: list[BudgetLine] = Field(default_factory=list, description="Beside those of the programmes.")
    savings: list[BudgetLine] = Field(default_factory=list, description="Beside those of the programmes.")
    financing: list[FinancingLine] = Field(default_factory=list, description="Beside those of the programmes.")
    targets: list[Target] = Field(default_factory=list)
    simulation: Simulation = Simulation()


def _owned(given: Any) -> Any:
    """A portfolio that was stored when only names said whose a thing is gets it said; any other file stays as it is."""
    if not isinstance(given, dict) or not isinstance(given.get("parts"), list):
        return given
    names = [str(row.get("name")) for row in given["parts"] if isinstance(row, dict)]
    tables = {key: given[key] for key in OWNED if isinstance(given.get(key), dict | list)}
    items = [item for table in tables.values() for item in (table.values() if isinstance(table, dict) else table)]
    if any(isinstance(item, dict) and "part" in item for item in items):
        return given

    def own(called: Any, item: Any) -> Any:
        part = next((name for name in names if str(called).startswith(f"{name}: ")), None)
        return item | {"part": part} if part and isinstance(item, dict) else item

    found = dict(given)
    for key, table in tables.items():
        if isinstance(table, dict):
            found[key] = {name: own(name, item) for name, item in table.items()}
        else:
            found[key] = [own(isinstance(item, dict) and item.get("label"), item) for item in table]
    return found


class Scenario(Table):
    """A scenario: what is assumed, checked."""

    @cached_property
    def read_off(self) -> dict[Any, Any]:
        """What has been read off it, query by query."""
        return {}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """With other contents, of which nothing has been read off yet."""
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("read_off", None)
        return copy

    def __getstate__(self) -> dict[Any, Any]:
        """For another process, which reads off it anew."""
        state = super().__getstate__()
        return state | {"__dict__": {name: value for name, value in state["__dict__"].items() if name != "read_off"}}

    format: Literal[1]
    title: str
    municipality: str | None = None
    language: Literal["da", "en"] = "da"
    time: Time
    money: MoneyRules = MoneyRules()
    payers: list[Named] = Field(default_factory=list, description="Who bears prices beside kommune and stat.")
    assumptions: dict[Named, Assumption] = Field(default_factory=dict)
    correlations: list[Correlation] = Field(default_factory=list)
    families: dict[Named, Family] = Field(default_factory=dict)
    roles: dict[Named, Role] = Field(default_factory=dict)
    person_years: list[PersonYearLine] = Field(
        default_factory=list, description="Amounts for each person-year in a state, such as tax and equalisation."
    )
    costs: list[BudgetLine] = Field(default_factory=list)
    savings: list[BudgetLine] = Field(default_factory=list)
    financing: list[FinancingLine] = Field(default_factory=list, description="What others pay; it is in no saving.")
    implementation: Implementation | None = None
    implementations: dict[Named, Implementation] = Field(
        default_factory=dict, description="Written by the program: of a portfolio, each programme's own."
    )
    targets: list[Target] = Field(default_factory=list)
    reported: list[Reported] = Field(default_factory=list)
    observed: list[Observed] = Field(default_factory=list)
    simulation: Simulation = Simulation()
    parts: list[Part] = Field(
        default_factory=list, description="Written by the program: the portfolio this was made of."
    )

    _own = model_validator(mode="before")(_owned)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a scenario's or portfolio's file, for editors."""
    from pydantic.json_schema import models_json_schema

    _, found = models_json_schema([(Scenario, "validation"), (Portfolio, "validation")])
    either = [{"$ref": f"#/$defs/{name}"} for name in ("Scenario", "Portfolio")]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "anyOf": either, **found}
