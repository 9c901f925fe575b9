/* `runner compare`: two results, or the values of a key within one, pair by pair
 * (analysis/pairs.h). */

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "runner/analysis/pairs.h"
#include "runner/analysis/pairs_text.h"
#include "runner/commands/commands.h"
#include "runner/commands/compare_table.h"
#include "runner/commands/opened.h"
#include "runner/journal/id_index.h"
#include "runner/journal/run_log.h"
#include "runner/report/compare_page.h"

#define SHOWN  10 /* at most so many differing trials are named */
#define LISTED 6  /* at most so many values of a key are named */

/* --- the rows of two sides -------------------------------------------------------------------- */

static const char *unit_of(const Pairing *pairing) {
    return pairing->a->folds ? "fold" : "repeat";
}

/* Each setting (the first CLI_TOP), and the average over all of them. */
static bool add_all(CompareTable *table, const Pair *pair, int64_t count, Error *err) {
    for (int64_t i = 0; i < count && count > 1 && i < CLI_TOP; i++) {
        char label[512];
        opened_setting_text(table->pairing->a, pair[i].a, label, sizeof label);
        if (!compare_table_add(table, label, &pair[i], 1, err)) return false;
    }
    table->average = count > 1;
    return compare_table_add(table, count > 1 ? "all settings" : "the shared setting", pair, count,
                             err);
}

/* What is compared, and in what the runs of a pair differ. */
static void print_heading(const Pairing *pairing, const char *sides, const PairsCommon *common) {
    char buffer[1024];
    Text text = text_begin(buffer, sizeof buffer);
    text_print(stderr, "%s, %s; %s over %" PRId32 " %ss\n", metrics_name(pairing->a->metric), sides,
               pairing->replicates > 1 ? "paired" : "compared", pairing->replicates,
               unit_of(pairing));
    pairs_text_common(&text, pairing, common);
    if (text.length > 0) text_print(stderr, "%s\n", buffer);
}

/* The table of two sides that share `count` settings. */
static bool print_sides(const Pairing *pairing, const char *a, const char *b, const Pair *pair,
                        int64_t count, Error *err) {
    CompareTable table = {.pairing = pairing, .heading = {"setting", a, b}};
    const bool done = add_all(&table, pair, count, err) && compare_table_print(&table, err);
    compare_table_destroy(&table);
    if (!done) return false;
    if (count > CLI_TOP)
        text_print(stderr, "the first %d of %" PRId64 " settings\n", CLI_TOP, count);
    if (count > 1)
        text_print(stderr, "all settings: averaged within each %s first\n", unit_of(pairing));
    return true;
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
    struct stat status;
    if (stat(path, &status)) return true; /* it is made, or not, when the table is printed */
    if (!S_ISDIR(status.st_mode)) {
        return error_set(err, ERROR_CONFLICT,
                         "%s: is there and is no comparison of this program (-o DIR)", path);
    }
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
    char sides[2 * FILES_PATH];
    print_constants(pairing);
    snprintf(sides, sizeof sides, "A %s, B %s", options->target, options->second);
    print_heading(pairing, sides, &page->in_common);
    if (!print_sides(pairing, "A", "B", page->pair, page->count, err)) return false;
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
    TRY(pairs_common(&page.in_common, pairing, pair, count, err));
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

static const char *value_text(const Values *values, int32_t i) {
    return *values->text[i] ? values->text[i] : "none";
}

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

/* The value whose text is the first `length` characters; -1: none. */
static int32_t find_value(const Values *values, const char *text, size_t length) {
    for (int32_t i = 0; i < values->count; i++) {
        const char *value = *values->text[i] ? values->text[i] : "none";
        if (strlen(value) == length && strncmp(value, text, length) == 0) return i;
    }
    return -1;
}

static bool error_values(const Values *values, const char *by, Error *err) {
    char buffer[256];
    Text list = text_begin(buffer, sizeof buffer);
    for (int32_t i = 0; i < values->count && i < LISTED; i++)
        text_add(&list, "%s%.40s", i > 0 ? ", " : "", value_text(values, i));
    if (values->count > LISTED)
        text_add(&list, " ... %.40s", value_text(values, values->count - 1));
    return error_set(err, ERROR_USAGE,
                     "--by: \"%s\" does not name different values of %s (%s); KEY=V1,V2 compares "
                     "V1 with V2, KEY=V1 with all others",
                     by, KEYS[values->key].name, buffer);
}

/* Keeps the values in "V1,V2,V3", in that order; a single one goes before all others. A value may
 * have commas of its own. */
static bool choose_values(Values *values, const char *chosen, const char *by, Error *err) {
    const char *pick[MAX_VALUES];
    bool picked[MAX_VALUES] = {false};
    int32_t count = 0;
    for (const char *at = chosen; at;) {
        int32_t value = -1;
        size_t length = 0;
        for (size_t k = strlen(at); k > 0 && value < 0; k--) {
            if (at[k] && at[k] != ',') continue;
            value = find_value(values, at, k);
            length = k;
        }
        if (value < 0 || picked[value]) return error_values(values, by, err);
        picked[value] = true;
        pick[count++] = values->text[value];
        at = at[length] ? at + length + 1 : NULL;
    }
    if (count == 1) {
        for (int32_t i = 0; i < values->count; i++)
            if (!picked[i]) pick[count++] = values->text[i];
    }
    memcpy(values->text, pick, (size_t)count * sizeof *pick);
    values->count = count;
    return true;
}

/* "KEY", "KEY=V1" or "KEY=V1,V2". */
static bool find_values(Values *values, const Summary *summary, const char *by, Error *err) {
    char name[128];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(by, "="), by);
    if (!find_axis(values, summary, name, err)) return false;
    for (int64_t g = 0; g < summary->groups; g++) {
        const char *text = summary->results->key[values->key][summary_first_trial(summary, g)].text;
        bool known = false;
        for (int32_t i = 0; i < values->count && !known; i++)
            known = strcmp(values->text[i], text) == 0;
        if (!known && values->count < MAX_VALUES) values->text[values->count++] = text;
    }
    return !strchr(by, '=') || choose_values(values, strchr(by, '=') + 1, by, err);
}

/* Adds up what is said of all rows. */
static void add_common(PairsCommon *all, const PairsCommon *one) {
    all->runs += one->runs;
    all->same_data += one->same_data;
    all->same_seed += one->same_seed;
    all->one_data = all->one_data && one->one_data;
}

/* The first value against each of the others, settings averaged within each repeat. */
static bool compare_many(const Pairing *pairing, const Values *values, const Matches *matches,
                         Error *err) {
    const char *name = KEYS[values->key].name;
    CompareTable table = {.pairing = pairing, .heading = {"B", "mean of A", "mean of B"}};
    PairsCommon common = {.one_data = true}, one;
    char sides[512];
    bool done = false;
    for (int32_t i = 1; i < values->count; i++) {
        int64_t count;
        Pair *pair = pairs_match(&matches[0], &matches[i], &count, err);
        const bool added = pair && pairs_common(&one, pairing, pair, count, err) &&
                           compare_table_add(&table, value_text(values, i), pair, count, err);
        free(pair);
        if (!added) goto fail;
        add_common(&common, &one);
    }
    snprintf(sides, sizeof sides, "A %s=%.200s (another: --by %s=VALUE), B each other value", name,
             value_text(values, 0), name);
    print_heading(pairing, sides, &common);
    done = compare_table_print(&table, err);
fail:
    compare_table_destroy(&table);
    return done;
}

static bool compare_two(const Pairing *pairing, const Values *values, const Matches *matches,
                        Error *err) {
    int64_t count;
    PairsCommon common;
    const char *name = KEYS[values->key].name;
    const char *text[2] = {value_text(values, 0), value_text(values, 1)};
    char sides[512];
    bool done = false;
    Pair *pair = pairs_match(&matches[0], &matches[1], &count, err);
    if (!pair) return false;
    if (count == 0) {
        error_set(err, ERROR_USAGE, "--by: %s=%s and %s=%s share no other setting", name, text[0],
                  name, text[1]);
        goto fail;
    }
    TRY(pairs_common(&common, pairing, pair, count, err));
    snprintf(sides, sizeof sides, "A %s=%.200s, B %s=%.200s", name, text[0], name, text[1]);
    print_heading(pairing, sides, &common);
    done = print_sides(pairing, text[0], text[1], pair, count, err);
fail:
    free(pair);
    return done;
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
