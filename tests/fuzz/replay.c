/* Tries every file of a folder on a fuzzer's target: `csv_table_replay CORPUS` */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Exactly as many bytes as the file has, so that sanitizers see one too many. */
static unsigned char *read_file(const char *path, size_t *size) {
    FILE *stream = fopen(path, "rb");
    if (!stream || fseek(stream, 0, SEEK_END) != 0) return NULL;
    const long length = ftell(stream);
    unsigned char *bytes = length >= 0 ? malloc(length > 0 ? (size_t)length : 1) : NULL;
    rewind(stream);
    *size = bytes ? fread(bytes, 1, (size_t)length, stream) : 0;
    fclose(stream);
    return bytes;
}

int main(int argc, char **argv) {
    int count = 0;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) return fprintf(stderr, "expected a folder\n"), 2;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.') continue;
        char path[4096];
        size_t size = 0;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        unsigned char *bytes = read_file(path, &size);
        if (!bytes) return perror(path), 1;
        fprintf(stderr, "%s\n", path); /* the last one named is the one that aborts */
        LLVMFuzzerTestOneInput(bytes, size);
        free(bytes);
        count++;
    }
    closedir(folder);
    printf("%d files\n", count);
    return count > 0 ? 0 : 1;
}
