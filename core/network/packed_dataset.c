#include "core/network/packed_dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernels/vec.h"

static void packed_dataset_free(PackedDataset *data) {
    free(data->rows);
    free(data->columns);
    free(data->largest);
    free(data->label);
    free(data->target);
    free(data->variance);
    free(data);
}

void packed_dataset_destroy(PackedDataset *data) {
    if (data) packed_dataset_free(data);
}

static real *alloc(size_t count, Error *err) {
    /* full vectors, on a cache line */
    const size_t bytes = (REAL_PADDED(count) * sizeof(real) + 63) / 64 * 64;
    real *block = aligned_alloc(64, bytes ? bytes : 64);
    if (!block) {
        error_memory(err, bytes);
        return NULL;
    }
    return memset(block, 0, bytes);
}

/* Padded so that the units of a sample do not all fall into the same set of the cache. */
static ptrdiff_t spread_stride(int64_t n) {
    ptrdiff_t stride = (ptrdiff_t)REAL_PADDED(n);
    if ((size_t)stride * sizeof(real) % 512 == 0) stride += LANES;
    return stride;
}

static void sum_of_squares(double *sum, const Dataset *set) {
    for (int32_t k = 0; k < set->outputs; k++) {
        double mean = 0, squares = 0;
        for (int64_t i = 0; i < set->n; i++) mean += set->target[i * set->outputs + k];
        mean /= (double)set->n;
        for (int64_t i = 0; i < set->n; i++) {
            const double e = set->target[i * set->outputs + k] - mean;
            squares += e * e;
        }
        sum[k] = squares;
    }
}

static void find_largest(PackedDataset *data) {
    const int64_t inputs = data->inputs;
    for (int64_t i = 0; i < data->n * inputs; i++) {
        const real x = data->rows[i], size = x < 0 ? -x : x;
        if (size > data->largest[i % inputs]) data->largest[i % inputs] = size;
    }
}

/* Of n rows of `columns` numbers. */
static double largest_norm(const real *rows, int64_t n, int32_t columns) {
    double largest = 0;
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int32_t k = 0; k < columns; k++) {
            const double x = (double)rows[i * columns + k];
            sum += x * x;
        }
        largest = fmax(largest, sqrt(sum));
    }
    return largest;
}

bool packed_dataset_create(PackedDataset **out, const Dataset *set, Error *err) {
    *out = NULL;
    PackedDataset *data = calloc(1, sizeof *data);
    if (!data) return error_memory(err, sizeof *data);
    data->set = set;
    data->n = set->n;
    data->inputs = set->inputs;
    data->outputs = set->outputs;
    data->stride = spread_stride(set->n);
    const size_t cells = (size_t)set->n * (size_t)set->inputs;
    TRY(data->rows = alloc(cells, err));
    for (size_t i = 0; i < cells; i++) data->rows[i] = (real)set->x[i];
    TRY(data->largest = alloc((size_t)set->inputs, err));
    find_largest(data);
    if (set->inputs <= PACKED_DATASET_MAX_COLUMNS) {
        TRY(data->columns = alloc((size_t)(set->inputs + 1) * (size_t)data->stride, err));
        for (int32_t u = 0; u <= set->inputs; u++) {
            real *column = data->columns + u * data->stride;
            for (int64_t i = 0; i < set->n; i++) {
                column[i] = u == set->inputs ? 1 : data->rows[i * set->inputs + u];
            }
        }
    }
    if (set->label) {
        TRY(data->label = alloc((size_t)data->stride, err));
        for (int64_t i = 0; i < data->stride; i++) {
            data->label[i] = i < set->n ? (real)set->label[i] : -1;
        }
    } else {
        const size_t values = (size_t)set->n * (size_t)set->outputs;
        TRY(data->target = alloc(values, err));
        for (size_t i = 0; i < values; i++) data->target[i] = (real)set->target[i];
        data->variance = calloc((size_t)set->outputs, sizeof(double));
        if (!data->variance) {
            error_memory(err, (size_t)set->outputs * sizeof(double));
            goto fail;
        }
        sum_of_squares(data->variance, set);
    }
    data->reach = (1 + largest_norm(data->rows, data->n, data->inputs)) *
                  (2 + (data->target ? largest_norm(data->target, data->n, data->outputs) : 0)) *
                  (double)data->n;
    *out = data;
    return true;
fail:
    packed_dataset_free(data);
    return false;
}

#define GATHER_LINE  (64 / (int)sizeof(real)) /* inputs in a line */
#define GATHER_AHEAD 64 /* inputs: rows are prefetched so far ahead, a line at a time */

static void gather_column(real *to, const real *from, const int32_t *order, int64_t first,
                          int32_t count) {
    if (!order) memcpy(to, from + first, (size_t)count * sizeof *to);
    for (int32_t s = 0; order && s < count; s++) to[s] = from[order[s]];
}

/* x[u * stride + s] = from[s][u]: LANES rows, inputs u0 .. u1, less than a line */
static void gather_some(real *x, ptrdiff_t stride, const real *const *from, int32_t u0,
                        int32_t u1) {
    for (int32_t u = u0; u < u1; u++) {
        for (int s = 0; s < LANES; s++) x[u * stride + s] = from[s][u];
    }
}

/* The same for a full line of inputs. */
static void gather_line(real *x, ptrdiff_t stride, const real *const *from, int32_t u0) {
    for (int s = 0; s < LANES; s++) __builtin_prefetch(from[s] + u0 + GATHER_AHEAD);
    for (int32_t u = u0; u < u0 + GATHER_LINE; u += VEC_WIDTH) {
        for (int s = 0; s < LANES; s += VEC_WIDTH) {
            const real *corner[VEC_WIDTH];
            for (int i = 0; i < VEC_WIDTH; i++) corner[i] = from[s + i] + u;
            vec_transpose(x + u * stride + s, stride, corner);
        }
    }
}

/* LANES rows at a time, so that the tile is written in full lines. Shuffled rows lie anywhere in
 * memory: without prefetching, waiting for them was a fifth of a deep network's training
 * (measured). */
static void gather_rows(real *x, const PackedDataset *data, const int32_t *order, int64_t first,
                        int32_t count, ptrdiff_t stride) {
    const int32_t inputs = data->inputs, full_lines = inputs / GATHER_LINE * GATHER_LINE;
    for (int32_t s0 = 0; s0 < count; s0 += LANES) {
        const real
            *from[LANES]; /* past the last row any row will do: padding is cleared afterwards */
        for (int32_t s = 0; s < LANES; s++) {
            const int32_t at = s0 + s < count ? s0 + s : count - 1;
            from[s] = data->rows + (order ? order[at] : first + at) * inputs;
        }
        for (int32_t u = 0; u < full_lines; u += GATHER_LINE) gather_line(x + s0, stride, from, u);
        gather_some(x + s0, stride, from, full_lines, inputs);
    }
    for (int32_t s = 0; s < count; s++) x[inputs * stride + s] = 1;
}

static void gather_targets(real *target, const PackedDataset *data, const int32_t *order,
                           int64_t first, int32_t count, ptrdiff_t stride) {
    for (int32_t s = 0; s < count; s++) {
        const real *from = data->target + (order ? order[s] : first + s) * data->outputs;
        for (int32_t k = 0; k < data->outputs; k++) target[k * stride + s] = from[k];
    }
}

void packed_dataset_gather(const PackedDataset *data, const int32_t *order, int64_t first,
                           int32_t count, PackedTile tile) {
    const int32_t *chosen = order ? order + first : NULL;
    const ptrdiff_t stride = tile.stride;
    real *x = tile.x, *label = tile.label, *target = tile.target;
    for (int32_t u = 0; x && data->columns && u <= data->inputs; u++) {
        gather_column(x + u * stride, data->columns + u * data->stride, chosen, first, count);
    }
    if (x && !data->columns) gather_rows(x, data, chosen, first, count, stride);
    if (data->label) {
        gather_column(label, data->label, chosen, first, count);
    } else {
        gather_targets(target, data, chosen, first, count, stride);
    }
    for (int32_t s = count; s < tile.rows; s++) {
        for (int32_t u = 0; x && u < data->inputs; u++) x[u * stride + s] = 0;
        if (x) x[data->inputs * stride + s] = 1;
        if (data->label) label[s] = -1;
        for (int32_t k = 0; !data->label && k < data->outputs; k++) target[k * stride + s] = 0;
    }
}
