/* Reads the command line, calls its command, prints the error, chooses the exit code. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/text.h"
#include "runner/commands/cli.h"
#include "runner/commands/commands.h"
#include "runner/commands/help.h"

/* Those that do no more than answer. */
static bool (*const COMMANDS[CLI_COMMANDS])(const CliOptions *options, Error *err) = {
    [CLI_CHECK] = command_check,     [CLI_REPORT] = command_report,
    [CLI_SHOW] = command_show,       [CLI_BEST] = command_best,
    [CLI_COMPARE] = command_compare, [CLI_EXPORT] = command_export,
    [CLI_VERIFY] = command_verify,   [CLI_MERGE] = command_merge,
    [CLI_PREDICT] = command_predict, [CLI_VERSION] = command_version,
};

static int carry_out(const CliOptions *options, Error *err) {
    int stopped_by = 0;
    int64_t failed = 0;
    bool done = true;
    if (options->command == CLI_RUN)
        done = command_run(options, &stopped_by, &failed, err);
    else if (options->command == CLI_HELP)
        fputs(help_text(options->help_for), stdout);
    else
        done = COMMANDS[options->command](options, err);
    if (!done) return (int)err->kind;
    if (stopped_by) return 128 + stopped_by;
    return failed > 0 ? (int)ERROR_FAILED : 0;
}

/* Whoever starts us may have closed 0, 1 or 2: the next file opened would get that number, and what
 * we say would be written into it. */
static void open_standard_files(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0) continue;
        if (open("/dev/null", O_RDWR) != fd) _exit(ERROR_RESOURCE); /* there is nobody to tell */
    }
}

int main(int argc, char **argv) {
    open_standard_files();
    setlocale(LC_ALL, "C");
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is an error like a full disk */
    signal(SIGCHLD, SIG_DFL); /* ignored by whoever started us, children could not be waited for */
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
        fputs(color ? "\033[31mrunner:\033[0m " : "runner: ", stderr);
        text_print(stderr, "%s\n", err.text);
    }
    return code;
}
