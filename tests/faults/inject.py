"""A fault at every call that writes: SIGKILL, ENOSPC and EIO, once and for ever after, by strace.

`parent` sweeps a fresh run and counts the parent's calls; `child` sweeps the HDF5 child's, from a complete journal;
`grown` sweeps a --resume that copies an older results.h5 into its journal first. After a fault: no death by a signal
that was not injected, exit 4 (0 where only run.log, stderr or the giving back of space was hit), words that name the
path and the number of safe trials, no temporary file; the next --resume ends with the uninterrupted file."""
import re

import bits
import faults

TRIALS = 60 if faults.LONG else 4
STEP = 1 if faults.LONG else 25          # of the child's many writes, every STEP-th
KILLED = ("pwrite64", "write", "fsync", "fdatasync", "rename", "unlink", "ftruncate", "flock", "openat", "fallocate",
          "mkdir", "clone")
REFUSED = ("pwrite64", "fsync", "fdatasync", "rename", "ftruncate", "write", "openat", "fallocate")
WRITING = re.compile(r"O_WRONLY|O_RDWR")
HARMLESS = re.compile(r"openat.*run\.log.*O_APPEND|^(?!.*openat).*run\.log|\(deleted\)|write\(2<|fallocate\(.*EIO")


class Scenario:
    """A folder to begin with, the arguments, whose calls are counted, and the file that must come out."""

    def __init__(self, name, start, known, experiment, follow, wanted):
        self.known = known  # trials that are finished at its start
        self.name, self.start, self.experiment, self.follow, self.wanted = name, start, experiment, follow, wanted
        self.arguments = ["run", experiment, "-o", "out", "-j", "1", "--resume"]

    def prepare(self):
        faults.remove("out")
        if self.start:
            faults.copy(self.start, "out")

    def trace(self, calls, inject=None):
        """-> (exit, words, lines of the log)"""
        before = ["strace", "-y", "-o", "log", "-e", "trace=" + calls] + (["-f"] if self.follow else [])
        before += ["-e", f"inject={inject}"] if inject else []
        done = faults.run(*self.arguments, before=before)
        with open("log", errors="replace") as log:
            return done.code, done.out + done.err, log.read().splitlines()

    def points(self, call):
        """At which calls, from 1, of whoever is swept, a fault makes sense."""
        self.prepare()
        lines = self.trace(call)[2]
        if self.follow:
            parent = lines[-1].split(None, 1)[0]  # it ends last
            lines = [line.split(None, 1)[1] for line in lines if line.split(None, 1)[0] != parent]
        made = [line for line in lines if line.startswith(call + "(")]
        return [i for i, line in enumerate(made, 1) if call != "openat" or WRITING.search(line)]


def finished():
    """Trials that stand somewhere: in the journal, or in results.h5."""
    ids = set(faults.results_in("out"))
    if faults.has("out", "results.h5"):
        ids |= {int(key, 16) for key in bits.column("out/results.h5", "id")}
    return ids


def sound(test, what, scenario, log):
    """Nothing that was trained is lost; the next run trains the others and ends as if nothing had happened."""
    safe = finished()
    trained = sum(map(int, faults.logged("out", "trained", log)))
    test.check(len(safe) >= scenario.known + trained,
               f"{what}: {scenario.known} known and {trained} trained, but {len(safe)} are left")
    log = faults.log_size("out")
    done = faults.run(*scenario.arguments)
    test.equal(done.code, 0, f"{what}: exit of the next run", done.err)
    test.equal(sum(map(int, faults.logged("out", "trained", log))), TRIALS - len(safe), f"{what}: trained by the next run")
    same = faults.has("out", "results.h5") and faults.sha("out/results.h5") == scenario.wanted
    test.check(same, f"{what}: results.h5 after the next run differs")
    test.equal(faults.litter("out"), [], f"{what}: litter after the next run")


def judge(test, what, scenario, code, words, hit):
    """An error, not a kill: what the runner made of it."""
    wanted = 0 if all(HARMLESS.search(line) for line in hit) else 4
    test.equal(code, wanted, f"{what}: exit, {words} {hit[:2]}")
    test.equal(faults.litter("out"), [], f"{what}: litter")
    if code == 0 or any("write(2<" in line for line in hit):
        return  # there is nothing to tell, or no way to
    test.check("out/" in words or "out:" in words or "stdout" in words, f"{what}: no path in: {words}")
    safe = len(faults.results_in("out")) if not faults.has("out", "results.h5") else 0
    if safe:
        told = re.search(r"(\d+) trials are safe", words)
        test.check(told and int(told[1]) == safe, f"{what}: {safe} trials are safe, told: {words}")


def fault(test, scenario, call, kind, when):
    what = f"{scenario.name} {call} {kind.split('=')[1]}{'+' if str(when).endswith('+') else ''}"
    scenario.prepare()
    log = faults.log_size("out")
    code, words, lines = scenario.trace(call, f"{call}:{kind}:when={when}")
    hit = [line for line in lines if "(INJECTED)" in line]
    killed = [line for line in lines if "killed by SIGKILL" in line]
    crashed = [line for line in lines if re.search(r"killed by SIG(?!KILL)", line)]
    test.fault(what, hit or killed)
    here = f"{what} at {when}"
    if crashed and not killed:
        CRASHES.append(here)
    if kind.startswith("error"):
        test.check(code >= 0, f"{here}: died of signal {-code}")
        judge(test, here, scenario, code, words, hit)
    elif scenario.follow and killed and code >= 0:
        test.equal(code, 4, f"{here}: exit after the child was killed: {words}")
        test.equal(faults.litter("out"), [], f"{here}: litter")
    sound(test, here, scenario, log)


CRASHES = []  # of the HDF5 child, contained by design, but worth knowing


def sweep(test, scenario, kills, errors, step=1):
    for call in sorted(set(kills) | set(errors)):
        points = scenario.points(call)
        if call == "pwrite64":
            points = sorted(set(points[::step] + points[-1:]))
        for k in points:
            if call in kills:
                fault(test, scenario, call, "signal=SIGKILL", k)
            for error in ("ENOSPC", "EIO") if call in errors else ():
                if call in ("write", "openat", "fallocate") and error == "EIO" and not faults.LONG:
                    continue
                fault(test, scenario, call, "error=" + error, k)
                if call in ("pwrite64", "fsync", "fdatasync", "rename", "ftruncate") or faults.LONG:
                    fault(test, scenario, call, "error=" + error, f"{k}+")


def main():
    test = faults.Tally("inject")
    faults.sandbox()
    small, large = (faults.moons(sizes=n) for n in (TRIALS // 2, TRIALS))
    faults.write("small.yaml", small)
    faults.write("large.yaml", large)
    for name in ("small", "large"):
        test.equal(faults.run("run", f"{name}.yaml", "-o", name, "-j", 2).code, 0, name)
    wanted = faults.sha("large/results.h5")
    size = faults.os.path.getsize("large/results.h5")
    test.equal(faults.only_journal("large.yaml", "full", size), TRIALS, "trials in the complete journal")

    sweep(test, Scenario("parent", None, 0, "large.yaml", False, wanted), KILLED, REFUSED)
    sweep(test, Scenario("child", "full", TRIALS, "large.yaml", True, wanted), ("pwrite64", "ftruncate"),
          ("pwrite64", "ftruncate"), STEP)
    if faults.LONG:
        sweep(test, Scenario("grown", "small", TRIALS // 2, "large.yaml", False, wanted), KILLED, REFUSED)
    if CRASHES:
        print(f"the HDF5 child crashed, contained, in {len(CRASHES)}: {', '.join(CRASHES[:8])}")
    test.end()


if __name__ == "__main__":
    main()
