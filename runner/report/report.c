#include "runner/report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "runner/analysis/finding.h"
#include "runner/analysis/finding_text.h"
#include "runner/analysis/labels.h"
#include "runner/experiment/suggest.h"
#include "runner/report/section.h"

/* In the order of the page. */
static const Section *const SECTIONS[] = {
    &gates_section,      &fit_section,        &sweep_section,      &decomposition_section,
    &sweep_gap_section,  &boundaries_section, &curves_section,     &stability_section,
    &heatmap_section,    &slices_section,     &importance_section, &ranking_section,
    &comparison_section, &confusion_section,  &weights_section,    &published_section,
    &cost_section,       &parallel_section,   &reproduce_section,
};
#define SECTION_COUNT (sizeof SECTIONS / sizeof *SECTIONS)

/* "Overfitting" where sizes meet held-out data; else what the axis is. */
static void section_title(const Report *report, const Section *section, char *text, size_t size) {
    const Summary *summary = &report->summary;
    const bool sweep = section == &sweep_section && !section->unavailable(report);
    const bool claim = summary->size_axis >= 0 && summary->sweep_axis == summary->size_axis &&
                       labels_train_metric(summary->metric) < METRIC_COUNT;
    if (!sweep || claim) {
        snprintf(text, size, "%s", section->title);
        return;
    }
    char axis[256];
    labels_axis_title(&summary->axis[summary->sweep_axis], axis, sizeof axis);
    snprintf(text, size, "Against %s", axis);
}

/* True where the user has named sections: one that does not fit is then explained, not left out. */
static bool is_named(const Report *report) {
    return report->only || report->spec->report.sections;
}

static bool is_listed(const Report *report, const Section *section) {
    char **list = report->spec->report.sections;
    if (report->only) return strcmp(report->only, section->name) == 0;
    if (!list) return true;
    for (; *list; list++)
        if (strcmp(*list, section->name) == 0) return true;
    return false;
}

/* The figure that the page opens with: of the first section that fits and has one. */
static bool write_hero(Report *report, Error *err) {
    report->page.target = &report->hero;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        const Section *section = SECTIONS[i];
        if (!section->write_hero || !is_listed(report, section) || section->unavailable(report))
            continue;
        report->swept = section == &sweep_section;
        return section->write_hero(report, err);
    }
    return true;
}

static bool write_sections(Report *report, Error *err) {
    report->page.target = &report->body;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        const Section *section = SECTIONS[i];
        char title[300];
        if (!is_listed(report, section)) continue;
        const char *reason = section->unavailable(report);
        if (reason && !is_named(report)) continue;
        section_title(report, section, title, sizeof title);
        page_section(&report->page, section->name, title);
        if (reason)
            html_print(&report->body, "<p class=\"note\">Not drawn: %s.</p>\n", reason);
        else if (!section->write(report, err))
            return false;
        html_raw(&report->body, "</section>\n");
    }
    return true;
}

static void write_navigation(const Report *report, Html *out) {
    int32_t links = 0;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        const Section *section = SECTIONS[i];
        const bool shown =
            is_listed(report, section) && (is_named(report) || !section->unavailable(report));
        if (!shown) continue;
        html_raw(out, links++ == 0 ? "<nav aria-label=\"Sections\">" : "");
        char title[300];
        section_title(report, section, title, sizeof title);
        html_print(out, "<a href=\"#%s\">%s</a> ", section->name, title);
    }
    html_raw(out, links > 0 ? "</nav>\n" : "");
}

/* " Predicted: species (3 classes: setosa, versicolor, virginica)." of files that say. */
static void write_predicted(const DatasetNames *names, Html *out) {
    char list[700];
    if (!names->label && !names->class) return;
    html_print(out, " Predicted: %s", names->label ? names->label : "");
    if (names->class) {
        dataset_names_list(list, sizeof list, names->class, names->classes);
        html_print(out, "%s%d %s: %s%s", names->label ? " (" : "", names->classes,
                   names->classes == 1 ? "class" : "classes", list, names->label ? ")" : "");
    }
    html_raw(out, ".");
}

/* " Data: moons, 200 training rows, 10000 test rows; 10 data sets in all." */
static void write_data_facts(const Report *report, Html *out) {
    const Results *results = report->results;
    int64_t fewest = results->set[0].train.n, largest = fewest;
    for (int32_t k = 0; k < results->sets; k++) {
        const int64_t n = results->set[k].train.n;
        fewest = n < fewest ? n : fewest;
        largest = n > largest ? n : largest;
    }
    html_print(out, " Data: %s", results->key[KEY_DATA_KIND][0].text);
    if (fewest > 0 && fewest < largest)
        html_print(out, ", %" PRId64 " to %" PRId64, fewest, largest);
    else if (fewest > 0)
        html_print(out, ", %" PRId64, fewest);
    if (fewest > 0) html_raw(out, report->summary.folds ? " rows in all" : " training rows");
    if (results->set[0].test.n > 0)
        html_print(out, ", %" PRId64 " test rows", results->set[0].test.n);
    if (results->sets > 1) html_print(out, "; %d data sets in all", results->sets);
    html_raw(out, ".");
    write_predicted(&results->set[0].names, out);
}

/* Test rows whose inputs are also those of a training row of their set. */
static bool write_shared_rows(const Report *report, Html *out, Error *err) {
    const Results *results = report->results;
    int64_t rows = 0, shared = 0;
    for (int32_t k = 0; k < results->sets; k++) {
        const DataSplits *set = &results->set[k];
        int64_t count;
        if (!set->kept || set->test.n == 0) continue;
        if (!dataset_shared_rows(&count, &set->test, &set->train, err)) return false;
        rows += set->test.n;
        shared += count;
    }
    if (shared > 0 && shared == rows)
        html_raw(out,
                 " <strong>Every test row has the inputs of a training row: the test says nothing "
                 "about new data.</strong>");
    else if (shared > 0)
        html_print(out, " %" PRId64 " of %" PRId64 " test rows have the inputs of a training row.",
                   shared, rows);
    return true;
}

/* "500 runs: 50 settings, 10 repeats each; 12 diverged (2.4 %, 95 % interval 1.4 to 4.2 %)." */
static bool write_facts(const Report *report, Html *out, Error *err) {
    const Summary *summary = &report->summary;
    int64_t diverged = 0, failed = 0;
    for (int64_t g = 0; g < summary->groups; g++) {
        diverged += summary->group[g].verdict[VERDICT_DIVERGED];
        failed += summary->group[g].failed;
    }
    const bool full = report->results->trials == summary->groups * summary->replicates;
    html_print(out, "<p class=\"facts\">%" PRId64 " run%s of %" PRId64 " setting%s, %s%d %s each.",
               report->results->trials, report->results->trials == 1 ? "" : "s", summary->groups,
               summary->groups == 1 ? "" : "s", full ? "" : "up to ", summary->replicates,
               summary->folds             ? "folds"
               : summary->replicates == 1 ? "repeat"
                                          : "repeats");
    if (diverged > 0) {
        double low, high;
        statistics_wilson(diverged, report->results->trials, &low, &high);
        html_print(out, " %" PRId64 " diverged (%.1f %%; Wilson’s 95 %% interval %.1f to %.1f %%).",
                   diverged, 100 * (double)diverged / (double)report->results->trials, 100 * low,
                   100 * high);
    }
    if (failed > 0) html_print(out, " %" PRId64 " failed and are left out.", failed);
    if (report->results->sets > 0 && report->results->trials > 0) write_data_facts(report, out);
    if (!write_shared_rows(report, out, err)) return false;
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].others; k++) {
            html_print(out, "%s%s%s", k == 0 ? " With these moved as well: " : ", ",
                       KEYS[summary->axis[a].other[k]].name,
                       k == summary->axis[a].others - 1 ? "." : "");
        }
    }
    html_raw(out, "</p>\n");
    return true;
}

/* The results file by its checksum. */
static void made_of(const Results *results, char *text, size_t size) {
    snprintf(text, size, "%08" PRIx32, results->crc);
}

bool report_is_drawn(const Results *results, const Folder *folder) {
    char of[16];
    made_of(results, of, sizeof of);
    return page_is_of(folder, of);
}

static bool write_opening(const Report *report, Html *out, Error *err) {
    const char *name = report->spec->name ? report->spec->name : report->results->name;
    const char *question = report->spec->description;
    char of[16];
    made_of(report->results, of, sizeof of);
    html_begin(out, name, "report", of);
    html_print(out, "<header>\n<h1>%s</h1>\n", name);
    if (question && question[0]) html_print(out, "<p class=\"question\">%s</p>\n", question);
    html_print(out, "<p class=\"answer\">%s</p>\n</header>\n", report->answer.headline);
    page_say_missing(&report->page, out);
    html_bytes(out, report->hero.text ? report->hero.text : "", report->hero.length);
    if (report->answer.detail[0])
        html_print(out, "<p class=\"detail\">%s</p>\n", report->answer.detail);
    return write_facts(report, out, err);
}

static void write_end(const Report *report, Html *out) {
    const Summary *summary = &report->summary;
    html_raw(out, "<footer>\n<p>");
    if (summary->replicates > 1) {
        html_print(
            out,
            "Intervals are 95 %% intervals of the mean by Student’s t over the %s%s. One that "
            "would "
            "reach beyond what can be, to an accuracy above one or a loss below zero, is cut "
            "there. ",
            summary->folds ? "folds" : "repeats",
            summary->folds ? ", which share training rows, so that they are somewhat too narrow"
            : report->spec->per_repeat ? "; each repeat has its own data and its own "
                                         "initial weights, so they carry the luck of both"
                                       : "; all repeats share their data, so they carry the "
                                         "luck of the initial weights and of the "
                                         "order of rows, not that of the data");
    }
    html_print(out,
               "Made by runner %s from <code>%s</code>. Each figure’s data and gnuplot program lie "
               "beside this page.</p>\n</footer>\n",
               report->results->program_version ? report->results->program_version : "",
               report->results->path ? report->results->path : "results.h5");
    html_end(out);
}

static bool check_options(const ReportOptions *options, Error *err) {
    static const char *const formats[] = {"svg", "png", "pdf"};
    char known[512];
    bool format = !options->format, section = !options->only;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        format = format || strcmp(options->format, formats[i]) == 0;
    if (!format) {
        return error_set(err, ERROR_USAGE, "--format: unknown \"%s\" (svg, png, pdf)",
                         options->format);
    }
    for (size_t i = 0; i < SECTION_COUNT; i++)
        section = section || strcmp(options->only, SECTIONS[i]->name) == 0;
    if (section) return true;
    suggest_list(known, sizeof known, options->only, SPEC_SECTIONS);
    return error_set(err, ERROR_USAGE, "--only: unknown section \"%s\" (%s)", options->only, known);
}

static bool write_page(Report *report, Html *page, Error *err) {
    if (!write_hero(report, err) || !write_sections(report, err)) return false;
    if (!write_opening(report, page, err)) return false;
    write_navigation(report, page);
    html_bytes(page, report->body.text ? report->body.text : "", report->body.length);
    write_end(report, page);
    if (page->failed || report->body.failed || report->hero.failed)
        return error_memory(err, page->length);
    return page_save(&report->page, page, err) && page_is_complete(&report->page, err);
}

bool report_draw(const Results *results, const Spec *spec, const ReportPredictor *predictor,
                 const Folder *folder, const ReportOptions *options, Error *err) {
    Html page = {0};
    bool ok = false;
    if (!check_options(options, err)) return false;
    Report *report = calloc(1, sizeof *report);
    if (!report) return error_memory(err, sizeof *report);
    *report = (Report){.results = results,
                       .spec = spec,
                       .predictor = predictor,
                       .only = options->only,
                       .page = {.plots_folder = options->plots_folder, .format = options->format}};
    TRY(page_begin(&report->page, folder, err));
    TRY(summary_create(&report->summary, results, spec, err));
    TRY(finding_make(&report->finding, &report->summary, err));
    finding_text_write(&report->answer, &report->finding, &report->summary);
    ok = write_page(report, &page, err);
fail:
    html_destroy(&page);
    html_destroy(&report->body);
    html_destroy(&report->hero);
    finding_destroy(&report->finding);
    summary_destroy(&report->summary);
    page_destroy(&report->page);
    free(report);
    return ok;
}
