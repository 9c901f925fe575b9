/* SHA-256 of a file, so that a result names the data it came from. By libmd. */
#ifndef RUNNER_TRAINING_SHA256_H
#define RUNNER_TRAINING_SHA256_H

#include <stdint.h>

#include "core/base/error.h"

/* hex: 64 characters and NUL; size: bytes of the file. */
MUST_CHECK bool sha256_file(char hex[65], int64_t *size, const char *path, Error *err);

#endif
