/* As bytes, a result is one fixed head, then the arrays in a fixed order, then the message padded
 * with zeros to a multiple of 8; see results/README.md ("The journal"). Decoding trusts nothing:
 * every length is checked before it is used. */
#include "runner/journal/trial_result.h"

#include <assert.h>
#include <math.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "records are little-endian");

enum { HAS_WEIGHTS = 1, HAS_BEST_WEIGHTS = 2, HAS_SNAPSHOTS = 4 };

/* Widths descend to a multiple of 8, so the compiler adds no padding. */
typedef struct ResultHead {
    uint64_t id, data_digest;
    uint32_t status, verdict;
    int64_t parameters, epochs_run, best_epoch;
    uint32_t metrics, points;
    uint64_t numbers;
    uint32_t arrays, message_length;
} ResultHead;
_Static_assert(sizeof(ResultHead) == 72, "a record's head has no padding");

static const char *const STATUS_NAMES[TRIAL_STATUS_COUNT] = {"done", "diverged", "failed"};

const char *trial_result_status_name(TrialStatus status) {
    assert(status < TRIAL_STATUS_COUNT);
    return STATUS_NAMES[status];
}

TrialStatus trial_result_status_from_name(const char *name) {
    for (TrialStatus status = 0; status < TRIAL_STATUS_COUNT; status++)
        if (!strcmp(name, STATUS_NAMES[status])) return status;
    return TRIAL_STATUS_COUNT;
}

double trial_result_nan(void) {
    const uint64_t bits = UINT64_C(0x7ff8000000000000);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static size_t padded(size_t bytes) {
    return (bytes + 7) / 8 * 8;
}

static size_t metric_count(MetricSet set) {
    return (size_t)__builtin_popcount(set);
}

size_t trial_result_bytes(const TrialResult *result) {
    const TrainerResult *t = &result->trained;
    const size_t metrics = metric_count(t->metrics), points = (size_t)t->points;
    const size_t snapshots = t->snapshot_weights ? (size_t)t->snapshots : 0;
    const size_t blocks = (t->weights ? 1U : 0U) + (t->best_weights ? 1U : 0U) + snapshots;
    const size_t words = points + points * metrics + 2 * metrics + blocks * (size_t)t->state_size +
                         (t->snapshot_weights ? 1 + snapshots : 0);
    return sizeof(ResultHead) + 8 * words + padded(strlen(result->message));
}

/* Numbers to bytes. A NaN's sign and payload depend on the processor, and must not show in the
 * bytes. */
static unsigned char *put_reals(unsigned char *at, const double *number, size_t count) {
    const double nan = trial_result_nan();
    for (size_t i = 0; i < count; i++) memcpy(at + 8 * i, isnan(number[i]) ? &nan : &number[i], 8);
    return at + 8 * count;
}

static unsigned char *put_snapshots(unsigned char *at, const TrainerResult *t) {
    const size_t count = (size_t)t->snapshots;
    const uint64_t word = count;
    memcpy(at, &word, 8);
    at += 8;
    if (count) memcpy(at, t->snapshot_epoch, 8 * count);
    return put_reals(at + 8 * count, t->snapshot_weights, count * (size_t)t->state_size);
}

void trial_result_encode(const TrialResult *result, unsigned char *bytes) {
    const TrainerResult *t = &result->trained;
    const size_t metrics = metric_count(t->metrics), points = (size_t)t->points;
    const size_t length = strlen(result->message);
    assert(result->status < TRIAL_STATUS_COUNT && t->points >= 0 && t->state_size >= 0);
    const ResultHead head = {.id = result->id,
                             .data_digest = result->data_digest,
                             .status = (uint32_t)result->status,
                             .verdict = (uint32_t)t->verdict,
                             .parameters = result->parameters,
                             .epochs_run = t->epochs_run,
                             .best_epoch = t->best_epoch,
                             .metrics = t->metrics,
                             .points = (uint32_t)t->points,
                             .numbers = (uint64_t)t->state_size,
                             .arrays = (t->weights ? HAS_WEIGHTS : 0U) |
                                       (t->best_weights ? HAS_BEST_WEIGHTS : 0U) |
                                       (t->snapshot_weights ? HAS_SNAPSHOTS : 0U),
                             .message_length = (uint32_t)length};
    memcpy(bytes, &head, sizeof head);
    unsigned char *at = bytes + sizeof head;
    if (points) memcpy(at, t->epoch, 8 * points);
    at += 8 * points;
    at = put_reals(at, t->history, points * metrics);
    at = put_reals(at, t->final, metrics);
    at = put_reals(at, t->best, metrics);
    if (t->weights) at = put_reals(at, t->weights, (size_t)t->state_size);
    if (t->best_weights) at = put_reals(at, t->best_weights, (size_t)t->state_size);
    if (t->snapshot_weights) at = put_snapshots(at, t);
    memset(at, 0, padded(length));
    memcpy(at, result->message, length);
}

/* Whether a head is plausible, lengths apart. */
static bool head_fits(const ResultHead *head) {
    return head->status < TRIAL_STATUS_COUNT && head->verdict < VERDICT_COUNT &&
           head->parameters >= 0 && head->epochs_run >= 0 && head->best_epoch >= -1 &&
           head->metrics < (1U << METRIC_COUNT) && head->points <= INT32_MAX &&
           head->arrays <= (HAS_WEIGHTS | HAS_BEST_WEIGHTS | HAS_SNAPSHOTS) &&
           head->message_length < sizeof((TrialResult *)0)->message;
}

/* What is left of a record's numbers; `failed` once more were asked for than there are. */
typedef struct RecordWords {
    const unsigned char *at;
    size_t left;
    bool failed;
} RecordWords;

/* Hands out the next `count` blocks of `size` numbers, NULL where there are fewer. TrainerResult's
 * pointers are not const, so neither are these. */
static void *next(RecordWords *words, size_t count, size_t size) {
    words->failed = words->failed || (size && count > words->left / size);
    if (words->failed) return NULL;
    void *here = (void *)(uintptr_t)words->at;
    words->at += 8 * count * size;
    words->left -= count * size;
    return here;
}

static bool ascends(const int64_t *epoch, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (epoch[i] < 0 || (i && epoch[i] <= epoch[i - 1])) return false;
    return true;
}

static bool decode_snapshots(TrainerResult *t, RecordWords *words) {
    const uint64_t *count = next(words, 1, 1);
    if (!count || *count > INT32_MAX) return false;
    t->snapshots = (int32_t)*count;
    t->snapshot_epoch = next(words, *count, 1);
    t->snapshot_weights = next(words, *count, (size_t)t->state_size);
    return !words->failed && ascends(t->snapshot_epoch, *count);
}

static bool decode_arrays(TrainerResult *t, RecordWords *words, uint32_t arrays) {
    const size_t metrics = metric_count(t->metrics), points = (size_t)t->points,
                 numbers = (size_t)t->state_size;
    t->epoch = next(words, points, 1);
    t->history = next(words, points, metrics);
    t->final = next(words, 1, metrics);
    t->best = next(words, 1, metrics);
    t->weights = arrays & HAS_WEIGHTS ? next(words, 1, numbers) : NULL;
    t->best_weights = arrays & HAS_BEST_WEIGHTS ? next(words, 1, numbers) : NULL;
    if (arrays & HAS_SNAPSHOTS && !decode_snapshots(t, words)) return false;
    return !words->failed && ascends(t->epoch, points);
}

bool trial_result_decode(TrialResult *result, const unsigned char *bytes, size_t length) {
    assert((uintptr_t)bytes % 8 == 0);
    ResultHead head;
    *result = (TrialResult){0};
    if (length < sizeof head || length % 8) return false;
    memcpy(&head, bytes, sizeof head);
    if (!head_fits(&head)) return false;
    RecordWords words = {.at = bytes + sizeof head, .left = (length - sizeof head) / 8};
    if (head.numbers > words.left) return false;
    TrainerResult *t = &result->trained;
    result->id = head.id;
    result->data_digest = head.data_digest;
    result->status = (TrialStatus)head.status;
    result->parameters = head.parameters;
    t->verdict = (Verdict)head.verdict;
    t->epochs_run = head.epochs_run;
    t->best_epoch = head.best_epoch;
    t->metrics = head.metrics;
    t->points = (int32_t)head.points;
    t->state_size = (int64_t)head.numbers;
    const size_t message = padded(head.message_length);
    if (!decode_arrays(t, &words, head.arrays) || words.left != message / 8) return false;
    memcpy(result->message, words.at, head.message_length);
    if (strlen(result->message) != head.message_length) return false;
    for (size_t i = head.message_length; i < message; i++)
        if (words.at[i]) return false;
    return true;
}

bool trial_result_same_bits(double x, double y) {
    return (isnan(x) && isnan(y)) || memcmp(&x, &y, sizeof x) == 0;
}
