#include "folder.h"

#include <stdio.h>
#include <string.h>

static char *path_in_folder(const char *name) {
    char *path = malloc(strlen(name) + 3);
    ck_assert_ptr_nonnull(path);
    return strcat(strcpy(path, "s/"), name);
}

static struct input_file *find(struct folder *folder, const char *name) {
    for (int32_t i = 0; i < folder->count; i++)
        if (strcmp(folder->files[i].path + 2, name) == 0) return &folder->files[i];
    return NULL;
}

void folder_put_bytes(struct folder *folder, const char *name, const char *content, size_t size) {
    struct input_file *file = find(folder, name);
    if (!file) {
        ck_assert_int_lt(folder->count, FOLDER_MOST_FILES);
        file = &folder->files[folder->count++];
        *file = (struct input_file){.path = path_in_folder(name)};
    }
    free(file->content);
    file->content = malloc(size + 1); /* exactly as large as it says, so that sanitizers see a byte too many */
    ck_assert_ptr_nonnull(file->content);
    memcpy(file->content, content, size);
    file->size = size;
}

void folder_put(struct folder *folder, const char *name, const char *content) {
    folder_put_bytes(folder, name, content, strlen(content));
}

void folder_remove(struct folder *folder, const char *name) {
    struct input_file *file = find(folder, name);
    if (!file) return;
    free(file->path);
    free(file->content);
    *file = folder->files[--folder->count];
}

void folder_make(struct folder *folder) {
    *folder = (struct folder){0};
    folder_put(folder, "scenario.csv", "key,value\nname,Small\nschedule,day.csv\n");
    folder_put(folder, "stations.csv", "station,name,kind\nA,,terminal\nM,Middle,siding\nB,,terminal\n");
    folder_put(folder, "tracks.csv", "station,track,count,length_m\nA,yard,*,\nM,loop,2,1200\nB,yard,4,1500\n");
    folder_put(folder, "sections.csv", "section,from,to,length_km\nA-M,A,M,20\nM-B,M,B,30\n");
    folder_put(folder, "train_types.csv",
               "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2\n"
               "F,1000,4000,80,5000,300,0.3\n");
    folder_put(folder, "day.csv",
               "service,train_type,origin,destination,interval_min\neast,F,A,B,120\nwest,F,B,A,120\n");
}

void folder_free(struct folder *folder) {
    for (int32_t i = 0; i < folder->count; i++) {
        free(folder->files[i].path);
        free(folder->files[i].content);
    }
    *folder = (struct folder){0};
}

struct scenario *folder_read(const struct folder *folder, const struct scenario_request *request,
                             struct diagnostics *diagnostics) {
    const struct scenario_request none = {0};
    return scenario_read_inputs(request ? request : &none, folder->files, folder->count, diagnostics);
}

char *folder_told(const char *name, const char *content, const struct scenario_request *request) {
    struct folder folder;
    folder_make(&folder);
    if (name) folder_put(&folder, name, content);
    return folder_tell(&folder, request);
}

char *folder_tell(struct folder *folder, const struct scenario_request *request) {
    struct diagnostics diagnostics = {0};
    char *text = NULL;
    size_t size;
    struct scenario *scenario = folder_read(folder, request, &diagnostics);
    ck_assert_msg((scenario == NULL) == (diagnostics.errors > 0), "a scenario and errors, or neither");
    FILE *stream = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(stream);
    diagnostics_print(&diagnostics, stream);
    fclose(stream);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    folder_free(folder);
    return text;
}
