#include "runner/analysis/labels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

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
    if (!tail || strncmp(name, "train", 5) == 0) return METRIC_COUNT;
    char train[64];
    snprintf(train, sizeof train, "train%s", tail);
    return metrics_from_name(train);
}

void labels_number(char *text, size_t size, double value, double spread) {
    if (!isfinite(value)) {
        snprintf(text, size, "–");
        return;
    }
    const double magnitude = fabs(value);
    int decimals = magnitude > 0 ? 3 - (int)floor(log10(magnitude)) : 0;
    if (isfinite(spread) && spread > 0) decimals = 1 - (int)floor(log10(spread));
    char plain[64];
    const double coarse = isfinite(spread) && spread > magnitude ? spread : magnitude;
    if (decimals < 0) decimals = 0;
    if (decimals > 7) decimals = 7;
    if (magnitude > 0 && (coarse < 1e-4 || magnitude >= 1e6))
        snprintf(plain, sizeof plain, "%.2e", magnitude);
    else
        snprintf(plain, sizeof plain, "%.*f", decimals, magnitude);
    const bool zero = strspn(plain, "0.") == strlen(plain);
    snprintf(text, size, "%s%s", value < 0 && !zero ? "−" : "", plain);
}

/* True where a network of the axis has several hidden layers. */
static bool is_deep(const SummaryAxis *axis) {
    for (int32_t i = 0; i < axis->count; i++) {
        if (strchr(axis->label[i], 'x')) return true;
    }
    return false;
}

void labels_axis_title(const SummaryAxis *axis, char *text, size_t size) {
    Text title = text_begin(text, size);
    for (int32_t k = 0; k < axis->keys; k++) {
        const bool hidden = axis->key[k] == KEY_HIDDEN;
        text_add(&title, "%s%s", k > 0 ? ", " : "",
                 !hidden                            ? KEYS[axis->key[k]].name
                 : axis->keys == 1 && is_deep(axis) ? "hidden layers"
                                                    : "hidden units");
    }
    for (char *c = text; *c != '\0'; c++) {
        if (*c == '_') *c = ' ';
    }
}

static void key_phrase(KeyId key, const char *label, char *text, size_t size) {
    if (key != KEY_HIDDEN) {
        snprintf(text, size, "%s %s", KEYS[key].name, label);
        for (size_t i = 0; i < strlen(KEYS[key].name) && i < size; i++) {
            if (text[i] == '_') text[i] = ' ';
        }
    } else if (strcmp(label, "none") == 0) {
        snprintf(text, size, "no hidden layer");
    } else if (strchr(label, 'x')) {
        snprintf(text, size, "hidden layers %s", label);
    } else {
        snprintf(text, size, "%s hidden unit%s", label, strcmp(label, "1") == 0 ? "" : "s");
    }
}

void labels_phrase(const Summary *summary, int32_t axis, int32_t value, char *text, size_t size) {
    const SummaryAxis *a = &summary->axis[axis];
    Text phrase = text_begin(text, size);
    for (int32_t k = 0; k < a->keys; k++) {
        const int64_t trial = summary_first_trial(summary, a->group[value]);
        const char *own = summary->results->key[a->key[k]][trial].text;
        char words[600];
        key_phrase(a->key[k],
                   a->keys == 1     ? a->label[value]
                   : own[0] == '\0' ? "none"
                                    : own,
                   words, sizeof words);
        text_add(&phrase, "%s%s", k > 0 ? ", " : "", words);
    }
}

void labels_differing(const Summary *summary, const int64_t *group, int32_t count, bool *differs) {
    for (int32_t a = 0; a < summary->axes; a++) {
        differs[a] = false;
        for (int32_t i = 1; i < count && !differs[a]; i++) {
            differs[a] = summary->value[group[i] * SUMMARY_AXES + a] !=
                         summary->value[group[0] * SUMMARY_AXES + a];
        }
    }
}

void labels_setting_on(const Summary *summary, int64_t group, const bool *differs, bool on,
                       char *text, size_t size) {
    Text label = text_begin(text, size);
    for (int32_t a = 0; a < summary->axes; a++) {
        if (differs[a] != on) continue;
        char words[600];
        labels_phrase(summary, a, summary->value[group * SUMMARY_AXES + a], words, sizeof words);
        text_add(&label, "%s%s", label.length > 0 ? ", " : "", words);
    }
}

void labels_setting(const Summary *summary, int64_t group, int32_t skip, char *text, size_t size) {
    bool shown[SUMMARY_AXES];
    for (int32_t a = 0; a < summary->axes; a++) shown[a] = a != skip;
    labels_setting_on(summary, group, shown, true, text, size);
}
