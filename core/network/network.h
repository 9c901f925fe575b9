/* Forward and backward through the list of layers, a batch at a time.
 *
 * A batch is cut by its shape alone: into chunks for the team, each chunk into tiles that stay in
 * the cache. Gradients of the chunks are added in chunk order. Without batch norm a chunk runs
 * through tile by tile, forward and backward in one go; with it the chunks stop at every normalized
 * layer until the whole batch's statistics are known. Nothing is allocated after
 * network_plan_create(). */
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

/* What evaluation gives: sums over the rows. */
typedef struct NetworkScores {
    double loss;    /* sum of losses */
    double correct; /* rows put into their class */
    double squares; /* sum of squared residuals over rows and outputs */
    double r2;      /* coefficient of determination, mean over outputs (scikit-learn's r2_score) */
} NetworkScores;

/* grads (parameters) = sum over the batch of each row's gradient; no penalty, not averaged. numbers
 * is the whole block; its running statistics are moved on. */
void network_gradient(NetworkPlan *net, real *grads, real *state, const NetworkBatch *batch,
                      Team *team);

/* Scores of all rows of a part, in evaluation mode (no dropout, running statistics). */
void network_evaluate(NetworkPlan *net, NetworkScores *scores, const real *state,
                      const PackedDataset *data, Team *team);

/* y: n x outputs, in evaluation mode. */
void network_outputs(NetworkPlan *net, double *y, const real *state, const PackedDataset *data);

#endif
