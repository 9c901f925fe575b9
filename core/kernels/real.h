/* One source, two precisions, three instruction levels.
 *
 * The files that say `#include "core/kernels/real.h"` are compiled once for every pair of
 *     REAL_BITS   64 or 32: real is double or float
 *     REAL_LEVEL  4 or 3 (x86-64-v4, v3: fused multiply-add), or 1 (portable: no fused operations)
 * and every extern function of theirs is renamed by REAL_NAME, e.g. network_gradient_f64_v3.
 * trainer.c chooses.
 *
 * LANES depends on the precision, not on the level: sums over rows are LANES partial sums, added
 * in one fixed order, so all levels with fused operations give the same bits. */
#ifndef CORE_KERNELS_REAL_H
#define CORE_KERNELS_REAL_H

#if !defined(REAL_BITS) || !defined(REAL_LEVEL)
#error "compile with -DREAL_BITS=64|32 -DREAL_LEVEL=4|3|1"
#endif

#define REAL_PASTE(name, type, level) name##_##type##_##level
#if REAL_BITS == 64
typedef double real;
#define LANES                     8
#define REAL_TYPE_OF(name, level) REAL_PASTE(name, f64, level)
#else
typedef float real;
#define LANES                     16
#define REAL_TYPE_OF(name, level) REAL_PASTE(name, f32, level)
#endif

#if REAL_LEVEL == 4
#define REAL_NAME(name) REAL_TYPE_OF(name, v4)
#elif REAL_LEVEL == 3
#define REAL_NAME(name) REAL_TYPE_OF(name, v3)
#else
#define REAL_NAME(name) REAL_TYPE_OF(name, portable)
#endif

/* Rounds a count of rows or units up to a multiple of LANES. */
#define REAL_PADDED(n) (((n) + LANES - 1) / LANES * LANES)

#endif
