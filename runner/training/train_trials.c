#include "runner/training/train_trials.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/text.h"
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
    pthread_cond_t ended; /* signalled when `over` is set */
    bool over;
    Progress progress;
    TrainTrialsOutput *output;
    Error *err;
} TrainTrials;

/* What a worker owns. `result` points into `arena`. */
typedef struct TrainWorker {
    TrainTrials *run;
    Arena arena;
    JournalBuffer buffer;
    JournalRecord record;
    TrialResult result;
    bool unfinished; /* the trial was stopped: it has no result */
    uint64_t id;
    int64_t setting; /* its number */
    double begun;    /* when the trial began, or left its last checkpoint */
    bool leaving;
} TrainWorker;

static bool stopping(const TrainTrials *run) {
    return *run->input->stop || atomic_load(&run->out_of_time);
}

static void check_time(TrainTrials *run, double now) {
    const double limit = run->input->time_limit;
    if (limit > 0 && now - run->started > limit) atomic_store(&run->out_of_time, true);
}

/* --- hooks of the trainer --------------------------------------------------------------------- */

static void save_state(void *context, const void *state, size_t bytes) {
    TrainWorker *worker = context;
    TrainTrials *run = worker->run;
    if (!run->input->journals) return;
    pthread_mutex_lock(&run->lock);
    const JournalState checkpoint = {worker->result.data_digest, state, bytes};
    if (!journal_append_state(run->input->journals->own, worker->id, checkpoint, run->err)) {
        atomic_store(&run->out_of_time, true); /* the error is reported when all have stopped */
    }
    pthread_mutex_unlock(&run->lock);
    worker->begun = progress_now();
}

/* Words for the user: a trial has a checkpoint that is not used, and why. */
static void print_refused(const TrainWorker *worker, const char *why) {
    text_print(stderr, "trial %016" PRIx64 " begins anew: %s\n", worker->id, why);
}

static void state_refused(void *context) {
    print_refused(context, "its checkpoint is not one of this program's for it");
}

static TrainerOrder poll_trial(void *context) {
    TrainWorker *worker = context;
    TrainTrials *run = worker->run;
    const TrainTrialsInput *input = run->input;
    if (worker->leaving) return TRAINER_STOP;
    const double now = progress_now();
    check_time(run, now);
    if (stopping(run)) {
        /* what took long enough to be worth it is kept */
        worker->leaving = true;
        return now - worker->begun > 1 ? TRAINER_CHECKPOINT : TRAINER_STOP;
    }
    return now - worker->begun > input->checkpoint_seconds ? TRAINER_CHECKPOINT : TRAINER_GO_ON;
}

/* --- the clock -------------------------------------------------------------------------------- */

#define TICK_NS 250000000 /* with what journal_sync() waits for: a second at most */

/* Several times a second, whatever the trials are at: what has ended is made safe from a power cut,
 * the time limit is looked at, and the user sees how far it is. */
static void *tick(void *context) {
    TrainTrials *run = context;
    const TrainTrialsInput *input = run->input;
    pthread_mutex_lock(&run->lock);
    while (!run->over) {
        struct timespec next;
        clock_gettime(CLOCK_MONOTONIC, &next);
        next.tv_nsec += TICK_NS;
        next.tv_sec += next.tv_nsec / 1000000000;
        next.tv_nsec %= 1000000000;
        (void)pthread_cond_timedwait(&run->ended, &run->lock, &next);
        if (run->over) break;
        if (input->journals && !journal_sync(input->journals->own, false, run->err))
            atomic_store(&run->out_of_time, true); /* reported when all have stopped */
        check_time(run, progress_now());
        progress_tick(&run->progress);
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static bool start_clock(TrainTrials *run, pthread_t *clock, Error *err) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&run->lock, NULL);
    pthread_cond_init(&run->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    errno = pthread_create(clock, NULL, tick, run);
    if (errno == 0) return true;
    pthread_cond_destroy(&run->ended);
    pthread_mutex_destroy(&run->lock);
    return error_errno(err, "a thread that syncs the journal");
}

static void stop_clock(TrainTrials *run, pthread_t clock) {
    pthread_mutex_lock(&run->lock);
    run->over = true;
    pthread_cond_signal(&run->ended);
    pthread_mutex_unlock(&run->lock);
    pthread_join(clock, NULL);
    pthread_cond_destroy(&run->ended);
    pthread_mutex_destroy(&run->lock);
}

/* --- calls of the scheduler ------------------------------------------------------------------- */

static void *enter(void *context, int32_t index) {
    (void)index;
    TrainTrials *run = context;
    TrainWorker *worker = calloc(1, sizeof *worker);
    Error err = {0};
    if (!worker)
        error_memory(&err, sizeof *worker);
    else
        worker->run = run;
    if (worker && arena_create(&worker->arena, run->arena_bytes, &err)) {
        /* touched first by the thread that uses it */
        memset(worker->arena.base, 0, worker->arena.size);
        return worker;
    }
    free(worker);
    pthread_mutex_lock(&run->lock);
    error_set(run->err, err.kind, "%s", err.text);
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static void leave(void *context, void *mine) {
    (void)context;
    TrainWorker *worker = mine;
    arena_destroy(&worker->arena);
    journal_buffer_free(&worker->buffer);
    journal_buffer_free(&worker->record.buffer);
    free(worker);
}

static const JournalEntry *entry_with_state(const TrainTrialsInput *input, uint64_t id) {
    return input->journals ? journal_set_state_entry(input->journals, id) : NULL;
}

/* The checkpoint an earlier run left, if any; one of other rows is none: half a history of each
 * would look like a result. Where there is none at all nobody waits for the lock: tiny trials would
 * wait for one another, two threads as slow as one. */
static bool find_state(TrainWorker *worker, TrainerCheckpoint *checkpoint, Error *err) {
    TrainTrials *run = worker->run;
    JournalState state = {0};
    *checkpoint = (TrainerCheckpoint){0};
    if (!run->has_states) return true;
    pthread_mutex_lock(&run->lock);
    const JournalEntry *entry = entry_with_state(run->input, worker->id);
    const bool read =
        !entry || journal_set_read_state(run->input->journals, entry, &worker->buffer, &state, err);
    pthread_mutex_unlock(&run->lock);
    if (read && state.bytes && state.data_digest != worker->result.data_digest) {
        print_refused(worker, "its data have changed since its checkpoint was written");
        return true;
    }
    *checkpoint = (TrainerCheckpoint){state.bytes, state.size};
    return read;
}

static void set_failed(TrialResult *result, const Error *why) {
    result->status = TRIAL_FAILED;
    result->trained = (TrainerResult){.best_epoch = -1, .verdict = VERDICT_NOISY};
    snprintf(result->message, sizeof result->message, "%.*s", (int)sizeof result->message - 1,
             why->text);
}

static void train(TrainWorker *worker, int64_t trial, const Setting *setting, Team *team) {
    const TrialData *data = worker->run->input->data;
    const TrainerHooks hooks = {poll_trial, save_state, state_refused, worker};
    TrialResult *result = &worker->result;
    TrialConfig config = {0};
    Error why = {0};
    TrainerCheckpoint checkpoint;
    bool trained = trial_data_config(&config, data, trial, setting, &why) &&
                   find_state(worker, &checkpoint, &why);
    if (trained) {
        result->parameters = config.parameters;
        trained = trainer_train(
            &result->trained, &config.trainer, trial_data_data(data, trial, config.trainer.dtype),
            (TrainerWorker){&worker->arena, team, &hooks}, checkpoint, &worker->unfinished, &why);
    }
    if (trained) {
        const bool diverged = result->trained.verdict == VERDICT_DIVERGED;
        result->status = diverged ? TRIAL_DIVERGED : TRIAL_DONE;
    } else if (!worker->unfinished) {
        set_failed(result, &why);
    }
    trial_config_free(&config);
}

static bool next(void *context, int64_t *job) {
    const TrainTrialsDealer *dealer = ((const TrainTrials *)context)->input->dealer;
    return dealer->next(dealer->context, job);
}

/* The value that "best so far" is judged by; NaN where the trial has none. */
static double value_of(const TrainTrials *run, const TrialResult *result) {
    const TrainerResult *trained = &result->trained;
    const int32_t column = metrics_column(trained->metrics, run->progress.metric);
    if (result->status != TRIAL_DONE || column < 0) return (double)NAN;
    const bool best = run->input->data->grid->spec->at == SPEC_AT_BEST;
    return best ? trained->best[column] : trained->final[column];
}

/* "0123456789abcdef hidden=3: converged after 100 epochs, test_loss 0.0912" */
static void print_trial(const TrainTrials *run, const TrialResult *result, const char *name) {
    text_print(stderr, "%016" PRIx64 " %s: ", result->id, *name ? name : "the only setting");
    if (result->status == TRIAL_FAILED) {
        text_print(stderr, "failed: %s\n", result->message);
        return;
    }
    text_print(stderr, "%s after %" PRId64 " epochs", verdict_name(result->trained.verdict),
               result->trained.epochs_run);
    const double value = value_of(run, result);
    if (!isnan(value)) {
        text_print(stderr, ", %s %.6g", metrics_name(run->progress.metric), value);
    }
    fputs("\n", stderr);
}

/* What other processes have finished counts as progress. */
static void show_others(TrainTrials *run) {
    const TrainTrialsDealer *dealer = run->input->dealer;
    int64_t trials;
    double cost;
    dealer->others(dealer->context, &trials, &cost);
    progress_others(&run->progress, trials, cost);
}

/* A result that is safe: counted and shown. False where the run is to end. */
static bool count_result(TrainWorker *worker, int64_t job) {
    TrainTrials *run = worker->run;
    const TrialResult *result = &worker->result;
    const TrainTrialsInput *input = run->input;
    const bool diverged = result->status == TRIAL_DIVERGED;
    const bool failed = result->status == TRIAL_FAILED;
    char name[128] = "";
    run->output->done++;
    run->output->diverged += diverged;
    run->output->failed += failed;
    Progress *progress = &run->progress;
    if (input->dealer) show_others(run);
    if (progress_trial(progress, run->cost[job], value_of(run, result), diverged, failed)) {
        grid_describe(input->data->grid, worker->setting, progress->best_name,
                      sizeof progress->best_name);
    }
    progress_tick(progress);
    if (!input->verbose && !failed) return true;
    grid_describe(input->data->grid, worker->setting, name, sizeof name);
    if (input->verbose) print_trial(run, result, name);
    if (!failed || !input->fail_fast) return true;
    return error_set(run->err, ERROR_FAILED, "trial %016" PRIx64 " (%s): %s", result->id, name,
                     result->message);
}

/* Makes a result safe. The bytes, their CRC and the write are outside the lock: thousands of tiny
 * trials a second would wait for one another. */
static bool save_result(TrainWorker *worker, int64_t job) {
    TrainTrials *run = worker->run;
    const TrainTrialsInput *input = run->input;
    Error why = {0};
    const bool encoded = input->sink || journal_encode(&worker->record, &worker->result, &why);
    pthread_mutex_lock(&run->lock);
    bool kept;
    if (!encoded) {
        kept = error_set(run->err, why.kind, "%s", why.text);
    } else if (input->sink) {
        kept = input->sink(input->sink_context, input->plan->job[job], &worker->result, run->err);
    } else if ((kept = journal_claim(input->journals->own, &worker->record, run->err))) {
        pthread_mutex_unlock(&run->lock);
        journal_write(input->journals->own, &worker->record);
        pthread_mutex_lock(&run->lock);
        kept = journal_commit(input->journals->own, &worker->record, run->err);
    }
    kept = kept && count_result(worker, job);
    pthread_mutex_unlock(&run->lock);
    if (kept && input->dealer) input->dealer->done(input->dealer->context, job);
    return kept;
}

static bool work(void *context, void *mine, int64_t job, Team *team) {
    TrainTrials *run = context;
    TrainWorker *worker = mine;
    const TrainTrialsInput *input = run->input;
    const int64_t trial = input->plan->job[job];
    worker->begun = progress_now();
    check_time(run, worker->begun); /* short trials end before they are polled */
    if (stopping(run)) return false;
    Setting setting;
    grid_setting(input->data->grid, trial, &setting);
    arena_reset(&worker->arena);
    worker->id = input->data->grid->id[trial];
    worker->setting = setting.number;
    worker->leaving = worker->unfinished = false;
    worker->result =
        (TrialResult){.id = worker->id, .data_digest = input->data->trial_digest[trial]};
    train(worker, trial, &setting, team);
    return !worker->unfinished && save_result(worker, job);
}

/* --- all trials ------------------------------------------------------------------------------- */

/* Costs of all jobs, the arena that the largest needs, and whether any was begun before. A setting
 * that makes no network gets no arena: it will fail with its own words. Repeats of a setting on the
 * same data cost the same. */
static bool measure_jobs(TrainTrials *run, double *cost, double *total, Error *err) {
    const TrainTrialsInput *input = run->input;
    const TrialData *data = input->data;
    int64_t setting_before = -1;
    int32_t load_before = -1;
    *total = 0;
    for (int64_t j = 0; j < input->plan->jobs; j++) {
        const int64_t trial = input->plan->job[j];
        Setting setting;
        TrialConfig config;
        run->has_states = run->has_states || entry_with_state(input, data->grid->id[trial]);
        grid_setting(data->grid, trial, &setting);
        const int32_t load = data->load_of_trial[trial];
        const bool repeats = setting.number == setting_before && load == load_before;
        if (repeats) {
            cost[j] = cost[j - 1];
        } else {
            if (!trial_data_config(&config, data, trial, &setting, err)) return false;
            cost[j] = trial_data_cost(data, trial, &config);
            const size_t bytes =
                trainer_bytes(&config.trainer, trial_data_data(data, trial, config.trainer.dtype));
            if (bytes > run->arena_bytes) run->arena_bytes = bytes;
            trial_config_free(&config);
        }
        *total += cost[j];
        setting_before = setting.number;
        load_before = load;
    }
    return true;
}

static Metric progress_metric(const TrialData *data) {
    const Metric asked = data->grid->spec->metric;
    if (asked != METRIC_COUNT) return asked;
    bool test = false;
    for (int32_t k = 0; k < data->sets; k++) {
        test = test || data->set[k].test.n > 0 || data->set[k].train.fold;
    }
    return test ? METRIC_TEST_LOSS : METRIC_TRAIN_LOSS;
}

bool train_trials(TrainTrialsOutput *output, const TrainTrialsInput *input, Error *err) {
    *output = (TrainTrialsOutput){0};
    TrainTrials run = {.input = input, .output = output, .err = err};
    double total, *cost = malloc(((size_t)input->plan->jobs + 1) * sizeof *cost);
    if (!cost) return error_memory(err, (size_t)input->plan->jobs * sizeof *cost);
    if (!measure_jobs(&run, cost, &total, err)) {
        free(cost);
        return false;
    }
    run.cost = cost;
    run.started = progress_now();
    progress_begin(&run.progress, input->progress, input->plan->jobs, total,
                   progress_metric(input->data), input->data->grid->spec->goal == SPEC_MAXIMIZE);
    pthread_t clock;
    if (!start_clock(&run, &clock, err)) {
        free(cost);
        return false;
    }
    const SchedulerCalls calls = {.enter = enter,
                                  .work = work,
                                  .next = input->dealer ? next : NULL,
                                  .leave = leave,
                                  .context = &run};
    const bool ran = scheduler_run(input->plan->jobs, cost, input->threads, &calls, err);
    stop_clock(&run, clock);
    output->seconds = progress_now() - run.started;
    progress_end(&run.progress);
    output->out_of_time = atomic_load(&run.out_of_time);
    free(cost);
    /* Stopping early is no trouble. What could not be kept is, also where every trial had ended by
     * then. */
    return (ran || stopping(&run)) && err->kind == ERROR_NONE;
}
