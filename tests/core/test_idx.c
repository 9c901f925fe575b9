/* IDX files made here byte by byte, plain and gzip. MNIST itself: test_mnist.c. */
#include "core/data/idx.h"
#include "runner/analysis/labels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define COUNT(array) ((int64_t)(sizeof(array) / sizeof *(array)))

/* Three images of 2 x 2 and their labels. */
static const unsigned char IMAGES[] = {0, 0, 8, 3, 0, 0, 0,   3, 0, 0, 0, 2, 0,   0,
                                       0, 2, 0, 1, 2, 3, 255, 4, 5, 6, 7, 8, 128, 9};
static const unsigned char LABELS[] = {0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 1};

typedef struct Bytes {
    const unsigned char *data;
    size_t size;
} Bytes;

static bool parse(Dataset *set, Bytes images, Bytes labels, int64_t limit, int32_t classes,
                  Error *err) {
    *err = (Error){0};
    FILE *image_file = fmemopen((void *)(uintptr_t)images.data, images.size, "rb");
    FILE *label_file = fmemopen((void *)(uintptr_t)labels.data, labels.size, "rb");
    assert_true(image_file && label_file);
    const bool done =
        idx_parse(set, image_file, "images", label_file, "labels", limit, classes, err);
    fclose(image_file);
    fclose(label_file);
    return done;
}

/* `bytes` as one gzip member in `out`. */
static Bytes compress_gzip(unsigned char *out, size_t room, Bytes bytes) {
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)bytes.data;
    z.avail_in = (uInt)bytes.size;
    z.next_out = out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const Bytes made = {out, room - z.avail_out};
    deflateEnd(&z);
    return made;
}

static const Bytes PLAIN_IMAGES = {IMAGES, sizeof IMAGES}, PLAIN_LABELS = {LABELS, sizeof LABELS};

static void assert_three_images(const Dataset *set) {
    assert_true(set->n == 3 && set->inputs == 4 && set->outputs == 3 && !set->target);
    for (int i = 0; i < 12; i++) assert_true(set->x[i] == (double)IMAGES[16 + i]);
    for (int i = 0; i < 3; i++) assert_int_equal(set->label[i], LABELS[8 + i]);
}

static void pixels_and_labels_come_out_plain_and_gzip(void **state) {
    (void)state;
    unsigned char zipped_images[256], zipped_labels[256];
    const Bytes images[] = {PLAIN_IMAGES, compress_gzip(zipped_images, 256, PLAIN_IMAGES)};
    const Bytes labels[] = {PLAIN_LABELS, compress_gzip(zipped_labels, 256, PLAIN_LABELS)};
    for (int i = 0; i < 4; i++) {
        Dataset set;
        Error err;
        if (!parse(&set, images[i & 1], labels[i >> 1], 0, 0, &err)) fail_msg("%s", err.text);
        assert_three_images(&set);
        dataset_destroy(&set);
    }
}

static void the_limit_takes_the_first_rows_but_counts_all_classes(void **state) {
    (void)state;
    Dataset set;
    Error err;
    const Bytes cut = {IMAGES, 16 + 8}; // the third image is not looked at
    assert_true(parse(&set, cut, PLAIN_LABELS, 2, 0, &err));
    assert_true(set.n == 2 && set.outputs == 3 && set.x[7] == 6);
    dataset_destroy(&set);
    assert_true(parse(&set, PLAIN_IMAGES, PLAIN_LABELS, 99, 10, &err));
    assert_true(set.n == 3 && set.outputs == 10);
    dataset_destroy(&set);
}

static void damaged_headers_are_refused(void **state) {
    (void)state;
    static const struct {
        size_t at;
        unsigned char value;
        const char *words;
    } rows[] = {
        {3, 1, "images: begins with 0x00000801 (0x00000803"},
        {2, 9, "begins with 0x00000903"},
        {7, 2, "images: 2 images, but 3 labels in labels"},
        {4, 255, "images, but 3 labels"},
        {11, 0, "images of 0 x 2 pixels"},
        {15, 0, "images of 2 x 0 pixels"},
        {11, 3, "ends after 12 of the 18 bytes"},
        {15, 1, "bytes behind the 6"},
        {10, 255, "ends after 12 of the"},
        {8, 255, "promises 3 images of 4278190082 x 2 pixels (at most"},
        {12, 255, "promises 3 images of 2 x 4278190082 pixels (at most"},
    };
    for (int64_t i = 0; i < COUNT(rows); i++) {
        unsigned char changed[sizeof IMAGES];
        memcpy(changed, IMAGES, sizeof IMAGES);
        changed[rows[i].at] = rows[i].value;
        Dataset set;
        Error err;
        assert_false(parse(&set, (Bytes){changed, sizeof changed}, PLAIN_LABELS, 0, 0, &err));
        assert_int_equal(err.kind, ERROR_RESOURCE);
        if (!strstr(err.text, rows[i].words)) fail_msg("%s lacks %s", err.text, rows[i].words);
        assert_null(set.x);
    }
}

static void a_giant_header_on_a_small_file_asks_for_no_memory(void **state) {
    (void)state;
    // 2^27 images of 5 x 5 are 3.4 GB, and within the limits
    unsigned char images[64] = {0, 0, 8, 3, 8, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 5};
    unsigned char labels[64] = {0, 0, 8, 1, 8, 0, 0, 0};
    Dataset set;
    Error err;
    assert_false(parse(&set, (Bytes){images, 64}, (Bytes){labels, 64}, 0, 0, &err));
    assert_string_equal(err.text,
                        "labels: ends after 56 of the 134217728 bytes that its header promises");
    images[4] = labels[4] = 255;
    assert_false(parse(&set, (Bytes){images, 64}, (Bytes){labels, 64}, 0, 0, &err));
    assert_non_null(strstr(err.text, "images: promises 4278190080 images"));
}

static void every_truncation_is_refused(void **state) {
    (void)state;
    unsigned char zipped[256];
    const Bytes gzip = compress_gzip(zipped, 256, PLAIN_IMAGES);
    Dataset set;
    Error err;
    for (size_t size = 1; size < sizeof IMAGES; size++) {
        assert_false(parse(&set, (Bytes){IMAGES, size}, PLAIN_LABELS, 0, 0, &err));
        assert_int_equal(err.kind, ERROR_RESOURCE);
    }
    for (size_t size = 1; size < sizeof LABELS; size++) {
        assert_false(parse(&set, PLAIN_IMAGES, (Bytes){LABELS, size}, 0, 0, &err));
        assert_int_equal(err.kind, ERROR_RESOURCE);
    }
    for (size_t size = 1; size < gzip.size; size++) {
        assert_false(parse(&set, (Bytes){zipped, size}, PLAIN_LABELS, 0, 0, &err));
        assert_int_equal(err.kind, ERROR_RESOURCE);
    }
}

static void bytes_behind_the_content_are_refused(void **state) {
    (void)state;
    unsigned char more[sizeof IMAGES + 1] = {0}, zipped[257];
    memcpy(more, IMAGES, sizeof IMAGES);
    Dataset set;
    Error err;
    assert_false(parse(&set, (Bytes){more, sizeof more}, PLAIN_LABELS, 0, 0, &err));
    assert_non_null(strstr(err.text, "images: bytes behind the 12"));
    // inside the gzip member, and behind it
    Bytes gzip = compress_gzip(zipped, 256, (Bytes){more, sizeof more});
    assert_false(parse(&set, gzip, PLAIN_LABELS, 0, 0, &err));
    assert_non_null(strstr(err.text, "bytes behind the 12"));
    gzip = compress_gzip(zipped, 256, PLAIN_IMAGES);
    zipped[gzip.size] = 0;
    assert_false(parse(&set, (Bytes){zipped, gzip.size + 1}, PLAIN_LABELS, 0, 0, &err));
    assert_non_null(strstr(err.text, "bytes behind the 12"));
    unsigned char labels[sizeof LABELS + 1] = {0};
    memcpy(labels, LABELS, sizeof LABELS);
    assert_false(parse(&set, PLAIN_IMAGES, (Bytes){labels, sizeof labels}, 0, 0, &err));
    assert_non_null(strstr(err.text, "labels: bytes behind the 3"));
}

static void damaged_gzip_data_never_give_other_pixels(void **state) {
    (void)state;
    unsigned char zipped[256];
    const Bytes gzip = compress_gzip(zipped, 256, PLAIN_IMAGES);
    int refused = 0;
    for (size_t i = 10; i < gzip.size; i++) { // behind the header, whose bytes need not matter
        zipped[i] ^= 0x10;
        Dataset set;
        Error err;
        if (parse(&set, gzip, PLAIN_LABELS, 0, 0, &err)) {
            assert_three_images(&set); // a bit that only fills up the last byte
            dataset_destroy(&set);
        } else {
            refused++;
        }
        zipped[i] ^= 0x10;
    }
    assert_true(refused >= (int)gzip.size - 11);
}

static void labels_out_of_range_are_refused(void **state) {
    (void)state;
    Dataset set;
    Error err;
    assert_false(parse(&set, PLAIN_IMAGES, PLAIN_LABELS, 0, 2, &err));
    assert_string_equal(err.text,
                        "labels: label 2 of row 0 (0 to 1 are allowed; rows count from 0)");
}

static void write_bytes(const char *folder, const char *name, Bytes bytes) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
}

static void a_folder_is_read_by_its_names(void **state) {
    (void)state;
    char folder[] = "/tmp/test_idx_XXXXXX", path[256];
    assert_non_null(mkdtemp(folder));
    Dataset set;
    Error err = {0};
    assert_false(idx_exists(folder, IDX_TRAIN));
    assert_false(idx_read(&set, folder, IDX_TRAIN, 0, 0, &err));
    assert_non_null(strstr(err.text, "holds neither train-images-idx3-ubyte nor "
                                     "train-images-idx3-ubyte.gz (scripts/get-mnist"));
    unsigned char zipped[256];
    write_bytes(folder, "train-images-idx3-ubyte.gz", compress_gzip(zipped, 256, PLAIN_IMAGES));
    assert_true(idx_exists(folder, IDX_TRAIN));
    err = (Error){0};
    assert_false(idx_read(&set, folder, IDX_TRAIN, 0, 0, &err));
    assert_non_null(strstr(err.text, "neither train-labels-idx1-ubyte nor"));
    write_bytes(folder, "train-labels-idx1-ubyte", PLAIN_LABELS);
    err = (Error){0};
    if (!idx_read(&set, folder, IDX_TRAIN, 0, 0, &err)) fail_msg("%s", err.text);
    assert_three_images(&set);
    dataset_destroy(&set);
    assert_false(idx_exists(folder, IDX_TEST));
    static const char *const names[] = {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"};
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_and_labels_come_out_plain_and_gzip),
        cmocka_unit_test(the_limit_takes_the_first_rows_but_counts_all_classes),
        cmocka_unit_test(damaged_headers_are_refused),
        cmocka_unit_test(a_giant_header_on_a_small_file_asks_for_no_memory),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(bytes_behind_the_content_are_refused),
        cmocka_unit_test(damaged_gzip_data_never_give_other_pixels),
        cmocka_unit_test(labels_out_of_range_are_refused),
        cmocka_unit_test(a_folder_is_read_by_its_names),
    };
    return cmocka_run_group_tests_name("idx", tests, NULL, NULL);
}
