#include "runner/training/train_trials.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/training/scheduler.h"

/* Everything that the workers share. What is not read-only is behind `lock`. */
typedef struct TrainTrials {
    const TrainTrialsInput *input;
    const double *cost; /* of each job */
    size_t arena_bytes;
    bool has_states; /* an earlier run left a checkpoint of one of the jobs */
    double started;
    _Atomic bool out_of_time;
    pthread_mutex_t lock;
    Progress progress;
    TrainTrialsOutput *output;
    Error *err;
} TrainTrials;

/* What a worker owns. `result` points into `arena`. */
typedef struct Worker {
    TrainTrials *campaign;
    Arena arena;
    JournalBuffer buffer;
    TrialResult result;
    bool unfinished; /* the trial was stopped: it has no result */
    uint64_t id;
    int64_t setting; /* its number */
    double begun;    /* when the trial began, or left its last checkpoint */
    bool leaving;
} Worker;

static bool stopping(const TrainTrials *campaign) {
    return *campaign->input->stop || atomic_load(&campaign->out_of_time);
}

/* --- hooks of the trainer -------------------------------------------------------------------------- */

static void save_state(void *context, const void *state, size_t bytes) {
    Worker *worker = context;
    TrainTrials *campaign = worker->campaign;
    if (!campaign->input->journal) return;
    pthread_mutex_lock(&campaign->lock);
    if (!journal_append_state(campaign->input->journal, worker->id, state, bytes, campaign->err)) {
        atomic_store(&campaign->out_of_time, true); /* the error is told when all have stopped */
    }
    pthread_mutex_unlock(&campaign->lock);
    worker->begun = progress_now();
}

static TrainerOrder poll_trial(void *context) {
    Worker *worker = context;
    TrainTrials *campaign = worker->campaign;
    const TrainTrialsInput *input = campaign->input;
    if (worker->leaving) return TRAINER_STOP;
    const double now = progress_now();
    if (input->time_limit > 0 && now - campaign->started > input->time_limit) {
        atomic_store(&campaign->out_of_time, true);
    }
    if (stopping(campaign)) {
        /* what took long enough to be worth it is kept */
        worker->leaving = true;
        return now - worker->begun > 1 ? TRAINER_CHECKPOINT : TRAINER_STOP;
    }
    if (pthread_mutex_trylock(&campaign->lock) == 0) {
        /* trials that ended a while ago must not wait for the next one to end to be safe from a
         * power cut */
        if (input->journal && !journal_sync(input->journal, false, campaign->err)) {
            atomic_store(&campaign->out_of_time, true);
        }
        progress_tick(&campaign->progress);
        pthread_mutex_unlock(&campaign->lock);
    }
    return now - worker->begun > input->checkpoint_seconds ? TRAINER_CHECKPOINT : TRAINER_GO_ON;
}

/* --- calls of the scheduler -------------------------------------------------------------------------- */

static void *enter(void *context, int32_t index) {
    (void)index;
    TrainTrials *campaign = context;
    Worker *worker = calloc(1, sizeof *worker);
    Error err = {0};
    if (!worker)
        error_memory(&err, sizeof *worker);
    else
        worker->campaign = campaign;
    if (worker && arena_create(&worker->arena, campaign->arena_bytes, &err)) {
        memset(worker->arena.base, 0,
               worker->arena.size); /* touched first by the thread that uses it */
        return worker;
    }
    free(worker);
    pthread_mutex_lock(&campaign->lock);
    error_set(campaign->err, err.kind, "%s", err.text);
    pthread_mutex_unlock(&campaign->lock);
    return NULL;
}

static void leave(void *context, void *mine) {
    (void)context;
    Worker *worker = mine;
    arena_destroy(&worker->arena);
    journal_buffer_free(&worker->buffer);
    free(worker);
}

static const JournalEntry *entry_with_state(const TrainTrialsInput *input, uint64_t id) {
    const JournalEntry *entry = input->journal ? journal_find(input->journal, id) : NULL;
    return entry && entry->state_offset > 0 ? entry : NULL;
}

/* The checkpoint an earlier run left, if any. Where there is none at all nobody waits for the lock:
 * tiny trials would wait for one another, two threads as slow as one. */
static bool find_state(Worker *worker, const void **state, size_t *bytes, Error *err) {
    TrainTrials *campaign = worker->campaign;
    *state = NULL;
    *bytes = 0;
    if (!campaign->has_states) return true;
    pthread_mutex_lock(&campaign->lock);
    const JournalEntry *entry = entry_with_state(campaign->input, worker->id);
    const bool read = !entry || journal_read_state(campaign->input->journal, entry, &worker->buffer,
                                                   state, bytes, err);
    pthread_mutex_unlock(&campaign->lock);
    return read;
}

static void set_failed(TrialResult *result, const Error *why) {
    result->status = TRIAL_FAILED;
    result->trained = (TrainerResult){.best_epoch = -1, .verdict = VERDICT_NOISY};
    snprintf(result->message, sizeof result->message, "%.*s", (int)sizeof result->message - 1,
             why->text);
}

static void train(Worker *worker, int64_t trial, const Setting *setting, Team *team) {
    const TrialData *study = worker->campaign->input->study;
    const TrainerHooks hooks = {poll_trial, save_state, worker};
    TrialResult *result = &worker->result;
    TrialConfig config = {0};
    Error why = {0};
    const void *state;
    size_t bytes;
    bool trained = trial_data_config(&config, study, trial, setting, &why) &&
                   find_state(worker, &state, &bytes, &why);
    if (trained) {
        Mlp mlp;
        trained = mlp_create(&mlp, &config.trainer.network, &why);
        result->parameters = mlp.parameters;
    }
    if (trained) {
        trained = trainer_train(&result->trained, &config.trainer,
                                trial_data_data(study, trial, config.trainer.dtype),
                                (TrainerWorker){&worker->arena, team, &hooks},
                                (TrainerCheckpoint){state, bytes}, &worker->unfinished, &why);
    }
    if (trained) {
        const bool diverged = result->trained.verdict == VERDICT_DIVERGED;
        result->status = diverged ? TRIAL_DIVERGED : TRIAL_DONE;
    } else if (!worker->unfinished) {
        set_failed(result, &why);
    }
    trial_config_free(&config);
}

static bool work(void *context, void *mine, int64_t job, Team *team) {
    TrainTrials *campaign = context;
    Worker *worker = mine;
    const TrainTrialsInput *input = campaign->input;
    const int64_t trial = input->plan->job[job];
    if (stopping(campaign)) return false;
    Setting setting;
    grid_setting(input->study->grid, trial, &setting);
    arena_reset(&worker->arena);
    worker->id = input->study->grid->id[trial];
    worker->setting = setting.number;
    worker->begun = progress_now();
    worker->leaving = worker->unfinished = false;
    worker->result =
        (TrialResult){.id = worker->id, .data_digest = input->study->trial_digest[trial]};
    train(worker, trial, &setting, team);
    return !worker->unfinished;
}

/* The value that "best so far" goes by; NaN where the trial has none. */
static double value_of(const TrainTrials *campaign, const TrialResult *result) {
    const TrainerResult *trained = &result->trained;
    const int32_t column = metrics_column(trained->metrics, campaign->progress.metric);
    if (result->status != TRIAL_DONE || column < 0) return (double)NAN;
    const bool best = campaign->input->study->grid->spec->at == SPEC_AT_BEST;
    return best ? trained->best[column] : trained->final[column];
}

/* "0123456789abcdef hidden=3: converged after 100 epochs, test_loss 0.0912" */
static void tell_trial(const TrainTrials *campaign, const TrialResult *result, const char *name) {
    fprintf(stderr, "%016" PRIx64 " %s: ", result->id, *name ? name : "the only setting");
    if (result->status == TRIAL_FAILED) {
        fprintf(stderr, "failed: %s\n", result->message);
        return;
    }
    fprintf(stderr, "%s after %" PRId64 " epochs", verdict_name(result->trained.verdict),
            result->trained.epochs_run);
    const double value = value_of(campaign, result);
    if (!isnan(value)) {
        fprintf(stderr, ", %s %.6g", metrics_name(campaign->progress.metric), value);
    }
    fputs("\n", stderr);
}

static bool done(void *context, void *mine, int64_t job) {
    TrainTrials *campaign = context;
    const Worker *worker = mine;
    const TrialResult *result = &worker->result;
    const TrainTrialsInput *input = campaign->input;
    pthread_mutex_lock(&campaign->lock);
    const bool kept =
        input->keep ? input->keep(input->keep_context, input->plan->job[job], result, campaign->err)
                    : journal_append(input->journal, result, campaign->err);
    if (kept) {
        const bool diverged = result->status == TRIAL_DIVERGED;
        const bool failed = result->status == TRIAL_FAILED;
        campaign->output->done++;
        campaign->output->diverged += diverged;
        campaign->output->failed += failed;
        char name[128] = "";
        if (campaign->progress.style != PROGRESS_NONE || input->verbose || failed) {
            grid_describe(input->study->grid, worker->setting, name, sizeof name);
        }
        progress_trial(&campaign->progress, campaign->cost[job], value_of(campaign, result), name,
                       diverged, failed);
        if (input->verbose) tell_trial(campaign, result, name);
        if (failed && input->fail_fast) {
            error_set(campaign->err, ERROR_FAILED, "trial %016llx (%s): %s",
                      (unsigned long long)result->id, name, result->message);
        }
    }
    pthread_mutex_unlock(&campaign->lock);
    return kept && !(result->status == TRIAL_FAILED && input->fail_fast);
}

/* --- the whole ----------------------------------------------------------------------------------- */

/* Costs of all jobs, the arena that the largest needs, and whether any was begun before. A setting
 * that makes no network gets no arena: it will fail with its own words. */
static bool measure_jobs(TrainTrials *campaign, double *cost, double *total, Error *err) {
    const TrainTrialsInput *input = campaign->input;
    const TrialData *study = input->study;
    *total = 0;
    for (int64_t j = 0; j < input->plan->jobs; j++) {
        const int64_t trial = input->plan->job[j];
        Setting setting;
        TrialConfig config;
        grid_setting(study->grid, trial, &setting);
        if (!trial_data_config(&config, study, trial, &setting, err)) return false;
        cost[j] = trial_data_cost(study, trial, &config);
        *total += cost[j];
        campaign->has_states =
            campaign->has_states || entry_with_state(input, study->grid->id[trial]) != NULL;
        const size_t bytes =
            trainer_bytes(&config.trainer, trial_data_data(study, trial, config.trainer.dtype));
        if (bytes > campaign->arena_bytes) campaign->arena_bytes = bytes;
        trial_config_free(&config);
    }
    return true;
}

static Metric progress_metric(const TrialData *study) {
    const Metric asked = study->grid->spec->metric;
    if (asked != METRIC_COUNT) return asked;
    bool test = false;
    for (int32_t k = 0; k < study->sets; k++) {
        test = test || study->set[k].test.n > 0 || study->set[k].train.fold;
    }
    return test ? METRIC_TEST_LOSS : METRIC_TRAIN_LOSS;
}

bool train_trials(TrainTrialsOutput *output, const TrainTrialsInput *input, Error *err) {
    *output = (TrainTrialsOutput){0};
    TrainTrials campaign = {.input = input, .output = output, .err = err};
    double total, *cost = malloc(((size_t)input->plan->jobs + 1) * sizeof *cost);
    if (!cost) return error_memory(err, (size_t)input->plan->jobs * sizeof *cost);
    if (!measure_jobs(&campaign, cost, &total, err)) {
        free(cost);
        return false;
    }
    campaign.cost = cost;
    pthread_mutex_init(&campaign.lock, NULL);
    campaign.started = progress_now();
    progress_begin(&campaign.progress, input->progress, input->plan->jobs, total,
                   progress_metric(input->study), input->study->grid->spec->goal == SPEC_MAXIMIZE);
    const SchedulerCalls calls = {enter, work, done, leave, &campaign};
    const bool ran = scheduler_run(input->plan->jobs, cost, input->threads, &calls, err);
    output->seconds = progress_now() - campaign.started;
    progress_end(&campaign.progress);
    output->out_of_time = atomic_load(&campaign.out_of_time);
    pthread_mutex_destroy(&campaign.lock);
    free(cost);
    /* Stopping early is no trouble. What could not be kept is, also where every trial had ended by
     * then. */
    return (ran || stopping(&campaign)) && err->kind == ERROR_NONE;
}
