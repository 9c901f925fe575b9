/* The kernels of one precision and one instruction level, as trainer.c calls them. */
#ifndef CORE_NETWORK_KERNELS_H
#define CORE_NETWORK_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/team.h"
#include "core/data/dataset.h"
#include "core/model/trainer_config.h"

/* The packed splits of the data, borrowed, made by the same kernels' pack(); val and test may be
 * NULL. */
typedef struct KernelSplits {
    void *train, *val, *test;
} KernelSplits;

typedef struct Kernels {
    const char *name;       /* "v4", "v3", "portable" */
    const char *arithmetic; /* "fma", "portable" */
    bool (*pack)(void **data, const Dataset *set, Error *err);
    void (*unpack)(void *data);
    size_t (*bytes)(const TrainerConfig *config, const Mlp *mlp, const KernelSplits *splits);
    bool (*train)(TrainerResult *result, const TrainerConfig *config, const Mlp *mlp,
                  const KernelSplits *splits, TrainerWorker worker, TrainerCheckpoint checkpoint,
                  bool *stopped, Error *err);
    bool (*predict)(double *y, const Mlp *mlp, const double *weights, const Dataset *rows,
                    Error *err);
    bool (*gradient)(double *grads, const TrainerConfig *config, const Mlp *mlp,
                     const double *weights, const Dataset *rows, Team *team, Error *err);
} Kernels;

extern const Kernels kernels_f64_portable, kernels_f32_portable;
extern const Kernels kernels_f64_v3, kernels_f32_v3;
extern const Kernels kernels_f64_v4, kernels_f32_v4;

#endif
