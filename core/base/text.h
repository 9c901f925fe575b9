/* Text for people and for files: put together in a buffer of fixed size, numbers, widths. */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A text in the making, in a buffer of the caller. What does not fit is cut off; the buffer always
 * holds a string. */
typedef struct Text {
    char *buffer;
    size_t size, length; /* length: without the NUL, below size */
} Text;

/* An empty one over a buffer of at least one byte. */
Text text_begin(char *buffer, size_t size);

/* printf at its end. */
void text_add(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* True where something was cut off, or the buffer is full to the last byte. */
static inline bool text_full(const Text *text) {
    return text->length + 1 >= text->size;
}

/* A finite number in as few digits as read back to the same bits: 1e-5, 0.1, 20. At least 32 bytes;
 * -0 is written as 0. */
void text_real(char *buffer, size_t size, double number);

/* Characters of a UTF-8 text: its code points. */
int32_t text_width(const char *text);

/* Bytes of the character that `text` begins with; where they are no UTF-8 (RFC 3629), one.
 * *harmless is false for those, for control characters (C0, DEL, C1) and for those that turn the
 * direction of writing: what a terminal, an editor or a compiler may take for more than text. */
size_t text_character(const char *text, bool *harmless);

/* For people: everything that is not harmless becomes "?". */
void text_print_plain(FILE *out, const char *text);

/* printf for people: what %s brings is printed plain. Conversions: those of printf but %n, %a and
 * %p. */
void text_print(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One word of a shell command, at its end. */
void text_add_word(Text *text, const char *word);

#endif
