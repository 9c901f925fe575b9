/* The losses of the values of an axis, repeat by repeat, for each choice of the other axes: what
 * crossfit.h judges.
 *
 * Other axes that are data, or have two values, are averaged over first, where every combination of
 * values is there and finite: each repeat counts once, however many settings it has. The remaining
 * ones are held, a line for each combination. */
#ifndef RUNNER_ANALYSIS_SWEEP_LOSSES_H
#define RUNNER_ANALYSIS_SWEEP_LOSSES_H

#include "runner/analysis/crossfit.h"

/* An axis of more networks is not looked at for depths. */
#define SWEEP_LOSSES_SHAPES 200

typedef enum SweepKind {
    SWEEP_NUMBERS, /* ordered values: the ends are judged against the best */
    SWEEP_WORDS,   /* others: the second best and the worst are */
    SWEEP_PAIR,    /* two values, of whatever kind */
    SWEEP_DEPTHS,  /* networks of several shapes, by their number of hidden layers */
    SWEEP_DATA,    /* ordered values of the data, which do not compete: one end against the other */
    SWEEP_TASKS    /* data that are words: which is easier is no question */
} SweepKind;

typedef struct SweepLosses {
    const Summary *summary;
    int32_t axis;
    SweepKind kind;
    bool averaged[SUMMARY_AXES];
    int64_t *cell;       /* groups: line x values + value; -1: on no line */
    int64_t *group;      /* lines x values: the first group there; -1: none */
    int32_t *number;     /* values: index on the axis; of depths, hidden layers */
    Crossfit fit;        /* more is worse */
    const double *train; /* the training counterpart in the same layout; NULL without one */
    Pool pool;
} SweepLosses;

/* What kind of comparison an axis asks for. */
SweepKind sweep_losses_kind(const Summary *summary, int32_t axis);

/* True if all keys of an axis belong to the data. */
bool sweep_losses_is_data(const SummaryAxis *axis);

/* A file without settings to compare gives fewer than two values. `summary` must outlive it. */
MUST_CHECK bool sweep_losses_create(SweepLosses *sweep, const Summary *summary, int32_t axis,
                                    Error *err);
void sweep_losses_destroy(SweepLosses *sweep);

/* The mean of any column over the groups of a cell, repeat by repeat: out[0..replicates), NaN where
 * there is none. */
void sweep_losses_values(const SweepLosses *sweep, int64_t cell, const double *column, double *out);

#endif
