"""The head of every experiment: its question, its number of trials, the expected time, what was found; and its place in the
tables of files. usage: check_headers.py RUNNER SOURCE_DIR"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

runner, source = sys.argv[1], pathlib.Path(sys.argv[2])
failures = 0


def check(what, holds, seen=""):
    global failures
    failures += not holds
    if not holds:
        print(f"FAILED  {what}  ({seen})")


with tempfile.TemporaryDirectory() as mnist:  # one image of 4 pixels will do to count trials
    for part in ("train", "t10k"):
        images = bytes([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2] + [9] * 4)
        pathlib.Path(mnist, part + "-images-idx3-ubyte").write_bytes(images)
        pathlib.Path(mnist, part + "-labels-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 1, 1]))
    files = sorted((source / "experiments").glob("*.yaml"))
    check("there are experiments", len(files) >= 12, len(files))
    for file in files:
        lines = file.read_text().splitlines()
        head = " ".join(line[1:].strip() for line in lines[:next(i for i, l in enumerate(lines) if not l.startswith("#"))])
        question = head.split(".")[0]
        check(f"{file.name}: begins with its question", "?" in question, question)
        time = re.search(r"Expected time: ([^.]+)\.", head)
        check(f"{file.name}: says the expected time", time and re.search(r"\d s|second|minute", time[1]), head)
        found = re.search(r"Found: .*\d.*\.$", head)
        check(f"{file.name}: says what was found, in figures", found, head)
        done = subprocess.run([runner, "check", file], env={**os.environ, "MNIST_DIR": mnist}, capture_output=True, text=True)
        counted = re.search(r": (\d+) trials of", done.stdout)
        said = re.search(r"(\d+) trials of (\d+) epochs", head)
        check(f"{file.name}: its number of trials is true", counted and said and counted[1] == said[1],
              done.stderr or (said or [head])[0])
        epochs = re.search(r"^  epochs: (\d+)", "\n".join(lines), re.M)
        check(f"{file.name}: its number of epochs is true", epochs and said and epochs[1] == said[2], said)
        for table in (source / "README.md", source / "experiments/README.md"):
            check(f"{file.name}: stands in {table.relative_to(source)}", file.name in table.read_text())
print(f"{len(files)} experiments, {failures} failed")
sys.exit(failures > 0)
