/* `runner --version`: the program, its libraries, the kernels in use. */
#include <stdio.h>

#include "core/base/text.h"
#include "core/trainer.h"
#include "runner/commands/commands.h"
#include "runner/journal/provenance.h"

#ifndef RUNNER_MPI_NAME
#define RUNNER_MPI_NAME "none"
#endif

bool command_version(const CliOptions *options, Error *err) {
    (void)options;
    if (!trainer_isa_check(err)) return false;
    text_print(stdout,
               "runner %s (git %s)\n"
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
               _OPENMP, provenance_libraries(), RUNNER_MPI_NAME, trainer_isa(),
               trainer_arithmetic());
    return true;
}
