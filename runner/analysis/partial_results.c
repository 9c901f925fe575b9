#include "runner/analysis/partial_results.h"

#include <stdlib.h>
#include <string.h>

#include "runner/experiment/spec_read.h"
#include "runner/journal/journal.h"
#include "runner/journal/provenance.h"
#include "runner/journal/run_log.h"
#include "runner/training/plan.h"

/* --- columns ------------------------------------------------------------------------------------------ */

/* The plain columns of Results: where each lies and how wide an entry is. */
#define COLUMN(field)                                                                              \
    { offsetof(Results, field), sizeof *((Results *)0)->field }
static const struct {
    size_t at, width;
} COLUMNS[] = {
    COLUMN(id),         COLUMN(data_digest), COLUMN(data),       COLUMN(repeat),
    COLUMN(fold),       COLUMN(setting),     COLUMN(seed),       COLUMN(hidden_units),
    COLUMN(parameters), COLUMN(epochs_run),  COLUMN(best_epoch), COLUMN(status),
    COLUMN(verdict),    COLUMN(message),
};
#define COLUMN_COUNT (sizeof COLUMNS / sizeof *COLUMNS)

static void **column_of(const Results *results, size_t i) {
    return (void **)(void *)((char *)(uintptr_t)results + COLUMNS[i].at);
}

static bool make_columns(PartialResults *view, int64_t trials, MetricSet metrics, Error *err) {
    Results *r = &view->results;
    const size_t n = (size_t)trials + 1;
    r->metrics = metrics;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (!(*column_of(r, i) = pool_alloc(&view->pool, n, COLUMNS[i].width, err))) return false;
    }
    for (int key = 0; key < KEY_COUNT; key++) {
        if (!(r->key[key] = pool_alloc(&view->pool, n, sizeof *r->key[key], err))) return false;
    }
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        if (!(metrics >> metric & 1)) continue;
        r->final[metric] = pool_alloc(&view->pool, n, sizeof(double), err);
        r->best[metric] = pool_alloc(&view->pool, n, sizeof(double), err);
        if (!r->final[metric] || !r->best[metric]) return false;
    }
    return true;
}

/* --- some trials of a file ---------------------------------------------------------------------------- */

static void copy_row(Results *to, int64_t row, const Results *from, int64_t trial) {
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        const size_t width = COLUMNS[i].width;
        memcpy((char *)*column_of(to, i) + (size_t)row * width,
               (const char *)*column_of(from, i) + (size_t)trial * width, width);
    }
    for (int key = 0; key < KEY_COUNT; key++) to->key[key][row] = from->key[key][trial];
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        if (!from->final[metric]) continue;
        to->final[metric][row] = from->final[metric][trial];
        to->best[metric][row] = from->best[metric][trial];
    }
}

bool partial_results_filter(PartialResults *view, const Results *results, const Filter *filter,
                            Error *err) {
    *view = (PartialResults){.total = results->trials};
    int64_t matches = 0;
    bool *match = calloc((size_t)results->trials + 1, sizeof *match);
    if (!match) return error_memory(err, (size_t)results->trials);
    for (int64_t i = 0; i < results->trials; i++) {
        Setting setting;
        store_setting(results, i, &setting);
        match[i] = filter_matches(filter, &setting, results->status[i], results->verdict[i]);
        matches += match[i];
    }
    const bool made = make_columns(view, matches, results->metrics, err);
    for (int64_t i = 0; made && i < results->trials; i++) {
        if (match[i]) copy_row(&view->results, view->results.trials++, results, i);
    }
    free(match);
    view->results.path = results->path;
    if (!made) partial_results_close(view);
    return made;
}

/* --- an unfinished experiment --------------------------------------------------------------------------- */

typedef struct Journals {
    char **path;
    int32_t count, open;
    Journal *journal;
    Journal **list;
} Journals;

static void journals_close(Journals *journals) {
    for (int32_t i = 0; i < journals->open; i++) journal_close(&journals->journal[i]);
    results_folder_journals_free(journals->path, journals->count);
    free(journals->journal);
    free(journals->list);
    *journals = (Journals){0};
}

static bool journals_open(Journals *journals, const char *folder, Error *err) {
    *journals = (Journals){0};
    TRY(results_folder_journals(&journals->path, &journals->count, folder, err));
    const size_t room = (size_t)journals->count + 1;
    journals->journal = calloc(room, sizeof *journals->journal);
    journals->list = calloc(room, sizeof *journals->list);
    if (!journals->journal || !journals->list) {
        error_memory(err, room * sizeof *journals->journal);
        goto fail;
    }
    for (int32_t i = 0; i < journals->count; i++) {
        TRY(journal_open_readonly(&journals->journal[i], journals->path[i], NULL,
                                  PROVENANCE_NUMERICS, err));
        journals->list[i] = &journals->journal[i];
        journals->open++;
    }
    return true;
fail:
    journals_close(journals);
    return false;
}

int64_t journal_set_results(const char *folder) {
    Journals journals;
    int64_t results = 0;
    if (!journals_open(&journals, folder, NULL)) return 0;
    for (int32_t i = 0; i < journals.open; i++) results += journals.journal[i].results;
    journals_close(&journals);
    return results;
}

static bool add_result(PartialResults *view, int64_t trial, const TrialResult *result, Error *err) {
    Results *r = &view->results;
    const int64_t row = r->trials;
    const TrainerResult *trained = &result->trained;
    Setting setting;
    grid_setting(&view->grid, trial, &setting);
    r->message[row] = pool_text(&view->pool, result->message, strlen(result->message), err);
    if (!r->message[row]) return false;
    for (int key = 0; key < KEY_COUNT; key++) r->key[key][row] = setting.value[key];
    r->id[row] = result->id;
    r->data_digest[row] = result->data_digest;
    r->repeat[row] = setting.repeat;
    r->fold[row] = setting.fold;
    r->setting[row] = setting.number;
    r->seed[row] = setting.seed;
    r->hidden_units[row] = (int64_t)setting.value[KEY_HIDDEN].number;
    r->parameters[row] = result->parameters;
    r->epochs_run[row] = trained->epochs_run;
    r->best_epoch[row] = trained->best_epoch;
    r->status[row] = result->status;
    r->verdict[row] = trained->verdict;
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        if (!r->final[metric]) continue;
        const int32_t column = metrics_column(trained->metrics, metric);
        const bool has = column >= 0 && result->status != TRIAL_FAILED;
        r->final[metric][row] = has ? trained->final[column] : trial_result_nan();
        r->best[metric][row] = has ? trained->best[column] : trial_result_nan();
    }
    r->trials++;
    return true;
}

/* Calls add_result() for all; the first pass (columns not made yet) only gathers the metrics there
 * are. */
static bool read_results(PartialResults *view, const Journals *journals, MetricSet *metrics,
                         int64_t *count, Error *err) {
    JournalBuffer buffer = {0};
    bool done = true;
    for (int64_t trial = 0; done && trial < view->grid.trials; trial++) {
        const Journal *in = NULL;
        TrialResult result;
        const JournalEntry *entry =
            plan_entry(journals->list, journals->open, view->grid.id[trial], &in);
        if (!entry) continue;
        done = journal_read(in, entry, &buffer, &result, err);
        if (done && view->results.id) done = add_result(view, trial, &result, err);
        if (done) *metrics |= result.trained.metrics;
        ++*count;
    }
    journal_buffer_free(&buffer);
    return done;
}

bool partial_results_read(PartialResults *view, const char *folder, Error *err) {
    *view = (PartialResults){0};
    RunOrigin origin;
    Journals journals = {0};
    MetricSet metrics = 0;
    int64_t count = 0, again = 0;
    bool done = false;
    if (!run_log_read_origin(&origin, folder, err)) return false;
    TRY(spec_read(&view->spec, origin.path, (const char *const *)origin.override, origin.overrides,
                  err));
    TRY(grid_create(&view->grid, &view->spec, INT32_MAX, err));
    TRY(journals_open(&journals, folder, err));
    TRY(read_results(view, &journals, &metrics, &count, err));
    TRY(make_columns(view, count, metrics, err));
    TRY(read_results(view, &journals, &metrics, &again, err));
    view->total = view->grid.trials;
    view->results.path = pool_text(&view->pool, folder, strlen(folder), err);
    done = view->results.path != NULL;
fail:
    journals_close(&journals);
    run_log_origin_free(&origin);
    if (!done) partial_results_close(view);
    return done;
}

void partial_results_close(PartialResults *view) {
    grid_destroy(&view->grid);
    spec_destroy(&view->spec);
    pool_destroy(&view->pool);
    *view = (PartialResults){0};
}
