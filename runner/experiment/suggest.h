/* What a newcomer most likely meant: a path that is there beside one that is not. */
#ifndef RUNNER_EXPERIMENT_SUGGEST_H
#define RUNNER_EXPERIMENT_SUGGEST_H

#include <stddef.h>

/* " (did you mean experiments/moons.yaml?)" for moons, moons.yml, experiment/moons.yaml; "" where
 * no such file is. Looks where `path` points and in experiments/. A folder that a run left behind
 * has its experiment inside. */
void suggest_experiment(char *text, size_t size, const char *path);

/* The same for results: moons, or result/moons, where results/moons has some. */
void suggest_results(char *text, size_t size, const char *path);

#endif
