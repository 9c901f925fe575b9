/* A table of options: which commands know them, and what each does. */
#include "runner/cli.h"

#include "core/metrics.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOR(command) (1u << CLI_##command)

static const char *const COMMAND_NAMES[CLI_COMMANDS] = {"run",  "check",   "report", "show",
                                                        "best", "version", "help"};

/* --- setters -------------------------------------------------------------------------------------- */

static bool whole(int64_t *number, const char *option, const char *text, int64_t low, int64_t high,
                  Error *err) {
    char *end;
    errno = 0;
    const long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < low || value > high) {
        return error_set(err, ERROR_USAGE, "%s: \"%s\" (a whole number from %lld to %lld)", option,
                         text, (long long)low, (long long)high);
    }
    *number = value;
    return true;
}

static bool set_threads(CliOptions *options, const char *text, Error *err) {
    int64_t number = 0;
    if (!whole(&number, "-j", text, 1, 1024, err)) return false;
    options->threads = (int32_t)number;
    return true;
}

static bool set_output(CliOptions *options, const char *text, Error *err) {
    if (!*text) return error_set(err, ERROR_USAGE, "-o: the name of a folder is missing");
    options->output = text;
    return true;
}

static bool set_dry_run(CliOptions *options, const char *text, Error *err) {
    (void)text, (void)err;
    return options->dry_run = true;
}

static bool set_resume(CliOptions *options, const char *text, Error *err) {
    (void)text, (void)err;
    return options->resume = true;
}

static bool set_force(CliOptions *options, const char *text, Error *err) {
    (void)text, (void)err;
    return options->force = true;
}

static bool set_retry(CliOptions *options, const char *text, Error *err) {
    (void)text, (void)err;
    return options->resume = options->retry_failed = true;
}

static bool set_fail_fast(CliOptions *options, const char *text, Error *err) {
    (void)text, (void)err;
    return options->fail_fast = true;
}

static bool set_quiet(CliOptions *options, const char *text, Error *err) {
    (void)text, (void)err;
    return options->quiet = true;
}

static bool set_max_trials(CliOptions *options, const char *text, Error *err) {
    return whole(&options->max_trials, "--max-trials", text, 1, INT32_MAX, err);
}

static bool set_time_limit(CliOptions *options, const char *text, Error *err) {
    char *end;
    options->time_limit = strtod(text, &end);
    if (end != text && !*end && isfinite(options->time_limit) && options->time_limit > 0) return true;
    return error_set(err, ERROR_USAGE, "--time-limit: \"%s\" (seconds, more than 0)", text);
}

static bool set_progress(CliOptions *options, const char *text, Error *err) {
    for (int i = 0; i < PROGRESS_COUNT; i++) {
        if (strcmp(text, PROGRESS_NAMES[i]) == 0) {
            options->progress = (ProgressStyle)i;
            return true;
        }
    }
    return error_set(err, ERROR_USAGE, "--progress: \"%s\" (auto, bar, plain, none)", text);
}

static bool set_format(CliOptions *options, const char *text, Error *err) {
    (void)err; /* report and show know which formats they have */
    options->format = text;
    return true;
}

static bool set_only(CliOptions *options, const char *text, Error *err) {
    (void)err;
    options->only = text;
    return true;
}

/* --- the table --------------------------------------------------------------------------------------- */

typedef struct Option {
    const char *name, *letter; /* letter: "-j" or NULL */
    const char *value;         /* what its value is called, NULL: it has none */
    unsigned commands;
    bool (*set)(CliOptions *options, const char *text, Error *err);
    const char *doc;
} Option;

static const Option OPTIONS[] = {
    {"--dry-run", "-n", NULL, FOR(RUN), set_dry_run, "say what would be done; write nothing"},
    {"--threads", "-j", "N", FOR(RUN), set_threads, "threads [all processors, or OMP_NUM_THREADS]"},
    {"--output", "-o", "DIR", FOR(RUN) | FOR(REPORT), set_output,
     "folder to write to [results/NAME; report: RESULTS/report]"},
    {"--resume", NULL, NULL, FOR(RUN), set_resume, "train only what is missing"},
    {"--force", NULL, NULL, FOR(RUN), set_force, "start over, removing the results that are there"},
    {"--retry-failed", NULL, NULL, FOR(RUN), set_retry, "--resume, and trials that failed again"},
    {"--fail-fast", NULL, NULL, FOR(RUN), set_fail_fast, "stop at the first trial that fails"},
    {"--max-trials", NULL, "N", FOR(RUN) | FOR(CHECK), set_max_trials,
     "refuse larger grids [1000000]"},
    {"--time-limit", NULL, "S", FOR(RUN), set_time_limit,
     "stop after so many seconds, to be resumed (exit code 143)"},
    {"--progress", NULL, "STYLE", FOR(RUN), set_progress, "auto, bar, plain or none [auto]"},
    {"--quiet", "-q", NULL, FOR(RUN), set_quiet, "only errors, and where the results are"},
    {"--format", NULL, "FORMAT", FOR(REPORT), set_format, "svg, png or pdf beside the page [svg]"},
    {"--only", NULL, "SECTION", FOR(REPORT), set_only, "one section of the report"},
};
#define OPTION_COUNT (sizeof OPTIONS / sizeof *OPTIONS)

static const char *const USAGE[CLI_COMMANDS] = {
    [CLI_RUN] = "runner run EXPERIMENT.yaml [key=value ...] [options]\n\n"
                "Trains every network of the experiment that is not there yet, writes results.h5 and\n"
                "draws the report. key=value overrides the file: learning_rate=0.1 fixes a key,\n"
                "'hidden=[1, 2, 4]' makes an axis.\n",
    [CLI_CHECK] = "runner check EXPERIMENT.yaml [key=value ...] [options]\n\n"
                  "Reads the experiment, expands its grid and says what a run would do. Trains nothing.\n",
    [CLI_REPORT] = "runner report RESULTS [options]\n\n"
                   "Draws the report of a results folder (or results.h5) again. Trains nothing.\n",
    [CLI_VERSION] = "runner --version\n\nThe program, its libraries and the kernels in use.\n",
    [CLI_HELP] = "runner EXPERIMENT.yaml [key=value ...]\n"
                 "runner COMMAND ... \n\n"
                 "Trains grids of small neural networks in parallel and reports what they show.\n\n"
                 "  run EXPERIMENT.yaml      train what is missing, write results, draw the report\n"
                 "                           (the command may be left out)\n"
                 "  check EXPERIMENT.yaml    read and expand the experiment; train nothing\n"
                 "  report RESULTS           draw the report of results again\n"
                 "  --version                program, libraries and kernels\n"
                 "  COMMAND --help           options of a command\n\n"
                 "Exit codes: 0 done; 1 trials failed; 2 usage or experiment error; 3 output exists,\n"
                 "does not match or is in use; 4 file, disk, memory or gnuplot trouble; 130, 143\n"
                 "stopped (go on with --resume).\n",
};

const char *cli_help(CliCommand command) {
    static _Thread_local char text[4096];
    int length = snprintf(text, sizeof text, "usage: %s", USAGE[command] ? USAGE[command] : "");
    bool any = false;
    for (size_t i = 0; i < OPTION_COUNT && command != CLI_HELP; i++) {
        const Option *option = &OPTIONS[i];
        if (!(option->commands >> command & 1) || length >= (int)sizeof text) continue;
        char name[64];
        snprintf(name, sizeof name, "%s%s%s%s%s", option->letter ? option->letter : "",
                 option->letter ? ", " : "    ", option->name, option->value ? " " : "",
                 option->value ? option->value : "");
        length += snprintf(text + length, sizeof text - (size_t)length, "%s  %-24s %s\n",
                           any ? "" : "\n", name, option->doc);
        any = true;
    }
    return text;
}

/* --- parsing ----------------------------------------------------------------------------------------- */

static CliCommand command_named(const char *word) {
    for (CliCommand command = 0; command < CLI_VERSION; command++) {
        if (USAGE[command] && strcmp(word, COMMAND_NAMES[command]) == 0) return command;
    }
    return CLI_COMMANDS;
}

/* The option an argument names; *value points behind its "=", if it has one. */
static const Option *find_option(const char *argument, const char **value) {
    const char *equals = strchr(argument, '=');
    const size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
    *value = equals ? equals + 1 : NULL;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const Option *option = &OPTIONS[i];
        if (strlen(option->name) == length && strncmp(argument, option->name, length) == 0) {
            return option;
        }
        if (option->letter && strcmp(argument, option->letter) == 0) return option;
        /* -j4 */
        if (option->letter && option->value && argument[1] != '-' &&
            strncmp(argument, option->letter, 2) == 0) {
            *value = argument + 2;
            return option;
        }
    }
    return NULL;
}

static bool parse_option(CliOptions *options, int argc, char **argv, int *i, Error *err) {
    const char *value, *argument = argv[*i];
    const Option *option = find_option(argument, &value);
    if (!option || !(option->commands >> options->command & 1)) {
        return error_set(err, ERROR_USAGE, "%s: %s%s (see runner %s --help)", argument,
                         option ? "not an option of " : "no such option",
                         option ? COMMAND_NAMES[options->command] : "",
                         COMMAND_NAMES[options->command]);
    }
    if (option->value && !value) {
        if (*i + 1 >= argc) {
            return error_set(err, ERROR_USAGE, "%s: %s is missing", argument, option->value);
        }
        value = argv[++*i];
    }
    if (!option->value && value) {
        return error_set(err, ERROR_USAGE, "%s: %s takes no value", argument, option->name);
    }
    return option->set(options, value, err);
}

static bool parse_word(CliOptions *options, const char *word, Error *err) {
    if (!options->target) {
        options->target = word;
        return true;
    }
    if (!strchr(word, '=') || (options->command != CLI_RUN && options->command != CLI_CHECK)) {
        return error_set(err, ERROR_USAGE, "%s: one %s at a time%s", word,
                         options->command == CLI_REPORT ? "RESULTS" : "EXPERIMENT.yaml",
                         options->command == CLI_REPORT ? "" : " (overrides are key=value)");
    }
    if (options->override_count == CLI_MAX_TEXTS) {
        return error_set(err, ERROR_USAGE, "%s: more than %d overrides", word, CLI_MAX_TEXTS);
    }
    options->overrides[options->override_count++] = word;
    return true;
}

bool cli_parse(CliOptions *options, int argc, char **argv, Error *err) {
    *options = (CliOptions){.command = CLI_RUN, .max_trials = 1000000};
    int i = 1;
    if (argc < 2) {
        return error_set(err, ERROR_USAGE,
                         "what shall be run? (runner EXPERIMENT.yaml; runner --help)");
    }
    if (strcmp(argv[1], "--version") == 0) {
        options->command = CLI_VERSION;
        return true;
    }
    const CliCommand named = command_named(argv[1]);
    if (named != CLI_COMMANDS) {
        options->command = named;
        i = 2;
    }
    bool only_words = false;
    for (; i < argc; i++) {
        const char *argument = argv[i];
        if (!only_words && (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)) {
            options->help_for = named == CLI_COMMANDS ? CLI_HELP : options->command;
            options->command = CLI_HELP;
            return true;
        }
        if (!only_words && strcmp(argument, "--") == 0) {
            only_words = true;
        } else if (!only_words && argument[0] == '-' && argument[1]) {
            if (!parse_option(options, argc, argv, &i, err)) return false;
        } else if (!parse_word(options, argument, err)) {
            return false;
        }
    }
    if (options->resume && options->force) {
        return error_set(err, ERROR_USAGE,
                         "--resume and --force: one of them (go on, or start over)");
    }
    if (options->target) return true;
    return error_set(err, ERROR_USAGE, "runner %s: %s is missing (see runner %s --help)",
                     COMMAND_NAMES[options->command],
                     options->command == CLI_REPORT ? "RESULTS" : "EXPERIMENT.yaml",
                     COMMAND_NAMES[options->command]);
}
