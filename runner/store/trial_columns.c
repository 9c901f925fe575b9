#include "runner/store/trial_columns.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

const TrialColumnStorage TRIAL_COLUMNS_STORAGE[TRIAL_COLUMN_TYPES] = {
    [TRIAL_COLUMN_HEX] = {"S16", H5_ASCII, 16, sizeof(TRIAL_ARRAY_HEX)},
    [TRIAL_COLUMN_INT32] = {"int64", H5_INTEGER, 8, sizeof(TRIAL_ARRAY_INT32)},
    [TRIAL_COLUMN_INT64] = {"int64", H5_INTEGER, 8, sizeof(TRIAL_ARRAY_INT64)},
    [TRIAL_COLUMN_REAL] = {"float64", H5_REAL, 8, sizeof(TRIAL_ARRAY_REAL)},
    [TRIAL_COLUMN_STATUS] = {"S8", H5_ASCII, 8, sizeof(TRIAL_ARRAY_STATUS)},
    [TRIAL_COLUMN_VERDICT] = {"S19", H5_ASCII, 19, sizeof(TRIAL_ARRAY_VERDICT)},
    [TRIAL_COLUMN_TEXT] = {"S*", H5_UTF8, 0, sizeof(TRIAL_ARRAY_TEXT)},
};

/* --- the table, made from the list ------------------------------------------------------------ */

#define CELL_HEX     hex
#define CELL_INT32   integer
#define CELL_INT64   integer
#define CELL_REAL    real
#define CELL_STATUS  text
#define CELL_VERDICT text
#define CELL_TEXT    text

#define VALUE_RESULT(value)  of->result->value
#define VALUE_SETTING(value) of->setting->value
#define VALUE_DERIVED(value) value

#define CELL_FUNCTION(name, type, lowest, highest, listed, origin, value, meaning)                 \
    static TrialCell cell_of_##name(const TrialSource *of) {                                       \
        return (TrialCell){.CELL_##type = VALUE_##origin(value)};                                  \
    }
TRIAL_COLUMN_LIST(CELL_FUNCTION)

#define RESTORED_DERIVED(name, type, value)
#define RESTORED_RESULT(name, type, value)                                                         \
    static void restore_##name(Setting *setting, TrialResult *result, TrialCell cell) {            \
        (void)setting;                                                                             \
        result->value = (__typeof__(result->value))cell.CELL_##type;                               \
    }
#define RESTORED_SETTING(name, type, value)                                                        \
    static void restore_##name(Setting *setting, TrialResult *result, TrialCell cell) {            \
        (void)result;                                                                              \
        setting->value = (__typeof__(setting->value))cell.CELL_##type;                             \
    }
#define RESTORE_FUNCTION(name, type, lowest, highest, listed, origin, value, meaning)              \
    RESTORED_##origin(name, type, value)
TRIAL_COLUMN_LIST(RESTORE_FUNCTION)

#define RESTORE_DERIVED(name) NULL
#define RESTORE_RESULT(name)  restore_##name
#define RESTORE_SETTING(name) restore_##name
#define TABLE_ROW(name, type, lowest, highest, listed, origin, value, meaning)                     \
    {#name,          TRIAL_COLUMN_##type,    lowest, highest, listed, offsetof(Results, name),     \
     cell_of_##name, RESTORE_##origin(name), meaning},
const TrialColumn TRIAL_COLUMNS[TRIAL_COLUMN_COUNT] = {TRIAL_COLUMN_LIST(TABLE_ROW)};

/* --- walking it ------------------------------------------------------------------------------- */

const TrialColumn *trial_columns_listed(int32_t i) {
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        if (TRIAL_COLUMNS[c].listed == i + 1) return &TRIAL_COLUMNS[c];
    }
    return NULL;
}

bool trial_columns_is_number(const TrialColumn *column) {
    const H5Kind kind = TRIAL_COLUMNS_STORAGE[column->type].kind;
    return kind == H5_INTEGER || kind == H5_REAL;
}

void trial_columns_set_array(const TrialColumn *column, Results *results, void *array) {
    memcpy((char *)results + column->offset, &array, sizeof array);
}

static void *array_of(const TrialColumn *column, const Results *results) {
    void *array;
    memcpy(&array, (const char *)results + column->offset, sizeof array);
    return array;
}

bool trial_columns_create(Results *results, int64_t trials, Pool *pool, Error *err) {
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const size_t bytes = TRIAL_COLUMNS_STORAGE[TRIAL_COLUMNS[c].type].bytes;
        void *array = pool_alloc(pool, (size_t)trials + 1, bytes, err);
        if (!array) return false;
        trial_columns_set_array(&TRIAL_COLUMNS[c], results, array);
    }
    return true;
}

TrialCell trial_columns_get(const TrialColumn *column, const Results *results, int64_t trial) {
    const void *array = array_of(column, results);
    switch (column->type) {
    case TRIAL_COLUMN_HEX: return (TrialCell){.hex = ((const uint64_t *)array)[trial]};
    case TRIAL_COLUMN_INT32: return (TrialCell){.integer = ((const int32_t *)array)[trial]};
    case TRIAL_COLUMN_INT64: return (TrialCell){.integer = ((const int64_t *)array)[trial]};
    case TRIAL_COLUMN_REAL: return (TrialCell){.real = ((const double *)array)[trial]};
    case TRIAL_COLUMN_STATUS:
        return (TrialCell){.text = trial_result_status_name(results->status[trial])};
    case TRIAL_COLUMN_VERDICT: {
        const bool failed = results->status[trial] == TRIAL_FAILED;
        return (TrialCell){.text = failed ? "" : verdict_name(results->verdict[trial])};
    }
    case TRIAL_COLUMN_TEXT: return (TrialCell){.text = ((const char *const *)array)[trial]};
    case TRIAL_COLUMN_TYPES: break;
    }
    return (TrialCell){0};
}

bool trial_columns_set(const TrialColumn *column, Results *results, int64_t trial, TrialCell cell) {
    void *array = array_of(column, results);
    switch (column->type) {
    case TRIAL_COLUMN_HEX: ((uint64_t *)array)[trial] = cell.hex; break;
    case TRIAL_COLUMN_INT32: ((int32_t *)array)[trial] = (int32_t)cell.integer; break;
    case TRIAL_COLUMN_INT64: ((int64_t *)array)[trial] = cell.integer; break;
    case TRIAL_COLUMN_REAL: ((double *)array)[trial] = cell.real; break;
    case TRIAL_COLUMN_STATUS:
        results->status[trial] = trial_result_status_from_name(cell.text);
        return results->status[trial] != TRIAL_STATUS_COUNT;
    case TRIAL_COLUMN_VERDICT: {
        const bool failed = results->status[trial] == TRIAL_FAILED;
        results->verdict[trial] = failed ? VERDICT_NOISY : verdict_from_name(cell.text);
        return results->verdict[trial] != VERDICT_COUNT;
    }
    case TRIAL_COLUMN_TEXT: ((const char **)array)[trial] = cell.text; break;
    case TRIAL_COLUMN_TYPES: break;
    }
    return true;
}

void trial_columns_restore(const Results *results, int64_t trial, Setting *setting,
                           TrialResult *result) {
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const TrialColumn *column = &TRIAL_COLUMNS[c];
        if (!column->restore) continue;
        column->restore(setting, result, trial_columns_get(column, results, trial));
    }
}

double trial_columns_number(const TrialColumn *column, TrialCell cell) {
    assert(trial_columns_is_number(column));
    return column->type == TRIAL_COLUMN_REAL ? cell.real : (double)cell.integer;
}

const char *trial_columns_text(const TrialColumn *column, TrialCell cell, char buffer[17]) {
    assert(!trial_columns_is_number(column));
    if (column->type != TRIAL_COLUMN_HEX) return cell.text;
    snprintf(buffer, 17, "%016" PRIx64, cell.hex);
    return buffer;
}
