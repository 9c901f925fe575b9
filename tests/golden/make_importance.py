#!/usr/bin/python3
"""Writes importance.h: an analysis of variance of made-up values of 3 x 2 x 4 settings and 5 repeats, by projections.

    /usr/bin/python3 tests/golden/make_importance.py > tests/golden/importance.h

An effect is a subspace of the settings' values, spanned by orthonormal columns: Kronecker products of a constant and of
contrasts. Each repeat has its coordinates there; sums of squares, their errors, epsilon and F come from those alone."""
import itertools

import numpy as np
from scipy import stats
from scipy.linalg import helmert

LEVELS, REPEATS = (3, 2, 4), 5
r = np.random.RandomState(4)
a, b, c = (np.arange(n) for n in LEVELS)
mean = 0.2 * a[:, None, None] + 0.1 * (a[:, None, None] == 2) * (b[:, None] == 1) + 0.02 * c
y = mean[..., None] + 0.1 * r.randn(REPEATS) + 0.08 * r.randn(3, 1, 1, REPEATS) + 0.1 * r.randn(*LEVELS, REPEATS)


def columns(which):
    out = np.ones((1, 1))
    for k, n in enumerate(LEVELS):
        out = np.kron(out, helmert(n) if k in which else np.full((1, n), n ** -0.5))
    return out  # degrees x settings, orthonormal


def squares(q, folds):
    """Between the settings' means, in it by luck, degrees, p, within."""
    x = q @ y.reshape(-1, REPEATS)
    d, between = len(x), REPEATS * (x.mean(1) ** 2).sum()
    s = np.atleast_2d(np.cov(x))
    factor = 1 + REPEATS / (REPEATS - 1) if folds else 1
    luck = factor * np.trace(s)
    epsilon = np.trace(s) ** 2 / (d * np.trace(s @ s))
    return between, luck, d, stats.f.sf(between / luck, epsilon * d, epsilon * d * (REPEATS - 1)), np.trace(s) * (REPEATS - 1)


def holm(p):
    out, reached = np.empty(len(p)), 0
    for i, k in enumerate(np.argsort(p)):
        reached = max(reached, min(1, (len(p) - i) * p[k]))
        out[k] = reached
    return out


effects = [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2)]
everything = np.concatenate([columns(w) for n in (1, 2, 3) for w in itertools.combinations(range(3), n)])
print("/* Made by tests/golden/make_importance.py: projections by NumPy, F by SciPy. */")
print('#include <math.h>\n#include <stdint.h>\n')
print(f"enum {{ IMPORTANCE_REPEATS = {REPEATS}, IMPORTANCE_EFFECTS = {len(effects)} }};")
print(f"static const double IMPORTANCE_Y[] = {{{', '.join(repr(float(v)) for v in y.ravel())}}};")
print("typedef struct ImportanceCase {\n    int32_t axis[2], degrees;\n    double share, luck, p, holm;\n} ImportanceCase;")
for name, folds in (("REPEATS", False), ("FOLDS", True), ("ONE", None)):
    if folds is None:
        y, REPEATS = y[..., :1], 1
        rows = []
        all_q = (everything @ y.reshape(-1))
        for w in effects:
            x = columns(w) @ y.reshape(-1)
            rows.append((len(x), (x ** 2).sum() / (all_q ** 2).sum(), len(x) / len(all_q), float("nan")))
        corrected, luck = [float("nan")] * len(rows), 0.0
    else:
        one = [squares(columns(w), folds) for w in effects]
        between, off, degrees, _, within = squares(everything, folds)
        total = between + within + off / degrees
        rows = [(d, (ss - luck) / total, luck / total, p) for ss, luck, d, p, _ in one]
        corrected, luck = holm([row[3] for row in rows]), (off + within + off / degrees) / total
    text = lambda v: "NAN" if v != v else repr(float(v))
    print(f"static const double IMPORTANCE_LUCK_OF_{name} = {text(luck)}, "
          f"IMPORTANCE_HIGHER_OF_{name} = {text(1 - luck - sum(row[1] for row in rows))};")
    print(f"static const ImportanceCase IMPORTANCE_OF_{name}[] = {{")
    for w, row, h in zip(effects, rows, corrected):
        second = w[1] if len(w) > 1 else -1
        print(f"    {{{{{w[0]}, {second}}}, {row[0]}, {', '.join(text(v) for v in row[1:])}, {text(h)}}},")
    print("};")
