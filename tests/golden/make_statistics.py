#!/usr/bin/python3
"""Writes statistics.txt: statistics by NumPy and SciPy, for test_statistics.c. Run: ./make_statistics.py > statistics.txt

A line is: what, its parameters, `:`, data, `=`, expected numbers."""
import itertools

import numpy as np
from scipy import stats


def line(what, parameters, data, expected):
    text = lambda values: " ".join(repr(float(v)) for v in values)
    print(f"{what} {text(parameters)} : {text(data)} = {text(expected)}")


def t_quantile(p, df):
    """stats.t.ppf is only good to 2e-9 (SciPy 1.10): polished by Newton's method on its cdf, which is exact."""
    t = stats.t.ppf(p, df)
    for _ in range(3):
        t -= (stats.t.cdf(t, df) - p if p < 0.5 else (1 - p) - stats.t.sf(t, df)) / stats.t.pdf(t, df)
    return t


rng = np.random.RandomState(0)
for df in (1, 2, 3, 4, 9, 29, 100, 9999, 1e6):
    for p in (0.0005, 0.025, 0.3, 0.6, 0.975, 0.9999):
        line("t_quantile", [p, df], [], [t_quantile(p, df)])
    for t in (-40, -3, -0.1, 0, 1, 2.5):
        line("t_cdf", [t, df], [], [stats.t.cdf(t, df)])
for d1, d2 in ((1, 1), (1, 9), (2.5, 22.5), (7, 63), (49, 441), (0.3, 4)):
    for f in (0.01, 0.9, 1.5, 4, 30, 2000):
        line("f_tail", [f, d1, d2], [], [stats.f.sf(f, d1, d2)])
for n in (2, 3, 10, 57):
    x = rng.lognormal(size=n)
    half = t_quantile(0.975, n - 1) * stats.sem(x)
    low, high = x.mean() - half, x.mean() + half
    line("interval", [], x, [x.mean(), x.std(ddof=1), low, high])
    for q in (0, 0.1, 0.5, 0.9, 1):
        line("quantile", [q], np.sort(x), [np.quantile(x, q)])
line("quantile", [0.3], [4.5], [4.5])
for n in (1, 2, 5, 6, 10, 25):  # exact, no ties
    for shift in (0, 0.5, 3):
        d = rng.normal(size=n) + shift
        line("wilcoxon", [], d, [stats.wilcoxon(d, mode="exact").pvalue])
for n in (3, 6, 10):  # exact with ties and zeros: all 2^n signs counted
    for _ in range(4):
        d = rng.randint(-2, 5, size=n).astype(float)
        kept = d[d != 0]
        ranks = stats.rankdata(abs(kept))
        seen = min(ranks[kept > 0].sum(), ranks[kept < 0].sum())
        sums = [np.dot(s, ranks) for s in itertools.product((0, 1), repeat=len(kept))]
        line("wilcoxon", [], d, [min(1, 2 * np.mean(np.array(sums) <= seen + 1e-9))])
for n in (26, 40, 200):  # normal approximation, with and without ties
    d = rng.normal(size=n) + 0.3
    line("wilcoxon", [], d, [stats.wilcoxon(d, mode="approx", correction=False).pvalue])
    d = rng.randint(-3, 5, size=2 * n).astype(float)
    line("wilcoxon", [], d, [stats.wilcoxon(d, mode="approx", correction=False).pvalue])
for k, n in ((0, 1), (1, 1), (0, 500), (12, 500), (250, 500), (500, 500), (3, 7)):
    interval = stats.binomtest(k, n).proportion_ci(method="wilson")
    line("wilson", [k, n], [], [interval.low, interval.high])
