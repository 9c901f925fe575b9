"""kill -9 at random moments, some of them inside consolidation; chains of kill and --resume on 1 to 4 threads.

No finished trial is lost: what was acknowledged (a line of -v) or stood in the journal stands there afterwards, the
same bytes. None is repeated: the run that completes trains exactly the others. The end is the uninterrupted file."""
import os
import random
import signal
import subprocess
import sys
import time

import faults

KILLS = 200 if faults.LONG else 40
TRIALS = 90
# One call in the child takes long, so that a moment inside consolidation can be met.
SLOW = ["strace", "-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=pwrite64,rename,unlink,fsync",
        "-e", "inject=pwrite64:delay_enter=4000", "-e", "inject=rename,unlink,fsync:delay_enter=30000"]


class Chain:
    """One results folder, from nothing to complete, through any number of kills."""

    def __init__(self, test, wanted, rng):
        self.test, self.wanted, self.rng = test, wanted, rng
        self.known, self.acknowledged = {}, set()
        faults.remove("out")

    def arguments(self):
        return ["run", "s.yaml", "-v", "-o", "out", "-j", self.rng.choice([1, 2, 3, 4]), "--resume"]

    def temporary(self):
        return os.path.isdir("out") and any(".h5.tmp." in name for name in os.listdir("out"))

    def phase(self):
        """Where the dead one was, by what it left."""
        if self.temporary():
            return "in consolidation"
        if faults.has("out", "results.h5"):
            return "after rename" if faults.has("out", "journal") else "when done"
        return "in training" if faults.results_in("out") else "before the first trial"

    def kill(self, inside, length):
        before = SLOW if inside else []
        with open("talk", "w") as talk:
            child = faults.start(*self.arguments(), before=before, stderr=talk)
            if inside:
                faults.wait_until(lambda: self.temporary() or child.poll() is not None)
                time.sleep(self.rng.random() * 0.9)
            else:
                time.sleep(self.rng.random() * length)
            child.kill()
            killed = child.wait() == -signal.SIGKILL
        with open("talk") as talk:
            lines = [line for line in talk if line.endswith("\n")]
        self.acknowledged |= {int(line[:16], 16) for line in lines if line[16:17] == " " and ": " in line}
        if os.path.isdir("out"):
            faults.wait_until(lambda: faults.lock_is_free("out"))  # the child dies too: orphans() looks when
        return killed

    def look(self):
        """After a kill: nothing lost, nothing twice, nothing wrong."""
        check = self.test.check
        if faults.has("out", "results.h5"):
            check(faults.sha("out/results.h5") == self.wanted, "a kill left a wrong results.h5")
            return
        records, _ = faults.journal("out/journal")
        found = [r.id for r in records if r.kind == faults.RESULT]
        check(len(found) == len(set(found)), "a trial stands twice in the journal")
        now = faults.results_in("out")
        lost = [i for i in self.known if now.get(i) != self.known[i]]
        check(not lost, f"{len(lost)} finished trials lost or changed")
        check(self.acknowledged <= set(now), f"{len(self.acknowledged - set(now))} acknowledged trials are lost")
        self.known = now

    def complete(self):
        equal, log = self.test.equal, faults.log_size("out")
        finished = TRIALS if faults.has("out", "results.h5") else len(faults.results_in("out"))
        done = faults.run(*self.arguments())
        equal(done.code, 0, "exit of the run that completes", done.err)
        equal(sum(map(int, faults.logged("out", "trained", log))), TRIALS - finished, "trials trained at the end")
        self.test.check(faults.has("out", "results.h5") and faults.sha("out/results.h5") == self.wanted,
                        "results.h5 differs from the uninterrupted run's")
        equal(faults.litter("out"), [], "litter")
        self.test.check(not faults.has("out", "journal"), "the journal is left")


def orphans(test, wanted):
    """The HDF5 child, slowed to many seconds, dies with its parent and not later."""
    size = os.path.getsize("reference/results.h5")
    test.equal(faults.only_journal("s.yaml", "full", size), TRIALS, "trials in the complete journal")
    slow = ["strace", "-D", "-f", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", "inject=pwrite64:delay_enter=100000"]
    for _ in range(10 if faults.LONG else 3):
        faults.copy("full", "out")
        child = faults.start("run", "s.yaml", "-o", "out", "--resume", before=slow)
        begun = faults.wait_until(lambda: any(".h5.tmp." in name for name in os.listdir("out")))
        child.kill()
        child.wait()
        test.fault("SIGKILL with a slow child", begun)
        test.check(faults.wait_until(lambda: faults.lock_is_free("out"), 2.0),
                   "the child outlived the killed runner and holds its folder")
        test.equal(faults.run("run", "s.yaml", "-o", "out", "--resume").code, 0, "the next run")
        test.check(faults.has("out", "results.h5") and faults.sha("out/results.h5") == wanted, "results.h5 differs")
        test.equal(faults.litter("out"), [], "litter")


def main():
    test = faults.Tally("kill")
    faults.sandbox()
    seed = int(os.environ.get("RUNNER_SEED", time.time_ns() % 1000000))
    rng = random.Random(seed)
    print(f"seed {seed} (RUNNER_SEED={seed} repeats it)")
    faults.write("s.yaml", faults.moons(epochs=1200, sizes=9, repeats=10, every=100))
    reference = faults.run("run", "s.yaml", "-o", "reference", "-j", 2)
    test.equal(reference.code, 0, reference.err)
    wanted, length = faults.sha("reference/results.h5"), 1.3 * reference.seconds
    phases, killed, chains, inside, tries = {}, 0, 0, 0, 0
    while killed < KILLS and tries < 5 * KILLS and len(test.failures) < 10:
        chain = Chain(test, wanted, rng)
        while killed < KILLS and tries < 5 * KILLS:
            tries += 1
            at_work = inside * 8 < killed + 1
            met = chain.kill(at_work, length)
            if not at_work:
                length *= 1.05 if met else 0.8  # other work on this machine comes and goes
            if met:
                killed += 1
                phase = chain.phase()
                phases[phase] = phases.get(phase, 0) + 1
                inside += phase in ("in consolidation", "after rename")
                test.fault("SIGKILL", True)
            chain.look()
            if rng.random() < 0.35 or faults.has("out", "results.h5"):
                break
        chain.complete()
        chains += 1
    print(f"{killed} kills {phases}, {chains} chains completed")
    test.equal(killed, KILLS, "kills that met a living runner")
    orphans(test, wanted)
    test.check(inside * 10 >= killed, f"only {inside} of {killed} kills inside consolidation")
    test.end()


if __name__ == "__main__":
    main()
