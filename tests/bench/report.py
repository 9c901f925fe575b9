"""From figures to what scripts/bench shows: goals and ratios, a table, Markdown, tab-separated figures, pictures.

The goals were set on a Zen 5 with AVX-512, except where a row says AVX2."""
import dataclasses
import pathlib
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass
class Row:
    workload: str
    what: str      # of ours
    against: str   # the other side, in words
    ours: str      # key
    others: tuple  # keys; the best of those measured counts. None: `ours` is the ratio itself
    goal: float    # None: shown only
    kind: str = "time"  # time: other / ours; rate: ours / other; share: ours as it is; most: ours at most the goal
    scale: float = 1




TORCH = ("script", "manual")
ROWS = [
    Row("W1", "study, 1 thread", "NumPy, as in the tutorial", "w1/runner-f64-1t/study", ("w1/numpy-f64-1p/study",), 75),
    Row("W1", "study, 1 thread", "NumPy, tuned", "w1/runner-f64-1t/study", ("w1/numpy-tuned-f64-1p/study",), 20),
    Row("W1", "study, 1 thread", "scikit-learn", "w1/runner-f64-1t/study", ("w1/sklearn-f64-1p/study",), None),
    Row("W1", "study, 1 thread", "FANN, float64", "w1/runner-f64-1t/study", ("w1/fann-f64/study",), 18),
    Row("W1", "study, 1 thread", "PyTorch, the best", "w1/runner-f64-1t/study",
        tuple(f"w1/torch-{t}-f64-1p/study" for t in TORCH), None),
    Row("W1", "study, 2 threads", "PyTorch, the best, 2 processes", "w1/runner-f64-2t/study",
        tuple(f"w1/torch-{t}-f64-2p/study" for t in TORCH), 15),
    Row("W1", "study, 2 threads", "NumPy, tuned, 2 processes", "w1/runner-f64-2t/study",
        ("w1/numpy-tuned-f64-2p/study",), None),
    Row("W1", "study, AVX2 only, 1 thread", "NumPy, as in the tutorial", "w1/runner-v3-1t/study",
        ("w1/numpy-f64-1p/study",), 33),
    Row("W1", "study, AVX2 only, 1 thread", "PyTorch, the best", "w1/runner-v3-1t/study",
        tuple(f"w1/torch-{t}-f64-1p/study" for t in TORCH), 8),
    Row("W1", "whole process, 1 thread", "NumPy's training alone", "w1/runner-f64-1t/whole", ("w1/numpy-f64-1p/study",), 50),
    Row("W1", "study float32, 1 thread", "FANN, float32", "w1/runner-f32-1t/study", ("w1/fann-f32/study",), None),
    Row("W2", "grid of 1350, whole process, 2 threads", "scikit-learn + joblib", "w2/runner-f64-2t/grid",
        ("w2/sklearn-f64-2p/grid",), 95),
    Row("W2", "grid of 1350, whole process, 2 threads", "GridSearchCV", "w2/runner-f64-2t/grid",
        ("w2/sklearn-search-f64-2p/grid",), 130),
    Row("W2", "grid of 1350, whole process, 2 threads", "NumPy, 2 processes", "w2/runner-f64-2t/grid",
        ("w2/numpy-f64-2p/grid",), 45),
    Row("W2", "grid of 1350, whole process, 2 threads", "PyTorch baddbmm", "w2/runner-f64-2t/grid",
        ("w2/torch-bmm-f64-2p/grid",), 17),
    Row("W2", "the same, every epoch recorded", "NumPy, 2 processes", "w2/runner-recording-2t/grid",
        ("w2/numpy-f64-2p/grid",), None),
    Row("W2", "grid of 1350, whole process, 2 threads", "PyTorch manual, 2 processes", "w2/runner-f64-2t/grid",
        ("w2/torch-manual-f64-2p/grid",), None),
    Row("W3", "online MNIST float64", "NumPy", "w3/kernel-f64/sample", ("w3/numpy-f64/sample",), 6.5),
    Row("W3", "online MNIST float64", "PyTorch manual", "w3/kernel-f64/sample", ("w3/torch-manual-f64/sample",), 4),
    Row("W3", "online MNIST float64", "FANN, float64", "w3/kernel-f64/sample", ("w3/fann-f64/sample",), None),
    Row("W3", "online MNIST float32", "NumPy", "w3/kernel-f32/sample", ("w3/numpy-f32/sample",), None),
    Row("W3", "online MNIST float32", "PyTorch manual", "w3/kernel-f32/sample", ("w3/torch-manual-f32/sample",), 6),
    *[Row("W4", f"deep MNIST {name}, 1 thread", "best of NumPy, PyTorch", f"w4/kernel-{t}/images",
          (f"w4/numpy-{t}/images", f"w4/torch-{t}/images", f"w4/torch-manual-{t}/images"), 1.25, "rate")
      for name, t in (("float64", "f64"), ("float32", "f32"))],
    *[Row("W4", f"deep MNIST {name}, 1 thread", "scikit-learn", f"w4/kernel-{t}/images", (f"w4/sklearn-{t}/images",), None,
          "rate") for name, t in (("float64", "f64"), ("float32", "f32"))],
    *[Row("W5", "beans, one trial", name, "w5/kernel-f64/update", (f"w5/{key}/update",), goal)
      for name, key, goal in (("pure Python", "python-f64", None), ("NumPy", "numpy-f64", None),
                              ("PyTorch", "torch-f64", None), ("FANN, float64", "fann-f64", 1.6))],
]
OWN = [
    *[Row("W1", f"kernel, h = {h}", "tanh bound", f"w1/share-f64/h{h}", None, goal, "share")
      for h, goal in ((1, None), (2, None), (3, 0.65), (4, None), (5, None), (20, 0.75), (50, 0.75))],
    Row("W3", "kernel, float64", "bandwidth bound", "w3/share-f64/sample", None, 0.85, "share"),
    Row("W3", "kernel, float32", "bandwidth bound", "w3/share-f32/sample", None, None, "share"),
    Row("W4", "kernel, float64", "multiply-add rate", "w4/share-f64/images", None, None, "share"),
    Row("W4", "kernel, float32", "multiply-add rate", "w4/share-f32/images", None, 0.65, "share"),
    Row("tiny", "10000 tiny trials, us a trial, whole process", "", "tiny/runner-f64-2t/trial", None, 20, "most"),
    Row("tiny", "start, parse, expand 1350 trials, ms", "", "tiny/runner/start", None, 10, "most"),
    Row("threads", "100 equal trials, 2 threads: efficiency", "1 thread", "threads/runner-equal-2t/training",
        ("threads/runner-equal-1t/training",), 0.95, "time", 0.5),
    Row("threads", "one deep trial, batch 1000, 2 threads", "1 thread", "threads/runner-batch1000-2t/training",
        ("threads/runner-batch1000-1t/training",), 1.6),
    Row("threads", "the study, 2 threads", "1 thread", "w1/runner-f64-2t/study", ("w1/runner-f64-1t/study",), 1.7),
    Row("W5", "32 trials of one shape, a trial", "one trial alone", "w5/runner-32-1t/trial", ("w5/runner-alone-1t/trial",), 15),
    *[Row("limits", f"own {f}, {name}", "libmvec", f"limit/{f}/{t}", (f"limit/libmvec-{f}/{t}",), goal)
      for f, name, t, goal in (("tanh", "float64", "f64", 1.8), ("exp", "float64", "f64", 1.33),
                               ("tanh", "float32", "f32", None), ("exp", "float32", "f32", None))],
]


@dataclasses.dataclass
class Result:
    row: Row
    ours: float
    other: float     # None under share and most
    unit: str
    ratio: float     # median; low and high over the rounds
    low: float
    high: float

    @property
    def reached(self):
        """None without a goal."""
        if self.row.goal is None:
            return None
        return self.ratio <= self.row.goal if self.row.kind == "most" else self.ratio >= self.row.goal


def judge(row, figures):
    """A Result; None where a side was not measured. figures: key -> (values of the rounds, unit)."""
    if row.ours not in figures:
        return None
    mine, unit = figures[row.ours]
    if row.others is None:
        return Result(row, statistics.median(mine), None, unit, statistics.median(mine), min(mine), max(mine))
    found = [figures[k][0] for k in row.others if k in figures]
    if not found:
        return None
    best = (max if row.kind == "rate" else min)(found, key=statistics.median)
    ratios = [row.scale * (a / b if row.kind == "rate" else b / a) for a, b in zip(mine, best)]
    return Result(row, statistics.median(mine), statistics.median(best), unit, statistics.median(ratios), min(ratios),
                  max(ratios))


def unmeasured(figures, chosen):
    """Goals that nothing was measured for."""
    return [f"{row.workload} {row.what}" + (f" beside {row.against}" if row.against else "") + f": goal {row.goal:g}"
            for row in ROWS + OWN if row.goal is not None and row.workload.lower() in chosen and not judge(row, figures)]


def number(value):
    if value is None:
        return ""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 10 else 3 if abs(value) >= 0.1 else 5
    return f"{value:.{digits}f}"


def line(result):
    row = result.row
    goal = "" if row.goal is None else f"{'<=' if row.kind == 'most' else '>='} {row.goal:g}"
    said = {None: "", True: "yes", False: "NO"}[result.reached]
    both = "" if result.other is None else f"{number(result.ours)} {result.unit}"
    other = "" if result.other is None else f"{number(result.other)} {result.unit}"
    return [row.workload, row.what, row.against, both, other,
            f"{number(result.ratio)} [{number(result.low)} - {number(result.high)}]", goal, said]


HEAD = ["", "ours", "beside", "ours", "the other", "ratio or share", "goal", "reached"]
LIMIT_HEAD = ["limit of one core", "median", "range"]


def limits(figures):
    """Lines of what the machine can do, medians of the rounds."""
    rows = []
    for key, (values, unit) in figures.items():
        if key.startswith("limit/") and not key.startswith("limit/size"):
            size = figures.get("limit/size/" + key.split("/")[-1])
            name = key[len("limit/"):].replace("/", " ") + (f" ({size[0][0]:.0f} KiB)" if size else "")
            rows.append([name, f"{number(statistics.median(values))} {unit}", f"[{number(min(values))} - {number(max(values))}]"])
    return rows


def text_table(head, rows):
    widths = [max(len(str(r[i])) for r in [head, *rows]) for i in range(len(head))]
    return "\n".join("  ".join(str(c).ljust(w) for c, w in zip(r, widths)).rstrip() for r in [head, *rows])


def markdown_table(head, rows):
    return "\n".join("| " + " | ".join(str(c) for c in r) + " |" for r in [head, ["---"] * len(head), *rows])


def losses(results):
    """In plain words: goals that were not reached, and peers that are faster."""
    said = []
    for r in results:
        what = f"{r.row.workload} {r.row.what}" + (f" beside {r.row.against}" if r.row.against else "")
        if r.reached is False:
            short = r.ratio / r.row.goal if r.row.kind == "most" else r.row.goal / r.ratio
            said.append(f"{what}: {number(r.ratio)}, goal {r.row.goal:g} (missed by a factor of {short:.2f})")
        elif r.row.kind in ("time", "rate") and r.row.scale == 1 and r.ratio < 1:
            said.append(f"{what}: the other is {1 / r.ratio:.2f} times as fast")
    return said


def write_tsv(path, figures):
    with open(path, "w") as f:
        print("key", "median", "low", "high", "rounds", "unit", sep="\t", file=f)
        for key, (values, unit) in figures.items():
            print(key, f"{statistics.median(values):.6g}", f"{min(values):.6g}", f"{max(values):.6g}", len(values), unit,
                  sep="\t", file=f)


def draw(path, program, data, variables):
    """path.svg from path.gp and path.tsv by gnuplot; the reason where it cannot, else None."""
    plots = ROOT / "scripts/plots"
    path.with_suffix(".tsv").write_text(data)
    script = variables + (plots / "style.gp").read_text() + (plots / program).read_text()
    path.with_suffix(".gp").write_text(script)
    argv = ["gnuplot", "-d", "-c", f"{path.stem}.gp", f"{path.stem}.tsv", f"{path.stem}.svg", "wide"]
    try:
        done = subprocess.run(argv, cwd=path.parent, capture_output=True, text=True, timeout=60)
    except OSError as trouble:
        return str(trouble)
    return None if done.returncode == 0 else done.stderr.strip()[-400:]


def draw_ratios(path, results):
    """Bars of ratios to the peers."""
    shown = [r for r in results if r.row in ROWS]
    if not shown:
        return "no peer was measured"
    state = {None: 0, True: 1, False: 2}
    lines = ["place\tlabel\tratio\tlow\thigh\tgoal\tstate"]
    for i, r in enumerate(shown, 1):
        goal = f"{r.row.goal or 0:g}"
        what = r.row.what.replace(", whole process", "")
        lines.append(f"{i}\t{r.row.workload} {what}: {r.row.against}\t{r.ratio:.5g}\t{r.low:.5g}\t{r.high:.5g}\t{goal}\t"
                     f"{state[r.reached]}")
    top = max(max(r.high, r.row.goal or 1) for r in shown)
    low = min(0.9, min(r.low for r in shown) * 0.9)
    return draw(path, "bench-ratios.gp", "\n".join(lines) + "\n",
                f"places = {len(shown)}; x_low = {low:.3g}; x_high = {top * 2:.4g}\n")


def draw_curves(path, rows):
    """Four panels: cost against trials, hidden units, samples, threads."""
    if not rows:
        return "nothing was measured"
    names = ("trials", "hidden", "samples", "threads")
    lines = ["curve\tx\ty"] + [f"{names.index(c)}\t{x}\t{y:.6g}" for c, x, y in rows]
    ends = ""
    for i, name in enumerate(names):
        values = [(x, y) for c, x, y in rows if c == name] or [(1, 1)]
        ends += (f"x{i} = {max(v[0] for v in values)}; y{i} = {max(v[1] for v in values):.6g}; "
                 f"l{i} = {min(v[1] for v in values):.6g}\n")
    first = next((y for c, x, y in rows if c == "threads" and x == 1), 1)
    return draw(path, "bench-curves.gp", "\n".join(lines) + "\n", ends + f"alone = {first:.6g}\n")
