#!/usr/bin/python3
"""Writes split.h: scikit-learn's folds and splits.

    /usr/bin/python3 tests/golden/make_split.py > tests/golden/split.h
"""
import numpy as np
import sklearn
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split


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


def folds_of(splitter, y):
    fold = np.empty(len(y), int)
    for k, (_, test) in enumerate(splitter.split(np.zeros(len(y)), y)):
        fold[test] = k
    return fold


print(f"/* Made by tests/golden/make_split.py with NumPy {np.__version__}, scikit-learn {sklearn.__version__};")
print(" * do not edit. */")
for n, folds, seed in ((23, 5, 3), (10, 10, 0), (200, 7, 11)):
    array("int32_t", f"FOLD_{n}", folds_of(KFold(folds, shuffle=True, random_state=seed), np.zeros(n)))
for n, count, seed in ((20, 6, 4), (200, 50, 1)):
    _, test = train_test_split(np.arange(n), test_size=count, random_state=seed)
    array("int32_t", f"ASIDE_{n}", np.sort(test))

# Classes: balanced, rare ones, one that first appears late, many of equal size (ties), and labels that are left out.
r = np.random.RandomState(17)
LABELS = {
    "BALANCED": r.permutation(np.repeat([0, 1], 100)),
    "RARE": r.choice(4, 150, p=[0.02, 0.9, 0.05, 0.03]),
    "LATE": np.r_[np.full(30, 2), np.full(13, 0), np.full(9, 1)],
    "MANY": r.permutation(np.repeat(np.arange(12), 7)),
    "GAPS": r.permutation(np.repeat([1, 4, 9], [21, 6, 14])),
}
rows = []
for name, y in LABELS.items():
    array("int32_t", f"LABEL_{name}", y)
    for folds, seed in ((2, 0), (5, 3), (6, 4294967295)):
        array("int32_t", f"STRATIFIED_{name}_{folds}", folds_of(StratifiedKFold(folds, shuffle=True, random_state=seed), y))
        rows.append(f"{{LABEL_{name}, {len(y)}, {folds}, {seed}u, STRATIFIED_{name}_{folds}}}")
print("static const struct {\n    const int32_t *label;\n    int64_t n;\n    int32_t folds;\n    uint32_t seed;\n"
      "    const int32_t *fold;\n} STRATIFIED_FOLDS[] = {")
print("".join(f"    {row},\n" for row in rows) + "};")
rows = []
for name, y in LABELS.items():
    least = np.unique(y).size
    for count, seed in ((least, 0), (len(y) // 3, 7), (len(y) - least, 12345), (len(y) // 2, 4)):
        _, test = train_test_split(np.arange(len(y)), test_size=count, stratify=y, random_state=seed)
        array("int32_t", f"CHOSEN_{name}_{count}", np.sort(test))
        rows.append(f"{{LABEL_{name}, {len(y)}, {count}, {seed}u, CHOSEN_{name}_{count}}}")
print("static const struct {\n    const int32_t *label;\n    int64_t n, count;\n    uint32_t seed;\n"
      "    const int32_t *rows;\n} STRATIFIED_CHOICES[] = {")
print("".join(f"    {row},\n" for row in rows) + "};")
