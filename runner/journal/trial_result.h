/* The one value that trainer, journal, store and resume exchange: what became of a trial. */
#ifndef RUNNER_JOURNAL_TRIAL_RESULT_H
#define RUNNER_JOURNAL_TRIAL_RESULT_H

#include "core/trainer.h"

typedef enum TrialStatus {
    TRIAL_DONE,
    TRIAL_DIVERGED,
    TRIAL_FAILED,
    TRIAL_STATUS_COUNT
} TrialStatus;

typedef struct TrialResult {
    uint64_t id; /* grid_id() of its setting */
    TrialStatus status;
    uint64_t data_digest;  /* of the rows it was trained and tested on */
    int64_t parameters;    /* trained numbers of the network (Mlp.parameters) */
    char message[160];     /* TRIAL_FAILED: why; else "" */
    TrainerResult trained; /* empty (no points, no numbers) where failed */
} TrialResult;

/* "done", "diverged", "failed". */
const char *trial_result_status_name(TrialStatus status);

/* TRIAL_STATUS_COUNT where there is no such word. */
TrialStatus trial_result_status_from_name(const char *name);

/* A record is a TrialResult as bytes, little-endian, without padding: what the journal holds.
 * trial_result_bytes() is its length, a multiple of 8; trial_result_encode() writes exactly that,
 * every NaN as the same NaN; trial_result_decode() reads it back, its arrays pointing into `bytes`
 * (which must be aligned to 8; every array starts on a multiple of 8), and refuses anything
 * malformed. */
size_t trial_result_bytes(const TrialResult *result);
void trial_result_encode(const TrialResult *result, unsigned char *bytes);
MUST_CHECK bool trial_result_decode(TrialResult *result, const unsigned char *bytes, size_t length);

/* True where two numbers have the same bits, or are both NaN. */
bool trial_result_same_bits(double x, double y);

/* The one NaN that is kept in files, so that they can be compared byte by byte. */
double trial_result_nan(void);

#endif
