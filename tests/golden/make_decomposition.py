#!/usr/bin/python3
"""Writes decomposition.h: planted outputs and what NumPy makes of them by the definitions, row by row.

    /usr/bin/python3 tests/golden/make_decomposition.py > tests/golden/decomposition.h
"""
import numpy as np

r = np.random.RandomState(7)
print("/* Made by tests/golden/make_decomposition.py: probabilities of R networks and NumPy's decomposition. */")
cases = []
for k, (repeats, rows, classes) in enumerate([(2, 5, 2), (4, 7, 3), (10, 40, 2)]):
    z = r.randn(repeats, rows, classes) + 2 * r.randn(rows, classes)
    p = np.exp(z) / np.exp(z).sum(2, keepdims=True)
    t = r.rand(rows, classes) ** 2 + 0.02
    t /= t.sum(1, keepdims=True)
    y = r.randint(0, classes, rows)
    onehot = np.eye(classes)[y]
    brier = ((p - onehot) ** 2).sum(2).mean() / 2
    variance = p.var(0, ddof=1).sum(1).mean() / 2
    bias2 = ((p.mean(0) - t) ** 2 - p.var(0, ddof=1) / repeats).sum(1).mean() / 2
    noise = (t * (1 - t)).sum(1).mean() / 2
    loss = -np.log(p[:, np.arange(rows), y]).mean()
    q = np.exp(np.log(p).mean(0))
    big = q.sum(1)
    average = -np.log((q / big[:, None])[np.arange(rows), y]).mean()
    # the sum of the parts is the error on labels drawn from the truth: checked here once and for all
    expected = (t[None] * 0 + ((p - t) ** 2)).sum(2).mean() / 2 + noise
    assert abs(noise + bias2 + variance - expected) < 1e-14
    for name, values in (("OUTPUT", p), ("TRUTH", t)):
        print(f"static const double DECOMPOSITION_{name}_{k}[] = {{{', '.join(repr(float(v)) for v in values.ravel())}}};")
    print(f"static const int32_t DECOMPOSITION_LABEL_{k}[] = {{{', '.join(map(str, y))}}};")
    cases.append("    {%d, %d, %d, DECOMPOSITION_OUTPUT_%d, DECOMPOSITION_TRUTH_%d, DECOMPOSITION_LABEL_%d,\n     {%s}}," % (
        repeats, rows, classes, k, k, k, ", ".join(repr(float(v)) for v in (
            brier, noise, bias2, variance, loss, average, -np.log(big).mean()))))
print("static const struct DecompositionCase {\n    int32_t repeats;\n    int64_t rows;\n    int32_t classes;\n"
      "    const double *output, *truth;\n    const int32_t *label;\n"
      "    double wanted[7]; /* brier, noise, bias2, variance, cross-entropy, average network, its variance */\n"
      "} DECOMPOSITION_CASES[] = {")
print("\n".join(cases))
print("};")
