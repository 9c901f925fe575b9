/* Data sets: making, checking, cutting and scaling them. Sums run in row order, so they have one
 * result. */
#include "core/data/dataset.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/data/class_labels.h"

/* Zeroed n x columns items, never NULL for an empty array. */
static void *alloc(int64_t n, int32_t columns, size_t size, Error *err) {
    size_t count = 0, bytes = 0;
    if (__builtin_mul_overflow((size_t)n, (size_t)columns, &count) ||
        __builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX) {
        error_memory(err, SIZE_MAX);
        return NULL;
    }
    void *memory = calloc(bytes ? bytes : 1, 1);
    if (!memory) error_memory(err, bytes);
    return memory;
}

bool dataset_create(Dataset *set, int64_t n, int32_t inputs, int32_t outputs, bool classes,
                    Error *err) {
    assert(n >= 0 && inputs >= 0 && outputs >= 0);
    *set = (Dataset){.n = n, .inputs = inputs, .outputs = outputs};
    TRY(set->x = alloc(n, inputs, sizeof *set->x, err));
    if (outputs > 0 && classes) TRY(set->label = alloc(n, 1, sizeof *set->label, err));
    if (outputs > 0 && !classes) TRY(set->target = alloc(n, outputs, sizeof *set->target, err));
    return true;
fail:
    dataset_destroy(set);
    return false;
}

void dataset_destroy(Dataset *set) {
    if (!set) return;
    free(set->x);
    free(set->label);
    free(set->target);
    free(set->fold);
    *set = (Dataset){0};
}

static bool check_finite(const double *values, int64_t n, int32_t columns, const char *name,
                         const char *what, Error *err) {
    for (int64_t row = 0; row < n; row++) {
        for (int32_t column = 0; column < columns; column++) {
            const double value = values[row * columns + column];
            if (isfinite(value)) continue;
            return error_set(err, ERROR_RESOURCE,
                             "%s: row %" PRId64 ", %s column %" PRId32
                             ": %g is not a finite number (rows and columns count from 0)",
                             name, row, what, column, value);
        }
    }
    return true;
}

bool dataset_check(const Dataset *set, const char *name, Error *err) {
    if (set->n < 1) {
        return error_set(err, ERROR_RESOURCE, "%s: no rows (at least one is needed)", name);
    }
    if (!check_finite(set->x, set->n, set->inputs, name, "input", err)) return false;
    if (set->target && !check_finite(set->target, set->n, set->outputs, name, "target", err)) {
        return false;
    }
    for (int64_t row = 0; set->label && row < set->n; row++) {
        const int32_t label = set->label[row];
        if (label >= 0 && label < set->outputs) continue;
        return error_set(err, ERROR_RESOURCE,
                         "%s: row %" PRId64 ": class %" PRId32 " (0 to %" PRId32
                         " are allowed; rows count from 0)",
                         name, row, label, set->outputs - 1);
    }
    return true;
}

/* Labels from a column of numbers. */
static bool read_labels(Dataset *set, DatasetNames *names, const double *y, int32_t classes,
                        const char *name, Error *err) {
    ClassLabels labels = {0};
    bool done = true;
    for (int64_t row = 0; done && row < set->n; row++) {
        set->label[row] = class_labels_number(&labels, y[row]);
        if (set->label[row] >= 0) continue;
        done = error_set(err, ERROR_RESOURCE, "%s: row %" PRId64 ": %.17g %s (rows count from 0)",
                         name, row, y[row], class_labels_words(&labels, set->label[row]));
    }
    done = done && class_labels_finish(&labels, classes, set->label, set->n, &names->class,
                                       &names->classes, name, err);
    set->outputs = names->classes;
    class_labels_free(&labels);
    return done;
}

bool dataset_from_pair(Dataset *set, DatasetNames *names, DatasetTable x, DatasetTable y,
                       DatasetTask task, const char *name, Error *err) {
    *names = (DatasetNames){.label_column = -1};
    if (task.by_class && y.columns != 1) {
        *set = (Dataset){0};
        return error_set(err, ERROR_RESOURCE,
                         "%s: %" PRId32 " columns of classes (one is expected)", name, y.columns);
    }
    TRY(dataset_create(set, x.n, x.columns, y.columns, task.by_class, err));
    memcpy(set->x, x.values, (size_t)x.n * (size_t)x.columns * sizeof *set->x);
    if (task.by_class) {
        TRY(read_labels(set, names, y.values, task.classes, name, err));
    } else {
        memcpy(set->target, y.values, (size_t)x.n * (size_t)y.columns * sizeof *set->target);
    }
    TRY(dataset_check(set, name, err));
    return true;
fail:
    dataset_destroy(set);
    dataset_names_free(names);
    return false;
}

/* The index of the label column, counted from 0; -1 (and *err set) where there is none. */
static int32_t find_label(DatasetTable matrix, int32_t column, const char *name, Error *err) {
    const int32_t label = column < 0 ? matrix.columns + column : column;
    if (matrix.columns < 2) {
        error_set(err, ERROR_RESOURCE,
                  "%s: %" PRId32 " columns (at least an input and a label are needed)", name,
                  matrix.columns);
        return -1;
    }
    if (label < 0 || label >= matrix.columns) {
        error_set(err, ERROR_RESOURCE,
                  "%s: label column %" PRId32 " of %" PRId32
                  " columns (they count from 0, negative ones from the end)",
                  name, column, matrix.columns);
        return -1;
    }
    return label;
}

bool dataset_from_matrix(Dataset *set, DatasetNames *names, DatasetTable matrix,
                         int32_t label_column, DatasetTask task, const char *name, Error *err) {
    *set = (Dataset){0};
    *names = (DatasetNames){.label_column = -1};
    double *x = NULL, *y = NULL;
    bool done = false;
    const int64_t n = matrix.n;
    const int32_t inputs = matrix.columns - 1;
    const int32_t label = find_label(matrix, label_column, name, err);
    if (label < 0) return false;
    TRY(x = alloc(n, inputs, sizeof *x, err));
    TRY(y = alloc(n, 1, sizeof *y, err));
    for (int64_t row = 0; row < n; row++) {
        const double *from = matrix.values + row * matrix.columns;
        double *to = x + row * inputs;
        for (int32_t column = 0; column < matrix.columns; column++) {
            if (column == label) {
                y[row] = from[column];
            } else {
                *to++ = from[column];
            }
        }
    }
    done = dataset_from_pair(set, names, (DatasetTable){x, n, inputs}, (DatasetTable){y, n, 1},
                             task, name, err);
    names->label_column = label;
fail:
    free(y);
    free(x);
    return done;
}

bool dataset_rows(Dataset *out, const Dataset *set, const int64_t *index, int64_t count,
                  Error *err) {
    TRY(dataset_create(out, count, set->inputs, set->outputs, set->label, err));
    if (set->fold) TRY(out->fold = alloc(count, 1, sizeof *out->fold, err));
    const size_t inputs = (size_t)set->inputs, outputs = (size_t)set->outputs;
    for (int64_t i = 0; i < count; i++) {
        const size_t to = (size_t)i, from = (size_t)index[i];
        assert(index[i] >= 0 && index[i] < set->n);
        memcpy(out->x + to * inputs, set->x + from * inputs, inputs * sizeof *set->x);
        if (set->label) out->label[to] = set->label[from];
        if (set->fold) out->fold[to] = set->fold[from];
        if (!set->target) continue;
        memcpy(out->target + to * outputs, set->target + from * outputs,
               outputs * sizeof *set->target);
    }
    return true;
fail:
    dataset_destroy(out);
    return false;
}

bool dataset_copy(Dataset *copy, const Dataset *set, Error *err) {
    if (!dataset_create(copy, set->n, set->inputs, set->outputs, set->label, err)) return false;
    const size_t n = (size_t)set->n;
    memcpy(copy->x, set->x, n * (size_t)set->inputs * sizeof *set->x);
    if (set->label) memcpy(copy->label, set->label, n * sizeof *set->label);
    if (set->target) {
        memcpy(copy->target, set->target, n * (size_t)set->outputs * sizeof *set->target);
    }
    return true;
}

/* The rows whose mark is `wanted`, in order. */
static bool pick(Dataset *out, const Dataset *set, const bool *mark, bool wanted, int64_t *index,
                 Error *err) {
    int64_t count = 0;
    for (int64_t i = 0; i < set->n; i++) {
        if (mark[i] == wanted) index[count++] = i;
    }
    return dataset_rows(out, set, index, count, err);
}

bool dataset_split(Dataset *rest, Dataset *held_out, const Dataset *set, const bool *is_held_out,
                   Error *err) {
    int64_t *index = NULL;
    if (rest) *rest = (Dataset){0};
    if (held_out) *held_out = (Dataset){0};
    TRY(index = alloc(set->n, 1, sizeof *index, err));
    if (rest) TRY(pick(rest, set, is_held_out, false, index, err));
    if (held_out) TRY(pick(held_out, set, is_held_out, true, index, err));
    free(index);
    return true;
fail:
    free(index);
    dataset_destroy(rest);
    dataset_destroy(held_out);
    return false;
}

static uint64_t digest_word(uint64_t digest, uint64_t word) {
    return rng_mix((digest ^ word) + UINT64_C(0x9e3779b97f4a7c15));
}

static uint64_t digest_doubles(uint64_t digest, const double *values, int64_t count) {
    for (int64_t i = 0; values && i < count; i++) {
        uint64_t word;
        memcpy(&word, &values[i], sizeof word);
        digest = digest_word(digest, word);
    }
    return digest;
}

static uint64_t row_digest(const Dataset *set, int64_t row) {
    return digest_doubles(0, set->x + row * set->inputs, set->inputs);
}

static bool same_row(const Dataset *a, int64_t i, const Dataset *b, int64_t j) {
    const size_t bytes = (size_t)a->inputs * sizeof *a->x;
    return memcmp(a->x + i * a->inputs, b->x + j * b->inputs, bytes) == 0;
}

/* Rows of `other` by open addressing: the number of the row + 1, or 0. */
bool dataset_shared_rows(int64_t *count, const Dataset *set, const Dataset *other, Error *err) {
    size_t slots = 16;
    *count = 0;
    if (set->inputs != other->inputs) return true;
    while (slots < 2 * (size_t)other->n) slots *= 2;
    int64_t *slot = calloc(slots, sizeof *slot);
    if (!slot) return error_memory(err, slots * sizeof *slot);
    for (int64_t j = 0; j < other->n; j++) {
        size_t at = row_digest(other, j) & (slots - 1);
        while (slot[at] && !same_row(other, slot[at] - 1, other, j)) at = (at + 1) & (slots - 1);
        slot[at] = j + 1;
    }
    for (int64_t i = 0; i < set->n; i++) {
        size_t at = row_digest(set, i) & (slots - 1);
        while (slot[at] && !same_row(set, i, other, slot[at] - 1)) at = (at + 1) & (slots - 1);
        *count += slot[at] != 0;
    }
    free(slot);
    return true;
}

uint64_t dataset_digest(const Dataset *set) {
    const uint64_t kind = (set->label ? 1U : 0U) | (set->target ? 2U : 0U);
    const uint64_t shape[] = {(uint64_t)set->n, (uint64_t)set->inputs, (uint64_t)set->outputs,
                              kind};
    uint64_t digest = 0;
    for (int i = 0; i < 4; i++) digest = digest_word(digest, shape[i]);
    digest = digest_doubles(digest, set->x, set->n * set->inputs);
    digest = digest_doubles(digest, set->target, set->n * set->outputs);
    for (int64_t i = 0; set->label && i < set->n; i++) {
        digest = digest_word(digest, (uint64_t)set->label[i]);
    }
    return digest;
}
