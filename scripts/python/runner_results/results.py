"""One results.h5, read as it is asked for."""
import os
import re
from typing import Any, Dict, List, Union

import h5py
import numpy as np

from .network import Network, split_weights

Path = Union[str, "os.PathLike[str]"]


def open(path: Path) -> "Results":  # noqa: A001: runner_results.open() reads well
    """A results folder, or its results.h5."""
    path = os.fspath(path)
    return Results(os.path.join(path, "results.h5") if os.path.isdir(path) else path)


def _optional(module: str, what: str) -> Any:
    try:
        return __import__(module)
    except ImportError as error:
        raise ImportError(f"{what} needs {module} (apt install python3-{module}, or pip install {module})") from error


def _read(dataset: h5py.Dataset) -> np.ndarray:
    if dataset.dtype.kind == "S":
        return np.array([text.decode() for text in dataset[:]], dtype=object)
    return dataset[:].astype(bool) if dataset.dtype == np.uint8 else dataset[:]


class Results:
    """Trials are numbered from 0, in the order of the experiment."""

    def __init__(self, path: str):
        self.path = path
        self._file = h5py.File(path, "r")
        kind = self._file.attrs.get("format", b"")
        if (kind.decode() if isinstance(kind, bytes) else kind) != "runner-results":
            raise ValueError(f"{path}: not a results file of runner")

    def __enter__(self) -> "Results":
        return self

    def __exit__(self, *what: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._file["trials/id"])

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self)} trials, {len(self.epoch)} recorded epochs, {self.path}>"

    def close(self) -> None:
        self._file.close()

    # --- what the file says of itself

    @property
    def attributes(self) -> Dict[str, Any]:
        return {k: v.decode() if isinstance(v, bytes) else v for k, v in self._file.attrs.items()}

    @property
    def name(self) -> str:
        return self.attributes["name"]

    @property
    def description(self) -> str:
        return self.attributes.get("description", "")

    @property
    def experiment(self) -> str:
        """The YAML with every default and override written out."""
        return self._file["config/resolved"][()].decode()

    # --- trials and histories

    @property
    def columns(self) -> Dict[str, np.ndarray]:
        """What `trials` has, as arrays: without pandas."""
        return {name: _read(column) for name, column in self._file["trials"].items()}

    @property
    def trials(self):
        """A pandas.DataFrame, a row a trial: its setting, repeat, seed, verdict, final and best metrics."""
        pandas = _optional("pandas", "trials")
        return pandas.DataFrame(self.columns, index=pandas.RangeIndex(len(self), name="trial"))

    @property
    def epoch(self) -> np.ndarray:
        """The recorded epochs, ascending."""
        return self._file["history/epoch"][:]

    @property
    def metrics(self) -> List[str]:
        """The metrics that have a history."""
        return [name for name in self._file["history"] if name != "epoch"]

    def history(self, metric: str = "test_loss"):
        """A pandas.DataFrame, trials x recorded epochs; NaN where a trial had ended, or did not record that epoch."""
        pandas = _optional("pandas", "history()")
        return pandas.DataFrame(self.values(metric), index=pandas.RangeIndex(len(self), name="trial"),
                                columns=pandas.Index(self.epoch, name="epoch"))

    def values(self, metric: str) -> np.ndarray:
        """The same as an array: without pandas."""
        if metric not in self.metrics:
            raise KeyError(f"{metric}: not recorded (there are {', '.join(self.metrics)})")
        return self._file["history"][metric][:]

    # --- networks and data

    def _text(self, column: str, trial: int) -> str:
        return self._file["trials"][column][trial].decode()

    def data(self, trial: int, part: str = "train"):
        """(x, y) of the trial's train, val or test rows, as the network saw them."""
        group = self._file[f"data/{self._file['trials/data'][trial]}"]
        if part not in group:
            raise KeyError(f"trial {trial}: the file has no {part} rows of its data set")
        return group[part]["x"][:], group[part]["y"][:]

    def _classes(self, trial: int) -> bool:
        """Whether the trial's rows have classes, and not numbers."""
        accuracy = self._file["trials"].get("final_train_accuracy")
        return accuracy is not None and bool(np.isfinite(accuracy[trial]))

    def _sizes(self, trial: int) -> List[int]:
        data = self._file[f"data/{self._file['trials/data'][trial]}"].attrs
        hidden = [int(n) for n in self._text("hidden", trial).split("x") if n]
        outputs = int(data["outputs"])
        if outputs == 2 and self._classes(trial) and self._text("output", trial) != "softmax":
            outputs = 1  # the probability of class 1
        return [int(data["inputs"]), *hidden, outputs]

    def weights(self, trial: int, best: bool = False) -> Dict[str, np.ndarray]:
        """{"W1": inputs x units, "b1": units, "W2": ...}: x @ W1 + b1 goes into the first activation. `best`: those of
        best_epoch. With batch norm gamma1, beta1, mean1, variance1 as well."""
        name = "best_values" if best else "values"
        if "weights" not in self._file or name not in self._file["weights"]:
            raise KeyError(f"the file has no {'best' if best else 'final'} weights (record: {{weights: final}})")
        first, end = self._file["weights/offset"][trial:trial + 2]
        if first == end:
            raise KeyError(f"trial {trial}: no weights; it is {self._text('status', trial)}")
        trials = self._file["trials"]
        return split_weights(self._file["weights"][name][first:end], self._sizes(trial), bool(trials["bias"][trial]),
                             bool(trials["batch_norm"][trial]))

    def network(self, trial: int) -> Network:
        """The trained network, as a function of rows. Its weights are those of the best epoch where the experiment's
        metric is `at: best` and they were kept, else the final ones: as `runner predict` does it."""
        at = re.search(r"^metric: \{.*\bat: (\w+)", self.experiment, re.M)
        best = bool(at) and at[1] == "best" and "best_values" in self._file.get("weights", {})
        best = best or "values" not in self._file.get("weights", {})
        return Network(self.weights(trial, best), self._sizes(trial), self._text("activation", trial),
                       self._text("output", trial))

    # --- other libraries

    def to_xarray(self):
        """An xarray.Dataset with the dimensions trial and epoch."""
        xarray = _optional("xarray", "to_xarray()")
        columns = {name: ("trial", values) for name, values in self.columns.items()}
        histories = {f"history_{m}": (("trial", "epoch"), self.values(m)) for m in self.metrics}
        return xarray.Dataset({**columns, **histories},
                              coords={"trial": np.arange(len(self)), "epoch": self.epoch},
                              attrs={k: v for k, v in self.attributes.items()})

    @property
    def plot(self):
        """Figures: plot.overfitting(), plot.curves(trial), plot.boundary(trial)."""
        from .plot import Plot
        return Plot(self)
