"""W1, the study: 2-h-2 tanh networks on 200 moons, full batch, summed gradients, h = 1 2 3 4 5 20 50, 20000 passes each.
usage: study.py PEER [--passes N] [--procs P]      (figures are scaled to 20000 passes)
  numpy          the arithmetic as the published program has it, np.power included
  numpy-tuned    the same with a1 * a1
  sklearn        MLPClassifier (means instead of sums, one logistic output: a little less work)
  torch-manual   without autograd, fused operations      torch-script  the same under TorchScript
Those that follow the study exactly first train h = 3 for 1001 passes and print its loss, which is 0.068947."""
import common  # first: it sets the environment
import argparse
import multiprocessing
import warnings

import numpy as np

RATE = PENALTY = 0.01


def start_weights(h):
    r = np.random.RandomState(0)
    w1 = r.randn(2, h) / np.sqrt(2)
    w2 = r.randn(h, 2) / np.sqrt(h)
    return w1, np.zeros((1, h)), w2, np.zeros((1, 2))


def numpy_train(h, passes, squares):
    x, y = common.moons()
    w1, b1, w2, b2 = start_weights(h)
    rows = range(len(x))
    for _ in range(passes):
        a1 = np.tanh(x.dot(w1) + b1)
        scores = np.exp(a1.dot(w2) + b2)
        d2 = scores / np.sum(scores, axis=1, keepdims=True)
        d2[rows, y] -= 1
        dw2 = a1.T.dot(d2)
        db2 = np.sum(d2, axis=0, keepdims=True)
        d1 = d2.dot(w2.T) * (1 - squares(a1))
        dw1 = x.T.dot(d1)
        db1 = np.sum(d1, axis=0)
        dw2 += PENALTY * w2
        dw1 += PENALTY * w1
        w1 -= RATE * dw1
        b1 -= RATE * db1
        w2 -= RATE * dw2
        b2 -= RATE * db2
    return w1, b1, w2, b2


def sklearn_train(h, passes):
    from sklearn.neural_network import MLPClassifier
    x, y = common.moons()
    net = MLPClassifier((h,), activation="tanh", solver="sgd", alpha=PENALTY, learning_rate_init=RATE, momentum=0,
                        nesterovs_momentum=False, batch_size=len(x), shuffle=False, max_iter=passes, tol=0,
                        n_iter_no_change=passes + 1, random_state=0)
    net.fit(x, y)
    assert net.n_iter_ == passes


def torch_loop(x, t, w1, b1, w2, b2, passes: int):
    keep = 1 - 0.01 * 0.01  # l2 folded into the step
    for _ in range(passes):
        a1 = torch.addmm(b1, x, w1).tanh_()
        d2 = torch.softmax(torch.addmm(b2, a1, w2), 1).sub_(t)
        d1 = torch.ops.aten.tanh_backward(d2.mm(w2.t()), a1)
        w2.addmm_(a1.t(), d2, beta=keep, alpha=-0.01)
        b2.sub_(d2.sum(0, keepdim=True), alpha=0.01)
        w1.addmm_(x.t(), d1, beta=keep, alpha=-0.01)
        b1.sub_(d1.sum(0, keepdim=True), alpha=0.01)


compiled = {}


def torch_train(h, passes, script, dtype):
    torch.set_num_threads(1)
    x, y = common.moons()
    x, t = torch.tensor(x, dtype=dtype), torch.nn.functional.one_hot(torch.tensor(y)).to(dtype)
    block = [torch.tensor(w, dtype=dtype) for w in start_weights(h)]
    if script and "loop" not in compiled:
        compiled["loop"] = torch.jit.script(torch_loop)
    with torch.no_grad():
        compiled.get("loop", torch_loop)(x, t, *block, passes)
    return [w.numpy() for w in block]


def loss(w1, b1, w2, b2):
    x, y = common.moons()
    z = np.tanh(x.dot(w1) + b1).dot(w2) + b2
    cross = np.log(np.exp(z).sum(1)) - z[range(len(x)), y]
    return (cross.sum() + PENALTY / 2 * ((w1**2).sum() + (w2**2).sum())) / len(x)


def timed(job):
    h, passes = job
    return common.seconds(lambda: train(h, passes))


parser = argparse.ArgumentParser()
parser.add_argument("peer")
parser.add_argument("--passes", type=int, default=2000)
parser.add_argument("--procs", type=int, default=1)
parser.add_argument("--dtype", choices=("f64", "f32"), default="f64")
options = parser.parse_args()
if options.peer.startswith("torch"):
    import torch
    real = torch.float64 if options.dtype == "f64" else torch.float32
warnings.filterwarnings("ignore")
train = {
    "numpy": lambda h, n: numpy_train(h, n, lambda a: np.power(a, 2)),
    "numpy-tuned": lambda h, n: numpy_train(h, n, lambda a: a * a),
    "sklearn": sklearn_train,
    "torch-manual": lambda h, n: torch_train(h, n, False, real),
    "torch-script": lambda h, n: torch_train(h, n, True, real),
}[options.peer]

if __name__ == "__main__":
    name = f"w1/{options.peer}-{options.dtype}-{options.procs}p"
    if options.peer == "sklearn":
        train(3, 50)
    else:
        common.figure(f"{name}/check", loss(*train(3, 1001)), "loss")
    for h in common.HIDDEN:
        train(h, 60)  # TorchScript compiles for every shape, and processes made now inherit that
    jobs = [(h, options.passes) for h in reversed(common.HIDDEN)]  # longest first
    if options.procs > 1:
        with multiprocessing.get_context("fork").Pool(options.procs) as pool:
            pool.map(timed, [(3, 200)] * options.procs, 1)
            times = []
            study = common.seconds(lambda: times.extend(pool.map(timed, jobs, 1)))
    else:
        times = [timed(job) for job in jobs]
        study = sum(times)
    for (h, passes), t in sorted(zip(jobs, times)):
        common.figure(f"{name}/h{h}", t / passes * 1e6, "us/pass")
    common.figure(f"{name}/study", study / options.passes * 20000, "s")
