"""The answer that a page opens with, and what it rests on, decided and worded a second time from the results file, by NumPy
and SciPy alone: the rules are those of runner/analysis/finding.h, crossfit.h and sweep_losses.h."""
import numpy as np
import page_study
from page_study import Interval, limits_of, metric_title, more_is_better
from scipy import stats

LEVEL, ANOTHER, FITS = 0.05, 0.01, 0.99
COUNTS = "no one two three four five six seven eight nine ten eleven twelve".split()


def count_word(n):
    return COUNTS[n] if n < len(COUNTS) else str(n)


def wilcoxon_from(comparisons):
    return next(n for n in range(2, 99) if 2.0 ** (1 - n) * comparisons < LEVEL)


def join(words):
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1] if words else ""


class Text:
    """A text with {} for each number, and the numbers; NaN is written as a dash."""

    def __init__(self):
        self.text, self.numbers = "", []

    def add(self, text, *numbers):
        assert text.count("{}") == len(numbers), text
        self.text += text
        self.numbers += numbers
        return self


def interval(text, study, i, metric):
    """"98.5 % (95 % interval 97.8 to 99.2 %, 5 folds)"."""
    unit, scale = (" %", 100) if metric.endswith("accuracy") else ("", 1)
    one = "fold" if study.folds else "repeat"
    if i.n < 2:
        return text.add(f"{{}}{unit} (one {one}, so no interval)", i.mean * scale)
    if i.sd == 0:
        return text.add(f"{{}}{unit} (the same in all {{}} {one}s)", i.mean * scale, i.n)
    return text.add(f"{{}}{unit} (95 % interval {{}} to {{}}{unit}, {{}} {one}s)", i.mean * scale, i.low * scale, i.high * scale,
                    i.n)


class Test:
    """Differences a - b by repeat; `variance`: of their mean, over that of one."""

    def __init__(self, all_d, finite, variance, folds):
        self.folds, self.all = folds, np.array(all_d, float)
        self.pairs, self.infinite = len(all_d), int(np.isinf(self.all).sum())
        self.d, self.without = self.interval(finite, variance), None
        self.p = page_study.wilcoxon_of(self.all) if not folds else np.nan
        ranks = stats.rankdata(np.abs(self.all[self.all != 0])) * np.sign(self.all[self.all != 0])
        self.side = int(np.sign(ranks.sum()))
        if folds and not self.infinite:
            self.side = int(np.sign(self.d.mean)) if self.d.n else 0
            if self.d.n > 1 and self.d.sd > 0:
                self.p = 2 * stats.t.sf(abs(self.d.mean) / (self.d.sd * np.sqrt(variance(self.d.n))), self.d.n - 1)
        if len(finite) >= 4:
            x = np.sort(finite)
            lowest = np.median(x) - x[0] > x[-1] - np.median(x)
            self.without = self.interval(x[1:] if lowest else x[:-1], variance)

    @staticmethod
    def interval(x, variance):
        d = Interval(x)
        if d.n > 1:
            if d.sd < 1e-12 * abs(d.mean):
                d.sd = 0
            half = stats.t.ppf(0.975, d.n - 1) * d.sd * np.sqrt(variance(d.n))
            d.low, d.high = d.mean - half, d.mean + half
        return d

    def shown(self, p, comparisons, side):
        if self.pairs < 2 or self.side != side:
            return False
        few = not self.folds and self.pairs < wilcoxon_from(comparisons)
        if not few and not np.isnan(p):
            return p < LEVEL
        return self.infinite == 0 and self.d.n >= 2 and (self.d.low > 0 if side > 0 else self.d.high < 0)

    def repeats_needed(self, comparisons):
        if self.infinite or self.d.n < 2 or not self.d.mean > 0 or not self.d.sd > 0:
            return 0
        z = stats.norm.ppf(1 - LEVEL / 2 / comparisons)
        n = ((z + stats.norm.ppf(0.8)) * self.d.sd / self.d.mean) ** 2 / 0.955 + z * z / 2
        return 0 if n > 1000 else int(np.ceil(n / 10) * 10) if n > 100 else int(np.ceil(n))


class Axis:
    """An axis, judged."""

    def __init__(self, study, axis):
        self.study, self.axis = study, axis
        self.values, self.best, self.claim = [], None, "same"
        self.small = self.large = None
        self.rest, self.rest_p, self.comparisons, self.effect = None, np.nan, 0, None
        self.underfits = self.overfits = False
        self.kind = self.kind_of()
        self.sizes = axis is study.size_axis and self.kind in ("numbers", "pair") and study.train_metric is not None
        self.gather()
        if self.values and self.best is not None:
            self.judge()

    # The losses ---------------------------------------------------------------------------------------------------

    def kind_of(self):
        s, axis = self.study, self.axis
        if self.is_data(axis):
            return "data" if axis.ordered else "tasks"
        if len(axis.values) == 2:
            return "pair"
        if axis.keys[0] == "hidden" and len(axis.values) <= 200:
            depths = {self.depth(g) for g in s.settings}
            if max(depths) > 1 and 1 < len(depths) < len(axis.values):
                return "depths"
        return "numbers" if axis.ordered or axis is s.size_axis else "words"

    @staticmethod
    def is_data(axis):
        return all(key.startswith("data.") for key in axis.keys)

    def depth(self, g):
        text = self.study.text("hidden", g)
        return 0 if text == "none" else 1 + text.count("x")

    def losses(self, g, metric):
        s = self.study
        more = s.maximize if metric == s.metric else more_is_better(metric)
        column, kind = s.column(metric), s.trials["fold" if s.folds else "repeat"]
        out = np.full(s.replicates, np.nan)
        for r in range(s.replicates):
            mine = [i for i in s.rows[g] if kind[i] == r]
            x = [np.nan if s.trials["status"][i] == "failed" else
                 (-column[i] if more else column[i]) if s.trials["status"][i] == "done" and np.isfinite(column[i]) else np.inf
                 for i in mine]
            out[r] = np.sum(x) / len(x) if x else np.nan
        return out

    def gather(self):
        s = self.study
        full = all(s.complete.values()) and np.prod([float(len(a.values)) for a in s.axes]) == len(s.settings)
        self.averaged = [a for a in s.axes if full and a is not self.axis and (len(a.values) == 2 or self.is_data(a))]
        self.held = [a for a in s.axes if a is not self.axis and a not in self.averaged]
        self.own = self.kind in ("words", "pair", "depths")
        self.labels = sorted({self.depth(g) for g in s.settings}) if self.kind == "depths" else list(self.axis.values)

        def line_of(g):
            return tuple(a.values.index(s.texts(a, g)) for a in s.axes
                         if a in self.held or (a is self.axis and self.kind == "depths"))
        self.cells, lines = {}, {}
        for g in s.settings:
            v = self.labels.index(self.depth(g) if self.kind == "depths" else s.texts(self.axis, g))
            lines.setdefault(line_of(g), {}).setdefault(v, []).append(g)
        self.lines = [lines[k] for k in sorted(lines) if self.own or len(lines[k]) > 1]
        if len(self.lines) * len(self.labels) > 64 * len(s.settings) + 4096:
            self.lines = []
        self.loss, self.train = self.table(s.metric), self.table(s.train_metric) if s.train_metric else None
        self.half = [self.choose(0), self.choose(1)]
        self.all = self.choose(None)
        self.index = {}
        for v in range(len(self.labels)):
            if self.all["line"].get(v) is not None:
                self.index[v] = len(self.values)
                self.values.append(self.value(v))
        self.best = self.index.get(self.all["best"])
        self.chosen = [self.index.get(h["best"]) for h in self.half]

    def table(self, metric):
        out = {}
        for k, line in enumerate(self.lines):
            for v, groups in line.items():
                x = np.mean([self.losses(g, metric) for g in groups], axis=0)
                if not np.isnan(x).any():
                    out[k, v] = x
        return out

    def score(self, line, v, half):
        x = self.loss.get((line, v))
        if x is None:
            return None
        x = x if half is None else x[half::2]
        return (np.isinf(x).sum(), x[np.isfinite(x)].mean() if np.isfinite(x).any() else 0) if len(x) else None

    @staticmethod
    def better(a, b):
        """Fewer that diverged, or a lower mean by more than rounding."""
        return b is None or (a[0] < b[0] if a[0] != b[0] else a[1] < b[1] - 1e-12 * abs(b[1]))

    def choose(self, half):
        best, common = {}, None
        for v in range(len(self.labels)):
            for k in range(len(self.lines)):
                score = self.score(k, v, half)
                if score is not None and self.better(score, best[v][0] if v in best else None):
                    best[v] = score, k
            if v in best and self.better(best[v][0], common and common[0]):
                common = best[v]
        if self.own:
            line = {v: k for v, (_, k) in best.items()}
        else:
            line = {v: common[1] for v in range(len(self.labels)) if common and self.score(common[1], v, half) is not None}
        choice = {"line": line, "half": half}
        choice["best"] = self.best_but(choice, None)
        choice["second"] = self.best_but(choice, choice["best"])
        others = [v for v in sorted(line) if v != choice["best"]]
        choice["worst"] = None
        for v in others:  # of equal ones the last
            if choice["worst"] is None or not self.better(self.of(choice, v), self.of(choice, choice["worst"])):
                choice["worst"] = v
        return choice

    def of(self, choice, v):
        return self.score(choice["line"][v], v, choice["half"])

    def best_but(self, choice, but):
        best = None
        for v in sorted(choice["line"]):
            if v != but and self.better(self.of(choice, v), best if best is None else self.of(choice, best)):
                best = v
        return best

    def value(self, v):
        s, line = self.study, self.all["line"][v]
        groups = self.lines[line][v]
        mean = np.mean([s.values(g, s.column(s.metric)) for g in groups], axis=0)
        return {"v": v, "groups": groups, "mean": s.spread(mean, limits_of(s.metric)),
                "diverged": int(np.isinf(self.loss[line, v]).sum())}

    # The comparisons --------------------------------------------------------------------------------------------------

    def test(self, table, a, b, chosen):
        """a, b: the values of either half's choice; `chosen`: how many of the two are the halves' own."""
        s, n = self.study, self.study.replicates
        every, finite = [], []
        for r in range(n):
            choice = self.half[(r + 1) % 2]
            pick = [(choice["line"].get(one[(r + 1) % 2]), one[(r + 1) % 2]) for one in (a, b)]
            if any(p not in table for p in pick):
                continue
            x, y = table[pick[0]][r], table[pick[1]][r]
            every.append(0 if x == y else x - y)
            if np.isfinite(x) and np.isfinite(y):
                finite.append(x - y)
        rests = chosen > 0 or len(self.lines) > 1

        def variance(m):
            if not s.folds:
                return (2 if chosen == 2 else 1.5 if rests else 1) / m
            shares = 1.25 if rests else 1
            if chosen:
                shares = max(shares, chosen * (1 + np.log2(len(self.lines) * len(self.labels))) / 2)
            return 1 / m + shares / (n - 1)
        return Test(every, finite, variance, s.folds)

    def end(self, a, b, chosen, index):
        s, value = self.study, self.values[index]
        end = {"index": index, "metric": self.test(self.loss, a, b, chosen),
               "train": self.test(self.train, a, b, chosen) if self.train is not None else None,
               "diverged": value["diverged"] > 0 and self.values[self.best]["diverged"] == 0}
        fit = "train_accuracy" if s.column("train_accuracy") is not None else "train_r2"
        end["fits"] = s.column(fit) is not None and \
            np.mean([np.mean(s.values(g, s.column(fit))) for g in value["groups"]]) > FITS
        return end

    def decide(self, rests):
        s = self.study
        p = [e["metric"].p if e else np.nan for e in (self.small, self.large)] + [self.rest_p]
        self.comparisons = int(np.sum(~np.isnan(p)))
        if self.comparisons < 2:
            self.comparisons = 2 if rests and not s.folds else 1
        corrected = page_study.holm(p)
        if np.isnan(p[1]) and np.isnan(p[2]) and not np.isnan(p[0]):
            corrected[0] = min(1, self.comparisons * p[0])
        self.rest_p = corrected[2]
        for end, value in ((self.small, corrected[0]), (self.large, corrected[1])):
            if end is None:
                continue
            end["p"] = value
            end["worse"] = end["diverged"] or end["metric"].shown(value, self.comparisons, 1)
            end["train_worse"] = end["diverged"] or (end["train"] is not None and end["train"].shown(end["train"].p, 1, 1))
            needed = 0 if end["worse"] or s.folds else end["metric"].repeats_needed(self.comparisons)
            end["repeats"] = needed if needed > s.replicates else 0

    def judge(self):
        s, last = self.study, len(self.values) - 1
        if s.replicates == 1:
            if self.kind != "numbers" and self.all["worst"] is not None:
                self.large = {"index": self.index[self.all["worst"]]}
            return
        if last < 1:
            return
        best = [h["best"] for h in self.half]
        value = {i: v for v, i in self.index.items()}
        alone = self.chosen == [self.best, self.best]
        if self.kind == "data" or last == 1:
            a, b = (0, last) if self.kind == "data" else (1 - self.best, self.best)
            self.small = self.end([value[a]] * 2, [value[b]] * 2, 0, a)
            if self.kind == "data":
                self.small["diverged"] = False
            self.decide(len(self.lines) > 1)
            if self.kind == "data":
                worse, better = (self.small["metric"].shown(self.small["p"], self.comparisons, side) for side in (1, -1))
                self.claim = "same" if not worse and not better else "rises" if worse == s.maximize else "falls"
            else:
                self.claim = "one" if self.small["worse"] else "same"
        elif self.kind == "numbers":
            if self.best != 0:
                self.small = self.end([value[0]] * 2, best, 1, 0)
            if self.best != last:
                self.large = self.end([value[last]] * 2, best, 1, last)
            if self.best in (0, last):
                v = value[self.best]
                self.rest = self.test(self.loss, [self.best_but(h, v) for h in self.half], [v, v], 1)
                self.rest_p = self.rest.p
            self.decide(True)
            top = alone and self.rest is not None and self.rest.shown(self.rest_p, self.comparisons, 1)
            small, large = (bool(e and e["worse"]) for e in (self.small, self.large))
            self.claim = "between" if small and large else "more" if small and top and self.best == last else \
                "less" if large and top and self.best == 0 else "small" if small else "large" if large else "same"
        else:
            self.small = self.end([h["second"] for h in self.half], best, 2, self.index[self.all["second"]])
            self.large = self.end([h["worst"] for h in self.half], best, 2, self.index[self.all["worst"]])
            self.rest_p = 1
            self.decide(True)
            self.claim = "one" if self.small["worse"] and alone else \
                "some" if self.small["worse"] or self.large["worse"] else "same"
        self.judge_sizes()
        if not self.is_data(self.axis):
            test = self.test(self.loss, [h["worst"] for h in self.half], best, 2)
            if test.d.n == s.replicates:
                self.effect, self.mean_effect = test.all, test.d.mean

    def judge_sizes(self):
        if not self.sizes:
            return
        small, large = self.small, self.large
        if len(self.values) == 2:
            small, large = (self.small, None) if self.best == 1 else (None, self.small)
        self.underfits = bool(small and small["worse"] and not small["diverged"] and small["train_worse"] and not small["fits"])
        self.overfits = bool(large and large["worse"] and not large["diverged"] and large["train"].pairs > 0 and
                             not large["train_worse"] and large["train"].infinite == 0 and large["train"].d.mean <= 0)

    def strength(self):
        if self.claim == "same":
            return 1
        return min([1] + [e["p"] for e in (self.small, self.large) if e and not np.isnan(e["p"])])

    # Words ------------------------------------------------------------------------------------------------------------

    def phrase(self, index):
        label = self.labels[self.values[index]["v"]]
        if self.kind == "depths":
            return f"{count_word(label)} hidden layer{'' if label < 2 else 's'}"
        return self.study.phrase(self.axis, next(g for g in self.study.settings if self.study.texts(self.axis, g) == label))

    def phrases(self, indices, named=False):
        """Names of values one after the other: only the first has the noun."""
        out = []
        for index in indices:
            text, label = self.phrase(index), self.labels[self.values[index]["v"]]
            if self.kind == "depths":
                out.append(count_word(label) if named and label > 0 else text)
                named = named or label > 0
                continue
            shown = self.axis.shown[label]
            own = len(self.axis.keys) > 1 or shown not in text
            out.append(shown if named and not own else text)
            named = named or not own
        return out

    def title(self):
        return self.study.axis_title(self.axis)

    def noun(self):
        return "depths" if self.kind == "depths" else "networks" if self.axis is self.study.size_axis else \
            f"values of {self.title()}"

    def others(self):
        s, out = self.study, ""
        if self.averaged:
            out += f", averaged over the values of {join([s.axis_title(a) for a in self.averaged])}"
        if self.held and self.own:
            out += f", each with its best {join([s.axis_title(a) for a in self.held])}"
        elif self.held:
            g = self.values[self.best]["groups"][0]
            out += f"; everything else as in the best setting: {', '.join(s.phrase(a, g) for a in self.held)}"
        return out


class Finding:
    def __init__(self, checker):
        self.study, self.checker = checker.study, checker
        s = self.study
        self.unit = " %" if s.scale == 100 else ""
        self.main, self.others, self.competing, self.largest, self.crosses = None, [], 0, False, []
        self.starts = self.count_starts()
        best = s.best
        diverged = best is not None and s.verdicts([best])["diverged"] > 0
        if best is None:
            self.kind = "nothing"
        elif self.starts:
            self.kind = "starts"
        elif len(s.settings) == 1:
            self.kind = "single"
        elif s.axes and all(Axis.is_data(a) and not a.ordered for a in s.axes):
            self.kind = "tasks"
        elif not s.complete[best] and diverged:
            self.kind = "unstable"
        elif not s.axes or not s.complete[best]:
            self.kind = "settings"
        else:
            self.judge()
        tied = len(s.ranked) > 1 and s.complete[s.ranked[1]] == s.complete[s.ranked[0]] and s.means[s.ranked[1]].n and \
            s.means[s.ranked[1]].mean == s.means[s.ranked[0]].mean
        if self.kind == "axis" and self.main.claim == "same" and tied:
            self.kind = "settings"

    def judge(self):
        s = self.study
        axes = [Axis(s, a) for a in s.axes]
        main = next(a for a in axes if a.axis is s.sweep_axis)
        if main.claim == "same" or len(main.values) < 2:
            clear = [a for a in axes if a.strength() * len(axes) < ANOTHER]
            if clear:
                # the first of the largest effect, data (of none) last
                main = max(clear, key=lambda a: a.mean_effect if a.effect is not None else 0)
        self.main = main
        if len(main.values) < 2 or main.best is None or main.kind == "tasks":
            self.kind = "settings"
        elif s.replicates == 1:
            self.kind = "untested"
        else:
            self.kind = "axis"
            self.others = [a for a in axes if a is not main and len(a.values) > 1 and a.best is not None and a.kind != "tasks"][:3]
            self.importance(axes)
            self.cross()

    def importance(self, axes):
        s, there = self.study, [a for a in axes if a.effect is not None]
        self.competing = len(there)
        others = [a for a in there if a is not self.main]
        if self.main not in there or not others or self.main.claim == "same" or \
                any(a.mean_effect >= self.main.mean_effect for a in others):
            return
        d = self.main.effect - max(others, key=lambda a: a.mean_effect).effect
        n = s.replicates

        def variance(m):
            return 2 / m if not s.folds else 1 / m + max(1.25, 1 + np.log2(2 * self.competing)) / (n - 1)
        test = Test(d, d, variance, s.folds)
        self.largest = test.shown(test.p * (self.competing - 1), self.competing - 1, 1)

    def cross(self):
        s = self.study
        if len(s.axes) != 2:
            return
        second = next(a for a in s.axes if a is not self.main.axis)
        if len(second.values) != 2:
            return
        at = {(s.texts(self.main.axis, g), s.texts(second, g)): g for g in s.settings}
        for v in (self.main.axis.values[0], self.main.axis.values[-1]):
            pair = [at.get((v, w)) for w in second.values]
            if None not in pair and s.compare(pair[1], pair[0]).d.n >= 2:
                self.crosses.append((second, *pair))

    def count_starts(self):
        """(network, task) -> (right, all), where the data are truth tables; else None."""
        s = self.study
        column = s.column("train_accuracy")
        trained = [g for g in s.settings if not all(s.trials["verdict"][i] == "not_trained" for i in s.rows[g])]
        if not s.metric.startswith("train") or column is None or not trained:
            return None
        for g in trained:
            x = self.checker.truth_table(s.rows[g][0])
            if x is None:
                return None
        out = {}
        for g in trained:
            key = tuple(tuple(s.texts(a, g) for a in s.axes if Axis.is_data(a) == data) for data in (False, True))
            right, n = out.get(key, (0, 0))
            out[key] = (right + sum(s.trials["status"][i] == "done" and column[i] == 1 for i in s.rows[g]), n + len(s.rows[g]))
        self.first = {}
        for g in trained:
            for data in (False, True):
                self.first.setdefault((data, tuple(s.texts(a, g) for a in s.axes if Axis.is_data(a) == data)), g)
        return out

    # The headline -----------------------------------------------------------------------------------------------------

    def mean_words(self):
        s = self.study
        return ("mean " if s.replicates > 1 else "") + ("best " if s.at == "best" else "") + s.title

    def extreme(self):
        return "highest" if self.study.maximize else "lowest"

    def repeats(self, many=True):
        return ("fold" if self.study.folds else "repeat") + ("s" if many else "")

    def means(self, text, main, indices):
        """"mean test loss is 0.32 with 1 hidden unit, 0.13 with 3 (the lowest) and 0.20 with 50"."""
        s, there = self.study, [i for i in indices if main.values[i]["diverged"] == 0]
        text.add(f"{self.mean_words()} is")
        for k, (i, phrase) in enumerate(zip(there, main.phrases(there))):
            mark = ""
            if i == main.best:
                end = "" if main.kind != "numbers" else ", and the largest tried" if i == len(main.values) - 1 else \
                    ", and the smallest tried" if i == 0 else ""
                mark = f" (the {self.extreme()}{end})"
            text.add(" " if k == 0 else " and " if k == len(there) - 1 else ", ")
            text.add(f"{{}}{self.unit} with {phrase}{mark}", main.values[i]["mean"].mean * s.scale)
        for i in indices:
            if i not in there:
                text.add(f"; with {main.phrase(i)}, {{}} of {{}} {self.repeats()} diverged", main.values[i]["diverged"], s.replicates)

    def spoken(self, main):
        if main.kind == "numbers":
            return sorted({main.best, 0, len(main.values) - 1})
        ends = [main.small] if main.claim == "one" else [main.large]
        return sorted({main.best} | {e["index"] for e in ends if e})

    def headline(self):
        text = Text()
        getattr(self, "headline_" + self.kind)(text)
        if self.kind in ("axis", "untested", "settings"):
            more = Text()
            if self.regression(more, self.study.best, False):
                text.add(" The best setting has ").add(more.text, *more.numbers).add(".")
        text.text = text.text[0].upper() + text.text[1:]
        return text

    def headline_axis(self, text):
        main = self.main
        kind = "data" if main.kind == "data" else "two" if len(main.values) == 2 else \
            "numbers" if main.kind == "numbers" else "words"
        getattr(self, "axis_" + kind)(text, main)
        text.add(main.others() + ".")
        if self.largest:
            text.add(f" The largest effect of the {{}} that were varied is that of {main.title()}.", self.competing)

    def axis_numbers(self, text, main):
        small, large = main.small and main.small["worse"], main.large and main.large["worse"]
        if main.sizes:
            one = "underfit" if main.underfits else "do worse"
            two = "overfit" if main.overfits else "train badly" if large and main.large["train_worse"] else "do worse"
            text.add(f"Small networks {one} and large ones {two}" if small and large else
                     f"Small networks {one}, but large ones are not shown to overfit" if small else
                     "Large networks overfit, but small ones are not shown to underfit" if large and main.overfits else
                     f"Large networks {two}" if large else "Neither underfitting nor overfitting is shown here")
        else:
            noun = main.noun()
            text.add({"more": f"Larger {noun} are better", "less": f"Smaller {noun} are better", "small": f"Small {noun} do worse",
                      "large": f"Large {noun} do worse", "between": f"Neither the smallest nor the largest {noun} are best",
                      "same": f"No difference between {noun} is shown"}[main.claim])
        text.add(": ")
        self.means(text, main, self.spoken(main))

    def axis_words(self, text, main):
        noun, s = main.noun(), self.study
        text.add({"one": "Of {} %s, %s is best: " % (noun, main.phrases([main.best], True)[0]), "some": f"Not all {noun} do as well: ",
                  "same": f"No difference between {noun} is shown: "}[main.claim], *([len(main.values)] if main.claim == "one" else []))
        if main.kind != "depths" or len(main.values) > 6:
            return self.means(text, main, self.spoken(main))
        text.add(f"{self.mean_words()} is at best")
        there = [i for i in range(len(main.values)) if main.values[i]["diverged"] == 0]
        for k, (i, phrase) in enumerate(zip(there, main.phrases(there))):
            network = f" ({s.phrase(main.axis, main.values[i]['groups'][0])})" if main.labels[main.values[i]["v"]] else ""
            text.add(" " if k == 0 else " and " if k == len(there) - 1 else ", ")
            text.add(f"{{}}{self.unit} with {phrase}{network}", main.values[i]["mean"].mean * s.scale)

    def straight(self, g):
        s = self.study
        i = s.rows[g][0]
        group = s.file[f"data/{s.trials['data'][i]}"]
        if s.text("hidden", g) != "none":
            return False
        if s.column("train_accuracy") is not None or "final_train_accuracy" in s.trials:
            return group.attrs["inputs"] == 2 and group.attrs["outputs"] == 2
        return group.attrs["inputs"] == 1 and s.trials["output"][i] == "identity"

    def axis_two(self, text, main):
        s, other = self.study, 1 - main.best
        a, b = main.values[main.best], main.values[other]
        if main.claim != "one" or a["diverged"] or b["diverged"]:
            if main.claim != "one":
                text.add(f"No difference between {main.phrase(0)} and {main.phrase(1)} is shown: ")
            return self.means(text, main, [0, 1])
        change = a["mean"].mean - b["mean"].mean
        straight = main.axis is s.size_axis and self.straight(b["groups"][0])
        text.add(f"{self.mean_words()} is {{}}{self.unit} with {main.phrase(main.best)}, {{}}{' points' if self.unit else ''} "
                 f"{'more' if change > 0 else 'less'} than {'a straight line' if straight else 'with ' + main.phrase(other)} "
                 f"({{}}{self.unit})", a["mean"].mean * s.scale, abs(change) * s.scale, b["mean"].mean * s.scale)

    def axis_data(self, text, main):
        s, ends = self.study, [0, len(main.values) - 1]
        if main.claim == "same" or any(main.values[i]["diverged"] for i in ends):
            text.add(f"No effect of {main.title()} is shown: ")
            return self.means(text, main, ends)
        if (main.claim == "rises") == s.maximize and main.axis.keys[0] == "data.samples":
            text.add("More training points help: ")
        one, two = main.phrases(ends)
        text.add(f"{self.mean_words()} {main.claim} from {{}}{self.unit} with {one} to {{}}{self.unit} with {two}",
                 *(main.values[i]["mean"].mean * s.scale for i in ends))

    LUCK = " With one repeat of each setting nothing can be said about whether they differ by more than luck."

    def headline_untested(self, text):
        if len(self.study.axes) > 1:
            return self.headline_settings(text)
        self.means(text, self.main, self.spoken(self.main))
        text.add(self.main.others() + "." + self.LUCK)

    def headline_settings(self, text):
        s = self.study
        ties = 1
        while ties < len(s.ranked) and s.complete[s.ranked[ties]] == s.complete[s.best] and \
                s.means[s.ranked[ties]].mean == s.means[s.best].mean:
            ties += 1
        mean = s.means[s.best].mean * s.scale
        if ties == 1:
            text.add(f"Of {{}} settings, the {self.extreme()} {self.mean_words()} is that of {s.label(s.best)}: {{}}{self.unit}.",
                     len(s.settings), mean)
        else:
            text.add(f"{{}} of {{}} settings share the {self.extreme()} {self.mean_words()}, {{}}{self.unit}; the smallest of "
                     f"them: {s.label(s.best)}.", ties, len(s.settings), mean)
        if s.replicates == 1 and ties < len(s.settings):
            text.add(self.LUCK)

    def headline_tasks(self, text):
        s = self.study
        every = len(s.settings) <= 4
        listed = s.settings if every else [s.ranked[0], s.ranked[-1]]
        text.add(f"{self.mean_words()} is " + ("" if every else "between "))
        for k, g in enumerate(listed):
            text.add("" if k == 0 else " and " if k == len(listed) - 1 else ", ")
            text.add(f"{{}}{self.unit} with {s.label(g)}", s.means[g].mean * s.scale)
        text.add(".")

    def headline_unstable(self, text):
        s = self.study
        text.add(f"Every setting diverged in at least one {self.repeats(False)}, so none is best: {s.label(s.best)} did so in "
                 "{} of {}.", s.replicates - s.means[s.best].n, s.replicates)

    def headline_nothing(self, text):
        s = self.study
        if s.verdicts(s.settings)["diverged"] == s.n:
            return text.add(f"{'All ' if s.n > 1 else 'The '}{{}} trial{'s' * (s.n > 1)} diverged: nothing was learned.", s.n)
        return text.add(f"No trial has a finite {s.title}: there is nothing to compare.")

    def headline_single(self, text):
        s = self.study
        if self.regression(text, s.settings[0], True):
            return text.add(".")
        text.add(f"The {self.mean_words()} is ")
        interval(text, s, s.means[s.settings[0]], s.metric)
        return text.add(".")

    def regression(self, text, g, alone):
        s = self.study
        split, kind = s.metric.split("_")
        mse, r2 = s.column(split + "_mse"), s.column(split + "_r2")
        if kind not in ("loss", "mse", "r2") or mse is None or r2 is None:
            return False
        root = s.spread(np.sqrt(s.values(g, mse)), (0, np.inf))
        text.add("RMSE " if alone else "an RMSE of ")
        if alone:
            interval(text, s, root, split + "_mse")
        else:
            text.add("{}", root.mean)
        text.add("; R² {}", s.interval(g, split + "_r2").mean)
        return True

    def headline_starts(self, text):
        s = self.study
        networks, tasks = ([k[1] for k in self.first if k[0] == data] for data in (False, True))
        if len(networks) == len(tasks) == 1:
            right, n = self.starts[networks[0], tasks[0]]
            question = s.description
            learns = question.startswith(("Does ", "Do ", "Can ", "Will ")) and "?" in question and " learn" in question and \
                not any(w in question for w in (" not ", "n't ", "n’t ", " never ", " fail", " no ", " without "))
            if learns and right in (0, n):
                text.add("Yes: " if right else "No: ")
            text.add("{}" if right else "none", *([right] if right else []))
            text.add(f" of {{}} start{'s' * (n != 1)} get{'s' * (right < 2)} every row right.", n)
            return
        assert len(networks) <= 6 and len(tasks) <= 8
        shapes = [s.text("hidden", self.first[False, k]) for k in networks]
        simple = len(set(shapes)) == len(shapes) and not any("x" in t for t in shapes)
        said, before, plural_named = False, None, False
        for k, network in enumerate(networks):
            shares = {t: self.starts.get((network, t), (0, 0)) for t in tasks}
            chosen = [t for t in tasks if shares[t][1] and
                      (k == 0 or any(a != b for a, b in (self.starts.get((n, t), (0, 0)) for n in networks[:k + 1])))]
            if not chosen:
                continue
            same = k > 0 and chosen == before and len({shares[t] for t in chosen}) == 1
            before, g = chosen, self.first[False, network]
            units = int(s.trials["hidden_units"][s.rows[g][0]])
            plural = simple and units > 1
            if not simple:
                differ = [a for a in s.axes if len({s.texts(a, self.first[False, n]) for n in networks}) > 1]
                name = ", ".join(s.phrase(a, g) for a in differ)
            elif units == 0:
                name = "a perceptron" if s.trials["output"][s.rows[g][0]] == "step" else "a network without a hidden layer"
            else:
                name = count_word(units) + ("" if plural_named and same else f" hidden unit{'s' * (units != 1)}")
            plural_named = plural_named or plural
            text.add(("" if k == 0 else ", " if same else "; ") + name)
            if not same:
                text.add((" get%s every row right" if len(tasks) == 1 else " learn%s") % ("" if plural else "s"))
            left, first = list(chosen), True
            while left:
                like = [t for t in left if shares[t] == shares[left[0]]]
                alone = like if len(tasks) > 1 and not same else left[:1]
                if not first:
                    text.add(" and" if len(left) == len([t for t in left if shares[t] == shares[left[0]]]) == 1 or
                             len(left) == 1 else ",")
                if len(tasks) > 1 and not same:
                    data = [a for a in s.axes if Axis.is_data(a)]
                    text.add(" " + join([", ".join(s.phrase(a, self.first[True, t]) for a in data) for t in like]))
                right, n = shares[left[0]]
                text.add(" from " + ("none" if said else "none of {} starts") if right == 0 else
                         " from {} of {}" + ("" if said else " start" if n == 1 else " starts"),
                         *([] if said and right == 0 else [n] if right == 0 else [right, n]))
                said, first = True, False
                left = [] if same else [t for t in left if t not in alone]
        text.add(".")

    # The detail ---------------------------------------------------------------------------------------------------------

    def change(self, text, d, p, few, test, metric=None):
        unit, scale = (" points", 100) if (metric or self.study.metric).endswith("accuracy") else ("", 1)
        if d.sd == 0:
            return text.add(f"{{}}{unit} (the same in all {{}} pairs)", d.mean * scale, d.n)
        text.add(f"{{}}{unit} (95 % interval {{}} to {{}}", d.mean * scale, *sorted((d.low * scale, d.high * scale)))
        if not few:
            if np.isnan(p):
                text.add("; no difference to test")
            elif p < 0.001:
                text.add(f"; {test} p < 0.001")
            else:
                text.add(f"; {test} p = {{}}", p)
        return text.add(")")

    def difference(self, text, t, p, comparisons, sign=1):
        d = Interval([])
        d.n, d.mean, d.sd = t.d.n, sign * t.d.mean, t.d.sd
        d.low, d.high = sorted((sign * t.d.low, sign * t.d.high))
        few = not self.study.folds and d.n < wilcoxon_from(comparisons)
        return self.change(text, d, p, few, "t test" if self.study.folds else "Wilcoxon")

    def detail(self):
        text, s = Text(), self.study
        if self.kind == "axis":
            self.say_axis(text, self.main)
            self.say_diverged(text, self.main)
            if len(self.crosses) == 2:
                self.say_cross(text)
            else:
                for other in self.others:
                    self.say_other(text, other)
        if self.kind in ("axis", "untested", "settings") and s.smallest is not None and s.smallest != s.best:
            text.add(f"The smallest setting within one standard error of the best: {s.label(s.smallest)}. ")
        if s.best is not None and s.metric.startswith("train"):
            text.add("There is no held-out data, so this says nothing about new data. ")
        elif s.best is not None and s.metric.startswith("test") and len(s.settings) > 1:
            text.add("The best was chosen on the test set itself, so its own figure is slightly optimistic. ")
        self.trouble(text)
        return text

    def end_sentence(self, text, main, end, which, large):
        s = self.study
        if end is None:
            return
        text.add(f"The {which}, {main.phrase(end['index'])}, ")
        if end["diverged"]:
            text.add(f"diverged in {{}} of {{}} {self.repeats()}. ", main.values[end["index"]]["diverged"], s.replicates)
            return
        if end["worse"]:
            text.add(f"is worse in {s.title} by ")
            self.difference(text, end["metric"], end["p"], main.comparisons)
            self.training(text, main, end, large) if main.sizes else text.add(". ")
        else:
            text.add(f"is not shown to be worse: its {s.title} differs by ")
            self.difference(text, end["metric"], end["p"], main.comparisons, -1 if s.maximize else 1)
            text.add(". ")
        self.disagreement(text, end, main.comparisons)
        if not end["worse"]:
            self.power(text, end)

    def training(self, text, main, end, large):
        s, t = self.study, end["train"]
        title = metric_title(s.train_metric)

        def change():
            few = not s.folds and t.d.n < page_study.WILCOXON_FROM
            self.change(text, t.d, t.p, few, "t test" if s.folds else "Wilcoxon", s.train_metric)
        if t.pairs == 0:
            text.add(". ")
        elif large and end["train_worse"]:
            text.add(f", but so it is in {title}, by ")
            change()
            text.add(": it trains badly rather than overfits. ")
        elif large and main.overfits:
            text.add(f", while its {title} is no worse: it overfits. ")
        elif large:
            text.add(f"; its {title} seems worse as well, which is not shown, so whether it overfits or trains badly is open. ")
        elif end["train_worse"]:
            text.add(f", and in {title} by ")
            change()
            text.add("; but it gets more than 99 % of its training rows right, so it does not underfit. " if end["fits"] else
                     ": it underfits. ")
        else:
            text.add(f", but its {title} is not shown to be: that is not underfitting. ")

    def disagreement(self, text, end, comparisons):
        s, t = self.study, end["metric"]
        if t.d.n < wilcoxon_from(comparisons) or s.folds or (t.d.low > 0) == end["worse"]:
            return
        if end["worse"] and t.without is not None and t.without.low > 0:
            text.add("One repeat stands out and widens that interval: without it, it is {} to {}. ", t.without.low * s.scale,
                     t.without.high * s.scale)
        elif end["worse"]:
            text.add("That interval reaches across zero; Wilcoxon’s test, which decides, looks at ranks alone. ")
        else:
            text.add("That interval leaves out zero, but Wilcoxon’s test, which decides, does not reach 5 %. ")

    @staticmethod
    def power(text, end):
        if end["repeats"]:
            text.add("If the difference is what it seems, about {} repeats would show it (power 0.8). ", end["repeats"])

    def say_data(self, text, main):
        one, two = main.phrases([0, len(main.values) - 1])
        text.add(f"From {one} to {two}, {self.study.title} changes by ")
        self.difference(text, main.small["metric"], main.small["p"], main.comparisons, 1 if self.study.maximize else -1)
        text.add(". ")

    def say_axis(self, text, main):
        s, last = self.study, len(main.values) - 1
        if main.kind == "data":
            self.say_data(text, main)
            self.power(text, main.small)
        elif last == 1:
            self.end_sentence(text, main, main.small, "other one", main.best < main.small["index"])
        elif main.kind == "numbers":
            self.end_sentence(text, main, main.small, "smallest tried", False)
            self.end_sentence(text, main, main.large, "largest tried", True)
            if main.best in (0, last) and main.rest.pairs >= 2 and main.rest.infinite == 0:
                shown = "shown" if main.claim in ("more", "less") else "not shown"
                text.add(f"The {'smallest' if main.best == 0 else 'largest'} is the best; that it is better than the best of the "
                         f"others is {shown}: they differ by ")
                self.difference(text, main.rest, main.rest_p, main.comparisons)
                text.add(". ")
        else:
            self.end_sentence(text, main, main.small, "second best", False)
            self.end_sentence(text, main, main.large, "worst", True)
        self.pairing(text, main)

    def pairing(self, text, main):
        s, two = self.study, len(main.values) == 2 or main.kind == "data"
        if two:
            text.add(f"The two are paired over the {self.repeats()}. ")
            if main.held:
                text.add(f"All else is chosen on one half of the {self.repeats()} and compared on the other, both ways. ")
        else:
            text.add(f"The best is chosen on one half of the {self.repeats()} and compared on the other, both ways")
            if None not in main.chosen:
                one, other = main.phrases(main.chosen)
                text.add(f" (both halves choose {one})" if main.chosen[0] == main.chosen[1] else
                         f" (one half chooses {one}, the other {other})")
            what = "depth" if main.kind == "depths" else "size" if main.axis is s.size_axis else "value"
            text.add(f", so that no {self.repeats(False)} judges a {what} that it helped to choose. ")
        few = not s.folds and s.replicates < wilcoxon_from(main.comparisons)
        if not few and main.comparisons > 1:
            if two:
                text.add("p is doubled, because the halves have something in common. ")
            else:
                text.add("p is corrected by Holm for {} comparisons. ", main.comparisons)
        if few:
            text.add("With fewer than {} repeats Wilcoxon’s test cannot reach 5 %: the interval decides. ",
                     wilcoxon_from(main.comparisons))
        if s.folds:
            text.add("Folds share training rows, which intervals and p take into account. ")

    def say_diverged(self, text, main):
        ends = [e["index"] for e in (main.small, main.large) if e]
        named = [i for i, v in enumerate(main.values) if v["diverged"] and i not in ends][:6]
        for k, i in enumerate(named):
            text.add(f"{'Also, ' if k == 0 else ', '}{main.phrase(i)} diverged in {{}} of {{}}", main.values[i]["diverged"],
                     self.study.replicates)
        if named:
            text.add(". ")

    def say_other(self, text, other):
        s = self.study
        if other.kind == "data":
            return self.say_data(text, other)
        text.add(f"Of {other.title()}, {other.phrase(other.best)} is the best:")
        ends = [e for e in (other.small, other.large) if e]
        if len(ends) == 2 and ends[0]["index"] == ends[1]["index"]:
            ends = ends[:1]
        for k, end in enumerate(ends):
            text.add(f"{' ' if k == 0 else ', '}{other.phrase(end['index'])} ")
            if end["diverged"]:
                text.add(f"diverged in {{}} of {{}} {self.repeats()}", other.values[end["index"]]["diverged"], s.replicates)
                continue
            text.add(("is worse" if end["worse"] else "is not shown to be worse, it differs") + " by ")
            self.difference(text, end["metric"], end["p"], other.comparisons, -1 if s.maximize and not end["worse"] else 1)
        return text.add(". ")

    def say_cross(self, text):
        s = self.study
        second, low, high = self.crosses[0]
        text.add(f"From {s.phrase(second, low)} to {s.phrase(second, high)}, {s.title} changes by ")
        for k, (_, a, b) in enumerate(self.crosses):
            compared = s.compare(b, a)
            text.add(", and by " if k else "")
            few = not s.folds and compared.d.n < page_study.WILCOXON_FROM
            self.change(text, compared.d, compared.p, few, "t test" if s.folds else "Wilcoxon")
            text.add(f" with {s.phrase(self.main.axis, a)}")
        text.add(". ")

    def trouble(self, text):
        s = self.study
        count = s.verdicts(s.settings)
        if count["oscillating"]:
            rates = {s.text("learning_rate", g) for g in s.settings}
            text.add("In {} of {} trials the step is too large", count["oscillating"], s.n)
            if len(rates) == 1:
                text.add(" (learning rate {})", float(rates.pop()))
            text.add(": at the end their updates go back and forth. ")
        if count["diverged"]:
            text.add("{} of {} trials diverged; what helps: a smaller learning rate. ", count["diverged"], s.n)
        if count["failed"]:
            text.add("{} trials failed. ", count["failed"])
        if count["diverged"] + count["failed"] and s.best is not None and len(s.settings) > 1:
            text.add("Settings with such a trial rank below all others. ")
