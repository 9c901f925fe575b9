/* A fake study whose report is drawn into a folder of its own, and what tests ask of it. */
#ifndef TESTS_RUNNER_DRAWN_H
#define TESTS_RUNNER_DRAWN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/runner/fake_study.h"

#define DRAWN_PLOTS SOURCE_DIR "/scripts/plots"

typedef struct Drawn {
    Fake fake;
    char folder[64], report[80]; /* the report is in the folder */
    char *page;
    size_t length;
    Error err;
    bool ok;
} Drawn;

extern const ReportOptions DRAWN_PLAIN;

/* Draws the report of a new study; or of the one that `fake` is. */
void drawn_create(Drawn *drawn, const FakeOptions *study, const ReportOptions *options);
void drawn_draw(Drawn *drawn, const ReportOptions *options);

/* Removes the folder. */
void drawn_clear(Drawn *drawn);

/* Fails where the report was not drawn. */
void drawn_assert(const Drawn *drawn);

/* A file in memory, NUL-terminated, to be freed; NULL where there is none. */
char *drawn_file(const char *folder, const char *name, size_t *length);

/* There, and not empty. */
bool drawn_exists(const char *folder, const char *name);

/* How often a word occurs. */
int32_t drawn_count(const char *text, const char *word);
void drawn_assert_has(const char *text, const char *word);

#endif
