/* MNIST itself, in the folder that MNIST_DIR names. scripts/test leaves this test (label mnist) out
 * where it is not set. */
#include "core/data/idx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void mnist_is_read_whole(void **state) {
    (void)state;
    const char *folder = getenv("MNIST_DIR");
    assert_non_null(folder);
    Dataset set;
    Error err = {0};
    if (!idx_read(&set, folder, IDX_TRAIN, 0, 0, &err)) fail_msg("%s", err.text);
    assert_true(set.n == 60000 && set.inputs == 784 && set.outputs == 10);
    double sum = 0;
    for (int64_t i = 0; i < set.n * set.inputs; i++) sum += set.x[i];
    assert_true(sum == 1567298545); // mean 33.318421449829934, as everyone prints it
    const int32_t first[] = {5, 0, 4, 1, 9, 2, 1, 3, 1, 4};
    assert_memory_equal(set.label, first, sizeof first);
    dataset_destroy(&set);
    if (!idx_read(&set, folder, IDX_TEST, 0, 10, &err)) fail_msg("%s", err.text);
    assert_true(set.n == 10000 && set.inputs == 784 && set.label[0] == 7);
    dataset_destroy(&set);
    if (!idx_read(&set, folder, IDX_TRAIN, 100, 0, &err)) fail_msg("%s", err.text);
    assert_true(set.n == 100 && set.outputs == 10);
    dataset_destroy(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(mnist_is_read_whole)};
    return cmocka_run_group_tests_name("mnist", tests, NULL, NULL);
}
