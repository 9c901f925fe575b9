/* statistics.c against NumPy and SciPy (tests/golden/make_statistics.py), and the few answers one
 * can give by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/analysis/statistics.h"

typedef struct Line {
    char what[32];
    double parameter[2], data[512], expected[4];
    int32_t parameters, count, expectations;
} Line;

static int32_t read_numbers(char **text, double *out) {
    int32_t count = 0;
    for (;;) {
        char *end;
        const double value = strtod(*text, &end);
        if (end == *text) break;
        out[count++] = value;
        *text = end;
    }
    *text += strcspn(*text, ":=");
    if (**text != '\0') ++*text;
    return count;
}

static void parse(Line *line, char *text) {
    const size_t length = strcspn(text, " ");
    memcpy(line->what, text, length);
    line->what[length] = '\0';
    text += length;
    line->parameters = read_numbers(&text, line->parameter);
    line->count = read_numbers(&text, line->data);
    line->expectations = read_numbers(&text, line->expected);
}

static void compute(const Line *line, double out[4]) {
    const double *p = line->parameter;
    if (strcmp(line->what, "t_quantile") == 0) {
        out[0] = statistics_t_quantile(p[0], p[1]);
    } else if (strcmp(line->what, "t_cdf") == 0) {
        out[0] = statistics_t_cdf(p[0], p[1]);
    } else if (strcmp(line->what, "f_tail") == 0) {
        out[0] = statistics_f_tail(p[0], p[1], p[2]);
    } else if (strcmp(line->what, "quantile") == 0) {
        out[0] = statistics_quantile(line->data, line->count, p[0]);
    } else if (strcmp(line->what, "wilcoxon") == 0) {
        out[0] = statistics_wilcoxon(line->data, line->count);
    } else if (strcmp(line->what, "wilson") == 0) {
        statistics_wilson((int64_t)p[0], (int64_t)p[1], &out[0], &out[1]);
    } else {
        assert_string_equal(line->what, "interval");
        const Interval interval = statistics_interval(line->data, line->count);
        out[0] = interval.mean;
        out[1] = interval.sd;
        out[2] = interval.low;
        out[3] = interval.high;
    }
}

static void every_number_of_scipy_is_ours(void **state) {
    (void)state;
    FILE *file = fopen(SOURCE_DIR "/tests/golden/statistics.txt", "r");
    assert_non_null(file);
    static Line line;
    static char text[32768];
    int32_t lines = 0;
    while (fgets(text, sizeof text, file)) {
        parse(&line, text);
        double ours[4] = {0};
        compute(&line, ours);
        assert_true(line.expectations > 0);
        for (int32_t i = 0; i < line.expectations; i++) {
            const double expected = line.expected[i];
            if (!(fabs(ours[i] - expected) <= 1e-10 * fabs(expected) + 1e-15))
                fail_msg("%.60s: %.17g, SciPy says %.17g", text, ours[i], expected);
        }
        lines++;
    }
    (void)fclose(file);
    assert_int_equal(lines, 212);
}

static void one_value_has_a_mean_but_no_interval(void **state) {
    (void)state;
    const Interval one = statistics_interval((const double[]){3.5}, 1);
    assert_true(one.mean == 3.5 && isnan(one.sd) && isnan(one.low) && isnan(one.high));
    assert_true(isnan(statistics_standard_error(&one)));
    assert_true(isnan(statistics_interval(NULL, 0).mean));
}

static void t_with_one_degree_of_freedom_is_cauchy(void **state) {
    (void)state;
    for (double p = 0.0005; p < 0.5; p += 0.01) {
        const double exact = -1 / tan(acos(-1.0) * p);
        assert_true(fabs(statistics_t_quantile(p, 1) - exact) <= 1e-12 * fabs(exact));
    }
}

static void equal_values_have_an_interval_of_no_width(void **state) {
    (void)state;
    const Interval same = statistics_interval((const double[]){2, 2, 2}, 3);
    assert_true(same.low == 2 && same.high == 2 && same.sd == 0);
    double tenths[10]; /* their sum is not ten times as much, in floating point */
    for (int i = 0; i < 10; i++) tenths[i] = 0.98;
    const Interval ten = statistics_interval(tenths, 10);
    assert_true(ten.mean == 0.98 && ten.low == 0.98 && ten.high == 0.98 && ten.sd == 0);
}

static void an_interval_is_cut_where_its_values_must_stop_and_keeps_its_precision(void **state) {
    (void)state;
    /* scipy.stats.t.interval(0.95, 2, loc=x.mean(), scale=x.std(ddof=1)/sqrt(3)): 0.8233 to
     * 1.1101 */
    Interval share = statistics_interval((const double[]){0.9, 1, 1}, 3);
    const double half = share.half;
    assert_true(fabs(share.high - 1.1101) < 1e-4 && share.high == share.mean + half);
    statistics_cut(&share, 0, 1);
    assert_true(share.high == 1 && fabs(share.low - 0.8233) < 1e-4 && share.half == half);
    const Interval back = statistics_negated(&share);
    assert_true(back.low == -1 && back.high == -share.low && back.mean == -share.mean);
    Interval one = statistics_interval((const double[]){0.5}, 1);
    statistics_cut(&one, 0, 1);
    assert_true(isnan(one.low) && isnan(one.high) && isnan(one.half));
}

static void wilcoxon_without_differences_says_nothing(void **state) {
    (void)state;
    assert_true(isnan(statistics_wilcoxon((const double[]){0, 0}, 2)));
    assert_true(isnan(statistics_wilcoxon(NULL, 0)));
}

static void five_repeats_cannot_reach_five_percent(void **state) {
    (void)state;
    assert_true(statistics_wilcoxon((const double[]){1, 2, 3, 4, 5}, 5) == 0.0625);
    assert_true(statistics_wilcoxon((const double[]){1, 2, 3, 4, 5, 6}, 6) == 0.03125);
}

/* A power of two rounds nothing: the interval of x 2^k is that of x, times 2^k. At 2^700 the
 * squares would overflow, at 2^-700 they would vanish. */
static void values_of_any_size_have_their_interval(void **state) {
    (void)state;
    const double x[] = {1.25, 3.5, -2.75, 0.625, 7.1};
    const Interval plain = statistics_interval(x, 5);
    for (int k = -1000; k <= 1000; k += 100) {
        double y[5];
        for (int i = 0; i < 5; i++) y[i] = ldexp(x[i], k);
        const Interval scaled = statistics_interval(y, 5);
        assert_true(scaled.mean == ldexp(plain.mean, k) && scaled.sd == ldexp(plain.sd, k));
        assert_true(fabs(scaled.half / ldexp(plain.half, k) - 1) < 1e-14);
    }
    const double largest[] = {1.7e308, 1.7e308, 1.4e308};
    assert_true(fabs(statistics_mean(largest, 3) / 1.6e308 - 1) < 1e-15);
    const double apart[] = {-1.7e308, 1.7e308};
    assert_true(statistics_mean(apart, 2) == 0 && isfinite(statistics_sd(largest, 3)));
    /* one value far beyond the others: the mean of 1, 2 and 7e202 */
    const double far[] = {1, 2, 7e202};
    assert_true(fabs(statistics_mean(far, 3) / (7e202 / 3) - 1) < 1e-15);
    assert_true(fabs(statistics_sd(far, 3) / (7e202 / sqrt(3)) - 1) < 1e-14);
}

static void what_diverged_has_the_highest_rank(void **state) {
    (void)state;
    const double d[] = {INFINITY, 0.1, 0.2, INFINITY, -0.3, 0.5, 0.4};
    const double ranks_alike[] = {100, 0.1, 0.2, 100, -0.3, 0.5, 0.4};
    assert_true(statistics_wilcoxon(d, 7) == statistics_wilcoxon(ranks_alike, 7));
    assert_int_equal(statistics_side(d, 7), 1);
    assert_int_equal(statistics_side((const double[]){-INFINITY, 0.1, 0.2}, 3), 0);
    assert_int_equal(statistics_side((const double[]){-3, 0.1, 1}, 3), 0);
    assert_int_equal(statistics_side((const double[]){-3, 0.1, 0}, 3), -1);
    assert_int_equal(statistics_side((const double[]){0, 0}, 2), 0);
}

static void holm_is_that_of_r(void **state) {
    (void)state;
    /* p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") */
    double p[] = {0.01, 0.04, (double)NAN, 0.03, 0.005};
    const double expected[] = {0.03, 0.06, (double)NAN, 0.06, 0.02};
    statistics_holm(p, 5);
    for (int i = 0; i < 5; i++)
        assert_true(isnan(expected[i]) ? isnan(p[i]) : fabs(p[i] - expected[i]) < 1e-15);
    double large[] = {0.6, 0.5, 0};
    statistics_holm(large, 3);
    assert_true(large[0] == 1 && large[1] == 1 && large[2] == 0);
    statistics_holm(large, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holm_is_that_of_r),
        cmocka_unit_test(every_number_of_scipy_is_ours),
        cmocka_unit_test(one_value_has_a_mean_but_no_interval),
        cmocka_unit_test(t_with_one_degree_of_freedom_is_cauchy),
        cmocka_unit_test(equal_values_have_an_interval_of_no_width),
        cmocka_unit_test(an_interval_is_cut_where_its_values_must_stop_and_keeps_its_precision),
        cmocka_unit_test(wilcoxon_without_differences_says_nothing),
        cmocka_unit_test(values_of_any_size_have_their_interval),
        cmocka_unit_test(what_diverged_has_the_highest_rank),
        cmocka_unit_test(five_repeats_cannot_reach_five_percent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
