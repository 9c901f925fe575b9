/* The report of an experiment: one self-contained page, and beside it every figure with its data
 * and its program.
 *
 * It reads results only: no training run is needed; data sets too large for the results file are
 * read again for the confusion matrix, where they still are. Files in `folder`: index.html (written
 * last), and for each figure NAME.svg, NAME.tsv, NAME.gp (`gnuplot NAME.gp` draws it again) and,
 * for another format, NAME.png or NAME.pdf. */
#ifndef RUNNER_REPORT_REPORT_H
#define RUNNER_REPORT_REPORT_H

#include "runner/experiment/spec.h"
#include "runner/store/store.h"

typedef struct ReportOptions {
    const char
        *format; /* of the separate files: "svg" (also NULL), "png", "pdf" (both beside the .svg) */
    const char *only;        /* one section, or NULL */
    const char *plots_dir;   /* where the gnuplot programs live (scripts/plots) */
    const char *data_folder; /* where data files of a relative path are; NULL: here */
} ReportOptions;

/* Writes the report. Without a working gnuplot everything else is written, the page says what is
 * missing, and the result is false with ERROR_RESOURCE. An unknown section or format is
 * ERROR_USAGE. */
MUST_CHECK bool report_write(const Results *results, const char *folder,
                             const ReportOptions *options, Error *err);

/* Outputs of the network of a trial for n rows of x; y is n x outputs. */
typedef struct ReportPredictor {
    bool (*predict)(void *context, int64_t trial, const double *x, int64_t n, double *y,
                    Error *err);
    int32_t (*outputs)(void *context, int64_t trial); /* 0: this trial has no network to ask */
    void *context;
} ReportPredictor;

/* The same from parts, so that a test can plant them. */
MUST_CHECK bool report_draw(const Results *results, const Spec *spec,
                            const ReportPredictor *predictor, const char *folder,
                            const ReportOptions *options, Error *err);

#endif
