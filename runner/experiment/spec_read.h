/* Reads an experiment and owns every rule of its language (experiments/README.md).
 *
 * `overrides` are the command line's "key=value" texts: a list or a range makes an axis, a single
 * value fixes the key and removes an axis of it. Errors are ERROR_USAGE, "file:line:column: key:
 * what (remedy)"; then there is nothing to destroy. */
#ifndef RUNNER_EXPERIMENT_SPEC_READ_H
#define RUNNER_EXPERIMENT_SPEC_READ_H

#include "runner/experiment/spec.h"

MUST_CHECK bool spec_read(Spec *spec, const char *path, const char *const *overrides,
                          int32_t override_count, Error *err);

/* The same from a text in memory; messages call it `path`. */
MUST_CHECK bool spec_read_text(Spec *spec, const char *path, const char *text, size_t length,
                               const char *const *overrides, int32_t override_count, Error *err);

#endif
