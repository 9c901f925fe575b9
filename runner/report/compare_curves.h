/* Learning curves on the page of two results. */
#ifndef RUNNER_REPORT_COMPARE_CURVES_H
#define RUNNER_REPORT_COMPARE_CURVES_H

#include "runner/report/compare_figures.h"

/* The section; none where there is nothing to draw. */
MUST_CHECK bool compare_curves_write(const ComparePage *page, Report *report, Error *err);

#endif
