/* Settings of two results, or of two values of a key in one, matched with each other, and the
 * differences of their pairs.
 *
 * A pair is a setting and a repeat that both sides have. Pairs of one repeat share their seed, and
 * often their data, so with several settings only averages over settings, repeat by repeat, are
 * independent. */
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
    double *scratch;    /* owned: 4 x room */
} Pairing;

/* A difference: means of both sides over the pairs that have both values, and a - b. */
typedef struct PairedDifference {
    double a, b;
    Comparison against; /* p is NaN below FINDING_WILCOXON_FROM pairs */
} PairedDifference;

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

/* Over all pairs of some settings; and over repeats, settings averaged first, where only settings
 * with a value in every repeat on both sides count. */
MUST_CHECK bool pairs_difference(PairedDifference *difference, const Pairing *pairing,
                                 const Pair *pair, int64_t count, Error *err);
PairedDifference pairs_repeats(const Pairing *pairing, const Pair *pair, int64_t count);

#endif
