#include "runner/analysis/calibration.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/analysis/statistics.h"

/* What a row claims and whether it came true. */
static double claim(const double *p, int32_t classes, int32_t label, bool *came_true) {
    int32_t claimed = 1;
    if (classes > 2) {
        claimed = 0;
        for (int32_t c = 1; c < classes; c++) {
            if (p[c] > p[claimed]) claimed = c;
        }
    }
    *came_true = claimed == label;
    return p[claimed];
}

bool calibration_make(Calibration *calibration, const double *probability, const int32_t *label,
                      int64_t rows, int32_t classes, Error *err) {
    assert(rows >= 1 && classes >= 2);
    double *sorted = malloc((size_t)rows * sizeof *sorted), edge[CALIBRATION_BINS - 1];
    if (!sorted) return error_memory(err, (size_t)rows * sizeof *sorted);
    bool came_true;
    for (int64_t i = 0; i < rows; i++)
        sorted[i] = claim(&probability[i * classes], classes, label[i], &came_true);
    statistics_sort(sorted, rows);
    for (int b = 1; b < CALIBRATION_BINS; b++)
        edge[b - 1] = statistics_quantile(sorted, rows, (double)b / CALIBRATION_BINS);
    free(sorted);

    *calibration = (Calibration){0};
    for (int64_t i = 0; i < rows; i++) {
        const double p = claim(&probability[i * classes], classes, label[i], &came_true);
        int b = 0;
        while (b < CALIBRATION_BINS - 1 && edge[b] < p) b++;
        calibration->bin[b].rows++;
        calibration->bin[b].probability += p;
        calibration->bin[b].share += came_true;
    }
    for (int b = 0; b < CALIBRATION_BINS; b++) {
        CalibrationBin *bin = &calibration->bin[b];
        if (!bin->rows) continue;
        bin->probability /= (double)bin->rows;
        bin->share /= (double)bin->rows;
        calibration->ece += fabs(bin->share - bin->probability) * (double)bin->rows / (double)rows;
    }
    return true;
}
