#include "runner/output/gnuplot.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"

#define ARGUMENTS 8

extern char **environ;

/* Waits at most GNUPLOT_SECONDS. False where the child had to be killed. */
static bool wait_for(pid_t child, int *status) {
    const struct timespec pause = {0, 2000000};
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        const pid_t done = waitpid(child, status, WNOHANG);
        if (done == child) return true;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if ((done < 0 && errno != EINTR) || now.tv_sec - start.tv_sec > GNUPLOT_SECONDS) break;
        nanosleep(&pause, NULL);
    }
    kill(child, SIGKILL);
    while (waitpid(child, status, 0) < 0 && errno == EINTR) {
    }
    return false;
}

/* The first words gnuplot said, on one line. */
static void first_words(FILE *said, char *text, size_t size) {
    rewind(said);
    const size_t length = fread(text, 1, size - 1, said);
    text[length] = '\0';
    size_t out = 0;
    for (size_t i = 0; text[i]; i++) {
        const char c = (unsigned char)text[i] < ' ' ? ' ' : text[i];
        if (c != ' ' || (out > 0 && text[out - 1] != ' ')) text[out++] = c;
    }
    text[out] = '\0';
}

bool gnuplot_run(const Folder *folder, const char *script, const char *const *arguments,
                 Error *err) {
    char *argv[ARGUMENTS + 5] = {(char *)"gnuplot", (char *)"-d", (char *)"-c", (char *)script};
    for (int i = 0; arguments[i]; i++) {
        assert(i < ARGUMENTS);
        argv[4 + i] = (char *)arguments[i];
    }
    /* in memory: no folder for temporary files is needed */
    const int memory = memfd_create("gnuplot", MFD_CLOEXEC);
    FILE *said = memory < 0 ? NULL : fdopen(memory, "w+");
    if (!said) {
        error_errno(err, "memory for what gnuplot says");
        if (memory >= 0) close(memory);
        return false;
    }
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(said), 1);
    posix_spawn_file_actions_adddup2(&actions, fileno(said), 2);
    posix_spawn_file_actions_addfchdir_np(&actions, folder->fd);
    pid_t child = 0;
    const int refused = posix_spawnp(&child, argv[0], &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);

    bool ok = false;
    int status = 0;
    char words[400] = "";
    if (refused != 0) {
        error_set(err, ERROR_RESOURCE, "gnuplot: it cannot be started: %s (install gnuplot-nox)",
                  strerror(refused));
    } else if (!wait_for(child, &status)) {
        error_set(err, ERROR_RESOURCE, "gnuplot: ended after %d s on %s", GNUPLOT_SECONDS, script);
    } else if (WIFSIGNALED(status)) {
        error_set(err, ERROR_RESOURCE, "gnuplot: killed by signal %d on %s", WTERMSIG(status),
                  script);
    } else if (WEXITSTATUS(status) != 0) {
        first_words(said, words, sizeof words);
        error_set(err, ERROR_RESOURCE, "gnuplot: failed on %s: %s", script,
                  words[0] ? words : "no message");
    } else {
        ok = true;
    }
    fclose(said);
    return ok;
}

/* A character of a name, made harmless: one that is more than text becomes a space, the backslash,
 * with which gnuplot breaks lines in labels wherever they come from, the sign that looks like it
 * (U+29F5), `quote` what is given for it, and the end of "]]>", which XML forbids and gnuplot
 * writes as it is, a sign like it (U+203A). *text moves on. */
static void add_harmless(Text *out, const char *begin, const char **text, char quote,
                         const char *instead) {
    bool harmless;
    const char *c = *text;
    const size_t length = text_character(c, &harmless);
    *text += length;
    if (*c == quote)
        text_add(out, "%s", instead);
    else if (*c == '\\')
        text_add(out, "⧵");
    else if (*c == '>' && c >= begin + 2 && c[-1] == ']' && c[-2] == ']')
        text_add(out, "›");
    else
        text_add(out, "%.*s", harmless ? (int)length : 1, harmless ? c : " ");
}

/* A quote becomes the typographic one. Doubling it would do, but not at the start nor behind
 * another quote, where gnuplot takes it for the end. So nothing in a literal can end it. */
void gnuplot_literal(char *out, size_t size, const char *text) {
    assert(size >= 8);
    Text literal = text_begin(out, size);
    text_add(&literal, "'");
    for (const char *at = text; *at && literal.length + 6 < size;)
        add_harmless(&literal, text, &at, '\'', "’");
    text_add(&literal, "'");
}

void gnuplot_cell(char *out, size_t size, const char *text) {
    assert(size >= 8);
    Text cell = text_begin(out, size);
    for (const char *at = text; *at && cell.length + 5 < size;)
        add_harmless(&cell, text, &at, '"', "'");
    if (cell.length == 0) text_add(&cell, "-");
}

/* --- where the programs are ------------------------------------------------------------------- */

static bool has_style(const char *folder) {
    char path[4200];
    snprintf(path, sizeof path, "%.4000s/style.gp", folder);
    return access(path, R_OK) == 0;
}

bool gnuplot_programs(char *folder, size_t size, Error *err) {
    char executable[4096] = "", folder_of_program[4096];
    const char *share = getenv("RUNNER_SHARE");
    if (share) {
        snprintf(folder, size, "%s/plots", share);
        if (has_style(folder)) return true;
    }
    const ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
    if (length > 0) executable[length] = '\0';
    files_folder_of(folder_of_program, sizeof folder_of_program, executable);
    /* build/runner beside scripts/, or PREFIX/bin/runner beside PREFIX/share */
    static const char *const beside[] = {"../scripts/plots", "../share/runner/plots"};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        snprintf(folder, size, "%s/%s", folder_of_program, beside[i]);
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
