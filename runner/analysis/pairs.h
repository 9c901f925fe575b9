/* Settings of two results, or of two values of a key in one, matched with each other, and the
 * differences of their pairs.
 *
 * A pair is a repeat (or a fold) that both sides have. Several settings are averaged within each
 * repeat first: runs of one repeat share their data and their seed, so that more settings are no
 * more evidence. */
#ifndef RUNNER_ANALYSIS_PAIRS_H
#define RUNNER_ANALYSIS_PAIRS_H

#include "runner/analysis/summary.h"

/* A setting by what it must share with its partner. */
typedef struct Match {
    char *text; /* values of the shared keys */
    int64_t group;
} Match;

typedef struct Matches {
    Match *match; /* sorted by text */
    int64_t count;
} Matches;

typedef struct Pair {
    int64_t a, b; /* groups */
} Pair;

/* The two sides. */
typedef struct Pairing {
    const Summary *a, *b;   /* the same where one result is compared with itself */
    bool shared[KEY_COUNT]; /* keys by which settings find each other */
    const double *column_a, *column_b;
    int32_t replicates; /* that both have */
    int32_t room;       /* the larger number of the two */
    double *scratch;    /* owned: 5 x room */
} Pairing;

/* A against B. */
typedef struct PairedDifference {
    double a, b; /* means over the pairs in which both sides have a value */
    /* a - b over the same pairs. p: Wilcoxon's, NaN below FINDING_WILCOXON_FROM pairs. With folds,
     * whose training rows overlap, interval and p are Nadeau and Bengio's (resampling.h). */
    Comparison against;
    double holm; /* p corrected for the rows of a table: pairs_holm() */
    /* The probability that A beats B in a new repeat, estimated by the share of the pairs in which
     * it does, ties counted half (Bouthillier et al. 2021, MLSys). NaN without a pair. */
    double wins;
    /* Which side is shown to be better: 1 A, -1 B, 0 neither. p < 0.05 decides; where too few
     * repeats have a p, whether the interval leaves out 0. */
    int better;
    int64_t pairs;       /* judged. A run that has diverged has no value, but loses its pair */
    int64_t settings;    /* averaged in each pair: those with a value everywhere, on both sides */
    int64_t left_out;    /* settings that are not */
    int64_t diverged[2]; /* runs of A and of B, over all these settings */
} PairedDifference;

/* What the runs of a pair have in common besides their setting. */
typedef struct PairsCommon {
    int64_t runs, same_data, same_seed; /* pairs of runs; of those */
    bool one_data;                      /* no side has more than one data set in all these runs */
} PairsCommon;

/* Both sides, judged by the metric of a. ERROR_USAGE where b does not have it. */
MUST_CHECK bool pairs_create(Pairing *pairing, const Summary *a, const Summary *b, Error *err);
void pairs_destroy(Pairing *pairing);

/* Marks the keys of a summary's axes as shared. */
void pairs_share_axes(Pairing *pairing, const Summary *summary);

/* The groups of a side by what they must share; `value`: only those where the key has it (NULL:
 * all). */
MUST_CHECK bool pairs_index(Matches *matches, const Pairing *pairing, const Summary *summary,
                            KeyId key, const char *value, Error *err);
void pairs_index_free(Matches *matches);

/* Settings that both sides have, in the order of a; malloc'd, NULL where memory was missing. */
Pair *pairs_match(const Matches *a, const Matches *b, int64_t *count, Error *err);

/* What the runs of some pairs of settings have in common. ERROR_USAGE where they are no pairs:
 * folds against repeats, or other numbers of folds. */
MUST_CHECK bool pairs_common(PairsCommon *common, const Pairing *pairing, const Pair *pair,
                             int64_t count, Error *err);

/* The difference over some settings, averaged within each repeat; `holm` is NaN. */
PairedDifference pairs_difference(const Pairing *pairing, const Pair *pair, int64_t count);

/* Corrects p for the number of rows, which are one table (Holm 1979). */
MUST_CHECK bool pairs_holm(PairedDifference *row, int64_t count, Error *err);

#endif
