"""What the tables of a page must be: a method a section, table_NAME."""
import re

import numpy as np
import page_study
from page_reader import GIVEN_DIGITS, NUMBER, Reader
from page_study import Interval, holm, metric_title, wilson


class Tables(Reader):
    def cell(self, what, cell, wanted):
        """`wanted`: a text; a number; an Interval; or (number for sorting, numbers that are shown in order)."""
        value, text = cell
        if isinstance(wanted, str):
            return self.word(what, text, wanted)
        if isinstance(wanted, Interval) and wanted.sd == 0:
            self.same(what + " (to sort by)", value, 0, GIVEN_DIGITS)
            return self.word(what, text, "all equal")
        if isinstance(wanted, Interval):
            wanted = (wanted.width, [wanted.low, wanted.high] if np.isfinite(wanted.width) else [np.nan])
        sort, numbers = wanted if isinstance(wanted, tuple) else (wanted, [wanted])
        if value is not None:
            self.same(what + " (to sort by)", value.lower() if value == "NaN" else value, sort, GIVEN_DIGITS)
        if text.startswith("< "):
            self.count += 1
            return None if sort < float(text[2:]) else self.fault(f"{what}: {text}, but it is {sort}")
        found = re.findall(NUMBER, re.sub(" %$", "", text))
        if len(found) != len(numbers):
            return self.fault(f"{what}: {len(found)} numbers in \"{text}\"")
        for one, number in zip(found, numbers):
            self.same(what, one, number)

    def rows_by_label(self, rows, column, labels, what):
        """The setting of each row, by its words; `labels`: setting -> words."""
        found = {words: s for s, words in labels.items()}
        out = []
        for row in rows:
            if row[column][1] not in found:
                self.fault(f"{what}: no setting is called \"{row[column][1]}\"")
            else:
                self.count += 1
                out.append((found[row[column][1]], row))
        if len(found) < len(labels) or len({s for s, _ in out}) < len(out):
            self.fault(f"{what}: two rows read the same")
        return out

    def table(self, what, rows, contexts, columns):
        """`columns`: heading -> what a cell must be, of a context; an occurrence counts on: "95 % interval#2"."""
        heads, seen = [], {}
        for head in rows[0]:
            seen[head[1]] = seen.get(head[1], 0) + 1
            heads.append(head[1] + (f"#{seen[head[1]]}" if seen[head[1]] > 1 else ""))
        if len(rows) - 1 != len(contexts):
            self.fault(f"{what}: {len(rows) - 1} rows instead of {len(contexts)}")
        for context, row in zip(contexts, rows[1:]):
            for head, cell in zip(heads, row):
                if head not in columns:
                    self.fault(f"{what}: a column nobody checks: {head}")
                else:
                    self.cell(f"{what}, {head} of {context}", cell, columns[head](context))

    def table_overfitting(self, rows):
        s = self.study
        axis = s.sweep_axis
        line = s.line(axis)
        labels = {g: axis.shown[s.texts(axis, g)] for g in line}
        contexts = [g for g, _ in self.rows_by_label(rows[1:], 0, labels, "overfitting")]
        if s.best not in contexts or (len(line) <= 12 and contexts != line):
            self.fault("overfitting: the best or another value is not in the table")
        columns = {s.axis_title(axis): lambda g: (axis.numbers[s.texts(axis, g)], re.findall(NUMBER, labels[g])),
                   "runs": lambda g: s.means[g].n}
        columns[s.axis_title(axis)] = lambda g: labels[g]
        metrics = [m for m in (s.train_metric, s.metric) if m]
        for i, m in enumerate(metrics):
            columns[f"mean {metric_title(m)}"] = lambda g, m=m: s.interval(g, m).mean
            columns["95 % interval" + "#2" * i] = lambda g, m=m: s.interval(g, m)
        self.table("overfitting", rows, contexts, columns)
        for g, row in zip(contexts, rows[1:]):
            self.same(f"overfitting, order of {g}", row[0][0], axis.numbers[s.texts(axis, g)], GIVEN_DIGITS)

    def note(self, g):
        s = self.study
        return (" · best, and smallest within 1 SE" if g == s.best == s.smallest else " · best" if g == s.best else
                " · smallest within 1 SE" if g == s.smallest else "")

    def p(self, comparison, value=None):
        value = comparison.p if value is None else value
        return np.nan if comparison.d.n < page_study.WILCOXON_FROM else value

    def top(self):
        s = self.study
        return s.valued[:20] + ([s.smallest] if s.smallest is not None and s.smallest not in s.valued[:20] else [])

    def table_ranking(self, rows):
        s = self.study
        behind = {g: s.compare(g, s.best) for g in self.top()}
        self.table("ranking", rows, self.top(), {
            "rank": lambda g: s.ranked.index(g) + 1,
            "setting": lambda g: s.label(g) + self.note(g),
            f"mean {s.title}": lambda g: s.means[g].mean,
            "95 % interval": lambda g: s.means[g],
            "runs": lambda g: s.means[g].n,
            "parameters": s.parameters,
            "behind the best": lambda g: (0, [np.nan]) if g == s.best else behind[g].d.mean,
            "95 % interval#2": lambda g: np.nan if g == s.best else behind[g].d,
            "p": lambda g: np.nan if g == s.best else self.p(behind[g])})

    def tested(self):
        s = self.study
        others = [g for g in s.valued if g != s.best][:1000]
        compared = {g: s.compare(g, s.best) for g in others}
        return compared, dict(zip(others, holm([compared[g].p for g in others])))

    def table_comparison(self, rows):
        compared, corrected = self.tested()
        shown_ones = list(compared)[:10]
        self.table("comparison", rows, shown_ones, {
            "row": lambda g: shown_ones.index(g) + 1,
            "setting": self.study.label,
            "mean difference": lambda g: compared[g].d.mean,
            "95 % interval": lambda g: compared[g].d,
            "p": lambda g: self.p(compared[g]),
            "p (Holm)": lambda g: self.p(compared[g], corrected[g])})

    def table_stability(self, rows):
        s = self.study
        there = [v for v, n in s.verdicts(s.settings).items() if n]
        labels = {g: s.label(g) or "all runs" for g in s.settings}
        contexts = [g for g, _ in self.rows_by_label(rows[1:], 0, labels, "stability")]
        if len(contexts) != min(12, len(s.settings)) or len(rows[0]) != 2 + len(there):
            self.fault("stability: settings or endings are missing")
        columns = {"setting": labels.get, "runs": lambda g: len(s.rows[g])}
        for v in there:
            columns[v] = lambda g, v=v: s.verdicts([g])[v]
        self.table("stability", rows, contexts, columns)

    def table_reproduce(self, rows):
        s, t = self.study, self.study.trials
        self.table("reproduce", rows, s.rows[s.best][:10], {
            "trial": lambda i: t["id"][i], "setting": lambda i: s.label(s.best) or "–",
            "repeat": lambda i: int(t["repeat"][i]), "fold": lambda i: int(t["fold"][i]),
            "seed": lambda i: int(t["seed"][i]), "ended": lambda i: t["status"][i]})

    def gates(self, g):
        """Distinct rows of inputs, how many starts answer 1 to each, how many have all right, of how many."""
        s = self.study
        ones, right = None, 0
        for i in s.rows[g]:
            x, y, _ = s.data(i)
            first = sorted({tuple(row): k for k, row in reversed(list(enumerate(x)))}.values())
            ones = np.zeros(len(first), int) if ones is None else ones
            if s.trials["status"][i] != "done":
                continue
            label, _ = s.answer(s.predict(i, x[first]))
            ones += label
            right += bool((label == y[first]).all())
        return x[first], ones, right, len(s.rows[g])

    def table_gates(self, rows):
        s = self.study
        names = [" ".join("%.3g" % v for v in row) for row in self.gates(s.best)[0]]
        columns = {"row": lambda g: s.settings.index(g) + 1, "setting": lambda g: s.label(g) or "all runs",
                   "all right": lambda g: (self.gates(g)[2], self.gates(g)[2:]),
                   "95 % interval": lambda g: (wilson(*self.gates(g)[2:])[0], [100 * v for v in wilson(*self.gates(g)[2:])])}
        for k, name in enumerate(names):
            columns[name] = lambda g, k=k: int(self.gates(g)[1][k])
        self.table("gates", rows, s.settings[:40], columns)

    def confusion(self):
        """Counts of (true, answered) over the rows the best setting's first repeat was not trained on."""
        if "confusion" in self.asked:
            return self.asked["confusion"]
        s = self.study
        mistakes, matrix = [], None
        for i in s.rows[s.best]:
            if s.trials["repeat"][i] != s.trials["repeat"][s.rows[s.best][0]]:
                continue
            tested = f"data/{s.trials['data'][i]}/test/x" in self.file
            x, y, fold = s.data(i, "test" if tested else "train")
            keep = np.ones(len(y), bool) if tested else fold == s.trials["fold"][i]
            label, sure = s.answer(s.predict(i, x[keep]))
            matrix = np.zeros((s.classes(i),) * 2, int) if matrix is None else matrix
            np.add.at(matrix, (y[keep], label), 1)
            mistakes += [(-p, k, row, true, took) for k, (p, row, true, took) in enumerate(zip(sure, x[keep], y[keep], label))
                         if true != took]
        self.asked["confusion"] = matrix, sorted(mistakes, key=lambda m: m[0])
        return self.asked["confusion"]

    def table_confusion(self, rows):
        matrix, _ = self.confusion()
        pairs = sorted(((-n, k) for k, n in enumerate(matrix.flat) if n and k % (len(matrix) + 1)))[:10]
        cells = [divmod(k, len(matrix)) for _, k in pairs]
        share = {c: matrix[c] / matrix[c[0]].sum() for c in cells}
        names = self.study.names(self.study.rows[self.study.best][0])
        if all(re.fullmatch(r"-?\d+", name) for name in names):
            names = [int(name) for name in names]
        self.table("confusion", rows, cells, {
            "true class": lambda c: names[c[0]], "answered": lambda c: names[c[1]], "rows": lambda c: int(matrix[c]),
            "of the class’s rows": lambda c: (share[c], [100 * share[c]])})

    def published(self):
        """For each published entry: its trial (or None), its values, ours at the epoch meant, that epoch."""
        s, out = self.study, []
        for entry in s.resolved.get("published") or []:
            where = {"seed": None, **(entry.get("where") or {})}
            if where["seed"] is None:
                where.pop("seed")
            fits = [i for i in range(s.n) if all(self.agrees(k, v, i) for k, v in where.items())]
            values, epochs = np.atleast_1d(entry["value"]), np.atleast_1d(entry["epoch"])
            decimals = max(len(number.partition(".")[2]) for number in
                           (np.format_float_positional(v, trim="-") for v in values))
            history, at = self.file[f"history/{entry['metric']}"][:], list(self.file["history/epoch"][:])
            rows = []
            for epoch, value in zip(epochs, values):
                near = [(abs(history[fits[0], at.index(e)] - value), history[fits[0], at.index(e)], e)
                        for e in range(epoch, epoch + 1 + bool(entry.get("or_next"))) if e in at] if fits else []
                near = [one for one in near if np.isfinite(one[0])]
                rows.append((epoch, value, *(min(near, key=lambda one: one[0])[1:] if near else (np.nan, np.nan))))
            agree = sum(abs(ours - value) <= 1.001 * 10.0 ** -decimals for _, value, ours, _ in rows)
            out.append((entry, fits[0] if fits else None, decimals, rows, agree))
        return out

    def agrees(self, key, value, trial):
        if key == "seed":
            return self.study.trials["seed"][trial] == value
        text = self.study.text(key, self.study.trials["setting"][trial])
        value = "x".join(map(str, value)) or "none" if isinstance(value, list) else value
        return text == (str(value).lower() if isinstance(value, bool) else
                        page_study.number_text(value) if isinstance(value, (int, float)) else str(value))

    def table_published(self, rows):
        entries = [e for e in self.published() if e[1] is not None]
        done = self.asked["published"] = self.asked.get("published", -1) + 1
        _, _, decimals, values, _ = entries[done]
        none = "not recorded"
        self.table("published", rows, values[:40], {
            "epoch": lambda r: int(r[0]), "published": lambda r: r[1],
            "ours": lambda r: r[2] if np.isfinite(r[2]) else none,
            "our epoch": lambda r: r[3], "difference": lambda r: r[2] - r[1],
            "agrees": lambda r: "–" if np.isnan(r[2]) else "yes" if abs(r[2] - r[1]) <= 1.001 * 10.0 ** -decimals else "no"})

    def check_tables(self):
        for section, rows in self.page.tables:
            check = getattr(self, "table_" + section.replace("-", "_"), None)
            if check is None:
                self.fault(f"section \"{section}\" has a table that nobody checks")
            else:
                check(rows)
