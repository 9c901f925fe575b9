/* Optimizers: how a gradient moves the parameters. Definitions are PyTorch's (torch.optim, 2.x):
 *   sgd      v = momentum v + g;  w -= lr v
 *            (nesterov: w -= lr (g + momentum v)); no dampening; the first v is g
 *   adagrad  s += g^2;                 w -= lr g / (sqrt(s) + epsilon)
 *   rmsprop  s = rho s + (1-rho) g^2;  w -= lr g / (sqrt(s) + epsilon)
 *            (with momentum: v is a velocity of that quotient)
 *   adam     m, s with bias correction; w -= lr m^ / (sqrt(s^) + epsilon)
 *   adamw    w -= lr weight_decay w first (weights, not biases), then adam
 * Sources: Duchi, Hazan and Singer 2011 (adagrad); Kingma and Ba 2015 (adam); Loshchilov and Hutter
 * 2019 (adamw). */
#ifndef CORE_MODEL_OPTIMIZER_H
#define CORE_MODEL_OPTIMIZER_H

#include <stdbool.h>
#include <stdint.h>

typedef enum Optimizer {
    OPTIMIZER_SGD,
    OPTIMIZER_ADAGRAD,
    OPTIMIZER_RMSPROP,
    OPTIMIZER_ADAM,
    OPTIMIZER_ADAMW,
    OPTIMIZER_COUNT
} Optimizer;
extern const char *const OPTIMIZER_NAMES[OPTIMIZER_COUNT + 1];

typedef struct OptimizerConfig {
    Optimizer kind;
    double learning_rate;
    double momentum;     /* sgd, rmsprop */
    bool nesterov;       /* sgd */
    double beta1, beta2; /* adam, adamw */
    double rho;          /* rmsprop */
    double epsilon;      /* all but sgd */
    double weight_decay; /* adamw */
} OptimizerConfig;

/* Whether the optimizer remembers, for each parameter, a first moment of its gradient (v or m
 * above) and a second (s). */
bool optimizer_has_moment1(const OptimizerConfig *config);
bool optimizer_has_moment2(const OptimizerConfig *config);

#endif
