/* The networks of a page as JSON: small things in words, weights, points and metrics packed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/analysis/labels.h"
#include "runner/output/json.h"
#include "runner/report/sections/play.h"

#define ROWS  100000 /* points of all data sets, about */
#define TRAIN 1000   /* of one set at most */
#define TEST  300
#define AIR   0.2 /* around the points: as much as section boundaries has */

/* Distinct pieces of JSON that many trials share. */
typedef struct PlayTexts {
    Html *text; /* owned, as all of them */
    int32_t count, capacity;
    bool failed;
} PlayTexts;

/* The index of a text; it is kept where it is new, else freed. */
static int32_t insert(PlayTexts *texts, Html *text) {
    for (int32_t i = texts->count - 1; i >= 0; i--) { /* most trials are like the one before */
        if (texts->text[i].length == text->length &&
            memcmp(texts->text[i].text, text->text, text->length) == 0) {
            html_destroy(text);
            return i;
        }
    }
    if (texts->count == texts->capacity) {
        const int32_t capacity = texts->capacity ? 2 * texts->capacity : 16;
        Html *larger = realloc(texts->text, (size_t)capacity * sizeof *larger);
        if (!larger) {
            html_destroy(text);
            texts->failed = true;
            return 0;
        }
        texts->text = larger;
        texts->capacity = capacity;
    }
    texts->text[texts->count] = *text;
    return texts->count++;
}

/* Writes and frees them. */
static void write_texts(Html *out, const char *name, PlayTexts *texts) {
    html_raw(out, ",\n\"");
    html_raw(out, name);
    html_raw(out, "\":[");
    for (int32_t i = 0; i < texts->count; i++) {
        if (i > 0) html_raw(out, ",\n");
        html_bytes(out, texts->text[i].text, texts->text[i].length);
        html_destroy(&texts->text[i]);
    }
    html_raw(out, "]");
    out->failed = out->failed || texts->failed;
    free(texts->text);
}

/* ,"name": before a value */
static void name(Html *out, const char *word) {
    html_raw(out, ",\"");
    html_raw(out, word);
    html_raw(out, "\":");
}

static void number(Html *out, const char *word, double value) {
    name(out, word);
    json_number(out, value);
}

static void flag(Html *out, const char *word, bool value) {
    name(out, word);
    html_raw(out, value ? "true" : "false");
}

static void text(Html *out, const char *word, const char *value) {
    name(out, word);
    json_text(out, value);
}

/* --- networks --------------------------------------------------------------------------------- */

static int32_t inputs_of(const Report *report, int64_t trial) {
    return report->results->set[report->results->data[trial]].train.inputs;
}

/* What a trial's network is, but for its weights. Inputs are scaled by factor and offset. */
static void describe_net(Html *out, const Report *report, int64_t trial) {
    const Results *results = report->results;
    const ReportPredictor *predictor = report->predictor;
    double scaling[2][2] = {{1, 0}, {1, 0}}; /* of one or two inputs */
    predictor->scaling(predictor->context, trial, scaling);
    html_raw(out, "{\"hidden\":[");
    for (const char *c = results->key[KEY_HIDDEN][trial].text; *c; c++)
        html_bytes(out, *c == 'x' ? "," : c, 1);
    html_raw(out, "]");
    number(out, "outputs", predictor->outputs(predictor->context, trial));
    text(out, "activation", results->key[KEY_ACTIVATION][trial].text);
    text(out, "output", results->key[KEY_OUTPUT][trial].text);
    flag(out, "bias", results->key[KEY_BIAS][trial].number > 0);
    flag(out, "norm", results->key[KEY_BATCH_NORM][trial].number > 0);
    number(out, "low", results->key[KEY_DATA_TARGET_LOW][trial].number);
    number(out, "high", results->key[KEY_DATA_TARGET_HIGH][trial].number);
    static const char *const words[] = {"factor", "offset"};
    for (int k = 0; k < 2; k++) {
        name(out, words[k]);
        html_raw(out, "[");
        for (int32_t i = 0; i < inputs_of(report, trial); i++) {
            if (i > 0) html_raw(out, ",");
            json_number(out, scaling[i][k]);
        }
        html_raw(out, "]");
    }
    html_raw(out, "}");
}

/* The snapshots of a trial that are in the page, oldest first: calls see() with the index of each
 * among all snapshots, then, where the end is another state, with -1. */
typedef void (*PlayStep)(void *context, const Report *report, int64_t trial, int64_t snapshot);
static void each_step(const Play *play, const Report *report, const PlayTrial *trial, PlayStep see,
                      void *context) {
    const int64_t count = play_snapshots(report, trial->trial), shown = play_shown(play, count);
    for (int64_t i = shown - 1; i >= 0; i--) {
        const int64_t last = report->results->snapshot_offset[trial->trial + 1] - 1;
        see(context, report, trial->trial, last - i * play->thin);
    }
    if (trial->ends) see(context, report, trial->trial, -1);
}

static void write_epoch(void *context, const Report *report, int64_t trial, int64_t snapshot) {
    Html *out = context;
    (void)trial;
    if (out->text[out->length - 1] != '[') html_raw(out, ",");
    json_number(out, snapshot < 0 ? -1 : (double)report->results->snapshot_epoch[snapshot]);
}

static void write_weights(void *context, const Report *report, int64_t trial, int64_t snapshot) {
    const Results *results = report->results;
    const ReportPredictor *predictor = report->predictor;
    const size_t size = (size_t)(results->offset[trial + 1] - results->offset[trial]);
    json_floats(context,
                snapshot < 0 ? predictor->weights(predictor->context, trial)
                             : results->snapshot_weights + results->snapshot_start[snapshot],
                size);
}

/* The metrics of a step; `play` chose which. */
typedef struct PlayValues {
    JsonPacked packed;
    const Play *play;
} PlayValues;

static void write_values(void *context, const Report *report, int64_t trial, int64_t snapshot) {
    PlayValues *values = context;
    const Results *results = report->results;
    int64_t point = 0, above = results->points;
    while (snapshot >= 0 && point < above) { /* of the snapshot's epoch, which was recorded */
        const int64_t middle = (point + above) / 2;
        if (results->epoch[middle] < results->snapshot_epoch[snapshot])
            point = middle + 1;
        else
            above = middle;
    }
    for (int32_t m = 0; m < values->play->metrics; m++) {
        const Metric metric = values->play->metric[m];
        const double *final = summary_column(&report->summary, metric, report->summary.at);
        const double *history = results->history[metric] + trial * results->points;
        const double value = snapshot >= 0 ? history[point] : final ? final[trial] : (double)NAN;
        json_floats(&values->packed, &value, 1);
    }
}

/* --- axes ------------------------------------------------------------------------------------- */

static bool in_page(const Play *play, const Report *report, int32_t axis) {
    return !play->is_line || axis == report->summary.sweep_axis;
}

static void write_axis(Html *out, const Report *report, int32_t a) {
    const SummaryAxis *axis = &report->summary.axis[a];
    const double first = axis->number[0], last = axis->number[axis->count - 1];
    char words[400];
    html_raw(out, "{\"name\":");
    json_text(out, axis->name);
    labels_axis_title(axis, words, sizeof words);
    text(out, "title", words);
    flag(out, "numeric", axis->scale != SUMMARY_CATEGORY);
    flag(out, "played", a == report->summary.sweep_axis);
    static const char *const lists[] = {"labels", "phrases", "positions"};
    for (int k = 0; k < 3; k++) {
        name(out, lists[k]);
        for (int32_t v = 0; v < axis->count; v++) {
            const double x = axis->number[v];
            html_raw(out, v == 0 ? "[" : ",");
            if (k == 0) json_text(out, axis->label[v]);
            if (k == 1) labels_phrase(&report->summary, a, v, words, sizeof words);
            if (k == 1) json_text(out, words);
            if (k < 2) continue;
            const double at = axis->scale == SUMMARY_LOG ? log(x / first) / log(last / first)
                                                         : (x - first) / (last - first);
            json_number(out, axis->count > 1 ? at : 0.5);
        }
        html_raw(out, "]");
    }
    html_raw(out, "}");
}

static void write_axes(Html *out, const Play *play, const Report *report) {
    const Summary *summary = &report->summary;
    for (int pass = 0; pass < 2; pass++) { /* the axes; then the best setting's values on them */
        const char *comma = "";
        name(out, pass == 0 ? "axes" : "best");
        html_raw(out, "[");
        for (int32_t a = 0; a < summary->axes; a++) {
            if (!in_page(play, report, a)) continue;
            html_raw(out, comma);
            if (pass == 0) write_axis(out, report, a);
            if (pass == 1) json_number(out, section_value(report, summary->best, a));
            comma = ",";
        }
        html_raw(out, "]");
    }
}

static void write_metrics(Html *out, const Play *play) {
    name(out, "metrics");
    for (int32_t m = 0; m < play->metrics; m++) {
        const char *word = metrics_name(play->metric[m]);
        html_raw(out, m == 0 ? "[{" : ",{");
        html_raw(out, "\"title\":");
        json_text(out, labels_metric_title(play->metric[m]));
        text(out, "part", strncmp(word, "train", 5) == 0 ? "train"
                          : strncmp(word, "val", 3) == 0 ? "validation"
                                                         : "test");
        flag(out, "share", section_is_share(play->metric[m]));
        html_raw(out, "}");
    }
    html_raw(out, "]");
}

/* --- points ----------------------------------------------------------------------------------- */

static int64_t rows_of(const Play *play, const Dataset *split, bool test) {
    const int64_t room = ROWS / play->sets, share = test ? TEST : TRAIN;
    const int64_t limit = room < share ? (room > 0 ? room : 1) : share;
    return split->n < limit ? split->n : limit;
}

/* Calls see() for the rows of all sets that are in the page: of each its training rows, then those
 * of the test. */
typedef void (*PlayRow)(JsonPacked *packed, const Dataset *split, int64_t row);
static void each_row(const Play *play, Html *out, const char *word, PlayRow see) {
    JsonPacked packed;
    name(out, word);
    json_begin(&packed, out);
    for (int32_t k = 0; k < play->sets; k++) {
        const Dataset *splits[] = {&play->set[k]->train, &play->set[k]->test};
        for (int s = 0; s < 2; s++) {
            const int64_t rows = rows_of(play, splits[s], s == 1);
            for (int64_t i = 0; i < rows; i++)
                see(&packed, splits[s], i * splits[s]->n / rows);
        }
    }
    json_end(&packed);
}

static void write_point(JsonPacked *packed, const Dataset *split, int64_t row) {
    json_floats(packed, split->x + row * split->inputs, (size_t)split->inputs);
}

static void write_label(JsonPacked *packed, const Dataset *split, int64_t row) {
    const unsigned char label = (unsigned char)split->label[row];
    json_bytes(packed, &label, 1);
}

static double target_of(const Dataset *split, int64_t row) {
    return split->label ? split->label[row] : split->target[row];
}

static void write_target(JsonPacked *packed, const Dataset *split, int64_t row) {
    const double target = target_of(split, row);
    json_floats(packed, &target, 1);
}

/* The frame around the training points of all sets. */
static void write_ranges(Html *out, const Play *play) {
    static const char *const words[] = {"x", "y"};
    for (int axis = 0; axis < 2; axis++) {
        double low = INFINITY, high = -INFINITY;
        for (int32_t k = 0; k < play->sets; k++) {
            const Dataset *set = &play->set[k]->train;
            for (int64_t i = 0; i < set->n; i++) {
                const double v = axis == 0          ? set->x[i * set->inputs]
                                 : play->is_plane   ? set->x[i * set->inputs + 1]
                                                    : target_of(set, i);
                low = fmin(low, v);
                high = fmax(high, v);
            }
        }
        const double air = fmax((play->is_plane || axis == 1 ? AIR : 0) * (high - low), 1e-6);
        name(out, words[axis]);
        html_raw(out, "[");
        json_number(out, low - air);
        html_raw(out, ",");
        json_number(out, high + air);
        html_raw(out, "]");
    }
}

static void write_points(Html *out, const Play *play) {
    name(out, "sets");
    for (int32_t k = 0; k < play->sets; k++) {
        html_raw(out, k == 0 ? "[[" : ",[");
        json_number(out, (double)rows_of(play, &play->set[k]->train, false));
        html_raw(out, ",");
        json_number(out, (double)rows_of(play, &play->set[k]->test, true));
        html_raw(out, "]");
    }
    html_raw(out, "]");
    write_ranges(out, play);
    each_row(play, out, "points", write_point);
    if (play->is_plane)
        each_row(play, out, "labels", write_label);
    else
        each_row(play, out, "targets", write_target);
    if (!play->is_plane) return;
    name(out, "classes");
    const int32_t outputs = play->set[0]->train.outputs, classes = outputs > 2 ? outputs : 2;
    for (int32_t k = 0; k < classes; k++) {
        char class_name[32];
        snprintf(class_name, sizeof class_name, "class %d", k);
        html_raw(out, k == 0 ? "[" : ",");
        json_text(out, class_name);
    }
    html_raw(out, "]");
}

/* --- everything ------------------------------------------------------------------------------- */

/* A row of whole numbers a trial: its values on the axes, repeat, network, epochs, data set. */
static void write_trials(Html *out, const Play *play, const Report *report) {
    PlayTexts nets = {0}, epochs = {0};
    name(out, "trials");
    html_raw(out, "[");
    for (int64_t i = 0; i < play->trials; i++) {
        const PlayTrial *trial = &play->trial[i];
        Html net = {0}, list = {0};
        if (i > 0) html_raw(out, ",");
        for (int32_t a = 0; a < report->summary.axes; a++) {
            if (in_page(play, report, a))
                html_print(out, "%d,", section_value(report, trial->group, a));
        }
        describe_net(&net, report, trial->trial);
        html_raw(&list, "[");
        each_step(play, report, trial, write_epoch, &list);
        html_raw(&list, "]");
        const int32_t net_index = insert(&nets, &net), list_index = insert(&epochs, &list);
        html_print(out, "%d,%d,%d,%d", trial->repeat, net_index, list_index,
                   play->page_set[report->results->data[trial->trial]]);
    }
    html_raw(out, "]");
    write_texts(out, "nets", &nets);
    write_texts(out, "epochs", &epochs);
}

bool play_data_write(const Play *play, Report *report, Error *err) {
    Html *out = report->page.target;
    html_raw(out, "<script type=\"application/json\" id=\"play-data\">\n{\"kind\":");
    json_text(out, play->is_plane ? "plane" : "line");
    number(out, "inputs", play->is_plane ? 2 : 1);
    number(out, "repeats", play->repeats);
    text(out, "word", report->summary.folds ? "fold" : "repeat");
    write_axes(out, play, report);
    write_metrics(out, play);
    write_points(out, play);
    write_trials(out, play, report);
    JsonPacked packed;
    name(out, "weights");
    json_begin(&packed, out);
    for (int64_t i = 0; i < play->trials; i++)
        each_step(play, report, &play->trial[i], write_weights, &packed);
    json_end(&packed);
    PlayValues values = {.play = play};
    name(out, "values");
    json_begin(&values.packed, out);
    for (int64_t i = 0; i < play->trials; i++)
        each_step(play, report, &play->trial[i], write_values, &values);
    json_end(&values.packed);
    html_raw(out, "}\n</script>\n");
    return !out->failed || error_memory(err, out->length);
}
