/* The trial keys of the experiment language: one table, one row a key.
 *
 * Parser, grid, results file, experiments/schema.json, shell completions and the reference in
 * experiments/README.md all come from, or are tested against, this table. Adding a key is one row
 * here and one line in runner/training/trial.c.
 *
 * A structured value is written flat: `init: {kind: uniform, low: -1}` sets the keys init and
 * init.low. */
#ifndef RUNNER_EXPERIMENT_KEYS_H
#define RUNNER_EXPERIMENT_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

typedef enum KeyId {
    KEY_HIDDEN,
    KEY_ACTIVATION,
    KEY_OUTPUT,
    KEY_LOSS,
    KEY_INIT,
    KEY_INIT_ORDER,
    KEY_INIT_LOW,
    KEY_INIT_HIGH,
    KEY_INIT_MEAN,
    KEY_INIT_STD,
    KEY_INIT_VALUES,
    KEY_INIT_BIAS,
    KEY_INIT_BIAS_LOW,
    KEY_INIT_BIAS_HIGH,
    KEY_INIT_BIAS_MEAN,
    KEY_INIT_BIAS_STD,
    KEY_BIAS,
    KEY_OPTIMIZER,
    KEY_MOMENTUM,
    KEY_NESTEROV,
    KEY_BETA1,
    KEY_BETA2,
    KEY_RHO,
    KEY_EPSILON,
    KEY_WEIGHT_DECAY,
    KEY_LEARNING_RATE,
    KEY_SCHEDULE,
    KEY_SCHEDULE_EVERY,
    KEY_SCHEDULE_FACTOR,
    KEY_SCHEDULE_PERIOD,
    KEY_SCHEDULE_MIN,
    KEY_SCHEDULE_WARMUP,
    KEY_BATCH_SIZE,
    KEY_SHUFFLE,
    KEY_REPLACEMENT,
    KEY_REDUCTION,
    KEY_EPOCHS,
    KEY_STEPS,
    KEY_L1,
    KEY_L2,
    KEY_DROPOUT,
    KEY_BATCH_NORM,
    KEY_CLIP_NORM,
    KEY_ERROR_SIGNAL,
    KEY_DTYPE,
    KEY_DATA_KIND,
    KEY_DATA_SAMPLES,
    KEY_DATA_NOISE,
    KEY_DATA_SEED,
    KEY_DATA_GATE,     /* gates: and, or, nand, xor */
    KEY_DATA_CLASSES,  /* blobs, spirals: how many; csv, npy, hdf5: 0 counts them */
    KEY_DATA_FEATURES, /* blobs */
    KEY_DATA_FACTOR,   /* circles: inner radius over outer */
    KEY_DATA_TURNS,    /* spirals */
    KEY_DATA_PATH,     /* idx: a folder; csv, npy, hdf5: a file */
    KEY_DATA_LABEL,    /* csv: the label's column, a name or a number from 0; -1 is the last */
    KEY_DATA_TASK,     /* csv, npy, hdf5: classes or numbers */
    KEY_DATA_LIMIT,    /* files: only the first so many training rows; 0 is all */
    KEY_DATA_TEST_SAMPLES,
    KEY_DATA_TEST_SEED,
    KEY_DATA_TEST_FRACTION,
    KEY_DATA_VALIDATION_SAMPLES,
    KEY_DATA_VALIDATION_FRACTION,
    KEY_DATA_FOLDS,
    KEY_DATA_STRATIFY, /* classes in equal shares in every split and fold */
    KEY_DATA_STANDARDIZE,
    KEY_DATA_SCALE_MIN, /* inputs' range (idx: 0..255; else each column's) to [min, max]; or none */
    KEY_DATA_SCALE_MAX,
    KEY_DATA_TARGET_LOW,
    KEY_DATA_TARGET_HIGH,
    KEY_STOP_PATIENCE,
    KEY_STOP_MIN_DELTA,
    KEY_RECORD_EVERY,
    KEY_RECORD_POINTS,
    KEY_RECORD_SCALE,
    KEY_RECORD_WEIGHTS,
    KEY_RECORD_WEIGHTS_EPOCHS,
    KEY_COUNT
} KeyId;

/* Which data: data.kind. The first SYNTHETIC_COUNT are those of core/data/synthetic.h, the others
 * are files. */
typedef enum DataKind {
    DATA_KIND_MOONS,
    DATA_KIND_CIRCLES,
    DATA_KIND_SPIRALS,
    DATA_KIND_BLOBS,
    DATA_KIND_XOR,
    DATA_KIND_GATES,
    DATA_KIND_THREE_BIT,
    DATA_KIND_BEANS,
    DATA_KIND_SINE,
    DATA_KIND_IDX,
    DATA_KIND_CSV,
    DATA_KIND_NPY,
    DATA_KIND_HDF5,
    DATA_KIND_COUNT
} DataKind;
extern const char *const KEYS_DATA_KIND_NAMES[DATA_KIND_COUNT + 1];

typedef enum InitOrder { INIT_ORDER_IN_OUT, INIT_ORDER_OUT_IN, INIT_ORDER_COUNT } InitOrder;
typedef enum DataTask { DATA_TASK_CLASSES, DATA_TASK_NUMBERS, DATA_TASK_COUNT } DataTask;

typedef enum KeyType {
    KEY_TYPE_INTEGER, /* number: exact in a double */
    KEY_TYPE_REAL,
    KEY_TYPE_BOOL,   /* number 0 or 1; text "true" or "false" */
    KEY_TYPE_CHOICE, /* number: index in choices */
    KEY_TYPE_TEXT,
    KEY_TYPE_SIZES, /* text "20", "32x16", "" for none; number: units in all */
    KEY_TYPE_REALS  /* text "0.5,0.5,-0.7", "" for none; number: how many */
} KeyType;

typedef struct Key {
    KeyId id;
    const char *name; /* the word in YAML, HDF5, labels: "learning_rate", "data.noise" */
    KeyType type;
    double low, high; /* allowed (CHOICE: indices), ends included unless low_open, high_open */
    bool low_open, high_open;
    const char *word;           /* means 0 ("full", "off"), which is always allowed then; or NULL */
    const char *const *choices; /* KEY_TYPE_CHOICE: NULL-terminated, borrowed from core's tables */
    const char *fallback; /* the default ("": none, a NaN); NULL: required, or depends on others */
    /* of a key that came later: what programs did before it, and what results without its column
     * have; no part of a trial's identity, which stays what it was. NULL: none */
    const char *before;
    uint32_t kinds;  /* data.*: bit k is set if DataKind k has the key; 0: all have */
    const char *doc; /* one line for the reference */
} Key;

extern const Key KEYS[KEY_COUNT]; /* KEYS[i].id == i */

#define KEYS_SEED_MAX 4294967295.0 /* the largest seed, also of the data */

/* KEY_COUNT if there is no such key. */
KeyId keys_find(const char *name);

/* A value: its number (NaN if it has none), and its one canonical text, by which it is compared,
 * hashed, shown and stored. Reals print as the shortest text that reads back the same. */
typedef struct Value {
    double number;
    const char *text; /* borrowed: static, or its owner's (a Spec, Grid or Results) */
} Value;

/* A trial's setting: one value a key, defaults filled in. It may be copied; the copy is valid as
 * long as what it was made from, since no text is its own. */
typedef struct Setting {
    Value value[KEY_COUNT];
    uint32_t seed;
    int32_t repeat; /* 0.. */
    int32_t fold;   /* 0..; 0 without folds */
    int64_t number; /* of the setting without its repeat and fold */
} Setting;

/* Parses a key's canonical (or user's) text, YAML 1.2's numbers and booleans; lists in their
 * canonical form ("32x16", "0.5,-1"; YAML's are read by spec_value.c). `text` of the result is in
 * `buffer` or static. On failure the message says what is allowed, but not where: the caller knows
 * that. */
MUST_CHECK bool keys_parse(Value *value, const Key *key, const char *text, char *buffer,
                           size_t size, Error *err);

/* What a key allows, in words for messages and the reference: "at least 1, or full", "relu, tanh,
 * ...". */
void keys_allowed(char *text, size_t size, const Key *key);

/* A whole number as YAML 1.2 writes it (also 0x1f, 0o17, 1e4), exact in a double; false if it is
 * not one. */
bool keys_integer(double *number, const char *text);

/* A number as YAML 1.2 writes it. False if it is not one, is not finite, or is too small for a
 * double. */
bool keys_real(double *number, const char *text);

#endif
