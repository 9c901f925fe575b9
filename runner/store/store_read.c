/* Reads results.h5 back: the trailer, then two images (everything but the data sets, then those),
 * then checks and conversions here. The file may have been edited by another program, so nothing in
 * it is believed unseen. */
#include "runner/store/store_read.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/store/trailer.h"

enum {
    PARTS = 3,
    OF_SET = 7,
    PART_NAMES = 4,
    SET_NAMES = OF_SET + PARTS * PART_NAMES,
    MAX_SETS = 1 << 20
};

bool store_damaged(const StoreReader *reader, const char *name, Error *err) {
    return error_set(err, ERROR_RESOURCE,
                     "%s: %s is missing or not what this program writes (see results/README.md)",
                     reader->path, name);
}

/* ---- taking arrays out of an image ---- */

static bool kind_fits(H5Kind wanted, H5Kind found) {
    return wanted == H5_ASCII ? found == H5_ASCII || found == H5_UTF8 : wanted == found;
}

/* The array `name`, with as many rows (and columns; -1: rank 1) as said. NULL and an error where it
 * does not fit. */
void *store_take(const StoreReader *reader, const char *name, H5Kind kind, int64_t rows,
                 int64_t columns, Error *err) {
    const int32_t at = h5_image_find(&reader->memory->main, name);
    if (at >= 0) {
        const H5Shape *shape = &reader->memory->main.shape[at];
        if (kind_fits(kind, shape->kind) && shape->rank == (columns < 0 ? 1 : 2) &&
            shape->size[0] == rows && (columns < 0 || shape->size[1] == columns))
            return h5_image_data(&reader->memory->main, at);
    }
    (void)store_damaged(reader, name, err);
    return NULL;
}

/* A text of one value, from either image; NULL where it is absent or something else. */
static char *one_text(StoreReader *reader, const H5Image *image, const char *name, Error *err) {
    const int32_t at = h5_image_find(image, name);
    if (at < 0 || !kind_fits(H5_ASCII, image->shape[at].kind) || image->shape[at].rank) return NULL;
    const char *text = h5_image_data(image, at);
    return pool_text(&reader->memory->pool, text, strnlen(text, (size_t)image->shape[at].width),
                     err);
}

static bool need_text(StoreReader *reader, const char *name, char **text, Error *err) {
    *text = one_text(reader, &reader->memory->main, name, err);
    return *text || store_damaged(reader, name, err);
}

static bool one_integer(const H5Image *image, const char *name, int64_t *number) {
    const int32_t at = h5_image_find(image, name);
    if (at < 0 || image->shape[at].kind != H5_INTEGER || image->shape[at].rank) return false;
    memcpy(number, h5_image_data(image, at), sizeof *number);
    return true;
}

/* ---- columns ---- */

/* Integers of 64 bits into the width of the struct's field, refusing what is outside [low,
 * high]. */
static bool take_integers(const StoreReader *reader, const char *name, int64_t low, int64_t high,
                          int64_t **wide, int32_t **narrow, Error *err) {
    const int64_t n = reader->results->trials;
    int64_t *number = store_take(reader, name, H5_INTEGER, n, -1, err);
    if (!number) return false;
    for (int64_t i = 0; i < n; i++)
        if (number[i] < low || number[i] > high) return store_damaged(reader, name, err);
    if (wide) *wide = number;
    if (!narrow) return true;
    *narrow = pool_alloc(&reader->memory->pool, (size_t)n + 1, sizeof **narrow, err);
    for (int64_t i = 0; *narrow && i < n; i++) (*narrow)[i] = (int32_t)number[i];
    return *narrow != NULL;
}

static bool take_hex(const StoreReader *reader, const char *name, uint64_t **number, Error *err) {
    const int64_t n = reader->results->trials;
    const char *cell = store_take(reader, name, H5_ASCII, n, -1, err);
    if (!cell) return false;
    const int32_t at = h5_image_find(&reader->memory->main, name);
    *number = pool_alloc(&reader->memory->pool, (size_t)n + 1, sizeof **number, err);
    if (!*number) return false;
    if (reader->memory->main.shape[at].width != 16) return store_damaged(reader, name, err);
    for (int64_t i = 0; i < n; i++) {
        char text[17] = {0}, *end;
        memcpy(text, cell + 16 * i, 16);
        if (strspn(text, "0123456789abcdef") != 16) return store_damaged(reader, name, err);
        (*number)[i] = strtoull(text, &end, 16);
    }
    return true;
}

/* A text column as NUL-terminated texts; a cell equal to the one before shares its text. */
bool store_take_texts(const StoreReader *reader, const char *name, char ***text, Error *err) {
    const int64_t n = reader->results->trials;
    const char *cell = store_take(reader, name, H5_ASCII, n, -1, err);
    if (!cell) return false;
    const size_t width =
        (size_t)reader->memory->main.shape[h5_image_find(&reader->memory->main, name)].width;
    *text = pool_alloc(&reader->memory->pool, (size_t)n + 1, sizeof **text, err);
    if (!*text) return false;
    for (int64_t i = 0; i < n; i++, cell += width) {
        (*text)[i] = i && !memcmp(cell, cell - width, width)
                         ? (*text)[i - 1]
                         : pool_text(&reader->memory->pool, cell, strnlen(cell, width), err);
        if (!(*text)[i]) return false;
    }
    return true;
}

static bool take_words(const StoreReader *reader, Error *err) {
    Results *r = reader->results;
    char **status, **verdict;
    if (!store_take_texts(reader, "/trials/status", &status, err) ||
        !store_take_texts(reader, "/trials/verdict", &verdict, err))
        return false;
    r->status = pool_alloc(&reader->memory->pool, (size_t)r->trials + 1, sizeof *r->status, err);
    r->verdict = pool_alloc(&reader->memory->pool, (size_t)r->trials + 1, sizeof *r->verdict, err);
    if (!r->status || !r->verdict) return false;
    for (int64_t i = 0; i < r->trials; i++) {
        r->status[i] = trial_result_status_from_name(status[i]);
        if (r->status[i] == TRIAL_STATUS_COUNT) return store_damaged(reader, "/trials/status", err);
        r->verdict[i] =
            r->status[i] == TRIAL_FAILED ? VERDICT_NOISY : verdict_from_name(verdict[i]);
        if (r->verdict[i] == VERDICT_COUNT) return store_damaged(reader, "/trials/verdict", err);
    }
    return true;
}

/* ---- metrics, histories, weights ---- */

static bool take_metric(const StoreReader *reader, Metric metric, Error *err) {
    Results *r = reader->results;
    char name[STORE_NAME_BYTES];
    snprintf(name, sizeof name, "/trials/final_%s", metrics_name(metric));
    if (h5_image_find(&reader->memory->main, name) < 0) return true;
    r->metrics |= (MetricSet)1 << metric;
    r->final[metric] = store_take(reader, name, H5_REAL, r->trials, -1, err);
    snprintf(name, sizeof name, "/trials/best_%s", metrics_name(metric));
    r->best[metric] = store_take(reader, name, H5_REAL, r->trials, -1, err);
    snprintf(name, sizeof name, "/history/%s", metrics_name(metric));
    r->history[metric] = store_take(reader, name, H5_REAL, r->trials, r->points, err);
    return r->final[metric] && r->best[metric] && r->history[metric];
}

static bool take_epochs(const StoreReader *reader, Error *err) {
    Results *r = reader->results;
    const int32_t at = h5_image_find(&reader->memory->main, "/history/epoch");
    if (at < 0 || reader->memory->main.shape[at].rank != 1)
        return store_damaged(reader, "/history/epoch", err);
    r->points = reader->memory->main.shape[at].size[0];
    r->epoch = store_take(reader, "/history/epoch", H5_INTEGER, r->points, -1, err);
    if (!r->epoch || r->points > INT32_MAX) return store_damaged(reader, "/history/epoch", err);
    for (int64_t i = 0; i < r->points; i++)
        if (r->epoch[i] < 0 || (i && r->epoch[i] <= r->epoch[i - 1]))
            return store_damaged(reader, "/history/epoch", err);
    return true;
}

static bool take_weights(const StoreReader *reader, Error *err) {
    Results *r = reader->results;
    const struct {
        const char *name;
        double **values;
    } blocks[] = {{"/weights/values", &r->weights}, {"/weights/best_values", &r->best_weights}};
    int64_t *offset = store_take(reader, "/weights/offset", H5_INTEGER, r->trials + 1, -1, err);
    if (!offset) return false;
    bool fits = offset[0] == 0;
    for (int64_t i = 0; i < r->trials; i++) fits &= offset[i + 1] >= offset[i];
    if (!fits) return store_damaged(reader, "/weights/offset", err);
    r->offset = (uint64_t *)offset;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        if (h5_image_find(&reader->memory->main, blocks[i].name) < 0) continue;
        *blocks[i].values = store_take(reader, blocks[i].name, H5_REAL, offset[r->trials], -1, err);
        if (!*blocks[i].values) return false;
    }
    return true;
}

/* ---- data sets ---- */

static const char *const PART_OF[PARTS] = {"train", "val", "test"};

/* int32 numbers in [0, limit) from a column of 64-bit ones; absent is NULL. */
static bool take_small(StoreReader *reader, const char *name, int64_t n, int64_t limit,
                       int32_t **number, Error *err) {
    const H5Image *image = &reader->memory->data;
    const int32_t at = h5_image_find(image, name);
    *number = NULL;
    if (at < 0) return true;
    const H5Shape *shape = &image->shape[at];
    if (shape->kind != H5_INTEGER || shape->rank != 1 || shape->size[0] != n)
        return store_damaged(reader, name, err);
    const int64_t *wide = h5_image_data(image, at);
    *number = pool_alloc(&reader->memory->pool, (size_t)n + 1, sizeof **number, err);
    for (int64_t i = 0; *number && i < n; i++) {
        if (wide[i] < 0 || wide[i] >= limit) return store_damaged(reader, name, err);
        (*number)[i] = (int32_t)wide[i];
    }
    return *number != NULL;
}

/* name[0..4): outputs, x, y, fold of the part. */
static bool take_part(StoreReader *reader, const char *const *name, Dataset *set, Error *err) {
    const H5Image *image = &reader->memory->data;
    const int32_t x = h5_image_find(image, name[1]), y = h5_image_find(image, name[2]);
    int64_t outputs = 0;
    if (x < 0) return true; /* no such part */
    const H5Shape *shape = &image->shape[x];
    if (shape->kind != H5_REAL || shape->rank != 2 || shape->size[1] > INT32_MAX)
        return store_damaged(reader, name[1], err);
    if (!one_integer(image, name[0], &outputs) || outputs < 0 || outputs > INT32_MAX)
        return store_damaged(reader, name[0], err);
    *set = (Dataset){
        .n = shape->size[0], .inputs = (int32_t)shape->size[1], .outputs = (int32_t)outputs};
    set->x = h5_image_data(image, x);
    if (y >= 0 && image->shape[y].kind == H5_REAL) {
        if (image->shape[y].rank != 2 || image->shape[y].size[0] != set->n ||
            image->shape[y].size[1] != outputs)
            return store_damaged(reader, name[2], err);
        set->target = h5_image_data(image, y);
    } else if (!take_small(reader, name[2], set->n, outputs, &set->label, err))
        return false;
    return take_small(reader, name[3], set->n, INT32_MAX, &set->fold, err);
}

static bool take_set(StoreReader *reader, const char *const *name, StoreData *set, Error *err) {
    const H5Image *image = &reader->memory->data;
    int64_t kept = 0;
    set->recipe = one_text(reader, image, name[0], err);
    if (!set->recipe || !one_integer(image, name[1], &kept))
        return store_damaged(reader, name[0], err);
    set->kept = kept != 0;
    set->path = one_text(reader, image, name[2], err);
    (void)one_integer(image, name[3], &set->size); /* of files only */
    const char *sha256 = one_text(reader, image, name[4], err);
    snprintf(set->sha256, sizeof set->sha256, "%s", sha256 ? sha256 : "");
    int64_t inputs = 0, outputs = 0; /* the shape is there where the rows are not */
    if (one_integer(image, name[5], &inputs) && one_integer(image, name[6], &outputs) &&
        inputs > 0 && inputs <= INT32_MAX && outputs > 0 && outputs <= INT32_MAX) {
        set->train.inputs = (int32_t)inputs;
        set->train.outputs = (int32_t)outputs;
    }
    Dataset *const part[PARTS] = {&set->train, &set->val, &set->test};
    for (int p = 0; p < PARTS; p++)
        if (!take_part(reader, name + OF_SET + p * PART_NAMES, part[p], err)) return false;
    return true;
}

static bool list_add(Pool *pool, const char **name, int32_t *names, Error *err, const char *format,
                     ...) __attribute__((format(printf, 5, 6)));
static bool list_add(Pool *pool, const char **name, int32_t *names, Error *err, const char *format,
                     ...) {
    char text[STORE_NAME_BYTES];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert(length > 0 && length < STORE_NAME_BYTES);
    name[*names] = pool_text(pool, text, (size_t)length, err);
    return name[(*names)++] != NULL;
}

static bool read_sets(StoreReader *reader, Error *err) {
    Results *r = reader->results;
    Pool *pool = &reader->memory->pool;
    static const char *const of_set[OF_SET] = {"recipe", "kept",   "path",   "size",
                                               "sha256", "inputs", "outputs"};
    static const char *const of_part[] = {"@outputs", "/x", "/y", "/fold"};
    if (r->sets == 0) return true;
    const char **name = pool_alloc(pool, (size_t)r->sets * SET_NAMES, sizeof *name, err);
    r->set = pool_alloc(pool, (size_t)r->sets, sizeof *r->set, err);
    if (!name || !r->set) return false;
    int32_t names = 0;
    for (int32_t k = 0; k < r->sets; k++) {
        for (int i = 0; i < OF_SET; i++)
            TRY(list_add(pool, name, &names, err, "/data/%" PRId32 "@%s", k, of_set[i]));
        for (int i = 0; i < PARTS * PART_NAMES; i++)
            TRY(list_add(pool, name, &names, err, "/data/%" PRId32 "/%s%s", k,
                         PART_OF[i / PART_NAMES], of_part[i % PART_NAMES]));
    }
    TRY(h5_image_read(&reader->memory->data, reader->path, name, names, err));
    for (int32_t k = 0; k < r->sets; k++)
        TRY(take_set(reader, name + k * SET_NAMES, &r->set[k], err));
    return true;
fail:
    return false;
}

/* ---- the whole ---- */

static const char *const NAMES[] = {
    "/@format",
    "/@name",
    "/@description",
    "/@program_version",
    "/@format_version",
    "/config/source",
    "/config/resolved",
    "/data@count",
    "/trials@arithmetic",
    "/trials@numerics",
    "/trials/id",
    "/trials/data",
    "/trials/data_digest",
    "/trials/setting",
    "/trials/repeat",
    "/trials/fold",
    "/trials/seed",
    "/trials/status",
    "/trials/verdict",
    "/trials/message",
    "/trials/hidden_units",
    "/trials/parameters",
    "/trials/epochs_run",
    "/trials/best_epoch",
    "/history/epoch",
    "/weights/offset",
    "/weights/values",
    "/weights/best_values",
};
enum { FIXED_NAMES = sizeof NAMES / sizeof *NAMES };

static bool read_image(StoreReader *reader, Error *err) {
    Pool *pool = &reader->memory->pool;
    const char **name =
        pool_alloc(pool, FIXED_NAMES + KEY_COUNT + 3 * METRIC_COUNT, sizeof *name, err);
    int32_t names = FIXED_NAMES;
    if (!name) return false;
    memcpy(name, NAMES, sizeof NAMES);
    for (int key = 0; key < KEY_COUNT; key++)
        TRY(list_add(pool, name, &names, err, "/trials/%s", KEYS[key].name));
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        TRY(list_add(pool, name, &names, err, "/trials/final_%s", metrics_name(metric)));
        TRY(list_add(pool, name, &names, err, "/trials/best_%s", metrics_name(metric)));
        TRY(list_add(pool, name, &names, err, "/history/%s", metrics_name(metric)));
    }
    return h5_image_read(&reader->memory->main, reader->path, name, names, err);
fail:
    return false;
}

static bool read_head(StoreReader *reader, Error *err) {
    Results *r = reader->results;
    const H5Image *image = &reader->memory->main;
    char *format;
    int64_t version = 0, sets = 0;
    TRY(need_text(reader, "/@format", &format, err));
    if (strcmp(format, STORE_FORMAT) || !one_integer(image, "/@format_version", &version))
        return error_set(err, ERROR_RESOURCE,
                         "%s: an HDF5 file, but not one of results (format \"%s\")", reader->path,
                         format);
    if (version != STORE_FORMAT_VERSION)
        return error_set(err, ERROR_RESOURCE,
                         "%s: format version %" PRId64 ", this program reads %d", reader->path,
                         version, STORE_FORMAT_VERSION);
    TRY(need_text(reader, "/@name", &r->name, err));
    TRY(need_text(reader, "/@description", &r->description, err));
    TRY(need_text(reader, "/@program_version", &r->program_version, err));
    TRY(need_text(reader, "/config/source", &r->source, err));
    TRY(need_text(reader, "/config/resolved", &r->resolved, err));
    TRY(need_text(reader, "/trials@arithmetic", &r->arithmetic, err));
    if (!one_integer(image, "/trials@numerics", &r->numerics))
        return store_damaged(reader, "/trials@numerics", err);
    if (!one_integer(image, "/data@count", &sets) || sets < 0 || sets > MAX_SETS)
        return store_damaged(reader, "/data@count", err);
    r->sets = (int32_t)sets;
    const int32_t id = h5_image_find(image, "/trials/id");
    if (id < 0 || image->shape[id].rank != 1) return store_damaged(reader, "/trials/id", err);
    r->trials = image->shape[id].size[0];
    return true;
fail:
    return false;
}

static bool read_columns(const StoreReader *reader, Error *err) {
    Results *r = reader->results;
    const struct {
        const char *name;
        int64_t low, high;
        int64_t **wide;
        int32_t **narrow;
    } integers[] = {
        {"/trials/data", 0, r->sets - 1, NULL, &r->data},
        {"/trials/repeat", 0, INT32_MAX, NULL, &r->repeat},
        {"/trials/fold", 0, INT32_MAX, NULL, &r->fold},
        {"/trials/setting", 0, INT64_MAX, &r->setting, NULL},
        {"/trials/seed", 0, UINT32_MAX, &r->seed, NULL},
        {"/trials/hidden_units", 0, INT64_MAX, &r->hidden_units, NULL},
        {"/trials/parameters", 0, INT64_MAX, &r->parameters, NULL},
        {"/trials/epochs_run", 0, INT64_MAX, &r->epochs_run, NULL},
        {"/trials/best_epoch", -1, INT64_MAX, &r->best_epoch, NULL},
    };
    TRY(take_hex(reader, "/trials/id", &r->id, err));
    TRY(take_hex(reader, "/trials/data_digest", &r->data_digest, err));
    TRY(store_take_texts(reader, "/trials/message", &r->message, err));
    TRY(take_words(reader, err));
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
        TRY(take_integers(reader, integers[i].name, integers[i].low, integers[i].high,
                          integers[i].wide, integers[i].narrow, err));
    for (int key = 0; key < KEY_COUNT; key++) TRY(store_take_key(reader, &KEYS[key], err));
    TRY(take_epochs(reader, err));
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) TRY(take_metric(reader, metric, err));
    return take_weights(reader, err);
fail:
    return false;
}

/* Looks at the bytes before HDF5 does. */
static bool check_trailer(StoreReader *reader, Error *err) {
    const int fd = open(reader->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    TrailerState state;
    if (fd < 0) return error_errno(err, "%s", reader->path);
    const bool ok = trailer_check(fd, reader->path, &state, err);
    close(fd);
    if (!ok) return false;
    reader->results->changed = state == TRAILER_NONE;
    return state != TRAILER_DAMAGED ||
           error_set(err, ERROR_RESOURCE,
                     "%s: damaged (cut short, or its bytes are not those that were written); use a "
                     "copy of it, or run "
                     "the experiment again with --force",
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
    TRY(read_sets(&reader, err));
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
