/* `runner show`: settings with their mean over repeats, or trials (--group-by trial), or values of
 * a key. */
#include "runner/commands/command_show.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void take_column(Show *show) {
    show->column = summary_column(&show->summary, show->metric, show->at);
    if (!show->column) show->column = show->none;
}

/* --- columns shared --------------------------------------------------------------------------------- */

static void axis_columns(Show *show) {
    const Summary *summary = &show->summary;
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++) {
            commands_key_column(&show->listing, summary->axis[a].key[k], 0);
        }
    }
}

static void axis_cells(Show *show, int64_t trial) {
    const Summary *summary = &show->summary;
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++) {
            const KeyId key = summary->axis[a].key[k];
            commands_key_cell(&show->listing, key, &show->results->key[key][trial]);
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
    const Metric train = summary_train_metric(show->metric);
    *name = train < METRIC_COUNT ? metrics_name(train) : "";
    return summary_column(&show->summary, train, show->at);
}

/* --- settings --------------------------------------------------------------------------------------- */

static void interval_columns(Listing *listing, const char *name, int32_t rank, bool table) {
    char text[96];
    listing_column(listing, name, NULL, LISTING_REAL, rank);
    snprintf(text, sizeof text, "%s_low", name);
    listing_column(listing, text, table ? "95% low" : NULL, LISTING_REAL, rank ? rank + 1 : 1);
    snprintf(text, sizeof text, "%s_high", name);
    listing_column(listing, text, table ? "95% high" : NULL, LISTING_REAL, rank ? rank + 1 : 1);
}

static void interval_cells(Listing *listing, const Interval *interval) {
    const bool any = interval->n > 0;
    listing_number(listing, any ? interval->mean : (double)NAN);
    listing_number(listing, any ? interval->low : (double)NAN);
    listing_number(listing, any ? interval->high : (double)NAN);
}

static void setting_columns_of_table(Show *show) {
    char name[64];
    const char *train;
    Listing *listing = &show->listing;
    axis_columns(show);
    interval_columns(listing, metric_name(show, name, sizeof name), 0, true);
    listing_column(listing, "n", NULL, LISTING_INTEGER, 2);
    if (train_column(show, &train)) listing_column(listing, train, NULL, LISTING_REAL, 4);
    listing_column(listing, "parameters", NULL, LISTING_INTEGER, 5);
    listing_column(listing, "diverged", NULL, LISTING_INTEGER, 3);
    listing_column(listing, "failed", NULL, LISTING_INTEGER, 6);
    listing_column(listing, "setting", NULL, LISTING_INTEGER, 7);
}

static void setting_cells_of_table(Show *show, int64_t group) {
    const SummaryGroup *g = &show->summary.group[group];
    const char *train;
    Listing *listing = &show->listing;
    const Interval interval = summary_interval(&show->summary, group, show->column);
    axis_cells(show, summary_first_trial(&show->summary, group));
    interval_cells(listing, &interval);
    listing_number(listing, (double)interval.n);
    const double *column = train_column(show, &train);
    if (column) {
        const Interval other = summary_interval(&show->summary, group, column);
        listing_number(listing, other.n ? other.mean : (double)NAN);
    }
    listing_number(listing, (double)g->parameters);
    listing_number(listing, g->verdict[VERDICT_DIVERGED]);
    listing_number(listing, g->failed);
    listing_number(listing, (double)g->setting);
}

/* Programs get every key and every metric. */
static void setting_columns(Show *show) {
    Listing *listing = &show->listing;
    static const char *const counts[] = {"setting", "trials",     "diverged",
                                         "failed",  "parameters", "hidden_units"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        listing_column(listing, counts[i], NULL, LISTING_INTEGER, 0);
    }
    for (KeyId key = 0; key < KEY_COUNT; key++) commands_key_column(listing, key, 0);
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        for (int at = 0; at < 2 && show->results->final[m]; at++) {
            char name[64];
            snprintf(name, sizeof name, "%s_%s", at ? "best" : "final", metrics_name(m));
            interval_columns(listing, name, 0, false);
            snprintf(name + strlen(name), sizeof name - strlen(name), "_n");
            listing_column(listing, name, NULL, LISTING_INTEGER, 0);
        }
    }
}

static void setting_cells(Show *show, int64_t group) {
    const SummaryGroup *g = &show->summary.group[group];
    const Results *r = show->results;
    Listing *listing = &show->listing;
    const int64_t trial = summary_first_trial(&show->summary, group);
    listing_number(listing, (double)g->setting);
    listing_number(listing, (double)g->trials);
    listing_number(listing, g->verdict[VERDICT_DIVERGED]);
    listing_number(listing, g->failed);
    listing_number(listing, (double)g->parameters);
    listing_number(listing, (double)r->hidden_units[trial]);
    for (KeyId key = 0; key < KEY_COUNT; key++)
        commands_key_cell(listing, key, &r->key[key][trial]);
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        for (int at = 0; at < 2 && r->final[m]; at++) {
            const Interval interval =
                summary_interval(&show->summary, group, at ? r->best[m] : r->final[m]);
            interval_cells(listing, &interval);
            listing_number(listing, (double)interval.n);
        }
    }
}

/* --- trials ----------------------------------------------------------------------------------------- */

static void trial_columns_of_table(Show *show) {
    char name[64];
    const char *train;
    Listing *listing = &show->listing;
    listing_column(listing, "id", NULL, LISTING_TEXT, 0);
    axis_columns(show);
    if (show->summary.replicates > 1) listing_column(listing, "seed", NULL, LISTING_INTEGER, 1);
    listing_column(listing, metric_name(show, name, sizeof name), NULL, LISTING_REAL, 0);
    if (train_column(show, &train)) listing_column(listing, train, NULL, LISTING_REAL, 2);
    listing_column(listing, "verdict", NULL, LISTING_TEXT, 1);
    listing_column(listing, "parameters", NULL, LISTING_INTEGER, 4);
    listing_column(listing, "epochs_run", "epochs", LISTING_INTEGER, 3);
}

static void trial_cells_of_table(Show *show, int64_t trial) {
    const Results *r = show->results;
    const char *train;
    char id[24];
    Listing *listing = &show->listing;
    snprintf(id, sizeof id, "%016" PRIx64, r->id[trial]);
    listing_text(listing, id);
    axis_cells(show, trial);
    if (show->summary.replicates > 1) listing_number(listing, (double)r->seed[trial]);
    listing_number(listing, show->column[trial]);
    const double *column = train_column(show, &train);
    if (column) listing_number(listing, column[trial]);
    listing_text(listing,
                 r->status[trial] == TRIAL_FAILED ? "failed" : verdict_name(r->verdict[trial]));
    listing_number(listing, (double)r->parameters[trial]);
    listing_number(listing, (double)r->epochs_run[trial]);
}

/* --- both ------------------------------------------------------------------------------------------- */

static int64_t rows_shown(const Show *show, int64_t rows) {
    const int64_t all = show->format == LISTING_TABLE ? CLI_TOP : INT64_MAX;
    const int64_t top = show->options->top > 0 ? show->options->top : all;
    return rows < top ? rows : top;
}

static bool show_rows(Show *show, Error *err) {
    const Summary *summary = &show->summary;
    const int64_t rows = show->by_setting ? summary->groups : show->results->trials;
    const bool table = show->format == LISTING_TABLE;
    Sort sort;
    Order *order = malloc(((size_t)rows + 1) * sizeof *order);
    if (!order) return error_memory(err, (size_t)rows * sizeof *order);
    if (!command_show_sort(show, &sort, err)) {
        free(order);
        return false;
    }
    take_column(show);
    for (int64_t i = 0; i < rows; i++) {
        const int64_t trial = show->by_setting ? summary_first_trial(summary, i) : i;
        double value = show->by_setting ? (double)NAN : show->column[i];
        if (show->by_setting) {
            const Interval interval = summary_interval(summary, i, show->column);
            if (interval.n > 0) value = interval.mean;
        }
        order[i] = command_show_order(show, &sort, i, trial, value);
    }
    qsort(order, (size_t)rows, sizeof *order, command_show_by_order);
    if (show->by_setting && table)
        setting_columns_of_table(show);
    else if (show->by_setting)
        setting_columns(show);
    else if (table)
        trial_columns_of_table(show);
    else
        commands_trial_columns(&show->listing, show->results);
    const int64_t shown = rows_shown(show, rows);
    for (int64_t i = 0; i < shown; i++) {
        if (show->by_setting && table)
            setting_cells_of_table(show, order[i].row);
        else if (show->by_setting)
            setting_cells(show, order[i].row);
        else if (table)
            trial_cells_of_table(show, order[i].row);
        else
            commands_trial_cells(&show->listing, show->results, order[i].row);
    }
    free(order);
    if (shown < rows) {
        fprintf(stderr, "%" PRId64 " of %" PRId64 " %s (--top N shows more)\n", shown, rows,
                show->by_setting ? "settings" : "trials");
    }
    return true;
}

/* --- values of a key --------------------------------------------------------------------------------- */

typedef struct ValueRow {
    Order order;
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
    const char *closest = keys_closest(name, names);
    return error_set(err, ERROR_USAGE, "--group-by: unknown key \"%s\"%s%s%s", name,
                     closest ? " (did you mean " : "", closest ? closest : "", closest ? "?)" : "");
}

static bool show_values(Show *show, Error *err) {
    const Summary *summary = &show->summary;
    Listing *listing = &show->listing;
    KeyId key;
    Sort sort;
    char name[64];
    if (!find_group_key(show, &key, err) || !command_show_sort(show, &sort, err)) return false;
    take_column(show);
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
        Sort own = sort;
        if (!show->options->sort) own = (Sort){.kind = SORT_KEY, .key = key};
        const Interval interval = value_interval(show, key, g, &used, &settings);
        row[rows].order = command_show_order(show, &own, rows, trial, interval.mean);
        row[rows++].group = g;
    }
    qsort(row, (size_t)rows, sizeof *row, command_show_by_order);
    commands_key_column(listing, key, 0);
    interval_columns(listing, metric_name(show, name, sizeof name), 0,
                     show->format == LISTING_TABLE);
    listing_column(listing, "n", NULL, LISTING_INTEGER, 2);
    listing_column(listing, "settings", NULL, LISTING_INTEGER, 3);
    listing_column(listing, "left_out", "left out", LISTING_INTEGER, 4);
    const int64_t shown = rows_shown(show, rows);
    for (int64_t i = 0; i < shown; i++) {
        const Interval interval = value_interval(show, key, row[i].group, &used, &settings);
        commands_key_cell(listing, key, &column[summary_first_trial(summary, row[i].group)]);
        interval_cells(listing, &interval);
        listing_number(listing, (double)interval.n);
        listing_number(listing, (double)used);
        listing_number(listing, (double)(settings - used));
    }
    free(row);
    return true;
}

/* --- the whole ---------------------------------------------------------------------------------------- */

/* "unfinished: 123 of 500 trials done; best so far test_loss 0.0912 (hidden=7, seed 3)" */
static void tell_unfinished(const Opened *opened, const Summary *summary) {
    fprintf(stderr, "unfinished: %" PRId64 " of %" PRId64 " trials done", opened->results->trials,
            opened->total);
    const double *column = summary_column(summary, summary->metric, summary->at);
    int64_t best = -1, group = -1;
    for (int64_t g = 0; g < summary->groups; g++) {
        const int64_t t = commands_best_of(summary, g);
        if (t < 0) continue;
        if (best < 0 || (summary->maximize ? column[t] > column[best] : column[t] < column[best])) {
            best = t;
            group = g;
        }
    }
    if (best >= 0) {
        char text[512];
        commands_setting_text(summary, group, text, sizeof text);
        fprintf(stderr, "; best so far %s %.4g (%s, seed %" PRId64 ")",
                metrics_name(summary->metric), column[best], text, opened->results->seed[best]);
    }
    fputs("\n", stderr);
}

static ListingFormat format_named(const char *name) {
    for (ListingFormat format = 0; name && format < LISTING_FORMATS; format++) {
        if (strcmp(name, LISTING_FORMAT_NAMES[format]) == 0) return format;
    }
    return LISTING_TABLE;
}

bool command_show(const CliOptions *options, Error *err) {
    Opened opened;
    Filter filter = {0};
    View view = {0};
    Show show = {.options = options, .format = format_named(options->format)};
    bool done = false;
    if (!commands_open(&opened, options->target, true, err)) return false;
    show.results = opened.results;
    if (options->filter_count > 0) {
        TRY(filter_create(&filter, options->filters, options->filter_count, true, err));
        TRY(view_filter(&view, opened.results, &filter, err));
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
    if (opened.unfinished) tell_unfinished(&opened, &show.summary);
    if (show.results->trials == 0) fputs("no trial matches\n", stderr);
    listing_begin(&show.listing, show.format, stdout);
    const bool trials = options->group_by && strcmp(options->group_by, "trial") == 0;
    show.by_setting = show.by_setting && !trials;
    done = options->group_by && !trials ? show_values(&show, err) : show_rows(&show, err);
    if (done) done = listing_end(&show.listing, listing_terminal(), err);
fail:
    show.listing.failed = true; /* where it was not ended: nothing more is printed */
    (void)!listing_end(&show.listing, 0, NULL);
    free(show.none);
    summary_destroy(&show.summary);
    view_close(&view);
    filter_destroy(&filter);
    commands_close(&opened);
    return done;
}
