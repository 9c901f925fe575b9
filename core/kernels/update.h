/* One optimizer step on the parameter block: penalties and averaging, clipping, the rule itself.
 * Element by element and never fused, so every level gives the same bits; update.c is the naive
 * form. Rules: optimizer.h. */
#ifndef CORE_KERNELS_UPDATE_H
#define CORE_KERNELS_UPDATE_H

#include <stdint.h>

#include "core/kernels/real.h"
#include "core/model/mlp.h"
#include "core/model/optimizer.h"

#define update_step    REAL_NAME(update_step)
#define update_penalty REAL_NAME(update_penalty)

typedef struct UpdateConfig {
    const OptimizerConfig *optimizer;
    double l1, l2;
    double clip_norm; /* 0: off */
} UpdateConfig;

typedef struct UpdateStep {
    double scale;   /* 1/rows under reduction mean, else 1 */
    double rate;    /* learning rate of this step, schedule included */
    int64_t number; /* from 0 */
} UpdateStep;

/* w moves by the rule; g (the batch's summed gradient) is overwritten. moment1 and moment2: as in
 * optimizer.h, or NULL. */
void update_step(real *w, real *g, real *moment1, real *moment2, const Mlp *mlp,
                 const UpdateConfig *config, UpdateStep step);

/* l1 |W|_1 + l2/2 |W|^2 over weights, not biases. */
double update_penalty(const real *w, const Mlp *mlp, double l1, double l2);

#endif
