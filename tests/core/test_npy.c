/* NPY files as NumPy writes them (tests/golden/make_npy.py), and files it would never write. */
#include "core/data/npy.h"

#include "tests/golden/npy.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) ((int64_t)(sizeof(array) / sizeof *(array)))

static bool parse(NpyMatrix *matrix, const void *bytes, size_t size, int64_t limit, Error *err) {
    *err = (Error){0};
    FILE *file = fmemopen((void *)(uintptr_t)bytes, size, "rb");
    assert_non_null(file);
    const bool done = npy_parse(matrix, file, "x.npy", limit, err);
    fclose(file);
    return done;
}

static void every_array_numpy_writes_is_read(void **state) {
    (void)state;
    for (int64_t c = 0; c < COUNT(CASES); c++) {
        // limit 0 is all rows, 2 the first two
        for (int64_t limit = 0; limit <= 2; limit += 2) {
            NpyMatrix matrix;
            Error err;
            if (!parse(&matrix, CASES[c].file, CASES[c].size, limit, &err)) {
                fail_msg("%s: %s", CASES[c].name, err.text);
            }
            const int64_t rows = limit ? 2 : CASES[c].rows;
            assert_int_equal(matrix.rows, rows);
            assert_int_equal(matrix.columns, CASES[c].columns);
            const size_t bytes = (size_t)(rows * CASES[c].columns) * sizeof(double);
            assert_memory_equal(matrix.values, CASES[c].values, bytes);
            npy_destroy(&matrix);
        }
    }
}

/* A file of version 1 with this header and `numbers` bytes, byte i being i % 7; the caller frees
 * it. */
static unsigned char *make_file(const char *header, size_t numbers, size_t *size) {
    const size_t length = strlen(header);
    unsigned char *file = malloc(10 + length + numbers);
    assert_non_null(file);
    memcpy(file, "\x93NUMPY\x01\x00", 8);
    file[8] = (unsigned char)(length & 255);
    file[9] = (unsigned char)(length >> 8);
    memcpy(file + 10, header, length);
    for (size_t i = 0; i < numbers; i++) file[10 + length + i] = (unsigned char)(i % 7);
    *size = 10 + length + numbers;
    return file;
}

static void long_arrays_are_read_block_by_block_in_both_orders(void **state) {
    (void)state;
    static const char *const headers[] = {
        "{'descr': '|u1', 'fortran_order': False, 'shape': (20000, 3), }\n",
        "{'descr': '|u1', 'fortran_order': True, 'shape': (20000, 3), }\n"};
    for (int fortran = 0; fortran < 2; fortran++) {
        size_t size;
        unsigned char *file = make_file(headers[fortran], 60000, &size);
        for (int64_t limit = 0; limit <= 9000; limit += 9000) {
            NpyMatrix matrix;
            Error err;
            assert_true(parse(&matrix, file, size, limit, &err));
            assert_int_equal(matrix.rows, limit ? limit : 20000);
            for (int64_t row = 0; row < matrix.rows; row++) {
                for (int64_t column = 0; column < 3; column++) {
                    const int64_t at = fortran ? column * 20000 + row : row * 3 + column;
                    assert_int_equal((int64_t)matrix.values[row * 3 + column], at % 7);
                }
            }
            npy_destroy(&matrix);
        }
        free(file);
    }
}

static void headers_may_vary_as_python_writes_dictionaries(void **state) {
    (void)state;
    static const char *const headers[] = {
        "{\"shape\":(2L,2L),\"fortran_order\":False,\"descr\":\"<u2\"}",
        "{'fortran_order': False, 'shape': (2, 2,), 'descr': '=u2',}     \n",
        "  {'descr': '<u2', 'shape': (4,), 'fortran_order': True}",
    };
    for (int64_t i = 0; i < COUNT(headers); i++) {
        size_t size;
        unsigned char *file = make_file(headers[i], 8, &size);
        NpyMatrix matrix;
        Error err;
        if (!parse(&matrix, file, size, 0, &err)) fail_msg("%s: %s", headers[i], err.text);
        assert_int_equal(matrix.rows * matrix.columns, 4);
        npy_destroy(&matrix);
        free(file);
    }
}

static void other_files_are_refused_with_a_reason(void **state) {
    (void)state;
    static const struct {
        const char *header;
        size_t numbers;
        const char *words;
    } rows[] = {
        {"", 0, "damaged header"},
        {"{", 0, "damaged header"},
        {"{}", 0, "damaged header"},
        {"{'descr': '<f8', 'fortran_order': False}", 8, "damaged header"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,)", 8, "damaged header"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x", 8, "damaged header"},
        {"{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", 8,
         "damaged header"},
        {"{'descr': '<f8', 'fortran_order': Maybe, 'shape': (1,)}", 8, "damaged header"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}", 8, "damaged header"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", 8, "damaged header"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1 1)}", 8, "damaged header"},
        {"{'descr': '<f8, 'fortran_order': False, 'shape': (1,)}", 8, "type"},
        {"{'descr': '', 'fortran_order': False, 'shape': (1,)}", 8, "type \"\""},
        {"{'descr': '>f8', 'fortran_order': False, 'shape': (1,)}", 8, "type \">f8\""},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (1,)}", 2, "type \"<f2\""},
        {"{'descr': '<c16', 'fortran_order': False, 'shape': (1,)}", 16, "type \"<c16\""},
        {"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", 8, "type \"|O\""},
        {"{'descr': '|f8', 'fortran_order': False, 'shape': (1,)}", 8, "type \"|f8\""},
        {"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", 8, "structures"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1)}", 8, "two dimensions"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': ()}", 8, "single number"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3)}", 0, "0 x 3"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (3, 0)}", 0, "3 x 0"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 4294967296)}", 8, "1 x 4294967296"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", 8, "8 bytes are there"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", 17, "17 bytes are there"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (12500000000,)}", 8,
         "8 bytes are there"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 2)}", 8,
         "8 bytes are there"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}", 8,
         "64 bits"},
    };
    for (int64_t i = 0; i < COUNT(rows); i++) {
        size_t size;
        unsigned char *file = make_file(rows[i].header, rows[i].numbers, &size);
        NpyMatrix matrix;
        Error err;
        if (parse(&matrix, file, size, 0, &err)) fail_msg("accepted: %s", rows[i].header);
        assert_int_equal(err.kind, ERROR_RESOURCE);
        assert_int_equal(strncmp(err.text, "x.npy: ", 7), 0);
        if (!strstr(err.text, rows[i].words)) fail_msg("%s: %s", rows[i].header, err.text);
        assert_null(matrix.values);
        free(file);
    }
}

static void foreign_and_cut_off_files_are_refused(void **state) {
    (void)state;
    NpyMatrix matrix;
    Error err;
    assert_false(parse(&matrix, "PK\x03\x04zip is npz", 16, 0, &err));
    assert_non_null(strstr(err.text, "not an npy file"));
    assert_false(parse(&matrix, "\x93NUMPY\x04\x00\x01\x00 ", 11, 0, &err));
    assert_non_null(strstr(err.text, "version 4.0"));
    assert_false(parse(&matrix, "\x93NUMPY\x02\x00\xff\xff\xff\xff{", 13, 0, &err));
    assert_non_null(strstr(err.text, "a header of 4294967295 bytes"));
    for (size_t size = 1; size < sizeof F8_FILE; size++) {
        assert_false(parse(&matrix, F8_FILE, size, 0, &err));
        assert_int_equal(err.kind, ERROR_RESOURCE);
    }
}

static void integers_beyond_float64_are_refused(void **state) {
    (void)state;
    size_t size;
    unsigned char *file =
        make_file("{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}", 8, &size);
    const int64_t value = (INT64_C(1) << 53) + 1;
    memcpy(file + size - 8, &value, 8);
    NpyMatrix matrix;
    Error err;
    assert_false(parse(&matrix, file, size, 0, &err));
    assert_non_null(strstr(err.text, "2^53"));
    free(file);
}

/* ---- data sets from files ---- */

static char folder[] = "/tmp/test_npy_XXXXXX";

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

static void write_file(char *path, const char *name, const char *header, const double *values,
                       size_t count) {
    size_t size;
    unsigned char *bytes = make_file(header, count * sizeof *values, &size);
    memcpy(bytes + size - count * sizeof *values, values, count * sizeof *values);
    snprintf(path, 128, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    free(bytes);
}

#define HEADER(shape) "{'descr': '<f8', 'fortran_order': False, 'shape': " shape "}"

static void a_label_column_is_taken_out_of_the_array(void **state) {
    (void)state;
    char path[128];
    const double values[] = {0.5, 1, 7, 0.25, 0, 8, -1, 2, 9};
    write_file(path, "table.npy", HEADER("(3, 3)"), values, 9);
    static const char *const labels[] = {"1", "-2"};
    for (int i = 0; i < 2; i++) {
        Dataset set;
        DatasetNames names;
        const NpyConfig config = {.label = labels[i], .task = {true, 0}};
        assert_true(npy_read(&set, &names, path, &config, NULL));
        assert_true(set.n == 3 && set.inputs == 2 && set.outputs == 3 && !set.target);
        const double x[] = {0.5, 7, 0.25, 8, -1, 9};
        const int32_t label[] = {1, 0, 2};
        assert_memory_equal(set.x, x, sizeof x);
        assert_memory_equal(set.label, label, sizeof label);
        dataset_destroy(&set);
        dataset_names_free(&names);
    }
    Dataset set;
    DatasetNames names;
    assert_true(
        npy_read(&set, &names, path, &(NpyConfig){.limit = 2}, NULL)); // numbers, last column
    assert_true(set.n == 2 && set.inputs == 2 && set.outputs == 1 && !set.label);
    assert_true(set.target[0] == 7 && set.target[1] == 8);
    dataset_destroy(&set);
    dataset_names_free(&names);
    unlink(path);
}

static void labels_may_stand_in_a_second_file_beside_the_first(void **state) {
    (void)state;
    char x_path[128], y_path[128], short_path[128];
    const double x[] = {1, 2, 3, 4, 5, 6}, y[] = {2, 0, 1}, pairs[] = {1, 2, 3, 4, 5, 6};
    write_file(x_path, "x.npy", HEADER("(3, 2)"), x, 6);
    write_file(y_path, "y.npy", HEADER("(3,)"), y, 3);
    Dataset set;
    DatasetNames names;
    Error err = {0};
    assert_true(
        npy_read(&set, &names, x_path, &(NpyConfig){.label = "y.npy", .task = {true, 5}}, &err));
    assert_true(set.n == 3 && set.inputs == 2 && set.outputs == 5);
    assert_true(set.label[0] == 2 && set.label[1] == 0 && set.label[2] == 1);
    dataset_destroy(&set);
    dataset_names_free(&names);

    write_file(y_path, "y.npy", HEADER("(3, 2)"), pairs, 6);
    assert_true(
        npy_read(&set, &names, x_path, &(NpyConfig){.label = y_path}, &err)); // an absolute path
    assert_true(set.outputs == 2 && set.target[5] == 6);
    dataset_destroy(&set);
    dataset_names_free(&names);

    assert_false(
        npy_read(&set, &names, x_path, &(NpyConfig){.label = "y.npy", .task = {true, 0}}, &err));
    assert_non_null(strstr(err.text, "2 columns of classes"));
    err = (Error){0};
    write_file(short_path, "short.npy", HEADER("(2,)"), y, 2);
    assert_false(npy_read(&set, &names, x_path, &(NpyConfig){.label = "short.npy"}, &err));
    assert_non_null(strstr(err.text, "3 rows, but 2 in"));
    unlink(x_path);
    unlink(y_path);
    unlink(short_path);
}

static void wrong_labels_and_values_are_refused(void **state) {
    (void)state;
    char path[128];
    const double values[] = {0.5, 1, 0.25, 1.5, (double)NAN, 2};
    write_file(path, "bad.npy", HEADER("(3, 2)"), values, 6);
    const struct {
        NpyConfig config;
        const char *words;
    } rows[] = {
        {{.label = "1", .task = {true, 0}}, "row 1: 1.5 is no class"},
        {{.label = "1"}, "row 2, input column 0: nan"},
        {{.label = "2"}, "label column 2 of 2"},
        {{.label = "-3"}, "label column -3 of 2"},
        {{.label = "species"}, "label \"species\""},
        {{.label = "none.npy"}, "No such file"},
    };
    for (int64_t i = 0; i < COUNT(rows); i++) {
        Dataset set;
        DatasetNames names;
        Error err = {0};
        assert_false(npy_read(&set, &names, path, &rows[i].config, &err));
        assert_int_equal(err.kind, ERROR_RESOURCE);
        if (!strstr(err.text, rows[i].words)) fail_msg("%s lacks %s", err.text, rows[i].words);
        assert_null(set.x);
    }
    unlink(path);
    Dataset set;
    DatasetNames names;
    Error err = {0};
    assert_false(npy_read(&set, &names, path, &(NpyConfig){0}, &err));
    assert_non_null(strstr(err.text, "bad.npy: cannot open: No such file"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_array_numpy_writes_is_read),
        cmocka_unit_test(long_arrays_are_read_block_by_block_in_both_orders),
        cmocka_unit_test(headers_may_vary_as_python_writes_dictionaries),
        cmocka_unit_test(other_files_are_refused_with_a_reason),
        cmocka_unit_test(foreign_and_cut_off_files_are_refused),
        cmocka_unit_test(integers_beyond_float64_are_refused),
        cmocka_unit_test(a_label_column_is_taken_out_of_the_array),
        cmocka_unit_test(labels_may_stand_in_a_second_file_beside_the_first),
        cmocka_unit_test(wrong_labels_and_values_are_refused),
    };
    return cmocka_run_group_tests_name("npy", tests, make_folder, remove_folder);
}
