#include "runner/analysis/pairs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/analysis/finding.h"

bool pairs_create(Pairing *pairing, const Summary *a, const Summary *b, Error *err) {
    const int32_t ra = a->replicates, rb = b->replicates;
    *pairing = (Pairing){.a = a,
                         .b = b,
                         .column_a = summary_column(a, a->metric, a->at),
                         .column_b = summary_column(b, a->metric, a->at),
                         .room = ra > rb ? ra : rb,
                         .replicates = ra < rb ? ra : rb};
    if (!pairing->column_a || !pairing->column_b) {
        return error_set(err, ERROR_USAGE, "%s: has no %s to compare", b->results->path,
                         metrics_name(a->metric));
    }
    const size_t words = 4 * (size_t)pairing->room + 1;
    pairing->scratch = calloc(words, sizeof *pairing->scratch);
    return pairing->scratch || error_memory(err, words * sizeof *pairing->scratch);
}

void pairs_destroy(Pairing *pairing) {
    free(pairing->scratch);
    *pairing = (Pairing){0};
}

/* --- matching --------------------------------------------------------------------------------- */

void pairs_share_axes(Pairing *pairing, const Summary *summary) {
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++)
            pairing->shared[summary->axis[a].key[k]] = true;
    }
}

static int by_text(const void *a, const void *b) {
    return strcmp(((const Match *)a)->text, ((const Match *)b)->text);
}

static char *shared_text(const Summary *summary, const bool *shared, int64_t group) {
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

void pairs_index_free(Matches *matches) {
    for (int64_t i = 0; i < matches->count; i++) free(matches->match[i].text);
    free(matches->match);
    *matches = (Matches){0};
}

bool pairs_index(Matches *matches, const Pairing *pairing, const Summary *summary, KeyId key,
                 const char *value, Error *err) {
    *matches = (Matches){.match = calloc((size_t)summary->groups + 1, sizeof *matches->match)};
    if (!matches->match) return error_memory(err, (size_t)summary->groups * sizeof *matches->match);
    for (int64_t g = 0; g < summary->groups; g++) {
        const int64_t trial = summary_first_trial(summary, g);
        if (value && strcmp(summary->results->key[key][trial].text, value) != 0) continue;
        char *text = shared_text(summary, pairing->shared, g);
        if (!text) {
            pairs_index_free(matches);
            return error_memory(err, 256);
        }
        matches->match[matches->count++] = (Match){text, g};
    }
    qsort(matches->match, (size_t)matches->count, sizeof *matches->match, by_text);
    return true;
}

static int by_a(const void *a, const void *b) {
    const Pair *x = a, *y = b;
    return (x->a > y->a) - (x->a < y->a);
}

Pair *pairs_match(const Matches *a, const Matches *b, int64_t *count, Error *err) {
    Pair *pair = malloc(((size_t)a->count + 1) * sizeof *pair);
    *count = 0;
    if (!pair) {
        error_memory(err, (size_t)a->count * sizeof *pair);
        return NULL;
    }
    for (int64_t i = 0, j = 0; i < a->count && j < b->count;) {
        const int order = strcmp(a->match[i].text, b->match[j].text);
        if (order == 0)
            pair[(*count)++] = (Pair){a->match[i++].group, b->match[j++].group};
        else if (order < 0)
            i++;
        else
            j++;
    }
    qsort(pair, (size_t)*count, sizeof *pair, by_a);
    return pair;
}

/* --- differences ------------------------------------------------------------------------------ */

static PairedDifference make_difference(double sum_a, double sum_b, const double *value,
                                        int64_t n) {
    PairedDifference row = {.a = n ? sum_a / (double)n : (double)NAN,
                            .b = n ? sum_b / (double)n : (double)NAN};
    row.against.difference = statistics_interval(value, n);
    row.against.p = n >= FINDING_WILCOXON_FROM ? statistics_wilcoxon(value, n) : (double)NAN;
    return row;
}

bool pairs_difference(PairedDifference *difference, const Pairing *pairing, const Pair *pair,
                      int64_t count, Error *err) {
    const int32_t replicates = pairing->replicates;
    double *x = pairing->scratch, *y = x + pairing->room;
    double *value = malloc(((size_t)(count * replicates) + 1) * sizeof *value);
    double sum_a = 0, sum_b = 0;
    int64_t n = 0;
    if (!value) return error_memory(err, (size_t)(count * replicates) * sizeof *value);
    for (int64_t i = 0; i < count; i++) {
        summary_values(pairing->a, pair[i].a, pairing->column_a, x);
        summary_values(pairing->b, pair[i].b, pairing->column_b, y);
        for (int32_t r = 0; r < replicates; r++) {
            if (!isfinite(x[r]) || !isfinite(y[r])) continue;
            sum_a += x[r];
            sum_b += y[r];
            value[n++] = x[r] - y[r];
        }
    }
    *difference = make_difference(sum_a, sum_b, value, n);
    free(value);
    return true;
}

PairedDifference pairs_repeats(const Pairing *pairing, const Pair *pair, int64_t count) {
    const int32_t replicates = pairing->replicates;
    double *x = pairing->scratch, *y = x + pairing->room, *a = y + pairing->room,
           *b = a + pairing->room;
    int64_t used = 0;
    for (int32_t r = 0; r < replicates; r++) a[r] = b[r] = 0;
    for (int64_t i = 0; i < count; i++) {
        summary_values(pairing->a, pair[i].a, pairing->column_a, x);
        summary_values(pairing->b, pair[i].b, pairing->column_b, y);
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
    return make_difference(sum_a, sum_b, x, used ? replicates : 0);
}
