/* Results as the commands read them: opened, chosen from, and as rows of a table. */
#ifndef RUNNER_COMMANDS_OPENED_H
#define RUNNER_COMMANDS_OPENED_H

#include "core/base/error.h"
#include "core/base/files.h"
#include "runner/analysis/partial_results.h"
#include "runner/analysis/summary.h"
#include "runner/output/table.h"

/* Results with their experiment. It may not be copied: `spec` may lie in `view`. */
typedef struct Opened {
    const Results *results;
    const Spec *spec;
    bool unfinished; /* from journals: no histories, no weights, no data */
    int64_t total;   /* trials of the whole grid, where unfinished */
    char folder[FILES_PATH];
    Results file;
    Spec own;
    PartialResults view;
} Opened;

/* Opens a results folder or a .h5 file. `live`: an experiment that is not finished will do as
 * well. */
MUST_CHECK bool opened_open(Opened *opened, const char *path, bool live, Error *err);
void opened_close(Opened *opened);

/* A metric by its name; "final_M" and "best_M" set *at, too. */
MUST_CHECK bool opened_metric(const Results *results, const char *option, const char *text,
                              Metric *metric, SpecAt *at, Error *err);

/* "best" (of the best setting, the trial with the best value), an id or the beginning of one. */
MUST_CHECK bool opened_trial(const Opened *opened, const char *text, int64_t *trial, Error *err);

/* The trial of a group with the best value; -1 where none has one. */
int64_t opened_best_of(const Summary *summary, int64_t group);

/* All columns of a trial, for programs, and the cells of one. */
void opened_trial_columns(Table *table, const Results *results);
void opened_trial_cells(Table *table, const Results *results, int64_t trial);

/* The cell of a key's value. */
void opened_key_column(Table *table, KeyId key, int32_t rank);
void opened_key_cell(Table *table, KeyId key, const Value *value);

/* "hidden=3, l2=0.01": a group's values on the summary's axes; "the only setting" without axes. */
void opened_setting_text(const Summary *summary, int64_t group, char *text, size_t size);

#endif
