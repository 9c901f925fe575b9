/* The network once more, from its definitions and nothing else: one row, one unit, one sum at a
 * time, in long double with libm's functions. It shares with core the descriptions (mlp.h,
 * trainer.h) and rng_hash; not a line of the kernels. It has no backward pass: gradients are held
 * to its differences. */
#ifndef TESTS_CORE_NAIVE_NETWORK_H
#define TESTS_CORE_NAIVE_NETWORK_H

#include "core/data/dataset.h"
#include "core/trainer.h"

typedef long double Wide;

/* y: n x outputs. `state` is the whole block [W1 b1 gamma1 beta1 ... Wout bout, running
 * statistics]. In training the batch is all n rows: its own statistics normalize, and dropout masks
 * are those of (seed, step). */
void naive_outputs(Wide *y, const MlpConfig *config, const Wide *state, const double *x, int64_t n,
                   bool training, uint64_t seed, uint64_t step);

/* Batch norm's statistics of the same pass: mean and biased variance, layer after layer, [mean1
 * var1 mean2 var2 ...]. */
void naive_statistics(Wide *statistics, const MlpConfig *config, const Wide *state, const double *x,
                      int64_t n, uint64_t seed, uint64_t step);

/* Sum over the rows of each row's loss, from its definition (no log-sum-exp: outputs must not
 * saturate). */
Wide naive_loss(const MlpConfig *config, const Wide *y, const Dataset *rows);

/* l1 |W|_1 + l2/2 |W|^2 over weights. */
Wide naive_penalty(const TrainerConfig *config, const Wide *state);

/* What is minimized on all rows as one batch, in training mode, step 0. */
Wide naive_objective(const TrainerConfig *config, const Wide *state, const Dataset *rows);

/* The target of unit k for a row. */
double naive_target(const MlpConfig *config, const Dataset *rows, int64_t row, int32_t k);

/* Length of the whole block, running statistics included, and of its trained part. */
int64_t naive_state_size(const MlpConfig *config);
int64_t naive_parameters(const MlpConfig *config);

#endif
