/* CRC-32 by zlib, which has a fast one. */
#include "runner/journal/crc32.h"

#include <zlib.h>

uint32_t crc32_update(uint32_t crc, const void *bytes, size_t length) {
    return (uint32_t)crc32_z(crc, bytes, length);
}
