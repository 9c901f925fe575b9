/* Work in a child: its answer, its error, its death and its silence all come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "runner/store/child_process.h"

static bool add_one(void *context, Error *err) {
    (void)err;
    ++*(volatile int *)context;
    return true;
}

static bool refuse(void *context, Error *err) {
    return error_set(err, ERROR_CONFLICT, "%s: no", (const char *)context);
}

static bool die(void *context, Error *err) {
    (void)context, (void)err;
    abort();
}

static bool compute(void *context, Error *err) {
    if (!context) return error_set(err, ERROR_USAGE, "nothing to count in");
    for (volatile uint64_t *count = context; *count < UINT64_MAX;) ++*count;
    return true;
}

/* As when a file that is read is a pipe that nobody writes to. */
static bool read_pipe(void *context, Error *err) {
    (void)err;
    char byte;
    const int fd = open(context, O_RDONLY);
    return read(fd, &byte, 1) == 1;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void answers_and_errors_come_back(void **state) {
    (void)state;
    Error err = {0};
    int *number = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(number != MAP_FAILED);
    assert_true(child_process_run(add_one, number, "it", (ChildLimits){0}, &err));
    assert_int_equal(*number, 1);
    char name[] = "a name";
    assert_false(child_process_run(refuse, name, "it", (ChildLimits){5, 5}, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_string_equal(err.text, "a name: no");
    err = (Error){0};
    assert_false(child_process_run(die, NULL, "it", (ChildLimits){0}, &err));
    assert_non_null(strstr(err.text, "it: the process doing it was ended by signal 6"));
    munmap(number, 4096);
}

static void a_child_that_computes_for_ever_is_ended(void **state) {
    (void)state;
    Error err = {0};
    uint64_t number = 0;
    assert_false(child_process_run(compute, &number, "it", (ChildLimits){.cpu_seconds = 1}, &err));
    assert_non_null(strstr(err.text, "signal"));
}

static void a_child_that_waits_for_ever_is_given_up(void **state) {
    (void)state;
    char path[] = "/tmp/test_child.XXXXXX";
    Error err = {0};
    assert_non_null(mkdtemp(path));
    char pipe[64];
    snprintf(pipe, sizeof pipe, "%s/pipe", path);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    const double begun = seconds();
    assert_false(child_process_run(read_pipe, pipe, "it", (ChildLimits){5, 1}, &err));
    assert_true(seconds() - begun < 4); /* a second, and what a busy machine adds */
    assert_non_null(strstr(err.text, "it: it took more than 1 s"));
    assert_int_equal(unlink(pipe) + rmdir(path), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_and_errors_come_back),
        cmocka_unit_test(a_child_that_computes_for_ever_is_ended),
        cmocka_unit_test(a_child_that_waits_for_ever_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
