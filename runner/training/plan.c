/* Planning: identities of the grid against those of journals and results file. */
#include "runner/training/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/journal/id_index.h"
#include "runner/journal/provenance.h"

const JournalEntry *plan_entry(Journal *const *journal, int32_t journals, uint64_t id,
                               const Journal **in) {
    const JournalEntry *best = NULL;
    for (int32_t i = 0; i < journals; i++) {
        const JournalEntry *entry = journal_find(journal[i], id);
        if (!journal_has_result(entry) ||
            (best && (best->status != TRIAL_FAILED || entry->status == TRIAL_FAILED)))
            continue;
        best = entry;
        *in = journal[i];
    }
    return best;
}

bool plan_source(void *context, int64_t trial, TrialResult *result, bool *found, Error *err) {
    PlanSource *source = context;
    const Journal *in = NULL;
    const JournalEntry *entry =
        plan_entry(source->journal, source->journals, source->grid->id[trial], &in);
    *found = entry != NULL;
    return !entry || journal_read(in, entry, &source->buffer, result, err);
}

/* ---- what does not belong together ---- */

static const char REMEDY[] = "use --force to start anew, or -o for another folder";

/* How two settings differ: at most three keys, "epochs is 100 there, 200 here". Returns how many
 * do. */
static int difference(const Setting *there, const Setting *here, char *text, size_t size) {
    int differ = 0;
    size_t used = 0;
    text[0] = '\0';
    for (int key = 0; key < KEY_COUNT; key++) {
        if (!strcmp(there->value[key].text, here->value[key].text)) continue;
        if (differ++ < 3 && used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s is %.60s there, %.60s here",
                                     used ? "; " : "", KEYS[key].name, there->value[key].text,
                                     here->value[key].text);
    }
    if (there->seed != here->seed && differ++ < 3 && used < size)
        snprintf(text + used, size - used, "%sseed is %u there, %u here", used ? "; " : "",
                 (unsigned)there->seed, (unsigned)here->seed);
    return differ;
}

/* Lays a trial of results.h5 beside that of the grid which differs least from it. */
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

/* Refuses results of trials that the grid does not have: writing the file anew would drop them. */
static bool check_foreign(const PlanInput *input, const IdRow *grid, Error *err) {
    const int64_t trials = input->grid->trials;
    int64_t foreign = 0, row = -1;
    for (int64_t i = 0; input->old && i < input->old->trials; i++) {
        if (id_index_find(grid, trials, input->old->id[i]) >= 0) continue;
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
    for (int32_t j = 0; j < input->journals; j++) {
        const Journal *journal = input->journal[j];
        uint64_t first = 0;
        for (int64_t i = 0; i < journal->entries; i++) {
            if (!journal_has_result(&journal->entry[i]) ||
                id_index_find(grid, trials, journal->entry[i].id) >= 0)
                continue;
            if (!foreign++) first = journal->entry[i].id;
        }
        if (foreign)
            return error_set(err, ERROR_CONFLICT,
                             "%s: %" PRId64 " of its %" PRId64
                             " trials are not in this experiment (the first: %016" PRIx64
                             "; this experiment's first is %016" PRIx64 "); %s",
                             journal->path, foreign, journal->results, first, input->grid->id[0],
                             REMEDY);
    }
    return true;
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

/* Two journals with different results of one trial: only a bug makes these. */
static bool check_journals(const PlanInput *input, const JournalEntry *entry, const Journal *in,
                           Error *err) {
    for (int32_t j = 0; j < input->journals; j++) {
        const JournalEntry *other = journal_find(input->journal[j], entry->id);
        if (input->journal[j] == in || !journal_has_result(other) ||
            other->status == TRIAL_FAILED ||
            (other->length == entry->length && other->crc == entry->crc))
            continue;
        return error_set(err, ERROR_CONFLICT,
                         "%s and %s hold different results of trial %016" PRIx64
                         " (CRC %08x and %08x)",
                         in->path, input->journal[j]->path, entry->id, (unsigned)entry->crc,
                         (unsigned)other->crc);
    }
    return true;
}

/* New trials beside those of results.h5 must have been computed alike. */
static bool check_arithmetic(const PlanInput *input, Error *err) {
    const Results *old = input->old;
    if (old->numerics != PROVENANCE_NUMERICS)
        return error_set(err, ERROR_CONFLICT,
                         "%s: made by a program of numerics version %" PRId64
                         ", this one has %d and would add other numbers; %s",
                         old->path, old->numerics, PROVENANCE_NUMERICS, REMEDY);
    if (strcmp(old->arithmetic, input->arithmetic) != 0)
        return error_set(
            err, ERROR_CONFLICT,
            "%s: made with arithmetic class \"%s\", this processor's is \"%s\" and would add other "
            "bits; %s",
            old->path, old->arithmetic, input->arithmetic, REMEDY);
    return true;
}

/* ---- planning ---- */

/* Decides about one trial. `row` is its place in results.h5, or -1. */
static bool plan_trial(Plan *plan, const PlanInput *input, int64_t trial, int64_t row, Error *err) {
    const Journal *in = NULL;
    const JournalEntry *entry =
        plan_entry(input->journal, input->journals, input->grid->id[trial], &in);
    const bool in_old = row >= 0, old_failed = in_old && input->old->status[row] == TRIAL_FAILED;
    const bool journal_failed = entry && entry->status == TRIAL_FAILED;
    if (entry && !journal_failed) {
        if (!check_journals(input, entry, in, err) ||
            !check_digest(input, trial, entry->data_digest, in->path, err))
            return false;
    }
    if (in_old && !old_failed &&
        !check_digest(input, trial, input->old->data_digest[row], input->old->path, err))
        return false;
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
    IdRow *grid = NULL, *old = NULL;
    const int64_t trials = input->grid->trials, rows = input->old ? input->old->trials : 0;
    *plan = (Plan){.job = malloc(((size_t)trials + 1) * sizeof *plan->job)};
    bool ok = false;
    if (!plan->job) {
        error_memory(err, ((size_t)trials + 1) * sizeof *plan->job);
        goto fail;
    }
    TRY(id_index_create(&grid, input->grid->id, trials, err));
    if (rows) TRY(id_index_create(&old, input->old->id, rows, err));
    TRY(check_foreign(input, grid, err));
    for (int64_t trial = 0; trial < trials; trial++)
        TRY(plan_trial(plan, input, trial,
                       rows ? id_index_find(old, rows, input->grid->id[trial]) : -1, err));
    plan->publish |= plan->jobs > 0;
    if (input->old && plan->publish) TRY(check_arithmetic(input, err));
    ok = true;
fail:
    free(grid);
    free(old);
    if (!ok) plan_destroy(plan);
    return ok;
}

void plan_destroy(Plan *plan) {
    free(plan->job);
    *plan = (Plan){0};
}

bool plan_take_over(const PlanInput *input, Error *err) {
    const Results *old = input->old;
    if (!old) return true;
    double *memory = malloc((store_result_words(old) + 1) * sizeof *memory);
    if (!memory) return error_memory(err, (store_result_words(old) + 1) * sizeof *memory);
    bool ok = true;
    for (int64_t row = 0; ok && row < old->trials; row++) {
        const Journal *in;
        TrialResult result;
        if (plan_entry(input->journal, input->journals, old->id[row], &in)) continue;
        store_result(old, row, &result, memory);
        ok = journal_append(input->journal[0], &result, err);
    }
    ok = ok && journal_sync(input->journal[0], true, err);
    free(memory);
    return ok;
}
