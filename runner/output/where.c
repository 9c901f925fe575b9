#include "runner/output/where.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"

static bool has_style(const char *folder) {
    char path[4200];
    snprintf(path, sizeof path, "%.4000s/style.gp", folder);
    return access(path, R_OK) == 0;
}

bool where_plots(char *folder, size_t size, Error *err) {
    char executable[4096] = "", place[4096];
    const char *share = getenv("RUNNER_SHARE");
    if (share) {
        snprintf(folder, size, "%s/plots", share);
        if (has_style(folder)) return true;
    }
    const ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
    if (length > 0) executable[length] = '\0';
    files_folder_of(place, sizeof place, executable);
    /* build/runner beside scripts/, or PREFIX/bin/runner beside PREFIX/share */
    static const char *const beside[] = {"../scripts/plots", "../share/runner/plots"};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        snprintf(folder, size, "%s/%s", place, beside[i]);
        if (has_style(folder)) return true;
    }
#ifdef RUNNER_SOURCE_DIR
    snprintf(folder, size, "%s/scripts/plots", RUNNER_SOURCE_DIR);
    if (has_style(folder)) return true;
#endif
    return error_set(err, ERROR_RESOURCE,
                     "the gnuplot programs (plots/style.gp) are not beside %s; set RUNNER_SHARE to "
                     "the folder that holds plots/",
                     executable);
}
