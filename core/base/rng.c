/* MT19937 and NumPy's legacy distributions on it. Each function names the NumPy routine whose
 * draws it repeats; tests/core/test_rng.c compares them (tests/golden/make_rng.py). */
#include "core/base/rng.h"

#include <assert.h>
#include <math.h>

#define N     624
#define M     397
#define BLOCK 64 /* words of a shuffle */

/* numpy: _legacy_seeding(int) -> mt19937_seed, init_genrand of Matsumoto and Nishimura's 2002
 * revision */
void rng_seed(Rng *rng, uint32_t seed) {
    rng->key[0] = seed;
    for (uint32_t i = 1; i < N; i++) {
        const uint32_t previous = rng->key[i - 1];
        rng->key[i] = UINT32_C(1812433253) * (previous ^ (previous >> 30)) + i;
    }
    rng->position = N;
    rng->has_gauss = 0;
    rng->gauss = 0;
}

static uint32_t twist(uint32_t far, uint32_t upper, uint32_t lower) {
    const uint32_t y = (upper & UINT32_C(0x80000000)) | (lower & UINT32_C(0x7fffffff));
    return far ^ (y >> 1) ^ (UINT32_C(0x9908b0df) & (0U - (y & 1U)));
}

static void generate(Rng *rng) {
    uint32_t *const key = rng->key;
    for (int i = 0; i < N - M; i++) key[i] = twist(key[i + M], key[i], key[i + 1]);
    for (int i = N - M; i < N - 1; i++) key[i] = twist(key[i + M - N], key[i], key[i + 1]);
    key[N - 1] = twist(key[M - 1], key[N - 1], key[0]);
    rng->position = 0;
}

static inline uint32_t temper(uint32_t y) {
    y ^= y >> 11;
    y ^= (y << 7) & UINT32_C(0x9d2c5680);
    y ^= (y << 15) & UINT32_C(0xefc60000);
    return y ^ (y >> 18);
}

uint32_t rng_uint32(Rng *rng) {
    if (rng->position == N) generate(rng);
    return temper(rng->key[rng->position++]);
}

/* numpy: mt19937_next64; the first word is the high half */
static uint64_t draw_uint64(Rng *rng) {
    const uint64_t high = rng_uint32(rng);
    return high << 32 | rng_uint32(rng);
}

/* numpy: mt19937_next_double */
double rng_double(Rng *rng) {
    const uint32_t high = rng_uint32(rng) >> 5;
    const uint32_t low = rng_uint32(rng) >> 6;
    return ((double)high * 67108864.0 + (double)low) / 9007199254740992.0;
}

double rng_uniform(Rng *rng, double low, double high) {
    return low + (high - low) * rng_double(rng);
}

/* numpy: legacy_gauss, the polar method of Marsaglia; the second value is returned first */
static double draw_gauss(Rng *rng) {
    if (rng->has_gauss) {
        const double waiting = rng->gauss;
        rng->has_gauss = 0;
        rng->gauss = 0;
        return waiting;
    }
    double a, b, square;
    do {
        a = 2.0 * rng_double(rng) - 1.0;
        b = 2.0 * rng_double(rng) - 1.0;
        square = a * a + b * b;
    } while (square >= 1.0 || square == 0.0);
    const double factor = sqrt(-2.0 * log(square) / square);
    rng->gauss = factor * a;
    rng->has_gauss = 1;
    return factor * b;
}

double rng_normal(Rng *rng, double mean, double deviation) {
    return mean + deviation * draw_gauss(rng);
}

/* numpy: random_interval, and the masked branch of random_bounded_uint64 that RandomState.randint
 * uses; the two differ only in max = 2^32 - 1 and 2^64 - 1, where every word is accepted, which
 * the mask says as well */
uint64_t rng_interval(Rng *rng, uint64_t max) {
    if (max == 0) return 0; /* no draw */
    const uint64_t mask = UINT64_MAX >> __builtin_clzll(max);
    uint64_t value;
    do {
        value = (max <= UINT32_MAX ? rng_uint32(rng) : draw_uint64(rng)) & mask;
    } while (value > max);
    return value;
}

int64_t rng_below(Rng *rng, int64_t n) {
    assert(n >= 1);
    return (int64_t)rng_interval(rng, (uint64_t)n - 1);
}

/* The next words, at most `limit` and at least one; how many there are. */
static int64_t next_words(Rng *rng, uint32_t *words, int64_t limit) {
    if (rng->position == N) generate(rng);
    const int64_t left = N - rng->position, count = left < limit ? left : limit;
    for (int64_t i = 0; i < count; i++) words[i] = temper(rng->key[rng->position + i]);
    rng->position += (int)count;
    return count;
}

/* numpy: RandomState.shuffle, a random_interval for every position. A rejected draw swaps an
 * element with itself: so no branch depends on it, which no processor could predict. Words come by
 * the block, which is tempered in vectors; those that are left over go back. */
void rng_shuffle(Rng *rng, int32_t *order, int64_t n) {
    assert(n <= INT32_MAX);
    uint32_t words[BLOCK];
    int64_t count = 0, next = 0;
    for (int64_t i = n - 1; i > 0;) {
        const uint32_t mask = UINT32_MAX >> __builtin_clz((uint32_t)i);
        if (next == count) {
            count = next_words(rng, words, i < BLOCK ? i : BLOCK);
            next = 0;
        }
        for (; next < count && i > mask >> 1; next++) {
            const int64_t drawn = words[next] & mask;
            const bool taken = drawn <= i;
            const int64_t j = taken ? drawn : i;
            const int32_t kept = order[i];
            order[i] = order[j];
            order[j] = kept;
            i -= taken;
        }
    }
    rng->position -= (int)(count - next);
}

void rng_permutation(Rng *rng, int32_t *order, int64_t n) {
    for (int64_t i = 0; i < n; i++) order[i] = (int32_t)i;
    rng_shuffle(rng, order, n);
}

uint64_t rng_hash_row(uint64_t seed, uint64_t step, uint64_t layer, uint64_t row) {
    const uint64_t word[] = {seed, step, layer, row};
    uint64_t key = 0;
    /* multiplying by an odd number and mixing are both one-to-one, so two rows get the same key by
     * construction only where all coordinates are equal */
    for (int i = 0; i < 4; i++) key = rng_mix(key + (word[i] + 1) * UINT64_C(0x9e3779b97f4a7c15));
    return key;
}

uint32_t rng_hash(uint64_t seed, uint64_t step, uint64_t layer, uint64_t row, uint64_t unit) {
    return rng_hash_unit(rng_hash_row(seed, step, layer, row), unit);
}
