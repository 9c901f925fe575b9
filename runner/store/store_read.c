/* Reads results.h5 back: the trailer, then two images (everything but the data sets, then those),
 * then checks and conversions here. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/store/store_data.h"
#include "runner/store/store_keys.h"
#include "runner/store/store_weights.h"
#include "runner/store/trailer.h"
#include "runner/store/trial_columns.h"

enum { MAX_SETS = 1 << 20 };

/* --- columns ---------------------------------------------------------------------------------- */

/* Integers are 64 bits wide in the file, in Results perhaps fewer. */
static bool read_integers(const StoreReader *reader, const TrialColumn *column, const char *name,
                          Error *err) {
    const int64_t n = reader->results->trials;
    int64_t *number = store_columns_array(reader, name, H5_INTEGER, n, -1, err);
    if (!number) return false;
    for (int64_t i = 0; i < n; i++) {
        if (number[i] < column->lowest || number[i] > column->highest) {
            return store_columns_damaged(reader, name, err);
        }
    }
    if (column->type == TRIAL_COLUMN_INT64) {
        trial_columns_set_array(column, reader->results, number);
        return true;
    }
    int32_t *narrow = pool_alloc(&reader->memory->pool, (size_t)n + 1, sizeof *narrow, err);
    for (int64_t i = 0; narrow && i < n; i++) narrow[i] = (int32_t)number[i];
    trial_columns_set_array(column, reader->results, narrow);
    return narrow;
}

static bool read_reals(const StoreReader *reader, const TrialColumn *column, const char *name,
                       Error *err) {
    double *number = store_columns_array(reader, name, H5_REAL, reader->results->trials, -1, err);
    trial_columns_set_array(column, reader->results, number);
    return number;
}

static bool read_hex(const StoreReader *reader, const TrialColumn *column, const char *name,
                     Error *err) {
    uint64_t *number = NULL;
    const bool done = store_columns_hex(reader, name, &number, err);
    trial_columns_set_array(column, reader->results, number);
    return done;
}

/* A status or verdict is a word in the file and a number in Results. */
static bool read_texts(const StoreReader *reader, const TrialColumn *column, const char *name,
                       Error *err) {
    Results *r = reader->results;
    const char **text;
    if (!store_columns_texts(reader, name, &text, err)) return false;
    if (column->type == TRIAL_COLUMN_TEXT) {
        trial_columns_set_array(column, r, text);
        return true;
    }
    const size_t bytes = TRIAL_COLUMNS_STORAGE[column->type].bytes;
    void *array = pool_alloc(&reader->memory->pool, (size_t)r->trials + 1, bytes, err);
    if (!array) return false;
    trial_columns_set_array(column, r, array);
    for (int64_t i = 0; i < r->trials; i++) {
        if (!trial_columns_set(column, r, i, (TrialCell){.text = text[i]})) {
            return store_columns_damaged(reader, name, err);
        }
    }
    return true;
}

static bool read_column(const StoreReader *reader, const TrialColumn *column, Error *err) {
    char name[80];
    snprintf(name, sizeof name, "/trials/%s", column->name);
    switch (column->type) {
    case TRIAL_COLUMN_HEX: return read_hex(reader, column, name, err);
    case TRIAL_COLUMN_INT32:
    case TRIAL_COLUMN_INT64: return read_integers(reader, column, name, err);
    case TRIAL_COLUMN_REAL: return read_reals(reader, column, name, err);
    default: return read_texts(reader, column, name, err);
    }
}

/* A trial's data set must be there. */
static bool check_data(const StoreReader *reader, Error *err) {
    const Results *r = reader->results;
    for (int64_t i = 0; i < r->trials; i++) {
        if (r->data[i] >= r->sets) return store_columns_damaged(reader, "/trials/data", err);
    }
    return true;
}

/* --- metrics, histories ----------------------------------------------------------------------- */

static bool read_metric(const StoreReader *reader, Metric metric, Error *err) {
    Results *r = reader->results;
    char name[80];
    snprintf(name, sizeof name, "/trials/final_%s", metrics_name(metric));
    if (h5_image_find(&reader->memory->main, name) < 0) return true;
    r->metrics |= (MetricSet)1 << metric;
    r->final[metric] = store_columns_array(reader, name, H5_REAL, r->trials, -1, err);
    snprintf(name, sizeof name, "/trials/best_%s", metrics_name(metric));
    r->best[metric] = store_columns_array(reader, name, H5_REAL, r->trials, -1, err);
    snprintf(name, sizeof name, "/history/%s", metrics_name(metric));
    r->history[metric] = store_columns_array(reader, name, H5_REAL, r->trials, r->points, err);
    return r->final[metric] && r->best[metric] && r->history[metric];
}

static bool read_epochs(const StoreReader *reader, Error *err) {
    Results *r = reader->results;
    const int32_t at = h5_image_find(&reader->memory->main, "/history/epoch");
    if (at < 0 || reader->memory->main.shape[at].rank != 1) {
        return store_columns_damaged(reader, "/history/epoch", err);
    }
    r->points = reader->memory->main.shape[at].size[0];
    r->epoch = store_columns_array(reader, "/history/epoch", H5_INTEGER, r->points, -1, err);
    if (!r->epoch || r->points > INT32_MAX)
        return store_columns_damaged(reader, "/history/epoch", err);
    for (int64_t i = 0; i < r->points; i++) {
        if (r->epoch[i] < 0 || (i && r->epoch[i] <= r->epoch[i - 1])) {
            return store_columns_damaged(reader, "/history/epoch", err);
        }
    }
    return true;
}

/* --- the file --------------------------------------------------------------------------------- */

static const char *const NAMES[] = {
    "/@format",           "/@name",           "/@description",    "/@program_version",
    "/@format_version",   "/config/source",   "/config/resolved", "/data@count",
    "/trials@arithmetic", "/trials@numerics", "/history/epoch",
};
enum { FIXED_NAMES = sizeof NAMES / sizeof *NAMES };

static bool read_image(StoreReader *reader, Error *err) {
    Pool *pool = &reader->memory->pool;
    size_t weights = 0;
    while (STORE_WEIGHTS_NAMES[weights]) weights++;
    const size_t room = FIXED_NAMES + weights + TRIAL_COLUMN_COUNT + KEY_COUNT + 3 * METRIC_COUNT;
    StoreNames names = {.name = pool_alloc(pool, room, sizeof *names.name, err)};
    if (!names.name) return false;
    memcpy(names.name, NAMES, sizeof NAMES);
    memcpy(names.name + FIXED_NAMES, STORE_WEIGHTS_NAMES, weights * sizeof *names.name);
    names.count = (int32_t)(FIXED_NAMES + weights);
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        TRY(store_columns_name(&names, pool, err, "/trials/%s", TRIAL_COLUMNS[c].name));
    }
    for (int key = 0; key < KEY_COUNT; key++) {
        TRY(store_columns_name(&names, pool, err, "/trials/%s", KEYS[key].name));
    }
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        TRY(store_columns_name(&names, pool, err, "/trials/final_%s", metrics_name(metric)));
        TRY(store_columns_name(&names, pool, err, "/trials/best_%s", metrics_name(metric)));
        TRY(store_columns_name(&names, pool, err, "/history/%s", metrics_name(metric)));
    }
    return h5_image_read(&reader->memory->main, reader->path, names.name, NULL, names.count, err);
fail:
    return false;
}

static bool read_text(StoreReader *reader, const char *name, char **text, Error *err) {
    *text = store_columns_one_text(reader, &reader->memory->main, name, err);
    return *text || store_columns_damaged(reader, name, err);
}

static bool read_head(StoreReader *reader, Error *err) {
    Results *r = reader->results;
    const H5Image *image = &reader->memory->main;
    char *format;
    int64_t sets = 0;
    TRY(read_text(reader, "/@format", &format, err));
    if (strcmp(format, STORE_FORMAT) ||
        !store_columns_one_integer(image, "/@format_version", &r->format)) {
        return error_set(err, ERROR_RESOURCE,
                         "%s: an HDF5 file, but not one of results (format \"%s\")", reader->path,
                         format);
    }
    if (r->format < 1 || r->format > STORE_FORMAT_VERSION) {
        return error_set(err, ERROR_RESOURCE,
                         "%s: format version %" PRId64 ", this program reads 1 to %d", reader->path,
                         r->format, STORE_FORMAT_VERSION);
    }
    TRY(read_text(reader, "/@name", &r->name, err));
    TRY(read_text(reader, "/@description", &r->description, err));
    TRY(read_text(reader, "/@program_version", &r->program_version, err));
    TRY(read_text(reader, "/config/source", &r->source, err));
    TRY(read_text(reader, "/config/resolved", &r->resolved, err));
    TRY(read_text(reader, "/trials@arithmetic", &r->arithmetic, err));
    if (!store_columns_one_integer(image, "/trials@numerics", &r->numerics)) {
        return store_columns_damaged(reader, "/trials@numerics", err);
    }
    if (!store_columns_one_integer(image, "/data@count", &sets) || sets < 0 || sets > MAX_SETS) {
        return store_columns_damaged(reader, "/data@count", err);
    }
    r->sets = (int32_t)sets;
    const int32_t id = h5_image_find(image, "/trials/id");
    if (id < 0 || image->shape[id].rank != 1)
        return store_columns_damaged(reader, "/trials/id", err);
    r->trials = image->shape[id].size[0];
    return true;
fail:
    return false;
}

static bool read_columns(StoreReader *reader, Error *err) {
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) TRY(read_column(reader, &TRIAL_COLUMNS[c], err));
    TRY(check_data(reader, err));
    for (int key = 0; key < KEY_COUNT; key++) TRY(store_keys_read(reader, &KEYS[key], err));
    TRY(read_epochs(reader, err));
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) TRY(read_metric(reader, metric, err));
    return store_weights_read(reader, err);
fail:
    return false;
}

/* Looks at the bytes before HDF5 does. */
static bool check_trailer(StoreReader *reader, Error *err) {
    const int fd = open(reader->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    TrailerState state;
    if (fd < 0) return error_errno(err, "%s", reader->path);
    const bool ok = trailer_check(fd, reader->path, &state, &reader->results->crc, err);
    close(fd);
    if (!ok) return false;
    reader->results->changed = state == TRAILER_NONE;
    return state != TRAILER_DAMAGED ||
           error_set(err, ERROR_RESOURCE,
                     "%s: damaged (cut short, or its bytes are not those that were written); use a "
                     "copy of it, or run the experiment again with --force",
                     reader->path);
}

bool store_read(Results *results, const char *path, Error *err) {
    *results = (Results){0};
    char *file = NULL;
    struct stat status;
    StoreMemory *memory = calloc(1, sizeof *memory);
    if (!memory) return error_memory(err, sizeof *memory);
    results->memory = memory;
    StoreReader reader = {.results = results, .memory = memory};
    const bool folder = !stat(path, &status) && S_ISDIR(status.st_mode);
    if (asprintf(&file, "%s%s", path, folder ? "/" STORE_NAME : "") < 0) {
        file = NULL;
        error_memory(err, strlen(path) + sizeof STORE_NAME + 1);
        goto fail;
    }
    reader.path = results->path = pool_text(&memory->pool, file, strlen(file), err);
    free(file);
    if (!reader.path) goto fail;
    TRY(check_trailer(&reader, err));
    TRY(read_image(&reader, err));
    TRY(read_head(&reader, err));
    TRY(read_columns(&reader, err));
    TRY(store_data_read(&reader, err));
    return true;
fail:
    store_close(results);
    return false;
}

void store_close(Results *results) {
    StoreMemory *memory = results->memory;
    if (memory) {
        h5_image_close(&memory->main);
        h5_image_close(&memory->data);
        pool_destroy(&memory->pool);
        free(memory);
    }
    *results = (Results){0};
}
