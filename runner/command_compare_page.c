/* The page of `runner compare A B`: two results side by side, made of the report's own pieces. */
#include "runner/command_compare.h"

#include "runner/folder.h"
#include "runner/report_parts.h"
#include "runner/where.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define VALUES 6   /* of a setting that are listed */
#define EPOCHS 240 /* at most so many epochs are drawn */
#define SIDES  2
#define PANELS 4 /* curves: two settings, both sides */

static const char *const LETTER[SIDES] = {"A", "B"};

static const Summary *side_of(const ComparePage *page, int32_t side) {
    return side == 0 ? page->compare->a : page->compare->b;
}

static const double *column_of(const ComparePage *page, int32_t side) {
    return side == 0 ? page->compare->column_a : page->compare->column_b;
}

static void begin_section(Report *report, const char *id, const char *title) {
    (void)snprintf(report->section, sizeof report->section, "%s", title);
    html_print(&report->page, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
}

/* Opening --------------------------------------------------------------------------------------------------------- */

/* The difference that counts: over repeats where there are several settings, whose pairs are no independent evidence. */
static bool judge(const ComparePage *page, CompareRow *row, Error *err) {
    const bool averaged = page->count > 1 && page->compare->replicates > 1;
    if (averaged) *row = command_compare_repeats(page->compare, page->pair, page->count);
    if (averaged && row->against.difference.n > 1) return true;
    return command_compare_row(row, page->compare, page->pair, page->count, err);
}

static void say_answer(const ComparePage *page, const CompareRow *row, Html *out) {
    const Summary *a = page->compare->a;
    const Interval *d = &row->against.difference;
    const char *metric = summary_metric_title(a->metric);
    char difference[256], means[SIDES][64];
    const Comparison other_way = {{d->n, -d->mean, d->sd, -d->high, -d->low}, row->against.p};
    const bool above = finding_shown(&row->against), below = finding_shown(&other_way);
    summary_number(means[0], sizeof means[0], row->a, d->high - d->mean);
    summary_number(means[1], sizeof means[1], row->b, d->high - d->mean);
    finding_difference(difference, sizeof difference, &row->against);
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
               title, summary_metric_title(page->compare->a->metric));
    say_answer(page, row, out);
    html_raw(out, "</header>\n<p class=\"detail\">");
    const int64_t n = row->against.difference.n;
    if (page->count > 1 && page->compare->replicates > 1 && n == page->compare->replicates)
        html_print(out,
                   "Paired over %lld repeats, after averaging over the %lld settings that both "
                   "have. ",
                   (long long)n, (long long)page->count);
    else
        html_print(out, "Paired over %lld run%s of %lld setting%s that both have. ", (long long)n,
                   n == 1 ? "" : "s", (long long)page->count, page->count == 1 ? "" : "s");
    if (page->count > 1 && page->compare->replicates == 1)
        html_raw(out, "The pairs are different settings, not repeats: they may share their data and "
                      "seed, so that the interval speaks of these settings alone. ");
    if (n > 1 && n < FINDING_WILCOXON_FROM)
        html_print(out,
                   "%lld pairs are few: below %d, Wilcoxon’s test cannot reach 5 %% and is left "
                   "out. ",
                   (long long)n, FINDING_WILCOXON_FROM);
    say_bits(page, out);
    html_raw(out, "</p>\n");
    for (int32_t side = 0; side < SIDES; side++) {
        const Summary *summary = side_of(page, side);
        html_print(out,
                   "<p class=\"facts\"><strong>%s</strong>: %s. %lld runs of %lld settings, up to "
                   "%d %s each.</p>\n",
                   LETTER[side], page->path[side], (long long)summary->results->trials,
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
    char text[SIDES][1600];
    int32_t rows = 0;
    begin_section(report, "settings", "What was set otherwise");
    for (int32_t key = 0; key < KEY_COUNT; key++) {
        if (key == KEY_DATA_SEED || key == KEY_DATA_TEST_SEED) continue; /* move with the repeat */
        for (int32_t side = 0; side < SIDES; side++)
            list_values(side_of(page, side), (KeyId)key, text[side], sizeof text[side]);
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

/* Error against a setting that both vary -------------------------------------------------------------------------- */

static int32_t same_axis(const Summary *summary, const char *name) {
    for (int32_t a = 0; a < summary->axes; a++)
        if (strcmp(summary->axis[a].name, name) == 0) return a;
    return -1;
}

/* The axis that A sweeps, or that B does, where both have it: its number in each; false where there is none. */
static bool common_axis(const ComparePage *page, int32_t axis[SIDES]) {
    for (int32_t side = 0; side < SIDES; side++) {
        const Summary *one = side_of(page, side), *other = side_of(page, 1 - side);
        if (one->sweep_axis < 0) continue;
        axis[side] = one->sweep_axis;
        axis[1 - side] = same_axis(other, one->axis[one->sweep_axis].name);
        if (axis[1 - side] >= 0) return one->best >= 0 && other->best >= 0;
    }
    return false;
}

/* Values of both, ascending where they are numbers, else A's and then what B has more; groups -1 where a side has none. */
typedef struct Union {
    int32_t count;
    double *x;
    const char **label;
    int64_t *group[SIDES];
} Union;

static bool unite(Union *both, const ComparePage *page, const int32_t axis[SIDES], Report *report,
                  SummaryScale *scale, Error *err) {
    const SummaryAxis *of[SIDES];
    int64_t *line[SIDES];
    size_t room = 0;
    for (int32_t side = 0; side < SIDES; side++) {
        const Summary *summary = side_of(page, side);
        of[side] = &summary->axis[axis[side]];
        room += (size_t)of[side]->count;
        line[side] = pool_take(&report->pool, (size_t)of[side]->count, sizeof(int64_t), err);
        if (line[side] == NULL) return false;
        summary_line(summary, axis[side], summary->best, line[side]);
    }
    both->x = pool_take(&report->pool, room, sizeof *both->x, err);
    both->label = pool_take(&report->pool, room, sizeof *both->label, err);
    both->group[0] = pool_take(&report->pool, room, sizeof(int64_t), err);
    both->group[1] = pool_take(&report->pool, room, sizeof(int64_t), err);
    if (!both->x || !both->label || !both->group[0] || !both->group[1]) return false;
    const bool words =
        of[0]->scale == SUMMARY_CATEGORY || of[1]->scale == SUMMARY_CATEGORY;
    for (int32_t side = 0; side < SIDES; side++)
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
                for (int32_t k = 0; k < SIDES; k++)
                    memmove(both->group[k] + at + 1, both->group[k] + at, tail * sizeof(int64_t));
                both->x[at] = words ? at : of[side]->number[v];
                both->label[at] = of[side]->label[v];
                both->group[0][at] = both->group[1][at] = -1;
                both->count++;
            }
            both->group[side][at] = line[side][v];
        }
    *scale = words                                             ? SUMMARY_CATEGORY
             : of[0]->scale == SUMMARY_LOG || of[1]->scale == SUMMARY_LOG ? SUMMARY_LOG
                                                               : SUMMARY_LINEAR;
    if (*scale == SUMMARY_LOG && both->x[0] <= 0) *scale = SUMMARY_LINEAR;
    return true;
}

static bool write_sweep(const ComparePage *page, Report *report, Error *err) {
    static const char *const words[SIDES][2] = {{"a", "a_train"}, {"b", "b_train"}};
    int32_t axis[SIDES];
    char caption[2048], held[900], y_label[200];
    const Summary *a = page->compare->a;
    if (!common_axis(page, axis)) return true;
    char *title = pool_take(&report->pool, 256, 1, err);
    Union both = {0};
    SummaryScale scale;
    Sweep sweep;
    if (title == NULL || !unite(&both, page, axis, report, &scale, err)) return false;
    if (both.count < 2) return true;
    const int32_t replicates = page->compare->room;
    if (!series_begin(&sweep, report, both.count, replicates, err)) return false;
    summary_axis_title(&a->axis[axis[0]], title, 256);
    char heading[280];
    (void)snprintf(heading, sizeof heading, "Against %s", title);
    begin_section(report, "sweep", heading);
    sweep.name = a->axis[axis[0]].name;
    sweep.title = title;
    sweep.axis_scale = scale;
    sweep.scale = report_metric_scale(a->metric);
    sweep.maximize = a->maximize;
    memcpy(sweep.x, both.x, (size_t)both.count * sizeof *sweep.x);
    memcpy(sweep.label, both.label, (size_t)both.count * sizeof *sweep.label);
    const Metric train = summary_train_metric(a->metric);
    for (int32_t part = 0; part < 2; part++)
        for (int32_t side = 0; side < SIDES; side++) {
            const Summary *summary = side_of(page, side);
            const double *column =
                part == 0 ? column_of(page, side) : summary_column(summary, train, a->at);
            char *name = pool_take(&report->pool, 64, 1, err);
            if (name == NULL) return false;
            const char *metric = metrics_name(part == 0 ? a->metric : train < METRIC_COUNT ? train : a->metric);
            (void)snprintf(name, 64, "%s %.*s", LETTER[side], (int)strcspn(metric, "_"), metric);
            if (column != NULL &&
                !series_add(&sweep, report, summary, name, words[side][part], column,
                            both.group[side], err))
                return false;
        }
    int used = series_caption(&sweep, a->folds, caption, sizeof caption);
    for (int32_t side = 0; side < SIDES && used > 0 && (size_t)used < sizeof caption; side++) {
        const Summary *summary = side_of(page, side);
        summary_label(summary, summary->best, axis[side], held, sizeof held);
        if (held[0] != '\0')
            used += snprintf(caption + used, sizeof caption - (size_t)used,
                             "%s with all else as in its best setting: %s. ", LETTER[side], held);
    }
    report_metric_axis(report, a->metric, y_label, sizeof y_label);
    if (!series_draw(&sweep, report, "compare-sweep", y_label, !report_is_share(a->metric), caption,
                     err))
        return false;
    html_raw(&report->page, "</section>\n");
    return true;
}

/* Paired differences ---------------------------------------------------------------------------------------------- */

typedef struct Listed {
    CompareRow row[CLI_TOP + 2];
    char label[CLI_TOP + 2][1024];
    int32_t count;
} Listed;

static bool list_rows(Listed *listed, const ComparePage *page, Error *err) {
    const Compare *compare = page->compare;
    for (int64_t i = 0; page->count > 1 && i < page->count && i < CLI_TOP; i++) {
        const int32_t k = listed->count++;
        summary_label(compare->a, page->pair[i].a, -1, listed->label[k], sizeof listed->label[k]);
        if (!command_compare_row(&listed->row[k], compare, &page->pair[i], 1, err)) return false;
    }
    const int32_t all = listed->count++;
    (void)snprintf(listed->label[all], sizeof listed->label[all], "%s",
                   page->count > 1 ? "all pairs" : "the shared setting");
    if (!command_compare_row(&listed->row[all], compare, page->pair, page->count, err))
        return false;
    if (page->count > 1 && compare->replicates > 1) {
        const int32_t last = listed->count++;
        (void)snprintf(listed->label[last], sizeof listed->label[last],
                       "repeats, averaged over settings");
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
    size_t longest = 0;
    char alt[2048], text[300];
    if (!figure_begin(&figure, report, "compare-differences", "comparison", err)) return false;
    for (int32_t i = 0; i < 4; i++) figure_cell(&figure, headings[i]);
    figure_row(&figure);
    int used = snprintf(alt, sizeof alt, "A minus B in %s.", summary_metric_title(metric));
    for (int32_t i = 0; i < listed->count; i++) {
        const Interval *d = &listed->row[i].against.difference;
        const double ends[] = {d->mean * scale, d->low * scale, d->high * scale};
        const size_t length = report_length(listed->label[i]);
        longest = length > longest ? length : longest;
        figure_cell(&figure, listed->label[i]);
        for (int32_t k = 0; k < 3; k++) {
            figure_value(&figure, ends[k]);
            low = isfinite(ends[k]) ? fmin(low, ends[k]) : low;
            high = isfinite(ends[k]) ? fmax(high, ends[k]) : high;
        }
        figure_row(&figure);
        finding_difference(text, sizeof text, &listed->row[i].against);
        if (d->n > 0 && (i < 3 || i == listed->count - 1) && used > 0 &&
            (size_t)used < sizeof alt)
            used += snprintf(alt + used, sizeof alt - (size_t)used, " %.300s: %s.",
                             listed->label[i], text);
    }
    const double air = high - low > 1e-12 ? 0.04 * (high - low) : 1; /* rounding is no difference */
    (void)snprintf(text, sizeof text, "A − B in %s%s", summary_metric_title(metric),
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

static bool write_differences(const ComparePage *page, Report *report, Error *err) {
    static const char *const headings[] = {
        "row", "text:setting", "mean of A", "mean of B", "A − B", "95 % interval", "p", "pairs"};
    Listed *listed = pool_take(&report->pool, 1, sizeof *listed, err);
    if (listed == NULL || !list_rows(listed, page, err)) return false;
    begin_section(report, "differences", "Paired differences");
    html_print(&report->page,
               "<p>A minus B in %s, pair by pair: the same setting and repeat, so the same seed. "
               "%s zero, A is better.</p>\n",
               summary_metric_title(page->compare->a->metric),
               page->compare->a->maximize ? "Above" : "Below");
    if (!forest(page, listed, report, err)) return false;
    report_table_begin(report, headings, 8);
    for (int32_t i = 0; i < listed->count; i++) {
        const CompareRow *row = &listed->row[i];
        const Interval *d = &row->against.difference;
        html_print(&report->page, "<tr><td>%d</td><td class=\"text\" data-value=\"%d\">%s</td>",
                   i + 1, i, listed->label[i]);
        report_number_cell(report, row->a, d->high - d->mean);
        report_number_cell(report, row->b, d->high - d->mean);
        report_number_cell(report, d->mean, d->high - d->mean);
        report_interval_cell(report, d);
        report_p_cell(report, row->against.p);
        html_print(&report->page, "<td>%lld</td></tr>\n", (long long)d->n);
    }
    report_table_end(report);
    html_raw(&report->page, "<p class=\"note\">p is Wilcoxon’s signed-rank test. ");
    if (page->count > 1 && page->compare->replicates > 1)
        html_raw(&report->page,
                 "Pairs of one repeat share their seed and often their data: the last row, which "
                 "averages over settings first, is the one to trust. ");
    if (page->count > CLI_TOP)
        html_print(&report->page, "The first %d of %lld settings.", CLI_TOP,
                   (long long)page->count);
    html_raw(&report->page, "</p>\n</section>\n");
    return true;
}

/* Loss curves ----------------------------------------------------------------------------------------------------- */

/* The pair of the best of A and that of B, or the first one. */
static int32_t choose_pairs(const ComparePage *page, Pair chosen[SIDES]) {
    int32_t count = 0;
    for (int64_t i = 0; i < page->count && count < SIDES; i++)
        if (page->pair[i].a == page->compare->a->best || page->pair[i].b == page->compare->b->best)
            chosen[count++] = page->pair[i];
    if (count == 0) chosen[count++] = page->pair[0];
    return count;
}

static int64_t point_of(const Results *results, int64_t epoch) {
    for (int64_t p = 0; p < results->points; p++)
        if (results->epoch[p] == epoch) return p;
    return -1;
}

/* Epochs that either has recorded, from `from` on, an even choice of at most EPOCHS; count of them. `all` has room for
 * those of both. */
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

static bool write_curves(const ComparePage *page, Report *report, Error *err) {
    static const struct {
        Metric metric;
        const char *title;
    } wanted[] = {{METRIC_TRAIN_LOSS, "train"}, {METRIC_TEST_LOSS, "test"}};
    static const char *const kinds[] = {"median", "low", "high"};
    const Results *results[SIDES] = {page->compare->a->results, page->compare->b->results};
    Metric metric[2];
    const char *title[2];
    int32_t series = 0;
    for (int32_t i = 0; i < 2; i++)
        if (results[0]->history[wanted[i].metric] && results[1]->history[wanted[i].metric]) {
            metric[series] = wanted[i].metric;
            title[series++] = wanted[i].title;
        }
    int64_t epoch[EPOCHS], trials = 1;
    int64_t *all = pool_take(&report->pool, (size_t)(results[0]->points + results[1]->points) + 1,
                             sizeof *all, err);
    if (all == NULL) return false;
    int32_t epochs = choose_epochs(page, 0, epoch, all);
    if (series == 0 || epochs < 2) return true;
    const bool log_x = epochs >= 20 && epoch[0] == 0;
    if (log_x) epochs = choose_epochs(page, 1, epoch, all);
    Pair pair[SIDES];
    const int32_t panels = SIDES * choose_pairs(page, pair);
    for (int32_t p = 0; p < panels; p++) {
        const Summary *summary = side_of(page, p % SIDES);
        const int64_t g = p % SIDES == 0 ? pair[p / SIDES].a : pair[p / SIDES].b;
        trials = summary->group[g].trials > trials ? summary->group[g].trials : trials;
    }
    double *spare = pool_take(&report->pool, (size_t)trials, sizeof *spare, err);
    Figure figure = {0};
    char text[1200], variable[32], alt[2048];
    double low = INFINITY, high = -INFINITY, last[PANELS * 2] = {0};
    if (spare == NULL) return false;
    begin_section(report, "curves", "Learning curves");
    if (!figure_begin(&figure, report, "compare-curves", "curves", err)) return false;
    figure_cell(&figure, "epoch");
    for (int32_t p = 0; p < panels; p++) {
        const Summary *summary = side_of(page, p % SIDES);
        const int64_t g = p % SIDES == 0 ? pair[p / SIDES].a : pair[p / SIDES].b;
        char label[1024];
        summary_label(summary, g, -1, label, sizeof label);
        (void)snprintf(text, sizeof text, "%s%s%s", LETTER[p % SIDES], label[0] ? ": " : "", label);
        (void)snprintf(variable, sizeof variable, "title_%d", p + 1);
        figure_string(&figure, variable, text);
        for (int32_t s = 0; s < series; s++)
            for (int32_t k = 0; k < 3; k++) {
                (void)snprintf(text, sizeof text, "%s %s %s %s", LETTER[p % SIDES], title[s],
                               kinds[k], label);
                figure_cell(&figure, text);
            }
    }
    figure_row(&figure);
    for (int32_t e = 0; e < epochs; e++) {
        figure_value(&figure, (double)epoch[e]);
        for (int32_t p = 0; p < panels; p++) {
            const Summary *summary = side_of(page, p % SIDES);
            const int64_t g = p % SIDES == 0 ? pair[p / SIDES].a : pair[p / SIDES].b;
            for (int32_t s = 0; s < series; s++) {
                double band[3] = {(double)NAN, (double)NAN, (double)NAN};
                const int64_t point = point_of(summary->results, epoch[e]);
                if (point >= 0)
                    report_band(summary, g, summary->results->history[metric[s]], point, spare,
                                band);
                for (int32_t k = 0; k < 3; k++) {
                    figure_value(&figure, band[k]);
                    if (!isfinite(band[k])) continue;
                    low = fmin(low, band[k]);
                    high = fmax(high, band[k]);
                }
                if (isfinite(band[0])) last[p * 2 + s] = band[0];
            }
        }
        figure_row(&figure);
    }
    int used = snprintf(alt, sizeof alt, "Loss against epoch, A on the left, B on the right.");
    for (int32_t p = 0; p < panels; p++)
        for (int32_t s = 0; s < series && used > 0 && (size_t)used < sizeof alt; s++) {
            char number[64];
            summary_number(number, sizeof number, last[p * 2 + s], (double)NAN);
            used += snprintf(alt + used, sizeof alt - (size_t)used, " %s, %s: ends at %s.",
                             LETTER[p % SIDES], title[s], number);
        }
    const Range y = report_range(low, high, true);
    report_metric_axis(report, metric[0], text, sizeof text);
    figure_string(&figure, "y_label", text);
    figure_string(&figure, "x_label", "epoch");
    figure_number(&figure, "panels", panels);
    figure_number(&figure, "series", series);
    figure_number(&figure, "x_low", (double)epoch[0]);
    figure_number(&figure, "x_high", (double)epoch[epochs - 1]);
    figure_number(&figure, "log_x", log_x);
    figure_number(&figure, "y_low", y.low);
    figure_number(&figure, "y_high", y.high);
    figure_number(&figure, "log_y", y.logarithmic);
    figure_number(&figure, "first_colour", 1);
    for (int32_t s = 0; s < series; s++) {
        (void)snprintf(variable, sizeof variable, "name_%d", s + 1);
        figure_string(&figure, variable, title[s]);
    }
    (void)snprintf(text, sizeof text,
                   "%s. Lines: median of the runs. Bands: 10 %% to 90 %% quantiles, or all of "
                   "fewer than %d runs. All panels have the same axes.%s",
                   panels == PANELS ? "Above: the best setting of one side; below: that of the "
                                      "other"
                                    : "The best setting that both have",
                   REPORT_QUANTILES,
                   log_x ? " The epochs stand on a logarithmic scale, without epoch 0." : "");
    if (!figure_end(&figure, report, alt, text, err)) return false;
    html_raw(&report->page, "</section>\n");
    return true;
}

/* How trainings ended, and what they took ------------------------------------------------------------------------- */

static void write_verdicts(const ComparePage *page, Report *report) {
    static const char *const headings[] = {"text:ended", "A", "B"};
    begin_section(report, "stability", "Stability of training");
    report_table_begin(report, headings, 3);
    for (int32_t v = 0; v <= VERDICT_COUNT; v++) {
        int64_t n[SIDES] = {0};
        for (int32_t side = 0; side < SIDES; side++) {
            const Summary *summary = side_of(page, side);
            for (int64_t g = 0; g < summary->groups; g++)
                n[side] += v == VERDICT_COUNT ? summary->group[g].failed
                                              : summary->group[g].verdict[v];
        }
        if (n[0] + n[1] == 0) continue;
        html_print(&report->page,
                   "<tr><td class=\"text\">%s</td><td>%lld</td><td>%lld</td></tr>\n",
                   v == VERDICT_COUNT ? "failed" : verdict_name((Verdict)v), (long long)n[0],
                   (long long)n[1]);
    }
    report_table_end(report);
    html_raw(&report->page, "</section>\n");
}

/* The last value of a key of run.log, a fraction in three digits; "–" without. */
static void read_log(const char *folder, const char *key, char *value, size_t size) {
    char path[4096], line[4096];
    (void)snprintf(value, size, "–");
    if (!folder_join(path, sizeof path, folder, "run.log", NULL)) return;
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
    } logged[] = {{"training_seconds", "training (s)"}, {"total_seconds", "in all (s)"},
                  {"threads", "threads"},               {"kernels", "kernels"},
                  {"processor", "processor"},           {"host", "host"}};
    double epochs[SIDES] = {0};
    char text[SIDES][256];
    for (int32_t side = 0; side < SIDES; side++)
        for (int64_t i = 0; i < side_of(page, side)->results->trials; i++)
            epochs[side] += (double)side_of(page, side)->results->epochs_run[i];
    begin_section(report, "cost", "Time and cost");
    report_table_begin(report, headings, 3);
    html_print(&report->page,
               "<tr><td class=\"text\">trials</td><td class=\"text\">%lld</td><td "
               "class=\"text\">%lld</td></tr>\n<tr><td class=\"text\">epochs</td><td "
               "class=\"text\">%.0f</td><td class=\"text\">%.0f</td></tr>\n",
               (long long)side_of(page, 0)->results->trials,
               (long long)side_of(page, 1)->results->trials, epochs[0], epochs[1]);
    for (size_t k = 0; k < sizeof logged / sizeof *logged; k++) {
        for (int32_t side = 0; side < SIDES; side++)
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
    if (!where_plots(plots, sizeof plots, err)) return false;
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
    TRY(write_sweep(page, report, err));
    TRY(write_differences(page, report, err));
    TRY(write_curves(page, report, err));
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
