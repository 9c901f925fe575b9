"""The same bits: for any number of threads, for the AVX2 and AVX-512 kernels, for a trial alone, in a grid or in another
order, beside trials that diverge."""
import bits
import faults

THREADS = (1, 2, 3, 4, 8) + ((16, 5, 8, 2) if faults.LONG else ())
# Small nets of every kind of randomness, and a few large ones whose batches idle threads share.
EXPERIMENT = """name: s
data: {kind: moons, samples: 600, noise: 0.2, seed: 0, test_samples: 100, test_seed: 12345}
fixed: {epochs: 12, optimizer: adam, learning_rate: 0.01, batch_size: 200, dropout: 0.1}
grid:
  hidden: [1, 3, 8, [20, 10], [160, 120]]
  dtype: [float64, float32]
  batch_norm: [false, true]
repeats: 2
report: []
"""
PERMUTED = EXPERIMENT.replace("""  hidden: [1, 3, 8, [20, 10], [160, 120]]
  dtype: [float64, float32]
  batch_norm: [false, true]
""", """  batch_norm: [true, false]
  hidden: [[160, 120], 8, 1, [20, 10], 3]
  dtype: [float32, float64]
""")


def run(test, what, *arguments, **more):
    faults.remove("out")
    done = faults.run("run", *arguments, "-o", "out", **more)
    return test.equal(done.code, 0, what, done.err)


def main():
    test = faults.Tally("same")
    faults.sandbox()
    faults.write("s.yaml", EXPERIMENT)
    faults.write("permuted.yaml", PERMUTED)

    found = {}
    for threads in THREADS:
        if run(test, f"-j {threads}", "s.yaml", "-j", threads):
            found.setdefault(faults.sha("out/results.h5"), []).append(threads)
    test.equal(len(found), 1, f"different results.h5 by threads: {found}")
    wanted, rows = list(found)[0], bits.rows("out/results.h5")
    test.equal(len(rows), 40, "trials")

    for level in ("v3", "v4"):
        if "kernels" not in faults.run("--version", env={"RUNNER_ISA": level}).out:
            print(f"{level} is not on this processor; the *_v4 tests of ctest emulate it")
        elif run(test, level, "s.yaml", "-j", 2, env={"RUNNER_ISA": level}):
            test.equal(faults.sha("out/results.h5"), wanted, f"results.h5 with {level}")

    run(test, "permuted", "permuted.yaml", "-j", 3)
    test.check(bits.rows("out/results.h5") == rows, "trials of the permuted grid have other bits")

    for setting in (["hidden=[3]", "dtype=float32", "batch_norm=true"], ["hidden=[[160, 120]]", "dtype=float64", "batch_norm=false"]):
        for threads in (1, 4):
            run(test, "alone", "s.yaml", *setting, "repeats=1", "-j", threads)
            alone = bits.rows("out/results.h5")
            test.equal(len(alone), 1, "trials alone")
            test.check(all(rows.get(key) == value for key, value in alone.items()),
                       f"{setting} alone on {threads} threads has other bits than in the grid")

    # X5: some diverge; they are results, and the others do not notice
    quiet = faults.moons(epochs=60, sizes=4, repeats=2, fixed=", activation: relu, loss: half_squared_error, output: identity")
    faults.write("quiet.yaml", quiet.replace("  hidden:", "  learning_rate: [0.01]\n  hidden:"))
    faults.write("wild.yaml", quiet.replace("  hidden:", "  learning_rate: [0.01, 1e6]\n  hidden:"))
    run(test, "quiet", "quiet.yaml")
    calm = bits.rows("out/results.h5")
    run(test, "wild", "wild.yaml", "-j", 4)
    together, status = bits.rows("out/results.h5"), bits.column("out/results.h5", "status")
    diverged = [key for key, word in status.items() if word.rstrip(b"\0") == b"diverged"]
    test.check(len(diverged) > 0, "nothing diverged")
    test.fault("a diverging trial", len(diverged) >= 4)
    test.check(not set(diverged) & set(calm), "a calm trial diverged")
    test.equal({k: together.get(k) for k in calm} == calm, True, "calm trials beside diverging ones")
    test.end()


if __name__ == "__main__":
    main()
