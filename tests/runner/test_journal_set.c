/* Several journals of a folder as one. */
#include "tests/runner/fake_journal.h"

#include "core/trainer.h"
#include "runner/journal/journal_set.h"
#include "runner/journal/provenance.h"

/* A journal of this program with trials first.. and, failed, the one behind them. */
static void write_shard(const FakeFolder *folder, const char *name, uint64_t first, int count) {
    Error err = {0};
    Journal journal;
    char *path = fake_path(folder->path, name);
    assert_ok(fake_open(&journal, path, trainer_arithmetic(), PROVENANCE_NUMERICS, &err), &err);
    for (int i = 0; i < count; i++) {
        double memory[FAKE_RECORD_WORDS];
        TrialResult result;
        fake_record(&result, memory, first + (uint64_t)i);
        assert_ok(journal_append(&journal, &result, &err), &err);
    }
    const TrialResult failed = {
        .id = first + (uint64_t)count, .status = TRIAL_FAILED, .message = "no memory"};
    assert_ok(journal_append(&journal, &failed, &err), &err);
    journal_close(&journal);
    free(path);
}

static void all_journals_are_read_as_one(void **state) {
    const FakeFolder *folder = *state;
    static const uint64_t id[] = {1, 2, 3, 4, 5, 6, 99};
    Error err = {0};
    JournalSet set;
    write_shard(folder, "journal.1-of-2", 1, 3); /* 4 failed here */
    write_shard(folder, "journal.2-of-2", 4, 2); /* but not here; 6 failed in both meanings */
    assert_ok(journal_set_open(&set, &folder->open, &err), &err);
    assert_int_equal(set.count, 2);
    JournalSetReader reader = {.set = &set, .id = id};
    for (int64_t trial = 0; trial < 7; trial++) {
        double memory[FAKE_RECORD_WORDS];
        TrialResult read, made;
        bool found;
        assert_ok(journal_set_read(&reader, trial, &read, &found, &err), &err);
        assert_int_equal(found, id[trial] <= 6);
        if (!found) continue;
        assert_int_equal(read.id, id[trial]);
        assert_int_equal(read.status, id[trial] == 6 ? TRIAL_FAILED : TRIAL_DONE);
        fake_record(&made, memory, id[trial]);
        assert_true(id[trial] == 6 || fake_same(&read, &made));
    }
    journal_buffer_free(&reader.buffer);
    journal_set_close(&set);
    journal_set_close(&set); /* legal */
    assert_int_equal(journal_set_results(folder->path), 7);
}

static void the_own_journal_comes_first_and_is_written(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    JournalSet set;
    write_shard(folder, "journal.1-of-2", 1, 3);
    write_shard(folder, "journal.2-of-2", 4, 2);
    char *own = fake_path(folder->path, "journal.2-of-2");
    assert_ok(journal_set_open_writer(&set, &folder->open, "journal.2-of-2", &err), &err);
    assert_int_equal(set.count, 2); /* not a second time among the others */
    assert_string_equal(set.journal[0].file.path, own);
    const TrialResult result = {.id = 50, .status = TRIAL_FAILED, .message = "no memory"};
    assert_ok(journal_append(&set.journal[0], &result, &err), &err);
    journal_set_close(&set);
    free(own);
    assert_ok(journal_set_open_writer(&set, &folder->open, "journal", &err), &err);
    assert_int_equal(set.count, 3); /* a new one beside the two */
    assert_int_equal(set.journal[0].index.results, 0);
    const Journal *in;
    assert_non_null(journal_set_entry(&set, 50, &in));
    journal_set_close(&set);
    assert_int_equal(access(folder->journal, F_OK), -1);
}

static void no_journal_is_no_result_and_other_arithmetic_is_only_read(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    JournalSet set;
    assert_int_equal(journal_set_results(folder->path), 0);
    assert_int_equal(journal_set_results("/no/such/folder"), 0);
    char *other = fake_path(folder->path, "journal.1-of-2");
    fake_write_records(other, 1, 3); /* numerics 1 */
    assert_int_equal(journal_set_results(folder->path), 3);
    assert_false(journal_set_open_writer(&set, &folder->open, "journal", &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, other));
    free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(all_journals_are_read_as_one),
        IN_FOLDER(the_own_journal_comes_first_and_is_written),
        IN_FOLDER(no_journal_is_no_result_and_other_arithmetic_is_only_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
