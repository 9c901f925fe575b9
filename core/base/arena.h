/* One block of memory, handed out from the front, given back all at once.
 *
 * A worker gets one arena before training starts and allocates nothing afterwards; arena_reset()
 * makes it new for the next trial. It refuses to grow: the size is known beforehand (see
 * trainer_bytes). */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include <stddef.h>

#include "core/base/error.h"

#define ARENA_ALIGN ((size_t)64) /* every piece starts on a cache line */

typedef struct Arena {
    unsigned char *base; /* owned; aligned to ARENA_ALIGN */
    size_t size, used;
} Arena;

/* Takes `size` bytes from the system, untouched (first touch belongs to the worker). */
MUST_CHECK bool arena_create(Arena *arena, size_t size, Error *err);

/* Frees it; legal on a zeroed or destroyed arena. */
void arena_destroy(Arena *arena);

/* `count` items of `size` bytes, zeroed. Asking for more than arena_create() was told is a
 * programmer's error. */
void *arena_alloc(Arena *arena, size_t count, size_t size);

/* Gives everything back. */
void arena_reset(Arena *arena);

/* What `count` items of `size` bytes take, alignment included: sum these to size an arena. */
size_t arena_bytes(size_t count, size_t size);

#endif
