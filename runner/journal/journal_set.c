#include "runner/journal/journal_set.h"

#include <stdlib.h>
#include <string.h>

#include "core/trainer.h"
#include "runner/journal/journal_scan.h"
#include "runner/journal/provenance.h"
#include "runner/journal/results_folder.h"

/* --- opening ---------------------------------------------------------------------------------- */

/* Puts the records of the next source into the index. */
static bool scan(JournalSet *set, const char *name, Error *err) {
    const char *arithmetic = set->own ? trainer_arithmetic() : NULL;
    JournalScan found;
    int64_t size = 0;
    bool gone, empty;
    if (!journal_sources_add(set->sources, name, &size, &gone, err)) return false;
    if (gone) return true;
    set->index.current = set->sources->count - 1;
    const JournalFile *file = journal_sources_file(set->sources, set->index.current, err);
    return file && journal_file_read_header(file, arithmetic, PROVENANCE_NUMERICS, &empty, err) &&
           (empty || journal_scan(&found, &set->index, file, size, err));
}

static void close_others(JournalSet *set) {
    if (set->sources) journal_sources_close(set->sources);
    free(set->sources);
    set->sources = NULL;
    journal_index_free(&set->index);
}

bool journal_set_read_others(JournalSet *set, const Folder *folder, Error *err) {
    char **name = NULL;
    int32_t count = 0;
    bool done = false;
    close_others(set);
    set->sources = calloc(1, sizeof *set->sources);
    if (!set->sources) return error_memory(err, sizeof *set->sources);
    TRY(journal_sources_open(set->sources, folder, journal_sources_slots(), err));
    TRY(results_folder_journals(&name, &count, folder, err));
    for (int32_t i = 0; i < count; i++) {
        if (set->own && strcmp(name[i], set->own->file.name) == 0) continue;
        TRY(scan(set, name[i], err));
    }
    done = true;
fail:
    results_folder_journals_free(name, count);
    if (!done) close_others(set);
    return done;
}

bool journal_set_open(JournalSet *set, const Folder *folder, Error *err) {
    *set = (JournalSet){0};
    return journal_set_read_others(set, folder, err);
}

bool journal_set_open_own(JournalSet *set, const Folder *folder, const char *own, Error *err) {
    *set = (JournalSet){.own = malloc(sizeof *set->own)};
    if (!set->own) return error_memory(err, sizeof *set->own);
    if (journal_open(set->own, folder, own, trainer_arithmetic(), PROVENANCE_NUMERICS, err)) {
        return true;
    }
    free(set->own);
    set->own = NULL;
    return false;
}

void journal_set_close(JournalSet *set) {
    close_others(set);
    if (set->own) journal_close(set->own);
    free(set->own);
    *set = (JournalSet){0};
}

/* --- entries ---------------------------------------------------------------------------------- */

static bool is_own(const JournalSet *set, const JournalEntry *entry) {
    return set->own && entry >= set->own->index.entry &&
           entry < set->own->index.entry + set->own->index.entries;
}

static const JournalEntry *own_entry(const JournalSet *set, uint64_t id) {
    return set->own ? journal_find(set->own, id) : NULL;
}

static bool is_success(const JournalEntry *entry) {
    return journal_index_has_result(entry) && entry->status != TRIAL_FAILED;
}

const JournalEntry *journal_set_entry(const JournalSet *set, uint64_t id) {
    const JournalEntry *own = own_entry(set, id);
    if (is_success(own)) return own;
    const JournalEntry *other = journal_index_find(&set->index, id);
    if (is_success(other)) return other;
    return journal_index_has_result(own) ? own : journal_index_has_result(other) ? other : NULL;
}

const JournalEntry *journal_set_state_entry(const JournalSet *set, uint64_t id) {
    const JournalEntry *own = own_entry(set, id);
    if (own && own->state_offset) return own;
    const JournalEntry *other = journal_index_find(&set->index, id);
    return other && other->state_offset ? other : NULL;
}

const char *journal_set_path(const JournalSet *set, const JournalEntry *entry) {
    return is_own(set, entry) ? set->own->file.path : set->sources->source[entry->journal].path;
}

bool journal_set_conflict(const JournalSet *set, JournalSetConflict *conflict) {
    const JournalConflict *others = &set->index.conflict;
    if (others->found) {
        *conflict = (JournalSetConflict){.id = others->id, .crc = {others->crc[0], others->crc[1]}};
        for (int i = 0; i < 2; i++)
            conflict->path[i] = set->sources->source[others->journal[i]].path;
        return true;
    }
    for (int64_t i = 0; set->own && i < set->own->index.entries; i++) {
        const JournalEntry *own = &set->own->index.entry[i];
        const JournalEntry *other =
            is_success(own) ? journal_index_find(&set->index, own->id) : NULL;
        if (!is_success(other) || (own->length == other->length && own->crc == other->crc)) {
            continue;
        }
        *conflict =
            (JournalSetConflict){.id = own->id,
                                 .crc = {own->crc, other->crc},
                                 .path = {set->own->file.path, journal_set_path(set, other)}};
        return true;
    }
    return false;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The file that an entry is of. */
static const JournalFile *file_of(const JournalSet *set, const JournalEntry *entry, bool state,
                                  Error *err) {
    if (is_own(set, entry)) return &set->own->file;
    return journal_sources_file(set->sources, state ? entry->state_journal : entry->journal, err);
}

bool journal_set_read(void *context, int64_t trial, TrialResult *result, bool *found, Error *err) {
    JournalSetReader *reader = context;
    const JournalEntry *entry = journal_set_entry(reader->set, reader->id[trial]);
    *found = entry;
    if (!entry) return true;
    const JournalFile *file = file_of(reader->set, entry, false, err);
    return file && journal_read(file, entry, &reader->buffer, result, err);
}

bool journal_set_read_state(const JournalSet *set, const JournalEntry *entry, JournalBuffer *buffer,
                            JournalState *state, Error *err) {
    const JournalFile *file = file_of(set, entry, true, err);
    return file && journal_read_state(file, entry, buffer, state, err);
}

int64_t journal_set_results(const char *path) {
    Folder folder;
    JournalSet set;
    int64_t results = 0;
    if (!folder_open(&folder, path, NULL)) return 0;
    if (journal_set_open(&set, &folder, NULL)) {
        results = set.index.results;
        journal_set_close(&set);
    }
    folder_close(&folder);
    return results;
}

/* --- files ------------------------------------------------------------------------------------ */

/* Adds what another journal has to the own one. */
static bool copy_results(JournalSet *set, int32_t source, Error *err) {
    JournalBuffer buffer = {0};
    bool ok = true;
    for (int64_t i = 0; ok && i < set->index.entries; i++) {
        const JournalEntry *entry = &set->index.entry[i];
        TrialResult result;
        if (!journal_index_has_result(entry) || entry->journal != source) continue;
        const JournalFile *file = journal_sources_file(set->sources, source, err);
        ok = file && journal_read(file, entry, &buffer, &result, err) &&
             journal_append(set->own, &result, err);
    }
    journal_buffer_free(&buffer);
    return ok && journal_sync(set->own, true, err);
}

bool journal_set_rescue(JournalSet *set, const Folder *folder, Error *err) {
    if (!journal_file_is_named(&set->own->file) && !journal_move(set->own, folder, err)) {
        return false;
    }
    for (int32_t k = 0; set->sources && k < set->sources->count; k++) {
        if (!journal_sources_is_named(set->sources, k) && !copy_results(set, k, err)) return false;
    }
    return true;
}

bool journal_set_remove(const JournalSet *set, Error *err) {
    const JournalSources *sources = set->sources;
    bool ok = true;
    if (set->own && journal_file_is_named(&set->own->file)) {
        ok = folder_remove(&set->own->file.folder, set->own->file.name, err);
    }
    for (int32_t k = 0; ok && sources && k < sources->count; k++) {
        ok = !journal_sources_is_named(sources, k) ||
             folder_remove(&sources->folder, sources->source[k].name, err);
    }
    return ok;
}
