/* Batches of one row: each sample's update and the next sample's forward pass are one walk over
 * the first layer's weights, whose memory traffic bounds such a training. Units run along the
 * lanes; the weights have an order of their own between online_load() and online_store(). The
 * naive form is
 *
 *     for (each sample) w -= rate * gradient(w, sample);
 *
 * and tests/core/test_online.c holds it to that. Every sum is over the inputs in order, so it
 * makes no difference where a run of samples is cut. */
#ifndef CORE_NETWORK_ONLINE_H
#define CORE_NETWORK_ONLINE_H

#include "core/base/arena.h"
#include "core/kernels/real.h"
#include "core/model/mlp.h"
#include "core/network/packed_dataset.h"

#define online_fits   REAL_NAME(online_fits)
#define online_create REAL_NAME(online_create)
#define online_load   REAL_NAME(online_load)
#define online_store  REAL_NAME(online_store)
#define online_train  REAL_NAME(online_train)

typedef struct OnlineLayer {
    real *w; /* first layer: blocks of columns (see online.c); others: (in + 1) x padded out */
    real *z, *a, *d; /* padded out: affine output, activation, -rate times delta */
    real *e;         /* padded out: error sent back by the layer above */
    int32_t padded;
} OnlineLayer;

typedef struct Online {
    const Mlp *mlp; /* borrowed */
    OnlineLayer layer[MLP_MAX_HIDDEN + 1];
    real *output; /* 4 tiles of the last layer: z, y, t, d, for loss.h */
} Online;

/* Whether the network can be trained so: without batch norm and dropout. */
bool online_fits(const Mlp *mlp);

/* On a measuring arena (arena.h) it only adds up its size. */
void online_create(Online *online, const Mlp *mlp, Arena *arena);

/* From and to the parameter block (state: mlp.h). */
void online_load(Online *online, const real *state);
void online_store(const Online *online, real *state);

/* Rows order[first .. first + count), or the data's own order where it is NULL, one update each: w
 * -= rate dL/dw. */
void online_train(Online *online, const PackedDataset *data, const int32_t *order, int64_t first,
                  int64_t count, real rate);

#endif
