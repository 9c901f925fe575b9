/* Commands and options of the command line, as tables.
 *
 * The parser, the help texts, the man page and the completions of the shells all come from
 * these. */
#ifndef RUNNER_COMMANDS_OPTIONS_H
#define RUNNER_COMMANDS_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

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

/* A command line as a value. */
typedef struct CliOptions {
    CliCommand command;
    CliCommand help_for; /* CLI_HELP: of which command; CLI_HELP itself: of the program */
    const char *target;  /* EXPERIMENT.yaml or RESULTS */
    const char *second;  /* the other RESULTS of compare; the data file of predict */
    const char *overrides[CLI_MAX_TEXTS]; /* key=value */
    int32_t override_count;
    const char *filters[CLI_MAX_TEXTS]; /* --filter KEY=VALUE */
    int32_t filter_count;
    const char *output; /* -o */
    int32_t threads;    /* -j; 0: as many as there are processors */
    bool dry_run, resume, force, retry_failed, trust_edited, fail_fast;
    int32_t shard, shards; /* --shard I/N, from 1; 0 without */
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

/* Default options. */
CliOptions options_defaults(void);

/* How the text of an option becomes a value. */
typedef enum CliType {
    CLI_FLAG,    /* bool */
    CLI_INT32,   /* int32_t, low to high */
    CLI_INT64,   /* int64_t, low to high */
    CLI_SECONDS, /* double, above 0 */
    CLI_TEXT,    /* const char *, not empty */
    CLI_CHOICE,  /* const char *, one of `choices` */
    CLI_STYLE,   /* ProgressStyle */
    CLI_LIST,    /* one more of the filters */
    CLI_SHARD    /* I/N */
} CliType;

typedef struct CliOption {
    const char *name, *letter; /* letter: "-j" or NULL */
    const char *value;         /* the name of its value; NULL: it has none */
    unsigned commands;         /* bit c: CliCommand c has it */
    CliType type;
    size_t offset; /* of its field in CliOptions */
    int64_t low, high;
    const char *const *choices; /* NULL-terminated */
    bool files;                 /* its value is a path, for completions */
    const char *doc;
} CliOption;

extern const CliOption OPTIONS[];
extern const int32_t OPTIONS_COUNT;

/* Whether an option is one of a command's. */
static inline bool options_has(const CliOption *option, CliCommand command) {
    return option->commands >> command & 1;
}

typedef struct CliUsage {
    const char *name;       /* of the command */
    const char *operand[2]; /* NULL: no such operand */
    bool second_optional;
    bool overrides;      /* key=value texts may follow */
    const char *summary; /* what it does, in a few words */
    const char *text;    /* and in a few sentences */
} CliUsage;

/* By CliCommand; VERSION and HELP are no words of their own. */
extern const CliUsage OPTIONS_USAGE[CLI_COMMANDS];

/* "EXPERIMENT.yaml [key=value ...] [options]": all that may follow a command. */
void options_operands(char *text, size_t size, CliCommand command);

/* What happens without the option, as text; "" where there is nothing to say. `threads`: how many
 * there are by default. */
void options_default_text(char *text, size_t size, const CliOption *option, const char *threads);

#endif
