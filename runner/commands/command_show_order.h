/* --sort: what the rows of `runner show` are sorted by. */
#ifndef RUNNER_COMMANDS_COMMAND_SHOW_ORDER_H
#define RUNNER_COMMANDS_COMMAND_SHOW_ORDER_H

#include "runner/commands/opened.h"
#include "runner/commands/options.h"
#include "runner/store/trial_columns.h"

typedef struct Show {
    const CliOptions *options;
    const Results *results;
    Summary summary;
    Table table;
    TableFormat format;
    Metric metric; /* sorted by, and shown */
    SpecAt at;
    const double *column; /* of that metric, per trial */
    double *none;         /* NaN, per trial: where no trial has metrics */
    bool by_setting;
} Show;

/* What a row is sorted by: the text, where there is one, else the number. */
typedef struct ShowOrder {
    double number;
    const char *text;
    int64_t row;
} ShowOrder;

/* How rows are sorted. */
typedef enum SortKind { SORT_METRIC, SORT_KEY, SORT_COLUMN, SORT_VERDICT } SortKind;
typedef struct ShowSort {
    SortKind kind;
    KeyId key;
    const TrialColumn *column;
    bool descending;
} ShowSort;

/* What --sort asks for; where it names a metric, that is the one shown. */
MUST_CHECK bool command_show_order_sort(Show *show, ShowSort *sort, Error *err);

/* The sort key of a row: `trial` is (the first) of the row, `value` its metric. */
ShowOrder command_show_order_of(const Show *show, const ShowSort *sort, int64_t row, int64_t trial,
                                double value);

/* For qsort. */
int command_show_order_compare(const void *a, const void *b);

#endif
