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

void labels_bare(char *text, size_t size, Metric metric, double value, double spread) {
    const bool share = labels_is_share(metric);
    const double scale = share ? 100 : 1, shown = value * scale;
    char exact[64];
    labels_number(text, size, shown, spread * scale);
    if (spread == 0 && fabs(shown) < 1e4 && (shown == 0 || fabs(shown) >= 1e-3)) {
        snprintf(exact, sizeof exact, "%.4g", fabs(shown)); /* the same in all repeats: 98, 0.25 */
        snprintf(text, size, "%s%s", shown < 0 ? "−" : "", exact);
    } else if (share && isfinite(value) && !strchr(text, '.')) {
        labels_number(text, size, shown, 1);
    }
}

void labels_value(char *text, size_t size, Metric metric, double value, double spread) {
    labels_bare(text, size, metric, value, spread);
    const size_t length = strlen(text);
    if (labels_is_share(metric) && isfinite(value)) snprintf(text + length, size - length, " %%");
}

void labels_change(char *text, size_t size, Metric metric, double value, double spread) {
    labels_bare(text, size, metric, value, spread);
    const size_t length = strlen(text);
    if (labels_is_share(metric) && isfinite(value))
        snprintf(text + length, size - length, " points");
}

bool labels_is_share(Metric metric) {
    return strstr(metrics_name(metric), "accuracy");
}

/* True where a network of the axis has several hidden layers. */
static bool is_deep(const SummaryAxis *axis) {
    for (int32_t i = 0; i < axis->count; i++) {
        if (strchr(axis->label[i], 'x')) return true;
    }
    return false;
}

/* --- words for keys --------------------------------------------------------------------------- */

/* What a key is called where its name in the language would not be plain English. */
typedef struct KeyWords {
    const char *title;          /* NULL: its name without "data." and underscores */
    const char *before, *after; /* of a value; both NULL: the title before it */
    const char *off, *on;       /* the whole phrase of 0, "off" and false, of true; or NULL */
    bool capitals;              /* the value in capitals */
} KeyWords;

static const KeyWords WORDS[KEY_COUNT] = {
    [KEY_BIAS] = {"biases", NULL, NULL, "no biases", "biases", false},
    [KEY_MOMENTUM] = {NULL, NULL, NULL, "no momentum", NULL, false},
    [KEY_NESTEROV] = {"Nesterov momentum", NULL, NULL, "plain momentum", "Nesterov momentum",
                      false},
    [KEY_WEIGHT_DECAY] = {NULL, NULL, NULL, "no weight decay", NULL, false},
    [KEY_BATCH_SIZE] = {NULL, "batches of ", "", "full batch", NULL, false},
    [KEY_EPOCHS] = {"epochs", "", " epochs", NULL, NULL, false},
    [KEY_STEPS] = {"steps", "", " steps", "no limit of steps", NULL, false},
    [KEY_L1] = {"l1 penalty", NULL, NULL, "no l1 penalty", NULL, false},
    [KEY_L2] = {"l2 penalty", NULL, NULL, "no l2 penalty", NULL, false},
    [KEY_DROPOUT] = {NULL, NULL, NULL, "no dropout", NULL, false},
    [KEY_BATCH_NORM] = {NULL, NULL, NULL, "no batch norm", "batch norm", false},
    [KEY_SHUFFLE] = {"order of rows", NULL, NULL, "the same order each epoch", "shuffled rows",
                     false},
    [KEY_DATA_KIND] = {"data", "", "", NULL, NULL, false},
    [KEY_DATA_SAMPLES] = {"training points", "", " training points", NULL, NULL, false},
    [KEY_DATA_GATE] = {"gate", "", "", NULL, NULL, true},
    [KEY_DATA_TURNS] = {"turns", "", " turns", NULL, NULL, false},
    [KEY_DATA_CLASSES] = {"classes", "", " classes", NULL, NULL, false},
    [KEY_DATA_FEATURES] = {"features", "", " features", NULL, NULL, false},
    [KEY_DATA_PATH] = {"file", "", "", NULL, NULL, false},
};

static void key_title(KeyId key, char *text, size_t size) {
    const char *name = KEYS[key].name;
    if (strncmp(name, "data.", 5) == 0) name += 5;
    snprintf(text, size, "%s", WORDS[key].title ? WORDS[key].title : name);
    for (char *c = text; *c != '\0'; c++)
        if (*c == '_') *c = ' ';
}

void labels_axis_title(const SummaryAxis *axis, char *text, size_t size) {
    Text title = text_begin(text, size);
    for (int32_t k = 0; k < axis->keys; k++) {
        char name[128];
        key_title(axis->key[k], name, sizeof name);
        const bool hidden = axis->key[k] == KEY_HIDDEN;
        text_add(&title, "%s%s", k > 0 ? ", " : "",
                 !hidden                            ? name
                 : axis->keys == 1 && is_deep(axis) ? "hidden layers"
                                                    : "hidden units");
    }
}

static void hidden_phrase(const char *label, char *text, size_t size) {
    if (strcmp(label, "none") == 0)
        snprintf(text, size, "no hidden layer");
    else if (strchr(label, 'x'))
        snprintf(text, size, "hidden layers %s", label);
    else
        snprintf(text, size, "%s hidden unit%s", label, strcmp(label, "1") == 0 ? "" : "s");
}

static void key_phrase(KeyId key, const char *label, char *text, size_t size) {
    const KeyWords *words = &WORDS[key];
    const char *word = KEYS[key].word;
    const bool off = strcmp(label, "0") == 0 || strcmp(label, "false") == 0 ||
                     (word && strcmp(label, word) == 0);
    char title[128];
    key_title(key, title, sizeof title);
    if (key == KEY_HIDDEN)
        hidden_phrase(label, text, size);
    else if (words->off && off)
        snprintf(text, size, "%s", words->off);
    else if (words->on && strcmp(label, "true") == 0)
        snprintf(text, size, "%s", words->on);
    else if (words->before)
        snprintf(text, size, "%s%s%s", words->before, label, words->after);
    else
        snprintf(text, size, "%s %s", title, label);
    for (char *c = text; words->capitals && *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
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
