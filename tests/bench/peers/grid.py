"""W2, the grid: 1350 trials (h 1..50, 3 rates, 3 activations, 3 penalties), minibatches of 32, 100 epochs, a loss an epoch,
accuracy on 1000 test points. A random sample of trials is trained and scaled to 1350.
usage: grid.py PEER [--trials N] [--procs P]
  sklearn       MLPClassifier under a warm joblib.Parallel      sklearn-search  GridSearchCV with one split
  numpy         a process a trial                               torch-manual    the same without autograd
  torch-bmm     nine trials of a size and activation at once, by baddbmm"""
import common  # first: it sets the environment
import argparse
import itertools
import multiprocessing
import random
import warnings

import numpy as np

RATES, PENALTIES, KINDS = (0.1, 0.03, 0.01), (0, 0.01, 0.1), ("tanh", "relu", "logistic")
ALL = list(itertools.product(range(1, 51), RATES, KINDS, PENALTIES))
EPOCHS, BATCH = 100, 32
X, Y = common.moons()
XT, YT = common.moons(1000, seed=1)


def estimator(trial):
    from sklearn.neural_network import MLPClassifier
    h, rate, kind, penalty = trial
    return MLPClassifier((h,), activation=kind, solver="sgd", alpha=penalty, learning_rate_init=rate, momentum=0,
                         nesterovs_momentum=False, batch_size=BATCH, max_iter=EPOCHS, tol=0, n_iter_no_change=EPOCHS + 1,
                         random_state=0)


def sklearn_trial(trial):
    warnings.filterwarnings("ignore")
    return estimator(trial).fit(X, Y).score(XT, YT)


NUMPY = {"tanh": (np.tanh, lambda a: 1 - a * a),
         "relu": (lambda z: np.maximum(z, 0), lambda a: a > 0),
         "logistic": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a))}


def numpy_trial(trial):
    h, rate, kind, penalty = trial
    f, slope = NUMPY[kind]
    r = np.random.RandomState(0)
    w1, b1 = r.randn(2, h) / np.sqrt(2), np.zeros((1, h))
    w2, b2 = r.randn(h, 2) / np.sqrt(h), np.zeros((1, 2))
    history = []
    for _ in range(EPOCHS):
        order, total = r.permutation(len(X)), 0.0
        for first in range(0, len(X), BATCH):
            rows = order[first:first + BATCH]
            x, y, at = X[rows], Y[rows], np.arange(len(rows))
            a = f(x.dot(w1) + b1)
            z = a.dot(w2) + b2
            e = np.exp(z - z.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            total -= np.log(p[at, y]).sum()
            p[at, y] -= 1
            p /= len(rows)
            d = p.dot(w2.T) * slope(a)
            w2 -= rate * (a.T.dot(p) + penalty * w2)
            b2 -= rate * p.sum(axis=0, keepdims=True)
            w1 -= rate * (x.T.dot(d) + penalty * w1)
            b1 -= rate * d.sum(axis=0, keepdims=True)
        history.append(total / len(X) + penalty / 2 * ((w1**2).sum() + (w2**2).sum()))
    return ((f(XT.dot(w1) + b1).dot(w2) + b2).argmax(axis=1) == YT).mean()


def torch_trials(h, kind, rates, penalties):
    """len(rates) networks side by side."""
    import torch
    torch.set_num_threads(1)
    torch.manual_seed(0)
    f, slope = {"tanh": (torch.tanh, lambda a: 1 - a * a),
                "relu": (torch.relu, lambda a: (a > 0).double()),
                "logistic": (torch.sigmoid, lambda a: a * (1 - a))}[kind]
    k = len(rates)
    x, xt, yt = torch.from_numpy(X), torch.from_numpy(XT), torch.from_numpy(YT)
    t = torch.nn.functional.one_hot(torch.from_numpy(Y)).double()
    rate = torch.tensor(rates, dtype=torch.float64).reshape(k, 1, 1)
    keep = 1 - rate * torch.tensor(penalties, dtype=torch.float64).reshape(k, 1, 1)
    history = []
    with torch.no_grad():
        w1, b1 = torch.randn(k, 2, h).double() / 2**0.5, torch.zeros(k, 1, h).double()
        w2, b2 = torch.randn(k, h, 2).double() / h**0.5, torch.zeros(k, 1, 2).double()
        for _ in range(EPOCHS):
            total = torch.zeros(k).double()
            for rows in torch.randperm(len(X)).split(BATCH):
                xb, tb = x[rows].expand(k, -1, -1), t[rows]
                a = f(torch.baddbmm(b1, xb, w1))
                log_p = torch.log_softmax(torch.baddbmm(b2, a, w2), 2)
                total -= (log_p * tb).sum((1, 2))
                d2 = log_p.exp_().sub_(tb).mul_(rate / len(rows))
                d1 = d2.bmm(w2.transpose(1, 2)).mul_(slope(a))
                w2.mul_(keep).sub_(a.transpose(1, 2).bmm(d2))
                b2.sub_(d2.sum(1, keepdim=True))
                w1.mul_(keep).sub_(xb.transpose(1, 2).bmm(d1))
                b1.sub_(d1.sum(1, keepdim=True))
            history.append(total / len(X))
        torch.stack(history).tolist()
        z = torch.baddbmm(b2, f(torch.baddbmm(b1, xt.expand(k, -1, -1), w1)), w2)
        return (z.argmax(2) == yt).double().mean().item()


def torch_trial(trial):
    h, rate, kind, penalty = trial
    return torch_trials(h, kind, [rate], [penalty])


def torch_group(group):
    h, kind = group
    pairs = list(itertools.product(RATES, PENALTIES))
    return torch_trials(h, kind, [p[0] for p in pairs], [p[1] for p in pairs])


def in_processes(trial, jobs, procs, scores):
    with multiprocessing.get_context("fork").Pool(procs) as pool:
        pool.map(trial, jobs[:1] * 4 * procs, 1)
        return common.seconds(lambda: scores.extend(pool.map(trial, jobs, 1)))


def in_joblib(jobs, procs, scores):
    from joblib import Parallel, delayed
    with Parallel(n_jobs=procs) as parallel:
        parallel(delayed(sklearn_trial)(job) for job in jobs[:4] * procs)  # every worker imports
        return common.seconds(lambda: scores.extend(parallel(delayed(sklearn_trial)(job) for job in jobs)))


def in_search(jobs, procs, scores):
    from sklearn.model_selection import GridSearchCV, PredefinedSplit
    lists = [{"hidden_layer_sizes": [(h,)], "learning_rate_init": [rate], "activation": [kind], "alpha": [penalty]}
             for h, rate, kind, penalty in jobs]
    split = PredefinedSplit([-1] * len(X) + [0] * len(XT))
    search = GridSearchCV(estimator(jobs[0]), lists, cv=split, n_jobs=procs, refit=False)
    t = common.seconds(lambda: search.fit(np.concatenate([X, XT]), np.concatenate([Y, YT])))
    scores.extend(search.cv_results_["mean_test_score"])
    return t


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("peer")
    parser.add_argument("--trials", type=int, default=54)
    parser.add_argument("--procs", type=int, default=2)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    chance, scores, at_once = random.Random(1), [], 1
    sample = chance.sample(ALL, options.trials)
    if options.peer.startswith("torch"):
        import torch  # before the processes part: imports are not counted
        torch.set_num_threads(1)
    if options.peer == "sklearn":
        t = in_joblib(sample, options.procs, scores)
    elif options.peer == "sklearn-search":
        t = in_search(sample, options.procs, scores)
    elif options.peer == "torch-bmm":
        at_once = len(RATES) * len(PENALTIES)
        # sizes from all over the range, every activation each
        count = max(2, options.trials // len(KINDS) // 3)
        sizes = [1 + round((i + 0.5) * 49 / count) for i in range(count)]
        sample = list(itertools.product(sizes, KINDS))
        t = in_processes(torch_group, sample, options.procs, scores)
    else:
        trial = {"numpy": numpy_trial, "torch-manual": torch_trial}[options.peer]
        t = in_processes(trial, sample, options.procs, scores)
    name = f"w2/{options.peer}-f64-{options.procs}p"
    common.figure(f"{name}/grid", t * len(ALL) / (len(sample) * at_once), "s")
    common.figure(f"{name}/check", np.mean(scores), "accuracy")
