"""What scripts/bench runs: our program, our kernels and the peers, each as a Command that gives figures (key, value, unit).

Keys are WORKLOAD/WHO-TYPE-PARALLEL/WHAT. A command ends in an exception where it fails; whoever runs it goes on."""
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import time
import typing

HERE = pathlib.Path(__file__).resolve().parent
LONGEST = 150  # seconds that a command may take
APT = {"numpy": "python3-numpy", "sklearn": "python3-sklearn", "joblib": "python3-joblib", "torch": "python3-torch",
       "fann": "libfann-dev"}


@dataclasses.dataclass
class Command:
    workload: str
    name: str
    run: typing.Callable


@dataclasses.dataclass
class Setup:
    """Where things are and how much is to be done."""
    build: pathlib.Path
    mnist: str
    quick: bool
    python: str
    versions: dict  # of the peers; None: not installed
    threads: int    # of this machine

    @property
    def runner(self):
        return self.build / "runner"

    def program(self, name):
        return self.build / "tests/bench" / name

    def images(self):
        return ["--mnist", self.mnist] if self.mnist else []


SLOW = ("torch-manual", "sklearn-search")  # left out of a smoke test: others start the same packages


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "RUNNER_ISA",
                                                            "OMP_NUM_THREADS")}
    return {**kept, "PYTHONWARNINGS": "ignore", **more}


def call(argv, **env):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=LONGEST, env=environment(**env))
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise RuntimeError(said[-1][-300:] if said else f"exit {done.returncode}")
    return done.stdout


def figures(argv, **env):
    """The FIG lines of a program."""
    found = []
    for line in call(argv, **env).splitlines():
        words = line.split()
        if words[:1] == ["FIG"]:
            found.append((words[1], float(words[2]), words[3]))
    if not found:
        raise RuntimeError("no figures")
    return found


def train(setup, name, threads, *overrides, **env):
    """One run of our program into a folder of its own: (wall seconds, training seconds)."""
    out = setup.build / "bench-out"
    shutil.rmtree(out, ignore_errors=True)
    argv = [setup.runner, "run", HERE / f"experiments/{name}.yaml", *overrides, "-j", threads, "-o", out, "-q"]
    start = time.perf_counter()
    call(argv, **env)
    wall = time.perf_counter() - start
    log = dict(line.split(": ", 1) for line in (out / "run.log").read_text().splitlines() if ": " in line)
    if int(log["failed"]) or int(log["diverged"]):
        raise RuntimeError(f"{name}: {log['failed']} trials failed, {log['diverged']} diverged")
    shutil.rmtree(out)
    return wall, float(log["training_seconds"])


def installed(python):
    """Versions of the Python peers, None where one is missing."""
    text = """import importlib, json
found = {}
for name in ("numpy", "sklearn", "joblib", "torch"):
    try: found[name] = importlib.import_module(name).__version__
    except Exception: found[name] = None
try: found["BLAS"] = "OpenBLAS" if "openblas" in open("/proc/self/maps").read() else "the reference library"
except OSError: pass
print(json.dumps(found))"""
    try:
        return json.loads(call([python, "-c", text]))
    except (RuntimeError, OSError):
        return {}


def has_level(setup, isa):
    try:
        return "kernels" in call([setup.runner, "--version"], RUNNER_ISA=isa)
    except RuntimeError:
        return False


# --- ours ----------------------------------------------------------------------------------------------


def ours(setup):
    quick = setup.quick
    less = ["--quick"] if quick else []
    pairs = [1, 2] if setup.threads > 1 else [1]

    def study(kind, threads, *overrides, **env):
        def run():
            epochs = 2000 if quick else 20000
            wall, training = train(setup, "w1", threads, f"epochs={epochs}", f"record.every={epochs}", *overrides, **env)
            scale, key = 20000 / epochs, f"w1/runner-{kind}-{threads}t"
            return [(f"{key}/study", training * scale, "s"), (f"{key}/whole", wall - training + training * scale, "s")]
        return Command("w1", f"runner study {kind}, {threads} threads", run)

    def grid(threads, every=100):
        def run():
            sizes, scale = (["hidden={min: 10, max: 50, num: 5}"], 10) if quick else ([], 1)
            wall, training = train(setup, "w2", threads, f"record.every={every}", *sizes)
            key = f"w2/runner-f64-{threads}t" if every > 1 else f"w2/runner-recording-{threads}t"
            return [(f"{key}/grid", wall * scale, "s"), (f"{key}/training", training * scale, "s")]
        return Command("w2", f"runner grid, {threads} threads, recorded every {every}", run)

    def tiny():
        trials = 1000 if quick else 10000
        wall, training = train(setup, "tiny", pairs[-1], f"repeats={trials}")
        key = f"tiny/runner-f64-{pairs[-1]}t"
        return [(f"{key}/trial", wall / trials * 1e6, "us"), (f"{key}/training", training / trials * 1e6, "us")]

    def start():
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            call([setup.runner, "run", HERE / "experiments/w2.yaml", "-n", "-q"])
            times.append(time.perf_counter() - begin)
        return [("tiny/runner/start", sorted(times)[2] * 1e3, "ms")]

    def seconds(workload, name, key, threads, *overrides, share=1):
        return Command(workload, f"runner {key}", lambda: [
            (key, train(setup, name, threads, *overrides)[1] / share, "s")])

    epochs = ["epochs=500", "record.every=500"] if quick else []
    batches = ["epochs=3", "record.every=3"] if quick else []
    beans = ["epochs=500", "record.every=500"] if quick else []
    commands = [Command("limits", "bench_limits", lambda: figures([setup.program("bench_limits"), *less]))]
    kernels = [setup.program("bench_kernels"), *less, *([setup.mnist] if setup.mnist else [])]
    commands += [Command("kernels", "bench_kernels", lambda: figures(kernels))]
    commands += [study("f64", n) for n in pairs] + [study("f32", 1, "dtype=float32")]
    if has_level(setup, "v4"):
        commands += [study("v3", n, RUNNER_ISA="v3") for n in pairs]
    commands += [grid(pairs[-1]), grid(pairs[-1], 1)]
    commands += [Command("tiny", "runner 10000 tiny trials", tiny), Command("tiny", "runner start", start)]
    commands += [seconds("threads", "equal", f"threads/runner-equal-{n}t/training", n, *epochs) for n in pairs]
    commands += [seconds("threads", "w4", f"threads/runner-batch1000-{n}t/training", n, *batches) for n in pairs]
    commands += [seconds("w5", "w5", "w5/runner-alone-1t/trial", 1, *beans),
                 seconds("w5", "w5", "w5/runner-32-1t/trial", 1, *beans, "repeats=32", share=32)]
    return commands


# --- peers ---------------------------------------------------------------------------------------------


def slow_blas(setup):
    """NumPy and PyTorch on Debian's reference BLAS are many times slower than they need be: no fair yardstick."""
    return setup.versions.get("numpy") and setup.versions.get("BLAS") == "the reference library"


def peers(setup):
    """(commands, [(what is missing, apt's word)])"""
    quick, images, commands = setup.quick, setup.images(), []
    procs = min(2, setup.threads)

    def amount(full):
        return max(1, full // 10) if quick else full

    def python(needs, workload, script, peer, *options):
        if not all(setup.versions.get(n) for n in needs) or (quick and peer in SLOW):
            return
        argv = [setup.python, HERE / f"peers/{script}.py", peer, *options]
        commands.append(Command(workload, " ".join([script, peer, *map(str, options)]), lambda: figures(argv)))

    for needs, peer, passes in ((["numpy"], "numpy", 1000), (["numpy"], "numpy-tuned", 1500),
                                (["numpy", "sklearn"], "sklearn", 1000), (["numpy", "torch"], "torch-script", 1500),
                                (["numpy", "torch"], "torch-manual", 1500)):
        python(needs, "w1", "study", peer, "--passes", amount(passes))
        if procs > 1 and not quick and peer not in ("sklearn", "numpy"):
            python(needs, "w1", "study", peer, "--passes", 2 * amount(passes), "--procs", procs)
    for needs, peer, trials in ((["numpy", "sklearn", "joblib"], "sklearn", 54), (["numpy", "sklearn"], "sklearn-search", 54),
                                (["numpy"], "numpy", 54), (["numpy", "torch"], "torch-bmm", 54),
                                (["numpy", "torch"], "torch-manual", 27)):
        python(needs, "w2", "grid", peer, "--trials", max(procs, amount(trials)), "--procs", procs)
    for dtype in ("f64",) if quick else ("f64", "f32"):
        for needs, peer in ((["numpy"], "numpy"), (["numpy", "torch"], "torch-manual")):
            python(needs, "w3", "online", peer, "--dtype", dtype, "--samples", amount(2000), *images)
            python(needs, "w4", "deep", peer, "--dtype", dtype, "--batches", amount(60), *images)
        python(["numpy", "torch"], "w4", "deep", "torch", "--dtype", dtype, "--batches", amount(60), *images)
        python(["numpy", "sklearn"], "w4", "deep", "sklearn", "--dtype", dtype, "--batches", amount(60), *images)
    for needs, peer, epochs in ((["numpy"], "python", 400), (["numpy"], "numpy", 50), (["numpy", "torch"], "torch", 20)):
        python(needs, "w5", "beans", peer, "--epochs", amount(epochs))
    missing = [(n, APT[n]) for n in ("numpy", "sklearn", "joblib", "torch") if not setup.versions.get(n)]
    for kind in ("float", "double"):
        program = setup.program(f"peer_fann_{kind}")
        if not program.exists():
            missing += [("FANN", APT["fann"])] if kind == "float" else []
            continue
        for workload, count in (("w1", 500), ("w3", 1000), ("w5", 2000)):
            argv = [program, workload, amount(count)]
            commands.append(Command(workload, f"FANN {kind} {workload}", lambda argv=argv: figures(argv)))
    return commands, missing


# --- how cost grows ---------------------------------------------------------------------------------------


def curves(setup, failed):
    """[(curve, x, y)] for the picture and the table; one value each, the best of up to three short runs."""
    rows, quick = [], setup.quick

    def best(run):
        values, begin = [], time.perf_counter()
        while len(values) < 3 and time.perf_counter() - begin < 1:
            values.append(run())
        return min(values)

    def point(curve, x, run):
        try:
            rows.append((curve, x, run()))
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as trouble:
            failed.append((f"curve {curve} at {x}", str(trouble)))

    def passes(count, few, *overrides):
        """Seconds of a pass: a long training less a short one, as its first and last epochs are watched more closely."""
        def run(epochs):
            return train(setup, "w1", 1, f"epochs={epochs}", f"record.every={epochs}", *overrides)[1]
        more = best(lambda: run(few + count)) - best(lambda: run(few))
        if more <= 0:
            raise RuntimeError("the machine is too busy to time it")
        return more / count

    for trials in (10, 100, 1000, 10000, 100000)[:3 if quick else 5]:
        point("trials", trials, lambda n=trials: best(
            lambda: train(setup, "tiny", setup.threads, f"repeats={n}")[0]) / n * 1e6)
    for hidden in (1, 3, 10, 30, 100, 300, 1000)[:4 if quick else 7]:
        point("hidden", hidden, lambda h=hidden: passes(max(40, (2000 if quick else 60000) // h), 64,
                                                        f"hidden={h}") * 1e6)
    for samples in (100, 1000, 10000, 100000, 1000000)[:3 if quick else 5]:
        point("samples", samples, lambda n=samples: passes(max(6, (200000 if quick else 4000000) // n), 64, "hidden=5",
                                                           "reduction=mean", f"data.samples={n}") / n * 1e9)
    counts = [n for n in (1, 2, 4, 8, 16, 32, 64, 128, 256) if n < setup.threads] + [setup.threads]
    epochs = 1000 if quick else 10000
    for n in counts:
        point("threads", n, lambda n=n: best(
            lambda: train(setup, "equal", n, f"epochs={epochs}", f"record.every={epochs}")[1]))
    return rows
