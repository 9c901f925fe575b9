/* Processes that share a grid through one file: every trial once, by whatever process; the dead are
 * taken over; one publishes. */
#include "tests/runner/fake_results.h"

#include "runner/cluster/deal.h"
#include "runner/journal/results_folder.h"

#include <sys/mman.h>
#include <sys/wait.h>

enum { ITEMS = 400, MOST = 8 };

/* What the processes of a test have in common, in shared memory; the journals are `by`. */
typedef struct Shared {
    int32_t by[ITEMS]; /* who has the result; 0: nobody */
    bool twice[ITEMS]; /* trained when there was one already */
    int32_t published;
} Shared;

static const double *costs(void) {
    static double cost[ITEMS];
    for (int i = 0; i < ITEMS; i++) cost[i] = 1 + (double)(fake_mix((uint64_t)i) % 50);
    return cost;
}

static volatile sig_atomic_t stop;

/* A process of a test. */
typedef struct Player {
    Deal deal;
    Shared *shared;
    Folder folder;
    int created;
    bool resumed; /* what it says when asked */
} Player;

static bool joined(void *context, bool created, bool *resumed, Error *err) {
    (void)err;
    Player *player = context;
    player->created += created;
    *resumed = player->resumed;
    return true;
}

static bool survey(void *context, int32_t process, bool *known, Error *err) {
    (void)err;
    const Player *player = context;
    for (int i = 0; i < ITEMS; i++)
        if (player->shared->by[i] == process) known[i] = true;
    return true;
}

static bool play(Player *player, const FakeFolder *folder, Shared *shared, int32_t process,
                 int32_t processes, const char *common, Error *err) {
    *player = (Player){.shared = shared};
    assert_ok(folder_open(&player->folder, folder->path, err), err);
    const DealInput input = {.claims = {.folder = &player->folder,
                                        .process = process,
                                        .processes = processes,
                                        .common = common,
                                        .stop = &stop,
                                        .joined = joined,
                                        .context = player},
                             .cost = costs(),
                             .items = ITEMS,
                             .survey = survey,
                             .context = player};
    return deal_open(&player->deal, &input, err);
}

/* Its own journal, as a process reads it when it begins. */
static void know(Player *player) {
    Error err = {0};
    assert_true(survey(player, player->deal.input.claims.process, player->deal.known, &err));
}

/* Closing is dying: the locks go. */
static void end(Player *player) {
    deal_close(&player->deal);
    folder_close(&player->folder);
}

/* The item's result, whole or not at all. */
static void give(Player *player, int64_t item) {
    player->shared->twice[item] = player->shared->by[item] != 0;
    player->shared->by[item] = player->deal.input.claims.process;
    deal_done(&player->deal, item);
}

static void check_once(const Shared *shared) {
    for (int i = 0; i < ITEMS; i++) {
        assert_int_not_equal(shared->by[i], 0);
        assert_false(shared->twice[i]);
    }
}

static bool train_one(Player *player) {
    int64_t item;
    if (!deal_next(&player->deal, &item)) return false;
    give(player, item);
    return true;
}

static bool has_claims(const FakeFolder *folder) {
    char *path = fake_path(folder->path, RESULTS_FOLDER_CLAIMS);
    const bool there = access(path, F_OK) == 0;
    free(path);
    return there;
}

static void expect(Player *player, DealState wanted) {
    Error err = {0};
    DealState state;
    assert_ok(deal_wait(&player->deal, 0, &state, &err), &err);
    assert_int_equal(state, wanted);
}

static void publish(Player *player) {
    Error err = {0};
    player->shared->published++;
    assert_ok(claims_remove(&player->deal.claims, &err), &err);
}

static void processes_share_every_item_once_and_one_publishes(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Shared shared = {0};
    Player player[3];
    int64_t count[3] = {0};
    for (int p = 0; p < 3; p++) {
        assert_ok(play(&player[p], folder, &shared, p + 1, 3, "a: 1\n", &err), &err);
        assert_int_equal(player[p].created, p == 0);
        assert_false(player[p].deal.claims.resumed);
    }
    /* the second is twice as fast as the others */
    for (bool more = true; more;) {
        more = false;
        for (int turn = 0; turn < 4; turn++) {
            const int p = turn == 3 ? 1 : turn;
            const bool trained = train_one(&player[p]);
            count[p] += trained;
            more = more || trained;
        }
    }
    check_once(&shared);
    assert_true(count[1] > count[0] && count[1] > count[2]);
    expect(&player[2], DEAL_PUBLISH);
    assert_int_equal(player[2].deal.others, ITEMS - count[2]);
    publish(&player[2]);
    end(&player[2]);
    expect(&player[0], DEAL_OVER);
    expect(&player[1], DEAL_OVER);
    end(&player[0]);
    end(&player[1]);
    assert_false(has_claims(folder));
}

static void a_publisher_that_dies_is_followed_by_another(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Shared shared = {0};
    Player one, two;
    assert_ok(play(&one, folder, &shared, 1, 2, "", &err), &err);
    assert_ok(play(&two, folder, &shared, 2, 2, "", &err), &err);
    while (train_one(&one) || train_one(&two)) continue;
    expect(&one, DEAL_PUBLISH);
    end(&one); /* it dies of it */
    expect(&two, DEAL_PUBLISH);
    end(&two);
    /* and in the next run another */
    assert_ok(play(&two, folder, &shared, 2, 2, "", &err), &err);
    assert_false(train_one(&two));
    expect(&two, DEAL_PUBLISH);
    publish(&two);
    end(&two);
}

static void what_the_dead_had_begun_is_finished_and_nothing_twice(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Shared shared = {0};
    Player one, two;
    assert_ok(play(&one, folder, &shared, 1, 2, "", &err), &err);
    assert_ok(play(&two, folder, &shared, 2, 2, "", &err), &err);
    for (int i = 0; i < 7; i++) assert_true(train_one(&one));
    assert_true(train_one(&two));
    int64_t lost; /* begun, and lost */
    assert_true(deal_next(&one.deal, &lost));
    end(&one);
    while (train_one(&two)) continue;
    check_once(&shared);
    assert_int_equal(two.deal.taken_over, 1);
    expect(&two, DEAL_PUBLISH);
    publish(&two);
    end(&two);
}

static void who_comes_back_goes_on_with_its_own_block(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Shared shared = {0};
    Player one, two;
    int64_t lost, item;
    assert_ok(play(&one, folder, &shared, 1, 2, "", &err), &err);
    assert_ok(play(&two, folder, &shared, 2, 2, "", &err), &err);
    assert_true(train_one(&one));
    assert_true(train_one(&two));
    assert_true(deal_next(&one.deal, &lost));
    end(&one);
    assert_ok(play(&one, folder, &shared, 1, 2, "", &err), &err);
    assert_int_equal(one.created, 0);
    know(&one);
    assert_true(deal_next(&one.deal, &item));
    assert_int_equal(item, lost);
    give(&one, item);
    while (train_one(&one) || train_one(&two)) continue;
    check_once(&shared);
    assert_false(one.deal.claims.unshared || two.deal.claims.unshared);
    end(&one);
    end(&two);
}

static void what_is_known_is_not_dealt_again(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Shared shared = {0};
    Player one;
    assert_ok(play(&one, folder, &shared, 1, 2, "", &err), &err);
    for (int i = 0; i < ITEMS; i += 2) one.deal.known[i] = true;
    while (train_one(&one)) continue;
    for (int i = 0; i < ITEMS; i++) assert_int_equal(shared.by[i], i % 2);
    expect(&one, DEAL_PUBLISH);
    end(&one);
}

static void others_at_work_are_asked_what_they_have_in_common(void **state) {
    const FakeFolder *folder = *state;
    static const char HERE[] = "experiment: moons\noverrides: epochs=20\n",
                      OTHER[] = "experiment: moons\noverrides: epochs=30\n";
    Error err = {0};
    Shared shared = {0};
    Player one, two;
    assert_ok(play(&one, folder, &shared, 1, 2, HERE, &err), &err);
    assert_false(play(&two, folder, &shared, 2, 2, OTHER, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(
        strstr(err.text, "\"overrides: epochs=20\" there, \"overrides: epochs=30\" here"));
    folder_close(&two.folder);
    err = (Error){0};
    assert_false(play(&two, folder, &shared, 2, 3, HERE, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, "\"processes: 2\" there, \"processes: 3\" here"));
    folder_close(&two.folder);
    err = (Error){0};
    assert_false(play(&two, folder, &shared, 1, 2, HERE, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, "process 1 of 2 is at work"));
    folder_close(&two.folder);
    /* the dead are not asked */
    assert_true(train_one(&one));
    end(&one);
    err = (Error){0};
    assert_ok(play(&two, folder, &shared, 2, 2, OTHER, &err), &err);
    assert_int_equal(two.created, 1);
    assert_int_equal(two.deal.claims.fresh, 0); /* nothing of theirs counts */
    end(&two);
}

static void who_begins_the_file_says_whether_there_are_results(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Shared shared = {0};
    Player one, two;
    one.resumed = true;
    for (int says = 0; says < 2; says++) {
        char *path = fake_path(folder->path, RESULTS_FOLDER_CLAIMS);
        (void)unlink(path);
        free(path);
        one = (Player){.shared = &shared, .resumed = says};
        assert_ok(folder_open(&one.folder, folder->path, &err), &err);
        const DealInput input = {.claims = {&one.folder, 1, 2, 0, "x: y\n", &stop, joined, &one},
                                 .cost = costs(),
                                 .items = ITEMS,
                                 .survey = survey,
                                 .context = &one};
        assert_ok(deal_open(&one.deal, &input, &err), &err);
        assert_ok(play(&two, folder, &shared, 2, 2, "x: y\n", &err), &err);
        assert_int_equal(one.deal.claims.resumed, says);
        assert_int_equal(two.deal.claims.resumed, says);
        end(&one);
        end(&two);
    }
}

static void damaged_and_torn_claims_cost_work_and_nothing_else(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Shared shared = {0};
    Player one;
    assert_ok(play(&one, folder, &shared, 1, 2, "", &err), &err);
    while (train_one(&one)) continue;
    end(&one);
    char *path = fake_path(folder->path, RESULTS_FOLDER_CLAIMS);
    const int fd = open(path, O_RDWR | O_APPEND);
    assert_int_equal(pwrite(fd, "torn", 4, 0), 4); /* O_APPEND: at the end */
    close(fd);
    const int damaged = open(path, O_RDWR);
    assert_int_equal(pwrite(damaged, "\377", 1, CLAIMS_HEADER_BYTES + 5), 1);
    assert_int_equal(pwrite(damaged, "\377", 1, CLAIMS_HEADER_BYTES + 16 + 9), 1);
    close(damaged);
    free(path);
    assert_ok(play(&one, folder, &shared, 1, 2, "", &err), &err);
    know(&one);
    assert_false(train_one(&one)); /* its journal has all */
    expect(&one, DEAL_PUBLISH);
    end(&one);
}

static void a_signal_and_a_deadline_end_the_waiting(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Shared shared = {0};
    Player one, two;
    int64_t item;
    DealState how;
    assert_ok(play(&one, folder, &shared, 1, 2, "", &err), &err);
    assert_ok(play(&two, folder, &shared, 2, 2, "", &err), &err);
    assert_true(deal_next(&two.deal, &item)); /* it lives, and is at it */
    while (train_one(&one)) continue;
    assert_ok(deal_wait(&one.deal, 1e-9, &how, &err), &err);
    assert_int_equal(how, DEAL_STOPPED);
    stop = SIGTERM;
    assert_ok(deal_wait(&one.deal, 0, &how, &err), &err);
    assert_int_equal(how, DEAL_STOPPED);
    stop = 0;
    end(&two);
    assert_ok(deal_wait(&one.deal, 0, &how, &err), &err);
    assert_int_equal(how, DEAL_TRAIN); /* now it is dead */
    assert_true(train_one(&one));
    end(&one);
}

/* --- real processes --------------------------------------------------------------------------- */

static _Noreturn void child(const FakeFolder *folder, Shared *shared, int32_t process,
                            int32_t processes) {
    Player player;
    Error err = {0};
    if (!play(&player, folder, shared, process, processes, "", &err)) _exit(20);
    know(&player);
    for (;;) {
        DealState how;
        while (train_one(&player)) usleep(200);
        if (!deal_wait(&player.deal, 0, &how, &err)) _exit(21);
        if (how == DEAL_OVER) _exit(0);
        if (how == DEAL_PUBLISH) {
            for (int i = 0; i < ITEMS; i++)
                if (!shared->by[i]) _exit(22);
            shared->published++;
            _exit(claims_remove(&player.deal.claims, &err) ? 0 : 23);
        }
    }
}

/* One is killed at a random moment; those that live finish its work without a rerun. */
static void killed_processes_are_taken_over_while_others_live(void **state) {
    const FakeFolder *folder = *state;
    Shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (uint64_t round = 0; round < 10; round++) {
        const int32_t processes = 2 + (int32_t)(fake_mix(round) % 3);
        pid_t pid[MOST];
        memset(shared, 0, sizeof *shared);
        for (int32_t p = 0; p < processes; p++) {
            pid[p] = fork();
            if (pid[p] == 0) child(folder, shared, p + 1, processes);
        }
        usleep((useconds_t)(fake_mix(round + 100) % 25000));
        kill(pid[0], SIGKILL);
        for (int32_t p = 0; p < processes; p++) {
            int status;
            assert_int_equal(waitpid(pid[p], &status, 0), pid[p]);
            if (p > 0) assert_int_equal(status, 0);
        }
        check_once(shared);
        assert_int_equal(shared->published, 1);
        assert_false(has_claims(folder));
    }
    munmap(shared, sizeof *shared);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(processes_share_every_item_once_and_one_publishes),
        IN_FOLDER(a_publisher_that_dies_is_followed_by_another),
        IN_FOLDER(what_the_dead_had_begun_is_finished_and_nothing_twice),
        IN_FOLDER(who_comes_back_goes_on_with_its_own_block),
        IN_FOLDER(what_is_known_is_not_dealt_again),
        IN_FOLDER(others_at_work_are_asked_what_they_have_in_common),
        IN_FOLDER(who_begins_the_file_says_whether_there_are_results),
        IN_FOLDER(damaged_and_torn_claims_cost_work_and_nothing_else),
        IN_FOLDER(a_signal_and_a_deadline_end_the_waiting),
        IN_FOLDER(killed_processes_are_taken_over_while_others_live),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
