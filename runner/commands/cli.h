/* The command line as a value. It prints nothing: main does.
 *
 * Commands and options are two tables (cli_options.c); help texts, the man page and the shells'
 * completions say what stands there, and a test holds them together. */
#ifndef RUNNER_COMMANDS_CLI_H
#define RUNNER_COMMANDS_CLI_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "runner/training/progress.h"

typedef enum CliCommand {
    CLI_RUN,
    CLI_CHECK,
    CLI_REPORT,
    CLI_SHOW,
    CLI_BEST,
    CLI_COMPARE,
    CLI_EXPORT,
    CLI_VERIFY,
    CLI_MERGE,
    CLI_PREDICT,
    CLI_VERSION,
    CLI_HELP,
    CLI_COMMANDS
} CliCommand;

#define CLI_MAX_TEXTS 256
#define CLI_TOP       20 /* rows of a table */

typedef struct CliOptions {
    CliCommand command;
    CliCommand help_for; /* CLI_HELP: of which command; CLI_HELP itself: the whole program */
    const char *target;  /* EXPERIMENT.yaml or RESULTS */
    const char *second;  /* the other RESULTS of compare; the data file of predict */
    const char *overrides[CLI_MAX_TEXTS]; /* key=value */
    int32_t override_count;
    const char *filters[CLI_MAX_TEXTS]; /* --filter KEY=VALUE */
    int32_t filter_count;
    const char *output; /* -o */
    int32_t threads;    /* -j; 0: as many as there are processors */
    bool dry_run, resume, force, retry_failed, fail_fast;
    int32_t shard, shards; /* --shard I/N, from 1; 0 without */
    const char
        *merge; /* set by command_merge(): train nothing, publish; data begin at this folder */
    int64_t max_trials;
    double time_limit; /* seconds; 0 without */
    ProgressStyle progress;
    bool quiet, verbose;
    const char *format, *only;   /* report, show, export; NULL without */
    const char *sort, *group_by; /* show */
    int64_t top;                 /* show; 0: CLI_TOP rows of a table, all for programs */
    const char *metric, *rule;   /* best */
    const char *by;              /* compare */
    bool no_page;                /* compare */
    const char *csv, *trial;     /* export, verify, predict */
    int64_t sample;              /* verify; 0: all */
} CliOptions;

/* Reads argv. ERROR_USAGE says what is wrong and what to type instead. */
MUST_CHECK bool cli_parse(CliOptions *options, int argc, char **argv, Error *err);

/* What stands where nothing is said. */
CliOptions cli_defaults(void);

/* How the text of an option becomes a value. */
typedef enum CliType {
    CLI_FLAG,    /* bool */
    CLI_SMALL,   /* int32_t, low to high */
    CLI_WHOLE,   /* int64_t, low to high */
    CLI_SECONDS, /* double, above 0 */
    CLI_TEXT,    /* const char *, not empty */
    CLI_CHOICE,  /* const char *, one of `choices` */
    CLI_STYLE,   /* ProgressStyle */
    CLI_LIST,    /* one more of the filters */
    CLI_SHARD    /* I/N */
} CliType;

typedef struct CliOption {
    const char *name, *letter; /* letter: "-j" or NULL */
    const char *value;         /* what its value is called, NULL: it has none */
    unsigned commands;         /* bit c: CliCommand c knows it */
    CliType type;
    size_t at; /* of its field in CliOptions */
    int64_t low, high;
    const char *const *choices; /* NULL-terminated */
    bool files;                 /* its value is a path, for completions */
    const char *doc;
} CliOption;

extern const CliOption CLI_OPTIONS[];
extern const int32_t CLI_OPTION_COUNT;

static inline bool cli_knows(const CliOption *option, CliCommand command) {
    return option->commands >> command & 1;
}

typedef struct CliWords {
    const char *name;    /* of the command */
    const char *word[2]; /* what it is about; NULL: no such word */
    bool second_optional;
    bool overrides;   /* key=value texts may follow */
    const char *line; /* what it does, in a few words */
    const char *text; /* and in a few sentences */
} CliWords;

extern const CliWords
    CLI_WORDS[CLI_COMMANDS]; /* by CliCommand; VERSION and HELP are no words of their own */

/* What happens without the option, as text; "" where there is nothing to say. Live: -j says how
 * many processors. */
void cli_default_text(char *text, size_t size, const CliOption *option);

/* The help text of a command, CLI_HELP the program's own. Valid until the thread's next call. */
const char *cli_help(CliCommand command);

#endif
