# Sourced by the other scripts: installs Debian packages that are missing (with sudo where not root).
# shellcheck shell=bash

packages_build=(gcc cmake ninja-build pkg-config libyaml-dev libhdf5-dev zlib1g-dev libmd-dev gnuplot-nox)
packages_test=(git curl libcmocka-dev bats python3-numpy python3-scipy python3-h5py hdf5-tools strace python3-yaml)
packages_check=(chromium tidy clang-14 libomp-14-dev libclang-rt-14-dev clang-format-14 clang-tidy-14 valgrind)

need_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "installing ${missing[*]}" >&2
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "not root and no sudo: install these packages first: ${missing[*]}" >&2; return 1; }
        root=(sudo)
    fi
    "${root[@]}" apt-get update -qq >&2 || true
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
