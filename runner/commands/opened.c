#include "runner/commands/opened.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "runner/experiment/spec_read.h"
#include "runner/experiment/suggest.h"
#include "runner/journal/journal_set.h"
#include "runner/store/trial_columns.h"

/* --- opening ---------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end) {
    const size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

/* The error for a path without results: what to type instead. */
static bool explain(const char *path, const struct stat *status, bool exists, Error *err) {
    char quoted[FILES_PATH];
    Text word = text_begin(quoted, sizeof quoted);
    text_add_word(&word, path);
    if (exists && S_ISREG(status->st_mode) &&
        (ends_with(path, ".yaml") || ends_with(path, ".yml"))) {
        return error_set(err, ERROR_USAGE,
                         "%s: is an experiment, and this command wants its results (results/NAME); "
                         "make them with: runner %s",
                         path, quoted);
    }
    char hint[400];
    suggest_results(hint, sizeof hint, path);
    if (!exists) {
        return error_set(
            err, ERROR_RESOURCE,
            "%s: there are no results%s (a folder that a run made, or a .h5 file; make "
            "them with: runner EXPERIMENT.yaml)",
            path, hint);
    }
    if (journal_set_results(path) > 0) {
        return error_set(err, ERROR_RESOURCE,
                         "%s: unfinished, there is no %s yet (finish it with --resume, or, after "
                         "shards, with: runner merge %s; runner show reads it as it is)",
                         path, STORE_NAME, quoted);
    }
    return error_set(err, ERROR_RESOURCE,
                     "%s: there is no %s in it%s (runner EXPERIMENT.yaml makes results/NAME)", path,
                     STORE_NAME, hint);
}

static bool open_file(Opened *opened, const char *path, Error *err) {
    if (!store_read(&opened->file, path, err)) return false;
    opened->results = &opened->file;
    files_folder_of(opened->folder, sizeof opened->folder, opened->file.path);
    if (opened->file.changed) {
        text_print(stderr, "%s: another program has written it since\n", opened->file.path);
    }
    opened->spec = &opened->own;
    return spec_read_text(&opened->own, opened->file.path, opened->file.resolved,
                          strlen(opened->file.resolved), NULL, 0, err);
}

bool opened_open(Opened *opened, const char *path, bool live, Error *err) {
    *opened = (Opened){0};
    struct stat status = {0};
    const bool exists = stat(path, &status) == 0;
    const bool folder = exists && S_ISDIR(status.st_mode);
    const bool finished = exists && (!folder || files_has(path, STORE_NAME));
    if (!finished && !(folder && live && journal_set_results(path) > 0)) {
        return explain(path, &status, exists, err);
    }
    if (finished && ends_with(path, ".yaml")) return explain(path, &status, exists, err);
    if (finished) TRY(open_file(opened, path, err));
    /* A journal beside results.h5 may be ahead of it. */
    const bool ahead =
        folder && live && (!finished || journal_set_results(path) > opened->file.trials);
    if (!ahead) return true;
    if (!partial_results_read(&opened->view, path, finished ? NULL : err)) {
        if (finished) return true; /* the published results are shown */
        goto fail;
    }
    snprintf(opened->folder, sizeof opened->folder, "%s", path);
    opened->unfinished = true;
    opened->results = &opened->view.results;
    opened->spec = &opened->view.spec;
    opened->total = opened->view.total;
    return true;
fail:
    opened_close(opened);
    return false;
}

void opened_close(Opened *opened) {
    partial_results_close(&opened->view);
    spec_destroy(&opened->own);
    store_close(&opened->file);
}

/* --- choosing --------------------------------------------------------------------------------- */

bool opened_metric(const Results *results, const char *option, const char *text, Metric *metric,
                   SpecAt *at, Error *err) {
    const char *name = text, *names[METRIC_COUNT + 1] = {NULL};
    int32_t count = 0;
    if (strncmp(text, "final_", 6) == 0) name += 6;
    if (strncmp(text, "best_", 5) == 0) name += 5;
    *metric = metrics_from_name(name);
    if (*metric < METRIC_COUNT && results->final[*metric]) {
        if (name != text) *at = *text == 'b' ? SPEC_AT_BEST : SPEC_AT_FINAL;
        return true;
    }
    char list[512];
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        if (results->final[m]) names[count++] = metrics_name(m);
    }
    suggest_list(list, sizeof list, name, names);
    return error_set(err, ERROR_USAGE, "%s: %s \"%s\" (%s)", option,
                     *metric < METRIC_COUNT ? "these results do not have" : "unknown", text, list);
}

int64_t opened_best_of(const Summary *summary, int64_t group) {
    const double *column = summary_column(summary, summary->metric, summary->at);
    const SummaryGroup *g = &summary->group[group];
    int64_t best = -1;
    for (int64_t i = g->start; column && i < g->start + g->trials; i++) {
        const int64_t t = summary->trial[i];
        if (summary->results->status[t] != TRIAL_DONE || !isfinite(column[t])) continue;
        if (best < 0 || (summary->maximize ? column[t] > column[best] : column[t] < column[best])) {
            best = t;
        }
    }
    return best;
}

static bool best_trial(const Opened *opened, int64_t *trial, Error *err) {
    Summary summary;
    if (!summary_create(&summary, opened->results, opened->spec, err)) return false;
    *trial = summary.best < 0 ? -1 : opened_best_of(&summary, summary.best);
    summary_destroy(&summary);
    return *trial >= 0 ||
           error_set(err, ERROR_USAGE, "%s: no trial has a value, so none is the best",
                     opened->results->path);
}

bool opened_trial(const Opened *opened, const char *text, int64_t *trial, Error *err) {
    const Results *results = opened->results;
    if (strcmp(text, "best") == 0) return best_trial(opened, trial, err);
    const size_t length = strlen(text);
    int64_t matches = 0;
    for (int64_t i = 0; i < results->trials; i++) {
        char id[24];
        snprintf(id, sizeof id, "%016" PRIx64, results->id[i]);
        if (strncmp(id, text, length) != 0) continue;
        *trial = i;
        matches++;
    }
    if (matches == 1) return true;
    if (matches > 1) {
        return error_set(err, ERROR_USAGE,
                         "--trial: %" PRId64 " ids begin with \"%s\" (more of it)", matches, text);
    }
    char quoted[FILES_PATH];
    Text word = text_begin(quoted, sizeof quoted);
    text_add_word(&word, opened->folder);
    return error_set(
        err, ERROR_USAGE,
        "--trial: no id begins with \"%s\" (runner show %s --format csv lists them; or best)", text,
        quoted);
}

/* --- rows ------------------------------------------------------------------------------------- */

static bool is_number(KeyType type) {
    return type == KEY_TYPE_INTEGER || type == KEY_TYPE_REAL;
}

void opened_key_column(Table *table, KeyId key, int32_t rank) {
    const bool number = is_number(KEYS[key].type) || key == KEY_HIDDEN;
    table_column(table, KEYS[key].name, NULL, number ? TABLE_NUMBER : TABLE_TEXT, rank);
}

void opened_key_cell(Table *table, KeyId key, const Value *value) {
    const KeyType type = KEYS[key].type;
    const bool is_table = table->format == TABLE_TABLE;
    if (is_table && !*value->text)
        table_text(table, key == KEY_HIDDEN ? "none" : "-");
    else if (is_number(type))
        table_word(table, value->text, value->number);
    else if (type == KEY_TYPE_BOOL)
        table_flag(table, value->number != 0);
    else
        table_text(table, value->text);
}

void opened_trial_columns(Table *table, const Results *results) {
    const TrialColumn *column;
    for (int32_t i = 0; (column = trial_columns_listed(i)); i++) {
        table_column(table, column->name, NULL,
                     !trial_columns_is_number(column)    ? TABLE_TEXT
                     : column->type == TRIAL_COLUMN_REAL ? TABLE_REAL
                                                         : TABLE_INTEGER,
                     0);
    }
    for (KeyId key = 0; key < KEY_COUNT; key++) opened_key_column(table, key, 0);
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        if (!results->final[m]) continue;
        char name[64];
        snprintf(name, sizeof name, "final_%s", metrics_name(m));
        table_column(table, name, NULL, TABLE_REAL, 0);
        snprintf(name, sizeof name, "best_%s", metrics_name(m));
        table_column(table, name, NULL, TABLE_REAL, 0);
    }
}

void opened_trial_cells(Table *table, const Results *r, int64_t trial) {
    const TrialColumn *column;
    for (int32_t i = 0; (column = trial_columns_listed(i)); i++) {
        const TrialCell cell = trial_columns_get(column, r, trial);
        char buffer[17];
        if (trial_columns_is_number(column)) {
            table_number(table, trial_columns_number(column, cell));
        } else {
            table_text(table, trial_columns_text(column, cell, buffer));
        }
    }
    for (KeyId key = 0; key < KEY_COUNT; key++) opened_key_cell(table, key, &r->key[key][trial]);
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        if (!r->final[m]) continue;
        table_number(table, r->final[m][trial]);
        table_number(table, r->best[m][trial]);
    }
}

void opened_setting_text(const Summary *summary, int64_t group, char *text, size_t size) {
    const int64_t trial = summary_first_trial(summary, group);
    Text setting = text_begin(text, size);
    if (summary->axes == 0) text_add(&setting, "the only setting");
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++) {
            const KeyId key = summary->axis[a].key[k];
            const char *value = summary->results->key[key][trial].text;
            text_add(&setting, "%s%s=%s", setting.length ? ", " : "", KEYS[key].name,
                     *value || key != KEY_HIDDEN ? value : "[]");
        }
    }
}
