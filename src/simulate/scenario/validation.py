"""Problems of a file's shape, in words, and the file without them, so that the rules can be checked on the rest."""

import re
import typing
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from simulate.locale import plural, text
from simulate.scenario import paths, queries, unit
from simulate.scenario.numbers import MONTHS
from simulate.scenario.paths import Path
from simulate.scenario.schema import FIRST_YEAR, MOST_YEARS, Portfolio, Scenario
from simulate.scenario.values import Missing, Unnamed, shown, suggestion

Model = TypeVar("Model", bound=BaseModel)
Found = list[tuple[Path, str]]
# stand in for what is missing at the top, where nothing can be left out
PLACEHOLDERS: dict[str, Any] = {
    "format": 1,
    "title": "",
    "time": {"first_year": 2000, "years": 5},
    "programmes": [{"file": "-"}],
}
MOST_HINTS = 500  # a file with more mistakes is not this kind of file, and looking for near words takes its time
WRAPPED = ("both", "months", "drawn")  # places of the schema that the file does not have
WRAPPERS = ("chance", "yearly", "quarterly", "monthly", "after_months", "baseline", "programme", "refusion")


ROWS = ("costs", "savings", "financing", "targets", "reported", "observed", "person_years", "correlations", "moves", "entering", "programmes")  # fmt: skip
TABLES = {
    "drop_out": '{ share = "20 %", after_months = 9 }',
    "lock_in": '{ months = 6, weight = "-50 %" }',
    "over_time": "{ half_life_months = 24 }",
    "uncertainty": '{ kind = "pert", low = "10 %", mode = "15 %", high = "25 %" }',
    "when": '{ role = "adult", state = "self-support", times = 0.7 }',
}


@dataclass
class Sound:
    """The part of a file that is right so far; items of lists keep the numbers that they had."""

    tree: dict[str, Any]
    numbers: dict[Path, list[int]] = field(default_factory=dict)  # of the items left in a list that lost some
    dropped: set[Path] = field(default_factory=set)  # what stands wrong in the file
    holed: set[Path] = field(default_factory=set)  # and all that it stands in

    def original(self, path: Path) -> Path:
        """Where something of this tree stands in the file."""
        result: Path = ()
        for i, step in enumerate(path):
            there = self.numbers.get(path[:i])
            result = (*result, there[step] if there is not None and isinstance(step, int) else step)
        return result

    def lost_within(self, path: Path) -> bool:
        """Whether something was dropped inside: what is said of the rest is then no news."""
        return path in self.holed

    def lose(self, path: Path) -> None:
        self.dropped.add(path)
        self.holed |= {path[:n] for n in range(len(path))}

    def names(self, tree: Any) -> set[str]:
        """What the tables that were dropped are called, and what is in them: it is there, though nothing sees it."""
        found: set[str] = set()
        for path in self.dropped:
            place = paths.existing(path, tree)
            node: Any = tree
            for step in place:
                node = paths.child(node, step)
            if path and place == path and isinstance(node, dict):
                found |= {str(path[-1]), *_names_within(node)}
        return found

    def drop(self, path: Path) -> None:
        *way, last = path
        node: Any = self.tree
        for step in way:
            node = node[step]
        if isinstance(node, list):
            self.numbers.setdefault(tuple(way), list(range(len(node)))).pop(last)  # type: ignore[arg-type]
        del node[last]
        if path[0] in PLACEHOLDERS and len(path) == 1:
            self.tree[path[0]] = copied(PLACEHOLDERS[path[0]])


def _names_within(table: dict[str, Any]) -> Iterator[str]:
    """What others may speak of: what a table is labelled, and the states and lines of a role."""
    yield from (str(table[key]) for key in ("label", "line", "area") if key in table)
    states = table.get("states")
    for name, state in states.items() if isinstance(states, dict) else ():
        yield str(name)
        yield from _names_within(state) if isinstance(state, dict) else ()


def copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: copied(item) for key, item in node.items()}
    return [copied(item) for item in node] if isinstance(node, list) else node


def check(tree: dict[str, Any]) -> tuple[Scenario, Found, Sound]:
    """The scenario as far as it is sound, and what is wrong with the rest."""
    names = tree["assumptions"].keys() if isinstance(tree.get("assumptions"), dict) else ()
    scenario, found, sound = checked(tree, Scenario, names)
    return queries.reckoned(unit.counted(scenario)), found, sound


def context(tree: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """What the numbers of a file are read by: the assumptions that may stand for them, the horizon (None where it is not known), the unit of money."""
    time = tree.get("time")
    first, years = (time.get(key) for key in ("first_year", "years")) if isinstance(time, dict) else (None, None)
    is_known = type(first) is int and first >= FIRST_YEAR and type(years) is int and 0 < years <= MOST_YEARS
    return {"assumptions": names, "horizon": (first, years) if is_known else None, "unit": unit.of_tree(tree)}


def checked(tree: dict[str, Any], model: type[Model], names: Collection[str]) -> tuple[Model, Found, Sound]:
    """The same of a file of any model. names: of the assumptions that may stand for a number."""
    sound = Sound(tree)
    found: Found = []
    given, labels = context(tree, names), labels_of(tree)
    while True:
        try:
            return model.model_validate(sound.tree, context=given), found, sound
        except ValidationError as error:
            errors = error.errors(include_url=False)
        if sound.tree is tree:
            sound.tree = copied(tree)  # of which what is wrong is taken out
        places = []
        for one in errors:
            path = _in_file(one["loc"])
            place = paths.existing(path, sound.tree)
            shown = path if one["type"] in ("missing", "extra_forbidden") else place
            original = sound.original(shown)
            follows = sound.lost_within(original) or (one["type"] == "missing" and original in sound.dropped)
            if not follows:  # what was dropped is not missing, nor is what it leaves too little
                said = _words(dict(one), path, model if len(found) < MOST_HINTS else None)
                found.append((original, by_label(said, labels)))
                if one["type"] == "extra_forbidden" and len(found) < MOST_HINTS:
                    found += _inside_of(one["input"], original, _fields(path, model))
            sound.lose(original)
            sound.lose(sound.original(place))
            places.append(place)
        for one, place in zip(errors, places, strict=True):
            if not place:
                sound.tree[str(one["loc"][0])] = copied(PLACEHOLDERS.get(str(one["loc"][0])))
        for place in sorted(set(places), key=_last_first, reverse=True):
            if place and paths.existing(place, sound.tree) == place:
                sound.drop(place)


def labels_of(tree: Mapping[str, Any]) -> dict[str, str]:
    """The assumptions' names by what they are called in print, which is no name."""
    assumptions = tree.get("assumptions")
    named = assumptions.items() if isinstance(assumptions, dict) else ()
    return {str(one["label"]): str(name) for name, one in named if isinstance(one, dict) and "label" in one}


def by_label(said: str, labels: Mapping[str, str]) -> str:
    """What is said of a name that is nobody's; where it is the label of an assumption, that its name is meant."""
    if not isinstance(said, Unnamed) or said.name not in labels:
        return said
    return Unnamed.named(text("{given} is the label of an assumption, and its name is {name}; write the name", given=shown(said.name), name=labels[said.name]), said.name)  # fmt: skip


def _in_file(location: tuple[int | str, ...]) -> Path:
    """pydantic's place of an error as a path of the file."""
    path: Path = ()
    for step in location:
        if step != "[key]" and not (step in WRAPPED and path and path[-1] in WRAPPERS):
            path = (*path, step)
    return path


def _last_first(path: Path) -> tuple[tuple[bool, int | str], ...]:
    """An order in which later items of a list come later."""
    return tuple((isinstance(step, str), step) for step in path)


def _words(error: dict[str, Any], path: Path, model: type[BaseModel] | None) -> str:
    """model: of the file; None: no hints at near words."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "provenu":
        said = str(context["message"])
        return Unnamed.named(said, context["unnamed"]) if "unnamed" in context else said
    if kind == "missing":
        return Missing(text("this key is missing"))
    if kind == "extra_forbidden":
        if model is Portfolio and len(path) == 1 and path[0] in Scenario.model_fields:
            return text("a portfolio has none of its own; it belongs into the files of its programmes")
        return text("unknown key") + (_hint(path, model) if model else "")
    if kind == "literal_error":
        listed = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return _not_listed(error["input"], listed)
    if kind in ("greater_than_equal", "less_than_equal"):
        limits = {"greater_than_equal": text("at least"), "less_than_equal": text("at most")}
        limit = context["ge"] if kind == "greater_than_equal" else context["le"]
        return text("{given} is out of range: it must be {side} {limit}", given=shown(error["input"]),
                    side=limits[kind], limit=limit)  # fmt: skip
    if kind == "string_pattern_mismatch":
        return text(
            "{given} is no month; write it like {example}",
            given=shown(error["input"]),
            example=month_meant(error["input"], "2018-08"),
        )
    if kind in ("too_short", "too_long"):
        n = context.get("min_length", context.get("max_length"))
        return plural("there must be at least {n} entry here", "there must be {n} entries here", n)
    wanted = kind.removesuffix("_type").removesuffix("_from_float")
    expected = _EXPECTED.get(wanted, _EXPECTED["model"])()
    said = text("{expected} is wanted here, not {given}", given=shown(error["input"]), expected=expected)
    return said + _written_so(wanted, error["input"], path)


def _hint(path: Path, model: type[BaseModel]) -> str:
    """Where an unknown key belongs, or which key it may mean."""
    key, fields = str(path[-1]), _fields(path, model)
    inner = ((name, _own_fields(one)) for name, info in fields.items() if (one := _table(info)) is not None)
    into = next((name for name, keys in inner if key in keys), None)
    if into == "states":
        return text("; it belongs to a state, and this is the role; write it with one of its `states`")
    return text("; it belongs into `{table}`", table=into) if into else _meant(key, _keys(path, model))


def _table(info: FieldInfo) -> type[BaseModel] | None:
    """The model of a key that holds one table, and neither a list of them nor tables by name."""
    parts = typing.get_args(info.annotation) or (info.annotation,)
    return next((part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)), None)


def _meant(wrong: str, keys: Collection[str]) -> str:
    """A hint at the key, by its Danish word where that is what stands there."""
    from simulate.scenario import danish  # a long table, which a right file does not need

    return suggestion(danish.meant(wrong, danish.KEYS, keys) or wrong, keys)


def _not_listed(given: object, listed: Sequence[str]) -> str:
    """A value that is none of a few words, and which of them it may mean."""
    from simulate.scenario import danish  # a long table, which a right file does not need

    said = text("{given} is none of: {expected}", given=shown(given), expected=", ".join(listed))
    right = danish.meant(given, danish.VALUES, listed) if isinstance(given, str) else None
    return said + (text("; did you mean `{key}`?", key=right) if right else "")


def _written_so(wanted: str, given: object, path: Path) -> str:
    """How what stands there is written: a row under two pairs of brackets, a number without quotes, a table."""
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    if wanted == "bool":
        return _of_truth(given)
    if wanted == "list" and isinstance(given, dict) and key in ROWS:
        return text("; each begins with double brackets: {heading}", heading=f"[[{paths.written(path, {})}]]")
    if wanted == "list" and isinstance(given, str) and re.fullmatch(r"\s*[0-9]+(\s*,\s*[0-9]+)+\s*", given):
        items = re.findall("[0-9]+", given)
        return text("; write it like {list} ({parts} in a cell)", list=f"[{', '.join(items)}]", parts="; ".join(items))
    if wanted == "int" and isinstance(given, str) and re.fullmatch(r"\d{1,6}", given.strip()):
        return text("; write {right} without quotes", right=given.strip())
    if wanted == "model" and key in TABLES:
        return text("; write it like {example}", example=TABLES[key])
    return ""


def _of_truth(given: object) -> str:
    """What a Danish yes or no is called here."""
    from simulate.scenario import danish  # a long table, which a right file does not need

    word = given.casefold().strip() if isinstance(given, str) else ""
    right = "true" if word in danish.YES else "false" if word in danish.NO else ""
    return text("; write {right} without quotes", right=right) if right else ""


def month_meant(given: object, example: str) -> str:
    """A month as it is written, the one that was meant where that can be guessed; else an example."""
    words = str(given).lower()
    year = re.search(r"(?<!\d)(19|20|21|22)\d\d(?!\d)", words)
    if year is None:
        return example
    rest = words[: year.start()] + " " + words[year.end() :]
    named = [i for i, name in enumerate(MONTHS, 1) if re.search(rf"\b{name}", rest)]
    number = re.search(r"\d+", rest)
    month = named[0] if named else int(number[0][:3]) if number and not re.search("k|q", rest) else 0
    return f"{year[0]}-{month if 1 <= month <= 12 else 8:02}"


_EXPECTED = {
    "string": lambda: text("text in quotes"),
    "int": lambda: text("a whole number"),
    "bool": lambda: text("true or false"),
    "list": lambda: text("a list"),
    "dict": lambda: text("a table"),
    "model": lambda: text("a table"),
}


def _keys(path: Path, model: Any) -> Collection[str]:
    """The keys that the schema knows where an unknown one stands."""
    others = ["programmes"] if model is Scenario and len(path) == 1 else []  # which would make it a portfolio
    fields = _fields(path, model)
    return [*fields, *others] if fields else ()


def _fields(path: Path, model: Any) -> dict[str, FieldInfo]:
    """The fields of the schema where an unknown key stands, by their keys."""
    for step in path[:-1]:
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            break
        fields = _own_fields(model)
        if step in fields:
            model = _inner(fields[str(step)].annotation)
    return _own_fields(model) if isinstance(model, type) and issubclass(model, BaseModel) else {}


def _own_fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {info.alias or name: info for name, info in model.model_fields.items() if name != "both"}


def _inside_of(given: Any, path: Path, fields: dict[str, FieldInfo]) -> Found:
    """The unknown keys inside of what stands under a Danish word for a key, so that they are all told at once."""
    from simulate.scenario import danish  # a long table, which a right file does not need

    right = danish.meant(str(path[-1]), danish.KEYS, fields)
    return list(_inside(given, path, fields[right])) if right else []


def _inside(given: Any, path: Path, info: FieldInfo) -> Iterator[tuple[Path, str]]:
    inner, named = _inner(info.annotation), typing.get_origin(info.annotation) is dict
    if inner is None:
        return
    if isinstance(given, list) or (named and isinstance(given, dict)):
        items: list[tuple[Path, Any]] = [
            ((*path, step), item) for step, item in (enumerate(given) if isinstance(given, list) else given.items())
        ]
    else:
        items = [(path, given)]
    fields = _own_fields(inner)
    for place, item in items:
        for key, value in item.items() if isinstance(item, dict) else ():
            if key in fields:
                yield from _inside(value, (*place, key), fields[key])
            else:
                yield (*place, key), text("unknown key") + _meant(key, list(fields))
                yield from _inside_of(value, (*place, key), fields)


def _inner(annotation: Any) -> Any:
    """The model within list[...], dict[str, ...], X | None."""
    seen = [annotation]
    while seen:
        one = seen.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
        seen += [part for part in typing.get_args(one) if part is not str]
    return None
