"""Runs the experiments of the published programs and holds them to what is true of them. Outputs are computed here, in
NumPy, from the weights in the results files. usage: check_tutorials.py RUNNER SOURCE_DIR [mnist]
With `mnist` the programs on MNIST, in the folder that MNIST_DIR names, else all others and images made of the digits in
experiments/data; RUNNER_LONG=1 adds the deep grid (three minutes on two cores).

Golden figure: scikit-learn 1.2.1, np.random.seed(0); X, y = make_moons(200, noise=0.2);
LogisticRegressionCV().fit(X, y).score(X, y) is 170 of 200."""
import gzip
import os
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np

runner, source = sys.argv[1:3]
mnist = sys.argv[3:] == ["mnist"]
folder = tempfile.TemporaryDirectory()
passed = failed = 0


def run(experiment, *words):
    out = os.path.join(folder.name, f"{experiment}{len(os.listdir(folder.name))}")
    subprocess.run([runner, "run", f"{source}/experiments/{experiment}.yaml", "report=[]", "-q", "-o", out, *words],
                   check=True, stdout=subprocess.DEVNULL)
    return h5py.File(out + "/results.h5")


def text(column):
    return np.array([v.decode() for v in column[:]])


def weights(f, i):
    offset = f["weights/offset"][:]
    return f["weights/values"][offset[i]:offset[i + 1]]


def check(what, holds, seen):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    print(("ok      " if holds else "FAILED  ") + what + f"  ({seen})")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def idx(name, header):
    with gzip.open(os.path.join(os.environ["MNIST_DIR"], name + ".gz")) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def confusion(f):
    """The report's matrix, true by answered, and what it says of it."""
    out = os.path.dirname(f.filename)
    subprocess.run([runner, "report", out, "--only", "confusion"], check=True, stdout=subprocess.DEVNULL)
    with open(out + "/report/index.html", encoding="utf-8") as page:
        words = page.read()
    if not os.path.exists(out + "/report/confusion.tsv"):
        return None, words
    table = np.loadtxt(out + "/report/confusion.tsv", skiprows=1, dtype=int)
    matrix = np.zeros((10, 10), int)
    matrix[table[:, 0], table[:, 1]] = table[:, 2]
    return matrix, words


def write_idx(path, array):
    """Bytes, dimensions first, as http://yann.lecun.com/exdb/mnist describes the format."""
    with gzip.open(path + ".gz", "wb", compresslevel=1) as file:
        file.write(bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes())


def digits_as_mnist(where):
    """The UCI digits, three pixels for one and a border, as the four files of MNIST: 30 copies of each training image, so
    that the set is too large for a results file (256 MB) as MNIST is."""
    rows = np.loadtxt(f"{source}/experiments/data/digits.csv", delimiter=",", skiprows=1, dtype=np.uint8)
    images = np.pad(np.kron(rows[:, :64].reshape(-1, 8, 8), np.ones((1, 3, 3), np.uint8)), ((0, 0), (2, 2), (2, 2)))
    images, labels = (images * 15).astype(np.uint8), rows[:, 64]
    for name, part, copies in (("train", slice(0, 1500), 30), ("t10k", slice(1500, None), 1)):
        write_idx(f"{where}/{name}-images-idx3-ubyte", np.tile(images[part], (copies, 1, 1)))
        write_idx(f"{where}/{name}-labels-idx1-ubyte", np.tile(labels[part], copies))


def check_confusion(what, f, i):
    """The report's matrix of trial i is NumPy's; the set was read again, which is too large for the results file."""
    x = idx("t10k-images-idx3-ubyte", 16).reshape(-1, 784) / 255 * 0.99 + 0.01
    y = idx("t10k-labels-idx1-ubyte", 8)
    w, units = weights(f, i), int(text(f["trials/hidden"])[i])
    answer = sigmoid(sigmoid(x @ w[:784 * units].reshape(784, units)) @ w[784 * units:].reshape(units, 10)).argmax(1)
    wanted = np.zeros((10, 10), int)
    np.add.at(wanted, (y, answer), 1)
    matrix, words = confusion(f)
    check(f"{what}: its confusion matrix is NumPy's", matrix is not None and (matrix == wanted).all(), matrix)
    check(f"{what}: and its mistakes are shown", "Misclassified images" in words and "mistakes.svg" in words, len(words))


def tutorials():
    # T1: two hidden units fit the bump, none do not
    f = run("beans")
    accuracy = {h: a for h, a in zip(text(f["trials/hidden"]), f["trials/final_train_accuracy"][:])}
    check("T1: 1-2-1 fits the beans, 1-1 does not", accuracy["2"] >= 0.95 > 0.8 > accuracy[""], accuracy)
    i = list(text(f["trials/hidden"])).index("2")
    w = weights(f, i)
    x = np.linspace(0, 2, 201)
    curve = sigmoid(sigmoid(np.outer(x, w[:2]) + w[2:4]) @ w[4:6] + w[6])
    check("T1: its curve is a bump", curve.max() > 0.9 and curve[0] < 0.2 and curve[-1] < 0.2,
          f"{curve[0]:.3f} at 0, {curve.max():.3f} at {x[curve.argmax()]:.2f}, {curve[-1]:.3f} at 2")

    # T2: gates
    f = run("gates")
    t = f["trials"]
    gate, hidden, epochs = text(t["data.gate"]), text(t["hidden"]), t["epochs"][:]
    solved = t["final_train_accuracy"][:] == 1
    check("T2: the given weights classify every row", solved[epochs == 0].all(), f"{(epochs == 0).sum()} trials")
    perceptron = (hidden == "") & (epochs > 0)
    check("T2: a trained perceptron learns and, or, nand", solved[perceptron & (gate != "xor")].all(),
          f"{solved[perceptron & (gate != 'xor')].mean():.2f}")
    check("T2: and never xor", not solved[perceptron & (gate == "xor")].any(), f"{solved[perceptron & (gate == 'xor')].mean():.2f}")
    check("T2: 2-4-1 learns all four from every start", solved[(hidden == "4")].all(), f"{(hidden == '4').sum()} trials")
    share = solved[(hidden == "2") & (gate == "xor") & (epochs > 0)].mean()
    check("T2: 2-2-1 learns xor from some starts", 0.3 <= share <= 0.9, f"{share:.2f}")

    # T3: with the right gradient every row is right
    f = run("xor")
    x = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1], [0, 0, 1]])
    y = np.array([0, 1, 1, 0, 0])
    worst = max(np.abs(sigmoid(sigmoid(x @ weights(f, i)[:12].reshape(3, 4)) @ weights(f, i)[12:]) - y).max()
                for i in range(10))
    check("T3: every error is at most 0.01 for seeds 0..9", worst <= 0.01, f"{worst:.4f}")

    # T4: logistic regression, its penalty chosen by cross-validation
    f = run("moons-baseline")
    l2, fold, line = f["trials/l2"][:], f["trials/final_test_accuracy"][:], text(f["trials/hidden"]) == ""
    network = max(fold[(l2 == v) & ~line].mean() for v in set(l2))
    l2, fold = l2[line], fold[line]
    best = max(sorted(set(l2)), key=lambda v: fold[l2 == v].mean())
    check("T4: three hidden units get what no line does", network > fold[l2 == best].mean() + 0.1,
          f"{network:.3f}, {fold[l2 == best].mean():.3f}")
    f = run("moons-baseline", f"l2={float(best)!r}", "data.folds=off", "metric.name=train_accuracy", "--filter", "hidden=[]")
    right = round(200 * f["trials/final_train_accuracy"][0])
    check("T4: the baseline's accuracy is LogisticRegressionCV's to one sample", abs(right - 170) <= 1,
          f"{right} of 200, l2 = {best:.3g}")

    # Images of a set too large for the results file: the report reads it again, and says so where it cannot
    os.environ["MNIST_DIR"] = os.path.join(folder.name, "digits")
    os.mkdir(os.environ["MNIST_DIR"])
    digits_as_mnist(os.environ["MNIST_DIR"])
    f = run("mnist", "--filter", "error_signal=delta", "hidden=12", "epochs=1")
    check("digits as MNIST are learned", f["trials/final_test_accuracy"][0] > 0.8 and "train" not in f["data/0"],
          f["trials/final_test_accuracy"][0])
    check_confusion("digits as MNIST", f, 0)
    os.environ["MNIST_DIR"] = os.path.join(folder.name, "nowhere")
    shutil.rmtree(os.path.dirname(f.filename) + "/report")
    matrix, words = confusion(f)
    check("a report without the data says so", matrix is None and "could not be read again" in words and "get-mnist" in words,
          len(words))


def on_mnist():
    f = run("mnist")
    rule, final = text(f["trials/error_signal"]), f["trials/final_test_accuracy"][:]
    check("T5: the published rule", abs(final[rule == "raw"][0] - 0.9757) <= 0.0015, final[rule == "raw"][0])
    check("T5: the exact gradient", abs(final[rule == "delta"][0] - 0.9715) <= 0.0015, final[rule == "delta"][0])
    check_confusion("T5", f, list(rule).index("raw"))
    out = os.path.dirname(f.filename)
    subprocess.run([runner, "report", out, "--only", "published"], check=True, stdout=subprocess.DEVNULL)
    rings = np.loadtxt(out + "/report/published-rings.tsv", skiprows=1)[:, 1]
    check("T5: published accuracies are drawn in %, as ours are", np.allclose(rings, [95.6, 96.7, 97.2, 97.46, 97.57]), rings)
    f = run("mnist-deep", "--filter", "steps=201")
    optimizer, accuracy = text(f["trials/optimizer"]), f["trials/final_test_accuracy"][:]
    adam = accuracy[optimizer == "adam"][0]
    check("T2: the published 201 steps, with Adam", 0.92 <= adam <= 0.93, adam)
    matrix, words = confusion(f)
    check("T2: its confusion matrix has that accuracy", matrix is not None and matrix.sum() == 10000 and
          matrix.trace() == round(10000 * adam), matrix)
    if os.environ.get("RUNNER_LONG"):
        f = run("mnist-deep")
        steps, accuracy = f["trials/steps"][:], f["trials/final_test_accuracy"][:]
        check("T2: the best of the grid passes 97 %", accuracy[steps == 0].max() > 0.97, accuracy[steps == 0].max())


on_mnist() if mnist else tutorials()
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
