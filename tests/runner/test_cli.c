/* The command line: what is parsed and refused; and that the man page and the shells' completions
 * have every option of the table. RUNNER_REGENERATE=1 writes their parts. */
#include "tests/runner/written.h"

#include "runner/commands/cli.h"

/* --- parsing ----------------------------------------------------------------------------------------- */

static bool parse(CliOptions *options, const char *words, Error *err) {
    static char text[1024];
    static char *argv[64];
    int argc = 0;
    *err = (Error){0};
    snprintf(text, sizeof text, "runner %s", words);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) argv[argc++] = word;
    argv[argc] = NULL;
    return cli_parse(options, argc, argv, err);
}

#define assert_refused(words, part)                                                                \
    do {                                                                                           \
        CliOptions refused;                                                                        \
        Error why;                                                                                 \
        if (parse(&refused, words, &why)) fail_msg("\"%s\" was taken", words);                     \
        assert_int_equal(why.kind, ERROR_USAGE);                                                   \
        if (!strstr(why.text, part))                                                               \
            fail_msg("\"%s\": no \"%s\" in \"%s\"", words, part, why.text);                        \
    } while (0)

#define assert_taken(options, words)                                                               \
    do {                                                                                           \
        Error why;                                                                                 \
        if (!parse(options, words, &why)) fail_msg("\"%s\": %s", words, why.text);                 \
    } while (0)

static void run_is_what_a_file_alone_means(void **state) {
    (void)state;
    CliOptions o;
    assert_taken(&o, "moons.yaml hidden=3 -j4 -o out --resume l2=[0,1]");
    assert_int_equal(o.command, CLI_RUN);
    assert_string_equal(o.target, "moons.yaml");
    assert_int_equal(o.override_count, 2);
    assert_string_equal(o.overrides[1], "l2=[0,1]");
    assert_int_equal(o.threads, 4);
    assert_string_equal(o.output, "out");
    assert_true(o.resume && !o.force);
    assert_int_equal(o.max_trials, 1000000);
    assert_taken(&o, "run moons.yaml --threads=2 --shard 2/3 --filter hidden=3 --filter l2=0");
    assert_int_equal(o.threads, 2);
    assert_int_equal(o.shard, 2);
    assert_int_equal(o.shards, 3);
    assert_int_equal(o.filter_count, 2);
    assert_taken(&o, "run moons.yaml --progress none --time-limit 1.5 -n --retry-failed -v");
    assert_int_equal(o.progress, PROGRESS_NONE);
    assert_float_equal(o.time_limit, 1.5, 0);
    assert_true(o.dry_run && o.retry_failed && o.resume && o.verbose);
}

static void every_command_reads_its_words(void **state) {
    (void)state;
    CliOptions o;
    assert_taken(&o, "compare a b");
    assert_string_equal(o.second, "b");
    assert_taken(&o, "compare a --by hidden");
    assert_string_equal(o.by, "hidden");
    assert_taken(&o, "predict a --trial best x.csv");
    assert_string_equal(o.second, "x.csv");
    assert_taken(&o, "export a --trial best --format npz -o w.npz");
    assert_string_equal(o.format, "npz");
    assert_taken(&o, "show a --format csv --top 5 --sort seed --group-by l2");
    assert_int_equal(o.top, 5);
    assert_taken(&o, "verify a --sample 3 -j 1");
    assert_int_equal(o.sample, 3);
    assert_taken(&o, "merge a");
    assert_int_equal(o.command, CLI_MERGE);
    assert_taken(&o, "best a --rule 1se");
    assert_taken(&o, "--version");
    assert_int_equal(o.command, CLI_VERSION);
    assert_taken(&o, "help verify");
    assert_int_equal(o.help_for, CLI_VERIFY);
    assert_taken(&o, "verify --help");
    assert_int_equal(o.help_for, CLI_VERIFY);
    assert_taken(&o, "-h");
    assert_int_equal(o.help_for, CLI_HELP);
}

static void mistakes_are_refused_with_a_remedy(void **state) {
    (void)state;
    assert_refused("", "runner EXPERIMENT.yaml");
    assert_refused("shwo a", "did you mean show?");
    assert_refused("nonsense", "no such command");
    assert_refused("run", "EXPERIMENT.yaml is missing");
    assert_refused("run a.yaml b.yaml", "overrides are key=value");
    assert_refused("show", "RESULTS is missing");
    assert_refused("show a b", "one RESULTS at a time");
    assert_refused("predict a --trial best", "DATA.csv is missing");
    assert_refused("predict a b", "--trial best");
    assert_refused("compare a", "compare A --by KEY");
    assert_refused("compare a b --by hidden", "either two results");
    assert_refused("export a", "--csv DIR");
    assert_refused("export a --csv d --trial best", "either --csv");
    assert_refused("export a --csv d --format c", "are for a network");
    assert_refused("verify a --sample 2 --trial best", "one of them");
    assert_refused("run a.yaml -j 0", "from 1 to 1024");
    assert_refused("run a.yaml -j", "N is missing");
    assert_refused("run a.yaml -j four", "whole number");
    assert_refused("run a.yaml -o --resume", "DIR is missing");
    assert_refused("run a.yaml --resume=yes", "takes no value");
    assert_refused("run a.yaml --resume --force", "one of them");
    assert_refused("run a.yaml --shard 1/2 --force", "other shards");
    assert_refused("run a.yaml --shard 3/2", "I/N");
    assert_refused("run a.yaml --shard 0/2", "I/N");
    assert_refused("run a.yaml --shard 1/2x", "I/N");
    assert_refused("run a.yaml --time-limit -1", "more than 0");
    assert_refused("run a.yaml --progress bra", "did you mean bar");
    assert_refused("run a.yaml --resum", "did you mean --resume");
    assert_refused("run a.yaml --rule min", "not an option of run");
    assert_refused("run a.yaml -q -v", "one of them");
    assert_refused("show a --format xml", "table, csv, json");
    assert_refused("show a --top 0", "from 1");
    assert_refused("best a --rule max", "min, 1se");
}

static void help_lists_every_option_and_fits_a_terminal(void **state) {
    (void)state;
    for (CliCommand command = 0; command < CLI_VERSION; command++) {
        const char *help = cli_help(command);
        assert_non_null(strstr(help, CLI_WORDS[command].name));
        for (int32_t i = 0; i < CLI_OPTION_COUNT; i++) {
            if (cli_knows(&CLI_OPTIONS[i], command)) {
                assert_non_null(strstr(help, CLI_OPTIONS[i].name));
                assert_non_null(strstr(help, CLI_OPTIONS[i].doc));
            }
        }
        for (const char *line = help; *line; line += strcspn(line, "\n") + 1) {
            if (strcspn(line, "\n") > 80)
                fail_msg("too long: %.*s", (int)strcspn(line, "\n"), line);
        }
        assert_non_null(strstr(cli_help(CLI_HELP), CLI_WORDS[command].line));
    }
}

/* --- what is written elsewhere ------------------------------------------------------------------------ */

/* One function a language: writes the part of one command (begin: NULL) or of all. */
typedef void (*Writer)(FILE *out, CliCommand command);

static void check(const char *path, const char *begin, const char *end, Writer write) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (CliCommand command = 0; command < CLI_VERSION; command++) write(out, command);
    fclose(out);
    written_check(path, begin, end, text);
    free(text);
}

/* The default as the same text on every machine. */
static void default_text(char *text, size_t size, const CliOption *option) {
    cli_default_text(text, size, option);
    if (option->at == offsetof(CliOptions, threads)) snprintf(text, size, "all processors");
}

/* A quote or a point at the start of a line would be a request. */
static void man_text(FILE *out, const char *text) {
    for (const char *c = text; *c; c++) {
        if ((c == text || c[-1] == '\n') && strchr("'.", *c)) fputs("\\&", out);
        fprintf(out, *c == '-' ? "\\%c" : "%c", *c);
    }
}

static void man(FILE *out, CliCommand command) {
    const CliWords *words = &CLI_WORDS[command];
    fprintf(out, ".SS runner %s", words->name);
    for (int i = 0; i < 2 && words->word[i]; i++) {
        fprintf(out, i == 1 && words->second_optional ? " [%s]" : " %s", words->word[i]);
    }
    fprintf(out, "%s [options]\n", words->overrides ? " [key=value ...]" : "");
    man_text(out, words->text);
    for (int32_t i = 0; i < CLI_OPTION_COUNT; i++) {
        const CliOption *option = &CLI_OPTIONS[i];
        char fallback[64];
        if (!cli_knows(option, command)) continue;
        fputs(".TP\n\\fB", out);
        if (option->letter) {
            man_text(out, option->letter);
            fputs("\\fR, \\fB", out);
        }
        man_text(out, option->name);
        fprintf(out, "\\fR%s%s%s\n", option->value ? " \\fI" : "",
                option->value ? option->value : "", option->value ? "\\fR" : "");
        man_text(out, option->doc);
        default_text(fallback, sizeof fallback, option);
        fprintf(out, *fallback ? " [%s]\n" : "\n", fallback);
    }
}

static void bash(FILE *out, CliCommand command) {
    fprintf(out, "    %s) echo \"", CLI_WORDS[command].name);
    for (int32_t i = 0; i < CLI_OPTION_COUNT; i++) {
        const CliOption *option = &CLI_OPTIONS[i];
        if (!cli_knows(option, command)) continue;
        fprintf(out, "%s%s%s ", option->letter ? option->letter : "", option->letter ? " " : "",
                option->name);
    }
    fputs("--help\" ;;\n", out);
}

/* What follows an option. */
static void bash_values(FILE *out, CliCommand command) {
    for (int32_t i = 0; i < CLI_OPTION_COUNT; i++) {
        const CliOption *option = &CLI_OPTIONS[i];
        if (!cli_knows(option, command) || !option->value) continue;
        fprintf(out, "    \"%s %s\"", CLI_WORDS[command].name, option->name);
        if (option->letter) fprintf(out, "|\"%s %s\"", CLI_WORDS[command].name, option->letter);
        fputs(") echo \"", out);
        for (int c = 0; option->choices && option->choices[c]; c++)
            fprintf(out, "%s%s", c ? " " : "", option->choices[c]);
        fprintf(out, "%s\" ;;\n", option->choices ? "" : option->files ? "@files" : "@none");
    }
}

/* ":" and "[" have a meaning in zsh's specifications. */
static void zsh_text(FILE *out, const char *text) {
    for (; *text; text++) {
        if (strchr(":[]", *text)) fputc('\\', out);
        if (*text == '\'') fputs("'\\'", out);
        fputc(*text, out);
    }
}

static void zsh(FILE *out, CliCommand command) {
    fprintf(out, "    %s) options=(\n", CLI_WORDS[command].name);
    for (int32_t i = 0; i < CLI_OPTION_COUNT; i++) {
        const CliOption *option = &CLI_OPTIONS[i];
        if (!cli_knows(option, command)) continue;
        if (option->type == CLI_LIST)
            fprintf(out, "        '*%s[", option->name);
        else if (option->letter)
            fprintf(out, "        '(%s %s)'{%s,%s}'[", option->letter, option->name, option->letter,
                    option->name);
        else
            fprintf(out, "        '%s[", option->name);
        zsh_text(out, option->doc);
        fputc(']', out);
        if (option->value) {
            fprintf(out, ":%s:", option->value);
            for (int c = 0; option->choices && option->choices[c]; c++)
                fprintf(out, "%s%s", c ? " " : "(", option->choices[c]);
            fputs(option->choices ? ")" : option->files ? "_files" : " ", out);
        }
        fputs("'\n", out);
    }
    fputs("    ) ;;\n", out);
}

static void zsh_commands(FILE *out, CliCommand command) {
    fprintf(out, "    '%s:", CLI_WORDS[command].name);
    zsh_text(out, CLI_WORDS[command].line);
    fputs("'\n", out);
}

/* Inside fish's single quotes. */
static void fish_text(FILE *out, const char *text) {
    for (; *text; text++) {
        if (strchr("'\\", *text)) fputc('\\', out);
        fputc(*text, out);
    }
}

static void fish(FILE *out, CliCommand command) {
    const char *name = CLI_WORDS[command].name;
    fprintf(out, "complete -c runner -n __runner_first -f -a %s -d '", name);
    fish_text(out, CLI_WORDS[command].line);
    fputs("'\n", out);
    for (int32_t i = 0; i < CLI_OPTION_COUNT; i++) {
        const CliOption *option = &CLI_OPTIONS[i];
        if (!cli_knows(option, command)) continue;
        fprintf(out, "complete -c runner -n '__runner_is %s' -l %s", name, option->name + 2);
        if (option->letter) fprintf(out, " -s %s", option->letter + 1);
        if (option->value) fputs(option->files ? " -r -F" : " -x", out);
        for (int c = 0; option->choices && option->choices[c]; c++)
            fprintf(out, "%s%s", c ? " " : " -a '", option->choices[c]);
        fputs(option->choices ? "' -d '" : " -d '", out);
        fish_text(out, option->doc);
        fputs("'\n", out);
    }
}

static void man_page_has_every_option(void **state) {
    (void)state;
    check(SOURCE_DIR "/scripts/runner.1", ".\\\" begin options", ".\\\" end options", man);
}

static void completions_have_every_option(void **state) {
    (void)state;
    const char *const folder = SOURCE_DIR "/scripts/completions";
    char path[512];
    snprintf(path, sizeof path, "%s/runner.bash", folder);
    check(path, "# begin options", "    # end options", bash);
    check(path, "# begin values", "    # end values", bash_values);
    snprintf(path, sizeof path, "%s/_runner", folder);
    check(path, "# begin options", "    # end options", zsh);
    check(path, "# begin commands", "    # end commands", zsh_commands);
    snprintf(path, sizeof path, "%s/runner.fish", folder);
    check(path, "# begin options", "# end options", fish);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_is_what_a_file_alone_means),
        cmocka_unit_test(every_command_reads_its_words),
        cmocka_unit_test(mistakes_are_refused_with_a_remedy),
        cmocka_unit_test(help_lists_every_option_and_fits_a_terminal),
        cmocka_unit_test(man_page_has_every_option),
        cmocka_unit_test(completions_have_every_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
