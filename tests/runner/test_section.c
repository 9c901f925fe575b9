/* What the sections of a report say: the numbers in their tables, and that any number of trials can
 * be drawn. */
#include "tests/runner/drawn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "runner/analysis/statistics.h"

static void the_table_of_a_figure_has_every_run_and_its_statistics(void **state) {
    (void)state;
    Drawn drawn;
    drawn_create(&drawn, &(FakeOptions){.sizes = 4, .repeats = 3},
                 &(ReportOptions){.plots_folder = DRAWN_PLOTS, .only = "overfitting"});
    drawn_assert(&drawn);
    size_t length;
    char *table = drawn_file(drawn.report, "overfitting.tsv", &length);
    assert_non_null(table);
    const char *heading =
        "hidden\tlabel\tn\ttrain_mean\ttrain_low\ttrain_high\ttrain_0\ttrain_1\ttrain_2\t"
        "test_mean\ttest_low\ttest_high\ttest_0\ttest_1\ttest_2\n";
    assert_memory_equal(table, heading, strlen(heading));
    const char *row = table + strlen(heading);
    for (int64_t size = 0; size < 4; size++) {
        double cell[15];
        char *end = (char *)row;
        for (int32_t c = 0; c < 15; c++) cell[c] = strtod(end, &end);
        const double *test = drawn.fake.results.final[METRIC_TEST_LOSS] + 3 * size;
        const Interval mean = statistics_interval(test, 3);
        const double expected[] = {(double)(size + 1), (double)(size + 1), 3};
        for (int32_t c = 0; c < 3; c++) assert_true(cell[c] == expected[c]);
        const double statistics[] = {mean.mean, mean.low, mean.high, test[0], test[1], test[2]};
        for (int32_t c = 0; c < 6; c++)
            assert_true(fabs(cell[9 + c] - statistics[c]) < 1e-5 * fabs(statistics[c]));
        row = strchr(row, '\n') + 1;
    }
    assert_int_equal(*row, '\0');
    free(table);
    drawn_clear(&drawn);
}

static void boundaries_are_the_mean_of_the_networks_they_name(void **state) {
    (void)state;
    Drawn drawn;
    char *panels[] = {"1", "2", "3", "4", "5", "20", "50", NULL};
    fake_create(&drawn.fake, &(FakeOptions){.repeats = 2});
    drawn.fake.spec.report.panels = panels;
    drawn_draw(&drawn, &(ReportOptions){.plots_folder = DRAWN_PLOTS, .only = "boundaries"});
    drawn_assert(&drawn);
    size_t length;
    char *table = drawn_file(drawn.report, "boundaries.tsv", &length),
         *program = drawn_file(drawn.report, "boundaries.gp", &length);
    assert_non_null(table);
    static const char *const titles[] = {"1 hidden unit",  "2 hidden units", "3 hidden units",
                                         "4 hidden units", "5 hidden units", "20 hidden units",
                                         "50 hidden units"};
    static const int64_t trials[] = {0, 2, 4, 6, 8, 38, 98};
    for (int32_t i = 0; i < 7; i++) {
        char line[64];
        snprintf(line, sizeof line, "title_%d = '%s'\n", i + 1, titles[i]);
        assert_non_null(strstr(program, line));
    }
    char *end = strchr(table, '\n');
    for (int32_t k = 0; k < 20; k++) {
        double x[2] = {strtod(end, &end), 0};
        x[1] = strtod(end, &end);
        for (int32_t i = 0; i < 7; i++) {
            const double class_number = strtod(end, &end), probability = strtod(end, &end);
            double y[2], z[2]; /* of the two repeats */
            assert_true(drawn.fake.predictor.predict(&drawn.fake, trials[i], x, 1, y, NULL));
            assert_true(drawn.fake.predictor.predict(&drawn.fake, trials[i] + 1, x, 1, z, NULL));
            const double mean[2] = {(y[0] + z[0]) / 2, (y[1] + z[1]) / 2};
            assert_true(class_number == (mean[1] > mean[0]));
            assert_true(fabs(probability - fmax(mean[0], mean[1])) < 1e-3);
        }
    }
    free(table);
    free(program);
    drawn_clear(&drawn);
}

static void cells_of_a_heat_map_have_digits_enough_to_differ(void **state) {
    (void)state;
    Drawn drawn;
    fake_create(&drawn.fake, &(FakeOptions){.sizes = 3, .rates = 2, .repeats = 2});
    Results *r = &drawn.fake.results;
    for (int64_t t = 0; t < r->trials; t++)
        r->final[METRIC_TEST_LOSS][t] = 100 + 0.1 * (double)r->setting[t];
    drawn_draw(&drawn, &(ReportOptions){.plots_folder = DRAWN_PLOTS, .only = "heatmap"});
    drawn_assert(&drawn);
    size_t length;
    char *table = drawn_file(drawn.report, "heatmap.tsv", &length), *rest = table, label[16][32];
    int cells = 0;
    strsep(&rest, "\n"); /* the headings */
    for (char *line; (line = strsep(&rest, "\n")) && cells < 16;)
        cells += sscanf(line, "%*d\t%*d\t%*f\t%31s", label[cells]) == 1;
    assert_int_equal(cells, 6);
    for (int i = 0; i < cells; i++)
        for (int j = 0; j < i; j++) assert_string_not_equal(label[i], label[j]);
    free(table);
    drawn_clear(&drawn);
}

/* The planted study says which axis matters: the rate, by far. */
static void importance_names_what_matters(void **state) {
    (void)state;
    Drawn drawn;
    drawn_create(
        &drawn,
        &(FakeOptions){.shape = FAKE_FLAT, .sizes = 3, .repeats = 4, .rates = 4, .penalties = 2},
        &(ReportOptions){.plots_folder = DRAWN_PLOTS, .only = "importance"});
    drawn_assert(&drawn);
    size_t length;
    char *table = drawn_file(drawn.report, "importance.tsv", &length);
    assert_non_null(table);
    double percent = 0, total = 0;
    int32_t rows = 0;
    const char *row = strchr(table, '\n') + 1;
    assert_memory_equal(row, "learning rate\t", 14);
    for (; *row; row = strchr(row, '\n') + 1, rows++) {
        const double one = strtod(strchr(row, '\t'), NULL);
        if (rows == 0) percent = one;
        total += one;
    }
    assert_int_equal(rows, 3 + 3 + 2); /* axes, pairs, three together, luck */
    assert_true(percent > 85);
    assert_true(fabs(total - 100) < 1e-3); /* the table has nine digits */
    drawn_assert_has(drawn.page, "Shown to matter: learning rate (");
    free(table);
    drawn_clear(&drawn);
}

/* One repeat: nothing is said to matter. */
static void importance_of_one_repeat_claims_nothing(void **state) {
    (void)state;
    Drawn drawn;
    drawn_create(&drawn, &(FakeOptions){.shape = FAKE_FLAT, .sizes = 3, .repeats = 1, .rates = 4},
                 &(ReportOptions){.plots_folder = DRAWN_PLOTS, .only = "importance"});
    drawn_assert(&drawn);
    drawn_assert_has(drawn.page, "With one repeat nothing can be said to matter");
    drawn_clear(&drawn);
}

/* "noisy" was said of a fall with one bump by the rules of numerics 3. */
static void verdicts_of_an_earlier_program_are_not_explained_by_our_rules(void **state) {
    (void)state;
    const FakeOptions study = {.sizes = 4, .repeats = 3};
    const ReportOptions options = {.plots_folder = DRAWN_PLOTS, .only = "stability"};
    Drawn drawn;
    drawn_create(&drawn, &study, &options);
    drawn_assert(&drawn);
    drawn_assert_has(drawn.page, verdict_meaning(drawn.fake.results.verdict[0]));
    assert_int_equal(drawn_count(drawn.page, "earlier program"), 0);
    drawn_clear(&drawn);
    fake_create(&drawn.fake, &study);
    drawn.fake.results.numerics = 3;
    drawn_draw(&drawn, &options);
    drawn_assert(&drawn);
    drawn_assert_has(drawn.page, "These words are an earlier program’s");
    for (int v = 0; v < VERDICT_COUNT; v++) {
        assert_int_equal(drawn_count(drawn.page, verdict_meaning((Verdict)v)), 0);
    }
    drawn_clear(&drawn);
}

static void published_figures_are_compared_digit_by_digit(void **state) {
    (void)state;
    Drawn drawn;
    fake_create(&drawn.fake, &(FakeOptions){.sizes = 4, .repeats = 2, .points = 20});
    Results *r = &drawn.fake.results;
    for (int64_t p = 0; p < 20; p++) r->epoch[p] = p;
    double *ours = r->history[METRIC_TRAIN_OBJECTIVE] + 5 * 20; /* hidden 3, repeat 1: trial 5 */
    ours[0] = 0.4323871;
    ours[2] = 6.8e-9;
    ours[3] = 0.5;
    ours[4] = 0.0712178;
    ours[7] = 0.3;
    ours[8] = 0.4;
    int64_t epochs[] = {0, 3, 7, 99, 2};
    double values[] = {0.432387, 0.071218, 0.35, 0.1, 0.2};
    Assignment set = {.key = KEY_HIDDEN, .value = {3, "3"}};
    Published published = {.source = "A <tutorial>",
                           .note = "Why & how.",
                           .where = {.set = &set, .count = 1},
                           .where_seed = 1,
                           .metric = METRIC_TRAIN_OBJECTIVE,
                           .or_next = true,
                           .epoch = epochs,
                           .value = values,
                           .count = 5};
    drawn.fake.spec.published = &published;
    drawn.fake.spec.published_count = 1;
    drawn_draw(&drawn, &(ReportOptions){.plots_folder = DRAWN_PLOTS, .only = "published"});
    drawn_assert(&drawn);
    drawn_assert_has(drawn.page, "A &lt;tutorial&gt;");
    drawn_assert_has(drawn.page, "Why &amp; how.");
    drawn_assert_has(drawn.page,
                     "2 of 5 published values of the training objective agree with ours");
    drawn_assert_has(drawn.page, "1 of them were not recorded here");
    drawn_assert_has(drawn.page, ">0.071218</td><td data-value=\"4\">4</td>"); /* one epoch later */
    drawn_assert_has(drawn.page, "−0.050000</td><td>no</td>");
    drawn_assert_has(drawn.page, ">6.8e-09</td>"); /* not 0.000000 */
    drawn_clear(&drawn);
}

static void any_number_of_trials_is_drawn(void **state) {
    (void)state;
    static const FakeOptions studies[] = {
        {.sizes = 1, .repeats = 1},
        {.sizes = 1, .repeats = 1, .points = 1},
        {.sizes = 1, .repeats = 5, .points = 3},
        {.sizes = 2, .repeats = 1, .points = 2},
        {.sizes = 3, .repeats = 2, .points = 40, .numbers = true},
        {.sizes = 2, .repeats = 300, .points = 5},
        {.sizes = 6, .repeats = 3, .no_test = true},
        {.shape = FAKE_FLAT, .sizes = 2, .repeats = 2, .penalties = 5},
    };
    for (size_t i = 0; i < sizeof studies / sizeof *studies; i++) {
        Drawn drawn;
        drawn_create(&drawn, &studies[i], &DRAWN_PLAIN);
        if (!drawn.ok) fail_msg("study %zu: %s", i, drawn.err.text);
        drawn_assert_has(drawn.page, "</html>");
        drawn_clear(&drawn);
    }
}

/* Processor time of this process and of the gnuplots that it has waited for: what other programs do
 * does not count. */
static double seconds_used(void) {
    double seconds = 0;
    const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    for (size_t i = 0; i < 2; i++) {
        struct rusage used;
        assert_int_equal(getrusage(whose[i], &used), 0);
        seconds += (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                   1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    }
    return seconds;
}

/* One thread and one gnuplot at a time: on an idle machine the time on the clock is this, and 10 s
 * are the promise. Built to be checked or without optimization it takes a few times as long. */
#ifdef __OPTIMIZE__
#define REPORT_SECONDS 10
#else
#define REPORT_SECONDS 40
#endif

static void a_hundred_thousand_trials_are_quick_and_small(void **state) {
    (void)state;
    Drawn drawn;
    fake_create(
        &drawn.fake,
        &(FakeOptions){.sizes = 500, .repeats = 10, .rates = 5, .penalties = 4, .points = 20});
    assert_int_equal(drawn.fake.results.trials, 100000);
    const double before = seconds_used();
    drawn_draw(&drawn, &DRAWN_PLAIN);
    const double used = seconds_used() - before;
    drawn_assert(&drawn);
    if (used >= REPORT_SECONDS) fail_msg("%.1f s of processor time", used);
    assert_true(drawn.length < 5 * 1000 * 1000);
    drawn_assert_has(drawn.page, "settings are left out");
    drawn_clear(&drawn);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_a_figure_has_every_run_and_its_statistics),
        cmocka_unit_test(boundaries_are_the_mean_of_the_networks_they_name),
        cmocka_unit_test(cells_of_a_heat_map_have_digits_enough_to_differ),
        cmocka_unit_test(importance_names_what_matters),
        cmocka_unit_test(importance_of_one_repeat_claims_nothing),
        cmocka_unit_test(verdicts_of_an_earlier_program_are_not_explained_by_our_rules),
        cmocka_unit_test(published_figures_are_compared_digit_by_digit),
        cmocka_unit_test(any_number_of_trials_is_drawn),
        cmocka_unit_test(a_hundred_thousand_trials_are_quick_and_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
