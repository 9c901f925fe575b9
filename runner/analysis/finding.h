/* The answer of an experiment, decided from the data; its sentences are in finding_text.h.
 *
 * An axis is judged by its ends (of numbers) or by the second best and the worst (of words) against
 * the best, chosen and judged on different halves of the repeats (crossfit.h). A value that
 * diverged anywhere is worse than any that did not. Data do not compete: there, the ends are
 * compared with each other. Sizes that are judged by held-out data get the usual claim: small
 * networks underfit, large ones overfit. */
#ifndef RUNNER_ANALYSIS_FINDING_H
#define RUNNER_ANALYSIS_FINDING_H

#include "runner/analysis/starts.h"
#include "runner/analysis/sweep_losses.h"

typedef enum FindingKind {
    FINDING_NOTHING,  /* no trial has a value */
    FINDING_SINGLE,   /* one setting */
    FINDING_STARTS,   /* truth tables: how many starts get every row right */
    FINDING_TASKS,    /* only the data vary, and not by number */
    FINDING_SETTINGS, /* settings of which nothing more can be said than which is best */
    FINDING_UNSTABLE, /* every setting diverged at least once */
    FINDING_UNTESTED, /* an axis, but one repeat */
    FINDING_AXIS      /* an axis, and what it shows */
} FindingKind;

typedef enum FindingClaim {
    FINDING_SAME,    /* nothing is shown */
    FINDING_SMALL,   /* the smallest value is shown to be worse than the best, the largest is not */
    FINDING_LARGE,   /* the other way round */
    FINDING_BETWEEN, /* both are */
    FINDING_MORE,    /* as SMALL; and the largest is the best, shown against the best of the rest */
    FINDING_LESS,    /* as LARGE; and the smallest is */
    FINDING_ONE,     /* words: the second best is shown to be worse */
    FINDING_SOME,    /* words: the second best is not, the worst is */
    FINDING_RISES,   /* data: the metric does, from the smallest value to the largest */
    FINDING_FALLS
} FindingClaim;

/* A value of an axis, on the line through the best one. */
typedef struct FindingValue {
    int32_t number;  /* index on the axis; of depths, hidden layers */
    int64_t group;   /* its setting; where axes are averaged, the first of them */
    Interval metric; /* over the repeats */
    double train;    /* mean of the training counterpart; NaN without one */
    int64_t diverged, trials;
} FindingValue;

/* How a value does against the best. */
typedef struct FindingEnd {
    int32_t value;       /* index in FindingAxis.value; -1: there is no such end */
    CrossfitTest metric; /* positive: it is worse */
    CrossfitTest train;  /* likewise, by the same choices; no pairs without a counterpart */
    double p;            /* of metric, corrected by Holm */
    bool diverged;       /* it did, and the best did not */
    bool worse;          /* shown, or diverged */
    bool train_worse;    /* shown, or diverged */
    bool fits;           /* it gets nearly all of its training rows right */
    int32_t repeats;     /* that would show it; 0: no such number */
} FindingEnd;

typedef struct FindingAxis {
    int32_t axis;
    SweepKind kind;
    FindingClaim claim;
    bool sizes;                  /* sizes of networks, judged by held-out data */
    bool averaged[SUMMARY_AXES]; /* other axes that are averaged over; the rest is held */
    FindingValue *value;         /* `values` of them, in the order of the axis */
    int32_t values, best;
    FindingEnd small, large; /* of words the second best and the worst; of data `small` alone, the
                                smallest against the largest */
    CrossfitTest rest; /* numbers: the best of the rest against the best, where that is an end */
    double rest_p;
    int32_t comparisons; /* that Holm corrects for */
    int32_t chosen[2];   /* the best of either half of the repeats: index in value; -1 */
    bool underfits, overfits;
    double *effect; /* repeats: worst - best, chosen and judged apart; NULL: not finite */
    double mean_effect;
} FindingAxis;

/* The two values of a second axis, at an end of the first: the higher value minus the lower. */
typedef struct FindingCross {
    int64_t low, high; /* groups */
    Comparison difference;
} FindingCross;

#define FINDING_OTHERS 3

typedef struct Finding {
    FindingKind kind;
    FindingAxis main;                  /* FINDING_AXIS: what the headline is about */
    FindingAxis other[FINDING_OTHERS]; /* the first other axes that can be judged */
    int32_t others;
    int32_t competing;       /* axes with an effect that is measured */
    bool has_largest_effect; /* of them, that of main is shown to be the largest */
    FindingCross cross[2]; /* with two axes, the second of two values: at both ends of the first */
    int32_t crosses;
    Starts starts; /* FINDING_STARTS */
    Pool pool;
} Finding;

/* Wilcoxon's test cannot reach p < 0.05 with fewer differences. */
#define FINDING_WILCOXON_FROM 6

/* `summary` must outlive it. */
MUST_CHECK bool finding_make(Finding *finding, const Summary *summary, Error *err);
void finding_destroy(Finding *finding);

/* That a difference is above zero: its interval is, and Wilcoxon agrees where there are enough
 * pairs. */
bool finding_shown(const Comparison *comparison);

#endif
