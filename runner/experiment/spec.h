/* An experiment, read and checked: what the YAML says, defaults not yet filled in.
 *
 * spec_read.h makes one, by the rules of experiments/README.md; a Spec that exists is valid but for
 * what only the grid can know (the number of trials, a setting met twice, an exclude that matches
 * nothing). Axes, zip groups, include and exclude are all one thing: lists of choices, a choice
 * being a few assignments. */
#ifndef RUNNER_EXPERIMENT_SPEC_H
#define RUNNER_EXPERIMENT_SPEC_H

#include "core/base/error.h"
#include "core/model/metrics.h"
#include "runner/experiment/keys.h"

typedef struct Assignment {
    KeyId key;
    Value value;
    int32_t line, column; /* where it is written, from 1; -k and 0 in Spec.override[k - 1] */
} Assignment;

/* Keys set together: one value of an axis, an include, an exclude. */
typedef struct Choice {
    Assignment *set;
    int32_t count;
    int32_t line, column; /* where it is written, for messages */
} Choice;

/* One dimension of the grid: `hidden`, or a zip group of several keys. */
typedef struct Axis {
    Choice *choice;
    int64_t count;
    char *name;  /* "hidden", "activation+init" */
    char *range; /* "{min: 1, max: 50}" if it was written as a range; else NULL */
} Axis;

typedef enum SpecGoal { SPEC_MINIMIZE, SPEC_MAXIMIZE, SPEC_GOAL_COUNT } SpecGoal;
typedef enum SpecAt { SPEC_AT_FINAL, SPEC_AT_BEST, SPEC_AT_COUNT } SpecAt;

/* Figures published elsewhere, to compare ours with. */
typedef struct Published {
    char *source;
    char *note;         /* why they differ; NULL without */
    Choice where;       /* keys to match */
    int64_t where_seed; /* -1: any */
    Metric metric;
    bool or_next; /* ours may be the value one epoch later (a 2-cycle has no phase) */
    int64_t *epoch;
    double *value;
    int32_t count;
} Published;

/* What the page shows. Lists end with NULL. */
typedef struct SpecReport {
    char **sections; /* names; NULL itself: every section that fits */
    char *
        *panels; /* values of the axis that a row of panels goes along; NULL itself: well spread */
} SpecReport;

typedef struct Spec {
    char *path; /* as given */
    char *name, *description;
    char *source; /* the YAML text, byte for byte */
    Choice base;  /* data, fixed, stop, record: the same for every trial */
    Axis *axis;   /* grid keys, zip groups, then command-line axes, in order */
    int32_t axes;
    Choice *include, *exclude;
    int32_t includes, excludes;
    int64_t seed, repeats;
    bool per_repeat; /* data.per_repeat */
    Metric metric;   /* METRIC_COUNT: the default (test_loss, or train_loss without a test set) */
    SpecGoal goal;
    SpecAt at;
    int32_t metric_line, metric_column;
    SpecReport report;
    Published *published;
    int32_t published_count;
    char **override; /* the command line's key=value texts */
    int32_t overrides;
    void *memory; /* owns all of the above */
} Spec;

#define SPEC_MAX_REPEATS 1e9
#define SPEC_MAX_PANELS  12

/* The keys at the top of an experiment, and the report sections that `report:` may name;
 * NULL-terminated. */
extern const char *const SPEC_TOP[];
extern const char *const SPEC_SECTIONS[];

extern const char *const SPEC_GOAL_NAMES[SPEC_GOAL_COUNT + 1];
extern const char *const SPEC_AT_NAMES[SPEC_AT_COUNT + 1];

void spec_destroy(Spec *spec);

/* Every key's default, then what is fixed. text is NULL for a default that depends on other keys,
 * and for a key that has none. */
void spec_defaults(const Spec *spec, Value value[KEY_COUNT]);

/* Fills in the defaults that depend on other keys (output, loss, epsilon, schedule.factor,
 * data.classes, data.noise, data.stratify, record.points) where text is NULL. */
void spec_depend(Value value[KEY_COUNT]);

/* True if the data of a setting have classes, false if they have numbers. */
bool spec_classes(const Value value[KEY_COUNT]);

/* Calls see() for every assignment that makes trials (base, axes, includes); ends at the first
 * false, and returns it. */
bool spec_each(const Spec *spec, bool (*see)(const Assignment *assignment, void *context),
               void *context);

/* The kinds of data of its trials: bit k for DataKind k. */
uint32_t spec_kinds(const Spec *spec);

/* "file:line:column" or `argument "key=value"`: where an Assignment or a Choice is written. */
void spec_location(const Spec *spec, int32_t line, int32_t column, char *text, size_t size);

/* The experiment with every default and override written out, as YAML that reads back to the same
 * trials. malloc'd. */
MUST_CHECK bool spec_resolved(const Spec *spec, char **yaml, Error *err);

#endif
