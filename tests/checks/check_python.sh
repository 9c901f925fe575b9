#!/usr/bin/env bash
# The wheel of scripts/python, unpacked into a folder of its own, and its tests against the program.
# usage: check_python.sh PYTHON RUNNER SOURCE_DIR
set -euo pipefail
python=$1
RUNNER=$(realpath "$2")
README=$(realpath "$3")/README.md
export RUNNER README
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work # nothing is left in the user's own
cp -r "$3/scripts/python" "$work/source"
"$python" -m pip wheel -q --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --no-index -w "$work" "$work/source"
"$python" -m zipfile -e "$work"/runner_results-*.whl "$work/wheel"
cd "$work/source/tests"
PYTHONPATH=$work/wheel PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=$work "$python" -m pytest -q -p no:cacheprovider .
