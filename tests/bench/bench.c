#include "tests/bench/bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FUNCTION_COUNT                                                                             \
    2048 /* numbers in an array for functions: both arrays stay in the first cache */

const char *const LEVEL_FUNCTION_NAMES[LEVEL_FUNCTION_COUNT] = {
    "tanh", "exp", "sigmoid", "log", "libmvec-tanh", "libmvec-exp", "libm-tanh", "libm-exp"};

BenchEffort bench_effort(int argc, char **argv) {
    BenchEffort effort = {.window = 4e-3, .repeats = 5};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0) effort = (BenchEffort){5e-4, 3, true};
    }
    return effort;
}

double bench_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, ascending);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

void bench_figure(double value, const char *unit, const char *key, ...) {
    va_list list;
    va_start(list, key);
    printf("FIG ");
    vprintf(key, list);
    printf(" %.6g %s\n", value, unit);
    fflush(stdout);
    va_end(list);
}

void bench_must(bool done, const Error *err) {
    if (done) return;
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

static double once(BenchWork work, void *context, int64_t rounds) {
    const double start = bench_now();
    work(context, rounds);
    return bench_now() - start;
}

double bench_seconds(BenchWork work, void *context, const BenchEffort *effort) {
    double values[BENCH_MAX_REPEATS];
    int64_t rounds = 1;
    while (once(work, context, rounds) < effort->window) rounds *= 2;
    for (int i = 0; i < effort->repeats; i++) {
        values[i] = once(work, context, rounds) / (double)rounds;
    }
    return bench_median(values, effort->repeats);
}

const Level *bench_level(Dtype dtype) {
    static const Level *const LEVELS[][DTYPE_COUNT] = {
#ifdef RUNNER_X86_LEVELS
        {&level_f64_v4, &level_f32_v4},
        {&level_f64_v3, &level_f32_v3},
#endif
        {&level_f64_portable, &level_f32_portable},
    };
    const size_t count = sizeof LEVELS / sizeof *LEVELS;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(LEVELS[i][dtype]->name, trainer_isa()) == 0) return LEVELS[i][dtype];
    }
    return LEVELS[count - 1][dtype];
}

/* --- limits ----------------------------------------------------------------------------------- */

/* Read by nobody: keeps the compiler from leaving the work out. */
static volatile double sink;

typedef struct Work {
    const Level *level;
    LevelFunction function;
    void *array, *out;
    size_t bytes;
} Work;

static void work_multiply_add(void *context, int64_t rounds) {
    const Work *work = context;
    sink = work->level->multiply_add(rounds);
}

static void work_read(void *context, int64_t rounds) {
    const Work *work = context;
    for (int64_t i = 0; i < rounds; i++) sink = work->level->read(work->array, work->bytes);
}

static void work_read_write(void *context, int64_t rounds) {
    const Work *work = context;
    for (int64_t i = 0; i < rounds; i++) work->level->read_write(work->array, work->bytes);
}

static void work_function(void *context, int64_t rounds) {
    const Work *work = context;
    for (int64_t i = 0; i < rounds; i++) {
        (void)work->level->apply(work->function, work->out, work->array, FUNCTION_COUNT);
    }
}

static void *array_of(size_t bytes) {
    void *array = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    if (!array) {
        fprintf(stderr, "no memory for %zu bytes\n", bytes);
        exit(1);
    }
    memset(array, 0, bytes);
    return array;
}

double bench_multiply_add_rate(const Level *level, const BenchEffort *effort) {
    Work work = {.level = level};
    return level->flops_per_round / bench_seconds(work_multiply_add, &work, effort);
}

static double rate(const Level *level, size_t bytes, BenchWork walk, const BenchEffort *effort) {
    Work work = {.level = level, .array = array_of(bytes), .bytes = bytes};
    const double seconds = bench_seconds(walk, &work, effort);
    free(work.array);
    return (double)bytes / seconds;
}

double bench_read_rate(const Level *level, size_t bytes, const BenchEffort *effort) {
    return rate(level, bytes, work_read, effort);
}

double bench_read_write_rate(const Level *level, size_t bytes, const BenchEffort *effort) {
    return rate(level, bytes, work_read_write, effort);
}

double bench_function_seconds(const Level *level, LevelFunction f, const BenchEffort *effort) {
    double in[FUNCTION_COUNT], out[FUNCTION_COUNT];
    Work work = {.level = level, .function = f, .array = in, .out = out};
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        const double x =
            0.05 + 6.0 * i / FUNCTION_COUNT; /* positive, so that log is no special case */
        if (level->bits == 64)
            in[i] = x;
        else
            ((float *)(void *)in)[i] = (float)x;
    }
    if (!level->apply(f, out, in, FUNCTION_COUNT)) return 0;
    const double seconds = bench_seconds(work_function, &work, effort) / FUNCTION_COUNT;
    sink = out[FUNCTION_COUNT / 4];
    return seconds;
}
