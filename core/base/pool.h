/* Memory that is handed out in pieces and given back all at once; it grows as needed, unlike an
 * Arena.
 *
 * For values that live together and whose number is not known beforehand: the nodes of a YAML
 * file, an experiment. Never used while training. */
#ifndef CORE_BASE_POOL_H
#define CORE_BASE_POOL_H

#include <stddef.h>

#include "core/base/error.h"

typedef struct Pool {
    struct PoolBlock *block; /* owned; newest first. A zeroed Pool is an empty one */
} Pool;

/* `count` items of `size` bytes, zeroed, aligned to 16; NULL (and *err set) where there is no
 * memory. */
void *pool_alloc(Pool *pool, size_t count, size_t size, Error *err);

/* A copy of text[0..length) and a NUL; NULL where there is no memory. */
char *pool_text(Pool *pool, const char *text, size_t length, Error *err);

/* Frees every piece; legal on a zeroed or destroyed pool. */
void pool_destroy(Pool *pool);

#endif
