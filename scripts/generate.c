/* Makes the man page and the completions while building: generate TEMPLATE OUTPUT. */
#include <stdio.h>

#include "runner/commands/documents.h"

int main(int argc, char **argv) {
    FILE *template = argc == 3 ? fopen(argv[1], "r") : NULL;
    FILE *out = template ? fopen(argv[2], "w") : NULL;
    const bool done = out && documents_write(template, out);
    if (template) fclose(template);
    if ((out && fclose(out) != 0) || !done) {
        fprintf(stderr, "usage: generate TEMPLATE OUTPUT\n");
        return 1;
    }
    return 0;
}
