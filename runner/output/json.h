/* JSON inside a page, for its script. Nothing in a text can end the script element: "<" is written
 * as an escape. Many numbers are packed: float32, little-endian, base64. */
#ifndef RUNNER_OUTPUT_JSON_H
#define RUNNER_OUTPUT_JSON_H

#include <stdint.h>

#include "runner/output/html.h"

/* A string with its quotes; invalid UTF-8 becomes U+FFFD. */
void json_text(Html *html, const char *text);

/* A number that reads back to the same bits; null where it is not finite. */
void json_number(Html *html, double number);

/* A string in base64 (RFC 4648): of any bytes; of numbers rounded to float32. Call json_floats()
 * piece by piece between json_begin() and json_end(); pieces may be of any length. */
typedef struct JsonPacked {
    Html *html;
    unsigned char rest[3]; /* bytes that do not make three yet */
    int32_t count;
} JsonPacked;
void json_begin(JsonPacked *packed, Html *html);
void json_bytes(JsonPacked *packed, const void *bytes, size_t count);
void json_floats(JsonPacked *packed, const double *number, size_t count);
void json_end(JsonPacked *packed);

#endif
