/* The sentence that answers an experiment: for each kind of experiment a planted study, and what
 * its page must open with, word for word. The noise is arranged so that the mean over ten repeats
 * is the number that is planted. */
#include "tests/runner/planted.h"

#define REPEATS 10

/* A study's means, setting by setting; train -1: the same as what is tested. NaN: diverged in every
 * repeat. */
typedef struct Means {
    const double *test, *train;
    double noise;        /* of a setting alone; luck that all settings share is ten times as much */
    int32_t diverged[2]; /* a setting, and in how many repeats it diverged; besides NaN */
    const int32_t *count;
    int32_t axes;
} Means;

static double plant(void *context, Metric metric, const int32_t *at, int32_t repeat) {
    const Means *means = context;
    const char *name = metrics_name(metric);
    int32_t cell = 0;
    for (int32_t a = 0; a < means->axes; a++) cell = cell * means->count[a] + at[a];
    const bool train = strncmp(name, "train", 5) == 0 && means->train;
    const double mean = (train ? means->train : means->test)[cell];
    const double own = means->noise * (((cell * 7 + repeat * 3) % 5) - 2);
    const double shared = 10 * means->noise * (repeat - (REPEATS - 1) / 2.0);
    if (means->diverged[1] > 0 && cell == means->diverged[0] && repeat < means->diverged[1])
        return (double)NAN;
    return mean + own + shared;
}

/* `axis`: of the experiment, ended by a count of 0. */
static void assert_headline(FakeGrid grid, Means means, const char *headline) {
    PlantedStudy study;
    int32_t count[FAKE_GRID_AXES];
    for (int32_t a = 0; a < grid.axes; a++) count[a] = grid.axis[a].count;
    means.count = count;
    means.axes = grid.axes;
    if (means.noise == 0) means.noise = 0.001;
    grid.context = &means;
    grid.value = plant;
    if (grid.repeats == 0) grid.repeats = REPEATS;
    planted_grid(&study, &grid);
    if (strcmp(study.text.headline, headline) != 0)
        fail_msg("\nsays:   %s\nwanted: %s\ndetail: %s", study.text.headline, headline,
                 study.text.detail);
    planted_destroy(&study);
}

#define LOSSES(...)                                                                                \
    (const double[]) {                                                                             \
        __VA_ARGS__                                                                                \
    }
#define VALUES(...)                                                                                \
    { __VA_ARGS__ }
#define AXIS(id, ...)                                                                              \
    {                                                                                              \
        .key = (id), .value = (const char *const[]){__VA_ARGS__},                                  \
        .count = sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)                       \
    }
#define SIZES AXIS(KEY_HIDDEN, "1", "3", "10", "50")
#define RATES AXIS(KEY_LEARNING_RATE, "0.001", "0.01", "0.1", "1")

static void sizes_that_underfit_and_overfit(void **state) {
    (void)state;
    assert_headline(
        (FakeGrid){.axis = {SIZES}, .axes = 1, .metric = METRIC_COUNT},
        (Means){.test = LOSSES(0.32, 0.13, 0.16, 0.20), .train = LOSSES(0.30, 0.08, 0.05, 0.01)},
        "Small networks underfit and large ones overfit: mean test loss is 0.320 with "
        "1 hidden unit, 0.130 with 3 (the lowest) and 0.200 with 50.");
    assert_headline(
        (FakeGrid){.axis = {SIZES}, .axes = 1, .metric = METRIC_COUNT},
        (Means){.test = LOSSES(0.32, 0.16, 0.15, 0.13), .train = LOSSES(0.30, 0.08, 0.05, 0.01)},
        "Small networks underfit, but large ones are not shown to overfit: mean test "
        "loss is 0.320 with 1 hidden unit and 0.130 with 50 (the lowest, and the "
        "largest tried).");
    assert_headline(
        (FakeGrid){.axis = {SIZES}, .axes = 1, .metric = METRIC_COUNT},
        (Means){.test = LOSSES(0.10, 0.13, 0.15, 0.16), .train = LOSSES(0.09, 0.08, 0.05, 0.01)},
        "Large networks overfit, but small ones are not shown to underfit: mean test "
        "loss is 0.100 with 1 hidden unit (the lowest, and the smallest tried) and "
        "0.160 with 50.");
    assert_headline(
        (FakeGrid){.axis = {SIZES}, .axes = 1, .metric = METRIC_COUNT},
        (Means){.test = LOSSES(0.10, 0.13, 0.15, 0.16), .train = LOSSES(0.05, 0.08, 0.10, 0.15)},
        "Large networks train badly: mean test loss is 0.100 with 1 hidden unit (the "
        "lowest, and the smallest tried) and 0.160 with 50.");
}

/* Accuracies are of the same numbers: the smallest gets 99.4 % of its training rows right. */
static void what_fits_its_training_rows_does_not_underfit(void **state) {
    (void)state;
    assert_headline(
        (FakeGrid){.axis = {SIZES}, .axes = 1, .metric = METRIC_TEST_ACCURACY},
        (Means){.test = LOSSES(0.95, 0.97, 0.98, 0.985),
                .train = LOSSES(0.994, 0.999, 0.9995, 0.9999),
                .noise = 0.0001},
        "Small networks do worse, but large ones are not shown to overfit: mean test accuracy is "
        "95.00 % with 1 hidden unit and 98.50 % with 50 (the highest, and the largest tried).");
}

static void nothing_differs(void **state) {
    (void)state;
    assert_headline((FakeGrid){.axis = {SIZES}, .axes = 1, .metric = METRIC_COUNT},
                    (Means){.test = LOSSES(0.1001, 0.1, 0.1001, 0.1001)},
                    "Neither underfitting nor overfitting is shown here: mean test loss is 0.100 "
                    "with 1 hidden unit, 0.100 with 3 (the lowest) and 0.100 with 50.");
    assert_headline((FakeGrid){.axis = {RATES}, .axes = 1, .metric = METRIC_COUNT},
                    (Means){.test = LOSSES(0.1001, 0.1001, 0.1, 0.1001)},
                    "No difference between values of learning rate is shown: mean test loss is "
                    "0.100 with learning rate 0.001, 0.100 with 0.1 (the lowest) and 0.100 with "
                    "1.");
}

static void one_repeat(void **state) {
    (void)state;
    assert_headline((FakeGrid){.axis = {SIZES}, .axes = 1, .metric = METRIC_COUNT, .repeats = 1},
                    (Means){.test = LOSSES(0.32, 0.13, 0.16, 0.20), .noise = 1e-9},
                    "Test loss is 0.3200 with 1 hidden unit, 0.1300 with 3 (the lowest) and 0.2000 "
                    "with 50. With one repeat of each setting nothing can be said about whether "
                    "they differ by more than luck.");
    assert_headline(
        (FakeGrid){.axis = {SIZES, RATES}, .axes = 2, .metric = METRIC_COUNT, .repeats = 1},
        (Means){.test = LOSSES(0.3, 0.3, 0.3, 0.3, 0.3, 0.2, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3,
                               0.3, 0.3),
                .noise = 1e-9},
        "Of 16 settings, the lowest test loss is that of 3 hidden units, learning rate "
        "0.01: 0.2000. With one repeat of each setting nothing can be said about "
        "whether they differ by more than luck.");
}

static void everything_diverged(void **state) {
    (void)state;
    assert_headline((FakeGrid){.axis = {RATES}, .axes = 1, .metric = METRIC_COUNT},
                    (Means){.test = LOSSES(NAN, NAN, NAN, NAN)},
                    "All 40 trials diverged: nothing was learned.");
    assert_headline((FakeGrid){.metric = METRIC_COUNT, .repeats = 1}, (Means){.test = LOSSES(NAN)},
                    "The 1 trial diverged: nothing was learned.");
}

static void the_largest_diverged(void **state) {
    (void)state;
    assert_headline((FakeGrid){.axis = {RATES}, .axes = 1, .metric = METRIC_COUNT},
                    (Means){.test = LOSSES(0.5, 0.3, 0.1, NAN)},
                    "Neither the smallest nor the largest values of learning rate are best: mean "
                    "test loss is 0.500 with learning rate 0.001 and 0.100 with 0.1 (the lowest); "
                    "with learning rate 1, 10 of 10 repeats diverged.");
    /* once is enough */
    assert_headline((FakeGrid){.axis = {SIZES}, .axes = 1, .metric = METRIC_COUNT},
                    (Means){.test = LOSSES(0.5, 0.3, 0.1, 0.1), .diverged = {3, 1}},
                    "Small networks underfit and large ones train badly: mean test loss is 0.500 "
                    "with 1 hidden unit and 0.100 with 10 (the lowest); with 50 hidden units, 1 of "
                    "10 repeats diverged.");
    assert_headline(
        (FakeGrid){.axis = {AXIS(KEY_L2, "0", "0.1")}, .axes = 1, .metric = METRIC_COUNT},
        (Means){.test = LOSSES(NAN, 0.1)},
        "Mean test loss is 0.100 with l2 penalty 0.1 (the lowest); with no l2 penalty, "
        "10 of 10 repeats diverged.");
}

static void an_axis_of_numbers(void **state) {
    (void)state;
    const FakeGrid grid = {.axis = {RATES}, .axes = 1, .metric = METRIC_COUNT};
    assert_headline(grid, (Means){.test = LOSSES(0.5, 0.3, 0.2, 0.1)},
                    "Larger values of learning rate are better: mean test loss is 0.500 with "
                    "learning rate 0.001 and 0.100 with 1 (the lowest, and the largest tried).");
    assert_headline(grid, (Means){.test = LOSSES(0.1, 0.2, 0.3, 0.5)},
                    "Smaller values of learning rate are better: mean test loss is 0.100 with "
                    "learning rate 0.001 (the lowest, and the smallest tried) and 0.500 with 1.");
    assert_headline(grid, (Means){.test = LOSSES(0.4, 0.1, 0.2, 0.5)},
                    "Neither the smallest nor the largest values of learning rate are best: mean "
                    "test loss is 0.400 with learning rate 0.001, 0.100 with 0.01 (the lowest) and "
                    "0.500 with 1.");
    /* The largest is the best, but the second largest is as good. */
    assert_headline(grid, (Means){.test = LOSSES(0.5, 0.3, 0.1001, 0.1)},
                    "Small values of learning rate do worse: mean test loss is 0.500 with learning "
                    "rate 0.001 and 0.100 with 1 (the lowest, and the largest tried).");
    /* 0.01 is best: "smaller values are better" would be false of 0.001. */
    assert_headline(grid, (Means){.test = LOSSES(0.1001, 0.1, 0.3, 0.5)},
                    "Large values of learning rate do worse: mean test loss is 0.100 with learning "
                    "rate 0.001, 0.100 with 0.01 (the lowest) and 0.500 with 1.");
    assert_headline((FakeGrid){.axis = {RATES}, .axes = 1, .metric = METRIC_TEST_ACCURACY},
                    (Means){.test = LOSSES(0.5, 0.6, 0.7, 0.9)},
                    "Larger values of learning rate are better: mean test accuracy is 50.0 % with "
                    "learning rate 0.001 and 90.0 % with 1 (the highest, and the largest tried).");
}

static void an_axis_of_words(void **state) {
    (void)state;
    const FakeGrid grid = {.axis = {AXIS(KEY_ACTIVATION, "tanh", "relu", "sigmoid")},
                           .axes = 1,
                           .metric = METRIC_COUNT};
    assert_headline(grid, (Means){.test = LOSSES(0.3, 0.1, 0.5)},
                    "Of 3 values of activation, relu is best: mean test loss is 0.300 with "
                    "activation tanh and 0.100 with relu (the lowest).");
    assert_headline(grid, (Means){.test = LOSSES(0.1001, 0.1, 0.5)},
                    "Not all values of activation do as well: mean test loss is 0.100 with "
                    "activation relu (the lowest) and 0.500 with sigmoid.");
    assert_headline(grid, (Means){.test = LOSSES(0.1001, 0.1, 0.1002)},
                    "No difference between values of activation is shown: mean test loss is 0.100 "
                    "with activation relu (the lowest) and 0.100 with sigmoid.");
}

static void two_values(void **state) {
    (void)state;
    const FakeGrid line = {
        .axis = {AXIS(KEY_HIDDEN, "", "3")}, .axes = 1, .metric = METRIC_TEST_ACCURACY};
    assert_headline(line, (Means){.test = LOSSES(0.85, 0.975)},
                    "Mean test accuracy is 97.50 % with 3 hidden units, 12.50 points more than a "
                    "straight line (85.00 %).");
    assert_headline(line, (Means){.test = LOSSES(0.97501, 0.975)},
                    "No difference between no hidden layer and 3 hidden units is shown: mean test "
                    "accuracy is 97.5 % with no hidden layer (the highest) and 97.5 % with 3 "
                    "hidden units.");
    assert_headline((FakeGrid){.axis = {AXIS(KEY_BATCH_NORM, "false", "true")},
                               .axes = 1,
                               .metric = METRIC_COUNT},
                    (Means){.test = LOSSES(0.3, 0.1)},
                    "Mean test loss is 0.1000 with batch norm, 0.2000 less than with no batch norm "
                    "(0.3000).");
}

/* Two penalties are averaged over; four learning rates are held at the best one. */
static void two_axes(void **state) {
    (void)state;
    assert_headline(
        (FakeGrid){.axis = {SIZES, AXIS(KEY_L2, "0", "0.01")}, .axes = 2, .metric = METRIC_COUNT},
        (Means){.test = LOSSES(0.30, 0.34, 0.12, 0.14, 0.15, 0.17, 0.20, 0.20),
                .train = LOSSES(0.30, 0.30, 0.10, 0.10, 0.05, 0.05, 0.01, 0.01)},
        "Small networks underfit and large ones overfit: mean test loss is 0.320 with 1 hidden "
        "unit, 0.130 with 3 (the lowest) and 0.200 with 50, averaged over the values of l2 "
        "penalty. The largest effect of the 2 that were varied is that of hidden units.");
    assert_headline((FakeGrid){.axis = {AXIS(KEY_HIDDEN, "", "3"), RATES},
                               .axes = 2,
                               .metric = METRIC_TEST_ACCURACY},
                    (Means){.test = LOSSES(0.80, 0.85, 0.80, 0.80, 0.90, 0.92, 0.975, 0.90)},
                    "Mean test accuracy is 97.5 % with 3 hidden units, 12.5 points more than a "
                    "straight line (85 %), each with its best learning rate. The largest effect "
                    "of the 2 that were varied is that of hidden units.");
    assert_headline((FakeGrid){.axis = {SIZES, RATES}, .axes = 2, .metric = METRIC_COUNT},
                    (Means){.test = LOSSES(0.5, 0.5, 0.32, 0.6, 0.5, 0.5, 0.13, 0.6, 0.5, 0.5, 0.15,
                                           0.6, 0.5, 0.5, 0.20, 0.6),
                            .train = LOSSES(0.5, 0.5, 0.32, 0.6, 0.5, 0.5, 0.13, 0.6, 0.5, 0.5,
                                            0.11, 0.6, 0.5, 0.5, 0.10, 0.6)},
                    "Small networks underfit and large ones overfit: mean test loss is 0.320 with "
                    "1 hidden unit, 0.130 with 3 (the lowest) and 0.200 with 50; everything else "
                    "as in the best setting: learning rate 0.1.");
}

/* What digits.yaml asks: five folds, and which of three things helps most. */
static void three_axes(void **state) {
    (void)state;
    double test[24], train[24];
    static const double size[] = {0.95, 0.965, 0.975, 0.98, 0.983, 0.985};
    for (int32_t i = 0; i < 24; i++) {
        const double dropout = i / 2 % 2 ? -0.002 : 0.002, norm = i % 2 ? 0.0015 : -0.0015;
        test[i] = size[i / 4] + dropout + norm;
        train[i] = i < 4 ? 0.97 : 0.999;
    }
    assert_headline(
        (FakeGrid){.axis = {AXIS(KEY_HIDDEN, "8", "16", "32", "64", "128", "256"),
                            AXIS(KEY_DROPOUT, "0", "0.3"), AXIS(KEY_BATCH_NORM, "false", "true")},
                   .axes = 3,
                   .metric = METRIC_TEST_ACCURACY,
                   .folds = 5},
        (Means){.test = test, .train = train, .noise = 0.0002},
        "Small networks underfit, but large ones are not shown to overfit: mean test accuracy is "
        "94.50 % with 8 hidden units and 98.00 % with 256 (the highest, and the largest tried), "
        "averaged over the values of dropout and batch norm. The largest effect of the 3 that were "
        "varied is that of hidden units.");
}

static void depths(void **state) {
    (void)state;
    assert_headline(
        (FakeGrid){
            .axis = {AXIS(KEY_HIDDEN, "4", "16", "64", "4x4", "8x8", "16x16", "8x8x8", "16x16x16")},
            .axes = 1,
            .metric = METRIC_TEST_ACCURACY},
        (Means){.test = LOSSES(0.6, 0.8, 0.926, 0.7, 0.9, 0.985, 0.8, 0.9851), .noise = 0.0002},
        "Not all depths do as well: mean test accuracy is at best 92.60 % with one hidden layer "
        "(64 hidden units), 98.50 % with two (hidden layers 16x16) and 98.51 % with three (hidden "
        "layers 16x16x16).");
}

static void data_do_not_compete(void **state) {
    (void)state;
    const FakeGridAxis points = AXIS(KEY_DATA_SAMPLES, "25", "100", "400");
    assert_headline(
        (FakeGrid){.axis = {points, AXIS(KEY_L2, "0", "0.001")}, .axes = 2, .metric = METRIC_COUNT},
        (Means){.test = LOSSES(0.24, 0.16, 0.15, 0.11, 0.085, 0.091)},
        "More training points help: mean test loss falls from 0.200 with 25 training "
        "points to 0.088 with 400, averaged over the values of l2 penalty.");
    assert_headline((FakeGrid){.axis = {points}, .axes = 1, .metric = METRIC_TEST_ACCURACY},
                    (Means){.test = LOSSES(0.8, 0.9, 0.95)},
                    "More training points help: mean test accuracy rises from 80.0 % with 25 "
                    "training points to 95.0 % with 400.");
    assert_headline((FakeGrid){.axis = {AXIS(KEY_DATA_NOISE, "0", "0.2", "0.4")},
                               .axes = 1,
                               .metric = METRIC_COUNT},
                    (Means){.test = LOSSES(0.01, 0.1, 0.3)},
                    "Mean test loss rises from 0.010 with noise 0 to 0.300 with 0.4.");
    assert_headline((FakeGrid){.axis = {points}, .axes = 1, .metric = METRIC_COUNT},
                    (Means){.test = LOSSES(0.1, 0.2, 0.1001)},
                    "No effect of training points is shown: mean test loss is 0.100 with 25 "
                    "training points (the lowest) and 0.100 with 400.");
    assert_headline((FakeGrid){.axis = {AXIS(KEY_DATA_PATH, "a.csv", "b.csv")},
                               .axes = 1,
                               .metric = METRIC_TEST_ACCURACY},
                    (Means){.test = LOSSES(0.8, 0.95)},
                    "Mean test accuracy is 80.0 % with a.csv and 95.0 % with b.csv.");
}

/* Cells are shares of the four rows: from how many of the ten starts all are right. */
static double plant_tables(void *context, Metric metric, const int32_t *at, int32_t repeat) {
    const int32_t(*right)[4] = context;
    if (metric != METRIC_TRAIN_ACCURACY) return 0.1;
    return repeat < right[at[1]][at[0]] ? 1 : 0.75;
}

static void assert_tables(const FakeGrid *grid, const char *headline) {
    PlantedStudy study;
    planted_grid(&study, grid);
    assert_int_equal(study.finding.kind, FINDING_STARTS);
    assert_string_equal(study.text.headline, headline);
    planted_destroy(&study);
}

static void truth_tables(void **state) {
    (void)state;
    int32_t right[3][4] = {{10, 10, 10, 0}, {10, 10, 10, 5}, {10, 10, 10, 10}};
    FakeGrid grid = {
        .axis = {AXIS(KEY_DATA_GATE, "and", "or", "nand", "xor"), AXIS(KEY_HIDDEN, "", "2", "4")},
        .axes = 2,
        .metric = METRIC_TRAIN_ACCURACY,
        .no_test = true,
        .tables = true,
        .repeats = REPEATS,
        .value = plant_tables,
        .context = right};
    assert_tables(&grid, "A network without a hidden layer learns AND, OR and NAND from 10 of 10 "
                         "starts and XOR from none; two hidden units learn XOR from 5 of 10, four "
                         "from 10 of 10.");
    /* what the larger one forgets is said */
    right[1][0] = 9;
    assert_tables(&grid, "A network without a hidden layer learns AND, OR and NAND from 10 of 10 "
                         "starts and XOR from none; two hidden units learn AND from 9 of 10 and "
                         "XOR from 5 of 10, four from 10 of 10.");
}

static double plant_start(void *context, Metric metric, const int32_t *at, int32_t repeat) {
    (void)at;
    if (metric == METRIC_TRAIN_ACCURACY) return repeat < *(int32_t *)context ? 1 : 0.75;
    return 0.01 + 0.001 * repeat;
}

static void a_question_that_a_count_answers(void **state) {
    (void)state;
    int32_t right = 10;
    FakeGrid grid = {.metric = METRIC_TRAIN_LOSS,
                     .no_test = true,
                     .tables = true,
                     .repeats = REPEATS,
                     .value = plant_start,
                     .context = &right,
                     .question = "Does a 3-4-1 network learn exclusive-or?"};
    assert_tables(&grid, "Yes: 10 of 10 starts get every row right.");
    right = 0;
    assert_tables(&grid, "No: none of 10 starts gets every row right.");
    right = 4; /* neither yes nor no */
    assert_tables(&grid, "4 of 10 starts get every row right.");
    right = 10; /* "Yes" would be false of this one */
    grid.question = "Does a 3-4-1 network fail to learn exclusive-or?";
    assert_tables(&grid, "10 of 10 starts get every row right.");
    grid.question = "Is a 3-4-1 network too small to learn exclusive-or?";
    assert_tables(&grid, "10 of 10 starts get every row right.");
}

/* RMSE is the mean of the repeats' own: of 12 and 13 years in turn, 12.5. */
static double plant_numbers(void *context, Metric metric, const int32_t *at, int32_t repeat) {
    const double root = *(double *)context + (repeat % 2 ? 0.5 : -0.5) + at[0];
    if (strstr(metrics_name(metric), "r2")) return 0.91;
    if (strstr(metrics_name(metric), "mse")) return root * root;
    return root * root / 2;
}

static void numbers(void **state) {
    (void)state;
    double root = 12.5;
    PlantedStudy study;
    FakeGrid grid = {.metric = METRIC_COUNT,
                     .numbers = true,
                     .repeats = REPEATS,
                     .value = plant_numbers,
                     .context = &root};
    planted_grid(&study, &grid);
    /* scipy.stats.t.interval(0.95, 9, 12.5, sem([12, 13] * 5)) = 12.123, 12.877 */
    assert_string_equal(study.text.headline,
                        "RMSE 12.50 (95 % interval 12.12 to 12.88, 10 repeats); R² 0.91.");
    planted_destroy(&study);
    grid.axis[0] = (FakeGridAxis)SIZES;
    grid.axes = 1;
    planted_grid(&study, &grid);
    assert_says(study.text.headline, " The best setting has an RMSE of 12.50; R² 0.91.");
    planted_destroy(&study);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_that_underfit_and_overfit),
        cmocka_unit_test(what_fits_its_training_rows_does_not_underfit),
        cmocka_unit_test(nothing_differs),
        cmocka_unit_test(one_repeat),
        cmocka_unit_test(everything_diverged),
        cmocka_unit_test(the_largest_diverged),
        cmocka_unit_test(an_axis_of_numbers),
        cmocka_unit_test(an_axis_of_words),
        cmocka_unit_test(two_values),
        cmocka_unit_test(two_axes),
        cmocka_unit_test(three_axes),
        cmocka_unit_test(depths),
        cmocka_unit_test(data_do_not_compete),
        cmocka_unit_test(truth_tables),
        cmocka_unit_test(a_question_that_a_count_answers),
        cmocka_unit_test(numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
