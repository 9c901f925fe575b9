#include "runner/analysis/summary.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

/* largest over smallest value from which a logarithmic axis reads better */
#define LOG_FROM_RATIO 8.0
/* at most so many values around a zero are shown side by side instead of on a scale */
#define CATEGORIES  12
#define SHORTENED   1000 /* values of an axis at most for which its keys are weighed */
#define LONG_NUMBER 8    /* characters from which a number is rounded on the page */

/* qsort has no context argument in C17; what the order needs is packed beside the index. */
typedef struct Ordered {
    int64_t index;
    int64_t major, minor, third;
} Ordered;

static int by_order(const void *a, const void *b) {
    const Ordered *x = a, *y = b;
    if (x->major != y->major) return x->major < y->major ? -1 : 1;
    if (x->minor != y->minor) return x->minor < y->minor ? -1 : 1;
    if (x->third != y->third) return x->third < y->third ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static bool group_trials(Summary *summary, Error *err) {
    const Results *results = summary->results;
    const size_t n = (size_t)results->trials;
    Ordered *order = pool_alloc(&summary->pool, n + 1, sizeof *order, err);
    summary->trial = pool_alloc(&summary->pool, n + 1, sizeof *summary->trial, err);
    if (!order || !summary->trial) return false;
    int32_t last_repeat = 0, last_fold = 0;
    for (size_t i = 0; i < n; i++) {
        order[i] = (Ordered){(int64_t)i, results->setting[i], results->repeat[i], results->fold[i]};
        if (results->repeat[i] > last_repeat) last_repeat = results->repeat[i];
        if (results->fold[i] > last_fold) last_fold = results->fold[i];
    }
    qsort(order, n, sizeof *order, by_order);
    for (size_t i = 0; i < n; i++) {
        summary->trial[i] = order[i].index;
        summary->groups += i == 0 || order[i].major != order[i - 1].major;
    }
    summary->folds = last_repeat == 0 && last_fold > 0;
    summary->replicates = 1 + (summary->folds ? last_fold : last_repeat);
    summary->group =
        pool_alloc(&summary->pool, (size_t)summary->groups + 1, sizeof *summary->group, err);
    summary->scratch =
        pool_alloc(&summary->pool, 3 * (size_t)summary->replicates, sizeof(double), err);
    if (!summary->group || !summary->scratch) return false;
    int64_t g = -1;
    for (size_t i = 0; i < n; i++) {
        const int64_t t = summary->trial[i];
        if (i == 0 || order[i].major != order[i - 1].major) {
            summary->group[++g] = (SummaryGroup){.setting = order[i].major,
                                                 .start = (int64_t)i,
                                                 .parameters = results->parameters[t]};
        }
        SummaryGroup *group = &summary->group[g];
        group->trials++;
        if (results->status[t] == TRIAL_FAILED)
            group->failed++;
        else
            group->verdict[results->verdict[t]]++;
    }
    return true;
}

/* --- axes ------------------------------------------------------------------------------------- */

static void add_axis(Summary *summary, const Choice *choice) {
    if (summary->axes == SUMMARY_AXES || choice->count == 0) return;
    SummaryAxis *axis = &summary->axis[summary->axes++];
    *axis = (SummaryAxis){0};
    for (int32_t k = 0; k < choice->count && k < SUMMARY_ZIP; k++)
        axis->key[axis->keys++] = choice->set[k].key;
}

static bool is_axis_key(const Summary *summary, KeyId key) {
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++)
            if (summary->axis[a].key[k] == key) return true;
    }
    return false;
}

/* Grid and zip in their order, then what only `include` changes. */
static void list_axes(Summary *summary) {
    const Spec *spec = summary->spec;
    for (int32_t a = 0; a < spec->axes; a++)
        if (spec->axis[a].count > 0) add_axis(summary, &spec->axis[a].choice[0]);
    for (int32_t i = 0; i < spec->includes; i++) {
        for (int32_t k = 0; k < spec->include[i].count; k++) {
            if (!is_axis_key(summary, spec->include[i].set[k].key))
                add_axis(summary, &(Choice){.set = &spec->include[i].set[k], .count = 1});
        }
    }
}

static int compare_values(const Summary *summary, const SummaryAxis *axis, int64_t a, int64_t b) {
    const int64_t s = summary_first_trial(summary, a), t = summary_first_trial(summary, b);
    for (int32_t k = 0; k < axis->keys; k++) {
        const Value *column = summary->results->key[axis->key[k]];
        const int order = strcmp(column[s].text, column[t].text);
        if (order != 0) return order;
    }
    return 0;
}

typedef struct AxisOrder {
    const Summary *summary;
    const SummaryAxis *axis;
} AxisOrder;

/* Groups by their value on an axis, equal ones in order. */
static int by_value(const void *a, const void *b, void *context) {
    const AxisOrder *order = context;
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    const int compared = compare_values(order->summary, order->axis, x, y);
    return compared ? compared : (x > y) - (x < y);
}

/* A value as a number on a scale; NaN where it is a word. */
static double value_number(const Summary *summary, KeyId id, int64_t trial) {
    const Key *key = &KEYS[id];
    const Value *value = &summary->results->key[id][trial];
    if (key->type == KEY_TYPE_SIZES) return (double)summary->results->hidden_units[trial];
    if (key->type != KEY_TYPE_INTEGER && key->type != KEY_TYPE_REAL) return (double)NAN;
    if (key->word && strcmp(key->word, value->text) == 0) return (double)NAN;
    return value->number;
}

typedef struct Distinct {
    int64_t group; /* its first group */
    double number;
    int64_t parameters; /* the order of networks of several shapes; 0 on other axes */
    int32_t name;       /* before sorting */
} Distinct;

static int by_group(const void *a, const void *b) {
    const Distinct *x = a, *y = b;
    return (x->group > y->group) - (x->group < y->group);
}

static int by_number(const void *a, const void *b) {
    const Distinct *x = a, *y = b;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return by_group(a, b);
}

static int by_parameters(const void *a, const void *b) {
    const Distinct *x = a, *y = b;
    if (x->parameters != y->parameters) return x->parameters < y->parameters ? -1 : 1;
    return by_group(a, b);
}

/* Sorts the distinct values and chooses the scale on which they read best. */
static SummaryScale choose_scale(Distinct *value, int32_t count) {
    qsort(value, (size_t)count, sizeof *value, by_group);
    for (int32_t i = 0; i < count; i++)
        if (!isfinite(value[i].number)) return SUMMARY_CATEGORY;
    qsort(value, (size_t)count, sizeof *value, by_number);
    for (int32_t i = 1; i < count; i++) {
        if (value[i].number == value[i - 1].number) {
            qsort(value, (size_t)count, sizeof *value, by_parameters);
            return SUMMARY_CATEGORY;
        }
    }
    if (value[0].number > 0) {
        return value[count - 1].number / value[0].number >= LOG_FROM_RATIO ? SUMMARY_LOG
                                                                           : SUMMARY_LINEAR;
    }
    /* Zero beside magnitudes (0, 1e-4, 1e-2): no scale shows both. Zero and one value: with and
     * without. */
    const bool magnitudes =
        value[0].number == 0 &&
        (count == 2 || value[count - 1].number / value[1].number >= LOG_FROM_RATIO);
    return magnitudes && count <= CATEGORIES ? SUMMARY_CATEGORY : SUMMARY_LINEAR;
}

/* Of keys that move together, drops the last ones that are not needed to distinguish the values.
 * The first stays: it is what the axis is about (optimizer, and not the learning rate that goes
 * with it). */
static void shorten_axis(const Summary *summary, SummaryAxis *axis, const Distinct *value) {
    if (axis->count > SHORTENED) return;
    for (int32_t k = axis->keys - 1; k > 0; k--) {
        SummaryAxis less = *axis;
        memmove(less.key + k, less.key + k + 1, (size_t)(less.keys - k - 1) * sizeof *less.key);
        less.keys--;
        bool clear = true;
        for (int32_t i = 0; i < axis->count && clear; i++) {
            for (int32_t j = 0; j < i && clear; j++)
                clear = compare_values(summary, &less, value[i].group, value[j].group) != 0;
        }
        if (!clear) continue;
        less.other[less.others] = axis->key[k];
        /* one that never changes moves with nothing */
        for (int32_t i = 1; i < axis->count; i++) {
            if (strcmp(summary->results
                           ->key[axis->key[k]][summary_first_trial(summary, value[0].group)]
                           .text,
                       summary->results
                           ->key[axis->key[k]][summary_first_trial(summary, value[i].group)]
                           .text) != 0) {
                less.others++;
                break;
            }
        }
        *axis = less;
    }
}

/* Long fractions in four digits, unless that makes two values look alike. */
static void round_labels(Summary *summary, SummaryAxis *axis, Error *err) {
    if (axis->keys != 1 || KEYS[axis->key[0]].type != KEY_TYPE_REAL) return;
    for (int32_t i = 0; i < axis->count; i++) {
        const Value *value =
            &summary->results->key[axis->key[0]][summary_first_trial(summary, axis->group[i])];
        char text[32];
        if (strlen(value->text) <= LONG_NUMBER || !isfinite(value->number)) continue;
        snprintf(text, sizeof text, "%.4g", value->number);
        bool alone = true;
        for (int32_t j = 0; j < axis->count && alone; j++)
            alone = j == i || strcmp(axis->label[j], text) != 0;
        const char *label = alone ? pool_text(&summary->pool, text, strlen(text), err) : NULL;
        if (label) axis->label[i] = label;
    }
}

static const char *axis_label(Summary *summary, const SummaryAxis *axis, int64_t group,
                              Error *err) {
    char buffer[512];
    Text text = text_begin(buffer, sizeof buffer);
    const int64_t trial = summary_first_trial(summary, group);
    for (int32_t k = 0; k < axis->keys; k++) {
        const char *word = summary->results->key[axis->key[k]][trial].text;
        text_add(&text, "%s%s", k > 0 ? " " : "", *word ? word : "none");
    }
    return pool_text(&summary->pool, buffer, text.length, err);
}

static const char *axis_name(Summary *summary, const SummaryAxis *axis, Error *err) {
    char buffer[256];
    Text text = text_begin(buffer, sizeof buffer);
    for (int32_t k = 0; k < axis->keys; k++) {
        text_add(&text, "%s%s", k > 0 ? "+" : "", KEYS[axis->key[k]].name);
    }
    return pool_text(&summary->pool, buffer, text.length, err);
}

/* Finds the distinct values of axis a over all groups, and each group's index among them. */
static bool fill_axis(Summary *summary, int32_t a, int32_t *name_of, Error *err) {
    SummaryAxis *axis = &summary->axis[a];
    const size_t n = (size_t)summary->groups;
    int64_t *list = pool_alloc(&summary->pool, n, sizeof *list, err);
    Distinct *value = pool_alloc(&summary->pool, n, sizeof *value, err);
    int32_t *rank = pool_alloc(&summary->pool, n, sizeof *rank, err);
    if (!list || !value || !rank) return false;
    for (size_t g = 0; g < n; g++) list[g] = (int64_t)g;
    AxisOrder order = {summary, axis};
    qsort_r(list, n, sizeof *list, by_value, &order);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || compare_values(summary, axis, list[i - 1], list[i]) != 0) {
            value[axis->count] = (Distinct){list[i], (double)NAN, 0, axis->count};
            axis->count++;
        }
        name_of[list[i]] = axis->count - 1;
    }
    shorten_axis(summary, axis, value);
    for (int32_t i = 0; i < axis->count; i++) {
        if (axis->keys == 1) {
            value[i].number =
                value_number(summary, axis->key[0], summary_first_trial(summary, value[i].group));
            if (KEYS[axis->key[0]].type == KEY_TYPE_SIZES)
                value[i].parameters = summary->group[value[i].group].parameters;
        }
    }
    axis->ordered = true;
    for (int32_t i = 0; i < axis->count; i++)
        axis->ordered = axis->ordered && isfinite(value[i].number);
    axis->scale = choose_scale(value, axis->count);
    axis->label = pool_alloc(&summary->pool, (size_t)axis->count, sizeof *axis->label, err);
    axis->number = pool_alloc(&summary->pool, (size_t)axis->count, sizeof *axis->number, err);
    axis->group = pool_alloc(&summary->pool, (size_t)axis->count, sizeof *axis->group, err);
    if (!axis->label || !axis->number || !axis->group) return false;
    axis->name = axis_name(summary, axis, err);
    if (!axis->name) return false;
    for (int32_t i = 0; i < axis->count; i++) {
        rank[value[i].name] = i;
        axis->number[i] = axis->scale == SUMMARY_CATEGORY ? i : value[i].number;
        axis->group[i] = value[i].group;
        axis->label[i] = axis_label(summary, axis, value[i].group, err);
        if (!axis->label[i]) return false;
    }
    round_labels(summary, axis, err);
    for (size_t g = 0; g < n; g++) name_of[g] = rank[name_of[g]];
    return true;
}

static int by_code(const void *a, const void *b) {
    return (*(const int64_t *)a > *(const int64_t *)b) -
           (*(const int64_t *)a < *(const int64_t *)b);
}

/* True where the axes so far distinguish all groups: what more an `include` sets then belongs to
 * what it includes. */
static bool axes_suffice(const Summary *summary, int64_t *number) {
    double size = 1;
    for (int32_t a = 0; a < summary->axes; a++) size *= summary->axis[a].count;
    if (size > 1e18) return false;
    for (int64_t g = 0; g < summary->groups; g++) {
        number[g] = 0;
        for (int32_t a = 0; a < summary->axes; a++)
            number[g] = number[g] * summary->axis[a].count + summary->value[g * SUMMARY_AXES + a];
    }
    qsort(number, (size_t)summary->groups, sizeof *number, by_code);
    for (int64_t g = 1; g < summary->groups; g++)
        if (number[g] == number[g - 1]) return false;
    return true;
}

static bool find_axes(Summary *summary, Error *err) {
    list_axes(summary);
    const size_t n = (size_t)summary->groups;
    summary->value = pool_alloc(&summary->pool, n * SUMMARY_AXES + 1, sizeof *summary->value, err);
    int32_t *name_of = pool_alloc(&summary->pool, n + 1, sizeof *name_of, err);
    int64_t *number = pool_alloc(&summary->pool, n + 1, sizeof *number, err);
    if (!summary->value || !name_of || !number) return false;
    const int32_t listed = summary->axes;
    summary->axes = 0;
    summary->size_axis = summary->sweep_axis = -1;
    for (int32_t a = 0; a < listed; a++) {
        if (a >= summary->spec->axes && axes_suffice(summary, number)) break;
        if (!fill_axis(summary, a, name_of, err)) return false;
        if (summary->axis[a].count < 2) continue; /* nothing varies on it, here */
        const int32_t kept = summary->axes++;
        summary->axis[kept] = summary->axis[a];
        for (size_t g = 0; g < n; g++) summary->value[g * SUMMARY_AXES + (size_t)kept] = name_of[g];
    }
    for (int32_t a = 0; a < summary->axes; a++) {
        const SummaryAxis *axis = &summary->axis[a];
        if (axis->key[0] == KEY_HIDDEN && summary->size_axis < 0) summary->size_axis = a;
        const SummaryAxis *chosen =
            summary->sweep_axis < 0 ? NULL : &summary->axis[summary->sweep_axis];
        const int32_t weight = axis->count * (axis->scale == SUMMARY_CATEGORY ? 1 : 1000);
        if (!chosen || weight > chosen->count * (chosen->scale == SUMMARY_CATEGORY ? 1 : 1000))
            summary->sweep_axis = a;
    }
    if (summary->size_axis >= 0) summary->sweep_axis = summary->size_axis;
    return true;
}

/* --- choice ----------------------------------------------------------------------------------- */

typedef struct Ranked {
    int64_t group, parameters;
    int64_t missing; /* replicates without a value, because they diverged or failed */
    double loss;     /* lower is better */
} Ranked;

static int by_rank(const void *a, const void *b) {
    const Ranked *x = a, *y = b;
    if (x->missing != y->missing) return x->missing < y->missing ? -1 : 1;
    if (x->loss != y->loss) return x->loss < y->loss ? -1 : 1;
    if (x->parameters != y->parameters) return x->parameters < y->parameters ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static bool rank_groups(Summary *summary, Error *err) {
    const double *column = summary_column(summary, summary->metric, summary->at);
    Ranked *list = pool_alloc(&summary->pool, (size_t)summary->groups + 1, sizeof *list, err);
    summary->ranked = pool_alloc(&summary->pool, (size_t)summary->groups + 1, sizeof(int64_t), err);
    if (!list || !summary->ranked) return false;
    for (int64_t g = 0; g < summary->groups; g++) {
        SummaryGroup *group = &summary->group[g];
        if (column) group->metric = summary_interval(summary, g, column);
        group->complete = group->metric.n == summary->replicates;
        const double loss =
            group->metric.n == 0 ? 0 : group->metric.mean * (summary->maximize ? -1 : 1);
        list[g] = (Ranked){g, group->parameters, summary->replicates - group->metric.n, loss};
    }
    qsort(list, (size_t)summary->groups, sizeof *list, by_rank);
    for (int64_t i = 0; i < summary->groups; i++) summary->ranked[i] = list[i].group;
    const bool any = summary->groups > 0 && list[0].missing < summary->replicates;
    summary->best = any ? list[0].group : -1;
    summary->smallest = -1;
    if (summary->best < 0 || summary->group[summary->best].metric.n < 2) return true;
    const double limit =
        list[0].loss + statistics_standard_error(&summary->group[summary->best].metric);
    int64_t fewest = -1;
    /* better ones first, so they win ties */
    for (int64_t i = 0; i < summary->groups; i++) {
        if (list[i].missing == list[0].missing && list[i].loss <= limit &&
            (fewest < 0 || list[i].parameters < list[fewest].parameters))
            fewest = i;
    }
    summary->smallest = list[fewest].group;
    return true;
}

static void choose_metric(Summary *summary) {
    const MetricSet set = summary->results->metrics;
    const Metric order[] = {summary->spec->metric, METRIC_TEST_LOSS, METRIC_TRAIN_LOSS,
                            METRIC_TRAIN_OBJECTIVE};
    summary->metric = METRIC_TRAIN_OBJECTIVE;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (order[i] < METRIC_COUNT && (set >> order[i] & 1) != 0) {
            summary->metric = order[i];
            break;
        }
    }
    summary->at = summary->spec->at;
    summary->maximize = summary->metric == summary->spec->metric
                            ? summary->spec->goal == SPEC_MAXIMIZE
                            : metrics_more_is_better(summary->metric);
}

bool summary_create(Summary *summary, const Results *results, const Spec *spec, Error *err) {
    *summary = (Summary){.results = results, .spec = spec};
    choose_metric(summary);
    TRY(group_trials(summary, err));
    TRY(find_axes(summary, err));
    TRY(rank_groups(summary, err));
    return true;
fail:
    summary_destroy(summary);
    return false;
}

void summary_destroy(Summary *summary) {
    pool_destroy(&summary->pool);
    *summary = (Summary){0};
}
