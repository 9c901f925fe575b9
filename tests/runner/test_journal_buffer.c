/* Reading records: each is what was written, in whatever order and from whatever journal. */
#include "tests/runner/fake_journal.h"

static void a_record_damaged_after_the_scan_is_found_on_reading(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    JournalBuffer buffer = {0};
    TrialResult read;
    size_t size;
    fake_write_records(folder->journal, 1, 2);
    assert_ok(fake_open_readonly(&journal, folder->journal, "fma", 1, &err), &err);
    unsigned char *whole = fake_slurp(folder->journal, &size);
    whole[size - 5] ^= 4;
    fake_spill(folder->journal, whole, size);
    assert_ok(journal_read(&journal.file, journal_find(&journal, 1), &buffer, &read, &err), &err);
    assert_false(journal_read(&journal.file, journal_find(&journal, 2), &buffer, &read, &err));
    assert_int_equal(err.kind, ERROR_RESOURCE);
    journal_close(&journal);
    journal_buffer_free(&buffer);
    free(whole);
}

static void check_one(const Journal *journal, JournalBuffer *buffer, uint64_t id) {
    Error err = {0};
    double memory[FAKE_RECORD_WORDS];
    TrialResult made, read;
    fake_record(&made, memory, id);
    assert_ok(journal_read(&journal->file, journal_find(journal, id), buffer, &read, &err), &err);
    assert_true(fake_same(&made, &read));
}

/* Records in a row are read ahead by the block: whatever the order, the journal or what was
 * appended meanwhile, each is what was written. */
static void records_are_the_same_in_any_order_of_reading(void **state) {
    const FakeFolder *folder = *state;
    enum { MANY = 1500, MORE = 40 };
    Error err = {0};
    Journal journal, other;
    JournalBuffer buffer = {0};
    char *path = fake_path(folder->path, "other");
    fake_write_records(folder->journal, 1, MANY);
    fake_write_records(path, 1 + MANY, MANY);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_ok(fake_open_readonly(&other, path, "fma", 1, &err), &err);
    assert_true(journal.end > 3 * 65536); /* several blocks */
    for (uint64_t id = 1; id <= MANY; id++) check_one(&journal, &buffer, id);
    for (uint64_t id = MANY; id > 0; id--) check_one(&journal, &buffer, id);
    for (uint64_t i = 0; i < MANY; i++) check_one(&journal, &buffer, 1 + fake_mix(i) % MANY);
    for (uint64_t id = 1; id <= MANY; id++) {
        check_one(&journal, &buffer, id);
        check_one(&other, &buffer, MANY + id);
        if (id % 3 == 0) check_one(&other, &buffer, MANY + 1 + id % 7);
    }
    /* the block read last ends where the file ended then */
    for (uint64_t id = MANY - 2; id <= MANY; id++) check_one(&journal, &buffer, id);
    for (uint64_t id = 2 * MANY + 1; id <= 2 * MANY + MORE; id++) {
        double memory[FAKE_RECORD_WORDS];
        TrialResult result;
        fake_record(&result, memory, id);
        assert_ok(journal_append(&journal, &result, &err), &err);
        check_one(&journal, &buffer, id);
    }
    journal_close(&journal);
    journal_close(&other);
    assert_int_equal(unlink(path), 0);
    free(path);
    journal_buffer_free(&buffer);
}

/* Two runs of one experiment have journals alike in everything but their values; one is opened
 * where the other was. */
static void a_buffer_tells_journals_apart(void **state) {
    const FakeFolder *folder = *state;
    enum { COUNT = 20 };
    Error err = {0};
    Journal journal;
    JournalBuffer buffer = {0};
    char *path[2] = {folder->journal, fake_path(folder->path, "other")};
    for (int file = 0; file < 2; file++) {
        assert_ok(fake_open(&journal, path[file], "fma", 1, &err), &err);
        for (uint64_t id = 1; id <= COUNT; id++) {
            double memory[FAKE_RECORD_WORDS];
            TrialResult result;
            fake_record(&result, memory, id);
            result.data_digest = (uint64_t)file;
            assert_ok(journal_append(&journal, &result, &err), &err);
        }
        journal_close(&journal);
    }
    for (int i = 0; i < 4; i++) {
        assert_ok(fake_open(&journal, path[i % 2], "fma", 1, &err), &err);
        for (uint64_t id = 1; id <= COUNT; id++) {
            TrialResult read;
            assert_ok(journal_read(&journal.file, journal_find(&journal, id), &buffer, &read, &err),
                      &err);
            assert_int_equal(read.id, id);
            assert_int_equal(read.data_digest, i % 2);
        }
        journal_close(&journal);
    }
    assert_int_equal(unlink(path[1]), 0);
    free(path[1]);
    journal_buffer_free(&buffer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_record_damaged_after_the_scan_is_found_on_reading),
        IN_FOLDER(records_are_the_same_in_any_order_of_reading),
        IN_FOLDER(a_buffer_tells_journals_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
