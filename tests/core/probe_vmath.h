/* core/kernels/vmath.h made callable: the same source built once for every precision and
 * instruction level, as the kernels are. Numbers go in and out as arrays of double or float, a
 * multiple of 16 of them. */
#ifndef TESTS_CORE_PROBE_VMATH_H
#define TESTS_CORE_PROBE_VMATH_H

#include <stddef.h>

typedef enum ProbeFunction {
    PROBE_EXP,
    PROBE_LOG,
    PROBE_TANH,
    PROBE_SIGMOID,
    PROBE_SOFTPLUS,
    PROBE_EXPM1_NEGATIVE,
    PROBE_COUNT, /* of those for all x; behind them those for |x| <= VMATH_BOUND */
    PROBE_TANH_BOUNDED = PROBE_COUNT,
    PROBE_SIGMOID_BOUNDED,
    PROBE_SOFTPLUS_BOUNDED
} ProbeFunction;

typedef struct Probe {
    int bits, level;
    double bound; /* VMATH_BOUND */
    void (*apply)(ProbeFunction function, void *out, const void *in, size_t count);
} Probe;

extern const Probe probe_f64_v4, probe_f64_v3, probe_f64_portable;
extern const Probe probe_f32_v4, probe_f32_v3, probe_f32_portable;

#endif
