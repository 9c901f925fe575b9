/* The report as files: complete, self-contained, drawn again by hand, harmless whatever the names
 * are, whole without gnuplot. */
#include "tests/runner/drawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/output/gnuplot.h"

static const char *const FIGURES[] = {"overfitting",    "overfitting-accuracy",
                                      "generalization", "generalization-accuracy",
                                      "boundaries",     "curves",
                                      "stability",      "heatmap",
                                      "heatmap-2",      "heatmap-3",
                                      "slices",         "ranking",
                                      "importance",     "comparison",
                                      "cost",           "parallel"};
#define FIGURE_COUNT (sizeof FIGURES / sizeof *FIGURES)

/* A study with everything: several axes, history, boundaries, hostile names, diverged runs. */
static const FakeOptions RICH = {.sizes = 12,
                                 .repeats = 6,
                                 .rates = 3,
                                 .penalties = 3,
                                 .points = 30,
                                 .words = true,
                                 .diverges = true};

/* Drawn once for the tests that only look at it; its name and question are hostile, too. */
static int draw_rich(void **state) {
    static Drawn rich;
    fake_create(&rich.fake, &RICH);
    rich.fake.spec.name = (char *)FAKE_HOSTILE;
    rich.fake.spec.description = (char *)FAKE_HOSTILE;
    drawn_draw(&rich, &DRAWN_PLAIN);
    *state = &rich;
    return 0;
}

static int clear_rich(void **state) {
    drawn_clear(*state);
    return 0;
}

static void every_figure_has_picture_data_and_program(void **state) {
    const Drawn *rich = *state;
    drawn_assert(rich);
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        static const char *const endings[] = {".svg", ".tsv", ".gp"};
        for (size_t k = 0; k < 3; k++) {
            char name[128];
            snprintf(name, sizeof name, "%s%s", FIGURES[i], endings[k]);
            if (!drawn_exists(rich->report, name)) fail_msg("%s is missing", name);
        }
        char narrow[128];
        snprintf(narrow, sizeof narrow, "%s-narrow.svg", FIGURES[i]);
        assert_false(drawn_exists(rich->report, narrow));
    }
    assert_int_equal(drawn_count(rich->page, "<svg "), 2 * FIGURE_COUNT); /* wide and narrow */
    assert_int_equal(drawn_count(rich->page, "role=\"img\" aria-label=\""), 2 * FIGURE_COUNT);
    assert_int_equal(drawn_count(rich->page, "<figcaption>"), FIGURE_COUNT);
}

static void every_program_draws_its_figure_again(void **state) {
    const Drawn *rich = *state;
    Error err = {0};
    Folder folder;
    drawn_assert(rich);
    assert_true(folder_open(&folder, rich->report, &err));
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        char script[128], picture[128], path[300];
        snprintf(script, sizeof script, "%s.gp", FIGURES[i]);
        snprintf(picture, sizeof picture, "%s.svg", FIGURES[i]);
        snprintf(path, sizeof path, "%s/%s", rich->report, picture);
        size_t before_length, after_length;
        char *before = drawn_file(rich->report, picture, &before_length);
        assert_int_equal(remove(path), 0);
        if (!gnuplot_run(&folder, script, (const char *const[]){NULL}, &err))
            fail_msg("%s", err.text);
        char *after = drawn_file(rich->report, picture, &after_length);
        assert_non_null(after);
        assert_int_equal(before_length, after_length);
        assert_memory_equal(before, after, after_length);
        free(before);
        free(after);
    }
    folder_close(&folder);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void ids_are_unique_and_references_resolve(void **state) {
    const Drawn *rich = *state;
    drawn_assert(rich);
    char **id = malloc(100000 * sizeof *id);
    size_t ids = 0;
    for (const char *at = rich->page; (at = strstr(at, " id="));) {
        const char quote = at[4];
        const char *start = at + 5, *end = strchr(start, quote);
        assert_true(quote == '"' || quote == '\'');
        id[ids++] = strndup(start, (size_t)(end - start));
        at = end;
    }
    qsort(id, ids, sizeof *id, by_text);
    for (size_t i = 1; i < ids; i++)
        if (strcmp(id[i - 1], id[i]) == 0) fail_msg("id %s twice", id[i]);
    int32_t references = 0;
    for (const char *at = rich->page; (at = strstr(at, "href='#")); references++) {
        const char *start = at + 7, *end = strchr(start, '\'');
        char *name = strndup(start, (size_t)(end - start));
        if (!bsearch(&name, id, ids, sizeof *id, by_text)) fail_msg("#%s leads nowhere", name);
        free(name);
        at = end;
    }
    assert_true(references > 0);
    for (size_t i = 0; i < ids; i++) free(id[i]);
    free(id);
}

static void the_page_needs_nothing_else(void **state) {
    const Drawn *rich = *state;
    drawn_assert(rich);
    assert_null(strstr(rich->page, "http:"));
    assert_null(strstr(rich->page, "https:"));
    assert_null(strstr(rich->page, "<link"));
    assert_null(strstr(rich->page, "@import"));
    assert_null(strstr(rich->page, "src="));
    drawn_assert_has(rich->page, "prefers-color-scheme:dark");
    drawn_assert_has(rich->page, "@media print");
    drawn_assert_has(rich->page, "name=\"viewport\"");
    drawn_assert_has(rich->page, "var(--blue)");
    assert_true(rich->length < 5 * 1000 * 1000);
}

static void hostile_names_stay_text(void **state) {
    const Drawn *rich = *state;
    drawn_assert(rich);
    assert_int_equal(drawn_count(rich->page, "<script"), 1); /* our own, that sorts tables */
    assert_null(strstr(rich->page, "<script>alert"));
    drawn_assert_has(rich->page, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_false(drawn_exists(rich->report, "PWNED"));
    assert_int_not_equal(access("PWNED", F_OK), 0);
    char path[600];
    snprintf(path, sizeof path, "%s/PWNED", rich->report);
    assert_int_not_equal(access(path, F_OK), 0);
}

/* gnuplot that is missing, fails, or dies: a PATH with nothing or with a stand-in. */
static void without_gnuplot(const char *script, const char *words) {
    Drawn drawn;
    char *path = strdup(getenv("PATH")), bin[] = "/tmp/test_report_bin.XXXXXX", program[64];
    assert_non_null(mkdtemp(bin));
    snprintf(program, sizeof program, "%s/gnuplot", bin);
    if (script) {
        FILE *file = fopen(program, "w");
        assert_non_null(file);
        fputs(script, file);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(chmod(program, 0755), 0);
    }
    assert_int_equal(setenv("PATH", bin, 1), 0);
    drawn_create(&drawn, &RICH, &DRAWN_PLAIN);
    assert_int_equal(setenv("PATH", path, 1), 0);
    assert_false(drawn.ok);
    assert_int_equal(drawn.err.kind, ERROR_RESOURCE);
    assert_non_null(strstr(drawn.err.text, words));
    assert_non_null(drawn.page);
    drawn_assert_has(drawn.page, "figures could not be drawn");
    drawn_assert_has(drawn.page, "Small networks underfit");
    assert_true(drawn_count(drawn.page, "<table") >= 3);
    drawn_assert_has(drawn.page, "</html>");
    assert_int_equal(drawn_count(drawn.page, "<svg "), 0);
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s.tsv", FIGURES[i]);
        assert_true(drawn_exists(drawn.report, name));
    }
    drawn_clear(&drawn);
    remove(program);
    assert_int_equal(rmdir(bin), 0);
    free(path);
}

static void without_gnuplot_the_page_is_whole_and_says_so(void **state) {
    (void)state;
    without_gnuplot(NULL, "cannot be started");
    without_gnuplot("#!/bin/sh\necho no such terminal >&2\nexit 1\n", "no such terminal");
    without_gnuplot("#!/bin/sh\nkill -9 $$\n", "killed by signal 9");
    without_gnuplot("#!/bin/sh\nexit 0\n", "overfitting.svg");
}

static void missing_programs_are_said(void **state) {
    (void)state;
    Drawn drawn;
    drawn_create(&drawn, &(FakeOptions){.sizes = 3, .repeats = 2},
                 &(ReportOptions){.plots_folder = "/nowhere"});
    assert_false(drawn.ok);
    assert_int_equal(drawn.err.kind, ERROR_RESOURCE);
    assert_non_null(strstr(drawn.err.text, "/nowhere/style.gp"));
    assert_non_null(drawn.page);
    drawn_clear(&drawn);
}

static void other_formats_come_beside(void **state) {
    (void)state;
    static const struct {
        const char *format, *file, *starts;
    } cases[] = {{"png", "overfitting.png", "\x89PNG"}, {"pdf", "overfitting.pdf", "%PDF"}};
    for (size_t i = 0; i < 2; i++) {
        Drawn drawn;
        drawn_create(&drawn, &(FakeOptions){.sizes = 5, .repeats = 3},
                     &(ReportOptions){.plots_folder = DRAWN_PLOTS,
                                      .format = cases[i].format,
                                      .only = "overfitting"});
        drawn_assert(&drawn);
        size_t length;
        char *picture = drawn_file(drawn.report, cases[i].file, &length);
        assert_non_null(picture);
        assert_memory_equal(picture, cases[i].starts, 4);
        assert_true(drawn_exists(drawn.report, "overfitting.svg"));
        free(picture);
        drawn_clear(&drawn);
    }
}

static void only_one_section_is_drawn_where_asked(void **state) {
    (void)state;
    Drawn drawn;
    drawn_create(&drawn, &RICH, &(ReportOptions){.plots_folder = DRAWN_PLOTS, .only = "ranking"});
    drawn_assert(&drawn);
    assert_int_equal(drawn_count(drawn.page, "<section"), 1);
    drawn_assert_has(drawn.page, "<section id=\"ranking\">");
    assert_false(drawn_exists(drawn.report, "curves.svg"));
    drawn_clear(&drawn);
    drawn_create(&drawn, &(FakeOptions){.sizes = 3},
                 &(ReportOptions){.plots_folder = DRAWN_PLOTS, .only = "rnking"});
    assert_false(drawn.ok);
    assert_int_equal(drawn.err.kind, ERROR_USAGE);
    assert_non_null(strstr(drawn.err.text, "ranking, "));
    assert_null(drawn.page);
    drawn_clear(&drawn);
    drawn_create(&drawn, &(FakeOptions){.sizes = 3},
                 &(ReportOptions){.plots_folder = DRAWN_PLOTS, .format = "gif"});
    assert_int_equal(drawn.err.kind, ERROR_USAGE);
    drawn_clear(&drawn);
}

static void a_section_that_does_not_fit_is_explained_where_named(void **state) {
    (void)state;
    Drawn drawn;
    char *list[] = {"ranking", "heatmap", NULL};
    fake_create(&drawn.fake, &(FakeOptions){.sizes = 4, .repeats = 3});
    drawn.fake.spec.report.sections = list;
    drawn_draw(&drawn, &DRAWN_PLAIN);
    drawn_assert(&drawn);
    drawn_assert_has(drawn.page, "Not drawn: it needs two settings that vary");
    assert_int_equal(drawn_count(drawn.page, "<section"), 2);
    drawn_clear(&drawn);
}

/* Values that the grid does not have are left out: an override may have taken them. */
static void the_panels_are_those_that_the_experiment_names(void **state) {
    (void)state;
    Drawn drawn;
    char *panels[] = {"2", "9", "77", "20", NULL};
    fake_create(&drawn.fake, &(FakeOptions){.sizes = 20, .repeats = 2});
    drawn.fake.spec.report.panels = panels;
    drawn_draw(&drawn, &DRAWN_PLAIN);
    drawn_assert(&drawn);
    size_t length;
    char *program = drawn_file(drawn.report, "boundaries.gp", &length);
    drawn_assert_has(program, "panels = 3\n");
    drawn_assert_has(program, "title_1 = '2 hidden units'");
    drawn_assert_has(program, "title_2 = '9 hidden units'");
    drawn_assert_has(program, "title_3 = '20 hidden units'");
    free(program);
    drawn_clear(&drawn);
}

/* What may be named under `report:` is what --only takes, and each is drawn or explained. */
static void every_section_of_the_language_is_known(void **state) {
    (void)state;
    for (int32_t i = 0; SPEC_SECTIONS[i]; i++) {
        Drawn drawn;
        char words[64];
        drawn_create(&drawn, &(FakeOptions){.sizes = 2, .repeats = 2},
                     &(ReportOptions){.plots_folder = DRAWN_PLOTS, .only = SPEC_SECTIONS[i]});
        drawn_assert(&drawn);
        snprintf(words, sizeof words, "<section id=\"%s\">", SPEC_SECTIONS[i]);
        drawn_assert_has(drawn.page, words);
        drawn_clear(&drawn);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_has_picture_data_and_program),
        cmocka_unit_test(every_program_draws_its_figure_again),
        cmocka_unit_test(ids_are_unique_and_references_resolve),
        cmocka_unit_test(the_page_needs_nothing_else),
        cmocka_unit_test(hostile_names_stay_text),
        cmocka_unit_test(without_gnuplot_the_page_is_whole_and_says_so),
        cmocka_unit_test(missing_programs_are_said),
        cmocka_unit_test(other_formats_come_beside),
        cmocka_unit_test(only_one_section_is_drawn_where_asked),
        cmocka_unit_test(a_section_that_does_not_fit_is_explained_where_named),
        cmocka_unit_test(the_panels_are_those_that_the_experiment_names),
        cmocka_unit_test(every_section_of_the_language_is_known),
    };
    return cmocka_run_group_tests(tests, draw_rich, clear_rich);
}
