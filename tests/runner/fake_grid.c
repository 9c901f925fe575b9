/* A study over any axes; see fake_grid.h. */
#include "tests/runner/fake_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

static int64_t settings_of(const FakeGrid *grid) {
    int64_t settings = 1;
    for (int32_t a = 0; a < grid->axes; a++) settings *= grid->axis[a].count;
    return settings;
}

static int32_t replicates_of(const FakeGrid *grid) {
    return grid->folds > 0 ? grid->folds : grid->repeats;
}

/* The first axis changes slowest, as in a grid. */
static void indices_of(const FakeGrid *grid, int64_t setting, int32_t *at) {
    for (int32_t a = grid->axes - 1; a >= 0; a--) {
        at[a] = (int32_t)(setting % grid->axis[a].count);
        setting /= grid->axis[a].count;
    }
}

static Value value_of(Fake *fake, KeyId key, const char *text) {
    char *end;
    const double number = strtod(text, &end);
    const bool is_number = *text != '\0' && *end == '\0' &&
                           (KEYS[key].type == KEY_TYPE_REAL || KEYS[key].type == KEY_TYPE_INTEGER);
    char *copy = pool_text(&fake->pool, text, strlen(text), NULL);
    if (!copy) abort();
    return (Value){is_number ? number : (double)NAN, copy};
}

/* Two inputs, two outputs. */
static void count_network(Results *r, int64_t t) {
    const char *shape = r->key[KEY_HIDDEN][t].text;
    int64_t before = 2, units = 0, parameters = 0;
    while (*shape) {
        char *end;
        const int64_t width = strtoll(shape, &end, 10);
        units += width;
        parameters += (before + 1) * width;
        before = width;
        shape = *end == 'x' ? end + 1 : end;
        if (width == 0) break; /* no number: the default of other studies */
    }
    r->hidden_units[t] = units;
    r->parameters[t] = parameters + (before + 1) * 2;
}

static bool gate_answer(const char *gate, int32_t row) {
    const bool a = row / 2, b = row % 2;
    return strcmp(gate, "and") == 0    ? a && b
           : strcmp(gate, "or") == 0   ? a || b
           : strcmp(gate, "nand") == 0 ? !(a && b)
                                       : a != b;
}

static void make_table(Fake *fake, DataSplits *data, const char *gate) {
    *data = (DataSplits){.kept = true, .recipe = fake_text(fake, "data.kind=gates")};
    data->train = (Dataset){.n = 4, .inputs = 2, .outputs = 2};
    data->train.x = fake_take(fake, 8, sizeof(double));
    data->train.label = fake_take(fake, 4, sizeof(int32_t));
    for (int32_t row = 0; row < 4; row++) {
        data->train.x[2 * row] = row / 2;
        data->train.x[2 * row + 1] = row % 2;
        data->train.label[row] = gate_answer(gate, row);
    }
}

static void make_tables(Fake *fake, const FakeGrid *grid) {
    Results *r = &fake->results;
    const FakeGridAxis *gates = NULL;
    int32_t axis = 0, at[FAKE_GRID_AXES];
    for (int32_t a = 0; a < grid->axes; a++) {
        if (grid->axis[a].key != KEY_DATA_GATE) continue;
        gates = &grid->axis[a];
        axis = a;
    }
    r->sets = gates ? gates->count : 1;
    r->set = fake_take(fake, (size_t)r->sets, sizeof *r->set);
    for (int32_t k = 0; k < r->sets; k++)
        make_table(fake, &r->set[k], gates ? gates->value[k] : "xor");
    for (int64_t t = 0; t < r->trials; t++) {
        indices_of(grid, r->setting[t], at);
        r->data[t] = gates ? at[axis] : 0;
    }
}

static void make_spec(Fake *fake, const FakeGrid *grid) {
    Spec *spec = &fake->spec;
    spec->name = fake_text(fake, "fake");
    spec->description = fake_text(fake, grid->question ? grid->question : "");
    spec->repeats = grid->folds > 0 ? 1 : grid->repeats;
    spec->metric = grid->metric;
    spec->at = grid->at;
    if (grid->metric < METRIC_COUNT && metrics_more_is_better(grid->metric))
        spec->goal = SPEC_MAXIMIZE;
    spec->axis = fake_take(fake, FAKE_GRID_AXES, sizeof *spec->axis);
    for (int32_t a = 0; a < grid->axes; a++) {
        Axis *axis = &spec->axis[spec->axes++];
        *axis = (Axis){.count = grid->axis[a].count,
                       .name = fake_text(fake, KEYS[grid->axis[a].key].name)};
        axis->choice = fake_take(fake, (size_t)axis->count, sizeof *axis->choice);
        for (int32_t i = 0; i < grid->axis[a].count; i++) {
            axis->choice[i].set = fake_take(fake, 1, sizeof *axis->choice[i].set);
            axis->choice[i].set[0] =
                (Assignment){.key = grid->axis[a].key,
                             .value = value_of(fake, grid->axis[a].key, grid->axis[a].value[i])};
            axis->choice[i].count = 1;
        }
    }
}

void fake_grid_fill(Fake *fake, const FakeGrid *grid) {
    Results *r = &fake->results;
    int32_t at[FAKE_GRID_AXES] = {0};
    for (int64_t t = 0; t < r->trials; t++) {
        const int32_t repeat = grid->folds > 0 ? r->fold[t] : r->repeat[t];
        bool diverged = false;
        indices_of(grid, r->setting[t], at);
        for (Metric m = 0; m < METRIC_COUNT; m++) {
            if (!r->final[m]) continue;
            const double value = grid->value(grid->context, m, at, repeat);
            r->final[m][t] = r->best[m][t] = value;
            diverged = diverged || isnan(value);
        }
        r->status[t] = diverged ? TRIAL_DIVERGED : TRIAL_DONE;
        r->verdict[t] = diverged ? VERDICT_DIVERGED : VERDICT_CONVERGED;
    }
}

void fake_grid_create(Fake *fake, const FakeGrid *grid) {
    *fake = (Fake){0};
    Results *r = &fake->results;
    const int32_t replicates = replicates_of(grid);
    int32_t at[FAKE_GRID_AXES] = {0};
    r->trials = settings_of(grid) * replicates;
    r->metrics = metrics_of_task(!grid->numbers, false, !grid->no_test);
    r->path = fake_text(fake, "results/fake/results.h5");
    r->name = fake_text(fake, "fake");
    r->program_version = fake_text(fake, "0");
    fake_columns(fake);
    make_spec(fake, grid);
    for (int64_t t = 0; t < r->trials; t++) {
        r->setting[t] = t / replicates;
        *(grid->folds > 0 ? &r->fold[t] : &r->repeat[t]) = (int32_t)(t % replicates);
        indices_of(grid, r->setting[t], at);
        for (int32_t a = 0; a < grid->axes; a++) {
            r->key[grid->axis[a].key][t] = fake->spec.axis[a].choice[at[a]].set[0].value;
        }
        count_network(r, t);
    }
    if (grid->tables) {
        make_tables(fake, grid);
    } else {
        r->sets = 1;
        r->set = fake_take(fake, 1, sizeof *r->set);
        r->set[0] = (DataSplits){.recipe = fake_text(fake, "data.kind=moons")};
        r->set[0].train = (Dataset){.inputs = 2, .outputs = grid->numbers ? 1 : 2};
    }
    fake_grid_fill(fake, grid);
}
