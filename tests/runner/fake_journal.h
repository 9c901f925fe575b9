/* Journals of made-up results, for the tests of the journal. */
#ifndef TESTS_RUNNER_FAKE_JOURNAL_H
#define TESTS_RUNNER_FAKE_JOURNAL_H

#include "tests/runner/fake_results.h"

#include "runner/journal/journal.h"

enum { FAKE_RECORD_POINTS = 3, FAKE_RECORD_NUMBERS = 5, FAKE_RECORD_WORDS = 64 };

static inline void fake_record(TrialResult *result, double *memory, uint64_t id) {
    static const int64_t epoch[FAKE_RECORD_POINTS] = {0, 10, 20};
    const MetricSet metrics = 1U << METRIC_TRAIN_LOSS | 1U << METRIC_TEST_LOSS;
    fake_result(result, memory, id, metrics, epoch, FAKE_RECORD_POINTS, FAKE_RECORD_NUMBERS);
}

static inline bool fake_same(const TrialResult *a, const TrialResult *b) {
    unsigned char x[1024], y[1024];
    const size_t length = trial_result_bytes(a);
    if (length > sizeof x || length != trial_result_bytes(b)) return false;
    trial_result_encode(a, x);
    trial_result_encode(b, y);
    return !memcmp(x, y, length);
}

/* Opens the journal of a path, to write or to read. */
static inline bool fake_open_as(Journal *journal, const char *path, bool writable,
                                const char *arithmetic, uint32_t numerics, Error *err) {
    char above[4096];
    Folder folder;
    snprintf(above, sizeof above, "%s", path);
    char *name = strrchr(above, '/');
    *name++ = '\0';
    if (!folder_open(&folder, above, err)) return false;
    const bool opened =
        writable ? journal_open(journal, &folder, name, arithmetic, numerics, err)
                 : journal_open_readonly(journal, &folder, name, arithmetic, numerics, err);
    folder_close(&folder);
    return opened;
}

static inline bool fake_open(Journal *journal, const char *path, const char *arithmetic,
                             uint32_t numerics, Error *err) {
    return fake_open_as(journal, path, true, arithmetic, numerics, err);
}

static inline bool fake_open_readonly(Journal *journal, const char *path, const char *arithmetic,
                                      uint32_t numerics, Error *err) {
    return fake_open_as(journal, path, false, arithmetic, numerics, err);
}

/* Appends results of trials first.. and closes. */
static inline void fake_write_records(const char *path, uint64_t first, int count) {
    Error err = {0};
    Journal journal;
    assert_ok(fake_open(&journal, path, "fma", 1, &err), &err);
    for (int i = 0; i < count; i++) {
        double memory[FAKE_RECORD_WORDS];
        TrialResult result;
        fake_record(&result, memory, first + (uint64_t)i);
        assert_ok(journal_append(&journal, &result, &err), &err);
    }
    assert_ok(journal_sync(&journal, true, &err), &err);
    journal_close(&journal);
}

/* How many of trials 1..count are there; each that is must be as it was written, and no other may
 * be. */
static inline int64_t fake_check_records(const Journal *journal, int count) {
    Error err = {0};
    JournalBuffer buffer = {0};
    int64_t there = 0;
    for (int64_t i = 0; i < journal->index.entries; i++) {
        const JournalEntry *entry = &journal->index.entry[i];
        double memory[FAKE_RECORD_WORDS];
        TrialResult made, read;
        assert_true(entry->id >= 1 && entry->id <= (uint64_t)count);
        fake_record(&made, memory, entry->id);
        assert_ok(journal_read(&journal->file, entry, &buffer, &read, &err), &err);
        assert_true(fake_same(&made, &read));
        there++;
    }
    assert_int_equal(there, journal->index.results);
    journal_buffer_free(&buffer);
    return there;
}

#endif
