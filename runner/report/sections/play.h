/* What section play puts into the page: chosen by play.c, written by play_data.c. */
#ifndef RUNNER_REPORT_SECTIONS_PLAY_H
#define RUNNER_REPORT_SECTIONS_PLAY_H

#include "runner/report/section.h"

#define PLAY_METRICS 4

/* A network of the page. */
typedef struct PlayTrial {
    int64_t trial, group;
    int32_t repeat; /* its index in the group */
    bool ends;      /* the weights that count are not those of its last snapshot: they come last */
} PlayTrial;

typedef struct Play {
    bool is_plane;   /* classes over two inputs; else curves over one */
    bool is_line;    /* of several axes only the sweep axis is in the page, through the best */
    int32_t repeats; /* of each setting, at most */
    int32_t thin;    /* of the snapshots every thin-th, counted from the last */
    int64_t numbers; /* of all weights in the page */
    int64_t kept;    /* snapshots of a trial, at most, before thinning */
    PlayTrial *trial;
    int64_t trials;
    Metric metric[PLAY_METRICS]; /* the loss on train and held-out rows, the accuracy */
    int32_t metrics;
    int32_t *page_set; /* of each data set of the results: its index in the page; -1: not there */
    const DataSplits **set;
    int32_t sets;
} Play;

/* Snapshots of trial i, and those of them that are in the page: the first, and how many. */
int64_t play_snapshots(const Report *report, int64_t trial);
int64_t play_shown(const Play *play, int64_t snapshots);

/* Everything as JSON, for scripts/plots/play.js. */
MUST_CHECK bool play_data_write(const Play *play, Report *report, Error *err);

#endif
