/* The report of an experiment: one self-contained page, and beside it every figure with its data
 * and its program.
 *
 * It reads results only: no training run is needed. Files in `folder`: index.html (written last),
 * and for each figure NAME.svg, NAME.tsv, NAME.gp (`gnuplot NAME.gp` draws it again) and, for
 * another format, NAME.png or NAME.pdf. */
#ifndef RUNNER_REPORT_REPORT_H
#define RUNNER_REPORT_REPORT_H

#include "core/base/folder.h"
#include "runner/experiment/spec.h"
#include "runner/report/predictor.h"
#include "runner/store/store.h"

typedef struct ReportOptions {
    const char *plots_folder; /* of the gnuplot programs (scripts/plots) */
    const char *format;       /* of the separate files: "svg" (also NULL), "png", "pdf" (both beside
                                 the .svg) */
    const char *only;         /* one section, or NULL */
} ReportOptions;

/* Draws the report into the folder (page_check). Without a working gnuplot
 * everything else is written, the page says what is missing, and the result is false with
 * ERROR_RESOURCE. An unknown section or format is ERROR_USAGE. */
MUST_CHECK bool report_draw(const Results *results, const Spec *spec,
                            const ReportPredictor *predictor, const Folder *folder,
                            const ReportOptions *options, Error *err);

/* Whether the folder has the report of these results, whatever its date. */
bool report_is_drawn(const Results *results, const Folder *folder);

#endif
