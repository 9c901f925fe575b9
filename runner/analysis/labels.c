/* The words and numbers of summary.h: how settings, axes, metrics and values are called in a
 * report. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runner/analysis/summary.h"

static const char *const METRIC_TITLES[METRIC_COUNT] = {
    [METRIC_TRAIN_OBJECTIVE] = "training objective",
    [METRIC_TRAIN_LOSS] = "train loss",
    [METRIC_TRAIN_ACCURACY] = "train accuracy",
    [METRIC_TRAIN_MSE] = "train MSE",
    [METRIC_TRAIN_R2] = "train R²",
    [METRIC_VAL_LOSS] = "validation loss",
    [METRIC_VAL_ACCURACY] = "validation accuracy",
    [METRIC_VAL_MSE] = "validation MSE",
    [METRIC_VAL_R2] = "validation R²",
    [METRIC_TEST_LOSS] = "test loss",
    [METRIC_TEST_ACCURACY] = "test accuracy",
    [METRIC_TEST_MSE] = "test MSE",
    [METRIC_TEST_R2] = "test R²",
};

const char *labels_metric_title(Metric metric) {
    return METRIC_TITLES[metric];
}

Metric labels_train_metric(Metric metric) {
    const char *name = metrics_name(metric);
    const char *tail = strchr(name, '_');
    if (tail == NULL || strncmp(name, "train", 5) == 0) return METRIC_COUNT;
    char train[64];
    (void)snprintf(train, sizeof train, "train%s", tail);
    return metrics_from_name(train);
}

void labels_number(char *text, size_t size, double value, double spread) {
    if (!isfinite(value)) {
        (void)snprintf(text, size, "–");
        return;
    }
    const double magnitude = fabs(value);
    int decimals;
    if (isfinite(spread) && spread > 0)
        decimals = 1 - (int)floor(log10(spread));
    else
        decimals = magnitude > 0 ? 3 - (int)floor(log10(magnitude)) : 0;
    char plain[64];
    const double coarse = isfinite(spread) && spread > magnitude ? spread : magnitude;
    if (magnitude > 0 && (coarse < 1e-4 || magnitude >= 1e6))
        (void)snprintf(plain, sizeof plain, "%.2e", magnitude);
    else
        (void)snprintf(plain, sizeof plain, "%.*f",
                       decimals < 0   ? 0
                       : decimals > 7 ? 7
                                      : decimals,
                       magnitude);
    const bool zero = strspn(plain, "0.") == strlen(plain);
    (void)snprintf(text, size, "%s%s", value < 0 && !zero ? "−" : "", plain);
}

void labels_axis_title(const SummaryAxis *axis, char *text, size_t size) {
    size_t used = 0;
    text[0] = '\0';
    for (int32_t k = 0; k < axis->keys && used < size; k++) {
        bool deep = false;
        if (axis->key[k] == KEY_HIDDEN)
            for (int32_t i = 0; i < axis->count; i++)
                deep = deep || strchr(axis->label[i], 'x') != NULL;
        used += (size_t)snprintf(text + used, size - used, "%s%s", k > 0 ? ", " : "",
                                 axis->key[k] != KEY_HIDDEN ? KEYS[axis->key[k]].name
                                 : deep && axis->keys == 1  ? "hidden layers"
                                                            : "hidden units");
    }
    for (char *c = text; *c != '\0'; c++)
        if (*c == '_') *c = ' ';
}

static void key_phrase(KeyId key, const char *label, char *text, size_t size) {
    if (key != KEY_HIDDEN) {
        (void)snprintf(text, size, "%s %s", KEYS[key].name, label);
        for (size_t i = 0; i < strlen(KEYS[key].name) && i < size; i++)
            if (text[i] == '_') text[i] = ' ';
    } else if (strcmp(label, "none") == 0) {
        (void)snprintf(text, size, "no hidden layer");
    } else if (strchr(label, 'x') != NULL) {
        (void)snprintf(text, size, "hidden layers %s", label);
    } else {
        (void)snprintf(text, size, "%s hidden unit%s", label, strcmp(label, "1") == 0 ? "" : "s");
    }
}

void labels_phrase(const Summary *summary, int32_t axis, int32_t value, char *text, size_t size) {
    const SummaryAxis *a = &summary->axis[axis];
    size_t used = 0;
    text[0] = '\0';
    for (int32_t k = 0; k < a->keys && used < size; k++) {
        const int64_t trial = summary_first_trial(summary, a->group[value]);
        const char *own = summary->results->key[a->key[k]][trial].text;
        char words[600];
        key_phrase(a->key[k],
                   a->keys == 1     ? a->label[value]
                   : own[0] == '\0' ? "none"
                                    : own,
                   words, sizeof words);
        used += (size_t)snprintf(text + used, size - used, "%s%s", k > 0 ? ", " : "", words);
    }
}

void labels_differing(const Summary *summary, const int64_t *group, int32_t count, bool *differs) {
    for (int32_t a = 0; a < summary->axes; a++) {
        differs[a] = false;
        for (int32_t i = 1; i < count && !differs[a]; i++)
            differs[a] = summary->place[group[i] * SUMMARY_AXES + a] !=
                         summary->place[group[0] * SUMMARY_AXES + a];
    }
}

void labels_setting_on(const Summary *summary, int64_t group, const bool *differs, bool on,
                       char *text, size_t size) {
    size_t used = 0;
    text[0] = '\0';
    for (int32_t a = 0; a < summary->axes && used < size; a++) {
        if (differs[a] != on) continue;
        char words[600];
        labels_phrase(summary, a, summary->place[group * SUMMARY_AXES + a], words, sizeof words);
        const int wrote = snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", words);
        used += (size_t)(wrote > 0 ? wrote : 0);
    }
}

void labels_setting(const Summary *summary, int64_t group, int32_t skip, char *text, size_t size) {
    bool shown[SUMMARY_AXES];
    for (int32_t a = 0; a < summary->axes; a++) shown[a] = a != skip;
    labels_setting_on(summary, group, shown, true, text, size);
}
