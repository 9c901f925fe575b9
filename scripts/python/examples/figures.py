#!/usr/bin/env python3
"""Three figures of results with matplotlib. usage: figures.py RESULTS OUTPUT_FOLDER"""
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

import runner_results  # noqa: E402

results, folder = runner_results.open(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
best = int(results.trials["final_test_loss"].idxmin())
for name, draw in (("overfitting", results.plot.overfitting), ("curves", lambda: results.plot.curves(best)),
                   ("boundary", lambda: results.plot.boundary(best))):
    draw()
    plt.savefig(folder / f"{name}.png", dpi=160)
    plt.close()
