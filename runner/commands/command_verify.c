/* `runner verify`: trains again and compares every bit with the file. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/data/split.h"
#include "runner/commands/commands.h"
#include "runner/commands/opened.h"
#include "runner/journal/id_index.h"
#include "runner/journal/provenance.h"
#include "runner/journal/run_log.h"
#include "runner/store/trial_columns.h"
#include "runner/training/scheduler.h"
#include "runner/training/train_trials.h"

#define SHOWN 10 /* at most so many differing trials are named */

typedef struct Verify {
    const CliOptions *options;
    const Results *results;
    Grid grid;
    TrialData study;
    int64_t *job, *row; /* trials of the grid to train, and their rows in the file */
    int64_t jobs;
    int64_t *row_of_trial; /* of the grid; -1: not in the file */
    double *memory;        /* for store_result() */
    char **fault;          /* by row: what differs first; NULL: nothing */
    int64_t compared, differ;
} Verify;

/* --- comparing -------------------------------------------------------------------------------- */

/* The first difference of a trial: the file's value and ours, by name. */
typedef struct Fault {
    char text[512];
} Fault;

static bool real_differs(Fault *fault, double there, double here, const char *name,
                         const char *metric, int64_t at) {
    if (trial_result_same_bits(there, here)) return false;
    Text text = text_begin(fault->text, sizeof fault->text);
    text_add(&text, "%s%s", name, metric);
    if (at >= 0) text_add(&text, "[%" PRId64 "]", at);
    text_add(&text, ": %.17g in the file, %.17g now", there, here);
    return true;
}

static bool integer_differs(Fault *fault, int64_t there, int64_t here, const char *name) {
    if (there == here) return false;
    snprintf(fault->text, sizeof fault->text, "%s: %" PRId64 " in the file, %" PRId64 " now", name,
             there, here);
    return true;
}

static bool word_differs(Fault *fault, const char *there, const char *here, const char *name) {
    if (strcmp(there, here) == 0) return false;
    snprintf(fault->text, sizeof fault->text, "%s: \"%s\" in the file, \"%s\" now", name, there,
             here);
    return true;
}

static bool column_differs(Fault *fault, const TrialColumn *column, TrialCell there,
                           TrialCell here) {
    char text[2][17];
    if (column->type == TRIAL_COLUMN_REAL) {
        return real_differs(fault, there.real, here.real, column->name, "", -1);
    }
    if (trial_columns_is_number(column)) {
        return integer_differs(fault, there.integer, here.integer, column->name);
    }
    return word_differs(fault, trial_columns_text(column, there, text[0]),
                        trial_columns_text(column, here, text[1]), column->name);
}

/* The columns of numbers, or the others. */
static bool columns_differ(Fault *fault, const TrialSource *there, const TrialSource *here,
                           bool numbers) {
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const TrialColumn *column = &TRIAL_COLUMNS[c];
        if (trial_columns_is_number(column) == numbers &&
            column_differs(fault, column, column->cell(there), column->cell(here))) {
            return true;
        }
    }
    return false;
}

static double value_of(const TrainerResult *trained, const double *row, Metric metric) {
    const int32_t column = metrics_column(trained->metrics, metric);
    return row && column >= 0 ? row[column] : (double)NAN;
}

/* An epoch that only one of the two has is a difference. */
static bool history_differs(Fault *fault, const Results *results, const TrainerResult *there,
                            const TrainerResult *here) {
    const int32_t width_there = metrics_count(there->metrics),
                  width_here = metrics_count(here->metrics);
    int32_t i = 0, j = 0;
    for (int64_t p = 0; p < results->points; p++) {
        const int64_t epoch = results->epoch[p];
        while (j < here->points && here->epoch[j] < epoch) j++;
        const bool in_file = i < there->points && there->epoch[i] == epoch;
        const bool in_ours = j < here->points && here->epoch[j] == epoch;
        if (in_file != in_ours) {
            snprintf(fault->text, sizeof fault->text, "history: epoch %" PRId64 " is only %s",
                     epoch, in_file ? "in the file" : "recorded now");
            return true;
        }
        if (!in_file) continue;
        for (Metric m = 0; m < METRIC_COUNT; m++) {
            if (!results->history[m]) continue;
            const double a = value_of(there, there->history + (int64_t)i * width_there, m);
            const double b = value_of(here, here->history + (int64_t)j * width_here, m);
            if (real_differs(fault, a, b, "history/", metrics_name(m), epoch)) return true;
        }
        i++;
    }
    return false;
}

static bool weights_differ(Fault *fault, const double *there, const double *here, int64_t count,
                           const char *name) {
    if (!there != !here) {
        snprintf(fault->text, sizeof fault->text, "%s: only %s", name,
                 there ? "in the file" : "kept now");
        return true;
    }
    for (int64_t i = 0; there && i < count; i++) {
        if (real_differs(fault, there[i], here[i], name, "", i)) return true;
    }
    return false;
}

static bool snapshots_differ(Fault *fault, const TrainerResult *there, const TrainerResult *here) {
    if (integer_differs(fault, there->snapshots, here->snapshots, "weights: how many snapshots")) {
        return true;
    }
    for (int32_t i = 0; i < here->snapshots; i++) {
        if (integer_differs(fault, there->snapshot_epoch[i], here->snapshot_epoch[i],
                            "weights/snapshot_epoch")) {
            return true;
        }
    }
    return weights_differ(fault, there->snapshot_weights, here->snapshot_weights,
                          here->snapshots * here->state_size, "weights/snapshot_values");
}

static bool metrics_differ(Fault *fault, const Results *results, const TrainerResult *there,
                           const TrainerResult *here) {
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        if (!results->final[m]) continue;
        if (real_differs(fault, value_of(there, there->final, m), value_of(here, here->final, m),
                         "final_", metrics_name(m), -1) ||
            real_differs(fault, value_of(there, there->best, m), value_of(here, here->best, m),
                         "best_", metrics_name(m), -1)) {
            return true;
        }
    }
    return false;
}

static bool differs(Fault *fault, const Results *results, int64_t row, const TrialResult *there,
                    const TrialResult *here) {
    const TrainerResult *a = &there->trained, *b = &here->trained;
    Setting setting;
    store_setting(results, row, &setting);
    const TrialSource in_file = {&setting, there, results->data[row]};
    const TrialSource now = {&setting, here, results->data[row]};
    if (word_differs(fault, trial_result_status_name(there->status),
                     trial_result_status_name(here->status), "status")) {
        return true;
    }
    if (there->status == TRIAL_FAILED) {
        return word_differs(fault, there->message, here->message, "message");
    }
    return columns_differ(fault, &in_file, &now, true) || metrics_differ(fault, results, a, b) ||
           columns_differ(fault, &in_file, &now, false) || history_differs(fault, results, a, b) ||
           integer_differs(fault, a->state_size, b->state_size, "weights: how many") ||
           weights_differ(fault, a->weights, b->weights, a->state_size, "weights/values") ||
           weights_differ(fault, a->best_weights, b->best_weights, a->state_size,
                          "weights/best_values") ||
           snapshots_differ(fault, a, b);
}

static bool check_trial(void *context, int64_t trial, const TrialResult *result, Error *err) {
    Verify *verify = context;
    const int64_t row = verify->row_of_trial[trial];
    TrialResult there;
    Fault fault;
    store_result(verify->results, row, &there, verify->memory);
    verify->compared++;
    if (!differs(&fault, verify->results, row, &there, result)) return true;
    verify->differ++;
    verify->fault[row] = strdup(fault.text);
    return verify->fault[row] || error_memory(err, sizeof fault.text);
}

/* --- choosing --------------------------------------------------------------------------------- */

static bool check_program(const Results *results, Error *err) {
    if (strcmp(results->arithmetic, trainer_arithmetic()) != 0) {
        return error_set(err, ERROR_CONFLICT,
                         "%s: made with arithmetic class \"%s\", this processor's is \"%s\": its "
                         "bits are others "
                         "(RUNNER_ISA chooses kernels)",
                         results->path, results->arithmetic, trainer_arithmetic());
    }
    if (results->numerics != PROVENANCE_NUMERICS) {
        return error_set(err, ERROR_CONFLICT,
                         "%s: made by a program of numerics version %" PRId64
                         ", this one has %d: its bits are others",
                         results->path, results->numerics, PROVENANCE_NUMERICS);
    }
    return true;
}

/* Which trial of the grid is in which row. */
static bool find_rows(Verify *verify, Error *err) {
    const Results *r = verify->results;
    const size_t bytes = ((size_t)verify->grid.trials + 1) * sizeof *verify->row_of_trial;
    IdIndex index;
    verify->row_of_trial = malloc(bytes);
    if (!verify->row_of_trial) return error_memory(err, bytes);
    if (!id_index_create(&index, r->id, r->trials, err)) return false;
    for (int64_t t = 0; t < verify->grid.trials; t++) {
        verify->row_of_trial[t] = id_index_find(&index, verify->grid.id[t]);
    }
    id_index_free(&index);
    return true;
}

/* wanted[row]: all, a sample (the same one every time), or one. */
static bool choose(Verify *verify, const Opened *opened, Error *err) {
    const CliOptions *options = verify->options;
    const int64_t rows = verify->results->trials;
    bool *wanted = malloc((size_t)rows + 1), done = true;
    verify->job = malloc(((size_t)rows + 1) * sizeof *verify->job);
    verify->row = malloc(((size_t)rows + 1) * sizeof *verify->row);
    verify->fault = calloc((size_t)rows + 1, sizeof *verify->fault);
    verify->memory = malloc((store_result_words(verify->results) + 1) * sizeof *verify->memory);
    if (!wanted || !verify->job || !verify->row || !verify->fault || !verify->memory) {
        free(wanted);
        return error_memory(err, (size_t)rows * sizeof *verify->job);
    }
    for (int64_t i = 0; i < rows; i++) wanted[i] = !options->trial;
    if (options->trial) {
        int64_t one = 0;
        done = opened_trial(opened, options->trial, &one, err);
        if (done) wanted[one] = true;
    } else if (options->sample && options->sample < rows) {
        memset(wanted, 0, (size_t)rows);
        done = split_choose(wanted, rows, NULL, options->sample, 0, err);
    }
    for (int64_t t = 0; done && t < verify->grid.trials; t++) {
        const int64_t row = verify->row_of_trial[t];
        if (row < 0 || !wanted[row]) continue;
        verify->job[verify->jobs] = t;
        verify->row[verify->jobs++] = row;
    }
    free(wanted);
    return done;
}

/* Data that are not in the file are looked for beside the experiment. */
static bool open_study(Verify *verify, const Opened *opened, Error *err) {
    RunOrigin origin;
    const bool known = run_log_read_origin(&origin, opened->folder, NULL);
    const DataRoot folder = {known ? origin.root : opened->folder};
    const bool done = trial_data_reopen(&verify->study, &verify->grid, verify->results, verify->job,
                                        verify->row, verify->jobs, &folder, err) &&
                      trial_data_prepare(&verify->study, verify->job, verify->jobs, err);
    if (known) run_log_origin_free(&origin);
    return done;
}

/* --- the trace of one trial ------------------------------------------------------------------- */

static void print_trace(const TrainerResult *trained) {
    Table table;
    table_begin(&table, TABLE_CSV, stdout);
    table_column(&table, "epoch", NULL, TABLE_INTEGER, 0);
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        if (trained->metrics >> m & 1) table_column(&table, metrics_name(m), NULL, TABLE_REAL, 0);
    }
    const int32_t width = metrics_count(trained->metrics);
    for (int32_t p = 0; p < trained->points; p++) {
        table_number(&table, (double)trained->epoch[p]);
        for (int32_t c = 0; c < width; c++)
            table_number(&table, trained->history[(int64_t)p * width + c]);
    }
    (void)!table_end(&table, 0, NULL);
}

/* The same training with every epoch recorded. */
static bool trace(const Verify *verify, Error *err) {
    Setting setting;
    TrialConfig config = {0};
    Arena arena = {0};
    TrainerResult trained;
    bool stopped = false, done = false;
    const TrainerHooks hooks = {0};
    const int64_t trial = verify->job[0];
    grid_setting(&verify->grid, trial, &setting);
    TRY(trial_data_config(&config, &verify->study, trial, &setting, err));
    config.trainer.record_every = 1; /* every epoch, and no snapshots */
    config.trainer.record_points = config.trainer.snapshots = 0;
    const TrainerData *data = trial_data_data(&verify->study, trial, config.trainer.dtype);
    TRY(arena_create(&arena, trainer_bytes(&config.trainer, data), err));
    TRY(trainer_train(&trained, &config.trainer, data,
                      (TrainerWorker){&arena, &team_serial, &hooks}, (TrainerCheckpoint){0},
                      &stopped, err));
    print_trace(&trained);
    done = true;
fail:
    arena_destroy(&arena);
    trial_config_free(&config);
    return done;
}

/* --- the command ------------------------------------------------------------------------------ */

static void verify_close(Verify *verify) {
    for (int64_t i = 0; verify->fault && i < verify->results->trials; i++) free(verify->fault[i]);
    free(verify->fault);
    free(verify->job);
    free(verify->row);
    free(verify->row_of_trial);
    free(verify->memory);
    trial_data_close(&verify->study);
    grid_destroy(&verify->grid);
}

static bool print_outcome(const Verify *verify, Error *err) {
    const Results *r = verify->results;
    FILE *out = verify->options->trial ? stderr : stdout; /* stdout has the trace */
    int64_t shown = 0;
    for (int64_t i = 0; i < r->trials && shown < SHOWN; i++) {
        if (!verify->fault[i]) continue;
        text_print(out, "trial %016" PRIx64 ": %s\n", r->id[i], verify->fault[i]);
        shown++;
    }
    if (verify->differ == 0) {
        text_print(out, "%" PRId64 " of %" PRId64 " trials trained again: every bit is the same\n",
                   verify->compared, r->trials);
        return true;
    }
    return error_set(err, ERROR_FAILED,
                     "%s: %" PRId64 " of %" PRId64 " trials came out differently", r->path,
                     verify->differ, verify->compared);
}

bool command_verify(const CliOptions *options, Error *err) {
    Opened opened;
    Verify verify = {.options = options};
    volatile sig_atomic_t never = 0;
    bool done = false;
    if (!trainer_isa_check(err) || !opened_open(&opened, options->target, false, err)) return false;
    verify.results = opened.results;
    TRY(check_program(opened.results, err));
    TRY(grid_create(&verify.grid, opened.spec, INT32_MAX, err));
    TRY(find_rows(&verify, err));
    TRY(choose(&verify, &opened, err));
    TRY(open_study(&verify, &opened, err));
    const Plan plan = {.job = verify.job, .jobs = verify.jobs};
    const TrainTrialsInput input = {
        .data = &verify.study,
        .plan = &plan,
        .sink = check_trial,
        .sink_context = &verify,
        .threads = options->threads > 0 ? options->threads : scheduler_threads(),
        .progress = options->quiet || options->trial ? PROGRESS_NONE : PROGRESS_AUTO,
        .checkpoint_seconds = HUGE_VAL,
        .stop = &never};
    TrainTrialsOutput output;
    TRY(train_trials(&output, &input, err));
    if (options->trial && opened.results->status[verify.row[0]] != TRIAL_FAILED)
        TRY(trace(&verify, err));
    done = print_outcome(&verify, err);
fail:
    verify_close(&verify);
    opened_close(&opened);
    return done;
}
