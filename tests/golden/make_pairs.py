#!/usr/bin/python3
"""Writes pairs.h: two results of three settings and twelve repeats (or folds), averaged within each repeat, judged by SciPy.

    /usr/bin/python3 tests/golden/make_pairs.py > tests/golden/pairs.h

Holm: the smallest of m p-values times m, the next times m - 1 or what the one before has, and so on, at most 1."""
import numpy as np
from scipy import stats

SETTINGS, REPEATS = 3, 12
r = np.random.RandomState(11)
a = 0.3 + 0.05 * r.randn(SETTINGS, REPEATS)
b = a + 0.03 * r.randn(SETTINGS, REPEATS) + np.array([[0.02], [-0.015], [0.03]])


def holm(p):
    out, reached = np.empty(len(p)), 0
    for i, k in enumerate(np.argsort(p)):
        reached = max(reached, min(1, (len(p) - i) * p[k]))
        out[k] = reached
    return out


def row(x, y, folds):
    d = x - y
    n = len(d)
    error = np.sqrt(d.var(ddof=1) * (1 / n + 1 / (n - 1) if folds else 1 / n))
    half = stats.t.isf(0.025, n - 1) * error
    p = 2 * stats.t.sf(abs(d.mean()) / error, n - 1) if folds else stats.wilcoxon(d, mode="exact").pvalue
    return x.mean(), y.mean(), d.mean(), half, p, np.mean(d < 0)


print("/* Made by tests/golden/make_pairs.py: SciPy's t and Wilcoxon. */")
print('#include <math.h>\n')
print(f"enum {{ PAIRS_SETTINGS = {SETTINGS}, PAIRS_REPEATS = {REPEATS} }};")
for name, x in (("A", a), ("B", b)):
    print(f"static const double PAIRS_{name}[] = {{{', '.join(repr(float(v)) for v in x.ravel())}}};")
print("typedef struct PairsCase {\n    double a, b, difference, half, p, wins, holm; /* holm: the last row's is NAN */\n} PairsCase;")
for folds in (False, True):
    rows = [row(a[k], b[k], folds) for k in range(SETTINGS)]
    corrected = holm([one[4] for one in rows])
    rows.append(row(a.mean(0), b.mean(0), folds))
    print(f"/* Each setting, then the average over all of them, of {'folds' if folds else 'repeats'}. */")
    print(f"static const PairsCase PAIRS_OF_{'FOLDS' if folds else 'REPEATS'}[] = {{")
    for k, one in enumerate(rows):
        print("    {" + ", ".join(repr(float(v)) for v in one) + ", " + (repr(float(corrected[k])) if k < SETTINGS else "NAN") + "},")
    print("};")
