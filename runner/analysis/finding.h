/* The answer of an experiment, computed from the data; its sentences are in finding_text.h.
 *
 * The claim that is judged is the usual one: small networks underfit, large ones overfit. The best
 * of many sizes is partly lucky, and comparing others with it on the same runs would find
 * "overfitting" in pure noise (in a quarter of simulated studies of 50 equal sizes and 10 repeats).
 * So in each repeat the size is chosen on the other repeats, and only then compared in this one (8
 * % in the same simulation, before Wilcoxon's test is applied as well). */
#ifndef RUNNER_ANALYSIS_FINDING_H
#define RUNNER_ANALYSIS_FINDING_H

#include "runner/analysis/summary.h"

typedef enum FindingKind {
    FINDING_NOTHING,  /* no trial has a value */
    FINDING_SINGLE,   /* one setting */
    FINDING_SETTINGS, /* settings of which nothing more can be said than which is best */
    FINDING_UNTESTED, /* sizes, but one repeat: no interval */
    /* sizes with held-out data */
    FINDING_BOTH,     /* small nets underfit and large ones overfit */
    FINDING_UNDERFIT, /* only the first is shown */
    FINDING_OVERFIT,  /* only the second is shown */
    FINDING_NEITHER,
    /* values of an axis that are numbers */
    FINDING_MORE,    /* the smallest is shown to be worse, the largest is not */
    FINDING_LESS,    /* the other way round */
    FINDING_BETWEEN, /* both ends are shown to be worse */
    /* values that are words */
    FINDING_ONE,  /* the next best is shown to be worse */
    FINDING_SOME, /* not the next best, but the worst is */
    FINDING_SAME  /* numbers or words: neither is */
} FindingKind;

/* How a value of an axis does against the best one: differences point to "worse". */
typedef struct FindingEnd {
    int64_t group;
    Comparison metric; /* against the value chosen without the repeat at hand */
    Comparison train;  /* the same in the training metric; n == 0 without one */
    /* shown: the t interval is above 0, and Wilcoxon agrees where there are enough repeats */
    bool worse;
    bool train_worse;     /* the same for the training metric */
    bool train_not_worse; /* its mean difference is not above 0 */
} FindingEnd;

/* An axis on the line through the best setting. */
typedef struct FindingAxis {
    int32_t axis;
    FindingKind kind;
    FindingEnd small, large; /* the ends of the line; of words: the next best, the worst */
    /* range of the values chosen when a repeat is left out: values of the axis */
    int32_t chosen_low, chosen_high;
} FindingAxis;

/* The two values of a second axis, at an end of the first: the higher value minus the lower. */
typedef struct FindingCross {
    int64_t low, high; /* groups */
    Comparison difference;
} FindingCross;

#define FINDING_OTHERS 3

typedef struct Finding {
    FindingKind kind;
    FindingAxis main;                  /* what the headline is about, where it is about an axis */
    FindingAxis other[FINDING_OTHERS]; /* the first other axes */
    int32_t others;
    FindingCross cross[2]; /* with two axes, the second of two values: at both ends of the first */
    int32_t crosses;
} Finding;

/* Wilcoxon's test cannot reach p < 0.05 with fewer differences. */
#define FINDING_WILCOXON_FROM 6

MUST_CHECK bool finding_make(Finding *finding, const Summary *summary, Error *err);

/* That the difference is above zero: the t interval is, and Wilcoxon agrees where there are enough
 * pairs. */
bool finding_shown(const Comparison *comparison);

#endif
