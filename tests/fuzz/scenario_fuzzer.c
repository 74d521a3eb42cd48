/* Any bytes as a scenario, packed as packed_folder.h says. */
#include "packed_folder.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct packed_folder folder = {0};
    packed_folder_cut(&folder, (const char *)data, size);
    packed_folder_try(&folder);
    packed_folder_free(&folder);
    return 0;
}
