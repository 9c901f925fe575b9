/* The figures of a comparison's page, and the table of its differences. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/report/compare_page.h"

#define EPOCHS   240 /* at most so many epochs are drawn */
#define PANELS   4   /* curves: two settings, both sides */
#define LOG_FROM 20  /* epochs from which on their scale is logarithmic */

static const double *column_of(const ComparePage *page, int32_t side) {
    return side == 0 ? page->compare->column_a : page->compare->column_b;
}

/* --- Error against a setting that both vary --------------------------------------------------- */

static int32_t same_axis(const Summary *summary, const char *name) {
    for (int32_t a = 0; a < summary->axes; a++)
        if (strcmp(summary->axis[a].name, name) == 0) return a;
    return -1;
}

/* The axis that A sweeps, or that B does, where both have it: its number in each; false where there
 * is none. */
static bool common_axis(const ComparePage *page, int32_t axis[COMPARE_SIDES]) {
    for (int32_t side = 0; side < COMPARE_SIDES; side++) {
        const Summary *one = command_compare_side(page, side),
                      *other = command_compare_side(page, 1 - side);
        if (one->sweep_axis < 0) continue;
        axis[side] = one->sweep_axis;
        axis[1 - side] = same_axis(other, one->axis[one->sweep_axis].name);
        if (axis[1 - side] >= 0) return one->best >= 0 && other->best >= 0;
    }
    return false;
}

/* Values of both, ascending where they are numbers, else A's and then what B has more; groups -1
 * where a side has none. */
typedef struct Union {
    int32_t count;
    double *x;
    const char **label;
    int64_t *group[COMPARE_SIDES];
} Union;

static bool unite(Union *both, const ComparePage *page, const int32_t axis[COMPARE_SIDES],
                  Report *report, SummaryScale *scale, Error *err) {
    const SummaryAxis *of[COMPARE_SIDES];
    int64_t *line[COMPARE_SIDES];
    size_t room = 0;
    for (int32_t side = 0; side < COMPARE_SIDES; side++) {
        const Summary *summary = command_compare_side(page, side);
        of[side] = &summary->axis[axis[side]];
        room += (size_t)of[side]->count;
        line[side] = pool_take(&report->pool, (size_t)of[side]->count, sizeof(int64_t), err);
        if (!line[side]) return false;
        summary_line(summary, axis[side], summary->best, line[side]);
    }
    both->x = pool_take(&report->pool, room, sizeof *both->x, err);
    both->label = pool_take(&report->pool, room, sizeof *both->label, err);
    both->group[0] = pool_take(&report->pool, room, sizeof(int64_t), err);
    both->group[1] = pool_take(&report->pool, room, sizeof(int64_t), err);
    if (!both->x || !both->label || !both->group[0] || !both->group[1]) return false;
    const bool words = of[0]->scale == SUMMARY_CATEGORY || of[1]->scale == SUMMARY_CATEGORY;
    for (int32_t side = 0; side < COMPARE_SIDES; side++) {
        for (int32_t v = 0; v < of[side]->count; v++) {
            if (line[side][v] < 0) continue;
            int32_t at = 0;
            if (words)
                while (at < both->count && strcmp(both->label[at], of[side]->label[v]) != 0) at++;
            else
                while (at < both->count && both->x[at] < of[side]->number[v]) at++;
            const bool there = at < both->count && (words || both->x[at] == of[side]->number[v]);
            if (!there) {
                const size_t tail = (size_t)(both->count - at);
                memmove(both->x + at + 1, both->x + at, tail * sizeof *both->x);
                memmove(both->label + at + 1, both->label + at, tail * sizeof *both->label);
                for (int32_t k = 0; k < COMPARE_SIDES; k++)
                    memmove(both->group[k] + at + 1, both->group[k] + at, tail * sizeof(int64_t));
                both->x[at] = words ? at : of[side]->number[v];
                both->label[at] = of[side]->label[v];
                both->group[0][at] = both->group[1][at] = -1;
                both->count++;
            }
            both->group[side][at] = line[side][v];
        }
    }
    *scale = words                                                        ? SUMMARY_CATEGORY
             : of[0]->scale == SUMMARY_LOG || of[1]->scale == SUMMARY_LOG ? SUMMARY_LOG
                                                                          : SUMMARY_LINEAR;
    if (*scale == SUMMARY_LOG && both->x[0] <= 0) *scale = SUMMARY_LINEAR;
    return true;
}

bool command_compare_sweep(const ComparePage *page, Report *report, Error *err) {
    static const char *const words[COMPARE_SIDES][2] = {{"a", "a_train"}, {"b", "b_train"}};
    int32_t axis[COMPARE_SIDES];
    char caption[2048], held[900], y_label[200];
    const Summary *a = page->compare->a;
    if (!common_axis(page, axis)) return true;
    char *title = pool_take(&report->pool, 256, 1, err);
    Union both = {0};
    SummaryScale scale;
    Sweep sweep;
    if (!title || !unite(&both, page, axis, report, &scale, err)) return false;
    if (both.count < 2) return true;
    const int32_t replicates = page->compare->room;
    if (!series_begin(&sweep, report, both.count, replicates, err)) return false;
    labels_axis_title(&a->axis[axis[0]], title, 256);
    char heading[280];
    snprintf(heading, sizeof heading, "Against %s", title);
    command_compare_section(report, "sweep", heading);
    sweep.name = a->axis[axis[0]].name;
    sweep.title = title;
    sweep.axis_scale = scale;
    sweep.scale = report_metric_scale(a->metric);
    sweep.maximize = a->maximize;
    memcpy(sweep.x, both.x, (size_t)both.count * sizeof *sweep.x);
    memcpy(sweep.label, both.label, (size_t)both.count * sizeof *sweep.label);
    const Metric train = labels_train_metric(a->metric);
    for (int32_t part = 0; part < 2; part++) {
        for (int32_t side = 0; side < COMPARE_SIDES; side++) {
            const Summary *summary = command_compare_side(page, side);
            const double *column =
                part == 0 ? column_of(page, side) : summary_column(summary, train, a->at);
            char *name = pool_take(&report->pool, 64, 1, err);
            if (!name) return false;
            const char *metric = metrics_name(part == 0              ? a->metric
                                              : train < METRIC_COUNT ? train
                                                                     : a->metric);
            snprintf(name, 64, "%s %.*s", COMPARE_LETTER[side], (int)strcspn(metric, "_"), metric);
            if (column && !series_add(&sweep, report, summary, name, words[side][part], column,
                                      both.group[side], err))
                return false;
        }
    }
    int used = series_caption(&sweep, a->folds, caption, sizeof caption);
    for (int32_t side = 0; side < COMPARE_SIDES && used > 0 && (size_t)used < sizeof caption;
         side++) {
        const Summary *summary = command_compare_side(page, side);
        labels_setting(summary, summary->best, axis[side], held, sizeof held);
        if (held[0]) {
            used += snprintf(caption + used, sizeof caption - (size_t)used,
                             "%s with all else as in its best setting: %s. ", COMPARE_LETTER[side],
                             held);
        }
    }
    report_metric_axis(report, a->metric, y_label, sizeof y_label);
    if (!series_draw(&sweep, report, "compare-sweep", y_label, !report_is_share(a->metric), caption,
                     err))
        return false;
    html_raw(&report->page, "</section>\n");
    return true;
}

/* --- Paired differences ----------------------------------------------------------------------- */

typedef struct Listed {
    CompareRow row[CLI_TOP + 2];
    char label[CLI_TOP + 2][1024];
    int32_t count;
} Listed;

static bool list_rows(Listed *listed, const ComparePage *page, Error *err) {
    const Compare *compare = page->compare;
    for (int64_t i = 0; page->count > 1 && i < page->count && i < CLI_TOP; i++) {
        const int32_t k = listed->count++;
        labels_setting(compare->a, page->pair[i].a, -1, listed->label[k], sizeof listed->label[k]);
        if (!command_compare_row(&listed->row[k], compare, &page->pair[i], 1, err)) return false;
    }
    const int32_t all = listed->count++;
    snprintf(listed->label[all], sizeof listed->label[all], "%s",
             page->count > 1 ? "all pairs" : "the shared setting");
    if (!command_compare_row(&listed->row[all], compare, page->pair, page->count, err))
        return false;
    if (page->count > 1 && compare->replicates > 1) {
        const int32_t last = listed->count++;
        snprintf(listed->label[last], sizeof listed->label[last], "%s, averaged over settings",
                 compare->a->folds ? "folds" : "repeats");
        listed->row[last] = command_compare_repeats(compare, page->pair, page->count);
    }
    return true;
}

static bool forest(const ComparePage *page, const Listed *listed, Report *report, Error *err) {
    static const char *const headings[] = {"setting", "difference", "low", "high"};
    const Metric metric = page->compare->a->metric;
    const double scale = report_metric_scale(metric);
    Figure figure = {0};
    double low = 0, high = 0;
    int32_t longest = 0;
    char alt[2048], text[300];
    if (!figure_begin(&figure, report, "compare-differences", "comparison", err)) return false;
    for (int32_t i = 0; i < 4; i++) figure_cell(&figure, headings[i]);
    figure_row(&figure);
    int used = snprintf(alt, sizeof alt, "A minus B in %s.", labels_metric_title(metric));
    for (int32_t i = 0; i < listed->count; i++) {
        const Interval *d = &listed->row[i].against.difference;
        const double ends[] = {d->mean * scale, d->low * scale, d->high * scale};
        const int32_t length = text_width(listed->label[i]);
        longest = length > longest ? length : longest;
        figure_cell(&figure, listed->label[i]);
        for (int32_t k = 0; k < 3; k++) {
            figure_value(&figure, ends[k]);
            low = isfinite(ends[k]) ? fmin(low, ends[k]) : low;
            high = isfinite(ends[k]) ? fmax(high, ends[k]) : high;
        }
        figure_row(&figure);
        finding_text_difference(text, sizeof text, &listed->row[i].against);
        if (d->n > 0 && (i < 3 || i == listed->count - 1) && used > 0 &&
            (size_t)used < sizeof alt) {
            used += snprintf(alt + used, sizeof alt - (size_t)used, " %.300s: %s.",
                             listed->label[i], text);
        }
    }
    const double air = high - low > 1e-12 ? 0.04 * (high - low) : 1; /* rounding is no difference */
    snprintf(text, sizeof text, "A − B in %s%s", labels_metric_title(metric),
             report_is_share(metric) ? " (points)" : "");
    figure_string(&figure, "x_label", text);
    figure_number(&figure, "x_low", low - air);
    figure_number(&figure, "x_high", high + air);
    figure_number(&figure, "places", listed->count);
    figure_number(&figure, "longest", (double)longest);
    return figure_end(&figure, report, alt,
                      "Dots: mean difference over the same runs. Lines: its 95 % interval. Numbers "
                      "on a narrow screen are the rows of the table.",
                      err);
}

bool command_compare_differences(const ComparePage *page, Report *report, Error *err) {
    static const char *const headings[] = {"row",   "text:setting",  "mean of A", "mean of B",
                                           "A − B", "95 % interval", "p",         "pairs"};
    Listed *listed = pool_take(&report->pool, 1, sizeof *listed, err);
    if (!listed || !list_rows(listed, page, err)) return false;
    command_compare_section(report, "differences", "Paired differences");
    html_print(&report->page,
               "<p>A minus B in %s, pair by pair: the same setting and repeat, so the same seed. "
               "%s zero, A is better.</p>\n",
               labels_metric_title(page->compare->a->metric),
               page->compare->a->maximize ? "Above" : "Below");
    if (!forest(page, listed, report, err)) return false;
    report_table_begin(report, headings, 8);
    for (int32_t i = 0; i < listed->count; i++) {
        const CompareRow *row = &listed->row[i];
        const Interval *d = &row->against.difference;
        html_print(&report->page, "<tr><td>%d</td><td class=\"text\" data-value=\"%d\">%s</td>",
                   i + 1, i, listed->label[i]);
        report_number_cell(report, row->a, d->half);
        report_number_cell(report, row->b, d->half);
        report_number_cell(report, d->mean, d->half);
        report_interval_cell(report, d);
        report_p_cell(report, row->against.p);
        html_print(&report->page, "<td>%" PRId64 "</td></tr>\n", d->n);
    }
    report_table_end(report);
    html_raw(&report->page, "<p class=\"note\">p is Wilcoxon’s signed-rank test. ");
    if (page->count > 1 && page->compare->replicates > 1) {
        html_raw(&report->page,
                 "Pairs of one repeat share their seed and often their data: the last row, which "
                 "averages over settings first, is the one to trust. ");
    }
    if (page->count > CLI_TOP)
        html_print(&report->page, "The first %d of %" PRId64 " settings.", CLI_TOP, page->count);
    html_raw(&report->page, "</p>\n</section>\n");
    return true;
}

/* --- Loss curves ------------------------------------------------------------------------------ */

/* The pair of the best of A and that of B; where both have neither, the best that they have by
 * A. */
static int32_t choose_pairs(const ComparePage *page, Pair chosen[COMPARE_SIDES]) {
    int32_t count = 0;
    for (int64_t i = 0; i < page->count && count < COMPARE_SIDES; i++) {
        if (page->pair[i].a == page->compare->a->best || page->pair[i].b == page->compare->b->best)
            chosen[count++] = page->pair[i];
    }
    if (count > 0) return count;
    const Summary *a = page->compare->a;
    chosen[0] = page->pair[0];
    for (int64_t i = 1; i < page->count; i++) {
        const double gain =
            a->group[page->pair[i].a].metric.mean - a->group[chosen[0].a].metric.mean;
        if (a->maximize ? gain > 0 : gain < 0) chosen[0] = page->pair[i];
    }
    count = 1;
    return count;
}

static int64_t point_of(const Results *results, int64_t epoch) {
    for (int64_t p = 0; p < results->points; p++)
        if (results->epoch[p] == epoch) return p;
    return -1;
}

/* Epochs that either has recorded, from `from` on, an even choice of at most EPOCHS; count of them.
 * `all` has room for those of both. */
static int32_t choose_epochs(const ComparePage *page, int64_t from, int64_t *epoch, int64_t *all) {
    const Results *a = page->compare->a->results, *b = page->compare->b->results;
    int64_t there = 0;
    for (int64_t p = 0, q = 0; p < a->points || q < b->points;) {
        const int64_t x = p < a->points ? a->epoch[p] : INT64_MAX;
        const int64_t y = q < b->points ? b->epoch[q] : INT64_MAX;
        const int64_t next = x < y ? x : y;
        p += x == next;
        q += y == next;
        if (next >= from) all[there++] = next;
    }
    const int32_t count = there < EPOCHS ? (int32_t)there : EPOCHS;
    for (int32_t i = 0; i < count; i++)
        epoch[i] = all[there <= EPOCHS ? i : i * (there - 1) / (EPOCHS - 1)];
    return count;
}

/* Panels of A on the left, of B on the right, a row for each pair of settings. */
typedef struct Curves {
    int32_t panels, series, epochs;
    int64_t group[PANELS], epoch[EPOCHS];
    Metric metric[2];
    const char *title[2];
    bool log_x;
    double *spare;           /* room for a group's runs */
    double low, high;        /* of all values */
    double last[PANELS * 2]; /* the last median of each */
} Curves;

/* False also where there is nothing to draw: then err stays as it is, and `panels` 0. */
static bool choose_curves(Curves *curves, const ComparePage *page, Report *report, Error *err) {
    static const struct {
        Metric metric;
        const char *title;
    } wanted[] = {{METRIC_TRAIN_LOSS, "train"}, {METRIC_TEST_LOSS, "test"}};
    const Results *a = page->compare->a->results, *b = page->compare->b->results;
    *curves = (Curves){.low = INFINITY, .high = -INFINITY};
    for (int32_t i = 0; i < 2; i++) {
        if (!a->history[wanted[i].metric] || !b->history[wanted[i].metric]) continue;
        curves->metric[curves->series] = wanted[i].metric;
        curves->title[curves->series++] = wanted[i].title;
    }
    int64_t *all = pool_take(&report->pool, (size_t)(a->points + b->points) + 1, sizeof *all, err);
    if (!all) return false;
    curves->epochs = choose_epochs(page, 0, curves->epoch, all);
    if (curves->series == 0 || curves->epochs < 2) return false;
    curves->log_x = curves->epochs >= LOG_FROM && curves->epoch[0] == 0;
    if (curves->log_x) curves->epochs = choose_epochs(page, 1, curves->epoch, all);
    Pair pair[COMPARE_SIDES];
    const int32_t pairs = choose_pairs(page, pair);
    int64_t trials = 1;
    for (int32_t p = 0; p < pairs * COMPARE_SIDES; p++) {
        const Pair *here = &pair[p / COMPARE_SIDES];
        const int32_t side = p % COMPARE_SIDES;
        curves->group[p] = side == 0 ? here->a : here->b;
        const int64_t n = command_compare_side(page, side)->group[curves->group[p]].trials;
        trials = n > trials ? n : trials;
    }
    curves->spare = pool_take(&report->pool, (size_t)trials, sizeof *curves->spare, err);
    if (!curves->spare) return false;
    curves->panels = pairs * COMPARE_SIDES;
    return true;
}

static void name_panels(Figure *figure, const Curves *curves, const ComparePage *page) {
    static const char *const kinds[] = {"median", "low", "high"};
    char label[1024], text[1200], variable[32];
    figure_cell(figure, "epoch");
    for (int32_t p = 0; p < curves->panels; p++) {
        const char *letter = COMPARE_LETTER[p % COMPARE_SIDES];
        const Summary *summary = command_compare_side(page, p % COMPARE_SIDES);
        labels_setting(summary, curves->group[p], -1, label, sizeof label);
        snprintf(text, sizeof text, "%s%s%s", letter, label[0] ? ": " : "", label);
        snprintf(variable, sizeof variable, "title_%d", p + 1);
        figure_string(figure, variable, text);
        for (int32_t s = 0; s < curves->series; s++) {
            for (int32_t k = 0; k < 3; k++) {
                snprintf(text, sizeof text, "%s %s %s %s", letter, curves->title[s], kinds[k],
                         label);
                figure_cell(figure, text);
            }
        }
    }
    figure_row(figure);
}

static void write_bands(Figure *figure, Curves *curves, const ComparePage *page) {
    for (int32_t e = 0; e < curves->epochs; e++) {
        figure_value(figure, (double)curves->epoch[e]);
        for (int32_t p = 0; p < curves->panels; p++) {
            const Summary *summary = command_compare_side(page, p % COMPARE_SIDES);
            const int64_t point = point_of(summary->results, curves->epoch[e]);
            for (int32_t s = 0; s < curves->series; s++) {
                double band[3] = {(double)NAN, (double)NAN, (double)NAN};
                if (point >= 0) {
                    report_band(summary, curves->group[p],
                                summary->results->history[curves->metric[s]], point, curves->spare,
                                band);
                }
                for (int32_t k = 0; k < 3; k++) {
                    figure_value(figure, band[k]);
                    if (!isfinite(band[k])) continue;
                    curves->low = fmin(curves->low, band[k]);
                    curves->high = fmax(curves->high, band[k]);
                }
                if (isfinite(band[0])) curves->last[p * 2 + s] = band[0];
            }
        }
        figure_row(figure);
    }
}

static void describe_curves(Figure *figure, const Curves *curves, const Report *report, char *alt,
                            size_t size) {
    const Range y = report_range(curves->low, curves->high, true);
    char text[200], variable[32], number[64];
    report_metric_axis(report, curves->metric[0], text, sizeof text);
    figure_string(figure, "y_label", text);
    figure_string(figure, "x_label", "epoch");
    figure_number(figure, "panels", curves->panels);
    figure_number(figure, "series", curves->series);
    figure_number(figure, "x_low", (double)curves->epoch[0]);
    figure_number(figure, "x_high", (double)curves->epoch[curves->epochs - 1]);
    figure_number(figure, "log_x", curves->log_x);
    figure_number(figure, "y_low", y.low);
    figure_number(figure, "y_high", y.high);
    figure_number(figure, "log_y", y.logarithmic);
    figure_number(figure, "first_colour", 1);
    int used = snprintf(alt, size, "Loss against epoch, A on the left, B on the right.");
    for (int32_t s = 0; s < curves->series; s++) {
        snprintf(variable, sizeof variable, "name_%d", s + 1);
        figure_string(figure, variable, curves->title[s]);
    }
    for (int32_t p = 0; p < curves->panels; p++) {
        for (int32_t s = 0; s < curves->series && used > 0 && (size_t)used < size; s++) {
            labels_number(number, sizeof number, curves->last[p * 2 + s], (double)NAN);
            used += snprintf(alt + used, size - (size_t)used, " %s, %s: ends at %s.",
                             COMPARE_LETTER[p % COMPARE_SIDES], curves->title[s], number);
        }
    }
}

bool command_compare_curves(const ComparePage *page, Report *report, Error *err) {
    Curves *curves = pool_take(&report->pool, 1, sizeof *curves, err);
    Figure figure = {0};
    char alt[2048], caption[600];
    if (!curves) return false;
    if (!choose_curves(curves, page, report, err)) return err->kind == ERROR_NONE;
    command_compare_section(report, "curves", "Learning curves");
    if (!figure_begin(&figure, report, "compare-curves", "curves", err)) return false;
    name_panels(&figure, curves, page);
    write_bands(&figure, curves, page);
    describe_curves(&figure, curves, report, alt, sizeof alt);
    snprintf(caption, sizeof caption,
             "%s. Lines: median of the runs. Bands: 10 %% to 90 %% quantiles, or all of "
             "fewer than %d runs. All panels have the same axes.%s",
             curves->panels == PANELS
                 ? "Above: the best setting of one side; below: that of the other"
                 : "The best setting that both have",
             REPORT_QUANTILES,
             curves->log_x ? " The epochs stand on a logarithmic scale, without epoch 0." : "");
    if (!figure_end(&figure, report, alt, caption, err)) return false;
    html_raw(&report->page, "</section>\n");
    return true;
}
