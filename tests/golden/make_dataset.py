#!/usr/bin/python3
"""Writes dataset.h: scikit-learn's folds, splits and scalers.

    /usr/bin/python3 tests/golden/make_dataset.py > tests/golden/dataset.h
"""
import numpy as np
import sklearn
from sklearn.model_selection import KFold, train_test_split
from sklearn.preprocessing import StandardScaler


def array(kind, name, values):
    texts = [float(v).hex() if kind == "double" else str(int(v)) for v in np.ravel(values)]
    print(f"static const {kind} {name}[{len(texts)}] = {{")
    line = "   "
    for text in texts:
        if len(line) + len(text) > 96:
            print(line)
            line = "   "
        line += f" {text},"
    print(line + "\n};")


print(f"/* Made by tests/golden/make_dataset.py with NumPy {np.__version__}, scikit-learn {sklearn.__version__};")
print(" * do not edit. */")
for n, folds, seed in ((23, 5, 3), (10, 10, 0), (200, 7, 11)):
    fold = np.empty(n, int)
    for k, (_, test) in enumerate(KFold(folds, shuffle=True, random_state=seed).split(np.zeros(n))):
        fold[test] = k
    array("int32_t", f"FOLD_{n}", fold)
for n, count, seed in ((20, 6, 4), (200, 50, 1)):
    _, test = train_test_split(np.arange(n), test_size=count, random_state=seed)
    array("int32_t", f"ASIDE_{n}", np.sort(test))
x = np.random.RandomState(5).normal([0, 1e6, -3], [1, 1e-3, 20], (50, 3))
scaler = StandardScaler().fit(x)
array("double", "X", x)
array("double", "MEAN", scaler.mean_)
array("double", "DEVIATION", scaler.scale_)
array("double", "STANDARDIZED", scaler.transform(x))
