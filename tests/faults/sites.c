#define _GNU_SOURCE
#include "sites.h"

#include <errno.h>
#include <inttypes.h>
#include <link.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

enum { FRAMES = 3, FEWEST_FRAMES = 2, MOST_FRAMES = 64, MOST_SITES = 1 << 14, MOST_MOMENTS = 1 << 16 };

static uintptr_t program_begin, program_end, program_offset; /* Bering's own code, and where it is in its file */
static uint64_t wanted;
static bool listing;
static int frames = FEWEST_FRAMES;
static atomic_bool told, ended;
static _Atomic uint64_t sites[MOST_SITES];     /* by number; 0: free */
static _Atomic uint64_t moments[MOST_MOMENTS]; /* what need not be looked at again */

static int find_program(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size, (void)unused;
    for (int index = 0; index < info->dlpi_phnum; index++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[index];
        if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0) continue;
        program_begin = info->dlpi_addr + part->p_vaddr;
        program_offset = part->p_vaddr;
        program_end = program_begin + part->p_memsz;
    }
    return 1; /* the first is the program */
}

__attribute__((constructor)) static void prepare(void) {
    const char *site = getenv("FAULT_SITE");
    if (strcmp(program_invocation_short_name, "bering") != 0) return; /* what it starts is left alone */
    wanted = site != NULL ? strtoull(site, NULL, 16) : 0;
    listing = getenv("FAULT_SITES") != NULL;
    if (getenv("FAULT_FRAMES") != NULL && strcmp(getenv("FAULT_FRAMES"), "3") == 0) frames = FRAMES;
    dl_iterate_phdr(find_program, NULL);
}

static uint64_t mix(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

struct path {
    uint64_t hash;
    uintptr_t calls[FRAMES];
    int frames, looked_at;
};

static _Unwind_Reason_Code take_frame(struct _Unwind_Context *context, void *data) {
    struct path *path = data;
    const uintptr_t address = _Unwind_GetIP(context);
    if (address >= program_begin && address < program_end) {
        path->hash = mix(path->hash, address - program_begin);
        path->calls[path->frames++] = address - program_begin + program_offset - 1;
    }
    return path->frames == frames || ++path->looked_at == MOST_FRAMES ? _URC_END_OF_STACK : _URC_NO_REASON;
}

/* True where it was not there; a table that is full takes nothing more. */
static bool add(_Atomic uint64_t *table, uint64_t size, uint64_t value) {
    for (uint64_t step = 0; step < 16; step++) {
        _Atomic uint64_t *place = &table[(value + step) % size];
        uint64_t there = 0;
        if (atomic_compare_exchange_strong(place, &there, value)) return true;
        if (there == value) return false;
    }
    return false;
}

static void end(void) {
    atomic_store(&ended, true);
}

bool program_runs(const void *caller) {
    static atomic_bool registered;
    const uintptr_t address = (uintptr_t)caller;
    if (address >= program_begin && address < program_end && !atomic_exchange(&registered, true)) atexit(end);
    return !atomic_load(&ended);
}

static void trace(const struct path *path) {
    const char *name = getenv("FAULT_TRACE");
    FILE *file = name != NULL ? fopen(name, "w") : NULL;
    if (file == NULL) return;
    for (int frame = 0; frame < path->frames; frame++) fprintf(file, "%" PRIxPTR "\n", path->calls[frame]);
    fclose(file);
}

bool site_fails(int kind, const void *caller) {
    static _Thread_local bool busy __attribute__((tls_model("initial-exec")));
    if ((wanted == 0 && !listing) || busy || (atomic_load(&told) && !listing)) return false;
    /* The same caller as deep in the stack is, as good as always, the same place. */
    const uintptr_t depth = (uintptr_t)__builtin_frame_address(0);
    if (!add(moments, MOST_MOMENTS, mix(mix((uint64_t)kind, (uintptr_t)caller), depth) | 1)) return false;
    busy = true;
    struct path path = {.hash = (uint64_t)kind + 1};
    _Unwind_Backtrace(take_frame, &path);
    const bool in_main = path.frames >= 2 && !atomic_load(&ended); /* its start is a frame, too */
    if (in_main) add(sites, MOST_SITES, path.hash | 1);
    const bool fails = in_main && (path.hash | 1) == wanted && !atomic_exchange(&told, true);
    if (fails) trace(&path);
    busy = false;
    return fails;
}

void sites_tell(void) {
    const char *name = getenv("FAULT_SITES");
    FILE *file = name != NULL && program_begin != 0 ? fopen(name, "w") : NULL;
    if (file == NULL) return;
    for (int index = 0; index < MOST_SITES; index++)
        if (sites[index] != 0) fprintf(file, "%" PRIx64 "\n", atomic_load(&sites[index]));
    fclose(file);
}
