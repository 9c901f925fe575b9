/* A network as a C file with a function predict() that needs nothing but the mathematics
 * library. */
#include <inttypes.h>
#include <string.h>

#include "runner/commands/export/export_network.h"
#include "runner/output/escape.h"

/* What f(z) is in C; definitions as in core/model/mlp.h. softmax is a loop of its own. */
static const char *const BODIES[ACTIVATION_COUNT] = {
    [ACTIVATION_STEP] = "    return z > 0 ? 1.0 : 0.0;\n",
    [ACTIVATION_SIGMOID] = "    const double e = exp(-fabs(z));\n"
                           "    return z >= 0 ? 1 / (1 + e) : e / (1 + e);\n",
    [ACTIVATION_TANH] = "    return tanh(z);\n",
    [ACTIVATION_RELU] = "    return z > 0 ? z : 0.0;\n",
    [ACTIVATION_LEAKY_RELU] = "    return z > 0 ? z : 0.01 * z;\n",
    [ACTIVATION_ELU] = "    return z > 0 ? z : expm1(z);\n",
    [ACTIVATION_GELU] = "    return 0.5 * z * (1 + erf(z * 0.70710678118654752440));\n",
    [ACTIVATION_SILU] = "    const double e = exp(-fabs(z));\n"
                        "    return z * (z >= 0 ? 1 / (1 + e) : e / (1 + e));\n",
    [ACTIVATION_SOFTPLUS] = "    return (z > 0 ? z : 0.0) + log1p(exp(-fabs(z)));\n",
};

static void put_head(const ExportJob *job) {
    const Results *r = job->opened->results;
    const MlpConfig *c = &job->network->mlp.config;
    const Value *standardize = &r->key[KEY_DATA_STANDARDIZE][job->trial];
    const bool scaled = standardize->number != 0 || *r->key[KEY_DATA_SCALE_MIN][job->trial].text;
    fprintf(job->out, "/* Trial %016" PRIx64 " of ", r->id[job->trial]);
    escape_comment(job->out, r->name);
    fputs(", as a function of its inputs; written by runner ", job->out);
    escape_comment(job->out, r->program_version);
    fputs(".\n * Data: ", job->out);
    escape_comment(job->out, r->set[r->data[job->trial]].recipe);
    fputs(scaled ? "\n * x is what the network saw: scaled as the data keys say, not raw.\n" : "\n",
          job->out);
    if (job->network->config.trainer.dtype == DTYPE_FLOAT32) {
        fputs(" * It was trained in float32; here its sums are double.\n", job->out);
    }
    fputs(" * Compile with the mathematics library (-lm). */\n#include <math.h>\n\n", job->out);
    fprintf(job->out, "enum { INPUTS = %" PRId32 ", OUTPUTS = %" PRId32 " };\n\n", c->inputs,
            c->outputs);
    fputs("void predict(const double x[INPUTS], double y[OUTPUTS]);\n\n", job->out);
}

static void put_numbers(FILE *out, const double *values, int64_t count, const char *indent) {
    for (int64_t i = 0; i < count; i++) {
        if (i % 4 == 0)
            fputs(i ? ",\n" : "", out), fputs(indent, out);
        else
            fputs(", ", out);
        escape_json_real(out, values[i]);
    }
}

static bool put_arrays(const ExportJob *job, Error *err) {
    ExportArray array[EXPORT_MAX_ARRAYS];
    const int32_t count = export_network_arrays(array, job->network);
    for (int64_t i = 0; i < job->network->mlp.state_size; i++) {
        const double w = job->network->weights[i];
        if (w - w != 0) {
            return error_set(err, ERROR_USAGE,
                             "--format c: trial %016" PRIx64
                             " diverged; its weights are not numbers",
                             job->opened->results->id[job->trial]);
        }
    }
    for (int32_t i = 0; i < count; i++) {
        const ExportArray *a = &array[i];
        fprintf(job->out, "static const double %s", a->name);
        if (a->rows > 0) fprintf(job->out, "[%" PRId32 "]", a->rows);
        fprintf(job->out, "[%" PRId32 "] = {\n", a->columns);
        for (int32_t row = 0; row < a->rows; row++) {
            fputs("    {\n", job->out);
            put_numbers(job->out, a->values + (size_t)row * (size_t)a->columns, a->columns,
                        "        ");
            fputs(row + 1 < a->rows ? "\n    },\n" : "\n    }\n", job->out);
        }
        if (a->rows == 0) {
            put_numbers(job->out, a->values, a->columns, "    ");
            fputc('\n', job->out);
        }
        fputs("};\n\n", job->out);
    }
    return true;
}

static void put_activations(const ExportJob *job) {
    bool wanted[ACTIVATION_COUNT] = {false};
    for (int32_t i = 0; i < job->network->mlp.layers; i++)
        wanted[job->network->mlp.layer[i].activation] = true;
    for (int a = 0; a < ACTIVATION_COUNT; a++) {
        if (!wanted[a] || !BODIES[a]) continue;
        fprintf(job->out, "static double f_%s(double z) {\n%s}\n\n", ACTIVATION_NAMES[a],
                BODIES[a]);
    }
}

static void put_softmax(FILE *out, const char *to, int32_t units) {
    fprintf(out,
            "    double largest = %s[0], sum = 0;\n"
            "    for (int j = 1; j < %" PRId32 "; j++) {\n"
            "        if (%s[j] > largest) largest = %s[j];\n"
            "    }\n"
            "    for (int j = 0; j < %" PRId32 "; j++) {\n"
            "        %s[j] = exp(%s[j] - largest);\n"
            "        sum += %s[j];\n"
            "    }\n"
            "    for (int j = 0; j < %" PRId32 "; j++) %s[j] /= sum;\n",
            to, units, to, to, units, to, to, to, units, to);
}

/* One layer: from h<i-1> (x at first) to h<i> (y at last). */
static void put_layer(FILE *out, const Mlp *mlp, int32_t i) {
    const MlpLayer *layer = &mlp->layer[i];
    char from[16] = "x", to[16] = "y";
    if (i > 0) snprintf(from, sizeof from, "h%d", i);
    if (i + 1 < mlp->layers) {
        snprintf(to, sizeof to, "h%d", i + 1);
        fprintf(out, "    double %s[%" PRId32 "];\n", to, layer->out);
    }
    fprintf(out, "    for (int j = 0; j < %" PRId32 "; j++) {\n", layer->out);
    if (layer->bias >= 0)
        fprintf(out, "        double z = b%d[j];\n", i + 1);
    else
        fputs("        double z = 0;\n", out);
    fprintf(out, "        for (int i = 0; i < %" PRId32 "; i++) z += %s[i] * W%d[i][j];\n",
            layer->in, from, i + 1);
    if (layer->normalized) {
        fprintf(
            out,
            "        z = gamma%d[j] * (z - mean%d[j]) / sqrt(variance%d[j] + 1e-5) + beta%d[j];\n",
            i + 1, i + 1, i + 1, i + 1);
    }
    if (BODIES[layer->activation])
        fprintf(out, "        %s[j] = f_%s(z);\n", to, ACTIVATION_NAMES[layer->activation]);
    else
        fprintf(out, "        %s[j] = z;\n", to);
    fputs("    }\n", out);
    if (layer->activation == ACTIVATION_SOFTMAX) put_softmax(out, to, layer->out);
}

static bool write_file(const ExportJob *job, Error *err) {
    const Mlp *mlp = &job->network->mlp;
    put_head(job);
    if (!put_arrays(job, err)) return false;
    put_activations(job);
    fputs("/* The outputs y for the inputs x. */\nvoid predict(const double x[INPUTS], double "
          "y[OUTPUTS]) {\n",
          job->out);
    for (int32_t i = 0; i < mlp->layers; i++) put_layer(job->out, mlp, i);
    fputs("}\n", job->out);
    return true;
}

const ExportFormat export_c_format = {"c", false, write_file};
