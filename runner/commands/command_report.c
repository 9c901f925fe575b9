/* `runner report`: draws the report of results again. */
#include "runner/commands/command_report.h"

#include <stdio.h>

#include "core/base/files.h"
#include "runner/commands/commands.h"
#include "runner/commands/trained.h"
#include "runner/journal/run_log.h"
#include "runner/output/gnuplot.h"
#include "runner/report/report.h"

bool command_report_draw(const Opened *opened, const char *folder, const char *data_folder,
                         const char *format, const char *only, Error *err) {
    char plots[FILES_PATH];
    if (!gnuplot_programs(plots, sizeof plots, err)) return false;
    const ReportOptions options = {.plots_folder = plots, .format = format, .only = only};
    TrainedReport trained = {opened->results, opened->spec->at, data_folder};
    const ReportPredictor predictor = trained_predictor(&trained);
    return report_draw(opened->results, opened->spec, &predictor, folder, &options, err);
}

/* A results folder has its report inside; a bare .h5 file beside it. */
bool command_report(const CliOptions *options, Error *err) {
    Opened opened;
    RunOrigin origin;
    char folder[FILES_PATH];
    if (!opened_open(&opened, options->target, false, err)) return false;
    bool done = true;
    if (options->output)
        snprintf(folder, sizeof folder, "%s", options->output);
    else
        done = files_join(folder, sizeof folder, opened.folder, "report", err);
    const bool known = run_log_read_origin(&origin, opened.folder, NULL);
    done = done && command_report_draw(&opened, folder, known ? origin.root : opened.folder,
                                       options->format, options->only, err);
    if (known) run_log_origin_free(&origin);
    if (done) printf("report   %s/index.html\n", folder);
    opened_close(&opened);
    return done;
}
