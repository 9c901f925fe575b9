/* `runner report`: draws the report of results again. */
#include "runner/commands/command_report.h"

#include <stdio.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "runner/commands/commands.h"
#include "runner/commands/trained.h"
#include "runner/journal/run_log.h"
#include "runner/output/gnuplot.h"
#include "runner/output/page.h"
#include "runner/report/report.h"

bool command_report_draw(const Opened *opened, const Folder *folder, bool strict,
                         const char *data_folder, const char *format, const char *only,
                         Error *err) {
    char plots[FILES_PATH];
    if (!page_check(folder, "report", strict, err)) return false;
    if (!gnuplot_programs(plots, sizeof plots, err)) return false;
    const ReportOptions options = {.plots_folder = plots, .format = format, .only = only};
    TrainedReport trained = {opened->results, opened->spec->at, data_folder};
    const ReportPredictor predictor = trained_predictor(&trained);
    return report_draw(opened->results, opened->spec, &predictor, folder, &options, err);
}

/* The folder of the page: -o; else in the results folder, or beside a bare .h5 file. */
static bool open_page(Folder *page, const CliOptions *options, const Opened *opened, Error *err) {
    Folder results;
    if (options->output) return folder_make(page, options->output, err);
    *page = FOLDER_NONE;
    const bool done =
        folder_open(&results, opened->folder, err) && folder_make_in(page, &results, "report", err);
    folder_close(&results);
    return done;
}

bool command_report(const CliOptions *options, Error *err) {
    Opened opened;
    RunOrigin origin;
    Folder page;
    if (!opened_open(&opened, options->target, false, err)) return false;
    const bool in_results = !options->output && files_has(options->target, ".");
    bool done = open_page(&page, options, &opened, err);
    const bool known = run_log_read_origin(&origin, opened.folder, NULL);
    done = done &&
           command_report_draw(&opened, &page, !in_results, known ? origin.root : opened.folder,
                               options->format, options->only, err);
    if (known) run_log_origin_free(&origin);
    if (done) text_print(stdout, "report   %s/index.html\n", page.path);
    folder_close(&page);
    opened_close(&opened);
    return done;
}
