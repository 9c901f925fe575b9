/* Names are compared by their edit distance, after the words of other programs; paths take a
 * handful of stat() calls, and only when the program is about to refuse. */
#include "runner/experiment/suggest.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/text.h"

/* --- names ------------------------------------------------------------------------------------ */

/* Edit distance of Damerau and Levenshtein (swaps of neighbours count one), for words under 32
 * letters. */
static int distance(const char *a, const char *b) {
    int row[3][32];
    const int n = (int)strlen(a), m = (int)strlen(b);
    if (n > 31 || m > 31) return INT_MAX;
    int *before = row[0], *above = row[1], *here = row[2];
    for (int j = 0; j <= m; j++) above[j] = j;
    for (int i = 1; i <= n; i++) {
        here[0] = i;
        for (int j = 1; j <= m; j++) {
            const int same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            int best = above[j - 1] + !same;
            if (above[j] + 1 < best) best = above[j] + 1;
            if (here[j - 1] + 1 < best) best = here[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            here[j] = best;
        }
        int *oldest = before;
        before = above;
        above = here;
        here = oldest;
    }
    return above[m];
}

/* What other programs call it. */
static const char *const SYNONYMS[][2] = {
    {"lr", "learning_rate"},       {"eta", "learning_rate"}, {"units", "hidden"},
    {"neurons", "hidden"},         {"layers", "hidden"},     {"hidden_units", "hidden"},
    {"n_samples", "data.samples"}, {"dataset", "data.kind"}, {"max_iter", "epochs"},
    {"solver", "optimizer"},       {"seeds", "repeats"},     {"early_stopping", "stop.patience"},
};

/* A name that has the word between points and underscores: samples, batch, accuracy. data.samples
 * is preferred to data.test_samples; else the first that begins with it, else the last, so that
 * accuracy is test_accuracy. */
static const char *containing(const char *word, const char *const *names) {
    const size_t length = strlen(word);
    const char *head = NULL, *tail = NULL;
    if (length < 4) return NULL;
    for (; *names; names++) {
        const size_t all = strlen(*names);
        if (all <= length + 1) continue;
        const char *last = *names + all - length;
        if (strcmp(last, word) == 0 && last[-1] == '.') return *names;
        if (strcmp(last, word) == 0 && last[-1] == '_') tail = *names;
        if (!head && strncmp(*names, word, length) == 0 && (*names)[length] == '_') head = *names;
    }
    return head ? head : tail;
}

static const char *listed(const char *word, const char *const *names) {
    while (*names && strcmp(*names, word) != 0) names++;
    return *names;
}

const char *suggest_closest(const char *word, const char *const *names) {
    const char *closest = NULL;
    for (size_t i = 0; i < sizeof SYNONYMS / sizeof *SYNONYMS; i++) {
        if (strcmp(word, SYNONYMS[i][0]) == 0) closest = listed(SYNONYMS[i][1], names);
        if (closest) return closest;
    }
    const size_t length = strlen(word);
    int nearest = length < 8 ? 1 : length > 64 ? 16 : (int)length / 4;
    for (const char *const *name = names; *name; name++) {
        const int d = distance(word, *name);
        if (d <= nearest && d < (int)strlen(*name)) {
            if (closest && d == nearest) continue;
            closest = *name;
            nearest = d;
        }
    }
    return closest ? closest : containing(word, names);
}

void suggest_list(char *text, size_t size, const char *word, const char *const *names) {
    const char *closest = suggest_closest(word, names);
    Text list = text_begin(text, size);
    for (const char *const *name = names; *name; name++) {
        text_add(&list, "%s%s", name > names ? ", " : "", *name);
    }
    if (closest) text_add(&list, "; did you mean %s?", closest);
}

static void offer(char *text, size_t size, const char *name) {
    snprintf(text, size, " (did you mean %s?)", name);
}

void suggest_name(char *text, size_t size, const char *word, const char *const *names) {
    const char *closest = suggest_closest(word, names);
    text[0] = '\0';
    if (closest) offer(text, size, closest);
}

/* --- paths ------------------------------------------------------------------------------------ */

/* Offers `shown` if `candidate` is a file, and not `path` itself. */
static bool offer_file(char *text, size_t size, const char *path, const char *candidate,
                       const char *shown) {
    struct stat status;
    if (strcmp(candidate, path) == 0) return false;
    if (stat(candidate, &status) != 0 || !S_ISREG(status.st_mode)) return false;
    offer(text, size, shown);
    return true;
}

/* The last component of a path without slashes behind it and without .yaml or .yml; *folder is the
 * length of what precedes it. */
static void stem_of(const char *path, int *folder, char *stem, size_t size) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') length--;
    size_t start = length;
    while (start > 0 && path[start - 1] != '/') start--;
    *folder = (int)start;
    snprintf(stem, size, "%.*s", (int)(length - start), path + start);
    char *dot = strrchr(stem, '.');
    if (dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0)) *dot = '\0';
}

void suggest_experiment(char *text, size_t size, const char *path) {
    char stem[256], candidate[1024];
    int folder;
    text[0] = '\0';
    if (strlen(path) + sizeof "/experiment.yaml" > sizeof candidate) return;
    stem_of(path, &folder, stem, sizeof stem);
    snprintf(candidate, sizeof candidate, "%s/experiment.yaml", path);
    if (offer_file(text, size, path, candidate, candidate)) return;
    static const char *const ends[] = {".yaml", ".yml"};
    for (int in_experiments = 0; in_experiments < 2; in_experiments++) {
        for (int end = 0; end < 2; end++) {
            const int before = in_experiments ? 0 : folder;
            snprintf(candidate, sizeof candidate, "%.*s%s%s%s", before, path,
                     in_experiments ? "experiments/" : "", stem, ends[end]);
            if (offer_file(text, size, path, candidate, candidate)) return;
        }
    }
}

void suggest_results(char *text, size_t size, const char *path) {
    char stem[256], folder[300], candidate[320];
    int before;
    text[0] = '\0';
    stem_of(path, &before, stem, sizeof stem);
    snprintf(folder, sizeof folder, "results/%s", stem);
    snprintf(candidate, sizeof candidate, "%s/results.h5", folder);
    offer_file(text, size, path, candidate, folder);
}
