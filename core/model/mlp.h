/* A multi-layer perceptron as a description: sizes, choices, and where everything is in the
 * parameter block.
 *
 * A network is a list of layers: for each hidden layer affine, batch norm, activation, dropout
 * (batch norm and dropout where configured), then the output's affine map and activation, then a
 * loss. All parameters are one block
 *     [W1 b1 gamma1 beta1  W2 b2 gamma2 beta2 ...  Wout bout]
 * with W stored fan_in x fan_out, row-major; b absent without bias, gamma and beta absent without
 * batch norm. After them come batch norm's running statistics [mean1 var1 mean2 var2 ...], stored
 * but not trained; both together are the network's state. Gradients and the optimizer's moments
 * have the length of the parameters. Nothing here depends on float or double. */
#ifndef CORE_MODEL_MLP_H
#define CORE_MODEL_MLP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

#define MLP_MAX_HIDDEN 32    /* hidden layers */
#define MLP_MAX_UNITS  65536 /* units in a layer */

/* Definitions (z: the affine output). PyTorch's where there is a choice: leaky_relu slope 0.01, elu
 * alpha 1, gelu exact (erf), softplus beta 1. step is 1 for z > 0 else 0, and passes gradients
 * through unchanged, which on 0/1 targets is the perceptron rule (Rosenblatt 1958). softmax is an
 * output only. */
typedef enum Activation {
    ACTIVATION_IDENTITY,
    ACTIVATION_STEP,
    ACTIVATION_SIGMOID,
    ACTIVATION_TANH,
    ACTIVATION_RELU,
    ACTIVATION_LEAKY_RELU,
    ACTIVATION_ELU,
    ACTIVATION_GELU,
    ACTIVATION_SILU,
    ACTIVATION_SOFTPLUS,
    ACTIVATION_SOFTMAX,
    ACTIVATION_COUNT
} Activation;
/* NULL-terminated, as all tables of names. */
extern const char *const ACTIVATION_NAMES[ACTIVATION_COUNT + 1];

/* Per row: cross_entropy is -sum t log y (softmax) or -sum t log y + (1-t) log(1-y) (sigmoid);
 * squared_error sum (y-t)^2; half_squared_error half of it. */
typedef enum Loss {
    LOSS_CROSS_ENTROPY,
    LOSS_SQUARED_ERROR,
    LOSS_HALF_SQUARED_ERROR,
    LOSS_COUNT
} Loss;
extern const char *const LOSS_NAMES[LOSS_COUNT + 1];

/* delta: the exact gradient. raw: hidden errors are W^T (y - t) of the output's error, without the
 * output's derivative, while the output weights use it (a published rule, not a gradient:
 * experiments/mnist.yaml). */
typedef enum ErrorSignal { ERROR_SIGNAL_DELTA, ERROR_SIGNAL_RAW, ERROR_SIGNAL_COUNT } ErrorSignal;
extern const char *const ERROR_SIGNAL_NAMES[ERROR_SIGNAL_COUNT + 1];

/* Where n is fan_in and m fan_out: lecun_normal N(0, 1/n), lecun_uniform U(+-sqrt(3/n)),
 * xavier_normal N(0, 2/(n+m)), xavier_uniform U(+-sqrt(6/(n+m))), he_normal N(0, 2/n), he_uniform
 * U(+-sqrt(6/n)). For biases fan_in and fan_out are those of the layer's matrix. `values`: given,
 * in the order of the parameter block. */
typedef enum Init {
    INIT_LECUN_NORMAL,
    INIT_LECUN_UNIFORM,
    INIT_XAVIER_NORMAL,
    INIT_XAVIER_UNIFORM,
    INIT_HE_NORMAL,
    INIT_HE_UNIFORM,
    INIT_UNIFORM,
    INIT_NORMAL,
    INIT_ZEROS,
    INIT_VALUES,
    INIT_COUNT
} Init;
extern const char *const INIT_NAMES[INIT_COUNT + 1];

typedef struct InitConfig {
    Init kind;
    double low, high;       /* uniform */
    double mean, deviation; /* normal */
    bool out_in;            /* draw each matrix fan_out x fan_in and transpose it */
    const double *values;   /* kind values: the entire parameter block, borrowed */
    int64_t value_count;
} InitConfig;

typedef struct MlpConfig {
    int32_t inputs, outputs; /* outputs: units of the last layer */
    int32_t hidden_count;    /* 0 is no hidden layer */
    int32_t hidden[MLP_MAX_HIDDEN];
    Activation activation, output;
    Loss loss;
    ErrorSignal error_signal;
    bool bias, batch_norm;
    double dropout; /* share of hidden units dropped (inverted dropout, as PyTorch) */
    bool classes;   /* targets are labels */
    /* one-hot levels for outputs other than softmax (usually 0 and 1) */
    double target_low, target_high;
} MlpConfig;

typedef struct MlpLayer {
    int32_t in, out;
    Activation activation;
    bool normalized; /* batch norm follows the affine map */
    /* offsets in the parameter block; bias, gamma, beta -1 where absent */
    int64_t weight, bias, gamma, beta;
    int64_t running_mean, running_variance; /* offsets in the state; -1 where absent */
} MlpLayer;

typedef struct Mlp {
    MlpConfig config;
    int32_t layers; /* affine maps: hidden_count + 1 */
    MlpLayer layer[MLP_MAX_HIDDEN + 1];
    int64_t parameters; /* how many are trained */
    int64_t state_size; /* parameters and running statistics */
    int32_t units;      /* hidden units, summed over layers */
    int32_t widest;     /* largest of all layer sizes, inputs and outputs included */
} Mlp;

/* Output units that a task needs: one per column or class, but a single unit for two classes unless
 * softmax. */
int32_t mlp_outputs(bool classes, int32_t classes_or_columns, Activation output);

/* Lays the network out. Refuses what does not fit together (softmax as a hidden activation,
 * cross_entropy with an output other than softmax or sigmoid, cross_entropy for numbers, sizes out
 * of range), kind ERROR_USAGE. */
MUST_CHECK bool mlp_create(Mlp *mlp, const MlpConfig *config, Error *err);

/* The class that a row of outputs predicts: the largest, the first of equals; a single unit
 * predicts 1 above the middle of target_low and target_high, else 0 (NaN too). */
int32_t mlp_class(const Mlp *mlp, const double *outputs);

#endif
