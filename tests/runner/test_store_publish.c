/* Publishing: whatever goes wrong, results.h5 is complete (old or new), the journals
 * are there, and no temporary file is left. */
#include "runner/journal/journal_set.h"
#include "tests/runner/fake_experiment.h"
#include "tests/runner/fake_journal.h"

#include "runner/store/store_publish.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* A journal with all results of the experiment. */
static void fill(const FakeFolder *folder, FakeExperiment *fake, Journal *journal) {
    Error err = {0};
    assert_ok(fake_open(journal, folder->journal, "fma", 1, &err), &err);
    for (int64_t trial = 0; trial < fake->grid.trials; trial++) {
        TrialResult result;
        if (fake->missing[trial]) continue;
        fake_trial(fake, trial, &result);
        assert_ok(journal_append(journal, &result, &err), &err);
    }
}

/* The journal as publishing sees it: a file that may be removed while it has its name. */
static const JournalSet *journals_of(const FakeFolder *folder) {
    static Journal journal;
    static JournalSet set = {.own = &journal};
    struct stat status = {0};
    (void)stat(folder->journal, &status);
    journal.file = (JournalFile){.folder = folder->open,
                                 .path = folder->journal,
                                 .name = strrchr(folder->journal, '/') + 1,
                                 .device = (uint64_t)status.st_dev,
                                 .inode = (uint64_t)status.st_ino};
    return &set;
}

static StorePublishInput input_of(FakeFolder *folder, const StoreInput *store, int64_t safe) {
    return (StorePublishInput){
        .folder = &folder->open, .store = store, .journals = journals_of(folder), .safe = safe};
}

static int litter(const char *folder) {
    int count = 0;
    DIR *list = opendir(folder);
    assert_non_null(list);
    for (const struct dirent *entry; (entry = readdir(list));)
        count += strstr(entry->d_name, ".tmp.") ? 1 : 0;
    closedir(list);
    return count;
}

static void the_journal_becomes_the_results_file_and_goes(void **state) {
    FakeFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Journal journal;
    Results r;
    size_t direct, through;
    fake_create(&fake, FAKE_SMALL);
    StorePublishInput input = input_of(folder, &fake.input, 0);
    assert_ok(store_publish(&input, &err), &err);
    unsigned char *expected = fake_slurp(folder->results, &direct);
    fill(folder, &fake, &journal);
    const JournalSet set = {.own = &journal};
    JournalSetReader source = {.set = &set, .id = fake.grid.id};
    StoreInput store = fake.input;
    store.source = journal_set_read;
    store.context = &source;
    input = input_of(folder, &store, journal.index.results);
    assert_ok(store_publish(&input, &err), &err);
    unsigned char *written = fake_slurp(folder->results, &through);
    assert_int_equal(through, direct);
    assert_memory_equal(written, expected, direct);
    assert_int_equal(access(folder->journal, F_OK), -1);
    assert_int_equal(litter(folder->path), 0);
    assert_ok(store_read(&r, folder->path, &err), &err);
    assert_int_equal(r.trials, fake.grid.trials);
    store_close(&r);
    journal_buffer_free(&source.buffer);
    journal_close(&journal);
    free(expected);
    free(written);
    fake_destroy(&fake);
}

static void an_incomplete_experiment_keeps_its_journal(void **state) {
    FakeFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Journal journal;
    fake_create(&fake, FAKE_SMALL);
    fill(folder, &fake, &journal);
    StorePublishInput input = input_of(folder, &fake.input, journal.index.results);
    input.incomplete = true;
    assert_ok(store_publish(&input, &err), &err);
    assert_int_equal(access(folder->journal, F_OK), 0);
    assert_int_equal(access(folder->results, F_OK), 0);
    assert_ok(store_publish_drop_journals(&folder->open, journals_of(folder), &err), &err);
    assert_int_equal(access(folder->journal, F_OK), -1);
    assert_ok(store_publish_drop_journals(&folder->open, journals_of(folder), &err),
              &err); /* gone already */
    journal_close(&journal);
    fake_destroy(&fake);
}

static void what_a_killed_run_left_is_cleared_and_nothing_else(void **state) {
    FakeFolder *folder = *state;
    Error err = {0};
    char *left = fake_path(folder->path, STORE_NAME ".tmp.4711"),
         *copy = fake_path(folder->path, "experiment.yaml.tmp.4711"),
         *other = fake_path(folder->path, "results.h5.bak");
    fake_spill(left, "x", 1);
    fake_spill(copy, "x", 1);
    fake_spill(other, "x", 1);
    fake_spill(folder->results, "x", 1);
    assert_ok(store_publish_clean(&folder->open, &err), &err);
    assert_int_equal(access(left, F_OK), -1);
    assert_int_equal(access(copy, F_OK), -1);
    assert_int_equal(access(other, F_OK), 0);
    assert_int_equal(access(folder->results, F_OK), 0);
    free(left);
    free(copy);
    free(other);
}

/* At every size limit the outcome is the old file and the journal, or the new file. */
static void a_full_disk_at_any_point_loses_nothing(void **state) {
    FakeFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Journal journal;
    size_t old_size, new_size, size;
    struct rlimit old, limit;
    signal(SIGXFSZ, SIG_IGN);
    fake_create(&fake, FAKE_SMALL);
    fake.missing[0] = true;
    StorePublishInput input = input_of(folder, &fake.input, 0);
    assert_ok(store_publish(&input, &err), &err);
    unsigned char *before = fake_slurp(folder->results, &old_size);
    fake.missing[0] = false;
    fill(folder, &fake, &journal);
    input = input_of(folder, &fake.input, journal.index.results);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    for (size_t room = 0;; room += 1531) {
        err = (Error){0};
        limit = old;
        limit.rlim_cur = room;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        const bool ok = store_publish(&input, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        assert_int_equal(litter(folder->path), 0);
        if (ok) break;
        assert_int_equal(err.kind, ERROR_RESOURCE);
        assert_non_null(strstr(err.text, "results not written"));
        assert_non_null(strstr(err.text, "all 12 trials are safe in"));
        assert_non_null(strstr(err.text, folder->journal));
        assert_non_null(strstr(err.text, "--resume"));
        unsigned char *now = fake_slurp(folder->results, &size);
        assert_int_equal(size, old_size);
        assert_memory_equal(now, before, size);
        free(now);
        assert_int_equal(access(folder->journal, F_OK), 0);
    }
    free(fake_slurp(folder->results, &new_size));
    assert_true(new_size > old_size);
    assert_int_equal(access(folder->journal, F_OK), -1);
    journal_close(&journal);
    free(before);
    fake_destroy(&fake);
}

static bool broken_source(void *context, int64_t trial, TrialResult *result, bool *found,
                          Error *err) {
    if (trial == 7) return error_set(err, ERROR_RESOURCE, "record 7 is damaged");
    return fake_source(context, trial, result, found, err);
}

static bool deadly_source(void *context, int64_t trial, TrialResult *result, bool *found,
                          Error *err) {
    if (trial == 7) raise(SIGKILL);
    return fake_source(context, trial, result, found, err);
}

static void a_child_that_fails_or_dies_is_a_message(void **state) {
    FakeFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    fake_create(&fake, FAKE_SMALL);
    StorePublishInput input = input_of(folder, &fake.input, 12);
    fake_spill(folder->journal, "stands for one", 14);
    fake.input.source = broken_source;
    assert_false(store_publish(&input, &err));
    assert_non_null(strstr(err.text, "record 7 is damaged"));
    err = (Error){0};
    fake.input.source = deadly_source;
    assert_false(store_publish(&input, &err));
    assert_non_null(strstr(err.text, "signal 9"));
    assert_int_equal(litter(folder->path), 0);
    assert_int_equal(access(folder->results, F_OK), -1);
    assert_int_equal(access(folder->journal, F_OK), 0);
    fake_destroy(&fake);
}

static bool slow_source(void *context, int64_t trial, TrialResult *result, bool *found,
                        Error *err) {
    if (trial == 3) usleep(900000);
    return fake_source(context, trial, result, found, err);
}

/* The parent is killed while its child writes: the child must not go on. */
static void a_killed_parent_takes_its_child_along(void **state) {
    FakeFolder *folder = *state;
    FakeExperiment fake;
    fake_create(&fake, FAKE_SMALL);
    fake.input.source = slow_source;
    const StorePublishInput input = input_of(folder, &fake.input, 12);
    const pid_t parent = fork();
    if (parent == 0) {
        Error err = {0};
        _exit(!store_publish(&input, &err));
    }
    usleep(100000);
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    usleep(2500000);
    Error err = {0};
    assert_int_equal(litter(folder->path), 0); /* it was killed before it began to write */
    assert_int_equal(access(folder->results, F_OK), -1);
    assert_ok(store_publish_clean(&folder->open, &err), &err);
    fake.input.source = fake_source;
    assert_ok(store_publish(&input, &err), &err);
    assert_int_equal(litter(folder->path), 0);
    fake_destroy(&fake);
}

/* A folder that was removed: an error. One that was renamed: it goes on, there, and what has the
 * old name now is not touched. */
static void a_folder_is_what_was_opened(void **state) {
    FakeFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Folder gone;
    char *path = fake_path(folder->path, "gone"), *other = fake_path(folder->path, "other"),
         *mine = fake_path(path, "journal"), *results = fake_path(other, STORE_NAME);
    fake_create(&fake, FAKE_SMALL);
    assert_ok(folder_make(&gone, path, &err), &err);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(mkdir(path, 0777), 0);
    fake_spill(mine, "another's", 9);
    StorePublishInput input = {.folder = &gone, .store = &fake.input};
    assert_ok(store_publish(&input, &err), &err);
    assert_int_equal(access(results, F_OK), 0);
    assert_int_equal(access(mine, F_OK), 0);
    assert_int_equal(unlink(results) + rmdir(other), 0);
    assert_false(store_publish(&input, &err));
    assert_int_equal(err.kind, ERROR_RESOURCE);
    assert_non_null(strstr(err.text, "No such file"));
    folder_close(&gone);
    free(path);
    free(other);
    free(mine);
    free(results);
    fake_destroy(&fake);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(the_journal_becomes_the_results_file_and_goes),
        IN_FOLDER(an_incomplete_experiment_keeps_its_journal),
        IN_FOLDER(what_a_killed_run_left_is_cleared_and_nothing_else),
        IN_FOLDER(a_full_disk_at_any_point_loses_nothing),
        IN_FOLDER(a_child_that_fails_or_dies_is_a_message),
        IN_FOLDER(a_killed_parent_takes_its_child_along),
        IN_FOLDER(a_folder_is_what_was_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
