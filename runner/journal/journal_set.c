#include "runner/journal/journal_set.h"

#include <stdlib.h>
#include <string.h>

#include "core/trainer.h"
#include "runner/journal/provenance.h"
#include "runner/journal/results_folder.h"

/* Opens those of `name` that are not `own`, which is open already where there is one. */
static bool open_others(JournalSet *set, const Folder *folder, char *const *name, int32_t count,
                        const char *own, Error *err) {
    const char *arithmetic = own ? trainer_arithmetic() : NULL;
    for (int32_t i = 0; i < count; i++) {
        if (own && strcmp(name[i], own) == 0) continue;
        if (!journal_open_readonly(&set->journal[set->count], folder, name[i], arithmetic,
                                   PROVENANCE_NUMERICS, err)) {
            return false;
        }
        set->count++;
    }
    return true;
}

static bool open_all(JournalSet *set, const Folder *folder, const char *own, Error *err) {
    char **name = NULL;
    int32_t count = 0;
    bool done = false;
    *set = (JournalSet){0};
    TRY(results_folder_journals(&name, &count, folder, err));
    set->journal = calloc((size_t)count + 1, sizeof *set->journal);
    if (!set->journal) {
        error_memory(err, ((size_t)count + 1) * sizeof *set->journal);
        goto fail;
    }
    if (own) {
        TRY(journal_open(&set->journal[0], folder, own, trainer_arithmetic(), PROVENANCE_NUMERICS,
                         err));
        set->count = 1;
    }
    done = open_others(set, folder, name, count, own, err);
fail:
    results_folder_journals_free(name, count);
    if (!done) journal_set_close(set);
    return done;
}

bool journal_set_open(JournalSet *set, const Folder *folder, Error *err) {
    return open_all(set, folder, NULL, err);
}

bool journal_set_open_writer(JournalSet *set, const Folder *folder, const char *own, Error *err) {
    return open_all(set, folder, own, err);
}

bool journal_set_rescue(JournalSet *set, const Folder *folder, Error *err) {
    for (int32_t i = 0; i < set->count; i++) {
        Journal *journal = &set->journal[i];
        if (journal_file_is_named(&journal->file)) continue;
        if (!journal_move(journal, folder, err)) return false;
    }
    return true;
}

void journal_set_close(JournalSet *set) {
    for (int32_t i = 0; i < set->count; i++) journal_close(&set->journal[i]);
    free(set->journal);
    *set = (JournalSet){0};
}

const JournalEntry *journal_set_entry(const JournalSet *set, uint64_t id, const Journal **in) {
    const JournalEntry *best = NULL;
    for (int32_t i = 0; i < set->count; i++) {
        const JournalEntry *entry = journal_find(&set->journal[i], id);
        if (!journal_index_has_result(entry) ||
            (best && (best->status != TRIAL_FAILED || entry->status == TRIAL_FAILED))) {
            continue;
        }
        best = entry;
        *in = &set->journal[i];
    }
    return best;
}

bool journal_set_read(void *context, int64_t trial, TrialResult *result, bool *found, Error *err) {
    JournalSetReader *reader = context;
    const Journal *in = NULL;
    const JournalEntry *entry = journal_set_entry(reader->set, reader->id[trial], &in);
    *found = entry;
    return !entry || journal_read(in, entry, &reader->buffer, result, err);
}

int64_t journal_set_results(const char *path) {
    Folder folder;
    JournalSet set;
    int64_t results = 0;
    if (!folder_open(&folder, path, NULL)) return 0;
    if (journal_set_open(&set, &folder, NULL)) {
        for (int32_t i = 0; i < set.count; i++) results += set.journal[i].index.results;
        journal_set_close(&set);
    }
    folder_close(&folder);
    return results;
}
