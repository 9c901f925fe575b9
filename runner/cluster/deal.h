/* The trials of this process, when several share a grid: it takes a block of them at a time, and
 * those of processes that died when nothing else is left. Whoever finds all blocks done
 * publishes. */
#ifndef RUNNER_CLUSTER_DEAL_H
#define RUNNER_CLUSTER_DEAL_H

#include <pthread.h>

#include "runner/cluster/blocks.h"
#include "runner/cluster/claims.h"

typedef struct DealInput {
    ClaimsInput claims; /* but for its blocks */
    const double *cost; /* items; the same in all processes */
    int64_t items;      /* trials that are shared */
    /* Sets known[i] for the items that have a result in the journal of a process that has died. */
    bool (*survey)(void *context, int32_t process, bool *known, Error *err);
    void *context;
} DealInput;

typedef struct Deal {
    DealInput input;
    Blocks blocks;
    Claims claims;
    bool *known;     /* owned; items: there is a result. The caller sets those it knows of */
    int64_t *left;   /* owned; blocks: items without a result, where the block is held */
    bool *counted;   /* owned; blocks: done, and in `others` */
    int64_t at, end; /* what is left of the block in hand: order[at] to order[end - 1] */
    int64_t resumed; /* blocks before this one are not, or no more, ours from an earlier life */
    int64_t others;  /* items that other processes finished meanwhile */
    double others_cost;
    int64_t taken_over; /* blocks of processes that died */
    pthread_mutex_t lock;
    Error err; /* the first trouble */
} Deal;

/* Joins the others; after it deal.claims.resumed says whether there are results of earlier runs to
 * know of. */
MUST_CHECK bool deal_open(Deal *deal, const DealInput *input, Error *err);

/* Legal on a zeroed or closed one. */
void deal_close(Deal *deal);

/* The next item without a result; false where there is none for now, or after trouble
 * (deal.err). Any thread. */
bool deal_next(Deal *deal, int64_t *item);

/* An item that deal_next() gave has a result, safe in the journal. Any thread. */
void deal_done(Deal *deal, int64_t item);

typedef enum DealState {
    DEAL_TRAIN,   /* there is something to do again: call deal_next() */
    DEAL_PUBLISH, /* all items are done, and this process publishes them */
    DEAL_OVER,    /* they have been published */
    DEAL_STOPPED  /* by the signal, or by `until` */
} DealState;

/* Waits, when deal_next() has nothing any more, for what the others still do: one of them may die.
 * `until` is a moment of CLOCK_MONOTONIC in seconds, 0 for none. */
MUST_CHECK bool deal_wait(Deal *deal, double until, DealState *state, Error *err);

#endif
