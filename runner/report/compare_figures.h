/* The figures of the page of two results, and the table of their differences. */
#ifndef RUNNER_REPORT_COMPARE_FIGURES_H
#define RUNNER_REPORT_COMPARE_FIGURES_H

#include "runner/analysis/pairs.h"
#include "runner/report/section.h"

#define COMPARE_SIDES 2
extern const char *const COMPARE_FIGURES_LETTER[COMPARE_SIDES]; /* "A", "B" */

/* What is compared. */
typedef struct ComparePage {
    const Pairing *pairing;
    const Pair *pair; /* count: settings that both have */
    int64_t count;
    PairsCommon in_common;
    int64_t common, differ;          /* trials in both; those of them with other final values */
    const char *path[COMPARE_SIDES]; /* as given */
    const Folder *folder;            /* of the page; opened after the table */
} ComparePage;

const Summary *compare_figures_side(const ComparePage *page, int32_t side);

/* Sections: the metric against a setting that both vary, the differences with their table. Each
 * is left out where there is nothing to draw. */
MUST_CHECK bool compare_figures_sweep(const ComparePage *page, Report *report, Error *err);
MUST_CHECK bool compare_figures_differences(const ComparePage *page, Report *report, Error *err);

#endif
