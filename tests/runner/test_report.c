/* The report as files: complete, self-contained, drawn again by hand, harmless whatever the names
 * are, whole without gnuplot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/analysis/statistics.h"
#include "runner/output/gnuplot.h"
#include "runner/output/html.h"
#include "tests/runner/fake_study.h"

#define PLOTS SOURCE_DIR "/scripts/plots"

typedef struct Drawn {
    Fake fake;
    char folder[64], report[80];
    char *page;
    size_t length;
    Error err;
    bool ok;
} Drawn;

static char *read_whole(const char *folder, const char *name, size_t *length) {
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file == NULL) return NULL;
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    assert_non_null(text);
    *length = fread(text, 1, (size_t)size, file);
    text[*length] = '\0';
    (void)fclose(file);
    return text;
}

static bool exists(const char *folder, const char *name) {
    char path[512];
    struct stat status;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &status) == 0 && status.st_size > 0;
}

static void draw_with(Drawn *drawn, const ReportOptions *options) {
    (void)snprintf(drawn->folder, sizeof drawn->folder, "/tmp/test_report.XXXXXX");
    assert_non_null(mkdtemp(drawn->folder));
    (void)snprintf(drawn->report, sizeof drawn->report, "%s/report", drawn->folder);
    drawn->err = (Error){0};
    drawn->ok = report_draw(&drawn->fake.results, &drawn->fake.spec, &drawn->fake.predictor,
                            drawn->report, options, &drawn->err);
    drawn->page = read_whole(drawn->report, "index.html", &drawn->length);
}

static void draw(Drawn *drawn, const FakeOptions *study, const ReportOptions *options) {
    fake_create(&drawn->fake, study);
    draw_with(drawn, options);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void clear(Drawn *drawn) {
    assert_int_equal(nftw(drawn->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(drawn->page);
    fake_destroy(&drawn->fake);
}

static int32_t count(const char *text, const char *word) {
    int32_t n = 0;
    for (const char *at = text; (at = strstr(at, word)) != NULL; at += strlen(word)) n++;
    return n;
}

static void assert_has(const char *text, const char *word) {
    if (strstr(text, word) == NULL) fail_msg("the page does not say \"%s\"", word);
}

static const ReportOptions PLAIN = {.plots_dir = PLOTS};

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

static void assert_drawn(const Drawn *drawn) {
    if (!drawn->ok) fail_msg("%s", drawn->err.text);
    assert_non_null(drawn->page);
}

/* Drawn once for the tests that only look at it; its name and question are hostile, too. */
static int draw_rich(void **state) {
    static Drawn rich;
    fake_create(&rich.fake, &RICH);
    rich.fake.spec.name = (char *)FAKE_HOSTILE;
    rich.fake.spec.description = (char *)FAKE_HOSTILE;
    draw_with(&rich, &PLAIN);
    *state = &rich;
    return 0;
}

static int clear_rich(void **state) {
    clear(*state);
    return 0;
}

static void every_figure_has_picture_data_and_program(void **state) {
    const Drawn *rich = *state;
    assert_drawn(rich);
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        static const char *const endings[] = {".svg", ".tsv", ".gp"};
        for (size_t k = 0; k < 3; k++) {
            char name[128];
            (void)snprintf(name, sizeof name, "%s%s", FIGURES[i], endings[k]);
            if (!exists(rich->report, name)) fail_msg("%s is missing", name);
        }
        char narrow[128];
        (void)snprintf(narrow, sizeof narrow, "%s-narrow.svg", FIGURES[i]);
        assert_false(exists(rich->report, narrow));
    }
    assert_int_equal(count(rich->page, "<svg "), 2 * FIGURE_COUNT); /* wide and narrow */
    assert_int_equal(count(rich->page, "role=\"img\" aria-label=\""), 2 * FIGURE_COUNT);
    assert_int_equal(count(rich->page, "<figcaption>"), FIGURE_COUNT);
}

static void every_program_draws_its_figure_again(void **state) {
    const Drawn *rich = *state;
    Error err = {0};
    assert_drawn(rich);
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        char script[128], picture[128], path[300];
        (void)snprintf(script, sizeof script, "%s.gp", FIGURES[i]);
        (void)snprintf(picture, sizeof picture, "%s.svg", FIGURES[i]);
        (void)snprintf(path, sizeof path, "%s/%s", rich->report, picture);
        size_t before_length, after_length;
        char *before = read_whole(rich->report, picture, &before_length);
        assert_int_equal(remove(path), 0);
        if (!gnuplot_run(rich->report, script, (const char *const[]){NULL}, &err))
            fail_msg("%s", err.text);
        char *after = read_whole(rich->report, picture, &after_length);
        assert_non_null(after);
        assert_int_equal(before_length, after_length);
        assert_memory_equal(before, after, after_length);
        free(before);
        free(after);
    }
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void ids_are_unique_and_references_resolve(void **state) {
    const Drawn *rich = *state;
    assert_drawn(rich);
    char **id = malloc(100000 * sizeof *id);
    size_t ids = 0;
    for (const char *at = rich->page; (at = strstr(at, " id=")) != NULL;) {
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
    for (const char *at = rich->page; (at = strstr(at, "href='#")) != NULL; references++) {
        const char *start = at + 7, *end = strchr(start, '\'');
        char *name = strndup(start, (size_t)(end - start));
        if (bsearch(&name, id, ids, sizeof *id, by_text) == NULL)
            fail_msg("#%s leads nowhere", name);
        free(name);
        at = end;
    }
    assert_true(references > 0);
    for (size_t i = 0; i < ids; i++) free(id[i]);
    free(id);
}

static void the_page_needs_nothing_else(void **state) {
    const Drawn *rich = *state;
    assert_drawn(rich);
    assert_null(strstr(rich->page, "http:"));
    assert_null(strstr(rich->page, "https:"));
    assert_null(strstr(rich->page, "<link"));
    assert_null(strstr(rich->page, "@import"));
    assert_null(strstr(rich->page, "src="));
    assert_has(rich->page, "prefers-color-scheme:dark");
    assert_has(rich->page, "@media print");
    assert_has(rich->page, "name=\"viewport\"");
    assert_has(rich->page, "var(--blue)");
    assert_true(rich->length < 5 * 1000 * 1000);
}

static void hostile_names_stay_text(void **state) {
    const Drawn *rich = *state;
    assert_drawn(rich);
    assert_int_equal(count(rich->page, "<script"), 1); /* our own, that sorts tables */
    assert_null(strstr(rich->page, "<script>alert"));
    assert_has(rich->page, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_false(exists(rich->report, "PWNED"));
    assert_int_not_equal(access("PWNED", F_OK), 0);
    char path[600];
    (void)snprintf(path, sizeof path, "%s/PWNED", rich->report);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void text_is_safe_in_gnuplot(void **state) {
    (void)state;
    char out[256];
    gnuplot_literal(out, sizeof out, "it's\n\"x\" `y` \\n");
    assert_string_equal(out, "'it’s \"x\" `y` ⧵n'");
    gnuplot_cell(out, sizeof out, "a\tb\nc\"d");
    assert_string_equal(out, "a b c'd");
    gnuplot_cell(out, sizeof out, "");
    assert_string_equal(out, "-");
    char small[12];
    gnuplot_literal(small, sizeof small, "''''''''''''''''''");
    assert_true(strlen(small) < sizeof small);
    assert_int_equal(count(small, "'"), 2); /* cut, it is closed all the same */
    /* Quotes at the start and beside each other, which gnuplot takes for an end even where they are
     * doubled. */
    static const char *const hostile[] = {"'",    "''",    "'x'",
                                          "x''y", "'''''", "';system(\"touch PWNED\")#"};
    char folder[] = "/tmp/test_report_gp.XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/q.gp", folder);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        Error err = {0};
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        gnuplot_literal(out, sizeof out, hostile[i]);
        (void)fprintf(file, "set encoding utf8\na = %s\nif (strlen(a) != %zu) { exit status 1 }\n",
                      out, strlen(hostile[i]));
        assert_int_equal(fclose(file), 0);
        if (!gnuplot_run(folder, "q.gp", (const char *const[]){NULL}, &err))
            fail_msg("%s: %s", hostile[i], err.text);
    }
    assert_false(exists(folder, "PWNED"));
    assert_int_equal(remove(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void html_escapes_what_it_is_given(void **state) {
    (void)state;
    Html html = {0};
    html_print(&html, "<b title=\"%s\">%s %d %lld %.2f %5.1f%%</b>", "\"'", "<&>", 7, 8LL, 1.5,
               2.25);
    assert_string_equal(html.text, "<b title=\"&quot;&#39;\">&lt;&amp;&gt; 7 8 1.50   2.2%</b>");
    html_destroy(&html);
    html_text(&html, "ok é\xff\xc0\xaf\x01\xed\xa0\x80 z");
    assert_string_equal(
        html.text,
        "ok é\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd "
        "z");
    html_destroy(&html);
}

/* gnuplot that is missing, fails, or dies: a PATH with nothing or with a stand-in. */
static void without_gnuplot(const char *script, const char *words) {
    Drawn drawn;
    char *path = strdup(getenv("PATH")), bin[] = "/tmp/test_report_bin.XXXXXX", program[64];
    assert_non_null(mkdtemp(bin));
    (void)snprintf(program, sizeof program, "%s/gnuplot", bin);
    if (script != NULL) {
        FILE *file = fopen(program, "w");
        assert_non_null(file);
        (void)fputs(script, file);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(chmod(program, 0755), 0);
    }
    assert_int_equal(setenv("PATH", bin, 1), 0);
    draw(&drawn, &RICH, &PLAIN);
    assert_int_equal(setenv("PATH", path, 1), 0);
    assert_false(drawn.ok);
    assert_int_equal(drawn.err.kind, ERROR_RESOURCE);
    assert_non_null(strstr(drawn.err.text, words));
    assert_non_null(drawn.page);
    assert_has(drawn.page, "figures could not be drawn");
    assert_has(drawn.page, "Small networks underfit");
    assert_true(count(drawn.page, "<table") >= 3);
    assert_has(drawn.page, "</html>");
    assert_int_equal(count(drawn.page, "<svg "), 0);
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        char name[128];
        (void)snprintf(name, sizeof name, "%s.tsv", FIGURES[i]);
        assert_true(exists(drawn.report, name));
    }
    clear(&drawn);
    (void)remove(program);
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
    draw(&drawn, &(FakeOptions){.sizes = 3, .repeats = 2},
         &(ReportOptions){.plots_dir = "/nowhere"});
    assert_false(drawn.ok);
    assert_int_equal(drawn.err.kind, ERROR_RESOURCE);
    assert_non_null(strstr(drawn.err.text, "/nowhere/style.gp"));
    assert_non_null(drawn.page);
    clear(&drawn);
}

static void other_formats_come_beside(void **state) {
    (void)state;
    static const struct {
        const char *format, *file, *starts;
    } cases[] = {{"png", "overfitting.png", "\x89PNG"}, {"pdf", "overfitting.pdf", "%PDF"}};
    for (size_t i = 0; i < 2; i++) {
        Drawn drawn;
        draw(
            &drawn, &(FakeOptions){.sizes = 5, .repeats = 3},
            &(ReportOptions){.plots_dir = PLOTS, .format = cases[i].format, .only = "overfitting"});
        assert_drawn(&drawn);
        size_t length;
        char *picture = read_whole(drawn.report, cases[i].file, &length);
        assert_non_null(picture);
        assert_memory_equal(picture, cases[i].starts, 4);
        assert_true(exists(drawn.report, "overfitting.svg"));
        free(picture);
        clear(&drawn);
    }
}

static void only_one_section_is_drawn_where_asked(void **state) {
    (void)state;
    Drawn drawn;
    draw(&drawn, &RICH, &(ReportOptions){.plots_dir = PLOTS, .only = "ranking"});
    assert_drawn(&drawn);
    assert_int_equal(count(drawn.page, "<section"), 1);
    assert_has(drawn.page, "<section id=\"ranking\">");
    assert_false(exists(drawn.report, "curves.svg"));
    clear(&drawn);
    draw(&drawn, &(FakeOptions){.sizes = 3},
         &(ReportOptions){.plots_dir = PLOTS, .only = "rnking"});
    assert_false(drawn.ok);
    assert_int_equal(drawn.err.kind, ERROR_USAGE);
    assert_non_null(strstr(drawn.err.text, "ranking, "));
    assert_null(drawn.page);
    clear(&drawn);
    draw(&drawn, &(FakeOptions){.sizes = 3}, &(ReportOptions){.plots_dir = PLOTS, .format = "gif"});
    assert_int_equal(drawn.err.kind, ERROR_USAGE);
    clear(&drawn);
}

static void cells_of_a_heat_map_have_digits_enough_to_differ(void **state) {
    (void)state;
    Drawn drawn;
    fake_create(&drawn.fake, &(FakeOptions){.sizes = 3, .rates = 2, .repeats = 2});
    Results *r = &drawn.fake.results;
    for (int64_t t = 0; t < r->trials; t++)
        r->final[METRIC_TEST_LOSS][t] = 100 + 0.1 * (double)r->setting[t];
    draw_with(&drawn, &(ReportOptions){.plots_dir = PLOTS, .only = "heatmap"});
    assert_drawn(&drawn);
    size_t length;
    char *table = read_whole(drawn.report, "heatmap.tsv", &length), *rest = table, label[16][32];
    int cells = 0;
    (void)strsep(&rest, "\n"); /* the headings */
    for (char *line; (line = strsep(&rest, "\n")) != NULL && cells < 16;)
        cells += sscanf(line, "%*d\t%*d\t%*f\t%31s", label[cells]) == 1;
    assert_int_equal(cells, 6);
    for (int i = 0; i < cells; i++)
        for (int j = 0; j < i; j++) assert_string_not_equal(label[i], label[j]);
    free(table);
    clear(&drawn);
}

static void a_section_that_does_not_fit_is_explained_where_named(void **state) {
    (void)state;
    Drawn drawn;
    char *list[] = {"ranking", "heatmap", NULL};
    fake_create(&drawn.fake, &(FakeOptions){.sizes = 4, .repeats = 3});
    drawn.fake.spec.report = list;
    draw_with(&drawn, &PLAIN);
    assert_drawn(&drawn);
    assert_has(drawn.page, "Not drawn: it needs two settings that vary");
    assert_int_equal(count(drawn.page, "<section"), 2);
    clear(&drawn);
}

/* What may be named under `report:` is what --only takes, and each is drawn or explained. */
static void every_section_of_the_language_is_known(void **state) {
    (void)state;
    for (int32_t i = 0; SPEC_SECTIONS[i] != NULL; i++) {
        Drawn drawn;
        char words[64];
        draw(&drawn, &(FakeOptions){.sizes = 2, .repeats = 2},
             &(ReportOptions){.plots_dir = PLOTS, .only = SPEC_SECTIONS[i]});
        assert_drawn(&drawn);
        (void)snprintf(words, sizeof words, "<section id=\"%s\">", SPEC_SECTIONS[i]);
        assert_has(drawn.page, words);
        clear(&drawn);
    }
}

/* The planted study says which axis matters: the rate, by far. */
static void importance_adds_up(void **state) {
    (void)state;
    Drawn drawn;
    draw(&drawn,
         &(FakeOptions){.shape = FAKE_FLAT, .sizes = 3, .repeats = 4, .rates = 4, .penalties = 2},
         &(ReportOptions){.plots_dir = PLOTS, .only = "importance"});
    assert_drawn(&drawn);
    size_t length;
    char *table = read_whole(drawn.report, "importance.tsv", &length);
    assert_non_null(table);
    double percent = 0, total = 0;
    const char *row = strchr(table, '\n') + 1;
    assert_memory_equal(row, "learning rate\t", 14);
    for (int32_t i = 0; i < 3; i++, row = strchr(row, '\n') + 1) {
        const double one = strtod(strchr(row, '\t'), NULL);
        assert_true(one >= 0 && one <= 100);
        if (i == 0) percent = one;
        total += one;
    }
    assert_true(percent > 85);
    assert_true(total <= 100 + 1e-6); /* a full grid: the rest is interaction */
    free(table);
    clear(&drawn);
}

/* Scale ----------------------------------------------------------------------------------------------------------------- */

static void any_number_of_trials_is_drawn(void **state) {
    (void)state;
    static const FakeOptions studies[] = {
        {.sizes = 1, .repeats = 1},
        {.sizes = 1, .repeats = 1, .points = 1},
        {.sizes = 1, .repeats = 5, .points = 3},
        {.sizes = 2, .repeats = 1, .points = 2},
        {.sizes = 3, .repeats = 2, .points = 40, .numbers = true},
        {.sizes = 2, .repeats = 300, .points = 5},
        {.sizes = 6, .repeats = 3, .no_test = true},
        {.shape = FAKE_FLAT, .sizes = 2, .repeats = 2, .penalties = 5},
    };
    for (size_t i = 0; i < sizeof studies / sizeof *studies; i++) {
        Drawn drawn;
        draw(&drawn, &studies[i], &PLAIN);
        if (!drawn.ok) fail_msg("study %zu: %s", i, drawn.err.text);
        assert_has(drawn.page, "</html>");
        clear(&drawn);
    }
}

/* Processor time of this process and of the gnuplots that it has waited for: what other programs do
 * does not count. */
static double seconds_used(void) {
    double seconds = 0;
    const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    for (size_t i = 0; i < 2; i++) {
        struct rusage used;
        assert_int_equal(getrusage(whose[i], &used), 0);
        seconds += (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                   1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    }
    return seconds;
}

/* One thread and one gnuplot at a time: on an idle machine the time on the clock is this, and 10 s
 * are the promise. Built to be checked or without optimization it takes a few times as long. */
#ifdef __OPTIMIZE__
#define REPORT_SECONDS 10
#else
#define REPORT_SECONDS 40
#endif

static void a_hundred_thousand_trials_are_quick_and_small(void **state) {
    (void)state;
    Drawn drawn;
    fake_create(
        &drawn.fake,
        &(FakeOptions){.sizes = 500, .repeats = 10, .rates = 5, .penalties = 4, .points = 20});
    assert_int_equal(drawn.fake.results.trials, 100000);
    const double before = seconds_used();
    draw_with(&drawn, &PLAIN);
    const double used = seconds_used() - before;
    assert_drawn(&drawn);
    if (used >= REPORT_SECONDS) fail_msg("%.1f s of processor time", used);
    assert_true(drawn.length < 5 * 1000 * 1000);
    assert_has(drawn.page, "settings are left out");
    clear(&drawn);
}

/* What is in them ------------------------------------------------------------------------------------------------------- */

static void the_table_of_a_figure_has_every_run_and_its_statistics(void **state) {
    (void)state;
    Drawn drawn;
    draw(&drawn, &(FakeOptions){.sizes = 4, .repeats = 3},
         &(ReportOptions){.plots_dir = PLOTS, .only = "overfitting"});
    assert_drawn(&drawn);
    size_t length;
    char *table = read_whole(drawn.report, "overfitting.tsv", &length);
    assert_non_null(table);
    const char *heading =
        "hidden\tlabel\tn\ttrain_mean\ttrain_low\ttrain_high\ttrain_0\ttrain_1\ttrain_2\t"
        "test_mean\ttest_low\ttest_high\ttest_0\ttest_1\ttest_2\n";
    assert_memory_equal(table, heading, strlen(heading));
    const char *row = table + strlen(heading);
    for (int64_t size = 0; size < 4; size++) {
        double cell[15];
        char *end = (char *)row;
        for (int32_t c = 0; c < 15; c++) cell[c] = strtod(end, &end);
        const double *test = drawn.fake.results.final[METRIC_TEST_LOSS] + 3 * size;
        const Interval mean = statistics_interval(test, 3);
        const double expected[] = {(double)(size + 1), (double)(size + 1), 3};
        for (int32_t c = 0; c < 3; c++) assert_true(cell[c] == expected[c]);
        const double statistics[] = {mean.mean, mean.low, mean.high, test[0], test[1], test[2]};
        for (int32_t c = 0; c < 6; c++)
            assert_true(fabs(cell[9 + c] - statistics[c]) < 1e-5 * fabs(statistics[c]));
        row = strchr(row, '\n') + 1;
    }
    assert_int_equal(*row, '\0');
    free(table);
    clear(&drawn);
}

static void boundaries_ask_the_network_they_name(void **state) {
    (void)state;
    Drawn drawn;
    draw(&drawn, &(FakeOptions){.repeats = 2},
         &(ReportOptions){.plots_dir = PLOTS, .only = "boundaries"});
    assert_drawn(&drawn);
    size_t length;
    char *table = read_whole(drawn.report, "boundaries.tsv", &length),
         *program = read_whole(drawn.report, "boundaries.gp", &length);
    assert_non_null(table);
    static const char *const titles[] = {"1 hidden unit",  "2 hidden units", "3 hidden units",
                                         "4 hidden units", "5 hidden units", "20 hidden units",
                                         "50 hidden units"};
    static const int64_t trials[] = {0, 2, 4, 6, 8, 38, 98};
    for (int32_t i = 0; i < 7; i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "title_%d = '%s'\n", i + 1, titles[i]);
        assert_non_null(strstr(program, line));
    }
    char *end = strchr(table, '\n');
    for (int32_t k = 0; k < 20; k++) {
        double x[2] = {strtod(end, &end), 0};
        x[1] = strtod(end, &end);
        for (int32_t i = 0; i < 7; i++) {
            const double class_number = strtod(end, &end), probability = strtod(end, &end);
            double y[2];
            assert_true(drawn.fake.predictor.predict(&drawn.fake, trials[i], x, 1, y, NULL));
            assert_true(class_number == (y[1] > y[0]));
            assert_true(fabs(probability - fmax(y[0], y[1])) < 1e-3);
        }
    }
    free(table);
    free(program);
    clear(&drawn);
}

/* "noisy" was said of a fall with one bump by the rules of numerics 3. */
static void verdicts_of_an_earlier_program_are_not_explained_by_our_rules(void **state) {
    (void)state;
    Drawn drawn;
    const FakeOptions study = {.sizes = 4, .repeats = 3};
    const ReportOptions options = {.plots_dir = PLOTS, .only = "stability"};
    draw(&drawn, &study, &options);
    assert_drawn(&drawn);
    for (int v = 0; v < VERDICT_COUNT; v++) {
        if (drawn.fake.results.verdict[0] != (Verdict)v) continue;
        assert_has(drawn.page, verdict_meaning((Verdict)v));
    }
    assert_int_equal(count(drawn.page, "earlier program"), 0);
    clear(&drawn);
    fake_create(&drawn.fake, &study);
    drawn.fake.results.numerics = 3;
    draw_with(&drawn, &options);
    assert_drawn(&drawn);
    assert_has(drawn.page, "These words are an earlier program’s");
    for (int v = 0; v < VERDICT_COUNT; v++) {
        assert_int_equal(count(drawn.page, verdict_meaning((Verdict)v)), 0);
    }
    clear(&drawn);
}

static void published_figures_are_compared_digit_by_digit(void **state) {
    (void)state;
    Drawn drawn;
    fake_create(&drawn.fake, &(FakeOptions){.sizes = 4, .repeats = 2, .points = 20});
    Results *r = &drawn.fake.results;
    for (int64_t p = 0; p < 20; p++) r->epoch[p] = p;
    double *ours = r->history[METRIC_TRAIN_OBJECTIVE] + 5 * 20; /* hidden 3, repeat 1: trial 5 */
    ours[0] = 0.4323871;
    ours[2] = 6.8e-9;
    ours[3] = 0.5;
    ours[4] = 0.0712178;
    ours[7] = 0.3;
    ours[8] = 0.4;
    int64_t epochs[] = {0, 3, 7, 99, 2};
    double values[] = {0.432387, 0.071218, 0.35, 0.1, 0.2};
    Assignment set = {.key = KEY_HIDDEN, .value = {3, "3"}};
    Published published = {.source = "A <tutorial>",
                           .note = "Why & how.",
                           .where = {.set = &set, .count = 1},
                           .where_seed = 1,
                           .metric = METRIC_TRAIN_OBJECTIVE,
                           .or_next = true,
                           .epoch = epochs,
                           .value = values,
                           .count = 5};
    drawn.fake.spec.published = &published;
    drawn.fake.spec.published_count = 1;
    draw_with(&drawn, &(ReportOptions){.plots_dir = PLOTS, .only = "published"});
    assert_drawn(&drawn);
    assert_has(drawn.page, "A &lt;tutorial&gt;");
    assert_has(drawn.page, "Why &amp; how.");
    assert_has(drawn.page, "2 of 5 published values of the training objective agree with ours");
    assert_has(drawn.page, "1 of them were not recorded here");
    assert_has(drawn.page, ">0.071218</td><td data-value=\"4\">4</td>"); /* one epoch later */
    assert_has(drawn.page, "−0.050000</td><td>no</td>");
    assert_has(drawn.page, ">6.8e-09</td>"); /* not 0.000000 */
    clear(&drawn);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_has_picture_data_and_program),
        cmocka_unit_test(every_program_draws_its_figure_again),
        cmocka_unit_test(ids_are_unique_and_references_resolve),
        cmocka_unit_test(the_page_needs_nothing_else),
        cmocka_unit_test(hostile_names_stay_text),
        cmocka_unit_test(text_is_safe_in_gnuplot),
        cmocka_unit_test(html_escapes_what_it_is_given),
        cmocka_unit_test(without_gnuplot_the_page_is_whole_and_says_so),
        cmocka_unit_test(missing_programs_are_said),
        cmocka_unit_test(other_formats_come_beside),
        cmocka_unit_test(only_one_section_is_drawn_where_asked),
        cmocka_unit_test(cells_of_a_heat_map_have_digits_enough_to_differ),
        cmocka_unit_test(a_section_that_does_not_fit_is_explained_where_named),
        cmocka_unit_test(every_section_of_the_language_is_known),
        cmocka_unit_test(importance_adds_up),
        cmocka_unit_test(any_number_of_trials_is_drawn),
        cmocka_unit_test(a_hundred_thousand_trials_are_quick_and_small),
        cmocka_unit_test(the_table_of_a_figure_has_every_run_and_its_statistics),
        cmocka_unit_test(boundaries_ask_the_network_they_name),
        cmocka_unit_test(verdicts_of_an_earlier_program_are_not_explained_by_our_rules),
        cmocka_unit_test(published_figures_are_compared_digit_by_digit),
    };
    return cmocka_run_group_tests(tests, draw_rich, clear_rich);
}
