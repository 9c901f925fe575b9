/* Section heatmap: the metric over two settings at a time, through the best setting. */
#include <math.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define PAIRS 3  /* the first three axes make three pairs */
#define CELLS 40 /* at most so many rows and columns of a map */

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.axes < 2 ? "it needs two settings that vary" : NULL;
}

/* One direction of a map. */
typedef struct MapAxis {
    int32_t axis, count;
    int32_t value[CELLS]; /* count: those of the axis's values that are drawn */
    int32_t longest;      /* label */
} MapAxis;

typedef struct HeatMap {
    MapAxis x, y;
    int64_t group[CELLS][CELLS]; /* by column, then row; -1: none */
    double low, high;            /* of the means, as they are shown */
} HeatMap;

/* --- what is drawn ---------------------------------------------------------------------------- */

/* All values of an axis, or CELLS of them, evenly chosen; the best setting's is among them. */
static MapAxis choose_values(const Report *report, int32_t axis) {
    const SummaryAxis *a = &report->summary.axis[axis];
    const int32_t best = section_value(report, report->summary.best, axis);
    MapAxis chosen = {.axis = axis, .count = a->count < CELLS ? a->count : CELLS};
    int32_t nearest = 0;
    for (int32_t i = 0; i < chosen.count; i++) {
        const int64_t even =
            chosen.count < 2 ? 0 : (int64_t)i * (a->count - 1) / (chosen.count - 1);
        chosen.value[i] = (int32_t)even;
        if (abs(chosen.value[i] - best) < abs(chosen.value[nearest] - best)) nearest = i;
    }
    chosen.value[nearest] = best;
    for (int32_t i = 0; i < chosen.count; i++) {
        const int32_t width = text_width(a->label[chosen.value[i]]);
        if (width > chosen.longest) chosen.longest = width;
    }
    return chosen;
}

/* True where the group has the best one's values on all axes but the map's. */
static bool is_on_plane(const Report *report, const HeatMap *map, int64_t group) {
    const Summary *summary = &report->summary;
    for (int32_t a = 0; a < summary->axes; a++) {
        if (a == map->x.axis || a == map->y.axis) continue;
        if (section_value(report, group, a) != section_value(report, summary->best, a))
            return false;
    }
    return summary->group[group].metric.n > 0;
}

static void gather(HeatMap *map, const Report *report, int32_t x, int32_t y) {
    const Summary *summary = &report->summary;
    const double scale = section_metric_scale(summary->metric);
    *map = (HeatMap){.x = choose_values(report, x),
                     .y = choose_values(report, y),
                     .low = INFINITY,
                     .high = -INFINITY};
    for (int32_t i = 0; i < CELLS * CELLS; i++) map->group[i / CELLS][i % CELLS] = -1;
    for (int64_t g = 0; g < summary->groups; g++) {
        if (!is_on_plane(report, map, g)) continue;
        for (int32_t i = 0; i < map->x.count; i++) {
            for (int32_t j = 0; j < map->y.count; j++) {
                if (map->x.value[i] != section_value(report, g, x) ||
                    map->y.value[j] != section_value(report, g, y)) {
                    continue;
                }
                map->group[i][j] = g;
                map->low = fmin(map->low, summary->group[g].metric.mean * scale);
                map->high = fmax(map->high, summary->group[g].metric.mean * scale);
            }
        }
    }
}

/* --- its tables and variables ----------------------------------------------------------------- */

static void write_cells(Figure *figure, const HeatMap *map, const Summary *summary) {
    static const char *const headings[] = {"column", "row", "mean", "label"};
    const double scale = section_metric_scale(summary->metric);
    /* enough digits to tell apart what differs in colour */
    const double apart = map->high > map->low ? (map->high - map->low) * 0.5 : HUGE_VAL;
    figure_headings(figure, headings, 4);
    for (int32_t i = 0; i < map->x.count; i++) {
        for (int32_t j = 0; j < map->y.count; j++) {
            char number[64];
            if (map->group[i][j] < 0) continue;
            const double mean = summary->group[map->group[i][j]].metric.mean * scale;
            labels_number(number, sizeof number, mean, fmin(fabs(mean) * 0.15, apart));
            figure_value(figure, i);
            figure_value(figure, j);
            figure_value(figure, mean);
            figure_cell(figure, number);
            figure_row(figure);
        }
    }
}

static bool write_axis(Figure *figure, const Summary *summary, const char *suffix,
                       const MapAxis *axis, Error *err) {
    const SummaryAxis *a = &summary->axis[axis->axis];
    if (!figure_table(figure, suffix, err)) return false;
    figure_cell(figure, a->name);
    figure_row(figure);
    for (int32_t i = 0; i < axis->count; i++) {
        figure_cell(figure, a->label[axis->value[i]]);
        figure_row(figure);
    }
    return true;
}

static void write_variables(Figure *figure, const HeatMap *map, const Summary *summary) {
    char title[256], other[256], label[128];
    const double low = map->low, high = map->high > low ? map->high : low + fmax(fabs(low), 1e-9);
    const bool share = section_is_share(summary->metric);
    int32_t best_x = 0, best_y = 0;
    for (int32_t i = 0; i < map->x.count; i++) {
        for (int32_t j = 0; j < map->y.count; j++) {
            if (map->group[i][j] != summary->best) continue;
            best_x = i;
            best_y = j;
        }
    }
    labels_axis_title(&summary->axis[map->x.axis], title, sizeof title);
    labels_axis_title(&summary->axis[map->y.axis], other, sizeof other);
    figure_string(figure, "x_label", title);
    figure_string(figure, "y_label", other);
    snprintf(label, sizeof label, "mean %s%s", labels_metric_title(summary->metric),
             share ? " (%)" : "");
    figure_string(figure, "z_label", label);
    figure_number(figure, "columns", map->x.count);
    figure_number(figure, "rows", map->y.count);
    figure_number(figure, "longest", map->x.longest);
    figure_number(figure, "longest_y", map->y.longest);
    figure_number(figure, "z_low", low);
    figure_number(figure, "z_high", high);
    figure_number(figure, "log_z", low > 0 && high / low > 8 && !share);
    figure_number(figure, "dark_high", summary->maximize);
    figure_number(figure, "best_x", best_x);
    figure_number(figure, "best_y", best_y);
}

/* --- its words -------------------------------------------------------------------------------- */

static void write_alt(const HeatMap *map, const Summary *summary, Text *alt) {
    char title[256], other[256], label[1024];
    labels_axis_title(&summary->axis[map->x.axis], title, sizeof title);
    labels_axis_title(&summary->axis[map->y.axis], other, sizeof other);
    labels_setting(summary, summary->best, -1, label, sizeof label);
    text_add(alt, "Mean %s over %s and %s. The best: %.600s.", labels_metric_title(summary->metric),
             title, other, label);
}

static void write_caption(const HeatMap *map, const Report *report, Text *caption) {
    const Summary *summary = &report->summary;
    text_add(caption, "Dark is better. The frame marks the best setting.");
    int32_t held = 0;
    for (int32_t a = 0; a < summary->axes; a++) {
        char phrase[700];
        if (a == map->x.axis || a == map->y.axis) continue;
        labels_phrase(summary, a, section_value(report, summary->best, a), phrase, sizeof phrase);
        text_add(caption, "%s%s",
                 held++ ? ", " : " Everything else as in the best setting: ", phrase);
    }
    if (held) text_add(caption, ".");
    if (map->x.count < summary->axis[map->x.axis].count ||
        map->y.count < summary->axis[map->y.axis].count) {
        text_add(caption, " Some of the values are drawn.");
    }
}

static bool draw(Report *report, int32_t x, int32_t y, const char *name, Error *err) {
    Figure figure = {0};
    HeatMap map;
    char alt_buffer[2048], caption_buffer[1600];
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    Text caption = text_begin(caption_buffer, sizeof caption_buffer);
    gather(&map, report, x, y);
    TRY(figure_begin(&figure, &report->page, name, "heatmap", err));
    write_cells(&figure, &map, &report->summary);
    TRY(write_axis(&figure, &report->summary, "axis_y", &map.y, err));
    TRY(write_axis(&figure, &report->summary, "axis_x", &map.x, err));
    write_variables(&figure, &map, &report->summary);
    write_alt(&map, &report->summary, &alt);
    write_caption(&map, report, &caption);
    return figure_end(&figure, alt_buffer, caption_buffer, err);
fail:
    figure_drop(&figure);
    return false;
}

static bool write(Report *report, Error *err) {
    static const char *const names[PAIRS] = {"heatmap", "heatmap-2", "heatmap-3"};
    const SummaryAxis *axis = report->summary.axis;
    int32_t drawn = 0;
    for (int32_t x = 0; x < report->summary.axes; x++) {
        for (int32_t y = x + 1; y < report->summary.axes; y++) {
            if (drawn == PAIRS) return true;
            /* The longer axis is the horizontal one. */
            const bool turn = axis[y].count > axis[x].count;
            if (!draw(report, turn ? y : x, turn ? x : y, names[drawn++], err)) return false;
        }
    }
    return true;
}

const Section heatmap_section = {"heatmap", "Two settings at a time", unavailable, write, NULL};
