"""Holds the page of `runner compare A B` to the two results files, as page_numbers.py does a report."""
import pathlib
import re

import h5py
import numpy as np
import page_study
from page_figures import Figures
from page_reader import Page
from page_study import Interval, Study, metric_title
from page_words import Words
from scipy import stats

TOP = 20


class Judged:
    """What compare says of the values x of A and y of B in each repeat, infinite where one has diverged."""

    def __init__(self, study, x, y, settings, left_out, diverged):
        there = ~(np.isnan(x) | np.isnan(y))
        with np.errstate(invalid="ignore"):
            d = np.where(x == y, 0, x - y)[there]
        both = np.isfinite(x) & np.isfinite(y)
        self.settings, self.left_out, self.diverged = settings, left_out, [int(np.sum(n)) for n in diverged]
        self.pairs, self.folds = len(d), study.folds
        self.a, self.b = (v[both].mean() if both.any() else np.nan for v in (x, y))
        self.wins = np.mean(np.where(d == 0, 0.5, (d > 0) == study.maximize)) if len(d) else np.nan
        self.d = Interval(x[both] - y[both])
        n, k = self.d.n, study.replicates
        if study.folds and n > 1:  # Nadeau and Bengio
            error = self.d.sd * np.sqrt(1 / n + 1 / (k - 1))
            half = stats.t.isf(0.025, n - 1) * error
            self.d.low, self.d.high = self.d.mean - half, self.d.mean + half
            self.p = 2 * stats.t.sf(abs(self.d.mean) / error, n - 1) if error > 0 and n == len(d) else np.nan
        else:
            self.p = page_study.wilcoxon_of(d) if len(d) >= page_study.WILCOXON_FROM and not study.folds else np.nan
        above = 0
        if not study.folds and len(d) < page_study.WILCOXON_FROM:
            if self.d.sd > 0 and n == len(d):
                above = int(self.d.low > 0) - int(self.d.high < 0)
        elif self.p < 0.05 and study.folds:
            above = np.sign(self.d.mean)
        elif self.p < 0.05:
            ranks = stats.rankdata(np.abs(d[d != 0]))
            above = np.sign(ranks[d[d != 0] > 0].sum() - ranks[d[d != 0] < 0].sum())
        self.better = int(above) * (1 if study.maximize else -1)

    def text(self):
        d = self.d
        if d.n < 2:
            return "{}", [d.mean]
        if d.sd == 0 and d.n == self.pairs:
            return "{} (the same in all {} pairs)", [d.mean, d.n]
        text, numbers = "{} (95 % interval {} to {}", [d.mean, d.low, d.high]
        test = "t test" if self.folds else "Wilcoxon"
        if np.isnan(self.p):
            return text + ")", numbers
        if self.p < 0.001:
            return text + f"; {test} p < 0.001)", numbers
        return text + f"; {test} p = {{}})", [*numbers, self.p]


class CompareChecker(Figures):
    def __init__(self, a, b, folder):
        self.folders, self.folder = (pathlib.Path(a), pathlib.Path(b)), pathlib.Path(folder)
        self.faults, self.count, self.asked = [], 0, {}
        self.files = [h5py.File(f / "results.h5") for f in self.folders]
        self.studies = [Study(f) for f in self.files]
        self.study, self.file = self.studies[0], self.files[0]
        self.page = Page((self.folder / "index.html").read_text())
        self.match()

    def match(self):
        """Settings that both have: they agree in every key that is on an axis of either side."""
        a, b = self.studies
        keys = sorted({k for s in self.studies for axis in s.axes for k in axis.keys + axis.others})
        there = {tuple(b.text(k, g) for k in keys): g for g in b.settings}
        self.pairs = [(g, there[place]) for g in a.settings if (place := tuple(a.text(k, g) for k in keys)) in there]
        self.column = [s.column(a.metric) for s in self.studies]
        self.replicates = min(a.replicates, b.replicates)

    def values(self, pair):
        return [s.values(g, c)[:self.replicates] for s, g, c in zip(self.studies, pair, self.column)]

    def judge(self, pairs):
        """A against B over some settings: averaged within each repeat, where several over those that have all values."""
        x, y = (np.array([self.values(p)[side] for p in pairs]) for side in (0, 1))
        worst = -np.inf if self.study.maximize else np.inf
        diverged = [np.array([self.diverged(s, p[side]) for p in pairs]) for side, s in enumerate(self.studies)]
        x, y = np.where(diverged[0], worst, x), np.where(diverged[1], worst, y)
        whole = (np.isfinite(x) & np.isfinite(y)).all(1) | (len(pairs) == 1)
        if not whole.any():
            return Judged(self.study, np.array([]), np.array([]), 0, len(pairs), diverged)
        return Judged(self.study, x[whole].mean(0), y[whole].mean(0), whole.sum(), (~whole).sum(), diverged)

    def diverged(self, s, g):
        """How many runs of each repeat have."""
        kind = s.trials["fold" if s.folds else "repeat"]
        return [sum(s.trials["status"][i] == "diverged" for i in s.rows[g] if kind[i] == r) for r in range(self.replicates)]

    def listed(self):
        """(label, judged, Holm's p) of each row."""
        pairs = self.pairs
        rows = [(self.study.label(p[0]), self.judge([p])) for p in pairs[:TOP]] if len(pairs) > 1 else []
        corrected = page_study.holm([one.p for _, one in rows]) if rows else []
        rows = [(*row, p) for row, p in zip(rows, corrected)]
        return rows + [("average over all settings" if len(pairs) > 1 else "the shared setting", self.judge(pairs), np.nan)]

    def table_differences(self, rows):
        listed = self.listed()
        columns = {
            "row": lambda k: k + 1, "setting": lambda k: listed[k][0], "mean of A": lambda k: listed[k][1].a,
            "mean of B": lambda k: listed[k][1].b, "A − B": lambda k: listed[k][1].d.mean,
            "95 % interval": lambda k: listed[k][1].d,
            "A beats B": lambda k: (listed[k][1].wins, [100 * listed[k][1].wins]), "pairs": lambda k: listed[k][1].pairs}
        if any(not np.isnan(one.p) for _, one, _ in listed):
            columns["p"] = lambda k: listed[k][1].p
            if len(listed) > 1:
                columns["p (Holm)"] = lambda k: listed[k][2]
        if len(rows[0]) != len(columns):
            self.fault("differences: a column is missing")
        self.table("differences", rows, range(len(listed)), columns)

    def table_settings(self, rows):
        def values(s, key):
            texts = list(dict.fromkeys(s.text(key, g) for g in s.settings))
            return ", ".join(texts[:6]) + (f" … {s.text(key, s.settings[-1])}" if len(texts) > 6 else "")
        differ = {k: [values(s, k) for s in self.studies] for k in self.study.trials
                  if ("." in k or k in self.studies[0].resolved["fixed"] or any(k in a.keys + a.others for s in self.studies for a in s.axes))
                  and k not in ("data.seed", "data.test_seed")}
        differ = {k: v for k, v in differ.items() if v[0] != v[1]}
        names = [row[0][1] for row in rows[1:]]
        if sorted(names) != sorted(differ):
            self.fault(f"settings: {sorted(names)} instead of {sorted(differ)}")
        self.table("settings", rows, names, {"setting": lambda k: k, "A": lambda k: differ[k][0], "B": lambda k: differ[k][1]})

    def table_stability(self, rows):
        counts = [s.verdicts(s.settings) for s in self.studies]
        there = [v for v in counts[0] if counts[0][v] + counts[1][v]]
        self.table("stability", rows, there, {"ended": lambda v: v, "A": lambda v: counts[0][v], "B": lambda v: counts[1][v]})

    def table_cost(self, rows):
        logs = [dict(line.split(": ", 1) for line in (f / "run.log").read_text().splitlines() if ": " in line) for f in self.folders]
        names = {"training (s)": "training_seconds", "in all (s)": "total_seconds"}

        def cell(name, side):
            if name in ("trials", "epochs"):
                return self.studies[side].n if name == "trials" else int(sum(self.studies[side].trials["epochs_run"]))
            text = logs[side].get(names.get(name, name), "–")
            return float(text) if name in names else text
        wanted = ["trials", "epochs", "training (s)", "in all (s)", "threads", "kernels", "processor", "host"]
        self.table("cost", rows, wanted, {"of the whole run": lambda n: n, "A": lambda n: cell(n, 0), "B": lambda n: cell(n, 1)})

    # Figures ------------------------------------------------------------------------------------------------------------

    def tsv_compare_differences(self, name):
        scale = self.study.scale
        self.rows_of(name, [[label, c.d.mean * scale, c.d.low * scale, c.d.high * scale] for label, c, _ in self.listed()],
                     ["setting", "difference", "low", "high"])

    def sides(self):
        """The axis that both have, and for each side its settings by the shown value."""
        for one, other in (self.studies, self.studies[::-1]):
            axis = one.sweep_axis
            if axis and any(x.keys == axis.keys for x in other.axes):
                axes = [next(x for x in s.axes if x.keys == axis.keys) for s in self.studies]
                return axes, [{x.shown[s.texts(x, g)]: g for g in s.line(x)} for s, x in zip(self.studies, axes)]
        return None

    def tsv_compare_sweep(self, name):
        axes, lines = self.sides()
        words = axes[0].category or axes[1].category
        labels = list(dict.fromkeys([*lines[0], *lines[1]]))
        number = {}
        for axis in axes:
            number.update({axis.shown[t]: v for t, v in axis.numbers.items()})
        labels = labels if words else sorted(labels, key=number.get)
        room = max(s.replicates for s in self.studies)
        runs, wanted = min(room, max(1, min(60, 1500 // len(labels)))), []
        metrics = [self.study.metric] + [m for m in [self.study.train_metric] if m]
        for k, label in enumerate(labels):
            row = [k if words else number[label], label]
            for metric in metrics:
                for s, line in zip(self.studies, lines):
                    x = s.values(line[label], s.trials[f"{self.study.at}_{metric}"]) if label in line else np.array([])
                    x = np.concatenate([x, np.full(room - len(x), np.nan)])
                    i = s.spread(x, page_study.limits_of(metric))
                    row += ([i.n] if len(row) == 2 else []) + [i.mean, i.low, i.high, *x[:runs]]
            wanted.append(row)
        self.rows_of(name, wanted)

    def tsv_compare_curves(self, name):
        found = self.read_tsv(name)
        labels = [{s.label(g): g for g in s.settings} for s in self.studies]
        epochs = [list(f["history/epoch"][:]) for f in self.files]
        wanted = [[float(row[0])] for row in found[1:]]
        either = sorted(set(epochs[0]) | set(epochs[1]))
        if [int(w[0]) for w in wanted] not in (either, [e for e in either if e]) and len(wanted) < 240:
            self.fault("curves: not the epochs that were recorded")
        for head in found[0][1:]:
            letter, title, kind, label = re.fullmatch(r"([AB]) (train|test) (median|low|high) ?(.*)", head).groups()
            side = "AB".index(letter)
            rows = self.studies[side].rows[labels[side][label]]
            history = self.files[side][f"history/{title}_loss"][:][rows]
            q = 0.5 if kind == "median" else (0.1 if len(rows) >= 8 else 0) if kind == "low" else (0.9 if len(rows) >= 8 else 1)
            for w in wanted:
                x = history[:, epochs[side].index(int(w[0]))] if int(w[0]) in epochs[side] else np.array([])
                x = x[np.isfinite(x)]
                w.append(np.quantile(x, q) if len(x) else np.nan)
        self.rows_of(name, wanted)

    def read_tsv(self, name):
        lines = (self.folder / name).read_text().split("\n")
        return [line.split("\t") for line in lines[:-1]]

    def check_files(self):
        for path in sorted(self.folder.iterdir()):
            if path.suffix == ".tsv":
                getattr(self, "tsv_" + path.stem.replace("-", "_"))(path.name)
            elif path.suffix not in (".gp", ".svg", ".html"):
                self.fault(f"{path.name}: what is this?")


class CompareWords(Words):
    def answer(self):
        """Of one study; the page of two has another, whose numbers are templates."""

    def make(self):
        c, s = self.checker, self.study
        j = c.judge(c.pairs)
        title, d = metric_title(s.metric), j.d
        said = "there is nothing to compare" if j.pairs == 0 else "one of the two diverged" if d.n == 0 else \
            "With one pair of runs nothing can be said" if j.pairs == 1 else \
            f"A and B have the same {title}" if d.mean == 0 and d.sd == 0 and d.n == j.pairs else \
            f"{'A' if j.better > 0 else 'B'} is better:" if j.better else "No difference is shown:"
        if said not in next(x[2] for x in c.page.blocks if x[1] == "answer"):
            c.fault(f"the answer does not say \"{said}\"")
        self.join("mean ", (f"{title} is {{}} in A and {{}} in B, a difference of ", [j.a, j.b]), j.text(), ".")
        self.add(f"A and B have the same {title} in every pair of runs: {{}} on average.", j.a)
        self.add(f"{title} is {{}} in A and {{}} in B.", j.a, j.b)
        self.add("Paired over {} [repeat|repeats|fold|folds], after averaging over {} settings within each", j.pairs, j.settings)
        self.add("Paired over {} [repeat|repeats|fold|folds]. ", j.pairs)
        self.add("{} pairs are few:", j.pairs)
        self.add("is corrected for the {} settings listed", len(c.listed()) - 1)
        self.common(c)
        self.add("{} runs of A diverged and {} of B: such a run loses", *j.diverged)
        self.add("{} of {} settings are left out of the average, because a run has no value: {} runs of A diverged and {} of B",
                 j.left_out, j.left_out + j.settings, *j.diverged)
        ids = [dict(zip(x.trials["id"], range(x.n))) for x in c.studies]
        both = [i for i in ids[0] if i in ids[1]]
        finals = [k for k in s.trials if k.startswith("final_") and k in c.studies[1].trials]
        differ = sum(any(not np.array_equal(*(x.trials[k][w[i]] for x, w in zip(c.studies, ids)), equal_nan=True) for k in finals)
                     for i in both)
        self.add("{} trials are in both; their final values agree in every bit.", len(both) if differ == 0 else -1)
        self.add("{} of {} trials that are in both have different final values", differ, len(both))
        for x in c.studies:
            self.add("{} runs of {} settings, up to {} [repeat|repeats|folds] each.", x.n, len(x.settings), x.replicates)
        self.add("The first 20 of {} settings.", len(c.pairs))
        for label, one, _ in c.listed():
            self.join(f" {label}: ", one.text(), ".")
        self.alts()

    def common(self, c):
        """What the runs of the pairs have in common besides their settings."""
        unit, (a, b) = "folds" if self.study.folds else "repeats", c.studies
        self.add(f"A has {{}} {unit}, B has {{}}: the first {{}} are compared.", a.replicates, b.replicates, c.replicates)
        runs = [(i, j) for g, h in c.pairs for i in a.rows[g] for j in b.rows[h]
                if all(a.trials[k][i] == b.trials[k][j] for k in ("repeat", "fold"))]
        folds = "data.folds" in a.trials and max(a.trials["fold"]) > 0
        data = sum(a.trials["data_digest"][i] != b.trials["data_digest"][j] or
                   (folds and a.trials["data.seed"][i] != b.trials["data.seed"][j]) for i, j in runs)
        seeds = sum(a.trials["seed"][i] != b.trials["seed"][j] for i, j in runs)
        text = " ".join(x[2] for x in c.page.blocks)
        for n, words in ((data, "did not see the same data"), (seeds, "different seeds")):
            if (n > 0) != (words in text):
                c.fault(f"{n} of {len(runs)} pairs of runs: \"{words}\"?")
        self.add("In {} of {} pairs of runs the two did not see the same data", data, len(runs))
        self.add("In {} of {} pairs of runs the two have different seeds", seeds, len(runs))

    def alts(self):
        c = self.checker
        if (c.folder / "compare-curves.tsv").exists():
            rows = c.read_tsv("compare-curves.tsv")
            for k, head in enumerate(rows[0]):
                found = re.fullmatch(r"([AB]) (\w+) median ?(.*)", head)
                if found:
                    column = [float(row[k]) for row in rows[1:] if row[k] != "NaN"]
                    self.add(f" {found[1]}, {found[2]}: ends at {{}}.", column[-1])
        if (c.folder / "compare-sweep.tsv").exists():
            rows, s = c.read_tsv("compare-sweep.tsv"), self.study
            for word, letter, part in (("a", "A", s.metric), ("b", "B", s.metric), ("a_train", "A", "train_"), ("b_train", "B", "train_")):
                if f"{word}_mean" not in rows[0]:
                    continue
                k = rows[0].index(f"{word}_mean")
                means = [(float(row[k]) * s.scale, row[1]) for row in rows[1:]]
                there = [m for m in means if np.isfinite(m[0])]
                best = (max if s.maximize else min)(there, key=lambda m: m[0])
                self.add(f"Mean {letter} {part.split('_')[0]}: {{}} at {means[0][1]}, [highest|lowest] {{}} at {best[1]}, "
                         f"{{}} at {means[-1][1]}.", means[0][0], best[0], means[-1][0])
        for s, letter in zip(c.studies, "AB"):
            for axis in s.axes:
                self.add(f"{letter} with all else as in its best setting: {s.label(s.best, skip=axis)}.")

    def given(self):
        return [f"{letter}: {f}." for letter, f in zip("AB", self.checker.folders)]


def check(a, b, folder):
    checker = CompareChecker(a, b, folder)
    checker.check_tables()
    checker.check_files()
    CompareWords(checker).check()
    return checker.faults, checker.count

