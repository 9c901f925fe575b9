/* What the benchmark programs share: the clock, medians, figures on stdout, and the machine's
 * limits measured.
 *
 * A figure is one line `FIG key value unit`; scripts/bench collects them from us and from the peers
 * alike. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "core/trainer.h"
#include "tests/bench/level.h"

#include <stdint.h>

/* How long one measurement lasts and how many make a median; --quick takes fewer and shorter
 * ones. */
typedef struct BenchEffort {
    double window; /* seconds */
    int repeats;   /* at most BENCH_MAX_REPEATS */
    bool quick;
} BenchEffort;
#define BENCH_MAX_REPEATS 15

BenchEffort bench_effort(int argc, char **argv);

double bench_now(void);                         /* seconds of the monotonic clock */
double bench_median(double *values, int count); /* sorts them */
void bench_figure(double value, const char *unit, const char *key, ...)
    __attribute__((format(printf, 3, 4)));

/* Seconds a round of work(context, rounds), the median over windows. */
typedef void (*BenchWork)(void *context, int64_t rounds);
double bench_seconds(BenchWork work, void *context, const BenchEffort *effort);

/* The level that the kernels use for this precision (RUNNER_ISA is heard). */
const Level *bench_level(Dtype dtype);

/* Limits of one core. Rates in 1/s: operations, or bytes of the array (read and written once each
 * under read_write). */
double bench_multiply_add_rate(const Level *level, const BenchEffort *effort);
double bench_read_rate(const Level *level, size_t bytes, const BenchEffort *effort);
double bench_read_write_rate(const Level *level, size_t bytes, const BenchEffort *effort);

/* Seconds an element of f on an array that stays in the first cache; 0 where there is no such
 * function. */
double bench_function_seconds(const Level *level, LevelFunction f, const BenchEffort *effort);

/* Ends the program with the message where the call failed: a benchmark has nobody to pass an error
 * to. */
void bench_must(bool done, const Error *err);

#endif
