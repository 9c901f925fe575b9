/* Writes results.h5: a survey of all results, then blocks of trials, each cell of a block filled by
 * its column. Memory: one block (bounded below), the weights in pieces, and one trial's result at a
 * time. */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/journal/provenance.h"
#include "runner/store/store_data.h"
#include "runner/store/store_survey.h"
#include "runner/store/store_weights.h"
#include "runner/store/trial_columns.h"

enum {
    BLOCK_ROWS = 4096,     /* trials in a block, fewer where histories are long */
    BLOCK_BYTES = 32 << 20 /* of histories in a block, all metrics together; of texts too */
};

/* The trial whose row is being filled. */
typedef struct WriteRow {
    Setting setting;
    TrialResult result;
    TrialSource source;
} WriteRow;

typedef struct WriteColumn WriteColumn;
typedef void (*WriteCell)(const WriteColumn *column, const WriteRow *row, unsigned char *cell);

/* One data set under /trials. */
struct WriteColumn {
    H5Shape shape;
    WriteCell fill;
    int argument;         /* index in TRIAL_COLUMNS, KeyId or Metric */
    unsigned char *block; /* owned: the cells of a block */
    bool constant;        /* a key that has one value: its block is filled once */
    H5Set *set;           /* owned */
};

typedef struct Writer {
    const StoreInput *input;
    H5 *file;
    StoreSurvey survey;
    WriteColumn *column;
    int columns, capacity;
    int64_t block_rows;
    H5Set *history[METRIC_COUNT];
    double *block[METRIC_COUNT]; /* block_rows x points */
    StoreWeights *weights;
} Writer;

/* --- cells ------------------------------------------------------------------------------------ */

static void write_integer(unsigned char *cell, int64_t number) {
    memcpy(cell, &number, sizeof number);
}

static void write_real(unsigned char *cell, double number) {
    if (isnan(number)) number = trial_result_nan();
    memcpy(cell, &number, sizeof number);
}

static void write_text(const WriteColumn *column, unsigned char *cell, const char *text) {
    const size_t width = (size_t)column->shape.width, length = strlen(text);
    assert(length <= width);
    memset(cell, 0, width);
    memcpy(cell, text, length);
}

static void fill_column(const WriteColumn *c, const WriteRow *row, unsigned char *cell) {
    const TrialColumn *column = &TRIAL_COLUMNS[c->argument];
    const TrialCell value = column->cell(&row->source);
    char buffer[17];
    switch (column->type) {
    case TRIAL_COLUMN_INT32:
    case TRIAL_COLUMN_INT64: write_integer(cell, value.integer); break;
    case TRIAL_COLUMN_REAL: write_real(cell, value.real); break;
    default: write_text(c, cell, trial_columns_text(column, value, buffer));
    }
}

static void fill_key_integer(const WriteColumn *c, const WriteRow *row, unsigned char *cell) {
    const double number = row->setting.value[c->argument].number;
    write_integer(cell, isnan(number) ? -1 : (int64_t)number);
}

static void fill_key_real(const WriteColumn *c, const WriteRow *row, unsigned char *cell) {
    write_real(cell, row->setting.value[c->argument].number);
}

static void fill_key_truth(const WriteColumn *c, const WriteRow *row, unsigned char *cell) {
    *cell = row->setting.value[c->argument].number > 0;
}

static void fill_key_text(const WriteColumn *c, const WriteRow *row, unsigned char *cell) {
    write_text(c, cell, row->setting.value[c->argument].text);
}

static double metric_of(const TrainerResult *trained, const double *value, Metric metric) {
    const int32_t column = metrics_column(trained->metrics, metric);
    return column < 0 ? trial_result_nan() : value[column];
}

static void fill_final(const WriteColumn *c, const WriteRow *row, unsigned char *cell) {
    const TrainerResult *trained = &row->result.trained;
    write_real(cell, metric_of(trained, trained->final, (Metric)c->argument));
}

static void fill_best(const WriteColumn *c, const WriteRow *row, unsigned char *cell) {
    const TrainerResult *trained = &row->result.trained;
    write_real(cell, metric_of(trained, trained->best, (Metric)c->argument));
}

/* --- columns ---------------------------------------------------------------------------------- */

/* A key without a second value: all cells of the block. */
static void fill_constant(WriteColumn *column, const Setting *setting, int64_t rows) {
    const size_t width = (size_t)column->shape.width;
    const WriteRow row = {.setting = *setting};
    column->fill(column, &row, column->block);
    for (int64_t r = 1; r < rows; r++)
        memcpy(column->block + (size_t)r * width, column->block, width);
}

/* How a key's type is stored; width 0: as wide as the survey says. */
static const struct {
    H5Kind kind;
    int64_t width;
    WriteCell fill;
} KEY_STORAGE[] = {
    [KEY_TYPE_INTEGER] = {H5_INTEGER, 8, fill_key_integer},
    [KEY_TYPE_REAL] = {H5_REAL, 8, fill_key_real},
    [KEY_TYPE_BOOL] = {H5_TRUTH, 1, fill_key_truth},
    [KEY_TYPE_CHOICE] = {H5_ASCII, 0, fill_key_text},
    [KEY_TYPE_TEXT] = {H5_UTF8, 0, fill_key_text},
    [KEY_TYPE_SIZES] = {H5_ASCII, 0, fill_key_text},
    [KEY_TYPE_REALS] = {H5_ASCII, 0, fill_key_text},
};

/* Makes the next column, data set and block; kind, width, fill and argument are those given. */
static bool add_column(Writer *w, const char *prefix, const char *name, const WriteColumn *given,
                       Error *err) {
    assert(w->columns < w->capacity);
    WriteColumn *column = &w->column[w->columns++];
    char path[64];
    *column = *given;
    column->shape.rank = 1;
    column->shape.size[0] = w->survey.rows;
    snprintf(path, sizeof path, "/trials/%s%s", prefix, name);
    const size_t bytes = (size_t)w->block_rows * (size_t)column->shape.width;
    column->block = malloc(bytes);
    if (!column->block) return error_memory(err, bytes);
    /* measured numbers hardly ever repeat themselves: deflating them costs more than it saves */
    const bool measured = column->shape.kind == H5_REAL && column->fill != fill_key_real;
    return h5_set_create(&column->set, w->file, path, &column->shape, BLOCK_ROWS, !measured, err);
}

static bool add_columns(Writer *w, Error *err) {
    w->capacity = TRIAL_COLUMN_COUNT + KEY_COUNT + 2 * METRIC_COUNT;
    w->column = calloc((size_t)w->capacity, sizeof *w->column);
    if (!w->column) return error_memory(err, (size_t)w->capacity * sizeof *w->column);
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const H5Kind kind = TRIAL_COLUMNS_STORAGE[TRIAL_COLUMNS[c].type].kind;
        const WriteColumn column = {
            .shape = {.kind = kind, .width = (int64_t)w->survey.column_width[c]},
            .fill = fill_column,
            .argument = c};
        TRY(add_column(w, "", TRIAL_COLUMNS[c].name, &column, err));
    }
    for (int key = 0; key < KEY_COUNT; key++) {
        const KeyType type = KEYS[key].type;
        const int64_t width = KEY_STORAGE[type].width;
        const WriteColumn column = {
            .shape = {.kind = KEY_STORAGE[type].kind,
                      .width = width ? width : (int64_t)w->survey.key_width[key]},
            .fill = KEY_STORAGE[type].fill,
            .constant = w->survey.rows > 0 && !w->survey.key_varies[key],
            .argument = key};
        TRY(add_column(w, "", KEYS[key].name, &column, err));
        if (column.constant) {
            fill_constant(&w->column[w->columns - 1], &w->survey.first, w->block_rows);
        }
    }
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        if (metrics_column(w->survey.metrics, metric) < 0) continue;
        WriteColumn column = {.shape = {.kind = H5_REAL, .width = 8}, .argument = (int)metric};
        column.fill = fill_final;
        TRY(add_column(w, "final_", metrics_name(metric), &column, err));
        column.fill = fill_best;
        TRY(add_column(w, "best_", metrics_name(metric), &column, err));
    }
    return true;
fail:
    return false;
}

/* --- histories -------------------------------------------------------------------------------- */

static bool add_histories(Writer *w, Error *err) {
    const StoreSurvey *survey = &w->survey;
    const H5Shape epochs = {.kind = H5_INTEGER, .rank = 1, .size = {survey->points}, .width = 8};
    const H5Shape shape = {
        .kind = H5_REAL, .rank = 2, .size = {survey->rows, survey->points}, .width = 8};
    TRY(h5_group(w->file, "/history", err));
    TRY(h5_write(w->file, "/history/epoch", &epochs, survey->epoch, true, err));
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        char path[64];
        if (metrics_column(survey->metrics, metric) < 0) continue;
        snprintf(path, sizeof path, "/history/%s", metrics_name(metric));
        TRY(h5_set_create(&w->history[metric], w->file, path, &shape, w->block_rows, false, err));
        const size_t bytes = ((size_t)(w->block_rows * survey->points) + 1) * sizeof(double);
        w->block[metric] = malloc(bytes);
        if (!w->block[metric]) {
            error_memory(err, bytes);
            goto fail;
        }
    }
    return true;
fail:
    return false;
}

/* Row `at` of every metric's block: values where the trial recorded that epoch, NaN elsewhere. */
static void fill_histories(Writer *w, int64_t at, const TrainerResult *trained) {
    const StoreSurvey *survey = &w->survey;
    const int32_t width = metrics_count(trained->metrics);
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        if (!w->block[metric]) continue;
        double *row = w->block[metric] + at * survey->points;
        const int32_t column = metrics_column(trained->metrics, metric);
        int32_t point = 0;
        for (int64_t i = 0; i < survey->points; i++) {
            while (point < trained->points && trained->epoch[point] < survey->epoch[i]) point++;
            const bool has =
                column >= 0 && point < trained->points && trained->epoch[point] == survey->epoch[i];
            const double value =
                has ? trained->history[(int64_t)point * width + column] : trial_result_nan();
            row[i] = isnan(value) ? trial_result_nan() : value;
        }
    }
}

/* --- the file --------------------------------------------------------------------------------- */

static bool write_head(Writer *w, Error *err) {
    const Spec *spec = w->input->grid->spec;
    const struct {
        const char *name, *text;
    } about[] = {
        {"format", STORE_FORMAT},
        {"name", spec->name ? spec->name : ""},
        {"description", spec->description ? spec->description : ""},
        {"program_version", provenance_version()},
        {"git_revision", provenance_git_revision()},
        {"compiler", provenance_compiler()},
        {"libraries", provenance_libraries()},
    };
    for (size_t i = 0; i < sizeof about / sizeof *about; i++) {
        TRY(h5_text_attribute(w->file, "/", about[i].name, about[i].text, err));
    }
    TRY(h5_integer_attribute(w->file, "/", "format_version", STORE_FORMAT_VERSION, err));
    TRY(h5_group(w->file, "/config", err));
    TRY(h5_text(w->file, "/config/source", spec->source ? spec->source : "", err));
    TRY(h5_text(w->file, "/config/resolved", w->input->resolved, err));
    TRY(h5_group(w->file, "/trials", err));
    TRY(h5_text_attribute(w->file, "/trials", "arithmetic", w->input->arithmetic, err));
    TRY(h5_integer_attribute(w->file, "/trials", "numerics", PROVENANCE_NUMERICS, err));
    return true;
fail:
    return false;
}

/* Reads the result of row `r` again and fills its cells, row `at` of the block. */
static bool fill_row(Writer *w, int64_t r, int64_t at, WriteRow *row, Error *err) {
    const int64_t trial = w->survey.trial[r];
    bool found;
    if (!w->input->source(w->input->context, trial, &row->result, &found, err)) return false;
    if (!found) {
        return error_set(err, ERROR_RESOURCE,
                         "trial %" PRId64 ": its result vanished while reading", trial);
    }
    grid_setting(w->input->grid, trial, &row->setting);
    row->source = (TrialSource){&row->setting, &row->result, w->input->data_of_trial[trial]};
    for (int c = 0; c < w->columns; c++) {
        WriteColumn *column = &w->column[c];
        if (!column->constant) column->fill(column, row, column->block + at * column->shape.width);
    }
    fill_histories(w, at, &row->result.trained);
    return store_weights_append(w->weights, &row->result.trained, err);
}

static bool write_blocks(Writer *w, Error *err) {
    WriteRow *row = malloc(sizeof *row);
    bool ok = false;
    if (!row) return error_memory(err, sizeof *row);
    for (int64_t first = 0; first < w->survey.rows; first += w->block_rows) {
        const int64_t left = w->survey.rows - first,
                      rows = left < w->block_rows ? left : w->block_rows;
        for (int64_t at = 0; at < rows; at++) TRY(fill_row(w, first + at, at, row, err));
        for (int c = 0; c < w->columns; c++) {
            TRY(h5_set_write(w->column[c].set, first, rows, w->column[c].block, err));
        }
        for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
            if (!w->history[metric]) continue;
            TRY(h5_set_write(w->history[metric], first, rows, w->block[metric], err));
        }
    }
    ok = true;
fail:
    free(row);
    return ok;
}

/* A power of two, so that blocks end where chunks do. */
static int64_t choose_block_rows(const StoreSurvey *survey) {
    const int64_t history = 8 * survey->points * metrics_count(survey->metrics);
    int64_t rows = BLOCK_ROWS, texts = 0;
    for (int key = 0; key < KEY_COUNT; key++) texts += (int64_t)survey->key_width[key];
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        if (TRIAL_COLUMNS[c].type == TRIAL_COLUMN_TEXT) texts += (int64_t)survey->column_width[c];
    }
    while (rows > 1 && (history > BLOCK_BYTES / rows || texts > BLOCK_BYTES / rows)) rows /= 2;
    return rows;
}

/* Closes everything; false where HDF5 could not write what it held back. */
static bool finish(Writer *w, Error *err) {
    bool ok = store_weights_close(&w->weights, err);
    for (int c = 0; c < w->columns; c++) {
        ok = h5_set_close(&w->column[c].set, err) && ok;
        free(w->column[c].block);
    }
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        ok = h5_set_close(&w->history[metric], err) && ok;
        free(w->block[metric]);
    }
    free(w->column);
    store_survey_free(&w->survey);
    return h5_close(&w->file, err) && ok;
}

bool store_write(const char *path, const StoreInput *input, Error *err) {
    Writer w = {.input = input};
    bool ok = false;
    TRY(store_survey(&w.survey, input, err));
    w.block_rows = choose_block_rows(&w.survey);
    TRY(h5_create(&w.file, path, err));
    TRY(write_head(&w, err));
    TRY(store_data_write(w.file, input, err));
    TRY(add_columns(&w, err));
    TRY(add_histories(&w, err));
    TRY(store_weights_begin(&w.weights, w.file, &w.survey, err));
    TRY(write_blocks(&w, err));
    TRY(store_weights_end(w.weights, err));
    ok = true;
fail:
    return finish(&w, err) && ok;
}
