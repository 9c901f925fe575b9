/* What one core of this machine can do, by the instructions that the kernels use: multiply-adds,
 * reading and writing in every cache, exp and tanh beside libm's and libmvec's. usage: bench_limits
 * [--quick] */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <string.h>

/* A chain of multiplications, each waiting for the one before: 3 cycles each on every x86-64 core
 * since 2008. */
#if defined __x86_64__
#define CLOCK_CYCLES_PER_ROUND (8 * 3)
static void multiply_chain(void *context, int64_t rounds) {
    uint64_t x = 3, factor = 5;
    (void)context;
    for (int64_t i = 0; i < rounds; i++) {
#define STEP __asm__ volatile("imul %1, %0" : "+r"(x) : "r"(factor));
        STEP STEP STEP STEP STEP STEP STEP STEP
#undef STEP
    }
}
#endif

static void clock_rate(const BenchEffort *effort) {
#if defined __x86_64__
    const double seconds = bench_seconds(multiply_chain, NULL, effort);
    bench_figure(CLOCK_CYCLES_PER_ROUND / seconds / 1e9, "GHz", "limit/clock");
#else
    (void)effort;
#endif
}

/* Of the first processor's cache at this level; sysconf() counts shared caches wrongly on some. */
static size_t cache_bytes(int level, size_t otherwise) {
    for (int index = 0; index < 8; index++) {
        char path[96], type[32] = "";
        int found = 0;
        size_t kilobytes = 0;
        const char *const items[] = {"level", "type", "size"};
        for (int i = 0; i < 3; i++) {
            snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s", index,
                     items[i]);
            FILE *file = fopen(path, "re");
            if (!file) return otherwise;
            const int read = i == 0   ? fscanf(file, "%d", &found)
                             : i == 1 ? fscanf(file, "%31s", type)
                                      : fscanf(file, "%zuK", &kilobytes);
            fclose(file);
            if (read != 1) return otherwise;
        }
        if (found == level && strcmp(type, "Instruction") != 0) return kilobytes * 1024;
    }
    return otherwise;
}

static void bandwidth(const Level *level, const BenchEffort *effort) {
    const size_t l1 = cache_bytes(1, 32768);
    const size_t l2 = cache_bytes(2, 524288);
    const size_t l3 = cache_bytes(3, 8388608);
    const size_t memory = (size_t)(effort->quick ? 64 : 256) << 20, most = (size_t)1 << 30;
    const struct {
        const char *name;
        size_t bytes;
    } places[] = {
        {"L1", l1 / 4 * 3},
        {"L2", l2 / 2},
        {"L3", l3 / 4 > 4 * l2 ? 4 * l2 : l3 / 2}, /* a part: others may share it */
        {"memory", memory > 4 * l3 ? memory
                   : 4 * l3 < most ? 4 * l3
                                   : most},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const size_t bytes = places[i].bytes;
        bench_figure((double)bytes / 1024, "KiB", "limit/size/%s", places[i].name);
        bench_figure(bench_read_rate(level, bytes, effort) / 1e9, "GB/s", "limit/read/%s",
                     places[i].name);
        bench_figure(bench_read_write_rate(level, bytes, effort) / 1e9, "GB/s",
                     "limit/read-write/%s", places[i].name);
    }
}

int main(int argc, char **argv) {
    static const char *const NAMES[DTYPE_COUNT] = {"f64", "f32"};
    const BenchEffort effort = bench_effort(argc, argv);
    Error err = {0};
    bench_must(trainer_isa_check(&err), &err);
    clock_rate(&effort);
    for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        const Level *level = bench_level((Dtype)dtype);
        const double rate = bench_multiply_add_rate(level, &effort);
        bench_figure(rate / 1e9, "GF/s", "limit/multiply-add/%s", NAMES[dtype]);
        for (int f = 0; f < LEVEL_FUNCTION_COUNT; f++) {
            const double seconds = bench_function_seconds(level, (LevelFunction)f, &effort);
            if (seconds == 0) continue;
            bench_figure(seconds * 1e9, "ns", "limit/%s/%s", LEVEL_FUNCTION_NAMES[f], NAMES[dtype]);
        }
    }
    bandwidth(bench_level(DTYPE_FLOAT64), &effort);
    return 0;
}
