"""The bytes that belong to one trial in a results.h5, by its id."""
import h5py
import numpy as np

PLACES = ("id", "setting", "data")  # where a trial stands, not what it is


def rows(path):
    with h5py.File(path) as file:
        ids, offset = file["trials/id"][:], file["weights/offset"][:]
        trials = {n: file["trials"][n][:] for n in sorted(file["trials"]) if n not in PLACES}
        history = {n: file["history"][n][:] for n in sorted(file["history"]) if n != "epoch"}
        weights = file["weights/values"][:]
    table = {}
    for i, key in enumerate(ids):
        parts = [column[i] for column in (*trials.values(), *history.values())] + [weights[offset[i]:offset[i + 1]]]
        # texts are as wide as the longest of their column, which is not the trial's own
        table[key] = b"|".join(np.asarray(p).tobytes().rstrip(b"\0") for p in parts)
    return table


def column(path, name):
    with h5py.File(path) as file:
        return dict(zip(file["trials/id"][:], file[f"trials/{name}"][:]))
