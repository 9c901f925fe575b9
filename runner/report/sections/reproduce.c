/* Section reproduce: how to get any figure or run again. */
#include <inttypes.h>

#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define TRIALS 10 /* that are listed */

static const char *unavailable(const Report *report) {
    return report->results->trials == 0 ? "there are no runs" : NULL;
}

static bool write(Report *report, Error *err) {
    static const char *const headings[] = {"text:trial", "text:setting", "repeat",
                                           "fold",       "seed",         "ended"};
    static const char *const ended[] = {
        [TRIAL_DONE] = "done", [TRIAL_DIVERGED] = "diverged", [TRIAL_FAILED] = "failed"};
    const Summary *summary = &report->summary;
    const Results *results = report->results;
    (void)err;
    html_raw(
        report->page.target,
        "<p>Each figure: <code>gnuplot NAME.gp</code> in the report’s folder draws it again "
        "from NAME.tsv. Each run: <code>runner verify RESULTS --trial ID</code> trains it again "
        "and compares every bit; <code>runner show RESULTS</code> lists all of them.</p>\n");
    if (summary->best < 0) return true;
    html_raw(report->page.target, "<p>The runs of the best setting:</p>\n");
    const SummaryGroup *best = &summary->group[summary->best];
    char label[1024];
    labels_setting(summary, summary->best, -1, label, sizeof label);
    page_table_begin(&report->page, headings, 6);
    for (int64_t i = best->start; i < best->start + best->trials && i < best->start + TRIALS; i++) {
        const int64_t t = summary->trial[i];
        char id[20];
        snprintf(id, sizeof id, "%016" PRIx64, results->id[t]);
        html_print(report->page.target,
                   "<tr><td class=\"text\"><code>%s</code></td><td class=\"text\">%s</td>"
                   "<td>%d</td><td>%d</td><td>%" PRId64 "</td><td>%s</td></tr>\n",
                   id, label[0] ? label : "–", results->repeat[t], results->fold[t],
                   results->seed[t], ended[results->status[t]]);
    }
    page_table_end(&report->page);
    if (best->trials > TRIALS) {
        html_print(report->page.target, "<p class=\"note\">%d of %" PRId64 " runs.</p>\n", TRIALS,
                   best->trials);
    }
    return true;
}

const Section reproduce_section = {"reproduce", "Reproduce it", unavailable, write, NULL};
