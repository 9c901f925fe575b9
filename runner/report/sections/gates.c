/* Section gates: truth tables. Where the data have a handful of distinct rows, a network either
 * gets all of them right or it does not; the share of starts that do is a proportion, with Wilson's
 * interval. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/report/section.h"

#define ROWS     8 /* distinct rows at most */
#define INPUTS   4
#define SETTINGS 40 /* drawn and listed at most */

typedef struct TruthTable {
    const Dataset *set;
    int32_t rows;
    int64_t at[ROWS]; /* where each distinct row comes first */
} TruthTable;

static bool same_row(const Dataset *set, int64_t a, int64_t b) {
    return memcmp(set->x + a * set->inputs, set->x + b * set->inputs,
                  (size_t)set->inputs * sizeof *set->x) == 0;
}

/* The distinct rows of a trial's data; false where there are too many, or no classes. */
static bool table_of(const Report *report, int64_t trial, TruthTable *table) {
    const DataSplits *data = section_data(report, trial);
    *table = (TruthTable){0};
    if (!data || !data->train.label || data->train.inputs > INPUTS || data->train.inputs < 2 ||
        data->train.outputs > 2)
        return false;
    table->set = &data->train;
    for (int64_t i = 0; i < table->set->n; i++) {
        int32_t r = 0;
        while (r < table->rows && !same_row(table->set, table->at[r], i)) r++;
        if (r == ROWS) return false;
        if (r == table->rows) table->at[table->rows++] = i;
    }
    return true;
}

static const char *unavailable(const Report *report) {
    TruthTable table;
    if (report->summary.best < 0) return "no run has a value";
    const int64_t trial = summary_first_trial(&report->summary, report->summary.best);
    if (!table_of(report, trial, &table))
        return "it needs two classes and at most 8 distinct rows, kept in the results file";
    return section_has_network(report, trial) ? NULL : SECTION_NEEDS_WEIGHTS;
}

/* The answers of a setting's runs. */
typedef struct Answer {
    TruthTable table;
    int64_t runs, right; /* all of them; those that get every row right */
    int64_t ones[ROWS];  /* runs that answer 1 */
} Answer;

static bool count_answers(Answer *answer, Report *report, int64_t group, Error *err) {
    const Summary *summary = &report->summary;
    const ReportPredictor *predictor = report->predictor;
    const SummaryGroup *g = &summary->group[group];
    *answer = (Answer){0};
    if (!table_of(report, summary_first_trial(summary, group), &answer->table)) return true;
    const int32_t inputs = answer->table.set->inputs;
    for (int64_t i = g->start; i < g->start + g->trials; i++) {
        const int64_t trial = summary->trial[i];
        double x[ROWS * INPUTS], y[ROWS * 2];
        TruthTable own;
        bool right = true;
        const int32_t outputs =
            section_has_network(report, trial) ? predictor->outputs(predictor->context, trial) : 0;
        if (outputs < 1 || outputs > 2 || !table_of(report, trial, &own)) {
            answer->runs++; /* a start that diverged gets none right */
            continue;
        }
        for (int32_t r = 0; r < own.rows; r++)
            memcpy(x + r * inputs, own.set->x + own.at[r] * inputs, (size_t)inputs * sizeof *x);
        if (!predictor->predict(predictor->context, trial, x, own.rows, y, err)) return false;
        for (int32_t r = 0; r < own.rows; r++) {
            int32_t label;
            double sure;
            section_class(y + r * outputs, outputs, &label, &sure);
            answer->ones[r] += label == 1;
            right = right && label == own.set->label[own.at[r]];
        }
        answer->runs++;
        answer->right += right;
    }
    return true;
}

static int64_t shown(const Report *report) {
    return report->summary.groups < SETTINGS ? report->summary.groups : SETTINGS;
}

/* Names for the rows of both the figure and the table. */
static bool name_rows(Report *report, RowNames *names, Error *err) {
    int64_t *group = pool_alloc(&report->page.pool, SETTINGS, sizeof *group, err);
    if (!group) return false;
    for (int32_t g = 0; g < shown(report); g++) group[g] = g;
    section_row_names(report, group, (int32_t)shown(report), names);
    return true;
}

static bool write_hero(Report *report, Error *err) {
    Figure figure = {0};
    char alt_buffer[2048], label[1024];
    const int64_t count = shown(report);
    RowNames names;
    int32_t longest = 0;
    TRY(name_rows(report, &names, err));
    TRY(figure_begin(&figure, &report->page, "gates", "gates", err));
    static const char *const headings[] = {"setting", "right", "runs", "share", "low", "high"};
    figure_headings(&figure, headings, 6);
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    text_add(&alt, "Starts that get every row right.");
    for (int64_t g = 0; g < count; g++) {
        Answer answer;
        double low = (double)NAN, high = (double)NAN;
        TRY(count_answers(&answer, report, g, err));
        if (answer.runs > 0) statistics_wilson(answer.right, answer.runs, &low, &high);
        section_row_name(report, &names, g, label, sizeof label);
        longest = text_width(label) > longest ? text_width(label) : longest;
        figure_cell(&figure, label);
        figure_value(&figure, (double)answer.right);
        figure_value(&figure, (double)answer.runs);
        figure_value(&figure, 100 * (double)answer.right / (double)answer.runs);
        figure_value(&figure, 100 * low);
        figure_value(&figure, 100 * high);
        figure_row(&figure);
        text_add(&alt, " %s: %" PRId64 " of %" PRId64 ".", label, answer.right, answer.runs);
    }
    figure_number(&figure, "places", (double)count);
    figure_number(&figure, "longest", (double)longest);
    figure_string(&figure, "x_label", "starts that get every row right (%)");
    return figure_end(&figure, alt.buffer,
                      "Dots: share of the starts that get every row right. Lines: Wilson’s 95 % "
                      "interval of that share. "
                      "Numbers on a narrow screen are the rows of the truth table.",
                      err);
fail:
    figure_drop(&figure);
    return false;
}

/* Headings are the rows of the first setting's data: 0 0, 0 1, 1 0, 1 1. */
static int32_t row_headings(const Report *report, char text[ROWS][64], const char **heading) {
    TruthTable table;
    table_of(report, summary_first_trial(&report->summary, report->summary.best), &table);
    for (int32_t r = 0; r < table.rows; r++) {
        Text row = text_begin(text[r], sizeof text[r]);
        for (int32_t i = 0; i < table.set->inputs; i++) {
            text_add(&row, "%s%.3g", i > 0 ? " " : "",
                     table.set->x[table.at[r] * table.set->inputs + i]);
        }
        heading[r] = text[r];
    }
    return table.rows;
}

static bool write(Report *report, Error *err) {
    char text[ROWS][64], label[1024];
    const char *heading[ROWS + 4] = {"row", "text:setting"};
    const int32_t rows = row_headings(report, text, heading + 2);
    heading[2 + rows] = "all right";
    heading[3 + rows] = "95 % interval";
    RowNames names;
    if (!name_rows(report, &names, err)) return false;
    html_raw(report->page.target,
             "<p>How many of the starts answer 1 to each row of inputs; bold where "
             "1 is right, so that the plain numbers should be 0.</p>\n");
    page_table_begin(&report->page, heading, rows + 4);
    for (int64_t g = 0; g < shown(report); g++) {
        Answer answer;
        double low = 0, high = 0;
        if (!count_answers(&answer, report, g, err)) return false;
        section_row_name(report, &names, g, label, sizeof label);
        html_print(report->page.target,
                   "<tr><td>%" PRId64 "</td><td class=\"text\" data-value=\"%" PRId64 "\">%s</td>",
                   g + 1, g, label);
        for (int32_t r = 0; r < rows; r++) {
            const bool one =
                r < answer.table.rows && answer.table.set->label[answer.table.at[r]] == 1;
            html_print(report->page.target,
                       one ? "<td><strong>%" PRId64 "</strong></td>" : "<td>%" PRId64 "</td>",
                       answer.ones[r]);
        }
        if (answer.runs > 0) statistics_wilson(answer.right, answer.runs, &low, &high);
        html_print(report->page.target,
                   "<td data-value=\"%" PRId64 "\">%" PRId64 " of %" PRId64
                   "</td><td data-value=\"%.9g\">%.0f to %.0f "
                   "%%</td></tr>\n",
                   answer.right, answer.right, answer.runs, low, 100 * low, 100 * high);
    }
    page_table_end(&report->page);
    html_print(report->page.target,
               "<p class=\"note\">The interval is Wilson’s, of the share of starts that get every "
               "row right. A start that diverged counts as one that does not.%s</p>\n",
               shown(report) < report->summary.groups ? " The first 40 settings." : "");
    return true;
}

const Section gates_section = {"gates", "Truth tables", unavailable, write, write_hero};
