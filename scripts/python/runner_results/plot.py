"""Three figures with matplotlib, to start from."""
import numpy as np

from .results import Results, _optional


def _size(text: str) -> int:
    return sum(int(n) for n in text.split("x") if n)


class Plot:
    def __init__(self, results: Results):
        self.results = results

    def _axes(self, axes):
        _optional("matplotlib", "plot")
        import matplotlib.pyplot as plt
        return axes if axes is not None else plt.subplots(figsize=(7, 4.2), layout="constrained")[1]

    def overfitting(self, metric: str = "loss", axes=None):
        """Train and test against the number of hidden units: the mean over all finished trials of a size, and a dot each."""
        columns = self.results.columns
        size = np.array([_size(text) for text in columns["hidden"]])
        done = columns["status"] == "done"
        axes = self._axes(axes)
        for part, colour in (("train", "tab:blue"), ("test", "tab:orange")):
            name = f"final_{part}_{metric}"
            if name not in columns:
                continue
            sizes = np.unique(size[done])
            axes.plot(size[done], columns[name][done], ".", color=colour, alpha=0.3, markersize=4)
            axes.plot(sizes, [np.nanmean(columns[name][done & (size == s)]) for s in sizes], "-", color=colour, label=part)
        axes.set(xlabel="hidden units", ylabel=metric, title=self.results.description or self.results.name)
        axes.legend()
        return axes

    def curves(self, trial: int = 0, metric: str = "loss", axes=None):
        """Train and test of one trial against the epochs."""
        axes = self._axes(axes)
        for part, colour in (("train", "tab:blue"), ("test", "tab:orange")):
            if f"{part}_{metric}" in self.results.metrics:
                values = self.results.values(f"{part}_{metric}")[trial]
                known = np.isfinite(values)
                axes.plot(self.results.epoch[known], values[known], color=colour, label=part)
        axes.set(xlabel="epoch", ylabel=metric)
        axes.legend()
        return axes

    def boundary(self, trial: int = 0, axes=None, steps: int = 200):
        """The plane of a network with two inputs: the probability of the last class, and the training rows."""
        x, y = self.results.data(trial)
        if x.shape[1] != 2:
            raise ValueError(f"{x.shape[1]} inputs: a plane has two")
        low, high = x.min(axis=0) - 0.3, x.max(axis=0) + 0.3
        grid = np.meshgrid(*(np.linspace(low[i], high[i], steps) for i in (0, 1)))
        p = self.results.network(trial)(np.column_stack([g.ravel() for g in grid]))[:, -1].reshape(steps, steps)
        axes = self._axes(axes)
        axes.contourf(*grid, p, levels=20, cmap="PRGn", alpha=0.6)
        axes.contour(*grid, p, levels=[0.5], colors="black", linewidths=1)
        axes.scatter(x[:, 0], x[:, 1], c=y, cmap="PRGn", edgecolors="black", linewidths=0.5, s=16)
        axes.set(aspect="equal")
        return axes
