"""Names are data: what stands in an experiment never runs in gnuplot, a shell or the page, and makes no file elsewhere.

Each hostile text is the description, a published source and note, the name of the experiment's file, of its data file, of
a column and of the results folder. The page must have the elements and attributes of a harmless one and show the text."""
import html.parser
import json
import os
import pathlib
import re
import xml.etree.ElementTree

import h5py

import faults

HOSTILE = [
    "$(touch PWNED)", "`touch PWNED`", "x; touch PWNED; y", "x | touch PWNED", "'; system('touch PWNED'); '",
    "\"; set output \"PWNED\"; plot x; \"", "'.system('touch PWNED').'", "@touch @PWNED{a}_b^c&{d}", "!touch PWNED",
    "<script>document.title='PWNED'</script>", "<img src=x onerror=alert(1)>", "</title></h1><svg onload=alert(1)>",
    "' onmouseover='alert(1)", "]]> --> &lt; &amp; &#x3c;", "../../PWNED", "%s%n%d%%", "back\\slash \\n \\\"",
    "-rf --help", "ünïcode ☃ 𝔘 \u202e right to left", "=1+1", "two\nlines", "x" * 10000, "\t", "#", "~", "null",
]
HARMLESS = "a plain text"


class Page(html.parser.HTMLParser):
    """Which elements and attributes it has, and its text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.marks, self.words = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.marks |= {tag} | {(tag, name) for name, _ in attributes}

    def handle_data(self, data):
        self.words.append(data)


def file_name(text):
    """The text as a file's name: no slash, not too long, no option."""
    return ("f" + text.replace("/", "_").replace("\n", "_"))[:60]


def experiment(text, data):
    source = json.dumps(text, ensure_ascii=False)
    return (f"name: s\ndescription: {source}\n"
            f"data: {{kind: csv, path: {json.dumps(data, ensure_ascii=False)}, label: class, test_fraction: 0.3}}\n"
            "fixed: {epochs: 20}\ngrid: {hidden: [1, 2]}\nrepeats: 2\nreport: [overfitting, published]\n"
            f"published:\n  - {{source: {source}, note: {source}, where: {{hidden: 1, seed: 0}}, metric: train_loss, "
            "epoch: [0, 10], value: [0.5, 0.25]}\n")


def table(text):
    column = '"' + text.replace('"', '""').replace("\n", " ") + '"'
    return f"{column[:200] if len(column) < 200 else 'long'},b,class\n" + "".join(
        f"{i % 11},{i % 7},{'no' if i % 2 else 'yes'}\n" for i in range(40))


def files(place):
    return sorted(str(p.relative_to(place)) for p in place.rglob("*"))


def squeeze(text):
    return " ".join(text.split())


def try_text(test, place, text, marks):
    what = repr(text[:40])
    name = file_name(text)
    work = place / "work"
    faults.remove(work)
    work.mkdir()
    os.chdir(work)
    data, yaml, out = name + ".csv", name + ".yaml", name + ".out"
    pathlib.Path(data).write_text(table(text))
    pathlib.Path(yaml).write_text(experiment(text, data))
    begun = files(place)
    done = faults.run("run", yaml, "-o", out)
    test.fault("a hostile text", True)
    made = [f for f in files(place) if f not in begun and not f.startswith(f"work/{out}")]
    test.equal(made, [], f"{what}: files made elsewhere")
    if done.code == 2:  # refused: said where, with ? for what would move the terminal, and nothing made
        shown = re.sub(r"[\x00-\x1f\x7f]", "?", name)
        test.check(name in done.err or repr(name)[1:-1] in done.err or shown in done.err, f"{what}: refused without its place: {done.err}")
        test.check(not os.path.exists(out), f"{what}: refused, yet a folder was made")
        return "refused", marks
    if not test.equal(done.code, 0, f"{what}: exit", done.err):
        return "failed", marks
    with h5py.File(out + "/results.h5") as file:
        kept = file.attrs["description"].decode()
        test.equal(kept, text.replace("\n", " "), f"{what}: description in results.h5")  # one line, by design
    page = Page(pathlib.Path(out, "report/index.html").read_text())
    marks = marks or page.marks
    test.equal(sorted(map(str, page.marks ^ marks)), [], f"{what}: elements and attributes of the page")
    shown = squeeze("".join(page.words))
    test.check(squeeze(text)[:200] in shown, f"{what}: the page does not show it")
    for drawing in pathlib.Path(out, "report").glob("*.svg"):
        tree = xml.etree.ElementTree.parse(drawing)
        bad = [e.tag for e in tree.iter() if e.tag.endswith("script") or any(k.startswith("on") for k in e.attrib)]
        test.equal(bad, [], f"{what}: {drawing.name}")
    commands = [("run", yaml, "-o", out, "--resume"), ("export", out, "--csv", out + "/csv")]
    for command in commands + ([("show", out), ("best", out), ("report", out)] if faults.LONG else []):
        after = faults.run(*command)
        test.equal(after.code, 0, f"{what}: {command[0]}", after.err)
    made = [f for f in files(place) if f not in begun and not f.startswith(f"work/{out}")]
    test.equal(made, [], f"{what}: files made elsewhere by the commands")
    test.equal([f for f in files(place) if f.endswith("/PWNED") or f == "PWNED"], [], f"{what}: it ran")
    return "kept as data", marks


def bad_names(test):
    """`name:` becomes a folder: letters, digits, . _ -"""
    for text in ("../up", "/tmp/x", "a/b", "$(touch PWNED)", ".hidden", "a b", "`x`", "..", "", "x\ny", "é"):
        yaml = faults.write("bad.yaml", experiment("x", "rows.csv").replace("name: s", "name: " + json.dumps(text), 1))
        begun = files(pathlib.Path("."))
        done = faults.run("run", yaml)
        test.fault("a hostile name", done.code == 2)
        test.check("bad.yaml:1:" in done.err, f"{text!r}: no place: {done.err}")
        test.equal(files(pathlib.Path(".")), begun, f"{text!r}: files")


def main():
    test = faults.Tally("names")
    place = faults.sandbox()
    outcomes, marks = {}, None
    _, marks = try_text(test, place, HARMLESS, None)
    for text in HOSTILE:
        outcome, _ = try_text(test, place, text, marks)
        outcomes.setdefault(outcome, []).append(text[:20])
    os.chdir(place)
    faults.write("rows.csv", table("a"))
    bad_names(test)
    print("; ".join(f"{len(texts)} {outcome}" for outcome, texts in outcomes.items()),
          "- refused:", outcomes.get("refused", []))
    test.end()


if __name__ == "__main__":
    main()
