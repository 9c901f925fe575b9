/* The 16 bytes behind the HDF5 data of a results file: "RUNTRL01", CRC-32 of all before, CRC-32 of
 * the first 12.
 *
 * HDF5 ignores what is behind its end; with them, damage is found by plain read() before HDF5,
 * which a damaged file can crash, sees the file. */
#ifndef RUNNER_STORE_TRAILER_H
#define RUNNER_STORE_TRAILER_H

#include <stdint.h>

#include "core/base/error.h"

#define TRAILER_BYTES 16

/* Appends it to a finished HDF5 file, open for reading and writing. */
MUST_CHECK bool trailer_append(int fd, const char *path, Error *err);

typedef enum TrailerState {
    TRAILER_GOOD,
    TRAILER_NONE,   /* a complete HDF5 file without one: another program wrote it, or wrote to it */
    TRAILER_DAMAGED /* cut short, or bytes changed */
} TrailerState;

/* *crc: of the bytes before it, or of all where there is none: what tells two files apart. False
 * only where the file cannot be read. */
MUST_CHECK bool trailer_check(int fd, const char *path, TrailerState *state, uint32_t *crc,
                              Error *err);

/* Whether the file ends as one of ours does; no more is read. */
bool trailer_is_there(int fd);

#endif
