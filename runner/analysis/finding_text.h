/* What finding.c and finding_words.c share; nobody else includes this. */
#ifndef RUNNER_ANALYSIS_FINDING_TEXT_H
#define RUNNER_ANALYSIS_FINDING_TEXT_H

#include "runner/analysis/finding.h"

/* Headline and detail of a finding whose comparisons are made. */
void finding_text_write(Finding *finding, const Summary *summary);

#endif
