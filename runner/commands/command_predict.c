/* `runner predict`: the outputs of a trained network for the rows of a CSV file. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/data/csv.h"
#include "runner/commands/commands.h"
#include "runner/commands/trained.h"

typedef struct Predict {
    const char *path; /* of the CSV file */
    const Opened *opened;
    int64_t trial;
    TrainedNetwork network;
    Setting setting;
    const DatasetNames *known; /* of the data that the network was trained on */
    Dataset rows;
    DatasetNames names; /* of the rows */
    bool labelled;
    double *y; /* rows x outputs */
} Predict;

/* --- rows ------------------------------------------------------------------------------------- */

/* The network's columns are there, and nothing else but the label. */
static bool check_columns(const Predict *predict, const DatasetNames *header, Error *err) {
    const DatasetNames *known = predict->known;
    char list[700];
    int32_t *index = malloc(((size_t)known->columns + 1) * sizeof *index);
    bool *taken = calloc((size_t)header->columns + 1, sizeof *taken), done = index && taken;
    dataset_names_list(list, sizeof list, known->column, known->columns);
    if (!done) {
        error_memory(err, (size_t)header->columns);
        goto fail;
    }
    const int32_t label =
        known->label ? dataset_names_find(header->column, header->columns, known->label) : -1;
    if (label >= 0) taken[label] = true;
    dataset_names_match(index, taken, header->column, header->columns, known->column,
                        known->columns);
    for (int32_t k = 0; done && k < known->columns; k++) {
        if (index[k] >= 0) continue;
        done = error_set(err, ERROR_RESOURCE,
                         "%s: there is no column \"%.60s\" (the network was trained on %s)",
                         predict->path, known->column[k], list);
    }
    for (int32_t i = 0; done && i < header->columns; i++) {
        if (taken[i]) continue;
        done =
            error_set(err, ERROR_RESOURCE,
                      "%s: the network knows no column \"%.60s\" (it was trained on %s); take it "
                      "out",
                      predict->path, header->column[i], list);
    }
fail:
    free(index);
    free(taken);
    return done;
}

/* Reads the columns by their names, in whatever order they are. */
static bool read_by_name(Predict *predict, const DatasetNames *header, Error *err) {
    const DatasetNames *known = predict->known;
    const bool classes = predict->network.mlp.config.classes;
    if (!check_columns(predict, header, err)) return false;
    predict->labelled = header->columns > known->columns;
    const CsvConfig config = {.task = !predict->labelled ? CSV_INPUTS
                                      : classes          ? CSV_CLASSES
                                                         : CSV_NUMBERS,
                              .label = known->label,
                              .column = known->column,
                              .columns = known->columns};
    return csv_read(&predict->rows, &predict->names, predict->path, &config, err);
}

/* The label's column in a file that has one: where it was in training; of results that do not say,
 * the one that data.label names, or the last. */
static void find_label(const Predict *predict, const DatasetNames *header, char *text,
                       size_t size) {
    const char *label = predict->setting.value[KEY_DATA_LABEL].text;
    const bool csv = predict->setting.value[KEY_DATA_KIND].number == DATA_KIND_CSV;
    char *end;
    const bool number = *label && strtol(label, &end, 10) < header->columns && !*end;
    const bool named =
        header->column && dataset_names_find(header->column, header->columns, label) >= 0;
    if (predict->known->label_column >= 0)
        snprintf(text, size, "%" PRId32, predict->known->label_column);
    else
        snprintf(text, size, "%s", csv && (number || named) ? label : "-1");
}

/* As many columns as inputs, or one more: the label. */
static bool read_by_order(Predict *predict, const DatasetNames *header, Error *err) {
    const int32_t inputs = predict->network.mlp.config.inputs;
    const bool classes = predict->network.mlp.config.classes;
    char label[512], list[700];
    predict->labelled = header->columns == inputs + 1;
    if (header->columns != inputs && !predict->labelled) {
        return error_set(err, ERROR_RESOURCE,
                         "%s: %" PRId32 " columns, but the network has %" PRId32
                         " inputs (so many columns, or one more for the label)",
                         predict->path, header->columns, inputs);
    }
    if (predict->known->column) {
        dataset_names_list(list, sizeof list, predict->known->column, predict->known->columns);
        text_print(stderr, "%s: no header: its columns are read as %s, in this order\n",
                   predict->path, list);
    }
    find_label(predict, header, label, sizeof label);
    const CsvConfig config = {.task = !predict->labelled ? CSV_INPUTS
                                      : classes          ? CSV_CLASSES
                                                         : CSV_NUMBERS,
                              .label = label};
    return csv_read(&predict->rows, &predict->names, predict->path, &config, err);
}

static bool read_data(Predict *predict, Error *err) {
    DatasetNames header;
    if (!csv_read_header(&header, predict->path, err)) return false;
    const bool named = predict->known->column && header.column;
    const bool done = (named ? read_by_name : read_by_order)(predict, &header, err);
    dataset_names_free(&header);
    return done;
}

/* --- output ----------------------------------------------------------------------------------- */

static bool print_outputs(const Predict *predict, Error *err) {
    const MlpConfig *c = &predict->network.mlp.config;
    const DatasetNames *known = predict->known;
    Table table;
    table_begin(&table, TABLE_CSV, stdout);
    for (int32_t j = 0; j < c->outputs; j++) {
        char name[256];
        if (known->class && known->classes == c->outputs)
            snprintf(name, sizeof name, "output_%s", known->class[j]);
        else
            snprintf(name, sizeof name, "output_%" PRId32, j);
        table_column(&table, name, NULL, TABLE_REAL, 0);
    }
    if (c->classes)
        table_column(&table, "class", NULL, known->class ? TABLE_TEXT : TABLE_INTEGER, 0);
    for (int64_t i = 0; i < predict->rows.n; i++) {
        const double *y = predict->y + i * c->outputs;
        for (int32_t j = 0; j < c->outputs; j++) table_number(&table, y[j]);
        if (!c->classes) continue;
        const int32_t class = mlp_class(&predict->network.mlp, y);
        if (known->class)
            table_text(&table, known->class[class]);
        else
            table_number(&table, class);
    }
    return table_end(&table, 0, err);
}

/* The network's class of that name; -1 where it knows none. Without names classes are numbers. */
static int32_t class_named(const Predict *predict, const char *name) {
    const DatasetNames *known = predict->known;
    const int32_t classes =
        predict->opened->results->set[predict->opened->results->data[predict->trial]].train.outputs;
    char *end;
    if (known->class) return dataset_names_find(known->class, known->classes, name);
    const long number = strtol(name, &end, 10);
    return *end || number < 0 || number >= classes ? -1 : (int32_t)number;
}

static bool print_accuracy(const Predict *predict, Error *err) {
    const Dataset *rows = &predict->rows;
    const DatasetNames *names = &predict->names;
    const int32_t outputs = predict->network.mlp.config.outputs;
    int64_t right = 0, foreign = 0;
    int32_t strangers = 0;
    int32_t *match = malloc(((size_t)names->classes + 1) * sizeof *match);
    char **stranger = malloc(((size_t)names->classes + 1) * sizeof *stranger), list[700];
    const bool done = match && stranger;
    for (int32_t c = 0; done && c < names->classes; c++) {
        match[c] = class_named(predict, names->class[c]);
        if (match[c] < 0) stranger[strangers++] = names->class[c];
    }
    for (int64_t i = 0; done && i < rows->n; i++) {
        const int32_t class = match[rows->label[i]];
        foreign += class < 0;
        right += class == mlp_class(&predict->network.mlp, predict->y + i * outputs);
    }
    if (foreign > 0) {
        dataset_names_list(list, sizeof list, stranger, strangers);
        text_print(stderr,
                   "%" PRId64 " of %" PRId64
                   " rows have a class that the network does not know (%s): "
                   "they count as wrong\n",
                   foreign, rows->n, list);
    }
    if (done) {
        text_print(stderr, "accuracy %.6g (%" PRId64 " of %" PRId64 ")\n",
                   (double)right / (double)rows->n, right, rows->n);
    }
    free(match);
    free(stranger);
    return done || error_memory(err, (size_t)names->classes * sizeof *match);
}

static void print_error(const Predict *predict) {
    const Dataset *rows = &predict->rows;
    const int32_t outputs = predict->network.mlp.config.outputs;
    double sum = 0;
    for (int64_t i = 0; i < rows->n; i++) {
        const double error = predict->y[i * outputs] - rows->target[i];
        sum += error * error;
    }
    text_print(stderr, "mse %.6g over %" PRId64 " rows\n", sum / (double)rows->n, rows->n);
}

bool command_predict(const CliOptions *options, Error *err) {
    Opened opened;
    Predict predict = {.path = options->second, .opened = &opened};
    bool done = false;
    if (!trainer_isa_check(err) || !opened_open(&opened, options->target, false, err)) return false;
    TRY(opened_trial(&opened, options->trial, &predict.trial, err));
    TRY(trained_open(&predict.network, &opened, predict.trial, err));
    store_setting(opened.results, predict.trial, &predict.setting);
    predict.known = &opened.results->set[opened.results->data[predict.trial]].names;
    TRY(trained_scaling_known(opened.results, &predict.setting, err));
    TRY(read_data(&predict, err));
    const size_t numbers = (size_t)predict.rows.n * (size_t)predict.network.mlp.config.outputs;
    predict.y = malloc((numbers + 1) * sizeof *predict.y);
    if (!predict.y) {
        error_memory(err, numbers * sizeof *predict.y);
        goto fail;
    }
    TRY(trained_predict(predict.y, opened.results, predict.trial, &predict.network.config,
                        predict.network.weights, predict.rows.x, predict.rows.n, err));
    TRY(print_outputs(&predict, err));
    if (predict.rows.label) TRY(print_accuracy(&predict, err));
    if (predict.rows.target) print_error(&predict);
    done = true;
fail:
    free(predict.y);
    dataset_destroy(&predict.rows);
    dataset_names_free(&predict.names);
    trained_close(&predict.network);
    opened_close(&opened);
    return done;
}
