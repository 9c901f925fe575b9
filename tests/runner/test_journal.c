/* The journal: what was acknowledged is there after any kill, and a full disk is found in time. */
#include "tests/runner/fake_journal.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

enum { RECORDS = 60 };

static void results_come_back_after_reopening(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    fake_write_records(folder->journal, 1, RECORDS / 2);
    fake_write_records(folder->journal, 1 + RECORDS / 2, RECORDS / 2);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_int_equal(fake_check_records(&journal, RECORDS), RECORDS);
    assert_int_equal(journal.damaged, 0);
    assert_null(journal_find(&journal, 9999));
    journal_close(&journal);
    journal_close(&journal); /* legal */
}

static void a_trial_may_not_have_two_different_results(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    double memory[FAKE_RECORD_WORDS];
    TrialResult result;
    size_t size, after;
    fake_write_records(folder->journal, 1, 3);
    free(fake_slurp(folder->journal, &size));
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    fake_record(&result, memory, 2);
    assert_ok(journal_append(&journal, &result, &err), &err); /* the same bytes: nothing to do */
    result.trained.final[0] += 1;
    assert_false(journal_append(&journal, &result, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, "0000000000000002"));
    journal_close(&journal);
    free(fake_slurp(folder->journal, &after));
    assert_int_equal(after, size);
}

static void a_failed_result_is_replaced_by_a_later_one(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    JournalBuffer buffer = {0};
    double memory[FAKE_RECORD_WORDS];
    TrialResult result = {.id = 7, .status = TRIAL_FAILED, .message = "no memory"}, read;
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_ok(journal_append(&journal, &result, &err), &err);
    assert_ok(journal_append_state(&journal, 7, (JournalState){1, "again", 5}, &err), &err);
    assert_int_equal(journal_find(&journal, 7)->state_length, 8 + 5);
    fake_record(&result, memory, 7);
    assert_ok(journal_append(&journal, &result, &err), &err);
    assert_int_equal(journal.index.results, 1);
    journal_close(&journal);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    const JournalEntry *entry = journal_find(&journal, 7);
    assert_int_equal(entry->status, TRIAL_DONE);
    assert_int_equal(entry->data_digest, result.data_digest);
    assert_int_equal(entry->state_offset, 0);
    assert_ok(journal_read(&journal.file, entry, &buffer, &read, &err), &err);
    assert_true(fake_same(&read, &result));
    journal_close(&journal);
    journal_buffer_free(&buffer);
}

static void the_last_checkpoint_counts_until_the_result_is_there(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    JournalBuffer buffer = {0};
    JournalState read;
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_ok(journal_append_state(&journal, 5, (JournalState){1, "first", 5}, &err), &err);
    assert_ok(journal_append_state(&journal, 5, (JournalState){1, "second", 6}, &err), &err);
    journal_close(&journal);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    const JournalEntry *entry = journal_find(&journal, 5);
    assert_false(journal_index_has_result(entry));
    assert_ok(journal_read_state(&journal.file, entry, &buffer, &read, &err), &err);
    assert_int_equal(read.size, 6);
    assert_int_equal(read.data_digest, 1);
    assert_memory_equal(read.bytes, "second", 6);
    assert_int_equal((uintptr_t)read.bytes % 8, 0);
    double memory[FAKE_RECORD_WORDS];
    TrialResult result;
    fake_record(&result, memory, 5);
    assert_ok(journal_append(&journal, &result, &err), &err);
    assert_ok(journal_append_state(&journal, 5, (JournalState){1, "late", 4}, &err),
              &err); /* is not kept */
    assert_int_equal(journal_find(&journal, 5)->state_offset, 0);
    const int64_t end = journal.end;
    journal_close(&journal);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_int_equal(journal.end, end);
    assert_int_equal(journal_find(&journal, 5)->state_offset, 0);
    assert_int_equal(journal.index.results, 1);
    journal_close(&journal);
    journal_buffer_free(&buffer);
}

static void a_reader_may_look_at_a_running_journal(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal, reader;
    double memory[FAKE_RECORD_WORDS];
    TrialResult result;
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_ok(journal_reserve(&journal, 100000, &err), &err);
    for (uint64_t id = 1; id <= 5; id++) {
        fake_record(&result, memory, id);
        assert_ok(journal_append(&journal, &result, &err), &err);
        assert_ok(fake_open_readonly(&reader, folder->journal, NULL, 0, &err), &err);
        assert_int_equal(fake_check_records(&reader, 5), id);
        journal_close(&reader);
    }
    journal_close(&journal);
}

static void a_journal_made_for_nothing_goes_again(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_int_equal(access(folder->journal, F_OK), 0);
    journal_close(&journal);
    assert_int_equal(access(folder->journal, F_OK), -1);
}

static void a_second_writer_is_refused(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal one, two;
    assert_ok(fake_open(&one, folder->journal, "fma", 1, &err), &err);
    assert_false(fake_open(&two, folder->journal, "fma", 1, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    journal_close(&one);
}

static void a_full_disk_is_an_error_that_leaves_the_journal_whole(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    double memory[FAKE_RECORD_WORDS];
    TrialResult result;
    struct rlimit limit, old;
    signal(SIGXFSZ, SIG_IGN);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    fake_record(&result, memory, 1);
    assert_ok(journal_append(&journal, &result, &err), &err);
    const int64_t end = journal.end;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = old;
    limit.rlim_cur = (rlim_t)end + 100; /* the next record fits in part */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    fake_record(&result, memory, 2);
    assert_false(journal_append(&journal, &result, &err));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(err.kind, ERROR_RESOURCE);
    assert_non_null(strstr(err.text, folder->journal));
    assert_non_null(strstr(err.text, "1 trials are safe"));
    assert_int_equal(journal.end, end);
    assert_null(journal_find(&journal, 2));
    struct stat status;
    assert_int_equal(stat(folder->journal, &status), 0);
    assert_int_equal(status.st_size, end);
    err = (Error){0};
    assert_ok(journal_append(&journal, &result, &err), &err); /* there is room again */
    assert_int_equal(fake_check_records(&journal, 2), 2);
    journal_close(&journal);
}

static void too_small_a_disk_is_found_before_training(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    struct stat before, after;
    fake_write_records(folder->journal, 1, 2);
    assert_int_equal(stat(folder->journal, &before), 0);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    const int64_t absurd = INT64_C(1) << 43; /* 8 TiB: ext4 takes 16 in a file, the disk has less */
    if (!journal_reserve(&journal, absurd, &err)) {
        assert_int_equal(err.kind, ERROR_RESOURCE);
        assert_non_null(strstr(err.text, "8796093022208 bytes"));
    }
    err = (Error){0};
    assert_ok(journal_reserve(&journal, 1 << 20, &err), &err);
    journal_close(&journal);
    assert_int_equal(stat(folder->journal, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    assert_int_equal(after.st_blocks, before.st_blocks); /* what was reserved is given back */
}

static void results_are_synced_within_a_second_and_not_each(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    double memory[FAKE_RECORD_WORDS];
    TrialResult result;
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    fake_record(&result, memory, 1);
    assert_ok(journal_append(&journal, &result, &err), &err);
    assert_true(journal.unsynced);
    assert_ok(journal_sync(&journal, false, &err), &err);
    assert_true(journal.unsynced);
    journal.synced.tv_sec -= 2; /* as if two seconds had passed */
    fake_record(&result, memory, 2);
    assert_ok(journal_append(&journal, &result, &err), &err);
    assert_false(journal.unsynced);
    journal_close(&journal);
}

static void old_checkpoints_do_not_fill_the_disk(void **state) {
    enum { BYTES = 1 << 20, TIMES = 40 };
    Error err = {0};
    const FakeFolder *folder = *state;
    unsigned char *bytes = malloc(BYTES);
    assert_non_null(bytes);
    fake_write_records(folder->journal, 1, 3);
    Journal journal;
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    for (int i = 0; i < TIMES; i++) {
        memset(bytes, 'a' + i % 26, BYTES);
        assert_ok(journal_append_state(&journal, 9, (JournalState){1, bytes, BYTES}, &err), &err);
    }
    struct stat status;
    assert_int_equal(fstat(journal.file.fd, &status), 0);
    if (status.st_blocks * 512 > 4 * BYTES) {
        /* only a file system that gives nothing back is excused */
        assert_true(fallocate(journal.file.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, BYTES,
                              4096) != 0);
    }
    journal_close(&journal);
    fake_write_records(folder->journal, 4, 2);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_int_equal(journal.index.results, 5);
    JournalBuffer buffer = {0};
    JournalState read;
    assert_ok(journal_read_state(&journal.file, journal_find(&journal, 9), &buffer, &read, &err),
              &err);
    assert_int_equal(read.size, BYTES);
    assert_memory_equal(read.bytes, bytes, BYTES);
    journal_buffer_free(&buffer);
    journal_close(&journal);
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(results_come_back_after_reopening),
        IN_FOLDER(a_trial_may_not_have_two_different_results),
        IN_FOLDER(a_failed_result_is_replaced_by_a_later_one),
        IN_FOLDER(the_last_checkpoint_counts_until_the_result_is_there),
        IN_FOLDER(old_checkpoints_do_not_fill_the_disk),
        IN_FOLDER(a_reader_may_look_at_a_running_journal),
        IN_FOLDER(a_journal_made_for_nothing_goes_again),
        IN_FOLDER(a_second_writer_is_refused),
        IN_FOLDER(a_full_disk_is_an_error_that_leaves_the_journal_whole),
        IN_FOLDER(too_small_a_disk_is_found_before_training),
        IN_FOLDER(results_are_synced_within_a_second_and_not_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
