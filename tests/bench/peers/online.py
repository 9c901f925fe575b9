"""W3, online: 784-200-10, sigmoids, no biases, half the squared error, one image an update, rate 0.1.
usage: online.py numpy|torch-manual [--dtype f64|f32] [--samples N] [--mnist FOLDER]"""
import common  # first: it sets the environment
import argparse

import numpy as np

RATE = 0.1


def numpy_epoch(w1, w2, x, t):
    for i in range(len(x)):
        a, target = x[i].reshape(-1, 1), t[i].reshape(-1, 1)
        h = 1 / (1 + np.exp(-w1.dot(a)))
        y = 1 / (1 + np.exp(-w2.dot(h)))
        d2 = (y - target) * y * (1 - y)
        d1 = w2.T.dot(d2) * h * (1 - h)
        w2 -= RATE * d2.dot(h.T)
        w1 -= RATE * d1.dot(a.T)


def torch_epoch(w1, w2, x, t):
    for a, target in zip(x, t):
        h = torch.mv(w1, a).sigmoid_()
        y = torch.mv(w2, h).sigmoid_()
        d2 = (y - target).mul_(y).mul_(1 - y)
        d1 = torch.mv(w2.t(), d2).mul_(h).mul_(1 - h)
        w2.addr_(d2, h, alpha=-RATE)
        w1.addr_(d1, a, alpha=-RATE)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=("numpy", "torch-manual"))
    parser.add_argument("--dtype", choices=("f64", "f32"), default="f64")
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--mnist")
    options = parser.parse_args()
    dtype = {"f64": np.float64, "f32": np.float32}[options.dtype]
    x, y = common.images(options.samples, dtype, options.mnist)
    t = np.where(y[:, None] == np.arange(10), 0.99, 0.01).astype(dtype)
    r = np.random.RandomState(0)
    w1 = (r.randn(200, 784) / 28).astype(dtype)
    w2 = (r.randn(10, 200) / np.sqrt(200)).astype(dtype)
    arrays, epoch = [w1, w2, x, t], numpy_epoch
    if options.peer == "torch-manual":
        import torch
        torch.set_num_threads(1)
        torch.set_grad_enabled(False)
        arrays, epoch = [torch.from_numpy(a) for a in arrays], torch_epoch
    w1, w2, x, t = arrays
    epoch(w1, w2, x[:50], t[:50])
    took = common.seconds(lambda: epoch(w1, w2, x, t))
    common.figure(f"w3/{options.peer}-{options.dtype}/sample", took / options.samples * 1e6, "us/sample")
