"""Flipped bytes and cut ends of results.h5 and of a journal, through the real program (the unit tests do thousands).

results.h5: `runner report` says 4 or 3 and why, --resume refuses; neither touches it. A journal: --resume loses at most
the trial that was hit, trains it again, and ends with the uninterrupted file; a damaged header is refused with 3."""
import os
import random
import time

import faults

COUNT = 500 if faults.LONG else 25


def damaged(data, rng, cut):
    """-> other bytes, and where"""
    if cut:
        at = rng.randrange(len(data))
        return data[:at], at
    at = rng.randrange(len(data))
    other = bytearray(data)
    other[at] ^= 1 << rng.randrange(8)
    return bytes(other), at


def results(test, rng, good):
    for i in range(2 * COUNT):
        cut = i % 2 == 1
        data, at = damaged(good, rng, cut)
        what = f"results.h5 {'cut' if cut else 'flipped'}"
        with open("out/results.h5", "wb") as file:
            file.write(data)
        command = ("show", "out") if i % 4 < 2 else ("report", "out", "-o", "page")
        done = faults.run(*command)
        test.fault(what, done.code in (3, 4))
        test.check(done.code in (3, 4) and "out/results.h5" in done.err, f"{what} at {at}: exit {done.code}: {done.err}")
        if i % 5 == 0:
            done = faults.run("run", "s.yaml", "-o", "out", "--resume")
            test.check(done.code in (3, 4), f"{what} at {at}: --resume exits {done.code}: {done.err}")
        test.check(open("out/results.h5", "rb").read() == data, f"{what} at {at}: it was modified")
        test.equal(sorted(os.listdir("out")), ["experiment.yaml", "results.h5", "run.log"], "files")


def journals(test, rng, wanted):
    good = open("full/journal", "rb").read()
    trials = len(faults.results_in("full"))
    for i in range(2 * COUNT):
        cut = i % 2 == 1
        data, at = damaged(good, rng, cut)
        what = f"journal {'cut' if cut else 'flipped'}"
        faults.remove("out")
        os.makedirs("out")
        with open("out/journal", "wb") as file:
            file.write(data)
        kept = len(faults.results_in("out"))
        done = faults.run("run", "s.yaml", "-o", "out", "--resume")
        refused = not cut and done.code == 3
        trained = sum(map(int, faults.logged("out", "trained")))
        test.fault(what, refused or trained or at >= len(good) - 1 or at < faults.HEADER)
        if refused:
            test.check(at < faults.HEADER, f"{what} at {at}: refused: {done.err}")
            test.check(open("out/journal", "rb").read() == data, f"{what} at {at}: refused but modified")
            continue
        test.equal(done.code, 0, f"{what} at {at}: exit", done.err)
        test.check(cut or kept >= trials - 1, f"{what} at {at}: {trials - kept} trials lost")
        test.equal(trained, trials - kept, f"{what} at {at}: trained again")
        test.equal(faults.sha("out/results.h5"), wanted, f"{what} at {at}: results.h5")


def main():
    test = faults.Tally("flips")
    faults.sandbox()
    seed = int(os.environ.get("RUNNER_SEED", time.time_ns() % 1000000))
    rng = random.Random(seed)
    print(f"seed {seed} (RUNNER_SEED={seed} repeats it)")
    faults.write("s.yaml", faults.moons(epochs=100, sizes=8, repeats=3, every=10))
    test.equal(faults.run("run", "s.yaml", "-o", "out").code, 0, "uninterrupted")
    wanted, good = faults.sha("out/results.h5"), open("out/results.h5", "rb").read()
    test.equal(faults.only_journal("s.yaml", "full", len(good)), 24, "trials in the complete journal")
    results(test, rng, good)
    journals(test, rng, wanted)
    test.end()


if __name__ == "__main__":
    main()
