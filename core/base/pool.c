/* A list of blocks; pieces are cut from the newest. Large pieces get a block of their own, second
 * in the list, so that the newest's rest is not lost. */
#include "core/base/pool.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGN       ((size_t)16)
#define BLOCK_BYTES ((size_t)64 * 1024)

typedef struct PoolBlock {
    struct PoolBlock *next;
    size_t used, size;
} PoolBlock;

_Static_assert(sizeof(PoolBlock) <= 2 * ALIGN, "pieces start behind the block's head");
#define HEAD (2 * ALIGN)

void *pool_alloc(Pool *pool, size_t count, size_t size, Error *err) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2) {
        error_memory(err, SIZE_MAX);
        return NULL;
    }
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    PoolBlock *block = pool->block;
    if (!block || block->size - block->used < bytes) {
        const bool own = bytes > BLOCK_BYTES / 4;
        const size_t room = own ? bytes : BLOCK_BYTES;
        block = calloc(1, HEAD + room);
        if (!block) {
            error_memory(err, HEAD + room);
            return NULL;
        }
        block->size = room;
        if (own && pool->block) {
            block->next = pool->block->next;
            pool->block->next = block;
        } else {
            block->next = pool->block;
            pool->block = block;
        }
    }
    void *piece = (unsigned char *)block + HEAD + block->used;
    block->used += bytes;
    return piece;
}

char *pool_text(Pool *pool, const char *text, size_t length, Error *err) {
    assert(text);
    char *copy = pool_alloc(pool, length + 1, 1, err);
    if (copy) memcpy(copy, text, length);
    return copy;
}

void pool_destroy(Pool *pool) {
    for (PoolBlock *block = pool->block; block;) {
        PoolBlock *next = block->next;
        free(block);
        block = next;
    }
    pool->block = NULL;
}
