/* What the headline of a finding rests on: differences, tests, other axes, what diverged. */
#ifndef RUNNER_ANALYSIS_FINDING_DETAIL_H
#define RUNNER_ANALYSIS_FINDING_DETAIL_H

#include "core/base/text.h"
#include "runner/analysis/finding.h"

/* Sentences, each with a space behind it. */
void finding_detail_write(Text *out, const Finding *finding, const Summary *summary);

#endif
