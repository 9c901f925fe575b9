/* A network as NumPy arrays: an uncompressed zip of .npy files (numpy.load). The same bytes for the
 * same network: no times. Formats: PKWARE's APPNOTE.TXT 6.3.10, numpy/lib/format.py. */
#include <inttypes.h>
#include <string.h>

#include "runner/commands/export/export_network.h"
#include "runner/journal/crc32.h"

#define DATE      0x0021 /* 1980-01-01, the first day zip knows */
#define NPY_ALIGN 64

typedef struct Entry {
    char name[32];
    char head[256]; /* of the .npy file */
    uint32_t head_bytes, bytes, crc, offset;
} Entry;

static void put(FILE *out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++) fputc((int)(value >> 8 * i & 0xff), out);
}

/* Magic, version 1.0, length, and a Python dict, padded so that the numbers are aligned. */
static void make_head(Entry *entry, const ExportArray *array) {
    char dict[192], shape[64];
    if (array->rows > 0)
        snprintf(shape, sizeof shape, "(%" PRId32 ", %" PRId32 ")", array->rows, array->columns);
    else
        snprintf(shape, sizeof shape, "(%" PRId32 ",)", array->columns);
    const int used = snprintf(dict, sizeof dict,
                              "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }", shape);
    const int total = (10 + used + 1 + NPY_ALIGN - 1) / NPY_ALIGN * NPY_ALIGN;
    const int length = total - 10;
    memcpy(entry->head, "\x93NUMPY\x01", 8);
    entry->head[8] = (char)(length & 0xff);
    entry->head[9] = (char)(length >> 8);
    memset(entry->head + 10, ' ', (size_t)length);
    memcpy(entry->head + 10, dict, (size_t)used);
    entry->head[total - 1] = '\n';
    entry->head_bytes = (uint32_t)total;
}

/* What local and central headers share, from "version needed" on. */
static void put_common(FILE *out, const Entry *entry) {
    put(out, 10, 2); /* version 1.0 */
    put(out, 0, 2);  /* no flags */
    put(out, 0, 2);  /* stored */
    put(out, 0, 2);  /* midnight */
    put(out, DATE, 2);
    put(out, entry->crc, 4);
    put(out, entry->bytes, 4);
    put(out, entry->bytes, 4);
    put(out, strlen(entry->name), 2);
    put(out, 0, 2); /* no extra field */
}

static int64_t values_of(const ExportArray *array) {
    return (int64_t)(array->rows > 0 ? array->rows : 1) * array->columns;
}

static void put_doubles(FILE *out, const ExportArray *array) {
    for (int64_t i = 0; i < values_of(array); i++) {
        uint64_t bits;
        memcpy(&bits, &array->values[i], sizeof bits);
        put(out, bits, 8);
    }
}

/* Over the bytes as they are written: little-endian. */
static uint32_t crc_of(const Entry *entry, const ExportArray *array) {
    uint32_t crc = crc32_update(0, entry->head, entry->head_bytes);
    for (int64_t i = 0; i < values_of(array); i++) {
        uint64_t bits;
        unsigned char bytes[8];
        memcpy(&bits, &array->values[i], sizeof bits);
        for (int b = 0; b < 8; b++) bytes[b] = (unsigned char)(bits >> 8 * b);
        crc = crc32_update(crc, bytes, sizeof bytes);
    }
    return crc;
}

static bool write_file(const ExportJob *job, Error *err) {
    ExportArray array[EXPORT_MAX_ARRAYS];
    Entry entry[EXPORT_MAX_ARRAYS];
    const int32_t count = export_network_arrays(array, job->network);
    if (job->network->mlp.state_size > INT64_C(500000000)) {
        return error_set(err, ERROR_USAGE,
                         "--format npz: %" PRId64 " numbers are more than a zip file holds",
                         job->network->mlp.state_size);
    }
    uint32_t at = 0;
    for (int32_t i = 0; i < count; i++) {
        Entry *e = &entry[i];
        *e = (Entry){.offset = at};
        snprintf(e->name, sizeof e->name, "%.24s.npy", array[i].name);
        make_head(e, &array[i]);
        e->bytes = e->head_bytes + (uint32_t)(8 * values_of(&array[i]));
        e->crc = crc_of(e, &array[i]);
        put(job->out, 0x04034b50, 4);
        put_common(job->out, e);
        fputs(e->name, job->out);
        fwrite(e->head, 1, e->head_bytes, job->out);
        put_doubles(job->out, &array[i]);
        at += 30 + (uint32_t)strlen(e->name) + e->bytes;
    }
    const uint32_t directory = at;
    for (int32_t i = 0; i < count; i++) {
        put(job->out, 0x02014b50, 4);
        put(job->out, 10, 2); /* made by version 1.0 */
        put_common(job->out, &entry[i]);
        put(job->out, 0, 2 + 2 + 2); /* no comment, disk 0, no internal attributes */
        put(job->out, 0, 4);         /* nor external ones */
        put(job->out, entry[i].offset, 4);
        fputs(entry[i].name, job->out);
        at += 46 + (uint32_t)strlen(entry[i].name);
    }
    put(job->out, 0x06054b50, 4);
    put(job->out, 0, 4); /* one disk */
    put(job->out, (uint64_t)count, 2);
    put(job->out, (uint64_t)count, 2);
    put(job->out, at - directory, 4);
    put(job->out, directory, 4);
    put(job->out, 0, 2);
    return true;
}

const ExportFormat export_npz_format = {"npz", true, write_file};
