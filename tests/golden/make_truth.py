#!/usr/bin/python3
"""Writes truth.h: class probabilities of made data by SciPy's adaptive quadrature and distribution functions, and the least
loss, accuracy and Brier score on test rows made by scikit-learn.

    /usr/bin/python3 tests/golden/make_truth.py > tests/golden/truth.h
"""
import numpy as np
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.datasets import make_circles, make_moons


def curve(kind, c, t, k=2, factor=0.5, turns=1.0):
    if kind == "MOONS":
        a = np.pi * t
        return (1 - np.cos(a), 0.5 - np.sin(a)) if c else (np.cos(a), np.sin(a))
    if kind == "CIRCLES":
        r, a = (factor if c else 1), 2 * np.pi * t
    else:
        r, a = t, 2 * np.pi * (turns * t + c / k)
    return r * np.cos(a), r * np.sin(a)


def on_curve(kind, x, s, shares, **more):
    def density(c):
        def integrand(t):
            p, q = curve(kind, c, t, k=len(shares), **more)
            return np.exp(-((x[0] - p) ** 2 + (x[1] - q) ** 2) / (2 * s * s))
        ends = np.linspace(0, 1, 33)  # pieces, so that no narrow peak is missed
        return sum(quad(integrand, a, b, epsabs=0, epsrel=1e-12, limit=200)[0] for a, b in zip(ends[:-1], ends[1:]))
    d = np.array([share * density(c) for c, share in enumerate(shares)])
    return d / d.sum()


def on_xor(x, s):
    below = [norm.cdf((z + 1) / s) - norm.cdf(z / s) for z in x]
    above = [norm.cdf(z / s) - norm.cdf((z - 1) / s) for z in x]
    d = np.array([below[0] * below[1] + above[0] * above[1], below[0] * above[1] + above[0] * below[1]])
    return d / d.sum()


def on_blobs(x, s, centers):
    d = np.prod(norm.pdf(np.asarray(x), centers, s), axis=1)
    return d / d.sum()


rows = []


def case(config, x, p):
    x, p = list(x), list(p)
    rows.append("    {{%s}, %d, {%s}, %d, {%s}}," % (config, len(x), ", ".join(map(repr, map(float, x))), len(p),
                                                    ", ".join(map(repr, map(float, p)))))


r = np.random.RandomState(0)
for s in (0.05, 0.2, 0.7):
    for x in r.uniform(-1.2, 2.2, (5, 2)):
        # far from both arcs the densities underflow in SciPy: such points are left out
        case(f".kind = SYNTHETIC_MOONS, .samples = 201, .noise = {s}", x, on_curve("MOONS", x, s, [100 / 201, 101 / 201]))
    for x in r.uniform(-1.1, 1.1, (4, 2)):
        case(f".kind = SYNTHETIC_CIRCLES, .samples = 100, .noise = {s}, .factor = 0.5", x, on_curve("CIRCLES", x, s, [0.5, 0.5]))
        case(f".kind = SYNTHETIC_SPIRALS, .samples = 100, .noise = {s}, .classes = 3, .turns = 1.5", x,
             on_curve("SPIRALS", x, s, [0.34, 0.33, 0.33], turns=1.5))
        case(f".kind = SYNTHETIC_XOR, .samples = 100, .noise = {s}", x, on_xor(x, s))
rows = [row for row in rows if "nan" not in row]
centers = np.random.RandomState(6).uniform(-10, 10, (3, 2))
for x in np.vstack([centers.mean(0), centers[0] + 1, (centers[0] + centers[1]) / 2, (centers[1] + centers[2]) / 2 + 0.3]):
    case(".kind = SYNTHETIC_BLOBS, .samples = 30, .noise = 2.5, .classes = 3, .features = 2, .centers_apart = true, "
         ".center_seed = 6", x, on_blobs(x, 2.5, centers))
for x in (0.3, 0.41, 0.42, 0.43, 0.435, 0.45, 1.0, 1.28, 1.29, 1.3, 1.9):
    u = np.clip((min(0.7 * x + 0.51, 1.4) - max(0.7 * x + 0.49, 0.8)) / 0.02, 0, 1)
    case(".kind = SYNTHETIC_BEANS, .samples = 100", [x], [1 - u, u])


def least(kind, make, shares, **more):
    """Over the rows of a test set, with their labels."""
    np.random.seed(12345)
    X, y = make()
    p = np.array([on_curve(kind, x, more["noise"], shares) for x in X])
    q = p[np.arange(len(y)), y]
    return -np.log(q).mean(), (p.argmax(1) == y).mean(), ((1 - q) ** 2).mean()


floors = [("SYNTHETIC_MOONS", 0.2, 400, least("MOONS", lambda: make_moons(400, noise=0.2), [0.5, 0.5], noise=0.2)),
          ("SYNTHETIC_CIRCLES", 0.15, 300, least("CIRCLES", lambda: make_circles(300, noise=0.15, factor=0.5), [0.5, 0.5], noise=0.15))]

print("/* Made by tests/golden/make_truth.py: class probabilities by SciPy's quadrature. */")
print("static const struct TruthCase {\n    SyntheticConfig config;\n    int32_t inputs;\n    double x[2];\n    int32_t classes;\n"
      "    double p[3];\n} TRUTH_CASES[] = {")
print("\n".join(rows))
print("};\n\nstatic const struct TruthFloorCase {\n    SyntheticKind kind;\n    double noise;\n    int64_t samples;\n"
      "    double loss, accuracy, brier;\n} TRUTH_FLOORS[] = {")
for kind, noise, n, values in floors:
    print(f"    {{{kind}, {noise}, {n}, {', '.join(map(repr, map(float, values)))}}},")
print("};")
