#!/usr/bin/env bats
# Mistakes: each is refused with an exit code and a remedy, and harms nothing.

load cli_setup

@test "no words at all" { refused 2 "runner EXPERIMENT.yaml"; }
@test "a command misspelt" { refused 2 "did you mean show?" shwo results; }
@test "a command of other programs" { refused 2 "runner EXPERIMENT.yaml trains" train small.yaml; }
@test "a command that is none" { refused 2 "no such command" dance; }
@test "an experiment beside the one that was typed" {
    mkdir experiments && cp small.yaml experiments/moons.yaml
    for typed in moons moons.yaml experiment/moons.yaml experiments/moons.yml; do
        refused 2 "did you mean experiments/moons.yaml?" "$typed"
    done
    refused 2 "did you mean small.yaml?" small.yml
}
@test "results beside those that were typed, and results where an experiment belongs" {
    good small.yaml
    refused 4 "did you mean results/small?" report small
    refused 4 "did you mean results/small?" best result/small/
    refused 4 "no results.h5 in it (runner EXPERIMENT.yaml makes" show results
    refused 2 "holds results, it is not an experiment" results/small/results.h5
    refused 2 "did you mean results/small/experiment.yaml?" check results/small
    refused 3 "-o DIR" small.yaml
}
@test "keys written as options, apart from their values, or as lists without quotes" {
    refused 2 "a key is written hidden=3" small.yaml --hidden=3
    refused 2 "a key is written batch_size=VALUE" small.yaml --batch-size 3
    refused 2 "one word: hidden=VALUE" small.yaml hidden 3
    refused 2 "one word: hidden=VALUE" small.yaml hidden = 3
    refused 2 "in quotes: 'hidden=\[1, 2, ...'" small.yaml 'hidden=[1,' '2,' '3]'
    refused 2 "a list is written \[1, 2, 3\]" small.yaml hidden=1,2,3
    refused 2 "did you mean --filter" show results/small --where hidden=3
}
@test "keys as other programs call them" {
    refused 2 "did you mean learning_rate" small.yaml lr=0.1
    refused 2 "did you mean batch_size" small.yaml batch=4
    refused 2 "did you mean data.noise" small.yaml noise=0.1
    refused 2 "did you mean data.samples" small.yaml samples=10
    refused 2 "did you mean test_accuracy" small.yaml metric=accuracy
}
@test "an option misspelt" { refused 2 "did you mean --resume" small.yaml --resum; }
@test "an option of another command" { refused 2 "not an option of run" small.yaml --rule min; }
@test "an unknown option" { refused 2 "no such option" small.yaml --frobnicate; }
@test "no threads" { refused 2 "from 1 to 1024" small.yaml -j 0; }
@test "threads that are no number" { refused 2 "whole number" small.yaml -j many; }
@test "an option without its value" { refused 2 "DIR is missing" small.yaml -o; }
@test "resume and force" { refused 2 "one of them" small.yaml --resume --force; }
@test "a missing experiment" { refused 2 "nope.yaml" nope.yaml; }
@test "a folder as experiment" { mkdir dir.d; refused 2 "not an experiment" dir.d; }
@test "an unknown key" {
    sed -i 's/epochs/epoch/' small.yaml
    refused 2 "small.yaml:3:.*epoch.*did you mean.*epochs" small.yaml
}
@test "a value of the wrong type" {
    sed -i 's/epochs: 20/epochs: soon/' small.yaml
    refused 2 "small.yaml:3:.*epochs" small.yaml
}
@test "a negative size" { refused 2 "hidden" small.yaml hidden=-3; }
@test "a key twice" {
    echo 'repeats: 4' >> small.yaml
    refused 2 "small.yaml:7:.*repeats" small.yaml
}
@test "YAML that is none" {
    echo '{{{' > small.yaml
    refused 2 "small.yaml" small.yaml
}
@test "an empty file" {
    : > small.yaml
    refused 2 "small.yaml" small.yaml
}
@test "a binary file" {
    head -c 2000 /dev/urandom > small.yaml
    refused 2 "small.yaml" small.yaml
}
@test "an override of no key" { refused 2 "did you mean hidden" small.yaml hiden=3; }
@test "an override with a bad value" { refused 2 "activation" small.yaml activation=reluu; }
@test "an override without a value" { refused 2 "hidden" small.yaml hidden=; }
@test "a word that is no override" { refused 2 "overrides are key=value" small.yaml colour; }
@test "too many trials" { refused 2 "max-trials" small.yaml --max-trials 5; }
@test "a name that climbs" {
    sed -i 's|^name: .*|name: ../evil|' small.yaml
    refused 2 "name" small.yaml
    [ ! -e evil ] && [ ! -e ../evil ]
}
@test "a data file that is missing" {
    sed -i 's|^data: .*|data: {kind: csv, path: no.csv}|' small.yaml
    refused 4 "no.csv" small.yaml
    [ ! -e results ]
}
@test "MNIST that is not there: where, what, and what to type instead" {
    export HOME=$folder/home
    refused 4 "$folder/home/.cache/runner/mnist: holds neither train-images-idx3-ubyte nor" "$SOURCE_DIR/experiments/mnist.yaml"
    grep -q 'scripts/get-mnist fetches MNIST; .*MNIST_DIR=FOLDER runner .*data.path=FOLDER' err.txt
    MNIST_DIR=$folder/nowhere refused 4 "$folder/nowhere: holds neither" "$SOURCE_DIR/experiments/mnist-deep.yaml"
}
@test "MNIST is where get-mnist puts it, where MNIST_DIR says, or where data.path does" {
    local rows=0 place
    export HOME=$folder/home
    for place in home/.cache/runner/mnist xdg/runner/mnist named given; do # 1, 2, 3, 4 images of one pixel
        mkdir -p $place
        rows=$((rows + 1))
        "$PYTHON" - $place $rows <<'END'
import sys
folder, n = sys.argv[1], int(sys.argv[2])
open(folder + "/train-images-idx3-ubyte", "wb").write(bytes([0, 0, 8, 3, 0, 0, 0, n, 0, 0, 0, 1, 0, 0, 0, 1] + [7] * n))
open(folder + "/train-labels-idx1-ubyte", "wb").write(bytes([0, 0, 8, 1, 0, 0, 0, n] + [1] * n))
END
    done
    for experiment in mnist mnist-deep; do
        set -- check "$SOURCE_DIR/experiments/$experiment.yaml" metric=train_loss
        good "$@" && grep -q "has 1 rows" out.txt
        XDG_CACHE_HOME=$folder/xdg good "$@" && grep -q "has 2 rows" out.txt
        XDG_CACHE_HOME=$folder/xdg MNIST_DIR=named good "$@" && grep -q "has 3 rows" out.txt
        MNIST_DIR= good "$@" && grep -q "has 1 rows" out.txt
        MNIST_DIR=named good "$@" data.path="$folder/given" && grep -q "has 4 rows" out.txt
    done
}
@test "a data file with text where a number belongs" {
    printf '1,2,0\n3,x,1\n' > d.csv
    sed -i 's|^data: .*|data: {kind: csv, path: d.csv}|' small.yaml
    refused 4 "d.csv:2:" small.yaml
}
@test "a file where the results folder should be" {
    : > results
    refused 4 "results" small.yaml
}
@test "a folder that cannot be made" { refused 4 "/proc/none" small.yaml -o /proc/none/here; }
@test "a file system that takes nothing" { refused 4 "/proc" small.yaml -o /proc; }
@test "output that exists is left alone without a word" {
    good small.yaml
    before=$(find results -type f -exec sha256sum {} + | sort)
    refused 3 "--resume.*--force" small.yaml
    [ "$(find results -type f -exec sha256sum {} + | sort)" = "$before" ]
}
@test "a smaller grid does not drop trials" {
    good small.yaml
    before=$(sha256sum results/small/results.h5)
    refused 3 "not in this experiment" small.yaml hidden=3 --resume
    refused 3 "epochs is 20 there, 21 here" small.yaml epochs=21 --resume
    [ "$(sha256sum results/small/results.h5)" = "$before" ]
    good small.yaml --force hidden=3
}
@test "damaged results are refused, not overwritten" {
    good small.yaml
    printf x | dd of=results/small/results.h5 bs=1 seek=3000 conv=notrunc status=none
    before=$(sha256sum results/small/results.h5)
    refused 4 "damaged" show results/small
    refused 4 "damaged" small.yaml --resume
    [ "$(sha256sum results/small/results.h5)" = "$before" ]
}
@test "results that are none" {
    refused 4 "runner EXPERIMENT.yaml" show nothing
    refused 4 "runner EXPERIMENT.yaml" report nothing
    refused 2 "runner small.yaml" report small.yaml
    mkdir empty
    refused 4 "no results.h5" best empty
    refused 4 "experiment.yaml" merge empty
    echo text > text.h5
    refused 4 "text.h5" show text.h5
}
@test "mistakes in questions about results" {
    good small.yaml
    before=$(find results -type f -exec sha256sum {} + | sort)
    refused 2 "did you mean test_loss" show results/small --sort test_los
    refused 2 "did you mean hidden" show results/small --group-by hiden
    refused 2 "did you mean hidden" show results/small --filter hiden=3
    refused 2 "KEY=VALUE" show results/small --filter hidden
    refused 2 "table, csv, json" show results/small --format xml
    refused 2 "do not have" best results/small --metric val_loss
    refused 2 "does not vary" compare results/small --by activation
    refused 2 "different values of hidden (1, 3)" compare results/small --by hidden=1,9
    refused 2 "no id begins" verify results/small --trial zzz
    refused 2 "no id begins" export results/small --trial 0000000000000000
    refused 2 "either" export results/small
    refused 2 "unknown section" report results/small --only nonsense -o elsewhere
    [ "$(find results -type f -exec sha256sum {} + | sort)" = "$before" ]
}
@test "exports do not overwrite" {
    good small.yaml
    good export results/small --csv tables
    refused 3 "tables/trials.csv.*--force" export results/small --csv tables
    good export results/small --csv tables --force
    : > w.json
    refused 3 "w.json" export results/small --trial best -o w.json
    [ ! -s w.json ]
    refused 4 "no: No such file" export results/small --trial best -o no/w.json
}
@test "networks whose weights were not kept" {
    good small.yaml record.weights=none
    refused 2 "record.weights is none" export results/small --trial best
}
@test "filters and shards that mean nothing" {
    refused 2 "no trial of small.yaml matches" small.yaml --filter hidden=77
    refused 2 "I/N" small.yaml --shard 4/3
    refused 2 "other shards" small.yaml --shard 1/2 --force
    refused 2 "no key" small.yaml --filter status=done
    [ ! -e results ]
}
@test "a disk that is full for the answer" {
    good small.yaml
    status=0
    "$RUNNER" show results/small > /dev/full 2> err.txt || status=$?
    [ "$status" -eq 4 ]
    grep -q stdout err.txt
}
