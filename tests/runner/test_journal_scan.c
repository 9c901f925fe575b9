/* Recovery: whatever happened to the bytes of a journal, every good record is found, and nothing
 * else is. */
#include "tests/runner/fake_journal.h"

#include <time.h>

enum { RECORDS = 60, FLIPS = 10000 };

static void any_truncation_keeps_all_records_before_it_and_can_be_continued(void **state) {
    const FakeFolder *folder = *state;
    enum { COUNT = 8 };
    Error err = {0};
    size_t size, after;
    fake_write_records(folder->journal, 1, COUNT);
    unsigned char *whole = fake_slurp(folder->journal, &size);
    const size_t record = (size - 128) / COUNT;
    for (size_t cut = 0; cut < size; cut++) {
        Journal journal;
        fake_spill(folder->journal, whole, cut);
        assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
        const int64_t kept = cut < 128 ? 0 : (int64_t)((cut - 128) / record);
        assert_int_equal(fake_check_records(&journal, COUNT), kept);
        journal_close(&journal);
        fake_write_records(folder->journal, (uint64_t)kept + 1, COUNT - (int)kept);
        unsigned char *again = fake_slurp(folder->journal, &after);
        assert_int_equal(after, size);
        assert_memory_equal(again, whole, size);
        free(again);
    }
    free(whole);
}

static void a_flipped_bit_costs_at_most_one_record_and_nothing_false_is_accepted(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    size_t size;
    fake_write_records(folder->journal, 1, RECORDS);
    unsigned char *whole = fake_slurp(folder->journal, &size);
    for (uint64_t flip = 0; flip < FLIPS; flip++) {
        const uint64_t bit = fake_mix(flip) % (8 * size);
        Journal journal;
        whole[bit / 8] ^= (unsigned char)(1U << bit % 8);
        fake_spill(folder->journal, whole, size);
        assert_ok(fake_open_readonly(&journal, folder->journal, "fma", 1, &err), &err);
        const int64_t there = fake_check_records(&journal, RECORDS);
        assert_int_equal(there, bit / 8 < 128 ? RECORDS : RECORDS - 1);
        journal_close(&journal);
        whole[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
    free(whole);
}

static void damage_in_the_middle_is_passed_over_and_stays_a_torn_end_is_cut(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    size_t size, after;
    fake_write_records(folder->journal, 1, 4);
    unsigned char *whole = fake_slurp(folder->journal, &size);
    const size_t record = (size - 128) / 4;
    whole[128 + record + 50] ^= 1;
    fake_spill(folder->journal, whole, size - 9);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_int_equal(journal.index.results, 2);
    assert_int_equal(journal.damaged, record);
    assert_int_equal(journal.end, 128 + 3 * record);
    journal_close(&journal);
    unsigned char *now = fake_slurp(folder->journal, &after);
    assert_int_equal(after, 128 + 3 * record);
    assert_memory_equal(now, whole, after);
    free(now);
    free(whole);
    fake_write_records(folder->journal, 2, 1); /* the lost one, trained again */
    fake_write_records(folder->journal, 4, 1);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_int_equal(fake_check_records(&journal, 4), 4);
    journal_close(&journal);
}

static void rubbish_full_of_magics_does_not_stop_the_search(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    size_t size;
    fake_write_records(folder->journal, 1, 3);
    unsigned char *whole = fake_slurp(folder->journal, &size);
    const size_t record = (size - 128) / 3;
    memcpy(whole + 128 + record + 24, whole + 128, 24); /* the head of record 1 within record 2 */
    memset(whole + 128 + record + 4, 0xff, 4);          /* whose length now goes beyond the end */
    fake_spill(folder->journal, whole, size);
    free(whole);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_int_equal(fake_check_records(&journal, 3), 2);
    assert_non_null(journal_find(&journal, 3));
    journal_close(&journal);
}

static void two_different_results_found_in_a_file_are_a_conflict_and_nothing_is_cut(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    size_t size, other_size, after;
    char *other = fake_path(folder->path, "other");
    fake_write_records(folder->journal, 1, 3);
    unsigned char *whole = fake_slurp(folder->journal, &size);
    assert_ok(fake_open(&journal, other, "fma", 1, &err), &err);
    double memory[FAKE_RECORD_WORDS];
    TrialResult result;
    fake_record(&result, memory, 1);
    result.trained.final[0] = 0;
    assert_ok(journal_append(&journal, &result, &err), &err);
    journal_close(&journal);
    unsigned char *one = fake_slurp(other, &other_size);
    whole = realloc(whole, 2 * size + other_size);
    assert_non_null(whole);
    memcpy(whole + size, one + 128, other_size - 128);
    memcpy(whole + size + other_size - 128, whole + 128, size - 128);
    const size_t all = 2 * size + other_size - 256;
    fake_spill(folder->journal, whole, all);
    assert_false(fake_open(&journal, folder->journal, "fma", 1, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    unsigned char *now = fake_slurp(folder->journal, &after);
    assert_int_equal(after, all);
    assert_memory_equal(now, whole, all);
    free(now);
    free(one);
    free(whole);
    free(other);
}

static void refused_untouched(const char *path, const char *arithmetic, uint32_t numerics,
                              const char *word, const char *other) {
    Error err = {0};
    Journal journal;
    size_t before, after;
    unsigned char *was = fake_slurp(path, &before);
    assert_false(fake_open(&journal, path, arithmetic, numerics, &err));
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
    const FakeFolder *folder = *state;
    Error err = {0};
    Journal journal;
    size_t size;
    fake_write_records(folder->journal, 1, 3);
    refused_untouched(folder->journal, "portable", 1, "\"fma\"", "\"portable\"");
    refused_untouched(folder->journal, "fma", 2, "version 1", "has 2");
    unsigned char *whole = fake_slurp(folder->journal, &size);
    whole[20] ^= 1; /* one of the two copies */
    fake_spill(folder->journal, whole, size);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    assert_int_equal(fake_check_records(&journal, 3), 3);
    journal_close(&journal);
    whole[64 + 20] ^= 1; /* and the other */
    fake_spill(folder->journal, whole, size);
    refused_untouched(folder->journal, "fma", 1, "damaged", "CRC");
    fake_spill(folder->journal, "name: moons\n", 12); /* not a journal at all */
    refused_untouched(folder->journal, "fma", 1, "not a journal", "move it away");
    free(whole);
}

static void a_large_journal_is_scanned_quickly_and_large_records_are_kept(void **state) {
    const FakeFolder *folder = *state;
    enum { MANY = 100000, LARGE = 3 << 20 };
    Error err = {0};
    Journal journal;
    double memory[FAKE_RECORD_WORDS];
    TrialResult result;
    unsigned char *large = malloc(LARGE);
    assert_non_null(large);
    for (int i = 0; i < LARGE; i++) large[i] = (unsigned char)fake_mix((uint64_t)i);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    for (uint64_t id = 1; id <= MANY; id++) {
        fake_record(&result, memory, id);
        assert_ok(journal_append(&journal, &result, &err), &err);
        if (id == MANY / 2)
            assert_ok(
                journal_append_state(&journal, 1 + MANY, (JournalState){1, large, LARGE}, &err),
                &err);
    }
    journal_close(&journal);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_ok(fake_open(&journal, folder->journal, "fma", 1, &err), &err);
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double seconds =
        (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    print_message("scanned %.0f MB in %.3f s\n", (double)journal.end / 1e6, seconds);
    assert_int_equal(journal.index.results, MANY);
    JournalBuffer buffer = {0};
    JournalState read;
    assert_ok(
        journal_read_state(&journal.file, journal_find(&journal, 1 + MANY), &buffer, &read, &err),
        &err);
    assert_int_equal(read.size, LARGE);
    assert_memory_equal(read.bytes, large, LARGE);
    journal_buffer_free(&buffer);
    journal_close(&journal);
    free(large);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(any_truncation_keeps_all_records_before_it_and_can_be_continued),
        IN_FOLDER(a_flipped_bit_costs_at_most_one_record_and_nothing_false_is_accepted),
        IN_FOLDER(damage_in_the_middle_is_passed_over_and_stays_a_torn_end_is_cut),
        IN_FOLDER(rubbish_full_of_magics_does_not_stop_the_search),
        IN_FOLDER(two_different_results_found_in_a_file_are_a_conflict_and_nothing_is_cut),
        IN_FOLDER(other_arithmetic_numerics_or_a_damaged_header_are_refused_untouched),
        IN_FOLDER(a_large_journal_is_scanned_quickly_and_large_records_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
