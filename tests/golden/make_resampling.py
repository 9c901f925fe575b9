#!/usr/bin/python3
"""Writes resampling.h: the corrected t of scikit-learn's example "Statistical comparison of models using grid search"
(compute_corrected_ttest, there one-sided), and its calibration_curve.

    /usr/bin/python3 tests/golden/make_resampling.py > tests/golden/resampling.h
"""
import numpy as np
from scipy.stats import t
from sklearn.calibration import calibration_curve

r = np.random.RandomState(3)
print("/* Made by tests/golden/make_resampling.py: SciPy's t and scikit-learn's calibration_curve. */")
rows = []
for n, train, test in ((5, 80, 20), (10, 90, 10), (100, 90, 10)):
    d = r.randn(n) * 0.02 + 0.01
    error = np.sqrt(np.var(d, ddof=1) * (1 / n + test / train))
    half = t.ppf(0.975, n - 1) * error
    rows.append((n, train, test, d, d.mean(), half, 2 * t.sf(abs(d.mean() / error), n - 1)))
for k, row in enumerate(rows):
    print(f"static const double FOLD_DIFFERENCES_{k}[] = {{{', '.join(repr(float(v)) for v in row[3])}}};")
print("static const struct FoldCase {\n    int64_t n;\n    double train, test;\n    const double *x;\n    double mean, half, p;\n} FOLD_CASES[] = {")
for k, row in enumerate(rows):
    print(f"    {{{row[0]}, {row[1]}, {row[2]}, FOLD_DIFFERENCES_{k}, {float(row[4])!r}, {float(row[5])!r}, {float(row[6])!r}}},")
print("};")

n = 402  # 401 and 15 have no common factor: no edge is a value by rounding alone
p = np.round(r.rand(n) ** 2, 3)  # with ties
y = (r.rand(n) < p ** 0.7).astype(int)
share, mean = calibration_curve(y, p, n_bins=15, strategy="quantile")
edges = np.percentile(p, np.linspace(0, 1, 16) * 100)
count = np.bincount(np.searchsorted(edges[1:-1], p), minlength=15)
count = count[count > 0]
print(f"enum {{ CALIBRATION_ROWS = {n}, CALIBRATION_FULL = {len(share)} }};")
print(f"static const double CALIBRATION_P[] = {{{', '.join(repr(float(v)) for v in p)}}};")
print(f"static const int32_t CALIBRATION_Y[] = {{{', '.join(map(str, y))}}};")
print(f"static const double CALIBRATION_SHARE[] = {{{', '.join(repr(float(v)) for v in share)}}};")
print(f"static const double CALIBRATION_MEAN[] = {{{', '.join(repr(float(v)) for v in mean)}}};")
print(f"static const double CALIBRATION_ECE = {float((count * abs(share - mean)).sum() / n)!r};")
