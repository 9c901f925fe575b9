/* The table of a trial's columns: results/README.md lists what it has, values survive the way
 * through Results, and every column is listed once. */
#include "tests/runner/written.h"

#include "runner/store/trial_columns.h"

static void the_reference_lists_every_column_as_the_table_has_it(void **state) {
    (void)state;
    char *rows = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&rows, &size);
    assert_non_null(out);
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const TrialColumn *column = &TRIAL_COLUMNS[c];
        fprintf(out, "| `/trials/%s` | %s | (N) | %s |\n", column->name,
                TRIAL_COLUMNS_STORAGE[column->type].name, column->meaning);
    }
    fclose(out);
    written_check(SOURCE_DIR "/results/README.md", "| `/config/resolved` |", "| `/trials/KEY` |",
                  rows);
    free(rows);
}

/* Trial 0 is as trained, trial 1 failed. */
static void make_trial(int trial, Setting *setting, TrialResult *result) {
    *setting = (Setting){.seed = UINT32_MAX, .repeat = 2, .fold = 3, .number = 4};
    setting->value[KEY_HIDDEN] = (Value){48, "32x16"};
    *result =
        (TrialResult){.id = UINT64_C(0xfedcba9876543210),
                      .data_digest = 9,
                      .status = TRIAL_DONE,
                      .parameters = 5,
                      .trained = {.verdict = VERDICT_FALLING, .epochs_run = 6, .best_epoch = 7}};
    if (trial == 0) return;
    result->status = TRIAL_FAILED;
    snprintf(result->message, sizeof result->message, "no memory");
}

/* The column as text: what it must be for the two trials. */
static const struct {
    const char *name, *trained, *failed;
} EXPECTED[] = {
    {"id", "fedcba9876543210", "fedcba9876543210"},
    {"data", "8", "8"},
    {"data_digest", "0000000000000009", "0000000000000009"},
    {"setting", "4", "4"},
    {"repeat", "2", "2"},
    {"fold", "3", "3"},
    {"seed", "4294967295", "4294967295"},
    {"status", "done", "failed"},
    {"verdict", "falling", ""},
    {"message", "", "no memory"},
    {"hidden_units", "48", "48"},
    {"parameters", "5", "5"},
    {"epochs_run", "6", "6"},
    {"best_epoch", "7", "-1"},
};
_Static_assert(sizeof EXPECTED / sizeof *EXPECTED == TRIAL_COLUMN_COUNT, "one row a column");

static void check_cell(const TrialColumn *column, TrialCell cell, int trial) {
    char text[32], digits[17];
    const int c = (int)(column - TRIAL_COLUMNS);
    assert_string_equal(column->name, EXPECTED[c].name);
    if (trial_columns_is_number(column)) {
        snprintf(text, sizeof text, "%.17g", trial_columns_number(column, cell));
    } else {
        snprintf(text, sizeof text, "%s", trial_columns_text(column, cell, digits));
    }
    assert_string_equal(text, trial == 0 ? EXPECTED[c].trained : EXPECTED[c].failed);
}

static void values_survive_the_way_through_results(void **state) {
    (void)state;
    Error err = {0};
    Pool pool = {0};
    Results results = {.trials = 2};
    Setting setting;
    TrialResult result[2];
    assert_true(trial_columns_create(&results, 2, &pool, &err));
    for (int trial = 0; trial < 2; trial++) {
        make_trial(trial, &setting, &result[trial]);
        const TrialSource source = {&setting, &result[trial], 8};
        for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
            const TrialCell cell = TRIAL_COLUMNS[c].cell(&source);
            check_cell(&TRIAL_COLUMNS[c], cell, trial);
            assert_true(trial_columns_set(&TRIAL_COLUMNS[c], &results, trial, cell));
        }
    }
    for (int trial = 0; trial < 2; trial++) {
        for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
            const TrialColumn *column = &TRIAL_COLUMNS[c];
            check_cell(column, trial_columns_get(column, &results, trial), trial);
        }
    }
    assert_int_equal(results.fold[1], 3); /* the table's arrays are the fields of Results */
    assert_int_equal(results.verdict[0], VERDICT_FALLING);
    assert_int_equal(results.verdict[1], VERDICT_NOISY);
    pool_destroy(&pool);
}

static void words_that_are_none_are_refused(void **state) {
    (void)state;
    Error err = {0};
    Pool pool = {0};
    Results results = {.trials = 1};
    assert_true(trial_columns_create(&results, 1, &pool, &err));
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const TrialColumn *column = &TRIAL_COLUMNS[c];
        const TrialCell cell = {.text = "finished"};
        if (column->type != TRIAL_COLUMN_STATUS && column->type != TRIAL_COLUMN_VERDICT) continue;
        assert_false(trial_columns_set(column, &results, 0, cell));
        results.status[0] = TRIAL_DONE;
    }
    pool_destroy(&pool);
}

static void the_columns_that_are_listed_are_listed_once(void **state) {
    (void)state;
    int32_t listed = 0, expected = 0;
    while (trial_columns_listed(listed)) listed++;
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const TrialColumn *column = &TRIAL_COLUMNS[c];
        expected += column->listed > 0;
        if (column->listed > 0) assert_ptr_equal(trial_columns_listed(column->listed - 1), column);
    }
    assert_int_equal(listed, expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_lists_every_column_as_the_table_has_it),
        cmocka_unit_test(values_survive_the_way_through_results),
        cmocka_unit_test(words_that_are_none_are_refused),
        cmocka_unit_test(the_columns_that_are_listed_are_listed_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
