/* Forward and backward through the list of layers, a batch at a time.
 *
 * A batch is cut by its shape alone: into chunks for the team, each chunk into tiles that stay in
 * the cache. Gradients of the chunks are added in chunk order. Without batch norm a chunk runs
 * through tile by tile, forward and backward in one go; with it the chunks stop at every normalized
 * layer until the whole batch's statistics are known. Nothing is allocated after
 * network_create(). */
#ifndef CORE_NETWORK_NETWORK_H
#define CORE_NETWORK_NETWORK_H

#include "core/base/arena.h"
#include "core/base/team.h"
#include "core/kernels/real.h"
#include "core/model/mlp.h"
#include "core/network/packed_dataset.h"

#define NETWORK_MAX_CHUNKS 16

#define network_bytes    REAL_NAME(network_bytes)
#define network_create   REAL_NAME(network_create)
#define network_gradient REAL_NAME(network_gradient)
#define network_evaluate REAL_NAME(network_evaluate)
#define network_outputs  REAL_NAME(network_outputs)
#define network_cut      REAL_NAME(network_cut)

/* How a number of rows is cut. */
typedef struct NetworkCut {
    int32_t tile_rows;  /* a multiple of LANES */
    int64_t chunk_rows; /* a multiple of tile_rows */
    int32_t chunks, tiles_per_chunk, tiles;
} NetworkCut;

/* How `rows` rows are cut: a function of the network's shape and that number alone. */
NetworkCut network_cut(const Mlp *mlp, int64_t rows);

/* Where a layer's values lie in a tile's workspace; equal offsets share memory (what is no longer
 * needed is written over). Each is units x tile_rows; `out` has the unit of ones behind it. */
typedef struct NetworkLayer {
    int64_t pre, xhat, normed, act, mask, out, delta;
    bool wide;     /* its gradient runs along the units, not along the samples */
    int64_t lanes; /* offset of its partial sums in a chunk's lanes; -1 where wide */
} NetworkLayer;

typedef struct Network {
    const Mlp *mlp; /* borrowed */
    NetworkLayer layer[MLP_MAX_HIDDEN + 1];
    bool shallow; /* small enough for shallow.h */
    NetworkCut batch,
        evaluate; /* of the largest batch and part; smaller ones keep the tile's shape */
    int64_t x, y, target, label, values, transposed, slot_size, lanes_size;
    int32_t slots;
    real *slot;              /* slots x slot_size */
    real *lanes;             /* chunks x lanes_size */
    real *partial;           /* (chunks - 1) x parameters: gradients of chunks 1.. */
    double *sums;            /* tiles x 2 x widest: batch norm's */
    double *mean, *variance; /* units: the batch's, layer after layer */
    double *dbeta, *dgamma;  /* widest */
    double *tally;           /* chunks x (2 + outputs): evaluation */
} Network;

/* Rows of a batch: order[first .. first + count), or first .. first + count of the part itself
 * where order is NULL. seed and step key the dropout masks. */
typedef struct NetworkBatch {
    const Part *part;
    const int32_t *order;
    int64_t first, count;
    uint64_t seed, step;
} NetworkBatch;

/* What evaluation gives: sums over the rows. */
typedef struct NetworkScores {
    double loss;    /* sum of losses */
    double correct; /* rows put into their class */
    double squares; /* sum of squared residuals over rows and outputs */
    double r2;      /* coefficient of determination, mean over outputs (scikit-learn's r2_score) */
} NetworkScores;

/* Arena bytes for batches of up to batch_rows and evaluations of up to evaluate_rows. */
size_t network_bytes(const Mlp *mlp, int64_t batch_rows, int64_t evaluate_rows);
void network_create(Network *net, const Mlp *mlp, int64_t batch_rows, int64_t evaluate_rows,
                    Arena *arena);

/* grads (parameters) = sum over the batch of each row's gradient; no penalty, not averaged. numbers
 * is the whole block; its running statistics are moved on. */
void network_gradient(Network *net, real *grads, real *numbers, const NetworkBatch *batch,
                      Team *team);

/* Scores of all rows of a part, in evaluation mode (no dropout, running statistics). */
void network_evaluate(Network *net, NetworkScores *scores, const real *numbers, const Part *part,
                      Team *team);

/* y: n x outputs, in evaluation mode. */
void network_outputs(Network *net, double *y, const real *numbers, const Part *part);

#endif
