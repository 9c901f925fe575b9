/* The trials of an experiment, in order, without storing them: trial i is computed from i.
 *
 * Order: axes (first slowest), then repeats, then folds innermost; includes last. A trial's id is a
 * hash of its fully resolved setting, never of its index. */
#ifndef RUNNER_EXPERIMENT_GRID_H
#define RUNNER_EXPERIMENT_GRID_H

#include "core/base/error.h"
#include "core/model/metrics.h"
#include "runner/experiment/spec.h"

/* The data's seeds in one repeat of a setting: GRID_CHECK_MOVED. */
typedef struct MovedSeeds {
    char text[2][12];
} MovedSeeds;

typedef struct Grid {
    const Spec *spec;      /* borrowed */
    Value base[KEY_COUNT]; /* spec_defaults() */
    int64_t trials;
    int64_t settings;       /* trials without repeats and folds */
    int64_t *setting_index; /* settings: index in the full product; -1-k for include k */
    int32_t *folds;         /* settings: folds of each (1 without) */
    int64_t *first_trial;   /* settings + 1 */
    uint64_t *id;           /* trials */
    MovedSeeds *moved;    /* data.per_repeat: settings x (repeats - 1), repeat 1 first; else NULL */
    int64_t *record_also; /* epochs named under `published`, ascending */
    int32_t record_also_count;
    char warning[512]; /* for the user (an exclude that matched nothing), or "" */
} Grid;

/* Expands and checks. More than max_trials, a setting met twice, keys that do not fit together:
 * ERROR_USAGE. */
MUST_CHECK bool grid_create(Grid *grid, const Spec *spec, int64_t max_trials, Error *err);
void grid_destroy(Grid *grid);

/* The fully resolved setting of a trial: defaults that depend on others (output, loss, test set)
 * filled in, under data.per_repeat the data's seeds those of its repeat. Its texts are the grid's
 * and the Spec's. */
void grid_setting(const Grid *grid, int64_t trial, Setting *setting);

/* 64-bit identity of a resolved setting: the sum, modulo 2^64, of the hashes of the lines
 * "key=value\n" of all keys (but those whose value is Key.before), "seed=N\n" and "fold=N\n". A
 * line's hash is its FNV-1a (64 bits), finished by splitmix64's mixer (Steele, Lea and Flood 2014):
 * x ^= x >> 30, x *= 0xbf58476d1ce4e5b9, x ^= x >> 27, x *= 0x94d049bb133111eb, x ^= x >> 31. A sum
 * does not depend on the order of keys, and a million trials are hashed by what differs between
 * them. */
uint64_t grid_id(const Setting *setting);

/* "hidden=3, l2=0.01": what a setting of the grid (0..settings) sets on its axes, or in its
 * include. */
void grid_describe(const Grid *grid, int64_t setting, char *text, size_t size);

#endif
