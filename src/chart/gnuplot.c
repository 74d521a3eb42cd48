#include "chart/gnuplot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, FOLDER_SIZE = PATH_SIZE - 64, MESSAGES_SIZE = 2048, SHOWN_MESSAGE = 500 };

/* Names within the folder. */
static const char picture_name[] = "picture";
static const char messages_name[] = "messages";

struct gnuplot {
    char folder[FOLDER_SIZE];
    DIR *files; /* of the folder: open from the beginning, so that tidying up needs nothing that may be short by then */
    char messages[MESSAGES_SIZE];
};

bool picture_format_of(const char *path, enum picture_format *format) {
    static const char *const endings[] = {".svg", ".png", ".pdf"};
    const size_t length = strlen(path);
    for (int index = 0; index < 3; index++) {
        if (length <= 4 || strcasecmp(path + length - 4, endings[index]) != 0 || path[length - 5] == '/') continue;
        *format = (enum picture_format)index;
        return true;
    }
    return false;
}

static bool refuse(const char *path, struct failure *failure) {
    char reason[FAILURE_REASON_SIZE];
    return failure_set(failure, "%s cannot be written: %s", path, failure_reason(errno, reason));
}

/* ---- the folder and its files ---- */

struct gnuplot *gnuplot_begin(struct failure *failure) {
    struct gnuplot *job = calloc(1, sizeof *job);
    if (job == NULL) {
        failure_set(failure, "out of memory");
        return NULL;
    }
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] != '/') parent = "/tmp";
    const int length = snprintf(job->folder, sizeof job->folder, "%s/bering-XXXXXX", parent);
    const bool made = length < (int)sizeof job->folder && mkdtemp(job->folder) != NULL;
    if (made && (job->files = opendir(job->folder)) != NULL) return job;
    char reason[FAILURE_REASON_SIZE];
    failure_set(failure, "no folder for the chart's data can be made in %s: %s", parent, failure_reason(errno, reason));
    if (made) rmdir(job->folder);
    free(job);
    return NULL;
}

/* Of the folder, how much of its path is that of the folder it was made in. */
static int parent_length(const struct gnuplot *job) {
    const int slash = (int)(strrchr(job->folder, '/') - job->folder);
    return slash > 0 ? slash : 1;
}

static void path_within(const struct gnuplot *job, const char *name, char path[PATH_SIZE]) {
    snprintf(path, PATH_SIZE, "%s/%.60s", job->folder, name);
}

void gnuplot_end(struct gnuplot *job) {
    if (job == NULL) return;
    rewinddir(job->files);
    for (const struct dirent *entry; (entry = readdir(job->files)) != NULL;) {
        char path[PATH_SIZE];
        path_within(job, entry->d_name, path);
        unlink(path); /* `.` and `..` refuse */
    }
    closedir(job->files);
    rmdir(job->folder);
    free(job);
}

const char *gnuplot_folder(const struct gnuplot *job) {
    return job->folder;
}

const char *gnuplot_messages(const struct gnuplot *job) {
    return job->messages;
}

FILE *gnuplot_file(struct gnuplot *job, const char *name, struct failure *failure) {
    char path[PATH_SIZE];
    path_within(job, name, path);
    FILE *file = fopen(path, "we");
    if (file == NULL) refuse(path, failure);
    return file;
}

bool gnuplot_close(struct gnuplot *job, FILE *file, struct failure *failure) {
    const bool lost = ferror(file) != 0;
    if (fclose(file) == 0 && !lost) return true;
    char reason[FAILURE_REASON_SIZE];
    return failure_set(failure, "the chart's data cannot be written to %s: %s", job->folder,
                       failure_reason(errno, reason));
}

/* Between single quotes gnuplot knows no escapes, macros or substitutions; only the quote itself is doubled. */
void gnuplot_string(FILE *script, const char *text) {
    fputc('\'', script);
    for (; *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (byte == '\'') fputc('\'', script);
        fputc(byte < ' ' || byte == 0x7F ? ' ' : byte, script);
    }
    fputc('\'', script);
}

void gnuplot_terminal(FILE *script, enum picture_format format, int32_t width, int32_t height) {
    fputs("set encoding utf8\n", script);
    switch (format) {
    case PICTURE_SVG:
        fprintf(script, "set terminal svg size %d,%d dynamic noenhanced font 'DejaVu Sans,13' background '#ffffff'\n",
                width, height);
        fputs("PX = 1.0\n", script);
        break;
    case PICTURE_PNG: /* its points are of 96 to the inch */
        fprintf(script, "set terminal pngcairo size %d,%d noenhanced font 'DejaVu Sans,9.75' background '#ffffff'\n",
                width, height);
        fputs("PX = 0.75\n", script);
        break;
    case PICTURE_PDF: /* 100 pixels to the inch, and again points of 96 */
        fprintf(script,
                "set terminal pdfcairo size %d.%02din,%d.%02din noenhanced font 'DejaVu Sans,7.02' fontscale 1 "
                "linewidth 1.4 background '#ffffff'\n",
                width / 100, width % 100, height / 100, height % 100);
        fputs("PX = 0.54\n", script);
        break;
    }
    fprintf(script, "set output '%s'\n", picture_name);
}

/* ---- running it ---- */

/* The program by its absolute path, so that it is still found from within the folder. Parts of PATH that are relative
 * would mean something else there, and are passed over. */
static bool find_gnuplot(char program[PATH_SIZE]) {
    const char *part = getenv("PATH");
    if (part == NULL) part = "/usr/local/bin:/usr/bin:/bin";
    while (*part != '\0') {
        const size_t length = strcspn(part, ":");
        struct stat status;
        const int used = snprintf(program, PATH_SIZE, "%.*s/gnuplot", (int)length, part);
        if (part[0] == '/' && used < PATH_SIZE && access(program, X_OK) == 0 && stat(program, &status) == 0 &&
            S_ISREG(status.st_mode))
            return true;
        part += length + (part[length] == ':');
    }
    return false;
}

/* In the child: only what is safe between fork and exec. */
static void become_gnuplot(const char *program, const char *folder, int messages) {
    static char name[] = "gnuplot", defaults[] = "-d", script[] = GNUPLOT_SCRIPT;
    char *arguments[] = {name, defaults, script, NULL};
    const int nothing = open("/dev/null", O_RDONLY);
    signal(SIGPIPE, SIG_DFL); /* what is ignored here would stay ignored there */
    signal(SIGXFSZ, SIG_DFL);
    if (chdir(folder) == 0 && nothing >= 0 && dup2(nothing, 0) == 0 && dup2(messages, 1) == 1 && dup2(messages, 2) == 2)
        execv(program, arguments);
    _exit(127);
}

static void read_messages(struct gnuplot *job) {
    char path[PATH_SIZE];
    path_within(job, messages_name, path);
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    const size_t size = fread(job->messages, 1, sizeof job->messages - 1, file);
    job->messages[size] = '\0';
    fclose(file);
}

/* What gnuplot said, on one line. */
static void shorten_messages(const struct gnuplot *job, char *text, size_t size) {
    size_t used = 0;
    for (const char *from = job->messages; *from != '\0' && used + 1 < size; from++) {
        const bool blank = (unsigned char)*from <= ' ';
        if (blank && (used == 0 || text[used - 1] == ' ')) continue;
        text[used++] = blank ? ' ' : *from;
    }
    while (used > 0 && text[used - 1] == ' ') used--;
    text[used] = '\0';
}

static bool explain_status(const struct gnuplot *job, int status, struct failure *failure) {
    char said[SHOWN_MESSAGE];
    shorten_messages(job, said, sizeof said);
    if (WIFSIGNALED(status))
        return failure_set(failure, "gnuplot was ended by signal %d%s%s", WTERMSIG(status), said[0] ? ": " : "", said);
    if (WEXITSTATUS(status) != 0)
        return failure_set(failure, "gnuplot failed with exit status %d%s%s", WEXITSTATUS(status), said[0] ? ": " : "",
                           said);
    if (said[0] != '\0') return failure_set(failure, "gnuplot drew nothing: %s", said);
    return failure_set(failure, "gnuplot drew nothing; see whether the disk of %.*s is full", parent_length(job),
                       job->folder);
}

/* The signals this program has handlers for are wishes to end: gnuplot is ended with it. */
static bool wait_for(pid_t child, int *status) {
    while (waitpid(child, status, 0) < 0) {
        if (errno != EINTR) return false;
        kill(child, SIGTERM);
    }
    return true;
}

static bool run_gnuplot(struct gnuplot *job, struct failure *failure) {
    char program[PATH_SIZE], path[PATH_SIZE];
    if (!find_gnuplot(program))
        return failure_set(failure, "gnuplot is not there, and charts are drawn with it: install it (on Debian and "
                                    "Ubuntu: apt install gnuplot-nox fonts-dejavu-core) and see that it is in PATH");
    path_within(job, messages_name, path);
    const int messages = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (messages < 0) return refuse(path, failure);
    const pid_t child = fork();
    if (child == 0) become_gnuplot(program, job->folder, messages);
    close(messages);
    int status = 0;
    char reason[FAILURE_REASON_SIZE];
    if (child < 0 || !wait_for(child, &status))
        return failure_set(failure, "gnuplot cannot be started: %s", failure_reason(errno, reason));
    read_messages(job);
    struct stat picture;
    path_within(job, picture_name, path);
    const bool drawn = stat(path, &picture) == 0 && picture.st_size > 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && drawn) return true;
    return explain_status(job, status, failure);
}

/* ---- putting the picture in place ---- */

static bool write_bytes(int target, const char *bytes, size_t size) {
    while (size > 0) {
        const ssize_t done = write(target, bytes, size);
        if (done < 0 && errno != EINTR) return false;
        if (done < 0) continue;
        bytes += done;
        size -= (size_t)done;
    }
    return true;
}

/* gnuplot's svg names the bold face as if it were a family, and knows no other font to fall back on. */
struct replacement {
    const char *from, *to;
};
static const struct replacement svg_fonts[] = {
    {"font-family=\"DejaVu Sans:Bold\"", "font-family=\"DejaVu Sans, Verdana, sans-serif\" font-weight=\"bold\""},
    {"font-family=\"DejaVu Sans\"", "font-family=\"DejaVu Sans, Verdana, sans-serif\""},
};

static const struct replacement *replacement_at(const char *text) {
    for (size_t index = 0; index < sizeof svg_fonts / sizeof *svg_fonts; index++)
        if (strncmp(text, svg_fonts[index].from, strlen(svg_fonts[index].from)) == 0) return &svg_fonts[index];
    return NULL;
}

/* It leaves > as it is in texts, too, where ]]> is no XML. */
static bool write_svg(int target, const char *text, size_t size) {
    static const struct replacement greater = {">", "&gt;"};
    const char *done = text;
    bool in_tag = false;
    for (const char *here = text; *here != '\0'; here++) {
        const struct replacement *replacement = in_tag ? replacement_at(here) : *here == '>' ? &greater : NULL;
        in_tag = *here == '<' || (in_tag && *here != '>');
        if (replacement == NULL) continue;
        if (!write_bytes(target, done, (size_t)(here - done)) ||
            !write_bytes(target, replacement->to, strlen(replacement->to)))
            return false;
        done = here + strlen(replacement->from);
        here = done - 1;
    }
    return write_bytes(target, done, size - (size_t)(done - text));
}

/* The whole picture, with a NUL behind it; the caller frees it. NULL: with errno. */
static char *read_picture(const struct gnuplot *job, size_t *size) {
    char path[PATH_SIZE];
    struct stat status;
    path_within(job, picture_name, path);
    FILE *file = fopen(path, "re");
    if (file == NULL) return NULL;
    char *bytes = fstat(fileno(file), &status) == 0 ? malloc((size_t)status.st_size + 1) : NULL;
    *size = bytes != NULL ? fread(bytes, 1, (size_t)status.st_size, file) : 0;
    if (bytes != NULL) bytes[*size] = '\0';
    fclose(file);
    return bytes;
}

static bool ends_with(const char *bytes, size_t size, const char *ending, size_t within) {
    const size_t length = strlen(ending);
    for (size_t back = length; back <= size && back <= within; back++)
        if (memcmp(bytes + size - back, ending, length) == 0) return true;
    return false;
}

/* gnuplot says nothing of a disk that was full before its picture was there: it lacks its end then. */
static bool is_cut_short(const char *bytes, size_t size) {
    if (strncmp(bytes, "<?xml", 5) == 0) return !ends_with(bytes, size, "</svg>", 16);
    if (strncmp(bytes, "\x89PNG", 4) == 0) return !ends_with(bytes, size, "IEND", 8);
    return strncmp(bytes, "%PDF", 4) == 0 && !ends_with(bytes, size, "%%EOF", 16);
}

static bool copy_picture(const struct gnuplot *job, int target, const char *path, struct failure *failure) {
    size_t size;
    char *bytes = read_picture(job, &size);
    if (bytes == NULL) return refuse(path, failure);
    const bool svg = strncmp(bytes, "<?xml", 5) == 0;
    const bool whole = !is_cut_short(bytes, size);
    const bool well = whole && (svg ? write_svg(target, bytes, size) : write_bytes(target, bytes, size));
    if (whole && !well) refuse(path, failure);
    if (!whole)
        failure_set(failure, "gnuplot drew half a picture; see whether the disk of %.*s is full", parent_length(job),
                    job->folder);
    free(bytes);
    return well;
}

/* mkstemp makes files for their owner alone; a picture is as public as any new file. */
static void make_ordinary(int file) {
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(file, 0666 & ~mask);
}

/* A new file beside `path`, so that it can be renamed to it. */
static int open_beside(const char *path, char beside[PATH_SIZE]) {
    const char *slash = strrchr(path, '/');
    const int folder = slash == NULL ? 0 : (int)(slash - path) + 1;
    if (snprintf(beside, PATH_SIZE, "%.*s.bering-XXXXXX", folder, path) >= PATH_SIZE) {
        errno = ENAMETOOLONG;
        return -1;
    }
    const int file = mkstemp(beside);
    if (file >= 0) fcntl(file, F_SETFD, FD_CLOEXEC);
    return file;
}

bool gnuplot_draw(struct gnuplot *job, const char *path, struct failure *failure) {
    struct stat there;
    char beside[PATH_SIZE];
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return failure_set(failure, "%s cannot be written: it is there and no file", path);
    const int file = open_beside(path, beside); /* first, so that nothing is drawn in vain */
    if (file < 0 && errno == ENOENT)
        return failure_set(failure, "%s cannot be written: its folder is not there; make it, or name another", path);
    if (file < 0) return refuse(path, failure);
    bool well = run_gnuplot(job, failure);
    if (well) well = copy_picture(job, file, path, failure);
    make_ordinary(file);
    if (close(file) != 0 && well) well = refuse(path, failure);
    if (well && rename(beside, path) != 0) well = refuse(path, failure);
    if (!well) unlink(beside);
    return well;
}
