/* Section confusion: which classes the best setting confuses, on rows it was not trained on. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "runner/analysis/labels.h"
#include "runner/output/tiles.h"
#include "runner/report/section.h"

#define CLASSES       20 /* at most, of a matrix that is drawn; more are a table of pairs */
#define PAIRS         10
#define LETTERS       16 /* of a class beside the matrix; of one above a picture: */
#define TITLE_LETTERS 6
enum { NAME = 256 };
#define BATCH 4096

/* A misclassified row. */
typedef struct Mistake {
    const double *x;
    int32_t label, answer;
    double sure;
} Mistake;

typedef struct Confusion {
    int64_t trial; /* the first, whose data name the classes */
    int32_t classes, inputs;
    int64_t rows, wrong, *count; /* classes x classes: true, predicted */
    Mistake mistake[TILES_MAX];  /* the surest ones, surest first */
    int32_t mistakes;
} Confusion;

/* The rows to judge a trial by. `again`: the best setting's set, read again where the results file
 * does not hold it; else NULL. */
static const Dataset *held_out(const Report *report, const DataSplits *again, int64_t trial,
                               bool *by_fold) {
    const DataSplits *data = again ? again : section_data(report, trial);
    *by_fold = false;
    if (!data) return NULL;
    if (data->test.n > 0 && data->test.x) return &data->test;
    *by_fold = data->train.fold;
    return *by_fold ? &data->train : NULL;
}

/* The data set of a trial if it is not in the results file; NULL if it is. */
static const DataSplits *absent(const Report *report, int64_t trial) {
    const int32_t k = report->results->data[trial];
    if (k < 0 || k >= report->results->sets || report->results->set[k].kept) return NULL;
    return &report->results->set[k];
}

static const char *unavailable(const Report *report) {
    bool by_fold;
    if (report->summary.best < 0) return "no run has a value";
    const int64_t trial = summary_first_trial(&report->summary, report->summary.best);
    const DataSplits *missing = absent(report, trial);
    if (!missing) {
        const Dataset *set = held_out(report, NULL, trial, &by_fold);
        if (!set) return "it needs a test set or folds";
        if (!set->label || set->outputs < 3) return "it needs more than two classes";
    } else if (!(report->results->metrics >> METRIC_TEST_ACCURACY & 1) ||
               missing->train.outputs < 3) {
        return "it needs a test set or folds, and more than two classes";
    }
    return section_has_network(report, trial) ? NULL : SECTION_NEEDS_WEIGHTS;
}

static void add_mistake(Confusion *confusion, const Mistake *mistake) {
    int32_t at = confusion->mistakes;
    while (at > 0 && confusion->mistake[at - 1].sure < mistake->sure) at--;
    if (at == TILES_MAX) return;
    if (confusion->mistakes < TILES_MAX) confusion->mistakes++;
    memmove(confusion->mistake + at + 1, confusion->mistake + at,
            (size_t)(confusion->mistakes - 1 - at) * sizeof *mistake);
    confusion->mistake[at] = *mistake;
}

static bool count_trial(Confusion *confusion, Report *report, const DataSplits *again,
                        int64_t trial, Error *err) {
    bool by_fold;
    const Dataset *set = held_out(report, again, trial, &by_fold);
    const ReportPredictor *predictor = report->predictor;
    if (!set || !section_has_network(report, trial)) return true;
    const int32_t outputs = predictor->outputs(predictor->context, trial), inputs = set->inputs;
    int64_t row[BATCH], n = 0;
    double *x = pool_alloc(&report->page.pool, BATCH * (size_t)inputs, sizeof *x, err);
    double *y = pool_alloc(&report->page.pool, BATCH * (size_t)outputs, sizeof *y, err);
    if (!x || !y) return false;
    for (int64_t i = 0; i <= set->n; i++) {
        if (i < set->n && by_fold && set->fold[i] != report->results->fold[trial]) continue;
        if (i < set->n) {
            memcpy(x + n * inputs, set->x + i * inputs, (size_t)inputs * sizeof *x);
            row[n++] = i;
        }
        if (n == 0 || (i < set->n && n < BATCH)) continue;
        if (!predictor->predict(predictor->context, trial, x, n, y, err)) return false;
        for (int64_t k = 0; k < n; k++) {
            Mistake one = {.x = set->x + row[k] * inputs, .label = set->label[row[k]]};
            section_class(y + k * outputs, outputs, &one.answer, &one.sure);
            if (one.answer >= confusion->classes) continue;
            confusion->count[one.label * confusion->classes + one.answer]++;
            confusion->rows++;
            if (one.answer == one.label) continue;
            confusion->wrong++;
            add_mistake(confusion, &one);
        }
        n = 0;
    }
    return true;
}

/* Counts over the first repeat, with all its folds. */
static bool gather(Confusion *confusion, Report *report, const DataSplits *again, Error *err) {
    const Summary *summary = &report->summary;
    const SummaryGroup *best = &summary->group[summary->best];
    bool by_fold;
    const int64_t first = summary_first_trial(summary, summary->best);
    const Dataset *set = held_out(report, again, first, &by_fold);
    confusion->trial = first;
    confusion->classes = set->outputs;
    confusion->inputs = set->inputs;
    const size_t classes = (size_t)set->outputs;
    confusion->count =
        pool_alloc(&report->page.pool, classes * classes, sizeof *confusion->count, err);
    if (!confusion->count) return false;
    for (int64_t i = best->start; i < best->start + best->trials; i++) {
        const int64_t trial = summary->trial[i];
        if (report->results->repeat[trial] == report->results->repeat[first] &&
            !count_trial(confusion, report, again, trial, err))
            return false;
    }
    return true;
}

static void name_class(const Confusion *confusion, const Report *report, int32_t class,
                       int32_t width, char name[NAME]) {
    section_class_name(report, confusion->trial, class, width, name, NAME);
}

/* The classes beside the matrix. */
static void name_axes(const Confusion *confusion, const Report *report, Figure *figure) {
    char name[NAME];
    int32_t longest = 0;
    for (int32_t c = 0; c < confusion->classes; c++) {
        name_class(confusion, report, c, LETTERS, name);
        figure_string_at(figure, "class", c + 1, name);
        if (text_width(name) > longest) longest = text_width(name);
    }
    figure_number(figure, "classes", confusion->classes);
    figure_number(figure, "letters", longest);
}

static bool matrix(const Confusion *confusion, Report *report, Error *err) {
    Figure figure = {0};
    char alt[300], name[NAME];
    int64_t largest = 1;
    if (!figure_begin(&figure, &report->page, "confusion", "confusion", err)) return false;
    static const char *const headings[] = {"true", "answered", "rows", "row", "column"};
    figure_headings(&figure, headings, 5);
    for (int32_t t = 0; t < confusion->classes; t++) {
        for (int32_t a = 0; a < confusion->classes; a++) {
            const int64_t n = confusion->count[t * confusion->classes + a];
            name_class(confusion, report, t, INT32_MAX, name);
            figure_cell(&figure, name);
            name_class(confusion, report, a, INT32_MAX, name);
            figure_cell(&figure, name);
            figure_value(&figure, (double)n);
            figure_value(&figure, t);
            figure_value(&figure, a);
            figure_row(&figure);
            if (t != a && n > largest) largest = n;
        }
    }
    name_axes(confusion, report, &figure);
    figure_number(&figure, "most", (double)largest);
    snprintf(alt, sizeof alt,
             "Confusion matrix of %d classes: %" PRId64 " of %" PRId64
             " rows are taken for another class.",
             confusion->classes, confusion->wrong, confusion->rows);
    return figure_end(&figure, alt,
                      "Rows of the matrix: the true class. Columns: the class the network answers. "
                      "Blue: right. Red: mistakes, stronger the more of them.",
                      err);
}

/* The pair with the most rows of those that come after `last`, in order of rows, then position; -1
 * where there is none left. */
static int32_t next_pair(const Confusion *confusion, int32_t last) {
    const int32_t classes = confusion->classes;
    const int64_t rows = last < 0 ? INT64_MAX : confusion->count[last];
    int32_t found = -1;
    for (int32_t i = 0; i < classes * classes; i++) {
        const int64_t n = confusion->count[i];
        if (i % (classes + 1) == 0 || n == 0 || n > rows || (n == rows && i <= last)) continue;
        if (found < 0 || n > confusion->count[found]) found = i;
    }
    return found;
}

static void pairs(const Confusion *confusion, Report *report) {
    const bool words = section_class_words(report, confusion->trial);
    const char *const headings[] = {words ? "text:true class" : "true class",
                                    words ? "text:answered" : "answered", "rows",
                                    "of the class’s rows"};
    const int32_t classes = confusion->classes;
    const char *kind = words ? " class=\"text\"" : "";
    html_raw(report->page.target, "<h3>Most confused pairs</h3>\n");
    page_table_begin(&report->page, headings, 4);
    int32_t found = next_pair(confusion, -1);
    for (int32_t k = 0; k < PAIRS && found >= 0; k++, found = next_pair(confusion, found)) {
        const int64_t n = confusion->count[found];
        const int32_t pair[] = {found / classes, found % classes};
        int64_t all = 0;
        for (int32_t a = 0; a < classes; a++) all += confusion->count[pair[0] * classes + a];
        html_raw(report->page.target, "<tr>");
        for (int i = 0; i < 2; i++) {
            char name[NAME];
            name_class(confusion, report, pair[i], INT32_MAX, name);
            html_raw(report->page.target, "<td");
            html_raw(report->page.target, kind);
            html_print(report->page.target, ">%s</td>", name);
        }
        html_print(report->page.target,
                   "<td>%" PRId64 "</td><td data-value=\"%.9g\">%.1f %%</td></tr>\n", n,
                   (double)n / (double)all, 100 * (double)n / (double)all);
    }
    page_table_end(&report->page);
}

static bool pictures(const Confusion *confusion, Report *report, Error *err) {
    char title[TILES_MAX][128], alt[200], caption[300];
    Tiles tiles = {.side = tiles_side(confusion->inputs), .stride = 1};
    if (tiles.side == 0 || confusion->mistakes == 0) return true;
    tiles.count = confusion->mistakes;
    for (int32_t t = 0; t < tiles.count; t++) {
        char label[NAME], answer[NAME];
        name_class(confusion, report, confusion->mistake[t].label, TITLE_LETTERS, label);
        name_class(confusion, report, confusion->mistake[t].answer, TITLE_LETTERS, answer);
        snprintf(title[t], sizeof title[t], "%.60s → %.60s", label, answer);
        tiles.title[t] = title[t];
        tiles.value[t] = confusion->mistake[t].x;
    }
    snprintf(alt, sizeof alt, "%d misclassified images, with the true class and the answer.",
             tiles.count);
    snprintf(caption, sizeof caption, "True class → answer; %s%d of %" PRId64 " mistakes.",
             tiles.count < confusion->wrong ? "the surest " : "", tiles.count, confusion->wrong);
    html_raw(report->page.target, "<h3>Misclassified images</h3>\n");
    return tiles_draw(&tiles, &report->page, "mistakes", alt, caption, err);
}

static bool write_classes(Report *report, const DataSplits *again, Error *err) {
    Confusion confusion = {0};
    const Summary *summary = &report->summary;
    bool by_fold;
    char label[1024];
    if (!gather(&confusion, report, again, err)) return false;
    held_out(report, again, summary_first_trial(summary, summary->best), &by_fold);
    labels_setting(summary, summary->best, -1, label, sizeof label);
    html_print(report->page.target,
               "<p>The best setting%s%s, its first repeat: %" PRId64 " of %" PRId64
               " %s rows are taken for another "
               "class (%.2f %%).</p>\n",
               label[0] ? ", " : "", label, confusion.wrong, confusion.rows,
               by_fold ? "held-out" : "test",
               100 * (double)confusion.wrong / (double)(confusion.rows > 0 ? confusion.rows : 1));
    if (confusion.classes <= CLASSES && !matrix(&confusion, report, err)) return false;
    if (confusion.wrong > 0) pairs(&confusion, report);
    return pictures(&confusion, report, err);
}

static bool write(Report *report, Error *err) {
    const int64_t trial = summary_first_trial(&report->summary, report->summary.best);
    if (!absent(report, trial)) return write_classes(report, NULL, err);
    const ReportPredictor *predictor = report->predictor;
    DataSplits again;
    Error why = {0};
    if (!predictor->load(predictor->context, trial, &again, &why)) {
        html_print(
            report->page.target,
            "<p class=\"note\">The data set is too large for the results file, and could not "
            "be read again: %s</p>\n",
            why.text);
        return true;
    }
    const bool done = write_classes(report, &again, err);
    predictor->unload(&again);
    return done;
}

const Section confusion_section = {"confusion", "Confused classes", unavailable, write, NULL};
