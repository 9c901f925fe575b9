/* Every file in tests/bad_yaml is refused: with ERROR_USAGE, at a position in it, in the words it
 * expects, at once.
 *
 * The words are in its first line, `# expect: :LINE:COLUMN: words`, or beside it in NAME.expect
 * if the file cannot carry them. Files too large to keep are made here. */
#include "runner/experiment/grid.h"
#include "runner/experiment/spec_read.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER SOURCE_DIR "/tests/bad_yaml/"

/* Of the processor: a busy machine is no fault of ours. */
static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void read_expected(const char *path, char *words, size_t size) {
    char beside[512];
    snprintf(beside, sizeof beside, "%.*s.expect", (int)(strlen(path) - strlen(".yaml")), path);
    FILE *file = fopen(beside, "r");
    const bool own = !file;
    if (own) file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(words, (int)size, file));
    fclose(file);
    words[strcspn(words, "\n")] = '\0';
    if (!own) return;
    static const char head[] = "# expect: ";
    if (strncmp(words, head, strlen(head)) != 0) {
        fail_msg("%s: the first line is not \"%s...\"", path, head);
    }
    memmove(words, words + strlen(head), strlen(words) - strlen(head) + 1);
}

/* Reads and expands as the program does; the error is what it would print. */
static bool accepts(const char *path, Error *err) {
    Spec spec;
    Grid grid;
    if (!spec_read(&spec, path, NULL, 0, err)) return false;
    const bool good = grid_create(&grid, &spec, 1000000, err);
    if (good) grid_destroy(&grid);
    spec_destroy(&spec);
    return good;
}

static void check(const char *path, const char *words) {
    Error err = {0};
    const double start = seconds();
    if (accepts(path, &err)) fail_msg("%s is accepted", path);
    const double took = seconds() - start;
    assert_int_equal(err.kind, ERROR_USAGE);
    if (strncmp(err.text, path, strlen(path)) != 0) {
        fail_msg("%s: no position in \"%s\"", path, err.text);
    }
    int line = 0, column = 0, end = 0;
    assert_int_equal(sscanf(err.text + strlen(path), ":%d:%d: %n", &line, &column, &end), 2);
    assert_true(line > 0 && column > 0 && end > 0);
    if (!strstr(err.text, words)) {
        fail_msg("%s: \"%s\" does not say \"%s\"", path, err.text, words);
    }
    for (const char *c = err.text; *c != '\0'; c++) {
        assert_true((unsigned char)*c >= 32 && *c != 127);
    }
    if (took > 0.5) fail_msg("%s took %.2f s", path, took);
}

static void every_bad_file_is_refused_in_its_own_words(void **state) {
    (void)state;
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    int files = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        const size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 5, ".yaml") != 0) continue;
        char path[512], words[1024];
        snprintf(path, sizeof path, FOLDER "%s", entry->d_name);
        read_expected(path, words, sizeof words);
        check(path, words);
        files++;
    }
    closedir(folder);
    assert_true(files >= 150);
}

/* `head`, then `piece` so often, then `tail`, in a file that is gone afterwards. */
static void check_made(const char *head, const char *piece, int times, const char *tail,
                       const char *words) {
    char path[] = "/tmp/test_bad_yaml.XXXXXX";
    const int handle = mkstemp(path);
    assert_true(handle >= 0);
    FILE *file = fdopen(handle, "w");
    assert_non_null(file);
    fputs(head, file);
    for (int i = 0; i < times; i++) fputs(piece, file);
    fputs(tail, file);
    fclose(file);
    check(path, words);
    unlink(path);
}

static void large_hostile_files_are_refused_at_once(void **state) {
    (void)state;
    char block[1001];
    memset(block, 'x', 1000);
    block[1000] = '\0';
    check_made("description: \"", block, 100000, "\"\n", "larger than 1 MiB"); /* 100 MB */
    check_made("description: \"", block, 1040, "\"\n", "more than 64 KiB");
    check_made("a: ", "[", 100000, "", "nested more than 64 deep");
    check_made("a: ", "{a: ", 100000, "", "nested more than 64 deep");
    check_made("", "- ", 300000, "", "nested more than 64 deep");
    check_made("", "? ", 300000, "", "a key must be a word");
    check_made("a: [", "1,", 400000, "1]\n", "more than 100,000 keys and values");
    check_made("a:\n", "  - 1\n", 150000, "", "more than 100,000 keys and values");
    check_made("a: [", "&a a,", 20000, "]\n", "anchors (&) and aliases (*) are not allowed");
    check_made("", "a", 1000000, ": 1\n", "more than 64 KiB");
    check_made("#", "#", 1000000, "\n", "nothing in it");
    check_made("", "\n", 1000000, "", "nothing in it");
}

static void what_is_no_file_is_said_to_be_none(void **state) {
    (void)state;
    Error missing = {0}, folder = {0};
    assert_false(accepts(FOLDER "there-is-no-such-file.yaml", &missing));
    assert_int_equal(missing.kind, ERROR_USAGE);
    assert_non_null(strstr(
        missing.text, "there-is-no-such-file.yaml: cannot be read: No such file or directory"));
    assert_false(accepts(FOLDER, &folder));
    assert_int_equal(folder.kind, ERROR_USAGE);
    assert_non_null(strstr(folder.text, "is a folder, not an experiment"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_bad_file_is_refused_in_its_own_words),
                                       cmocka_unit_test(large_hostile_files_are_refused_at_once),
                                       cmocka_unit_test(what_is_no_file_is_said_to_be_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
