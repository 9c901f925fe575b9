#include "runner/output/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "packed numbers are little-endian");

void json_text(Html *html, const char *text) {
    Html valid = {0}; /* html_text() repairs UTF-8, and its escapes are not wanted here */
    html_raw(html, "\"");
    for (const char *c = text; *c; c++) {
        char escape[8];
        const unsigned char byte = (unsigned char)*c;
        if (byte < 0x80 && byte >= 0x20 && byte != 0x7f && !strchr("\"\\<>&'", *c)) {
            html_bytes(html, c, 1);
        } else if (byte < 0x80) {
            snprintf(escape, sizeof escape, "\\u%04x", byte);
            html_raw(html, escape);
        } else { /* a run of other characters, repaired as one */
            const size_t run = strcspn(c, " !\"#$%&'()*+,-./0123456789:;<=>?@"
                                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
                                          "abcdefghijklmnopqrstuvwxyz{|}~");
            valid.length = 0;
            html_bytes(&valid, c, run);
            if (valid.text) html_text(html, valid.text);
            c += run - 1;
        }
    }
    html_raw(html, "\"");
    html->failed = html->failed || valid.failed;
    html_destroy(&valid);
}

void json_number(Html *html, double number) {
    char text[40] = "null";
    if (isfinite(number)) text_real(text, sizeof text, number);
    html_raw(html, text);
}

void json_begin(JsonPacked *packed, Html *html) {
    *packed = (JsonPacked){.html = html};
    html_raw(html, "\"");
}

/* Three bytes as four letters; of fewer the rest is padding. */
static void write_group(Html *html, const unsigned char *bytes, int32_t count) {
    static const char LETTERS[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint32_t bits = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
    char letters[4];
    for (int i = 0; i < 4; i++) {
        letters[i] = i <= count ? LETTERS[bits >> (18 - 6 * i) & 63] : '=';
    }
    html_bytes(html, letters, 4);
}

void json_bytes(JsonPacked *packed, const void *bytes, size_t count) {
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++) {
        packed->rest[packed->count++] = byte[i];
        if (packed->count < 3) continue;
        write_group(packed->html, packed->rest, 3);
        packed->count = 0;
    }
}

void json_floats(JsonPacked *packed, const double *number, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const float narrow = (float)number[i];
        json_bytes(packed, &narrow, sizeof narrow);
    }
}

void json_end(JsonPacked *packed) {
    if (packed->count > 0) {
        for (int32_t i = packed->count; i < 3; i++) packed->rest[i] = 0;
        write_group(packed->html, packed->rest, packed->count);
    }
    html_raw(packed->html, "\"");
}
