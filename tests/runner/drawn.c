#include "tests/runner/drawn.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const ReportOptions DRAWN_PLAIN = {.plots_folder = DRAWN_PLOTS};

char *drawn_file(const char *folder, const char *name, size_t *length) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file) return NULL;
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    assert_non_null(text);
    *length = fread(text, 1, (size_t)size, file);
    text[*length] = '\0';
    fclose(file);
    return text;
}

bool drawn_exists(const char *folder, const char *name) {
    char path[512];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &status) == 0 && status.st_size > 0;
}

void drawn_draw(Drawn *drawn, const ReportOptions *options) {
    snprintf(drawn->folder, sizeof drawn->folder, "/tmp/test_report.XXXXXX");
    assert_non_null(mkdtemp(drawn->folder));
    snprintf(drawn->report, sizeof drawn->report, "%s/report", drawn->folder);
    drawn->err = (Error){0};
    Folder folder;
    assert_true(folder_make(&folder, drawn->report, &drawn->err));
    drawn->ok = report_draw(&drawn->fake.results, &drawn->fake.spec, &drawn->fake.predictor,
                            &folder, options, &drawn->err);
    folder_close(&folder);
    drawn->page = drawn_file(drawn->report, "index.html", &drawn->length);
}

void drawn_create(Drawn *drawn, const FakeOptions *study, const ReportOptions *options) {
    fake_create(&drawn->fake, study);
    drawn_draw(drawn, options);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where) {
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

void drawn_clear(Drawn *drawn) {
    assert_int_equal(nftw(drawn->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(drawn->page);
    fake_destroy(&drawn->fake);
}

int32_t drawn_count(const char *text, const char *word) {
    int32_t n = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word)) n++;
    return n;
}

void drawn_assert_has(const char *text, const char *word) {
    if (!strstr(text, word)) fail_msg("the page does not say \"%s\"", word);
}

void drawn_assert(const Drawn *drawn) {
    if (!drawn->ok) fail_msg("%s", drawn->err.text);
    assert_non_null(drawn->page);
}
