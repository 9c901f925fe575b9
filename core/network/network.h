/* Forward and backward through the list of layers, a batch at a time.
 *
 * Gradients of the chunks (network_plan.h) are added in chunk order. Without batch norm a chunk
 * goes through all layers tile by tile, forward and backward at once; with it the chunks stop at
 * every normalized layer until the statistics of the entire batch are known. Nothing is allocated.
 * The naive form is tests/core/naive_network.c. */
#ifndef CORE_NETWORK_NETWORK_H
#define CORE_NETWORK_NETWORK_H

#include "core/base/team.h"
#include "core/kernels/real.h"
#include "core/network/network_plan.h"
#include "core/network/packed_dataset.h"
#include "core/network/score.h"
#include "core/network/tile.h"

#define network_gradient           REAL_NAME(network_gradient)
#define network_evaluate           REAL_NAME(network_evaluate)
#define network_outputs            REAL_NAME(network_outputs)
#define network_measures_gradients REAL_NAME(network_measures_gradients)

/* grads (parameters) = sum over the batch of each row's gradient; no penalty, not averaged. state:
 * parameters and running statistics, which are updated. scores: NULL, or those of the same rows,
 * which must be all rows of a split in order, and network_measures_gradients(): the bits of
 * network_evaluate(). */
void network_gradient(NetworkPlan *net, real *grads, real *state, const NetworkBatch *batch,
                      Scores *scores, Team *team);

/* Whether a forward pass is the same in training and in evaluation. */
bool network_measures_gradients(const NetworkPlan *net);

/* Scores of all rows of a split, in evaluation mode (no dropout, running statistics). */
void network_evaluate(NetworkPlan *net, Scores *scores, const real *state,
                      const PackedDataset *data, Team *team);

/* y: n x outputs, in evaluation mode. */
void network_outputs(NetworkPlan *net, double *y, const real *state, const PackedDataset *data);

#endif
