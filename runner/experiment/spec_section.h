/* The sections of an experiment that set no trial key. */
#ifndef RUNNER_EXPERIMENT_SPEC_SECTION_H
#define RUNNER_EXPERIMENT_SPEC_SECTION_H

#include "runner/experiment/spec_value.h"

/* name, description, seed, repeats, metric, report, published. Without a name it is the file's
 * stem, with "-" for characters that a name may not have. */
MUST_CHECK bool spec_section_read(SpecParser *p);

/* data.per_repeat */
MUST_CHECK bool spec_section_per_repeat(SpecParser *p, const YamlNode *node);

#endif
