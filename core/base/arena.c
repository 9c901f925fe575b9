/* The arena is a pointer that moves: every piece is rounded up to a cache line. */
#include "core/base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t arena_bytes(size_t count, size_t size) {
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes)) return SIZE_MAX;
    if (bytes > SIZE_MAX - (ARENA_ALIGN - 1)) return SIZE_MAX;
    return (bytes + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
}

bool arena_create(Arena *arena, size_t size, Error *err) {
    *arena = (Arena){0};
    const size_t rounded = arena_bytes(size ? size : 1, 1);
    /* beyond PTRDIFF_MAX no pointer difference is defined, and no system gives so much */
    if (rounded > PTRDIFF_MAX) return error_memory(err, size);
    arena->base = aligned_alloc(ARENA_ALIGN, rounded);
    if (!arena->base) return error_memory(err, size);
    arena->size = rounded;
    return true;
}

void arena_destroy(Arena *arena) {
    if (!arena) return;
    free(arena->base);
    *arena = (Arena){0};
}

void *arena_alloc_raw(Arena *arena, size_t count, size_t size) {
    const size_t bytes = arena_bytes(count, size);
    if (arena->measuring) {
        if (__builtin_add_overflow(arena->used, bytes, &arena->used)) arena->used = SIZE_MAX;
        return NULL;
    }
    assert(arena->base && bytes <= arena->size - arena->used);
    unsigned char *piece = arena->base + arena->used;
    arena->used += bytes;
    return piece;
}

void *arena_alloc(Arena *arena, size_t count, size_t size) {
    void *piece = arena_alloc_raw(arena, count, size);
    return piece ? memset(piece, 0, arena_bytes(count, size)) : NULL;
}

void arena_reset(Arena *arena) {
    arena->used = 0;
}
