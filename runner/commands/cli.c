#include "runner/commands/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "runner/experiment/keys.h"
#include "runner/experiment/suggest.h"

/* --- values ----------------------------------------------------------------------------------- */

static bool integer(int64_t *number, const CliOption *option, const char *text, Error *err) {
    char *end;
    errno = 0;
    const long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < option->low || value > option->high) {
        return error_set(
            err, ERROR_USAGE, "%s: \"%s\" (a whole number from %" PRId64 " to %" PRId64 ")",
            option->letter ? option->letter : option->name, text, option->low, option->high);
    }
    *number = value;
    return true;
}

/* Its index among the choices, or -1. */
static int32_t choice(const CliOption *option, const char *text, Error *err) {
    for (int32_t i = 0; option->choices[i]; i++)
        if (strcmp(option->choices[i], text) == 0) return i;
    char list[256];
    suggest_list(list, sizeof list, text, option->choices);
    error_set(err, ERROR_USAGE, "%s: unknown \"%s\" (%s)", option->name, text, list);
    return -1;
}

static bool seconds(double *number, const CliOption *option, const char *text, Error *err) {
    char *end;
    *number = strtod(text, &end);
    if (end != text && !*end && isfinite(*number) && *number > 0) return true;
    return error_set(err, ERROR_USAGE, "%s: \"%s\" (seconds, more than 0)", option->name, text);
}

static bool read_shard(CliOptions *options, const char *text, Error *err) {
    int32_t shard = 0, shards = 0, length = 0;
    if (strspn(text, "0123456789/") == strlen(text) && strlen(text) < 12 &&
        sscanf(text, "%d/%d%n", &shard, &shards, &length) == 2 && !text[length] && shard >= 1 &&
        shard <= shards && shards <= 10000) {
        options->shard = shard;
        options->shards = shards;
        return true;
    }
    return error_set(err, ERROR_USAGE, "--shard: \"%s\" (I/N: part I of N, for instance 1/4)",
                     text);
}

static bool filter(CliOptions *options, const char *text, Error *err) {
    if (options->filter_count == CLI_MAX_TEXTS) {
        return error_set(err, ERROR_USAGE, "--filter: more than %d", CLI_MAX_TEXTS);
    }
    options->filters[options->filter_count++] = text;
    return true;
}

static bool set(CliOptions *options, const CliOption *option, const char *text, Error *err) {
    void *field = (char *)options + option->offset;
    int64_t number = 0;
    int32_t index;
    switch (option->type) {
    case CLI_FLAG: *(bool *)field = true; return true;
    case CLI_INT32:
        if (!integer(&number, option, text, err)) return false;
        *(int32_t *)field = (int32_t)number;
        return true;
    case CLI_INT64: return integer(field, option, text, err);
    case CLI_SECONDS: return seconds(field, option, text, err);
    case CLI_TEXT:
        if (!*text)
            return error_set(err, ERROR_USAGE, "%s: %s is empty", option->name, option->value);
        *(const char **)field = text;
        return true;
    case CLI_CHOICE:
    case CLI_STYLE:
        index = choice(option, text, err);
        if (index < 0) return false;
        if (option->type == CLI_STYLE)
            *(ProgressStyle *)field = (ProgressStyle)index;
        else
            *(const char **)field = text;
        return true;
    case CLI_LIST: return filter(options, text, err);
    case CLI_SHARD: return read_shard(options, text, err);
    }
    return false;
}

/* --- words ------------------------------------------------------------------------------------ */

static CliCommand command_named(const char *word) {
    for (CliCommand command = 0; command < CLI_COMMANDS; command++) {
        if (strcmp(word, OPTIONS_USAGE[command].name) == 0) return command;
    }
    return CLI_COMMANDS;
}

/* The option that an argument names, preferably one of the command's; *value points behind its "=",
 * if it has one. */
static const CliOption *find_option(const char *argument, CliCommand command, const char **value) {
    const char *equals = strchr(argument, '=');
    const size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
    const CliOption *other = NULL;
    *value = NULL;
    for (int32_t i = 0; i < OPTIONS_COUNT; i++) {
        const CliOption *option = &OPTIONS[i];
        const char *behind = NULL;
        if (strlen(option->name) == length && strncmp(argument, option->name, length) == 0) {
            behind = equals ? equals + 1 : NULL;
        } else if (!option->letter || strncmp(argument, option->letter, 2) != 0) {
            continue;
        } else if (argument[2] && !option->value) {
            continue;
        } else if (argument[2]) {
            behind = argument + 2; /* -j4 */
        }
        if (!other || options_has(option, command)) {
            other = option;
            *value = behind;
        }
        if (options_has(option, command)) break;
    }
    return other;
}

/* "--batch-size" is batch_size: in place, without its dashes. */
static const char *key_of(char *word) {
    const size_t dashes = strspn(word, "-");
    memmove(word, word + dashes, strlen(word + dashes) + 1);
    for (char *c = word; *c; c++)
        if (*c == '-') *c = '_';
    return word;
}

static bool no_such_option(const char *argument, const CliOption *other, CliCommand command,
                           Error *err) {
    const char *name = OPTIONS_USAGE[command].name, *names[64] = {NULL};
    char word[64];
    int32_t count = 0;
    for (int32_t i = 0; i < OPTIONS_COUNT && count < 63; i++) {
        if (options_has(&OPTIONS[i], command)) names[count++] = OPTIONS[i].name;
    }
    snprintf(word, sizeof word, "%.*s", (int)strcspn(argument, "="), argument);
    const char *closest = other ? NULL : suggest_closest(word, names);
    if (!closest && strcmp(word, "--where") == 0 && (command == CLI_RUN || command == CLI_SHOW))
        closest = "--filter"; /* as in SQL */
    if (OPTIONS_USAGE[command].overrides && keys_find(key_of(word)) != KEY_COUNT) {
        const char *value = strchr(argument, '=');
        return error_set(err, ERROR_USAGE, "%s: no such option (a key is written %s%s)", argument,
                         word, value ? value : "=VALUE");
    }
    if (closest) {
        return error_set(err, ERROR_USAGE,
                         "%s: no such option (did you mean %s? see runner %s --help)", argument,
                         closest, name);
    }
    return error_set(err, ERROR_USAGE, "%s: %s%s (see runner %s --help)", argument,
                     other ? "not an option of " : "no such option", other ? name : "", name);
}

static bool parse_option(CliOptions *options, int argc, char **argv, int *i, Error *err) {
    const char *value, *ignored, *argument = argv[*i];
    const CliOption *option = find_option(argument, options->command, &value);
    if (!option || !options_has(option, options->command)) {
        return no_such_option(argument, option, options->command, err);
    }
    if (option->value && !value) {
        const char *next = *i + 1 < argc ? argv[*i + 1] : NULL;
        if (!next || (next[0] == '-' && find_option(next, options->command, &ignored))) {
            return error_set(err, ERROR_USAGE, "%s: %s is missing", argument, option->value);
        }
        value = argv[++*i];
    }
    if (!option->value && value) {
        return error_set(err, ERROR_USAGE, "%s: %s takes no value", argument, option->name);
    }
    return set(options, option, value, err);
}

/* An open bracket, as in 'hidden=[1,': the shell has split the word at a blank. */
static bool cut_open(const char *text) {
    int32_t open = 0;
    for (; *text; text++) open += (*text == '[' || *text == '{') - (*text == ']' || *text == '}');
    return open > 0;
}

static bool parse_word(CliOptions *options, const char *word, Error *err) {
    const CliUsage *usage = &OPTIONS_USAGE[options->command];
    if (!options->target) {
        options->target = word;
        return true;
    }
    if (usage->operand[1] && !options->second) {
        options->second = word;
        return true;
    }
    const int32_t last = options->override_count - 1;
    if (last >= 0 && cut_open(options->overrides[last])) {
        return error_set(err, ERROR_USAGE, "%s: what has blanks goes in quotes: '%s %s ...'", word,
                         options->overrides[last], word);
    }
    if (usage->overrides && keys_find(word) != KEY_COUNT) {
        return error_set(err, ERROR_USAGE, "%s: a key and its value are one word: %s=VALUE", word,
                         word);
    }
    if (!usage->overrides || !strchr(word, '=')) {
        return error_set(err, ERROR_USAGE, "%s: one %s at a time%s", word,
                         usage->operand[usage->operand[1] ? 1 : 0],
                         usage->overrides ? " (overrides are key=value)" : "");
    }
    if (options->override_count == CLI_MAX_TEXTS) {
        return error_set(err, ERROR_USAGE, "%s: more than %d overrides", word, CLI_MAX_TEXTS);
    }
    options->overrides[options->override_count++] = word;
    return true;
}

/* --- the command line ------------------------------------------------------------------------- */

static bool is_file(const char *path) {
    return access(path, F_OK) == 0;
}

/* A first word that is neither a command nor a file: most likely a command misspelt. */
static bool check_first(const char *word, Error *err) {
    const char *names[CLI_COMMANDS + 1] = {NULL};
    struct stat status;
    if (stat(word, &status) == 0 && S_ISDIR(status.st_mode)) {
        char quoted[1024];
        Text typed = text_begin(quoted, sizeof quoted);
        text_add_word(&typed, word);
        return error_set(err, ERROR_USAGE,
                         "%s: is a folder, not an experiment (runner show %s, runner report %s)",
                         word, quoted, quoted);
    }
    if (strpbrk(word, "./=") || is_file(word)) return true;
    for (CliCommand command = 0; command < CLI_VERSION; command++) {
        names[command] = OPTIONS_USAGE[command].name;
    }
    char hint[1100];
    suggest_experiment(hint, sizeof hint, word);
    if (!*hint) suggest_name(hint, sizeof hint, word, names);
    return error_set(err, ERROR_USAGE,
                     "%s: no such command or experiment%s (runner EXPERIMENT.yaml trains; see "
                     "runner --help)",
                     word, hint);
}

/* Options that need or exclude each other. */
static bool check_together(const CliOptions *options, Error *err) {
    const struct {
        bool wrong;
        const char *text;
    } rules[] = {
        {options->resume && options->force,
         "--resume and --force: one of them (go on, or start over)"},
        {options->retry_failed && options->force,
         "--retry-failed and --force: one of them (go on, or start over)"},
        {options->trust_edited && options->force,
         "--trust-edited and --force: one of them (go on, or start over)"},
        {options->shards && options->force,
         "--shard and --force: other shards may be at work; remove the folder, or use -o"},
        {options->quiet && options->verbose, "-q and -v: one of them"},
        {options->command == CLI_COMPARE && !options->second == !options->by,
         "compare: either two results (compare A B) or one and a key (compare A --by KEY)"},
        {options->command == CLI_COMPARE && options->by && options->output,
         "compare --by: -o is for the page of two results (compare A B)"},
        {options->command == CLI_EXPORT && !options->csv == !options->trial,
         "export: either --csv DIR or --trial ID (or --trial best)"},
        {options->command == CLI_EXPORT && options->csv && (options->format || options->output),
         "export --csv: --format and -o are for a network (--trial)"},
        {options->command == CLI_PREDICT && !options->trial,
         "predict: which network? --trial ID (runner show lists them), or --trial best"},
        {options->command == CLI_VERIFY && options->sample && options->trial,
         "verify: --sample or --trial, one of them"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].wrong) return error_set(err, ERROR_USAGE, "%s", rules[i].text);
    }
    return true;
}

static bool check_words(const CliOptions *options, Error *err) {
    const CliUsage *usage = &OPTIONS_USAGE[options->command];
    const char *missing = !options->target ? usage->operand[0]
                          : usage->operand[1] && !usage->second_optional && !options->second
                              ? usage->operand[1]
                              : NULL;
    return !missing ||
           error_set(err, ERROR_USAGE, "runner %s: %s is missing (see runner %s --help)",
                     usage->name, missing, usage->name);
}

static void want_help(CliOptions *options, CliCommand about) {
    options->help_for = about == CLI_COMMANDS || about == CLI_VERSION ? CLI_HELP : about;
    options->command = CLI_HELP;
}

bool cli_parse(CliOptions *options, int argc, char **argv, Error *err) {
    *options = options_defaults();
    if (argc < 2) {
        return error_set(err, ERROR_USAGE,
                         "what shall be run? (runner EXPERIMENT.yaml; runner --help)");
    }
    if (strcmp(argv[1], "help") == 0) {
        want_help(options, argc > 2 ? command_named(argv[2]) : CLI_COMMANDS);
        return true;
    }
    const CliCommand named = command_named(argv[1]);
    if (named != CLI_COMMANDS) options->command = named;
    if (named == CLI_VERSION) return true;
    bool only_words = false;
    for (int i = named == CLI_COMMANDS || named == CLI_HELP ? 1 : 2; i < argc; i++) {
        const char *argument = argv[i];
        if (!only_words && (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)) {
            want_help(options, named);
            return true;
        }
        if (!only_words && strcmp(argument, "--") == 0) {
            only_words = true;
        } else if (!only_words && argument[0] == '-' && argument[1]) {
            if (!parse_option(options, argc, argv, &i, err)) return false;
        } else if (named == CLI_COMMANDS && !options->target && !check_first(argument, err)) {
            return false;
        } else if (!parse_word(options, argument, err)) {
            return false;
        }
    }
    options->resume = options->resume || options->retry_failed || options->trust_edited;
    return check_words(options, err) && check_together(options, err);
}
