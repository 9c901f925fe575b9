# Sourced by run and test: configures and builds, and heals a build folder that another compiler, another path or an
# interruption has left behind. Wants $root, the folder of the repository.
# shellcheck shell=bash

build_log=

# Whether the folder was configured for this source, here, with a compiler that is still the same.
build_fits() { # FOLDER
    local cache=$1/CMakeCache.txt known compiler version
    [ -f "$cache" ] && [ -f "$1/build.ninja" ] || return 1
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache" || return 1
    grep -qxF "CMAKE_CACHEFILE_DIR:INTERNAL=$1" "$cache" || return 1
    known=$(find "$1/CMakeFiles" -name CMakeCCompiler.cmake 2>/dev/null | head -n 1)
    [ -n "$known" ] || return 1
    compiler=$(sed -n 's/^set(CMAKE_C_COMPILER "\(.*\)")$/\1/p' "$known")
    version=$(sed -n 's/^set(CMAKE_C_COMPILER_VERSION "\(.*\)")$/\1/p' "$known")
    [ -x "$compiler" ] || return 1
    case $("$compiler" --version) in *"$version"*) ;; *) return 1 ;; esac
    [ -z "${CC:-}" ] || [ "$(command -v "${CC%% *}")" = "$compiler" ]
}

configure() { # FOLDER PRESET [-DOPTION=VALUE ...]
    (cd "$root" && cmake --preset "$2" -G Ninja -B "$1" "${@:3}") >"$build_log" 2>&1
}

# The progress is one line that is written over on a terminal; elsewhere each tenth of the way has a line.
compile() { # FOLDER TARGET
    local terminal=0
    [ -t 2 ] && terminal=1
    NINJA_STATUS='building [%f/%t] ' ninja -C "$1" "$2" 2>&1 | tee "$build_log" | awk -F'[][/]' -v terminal=$terminal '
        !/^building/ { next }
        terminal { printf "\rbuilding [%d/%d] ", $2, $3 > "/dev/stderr"; fflush("/dev/stderr"); next }
        int(10 * $2 / $3) > shown { shown = int(10 * $2 / $3); printf "building [%d/%d]\n", $2, $3 > "/dev/stderr" }
        END { if (terminal && NR) printf "\r%40s\r", "" > "/dev/stderr" }'
}

# Configures where that has not been done, or where options are given, and builds. A build that fails in an old folder is
# tried once more in an empty one, unless the compiler found an error in a source file.
build() { # FOLDER PRESET TARGET [-DOPTION=VALUE ...]
    local folder=$1 preset=$2 target=$3 old=0 ok=0
    shift 3
    build_log=$(mktemp)
    [ -e "$folder" ] && old=1
    if [ $old = 1 ] && ! build_fits "$folder"; then
        echo "the build folder was made at another path, by another compiler, or never finished: building anew" >&2
        rm -rf "$folder"
        old=0
    fi
    if [ $old = 1 ] && [ $# -eq 0 ] || configure "$folder" "$preset" "$@"; then
        compile "$folder" "$target" && ok=1
    fi
    if [ $ok = 0 ] && [ $old = 1 ] && ! grep -qE '^[^ ]+:[0-9]+:[0-9]+: error: ' "$build_log"; then
        echo "the old build folder cannot be used: building anew" >&2
        rm -rf "$folder"
        configure "$folder" "$preset" "$@" && compile "$folder" "$target" && ok=1
    fi
    [ $ok = 1 ] || grep -vE '^building \[.*(Building|Linking)' "$build_log" >&2 || true
    rm -f "$build_log"
    [ $ok = 1 ]
}
