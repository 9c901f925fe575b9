#!/usr/bin/python3
"""Writes synthetic.h: data sets of scikit-learn, and of the NumPy lines in core/data/synthetic.h.

    NPY_DISABLE_CPU_FEATURES="AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL" \\
        /usr/bin/python3 tests/golden/make_synthetic.py > tests/golden/synthetic.h
"""
import numpy as np
import sklearn
from sklearn.datasets import make_blobs, make_circles, make_moons


def array(kind, name, texts):
    print(f"static const {kind} {name}[{len(texts)}] = {{")
    line = "   "
    for text in texts:
        if len(line) + len(text) > 96:
            print(line)
            line = "   "
        line += f" {text},"
    print(line + "\n};")


rows = []


def case(name, config, x, y, classes=0):
    """classes 0: y are numbers to predict"""
    x = np.atleast_2d(x.T).T
    array("double", f"{name}_X", [v.hex() for v in x.ravel().tolist()])
    array("double", f"{name}_Y", [float(v).hex() if classes == 0 else str(int(v)) for v in y])
    rows.append(f"    {{{{{config}}}, {len(x)}, {x.shape[1]}, {classes}, {name}_X, {name}_Y}},")


def seeded(seed, f, *a, **k):
    np.random.seed(seed)
    return f(*a, **k)


def spirals(n, k, turns, noise, seed):
    r = np.random.RandomState(seed)
    x, y = [], []
    for c in range(k):
        m = n // k + (c < n % k)
        t = (np.arange(m) + 1) / m
        a = 2 * np.pi * (turns * t + c / k)
        x.append(np.column_stack([t * np.cos(a), t * np.sin(a)]))
        y.append(np.full(m, c))
    x, y = np.concatenate(x), np.concatenate(y)
    i = np.arange(n)
    r.shuffle(i)
    x, y = x[i], y[i]
    if noise:
        x += r.normal(0, noise, x.shape)
    return x, y


def xor(n, noise, seed):
    r = np.random.RandomState(seed)
    x = r.uniform(-1, 1, (n, 2))
    y = x[:, 0] * x[:, 1] < 0
    if noise:
        x += r.normal(0, noise, (n, 2))
    return x, y


def beans(n, seed):
    r = np.random.RandomState(seed)
    xs = np.sort(r.rand(n) * 2)
    ys = []
    for x in xs:
        yi = 0.7 * x + (0.5 - r.rand()) / 50 + 0.5
        ys.append(1 if 0.8 < yi < 1.4 else 0)
    return xs, np.array(ys)


def sine(n, noise, seed):
    r = np.random.RandomState(seed)
    x = np.sort(r.uniform(0, 1, n))
    y = np.sin(2 * np.pi * x)
    return x, y + r.normal(0, noise, n) if noise else y


print(f"/* Made by tests/golden/make_synthetic.py with NumPy {np.__version__}, scikit-learn {sklearn.__version__};")
print(" * do not edit. */")
M, C, B = "SYNTHETIC_MOONS", "SYNTHETIC_CIRCLES", "SYNTHETIC_BLOBS"
case("MOONS", f".kind = {M}, .samples = 200, .noise = 0.20, .seed = 0", *seeded(0, make_moons, 200, noise=0.20), 2)
case("MOONS_ODD", f".kind = {M}, .samples = 31, .noise = 0.05, .seed = 9", *seeded(9, make_moons, 31, noise=0.05), 2)
case("MOONS_CLEAN", f".kind = {M}, .samples = 20, .seed = 4", *seeded(4, make_moons, 20), 2)
case("MOONS_ONE", f".kind = {M}, .samples = 1, .noise = 0.1", *seeded(0, make_moons, 1, noise=0.1), 2)
case("MOONS_THREE", f".kind = {M}, .samples = 3, .seed = 2", *seeded(2, make_moons, 3), 2)
case("CIRCLES", f".kind = {C}, .samples = 41, .noise = 0.1, .seed = 3, .factor = 0.5",
     *seeded(3, make_circles, 41, noise=0.1, factor=0.5), 2)
case("CIRCLES_CLEAN", f".kind = {C}, .samples = 12, .seed = 8, .factor = 0.8", *seeded(8, make_circles, 12), 2)
case("BLOBS", f".kind = {B}, .samples = 50, .noise = 1, .seed = 6, .classes = 3, .features = 2",
     *seeded(6, make_blobs, 50, centers=3, n_features=2, cluster_std=1.0), 3)
case("BLOBS_WIDE", f".kind = {B}, .samples = 17, .noise = 0.3, .seed = 1, .classes = 4, .features = 5",
     *seeded(1, make_blobs, 17, centers=4, n_features=5, cluster_std=0.3), 4)
case("BLOBS_TIGHT", f".kind = {B}, .samples = 9, .seed = 1, .classes = 2, .features = 1",
     *seeded(1, make_blobs, 9, centers=2, n_features=1, cluster_std=0.0), 2)
apart = np.random.RandomState(6).uniform(-10, 10, (3, 2))
case("BLOBS_APART", f".kind = {B}, .samples = 20, .noise = 1, .seed = 77, .classes = 3, .features = 2, "
     ".centers_apart = true, .center_seed = 6", *seeded(77, make_blobs, 20, centers=apart, cluster_std=1.0), 3)
case("SPIRALS", ".kind = SYNTHETIC_SPIRALS, .samples = 50, .noise = 0.02, .seed = 5, .classes = 3, .turns = 1.25",
     *spirals(50, 3, 1.25, 0.02, 5), 3)
case("SPIRALS_CLEAN", ".kind = SYNTHETIC_SPIRALS, .samples = 10, .seed = 5, .classes = 2, .turns = 0.5",
     *spirals(10, 2, 0.5, 0, 5), 2)
case("XOR", ".kind = SYNTHETIC_XOR, .samples = 30, .noise = 0.1, .seed = 2", *xor(30, 0.1, 2), 2)
case("XOR_CLEAN", ".kind = SYNTHETIC_XOR, .samples = 10, .seed = 2", *xor(10, 0, 2), 2)
case("BEANS", ".kind = SYNTHETIC_BEANS, .samples = 100, .seed = 0", *beans(100, 0), 2)
case("SINE", ".kind = SYNTHETIC_SINE, .samples = 40, .noise = 0.1, .seed = 13", *sine(40, 0.1, 13))
case("SINE_CLEAN", ".kind = SYNTHETIC_SINE, .samples = 10, .seed = 13", *sine(10, 0, 13))
x3 = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1], [0, 0, 1]], float)
case("THREE_BIT", ".kind = SYNTHETIC_THREE_BIT", x3, [0, 1, 1, 0, 0], 2)
bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
for gate, f in {"AND": lambda a, b: a & b, "OR": lambda a, b: a | b, "NAND": lambda a, b: 1 - (a & b),
                "XOR": lambda a, b: a ^ b}.items():
    case(f"GATE_{gate}_ROWS", f".kind = SYNTHETIC_GATES, .gate = GATE_{gate}", bits, [f(int(a), int(b)) for a, b in bits], 2)

print("static const struct {\n    SyntheticConfig config;\n    int64_t n;\n    int32_t inputs, classes;")
print("    const double *x, *y;\n} CASES[] = {")
print("\n".join(rows))
print("};")
