#!/usr/bin/env bats
# Data and what is kept of them: new rows for old networks, results of earlier programs.

load cli_setup

@test "predict scales new rows as in training, and says how many labels are right" {
    mkdir data
    "$PYTHON" -c '
import numpy as np
r = np.random.RandomState(1); x = r.randn(120, 2) * [1, 50] + [0, 9]
y = (x[:, 1] > 9).astype(int)
np.savetxt("data/all.csv", np.c_[x, y], delimiter=",", fmt="%.17g"); np.savetxt("data/x.csv", x, delimiter=",", fmt="%.17g")'
    cat > file.yaml <<'END'
data: {kind: csv, path: data/all.csv, standardize: true, test_fraction: 0.2}
fixed: {hidden: 4, epochs: 60, batch_size: 8, learning_rate: 0.5}
report: []
END
    good file.yaml -q
    cd data
    "$RUNNER" predict ../results/file --trial best all.csv > ../out.txt 2> ../err.txt
    cd ..
    grep -q "^accuracy" err.txt
    [ "$(wc -l < out.txt)" -eq 121 ]
    cp out.txt labelled.txt
    good predict results/file --trial best data/x.csv
    cmp out.txt labelled.txt
    [ -z "$err" ]
    "$PYTHON" - <<'END'
import json, subprocess, os, numpy as np, h5py
f = h5py.File("results/file/results.h5"); raw = np.loadtxt("data/x.csv", delimiter=",")
out = np.loadtxt("out.txt", delimiter=",", skiprows=1)
accuracy = float(open("labelled.txt").readline() and open("err.txt").read() or 0)
train = f["data/0/train/x"][:]
assert train.shape == (96, 2) and {tuple(r) for r in train} < {tuple(r) for r in raw}
x = (raw - train.mean(0)) / train.std(0)
w = json.loads(subprocess.run([os.environ["RUNNER"], "export", "results/file", "--trial", "best"], capture_output=True).stdout)["weights"]
z = np.tanh(x @ w["W1"] + w["b1"]) @ w["W2"] + w["b2"]
y = np.exp(z - z.max(1, keepdims=True)); y /= y.sum(1, keepdims=True)
assert np.abs(y - out[:, :2]).max() < 1e-11
END
    rm data/all.csv                              # the results have how it was scaled
    good predict results/file --trial best data/x.csv
    cmp out.txt labelled.txt
    refused 4 "2 inputs" predict results/file --trial best small.csv || refused 4 "cannot open" predict results/file --trial best small.csv
}

@test "predict finds columns by their names, refuses others, and answers with the words of the classes" {
    "$PYTHON" - <<'END'
import numpy as np
r = np.random.RandomState(2)
y = r.randint(0, 3, 90)
x = r.randn(90, 3) + np.c_[3 * (y == 0), 3 * (y == 1), 3 * (y == 2)] * [1, 1, 1] + [0, 50, -9]
word = np.array(["oak", "ash, young", "elm"])[y]
def write(path, columns, header=True):
    with open(path, "w") as f:
        if header:
            f.write(",".join(columns) + "\n")
        for k in range(90):
            cells = {"a": repr(x[k, 0]), "b": repr(x[k, 1]), "c": repr(x[k, 2]), "tree": f'"{word[k]}"', "id": str(k),
                     "plum": "plum" if k < 4 else f'"{word[k]}"'}
            f.write(",".join(cells[c] for c in columns) + "\n")
write("train.csv", ["tree", "a", "b", "c"])
write("swapped.csv", ["c", "a", "b"])
write("labelled.csv", ["c", "tree", "b", "a"])
write("missing.csv", ["a", "c"])
write("more.csv", ["a", "b", "c", "id"])
write("bare.csv", ["a", "b", "c"], False)
write("bare-labelled.csv", ["tree", "a", "b", "c"], False)
text = open("labelled.csv").read().splitlines()
open("strange.csv", "w").write("\n".join([text[0]] + [line.replace(line.split('"')[1], "plum") if k < 4 else line
                                                     for k, line in enumerate(text[1:])]) + "\n")
END
    cat > trees.yaml <<'END'
data: {kind: csv, path: train.csv, label: tree, standardize: true, test_fraction: 0.3}
fixed: {hidden: 6, epochs: 200, learning_rate: 0.5, batch_size: 16}
report: []
END
    good trees.yaml -q
    good predict results/trees --trial best train.csv
    [ "$(head -1 out.txt)" = '"output_ash, young",output_elm,output_oak,class' ]
    cp out.txt given.txt
    grep -q "^accuracy 0.9\|^accuracy 1 " err.txt
    cp err.txt told.txt
    for file in swapped labelled bare bare-labelled; do
        good predict results/trees --trial best $file.csv
        cmp out.txt given.txt
    done
    grep -q "bare-labelled.csv: no header: its columns are read as a, b, c, in this order" err.txt
    good predict results/trees --trial best labelled.csv
    cmp err.txt told.txt
    good predict results/trees --trial best swapped.csv
    [ -z "$err" ]
    good predict results/trees --trial best strange.csv
    grep -q "^4 of 90 rows have a class that the network does not know (plum): they count as wrong" err.txt
    refused 4 'there is no column "b" (the network was trained on a, b, c)' predict results/trees --trial best missing.csv
    refused 4 'the network knows no column "id"' predict results/trees --trial best more.csv
    "$PYTHON" - <<'END'
import csv, h5py
with h5py.File("results/trees/results.h5") as f:
    group = f["data/0"]
    assert list(group["columns"].asstr()[:]) == ["a", "b", "c"], group["columns"][:]
    assert list(group["classes"].asstr()[:]) == ["ash, young", "elm", "oak"], group["classes"][:]
    assert group.attrs["label"].decode() == "tree" and group.attrs["label_column"] == 0
    rows = list(csv.DictReader(open("given.txt")))
    truth = [row["tree"] for row in csv.DictReader(open("train.csv"))]
    right = sum(row["class"] == word for row, word in zip(rows, truth))
    assert f"({right} of 90)" in open("told.txt").read() and right > 80, right
    for row in rows:
        best = max((float(v), k[len("output_"):]) for k, v in row.items() if k != "class")
        assert best[1] == row["class"], row
END
}

@test "results of format 1 are shown, reported, compared, predicted with, or refused with a word" {
    cp "$SOURCE_DIR/tests/golden/format1.h5" old.h5
    cp "$SOURCE_DIR/tests/golden/format1.csv" .
    good show old.h5
    [ "$(wc -l < out.txt)" -eq 3 ]
    good show old.h5 --group-by trial --format csv
    "$PYTHON" - <<'END'
import csv
rows = list(csv.DictReader(open("out.txt")))
assert len(rows) == 6 and {r["data.stratify"] for r in rows} == {"false"}, rows   # before the key there was none
open("plain", "w").write(next(r["id"] for r in rows if r["data.standardize"] == "false"))
open("scaled", "w").write(next(r["id"] for r in rows if r["data.standardize"] == "true"))
END
    good report old.h5 -o page
    good compare old.h5 old.h5 --no-page
    good predict old.h5 --trial "$(cat plain)" format1.csv
    [ "$(wc -l < out.txt)" -eq 25 ]
    grep -q "^accuracy" err.txt
    refused 4 "did not keep how its inputs were standardized" predict old.h5 --trial "$(cat scaled)" format1.csv
    refused 3 "numerics version" verify old.h5
}
