"""Holds C sources to the rules of CONTRIBUTING.md that a program can see: names that are defined twice, long bodies, files and
lines, words that are no identifiers, and forms that the house writes otherwise. usage: check_style.py SOURCE_DIR"""
import collections
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
BODY, FILE, LINE, GNUPLOT_LINE = 60, 500, 100, 120
BANNED = {"place", "places", "part", "parts", "whole", "stand", "stands", "tell", "ask", "keep", "take", "most", "misfit"}
# Offenders that stay, each with its reason.
EXCEPTIONS = {
    # (rule, where or what): why
    ("word", "FALLOC_FL_KEEP_SIZE"): "Linux's",
    ("body", "what_is_wrong_is_told_with_its_place"): "one table: a file, the message it must give",
    ("body", "fake_create"): "fills the fields of one struct, in order",
    ("file", "tests/core/test_gradient.c"): "one sweep over all layers and losses, with the tables it walks",
    ("file", "tests/runner/test_spec.c"): "one table of texts and what each is read as",
}
faults, used = [], set()


def fault(rule, what, where, words):
    for key in ((rule, what), (rule, str(where))):
        if key in EXCEPTIONS:
            used.add(key)
            return
    faults.append(f"{where}: {words}")


def blank(text):
    """Comments and strings as spaces, lines kept."""
    def spaces(match):
        return re.sub(r"[^\n]", " ", match[0])
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', spaces, text, flags=re.S)


def words_of(name):
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower().split("_")


types, externs = collections.defaultdict(set), collections.defaultdict(set)
names = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard", "core", "runner", "tests", "scripts"],
                       capture_output=True, text=True).stdout.split()
if not names:  # no git: a source archive
    names = [p.relative_to(root).as_posix() for d in ("core", "runner", "tests", "scripts") for p in (root / d).rglob("*")]
paths = [pathlib.Path(n) for n in names if (root / n).is_file()]
for path in paths:
    if path.suffix == ".gp":
        for i, line in enumerate((root / path).read_text().splitlines(), 1):
            if len(line) > GNUPLOT_LINE:
                fault("line", str(path), path, f"line {i} has {len(line)} columns")
        continue
    if path.suffix not in (".c", ".h"):
        continue
    text = (root / path).read_text()
    lines = text.splitlines()
    generated = "golden" in path.parts
    if len(lines) > FILE and not generated:
        fault("file", str(path), path, f"{len(lines)} lines")
    for i, line in enumerate(lines, 1):
        if len(line) > LINE and not generated:
            fault("line", str(path), path, f"line {i} has {len(line)} columns")
    code = blank(text)
    if path.parts[0] == "tests" and path.parts[1] in ("bench", "golden", "fuzz"):
        continue
    # definitions: a struct, union or enum with a body, a typedef of something else, a function that is not static
    for match in re.finditer(r"^typedef (?:struct|union|enum)\s*(\w+)?\s*\{.*?^\}\s*(\w+);|^typedef (?:struct|union|enum)\s*(\w+)?\s*\{[^}]*\}\s*(\w+);", code, re.M | re.S):
        types[match[2] or match[4]].add(path)
    for match in re.finditer(r"^(?!static|typedef|extern|VEC_INLINE|else|return|struct \w+ \{)[A-Za-z_][\w\s\*]*?\b(\w+)\s*\([^;{}]*\)\s*\{", code, re.M):
        if match[1] != "main":
            externs[match[1]].add(path)
    for match in re.finditer(r"^[^\s#/}].*\)\s*\{$", code, re.M):
        end = re.compile(r"^\}", re.M).search(code, match.end())
        body = code.count("\n", match.end(), end.start()) if end else 0
        name = re.search(r"(\w+)\s*\(", match[0])
        start = code.count("\n", 0, match.start()) + 1
        if body > BODY:
            fault("body", name[1] if name else "?", f"{path}:{start}", f"a body of {body} lines")
    for i, line in enumerate(code.splitlines(), 1):
        if re.search(r"[!=]= NULL\b", line):
            fault("null", str(path), f"{path}:{i}", "compares with NULL: write !p or p")
        if re.search(r"\w\s*\+=\s*(\(\w+\))?\s*v?snprintf", line):
            fault("snprintf", str(path), f"{path}:{i}", "glues text by hand: text_add (core/base/text.h)")
        if re.search(r"\(void\)\s*snprintf", line):
            fault("void", str(path), f"{path}:{i}", "plain snprintf")
        if path.parts[0] in ("core", "runner"):
            for name in re.findall(r"\b[A-Za-z_]\w*\b", line):
                if BANNED.intersection(words_of(name)):
                    fault("word", name, f"{path}:{i}", f"{name}: no word of the field (house rules in CONTRIBUTING.md)")

for table, kind in ((types, "type"), (externs, "extern name")):
    for name, where in table.items():
        if len(where) > 1 and not name.startswith("LLVMFuzzer"):
            fault("twice", name, name, f"a {kind} that is defined in " + ", ".join(sorted(map(str, where))))
for key in EXCEPTIONS:
    if key not in used:
        faults.append(f"{key}: an exception that nothing needs any more")
print("\n".join(faults) or f"{len(paths)} files in style")
sys.exit(1 if faults else 0)
