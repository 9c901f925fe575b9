/* NumPy's legacy generator, draw for draw: MT19937 behind np.random.RandomState.
 *
 * rng_seed(&r, n) is np.random.RandomState(n) for 0 <= n < 2^32, that is np.random.seed(n). log
 * and sqrt are libm's here, never our own, so that weights and data can be remade in three lines
 * of NumPy. Source: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998; NumPy's
 * numpy/random/src (the definition of "the same draws").
 *
 * Beside it a counter-based generator for what is drawn in parallel: SplitMix64's output number
 * `unit` (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014,
 * with Stafford's mix 13), its start a chain of the same mixer over seed, step, layer and row. It
 * has no state, so any chunk of a batch can draw its own words in any order, and its inner loop
 * vectorizes. */
#ifndef CORE_BASE_RNG_H
#define CORE_BASE_RNG_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Rng {
    uint32_t key[624];
    int32_t position;
    int32_t has_gauss; /* the polar method makes two values; the second is here until wanted */
    double gauss;
} Rng;

void rng_seed(Rng *rng, uint32_t seed);
uint32_t rng_uint32(Rng *rng);

double rng_double(Rng *rng);                           /* random_sample(): [0, 1), 53 bits */
double rng_uniform(Rng *rng, double low, double high); /* uniform(low, high) */
/* normal(mean, deviation); randn() is (0, 1) */
double rng_normal(Rng *rng, double mean, double deviation);

/* A value in 0..max inclusive by masked rejection, as shuffle() and permutation() draw it. */
uint64_t rng_interval(Rng *rng, uint64_t max);

/* randint(0, n) and choice(n) with replacement, for one value: as RandomState.randint draws it (n
 * <= 2^32 uses 32-bit draws). n >= 1. */
int64_t rng_below(Rng *rng, int64_t n);

/* shuffle(order) in place; permutation(n) is the same on 0..n-1. */
void rng_shuffle(Rng *rng, int32_t *order, int64_t n);
void rng_permutation(Rng *rng, int32_t *order, int64_t n);

/* Counter-based draws for dropout: the same word for the same (seed, step, layer, row, unit), in
 * any order. rng_hash(seed, step, layer, row, unit) is rng_hash_unit(rng_hash_row(seed, step,
 * layer, row), unit). */
uint32_t rng_hash(uint64_t seed, uint64_t step, uint64_t layer, uint64_t row, uint64_t unit);
uint64_t rng_hash_row(uint64_t seed, uint64_t step, uint64_t layer, uint64_t row);

static inline uint64_t rng_mix(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline uint32_t rng_hash_unit(uint64_t row_key, uint64_t unit) {
    return (uint32_t)(rng_mix(row_key + (unit + 1) * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

#endif
