/* Settings matched with settings, and the table of their differences. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/analysis/finding.h"
#include "runner/commands/command_compare.h"

/* --- matching --------------------------------------------------------------------------------- */

void command_compare_mark(bool *shared, const Summary *summary) {
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++) shared[summary->axis[a].key[k]] = true;
    }
}

static int by_text(const void *a, const void *b) {
    return strcmp(((const Match *)a)->text, ((const Match *)b)->text);
}

static char *place_text(const Summary *summary, const bool *shared, int64_t group) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const int64_t trial = summary_first_trial(summary, group);
    if (!out) return NULL;
    for (int key = 0; key < KEY_COUNT; key++) {
        if (shared[key]) fprintf(out, "%s\x1f", summary->results->key[key][trial].text);
    }
    fclose(out);
    return text;
}

void command_compare_places_free(Matches *places) {
    for (int64_t i = 0; i < places->count; i++) free(places->place[i].text);
    free(places->place);
    *places = (Matches){0};
}

/* The groups of a side, sorted; `value`: only those where the key has it (NULL: all). */
bool command_compare_places(Matches *places, const Summary *summary, const bool *shared, KeyId key,
                            const char *value, Error *err) {
    *places = (Matches){.place = calloc((size_t)summary->groups + 1, sizeof *places->place)};
    if (!places->place) return error_memory(err, (size_t)summary->groups * sizeof *places->place);
    for (int64_t g = 0; g < summary->groups; g++) {
        const int64_t trial = summary_first_trial(summary, g);
        if (value && strcmp(summary->results->key[key][trial].text, value) != 0) continue;
        char *text = place_text(summary, shared, g);
        if (!text) {
            command_compare_places_free(places);
            return error_memory(err, 256);
        }
        places->place[places->count++] = (Match){text, g};
    }
    qsort(places->place, (size_t)places->count, sizeof *places->place, by_text);
    return true;
}

static int by_a(const void *a, const void *b) {
    const Pair *x = a, *y = b;
    return (x->a > y->a) - (x->a < y->a);
}

/* Settings that both sides have, in the order of a; malloc'd. */
Pair *command_compare_match(const Matches *a, const Matches *b, int64_t *count, Error *err) {
    Pair *pair = malloc(((size_t)a->count + 1) * sizeof *pair);
    *count = 0;
    if (!pair) {
        error_memory(err, (size_t)a->count * sizeof *pair);
        return NULL;
    }
    for (int64_t i = 0, j = 0; i < a->count && j < b->count;) {
        const int order = strcmp(a->place[i].text, b->place[j].text);
        if (order == 0)
            pair[(*count)++] = (Pair){a->place[i++].group, b->place[j++].group};
        else if (order < 0)
            i++;
        else
            j++;
    }
    qsort(pair, (size_t)*count, sizeof *pair, by_a);
    return pair;
}

/* --- rows ------------------------------------------------------------------------------------- */

bool command_compare_begin(Compare *compare, const char *first, const char *a, const char *b,
                           Error *err) {
    const int32_t ra = compare->a->replicates, rb = compare->b->replicates;
    compare->room = ra > rb ? ra : rb;
    compare->replicates = ra < rb ? ra : rb;
    compare->scratch = calloc(4 * (size_t)compare->room, sizeof *compare->scratch);
    if (!compare->scratch) return error_memory(err, 4 * (size_t)compare->room * sizeof(double));
    Table *l = &compare->table;
    table_begin(l, TABLE_TABLE, stdout);
    table_column(l, first, NULL, TABLE_TEXT, 0);
    table_column(l, a, NULL, TABLE_REAL, 2);
    table_column(l, b, NULL, TABLE_REAL, 2);
    table_column(l, "difference", NULL, TABLE_REAL, 0);
    table_column(l, "95% low", NULL, TABLE_REAL, 1);
    table_column(l, "95% high", NULL, TABLE_REAL, 1);
    table_column(l, "p", NULL, TABLE_REAL, 0);
    table_column(l, "pairs", NULL, TABLE_INTEGER, 0);
    return true;
}

static CompareRow make_row(double sum_a, double sum_b, const double *difference, int64_t n) {
    CompareRow row = {.a = n ? sum_a / (double)n : (double)NAN,
                      .b = n ? sum_b / (double)n : (double)NAN};
    row.against.difference = statistics_interval(difference, n);
    row.against.p = n >= FINDING_WILCOXON_FROM ? statistics_wilcoxon(difference, n) : (double)NAN;
    return row;
}

static void add_row(Compare *compare, const char *label, const CompareRow *row) {
    Table *l = &compare->table;
    const Interval *d = &row->against.difference;
    char p[32] = "-";
    if (row->against.p < 0.0005)
        snprintf(p, sizeof p, "%.1e", row->against.p);
    else if (!isnan(row->against.p))
        snprintf(p, sizeof p, "%.3f", row->against.p);
    table_text(l, label);
    table_number(l, row->a);
    table_number(l, row->b);
    table_number(l, d->mean);
    table_number(l, d->low);
    table_number(l, d->high);
    table_text(l, p);
    table_number(l, (double)d->n);
    if (d->n > compare->most) compare->most = d->n;
}

bool command_compare_row(CompareRow *row, const Compare *compare, const Pair *pair, int64_t count,
                         Error *err) {
    const int32_t replicates = compare->replicates;
    double *x = compare->scratch, *y = x + compare->room;
    double *difference = malloc(((size_t)(count * replicates) + 1) * sizeof *difference);
    double sum_a = 0, sum_b = 0;
    int64_t n = 0;
    if (!difference) return error_memory(err, (size_t)(count * replicates) * sizeof *difference);
    for (int64_t i = 0; i < count; i++) {
        summary_values(compare->a, pair[i].a, compare->column_a, x);
        summary_values(compare->b, pair[i].b, compare->column_b, y);
        for (int32_t r = 0; r < replicates; r++) {
            if (!isfinite(x[r]) || !isfinite(y[r])) continue;
            sum_a += x[r];
            sum_b += y[r];
            difference[n++] = x[r] - y[r];
        }
    }
    *row = make_row(sum_a, sum_b, difference, n);
    free(difference);
    return true;
}

CompareRow command_compare_repeats(const Compare *compare, const Pair *pair, int64_t count) {
    const int32_t replicates = compare->replicates;
    double *x = compare->scratch, *y = x + compare->room, *a = y + compare->room,
           *b = a + compare->room;
    int64_t used = 0;
    for (int32_t r = 0; r < replicates; r++) a[r] = b[r] = 0;
    for (int64_t i = 0; i < count; i++) {
        summary_values(compare->a, pair[i].a, compare->column_a, x);
        summary_values(compare->b, pair[i].b, compare->column_b, y);
        bool complete = true;
        for (int32_t r = 0; r < replicates; r++) {
            complete = complete && isfinite(x[r]) && isfinite(y[r]);
        }
        if (!complete) continue;
        used++;
        for (int32_t r = 0; r < replicates; r++) {
            a[r] += x[r];
            b[r] += y[r];
        }
    }
    double sum_a = 0, sum_b = 0;
    for (int32_t r = 0; r < replicates && used; r++) {
        sum_a += a[r] / (double)used;
        sum_b += b[r] / (double)used;
        x[r] = (a[r] - b[r]) / (double)used;
    }
    return make_row(sum_a, sum_b, x, used ? replicates : 0);
}

bool command_compare_pairs(Compare *compare, const char *label, const Pair *pair, int64_t count,
                           Error *err) {
    CompareRow row;
    if (!command_compare_row(&row, compare, pair, count, err)) return false;
    add_row(compare, label, &row);
    return true;
}

/* All settings of a comparison: each (where they are few), all pairs, and repeat by repeat. */
bool command_compare_all(Compare *compare, const Pair *pair, int64_t count, Error *err) {
    for (int64_t i = 0; i < count && count > 1 && i < CLI_TOP; i++) {
        char label[512];
        opened_setting_text(compare->a, pair[i].a, label, sizeof label);
        if (!command_compare_pairs(compare, label, &pair[i], 1, err)) return false;
    }
    if (!command_compare_pairs(compare, count > 1 ? "all pairs" : "the shared setting", pair, count,
                               err)) {
        return false;
    }
    if (count > 1 && compare->replicates > 1) {
        const CompareRow repeats = command_compare_repeats(compare, pair, count);
        add_row(compare, "repeats", &repeats);
    }
    return true;
}

bool command_compare_end(Compare *compare, int64_t settings, Error *err) {
    const bool done = table_end(&compare->table, table_terminal(), err);
    if (settings > CLI_TOP)
        fprintf(stderr, "the first %d of %" PRId64 " settings\n", CLI_TOP, settings);
    if (settings > 1 && compare->replicates > 1) {
        fputs("pairs of one repeat share their seed; the line \"repeats\" averages over settings "
              "first\n",
              stderr);
    }
    if (compare->most < FINDING_WILCOXON_FROM) {
        fprintf(stderr, "%" PRId64 " pair%s: too few for Wilcoxon's test (%d at least)%s\n",
                compare->most, compare->most == 1 ? "" : "s", FINDING_WILCOXON_FROM,
                compare->most < 2 ? ", and for an interval (2)" : "");
    }
    return done;
}
