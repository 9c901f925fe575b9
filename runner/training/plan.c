#include "runner/training/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/journal/id_index.h"
#include "runner/journal/journal_set.h"
#include "runner/journal/provenance.h"

/* --- what does not belong together ------------------------------------------------------------ */

static const char REMEDY[] = "use --force to start anew, or -o for another folder";

/* How two settings differ: at most three keys, "epochs is 100 there, 200 here". Returns how many
 * do. */
static int difference(const Setting *there, const Setting *here, char *buffer, size_t size) {
    Text text = text_begin(buffer, size);
    int differ = 0;
    for (int key = 0; key < KEY_COUNT; key++) {
        if (!strcmp(there->value[key].text, here->value[key].text) || differ++ >= 3) continue;
        text_add(&text, "%s%s is %.60s there, %.60s here", text.length ? "; " : "", KEYS[key].name,
                 there->value[key].text, here->value[key].text);
    }
    if (there->seed != here->seed && differ++ < 3) {
        text_add(&text, "%sseed is %u there, %u here", text.length ? "; " : "",
                 (unsigned)there->seed, (unsigned)here->seed);
    }
    return differ;
}

/* Compares a trial of results.h5 with the one of the grid that differs least from it. */
static void closest(const PlanInput *input, int64_t row, char *text, size_t size) {
    enum { LOOK_AT = 2000 };
    const int64_t trials = input->grid->trials, step = trials / LOOK_AT + 1;
    int fewest = KEY_COUNT + 2;
    Setting there;
    store_setting(input->old, row, &there);
    for (int64_t trial = 0; trial < trials; trial += step) {
        Setting here;
        char words[512];
        grid_setting(input->grid, trial, &here);
        const int differ = difference(&there, &here, words, sizeof words);
        if (differ >= fewest) continue;
        fewest = differ;
        snprintf(text, size, "%s", words);
    }
}

/* The same of the first journal of an index that has such trials. */
static bool check_foreign_index(const PlanInput *input, const IdIndex *grid,
                                const JournalIndex *index, Error *err) {
    const JournalEntry *first = NULL;
    int64_t foreign = 0, results = 0;
    for (int64_t i = 0; index && i < index->entries; i++) {
        const JournalEntry *entry = &index->entry[i];
        if (!journal_index_has_result(entry)) continue;
        const bool is_foreign = id_index_find(grid, entry->id) < 0;
        if (is_foreign && !first) first = entry;
        foreign += is_foreign && entry->journal == first->journal;
    }
    if (!first) return true;
    for (int64_t i = 0; i < index->entries; i++) {
        results +=
            journal_index_has_result(&index->entry[i]) && index->entry[i].journal == first->journal;
    }
    return error_set(err, ERROR_CONFLICT,
                     "%s: %" PRId64 " of its %" PRId64
                     " trials are not in this experiment (the first: %016" PRIx64
                     "; this experiment's first is %016" PRIx64 "); %s",
                     journal_set_path(input->journals, first), foreign, results, first->id,
                     input->grid->id[0], REMEDY);
}

/* Refuses results of trials that the grid does not have: writing the file anew would drop them. */
static bool check_foreign(const PlanInput *input, const IdIndex *grid, Error *err) {
    int64_t foreign = 0, row = -1;
    for (int64_t i = 0; input->old && i < input->old->trials; i++) {
        if (id_index_find(grid, input->old->id[i]) >= 0) continue;
        if (row < 0) row = i;
        foreign++;
    }
    if (foreign) {
        char words[512] = "";
        closest(input, row, words, sizeof words);
        return error_set(err, ERROR_CONFLICT,
                         "%s: %" PRId64 " of its %" PRId64
                         " trials are not in this experiment (the first: %s); %s",
                         input->old->path, foreign, input->old->trials, words, REMEDY);
    }
    return check_foreign_index(input, grid,
                               input->journals->own ? &input->journals->own->index : NULL, err) &&
           check_foreign_index(input, grid, &input->journals->index, err);
}

static bool check_digest(const PlanInput *input, int64_t trial, uint64_t digest, const char *where,
                         Error *err) {
    const uint64_t now = input->digest ? input->digest[trial] : 0;
    if (!now || !digest || digest == now) return true;
    Setting setting;
    grid_setting(input->grid, trial, &setting);
    return error_set(
        err, ERROR_CONFLICT,
        "%s: trial %016" PRIx64 " (seed %u) was trained on other data: digest %016" PRIx64
        " there, %016" PRIx64 " now (data.kind %s%s%s); %s",
        where, input->grid->id[trial], (unsigned)setting.seed, digest, now,
        setting.value[KEY_DATA_KIND].text, *setting.value[KEY_DATA_PATH].text ? ", data.path " : "",
        setting.value[KEY_DATA_PATH].text, REMEDY);
}

/* Only a bug makes these. */
static bool check_journals(const PlanInput *input, Error *err) {
    JournalSetConflict conflict;
    return !journal_set_conflict(input->journals, &conflict) ||
           error_set(err, ERROR_CONFLICT,
                     "%s and %s hold different results of trial %016" PRIx64 " (CRC %08x and %08x)",
                     conflict.path[0], conflict.path[1], conflict.id, (unsigned)conflict.crc[0],
                     (unsigned)conflict.crc[1]);
}

/* New trials beside those of results.h5 must have been computed alike. */
static bool check_arithmetic(const PlanInput *input, Error *err) {
    const Results *old = input->old;
    if (old->numerics != PROVENANCE_NUMERICS) {
        return error_set(err, ERROR_CONFLICT,
                         "%s: made by a program of numerics version %" PRId64
                         ", this one has %d and would add other numbers; %s",
                         old->path, old->numerics, PROVENANCE_NUMERICS, REMEDY);
    }
    if (strcmp(old->arithmetic, input->arithmetic) != 0) {
        return error_set(
            err, ERROR_CONFLICT,
            "%s: made with arithmetic class \"%s\", this processor's is \"%s\" and would add other "
            "bits; %s",
            old->path, old->arithmetic, input->arithmetic, REMEDY);
    }
    return true;
}

/* --- planning --------------------------------------------------------------------------------- */

/* Decides about one trial. `row` is its index in results.h5, or -1. */
static bool plan_trial(Plan *plan, const PlanInput *input, int64_t trial, int64_t row, Error *err) {
    const JournalEntry *entry = journal_set_entry(input->journals, input->grid->id[trial]);
    const bool in_old = row >= 0, old_failed = in_old && input->old->status[row] == TRIAL_FAILED;
    const bool journal_failed = entry && entry->status == TRIAL_FAILED;
    if (entry && !journal_failed &&
        !check_digest(input, trial, entry->data_digest, journal_set_path(input->journals, entry),
                      err)) {
        return false;
    }
    if (in_old && !old_failed &&
        !check_digest(input, trial, input->old->data_digest[row], input->old->path, err)) {
        return false;
    }
    const bool has = entry || in_old,
               failed = has && !(entry && !journal_failed) && !(in_old && !old_failed);
    plan->finished += has;
    plan->failed += failed;
    plan->publish |= entry && (!in_old || (old_failed && !journal_failed));
    if ((!has || (failed && input->retry_failed)) && (!input->wanted || input->wanted[trial]))
        plan->job[plan->jobs++] = trial;
    return true;
}

bool plan_create(Plan *plan, const PlanInput *input, Error *err) {
    IdIndex grid = {0}, old = {0};
    const int64_t trials = input->grid->trials, rows = input->old ? input->old->trials : 0;
    *plan = (Plan){.job = malloc(((size_t)trials + 1) * sizeof *plan->job)};
    bool ok = false;
    if (!plan->job) {
        error_memory(err, ((size_t)trials + 1) * sizeof *plan->job);
        goto fail;
    }
    TRY(id_index_create(&grid, input->grid->id, trials, err));
    if (rows) TRY(id_index_create(&old, input->old->id, rows, err));
    TRY(check_foreign(input, &grid, err));
    TRY(check_journals(input, err));
    for (int64_t trial = 0; trial < trials; trial++) {
        TRY(plan_trial(plan, input, trial, id_index_find(&old, input->grid->id[trial]), err));
    }
    plan->publish |= plan->jobs > 0;
    if (input->old && plan->publish) TRY(check_arithmetic(input, err));
    ok = true;
fail:
    id_index_free(&grid);
    id_index_free(&old);
    if (!ok) plan_destroy(plan);
    return ok;
}

void plan_destroy(Plan *plan) {
    free(plan->job);
    *plan = (Plan){0};
}

bool plan_copy_old(const PlanInput *input, Journal *journal, Error *err) {
    const Results *old = input->old;
    if (!old) return true;
    double *memory = malloc((store_result_words(old) + 1) * sizeof *memory);
    if (!memory) return error_memory(err, (store_result_words(old) + 1) * sizeof *memory);
    bool ok = true;
    for (int64_t row = 0; ok && row < old->trials; row++) {
        TrialResult result;
        if (journal_set_entry(input->journals, old->id[row])) continue;
        store_result(old, row, &result, memory);
        ok = journal_append(journal, &result, err);
    }
    ok = ok && journal_sync(journal, true, err);
    free(memory);
    return ok;
}
