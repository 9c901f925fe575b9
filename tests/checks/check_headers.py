"""The head of every experiment: its question, its number of trials, the expected time, what was found; and its place in the
tables of files. usage: check_headers.py RUNNER SOURCE_DIR"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import h5py
import numpy as np
from scipy import stats

runner, source = sys.argv[1], pathlib.Path(sys.argv[2])
failures = 0


def check(what, holds, seen=""):
    global failures
    failures += not holds
    if not holds:
        print(f"FAILED  {what}  ({seen})")


def interval(x):
    """Mean, and its 95 % interval by Student's t, with two decimals as the headers have it."""
    half = stats.t.ppf(0.975, len(x) - 1) * np.std(x, ddof=1) / len(x) ** 0.5
    return tuple(f"{v:.2f}" for v in (np.mean(x), np.mean(x) - half, np.mean(x) + half))


def check_overfitting(head):
    """What overfitting.yaml says it found, trained again; it takes two seconds."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([runner, source / "experiments/overfitting.yaml", "-q", "-o", folder + "/o", "report=[]"], check=True,
                       capture_output=True)
        with h5py.File(folder + "/o/results.h5") as f:
            hidden = f["trials/hidden_units"][:]
            test, train = ({h: f[f"trials/final_{name}_loss"][:][hidden == h] for h in np.unique(hidden)}
                           for name in ("test", "train"))
    best, low, high = interval(test[3])
    rise = interval(test[50] - test[3])
    check("overfitting.yaml: three units are best", min(test, key=lambda h: test[h].mean()) == 3)
    for sentence in (f"lowest with three hidden units, {best} (95 % interval {low} to {high}), and rises to "
                     f"{interval(test[50])[0]} with fifty: by {rise[0]} ({rise[1]} to {rise[2]})",
                     f"training loss falls from {interval(train[3])[0]} to {interval(train[50])[0]}",
                     f"One unit underfits: {interval(test[1])[0]}, in training too"):
        check("overfitting.yaml: what was found is true", sentence in head, sentence)
    check("overfitting.yaml: one unit underfits", train[1].mean() > 3 * train[3].mean())


with tempfile.TemporaryDirectory() as mnist:  # one image of 4 pixels will do to count trials
    for part in ("train", "t10k"):
        images = bytes([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2] + [9] * 4)
        pathlib.Path(mnist, part + "-images-idx3-ubyte").write_bytes(images)
        pathlib.Path(mnist, part + "-labels-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 1, 1]))
    files = sorted((source / "experiments").glob("*.yaml"))
    check("there are experiments", len(files) >= 12, len(files))
    for file in files:
        lines = file.read_text().splitlines()
        head = " ".join(line[1:].strip() for line in lines[:next(i for i, l in enumerate(lines) if not l.startswith("#"))])
        question = head.split(".")[0]
        check(f"{file.name}: begins with its question", "?" in question, question)
        time = re.search(r"Expected time: ([^.]+)\.", head)
        check(f"{file.name}: says the expected time", time and re.search(r"\d s|second|minute", time[1]), head)
        found = re.search(r"Found: .*\d.*\.$", head)
        check(f"{file.name}: says what was found, in figures", found, head)
        done = subprocess.run([runner, "check", file], env={**os.environ, "MNIST_DIR": mnist}, capture_output=True, text=True)
        counted = re.search(r": (\d+) trials of", done.stdout)
        said = re.search(r"(\d+) trials of (\d+) epochs", head)
        check(f"{file.name}: its number of trials is true", counted and said and counted[1] == said[1],
              done.stderr or (said or [head])[0])
        epochs = re.search(r"^  epochs: (\d+)", "\n".join(lines), re.M)
        check(f"{file.name}: its number of epochs is true", epochs and said and epochs[1] == said[2], said)
        if file.stem == "overfitting":
            check_overfitting(head)
        for table in (source / "README.md", source / "experiments/README.md"):
            check(f"{file.name}: stands in {table.relative_to(source)}", file.name in table.read_text())
print(f"{len(files)} experiments, {failures} failed")
sys.exit(failures > 0)
