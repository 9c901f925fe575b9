/* `runner compare`: two results, or the values of a key within one, pair by pair.
 *
 * A pair is a setting and a repeat that both sides have. Pairs of one repeat share their seed, and
 * often their data, so with several settings a second line averages over settings first: its
 * repeats are independent. */
#include "runner/commands/command_compare.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "runner/journal/id_index.h"

#define SHOWN 10 /* differing trials that are named */

/* --- two results ------------------------------------------------------------------------------ */

/* True where all final values agree; prints the first that does not. */
static bool same_trial(const Results *a, int64_t i, const Results *b, int64_t j, bool print) {
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        if (!a->final[m] || !b->final[m] || trial_result_same_bits(a->final[m][i], b->final[m][j]))
            continue;
        if (print) {
            printf("trial %016" PRIx64 ": final_%s is %.17g in %s, %.17g in %s\n", a->id[i],
                   metrics_name(m), a->final[m][i], a->path, b->final[m][j], b->path);
        }
        return false;
    }
    return true;
}

/* Trials with the same identity must have the same bits. */
static bool compare_common(const Results *a, const Results *b, int64_t *common, int64_t *differ,
                           Error *err) {
    IdRow *place;
    *common = *differ = 0;
    if (!id_index_create(&place, b->id, b->trials, err)) return false;
    for (int64_t i = 0; i < a->trials; i++) {
        const int64_t row = id_index_find(place, b->trials, a->id[i]);
        if (row < 0) continue;
        ++*common;
        *differ += !same_trial(a, i, b, row, *differ < SHOWN);
    }
    free(place);
    return true;
}

/* What is the same for all trials of a result but not in both. data.seed moves with the repeat. */
static void tell_constants(const Compare *compare) {
    for (int key = 0; key < KEY_COUNT; key++) {
        if (compare->shared[key] || key == KEY_DATA_SEED || key == KEY_DATA_TEST_SEED) continue;
        const char *a = compare->a->results->key[key][0].text;
        const char *b = compare->b->results->key[key][0].text;
        if (strcmp(a, b) != 0) {
            fprintf(stderr, "%s: %s in A, %s in B\n", KEYS[key].name, *a ? a : "none",
                    *b ? b : "none");
        }
    }
}

/* The last part of a results folder's path, in letters that a folder's name may have. */
static void short_name(char *name, size_t size, const Opened *opened) {
    char path[4096];
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

/* Nothing that is there is overwritten but a page of this command. */
static bool is_free(const char *folder, Error *err) {
    char path[4200], head[2048] = "";
    struct stat status;
    snprintf(path, sizeof path, "%s/index.html", folder);
    FILE *file = fopen(path, "re");
    if (file) {
        head[fread(head, 1, sizeof head - 1, file)] = '\0';
        fclose(file);
        if (strstr(head, "content=\"runner comparison\"")) return true;
    } else if (stat(folder, &status) != 0 || files_is_empty(folder)) {
        return true;
    }
    return error_set(err, ERROR_CONFLICT,
                     "%s: is there and is no page of a comparison (another folder: -o DIR)",
                     folder);
}

static bool draw_page(const ComparePage *page, Error *err) {
    if (!files_make_folder(page->folder, err)) return false;
    const bool drawn = command_compare_page(page, err);
    if (files_has(page->folder, "index.html"))
        fprintf(stderr, "page     %s/index.html\n", page->folder);
    return drawn;
}

static bool compare_results(const CliOptions *options, const Opened *a, const Opened *b,
                            Compare *compare, Error *err) {
    Matches in_a = {0}, in_b = {0};
    Pair *pair = NULL;
    char folder[4096];
    int64_t count = 0, common, differ;
    bool done = false;
    page_folder(folder, sizeof folder, options, a, b);
    if (!options->no_page && !is_free(folder, err)) return false;
    command_compare_mark(compare->shared, compare->a);
    command_compare_mark(compare->shared, compare->b);
    TRY(command_compare_places(&in_a, compare->a, compare->shared, 0, NULL, err));
    TRY(command_compare_places(&in_b, compare->b, compare->shared, 0, NULL, err));
    pair = command_compare_match(&in_a, &in_b, &count, err);
    if (!pair) goto fail;
    if (count == 0) {
        error_set(err, ERROR_USAGE, "%s and %s have no setting in common", options->target,
                  options->second);
        goto fail;
    }
    tell_constants(compare);
    fprintf(stderr, "A %s, B %s; %s, A - B\n", options->target, options->second,
            metrics_name(compare->a->metric));
    TRY(command_compare_begin(compare, "setting", "A", "B", err));
    TRY(command_compare_all(compare, pair, count, err));
    TRY(command_compare_end(compare, count, err));
    TRY(compare_common(a->results, b->results, &common, &differ, err));
    if (common > 0 && differ == 0)
        printf("%" PRId64 " trials are in both; their final values agree in every bit\n", common);
    /* The table is printed: what goes wrong with the page does not take it back. */
    Error trouble = {0};
    const ComparePage page = {.compare = compare,
                              .pair = pair,
                              .count = count,
                              .common = common,
                              .differ = differ,
                              .path = {options->target, options->second},
                              .folder_of = {a->folder, b->folder},
                              .folder = folder};
    const bool drawn = options->no_page || draw_page(&page, &trouble);
    if (differ > 0) {
        if (!drawn) fprintf(stderr, "%s\n", trouble.text);
        error_set(err, ERROR_FAILED,
                  "%" PRId64 " of %" PRId64 " trials that are in both have different final values",
                  differ, common);
        goto fail;
    }
    done = drawn || error_set(err, trouble.kind, "%s", trouble.text);
fail:
    free(pair);
    command_compare_places_free(&in_a);
    command_compare_places_free(&in_b);
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
    char list[512] = "";
    for (int32_t a = 0; a < summary->axes; a++) {
        for (int32_t k = 0; k < summary->axis[a].keys; k++) {
            const KeyId key = summary->axis[a].key[k];
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", *list ? ", " : "",
                     KEYS[key].name);
            if (strcmp(KEYS[key].name, name) != 0) continue;
            values->key = key;
            values->axis = &summary->axis[a];
            return true;
        }
    }
    return error_set(err, ERROR_USAGE, "--by: \"%s\" does not vary here (%s)", name,
                     *list ? list : "there is one setting only");
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
static double mean_of(const Compare *compare, const Matches *places) {
    double sum = 0;
    int64_t n = 0;
    for (int64_t i = 0; i < places->count; i++) {
        const Interval interval =
            summary_interval(compare->a, places->place[i].group, compare->column_a);
        if (interval.n == 0) continue;
        sum += interval.mean;
        n++;
    }
    return n ? sum / (double)n : (double)NAN;
}

static bool compare_many(Compare *compare, const Values *values, const Matches *places,
                         Error *err) {
    int32_t best = -1;
    double least = (double)NAN;
    for (int32_t i = 0; i < values->count; i++) {
        const double mean = mean_of(compare, &places[i]) * (compare->a->maximize ? -1 : 1);
        if (!isnan(mean) && (best < 0 || mean < least)) {
            best = i;
            least = mean;
        }
    }
    if (best < 0) best = 0;
    fprintf(stderr,
            "%s, each value - the best (%s=%s); one of %" PRId32
            " comparisons is small by luck more easily than one alone\n",
            metrics_name(compare->a->metric), KEYS[values->key].name, values->text[best],
            values->count - 1);
    if (!command_compare_begin(compare, KEYS[values->key].name, "value", "best", err)) return false;
    for (int32_t i = 0; i < values->count; i++) {
        int64_t count;
        if (i == best) continue;
        Pair *pair = command_compare_match(&places[i], &places[best], &count, err);
        const bool added =
            pair && command_compare_pairs(compare, *values->text[i] ? values->text[i] : "none",
                                          pair, count, err);
        free(pair);
        if (!added) return false;
    }
    return command_compare_end(compare, 1, err);
}

static bool compare_two(Compare *compare, const Values *values, const Matches *places, Error *err) {
    int64_t count;
    Pair *pair = command_compare_match(&places[0], &places[1], &count, err);
    bool done = false;
    if (!pair) return false;
    if (count == 0) {
        error_set(err, ERROR_USAGE, "--by: %s=%s and %s=%s share no other setting",
                  KEYS[values->key].name, values->text[0], KEYS[values->key].name, values->text[1]);
        goto fail;
    }
    fprintf(stderr, "%s, %s=%s - %s=%s\n", metrics_name(compare->a->metric), KEYS[values->key].name,
            values->text[0], KEYS[values->key].name, values->text[1]);
    TRY(command_compare_begin(compare, "setting", values->text[0], values->text[1], err));
    TRY(command_compare_all(compare, pair, count, err));
    done = command_compare_end(compare, count, err);
fail:
    free(pair);
    return done;
}

static bool compare_values(const CliOptions *options, Compare *compare, Error *err) {
    Values *values = calloc(1, sizeof *values);
    Matches *places = NULL;
    bool done = false;
    if (!values) return error_memory(err, sizeof *values);
    TRY(find_values(values, compare->a, options->by, err));
    command_compare_mark(compare->shared, compare->a);
    for (int32_t k = 0; k < values->axis->keys; k++) compare->shared[values->axis->key[k]] = false;
    places = calloc((size_t)values->count, sizeof *places);
    if (!places) {
        error_memory(err, (size_t)values->count * sizeof *places);
        goto fail;
    }
    for (int32_t i = 0; i < values->count; i++) {
        TRY(command_compare_places(&places[i], compare->a, compare->shared, values->key,
                                   values->text[i], err));
    }
    done = values->count == 2 ? compare_two(compare, values, places, err)
                              : compare_many(compare, values, places, err);
fail:
    for (int32_t i = 0; places && i < values->count; i++) command_compare_places_free(&places[i]);
    free(places);
    free(values);
    return done;
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool take_columns(Compare *compare, const Summary *a, const Summary *b, Error *err) {
    compare->a = a;
    compare->b = b;
    compare->column_a = summary_column(a, a->metric, a->at);
    compare->column_b = summary_column(b, a->metric, a->at);
    return (compare->column_a && compare->column_b) ||
           error_set(err, ERROR_USAGE, "%s: has no %s to compare", b->results->path,
                     metrics_name(a->metric));
}

bool command_compare(const CliOptions *options, Error *err) {
    Opened a, b = {0};
    Summary summary_a = {0}, summary_b = {0};
    Compare compare = {0};
    bool done = false;
    if (!opened_open(&a, options->target, false, err)) return false;
    TRY(summary_create(&summary_a, a.results, a.spec, err));
    if (options->second) {
        TRY(opened_open(&b, options->second, false, err));
        TRY(summary_create(&summary_b, b.results, b.spec, err));
        TRY(take_columns(&compare, &summary_a, &summary_b, err));
        done = compare_results(options, &a, &b, &compare, err);
    } else {
        TRY(take_columns(&compare, &summary_a, &summary_a, err));
        done = compare_values(options, &compare, err);
    }
fail:
    compare.table.failed = true;
    (void)!table_end(&compare.table, 0, NULL);
    free(compare.scratch);
    summary_destroy(&summary_a);
    summary_destroy(&summary_b);
    opened_close(&a);
    opened_close(&b);
    return done;
}
