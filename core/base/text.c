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

/* --- characters ------------------------------------------------------------------------------- */

/* The code point at s and its length; 0 where there is none: no overlong forms, no surrogates. */
static size_t decode(const unsigned char *s, uint32_t *point) {
    *point = s[0];
    if (s[0] < 0x80) return 1;
    if (s[0] < 0xc2 || s[0] > 0xf4) return 0;
    const size_t length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    *point = s[0] & (0x7f >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80) return 0;
        *point = *point << 6 | (s[i] & 0x3f);
    }
    const uint32_t least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
    return *point < least || *point > 0x10ffff || (*point >= 0xd800 && *point < 0xe000) ? 0
                                                                                        : length;
}

size_t text_character(const char *text, bool *harmless) {
    uint32_t point;
    const size_t length = decode((const unsigned char *)text, &point);
    const bool control = point < 0x20 || (point >= 0x7f && point < 0xa0);
    const bool turns = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    *harmless = length > 0 && !control && !turns;
    return length > 0 ? length : 1;
}

/* At most `limit` bytes of it. */
static void print_plain(FILE *out, const char *text, size_t limit) {
    for (size_t length; limit > 0 && *text; text += length, limit -= length) {
        bool harmless;
        length = text_character(text, &harmless);
        if (length > limit) break;
        if (harmless)
            fwrite(text, 1, length, out);
        else
            fputc('?', out);
    }
}

void text_print_plain(FILE *out, const char *text) {
    print_plain(out, text, SIZE_MAX);
}

/* --- printf ----------------------------------------------------------------------------------- */

/* A conversion, taken out of a format. */
typedef struct Conversion {
    char text[32]; /* "%-5" PRId64 and the like, its stars replaced by their numbers */
    char kind;
    int longs;     /* l, z, j: 64 bits */
    int precision; /* -1: none */
} Conversion;

/* Reads the conversion behind a %; returns what follows it. */
static const char *read_conversion(const char *at, Conversion *conversion, va_list *args) {
    Text text = text_begin(conversion->text, sizeof conversion->text);
    *conversion = (Conversion){.precision = -1};
    text_add(&text, "%%");
    for (bool fraction = false;; at++) {
        if (*at == '*') {
            const int number = va_arg(*args, int);
            text_add(&text, "%d", number);
            if (fraction) conversion->precision = number;
        } else if (strchr("-+ #.", *at) && *at) {
            fraction = fraction || *at == '.';
            if (fraction && *at == '.') conversion->precision = 0;
            text_add(&text, "%c", *at);
        } else if (*at >= '0' && *at <= '9') {
            if (fraction) conversion->precision = 10 * conversion->precision + (*at - '0');
            text_add(&text, "%c", *at);
        } else if (*at && strchr("lzj", *at)) {
            conversion->longs++;
            text_add(&text, "%c", *at);
        } else {
            break;
        }
    }
    conversion->kind = *at;
    text_add(&text, "%c", *at);
    return at + 1;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored                                                                     \
    "-Wformat-nonliteral" /* taken out of a format that the compiler has checked */
static void print_converted(FILE *out, const Conversion *conversion, va_list *args) {
    char number[400] = ""; /* %f of the largest double has 317 characters */
    switch (conversion->kind) {
    case '%': fputc('%', out); break;
    case 'c': print_plain(out, (const char[]){(char)va_arg(*args, int), '\0'}, 1); break;
    case 'd':
    case 'i':
    case 'u':
    case 'x':
        if (conversion->longs)
            snprintf(number, sizeof number, conversion->text, va_arg(*args, int64_t));
        else
            snprintf(number, sizeof number, conversion->text, va_arg(*args, int));
        break;
    case 'e':
    case 'f':
    case 'g': snprintf(number, sizeof number, conversion->text, va_arg(*args, double)); break;
    default: assert(!"a conversion that text_print knows");
    }
    fputs(number, out);
}
#pragma GCC diagnostic pop

/* %s, padded to its width in characters. */
static void print_string(FILE *out, const Conversion *conversion, const char *text) {
    const size_t limit = conversion->precision < 0 ? SIZE_MAX : (size_t)conversion->precision;
    const bool left = strchr(conversion->text, '-');
    const int width = atoi(conversion->text + strspn(conversion->text, "%-+ #0"));
    const int space = width - text_width(text);
    for (int i = 0; i < space && !left; i++) fputc(' ', out);
    print_plain(out, text, limit);
    for (int i = 0; i < space && left; i++) fputc(' ', out);
}

void text_print(FILE *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    for (const char *at = format; *at;) {
        const size_t plain = strcspn(at, "%");
        fwrite(at, 1, plain, out);
        at += plain;
        if (!*at) break;
        Conversion conversion;
        at = read_conversion(at + 1, &conversion, &args);
        if (conversion.kind == 's')
            print_string(out, &conversion, va_arg(args, const char *));
        else
            print_converted(out, &conversion, &args);
    }
    va_end(args);
}

/* --- a shell's words -------------------------------------------------------------------------- */

/* In quotes; where a terminal must not see a byte as it is in $'...', which bash, zsh and ksh
 * know. */
static void add_quoted(Text *text, const char *word, bool as_it_is) {
    text_add(text, as_it_is ? "'" : "$'");
    for (size_t length; *word; word += length) {
        bool harmless;
        length = text_character(word, &harmless);
        if (*word == '\'')
            text_add(text, as_it_is ? "'\\''" : "\\'");
        else if (*word == '\\' && !as_it_is)
            text_add(text, "\\\\");
        else if (harmless)
            text_add(text, "%.*s", (int)length, word);
        else
            for (size_t i = 0; i < length; i++) text_add(text, "\\x%02x", (unsigned char)word[i]);
    }
    text_add(text, "'");
}

void text_add_word(Text *text, const char *word) {
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "@%+=:,./_-";
    bool harmless = true;
    for (const char *c = word; harmless && *c;) c += text_character(c, &harmless);
    if (*word && strspn(word, safe) == strlen(word))
        text_add(text, "%s", word);
    else
        add_quoted(text, word, harmless);
}
