"""What the fault tests share: sandboxes, the runner, an independent reader of the journal, and the tally.

Every test is a program: NAME.py [RUNNER]. It prints what it injected and what fired, one line a failure, and exits 1
where anything failed. What this machine cannot do it prints as "NAME: skipped: ...", which
scripts/test counts. RUNNER_LONG=1 selects the large counts."""
import atexit
import collections
import fcntl
import hashlib
import os
import pathlib
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNNER = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "runner")
LONG = os.environ.get("RUNNER_LONG") == "1"
HEADER, HEAD, MAGIC = 128, struct.Struct("<IIIIQ"), 0x9D52C43A
RESULT, CHECKPOINT = 1, 2

Done = collections.namedtuple("Done", "code out err seconds")
Record = collections.namedtuple("Record", "kind id payload")


# --- places ----------------------------------------------------------------------------------------------------

def sandbox():
    """A folder of its own for this test, which becomes the current one and goes with it."""
    place = tempfile.mkdtemp(prefix="runner-faults-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    os.chdir(place)
    return pathlib.Path(place)


def write(name, text):
    pathlib.Path(name).write_text(text)
    return name


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)


def copy(source, target):
    remove(target)
    shutil.copytree(source, target)


def moons(epochs=30, sizes=6, repeats=1, every=10, fixed="", more=""):
    """A small experiment: `sizes` networks, each `repeats` times. Without a report."""
    return (f"name: s\ndata: {{kind: moons, samples: 40, noise: 0.2, seed: 0, test_samples: 40, test_seed: 12345}}\n"
            f"fixed: {{epochs: {epochs}{fixed}}}\ngrid:\n  hidden: {{min: 1, max: {sizes}}}\n"
            f"repeats: {repeats}\nreport: []\nrecord: {{every: {every}}}\n{more}")


# --- running ----------------------------------------------------------------------------------------------------

def run(*arguments, before=(), env=None, timeout=120, program=RUNNER, **more):
    """runner ARGUMENTS to its end; a negative code is a signal. `before` stands in front (strace, unshare)."""
    begun = time.monotonic()
    done = subprocess.run([*before, program, *map(str, arguments)], capture_output=True, timeout=timeout,
                          env={**os.environ, **(env or {})}, **more)
    return Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"),
                time.monotonic() - begun)


def size_limit(size):
    """For preexec_fn: no file of this process gets larger."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def only_journal(experiment, folder, results_size):
    """Leaves a complete journal and no results.h5, which was not allowed to get as large as it is. -> its trials"""
    remove(folder)
    run("run", experiment, "-o", folder, preexec_fn=size_limit(results_size - 1))
    assert not has(folder, "results.h5")
    return len(results_in(folder))


def start(*arguments, before=(), env=None, **more):
    return subprocess.Popen([*before, RUNNER, *map(str, arguments)], stdout=subprocess.DEVNULL,
                            env={**os.environ, **(env or {})}, **{"stderr": subprocess.DEVNULL, **more})


def wait_until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


# --- what a run left ----------------------------------------------------------------------------------------------

def sha(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def hashes(folder):
    """Of every file below it."""
    return {str(p.relative_to(folder)): sha(p) for p in sorted(pathlib.Path(folder).rglob("*")) if p.is_file()}


def has(folder, name):
    return os.path.exists(os.path.join(folder, name))


def litter(folder):
    return [str(p) for p in pathlib.Path(folder).rglob("*") if ".tmp" in p.name]


def journal(path):
    """Its good records in order and the bytes that belong to none; written from results/README.md alone."""
    try:
        data = pathlib.Path(path).read_bytes()
    except FileNotFoundError:
        return [], 0
    records, lost, at = [], 0, HEADER
    while at < len(data):
        if at + HEAD.size <= len(data):
            magic, length, crc, kind, key = HEAD.unpack_from(data, at)
            end = at + HEAD.size + length
            if magic == MAGIC and end <= len(data) and kind in (RESULT, CHECKPOINT):
                checked = data[at + 4:at + 8] + data[at + 12:end]
                if zlib.crc32(checked) == crc:
                    records.append(Record(kind, key, data[at + HEAD.size:end]))
                    at = end
                    continue
        at += 1
        lost += 1
    return records, lost


def record(kind, key, payload):
    """A record as bytes, its CRC right."""
    checked = struct.pack("<I", len(payload)) + struct.pack("<IQ", kind, key) + payload
    return HEAD.pack(MAGIC, len(payload), zlib.crc32(checked), kind, key) + payload


def results_in(folder):
    """Trials with a result in its journal: id -> bytes."""
    return {r.id: r.payload for r in journal(os.path.join(folder, "journal"))[0] if r.kind == RESULT}


def logged(folder, key, since=0):
    """Values of `key: value` in run.log behind byte `since`."""
    try:
        text = pathlib.Path(folder, "run.log").read_bytes()[since:].decode()
    except FileNotFoundError:
        return []
    return [line.split(": ", 1)[1] for line in text.splitlines() if line.startswith(key + ": ")]


def log_size(folder):
    return os.path.getsize(os.path.join(folder, "run.log")) if has(folder, "run.log") else 0


def lock_is_free(folder):
    """Whether no runner, nor a child that outlived one, holds the folder."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(fd)


# --- the tally ------------------------------------------------------------------------------------------------------

class Tally:
    def __init__(self, name):
        self.name, self.injected, self.fired = name, collections.Counter(), collections.Counter()
        self.checks, self.failures, self.begun = 0, [], time.monotonic()

    def fault(self, what, fired):
        self.injected[what] += 1
        self.fired[what] += bool(fired)
        return self.check(fired, f"{what}: did not fire")

    def check(self, holds, *words):
        self.checks += 1
        if not holds:
            self.failures.append(" ".join(map(str, words)))
            print(f"FAILED {self.name}: {self.failures[-1]}"[:1500], flush=True)
        return bool(holds)

    def equal(self, got, wanted, *words):
        return self.check(got == wanted, *words, f"is {got!r}, not {wanted!r}")

    def skip(self, words):
        print(f"{self.name}: skipped: {words}", flush=True)

    def end(self):
        for what in sorted(self.injected):
            print(f"  {what}: {self.injected[what]} injected, {self.fired[what]} fired")
        print(f"{self.name}: {sum(self.injected.values())} faults injected, {sum(self.fired.values())} fired, "
              f"{self.checks} checks, {len(self.failures)} failed, {time.monotonic() - self.begun:.1f} s")
        sys.exit(1 if self.failures else 0)
