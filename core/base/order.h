/* Longest first: the order in which trials are dealt to threads, and to processes. */
#ifndef CORE_BASE_ORDER_H
#define CORE_BASE_ORDER_H

#include <stdint.h>

#include "core/base/error.h"

/* The indices 0 to count-1, those of the greatest cost first, equal ones in order. malloc'd; NULL
 * with an error where memory is missing. */
int64_t *order_descending(const double *cost, int64_t count, Error *err);

#endif
