#include "core/kernels/dropout.h"

#include "core/base/rng.h"
#include "core/kernels/vec.h"

void dropout_mask(real *mask, double share, DropoutKey key, int64_t first_row, TileShape shape) {
    const uint32_t dropped_below = (uint32_t)(share * 0x1p32);
    const real kept = (real)(1 / (1 - share));
    for (int32_t u = 0; u < shape.units; u++) {
        for (int32_t s = 0; s < shape.rows; s++) {
            const uint32_t draw =
                rng_hash(key.seed, key.step, key.layer, (uint64_t)(first_row + s), (uint64_t)u);
            mask[u * shape.stride + s] = draw < dropped_below ? 0 : kept;
        }
    }
}

void dropout_apply(real *out, const real *a, const real *mask, int64_t count) {
    for (int64_t i = 0; i < count; i += VEC_WIDTH) {
        vec_store(out + i, vec_load(a + i) * vec_load(mask + i));
    }
}
