/* What the user sees while trials run: a bar on a terminal, a plain line every ten seconds
 * elsewhere, on stderr.
 *
 * One thread at a time: whoever calls holds a lock. */
#ifndef RUNNER_TRAINING_PROGRESS_H
#define RUNNER_TRAINING_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/metrics.h"

typedef enum ProgressStyle {
    PROGRESS_AUTO,
    PROGRESS_BAR,
    PROGRESS_PLAIN,
    PROGRESS_NONE,
    PROGRESS_COUNT
} ProgressStyle;
extern const char *const PROGRESS_NAMES[PROGRESS_COUNT + 1];

typedef struct Progress {
    ProgressStyle style; /* never auto */
    bool color;
    int64_t trials, done, diverged, failed;
    double cost, cost_done; /* the time left is estimated by cost, not by number */
    int64_t others;         /* of `done`, and of `cost_done`: by other processes */
    double others_cost;
    double started, shown; /* seconds */
    Metric metric;
    bool maximize;
    double best;
    char best_name[128];
} Progress;

/* Seconds of a clock that only goes forward. */
double progress_now(void);

/* auto: a bar where stderr is a terminal, plain otherwise. NO_COLOR is honoured. */
void progress_begin(Progress *progress, ProgressStyle style, int64_t trials, double cost,
                    Metric metric, bool maximize);

/* A trial has ended: its cost, its value of the metric (NaN where it has none). True where that is
 * the best so far: then the caller puts the trial's name into best_name. */
bool progress_trial(Progress *progress, double cost, double value, bool diverged, bool failed);

/* So many trials have ended in other processes by now, of this cost. */
void progress_others(Progress *progress, int64_t trials, double cost);

/* Shows what has not been shown for a while. */
void progress_tick(Progress *progress);

/* Takes the bar away. */
void progress_end(Progress *progress);

/* "0.42 s", "3 min 20 s", "2 h 5 min". */
void progress_duration(char *text, int size, double seconds);

#endif
