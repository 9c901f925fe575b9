#include "runner/store/store_floor.h"

#include <math.h>
#include <stdlib.h>

#include "runner/experiment/data_setting.h"

static bool floor_of(TruthFloor *least, const DataSplits *set, const Setting *setting, Error *err) {
    *least = (TruthFloor){(double)NAN, (double)NAN, (double)NAN};
    /* a set that is not kept may have been scaled in place: no truth is known there */
    if (data_setting_is_file(setting) || set->scaled) return true;
    const SyntheticConfig config = data_setting_test(setting);
    return truth_floor(least, &config, &set->test, err);
}

bool store_floor(TruthFloor *least, const StoreInput *input, Error *err) {
    const Grid *grid = input->grid;
    bool *done = calloc((size_t)input->sets + 1, sizeof *done), ok = done;
    if (!done) return error_memory(err, (size_t)input->sets);
    for (int64_t i = 0; ok && i < grid->trials; i++) {
        const int32_t k = input->data_of_trial[i];
        if (done[k]) continue;
        Setting setting;
        grid_setting(grid, i, &setting); /* all trials of a set made it alike */
        done[k] = true;
        ok = floor_of(&least[k], &input->set[k], &setting, err);
    }
    free(done);
    return ok;
}
