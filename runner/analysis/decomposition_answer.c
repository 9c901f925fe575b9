#include "runner/analysis/decomposition_answer.h"

#include <math.h>

DecompositionSource decomposition_answer_source(const Decomposition *decomposition) {
    const Estimate *bias = &decomposition->bias2, *variance = &decomposition->variance;
    if (bias->high < variance->low) return DECOMPOSITION_VARIANCE;
    return variance->high < bias->low ? DECOMPOSITION_BIAS : DECOMPOSITION_OPEN;
}

DecompositionAnswer decomposition_answer_make(const Decomposition *decomposition, int32_t count) {
    DecompositionAnswer answer = {.known = true, .bias_until = -1, .variance_from = -1};
    for (int32_t i = 0; i < count; i++) {
        const DecompositionSource source = decomposition_answer_source(&decomposition[i]);
        answer.known = answer.known && !isnan(decomposition[i].bias2.value);
        answer.settings[source]++;
        if (source == DECOMPOSITION_BIAS && answer.bias_until == i - 1) answer.bias_until = i;
        if (source != DECOMPOSITION_VARIANCE)
            answer.variance_from = -1;
        else if (answer.variance_from < 0)
            answer.variance_from = i;
    }
    return answer;
}
