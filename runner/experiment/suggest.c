/* A handful of stat() calls, and only where the program is about to refuse. */
#include "runner/experiment/suggest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Says so where folder/stem/end is a file, and not `path` itself. */
static bool is_there(char *text, size_t size, const char *path, const char *candidate,
                     const char *shown) {
    struct stat status;
    if (strcmp(candidate, path) == 0) return false;
    if (stat(candidate, &status) != 0 || !S_ISREG(status.st_mode)) return false;
    (void)snprintf(text, size, " (did you mean %s?)", shown);
    return true;
}

/* The last part of a path without slashes behind it and without .yaml or .yml; *folder is how much
 * stands before it. */
static void take_stem(const char *path, int *folder, char *stem, size_t size) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') length--;
    size_t start = length;
    while (start > 0 && path[start - 1] != '/') start--;
    *folder = (int)start;
    (void)snprintf(stem, size, "%.*s", (int)(length - start), path + start);
    char *dot = strrchr(stem, '.');
    if (dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0)) *dot = '\0';
}

void suggest_experiment(char *text, size_t size, const char *path) {
    char stem[256], candidate[1024];
    int folder;
    text[0] = '\0';
    if (strlen(path) + sizeof "/experiment.yaml" > sizeof candidate) return;
    take_stem(path, &folder, stem, sizeof stem);
    (void)snprintf(candidate, sizeof candidate, "%s/experiment.yaml", path);
    if (is_there(text, size, path, candidate, candidate)) return;
    static const char *const ends[] = {".yaml", ".yml"};
    for (int in_experiments = 0; in_experiments < 2; in_experiments++) {
        for (int end = 0; end < 2; end++) {
            const int before = in_experiments ? 0 : folder;
            (void)snprintf(candidate, sizeof candidate, "%.*s%s%s%s", before, path,
                           in_experiments ? "experiments/" : "", stem, ends[end]);
            if (is_there(text, size, path, candidate, candidate)) return;
        }
    }
}

void suggest_results(char *text, size_t size, const char *path) {
    char stem[256], folder[300], candidate[320];
    int before;
    text[0] = '\0';
    take_stem(path, &before, stem, sizeof stem);
    (void)snprintf(folder, sizeof folder, "results/%s", stem);
    (void)snprintf(candidate, sizeof candidate, "%s/results.h5", folder);
    is_there(text, size, path, candidate, folder);
}
