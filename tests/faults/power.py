"""Power cuts, replayed: what a run does to its disk is traced, and the disk is rebuilt as a cut at any moment may leave it.

The model is the strict one. What fsync or fdatasync has not confirmed may be there or not, whatever came before or after:
every sector of a write, a file's length, every name that was made, renamed or removed. A folder's names are confirmed by
fsync of that folder, its own name by fsync of the one above. From each such disk the next run must end with the
uninterrupted file, and no confirmed trial may be lost."""
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import time

import faults

STATES = 500 if faults.LONG else 60
SECTOR = 512
CALLS = "openat,mkdir,mkdirat,write,pwrite64,rename,renameat,renameat2,unlink,unlinkat,ftruncate,fallocate,fsync,fdatasync"
OUT = "deep/results/out"
TRIALS = 12


# --- the trace ------------------------------------------------------------------------------------------------------

def traced(arguments, *more):
    """-> the exit code, the lines of strace, those that were cut in two put together"""
    before = ["strace", "-f", "-y", "-xx", "-s", "40000000", "-o", "log", "-e", "trace=" + CALLS, *more]
    done = faults.run(*arguments, before=before, timeout=300)
    open_calls, lines = {}, []
    for line in pathlib.Path("log").read_text(errors="replace").splitlines():
        pid, _, rest = line.partition(" ")
        rest = rest.lstrip()
        if rest.endswith("<unfinished ...>"):
            open_calls[pid] = rest[:-len("<unfinished ...>")].rstrip()
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", rest)
        if resumed:
            rest = open_calls.pop(pid) + resumed[1]
        if re.match(r"\w+\(", rest):
            lines.append(rest)
    return done, lines


def unhex(text):
    return bytes.fromhex(text.replace("\\x", ""))


PATH = r'"((?:\\x[0-9a-f]{2})*)"'
FD = r"(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>"


class Disk:
    """Files and folders by number, and everything that was done to them, in order."""

    def __init__(self, root):
        self.root, self.names, self.ops, self.size, self.count = str(root), {(0, ""): 0}, [], {}, 1
        self.entry = {}  # (folder, name) -> number, as the running system sees it

    def find(self, path):
        """The number of what a path names now; None for what lies outside or does not exist."""
        if path != self.root and not path.startswith(self.root + "/"):
            return None
        at = 0
        for name in path[len(self.root):].strip("/").split("/"):
            if name:
                at = self.entry.get((at, name))
                if at is None:
                    return None
        return at

    def split(self, folder, name):
        """-> number of the folder, name in it"""
        path = name if name.startswith("/") else os.path.normpath(os.path.join(folder, name))
        return self.find(os.path.dirname(path)), os.path.basename(path), path

    def make(self, folder, name):
        number, self.count = self.count, self.count + 1
        self.entry[folder, name] = number
        self.size[number] = 0
        self.ops.append(("link", folder, name, number))
        return number

    def add(self, line):
        if re.search(r"= -1 ", line) or "= ?" in line:
            return
        call = line.split("(", 1)[0]
        getattr(self, "do_" + {"pwrite64": "write", "fdatasync": "fsync", "mkdirat": "mkdir", "renameat": "rename",
                               "renameat2": "rename", "unlinkat": "unlink"}.get(call, call))(line)

    def paths(self, line):
        """(folder, name) of every path of a call; where no folder is given it is the root."""
        found = re.findall(r"(?:" + FD + r", )?" + PATH, line)
        return [self.split(unhex(f).decode() or self.root, unhex(n).decode()) for f, n in found]

    def do_openat(self, line):
        folder, name, _ = self.paths(line)[0]
        if folder is None or "O_CREAT" not in line:
            return
        if (folder, name) not in self.entry:
            self.make(folder, name)
        elif "O_TRUNC" in line:
            self.truncate(self.entry[folder, name], 0)

    def do_mkdir(self, line):
        folder, name, _ = self.paths(line)[0]
        if folder is not None:
            self.make(folder, name)

    def number_of(self, line):
        return self.find(unhex(re.match(r"\w+\(\d+<((?:\\x[0-9a-f]{2})*)>", line)[1]).decode())

    def do_write(self, line):
        number = self.number_of(line)
        if number is None:
            return
        data = unhex(re.search(PATH, line)[1])
        done = int(re.search(r"= (\d+)(?:$| )", line)[1])
        where = re.search(r", \d+, (\d+)\)\s+= ", line)
        at = int(where[1]) if line.startswith("pwrite64") else self.size[number]
        self.ops.append(("write", number, at, data[:done]))
        self.size[number] = max(self.size[number], at + done)

    def truncate(self, number, size):
        self.size[number] = size
        self.ops.append(("truncate", number, size))

    def do_ftruncate(self, line):
        number = self.number_of(line)
        if number is not None:
            self.truncate(number, int(re.search(r", (\d+)\)", line)[1]))

    def do_fallocate(self, line):
        assert "FALLOC_FL_KEEP_SIZE" in line, line

    def do_rename(self, line):
        (from_folder, from_name, _), (to_folder, to_name, _) = self.paths(line)
        if from_folder is None:
            return
        number = self.entry.pop((from_folder, from_name))
        self.entry[to_folder, to_name] = number
        self.ops.append(("rename", from_folder, from_name, to_folder, to_name, number))

    def do_unlink(self, line):
        folder, name, _ = self.paths(line)[0]
        if folder is not None:
            self.entry.pop((folder, name), None)
            self.ops.append(("unlink", folder, name))

    def do_fsync(self, line):
        number = self.number_of(line)
        if number is not None:
            self.ops.append(("sync", number))


# --- the disk after a cut -------------------------------------------------------------------------------------------

def targets(op):
    """Whose sync confirms it: a file's bytes its own, names their folder's."""
    kind = op[0]
    return {op[1], op[3]} if kind == "rename" else {op[1]}


def confirmed(ops, end):
    """Which of the operations before `end` a sync before `end` has confirmed."""
    synced, safe = set(), [False] * end
    for i in range(end - 1, -1, -1):
        if ops[i][0] == "sync":
            synced.add(ops[i][1])
        else:
            safe[i] = targets(ops[i]) <= synced
    return safe


def write_torn(content, at, data, rng):
    """Some sectors of it, and the length, or not."""
    end = at + len(data)
    if rng.random() < 0.5 and len(content) < end:
        content.extend(b"\0" * (end - len(content)))
    for first in range(at - at % SECTOR, end, SECTOR):
        low, high = max(first, at), min(first + SECTOR, end)
        if rng.random() < 0.5:
            if len(content) < low:
                content.extend(b"\0" * (low - len(content)))
            content[low:high] = data[low - at:high - at]


def after_cut(disk, end, rng):
    """-> names (folder, name) -> number, and the bytes of every number"""
    safe = confirmed(disk.ops, end)
    likely = rng.choice([0.05, 0.5, 0.95])  # of what nobody has confirmed
    entry, content = {}, {}
    for i in range(end):
        op = disk.ops[i]
        there = safe[i] or rng.random() < likely
        if op[0] == "write":
            bytes_ = content.setdefault(op[1], bytearray())
            if safe[i] or (there and rng.random() < 0.5):
                bytes_.extend(b"\0" * (op[2] - len(bytes_)))
                bytes_[op[2]:op[2] + len(op[3])] = op[3]
            elif there:
                write_torn(bytes_, op[2], op[3], rng)
        elif not there:
            continue
        elif op[0] == "truncate":
            bytes_ = content.setdefault(op[1], bytearray())
            del bytes_[op[2]:]
            bytes_.extend(b"\0" * (op[2] - len(bytes_)))
        elif op[0] == "link":
            entry[op[1], op[2]] = op[3]
        elif op[0] == "rename":
            if entry.get((op[1], op[2])) == op[5]:
                del entry[op[1], op[2]]
            entry[op[3], op[4]] = op[5]
        elif op[0] == "unlink":
            entry.pop((op[1], op[2]), None)
    return entry, content


def rebuild(disk, place, entry, content):
    shutil.rmtree(place, ignore_errors=True)
    folders = {op[1] for op in disk.ops if op[0] in ("link", "unlink")} | {0}

    def build(number, path):
        path.mkdir()
        for (folder, name), child in entry.items():
            if folder != number:
                continue
            if child in folders or (child not in content and child in disk_folders):
                build(child, path / name)
            else:
                (path / name).write_bytes(bytes(content.get(child, b"")))

    disk_folders = folders
    build(0, place)


def records(data):
    """ids of the results in a journal's bytes"""
    pathlib.Path("bytes").write_bytes(bytes(data))
    return {r.id for r in faults.journal("bytes")[0] if r.kind == faults.RESULT}


def safe_trials(disk, end):
    """What a power cut after `end` operations may not cost: the results whose bytes were confirmed before."""
    safe, content = confirmed(disk.ops, end), {}
    for i in range(end):
        op = disk.ops[i]
        if op[0] == "write" and safe[i] and len(op[3]) >= faults.HEAD.size:
            content.setdefault(op[1], []).append(op[3])
    ids = set()
    for pieces in content.values():
        for piece in pieces:
            if struct.unpack_from("<I", piece)[0] == faults.MAGIC:
                ids |= records(b"\0" * faults.HEADER + piece)
    return ids


def sound(test, what, disk, end, place, wanted, finished):
    """Nothing confirmed is lost, and the next run ends as if nothing had happened."""
    folder = place / OUT
    present = set(faults.results_in(folder))
    if faults.has(folder, "results.h5"):
        if test.check(faults.sha(folder / "results.h5") == wanted, f"{what}: results.h5 is neither old nor new"):
            present = None  # all
    lost = set() if present is None else safe_trials(disk, end) - present
    test.check(not lost, f"{what}: {len(lost)} confirmed trials are lost")
    if finished:
        source = pathlib.Path("s.yaml").read_text()
        copy = folder / "experiment.yaml"
        test.check(copy.exists() and copy.read_text() == source, f"{what}: experiment.yaml of a finished run is "
                   f"{copy.read_text()[:20]!r}" if copy.exists() else f"{what}: experiment.yaml of a finished run is gone")
        test.check(present is None, f"{what}: results.h5 of a finished run is gone")
    done = faults.run("run", os.path.abspath("s.yaml"), "-o", OUT, "--resume", cwd=place, timeout=120)
    test.equal(done.code, 0, f"{what}: the next run", done.err)
    test.check(faults.has(folder, "results.h5") and faults.sha(folder / "results.h5") == wanted,
               f"{what}: results.h5 of the next run")
    test.equal(faults.litter(place), [], f"{what}: litter")


def replay(test, name, disk, wanted, states, rng, begin=0):
    place = pathlib.Path("cut").absolute()
    total = len(disk.ops)
    for i in range(states):
        # a third of the cuts come when all is done: what was finished must stay so
        end = total if i % 3 == 0 else rng.randrange(begin, total + 1)
        seed = rng.randrange(1 << 30)
        entry, content = after_cut(disk, end, random.Random(seed))
        rebuild(disk, place, entry, content)
        test.fault(f"power cut: {name}", True)
        sound(test, f"{name}, cut after {end} of {total} operations (seed {seed})", disk, end, place, wanted, end == total)
        if len(test.failures) > 12:
            return


def main():
    test = faults.Tally("power")
    root = faults.sandbox()
    seed = int(os.environ.get("RUNNER_SEED", time.time_ns() % 1000000))
    rng = random.Random(seed)
    print(f"seed {seed} (RUNNER_SEED={seed} repeats it)")
    faults.write("s.yaml", faults.moons(epochs=800, sizes=TRIALS, every=100))
    test.equal(faults.run("run", "s.yaml", "-o", "reference").code, 0, "uninterrupted")
    wanted = faults.sha("reference/results.h5")
    arguments = ("run", "s.yaml", "-o", OUT, "-j", 1, "--resume")
    root = root.resolve()

    done, lines = traced(arguments)
    test.equal(done.code, 0, "traced", done.err)
    disk = Disk(root)
    for line in lines:
        disk.add(line)
    print(f"{len(disk.ops)} operations on {disk.count} files and folders")
    test.equal(bytes(after_cut(disk, len(disk.ops), random.Random(0))[1][disk.find(str(root / OUT / "results.h5"))]),
               pathlib.Path(OUT, "results.h5").read_bytes(), "results.h5 rebuilt from the trace")
    replay(test, "a run", disk, wanted, STATES // 2, rng)

    # killed between the rename of results.h5 and the sync of its folder; the next run finds it complete and removes the journal
    syncs = [line for line in lines if line.startswith(("fsync", "rename"))]
    renamed = max(i for i, line in enumerate(syncs) if line.startswith("rename") and unhex(re.findall(PATH, line)[-1]).endswith(b"results.h5"))
    number = sum(line.startswith("fsync") for line in syncs[:renamed]) + 1
    shutil.rmtree("deep")
    disk = Disk(root)
    begin = 0
    for more in (["-e", f"inject=fsync:signal=SIGKILL:when={number}"], []):
        begin = len(disk.ops)
        done, lines = traced(arguments, *more)
        for line in lines:
            disk.add(line)
        if more:
            test.check(faults.has(OUT, "journal") and faults.has(OUT, "results.h5"), "killed behind the rename")
    test.equal(done.code, 0, "the run after the killed one", done.err)
    replay(test, "a run after one that was killed behind its rename", disk, wanted, STATES - STATES // 2, rng, begin)
    test.end()


if __name__ == "__main__":
    main()
