/* The page of `runner compare A B`: two results side by side, made of the report's own pieces. */
#ifndef RUNNER_REPORT_COMPARE_PAGE_H
#define RUNNER_REPORT_COMPARE_PAGE_H

#include "runner/report/compare_figures.h"

/* What the page shows of a run's run.log. */
#define COMPARE_PAGE_LOGGED 6
extern const char *const COMPARE_PAGE_LOG_KEYS[COMPARE_PAGE_LOGGED];
typedef struct CompareLog {
    char value[COMPARE_PAGE_LOGGED][256]; /* of each key; "" without */
} CompareLog;

/* Writes index.html with its figures into the page's folder. */
MUST_CHECK bool compare_page_draw(const ComparePage *page, const CompareLog log[COMPARE_SIDES],
                                  Error *err);

#endif
