# Completions of runner for bash. The parts between marks are written by RUNNER_REGENERATE=1 test_cli.

# Options of a command.
_runner_options() {
    case $1 in
    # begin options
    run) echo "-n --dry-run -j --threads -o --output --resume --force --retry-failed --fail-fast --filter --shard --max-trials --time-limit --progress -q --quiet -v --verbose --help" ;;
    check) echo "-j --threads --max-trials --help" ;;
    report) echo "-o --output --format --only --help" ;;
    show) echo "--filter --format --sort --top --group-by --help" ;;
    best) echo "--metric --rule --help" ;;
    compare) echo "--by -o --output --no-page --help" ;;
    export) echo "-o --output --force --format --csv --trial --help" ;;
    verify) echo "-j --threads -q --quiet --trial --sample --help" ;;
    merge) echo "-q --quiet --help" ;;
    predict) echo "--trial --help" ;;
    # end options
    esac
}

# What may follow an option: words, @files or @none.
_runner_values() {
    case "$1 $2" in
    # begin values
    "run --threads"|"run -j") echo "@none" ;;
    "run --output"|"run -o") echo "@files" ;;
    "run --filter") echo "@none" ;;
    "run --shard") echo "@none" ;;
    "run --max-trials") echo "@none" ;;
    "run --time-limit") echo "@none" ;;
    "run --progress") echo "auto bar plain none" ;;
    "check --threads"|"check -j") echo "@none" ;;
    "check --max-trials") echo "@none" ;;
    "report --output"|"report -o") echo "@files" ;;
    "report --format") echo "svg png pdf" ;;
    "report --only") echo "@none" ;;
    "show --filter") echo "@none" ;;
    "show --format") echo "table csv json" ;;
    "show --sort") echo "@none" ;;
    "show --top") echo "@none" ;;
    "show --group-by") echo "@none" ;;
    "best --metric") echo "@none" ;;
    "best --rule") echo "min 1se" ;;
    "compare --by") echo "@none" ;;
    "compare --output"|"compare -o") echo "@files" ;;
    "export --output"|"export -o") echo "@files" ;;
    "export --format") echo "json npz c" ;;
    "export --csv") echo "@files" ;;
    "export --trial") echo "@none" ;;
    "verify --threads"|"verify -j") echo "@none" ;;
    "verify --trial") echo "@none" ;;
    "verify --sample") echo "@none" ;;
    "predict --trial") echo "@none" ;;
    # end values
    esac
}

_runner() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=run values i
    local commands="run check report show best compare export verify merge predict"
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ " $commands " == *" ${COMP_WORDS[i]} "* ]] && command=${COMP_WORDS[i]} && break
    done
    values=$(_runner_values "$command" "$before")
    case $values in
    @files) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    @none) return ;;
    ?*) mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word"); return ;;
    esac
    if [[ $word == -* ]]; then
        local options
        options=$(_runner_options "$command")
        ((COMP_CWORD == 1)) && options="$options --version"
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        return
    fi
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    ((COMP_CWORD == 1)) && mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$commands" -- "$word")
}

complete -F _runner runner
