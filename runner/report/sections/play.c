/* Section play: the networks themselves are put into the page, and a script draws boundary or
 * fitted curve for any setting, repeat and epoch (scripts/plots/play.js). This file chooses what
 * goes into the page. */
#include "runner/report/sections/play.h"

#include <inttypes.h>
#include <string.h>


#define NUMBERS 600000 /* weights of all networks: 3.2 MB of base64 */

static const char *unavailable(const Report *report) {
    const char *plane = boundaries_section.unavailable(report);
    const ReportPredictor *predictor = report->predictor;
    int64_t trial;
    if (plane && fit_section.unavailable(report)) return plane;
    return section_networks(report, report->summary.best, &trial, 1) == 1 &&
                   predictor->weights(predictor->context, trial)
               ? NULL
               : SECTION_NEEDS_WEIGHTS;
}

int64_t play_snapshots(const Report *report, int64_t trial) {
    const Results *results = report->results;
    if (!results->snapshot_offset) return 0;
    return results->snapshot_offset[trial + 1] - results->snapshot_offset[trial];
}

int64_t play_shown(const Play *play, int64_t snapshots) {
    return (snapshots + play->thin - 1) / play->thin;
}

static int64_t size_of(const Report *report, int64_t trial) {
    const uint64_t *offset = report->results->offset;
    return (int64_t)(offset[trial + 1] - offset[trial]);
}

static bool ends_elsewhere(const Report *report, int64_t trial) {
    const Results *results = report->results;
    if (play_snapshots(report, trial) == 0) return true;
    const int64_t last = results->snapshot_offset[trial + 1] - 1;
    const double *weights = report->predictor->weights(report->predictor->context, trial);
    return memcmp(weights, results->snapshot_weights + results->snapshot_start[last],
                  (size_t)size_of(report, trial) * sizeof *weights) != 0;
}

/* Lists the networks of the groups, as many of each as play->repeats, and counts their weights. */
static void list_trials(Play *play, const Report *report, const int64_t *group, int64_t groups) {
    const Summary *summary = &report->summary;
    play->trials = play->numbers = 0;
    for (int64_t i = 0; i < groups; i++) {
        const SummaryGroup *g = &summary->group[group[i]];
        for (int32_t r = 0; r < g->trials && r < play->repeats; r++) {
            const int64_t trial = summary->trial[g->start + r];
            if (!section_has_network(report, trial)) continue;
            const bool ends = ends_elsewhere(report, trial);
            const int64_t snapshots = play_snapshots(report, trial);
            play->trial[play->trials++] = (PlayTrial){trial, group[i], r, ends};
            play->numbers += size_of(report, trial) * (play_shown(play, snapshots) + ends);
            if (snapshots > play->kept) play->kept = snapshots;
        }
    }
}

/* As much as fits into the page: all settings, else those along the sweep axis; then fewer repeats;
 * then as many snapshots as there is room for. */
static bool choose_trials(Play *play, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    Pool *pool = &report->page.pool;
    int64_t *group = pool_alloc(pool, (size_t)summary->groups, sizeof *group, err);
    play->trial = pool_alloc(pool, (size_t)report->results->trials, sizeof *play->trial, err);
    if (!group || !play->trial) return false;
    int64_t groups = summary->groups;
    for (int64_t g = 0; g < groups; g++) {
        group[g] = g;
        const int64_t trials = summary->group[g].trials;
        if (trials > play->repeats) play->repeats = (int32_t)trials;
    }
    play->thin = INT32_MAX; /* the last snapshot alone */
    list_trials(play, report, group, groups);
    if (play->numbers > NUMBERS && summary->axes > 1 && summary->sweep_axis >= 0) {
        int32_t count;
        if (!section_line(report, summary->sweep_axis, &group, &count, err)) return false;
        groups = count;
        play->is_line = true;
        list_trials(play, report, group, groups);
    }
    while (play->numbers > NUMBERS && play->repeats > 1) {
        play->repeats = (play->repeats + 1) / 2;
        list_trials(play, report, group, groups);
    }
    for (play->thin = 1; play->numbers <= NUMBERS; play->thin++) {
        list_trials(play, report, group, groups);
        if (play->numbers <= NUMBERS || play->thin > play->kept) break;
        play->numbers = 0;
    }
    return true;
}

static void choose_metrics(Play *play, const Report *report) {
    static const Metric wanted[][3] = {
        {METRIC_TRAIN_LOSS, METRIC_TEST_LOSS, METRIC_VAL_LOSS},
        {METRIC_TRAIN_ACCURACY, METRIC_TEST_ACCURACY, METRIC_VAL_ACCURACY}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const int32_t before = play->metrics;
        for (int k = 0; k < 3 && play->metrics < before + 2; k++) {
            if (report->results->final[wanted[i][k]])
                play->metric[play->metrics++] = wanted[i][k];
        }
    }
}

static bool choose_sets(Play *play, Report *report, Error *err) {
    const Results *results = report->results;
    Pool *pool = &report->page.pool;
    play->page_set = pool_alloc(pool, (size_t)results->sets, sizeof *play->page_set, err);
    play->set = pool_alloc(pool, (size_t)results->sets, sizeof *play->set, err);
    if (!play->page_set || !play->set) return false;
    for (int32_t k = 0; k < results->sets; k++) play->page_set[k] = -1;
    for (int64_t i = 0; i < play->trials; i++) {
        const int32_t k = results->data[play->trial[i].trial];
        if (play->page_set[k] >= 0) continue;
        play->page_set[k] = play->sets;
        play->set[play->sets++] = &results->set[k];
    }
    return true;
}

/* What of the results is not in the page. */
static void write_left_out(const Play *play, const Report *report, int32_t repeats) {
    Html *out = report->page.target;
    const char *word = report->summary.folds ? "folds" : "repeats";
    if (!play->is_line && play->repeats == repeats && play->thin == 1) return;
    html_raw(out, "<p class=\"note\">Too large for one page, so that some is left out:");
    if (play->is_line) html_raw(out, " the settings that differ from the best in other ways,");
    if (play->repeats < repeats)
        html_print(out, " all %s but the first %d of %d,", word, play->repeats, repeats);
    if (play->thin > 1)
        html_print(out, " epochs, of which %" PRId64 " of %" PRId64 " are here,",
                   play_shown(play, play->kept), play->kept);
    out->length--; /* the last comma */
    html_raw(out, ".</p>\n");
}

/* What the script fills, and its keys. */
static const char FRAME[] =
    "<div id=\"player\" class=\"player\" hidden></div>\n"
    "<noscript><p class=\"note\">This part of the page needs JavaScript.</p></noscript>\n"
    "<p class=\"note\">Keys: space to play; on the picture left and right for the epoch, up and down "
    "for the setting; comma and point for the repeat; a for all of them, d for where they "
    "disagree, t for test points. The address keeps what is shown.</p>\n";

static bool write(Report *report, Error *err) {
    Play play = {.is_plane = !boundaries_section.unavailable(report)};
    Html *out = report->page.target;
    int32_t repeats = 1;
    for (int64_t g = 0; g < report->summary.groups; g++) {
        const int64_t trials = report->summary.group[g].trials;
        if (trials > repeats) repeats = (int32_t)trials;
    }
    if (!choose_trials(&play, report, err)) return false;
    if (play.numbers == 0 || play.numbers > NUMBERS) {
        html_raw(out, "<p class=\"note\">Its networks are too large to be put into a page.</p>\n");
        return true;
    }
    choose_metrics(&play, report);
    if (!choose_sets(&play, report, err)) return false;
    html_raw(out, "<p>The networks are in this page: move the sliders, or press play.");
    if (play.is_plane) html_raw(out, " Points with a dark ring are predicted wrongly.");
    html_raw(out, "</p>\n");
    write_left_out(&play, report, repeats);
    html_raw(out, FRAME);
    return play_data_write(&play, report, err) && figure_script(&report->page, "play", err);
}

const Section play_section = {"play", "Play with the networks", unavailable, write, NULL};
