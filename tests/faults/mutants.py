"""A test that cannot fail proves nothing: programs broken on purpose, each of which a fault test must find.

Long tier only: it builds a copy of the tree. Each mutant is a few exact lines of one source file."""
import os
import pathlib
import shutil
import subprocess
import sys

import faults

# name, file, lines as they are, lines as they become, the test that must fail
MUTANTS = [
    ("journal records are read without their CRC", "runner/journal/journal_scan.c",
     "*good = crc == head->crc;", "*good = crc == crc;", "flips"),
    ("the trailer's CRC of the file is not looked at", "runner/store/trailer.c",
     "if (*crc == trailer.file_crc) *state", "if (*crc == *crc) *state", "flips"),
    ("results.h5 is written in place, without a rename", "runner/store/store_publish.c",
     "files_temporary(temporary, sizeof temporary, STORE_NAME);", "memcpy(temporary, STORE_NAME, sizeof STORE_NAME);",
     "inject"),
    ("the journal is removed before the rename", "runner/store/store_publish.c",
     "&& seal(folder, temporary, err))",
     "&& (input->incomplete || !unlink(input->journals->journal[0].file.path)) && seal(folder, temporary, err))",
     "inject"),
    ("a short write is not cut off", "runner/journal/journal.c",
     "    if (ftruncate(journal->file.fd, journal->end)) journal->broken = true;\n}", "    journal->broken = true;\n}", "limits"),
    ("the child outlives a killed parent", "runner/store/child_process.c",
     "if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)", "if (getppid() != parent)", "kill"),
    ("a failed write leaves the temporary file", "runner/store/store_publish.c",
     "    (void)folder_remove(folder, temporary, NULL); /* it may never have been made */\n", "", "inject"),
    ("fsync of results.h5 is not checked", "core/base/files.c",
     'bool ok = !fsync(fd) || error_errno(err, "%s/%s: the disk did not take it", folder->path, name);',
     'bool ok = fsync(fd) < 1 || error_errno(err, "%s/%s: the disk did not take it", folder->path, name);', "inject"),
    ("a failed write to the journal is passed over", "runner/journal/journal.c",
     'return fail_write(journal, record->reason, "writing it", err);', "return record->reason > 0;", "inject"),
    ("the folder is not locked", "runner/journal/results_folder.c",
     "if (*locked || is_unsupported(errno)) return true;", "if (errno >= 0) return true;", "stops"),
    ("a checkpoint is not used", "runner/training/train_trials.c",
     "return entry && entry->state_offset > 0 ? entry : NULL;", "return entry && entry->state_offset < 0 ? entry : NULL;",
     "stops"),
    ("results are synced only at the end", "runner/journal/journal.c",
     "if (!journal->unsynced || (!now && elapsed < SYNC_NS)) return true;",
     "if (!journal->unsynced || (!now && elapsed >= 0)) return true;", "stops"),
    ("data are not compared on --resume", "runner/training/plan.c",
     "if (!now || !digest || digest == now) return true;", "if (!now || !digest || now) return true;", "stops"),
]


def build(tree, folder):
    return subprocess.run(["ninja", "-C", folder, "-j1", "runner"], capture_output=True, text=True, cwd=tree)


def main():
    test = faults.Tally("mutants")
    place = faults.sandbox()
    tree, folder = place / "tree", place / "build"
    shutil.copytree(faults.ROOT, tree, ignore=shutil.ignore_patterns("build*", ".git", "__pycache__"))
    made = subprocess.run(["cmake", "-S", tree, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                           "-DBUILD_TESTING=OFF"], capture_output=True, text=True)
    test.equal(made.returncode, 0, made.stderr)
    test.equal(build(tree, folder).returncode, 0, "the tree as it is")
    # the tests of a mutant are the short ones
    short = {**os.environ, "RUNNER_LONG": "0"}
    only = sys.argv[2:]
    for name, file, old, new, by in MUTANTS:
        if only and not any(word in name for word in only):
            continue
        path = tree / file
        text = path.read_text()
        if not test.equal(text.count(old), 1, f"{name}: its lines in {file}"):
            continue
        path.write_text(text.replace(old, new))
        built = build(tree, folder)
        if test.equal(built.returncode, 0, f"{name}: build: {built.stdout[-800:]}"):
            program = pathlib.Path(__file__).with_name(by + ".py")
            done = subprocess.run([sys.executable, program, folder / "runner"], capture_output=True, text=True, env=short)
            said = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
            found = done.returncode != 0
            test.fault(f"mutant found by {by}", found)
            print(f"{name}: {by}: {'found' if found else 'NOT FOUND'}, {len(said)} failures; "
                  f"{said[0][:160] if said else done.stderr[-200:]}", flush=True)
        path.write_text(text)
    test.end()


if __name__ == "__main__":
    main()
