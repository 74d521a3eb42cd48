#include "scenario/input_files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenario/csv_table.h"
#include "scenario/sha256.h"
#include "scenario/text.h"

static enum input_state refuse(struct diagnostics *diagnostics, const char *path, int error) {
    if (error == ENOENT || error == ENOTDIR) return INPUT_MISSING;
    if (error == EACCES || error == EPERM)
        diagnostics_error(diagnostics, path, 0, 0, "no permission to read it");
    else if (error == ELOOP)
        diagnostics_error(diagnostics, path, 0, 0, "cannot be read: a link that leads to itself");
    else if (error == ENAMETOOLONG)
        diagnostics_error(diagnostics, path, 0, 0, "cannot be read: its name is too long");
    else
        diagnostics_error(diagnostics, path, 0, 0, "cannot be read: %s", strerror(error));
    return INPUT_REFUSED;
}

static enum input_state refuse_large(struct diagnostics *diagnostics, const char *path) {
    diagnostics_error(diagnostics, path, 0, 0, "larger than 64 MiB, expected at most 67108864 bytes");
    return INPUT_REFUSED;
}

/* Reads on to the end, or to one byte past the limit: a file may grow while it is read. */
static enum input_state read_bytes(FILE *stream, const char *path, struct diagnostics *diagnostics,
                                   struct input_file *file) {
    size_t room = 0;
    for (;;) {
        if (file->size == room) {
            room = room ? 2 * room : 16384;
            char *content = realloc(file->content, room);
            if (!content) return INPUT_NO_MEMORY;
            file->content = content;
        }
        const size_t got = fread(file->content + file->size, 1, room - file->size, stream);
        file->size += got;
        if (file->size > CSV_LARGEST_FILE) return refuse_large(diagnostics, path);
        if (got == 0) return ferror(stream) ? refuse(diagnostics, path, errno) : INPUT_READ;
    }
}

static enum input_state read_disk(const char *path, struct diagnostics *diagnostics, struct input_file *file) {
    struct stat status;
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe must not keep us waiting */
    if (descriptor < 0) return errno == ENOMEM ? INPUT_NO_MEMORY : refuse(diagnostics, path, errno);
    FILE *stream = fdopen(descriptor, "rb");
    if (!stream) {
        close(descriptor);
        return INPUT_NO_MEMORY;
    }
    enum input_state state = INPUT_REFUSED;
    if (fstat(descriptor, &status) != 0)
        refuse(diagnostics, path, errno);
    else if (!S_ISREG(status.st_mode))
        diagnostics_error(diagnostics, path, 0, 0, "%s, expected a CSV file",
                          S_ISDIR(status.st_mode) ? "a folder" : "not a regular file");
    else if (status.st_size > CSV_LARGEST_FILE)
        refuse_large(diagnostics, path);
    else
        state = read_bytes(stream, path, diagnostics, file);
    fclose(stream);
    return state;
}

static enum input_state read_stored(const struct input_files *files, const char *path, struct input_file *file) {
    for (int32_t i = 0; i < files->stored_count; i++) {
        const struct input_file *stored = &files->stored[i];
        if (strcmp(stored->path, path) != 0) continue;
        file->content = malloc(stored->size + 1);
        if (!file->content) return INPUT_NO_MEMORY;
        if (stored->size > 0) memcpy(file->content, stored->content, stored->size);
        file->size = stored->size;
        return INPUT_READ;
    }
    return INPUT_MISSING;
}

static bool make_room(struct input_files *files) {
    if (files->count < files->room) return true;
    const int32_t room = files->room ? 2 * files->room : 16;
    struct input_file *grown = realloc(files->files, (size_t)room * sizeof *grown);
    if (!grown) return false;
    files->files = grown;
    files->room = room;
    return true;
}

enum input_state input_files_read(struct input_files *files, const char *path, struct diagnostics *diagnostics,
                                  const struct input_file **file) {
    struct input_file read = {.path = text_copy(path)};
    if (!read.path || !make_room(files)) {
        free(read.path);
        return INPUT_NO_MEMORY;
    }
    const enum input_state state =
        files->stored ? read_stored(files, path, &read) : read_disk(path, diagnostics, &read);
    if (state != INPUT_READ) {
        free(read.path);
        free(read.content);
        return state;
    }
    files->files[files->count] = read;
    *file = &files->files[files->count++];
    return INPUT_READ;
}

bool input_files_check_folder(const struct input_files *files, struct diagnostics *diagnostics) {
    struct stat status;
    if (files->stored) return true;
    if (stat(files->folder, &status) != 0) {
        const int error = errno;
        if (refuse(diagnostics, files->folder, error) == INPUT_MISSING)
            diagnostics_error(diagnostics, files->folder, 0, 0, "no such folder, expected a folder of CSV files");
        return false;
    }
    if (S_ISDIR(status.st_mode)) return true;
    diagnostics_error(diagnostics, files->folder, 0, 0, "a file, expected a folder of CSV files");
    return false;
}

/* Is there such a file, on disk or among those stored? */
static bool is_there(const struct input_files *files, const char *path) {
    if (!files->stored) return access(path, F_OK) == 0;
    for (int32_t i = 0; i < files->stored_count; i++)
        if (strcmp(files->stored[i].path, path) == 0) return true;
    return false;
}

/* `folder/last` + `../rest` as `folder/rest`, as a reader would write it; NULL where it cannot be shortened. */
static char *shortened(const char *folder, const char *relative) {
    size_t length = strlen(folder);
    bool any = false;
    while (strncmp(relative, "../", 3) == 0) {
        while (length > 0 && folder[length - 1] == '/') length--;
        size_t last = length;
        while (last > 0 && folder[last - 1] != '/') last--;
        bool named = length > last && !(length - last == 1 && folder[last] == '.') &&
                     !(length - last == 2 && strncmp(folder + last, "..", 2) == 0);
        if (!named) break;
        length = last;
        relative += 3;
        any = true;
    }
    return any ? text_format("%.*s%s%s", (int)length, folder, length > 0 && folder[length - 1] != '/' ? "/" : "",
                             relative)
               : NULL;
}

char *input_files_path(const struct input_files *files, const char *relative) {
    const size_t length = strlen(files->folder);
    if (relative[0] == '/') return text_copy(relative);
    /* the short form only where it is the same file: a folder may be a link to another place */
    char *shorter = shortened(files->folder, relative);
    if (shorter && is_there(files, shorter)) return shorter;
    free(shorter);
    const bool slash = length > 0 && files->folder[length - 1] != '/';
    return text_format("%s%s%s", files->folder, slash ? "/" : "", relative);
}

/* The part of a path that the fingerprint covers. */
static const char *hashed_name(const struct input_files *files, const char *path) {
    size_t length = strlen(files->folder);
    while (length > 1 && files->folder[length - 1] == '/') length--;
    const bool inside = strncmp(path, files->folder, length) == 0 && path[length] == '/';
    const char *within = path + length + strspn(path + length, "/");
    if (inside && !strstr(within, "../")) return within;
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int compare_paths(const void *left, const void *right) {
    return strcmp(((const struct input_file *)left)->path, ((const struct input_file *)right)->path);
}

struct hashed {
    const char *name;
    const struct input_file *file;
};

static int compare_names(const void *left, const void *right) {
    const struct hashed *one = left, *other = right;
    const int names = strcmp(one->name, other->name);
    if (names != 0) return names;
    if (one->file->size != other->file->size) return one->file->size < other->file->size ? -1 : 1;
    return memcmp(one->file->content, other->file->content, one->file->size);
}

bool input_files_finish(struct input_files *files, char text[65]) {
    struct hashed *order = malloc(((size_t)files->count + 1) * sizeof *order);
    if (!order) return false;
    qsort(files->files, (size_t)files->count, sizeof *files->files, compare_paths);
    for (int32_t i = 0; i < files->count; i++)
        order[i] = (struct hashed){hashed_name(files, files->files[i].path), &files->files[i]};
    qsort(order, (size_t)files->count, sizeof *order, compare_names);
    struct sha256 hash;
    unsigned char digest[SHA256_BYTES];
    char size[24];
    sha256_init(&hash);
    for (int32_t i = 0; i < files->count; i++) {
        snprintf(size, sizeof size, "%zu", order[i].file->size);
        sha256_update(&hash, order[i].name, strlen(order[i].name) + 1);
        sha256_update(&hash, size, strlen(size) + 1);
        sha256_update(&hash, order[i].file->content, order[i].file->size);
    }
    sha256_finish(&hash, digest);
    sha256_text(digest, text);
    free(order);
    return true;
}

void input_files_free(struct input_files *files) {
    for (int32_t i = 0; i < files->count; i++) {
        free(files->files[i].path);
        free(files->files[i].content);
    }
    free(files->files);
    *files = (struct input_files){0};
}
