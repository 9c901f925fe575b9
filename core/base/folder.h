/* Folders by descriptor: what is done in an open one is done there, whatever becomes of its name,
 * and never through a link that lies in it. */
#ifndef CORE_BASE_FOLDER_H
#define CORE_BASE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

#define FOLDER_PATH 4096 /* bytes of the longest path, NUL included */

/* An open folder. FOLDER_NONE is none; a zeroed one is not. */
typedef struct Folder {
    int fd;                 /* owned; -1: none */
    char path[FOLDER_PATH]; /* as it is called; for messages, and for those who need a path */
} Folder;

#define FOLDER_NONE ((Folder){.fd = -1})

/* Opens a folder; `path` may lead through links, as whoever typed it wants. */
MUST_CHECK bool folder_open(Folder *folder, const char *path, Error *err);

/* The same; makes it, and those above it, where they are missing, safe from a power cut. */
MUST_CHECK bool folder_make(Folder *folder, const char *path, Error *err);

/* The folder `name` in another one, made where it is missing. A link of that name is
 * ERROR_CONFLICT. */
MUST_CHECK bool folder_make_in(Folder *folder, const Folder *above, const char *name, Error *err);

/* A second descriptor of an open one. */
MUST_CHECK bool folder_copy(Folder *copy, const Folder *folder, Error *err);

/* Closes it; legal on one that is closed. */
void folder_close(Folder *folder);

/* Whether there is anything of that name, be it a link that leads nowhere. */
bool folder_has(const Folder *folder, const char *name);

/* Calls `each` for every name but "." and "..", until it returns false. False where the folder
 * cannot be read or `each` said so. */
typedef bool (*FolderEach)(void *context, const Folder *folder, const char *name, Error *err);
MUST_CHECK bool folder_each(const Folder *folder, FolderEach each, void *context, Error *err);

bool folder_is_empty(const Folder *folder);

/* Opens a regular file in it with open()'s `flags`; a link, a pipe or a device is refused, not
 * followed and not waited for: ERROR_CONFLICT. -1 with an error. */
int folder_open_file(const Folder *folder, const char *name, int flags, Error *err);

/* Removes a file; one that is not there is no error. */
bool folder_remove(const Folder *folder, const char *name, Error *err);

/* Makes what was created, renamed or removed in it safe from a power cut. Where the file system
 * offers no such thing (some on networks) it is no error; folder_can_sync() tells. */
MUST_CHECK bool folder_sync(const Folder *folder, Error *err);
MUST_CHECK bool folder_can_sync(const Folder *folder, bool *can, Error *err);

/* What became of an open folder. */
typedef enum FolderFate {
    FOLDER_THERE,   /* its path still names it */
    FOLDER_RENAMED, /* it has another name, which is in folder->path now */
    FOLDER_REMOVED  /* it has none any more, or none that can be found */
} FolderFate;
FolderFate folder_find(Folder *folder);

#endif
