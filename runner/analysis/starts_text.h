/* Truth tables in words: "A perceptron learns AND from 10 of 10 starts and XOR from none". */
#ifndef RUNNER_ANALYSIS_STARTS_TEXT_H
#define RUNNER_ANALYSIS_STARTS_TEXT_H

#include "core/base/text.h"
#include "runner/analysis/starts.h"

/* One or two sentences. */
void starts_text_write(Text *out, const Starts *starts, const Summary *summary);

#endif
