#include "runner/analysis/sweep_losses.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/analysis/labels.h"

/* A table with so many cells more than there are settings is all gaps: nothing is compared. */
#define CELLS_PER_GROUP 64
#define CELLS_MIN       4096

/* --- kinds ------------------------------------------------------------------------------------ */

bool sweep_losses_is_data(const SummaryAxis *axis) {
    for (int32_t k = 0; k < axis->keys; k++)
        if (strncmp(KEYS[axis->key[k]].name, "data.", 5) != 0) return false;
    return true;
}

static int32_t depth_of(const Summary *summary, int64_t group) {
    const char *shape = summary->results->key[KEY_HIDDEN][summary_first_trial(summary, group)].text;
    int32_t depth = *shape != '\0';
    for (; *shape; shape++) depth += *shape == 'x';
    return depth;
}

/* Marks the depths of an axis' networks; returns how many there are, and the largest. */
static int32_t find_depths(const Summary *summary, int32_t axis, int32_t *deepest) {
    const SummaryAxis *a = &summary->axis[axis];
    int32_t depths = 0;
    *deepest = 0;
    for (int32_t v = 0; v < a->count; v++) {
        const int32_t depth = depth_of(summary, a->group[v]);
        bool known = false;
        for (int32_t w = 0; w < v && !known; w++) known = depth_of(summary, a->group[w]) == depth;
        depths += !known;
        if (depth > *deepest) *deepest = depth;
    }
    return depths;
}

SweepKind sweep_losses_kind(const Summary *summary, int32_t axis) {
    const SummaryAxis *a = &summary->axis[axis];
    int32_t deepest;
    if (sweep_losses_is_data(a)) return a->ordered ? SWEEP_DATA : SWEEP_TASKS;
    if (a->count == 2) return SWEEP_PAIR;
    if (a->key[0] == KEY_HIDDEN && a->count <= SWEEP_LOSSES_SHAPES) {
        const int32_t depths = find_depths(summary, axis, &deepest);
        if (deepest > 1 && depths > 1 && depths < a->count) return SWEEP_DEPTHS;
    }
    return a->ordered || axis == summary->size_axis ? SWEEP_NUMBERS : SWEEP_WORDS;
}

/* --- lines ------------------------------------------------------------------------------------ */

/* What tells lines from each other: the values on held axes; of depths, the network as well. */
static bool is_held(const SweepLosses *sweep, int32_t axis) {
    return axis == sweep->axis ? sweep->kind == SWEEP_DEPTHS : !sweep->averaged[axis];
}

static int by_line(const void *a, const void *b, void *context) {
    const SweepLosses *sweep = context;
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    const int32_t *in_x = sweep->summary->value + x * SUMMARY_AXES,
                  *in_y = sweep->summary->value + y * SUMMARY_AXES;
    for (int32_t i = 0; i < sweep->summary->axes; i++)
        if (is_held(sweep, i) && in_x[i] != in_y[i]) return in_x[i] - in_y[i];
    return 0;
}

static int by_line_and_group(const void *a, const void *b, void *context) {
    const int order = by_line(a, b, context);
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return order ? order : (x > y) - (x < y);
}

static void choose_averaged(SweepLosses *sweep) {
    const Summary *summary = sweep->summary;
    double combinations = 1;
    bool full = true;
    for (int32_t a = 0; a < summary->axes; a++) combinations *= summary->axis[a].count;
    for (int64_t g = 0; g < summary->groups; g++) full = full && summary->group[g].complete;
    full = full && combinations == (double)summary->groups;
    for (int32_t a = 0; a < summary->axes; a++) {
        const SummaryAxis *other = &summary->axis[a];
        sweep->averaged[a] =
            full && a != sweep->axis && (other->count == 2 || sweep_losses_is_data(other));
    }
}

/* The distinct numbers of hidden layers, ascending, in sweep->number. */
static void list_depths(SweepLosses *sweep) {
    int32_t deepest, *depth = sweep->number;
    find_depths(sweep->summary, sweep->axis, &deepest);
    for (int32_t d = 0; d <= deepest; d++) {
        const SummaryAxis *axis = &sweep->summary->axis[sweep->axis];
        bool there = false;
        for (int32_t v = 0; v < axis->count && !there; v++)
            there = depth_of(sweep->summary, axis->group[v]) == d;
        if (there) depth[sweep->fit.values++] = d;
    }
}

static int32_t value_of(const SweepLosses *sweep, int64_t group) {
    if (sweep->kind != SWEEP_DEPTHS)
        return sweep->summary->value[group * SUMMARY_AXES + sweep->axis];
    const int32_t depth = depth_of(sweep->summary, group);
    int32_t v = 0;
    while (sweep->number[v] != depth) v++;
    return v;
}

/* Puts every group into its cell: `order` has them line by line. A line with one value compares
 * nothing, unless each value has its own. */
static void number_lines(SweepLosses *sweep, const int64_t *order) {
    const int64_t groups = sweep->summary->groups;
    for (int64_t i = 0, end; i < groups; i = end) {
        bool several = sweep->fit.own;
        for (end = i; end < groups && by_line(&order[i], &order[end], sweep) == 0; end++)
            several = several || value_of(sweep, order[end]) != value_of(sweep, order[i]);
        const int64_t line = several ? sweep->fit.lines++ : -1;
        for (int64_t k = i; k < end; k++) {
            sweep->cell[order[k]] =
                line < 0 ? -1 : line * sweep->fit.values + value_of(sweep, order[k]);
        }
    }
}

/* --- values ----------------------------------------------------------------------------------- */

/* Means over the groups of each cell, in the layout of Crossfit. */
static bool fill_losses(SweepLosses *sweep, Metric metric, double **losses, Error *err) {
    const Summary *summary = sweep->summary;
    const size_t n = (size_t)summary->replicates;
    const size_t cells = (size_t)sweep->fit.lines * (size_t)sweep->fit.values;
    const double *column = summary_column(summary, metric, summary->at);
    *losses = NULL;
    if (!column) return true;
    const bool more =
        metric == summary->metric ? summary->maximize : metrics_more_is_better(metric);
    double *sum = pool_alloc(&sweep->pool, cells * n + 1, sizeof *sum, err);
    double *own = pool_alloc(&sweep->pool, n, sizeof *own, err);
    int32_t *count = pool_alloc(&sweep->pool, cells + 1, sizeof *count, err);
    if (!sum || !own || !count) return false;
    for (int64_t g = 0; g < summary->groups; g++) {
        if (sweep->cell[g] < 0) continue;
        const size_t cell = (size_t)sweep->cell[g];
        summary_losses(summary, g, column, more, own);
        count[cell]++;
        for (size_t r = 0; r < n; r++) sum[cell * n + r] += own[r];
    }
    for (size_t cell = 0; cell < cells; cell++) {
        bool missing = count[cell] == 0;
        for (size_t r = 0; r < n; r++) missing = missing || isnan(sum[cell * n + r]);
        for (size_t r = 0; r < n; r++)
            sum[cell * n + r] = missing ? (double)NAN : sum[cell * n + r] / count[cell];
    }
    *losses = sum;
    return true;
}

void sweep_losses_values(const SweepLosses *sweep, int64_t cell, const double *column,
                         double *out) {
    const Summary *summary = sweep->summary;
    double *own = summary->scratch;
    int32_t count = 0;
    for (int32_t r = 0; r < summary->replicates; r++) out[r] = 0;
    for (int64_t g = 0; g < summary->groups; g++) {
        if (sweep->cell[g] != cell) continue;
        summary_values(summary, g, column, own);
        count++;
        for (int32_t r = 0; r < summary->replicates; r++) out[r] += own[r];
    }
    for (int32_t r = 0; r < summary->replicates; r++) out[r] /= count;
}

static bool fill(SweepLosses *sweep, Error *err) {
    const Summary *summary = sweep->summary;
    double *loss, *train;
    const double cells = (double)sweep->fit.lines * sweep->fit.values;
    if (cells > (double)CELLS_PER_GROUP * (double)summary->groups + CELLS_MIN) {
        sweep->fit.lines = sweep->fit.values = 0;
        return true;
    }
    sweep->group = pool_alloc(&sweep->pool, (size_t)cells + 1, sizeof *sweep->group, err);
    if (!sweep->group) return false;
    for (int64_t c = 0; c < (int64_t)cells; c++) sweep->group[c] = -1;
    for (int64_t g = summary->groups - 1; g >= 0; g--)
        if (sweep->cell[g] >= 0) sweep->group[sweep->cell[g]] = g;
    if (!fill_losses(sweep, summary->metric, &loss, err) ||
        !fill_losses(sweep, labels_train_metric(summary->metric), &train, err)) {
        return false;
    }
    sweep->fit.loss = loss;
    sweep->train = train;
    return true;
}

bool sweep_losses_create(SweepLosses *sweep, const Summary *summary, int32_t axis, Error *err) {
    const size_t groups = (size_t)summary->groups, count = (size_t)summary->axis[axis].count;
    *sweep =
        (SweepLosses){.summary = summary, .axis = axis, .kind = sweep_losses_kind(summary, axis)};
    sweep->fit = (Crossfit){.repeats = summary->replicates,
                            .own = sweep->kind == SWEEP_WORDS || sweep->kind == SWEEP_PAIR ||
                                   sweep->kind == SWEEP_DEPTHS,
                            .folds = summary->folds};
    choose_averaged(sweep);
    int64_t *order = pool_alloc(&sweep->pool, groups + 1, sizeof *order, err);
    sweep->cell = pool_alloc(&sweep->pool, groups + 1, sizeof *sweep->cell, err);
    sweep->number = pool_alloc(&sweep->pool, count + 1, sizeof *sweep->number, err);
    TRY(order && sweep->cell && sweep->number);
    if (sweep->kind == SWEEP_DEPTHS)
        list_depths(sweep);
    else
        sweep->fit.values = summary->axis[axis].count;
    for (int32_t v = 0; v < sweep->fit.values && sweep->kind != SWEEP_DEPTHS; v++)
        sweep->number[v] = v;
    for (size_t g = 0; g < groups; g++) order[g] = (int64_t)g;
    qsort_r(order, groups, sizeof *order, by_line_and_group, sweep);
    number_lines(sweep, order);
    TRY(fill(sweep, err));
    return true;
fail:
    sweep_losses_destroy(sweep);
    return false;
}

void sweep_losses_destroy(SweepLosses *sweep) {
    pool_destroy(&sweep->pool);
    *sweep = (SweepLosses){0};
}
