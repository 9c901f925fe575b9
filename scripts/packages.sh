# Sourced by the other scripts: Debian's names of what they need, and how the missing ones are installed.
# shellcheck shell=bash

packages_build=(gcc libc6-dev cmake ninja-build pkg-config libyaml-dev libhdf5-dev zlib1g-dev libmd-dev)
packages_figures=(gnuplot-nox)
packages_test=(git curl util-linux mount libcmocka-dev bats hdf5-tools strace
               python3-numpy python3-scipy python3-sklearn python3-h5py python3-yaml
               python3-pandas python3-xarray python3-matplotlib python3-pytest python3-pip python3-setuptools python3-wheel
               chromium tidy fonts-dejavu-core)
packages_long=(clang libomp-dev libclang-rt-dev)
packages_check=("${packages_long[@]}" clang-format clang-tidy valgrind)

# Prints those of the named packages that are not installed.
missing_packages() { # PACKAGE ...
    local package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || echo "$package"
    done
}

# One line that is written over on a terminal; every tenth of the way a line of its own elsewhere.
# Reads apt's status lines ("dlstatus:..." and "pmstatus:...") and leaves all others to the log.
show_apt() { # LOG
    local terminal=0
    [ -t 2 ] && terminal=1
    awk -F: -v terminal=$terminal -v log_file="$1" '
        $1 != "dlstatus" && $1 != "pmstatus" { print > log_file; next }
        { stage = $1 == "dlstatus" ? "fetching packages" : "installing packages"
          percent = int($3)
          if (stage == shown && percent < next_at) next
          if (terminal) printf "\r%s: %d %%   ", stage, percent > "/dev/stderr"
          else if (stage != shown || percent >= next_at) printf "%s: %d %%\n", stage, percent > "/dev/stderr"
          fflush("/dev/stderr")
          shown = stage; next_at = terminal ? percent + 1 : percent - percent % 10 + 20 }
        END { if (terminal && shown) printf "\r%40s\r", "" > "/dev/stderr" }'
}

# Installs what is missing. On a terminal it asks before it calls sudo, unless the first word is --yes.
# Returns 1 where that cannot be done, after a word on what to ask for.
need_packages() { # [--yes] PACKAGE ...
    local yes=0 log missing answer as_root=()
    if [ "${1:-}" = --yes ]; then yes=1; shift; fi
    if ! command -v dpkg-query >/dev/null; then return 0; fi # no Debian: CMake will name what it does not find
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            printf 'These packages are missing, and there is neither root nor sudo to install them:\n  %s\n' "${missing[*]}" >&2
            printf 'Ask the administrator for:  apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
        if [ -t 0 ] && [ -t 2 ]; then
            if [ $yes = 0 ]; then
                printf 'These packages are missing:\n  %s\nInstall them now with sudo apt-get? [Y/n] ' "${missing[*]}" >&2
                read -r answer || answer=n
                case "$answer" in
                    "" | [Yy]*) ;;
                    *) echo "Nothing was installed." >&2; return 1 ;;
                esac
            fi
            sudo -v || return 1 # asks for the password before the line of progress begins
        else
            as_root=(sudo -n) # nobody is there to type a password
        fi
    fi
    log=$(mktemp)
    echo "installing ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -qq >"$log" 2>&1 || true # old lists may still do
    if "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o APT::Status-Fd=1 "${missing[@]}" 2>&1 </dev/null | show_apt "$log"; then
        rm -f "$log"
        return 0
    fi
    cat "$log" >&2
    rm -f "$log"
    printf 'Could not install: %s\nAsk the administrator for:  apt-get install --no-install-recommends %s\n' \
        "${missing[*]}" "${missing[*]}" >&2
    return 1
}
