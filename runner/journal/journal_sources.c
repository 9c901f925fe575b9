#include "runner/journal/journal_sources.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int32_t journal_sources_slots(void) {
    enum { LARGEST = 4096, FOR_OTHERS = 64, LEAST = 8 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= LARGEST + FOR_OTHERS) return LARGEST;
    return limit.rlim_cur > FOR_OTHERS + LEAST ? (int32_t)limit.rlim_cur - FOR_OTHERS : LEAST;
}

bool journal_sources_open(JournalSources *sources, const Folder *folder, int32_t slots,
                          Error *err) {
    *sources = (JournalSources){
        .folder = FOLDER_NONE, .slots = slots, .file = {.fd = -1, .folder = FOLDER_NONE}};
    sources->slot = malloc((size_t)slots * sizeof *sources->slot);
    if (!sources->slot) return error_memory(err, (size_t)slots * sizeof *sources->slot);
    for (int32_t i = 0; i < slots; i++) sources->slot[i] = -1;
    if (folder_copy(&sources->folder, folder, err)) return true;
    journal_sources_close(sources);
    return false;
}

void journal_sources_close(JournalSources *sources) {
    if (!sources->slot) return; /* zeroed, or closed before */
    for (int32_t i = 0; i < sources->count; i++) {
        if (sources->source[i].fd >= 0) close(sources->source[i].fd);
        free(sources->source[i].path);
    }
    free(sources->source);
    free(sources->slot);
    folder_close(&sources->folder);
    *sources = (JournalSources){.folder = FOLDER_NONE, .file = {.fd = -1, .folder = FOLDER_NONE}};
}

/* Opens it; what was in its slot is closed. */
static bool open_source(JournalSources *sources, int32_t k, int64_t *size, Error *err) {
    JournalSource *source = &sources->source[k];
    int32_t *slot = &sources->slot[k % sources->slots];
    struct stat status;
    if (*slot >= 0) {
        close(sources->source[*slot].fd);
        sources->source[*slot].fd = -1;
        *slot = -1;
    }
    source->fd = folder_open_file(&sources->folder, source->name, O_RDONLY, err);
    if (source->fd < 0) return false;
    *slot = k;
    if (fstat(source->fd, &status)) return error_errno(err, "%s", source->path);
    const uint64_t device = (uint64_t)status.st_dev, inode = (uint64_t)status.st_ino;
    if (source->inode && (device != source->device || inode != source->inode)) {
        return error_set(err, ERROR_RESOURCE, "%s: another file has its name now", source->path);
    }
    source->device = device;
    source->inode = inode;
    *size = status.st_size;
    return true;
}

static bool grow(JournalSources *sources, Error *err) {
    if (sources->count < sources->capacity) return true;
    const int32_t capacity = sources->capacity ? 2 * sources->capacity : 16;
    JournalSource *larger = realloc(sources->source, (size_t)capacity * sizeof *larger);
    if (!larger) return error_memory(err, (size_t)capacity * sizeof *larger);
    sources->source = larger;
    sources->capacity = capacity;
    return true;
}

bool journal_sources_add(JournalSources *sources, const char *name, int64_t *size, bool *gone,
                         Error *err) {
    Error trouble = {0};
    *gone = false;
    if (!grow(sources, err)) return false;
    JournalSource *source = &sources->source[sources->count];
    *source = (JournalSource){.fd = -1};
    if (asprintf(&source->path, "%s/%s", sources->folder.path, name) < 0) {
        return error_memory(err, strlen(name));
    }
    source->name = source->path + strlen(sources->folder.path) + 1;
    if (open_source(sources, sources->count, size, &trouble)) {
        sources->count++;
        return true;
    }
    if (source->fd >= 0) {
        close(source->fd);
        sources->slot[sources->count % sources->slots] = -1;
    }
    free(source->path);
    *gone = !folder_has(&sources->folder, name);
    return *gone || error_set(err, trouble.kind, "%s", trouble.text);
}

const JournalFile *journal_sources_file(JournalSources *sources, int32_t k, Error *err) {
    JournalSource *source = &sources->source[k];
    int64_t size;
    if (source->fd < 0 && !open_source(sources, k, &size, err)) return NULL;
    sources->file.path = source->path;
    sources->file.name = source->name;
    sources->file.fd = source->fd;
    sources->file.device = source->device;
    sources->file.inode = source->inode;
    return &sources->file;
}

bool journal_sources_is_named(const JournalSources *sources, int32_t k) {
    const JournalSource *source = &sources->source[k];
    struct stat status;
    return fstatat(sources->folder.fd, source->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           (uint64_t)status.st_dev == source->device && (uint64_t)status.st_ino == source->inode;
}
