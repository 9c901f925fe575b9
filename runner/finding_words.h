/* What finding.c and finding_words.c share; nobody else includes this. */
#ifndef RUNNER_FINDING_WORDS_H
#define RUNNER_FINDING_WORDS_H

#include "runner/finding.h"

/* Headline and detail of a finding whose comparisons are made. */
void finding_say(Finding *finding, const Summary *summary);

#endif
