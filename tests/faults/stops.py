"""Stopping, going on and being refused: signals, checkpoints, two runners, readers, grown grids, other data or bits."""
import glob
import os
import re
import resource
import signal
import subprocess
import time

import h5py

import bits
import faults

LIMIT = 2.0  # seconds that a stopped runner may take


def readable(path):
    """-> trials, each with its id; h5py reads every data set."""
    with h5py.File(path) as file:
        file.visititems(lambda _, item: item[()] if isinstance(item, h5py.Dataset) else None)
        return list(file["trials/id"][:])


def processor_seconds():
    """Of programs that ended: other work on this machine does not lengthen it much."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def processor_seconds_of(child):
    """Of one that runs, all its threads together."""
    try:
        with open(f"/proc/{child.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except FileNotFoundError:
        return float("inf")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stop(test, number, what, yaml, wanted, threads, when):
    """R8: within two seconds, 128 + signal, a partial file, and --resume to the end.
    -> checkpoints in the journal, processor seconds of the resumed run"""
    faults.remove("out")
    child = faults.start("run", yaml, "-o", "out", "-j", threads)
    faults.wait_until(lambda: when(child), 120)
    begun = time.monotonic()
    child.send_signal(number)
    code = child.wait(30)
    took = time.monotonic() - begun
    test.fault(what, code == 128 + number)
    test.check(took < LIMIT, f"{what}: stopped only after {took:.1f} s")
    test.equal(faults.litter("out"), [], f"{what}: litter")
    finished = faults.results_in("out")
    test.equal(len(readable("out/results.h5")), len(finished), f"{what}: trials in the partial file")
    log = faults.log_size("out")
    kept = sum(r.kind == faults.CHECKPOINT for r in faults.journal("out/journal")[0])
    before = processor_seconds()
    done = faults.run("run", yaml, "-o", "out", "-j", threads, "--resume")
    used = processor_seconds() - before
    test.equal(done.code, 0, f"{what}: resumed", done.err)
    test.equal(faults.sha("out/results.h5"), wanted, f"{what}: results.h5")
    trials = int(faults.logged("out", "trials")[-1])
    test.equal(int(faults.logged("out", "trained", log)[-1]), trials - len(finished), f"{what}: trained after --resume")
    return kept, used


def signals(test):
    faults.write("many.yaml", faults.moons(epochs=16000, sizes=15, repeats=2, every=1000))
    reference = faults.run("run", "many.yaml", "-o", "many", "-j", 2)
    test.equal(reference.code, 0, "uninterrupted")
    wanted = faults.sha("many/results.h5")
    for number in (signal.SIGINT, signal.SIGTERM):
        some = 1 + number % 3
        stop(test, number, number.name, "many.yaml", wanted, 2, lambda _: len(faults.results_in("out")) > some)
    faults.remove("out")
    done = faults.run("run", "many.yaml", "-o", "out", "-j", 1, "--time-limit", 0.2 * reference.seconds)
    test.equal(done.code, 143, "exit after --time-limit", done.err)
    # a second signal is not argued with, and costs nothing either
    child = faults.start("run", "many.yaml", "-o", "out", "--resume")
    time.sleep(0.15)
    child.send_signal(signal.SIGINT)
    child.send_signal(signal.SIGINT)
    test.fault("SIGINT twice", child.wait(10) in (130, 0))
    faults.wait_until(lambda: faults.lock_is_free("out"))
    done = faults.run("run", "many.yaml", "-o", "out", "--resume")
    test.equal(faults.sha("out/results.h5"), wanted, "results.h5 after SIGINT twice", done.err)


def interrupted(child, number):
    """-> exit, words, seconds from the signal to the end"""
    begun = time.monotonic()
    child.send_signal(number)
    words = child.communicate(timeout=60)[1].decode()
    return child.returncode, words, time.monotonic() - begun


def phases(test):
    """R8 wherever the signal comes: while data are read, in an update longer than anyone waits, in consolidation, while
    gnuplot draws."""
    row = ",".join(f"{i % 7}.{i}" for i in range(100)) + ","
    faults.write("rows.csv", ",".join(f"c{i}" for i in range(100)) + ",class\n" +
                 "".join(row + ("a\n", "b\n")[i % 2] for i in range(150000)))
    faults.write("read.yaml", "name: r\ndata: {kind: csv, path: rows.csv, label: class, test_fraction: 0.25}\n"
                 "fixed: {hidden: 2}\n")
    faults.remove("out")
    child = faults.start("run", "read.yaml", "-o", "out", stderr=subprocess.PIPE)
    time.sleep(0.3)
    code, words, took = interrupted(child, signal.SIGINT)
    test.fault("SIGINT while data are read", code == 130)
    test.check(took < LIMIT, f"while data are read: stopped only after {took:.1f} s")
    test.check("nothing was changed" in words and not os.path.exists("out"), f"while data are read: {words}")
    os.remove("rows.csv")

    # one update takes many seconds: a small trial is finished before it, and what is finished is safe
    text = faults.moons(epochs=3, sizes=1, every=1).replace("samples: 40, noise", "samples: 60000, noise")
    faults.write("update.yaml", text.replace("{min: 1, max: 1}", "[1, [1000, 1000]]"))
    child = faults.start("run", "update.yaml", "-o", "out", "-j", 2, stderr=subprocess.PIPE)
    faults.wait_until(lambda: faults.results_in("out"))
    time.sleep(0.3)
    code, words, took = interrupted(child, signal.SIGTERM)
    test.fault("SIGTERM in a long update", code == 143 and "long update" in words)
    test.check(took < LIMIT, f"in a long update: stopped only after {took:.1f} s")
    test.equal(len(faults.results_in("out")), 1, "trials safe after a stop in a long update")
    test.check("--resume" in words and faults.lock_is_free("out"), f"in a long update: {words}")

    text = faults.moons(sizes=3, repeats=2).replace("report: []", "report: [overfitting]")
    faults.write("drawn.yaml", text)
    test.equal(faults.run("run", "drawn.yaml", "-o", "drawn").code, 0, "drawn")
    wanted = faults.sha("drawn/results.h5")
    os.makedirs("bin", exist_ok=True)
    faults.write("bin/gnuplot", "#!/bin/sh\n: > drawing\nexec sleep 5\n")
    os.chmod("bin/gnuplot", 0o755)
    faults.remove("out")
    child = faults.start("run", "drawn.yaml", "-o", "out", stderr=subprocess.PIPE,
                         env={"PATH": os.path.abspath("bin") + ":" + os.environ["PATH"]})
    faults.wait_until(lambda: glob.glob("out/report/draft.tmp.*/drawing"))
    begun = time.monotonic()
    child.send_signal(signal.SIGINT)
    code = child.wait(60)
    took = time.monotonic() - begun
    test.fault("SIGINT while it draws", code == 130)
    test.check(took < LIMIT, f"while it draws: stopped only after {took:.1f} s")
    test.equal(faults.sha("out/results.h5"), wanted, "results.h5 after SIGINT while it draws")
    test.check(not faults.has("out", "report/index.html"), "a page although drawing was stopped")
    test.equal(faults.run("run", "drawn.yaml", "-o", "out", "--resume").code, 0, "--resume that draws")
    test.check(faults.has("out", "report/index.html"), "--resume draws the page")

    slow = ["strace", "-D", "-f", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", "inject=pwrite64:delay_enter=20000"]
    for signals_sent in (1, 2):
        faults.remove("out")
        child = faults.start("run", "drawn.yaml", "-o", "out", before=slow, stderr=subprocess.PIPE)
        met = faults.wait_until(lambda: any(".h5.tmp." in name for name in faults.litter("out")))
        child.send_signal(signal.SIGINT)
        begun = time.monotonic()
        if signals_sent == 2:
            time.sleep(0.1)
            child.send_signal(signal.SIGINT)
        code = child.wait(60)
        took = time.monotonic() - begun
        test.fault(f"{signals_sent} SIGINT in consolidation", met and code == 130)
        if signals_sent == 2:
            test.check(took < 1, f"a second SIGINT in consolidation took {took:.1f} s")
            faults.wait_until(lambda: faults.lock_is_free("out"))
        else:
            test.equal(faults.sha("out/results.h5"), wanted, "results.h5 after SIGINT in consolidation")
            test.check(not faults.has("out", "report/index.html"), "it draws although it was told to stop")
        test.equal(faults.run("run", "drawn.yaml", "-o", "out", "--resume").code, 0, "the next run")
        test.equal(faults.sha("out/results.h5"), wanted, "results.h5 of the next run")
        test.check(faults.has("out", "report/index.html"), "the next run draws the page")
        test.equal(faults.litter("out"), [], "litter")


def checkpoints(test):
    """One long trial: stopped, it leaves its state and goes on to the same bits; a stop soon after costs nothing."""
    epochs, reference = 500, None
    while not reference or (reference.code == 0 and reference.seconds < 3):
        text = faults.moons(epochs=epochs, sizes=1, every=500,
                            fixed=", optimizer: adam, batch_size: 20, batch_norm: true, dropout: 0.1")
        faults.write("long.yaml", text.replace("{min: 1, max: 1}", "[[200, 100]]").replace("test_samples: 40", "test_samples: 0"))
        before = processor_seconds()
        reference = faults.run("run", "long.yaml", "-o", "long", "-j", 1, "--force", timeout=300)
        whole = processor_seconds() - before
        epochs = int(epochs * max(1.2, 3.4 / reference.seconds))
    test.equal(reference.code, 0, reference.err)
    print(f"the long trial takes {reference.seconds:.1f} s")
    kept, used = stop(test, signal.SIGTERM, "SIGTERM in a long trial", "long.yaml", faults.sha("long/results.h5"), 1,
                      lambda child: processor_seconds_of(child) > 0.5 * whole)
    test.equal(kept, 1, "checkpoints in the journal")
    test.check(used < 0.8 * whole, f"it began anew: {used:.1f} of {whole:.1f} processor seconds")
    states(test, int(re.search(r"epochs: (\d+)", text)[1]) * 2)


def states(test, epochs):
    """What a checkpoint must hold: four long trials of all kinds of state, stopped, resumed, killed, resumed."""
    text = faults.moons(epochs=epochs, sizes=1, every=50, fixed=", batch_size: 16, dropout: 0.1, batch_norm: true")
    text = text.replace("{min: 1, max: 1}", "[[200, 100]]").replace("seed: 0,", "seed: 0, validation_samples: 8,")
    text = text.replace("record: {every: 50}", "record: {every: 50, weights: both}\nstop: {patience: 100000}\n"
                        "zip:\n  - dtype: [float32, float64, float32, float64]\n"
                        "    optimizer: [sgd, rmsprop, adamw, adagrad]\n"
                        "    momentum: [0.9, 0, 0, 0]\n"
                        "    replacement: [true, false, false, true]\n"
                        "    schedule: [{kind: cosine, warmup: 100}, {kind: step, every: 20}, exponential, inverse]")
    faults.write("states.yaml", text)
    before = processor_seconds()
    done = faults.run("run", "states.yaml", "-o", "states", "-j", 4, timeout=300)
    whole = processor_seconds() - before
    test.equal(done.code, 0, "states", done.err)

    def begun():
        return [r.id for r in faults.journal("out/journal")[0] if r.kind == faults.CHECKPOINT]

    faults.remove("out")
    for number in (signal.SIGTERM, signal.SIGKILL):
        child = faults.start("run", "states.yaml", "-o", "out", "-j", 4, "--resume")
        if number == signal.SIGTERM:  # a trial that is stopped in its first second leaves nothing
            begin = time.monotonic()
            faults.wait_until(lambda: processor_seconds_of(child) > 0.4 * whole and time.monotonic() > begin + 1.2, 120)
        else:
            time.sleep(0.4)
        child.send_signal(number)
        test.fault(f"{number.name} in trials of all kinds", child.wait(60) != 0)
        test.equal(len(set(begun())), 4, "checkpoints of four trials under way")
        faults.wait_until(lambda: faults.lock_is_free("out"))
    before = processor_seconds()
    test.equal(faults.run("run", "states.yaml", "-o", "out", "-j", 4, "--resume", timeout=300).code, 0, "resumed")
    test.equal(faults.sha("out/results.h5"), faults.sha("states/results.h5"), "results.h5 from checkpoints of all kinds")
    took = processor_seconds() - before
    test.check(took < 0.85 * whole, f"they began anew: {took:.1f} s of {whole:.1f} s")


def synced(test):
    """R5: while trials end, fdatasync at least once a second."""
    faults.write("steady.yaml", faults.moons(epochs=28000, sizes=20, repeats=2, every=1000))
    done = faults.run("run", "steady.yaml", "-o", "steady", "-j", 1,
                      before=["strace", "-f", "--seccomp-bpf", "-ttt", "-o", "log", "-e", "trace=fdatasync,pwrite64"])
    test.equal(done.code, 0, done.err)
    with open("log") as log:
        calls = [re.match(r"\d+ +([\d.]+) (\w+)\((\d+)", line) for line in log if "+++" not in line and "---" not in line]
    of_journal = [c for c in calls if c and c[3] == calls[0][3]]
    begun, gaps = None, []  # from the first write that is not synced to the sync
    for call in of_journal:
        if call[2] == "pwrite64":
            begun = begun or float(call[1])
        elif begun:
            gaps.append(float(call[1]) - begun)
            begun = None
    print(f"fdatasync: {len(gaps)} times, at most {max(gaps):.2f} s after the first write")
    test.check(len(gaps) > 1 and max(gaps) < 1.3, f"unsynced for {gaps} s")
    # a trial that ended just before a long one begins is not left to the power cut for as long as that takes
    text = open("long.yaml").read().replace("[[200, 100]]", "[[200, 100], 1]")
    unsynced(test, "a long one", text)
    # nor as long as it takes to measure very many test rows
    unsynced(test, "a long evaluation", faults.moons(epochs=1000, sizes=1, every=1).replace("test_samples: 40, ", "").replace(
        "  hidden: {min: 1, max: 1}\n", "  hidden: [[200, 200]]\n  data.test_samples: [40, 2000000]\n").replace("epochs: 1000", "epochs: 3"))


def unsynced(test, beside, text):
    """How long a trial that ended beside something long stays unsynced."""
    faults.remove("uneven")
    faults.write("uneven.yaml", text)
    faults.run("run", "uneven.yaml", "-o", "uneven", "-j", 2, "--time-limit", 2.2,
               before=["strace", "-f", "--seccomp-bpf", "-ttt", "-o", "log", "-e", "trace=fdatasync,pwrite64"])
    with open("log") as log:
        calls = [re.match(r"\d+ +([\d.]+) (\w+)\(", line) for line in log]
    calls = [(float(c[1]), c[2]) for c in calls if c]
    writes = [i for i, c in enumerate(calls) if c[1] == "pwrite64"][1:2]  # the short trial's
    after = [t for t, name in calls[writes[0]:] if name == "fdatasync"] if writes else []
    waited = after[0] - calls[writes[0]][0] if after else 99
    print(f"a short trial beside {beside} is synced after {waited:.2f} s")
    test.fault(f"a short trial beside {beside}", bool(after))
    test.check(waited < 1.3, f"a finished trial beside {beside} stayed unsynced for {waited:.1f} s")


def measuring(test):
    """R8 where a trial measures many test rows and trains little: a signal is seen between two evaluations, not after
    dozens of them, and leaves a checkpoint."""
    faults.write("measured.yaml", faults.moons(epochs=100000, sizes=1, every=1).replace("test_samples: 40", "test_samples: 150000").replace(
        "{min: 1, max: 1}", "[[64, 64]]"))
    faults.remove("out")
    child = faults.start("run", "measured.yaml", "-o", "out", "-j", 1, stderr=subprocess.PIPE)
    faults.wait_until(lambda: processor_seconds_of(child) > 2.5, 60)
    code, words, took = interrupted(child, signal.SIGTERM)
    test.fault("SIGTERM while test rows are measured", code == 143)
    test.check(took < LIMIT and "long update" not in words, f"while measuring: {took:.1f} s, {words}")
    test.equal([r.kind for r in faults.journal("out/journal")[0]], [faults.CHECKPOINT], "a checkpoint of a trial that measures")


def other_rows(test):
    """A checkpoint of other data is none: after labels have changed the trial begins anew and says so, to the bits of a run
    that never saw the old ones."""
    rows = [[f"{(i * 37 % 101) / 101},{(i * 53 % 97) / 97}", i * 7 % 11 < 5] for i in range(4000)]

    def table(flip):
        return "a,b,class\n" + "".join(f"{x},{int(y != (flip and i % 3 == 0))}\n" for i, (x, y) in enumerate(rows))

    faults.write("long.csv", table(False))
    faults.write("other.yaml", "name: o\ndata: {kind: csv, path: long.csv, label: class, test_fraction: 0.25}\n"
                 "fixed: {hidden: [60, 60], epochs: 4000, batch_size: 200}\nrecord: {every: 400}\nreport: []\n")
    faults.remove("out")
    child = faults.start("run", "other.yaml", "-o", "out", "-j", 1)
    begun = time.monotonic()
    faults.wait_until(lambda: time.monotonic() > begun + 2)
    child.send_signal(signal.SIGINT)
    test.fault("SIGINT in a trial on rows that will change", child.wait(30) == 130)
    test.equal(len(faults.journal("out/journal")[0]), 1, "checkpoints")
    faults.write("long.csv", table(True))
    done = faults.run("run", "other.yaml", "-o", "out", "-j", 1, "--resume", timeout=300)
    test.equal(done.code, 0, "resumed on other rows", done.err)
    test.check("begins anew: its data have changed" in done.err, f"it does not say that it begins anew: {done.err}")
    test.equal(faults.run("run", "other.yaml", "-o", "fresh", "-j", 1, timeout=300).code, 0, "a run on the other rows")
    test.equal(bits.rows("out/results.h5"), bits.rows("fresh/results.h5"), "a trial on changed rows, beside one that saw no others")


def other_program(test):
    """A checkpoint of a program that lays its state out in another way, its CRC good: the trial begins anew and says so."""
    faults.remove("out")
    child = faults.start("run", "other.yaml", "-o", "out", "-j", 1)
    faults.wait_until(lambda: processor_seconds_of(child) > 1.5)
    child.send_signal(signal.SIGINT)
    child.wait(30)
    kept = faults.journal("out/journal")[0]
    test.equal([r.kind for r in kept], [faults.CHECKPOINT], "records")
    state = bytearray(kept[0].payload)
    state[8] ^= 1  # behind the digest of the data
    with open("out/journal", "r+b") as journal:
        journal.truncate(faults.HEADER)
        journal.seek(faults.HEADER)
        journal.write(faults.record(faults.CHECKPOINT, kept[0].id, bytes(state)))
    done = faults.run("run", "other.yaml", "-o", "out", "-j", 1, "--resume", timeout=300)
    test.fault("a checkpoint of another layout", done.code == 0 and "begins anew: its checkpoint" in done.err)
    test.equal(bits.rows("out/results.h5"), bits.rows("fresh/results.h5"), "a trial with another program's checkpoint")


def descriptors(test):
    """Closed standard files are not the journal's; signals that whoever started us ignores stay ignored."""
    faults.write("few.yaml", faults.moons(epochs=50, sizes=3))
    test.equal(faults.run("run", "few.yaml", "-o", "few").code, 0, "few")
    for closed in ("<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
        faults.remove("out")
        done = subprocess.run(["sh", "-c", f'exec "$0" run few.yaml -v -o out {closed}', faults.RUNNER], capture_output=True)
        test.fault(f"closed {closed}", done.returncode == 0)
        test.equal(faults.sha("out/results.h5"), faults.sha("few/results.h5"), f"results.h5 with {closed}")
    faults.remove("out")
    done = faults.run("run", "few.yaml", "-o", "out", preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    test.fault("SIGCHLD ignored", done.code == 0)
    test.equal(faults.sha("out/results.h5"), faults.sha("few/results.h5"), "results.h5 with SIGCHLD ignored")
    for number, ignored in ((signal.SIGHUP, False), (signal.SIGXCPU, False), (signal.SIGINT, True), (signal.SIGHUP, True)):
        faults.remove("out")
        child = faults.start("run", "many.yaml", "-o", "out", "-j", 1,
                             preexec_fn=lambda: ignored and signal.signal(number, signal.SIG_IGN))
        faults.wait_until(lambda: faults.results_in("out"))
        child.send_signal(number)
        code = child.wait(60)
        test.fault(f"{number.name}{' ignored' if ignored else ''}", code == (0 if ignored else 128 + number))
        if not ignored:
            test.equal(faults.run("run", "many.yaml", "-o", "out", "--resume").code, 0, f"resumed after {number.name}")
        test.equal(faults.sha("out/results.h5"), faults.sha("many/results.h5"), f"results.h5 after {number.name}")


def two_runners(test):
    """R6."""
    faults.remove("out")
    first = faults.start("run", "many.yaml", "-o", "out", "-j", 1)
    faults.wait_until(lambda: faults.results_in("out"))
    for more in (["--resume"], ["--force"], ["--shard", "1/2", "--resume"]):
        second = faults.run("run", "many.yaml", "-o", "out", *more)
        alive = first.poll() is None
        test.fault("a second runner", alive)
        test.equal(second.code, 3, f"second runner {more}", second.err)
        test.check(second.seconds < 1, f"refused after {second.seconds:.1f} s")
        test.check(str(first.pid) in second.err, f"does not name process {first.pid}: {second.err}")
    test.equal(first.wait(60), 0, "the first runner")
    test.equal(faults.sha("out/results.h5"), faults.sha("many/results.h5"), "results.h5 beside a second runner")


def shards(test):
    """Two at once, one killed and resumed, the other stopped and resumed; merged they are the whole run's file."""
    faults.remove("out")
    parts = ["1/2", "2/2"]
    first, second = (faults.start("run", "many.yaml", "-o", "out", "-j", 1, "--shard", p) for p in parts)

    def begun(part):
        return any(r.kind == faults.RESULT for r in faults.journal(f"out/journal.{part.replace('/', '-of-')}")[0])

    faults.wait_until(lambda: begun("1/2") and begun("2/2"))
    first.kill()
    second.send_signal(signal.SIGTERM)
    test.fault("SIGKILL of a shard", first.wait() == -signal.SIGKILL)
    test.fault("SIGTERM of a shard", second.wait(10) == 143)
    for part in parts:
        done = faults.run("run", "many.yaml", "-o", "out", "--shard", part, "--resume")
        test.equal(done.code, 0, f"shard {part} resumed", done.err)
    done = faults.run("merge", "out")
    test.equal(done.code, 0, "merge", done.err)
    test.equal(faults.sha("out/results.h5"), faults.sha("many/results.h5"), "results.h5 merged from shards")
    test.equal(faults.litter("out"), [], "litter of shards")


def grown(test):
    """R7 and R9: a reader holds results.h5 open while a larger grid replaces it; old rows keep their bits."""
    faults.remove("out")
    faults.write("small.yaml", faults.moons(epochs=200, sizes=4, repeats=2))
    faults.write("large.yaml", faults.moons(epochs=200, sizes=5, repeats=2))
    test.equal(faults.run("run", "small.yaml", "-o", "out").code, 0, "small")
    test.equal(faults.run("run", "large.yaml", "-o", "large").code, 0, "large")
    before = bits.rows("out/results.h5")
    with h5py.File("out/results.h5") as reader:
        log = faults.log_size("out")
        done = faults.run("run", "large.yaml", "-o", "out", "--resume")
        test.fault("h5py holds results.h5", done.code == 0)
        test.equal([len(reader[f"trials/{name}"][:]) for name in reader["trials"]], [8] * len(reader["trials"]),
                   "rows that the reader sees")
    test.equal(faults.logged("out", "trained", log), ["2"], "only the new value's trials are trained")
    after = bits.rows("out/results.h5")
    test.equal({k: after.get(k) for k in before}, before, "rows of before")
    test.equal(bits.rows("large/results.h5"), after, "rows beside a run of the larger grid at once")
    again = faults.hashes("out")
    done = faults.run("run", "large.yaml", "-o", "out", "--resume")
    test.equal((done.code, faults.hashes("out")), (0, again), "--resume of what is complete changes nothing")
    # killed between results and report: the old page is not taken for the new one
    text = faults.moons(epochs=200, sizes=4, repeats=2).replace("report: []", "report: [overfitting]")
    faults.write("page.yaml", text)
    faults.run("run", "page.yaml", "-o", "page")
    old = open("page/report/index.html").read()
    faults.write("page.yaml", text.replace("max: 4", "max: 5"))
    faults.run("run", "page.yaml", "-o", "page", "--resume")
    new = open("page/report/index.html").read()
    faults.write("page/report/index.html", old)
    os.utime("page/report/index.html", (1, 1))
    faults.run("run", "page.yaml", "-o", "page", "--resume")
    test.check(open("page/report/index.html").read() == new != old, "an old page stays beside newer results")


def edited(test):
    """A number changed by h5py is not sealed as ours by --resume: refused, nothing modified, unless told to."""
    faults.remove("out")
    test.equal(faults.run("run", "small.yaml", "-o", "out").code, 0, "small")
    with h5py.File("out/results.h5", "r+") as file:
        file["trials/final_test_loss"][0] = 0.125
    before = faults.hashes("out")
    done = faults.run("run", "large.yaml", "-o", "out", "--resume")
    test.fault("results.h5 changed by h5py", done.code == 3)
    test.check("another program" in done.err and "--trust-edited" in done.err, f"changed by h5py: {done.err}")
    test.equal({k: v for k, v in faults.hashes("out").items() if k in before}, before, "files after the refusal")
    test.equal(faults.run("run", "small.yaml", "-o", "out", "--resume").code, 0, "--resume with nothing to train")
    test.equal(faults.sha("out/results.h5"), before["results.h5"], "results.h5 with nothing to train")
    done = faults.run("run", "large.yaml", "-o", "out", "--trust-edited")
    test.equal(done.code, 0, "--trust-edited", done.err)
    test.check(0.125 in bits.column("out/results.h5", "final_test_loss").values(), "the number that was trusted")


def refusals(test):
    """R10: other data, other numerics, other arithmetic: exit 3, both shown, nothing modified."""
    table = "\n".join(f"{i},{i % 7},{i % 2}" for i in range(60))
    faults.write("rows.csv", "a,b,class\n" + table + "\n")
    faults.write("csv.yaml", "name: c\ndata: {kind: csv, path: rows.csv, label: class, test_fraction: 0.25}\n"
                 "fixed: {epochs: 400}\ngrid: {hidden: [2, 3, 4]}\nrepeats: 4\nreport: []\n")
    other = "portable" if "fma" in faults.run("--version").out else None
    for state in ("complete", "journal only"):
        faults.remove("out")
        test.equal(faults.run("run", "csv.yaml", "-o", "out").code, 0, "csv")
        if state == "journal only":
            size = os.path.getsize("out/results.h5")
            test.equal(faults.only_journal("csv.yaml", "out", size), 12, "trials in a complete journal")
        before = faults.hashes("out")

        def refuse(what, *signs, **more):
            done = faults.run("run", "csv.yaml", "-o", "out", "--resume", **more)
            test.fault(what, done.code == 3)
            test.equal(done.code, 3, f"{what}, {state}: exit", done.err)
            for sign in signs:
                test.check(re.search(sign, done.err), f"{what}, {state}: no {sign} in: {done.err}")
            test.equal(faults.hashes("out"), before, f"{what}, {state}: files")

        faults.write("rows.csv", "a,b,class\n" + table.replace("5,5,1", "5,5.5,1", 1) + "\n")
        refuse("other data", r"digest [0-9a-f]{16} there, [0-9a-f]{16} now")
        faults.write("rows.csv", "a,b,class\n" + table + "\n")
        text = open("csv.yaml").read()
        faults.write("csv.yaml", text.replace("epochs: 400", "epochs: 401"))
        refuse("other settings", "epochs is 400 there, 401 here" if state == "complete" else "[0-9a-f]{16}")
        # what is new must be of the same arithmetic; a complete file needs nothing new
        faults.write("csv.yaml", text.replace("[2, 3, 4]", "[2, 3, 4, 5]"))
        if other:
            refuse("other arithmetic", "fma", "portable", env={"RUNNER_ISA": other})
        if state == "journal only":
            data = bytearray(open("out/journal", "rb").read())
            good = bytes(data)
            for at in (0, 64):
                data[at + 16] += 1
                data[at + 60:at + 64] = faults.zlib.crc32(bytes(data[at:at + 60])).to_bytes(4, "little")
            open("out/journal", "wb").write(data)
            before = faults.hashes("out")
            refuse("other numerics", "numerics version")
            open("out/journal", "wb").write(good)
            before = faults.hashes("out")
        faults.write("csv.yaml", text)
    done = faults.run("run", "csv.yaml", "-o", "out")
    test.equal(done.code, 3, "without --resume", done.err)
    test.check("--resume" in done.err and "--force" in done.err, "no remedy:", done.err)
    test.equal(faults.hashes("out"), before, "files of an output that exists")
    done = faults.run("run", "csv.yaml", "-o", "out", "--resume")
    test.equal(done.code, 0, "resumed after all that was refused", done.err)


def main():
    test = faults.Tally("stops")
    faults.sandbox()
    signals(test)
    phases(test)
    checkpoints(test)
    other_rows(test)
    other_program(test)
    descriptors(test)
    synced(test)
    measuring(test)
    two_runners(test)
    shards(test)
    grown(test)
    edited(test)
    refusals(test)
    test.end()


if __name__ == "__main__":
    main()
