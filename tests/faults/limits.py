"""Disks and programs that fail: too small, filling up, a size limit, read-only, something in the way, no inodes; pipes
where files should be, other people's files, limits on threads and open files; and gnuplot missing, failing or killed.

Mounts stand in a mount namespace of this test's own (unshare), so nothing is left behind."""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys

import faults

INSIDE = "RUNNER_FAULTS_NAMESPACE"


def enter_namespace():
    """Starts this test again where it may mount; says so where it cannot."""
    if INSIDE in os.environ:
        return os.environ[INSIDE] == "yes"
    way = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])
    can = subprocess.run([*way, "true"], capture_output=True).returncode == 0
    os.environ[INSIDE] = "yes" if can else "no"
    os.execvp(*(("unshare", [*way, sys.executable, *sys.argv]) if can else (sys.executable, [sys.executable, *sys.argv])))


def mount(folder, options):
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)


def unmount(folder):
    subprocess.run(["umount", folder], check=True)


def refused(test, what, done, path, code=4):
    test.fault(what, done.code != 0)
    test.equal(done.code, code, f"{what}: exit", done.err)
    test.check(path in done.err, f"{what}: {path} is not named: {done.err}")


def too_small(test):
    """D2: found before the first trial, at once, with the bytes."""
    mount("disk", "size=300k")
    faults.write("large.yaml", faults.moons(epochs=3000, sizes=50, every=1))
    done = faults.run("run", "large.yaml", "-o", "disk/out")
    refused(test, "disk too small", done, "disk/out")
    test.check(re.search(r"\d+ bytes are needed", done.err), "bytes needed:", done.err)
    test.check(done.seconds < 1, f"refused only after {done.seconds:.1f} s")
    test.equal(len(faults.results_in("disk/out")), 0, "trials begun on a disk too small")
    test.equal(faults.litter("disk"), [], "litter")
    unmount("disk")


def fills_up(test):
    """D3: someone else takes the space while it runs; made larger, it goes on."""
    faults.write("long.yaml", faults.moons(epochs=30000, sizes=20, repeats=2, every=600))
    test.equal(faults.run("run", "long.yaml", "-o", "long").code, 0, "the uninterrupted run")
    mount("disk", "size=400k")
    with open("disk/other", "wb", buffering=0) as other:
        child = faults.start("run", "long.yaml", "-o", "disk/out", "-j", 2, stderr=subprocess.PIPE)
        faults.wait_until(lambda: faults.results_in("disk/out") or child.poll() is not None)
        try:
            while other.write(b"x" * 4096):
                pass
        except OSError:
            pass
    words = child.stderr.read().decode()
    refused(test, "disk fills up", faults.Done(child.wait(), "", words, 0), "disk/out/")
    safe = faults.results_in("disk/out")
    told = re.search(r"(\d+) trials are safe", words)
    test.check(told and int(told[1]) == len(safe), f"safe {len(safe)}, told: {words}")
    test.equal(faults.litter("disk"), [], "litter")
    again = faults.run("run", "long.yaml", "-o", "disk/out", "--resume")
    refused(test, "disk still full", again, "disk/out/")
    test.equal({k: v for k, v in faults.results_in("disk/out").items() if k in safe}, safe, "safe trials")
    subprocess.run(["mount", "-o", "remount,size=8m", "none", "disk"], check=True)
    done = faults.run("run", "long.yaml", "-o", "disk/out", "--resume")
    test.equal(done.code, 0, "resumed on a larger disk", done.err)
    test.equal(faults.sha("disk/out/results.h5"), faults.sha("long/results.h5"), "results.h5 after the disk grew")
    unmount("disk")


def size_limit(test, wanted):
    """D4: ulimit -f at every size: no SIGXFSZ, the journal ends with a whole record, --resume completes."""
    size = os.path.getsize("d3/results.h5")
    for limit in [0, 100, 130, 1000, *range(4096, size, size // (40 if faults.LONG else 6))]:
        faults.remove("out")
        done = faults.run("run", "d3.yaml", "-o", "out", "-j", 2, preexec_fn=faults.size_limit(limit))
        refused(test, "ulimit -f", done, "out/")
        _, torn = faults.journal("out/journal")
        test.equal(torn, 0, f"bytes of a torn record left at a limit of {limit}")
        test.equal(faults.litter("out"), [], f"litter at a limit of {limit}")
        done = faults.run("run", "d3.yaml", "-o", "out", "--resume")
        test.equal(done.code, 0, f"resumed without the limit of {limit}", done.err)
        test.equal(faults.sha("out/results.h5"), wanted, f"results.h5 after a limit of {limit}")
    short_write(test, wanted)


def short_write(test, wanted):
    """No reservation: the limit is met in the middle of a record. The kernel takes half a record and refuses the rest; strace keeps fallocate from finding it before."""
    for limit in (900, 1500, 3001):
        faults.remove("out")
        before = ["strace", "-f", "-o", "log", "-e", "trace=fallocate,pwrite64,ftruncate", "-e",
                  "inject=fallocate:error=EOPNOTSUPP", "prlimit", f"--fsize={limit}"]  # strace's log has no limit
        done = faults.run("run", "d3.yaml", "-o", "out", "-j", 1, before=before)
        refused(test, "short write", done, "out/journal")
        with open("log") as log:
            halves = [line for line in log if re.search(r"pwrite64\(.* (\d+), \d+\) = (?!\1)\d+$", line)]
        test.check(halves, f"limit {limit}: no write was cut short")
        told, safe = re.search(r"(\d+) trials are safe", done.err), len(faults.results_in("out"))
        test.check(told and int(told[1]) == safe, f"safe {safe}, told: {done.err}")
        test.equal(faults.journal("out/journal")[1], 0, f"limit {limit}: bytes of a torn record left")
        done = faults.run("run", "d3.yaml", "-o", "out", "--resume")
        test.equal(done.code, 0, "resumed", done.err)
        test.equal(faults.sha("out/results.h5"), wanted, "results.h5 after a short write")


def in_the_way(test):
    """D5, without mounts."""
    faults.write("file", "not a folder\n")
    refused(test, "a file in the way", faults.run("run", "d3.yaml", "-o", "file"), "file")
    refused(test, "a file in the way", faults.run("run", "d3.yaml", "-o", "file/deeper"), "file")
    for name in ("journal", "results.h5", "experiment.yaml"):
        faults.remove("out")
        os.makedirs(f"out/{name}")
        refused(test, "a folder in the way", faults.run("run", "d3.yaml", "-o", "out", "--resume"), f"out/{name}", 3)
        test.equal(faults.litter("out"), [], f"litter beside a folder {name}")
        test.check(os.path.isdir(f"out/{name}"), f"the folder {name} is gone")
    refused(test, "missing experiment", faults.run("run", "nothing.yaml", "-o", "out"), "nothing.yaml", 2)
    faults.remove("out")


def pipes(test, wanted):
    """A pipe that nobody writes to, where a file should be: nobody waits for it."""
    commands = [("run", "d3.yaml", "-o", "out", "--resume"), ("show", "out"), ("best", "out"), ("merge", "out")]
    for name in ("results.h5", "journal", "journal.1-of-2", "run.log", "experiment.yaml"):
        for command in commands[:3] if name == "results.h5" else commands:
            faults.copy("d3", "out")
            if "journal" in name:
                os.remove("out/results.h5")
            elif os.path.exists(f"out/{name}"):
                os.remove(f"out/{name}")
            os.mkfifo(f"out/{name}")
            done = faults.run(*command, timeout=20)
            ended = name in ("run.log", "experiment.yaml")  # beside the results, they are not needed
            test.fault(f"a pipe as {name}", True)
            test.check(done.code in (3, 4) or (ended and done.code == 0),
                       f"a pipe as {name}, {command[0]}: exit {done.code}: {done.err}")
    faults.remove("out")
    done = faults.run("run", "d3.yaml", "-o", "out")
    test.equal((done.code, faults.sha("out/results.h5")), (0, wanted), "after the pipes")
    os.mkfifo("pipe")
    for path in (os.path.abspath("pipe"), "/dev/zero"):
        for kind in ("csv, label: c", "npy", "hdf5"):
            faults.write("pipe.yaml", f"data: {{kind: {kind}, path: {path}, test_fraction: 0.5}}\nfixed: {{hidden: 2}}\n")
            refused(test, "a pipe as data", faults.run("run", "pipe.yaml", "-o", "pipes", timeout=20), path)
            test.check(not os.path.exists("pipes"), "a folder was made")


def threads(test, wanted):
    """Numbers of threads that make no sense to OpenMP, and more than it survives."""
    for value in ("0", "-1", "abc", "", "4,2", "100000"):
        faults.remove("out")
        done = faults.run("run", "d3.yaml", "-o", "out", env={"OMP_NUM_THREADS": value})
        test.fault("OMP_NUM_THREADS", True)
        test.equal(done.code, 0, f"OMP_NUM_THREADS={value}", done.err)
        test.equal(faults.sha("out/results.h5"), wanted, f"results.h5 with OMP_NUM_THREADS={value}")


def files(test, wanted):
    """ulimit -n: from the fewest with which a program can be started to enough."""
    for limit in range(4, 20):
        faults.remove("out")
        done = faults.run("run", "d3.yaml", "-o", "out",
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
        if done.code == 0:
            break
        refused(test, "ulimit -n", done, "out")
        test.equal(faults.litter("out"), [], f"litter with {limit} files")
        if not faults.results_in("out"):
            test.check(not faults.has("out", "journal"), f"an empty journal is left with {limit} files")
        done = faults.run("run", "d3.yaml", "-o", "out", "--resume")
        test.equal((done.code, faults.sha("out/results.h5")), (0, wanted), f"resumed after {limit} files", done.err)
    test.check(limit < 12, f"{limit} files are not enough")


def other_user(test, wanted):
    """Folders and files that may not be written or read. Root may do anything, so root starts the runner as nobody; who is
    root only in a namespace of his own, where nobody else exists, starts it without root's capabilities."""
    everybody = pathlib.Path("/proc/self/uid_map").read_text().split() == ["0", "0", "4294967295"]
    as_user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 and everybody else {}
    if os.geteuid() == 0 and not everybody:
        as_user = {"before": ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]}
    place = pathlib.Path.cwd()
    os.chmod(place, 0o755)  # mkdtemp's is its owner's alone
    program = faults.RUNNER
    if "user" in as_user:  # another user may not reach a clone below /root: this one is installed where everybody may
        program = place / "prefix/bin/runner"
        program.parent.mkdir(parents=True)
        shutil.copy(faults.RUNNER, program)
        shutil.copytree(faults.ROOT / "scripts/plots", place / "prefix/share/runner/plots")

    def run(*arguments):
        return faults.run(*arguments, program=program, **as_user)

    def mode(path, bits):
        """Of the folder and what is in it."""
        for each in [pathlib.Path(path), *pathlib.Path(path).rglob("*")]:
            if "user" in as_user:
                shutil.chown(each, "nobody", "nogroup")
            each.chmod(bits if each.is_dir() else bits & 0o666)

    new = open("d3.yaml").read().replace("max: 20", "max: 21")
    faults.write("d3-more.yaml", new)
    # nothing of it may be written: nothing changes, and the path is named
    for more in (["--resume"], ["--force"]):
        faults.copy("d3", "out")
        mode("out", 0o555)
        before = faults.hashes("out")
        refused(test, "read-only folder", run("run", "d3-more.yaml", "-o", "out", *more), "out/")
        test.equal(faults.hashes("out"), before, f"files of a read-only folder, {more}")
        for command in (["show", "out"], ["best", "out"], ["verify", "out", "--sample", "1"]):
            test.equal(run(*command).code, 0, f"{command[0]} in a read-only folder")
        refused(test, "read-only folder", run("report", "out"), "out/report")
        mode("out", 0o755)
        faults.remove("out")
    os.makedirs("out")
    mode("out", 0o555)
    refused(test, "read-only folder", run("run", "d3.yaml", "-o", "out"), "out/")
    refused(test, "read-only folder above", run("run", "d3.yaml", "-o", "out/deeper"), "out/deeper")
    mode("out", 0o000)
    refused(test, "closed folder", run("run", "d3.yaml", "-o", "out"), "out")
    refused(test, "closed folder", run("show", "out"), "out")
    mode("out", 0o755)
    test.equal(run("run", "d3.yaml", "-o", "out").code, 0, "as another user")
    test.equal(faults.sha("out/results.h5"), wanted, "results.h5 as another user")
    # one file that may not be read or written
    trials = faults.only_journal("d3.yaml", "full", os.path.getsize("d3/results.h5"))
    for name, bits in (("journal", 0o444), ("journal", 0o000), ("results.h5", 0o000)):
        faults.copy("full" if name == "journal" else "d3", "out")
        mode("out", 0o755)
        os.chmod(f"out/{name}", bits)
        before = faults.hashes("out")
        refused(test, "a file of no access", run("run", "d3-more.yaml", "-o", "out", "--resume"), f"out/{name}")
        test.equal(faults.hashes("out"), before, f"files beside {name} of mode {bits:o}")
        if name == "journal":
            test.equal(len(faults.results_in("out")), trials, f"trials in a journal of mode {bits:o}")
    faults.write("secret.csv", "a,b,class\n" + "1,2,x\n3,4,y\n" * 10)
    os.chmod("secret.csv", 0)
    faults.write("secret.yaml", "data: {kind: csv, path: secret.csv, label: class, test_fraction: 0.5}\nfixed: {hidden: 2}\n")
    refused(test, "data of no access", run("run", "secret.yaml", "-o", "out/secret"), "secret.csv")
    os.chmod("secret.yaml", 0)
    refused(test, "experiment of no access", run("run", "secret.yaml", "-o", "out/secret"), "secret.yaml", 2)
    test.check(not os.path.exists("out/secret"), "refused, yet a folder was made")
    faults.remove("out")


def read_only(test):
    mount("disk", "size=8m")
    faults.copy("d3", "disk/out")
    subprocess.run(["mount", "-o", "remount,ro", "none", "disk"], check=True)
    for more in (["--resume"], ["--force"]):
        before = faults.hashes("disk/out")
        faults.write("d3-more.yaml", open("d3.yaml").read().replace("max: 20", "max: 21"))
        refused(test, "read-only disk", faults.run("run", "d3-more.yaml", "-o", "disk/out", *more), "disk/out")
        test.equal(faults.hashes("disk/out"), before, "files of a read-only disk")
    refused(test, "read-only disk", faults.run("run", "d3.yaml", "-o", "disk/new"), "disk/new")
    unmount("disk")


def no_inodes(test, wanted):
    """D5: from none to enough, one more each time."""
    for inodes in range(2, 10):
        mount("disk", f"size=8m,nr_inodes={inodes}")
        done = faults.run("run", "d3.yaml", "-o", "disk/out", "-j", 2)
        if done.code == 0:
            unmount("disk")
            break
        refused(test, "no inodes", done, "disk/out")
        test.equal(faults.litter("disk"), [], f"litter with {inodes} inodes")
        subprocess.run(["mount", "-o", "remount,nr_inodes=100", "none", "disk"], check=True)
        done = faults.run("run", "d3.yaml", "-o", "disk/out", "--resume")
        test.equal(done.code, 0, f"resumed with more than {inodes} inodes", done.err)
        test.equal(faults.sha("disk/out/results.h5"), wanted, f"results.h5 after {inodes} inodes")
        unmount("disk")
    else:
        test.check(False, "never enough inodes")


def gnuplots(test):
    """B6: results are kept, the exit says so, the page exists."""
    faults.write("report.yaml", faults.moons(sizes=3, repeats=2).replace("report: []\n", "report: [overfitting]\n"))
    good = faults.run("run", "report.yaml", "-o", "good")
    test.equal(good.code, 0, "with gnuplot", good.err)
    wanted = faults.sha("good/results.h5")
    fakes = {"missing": None, "failing": "#!/bin/sh\necho no terminal >&2\nexit 1\n", "killed": "#!/bin/sh\nkill -9 $$\n"}
    for name, text in fakes.items():
        os.makedirs(name, exist_ok=True)
        if text:
            faults.write(f"{name}/gnuplot", text)
            os.chmod(f"{name}/gnuplot", 0o755)
        # nothing else on the path: the runner needs no other program
        done = faults.run("run", "report.yaml", "-o", "out", env={"PATH": os.path.abspath(name)})
        refused(test, f"gnuplot {name}", done, "gnuplot")
        test.equal(faults.sha("out/results.h5"), wanted, f"results.h5 with gnuplot {name}")
        test.check(faults.has("out", "report/index.html"), f"no page with gnuplot {name}")
        test.check(not faults.has("out", "journal"), f"the journal is left with gnuplot {name}")
        test.equal(faults.litter("out"), [], f"litter with gnuplot {name}")
        page = open("out/report/index.html").read()
        test.check("could not be drawn" in page, f"the page does not tell of gnuplot {name}")
        again = faults.run("report", "out")
        test.equal(again.code, 0, "report drawn again", again.err)
        test.check("could not be drawn" not in open("out/report/index.html").read(), "the page is still the poor one")
        faults.remove("out")


def main():
    can_mount = enter_namespace()
    test = faults.Tally("limits")
    faults.sandbox()
    faults.write("d3.yaml", faults.moons(epochs=2000, sizes=20, repeats=2, every=40))
    reference = faults.run("run", "d3.yaml", "-o", "d3")
    test.equal(reference.code, 0, reference.err)
    wanted = faults.sha("d3/results.h5")
    size_limit(test, wanted)
    in_the_way(test)
    pipes(test, wanted)
    threads(test, wanted)
    files(test, wanted)
    other_user(test, wanted)
    gnuplots(test)
    if can_mount:
        too_small(test)
        fills_up(test)
        read_only(test)
        no_inodes(test, wanted)
    else:
        test.skip("disks that are too small, fill up, are read-only or have no inodes: unshare --mount is not allowed")
    test.end()


if __name__ == "__main__":
    main()
