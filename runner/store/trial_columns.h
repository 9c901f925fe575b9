/* A trial's columns as a table (trial_column_list.h): all code that reads, writes, shows or
 * compares them walks TRIAL_COLUMNS. */
#ifndef RUNNER_STORE_TRIAL_COLUMNS_H
#define RUNNER_STORE_TRIAL_COLUMNS_H

#include "core/base/pool.h"
#include "runner/store/h5.h"
#include "runner/store/store.h"

typedef enum TrialColumnType {
    TRIAL_COLUMN_HEX,
    TRIAL_COLUMN_INT32,
    TRIAL_COLUMN_INT64,
    TRIAL_COLUMN_REAL,
    TRIAL_COLUMN_STATUS,
    TRIAL_COLUMN_VERDICT,
    TRIAL_COLUMN_TEXT,
    TRIAL_COLUMN_TYPES
} TrialColumnType;

/* How a type is kept in a file and in Results. */
typedef struct TrialColumnStorage {
    const char *name; /* in results/README.md */
    H5Kind kind;
    int64_t width; /* bytes in the file; 0: as wide as the longest text */
    size_t bytes;  /* of an element in Results */
} TrialColumnStorage;
extern const TrialColumnStorage TRIAL_COLUMNS_STORAGE[TRIAL_COLUMN_TYPES];

/* A value of a column, by its type: hex; integer (INT32 and INT64); real; text, which STATUS and
 * VERDICT are, too. */
typedef union TrialCell {
    uint64_t hex;
    int64_t integer;
    double real;
    const char *text;
} TrialCell;

/* A trial that has been trained: what its columns come from. */
typedef struct TrialSource {
    const Setting *setting;
    const TrialResult *result;
    int32_t data; /* number of its data set */
} TrialSource;

typedef struct TrialColumn {
    const char *name;
    TrialColumnType type;
    int64_t lowest, highest; /* of integers in a file */
    int32_t listed;
    size_t offset; /* of its array in Results */
    TrialCell (*cell)(const TrialSource *of);
    /* sets the field that the column comes from; NULL where it is derived */
    void (*restore)(Setting *setting, TrialResult *result, TrialCell cell);
    const char *meaning;
} TrialColumn;

#define TRIAL_COLUMN_ONE(...) +1
enum { TRIAL_COLUMN_COUNT = TRIAL_COLUMN_LIST(TRIAL_COLUMN_ONE) };
extern const TrialColumn TRIAL_COLUMNS[TRIAL_COLUMN_COUNT];

/* The columns in the order in which tables list them: the i-th, or NULL behind the last. */
const TrialColumn *trial_columns_listed(int32_t i);

/* INT32, INT64 or REAL. */
bool trial_columns_is_number(const TrialColumn *column);

/* Arrays for `trials` trials. */
MUST_CHECK bool trial_columns_create(Results *results, int64_t trials, Pool *pool, Error *err);

/* Makes `array` the column's. */
void trial_columns_set_array(const TrialColumn *column, Results *results, void *array);

/* A trial's value. A text is borrowed. */
TrialCell trial_columns_get(const TrialColumn *column, const Results *results, int64_t trial);

/* Sets it (the status before the verdict); false where a word is no status or verdict. */
MUST_CHECK bool trial_columns_set(const TrialColumn *column, Results *results, int64_t trial,
                                  TrialCell cell);

/* Sets all fields of a trial that columns come from. */
void trial_columns_restore(const Results *results, int64_t trial, Setting *setting,
                           TrialResult *result);

/* A number. */
double trial_columns_number(const TrialColumn *column, TrialCell cell);

/* Anything else as text; hexadecimal digits are written to `buffer`. */
const char *trial_columns_text(const TrialColumn *column, TrialCell cell, char buffer[17]);

#endif
