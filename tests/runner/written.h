/* Files of which a section, between two marks, is made from a table of the program. A test compares
 * the section with the table; with RUNNER_REGENERATE=1 it writes it instead. */
#ifndef TESTS_RUNNER_WRITTEN_H
#define TESTS_RUNNER_WRITTEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text of a small file, NUL-terminated, to be freed; NULL if there is none. */
static inline char *written_read(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, file) < (1 << 20) - 1);
    fclose(file);
    return text;
}

static inline void written_write(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static inline bool written_regenerates(void) {
    return getenv("RUNNER_REGENERATE");
}

/* What is between the line with `begin` and the line with `end` (which begins with `end`) must
 * be `text`. */
static inline void written_check(const char *path, const char *begin, const char *end,
                                 const char *text) {
    char *file = written_read(path);
    if (!file) fail_msg("%s: cannot be read", path);
    char *from = strstr(file, begin), *to = strstr(file, end);
    if (!from || !to || to < from) {
        fail_msg("%s: does not have the marks \"%s\" and \"%s\"", path, begin, end);
        abort();
    }
    from = strchr(from, '\n') + 1;
    if (written_regenerates()) {
        char *content = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&content, &size);
        fprintf(out, "%.*s%s%s", (int)(from - file), file, text, to);
        fclose(out);
        written_write(path, content);
        free(content);
    } else {
        *to = '\0';
        assert_string_equal(from, text);
    }
    free(file);
}

#endif
