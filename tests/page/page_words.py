"""The sentences, captions and alternative texts of a report: what each of their numbers must be. Digits that no template
here accounts for are a fault."""
import re

import numpy as np
import page_finding
import page_study
from page_reader import NUMBER
from page_study import Interval, metric_title, more_is_better, wilson

# Words with digits that are no results: the page's own constants.
CONSTANTS = [r"95 % intervals?\b", r"10 % to 90 % quantiles", r"last 64 epochs", r"without epoch 0",
             r"below 6, Wilcoxon’s test cannot reach 5 %", r"\(6 at least\)", r"within 1 SE",
             r"fewer than 6 pairs Wilcoxon’s test cannot reach 5 %", r"so many comparisons below 5 %", r"where 1 is right", r"answer 1 to", r"should be 0",
             r"The first 40 settings", r"fewer than 8 runs", r"runner \d+\.\d+\.\d+\S*", r"probability of class 1", r"R²", r"⟨[^⟩]*⟩"]


class Words:
    def __init__(self, checker):
        self.checker, self.study, self.number = checker, checker.study, NUMBER
        self.templates = []
        self.make()

    def add(self, pattern, *values):
        """`pattern`: a text in which {} stands for a number, [a|b] for one of several words; else literal."""
        parts = re.split(r"(\{\}|\[[^\]]*\])", pattern)
        expression = "".join(self.number if p == "{}" else "(?:" + "|".join(map(re.escape, p[1:-1].split("|"))) + ")"
                             if p.startswith("[") else re.escape(p) for p in parts)
        self.templates.append((re.compile(expression), pattern, values))

    def interval_text(self, i):
        """finding_value(): the shape of the text, and its numbers."""
        text = page_finding.Text()
        page_finding.interval(text, self.study, i, self.study.metric)
        return text.text, text.numbers

    def difference_text(self, c, sign=1):
        d = c.d
        low, high = sorted((sign * d.low, sign * d.high))
        if d.sd == 0:
            return "{} (the same in all {} pairs)", [sign * d.mean, d.n]
        text, numbers = "{} (95 % interval {} to {}", [sign * d.mean, low, high]
        if d.n < page_study.WILCOXON_FROM and not self.study.folds:
            return text + ")", numbers
        test = "t test" if self.study.folds else "Wilcoxon"
        if np.isnan(c.p):
            return text + "; no difference to test)", numbers
        if c.p < 0.001:
            return text + f"; {test} p < 0.001)", numbers
        return text + f"; {test} p = {{}})", [*numbers, c.p]

    def join(self, *pieces):
        """Texts, and (text, numbers) pairs, one after the other, as one template."""
        text, numbers = "", []
        for piece in pieces:
            text += piece if isinstance(piece, str) else piece[0]
            numbers += [] if isinstance(piece, str) else piece[1]
        self.add(text, *numbers)

    # The finding ---------------------------------------------------------------------------------------------------

    def make(self):
        if self.study.best is not None:
            self.sections()
        self.panel_alts()
        self.common()

    def answer(self):
        """The headline and what it rests on, word for word, and each number."""
        found = page_finding.Finding(self.checker)
        for kind, text in (("answer", found.headline()), ("detail", found.detail())):
            said = " ".join(" ".join(b[2] for b in self.checker.page.blocks if b[1] == kind).split())
            wanted = " ".join(text.text.split())
            match = re.fullmatch(self.number.join(map(re.escape, wanted.split("{}"))), said)
            self.checker.count += 1
            if not match:
                self.checker.fault(f"the {kind} is\n    {said}\n  and not\n    {wanted.format(*(f'{n:.6g}' for n in text.numbers))}")
                continue
            for number, value in zip(match.groups(), text.numbers):
                self.checker.same(f"{kind}: \"{said[:120]}\"", number, value)
        return "answer", "detail"

    # What stands elsewhere ---------------------------------------------------------------------------------------------

    def common(self):
        s = self.study
        count = s.verdicts(s.settings)
        incomplete = sum(not c for c in s.complete.values())
        figures = self.checker.page.figures
        self.add("{} of {} figures could not be drawn", figures, figures)
        self.add("{} [run|runs] of {} [setting|settings], ", s.n, len(s.settings))
        self.add("[up to |]{} [repeat|repeats|folds] each.", s.replicates)
        self.add("{} of {} runs diverged. ", count["diverged"], s.n)
        self.add("{} runs failed. ", count["failed"])
        self.add("{} failed and are left out.", count["failed"])
        if count["diverged"]:
            self.add("{} diverged ({} %; Wilson’s 95 % interval {} to {} %)", count["diverged"],
                     100 * count["diverged"] / s.n, *(100 * v for v in wilson(count["diverged"], s.n)))
        self.add("has no value ({} of {}) stand behind", incomplete, len(s.settings))
        self.add("How the {} runs ended:", s.n)
        for ending, n in count.items():
            self.add(f"{{}} {ending}: ", n)
            self.add(f" {ending}: {{}}.", n)
        sizes = [group["train/x"].shape[0] for group in s.file["data"].values() if "train/x" in group]
        tests = [group["test/x"].shape[0] for group in s.file["data"].values() if "test/x" in group]
        if sizes and min(sizes) < max(sizes):
            self.add("{} to {} [training rows|rows in all]", min(sizes), max(sizes))
        elif sizes:
            self.add("{} [training rows|rows in all]", sizes[0])
        if tests:
            self.add("{} test rows", tests[0])
        self.add("; {} data sets in all", len(s.file["data"]))
        self.shared_rows()
        self.predicted()
        epochs = s.trials["epochs_run"]
        rows = np.array([s.file[f"data/{k}/train/x"].shape[0] if f"data/{k}/train/x" in s.file else 0 for k in s.trials["data"]])
        fewest, most = min(s.trials["parameters"]), max(s.trials["parameters"])
        self.add("{} trials, {} epochs in all", s.n, sum(epochs))
        self.add("about {} rows shown to a network", sum(epochs * rows))
        self.add("networks of {} to {} parameters", fewest, most)
        self.add("each network has {} parameters", most)

    def predicted(self):
        """Which column is predicted, and its classes."""
        group = self.study.file["data/0"]
        facts = next(text for _, kind, text in self.checker.page.blocks if kind == "facts")
        label, names = group.attrs.get("label"), list(group["classes"].asstr()[:]) if "classes" in group else []
        label = label.decode() if isinstance(label, bytes) else label
        listed = ", ".join(names if len(names) <= 12 else names[:10]) + (f", ... ({len(names)} in all)" if len(names) > 12 else "")
        classes = f"{len(names)} class{'es' * (len(names) != 1)}: {listed}"
        said = f"Predicted: {label or ''}" + (f" ({classes})" if label and names else classes if names else "") + "."
        self.checker.count += 1
        if label or names:
            self.templates.append((re.compile(re.escape(said)), said, ()))
        if (said in " ".join(facts.split())) != bool(label or names):
            self.checker.fault(f"the page does not say \"{said}\" but: {facts}")

    def shared_rows(self):
        """Test rows with the inputs of a training row must be told, and only they."""
        rows = shared = 0
        for group in self.study.file["data"].values():
            if "test/x" in group:
                seen = {row.tobytes() for row in group["train/x"][:]}
                rows += len(group["test/x"])
                shared += sum(row.tobytes() in seen for row in group["test/x"][:])
        facts = next(text for _, kind, text in self.checker.page.blocks if kind == "facts")
        self.add("{} of {} test rows have the inputs of a training row.", shared, rows)
        self.checker.count += 1
        if ("Every test row has the inputs of a training row" in facts) != (rows > 0 and shared == rows) or \
                ("test rows have the inputs of a training row" in facts) != (0 < shared < rows):
            self.checker.fault(f"{shared} of {rows} test rows have the inputs of a training row, and it says: {facts}")

    def sections(self):
        s, checker = self.study, self.checker
        if s.smallest is not None:
            label = s.label(s.smallest)
            self.join(f"within one standard error of the best: {label}, with ", ("{} parameters", [s.parameters(s.smallest)]),
                      f" and {s.title} of ", self.interval_text(s.means[s.smallest]))
            self.add(f"within one standard error of the best: {label}.")
        for axis in [a for a in (s.sweep_axis,) if a]:
            self.add(f"Everything else as in the best setting: {s.label(s.best, skip=axis)}.")
            self.add("{} of {} values are drawn.", min(len(s.line(axis)), 400), len(axis.values))
            self.add("{} of {} values; all of them", min(len(s.line(axis)), 12), min(len(s.line(axis)), 400))
            self.sweep_alts(axis)
        for group in ([a] for a in s.axes):
            for other in s.axes:
                held = ", ".join(s.phrase(a, s.best) for a in s.axes if a not in (group[0], other))
                self.add(f"Everything else as in the best setting: {held}.")
        self.add(f"The best: {s.label(s.best)}.")
        self.add(f"The best setting, {s.label(s.best)}, [against|its]")
        self.add(f"the others stay as in the best one (ring): {s.label(s.best)}.")
        self.add(f"through the best: {s.label(s.best)}.")
        self.add(f"against each of {{}} settings alone, through the best: {s.label(s.best)}.",
                 len([a for a in s.axes if len(s.line(a)) > 1][:6]))
        self.add("{} settings as lines across {} axes.", min(240, len(s.valued)), min(8, len(s.axes)))
        self.add("{} of {} settings are not beaten", len(checker.front()[1]), len(checker.front()[0])) if s.valued else None
        self.add("{} of {} settings, evenly chosen", min(12, len(s.settings)), len(s.settings))
        self.add("{} of {} settings are left out", len(s.settings) - len(checker.top()), len(s.settings))
        self.add("one of {} comparisons", len(s.settings) - 1)
        self.add("With {} [repeat|repeats|folds] there are too few", s.replicates)
        self.add("corrected by Holm for {} [comparison|comparisons].", len(s.valued[1:1001]))
        self.add("{} of {} runs.", min(10, len(s.rows[s.best])), len(s.rows[s.best]))
        if any(section == "importance" for section, _, _ in checker.page.blocks):
            found = checker.importance()
            text = " ".join(b[2] for b in checker.page.blocks if b[0] == "importance")
            for words, numbers in found.sentences():
                self.add(words, *numbers)
                if not all(part in text for part in words.split("{}")):
                    checker.fault(f"importance does not say \"{words}\"")
            for label, share, *_ in found.rows:
                self.add(f" {label}: {{}} %.", 100 * share)
        self.rows_alts()
        self.data_sections()

    def sweep_alts(self, axis):
        """"Mean train: 0.3 at 1, lowest 0.1 at 4, 0.2 at 9.", of every family and line."""
        s = self.study
        line = s.line(axis)[:400]

        def three(title, means, more, scale):
            sign = -1 if more else 1
            order = [k for k in range(len(means)) if np.isfinite(means[k])] or [0]
            best = min(order, key=lambda k: (sign * means[k], k))
            at = [0, best, len(line) - 1]
            places = [axis.shown[s.texts(axis, line[k])] for k in at]
            self.add(f"Mean {title}: {{}} at {places[0]}, {'highest' if more else 'lowest'} {{}} at {places[1]}, "
                     f"{{}} at {places[2]}.", *(means[k] * scale for k in at))
        for part in page_study.PART_WORDS:
            for kind in ("loss", "accuracy", "r2"):
                column = s.column(f"{part}_{kind}")
                if column is not None:
                    # Several kinds have a sentence of the same shape: each is told by its beginning.
                    three(page_study.PART_WORDS[part], [s.interval(g, f"{part}_{kind}").mean for g in line], more_is_better("_" + kind),
                          page_study.scale_of(kind))
        for kind in ("loss", "accuracy"):
            if s.column(f"test_{kind}") is not None and s.column(f"train_{kind}") is not None:
                three("gap", [Interval(self.checker.gap(kind, g)).mean for g in line], False, page_study.scale_of(kind))
        if len(s.axes) == 2:
            other, lines = self.checker.lines()
            title = s.axis_title(other)
            for (_, values), texts in zip(lines, other.values):
                means = [Interval(values(g)).mean for g in line]
                for name in (other.shown[texts], f"{title} {other.shown[texts]}"):
                    three(name, means, s.maximize, s.scale)

    def names(self, settings):
        """What the rows of a figure are called: where they differ."""
        s = self.study
        differ = [a for a in s.axes if len({s.texts(a, g) for g in settings}) > 1]
        same = ", ".join(s.phrase(a, settings[0]) for a in s.axes if a not in differ) if settings else ""
        if len(settings) > 1 and same:
            self.add(f"All of them: {same}.")
        return {g: ", ".join(s.phrase(a, g) for a in differ) or s.label(g) or "all runs" for g in settings}

    def rows_alts(self):
        s, checker = self.study, self.checker
        top = checker.top()
        for k, (g, name) in enumerate(list(self.names(top).items())[:3]):
            self.add(f" {k + 1}: {name}, {{}}.", s.means[g].mean)
        compared, _ = checker.tested()
        shown = list(compared)[:10]
        for g, name in list(self.names(shown).items())[:4]:
            self.join(f" {name}: ", self.difference_text(compared[g]), ".")
        self.add(f"from the best setting, {s.label(s.best)}.")
        if any(section == "gates" for section, _ in checker.page.tables):
            for g, name in self.names(s.settings[:40]).items():
                self.add(f" {name}: {{}} of {{}}.", *checker.gates(g)[2:])

    def panel_alts(self):
        s = self.study
        self.add("Decision boundaries of {} [setting|settings] over", len(self.panel_settings("boundaries")))
        self.add("Fitted curves of {} [setting|settings] over", len(self.panel_settings("fit")))
        self.add("Loss against epoch in {} [panel|panels].", len(self.panel_settings("curves")))
        for g in self.panel_settings("boundaries"):
            shown = [m for m in (s.train_metric, s.metric) if m] or [s.metric]
            words = [f"{page_study.PART_WORDS[m.split('_')[0]]} {{}}{' %' if 'accuracy' in m else ''}" for m in shown]
            values = [s.interval(g, m).mean * page_study.scale_of(m) for m in shown]
            done = len(self.checker.networks(g))
            for title in self.titles(g):
                self.add(f" {title}: {', '.join(words)}.", *values)
                self.add(f" {title} ({{}} of {{}} runs): {', '.join(words)}.", done, len(s.rows[g]), *values)
        if s.sweep_axis is not None:
            axis, drawn = s.sweep_axis, self.panel_settings("boundaries")
            missing = [axis.shown[s.texts(axis, g)] for g in s.line(axis) if g not in drawn]
            names = " and ".join(filter(None, [", ".join(missing[:-1]), *missing[-1:]]))
            self.add(f"Not drawn: {s.axis_title(axis)} {names}.")
            self.add(f"{{}} other values of {s.axis_title(axis)} are not drawn.", len(missing))
        for g in self.panel_settings("fit"):
            for title in self.titles(g):
                self.add(f" {title}: mean {s.title} {{}}.", s.means[g].mean)
        runs = min(8, s.replicates)
        self.add("(thick: the first; thin: {} more)", runs - 1)
        if (self.checker.folder / "report/curves.tsv").exists():
            rows = self.checker.read_tsv("curves.tsv")
            labels = {s.label(g): g for g in s.settings}
            for c, head in enumerate(rows[0]):
                found = re.fullmatch(r"(\w+) median ?(.*)", head)
                if found:
                    for title in self.titles(labels[found[2]]):
                        self.add(f" {title}{', ' if title else ''}{found[1]}: from {{}} to {{}}.",
                                 float(rows[1][c]), float(rows[-1][c]))

    def titles(self, g):
        s = self.study
        axis = s.sweep_axis
        every = ", ".join(a.shown[s.texts(a, g)] for a in s.axes)
        return {s.label(g), every} | ({s.phrase(axis, g), axis.shown[s.texts(axis, g)]} if axis else set())

    def panel_settings(self, name):
        report = self.checker.folder / "report"
        if name == "curves" and (report / "curves.tsv").exists():
            heads = self.checker.read_tsv("curves.tsv")[0]
            return list(dict.fromkeys(re.sub(r"^\w+ (median|low|high) ?", "", h) for h in heads[1:]))
        return self.checker.panels(name) if (report / f"{name}.gp").exists() else []

    def data_sections(self):
        s, checker = self.study, self.checker
        report = checker.folder / "report"
        if any(section == "confusion" for section, _, _ in checker.page.blocks):
            if (report / "confusion.tsv").exists():
                matrix, mistakes = checker.confusion()
                rows, wrong, drawn = matrix.sum(), len(mistakes), min(24, len(mistakes))
                self.add("{} of {} [held-out|test] rows are taken for another class ({} %).", wrong, rows, 100 * wrong / rows)
                self.add("{} of {} rows are taken for another class.", wrong, rows)
                self.add("Confusion matrix of {} classes:", len(matrix))
                self.add("{} misclassified images", drawn)
                self.add("[the surest |]{} of {} mistakes.", drawn, wrong)
        if (report / "weights.tsv").exists():
            units = int(s.trials["hidden"][s.rows[s.best][0]].split("x")[0] or s.classes(s.rows[s.best][0]))
            self.add("Weights from the inputs to {} of {} [units|classes]", min(24, units), units)
        if (report / "decomposition.tsv").exists():
            self.decomposition(checker.decomposition())
        for entry, trial, _, rows, agree in checker.published():
            where = ", ".join(f"{k} {'x'.join(map(str, v)) if isinstance(v, list) else page_study.number_text(v) if isinstance(v, (int, float)) else v}"
                              for k, v in (entry.get("where") or {}).items() if k != "seed") or "the first setting"
            title = metric_title(entry["metric"])
            known = sum(np.isfinite(r[2]) for r in rows)
            if trial is not None:
                self.add(f"{{}} of {{}} published values of the {title} agree with ours to the printed digits "
                         f"(one unit of the last one allowed), for {where}, seed {{}}.", agree, len(rows), s.trials["seed"][trial])
            self.add("{} of them were not recorded here.", len(rows) - known)
            self.add("{} more values are left out.", len(rows) - 40)
            self.add(f"{{}} published values of the {title}, as rings", len(rows))

    def decomposition(self, parts):
        """Its sentence must be there, word for word but for the numbers, and so must what the truth scores."""
        s, checker = self.study, self.checker
        axis = s.sweep_axis
        if parts.rows:
            self.add("All networks of a setting answer the same {} test rows", parts.rows)
        self.add("{} diverged [repeat is|repeats are] left out.", parts.left_out)
        errors = sorted(map(parts.error, parts.settings))
        self.add("Errors above {} are cut off.", 4 * errors[(len(errors) - 1) // 2])
        for g in {parts.settings[0], parts.settings[-1], parts.best}:
            e = parts.estimates[g]
            self.add(f" {axis.shown[s.texts(axis, g)]}: {'bias²' if parts.known else 'noise + bias²'} {{}}, variance {{}}.",
                     e["bias2"] if parts.known else parts.error(g) - e["variance"], e["variance"])
        intervals = {row[1]: {k: (float(row[i + 1]), float(row[i + 2])) for k, i in (("bias2", 9), ("variance", 12))}
                     for row in checker.read_tsv("decomposition.tsv")[1:]} if parts.known else None
        said = " ".join(" ".join(text.split()) for section, kind, text in checker.page.blocks
                        if section == "decomposition" and kind == "p")
        for text, numbers in parts.sentences(intervals):
            self.add(text, *numbers)
            checker.count += 1
            if not self.templates[-1][0].search(said):
                checker.fault(f"decomposition: it does not say \"{text}\" but \"{said}\"")

    # ---------------------------------------------------------------------------------------------------------------------

    def given(self):
        """Texts of the experiment itself, which may have any digits."""
        s = self.study
        texts = [s.description]
        for entry in s.resolved.get("published") or []:
            texts += [entry.get("source") or "", entry.get("note") or ""]
        return sorted((" ".join(str(t).split()) for t in texts if t), key=len, reverse=True)

    def check(self):
        answered = self.answer() or ()
        for section, kind, text in self.checker.page.blocks:
            rest = " ".join(text.split()) + " "
            if kind in ("h1", "question", "h3", *answered) or rest.strip() in self.given():
                continue
            for given in self.given():
                rest = rest.replace(given, "⟨⟩")
            rest = re.sub(r"Made by runner.*?(?=Each figure)", "", rest)
            rest = re.sub(r" Files: data.*", "", rest)
            rest = self.take(section, kind, rest)
            for constant in CONSTANTS:
                rest = re.sub(constant, "⟨⟩", rest)
            if re.search(r"\d", rest.replace("l1", "").replace("l2", "").replace("beta1", "").replace("beta2", "")):
                self.checker.fault(f"{section}, {kind}: numbers that nobody checks in: {rest.strip()[:400]}")

    def take(self, section, kind, text):
        """Cuts out what templates explain. Where several have one shape, one of them must have the numbers."""
        shapes = {}
        for expression, pattern, values in self.templates:
            shapes.setdefault(expression.pattern, (expression, pattern, []))[2].append(values)
        for expression, pattern, choices in sorted(shapes.values(), key=lambda shape: -len(shape[1])):
            def found(match, pattern=pattern, choices=choices):
                tried = []
                for values in choices:
                    before, count = len(self.checker.faults), self.checker.count
                    for number, value in zip(match.groups(), values):
                        self.checker.same(f"{section}, {kind}: \"{match[0].strip()[:160]}\"", number, value)
                    if len(self.checker.faults) == before:
                        return " ⟨⟩ "
                    tried = self.checker.faults[before:]
                    del self.checker.faults[before:]
                    self.checker.count = count
                self.checker.faults.extend(tried)
                return " ⟨⟩ "
            text = expression.sub(found, text)
        return text


def check_words(checker):
    Words(checker).check()
