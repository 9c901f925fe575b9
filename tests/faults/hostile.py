"""Files of strangers: results and data made to run code, to read other files, to fill the memory or to hang.

Results are edited with h5py and sealed again, so that nothing but the checks of their content stands between them and the
commands."""
import html.parser
import os
import pathlib
import re
import resource
import shutil
import struct
import subprocess
import xml.etree.ElementTree
import zlib

import h5py
import numpy as np

import faults

ESCAPES = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")  # but tab and line feed


# --- making them ----------------------------------------------------------------------------------------------------

def seal(path):
    """The 16 bytes behind the HDF5 data, as results/README.md has them."""
    data = pathlib.Path(path).read_bytes()
    if data[-16:-8] == b"RUNTRL01":
        data = data[:-16]
    head = b"RUNTRL01" + struct.pack("<I", zlib.crc32(data))
    pathlib.Path(path).write_bytes(data + head + struct.pack("<I", zlib.crc32(head)))


def edited(source, edit):
    """A copy of a results folder as `out`, changed by edit(file) and sealed again."""
    faults.copy(source, "out")
    with h5py.File("out/results.h5", "r+") as file:
        edit(file)
    seal("out/results.h5")


def put(file, name, values):
    """A data set anew."""
    attributes = dict(file[name].attrs) if name in file else {}
    if name in file:
        del file[name]
    file.create_dataset(name, data=values)
    for key, value in attributes.items():
        file[name].attrs[key] = value


def texts(values):
    encoded = [v.encode() if isinstance(v, str) else v for v in values]
    return np.array(encoded, dtype=f"S{max(map(len, encoded)) or 1}")


COMMANDS = [("show", "out"), ("show", "out", "--format", "csv", "--group-by", "trial"), ("show", "out", "--format", "json"),
            ("best", "out"), ("report", "out", "-o", "site"), ("compare", "out", "good", "--no-page"),
            ("compare", "out", "--by", "hidden"), ("export", "out", "--csv", "csv"),
            ("export", "out", "--trial", "best", "--format", "c"), ("export", "out", "--trial", "best", "--format", "json"),
            ("export", "out", "--trial", "best", "--format", "npz", "-o", "net.npz"), ("verify", "out"),
            ("predict", "out", "rows.csv", "--trial", "best"), ("run", "s.yaml", "-o", "out", "--resume")]


def everything(before=(), **more):
    """Each command on `out`. -> (command, what it did)"""
    for command in COMMANDS:
        for made in ("site", "csv", "net.npz"):
            faults.remove(made)
            if os.path.isfile(made):
                os.remove(made)
        yield command, faults.run(*command, before=before, timeout=60, **more)


# --- names ------------------------------------------------------------------------------------------------------------

NASTY = ["x*//int pwned(void){return 1;}/*", "*/ int pwned; /*", "\033]0;pwned\007\033[31m", "\u009b31mpwned", "]]><script>pwned()</script>",
         "=cmd|' /C pwned'!A0", "+pwned()", "@pwned", "-pwned", "$(touch pwned)", "'; touch pwned; '", "a\nb\rc", "\u202epwned", "??/\n*/"]


def spoken(file, text):
    """A text wherever the file has one that nothing checks."""
    one = texts([text])[0]
    file.attrs["name"] = one
    file.attrs["program_version"] = one
    file["data/0"].attrs["recipe"] = one
    n = len(file["trials/id"])
    for name in ("data.path", "data.label", "message"):
        put(file, f"trials/{name}", texts([text if i % 2 else text + "2" for i in range(n)]))
    put(file, "trials/status", texts(["failed" if i == 1 else "done" for i in range(n)]))
    put(file, "trials/verdict", texts(["" if i == 1 else "falling" for i in range(n)]))


class Marks(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.marks = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.marks.append(tag)


def names(test):
    """No text of a results file runs in a compiler, a page, a spreadsheet, a shell or a terminal."""
    for text in NASTY:
        what = repr(text[:24])
        edited("good", lambda file: spoken(file, text))
        for command, done in everything():
            test.fault("a nasty text", True)
            test.check(0 <= done.code <= 4, f"{what}: {command[:2]}: exit {done.code}: {done.err}")
            said = (done.out + done.err).encode()
            if command[-1] != "net.npz":
                test.check(not ESCAPES.search(said), f"{what}: {command}: controls reach the terminal: {ESCAPES.findall(said)[:3]}")
            if command[:2] == ("export", "out") and "c" in command:
                pathlib.Path("net.c").write_text(done.out)
                made = subprocess.run(["cc", "-c", "-std=c17", "-trigraphs", "-Wall", "-Werror", "net.c"], capture_output=True, text=True)
                test.equal(made.returncode, 0, f"{what}: the C file compiles", made.stderr[:300])
                symbols = subprocess.run(["nm", "net.o"], capture_output=True, text=True).stdout
                test.check("pwned" not in symbols and " T predict" in symbols, f"{what}: symbols of the C file: {symbols}")
            if command[0] == "report":
                page = pathlib.Path("site/index.html").read_text()
                test.equal(Marks(page).marks.count("script"), 1, f"{what}: scripts of the page")
                for drawing in pathlib.Path("site").glob("*.svg"):
                    try:
                        xml.etree.ElementTree.parse(drawing)
                    except xml.etree.ElementTree.ParseError as error:
                        test.check(False, f"{what}: {drawing.name}: {error}")
            if "--csv" in command or "csv" in command:
                files = [done.out] if command[0] == "show" else [p.read_text() for p in pathlib.Path("csv").glob("*.csv")]
                cells = [c for f in files for c in re.findall(r'(?:^|,)"?([=+@-][^,"\n]*)', f)]
                bad = [c for c in cells if not re.fullmatch(r"[-+0-9.eE]+", c)]
                test.equal(bad, [], f"{what}: {command}: cells that are formulas")
        test.check(not list(pathlib.Path(".").rglob("pwned")), f"{what}: it ran")


def hints(test):
    """What a message tells to type is what is meant, whatever a folder is called."""
    folder = "it's; touch pwned; $(touch pwned)"
    faults.remove(folder)
    os.makedirs(folder)
    faults.write(f"{folder}/experiment.yaml", faults.moons())
    for command in (("merge", folder), ("run", "s.yaml", "-o", folder, "--shard", "1/2"), ("export", "good", "--trial", "zz"), (folder,)):
        done = faults.run(*command)
        typed = [w for w in ("merge", "show", "report", "-o") if re.search(rf"runner [^\n]*{w} " + re.escape(folder), done.err)]
        test.fault("a folder's name in a hint", done.code != 0 or "--shard" in command)
        test.equal(typed, [], f"{command[0]}: typed as it is said, a part of the name would run: {done.err}")
    shutil.rmtree(folder, ignore_errors=True)


# --- bytes outside the file -------------------------------------------------------------------------------------------

SECRET = b"root:x:0:0:secret of the user\n" * 4000


def external(file, name, shape, dtype, path):
    """A data set whose bytes are another file's."""
    if name in file:
        del file[name]
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_external(os.fsencode(path), 0, h5py.h5f.UNLIMITED)
    h5py.h5d.create(file[os.path.dirname(name)].id, os.path.basename(name).encode(), h5py.h5t.py_create(np.dtype(dtype)),
                    h5py.h5s.create_simple(shape), creation)


def virtual(file, name, shape, dtype, path):
    with h5py.File(path, "w") as other:
        other["d"] = np.full(shape, 0.4242)
    del file[name]
    layout = h5py.VirtualLayout(shape=shape, dtype=dtype)
    layout[...] = h5py.VirtualSource(path, "d", shape=shape)
    file.create_virtual_dataset(name, layout)


def linked(file, name, link):
    if name in file:
        del file[name]
    file[name] = link


def outside(test):
    """Nothing that a results file or a data file names is read: refused with a word, at once."""
    secret = os.path.abspath("secret")
    pathlib.Path(secret).write_bytes(SECRET)
    pipe = os.path.abspath("pipe")
    os.mkfifo(pipe)
    with h5py.File("elsewhere.h5", "w") as other:
        other["d"] = np.full((8, 3), 0.4242)
    with h5py.File("good/results.h5") as file:
        history = file["history/test_loss"].shape
    ways = {
        "external storage": lambda f: external(f, "history/test_loss", history, "<f8", secret),
        "external storage on a pipe": lambda f: external(f, "history/test_loss", history, "<f8", pipe),
        "a column in another file": lambda f: external(f, "trials/final_test_loss", (8,), "<f8", secret),
        "a virtual data set": lambda f: virtual(f, "history/test_loss", history, "<f8", os.path.abspath("virtual.h5")),
        "an external link": lambda f: linked(f, "history/test_loss", h5py.ExternalLink(os.path.abspath("elsewhere.h5"), "d")),
        "a soft link": lambda f: linked(f, "history/test_loss", h5py.SoftLink("/history/train_loss")),
        "a linked group": lambda f: linked(f, "weights", h5py.ExternalLink(os.path.abspath("elsewhere.h5"), "/")),
    }
    for way, edit in ways.items():
        edited("good", edit)
        for command, done in everything():
            test.fault("bytes outside the file", True)
            text = done.out + "".join(p.read_text() for p in pathlib.Path("csv").glob("*") if p.is_file())
            test.check(done.seconds < 10, f"{way}: {command[:2]}: {done.seconds:.0f} s")
            test.check("0.4242" not in text and "secret" not in text, f"{way}: {command[:3]} shows another file's bytes")
            reads = command[0] in ("report", "verify") or "--csv" in command
            test.check(done.code == 4 if reads else done.code in (0, 3, 4), f"{way}: {command[:3]}: exit {done.code}: {done.err}")
    del ways["a column in another file"], ways["a linked group"]
    for way in ways:
        with h5py.File("data.h5", "w") as file:
            file["x"] = np.arange(60.0).reshape(20, 3)
            file["y"] = np.arange(20) % 2
            file.create_group("history")
            file["history/test_loss"] = file["history/train_loss"] = file["x"][:]
            globals_of = {"external storage": lambda: external(file, "/x", (20, 3), "<f8", secret),
                          "external storage on a pipe": lambda: external(file, "/x", (20, 3), "<f8", pipe),
                          "a virtual data set": lambda: virtual(file, "x", (20, 3), "<f8", os.path.abspath("virtual.h5")),
                          "an external link": lambda: linked(file, "x", h5py.ExternalLink(os.path.abspath("elsewhere.h5"), "d")),
                          "a soft link": lambda: linked(file, "x", h5py.SoftLink("/history/train_loss"))}
            globals_of[way]()
        faults.write("data.yaml", "name: d\ndata: {kind: hdf5, path: data.h5, test_fraction: 0.25}\nfixed: {hidden: 2, epochs: 3}\nreport: []\n")
        faults.remove("trained")
        done = faults.run("run", "data.yaml", "-o", "trained", timeout=60)
        test.fault("data outside the file", done.code == 4)
        test.check("data.h5" in done.err and not os.path.exists("trained"), f"data, {way}: {done.err}")


def main():
    test = faults.Tally("hostile")
    faults.sandbox()
    faults.write("s.yaml", faults.moons(epochs=100, sizes=4, repeats=2).replace("report: []", "report: [overfitting, ranking]"))
    faults.write("rows.csv", "a,b\n1,2\n3,4\n")
    test.equal(faults.run("run", "s.yaml", "-o", "good").code, 0, "good")
    for check in (names, hints, outside):
        check(test)
    test.end()


if __name__ == "__main__":
    main()
