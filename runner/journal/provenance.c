/* Texts about the program and the machine. */
#include "runner/journal/provenance.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "core/trainer.h"

#ifndef RUNNER_VERSION
#define RUNNER_VERSION "unknown"
#endif
#ifndef RUNNER_GIT_REVISION
#define RUNNER_GIT_REVISION "unknown"
#endif
#ifndef RUNNER_LIBRARIES
#define RUNNER_LIBRARIES "unknown"
#endif

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)
#define DOTTED(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)

const char *provenance_version(void) {
    return RUNNER_VERSION;
}

const char *provenance_git_revision(void) {
    return RUNNER_GIT_REVISION;
}

const char *provenance_libraries(void) {
    return RUNNER_LIBRARIES;
}

const char *provenance_compiler(void) {
#if defined __clang__
    return "clang " DOTTED(__clang_major__, __clang_minor__, __clang_patchlevel__);
#else
    return "gcc " DOTTED(__GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

/* The value of the first "model name : ..." line; "unknown" where /proc/cpuinfo has none (not every
 * architecture). */
static void processor(char *text, size_t size) {
    char line[512];
    FILE *file = fopen("/proc/cpuinfo", "re");
    snprintf(text, size, "unknown");
    while (file && fgets(line, sizeof line, file)) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) || !colon) continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(text, size, "%s", colon + 1 + strspn(colon + 1, " \t"));
        break;
    }
    if (file) fclose(file);
}

void provenance_machine(char *text, size_t size) {
    struct utsname system;
    char model[256];
    if (uname(&system)) memset(&system, 0, sizeof system);
    processor(model, sizeof model);
    snprintf(text, size, "host: %s\nsystem: %s %s %s\nprocessor: %s\nkernels: %s\narithmetic: %s\n",
             system.nodename, system.sysname, system.release, system.machine, model, trainer_isa(),
             trainer_arithmetic());
}
