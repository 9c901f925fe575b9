/* One training from beginning to end, for tests: data packed, arena made, result kept until
 * destroyed. And the numbers that other programs got (tests/golden/training.txt). Troubles end the
 * test. */
#ifndef TESTS_CORE_SMALL_TRIAL_H
#define TESTS_CORE_SMALL_TRIAL_H

#include "core/trainer.h"

typedef struct SmallTrial {
    TrainerData *data;
    Arena arena;
    TrainerResult result;
    bool stopped;
} SmallTrial;

/* tanh, softmax and cross entropy, lecun_normal, plain sgd at 0.1, full batch, mean, one epoch,
 * everything recorded. */
TrainerConfig small_trial_config(int32_t inputs, int32_t hidden, int32_t outputs);

/* 4 inputs, two hidden layers, 3 classes, 21 epochs of batches of 7 (100 rows are 15 batches, the
 * last of 2). */
TrainerConfig small_trial_busy_config(void);

/* val, test, hooks and state may be NULL. */
SmallTrial small_trial_run(const TrainerConfig *config, const Dataset *train, const Dataset *val,
                           const Dataset *test, Team *team, const TrainerHooks *hooks,
                           const void *state, size_t state_bytes);
SmallTrial small_trial_train(const TrainerConfig *config,
                             const Dataset *train); /* the same, plain */
void small_trial_destroy(SmallTrial *trial);

/* The recorded values of a metric. */
double small_trial_value(const SmallTrial *trial, int64_t point, Metric metric);

double small_trial_final(const SmallTrial *trial, Metric metric);

/* The same bits: verdict, history, epochs, metrics, weights. */
void small_trial_assert_weights(const double *a, const double *b, int64_t numbers);
void small_trial_assert_same(const SmallTrial *a, const SmallTrial *b);

/* Rows of random inputs with labels of a rule, so that there is something to learn. */
Dataset small_trial_rows(int64_t n, int32_t inputs, int32_t classes, uint32_t seed);
/* The same with numbers to predict. */
Dataset small_trial_numbers(int64_t n, int32_t inputs, int32_t outputs, uint32_t seed);

/* The block `name`, which must hold `count` numbers. The caller frees it. */
double *small_trial_golden(const char *name, size_t count);

#endif
