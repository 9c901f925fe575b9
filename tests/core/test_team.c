/* Whoever does the chunks, in whatever order: the same bits. */
#include "core/base/team.h"

#include "tests/core/small_trial.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define THREADS 3

/* ---- teams ---- */

static int32_t most_chunks; /* that a team below was asked for */

static void run_backwards(Team *team, int32_t chunks, TeamChunk f, void *context) {
    (void)team;
    if (chunks > most_chunks) most_chunks = chunks;
    for (int32_t chunk = chunks - 1; chunk >= 0; chunk--) f(context, chunk);
}

typedef struct Job {
    TeamChunk f;
    void *context;
    int32_t chunks;
    atomic_int next;
} Job;

static void *serve(void *argument) {
    Job *job = argument;
    for (int32_t chunk = 0; (chunk = atomic_fetch_add(&job->next, 1)) < job->chunks;) {
        job->f(job->context, chunk);
    }
    return NULL;
}

static void run_threads(Team *team, int32_t chunks, TeamChunk f, void *context) {
    (void)team;
    Job job = {.f = f, .context = context, .chunks = chunks};
    pthread_t thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&thread[i], NULL, serve, &job), 0);
    }
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_join(thread[i], NULL), 0);
}

static Team backwards = {.run = run_backwards};
static Team threads = {.run = run_threads};

/* ---- tests ---- */

static void note(void *context, int32_t chunk) {
    int32_t *seen = context;
    assert_int_equal(seen[0], chunk); /* in order */
    seen[0]++;
}

static void the_serial_team_does_every_chunk_once_in_order(void **state) {
    (void)state;
    int32_t seen = 0;
    team_serial.run(&team_serial, 5, note, &seen);
    assert_int_equal(seen, 5);
    team_serial.run(&team_serial, 0, note, &seen);
    assert_int_equal(seen, 5);
}

/* Networks and batches that are cut into several chunks. */
static void every_team_gives_the_same_bits(void **state) {
    (void)state;
    static const struct {
        int32_t inputs, hidden;
        int64_t n, batch_size;
    } shapes[] = {{2, 3, 9000, 0}, {20, 64, 1501, 700}, {100, 40, 900, 0}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        Dataset rows = small_trial_rows(shapes[s].n, shapes[s].inputs, 3, 1);
        Dataset test = small_trial_rows(2 * shapes[s].n, shapes[s].inputs, 3, 2);
        for (int options = 0; options < 8; options++) {
            TrainerConfig config = small_trial_config(shapes[s].inputs, shapes[s].hidden, 3);
            config.network.hidden_count = 2;
            config.network.hidden[1] = 7;
            config.network.batch_norm = options & 1;
            config.network.dropout = options & 2 ? 0.5 : 0;
            config.dtype = options & 4 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
            config.batch_size = shapes[s].batch_size;
            config.epochs = 3;
            SmallTrial trial[3];
            Team *const teams[] = {&team_serial, &backwards, &threads};
            most_chunks = 0;
            for (int t = 0; t < 3; t++) {
                trial[t] = small_trial_run(&config, &rows, NULL, &test, teams[t], NULL, NULL, 0);
            }
            assert_true(most_chunks > 2);
            small_trial_assert_same(&trial[0], &trial[1]);
            small_trial_assert_same(&trial[0], &trial[2]);
            for (int t = 0; t < 3; t++) small_trial_destroy(&trial[t]);
        }
        dataset_destroy(&rows);
        dataset_destroy(&test);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_serial_team_does_every_chunk_once_in_order),
        cmocka_unit_test(every_team_gives_the_same_bits),
    };
    return cmocka_run_group_tests_name("team", tests, NULL, NULL);
}
