/* How a key's text becomes a value, and the words for what a key allows. keys.c has the table. */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/mlp.h"
#include "runner/experiment/keys.h"
#include "runner/experiment/suggest.h"

#define EXACT 9007199254740992.0 /* 2^53: whole numbers up to here are exact in a double */

/* 0x1f and 0o17 */
static bool based(double *number, const char *text) {
    if (!isxdigit((unsigned char)text[2])) return false;
    char *end;
    errno = 0;
    const unsigned long long value = strtoull(text + 2, &end, text[1] == 'x' ? 16 : 8);
    if (*end != '\0' || errno != 0 || value > (unsigned long long)EXACT) return false;
    *number = (double)value;
    return true;
}

static size_t digits_of(const char *text) {
    return strspn(text, "0123456789");
}

bool keys_real(double *number, const char *text) {
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'o')) return based(number, text);
    const char *p = text;
    if (*p == '+' || *p == '-') p++;
    const size_t before = digits_of(p);
    p += before;
    size_t after = 0;
    if (*p == '.') {
        after = digits_of(p + 1);
        p += 1 + after;
    }
    if (before + after == 0) return false;
    const char *mantissa_end = p;
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '+' || *p == '-') p++;
        const size_t exponent = digits_of(p);
        if (exponent == 0) return false;
        p += exponent;
    }
    if (*p != '\0') return false;
    *number = strtod(text, NULL);
    if (!isfinite(*number)) return false;
    if (*number == 0) { /* 1e-999 is not zero */
        for (const char *q = text; q < mantissa_end; q++) {
            if (*q >= '1' && *q <= '9') return false;
        }
    }
    return true;
}

bool keys_integer(double *number, const char *text) {
    return keys_real(number, text) && floor(*number) == *number && fabs(*number) <= EXACT;
}

/* true, True, TRUE, false, ... */
static bool parse_bool(bool *flag, const char *text) {
    static const char *const words[] = {"false", "False", "FALSE", "true", "True", "TRUE"};
    for (int i = 0; i < 6; i++) {
        if (strcmp(text, words[i]) != 0) continue;
        *flag = i >= 3;
        return true;
    }
    return false;
}

static void add_range(Text *text, const Key *key) {
    char low[32], high[32];
    text_real(low, sizeof low, key->low);
    text_real(high, sizeof high, key->high);
    const bool from = isfinite(key->low), to = isfinite(key->high);
    if (from) text_add(text, "%s %s", key->low_open ? "above" : "at least", low);
    if (from && to) text_add(text, ", ");
    if (to) text_add(text, "%s %s", key->high_open ? "below" : "at most", high);
    if (!from && !to) text_add(text, "any number");
}

void keys_allowed(char *buffer, size_t size, const Key *key) {
    Text text = text_begin(buffer, size);
    switch (key->type) {
    case KEY_TYPE_BOOL: text_add(&text, "true, false"); break;
    case KEY_TYPE_CHOICE:
        for (int i = (int)key->low; i <= (int)key->high; i++) {
            text_add(&text, "%s%s", i > (int)key->low ? ", " : "", key->choices[i]);
        }
        break;
    case KEY_TYPE_TEXT: text_add(&text, "a text"); break;
    case KEY_TYPE_SIZES:
        text_add(&text, "layer sizes of 1 to %d, at most %d layers", MLP_MAX_UNITS, MLP_MAX_HIDDEN);
        break;
    case KEY_TYPE_REALS: text_add(&text, "a list of numbers"); break;
    case KEY_TYPE_INTEGER:
    case KEY_TYPE_REAL: add_range(&text, key); break;
    }
    if (key->word) text_add(&text, ", or %s", key->word);
}

/* The user's text for a message: short, and without anything a terminal would act on. */
static const char *shown(char buffer[64], const char *text) {
    size_t n = 0;
    for (; text[n] != '\0' && n < 48; n++) {
        buffer[n] = (unsigned char)text[n] < 32 || text[n] == 127 ? '?' : text[n];
    }
    while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80) n--; /* no half of a UTF-8 character */
    snprintf(buffer + n, 64 - n, "%s", text[n] != '\0' ? "..." : "");
    return buffer;
}

static bool refuse(Error *err, const Key *key, const char *text, const char *what) {
    char allowed[512], word[64];
    keys_allowed(allowed, sizeof allowed, key);
    return error_set(err, ERROR_USAGE, "\"%s\" %s (%s)", shown(word, text), what, allowed);
}

static bool out_of_range(const Key *key, double number) {
    return number < key->low || number > key->high || (key->low_open && number == key->low) ||
           (key->high_open && number == key->high);
}

static bool parse_number(Value *value, const Key *key, const char *text, char *buffer, size_t size,
                         Error *err) {
    double number;
    if (key->fallback && key->fallback[0] == '\0' && text[0] == '\0') {
        *value = (Value){NAN, ""};
        return true;
    }
    if (key->type == KEY_TYPE_INTEGER ? !keys_integer(&number, text) : !keys_real(&number, text)) {
        return refuse(err, key, text,
                      key->type == KEY_TYPE_INTEGER ? "is not a whole number"
                                                    : "is not a finite number");
    }
    if (key->word && number == 0) {
        *value = (Value){0, key->word};
        return true;
    }
    if (out_of_range(key, number)) return refuse(err, key, text, "is out of range");
    char canonical[32];
    if (key->type == KEY_TYPE_INTEGER) {
        snprintf(canonical, sizeof canonical, "%" PRId64, (int64_t)number);
    } else {
        text_real(canonical, sizeof canonical, number);
    }
    if (strlen(canonical) >= size) return refuse(err, key, text, "is too long");
    memcpy(buffer, canonical, strlen(canonical) + 1);
    *value = (Value){number == 0 ? 0 : number, buffer};
    return true;
}

static bool parse_choice(Value *value, const Key *key, const char *text, Error *err) {
    for (int i = (int)key->low; i <= (int)key->high; i++) {
        if (strcmp(key->choices[i], text) != 0) continue;
        *value = (Value){i, key->choices[i]};
        return true;
    }
    char allowed[512], word[64];
    const char *names[64] = {NULL}; /* the allowed ones */
    for (int i = (int)key->low; i <= (int)key->high && i < 63; i++) {
        names[i - (int)key->low] = key->choices[i];
    }
    suggest_list(allowed, sizeof allowed, text, names);
    return error_set(err, ERROR_USAGE, "unknown \"%s\" (%s)", shown(word, text), allowed);
}

/* "32x16" and "0.5,-1": items between separators, each parsed and written again. */
static bool parse_items(Value *value, const Key *key, const char *text, char *buffer, size_t size,
                        Error *err) {
    const bool sizes = key->type == KEY_TYPE_SIZES;
    double units = 0;
    int64_t items = 0;
    if (size == 0) return refuse(err, key, text, "is too long");
    Text written = text_begin(buffer, size);
    for (const char *p = text; *text != '\0'; p++) {
        char item[40];
        const size_t length = strcspn(p, sizes ? "x" : ",");
        if (length >= sizeof item) return refuse(err, key, text, "is not what stands here");
        memcpy(item, p, length);
        item[length] = '\0';
        double number;
        if (sizes ? !keys_integer(&number, item) : !keys_real(&number, item)) {
            return refuse(err, key, text,
                          sizes && strchr(text, ',')
                              ? "is not a layer's size; a list is written [1, 2, 3], in quotes on "
                                "the command line"
                          : sizes ? "is not a layer's size"
                                  : "is not a list of finite numbers");
        }
        if (out_of_range(key, number)) {
            return refuse(err, key, item,
                          sizes && number == 0 ? "is no layer; [] is no hidden layer"
                                               : "is out of range");
        }
        if (sizes && items == MLP_MAX_HIDDEN) return refuse(err, key, text, "has too many layers");
        char canonical[32];
        text_real(canonical, sizeof canonical, number);
        if (sizes) snprintf(canonical, sizeof canonical, "%d", (int)number);
        const char *separator = items == 0 ? "" : sizes ? "x" : ",";
        if (written.length + strlen(separator) + strlen(canonical) >= size) {
            return refuse(err, key, text, "is too long");
        }
        text_add(&written, "%s%s", separator, canonical);
        units += number;
        items++;
        p += length;
        if (*p == '\0') break;
    }
    *value = (Value){sizes ? units : (double)items, buffer};
    return true;
}

static bool parse_text(Value *value, const Key *key, const char *text, char *buffer, size_t size,
                       Error *err) {
    if (text[0] == '\0' && key->fallback && key->fallback[0] != '\0') {
        return refuse(err, key, text, "is empty");
    }
    for (const char *p = text; *p != '\0'; p++) {
        const unsigned char c = (unsigned char)*p, next = (unsigned char)p[1];
        if (c < 32 || c == 127 || (c == 0xC2 && next >= 0x80 && next < 0xA0)) {
            return refuse(err, key, text, "has a control character in it");
        }
    }
    if (strlen(text) >= size) return refuse(err, key, text, "is too long");
    memcpy(buffer, text, strlen(text) + 1);
    *value = (Value){NAN, buffer};
    return true;
}

bool keys_parse(Value *value, const Key *key, const char *text, char *buffer, size_t size,
                Error *err) {
    if (key->word && strcmp(text, key->word) == 0) {
        *value = (Value){0, key->word};
        return true;
    }
    switch (key->type) {
    case KEY_TYPE_BOOL: {
        bool flag;
        if (!parse_bool(&flag, text)) return refuse(err, key, text, "is neither true nor false");
        *value = (Value){flag, flag ? "true" : "false"};
        return true;
    }
    case KEY_TYPE_CHOICE: return parse_choice(value, key, text, err);
    case KEY_TYPE_INTEGER:
    case KEY_TYPE_REAL: return parse_number(value, key, text, buffer, size, err);
    case KEY_TYPE_SIZES:
    case KEY_TYPE_REALS: return parse_items(value, key, text, buffer, size, err);
    case KEY_TYPE_TEXT: return parse_text(value, key, text, buffer, size, err);
    }
    assert(false);
    return false;
}
