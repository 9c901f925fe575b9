/* The table of verdicts, the thresholds, and the rules in their order. */
#include "core/model/verdict.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Each threshold is held by a case of tests/core/test_verdict.c. */
#define DIVERGED_RATIO   1e3    /* end / start over this: diverged */
#define CYCLE_COSINE     (-0.5) /* mean cosine under this ... */
#define CYCLE_STEP       1e-6   /* ... with a step over this share of the parameters ... */
#define CYCLE_COUNT      4      /* ... and so many cosines at least: oscillating */
#define STARTED_FALL     1e-2   /* a fall under this share of the start, and ... */
#define STARTED_MOVE     1e-2   /* ... a way under this share of the first parameters, while ... */
#define STARTED_SLOPE    1e-3   /* ... they are on a slope: not started */
#define CONVERGED_WINDOW 1e-4 /* change within the window under this share of the fall so far ... */
#define CONVERGED_AGAIN  1e-3 /* ... and under this one in as many epochs again: converged */
#define SCHEDULE_FLOOR   1e-2 /* a last factor under this has stopped the training */
#define SLOPE_COUNT      4    /* objectives that a slope with a standard error takes */
#define SLOPE_ERRORS     3    /* a slope of more than so many standard errors is one */

static const struct {
    const char *name, *meaning, *advice;
} VERDICTS[VERDICT_COUNT] = {
    [VERDICT_CONVERGED] = {"converged", "the objective has stopped changing", ""},
    [VERDICT_FALLING] = {"falling", "the objective was still falling at the end", "more epochs"},
    [VERDICT_RISING] = {"rising", "the objective was rising at the end", "a smaller learning rate"},
    [VERDICT_OSCILLATING] = {"oscillating",
                             "the updates go back and forth, so that the last figure depends on "
                             "the epoch that came last; the step is too large",
                             "a smaller learning rate"},
    [VERDICT_NOISY] = {"noisy", "the objective is level but for the luck of the batches",
                       "a smaller learning rate at the end, larger batches, or the mean of several "
                       "repeats"},
    [VERDICT_STOPPED_BY_SCHEDULE] = {"stopped_by_schedule",
                                     "the schedule made the steps too small to tell whether there "
                                     "was more to learn",
                                     "a slower schedule or a higher floor"},
    [VERDICT_NOT_STARTED] = {"not_started",
                             "the objective has hardly fallen and the weights have hardly moved",
                             "a larger learning rate or more epochs"},
    [VERDICT_STOPPED_EARLY] = {"stopped_early",
                               "patience ran out, and the weights of the best epoch were kept", ""},
    [VERDICT_NOT_TRAINED] = {"not_trained", "there was no epoch, so nothing moved", "epochs"},
    [VERDICT_DIVERGED] = {"diverged",
                          "the objective overflowed or ended more than a thousand times above its "
                          "start",
                          "a smaller learning rate"},
};

const char *verdict_name(Verdict verdict) {
    assert(verdict < VERDICT_COUNT);
    return VERDICTS[verdict].name;
}

const char *verdict_meaning(Verdict verdict) {
    assert(verdict < VERDICT_COUNT);
    return VERDICTS[verdict].meaning;
}

const char *verdict_advice(Verdict verdict) {
    assert(verdict < VERDICT_COUNT);
    return VERDICTS[verdict].advice;
}

Verdict verdict_from_name(const char *name) {
    int32_t i = 0;
    while (i < VERDICT_COUNT && strcmp(VERDICTS[i].name, name) != 0) i++;
    return (Verdict)i;
}

static bool has_diverged(const VerdictEvidence *evidence) {
    bool diverged = evidence->overflowed || !isfinite(evidence->end);
    for (int32_t i = 0; i < evidence->count; i++) {
        diverged = diverged || !isfinite(evidence->objective[i]);
    }
    /* A start at the optimum is no measure. */
    return diverged || evidence->end > DIVERGED_RATIO * fmax(evidence->start, evidence->magnitude);
}

/* Full batch: successive updates point in opposite directions (Cohen et al. 2021, "Gradient descent
 * on neural networks typically occurs at the edge of stability"). */
static bool is_cycle(const VerdictEvidence *evidence) {
    return evidence->cosines >= CYCLE_COUNT && evidence->cosine < CYCLE_COSINE &&
           evidence->step > CYCLE_STEP;
}

static double fall(const VerdictEvidence *evidence) {
    return evidence->start - evidence->objective[evidence->count - 1];
}

/* At the optimum the network does not move either, but there it is level. */
static bool has_not_started(const VerdictEvidence *evidence) {
    const double least = fabs(evidence->start);
    return fabs(fall(evidence)) < STARTED_FALL * least && evidence->moved < STARTED_MOVE &&
           evidence->slope * fmax(evidence->norm, 1) > STARTED_SLOPE * least;
}

/* Whether the objective has stopped changing, and would have at the full step too, of which the
 * schedule let it take `factor`. A few epochs are judged from the start on. */
static bool is_flat(const VerdictEvidence *evidence, double factor) {
    const bool is_short = evidence->count < SLOPE_COUNT;
    double low = is_short ? evidence->start : evidence->objective[0], high = low;
    for (int32_t i = 0; i < evidence->count; i++) {
        low = fmin(low, evidence->objective[i]);
        high = fmax(high, evidence->objective[i]);
    }
    const double scale = fmax(fabs(fall(evidence)), STARTED_FALL * fabs(evidence->start));
    const double again = (double)evidence->epochs / evidence->count;
    const double share = fmin(CONVERGED_WINDOW, CONVERGED_AGAIN / again);
    return high - low <= share * factor * scale;
}

/* -1 for a fall, 1 for a rise, 0 for neither: least squares over y[0..n). */
static int trend(const double *y, int32_t n) {
    const double middle = (n - 1) / 2.0;
    double mean = 0, sxx = 0, sxy = 0, residual = 0;
    for (int32_t i = 0; i < n; i++) mean += y[i] / n;
    for (int32_t i = 0; i < n; i++) {
        sxx += (i - middle) * (i - middle);
        sxy += (i - middle) * (y[i] - mean);
    }
    const double slope = sxy / sxx;
    for (int32_t i = 0; i < n; i++) {
        const double e = y[i] - mean - slope * (i - middle);
        residual += e * e;
    }
    const double error = sqrt(residual / (n - 2) / sxx);
    return slope < -SLOPE_ERRORS * error ? -1 : slope > SLOPE_ERRORS * error ? 1 : 0;
}

/* Too few epochs for a slope: the direction that all of them have, counted from the start. */
static int short_trend(const VerdictEvidence *evidence) {
    bool falls = true, rises = true;
    double before = evidence->start;
    for (int32_t i = 0; i < evidence->count; i++) {
        falls = falls && evidence->objective[i] < before;
        rises = rises && evidence->objective[i] > before;
        before = evidence->objective[i];
    }
    return rises - falls;
}

static Verdict moving(const VerdictEvidence *evidence) {
    const int direction = evidence->count < SLOPE_COUNT
                              ? short_trend(evidence)
                              : trend(evidence->objective, evidence->count);
    if (direction > 0) return VERDICT_RISING;
    if (evidence->last_factor < SCHEDULE_FLOOR) return VERDICT_STOPPED_BY_SCHEDULE;
    if (direction < 0) return VERDICT_FALLING;
    return evidence->is_stochastic ? VERDICT_NOISY : VERDICT_OSCILLATING;
}

Verdict verdict_of(const VerdictEvidence *evidence) {
    if (evidence->epochs == 0) return VERDICT_NOT_TRAINED;
    if (has_diverged(evidence)) return VERDICT_DIVERGED;
    if (evidence->stopped_early) return VERDICT_STOPPED_EARLY;
    if (is_cycle(evidence)) return VERDICT_OSCILLATING;
    assert(evidence->count > 0);
    if (has_not_started(evidence)) return VERDICT_NOT_STARTED;
    if (is_flat(evidence, evidence->factor)) return VERDICT_CONVERGED;
    if (is_flat(evidence, 1)) return VERDICT_STOPPED_BY_SCHEDULE;
    return moving(evidence);
}
