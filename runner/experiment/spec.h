/* An experiment, read and checked: what the YAML says, defaults not yet filled in.
 *
 * spec_read() owns every rule of the language (experiments/README.md); a Spec that exists is valid
 * but for what only the grid can know (the number of trials, a setting met twice, an exclude that
 * matches nothing). Axes, zip groups, include and exclude are all one thing: lists of choices, a
 * choice being a few assignments. */
#ifndef RUNNER_EXPERIMENT_SPEC_H
#define RUNNER_EXPERIMENT_SPEC_H

#include "core/base/error.h"
#include "core/model/metrics.h"
#include "runner/experiment/keys.h"

typedef struct Assignment {
    KeyId key;
    Value value;
    int32_t line, column; /* where it stands, from 1; -k and 0 in the k-th of Spec.override */
} Assignment;

/* Keys set together: one value of an axis, an include, an exclude. */
typedef struct Choice {
    Assignment *set;
    int32_t count;
    int32_t line, column; /* where it stands, for messages */
} Choice;

/* One dimension of the grid: `hidden`, or a zip group of several keys. */
typedef struct Axis {
    Choice *choice;
    int64_t count;
    char *name;  /* "hidden", "activation+init" */
    char *range; /* "{min: 1, max: 50}" where it was written as one; else NULL */
} Axis;

typedef enum SpecGoal { SPEC_MINIMIZE, SPEC_MAXIMIZE } SpecGoal;
typedef enum SpecAt { SPEC_AT_FINAL, SPEC_AT_BEST } SpecAt;

/* Figures printed elsewhere, to be laid beside ours. */
typedef struct Published {
    char *source;
    char *note;         /* why they differ, where they do; NULL if nothing is said */
    Choice where;       /* keys to match */
    int64_t where_seed; /* -1: any */
    Metric metric;
    bool or_next; /* ours may be the value one epoch later (a 2-cycle has no phase) */
    int64_t *epoch;
    double *value;
    int32_t count;
} Published;

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
    char **report; /* section names, NULL-terminated; NULL itself: every section that fits */
    Published *published;
    int32_t published_count;
    char **override; /* the command line's key=value texts */
    int32_t overrides;
    void *memory; /* owns all of the above */
} Spec;

#define SPEC_MAX_VALUES 200000 /* on all axes together */

/* Reads the file, applies `override_count` command-line "key=value" texts (a list makes an axis, a
 * scalar fixes the key and removes an axis of it), checks everything. Errors are ERROR_USAGE:
 * "file:line:column: key: what (remedy)". */
MUST_CHECK bool spec_read(Spec *spec, const char *path, const char *const *overrides,
                          int32_t override_count, Error *err);

/* The same from a text in memory; `path` stands in messages. */
MUST_CHECK bool spec_parse(Spec *spec, const char *path, const char *text, size_t length,
                           const char *const *overrides, int32_t override_count, Error *err);

void spec_destroy(Spec *spec);

/* Report sections that may be named under `report:`; NULL-terminated. */
extern const char *const SPEC_SECTIONS[];

/* Every key's default, then what is fixed. text is NULL where a default depends on others, and
 * where there is none. */
void spec_defaults(const Spec *spec, Value value[KEY_COUNT]);

/* Gives those that depend on others their value (output, loss, epsilon, schedule.factor,
 * data.classes, data.noise), where text is NULL. */
void spec_depend(Value value[KEY_COUNT]);

/* True where the data of a setting have classes rather than numbers. */
bool spec_classes(const Value value[KEY_COUNT]);

/* "file:line:column" or `argument "key=value"`, as an Assignment or a Choice says where it
 * stands. */
void spec_place(const Spec *spec, int32_t line, int32_t column, char *text, size_t size);

/* The experiment with every default and override written out, as YAML that reads back to the same
 * trials. malloc'd. */
MUST_CHECK bool spec_resolved(const Spec *spec, char **yaml, Error *err);

#endif
