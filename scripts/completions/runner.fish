# Completions of runner for fish. The part between marks is written by RUNNER_REGENERATE=1 test_cli.

set -g __runner_commands run check report show best compare export verify merge predict

function __runner_first
    test (count (commandline -opc)) -eq 1
end

# The command is the second word; a file there means run.
function __runner_is
    set -l words (commandline -opc)
    test (count $words) -gt 1; or return 1
    if contains -- $words[2] $__runner_commands
        test $words[2] = $argv[1]
    else
        test $argv[1] = run
    end
end

complete -c runner -n __runner_first -l version -d 'program, libraries and kernels'
complete -c runner -s h -l help -d 'list the options'
# begin options
complete -c runner -n __runner_first -f -a run -d 'train what is missing, write results, draw the report'
complete -c runner -n '__runner_is run' -l dry-run -s n -d 'say what would be done; write nothing'
complete -c runner -n '__runner_is run' -l threads -s j -x -d 'threads'
complete -c runner -n '__runner_is run' -l output -s o -r -F -d 'folder to write to'
complete -c runner -n '__runner_is run' -l resume -d 'train only what is missing'
complete -c runner -n '__runner_is run' -l force -d 'start over; results that are there are removed'
complete -c runner -n '__runner_is run' -l retry-failed -d '--resume, and failed trials once more'
complete -c runner -n '__runner_is run' -l fail-fast -d 'stop at the first trial that fails'
complete -c runner -n '__runner_is run' -l filter -x -d 'train only these; may be repeated'
complete -c runner -n '__runner_is run' -l shard -x -d 'train the I-th of N parts; runner merge joins them'
complete -c runner -n '__runner_is run' -l max-trials -x -d 'refuse larger grids'
complete -c runner -n '__runner_is run' -l time-limit -x -d 'stop after so many seconds, resumable (exit 143)'
complete -c runner -n '__runner_is run' -l progress -x -a 'auto bar plain none' -d 'auto, bar, plain or none'
complete -c runner -n '__runner_is run' -l quiet -s q -d 'only errors, and where the results are'
complete -c runner -n '__runner_is run' -l verbose -s v -d 'a line on stderr for every trial'
complete -c runner -n __runner_first -f -a check -d 'read and expand the experiment; train nothing'
complete -c runner -n '__runner_is check' -l threads -s j -x -d 'threads'
complete -c runner -n '__runner_is check' -l max-trials -x -d 'refuse larger grids'
complete -c runner -n __runner_first -f -a report -d 'draw the report of results again'
complete -c runner -n '__runner_is report' -l output -s o -r -F -d 'folder of the page'
complete -c runner -n '__runner_is report' -l format -x -a 'svg png pdf' -d 'svg, png or pdf beside the page'
complete -c runner -n '__runner_is report' -l only -x -d 'one section of the report'
complete -c runner -n __runner_first -f -a show -d 'a table of settings or trials'
complete -c runner -n '__runner_is show' -l filter -x -d 'show only these; may be repeated'
complete -c runner -n '__runner_is show' -l format -x -a 'table csv json' -d 'table, csv or json'
complete -c runner -n '__runner_is show' -l sort -x -d 'a metric, a key or another column'
complete -c runner -n '__runner_is show' -l top -x -d 'rows; csv and json have all unless told'
complete -c runner -n '__runner_is show' -l group-by -x -d 'a row for each value of a key; trial: each trial'
complete -c runner -n __runner_first -f -a best -d 'the best setting, and what to type to train it again'
complete -c runner -n '__runner_is best' -l metric -x -d 'what to judge by; best_M: at the best epoch'
complete -c runner -n '__runner_is best' -l rule -x -a 'min 1se' -d 'min, or 1se: smallest within one standard error'
complete -c runner -n __runner_first -f -a compare -d 'two results, or two values of a key, pair by pair'
complete -c runner -n '__runner_is compare' -l by -x -d 'values of a key within A; KEY=V1,V2 chooses two'
complete -c runner -n '__runner_is compare' -l output -s o -r -F -d 'folder of the page'
complete -c runner -n '__runner_is compare' -l no-page -d 'only the table; write nothing'
complete -c runner -n __runner_first -f -a export -d 'tables as CSV; a network as JSON, npz or C'
complete -c runner -n '__runner_is export' -l output -s o -r -F -d 'file for the network'
complete -c runner -n '__runner_is export' -l force -d 'overwrite files that are there'
complete -c runner -n '__runner_is export' -l format -x -a 'json npz c' -d 'of a network: json, npz or c'
complete -c runner -n '__runner_is export' -l csv -r -F -d 'trials.csv, history.csv, data_K.csv'
complete -c runner -n '__runner_is export' -l trial -x -d 'its id, the beginning of it, or best'
complete -c runner -n __runner_first -f -a verify -d 'train again and compare every bit'
complete -c runner -n '__runner_is verify' -l threads -s j -x -d 'threads'
complete -c runner -n '__runner_is verify' -l quiet -s q -d 'only errors, and where the results are'
complete -c runner -n '__runner_is verify' -l trial -x -d 'this one, with every epoch on stdout'
complete -c runner -n '__runner_is verify' -l sample -x -d 'only N trials, always the same ones'
complete -c runner -n __runner_first -f -a merge -d 'make one results.h5 of the shards\' journals'
complete -c runner -n '__runner_is merge' -l quiet -s q -d 'only errors, and where the results are'
complete -c runner -n __runner_first -f -a predict -d 'outputs of a trained network for rows of a CSV file'
complete -c runner -n '__runner_is predict' -l trial -x -d 'its id, the beginning of it, or best'
# end options
