/* Turns a text file into a C array: embed NAME HEADER FILE > NAME.c. A step of the build, not part of the program. */
#include <stdio.h>

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    FILE *file = fopen(argv[3], "rb");
    if (file == NULL) return 1;
    printf("#include \"%s\"\n\nconst char %s[] = {", argv[2], argv[1]);
    int count = 0;
    for (int byte; (byte = fgetc(file)) != EOF; count++)
        printf("%s%d,", count % 24 == 0 ? "\n    " : " ", byte < 128 ? byte : byte - 256);
    printf("%s0};\n", count % 24 == 0 ? "\n    " : " ");
    const int wrong = ferror(file) != 0 || fflush(stdout) != 0;
    fclose(file);
    return wrong;
}
