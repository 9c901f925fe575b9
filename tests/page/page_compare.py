"""Holds the page of `runner compare A B` to the two results files, as page_numbers.py does a report."""
import pathlib
import re

import h5py
import numpy as np
import page_study
from page_figures import Figures
from page_reader import Page
from page_study import Comparison, Interval, Study, metric_title
from page_words import Words

TOP = 20


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

    def row(self, pairs):
        """Means of both sides over the pairs of runs with both values, and their difference."""
        x, y = (np.concatenate([self.values(p)[side] for p in pairs]) for side in (0, 1))
        both = np.isfinite(x) & np.isfinite(y)
        return x[both].mean(), y[both].mean(), Comparison(x[both] - y[both])

    def repeats(self):
        whole = [self.values(p) for p in self.pairs if np.isfinite(self.values(p)).all()]
        x, y = np.mean([w[0] for w in whole], 0), np.mean([w[1] for w in whole], 0)
        return x.mean(), y.mean(), Comparison(x - y)

    def listed(self):
        a, pairs = self.study, self.pairs
        rows = [(a.label(p[0]), *self.row([p])) for p in pairs[:TOP]] if len(pairs) > 1 else []
        rows.append(("all pairs" if len(pairs) > 1 else "the shared setting", *self.row(pairs)))
        if len(pairs) > 1 and self.replicates > 1:
            rows.append((f"{'folds' if a.folds else 'repeats'}, averaged over settings", *self.repeats()))
        return rows

    def table_differences(self, rows):
        listed = self.listed()
        self.table("differences", rows, range(len(listed)), {
            "row": lambda k: k + 1, "setting": lambda k: listed[k][0], "mean of A": lambda k: listed[k][1],
            "mean of B": lambda k: listed[k][2], "A − B": lambda k: listed[k][3].d.mean,
            "95 % interval": lambda k: listed[k][3].d, "p": lambda k: self.p(listed[k][3]), "pairs": lambda k: listed[k][3].d.n})

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
        self.rows_of(name, [[label, c.d.mean * scale, c.d.low * scale, c.d.high * scale] for label, _, _, c in self.listed()],
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
                    i = Interval(x, page_study.limits_of(metric))
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
    def make(self):
        c, s = self.checker, self.study
        a, b, difference = c.repeats() if len(c.pairs) > 1 and c.replicates > 1 else c.row(c.pairs)
        title = metric_title(s.metric)
        d = difference.d
        above = difference.worse
        below = d.n >= 2 and d.high < 0 and (d.n < page_study.WILCOXON_FROM or difference.p < 0.05)
        said = "With one pair of runs nothing can be said" if d.n == 1 else f"{'B' if above != s.maximize else 'A'} is better:" if above or below else \
            f"A and B have the same {title}" if d.mean == 0 and d.sd == 0 else "No difference is shown:"
        if said not in next(x[2] for x in c.page.blocks if x[1] == "answer"):
            c.fault(f"the answer does not say \"{said}\"")
        self.join("mean ", (f"{title} is {{}} in A and {{}} in B, a difference of ", [a, b]), self.difference_text(difference), ".")
        self.add(f"A and B have the same {title} in every pair of runs: {{}} on average.", a)
        self.add(f"{title} is {{}} in A and {{}} in B.", a, b)
        self.add("Paired over {} [repeats|folds], after averaging over the {} settings", d.n, len(c.pairs))
        self.add("Paired over {} [run|runs] of {} [setting|settings] that both have", d.n, len(c.pairs))
        self.add("{} pairs are few:", d.n)
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
        for label, _, _, one in c.listed():
            self.join(f" {label}: ", self.difference_text(one), ".")
        self.alts()

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

