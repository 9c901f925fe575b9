/* The results folder: where it is, what stands in it, and its run.log. */
#ifndef CORE_BASE_FILES_H
#define CORE_BASE_FILES_H

#include "core/base/error.h"

#include <stddef.h>

/* Makes it, and the folders above it. */
MUST_CHECK bool folder_make(const char *path, Error *err);

bool folder_has(const char *folder, const char *name);

/* A folder that can be read and has nothing in it. */
bool folder_is_empty(const char *folder);

/* Whether `name` is there and not older than `than`. */
bool folder_has_newer(const char *folder, const char *name, const char *than);

/* "FOLDER/NAME" in text. ERROR_USAGE where that is too long. */
MUST_CHECK bool folder_join(char *text, size_t size, const char *folder, const char *name,
                            Error *err);

/* Writes a whole small file by way of a temporary name, so that it is there whole or not at all. */
MUST_CHECK bool folder_write(const char *folder, const char *name, const char *text, size_t length,
                             Error *err);

/* Appends to run.log; each call one write. Trouble with the log is never a reason to stop: it is
 * passed over. */
void folder_log(const char *folder, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Removes results.h5 and every journal: --force. Only under the lock. */
MUST_CHECK bool folder_clear(const char *folder, Error *err);

#endif
