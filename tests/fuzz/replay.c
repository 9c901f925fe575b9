/* Feeds a fuzz target with files: every argument is one, or a folder of them. Says how many there
 * were; none is an error. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int feed(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) abort();
    const long size = ftell(file);
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
    rewind(file);
    if (size < 0 || !data || fread(data, 1, (size_t)size, file) != (size_t)size) abort();
    fclose(file);
    (void)LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    return 1;
}

static int feed_all(const char *path) {
    struct stat status;
    if (stat(path, &status)) return 0;
    if (!S_ISDIR(status.st_mode)) return feed(path);
    DIR *folder = opendir(path);
    if (!folder) abort();
    int fed = 0;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char inside[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        if (!stat(inside, &status) && S_ISREG(status.st_mode)) fed += feed(inside);
    }
    closedir(folder);
    return fed;
}

int main(int argc, char **argv) {
    int fed = 0;
    for (int i = 1; i < argc; i++) fed += feed_all(argv[i]);
    printf("%d inputs\n", fed);
    return fed > 0 ? 0 : 1;
}
