#include "core/data/split.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"

/* The rows of each class in their order, classes without rows left out. */
typedef struct ClassRows {
    int32_t classes;
    int64_t *start; /* classes + 1: class c has row[start[c]] .. row[start[c + 1]] */
    int32_t *row;   /* n */
    int32_t *order; /* classes: in the order in which they first appear */
} ClassRows;

static void class_rows_free(ClassRows *rows) {
    free(rows->start);
    free(rows->row);
    free(rows->order);
    *rows = (ClassRows){0};
}

static bool has_draws(int64_t n, Error *err) {
    return n <= INT32_MAX ||
           error_set(err, ERROR_RESOURCE, "%" PRId64 " rows are too many to draw from (%d at most)",
                     n, INT32_MAX);
}

static bool class_rows_create(ClassRows *rows, int64_t n, const int32_t *label, Error *err) {
    int32_t largest = 0, met = 0;
    for (int64_t i = 0; i < n; i++) largest = label[i] > largest ? label[i] : largest;
    const size_t labels = (size_t)largest + 1;
    *rows = (ClassRows){.start = calloc(labels + 1, sizeof *rows->start),
                        .row = malloc(((size_t)n + 1) * sizeof *rows->row),
                        .order = malloc(labels * sizeof *rows->order)};
    int64_t *next = calloc(labels, sizeof *next);    /* of each label: how many, then where to */
    int32_t *class = malloc(labels * sizeof *class); /* of each label */
    const bool done = rows->start && rows->row && rows->order && next && class;
    if (!done) {
        error_memory(err, ((size_t)n + 1) * sizeof *rows->row);
        goto fail;
    }
    for (int64_t i = 0; i < n; i++) next[label[i]]++;
    for (int32_t l = 0; l <= largest; l++) {
        const int64_t count = next[l];
        if (count == 0) continue;
        next[l] = rows->start[rows->classes];
        class[l] = rows->classes++;
        rows->start[rows->classes] = next[l] + count;
    }
    for (int64_t i = 0; i < n; i++) {
        const int32_t c = class[label[i]];
        if (next[label[i]] == rows->start[c]) rows->order[met++] = c;
        rows->row[next[label[i]]++] = (int32_t)i;
    }
fail:
    free(class);
    free(next);
    if (!done) class_rows_free(rows);
    return done;
}

static int64_t class_size(const ClassRows *rows, int32_t class) {
    return rows->start[class + 1] - rows->start[class];
}

/* --- a share ---------------------------------------------------------------------------------- */

static bool choose_any(bool *is_held_out, int64_t n, int64_t count, uint32_t seed, Error *err) {
    int32_t *order = malloc(((size_t)n + 1) * sizeof *order);
    if (!order) return error_memory(err, ((size_t)n + 1) * sizeof *order);
    Rng rng;
    rng_seed(&rng, seed);
    rng_permutation(&rng, order, n);
    for (int64_t i = 0; i < count; i++) is_held_out[order[i]] = true;
    free(order);
    return true;
}

/* One more for each of the classes with this remainder, for `left` of them where there are more. */
static int64_t raise_tied(int64_t *share, const double *remainder, int32_t classes, double value,
                          int64_t left, int32_t *tied, Rng *rng) {
    int32_t *order = tied + classes, ties = 0;
    for (int32_t c = 0; c < classes; c++) {
        if (remainder[c] == value) tied[ties++] = c;
    }
    const int64_t chosen = ties < left ? ties : left;
    rng_permutation(rng, order, ties); /* RandomState.choice(ties, chosen, replace=False) */
    for (int64_t i = 0; i < chosen; i++) share[tied[order[i]]]++;
    return chosen;
}

/* `draws` rows shared out over classes of `size` rows: the whole part of size / sum * draws, and
 * what is missing by the largest remainders. scikit-learn's _approximate_mode, in its order of
 * operations: the remainders are compared with ==. remainder and tied: spare, classes and 2 classes
 * long. */
static void share_out(int64_t *share, const int64_t *size, int32_t classes, int64_t draws,
                      double *remainder, int32_t *tied, Rng *rng) {
    int64_t sum = 0, left = draws;
    for (int32_t c = 0; c < classes; c++) sum += size[c];
    for (int32_t c = 0; c < classes; c++) {
        const double exact = (double)size[c] / (double)sum * (double)draws, floored = floor(exact);
        share[c] = (int64_t)floored;
        remainder[c] = exact - floored;
        left -= share[c];
    }
    double below = HUGE_VAL;
    while (left > 0) {
        double next = -1;
        for (int32_t c = 0; c < classes; c++) {
            if (remainder[c] < below && remainder[c] > next) next = remainder[c];
        }
        assert(next >= 0); /* less than one a class is missing */
        left -= raise_tied(share, remainder, classes, next, left, tied, rng);
        below = next;
    }
}

/* Spare memory of choose_stratified, for so many classes. */
typedef struct SplitSpare {
    int64_t *size, *train, *held_out;
    double *remainder;
    int32_t *tied; /* 2 a class */
    int32_t *order;
} SplitSpare;

static bool spare_create(SplitSpare *spare, int32_t classes, int64_t n, Error *err) {
    const size_t count = (size_t)classes + 1;
    spare->size = calloc(3 * count, sizeof *spare->size);
    spare->remainder = malloc(count * sizeof *spare->remainder);
    spare->tied = malloc(2 * count * sizeof *spare->tied);
    spare->order = malloc(((size_t)n + 1) * sizeof *spare->order);
    if (!spare->size || !spare->remainder || !spare->tied || !spare->order) {
        return error_memory(err, ((size_t)n + 1) * sizeof *spare->order);
    }
    spare->train = spare->size + count;
    spare->held_out = spare->train + count;
    return true;
}

static void spare_free(SplitSpare *spare) {
    free(spare->size);
    free(spare->remainder);
    free(spare->tied);
    free(spare->order);
}

static bool choose_stratified(bool *is_held_out, int64_t n, const int32_t *label, int64_t count,
                              uint32_t seed, Error *err) {
    ClassRows rows = {0};
    SplitSpare spare = {0};
    bool done = false;
    Rng rng;
    rng_seed(&rng, seed);
    TRY(class_rows_create(&rows, n, label, err));
    TRY(spare_create(&spare, rows.classes, n, err));
    for (int32_t c = 0; c < rows.classes; c++) spare.size[c] = class_size(&rows, c);
    share_out(spare.train, spare.size, rows.classes, n - count, spare.remainder, spare.tied, &rng);
    for (int32_t c = 0; c < rows.classes; c++) spare.size[c] -= spare.train[c];
    share_out(spare.held_out, spare.size, rows.classes, count, spare.remainder, spare.tied, &rng);
    for (int32_t c = 0; c < rows.classes; c++) {
        const int32_t *row = rows.row + rows.start[c];
        rng_permutation(&rng, spare.order, class_size(&rows, c));
        for (int64_t i = 0; i < spare.held_out[c]; i++) {
            is_held_out[row[spare.order[spare.train[c] + i]]] = true;
        }
    }
    done = true;
fail:
    spare_free(&spare);
    class_rows_free(&rows);
    return done;
}

bool split_choose(bool *is_held_out, int64_t n, const int32_t *label, int64_t count, uint32_t seed,
                  Error *err) {
    assert(count >= 0 && count <= n);
    memset(is_held_out, 0, (size_t)n * sizeof *is_held_out);
    if (count == 0) return true;
    if (!has_draws(n, err)) return false;
    return label ? choose_stratified(is_held_out, n, label, count, seed, err)
                 : choose_any(is_held_out, n, count, seed, err);
}

/* --- folds ------------------------------------------------------------------------------------ */

static bool fold_any(int32_t *fold, int64_t n, int32_t folds, uint32_t seed, Error *err) {
    int32_t *order = malloc((size_t)n * sizeof *order);
    if (!order) return error_memory(err, (size_t)n * sizeof *order);
    Rng rng;
    rng_seed(&rng, seed);
    rng_permutation(&rng, order, n);
    /* the first n % folds folds have one row more */
    const int64_t size = n / folds, longer = n % folds;
    int64_t position = 0;
    for (int32_t f = 0; f < folds; f++) {
        const int64_t end = position + size + (f < longer);
        while (position < end) fold[order[position++]] = f;
    }
    free(order);
    return true;
}

/* All rows sorted by class are dealt out in turn, which says how many of a class each fold has;
 * which ones is shuffled within the class. */
static bool fold_stratified(int32_t *fold, int64_t n, const int32_t *label, int32_t folds,
                            uint32_t seed, Error *err) {
    ClassRows rows = {0};
    int32_t *dealt = malloc((size_t)n * sizeof *dealt);
    bool done = false;
    Rng rng;
    rng_seed(&rng, seed);
    if (!dealt) {
        error_memory(err, (size_t)n * sizeof *dealt);
        goto fail;
    }
    TRY(class_rows_create(&rows, n, label, err));
    int64_t begun = 0; /* rows of the classes before */
    for (int32_t k = 0; k < rows.classes; k++) {
        const int32_t c = rows.order[k];
        const int64_t size = class_size(&rows, c);
        int64_t count = 0;
        for (int32_t f = 0; f < folds; f++) {
            const int64_t first = (f - begun % folds + folds) % folds; /* begun + first is f's */
            for (int64_t i = first; i < size; i += folds) dealt[count++] = f;
        }
        rng_shuffle(&rng, dealt, size);
        for (int64_t i = 0; i < size; i++) fold[rows.row[rows.start[c] + i]] = dealt[i];
        begun += size;
    }
    done = true;
fail:
    free(dealt);
    class_rows_free(&rows);
    return done;
}

bool split_folds(int32_t *fold, int64_t n, const int32_t *label, int32_t folds, uint32_t seed,
                 Error *err) {
    if (folds < 2 || folds > n) {
        return error_set(err, ERROR_USAGE,
                         "%" PRId32 " folds of %" PRId64 " rows (2 to the number of rows can be)",
                         folds, n);
    }
    if (!has_draws(n, err)) return false;
    return label ? fold_stratified(fold, n, label, folds, seed, err)
                 : fold_any(fold, n, folds, seed, err);
}
