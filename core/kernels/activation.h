/* Activation functions and their derivatives on arrays. Definitions: mlp.h. */
#ifndef CORE_KERNELS_ACTIVATION_H
#define CORE_KERNELS_ACTIVATION_H

#include "core/kernels/real.h"
#include "core/model/mlp.h"

#define activation_forward  REAL_NAME(activation_forward)
#define activation_backward REAL_NAME(activation_backward)
#define activation_needs_z  REAL_NAME(activation_needs_z)

/* a = f(z), count values, a multiple of LANES; a may be z. Not for softmax (see loss.h). */
void activation_forward(Activation kind, real *a, const real *z, int64_t count);

/* d = d f'(z), given a = f(z); z is read only where activation_needs_z(). */
void activation_backward(Activation kind, real *d, const real *a, const real *z, int64_t count);

/* True where the derivative does not follow from the value: then z must be saved. */
bool activation_needs_z(Activation kind);

#endif
