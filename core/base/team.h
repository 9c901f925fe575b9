/* Who works on the chunks of a batch. The trainer cuts a large batch by its shape alone and gives
 * the chunks to a team; results are combined in chunk order, so the bits do not depend on who did
 * the work. core has the serial team; the scheduler has one that idle workers join. */
#ifndef CORE_BASE_TEAM_H
#define CORE_BASE_TEAM_H

#include <stdint.h>

/* Does chunk `chunk` of the job that `context` describes. May run on any thread; chunks share only
 * read-only data. */
typedef void (*TeamChunk)(void *context, int32_t chunk);

typedef struct Team {
    /* Runs f(context, 0..chunks-1), each exactly once, and returns when all are done. */
    void (*run)(struct Team *team, int32_t chunks, TeamChunk f, void *context);
} Team;

/* All chunks in order on the calling thread. */
extern Team team_serial;

#endif
