/* How often each claim that a page can make is false: studies whose truth is known, thousands a
 * second, judged as a report judges them. Prints a table, and fails above the bounds. RUNNER_LONG=1
 * makes thirteen times as many studies, of more designs.
 *
 * A value of a setting is its mean, plus luck that all settings of a repeat share, plus luck of its
 * own, whose deviation is 1. Folds share training rows, so that of the variance of a setting's own
 * luck a share of 1/J is the same in all J folds: the model behind the correction of Nadeau and
 * Bengio. */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/rng.h"
#include "tests/runner/planted.h"

#define STUDIES      300
#define LONG_STUDIES 4000
#define VALUES       50
#define CELLS        200
#define REPEATS      200

/* --- studies ---------------------------------------------------------------------------------- */

typedef enum Luck { LUCK_NORMAL, LUCK_SKEWED, LUCK_UNEQUAL } Luck;

/* The design of a study, and what is true of it: the mean of a setting is test[i] + other[k], i
 * and k its indices on the axes. */
typedef struct Design {
    KeyId axis[2];
    int32_t count[2]; /* 0: no second axis */
    int32_t repeats, folds;
    double test[VALUES], train[VALUES], other[VALUES];
    Luck luck;
} Design;

typedef struct Study {
    Design design;
    Rng rng;
    double test[CELLS][REPEATS], train[CELLS][REPEATS];
    PlantedStudy planted;
} Study;

static double planted_value(void *context, Metric metric, const int32_t *at, int32_t repeat) {
    const Study *study = context;
    const int32_t second = study->design.count[1];
    const int32_t cell = second > 0 ? at[0] * second + at[1] : at[0];
    if (metric == METRIC_TEST_LOSS) return study->test[cell][repeat];
    return metric == METRIC_TRAIN_LOSS ? study->train[cell][repeat] : 0.5;
}

/* Of mean 0 and deviation 1. */
static double draw(Rng *rng, Luck luck) {
    const double z = rng_normal(rng, 0, 1);
    return luck == LUCK_SKEWED ? (exp(z) - 1.6487212707001282) / 2.1611974158950877 : z;
}

static void draw_cell(Study *study, double (*x)[REPEATS], int32_t cell, double mean,
                      const double *shared) {
    const Design *design = &study->design;
    const int32_t n = design->folds > 0 ? design->folds : design->repeats;
    const double common = design->folds > 0 ? 1.0 / design->folds : 0;
    const int32_t cells = design->count[0] * (design->count[1] > 0 ? design->count[1] : 1);
    const double sd = design->luck == LUCK_UNEQUAL ? 1 + 3.0 * cell / cells : 1;
    const double fixed = rng_normal(&study->rng, 0, 1) * sqrt(common);
    for (int32_t r = 0; r < n; r++) {
        const double own = fixed + sqrt(1 - common) * draw(&study->rng, design->luck);
        x[cell][r] = 100 + mean + sd * own + shared[r];
    }
}

static void draw_study(Study *study) {
    const Design *design = &study->design;
    const int32_t second = design->count[1] > 0 ? design->count[1] : 1;
    double shared[REPEATS];
    for (int32_t r = 0; r < REPEATS; r++) shared[r] = rng_normal(&study->rng, 0, 2);
    for (int32_t i = 0; i < design->count[0]; i++) {
        for (int32_t k = 0; k < second; k++) {
            const int32_t cell = i * second + k;
            draw_cell(study, study->test, cell, design->test[i] + design->other[k], shared);
            draw_cell(study, study->train, cell, design->train[i], shared);
        }
    }
}

/* --- what is counted -------------------------------------------------------------------------- */

typedef enum Counted {
    COUNT_CLAIM, /* the headline says that something differs */
    COUNT_LOW,   /* the interval of the largest value's difference is above the truth ... */
    COUNT_HIGH,  /* ... or below it */
    COUNT_OWN,   /* the first setting's own interval misses on either side */
    COUNT_WORSE, /* the largest value (of words the worst) is said to be worse */
    COUNT_BEST,  /* one value is said to be better than all others */
    COUNT_UNDERFITS,
    COUNT_OVERFITS,
    COUNT_LARGEST, /* an axis is said to have the largest effect */
    COUNT_TABLE,   /* a corrected p of the table "the best against the next" is below 5 % */
    COUNTED
} Counted;

/* The mean of the values that the halves chose, by the repeats that they judge. */
static double truth_of(const Study *study, int32_t value) {
    const FindingAxis *main = &study->planted.finding.main;
    const double *mean = study->design.test;
    const int32_t n = study->planted.summary.replicates, even = (n + 1) / 2;
    return mean[value] - (mean[main->chosen[1]] * even + mean[main->chosen[0]] * (n - even)) / n;
}

static bool table_claims(const Summary *summary) {
    double p[VALUES * 4];
    int32_t count = 0;
    const double *column = summary_column(summary, summary->metric, summary->at);
    for (int64_t g = 0; g < summary->groups; g++)
        if (g != summary->best) p[count++] = summary_compare(summary, g, summary->best, column).p;
    statistics_holm(p, count);
    for (int32_t i = 0; i < count; i++)
        if (p[i] < 0.05) return true;
    return false;
}

static void count_study(const Study *study, int32_t *count) {
    const Finding *finding = &study->planted.finding;
    const FindingAxis *main = &finding->main;
    const Summary *summary = &study->planted.summary;
    const Interval *own = &summary->group[0].metric;
    const double first = 100 + study->design.test[0] + study->design.other[0];
    count[COUNT_OWN] += own->low > first || own->high < first;
    count[COUNT_TABLE] += table_claims(summary);
    if (finding->kind != FINDING_AXIS) return;
    count[COUNT_CLAIM] += main->claim != FINDING_SAME || finding->has_largest_effect;
    count[COUNT_BEST] +=
        main->claim == FINDING_ONE || main->claim == FINDING_MORE || main->claim == FINDING_LESS;
    count[COUNT_UNDERFITS] += main->underfits;
    count[COUNT_OVERFITS] += main->overfits;
    count[COUNT_LARGEST] += finding->has_largest_effect;
    count[COUNT_WORSE] += main->large.value >= 0 && main->large.worse;
    const FindingEnd *end = main->large.value >= 0 ? &main->large : &main->small;
    if (end->value < 0) return;
    const Interval *d = &end->metric.loss.difference;
    const bool ordered = main->kind == SWEEP_NUMBERS && main->values > 2;
    const double truth = ordered ? truth_of(study, end->value) : 0;
    count[COUNT_LOW] += d->low > truth;
    count[COUNT_HIGH] += d->high < truth;
}

/* Draws and judges so many studies of a design; count: of each claim. */
static void simulate(const Design *design, uint32_t seed, int32_t studies, int32_t *count) {
    static const char *const numbers[] = {
        "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "10", "11", "12", "13",
        "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26",
        "27", "28", "29", "30", "31", "32", "33", "34", "35", "36", "37", "38", "39",
        "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "50"};
    Study *study = calloc(1, sizeof *study);
    assert_non_null(study);
    study->design = *design;
    rng_seed(&study->rng, seed);
    FakeGrid grid = {.axes = design->count[1] > 0 ? 2 : 1,
                     .repeats = design->repeats,
                     .folds = design->folds,
                     .metric = METRIC_COUNT,
                     .value = planted_value,
                     .context = study};
    for (int32_t a = 0; a < grid.axes; a++)
        grid.axis[a] = (FakeGridAxis){design->axis[a], numbers, design->count[a]};
    for (int32_t i = 0; i < COUNTED; i++) count[i] = 0;
    fake_grid_create(&study->planted.fake, &grid);
    for (int32_t i = 0; i < studies; i++) {
        Error err = {0};
        PlantedStudy *planted = &study->planted;
        draw_study(study);
        fake_grid_fill(&planted->fake, &grid);
        assert_true(
            summary_create(&planted->summary, &planted->fake.results, &planted->fake.spec, &err));
        assert_true(finding_make(&planted->finding, &planted->summary, &err));
        count_study(study, count);
        finding_destroy(&planted->finding);
        summary_destroy(&planted->summary);
    }
    fake_destroy(&study->planted.fake);
    free(study);
}

/* --- the table -------------------------------------------------------------------------------- */

static bool is_long(void) {
    const char *text = getenv("RUNNER_LONG");
    return text && strcmp(text, "1") == 0;
}

static int32_t studies(void) {
    return is_long() ? LONG_STUDIES : STUDIES;
}

/* A rate in percent, and whether it is at most `bound` but for the luck of so many studies: three
 * standard deviations. */
static bool print_rate(const char *what, int32_t count, double bound) {
    const double n = studies(), rate = count / n;
    const bool within = rate <= bound + 3 * sqrt(bound * (1 - bound) / n);
    printf("  %s %.2f %%%s", what, 100 * rate, within ? "" : " TOO MANY");
    return within;
}

#define SIDE  0.035 /* of intervals */
#define ALPHA 0.05

/* A row of the table: what of a study without any difference is taken for one. */
static bool print_null(const char *name, const Design *design, uint32_t seed) {
    int32_t count[COUNTED];
    /* a mean of skewed values has a skewed t: its interval is not ours to mend */
    const double side = design->luck == LUCK_SKEWED ? 1 : SIDE;
    simulate(design, seed, studies(), count);
    printf("%-8s %2d values", name, design->count[0]);
    if (design->count[1] > 0) printf(" x %2d", design->count[1]);
    printf(", %2d %s:", design->folds > 0 ? design->folds : design->repeats,
           design->folds > 0 ? "folds  " : "repeats");
    bool good = print_rate("claimed", count[COUNT_CLAIM], ALPHA);
    good = print_rate("; interval above", count[COUNT_LOW], side) && good;
    good = print_rate("below", count[COUNT_HIGH], side) && good;
    good = print_rate("; own interval", count[COUNT_OWN], fmin(1, 2 * side)) && good;
    printf("  (table %.1f %%)\n", 100.0 * count[COUNT_TABLE] / studies());
    return good;
}

static void where_nothing_differs_nothing_is_claimed(void **state) {
    (void)state;
    static const int32_t sizes[] = {4, 8, 50, 2};
    static const struct {
        int32_t repeats, folds;
    } replicates[] = {{10, 0}, {1, 10}, {30, 0}, {1, 5}, {4, 0}, {6, 0}, {7, 0}};
    static const KeyId keys[] = {KEY_HIDDEN, KEY_ACTIVATION, KEY_LEARNING_RATE, KEY_DATA_SAMPLES};
    static const char *const names[] = {"sizes", "words", "numbers", "data"};
    bool good = true;
    printf("nothing differs\n");
    for (int32_t k = 0; k < (is_long() ? 4 : 2); k++) {
        for (int32_t s = 0; s < (is_long() ? 4 : 3); s++) {
            for (int32_t r = 0; r < (is_long() ? 7 : k == 0 ? 4 : 2); r++) {
                const Design design = {.axis = {keys[k]},
                                       .count = {sizes[s]},
                                       .repeats = replicates[r].repeats,
                                       .folds = replicates[r].folds};
                good = print_null(names[k], &design, (uint32_t)(1000 * k + 100 * s + r)) && good;
            }
        }
    }
    assert_true(good);
}

static void luck_of_other_kinds_and_other_axes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        Design design;
    } cases[] = {
        {"skewed", {.axis = {KEY_HIDDEN}, .count = {8}, .repeats = 10, .luck = LUCK_SKEWED}},
        {"unequal", {.axis = {KEY_HIDDEN}, .count = {8}, .repeats = 10, .luck = LUCK_UNEQUAL}},
        {"unequal", {.axis = {KEY_HIDDEN}, .count = {50}, .repeats = 30, .luck = LUCK_UNEQUAL}},
        {"sizes", {.axis = {KEY_HIDDEN, KEY_LEARNING_RATE}, .count = {8, 5}, .repeats = 10}},
        {"sizes",
         {.axis = {KEY_HIDDEN, KEY_LEARNING_RATE}, .count = {8, 5}, .repeats = 1, .folds = 5}},
        {"sizes", {.axis = {KEY_HIDDEN, KEY_LEARNING_RATE}, .count = {8, 2}, .repeats = 10}},
        {"sizes", {.axis = {KEY_HIDDEN, KEY_LEARNING_RATE}, .count = {2, 11}, .repeats = 10}},
        {"sizes",
         {.axis = {KEY_HIDDEN, KEY_LEARNING_RATE}, .count = {2, 11}, .repeats = 1, .folds = 5}},
        {"words", {.axis = {KEY_ACTIVATION, KEY_LEARNING_RATE}, .count = {4, 4}, .repeats = 10}},
        {"data", {.axis = {KEY_DATA_SAMPLES, KEY_LEARNING_RATE}, .count = {6, 4}, .repeats = 10}},
    };
    bool good = true;
    printf("nothing differs, either\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        good = print_null(cases[i].name, &cases[i].design, (uint32_t)(7000 + i)) && good;
    assert_true(good);
}

/* Claims that go too far where something does differ. */
static void what_differs_is_not_said_to_do_more(void **state) {
    (void)state;
    static const struct {
        const char *name;
        Design design;
        Counted counted;
    } cases[] = {
        {"\"X is best\" of two equal words",
         {.axis = {KEY_ACTIVATION}, .count = {4}, .repeats = 10, .test = {0, 0, 3, 3}},
         COUNT_BEST},
        {"\"X is best\" of two equal words",
         {.axis = {KEY_ACTIVATION}, .count = {4}, .repeats = 30, .test = {0, 0, 3, 3}},
         COUNT_BEST},
        {"\"X is best\", 10 folds",
         {.axis = {KEY_ACTIVATION}, .count = {4}, .repeats = 1, .folds = 10, .test = {0, 0, 3, 3}},
         COUNT_BEST},
        {"\"larger are better\", two equal",
         {.axis = {KEY_LEARNING_RATE}, .count = {4}, .repeats = 10, .test = {6, 3, 0, 0}},
         COUNT_BEST},
        {"\"larger are better\", two equal",
         {.axis = {KEY_LEARNING_RATE}, .count = {4}, .repeats = 30, .test = {6, 3, 0, 0}},
         COUNT_BEST},
        {"\"the largest is worse\", is best",
         {.axis = {KEY_LEARNING_RATE},
          .count = {8},
          .repeats = 10,
          .test = {7, 6, 5, 4, 3, 2, 1, 0}},
         COUNT_WORSE},
        {"\"underfits\" that trains as well",
         {.axis = {KEY_HIDDEN}, .count = {4}, .repeats = 10, .test = {3, 0, 0, 0}},
         COUNT_UNDERFITS},
        {"\"overfits\" that trains badly",
         {.axis = {KEY_HIDDEN},
          .count = {4},
          .repeats = 10,
          .test = {0, 0, 0, 2},
          .train = {0, 0, 0, 2}},
         COUNT_OVERFITS},
        {"\"largest effect\" of two equal",
         {.axis = {KEY_HIDDEN, KEY_LEARNING_RATE},
          .count = {4, 4},
          .repeats = 10,
          .test = {2, 1, 0, 2},
          .other = {2, 1, 0, 2}},
         COUNT_LARGEST},
    };
    bool good = true;
    printf("something differs: claims that are false\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t count[COUNTED];
        simulate(&cases[i].design, (uint32_t)(8000 + i), studies(), count);
        printf("%-34s", cases[i].name);
        good = print_rate("", count[cases[i].counted], ALPHA) && good;
        printf("\n");
    }
    assert_true(good);
}

/* A curve with its best in the middle: the interval of the largest value's difference. */
static void intervals_hold_the_truth_where_values_differ(void **state) {
    (void)state;
    bool good = true;
    printf("a curve of 8 values\n");
    for (int32_t i = 0; i < 4; i++) {
        int32_t count[COUNTED];
        Design design = {.axis = {KEY_HIDDEN}, .count = {8}};
        design.repeats = i == 0 ? 5 : i == 1 ? 10 : i == 2 ? 30 : 1;
        design.folds = i == 3 ? 10 : 0;
        for (int32_t v = 0; v < 8; v++) design.test[v] = 0.05 * (v - 3) * (v - 3);
        simulate(&design, (uint32_t)(9000 + i), studies(), count);
        printf("%2d %s:", design.folds > 0 ? design.folds : design.repeats,
               design.folds > 0 ? "folds  " : "repeats");
        good = print_rate("interval above", count[COUNT_LOW], SIDE) && good;
        good = print_rate("below", count[COUNT_HIGH], SIDE) && good;
        printf("\n");
    }
    assert_true(good);
}

/* Power has no bound, but is known: one deviation between the largest value and all others. */
static void power_at_one_deviation(void **state) {
    (void)state;
    static const int32_t sizes[] = {2, 4, 8, 50};
    printf("power: the largest value is one deviation worse than all others\n");
    for (size_t s = 0; s < 4; s++) {
        double ten = 0;
        printf("%2d values:", sizes[s]);
        for (int32_t r = 0; r < 4; r++) {
            int32_t count[COUNTED];
            Design design = {.axis = {KEY_HIDDEN}, .count = {sizes[s]}};
            design.repeats = r == 0 ? 10 : r == 1 ? 20 : r == 2 ? 30 : 1;
            design.folds = r == 3 ? 10 : 0;
            design.test[sizes[s] - 1] = 1;
            simulate(&design, (uint32_t)(10000 + 10 * (int32_t)s + r), studies(), count);
            const double power =
                (double)(sizes[s] == 2 ? count[COUNT_CLAIM] : count[COUNT_WORSE]) / studies();
            printf("  %d %s %.2f", design.folds > 0 ? design.folds : design.repeats,
                   design.folds > 0 ? "folds" : "repeats", power);
            if (r == 0) ten = power;
            if (r == 2) assert_true(power > ten && power > 0.8); /* more repeats show more */
        }
        printf("\n");
    }
}

/* The number of repeats that the page names has the power that it names. Differences of `effect`
 * deviations of a setting: those of a pair have the deviation sqrt(2). */
static void the_repeats_that_would_show_it_do(void **state) {
    (void)state;
    bool good = true;
    printf("\"N repeats would show it (power 0.8)\"\n");
    for (int32_t i = 0; i < 4; i++) {
        const double effect = i % 2 == 0 ? 1 : 0.7;
        const int32_t values = i < 2 ? 2 : 8;
        int32_t count[COUNTED];
        Design design = {.axis = {KEY_HIDDEN}, .count = {values}};
        const CrossfitTest test = {
            .loss = {.difference = {.n = 10, .mean = effect, .sd = sqrt(2)}}};
        design.repeats = crossfit_repeats_needed(&test, values > 2 ? 2 : 1);
        assert_true(design.repeats > 10 && design.repeats < REPEATS);
        design.test[values - 1] = effect;
        simulate(&design, (uint32_t)(11000 + i), studies(), count);
        const double power =
            (double)(values == 2 ? count[COUNT_CLAIM] : count[COUNT_WORSE]) / studies();
        const double luck = 3 * sqrt(0.8 * 0.2 / studies());
        const bool near = fabs(power - 0.8) < 0.05 + luck; /* N comes from a normal approximation */
        printf("%d values, %.1f deviations: %d repeats, power %.2f%s\n", values, effect,
               design.repeats, power, near ? "" : " NOT 0.8");
        good = good && near;
    }
    assert_true(good);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_nothing_differs_nothing_is_claimed),
        cmocka_unit_test(luck_of_other_kinds_and_other_axes),
        cmocka_unit_test(what_differs_is_not_said_to_do_more),
        cmocka_unit_test(intervals_hold_the_truth_where_values_differ),
        cmocka_unit_test(power_at_one_deviation),
        cmocka_unit_test(the_repeats_that_would_show_it_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
