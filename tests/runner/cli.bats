#!/usr/bin/env bats
# The program as its user meets it: what it says, where, with which exit code, and what it leaves alone. Mistakes are in
# cli_mistakes.bats.

load cli_setup

@test "a run says where its results are on stdout, and talks on stderr" {
    good small.yaml
    [ "$out" = "results  results/small/results.h5" ]
    grep -q "12 trials trained" err.txt
    [ ! -e results/small/journal ]
    cmp small.yaml results/small/experiment.yaml
}

@test "run and nothing are the same, and quiet is quiet" {
    good run small.yaml -q -o a
    [ -z "$err" ]
    good small.yaml -o b
    cmp a/results.h5 b/results.h5
}

@test "1, 2 and 4 threads give the same bytes" {
    good small.yaml -j 1 -o a
    good small.yaml -j 2 -o b
    good small.yaml -j4 -o c
    cmp a/results.h5 b/results.h5
    cmp a/results.h5 c/results.h5
}

@test "verbose has a line on stderr for every trial" {
    good small.yaml -v
    [ "$(grep -c '^[0-9a-f]\{16\} hidden=.*epochs, test_loss' err.txt)" -eq 12 ]
    [ "$(wc -l < out.txt)" -eq 1 ]
}

@test "a dry run writes nothing" {
    good small.yaml -n
    grep -q "12 trials of 4 settings" out.txt
    [ ! -e results ]
}

@test "check counts and trains nothing" {
    good check small.yaml 'hidden=[1,2,3]'
    grep -q "18 trials of 6 settings" out.txt
    [ ! -e results ]
}

@test "a report is drawn, and drawn again" {
    good small.yaml 'report=[ranking]' repeats=2
    grep -q "^report   results/small/report/index.html$" out.txt
    rm -r results/small/report
    good report results/small
    [ -s results/small/report/index.html ]
    good report results/small/results.h5 --only ranking -o elsewhere
    [ -s elsewhere/index.html ]
}

@test "without gnuplot results are kept, the page says so, and the exit code is 4" {
    mkdir bin
    ln -s "$(command -v sh)" bin/sh
    status=0
    PATH=$folder/bin "$RUNNER" small.yaml 'report=[ranking]' > out.txt 2> err.txt || status=$?
    [ "$status" -eq 4 ]
    grep -q gnuplot err.txt
    [ -s results/small/results.h5 ]
    grep -q "could not be drawn" results/small/report/index.html
    good show results/small
}

@test "show has settings with intervals, best first, in 80 columns" {
    good small.yaml
    good show results/small
    head -1 out.txt | grep -q "hidden.*l2.*test_loss.*95% low.*95% high"
    [ "$(wc -l < out.txt)" -eq 5 ]
    [ "$(awk '{ if (length > m) m = length } END { print m }' out.txt)" -le 80 ]
    tail -n +2 out.txt | awk '{ print $3 }' | sort -c -g
    good show results/small --top 2 --sort hidden
    [ "$(wc -l < out.txt)" -eq 3 ]
    grep -q "2 of 4 settings" err.txt
    good show results/small --group-by hidden
    [ "$(wc -l < out.txt)" -eq 3 ]
    good show results/small --filter hidden=3 --filter l2=0 --format json
    "$PYTHON" -c 'import json; d = json.load(open("out.txt")); assert [s["hidden"] for s in d] == ["3"], d'
    good show results/small --filter repeat=1 --format csv
    [ "$(wc -l < out.txt)" -eq 5 ]
}

@test "show agrees with h5py on means and intervals" {
    good small.yaml
    good show results/small --format json
    "$PYTHON" - <<'END'
import json, h5py, numpy as np
from scipy import stats
f = h5py.File("results/small/results.h5")
setting, loss = f["trials/setting"][:], f["trials/final_test_loss"][:]
for row in json.load(open("out.txt")):
    x = loss[setting == row["setting"]]
    half = stats.t.ppf(0.975, len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x))
    assert x.mean() > half, row  # so that nothing is cut here
    assert np.allclose([row["final_test_loss"], row["final_test_loss_low"], row["final_test_loss_high"]],
                       [x.mean(), x.mean() - half, x.mean() + half], rtol=1e-9), row
END
}

@test "an interval of a share ends at 1, and of a loss at 0" {
    good small.yaml data.samples=20 data.noise=0.5 hidden=3 l2=0 repeats=2 epochs=200 metric=train_accuracy
    good show results/small --format json
    "$PYTHON" - <<'END'
import json, h5py, numpy as np
from scipy import stats
f, row, over = h5py.File("results/small/results.h5"), json.load(open("out.txt"))[0], 0
for name, least, most in (("accuracy", 0, 1), ("loss", 0, np.inf)):
    for part in ("train", "test"):
        x = f[f"trials/final_{part}_{name}"][:]
        half = stats.t.ppf(0.975, 1) * x.std(ddof=1) / np.sqrt(2)
        low, high = x.mean() - half, x.mean() + half
        over += (low < least) + (high > most)
        assert np.allclose([row[f"final_{part}_{name}_{end}"] for end in ("low", "high")],
                           [max(low, least), min(high, most)], rtol=1e-9), row
assert over >= 2, over
END
    good show results/small --group-by hidden --format json
    "$PYTHON" -c 'import json; r = json.load(open("out.txt"))[0]; print(r); assert max(v for v in r.values() if isinstance(v, float)) <= 1, r'
    good best results/small
    ! grep -Eq "to 1\.0*[1-9]" out.txt
}

@test "best names its trials and words that train them again, to the same bits" {
    good small.yaml 'hidden=[1, 2, 3]' -o 'a folder'
    good best 'a folder'
    id=$(sed -n 's/^trials *\([0-9a-f]*\).*/\1/p' out.txt)
    eval "$(sed -n "s|^train again *runner|\"\$RUNNER\"|p" out.txt) -q" > /dev/null
    good show results/small-best --group-by trial
    grep -q "$id" out.txt
    good compare 'a folder' results/small-best
    grep -q "3 trials are in both; their final values agree in every bit" out.txt
    good best 'a folder' --rule 1se --metric best_test_accuracy
    grep -q "best_test_accuracy" out.txt
}

@test "compare averages settings within a repeat, with SciPy's p" {
    good small.yaml repeats=8 -o a
    good compare a --by hidden=1,3
    "$PYTHON" - <<'END'
import h5py, numpy as np
from scipy import stats
f = h5py.File("a/results.h5")["trials"]
hidden, loss, repeat = f["hidden"][:].astype(str), f["final_test_loss"][:], f["repeat"][:]
d = np.array([loss[(hidden == "1") & (repeat == r)].mean() - loss[(hidden == "3") & (repeat == r)].mean() for r in range(8)])
row = [l for l in open("out.txt") if l.startswith("all settings")][0].split()[-7:]  # A - B, low, high, p, Holm, wins, pairs
half = stats.t.ppf(0.975, 7) * d.std(ddof=1) / np.sqrt(8)
assert np.allclose([float(v) for v in row[:3]], [d.mean(), d.mean() - half, d.mean() + half], atol=1e-4), row
p = stats.wilcoxon(d, mode="exact").pvalue
assert abs(float(row[3]) - p) < (5e-4 if p >= 5e-4 else 0.05 * p), (row, p)
assert row[4:] == ["-", f"{100 * np.mean(d < 0):.0f}%", "8"], row
END
    good small.yaml repeats=3 activation=relu hidden=1 l2=0 -o b
    good compare a b
    grep -q "too few" err.txt
    grep -q "activation: tanh in A, relu in B" err.txt
    grep -q "A has 8 repeats, B has 3" err.txt
    good small.yaml l2=0.5 -o c
    refused 2 "no setting in common" compare a c
}

@test "compare --by has the first value, or the one that is named, against the others" {
    good small.yaml repeats=6 'l2=[0, 0.1, 1]' -o a
    good compare a --by l2
    [ "$(tail -n +2 out.txt | awk '{print $1}' | xargs)" = "0.1 1" ]
    grep -q "A l2=0 (another: --by l2=VALUE)" err.txt
    grep -q "Holm p" out.txt
    good compare a --by l2=1
    [ "$(tail -n +2 out.txt | awk '{print $1}' | xargs)" = "0 0.1" ]
    good compare a --by l2=0.1,0
    grep -q "A l2=0.1, B l2=0" err.txt
    refused 2 "KEY=V1 with all others" compare a --by l2=0.2
    refused 2 "KEY=V1 with all others" compare a --by l2=0,0
}

@test "compare refuses what is no pair, and says what a pair does not share" {
    good small.yaml repeats=6 -o a
    good small.yaml repeats=1 data.test_samples=0 data.folds=3 -o folds
    refused 2 "A has no folds, B has 3 folds" compare a folds
    good small.yaml repeats=6 seed=100 -o other
    good compare a other --no-page
    grep -q "different seeds" err.txt
    ! grep -q "did not see the same data" err.txt
    good small.yaml repeats=6 data.noise=0.4 -o noisy
    good compare a noisy
    grep -q "did not see the same data" err.txt
    grep -q "did not see the same data" results/compare-a-noisy/index.html
}

@test "compare finds a changed bit in common trials" {
    good small.yaml -o a
    cp -r a b
    "$PYTHON" -c 'import h5py
with h5py.File("b/results.h5", "r+") as f: f["trials/final_train_loss"][4] *= 1 + 2**-52'
    try compare a b
    [ "$status" -eq 1 ]
    grep -q "final_train_loss" out.txt
    grep -q "1 of 12 trials" err.txt
    grep -q "1 of 12 trials that are in both have different final" results/compare-a-b/index.html
}

@test "compare draws a page, says where, and overwrites nothing but such a page" {
    good small.yaml repeats=8 -o a
    good small.yaml repeats=8 activation=relu -o b
    before=$(cat a/results.h5 b/results.h5 | sha256sum)
    good compare a b
    grep -q "^page     results/compare-a-b/index.html" err.txt
    ! grep -q "^page" out.txt
    grep -q 'content="runner comparison"' results/compare-a-b/index.html
    grep -q "<td class=\"text\">activation</td><td class=\"text\">tanh</td><td class=\"text\">relu</td>" results/compare-a-b/index.html
    good compare a b                             # its own page is drawn again
    good compare a b -o there
    [ -s there/compare-sweep.svg ] && [ -s there/compare-differences.tsv ] && [ -s there/compare-curves.gp ]
    rm -r results
    good compare a b --no-page
    [ ! -e results ]
    mkdir taken && echo mine > taken/index.html
    refused 3 "is no comparison of this program" compare a b -o taken
    [ "$(cat taken/index.html)" = mine ]
    good report a
    refused 3 "is no comparison of this program" compare a b -o a/report
    refused 3 "is no comparison of this program" compare a b -o a
    refused 3 "is no comparison of this program" compare a b -o small.yaml
    refused 2 "two results" compare a --by l2 -o there
    [ "$(cat a/results.h5 b/results.h5 | sha256sum)" = "$before" ]
    mkdir empty                                  # without gnuplot: the table, the page, and what is missing
    status=0
    PATH=$PWD/empty "$RUNNER" compare a b -o plain > out.txt 2> err.txt || status=$?
    [ "$status" -eq 4 ]
    grep -q "^all settings" out.txt
    grep -q "could not be drawn" plain/index.html
    good compare a a                             # a result beside itself
    grep -q "have the same test loss in every pair" results/compare-a-a/index.html
    grep -q "agree in every bit" results/compare-a-a/index.html
}

@test "verify trains again and finds every bit, and a changed one" {
    good small.yaml record.weights=both
    good verify results/small -q
    grep -q "12 of 12 trials trained again: every bit is the same" out.txt
    good verify results/small --sample 5 -j 2
    grep -q "^5 of 12" out.txt
    good verify results/small --trial best
    [ "$(wc -l < out.txt)" -eq 21 ]
    grep -q "^1 of 12 trials" err.txt
    check_change() { # data set, place, what is said
        cp -r results/small changed
        "$PYTHON" -c "import h5py
with h5py.File('changed/results.h5', 'r+') as f: f['$1'][$2] += 1e-9"
        try verify changed -q
        echo "$1: $status $out $err"
        [ "$status" -eq 1 ]
        grep -qF "$3: " out.txt
        rm -r changed
    }
    check_change history/test_loss 2,7 "history/test_loss[7]"
    check_change weights/values 3 "weights/values[3]"
    check_change weights/best_values 3 "weights/best_values[3]"
    check_change trials/best_train_loss 11 "best_train_loss"
}

@test "verify --trial tells every epoch of one trial, whatever was recorded" {
    good small.yaml record.every=5
    id=$("$PYTHON" -c "import h5py; print(h5py.File('results/small/results.h5')['trials/id'][7].decode())")
    good verify results/small --trial "$id"
    "$PYTHON" - <<'END'
import csv, h5py, numpy as np
rows = list(csv.DictReader(open("out.txt")))
with h5py.File("results/small/results.h5") as f:
    epochs = f["history/epoch"][:]
    assert [int(r["epoch"]) for r in rows] == list(range(epochs[-1] + 1)) and 1 < len(epochs) < len(rows)
    for name in rows[0].keys() - {"epoch"}:
        told = np.array([float(r[name]) for r in rows])
        assert np.array_equal(told[epochs], f["history/" + name][7]), name
        assert len(set(told)) > 1 or "accuracy" in name, name
END
}

@test "verify refuses bits of another arithmetic class, and changed data" {
    "$RUNNER" --version | grep -q "arithmetic fma" || skip
    good small.yaml
    status=0
    RUNNER_ISA=portable "$RUNNER" verify results/small > out.txt 2> err.txt || status=$?
    [ "$status" -eq 3 ]
    grep -q "arithmetic class" err.txt
    "$PYTHON" -c 'import h5py
with h5py.File("results/small/results.h5", "r+") as f: f["data/0/train/x"][0, 0] += 1'
    refused 3 "data have changed" verify results/small -q
}

@test "exports give NumPy and a C compiler the outputs that predict prints" {
    cat > all.yaml <<'END'
data: {kind: blobs, samples: 60, classes: 3, features: 3, test_samples: 50}
fixed: {epochs: 5, batch_size: 16, hidden: [5, 4]}
grid: {batch_norm: [false, true]}
zip:
  - activation: [identity, sigmoid, tanh, relu, leaky_relu, elu, gelu, silu, softplus, step]
    output: [softmax, sigmoid, softmax, sigmoid, softmax, sigmoid, softmax, sigmoid, softmax, softmax]
include: [{hidden: [], bias: false}]
report: []
END
    good all.yaml -q
    "$PYTHON" "$SOURCE_DIR/tests/checks/check_export.py" "$RUNNER" results/all
}

@test "predict, export and the report use the weights that metric.at names" {
    for at in best final; do
        good small.yaml hidden=12 l2=0 repeats=1 epochs=400 data.samples=30 data.noise=0.5 record.weights=both \
            "metric={name: test_loss, at: $at}" record.every=1 "report=[boundaries]" -o "$at"
        grep -v '^$' "$at/report/boundaries.tsv" | tail -n +2 | cut -f 1,2 | tr '\t' ',' > points.csv
        good predict "$at" --trial best points.csv
        cp out.txt answers.csv
        good export "$at" --trial best
        AT=$at "$PYTHON" - <<'END'
import csv, json, os, h5py, numpy as np
at = os.environ["AT"]
with h5py.File(f"{at}/results.h5") as f:
    final, best = f["weights/values"][:], f["weights/best_values"][:]
assert not np.array_equal(final, best)
first = np.ravel(json.load(open("out.txt"))["weights"]["W1"])
assert np.array_equal(first, (best if at == "best" else final)[:first.size])
answers = [[float(v) for v in row[:2]] for row in list(csv.reader(open("answers.csv")))[1:]]
drawn = [line.split() for line in list(open(f"{at}/report/boundaries.tsv"))[1:] if line.strip()]
assert len(answers) == len(drawn) > 120 * 40
# the table of the figure has six digits of x and four of the probability
apart = [abs(max(y) - float(row[3])) for y, row in zip(answers, drawn)]
assert max(apart) < 1e-3, max(apart)
END
    done
}

@test "shards on several machines merge into the file of one run" {
    good small.yaml -o whole
    good small.yaml --shard 1/3 -o parts
    grep -q "runner merge parts" err.txt
    [ ! -e parts/results.h5 ]
    refused 4 "runner merge parts" verify parts
    good small.yaml --shard 2/3 -o parts &
    "$RUNNER" small.yaml --shard 3/3 -o parts -q > /dev/null
    wait $!
    good show parts --format csv --filter seed=0
    grep -q "unfinished: 12 of 12" err.txt
    good merge parts
    cmp parts/results.h5 whole/results.h5
    ! ls parts/journal* 2> /dev/null
    good merge parts
    grep -q "nothing to merge" err.txt
}

@test "an incomplete merge keeps the journals, and overrides are remembered" {
    good small.yaml hidden=2 --shard 1/2 -o parts
    good merge parts
    grep -q "unfinished: 3 of 6" err.txt
    [ -e parts/journal.1-of-2 ]
    good small.yaml hidden=2 --shard 2/2 -o parts --resume
    good merge parts
    good small.yaml hidden=2 -o whole
    cmp parts/results.h5 whole/results.h5
}

@test "a filter trains a part; the rest comes later, to the same bytes" {
    good small.yaml -o whole
    good small.yaml --filter hidden=3 --filter l2=0 -o part
    grep -q "unfinished: 3 of 12" err.txt
    good show part
    [ "$(wc -l < out.txt)" -eq 2 ]
    good small.yaml --filter hidden=3 --filter l2=0 -o part --resume
    grep -q "nothing to train" err.txt
    good small.yaml -o part --resume
    cmp part/results.h5 whole/results.h5
    [ ! -e part/journal ]
}

@test "a grid that grows keeps what is done; complete results are left byte for byte" {
    good small.yaml
    before=$(sha256sum results/small/results.h5)
    good small.yaml --resume
    grep -q "nothing to train" err.txt
    [ "$(sha256sum results/small/results.h5)" = "$before" ]
    good small.yaml 'hidden=[1, 3, 5]' --resume
    grep -q "^6 trials trained" err.txt
    good small.yaml 'hidden=[1, 3, 5]' -o new
    good compare results/small new
    grep -q "18 trials are in both" out.txt
}

@test "SIGINT leaves readable partial results, and --resume completes them to the same bytes" {
    # a shell starts what it puts into the background with SIGINT ignored, and what is ignored stays so
    env --default-signal=INT "$RUNNER" long.yaml -q -j 2 > /dev/null 2>&1 &
    background=$!
    wait_for '[ "$("$RUNNER" show results/long --format csv 2> /dev/null | wc -l)" -gt 2 ]'
    good show results/long
    grep -q "unfinished: .* of 12 trials done; best so far test_loss" err.txt
    kill -INT "$background"
    status=0
    wait "$background" || status=$?
    [ "$status" -eq 130 ]
    good show results/long
    "$PYTHON" -c 'import h5py; assert 0 < len(h5py.File("results/long/results.h5")["trials/id"]) < 12'
    good long.yaml --resume
    good long.yaml -o whole -j 1
    cmp results/long/results.h5 whole/results.h5
    [ ! -e results/long/journal ]
}

@test "a time limit stops with 143, resumable" {
    try long.yaml --time-limit 0.2 -q -j 1
    [ "$status" -eq 143 ]
    good long.yaml --resume -q
}

@test "two runners at once: the second is refused within a second, and harms nothing" {
    "$RUNNER" long.yaml -q > /dev/null 2>&1 &
    background=$!
    wait_for '[ -e results/long/journal ]'
    start=$(date +%s%N)
    refused 3 "at work in it" long.yaml --resume
    refused 3 "at work in it" long.yaml --force
    [ $(($(date +%s%N) - start)) -lt 2000000000 ]
    kill -TERM "$background"
    status=0
    wait "$background" || status=$?
    [ "$status" -eq 143 ]
}

@test "talk that nobody reads does not stop a run" {
    { "$RUNNER" small.yaml -v 2>&1 > /dev/null; echo $? > code; } | head -1 > /dev/null
    [ -s results/small/results.h5 ]
}

@test "--version names OpenMP, HDF5, libyaml, MPI and the kernels" {
    good --version
    for word in "^runner " compiler OpenMP HDF5 libyaml "^MPI " kernels; do grep -q "$word" out.txt; done
}

@test "help is on stdout, for every command, with live defaults" {
    good --help
    for command in run check report show best compare export verify merge predict; do
        grep -q "^  $command " out.txt
        good "$command" --help
        grep -q "usage: runner $command" out.txt
        good --help
    done
    OMP_NUM_THREADS=3 "$RUNNER" run --help | grep -q -- "--threads N .*\[3\]"
}

@test "NO_COLOR and a pipe mean no escape sequences" {
    refused 2 "missing" run
    ! grep -q $'\033' err.txt
    if command -v script > /dev/null; then
        script -qec "$RUNNER run" /dev/null < /dev/null > tty.txt || true
        grep -q $'\033' tty.txt
        NO_COLOR=1 script -qec "$RUNNER run" /dev/null < /dev/null > tty.txt || true
        ! grep -q $'\033' tty.txt
    fi
}

@test "names with spaces and quotes are names" {
    mkdir "a dir"
    cp small.yaml "a dir/it's mine.yaml"
    sed -i /name:/d "a dir/it's mine.yaml"
    good "a dir/it's mine.yaml"
    [ -s results/it-s-mine/results.h5 ]
    good small.yaml -o "a dir/out put"
    good show "a dir/out put"
    good best "a dir/out put"
}
