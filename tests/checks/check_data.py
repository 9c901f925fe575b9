#!/usr/bin/python3
"""Rows as networks see them, held against scikit-learn: folds, splits and scaling, and what follows of them.

usage: check_data.py RUNNER

A file is read by NumPy, split by StratifiedKFold or train_test_split, scaled by a scaler that was fitted on the training rows
(of the fold), shown to the networks of results.h5 as NumPy has them, and the losses must be those of the file. Then
`runner predict` is given the same rows, raw."""
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy as np
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "page"))
from networks import arrays_of, forward  # noqa: E402

RUNNER = pathlib.Path(sys.argv[1]).resolve()
SEED = 11
# Sums in another order: losses of a few units agree to about 1e-13, scalers on columns of very unlike sizes to less.
TOLERANCE = 1e-11
FIXED = "fixed: {hidden: 4, epochs: 30, batch_size: 16, learning_rate: 0.1}\nseed: 3\nreport: []\n"
faults, checked = [], 0


def want(truth, text):
    global checked
    checked += 1
    if not truth:
        faults.append(text)


def rows():
    """Three unlike classes, columns of unlike sizes, one of them constant in most rows."""
    r = np.random.RandomState(4)
    y = r.choice(3, 130, p=[0.7, 0.22, 0.08])
    x = r.normal(size=(130, 4)) * [1, 50, 1e-3, 0] + y[:, None] * [1, 20, 1e-3, 0] + [0, 900, 0, 2]
    x[7, 3] = 5
    return x, y, x[:, 0] * 2 + r.normal(size=130)


def run(folder, name, data):
    (folder / f"{name}.yaml").write_text(f"data: {{{data}, seed: {SEED}}}\n{FIXED}")
    subprocess.run([RUNNER, f"{name}.yaml", "-q"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return h5py.File(folder / "results" / name / "results.h5")


def outputs(file, trial, x, classes):
    offset = file["weights/offset"][:]
    block = file["weights/values"][offset[trial]:offset[trial + 1]]
    arrays = arrays_of(block, [x.shape[1], 4, classes or 1], True, False)
    return forward(arrays, {"activation": "tanh", "output": "softmax" if classes else "identity"}, x)


def check_losses(name, file, trial, part, x, y, classes):
    answer = outputs(file, trial, x, classes)
    loss = log_loss(y, answer, labels=range(classes)) if classes else mean_squared_error(y, answer[:, 0]) / 2
    ours = file[f"trials/final_{part}_loss"][trial]
    want(abs(ours - loss) < TOLERANCE * max(1, loss), f"{name}, trial {trial}: {part} loss {ours}, by NumPy {loss}")


def check_predict(name, folder, file, trial, scaled, raw, classes):
    """predict repeats the scaling of the trial's own fold."""
    np.savetxt(folder / "new.csv", raw, delimiter=",", fmt="%.17g")
    trial_id = file["trials/id"][trial].decode()
    out = subprocess.run([RUNNER, "predict", f"results/{name}", "--trial", trial_id, "new.csv"], cwd=folder, check=True,
                         capture_output=True, text=True).stdout.splitlines()[1:]
    ours = np.array([[float(v) for v in line.split(",")[:classes or 1]] for line in out])
    want(np.abs(ours - outputs(file, trial, scaled, classes)).max() < TOLERANCE, f"{name}, trial {trial}: predict")


def check_format(name, file):
    checker = pathlib.Path(__file__).with_name("check_results.py")
    done = subprocess.run([sys.executable, checker, file.filename], capture_output=True, text=True)
    want(done.returncode == 0, f"{name}: {done.stdout}")


def scaler_of(words):
    if "standardize" in words:
        return StandardScaler()
    return MinMaxScaler((-1, 2)) if "scale" in words else None


def scaled(words, train, *others):
    scaler = scaler_of(words)
    return [x if scaler is None else scaler.fit(train).transform(x) for x in (train, *others)]


def check_folds(folder, name, words, splitter, x, y, classes):
    file = run(folder, name, f"{words}, folds: 4")
    trials = file["trials"]
    for fold, (rest, held_out) in enumerate(splitter.split(x, y)):
        trial = list(trials["fold"][:]).index(fold)
        want(trials["seed"][trial] == 3 + fold, f"{name}: fold {fold} has no seed of its own")
        train, test = scaled(words, x[rest], x[held_out])
        check_losses(name, file, trial, "train", train, y[rest], classes)
        check_losses(name, file, trial, "test", test, y[held_out], classes)
        check_predict(name, folder, file, trial, np.r_[train, test], np.r_[x[rest], x[held_out]], classes)
    want(np.array_equal(file["data/0/train/x"][:], x), f"{name}: the rows of the file are not those that were given")
    check_format(name, file)


def check_split(folder, name, words, stratify, x, y, classes):
    file = run(folder, name, f"{words}, test_fraction: 0.3, validation_fraction: 0.25")
    count = round(0.3 * len(y))
    index, test = train_test_split(np.arange(len(y)), test_size=count, stratify=y if stratify else None, random_state=SEED)
    index.sort(), test.sort()
    train, val = train_test_split(index, test_size=round(0.25 * len(index)), stratify=y[index] if stratify else None,
                                  random_state=SEED + 1)
    train.sort(), val.sort()
    for part, own in (("train", train), ("val", val), ("test", test)):
        want(np.array_equal(file[f"data/0/{part}/x"][:], x[own]), f"{name}: other {part} rows than scikit-learn's")
        check_losses(name, file, 0, part, scaled(words, x[train], x[own])[1], y[own], classes)
    check_predict(name, folder, file, 0, scaled(words, x[train], x)[1], x, classes)


def main():
    x, y, z = rows()
    stratified, plain = (kind(4, shuffle=True, random_state=SEED) for kind in (StratifiedKFold, KFold))
    with tempfile.TemporaryDirectory(prefix="data.") as place:
        folder = pathlib.Path(place)
        np.savetxt(folder / "classes.csv", np.c_[x, y], delimiter=",", fmt="%.17g")
        np.savetxt(folder / "numbers.csv", np.c_[x, z], delimiter=",", fmt="%.17g")
        classes, numbers = "kind: csv, path: classes.csv", "kind: csv, path: numbers.csv, task: numbers"
        for name, scaling in (("plain", ""), ("standardized", ", standardize: true"), ("ranged", ", scale: {min: -1, max: 2}")):
            check_folds(folder, f"folds-{name}", classes + scaling, stratified, x, y, 3)
            check_folds(folder, f"numbers-{name}", numbers + scaling, plain, x, z, 0)
            check_split(folder, f"split-{name}", classes + scaling, True, x, y, 3)
            check_split(folder, f"loose-{name}", classes + scaling + ", stratify: false", False, x, y, 3)
        check_folds(folder, "loose", classes + ", standardize: true, stratify: false", plain, x, y, 3)
    print("\n".join(faults) or f"{checked} splits, losses and predictions are scikit-learn's")
    sys.exit(1 if faults else 0)


main()
