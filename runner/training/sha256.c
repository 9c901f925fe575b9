#include "runner/training/sha256.h"

#include <sha2.h>
#include <sys/stat.h>
#include <sys/types.h>

bool sha256_file(char hex[65], int64_t *size, const char *path, Error *err) {
    struct stat status;
    if (stat(path, &status) != 0) return error_errno(err, "%s", path);
    if (!SHA256File(path, hex)) return error_errno(err, "%s", path);
    *size = status.st_size;
    return true;
}
