/* Inverted dropout (Srivastava et al., "Dropout", JMLR 15, 2014): a unit is dropped with
 * probability `share`, the others are scaled by 1/(1 - share), so that evaluation needs no change.
 * Masks come from rng_hash: the same for (seed, step, layer, row, unit) whoever draws them, in any
 * order. */
#ifndef CORE_KERNELS_DROPOUT_H
#define CORE_KERNELS_DROPOUT_H

#include <stddef.h>
#include <stdint.h>

#include "core/kernels/real.h"
#include "core/kernels/tile_shape.h"

#define dropout_mask  REAL_NAME(dropout_mask)
#define dropout_apply REAL_NAME(dropout_apply)

/* What a mask depends on, besides row and unit. */
typedef struct DropoutKey {
    uint64_t seed, step, layer;
} DropoutKey;

/* mask: units x rows, each 0 or 1/(1 - share); first_row is the tile's first row in its batch. */
void dropout_mask(real *mask, double share, DropoutKey key, int64_t first_row, TileShape shape);

/* out = a mask, count values, a multiple of LANES; out may be a. */
void dropout_apply(real *out, const real *a, const real *mask, int64_t count);

#endif
