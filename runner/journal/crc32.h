/* CRC-32 (ISO-HDLC, as in gzip), by zlib: what guards journal records and the results file. */
#ifndef RUNNER_JOURNAL_CRC32_H
#define RUNNER_JOURNAL_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The sum over `bytes` going on from `crc`, which is 0 at the start. */
uint32_t crc32_update(uint32_t crc, const void *bytes, size_t length);

#endif
