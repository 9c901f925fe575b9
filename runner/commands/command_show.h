/* What command_show.c and command_show_order.c share; nobody else includes this. */
#ifndef RUNNER_COMMANDS_COMMAND_SHOW_H
#define RUNNER_COMMANDS_COMMAND_SHOW_H

#include "runner/commands/opened.h"

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

/* What a row is sorted by: a number, or a text where that is NULL no longer. */
typedef struct Order {
    double number;
    const char *text;
    int64_t row;
} Order;

/* How rows are sorted. */
typedef enum SortKind { SORT_METRIC, SORT_KEY, SORT_WHOLE, SORT_VERDICT } SortKind;
typedef struct Sort {
    SortKind kind;
    KeyId key;
    size_t whole;
    bool descending;
} Sort;

/* What --sort asks for; where it names a metric, that is the one shown. */
MUST_CHECK bool command_show_sort(Show *show, Sort *sort, Error *err);

/* Where a row goes: `trial` stands for it, `value` is its metric. */
Order command_show_order(const Show *show, const Sort *sort, int64_t row, int64_t trial,
                         double value);

/* For qsort. */
int command_show_by_order(const void *a, const void *b);

#endif
