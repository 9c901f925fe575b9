"""Identities of a few trials, from the reference alone: defaults are read from experiments/README.md, the hash is that of
runner/experiment/grid.h, written again. Makes tests/golden/grid_id.txt: name of the case in test_grid.c, identity."""
import re

MASK = 2**64 - 1


def mix(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def line(key, value):
    h = 0xCBF29CE484222325
    for byte in ("%s=%s\n" % (key, value)).encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    return mix(h)


defaults = {}
reference = open("../../experiments/README.md").read()
for row in reference[reference.index("## Trial keys"):].splitlines():
    match = re.match(r"\| `([a-z0-9_.]+)` \| [a-z ]+ \| (`([^`]*)`|none|depends|required) \| .* \|", row)
    if match:
        defaults[match.group(1)] = match.group(3) or ""

# Keys that came later, and what stood for them before: no part of an identity.
before = {"data.stratify": "false", "record.points": "off", "record.scale": "log", "record.weights.epochs": "off"}
classes = {"output": "softmax", "loss": "cross_entropy", "epsilon": "1e-8", "schedule.factor": "0.1", "data.classes": "0",
           "data.stratify": "false", "record.points": "60"}
moons = dict(classes, **{"data.kind": "moons", "data.noise": "0.2", "data.test_samples": "10000", "reduction": "sum",
                         "l2": "0.01", "epochs": "20000", "record.every": "100"})


def identity(settings, seed, fold=0):
    values = dict(defaults, **settings)
    if "record.every" in settings:
        values["record.points"] = "off"
    return (sum(line(k, v) for k, v in values.items() if before.get(k) != v) + line("seed", seed) + line("fold", fold)) & MASK


with open("grid_id.txt", "w") as out:
    for name, value in [
        ("moons-h1-r0", identity(dict(moons, hidden="1"), 0)),
        ("moons-h3-r2", identity(dict(moons, hidden="3", **{"data.seed": "2000", "data.test_seed": "14345"}), 2)),
        ("moons-h50-r9", identity(dict(moons, hidden="50", **{"data.seed": "9000", "data.test_seed": "21345"}), 9)),
        ("sine-fold-3", identity(dict(classes, hidden="8x4", output="identity", loss="half_squared_error", optimizer="adagrad",
                                      epsilon="1e-10", **{"data.kind": "sine", "data.noise": "0", "data.folds": "5"}), 7 + 3, 3)),
        ("moons-fold-4", identity(dict(classes, hidden="3", **{"data.kind": "moons", "data.noise": "0", "data.folds": "5",
                                                              "data.stratify": "true"}), 2 * 5 + 4, 4)),
    ]:
        out.write("%s %016x\n" % (name, value))
