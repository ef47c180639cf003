"""Gamma distributions with large shapes: chances, densities and their slopes, of many at one amount after the other.

Temme's uniform expansion, as `simulate.analysis.temme` has it. What it needs of logarithm, exponential and normal distribution stands here, without a branch,
so that some draws go through it side by side: that takes a sixth of the time of one function after the other over whole arrays.
"""

import math

import numpy as np

from simulate.kernels.jit import inner, kernel

FAR = 4.0  # stretched scores (not times the root of the shape) beyond which the correction is nothing
EXPONENT, MANTISSA = 1023 << 52, (1 << 52) - 1
ROOT_HALF = 0x3FE6A09E667F3BCD  # the bits of the root of 1/2
LOG_2, LOG_2_REST = (
    6.93147180369123816490e-01,
    1.90821492927058770002e-10,
)  # together to 2^-87; whole multiples of the first are exact
PER_LOG_2 = 1.44269504088896338700e00
WHOLE = 1.5 * 2.0**52  # added to a number, leaves the nearest whole one in its last bits
LOWEST = 700.0  # of what is left of the height there is nothing
END = 2.0**-60  # the distribution's end, where the logarithm would have none
ROOT = math.sqrt(2 * math.pi)
MIDDLE = 5.0  # sds, about which the tail of the normal distribution is a polynomial

# fmt: off
M = (
    0.7691930497500612, -0.6653825028900842, 0.49530561597036027, -0.31353315666943016, 0.16502036615651441,
    -0.06911863874459427, 0.020795066996206583, -0.0029933764099112923, -0.0007978708196262909, 0.0005448971827288311,
    -5.936977150918092e-05, -4.9756825771216295e-05, 1.666584287584565e-05, 3.96867312767636e-06, -2.7443136555077753e-06,
    -3.2025388470125056e-07, 4.080654092726209e-07, 2.8126613924867357e-08, -5.144164314553276e-08, -1.988072939723309e-09,
    3.7657139289679124e-09,
)  # from the constant on
# fmt: on


@inner
def excess(off):
    """off - log(1 + off), to its own last digits, for off > -1.

    The logarithm is that of fdlibm, rearranged so that nothing cancels near 0.
    """
    # Of its coefficients: Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
    # business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
    bits = np.float64(max(1.0 + off, END)).view(np.int64)
    power = (bits - ROOT_HALF) >> 52
    f = np.int64(bits - (power << 52)).view(np.float64) - 1.0
    whole = np.float64(power)
    f = off if power == 0 else f
    s = f / (2.0 + f)
    z = s * s
    series = 1.531383769920937332e-01 + z * 1.479819860511658591e-01
    series = 2.222219843214978396e-01 + z * (1.818357216161805012e-01 + z * series)
    series = z * (
        6.666666666666735130e-01 + z * (3.999999999940941908e-01 + z * (2.857142874366239149e-01 + z * series))
    )
    half = 0.5 * f * f
    return (off - f - whole * LOG_2) - whole * LOG_2_REST + (half - s * (half + series))


@inner
def falling(x):
    """exp(-x) for x >= 0, to the last digits; next to nothing beyond LOWEST."""
    x = min(x, LOWEST)
    shifted = x * PER_LOG_2 + WHOLE
    whole = shifted - WHOLE
    r = (whole * LOG_2 - x) + whole * LOG_2_REST
    p = 1 / 479001600 + r * (1 / 6227020800)
    p = 1 / 3628800 + r * (1 / 39916800 + r * p)
    p = 1 / 40320 + r * (1 / 362880 + r * p)
    p = 1 / 720 + r * (1 / 5040 + r * p)
    p = 1 / 24 + r * (1 / 120 + r * p)
    p = 1.0 + r * (1.0 + r * (0.5 + r * (1 / 6 + r * p)))
    low = np.float64(shifted).view(np.int64) << 52
    return p * np.int64(EXPONENT - low).view(np.float64)


@inner
def beyond(score):
    """The normal distribution's chance of more than a score >= 0, over exp(-score² / 2): to 1e-14 of itself.

    A polynomial in (score - MIDDLE) / (score + MIDDLE) over score + MIDDLE (after Shepherd, Laframboise 1981, Chebyshev approximation of
    (1 + 2x)exp(x²)erfc x).
    """
    scale = 1.0 / (score + MIDDLE)
    w = (score - MIDDLE) * scale
    p = M[19] + w * M[20]
    p = M[17] + w * (M[18] + w * p)
    p = M[15] + w * (M[16] + w * p)
    p = M[13] + w * (M[14] + w * p)
    p = M[11] + w * (M[12] + w * p)
    p = M[9] + w * (M[10] + w * p)
    p = M[7] + w * (M[8] + w * p)
    p = M[5] + w * (M[6] + w * p)
    p = M[3] + w * (M[4] + w * p)
    p = M[0] + w * (M[1] + w * (M[2] + w * p))
    return p * scale


@inner
def corrected(series, i, x):
    """The series of a draw at x."""
    p = series[13, i] + x * series[14, i]
    p = series[11, i] + x * (series[12, i] + x * p)
    p = series[9, i] + x * (series[10, i] + x * p)
    p = series[7, i] + x * (series[8, i] + x * p)
    p = series[5, i] + x * (series[6, i] + x * p)
    p = series[3, i] + x * (series[4, i] + x * p)
    return series[0, i] + x * (series[1, i] + x * (series[2, i] + x * p))


@kernel
def expand(coefficients, shape, series):
    """Fills series (term in the score, draw) from coefficients (eight terms in 1/shape, term in the score)."""
    for k in range(series.shape[0]):
        a, b, c, d = coefficients[0, k], coefficients[1, k], coefficients[2, k], coefficients[3, k]
        e, f, g, h = coefficients[4, k], coefficients[5, k], coefficients[6, k], coefficients[7, k]
        for i in range(series.shape[1]):
            x = 1.0 / shape[i]
            found = a + x * (b + x * (c + x * (d + x * (e + x * (f + x * (g + x * h))))))
            series[k, i] = found / (ROOT * math.sqrt(shape[i]))


@inner
def tail(score, side, half_skewness, shape, peak, series, i):
    """Of a draw the chance and the density at a score in sds."""
    off = max(half_skewness * score, -1.0)
    half = max(excess(off), 0.0)
    size = math.sqrt(2.0 * half)
    height = falling(shape * half)
    end = height * beyond(size * math.sqrt(shape))
    correction = height * corrected(series, i, math.copysign(min(size, FAR), off))
    is_end = (off < 0.0) == (side > 0.0)
    chance = (end if is_end else 1.0 - end) - side * correction
    return chance, height * peak / (1.0 + off) if off > -1.0 else 0.0


@kernel
def tails(score, side, half_skewness, shape, peak, series, chance, density):
    """Fills chance and density (row, draw) at scores in sds (row, draw). side: (draw,) 1 where the gamma distribution's own lower tail is
    asked for, else -1; peak: (draw,) the density at the mean."""
    for row in range(score.shape[0]):
        for i in range(score.shape[1]):
            found = tail(score[row, i], side[i], half_skewness[i], shape[i], peak[i], series, i)
            chance[row, i] = found[0]
            density[row, i] = found[1]


@kernel
def points(amounts, mean, per_sd, weight, side, half_skewness, shape, peak, series, density, below, rise):
    """Fills below (amount, draw), the chances of at most an amount, and rise (amount, 5), the sums over the draws of the density and its first
    derivatives by the amount. weight: (draw,) 1, or 0 for what is not added; density: (draw,) room for it.

    The derivatives follow from (1 + h x) f' = -(x + h) f of the density f at the score x, h half the skewness.
    """
    for row in range(len(amounts)):
        for i in range(len(mean)):
            x = (amounts[row] - mean[i]) * per_sd[i]
            found = tail(x, side[i], half_skewness[i], shape[i], peak[i], series, i)
            below[row, i] = found[0]
            density[i] = found[1]
        zeroth = first = second = third = fourth = 0.0
        for i in range(len(mean)):
            h, by = half_skewness[i], per_sd[i]
            x = (amounts[row] - mean[i]) * by
            turned = -by / max(1.0 + h * x, END)
            f0 = density[i] * weight[i] * by
            f1 = (x + h) * f0 * turned
            f2 = ((x + 2.0 * h) * f1 + f0 * by) * turned
            f3 = ((x + 3.0 * h) * f2 + 2.0 * f1 * by) * turned
            zeroth += f0
            first += f1
            second += f2
            third += f3
            fourth += ((x + 4.0 * h) * f3 + 3.0 * f2 * by) * turned
        rise[row, 0] = zeroth
        rise[row, 1] = first
        rise[row, 2] = second
        rise[row, 3] = third
        rise[row, 4] = fourth
