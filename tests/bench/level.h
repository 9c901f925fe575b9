/* The machine's limits at one precision and instruction level: level.c is built once for each, with
 * the flags of the kernels, so that a kernel is held against what its own instructions can do.
 * Arrays are of double or float. */
#ifndef TESTS_BENCH_LEVEL_H
#define TESTS_BENCH_LEVEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum LevelFunction {
    LEVEL_TANH,
    LEVEL_EXP,
    LEVEL_SIGMOID,
    LEVEL_LOG,
    LEVEL_LIBMVEC_TANH,
    LEVEL_LIBMVEC_EXP,
    LEVEL_LIBM_TANH,
    LEVEL_LIBM_EXP,
    LEVEL_FUNCTION_COUNT
} LevelFunction;
extern const char *const LEVEL_FUNCTION_NAMES[LEVEL_FUNCTION_COUNT];

typedef struct Level {
    const char *name; /* as trainer_isa() says */
    int bits, width;  /* of a real; reals in a vector */

    /* Multiplies and adds on independent chains; flops_per_round operations a round. */
    double flops_per_round;
    double (*multiply_add)(int64_t rounds);

    /* Walks over an array once: adds it up; negates every number in place. */
    double (*read)(const void *array, size_t bytes);
    void (*read_write)(void *array, size_t bytes);

    /* out = f(in), a multiple of 64 numbers; false where this build has no such function. */
    bool (*apply)(LevelFunction f, void *out, const void *in, size_t count);
} Level;

extern const Level level_f64_v4, level_f64_v3, level_f64_portable;
extern const Level level_f32_v4, level_f32_v3, level_f32_portable;

#endif
