#!/usr/bin/env python3
"""Holds `runner export` and `runner predict` against NumPy: the npz, json and C forms of every network of a results folder
must give the outputs that predict prints, to 1e-12, and the JSON and CSV tables what h5py reads.

usage: check_export.py RUNNER RESULTS          (data unscaled, float64)"""
import csv
import ctypes
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import h5py
import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "page"))
from networks import forward  # noqa: E402

runner, results = sys.argv[1], sys.argv[2]


def say(*words):
    return subprocess.run([runner, *map(str, words)], check=True, capture_output=True).stdout


def compiled(source, folder, x, outputs):
    (folder / "network.c").write_bytes(source)
    subprocess.run(["cc", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1", "-shared", "-fPIC", "-o",
                    folder / "network.so", folder / "network.c", "-lm"], check=True)
    library = ctypes.CDLL(str(folder / "network.so"))
    y = np.zeros((len(x), outputs))
    for row, out in zip(np.ascontiguousarray(x), y):
        library.predict(row.ctypes.data_as(ctypes.c_void_p), out.ctypes.data_as(ctypes.c_void_p))
    ctypes.CDLL(None).dlclose(ctypes.c_void_p(library._handle))
    return y


def close(a, b, what):
    worst = np.abs(a - b).max()
    assert a.shape == b.shape and worst <= 1e-12, f"{what}: differs by {worst}"


def check_network(trial, x, folder):
    np.savetxt(folder / "x.csv", x, delimiter=",", fmt="%.17g")
    rows = list(csv.DictReader(io.StringIO(say("predict", results, "--trial", trial, folder / "x.csv").decode())))
    network = json.loads(say("export", results, "--trial", trial))
    outputs = network["network"]["outputs"]
    y = np.array([[float(row[f"output_{j}"]) for j in range(outputs)] for row in rows])
    weights = {name: np.array(values) for name, values in network["weights"].items()}
    say("export", results, "--trial", trial, "--format", "npz", "-o", folder / "w.npz", "--force")
    with zipfile.ZipFile(folder / "w.npz") as archive:
        assert archive.testzip() is None
    with np.load(folder / "w.npz") as arrays:
        assert set(arrays) == set(weights)
        for name in arrays:
            assert np.array_equal(arrays[name], weights[name]), name
        close(forward(dict(arrays), network["network"], x), y, f"{trial} npz")
    close(compiled(say("export", results, "--trial", trial, "--format", "c"), folder, x, outputs), y, f"{trial} C")
    return network


def check_tables(file, folder):
    ids = [i.decode() for i in file["trials/id"][:]]
    say("export", results, "--csv", folder / "csv")
    with open(folder / "csv/trials.csv", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["id"] for row in rows] == ids
    for name in file["trials"]:
        column = file["trials"][name]
        if name == "data_digest":
            continue
        for row, value in zip(rows, column[:]):
            if column.dtype.kind == "f":
                assert (row[name] == "" and np.isnan(value)) or float(row[name]) == value, name
            elif column.dtype.kind == "S":
                assert row[name] == value.decode(), name
            elif column.dtype == np.uint8:
                assert row[name] == ("true" if value else "false"), name
            else:
                assert (row[name] == "" and value == -1) or float(row[name]) == value, name
    with open(folder / "csv/history.csv", newline="") as text:
        history = list(csv.DictReader(text))
    losses = file["history/train_loss"][:]
    assert len(history) == np.isfinite(losses).sum()
    epochs = list(file["history/epoch"][:])
    for row in history:
        assert float(row["train_loss"]) == losses[ids.index(row["id"]), epochs.index(int(row["epoch"]))]
    for k in range(file["data"].attrs["count"]):
        with open(folder / f"csv/data_{k}.csv", newline="") as text:
            rows = [r for r in csv.DictReader(text) if r["part"] == "train"]
        x = np.array([[float(r[f"x{j}"]) for j in range(file[f"data/{k}/train/x"].shape[1])] for r in rows])
        assert np.array_equal(x, file[f"data/{k}/train/x"][:])
    shown = json.loads(say("show", results, "--format", "json"))
    assert len(shown) == len(set(file["trials/setting"][:]))
    return ids


with tempfile.TemporaryDirectory() as name, h5py.File(pathlib.Path(results) / "results.h5") as file:
    folder = pathlib.Path(name)
    x = np.random.RandomState(0).randn(25, file["data/0/train/x"].shape[1]) * 2
    for trial in check_tables(file, folder):
        assert check_network(trial, x, folder)["id"] == trial
    print("exports agree")
