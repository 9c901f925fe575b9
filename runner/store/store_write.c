/* Writes results.h5: a survey of all results, then blocks of trials, each cell of a block filled by
 * its column's row in a table. Memory: one block (bounded below), the weights in pieces, and one
 * trial's result at a time. */
#include "runner/store/store_write.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/journal/provenance.h"

enum {
    BLOCK_ROWS = 4096,      /* trials in a block, fewer where histories are long */
    BLOCK_BYTES = 32 << 20, /* of histories in a block, all metrics together; of texts too */
    FLAT_NUMBERS = 1 << 16  /* weights written at a time: one chunk */
};

/* What a cell is filled from. */
typedef struct Row {
    const StoreInput *input;
    int64_t trial;
    Setting setting;
    TrialResult result;
} Row;

typedef struct Column Column;
typedef void (*Put)(const Column *column, const Row *row, unsigned char *cell);

/* One data set under /trials. */
struct Column {
    char path[64];
    H5Shape shape;
    Put put;
    int argument;         /* KeyId or Metric, where there are many of a kind */
    unsigned char *block; /* owned: the cells of a block */
    H5Set *set;           /* owned */
};

/* A data set of one dimension that grows by a few numbers a trial. */
typedef struct Flat {
    H5Set *set;
    double *piece; /* FLAT_NUMBERS */
    int64_t filled, written;
} Flat;

typedef struct Writer {
    const StoreInput *input;
    H5 *file;
    StoreSurvey survey;
    Column *column;
    int columns, capacity;
    int64_t block_rows;
    H5Set *history[METRIC_COUNT];
    double *block[METRIC_COUNT]; /* block_rows x points */
    Flat weights, best_weights;
    int64_t *offset; /* rows + 1 */
} Writer;

/* ---- cells ---- */

static void put_integer(unsigned char *cell, int64_t number) {
    memcpy(cell, &number, sizeof number);
}

static void put_real(unsigned char *cell, double number) {
    if (isnan(number)) number = trial_result_nan();
    memcpy(cell, &number, sizeof number);
}

static void put_text(const Column *column, unsigned char *cell, const char *text) {
    const size_t width = (size_t)column->shape.width, length = strlen(text);
    assert(length <= width);
    memset(cell, 0, width);
    memcpy(cell, text, length);
}

static void put_hex(const Column *column, unsigned char *cell, uint64_t number) {
    char text[17];
    snprintf(text, sizeof text, "%016" PRIx64, number);
    put_text(column, cell, text);
}

static void put_key_integer(const Column *c, const Row *row, unsigned char *cell) {
    const double number = row->setting.value[c->argument].number;
    put_integer(cell, isnan(number) ? -1 : (int64_t)number);
}
static void put_key_real(const Column *c, const Row *row, unsigned char *cell) {
    put_real(cell, row->setting.value[c->argument].number);
}
static void put_key_truth(const Column *c, const Row *row, unsigned char *cell) {
    *cell = row->setting.value[c->argument].number > 0;
}
static void put_key_text(const Column *c, const Row *row, unsigned char *cell) {
    put_text(c, cell, row->setting.value[c->argument].text);
}

static void put_id(const Column *c, const Row *row, unsigned char *cell) {
    put_hex(c, cell, row->result.id);
}
static void put_digest(const Column *c, const Row *row, unsigned char *cell) {
    put_hex(c, cell, row->result.data_digest);
}
static void put_status(const Column *c, const Row *row, unsigned char *cell) {
    put_text(c, cell, trial_result_status_name(row->result.status));
}
static void put_verdict(const Column *c, const Row *row, unsigned char *cell) {
    put_text(c, cell,
             row->result.status == TRIAL_FAILED ? "" : verdict_name(row->result.trained.verdict));
}
static void put_message(const Column *c, const Row *row, unsigned char *cell) {
    put_text(c, cell, row->result.message);
}
static void put_data(const Column *c, const Row *row, unsigned char *cell) {
    (void)c;
    put_integer(cell, row->input->data_of_trial[row->trial]);
}
static void put_setting(const Column *c, const Row *row, unsigned char *cell) {
    (void)c;
    put_integer(cell, row->setting.number);
}
static void put_repeat(const Column *c, const Row *row, unsigned char *cell) {
    (void)c;
    put_integer(cell, row->setting.repeat);
}
static void put_fold(const Column *c, const Row *row, unsigned char *cell) {
    (void)c;
    put_integer(cell, row->setting.fold);
}
static void put_seed(const Column *c, const Row *row, unsigned char *cell) {
    (void)c;
    put_integer(cell, row->setting.seed);
}
static void put_hidden_units(const Column *c, const Row *row, unsigned char *cell) {
    (void)c;
    put_integer(cell, (int64_t)row->setting.value[KEY_HIDDEN].number);
}
static void put_parameters(const Column *c, const Row *row, unsigned char *cell) {
    (void)c;
    put_integer(cell, row->result.parameters);
}
static void put_epochs_run(const Column *c, const Row *row, unsigned char *cell) {
    (void)c;
    put_integer(cell, row->result.trained.epochs_run);
}
static void put_best_epoch(const Column *c, const Row *row, unsigned char *cell) {
    (void)c;
    put_integer(cell, row->result.status == TRIAL_FAILED ? -1 : row->result.trained.best_epoch);
}

static double metric_of(const TrainerResult *trained, const double *value, Metric metric) {
    const int32_t at = metrics_column(trained->metrics, metric);
    return at < 0 ? trial_result_nan() : value[at];
}
static void put_final(const Column *c, const Row *row, unsigned char *cell) {
    put_real(cell, metric_of(&row->result.trained, row->result.trained.final, (Metric)c->argument));
}
static void put_best(const Column *c, const Row *row, unsigned char *cell) {
    put_real(cell, metric_of(&row->result.trained, row->result.trained.best, (Metric)c->argument));
}

/* ---- columns ---- */

/* Columns that are neither keys nor metrics; width 0: as wide as the survey says. */
static const struct {
    const char *name;
    H5Kind kind;
    int64_t width;
    Put put;
} FIXED[] = {
    {"id", H5_ASCII, 16, put_id},
    {"data", H5_INTEGER, 8, put_data},
    {"data_digest", H5_ASCII, 16, put_digest},
    {"setting", H5_INTEGER, 8, put_setting},
    {"repeat", H5_INTEGER, 8, put_repeat},
    {"fold", H5_INTEGER, 8, put_fold},
    {"seed", H5_INTEGER, 8, put_seed},
    {"status", H5_ASCII, 8, put_status},
    {"verdict", H5_ASCII, 19, put_verdict},
    {"message", H5_UTF8, 0, put_message},
    {"hidden_units", H5_INTEGER, 8, put_hidden_units},
    {"parameters", H5_INTEGER, 8, put_parameters},
    {"epochs_run", H5_INTEGER, 8, put_epochs_run},
    {"best_epoch", H5_INTEGER, 8, put_best_epoch},
};
enum { FIXED_COUNT = sizeof FIXED / sizeof *FIXED };

/* How a key's type is stored; width 0: as wide as the survey says. */
static const struct {
    H5Kind kind;
    int64_t width;
    Put put;
} KEY_STORAGE[] = {
    [KEY_TYPE_INTEGER] = {H5_INTEGER, 8, put_key_integer},
    [KEY_TYPE_REAL] = {H5_REAL, 8, put_key_real},
    [KEY_TYPE_BOOL] = {H5_TRUTH, 1, put_key_truth},
    [KEY_TYPE_CHOICE] = {H5_ASCII, 0, put_key_text},
    [KEY_TYPE_TEXT] = {H5_UTF8, 0, put_key_text},
    [KEY_TYPE_SIZES] = {H5_ASCII, 0, put_key_text},
    [KEY_TYPE_REALS] = {H5_ASCII, 0, put_key_text},
};

/* Makes the next column: data set and block. */
static bool add_column(Writer *w, const char *prefix, const char *name, H5Kind kind, size_t width,
                       Put put, int argument, Error *err) {
    assert(w->columns < w->capacity);
    Column *column = &w->column[w->columns++];
    column->shape =
        (H5Shape){.kind = kind, .rank = 1, .size = {w->survey.rows}, .width = (int64_t)width};
    column->put = put;
    column->argument = argument;
    snprintf(column->path, sizeof column->path, "/trials/%s%s", prefix, name);
    column->block = malloc((size_t)w->block_rows * width);
    if (!column->block) return error_memory(err, (size_t)w->block_rows * width);
    /* measured numbers hardly ever repeat themselves: deflating them costs more than it saves */
    const bool repeats = put != put_final && put != put_best;
    return h5_set_create(&column->set, w->file, column->path, &column->shape, BLOCK_ROWS, repeats,
                         err);
}

static bool add_columns(Writer *w, Error *err) {
    w->capacity = FIXED_COUNT + KEY_COUNT + 2 * METRIC_COUNT;
    w->column = calloc((size_t)w->capacity, sizeof *w->column);
    if (!w->column) return error_memory(err, (size_t)w->capacity * sizeof *w->column);
    for (int i = 0; i < FIXED_COUNT; i++) {
        const size_t width = FIXED[i].width ? (size_t)FIXED[i].width : w->survey.message_width;
        TRY(add_column(w, "", FIXED[i].name, FIXED[i].kind, width, FIXED[i].put, 0, err));
    }
    for (int key = 0; key < KEY_COUNT; key++) {
        const KeyType type = KEYS[key].type;
        const size_t width =
            KEY_STORAGE[type].width ? (size_t)KEY_STORAGE[type].width : w->survey.key_width[key];
        TRY(add_column(w, "", KEYS[key].name, KEY_STORAGE[type].kind, width, KEY_STORAGE[type].put,
                       key, err));
    }
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        if (metrics_column(w->survey.metrics, metric) < 0) continue;
        TRY(add_column(w, "final_", metrics_name(metric), H5_REAL, 8, put_final, (int)metric, err));
        TRY(add_column(w, "best_", metrics_name(metric), H5_REAL, 8, put_best, (int)metric, err));
    }
    return true;
fail:
    return false;
}

/* ---- histories ---- */

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

/* ---- weights ---- */

static bool flat_create(Flat *flat, Writer *w, const char *path, Error *err) {
    const H5Shape shape = {.kind = H5_REAL, .rank = 1, .size = {w->survey.numbers}, .width = 8};
    flat->piece = malloc(FLAT_NUMBERS * sizeof *flat->piece);
    if (!flat->piece) return error_memory(err, FLAT_NUMBERS * sizeof *flat->piece);
    return h5_set_create(&flat->set, w->file, path, &shape, FLAT_NUMBERS, false, err);
}

static bool flat_flush(Flat *flat, Error *err) {
    if (!h5_set_write(flat->set, flat->written, flat->filled, flat->piece, err)) return false;
    flat->written += flat->filled;
    flat->filled = 0;
    return true;
}

/* Appends a trial's block; NULL (kept for other trials, not for this one) gives NaN. Nothing where
 * none is kept. */
static bool flat_append(Flat *flat, const double *number, int64_t count, Error *err) {
    if (!flat->set) return true;
    for (int64_t i = 0; i < count; i++) {
        const double value = number ? number[i] : trial_result_nan();
        flat->piece[flat->filled++] = isnan(value) ? trial_result_nan() : value;
        if (flat->filled == FLAT_NUMBERS && !flat_flush(flat, err)) return false;
    }
    return true;
}

static bool flat_close(Flat *flat, Error *err) {
    if (!flat->set) return true;
    const bool flushed = flat_flush(flat, err);
    return h5_set_close(&flat->set, err) && flushed;
}

static const char LAYOUT[] = "Trial i has values[offset[i]:offset[i+1]]: for each layer W (fan_in "
                             "x fan_out, row-major), b, gamma, beta (b only "
                             "with bias, gamma and beta only with batch_norm), the output layer "
                             "last, without gamma and beta; then, with "
                             "batch_norm, the running mean and variance of each hidden layer";

static bool add_weights(Writer *w, Error *err) {
    const size_t bytes = ((size_t)w->survey.rows + 1) * sizeof *w->offset;
    w->offset = calloc(1, bytes);
    if (!w->offset) return error_memory(err, bytes);
    TRY(h5_group(w->file, "/weights", err));
    TRY(h5_text_attribute(w->file, "/weights", "layout", LAYOUT, err));
    if (w->survey.weights) TRY(flat_create(&w->weights, w, "/weights/values", err));
    if (w->survey.best_weights) TRY(flat_create(&w->best_weights, w, "/weights/best_values", err));
    return true;
fail:
    return false;
}

/* ---- the file ---- */

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
    for (size_t i = 0; i < sizeof about / sizeof *about; i++)
        TRY(h5_text_attribute(w->file, "/", about[i].name, about[i].text, err));
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
static bool fill_row(Writer *w, int64_t r, int64_t at, Row *row, Error *err) {
    bool found;
    row->trial = w->survey.trial[r];
    if (!w->input->source(w->input->context, row->trial, &row->result, &found, err)) return false;
    if (!found)
        return error_set(err, ERROR_RESOURCE,
                         "trial %" PRId64 ": its result vanished while reading", row->trial);
    grid_setting(w->input->grid, row->trial, &row->setting);
    for (int c = 0; c < w->columns; c++)
        w->column[c].put(&w->column[c], row, w->column[c].block + at * w->column[c].shape.width);
    const TrainerResult *trained = &row->result.trained;
    fill_histories(w, at, trained);
    const int64_t numbers = trained->weights || trained->best_weights ? trained->state_size : 0;
    w->offset[r + 1] = w->offset[r] + numbers;
    return flat_append(&w->weights, trained->weights, numbers, err) &&
           flat_append(&w->best_weights, trained->best_weights, numbers, err);
}

static bool write_blocks(Writer *w, Error *err) {
    Row *row = malloc(sizeof *row);
    bool ok = false;
    if (!row) return error_memory(err, sizeof *row);
    row->input = w->input;
    for (int64_t first = 0; first < w->survey.rows; first += w->block_rows) {
        const int64_t left = w->survey.rows - first,
                      rows = left < w->block_rows ? left : w->block_rows;
        for (int64_t at = 0; at < rows; at++) TRY(fill_row(w, first + at, at, row, err));
        for (int c = 0; c < w->columns; c++)
            TRY(h5_set_write(w->column[c].set, first, rows, w->column[c].block, err));
        for (Metric metric = 0; metric < METRIC_COUNT; metric++)
            if (w->history[metric])
                TRY(h5_set_write(w->history[metric], first, rows, w->block[metric], err));
    }
    ok = true;
fail:
    free(row);
    return ok;
}

/* A power of two, so that blocks end where chunks do. */
static int64_t choose_block_rows(const StoreSurvey *survey) {
    const int64_t history = 8 * survey->points * metrics_count(survey->metrics);
    int64_t rows = BLOCK_ROWS, texts = (int64_t)survey->message_width;
    for (int key = 0; key < KEY_COUNT; key++) texts += (int64_t)survey->key_width[key];
    while (rows > 1 && (history > BLOCK_BYTES / rows || texts > BLOCK_BYTES / rows)) rows /= 2;
    return rows;
}

/* Closes everything; false where HDF5 could not write what it held back. */
static bool finish(Writer *w, Error *err) {
    bool ok = flat_close(&w->weights, err);
    ok = flat_close(&w->best_weights, err) && ok;
    for (int c = 0; c < w->columns; c++) {
        ok = h5_set_close(&w->column[c].set, err) && ok;
        free(w->column[c].block);
    }
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        ok = h5_set_close(&w->history[metric], err) && ok;
        free(w->block[metric]);
    }
    free(w->column);
    free(w->weights.piece);
    free(w->best_weights.piece);
    free(w->offset);
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
    TRY(store_write_data(w.file, input, err));
    TRY(add_columns(&w, err));
    TRY(add_histories(&w, err));
    TRY(add_weights(&w, err));
    TRY(write_blocks(&w, err));
    const H5Shape offsets = {
        .kind = H5_INTEGER, .rank = 1, .size = {w.survey.rows + 1}, .width = 8};
    TRY(h5_write(w.file, "/weights/offset", &offsets, w.offset, true, err));
    ok = true;
fail:
    return finish(&w, err) && ok;
}
