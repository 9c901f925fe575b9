/* key=value on the command line. */
#ifndef RUNNER_EXPERIMENT_SPEC_OVERRIDE_H
#define RUNNER_EXPERIMENT_SPEC_OVERRIDE_H

#include "runner/experiment/spec_value.h"

/* Edits the tree before it is read. */
MUST_CHECK bool spec_override_apply(SpecParser *p, const char *const *overrides, int32_t count);

#endif
