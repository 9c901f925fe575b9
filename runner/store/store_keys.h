/* The key columns of a results file as values: numbers get back the canonical texts that identities
 * are hashes of. */
#ifndef RUNNER_STORE_STORE_KEYS_H
#define RUNNER_STORE_STORE_KEYS_H

#include "runner/store/store_columns.h"

/* Reads the column of a key into Results.key; the key's default where the file has none. */
MUST_CHECK bool store_keys_read(const StoreReader *reader, const Key *key, Error *err);

#endif
