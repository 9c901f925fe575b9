#include "runner/analysis/partial_results.h"

#include <stdlib.h>
#include <string.h>

#include "runner/experiment/spec_read.h"
#include "runner/journal/journal_set.h"
#include "runner/journal/run_log.h"
#include "runner/store/trial_columns.h"

/* --- columns ---------------------------------------------------------------------------------- */

static bool make_columns(PartialResults *view, int64_t trials, MetricSet metrics, Error *err) {
    Results *r = &view->results;
    const size_t n = (size_t)trials + 1;
    r->metrics = metrics;
    if (!trial_columns_create(r, trials, &view->pool, err)) return false;
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

/* --- some trials of a file -------------------------------------------------------------------- */

static void copy_row(Results *to, int64_t row, const Results *from, int64_t trial) {
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const TrialColumn *column = &TRIAL_COLUMNS[c];
        (void)!trial_columns_set(column, to, row, trial_columns_get(column, from, trial));
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

/* --- an unfinished experiment ----------------------------------------------------------------- */

static bool add_result(PartialResults *view, int64_t trial, const TrialResult *result, Error *err) {
    Results *r = &view->results;
    const int64_t row = r->trials;
    const TrainerResult *trained = &result->trained;
    Setting setting;
    grid_setting(&view->grid, trial, &setting);
    for (int key = 0; key < KEY_COUNT; key++) r->key[key][row] = setting.value[key];
    const TrialSource source = {.setting = &setting, .result = result};
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const TrialColumn *column = &TRIAL_COLUMNS[c];
        TrialCell cell = column->cell(&source);
        if (column->type == TRIAL_COLUMN_TEXT) {
            cell.text = pool_text(&view->pool, cell.text, strlen(cell.text), err);
            if (!cell.text) return false;
        }
        (void)!trial_columns_set(column, r, row, cell);
    }
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
static bool read_results(PartialResults *view, const JournalSet *journals, MetricSet *metrics,
                         int64_t *count, Error *err) {
    JournalSetReader reader = {.set = journals, .id = view->grid.id};
    bool done = true;
    for (int64_t trial = 0; done && trial < view->grid.trials; trial++) {
        TrialResult result;
        bool found;
        done = journal_set_read(&reader, trial, &result, &found, err);
        if (!done || !found) continue;
        if (view->results.id) done = add_result(view, trial, &result, err);
        *metrics |= result.trained.metrics;
        ++*count;
    }
    journal_buffer_free(&reader.buffer);
    return done;
}

bool partial_results_read(PartialResults *view, const char *folder, Error *err) {
    *view = (PartialResults){0};
    RunOrigin origin;
    Folder opened = FOLDER_NONE;
    JournalSet journals = {0};
    MetricSet metrics = 0;
    int64_t count = 0, again = 0;
    bool done = false;
    if (!run_log_read_origin(&origin, folder, err)) return false;
    TRY(spec_read(&view->spec, origin.path, (const char *const *)origin.override, origin.overrides,
                  err));
    TRY(grid_create(&view->grid, &view->spec, INT32_MAX, err));
    TRY(folder_open(&opened, folder, err));
    TRY(journal_set_open(&journals, &opened, err));
    TRY(read_results(view, &journals, &metrics, &count, err));
    TRY(make_columns(view, count, metrics, err));
    TRY(read_results(view, &journals, &metrics, &again, err));
    view->total = view->grid.trials;
    view->results.path = pool_text(&view->pool, folder, strlen(folder), err);
    done = view->results.path;
fail:
    journal_set_close(&journals);
    folder_close(&opened);
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
