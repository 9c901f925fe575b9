/* The trained networks of results: whose weights count, and what they answer.
 *
 * With `record.weights: both` a trial has two sets of weights, those of its last epoch and those of
 * its best. Everything that asks a network (predict, export, the report) asks the ones that
 * `metric.at` names, by trained_weights(). */
#ifndef RUNNER_COMMANDS_TRAINED_H
#define RUNNER_COMMANDS_TRAINED_H

#include "runner/commands/opened.h"
#include "runner/report/predictor.h"
#include "runner/training/trial.h"

/* A trial's network. */
typedef struct TrainedNetwork {
    TrialConfig config;
    Mlp mlp;
    const double *weights; /* mlp.state_size; they lie in the results */
} TrainedNetwork;

/* The weights of a trial that count: those at `at` where both were kept, else those that were kept;
 * NULL without. */
const double *trained_weights(const Results *results, SpecAt at, int64_t trial);

/* ERROR_USAGE where no weights were kept. */
MUST_CHECK bool trained_open(TrainedNetwork *network, const Opened *opened, int64_t trial,
                             Error *err);
void trained_close(TrainedNetwork *network);

/* What a trial's network answers to n rows of inputs as they were given: they are scaled as those
 * that the trial was trained on. y: n x outputs. */
MUST_CHECK bool trained_predict(double *y, const Results *results, int64_t trial,
                                const TrialConfig *config, const double *weights, const double *x,
                                int64_t n, Error *err);

/* Refuses results of format 1 whose inputs were scaled: how is not in the file. The rows in it are
 * scaled already, so that the report of such results needs nothing. */
MUST_CHECK bool trained_scaling_known(const Results *results, const Setting *setting, Error *err);

/* For the report: the networks of results, and the data that the results file does not hold. */
typedef struct TrainedReport {
    const Results *results;
    SpecAt at;
    const char *data_folder; /* where data files of a relative path are; NULL: here */
} TrainedReport;

/* `trained` is the context of the callbacks, and must outlive them. */
ReportPredictor trained_predictor(TrainedReport *trained);

#endif
