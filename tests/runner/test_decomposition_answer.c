/* Where the error comes from, of planted networks: what is decided, and what the page says. */
#include "runner/analysis/decomposition_answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/data/truth.h"
#include "tests/runner/drawn.h"

/* --- the rule --------------------------------------------------------------------------------- */

enum { NETWORKS = 8, ROWS = 200 };

/* Numbers whose truth is 0: each network is `bias` off, and by a draw of its own for each row. */
static Decomposition planted(double bias, double deviation, bool known) {
    static double y[NETWORKS][ROWS], nothing[ROWS];
    const double *output[NETWORKS];
    Decomposition d;
    Rng rng;
    rng_seed(&rng, 1);
    for (int32_t r = 0; r < NETWORKS; r++) {
        output[r] = y[r];
        for (int32_t i = 0; i < ROWS; i++) y[r][i] = bias + rng_normal(&rng, 0, deviation);
    }
    const DecompositionInput input = {.output = output,
                                      .repeats = NETWORKS,
                                      .rows = ROWS,
                                      .target = nothing,
                                      .truth = known ? nothing : NULL};
    assert_true(decomposition_make(&d, &input, NULL));
    return d;
}

static void the_larger_part_is_told_apart(void **state) {
    (void)state;
    const Decomposition bias = planted(1, 0.2, true), variance = planted(0.2, 1, true),
                        unknown = planted(1, 0.2, false), open = planted(0, 0, true);
    assert_int_equal(decomposition_answer_source(&bias), DECOMPOSITION_BIAS);
    assert_int_equal(decomposition_answer_source(&variance), DECOMPOSITION_VARIANCE);
    assert_int_equal(decomposition_answer_source(&open), DECOMPOSITION_OPEN);
    assert_int_equal(decomposition_answer_source(&unknown), DECOMPOSITION_OPEN);
    assert_false(decomposition_answer_make(&unknown, 1).known);
    assert_true(decomposition_answer_make(&bias, 1).known);
}

static void ends_are_rows_without_a_gap(void **state) {
    (void)state;
    static const struct {
        const char *row; /* b bias, v variance, o open */
        int32_t bias_until, variance_from;
    } cases[] = {{"bbovv", 1, 3},   {"vvvvv", -1, 0}, {"bbbbb", 4, -1},  {"ooooo", -1, -1},
                 {"obovo", -1, -1}, {"bobvv", 0, 3},  {"vbbvb", -1, -1}, {"bvovv", 0, 3}};
    const Decomposition bias = planted(1, 0.2, true), variance = planted(0.2, 1, true),
                        open = planted(0, 0, true);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Decomposition d[5];
        for (int32_t k = 0; k < 5; k++)
            d[k] = cases[i].row[k] == 'b' ? bias : cases[i].row[k] == 'v' ? variance : open;
        const DecompositionAnswer answer = decomposition_answer_make(d, 5);
        assert_int_equal(answer.bias_until, cases[i].bias_until);
        assert_int_equal(answer.variance_from, cases[i].variance_from);
        assert_int_equal(answer.settings[DECOMPOSITION_BIAS] +
                             answer.settings[DECOMPOSITION_VARIANCE] +
                             answer.settings[DECOMPOSITION_OPEN],
                         5);
    }
}

/* --- the page --------------------------------------------------------------------------------- */

static const SyntheticConfig MOONS = {.kind = SYNTHETIC_MOONS, .samples = 200, .noise = 0.2};

/* Up to 2 hidden units all answer 1/2; 3 know the truth; of more, each is wrong about a twentieth
 * of the rows, of its own choice. */
static bool predict(void *context, int64_t trial, const double *x, int64_t n, double *y,
                    Error *err) {
    const Fake *fake = context;
    const int64_t units = fake->results.hidden_units[trial];
    Rng rng;
    rng_seed(&rng, (uint32_t)trial);
    if (!truth_probability(y, &MOONS, x, n, err)) return false;
    for (int64_t i = 0; i < n; i++) {
        const bool wrong = rng_double(&rng) < 0.05;
        if (units < 3) y[2 * i] = 0.5;
        if (units > 3 && wrong) y[2 * i] = 1 - y[2 * i];
        y[2 * i + 1] = 1 - y[2 * i];
    }
    return true;
}

static void set_key(Fake *fake, KeyId key, double number, const char *text) {
    for (int64_t t = 0; t < fake->results.trials; t++)
        fake->results.key[key][t] = (Value){number, text};
}

/* A study of 6 sizes and 6 repeats whose test rows are its training rows. */
static void plant(Drawn *drawn) {
    fake_create(&drawn->fake, &(FakeOptions){.sizes = 6, .repeats = 6});
    Fake *fake = &drawn->fake;
    fake->results.set[0].test = fake->results.set[0].train;
    for (KeyId key = 0; key < KEY_COUNT; key++)
        if (key != KEY_HIDDEN && KEYS[key].type != KEY_TYPE_CHOICE) set_key(fake, key, 0, "0");
    set_key(fake, KEY_DATA_KIND, DATA_KIND_MOONS, "moons");
    set_key(fake, KEY_DATA_GATE, 0, "and");
    set_key(fake, KEY_DATA_SAMPLES, 200, "200");
    set_key(fake, KEY_DATA_NOISE, 0.2, "0.2");
    set_key(fake, KEY_DATA_SCALE_MIN, (double)NAN, "");
    set_key(fake, KEY_BATCH_SIZE, 0, "full");
    fake->predictor.predict = predict;
}

static void draw(Drawn *drawn) {
    drawn_draw(drawn, &(ReportOptions){.plots_folder = DRAWN_PLOTS, .only = "decomposition"});
    drawn_assert(drawn);
}

static void the_page_says_what_was_planted(void **state) {
    (void)state;
    Drawn drawn;
    plant(&drawn);
    drawn.fake.results.status[5] = TRIAL_DIVERGED;
    draw(&drawn);
    drawn_assert_has(drawn.page, "From 4 hidden units on, most of the error above the noise is "
                                 "variance: it comes from the luck of the initial weights, not "
                                 "from networks too small.");
    drawn_assert_has(drawn.page, "Up to 2 hidden units, most of that error is bias²");
    drawn_assert_has(drawn.page, "All repeats have the same training rows");
    drawn_assert_has(drawn.page, "1 diverged repeat is left out.");
    drawn_assert_has(drawn.page, "no network can do better, except by luck");
    size_t length;
    char *table = drawn_file(drawn.report, "decomposition.tsv", &length);
    assert_non_null(table);
    static const char heading[] =
        "hidden\tlabel\trepeats\tbrier\tbrier_low\tbrier_high\tnoise\tnoise_low\tnoise_high\tbias2"
        "\tbias2_low\tbias2_high\tvariance\tvariance_low\tvariance_high\tcross_entropy\t"
        "cross_entropy_low\tcross_entropy_high\taverage_network\taverage_network_low\t"
        "average_network_high\tce_variance\tce_variance_low\tce_variance_high\n1\t1\t5\t0.25\t";
    assert_memory_equal(table, heading, strlen(heading));
    free(table);
    drawn_clear(&drawn);
}

static void without_the_truth_noise_and_bias_are_one(void **state) {
    (void)state;
    Drawn drawn;
    plant(&drawn);
    set_key(&drawn.fake, KEY_DATA_KIND, DATA_KIND_CSV, "csv");
    draw(&drawn);
    drawn_assert_has(drawn.page, "noise and bias², which cannot be told apart");
    assert_null(strstr(drawn.page, "no network can do better"));
    size_t length;
    char *table = drawn_file(drawn.report, "decomposition.tsv", &length);
    drawn_assert_has(table, "\n1\t1\t6\t0.25\t0.25\t0.25\t\t\t\t\t\t\t");
    free(table);
    drawn_clear(&drawn);
}

/* The rows of the file are not scaled: the truth about them is known. */
static void standardized_rows_have_a_truth(void **state) {
    (void)state;
    Drawn drawn;
    plant(&drawn);
    set_key(&drawn.fake, KEY_DATA_STANDARDIZE, 1, "true");
    draw(&drawn);
    drawn_assert_has(drawn.page, "no network can do better, except by luck");
    drawn_clear(&drawn);
    plant(&drawn);
    set_key(&drawn.fake, KEY_DATA_STANDARDIZE, 1, "true");
    drawn.fake.results.format = 1;
    draw(&drawn);
    drawn_assert_has(drawn.page, "an earlier program made these results");
    drawn_clear(&drawn);
}

static void what_has_no_common_test_rows_is_explained(void **state) {
    (void)state;
    static const struct {
        KeyId key;
        double number;
        bool folds;
        const char *words;
    } cases[] = {
        {KEY_DATA_FOLDS, 5, true, "folds have different test rows"},
        {KEY_DATA_KIND, DATA_KIND_CSV, false, "training rows of another"},
        {KEY_DATA_KIND, DATA_KIND_BLOBS, false, "the blobs of each repeat are elsewhere"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Drawn drawn;
        plant(&drawn);
        Results *r = &drawn.fake.results;
        DataSplits sets[2] = {r->set[0], r->set[0]};
        int32_t fold[200] = {0};
        r->set = sets;
        r->sets = 2;
        for (int64_t t = 0; t < r->trials; t++) r->data[t] = r->repeat[t] > 0;
        if (cases[i].folds) sets[0].train.fold = sets[1].train.fold = fold;
        set_key(&drawn.fake, cases[i].key, cases[i].number, "x");
        draw(&drawn);
        drawn_assert_has(drawn.page, cases[i].words);
        drawn_clear(&drawn);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_larger_part_is_told_apart),
        cmocka_unit_test(ends_are_rows_without_a_gap),
        cmocka_unit_test(the_page_says_what_was_planted),
        cmocka_unit_test(without_the_truth_noise_and_bias_are_one),
        cmocka_unit_test(standardized_rows_have_a_truth),
        cmocka_unit_test(what_has_no_common_test_rows_is_explained),
    };
    return cmocka_run_group_tests_name("decomposition_answer", tests, NULL, NULL);
}
