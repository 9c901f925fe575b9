#!/usr/bin/python3
"""Writes training.txt: what plain NumPy programs and scikit-learn make of the trainings in tests/core/test_golden.c.

    NPY_DISABLE_CPU_FEATURES="AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL" \\
        /usr/bin/python3 tests/golden/make_training.py > tests/golden/training.txt

Each block is a line `name count` and its numbers. Weights are one block [W1 b1 (gamma1 beta1) W2 b2 ...]. A seed's
RandomState gives the weights first, then the order of the rows of each epoch, as core/network/training_loop.c draws them.
"""
import warnings

import numpy as np
from sklearn.datasets import make_blobs, make_moons
from sklearn.neural_network import MLPClassifier, MLPRegressor

warnings.filterwarnings("ignore")
print(f"# made by tests/golden/make_training.py, NumPy {np.__version__}; do not edit")


def block(name, values):
    values = np.ravel(values).astype(float)
    print(name, len(values))
    for i in range(0, len(values), 4):
        print(" ".join("%.17g" % v for v in values[i : i + 4]))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def flat(pairs):
    return np.concatenate([np.ravel(a) for pair in pairs for a in pair])


# ---- first weights: 3-4-2 with biases, seed 11 ----
def draw(kind, r, n, m, shape):
    normal = {"lecun_normal": 1 / n, "xavier_normal": 2 / (n + m), "he_normal": 2 / n}
    edge = {"lecun_uniform": 3 / n, "xavier_uniform": 6 / (n + m), "he_uniform": 6 / n}
    if kind == "lecun_normal":
        return r.randn(*shape) / np.sqrt(n)
    if kind in normal:
        return r.randn(*shape) * np.sqrt(normal[kind])
    if kind in edge:
        return r.uniform(-np.sqrt(edge[kind]), np.sqrt(edge[kind]), shape)
    if kind == "uniform":
        return r.uniform(-0.25, 0.75, shape)
    if kind == "normal":
        return r.normal(0.5, 2, shape)
    return np.zeros(shape)


for kind in ("lecun_normal lecun_uniform xavier_normal xavier_uniform he_normal he_uniform uniform normal zeros").split():
    for biases in ("zeros", "same"):
        for order in ("in_out", "out_in"):
            r, pairs = np.random.RandomState(11), []
            for n, m in ((3, 4), (4, 2)):
                w = draw(kind, r, n, m, (m, n)).T if order == "out_in" else draw(kind, r, n, m, (n, m))
                pairs.append((w, draw(kind if biases == "same" else "zeros", r, n, m, (m,))))
            block(f"init/{kind}/{biases}/{order}", flat(pairs))


# ---- optimizers x schedules: 2-8-3, tanh, softmax, 50 updates in batches of 16 of 60 rows ----
np.random.seed(3)
X, y = make_blobs(60, centers=3, n_features=2, cluster_std=2.5)
X /= 10
block("blobs/x", X)
block("blobs/y", y)
T = np.eye(3)[y]
EPOCHS = 13  # 4 batches an epoch, 50 updates
L1, L2 = 1e-4, 1e-3

SCHEDULES = {
    "constant": lambda t, k: 1,
    "step": lambda t, k: 0.5 ** (t // 3),
    "exponential": lambda t, k: 0.9**t,
    "inverse": lambda t, k: 1 / (1 + 0.3 * t),
    "cosine": lambda t, k: 0.1 + 0.9 * (1 + np.cos(np.pi * t / EPOCHS)) / 2,
    "restarts": lambda t, k: (1 + np.cos(np.pi * (t % 5) / 5)) / 2,
    "warmup": lambda t, k: 0.9**t * min(1, (k + 1) / 20),
}


class Sgd:
    rate = 0.1

    def __init__(self, momentum=0, nesterov=False):
        self.mu, self.nesterov, self.v = momentum, nesterov, None

    def step(self, g, lr):
        self.v = g if self.v is None else self.mu * self.v + g
        return -lr * (g + self.mu * self.v if self.nesterov else self.v)


class Adagrad:
    rate, s = 0.05, 0

    def step(self, g, lr):
        self.s = self.s + g**2
        return -lr * g / (np.sqrt(self.s) + 1e-10)


class Rmsprop:
    rate = 0.01

    def __init__(self, momentum=0):
        self.mu, self.s, self.v = momentum, 0, 0

    def step(self, g, lr):
        self.s = 0.99 * self.s + 0.01 * g**2
        self.v = self.mu * self.v + g / (np.sqrt(self.s) + 1e-8)
        return -lr * self.v


class Adam:
    rate = 0.02

    def __init__(self, decay=0):
        self.m, self.s, self.t, self.decay = 0, 0, 0, decay

    def step(self, g, lr):
        self.t += 1
        self.m = 0.9 * self.m + 0.1 * g
        self.s = 0.999 * self.s + 0.001 * g**2
        m, s = self.m / (1 - 0.9**self.t), self.s / (1 - 0.999**self.t)
        return -lr * m / (np.sqrt(s) + 1e-8)


OPTIMIZERS = {
    "sgd": Sgd,
    "momentum": lambda: Sgd(0.9),
    "nesterov": lambda: Sgd(0.9, True),
    "adagrad": Adagrad,
    "rmsprop": Rmsprop,
    "rmsprop_momentum": lambda: Rmsprop(0.8),
    "adam": Adam,
    "adamw": lambda: Adam(0.05),
}


class BatchNorm:
    """with gamma and beta among the parameters, running statistics beside them"""

    def __init__(self, units):
        self.mean, self.var = np.zeros(units), np.ones(units)

    def forward(self, z, gamma, beta):
        n = len(z)
        mean, var = z.mean(0), z.var(0)
        self.mean += 0.1 * (mean - self.mean)
        self.var += 0.1 * (var * n / (n - 1) - self.var)
        self.scale = 1 / np.sqrt(var + 1e-5)
        self.xhat = (z - mean) * self.scale
        return gamma * self.xhat + beta

    def backward(self, d, gamma):
        dgamma, dbeta = (d * self.xhat).sum(0), d.sum(0)
        d = d * gamma
        return (d - d.mean(0) - self.xhat * (d * self.xhat).mean(0)) * self.scale, dgamma, dbeta


def train(optimizer, schedule, updates=50, batch=16, reduction="mean", clip=0, replacement=False, norm=False):
    r = np.random.RandomState(5)
    W = [r.randn(2, 8) / np.sqrt(2), np.zeros(8), r.randn(8, 3) / np.sqrt(8), np.zeros(3)]
    bn = BatchNorm(8) if norm else None
    if norm:
        W[2:2] = [np.ones(8), np.zeros(8)]
    rules, n, k, t = [OPTIMIZERS[optimizer]() for _ in W], len(X), 0, 0
    while k < updates:
        order = None if replacement else r.permutation(n)
        for first in range(0, n, batch):
            rows = r.choice(n, batch) if replacement else order[first : first + batch]
            x = X[rows]
            z = x @ W[0] + W[1]
            a = np.tanh(bn.forward(z, W[2], W[3]) if norm else z)
            d2 = softmax(a @ W[-2] + W[-1]) - T[rows]
            d1 = (d2 @ W[-2].T) * (1 - a * a)
            extra = []
            if norm:
                d1, dgamma, dbeta = bn.backward(d1, W[2])
                extra = [dgamma, dbeta]
            g = [x.T @ d1, d1.sum(0), *extra, a.T @ d2, d2.sum(0)]
            if reduction == "mean":
                g = [v / len(rows) for v in g]
            for i in (0, len(W) - 2):
                g[i] = g[i] + L2 * W[i] + L1 * np.sign(W[i])
            size = np.sqrt(sum((v**2).sum() for v in g))
            if clip and size > clip:
                g = [v * clip / size for v in g]
            lr = rules[0].rate * SCHEDULES[schedule](t, k)
            for i, rule in enumerate(rules):
                if isinstance(rule, Adam) and W[i].ndim == 2:
                    W[i] = W[i] * (1 - lr * rule.decay)
                W[i] = W[i] + rule.step(g[i], lr)
            k += 1
            if k == updates:
                break
        t += 1
    if norm:
        W += [bn.mean, bn.var]
    return np.concatenate([np.ravel(w) for w in W])


for optimizer in OPTIMIZERS:
    for schedule in SCHEDULES:
        block(f"run/{optimizer}/{schedule}", train(optimizer, schedule))
block("run/sum", train("sgd", "constant", reduction="sum"))
block("run/clip", train("momentum", "constant", clip=0.05))
block("run/replacement", train("sgd", "constant", replacement=True))
block("run/batch_norm", train("momentum", "constant", norm=True))  # (adam divides a bias's rounding by itself)


# ---- scikit-learn: 20 epochs in file order, batches of 15 of 60 rows, the objective after each ----
def sklearn_run(name, estimator, solver, x, target, loss, outputs, activation, hidden, init):
    sgd = dict(momentum=0.9 if solver != "sgd" else 0, nesterovs_momentum=solver == "nesterov", learning_rate_init=0.05)
    # epsilon: scikit-learn adds it before, PyTorch after the correction of the second moment
    adam = dict(learning_rate_init=0.01, epsilon=1e-14)
    net = estimator(
        hidden, activation=activation, solver="adam" if solver == "adam" else "sgd", alpha=0.3, batch_size=15,
        shuffle=False, random_state=0, **(adam if solver == "adam" else sgd)
    )
    first = {"classes": np.unique(target)} if estimator is MLPClassifier else {}
    net.partial_fit(x, target, **first)
    r = np.random.RandomState(8)
    for i, w in enumerate(net.coefs_):
        net.coefs_[i][...] = r.randn(*w.shape) / np.sqrt(len(w))
        net.intercepts_[i][...] = 0.1 * r.randn(w.shape[1])
    start = flat(zip(net.coefs_, net.intercepts_))
    del net._optimizer
    net.t_ = 0
    curve = []
    for _ in range(20):
        net.partial_fit(x, target)
        penalty = 0.3 / 15 / 2 * sum((w**2).sum() for w in net.coefs_)
        curve.append(loss(net) + penalty)
    if init:
        block(f"sklearn/{name}/start", start)
    block(f"sklearn/{name}/{solver}", curve)


def log_loss(target, x):
    return lambda net: -np.log(net.predict_proba(x)[np.arange(len(x)), target]).mean()


noise = np.random.RandomState(4)
xs = np.linspace(-1, 1, 60)[:, None]
ts = np.sin(3 * xs[:, 0]) + 0.1 * noise.randn(60)
block("numbers/x", xs)
block("numbers/t", ts)
two = (y > 0).astype(int)
for solver in ("sgd", "nesterov", "adam"):
    sklearn_run("classes", MLPClassifier, solver, X, y, log_loss(y, X), 3, "tanh", (8,), solver == "sgd")
    sklearn_run("two", MLPClassifier, solver, X, two, log_loss(two, X), 1, "relu", (6, 5), solver == "sgd")
    sklearn_run("numbers", MLPRegressor, solver, xs, ts, lambda net: ((net.predict(xs) - ts) ** 2).mean() / 2, 1,
                "logistic", (7,), solver == "sgd")


# ---- the tutorials' programs ----
def moons(h, passes):
    np.random.seed(0)
    X, y = make_moons(200, noise=0.20)
    n, r, losses = len(X), range(200), []
    np.random.seed(0)
    W1, b1 = np.random.randn(2, h) / np.sqrt(2), np.zeros((1, h))
    W2, b2 = np.random.randn(h, 2) / np.sqrt(h), np.zeros((1, 2))
    for _ in range(passes):
        a1 = np.tanh(X.dot(W1) + b1)
        e = np.exp(a1.dot(W2) + b2)
        d3 = e / np.sum(e, axis=1, keepdims=True)
        d3[r, y] -= 1
        dW2, db2 = a1.T.dot(d3), np.sum(d3, axis=0, keepdims=True)
        d2 = d3.dot(W2.T) * (1 - np.power(a1, 2))
        dW1, db1 = np.dot(X.T, d2), np.sum(d2, axis=0)
        dW2 += 0.01 * W2
        dW1 += 0.01 * W1
        W1 += -0.01 * dW1
        b1 += -0.01 * db1
        W2 += -0.01 * dW2
        b2 += -0.01 * db2
        e = np.exp(np.tanh(X.dot(W1) + b1).dot(W2) + b2)
        p = e / e.sum(1, keepdims=True)
        losses.append((-np.log(p[r, y]).sum() + 0.01 / 2 * ((W1**2).sum() + (W2**2).sum())) / n)
    return losses


for h in (1, 2, 3, 4, 5, 20, 50):
    block(f"moons/{h}", moons(h, 100))


def beans(hidden, epochs):
    r = np.random.RandomState(1)
    xs = np.sort(r.rand(100) * 2)
    ys = []
    for x in xs:
        yi = 0.7 * x + (0.5 - r.rand()) / 50 + 0.5
        ys.append(1.0 if 0.8 < yi < 1.4 else 0.0)
    r, shapes = np.random.RandomState(2), [(1, 2), (2, 1)] if hidden else [(1, 1)]
    net = [[r.rand(*s), r.rand(s[1])] for s in shapes]
    losses = []

    def values(x):
        a = [np.array([x])]
        for w, b in net:
            a.append(sigmoid(a[-1] @ w + b))
        return a

    for _ in range(epochs):
        for x, t in zip(xs, ys):
            a = values(x)
            d = -2 * (t - a[-1]) * a[-1] * (1 - a[-1])
            moves = []
            for l in range(len(net) - 1, -1, -1):
                moves.append((l, np.outer(a[l], d), d))
                d = (net[l][0] @ d) * a[l] * (1 - a[l])
            for l, dw, db in moves:
                net[l][0] -= 0.03 * dw
                net[l][1] -= 0.03 * db
        losses.append(np.mean([(t - values(x)[-1][0]) ** 2 for x, t in zip(xs, ys)]))
    return losses


block("beans/hidden", beans(True, 10))
block("beans/none", beans(False, 10))


def three_bit(seed, passes):
    X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1], [0, 0, 1]], float)
    Y = np.array([[0, 1, 1, 0, 0]], float).T
    r = np.random.RandomState(seed)
    w0, w1 = 2 * r.random_sample((3, 4)) - 1, 2 * r.random_sample((4, 1)) - 1
    losses = []
    for _ in range(passes):
        l1 = sigmoid(X @ w0)
        l2 = sigmoid(l1 @ w1)
        d2 = (l2 - Y) * l2 * (1 - l2)
        d1 = (d2 @ w1.T) * l1 * (1 - l1)
        w1 -= l1.T @ d2
        w0 -= X.T @ d1
        losses.append(((sigmoid(sigmoid(X @ w0) @ w1) - Y) ** 2).sum() / 2 / len(X))
    return losses


for seed in range(3):
    block(f"three_bit/{seed}", three_bit(seed, 100))


def online(raw):
    """a small copy of the MNIST program: 16-6-4, 40 rows, two epochs"""
    r = np.random.RandomState(6)
    x, label = r.rand(40, 16) * 0.99 + 0.01, r.randint(0, 4, 40)
    t = np.where(np.eye(4)[label] == 1, 0.99, 0.01)
    r = np.random.RandomState(0)
    wih, who = r.normal(0, 16**-0.5, (6, 16)), r.normal(0, 6**-0.5, (4, 6))
    for _ in range(2):
        for i in range(40):
            h = sigmoid(wih @ x[i])
            o = sigmoid(who @ h)
            e = t[i] - o
            d = e * o * (1 - o)
            dh = (who.T @ (e if raw else d)) * h * (1 - h)
            who += 0.1 * np.outer(d, h)
            wih += 0.1 * np.outer(dh, x[i])
    return x, label, np.concatenate([wih.T.ravel(), who.T.ravel()])


block("online/x", online(False)[0])
block("online/y", online(False)[1])
block("online/delta", online(False)[2])
block("online/raw", online(True)[2])
