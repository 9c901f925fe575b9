#include "runner/commands/command_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "runner/analysis/filter.h"
#include "runner/commands/command_report.h"
#include "runner/commands/commands.h"
#include "runner/commands/run_folder.h"
#include "runner/experiment/spec_read.h"
#include "runner/journal/journal_set.h"
#include "runner/journal/provenance.h"
#include "runner/journal/results_folder.h"
#include "runner/journal/run_log.h"
#include "runner/output/escape.h"
#include "runner/report/report.h"
#include "runner/store/store_publish.h"
#include "runner/training/scheduler.h"
#include "runner/training/signals.h"
#include "runner/training/train_trials.h"

#define CHECKPOINT_SECONDS 60.0

/* --- what a run owns -------------------------------------------------------------------------- */

typedef struct Run {
    const RunRequest *request;
    Spec spec;
    Grid grid;
    TrialData study;
    Folder folder;       /* locked */
    int lock;            /* of the folder, for other nodes */
    JournalSet journals; /* all of the folder; the first is the one that this run writes */
    Results old;
    bool has_old;
    Plan plan;
    bool *wanted; /* trials: this run's share; NULL: all */
    char *resolved;
    int32_t threads;
    bool moved; /* the folder got another name meanwhile */
    double started;
} Run;

static void run_close(Run *run) {
    plan_destroy(&run->plan);
    journal_set_close(&run->journals);
    if (run->has_old) store_close(&run->old);
    if (run->lock >= 0) close(run->lock);
    folder_close(&run->folder);
    trial_data_close(&run->study);
    grid_destroy(&run->grid);
    spec_destroy(&run->spec);
    free(run->wanted);
    free(run->resolved);
}

/* --- before training -------------------------------------------------------------------------- */

static bool read_experiment(Run *run, Error *err) {
    const RunRequest *request = run->request;
    TRY(spec_read(&run->spec, request->experiment, request->override, request->overrides, err));
    TRY(grid_create(&run->grid, &run->spec, request->max_trials, err));
    TRY(spec_resolved(&run->spec, &run->resolved, err));
    if (*run->grid.warning && !request->quiet) text_print(stderr, "%s\n", run->grid.warning);
    return true;
fail:
    return false;
}

/* Where data files of a relative path are. */
static const char *data_folder(const Run *run, char *folder, size_t size) {
    files_folder_of(folder, size, run->request->experiment);
    return run->request->data_folder ? run->request->data_folder : folder;
}

static bool load_data(Run *run, Error *err) {
    char folder[2048];
    const DataRoot data = {data_folder(run, folder, sizeof folder)};
    return trial_data_open(&run->study, &run->grid, &data, err);
}

static bool open_journals(Run *run, Error *err) {
    char own[RESULTS_FOLDER_NAME_BYTES];
    results_folder_journal_name(own, run->request->shard, run->request->shards);
    return journal_set_open_own(&run->journals, &run->folder, own, err) &&
           journal_set_read_others(&run->journals, &run->folder, err);
}

/* Of the grid: what --filter lets through, and of that every N-th trial by its index in the
 * grid, so that shards agree on who does what whenever they begin. */
static bool choose_wanted(Run *run, Error *err) {
    const RunRequest *request = run->request;
    Filter filter;
    int64_t matches = 0;
    if (!request->merges && request->shards == 0 && request->filters == 0) return true;
    run->wanted = calloc((size_t)run->grid.trials + 1, sizeof *run->wanted);
    if (!run->wanted) return error_memory(err, (size_t)run->grid.trials);
    if (request->merges) return true; /* nothing is to be trained */
    if (!filter_create(&filter, request->filter, request->filters, false, err)) return false;
    for (int64_t i = 0; i < run->grid.trials; i++) {
        Setting setting;
        grid_setting(&run->grid, i, &setting);
        const bool match = filter_matches(&filter, &setting, TRIAL_DONE, VERDICT_NOISY);
        matches += match;
        run->wanted[i] =
            match && (request->shards == 0 || i % request->shards == request->shard - 1);
    }
    filter_destroy(&filter);
    return matches > 0 ||
           error_set(err, ERROR_USAGE, "--filter: no trial of %s matches", request->experiment);
}

static bool make_plan(Run *run, PlanInput *input, Error *err) {
    *input = (PlanInput){.grid = &run->grid,
                         .journals = &run->journals,
                         .old = run->has_old ? &run->old : NULL,
                         .digest = run->study.trial_digest,
                         .wanted = run->wanted,
                         .arithmetic = trainer_arithmetic(),
                         .retry_failed = run->request->retry_failed};
    return plan_create(&run->plan, input, err);
}

/* Room in the journal for what is to come, so that a full disk is found now: 8 bytes a number, and
 * as much again for the results file. */
static bool reserve(Run *run, Error *err) {
    int64_t bytes = 0;
    for (int64_t j = 0; j < run->plan.jobs; j++) {
        const int64_t trial = run->plan.job[j];
        Setting setting;
        TrialConfig config;
        grid_setting(&run->grid, trial, &setting);
        if (!trial_data_config(&config, &run->study, trial, &setting, err)) return false;
        bytes += 256 + 8 * trial_data_numbers(&run->study, trial, &config);
        trial_config_free(&config);
    }
    return journal_reserve(run->journals.own, bytes, err);
}

/* What another program changed must not get our checksum unasked: nobody could tell any more. */
static bool check_edited(const Run *run, Error *err) {
    if (!run->has_old || !run->old.changed || run->request->trust_edited) return true;
    return error_set(err, ERROR_CONFLICT,
                     "%s: another program has changed it, and this run would write it anew as its "
                     "own; nothing was changed (--trust-edited goes on with its numbers as they "
                     "are, --force starts over, -o DIR writes elsewhere)",
                     run->old.path);
}

/* The folder's own copy. */
static bool copy_experiment(const Run *run, Error *err) {
    const char *source = run->spec.source;
    return files_write_in(&run->folder, RUN_LOG_EXPERIMENT, source, strlen(source), err);
}

/* Everything that can go wrong before the first trial does so here. */
static bool prepare(Run *run, Error *err) {
    PlanInput input;
    const bool shard = run->request->shards > 0;
    TRY(run_folder_open(&run->folder, &run->lock, run->request, true, run->spec.source, err));
    if (!shard) TRY(store_publish_clean(&run->folder, err));
    if (run->request->force) TRY(store_publish_clear(&run->folder, err));
    if (folder_has(&run->folder, STORE_NAME)) {
        TRY(store_read(&run->old, run->folder.path, err));
        run->has_old = true;
    }
    TRY(open_journals(run, err));
    TRY(make_plan(run, &input, err));
    if (run->plan.jobs == 0 && (shard || !run->plan.publish)) return true;
    /* a shard leaves results.h5 to merge */
    if (!shard) TRY(check_edited(run, err));
    if (!shard) TRY(plan_copy_old(&input, run->journals.own, err));
    TRY(trial_data_prepare(&run->study, run->plan.job, run->plan.jobs, err));
    TRY(reserve(run, err));
    return copy_experiment(run, err);
fail:
    return false;
}

/* --- after training --------------------------------------------------------------------------- */

/* Trials of the grid that have a result in a journal: where something was trained, all that there
 * are. */
static int64_t finished_trials(const Run *run) {
    int64_t finished = 0;
    for (int64_t i = 0; i < run->grid.trials; i++) {
        if (journal_set_entry(&run->journals, run->grid.id[i])) finished++;
    }
    return finished;
}

static bool publish(Run *run, int64_t finished, bool incomplete, Error *err) {
    JournalSetReader reader = {.set = &run->journals, .id = run->grid.id};
    const StoreInput store = {.grid = &run->grid,
                              .data_of_trial = run->study.data_of_trial,
                              .set = run->study.set,
                              .sets = run->study.sets,
                              .resolved = run->resolved,
                              .arithmetic = trainer_arithmetic(),
                              .source = journal_set_read,
                              .context = &reader};
    const StorePublishInput input = {.folder = &run->folder,
                                     .store = &store,
                                     .journals = &run->journals,
                                     .incomplete = incomplete,
                                     .safe = finished};
    const bool done = store_publish(&input, err);
    journal_buffer_free(&reader.buffer);
    return done;
}

static bool draw_report(Run *run, Error *err) {
    Opened opened;
    Folder report;
    char data[2048];
    signals_phase(INTERRUPT_DRAWS);
    trial_data_close(&run->study); /* large sets may be read again */
    if (!folder_make_in(&report, &run->folder, "report", err)) return false;
    bool done = opened_open(&opened, run->folder.path, false, err);
    if (done) {
        done = command_report_draw(&opened, &report, false, data_folder(run, data, sizeof data),
                                   NULL, NULL, err);
        opened_close(&opened);
    }
    folder_close(&report);
    return done;
}

/* Whether the folder has a report of the results that are in it. */
static bool has_report(const Run *run) {
    Folder report;
    if (!folder_has(&run->folder, "report")) return false;
    const bool drawn = folder_make_in(&report, &run->folder, "report", NULL) &&
                       report_is_drawn(&run->old, &report);
    folder_close(&report);
    return drawn;
}

static void log_time(const Folder *folder, const char *key) {
    char text[64];
    const time_t now = time(NULL);
    struct tm local;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", localtime_r(&now, &local));
    run_log_write(folder, "%s: %s\n", key, text);
}

static void log_start(const Run *run, int32_t threads) {
    char machine[2048];
    provenance_machine(machine, sizeof machine);
    log_time(&run->folder, "start");
    run_log_write(&run->folder, "pid: %ld\n%sthreads: %" PRId32 "\n", (long)getpid(), machine,
                  threads);
    if (!run->request->merges) {
        run_log_origin(&run->folder, run->request->experiment, run->request->override,
                       run->request->overrides);
    }
    run_log_write(&run->folder, "trials: %" PRId64 "\nto_train: %" PRId64 "\n", run->grid.trials,
                  run->plan.jobs);
}

static void log_end(const Run *run, const TrainTrialsOutput *output) {
    run_log_write(&run->folder,
                  "trained: %" PRId64 "\ndiverged: %" PRId64 "\nfailed: %" PRId64
                  "\ntraining_seconds: %.6f\n",
                  output->done, output->diverged, output->failed, output->seconds);
}

/* The command that goes on with it. */
static void print_unfinished(const Run *run, int64_t finished, bool stopped) {
    const RunRequest *request = run->request;
    text_print(stderr,
               "%s: %" PRId64 " of %" PRId64 " trials are safe in %s; go on with\n    runner run ",
               stopped ? "stopped" : "unfinished", finished, run->grid.trials, run->folder.path);
    escape_shell(stderr, request->experiment);
    for (int32_t i = 0; i < request->overrides; i++) {
        fputc(' ', stderr);
        escape_shell(stderr, request->override[i]);
    }
    if (request->shards) {
        text_print(stderr, " --shard %" PRId32 "/%" PRId32, request->shard, request->shards);
    }
    fputs(" --resume", stderr);
    if (request->output || run->moved) {
        fputs(" -o ", stderr);
        escape_shell(stderr, run->folder.path);
    }
    fputc('\n', stderr);
}

/* What became of it, on stderr. */
static void print_outcome(const Run *run, const TrainTrialsOutput *output, int64_t finished,
                          bool stopped) {
    const RunRequest *request = run->request;
    char duration[32];
    if (request->quiet) return;
    progress_duration(duration, sizeof duration, output->seconds);
    if (!request->merges) {
        text_print(stderr, "%" PRId64 " trials trained in %s", output->done, duration);
        if (output->diverged) text_print(stderr, ", %" PRId64 " diverged", output->diverged);
        if (output->failed) text_print(stderr, ", %" PRId64 " failed", output->failed);
        text_print(stderr, "\n");
    }
    if (request->shards && !stopped) {
        text_print(stderr, "shard %" PRId32 " of %" PRId32 " is done; when all are: runner merge ",
                   request->shard, request->shards);
        escape_shell(stderr, run->folder.path);
        fputc('\n', stderr);
    } else if (stopped || finished < run->grid.trials) {
        print_unfinished(run, finished, stopped);
    }
}

/* Where the results are, on stdout. */
static void print_results(const Run *run) {
    if (run->request->shards) {
        const Journal *own = run->journals.own;
        if (own->index.results) text_print(stdout, "journal  %s\n", own->file.path);
        return;
    }
    text_print(stdout, "results  %s/%s\n", run->folder.path, STORE_NAME);
    if (files_has(run->folder.path, "report/index.html")) {
        text_print(stdout, "report   %s/report/index.html\n", run->folder.path);
    }
}

/* Trains what is to be trained, into the journal. */
static bool train(Run *run, TrainTrialsOutput *output, Error *err) {
    const RunRequest *request = run->request;
    const int32_t threads = request->threads > 0 ? request->threads : scheduler_threads();
    const bool silent = request->quiet || request->verbose || request->merges;
    run->threads = threads;
    log_start(run, threads);
    const TrainTrialsInput input = {.data = &run->study,
                                    .plan = &run->plan,
                                    .journals = &run->journals,
                                    .threads = threads,
                                    .progress = silent ? PROGRESS_NONE : request->progress,
                                    .fail_fast = request->fail_fast,
                                    .verbose = request->verbose,
                                    .time_limit = request->time_limit,
                                    .checkpoint_seconds = CHECKPOINT_SECONDS,
                                    .stop = signals_caught()};
    const bool ran = train_trials(output, &input, err);
    /* the first trouble is what counts; what is in the journal is safe as it is */
    return journal_sync(run->journals.own, true, ran ? err : NULL) && ran;
}

/* Where the folder is by now. One made anew, or emptied, is told what it is of. */
static bool find_folder(Run *run, Error *err) {
    char path[FILES_PATH];
    bool anew;
    snprintf(path, sizeof path, "%s", run->folder.path);
    if (!run_folder_find(&run->folder, &run->lock, run->request, &run->journals, &anew, err))
        return false;
    run->moved = strcmp(path, run->folder.path) != 0;
    const bool emptied = !folder_has(&run->folder, RUN_LOG_EXPERIMENT);
    if (anew || emptied) log_start(run, run->threads);
    return !(anew || emptied) || copy_experiment(run, err);
}

/* Trains, publishes, draws. A shard only trains: its journal is for merge. */
static bool carry_out(Run *run, int64_t *failed, int *stopped_by, Error *err) {
    TrainTrialsOutput output = {0};
    const bool trained = train(run, &output, err);
    signals_phase(INTERRUPT_KEEPS);
    /* also where training broke off: what is in the journals must have a name */
    const bool found = find_folder(run, trained ? err : NULL);
    log_end(run, &output);
    if (!trained || !found) return false;
    *stopped_by = *signals_caught() ? *signals_caught() : output.out_of_time ? SIGTERM : 0;
    *failed = output.failed;
    const int64_t finished = finished_trials(run);
    const bool shard = run->request->shards > 0;
    const bool incomplete = *stopped_by || finished < run->grid.trials;
    if (!shard && !publish(run, finished, incomplete, err)) return false;
    print_outcome(run, &output, finished, *stopped_by != 0);
    const bool wants_report =
        !shard && (!run->spec.report.sections || run->spec.report.sections[0]);
    if (*signals_caught()) *stopped_by = *signals_caught(); /* it may have come in the meantime */
    const bool drawn = !wants_report || *signals_caught() || draw_report(run, err);
    run_log_write(&run->folder, "total_seconds: %.6f\n", progress_now() - run->started);
    log_time(&run->folder, "end");
    print_results(run);
    return drawn;
}

/* Nothing to train: the results stay as they are, a missing report is drawn. */
static bool finish_complete(Run *run, Error *err) {
    const bool shard = run->request->shards > 0, complete = run->plan.finished >= run->grid.trials;
    /* journals of an incomplete grid hold checkpoints, and other shards' may be in use */
    if (complete && !shard && !store_publish_drop_journals(&run->folder, &run->journals, err)) {
        return false;
    }
    if (!run->request->quiet) {
        text_print(stderr, "%s is complete: nothing to train\n",
                   complete ? run->folder.path : "this part of the experiment");
    }
    const bool wants_report =
        !shard && (!run->spec.report.sections || run->spec.report.sections[0]);
    /* none, or that of before the results were written: a kill came between */
    if (wants_report && !has_report(run) && !draw_report(run, err)) return false;
    print_results(run);
    return true;
}

bool command_run_request(const RunRequest *request, int *stopped_by, int64_t *failed, Error *err) {
    Run run = {.request = request, .folder = FOLDER_NONE, .lock = -1, .started = progress_now()};
    *stopped_by = 0;
    *failed = 0;
    signals_catch();
    TRY(trainer_isa_check(err));
    TRY(read_experiment(&run, err));
    TRY(run_folder_choose(&run.folder, request, run.spec.name, err));
    /* a second runner leaves at once, not when it has read its data */
    TRY(run_folder_open(&run.folder, &run.lock, request, false, run.spec.source, err));
    TRY(choose_wanted(&run, err));
    TRY(load_data(&run, err));
    if (request->dry_run) {
        text_print(stdout, "%s: %" PRId64 " trials of %" PRId64 " settings, would go to %s\n",
                   run.spec.name, run.grid.trials, run.grid.settings, run.folder.path);
        run_close(&run);
        return true;
    }
    signals_phase(INTERRUPT_TRAINS);
    TRY(prepare(&run, err));
    const bool publishes = run.plan.publish && request->shards == 0;
    if (run.plan.jobs == 0 && !publishes)
        TRY(finish_complete(&run, err));
    else
        TRY(carry_out(&run, failed, stopped_by, err));
    run_close(&run);
    return true;
fail:
    run_close(&run);
    return false;
}

/* --- the command ------------------------------------------------------------------------------ */

bool command_run(const CliOptions *options, int *stopped_by, int64_t *failed, Error *err) {
    const RunRequest request = {.experiment = options->target,
                                .override = options->overrides,
                                .overrides = options->override_count,
                                .output = options->output,
                                .filter = options->filters,
                                .filters = options->filter_count,
                                .shard = options->shard,
                                .shards = options->shards,
                                .threads = options->threads,
                                .max_trials = options->max_trials,
                                .time_limit = options->time_limit,
                                .dry_run = options->dry_run,
                                .resume = options->resume,
                                .force = options->force,
                                .retry_failed = options->retry_failed,
                                .trust_edited = options->trust_edited,
                                .fail_fast = options->fail_fast,
                                .quiet = options->quiet,
                                .verbose = options->verbose,
                                .progress = options->progress};
    return command_run_request(&request, stopped_by, failed, err);
}
