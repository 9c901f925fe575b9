"""W4, deep: 784-[100]x6-10, ReLU, softmax and cross entropy, batches of 100, rate 0.01, one thread.
usage: deep.py numpy|torch|torch-manual|sklearn [--dtype f64|f32] [--batches N] [--mnist FOLDER]"""
import common  # first: it sets the environment
import argparse
import warnings

import numpy as np

SIZES, BATCH, RATE = [784] + [100] * 6 + [10], 100, 0.01


def numpy_step(w, b, x, y):
    a = [x]
    for l in range(6):
        a.append(np.maximum(a[-1].dot(w[l]) + b[l], 0))
    z = a[-1].dot(w[6]) + b[6]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    d = e / e.sum(axis=1, keepdims=True)
    d[np.arange(len(x)), y] -= 1
    d *= x.dtype.type(1 / len(x))
    for l in range(6, -1, -1):
        below = d.dot(w[l].T) * (a[l] > 0) if l else None
        w[l] -= x.dtype.type(RATE) * a[l].T.dot(d)
        b[l] -= x.dtype.type(RATE) * d.sum(axis=0)
        d = below


def torch_manual_step(w, b, x, t):
    a = [x]
    for l in range(6):
        a.append(torch.addmm(b[l], a[-1], w[l]).relu_())
    d = torch.softmax(torch.addmm(b[6], a[-1], w[6]), 1).sub_(t).div_(len(x))
    for l in range(6, -1, -1):
        below = d.mm(w[l].t()).mul_(a[l] > 0) if l else None
        w[l].addmm_(a[l].t(), d, alpha=-RATE)
        b[l].sub_(d.sum(0), alpha=RATE)
        d = below


def torch_module(real):
    layers = []
    for m, n in zip(SIZES, SIZES[1:]):
        layers += [torch.nn.Linear(m, n), torch.nn.ReLU()]
    net = torch.nn.Sequential(*layers[:-1]).to(real)
    optimizer, loss = torch.optim.SGD(net.parameters(), lr=RATE), torch.nn.CrossEntropyLoss()

    def step(w, b, x, y):
        optimizer.zero_grad(set_to_none=True)
        loss(net(x), y).backward()
        optimizer.step()
    return step


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=("numpy", "torch", "torch-manual", "sklearn"))
    parser.add_argument("--dtype", choices=("f64", "f32"), default="f32")
    parser.add_argument("--batches", type=int, default=60)
    parser.add_argument("--mnist")
    options = parser.parse_args()
    dtype = {"f64": np.float64, "f32": np.float32}[options.dtype]
    rows = options.batches * BATCH
    x, y = common.images(rows, dtype, options.mnist)
    r = np.random.RandomState(0)
    w = [(r.randn(m, n) * np.sqrt(2 / m)).astype(dtype) for m, n in zip(SIZES, SIZES[1:])]
    b = [np.zeros(n, dtype) for n in SIZES[1:]]
    if options.peer == "sklearn":
        from sklearn.neural_network import MLPClassifier
        warnings.filterwarnings("ignore")
        net = MLPClassifier((100,) * 6, solver="sgd", momentum=0, nesterovs_momentum=False, alpha=0, batch_size=BATCH,
                            learning_rate_init=RATE, max_iter=1, random_state=0)
        net.fit(x[:1000], y[:1000])
        took = common.seconds(lambda: net.fit(x, y), 3)
    else:
        step = numpy_step
        if options.peer != "numpy":
            import torch
            torch.set_num_threads(1)
            torch.set_grad_enabled(options.peer == "torch")
            x, y = torch.from_numpy(x), torch.from_numpy(y)
            w, b = [torch.from_numpy(a) for a in w], [torch.from_numpy(a) for a in b]
            step = torch_manual_step
            if options.peer == "torch":
                step = torch_module(x.dtype)
            else:
                y = torch.nn.functional.one_hot(y, 10).to(x.dtype)

        def epoch(count):
            for first in range(0, count * BATCH, BATCH):
                step(w, b, x[first:first + BATCH], y[first:first + BATCH])
        epoch(min(5, options.batches))
        took = common.seconds(lambda: epoch(options.batches), 3)
    common.figure(f"w4/{options.peer}-{options.dtype}/images", rows / took, "images/s")
