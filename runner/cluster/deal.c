#include "runner/cluster/deal.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

bool deal_open(Deal *deal, const DealInput *input, Error *err) {
    *deal = (Deal){.input = *input, .claims = {.fd = -1}};
    pthread_mutex_init(&deal->lock, NULL);
    ClaimsInput claims = input->claims;
    TRY(blocks_create(&deal->blocks, input->cost, input->items, claims.processes, err));
    claims.blocks = deal->blocks.count;
    const size_t blocks = (size_t)claims.blocks + 1, items = (size_t)input->items + 1;
    deal->known = calloc(items, sizeof *deal->known);
    deal->left = calloc(blocks, sizeof *deal->left);
    deal->counted = calloc(blocks, sizeof *deal->counted);
    if (!deal->known || !deal->left || !deal->counted) {
        error_memory(err, items + blocks * sizeof *deal->left);
        goto fail;
    }
    TRY(claims_open(&deal->claims, &claims, err));
    return true;
fail:
    deal_close(deal);
    return false;
}

void deal_close(Deal *deal) {
    if (!deal->input.claims.processes) return; /* zeroed, or closed before */
    claims_close(&deal->claims);
    blocks_free(&deal->blocks);
    free(deal->known);
    free(deal->left);
    free(deal->counted);
    pthread_mutex_destroy(&deal->lock);
    *deal = (Deal){.claims = {.fd = -1}};
}

/* --- blocks ----------------------------------------------------------------------------------- */

/* The block in hand; one whose items all have results is done at once. */
static bool begin(Deal *deal, int64_t block) {
    const Blocks *blocks = &deal->blocks;
    deal->at = blocks->cut[block];
    deal->end = blocks->cut[block + 1];
    deal->left[block] = 0;
    for (int64_t i = deal->at; i < deal->end; i++)
        deal->left[block] += !deal->known[blocks->order[i]];
    return deal->left[block] > 0 || claims_finish(&deal->claims, block, &deal->err);
}

/* What others finished is known from now on. */
static void count_others(Deal *deal) {
    const Blocks *blocks = &deal->blocks;
    for (int64_t b = 0; b < deal->claims.fresh; b++) {
        if (!deal->claims.done[b] || deal->counted[b]) continue;
        deal->counted[b] = true;
        for (int64_t i = blocks->cut[b]; i < blocks->cut[b + 1]; i++) {
            const int64_t item = blocks->order[i];
            if (deal->known[item]) continue;
            deal->known[item] = true;
            deal->others++;
            deal->others_cost += deal->input.cost[item];
        }
    }
}

static bool is_open(const Deal *deal, int64_t block) {
    return !deal->claims.done[block] && !deal->claims.held[block];
}

/* A block that this process had in an earlier life; -1: none. */
static bool own_block(Deal *deal, int64_t *block) {
    bool taken = false;
    for (; !taken && deal->resumed < deal->claims.fresh; deal->resumed++) {
        *block = deal->resumed;
        if (deal->claims.owner[*block] == (uint32_t)deal->input.claims.process &&
            is_open(deal, *block) && !claims_reclaim(&deal->claims, *block, &taken, &deal->err)) {
            return false;
        }
    }
    if (!taken) *block = -1;
    return true;
}

/* The first block from `from` on that nobody works on, since its owner has died; -1: none. */
static int64_t orphan(const Deal *deal, int64_t from) {
    for (int64_t b = from; b < deal->claims.fresh; b++) {
        const int32_t owner = (int32_t)deal->claims.owner[b];
        if (is_open(deal, b) && (owner == 0 || !claims_lives(&deal->claims, owner))) return b;
    }
    return -1;
}

/* Takes the block of a process that died; what that had finished is in its journal. */
static bool adopt(Deal *deal, int64_t *block) {
    for (*block = orphan(deal, 0); *block >= 0; *block = orphan(deal, *block + 1)) {
        const int32_t owner = (int32_t)deal->claims.owner[*block];
        bool taken;
        if (!claims_reclaim(&deal->claims, *block, &taken, &deal->err)) return false;
        if (!taken) continue;
        deal->taken_over++;
        return owner == 0 ||
               deal->input.survey(deal->input.context, owner, deal->known, &deal->err);
    }
    return true;
}

/* The next block with something to do. */
static bool refill(Deal *deal) {
    while (deal->err.kind == ERROR_NONE) {
        int64_t block;
        if (!own_block(deal, &block)) return false;
        if (block < 0 && !claims_next(&deal->claims, &block, &deal->err)) return false;
        count_others(deal);
        if (block < 0 && !adopt(deal, &block)) return false;
        if (block < 0 || !begin(deal, block)) return false;
        if (deal->left[block] > 0) return true;
    }
    return false;
}

bool deal_next(Deal *deal, int64_t *item) {
    bool found = false;
    pthread_mutex_lock(&deal->lock);
    while (!found && (deal->at < deal->end || refill(deal))) {
        if (deal->at == deal->end) continue;
        *item = deal->blocks.order[deal->at++];
        found = !deal->known[*item];
    }
    pthread_mutex_unlock(&deal->lock);
    return found;
}

void deal_done(Deal *deal, int64_t item) {
    pthread_mutex_lock(&deal->lock);
    const int64_t block = deal->blocks.block[item];
    deal->known[item] = true;
    if (--deal->left[block] == 0 && !claims_finish(&deal->claims, block, &deal->err)) {
        deal->left[block] = 0; /* deal_wait() reports the trouble */
    }
    pthread_mutex_unlock(&deal->lock);
}

/* --- the end ---------------------------------------------------------------------------------- */

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* One look at the others. */
static bool look(Deal *deal, DealState *state, bool *known, Error *err) {
    Claims *claims = &deal->claims;
    bool over = false, is = false;
    *known = true;
    if (!claims_refresh(claims, &over, err)) return false;
    count_others(deal);
    if (!over && claims->finished == claims->input.blocks &&
        !claims_publisher(claims, &is, &over, err))
        return false;
    if (over)
        *state = DEAL_OVER;
    else if (is)
        *state = DEAL_PUBLISH;
    else if (claims->fresh < claims->input.blocks || orphan(deal, 0) >= 0)
        *state = DEAL_TRAIN;
    else
        *known = false;
    return true;
}

bool deal_wait(Deal *deal, double until, DealState *state, Error *err) {
    enum { SHORTEST_US = 10000, LONGEST_US = 500000 };
    bool known = false;
    if (deal->err.kind != ERROR_NONE) return error_set(err, deal->err.kind, "%s", deal->err.text);
    for (useconds_t wait = SHORTEST_US;; wait += wait / 2) {
        *state = DEAL_STOPPED;
        if (*deal->input.claims.stop || (until > 0 && now() >= until)) return true;
        if (!look(deal, state, &known, err)) return false;
        if (known) return true;
        usleep(wait < LONGEST_US ? wait : LONGEST_US);
    }
}
