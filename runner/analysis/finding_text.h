/* A finding in words: what the page and a run's last lines open with. */
#ifndef RUNNER_ANALYSIS_FINDING_TEXT_H
#define RUNNER_ANALYSIS_FINDING_TEXT_H

#include "runner/analysis/finding.h"

/* Plain UTF-8 text with names from the experiment, which are data. */
typedef struct FindingText {
    char headline[2048]; /* one to three sentences */
    char detail[6144];   /* what they rest on; may be "" */
} FindingText;

void finding_text_write(FindingText *text, const Finding *finding, const Summary *summary);

/* "0.012 (95 % interval 0.004 to 0.020; Wilcoxon p = 0.002)", as numbers; without p where there are
 * too few pairs for a small one. */
void finding_text_difference(char *text, size_t size, const Comparison *comparison);

#endif
