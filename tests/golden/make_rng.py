#!/usr/bin/python3
"""Writes rng.h: draws of NumPy's legacy generator, the definition of core/rng.

    NPY_DISABLE_CPU_FEATURES="AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL" \\
        /usr/bin/python3 tests/golden/make_rng.py > tests/golden/rng.h
"""
import numpy as np


def table(name, values, kind):
    texts = [float(v).hex() if kind == "double" else str(int(v)) for v in values]
    print(f"static const {kind} {name}[{len(texts)}] = {{")
    line = "   "
    for text in texts:
        if len(line) + len(text) > 96:
            print(line)
            line = "   "
        line += f" {text},"
    print(line + "\n};")


print(f"/* Made by tests/golden/make_rng.py with NumPy {np.__version__}; do not edit. */")
for seed in (0, 1, 12345, 4294967295):
    np.random.seed(seed)
    table(f"WORDS_{seed}", np.random.randint(0, 2**32, 6, dtype=np.uint32), "uint32_t")
    np.random.seed(seed)
    table(f"DOUBLES_{seed}", np.random.random_sample(6), "double")
    np.random.seed(seed)
    table(f"GAUSS_{seed}", np.random.randn(9), "double")

# far into the stream, past several refills of the 624 words
np.random.seed(7)
table("LATE_DOUBLES", np.random.rand(2003)[-3:], "double")
np.random.seed(7)
table("UNIFORM", np.random.uniform(-3, 8.5, 5), "double")
np.random.seed(7)
table("NORMAL", np.random.normal(2.5, 0.3, 5), "double")

# kinds of draws after one another, the cached second normal between them
r = np.random.RandomState(42)
mixed = [r.randn(), r.rand(), r.randn(), *r.permutation(5), r.randn(), r.randint(0, 10), r.normal(1, 2)]
table("MIXED", mixed, "double")

for n in (1, 2, 7, 10, 200):
    table(f"PERMUTATION_{n}", np.random.RandomState(n).permutation(n), "int32_t")
r = np.random.RandomState(3)
r.permutation(60000)
table("PERMUTATION_AGAIN", r.permutation(60000)[:20], "int32_t")
order = np.array([5, 3, 3, 9, 1, 0, 7], dtype=np.int32)
np.random.RandomState(11).shuffle(order)
table("SHUFFLED", order, "int32_t")

for n in (1, 4, 7, 200, 60000, 2**32, 2**32 + 1, 2**40 + 12345):
    r = np.random.RandomState(5)
    k = 20
    drawn = r.choice(n, k) if n < 2**32 else r.randint(0, n, k)
    table(f"BELOW_{n}", drawn, "int64_t")
    table(f"BELOW_{n}_NEXT", [r.rand()], "double")  # how much of the stream was used
