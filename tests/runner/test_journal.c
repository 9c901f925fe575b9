/* The journal: what was acknowledged is there after any kill, cut or flipped bit, and nothing else
 * is. */
#include "tests/runner/fake_results.h"

#include "runner/journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum { RECORDS = 60, POINTS = 3, NUMBERS = 5, WORDS = 64, FLIPS = 10000 };
static const int64_t EPOCHS[POINTS] = {0, 10, 20};
static const MetricSet METRICS = 1U << METRIC_TRAIN_LOSS | 1U << METRIC_TEST_LOSS;

typedef struct IdRow {
    char *folder, *path;
} IdRow;

static int set_up(void **state) {
    static IdRow place;
    place.folder = fake_folder();
    place.path = fake_path(place.folder, JOURNAL_NAME);
    *state = &place;
    return 0;
}

static int tear_down(void **state) {
    IdRow *place = *state;
    free(place->path);
    fake_folder_remove(place->folder);
    return 0;
}

static void make(TrialResult *result, double *memory, uint64_t id) {
    fake_result(result, memory, id, METRICS, EPOCHS, POINTS, NUMBERS);
}

static bool same(const TrialResult *a, const TrialResult *b) {
    unsigned char x[1024], y[1024];
    const size_t length = trial_result_bytes(a);
    if (length > sizeof x || length != trial_result_bytes(b)) return false;
    trial_result_encode(a, x);
    trial_result_encode(b, y);
    return !memcmp(x, y, length);
}

/* Appends results of trials first.. and closes. */
static void write_records(const char *path, uint64_t first, int count) {
    Error err = {0};
    Journal journal;
    assert_ok(journal_open(&journal, path, "fma", 1, &err), &err);
    for (int i = 0; i < count; i++) {
        double memory[WORDS];
        TrialResult result;
        make(&result, memory, first + (uint64_t)i);
        assert_ok(journal_append(&journal, &result, &err), &err);
    }
    assert_ok(journal_sync(&journal, true, &err), &err);
    journal_close(&journal);
}

/* How many of trials 1..count are there; each that is must be as it was written, and no other may
 * be. */
static int64_t check_records(const Journal *journal, int count) {
    Error err = {0};
    JournalBuffer buffer = {0};
    int64_t there = 0;
    for (int64_t i = 0; i < journal->entries; i++) {
        const JournalEntry *entry = &journal->entry[i];
        double memory[WORDS];
        TrialResult made, read;
        assert_true(entry->id >= 1 && entry->id <= (uint64_t)count);
        make(&made, memory, entry->id);
        assert_ok(journal_read(journal, entry, &buffer, &read, &err), &err);
        assert_true(same(&made, &read));
        there++;
    }
    assert_int_equal(there, journal->results);
    journal_buffer_free(&buffer);
    return there;
}

static void results_come_back_after_reopening(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    write_records(place->path, 1, RECORDS / 2);
    write_records(place->path, 1 + RECORDS / 2, RECORDS / 2);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_int_equal(check_records(&journal, RECORDS), RECORDS);
    assert_int_equal(journal.damaged, 0);
    assert_null(journal_find(&journal, 9999));
    journal_close(&journal);
    journal_close(&journal); /* legal */
}

static void any_truncation_keeps_all_records_before_it_and_can_be_continued(void **state) {
    const IdRow *place = *state;
    enum { COUNT = 8 };
    Error err = {0};
    size_t size, after;
    write_records(place->path, 1, COUNT);
    unsigned char *whole = fake_slurp(place->path, &size);
    const size_t record = (size - 128) / COUNT;
    for (size_t cut = 0; cut < size; cut++) {
        Journal journal;
        fake_spill(place->path, whole, cut);
        assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
        const int64_t kept = cut < 128 ? 0 : (int64_t)((cut - 128) / record);
        assert_int_equal(check_records(&journal, COUNT), kept);
        journal_close(&journal);
        write_records(place->path, (uint64_t)kept + 1, COUNT - (int)kept);
        unsigned char *again = fake_slurp(place->path, &after);
        assert_int_equal(after, size);
        assert_memory_equal(again, whole, size);
        free(again);
    }
    free(whole);
}

static void a_flipped_bit_costs_at_most_one_record_and_nothing_false_is_accepted(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    size_t size;
    write_records(place->path, 1, RECORDS);
    unsigned char *whole = fake_slurp(place->path, &size);
    for (uint64_t flip = 0; flip < FLIPS; flip++) {
        const uint64_t bit = fake_mix(flip) % (8 * size);
        Journal journal;
        whole[bit / 8] ^= (unsigned char)(1U << bit % 8);
        fake_spill(place->path, whole, size);
        assert_ok(journal_open_readonly(&journal, place->path, "fma", 1, &err), &err);
        const int64_t there = check_records(&journal, RECORDS);
        assert_int_equal(there, bit / 8 < 128 ? RECORDS : RECORDS - 1);
        journal_close(&journal);
        whole[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
    free(whole);
}

static void damage_in_the_middle_is_passed_over_and_stays_a_torn_end_is_cut(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    size_t size, after;
    write_records(place->path, 1, 4);
    unsigned char *whole = fake_slurp(place->path, &size);
    const size_t record = (size - 128) / 4;
    whole[128 + record + 50] ^= 1;
    fake_spill(place->path, whole, size - 9);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_int_equal(journal.results, 2);
    assert_int_equal(journal.damaged, record);
    assert_int_equal(journal.end, 128 + 3 * record);
    journal_close(&journal);
    unsigned char *now = fake_slurp(place->path, &after);
    assert_int_equal(after, 128 + 3 * record);
    assert_memory_equal(now, whole, after);
    free(now);
    free(whole);
    write_records(place->path, 2, 1); /* the lost one, trained again */
    write_records(place->path, 4, 1);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_int_equal(check_records(&journal, 4), 4);
    journal_close(&journal);
}

static void rubbish_full_of_magics_does_not_stop_the_search(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    size_t size;
    write_records(place->path, 1, 3);
    unsigned char *whole = fake_slurp(place->path, &size);
    const size_t record = (size - 128) / 3;
    memcpy(whole + 128 + record + 24, whole + 128, 24); /* the head of record 1 within record 2 */
    memset(whole + 128 + record + 4, 0xff, 4);          /* whose length now goes beyond the end */
    fake_spill(place->path, whole, size);
    free(whole);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_int_equal(check_records(&journal, 3), 2);
    assert_non_null(journal_find(&journal, 3));
    journal_close(&journal);
}

static void a_trial_may_not_have_two_different_results(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    double memory[WORDS];
    TrialResult result;
    size_t size, after;
    write_records(place->path, 1, 3);
    free(fake_slurp(place->path, &size));
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    make(&result, memory, 2);
    assert_ok(journal_append(&journal, &result, &err), &err); /* the same bytes: nothing to do */
    result.trained.final[0] += 1;
    assert_false(journal_append(&journal, &result, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, "0000000000000002"));
    journal_close(&journal);
    free(fake_slurp(place->path, &after));
    assert_int_equal(after, size);
}

static void two_different_results_found_in_a_file_are_a_conflict_and_nothing_is_cut(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    size_t size, other_size, after;
    char *other = fake_path(place->folder, "other");
    write_records(place->path, 1, 3);
    unsigned char *whole = fake_slurp(place->path, &size);
    assert_ok(journal_open(&journal, other, "fma", 1, &err), &err);
    double memory[WORDS];
    TrialResult result;
    make(&result, memory, 1);
    result.trained.final[0] = 0;
    assert_ok(journal_append(&journal, &result, &err), &err);
    journal_close(&journal);
    unsigned char *one = fake_slurp(other, &other_size);
    whole = realloc(whole, 2 * size + other_size);
    assert_non_null(whole);
    memcpy(whole + size, one + 128, other_size - 128);
    memcpy(whole + size + other_size - 128, whole + 128, size - 128);
    const size_t all = 2 * size + other_size - 256;
    fake_spill(place->path, whole, all);
    assert_false(journal_open(&journal, place->path, "fma", 1, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    unsigned char *now = fake_slurp(place->path, &after);
    assert_int_equal(after, all);
    assert_memory_equal(now, whole, all);
    free(now);
    free(one);
    free(whole);
    free(other);
}

static void a_failed_result_is_replaced_by_a_later_one(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    JournalBuffer buffer = {0};
    double memory[WORDS];
    TrialResult result = {.id = 7, .status = TRIAL_FAILED, .message = "no memory"}, read;
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_ok(journal_append(&journal, &result, &err), &err);
    assert_ok(journal_append_state(&journal, 7, "again", 5, &err), &err);
    assert_int_equal(journal_find(&journal, 7)->state_length, 5);
    make(&result, memory, 7);
    assert_ok(journal_append(&journal, &result, &err), &err);
    assert_int_equal(journal.results, 1);
    journal_close(&journal);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    const JournalEntry *entry = journal_find(&journal, 7);
    assert_int_equal(entry->status, TRIAL_DONE);
    assert_int_equal(entry->data_digest, result.data_digest);
    assert_int_equal(entry->state_offset, 0);
    assert_ok(journal_read(&journal, entry, &buffer, &read, &err), &err);
    assert_true(same(&read, &result));
    journal_close(&journal);
    journal_buffer_free(&buffer);
}

static void the_last_checkpoint_counts_until_the_result_is_there(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    JournalBuffer buffer = {0};
    const void *read;
    size_t bytes;
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_ok(journal_append_state(&journal, 5, "first", 5, &err), &err);
    assert_ok(journal_append_state(&journal, 5, "second", 6, &err), &err);
    journal_close(&journal);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    const JournalEntry *entry = journal_find(&journal, 5);
    assert_false(journal_has_result(entry));
    assert_ok(journal_read_state(&journal, entry, &buffer, &read, &bytes, &err), &err);
    assert_int_equal(bytes, 6);
    assert_memory_equal(read, "second", 6);
    assert_int_equal((uintptr_t)read % 8, 0);
    double memory[WORDS];
    TrialResult result;
    make(&result, memory, 5);
    assert_ok(journal_append(&journal, &result, &err), &err);
    assert_ok(journal_append_state(&journal, 5, "late", 4, &err), &err); /* is not kept */
    assert_int_equal(journal_find(&journal, 5)->state_offset, 0);
    const int64_t end = journal.end;
    journal_close(&journal);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_int_equal(journal.end, end);
    assert_int_equal(journal_find(&journal, 5)->state_offset, 0);
    assert_int_equal(journal.results, 1);
    journal_close(&journal);
    journal_buffer_free(&buffer);
}

static void refused_untouched(const char *path, const char *arithmetic, uint32_t numerics,
                              const char *word, const char *other) {
    Error err = {0};
    Journal journal;
    size_t before, after;
    unsigned char *was = fake_slurp(path, &before);
    assert_false(journal_open(&journal, path, arithmetic, numerics, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, word));
    assert_non_null(strstr(err.text, other));
    unsigned char *is = fake_slurp(path, &after);
    assert_int_equal(after, before);
    assert_memory_equal(is, was, before);
    free(was);
    free(is);
}

static void other_arithmetic_numerics_or_a_damaged_header_are_refused_untouched(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    size_t size;
    write_records(place->path, 1, 3);
    refused_untouched(place->path, "portable", 1, "\"fma\"", "\"portable\"");
    refused_untouched(place->path, "fma", 2, "version 1", "has 2");
    unsigned char *whole = fake_slurp(place->path, &size);
    whole[20] ^= 1; /* one of the two copies */
    fake_spill(place->path, whole, size);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_int_equal(check_records(&journal, 3), 3);
    journal_close(&journal);
    whole[64 + 20] ^= 1; /* and the other */
    fake_spill(place->path, whole, size);
    refused_untouched(place->path, "fma", 1, "damaged", "CRC");
    fake_spill(place->path, "name: moons\n", 12); /* not a journal at all */
    refused_untouched(place->path, "fma", 1, "not a journal", "move it away");
    free(whole);
}

static void a_reader_may_look_at_a_running_journal(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal, reader;
    double memory[WORDS];
    TrialResult result;
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_ok(journal_reserve(&journal, 100000, &err), &err);
    for (uint64_t id = 1; id <= 5; id++) {
        make(&result, memory, id);
        assert_ok(journal_append(&journal, &result, &err), &err);
        assert_ok(journal_open_readonly(&reader, place->path, NULL, 0, &err), &err);
        assert_int_equal(check_records(&reader, 5), id);
        journal_close(&reader);
    }
    journal_close(&journal);
}

static void a_journal_made_for_nothing_goes_again(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_int_equal(access(place->path, F_OK), 0);
    journal_close(&journal);
    assert_int_equal(access(place->path, F_OK), -1);
}

static void a_second_writer_is_refused(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal one, two;
    assert_ok(journal_open(&one, place->path, "fma", 1, &err), &err);
    assert_false(journal_open(&two, place->path, "fma", 1, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    journal_close(&one);
}

static void a_second_runner_in_the_folder_is_refused_and_told_who_holds_it(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    int ready[2], one, two;
    char byte, holder[32];
    assert_int_equal(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        if (!results_folder_lock(&one, place->folder, false, NULL)) _exit(1);
        if (write(ready[1], "x", 1) != 1) _exit(1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_false(results_folder_lock(&two, place->folder, false, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    snprintf(holder, sizeof holder, "process %ld", (long)child);
    if (!access("/proc/locks", R_OK) && strstr(err.text, "process"))
        assert_non_null(strstr(err.text, holder));
    err = (Error){0};
    assert_false(results_folder_lock(&two, place->folder, true, &err)); /* a shard neither */
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    err = (Error){0};
    assert_ok(results_folder_lock(&one, place->folder, true, &err),
              &err); /* its death freed the folder */
    assert_ok(results_folder_lock(&two, place->folder, true, &err), &err); /* shards get along */
    close(one);
    close(two);
    close(ready[0]);
    close(ready[1]);
}

static void a_full_disk_is_an_error_that_leaves_the_journal_whole(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    double memory[WORDS];
    TrialResult result;
    struct rlimit limit, old;
    signal(SIGXFSZ, SIG_IGN);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    make(&result, memory, 1);
    assert_ok(journal_append(&journal, &result, &err), &err);
    const int64_t end = journal.end;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = old;
    limit.rlim_cur = (rlim_t)end + 100; /* the next record fits in part */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    make(&result, memory, 2);
    assert_false(journal_append(&journal, &result, &err));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(err.kind, ERROR_RESOURCE);
    assert_non_null(strstr(err.text, place->path));
    assert_non_null(strstr(err.text, "1 trials are safe"));
    assert_int_equal(journal.end, end);
    assert_null(journal_find(&journal, 2));
    struct stat status;
    assert_int_equal(stat(place->path, &status), 0);
    assert_int_equal(status.st_size, end);
    err = (Error){0};
    assert_ok(journal_append(&journal, &result, &err), &err); /* there is room again */
    assert_int_equal(check_records(&journal, 2), 2);
    journal_close(&journal);
}

static void too_small_a_disk_is_found_before_training(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    struct stat before, after;
    write_records(place->path, 1, 2);
    assert_int_equal(stat(place->path, &before), 0);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    const int64_t absurd = INT64_C(1) << 43; /* 8 TiB: ext4 takes 16 in a file, the disk has less */
    if (!journal_reserve(&journal, absurd, &err)) {
        assert_int_equal(err.kind, ERROR_RESOURCE);
        assert_non_null(strstr(err.text, "8796093022208 bytes"));
    }
    err = (Error){0};
    assert_ok(journal_reserve(&journal, 1 << 20, &err), &err);
    journal_close(&journal);
    assert_int_equal(stat(place->path, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    assert_int_equal(after.st_blocks, before.st_blocks); /* what was reserved is given back */
}

static void journals_of_a_folder_are_listed_in_order(void **state) {
    const IdRow *place = *state;
    static const char *const names[] = {"journal", "journal.2-of-12", "journal.10-of-12"};
    static const char *const others[] = {"journal.bak", "journal.1-of-2x", "results.h5",
                                         "journals"};
    Error err = {0};
    char **paths, *path;
    int32_t count;
    for (int i = 0; i < 3; i++)
        fake_spill(path = fake_path(place->folder, names[i]), "", 0), free(path);
    for (int i = 0; i < 4; i++)
        fake_spill(path = fake_path(place->folder, others[i]), "", 0), free(path);
    assert_ok(results_folder_journals(&paths, &count, place->folder, &err), &err);
    assert_int_equal(count, 3);
    for (int i = 0; i < 3; i++) {
        path = fake_path(place->folder, names[i]);
        assert_string_equal(paths[i], path);
        free(path);
    }
    results_folder_journals_free(paths, count);
    assert_ok(results_folder_journal_path(&path, "out", 2, 12, &err), &err);
    assert_string_equal(path, "out/journal.2-of-12");
    free(path);
    assert_ok(results_folder_journal_path(&path, "out", 0, 0, &err), &err);
    assert_string_equal(path, "out/journal");
    free(path);
}

static void results_are_synced_within_a_second_and_not_each(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    double memory[WORDS];
    TrialResult result;
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    make(&result, memory, 1);
    assert_ok(journal_append(&journal, &result, &err), &err);
    assert_true(journal.unsynced);
    assert_ok(journal_sync(&journal, false, &err), &err);
    assert_true(journal.unsynced);
    journal.synced.tv_sec -= 2; /* as if two seconds had passed */
    make(&result, memory, 2);
    assert_ok(journal_append(&journal, &result, &err), &err);
    assert_false(journal.unsynced);
    journal_close(&journal);
}

static void a_record_damaged_after_the_scan_is_found_on_reading(void **state) {
    const IdRow *place = *state;
    Error err = {0};
    Journal journal;
    JournalBuffer buffer = {0};
    TrialResult read;
    size_t size;
    write_records(place->path, 1, 2);
    assert_ok(journal_open_readonly(&journal, place->path, "fma", 1, &err), &err);
    unsigned char *whole = fake_slurp(place->path, &size);
    whole[size - 5] ^= 4;
    fake_spill(place->path, whole, size);
    assert_ok(journal_read(&journal, journal_find(&journal, 1), &buffer, &read, &err), &err);
    assert_false(journal_read(&journal, journal_find(&journal, 2), &buffer, &read, &err));
    assert_int_equal(err.kind, ERROR_RESOURCE);
    journal_close(&journal);
    journal_buffer_free(&buffer);
    free(whole);
}

static void a_large_journal_is_scanned_quickly_and_large_records_are_kept(void **state) {
    const IdRow *place = *state;
    enum { MANY = 100000, LARGE = 3 << 20 };
    Error err = {0};
    Journal journal;
    double memory[WORDS];
    TrialResult result;
    unsigned char *large = malloc(LARGE);
    assert_non_null(large);
    for (int i = 0; i < LARGE; i++) large[i] = (unsigned char)fake_mix((uint64_t)i);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    for (uint64_t id = 1; id <= MANY; id++) {
        make(&result, memory, id);
        assert_ok(journal_append(&journal, &result, &err), &err);
        if (id == MANY / 2)
            assert_ok(journal_append_state(&journal, 1 + MANY, large, LARGE, &err), &err);
    }
    journal_close(&journal);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double seconds =
        (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    print_message("scanned %.0f MB in %.3f s\n", (double)journal.end / 1e6, seconds);
    assert_int_equal(journal.results, MANY);
    JournalBuffer buffer = {0};
    const void *read;
    size_t bytes;
    assert_ok(journal_read_state(&journal, journal_find(&journal, 1 + MANY), &buffer, &read, &bytes,
                                 &err),
              &err);
    assert_int_equal(bytes, LARGE);
    assert_memory_equal(read, large, LARGE);
    journal_buffer_free(&buffer);
    journal_close(&journal);
    free(large);
}

static void check_one(const Journal *journal, JournalBuffer *buffer, uint64_t id) {
    Error err = {0};
    double memory[WORDS];
    TrialResult made, read;
    make(&made, memory, id);
    assert_ok(journal_read(journal, journal_find(journal, id), buffer, &read, &err), &err);
    assert_true(same(&made, &read));
}

/* Records in a row are read ahead by the block: whatever the order, the journal or what was
 * appended meanwhile, each is what was written. */
static void records_are_the_same_in_any_order_of_reading(void **state) {
    const IdRow *place = *state;
    enum { MANY = 1500, MORE = 40 };
    Error err = {0};
    Journal journal, other;
    JournalBuffer buffer = {0};
    char *path = fake_path(place->folder, "other");
    write_records(place->path, 1, MANY);
    write_records(path, 1 + MANY, MANY);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_ok(journal_open_readonly(&other, path, "fma", 1, &err), &err);
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
        double memory[WORDS];
        TrialResult result;
        make(&result, memory, id);
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
    const IdRow *place = *state;
    enum { COUNT = 20 };
    Error err = {0};
    Journal journal;
    JournalBuffer buffer = {0};
    char *path[2] = {place->path, fake_path(place->folder, "other")};
    for (int file = 0; file < 2; file++) {
        assert_ok(journal_open(&journal, path[file], "fma", 1, &err), &err);
        for (uint64_t id = 1; id <= COUNT; id++) {
            double memory[WORDS];
            TrialResult result;
            make(&result, memory, id);
            result.data_digest = (uint64_t)file;
            assert_ok(journal_append(&journal, &result, &err), &err);
        }
        journal_close(&journal);
    }
    for (int i = 0; i < 4; i++) {
        assert_ok(journal_open(&journal, path[i % 2], "fma", 1, &err), &err);
        for (uint64_t id = 1; id <= COUNT; id++) {
            TrialResult read;
            assert_ok(journal_read(&journal, journal_find(&journal, id), &buffer, &read, &err),
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

static void old_checkpoints_do_not_fill_the_disk(void **state) {
    enum { BYTES = 1 << 20, TIMES = 40 };
    Error err = {0};
    const IdRow *place = *state;
    unsigned char *bytes = malloc(BYTES);
    assert_non_null(bytes);
    write_records(place->path, 1, 3);
    Journal journal;
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    for (int i = 0; i < TIMES; i++) {
        memset(bytes, 'a' + i % 26, BYTES);
        assert_ok(journal_append_state(&journal, 9, bytes, BYTES, &err), &err);
    }
    struct stat status;
    assert_int_equal(fstat(journal.fd, &status), 0);
    if (status.st_blocks * 512 > 4 * BYTES) {
        /* only a file system that gives nothing back is excused */
        assert_true(
            fallocate(journal.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, BYTES, 4096) != 0);
    }
    journal_close(&journal);
    write_records(place->path, 4, 2);
    assert_ok(journal_open(&journal, place->path, "fma", 1, &err), &err);
    assert_int_equal(journal.results, 5);
    JournalBuffer buffer = {0};
    const void *read;
    size_t length;
    assert_ok(
        journal_read_state(&journal, journal_find(&journal, 9), &buffer, &read, &length, &err),
        &err);
    assert_int_equal(length, BYTES);
    assert_memory_equal(read, bytes, BYTES);
    journal_buffer_free(&buffer);
    journal_close(&journal);
    free(bytes);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(results_come_back_after_reopening),
        IN_FOLDER(any_truncation_keeps_all_records_before_it_and_can_be_continued),
        IN_FOLDER(a_flipped_bit_costs_at_most_one_record_and_nothing_false_is_accepted),
        IN_FOLDER(damage_in_the_middle_is_passed_over_and_stays_a_torn_end_is_cut),
        IN_FOLDER(rubbish_full_of_magics_does_not_stop_the_search),
        IN_FOLDER(a_trial_may_not_have_two_different_results),
        IN_FOLDER(two_different_results_found_in_a_file_are_a_conflict_and_nothing_is_cut),
        IN_FOLDER(a_failed_result_is_replaced_by_a_later_one),
        IN_FOLDER(the_last_checkpoint_counts_until_the_result_is_there),
        IN_FOLDER(old_checkpoints_do_not_fill_the_disk),
        IN_FOLDER(other_arithmetic_numerics_or_a_damaged_header_are_refused_untouched),
        IN_FOLDER(a_reader_may_look_at_a_running_journal),
        IN_FOLDER(a_journal_made_for_nothing_goes_again),
        IN_FOLDER(a_second_writer_is_refused),
        IN_FOLDER(a_second_runner_in_the_folder_is_refused_and_told_who_holds_it),
        IN_FOLDER(a_full_disk_is_an_error_that_leaves_the_journal_whole),
        IN_FOLDER(too_small_a_disk_is_found_before_training),
        IN_FOLDER(journals_of_a_folder_are_listed_in_order),
        IN_FOLDER(results_are_synced_within_a_second_and_not_each),
        IN_FOLDER(a_record_damaged_after_the_scan_is_found_on_reading),
        IN_FOLDER(records_are_the_same_in_any_order_of_reading),
        IN_FOLDER(a_buffer_tells_journals_apart),
        IN_FOLDER(a_large_journal_is_scanned_quickly_and_large_records_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
