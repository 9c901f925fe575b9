"""A trained network as NumPy arrays: the same mathematics as the program's, in float64."""
import math
from typing import Dict, List

import numpy as np

EPSILON = 1e-5  # of batch norm, as in PyTorch


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(z / 2))


def _gelu(z: np.ndarray) -> np.ndarray:
    return 0.5 * z * (1 + np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2)))


def _softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


ACTIVATIONS = {
    "identity": lambda z: z,
    "step": lambda z: (z > 0).astype(float),
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z < 0, 0.01 * z, z),
    "elu": lambda z: np.where(z < 0, np.expm1(np.minimum(z, 0)), z),
    "gelu": _gelu,
    "silu": lambda z: z * _sigmoid(z),
    "softplus": lambda z: np.logaddexp(0, z),
    "softmax": _softmax,
}


def split_weights(values: np.ndarray, sizes: List[int], bias: bool, batch_norm: bool) -> Dict[str, np.ndarray]:
    """The numbers of one trial by name: W1 (sizes[0] x sizes[1]), b1, gamma1, beta1, W2, ..., mean1, variance1, ..."""
    named, at = {}, 0

    def take(name: str, *shape: int) -> None:
        nonlocal at
        count = int(np.prod(shape))
        named[name] = values[at:at + count].reshape(shape)
        at += count

    layers = len(sizes) - 1
    for k in range(1, layers + 1):
        take(f"W{k}", sizes[k - 1], sizes[k])
        if bias:
            take(f"b{k}", sizes[k])
        if batch_norm and k < layers:
            take(f"gamma{k}", sizes[k])
            take(f"beta{k}", sizes[k])
    for k in range(1, layers if batch_norm else 0):
        take(f"mean{k}", sizes[k])
        take(f"variance{k}", sizes[k])
    if at != len(values):
        raise ValueError(f"{len(values)} numbers of weights, but a network of {sizes} has {at}")
    return named


class Network:
    """Call it with rows (n x inputs, or one row): its outputs, n x outputs."""

    def __init__(self, weights: Dict[str, np.ndarray], sizes: List[int], activation: str, output: str):
        self.weights, self.sizes, self.activation, self.output = weights, sizes, activation, output

    def __call__(self, x) -> np.ndarray:
        a = np.atleast_2d(np.asarray(x, dtype=float))
        if a.shape[1] != self.sizes[0]:
            raise ValueError(f"rows of {a.shape[1]} numbers, but the network has {self.sizes[0]} inputs")
        w, layers = self.weights, len(self.sizes) - 1
        for k in range(1, layers + 1):
            z = a @ w[f"W{k}"] + w.get(f"b{k}", 0)
            if f"mean{k}" in w:
                z = (z - w[f"mean{k}"]) / np.sqrt(w[f"variance{k}"] + EPSILON) * w[f"gamma{k}"] + w[f"beta{k}"]
            a = ACTIVATIONS[self.activation if k < layers else self.output](z)
        return a

    def __repr__(self) -> str:
        return f"<network {'-'.join(map(str, self.sizes))}, {self.activation}, {self.output}>"
