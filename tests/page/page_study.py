"""A results file gathered as a report gathers it, by h5py, NumPy and SciPy alone: what tests/page/page_numbers.py holds pages
against. Nothing here is taken from the program; where a rule is the program's own (which setting is best, what is called
how), design.md or runner/analysis/summary.h states it and it is written here a second time."""
import re

import numpy as np
import yaml
from scipy import stats

from networks import arrays_of, forward

WORD_FOR_ZERO = {"batch_size": "full", "clip_norm": "off", "steps": "off", "data.folds": "off", "record.every": "off", "record.points": "off"}
METRIC_WORDS = {"objective": "objective", "loss": "loss", "accuracy": "accuracy", "mse": "MSE", "r2": "R²"}
PART_WORDS = {"train": "train", "val": "validation", "test": "test"}
VERDICTS = ["converged", "falling", "rising", "oscillating", "noisy", "stopped_by_schedule", "not_started", "stopped_early",
            "not_trained", "diverged"]
WILCOXON_FROM = 6  # with fewer differences no p can be below 0.05: 2 / 2^5 is above it
EXACT_UP_TO = 25


def metric_title(metric):
    part, kind = metric.split("_")
    return "training objective" if kind == "objective" else f"{PART_WORDS[part]} {METRIC_WORDS[kind]}"


def more_is_better(metric):
    return metric.endswith(("accuracy", "r2"))


def limits_of(metric):
    """What it can be: a share is 0 to 1, R2 is 1 at most, no loss or squared error is negative."""
    return (0, 1) if metric.endswith("accuracy") else (-np.inf, 1) if metric.endswith("r2") else (0, np.inf)


def scale_of(metric):
    return 100 if metric.endswith("accuracy") else 1


def number_text(value):
    """A number as the experiment language writes it: the shortest text that reads back the same."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return re.sub(r"e([-+])0", r"e\1", repr(float(value)))


class Interval:
    """Mean and 95 % interval by Student's t, cut to what the metric can be; `limits` of differences are none. Of so many
    `folds`, which share training rows, with Nadeau and Bengio's variance."""

    def __init__(self, x, limits=(-np.inf, np.inf), folds=0):
        x = np.asarray(x, float)
        x = x[np.isfinite(x)]
        with np.errstate(over="ignore"):  # a run on its way to infinity
            # summed from the first value on, so that what is a tie here is one there
            self.n, self.mean = len(x), x[0] + np.cumsum(x - x[0])[-1] / len(x) if len(x) else np.nan
            self.sd = np.nan if len(x) < 2 else 0 if np.ptp(x) == 0 else x.std(ddof=1)
        self.se = self.sd / np.sqrt(len(x)) if len(x) > 1 else np.nan
        half = stats.t.ppf(0.975, len(x) - 1) * self.se if len(x) > 1 else np.nan
        if folds:
            half *= np.sqrt(1 + self.n / (folds - 1))
        self.half = half
        self.low, self.high = np.maximum(self.mean - half, limits[0]), np.minimum(self.mean + half, limits[1])

    @property
    def width(self):
        return self.high - self.low


def wilcoxon(d):
    """Two-sided p of the signed ranks. SciPy's, but for small samples with ties, whose exact null SciPy has not: there it
    is the convolution of "nothing or this rank" over all ranks, doubled so that shared ones are whole."""
    d = np.asarray(d, float)
    return wilcoxon_of(d[np.isfinite(d)])


def wilcoxon_of(d):
    """Of differences that may be infinite: only their ranks count."""
    d = d[d != 0]
    n = len(d)
    if n == 0:
        return np.nan
    ranks = stats.rankdata(np.abs(d))
    d = np.sign(d) * ranks
    if len(set(ranks)) == n or n > EXACT_UP_TO:
        return stats.wilcoxon(d, mode="exact" if n <= EXACT_UP_TO else "approx", correction=False).pvalue
    null = np.ones(1)
    for rank in ranks:
        null = np.convolve(null, np.eye(1, int(2 * rank) + 1, int(2 * rank))[0] + np.eye(1, int(2 * rank) + 1)[0]) / 2
    least = int(2 * min(ranks[d > 0].sum(), ranks[d < 0].sum()))
    return min(1, 2 * null[:least + 1].sum())


def holm(p):
    p = np.asarray(p, float)
    there = np.flatnonzero(~np.isnan(p))
    out = p.copy()
    reached = 0
    for i, k in enumerate(there[np.argsort(p[there], kind="stable")]):
        reached = max(reached, min(1, (len(there) - i) * p[k]))
        out[k] = reached
    return out


def wilson(k, n):
    interval = stats.binomtest(k, n).proportion_ci(method="wilson")
    return (0 if k == 0 else interval.low), (1 if k == n else interval.high)


class Comparison:
    def __init__(self, difference, folds=0):
        self.d, self.p = Interval(difference, folds=folds), wilcoxon(difference)
        if folds:
            d = self.d
            error = d.sd * np.sqrt(1 / d.n + 1 / (folds - 1)) if d.n > 1 else 0
            self.p = 2 * stats.t.sf(abs(d.mean) / error, d.n - 1) if error > 0 else np.nan


# What keys are called where their names in the language are no plain English: a title; what stands before and behind a
# value, where it is not the title; the whole phrase of 0, "off" and false, and of true.
KEY_WORDS = {
    "bias": ("biases", None, "no biases", "biases"),
    "momentum": (None, None, "no momentum", None),
    "nesterov": ("Nesterov momentum", None, "plain momentum", "Nesterov momentum"),
    "weight_decay": (None, None, "no weight decay", None),
    "batch_size": (None, ("batches of ", ""), "full batch", None),
    "epochs": ("epochs", ("", " epochs"), None, None),
    "steps": ("steps", ("", " steps"), "no limit of steps", None),
    "l1": ("l1 penalty", None, "no l1 penalty", None),
    "l2": ("l2 penalty", None, "no l2 penalty", None),
    "dropout": (None, None, "no dropout", None),
    "batch_norm": (None, None, "no batch norm", "batch norm"),
    "shuffle": ("order of rows", None, "the same order each epoch", "shuffled rows"),
    "data.kind": ("data", ("", ""), None, None),
    "data.samples": ("training points", ("", " training points"), None, None),
    "data.gate": ("gate", ("", ""), None, None),
    "data.turns": ("turns", ("", " turns"), None, None),
    "data.classes": ("classes", ("", " classes"), None, None),
    "data.features": ("features", ("", " features"), None, None),
    "data.path": ("file", ("", ""), None, None)}


def key_title(key):
    return KEY_WORDS.get(key, (None,))[0] or key.removeprefix("data.").replace("_", " ")


def key_phrase(key, text):
    _, around, off, on = KEY_WORDS.get(key, (None,) * 4)
    phrase = off if off and text in ("0", "false", WORD_FOR_ZERO.get(key)) else on if on and text == "true" else \
        around[0] + text + around[1] if around else f"{key_title(key)} {text}"
    return phrase.upper() if key == "data.gate" else phrase


class Axis:
    def __init__(self, keys):
        self.keys, self.values, self.others = keys, [], []  # values: their texts, in order


class Study:
    def __init__(self, file):
        self.file = file
        trials = file["trials"]
        self.trials = {k: (v.asstr()[:] if v.dtype.kind == "S" else v[:]) for k, v in trials.items()}
        self.resolved = yaml.safe_load(file["config/resolved"][()].decode())
        self.description = self.resolved.get("description") or ""
        self.n = len(self.trials["id"])
        self.settings = sorted(set(self.trials["setting"]))
        order = np.lexsort((self.trials["fold"], self.trials["repeat"]))
        self.rows = {s: [] for s in self.settings}
        for i in order:
            self.rows[self.trials["setting"][i]].append(i)
        self.folds = max(self.trials["repeat"]) == 0 and max(self.trials["fold"]) > 0
        self.replicates = 1 + int(max(self.trials["fold" if self.folds else "repeat"]))
        self.choose_metric()
        self.find_axes()
        self.rank()

    # Values -------------------------------------------------------------------------------------------------------

    def choose_metric(self):
        given = self.resolved.get("metric", {})
        wanted = [given.get("name"), "test_loss", "train_loss", "train_objective"]
        self.metric = next(m for m in wanted if m and f"final_{m}" in self.trials)
        self.at = given.get("at", "final")
        self.maximize = given.get("goal") == "maximize" if self.metric == given.get("name") else more_is_better(self.metric)
        self.title, self.scale = metric_title(self.metric), scale_of(self.metric)
        train = "train_" + self.metric.split("_")[1]
        held_out = not self.metric.startswith("train")
        self.train_metric = train if held_out and f"final_{train}" in self.trials else None

    def column(self, metric):
        return self.trials.get(f"{self.at}_{metric}")

    def values(self, setting, column):
        """One number a replicate; the folds of a repeat are averaged."""
        out = np.full(self.replicates, np.nan)
        kind = self.trials["fold" if self.folds else "repeat"]
        for r in range(self.replicates):
            mine = [i for i in self.rows[setting] if kind[i] == r]
            x = [column[i] if self.trials["status"][i] == "done" else np.nan for i in mine]
            out[r] = np.mean(x) if mine else np.nan
        return np.where(np.isfinite(out), out, np.nan)

    def interval(self, setting, metric=None):
        metric = metric or self.metric
        return self.spread(self.values(setting, self.column(metric)), limits_of(metric))

    def spread(self, x, limits=(-np.inf, np.inf)):
        return Interval(x, limits, self.replicates if self.folds else 0)

    def compare(self, a, b):
        column = self.column(self.metric)
        return Comparison(self.values(a, column) - self.values(b, column), self.replicates if self.folds else 0)

    def parameters(self, setting):
        return int(self.trials["parameters"][self.rows[setting][0]])

    # Axes -----------------------------------------------------------------------------------------------------------

    def text(self, key, setting):
        value = self.trials[key][self.rows[setting][0]]
        if self.file["trials"][key].dtype == np.uint8:
            return "true" if value else "false"
        if isinstance(value, str):
            return value or "none"
        if value != value or (value == -1 and self.file["trials"][key].dtype.kind == "i"):
            return "none"
        if value == 0 and key in WORD_FOR_ZERO:
            return WORD_FOR_ZERO[key]
        return number_text(value)

    def texts(self, axis, setting):
        return tuple(self.text(k, setting) for k in axis.keys)

    def number(self, axis, texts, setting):
        """Where a value stands on a scale; NaN: nowhere."""
        if len(axis.keys) > 1:
            return np.nan
        if axis.keys[0] == "hidden":
            return float(self.trials["hidden_units"][self.rows[setting][0]])
        if self.file["trials"][axis.keys[0]].dtype.kind not in "if" or texts[0] == WORD_FOR_ZERO.get(axis.keys[0]):
            return np.nan
        return float(self.trials[axis.keys[0]][self.rows[setting][0]])

    def find_axes(self):
        spec = self.resolved
        listed = [[k] for k in spec.get("grid") or {}] + [list(z) for z in spec.get("zip") or []]
        included = {k for one in spec.get("include") or [] for k in one} - {k for a in listed for k in a}
        self.axes = []
        for keys in listed + [[k] for k in spec.get("fixed", {}) if k in included]:
            if keys[0] in included and len(set(map(self.place, self.settings))) == len(self.settings):
                break
            axis = Axis(keys)
            if len({self.texts(axis, s) for s in self.settings}) < 2:
                continue
            for key in reversed(keys[1:]):  # keys that tell nothing more; the first is what the axis is about
                less = Axis([k for k in axis.keys if k != key])
                if less.keys and len({self.texts(less, s) for s in self.settings}) == \
                        len({self.texts(axis, s) for s in self.settings}):
                    if len({self.text(key, s) for s in self.settings}) > 1:
                        axis.others.append(key)
                    axis.keys = less.keys
            self.order_values(axis)
            self.axes.append(axis)
        self.size_axis = next((a for a in self.axes if a.keys[0] == "hidden"), None)
        self.sweep_axis = self.size_axis or max(
            self.axes, key=lambda a: (len(a.values) * (1 if a.category else 1000), -self.axes.index(a)), default=None)

    def order_values(self, axis):
        first = {}
        for s in self.settings:
            first.setdefault(self.texts(axis, s), s)
        numbers = {t: self.number(axis, t, s) for t, s in first.items()}
        values = sorted(numbers.values())
        axis.ordered = all(map(np.isfinite, values))
        axis.category = not axis.ordered or len(set(values)) < len(values)
        if axis.category and all(map(np.isfinite, values)):
            axis.values = sorted(first, key=lambda t: (self.parameters(first[t]), first[t]))
        elif axis.category:
            axis.values = list(first)
        else:
            axis.values = sorted(first, key=numbers.get)
            if values[0] == 0 and len(values) <= 12 and (len(values) == 2 or values[-1] / values[1] >= 8):
                axis.category = True  # zero beside magnitudes
        axis.numbers = {t: i if axis.category else numbers[t] for i, t in enumerate(axis.values)}
        shown = {t: " ".join(t) for t in axis.values}
        for t in axis.values:  # long fractions in four digits, where that leaves them apart
            short = "%.4g" % float(t[0]) if len(axis.keys) == 1 and len(t[0]) > 8 and not np.isnan(numbers[t]) and \
                self.file["trials"][axis.keys[0]].dtype.kind == "f" else None
            if short and short not in shown.values():
                shown[t] = short
        axis.shown = shown

    def place(self, setting):
        return tuple(self.texts(a, setting) for a in self.axes)

    def axis_title(self, axis):
        deep = len(axis.keys) == 1 and any("x" in t[0] for t in axis.values)
        names = [("hidden layers" if deep else "hidden units") if k == "hidden" else key_title(k) for k in axis.keys]
        return ", ".join(names)

    def phrase(self, axis, setting):
        words = []
        for key in axis.keys:
            text = self.text(key, setting)
            if len(axis.keys) == 1:
                text = axis.shown[(text,)]
            if key != "hidden":
                words.append(key_phrase(key, text))
            elif text == "none":
                words.append("no hidden layer")
            else:
                words.append(f"hidden layers {text}" if "x" in text else f"{text} hidden unit{'s' * (text != '1')}")
        return ", ".join(words)

    def label(self, setting, skip=None):
        return ", ".join(self.phrase(a, setting) for a in self.axes if a is not skip)

    def line(self, axis, through=None):
        """Settings along an axis that agree with the best on all others, in the order of the axis."""
        through = self.best if through is None else through
        on = [s for s in self.settings if all(a is axis or self.texts(a, s) == self.texts(a, through) for a in self.axes)]
        return sorted(on, key=lambda s: axis.values.index(self.texts(axis, s)))

    # Choice -----------------------------------------------------------------------------------------------------------

    def rank(self):
        sign = -1 if self.maximize else 1
        self.means = {s: self.interval(s) for s in self.settings}
        self.complete = {s: self.means[s].n == self.replicates for s in self.settings}

        def missing(s):
            return self.replicates - self.means[s].n

        def key(s):
            return (missing(s), sign * self.means[s].mean if self.means[s].n else 0, self.parameters(s), s)
        self.ranked = sorted(self.settings, key=key)
        self.valued = [s for s in self.ranked if self.means[s].n]
        self.best = self.valued[0] if self.valued else None
        self.smallest = None
        if self.best is not None and self.means[self.best].n > 1:
            limit = sign * self.means[self.best].mean + self.means[self.best].se
            near = [s for s in self.ranked if missing(s) == missing(self.best) and sign * self.means[s].mean <= limit]
            self.smallest = min(near, key=lambda s: (self.parameters(s), near.index(s)))

    def verdicts(self, settings):
        mine = [i for s in settings for i in self.rows[s]]
        failed = sum(self.trials["status"][i] == "failed" for i in mine)
        count = {v: sum(self.trials["verdict"][i] == v for i in mine) for v in VERDICTS}
        return {**count, "failed": failed}

    # Networks and data ------------------------------------------------------------------------------------------------

    def data(self, trial, part="train"):
        group = self.file[f"data/{self.trials['data'][trial]}/{part}"]
        return group["x"][:], group["y"][:], group["fold"][:] if "fold" in group else None

    def weights(self, trial):
        """Those that metric.at names, where both were kept."""
        kept, offset = self.file["weights"], self.file["weights/offset"]
        wanted = ["best_values", "values"] if self.at == "best" else ["values", "best_values"]
        return kept[next(name for name in wanted if name in kept)][offset[trial]:offset[trial + 1]]

    def seen(self, trial, x):
        """Inputs as the network of a trial sees them; files of format 1 have them so."""
        t, group = self.trials, self.file[f"data/{self.trials['data'][trial]}"]
        if "shift" not in group:
            return x
        fit = t["fold"][trial] if len(group["shift"]) > 1 else 0
        x = (x - group["shift"][fit]) / group["scale"][fit]
        low, high = t["data.scale.min"][trial], t["data.scale.max"][trial]
        return x if t["data.standardize"][trial] else x * (high - low) + low

    def predict(self, trial, x):
        """Outputs as shares between the low and the high target."""
        t, block = self.trials, self.weights(trial)
        x = self.seen(trial, x)
        outputs = int(self.file[f"data/{t['data'][trial]}"].attrs["outputs"])
        hidden = [int(w) for w in t["hidden"][trial].split("x") if w]
        if t["output"][trial] in ("sigmoid", "step") and self.classes(trial) == 2:
            outputs = 1
        arrays = arrays_of(block, [x.shape[1], *hidden, outputs], t["bias"][trial], t["batch_norm"][trial])
        y = forward(arrays, {"activation": t["activation"][trial], "output": t["output"][trial]}, x)
        low, high = t["data.target_low"][trial], t["data.target_high"][trial]
        return y if t["output"][trial] == "softmax" or not high > low else (y - low) / (high - low)

    def names(self, trial):
        """What the classes of a trial's data are called in their file; their numbers elsewhere."""
        group = self.file[f"data/{self.trials['data'][trial]}"]
        if "classes" in group:
            return list(group["classes"].asstr()[:])
        return [str(k) for k in range(self.classes(trial))]

    def classes(self, trial):
        group = self.file[f"data/{self.trials['data'][trial]}"]
        return int(group.attrs["outputs"]) if group["train/y"].dtype.kind == "i" else 0

    def probabilities(self, trial, x):
        """Of every class; one output is the probability of class 1, others are divided by their sum."""
        y = self.predict(trial, x)
        if y.shape[1] == 1:
            p = np.clip(y[:, 0], 0, 1)
            return np.column_stack([1 - p, p])
        positive = np.maximum(y, 0)
        return positive / positive.sum(1, keepdims=True)

    @staticmethod
    def answer(y):
        """Class and its probability of rows of outputs; one output is the probability of class 1."""
        if y.shape[1] == 1:
            p = np.clip(y[:, 0], 0, 1)
            return (p > 0.5).astype(int), np.maximum(p, 1 - p)
        positive = np.maximum(y, 0)
        label = y.argmax(1)
        return label, positive[np.arange(len(y)), label] / positive.sum(1)
