"""Which setting matters, by NumPy and SciPy alone: an analysis of variance by projections onto Kronecker products of contrasts,
and what a report must say of it (runner/analysis/importance.h states the definitions)."""
import itertools

import numpy as np
from scipy import stats
from scipy.linalg import helmert

from page_study import holm

PAIRS, LEVEL, LEAVE = 10, 0.05, 6


class Importance:
    def __init__(self, study):
        self.study = study
        self.alive = [list(a.values) for a in study.axes]
        self.place = {g: study.place(g) for g in study.settings}
        self.leave_out()
        self.axes = [k for k, alive in enumerate(self.alive) if len(alive) > 1]
        self.settings = [g for g in study.settings if self.kept(g)]
        full = len(self.settings) == np.prod([len(alive) for alive in self.alive]) and len(self.axes) > 1
        self.rows, self.same, self.tested = [], False, study.replicates > 1
        if full:
            self.analyse()
        else:
            self.settings = []

    def kept(self, g):
        return self.study.complete[g] and all(v in alive for v, alive in zip(self.place[g], self.alive))

    def leave_out(self):
        """One value after the other: that with the largest share of missing settings, of equal ones the cheapest."""
        self.left_out = []
        while all(self.alive):
            cells = np.prod([float(len(alive)) for alive in self.alive])
            kept = [g for g in self.study.settings if self.kept(g)]
            found = []
            for k, axis in enumerate(self.study.axes):
                wanted = cells / len(self.alive[k])
                for v in self.alive[k]:
                    missing = 1 - sum(self.place[g][k] == v for g in kept) / wanted
                    if missing > 0:
                        found.append((-missing, wanted, k, axis.values.index(v)))
            if not found:
                return
            _, _, k, v = min(found)
            self.left_out.append((k, v))
            self.alive[k].remove(self.study.axes[k].values[v])

    def analyse(self):
        s = self.study
        counts = [len(self.alive[k]) for k in self.axes]
        y = np.empty((*counts, s.replicates))
        column = s.column(s.metric)
        for g in self.settings:
            y[tuple(self.alive[k].index(self.place[g][k]) for k in self.axes)] = s.values(g, column)
        y = y.reshape(-1, s.replicates) / (np.abs(y).max() or 1)
        mean = y.mean(1)
        self.same = ((mean - mean.mean()) ** 2).sum() <= 1e-28 * y.size
        if self.same:
            return
        everything = self.squares(y - y.mean(0), len(y) - 1)
        total = everything[0] + everything[4] + everything[1] / everything[2]
        effects = [(k,) for k in range(len(counts))] + list(itertools.combinations(range(len(counts)), 2))
        title = [s.axis_title(s.axes[k]) for k in self.axes]
        found = []
        for effect in effects:
            between, luck, degrees, p, _ = self.squares(self.coordinates(y, counts, effect))
            luck = luck if self.tested else between * 0
            found.append((effect, (between - luck) / total,
                          luck / total if self.tested else degrees / (len(y) - 1), p))
        corrected = holm([f[3] for f in found])
        self.luck = 1 - (everything[0] - everything[1]) / total
        higher = 1 - self.luck - sum(f[1] for f in found)
        rows = [(len(effect) > 1, -share, k) for k, (effect, share, _, _) in enumerate(found)]
        pairs, rest = 0, [0, 0]
        for pair, _, k in sorted(rows):
            effect, share, luck, p = found[k]
            pairs += pair
            if pair and pairs > PAIRS:
                rest = [rest[0] + share, rest[1] + luck]
            else:
                self.rows.append((" × ".join(title[a] for a in effect), share, luck, p, corrected[k]))
        none = float("nan")
        if pairs > PAIRS:
            self.rows.append(("other pairs", *rest, none, none))
        if len(counts) > 2:
            self.rows.append(("three or more together", higher, none, none, none))
        if self.tested:
            self.rows.append(("luck of single runs", self.luck, none, none, none))

    def coordinates(self, y, counts, effect):
        """Those of each repeat in the effect's subspace: degrees x repeats."""
        out = y.reshape(*counts, -1)
        for k, n in enumerate(counts):
            basis = helmert(n) if k in effect else np.full((1, n), n ** -0.5)
            out = np.moveaxis(np.tensordot(basis, out, (1, k)), 0, k)
        return out.reshape(-1, y.shape[1])

    def squares(self, x, degrees=None):
        n, d = x.shape[1], degrees or len(x)
        between = n * (x.mean(1) ** 2).sum()
        if n < 2:
            return between, 0, d, float("nan"), 0
        deviation = x - x.mean(1, keepdims=True)
        within = (deviation ** 2).sum()
        luck = within / (n - 1) * (1 + n / (n - 1) if self.study.folds else 1)
        gram = deviation.T @ deviation
        epsilon = min(1, np.trace(gram) ** 2 / (d * (gram ** 2).sum())) * d if (gram != 0).any() else d
        return between, luck, d, stats.f.sf(between / luck, epsilon, epsilon * (n - 1)) if luck > 0 else float("nan"), within

    def sentences(self):
        """Texts with {} for numbers, and the numbers."""
        s = self.study
        if not self.settings:
            return [("No two settings have a value in all their combinations", [])]
        if self.same:
            return [("All settings have the same mean: there is nothing to share out.", [])]
        out = []
        if not self.tested:
            out.append(("With one repeat nothing can be said to matter", []))
        else:
            shown = [(row[0], 100 * row[1]) for row in self.rows if row[4] < LEVEL]
            rest = [row[0] for row in self.rows if not row[4] < LEVEL and not (np.isnan(row[2]) or row[0] == "other pairs")]
            out.append(("Shown to matter: " + ", ".join(f"{name} ({{}} %)" for name, _ in shown) + ".", [v for _, v in shown])
                       if shown else ("Nothing is shown to matter.", []))
            if shown and rest:
                out.append((f"Not shown: {', '.join(rest)}.", []))
        if self.left_out:
            first = {k: {s.texts(s.axes[k], g): g for g in reversed(s.settings)} for k, _ in self.left_out}
            names = [s.phrase(s.axes[k], first[k][s.axes[k].values[v]]) for k, v in sorted(self.left_out)]
            more = len(names) - LEAVE
            out.append((f"has a value in all {'folds' if s.folds else 'repeats'}: {', '.join(names[:LEAVE])}"
                        + (f" and {more} more values" if more > 0 else "") + ". {} settings are left.", [len(self.settings)]))
        return out
