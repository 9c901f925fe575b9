"""Networks of a results file, answered by NumPy: an implementation of its own, that shares nothing with the program."""
import math

import numpy as np

erf = np.vectorize(math.erf)
ACTIVATIONS = {
    "identity": lambda z: z,
    "step": lambda z: (z > 0) * 1.0,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(z)),
    "gelu": lambda z: 0.5 * z * (1 + erf(z / math.sqrt(2))),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "softplus": lambda z: np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0),
    "softmax": lambda z: np.exp(z - z.max(1, keepdims=True)) / np.exp(z - z.max(1, keepdims=True)).sum(1, keepdims=True),
}


def forward(arrays, network, x):
    """Outputs for rows of x; `arrays` has W1, b1, ... (and gamma1, beta1, mean1, variance1 with batch norm)."""
    layers = sum(name.startswith("W") for name in arrays)
    for i in range(1, layers + 1):
        x = x @ arrays[f"W{i}"] + arrays.get(f"b{i}", 0)
        if f"gamma{i}" in arrays:
            x = (x - arrays[f"mean{i}"]) / np.sqrt(arrays[f"variance{i}"] + 1e-5) * arrays[f"gamma{i}"] + arrays[f"beta{i}"]
        x = ACTIVATIONS[network["activation" if i < layers else "output"]](x)
    return x


def arrays_of(block, sizes, bias, batch_norm):
    """A weights block of results/README.md, section Weights, cut into its arrays; `sizes`: inputs, hidden ..., outputs."""
    arrays, at = {}, 0

    def take(name, *shape):
        nonlocal at
        count = int(np.prod(shape))
        arrays[name] = block[at:at + count].reshape(shape)
        at += count

    last = len(sizes) - 1
    for i in range(1, last + 1):
        take(f"W{i}", sizes[i - 1], sizes[i])
        if bias:
            take(f"b{i}", sizes[i])
        if batch_norm and i < last:
            take(f"gamma{i}", sizes[i])
            take(f"beta{i}", sizes[i])
    for i in range(1, last) if batch_norm else ():
        take(f"mean{i}", sizes[i])
        take(f"variance{i}", sizes[i])
    assert at == len(block), f"{at} of {len(block)} numbers make a network of {sizes}"
    return arrays
