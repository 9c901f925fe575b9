#include "runner/training/scheduler.h"

#include <omp.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "core/base/machine.h"

#include "core/base/order.h"

#define SPINS_BEFORE_YIELD 2000

/* A worker's open batch. `ticket` is (round << 32 | next chunk): taking a chunk is one
 * compare-and-swap, which fails once the round is over, so a late helper can never touch the next
 * batch by mistake. */
typedef struct WorkerTeam {
    Team team; /* first: the trainer sees only this */
    struct WorkerPool *pool;
    _Atomic uint64_t ticket;
    _Atomic int32_t chunks, finished;
    _Atomic(TeamChunk) chunk_work;
    _Atomic(void *) chunk_context;
    char padding[64]; /* the next worker's team is on another cache line */
} WorkerTeam;

typedef struct WorkerPool {
    WorkerTeam *worker;
    int32_t workers;
    const int64_t *order;
    int64_t count;
    _Atomic int64_t next;
    _Atomic int32_t busy, idle;
    _Atomic bool stop;
    const SchedulerCalls *calls;
} WorkerPool;

/* After `looked` tickets were found empty: workers with many to look at must not hold the
 * processor. */
static void relax(int32_t *spins, int32_t looked) {
    *spins += looked;
    if (*spins < SPINS_BEFORE_YIELD) {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
        return;
    }
    *spins = 0;
    sched_yield();
}

/* Takes and does one chunk of a worker's open batch. */
static bool help(WorkerTeam *team) {
    uint64_t ticket = atomic_load_explicit(&team->ticket, memory_order_acquire);
    for (;;) {
        const int32_t chunk = (int32_t)(uint32_t)ticket;
        if (chunk >= atomic_load_explicit(&team->chunks, memory_order_relaxed)) return false;
        const TeamChunk work = atomic_load_explicit(&team->chunk_work, memory_order_relaxed);
        void *context = atomic_load_explicit(&team->chunk_context, memory_order_relaxed);
        if (atomic_compare_exchange_weak_explicit(&team->ticket, &ticket, ticket + 1,
                                                  memory_order_acq_rel, memory_order_acquire)) {
            work(context, chunk);
            atomic_fetch_add_explicit(&team->finished, 1, memory_order_release);
            return true;
        }
    }
}

static void run_shared(Team *base, int32_t chunks, TeamChunk f, void *context) {
    WorkerTeam *team = (WorkerTeam *)base;
    if (chunks < 2 || atomic_load_explicit(&team->pool->idle, memory_order_relaxed) == 0) {
        for (int32_t chunk = 0; chunk < chunks; chunk++) f(context, chunk);
        return;
    }
    /* close the old round (no chunk of it is left), fill in the new one, open it */
    const uint64_t round = atomic_load_explicit(&team->ticket, memory_order_relaxed) >> 32;
    atomic_store_explicit(&team->ticket, ((round + 1) << 32) | UINT32_C(0x7fffffff),
                          memory_order_release);
    atomic_store_explicit(&team->chunk_work, f, memory_order_relaxed);
    atomic_store_explicit(&team->chunk_context, context, memory_order_relaxed);
    atomic_store_explicit(&team->finished, 0, memory_order_relaxed);
    atomic_store_explicit(&team->chunks, chunks, memory_order_relaxed);
    atomic_store_explicit(&team->ticket, (round + 2) << 32, memory_order_release);
    while (help(team)) continue;
    int32_t spins = 0;
    while (atomic_load_explicit(&team->finished, memory_order_acquire) < chunks) relax(&spins, 1);
}

/* Nothing left to begin: serve the open batches of those still at work. */
static void serve(WorkerPool *pool) {
    atomic_fetch_add(&pool->idle, 1);
    int32_t spins = 0;
    while (atomic_load_explicit(&pool->busy, memory_order_acquire) > 0) {
        bool helped = false;
        for (int32_t i = 0; i < pool->workers; i++) helped = help(&pool->worker[i]) || helped;
        if (helped)
            spins = 0;
        else
            relax(&spins, pool->workers);
    }
    atomic_fetch_sub(&pool->idle, 1);
}

/* The next job for whoever has nothing to do; false where none is left. */
static bool next_job(WorkerPool *pool, int64_t *job) {
    if (pool->calls->next) return pool->calls->next(pool->calls->context, job);
    const int64_t next = atomic_fetch_add(&pool->next, 1);
    if (next >= pool->count) return false;
    *job = pool->order[next];
    return true;
}

static void run_worker(WorkerPool *pool, int32_t index) {
    const SchedulerCalls *calls = pool->calls;
    void *mine = calls->enter(calls->context, index);
    if (!mine) atomic_store(&pool->stop, true);
    for (int64_t job; mine && !atomic_load(&pool->stop) && next_job(pool, &job);) {
        if (!calls->work(calls->context, mine, job, &pool->worker[index].team)) {
            atomic_store(&pool->stop, true);
        }
    }
    atomic_fetch_sub_explicit(&pool->busy, 1, memory_order_release);
    serve(pool);
    if (mine) calls->leave(calls->context, mine);
}

bool scheduler_run(int64_t count, const double *cost, int32_t threads, const SchedulerCalls *calls,
                   Error *err) {
    if (count == 0) return true;
    WorkerPool pool = {.count = count, .calls = calls, .workers = threads};
    int64_t *order = order_descending(cost, count, err);
    pool.worker = calloc((size_t)threads, sizeof *pool.worker);
    bool done = false;
    if (!order || !pool.worker) {
        error_memory(err, (size_t)count * sizeof *order);
        goto fail;
    }
    pool.order = order;
    for (int32_t i = 0; i < threads; i++) {
        pool.worker[i].team.run = run_shared;
        pool.worker[i].pool = &pool;
        pool.worker[i].ticket = UINT32_C(0x7fffffff);
    }
    omp_set_dynamic(0);
    atomic_store(&pool.busy, threads);
#pragma omp parallel num_threads(threads)
    {
        /* fewer threads than asked for: the first one does not wait for those that never came */
#pragma omp single
        atomic_fetch_sub(&pool.busy, threads - omp_get_num_threads());
        run_worker(&pool, omp_get_thread_num());
    }
    done = !atomic_load(&pool.stop);
fail:
    free(order);
    free(pool.worker);
    return done;
}

int32_t scheduler_threads(void) {
    const int32_t asked = omp_get_max_threads();
    if (getenv("OMP_NUM_THREADS"))
        return asked < SCHEDULER_MAX_THREADS ? asked : SCHEDULER_MAX_THREADS;
    const int32_t allowed = omp_get_num_procs(), granted = machine_processors(&MACHINE_ROOTS);
    return granted > 0 && granted < allowed ? granted : allowed;
}
