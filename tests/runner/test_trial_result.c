/* TrialResult as bytes: nothing is lost, and nothing malformed is believed. */
#include "tests/runner/fake_results.h"

#include <math.h>

enum { POINTS = 5, NUMBERS = 7, WORDS = 200 };
static const int64_t EPOCHS[POINTS] = {0, 10, 20, 30, 99};
static const MetricSet METRICS =
    1U << METRIC_TRAIN_OBJECTIVE | 1U << METRIC_TRAIN_LOSS | 1U << METRIC_TEST_LOSS;

enum { SNAPSHOTS = 2 };

static void add_snapshots(TrainerResult *trained) {
    static int64_t epoch[SNAPSHOTS];
    static double weights[SNAPSHOTS * NUMBERS];
    memcpy(epoch, EPOCHS, sizeof epoch);
    for (int i = 0; i < SNAPSHOTS * NUMBERS; i++) weights[i] = 100 + i;
    trained->snapshots = SNAPSHOTS;
    trained->snapshot_epoch = epoch;
    trained->snapshot_weights = weights;
}

static unsigned char *encode(const TrialResult *result, size_t *length) {
    *length = trial_result_bytes(result);
    unsigned char *bytes = malloc(*length);
    assert_non_null(bytes);
    memset(bytes, 0xa5, *length);
    trial_result_encode(result, bytes);
    return bytes;
}

static void a_result_comes_back_as_it_was(void **state) {
    (void)state;
    double memory[WORDS];
    TrialResult result, back;
    size_t length;
    fake_result(&result, memory, 42, METRICS, EPOCHS, POINTS, NUMBERS);
    result.trained.best_weights = result.trained.weights + NUMBERS;
    for (int i = 0; i < NUMBERS; i++) result.trained.best_weights[i] = i;
    add_snapshots(&result.trained);
    snprintf(result.message, sizeof result.message, "a message of odd length");
    unsigned char *bytes = encode(&result, &length);
    assert_true(trial_result_decode(&back, bytes, length));
    const TrainerResult *a = &result.trained, *b = &back.trained;
    assert_int_equal(back.id, 42);
    assert_int_equal(back.status, result.status);
    assert_int_equal(back.data_digest, result.data_digest);
    assert_int_equal(back.parameters, NUMBERS);
    assert_string_equal(back.message, result.message);
    assert_int_equal(b->verdict, a->verdict);
    assert_int_equal(b->epochs_run, 100);
    assert_int_equal(b->best_epoch, 20);
    assert_int_equal(b->metrics, METRICS);
    assert_int_equal(b->points, POINTS);
    assert_int_equal(b->state_size, NUMBERS);
    assert_memory_equal(b->epoch, a->epoch, 8 * POINTS);
    assert_memory_equal(b->history, a->history, 8 * POINTS * 3);
    assert_memory_equal(b->final, a->final, 8 * 3);
    assert_memory_equal(b->best, a->best, 8 * 3);
    assert_memory_equal(b->weights, a->weights, 8 * NUMBERS);
    assert_memory_equal(b->best_weights, a->best_weights, 8 * NUMBERS);
    assert_int_equal(b->snapshots, SNAPSHOTS);
    assert_memory_equal(b->snapshot_epoch, EPOCHS, 8 * SNAPSHOTS);
    assert_memory_equal(b->snapshot_weights, a->snapshot_weights, 8 * NUMBERS * SNAPSHOTS);
    assert_int_equal((uintptr_t)b->history % 8, 0);
    free(bytes);
}

static void a_record_has_the_documented_layout(void **state) {
    (void)state;
    double memory[WORDS];
    TrialResult result;
    size_t length;
    fake_result(&result, memory, UINT64_C(0x1122334455667788), METRICS, EPOCHS, POINTS, NUMBERS);
    result.status = TRIAL_DIVERGED;
    unsigned char *bytes = encode(&result, &length);
    assert_int_equal(length, 72 + 8 * (POINTS + POINTS * 3 + 2 * 3 + NUMBERS));
    static const unsigned char id[8] = {0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11};
    assert_memory_equal(bytes, id, 8);
    assert_int_equal(bytes[16], TRIAL_DIVERGED);
    assert_int_equal(bytes[52], POINTS);
    assert_memory_equal(bytes + 72, EPOCHS, sizeof EPOCHS);
    assert_memory_equal(bytes + length - 8 * NUMBERS, result.trained.weights, 8 * NUMBERS);
    free(bytes);
}

static void every_nan_becomes_the_same_nan(void **state) {
    (void)state;
    const uint64_t odd = UINT64_C(0xfff0000000000123), one = UINT64_C(0x7ff8000000000000);
    double memory[WORDS];
    TrialResult result, back;
    size_t length;
    fake_result(&result, memory, 1, METRICS, EPOCHS, POINTS, NUMBERS);
    memcpy(&result.trained.history[4], &odd, 8);
    memcpy(&result.trained.final[1], &odd, 8);
    memcpy(&result.trained.weights[2], &odd, 8);
    result.trained.weights[3] = -HUGE_VAL;
    unsigned char *bytes = encode(&result, &length);
    assert_true(trial_result_decode(&back, bytes, length));
    assert_memory_equal(&back.trained.history[4], &one, 8);
    assert_memory_equal(&back.trained.final[1], &one, 8);
    assert_memory_equal(&back.trained.weights[2], &one, 8);
    assert_true(isinf(back.trained.weights[3]) && back.trained.weights[3] < 0);
    free(bytes);
}

static void a_failed_trial_has_its_message_and_nothing_else(void **state) {
    (void)state;
    TrialResult result = {.id = 3, .status = TRIAL_FAILED}, back;
    memset(result.message, 'x', sizeof result.message - 1);
    size_t length;
    unsigned char *bytes = encode(&result, &length);
    assert_int_equal(length, 72 + 160);
    assert_true(trial_result_decode(&back, bytes, length));
    assert_string_equal(back.message, result.message);
    assert_int_equal(back.trained.points, 0);
    assert_null(back.trained.weights);
    free(bytes);
}

static void no_shorter_or_longer_record_is_accepted(void **state) {
    (void)state;
    double memory[WORDS];
    TrialResult result, back;
    size_t length;
    fake_result(&result, memory, 42, METRICS, EPOCHS, POINTS, NUMBERS);
    add_snapshots(&result.trained);
    snprintf(result.message, sizeof result.message, "abc");
    unsigned char *bytes = encode(&result, &length);
    unsigned char *longer = calloc(1, length + 64);
    assert_non_null(longer);
    memcpy(longer, bytes, length);
    for (size_t l = 0; l < length + 64; l++)
        assert_int_equal(trial_result_decode(&back, longer, l), l == length);
    free(longer);
    free(bytes);
}

/* Whatever stands in the head, arrays never reach beyond the record, and what is accepted is the
 * only spelling of it. */
static void a_changed_byte_is_refused_or_means_just_that(void **state) {
    (void)state;
    double memory[WORDS];
    TrialResult result, back;
    size_t length;
    fake_result(&result, memory, 42, METRICS, EPOCHS, POINTS, NUMBERS);
    add_snapshots(&result.trained);
    snprintf(result.message, sizeof result.message, "abc");
    unsigned char *bytes = encode(&result, &length), *again = malloc(length + 4096);
    assert_non_null(again);
    for (size_t at = 0; at < length; at++)
        for (int value = 0; value < 256; value++) {
            const unsigned char old = bytes[at];
            bytes[at] = (unsigned char)value;
            if (trial_result_decode(&back, bytes, length)) {
                assert_int_equal(trial_result_bytes(&back), length);
                trial_result_encode(&back, again);
                assert_memory_equal(again, bytes, length);
            }
            bytes[at] = old;
        }
    free(again);
    free(bytes);
}

static void epochs_must_rise(void **state) {
    (void)state;
    double memory[WORDS];
    TrialResult result, back;
    size_t length;
    fake_result(&result, memory, 42, METRICS, EPOCHS, POINTS, NUMBERS);
    result.trained.epoch[2] = result.trained.epoch[1];
    unsigned char *bytes = encode(&result, &length);
    assert_false(trial_result_decode(&back, bytes, length));
    free(bytes);
    result.trained.epoch[2] = EPOCHS[2];
    add_snapshots(&result.trained);
    result.trained.snapshot_epoch[0] = result.trained.snapshot_epoch[1];
    bytes = encode(&result, &length);
    assert_false(trial_result_decode(&back, bytes, length));
    free(bytes);
}

static void status_names_go_both_ways(void **state) {
    (void)state;
    assert_string_equal(trial_result_status_name(TRIAL_DIVERGED), "diverged");
    for (TrialStatus s = 0; s < TRIAL_STATUS_COUNT; s++)
        assert_int_equal(trial_result_status_from_name(trial_result_status_name(s)), s);
    assert_int_equal(trial_result_status_from_name("don"), TRIAL_STATUS_COUNT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_comes_back_as_it_was),
        cmocka_unit_test(a_record_has_the_documented_layout),
        cmocka_unit_test(every_nan_becomes_the_same_nan),
        cmocka_unit_test(a_failed_trial_has_its_message_and_nothing_else),
        cmocka_unit_test(no_shorter_or_longer_record_is_accepted),
        cmocka_unit_test(a_changed_byte_is_refused_or_means_just_that),
        cmocka_unit_test(epochs_must_rise),
        cmocka_unit_test(status_names_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
