/* The trials of an experiment: which, in which order, with which settings and identities. */
#include "runner/experiment/grid.h"
#include "runner/experiment/spec_read.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DATA "data: {kind: moons, test_samples: 10}\n"

typedef struct Made {
    Spec spec;
    Grid grid;
} Made;

/* Not by value: the grid points at the spec. */
static void make(Made *made, const char *text) {
    Error err = {0};
    if (!spec_read_text(&made->spec, "a.yaml", text, strlen(text), NULL, 0, &err)) {
        fail_msg("%s", err.text);
    }
    if (!grid_create(&made->grid, &made->spec, 1000000, &err)) fail_msg("%s", err.text);
}

static void unmake(Made *made) {
    grid_destroy(&made->grid);
    spec_destroy(&made->spec);
    grid_destroy(&made->grid);
}

static void assert_refused(const char *text, int64_t max_trials, const char *message) {
    Spec spec;
    Grid grid;
    Error err = {0};
    if (!spec_read_text(&spec, "a.yaml", text, strlen(text), NULL, 0, &err))
        fail_msg("%s", err.text);
    if (grid_create(&grid, &spec, max_trials, &err)) fail_msg("no complaint of \"%s\"", message);
    assert_int_equal(err.kind, ERROR_USAGE);
    if (strncmp(err.text, message, strlen(message)) != 0) {
        fail_msg("\"%s\", not \"%s\"", err.text, message);
    }
    spec_destroy(&spec);
}

static const char *text_at(const Made *made, int64_t trial, KeyId key) {
    Setting setting;
    grid_setting(&made->grid, trial, &setting);
    return setting.value[key].text;
}

static void the_first_key_is_the_slowest_and_repeats_and_folds_the_fastest(void **state) {
    (void)state;
    Made made;
    make(&made, "data: {kind: moons, samples: 50, folds: 2}\nseed: 5\nrepeats: 3\ngrid: {hidden: "
                "[2, 1], l2: [0, 1]}\n"
                "zip: [{activation: [tanh, relu], momentum: [0, 0.5]}]\ninclude: [{hidden: 9, "
                "data.folds: off}, {hidden: 8}]\n");
    static const char *const hidden[] = {"2", "1"}, *const l2[] = {"0", "1"},
                             *const activation[] = {"tanh", "relu"},
                             *const momentum[] = {"0", "0.5"};
    int64_t trial = 0;
    for (int h = 0; h < 2; h++) {
        for (int l = 0; l < 2; l++) {
            for (int z = 0; z < 2; z++) {
                for (int r = 0; r < 3; r++) {
                    for (int f = 0; f < 2; f++, trial++) {
                        Setting setting;
                        grid_setting(&made.grid, trial, &setting);
                        assert_string_equal(setting.value[KEY_HIDDEN].text, hidden[h]);
                        assert_string_equal(setting.value[KEY_L2].text, l2[l]);
                        assert_string_equal(setting.value[KEY_ACTIVATION].text, activation[z]);
                        assert_string_equal(setting.value[KEY_MOMENTUM].text, momentum[z]);
                        assert_int_equal(setting.repeat, r);
                        assert_int_equal(setting.fold, f);
                        assert_int_equal(setting.seed, 5 + 2 * r + f); /* of its own */
                        assert_int_equal(setting.number, (h * 2 + l) * 2 + z);
                        assert_true(grid_id(&setting) == made.grid.id[trial]);
                    }
                }
            }
        }
    }
    assert_int_equal(trial, 48);
    assert_int_equal(made.grid.trials, 48 + 3 + 6);
    assert_int_equal(made.grid.settings, 10);
    assert_int_equal(made.grid.folds[8], 1);
    assert_int_equal(made.grid.first_trial[9], 51);
    assert_int_equal(made.grid.first_trial[10], 57);
    assert_int_equal(made.grid.setting_index[7], 7);
    assert_int_equal(made.grid.setting_index[8], -1);
    assert_int_equal(made.grid.setting_index[9], -2);
    assert_string_equal(text_at(&made, 50, KEY_HIDDEN), "9");
    assert_string_equal(text_at(&made, 50, KEY_L2),
                        "0"); /* an include takes nothing from the axes */
    char text[100];
    grid_describe(&made.grid, 3, text, sizeof text);
    assert_string_equal(text, "hidden=2, l2=1, activation=relu, momentum=0.5");
    grid_describe(&made.grid, 8, text, sizeof text);
    assert_string_equal(text, "hidden=9, data.folds=off");
    unmake(&made);
}

static void a_setting_alone_is_one_trial(void **state) {
    (void)state;
    Made made;
    char text[100];
    make(&made, DATA "fixed: {hidden: []}\n");
    assert_int_equal(made.grid.trials, 1);
    assert_string_equal(text_at(&made, 0, KEY_HIDDEN), "");
    grid_describe(&made.grid, 0, text, sizeof text);
    assert_string_equal(text, "what is fixed");
    unmake(&made);
    make(&made,
         DATA "include: [{hidden: 3}, {hidden: 4}]\n"); /* nothing fixed that could be trained */
    assert_int_equal(made.grid.trials, 2);
    unmake(&made);
    make(&made, DATA "fixed: {hidden: 2}\ninclude: [{hidden: 3}, {hidden: 4}]\n");
    assert_int_equal(made.grid.trials, 3);
    unmake(&made);
}

static void excluded_combinations_are_left_out(void **state) {
    (void)state;
    Made made;
    make(&made, DATA "grid: {hidden: [1, 2, 3], activation: [tanh, relu], l2: [0, 0.10]}\n"
                     "exclude: [{hidden: 2, activation: relu}, {l2: 1e-1, hidden: 3}, {hidden: 1, "
                     "optimizer: sgd, l2: 0}]\n"
                     "include: [{hidden: 2, activation: relu, l2: 0.5}]\n");
    static const char *const expected[] = {"1 tanh 0.1", "1 relu 0.1", "2 tanh 0",  "2 tanh 0.1",
                                           "3 tanh 0",   "3 relu 0",   "2 relu 0.5"};
    assert_int_equal(made.grid.trials, 7);
    for (int64_t i = 0; i < 7; i++) {
        char text[64];
        Setting s;
        grid_setting(&made.grid, i, &s);
        snprintf(text, sizeof text, "%s %s %s", s.value[KEY_HIDDEN].text,
                 s.value[KEY_ACTIVATION].text, s.value[KEY_L2].text);
        assert_string_equal(text, expected[i]);
    }
    assert_string_equal(made.grid.warning, "");
    unmake(&made);
}

static void an_exclude_that_matches_nothing_is_a_warning(void **state) {
    (void)state;
    Made made;
    make(&made, DATA "grid: {hidden: [1, 2]}\nexclude: [{hidden: 2}, {hidden: 3}, {l2: 7}]\n");
    assert_int_equal(made.grid.trials, 1);
    assert_string_equal(made.grid.warning, "a.yaml:3:24: exclude: matches nothing, and 1 more");
    unmake(&made);
}

static void defaults_follow_what_they_depend_on(void **state) {
    (void)state;
    static const struct {
        const char *text;
        KeyId key;
        const char *value;
    } cases[] = {
        {"data: {kind: moons}\nfixed: {hidden: 1}", KEY_OUTPUT, "softmax"},
        {"data: {kind: moons}\nfixed: {hidden: 1}", KEY_LOSS, "cross_entropy"},
        {"data: {kind: moons}\nfixed: {hidden: 1, output: sigmoid}", KEY_LOSS, "cross_entropy"},
        {"data: {kind: moons}\nfixed: {hidden: 1, output: step}", KEY_LOSS, "half_squared_error"},
        {"data: {kind: moons}\nfixed: {hidden: 1, output: tanh}", KEY_LOSS, "half_squared_error"},
        {"data: {kind: moons}\nfixed: {hidden: 1, loss: squared_error}", KEY_OUTPUT, "softmax"},
        {"data: {kind: sine}\nfixed: {hidden: 1}", KEY_OUTPUT, "identity"},
        {"data: {kind: sine}\nfixed: {hidden: 1}", KEY_LOSS, "half_squared_error"},
        {"data: {kind: sine}\nfixed: {hidden: 1, output: sigmoid}", KEY_LOSS, "half_squared_error"},
        {"data: {kind: csv, path: a, task: numbers}\nfixed: {hidden: 1}", KEY_OUTPUT, "identity"},
        {"data: {kind: csv, path: a}\nfixed: {hidden: 1}", KEY_OUTPUT, "softmax"},
        {"data: {kind: idx, path: a}\nfixed: {hidden: 1}", KEY_OUTPUT, "softmax"},
        {"data: {kind: moons}\nfixed: {hidden: 1}", KEY_EPSILON, "1e-8"},
        {"data: {kind: moons}\nfixed: {hidden: 1, optimizer: adam}", KEY_EPSILON, "1e-8"},
        {"data: {kind: moons}\nfixed: {hidden: 1, optimizer: adagrad}", KEY_EPSILON, "1e-10"},
        {"data: {kind: moons}\nfixed: {hidden: 1, optimizer: adagrad, epsilon: 0.5}", KEY_EPSILON,
         "0.5"},
        {"data: {kind: moons}\nfixed: {hidden: 1, schedule: exponential}", KEY_SCHEDULE_FACTOR,
         "0.95"},
        {"data: {kind: moons}\nfixed: {hidden: 1, schedule: inverse}", KEY_SCHEDULE_FACTOR, "0.01"},
        {"data: {kind: moons}\nfixed: {hidden: 1, schedule: step}", KEY_SCHEDULE_FACTOR, "0.1"},
        {"data: {kind: blobs}\nfixed: {hidden: 1}", KEY_DATA_CLASSES, "3"},
        {"data: {kind: blobs, classes: 5}\nfixed: {hidden: 1}", KEY_DATA_CLASSES, "5"},
        {"data: {kind: spirals, classes: 0}\nfixed: {hidden: 1}", KEY_DATA_CLASSES, "2"},
        {"data: {kind: moons}\nfixed: {hidden: 1}", KEY_DATA_CLASSES, "0"},
        {"data: {kind: blobs}\nfixed: {hidden: 1}", KEY_DATA_NOISE, "1"},
        {"data: {kind: moons}\nfixed: {hidden: 1}", KEY_DATA_NOISE, "0"},
        {"data: {kind: moons}\nfixed: {hidden: 1}", KEY_LEARNING_RATE, "0.01"},
        {"data: {kind: moons}\nfixed: {hidden: 1}", KEY_DATA_SCALE_MIN, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Made made;
        make(&made, cases[i].text);
        Setting setting;
        grid_setting(&made.grid, 0, &setting);
        assert_string_equal(setting.value[cases[i].key].text, cases[i].value);
        const Key *key = &KEYS[cases[i].key];
        if (key->type == KEY_TYPE_CHOICE) {
            assert_string_equal(key->choices[(int)setting.value[key->id].number], cases[i].value);
        }
        if (key->type == KEY_TYPE_REAL && cases[i].value[0] != '\0') {
            assert_true(setting.value[key->id].number == strtod(cases[i].value, NULL));
        }
        for (int k = 0; k < KEY_COUNT; k++) assert_non_null(setting.value[k].text);
        assert_int_equal(spec_classes(setting.value),
                         !strstr(cases[i].text, "sine") && !strstr(cases[i].text, "numbers"));
        unmake(&made);
    }
}

static void repeats_move_the_data_seeds_only_under_per_repeat(void **state) {
    (void)state;
    for (int per_repeat = 0; per_repeat < 2; per_repeat++) {
        char text[300];
        snprintf(text, sizeof text,
                 "data: {kind: moons, seed: 7, test_samples: 9, per_repeat: %s}\nfixed: {hidden: "
                 "1}\nseed: 3\nrepeats: 3\n",
                 per_repeat ? "true" : "false");
        Made made;
        make(&made, text);
        for (int64_t r = 0; r < 3; r++) {
            Setting s;
            grid_setting(&made.grid, r, &s);
            assert_true(s.value[KEY_DATA_SEED].number == 7 + 1000.0 * (double)(per_repeat * r));
            assert_true(s.value[KEY_DATA_TEST_SEED].number ==
                        12345 + 1000.0 * (double)(per_repeat * r));
            assert_int_equal(strtol(s.value[KEY_DATA_SEED].text, NULL, 10),
                             7 + 1000 * per_repeat * r);
            assert_int_equal(strtol(s.value[KEY_DATA_TEST_SEED].text, NULL, 10),
                             12345 + 1000 * per_repeat * r);
            assert_int_equal(s.seed, 3 + r);
            assert_true(grid_id(&s) == made.grid.id[r]);
        }
        unmake(&made);
    }
}

/* No text is a Setting's own: a copy says the same when another setting has been made. */
static void settings_are_copied_by_value(void **state) {
    (void)state;
    Made made;
    make(&made, "data: {kind: moons, folds: 2, per_repeat: true}\nrepeats: 3\n"
                "grid: {hidden: [1, 2], data.seed: [7, 8]}\ninclude: [{hidden: 4}]\n");
    Setting copy[30];
    assert_int_equal(made.grid.trials, 30);
    for (int64_t i = 0; i < 30; i++) {
        Setting setting;
        grid_setting(&made.grid, i, &setting);
        copy[i] = setting;
    }
    for (int64_t i = 0; i < 30; i++) {
        const Value *seed = &copy[i].value[KEY_DATA_SEED];
        assert_true(strtod(seed->text, NULL) == seed->number);
        assert_true(grid_id(&copy[i]) == made.grid.id[i]);
    }
    assert_string_equal(copy[11].value[KEY_DATA_SEED].text, "2008");
    assert_string_equal(copy[29].value[KEY_DATA_SEED].text, "2000");
    unmake(&made);
}

static int compare_ids(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void no_two_trials_share_an_identity(void **state) {
    (void)state;
    Made made;
    make(&made, "data: {kind: moons, per_repeat: true, samples: 100, folds: 3}\nrepeats: 4\n"
                "grid: {hidden: {min: 1, max: 50}, l2: {min: 0, max: 1, num: 40}, activation: "
                "[tanh, relu]}\n");
    assert_int_equal(made.grid.trials, 48000);
    qsort(made.grid.id, 48000, sizeof *made.grid.id, compare_ids);
    for (int i = 1; i < 48000; i++) assert_true(made.grid.id[i] != made.grid.id[i - 1]);
    unmake(&made);
}

/* golden/grid_id.txt: made by Python from the reference's defaults */
static void identities_are_what_the_header_says(void **state) {
    (void)state;
    Made moons, numbers, folds;
    make(&moons, "data: {kind: moons, noise: 0.20, per_repeat: true, test_samples: 10000}\n"
                 "fixed: {reduction: sum, l2: 0.01, epochs: 20000}\n"
                 "grid: {hidden: {min: 1, max: 50}}\nrepeats: 10\nrecord: {every: 100}\n");
    make(&numbers, "data: {kind: sine, folds: 5}\n"
                   "fixed: {hidden: [8, 4], optimizer: adagrad}\nseed: 7\n");
    make(&folds, "data: {kind: moons, folds: 5}\nfixed: {hidden: 3}\nrepeats: 3\n");
    const uint64_t ours[] = {moons.grid.id[0], moons.grid.id[22], moons.grid.id[499],
                             numbers.grid.id[3], folds.grid.id[14]};
    FILE *file = fopen(SOURCE_DIR "/tests/golden/grid_id.txt", "r");
    assert_non_null(file);
    for (int i = 0; i < 5; i++) {
        char name[40];
        uint64_t id;
        assert_int_equal(fscanf(file, "%39s %" SCNx64, name, &id), 2);
        if (id != ours[i]) fail_msg("%s: %016" PRIx64 ", not %016" PRIx64, name, ours[i], id);
    }
    fclose(file);
    unmake(&moons);
    unmake(&numbers);
    unmake(&folds);
}

static void classes_are_stratified_where_rows_are_held_out(void **state) {
    (void)state;
    static const struct {
        const char *text, *stratify;
    } cases[] = {
        {"data: {kind: moons}", "false"},
        {"data: {kind: moons, test_samples: 9}", "false"},
        {"data: {kind: moons, folds: 3}", "true"},
        {"data: {kind: gates, folds: 2}", "true"},
        {"data: {kind: moons, folds: 3, stratify: false}", "false"},
        {"data: {kind: moons, validation_samples: 9}", "true"},
        {"data: {kind: csv, path: a.csv, test_fraction: 0.2}", "true"},
        {"data: {kind: csv, path: a.csv, validation_fraction: 0.2}", "true"},
        {"data: {kind: csv, path: a.csv, task: numbers, test_fraction: 0.2}", "false"},
        {"data: {kind: sine, folds: 3}", "false"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Made made;
        char text[200];
        snprintf(text, sizeof text, "%s\nfixed: {hidden: 1}\n", cases[i].text);
        make(&made, text);
        assert_string_equal(text_at(&made, 0, KEY_DATA_STRATIFY), cases[i].stratify);
        unmake(&made);
    }
}

static uint64_t id_of(const char *text) {
    Made made;
    make(&made, text);
    const uint64_t id = made.grid.id[0];
    unmake(&made);
    return id;
}

static void what_is_trained_makes_the_identity_and_nothing_else(void **state) {
    (void)state;
    const uint64_t id = id_of(DATA "fixed: {hidden: 3}\n");
    static const char *const same[] = {
        DATA "name: other\ndescription: d\nreport: []\nfixed: {hidden: 3}\n",
        DATA "fixed: {learning_rate: 0.010, hidden: [3]}\n",
        DATA "grid: {hidden: [3, 4], l2: [0, 1]}\n",
        DATA "fixed: {hidden: 3, output: softmax, loss: cross_entropy, epsilon: "
             "0.00000001}\nrepeats: 5\n",
        DATA "fixed: {hidden: 3}\nmetric: train_loss\npublished: [{source: a, metric: train_loss, "
             "epoch: 1, value: 2}]\n",
        "data: {kind: moons, test_samples: 10, per_repeat: true}\nfixed: {hidden: 3}\n"};
    static const char *const other[] = {
        DATA "fixed: {hidden: 4}\n",
        DATA "fixed: {hidden: [3, 3]}\n",
        DATA "fixed: {hidden: 3}\nseed: 1\n",
        DATA "fixed: {hidden: 3}\nrecord: {every: 2}\n",
        DATA "fixed: {hidden: 3}\nstop: {patience: 3}\n",
        "data: {kind: moons, test_samples: 11}\nfixed: {hidden: 3}\n",
        "data: {kind: moons, test_samples: 10, seed: 1}\nfixed: {hidden: 3}\n",
        "data: {kind: circles, test_samples: 10}\nfixed: {hidden: 3}\n"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) assert_true(id_of(same[i]) == id);
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) assert_true(id_of(other[i]) != id);
}

static void a_setting_met_twice_is_refused_with_both_locations(void **state) {
    (void)state;
    assert_refused(DATA "grid: {hidden: [1, 2]}\ninclude: [{hidden: 2}]\n", 100,
                   "a.yaml:3:11: include: the setting {hidden=2} is met twice: it is the same as "
                   "{hidden=2} at a.yaml:2:20 (remove one)");
    assert_refused(DATA "fixed: {hidden: 1}\nzip: [{output: [softmax, sigmoid]}]\ninclude: [{loss: "
                        "cross_entropy}]\n",
                   100,
                   "a.yaml:4:11: include: the setting {loss=cross_entropy} is met twice: it is the "
                   "same as {output=softmax} at a.yaml:3:17");
    assert_refused("data: {kind: blobs}\nfixed: {hidden: 1}\ngrid: {data.classes: [0, 3]}\n", 100,
                   "a.yaml:3:26: grid: the setting {data.classes=3} is met twice");
}

static void more_trials_than_allowed_are_refused(void **state) {
    (void)state;
    Made made;
    make(&made, DATA "grid: {hidden: {min: 1, max: 10}}\nrepeats: 100000\n");
    assert_int_equal(made.grid.trials, 1000000);
    unmake(&made);
    assert_refused(DATA "grid: {hidden: {min: 1, max: 10}}\nrepeats: 100\n", 999,
                   "a.yaml:2:16: grid: 1000 trials, and at most 999 are allowed (fewer values, or "
                   "--max-trials)");
    assert_refused("data: {kind: moons, folds: 3}\ngrid: {hidden: [1, 2]}\n", 5,
                   "a.yaml:2:17: grid: 6 trials, and at most 5");
    assert_refused(DATA "grid: {hidden: {min: 1, max: 1000}, l1: {min: 0, max: 1, num: 1000}}\n",
                   1000, "a.yaml:2:41: grid: 1000000 trials");
}

static void published_epochs_are_recorded_too(void **state) {
    (void)state;
    Made made;
    make(&made, DATA "fixed: {hidden: 1}\ngrid: {epochs: [5, 50]}\npublished:\n"
                     "  - {source: a, metric: train_loss, epoch: [0, 10, 11, 49, 50], value: [1, "
                     "1, 1, 1, 1], or_next: true}\n"
                     "  - {source: b, metric: train_loss, epoch: [7, 12, 60], value: [1, 1, 1]}\n");
    static const int64_t expected[] = {0, 1, 7, 10, 11, 12, 49};
    assert_int_equal(made.grid.record_also_count, 7);
    for (int i = 0; i < 7; i++) assert_int_equal(made.grid.record_also[i], expected[i]);
    unmake(&made);
    make(&made, DATA "fixed: {hidden: 1, epochs: 0}\npublished: [{source: a, metric: train_loss, "
                     "epoch: 0, value: 1}]\n");
    assert_int_equal(made.grid.record_also_count, 0);
    unmake(&made);
}

static void a_metric_that_some_settings_have_is_enough(void **state) {
    (void)state;
    Made made;
    make(&made, "data: {kind: moons}\nfixed: {hidden: 1}\ngrid: {data.test_samples: [0, "
                "10]}\nmetric: test_accuracy\n");
    assert_int_equal(made.grid.trials, 2);
    unmake(&made);
    make(&made, "data: {kind: idx, path: a, validation_samples: 5}\nfixed: {hidden: 1}\nmetric: "
                "val_loss\n");
    unmake(&made);
    assert_refused("data: {kind: moons}\nfixed: {hidden: 1}\nmetric: {at: best, name: test_loss}\n",
                   10, "a.yaml:3:9: metric: there is no test_loss here (no test set");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_key_is_the_slowest_and_repeats_and_folds_the_fastest),
        cmocka_unit_test(a_setting_alone_is_one_trial),
        cmocka_unit_test(excluded_combinations_are_left_out),
        cmocka_unit_test(an_exclude_that_matches_nothing_is_a_warning),
        cmocka_unit_test(defaults_follow_what_they_depend_on),
        cmocka_unit_test(repeats_move_the_data_seeds_only_under_per_repeat),
        cmocka_unit_test(settings_are_copied_by_value),
        cmocka_unit_test(no_two_trials_share_an_identity),
        cmocka_unit_test(identities_are_what_the_header_says),
        cmocka_unit_test(classes_are_stratified_where_rows_are_held_out),
        cmocka_unit_test(what_is_trained_makes_the_identity_and_nothing_else),
        cmocka_unit_test(a_setting_met_twice_is_refused_with_both_locations),
        cmocka_unit_test(more_trials_than_allowed_are_refused),
        cmocka_unit_test(published_epochs_are_recorded_too),
        cmocka_unit_test(a_metric_that_some_settings_have_is_enough)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
