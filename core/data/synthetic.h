/* Data sets made from a formula and a seed: the same rows as the NumPy lines beside each kind, draw
 * for draw.
 *
 * r is np.random.RandomState(seed), n samples, s noise, k classes. `noise` 0 draws nothing
 * (scikit-learn's noise=None), except for blobs, whose scale it is. sin and cos are libm's; NumPy's
 * own may differ from them in the last bit.
 *   moons     np.random.seed(seed); make_moons(n, noise=s)
 *   circles   np.random.seed(seed); make_circles(n, noise=s, factor=factor)
 *   blobs     np.random.seed(seed); make_blobs(n, centers=k, n_features=features, cluster_std=s)
 *             (with centers_apart: centers=RandomState(center_seed).uniform(-10, 10, (k,
 *             features)), so that a test set with a seed of its own comes from the same blobs)
 *   spirals   k arms, m rows in arm c (n // k, one more in the first n % k);
 *             t = (arange(m) + 1) / m, a = 2 pi (turns t + c / k), rows (t cos a, t sin a),
 *             labels c, one arm after the other;
 *             i = arange(n); r.shuffle(i); x, y = x[i], y[i]; x += r.normal(0, s, x.shape)
 *   xor       x = r.uniform(-1, 1, (n, 2)); y = x[:,0] * x[:,1] < 0; x += r.normal(0, s, (n, 2))
 *   gates     rows 00 01 10 11, labels of `gate`
 *   three_bit x = [[0,0,1],[0,1,1],[1,0,1],[1,1,1],[0,0,1]], y = [0,1,1,0,0] (exclusive or of two
 *             inputs beside a constant)
 *   beans     x = sort(r.rand(n) * 2); for each: v = 0.7 x + (0.5 - r.rand()) / 50 + 0.5,
 *             label 0.8 < v < 1.4
 *   sine      x = sort(r.uniform(0, 1, n)); y = sin(2 pi x) + r.normal(0, s, n)
 *             (numbers to predict, not classes)
 * gates and three_bit have these rows whatever `samples` says; they and beans have no noise. */
#ifndef CORE_DATA_SYNTHETIC_H
#define CORE_DATA_SYNTHETIC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/data/dataset.h"

typedef enum SyntheticKind {
    SYNTHETIC_MOONS,
    SYNTHETIC_CIRCLES,
    SYNTHETIC_SPIRALS,
    SYNTHETIC_BLOBS,
    SYNTHETIC_XOR,
    SYNTHETIC_GATES,
    SYNTHETIC_THREE_BIT,
    SYNTHETIC_BEANS,
    SYNTHETIC_SINE,
    SYNTHETIC_COUNT
} SyntheticKind;
/* NULL-terminated, as all tables of names. */
extern const char *const SYNTHETIC_NAMES[SYNTHETIC_COUNT + 1];

typedef enum Gate { GATE_AND, GATE_OR, GATE_NAND, GATE_XOR, GATE_COUNT } Gate;
extern const char *const GATE_NAMES[GATE_COUNT + 1];

typedef struct SyntheticConfig {
    SyntheticKind kind;
    int64_t samples; /* 1 to 2^31 - 1 */
    double noise;    /* standard deviation, >= 0 */
    uint32_t seed;
    Gate gate;          /* gates */
    int32_t classes;    /* blobs, spirals: 1 or more */
    int32_t features;   /* blobs: 1 or more */
    double factor;      /* circles: inner radius over outer, 0 <= factor < 1 */
    double turns;       /* spirals: turns of an arm */
    bool centers_apart; /* blobs: centers are those of center_seed, not the stream's first draws */
    uint32_t center_seed;
} SyntheticConfig;

/* Makes the set, which the caller owns. Refuses what the comments above exclude (ERROR_USAGE), and
 * no memory. */
MUST_CHECK bool synthetic_make(Dataset *set, const SyntheticConfig *config, Error *err);

#endif
