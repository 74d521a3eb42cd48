/* Prints the table of ranges, for readme.sh to compare docs/ranges.md with. */
#include "scenario/columns.h"

int main(void) {
    columns_print(stdout);
    return 0;
}
