/* The columns of a trial that are neither keys nor metrics: the only list of them.
 *
 * A row is COLUMN(name, type, lowest, highest, listed, origin, value, meaning). `name` is the
 * column's in the file and its array's in Results, `type` one of those below; integers read from a
 * file must be in lowest..highest; `listed` is its number in tables of trials (`runner show`,
 * `runner export`), 0 where it is not shown. `origin` is RESULT or SETTING, and `value` a field of
 * TrialResult or Setting, which is restored from the file, too; or it is DERIVED, and `value` an
 * expression over the trial `of` (TrialSource). `meaning` is the text of results/README.md, unit
 * first. The order is that of the file.
 */
#ifndef RUNNER_STORE_TRIAL_COLUMN_LIST_H
#define RUNNER_STORE_TRIAL_COLUMN_LIST_H

#include <stdint.h>

#include "core/model/verdict.h"
#include "runner/journal/trial_result.h"

/* Types of columns, as arrays of Results. */
#define TRIAL_ARRAY_HEX     uint64_t
#define TRIAL_ARRAY_INT32   int32_t
#define TRIAL_ARRAY_INT64   int64_t
#define TRIAL_ARRAY_REAL    double
#define TRIAL_ARRAY_STATUS  TrialStatus
#define TRIAL_ARRAY_VERDICT Verdict /* VERDICT_NOISY for a failed trial, which has none */
#define TRIAL_ARRAY_TEXT    const char *

/* clang-format off */
#define TRIAL_COLUMN_LIST(COLUMN)                                                                  \
    COLUMN(id, HEX, 0, 0, 1, RESULT, id,                                                           \
           "identity of the trial: a hash of its setting, seed and fold, in hexadecimal digits")   \
    COLUMN(data, INT32, 0, INT32_MAX, 6, DERIVED, of->data,                                        \
           "number K of its data set under `/data`")                                               \
    COLUMN(data_digest, HEX, 0, 0, 0, RESULT, data_digest,                                         \
           "digest of the rows it was trained and tested on; tells a resumed run that data "       \
           "have changed")                                                                         \
    COLUMN(setting, INT64, 0, INT64_MAX, 2, SETTING, number,                                       \
           "number of the setting, the same for all its repeats and folds, from 0")                \
    COLUMN(repeat, INT32, 0, INT32_MAX, 3, SETTING, repeat,                                        \
           "which repeat, from 0")                                                                 \
    COLUMN(fold, INT32, 0, INT32_MAX, 4, SETTING, fold,                                            \
           "which fold is the test set, from 0; 0 without folds")                                  \
    COLUMN(seed, INT64, 0, UINT32_MAX, 5, SETTING, seed,                                           \
           "of the initial weights and the order of rows: `numpy.random.RandomState(seed)`; each " \
           "repeat and fold has its own")                                                          \
    COLUMN(status, STATUS, 0, 0, 11, DERIVED, trial_result_status_name(of->result->status),        \
           "`done`; `diverged`: see the verdict, a result; `failed`: it could not be trained")     \
    COLUMN(verdict, VERDICT, 0, 0, 12, DERIVED,                                                    \
           of->result->status == TRIAL_FAILED ? "" : verdict_name(of->result->trained.verdict),    \
           "how training ended (below); empty where failed. S11 in files of numerics 3 or less")   \
    COLUMN(message, TEXT, 0, 0, 13, DERIVED, of->result->message,                                  \
           "why it failed; else empty")                                                            \
    COLUMN(hidden_units, INT64, 0, INT64_MAX, 7, DERIVED,                                          \
           (int64_t)of->setting->value[KEY_HIDDEN].number,                                         \
           "units, summed over hidden layers")                                                     \
    COLUMN(parameters, INT64, 0, INT64_MAX, 8, RESULT, parameters,                                 \
           "trained numbers of the network")                                                       \
    COLUMN(epochs_run, INT64, 0, INT64_MAX, 9, RESULT, trained.epochs_run,                         \
           "epochs begun")                                                                         \
    COLUMN(best_epoch, INT64, -1, INT64_MAX, 10, DERIVED,                                          \
           of->result->status == TRIAL_FAILED ? -1 : of->result->trained.best_epoch,               \
           "the recorded epoch with the lowest `val_loss`, or `train_objective` without "          \
           "validation rows; -1: none")
/* clang-format on */

#endif
