/* Several journals of a folder as one. */
#include "tests/runner/fake_journal.h"

#include "core/trainer.h"
#include "runner/journal/journal_set.h"
#include "runner/journal/provenance.h"

#include <sys/resource.h>

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
    assert_int_equal(set.sources->count, 2);
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
    assert_int_equal(journal_set_results(folder->path), 6);
}

/* The own one, `name`, and all others. */
static void open_all(JournalSet *set, const FakeFolder *folder, const char *name) {
    Error err = {0};
    assert_ok(journal_set_open_own(set, &folder->open, name, &err), &err);
    assert_ok(journal_set_read_others(set, &folder->open, &err), &err);
}

static void the_own_journal_is_written_and_not_read_twice(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    JournalSet set;
    write_shard(folder, "journal.1-of-2", 1, 3);
    write_shard(folder, "journal.2-of-2", 4, 2);
    char *own = fake_path(folder->path, "journal.2-of-2");
    open_all(&set, folder, "journal.2-of-2");
    assert_int_equal(set.sources->count, 1); /* not a second time among the others */
    assert_string_equal(set.own->file.path, own);
    assert_string_equal(journal_set_path(&set, journal_set_entry(&set, 5)), own);
    assert_non_null(strstr(journal_set_path(&set, journal_set_entry(&set, 1)), "journal.1-of-2"));
    const TrialResult result = {.id = 50, .status = TRIAL_FAILED, .message = "no memory"};
    assert_ok(journal_append(set.own, &result, &err), &err);
    journal_set_close(&set);
    free(own);
    open_all(&set, folder, "journal");
    assert_int_equal(set.sources->count, 2); /* a new one beside the two */
    assert_int_equal(set.own->index.results, 0);
    assert_non_null(journal_set_entry(&set, 50));
    journal_set_close(&set);
    assert_int_equal(access(folder->journal, F_OK), -1);
}

/* Others grow and go while they are read: what has gone was published, or had nothing in it. */
static void others_are_read_anew_and_may_have_gone(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    JournalSet set;
    JournalSources sources;
    int64_t size;
    bool gone;
    open_all(&set, folder, "journal.1-of-3");
    assert_null(journal_set_entry(&set, 1));
    write_shard(folder, "journal.2-of-3", 1, 2);
    assert_ok(journal_set_read_others(&set, &folder->open, &err), &err);
    assert_non_null(journal_set_entry(&set, 1));
    journal_set_close(&set);
    assert_ok(journal_sources_open(&sources, &folder->open, 4, &err), &err);
    assert_ok(journal_sources_add(&sources, "journal.3-of-3", &size, &gone, &err), &err);
    assert_true(gone);
    assert_int_equal(sources.count, 0);
    assert_ok(journal_sources_add(&sources, "journal.2-of-3", &size, &gone, &err), &err);
    assert_false(gone);
    assert_int_equal(sources.count, 1);
    journal_sources_close(&sources);
    journal_sources_close(&sources); /* legal */
}

/* A thousand shards, and a few descriptors. */
static void there_may_be_more_journals_than_descriptors(void **state) {
    const FakeFolder *folder = *state;
    enum { JOURNALS = 150, DESCRIPTORS = 80 };
    Error err = {0};
    uint64_t id[2 * JOURNALS];
    struct rlimit before, few;
    JournalSet set;
    for (int k = 0; k < JOURNALS; k++) {
        char name[64];
        snprintf(name, sizeof name, "journal.%d-of-%d", k + 1, JOURNALS);
        write_shard(folder, name, 2 * (uint64_t)k + 1, 2);
    }
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){DESCRIPTORS, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    open_all(&set, folder, "journal");
    JournalSetReader reader = {.set = &set, .id = id};
    for (uint64_t i = 0; i < 2 * JOURNALS; i++) id[i] = 1 + i * 7 % (2 * JOURNALS); /* to and fro */
    for (int64_t trial = 0; trial < 2 * JOURNALS; trial++) {
        double memory[FAKE_RECORD_WORDS];
        TrialResult read, made;
        bool found;
        assert_ok(journal_set_read(&reader, trial, &read, &found, &err), &err);
        assert_true(found);
        fake_record(&made, memory, id[trial]);
        assert_true(fake_same(&read, &made));
    }
    journal_buffer_free(&reader.buffer);
    assert_ok(journal_set_remove(&set, &err), &err);
    journal_set_close(&set);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(journal_set_results(folder->path), 0);
}

static void checkpoints_of_any_journal_are_found(void **state) {
    const FakeFolder *folder = *state;
    static const char bytes[] = "epoch 7";
    Error err = {0};
    Journal journal;
    JournalBuffer buffer = {0};
    JournalState read;
    JournalSet set;
    write_shard(folder, "journal.1-of-2", 1, 1);
    assert_ok(journal_open(&journal, &folder->open, "journal.2-of-2", trainer_arithmetic(),
                           PROVENANCE_NUMERICS, &err),
              &err);
    assert_ok(journal_append_state(&journal, 9, (JournalState){77, bytes, sizeof bytes}, &err),
              &err);
    journal_close(&journal);
    open_all(&set, folder, "journal");
    assert_null(journal_set_state_entry(&set, 1)); /* finished */
    assert_null(journal_set_state_entry(&set, 8));
    const JournalEntry *entry = journal_set_state_entry(&set, 9);
    assert_non_null(entry);
    assert_null(journal_set_entry(&set, 9)); /* no result */
    assert_ok(journal_set_read_state(&set, entry, &buffer, &read, &err), &err);
    assert_int_equal(read.data_digest, 77);
    assert_int_equal(read.size, sizeof bytes);
    assert_memory_equal(read.bytes, bytes, sizeof bytes);
    journal_buffer_free(&buffer);
    journal_set_close(&set);
}

static void add_result(const FakeFolder *folder, const char *name, uint64_t id, double shift) {
    Error err = {0};
    Journal journal;
    double memory[FAKE_RECORD_WORDS];
    TrialResult result;
    fake_record(&result, memory, id);
    result.trained.final[0] += shift;
    assert_ok(journal_open(&journal, &folder->open, name, trainer_arithmetic(), PROVENANCE_NUMERICS,
                           &err),
              &err);
    assert_ok(journal_append(&journal, &result, &err), &err);
    journal_close(&journal);
}

static void different_results_of_a_trial_are_noticed(void **state) {
    const FakeFolder *folder = *state;
    JournalSetConflict conflict;
    JournalSet set;
    add_result(folder, "journal.1-of-3", 5, 0);
    add_result(folder, "journal.2-of-3", 5, 0); /* twice the same is no matter */
    open_all(&set, folder, "journal.1-of-3");
    assert_false(journal_set_conflict(&set, &conflict));
    journal_set_close(&set);
    add_result(folder, "journal.3-of-3", 5, 1);
    static const char *const OWN[] = {"journal.3-of-3", "journal"}; /* the own one, two others */
    for (int i = 0; i < 2; i++) {
        open_all(&set, folder, OWN[i]);
        assert_true(journal_set_conflict(&set, &conflict));
        assert_int_equal(conflict.id, 5);
        assert_int_not_equal(conflict.crc[0], conflict.crc[1]);
        assert_non_null(strstr(conflict.path[i], "journal.3-of-3"));
        assert_non_null(strstr(conflict.path[1 - i], i ? "journal.1-of-3" : "-of-3"));
        journal_set_close(&set);
    }
}

/* The folder was removed under a run: what other journals had is written into its own. */
static void results_without_a_file_are_written_anew(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    JournalSet set;
    write_shard(folder, "journal.1-of-2", 1, 3);
    write_shard(folder, "journal.2-of-2", 4, 2);
    open_all(&set, folder, "journal");
    assert_int_equal(unlinkat(folder->open.fd, "journal", 0), 0);
    assert_int_equal(unlinkat(folder->open.fd, "journal.2-of-2", 0), 0);
    assert_ok(journal_set_rescue(&set, &folder->open, &err), &err);
    journal_set_close(&set);
    assert_int_equal(journal_set_results(folder->path), 6);
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
    assert_ok(journal_set_open_own(&set, &folder->open, "journal", &err), &err);
    assert_false(journal_set_read_others(&set, &folder->open, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, other));
    journal_set_close(&set);
    free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(all_journals_are_read_as_one),
        IN_FOLDER(the_own_journal_is_written_and_not_read_twice),
        IN_FOLDER(others_are_read_anew_and_may_have_gone),
        IN_FOLDER(there_may_be_more_journals_than_descriptors),
        IN_FOLDER(checkpoints_of_any_journal_are_found),
        IN_FOLDER(different_results_of_a_trial_are_noticed),
        IN_FOLDER(results_without_a_file_are_written_anew),
        IN_FOLDER(no_journal_is_no_result_and_other_arithmetic_is_only_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
