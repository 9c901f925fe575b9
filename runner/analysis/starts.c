#include "runner/analysis/starts.h"

#include <string.h>

#include "runner/analysis/sweep_losses.h"

static bool same_row(const Dataset *set, int64_t a, int64_t b) {
    return memcmp(set->x + a * set->inputs, set->x + b * set->inputs,
                  (size_t)set->inputs * sizeof *set->x) == 0;
}

bool starts_table(StartsTable *table, const Results *results, int64_t trial) {
    const int32_t k = results->data[trial];
    *table = (StartsTable){0};
    if (k < 0 || k >= results->sets || !results->set[k].kept) return false;
    const Dataset *set = &results->set[k].train;
    if (set->n == 0 || !set->label || set->inputs > STARTS_INPUTS || set->inputs < 2 ||
        set->outputs > 2) {
        return false;
    }
    table->set = set;
    for (int64_t i = 0; i < set->n; i++) {
        int32_t r = 0;
        while (r < table->rows && !same_row(set, table->at[r], i)) r++;
        if (r == STARTS_ROWS) return false;
        if (r == table->rows) table->at[table->rows++] = i;
    }
    return true;
}

static bool is_trained(const Summary *summary, int64_t group) {
    const SummaryGroup *g = &summary->group[group];
    return g->verdict[VERDICT_NOT_TRAINED] < g->trials;
}

static bool is_asked(const Summary *summary) {
    StartsTable table;
    bool any = false;
    if (strncmp(metrics_name(summary->metric), "train", 5) != 0) return false;
    if (!summary_column(summary, METRIC_TRAIN_ACCURACY, summary->at)) return false;
    for (int64_t g = 0; g < summary->groups; g++) {
        if (!is_trained(summary, g)) continue;
        any = true;
        if (!starts_table(&table, summary->results, summary_first_trial(summary, g))) return false;
    }
    return any;
}

/* Whether two groups agree on all axes that are data, or on all others. */
static bool agree(const Summary *summary, int64_t a, int64_t b, bool data) {
    for (int32_t i = 0; i < summary->axes; i++) {
        if (sweep_losses_is_data(&summary->axis[i]) == data &&
            summary->value[a * SUMMARY_AXES + i] != summary->value[b * SUMMARY_AXES + i]) {
            return false;
        }
    }
    return true;
}

/* The index of the first of `count` groups that agrees; itself added where none does. */
static int32_t find(const Summary *summary, int64_t group, bool data, int64_t *list,
                    int32_t *count) {
    int32_t i = 0;
    while (i < *count && !agree(summary, list[i], group, data)) i++;
    if (i == *count) list[(*count)++] = group;
    return i;
}

static int64_t count_right(const Summary *summary, int64_t group) {
    const SummaryGroup *g = &summary->group[group];
    const double *column = summary_column(summary, METRIC_TRAIN_ACCURACY, summary->at);
    int64_t right = 0;
    for (int64_t i = g->start; i < g->start + g->trials; i++) {
        const int64_t trial = summary->trial[i];
        right += summary->results->status[trial] == TRIAL_DONE && column[trial] == 1;
    }
    return right;
}

bool starts_count(Starts *starts, const Summary *summary, Pool *pool, Error *err) {
    const size_t groups = (size_t)summary->groups;
    *starts = (Starts){0};
    if (!is_asked(summary)) return true;
    starts->network = pool_alloc(pool, groups, sizeof *starts->network, err);
    starts->task = pool_alloc(pool, groups, sizeof *starts->task, err);
    if (!starts->network || !starts->task) return false;
    for (int64_t g = 0; g < summary->groups; g++) {
        if (!is_trained(summary, g)) continue;
        find(summary, g, false, starts->network, &starts->networks);
        find(summary, g, true, starts->task, &starts->tasks);
    }
    const size_t cells = (size_t)starts->networks * (size_t)starts->tasks;
    starts->right = pool_alloc(pool, cells, sizeof *starts->right, err);
    starts->count = pool_alloc(pool, cells, sizeof *starts->count, err);
    if (!starts->right || !starts->count) return false;
    for (int64_t g = 0; g < summary->groups; g++) {
        if (!is_trained(summary, g)) continue;
        const int32_t network = find(summary, g, false, starts->network, &starts->networks);
        const int32_t task = find(summary, g, true, starts->task, &starts->tasks);
        starts->right[network * starts->tasks + task] += count_right(summary, g);
        starts->count[network * starts->tasks + task] += summary->group[g].trials;
    }
    return true;
}
