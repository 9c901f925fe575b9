#include "runner/analysis/pairs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/analysis/finding.h"
#include "runner/analysis/resampling.h"

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

/* --- what pairs have in common ---------------------------------------------------------------- */

typedef struct Replicate {
    int32_t repeat, fold;
} Replicate;

static Replicate replicate_of(const Results *results, int64_t trial) {
    return (Replicate){results->repeat[trial], results->fold[trial]};
}

static int32_t folds_of(const Summary *summary, int64_t group) {
    const SummaryGroup *g = &summary->group[group];
    int32_t last = 0;
    for (int64_t i = g->start; i < g->start + g->trials; i++) {
        const int32_t fold = summary->results->fold[summary->trial[i]];
        last = fold > last ? fold : last;
    }
    return last > 0 ? last + 1 : 0;
}

static void folds_text(char *text, size_t size, int32_t folds) {
    if (folds == 0)
        snprintf(text, size, "no folds");
    else
        snprintf(text, size, "%" PRId32 " folds", folds);
}

/* The same rows in the same parts: a fold's rows are the seed's choice. */
static bool same_data(const Pairing *pairing, int64_t i, int64_t j, bool folds) {
    const Results *a = pairing->a->results, *b = pairing->b->results;
    if (a->data_digest[i] != b->data_digest[j]) return false;
    return !folds || strcmp(a->key[KEY_DATA_SEED][i].text, b->key[KEY_DATA_SEED][j].text) == 0;
}

/* Adds the runs of one pair of settings: both lists are in order of repeat and fold. */
static void add_common(PairsCommon *common, const Pairing *pairing, Pair pair, bool folds) {
    const SummaryGroup *a = &pairing->a->group[pair.a], *b = &pairing->b->group[pair.b];
    const Results *in_a = pairing->a->results, *in_b = pairing->b->results;
    for (int64_t k = 0, l = 0; k < a->trials && l < b->trials;) {
        const int64_t i = pairing->a->trial[a->start + k], j = pairing->b->trial[b->start + l];
        const Replicate x = replicate_of(in_a, i), y = replicate_of(in_b, j);
        const int32_t order = x.repeat != y.repeat ? x.repeat - y.repeat : x.fold - y.fold;
        k += order <= 0;
        l += order >= 0;
        if (order != 0) continue;
        common->runs++;
        common->same_seed += in_a->seed[i] == in_b->seed[j];
        common->same_data += same_data(pairing, i, j, folds);
        common->one_data = common->one_data &&
                           in_a->data_digest[i] == in_a->data_digest[pairing->a->trial[a->start]] &&
                           in_b->data_digest[j] == in_b->data_digest[pairing->b->trial[b->start]];
    }
}

bool pairs_common(PairsCommon *common, const Pairing *pairing, const Pair *pair, int64_t count,
                  Error *err) {
    *common = (PairsCommon){.one_data = true};
    for (int64_t i = 0; i < count; i++) {
        const int32_t a = folds_of(pairing->a, pair[i].a), b = folds_of(pairing->b, pair[i].b);
        if (a != b) {
            char in_a[32], in_b[32];
            folds_text(in_a, sizeof in_a, a);
            folds_text(in_b, sizeof in_b, b);
            return error_set(err, ERROR_USAGE,
                             "A has %s, B has %s: they are tested on different rows, so that no "
                             "run of A has a partner in B (compare results of equal data.folds)",
                             in_a, in_b);
        }
        add_common(common, pairing, pair[i], a > 0);
    }
    return true;
}

/* --- differences ------------------------------------------------------------------------------ */

/* The replicates' values of a group; a run that has diverged is infinitely bad, others without a
 * value are NaN. Returns how many runs have diverged. */
static int64_t values_of(const Summary *summary, int64_t group, const double *column,
                         int32_t replicates, double *out) {
    const SummaryGroup *g = &summary->group[group];
    const Results *results = summary->results;
    int64_t diverged = 0;
    summary_values(summary, group, column, out);
    for (int64_t i = g->start; i < g->start + g->trials; i++) {
        const int64_t trial = summary->trial[i];
        const int32_t r = summary->folds ? results->fold[trial] : results->repeat[trial];
        if (results->status[trial] != TRIAL_DIVERGED || r >= replicates) continue;
        out[r] = summary->maximize ? -INFINITY : INFINITY;
        diverged++;
    }
    return diverged;
}

/* Whether differences lie above 0 (1) or below (-1) by their signed ranks: the sign of Wilcoxon's
 * statistic, which is that of the sum over all i <= j of the signs of d[i] + d[j] (Tukey 1949). */
static int side_of_zero(const double *d, int64_t n) {
    int64_t sum = 0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i; j < n; j++) sum += (d[i] + d[j] > 0) - (d[i] + d[j] < 0);
    }
    return (sum > 0) - (sum < 0);
}

/* `d`: the pairs' differences. */
static int better_side(const Pairing *pairing, const PairedDifference *row, const double *d) {
    const Interval *mean = &row->against.difference;
    int above = 0;
    if (!pairing->a->folds && row->pairs < FINDING_WILCOXON_FROM)
        above = !(mean->sd > 0) || mean->n < row->pairs ? 0 : (mean->low > 0) - (mean->high < 0);
    else if (row->against.p < 0.05)
        above =
            pairing->a->folds ? (mean->mean > 0) - (mean->mean < 0) : side_of_zero(d, row->pairs);
    return pairing->a->maximize ? above : -above;
}

/* Judges the values x of A and y of B; both are overwritten. */
static void judge(PairedDifference *row, const Pairing *pairing, double *x, double *y) {
    const int32_t replicates = pairing->replicates;
    double sum_a = 0, sum_b = 0, wins = 0;
    int64_t n = 0; /* finite differences gather in x, all of them in y */
    for (int32_t r = 0; r < replicates; r++) {
        const double a = x[r], b = y[r], d = a == b ? 0 : a - b; /* both infinite: a tie */
        if (isnan(a) || isnan(b)) continue;
        wins += d == 0 ? 0.5 : (d > 0) == pairing->a->maximize;
        if (isfinite(a) && isfinite(b)) {
            sum_a += a;
            sum_b += b;
            x[n++] = d;
        }
        y[row->pairs++] = d;
    }
    const double none = (double)NAN, folds = replicates;
    row->a = n ? sum_a / (double)n : none;
    row->b = n ? sum_b / (double)n : none;
    row->wins = row->pairs ? wins / (double)row->pairs : none;
    Comparison *c = &row->against;
    if (pairing->a->folds) {
        c->difference = resampling_folds(x, n, folds - 1, 1);
        c->p = n == row->pairs ? resampling_folds_p(x, n, folds - 1, 1) : none;
    } else {
        c->difference = statistics_interval(x, n);
        c->p = row->pairs < FINDING_WILCOXON_FROM ? none : statistics_wilcoxon(y, row->pairs);
    }
    row->better = better_side(pairing, row, y);
}

PairedDifference pairs_difference(const Pairing *pairing, const Pair *pair, int64_t count) {
    const int32_t replicates = pairing->replicates;
    double *x = pairing->scratch, *y = x + pairing->room, *a = y + pairing->room,
           *b = a + pairing->room;
    PairedDifference row = {.holm = (double)NAN};
    for (int32_t r = 0; r < replicates; r++) a[r] = b[r] = 0;
    for (int64_t i = 0; i < count; i++) {
        row.diverged[0] += values_of(pairing->a, pair[i].a, pairing->column_a, replicates, x);
        row.diverged[1] += values_of(pairing->b, pair[i].b, pairing->column_b, replicates, y);
        bool complete = true;
        for (int32_t r = 0; r < replicates; r++)
            complete = complete && isfinite(x[r]) && isfinite(y[r]);
        if (!complete && count > 1) {
            row.left_out++;
            continue;
        }
        row.settings++;
        for (int32_t r = 0; r < replicates; r++) {
            a[r] += x[r];
            b[r] += y[r];
        }
    }
    for (int32_t r = 0; r < replicates; r++) {
        a[r] /= (double)row.settings; /* 0/0: without a setting there is no value */
        b[r] /= (double)row.settings;
    }
    judge(&row, pairing, a, b);
    return row;
}

bool pairs_holm(PairedDifference *row, int64_t count, Error *err) {
    double *p = malloc(((size_t)count + 1) * sizeof *p);
    if (!p) return error_memory(err, (size_t)count * sizeof *p);
    for (int64_t i = 0; i < count; i++) p[i] = row[i].against.p;
    statistics_holm(p, count);
    for (int64_t i = 0; i < count; i++) row[i].holm = p[i];
    free(p);
    return true;
}
