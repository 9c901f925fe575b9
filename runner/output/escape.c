#include "runner/output/escape.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

/* What JSON cannot hold as it is, and what a terminal should not. */
static void put_units(FILE *out, const char *text, size_t length) {
    const unsigned char *s = (const unsigned char *)text;
    if (length == 1)
        fprintf(out, "\\u%04x", *s < 0x80 ? *s : 0xfffdu); /* alone it is no character */
    else if (length == 2)
        fprintf(out, "\\u%04x", (unsigned)((s[0] & 0x1f) << 6 | (s[1] & 0x3f)));
    else
        fprintf(out, "\\u%04x",
                (unsigned)((s[0] & 0xf) << 12 | (s[1] & 0x3f) << 6 | (s[2] & 0x3f)));
}

void escape_json(FILE *out, const char *text) {
    fputc('"', out);
    for (size_t length; *text; text += length) {
        bool harmless;
        length = text_character(text, &harmless);
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if (harmless)
            fwrite(text, 1, length, out);
        else
            put_units(out, text, length);
    }
    fputc('"', out);
}

void escape_json_real(FILE *out, double number) {
    char text[32] = "null";
    if (isfinite(number)) text_real(text, sizeof text, number);
    fputs(number == 0 && signbit(number) ? "-0.0" : text, out);
}

/* What spreadsheets take for a formula; a list of numbers may begin with a sign. */
static bool is_formula(const char *text) {
    if (!*text || !strchr("=+-@", *text)) return false;
    return strspn(text, "0123456789eE.,+- x") < strlen(text);
}

void escape_csv(FILE *out, const char *text) {
    const bool quotes = strpbrk(text, ",\"\n") || *text == ' ';
    if (quotes) fputc('"', out);
    if (is_formula(text)) fputc('\'', out);
    for (size_t length; *text; text += length) {
        bool harmless;
        length = text_character(text, &harmless);
        if (*text == '"') fputc('"', out);
        if (harmless || strchr("\t\n", *text))
            fwrite(text, 1, length, out);
        else
            fputc('?', out);
    }
    if (quotes) fputc('"', out);
}

void escape_comment(FILE *out, const char *text) {
    char last = ' ';
    for (size_t length; *text; text += length) {
        bool harmless;
        length = text_character(text, &harmless);
        const bool ends = (last == '*' && *text == '/') || (last == '/' && *text == '*');
        if (ends) fputc(' ', out);
        if (harmless)
            fwrite(text, 1, length, out);
        else
            fputc('?', out);
        last = harmless ? text[length - 1] : '?';
    }
}

void escape_shell(FILE *out, const char *text) {
    const size_t size = 4 * strlen(text) + 4; /* each byte at most "'\\''" */
    char *buffer = malloc(size);
    if (!buffer) return;
    Text word = text_begin(buffer, size);
    text_add_word(&word, text);
    fputs(buffer, out);
    free(buffer);
}
