"""Holds the house to its order: a file includes only what stands before it in CMakeLists.txt, each foreign header is
used in one .c file, core prints nothing and never exits, and there is one parallel region.
usage: check_order.py SOURCE_DIR"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
cmake = (root / "CMakeLists.txt").read_text()


def listed(name):
    return re.search(r"set\(%s\s(.*?)\)" % name, cmake, re.S).group(1).split()


# Kernels stand between the data and the trainer: their headers are core's, their place is the list's.
core, kernels, runner = listed("CORE"), listed("KERNELS"), listed("RUNNER")
order = [f for f in core if f != "core/trainer.c"] + kernels + ["core/trainer.c"] + runner + ["runner/main.c"]
# A module may be several files: NAME.c, NAME_part.c ... and NAME.h; within one, order is free.
stems = {pathlib.Path(f).stem for f in order} | {p.stem for d in ("core", "runner") for p in root.glob(d + "/*.h")}


def module(stem):
    return min((s for s in stems if stem == s or stem.startswith(s + "_")), key=len)


first, last = {}, {}
for i, f in enumerate(order):
    name = module(pathlib.Path(f).stem)
    first.setdefault(name, i)
    last[name] = i
# Headers without a .c file stand before the first that may use them; trainer.h is the kernels' contract as well.
for header, before in {"real": "linear", "vec": "linear", "vmath": "linear", "kernels": "train", "trainer": "linear"}.items():
    first[header] = first[before]
    last.setdefault(header, first[before])
FOREIGN = {"yaml.h": "runner/yaml_tree.c", "hdf5.h": "runner/h5.c", "sha2.h": "runner/digest.c",
           "zlib.h": "core/idx.c", "mpi.h": "runner/ranks.c"}
faults = []
files = sorted(list(root.glob("core/*.[ch]")) + list(root.glob("runner/*.[ch]")))
for path in files:
    name = f"{path.parent.name}/{path.name}"
    text = path.read_text()
    code = re.sub(r'/\*.*?\*/|//[^\n]*|"(\\.|[^"\\])*"', "", text, flags=re.S)
    if path.suffix == ".c" and name not in order:
        faults.append(f"{name}: not in CMakeLists.txt")
        continue
    own = module(path.stem)
    for header in re.findall(r'#include "(\w+/\w+)\.h"', text):
        target = module(header.split("/")[1])
        if path.parent.name == "core" and header.startswith("runner/"):
            faults.append(f"{name}: core includes {header}.h")
        if target != own and first[target] > last[own]:
            faults.append(f"{name}: includes {header}.h, which stands after it")
    for header in re.findall(r"#include <([\w/.]+)>", text):
        if header in FOREIGN and FOREIGN[header] != name and not (header == "zlib.h" and name == "runner/crc32.c"):
            faults.append(f"{name}: <{header}> belongs to {FOREIGN[header]} alone")
    if path.parent.name == "core" and re.search(r"\b(printf|fprintf|puts|exit|abort)\s*\(", code):
        faults.append(f"{name}: core prints or exits")
    if "omp parallel" in code and name != "runner/scheduler.c":
        faults.append(f"{name}: a parallel region outside runner/scheduler.c")
for path in files:
    if path.suffix == ".h" and module(path.stem) not in first:
        faults.append(f"{path.parent.name}/{path.name}: a header that belongs to no module")
print("\n".join(faults) or f"{len(files)} files in order")
sys.exit(1 if faults else 0)
