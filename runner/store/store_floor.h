/* What no network can do better than on the test rows of a data set (core/data/truth.h): known of
 * made data, NaN of others. */
#ifndef RUNNER_STORE_STORE_FLOOR_H
#define RUNNER_STORE_STORE_FLOOR_H

#include "runner/store/store.h"

/* floor[k] of set k; sets of them. */
MUST_CHECK bool store_floor(TruthFloor *least, const StoreInput *input, Error *err);

#endif
