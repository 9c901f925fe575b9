/* HTML in the making: text is escaped unless it is a literal of this program.
 *
 * html_print() is printf, but what %s brings is escaped: markup can only come from the format. A
 * failed allocation is remembered in `failed`, which is looked at once, at the end. */
#ifndef RUNNER_OUTPUT_HTML_H
#define RUNNER_OUTPUT_HTML_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Html {
    char *text; /* owned, NUL-terminated once anything was written */
    size_t length, capacity;
    bool failed;
} Html;

void html_destroy(Html *html);

/* Unescaped: for literals and for what has been made safe. */
void html_raw(Html *html, const char *markup);
void html_bytes(Html *html, const char *markup, size_t length);

/* Escaped for element content and for attributes in double quotes; invalid UTF-8 and control
 * characters become U+FFFD. */
void html_text(Html *html, const char *text);

/* Conversions: %s (escaped), %d, PRId64, %f, %g with flags, width and precision, and %%. */
void html_print(Html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Everything around the content: head with the style sheet, and the end with the script that sorts
 * tables. `kind` of page: a literal. `of`: what it was made of, in few characters, for programs
 * (page_is_of); "" without. */
void html_begin(Html *html, const char *title, const char *kind, const char *of);
void html_end(Html *html);

#endif
