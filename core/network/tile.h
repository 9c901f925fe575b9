/* The steps of a pass over one tile, from which network.c is built. Tiles of a pass share only
 * read-only values and, within a chunk, the chunk's gradients. */
#ifndef CORE_NETWORK_TILE_H
#define CORE_NETWORK_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/kernels/tile_shape.h"
#include "core/network/network_plan.h"
#include "core/network/packed_dataset.h"

#define tile_at         REAL_NAME(tile_at)
#define tile_count      REAL_NAME(tile_count)
#define tile_load       REAL_NAME(tile_load)
#define tile_of_two     REAL_NAME(tile_of_two)
#define tile_affine     REAL_NAME(tile_affine)
#define tile_activate   REAL_NAME(tile_activate)
#define tile_output     REAL_NAME(tile_output)
#define tile_delta      REAL_NAME(tile_delta)
#define tile_weights    REAL_NAME(tile_weights)
#define tile_back       REAL_NAME(tile_back)
#define tile_grads      REAL_NAME(tile_grads)
#define tile_fan_in     REAL_NAME(tile_fan_in)
#define tile_statistics REAL_NAME(tile_statistics)

/* Rows of a batch: order[first .. first + count), or first .. first + count of the data themselves
 * where order is NULL. seed and step key the dropout masks. */
typedef struct NetworkBatch {
    const PackedDataset *data;
    const int32_t *order;
    int64_t first, count;
    uint64_t seed, step;
} NetworkBatch;

/* One pass over a batch or a split: what every chunk needs to know. Read-only while a team
 * works. */
typedef struct Pass {
    const NetworkPlan *net;
    NetworkCut cut;
    const NetworkBatch *batch;
    const real *state;
    real *grads; /* of chunk 0; the others' are in net->chunk_grads */
    double *y;   /* outputs wanted, or NULL */
    ptrdiff_t stride;
    int32_t layer; /* where the chunks stopped (batch norm) */
    bool training;
    bool scores; /* a gradient that measures its rows, too (score.h) */
} Pass;

/* One tile of it. */
typedef struct Tile {
    real *slot;
    const real *x; /* inputs, unit-major */
    ptrdiff_t x_stride;
    const real *label; /* of classes; padding has a label that no class has */
    int32_t rows;      /* with padding */
    int32_t count;     /* real ones */
    int64_t first;     /* index in the batch of its first row */
    bool bounded;      /* no |z| of the last layer can exceed VMATH_BOUND (vmath.h) */
} Tile;

/* The size of `units` units of the tile. */
static inline TileShape tile_shape(const Pass *pass, const Tile *tile, int32_t units) {
    return (TileShape){
        .units = units, .samples = tile->count, .rows = tile->rows, .stride = pass->stride};
}

/* Gradients of a chunk: those of chunk 0 are the caller's. */
real *tile_grads(const Pass *pass, int32_t chunk);

/* Where the tile is and which rows it has; its values are there after tile_load(). How many tiles
 * a chunk has. */
Tile tile_at(const Pass *pass, int32_t chunk, int32_t index);
int32_t tile_count(const Pass *pass, int32_t chunk);
void tile_load(const Pass *pass, const Tile *tile);

/* Two classes behind a softmax with cross-entropy, for which loss.h has shorter functions. */
bool tile_of_two(const Pass *pass);

/* Inputs of layer l, the bias's unit included. */
int32_t tile_fan_in(const Pass *pass, int32_t l);

/* The offset of layer l's batch statistics in NetworkPlan.mean and .variance. */
int64_t tile_statistics(const Mlp *mlp, int32_t l);

/* Layer l forward: the affine map; then, for a hidden layer, batch norm, activation and dropout. */
void tile_affine(const Pass *pass, const Tile *tile, int32_t l);
void tile_activate(const Pass *pass, const Tile *tile, int32_t l);

/* The outputs; or, for a gradient, the output's delta (none for padding). */
void tile_output(const Pass *pass, const Tile *tile);
void tile_delta(const Pass *pass, const Tile *tile);

/* Layer l backward: dW = a d^T in the chunk's sums (add: added to those of the tiles before); then
 * the delta of layer l - 1, as far as its batch norm. */
void tile_weights(const Pass *pass, const Tile *tile, int32_t chunk, int32_t l, bool add);
void tile_back(const Pass *pass, const Tile *tile, int32_t l);

#endif
