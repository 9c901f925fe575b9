/* FANN beside us: the study (full batch), online images, beans. Built with -DFANN_DOUBLE for
 * doubles. usage: peer_fann w1 PASSES | w3 SAMPLES | w5 EPOCHS     (w1 is scaled to 20000
 * passes) */
#include "core/data/synthetic.h"
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef FANN_DOUBLE
#include <doublefann.h>
#define PEER "fann-f64"
#else
#include <floatfann.h>
#define PEER "fann-f32"
#endif

static struct fann *network(unsigned in, unsigned hidden, unsigned out, float rate,
                            enum fann_activationfunc_enum middle, enum fann_train_enum algorithm) {
    const unsigned sizes[] = {in, hidden, out};
    struct fann *net = fann_create_standard_array(3, sizes);
    if (!net) exit(1);
    fann_set_activation_function_hidden(net, middle);
    fann_set_activation_function_output(net, FANN_SIGMOID);
    fann_set_training_algorithm(net, algorithm);
    fann_set_learning_rate(net, rate);
    return net;
}

/* Squared error and no penalty: FANN has no cross entropy. The amount of work is the study's. */
static void study(int passes) {
    static const unsigned HIDDEN[] = {1, 2, 3, 4, 5, 20, 50};
    const SyntheticConfig moons = {.kind = SYNTHETIC_MOONS, .samples = 200, .noise = 0.2};
    Dataset rows;
    Error err = {0};
    double all = 0;
    bench_must(synthetic_make(&rows, &moons, &err), &err);
    struct fann_train_data *data = fann_create_train(200, 2, 2);
    for (unsigned i = 0; i < 200; i++) {
        for (unsigned k = 0; k < 2; k++) {
            data->input[i][k] = (fann_type)rows.x[2 * i + k];
            data->output[i][k] = rows.label[i] == (int32_t)k;
        }
    }
    for (size_t i = 0; i < sizeof HIDDEN / sizeof *HIDDEN; i++) {
        struct fann *net =
            network(2, HIDDEN[i], 2, 0.01f, FANN_SIGMOID_SYMMETRIC, FANN_TRAIN_BATCH);
        for (int p = 0; p < 20; p++) fann_train_epoch(net, data);
        const double start = bench_now();
        for (int p = 0; p < passes; p++) fann_train_epoch(net, data);
        const double seconds = bench_now() - start;
        bench_figure(seconds / passes * 1e6, "us/pass", "w1/%s/h%u", PEER, HIDDEN[i]);
        all += seconds;
        fann_destroy(net);
    }
    bench_figure(all / passes * 20000, "s", "w1/%s/study", PEER);
    fann_destroy_train(data);
    dataset_destroy(&rows);
}

static void online(int samples) {
    fann_type *x = calloc((size_t)samples * 784, sizeof *x), t[10];
    struct fann *net = network(784, 200, 10, 0.1f, FANN_SIGMOID, FANN_TRAIN_INCREMENTAL);
    if (!x) exit(1);
    srand(0);
    for (int i = 0; i < samples * 784; i++) {
        x[i] = (fann_type)(rand() % 5 ? 0.01 : 0.01 + 0.99 * rand() / RAND_MAX);
    }
    const double start = bench_now();
    for (int i = 0; i < samples; i++) {
        for (int k = 0; k < 10; k++) t[k] = (fann_type)(k == i % 10 ? 0.99 : 0.01);
        fann_train(net, x + (size_t)i * 784, t);
    }
    bench_figure((bench_now() - start) / samples * 1e6, "us/sample", "w3/%s/sample", PEER);
    fann_destroy(net);
    free(x);
}

static void beans(int epochs) {
    const SyntheticConfig made = {.kind = SYNTHETIC_BEANS, .samples = 100};
    fann_type x[100], t[100];
    Dataset rows;
    Error err = {0};
    bench_must(synthetic_make(&rows, &made, &err), &err);
    for (int i = 0; i < 100; i++) {
        x[i] = (fann_type)rows.x[i];
        t[i] = (fann_type)rows.label[i];
    }
    struct fann *net = network(1, 2, 1, 0.03f, FANN_SIGMOID, FANN_TRAIN_INCREMENTAL);
    const double start = bench_now();
    for (int e = 0; e < epochs; e++) {
        for (int i = 0; i < 100; i++) fann_train(net, x + i, t + i);
    }
    bench_figure((bench_now() - start) / epochs * 1e4, "us/update", "w5/%s/update", PEER);
    fann_destroy(net);
    dataset_destroy(&rows);
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*run)(int);
    } WORK[] = {{"w1", study}, {"w3", online}, {"w5", beans}};
    for (size_t i = 0; argc == 3 && i < sizeof WORK / sizeof *WORK; i++) {
        if (strcmp(argv[1], WORK[i].name) != 0) continue;
        WORK[i].run(atoi(argv[2]));
        return 0;
    }
    fprintf(stderr, "usage: peer_fann w1 PASSES | w3 SAMPLES | w5 EPOCHS\n");
    return 2;
}
