/* One block of memory, handed out from the front, given back all at once.
 *
 * A worker gets one arena before training starts and allocates nothing afterwards; arena_reset()
 * makes it new for the next trial. It does not grow: its size is known beforehand, because the code
 * that allocates is first run on a measuring arena, which hands out nothing and counts:
 *
 *     Arena ruler = {.measuring = true};
 *     lay_out(&thing, &ruler);                      every pointer of thing is NULL
 *     arena_create(&arena, ruler.used, err);
 *     lay_out(&thing, &arena); */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

#define ARENA_ALIGN ((size_t)64) /* every piece starts on a cache line */

typedef struct Arena {
    unsigned char *base; /* owned; aligned to ARENA_ALIGN */
    size_t size, used;   /* used: SIZE_MAX where a measuring arena has overflowed */
    bool measuring;
} Arena;

/* Gets `size` bytes from the system, untouched (first touch belongs to the worker). */
MUST_CHECK bool arena_create(Arena *arena, size_t size, Error *err);

/* Frees it; legal on a zeroed or destroyed arena. */
void arena_destroy(Arena *arena);

/* `count` items of `size` bytes, zeroed; NULL from a measuring arena. Asking for more than
 * arena_create() was told is a programmer's error. */
void *arena_alloc(Arena *arena, size_t count, size_t size);

/* The same, not zeroed: for what is written before it is read. */
void *arena_alloc_raw(Arena *arena, size_t count, size_t size);

/* Gives everything back. */
void arena_reset(Arena *arena);

/* The bytes that `count` items of `size` bytes use, alignment included; SIZE_MAX on overflow. */
size_t arena_bytes(size_t count, size_t size);

#endif
