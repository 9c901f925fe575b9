#include "runner/commands/options.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

#define FOR(command) (1u << CLI_##command)
#define AT(field)    offsetof(CliOptions, field)

const CliUsage OPTIONS_USAGE[CLI_COMMANDS] = {
    [CLI_RUN] = {"run",
                 {"EXPERIMENT.yaml", NULL},
                 false,
                 true,
                 "train what is missing, write results, draw the report",
                 "Trains every network of the experiment that is not there yet, writes results.h5\n"
                 "and draws the report. key=value overrides the file: learning_rate=0.1 fixes a\n"
                 "key, 'hidden=[1, 2, 4]' makes an axis. The word run may be left out.\n"},
    [CLI_CHECK] = {"check",
                   {"EXPERIMENT.yaml", NULL},
                   false,
                   true,
                   "read and expand the experiment; train nothing",
                   "Reads the experiment, expands its grid and says what a run would do.\n"},
    [CLI_REPORT] =
        {"report",
         {"RESULTS", NULL},
         false,
         false,
         "draw the report of results again",
         "Draws the report of a results folder (or a .h5 file) again. Trains nothing.\n"},
    [CLI_SHOW] = {"show",
                  {"RESULTS", NULL},
                  false,
                  false,
                  "a table of settings or trials",
                  "Prints a table of settings (their mean over repeats, with a 95 % interval, cut\n"
                  "where the metric must stop: an accuracy at 1, a loss at 0), or of trials where\n"
                  "nothing is repeated. Also of an experiment that still runs.\n"},
    [CLI_BEST] = {"best",
                  {"RESULTS", NULL},
                  false,
                  false,
                  "the best setting, and what to type to train it again",
                  "Prints the setting with the best mean, or the smallest one within one standard\n"
                  "error of it (--rule 1se), with its trials.\n"},
    [CLI_COMPARE] =
        {"compare",
         {"A", "B"},
         true,
         false,
         "two results, or two values of a key, pair by pair",
         "Compares two results over the settings that they share; or, within one, the\n"
         "first value of a key with each of the others (--by KEY), V1 with each of the\n"
         "others (KEY=V1), or V1 with V2 (KEY=V1,V2).\n"
         "A pair is a repeat (or a fold) of both; settings are averaged within each\n"
         "repeat first. p is Wilcoxon's signed-rank test, from 6 repeats on; of folds,\n"
         "whose training rows overlap, Nadeau and Bengio's t test. Holm p is corrected\n"
         "for the number of rows. \"A beats B\" is the share of the pairs in which A is\n"
         "better, ties counted half: the estimated probability that A beats B in a new\n"
         "repeat. A run that diverged has no value, but loses its pair.\n"
         "Two results are drawn side by side on a page, too. Exit code 1 where trials\n"
         "that are in both differ in any bit.\n"},
    [CLI_EXPORT] =
        {"export",
         {"RESULTS", NULL},
         false,
         false,
         "tables as CSV; a network as JSON, npz or C",
         "Writes all trials, histories and data as CSV files (--csv), or one network\n"
         "(--trial) as JSON, as NumPy arrays, or as a C function that needs nothing else.\n"},
    [CLI_VERIFY] = {"verify",
                    {"RESULTS", NULL},
                    false,
                    false,
                    "train again and compare every bit",
                    "Trains the networks again and compares metrics, histories and weights bit by\n"
                    "bit. Exit code 1 where any differs.\n"},
    [CLI_MERGE] = {"merge",
                   {"DIR", NULL},
                   false,
                   false,
                   "make one results.h5 of the shards' journals",
                   "Writes results.h5 from what the shards of a run left in DIR, and draws the\n"
                   "report.\n"},
    [CLI_PREDICT] =
        {"predict",
         {"RESULTS", "DATA.csv"},
         false,
         false,
         "outputs of a trained network for rows of a CSV file",
         "Prints the outputs of a network, and the class, for each row of a CSV file.\n"
         "Inputs are scaled as in training. Columns are found by name, in any order; a\n"
         "file without a header has them in the order of the training. Where the label\n"
         "is there, too, stderr gets the accuracy (of numbers: the mean squared error).\n"},
    [CLI_VERSION] = {.name = "--version", .summary = "program, libraries and kernels"},
    [CLI_HELP] = {.name = "--help",
                  .summary = "this text; COMMAND --help lists a command's options"},
};

static const char *const REPORT_FORMATS[] = {"svg", "png", "pdf", NULL};
static const char *const SHOW_FORMATS[] = {"table", "csv", "json", NULL};
static const char *const EXPORT_FORMATS[] = {"json", "npz", "c", NULL};
static const char *const RULES[] = {"min", "1se", NULL};

const CliOption OPTIONS[] = {
    {"--dry-run", "-n", NULL, FOR(RUN), CLI_FLAG, AT(dry_run), 0, 0, NULL, false,
     "say what would be done; write nothing"},
    {"--threads", "-j", "N", FOR(RUN) | FOR(CHECK) | FOR(VERIFY), CLI_INT32, AT(threads), 1, 1024,
     NULL, false, "threads"},
    {"--output", "-o", "DIR", FOR(RUN), CLI_TEXT, AT(output), 0, 0, NULL, true,
     "folder to write to"},
    {"--output", "-o", "DIR", FOR(REPORT), CLI_TEXT, AT(output), 0, 0, NULL, true,
     "folder of the page"},
    {"--output", "-o", "FILE", FOR(EXPORT), CLI_TEXT, AT(output), 0, 0, NULL, true,
     "file for the network"},
    {"--resume", NULL, NULL, FOR(RUN), CLI_FLAG, AT(resume), 0, 0, NULL, false,
     "train only what is missing"},
    {"--force", NULL, NULL, FOR(RUN), CLI_FLAG, AT(force), 0, 0, NULL, false,
     "start over; results that are there are removed"},
    {"--force", NULL, NULL, FOR(EXPORT), CLI_FLAG, AT(force), 0, 0, NULL, false,
     "overwrite files that are there"},
    {"--retry-failed", NULL, NULL, FOR(RUN), CLI_FLAG, AT(retry_failed), 0, 0, NULL, false,
     "--resume, and failed trials once more"},
    {"--trust-edited", NULL, NULL, FOR(RUN), CLI_FLAG, AT(trust_edited), 0, 0, NULL, false,
     "--resume, also from results edited by others"},
    {"--fail-fast", NULL, NULL, FOR(RUN), CLI_FLAG, AT(fail_fast), 0, 0, NULL, false,
     "stop at the first trial that fails"},
    {"--filter", NULL, "KEY=VALUE", FOR(RUN), CLI_LIST, AT(filters), 0, 0, NULL, false,
     "train only these; may be repeated"},
    {"--filter", NULL, "KEY=VALUE", FOR(SHOW), CLI_LIST, AT(filters), 0, 0, NULL, false,
     "show only these; may be repeated"},
    {"--shard", NULL, "I/N", FOR(RUN), CLI_SHARD, AT(shard), 0, 0, NULL, false,
     "train the I-th of N parts; runner merge joins them"},
    {"--max-trials", NULL, "N", FOR(RUN) | FOR(CHECK), CLI_INT64, AT(max_trials), 1, INT32_MAX,
     NULL, false, "refuse larger grids"},
    {"--time-limit", NULL, "S", FOR(RUN), CLI_SECONDS, AT(time_limit), 0, 0, NULL, false,
     "stop after so many seconds, resumable (exit 143)"},
    {"--progress", NULL, "STYLE", FOR(RUN), CLI_STYLE, AT(progress), 0, 0, PROGRESS_NAMES, false,
     "auto, bar, plain or none"},
    {"--quiet", "-q", NULL, FOR(RUN) | FOR(VERIFY) | FOR(MERGE), CLI_FLAG, AT(quiet), 0, 0, NULL,
     false, "only errors, and where the results are"},
    {"--verbose", "-v", NULL, FOR(RUN), CLI_FLAG, AT(verbose), 0, 0, NULL, false,
     "a line on stderr for every trial"},
    {"--format", NULL, "FORMAT", FOR(REPORT), CLI_CHOICE, AT(format), 0, 0, REPORT_FORMATS, false,
     "svg, png or pdf beside the page"},
    {"--format", NULL, "FORMAT", FOR(SHOW), CLI_CHOICE, AT(format), 0, 0, SHOW_FORMATS, false,
     "table, csv or json"},
    {"--format", NULL, "FORMAT", FOR(EXPORT), CLI_CHOICE, AT(format), 0, 0, EXPORT_FORMATS, false,
     "of a network: json, npz or c"},
    {"--only", NULL, "SECTION", FOR(REPORT), CLI_TEXT, AT(only), 0, 0, NULL, false,
     "one section of the report"},
    {"--sort", NULL, "M", FOR(SHOW), CLI_TEXT, AT(sort), 0, 0, NULL, false,
     "a metric, a key or another column"},
    {"--top", NULL, "N", FOR(SHOW), CLI_INT64, AT(top), 1, INT32_MAX, NULL, false,
     "rows; csv and json have all unless told"},
    {"--group-by", NULL, "KEY", FOR(SHOW), CLI_TEXT, AT(group_by), 0, 0, NULL, false,
     "a row for each value of a key; trial: each trial"},
    {"--metric", NULL, "M", FOR(BEST), CLI_TEXT, AT(metric), 0, 0, NULL, false,
     "what to judge by; best_M: at the best epoch"},
    {"--rule", NULL, "RULE", FOR(BEST), CLI_CHOICE, AT(rule), 0, 0, RULES, false,
     "min, or 1se: smallest within one standard error"},
    {"--by", NULL, "KEY", FOR(COMPARE), CLI_TEXT, AT(by), 0, 0, NULL, false,
     "values of a key in A: KEY, KEY=V1 or KEY=V1,V2"},
    {"--output", "-o", "DIR", FOR(COMPARE), CLI_TEXT, AT(output), 0, 0, NULL, true,
     "folder of the page"},
    {"--no-page", NULL, NULL, FOR(COMPARE), CLI_FLAG, AT(no_page), 0, 0, NULL, false,
     "only the table; write nothing"},
    {"--csv", NULL, "DIR", FOR(EXPORT), CLI_TEXT, AT(csv), 0, 0, NULL, true,
     "trials.csv, history.csv, data_K.csv"},
    {"--trial", NULL, "ID", FOR(EXPORT) | FOR(PREDICT), CLI_TEXT, AT(trial), 0, 0, NULL, false,
     "its id, the beginning of it, or best"},
    {"--trial", NULL, "ID", FOR(VERIFY), CLI_TEXT, AT(trial), 0, 0, NULL, false,
     "this one, with every epoch on stdout"},
    {"--sample", NULL, "N", FOR(VERIFY), CLI_INT64, AT(sample), 1, INT32_MAX, NULL, false,
     "only N trials, always the same ones"},
};
const int32_t OPTIONS_COUNT = (int32_t)(sizeof OPTIONS / sizeof *OPTIONS);

CliOptions options_defaults(void) {
    return (CliOptions){.command = CLI_RUN, .max_trials = 1000000};
}

/* Defaults that are not the value of a field. */
static const struct {
    const char *name;
    unsigned commands;
    const char *text;
} DEFAULT_TEXTS[] = {
    {"--output", FOR(RUN), "results/NAME"}, {"--output", FOR(REPORT), "RESULTS/report"},
    {"--output", FOR(EXPORT), "stdout"},    {"--output", FOR(COMPARE), "results/compare-A-B"},
    {"--format", FOR(REPORT), "svg"},       {"--format", FOR(SHOW), "table"},
    {"--format", FOR(EXPORT), "json"},      {"--sort", FOR(SHOW), "its metric"},
    {"--metric", FOR(BEST), "its own"},     {"--rule", FOR(BEST), "min"},
    {"--sample", FOR(VERIFY), "all"},
};

void options_default_text(char *text, size_t size, const CliOption *option, const char *threads) {
    const CliOptions defaults = options_defaults();
    *text = '\0';
    for (size_t i = 0; i < sizeof DEFAULT_TEXTS / sizeof *DEFAULT_TEXTS; i++) {
        if (strcmp(DEFAULT_TEXTS[i].name, option->name) == 0 &&
            DEFAULT_TEXTS[i].commands & option->commands) {
            snprintf(text, size, "%s", DEFAULT_TEXTS[i].text);
        }
    }
    if (option->offset == AT(threads))
        snprintf(text, size, "%s", threads);
    else if (option->offset == AT(top))
        snprintf(text, size, "%d", CLI_TOP);
    else if (option->offset == AT(max_trials))
        snprintf(text, size, "%" PRId64, defaults.max_trials);
    else if (option->type == CLI_STYLE)
        snprintf(text, size, "%s", PROGRESS_NAMES[defaults.progress]);
}

void options_operands(char *text, size_t size, CliCommand command) {
    const CliUsage *usage = &OPTIONS_USAGE[command];
    Text line = text_begin(text, size);
    text_add(&line, "%s", usage->operand[0]);
    if (usage->operand[1])
        text_add(&line, usage->second_optional ? " [%s]" : " %s", usage->operand[1]);
    text_add(&line, "%s [options]", usage->overrides ? " [key=value ...]" : "");
}
