/* First weights, drawn as NumPy would (see rng.h): matrices in layer order, each bias after its
 * matrix where biases are random. Definitions of the kinds: mlp.h. lecun_normal is randn(fan_in,
 * fan_out) / sqrt(fan_in), to the bit. */
#ifndef CORE_MODEL_INIT_H
#define CORE_MODEL_INIT_H

#include "core/base/rng.h"
#include "core/model/mlp.h"

/* Fills state (mlp->state_size values, float64): weights and biases as configured, gamma 1, beta
 * 0, running mean 0 and variance 1. Refuses `values` of the wrong count (ERROR_USAGE). */
MUST_CHECK bool init_state(double *state, const Mlp *mlp, const InitConfig *weights,
                           const InitConfig *bias, Rng *rng, Error *err);

#endif
