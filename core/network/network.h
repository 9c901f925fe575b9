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
#include "core/network/tile.h"

#define network_gradient REAL_NAME(network_gradient)
#define network_evaluate REAL_NAME(network_evaluate)
#define network_outputs  REAL_NAME(network_outputs)

/* What an evaluation returns: sums over the rows. */
typedef struct NetworkScores {
    double loss;    /* sum of losses */
    double correct; /* rows whose class is predicted */
    double squares; /* sum of squared residuals over rows and outputs */
    double r2;      /* coefficient of determination, mean over outputs (scikit-learn's r2_score) */
} NetworkScores;

/* grads (parameters) = sum over the batch of each row's gradient; no penalty, not averaged. state:
 * parameters and running statistics, which are updated. */
void network_gradient(NetworkPlan *net, real *grads, real *state, const NetworkBatch *batch,
                      Team *team);

/* Scores of all rows of a split, in evaluation mode (no dropout, running statistics). */
void network_evaluate(NetworkPlan *net, NetworkScores *scores, const real *state,
                      const PackedDataset *data, Team *team);

/* y: n x outputs, in evaluation mode. */
void network_outputs(NetworkPlan *net, double *y, const real *state, const PackedDataset *data);

#endif
