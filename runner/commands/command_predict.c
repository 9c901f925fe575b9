/* `runner predict`: the outputs of a trained network for the rows of a CSV file. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/csv.h"
#include "runner/commands/commands.h"
#include "runner/commands/trained.h"

typedef struct Predict {
    const char *path; /* of the CSV file */
    const Opened *opened;
    int64_t trial;
    TrainedNetwork network;
    Setting setting;
    Dataset rows;
    bool labelled;
    bool words; /* the file is not all numbers: labels are words, numbered as this file has them */
    double *y;  /* rows x outputs */
} Predict;

/* --- rows ------------------------------------------------------------------------------------- */

static bool read_rows(Predict *predict, CsvTask task, Error *err) {
    const int32_t inputs = predict->network.mlp.config.inputs;
    const char *label = predict->setting.value[KEY_DATA_LABEL].text;
    const bool csv = predict->setting.value[KEY_DATA_KIND].number == DATA_KIND_CSV;
    const CsvConfig config = {.task = task, .label = csv && *label ? label : NULL};
    Error why = {0};
    bool read = csv_read(&predict->rows, predict->path, &config, &why);
    if (!read && config.label && task != CSV_INPUTS) { /* no such column here: it is the last */
        const CsvConfig last = {.task = task};
        read = csv_read(&predict->rows, predict->path, &last, NULL);
    }
    predict->words = predict->words || (!read && task == CSV_INPUTS);
    if (!read) return error_set(err, why.kind, "%s", why.text);
    if (predict->rows.inputs == inputs) return true;
    const int32_t columns = predict->rows.inputs + (task != CSV_INPUTS);
    dataset_destroy(&predict->rows);
    return error_set(err, ERROR_RESOURCE,
                     "%s: %" PRId32 " columns, but the network has %" PRId32
                     " inputs (so many columns, or one more "
                     "for the label)",
                     predict->path, columns, inputs);
}

/* As many columns as inputs, or one more: the label. */
static bool read_data(Predict *predict, Error *err) {
    const bool classes = predict->network.mlp.config.classes;
    Error why = {0}, labelled = {0};
    if (read_rows(predict, CSV_INPUTS, &why)) return true;
    predict->labelled = true;
    if (read_rows(predict, classes ? CSV_CLASSES : CSV_NUMBERS, &labelled)) return true;
    return error_set(err, why.kind, "%s", why.text);
}

/* --- output ----------------------------------------------------------------------------------- */

static bool print_outputs(const Predict *predict, Error *err) {
    const MlpConfig *c = &predict->network.mlp.config;
    Table table;
    table_begin(&table, TABLE_CSV, stdout);
    for (int32_t j = 0; j < c->outputs; j++) {
        char name[24];
        snprintf(name, sizeof name, "output_%" PRId32, j);
        table_column(&table, name, NULL, TABLE_REAL, 0);
    }
    if (c->classes) table_column(&table, "class", NULL, TABLE_INTEGER, 0);
    for (int64_t i = 0; i < predict->rows.n; i++) {
        const double *y = predict->y + i * c->outputs;
        for (int32_t j = 0; j < c->outputs; j++) table_number(&table, y[j]);
        if (c->classes) table_number(&table, mlp_class(&predict->network.mlp, y));
    }
    return table_end(&table, 0, err);
}

static void print_accuracy(const Predict *predict) {
    const MlpConfig *c = &predict->network.mlp.config;
    const Dataset *rows = &predict->rows;
    const int32_t trained =
        predict->opened->results->set[predict->opened->results->data[predict->trial]].train.outputs;
    int64_t right = 0;
    double sum = 0;
    if (c->classes && (rows->outputs > trained || (predict->words && rows->outputs != trained))) {
        fprintf(stderr,
                "the label column has %" PRId32 " classes, the network knows %" PRId32
                ": no accuracy\n",
                rows->outputs, trained);
        return;
    }
    for (int64_t i = 0; i < rows->n; i++) {
        const double *y = predict->y + i * c->outputs;
        if (c->classes)
            right += mlp_class(&predict->network.mlp, y) == rows->label[i];
        else
            sum += (y[0] - rows->target[i]) * (y[0] - rows->target[i]);
    }
    if (c->classes) {
        fprintf(stderr, "accuracy %.6g (%" PRId64 " of %" PRId64 ")\n",
                (double)right / (double)rows->n, right, rows->n);
    } else {
        fprintf(stderr, "mse %.6g over %" PRId64 " rows\n", sum / (double)rows->n, rows->n);
    }
}

bool command_predict(const CliOptions *options, Error *err) {
    Opened opened;
    Predict predict = {.path = options->second, .opened = &opened};
    bool done = false;
    if (!trainer_isa_check(err) || !opened_open(&opened, options->target, false, err)) return false;
    TRY(opened_trial(&opened, options->trial, &predict.trial, err));
    TRY(trained_open(&predict.network, &opened, predict.trial, err));
    store_setting(opened.results, predict.trial, &predict.setting);
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
    done = print_outputs(&predict, err);
    if (done && predict.labelled) print_accuracy(&predict);
fail:
    free(predict.y);
    dataset_destroy(&predict.rows);
    trained_close(&predict.network);
    opened_close(&opened);
    return done;
}
