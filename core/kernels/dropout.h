/* Inverted dropout (Srivastava et al. 2014): a unit is dropped with probability `share`, the others
 * are scaled by 1/(1 - share), so that evaluation needs no change. Masks come from rng_hash: the
 * same for (seed, step, layer, row, unit) whoever draws them and in whatever order. */
#ifndef CORE_KERNELS_DROPOUT_H
#define CORE_KERNELS_DROPOUT_H

#include <stddef.h>
#include <stdint.h>

#include "core/kernels/real.h"

#define dropout_mask  REAL_NAME(dropout_mask)
#define dropout_apply REAL_NAME(dropout_apply)

/* mask: units x rows (stride), each 0 or 1/(1 - share); first_row is the tile's first place in its
 * batch. */
void dropout_mask(real *mask, double share, uint64_t seed, uint64_t step, uint64_t layer,
                  int64_t first_row, int32_t units, int32_t rows, ptrdiff_t stride);

/* out = a mask, count numbers, a multiple of LANES; out may be a. */
void dropout_apply(real *out, const real *a, const real *mask, int64_t count);

#endif
