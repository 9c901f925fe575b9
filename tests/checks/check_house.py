"""Holds the house to its law: who may include whom (the table of wings in CMakeLists.txt), no circle of modules, each foreign
header in its one file, a core that prints nothing and never exits, and one parallel region. A module is NAME.h with its
NAME.c. usage: check_house.py SOURCE_DIR"""
import collections
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
cmake = (root / "CMakeLists.txt").read_text()
files = sorted(p.relative_to(root) for d in ("core", "runner") for p in (root / d).rglob("*.[ch]"))
faults = []
FOREIGN = {"yaml.h": ["runner/experiment/yaml_tree.c"], "hdf5.h": ["runner/store/h5.c"], "sha2.h": ["runner/training/sha256.c"],
           "zlib.h": ["core/data/idx.c", "runner/journal/crc32.c"]}
PARALLEL = "runner/training/scheduler.c"


def wings(name):
    """The lines "wing: what it may use" of a table."""
    table = re.search(r"set\(%s[^\n]*\n(.*?)\)" % name, cmake, re.S)
    rows = re.findall(r'"(\w+):([\w ]*)"', table[1]) if table else []
    return {wing: set(others.split()) for wing, others in rows}


ALLOWED = {"core": wings("CORE_WINGS"), "runner": wings("RUNNER_WINGS")}
includes = collections.defaultdict(set)  # module -> modules
for path in files:
    text = (root / path).read_text()
    top, wing = path.parts[0], path.parts[1] if len(path.parts) >= 3 else None
    module = path.with_suffix("").as_posix()
    for header in re.findall(r'#include "([\w/]+)\.h"', text):
        parts = header.split("/")
        target = parts[1] if len(parts) >= 3 else None
        if header != module:
            includes[module].add(header)
        if not (root / (header + ".h")).exists():
            faults.append(f"{path}: {header}.h is not there (headers are named from the root)")
        elif parts[0] != top:
            if top == "core":
                faults.append(f"{path}: core includes {header}.h")
        elif wing and wing != target and target not in ALLOWED[top].get(wing, ()):
            faults.append(f"{path}: {wing} may not include {header}.h")
    for header in re.findall(r"#include <([\w/.]+)>", text):
        if path.as_posix() not in FOREIGN.get(header, [path.as_posix()]):
            faults.append(f"{path}: <{header}> belongs to {' and '.join(FOREIGN[header])} alone")
    code = re.sub(r'/\*.*?\*/|//[^\n]*|"(\\.|[^"\\])*"', "", text, flags=re.S)
    if top == "core" and re.search(r"\b(printf|fprintf|puts|exit|abort)\s*\(", code):
        faults.append(f"{path}: core prints or exits")
    if "omp parallel" in code and path.as_posix() != PARALLEL:
        faults.append(f"{path}: a parallel region outside {PARALLEL}")

# A circle: a module from which the includes lead back to it.
reached = {}
for start in list(includes):
    seen, todo = set(), list(includes[start])
    while todo:
        module = todo.pop()
        if module not in seen:
            seen.add(module)
            todo.extend(includes.get(module, ()))
    reached[start] = seen
circles = {frozenset([a, *(b for b in reached[a] if a in reached.get(b, ()))]) for a in reached if a in reached[a]}
faults += ["a circle of modules: " + ", ".join(sorted(circle)) for circle in circles]

# The README prints the table.
readme = (root / "README.md").read_text()
printed = {w: set(u.replace("-", "").split()) for w, u in re.findall(r"^\| `(\w+)` \| ([\w -]+) \|", readme, re.M)}
if printed != ALLOWED["runner"]:
    faults.append("README.md: its table of wings is not that of CMakeLists.txt")

# Folders of at most about 20 modules, each with a README.
for folder in sorted({p.parent for p in files if len(p.parts) >= 3}):
    modules = {p.stem for p in files if p.parent == folder}
    if len(modules) > 22:
        faults.append(f"{folder}: {len(modules)} modules: a folder has about 20")
    if len(folder.parts) == 2 and not (root / folder / "README.md").exists():
        faults.append(f"{folder}: has no README.md")
loose = [p.name for p in (root / "tests").iterdir() if p.is_file() and p.name not in ("CMakeLists.txt", "README.md")]
if loose:
    faults.append("tests: loose files at the top: " + ", ".join(loose))

print("\n".join(faults) or f"{len(files)} files in order")
sys.exit(1 if faults else 0)
