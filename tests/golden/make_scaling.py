#!/usr/bin/python3
"""Writes scaling.h: scikit-learn's scalers.

    /usr/bin/python3 tests/golden/make_scaling.py > tests/golden/scaling.h
"""
import numpy as np
import sklearn
from sklearn.preprocessing import MinMaxScaler, StandardScaler


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


print(f"/* Made by tests/golden/make_scaling.py with NumPy {np.__version__}, scikit-learn {sklearn.__version__};")
print(" * do not edit. */")
x = np.random.RandomState(5).normal([0, 1e6, -3], [1, 1e-3, 20], (50, 3))
scaler = StandardScaler().fit(x)
array("double", "X", x)
array("double", "MEAN", scaler.mean_)
array("double", "DEVIATION", scaler.scale_)
array("double", "STANDARDIZED", scaler.transform(x))
# Fitted on some rows, applied to all.
left_out = np.random.RandomState(8).permutation(50) < 10
array("bool", "LEFT_OUT", left_out)
scaler = StandardScaler().fit(x[~left_out])
array("double", "REST_MEAN", scaler.mean_)
array("double", "REST_DEVIATION", scaler.scale_)
array("double", "REST_RANGED", MinMaxScaler((-1, 3)).fit(x[~left_out]).transform(x))
