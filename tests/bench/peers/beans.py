"""W5, beans: 1-2-1, sigmoids, squared error, one row an update, rate 0.03, 100 rows.
usage: beans.py python|numpy|torch [--epochs N]"""
import common  # first: it sets the environment
import argparse
import math

import numpy as np

RATE = 0.03


def rows():
    r = np.random.RandomState(0)
    x = np.sort(r.rand(100) * 2)
    value = [0.7 * v + (0.5 - r.rand()) / 50 + 0.5 for v in x]
    return x.tolist(), [float(0.8 < v < 1.4) for v in value]


def python_epochs(count):
    def sigmoid(z):
        return 1 / (1 + math.exp(-z))
    w0, w1, b0, b1, v0, v1, c = 0.5, 0.7, 0.6, 0.5, 0.4, 0.6, 0.4
    pairs = list(zip(*rows()))
    for _ in range(count):
        for x, t in pairs:
            h0, h1 = sigmoid(w0 * x + b0), sigmoid(w1 * x + b1)
            y = sigmoid(v0 * h0 + v1 * h1 + c)
            d = RATE * 2 * (y - t) * y * (1 - y)
            d0, d1 = d * v0 * h0 * (1 - h0), d * v1 * h1 * (1 - h1)
            v0 -= d * h0
            v1 -= d * h1
            c -= d
            w0 -= d0 * x
            b0 -= d0
            w1 -= d1 * x
            b1 -= d1


def numpy_epochs(count):
    w, b = np.array([[0.5], [0.7]]), np.array([[0.6], [0.5]])
    v, c = np.array([[0.4, 0.6]]), np.array([[0.4]])
    xs, ts = [np.array(column).reshape(-1, 1, 1) for column in rows()]
    for _ in range(count):
        for x, t in zip(xs, ts):
            h = 1 / (1 + np.exp(-(w.dot(x) + b)))
            y = 1 / (1 + np.exp(-(v.dot(h) + c)))
            d2 = 2 * (y - t) * y * (1 - y)
            d1 = v.T.dot(d2) * h * (1 - h)
            v -= RATE * d2.dot(h.T)
            c -= RATE * d2
            w -= RATE * d1.dot(x.T)
            b -= RATE * d1


def torch_epochs(count):
    import torch
    torch.set_num_threads(1)
    net = torch.nn.Sequential(torch.nn.Linear(1, 2), torch.nn.Sigmoid(), torch.nn.Linear(2, 1), torch.nn.Sigmoid()).double()
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE)
    xs, ts = [torch.tensor(column).double().reshape(-1, 1) for column in rows()]
    for _ in range(count):
        for x, t in zip(xs, ts):
            optimizer.zero_grad(set_to_none=True)
            (net(x) - t).square().sum().backward()
            optimizer.step()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=("python", "numpy", "torch"))
    parser.add_argument("--epochs", type=int, default=50)
    options = parser.parse_args()
    epochs = {"python": python_epochs, "numpy": numpy_epochs, "torch": torch_epochs}[options.peer]
    epochs(2)
    took = common.seconds(lambda: epochs(options.epochs))
    common.figure(f"w5/{options.peer}-f64/update", took / options.epochs * 1e4, "us/update")
