/* Fuzz target: any bytes as a journal. Built with -fsanitize=fuzzer, or with a main() that feeds
 * files. Opens it to write and to read; whatever is accepted must read back, decode, and survive
 * being appended to. */
#include "runner/journal/journal.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All that is indexed must be readable. */
static int64_t read_all(const Journal *journal) {
    JournalBuffer buffer = {0};
    int64_t results = 0;
    for (int64_t i = 0; i < journal->index.entries; i++) {
        const JournalEntry *entry = &journal->index.entry[i];
        Error err = {0};
        TrialResult result;
        JournalState state;
        if (journal_index_has_result(entry)) {
            if (!journal_read(&journal->file, entry, &buffer, &result, &err) ||
                result.id != entry->id)
                abort();
            results++;
        }
        if (entry->state_offset &&
            !journal_read_state(&journal->file, entry, &buffer, &state, &err))
            abort();
    }
    if (results != journal->index.results) abort();
    journal_buffer_free(&buffer);
    return results;
}

static bool open_at(Journal *journal, const char *path, const char *arithmetic, uint32_t numerics,
                    Error *err) {
    Folder folder;
    if (!folder_open(&folder, "/tmp", err)) abort();
    const bool opened =
        journal_open(journal, &folder, strrchr(path, '/') + 1, arithmetic, numerics, err);
    folder_close(&folder);
    return opened;
}

static bool read_at(Journal *journal, const char *path, Error *err) {
    Folder folder;
    if (!folder_open(&folder, "/tmp", err)) abort();
    const bool opened =
        journal_open_readonly(journal, &folder, strrchr(path, '/') + 1, NULL, 0, err);
    folder_close(&folder);
    return opened;
}

/* Bytes alone would rarely have a good CRC, so where the input begins with 'r' it is a list of
 * payloads, and proper records are made of them. */
static void spill(const char *path, const uint8_t *data, size_t size) {
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) abort();
    if (size == 0 || data[0] != 'r') {
        if (write(fd, data, size) != (ssize_t)size) abort();
        close(fd);
        return;
    }
    close(fd);
    Error err = {0};
    Journal journal;
    if (unlink(path) || !open_at(&journal, path, "fma", 1, &err)) abort();
    for (size_t at = 1; at + 2 < size;) {
        const size_t length = data[at + 1] < size - at - 2 ? data[at + 1] : size - at - 2;
        TrialResult result = {.id = data[at] % 8, .status = (TrialStatus)(data[at] % 3)};
        memcpy(result.message, data + at + 2, length < 159 ? length : 159);
        const bool state = data[at] & 128;
        err = (Error){0};
        if (state ? !journal_append_state(&journal, result.id,
                                          (JournalState){1, data + at + 2, length}, &err)
                  : !journal_append(&journal, &result, &err))
            if (err.kind != ERROR_CONFLICT) abort();
        at += 2 + length;
    }
    /* the last bytes flip one of the journal's */
    const int64_t flip =
        (int64_t)(((size_t)data[size - 1] << 8 | data[size / 2]) % (size_t)journal.end);
    uint8_t byte;
    if (pread(journal.file.fd, &byte, 1, flip) != 1) abort();
    byte ^= (uint8_t)(1U << data[size / 3] % 8);
    if (pwrite(journal.file.fd, &byte, 1, flip) != 1) abort();
    journal_close(&journal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/fuzz_journal.%ld", (long)getpid());
    spill(path, data, size);
    Error err = {0};
    Journal journal;
    int64_t readable = -1;
    if (read_at(&journal, path, &err)) {
        readable = read_all(&journal);
        journal_close(&journal);
    }
    err = (Error){0};
    if (open_at(&journal, path, "fma", 1, &err)) {
        /* a journal in which nothing was ever written takes its file along when it is closed */
        if (journal.created) readable = 0;
        if (read_all(&journal) != readable) abort();
        const TrialResult extra = {.id = 1U << 20, .status = TRIAL_FAILED, .message = "extra"};
        const bool had = journal_index_has_result(journal_find(&journal, extra.id));
        if (journal_append(&journal, &extra, &err)) {
            journal_close(&journal);
            if (!open_at(&journal, path, "fma", 1, &err)) abort();
            if (read_all(&journal) != readable + !had) abort();
        }
        journal_close(&journal);
    } else if (err.kind != ERROR_CONFLICT)
        abort();
    if (unlink(path)) abort();
    return 0;
}
