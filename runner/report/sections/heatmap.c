/* Section heatmap: the metric over two settings at a time, through the best setting. */
#include <math.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define PAIRS    3  /* the first three axes make three pairs */
#define CELLS    40 /* at most so many rows and columns of a map */
#define LOG_FROM 8  /* the largest over the smallest mean, from which colours are logarithmic */

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.axes < 2 ? "it needs two settings that vary" : NULL;
}

/* One direction of a map. */
typedef struct MapAxis {
    int32_t axis, count;
    int32_t value[CELLS]; /* count: those of the axis's values that are drawn */
} MapAxis;

typedef struct HeatMap {
    MapAxis x, y;
    int64_t group[CELLS][CELLS]; /* by column, then row; -1: none */
    double low, high;            /* of the means, as they are shown */
} HeatMap;

/* What the colours of all maps mean. */
typedef struct MapScale {
    double low, high;
    bool logarithmic, widened; /* widened: to a mean interval */
    int32_t maps;
} MapScale;

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

/* The width of a setting's 95 % interval as it is shown; of a share without repeats that which the
 * number of test rows alone gives it (the normal approximation of a binomial); NaN: not known. */
static double width_of(const Report *report, int64_t group) {
    const Summary *summary = &report->summary;
    const double scale = section_metric_scale(summary->metric);
    const Interval *mean = &summary->group[group].metric;
    const DataSplits *data = section_data(report, summary_first_trial(summary, group));
    if (mean->n > 1) return 2 * mean->half * scale;
    if (!section_is_share(summary->metric) || !data || data->test.n == 0) return (double)NAN;
    return 2 * 1.96 * sqrt(mean->mean * (1 - mean->mean) / (double)data->test.n) * scale;
}

/* One scale for all maps. It spans at least a mean interval, so that what is luck is not shown in
 * the strongest colours. */
static MapScale common_scale(const Report *report, const HeatMap *map, int32_t maps) {
    MapScale scale = {.low = INFINITY, .high = -INFINITY, .maps = maps};
    double sum = 0;
    int64_t n = 0;
    for (int32_t m = 0; m < maps; m++) {
        scale.low = fmin(scale.low, map[m].low);
        scale.high = fmax(scale.high, map[m].high);
        for (int32_t i = 0; i < CELLS * CELLS; i++) {
            const int64_t group = map[m].group[i / CELLS][i % CELLS];
            const double width = group < 0 ? (double)NAN : width_of(report, group);
            if (!isfinite(width)) continue;
            sum += width;
            n++;
        }
    }
    const bool share = section_is_share(report->summary.metric);
    const bool positive = scale.low >= 0;
    const double missing = (n > 0 ? sum / (double)n : 0) - (scale.high - scale.low);
    scale.logarithmic = scale.low > 0 && scale.high / scale.low > LOG_FROM && !share;
    scale.widened = missing > 0 && !scale.logarithmic;
    if (scale.widened) {
        scale.low -= missing / 2;
        scale.high += missing / 2;
        if (share && scale.high > 100) scale.low -= scale.high - 100, scale.high = 100;
        if (positive && scale.low < 0) scale.high -= scale.low, scale.low = 0;
    }
    if (!(scale.high > scale.low)) scale.high = scale.low + fmax(fabs(scale.low), 1e-9);
    return scale;
}

/* Leaves out columns, or rows, in which no setting has a value. */
static void drop_empty(HeatMap *map, bool columns) {
    MapAxis *along = columns ? &map->x : &map->y, *across = columns ? &map->y : &map->x;
    int32_t kept = 0;
    for (int32_t i = 0; i < along->count; i++) {
        bool empty = true;
        for (int32_t j = 0; j < across->count; j++)
            empty = empty && (columns ? map->group[i][j] : map->group[j][i]) < 0;
        if (empty) continue;
        along->value[kept] = along->value[i];
        for (int32_t j = 0; j < across->count; j++) {
            if (columns)
                map->group[kept][j] = map->group[i][j];
            else
                map->group[j][kept] = map->group[j][i];
        }
        kept++;
    }
    along->count = kept;
}

/* --- its tables and variables ----------------------------------------------------------------- */

static void write_cells(Figure *figure, const HeatMap *map, const MapScale *colours,
                        const Summary *summary) {
    static const char *const headings[] = {"column", "row", "mean", "label"};
    const double scale = section_metric_scale(summary->metric);
    /* enough digits to tell apart what differs in colour */
    const double apart = (colours->high - colours->low) * 0.5;
    figure_headings(figure, headings, 4);
    for (int32_t i = 0; i < map->x.count; i++) {
        for (int32_t j = 0; j < map->y.count; j++) {
            char number[64];
            if (map->group[i][j] < 0) continue;
            const double mean = summary->group[map->group[i][j]].metric.mean * scale;
            const double size = scale > 1 ? colours->high : mean; /* shares: all alike */
            labels_number(number, sizeof number, mean, fmin(fabs(size) * 0.15, apart));
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

static int32_t longest_label(const Summary *summary, const MapAxis *axis) {
    int32_t longest = 0;
    for (int32_t i = 0; i < axis->count; i++) {
        const int32_t width = text_width(summary->axis[axis->axis].label[axis->value[i]]);
        if (width > longest) longest = width;
    }
    return longest;
}

static void write_variables(Figure *figure, const HeatMap *map, const MapScale *scale,
                            const Summary *summary) {
    char title[256], other[256], label[128];
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
    figure_number(figure, "longest", longest_label(summary, &map->x));
    figure_number(figure, "longest_y", longest_label(summary, &map->y));
    figure_number(figure, "z_low", scale->low);
    figure_number(figure, "z_high", scale->high);
    figure_number(figure, "log_z", scale->logarithmic);
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

static void write_caption(const HeatMap *map, const MapScale *scale, const Report *report,
                          Text *caption) {
    const Summary *summary = &report->summary;
    text_add(caption, "Dark is better. The frame marks the best setting.");
    if (scale->maps > 1) text_add(caption, " All maps have the same scale of colours.");
    if (scale->widened) {
        text_add(caption,
                 " The scale is as wide as a mean 95 %% interval, so that luck alone is not "
                 "shown in strong colours.");
    }
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

static bool draw(Report *report, const HeatMap *map, const MapScale *scale, const char *name,
                 Error *err) {
    Figure figure = {0};
    char alt_buffer[2048], caption_buffer[1600];
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    Text caption = text_begin(caption_buffer, sizeof caption_buffer);
    TRY(figure_begin(&figure, &report->page, name, "heatmap", err));
    write_cells(&figure, map, scale, &report->summary);
    TRY(write_axis(&figure, &report->summary, "axis_y", &map->y, err));
    TRY(write_axis(&figure, &report->summary, "axis_x", &map->x, err));
    write_variables(&figure, map, scale, &report->summary);
    write_alt(map, &report->summary, &alt);
    write_caption(map, scale, report, &caption);
    return figure_end(&figure, alt_buffer, caption_buffer, err);
fail:
    figure_drop(&figure);
    return false;
}

static bool write(Report *report, Error *err) {
    static const char *const names[PAIRS] = {"heatmap", "heatmap-2", "heatmap-3"};
    const SummaryAxis *axis = report->summary.axis;
    HeatMap *map = pool_alloc(&report->page.pool, PAIRS, sizeof *map, err);
    int32_t maps = 0;
    if (!map) return false;
    for (int32_t x = 0; x < report->summary.axes; x++) {
        for (int32_t y = x + 1; y < report->summary.axes && maps < PAIRS; y++) {
            /* The longer axis is the horizontal one. */
            const bool turn = axis[y].count > axis[x].count;
            gather(&map[maps], report, turn ? y : x, turn ? x : y);
            drop_empty(&map[maps], true);
            drop_empty(&map[maps++], false);
        }
    }
    const MapScale scale = common_scale(report, map, maps);
    for (int32_t m = 0; m < maps; m++)
        if (!draw(report, &map[m], &scale, names[m], err)) return false;
    return true;
}

const Section heatmap_section = {"heatmap", "Two settings at a time", unavailable, write, NULL};
