#include "runner/commands/command_show_order.h"

#include <math.h>
#include <string.h>

#include "runner/experiment/suggest.h"
#include "runner/store/trial_columns.h"

int command_show_order_compare(const void *a, const void *b) {
    const ShowOrder *x = a, *y = b;
    const bool x_none = isnan(x->number), y_none = isnan(y->number);
    if (x->text && y->text && strcmp(x->text, y->text) != 0) return strcmp(x->text, y->text);
    if (x_none != y_none) return x_none ? 1 : -1;
    if (!x_none && x->number != y->number) return x->number < y->number ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* A column of numbers by its name, or NULL. */
static const TrialColumn *number_column(const char *name) {
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const TrialColumn *column = &TRIAL_COLUMNS[c];
        if (trial_columns_is_number(column) && strcmp(name, column->name) == 0) return column;
    }
    return NULL;
}

bool command_show_order_sort(Show *show, ShowSort *sort, Error *err) {
    const char *name = show->options->sort;
    *sort = (ShowSort){.kind = SORT_METRIC, .descending = show->summary.maximize};
    if (!name) return true;
    sort->descending = false;
    if ((sort->key = keys_find(name)) != KEY_COUNT) {
        sort->kind = SORT_KEY;
        return true;
    }
    if (strcmp(name, "verdict") == 0 || strcmp(name, "status") == 0) {
        sort->kind = SORT_VERDICT;
        return true;
    }
    if ((sort->column = number_column(name))) {
        sort->kind = SORT_COLUMN;
        return true;
    }
    Error why = {0};
    if (!opened_metric(show->results, "--sort", name, &show->metric, &show->at, &why)) {
        const char *names[KEY_COUNT + 1] = {NULL};
        for (int key = 0; key < KEY_COUNT; key++) names[key] = KEYS[key].name;
        char hint[100] = "";
        if (!strstr(why.text, "did you mean")) suggest_name(hint, sizeof hint, name, names);
        return error_set(err, ERROR_USAGE,
                         "%s%s; also trial keys, parameters, epochs_run, seed, verdict", why.text,
                         hint);
    }
    sort->descending = show->metric == show->summary.metric ? show->summary.maximize
                                                            : metrics_more_is_better(show->metric);
    return true;
}

ShowOrder command_show_order_of(const Show *show, const ShowSort *sort, int64_t row, int64_t trial,
                                double value) {
    ShowOrder order = {.row = row, .number = value};
    const Results *r = show->results;
    switch (sort->kind) {
    case SORT_KEY:
        order.number = sort->key == KEY_HIDDEN ? (double)r->hidden_units[trial]
                                               : r->key[sort->key][trial].number;
        if (isnan(order.number) || KEYS[sort->key].type == KEY_TYPE_TEXT) {
            order.text = r->key[sort->key][trial].text;
        }
        break;
    case SORT_COLUMN:
        order.number =
            trial_columns_number(sort->column, trial_columns_get(sort->column, r, trial));
        break;
    case SORT_VERDICT:
        order.text = r->status[trial] == TRIAL_FAILED ? "failed" : verdict_name(r->verdict[trial]);
        break;
    case SORT_METRIC:
        if (r->status[trial] != TRIAL_DONE && !show->by_setting) order.number = (double)NAN;
        break;
    }
    if (sort->descending) order.number = -order.number;
    return order;
}
