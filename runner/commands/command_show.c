/* `runner show`: settings with their mean over repeats, or trials (--group-by trial), or values of
 * a key. */

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/commands/command_show_order.h"
#include "runner/commands/commands.h"
#include "runner/experiment/suggest.h"
#include "runner/store/trial_columns.h"

static void find_column(Show *show) {
    show->column = summary_column(&show->summary, show->metric, show->at);
    if (!show->column) show->column = show->none;
}

/* --- columns shared --------------------------------------------------------------------------- */

static void axis_columns(Show *show) {
    const Summary *summary = &show->summary;
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++) {
            opened_key_column(&show->table, summary->axis[a].key[k], 0);
        }
    }
}

static void axis_cells(Show *show, int64_t trial) {
    const Summary *summary = &show->summary;
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++) {
            const KeyId key = summary->axis[a].key[k];
            opened_key_cell(&show->table, key, &show->results->key[key][trial]);
        }
    }
}

/* "test_loss", or "best_test_loss" where it is not the value at the end. */
static const char *metric_name(const Show *show, char *text, size_t size) {
    snprintf(text, size, "%s%s", show->at == SPEC_AT_BEST ? "best_" : "",
             metrics_name(show->metric));
    return text;
}

/* The counterpart on training rows, or NULL. */
static const double *train_column(const Show *show, const char **name) {
    const Metric train = labels_train_metric(show->metric);
    *name = train < METRIC_COUNT ? metrics_name(train) : "";
    return summary_column(&show->summary, train, show->at);
}

/* --- settings --------------------------------------------------------------------------------- */

static void interval_columns(Table *table, const char *name, int32_t rank, bool is_table) {
    char text[96];
    table_column(table, name, NULL, TABLE_REAL, rank);
    snprintf(text, sizeof text, "%s_low", name);
    table_column(table, text, is_table ? "95% low" : NULL, TABLE_REAL, rank ? rank + 1 : 1);
    snprintf(text, sizeof text, "%s_high", name);
    table_column(table, text, is_table ? "95% high" : NULL, TABLE_REAL, rank ? rank + 1 : 1);
}

static void interval_cells(Table *table, const Interval *interval) {
    const bool any = interval->n > 0;
    table_number(table, any ? interval->mean : (double)NAN);
    table_number(table, any ? interval->low : (double)NAN);
    table_number(table, any ? interval->high : (double)NAN);
}

static void setting_columns_of_table(Show *show) {
    char name[64];
    const char *train;
    Table *table = &show->table;
    axis_columns(show);
    interval_columns(table, metric_name(show, name, sizeof name), 0, true);
    table_column(table, "n", NULL, TABLE_INTEGER, 2);
    if (train_column(show, &train)) table_column(table, train, NULL, TABLE_REAL, 4);
    table_column(table, "parameters", NULL, TABLE_INTEGER, 5);
    table_column(table, "diverged", NULL, TABLE_INTEGER, 3);
    table_column(table, "failed", NULL, TABLE_INTEGER, 6);
    table_column(table, "setting", NULL, TABLE_INTEGER, 7);
}

static void setting_cells_of_table(Show *show, int64_t group) {
    const SummaryGroup *g = &show->summary.group[group];
    const char *train;
    Table *table = &show->table;
    const Interval interval = summary_interval(&show->summary, group, show->column);
    axis_cells(show, summary_first_trial(&show->summary, group));
    interval_cells(table, &interval);
    table_number(table, (double)interval.n);
    const double *column = train_column(show, &train);
    if (column) {
        const Interval other = summary_interval(&show->summary, group, column);
        table_number(table, other.n ? other.mean : (double)NAN);
    }
    table_number(table, (double)g->parameters);
    table_number(table, g->verdict[VERDICT_DIVERGED]);
    table_number(table, g->failed);
    table_number(table, (double)g->setting);
}

/* Programs get every key and every metric. */
static void setting_columns(Show *show) {
    Table *table = &show->table;
    static const char *const counts[] = {"setting", "trials",     "diverged",
                                         "failed",  "parameters", "hidden_units"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        table_column(table, counts[i], NULL, TABLE_INTEGER, 0);
    }
    for (KeyId key = 0; key < KEY_COUNT; key++) opened_key_column(table, key, 0);
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        for (int at = 0; at < 2 && show->results->final[m]; at++) {
            char buffer[64];
            Text name = text_begin(buffer, sizeof buffer);
            text_add(&name, "%s_%s", at ? "best" : "final", metrics_name(m));
            interval_columns(table, buffer, 0, false);
            text_add(&name, "_n");
            table_column(table, buffer, NULL, TABLE_INTEGER, 0);
        }
    }
}

static void setting_cells(Show *show, int64_t group) {
    const SummaryGroup *g = &show->summary.group[group];
    const Results *r = show->results;
    Table *table = &show->table;
    const int64_t trial = summary_first_trial(&show->summary, group);
    table_number(table, (double)g->setting);
    table_number(table, (double)g->trials);
    table_number(table, g->verdict[VERDICT_DIVERGED]);
    table_number(table, g->failed);
    table_number(table, (double)g->parameters);
    table_number(table, (double)r->hidden_units[trial]);
    for (KeyId key = 0; key < KEY_COUNT; key++) opened_key_cell(table, key, &r->key[key][trial]);
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        for (int at = 0; at < 2 && r->final[m]; at++) {
            const Interval interval =
                summary_interval(&show->summary, group, at ? r->best[m] : r->final[m]);
            interval_cells(table, &interval);
            table_number(table, (double)interval.n);
        }
    }
}

/* --- trials ----------------------------------------------------------------------------------- */

static void trial_columns_of_table(Show *show) {
    char name[64];
    const char *train;
    Table *table = &show->table;
    table_column(table, "id", NULL, TABLE_TEXT, 0);
    axis_columns(show);
    if (show->summary.replicates > 1) table_column(table, "seed", NULL, TABLE_INTEGER, 1);
    table_column(table, metric_name(show, name, sizeof name), NULL, TABLE_REAL, 0);
    if (train_column(show, &train)) table_column(table, train, NULL, TABLE_REAL, 2);
    table_column(table, "verdict", NULL, TABLE_TEXT, 1);
    table_column(table, "parameters", NULL, TABLE_INTEGER, 4);
    table_column(table, "epochs_run", "epochs", TABLE_INTEGER, 3);
}

static void trial_cells_of_table(Show *show, int64_t trial) {
    const Results *r = show->results;
    const char *train;
    char id[24];
    Table *table = &show->table;
    snprintf(id, sizeof id, "%016" PRIx64, r->id[trial]);
    table_text(table, id);
    axis_cells(show, trial);
    if (show->summary.replicates > 1) table_number(table, (double)r->seed[trial]);
    table_number(table, show->column[trial]);
    const double *column = train_column(show, &train);
    if (column) table_number(table, column[trial]);
    table_text(table,
               r->status[trial] == TRIAL_FAILED ? "failed" : verdict_name(r->verdict[trial]));
    table_number(table, (double)r->parameters[trial]);
    table_number(table, (double)r->epochs_run[trial]);
}

/* --- both ------------------------------------------------------------------------------------- */

static int64_t rows_shown(const Show *show, int64_t rows) {
    const int64_t all = show->format == TABLE_TABLE ? CLI_TOP : INT64_MAX;
    const int64_t top = show->options->top > 0 ? show->options->top : all;
    return rows < top ? rows : top;
}

static bool show_rows(Show *show, Error *err) {
    const Summary *summary = &show->summary;
    const int64_t rows = show->by_setting ? summary->groups : show->results->trials;
    const bool is_table = show->format == TABLE_TABLE;
    ShowSort sort;
    ShowOrder *order = malloc(((size_t)rows + 1) * sizeof *order);
    if (!order) return error_memory(err, (size_t)rows * sizeof *order);
    if (!command_show_order_sort(show, &sort, err)) {
        free(order);
        return false;
    }
    find_column(show);
    for (int64_t i = 0; i < rows; i++) {
        const int64_t trial = show->by_setting ? summary_first_trial(summary, i) : i;
        double value = show->by_setting ? (double)NAN : show->column[i];
        if (show->by_setting) {
            const Interval interval = summary_interval(summary, i, show->column);
            if (interval.n > 0) value = interval.mean;
        }
        order[i] = command_show_order_of(show, &sort, i, trial, value);
    }
    qsort(order, (size_t)rows, sizeof *order, command_show_order_compare);
    if (show->by_setting && is_table)
        setting_columns_of_table(show);
    else if (show->by_setting)
        setting_columns(show);
    else if (is_table)
        trial_columns_of_table(show);
    else
        opened_trial_columns(&show->table, show->results);
    const int64_t shown = rows_shown(show, rows);
    for (int64_t i = 0; i < shown; i++) {
        if (show->by_setting && is_table)
            setting_cells_of_table(show, order[i].row);
        else if (show->by_setting)
            setting_cells(show, order[i].row);
        else if (is_table)
            trial_cells_of_table(show, order[i].row);
        else
            opened_trial_cells(&show->table, show->results, order[i].row);
    }
    free(order);
    if (shown < rows) {
        text_print(stderr, "%" PRId64 " of %" PRId64 " %s (--top N shows more)\n", shown, rows,
                   show->by_setting ? "settings" : "trials");
    }
    return true;
}

/* --- values of a key -------------------------------------------------------------------------- */

typedef struct ValueRow {
    ShowOrder order;
    int64_t group; /* the first with this value */
} ValueRow;

/* The mean over the settings with one value, repeat by repeat, and its interval over repeats. Only
 * settings that have a value in every repeat count: else the mean of a repeat would depend on which
 * ones are missing. */
static Interval value_interval(const Show *show, KeyId key, int64_t like, int64_t *used,
                               int64_t *settings) {
    const Summary *summary = &show->summary;
    const Value *column = show->results->key[key];
    const char *text = column[summary_first_trial(summary, like)].text;
    double *sum = calloc((size_t)summary->replicates * 2, sizeof *sum);
    Interval interval = statistics_interval(NULL, 0);
    *used = *settings = 0;
    if (!sum) return interval;
    double *own = sum + summary->replicates;
    for (int64_t g = 0; g < summary->groups; g++) {
        if (strcmp(column[summary_first_trial(summary, g)].text, text) != 0) continue;
        ++*settings;
        summary_values(summary, g, show->column, own);
        bool complete = true;
        for (int32_t r = 0; r < summary->replicates; r++) complete = complete && isfinite(own[r]);
        if (!complete) continue;
        ++*used;
        for (int32_t r = 0; r < summary->replicates; r++) sum[r] += own[r];
    }
    for (int32_t r = 0; r < summary->replicates && *used; r++) sum[r] /= (double)*used;
    if (*used) interval = summary_interval_of(summary, show->column, sum, summary->replicates);
    free(sum);
    return interval;
}

static bool find_group_key(const Show *show, KeyId *key, Error *err) {
    const char *name = show->options->group_by, *names[KEY_COUNT + 1] = {NULL};
    *key = keys_find(name);
    if (*key != KEY_COUNT) return true;
    for (int k = 0; k < KEY_COUNT; k++) names[k] = KEYS[k].name;
    char hint[100];
    suggest_name(hint, sizeof hint, name, names);
    return error_set(err, ERROR_USAGE, "--group-by: unknown key \"%s\"%s", name, hint);
}

static bool show_values(Show *show, Error *err) {
    const Summary *summary = &show->summary;
    Table *table = &show->table;
    KeyId key;
    ShowSort sort;
    char name[64];
    if (!find_group_key(show, &key, err) || !command_show_order_sort(show, &sort, err))
        return false;
    find_column(show);
    ValueRow *row = malloc(((size_t)summary->groups + 1) * sizeof *row);
    int64_t rows = 0, used, settings;
    if (!row) return error_memory(err, (size_t)summary->groups * sizeof *row);
    const Value *column = show->results->key[key];
    for (int64_t g = 0; g < summary->groups; g++) {
        const int64_t trial = summary_first_trial(summary, g);
        bool known = false;
        for (int64_t i = 0; i < rows && !known; i++) {
            known = strcmp(column[summary_first_trial(summary, row[i].group)].text,
                           column[trial].text) == 0;
        }
        if (known) continue;
        ShowSort own = sort;
        if (!show->options->sort) own = (ShowSort){.kind = SORT_KEY, .key = key};
        const Interval interval = value_interval(show, key, g, &used, &settings);
        row[rows].order = command_show_order_of(show, &own, rows, trial, interval.mean);
        row[rows++].group = g;
    }
    qsort(row, (size_t)rows, sizeof *row, command_show_order_compare);
    opened_key_column(table, key, 0);
    interval_columns(table, metric_name(show, name, sizeof name), 0, show->format == TABLE_TABLE);
    table_column(table, "n", NULL, TABLE_INTEGER, 2);
    table_column(table, "settings", NULL, TABLE_INTEGER, 3);
    table_column(table, "left_out", "left out", TABLE_INTEGER, 4);
    const int64_t shown = rows_shown(show, rows);
    for (int64_t i = 0; i < shown; i++) {
        const Interval interval = value_interval(show, key, row[i].group, &used, &settings);
        opened_key_cell(table, key, &column[summary_first_trial(summary, row[i].group)]);
        interval_cells(table, &interval);
        table_number(table, (double)interval.n);
        table_number(table, (double)used);
        table_number(table, (double)(settings - used));
    }
    free(row);
    return true;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* "unfinished: 123 of 500 trials done; best so far test_loss 0.0912 (hidden=7, seed 3)" */
static void print_unfinished(const Opened *opened, const Summary *summary) {
    text_print(stderr, "unfinished: %" PRId64 " of %" PRId64 " trials done",
               opened->results->trials, opened->total);
    const double *column = summary_column(summary, summary->metric, summary->at);
    int64_t best = -1, group = -1;
    for (int64_t g = 0; g < summary->groups; g++) {
        const int64_t t = opened_best_of(summary, g);
        if (t < 0) continue;
        if (best < 0 || (summary->maximize ? column[t] > column[best] : column[t] < column[best])) {
            best = t;
            group = g;
        }
    }
    if (best >= 0) {
        char text[512];
        opened_setting_text(summary, group, text, sizeof text);
        text_print(stderr, "; best so far %s %.4g (%s, seed %" PRId64 ")",
                   metrics_name(summary->metric), column[best], text, opened->results->seed[best]);
    }
    fputs("\n", stderr);
}

static TableFormat format_named(const char *name) {
    for (TableFormat format = 0; name && format < TABLE_FORMATS; format++) {
        if (strcmp(name, TABLE_FORMAT_NAMES[format]) == 0) return format;
    }
    return TABLE_TABLE;
}

bool command_show(const CliOptions *options, Error *err) {
    Opened opened;
    Filter filter = {0};
    PartialResults view = {0};
    Show show = {.options = options, .format = format_named(options->format)};
    bool done = false;
    if (!opened_open(&opened, options->target, true, err)) return false;
    show.results = opened.results;
    if (options->filter_count > 0) {
        TRY(filter_create(&filter, options->filters, options->filter_count, true, err));
        TRY(partial_results_filter(&view, opened.results, &filter, err));
        show.results = &view.results;
    }
    TRY(summary_create(&show.summary, show.results, opened.spec, err));
    show.metric = show.summary.metric;
    show.at = show.summary.at;
    show.by_setting = show.summary.replicates > 1;
    show.none = malloc(((size_t)show.results->trials + 1) * sizeof *show.none);
    if (!show.none) {
        error_memory(err, (size_t)show.results->trials * sizeof *show.none);
        goto fail;
    }
    for (int64_t i = 0; i < show.results->trials; i++) show.none[i] = (double)NAN;
    if (opened.unfinished) print_unfinished(&opened, &show.summary);
    if (show.results->trials == 0) fputs("no trial matches\n", stderr);
    table_begin(&show.table, show.format, stdout);
    const bool trials = options->group_by && strcmp(options->group_by, "trial") == 0;
    show.by_setting = show.by_setting && !trials;
    done = options->group_by && !trials ? show_values(&show, err) : show_rows(&show, err);
    if (done) done = table_end(&show.table, table_terminal(), err);
fail:
    show.table.failed = true; /* where it was not ended: nothing more is printed */
    (void)!table_end(&show.table, 0, NULL);
    free(show.none);
    summary_destroy(&show.summary);
    partial_results_close(&view);
    filter_destroy(&filter);
    opened_close(&opened);
    return done;
}
