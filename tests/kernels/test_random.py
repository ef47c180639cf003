"""The random numbers: SplitMix64 against published vectors, and a battery on its numbers as the kernels address them.

The battery looks at what a life is made of: neighbouring draws, cohorts, families, members, states, visits, years, purposes,
seeds. Each of these runs while the others stand still; its neighbours must look like independent uniform numbers, in their
high bits and in their low ones. p-values of single tests must exceed 1e-5 (fixed seeds: they are what they are).
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np
import pytest
from scipy.stats import chi2, norm, poisson

from simulate import kernels
from simulate.kernels.arrays import Rates

plain = kernels.load("lives", compiled=False)
U = np.uint64
SMALLEST_P = 1e-5

# Vigna's splitmix64.c seeded with 0, and Rosetta Code, "Pseudo-random numbers/Splitmix64", seeded with 1234567.
PUBLISHED = {
    0: [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC],
    1234567: [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ],
}


@pytest.fixture(autouse=True)
def wrapping():
    """Plain Python warns of what the hash is made of."""
    with np.errstate(over="ignore"):
        yield


@cache
def part(name: str, compiled: bool = True) -> Callable[..., Any]:
    """A part of the kernel of lives. Compiled, it has no way in from Python but through what is compiled."""
    function = getattr(kernels.load("lives", compiled), name)
    return numba.njit(lambda *given: function(*given)) if compiled else function


class Generator:
    """SplitMix64 as it is published: a state that is stepped, in whole numbers of Python."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return z ^ (z >> 31)


# Known answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", PUBLISHED)
def test_the_reference_gives_the_published_numbers(seed):
    generator = Generator(seed)
    assert [generator.next() for _ in PUBLISHED[seed]] == PUBLISHED[seed]


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("seed", PUBLISHED)
def test_published_numbers(seed, compiled):
    output = part("output", compiled)
    assert [int(output(U(seed), U(n))) for n in range(len(PUBLISHED[seed]))] == PUBLISHED[seed]


@pytest.mark.parametrize("compiled", [True, False])
def test_output_n_is_the_generators_nth_number(compiled):
    output = part("output", compiled)
    for seed in (0, 1, 2**63, 2**64 - 1, 0x0123456789ABCDEF):
        generator = Generator(seed)
        assert [int(output(U(seed), U(n))) for n in range(50)] == [generator.next() for _ in range(50)]
    far = 11 << 60 | 3 << 36 | 2 << 18 | 1
    assert int(output(U(5), U(far))) == Generator((5 + far * 0x9E3779B97F4A7C15) % 2**64).next()


def test_compiled_addresses_equal_plain_ones():
    in_life, numbered = part("in_life"), part("numbered")
    rng = np.random.default_rng(1)
    for key in rng.integers(2**64, size=100, dtype=np.uint64):
        state, visit, index = (int(n) for n in rng.integers((1, 1, 1), (2**18, 2**24, 2**18)))
        for purpose in (plain.CLOCK, plain.LENGTH, plain.JANUARY):
            there = in_life(key, purpose, state, visit, index)
            assert there == plain.in_life(key, purpose, state, visit, index)
            place = int(purpose) << 60 | visit << 36 | state << 18 | index
            assert there == (int(plain.output(key, U(place))) >> 11) / 2**53
        assert int(numbered(key, plain.MEMBER, index)) == int(plain.numbered(key, plain.MEMBER, index))
        assert int(numbered(key, plain.MEMBER, index)) == int(plain.output(key, U(7 << 60 | index)))


@pytest.mark.parametrize("compiled", [True, False])
def test_unit_is_in_0_to_1_on_a_grid(compiled):
    unit = part("unit", compiled)
    assert unit(U(0)) == 0.0
    assert unit(U(2**11 - 1)) == 0.0
    assert unit(U(2**11)) == 2.0**-53
    assert unit(U(2**63)) == 0.5
    assert unit(U(2**64 - 1)) == 1 - 2.0**-53


def test_purposes_are_never_renumbered():
    """Else every seed would mean something else."""
    names = (
        "DRAW COHORT NUMBER FAMILY MONTH ROLE ROUND MEMBER START SHARED OWN ENTRY CLOCK LENGTH JANUARY".split()  # noqa: SIM905
    )
    assert [int(getattr(plain, name)) for name in names] == list(range(15))


def test_places_in_a_life_do_not_meet():
    """The fields of an address do not overlap, as far as a scenario can go."""
    ends = [0, 1, 2**18 - 1]
    places = {
        purpose << 60 | visit << 36 | state << 18 | index
        for purpose in range(16)
        for visit in (0, 1, 2**24 - 1)
        for state in ends
        for index in ends
    }
    assert len(places) == 16 * 27
    assert max(places) < 2**64


# As they are used ----------------------------------------------------------------------------------------------------


def member_key(seed=1, draw=0, cohort=0, family=0, role=0, member=0):
    """The key of a member; any of the coordinates may be an array."""
    key = plain.numbered(np.asarray(seed, np.uint64), plain.DRAW, draw)
    for purpose, index in (
        (plain.COHORT, cohort),
        (plain.FAMILY, family),
        (plain.ROLE, role),
        (plain.MEMBER, member),
    ):
        key = plain.numbered(key, purpose, index)
    return key


def in_life(luck=9, purpose=12, state=0, visit=0, index=0, **coordinates):
    """All 64 bits of a number of one stay."""
    key = plain.numbered(member_key(**coordinates), np.asarray(luck, np.uint64), 0)
    place = U(purpose) << U(60) | U(visit) << U(36) | U(state) << U(18) | U(index)
    return plain.output(key, place)


def start_bits(**coordinates):
    return plain.numbered(member_key(**coordinates), plain.START, 0)


def month_bits(seed=1, draw=0, cohort=0, family=0):
    key = plain.numbered(np.asarray(seed, np.uint64), plain.DRAW, draw)
    key = plain.numbered(plain.numbered(key, plain.COHORT, cohort), plain.FAMILY, family)
    return plain.numbered(key, plain.MONTH, 0)


def number_bits(seed=1, draw=0, cohort=0):
    key = plain.numbered(plain.numbered(np.asarray(seed, np.uint64), plain.DRAW, draw), plain.COHORT, cohort)
    return plain.numbered(key, plain.NUMBER, 0)


CELLS = 2**17
RUNNING = {  # coordinate: (how many neighbours, what else runs while it stands still)
    "seed": (2**16, "draw"),
    "draw": (2**16, "family"),
    "cohort": (2**8, "draw"),
    "family": (2**14, "draw"),
    "role": (2**3, "draw"),
    "member": (2**3, "draw"),
    "luck": (2**1, "draw"),
    "state": (2**5, "draw"),
    "visit": (2**8, "draw"),
    "index": (2**7, "draw"),
    "purpose": (2**2, "draw"),
}
FIRST = {"luck": 9, "purpose": 11}


def running(function, coordinate):
    """(context, neighbour) numbers of a function while one coordinate runs."""
    many, other = RUNNING[coordinate]
    own = FIRST.get(coordinate, 0) + np.arange(many, dtype=np.uint64)
    contexts = np.arange(CELLS // many, dtype=np.uint64)
    return function(**{coordinate: own[None, :], other: contexts[:, None]})


STREAMS = [("life", in_life, name) for name in RUNNING]
STREAMS += [("start", start_bits, name) for name in ("seed", "draw", "cohort", "family", "role", "member")]
STREAMS += [("month", month_bits, name) for name in ("seed", "draw", "cohort", "family")]
STREAMS += [("number", number_bits, name) for name in ("draw", "cohort")]
NAMES = [f"{what}-{name}" for what, _, name in STREAMS]


@cache
def stream(name):
    """(context, neighbour) uint64."""
    _, function, coordinate = STREAMS[NAMES.index(name)]
    if function is number_bits and coordinate == "draw":
        return running(lambda draw, family: number_bits(seed=family, draw=draw), "draw")
    return running(function, coordinate)


@pytest.fixture(params=NAMES)
def bits(request):
    return stream(request.param)


@pytest.fixture(params=["high", "low", "lowest"])
def uniform(request, bits):
    """Numbers in [0, 1): as the kernels make them; of the lowest 32 bits that they use; led by the 11 that they do not."""
    if request.param == "high":
        return plain.unit(bits)
    if request.param == "low":
        return ((bits >> U(11)) & U(2**32 - 1)) * 2.0**-32
    return plain.unit((bits << U(53)) | (bits >> U(11)))


def p_of_z(z):
    return 2 * norm.sf(abs(z))


def p_of_counts(counts, expected):
    """Chi-square of counts against what is expected of them."""
    counts, expected = np.ravel(counts), np.ravel(np.broadcast_to(expected, np.shape(counts)))
    assert expected.min() >= 5
    square = ((counts - expected) ** 2 / expected).sum()
    return 2 * min(chi2.sf(square, len(counts) - 1), chi2.cdf(square, len(counts) - 1))


def histogram(cells, many):
    return np.bincount(np.ravel(cells).astype(np.int64), minlength=many)


def as_bits(numbers):
    """(number, 64) of 0 and 1."""
    return np.unpackbits(np.ravel(numbers).astype(">u8").view(np.uint8)).reshape(-1, 64)


# The battery ---------------------------------------------------------------------------------------------------------


def test_monobit(bits):
    ones = as_bits(bits).sum(axis=0, dtype=np.int64)
    z = (2 * ones - bits.size) / math.sqrt(bits.size)
    assert p_of_z(np.abs(z).max()) * 64 > SMALLEST_P
    assert p_of_z(z.sum() / 8) > SMALLEST_P
    assert chi2.sf((z**2).sum(), 64) > SMALLEST_P


def test_bits_of_a_number_do_not_know_each_other(bits):
    signs = as_bits(bits).astype(np.float32) * 2 - 1
    z = (signs.T @ signs)[np.triu_indices(64, 1)] / math.sqrt(bits.size)
    assert p_of_z(np.abs(z).max()) * len(z) > SMALLEST_P
    assert chi2.sf((z**2).sum(), len(z)) > SMALLEST_P


def test_neighbours_differ_in_half_of_their_bits(bits):
    flipped = as_bits(bits[:, 1:] ^ bits[:, :-1])
    z = (2 * flipped.sum(axis=0, dtype=np.int64) - len(flipped)) / math.sqrt(len(flipped))
    assert p_of_z(np.abs(z).max()) * 64 > SMALLEST_P
    counts = histogram(flipped.sum(axis=1), 65)
    chances = np.array([math.comb(64, k) for k in range(65)]) / 2.0**64
    inner = slice(18, 47)
    counts = [counts[:18].sum(), *counts[inner], counts[47:].sum()]
    chances = [chances[:18].sum(), *chances[inner], chances[47:].sum()]
    assert p_of_counts(counts, np.array(chances) * len(flipped)) > SMALLEST_P


def test_bits_of_neighbours_do_not_know_each_other(bits):
    before = as_bits(bits[:, :-1]).astype(np.float32) * 2 - 1
    after = as_bits(bits[:, 1:]).astype(np.float32) * 2 - 1
    z = np.ravel(before.T @ after) / math.sqrt(len(before))
    assert p_of_z(np.abs(z).max()) * len(z) > SMALLEST_P
    assert chi2.sf((z**2).sum(), len(z)) > SMALLEST_P


def test_chi_square(uniform):
    assert p_of_counts(histogram(uniform * 1024, 1024), uniform.size / 1024) > SMALLEST_P


def test_mean_and_variance(uniform):
    n = uniform.size
    assert p_of_z((uniform.mean() - 0.5) * math.sqrt(12 * n)) > SMALLEST_P
    assert p_of_z((((uniform - 0.5) ** 2).mean() - 1 / 12) * math.sqrt(180 * n)) > SMALLEST_P


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_serial_correlation(uniform, lag):
    """Of neighbours in the running coordinate, and of the same place in neighbouring contexts."""
    off = uniform - 0.5
    for before, after in ((off[:, :-lag], off[:, lag:]), (off[:-lag], off[lag:])):
        if before.size > 1000:
            assert p_of_z(12 * (before * after).sum() / math.sqrt(before.size)) > SMALLEST_P


def test_serial_pairs(uniform):
    """Pairs of neighbours on a grid of 64 x 64, and neighbouring contexts."""
    whole = np.floor(uniform * 64)
    for before, after in ((whole[:, :-1:2], whole[:, 1::2]), (whole[:-1:2], whole[1::2])):
        if before.size >= 8 * 64**2:
            n = min(before.size, after.size)
            cells = before.ravel()[:n] * 64 + after.ravel()[:n]
            assert p_of_counts(histogram(cells, 64**2), n / 64**2) > SMALLEST_P


def test_serial_triples(uniform):
    """Triples of neighbours on a grid of 16 x 16 x 16."""
    if uniform.shape[1] < 3:
        uniform = uniform.T
    whole = np.floor(uniform[:, : uniform.shape[1] // 3 * 3] * 16)
    cells = whole[:, ::3] * 256 + whole[:, 1::3] * 16 + whole[:, 2::3]
    assert p_of_counts(histogram(cells, 4096), cells.size / 4096) > SMALLEST_P


def test_runs_up_and_down(uniform):
    """Turning points among neighbours: 2/3 of the places, with variance (16 n - 29) / 90 in a row of n."""
    if uniform.shape[1] < 4:
        uniform = uniform.T
    rises = np.diff(uniform, axis=1) > 0
    turns = (rises[:, 1:] != rises[:, :-1]).sum()
    rows, n = uniform.shape
    assert p_of_z((turns - rows * 2 * (n - 2) / 3) / math.sqrt(rows * (16 * n - 29) / 90)) > SMALLEST_P


def test_runs_above_and_below_a_half(uniform):
    """Neighbours change sides half of the time, one change independent of the next."""
    changes = np.diff(uniform >= 0.5, axis=1)
    assert p_of_z((2 * changes.sum() - changes.size) / math.sqrt(changes.size)) > SMALLEST_P


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.1), (0.45, 0.55), (0.9, 1.0)])
def test_gaps(uniform, low, high):
    """How many numbers lie between two in an interval (Knuth 3.3.2 D)."""
    hits = np.flatnonzero((uniform.ravel() >= low) & (uniform.ravel() < high))
    gaps = np.minimum(np.diff(hits) - 1, 45)
    chances = 0.1 * 0.9 ** np.arange(46.0)
    chances[45] = 0.9**45
    assert p_of_counts(histogram(gaps, 46), chances * len(gaps)) > SMALLEST_P


def test_birthday_spacings(uniform):
    """512 birthdays in a year of 2^24 days: equal spacings are Poisson with mean 2 (Marsaglia 1985)."""
    days = np.sort(np.floor(uniform.reshape(-1, 512) * 2**24), axis=1)
    spacings = np.sort(np.diff(days, axis=1, prepend=0), axis=1)
    equal = (np.diff(spacings, axis=1) == 0).sum(axis=1)
    counts = histogram(np.minimum(equal, 5), 6)
    chances = np.array([*poisson.pmf(range(5), 2), poisson.sf(4, 2)])
    assert p_of_counts(counts, chances * len(equal)) > SMALLEST_P


def test_collisions(uniform):
    """How many of 2^17 numbers fall on one of 2^24 places twice."""
    n, places = uniform.size, 2**24
    seen = n - len(np.unique(np.floor(uniform * places)))
    expected = n - places * -math.expm1(n * math.log1p(-1 / places))
    assert poisson.cdf(seen, expected) > SMALLEST_P / 2
    assert poisson.sf(seen - 1, expected) > SMALLEST_P / 2


# Keys ----------------------------------------------------------------------------------------------------------------


@cache
def life_keys():
    """The keys of all lives, of their members and families, and of the draws, of a larger run."""
    draws, cohorts, families, roles, members = np.ix_(*(np.arange(n, dtype=np.uint64) for n in (125, 11, 45, 2, 3)))
    with np.errstate(over="ignore"):
        own = member_key(7, draws, cohorts, families, roles, members)
        lives = [plain.numbered(own, luck, 0) for luck in (plain.SHARED, plain.OWN)]
        draw_keys = plain.numbered(U(7), plain.DRAW, np.arange(2**19, dtype=np.uint64))
    return np.concatenate([own.ravel(), *(each.ravel() for each in lives), draw_keys])


def test_no_two_lives_have_one_key():
    keys = life_keys()
    assert len(np.unique(keys)) == len(keys) > 1_500_000  # two random ones would meet with chance 1e-7


@pytest.mark.parametrize("shift", [0, 32])
def test_halves_of_keys_meet_as_often_as_random_ones(shift):
    keys = (life_keys() >> U(shift)) & U(2**32 - 1)
    n, places = len(keys), 2.0**32
    seen = n - len(np.unique(keys))
    expected = n - places * -math.expm1(n * math.log1p(-1 / places))
    assert abs(seen - expected) / math.sqrt(expected) < 4.5


def test_no_two_lives_share_a_number():
    """Generators that begin near each other would give one person another's numbers."""
    draws, families, members = np.ix_(*(np.arange(n, dtype=np.uint64) for n in (50, 50, 2)))
    own = member_key(3, draws, 4, families, 0, members)
    lives = np.concatenate([plain.numbered(own, luck, 0).ravel() for luck in (plain.SHARED, plain.OWN)])
    places = [11 << 60]
    places += [
        purpose << 60 | visit << 36 | state << 18 | index
        for purpose in (12, 13, 14)
        for visit in (0, 1, 2)
        for state in (0, 1, 3)
        for index in (0, 1, 4)
    ]
    numbers = plain.output(lives[:, None], np.array(places, np.uint64)[None, :])
    assert len(np.unique(numbers)) == numbers.size


def test_seeds_that_are_near_make_runs_that_are_not():
    """Draw d of seed s and draw d + 1 of seed s - 1 have nothing to do with each other, nor have other small shifts."""
    seeds, draws = np.arange(256, dtype=np.uint64)[:, None], np.arange(4096, dtype=np.uint64)[None, :]
    keys = plain.numbered(seeds, plain.DRAW, draws)
    assert len(np.unique(keys)) == keys.size
    uniforms = plain.cohort_uniforms(U(1), np.arange(4096, dtype=np.uint64), 8)
    others = plain.cohort_uniforms(U(2), np.arange(4096, dtype=np.uint64), 8)
    correlation = 12 * ((uniforms - 0.5) * (others - 0.5)).sum() / math.sqrt(uniforms.size)
    assert p_of_z(correlation) > SMALLEST_P


def test_exponentials_are_exponential():
    """The clocks of any-month moves, by their first four moments."""
    u = plain.unit(in_life(draw=np.arange(2**18, dtype=np.uint64)))
    left = plain.minus_log(1.0 - u)
    for k in (1, 2, 3, 4):
        mean, variance = math.factorial(k), math.factorial(2 * k) - math.factorial(k) ** 2
        assert p_of_z(((left**k).mean() - mean) / math.sqrt(variance / len(left))) > SMALLEST_P


def test_own_logarithm_is_the_library_s():
    u = np.random.default_rng(5).random(2**18)
    edges = np.concatenate([np.arange(1, 129) / 128, 1 - np.arange(1, 129) / 256, np.arange(1, 257) / 2**53])
    x = np.concatenate([1.0 - u, edges, 2.0 ** -np.arange(54), 1 - 2.0 ** -np.arange(1, 54)])
    assert plain.minus_log(1.0) == 0.0
    np.testing.assert_allclose(plain.minus_log(x), -np.log(x), rtol=4e-16, atol=2e-15)
    compiled = part("minus_log")
    assert [compiled(each) for each in x[-1000:]] == plain.minus_log(x[-1000:]).tolist()


@pytest.mark.parametrize("scale", [0.01, 0.3, 30.0, 800.0])
def test_a_clock_outlasts_just_where_it_does_not_run_out(scale):
    """By one comparison, and by walking through the months; also where the chances are too small for the comparison."""
    random = np.random.default_rng(8)
    hazard = random.exponential(scale, (1, 2, 1, 5))
    hazard[0, :, 0, 2] = 0.0
    rates = Rates(*[np.zeros(0)] * len(Rates._fields))._replace(hazard=hazard)
    staying = np.zeros((2, 1, 122))
    plain.fill_staying(0, rates, staying)
    sure = seen = 0
    for _ in range(2000):
        arrival, until = int(random.integers(120)), int(random.integers(150))
        stop = int(random.integers(arrival + 1, 121))
        x = 1.0 - random.random() ** random.integers(1, 4)
        member = plain.Member(0, 0, until, U(0), np.zeros(1, np.int64))
        at, _ = plain.run_out(plain.minus_log(x), 0, arrival, stop, member, rates)
        outlasts = plain.outlasts(x, 0, arrival, stop, until, member, staying)
        assert not outlasts or at == plain.NEVER
        assert staying.min() == 0.0 or outlasts == (at == plain.NEVER)
        sure, seen = sure + outlasts, seen + (at < plain.NEVER)
    assert seen > 0
    assert sure > 0 or scale == 800
