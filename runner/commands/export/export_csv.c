#include "runner/commands/export/export_csv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"

typedef struct Csv {
    const Results *results;
    Table table;
    int32_t set; /* data_K.csv: K */
} Csv;

static void write_trials(Csv *csv) {
    opened_trial_columns(&csv->table, csv->results);
    for (int64_t i = 0; i < csv->results->trials; i++)
        opened_trial_cells(&csv->table, csv->results, i);
}

static void write_history(Csv *csv) {
    const Results *r = csv->results;
    Table *l = &csv->table;
    table_column(l, "id", NULL, TABLE_TEXT, 0);
    table_column(l, "epoch", NULL, TABLE_INTEGER, 0);
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        if (r->history[m]) table_column(l, metrics_name(m), NULL, TABLE_REAL, 0);
    }
    for (int64_t i = 0; i < r->trials; i++) {
        char id[24];
        snprintf(id, sizeof id, "%016" PRIx64, r->id[i]);
        for (int64_t p = 0; p < r->points; p++) {
            bool any = false;
            for (Metric m = 0; m < METRIC_COUNT; m++) {
                any = any || (r->history[m] && !isnan(r->history[m][i * r->points + p]));
            }
            if (!any) continue; /* the trial did not record it, or had ended */
            table_text(l, id);
            table_number(l, (double)r->epoch[p]);
            for (Metric m = 0; m < METRIC_COUNT; m++) {
                if (r->history[m]) table_number(l, r->history[m][i * r->points + p]);
            }
        }
    }
}

static void write_split(Csv *csv, const char *name, const Dataset *set, bool folds) {
    Table *l = &csv->table;
    for (int64_t i = 0; i < set->n; i++) {
        table_text(l, name);
        if (folds) table_number(l, set->fold ? set->fold[i] : (double)NAN);
        for (int32_t j = 0; j < set->inputs; j++) table_number(l, set->x[i * set->inputs + j]);
        if (set->label) table_number(l, set->label[i]);
        for (int32_t j = 0; set->target && j < set->outputs; j++) {
            table_number(l, set->target[i * set->outputs + j]);
        }
    }
}

static void write_data(Csv *csv) {
    const DataSplits *set = &csv->results->set[csv->set];
    Table *l = &csv->table;
    const bool folds = set->train.fold;
    table_column(l, "part", NULL, TABLE_TEXT, 0);
    if (folds) table_column(l, "fold", NULL, TABLE_INTEGER, 0);
    for (int32_t j = 0; j < set->train.inputs + set->train.outputs; j++) {
        char name[32];
        const bool input = j < set->train.inputs;
        if (!input && set->train.label && j > set->train.inputs) break;
        snprintf(name, sizeof name, "%s%" PRId32, input ? "x" : "y",
                 input ? j : j - set->train.inputs);
        table_column(l, set->train.label && !input ? "class" : name, NULL, TABLE_REAL, 0);
    }
    write_split(csv, "train", &set->train, folds);
    write_split(csv, "val", &set->val, folds);
    write_split(csv, "test", &set->test, folds);
}

static bool write_file(const Opened *opened, const Folder *folder, const char *name, bool force,
                       int32_t set, void (*write)(Csv *csv), Error *err) {
    AtomicFile file = {0};
    Csv csv = {.results = opened->results, .set = set};
    if (!files_begin_in(&file, folder, name, force, err)) return false;
    table_begin(&csv.table, TABLE_CSV, file.out);
    write(&csv);
    if (!table_end(&csv.table, 0, err)) {
        files_drop(&file);
        return false;
    }
    if (!files_commit(&file, err)) return false;
    text_print(stdout, "%s/%s\n", folder->path, name);
    return true;
}

static bool write_all(const Opened *opened, const Folder *folder, bool force, Error *err) {
    const Results *r = opened->results;
    TRY(write_file(opened, folder, "trials.csv", force, 0, write_trials, err));
    TRY(write_file(opened, folder, "history.csv", force, 0, write_history, err));
    for (int32_t k = 0; k < r->sets; k++) {
        char name[32];
        if (!r->set[k].kept) {
            text_print(stderr, "data set %" PRId32 " is not in the results file: %s\n", k,
                       r->set[k].recipe);
            continue;
        }
        snprintf(name, sizeof name, "data_%" PRId32 ".csv", k);
        TRY(write_file(opened, folder, name, force, k, write_data, err));
    }
    return true;
fail:
    return false;
}

bool export_csv(const Opened *opened, const char *path, bool force, Error *err) {
    Folder folder;
    const bool done = folder_make(&folder, path, err) && write_all(opened, &folder, force, err);
    folder_close(&folder);
    return done;
}
