/* How a training ended, and why: a trial that has not converged is weaker evidence. The rules are
 * here and in verdict.c, the evidence is gathered by core/network/training_watch.h. */
#ifndef CORE_MODEL_VERDICT_H
#define CORE_MODEL_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#define VERDICT_WINDOW   16 /* the last epochs whose objective is judged */
#define VERDICT_NUMERICS 4 /* of the first program with these rules (runner/journal/provenance.h) */
#define VERDICT_CYCLE    64 /* the last epochs whose displacements are judged */

typedef enum Verdict {
    VERDICT_CONVERGED,
    VERDICT_FALLING,
    VERDICT_RISING,
    VERDICT_OSCILLATING,
    VERDICT_NOISY,
    VERDICT_STOPPED_BY_SCHEDULE,
    VERDICT_NOT_STARTED,
    VERDICT_STOPPED_EARLY,
    VERDICT_NOT_TRAINED,
    VERDICT_DIVERGED,
    VERDICT_COUNT
} Verdict;

/* What is known of a training that has ended. A displacement is the change of all parameters in
 * one epoch, of one full-batch update. */
typedef struct VerdictEvidence {
    int64_t epochs;     /* that were trained */
    bool overflowed;    /* the objective or a parameter was not finite */
    bool stopped_early; /* patience ran out */
    bool is_stochastic; /* minibatches or dropout: updates depend on chance */

    double start;                     /* objective before the first update */
    double end;                       /* objective of the network that is kept */
    double magnitude;                 /* what an objective of a constant prediction is roughly */
    double objective[VERDICT_WINDOW]; /* after the last epochs, oldest first */
    int32_t count;                    /* of them */

    double cosine;   /* mean over the last VERDICT_CYCLE pairs of successive displacements */
    int32_t cosines; /* of them; 0 where is_stochastic */
    double step;     /* the last displacement over the norm of the parameters */

    double factor;      /* the schedule's, mean over the last `count` epochs ... */
    double last_factor; /* ... and at the last update */
    double moved;       /* distance from the first parameters over the larger of their norm and 1 */
    double slope;       /* distance from them over the sum of all learning rates: where the network
                           has hardly moved, the norm of the gradient */
    double norm;        /* of the parameters */
} VerdictEvidence;

Verdict verdict_of(const VerdictEvidence *evidence);

/* The word in results and pages; what it means, as the end of a sentence that begins with it; and
 * what helps, empty where there is nothing to do. */
const char *verdict_name(Verdict verdict);
const char *verdict_meaning(Verdict verdict);
const char *verdict_advice(Verdict verdict);

/* VERDICT_COUNT where there is no such name. */
Verdict verdict_from_name(const char *name);

#endif
