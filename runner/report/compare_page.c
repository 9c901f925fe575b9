/* The page of `runner compare A B`: two results side by side, made of the report's own pieces. */
#include "runner/report/compare_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "runner/output/gnuplot.h"

#define VALUES 6 /* of a setting that are listed */

const char *const COMPARE_LETTER[COMPARE_SIDES] = {"A", "B"};

const Summary *command_compare_side(const ComparePage *page, int32_t side) {
    return side == 0 ? page->compare->a : page->compare->b;
}

void command_compare_section(Report *report, const char *id, const char *title) {
    (void)snprintf(report->section, sizeof report->section, "%s", title);
    html_print(&report->page, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
}

/* Opening --------------------------------------------------------------------------------------------------------- */

/* The difference that counts: over repeats where there are several settings, whose pairs are no
 * independent evidence. */
static bool judge(const ComparePage *page, CompareRow *row, Error *err) {
    const bool averaged = page->count > 1 && page->compare->replicates > 1;
    if (averaged) *row = command_compare_repeats(page->compare, page->pair, page->count);
    if (averaged && row->against.difference.n > 1) return true;
    return command_compare_row(row, page->compare, page->pair, page->count, err);
}

static void say_answer(const ComparePage *page, const CompareRow *row, Html *out) {
    const Summary *a = page->compare->a;
    const Interval *d = &row->against.difference;
    const char *metric = labels_metric_title(a->metric);
    char difference[256], means[COMPARE_SIDES][64];
    const Comparison other_way = {statistics_negated(d), row->against.p};
    const bool above = finding_shown(&row->against), below = finding_shown(&other_way);
    labels_number(means[0], sizeof means[0], row->a, d->half);
    labels_number(means[1], sizeof means[1], row->b, d->half);
    finding_text_difference(difference, sizeof difference, &row->against);
    html_raw(out, "<p class=\"answer\">");
    if (d->n == 0)
        html_print(out, "No pair of runs has a %s on both sides: there is nothing to compare.",
                   metric);
    else if (d->n == 1)
        html_print(out,
                   "With one pair of runs nothing can be said about whether A and B differ by more "
                   "than luck: %s is %s in A and %s in B.",
                   metric, means[0], means[1]);
    else if (d->mean == 0 && d->sd == 0)
        html_print(out, "A and B have the same %s in every pair of runs: %s on average.", metric,
                   means[0]);
    else if (above || below)
        html_print(out, "%s is better: mean %s is %s in A and %s in B, a difference of %s.",
                   above != a->maximize ? "B" : "A", metric, means[0], means[1], difference);
    else
        html_print(out,
                   "No difference is shown: mean %s is %s in A and %s in B, a difference of %s.",
                   metric, means[0], means[1], difference);
    html_raw(out, "</p>\n");
}

static void say_bits(const ComparePage *page, Html *out) {
    if (page->common == 0)
        html_raw(out, "No trial is in both, so there are no bits to compare. ");
    else if (page->differ == 0)
        html_print(out, "%lld trials are in both; their final values agree in every bit. ",
                   (long long)page->common);
    else
        html_print(out,
                   "<strong>%lld of %lld trials that are in both have different final "
                   "values</strong>: the same settings, seed and data gave other bits. ",
                   (long long)page->differ, (long long)page->common);
}

static void write_opening(const ComparePage *page, const CompareRow *row, const Report *report,
                          Html *out) {
    char title[600];
    (void)snprintf(title, sizeof title, "%.250s beside %.250s", page->path[0], page->path[1]);
    html_begin(out, title, "comparison");
    html_print(out, "<header>\n<h1>%s</h1>\n<p class=\"question\">Do A and B differ in %s?</p>\n",
               title, labels_metric_title(page->compare->a->metric));
    say_answer(page, row, out);
    html_raw(out, "</header>\n<p class=\"detail\">");
    const int64_t n = row->against.difference.n;
    if (page->count > 1 && page->compare->replicates > 1 && n == page->compare->replicates)
        html_print(
            out, "Paired over %lld %s, after averaging over the %lld settings that both have. ",
            (long long)n, page->compare->a->folds ? "folds" : "repeats", (long long)page->count);
    else
        html_print(out, "Paired over %lld run%s of %lld setting%s that both have. ", (long long)n,
                   n == 1 ? "" : "s", (long long)page->count, page->count == 1 ? "" : "s");
    if (page->count > 1 && page->compare->replicates == 1)
        html_raw(out,
                 "The pairs are different settings, not repeats: they may share their data and "
                 "seed, so that the interval speaks of these settings alone. ");
    if (n > 1 && n < FINDING_WILCOXON_FROM)
        html_print(out,
                   "%lld pairs are few: below %d, Wilcoxon’s test cannot reach 5 %% and is left "
                   "out. ",
                   (long long)n, FINDING_WILCOXON_FROM);
    say_bits(page, out);
    html_raw(out, "</p>\n");
    for (int32_t side = 0; side < COMPARE_SIDES; side++) {
        const Summary *summary = command_compare_side(page, side);
        html_print(out,
                   "<p class=\"facts\"><strong>%s</strong>: %s. %lld runs of %lld settings, up to "
                   "%d %s each.</p>\n",
                   COMPARE_LETTER[side], page->path[side], (long long)summary->results->trials,
                   (long long)summary->groups, summary->replicates,
                   summary->folds             ? "folds"
                   : summary->replicates == 1 ? "repeat"
                                              : "repeats");
    }
    report_say_missing(report, out);
}

/* Settings -------------------------------------------------------------------------------------------------------- */

/* "1, 2, 4", or "1 … 50 (50 values)": the values of a key, in the order of the trials. */
static void list_values(const Summary *summary, KeyId key, char *text, size_t size) {
    const Value *column = summary->results->key[key];
    const char *seen[VALUES] = {NULL}, *last = "";
    int64_t distinct = 0;
    size_t used = 0;
    for (int64_t g = 0; g < summary->groups; g++) {
        const char *value = column[summary_first_trial(summary, g)].text;
        bool known = g > 0 && strcmp(value, last) == 0;
        for (int32_t i = 0; i < VALUES && i < distinct && !known; i++)
            known = strcmp(seen[i], value) == 0;
        last = value;
        if (known) continue;
        if (distinct < VALUES) seen[distinct] = value;
        distinct++;
    }
    text[0] = '\0';
    for (int32_t i = 0; i < VALUES && i < distinct && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%.200s", i > 0 ? ", " : "",
                                 seen[i][0] != '\0' ? seen[i] : "none");
    if (distinct > VALUES && used < size)
        (void)snprintf(text + used, size - used, " … %.200s", last[0] != '\0' ? last : "none");
}

static void write_settings(const ComparePage *page, Report *report) {
    static const char *const headings[] = {"text:setting", "text:A", "text:B"};
    char text[COMPARE_SIDES][1600];
    int32_t rows = 0;
    command_compare_section(report, "settings", "What was set otherwise");
    for (int32_t key = 0; key < KEY_COUNT; key++) {
        if (key == KEY_DATA_SEED || key == KEY_DATA_TEST_SEED) continue; /* move with the repeat */
        for (int32_t side = 0; side < COMPARE_SIDES; side++)
            list_values(command_compare_side(page, side), (KeyId)key, text[side],
                        sizeof text[side]);
        if (strcmp(text[0], text[1]) == 0) continue;
        if (rows++ == 0) report_table_begin(report, headings, 3);
        html_print(&report->page,
                   "<tr><td class=\"text\">%s</td><td class=\"text\">%s</td><td "
                   "class=\"text\">%s</td></tr>\n",
                   KEYS[key].name, text[0], text[1]);
    }
    if (rows > 0)
        report_table_end(report);
    else
        html_raw(&report->page, "<p>Nothing: all keys have the same values in both.</p>\n");
    html_raw(&report->page, "</section>\n");
}

/* How trainings ended, and what they took ------------------------------------------------------------------------- */

static void write_verdicts(const ComparePage *page, Report *report) {
    static const char *const headings[] = {"text:ended", "A", "B"};
    command_compare_section(report, "stability", "Stability of training");
    report_table_begin(report, headings, 3);
    for (int32_t v = 0; v <= VERDICT_COUNT; v++) {
        int64_t n[COMPARE_SIDES] = {0};
        for (int32_t side = 0; side < COMPARE_SIDES; side++) {
            const Summary *summary = command_compare_side(page, side);
            for (int64_t g = 0; g < summary->groups; g++)
                n[side] +=
                    v == VERDICT_COUNT ? summary->group[g].failed : summary->group[g].verdict[v];
        }
        if (n[0] + n[1] == 0) continue;
        html_print(&report->page, "<tr><td class=\"text\">%s</td><td>%lld</td><td>%lld</td></tr>\n",
                   v == VERDICT_COUNT ? "failed" : verdict_name((Verdict)v), (long long)n[0],
                   (long long)n[1]);
    }
    report_table_end(report);
    const int64_t a = command_compare_side(page, 0)->results->numerics;
    const int64_t b = command_compare_side(page, 1)->results->numerics;
    if ((a < VERDICT_NUMERICS) != (b < VERDICT_NUMERICS)) {
        html_raw(&report->page,
                 "<p class=\"note\">The two programs judged by different rules.</p>\n");
    }
    html_raw(&report->page, "</section>\n");
}

/* The last value of a key of run.log, a fraction in three digits; "–" without. */
static void read_log(const char *folder, const char *key, char *value, size_t size) {
    char path[4096], line[4096];
    (void)snprintf(value, size, "–");
    if (!files_join(path, sizeof path, folder, "run.log", NULL)) return;
    FILE *log = fopen(path, "re");
    if (log == NULL) return;
    const size_t length = strlen(key);
    while (fgets(line, sizeof line, log) != NULL)
        if (strncmp(line, key, length) == 0 && strncmp(line + length, ": ", 2) == 0)
            (void)snprintf(value, size, "%.*s", (int)strcspn(line + length + 2, "\n"),
                           line + length + 2);
    (void)fclose(log);
    char *end;
    const double number = strtod(value, &end);
    if (end != value && *end == '\0' && strchr(value, '.') != NULL)
        (void)snprintf(value, size, "%.3g", number);
}

static void write_cost(const ComparePage *page, Report *report) {
    static const char *const headings[] = {"text:of the whole run", "text:A", "text:B"};
    static const struct {
        const char *key, *title;
    } logged[] = {{"training_seconds", "training (s)"},
                  {"total_seconds", "in all (s)"},
                  {"threads", "threads"},
                  {"kernels", "kernels"},
                  {"processor", "processor"},
                  {"host", "host"}};
    double epochs[COMPARE_SIDES] = {0};
    char text[COMPARE_SIDES][256];
    for (int32_t side = 0; side < COMPARE_SIDES; side++)
        for (int64_t i = 0; i < command_compare_side(page, side)->results->trials; i++)
            epochs[side] += (double)command_compare_side(page, side)->results->epochs_run[i];
    command_compare_section(report, "cost", "Time and cost");
    report_table_begin(report, headings, 3);
    html_print(&report->page,
               "<tr><td class=\"text\">trials</td><td class=\"text\">%lld</td><td "
               "class=\"text\">%lld</td></tr>\n<tr><td class=\"text\">epochs</td><td "
               "class=\"text\">%.0f</td><td class=\"text\">%.0f</td></tr>\n",
               (long long)command_compare_side(page, 0)->results->trials,
               (long long)command_compare_side(page, 1)->results->trials, epochs[0], epochs[1]);
    for (size_t k = 0; k < sizeof logged / sizeof *logged; k++) {
        for (int32_t side = 0; side < COMPARE_SIDES; side++)
            read_log(page->folder_of[side], logged[k].key, text[side], sizeof text[side]);
        html_print(&report->page,
                   "<tr><td class=\"text\">%s</td><td class=\"text\">%s</td><td "
                   "class=\"text\">%s</td></tr>\n",
                   logged[k].title, text[0], text[1]);
    }
    report_table_end(report);
    html_raw(&report->page, "<p class=\"note\">From each run.log, its last run: of a run that was "
                            "stopped and resumed, the last part. Times of machines that did "
                            "something else as well say little.</p>\n</section>\n");
}

bool command_compare_page(const ComparePage *page, Error *err) {
    char plots[4096];
    if (!gnuplot_programs(plots, sizeof plots, err)) return false;
    const ReportOptions options = {.plots_dir = plots};
    Report *report = calloc(1, sizeof *report);
    if (report == NULL) return error_memory(err, sizeof *report);
    /* The figures' words for metrics are A's; its summary stays its owner's. */
    *report = (Report){.results = page->compare->a->results,
                       .spec = page->compare->a->spec,
                       .folder = page->folder,
                       .options = &options,
                       .summary = *page->compare->a};
    report->target = &report->page;
    Html whole = {0};
    CompareRow row;
    bool done = false;
    TRY(judge(page, &row, err));
    TRY(command_compare_sweep(page, report, err));
    TRY(command_compare_differences(page, report, err));
    TRY(command_compare_curves(page, report, err));
    write_settings(page, report);
    write_verdicts(page, report);
    write_cost(page, report);
    write_opening(page, &row, report, &whole);
    html_bytes(&whole, report->page.text, report->page.length);
    html_end(&whole);
    if (whole.failed || report->page.failed) {
        (void)error_memory(err, whole.length);
        goto fail;
    }
    TRY(report_save(report, &whole, err));
    done = report->missing == 0 ||
           error_set(err, ERROR_RESOURCE, "%s: %d of %d figures are missing: %s", page->folder,
                     report->missing, report->figures, report->trouble);
fail:
    html_destroy(&whole);
    html_destroy(&report->page);
    pool_destroy(&report->pool);
    free(report);
    return done;
}
