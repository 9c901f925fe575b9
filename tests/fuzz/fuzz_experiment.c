/* libFuzzer: any bytes as an experiment. What is taken is expanded, written out and read back to
 * the same trials. A first line "#! key=value" gives one command-line override. Corpus:
 * tests/fuzz/corpus/experiment. */
#include "runner/experiment/grid.h"
#include "runner/experiment/spec_read.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TRIALS 10000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(const Spec *spec, const Grid *grid) {
    char *yaml;
    Spec copy;
    Grid again;
    Error err = {0};
    if (!spec_resolved(spec, &yaml, &err)) abort();
    const size_t length = strlen(yaml);
    if (length < 1000000 && spec_read_text(&copy, "resolved.yaml", yaml, length, NULL, 0, &err)) {
        if (!grid_create(&again, &copy, MAX_TRIALS, &err)) abort();
        if (again.trials != grid->trials) abort();
        if (memcmp(again.id, grid->id, (size_t)grid->trials * sizeof *grid->id) != 0) abort();
        grid_destroy(&again);
        spec_destroy(&copy);
    } else if (length < 100000) {
        abort(); /* beyond that it may have more keys and values than a file may */
    }
    free(yaml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Spec spec;
    Grid grid;
    Error err = {0};
    char line[256] = "";
    if (size > 3 && memcmp(data, "#! ", 3) == 0) {
        const uint8_t *end = memchr(data, '\n', size);
        const size_t length = end ? (size_t)(end - data) - 3 : 0;
        if (length < sizeof line) memcpy(line, data + 3, length);
    }
    const char *override = line;
    if (!spec_read_text(&spec, "fuzz.yaml", (const char *)data, size, &override, line[0] != '\0',
                        &err))
        return 0;
    if (grid_create(&grid, &spec, MAX_TRIALS, &err)) {
        for (int64_t i = 0; i < grid.trials; i += 1 + grid.trials / 16) {
            Setting setting;
            char text[128];
            grid_setting(&grid, i, &setting);
            grid_describe(&grid, setting.number, text, sizeof text);
            if (grid_id(&setting) != grid.id[i]) abort();
        }
        read_back(&spec, &grid);
        grid_destroy(&grid);
    }
    spec_destroy(&spec);
    return 0;
}
