/* Wires the parts together, prints errors, chooses the exit code. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/trainer.h"
#include "runner/commands/cli.h"
#include "runner/commands/command_check.h"
#include "runner/commands/command_merge.h"
#include "runner/commands/command_run.h"
#include "runner/commands/opened.h"
#include "runner/journal/provenance.h"
#include "runner/journal/run_log.h"
#include "runner/output/gnuplot.h"
#include "runner/report/report.h"

#ifndef RUNNER_MPI_NAME
#define RUNNER_MPI_NAME "none"
#endif

static bool print_version(Error *err) {
    if (!trainer_isa_check(err)) return false;
    printf("runner %s (git %s)\n"
           "compiler   %s\n"
           "OpenMP     %d.%d (%d)\n"
           "libraries  %s\n"
           "MPI        %s\n"
           "kernels    %s (arithmetic %s)\n",
           provenance_version(), provenance_git_revision(), provenance_compiler(),
           _OPENMP >= 201811 ? 5 : 4,
           _OPENMP >= 201811   ? 0
           : _OPENMP >= 201511 ? 5
                               : 0,
           _OPENMP, provenance_libraries(), RUNNER_MPI_NAME, trainer_isa(), trainer_arithmetic());
    return true;
}

/* A results folder has its report inside; a bare .h5 file beside it. */
static bool draw_report(const CliOptions *options, Error *err) {
    char plots[4096], folder[4096];
    Opened opened;
    if (!gnuplot_programs(plots, sizeof plots, err)) return false;
    if (!opened_open(&opened, options->target, false, err)) return false;
    bool done = true;
    if (options->output)
        snprintf(folder, sizeof folder, "%s", options->output);
    else
        done = files_join(folder, sizeof folder, opened.folder, "report", err);
    RunOrigin origin;
    const bool known = run_log_read_origin(&origin, opened.folder, NULL);
    const ReportOptions wanted = {.format = options->format,
                                  .only = options->only,
                                  .plots_dir = plots,
                                  .data_folder = known ? origin.place : opened.folder};
    done = done && files_make_folder(folder, err) &&
           report_write(opened.results, folder, &wanted, err);
    if (known) run_log_origin_free(&origin);
    if (done) printf("report   %s/index.html\n", folder);
    opened_close(&opened);
    return done;
}

/* Those that do no more than answer. */
static bool (*const COMMANDS[CLI_COMMANDS])(const CliOptions *options, Error *err) = {
    [CLI_CHECK] = command_check,   [CLI_REPORT] = draw_report,      [CLI_SHOW] = command_show,
    [CLI_BEST] = command_best,     [CLI_COMPARE] = command_compare, [CLI_EXPORT] = command_export,
    [CLI_VERIFY] = command_verify, [CLI_MERGE] = command_merge,     [CLI_PREDICT] = command_predict,
};

static int carry_out(const CliOptions *options, Error *err) {
    int stopped_by = 0;
    int64_t failed = 0;
    bool done = true;
    if (options->command == CLI_RUN)
        done = command_run(options, &stopped_by, &failed, err);
    else if (options->command == CLI_VERSION)
        done = print_version(err);
    else if (options->command == CLI_HELP)
        fputs(cli_help(options->help_for), stdout);
    else
        done = COMMANDS[options->command](options, err);
    if (!done) return (int)err->kind;
    if (stopped_by) return 128 + stopped_by;
    return failed > 0 ? (int)ERROR_FAILED : 0;
}

int main(int argc, char **argv) {
    setlocale(LC_ALL, "C");
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is an error like a full disk */
    CliOptions options;
    Error err = {0};
    int code = ERROR_USAGE;
    if (cli_parse(&options, argc, argv, &err)) code = carry_out(&options, &err);
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == 0) {
        code = ERROR_RESOURCE;
        error_errno(&err, "stdout");
    }
    if (err.kind != ERROR_NONE) {
        const char *no_color = getenv("NO_COLOR");
        const bool color = isatty(STDERR_FILENO) && !(no_color && *no_color);
        fprintf(stderr, "%srunner:%s %s\n", color ? "\033[31m" : "", color ? "\033[0m" : "",
                err.text);
    }
    return code;
}
