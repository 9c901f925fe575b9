/* `runner export`: what is written, and where to. */
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "runner/commands/commands.h"
#include "runner/commands/export/export_csv.h"
#include "runner/commands/export/export_network.h"

static const ExportFormat *const FORMATS[] = {&export_json_format, &export_npz_format,
                                              &export_c_format};

static bool write_network(const CliOptions *options, const Opened *opened, Error *err) {
    const ExportFormat *const *format = FORMATS;
    int64_t trial;
    TrainedNetwork network = {0};
    AtomicFile file = {0};
    bool done = false;
    while (options->format && strcmp((*format)->name, options->format) != 0) format++;
    if ((*format)->binary && !options->output && isatty(STDOUT_FILENO)) {
        return error_set(err, ERROR_USAGE, "--format %s: is binary; give it a file with -o",
                         (*format)->name);
    }
    if (!opened_trial(opened, options->trial, &trial, err)) return false;
    if (!trained_open(&network, opened, trial, err)) return false;
    if (options->output) TRY(files_begin(&file, options->output, options->force, err));
    const ExportJob job = {opened, trial, &network, file.out ? file.out : stdout};
    done = (*format)->write(&job, err);
    if (done && file.out) done = files_commit(&file, err);
fail:
    files_drop(&file);
    trained_close(&network);
    return done;
}

bool command_export(const CliOptions *options, Error *err) {
    Opened opened;
    if (!opened_open(&opened, options->target, false, err)) return false;
    const bool done = options->csv ? export_csv(&opened, options->csv, options->force, err)
                                   : write_network(options, &opened, err);
    opened_close(&opened);
    return done;
}
