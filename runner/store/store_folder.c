#include "runner/store/store_folder.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "runner/journal/journal_file.h"
#include "runner/journal/results_folder.h"
#include "runner/journal/run_log.h"
#include "runner/store/store.h"
#include "runner/store/trailer.h"

/* Whether a file of the folder begins with `begin`, or is too short to and begins as that does. */
static bool begins_with(const Folder *folder, const char *name, const char *begin,
                        bool may_be_cut) {
    char head[16] = "";
    size_t got = 0;
    const size_t length = strlen(begin);
    const int fd = folder_open_file(folder, name, O_RDONLY, NULL);
    if (fd < 0) return false;
    const bool read = files_pread(fd, head, length, 0, &got);
    close(fd);
    return read && (got == length || may_be_cut) && memcmp(head, begin, got) == 0;
}

static bool has_trailer(const Folder *folder) {
    const int fd = folder_open_file(folder, STORE_NAME, O_RDONLY, NULL);
    if (fd < 0) return false;
    const bool has = trailer_is_there(fd);
    close(fd);
    return has;
}

/* The creation of a journal may have been broken off before its header was complete. */
static bool is_our_journal(const Folder *folder, const char *name) {
    return begins_with(folder, name, JOURNAL_HEADER_MAGIC, true);
}

static bool is_ours(const Folder *folder, char *const *journal, int32_t journals) {
    bool ours = begins_with(folder, RUN_LOG_NAME, RUN_LOG_BEGIN, false) || has_trailer(folder);
    for (int32_t i = 0; i < journals; i++) ours = ours || is_our_journal(folder, journal[i]);
    return ours;
}

/* Whether a file of the folder has exactly this text. */
static bool has_text(const Folder *folder, const char *name, const char *text) {
    struct stat status;
    const size_t length = strlen(text);
    const int fd = folder_open_file(folder, name, O_RDONLY, NULL);
    if (fd < 0) return false;
    bool same = fstat(fd, &status) == 0 && status.st_size == (off_t)length;
    for (size_t at = 0; same && at < length;) {
        char piece[4096];
        size_t got;
        same = files_pread(fd, piece, sizeof piece, (int64_t)at, &got) && got > 0 &&
               got <= length - at && memcmp(piece, text + at, got) == 0;
        at += got;
    }
    close(fd);
    return same;
}

/* Whether the run that the log is of was given the folder's own experiment.yaml: then that is its
 * author's, and no copy. */
static bool is_authors_copy(const Folder *folder) {
    char given[FILES_PATH];
    struct stat own, named;
    run_log_value(given, sizeof given, folder->path, "experiment");
    return *given && stat(given, &named) == 0 &&
           fstatat(folder->fd, RUN_LOG_EXPERIMENT, &own, AT_SYMLINK_NOFOLLOW) == 0 &&
           own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

static bool refuse(const Folder *folder, const char *name, Error *err) {
    return error_set(err, ERROR_CONFLICT,
                     "%s/%s: no run made it, and this one would write over it; -o DIR writes "
                     "elsewhere",
                     folder->path, name);
}

bool store_folder_check(const Folder *folder, const char *experiment, Error *err) {
    static const char *const names[] = {STORE_NAME, RUN_LOG_NAME, RUN_LOG_EXPERIMENT};
    char **journal = NULL;
    int32_t journals = 0;
    if (!results_folder_journals(&journal, &journals, folder, err)) return false;
    const bool ours = is_ours(folder, journal, journals);
    bool ok = true;
    for (int32_t i = 0; ok && !ours && i < journals; i++) ok = refuse(folder, journal[i], err);
    for (size_t i = 0; ok && i < sizeof names / sizeof *names; i++) {
        if (!folder_has(folder, names[i])) continue;
        const bool is_experiment = strcmp(names[i], RUN_LOG_EXPERIMENT) == 0;
        /* an empty log is what a run leaves that ended as soon as it began */
        const bool kept = (is_experiment && has_text(folder, names[i], experiment)) ||
                          (strcmp(names[i], RUN_LOG_NAME) == 0 && has_text(folder, names[i], ""));
        if (!kept && (!ours || (is_experiment && is_authors_copy(folder))))
            ok = refuse(folder, names[i], err);
    }
    results_folder_journals_free(journal, journals);
    return ok;
}
