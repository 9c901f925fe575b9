"""The section that plays: what it has in the page is held against the results file, its networks against NumPy and the program,
its picture against what they answer; and it is played, by sliders, keys and addresses."""
import base64
import json
import re
import subprocess
import time

import h5py
import numpy as np
from page_study import PART_WORDS, Study

PAGE_BYTES = 5e6
# The page has weights in float32, NumPy and the script compute in float64: they add in another order.
FORWARD = 1e-9
C_FORWARD = 1e-6


def payload(text):
    found = re.search(r'<script type="application/json" id="play-data">\n(.*?)\n</script>', text, re.S)
    return json.loads(found[1]) if found else None


def packed(text, kind="<f4"):
    return np.frombuffer(base64.b64decode(text), kind)


class Played:
    """The networks of a page, as its script must find them."""

    def __init__(self, folder, data):
        self.study, self.data, self.faults, self.count = Study(h5py.File(folder / "results.h5")), data, [], 0
        s, axes = self.study, len(data["axes"])
        self.names = [a["name"] for a in data["axes"]]
        rows = np.array(data["trials"]).reshape(-1, axes + 4)
        self.weights, self.values = packed(data["weights"]), packed(data["values"])
        self.trials, at, value = [], 0, 0
        for row in rows:
            labels = [data["axes"][a]["labels"][row[a]] for a in range(axes)]
            net, epochs = data["nets"][row[axes + 1]], data["epochs"][row[axes + 2]]
            sizes = [data["inputs"], *net["hidden"], net["outputs"]]
            size = sum(a * b + b * net["bias"] for a, b in zip(sizes, sizes[1:])) + 4 * sum(net["hidden"]) * net["norm"]
            n, m = len(epochs), len(data["metrics"])
            self.trials.append({"row": self.find(labels, row[axes]), "epochs": epochs, "set": row[axes + 3], "net": net,
                                "weights": self.weights[at:at + n * size].reshape(n, size),
                                "values": self.values[value:value + n * m].reshape(n, m)})
            at, value = at + n * size, value + n * m
        self.want(at == len(self.weights) and value == len(self.values), "weights or values of nobody")
        self.s = s

    def want(self, truth, problem):
        self.count += 1
        if not truth:
            self.faults.append("play: " + problem)

    def find(self, labels, repeat):
        s = self.study
        by_name = {"+".join(a.keys): a for a in s.axes}
        chosen = [by_name[n] for n in self.names]
        line = s.line(s.sweep_axis) if len(chosen) < len(s.axes) else s.settings
        groups = [g for g in line if [a.shown[s.texts(a, g)] for a in chosen] == labels]
        self.want(len(groups) == 1, f"{labels} are {len(groups)} settings")
        return s.rows[groups[0]][repeat]

    def check_numbers(self):
        s, file, data = self.study, self.study.file, self.data
        snapshots = "snapshot_offset" in file["weights"]
        history = file["history/epoch"][:]
        for trial in self.trials:
            i = trial["row"]
            first, end = file["weights/snapshot_offset"][i:i + 2] if snapshots else (0, 0)
            kept = file["weights/snapshot_epoch"][first:end] if snapshots else []
            start = file["weights/snapshot_start"][first:end + 1] if snapshots else []
            for k, epoch in enumerate(trial["epochs"]):
                if epoch < 0:
                    block, where = s.weights(i), None
                else:
                    j = list(kept).index(epoch)
                    block, where = file["weights/snapshot_values"][start[j]:start[j + 1]], np.searchsorted(history, epoch)
                self.want(np.array_equal(trial["weights"][k], block.astype("<f4")), f"weights of run {i}, epoch {epoch}")
                for m, metric in enumerate(data["metrics"]):
                    part = next(p for p, word in PART_WORDS.items() if word == metric["part"])
                    name = part + ("_accuracy" if metric["share"] else "_loss")
                    value = s.column(name)[i] if where is None else file[f"history/{name}"][i, where]
                    self.want(np.float32(value) == trial["values"][k, m], f"{name} of run {i}, epoch {epoch}")
            self.want(list(trial["epochs"]) == sorted(e for e in trial["epochs"] if e >= 0) + [-1] * (trial["epochs"][-1] < 0),
                      f"epochs of run {i}")
            if len(kept):
                self.want(kept[-1] in trial["epochs"], f"the last epoch of run {i}")
            if trial["epochs"][-1] >= 0:
                self.want(np.array_equal(trial["weights"][-1], s.weights(i).astype("<f4")), f"the end of run {i}")
        points, at = packed(data["points"]).reshape(-1, data["inputs"]), 0
        answers = packed(data["labels"], "u1") if data["kind"] == "plane" else packed(data["targets"])
        for k, (train, test) in enumerate(data["sets"]):
            i = next(t["row"] for t in self.trials if t["set"] == k)
            group = file[f"data/{s.trials['data'][i]}"]
            for part, rows in (("train", train), ("test", test)):
                if rows:
                    take = np.arange(rows) * len(group[f"{part}/x"]) // rows
                    self.want(np.array_equal(points[at:at + rows], group[f"{part}/x"][:][take].astype("<f4")), f"{part} points of set {k}")
                    self.want(np.array_equal(answers[at:at + rows], np.ravel(group[f"{part}/y"][:])[take].astype(answers.dtype)),
                              f"{part} answers of set {k}")
                at += rows

    def probabilities(self, index, step, x):
        t = self.trials[index]
        y = self.study.predict(t["row"], x, t["weights"][step].astype(float))
        if y.shape[1] == 1:
            return np.column_stack([1 - np.clip(y[:, 0], 0, 1), np.clip(y[:, 0], 0, 1)])
        return np.maximum(y, 0) / np.maximum(y, 0).sum(1, keepdims=True)

    def sample(self, n):
        return sorted({int(v) for v in np.linspace(0, len(self.trials) - 1, n)})

    def check_networks(self, window, folder, runner):
        low, high = np.array([self.data["x"], self.data["y"]]).T
        x = np.random.RandomState(1).uniform(low, high, (60, 2))[:, :self.data["inputs"]]
        columns = json.dumps(x.T.tolist())
        for index in self.sample(24):
            t = self.trials[index]
            for step in {0, len(t["epochs"]) // 2, len(t["epochs"]) - 1}:
                got = np.array(window.ask(f"runnerPlay.predict(runnerPlay.trials[{index}], {step}, {columns}, 60).map(v => [...v])")).T
                wanted = self.study.predict(t["row"], x, t["weights"][step].astype(float))
                self.want(got.shape == wanted.shape and np.abs(got - wanted).max() <= FORWARD * max(1, np.abs(wanted).max()),
                          f"the script's network of run {t['row']}, step {step}, is not NumPy's")
        # The program's own forward pass, on weights that are rounded as the page has them.
        index = next((k for k in self.sample(24) if self.trials[k]["epochs"][-1] < 0 or True), None)
        t = self.trials[index]
        copy = folder.parent / (folder.name + "-rounded")
        copy.mkdir(exist_ok=True)
        (copy / "results.h5").write_bytes((folder / "results.h5").read_bytes())
        with h5py.File(copy / "results.h5", "r+") as file:
            for name in ("values", "best_values"):
                if name in file["weights"]:
                    with np.errstate(over="ignore"):  # of a run on its way to infinity
                        file["weights/" + name][:] = file["weights/" + name][:].astype("<f4").astype(float)
        lines = "\n".join(",".join(repr(float(v)) for v in row) for row in x)
        (copy / "x.csv").write_text(lines + "\n")
        done = subprocess.run([runner, "predict", str(copy), "--trial", str(self.study.trials["id"][t["row"]]), str(copy / "x.csv")],
                              capture_output=True, text=True)
        if done.returncode:
            return self.want(False, "predict: " + done.stderr[-300:])
        head, *rows = [line.split(",") for line in done.stdout.splitlines()]
        outputs = [c for c, name in enumerate(head) if name.startswith("output_")] or list(range(t["net"]["outputs"]))
        wanted = np.array([[float(row[c]) for c in outputs] for row in rows])
        low, high = t["net"]["low"], t["net"]["high"]
        if t["net"]["output"] != "softmax" and high > low:
            wanted = (wanted - low) / (high - low)
        last = len(t["epochs"]) - 1
        got = np.array(window.ask(f"runnerPlay.predict(runnerPlay.trials[{index}], {last}, {columns}, 60).map(v => [...v])")).T
        self.want(got.shape == wanted.shape and np.abs(got - wanted).max() <= C_FORWARD, "the script's network is not the program's")

    def check_picture(self, window):
        """Colours of the canvas, away from points and lines, are those of what the network predicts."""
        data = self.data
        index = window.ask("runnerPlay.trials.indexOf(runnerPlay.trialAt(runnerPlay.state.value, runnerPlay.state.repeat))")
        step = len(self.trials[index]["epochs"]) - 1
        pixels = window.ask("""(() => { const c = runnerPlay.canvas, t = c.getContext('2d').getImageData(0, 0, c.width, c.height);
            return [c.width, c.height, btoa(Array.from(t.data, v => String.fromCharCode(v)).join(''))]; })()""")
        image = np.frombuffer(base64.b64decode(pixels[2]), np.uint8).reshape(pixels[1], pixels[0], 4).astype(float)
        colours = window.ask("""['--green', '--purple'].map(n => getComputedStyle(document.documentElement).getPropertyValue(n).trim())""")
        rng = np.random.RandomState(2)
        px = rng.uniform(0.02, 0.98, (400, 2)) * [pixels[0], pixels[1]]
        x = np.column_stack([data["x"][0] + px[:, 0] / pixels[0] * (data["x"][1] - data["x"][0]),
                             data["y"][1] - px[:, 1] / pixels[1] * (data["y"][1] - data["y"][0])])
        p = self.probabilities(index, step, x)
        first = sum(sum(s) for s in data["sets"][:self.trials[index]["set"]])
        points = packed(data["points"]).reshape(-1, 2)[first:first + data["sets"][self.trials[index]["set"]][0]]
        at = (points - [data["x"][0], data["y"][0]]) / [np.ptp(data["x"]), np.ptp(data["y"])] * [pixels[0], pixels[1]]
        at[:, 1] = pixels[1] - at[:, 1]
        near = np.hypot(*(px[:, None] - at[None]).transpose(2, 0, 1)).min(1) < 14
        sure = (p.max(1) * p.shape[1] - 1) / (p.shape[1] - 1)
        wanted = [np.array([int(c[i:i + 2], 16) for i in (1, 3, 5)], float) for c in colours]
        seen = 0
        for k in np.flatnonzero(~near & (sure > 0.8) & (p.argmax(1) < 2)):
            got, alpha = image[int(px[k, 1]), int(px[k, 0])], 120 * sure[k]
            seen += 1
            # smoothing between the points of the grid, and eight bits
            if abs(got[3] - alpha) > 16 or np.abs(got[:3] - wanted[p[k].argmax()]).max() > 6:
                self.want(False, f"the pixel at {px[k]} is {got}, not {wanted[p[k].argmax()]} with {alpha:.0f}")
        self.want(seen > 20, f"only {seen} pixels are sure")

    def check_playing(self, window, index):
        data, ask = self.data, window.ask
        wait = "new Promise(r => setTimeout(() => r(runnerPlay.status.textContent), 250))"

        def said():
            return ask(wait)
        before = said()
        for name in (a["name"] for a in data["axes"] if len(a["labels"]) > 1):
            ask(f"runnerPlay.set({json.dumps(name)}, 0), 1")
        slider = "document.querySelector('#player input[type=range]')"
        if ask(f"!!{slider}"):
            ask(f"(() => {{ const s = {slider}; s.value = s.max; s.dispatchEvent(new Event('input', {{bubbles: true}})); }})()")
            self.want(said() != "" and ask(f"{slider}.getAttribute('aria-valuetext')") is not None, "a slider says nothing")
        state, text = ask("JSON.stringify(runnerPlay.state)"), said()
        state = json.loads(state)
        t = next((t for t, row in zip(self.trials, np.array(data["trials"]).reshape(len(self.trials), -1))
                  if list(row[:len(self.names)]) == state["value"] and row[len(self.names)] == state["repeat"]), None)
        if t:
            shown = re.findall(r"(?:train|test|validation) (?:loss|accuracy) (\d+(?:\.\d+)?)", text)
            self.want(len(shown) == len(data["metrics"]), f"the status says {text}")
            for value, number, metric in zip(t["values"][-1], shown, data["metrics"]):
                value = float(value) * (100 if metric["share"] else 1)
                self.want(abs(value - float(number)) <= 0.5000001 * 10.0 ** -len(number.partition(".")[2]), f"the status says {text}")
        if data["repeats"] > 1:
            for flag in ("all", "spread"):
                picture = ask("runnerPlay.canvas.toDataURL()")
                ask(f"runnerPlay.set('{flag}', true), 1")
                said()
                self.want(ask("runnerPlay.canvas.toDataURL()") != picture or len(self.trials) < 3, f"{flag} changes nothing")
                ask(f"runnerPlay.set('{flag}', false), 1")
            before = ask("runnerPlay.state.repeat")
            self.key(window, ".")
            self.want(ask("runnerPlay.state.repeat") == before + 1 or before + 1 >= data["repeats"], "the key . does nothing")
        longest = max(len(t["epochs"]) for t in self.trials)
        sweep = next((a["name"] for a in data["axes"] if a["played"] and len(a["labels"]) > 1), None)
        if longest > 2 or sweep:
            where = "runnerPlay.state.step" if longest > 2 else f"runnerPlay.state.value[{self.names.index(sweep)}]"
            self.key(window, " ")
            first = ask(where)
            until = time.monotonic() + 20
            while ask(where) <= first + 1 and time.monotonic() < until:
                if ask("!runnerPlay.state.playing"):
                    break
                time.sleep(0.2)
            self.want(ask(where) > first, "play does not move on")
            self.key(window, " ")
        ask("document.querySelector('#player input') && document.querySelector('#player input').click(), 1")
        time.sleep(0.8)
        address = ask("location.href")
        self.want("#play/" in address, f"the address is {address}")
        kept = ask("JSON.stringify(runnerPlay.state)")
        window.load("about:blank")  # another fragment alone is no navigation
        window.open(index, "#" + address.partition("#")[2])
        now = json.loads(ask("JSON.stringify(runnerPlay.state)"))
        kept = json.loads(kept)
        self.want({k: v for k, v in now.items() if k != "playing"} == {k: v for k, v in kept.items() if k != "playing"},
                  f"the address does not bring the state back: {now}, {kept}")

    def key(self, window, key):
        window.ask("runnerPlay.canvas.focus(), 1")
        for kind in ("keyDown", "keyUp"):
            window.call("Input.dispatchKeyEvent", type=kind, key=key, text=key if kind == "keyDown" else "")
        time.sleep(0.3)


def words(words_of):
    """What the section says of what it leaves out."""
    checker = words_of.checker
    data = payload((checker.folder / "report/index.html").read_text())
    if data is None:
        return
    played = Played(checker.folder, data)
    most = max(len(r) for r in checker.study.rows.values())
    kept = len(checker.study.file["weights/snapshot_epoch"]) // max(1, len(played.trials)) if "snapshot_epoch" in checker.study.file["weights"] else 0
    shown = max(sum(e >= 0 for e in t["epochs"]) for t in played.trials)
    words_of.add("all [repeats|folds] but the first {} of {}", data["repeats"], most)
    words_of.add("epochs, of which {} of {} are here", shown, kept)


def check(folder, text, window, runner):
    """Faults, and how many things were looked at; nothing where the page has no such section."""
    data = payload(text)
    if data is None:
        return [], 0
    played = Played(folder, data)
    played.want(len(text.encode()) < PAGE_BYTES, f"the page has {len(text.encode())} bytes")
    played.check_numbers()
    window.look(1280)
    window.open(folder / "report/index.html")
    played.want(window.ask("!!window.runnerPlay"), "the script did not start")
    if not played.faults:
        played.check_networks(window, folder, runner)
        if data["kind"] == "plane":
            played.check_picture(window)
        played.check_playing(window, folder / "report/index.html")
        for complaint in window.complaints():
            played.want(False, f"console: {str(complaint)[:300]}")
    return played.faults[:20], played.count
