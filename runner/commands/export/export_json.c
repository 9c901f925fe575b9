/* A network as JSON: its setting, its layout, its metrics, its weights. */
#include <inttypes.h>
#include <string.h>

#include "runner/commands/export/export_network.h"
#include "runner/output/escape.h"

static void write_setting(const ExportJob *job) {
    const Results *r = job->opened->results;
    fputs("  \"setting\": {", job->out);
    for (int key = 0; key < KEY_COUNT; key++) {
        const Value *value = &r->key[key][job->trial];
        const KeyType type = KEYS[key].type;
        fputs(key ? ",\n    " : "\n    ", job->out);
        escape_json(job->out, KEYS[key].name);
        fputs(": ", job->out);
        if (type == KEY_TYPE_BOOL)
            fputs(value->number != 0 ? "true" : "false", job->out);
        else if (type == KEY_TYPE_INTEGER || type == KEY_TYPE_REAL)
            escape_json_real(job->out, value->number);
        else
            escape_json(job->out, value->text);
    }
    fputs("\n  },\n", job->out);
}

static void write_metrics(const ExportJob *job, const char *word, double *const *column) {
    bool any = false;
    fprintf(job->out, "  \"%s\": {", word);
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        if (!column[m]) continue;
        fprintf(job->out, "%s\"%s\": ", any ? ", " : "", metrics_name(m));
        escape_json_real(job->out, column[m][job->trial]);
        any = true;
    }
    fputs("},\n", job->out);
}

static void write_layout(const ExportJob *job) {
    const MlpConfig *c = &job->network->mlp.config;
    fprintf(job->out,
            "  \"network\": {\n    \"inputs\": %" PRId32 ", \"outputs\": %" PRId32
            ", \"hidden\": [",
            c->inputs, c->outputs);
    for (int32_t i = 0; i < c->hidden_count; i++)
        fprintf(job->out, "%s%" PRId32, i ? ", " : "", c->hidden[i]);
    fprintf(
        job->out,
        "],\n    \"activation\": \"%s\", \"output\": \"%s\", \"batch_norm\": %s, \"classes\": %s,\n"
        "    \"target_low\": ",
        ACTIVATION_NAMES[c->activation], ACTIVATION_NAMES[c->output],
        c->batch_norm ? "true" : "false", c->classes ? "true" : "false");
    escape_json_real(job->out, c->target_low);
    fputs(", \"target_high\": ", job->out);
    escape_json_real(job->out, c->target_high);
    fputs("\n  },\n", job->out);
}

static void write_row(FILE *out, const double *row, int32_t columns) {
    fputc('[', out);
    for (int32_t j = 0; j < columns; j++) {
        if (j) fputs(", ", out);
        escape_json_real(out, row[j]);
    }
    fputc(']', out);
}

static void write_array(FILE *out, const ExportArray *array) {
    fprintf(out, "    \"%s\": ", array->name);
    if (array->rows == 0) {
        write_row(out, array->values, array->columns);
        return;
    }
    fputc('[', out);
    for (int32_t i = 0; i < array->rows; i++) {
        if (i) fputs(",\n      ", out);
        write_row(out, array->values + (size_t)i * (size_t)array->columns, array->columns);
    }
    fputc(']', out);
}

static bool write_file(const ExportJob *job, Error *err) {
    (void)err;
    const Results *r = job->opened->results;
    ExportArray array[EXPORT_MAX_ARRAYS];
    const int32_t count = export_network_arrays(array, job->network);
    fprintf(job->out, "{\n  \"format\": \"runner-network\",\n  \"name\": ");
    escape_json(job->out, r->name);
    fprintf(job->out,
            ",\n  \"id\": \"%016" PRIx64 "\",\n  \"seed\": %" PRId64 ",\n  \"repeat\": %" PRId32
            ",\n  \"fold\": %" PRId32 ",\n  \"data\": ",
            r->id[job->trial], r->seed[job->trial], r->repeat[job->trial], r->fold[job->trial]);
    escape_json(job->out, r->set[r->data[job->trial]].recipe);
    fputs(",\n", job->out);
    write_setting(job);
    write_layout(job);
    write_metrics(job, "final", r->final);
    write_metrics(job, "best", r->best);
    fputs("  \"weights\": {\n", job->out);
    for (int32_t i = 0; i < count; i++) {
        write_array(job->out, &array[i]);
        fputs(i + 1 < count ? ",\n" : "\n", job->out);
    }
    fputs("  }\n}\n", job->out);
    return true;
}

const ExportFormat export_json_format = {"json", false, write_file};
