/* Results folders: who may write in one, and which journals are in it. */
#include "tests/runner/fake_results.h"

#include "runner/journal/results_folder.h"

#include <signal.h>
#include <sys/wait.h>

static void a_second_runner_in_the_folder_is_refused_and_told_who_holds_it(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    int ready[2];
    char byte, holder[32];
    bool locked;
    Folder one, two;
    assert_int_equal(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        if (!folder_open(&one, folder->path, NULL) ||
            !results_folder_lock(&one, false, &locked, NULL) || !locked)
            _exit(1);
        if (write(ready[1], "x", 1) != 1) _exit(1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_ok(folder_open(&one, folder->path, &err), &err);
    assert_ok(folder_open(&two, folder->path, &err), &err);
    assert_false(results_folder_lock(&two, false, &locked, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    snprintf(holder, sizeof holder, "process %ld", (long)child);
    if (!access("/proc/locks", R_OK) && strstr(err.text, "process"))
        assert_non_null(strstr(err.text, holder));
    err = (Error){0};
    assert_false(results_folder_lock(&two, true, &locked, &err)); /* a shard neither */
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    err = (Error){0};
    assert_ok(results_folder_lock(&one, true, &locked, &err), &err); /* its death freed it */
    assert_true(locked);
    assert_ok(results_folder_lock(&two, true, &locked, &err), &err); /* shards get along */
    assert_true(locked);
    folder_close(&one);
    folder_close(&two);
    close(ready[0]);
    close(ready[1]);
}

static void journals_of_a_folder_are_listed_in_order(void **state) {
    const FakeFolder *folder = *state;
    static const char *const names[] = {"journal", "journal.2-of-12", "journal.10-of-12"};
    static const char *const others[] = {"journal.bak", "journal.1-of-2x", "results.h5",
                                         "journals"};
    Error err = {0};
    char **found, *path, name[RESULTS_FOLDER_NAME_BYTES];
    int32_t count;
    for (int i = 0; i < 3; i++)
        fake_spill(path = fake_path(folder->path, names[i]), "", 0), free(path);
    for (int i = 0; i < 4; i++)
        fake_spill(path = fake_path(folder->path, others[i]), "", 0), free(path);
    assert_ok(results_folder_journals(&found, &count, &folder->open, &err), &err);
    assert_int_equal(count, 3);
    for (int i = 0; i < 3; i++) assert_string_equal(found[i], names[i]);
    results_folder_journals_free(found, count);
    results_folder_journal_name(name, 2, 12);
    assert_string_equal(name, "journal.2-of-12");
    results_folder_journal_name(name, 0, 0);
    assert_string_equal(name, "journal");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_second_runner_in_the_folder_is_refused_and_told_who_holds_it),
        IN_FOLDER(journals_of_a_folder_are_listed_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
