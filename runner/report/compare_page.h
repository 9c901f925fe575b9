/* What command_compare_page.c and command_compare_figures.c share; nobody else includes this. */
#ifndef RUNNER_REPORT_COMPARE_PAGE_H
#define RUNNER_REPORT_COMPARE_PAGE_H

#include "runner/commands/command_compare.h"
#include "runner/report/section.h"

#define COMPARE_SIDES 2
extern const char *const COMPARE_LETTER[COMPARE_SIDES]; /* "A", "B" */

const Summary *command_compare_side(const ComparePage *page, int32_t side);

/* Opens a section of the page; what writes it closes it. */
void command_compare_section(Report *report, const char *id, const char *title);

/* Sections: the metric against a setting that both vary, the differences with their table, loss
 * curves. Each is left out where there is nothing to draw. */
MUST_CHECK bool command_compare_sweep(const ComparePage *page, Report *report, Error *err);
MUST_CHECK bool command_compare_differences(const ComparePage *page, Report *report, Error *err);
MUST_CHECK bool command_compare_curves(const ComparePage *page, Report *report, Error *err);

#endif
