/* Errors as values: what went wrong, where, and what to do about it.
 *
 * A run-time failure (file, YAML, disk, memory) is `bool` plus an `Error *err`, always the last
 * argument. The first message wins: the function that finds the trouble words it, callers only
 * pass it on. A programmer's error (a shape mismatch, NULL where none may be) is an assert, not an
 * Error. */
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/* What kind of trouble; main.c turns it into the exit code beside it. */
typedef enum ErrorKind {
    ERROR_NONE = 0,
    ERROR_FAILED = 1,   /* a trial failed, a comparison found a difference */
    ERROR_USAGE = 2,    /* the command line or the experiment is wrong */
    ERROR_CONFLICT = 3, /* output exists, does not match, or is in use by another runner */
    ERROR_RESOURCE = 4  /* data file, disk, memory, HDF5 or gnuplot trouble */
} ErrorKind;

typedef struct Error {
    ErrorKind kind;
    char text[2048];
} Error;

#define MUST_CHECK __attribute__((warn_unused_result))

/* Records the first failure and always returns false, so `return error_set(err, ...)` reads well.
 * err may be NULL. */
bool error_set(Error *err, ErrorKind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with ": strerror(errno)" after the text, kind ERROR_RESOURCE. */
bool error_errno(Error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The message for a failed allocation of `bytes`. */
bool error_memory(Error *err, size_t bytes);

/* Inside a function with a `fail:` label: leave through it when the call fails. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        if (!(call)) goto fail;                                                                    \
    } while (0)

#endif
