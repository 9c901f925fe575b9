#include "runner/analysis/importance.h"

#include <math.h>
#include <stdlib.h>

/* The full grid that is analysed; arrays are in the pool. */
typedef struct FullGrid {
    int32_t axes, axis[SUMMARY_AXES]; /* those with two values or more */
    int32_t count[SUMMARY_AXES];      /* of these: how many values */
    int64_t cells;
    int32_t replicates;
    int32_t *value; /* cells x axes: from 0 to count */
    double *y;      /* cells x replicates, over the largest: no square can overflow */
} FullGrid;

/* What becomes of one effect, or of all settings as one. */
typedef struct EffectSquares {
    double between, within; /* SS(E), SS(E x repeat) */
    double luck;            /* what luck has in SS(E) */
    double degrees, p;
} EffectSquares;

/* --- the grid --------------------------------------------------------------------------------- */

static bool is_kept(const Importance *importance, const Summary *summary, int64_t group) {
    const int32_t *value = summary->value + group * SUMMARY_AXES;
    bool kept = summary->group[group].complete;
    for (int32_t a = 0; a < summary->axes; a++) kept = kept && !importance->left_out[a][value[a]];
    return kept;
}

static int32_t values_left(const Importance *importance, const Summary *summary, int32_t axis) {
    int32_t left = 0;
    for (int32_t v = 0; v < summary->axis[axis].count; v++) left += !importance->left_out[axis][v];
    return left;
}

/* Leaves out the value with the largest share of missing settings; of equal ones that which costs
 * the fewest settings. False where the grid is full. */
static bool leave_one_out(Importance *importance, const Summary *summary, int64_t *there) {
    double cells = 1, worst = 0, fewest = 0;
    int32_t axis = -1, value = -1;
    for (int32_t a = 0; a < summary->axes; a++) cells *= values_left(importance, summary, a);
    for (int32_t a = 0; a < summary->axes; a++) {
        const double wanted = cells / values_left(importance, summary, a);
        for (int32_t v = 0; v < summary->axis[a].count; v++) there[v] = 0;
        for (int64_t g = 0; g < summary->groups; g++)
            there[summary->value[g * SUMMARY_AXES + a]] += is_kept(importance, summary, g);
        for (int32_t v = 0; v < summary->axis[a].count; v++) {
            const double missing = 1 - (double)there[v] / wanted;
            if (importance->left_out[a][v] || missing <= 0 || missing < worst) continue;
            if (missing == worst && wanted >= fewest) continue;
            worst = missing;
            fewest = wanted;
            axis = a;
            value = v;
        }
    }
    if (axis < 0) return false;
    importance->left_out[axis][value] = true;
    return true;
}

static bool find_grid(Importance *importance, const Summary *summary, Error *err) {
    Pool *pool = &importance->pool;
    int32_t largest = 0;
    for (int32_t a = 0; a < summary->axes; a++) {
        const int32_t count = summary->axis[a].count;
        importance->left_out[a] = pool_alloc(pool, (size_t)count, sizeof(bool), err);
        if (!importance->left_out[a]) return false;
        for (int32_t v = 0; v < count; v++) importance->left_out[a][v] = false;
        largest = count > largest ? count : largest;
    }
    int64_t *there = pool_alloc(pool, (size_t)largest + 1, sizeof *there, err);
    if (!there) return false;
    bool more = summary->axes > 0;
    while (more) {
        more = leave_one_out(importance, summary, there);
        for (int32_t a = 0; a < summary->axes; a++)
            more = more && values_left(importance, summary, a) > 0;
    }
    return true;
}

static double largest_of(const double *x, int64_t n) {
    double largest = 0;
    for (int64_t i = 0; i < n; i++) largest = fmax(largest, fabs(x[i]));
    return largest;
}

/* The values of the settings that are kept, as a grid without gaps; axes is 0 where fewer than two
 * are left, or two settings share a cell. */
static bool fill_grid(FullGrid *grid, Importance *importance, const Summary *summary, Error *err) {
    const double *column = summary_column(summary, summary->metric, summary->at);
    const size_t n = (size_t)summary->replicates;
    double cells = 1;
    *grid = (FullGrid){.replicates = summary->replicates};
    for (int32_t a = 0; a < summary->axes; a++) {
        const int32_t left = values_left(importance, summary, a);
        cells *= left;
        if (left < 2) continue;
        grid->count[grid->axes] = left;
        grid->axis[grid->axes++] = a;
    }
    for (int64_t g = 0; g < summary->groups; g++) grid->cells += is_kept(importance, summary, g);
    if (!column || (double)grid->cells != cells || grid->axes < 2) {
        grid->axes = 0;
        return true;
    }
    grid->value =
        pool_alloc(&importance->pool, (size_t)(grid->cells * grid->axes), sizeof(int32_t), err);
    grid->y = pool_alloc(&importance->pool, (size_t)grid->cells * n, sizeof(double), err);
    if (!grid->value || !grid->y) return false;
    int64_t cell = 0;
    for (int64_t g = 0; g < summary->groups; g++) {
        if (!is_kept(importance, summary, g)) continue;
        for (int32_t k = 0; k < grid->axes; k++) {
            const int32_t a = grid->axis[k], value = summary->value[g * SUMMARY_AXES + a];
            int32_t rank = 0;
            for (int32_t v = 0; v < value; v++) rank += !importance->left_out[a][v];
            grid->value[cell * grid->axes + k] = rank;
        }
        summary_values(summary, g, column, grid->y + (size_t)cell * n);
        cell++;
    }
    const double largest = largest_of(grid->y, grid->cells * (int64_t)n);
    for (size_t i = 0; i < (size_t)grid->cells * n; i++) grid->y[i] /= largest > 0 ? largest : 1;
    return true;
}

/* --- sums of squares -------------------------------------------------------------------------- */

/* Greenhouse and Geisser's epsilon: tr(S)^2 over degrees times tr(S^2), S the covariance of the
 * replicates' effects, from the Gram matrix of their deviations d (replicates x levels). */
static double epsilon_of(const double *d, int64_t replicates, int64_t levels, double degrees) {
    const bool by_level = levels < replicates;
    const int64_t n = by_level ? levels : replicates, inner = by_level ? replicates : levels;
    double trace = 0, squares = 0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j <= i; j++) {
            double sum = 0;
            for (int64_t k = 0; k < inner; k++) {
                sum += by_level ? d[k * levels + i] * d[k * levels + j]
                                : d[i * levels + k] * d[j * levels + k];
            }
            if (i == j) trace += sum;
            squares += (i == j ? 1 : 2) * sum * sum;
        }
    }
    return squares > 0 ? fmin(1, trace * trace / (degrees * squares)) : 1;
}

/* Judges an effect by its values e (replicates x levels, each replicate's sum 0), of which each
 * stands for `weight` settings. e is overwritten. */
static EffectSquares judge(double *e, int64_t replicates, int64_t levels, double degrees,
                           double weight, bool folds) {
    EffectSquares out = {.degrees = degrees, .p = (double)NAN};
    const double n = (double)replicates, factor = folds ? 1 + n / (n - 1) : 1;
    for (int64_t l = 0; l < levels; l++) {
        double mean = 0;
        for (int64_t r = 0; r < replicates; r++) mean += e[r * levels + l] / n;
        out.between += weight * n * mean * mean;
        for (int64_t r = 0; r < replicates; r++) {
            e[r * levels + l] -= mean;
            out.within += weight * e[r * levels + l] * e[r * levels + l];
        }
    }
    if (replicates < 2) return out;
    out.luck = factor * out.within / (n - 1);
    const double epsilon = epsilon_of(e, replicates, levels, degrees) * degrees;
    if (out.luck > 0) out.p = statistics_f_tail(out.between / out.luck, epsilon, epsilon * (n - 1));
    return out;
}

/* The mean of the cells of each level in each replicate: out[replicates x levels], level k * b + l
 * of axes a and b (b -1: k alone). */
static void margins(const FullGrid *grid, int32_t a, int32_t b, double *out) {
    const int64_t levels = grid->count[a] * (int64_t)(b < 0 ? 1 : grid->count[b]);
    const double weight = (double)(grid->cells / levels);
    for (int64_t i = 0; i < levels * grid->replicates; i++) out[i] = 0;
    for (int64_t cell = 0; cell < grid->cells; cell++) {
        const int32_t *value = grid->value + cell * grid->axes;
        const int64_t level = b < 0 ? value[a] : value[a] * (int64_t)grid->count[b] + value[b];
        for (int32_t r = 0; r < grid->replicates; r++)
            out[r * levels + level] += grid->y[cell * grid->replicates + r] / weight;
    }
}

/* An axis alone (b -1) or a pair of them, freed of the grand mean and of the axes alone. */
static bool effect_of(EffectSquares *out, const FullGrid *grid, int32_t a, int32_t b, bool folds,
                      Error *err) {
    const int64_t rows = grid->count[a], columns = b < 0 ? 1 : grid->count[b];
    const int64_t levels = rows * columns, n = grid->replicates;
    double *e = malloc((size_t)(n * levels + rows + columns) * sizeof *e);
    if (!e) return error_memory(err, (size_t)(n * levels) * sizeof *e);
    double *of_row = e + n * levels, *of_column = of_row + rows;
    margins(grid, a, b, e);
    for (int64_t r = 0; r < n; r++) {
        double *one = e + r * levels, mean = 0;
        for (int64_t i = 0; i < rows + columns; i++) of_row[i] = 0;
        for (int64_t i = 0; i < levels; i++) {
            mean += one[i] / (double)levels;
            of_row[i / columns] += one[i] / (double)columns;
            of_column[i % columns] += one[i] / (double)rows;
        }
        for (int64_t i = 0; i < levels; i++) {
            one[i] -= b < 0 ? mean : of_row[i / columns] + of_column[i % columns] - mean;
        }
    }
    const double degrees = (double)(b < 0 ? rows - 1 : (rows - 1) * (columns - 1));
    *out = judge(e, n, levels, degrees, (double)(grid->cells / levels), folds);
    free(e);
    return true;
}

/* All settings, as if each were a value of one axis. */
static bool settings_of(EffectSquares *out, const FullGrid *grid, bool folds, Error *err) {
    const int64_t n = grid->replicates;
    double *e = malloc((size_t)(n * grid->cells) * sizeof *e);
    if (!e) return error_memory(err, (size_t)(n * grid->cells) * sizeof *e);
    for (int64_t r = 0; r < n; r++) {
        double mean = 0;
        for (int64_t c = 0; c < grid->cells; c++) mean += grid->y[c * n + r] / (double)grid->cells;
        for (int64_t c = 0; c < grid->cells; c++)
            e[r * grid->cells + c] = grid->y[c * n + r] - mean;
    }
    *out = judge(e, n, grid->cells, (double)(grid->cells - 1), 1, folds);
    free(e);
    return true;
}

/* --- shares ----------------------------------------------------------------------------------- */

static bool add_effect(Importance *importance, const FullGrid *grid, int32_t a, int32_t b,
                       const EffectSquares *all, double total, bool folds, Error *err) {
    EffectSquares one = {0};
    if (!effect_of(&one, grid, a, b, folds, err)) return false;
    const bool repeated = grid->replicates > 1;
    importance->effect[importance->effects++] =
        (ImportanceEffect){.axis = {grid->axis[a], b < 0 ? -1 : grid->axis[b]},
                           .degrees = (int32_t)one.degrees,
                           .share = (one.between - one.luck) / total,
                           .luck = repeated ? one.luck / total : one.degrees / all->degrees,
                           .p = one.p};
    return true;
}

static bool correct(Importance *importance, Error *err) {
    const size_t n = (size_t)importance->effects;
    double *p = malloc((n + 1) * sizeof *p);
    if (!p) return error_memory(err, n * sizeof *p);
    for (size_t i = 0; i < n; i++) p[i] = importance->effect[i].p;
    statistics_holm(p, (int64_t)n);
    for (size_t i = 0; i < n; i++) importance->effect[i].holm = p[i];
    free(p);
    return true;
}

static bool share_out(Importance *importance, const FullGrid *grid, bool folds, Error *err) {
    EffectSquares all = {0};
    if (!settings_of(&all, grid, folds, err)) return false;
    importance->settings = grid->cells;
    /* values are at most 1, so that rounding alone makes differences of 1e-15 */
    importance->same = all.between <= 1e-28 * (double)(grid->cells * grid->replicates);
    if (importance->same) return true;
    const size_t effects = (size_t)(grid->axes * (grid->axes + 1) / 2);
    importance->effect = pool_alloc(&importance->pool, effects, sizeof *importance->effect, err);
    if (!importance->effect) return false;
    const double total = all.between + all.within + all.luck / all.degrees;
    for (int32_t a = 0; a < grid->axes; a++)
        if (!add_effect(importance, grid, a, -1, &all, total, folds, err)) return false;
    for (int32_t a = 0; a < grid->axes; a++) {
        for (int32_t b = a + 1; b < grid->axes; b++)
            if (!add_effect(importance, grid, a, b, &all, total, folds, err)) return false;
    }
    importance->luck = 1 - (all.between - all.luck) / total;
    importance->higher = 1 - importance->luck;
    for (int32_t i = 0; i < importance->effects; i++)
        importance->higher -= importance->effect[i].share;
    return correct(importance, err);
}

bool importance_make(Importance *importance, const Summary *summary, Error *err) {
    FullGrid grid;
    *importance = (Importance){0};
    TRY(find_grid(importance, summary, err));
    TRY(fill_grid(&grid, importance, summary, err));
    if (grid.axes >= 2) TRY(share_out(importance, &grid, summary->folds, err));
    return true;
fail:
    importance_destroy(importance);
    return false;
}

void importance_destroy(Importance *importance) {
    pool_destroy(&importance->pool);
    *importance = (Importance){0};
}
