/* As bytes, a result is one fixed head, then the arrays in a fixed order, then the message padded
 * with zeros to a multiple of 8; see results/README.md ("The journal"). Decoding trusts nothing:
 * every length is checked before it is used. */
#include "runner/journal/trial_result.h"

#include <assert.h>
#include <math.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "records are little-endian");

enum { HAS_WEIGHTS = 1, HAS_BEST_WEIGHTS = 2 };

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
    const size_t blocks = (t->weights ? 1U : 0U) + (t->best_weights ? 1U : 0U);
    const size_t words = points + points * metrics + 2 * metrics + blocks * (size_t)t->state_size;
    return sizeof(ResultHead) + 8 * words + padded(strlen(result->message));
}

/* Numbers to bytes. A NaN's sign and payload depend on the processor, and must not show in the
 * bytes. */
static unsigned char *put_reals(unsigned char *at, const double *number, size_t count) {
    const double nan = trial_result_nan();
    for (size_t i = 0; i < count; i++) memcpy(at + 8 * i, isnan(number[i]) ? &nan : &number[i], 8);
    return at + 8 * count;
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
                                       (t->best_weights ? HAS_BEST_WEIGHTS : 0U),
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
    memset(at, 0, padded(length));
    memcpy(at, result->message, length);
}

/* Whether a head is plausible, lengths apart. */
static bool head_fits(const ResultHead *head) {
    return head->status < TRIAL_STATUS_COUNT && head->verdict < VERDICT_COUNT &&
           head->parameters >= 0 && head->epochs_run >= 0 && head->best_epoch >= -1 &&
           head->metrics < (1U << METRIC_COUNT) && head->points <= INT32_MAX &&
           head->arrays <= (HAS_WEIGHTS | HAS_BEST_WEIGHTS) &&
           head->message_length < sizeof((TrialResult *)0)->message;
}

/* Hands out the next `count` numbers of a record. TrainerResult's pointers are not const, so
 * neither are these. */
static void *next(const unsigned char **at, size_t count) {
    void *here = (void *)(uintptr_t)*at;
    *at += 8 * count;
    return here;
}

bool trial_result_decode(TrialResult *result, const unsigned char *bytes, size_t length) {
    assert((uintptr_t)bytes % 8 == 0);
    ResultHead head;
    *result = (TrialResult){0};
    if (length < sizeof head || length % 8) return false;
    memcpy(&head, bytes, sizeof head);
    if (!head_fits(&head)) return false;
    const size_t metrics = metric_count(head.metrics), points = head.points,
                 words = (length - sizeof head) / 8;
    const bool weights = head.arrays & HAS_WEIGHTS, best_weights = head.arrays & HAS_BEST_WEIGHTS;
    if (head.numbers > words || points > words) return false;
    if (points * (1 + metrics) + 2 * metrics + ((size_t)weights + best_weights) * head.numbers +
            padded(head.message_length) / 8 !=
        words)
        return false;
    TrainerResult *t = &result->trained;
    const unsigned char *at = bytes + sizeof head;
    result->id = head.id;
    result->data_digest = head.data_digest;
    result->status = (TrialStatus)head.status;
    result->parameters = head.parameters;
    t->verdict = (Verdict)head.verdict;
    t->epochs_run = head.epochs_run;
    t->best_epoch = head.best_epoch;
    t->metrics = head.metrics;
    t->points = (int32_t)points;
    t->state_size = (int64_t)head.numbers;
    t->epoch = next(&at, points);
    t->history = next(&at, points * metrics);
    t->final = next(&at, metrics);
    t->best = next(&at, metrics);
    t->weights = weights ? next(&at, head.numbers) : NULL;
    t->best_weights = best_weights ? next(&at, head.numbers) : NULL;
    memcpy(result->message, at, head.message_length);
    if (strlen(result->message) != head.message_length) return false;
    for (size_t i = head.message_length; i < padded(head.message_length); i++)
        if (at[i]) return false;
    for (size_t i = 0; i < points; i++)
        if (t->epoch[i] < 0 || (i && t->epoch[i] <= t->epoch[i - 1])) return false;
    return true;
}

bool trial_result_same_bits(double x, double y) {
    return (isnan(x) && isnan(y)) || memcmp(&x, &y, sizeof x) == 0;
}
