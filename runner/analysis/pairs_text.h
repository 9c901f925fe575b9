/* What `runner compare` says of its pairs, on the terminal and on its page. */
#ifndef RUNNER_ANALYSIS_PAIRS_TEXT_H
#define RUNNER_ANALYSIS_PAIRS_TEXT_H

#include "core/base/text.h"
#include "runner/analysis/pairs.h"

/* "0.012 (95 % interval 0.004 to 0.020; Wilcoxon p = 0.002)". */
void pairs_text_difference(char *text, size_t size, const Pairing *pairing,
                           const PairedDifference *difference);

/* In what the runs of a pair differ besides their setting, and whether all have a partner;
 * sentences, each with a space behind it; nothing where there is nothing to say. */
void pairs_text_common(Text *text, const Pairing *pairing, const PairsCommon *common);

/* What diverged, and what is left out; likewise. */
void pairs_text_gaps(Text *text, const PairedDifference *difference);

/* Where interval and p disagree, why, and which counts; likewise. */
void pairs_text_disagreement(Text *text, const Pairing *pairing,
                             const PairedDifference *difference);

#endif
