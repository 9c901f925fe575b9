/* Wording of failures. Nothing here allocates, so that running out of memory can still be
 * reported. */
#include "core/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void vset(Error *err, ErrorKind kind, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static void vset(Error *err, ErrorKind kind, const char *format, va_list arguments) {
    err->kind = kind;
    if (vsnprintf(err->text, sizeof err->text, format, arguments) < 0) {
        snprintf(err->text, sizeof err->text, "%s", format);
    }
}

bool error_set(Error *err, ErrorKind kind, const char *format, ...) {
    if (!err || err->kind != ERROR_NONE) return false;
    va_list arguments;
    va_start(arguments, format);
    vset(err, kind, format, arguments);
    va_end(arguments);
    return false;
}

bool error_errno(Error *err, const char *format, ...) {
    const int number = errno; /* before anything below can change it */
    if (!err || err->kind != ERROR_NONE) return false;
    va_list arguments;
    va_start(arguments, format);
    vset(err, ERROR_RESOURCE, format, arguments);
    va_end(arguments);
    const size_t used = strlen(err->text);
    /* glibc's strerror is safe among threads: known numbers are constants */
    snprintf(err->text + used, sizeof err->text - used, ": %s", strerror(number));
    return false;
}

bool error_memory(Error *err, size_t bytes) {
    return error_set(err, ERROR_RESOURCE, "out of memory: %zu bytes were refused", bytes);
}
