/* --filter KEY=VALUE: which trials are meant. Values of one key are alternatives; different keys
 * must all hold.
 *
 * KEY is a trial key, or seed, repeat, fold; of trials that have been trained also status and
 * verdict. */
#ifndef RUNNER_ANALYSIS_FILTER_H
#define RUNNER_ANALYSIS_FILTER_H

#include "core/base/error.h"
#include "core/model/verdict.h"
#include "runner/experiment/keys.h"
#include "runner/journal/trial_result.h"

typedef struct FilterTerm {
    int32_t field;  /* a KeyId, or one of the fields behind the keys */
    char text[256]; /* canonical */
} FilterTerm;

typedef struct Filter {
    FilterTerm *term;
    int32_t terms;
} Filter;

/* `trained`: status and verdict are allowed. ERROR_USAGE lists what is allowed. */
MUST_CHECK bool filter_create(Filter *filter, const char *const *text, int32_t count, bool trained,
                              Error *err);
void filter_destroy(Filter *filter);

/* status and verdict matter only where the filter names them. */
bool filter_matches(const Filter *filter, const Setting *setting, TrialStatus status,
                    Verdict verdict);

#endif
