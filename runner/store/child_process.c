/* A child process that hands back yes, or an Error through a pipe. */
#include "runner/store/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Exit codes of the child; anything else is an accident. */
enum { CHILD_DONE = 0, CHILD_REFUSED = 1 };

/* In the child: never returns. */
static _Noreturn void run(ChildProcessWork work, void *context, long cpu_seconds, pid_t parent,
                          int out) {
    /* Without PDEATHSIG a killed parent leaves an orphan that writes into the next run's files; the
     * parent may have died before the call took effect, hence the second look. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent) _exit(CHILD_REFUSED);
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
    if (cpu_seconds > 0) {
        const struct rlimit limit = {(rlim_t)cpu_seconds, (rlim_t)cpu_seconds + 1};
        if (setrlimit(RLIMIT_CPU, &limit)) _exit(CHILD_REFUSED);
    }
    Error err = {0};
    if (work(context, &err)) _exit(CHILD_DONE);
    if (write(out, &err, sizeof err) != (ssize_t)sizeof err) _exit(CHILD_REFUSED);
    _exit(CHILD_REFUSED);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until there is something to read, or until `end`; false where that has come first. */
static bool wait_for(int in, int64_t end) {
    for (;;) {
        struct pollfd look = {.fd = in, .events = POLLIN};
        const int64_t left = end - now_ms();
        if (end > 0 && left <= 0) return false;
        if (poll(&look, 1, end > 0 ? (int)(left < 60000 ? left : 60000) : -1) > 0) return true;
    }
}

/* The child's Error, or ERROR_NONE where it sent none; *in_time false where nothing came of it. */
static Error receive(int in, int64_t end, bool *in_time) {
    Error err = {0};
    size_t have = 0;
    *in_time = true;
    while (have < sizeof err) {
        *in_time = wait_for(in, end);
        if (!*in_time) return (Error){0};
        const ssize_t got = read(in, (char *)&err + have, sizeof err - have);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return (Error){0};
        have += (size_t)got;
    }
    err.text[sizeof err.text - 1] = '\0';
    return err;
}

bool child_process_run(ChildProcessWork work, void *context, const char *what, ChildLimits limits,
                       Error *err) {
    int pipes[2];
    bool in_time;
    if (pipe2(pipes, O_CLOEXEC)) return error_errno(err, "%s: pipe", what);
    const int64_t end = limits.wall_seconds > 0 ? now_ms() + 1000 * limits.wall_seconds : 0;
    const pid_t parent = getpid(), child = fork();
    if (child < 0) {
        error_errno(err, "%s: fork", what);
        close(pipes[0]);
        close(pipes[1]);
        return false;
    }
    if (child == 0) {
        close(pipes[0]);
        run(work, context, limits.cpu_seconds, parent, pipes[1]);
    }
    close(pipes[1]);
    const Error sent = receive(pipes[0], end, &in_time);
    close(pipes[0]);
    if (!in_time) kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return error_errno(err, "%s: waitpid", what);
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_DONE) return true;
    if (!in_time) {
        return error_set(err, ERROR_RESOURCE, "%s: it took more than %ld s and was given up", what,
                         limits.wall_seconds);
    }
    if (sent.kind != ERROR_NONE) return error_set(err, sent.kind, "%s", sent.text);
    if (WIFSIGNALED(status)) {
        return error_set(err, ERROR_RESOURCE,
                         "%s: the process doing it was ended by signal %d (%s)", what,
                         WTERMSIG(status), strsignal(WTERMSIG(status)));
    }
    return error_set(err, ERROR_RESOURCE,
                     "%s: the process doing it gave up without a word (exit %d)", what,
                     WEXITSTATUS(status));
}
