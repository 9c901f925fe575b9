#include "core/base/team.h"

static void run_serial(Team *team, int32_t chunks, TeamChunk f, void *context) {
    (void)team;
    for (int32_t chunk = 0; chunk < chunks; chunk++) f(context, chunk);
}

Team team_serial = {.run = run_serial};
