/* "Did you mean": the name most like the one that was typed, and a path that exists beside one that
 * does not. */
#ifndef RUNNER_EXPERIMENT_SUGGEST_H
#define RUNNER_EXPERIMENT_SUGGEST_H

#include <stddef.h>

/* The name most like `word` in a NULL-terminated list, or NULL if none is near. */
const char *suggest_closest(const char *word, const char *const *names);

/* "a, b, c; did you mean b?", or "a, b, c" if none is near: for the parentheses behind an unknown
 * word. */
void suggest_list(char *text, size_t size, const char *word, const char *const *names);

/* " (did you mean b?)", or "" if none is near: for lists too long to print. */
void suggest_name(char *text, size_t size, const char *word, const char *const *names);

/* " (did you mean experiments/moons.yaml?)" for moons, moons.yml, experiment/moons.yaml; "" if
 * there is no such file. Looks where `path` points and in experiments/. A folder that a run left
 * behind has its experiment inside. */
void suggest_experiment(char *text, size_t size, const char *path);

/* The same for results: for moons, or result/moons, if results/moons has some. */
void suggest_results(char *text, size_t size, const char *path);

#endif
