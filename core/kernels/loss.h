/* The output of a network, on a tile (see linear.h): its activation, the loss of each sample, and
 * the delta dL/dz that is sent back. Cross-entropies are computed from z (log-sum-exp), so nothing
 * overflows. Blocks are units x rows of the shape unless stated. The naive form is in
 * tests/core/naive_network.c; tests/core/test_gradient.c checks every delta by finite
 * differences. */
#ifndef CORE_KERNELS_LOSS_H
#define CORE_KERNELS_LOSS_H

#include <stddef.h>
#include <stdint.h>

#include "core/kernels/real.h"
#include "core/kernels/tile_shape.h"
#include "core/model/mlp.h"

#define loss_output       REAL_NAME(loss_output)
#define loss_values       REAL_NAME(loss_values)
#define loss_delta        REAL_NAME(loss_delta)
#define loss_delta_of_two REAL_NAME(loss_delta_of_two)
#define loss_score_of_two REAL_NAME(loss_score_of_two)
#define loss_targets      REAL_NAME(loss_targets)
#define loss_correct      REAL_NAME(loss_correct)

/* y = f(z); softmax runs over the units. y is not z. */
void loss_output(Activation output, real *y, const real *z, TileShape shape);

/* values[s]: the loss of sample s.   values: rows */
void loss_values(Loss loss, Activation output, real *values, const real *y, const real *z,
                 const real *t, TileShape shape);

/* d = dL/dz of each sample's own loss. d is not y, z or t. */
void loss_delta(Loss loss, Activation output, real *d, const real *y, const real *z, const real *t,
                TileShape shape);

/* loss_output() and loss_delta() at once for two classes behind a softmax with cross-entropy, from
 * the labels: d_0, and d_1 = -d_0. label: rows. bounded: |z_0 - z_1| <= VMATH_BOUND for every row,
 * which takes less time and makes no other difference. */
void loss_delta_of_two(real *d, const real *z, const real *label, TileShape shape, bool bounded);

/* loss_values() and loss_correct() at once for the same two classes. */
int64_t loss_score_of_two(real *values, const real *z, const real *label, TileShape shape,
                          bool bounded);

/* One-hot targets of labels: t = high where the unit is the label's, low elsewhere; a single unit
 * is that of label 1. label: rows */
void loss_targets(real *t, const real *label, real low, real high, TileShape shape);

/* How many samples get their class (mlp_class); padding has a label that no class has. */
int64_t loss_correct(const real *y, const real *label, real middle, TileShape shape);

#endif
