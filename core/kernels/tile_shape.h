/* The size of a tile's values: units x rows, unit-major. Unit u of sample s is at [u * stride +
 * s]. */
#ifndef CORE_KERNELS_TILE_SHAPE_H
#define CORE_KERNELS_TILE_SHAPE_H

#include <stddef.h>
#include <stdint.h>

typedef struct TileShape {
    int32_t units;
    int32_t samples;  /* real ones; the other rows are padding */
    int32_t rows;     /* a multiple of LANES */
    ptrdiff_t stride; /* between units */
} TileShape;

#endif
