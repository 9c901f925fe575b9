"""Opens reports in a headless Chromium as readers do: on a telephone, a desk and paper, light and dark.
usage: page.py RUNNER SOURCE_DIR [--shots DIR] [NAME ...] (only those of the studies and comparisons below)"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import browser  # noqa: E402
import page_compare  # noqa: E402
import page_numbers  # noqa: E402

RUNNER, SOURCE = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
SHOTS = pathlib.Path(sys.argv[4]) if "--shots" in sys.argv else None
ONLY = sys.argv[5 if SHOTS else 3:]
HOSTILE = "a'b\\\"`touch PWNED`$(x)<script>alert(1)</script>&é"
# Files whose names are shown wherever settings are; quotes at the start and side by side are gnuplot's own trouble.
NAMES = ("\"'a''b`touch PWNED`$(touch PWNED)<script>alert(1)<⁄script>&é;.csv\"", "\"plain.csv\"")
# Words for classes: one that is too long beside a matrix.
WORDS = ("it's <b>bold</b>", "`touch PWNED` déjà vu et encore", "\"a \"\"quoted\"\" one\"")
MOONS = "data: {kind: moons, samples: 60, noise: 0.2, seed: 0, test_samples: 200}\n"
FAST = "fixed: {learning_rate: 0.3, epochs: 40, batch_size: full%s}\nrecord: {every: 5, weights: final}\n"
FEW = "report: [overfitting, boundaries, curves, ranking, comparison]\n"

# A study, and what its page must say.
STUDIES = {
    "moons": (MOONS + FAST % "" + "grid: {hidden: [1, 2, 4]}\nrepeats: 6\n", ["Overfitting", "Decision boundaries"]),
    "grid": (MOONS + "fixed: {epochs: 40, batch_size: full}\nrecord: {every: 5, weights: final}\n" "grid: {hidden: [2, 4], learning_rate: [0.1, 0.5], l2: [0, 0.01]}\nrepeats: 2\n"
             "report: [heatmap, slices, importance, parallel, cost, reproduce]\n",
             ["Which setting matters", "All settings at once", "runner verify"]),
    "one-seed": (MOONS + FAST % "" + "grid: {hidden: [1, 3]}\nrepeats: 1\n" + FEW, ["no intervals"]),
    "all-diverged": ("data: {kind: sine, samples: 30, seed: 0}\n"
                     "fixed: {hidden: 3, activation: relu, learning_rate: 1e6, epochs: 30}\nrepeats: 2\n",
                     ["diverged"]),
    "sine": ("data: {kind: sine, samples: 40, seed: 0, test_samples: 50}\n" + FAST % ", activation: tanh"
             + "grid: {hidden: [1, 4]}\nrepeats: 2\nreport: [fit, overfitting, ranking]\n", ["Fitted curves"]),
    "gates": ("data: {kind: gates}\n" + FAST % ", reduction: sum" + "grid: {data.gate: [and, xor], hidden: [[], 2]}\n"
              "repeats: 3\nmetric: {name: train_accuracy, goal: maximize}\nreport: [gates, boundaries]\n",
              ["Truth tables"]),
    "digits": (f"data: {{kind: csv, path: {SOURCE}/experiments/data/digits.csv, label: digit, scale: {{min: 0, max: 1}}, folds: 2}}\n"
               "fixed: {optimizer: adam, learning_rate: 0.01, epochs: 3, batch_size: 32}\ngrid: {hidden: [4, 8]}\n"
               "metric: {name: test_accuracy, goal: maximize}\nrecord: {every: 1, weights: final}\n"
               "report: [confusion, weights, ranking]\n", ["Confused classes", "Misclassified images"]),
    "hostile": ("description: \"%s\"\n" % HOSTILE + MOONS + FAST % "" + "grid: {hidden: [1, 2]}\nrepeats: 2\n" + FEW,
                ["&lt;script&gt;alert(1)"]),
    "samples-relu": (MOONS.replace("samples: 60, ", "per_repeat: true, ") + FAST % ", hidden: 8, activation: relu"
                     + "grid: {data.samples: [20, 60, 200, 300], l2: [0, 0.01]}\nrepeats: 6\n", ["training points"]),
    "activation-5": (MOONS + "fixed: {learning_rate: 0.3, epochs: 60, hidden: 4}\n"
                     "grid: {activation: [sigmoid, tanh, elu, relu, softplus]}\nrepeats: 6\nreport: [ranking]\n"
                     "metric: {name: test_accuracy, goal: maximize, at: best}\n", ["Ranking"]),
    "best-weights": (MOONS.replace("samples: 60", "samples: 30").replace("noise: 0.2", "noise: 0.5")
                     + "fixed: {learning_rate: 0.5, epochs: 600, batch_size: 8}\nrecord: {weights: both}\n"
                     "metric: {name: test_loss, at: best}\ngrid: {hidden: [4, 16]}\nrepeats: 2\n"
                     "report: [boundaries, ranking]\n", ["Decision boundaries"]),
    "scaled": (MOONS.replace("samples: 60, ", "per_repeat: true, standardize: true, samples: 30, ") + FAST % "" + "grid: {hidden: [1, 3, 8]}\n"
               "repeats: 4\nreport: [overfitting, decomposition, boundaries, ranking]\n", ["Where the error comes from"]),
    "words": ("data: {kind: csv, path: words.csv, label: \"what's it\", standardize: true, test_fraction: 0.4}\n" + FAST % ""
              + "grid: {hidden: [1, 4]}\nrepeats: 2\nreport: [confusion, boundaries, overfitting, ranking]\n",
              ["Confused classes", "&lt;b&gt;", "Across: le`ngth; up: wi$dth"]),
    "shared": (MOONS.replace("noise: 0.2", "noise: 0").replace("test_samples: 200", "test_samples: 60") + FAST % ", hidden: 3",
               ["the test says nothing about new data"]),
    "one-run": (MOONS + FAST % ", hidden: 3", ["one repeat, so no interval"]),
    "samples": (MOONS.replace("samples: 60, ", "per_repeat: true, ") + FAST % ", hidden: 8"
                + "grid: {data.samples: [20, 60, 200], l2: [0, 0.01]}\nrepeats: 6\n",
                ["training points", "From no l2 penalty to l2 penalty 0.01, test loss changes by"]),
    "activation": (MOONS + "fixed: {learning_rate: 0.3, epochs: 40, hidden: 4}\n"
                   "grid: {activation: [tanh, relu, sigmoid, identity]}\nrepeats: 6\n"
                   "metric: {name: test_accuracy, goal: maximize, at: best}\n", ["values of activation"]),
    "rates": ("data: {kind: sine, samples: 40, seed: 0, test_samples: 50}\nfixed: {hidden: 4, epochs: 60}\n"
              "grid: {learning_rate: {min: 1e-3, max: 1e3, num: 7, scale: log}}\nrepeats: 3\n",
              ["learning rate", "diverged"]),
    "rates-relu": ("data: {kind: sine, samples: 60, seed: 0, test_samples: 50}\nfixed: {hidden: 4, epochs: 60, activation: relu}\n"
                   "grid: {learning_rate: {min: 1e-3, max: 1e3, num: 7, scale: log}}\nrepeats: 4\nreport: [ranking]\n", ["diverged"]),
    "digits-relu": (f"data: {{kind: csv, path: {SOURCE}/experiments/data/digits.csv, label: digit, scale: {{min: 0, max: 1}}, folds: 2}}\n"
                    "fixed: {optimizer: adam, learning_rate: 0.01, epochs: 3, batch_size: 32, activation: relu}\ngrid: {hidden: [4, 8]}\n"
                    "metric: {name: test_accuracy, goal: maximize}\nreport: [ranking]\n", ["Ranking"]),
    "flat-map": (MOONS.replace("samples: 60, ", "per_repeat: true, ") + "fixed: {learning_rate: 0.3, epochs: 60}\n"
                 "grid: {hidden: [3, 4], l2: [0, 1e-9], l1: [0, 1e-9]}\nrepeats: 3\nreport: [heatmap]\n",
                 ["The scale is as wide as a mean 95 % interval", "All maps have the same scale of colours"]),
    "six-axes": (MOONS + "fixed: {epochs: 30, init: he_normal}\ngrid: {hidden: [2, [4, 3]], learning_rate: [0.1, 0.5], l2: [0, 0.01], "
                 "activation: [tanh, relu], momentum: [0, 0.5], batch_size: [full, 20]}\nrepeats: 2\n",
                 ["All of them:", "6 settings alone", "luck of single runs"]),
    "include": (MOONS + "fixed: {epochs: 40}\ngrid: {hidden: [[], 2, [4, 3]], learning_rate: [0.1, 0.5]}\n"
                "zip: [{activation: [tanh, relu], init: [xavier_normal, he_normal]}]\ninclude: [{hidden: 3, l2: 0.5, activation: tanh, init: xavier_normal}]\nrepeats: 6\n",
                ["With these moved as well: init", "Left out, because not every combination"]),
    "regression": ("data: {kind: sine, samples: 40, seed: 0, test_samples: 50, validation_samples: 10}\n"
                   "fixed: {learning_rate: 0.1, epochs: 50, batch_size: 10}\n"
                   "grid: {hidden: [1, 4, 8], activation: [tanh, relu], l2: [0, 0.1]}\nrepeats: 3\n"
                   "metric: {name: test_r2, goal: maximize}\n", ["test R²"]),
    "published": (MOONS + FAST % "" + "grid: {hidden: [2, 3]}\npublished:\n  - {source: Someone 1999, where: {hidden: 3, seed: 0}, "
                  "metric: train_loss, epoch: [0, 5, 10, 99], value: [0.6, 0.51, 0.4, 0.1]}\n", ["Someone 1999", "1 of them were not"]),
    "names": ("data: {kind: csv, label: 2, test_fraction: 0.5}\n" + FAST % ", hidden: 2"
              + "grid: {data.path: [%s, %s]}\nrepeats: 2\n" % NAMES, ["&lt;script&gt;", "touch PWNED"]),
    "no-gnuplot": (MOONS + FAST % "" + "grid: {hidden: [1, 2]}\nrepeats: 2\n" + FEW, ["could not be drawn"]),
}
COMPARISONS = {
    "compare": ("moons", "hostile", 0, ["Against hidden units", "Paired differences", "agree in every bit", "Time and cost"]),
    "compare-samples": ("samples", "samples-relu", 0, ["activation", "relu", "after averaging over 6 settings"]),
    "compare-words": ("activation", "activation-5", 0, ["Against activation", "test accuracy"]),
    "compare-one": ("one-run", "one-run", 0, ["With one pair of runs nothing can be said"]),
    "compare-folds": ("digits", "digits-relu", 0, ["corrected t test", "Paired over 2 folds"]),
    "compare-rates": ("rates", "rates-relu", 0, ["settings are left out of the average", "did not see the same data"]),
}
if ONLY:
    COMPARISONS = {name: one for name, one in COMPARISONS.items() if name in ONLY}
    wanted = {*ONLY, *(side for one in COMPARISONS.values() for side in one[:2])}
    STUDIES = {name: one for name, one in STUDIES.items() if name in wanted}
VIEWS = [(390, "light", "screen"), (390, "dark", "screen"), (1280, "light", "screen"), (1280, "dark", "screen"),
         (740, "light", "print")]

# What a reader would see: a page wider than the window, words outside their figure or over its edge, empty figures.
LOOK = """(() => {
  const faults = [], shown = [...document.querySelectorAll('figure svg')].filter(s => s.getBoundingClientRect().width > 0);
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) faults.push('the page is ' + wide + ' wide in a window of ' + innerWidth);
  if (innerWidth === 1280 && matchMedia('screen').matches) for (const table of document.querySelectorAll('.table'))
    if (table.scrollWidth > table.clientWidth + 1) faults.push(table.getAttribute('aria-label') + ': scrolls sideways');
  const boxes = [];
  for (const svg of shown) {
    const out = svg.getBoundingClientRect(), name = svg.closest('figure').querySelector('.files a').getAttribute('href');
    boxes.push([name, out.x, out.y + scrollY, out.width, out.height]);
    if (name.startsWith('stability') && ![...svg.querySelectorAll('text')].some(t => t.textContent.trim() === '0'))
      faults.push(name + ': its axis of counts has no 0');
    if (out.height < 40) faults.push(name + ': flat');
    if (svg.querySelectorAll('path,polygon,image,use').length < 3) faults.push(name + ': nothing drawn');
    const places = [];
    for (const text of svg.querySelectorAll('text')) {
      const r = text.getBoundingClientRect();
      // Words that lie on each other: both directions by more than a letter's edge. Tilted ones overlap with their boxes only.
      if (r.width && !/rotate\((?!0)/.test(text.parentNode.getAttribute('transform') || '')) for (const [q, words] of places)
        if (Math.min(r.right, q.right) - Math.max(r.left, q.left) > 3 && Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top) > 5)
          faults.push(name + ': "' + text.textContent.trim() + '" lies on "' + words + '"');
      if (r.width) places.push([r, text.textContent.trim()]);
      if (r.width && (r.left < out.left - 2 || r.right > out.right + 2 || r.top < out.top - 2 || r.bottom > out.bottom + 2))
        faults.push(name + ': "' + text.textContent.trim() + '" is clipped by ' + Math.round(Math.max(out.left - r.left,
                    r.right - out.right, out.top - r.top, r.bottom - out.bottom)) + ' px');
      if (parseFloat(getComputedStyle(text).fontSize) * out.width / svg.viewBox.baseVal.width < 9)
        faults.push(name + ': letters too small');
    }
  }
  return {faults: faults, boxes: boxes, figures: document.querySelectorAll('figure').length};
})()"""

SORT = """(() => {
  const table = document.querySelector('table.sort'); if (!table) return 'no table';
  const heads = [...table.querySelectorAll('thead th')];
  for (let c = 0; c < heads.length; c++) for (const want of ['ascending', 'descending']) {
    heads[c].querySelector('button').click();
    if (heads[c].getAttribute('aria-sort') !== want) return 'column ' + c + ' is not ' + want;
    const key = r => { const v = r.cells[c].dataset.value; return v === undefined ? r.cells[c].textContent : parseFloat(v); };
    const keys = [...table.tBodies[0].rows].map(key).filter(k => k === k);
    for (let i = 1; i < keys.length; i++) if (typeof keys[i] === 'number' && (want === 'ascending' ? keys[i] < keys[i - 1] : keys[i] > keys[i - 1]))
      return 'column ' + c + ' is not sorted';
  }
  return '';
})()"""

faults, numbers = [], []


def fault(name, text):
    faults.append(f"{name}: {text}")


def check_links(name, text, folder):
    for tag, link in re.findall(r"<(\w+)[^>]*?\s(?:src|href|xlink:href|action|data|poster|srcset)=[\"']([^\"']*)", text):
        if not (link.startswith(("#", "data:")) or (tag == "a" and re.fullmatch(r"[\w.-]+", link))):
            fault(name, f"<{tag}> leads to {link}")
        if tag == "a" and not link.startswith("#") and not (folder / link).exists():
            fault(name, f"{link} is missing")
    for address in re.findall(r"url\(\s*['\"]?([^)'\"]*)", text):
        if not address.startswith("#"):
            fault(name, f"url({address})")


def scanlines(png):
    """How many different lines a picture has: one or two where it is empty."""
    data, at, width, colour = b"", 8, 0, 0
    while at < len(png):
        length, kind = int.from_bytes(png[at:at + 4], "big"), png[at + 4:at + 8]
        if kind == b"IHDR":
            width, colour = int.from_bytes(png[at + 8:at + 12], "big"), png[at + 17]
        if kind == b"IDAT":
            data += png[at + 8:at + 8 + length]
        at += 12 + length
    step = 1 + width * (4 if colour == 6 else 3)
    raw = zlib.decompress(data)
    return len({raw[i:i + step] for i in range(0, len(raw), step)})


def make(name, work):
    yaml, path = work / f"{name}.yaml", os.environ["PATH"]
    yaml.write_text(STUDIES[name][0])
    for data in NAMES if name == "names" else ():
        (work / data[1:-1].replace("/", "⁄")).write_text("".join(f"{k % 7},{k % 5},{k % 2}\n" for k in range(60)))
    if name == "words":
        lines = ["le`ngth,what's it,wi$dth\n"]
        for k in range(90):
            lines.append(f"{k % 7 + k % 3},{WORDS[(k + (k % 11 == 0)) % 3]},{k % 5 - 2 * (k % 3)}\n")
        (work / "words.csv").write_text("".join(lines))
    if name == "no-gnuplot":
        path = str(work / "empty")
    made = subprocess.run([RUNNER, str(yaml), "-o", str(work / name), "-j", "1", "-q"], cwd=work, capture_output=True,
                          text=True, env={**os.environ, "PATH": path}, timeout=120)
    expected = {"no-gnuplot": (4,), "all-diverged": (0, 1)}.get(name, (0,))
    if made.returncode not in expected:
        fault(name, f"exit code {made.returncode}: {made.stderr.strip()[-400:]}")


def read(name, index, words):
    """What can be told of a page without a browser; its text, or None where there is no page."""
    if not index.exists():
        return fault(name, "no page")
    text = index.read_text()
    for one in words:
        if one not in text:
            fault(name, f"the page does not say \"{one}\"")
    tidy = subprocess.run(["tidy", "-e", "-q", "--drop-empty-elements", "no", str(index)], capture_output=True, text=True)
    if tidy.returncode > 1:
        fault(name, "tidy: " + "; ".join(line for line in tidy.stderr.splitlines() if "Error" in line)[:400])
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
    if levels[:1] != [1] or any(b > a + 1 for a, b in zip(levels, levels[1:])):
        fault(name, f"headings are out of order: {levels}")
    if len(set(re.findall(r"role=\"region\" aria-label=\"([^\"]*)\"", text))) != text.count("<table"):
        fault(name, "two tables have the same name")
    check_links(name, text, index.parent)
    return text


def check_names(name, folder):
    """The names at the right of a figure stand in the order in which its lines end."""
    for program in sorted(folder.glob("*.gp")):
        places = [float(v) for v in re.findall(r"^end_\d+ = (\S+)$", program.read_text(), re.M)]
        if len(places) < 2:
            continue
        head, *rows = [line.split("\t") for line in program.with_suffix(".tsv").read_text().splitlines()]
        means = [i for i, title in enumerate(head) if title.endswith("_mean")]
        ends = [[float(row[i]) for row in rows if row[i] not in ("", "NaN", "nan")][-1:] or [None] for i in means[:len(places)]]
        pairs = sorted((place, end[0]) for place, end in zip(places, ends) if end[0] is not None)
        numbers.append(len(pairs))
        if [end for _, end in pairs] != sorted(end for _, end in pairs):
            fault(name, f"{program.name}: names in another order than their lines: {pairs}")


# Figures in which there may be train (blue) or test (orange), or training rows. Nothing else is blue or orange.
SPLITS = ("overfitting", "boundaries", "curves", "slices", "published", "fit", "compare-sweep", "compare-curves")


def check_colours(name, folder, text):
    for figure in re.findall(r"<figure.*?</figure>", text, re.S):
        stem = re.search(r'href="([^"]*)\.tsv"', figure)[1] if ".tsv" in figure else ""
        if re.search(r"--(blue|orange)\)", figure) and not stem.startswith(SPLITS):
            fault(name, f"{stem}: blue or orange, and it has no train or test")
        numbers.append(1)
    rest = re.sub(r"<figure.*?</figure>", "", text, flags=re.S)
    if re.search(r"var\(--(blue|orange)\)", rest):
        fault(name, "the page itself has blue or orange")
    for program in folder.glob("*.gp"):
        variables = dict(re.findall(r"^(\w+) = (.*)$", program.read_text(), re.M))
        for key, title in variables.items():
            split = re.fullmatch(r"name_(\d+)", key) and re.search(r"\b(train|test|validation)\b", title)
            if split and f"colour_{key[5:]}" in variables:
                wanted = {"train": 1, "test": 2, "validation": 3}[split[1]]
                numbers.append(1)
                if int(variables[f"colour_{key[5:]}"]) != wanted:
                    fault(name, f"{program.name}: {title} has colour {variables[f'colour_{key[5:]}']}")


def check_ranges(name, folder, text):
    """Every interval is inside its frame, or the caption says that some are cut and marked. One scale for all heat maps."""
    scales = {}
    for program in folder.glob("*.gp"):
        gp, table = program.read_text(), program.with_suffix(".tsv")
        variables = dict(re.findall(r"^(\w+) = (.*)$", gp, re.M))
        if "z_low" in variables:
            scales[program.name] = variables["z_low"], variables["z_high"]
        axis = "x" if program.stem == "ranking" else "y"
        if f"{axis}_low" not in variables or not program.stem.startswith(("overfitting", "generalization", "slices", "ranking", "compare-sweep")):
            continue
        head, *rows = [line.split("\t") for line in table.read_text().splitlines()]
        ends = [float(row[k]) * float(variables.get("scale", 1)) for row in rows for k, title in enumerate(head)
                if re.fullmatch(r"(.*_)?(low|high)", title) and row[k] not in ("", "NaN")]
        low, high = float(variables[f"{axis}_low"]), float(variables[f"{axis}_high"])
        room = 1e-5 * max(abs(low), abs(high))  # the table has six digits
        cut = any(end < low - room or end > high + room for end in ends)
        figure = next(f for f in re.findall(r"<figure.*?</figure>", text, re.S) if f'href="{table.name}"' in f)
        if cut != ("reaches beyond the frame" in figure):
            fault(name, f"{program.name}: intervals are {'cut' if cut else 'not cut'}, and the caption says otherwise")
        numbers.append(len(ends))
    if len(set(scales.values())) > 1:
        fault(name, f"heat maps have several scales: {scales}")


def keep(name, found):
    wrong, count = found
    numbers.append(count)
    for one in wrong[:20]:
        fault(name, one)


def check(name, work, window):
    index = work / name / "report/index.html"
    text = read(name, index, STUDIES[name][1])
    if text is not None:
        keep(name, page_numbers.check(work / name))
        check_names(name, work / name / "report")
        check_colours(name, work / name / "report", text)
        check_ranges(name, work / name / "report", text)
        look(name, index, text, window)


def compare(name, work, window):
    """Two of the studies side by side."""
    a, b, code, words = COMPARISONS[name]
    made = subprocess.run([RUNNER, "compare", a, b, "-o", name], cwd=work, capture_output=True, text=True, timeout=120)
    if made.returncode != code:
        fault(name, f"exit code {made.returncode}: {made.stderr.strip()[-400:]}")
    index = work / name / "index.html"
    text = read(name, index, words)
    if text is not None:
        os.chdir(work)
        keep(name, page_compare.check(a, b, work / name))
        check_names(name, work / name)
        check_colours(name, work / name, text)
        check_ranges(name, work / name, text)
        look(name, index, text, window)


def look(name, index, text, window):
    for width, scheme, media in VIEWS:
        view = f"{name} {width} {scheme} {media}"
        window.look(width, scheme, media)
        window.open(index)
        seen = window.ask(LOOK)
        for one in seen["faults"]:
            fault(view, one)
        if name != "no-gnuplot" and len(seen["boxes"]) != seen["figures"]:
            fault(view, f"{len(seen['boxes'])} of {seen['figures']} figures are seen")
        for figure, x, y, w, h in seen["boxes"] if media == "screen" and scheme == "dark" else []:
            if scanlines(window.picture(clip={"x": x, "y": y, "width": w, "height": h})) < 20:
                fault(view, f"{figure} is empty")
        if (width, scheme) == (1280, "light") and "<table" in text:
            trouble = window.ask(SORT)
            if trouble:
                fault(view, "sorting: " + trouble)
        for complaint in window.complaints():
            fault(view, f"console: {str(complaint)[:300]}")
        for request in window.requests():
            if not request.startswith(("file://" + str(index), "data:")):
                fault(view, f"asks for {request}")
        if SHOTS:
            SHOTS.mkdir(exist_ok=True)
            (SHOTS / f"{name}-{width}-{scheme}-{media}.png").write_bytes(window.picture(whole=True))


def control(work):
    """The numbers' test must fail where it should: another digit, a table or a sentence it does not know, another file."""
    index, wrong = work / "moons/report/index.html", work / "wrong/report/index.html"
    shutil.copytree(work / "moons", work / "wrong")
    text = index.read_text()
    table = re.search(r'(<td data-value="0\.\d*?)(\d)(\d{4}">)', text)
    cell = re.search(r"(<td data-value=\"[\d.]+\">0\.\d*?)(\d)(</td>)", text)
    said = re.search(r"(class=\"answer\".*?0\.\d*?)(\d)(\d* with)", text)
    changes = [text[:m.start()] + m[1] + str((int(m[2]) + 3) % 10) + m[3] + text[m.end():] for m in (table, cell, said)]
    changes.append(text.replace("<footer>", "<section id='new'><table><tr><th>x</th></tr></table></section><footer>"))
    changes.append(text.replace("<footer>", "<p>It took 7 s.</p><footer>"))
    for k, change in enumerate(changes):
        wrong.write_text(change)
        if not page_numbers.check(work / "wrong")[0]:
            fault("control", f"change {k} of the page is not seen")
    wrong.write_text(text)
    (wrong.parent / "other.tsv").write_text("x\n1\n")
    if not page_numbers.check(work / "wrong")[0]:
        fault("control", "another table beside the page is not seen")
    program, before = wrong.parent / "overfitting.gp", len(faults)
    program.write_text(re.sub(r"y_low = .*", "y_low = 0.3", re.sub(r"colour_1 = 1", "colour_1 = 2", program.read_text())))
    check_ranges("wrong", wrong.parent, text)
    check_colours("wrong", wrong.parent, text.replace("var(--purple)", "var(--blue)").replace("var(--green)", "var(--blue)"))
    seen = {one.split(": ", 1)[1].split(":")[0] for one in faults[before:]}
    del faults[before:]
    if not {"overfitting.gp", "stability"} <= seen or len(seen) < 3:
        fault("control", f"a cut interval and wrong colours: only {seen} are seen")


with tempfile.TemporaryDirectory(prefix="page.") as folder:
    work = pathlib.Path(folder)
    (work / "empty").mkdir()
    window = browser.Browser()
    try:
        for study in STUDIES:
            make(study, work)
            check(study, work, window)
        for comparison in COMPARISONS:
            if set(COMPARISONS[comparison][:2]) <= set(STUDIES):
                compare(comparison, work, window)
        if "moons" in STUDIES:
            control(work)
        if list(work.rglob("PWNED")):
            fault("hostile", "a name was run")
    finally:
        window.close()
print("\n".join(faults) or f"{len(STUDIES)} reports and {len(COMPARISONS)} comparisons, {len(VIEWS)} views each; {sum(numbers)} numbers and words held against "
      "the results files")
sys.exit(1 if faults else 0)
