/* What an evaluation measures: every row's loss, whether its class is predicted, its outputs where
 * the targets are numbers; and their sums over a split. Naively
 *
 *     for (each row) loss += its loss, correct += it got its class, squares += (y - t)^2;
 *
 * The rows are added up in the order of an evaluation's tiles and chunks, whichever pass has
 * measured them: a gradient of all rows as one batch gives the same bits as network_evaluate(). */
#ifndef CORE_NETWORK_SCORE_H
#define CORE_NETWORK_SCORE_H

#include "core/kernels/real.h"
#include "core/network/tile.h"

#define score_tile  REAL_NAME(score_tile)
#define score_split REAL_NAME(score_split)

/* Sums over the rows of a split. */
typedef struct Scores {
    double loss;    /* sum of losses */
    double correct; /* rows whose class is predicted */
    double squares; /* sum of squared residuals over rows and outputs */
    double r2;      /* coefficient of determination, mean over outputs (scikit-learn's r2_score) */
} Scores;

/* Measures a tile whose outputs are there (after tile_output() or tile_delta()). `add`: the chunk
 * has measured others. */
void score_tile(const Pass *pass, const Tile *tile, int32_t chunk, bool add);

/* The sums of what the `chunks` chunks of a pass over all rows of `data` have measured. */
void score_split(Scores *scores, const NetworkPlan *net, const PackedDataset *data, int32_t chunks);

#endif
