/* Studies with a planted effect (fake_study.h), summarized and judged. */
#ifndef TESTS_RUNNER_PLANTED_H
#define TESTS_RUNNER_PLANTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "runner/analysis/finding_text.h"
#include "tests/runner/fake_grid.h"

typedef struct PlantedStudy {
    Fake fake;
    Summary summary;
    Finding finding;
    FindingText text;
} PlantedStudy;

/* Judges study->fake. */
static inline void planted_judge(PlantedStudy *study) {
    Error err = {0};
    if (!summary_create(&study->summary, &study->fake.results, &study->fake.spec, &err))
        fail_msg("%s", err.text);
    if (!finding_make(&study->finding, &study->summary, &err)) fail_msg("%s", err.text);
    finding_text_write(&study->text, &study->finding, &study->summary);
}

static inline void planted_create(PlantedStudy *study, const FakeOptions *options) {
    fake_create(&study->fake, options);
    planted_judge(study);
}

static inline void planted_grid(PlantedStudy *study, const FakeGrid *grid) {
    fake_grid_create(&study->fake, grid);
    planted_judge(study);
}

static inline void planted_destroy(PlantedStudy *study) {
    finding_destroy(&study->finding);
    summary_destroy(&study->summary);
    fake_destroy(&study->fake);
}

static inline void assert_says(const char *text, const char *words) {
    if (!strstr(text, words)) fail_msg("\"%s\" is not in: %s", words, text);
}

static inline void assert_silent(const char *text, const char *words) {
    if (strstr(text, words)) fail_msg("\"%s\" is in: %s", words, text);
}

#endif
