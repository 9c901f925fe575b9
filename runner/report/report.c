/* The page: opening, sections in order, end; and the order of writing. See report.h. */
#include "runner/report/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "runner/report/section.h"
#include "runner/training/trial.h"

static const Section SECTIONS[] = {
    {"gates", "Truth tables", gates_misfit, gates_write},
    {"fit", "Fitted curves", fit_misfit, fit_write},
    {"overfitting", "Overfitting", sweep_misfit, sweep_write_overfitting},
    {"generalization", "Generalization gap", gap_misfit, sweep_write_gap},
    {"boundaries", "Decision boundaries", boundaries_misfit, boundaries_write},
    {"curves", "Learning curves", curves_misfit, curves_write},
    {"stability", "Stability of training", stability_misfit, stability_write},
    {"heatmap", "Two settings at a time", grid_misfit, heatmap_write},
    {"slices", "One setting at a time", grid_misfit, slices_write},
    {"importance", "Which setting matters", importance_misfit, importance_write},
    {"ranking", "Ranking", ranking_misfit, ranking_write},
    {"comparison", "The best against the next", comparison_misfit, comparison_write},
    {"confusion", "Confused classes", confusion_misfit, confusion_write},
    {"weights", "First-layer weights", weights_misfit, weights_write},
    {"published", "Published figures", published_misfit, published_write},
    {"cost", "Cost", cost_misfit, cost_write},
    {"parallel", "All settings at once", parallel_misfit, parallel_write},
    {"reproduce", "Reproduce it", reproduce_misfit, reproduce_write},
};
#define SECTION_COUNT (sizeof SECTIONS / sizeof *SECTIONS)

/* What the page opens with: the first of these that fits. */
static const Section HEROES[] = {
    {"gates", "", gates_misfit, gates_write_hero},
    {"fit", "", fit_misfit, fit_write_hero},
    {"overfitting", "", sweep_misfit, sweep_write_hero},
};
#define HERO_COUNT (sizeof HEROES / sizeof *HEROES)

/* "Overfitting" where sizes meet held-out data; else what the axis is. */
static void section_title(const Report *report, const Section *section, char *text, size_t size) {
    const Summary *summary = &report->summary;
    const bool sweep = section->write == sweep_write_overfitting && !sweep_misfit(report);
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

static bool is_listed(const Report *report, const char *name) {
    char **list = report->spec->report;
    if (report->options->only) return strcmp(report->options->only, name) == 0;
    if (!list) return true;
    for (; *list; list++)
        if (strcmp(*list, name) == 0) return true;
    return false;
}

/* Named by the user, so a section that does not fit is explained rather than left out. */
static bool is_named(const Report *report) {
    return report->options->only || report->spec->report;
}

static bool write_sections(Report *report, Error *err) {
    report->target = &report->hero;
    for (size_t i = 0; i < HERO_COUNT; i++) {
        if (is_listed(report, HEROES[i].name) && !HEROES[i].misfit(report)) {
            report->swept = HEROES[i].write == sweep_write_hero;
            if (!HEROES[i].write(report, err)) return false;
            break;
        }
    }
    report->target = &report->page;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        const Section *section = &SECTIONS[i];
        if (!is_listed(report, section->name)) continue;
        const char *misfit = section->misfit(report);
        if (misfit && !is_named(report)) continue;
        section_title(report, section, report->section, sizeof report->section);
        html_print(&report->page, "<section id=\"%s\">\n<h2>%s</h2>\n", section->name,
                   report->section);
        if (misfit)
            html_print(&report->page, "<p class=\"note\">Not drawn: %s.</p>\n", misfit);
        else if (!section->write(report, err))
            return false;
        html_raw(&report->page, "</section>\n");
    }
    return true;
}

static void write_navigation(const Report *report, Html *out) {
    int32_t links = 0;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        const Section *section = &SECTIONS[i];
        const bool shown =
            is_listed(report, section->name) && (is_named(report) || !section->misfit(report));
        if (!shown) continue;
        html_raw(out, links++ == 0 ? "<nav aria-label=\"Sections\">" : "");
        char title[300];
        section_title(report, section, title, sizeof title);
        html_print(out, "<a href=\"#%s\">%s</a> ", section->name, title);
    }
    html_raw(out, links > 0 ? "</nav>\n" : "");
}

/* "500 runs: 50 settings, 10 repeats each; 12 diverged (2.4 %, 95 % interval 1.4 to 4.2 %)." */
static void write_facts(const Report *report, Html *out) {
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
    if (report->results->sets > 0 && report->results->trials > 0) {
        const StoreData *data = &report->results->set[0];
        html_print(out, " Data: %s", report->results->key[KEY_DATA_KIND][0].text);
        int64_t fewest = data->train.n, most = fewest;
        for (int32_t k = 0; k < report->results->sets; k++) {
            const int64_t n = report->results->set[k].train.n;
            fewest = n < fewest ? n : fewest;
            most = n > most ? n : most;
        }
        if (fewest > 0 && fewest < most)
            html_print(out, ", %" PRId64 " to %" PRId64, fewest, most);
        else if (fewest > 0)
            html_print(out, ", %" PRId64, fewest);
        if (fewest > 0) html_raw(out, summary->folds ? " rows in all" : " training rows");
        if (data->test.n > 0) html_print(out, ", %" PRId64 " test rows", data->test.n);
        if (report->results->sets > 1)
            html_print(out, "; %d data sets in all", report->results->sets);
        html_raw(out, ".");
    }
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].others; k++) {
            html_print(out, "%s%s%s", k == 0 ? " With these moved as well: " : ", ",
                       KEYS[summary->axis[a].other[k]].name,
                       k == summary->axis[a].others - 1 ? "." : "");
        }
    }
    html_raw(out, "</p>\n");
}

void report_say_missing(const Report *report, Html *out) {
    if (report->missing > 0) {
        html_print(out,
                   "<p class=\"warning\">%d of %d figures could not be drawn: %s. Tables and data "
                   "are complete; "
                   "the same command draws what is missing.</p>\n",
                   report->missing, report->figures, report->trouble);
    }
}

static void write_opening(const Report *report, Html *out) {
    const char *name = report->spec->name ? report->spec->name : report->results->name;
    const char *question = report->spec->description;
    html_begin(out, name, "report");
    html_print(out, "<header>\n<h1>%s</h1>\n", name);
    if (question && question[0]) html_print(out, "<p class=\"question\">%s</p>\n", question);
    html_print(out, "<p class=\"answer\">%s</p>\n</header>\n", report->finding.headline);
    report_say_missing(report, out);
    html_bytes(out, report->hero.text ? report->hero.text : "", report->hero.length);
    if (report->finding.detail[0])
        html_print(out, "<p class=\"detail\">%s</p>\n", report->finding.detail);
    write_facts(report, out);
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

bool report_save(const Report *report, const Html *page, Error *err) {
    char path[FILES_PATH];
    return files_join(path, sizeof path, report->folder, "index.html", err) &&
           files_write(path, page->text, page->length, err);
}

static bool check_options(const ReportOptions *options, Error *err) {
    char known[512] = "";
    const char *const formats[] = {"svg", "png", "pdf"};
    bool format = !options->format, section = !options->only;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        format = format || strcmp(options->format, formats[i]) == 0;
    if (!format) {
        return error_set(err, ERROR_USAGE, "--format: unknown \"%s\" (svg, png, pdf)",
                         options->format);
    }
    for (size_t i = 0, used = 0; i < SECTION_COUNT; i++) {
        section = section || strcmp(options->only, SECTIONS[i].name) == 0;
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "",
                                 SECTIONS[i].name);
    }
    return section ||
           error_set(err, ERROR_USAGE, "--only: unknown section \"%s\" (%s)", options->only, known);
}

bool report_draw(const Results *results, const Spec *spec, const ReportPredictor *predictor,
                 const char *folder, const ReportOptions *options, Error *err) {
    if (!check_options(options, err)) return false;
    Report *report = calloc(1, sizeof *report);
    if (!report) return error_memory(err, sizeof *report);
    *report = (Report){.results = results,
                       .spec = spec,
                       .predictor = predictor,
                       .folder = folder,
                       .options = options};
    Html page = {0};
    bool ok = false;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        error_errno(err, "%s: making the folder", folder);
        goto fail;
    }
    TRY(summary_create(&report->summary, results, spec, err));
    TRY(finding_make(&report->finding, &report->summary, err));
    TRY(write_sections(report, err));
    write_opening(report, &page);
    write_navigation(report, &page);
    html_bytes(&page, report->page.text ? report->page.text : "", report->page.length);
    write_end(report, &page);
    if (page.failed || report->page.failed || report->hero.failed) {
        error_memory(err, page.length);
        goto fail;
    }
    TRY(report_save(report, &page, err));
    ok = report->missing == 0 ||
         error_set(err, ERROR_RESOURCE, "%s: %d of %d figures are missing: %s", folder,
                   report->missing, report->figures, report->trouble);
fail:
    html_destroy(&page);
    html_destroy(&report->page);
    html_destroy(&report->hero);
    summary_destroy(&report->summary);
    pool_destroy(&report->pool);
    free(report);
    return ok;
}

/* --- The networks of a results file. ---------------------------------------------------------- */

static const double *kept_weights(const Results *results, int64_t trial) {
    const double *all = results->weights ? results->weights : results->best_weights;
    if (!all || results->offset[trial + 1] == results->offset[trial]) return NULL;
    return all + results->offset[trial];
}

static int32_t network_outputs(void *context, int64_t trial) {
    const Results *results = context;
    TrialConfig config = {0};
    if (!kept_weights(results, trial) || !trial_config_kept(&config, results, trial, NULL))
        return 0;
    const int32_t outputs = config.trainer.network.outputs;
    trial_config_free(&config);
    return outputs;
}

/* Outputs as shares: what a network answers between its low and its high target. */
static bool network_predict(void *context, int64_t trial, const double *x, int64_t n, double *y,
                            Error *err) {
    const Results *results = context;
    TrialConfig config = {0};
    TRY(trial_config_kept(&config, results, trial, err));
    const MlpConfig *network = &config.trainer.network;
    TRY(trainer_predict(y, &config.trainer, kept_weights(results, trial), x, n, err));
    const double span = network->target_high - network->target_low;
    if (network->output != ACTIVATION_SOFTMAX && span > 0) {
        for (int64_t i = 0; i < n * network->outputs; i++)
            y[i] = (y[i] - network->target_low) / span;
    }
    trial_config_free(&config);
    return true;
fail:
    trial_config_free(&config);
    return false;
}

bool report_write(const Results *results, const char *folder, const ReportOptions *options,
                  Error *err) {
    Spec spec;
    /* The context is only read: the callbacks' type has no const because a test's may count. */
    const ReportPredictor predictor = {network_predict, network_outputs, (void *)results};
    if (!spec_parse(&spec, results->path, results->resolved, strlen(results->resolved), NULL, 0,
                    err))
        return false;
    const bool ok = report_draw(results, &spec, &predictor, folder, options, err);
    spec_destroy(&spec);
    return ok;
}
