"""Where the error of networks comes from, by NumPy alone: the truth about made data, noise, bias² and variance, and what a
report must say about them (runner/analysis/decomposition.h and decomposition_answer.h state the rules)."""
import numpy as np

ROWS_AT_ONCE = 500


def curves(s, t):
    """Points of each class's curve at t from 0 to 1, as scikit-learn and spirals make them: a list of (n, 2)."""
    kind = s["data.kind"]
    if kind == "moons":
        return [np.c_[np.cos(np.pi * t), np.sin(np.pi * t)], np.c_[1 - np.cos(np.pi * t), 0.5 - np.sin(np.pi * t)]]
    if kind == "circles":
        circle = np.c_[np.cos(2 * np.pi * t), np.sin(2 * np.pi * t)]
        return [circle, s["data.factor"] * circle]
    arms = s["data.classes"]
    angles = [2 * np.pi * (s["data.turns"] * t + c / arms) for c in range(arms)]
    return [np.c_[t * np.cos(a), t * np.sin(a)] for a in angles]


def truth(s, x):
    """Probability of each class (of numbers: the mean) at rows of x; None where it is not known."""
    kind = s["data.kind"]
    if kind in ("csv", "idx", "npy", "hdf5"):
        return None
    if kind == "sine":
        return np.sin(2 * np.pi * x)
    assert kind in ("moons", "circles", "spirals") and s["data.noise"] > 0, f"the truth about {kind} is not known to this test"
    nodes, weights = np.polynomial.legendre.leggauss(400)
    n = s["data.test_samples"] or s["data.samples"]
    lines = curves(s, (nodes + 1) / 2)
    k = len(lines)
    rows = [n // 2, n - n // 2] if kind != "spirals" else [n // k + (c < n % k) for c in range(k)]
    out = []
    for at in range(0, len(x), ROWS_AT_ONCE):
        distance = [((x[at:at + ROWS_AT_ONCE, None] - line) ** 2).sum(2) for line in lines]
        nearest = np.min([d.min(1) for d in distance], 0)[:, None]
        density = np.array([m * (np.exp((nearest - d) / (2 * s["data.noise"] ** 2)) @ weights) for m, d in zip(rows, distance)])
        out.append((density / density.sum(0)).T)
    return np.concatenate(out)


class Decomposition:
    """Of the settings whose labels a figure's table has."""

    def __init__(self, study, labels):
        self.study, self.known, self.left_out = study, True, 0
        self.estimates, self.networks, sizes = {}, {}, set()
        axis, t = study.sweep_axis, study.trials
        candidates = [g for g in study.line(axis) if axis.shown[study.texts(axis, g)] in labels or len(study.line(axis)) <= 60]
        self.data_varies = False
        for g in candidates:
            trials = study.rows[g]
            self.classes = study.classes(trials[0])
            x, y, _ = study.data(trials[0], "test")
            answers = [self.answer(i, x) for i in trials if t["status"][i] == "done" and t["verdict"][i] != "diverged"
                       and len(study.weights(i))]
            answers = [a for a in answers if np.isfinite(a).all()]
            self.left_out += sum(t["status"][i] != "failed" for i in trials) - len(answers)
            if len(answers) >= 2:
                self.data_varies |= len({t["data"][i] for i in trials}) > 1
                self.networks[g] = len(answers)
                self.estimates[g] = self.decompose(g, np.array(answers), y, self.truth_of(g, x))
                sizes.add(len(y))
        self.settings = list(self.estimates)
        self.rows = sizes.pop() if len(sizes) == 1 else 0
        self.best = study.best if study.best in self.settings else self.settings[-1]

    def truth_of(self, g, x):
        keys = {k: v[self.study.rows[g][0]] for k, v in self.study.trials.items() if k.startswith("data.")}
        found = truth(keys, x)
        self.known = self.known and found is not None
        return found

    def answer(self, trial, x):
        y = self.study.predict(trial, x)
        if not self.classes:
            return y
        if y.shape[1] == 1:
            return np.c_[1 - np.clip(y[:, 0], 0, 1), np.clip(y[:, 0], 0, 1)]
        y = np.maximum(y, 0)
        total = y.sum(1, keepdims=True)
        return np.where(total > 0, y / np.where(total > 0, total, 1), 1 / y.shape[1])

    def decompose(self, g, p, y, true):
        wanted = np.eye(self.classes)[y] if self.classes else np.reshape(y, p.shape[1:])
        half = 0.5 if self.classes else 1
        count, unknown = len(p), float("nan")
        of_mean = half * ((p.mean(0) - (wanted if true is None else true)) ** 2).sum(-1).mean()
        variance = half * p.var(0, ddof=1).sum(-1).mean()
        noise = unknown if true is None else half * (true * (1 - true)).sum(-1).mean() if self.classes else \
            self.study.trials["data.noise"][self.study.rows[g][0]] ** 2
        out = {"brier" if self.classes else "mse": half * ((p - wanted) ** 2).sum(-1).mean(), "noise": noise,
               "bias2": unknown if true is None else of_mean - variance / count, "variance": variance}
        ce = (unknown,) * 3
        if self.classes:
            logs = np.log(np.maximum(p, np.finfo(float).tiny))
            z = np.exp(logs.mean(0)).sum(-1)
            spread = -np.log(z).mean()
            loss = -(logs.mean(0) * wanted).sum(-1).mean()
            ce = loss, loss - spread, spread
        return {**out, **dict(zip(("cross_entropy", "average_network", "ce_variance"), ce))}

    def error(self, g):
        return self.estimates[g]["brier" if self.classes else "mse"]

    # What is said -----------------------------------------------------------------------------------------------------

    def luck(self):
        words = ["the data"] * self.data_varies + ["the initial weights"]
        words += ["the batches"] * (self.study.text("batch_size", self.best) != "full")
        return ", ".join(words[:-1]) + " and " * (len(words) > 1) + words[-1]

    def sentences(self, intervals):
        """Texts with {} for numbers, and the numbers."""
        out = self.known_sentences(intervals) if self.known else self.unknown_sentence()
        if not self.data_varies:
            out.append(("All repeats have the same training rows", []))
        return out

    def unknown_sentence(self):
        s, g = self.study, self.best
        name = "Brier score" if self.classes else "mean squared error"
        return [(f"With {s.phrase(s.sweep_axis, g)}, {{}} of the {name} of {{}} is variance: it comes from the luck of "
                 f"{self.luck()}. The rest is noise and bias²", [self.estimates[g]["variance"], self.error(g)])]

    def known_sentences(self, intervals):
        s, axis = self.study, self.study.sweep_axis
        sources = []
        for g in self.settings:
            bias, variance = (intervals[axis.shown[s.texts(axis, g)]][k] for k in ("bias2", "variance"))
            sources.append("v" if bias[1] < variance[0] else "b" if variance[1] < bias[0] else "o")
        word, n, out = "".join(sources), len(sources), []
        v, b = n - len(word) + len(word.rstrip("v")), len(word) - len(word.lstrip("b"))
        if axis.category or (v == n and b == 0):
            return [("Variance is the larger part of the error above the noise in {} of {} settings, bias² in {}; in {} their",
                     [word.count("v"), n, word.count("b"), word.count("o")])] + self.floor()
        every = f"For all values of {s.axis_title(axis)} tried"
        if v < n:
            start = f"From {s.phrase(axis, self.settings[v])} on" if v else every
            cause = "networks too small" if axis is s.size_axis else "what the networks of all repeats get wrong alike"
            out.append((f"{start}, most of the error above the noise is variance: it comes from the luck of {self.luck()}, "
                        f"not from {cause}.", []))
        if b:
            start = every if b == n else f"{'Up to' if b > 1 else 'With'} {s.phrase(axis, self.settings[b - 1])}"
            out.append((f"{start}, most of {'that error' if v < n else 'the error above the noise'} is bias²", []))
        return out + self.floor()

    def floor(self):
        """What the truth scores on the test rows of the best setting."""
        s = self.study
        x, y, _ = s.data(s.rows[self.best][0], "test")
        true = self.truth_of(self.best, x)
        data = s.sweep_axis.keys[0].startswith("data.")
        who = f"With {s.phrase(s.sweep_axis, self.best)}, whoever knows" if data else "Whoever knows"
        if not self.classes and s.trials["data.noise"][s.rows[self.best][0]] == 0:
            return []
        if not self.classes:
            return [(f"{who} the true curve has a mean squared error of {{}} on these test rows", [np.mean((y.ravel() - true.ravel()) ** 2)])]
        own = true[np.arange(len(y)), y]
        return [(f"{who} the true probabilities has a cross-entropy loss of {{}}, an accuracy of {{}} % and a Brier score of "
                 "{} on these test rows", [-np.log(own).mean(), 100 * np.mean(true.argmax(1) == y),
                                           0.5 * ((true - np.eye(self.classes)[y]) ** 2).sum(1).mean()])]
