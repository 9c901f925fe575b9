/* Results that no file holds: those of an experiment that is not finished, from its journals, or
 * some trials of a file.
 *
 * They have what tables need (columns, final and best metrics), neither histories nor weights. */
#ifndef RUNNER_ANALYSIS_PARTIAL_RESULTS_H
#define RUNNER_ANALYSIS_PARTIAL_RESULTS_H

#include "core/base/pool.h"
#include "runner/analysis/filter.h"
#include "runner/experiment/grid.h"
#include "runner/store/store.h"

typedef struct PartialResults {
    Results results;
    Spec spec;     /* of an unfinished experiment */
    Grid grid;     /* likewise: owns texts */
    int64_t total; /* trials of the whole grid */
    Pool pool;
} PartialResults;

/* The trials of `results` that match. `results` must outlive the view. */
MUST_CHECK bool partial_results_filter(PartialResults *view, const Results *results,
                                       const Filter *filter, Error *err);

/* What the journals of a folder hold so far, also while a run writes them. */
MUST_CHECK bool partial_results_read(PartialResults *view, const char *folder, Error *err);
void partial_results_close(PartialResults *view);

#endif
