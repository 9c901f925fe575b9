"""What the tables beside the figures must be: a method a file, tsv_NAME."""
import re

import numpy as np
import page_study
from page_decomposition import Decomposition
from page_importance import Importance
from page_reader import TABLE_DIGITS
from page_study import Interval, wilson
from page_tables import Tables


class Figures(Tables):
    def read_tsv(self, name):
        lines = (self.folder / "report" / name).read_text().split("\n")
        assert lines[-1] == "", name
        return [line.split("\t") for line in lines[:-1]]

    def rows_of(self, name, wanted, heads=None):
        """A table is `wanted`, row by row: numbers to six digits, texts as they are."""
        found = self.read_tsv(name)
        if heads is not None and found[0] != heads:
            self.fault(f"{name}: its headings are {found[0]}")
        found = [row for row in found[1:] if row != [""]]
        if len(found) != len(wanted):
            self.fault(f"{name}: {len(found)} rows instead of {len(wanted)}")
        for k, (row, want) in enumerate(zip(found, wanted)):
            if len(row) != len(want):
                self.fault(f"{name}: row {k} has {len(row)} cells instead of {len(want)}")
            for c, (cell, value) in enumerate(zip(row, want)):
                if isinstance(value, str):
                    self.word(f"{name}, row {k}, column {c}", cell, value)
                else:
                    self.same(f"{name}, row {k}, column {c}", cell.lower() if cell == "NaN" else cell, value, TABLE_DIGITS)

    def sweep_rows(self, name, series, kind=None):
        """`series`: (word, setting -> values of the replicates); `kind`: whose they are, none for differences."""
        s, axis = self.study, self.study.sweep_axis
        line = s.line(axis)[:400]
        limits = page_study.limits_of(kind) if kind else (-np.inf, np.inf)
        runs = min(s.replicates, max(1, min(60, 1500 // len(line))))
        heads = ["+".join(axis.keys), "label", "n"]
        for word, _ in series:
            heads += [f"{word}_{k}" for k in ("mean", "low", "high")] + [f"{word}_{r}" for r in range(runs)]
        rows = []
        for g in line:
            row = [axis.numbers[s.texts(axis, g)], axis.shown[s.texts(axis, g)], Interval(series[0][1](g)).n]
            for _, values in series:
                i = Interval(values(g), limits)
                row += [i.mean, i.low, i.high, *values(g)[:runs]]
            rows.append(row)
        self.rows_of(name + ".tsv", rows, heads)

    def parts(self, kind):
        s = self.study
        return [(p, lambda g, c=s.column(f"{p}_{kind}"): s.values(g, c)) for p in ("train", "val", "test")
                if s.column(f"{p}_{kind}") is not None]

    def lines(self):
        """A line for each value of the axis that is not swept."""
        s = self.study
        other = next(a for a in s.axes if a is not s.sweep_axis)
        at = {(s.texts(s.sweep_axis, g), s.texts(other, g)): g for g in s.settings}
        nothing = np.full(s.replicates, np.nan)

        def values(g, v):
            there = at.get((s.texts(s.sweep_axis, g), v))
            return nothing if there is None else s.values(there, s.column(s.metric))
        return other, [(f"line_{k + 1}", lambda g, v=v: values(g, v)) for k, v in enumerate(other.values)]

    def lines_first(self):
        s = self.study
        others = [a for a in s.axes if a is not s.sweep_axis]
        return len(s.axes) == 2 and len(others[0].values) <= 5 and s.sweep_axis is not s.size_axis

    def tsv_overfitting(self, name):
        kind = self.study.metric.split("_")[1].replace("objective", "loss")
        self.sweep_rows(name, self.lines()[1] if self.lines_first() else self.parts(kind), kind)

    def tsv_overfitting_parts(self, name):
        kind = self.study.metric.split("_")[1].replace("objective", "loss")
        self.sweep_rows(name, self.parts(kind), kind)

    def tsv_overfitting_lines(self, name):
        self.sweep_rows(name, self.lines()[1], self.study.metric)

    def tsv_overfitting_loss(self, name):
        self.sweep_rows(name, self.parts(name.split("-")[1]), name.split("-")[1])
    tsv_overfitting_accuracy = tsv_overfitting_r2 = tsv_overfitting_loss

    def decomposition(self):
        if "decomposition" not in self.asked:
            labels = [row[1] for row in self.read_tsv("decomposition.tsv")[1:]]
            self.asked["decomposition"] = Decomposition(self.study, labels)
        return self.asked["decomposition"]

    def tsv_decomposition(self, name):
        """The estimates; of their intervals, which are drawn by lot, that they hold them."""
        s, axis, parts = self.study, self.study.sweep_axis, self.decomposition()
        rows = []
        for g, row in zip(parts.settings, self.read_tsv(name + ".tsv")[1:]):
            want = [axis.numbers[s.texts(axis, g)], axis.shown[s.texts(axis, g)], parts.networks[g]]
            for k, value in enumerate(parts.estimates[g].values()):
                low, high = row[4 + 3 * k:6 + 3 * k]
                want += ["", "", ""] if np.isnan(value) else [value, low, high]
                if not np.isnan(value) and not (float(low) * (1 - TABLE_DIGITS) - 1e-12 <= max(value, 0) and
                                                value <= float(high) * (1 + TABLE_DIGITS) + 1e-12):
                    self.fault(f"{name}, {row[1]}: {value} is not in its interval, {low} to {high}")
            rows.append(want)
        heads = ["+".join(axis.keys), "label", "repeats"]
        for estimate in parts.estimates[parts.settings[0]]:
            heads += [estimate, estimate + "_low", estimate + "_high"]
        self.rows_of(name + ".tsv", rows, heads)

    def gap(self, kind, g):
        s = self.study
        sign = -1 if kind == "accuracy" else 1
        return s.values(g, sign * (s.column(f"test_{kind}") - s.column(f"train_{kind}")))

    def tsv_generalization(self, name):
        self.sweep_rows(name, [("gap", lambda g: self.gap("loss", g))])

    def tsv_generalization_accuracy(self, name):
        self.sweep_rows(name, [("gap", lambda g: self.gap("accuracy", g))])

    def tsv_curves(self, name):
        s, rows = self.study, self.read_tsv(name + ".tsv")
        epochs = list(self.file["history/epoch"][:])
        at = [epochs.index(int(row[0])) for row in rows[1:]]
        if at != sorted(set(at)) or at[-1] != len(epochs) - 1:
            self.fault("curves: the epochs are not those recorded")
        columns = []
        labels = {s.label(g): g for g in s.settings}
        for head in rows[0][1:]:
            title, kind, label = re.fullmatch(r"(train|test|validation) (median|low|high) ?(.*)", head).groups()
            history = self.file["history/" + {"validation": "val"}.get(title, title) + "_loss"][:][s.rows[labels[label]]]
            tail = 0.1 if len(s.rows[labels[label]]) >= 8 else 0
            q = {"median": 0.5, "low": tail, "high": 1 - tail}[kind]
            with np.errstate(all="ignore"):
                columns.append([np.quantile(c[np.isfinite(c)], q) if np.isfinite(c).any() else np.nan for c in history.T[at]])
        self.rows_of(name + ".tsv", [[epochs[e], *(c[k] for c in columns)] for k, e in enumerate(at)])

    def tsv_stability(self, name):
        s, axis = self.study, self.study.sweep_axis
        there = [v for v, n in s.verdicts(s.settings).items() if n]
        wanted = [[axis.shown[s.texts(axis, g)], *(s.verdicts([g])[v] for v in there)] for g in s.line(axis)]
        self.rows_of(name + ".tsv", wanted[:120], ["+".join(axis.keys), *there])

    def tsv_heatmap(self, name):
        s = self.study
        x, y = (next(a for a in s.axes if "+".join(a.keys) == self.read_tsv(f"{name}-axis_{d}.tsv")[0][0]) for d in "xy")
        wanted = {}
        cuts = {a: [r[0] for r in self.read_tsv(f"{name}-axis_{d}.tsv")[1:]] for a, d in ((x, "x"), (y, "y"))}
        for axis, labels in cuts.items():
            known = [axis.shown[v] for v in axis.values]
            if [k for k in known if k in labels] != labels or (len(known) <= 40 and labels != known):
                self.fault(f"{name}: the values of {axis.keys}")
            self.count += len(labels)
        for g in s.valued:
            if all(a in (x, y) or s.texts(a, g) == s.texts(a, s.best) for a in s.axes):
                place = tuple(a.shown[s.texts(a, g)] for a in (x, y))
                if place[0] in cuts[x] and place[1] in cuts[y]:
                    wanted[cuts[x].index(place[0]), cuts[y].index(place[1])] = s.means[g].mean * s.scale
        rows = self.read_tsv(name + ".tsv")
        if rows[0] != ["column", "row", "mean", "label"] or len(rows) - 1 != len(wanted):
            self.fault(f"{name}: {len(rows) - 1} cells instead of {len(wanted)}")
        for column, row, mean, label in rows[1:]:
            self.same(f"{name} at {column}, {row}", mean, wanted[int(column), int(row)], TABLE_DIGITS)
            self.same(f"{name} at {column}, {row}, its label", label, wanted[int(column), int(row)])

    tsv_heatmap_2 = tsv_heatmap_3 = tsv_heatmap
    tsv_heatmap_axis_x = tsv_heatmap_axis_y = tsv_heatmap_2_axis_x = tsv_heatmap_2_axis_y = lambda self, name: None
    tsv_heatmap_3_axis_x = tsv_heatmap_3_axis_y = tsv_slices_axis = lambda self, name: None  # read with their figure

    def tsv_slices(self, name):
        s = self.study
        rows, places = [], []
        axes = [a for a in s.axes if len(s.line(a)) > 1][:6]
        for p, axis in enumerate(axes):
            for g in s.line(axis)[:400]:
                place = [p + 1, axis.numbers[s.texts(axis, g)], axis.shown[s.texts(axis, g)]]
                i = s.means[g]
                rows.append(place + [float(g == s.best), i.mean, i.low, i.high, *s.values(g, s.column(s.metric))[:20]])
                places.append(place)
        self.rows_of(name + ".tsv", rows)
        self.rows_of(name + "-axis.tsv", places)

    def importance(self):
        if "importance" not in self.asked:
            self.asked["importance"] = Importance(self.study)
        return self.asked["importance"]

    def tsv_importance(self, name):
        self.rows_of(name + ".tsv", [[label, 100 * share, 100 * luck if np.isfinite(luck) else "", *("" if np.isnan(v) else v for v in p)]
                                     for label, share, luck, *p in self.importance().rows],
                     ["effect", "share_percent", "luck_percent", "p", "p_holm"])

    def table_importance(self, rows):
        found = self.importance()
        columns = {"effect": lambda r: r[0], "share": lambda r: (r[1], [100 * r[1]]),
                   "luck alone": lambda r: (r[2], [100 * r[2]]), "p": lambda r: r[3], "p (Holm)": lambda r: r[4]}
        self.table("importance", rows, found.rows, columns)
        if len(rows[0]) != (5 if found.tested else 3):
            self.fault("importance: a column is missing")

    def short_labels(self, settings, tables):
        """Rows of a figure name what differs between them: parts of the full label, and no two alike."""
        s = self.study
        for g, text in zip(settings, tables):
            full = s.label(g).split(", ")
            if not all(part in full for part in text.split(", ")):
                self.fault(f"a figure calls \"{s.label(g)}\" \"{text}\"")
            self.count += 1
        if len(set(tables)) < len(tables):
            self.fault("two rows of a figure read the same")

    def tsv_ranking(self, name):
        s, found = self.study, self.read_tsv(name + ".tsv")
        self.short_labels(self.top(), [row[1] for row in found[1:]])
        self.rows_of(name + ".tsv", [[k + 1, found[k + 1][1], s.means[g].mean, s.means[g].low, s.means[g].high,
                                      1 if g == s.best else 2 if g == s.smallest else 0,
                                      *s.values(g, s.column(s.metric))[:30]] for k, g in enumerate(self.top())])

    def tsv_comparison(self, name):
        found, compared = self.read_tsv(name + ".tsv"), self.tested()[0]
        drawn = list(compared)[:10]
        self.short_labels(drawn, [row[0] for row in found[1:]])
        self.rows_of(name + ".tsv", [[found[k + 1][0], *(v * self.study.scale for v in
                                     (compared[g].d.mean, compared[g].d.low, compared[g].d.high))]
                                     for k, g in enumerate(drawn)], ["setting", "difference", "low", "high"])

    def front(self):
        s = self.study
        drawn = sorted(s.valued[:2000], key=lambda g: (s.parameters(g), g))
        sign, best, front = -1 if s.maximize else 1, np.inf, set()
        for size in sorted({s.parameters(g) for g in drawn}):
            here = [g for g in drawn if s.parameters(g) == size]
            least = min(here, key=lambda g: sign * s.means[g].mean)
            if sign * s.means[least].mean < best:
                best = sign * s.means[least].mean
                front.add(least)
        return drawn, front

    def tsv_cost(self, name):
        s = self.study
        drawn, front = self.front()
        self.rows_of(name + ".tsv", [[s.parameters(g), s.means[g].mean * s.scale, float(g in front)] for g in drawn],
                     ["parameters", "mean", "front"])

    def tsv_parallel(self, name):
        s, axes = self.study, self.study.axes[:8]
        n, lines = len(s.valued), min(240, len(s.valued))
        wanted = []
        for i in reversed(range(lines)):
            rank = i if n <= lines or i < lines // 2 else lines // 2 + (i - lines // 2) * (n - 1 - lines // 2) // (lines - 1 - lines // 2)
            for a, axis in enumerate(axes):
                place = axis.values.index(s.texts(axis, s.valued[rank]))
                wanted.append([2 if rank == 0 else 1 if rank * 10 < n else 0, a + 1, place / (len(axis.values) - 1)])
        self.rows_of(name + ".tsv", wanted, ["kind", "axis", "place"])

    def tsv_gates(self, name):
        wanted = []
        for g in self.study.settings[:40]:
            _, _, right, runs = self.gates(g)
            wanted.append([self.study.label(g) or "all runs", right, runs, 100 * right / runs, *(100 * v for v in wilson(right, runs))])
        self.rows_of(name + ".tsv", wanted, ["setting", "right", "runs", "share", "low", "high"])

    def panels(self, name):
        """The settings of a figure's panels, by the titles in its program."""
        s = self.study
        program = (self.folder / "report" / (name + ".gp")).read_text()
        titles = [re.sub(r" \(\d+ of \d+ runs\)$", "", t) for t in re.findall(r"^title_\d+ = '(.*)'$", program, re.M)]
        if s.sweep_axis is None:
            return [s.best]
        line = {s.phrase(s.sweep_axis, g): g for g in s.line(s.sweep_axis)}
        line.update({s.sweep_axis.shown[s.texts(s.sweep_axis, g)]: g for g in s.line(s.sweep_axis)})
        every = {", ".join(a.shown[s.texts(a, g)] for a in s.axes): g for g in s.settings}
        every.update(line)
        return [{words.replace("'", "’"): g for words, g in every.items()}[t] for t in titles]

    def networks(self, g):
        """The runs of a setting that have a network; all of them are in a panel, 40 have a line."""
        return [i for i in self.study.rows[g] if self.study.trials["status"][i] == "done"][:200]

    def tsv_boundaries(self, name):
        s, rows = self.study, self.read_tsv(name + ".tsv")
        points = np.array([[float(v) for v in row] for row in rows[1:] if row != [""]])
        panels = self.panels(name)
        if len(points) % 120 or not 40 <= len(points) // 120 <= 160 or points.shape[1] != 2 + 2 * len(panels):
            self.fault(f"boundaries: {points.shape} for {len(panels)} panels")
        data = [s.data(s.rows[g][0])[0] for g in panels]
        low, high = np.min([d.min(0) for d in data], 0), np.max([d.max(0) for d in data], 0)
        if (points[:, :2].min(0) > low + 1e-6).any() or (points[:, :2].max(0) < high - 1e-6).any():
            self.fault("boundaries: the plane does not hold the points")
        for p, g in enumerate(panels):
            mean = np.mean([s.probabilities(i, points[:, :2]) for i in self.networks(g)], 0)
            label, sure = mean.argmax(1), mean.max(1)
            # Coordinates stand in the table to six digits: near a boundary the answer may be the other one.
            far = sure - np.sort(mean, 1)[:, -2] > 2e-4
            if (label != points[:, 2 + 2 * p])[far].any() or np.abs(sure - points[:, 3 + 2 * p]).max() > 1e-3:
                self.fault(f"boundaries, panel {p}: not the mean of what the networks answer")
            self.count += 2 * len(points)

    def tsv_boundaries_lines(self, name):
        """At each point of a line the margin of one of the networks changes its sign within a step of the grid, and each network
        that predicts both classes on the grid has a line."""
        s = self.study
        grid = np.array([[float(v) for v in row[:2]] for row in self.read_tsv("boundaries.tsv")[1:] if row != [""]])
        step = (grid.max(0) - grid.min(0)) / [119, len(grid) // 120 - 1]
        found = self.read_tsv(name + ".tsv")
        if found[0] != ["x", "y", "panel"]:
            self.fault(f"{name}: its headings are {found[0]}")
        lines = [[]]
        for row in found[1:]:
            if row == [""]:
                lines.append([])
            else:
                lines[-1].append([float(v) for v in row])
        if lines.pop():
            self.fault(f"{name}: its last line has no end")

        def margins(i, x):
            p = s.probabilities(i, x)
            return np.array([p[:, k] - np.delete(p, k, 1).max(1) for k in range(p.shape[1] - 1)])
        for p, g in enumerate(self.panels("boundaries")):
            own = [line for line in lines if line[0][2] == p + 1]
            runs = self.networks(g)[:40]
            two = sum((margins(i, grid) > 0).any() and (margins(i, grid) <= 0).any() for i in runs)
            if len(own) < two or (own and not two):
                self.fault(f"{name}, panel {p + 1}: {len(own)} lines of {two} networks")
            x = np.array([point[:2] for line in own for point in line]).reshape(-1, 2)
            around = [x + step * d for d in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1))]
            crosses = np.zeros(len(x), bool)
            for i in runs:
                m = np.array([margins(i, a) for a in around])
                crosses |= ((m.min(0) <= 0) & (m.max(0) >= 0)).any(0)
            if not crosses.all():
                self.fault(f"{name}, panel {p + 1}: {np.sum(~crosses)} points where nothing changes")
            self.count += len(x)

    def tsv_boundaries_points(self, name):
        s, panels = self.study, self.panels("boundaries")
        sets = [int(s.trials["data"][s.rows[g][0]]) for g in panels]
        wanted = []
        for p, g in enumerate(panels[:1] if len(set(sets)) == 1 else panels):
            x, y, _ = s.data(s.rows[g][0])
            step = (len(y) + 999) // 1000
            wanted += [[*row, label, 0 if len(set(sets)) == 1 else p + 1] for row, label in list(zip(x, y))[::step]]
        self.rows_of(name + ".tsv", wanted, ["x", "y", "class", "panel"])

    def tsv_fit(self, name):
        s, panels = self.study, self.panels(name)
        x = np.array([float(row[0]) for row in self.read_tsv(name + ".tsv")[1:]])
        runs, columns = min(8, s.replicates), []
        for g in panels:
            for i in s.rows[g][:runs]:
                done = s.trials["status"][i] == "done"
                columns.append(s.predict(i, x[:, None])[:, -1] if done else np.full(len(x), np.nan))
        found = np.array([[float(v) for v in row[1:]] for row in self.read_tsv(name + ".tsv")[1:]])
        wanted = np.array(columns).T
        self.count += wanted.size
        # x stands in the table to six digits, and the curve moves with it.
        if found.shape != wanted.shape or np.nanmax(np.abs(found - wanted)) > 1e-4 * np.nanmax(np.abs(wanted)):
            self.fault("fit: not what the networks answer")

    def tsv_fit_points(self, name):
        s = self.study
        x, y, _ = s.data(s.rows[s.best][0])
        step = (len(x) + 599) // 600
        self.rows_of(name + ".tsv", [[a, float(np.ravel(b)[0])] for a, b in list(zip(x[:, 0], y))[::step]], ["x", "y"])

    def tsv_confusion(self, name):
        matrix, _ = self.confusion()
        names = self.study.names(self.study.rows[self.study.best][0])
        self.rows_of(name + ".tsv", [[names[t].replace(chr(34), chr(39)), names[a].replace(chr(34), chr(39)), matrix[t, a], t, a] for t in range(len(matrix)) for a in range(len(matrix))],
                     ["true", "answered", "rows", "row", "column"])

    def tiles(self, name, pictures):
        side = int(round(len(pictures[0]) ** 0.5))
        self.rows_of(name + ".tsv", [[x, y, *(p[(side - 1 - y) * side + x] for p in pictures)]
                                     for y in range(side) for x in range(side)])

    def tsv_mistakes(self, name):
        self.tiles(name, [m[2] for m in self.confusion()[1][:24]])

    def tsv_weights(self, name):
        s, i = self.study, self.study.rows[self.study.best][0]
        block = s.weights(i)
        inputs = self.file[f"data/{s.trials['data'][i]}/train/x"].shape[1]
        units = int(s.trials["hidden"][i].split("x")[0] or s.classes(i))
        w = block[:inputs * units].reshape(inputs, units).T
        order = np.argsort(-(w ** 2).sum(1), kind="stable") if s.trials["hidden"][i] else range(units)
        self.tiles(name, [w[u] for u in order][:24])

    def tsv_published(self, name):
        entry, trial, *_ = next(e for e in self.published() if e[1] is not None and len(e[3]) > 2)
        history, epochs = self.file[f"history/{entry['metric']}"][trial], self.file["history/epoch"][:]
        step = len(epochs) // 2000 + 1
        self.rows_of(name + ".tsv", [[e, v] for e, v in list(zip(epochs, history))[::step] if np.isfinite(v)],
                     ["epoch", entry["metric"]])
        self.rows_of(name + "-rings.tsv", list(zip(np.atleast_1d(entry["epoch"]), np.atleast_1d(entry["value"]))))

    tsv_published_rings = lambda self, name: None  # read with its figure

    def check_files(self):
        for path in sorted((self.folder / "report").iterdir()):
            if path.suffix == ".tsv":
                check = getattr(self, "tsv_" + path.stem.replace("-", "_"), None)
                if check is None:
                    self.fault(f"{path.name}: a table that nobody checks")
                else:
                    check(path.stem)
            elif path.suffix not in (".gp", ".svg", ".html"):
                self.fault(f"{path.name}: what is this?")
