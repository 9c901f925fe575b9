/* How a training ended, judged from the objective over its last epochs: a trial that is not
 * converged is weaker evidence. The thresholds are defined here and nowhere else. */
#ifndef CORE_MODEL_VERDICT_H
#define CORE_MODEL_VERDICT_H

#include <stdint.h>

#define VERDICT_WINDOW              64   /* epochs judged, or fewer where there were fewer */
#define VERDICT_CONVERGED_RANGE     1e-4 /* (max - min) / |last| under this: converged */
#define VERDICT_OSCILLATION_RATIO   1e-3 /* lag-2 differences under this share of lag-1 ones ... */
#define VERDICT_OSCILLATION_MINIMUM 1e-6 /* ... which exceed this share of the loss: oscillating */

typedef enum Verdict {
    VERDICT_CONVERGED,
    VERDICT_FALLING,     /* every difference in the window is a decrease */
    VERDICT_OSCILLATING, /* a 2-cycle */
    VERDICT_NOISY,       /* none of the others */
    VERDICT_DIVERGED,    /* not finite */
    VERDICT_COUNT
} Verdict;

const char *verdict_name(Verdict verdict);

/* VERDICT_COUNT where there is no such name. */
Verdict verdict_from_name(const char *name);

/* objective[0..count), oldest first, the last VERDICT_WINDOW epochs. Fewer than 4 values are noisy
 * (diverged where one is not finite). Order of the rules: diverged, oscillating, converged,
 * falling, noisy. */
Verdict verdict_of(const double *objective, int32_t count);

#endif
