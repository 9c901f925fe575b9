/* Wires the parts together, prints errors, chooses the exit code. */
#include "core/trainer.h"
#include "runner/check.h"
#include "runner/cli.h"
#include "runner/folder.h"
#include "runner/provenance.h"
#include "runner/report.h"
#include "runner/run.h"
#include "runner/store.h"
#include "runner/where.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool print_version(Error *err) {
    if (!trainer_isa_check(err)) return false;
    printf("runner %s (git %s)\ncompiler   %s\nlibraries  %s\nkernels    %s (arithmetic %s)\n",
           provenance_version(), provenance_git_revision(), provenance_compiler(),
           provenance_libraries(), trainer_isa(), trainer_arithmetic());
    return true;
}

/* A results folder has its report inside; a bare .h5 file beside it. */
static bool draw_report(const CliOptions *options, Error *err) {
    char plots[4096], folder[4096];
    Results results;
    if (!where_plots(plots, sizeof plots, err)) return false;
    if (!store_read(&results, options->target, err)) return false;
    bool done = true;
    if (options->output) {
        snprintf(folder, sizeof folder, "%s", options->output);
    } else {
        char home[4096];
        where_folder_of(home, sizeof home, results.path);
        done = folder_join(folder, sizeof folder, home, "report", err);
    }
    const ReportOptions wanted = {
        .format = options->format, .only = options->only, .plots_dir = plots};
    done = done && folder_make(folder, err) && report_write(&results, folder, &wanted, err);
    if (done) printf("report   %s/index.html\n", folder);
    store_close(&results);
    return done;
}

static int carry_out(const CliOptions *options, Error *err) {
    int stopped_by = 0;
    int64_t failed = 0;
    bool done = true;
    switch (options->command) {
    case CLI_RUN: done = run_experiment(options, &stopped_by, &failed, err); break;
    case CLI_CHECK: done = check_experiment(options, err); break;
    case CLI_REPORT: done = draw_report(options, err); break;
    case CLI_VERSION: done = print_version(err); break;
    case CLI_HELP: fputs(cli_help(options->help_for), stdout); break;
    default: break;
    }
    if (!done) return err->kind;
    if (stopped_by) return 128 + stopped_by;
    return failed > 0 ? ERROR_FAILED : 0;
}

int main(int argc, char **argv) {
    setlocale(LC_ALL, "C");
    CliOptions options;
    Error err = {0};
    int code = ERROR_USAGE;
    if (cli_parse(&options, argc, argv, &err)) code = carry_out(&options, &err);
    if (err.kind != ERROR_NONE) {
        const bool color = isatty(STDERR_FILENO) && !getenv("NO_COLOR");
        fprintf(stderr, "%srunner:%s %s\n", color ? "\033[31m" : "", color ? "\033[0m" : "",
                err.text);
    }
    if (fflush(stdout) != 0 && code == 0) code = ERROR_RESOURCE;
    return code;
}
