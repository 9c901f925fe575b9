"""Data files as they go wrong: the program must say which file, where in it and what, leave with exit code 4, and leave no
results behind. usage: bad_data.py RUNNER [sanitized]: a sanitizer's program gets no limit of memory"""
import gzip
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import h5py
import numpy as np

runner, sanitized = sys.argv[1], len(sys.argv) > 2
failures = cases = 0
top = tempfile.TemporaryDirectory()
os.chdir(top.name)
IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


def refused(what, data, pattern, limit=None):
    """data: the YAML of `data`; pattern: what the one line on stderr must say. limit: bytes of memory."""
    global failures, cases
    cases += 1
    experiment = pathlib.Path("bad.yaml")
    experiment.write_text(f"data: {{{data}}}\nfixed: {{hidden: 3, epochs: 2}}\nmetric: train_loss\n")
    shell = f"ulimit -v {limit // 1024}; " if limit and not sanitized else ""
    done = subprocess.run(["bash", "-c", f'{shell}exec "$0" "$@"', runner, "run", experiment, "-o", "out"],
                          capture_output=True, text=True, timeout=120)
    said = done.stderr.strip()
    holds = done.returncode == 4 and re.search(pattern, said) and done.stdout == "" and not os.path.exists("out") \
        and len(said.splitlines()) == 1
    failures += not holds
    print(("ok      " if holds else "FAILED  ") + f"{what}: {done.returncode} {said}")


def idx(images, labels, packed=False):
    folder = pathlib.Path(tempfile.mkdtemp(dir="."))
    for name, content in ((IMAGES, images), (LABELS, labels)):
        if content is not None:
            (folder / (name + (".gz" if packed else ""))).write_bytes(content)
    return f"kind: idx, path: {folder}"


def file(name, content):
    pathlib.Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    return f"kind: {'csv' if name.endswith('csv') else 'npy'}, path: {name}"


def images(n, rows=2, columns=2, magic=0x803, body=None):
    return struct.pack(">4I", magic, n, rows, columns) + (bytes(n * rows * columns) if body is None else body)


def labels(n, magic=0x801, body=None):
    return struct.pack(">2I", magic, n) + (bytes(i % 2 for i in range(n)) if body is None else body)


# IDX
good = idx(images(4), labels(4))
for packed in (False, True):
    pack = gzip.compress if packed else bytes
    kind = "gzip IDX" if packed else "IDX"
    refused(f"{kind}: truncated images", idx(pack(images(4)[:-3]), pack(labels(4)), packed),
            rf"{IMAGES}.*ends after 13 of the 16 bytes")
    refused(f"{kind}: truncated labels", idx(pack(images(4)), pack(labels(4)[:-1]), packed), rf"{LABELS}.*ends after 3 of the 4")
    refused(f"{kind}: truncated header", idx(pack(images(4)[:9]), pack(labels(4)), packed), rf"{IMAGES}.*header")
    refused(f"{kind}: wrong magic number", idx(pack(images(4, magic=0x801)), pack(labels(4)), packed),
            rf"{IMAGES}.*begins with 0x00000801 \(0x00000803")
    refused(f"{kind}: labels for images", idx(pack(labels(4)), pack(labels(4)), packed), rf"{IMAGES}.*0x00000801")
    refused(f"{kind}: 4 images, 5 labels", idx(pack(images(4)), pack(labels(5)), packed), rf"4 images, but 5 labels in .*{LABELS}")
    refused(f"{kind}: an empty file", idx(pack(b""), pack(labels(4)), packed), rf"{IMAGES}.*(empty|header)")
    refused(f"{kind}: more bytes than promised", idx(pack(images(4) + b"x"), pack(labels(4)), packed), rf"{IMAGES}.*behind")
    refused(f"{kind}: no images", idx(pack(images(0)), pack(labels(0)), packed), rf"{IMAGES}.*0 images|{IMAGES}.*no ")
    # 2^27 images of 28 x 28 are 105 GB; 2 GB of memory must do to say no
    refused(f"{kind}: a header of 100 GB", idx(pack(images(1 << 27, 28, 28, body=b"")), pack(labels(1 << 27, body=b"")), packed),
            rf"{IMAGES}.*promises 134217728 images of 28 x 28", limit=2 << 30)
packed = gzip.compress(images(400, body=os.urandom(1600)))
refused("gzip IDX: a cut gzip file", idx(packed[:-600], gzip.compress(labels(400)), True), IMAGES)
refused("gzip IDX: a damaged gzip file", idx(packed[:60] + b"\x55" * 60 + packed[120:], gzip.compress(labels(400)), True), IMAGES)
refused("IDX: no labels", idx(images(4), None), LABELS)
refused("IDX: no folder", "kind: idx, path: nowhere", "nowhere.*train-images")
refused("IDX: a file for a folder", "kind: idx, path: bad.yaml", "bad.yaml")
mixed = pathlib.Path(idx(images(4), labels(4)).split()[-1])
(mixed / "t10k-images-idx3-ubyte").write_bytes(images(2))
(mixed / "t10k-labels-idx1-ubyte").write_bytes(labels(2, body=bytes([0, 7])))
refused("IDX: a label out of range in the test set", f"kind: idx, path: {mixed}", r"t10k-labels.*label 7 of row 1 \(0 to 1")
(mixed / "t10k-labels-idx1-ubyte").write_bytes(labels(2))
(mixed / "t10k-images-idx3-ubyte").write_bytes(images(2, 3, 3))
for scaled in ("", ", scale: {min: 0, max: 1}", ", standardize: true"):
    refused("IDX: test images of another size" + scaled, f"kind: idx, path: {mixed}{scaled}",
            f"{mixed}: test images of 9 pixels, training images of 4")

# CSV
for what, content, pattern in (
        ("a ragged row", "1,2,0\n3,4,1\n5,1\n", r"d\.csv:3:1: a row of 2 fields \(the first row has 3"),
        ("a longer row", "1,2,0\n3,4,1,9\n", r"d\.csv:2:1: a row of 4 fields"),
        ("text for a number", "1,2,0\n3,x,1\n", r'd\.csv:2:.*"?x'),
        ("text behind a header", "a,b,c\n1,2,0\n3,x,1\n", r"d\.csv:3:.*b"),
        ("a missing value", "1,2,0\n3,,1\n", r"d\.csv:2:"),
        ("NaN", "1,2,0\n3,nan,1\n", r"d\.csv:2:"),
        ("infinity", "1,2,0\n1e999,3,1\n", r"d\.csv:2:"),
        ("a label with a fraction", "1,2,0\n3,4,0.5\n", r"d\.csv:2:.*0\.5"),
        ("an empty file", "", r"d\.csv: the file is empty"),
        ("a header alone", "a,b,c\n", r"d\.csv: a header, but no row"),
        ("blank lines", "\n\n\n", r"d\.csv"),
        ("one column", "1\n2\n", r"d\.csv"),
        ("an open quote", '1,2,0\n"3,4,1\n', r"d\.csv:2"),
        ("a zero byte", "1,2,0\n3,\0,1\n", r"d\.csv:2"),
        ("random bytes", os.urandom(4000), r"d\.csv"),
        ("a file of gzip", gzip.compress(b"1,2,0\n"), r"d\.csv")):
    refused("CSV: " + what, file("d.csv", content), pattern)
refused("CSV: another number of classes", file("d.csv", "1,2,0\n3,4,5\n") + ", classes: 3", r"d\.csv: 2 different classes \(0, 5\), but data\.classes is 3")
refused("CSV: no such label column", file("d.csv", "a,b,c\n1,2,0\n") + ", label: d", r'd\.csv:1:1: no column is named "d" \(there are a, b, c')
refused("CSV: a folder", "kind: csv, path: .", r"\.")

# NPY
np.save("good.npy", np.array([[1., 2, 0], [3, 4, 1], [5, 6, 0]]))
whole = pathlib.Path("good.npy").read_bytes()
header = whole[10:128]


def npy(shape, body=b""):
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (117 - len(text)) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body


for what, content, pattern in (
        ("truncated", whole[:-5], r"d\.npy: 3 x 3 numbers of 8 bytes are promised, 67 bytes are there"),
        ("truncated header", whole[:40], r"d\.npy"),
        ("an empty file", b"", r"d\.npy"),
        ("wrong magic", b"X" + whole[1:], r"d\.npy.*(magic|NPY|NumPy|npy)"),
        ("a header of 100 GB", npy("(4500000000, 3)"), r"d\.npy: 4500000000 x 3 numbers .*promised, 0 bytes"),
        ("a shape beyond 64 bits", npy("(9223372036854775807, 9)"), r"d\.npy"),
        ("no rows", npy("(0, 3)"), r"d\.npy"),
        ("three dimensions", npy("(1, 1, 3)", bytes(24)), r"d\.npy"),
        ("more bytes than promised", whole + b"more", r"d\.npy")):
    refused("NPY: " + what, file("d.npy", content), pattern, limit=2 << 30)
for what, array, pattern in (
        ("a label with a fraction", [[1., 2, 0], [3, 4, 0.5]], r"d\.npy.*0\.5.*row 1|d\.npy.*row 1.*0\.5"),
        ("NaN", [[1., 2, 0], [np.nan, 4, 1]], r"(d\.npy|training data).*row 1")):
    np.save("d.npy", np.array(array))
    refused("NPY: " + what, "kind: npy, path: d.npy", pattern)
np.save("d.npy", np.array([["a", "b"]]))
refused("NPY: text", "kind: npy, path: d.npy", r"d\.npy.*(<U1|type|descr)")
np.save("d.npy", np.array([[1., 2, 0], [3, 4, 5]]))
refused("NPY: another number of classes", "kind: npy, path: d.npy, classes: 3", r"d\.npy: 2 different classes \(0, 5\), but data\.classes is 3")

# HDF5


def hdf5(**sets):
    with h5py.File("d.h5", "w") as f:
        for name, values in sets.items():
            f[name] = values
    return "kind: hdf5, path: d.h5"


x, y = np.arange(8.).reshape(4, 2), np.array([0, 1, 0, 1])
refused("HDF5: no y", hdf5(x=x), r'd\.h5: no data set "/?y"')
refused("HDF5: rows that differ", hdf5(x=x, y=y[:3]), r"d\.h5: x has 4 rows and y 3")
refused("HDF5: a label with a fraction", hdf5(x=x, y=np.array([0, 1, .5, 1])), r"d\.h5.*0\.5")
refused("HDF5: text", hdf5(x=np.array([b"a", b"b"]), y=y[:2]), r"d\.h5: /?x is not a table")
refused("HDF5: no rows", hdf5(x=x[:0], y=y[:0]), r"d\.h5")
refused("HDF5: three dimensions", hdf5(x=x.reshape(2, 2, 2), y=y[:2]), r"d\.h5")
refused("HDF5: NaN", hdf5(x=x * np.nan, y=y), r"(d\.h5|training data).*row 0")
hdf5(x=x, y=y)
whole = pathlib.Path("d.h5").read_bytes()
for what, content in (("truncated", whole[:-40]), ("an empty file", b""), ("random bytes", os.urandom(3000)),
                      ("a damaged one", whole[:100] + b"\xff" * 400 + whole[500:])):
    pathlib.Path("d.h5").write_bytes(content)
    refused("HDF5: " + what, "kind: hdf5, path: d.h5", r"d\.h5")
with h5py.File("d.h5", "w") as f:
    f.create_dataset("x", (1 << 32, 4), "f8", chunks=(1024, 4))
    f["y"] = y
refused("HDF5: a header of 137 GB", "kind: hdf5, path: d.h5", r"d\.h5", limit=4 << 30)

print(f"{cases} cases, {failures} failed")
sys.exit(failures > 0)
