/* Preloaded into the program: its FAIL_AT-th allocation, counted over all threads and on into the
 * children, gives nothing; with FAIL_ON set none after it does either. FAIL_LOG names a file that
 * gets a byte for each that failed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_long count;
static long fail_at = -1;
static bool fail_on;
static int fail_log = -1;
static atomic_bool ready;

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void *(*next_aligned_alloc)(size_t, size_t);

/* dlsym() itself may ask for memory before there is any. */
static char early[4096];
static size_t early_used;

static void *take_early(size_t size) {
    void *piece = early + early_used;
    early_used += (size + 15) / 16 * 16;
    return early_used <= sizeof early ? piece : NULL;
}

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("FAIL_AT"), *log = getenv("FAIL_LOG");
    *(void **)&next_malloc = dlsym(RTLD_NEXT, "malloc");
    *(void **)&next_calloc = dlsym(RTLD_NEXT, "calloc");
    *(void **)&next_realloc = dlsym(RTLD_NEXT, "realloc");
    *(void **)&next_aligned_alloc = dlsym(RTLD_NEXT, "aligned_alloc");
    if (log) fail_log = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    fail_on = getenv("FAIL_ON");
    if (at) fail_at = atol(at);
    atomic_store(&ready, true);
}

static bool fails(void) {
    if (!atomic_load(&ready) || fail_at < 0) return false;
    const long mine = atomic_fetch_add(&count, 1) + 1;
    if (mine != fail_at && !(fail_on && mine > fail_at)) return false;
    if (fail_log >= 0) (void)!write(fail_log, "x", 1);
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size) {
    if (!next_malloc) return take_early(size);
    return fails() ? NULL : next_malloc(size);
}

void *calloc(size_t n, size_t size) {
    if (!next_calloc) return take_early(n * size);
    return fails() ? NULL : next_calloc(n, size);
}

void *realloc(void *piece, size_t size) {
    return fails() ? NULL : next_realloc(piece, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return fails() ? NULL : next_aligned_alloc(alignment, size);
}
