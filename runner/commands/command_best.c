/* `runner best`: the setting to choose, how sure that is, and the commands that train and verify it
 * again. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/finding.h"
#include "runner/analysis/finding_phrase.h"
#include "runner/commands/commands.h"
#include "runner/commands/opened.h"
#include "runner/journal/run_log.h"
#include "runner/output/escape.h"

typedef struct BestRow {
    double value;
    int64_t trial;
} BestRow;

static int by_value(const void *a, const void *b) {
    const BestRow *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? -1 : 1;
    return (x->trial > y->trial) - (x->trial < y->trial);
}

/* Ids of the setting's trials, best value first; diverged and failed ones last. */
static bool print_trials(const Summary *summary, int64_t group, Error *err) {
    const SummaryGroup *g = &summary->group[group];
    const Results *r = summary->results;
    const double *column = summary_column(summary, summary->metric, summary->at);
    BestRow *row = malloc((size_t)g->trials * sizeof *row);
    if (!row) return error_memory(err, (size_t)g->trials * sizeof *row);
    for (int64_t i = 0; i < g->trials; i++) {
        const int64_t t = summary->trial[g->start + i];
        const double sign = summary->maximize ? -1 : 1;
        row[i] = (BestRow){isfinite(column[t]) ? sign * column[t] : HUGE_VAL, t};
    }
    qsort(row, (size_t)g->trials, sizeof *row, by_value);
    for (int64_t i = 0; i < g->trials; i++) {
        const int64_t t = row[i].trial;
        text_print(stdout, "%-12s%016" PRIx64 "  seed %" PRId64, i ? "" : "trials", r->id[t],
                   r->seed[t]);
        if (summary->folds || r->fold[t]) text_print(stdout, "  fold %" PRId32, r->fold[t]);
        if (r->status[t] == TRIAL_DONE)
            text_print(stdout, "  %s %.6g", metrics_name(summary->metric), column[t]);
        else
            text_print(stdout, "  %s", trial_result_status_name(r->status[t]));
        text_print(stdout, "\n");
    }
    free(row);
    return true;
}

/* The same trials once more: the experiment as it was started, and only this setting of it. */
static void print_again(const Opened *opened, const Summary *summary, int64_t group) {
    RunOrigin origin;
    const Results *r = summary->results;
    const int64_t trial = summary_first_trial(summary, group);
    if (!run_log_read_origin(&origin, opened->folder, NULL))
        return; /* a bare .h5: its experiment is in /config/source */
    text_print(stdout, "%-12srunner run ", "train again");
    escape_shell(stdout, origin.path);
    for (int32_t i = 0; i < origin.overrides; i++) {
        fputc(' ', stdout);
        escape_shell(stdout, origin.override[i]);
    }
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++) {
            const KeyId key = summary->axis[a].key[k];
            const char *value = r->key[key][trial].text;
            char word[1024];
            snprintf(word, sizeof word, "%s=%s", KEYS[key].name,
                     *value || key != KEY_HIDDEN ? value : "[]");
            fputs(" --filter ", stdout);
            escape_shell(stdout, word);
        }
    }
    char folder[4200];
    snprintf(folder, sizeof folder, "results/%s-best", opened->spec->name);
    fputs(" -o ", stdout);
    escape_shell(stdout, folder);
    fputc('\n', stdout);
    run_log_origin_free(&origin);
}

static void print_verify(const Opened *opened, const Summary *summary, int64_t group) {
    const int64_t trial = opened_best_of(summary, group);
    if (opened->unfinished || trial < 0) return;
    text_print(stdout, "%-12srunner verify ", "verify");
    escape_shell(stdout, opened->folder);
    text_print(stdout, " --trial %016" PRIx64 "\n", summary->results->id[trial]);
}

static bool print_best(const Opened *opened, const Summary *summary, bool one_error, Error *err) {
    char text[1024];
    int64_t group = summary->best;
    if (group < 0) {
        return error_set(err, ERROR_USAGE, "%s: no trial has a value, so none is the best",
                         summary->results->path);
    }
    if (one_error && summary->smallest >= 0) group = summary->smallest;
    if (one_error && summary->smallest < 0) {
        fputs("one repeat has no standard error: this is the best mean (repeats: 5 would tell "
              "more)\n",
              stderr);
    }
    const SummaryGroup *g = &summary->group[group];
    opened_setting_text(summary, group, text, sizeof text);
    text_print(stdout, "%-12s", "setting");
    text_print_plain(stdout, text);
    finding_phrase_interval(text, sizeof text, summary->metric, &g->metric, summary->folds);
    text_print(stdout, "\n%-12s%s%s %s\n", "metric", summary->at == SPEC_AT_BEST ? "best_" : "",
               metrics_name(summary->metric), text);
    text_print(stdout, "%-12s%" PRId64 "\n", "parameters", g->parameters);
    if (group != summary->best) {
        opened_setting_text(summary, summary->best, text, sizeof text);
        text_print(stdout, "%-12sthe smallest within one standard error of the best, ", "rule");
        text_print_plain(stdout, text);
        finding_phrase_interval(text, sizeof text, summary->metric,
                                &summary->group[summary->best].metric, summary->folds);
        text_print(stdout, ": %s\n", text);
    } else {
        text_print(stdout, "%-12sthe best mean of %" PRId64 " settings%s\n", "rule",
                   summary->groups,
                   one_error ? ", and no smaller one is within a standard error" : "");
    }
    if (!print_trials(summary, group, err)) return false;
    print_again(opened, summary, group);
    print_verify(opened, summary, group);
    return true;
}

bool command_best(const CliOptions *options, Error *err) {
    Opened opened;
    Summary summary = {0};
    bool done = false;
    if (!opened_open(&opened, options->target, true, err)) return false;
    Spec spec = *opened.spec; /* the same but for the metric */
    if (options->metric) {
        TRY(opened_metric(opened.results, "--metric", options->metric, &spec.metric, &spec.at,
                          err));
        if (spec.metric != opened.spec->metric) {
            spec.goal = metrics_more_is_better(spec.metric) ? SPEC_MAXIMIZE : SPEC_MINIMIZE;
        }
    }
    TRY(summary_create(&summary, opened.results, &spec, err));
    if (opened.unfinished) {
        text_print(stderr, "unfinished: %" PRId64 " of %" PRId64 " trials done\n",
                   opened.results->trials, opened.total);
    }
    done = print_best(&opened, &summary, options->rule && strcmp(options->rule, "1se") == 0, err);
fail:
    summary_destroy(&summary);
    opened_close(&opened);
    return done;
}
