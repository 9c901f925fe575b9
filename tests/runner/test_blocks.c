/* The grid cut into blocks: every trial in one block, the costliest first, no block above its
 * bound; and the fixed deal. */
#include "tests/runner/fake_results.h"

#include "runner/cluster/blocks.h"

enum { ITEMS = 1000 };

/* Costs with many equal ones, as a grid with repeats has. */
static void fill(double *cost, int64_t items, uint64_t seed) {
    for (int64_t i = 0; i < items; i++) cost[i] = 1 + (double)(fake_mix(seed ^ (uint64_t)i) % 50);
}

/* The bound by its definition, block by block. */
static void check(const Blocks *blocks, const double *cost, int64_t items, int32_t processes) {
    bool seen[ITEMS] = {false};
    double left = 0;
    for (int64_t i = 0; i < items; i++) left += cost[i];
    assert_int_equal(blocks->items, items);
    assert_int_equal(blocks->cut[0], 0);
    for (int64_t b = 0; b < blocks->count; b++) {
        const int64_t begin = blocks->cut[b], end = blocks->cut[b + 1];
        double sum = 0;
        assert_true(end > begin);
        for (int64_t i = begin; i < end; i++) {
            const int64_t item = blocks->order[i], before = i ? blocks->order[i - 1] : item;
            assert_false(seen[item]);
            seen[item] = true;
            assert_int_equal(blocks->block[item], b);
            assert_true(cost[before] > cost[item] ||
                        (cost[before] == cost[item] && before <= item));
            sum += cost[item];
        }
        assert_true(end == begin + 1 || sum <= left / (4.0 * processes));
        if (end < items) assert_true(sum + cost[blocks->order[end]] > left / (4.0 * processes));
        left -= sum;
    }
    assert_int_equal(blocks->cut[blocks->count], items);
}

static void every_item_is_in_one_block_within_its_bound(void **state) {
    (void)state;
    static const int32_t PROCESSES[] = {1, 2, 3, 4, 50, 1000};
    Error err = {0};
    double cost[ITEMS];
    for (size_t p = 0; p < sizeof PROCESSES / sizeof *PROCESSES; p++) {
        for (uint64_t seed = 0; seed < 5; seed++) {
            const int64_t items = 1 + (int64_t)(fake_mix(seed) % ITEMS);
            Blocks blocks;
            fill(cost, items, seed);
            assert_ok(blocks_create(&blocks, cost, items, PROCESSES[p], &err), &err);
            check(&blocks, cost, items, PROCESSES[p]);
            blocks_free(&blocks);
            blocks_free(&blocks); /* legal */
        }
    }
}

static void costs_of_nothing_and_no_items_are_cut_too(void **state) {
    (void)state;
    Error err = {0};
    const double zero[3] = {0, 0, 0};
    Blocks blocks;
    assert_ok(blocks_create(&blocks, zero, 3, 2, &err), &err);
    assert_int_equal(blocks.cut[blocks.count], 3);
    blocks_free(&blocks);
    assert_ok(blocks_create(&blocks, zero, 0, 2, &err), &err);
    assert_int_equal(blocks.count, 0);
    blocks_free(&blocks);
}

static void the_fixed_deal_goes_down_the_costs_like_a_snake(void **state) {
    (void)state;
    Error err = {0};
    /* sorted: 3 (90), 0 (70), 4 (70), 1 (50), 6 (40), 2 (30), 5 (20) */
    static const double COST[] = {70, 50, 30, 90, 70, 20, 40};
    static const int OWNER[] = {2, 3, 1, 1, 3, 1, 2};
    for (int32_t process = 1; process <= 3; process++) {
        bool own[7];
        assert_ok(blocks_snake(own, COST, 7, process, 3, &err), &err);
        for (int i = 0; i < 7; i++) assert_int_equal(own[i], OWNER[i] == process);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_in_one_block_within_its_bound),
        cmocka_unit_test(costs_of_nothing_and_no_items_are_cut_too),
        cmocka_unit_test(the_fixed_deal_goes_down_the_costs_like_a_snake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
