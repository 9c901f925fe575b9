"""Disks and programs that fail: too small, filling up, a size limit, read-only, something in the way, no inodes; and
gnuplot missing, failing or killed.

Mounts stand in a mount namespace of this test's own (unshare), so nothing is left behind."""
import os
import re
import stat
import subprocess
import sys

import faults

INSIDE = "RUNNER_FAULTS_NAMESPACE"


def enter_namespace():
    """Starts this test again where it may mount; says so where it cannot."""
    if INSIDE in os.environ:
        return os.environ[INSIDE] == "yes"
    way = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])
    can = subprocess.run([*way, "true"], capture_output=True).returncode == 0 if faults.shutil.which("unshare") else 0
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
    test.check(done.seconds < 5, f"refused only after {done.seconds:.1f} s")
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
    subprocess.run(["mount", "-o", "remount,size=8m", "disk"], check=True)
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
    # no reservation: the limit is met in the middle of a record
    if faults.shutil.which("strace"):
        short_write(test, wanted)


def short_write(test, wanted):
    """The kernel takes half a record and refuses the rest; strace keeps fallocate from finding it before."""
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
        refused(test, "a folder in the way", faults.run("run", "d3.yaml", "-o", "out", "--resume"), f"out/{name}")
        test.equal(faults.litter("out"), [], f"litter beside a folder {name}")
        test.check(os.path.isdir(f"out/{name}"), f"the folder {name} is gone")
    refused(test, "missing experiment", faults.run("run", "nothing.yaml", "-o", "out"), "nothing.yaml", 2)
    faults.remove("out")
    if os.geteuid():
        os.makedirs("out")
        os.chmod("out", stat.S_IRUSR | stat.S_IXUSR)
        refused(test, "read-only folder", faults.run("run", "d3.yaml", "-o", "out"), "out")
        os.chmod("out", stat.S_IRWXU)
        faults.remove("out")


def read_only(test):
    mount("disk", "size=8m")
    faults.copy("d3", "disk/out")
    subprocess.run(["mount", "-o", "remount,ro", "disk"], check=True)
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
        subprocess.run(["mount", "-o", "remount,nr_inodes=100", "disk"], check=True)
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
