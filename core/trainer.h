/* Trains one network: epochs of batches, the history of its metrics, its final and best weights.
 *
 * trainer_train() is a pure function of (config, data, arithmetic class): it reads no clock, no
 * thread number and no global, allocates nothing, and gives the same bits whoever runs it. Threads
 * are the team's business.
 *
 * What is minimized: the loss summed (reduction sum) or averaged (mean) over the batch, plus l1
 * |W|_1 + l2/2 |W|^2 over weights, not biases. What is recorded is always per row; under sum the
 * whole objective, penalty included, is divided by the number of rows. */
#ifndef CORE_TRAINER_H
#define CORE_TRAINER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/team.h"
#include "core/data/dataset.h"
#include "core/model/trainer_config.h"

/* The splits of a data set as the kernels want them; made once, read by every trial and thread. */
typedef struct TrainerData TrainerData;

/* `val` and `test` may be NULL. The sets are borrowed and must outlive it; they are checked
 * (dataset_check), and val and test must have the columns of train. */
MUST_CHECK bool trainer_data_create(TrainerData **data, const Dataset *train, const Dataset *val,
                                    const Dataset *test, Dtype dtype, Error *err);
void trainer_data_destroy(TrainerData *data);

/* Bytes that an arena must have for this training: what its code allocates on a measuring arena.
 * SIZE_MAX on overflow. */
size_t trainer_bytes(const TrainerConfig *config, const TrainerData *data);

/* Floating-point work of a training, roughly, for "longest first": only ratios mean anything. */
double trainer_cost(const TrainerConfig *config, int64_t train_rows, int64_t test_rows,
                    int32_t inputs);

/* The checkpoint is one of the very same training, or none; one of another network, of other sizes
 * or made up is refused (TrainerHooks), and the training begins anew. False on a usage error (the
 * network does not fit) or when the hook said stop: then *stopped is true and err is untouched. */
MUST_CHECK bool trainer_train(TrainerResult *result, const TrainerConfig *config,
                              const TrainerData *data, TrainerWorker worker,
                              TrainerCheckpoint checkpoint, bool *stopped, Error *err);

/* Gradient of the objective (see above; not divided by n under sum) at the given weights over all
 * rows as one batch, in training mode, dropout masks those of step 0. grads: parameters. For
 * checks. */
MUST_CHECK bool trainer_gradient(double *grads, const TrainerConfig *config, const double *weights,
                                 const Dataset *rows, Team *team, Error *err);

/* Outputs of a trained network for n rows: y is n x config->network.outputs; weights as in
 * TrainerResult. */
MUST_CHECK bool trainer_predict(double *y, const TrainerConfig *config, const double *weights,
                                const double *x, int64_t n, Error *err);

/* Kernels in use: "v4", "v3" or "portable", and the arithmetic class they belong to: "fma" or
 * "portable". RUNNER_ISA forces a level; trainer_isa_check() refuses an unknown or unsupported
 * one. */
const char *trainer_isa(void);
const char *trainer_arithmetic(void);
MUST_CHECK bool trainer_isa_check(Error *err);

#endif
