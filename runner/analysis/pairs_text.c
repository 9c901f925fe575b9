#include "runner/analysis/pairs_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "runner/analysis/finding.h"
#include "runner/analysis/labels.h"

void pairs_text_difference(char *text, size_t size, const Pairing *pairing,
                           const PairedDifference *difference) {
    const Interval *d = &difference->against.difference;
    const double p = difference->against.p;
    const char *test = pairing->a->folds ? "t test" : "Wilcoxon";
    char mean[64], low[64], high[64];
    Text out = text_begin(text, size);
    labels_number(mean, sizeof mean, d->mean, d->half);
    labels_number(low, sizeof low, d->low, d->half);
    labels_number(high, sizeof high, d->high, d->half);
    text_add(&out, "%s", mean);
    if (d->n < 2) return;
    if (d->sd == 0 && d->n == difference->pairs) {
        text_add(&out, " (the same in all %" PRId64 " pairs)", d->n);
        return;
    }
    text_add(&out, " (95 %% interval %s to %s", low, high);
    if (p < 0.001)
        text_add(&out, "; %s p < 0.001", test);
    else if (!isnan(p))
        text_add(&out, "; %s p = %.*f", test, p < 0.1 ? 3 : 2, p);
    text_add(&out, ")");
}

void pairs_text_common(Text *text, const Pairing *pairing, const PairsCommon *common) {
    const char *replicates = pairing->a->folds ? "folds" : "repeats";
    const int64_t other_data = common->runs - common->same_data;
    const int64_t other_seed = common->runs - common->same_seed;
    if (pairing->a->replicates != pairing->b->replicates) {
        text_add(text,
                 "A has %" PRId32 " %s, B has %" PRId32 ": the first %" PRId32 " are compared. ",
                 pairing->a->replicates, replicates, pairing->b->replicates, pairing->replicates);
    }
    if (other_data == common->runs && other_data > 0 && common->one_data) {
        text_add(text,
                 "A and B did not see the same data, and each saw its own in all %s: a difference "
                 "may come from the data, and more repeats would not tell. ",
                 replicates);
    } else if (other_data == common->runs && other_data > 0) {
        text_add(text, "The two runs of a pair did not see the same data: a difference may come "
                       "from the data. ");
    } else if (other_data > 0) {
        text_add(text,
                 "In %" PRId64 " of %" PRId64 " pairs of runs the two did not see the same data: a "
                 "difference may come from the data. ",
                 other_data, common->runs);
    }
    if (other_seed == common->runs && other_seed > 0) {
        text_add(text, "The two runs of a pair have different seeds: the luck of their initial "
                       "weights is part of the difference. ");
    } else if (other_seed > 0) {
        text_add(text,
                 "In %" PRId64 " of %" PRId64 " pairs of runs the two have different seeds: the "
                 "luck of their initial weights is part of the difference. ",
                 other_seed, common->runs);
    }
}

void pairs_text_gaps(Text *text, const PairedDifference *difference) {
    const int64_t a = difference->diverged[0], b = difference->diverged[1];
    if (a + b > 0 && difference->left_out == 0) {
        text_add(text,
                 "%" PRId64 " runs of A diverged and %" PRId64 " of B: such a run loses its pair, "
                 "and has no part in means and intervals. ",
                 a, b);
    } else if (difference->left_out > 0) {
        text_add(text,
                 "%" PRId64 " of %" PRId64 " settings are left out of the average, because a run "
                 "has no value: %" PRId64 " runs of A diverged and %" PRId64 " of B. ",
                 difference->left_out, difference->left_out + difference->settings, a, b);
    }
}

void pairs_text_disagreement(Text *text, const Pairing *pairing,
                             const PairedDifference *difference) {
    const Interval *d = &difference->against.difference;
    if (pairing->a->folds || isnan(difference->against.p) || d->n < 2) return;
    const bool outside = d->low > 0 || d->high < 0, shown = difference->better != 0;
    if (shown && !outside) {
        text_add(text, "The interval reaches across zero and the test says otherwise: repeats "
                       "that stand out widen an interval, but not ranks. The test decides. ");
    } else if (!shown && outside) {
        text_add(text, "The interval leaves out zero and the test does not reach 5 %%: the "
                       "interval assumes normally distributed differences, the test does not. "
                       "The test decides. ");
    }
}
