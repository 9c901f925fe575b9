/* Where every value of a pass is in memory, and how a batch is cut: into chunks for the team, each
 * chunk into tiles that stay in the cache. Both are functions of the network's shape and the
 * number of rows, and of nothing else (never of threads, processor or clock), because they decide
 * the order of sums. */
#ifndef CORE_NETWORK_NETWORK_PLAN_H
#define CORE_NETWORK_NETWORK_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/kernels/real.h"
#include "core/model/mlp.h"

#define NETWORK_PLAN_MAX_CHUNKS 16

#define network_plan_create REAL_NAME(network_plan_create)
#define network_plan_cut    REAL_NAME(network_plan_cut)

/* How a number of rows is cut. */
typedef struct NetworkCut {
    int32_t tile_rows;  /* a multiple of LANES */
    int64_t chunk_rows; /* a multiple of tile_rows */
    int32_t chunks, tiles_per_chunk, tiles;
} NetworkCut;

/* How `rows` rows are cut: a function of the network's shape and that number alone. */
NetworkCut network_plan_cut(const Mlp *mlp, int64_t rows);

/* Offsets of a layer's values in a tile's workspace; equal offsets share memory (what is no longer
 * needed is overwritten). Each is units x tile_rows; `out` ends in the bias's unit of ones. */
typedef struct NetworkLayer {
    int64_t pre, xhat, normed, act, mask, out, delta;
    bool wide;            /* its gradient is summed along the units, not along the samples */
    int64_t partial_sums; /* offset in a chunk's partial sums; -1 where wide */
} NetworkLayer;

typedef struct NetworkPlan {
    const Mlp *mlp; /* borrowed */
    NetworkLayer layer[MLP_MAX_HIDDEN + 1];
    bool fused; /* small enough for fused.h */
    NetworkCut batch,
        evaluate; /* of the largest batch and split; smaller ones have tiles of the same shape */
    int64_t x, y, target, label, transposed, slot_size, partial_sums_size;
    int32_t slots;
    real *slot;              /* slots x slot_size */
    real *partial_sums;      /* chunks x partial_sums_size */
    real *chunk_grads;       /* (chunks - 1) x parameters: gradients of chunks 1.. */
    double *sums;            /* tiles x 2 x widest: batch norm's */
    double *mean, *variance; /* units: the batch's, layer after layer */
    double *dbeta, *dgamma;  /* widest */
    real *row_loss;          /* rows: what score.h measures of each row of a split ... */
    real *row_output;        /* ... and, where targets are numbers, outputs x rows (row_stride) */
    ptrdiff_t row_stride;
    int64_t *correct; /* chunks: rows that got their class */
} NetworkPlan;

/* For batches of up to batch_rows and evaluations of up to evaluate_rows. On a measuring arena
 * (arena.h) it only adds up its size. */
void network_plan_create(NetworkPlan *net, const Mlp *mlp, int64_t batch_rows,
                         int64_t evaluate_rows, Arena *arena);

#endif
