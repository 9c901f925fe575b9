/* A finding in words: what the page opens with. */
#ifndef RUNNER_ANALYSIS_FINDING_TEXT_H
#define RUNNER_ANALYSIS_FINDING_TEXT_H

#include "runner/analysis/finding.h"

/* Plain UTF-8 text with names from the experiment, which are data. */
typedef struct FindingText {
    char headline[1024]; /* one or two sentences */
    char detail[4096];   /* what they rest on; may be "" */
} FindingText;

void finding_text_write(FindingText *text, const Finding *finding, const Summary *summary);

/* "0.093 (95 % interval 0.088 to 0.098, 10 repeats)"; says so where there is no interval. */
void finding_text_value(char *text, size_t size, const Interval *interval, bool folds);

/* "0.012 (95 % interval 0.004 to 0.020; Wilcoxon p = 0.002)"; without p where there are too few for
 * a small one. */
void finding_text_difference(char *text, size_t size, const Comparison *comparison);

#endif
