/* Paths, reading, and the one way in which this program writes a file: whole or not at all, and
 * never through a link. */
#ifndef CORE_BASE_FILES_H
#define CORE_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/base/folder.h"

#define FILES_PATH FOLDER_PATH /* bytes of the longest path, NUL included */

/* "FOLDER/NAME". ERROR_USAGE where that is too long. */
MUST_CHECK bool files_join(char *path, size_t size, const char *folder, const char *name,
                           Error *err);

/* The folder of a file's path: "." where it has none. */
void files_folder_of(char *folder, size_t size, const char *path);

/* Whether the folder of that path has anything of that name. */
bool files_has(const char *folder, const char *name);

/* Opens a file for reading; a pipe or a device is refused, not waited for. NULL with an error; the
 * caller closes it. */
FILE *files_open(const char *path, Error *err);

/* All bytes to a descriptor, in as many calls as it takes; false with errno. */
MUST_CHECK bool files_write_all(int fd, const void *bytes, size_t length);
MUST_CHECK bool files_pwrite_all(int fd, const void *bytes, size_t length, int64_t offset);

/* Reads from `offset` on until all is there; *got is less only at the end of the file. False with
 * errno. */
MUST_CHECK bool files_pread(int fd, void *bytes, size_t length, int64_t offset, size_t *got);

/* A file in the making: NAME.tmp.NUMBER until it is committed. It is a new file in its folder; what
 * had its name before, a file or a link, is replaced and never written through. */
typedef struct AtomicFile {
    FILE *out;     /* NULL once it has ended */
    Folder folder; /* that it is in */
    char name[256], temporary[256];
} AtomicFile;

/* A file by its path, and one of an open folder. `overwrite` false: where anything has that name,
 * ERROR_CONFLICT. */
MUST_CHECK bool files_begin(AtomicFile *file, const char *path, bool overwrite, Error *err);
MUST_CHECK bool files_begin_in(AtomicFile *file, const Folder *folder, const char *name,
                               bool overwrite, Error *err);

/* Ends it: on disk (fsync), under its name, and the name on disk as well. False where anything went
 * wrong since it began; then nothing is left behind, and what was there before still is. */
MUST_CHECK bool files_commit(AtomicFile *file, Error *err);

/* Ends it without a trace; legal on one that has ended, and on a zeroed one. */
void files_drop(AtomicFile *file);

/* All three in one. */
MUST_CHECK bool files_write_in(const Folder *folder, const char *name, const char *text,
                               size_t length, Error *err);

/* The end of every such file, also of one that something else has written to `temporary`: fsync,
 * rename, fsync of the folder. `fd` is open on it and is closed, also on failure; then `temporary`
 * is removed. */
MUST_CHECK bool files_replace(const Folder *folder, int fd, const char *temporary, const char *name,
                              Error *err);

/* A new temporary name for a file (processes on several machines, or in containers, may have the
 * same number), and whether `temporary` is anybody's of `name`. */
void files_temporary(char *temporary, size_t size, const char *name);
bool files_is_temporary(const char *temporary, const char *name);

/* Whether a lock failed with this errno because the file system has none, as some of clusters. */
bool files_has_no_locks(int number);

#endif
