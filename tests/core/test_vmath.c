/* exp, log, tanh, sigmoid, softplus and expm1 on every exponent, in both precisions and at every
 * level of this machine, against libm's long double; and the numbers that are no ordinary
 * numbers. */
#include "tests/core/probe_vmath.h"

#include "core/base/rng.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ULPS          3.0
#define SOFTPLUS_ULPS 3.5 /* sigmoid's error, and that of a logarithm's series behind it */
#define NOT_A_NUMBER  ((double)NAN)
#define BLOCK         4096
#define SAMPLES       48 /* mantissas an exponent, both ends among them */

static const Probe *const PROBES[] = {
#ifdef RUNNER_X86_LEVELS
    &probe_f64_v4,       &probe_f32_v4,       &probe_f64_v3, &probe_f32_v3,
#endif
    &probe_f64_portable, &probe_f32_portable,
};
#define PROBES_COUNT (sizeof PROBES / sizeof *PROBES)

static bool supported(const Probe *probe) {
#ifdef RUNNER_X86_LEVELS
    if (probe->level == 4) {
#ifdef RUNNER_EMULATE_V4
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
    }
    if (probe->level == 3) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
    (void)probe;
    return true;
}

static long double sigmoid(long double x) {
    return 1 / (1 + expl(-x));
}
static long double softplus(long double x) {
    return x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x));
}
static long double exact_expm1(long double x) {
    return expm1l(x);
}

static const struct {
    const char *name;
    long double (*exact)(long double x);
    long double low, high; /* where it is asked for */
} FUNCTIONS[PROBE_COUNT] = {
    [PROBE_EXP] = {"exp", expl, -HUGE_VALL, HUGE_VALL},
    [PROBE_LOG] = {"log", logl, 0, HUGE_VALL},
    [PROBE_TANH] = {"tanh", tanhl, -HUGE_VALL, HUGE_VALL},
    [PROBE_SIGMOID] = {"sigmoid", sigmoid, -HUGE_VALL, HUGE_VALL},
    [PROBE_SOFTPLUS] = {"softplus", softplus, -HUGE_VALL, HUGE_VALL},
    [PROBE_EXPM1_NEGATIVE] = {"expm1", exact_expm1, -HUGE_VALL, 0},
};

/* Numbers as doubles, whatever the probe's precision. */
static void apply(const Probe *probe, ProbeFunction f, double *out, const double *in) {
    if (probe->bits == 64) {
        probe->apply(f, out, in, BLOCK);
        return;
    }
    static float from[BLOCK], to[BLOCK];
    for (int i = 0; i < BLOCK; i++) from[i] = (float)in[i];
    probe->apply(f, to, from, BLOCK);
    for (int i = 0; i < BLOCK; i++) out[i] = (double)to[i];
}

/* Units in the last place between got and the exact value. */
static double distance(const Probe *probe, double got, long double exact) {
    const int digits = probe->bits == 64 ? DBL_MANT_DIG : FLT_MANT_DIG;
    const int least = probe->bits == 64 ? DBL_MIN_EXP - DBL_MANT_DIG : FLT_MIN_EXP - FLT_MANT_DIG;
    const long double most = probe->bits == 64 ? (long double)DBL_MAX : (long double)FLT_MAX;
    int exponent = 0;
    if (exact != 0) frexpl(exact, &exponent);
    const int place = exponent - digits > least ? exponent - digits : least;
    const long double unit = ldexpl(1, place);
    if (isinf(got)) {
        /* right where the exact value rounds to infinity; beside the largest number else */
        const long double edge = most + ldexpl(most, -digits) / 2;
        return fabsl(exact) >= edge ? 0 : (double)((edge - fabsl(exact)) / unit) + 0.5;
    }
    return (double)(fabsl((long double)got - exact) / unit);
}

static void check_block(const Probe *probe, const double *in) {
    static double x[BLOCK], got[BLOCK];
    for (int f = 0; f < PROBE_COUNT; f++) {
        for (int i = 0; i < BLOCK; i++) {
            const long double given = (long double)in[i];
            const bool inside = given >= FUNCTIONS[f].low && given <= FUNCTIONS[f].high;
            x[i] = inside ? in[i] : -in[i];
        }
        apply(probe, (ProbeFunction)f, got, x);
        for (int i = 0; i < BLOCK; i++) {
            const long double exact = FUNCTIONS[f].exact((long double)x[i]);
            const double most = f == PROBE_SOFTPLUS ? SOFTPLUS_ULPS : ULPS;
            if (distance(probe, got[i], exact) <= most) continue;
            fail_msg("%s(%.17g) = %.17g, exact %.17Lg, %.2f ulp (float%d, level %d)",
                     FUNCTIONS[f].name, x[i], got[i], exact, distance(probe, got[i], exact),
                     probe->bits, probe->level);
        }
    }
}

/* Numbers wait here until a block is full. */
typedef struct Queue {
    const Probe *probe;
    int count;
    double x[BLOCK];
} Queue;

static void push(Queue *queue, double x) {
    queue->x[queue->count++] = queue->probe->bits == 64 ? x : (double)(float)x;
    if (queue->count < BLOCK) return;
    check_block(queue->probe, queue->x);
    queue->count = 0;
}

static void flush(Queue *queue) {
    while (queue->count > 0) push(queue, 1);
}

static void every_exponent_is_within_three_units_in_the_last_place(void **state) {
    (void)state;
    static Queue queue;
    for (size_t p = 0; p < PROBES_COUNT; p++) {
        if (!supported(PROBES[p])) continue;
        const bool wide = PROBES[p]->bits == 64;
        const int lowest = wide ? -1074 : -149, highest = wide ? 1023 : 127;
        Rng rng;
        rng_seed(&rng, (uint32_t)p);
        queue = (Queue){.probe = PROBES[p]};
        for (int exponent = lowest; exponent <= highest; exponent++) {
            for (int sample = 0; sample < SAMPLES; sample++) {
                const double last = wide ? 1 - DBL_EPSILON / 2 : 1 - (double)FLT_EPSILON / 2;
                const double mantissa = sample == 0   ? 1
                                        : sample == 1 ? 2 * last
                                                      : 1 + rng_double(&rng);
                double x = ldexp(mantissa, exponent);
                if (!wide) x = (double)(float)fmin(x, (double)FLT_MAX);
                push(&queue, x);
                push(&queue, -x);
            }
        }
        flush(&queue);
    }
}

static void the_ranges_that_matter_are_sampled_densely(void **state) {
    (void)state;
    static Queue queue;
    static const double ranges[][2] = {{-1, 1}, {0.5, 2}, {-45, 45}, {-110, 90}, {-750, 712}};
    for (size_t p = 0; p < PROBES_COUNT; p++) {
        if (!supported(PROBES[p])) continue;
        Rng rng;
        rng_seed(&rng, 100 + (uint32_t)p);
        queue = (Queue){.probe = PROBES[p]};
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
            for (int i = 0; i < 10 * BLOCK; i++) {
                push(&queue, rng_uniform(&rng, ranges[r][0], ranges[r][1]));
            }
        }
        flush(&queue);
    }
}

/* Multiples of ln 2 / 2 are where exp's reduction changes its mind, 2^k sqrt(1/2) where log's
 * does. */
static void the_seams_of_the_reductions_hold(void **state) {
    (void)state;
    static Queue queue;
    for (size_t p = 0; p < PROBES_COUNT; p++) {
        if (!supported(PROBES[p])) continue;
        const bool wide = PROBES[p]->bits == 64;
        queue = (Queue){.probe = PROBES[p]};
        for (int k = -2200; k <= 2200; k++) {
            for (int step = -3; step <= 3; step++) {
                const double size = wide ? DBL_EPSILON : (double)FLT_EPSILON;
                const double nudge = 1 + step * size;
                push(&queue, k * 0.5 * 0.693147180559945309417 * nudge);
                const int exponent = wide ? k / 2 : k / 20;
                if (abs(exponent) < (wide ? 1022 : 126)) {
                    push(&queue, ldexp(0.70710678118654752440 * nudge, exponent));
                    push(&queue, ldexp(nudge, exponent));
                }
            }
        }
        flush(&queue);
    }
}

/* Equal in every bit that means something: sign of zero too; any NaN is a NaN. */
static bool same(double a, double b) {
    return isnan(a) ? isnan(b) : a == b && !signbit(a) == !signbit(b);
}

static void zeros_infinities_and_nan_come_out_right(void **state) {
    (void)state;
    static const struct {
        ProbeFunction function;
        double x, y;
    } rows[] = {
        {PROBE_EXP, 0.0, 1},
        {PROBE_EXP, -0.0, 1},
        {PROBE_EXP, HUGE_VAL, HUGE_VAL},
        {PROBE_EXP, -HUGE_VAL, 0},
        {PROBE_EXP, NOT_A_NUMBER, NOT_A_NUMBER},
        {PROBE_EXP, 1e30, HUGE_VAL},
        {PROBE_EXP, -1e30, 0},
        {PROBE_LOG, 0.0, -HUGE_VAL},
        {PROBE_LOG, -0.0, -HUGE_VAL},
        {PROBE_LOG, 1, 0},
        {PROBE_LOG, HUGE_VAL, HUGE_VAL},
        {PROBE_LOG, -HUGE_VAL, NOT_A_NUMBER},
        {PROBE_LOG, -1, NOT_A_NUMBER},
        {PROBE_LOG, -1e-40, NOT_A_NUMBER},
        {PROBE_LOG, NOT_A_NUMBER, NOT_A_NUMBER},
        {PROBE_TANH, 0.0, 0.0},
        {PROBE_TANH, -0.0, -0.0},
        {PROBE_TANH, HUGE_VAL, 1},
        {PROBE_TANH, -HUGE_VAL, -1},
        {PROBE_TANH, NOT_A_NUMBER, NOT_A_NUMBER},
        {PROBE_TANH, 1e-40, 1e-40},
        {PROBE_TANH, -1e-40, -1e-40},
        {PROBE_SIGMOID, 0.0, 0.5},
        {PROBE_SIGMOID, -0.0, 0.5},
        {PROBE_SIGMOID, HUGE_VAL, 1},
        {PROBE_SIGMOID, -HUGE_VAL, 0},
        {PROBE_SIGMOID, NOT_A_NUMBER, NOT_A_NUMBER},
        {PROBE_SOFTPLUS, HUGE_VAL, HUGE_VAL},
        {PROBE_SOFTPLUS, -HUGE_VAL, 0},
        {PROBE_SOFTPLUS, NOT_A_NUMBER, NOT_A_NUMBER},
        {PROBE_SOFTPLUS, 1e30, 1e30},
        {PROBE_EXPM1_NEGATIVE, -0.0, -0.0},
        {PROBE_EXPM1_NEGATIVE, -HUGE_VAL, -1},
        {PROBE_EXPM1_NEGATIVE, NOT_A_NUMBER, NOT_A_NUMBER},
        {PROBE_EXPM1_NEGATIVE, -1e-40, -1e-40},
    };
    static double in[BLOCK], out[BLOCK];
    for (size_t p = 0; p < PROBES_COUNT; p++) {
        const Probe *probe = PROBES[p];
        if (!supported(probe)) continue;
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            /* all lanes, and beside ordinary numbers */
            for (int i = 0; i < BLOCK; i++) in[i] = i < BLOCK / 2 || i % 3 == 0 ? rows[r].x : -0.5;
            apply(probe, rows[r].function, out, in);
            const double wanted = probe->bits == 64 ? rows[r].y : (double)(float)rows[r].y;
            for (int i = 0; i < BLOCK; i++) {
                if (in[i] == -0.5 || same(out[i], wanted)) continue;
                fail_msg("%s(%g) = %g, not %g (float%d, level %d)",
                         FUNCTIONS[rows[r].function].name, rows[r].x, out[i], wanted, probe->bits,
                         probe->level);
            }
        }
    }
}

/* One arithmetic class, one result: what v4 and v3 promise. Where the machine has no v4, vmath_v4
 * compares its emulation. */
static void levels_with_fused_operations_give_the_same_bits(void **state) {
    (void)state;
#ifdef RUNNER_X86_LEVELS
    if (!supported(&probe_f64_v4)) return;
    static double in[BLOCK], a[BLOCK], b[BLOCK];
    Rng rng;
    rng_seed(&rng, 9);
    for (int f = 0; f < PROBE_COUNT; f++) {
        const double sign = f == PROBE_LOG ? -1 : 1;
        for (int i = 0; i < BLOCK; i++) in[i] = sign * rng_uniform(&rng, -60, 0);
        for (int pair = 0; pair < 2; pair++) {
            apply(pair == 0 ? &probe_f64_v4 : &probe_f32_v4, (ProbeFunction)f, a, in);
            apply(pair == 0 ? &probe_f64_v3 : &probe_f32_v3, (ProbeFunction)f, b, in);
            assert_memory_equal(a, b, sizeof a);
        }
    }
#endif
}

/* Every exponent up to the bound, both signs, zeros, and the bound itself. */
static void bounded_functions_have_the_bits_of_the_others(void **state) {
    (void)state;
    static double in[BLOCK], a[BLOCK], b[BLOCK];
    static const ProbeFunction pairs[][2] = {{PROBE_TANH, PROBE_TANH_BOUNDED},
                                             {PROBE_SIGMOID, PROBE_SIGMOID_BOUNDED},
                                             {PROBE_SOFTPLUS, PROBE_SOFTPLUS_BOUNDED}};
    for (size_t p = 0; p < PROBES_COUNT; p++) {
        if (!supported(PROBES[p])) continue;
        const int lowest = PROBES[p]->bits == 64 ? -1074 : -149;
        Rng rng;
        rng_seed(&rng, (uint32_t)p);
        for (int round = 0; round < 200; round++) {
            for (int i = 0; i < BLOCK; i++) {
                const int exponent = round % 2 ? i % 12 - 3 : lowest + i % (9 - lowest);
                const double x = fmin(ldexp(1 + rng_double(&rng), exponent), PROBES[p]->bound);
                in[i] = i % 2 ? x : -x;
            }
            in[0] = round % 2 ? 0.0 : -0.0;
            for (int f = 0; f < 3; f++) {
                apply(PROBES[p], pairs[f][0], a, in);
                apply(PROBES[p], pairs[f][1], b, in);
                assert_memory_equal(a, b, sizeof a);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_exponent_is_within_three_units_in_the_last_place),
        cmocka_unit_test(the_ranges_that_matter_are_sampled_densely),
        cmocka_unit_test(the_seams_of_the_reductions_hold),
        cmocka_unit_test(zeros_infinities_and_nan_come_out_right),
        cmocka_unit_test(levels_with_fused_operations_give_the_same_bits),
        cmocka_unit_test(bounded_functions_have_the_bits_of_the_others),
    };
    return cmocka_run_group_tests_name("vmath", tests, NULL, NULL);
}
