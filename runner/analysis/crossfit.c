#include "runner/analysis/crossfit.h"

#include <math.h>

/* The variance of a mean of differences of which one side was chosen, or both, over that of as many
 * independent ones. Simulated: 1.25 would do for most studies, 1.5 and 2 keep each side's misses
 * below 3.5 %. */
#define CHOSEN_ONE  1.5
#define CHOSEN_BOTH 2
/* The same of the shares that folds have in common, where only lines are chosen. */
#define CHOSEN_FOLDS 1.25
/* Wilcoxon's test needs that much more repeats than Student's (asymptotic relative efficiency
 * 3 / pi under the normal distribution: Lehmann 1975, Nonparametrics). */
#define WILCOXON_EFFICIENCY 0.955
#define NORMAL_80           0.8416212335729143 /* the normal distribution's 0.8 quantile */
#define REPEATS_MAX         1000
#define LEVEL               0.05

/* --- choosing --------------------------------------------------------------------------------- */

typedef struct Score {
    int32_t diverged, repeats;
    double mean; /* of the others */
} Score;

static const double *losses_of(const Crossfit *fit, const double *loss, int32_t line,
                               int32_t value) {
    return loss + ((size_t)line * (size_t)fit->values + (size_t)value) * (size_t)fit->repeats;
}

static Score score_of(const Crossfit *fit, int32_t line, int32_t value, int32_t parity) {
    const double *x = losses_of(fit, fit->loss, line, value);
    Score score = {0};
    int32_t finite = 0;
    for (int32_t r = 0; r < fit->repeats; r++) {
        if ((parity >= 0 && r % 2 != parity) || isnan(x[r])) continue;
        score.repeats++;
        if (isinf(x[r])) {
            score.diverged++;
            continue;
        }
        finite++;
        score.mean += (x[r] - score.mean) / finite;
    }
    return score;
}

/* Nothing at all is the worst; equal ones are not better than each other. */
static bool is_better(Score a, Score b) {
    if (a.repeats == 0 || b.repeats == 0) return a.repeats > 0 && b.repeats == 0;
    if (a.diverged != b.diverged) return a.diverged < b.diverged;
    return a.mean < b.mean;
}

/* The best line of a value; -1 where none has it. */
static int32_t best_line(const Crossfit *fit, int32_t value, int32_t parity, Score *score) {
    int32_t best = -1;
    *score = (Score){0};
    for (int32_t line = 0; line < fit->lines; line++) {
        const Score own = score_of(fit, line, value, parity);
        if (!is_better(own, *score)) continue;
        *score = own;
        best = line;
    }
    return best;
}

int32_t crossfit_best_but(const CrossfitChoice *choice, const Crossfit *fit, int32_t parity,
                          int32_t except) {
    int32_t best = -1;
    Score least = {0};
    for (int32_t v = 0; v < fit->values; v++) {
        if (v == except || choice->line[v] < 0) continue;
        const Score score = score_of(fit, choice->line[v], v, parity);
        if (!is_better(score, least)) continue;
        least = score;
        best = v;
    }
    return best;
}

void crossfit_choose(CrossfitChoice *choice, const Crossfit *fit, int32_t parity) {
    Score least = {0}, score, worst = {0};
    int32_t common = -1;
    for (int32_t v = 0; v < fit->values; v++) {
        choice->line[v] = best_line(fit, v, parity, &score);
        if (!is_better(score, least)) continue;
        least = score;
        common = choice->line[v];
    }
    for (int32_t v = 0; v < fit->values && !fit->own; v++) {
        const bool there = common >= 0 && score_of(fit, common, v, parity).repeats > 0;
        choice->line[v] = there ? common : -1;
    }
    choice->best = crossfit_best_but(choice, fit, parity, -1);
    choice->second = crossfit_best_but(choice, fit, parity, choice->best);
    choice->worst = -1;
    for (int32_t v = 0; v < fit->values; v++) {
        if (choice->line[v] < 0 || v == choice->best) continue;
        score = score_of(fit, choice->line[v], v, parity);
        if (choice->worst >= 0 && is_better(score, worst)) continue;
        worst = score;
        choice->worst = v;
    }
}

bool crossfit_is_chosen(const Crossfit *fit, const CrossfitPair *pair) {
    return pair->chosen > 0 || fit->lines > 1;
}

/* --- judging ---------------------------------------------------------------------------------- */

/* Variance of the mean, over that of one difference. Of folds a share of about test/train = 1/(J -
 * 1) is common to all of a candidate (Nadeau and Bengio 2003). Choosing one side among K picks the
 * luckiest of those shares, whose square grows with log K; where both sides choose their line, as
 * luckily, only the halves have something in common. */
static double variance_of_mean(const Crossfit *fit, const CrossfitPair *pair, int64_t n) {
    const bool choice = crossfit_is_chosen(fit, pair);
    if (!fit->folds) return (pair->chosen > 1 ? CHOSEN_BOTH : choice ? CHOSEN_ONE : 1) / (double)n;
    const double candidates = (double)fit->lines * fit->values;
    double shares = choice ? CHOSEN_FOLDS : 1;
    if (pair->chosen > 0) shares = fmax(shares, pair->chosen * (1 + log2(candidates)) / 2);
    return 1 / (double)n + shares / (fit->repeats - 1);
}

/* The differences by repeat: finite ones first in spare[0..n), all of them in spare[repeats..). */
static void gather(CrossfitTest *test, const Crossfit *fit, const CrossfitPair *pair,
                   const double *loss, double *spare) {
    int64_t *finite = &test->loss.difference.n;
    for (int32_t r = 0; r < fit->repeats; r++) {
        const int32_t p = (r + 1) % 2; /* the half that r is not in */
        const CrossfitChoice *choice = &pair->choice[p];
        const int32_t a = pair->a[p], b = pair->b[p];
        if (a < 0 || b < 0 || choice->line[a] < 0 || choice->line[b] < 0) continue;
        const double x = losses_of(fit, loss, choice->line[a], a)[r];
        const double y = losses_of(fit, loss, choice->line[b], b)[r];
        const double d = x == y ? 0 : x - y; /* both infinite: a tie */
        if (isnan(d)) continue;
        spare[fit->repeats + test->pairs++] = d;
        test->infinite += isinf(d);
        if (isfinite(x) && isfinite(y)) spare[(*finite)++] = d;
    }
}

/* Differences that are equal but for the rounding of their sides have no spread. */
#define ROUNDING 1e-12

static Interval interval_of(const Crossfit *fit, const CrossfitPair *pair, const double *x,
                            int64_t n) {
    Interval d = statistics_interval(x, n);
    if (n < 2) return d;
    if (d.sd < ROUNDING * fabs(d.mean)) d.sd = 0;
    d.half =
        statistics_t_quantile(0.975, (double)(n - 1)) * d.sd * sqrt(variance_of_mean(fit, pair, n));
    d.low = d.mean - d.half;
    d.high = d.mean + d.half;
    return d;
}

/* Sorts x. */
static Interval without_farthest(const Crossfit *fit, const CrossfitPair *pair, double *x,
                                 int64_t n) {
    if (n < 4) return statistics_interval(NULL, 0);
    statistics_sort(x, n);
    const double median = statistics_quantile(x, n, 0.5);
    const bool lowest = median - x[0] > x[n - 1] - median;
    return interval_of(fit, pair, x + lowest, n - 1);
}

CrossfitTest crossfit_test(const Crossfit *fit, const CrossfitPair *pair, const double *loss,
                           double *spare) {
    CrossfitTest test = {.loss = {.p = (double)NAN, .folds = fit->folds}};
    gather(&test, fit, pair, loss, spare);
    const double *all = spare + fit->repeats;
    Interval *d = &test.loss.difference;
    *d = interval_of(fit, pair, spare, d->n);
    if (fit->folds && d->n >= 2 && test.infinite == 0 && d->sd > 0) {
        const double error = d->sd * sqrt(variance_of_mean(fit, pair, d->n));
        test.loss.p = 2 * statistics_t_cdf(-fabs(d->mean) / error, (double)(d->n - 1));
    }
    if (!fit->folds) test.loss.p = statistics_wilcoxon(all, test.pairs);
    test.side = fit->folds && test.infinite == 0 ? (d->mean > 0) - (d->mean < 0)
                                                 : statistics_side(all, test.pairs);
    test.without = without_farthest(fit, pair, spare, d->n);
    return test;
}

int32_t crossfit_wilcoxon_from(int32_t comparisons) {
    int32_t n = 2;
    while (ldexp(comparisons, 1 - n) >= LEVEL) n++;
    return n;
}

bool crossfit_shown(const CrossfitTest *test, double p, int32_t comparisons, int32_t side) {
    const Interval *d = &test->loss.difference;
    if (test->pairs < 2 || test->side != side) return false;
    const bool few = !test->loss.folds && test->pairs < crossfit_wilcoxon_from(comparisons);
    if (!few && !isnan(p)) return p < LEVEL;
    /* the interval decides; equal differences have one of no width */
    return test->infinite == 0 && d->n >= 2 && (side > 0 ? d->low > 0 : d->high < 0);
}

int32_t crossfit_repeats_needed(const CrossfitTest *test, int32_t comparisons) {
    const Interval *d = &test->loss.difference;
    if (test->infinite > 0 || d->n < 2 || !(d->mean > 0) || !(d->sd > 0)) return 0;
    const double z = statistics_t_quantile(1 - LEVEL / 2 / comparisons, 1e9);
    const double ratio = (z + NORMAL_80) * (d->sd / d->mean);
    const double n = ratio * ratio / WILCOXON_EFFICIENCY + z * z / 2;
    if (!(n <= REPEATS_MAX)) return 0;
    const double unit = n > 100 ? 10 : 1;
    return (int32_t)(ceil(n / unit) * unit);
}
