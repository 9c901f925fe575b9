/* The answer of an experiment in words, computed from the data: what the page opens with.
 *
 * The claim that is judged is the usual one: small networks underfit, large ones overfit. The best of many sizes is
 * partly lucky, and comparing others with it on the same runs would find "overfitting" in pure noise (in a quarter of
 * simulated studies of 50 equal sizes and 10 repeats). So in each repeat the size is chosen on the other repeats, and
 * only then compared in this one (8 % in the same simulation, before Wilcoxon's test has its say, too). */
#ifndef RUNNER_FINDING_H
#define RUNNER_FINDING_H

#include "runner/summary.h"

typedef enum FindingKind {
    FINDING_NOTHING,  /* no trial has a value */
    FINDING_SINGLE,   /* one setting */
    FINDING_SETTINGS, /* settings, but no sizes or no held-out metric: the best one */
    FINDING_UNTESTED, /* sizes, but one repeat: no interval */
    FINDING_BOTH,     /* small nets underfit and large ones overfit */
    FINDING_UNDERFIT, /* only the first is shown */
    FINDING_OVERFIT,  /* only the second is shown */
    FINDING_NEITHER
} FindingKind;

/* How a size does against the best one: differences point to "worse". */
typedef struct FindingEnd {
    int64_t group;
    Comparison metric; /* held-out: against the size chosen without the repeat at hand */
    Comparison train;  /* the same in the training metric; n == 0 without one */
    bool
        worse; /* shown: the t interval is above 0, and Wilcoxon agrees where there are enough repeats */
    bool train_worse;     /* the same for the training metric */
    bool train_not_worse; /* its mean difference is not above 0 */
} FindingEnd;

typedef struct Finding {
    FindingKind kind;
    FindingEnd small, large;
    int32_t chosen_low,
        chosen_high; /* range of the sizes chosen when a repeat is left out: values of the axis */
    char headline
        [1024]; /* one or two sentences, plain UTF-8 text with names from the experiment: data */
    char detail[3072]; /* what they rest on; may be "" */
} Finding;

/* Wilcoxon's test cannot reach p < 0.05 with fewer differences. */
#define FINDING_WILCOXON_FROM 6

MUST_CHECK bool finding_make(Finding *finding, const Summary *summary, Error *err);

/* "0.093 (95 % interval 0.088 to 0.098, 10 repeats)"; says so where there is no interval. */
void finding_value(char *text, size_t size, const Interval *interval, bool folds);

/* "0.012 (95 % interval 0.004 to 0.020; Wilcoxon p = 0.002)"; without p where there are too few for a small one. */
void finding_difference(char *text, size_t size, const Comparison *comparison);

#endif
