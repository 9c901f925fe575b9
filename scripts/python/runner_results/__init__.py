"""Reads what runner leaves behind.

    import runner_results
    moons = runner_results.open("results/moons")
    moons.trials                     # a pandas.DataFrame, a row a trial
    moons.history("test_loss")       # a pandas.DataFrame, trials x recorded epochs
    moons.weights(0)                 # {"W1": ..., "b1": ..., "W2": ..., "b2": ...}
    moons.network(0)(x)              # its outputs for rows x
    moons.to_xarray()                # everything above with names and dimensions
    moons.plot.overfitting()         # a matplotlib figure

h5py and NumPy are needed; pandas, xarray and matplotlib where a method returns their objects.
The format is described in results/README.md of runner's repository.
"""
from .results import Results, open
from .network import Network

__all__ = ["Network", "Results", "open"]
