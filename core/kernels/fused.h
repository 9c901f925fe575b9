/* The smallest networks, fused: one hidden layer of any width, at most FUSED_MAX_INPUTS inputs,
 * and one output, or two behind a softmax, which are one: only z_0 - z_1 counts, and the second
 * delta is minus the first.
 *
 * For each unit the affine map, its activation and its share of the output are one loop over the
 * samples of a tile; so are its delta and all its gradients:
 *
 *     for (s = 0; s < rows; s++) a[j][s] = f(b[j] + sum_i w[i][j] x[i][s]), z[s] += v[j] a[j][s];
 *     for (s = 0; s < rows; s++) {
 *         dv[j] += d[s] a[j][s];
 *         e = d[s] v[j] f'(a[j][s]);
 *         db[j] += e; for (i = 0; i < in; i++) dw[i][j] += e x[i][s];
 *     }
 *
 * Layout of tiles: linear.h. Which networks qualify depends on their shape alone, and the sums are
 * those of linear_gradient: LANES partial sums a weight. */
#ifndef CORE_KERNELS_FUSED_H
#define CORE_KERNELS_FUSED_H

#include <stddef.h>

#include "core/kernels/real.h"
#include "core/model/mlp.h"

#define FUSED_MAX_INPUTS 3

#define fused_fits         REAL_NAME(fused_fits)
#define fused_partial_sums REAL_NAME(fused_partial_sums)
#define fused_forward      REAL_NAME(fused_forward)
#define fused_backward     REAL_NAME(fused_backward)
#define fused_finish       REAL_NAME(fused_finish)

bool fused_fits(const Mlp *mlp);

/* How many partial sums fused_backward() has. */
int64_t fused_partial_sums(const Mlp *mlp);

/* Samples: x is inputs x rows (x_stride); the network's own values are spaced by stride. largest:
 * the largest |x| of each input. */
typedef struct FusedTile {
    const real *x, *largest;
    ptrdiff_t x_stride, stride;
    int32_t rows;
} FusedTile;

/* a: hidden units x rows; z: outputs x rows, with z_1 = 0 where there are two. w: the parameter
 * block. Whether no |z| can exceed VMATH_BOUND (vmath.h). */
bool fused_forward(real *z, real *a, const real *w, const Mlp *mlp, FusedTile tile);

/* partial_sums = (add: +=) the gradients of all parameters as partial sums, from the delta d of the
 * (first) output. */
void fused_backward(real *partial_sums, const real *d, const real *a, const real *w, const Mlp *mlp,
                    FusedTile tile, bool add);

/* grads: the parameter block's gradients, from those sums. */
void fused_finish(real *grads, const real *partial_sums, const Mlp *mlp);

#endif
