#include "core/base/text.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

Text text_begin(char *buffer, size_t size) {
    assert(size > 0);
    buffer[0] = '\0';
    return (Text){.buffer = buffer, .size = size};
}

void text_add(Text *text, const char *format, ...) {
    const size_t left = text->size - text->length;
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(text->buffer + text->length, left, format, args);
    va_end(args);
    if (length > 0) text->length += (size_t)length < left ? (size_t)length : left - 1;
}

/* %g writes 1e-05 and 1e+20; we write 1e-5 and 1e20. */
static void tidy_exponent(char *text) {
    char *e = strchr(text, 'e');
    if (!e) return;
    char *to = e + 1;
    const char *from = to;
    if (*from == '-')
        to++, from++;
    else if (*from == '+')
        from++;
    while (*from == '0' && from[1] != '\0') from++;
    memmove(to, from, strlen(from) + 1);
}

void text_real(char *buffer, size_t size, double number) {
    assert(size >= 32);
    if (number == 0) number = 0; /* no -0 */
    /* 15 digits are the shortest where they do; subnormal numbers have fewer */
    for (int digits = fabs(number) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(buffer, size, "%.*g", digits, number);
        if (strtod(buffer, NULL) == number) break;
    }
    tidy_exponent(buffer);
}

int32_t text_width(const char *text) {
    int32_t width = 0;
    for (; *text; text++) width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

void text_print_plain(FILE *out, const char *text) {
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        fputc(*c < 0x20 || *c == 0x7f ? '?' : *c, out);
    }
}
