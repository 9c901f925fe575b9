"""Memory that is refused: the N-th allocation of a run, of a resumed one and of the commands that read results, once and
from then on. No death by a signal, no wrong file, no lost trial; the next run ends with the uninterrupted file."""
import os
import pathlib
import shutil
import subprocess

import faults

POINTS = 650 if faults.LONG else 50


def build(test):
    """-> the library, or None where there is no compiler"""
    source = pathlib.Path(__file__).with_name("failing_malloc.c")
    done = subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", "failing.so", source, "-ldl"], capture_output=True, text=True)
    test.equal(done.returncode, 0, "the library that refuses memory", done.stderr)
    return os.path.abspath("failing.so")


class Command:
    def __init__(self, name, start, arguments):
        self.name, self.start, self.arguments = name, start, arguments

    def run(self, library, at, on=False):
        """-> what it did, how many allocations failed"""
        faults.remove("out")
        if self.start:
            faults.copy(self.start, "out")
        pathlib.Path("failed").unlink(missing_ok=True)
        env = {"LD_PRELOAD": library, "FAIL_AT": str(at), "FAIL_LOG": os.path.abspath("failed"), **({"FAIL_ON": "1"} if on else {})}
        done = faults.run(*self.arguments, env=env, timeout=120)
        return done, pathlib.Path("failed").stat().st_size

    def allocations(self, library):
        """How many it makes: the last one that can still fail."""
        low, high = 1, 2
        while self.run(library, high)[1]:
            low, high = high, 2 * high
        while high - low > max(1, low // 50):
            middle = (low + high) // 2
            low, high = (middle, high) if self.run(library, middle)[1] else (low, middle)
        return low


def sound(test, what, command, wanted):
    """What is there is right, and the next run goes on from it."""
    if command.arguments[0] != "run":
        test.equal(faults.hashes("out"), faults.hashes(command.start), f"{what}: files that were only to be read")
        return
    test.equal([f for f in faults.litter("out") if "draft" not in f], [], f"{what}: litter")
    done = faults.run("run", "s.yaml", "-o", "out", "--resume")
    test.equal(done.code, 0, f"{what}: the next run", done.err)
    test.check(faults.has("out", "results.h5") and faults.sha("out/results.h5") == wanted, f"{what}: results.h5 of the next run")


def main():
    test = faults.Tally("memory")
    faults.sandbox()
    library = build(test)
    faults.write("s.yaml", faults.moons(epochs=60, sizes=4, repeats=2))
    faults.write("small.yaml", faults.moons(epochs=60, sizes=2, repeats=2))
    for name in ("s", "small"):
        test.equal(faults.run("run", f"{name}.yaml", "-o", name).code, 0, name)
    wanted = faults.sha("s/results.h5")
    faults.only_journal("s.yaml", "full", os.path.getsize("s/results.h5"))
    commands = [Command("a run", None, ("run", "s.yaml", "-o", "out", "-j", "2")),
                Command("a journal to publish", "full", ("run", "s.yaml", "-o", "out", "--resume")),
                Command("a grid that grew", "small", ("run", "s.yaml", "-o", "out", "--resume")),
                Command("show", "s", ("show", "out")), Command("best", "s", ("best", "out")),
                Command("export", "s", ("export", "out", "--trial", "best", "--format", "c"))]
    for command in commands:
        count = command.allocations(library)
        # most of them are HDF5's, in children: the program's own come first, and are met as often
        half = POINTS // len(commands) // 2
        points = sorted({1 + i * span // half for span in (min(count, 800), count) for i in range(half)})
        print(f"{command.name}: {count} allocations, {len(points)} of them refused", flush=True)
        for i, at in enumerate(points):
            on = i % 2 == 1
            done, failed = command.run(library, at, on)
            what = f"{command.name}: allocation {at}{' and all after it' if on else ''}"
            test.fault(f"memory refused: {command.name}", failed)
            test.check(done.code >= 0, f"{what}: died of signal {-done.code}")
            test.check(done.code in (0, 1, 2, 4), f"{what}: exit {done.code}: {done.err}")
            sound(test, what, command, wanted)
    shutil.rmtree("out", ignore_errors=True)
    test.end()


if __name__ == "__main__":
    main()
