#include "runner/analysis/decomposition.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"
#include "runner/analysis/statistics.h"

/* Rows that the intervals of cross-entropy rest on: its bootstrap goes over all rows for each draw.
 * The estimates themselves rest on all. */
enum { CE_ROWS = 500 };

/* All that the squared error needs of the outputs, averaged over rows: then each draw of the
 * bootstrap costs repeats^2 instead of rows. w are weights of the repeats that sum to 1. */
typedef struct Moments {
    int32_t repeats;
    double *product; /* repeats x repeats: sum over classes of p_r p_s */
    double *cross;   /* repeats: sum over classes of p_r p* */
    double *error;   /* repeats: (p_r - y)^2, what a network scores on the labels */
    double truth;    /* sum over classes of p*^2 */
    double noise;    /* sum over classes of p* (1 - p*) */
} Moments;

static void add_row(Moments *m, const DecompositionInput *in, int64_t row, double *p) {
    const int32_t columns = in->classes ? in->classes : 1;
    for (int32_t c = 0; c < columns; c++) {
        const int64_t at = row * columns + c;
        const double y = in->classes ? in->label[row] == c : in->target[row];
        for (int32_t r = 0; r < m->repeats; r++) p[r] = in->output[r][at];
        for (int32_t r = 0; r < m->repeats; r++) {
            m->error[r] += (p[r] - y) * (p[r] - y);
            for (int32_t s = 0; s <= r; s++) m->product[r * m->repeats + s] += p[r] * p[s];
        }
        if (!in->truth) continue;
        const double truth = in->truth[at];
        for (int32_t r = 0; r < m->repeats; r++) m->cross[r] += p[r] * truth;
        m->truth += truth * truth;
        m->noise += in->classes ? truth * (1 - truth) : in->noise;
    }
}

static void average(Moments *m, const DecompositionInput *in) {
    const int32_t repeats = m->repeats;
    const double scale = (in->classes ? 0.5 : 1) / (double)in->rows;
    for (int32_t r = 0; r < repeats; r++) {
        for (int32_t s = 0; s <= r; s++) {
            m->product[r * repeats + s] *= scale;
            m->product[s * repeats + r] = m->product[r * repeats + s];
        }
        m->cross[r] *= scale;
        m->error[r] *= scale;
    }
    m->truth *= scale;
    m->noise *= scale;
}

/* The four numbers of the squared error under weights of the repeats. `first` is for the weights
 * 1/R; the others are draws of a bootstrap, whose spread is smaller by (R - 1) / R and whose mean
 * has a spread of its own, so that both are corrected to have the estimate as their mean. */
typedef struct Squared {
    double squared, bias2, variance;
} Squared;

static Squared squared_of(const Moments *m, const double *w, bool first) {
    const double repeats = m->repeats;
    double of_mean = 0, mean_of = 0, cross = 0, error = 0;
    for (int32_t r = 0; r < m->repeats; r++) {
        double row = 0;
        for (int32_t s = 0; s < m->repeats; s++) row += w[s] * m->product[r * m->repeats + s];
        of_mean += w[r] * row;
        mean_of += w[r] * m->product[r * m->repeats + r];
        cross += w[r] * m->cross[r];
        error += w[r] * m->error[r];
    }
    const double unbiased = repeats / (repeats - 1);
    const double variance = (mean_of - of_mean) * unbiased * (first ? 1 : unbiased);
    const double of_the_mean = variance / repeats * (first ? 1 : 1 + 1 / unbiased);
    return (Squared){error, of_mean - 2 * cross + m->truth - of_the_mean, variance};
}

/* --- cross-entropy ---------------------------------------------------------------------------- */

/* log p, kept off -infinity: a network that excludes what then happens has lost all, but not more
 * than a number can say. */
static double log_of(double p) {
    return log(fmax(p, DBL_MIN));
}

/* Mean loss and mean of -log Z over some rows (every `step`-th) under weights of the repeats.
 * logs: rows x classes x repeats. */
typedef struct CrossEntropy {
    double loss, variance;
} CrossEntropy;

#define TINY_PRODUCT 1e-100 /* its square is no underflow */

static CrossEntropy cross_entropy_of(const DecompositionInput *in, const double *logs, int64_t step,
                                     const double *w) {
    double loss = 0, variance = 0, product = 1; /* of Z: a logarithm for many rows */
    int64_t rows = 0;
    for (int64_t i = 0; i < in->rows; i += step, rows++) {
        const double *row = &logs[i * in->classes * in->repeats];
        double sum = 0;
        for (int32_t c = 0; c < in->classes; c++) {
            double mean = 0;
            for (int32_t r = 0; r < in->repeats; r++) mean += w[r] * row[c * in->repeats + r];
            sum += exp(mean);
            if (c == in->label[i]) loss -= mean;
        }
        if (sum < TINY_PRODUCT) {
            variance -= log(sum);
            continue;
        }
        product *= sum;
        if (product > TINY_PRODUCT) continue;
        variance -= log(product);
        product = 1;
    }
    variance -= log(product);
    return (CrossEntropy){loss / (double)rows, variance / (double)rows};
}

/* --- intervals -------------------------------------------------------------------------------- */

enum { SQUARED, BIAS2, VARIANCE, NOISE_AND_BIAS2, LOSS, AVERAGE, CE_VARIANCE, ESTIMATES };

static void fill(double value[ESTIMATES], const Squared *squared, const CrossEntropy *ce) {
    value[SQUARED] = squared->squared;
    value[BIAS2] = squared->bias2;
    value[VARIANCE] = squared->variance;
    value[NOISE_AND_BIAS2] = squared->squared - squared->variance;
    value[LOSS] = ce->loss;
    value[AVERAGE] = ce->loss - ce->variance;
    value[CE_VARIANCE] = ce->variance;
}

/* draw: ESTIMATES x DECOMPOSITION_DRAWS; `middle`: what the draws are spread around, which is not
 * the estimate where they rest on fewer rows. */
static Estimate interval_of(double *draw, double value, double middle) {
    statistics_sort(draw, DECOMPOSITION_DRAWS);
    return (Estimate){value, value + statistics_quantile(draw, DECOMPOSITION_DRAWS, 0.025) - middle,
                      value + statistics_quantile(draw, DECOMPOSITION_DRAWS, 0.975) - middle};
}

static void bootstrap(Decomposition *out, const DecompositionInput *in, const Moments *m,
                      const double *logs, double *draw, double *w) {
    const int64_t step = (in->rows + CE_ROWS - 1) / CE_ROWS;
    double value[ESTIMATES], middle[ESTIMATES];
    CrossEntropy ce = {NAN, NAN}, ce_some = {NAN, NAN};
    for (int32_t r = 0; r < m->repeats; r++) w[r] = 1.0 / m->repeats;
    const Squared squared = squared_of(m, w, true);
    if (in->classes) {
        ce = cross_entropy_of(in, logs, 1, w);
        ce_some = cross_entropy_of(in, logs, step, w);
    }
    fill(value, &squared, &ce);
    fill(middle, &squared, &ce_some);
    Rng rng;
    rng_seed(&rng, 0);
    for (int32_t d = 0; d < DECOMPOSITION_DRAWS; d++) {
        double one[ESTIMATES];
        memset(w, 0, (size_t)m->repeats * sizeof *w);
        for (int32_t r = 0; r < m->repeats; r++) w[rng_below(&rng, m->repeats)] += 1.0 / m->repeats;
        const Squared drawn = squared_of(m, w, false);
        if (in->classes) {
            ce = cross_entropy_of(in, logs, step, w);
            ce.variance *=
                m->repeats / (m->repeats - 1.0); /* as the variance of the squared error */
        }
        fill(one, &drawn, &ce);
        for (int e = 0; e < ESTIMATES; e++) draw[e * DECOMPOSITION_DRAWS + d] = one[e];
    }
    Estimate *const into[ESTIMATES] = {
        &out->squared,       &out->bias2,           &out->variance,   &out->noise_and_bias2,
        &out->cross_entropy, &out->average_network, &out->ce_variance};
    const Estimate unknown = {NAN, NAN, NAN};
    for (int e = 0; e < ESTIMATES; e++) {
        const bool known = (e != BIAS2 || in->truth) && (e < LOSS || in->classes);
        *into[e] =
            known ? interval_of(&draw[e * DECOMPOSITION_DRAWS], value[e], middle[e]) : unknown;
    }
    /* what cannot be negative has no interval below 0 */
    out->variance.low = fmax(out->variance.low, 0);
    if (in->classes) out->ce_variance.low = fmax(out->ce_variance.low, 0);
    if (in->truth) out->bias2.low = fmax(out->bias2.low, 0);
    if (in->truth) out->bias2.high = fmax(out->bias2.high, 0);
    out->noise = in->truth ? (Estimate){m->noise, m->noise, m->noise} : unknown;
}

bool decomposition_make(Decomposition *decomposition, const DecompositionInput *input, Error *err) {
    assert(input->repeats >= 2 && input->rows >= 1);
    const size_t repeats = (size_t)input->repeats;
    const size_t logs_count = (size_t)input->rows * (size_t)input->classes * repeats;
    const size_t draws = (size_t)ESTIMATES * DECOMPOSITION_DRAWS;
    const size_t count = repeats * repeats + 4 * repeats + logs_count + draws;
    double *memory = calloc(count, sizeof *memory);
    if (!memory) return error_memory(err, count * sizeof *memory);
    Moments m = {.repeats = input->repeats, .product = memory};
    m.cross = m.product + repeats * repeats;
    m.error = m.cross + repeats;
    double *w = m.error + repeats, *p = w + repeats, *logs = p + repeats, *draw = logs + logs_count;
    for (int64_t i = 0; i < input->rows; i++) {
        add_row(&m, input, i, p);
        for (int32_t c = 0; c < input->classes; c++) {
            const int64_t at = i * input->classes + c;
            for (int32_t r = 0; r < input->repeats; r++)
                logs[at * input->repeats + r] = log_of(input->output[r][at]);
        }
    }
    average(&m, input);
    bootstrap(decomposition, input, &m, logs, draw, w);
    free(memory);
    return true;
}
