#include "runner/output/escape.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/text.h"

void escape_json(FILE *out, const char *text) {
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if (*c < 0x20 || *c == 0x7f)
            fprintf(out, "\\u%04x", *c);
        else
            fputc(*c, out);
    }
    fputc('"', out);
}

void escape_json_real(FILE *out, double number) {
    char text[32] = "null";
    if (isfinite(number)) text_real(text, sizeof text, number);
    fputs(number == 0 && signbit(number) ? "-0.0" : text, out);
}

void escape_csv(FILE *out, const char *text) {
    const bool quotes = strpbrk(text, ",\"\r\n") || *text == ' ';
    if (quotes) fputc('"', out);
    for (const char *c = text; *c; c++) {
        if (*c == '"') fputc('"', out);
        fputc(*c, out);
    }
    if (quotes) fputc('"', out);
}

void escape_shell(FILE *out, const char *text) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "@%+=:,./_-";
    if (*text && strspn(text, plain) == strlen(text)) {
        fputs(text, out);
        return;
    }
    fputc('\'', out);
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            fputs("'\\''", out);
        else
            fputc(*c, out);
    }
    fputc('\'', out);
}
