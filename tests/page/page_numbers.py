"""Holds every number of a report to its results file: each cell of each table, each number of each sentence, caption and
alternative text, and each cell of each figure's table is computed again by page_study.py. A table, a column, a sentence
with a number, or a file that is not known here is a fault: a new section cannot slip through.
usage: page_numbers.py RESULTS_DIR ..."""
import html.parser
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import h5py  # noqa: E402
import numpy as np  # noqa: E402
import page_study  # noqa: E402
from page_study import Comparison, Interval, Study, holm, metric_title, scale_of, wilson  # noqa: E402

NUMBER = r"([−+-]?\d[\d]*(?:\.\d+)?(?:e[-+]\d+)?|–|nan)"
GIVEN_DIGITS = 5.001e-9  # data-value has nine digits, the last one rounded
TABLE_DIGITS = 5.001e-6  # a figure's table has six
TINY = 1e-12  # differences of equal means, in another order of adding
BLOCKS = ("p", "li", "h1", "h2", "h3", "figcaption")


class Page(html.parser.HTMLParser):
    """What a page says, section by section: tables, blocks of text, and what its figures say to those who cannot see."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.blocks, self.section, self.cell, self.block, self.svg = [], [], "", None, None, False
        self.figures = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "section":
            self.section = given.get("id", "")
        elif tag == "svg":
            self.svg = True
            self.blocks.append([self.section, "alt", given.get("aria-label", "")])
        elif tag == "figure":
            self.figures += 1
        elif tag == "table":
            self.tables.append((self.section, []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("td", "th"):
            self.cell = [given.get("data-value"), ""]
            self.tables[-1][1][-1].append(self.cell)
        elif tag in BLOCKS and not self.svg:
            self.block = [self.section, tag if "class" not in given else given["class"], ""]
            self.blocks.append(self.block)

    def handle_endtag(self, tag):
        if tag == "svg":
            self.svg = False
        elif tag in ("td", "th"):
            self.cell = None
        elif tag in BLOCKS:
            self.block = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell[1] += data
        elif self.block is not None:
            self.block[2] += data


def shown(text):
    """The number a text shows, and half a unit of its last digit."""
    text = text.replace("−", "-")
    if text in ("–", "nan"):
        return np.nan, 0
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(text), 0.5 * 10.0 ** ((int(exponent) if exponent else 0) - decimals)


class Checker:
    def __init__(self, folder):
        self.folder, self.faults, self.count = pathlib.Path(folder), [], 0
        self.file = h5py.File(self.folder / "results.h5")
        self.study = Study(self.file)
        self.page = Page((self.folder / "report/index.html").read_text())
        self.asked = {}

    def fault(self, text):
        self.faults.append(text)

    def same(self, what, text, value, digits=None):
        """A shown number is the value, rounded; `digits`: it is exact to so many instead."""
        self.count += 1
        number, half = shown(text)
        value = float(value) if np.isfinite(value) else np.nan  # beyond the range of numbers: no number is shown
        room = half * (1 + 1e-6) + TINY + 1e-9 * abs(value) if digits is None else digits * abs(value) + TINY
        if np.isnan(number) != np.isnan(value) or abs(number - value) > room:
            self.fault(f"{what}: {text} instead of {value:.10g}")

    def word(self, what, text, wanted):
        self.count += 1
        if text != wanted:
            self.fault(f"{what}: \"{text}\" instead of \"{wanted}\"")

    # Tables of the page ----------------------------------------------------------------------------------------------

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
        self.table("confusion", rows, cells, {
            "true class": lambda c: int(c[0]), "answered": lambda c: int(c[1]), "rows": lambda c: int(matrix[c]),
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

    # Tables beside the figures ---------------------------------------------------------------------------------------

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

    def shares(self):
        s = self.study
        means = {g: s.means[g].mean for g in s.valued}
        mean = np.mean(list(means.values()))
        total = sum((m - mean) ** 2 for m in means.values())
        out = []
        for axis in s.axes:
            groups = {}
            for g, m in means.items():
                groups.setdefault(s.texts(axis, g), []).append(m)
            between = sum(len(m) * (np.mean(m) - mean) ** 2 for m in groups.values())
            out.append((s.axis_title(axis), 100 * min(between / total, 1)))
        return sorted(out, key=lambda one: -one[1])

    def tsv_importance(self, name):
        self.rows_of(name + ".tsv", self.shares(), ["axis", "percent"])

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
        titles = re.findall(r"^title_\d+ = '(.*)'$", program, re.M)
        if s.sweep_axis is None:
            return [s.best]
        line = {s.phrase(s.sweep_axis, g): g for g in s.line(s.sweep_axis)}
        line.update({s.sweep_axis.shown[s.texts(s.sweep_axis, g)]: g for g in s.line(s.sweep_axis)})
        every = {", ".join(a.shown[s.texts(a, g)] for a in s.axes): g for g in s.settings}
        every.update(line)
        return [{words.replace("'", "’"): g for words, g in every.items()}[t] for t in titles]

    def tsv_boundaries(self, name):
        s, rows = self.study, self.read_tsv(name + ".tsv")
        points = np.array([[float(v) for v in row] for row in rows[1:] if row != [""]])
        panels = self.panels(name)
        if len(points) != 8100 or points.shape[1] != 2 + 2 * len(panels):
            self.fault(f"boundaries: {points.shape} for {len(panels)} panels")
        data = [s.data(s.rows[g][0])[0] for g in panels]
        low, high = np.min([d.min(0) for d in data], 0), np.max([d.max(0) for d in data], 0)
        if (points[:, :2].min(0) > low + 1e-6).any() or (points[:, :2].max(0) < high - 1e-6).any():
            self.fault("boundaries: the plane does not hold the points")
        for p, g in enumerate(panels):
            label, sure = s.answer(s.predict(s.rows[g][0], points[:, :2]))
            # Coordinates stand in the table to six digits: near a boundary the answer may be the other one.
            far = sure > 1 / s.classes(s.rows[g][0]) + 1e-4
            if (label != points[:, 2 + 2 * p])[far].any() or np.abs(sure - points[:, 3 + 2 * p]).max() > 1e-3:
                self.fault(f"boundaries, panel {p}: not what the network answers")
            self.count += 2 * len(points)

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
        self.rows_of(name + ".tsv", [[t, a, matrix[t, a]] for t in range(len(matrix)) for a in range(len(matrix))],
                     ["true", "answered", "rows"])

    def tiles(self, name, pictures):
        side = int(round(len(pictures[0]) ** 0.5))
        self.rows_of(name + ".tsv", [[x, y, *(p[(side - 1 - y) * side + x] for p in pictures)]
                                     for y in range(side) for x in range(side)])

    def tsv_mistakes(self, name):
        self.tiles(name, [m[2] for m in self.confusion()[1][:24]])

    def tsv_weights(self, name):
        s, i = self.study, self.study.rows[self.study.best][0]
        offset = self.file["weights/offset"]
        block = self.file["weights/values"][offset[i]:offset[i + 1]]
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


def check(folder):
    """Faults of a results folder with its report, and how many numbers and words were held against the results."""
    from page_words import check_words
    checker = Checker(folder)
    checker.check_tables()
    checker.check_files()
    check_words(checker)
    return checker.faults, checker.count


def main():
    numbers, faults = 0, []
    for folder in sys.argv[1:]:
        found, count = check(folder)
        numbers += count
        faults += [f"{folder}: {one}" for one in found]
    print("\n".join(faults))
    print(f"{numbers} numbers and words checked in {len(sys.argv) - 1} reports, {len(faults)} wrong")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
