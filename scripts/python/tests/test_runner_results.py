"""The package against the program itself: networks answer what `runner predict` answers, weights rebuild the losses.

RUNNER names the program, README the repository's page whose lines must run; each experiment is trained anew."""
import os
import pathlib
import re
import subprocess
import sys

import h5py
import numpy as np
import pytest

import runner_results

RUNNER = os.environ["RUNNER"]
SHORT = "{epochs: 20, optimizer: adam, learning_rate: 0.05, batch_size: 16}"
EXPERIMENTS = {
    "moons": f"""
description: How many?
data: {{kind: moons, samples: 60, noise: 0.2, test_samples: 80}}
fixed: {SHORT}
grid: {{hidden: [[], 3, [8, 4]], activation: [tanh, relu]}}
repeats: 2
record: {{every: 5, weights: both}}
metric: {{name: test_loss, at: best}}
""",
    "activations": f"""
data: {{kind: circles, samples: 40, noise: 0.1, test_samples: 40}}
fixed: {{epochs: 20, optimizer: adam, learning_rate: 0.05, batch_norm: true, hidden: 6}}
grid: {{activation: [identity, step, sigmoid, tanh, relu, leaky_relu, elu, gelu, silu, softplus]}}
""",
    "sigmoid": f"""
data: {{kind: moons, samples: 60, noise: 0.2, test_samples: 80}}
fixed: {{epochs: 20, optimizer: adam, learning_rate: 0.05, output: sigmoid, bias: false}}
grid: {{hidden: [4, 5]}}
""",
    "sine": f"""
data: {{kind: sine, samples: 40, noise: 0.1, test_samples: 40}}
fixed: {SHORT}
grid: {{hidden: [2, 4]}}
""",
}


@pytest.fixture(scope="session", params=sorted(EXPERIMENTS))
def folder(request, tmp_path_factory):
    return train(request.param, tmp_path_factory)


def train(name, factory, made={}):
    if name not in made:
        root = factory.mktemp(name)
        (root / f"{name}.yaml").write_text(EXPERIMENTS[name])
        subprocess.run([RUNNER, f"{name}.yaml", "-q", "-o", "out", "report=[]"], cwd=root, check=True, stdout=subprocess.DEVNULL)
        made[name] = root / "out"
    return made[name]


@pytest.fixture(scope="session")
def moons(tmp_path_factory):
    return train("moons", tmp_path_factory)


def predicted(folder, trial_id, x):
    rows = folder / "rows.csv"
    np.savetxt(rows, x, delimiter=",", fmt="%.17g")
    out = subprocess.run([RUNNER, "predict", str(folder), str(rows), "--trial", trial_id], check=True, capture_output=True, text=True)
    lines = out.stdout.splitlines()
    outputs = sum(head.startswith("output_") for head in lines[0].split(","))
    return np.array([[float(cell) for cell in line.split(",")[:outputs]] for line in lines[1:]])


def test_every_network_answers_what_the_program_answers(folder):
    results = runner_results.open(folder)
    x = np.random.default_rng(0).normal(size=(50, results.data(0)[0].shape[1]))
    for i, trial_id in enumerate(results.columns["id"]):
        theirs = predicted(folder, trial_id, x)
        # the same sums in another order, through functions good to 4 ulp: 1e-10 leaves room for eight layers of them
        np.testing.assert_allclose(results.network(i)(x), theirs, rtol=1e-10, atol=1e-12)


def test_trials_and_history_are_what_h5py_reads(moons):
    results = runner_results.open(moons)
    with h5py.File(moons / "results.h5") as file:
        assert list(results.trials["hidden"]) == [t.decode() for t in file["trials/hidden"]]
        np.testing.assert_array_equal(results.trials["final_test_loss"], file["trials/final_test_loss"])
        np.testing.assert_array_equal(results.history("test_loss"), file["history/test_loss"])
    assert list(results.history().columns) == [0, 5, 10, 15, 19]
    assert len(results) == len(results.trials) == 12
    assert results.description == "How many?"
    assert results.trials["bias"].dtype == bool


def test_the_loss_of_the_best_weights_is_the_recorded_one(moons):
    results = runner_results.open(moons)
    for i in range(len(results)):
        x, y = results.data(i, "test")
        p = results.network(i)(x)
        loss = -np.mean(np.log(p[np.arange(len(y)), y]))
        assert loss == pytest.approx(results.trials["best_test_loss"][i], rel=1e-9)


def test_names_of_weights_are_those_of_a_textbook(moons):
    results = runner_results.open(moons)
    deep = results.trials.index[results.trials["hidden"] == "8x4"][0]
    shapes = {name: w.shape for name, w in results.weights(deep).items()}
    assert shapes == {"W1": (2, 8), "b1": (8,), "W2": (8, 4), "b2": (4,), "W3": (4, 2), "b3": (2,)}


def test_xarray_has_names_and_dimensions(moons):
    data = runner_results.open(moons).to_xarray()
    assert data["history_test_loss"].dims == ("trial", "epoch")
    assert float(data["history_test_loss"].sel(epoch=19, trial=3)) == runner_results.open(moons).values("test_loss")[3, -1]


def test_three_figures(moons):
    import matplotlib
    matplotlib.use("Agg")
    plot = runner_results.open(moons).plot
    axes = plot.overfitting()
    assert [line.get_label() for line in axes.lines if not line.get_label().startswith("_")] == ["train", "test"]
    assert len(plot.curves(0).lines) == 2
    assert plot.boundary(0).collections


def test_the_example_draws_its_figures(moons, tmp_path):
    here = os.path.dirname(os.path.abspath(__file__))
    subprocess.run([sys.executable, os.path.join(here, "..", "examples", "figures.py"), str(moons), str(tmp_path)], check=True)
    for name in ("overfitting", "curves", "boundary"):
        assert (tmp_path / f"{name}.png").stat().st_size > 10000


def test_what_is_not_there_is_said(moons, tmp_path):
    results = runner_results.open(moons)
    with pytest.raises(KeyError, match="there are .*test_accuracy"):
        results.history("tset_loss")
    with pytest.raises(KeyError, match="no val rows"):
        results.data(0, "val")
    with pytest.raises(ValueError, match="2 inputs"):
        results.network(0)(np.zeros((1, 3)))
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1
    with pytest.raises(ValueError, match="not a results file"):
        runner_results.open(tmp_path / "other.h5")


def code_of(path, language):
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(), re.M | re.S)


def test_the_lines_of_the_readme_run(moons, tmp_path):
    here = os.path.dirname(os.path.abspath(__file__))
    readme = code_of(pathlib.Path(here, "..", "README.md"), "python")
    readme += [block for block in code_of(pathlib.Path(os.environ["README"]), "python") if "runner_results" in block]
    assert len(readme) == 6
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "moons").symlink_to(moons)
    for block in readme:
        if "torch" in block and not installed("torch"):
            continue  # PyTorch is no package of the tests: it brings 158 others. network() has the same mathematics
        subprocess.run([sys.executable, "-c", block], cwd=tmp_path, check=True, env={**os.environ, "MPLBACKEND": "Agg"})


def installed(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0
