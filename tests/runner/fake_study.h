/* A study that was never run: results as store_read() would give them, made from formulas, for the
 * report's tests.
 *
 * Sizes 1..sizes of one hidden layer, two moons, `repeats` repeats; more axes where asked for. What
 * the loss does with the size is chosen, so that a test knows the sentence that must come out. */
#ifndef TESTS_RUNNER_FAKE_STUDY_H
#define TESTS_RUNNER_FAKE_STUDY_H

#include "core/base/pool.h"
#include "runner/report/report.h"

typedef enum FakeShape {
    FAKE_USUAL,    /* small ones underfit, large ones overfit */
    FAKE_IMPROVES, /* the larger the better */
    FAKE_WORSENS,  /* the smaller the better on test data, the larger the better on training data */
    FAKE_SPOILS,   /* large ones are worse on both */
    FAKE_FLAT      /* size does not matter */
} FakeShape;

typedef struct FakeOptions {
    FakeShape shape;
    int32_t sizes, repeats;   /* 0: 50 and 10 */
    int32_t rates, penalties; /* values of learning_rate and l2; 0 and 1: no such axis */
    int32_t points;           /* recorded epochs; 0: none */
    bool words;               /* an axis of hostile text: data.path */
    bool diverges;            /* every 7th run of sizes over 40 */
    bool numbers;             /* a task without classes: no accuracy */
    bool no_test;
    uint32_t luck; /* another one: other noise */
} FakeOptions;

typedef struct Fake {
    Results results;
    Spec spec;
    ReportPredictor predictor;
    Pool pool;
} Fake;

/* Text that must come out harmless everywhere. */
extern const char FAKE_HOSTILE[];

/* Memory and text of the study's own. */
void *fake_take(Fake *fake, size_t count, size_t size);
char *fake_text(Fake *fake, const char *text);

/* Makes the columns of results whose trials, points and metrics are set: zeros and defaults. */
void fake_columns(Fake *fake);

void fake_create(Fake *fake, const FakeOptions *options); /* aborts where there is no memory */
void fake_destroy(Fake *fake);

#endif
