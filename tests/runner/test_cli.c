/* The command line: what is parsed and refused; and that help, man page and completions have every
 * option of the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/commands/cli.h"
#include "runner/commands/documents.h"
#include "runner/commands/help.h"

/* --- parsing ---------------------------------------------------------------------------------- */

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
    assert_taken(&o, "run moons.yaml --trust-edited");
    assert_true(o.trust_edited && o.resume);
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
        const char *help = help_text(command);
        assert_non_null(strstr(help, OPTIONS_USAGE[command].name));
        for (int32_t i = 0; i < OPTIONS_COUNT; i++) {
            if (options_has(&OPTIONS[i], command)) {
                assert_non_null(strstr(help, OPTIONS[i].name));
                assert_non_null(strstr(help, OPTIONS[i].doc));
            }
        }
        for (const char *line = help; *line; line += strcspn(line, "\n") + 1) {
            if (strcspn(line, "\n") > 80)
                fail_msg("too long: %.*s", (int)strcspn(line, "\n"), line);
        }
        assert_non_null(strstr(help_text(CLI_HELP), OPTIONS_USAGE[command].summary));
    }
}

/* --- documents -------------------------------------------------------------------------------- */

/* What a template of one line becomes; to be freed. */
static char *written(const char *template) {
    char *text = NULL;
    size_t size = 0;
    FILE *in = fmemopen((void *)template, strlen(template), "r");
    FILE *out = open_memstream(&text, &size);
    assert_true(in && out && documents_write(in, out));
    fclose(in);
    fclose(out);
    return text;
}

/* Without backslashes: troff writes "\-", zsh "\:". */
static void unescape(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != '\\') *to++ = *from;
    *to = '\0';
}

static void documents_have_every_option_with_its_words(void **state) {
    (void)state;
    static const char *const templates[] = {"@man@\n", "@zsh options@\n", "@fish@\n"};
    for (size_t t = 0; t < sizeof templates / sizeof *templates; t++) {
        char *text = written(templates[t]);
        unescape(text);
        for (int32_t i = 0; i < OPTIONS_COUNT; i++) {
            if (!strstr(text, OPTIONS[i].name + 2))
                fail_msg("%s: no %s", templates[t], OPTIONS[i].name);
            if (!strstr(text, OPTIONS[i].doc))
                fail_msg("%s: no \"%s\"", templates[t], OPTIONS[i].doc);
        }
        free(text);
    }
    char *options = written("@bash options@\n"), *values = written("@bash values@\n");
    for (int32_t i = 0; i < OPTIONS_COUNT; i++) {
        assert_non_null(strstr(options, OPTIONS[i].name));
        assert_int_equal(!strstr(values, OPTIONS[i].name), !OPTIONS[i].value);
    }
    free(options);
    free(values);
}

static void documents_keep_the_rest_of_a_template(void **state) {
    (void)state;
    char *text = written("one\n  set @names@;\n@nothing@\nlast");
    assert_memory_equal(text, "one\n  set run check report ", 27);
    assert_non_null(strstr(text, " predict;\n@nothing@\nlast"));
    assert_null(strstr(text, "--version"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_is_what_a_file_alone_means),
        cmocka_unit_test(every_command_reads_its_words),
        cmocka_unit_test(mistakes_are_refused_with_a_remedy),
        cmocka_unit_test(help_lists_every_option_and_fits_a_terminal),
        cmocka_unit_test(documents_have_every_option_with_its_words),
        cmocka_unit_test(documents_keep_the_rest_of_a_template),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
