#include "runner/store/store_weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FLAT_NUMBERS = 1 << 16 }; /* written at a time: one chunk */

/* A data set of one dimension that grows by a few numbers a trial. */
typedef struct FlatSet {
    H5Set *set;
    double *piece; /* FLAT_NUMBERS */
    int64_t filled, written;
} FlatSet;

struct StoreWeights {
    H5 *file; /* borrowed */
    FlatSet values, best_values, snapshot_values;
    int64_t trials, snapshots;        /* so far */
    int64_t *offset, *first_snapshot; /* rows + 1 */
    int64_t *epoch, *start;           /* snapshots, snapshots + 1; NULL without any */
};

/* --- writing ---------------------------------------------------------------------------------- */

static bool flat_create(FlatSet *flat, H5 *file, const char *path, int64_t numbers, Error *err) {
    const H5Shape shape = {.kind = H5_REAL, .rank = 1, .size = {numbers}, .width = 8};
    flat->piece = malloc(FLAT_NUMBERS * sizeof *flat->piece);
    if (!flat->piece) return error_memory(err, FLAT_NUMBERS * sizeof *flat->piece);
    return h5_set_create(&flat->set, file, path, &shape, FLAT_NUMBERS, false, err);
}

static bool flat_flush(FlatSet *flat, Error *err) {
    if (!h5_set_write(flat->set, flat->written, flat->filled, flat->piece, err)) return false;
    flat->written += flat->filled;
    flat->filled = 0;
    return true;
}

/* Appends a trial's block; NULL (kept for other trials, not for this one) gives NaN. Nothing where
 * none is kept. */
static bool flat_append(FlatSet *flat, const double *number, int64_t count, Error *err) {
    if (!flat->set) return true;
    for (int64_t i = 0; i < count; i++) {
        const double value = number ? number[i] : trial_result_nan();
        flat->piece[flat->filled++] = isnan(value) ? trial_result_nan() : value;
        if (flat->filled == FLAT_NUMBERS && !flat_flush(flat, err)) return false;
    }
    return true;
}

static bool flat_close(FlatSet *flat, Error *err) {
    bool ok = true;
    if (flat->set) {
        ok = flat_flush(flat, err);
        ok = h5_set_close(&flat->set, err) && ok;
    }
    free(flat->piece);
    return ok;
}

static const char LAYOUT[] = "Trial i has values[offset[i]:offset[i+1]]: for each layer W (fan_in "
                             "x fan_out, row-major), b, gamma, beta (b only "
                             "with bias, gamma and beta only with batch_norm), the output layer "
                             "last, without gamma and beta; then, with "
                             "batch_norm, the running mean and variance of each hidden layer";

static bool create_arrays(StoreWeights *w, const StoreSurvey *survey, Error *err) {
    const size_t rows = (size_t)survey->rows + 1, snapshots = (size_t)survey->snapshots + 1;
    w->offset = calloc(rows, sizeof *w->offset);
    w->first_snapshot = calloc(rows, sizeof *w->first_snapshot);
    if (!w->offset || !w->first_snapshot) return error_memory(err, rows * sizeof *w->offset);
    if (!survey->has_snapshots) return true;
    w->epoch = calloc(snapshots, sizeof *w->epoch);
    w->start = calloc(snapshots, sizeof *w->start);
    return (w->epoch && w->start) || error_memory(err, snapshots * sizeof *w->epoch);
}

bool store_weights_begin(StoreWeights **weights, H5 *file, const StoreSurvey *survey, Error *err) {
    StoreWeights *w = *weights = calloc(1, sizeof *w);
    if (!w) return error_memory(err, sizeof *w);
    w->file = file;
    TRY(create_arrays(w, survey, err));
    TRY(h5_group(file, "/weights", err));
    TRY(h5_text_attribute(file, "/weights", "layout", LAYOUT, err));
    if (survey->weights) {
        TRY(flat_create(&w->values, file, "/weights/values", survey->numbers, err));
    }
    if (survey->best_weights) {
        TRY(flat_create(&w->best_values, file, "/weights/best_values", survey->numbers, err));
    }
    if (survey->has_snapshots) {
        TRY(flat_create(&w->snapshot_values, file, "/weights/snapshot_values",
                        survey->snapshot_numbers, err));
    }
    return true;
fail:
    return false;
}

bool store_weights_append(StoreWeights *w, const TrainerResult *trained, Error *err) {
    const int64_t row = w->trials++, size = trained->state_size;
    const int64_t numbers = trained->weights || trained->best_weights ? size : 0;
    const int64_t snapshots = trained->snapshot_weights ? trained->snapshots : 0;
    for (int64_t i = 0; i < snapshots; i++) {
        w->epoch[w->snapshots] = trained->snapshot_epoch[i];
        w->start[w->snapshots + 1] = w->start[w->snapshots] + size;
        w->snapshots++;
    }
    w->offset[row + 1] = w->offset[row] + numbers;
    w->first_snapshot[row + 1] = w->snapshots;
    return flat_append(&w->values, trained->weights, numbers, err) &&
           flat_append(&w->best_values, trained->best_weights, numbers, err) &&
           flat_append(&w->snapshot_values, trained->snapshot_weights, snapshots * size, err);
}

static bool write_integers(StoreWeights *w, const char *path, const int64_t *number, int64_t count,
                           Error *err) {
    const H5Shape shape = {.kind = H5_INTEGER, .rank = 1, .size = {count}, .width = 8};
    return h5_write(w->file, path, &shape, number, true, err);
}

bool store_weights_end(StoreWeights *w, Error *err) {
    if (!write_integers(w, "/weights/offset", w->offset, w->trials + 1, err)) return false;
    if (!w->epoch) return true;
    return write_integers(w, "/weights/snapshot_offset", w->first_snapshot, w->trials + 1, err) &&
           write_integers(w, "/weights/snapshot_epoch", w->epoch, w->snapshots, err) &&
           write_integers(w, "/weights/snapshot_start", w->start, w->snapshots + 1, err);
}

bool store_weights_close(StoreWeights **weights, Error *err) {
    StoreWeights *w = *weights;
    if (!w) return true;
    bool ok = flat_close(&w->values, err);
    ok = flat_close(&w->best_values, err) && ok;
    ok = flat_close(&w->snapshot_values, err) && ok;
    free(w->offset);
    free(w->first_snapshot);
    free(w->epoch);
    free(w->start);
    free(w);
    *weights = NULL;
    return ok;
}

/* --- reading ---------------------------------------------------------------------------------- */

const char *const STORE_WEIGHTS_NAMES[] = {"/weights/offset",          "/weights/values",
                                           "/weights/best_values",     "/weights/snapshot_offset",
                                           "/weights/snapshot_epoch",  "/weights/snapshot_start",
                                           "/weights/snapshot_values", NULL};

/* count + 1 numbers that begin with 0 and do not fall; NULL where they are not. */
static int64_t *read_offsets(const StoreReader *reader, const char *name, int64_t count,
                             Error *err) {
    int64_t *offset = store_columns_array(reader, name, H5_INTEGER, count + 1, -1, err);
    if (!offset) return NULL;
    bool fits = offset[0] == 0;
    for (int64_t i = 0; i < count; i++) fits &= offset[i + 1] >= offset[i];
    if (fits) return offset;
    store_columns_damaged(reader, name, err);
    return NULL;
}

static bool has(const StoreReader *reader, const char *name) {
    return h5_image_find(&reader->memory->main, name) >= 0;
}

/* Snapshots of a trial are of its network's size, and their epochs rise. */
static bool check_snapshots(const StoreReader *reader, const int64_t *offset, Error *err) {
    const Results *r = reader->results;
    for (int64_t i = 0; i < r->trials; i++) {
        const int64_t numbers = offset[i + 1] - offset[i];
        for (int64_t s = r->snapshot_offset[i]; s < r->snapshot_offset[i + 1]; s++) {
            const bool first = s == r->snapshot_offset[i];
            const int64_t size = r->snapshot_start[s + 1] - r->snapshot_start[s];
            if (r->snapshot_epoch[s] < 0 ||
                (!first && r->snapshot_epoch[s] <= r->snapshot_epoch[s - 1])) {
                return store_columns_damaged(reader, "/weights/snapshot_epoch", err);
            }
            if ((numbers && size != numbers) ||
                (!first && size != r->snapshot_start[s] - r->snapshot_start[s - 1])) {
                return store_columns_damaged(reader, "/weights/snapshot_start", err);
            }
        }
    }
    return true;
}

static bool read_snapshots(StoreReader *reader, const int64_t *offset, Error *err) {
    Results *r = reader->results;
    const int64_t *first = read_offsets(reader, "/weights/snapshot_offset", r->trials, err);
    if (!first) return false;
    const int64_t count = first[r->trials];
    const int64_t *start = read_offsets(reader, "/weights/snapshot_start", count, err);
    if (!start) return false;
    r->snapshot_offset = first;
    r->snapshot_start = start;
    r->snapshot_epoch =
        store_columns_array(reader, "/weights/snapshot_epoch", H5_INTEGER, count, -1, err);
    r->snapshot_weights =
        store_columns_array(reader, "/weights/snapshot_values", H5_REAL, start[count], -1, err);
    return r->snapshot_epoch && r->snapshot_weights && check_snapshots(reader, offset, err);
}

bool store_weights_read(StoreReader *reader, Error *err) {
    Results *r = reader->results;
    const struct {
        const char *name;
        double **values;
    } blocks[] = {{"/weights/values", &r->weights}, {"/weights/best_values", &r->best_weights}};
    int64_t *offset = read_offsets(reader, "/weights/offset", r->trials, err);
    if (!offset) return false;
    r->offset = (uint64_t *)offset;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        if (!has(reader, blocks[i].name)) continue;
        *blocks[i].values =
            store_columns_array(reader, blocks[i].name, H5_REAL, offset[r->trials], -1, err);
        if (!*blocks[i].values) return false;
    }
    return !has(reader, "/weights/snapshot_offset") || read_snapshots(reader, offset, err);
}
