#!/usr/bin/python3
"""The polynomials of core/kernels/vmath.h: Chebyshev fits in 50 digits (mpmath), printed as C numbers with their largest error.

    /usr/bin/python3 tests/golden/fit_vmath.py

exp: e^r = 1 + r + r^2 q(r) for |r| <= ln 2 / 2. log: m in [1/sqrt 2, sqrt 2], s = (m - 1) / (m + 1),
log m = 2 s + s^3 R(s^2); softplus: the same R for s in [0, 1/3]. tanh, sigmoid: e^r = (q + p) / (q - p), p / q = tanh(r/2) = r P(r^2) / Q(r^2), P's first coefficient 1;
the quotient goes through as many Chebyshev nodes as it has coefficients. Intervals are a little wider than needed: arguments are rounded.
"""
import math

from mpmath import atanh, chebyfit, cos, exp, log, lu_solve, matrix, mp, mpf, nstr, pi, polyval, sqrt, tanh

mp.dps = 50
WIDER = mpf("1.0005")
LN2 = log(2)


def q(r):
    if abs(r) < mpf(10) ** -12:
        return mpf(1) / 2 + r / 6 + r * r / 24
    return (exp(r) - 1 - r) / r**2


def big_r(w):
    if w < mpf(10) ** -10:
        return mpf(2) / 3 + 2 * w / 5
    s = sqrt(w)
    return (2 * atanh(s) - 2 * s) / s**3


def rounded(value, bits):
    """the nearest double or float, in the fewest digits that give it back"""
    if bits == 64:
        return repr(float(value))
    import numpy as np

    return str(np.float32(float(value))) + "f"


def fit(name, f, low, high, terms, bits):
    coefficients, error = chebyfit(f, [low, high], terms, error=True)
    print(f"{name}, float{bits}: largest error {nstr(error, 3)}, lowest power first")
    for c in reversed(coefficients):
        print("   ", rounded(c, bits))


def halves(degree, bits):
    """P and Q, both of this degree"""
    count, widest = 2 * degree + 1, (LN2 / 2 * WIDER) ** 2
    equations, right = matrix(count, count), matrix(count, 1)
    for i in range(count):
        w = widest / 2 * (1 + cos(pi * (2 * i + 1) / (2 * count)))
        goal = tanh(sqrt(w) / 2) / sqrt(w)
        for j in range(degree + 1):
            equations[i, j] = goal * w**j
        for j in range(degree):
            equations[i, degree + 1 + j] = -(w**j)
        right[i] = w**degree
    solved = list(lu_solve(equations, right))
    q, p = solved[: degree + 1], solved[degree + 1 :] + [mpf(1)]

    def error(w):
        r = sqrt(w)
        return abs(r * polyval(p[::-1], w) / polyval(q[::-1], w) / tanh(r / 2) - 1)

    largest = max(error(widest * i / 1000) for i in range(1, 1001))
    print(f"halves, float{bits}: largest error {nstr(largest, 3)}, lowest power first")
    for name, values in (("Q", q), ("P", p)):
        print("   ", name, *(rounded(v, bits) for v in values))


def split_ln2(bits, digits):
    """high has so few digits that n * high is exact for every exponent n"""
    high = math.floor(LN2 * 2**digits) / 2**digits
    print(f"ln 2, float{bits}: high", rounded(high, bits), "low", rounded(LN2 - mpf(high), bits))


half, widest = LN2 / 2 * WIDER, ((sqrt(2) - 1) / (sqrt(2) + 1)) ** 2 * WIDER
fit("exp q(r)", q, -half, half, 10, 64)
fit("exp q(r)", q, -half, half, 5, 32)
fit("log R(w)", big_r, mpf(0), widest, 7, 64)
fit("log R(w)", big_r, mpf(0), widest, 3, 32)
fit("softplus R(w)", big_r, mpf(0), WIDER / 9, 10, 64)
fit("softplus R(w)", big_r, mpf(0), WIDER / 9, 4, 32)
halves(2, 64)
halves(1, 32)
split_ln2(64, 32)
split_ln2(32, 12)
