/* Where results come from: the program's texts, which go into results.h5, and the machine's, which
 * only go into run.log. */
#ifndef RUNNER_JOURNAL_PROVENANCE_H
#define RUNNER_JOURNAL_PROVENANCE_H

#include <stddef.h>

/* Raised whenever a change to the program changes the bits of any result: journals of another
 * number are not continued. */
#define PROVENANCE_NUMERICS 5

/* "1.0.0"; the git revision, or "unknown" outside a checkout; "gcc 12.2.0"; "HDF5 1.10.8, libyaml
 * 0.2.5, ...". The build sets them (RUNNER_VERSION, RUNNER_GIT_REVISION, RUNNER_LIBRARIES); they
 * are the same on every machine. */
const char *provenance_version(void);
const char *provenance_git_revision(void);
const char *provenance_compiler(void);
const char *provenance_libraries(void);

/* The machine as `key: value` lines of run.log: host, system, processor, kernels, arithmetic. Cut
 * off where it is too long for `size`. */
void provenance_machine(char *text, size_t size);

#endif
