/* What happens at the output of a network, on a tile (see linear.h): its activation, the loss of
 * each sample, and the delta dL/dz that goes back. Cross-entropies are computed from z
 * (log-sum-exp), so nothing overflows. */
#ifndef CORE_KERNELS_LOSS_H
#define CORE_KERNELS_LOSS_H

#include <stddef.h>

#include "core/kernels/real.h"
#include "core/model/mlp.h"

#define loss_output       REAL_NAME(loss_output)
#define loss_values       REAL_NAME(loss_values)
#define loss_delta        REAL_NAME(loss_delta)
#define loss_delta_of_two REAL_NAME(loss_delta_of_two)
#define loss_score_of_two REAL_NAME(loss_score_of_two)
#define loss_targets      REAL_NAME(loss_targets)
#define loss_correct      REAL_NAME(loss_correct)

/* y = f(z).   y, z: units x rows (stride); softmax runs over the units. y is not z. */
void loss_output(Activation output, real *y, const real *z, int32_t units, int32_t rows,
                 ptrdiff_t stride);

/* values[s]: the loss of sample s.   values: rows; y, z, t: units x rows (stride) */
void loss_values(Loss loss, Activation output, real *values, const real *y, const real *z,
                 const real *t, int32_t units, int32_t rows, ptrdiff_t stride);

/* d = dL/dz of each sample's own loss.   d: units x rows (stride), not y, z or t */
void loss_delta(Loss loss, Activation output, real *d, const real *y, const real *z, const real *t,
                int32_t units, int32_t rows, ptrdiff_t stride);

/* The same in one go for two classes behind a softmax with cross-entropy, from the labels
 * themselves: d_0, and d_1 = -d_0. d, z: 2 x rows (stride); label: rows */
void loss_delta_of_two(real *d, const real *z, const real *label, int32_t rows, ptrdiff_t stride);

/* loss_values() and loss_correct() in one go for the same two classes, from the labels
 * themselves. */
int64_t loss_score_of_two(real *values, const real *z, const real *label, int32_t rows,
                          ptrdiff_t stride);

/* One-hot targets of labels: t = high where the unit is the label's, low elsewhere; a single unit
 * stands for label 1. label: rows */
void loss_targets(real *t, const real *label, real low, real high, int32_t units, int32_t rows,
                  ptrdiff_t stride);

/* How many samples are put into their class (mlp_class); padding has a label that no class has. */
int64_t loss_correct(const real *y, const real *label, real middle, int32_t units, int32_t rows,
                     ptrdiff_t stride);

#endif
