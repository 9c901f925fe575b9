#!/usr/bin/env python3
"""Holds a results.h5 against the tables in results/README.md, with h5py as an independent reader.

usage: check_results.py RESULTS.h5 [README.md]

Every data set and attribute of the file must stand in the tables with its type and shape, and everything in the tables
must be in the file, but for rows whose meaning begins with "where"."""
import os
import re
import struct
import sys
import zlib

import h5py
import numpy as np

METRIC = "train_objective|(?:train|val|test)_(?:loss|accuracy|mse|r2)"
PLACES = {"K": r"\d+", "PART": "train|val|test", "METRIC": METRIC}


def rows(text, heading):
    """Cells of the first table behind a heading or a line that begins with it."""
    lines = iter(text[text.index(heading):].splitlines())
    for line in lines:
        if line.startswith("| ---"):
            break
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def pattern(name):
    """`/data/K/PART/x` as a regular expression over whole names."""
    parts = re.split(r"(METRIC|PART|\bK\b)", name)
    return re.compile("".join(f"(?:{PLACES[p]})" if p in PLACES else re.escape(p) for p in parts) + r"\Z")


def read_tables(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    sets = []
    for name, kind, shape, meaning in rows(text, "### Data sets"):
        name = name.strip("`")
        if name == "/trials/KEY":
            for key_kind, keys in rows(text, "Key columns, by type"):
                sets += [(pattern("/trials/" + key), [(key_kind, "(N)")], False, key) for key in re.findall("`(.*?)`", keys)]
            continue
        alternatives = re.findall(r"(\w+) (\([^)]*\))", kind) if shape == "see type" else [(kind, shape)]
        sets.append((pattern(name), alternatives, meaning.startswith("where"), name))
    attributes = [(pattern(of.strip("`")), name, kind, meaning.startswith("where"))
                  for of, name, kind, meaning in rows(text, "### Attributes")]
    return sets, attributes


def kind_of(dtype):
    return f"S{dtype.itemsize}" if dtype.kind == "S" else dtype.name


def kind_fits(wanted, dtype):
    if wanted == "S*":
        return dtype.kind == "S"
    return kind_of(dtype) == wanted and (dtype.kind == "S" or dtype.newbyteorder("<") == dtype)


def shape_fits(wanted, shape, sizes):
    """Binds the letters of `(N, P)` to numbers, the same everywhere; n, inputs and outputs within a group only."""
    words = [w.strip() for w in wanted.strip("()").split(",") if w.strip()]
    if len(words) != len(shape):
        return False
    for word, size in zip(words, shape):
        base, plus, one = word.partition("+")
        if sizes.setdefault(base, size - int(one or 0)) != size - int(one or 0):
            return False
    return True


class Checker:
    def __init__(self, path, readme):
        self.path, self.problems = path, []
        self.sets, self.attributes = read_tables(readme)

    def want(self, truth, problem):
        if not truth:
            self.problems.append(problem)

    def check_dataset(self, name, data, sizes, local):
        for row, (expression, alternatives, _, _) in enumerate(self.sets):
            if not expression.match(name):
                continue
            self.seen.add(row)
            scope = local.setdefault(name.rsplit("/", 1)[0], {}) if name.startswith("/data/") else sizes
            self.want(any(kind_fits(kind, data.dtype) and shape_fits(shape, data.shape, scope)
                          for kind, shape in alternatives),
                      f"{name}: {kind_of(data.dtype)} {data.shape}, but the table says {alternatives} with {scope}")
            break
        else:
            self.problems.append(f"{name}: not in the table")
        plist = data.id.get_create_plist()
        self.want(not plist.get_obj_track_times(), f"{name}: keeps times")
        if data.shape and data.size:
            self.want(data.fletcher32, f"{name}: no checksums")
        if data.dtype.kind == "f" and data.size:
            values = data[()]
            bits = values.view("<u8")[np.isnan(values)]
            self.want(np.all(bits == 0x7FF8000000000000), f"{name}: a NaN of another kind")

    def check_attributes(self, name, thing):
        for key, value in thing.attrs.items():
            kind = thing.attrs.get_id(key).dtype
            fits = [i for i, (of, attribute, wanted, _) in enumerate(self.attributes)
                    if of.match(name) and attribute == key and kind_fits(wanted, kind)]
            self.want(fits, f"{name} attribute {key}: {kind_of(kind)} is not in the table")
            self.seen_attributes.update(fits)

    def check_values(self, file):
        trials, weights = file["trials"], file["weights"]
        ids = trials["id"][:].astype(str)
        self.want(len(set(ids)) == len(ids), "an id stands twice")
        self.want(all(re.fullmatch("[0-9a-f]{16}", i) for i in ids), "an id is not 16 hexadecimal digits")
        self.want(set(trials["status"][:].astype(str)) <= {"done", "diverged", "failed"}, "an unknown status")
        offset = weights["offset"][:]
        self.want(offset[0] == 0 and np.all(np.diff(offset) >= 0), "weights/offset does not rise from 0")
        for name in ("values", "best_values"):
            if name in weights:
                self.want(offset[-1] == len(weights[name]), f"weights/{name}: not as long as the last offset")
        if "snapshot_offset" in weights:
            first, start = weights["snapshot_offset"][:], weights["snapshot_start"][:]
            epoch = weights["snapshot_epoch"][:]
            self.want(first[0] == 0 and first[-1] == len(epoch) and np.all(np.diff(first) >= 0), "weights/snapshot_offset")
            self.want(start[0] == 0 and start[-1] == len(weights["snapshot_values"]), "weights/snapshot_start")
            self.want(set(epoch) <= set(file["history/epoch"][:]), "weights/snapshot_epoch is not in history/epoch")
            for i in range(len(ids)):
                sizes = np.diff(start[first[i]:first[i + 1] + 1])
                self.want(np.all(sizes == sizes[:1]) and np.all(np.diff(epoch[first[i]:first[i + 1]]) > 0),
                          f"trial {i}: its snapshots")
        self.want(np.all(np.diff(file["history/epoch"][:]) > 0), "history/epoch does not rise")
        self.want(sorted(file["data"], key=int) == [str(k) for k in range(file["data"].attrs["count"])],
                  "data: not numbered from 0")
        self.want(np.all(trials["data"][:] < file["data"].attrs["count"]), "trials/data: no such data set")
        hidden = [sum(int(w) for w in h.split("x") if w) for h in trials["hidden"][:].astype(str)]
        self.want(np.array_equal(hidden, trials["hidden_units"][:]), "trials/hidden_units is not the sum of hidden")
        ended = trials["status"][:] != b"done"
        for name in trials:
            if name.startswith("final_"):
                self.want(np.all(np.isnan(trials[name][:][ended])), f"{name}: a number for a diverged or failed trial")

    def check_trailer(self):
        with open(self.path, "rb") as file:
            bytes_ = file.read()
        magic, crc, own = struct.unpack("<8sII", bytes_[-16:])
        self.want(magic == b"RUNTRL01" and own == zlib.crc32(bytes_[-16:-4]), "no trailer")
        self.want(crc == zlib.crc32(bytes_[:-16]), "the trailer's CRC does not hold")

    def run(self):
        self.seen, self.seen_attributes = set(), set()
        sizes, local = {}, {}
        with h5py.File(self.path, "r") as file:
            self.check_attributes("/", file)

            def visit(name, thing):
                self.check_attributes("/" + name, thing)
                if isinstance(thing, h5py.Dataset):
                    self.check_dataset("/" + name, thing, sizes, local)

            file.visititems(visit)
            self.check_values(file)
        no_trials = sizes.get("N") == 0
        for row, (_, _, optional, name) in enumerate(self.sets):
            self.want(row in self.seen or optional or (no_trials and "METRIC" in name), f"{name}: not in the file")
        for row, (_, name, _, optional) in enumerate(self.attributes):
            self.want(row in self.seen_attributes or optional, f"attribute {name}: not in the file")
        self.check_trailer()
        return self.problems


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    path = sys.argv[1]
    readme = sys.argv[2] if len(sys.argv) > 2 else os.path.join(here, "..", "..", "results", "README.md")
    if os.path.isdir(path):
        path = os.path.join(path, "results.h5")
    problems = Checker(path, readme).run()
    for problem in problems:
        print(f"{path}: {problem}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
