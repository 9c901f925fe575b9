/* Choosing the best of many on one half of the repeats and judging it on the other half, both ways.
 *
 * The best of many values is partly lucky, and whatever is compared with it on the same repeats
 * looks worse than it is. Here the choice for repeat r is made on the half of the repeats that r is
 * not in (even or odd), so that no repeat judges what it helped to choose (Cox 1975, Biometrika 62;
 * today called cross-fitting). Each repeat gives one difference. The halves judge the same
 * candidates, and folds share training rows, so the differences are not quite independent: what
 * widens their interval for that is in crossfit.c, and what error rates remain is simulated in
 * tests/runner/test_simulation.c. */
#ifndef RUNNER_ANALYSIS_CROSSFIT_H
#define RUNNER_ANALYSIS_CROSSFIT_H

#include "runner/analysis/summary.h"

/* Losses of every value of an axis in every repeat, on several lines: a line holds the other axes
 * somewhere. */
typedef struct Crossfit {
    /* lines x values x repeats; lower is better, INFINITY: diverged. Where a line has no such
     * value, NaN in all repeats. */
    const double *loss;
    int32_t lines, values, repeats;
    bool own;   /* each value has its own best line; else all are on that of the best value */
    bool folds; /* the repeats are folds */
} Crossfit;

/* What one half of the repeats chooses. */
typedef struct CrossfitChoice {
    int32_t *line;               /* values: on which line it is judged; -1: on none */
    int32_t best, second, worst; /* values; -1 where there is none */
} CrossfitChoice;

/* Of the repeats r with r % 2 == parity, or of all (parity < 0). `choice->line` has room for the
 * values. What diverged anywhere in them is worse than all that did not. */
void crossfit_choose(CrossfitChoice *choice, const Crossfit *fit, int32_t parity);

/* The best of all values but `except` on the lines of a choice; -1: there is none. */
int32_t crossfit_best_but(const CrossfitChoice *choice, const Crossfit *fit, int32_t parity,
                          int32_t except);

/* A comparison of two values that may be chosen: a[p] and b[p] on the lines of choice[p], where p
 * is the parity of the repeats that chose. */
typedef struct CrossfitPair {
    const CrossfitChoice *choice; /* 2 */
    int32_t a[2], b[2];
    int32_t chosen; /* of a and b, how many are chosen among the values, and not given beforehand */
} CrossfitPair;

/* True if either side of a comparison rests on a choice, of a value or of a line. */
bool crossfit_is_chosen(const Crossfit *fit, const CrossfitPair *pair);

typedef struct CrossfitTest {
    Comparison loss;  /* a - b, over the repeats where both are finite; p over all */
    int32_t side;     /* 1: a is worse, -1: b is, by the ranks, or by the mean of folds */
    int64_t pairs;    /* with those where one side has diverged */
    int64_t infinite; /* of them, where only one side has diverged */
    Interval without; /* the interval without the repeat farthest from the median; n 0: too few */
} CrossfitTest;

/* `loss`: fit->loss, or another measure in the same layout, judged by the same choices. `spare`: 2
 * x repeats, whose second half has the differences afterwards, in the order of the repeats. */
CrossfitTest crossfit_test(const Crossfit *fit, const CrossfitPair *pair, const double *loss,
                           double *spare);

/* True if that side is shown to be the worse one. `p`: corrected by Holm for `comparisons`; since
 * one side of each is looked at only, half of the 5 % is left to what the halves have in common.
 * Wilcoxon's test decides, or the corrected t of folds; where there are too few repeats for a p
 * below 5 %, the interval does. */
bool crossfit_shown(const CrossfitTest *test, double p, int32_t comparisons, int32_t side);

/* The fewest pairs with which Wilcoxon's test can reach 5 % in one of so many comparisons. */
int32_t crossfit_wilcoxon_from(int32_t comparisons);

/* How many repeats would show a difference of this size in 80 of 100 studies, as one of so many
 * comparisons; two digits, 0: more than 1000, or there is no difference. Not for folds. */
int32_t crossfit_repeats_needed(const CrossfitTest *test, int32_t comparisons);

#endif
