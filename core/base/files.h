/* Paths, folders, and files that are there whole or not at all. */
#ifndef CORE_BASE_FILES_H
#define CORE_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/error.h"

#define FILES_PATH 4096 /* bytes of the longest path, NUL included */

/* "FOLDER/NAME". ERROR_USAGE where that is too long. */
MUST_CHECK bool files_join(char *path, size_t size, const char *folder, const char *name,
                           Error *err);

/* The folder of a file's path: "." where it has none. */
void files_folder_of(char *folder, size_t size, const char *path);

/* Makes the folder, and those above it. */
MUST_CHECK bool files_make_folder(const char *path, Error *err);

bool files_has(const char *folder, const char *name);

/* A folder that can be read and has nothing in it. */
bool files_is_empty(const char *folder);

/* Whether `name` is there and not older than `than`. */
bool files_has_newer(const char *folder, const char *name, const char *than);

/* Opens a file for reading; a pipe or a device is refused, not waited for. NULL with an error; the
 * caller closes it. */
FILE *files_open(const char *path, Error *err);

/* All bytes to a descriptor, in as many calls as it takes; false with errno. */
MUST_CHECK bool files_write_all(int fd, const void *bytes, size_t length);
MUST_CHECK bool files_pwrite_all(int fd, const void *bytes, size_t length, int64_t offset);

/* Reads from `offset` on until all is there; *got is less only at the end of the file. False with
 * errno. */
MUST_CHECK bool files_pread(int fd, void *bytes, size_t length, int64_t offset, size_t *got);

/* Makes what was created, renamed or removed in a folder safe from a power cut. */
MUST_CHECK bool files_sync_folder(const char *folder, Error *err);

/* The end of every file that must be whole or absent: what was written to `temporary` is made safe
 * (fsync) and renamed to `path`. `fd` is open on it and is closed, also on failure; then
 * `temporary` is removed. The folder is synced last: files_sync_folder(). */
MUST_CHECK bool files_replace(int fd, const char *temporary, const char *path, Error *err);

/* A file in the making: PATH.tmp.PID until it is committed. */
typedef struct AtomicFile {
    FILE *out; /* NULL once it has ended */
    char path[FILES_PATH], temporary[FILES_PATH + 32];
} AtomicFile;

/* `overwrite` false: a file of that name is ERROR_CONFLICT. */
MUST_CHECK bool files_begin(AtomicFile *file, const char *path, bool overwrite, Error *err);

/* Ends it. False where anything went wrong since it began; then nothing is left behind, and what
 * was there before still is. */
MUST_CHECK bool files_commit(AtomicFile *file, Error *err);

/* Ends it without a trace; legal on one that has ended. */
void files_drop(AtomicFile *file);

/* All three in one. */
MUST_CHECK bool files_write(const char *path, const char *text, size_t length, Error *err);

#endif
