/* Which setting matters: how much of the variance between runs each axis explains, and each pair of
 * axes (their interaction), beyond what luck would give them.
 *
 * An analysis of variance of a full grid, its repeats (or folds) as blocks: what is easy or hard in
 * a repeat for all settings alike is taken off. Of effect E with d degrees of freedom, SS(E) is its
 * sum of squares between the settings' means, and MS(E x repeat) how much the effect itself changes
 * from repeat to repeat: settings of one repeat share their data and seed, so that every effect has
 * an error term of its own. With S the settings,
 *     share = (SS(E) - d MS(E x repeat)) / (SS(S) + SS(S x repeat) + MS(S x repeat))
 * which is omega squared (Olejnik and Algina 2003), unbiased but for being a quotient; luck is what
 * is subtracted, over the same. p is that of F = MS(E) / MS(E x repeat) with Greenhouse and
 * Geisser's degrees of freedom (1959), since an effect need not change alike in all values. Of
 * folds, whose training rows overlap, MS(E x repeat) is taken 1 + K/(K - 1) times (resampling.h).
 *
 * With one repeat, effect and luck cannot be separated: share is the plain SS(E) / SS(S), and luck
 * what that would be if the settings differed by luck alone: d over the degrees of freedom of S. */
#ifndef RUNNER_ANALYSIS_IMPORTANCE_H
#define RUNNER_ANALYSIS_IMPORTANCE_H

#include "runner/analysis/summary.h"

typedef struct ImportanceEffect {
    int32_t axis[2]; /* the second is -1 where it is one axis alone */
    int32_t degrees;
    double share, luck; /* a share may be below 0: less than luck would give */
    double p, holm;     /* as it is, and corrected for all effects; NaN with one repeat */
} ImportanceEffect;

typedef struct Importance {
    /* the axes, then their pairs, in the summary's order; 0: no full grid of two axes is left */
    int32_t effects;
    ImportanceEffect *effect;
    double higher; /* share of combinations of three axes or more */
    double luck;   /* what is left: the luck of single runs. 0 with one repeat */
    bool same;     /* the settings' means do not differ: nothing else is set */
    int64_t settings;
    /* values of each axis that are left out, because a run with them has no value */
    bool *left_out[SUMMARY_AXES];
    Pool pool;
} Importance;

MUST_CHECK bool importance_make(Importance *importance, const Summary *summary, Error *err);
void importance_destroy(Importance *importance);

#endif
