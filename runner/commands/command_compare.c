/* `runner compare`: two results, or the values of a key within one, pair by pair.
 *
 * With several settings a second line averages over settings first: its repeats are independent
 * (analysis/pairs.h). */

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "runner/analysis/finding.h"
#include "runner/analysis/pairs.h"
#include "runner/commands/commands.h"
#include "runner/commands/opened.h"
#include "runner/journal/id_index.h"
#include "runner/journal/run_log.h"
#include "runner/report/compare_page.h"

#define SHOWN 10 /* at most so many differing trials are named */

/* --- the table -------------------------------------------------------------------------------- */

typedef struct CompareTable {
    const Pairing *pairing;
    Table table;
    int64_t longest; /* pairs of the row with the largest number of them */
} CompareTable;

static void begin_table(CompareTable *compare, const Pairing *pairing, const char *first,
                        const char *a, const char *b) {
    Table *l = &compare->table;
    *compare = (CompareTable){.pairing = pairing};
    table_begin(l, TABLE_TABLE, stdout);
    table_column(l, first, NULL, TABLE_TEXT, 0);
    table_column(l, a, NULL, TABLE_REAL, 2);
    table_column(l, b, NULL, TABLE_REAL, 2);
    table_column(l, "difference", NULL, TABLE_REAL, 0);
    table_column(l, "95% low", NULL, TABLE_REAL, 1);
    table_column(l, "95% high", NULL, TABLE_REAL, 1);
    table_column(l, "p", NULL, TABLE_REAL, 0);
    table_column(l, "pairs", NULL, TABLE_INTEGER, 0);
}

static void add_row(CompareTable *compare, const char *label, const PairedDifference *row) {
    Table *l = &compare->table;
    const Interval *d = &row->against.difference;
    char p[32] = "-";
    if (row->against.p < 0.0005)
        snprintf(p, sizeof p, "%.1e", row->against.p);
    else if (!isnan(row->against.p))
        snprintf(p, sizeof p, "%.3f", row->against.p);
    table_text(l, label);
    table_number(l, row->a);
    table_number(l, row->b);
    table_number(l, d->mean);
    table_number(l, d->low);
    table_number(l, d->high);
    table_text(l, p);
    table_number(l, (double)d->n);
    if (d->n > compare->longest) compare->longest = d->n;
}

static bool add_pairs(CompareTable *compare, const char *label, const Pair *pair, int64_t count,
                      Error *err) {
    PairedDifference row;
    if (!pairs_difference(&row, compare->pairing, pair, count, err)) return false;
    add_row(compare, label, &row);
    return true;
}

/* Each setting (the first CLI_TOP), all pairs, and repeat by repeat. */
static bool add_all(CompareTable *compare, const Pair *pair, int64_t count, Error *err) {
    for (int64_t i = 0; i < count && count > 1 && i < CLI_TOP; i++) {
        char label[512];
        opened_setting_text(compare->pairing->a, pair[i].a, label, sizeof label);
        if (!add_pairs(compare, label, &pair[i], 1, err)) return false;
    }
    if (!add_pairs(compare, count > 1 ? "all pairs" : "the shared setting", pair, count, err)) {
        return false;
    }
    if (count > 1 && compare->pairing->replicates > 1) {
        const PairedDifference repeats = pairs_repeats(compare->pairing, pair, count);
        add_row(compare, "repeats", &repeats);
    }
    return true;
}

static bool end_table(CompareTable *compare, int64_t settings, Error *err) {
    const bool done = table_end(&compare->table, table_terminal(), err);
    if (settings > CLI_TOP)
        text_print(stderr, "the first %d of %" PRId64 " settings\n", CLI_TOP, settings);
    if (settings > 1 && compare->pairing->replicates > 1) {
        fputs("pairs of one repeat share their seed; the line \"repeats\" averages over settings "
              "first\n",
              stderr);
    }
    if (compare->longest < FINDING_WILCOXON_FROM) {
        text_print(stderr, "%" PRId64 " pair%s: too few for Wilcoxon's test (%d at least)%s\n",
                   compare->longest, compare->longest == 1 ? "" : "s", FINDING_WILCOXON_FROM,
                   compare->longest < 2 ? ", and for an interval (2)" : "");
    }
    return done;
}

/* Ends it without printing. */
static void drop_table(CompareTable *compare) {
    compare->table.failed = true;
    (void)!table_end(&compare->table, 0, NULL);
}

/* --- two results ------------------------------------------------------------------------------ */

/* True where all final values agree; prints the first that does not. */
static bool same_trial(const Results *a, int64_t i, const Results *b, int64_t j, bool print) {
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        if (!a->final[m] || !b->final[m] || trial_result_same_bits(a->final[m][i], b->final[m][j]))
            continue;
        if (print) {
            text_print(stdout, "trial %016" PRIx64 ": final_%s is %.17g in %s, %.17g in %s\n",
                       a->id[i], metrics_name(m), a->final[m][i], a->path, b->final[m][j], b->path);
        }
        return false;
    }
    return true;
}

/* Trials with the same identity must have the same bits. */
static bool compare_common(const Results *a, const Results *b, int64_t *common, int64_t *differ,
                           Error *err) {
    IdIndex index;
    *common = *differ = 0;
    if (!id_index_create(&index, b->id, b->trials, err)) return false;
    for (int64_t i = 0; i < a->trials; i++) {
        const int64_t row = id_index_find(&index, a->id[i]);
        if (row < 0) continue;
        ++*common;
        *differ += !same_trial(a, i, b, row, *differ < SHOWN);
    }
    id_index_free(&index);
    return true;
}

/* Prints the keys that are constant within each result but differ between the two. data.seed
 * changes with the repeat. */
static void print_constants(const Pairing *pairing) {
    for (int key = 0; key < KEY_COUNT; key++) {
        if (pairing->shared[key] || key == KEY_DATA_SEED || key == KEY_DATA_TEST_SEED) continue;
        const char *a = pairing->a->results->key[key][0].text;
        const char *b = pairing->b->results->key[key][0].text;
        if (strcmp(a, b) != 0) {
            text_print(stderr, "%s: %s in A, %s in B\n", KEYS[key].name, *a ? a : "none",
                       *b ? b : "none");
        }
    }
}

/* The last name of a results folder's path, in letters that a folder's name may have. */
static void short_name(char *name, size_t size, const Opened *opened) {
    char path[FILES_PATH];
    snprintf(path, sizeof path, "%s", opened->folder);
    for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--) path[n - 1] = '\0';
    const char *last = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    if (!strcmp(last, ".") || !strcmp(last, "..") || !*last) last = opened->results->name;
    snprintf(name, size, "%.100s", last);
    for (char *c = name; *c; c++) {
        if (strchr("/ ", *c) || (unsigned char)*c < ' ') *c = '-';
    }
}

/* Where the page goes: -o, else results/compare-A-B. */
static void page_folder(char *folder, size_t size, const CliOptions *options, const Opened *a,
                        const Opened *b) {
    char name[2][128];
    short_name(name[0], sizeof name[0], a);
    short_name(name[1], sizeof name[1], b);
    if (options->output)
        snprintf(folder, size, "%s", options->output);
    else
        snprintf(folder, size, "results/compare-%s-%s", name[0], name[1]);
}

/* Whether the page may be written: nothing is overwritten but an earlier page of this command. */
static bool is_free(const char *path, Error *err) {
    Folder folder;
    if (!files_has(path, ".")) return true; /* it is made, or not, when the table is printed */
    const bool free =
        folder_open(&folder, path, err) && page_check(&folder, "comparison", true, err);
    folder_close(&folder);
    return free;
}

static bool draw_page(ComparePage *page, const char *path, const Opened *a, const Opened *b,
                      Error *err) {
    CompareLog log[COMPARE_SIDES];
    Folder folder;
    for (int32_t k = 0; k < COMPARE_PAGE_LOGGED; k++) {
        char *value[] = {log[0].value[k], log[1].value[k]};
        run_log_value(value[0], sizeof log[0].value[k], a->folder, COMPARE_PAGE_LOG_KEYS[k]);
        run_log_value(value[1], sizeof log[1].value[k], b->folder, COMPARE_PAGE_LOG_KEYS[k]);
    }
    if (!folder_make(&folder, path, err)) return false;
    page->folder = &folder;
    const bool drawn =
        page_check(&folder, "comparison", true, err) && compare_page_draw(page, log, err);
    if (folder_has(&folder, "index.html")) text_print(stderr, "page     %s/index.html\n", path);
    folder_close(&folder);
    return drawn;
}

/* Prints the table; fills in what the page says of the trials that are in both. */
static bool print_results(const CliOptions *options, const Pairing *pairing, ComparePage *page,
                          Error *err) {
    CompareTable table;
    print_constants(pairing);
    text_print(stderr, "A %s, B %s; %s, A - B\n", options->target, options->second,
               metrics_name(pairing->a->metric));
    begin_table(&table, pairing, "setting", "A", "B");
    if (!add_all(&table, page->pair, page->count, err)) {
        drop_table(&table);
        return false;
    }
    if (!end_table(&table, page->count, err)) return false;
    if (!compare_common(pairing->a->results, pairing->b->results, &page->common, &page->differ,
                        err)) {
        return false;
    }
    if (page->common > 0 && page->differ == 0) {
        text_print(stdout,
                   "%" PRId64 " trials are in both; their final values agree in every bit\n",
                   page->common);
    }
    return true;
}

static bool compare_results(const CliOptions *options, const Opened *a, const Opened *b,
                            Pairing *pairing, Error *err) {
    Matches in_a = {0}, in_b = {0};
    Pair *pair = NULL;
    char folder[FILES_PATH];
    int64_t count = 0;
    bool done = false;
    page_folder(folder, sizeof folder, options, a, b);
    if (!options->no_page && !is_free(folder, err)) return false;
    pairs_share_axes(pairing, pairing->a);
    pairs_share_axes(pairing, pairing->b);
    TRY(pairs_index(&in_a, pairing, pairing->a, 0, NULL, err));
    TRY(pairs_index(&in_b, pairing, pairing->b, 0, NULL, err));
    pair = pairs_match(&in_a, &in_b, &count, err);
    if (!pair) goto fail;
    if (count == 0) {
        error_set(err, ERROR_USAGE, "%s and %s have no setting in common", options->target,
                  options->second);
        goto fail;
    }
    ComparePage page = {.pairing = pairing,
                        .pair = pair,
                        .count = count,
                        .path = {options->target, options->second}};
    TRY(print_results(options, pairing, &page, err));
    /* The table is printed: what goes wrong with the page does not undo that. */
    Error trouble = {0};
    const bool drawn = options->no_page || draw_page(&page, folder, a, b, &trouble);
    if (page.differ > 0) {
        if (!drawn) text_print(stderr, "%s\n", trouble.text);
        error_set(err, ERROR_FAILED,
                  "%" PRId64 " of %" PRId64 " trials that are in both have different final values",
                  page.differ, page.common);
        goto fail;
    }
    done = drawn || error_set(err, trouble.kind, "%s", trouble.text);
fail:
    free(pair);
    pairs_index_free(&in_a);
    pairs_index_free(&in_b);
    return done;
}

/* --- values of a key -------------------------------------------------------------------------- */

#define MAX_VALUES 1000

typedef struct Values {
    KeyId key;
    const SummaryAxis *axis;      /* that the key is on */
    const char *text[MAX_VALUES]; /* canonical, in the order of the axis */
    int32_t count;
} Values;

static bool find_axis(Values *values, const Summary *summary, const char *name, Error *err) {
    char buffer[512];
    Text list = text_begin(buffer, sizeof buffer);
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++) {
            const KeyId key = summary->axis[a].key[k];
            text_add(&list, "%s%s", list.length ? ", " : "", KEYS[key].name);
            if (strcmp(KEYS[key].name, name) != 0) continue;
            values->key = key;
            values->axis = &summary->axis[a];
            return true;
        }
    }
    return error_set(err, ERROR_USAGE, "--by: \"%s\" does not vary here (%s)", name,
                     list.length ? buffer : "there is one setting only");
}

/* "KEY", or "KEY=V1,V2". */
static bool find_values(Values *values, const Summary *summary, const char *by, Error *err) {
    char name[128], chosen[256] = "";
    snprintf(name, sizeof name, "%.*s", (int)strcspn(by, "="), by);
    if (strchr(by, '=')) snprintf(chosen, sizeof chosen, "%s", strchr(by, '=') + 1);
    if (!find_axis(values, summary, name, err)) return false;
    for (int64_t g = 0; g < summary->groups; g++) {
        const char *text = summary->results->key[values->key][summary_first_trial(summary, g)].text;
        bool known = false;
        for (int32_t i = 0; i < values->count && !known; i++)
            known = strcmp(values->text[i], text) == 0;
        if (!known && values->count < MAX_VALUES) values->text[values->count++] = text;
    }
    if (!*chosen) return true;
    const char *pick[2] = {NULL, NULL};
    char *second = strchr(chosen, ',');
    if (second) *second++ = '\0';
    for (int32_t i = 0; i < values->count && second; i++) {
        if (strcmp(values->text[i], chosen) == 0) pick[0] = values->text[i];
        if (strcmp(values->text[i], second) == 0) pick[1] = values->text[i];
    }
    if (!pick[0] || !pick[1] || pick[0] == pick[1]) {
        return error_set(err, ERROR_USAGE,
                         "--by: \"%s\" (%s=V1,V2, two of its %" PRId32 " values: %s, %s ...)", by,
                         name, values->count, values->text[0], values->text[values->count - 1]);
    }
    values->text[0] = pick[0];
    values->text[1] = pick[1];
    values->count = 2;
    return true;
}

/* Mean over everything that has the value: only to choose what the others are compared with. */
static double mean_of(const Pairing *pairing, const Matches *matches) {
    double sum = 0;
    int64_t n = 0;
    for (int64_t i = 0; i < matches->count; i++) {
        const Interval interval =
            summary_interval(pairing->a, matches->match[i].group, pairing->column_a);
        if (interval.n == 0) continue;
        sum += interval.mean;
        n++;
    }
    return n ? sum / (double)n : (double)NAN;
}

/* Which value has the best mean; the first where none has one. */
static int32_t best_value(const Pairing *pairing, const Values *values, const Matches *matches) {
    int32_t best = -1;
    double least = (double)NAN;
    for (int32_t i = 0; i < values->count; i++) {
        const double mean = mean_of(pairing, &matches[i]) * (pairing->a->maximize ? -1 : 1);
        if (!isnan(mean) && (best < 0 || mean < least)) {
            best = i;
            least = mean;
        }
    }
    return best < 0 ? 0 : best;
}

static bool compare_many(const Pairing *pairing, const Values *values, const Matches *matches,
                         Error *err) {
    CompareTable table;
    const int32_t best = best_value(pairing, values, matches);
    text_print(stderr,
               "%s, each value - the best (%s=%s); one of %" PRId32
               " comparisons is small by luck more easily than one alone\n",
               metrics_name(pairing->a->metric), KEYS[values->key].name, values->text[best],
               values->count - 1);
    begin_table(&table, pairing, KEYS[values->key].name, "value", "best");
    for (int32_t i = 0; i < values->count; i++) {
        int64_t count;
        if (i == best) continue;
        const char *label = *values->text[i] ? values->text[i] : "none";
        Pair *pair = pairs_match(&matches[i], &matches[best], &count, err);
        const bool added = pair && add_pairs(&table, label, pair, count, err);
        free(pair);
        if (!added) {
            drop_table(&table);
            return false;
        }
    }
    return end_table(&table, 1, err);
}

static bool compare_two(const Pairing *pairing, const Values *values, const Matches *matches,
                        Error *err) {
    CompareTable table;
    int64_t count;
    const char *name = KEYS[values->key].name;
    const char *const *text = values->text;
    Pair *pair = pairs_match(&matches[0], &matches[1], &count, err);
    if (!pair) return false;
    if (count == 0) {
        free(pair);
        return error_set(err, ERROR_USAGE, "--by: %s=%s and %s=%s share no other setting", name,
                         text[0], name, text[1]);
    }
    text_print(stderr, "%s, %s=%s - %s=%s\n", metrics_name(pairing->a->metric), name, text[0], name,
               text[1]);
    begin_table(&table, pairing, "setting", text[0], text[1]);
    const bool added = add_all(&table, pair, count, err);
    free(pair);
    if (added) return end_table(&table, count, err);
    drop_table(&table);
    return false;
}

static bool compare_values(const CliOptions *options, Pairing *pairing, Error *err) {
    Values *values = calloc(1, sizeof *values);
    Matches *matches = NULL;
    bool done = false;
    if (!values) return error_memory(err, sizeof *values);
    TRY(find_values(values, pairing->a, options->by, err));
    pairs_share_axes(pairing, pairing->a);
    for (int32_t k = 0; k < values->axis->keys; k++) pairing->shared[values->axis->key[k]] = false;
    matches = calloc((size_t)values->count, sizeof *matches);
    if (!matches) {
        error_memory(err, (size_t)values->count * sizeof *matches);
        goto fail;
    }
    for (int32_t i = 0; i < values->count; i++) {
        TRY(pairs_index(&matches[i], pairing, pairing->a, values->key, values->text[i], err));
    }
    done = values->count == 2 ? compare_two(pairing, values, matches, err)
                              : compare_many(pairing, values, matches, err);
fail:
    for (int32_t i = 0; matches && i < values->count; i++) pairs_index_free(&matches[i]);
    free(matches);
    free(values);
    return done;
}

/* --- the command ------------------------------------------------------------------------------ */

bool command_compare(const CliOptions *options, Error *err) {
    Opened a, b = {0};
    Summary summary_a = {0}, summary_b = {0};
    Pairing pairing = {0};
    bool done = false;
    if (!opened_open(&a, options->target, false, err)) return false;
    TRY(summary_create(&summary_a, a.results, a.spec, err));
    if (options->second) {
        TRY(opened_open(&b, options->second, false, err));
        TRY(summary_create(&summary_b, b.results, b.spec, err));
        TRY(pairs_create(&pairing, &summary_a, &summary_b, err));
        done = compare_results(options, &a, &b, &pairing, err);
    } else {
        TRY(pairs_create(&pairing, &summary_a, &summary_a, err));
        done = compare_values(options, &pairing, err);
    }
fail:
    pairs_destroy(&pairing);
    summary_destroy(&summary_a);
    summary_destroy(&summary_b);
    opened_close(&a);
    opened_close(&b);
    return done;
}
