"""Numbers reckoned from assumptions: how they are read, what they come to, and what is refused, quickly and in words."""

from __future__ import annotations

import itertools
import math
import operator
import pickle
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulate.model import inputs
from simulate.scenario import expressions
from simulate.scenario.expressions import OF_NUMBERS, ExpressionProblem, Known, Name, parse, renamed

NAMES = ["a", "b", "inst andel", "half/half", "x-y", "q. pris", "min", "o'hara", 'the "best"', "ærø", "a_2"]
KNOWN = Known(NAMES)
VALUES = dict(zip(NAMES, (0.5, 3.0, 0.25, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0, 29.0, 31.0), strict=True))


def worth(text: str, values: dict[str, float] = VALUES) -> float:
    return float(parse(text, KNOWN).reckoned(lambda step: values[step] if isinstance(step, Name) else step, OF_NUMBERS))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("a*b", 1.5),
        ("a × b · 2", 3.0),
        ("1 - a", 0.5),
        ("1 − a – b", -2.5),
        ("-a", -0.5),
        ("--a", 0.5),
        ("+a", 0.5),
        ("2 - -a", 2.5),
        ("-a * -b", 1.5),
        ("a - b - 1", -3.5),
        ("a / b / 2", 0.5 / 3 / 2),
        ("a / (b / 2)", 0.5 / 1.5),
        ("a + b * 2", 6.5),
        ("(a + b) * 2", 7.0),
        ("15 % * b", 0.15 * 3),
        ("0,5 * b", 1.5),
        ("b * 0.5", 1.5),
        ("450.000 kr. * a", 225_000.0),
        ("a * 450.000 kr.", 225_000.0),
        ("kr. 450.000 * a + 1", 225_001.0),
        ("1,5 mio. kr. * a", 750_000.0),
        ("465 t.kr. + a", 465_000.5),
        ("1 092 118,50 * a", 546_059.25),
        ("1e3 * a", 500.0),
        ("min(a; b)", 0.5),
        ("MAX(a; b; 2 * b)", 6.0),
        ("min(max(a; 1); b) * 2", 2.0),
        ("min * 2", 34.0),
        ("min(min; 2)", 2.0),
        ("inst andel * 2", 0.5),
        ("'inst andel' * 2", 0.5),
        ('"inst andel" * 2', 0.5),
        ("half/half + 1", 8.0),
        ("x-y * 2", 22.0),
        ("q. pris + 1", 14.0),
        ("'o''hara' + 1", 20.0),
        ("'the \"best\"' + 1", 24.0),
        ('"the ""best""" + 1', 24.0),
        ("ærø + a_2", 60.0),
        ("a*b*a*b", 2.25),
    ],
)
def test_what_a_calculation_comes_to(text: str, right: float) -> None:
    assert worth(text) == right
    assert expressions.is_meant(text, KNOWN) or text == "min * 2"
    assert pickle.loads(pickle.dumps(parse(text, KNOWN))).program == parse(text, KNOWN).program


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a * c", 'no assumption is called "c"'),
        ("a_2 * ærø * a_22", "did you mean `a_2`?"),
        ("'inst andle' * a", "did you mean `inst andel`?"),
        ("a b", "cannot be read at “b”"),
        ("a +", "ends where a number or the name of an assumption should follow"),
        ("* a", "cannot be read at “*”"),
        ("a ** b", "cannot be read at “**”"),
        ("a ^ b", "cannot be read at “^”"),
        ("a, b", "has a comma where none can stand"),
        ("max(a, b)", "has a comma where none can stand"),
        ("(a", "a parenthesis is not closed"),
        ("a)", "cannot be read at “)”"),
        ("'a * b", "a name in quotes is not closed"),
        ("max(a)", "max takes two numbers or more"),
        ("sum(a; b)", 'no function is called "sum"'),
        ("a ÷ b", "÷ is a minus to some and a division to others"),
        ("a * 465.000", "can be read two ways"),
        ("a * 5x", "cannot be read at “5x”"),
        ("a * 5 euro", "cannot be read at “e”"),
        ("__import__('os')", "no function is called"),
        ("a.real", "cannot be read at “.”"),
        ("a[0]", "cannot be read at “[”"),
        ("a if b else a", "cannot be read at “i”"),
        ("lambda: a", "no assumption is called"),
        ("()", "cannot be read at “)”"),
        ("", "ends where"),
    ],
)
def test_what_is_refused(text: str, words: str) -> None:
    from simulate import locale

    with locale.speaking("en"), pytest.raises(ExpressionProblem) as found:
        parse(text, KNOWN)
    assert words in found.value.message


def test_a_name_that_is_a_calculation_as_well_is_refused() -> None:
    from simulate import locale

    known = Known(["a", "b", "a-b", "a * b"])
    for text in ("a-b * 2", "2 + a * b"):
        with locale.speaking("en"), pytest.raises(ExpressionProblem, match="put the names that are meant in quotes"):
            parse(text, known)
    assert parse("a - b", known).names == {"a": None, "b": None}
    assert list(parse("'a-b' * 2 + 'a'", known).names) == ["a-b", "a"]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000 + "a" + ")" * 100_000,
        "-" * 100_000 + "a",
        "a" + "*a" * 100_000,
        "a" + "+a" * 5_000_000,
        "min(" * 100_000 + "a",
        "'" * 100_001 + "a*",
        '"' * 100_000 + "*",
        "(" * 400 + "a" + ")" * 400,
        "-" * 900 + "a",
        "max(a;" * 150 + "a" + ")" * 150,
    ],
    ids=[
        "parentheses",
        "signs",
        "factors",
        "10 MB",
        "functions",
        "quotes",
        "double quotes",
        "deep",
        "negative",
        "nested",
    ],
)
def test_hostile_texts_get_words_quickly(text: str) -> None:
    begin = time.process_time()
    if expressions.is_meant(text, KNOWN):
        with pytest.raises(ExpressionProblem):
            parse(text, KNOWN)
    assert time.process_time() - begin < 5  # a hang takes minutes


# Against Python's own arithmetic --------------------------------------------------------------------------------------

Tree = tuple[str, Any]
SIGNS: dict[str, Any] = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def trees() -> st.SearchStrategy[Any]:
    numbers = st.integers(0, 400).map(lambda i: i / 4)
    leaves = st.one_of(st.sampled_from(NAMES), numbers)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(list(SIGNS)), inner, inner),
            st.tuples(st.just("negative"), inner),
            st.tuples(st.sampled_from(["min", "max"]), inner, inner, inner),
        ),
        max_leaves=12,
    )


def as_written(tree: Any, pick: Any) -> str:
    """With parentheses everywhere, and blanks and signs as they come."""
    if isinstance(tree, str):
        return "'" + tree.replace("'", "''") + "'"
    if isinstance(tree, float):
        return pick([f"{tree:.2f}", f"{tree:.2f}".replace(".", ",")])
    sign, *parts = tree
    inner = [as_written(part, pick) for part in parts]
    if sign == "negative":
        return f"(-{inner[0]})"
    if sign in ("min", "max"):
        return f"{sign}({'; '.join(inner)})"
    other = {"*": ["*", "×", " · "], "-": ["-", " − "]}.get(sign, [sign, f" {sign} "])
    return f"({inner[0]}{pick(other)}{inner[1]})"


def of_python(tree: Any) -> float:
    """Raises ZeroDivisionError."""
    if isinstance(tree, str):
        return VALUES[tree]
    if isinstance(tree, float):
        return tree
    sign, *parts = tree
    inner = [of_python(part) for part in parts]
    if sign == "negative":
        return -inner[0]
    return {"min": min, "max": max}[sign](inner) if sign in ("min", "max") else SIGNS[sign](*inner)


@given(trees(), st.data())
def test_random_trees_are_what_python_makes_of_them(tree: Any, data: Any) -> None:
    text = as_written(tree, lambda ways: data.draw(st.sampled_from(ways)))
    read = parse(text, KNOWN)
    try:
        right = of_python(tree)
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            worth(text)
        assert by_zero(read)
        return
    assert worth(text) == right
    assert of_arrays(read) == right
    called = renamed(text, KNOWN, lambda name: f"P: {name}")
    new = parse(called, Known([f"P: {name}" for name in NAMES]))
    assert new.reckoned(lambda step: VALUES[step[3:]] if isinstance(step, Name) else step, OF_NUMBERS) == right


def by_zero(read: expressions.Expression) -> list[Any]:
    found: list[Any] = []
    inputs.reckoned(read, lambda name: np.full((1, 1), VALUES[name]), found.append)
    return found


def of_arrays(read: expressions.Expression) -> float:
    found = inputs.reckoned(read, lambda name: np.full((1, 1), VALUES[name]), lambda which: None)
    assert found.shape == (1, 1)
    return float(found[0, 0])


@given(st.lists(st.tuples(st.sampled_from("+-*/"), st.sampled_from(["a", "b", "a_2", "2", "0,25"])), max_size=30))
def test_without_parentheses_it_goes_as_in_python(parts: list[tuple[str, str]]) -> None:
    """Python itself reads the same text with its own rules of precedence; nothing of a user's is ever read so."""
    text = "b" + "".join(f" {sign} {one}" for sign, one in parts)
    right = eval(text.replace("0,25", "0.25"), {"__builtins__": {}}, dict(VALUES))
    assert worth(text) == right


@given(trees())
def test_a_spreadsheets_formula_is_the_same(tree: Any) -> None:
    """Read again as a calculation, whose rules of precedence are a spreadsheet's."""
    read = parse(as_written(tree, lambda ways: ways[0]), KNOWN)
    places = {name: f"c{i}" for i, name in enumerate(NAMES)}
    words = expressions.formula(read, places.__getitem__)
    again = parse(words.replace(",", ";"), Known(places.values()))
    values = {places[name]: value for name, value in VALUES.items()}
    try:
        right = of_python(tree)
    except ZeroDivisionError:
        return
    assert again.reckoned(lambda step: values.get(step, step), OF_NUMBERS) == right
    assert words.count("((((") == 0 or "(" in words


# Draws ------------------------------------------------------------------------------------------------------------------


def test_division_by_zero_in_a_draw_is_the_largest_number_with_the_sign_and_told() -> None:
    a, b = np.array([[1.0], [-1.0], [0.0], [6.0]]), np.array([[0.0], [0.0], [0.0], [3.0]])
    told: list[Any] = []
    found = inputs.reckoned(parse("a / b", KNOWN), {"a": a, "b": b}.__getitem__, told.append)
    assert found[:, 0].tolist() == [expressions.HUGE, -expressions.HUGE, 0.0, 2.0]
    assert [which.tolist() for which in told] == [[True, True, True, False]]


@given(st.lists(st.sampled_from(["*a", "/b", "*(a-a)", "-a", "/(a-a)", "*1e15", "/1e-15"]), max_size=40))
def test_no_draw_is_ever_nan_or_infinite(parts: list[str]) -> None:
    values = {"a": np.array([[1e15], [0.0], [-1e15]]), "b": np.array([[1e-300], [0.0], [3.0]])}
    found = inputs.reckoned(parse("a" + "".join(parts), KNOWN), values.__getitem__, lambda which: None)
    assert np.isfinite(found).all()


def test_points_and_draws_are_the_same_to_the_last_bit() -> None:
    generator = np.random.default_rng(3)
    drawn = {name: generator.lognormal(size=(50, 4)) for name in ("a", "b")}
    read = parse("min(a * b / (1 + a); 2 - b; 0,1) * -a + b / 3", KNOWN)
    found = inputs.reckoned(read, drawn.__getitem__, lambda which: None)
    for draw, year in itertools.product(range(50), range(4)):
        point = {name: float(values[draw, year]) for name, values in drawn.items()}
        assert found[draw, year] == read.reckoned(lambda step, point=point: point.get(step, step), OF_NUMBERS)
    assert math.isfinite(found.sum())
