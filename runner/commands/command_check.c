/* `runner check`: what a run would do, without doing it. */
#include <inttypes.h>
#include <stdio.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "runner/commands/commands.h"
#include "runner/experiment/spec_read.h"
#include "runner/training/progress.h"
#include "runner/training/scheduler.h"
#include "runner/training/trial_data.h"

/* A core does about so many units of trainer_cost() a second, to within a factor of three, as the
 * output says. */
#define UNITS_PER_SECOND 1.5e10

typedef struct Sum {
    double cost, bytes;
    int64_t smallest, largest; /* parameters */
} Sum;

static bool add_trial(Sum *sum, const TrialData *study, int64_t trial, Error *err) {
    Setting setting;
    TrialConfig config;
    Mlp mlp;
    grid_setting(study->grid, trial, &setting);
    if (!trial_data_config(&config, study, trial, &setting, err)) return false;
    if (!mlp_create(&mlp, &config.trainer.network, err)) return false;
    sum->cost += trial_data_cost(study, trial, &config);
    sum->bytes += 8.0 * (double)trial_data_numbers(study, trial, &config);
    if (sum->smallest == 0 || mlp.parameters < sum->smallest) sum->smallest = mlp.parameters;
    if (mlp.parameters > sum->largest) sum->largest = mlp.parameters;
    trial_config_free(&config);
    return true;
}

static void print_axes(const Spec *spec) {
    for (int32_t i = 0; i < spec->axes; i++) {
        text_print(stdout, "  %-22s %" PRId64 " values\n", spec->axis[i].name, spec->axis[i].count);
    }
    text_print(stdout, "  %-22s %" PRId64 "\n", "repeats", spec->repeats);
}

static void print_sum(const Sum *sum, const TrialData *study, int32_t threads) {
    char duration[32];
    const DataSplits *set = &study->set[0];
    progress_duration(duration, sizeof duration, sum->cost / UNITS_PER_SECOND / (double)threads);
    text_print(stdout,
               "data      %" PRId32 " set%s; the first has %" PRId64 " rows of %" PRId32
               " inputs, %" PRId64 " for the test\n",
               study->sets, study->sets == 1 ? "" : "s", set->train.n, set->train.inputs,
               set->test.n);
    text_print(stdout, "networks  %" PRId64 " to %" PRId64 " parameters\n", sum->smallest,
               sum->largest);
    text_print(stdout, "time      about %s on %" PRId32 " threads (within a factor of three)\n",
               duration, threads);
    text_print(stdout, "size      about %.3g MB of results\n", sum->bytes / 1e6);
}

/* What the test of the first set cannot tell. */
static bool print_warnings(const Grid *grid, const TrialData *study, Error *err) {
    const DataSplits *set = &study->set[0];
    int64_t shared = 0;
    if (*grid->warning) text_print(stdout, "warning   %s\n", grid->warning);
    if (set->test.n == 0) return true;
    if (!dataset_shared_rows(&shared, &set->test, &set->train, err)) return false;
    if (shared == set->test.n)
        text_print(
            stdout,
            "warning   every test row has the inputs of a training row: the test says nothing "
            "about "
            "new data\n");
    else if (shared > 0)
        text_print(stdout,
                   "warning   %" PRId64 " of %" PRId64
                   " test rows have the inputs of a training row\n",
                   shared, set->test.n);
    return true;
}

bool command_check(const CliOptions *options, Error *err) {
    Spec spec = {0};
    Grid grid = {0};
    TrialData study = {0};
    Sum sum = {0};
    char folder[2048];
    bool done = false;
    files_folder_of(folder, sizeof folder, options->target);
    const DataRoot data = {folder};
    TRY(spec_read(&spec, options->target, options->overrides, options->override_count, err));
    TRY(grid_create(&grid, &spec, options->max_trials, err));
    TRY(trial_data_open(&study, &grid, &data, err));
    for (int64_t i = 0; i < grid.trials; i++) TRY(add_trial(&sum, &study, i, err));
    text_print(stdout, "%s: %" PRId64 " trials of %" PRId64 " settings\n", spec.name, grid.trials,
               grid.settings);
    print_axes(&spec);
    print_sum(&sum, &study, options->threads > 0 ? options->threads : scheduler_threads());
    done = print_warnings(&grid, &study, err);
fail:
    trial_data_close(&study);
    grid_destroy(&grid);
    spec_destroy(&spec);
    return done;
}
