/* Where the error comes from along an axis: what the decompositions of its settings decide. */
#ifndef RUNNER_ANALYSIS_DECOMPOSITION_ANSWER_H
#define RUNNER_ANALYSIS_DECOMPOSITION_ANSWER_H

#include "runner/analysis/decomposition.h"

/* A setting is decided where the intervals of bias^2 and variance do not meet. */
typedef enum DecompositionSource {
    DECOMPOSITION_OPEN,
    DECOMPOSITION_BIAS,     /* bias^2 is the larger */
    DECOMPOSITION_VARIANCE, /* variance is the larger */
    DECOMPOSITION_SOURCES
} DecompositionSource;

typedef struct DecompositionAnswer {
    bool known; /* the truth is, for each setting */
    int32_t settings[DECOMPOSITION_SOURCES];
    int32_t bias_until;    /* the last of those in a row from the first on; -1: not the first */
    int32_t variance_from; /* the first of those in a row up to the last; -1: not the last */
} DecompositionAnswer;

DecompositionSource decomposition_answer_source(const Decomposition *decomposition);

/* Of `count` settings in the order of their axis, 1 or more. */
DecompositionAnswer decomposition_answer_make(const Decomposition *decomposition, int32_t count);

#endif
