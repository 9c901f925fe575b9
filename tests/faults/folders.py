"""The results folder and its neighbours: renamed, removed or replaced while a run is at work in it; other people's files
where ours would go; links and pipes where our files are, as a cloned folder may bring them."""
import os
import pathlib
import shutil
import signal
import time

import bits
import faults


def begin(yaml, *more, ready=2):
    """A run that has finished a few trials and has many to go. -> its process"""
    faults.remove("out")
    child = faults.start("run", yaml, "-o", "out", "-j", 1, *more, stderr=open("words", "w"))
    faults.wait_until(lambda: len(faults.results_in("out")) >= ready, 60)
    return child


def words():
    return pathlib.Path("words").read_text()


# --- the folder's name ------------------------------------------------------------------------------------------

def renamed(test, wanted):
    """It is renamed, and another experiment has its name now: that one is not touched."""
    child = begin("s.yaml")
    os.rename("out", "moved")
    other = faults.run("run", "other.yaml", "-o", "out", preexec_fn=faults.size_limit(3000))
    test.check(faults.has("out", "journal"), f"the other experiment has a journal: {other.err}")
    before = faults.hashes("out")
    code = child.wait(120)
    test.fault("renamed while it runs", code == 0)
    test.equal(faults.hashes("out"), before, "files of the folder that has the name now")
    test.check(faults.has("moved", "results.h5") and faults.sha("moved/results.h5") == wanted,
               "results.h5 is in the renamed folder")
    test.check(not faults.has("moved", "journal"), "the journal of the renamed folder is gone")
    test.check("moved" in words(), f"it says where the results are: {words()}")
    # and stopped: the journal stays where it is, with the partial results
    shutil.rmtree("moved")
    child = begin("s.yaml")
    os.rename("out", "moved")
    child.send_signal(signal.SIGTERM)
    test.equal(child.wait(60), 143, "stopped after a rename")
    test.check(len(faults.results_in("moved")) >= 2 and not os.path.exists("out"), "the journal stays in the renamed folder")
    test.check("-o " in words() and "moved" in words(), f"the command to go on names the new folder: {words()}")
    done = faults.run("run", "s.yaml", "-o", "moved", "--resume")
    test.equal((done.code, faults.sha("moved/results.h5")), (0, wanted), "resumed in the renamed folder", done.err)
    shutil.rmtree("moved")


def removed(test, wanted):
    """`rm -r` while it runs: the folder is made anew and nothing that was trained is lost."""
    for how in ("all", "files", "replaced"):
        child = begin("s.yaml")
        if how == "files":
            for name in os.listdir("out"):
                os.remove(f"out/{name}")
        else:
            shutil.rmtree("out")
        if how == "replaced":
            os.makedirs("out")
            faults.write("out/notes.txt", "somebody's\n")
        code = child.wait(120)
        folder = "out.2" if how == "replaced" else "out"
        test.fault(f"removed while it runs: {how}", code == 0)
        test.check(faults.has(folder, "results.h5") and faults.sha(f"{folder}/results.h5") == wanted,
                   f"removed, {how}: results.h5 in {folder}: {words()}")
        test.equal(faults.litter(folder), [], f"removed, {how}: litter")
        if how == "replaced":
            test.equal(os.listdir("out"), ["notes.txt"], "what somebody else put there")
            test.check("out.2" in words(), f"it says where the results are: {words()}")
            shutil.rmtree("out.2")
        else:
            test.check(faults.has("out", "experiment.yaml"), f"removed, {how}: experiment.yaml")
            test.equal(faults.run("best", "out").code, 0, f"removed, {how}: best")
    # stopped after it was removed: what is finished is in a new journal, and --resume trains the others only
    child = begin("s.yaml", ready=4)
    shutil.rmtree("out")
    child.send_signal(signal.SIGINT)
    test.equal(child.wait(60), 130, "stopped after it was removed")
    kept = len(faults.results_in("out"))
    test.check(kept >= 4, f"{kept} trials are in the new journal: {words()}")
    log = faults.log_size("out")
    done = faults.run("run", "s.yaml", "-o", "out", "--resume")
    test.equal((done.code, faults.sha("out/results.h5")), (0, wanted), "resumed in the folder made anew", done.err)
    test.equal(int(faults.logged("out", "trained", log)[-1]), 24 - kept, "trained after --resume")


# --- other people's files -----------------------------------------------------------------------------------------

def foreign(test):
    """What no run made is never written over, added to or removed, whatever is asked; the refusal comes before training."""
    texts = {"experiment.yaml": "name: mine\n# a year's work\n", "run.log": "my own log\n", "journal": "Dear diary,\n",
             "results.h5": "not HDF5 at all, but mine\n"}
    for name, text in texts.items():
        for more in ([], ["--resume"], ["--force"]):
            faults.remove("mine")
            os.makedirs("mine")
            faults.write(f"mine/{name}", text)
            done = faults.run("run", "s.yaml", "-o", "mine", *more)
            test.fault(f"somebody's {name}", done.code == 3)
            test.equal(done.code, 3, f"somebody's {name}, {more}: exit", done.err)
            test.check(f"mine/{name}" in done.err, f"{name} is named: {done.err}")
            test.equal(os.listdir("mine"), [name], f"somebody's {name}, {more}: files")
            test.equal(pathlib.Path("mine", name).read_text(), text, f"somebody's {name}, {more}")
    # the experiment's own folder is fine, and its file stays the author's
    faults.remove("mine")
    os.makedirs("mine")
    shutil.copy("s.yaml", "mine/experiment.yaml")
    done = faults.run("run", "experiment.yaml", "-o", ".", cwd="mine")
    test.equal(done.code, 0, "an experiment.yaml run in its own folder", done.err)
    done = faults.run("run", os.path.abspath("other.yaml"), "-o", ".", "--force", cwd="mine")
    test.equal((done.code, faults.sha("mine/experiment.yaml")), (3, faults.sha("s.yaml")), "another one beside it", done.err)


PAGE = "<!DOCTYPE html>\n<title>My garden</title>\n<p>Not a report.</p>\n"


def pages(test):
    """A page that is not ours stays; a folder with other files is not strewn with figures."""
    faults.copy("drawn", "out")
    for asked in (["report", "out", "-o", "site"], ["compare", "out", "drawn", "-o", "site"]):
        for there in ({"index.html": PAGE}, {"notes.txt": "notes\n"}):
            faults.remove("site")
            os.makedirs("site")
            for name, text in there.items():
                faults.write(f"site/{name}", text)
            done = faults.run(*asked)
            test.fault("somebody's page", done.code == 3)
            test.equal(done.code, 3, f"{asked[0]} over {list(there)}: exit", done.err)
            test.equal({n: pathlib.Path("site", n).read_text() for n in os.listdir("site")}, there, f"{asked[0]} over {list(there)}")
    faults.remove("site")
    for _ in range(2):  # made, and drawn over
        done = faults.run("report", "out", "-o", "site")
        test.equal(done.code, 0, "report -o site", done.err)
    test.equal(faults.litter("site"), [], "litter")
    # in a run's folder, before training
    faults.remove("mine")
    os.makedirs("mine/report")
    faults.write("mine/report/index.html", PAGE)
    done = faults.run("run", "drawn.yaml", "-o", "mine")
    test.equal(done.code, 3, "run beside somebody's report/index.html", done.err)
    test.equal(pathlib.Path("mine/report/index.html").read_text(), PAGE, "somebody's report/index.html")
    test.equal(os.listdir("mine"), ["report"], "files")


def by_content(test):
    """A report of other results is drawn again whatever its date: clocks are set back, files are copied."""
    faults.copy("drawn", "out")
    page = pathlib.Path("out/report/index.html")
    old = page.read_text()
    later = time.time() + 86400
    os.utime(page, (later, later))
    more = pathlib.Path("drawn.yaml").read_text().replace("max: 3", "max: 4")
    faults.write("more.yaml", more)
    done = faults.run("run", "more.yaml", "-o", "out", "--resume", env={"PATH": os.environ["PATH"]})
    test.equal(done.code, 0, "grown", done.err)
    shown = page.read_text()
    page.write_text(old)
    os.utime(page, (later, later))
    done = faults.run("run", "more.yaml", "-o", "out", "--resume")
    test.fault("a report older than its date", done.code == 0)
    test.equal(page.read_text(), shown, "the report of the smaller grid is drawn again")
    begun = os.stat(page).st_mtime_ns
    faults.run("run", "more.yaml", "-o", "out", "--resume")
    test.equal(os.stat(page).st_mtime_ns, begun, "a report of the same results is left alone")


# --- links and pipes ------------------------------------------------------------------------------------------------

def links(test, wanted):
    """A cloned folder may have links wherever our files are: nothing outside of it is written."""
    target = pathlib.Path("target")
    names = ["run.log", "journal", "experiment.yaml", "report/index.html", "report/overfitting.svg",
             "report/overfitting.tsv", "report/overfitting.gp", "report/overfitting-narrow.svg", "report"]
    commands = (["report", "out"], ["run", "drawn.yaml", "-o", "out", "--resume"],
                ["run", "more.yaml", "-o", "out", "--resume"], ["run", "more.yaml", "-o", "out", "--force"])
    for name in names:
        for command in commands:
            for to in ("file", "nowhere"):
                faults.copy("drawn", "out")
                path = pathlib.Path("out", name)
                if path.is_dir():
                    shutil.rmtree(path)
                path.unlink(missing_ok=True)
                faults.remove(target)
                target.mkdir()
                if to == "file":
                    (target / "f").write_text("export PATH\n")
                    (target / "index.html").write_text(PAGE)
                before = faults.hashes(target)
                path.symlink_to(target.absolute() if name == "report" else target.absolute() / "f")
                done = faults.run(*command, timeout=120)
                what = f"a link to a {to} as {name}, {command[0]}"
                test.fault("a link of a stranger", True)
                test.equal(faults.hashes(target), before, f"{what}: exit {done.code}, {done.err}: what the link leads to")
                test.check(done.code in (0, 3, 4), f"{what}: exit {done.code}: {done.err}")
    os.chdir(target.parent)


def pipes(test):
    """And pipes: nobody waits for them."""
    for name in ("report/index.html", "report/overfitting.svg", "report/overfitting.tsv", "report/overfitting.gp", "run.log"):
        for command in (["report", "out"], ["run", "more.yaml", "-o", "out", "--resume"]):
            faults.copy("drawn", "out")
            os.remove(f"out/{name}")
            os.mkfifo(f"out/{name}")
            done = faults.run(*command, timeout=60)
            test.fault("a pipe of a stranger", True)
            test.check(done.code in (0, 3, 4), f"a pipe as {name}, {command[0]}: exit {done.code}: {done.err}")


def main():
    test = faults.Tally("folders")
    faults.sandbox()
    faults.write("s.yaml", faults.moons(epochs=12000, sizes=12, repeats=2, every=1000))
    faults.write("other.yaml", faults.moons(epochs=50, sizes=30))
    test.equal(faults.run("run", "s.yaml", "-o", "s", "-j", 2).code, 0, "uninterrupted")
    wanted = faults.sha("s/results.h5")
    faults.write("drawn.yaml", faults.moons(sizes=3, repeats=2).replace("report: []", "report: [overfitting]"))
    test.equal(faults.run("run", "drawn.yaml", "-o", "drawn").code, 0, "drawn")
    renamed(test, wanted)
    removed(test, wanted)
    foreign(test)
    pages(test)
    by_content(test)
    links(test, wanted)
    pipes(test)
    test.end()


if __name__ == "__main__":
    main()
