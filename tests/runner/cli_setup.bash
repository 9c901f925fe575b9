# What the tests of the command line share: a directory of their own, and the program with stdout and stderr apart.
# RUNNER, SOURCE_DIR and PYTHON come from ctest; without it the release build is used.

setup() {
    : "${SOURCE_DIR:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}" "${RUNNER:=$SOURCE_DIR/build/runner}" "${PYTHON:=/usr/bin/python3}"
    unset NO_COLOR RUNNER_ISA OMP_NUM_THREADS MNIST_DIR XDG_CACHE_HOME
    folder=$(mktemp -d)
    cd "$folder"
    cat > small.yaml <<'END'
name: small
data: {kind: moons, samples: 60, noise: 0.2, per_repeat: true, test_samples: 100}
fixed: {epochs: 20, batch_size: 16, learning_rate: 0.3}
grid: {hidden: [1, 3], l2: [0, 0.01]}
repeats: 3
report: []
END
    sed 's/^name: .*/name: long/; s/epochs: 20/epochs: 12000/; s/samples: 60/samples: 400/' small.yaml > long.yaml
}

teardown() {
    [ -z "${background:-}" ] || kill -9 "$background" 2>/dev/null || true
    cd / && rm -rf "$folder"
}

# Runs it with stdout and stderr apart: $status, $out, $err.
try() {
    status=0
    "$RUNNER" "$@" > out.txt 2> err.txt < /dev/null || status=$?
    out=$(cat out.txt) err=$(cat err.txt)
}

# try, which must end with exit code $1 and say $2 (a pattern) on stderr, nothing on stdout.
refused() {
    local code=$1 pattern=$2
    shift 2
    try "$@"
    echo "exit $status, wanted $code; stderr: $err; stdout: $out"
    [ "$status" -eq "$code" ]
    grep -q -- "$pattern" err.txt
    [ -z "$out" ]
}

good() {
    try "$@"
    echo "exit $status; stderr: $err"
    [ "$status" -eq 0 ]
}

wait_for() {
    local i
    for ((i = 0; i < 200; i++)); do
        eval "$1" && return 0
        sleep 0.05
    done
    return 1
}
